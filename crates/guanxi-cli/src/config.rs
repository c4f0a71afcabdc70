//! The config file: settings that hold where neither the command line nor the environment says otherwise.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use serde::Deserialize;

use crate::args::Color;
use crate::error::{CommandError, Kind};
use crate::output::Form;
use crate::output::rows::Format;
use crate::output::source::{self, Place};

/// What a config file may set; each setting is explained in docs/commands.md.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Config {
    pub db: Option<PathBuf>,
    pub judgements: Option<PathBuf>,
    pub data: Option<PathBuf>,
    pub models: Option<bool>,
    pub threads: Option<Threads>,
    pub format: Option<Format>,
    pub color: Option<Color>,
    pub quiet: Option<bool>,
    pub log_format: Option<Form>,
    /// The file that was read, if there is one.
    #[serde(skip)]
    pub file: Option<PathBuf>,
}

/// A number of threads that can be started.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "u16")]
pub struct Threads(pub u16);

impl TryFrom<u16> for Threads {
    type Error = &'static str;

    fn try_from(number: u16) -> Result<Self, Self::Error> {
        if (1..=1024).contains(&number) { Ok(Self(number)) } else { Err("write a number from 1 to 1024") }
    }
}

impl Config {
    /// Reads `file`, else the one in its usual place, where none is no mistake.
    pub fn read(file: Option<&Path>) -> Result<Self, CommandError> {
        match (file, usual_place()) {
            (Some(file), _) => Self::of(file),
            (None, Some(file)) if file.exists() => Self::of(&file),
            (None, _) => Ok(Self::default()),
        }
    }

    fn of(file: &Path) -> Result<Self, CommandError> {
        let text = std::fs::read_to_string(file).map_err(|error| unreadable(file, &error))?;
        let mut config: Self = toml::from_str(&text).map_err(|error| mistaken(file, &text, &error))?;
        // A setting means the same wherever the program is started.
        let folder = file.parent().unwrap_or(Path::new(""));
        for path in [&mut config.db, &mut config.judgements, &mut config.data].into_iter().flatten() {
            *path = folder.join(&*path);
        }
        config.file = Some(file.to_owned());
        Ok(config)
    }
}

/// `~/.config/guanxi/config.toml`, or what the system has in its stead.
pub fn usual_place() -> Option<PathBuf> {
    etcetera::choose_base_strategy().ok().map(|places| places.config_dir().join("guanxi").join("config.toml"))
}

fn unreadable(file: &Path, error: &io::Error) -> CommandError {
    CommandError::new(Kind::Usage, format!("the config file {} cannot be read: {error}", file.display()))
        .hint("--config or GUANXI_CONFIG names it; without them it is looked for in its usual place")
}

fn mistaken(file: &Path, text: &str, error: &toml::de::Error) -> CommandError {
    let bytes = error.span().unwrap_or(0..0);
    let message = error.message().replace('\n', " ");
    let place = Place { file: &file.display().to_string(), text, first_line: 1, bytes };
    CommandError::shown(Kind::Usage, source::at(&place, &message)).hint(
        "settings are db, judgements, data, models, threads, format, color, quiet and log-format; docs/commands.md explains them",
    )
}

/// Where a setting has its value from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    Default,
    Config(PathBuf),
    Environment(&'static str),
    CommandLine,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::Config(file) => write!(f, "{}", file.display()),
            Self::Environment(variable) => f.write_str(variable),
            Self::CommandLine => f.write_str("command line"),
        }
    }
}
