//! What every command shares: the options of the command line put to work, and ways to talk on standard error.

use std::fmt::Display;
use std::io::{IsTerminal, Write};
use std::num::NonZero;
use std::path::{Path, PathBuf};

use anstyle::{AnsiColor, Style};
use clap::parser::ValueSource;
use guanxi::Guanxi;
use guanxi::data::DataFiles;
use guanxi::judgements::{ChangeOptions, JudgementFile as Judgements};
use guanxi::model::{Note, Schema};
use guanxi::query::NamedQuery;
use guanxi::query::owners::Rule;
use tracing::Level;

use crate::args::{Change, Color, Given, Global, JudgementFile, RowFormat, RowOrDotFormat, Store};
use crate::config::{Config, Origin};
use crate::error::CommandError;
use crate::output::rows::{Format, RowsOrDot};
use crate::output::{Form, harmless, source};

const INTERRUPTED: i32 = 130;

/// Where a store is if nobody says otherwise.
const DEFAULT_DB: &str = "guanxi.db";

/// One run of the program.
pub struct Session {
    global: Global,
    given: Given,
    config: Config,
}

impl Session {
    /// Reads the config file, sets up colours, logging and Ctrl-C.
    pub fn start(global: Global, given: Given) -> Result<Self, CommandError> {
        colour(global.color);
        let config = Config::read(global.config.as_deref())?;
        let session = Self { global, given, config };
        colour(session.global.color.or(session.config.color));
        start_logging(session.global.verbose, session.log_format());
        // A store is never half written: a build that ends here leaves the generation that was there before.
        let _ = ctrlc::set_handler(|| std::process::exit(INTERRUPTED));
        Ok(session)
    }

    /// The folder of the store that is meant.
    pub fn db(&self, store: impl AsRef<Store>) -> PathBuf {
        let db = store.as_ref().db.as_ref().or(self.config.db.as_ref());
        db.cloned().unwrap_or_else(|| DEFAULT_DB.into())
    }

    /// Where to find what people decided.
    pub fn judgements(&self, file: &JudgementFile) -> Judgements {
        match file.judgements.as_ref().or(self.config.judgements.as_ref()) {
            _ if file.no_judgements => Judgements::Nowhere,
            Some(file) => Judgements::At(file.clone()),
            None => Judgements::Remembered,
        }
    }

    /// How to change a store.
    pub fn change(&self, change: &Change) -> ChangeOptions {
        ChangeOptions { judgements: self.judgements(&change.judgements), keep: change.keep }
    }

    /// ` -d my.db`, for a command to try next; empty where that command finds the store by itself.
    pub fn db_option(&self, store: impl AsRef<Store>) -> String {
        let db = store.as_ref().db.as_ref().filter(|db| self.is_typed("db") && *db != Path::new(DEFAULT_DB));
        db.map_or_else(String::new, |db| format!(" -d {}", quoted(&db.display().to_string())))
    }

    /// Whether the user typed this argument.
    pub fn is_typed(&self, argument: &str) -> bool {
        self.given.source(argument) == Some(ValueSource::CommandLine)
    }

    /// How to print rows: what the user asked for, else a table on a terminal and tab-separated values in a pipe.
    pub fn row_format(&self, asked: RowFormat) -> Format {
        self.asked_format(asked.format).unwrap_or_else(Format::by_default)
    }

    /// The same where rows can be drawn, too.
    pub fn row_or_dot_format(&self, asked: RowOrDotFormat) -> RowsOrDot {
        self.asked_format(asked.format).unwrap_or_else(|| Format::by_default().into())
    }

    /// The format that the user asked for, be it in the config file.
    pub fn asked_format<F: From<Format>>(&self, asked: Option<F>) -> Option<F> {
        asked.or(self.config.format.map(F::from))
    }

    /// Every setting with its value and where it has it from.
    pub fn settings(
        &self,
        store: &Store,
        judgement_file: &JudgementFile,
        format: RowFormat,
    ) -> Vec<(&'static str, String, Origin)> {
        let Config { db, judgements, data, models, threads, format: row_format, color, quiet, log_format, file } =
            &self.config;
        let origin = |argument, variable, in_config: bool| match (self.given.source(argument), file) {
            (Some(ValueSource::EnvVariable), _) => Origin::Environment(variable),
            (Some(_), _) => Origin::CommandLine,
            (None, Some(file)) if in_config => Origin::Config(file.clone()),
            (None, _) => Origin::Default,
        };
        let path =
            |path: Option<&Path>, none: &str| path.map_or_else(|| none.to_owned(), |path| path.display().to_string());
        let color_set = self.global.color.or(*color).unwrap_or(Color::Auto);
        vec![
            ("db", self.db(store).display().to_string(), origin("db", "GUANXI_DB", db.is_some())),
            (
                "judgements",
                match self.judgements(judgement_file) {
                    Judgements::At(file) => file.display().to_string(),
                    Judgements::Nowhere => "none".to_owned(),
                    Judgements::Remembered => "where the store remembers them".to_owned(),
                },
                match judgement_file.no_judgements {
                    true => Origin::CommandLine,
                    false => origin("judgements", "GUANXI_JUDGEMENTS", judgements.is_some()),
                },
            ),
            ("data", path(self.data_folder(), "built in"), origin("data", "GUANXI_DATA", data.is_some())),
            ("models", self.models().to_string(), origin("no_models", "GUANXI_NO_MODELS", models.is_some())),
            ("threads", self.threads().to_string(), origin("threads", "GUANXI_THREADS", threads.is_some())),
            ("format", named(&self.row_format(format)), origin("format", "GUANXI_FORMAT", row_format.is_some())),
            ("color", named(&color_set), origin("color", "GUANXI_COLOR", color.is_some())),
            ("quiet", self.is_quiet().to_string(), origin("quiet", "GUANXI_QUIET", quiet.is_some())),
            ("log-format", named(&self.log_format()), origin("log_format", "GUANXI_LOG_FORMAT", log_format.is_some())),
        ]
    }

    /// The config file that was read.
    pub fn config_file(&self) -> Option<&Path> {
        self.config.file.as_deref()
    }

    fn models(&self) -> bool {
        !self.global.no_models && self.config.models != Some(false)
    }

    fn log_format(&self) -> Form {
        self.global.log_format.or(self.config.log_format).unwrap_or(Form::Text)
    }

    /// The library with the data that the user chose.
    pub fn guanxi(&self) -> Result<Guanxi, CommandError> {
        if self.is_built_in() {
            return Ok(Guanxi::builtin());
        }
        self.guanxi_of(&self.files()?)
    }

    /// Whether all data are those that were compiled in, and nothing needs to be read.
    fn is_built_in(&self) -> bool {
        self.data_folder().is_none() && self.models()
    }

    /// The data that the user chose, as files.
    pub fn files(&self) -> Result<DataFiles, CommandError> {
        let mut files = match self.data_folder() {
            Some(folder) => guanxi::folder::files(folder)?,
            None => guanxi::builtin::files(),
        };
        if !self.models() {
            files.models.clear();
        }
        Ok(files)
    }

    /// Classes and predicates alone: who only asks needs no rules and no reference data.
    pub fn schema(&self) -> Result<Schema, CommandError> {
        guanxi::schema(&self.files()?).map_err(|errors| source::data_errors(&errors))
    }

    /// The named queries alone.
    pub fn queries(&self) -> Result<Vec<NamedQuery>, CommandError> {
        guanxi::queries(&self.files()?).map_err(|errors| source::data_errors(&errors))
    }

    /// The rules of ownership alone.
    pub fn rules_of_ownership(&self) -> Result<Vec<Rule>, CommandError> {
        guanxi::rules_of_ownership(&self.files()?).map_err(|errors| source::data_errors(&errors))
    }

    /// The folder of data that the user named.
    pub fn data_folder(&self) -> Option<&Path> {
        self.global.data.as_deref().or(self.config.data.as_deref())
    }

    /// The library with the data that the user chose, as [`Session::files`] gave them.
    pub fn guanxi_of(&self, files: &DataFiles) -> Result<Guanxi, CommandError> {
        if self.is_built_in() {
            return Ok(Guanxi::builtin());
        }
        tracing::debug!(schema = files.schema.len(), rules = files.rules.len(), "data read");
        Guanxi::new(files).map_err(|errors| source::data_errors(&errors))
    }

    /// Number of threads to work with.
    pub fn threads(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, NonZero::get);
        let threads = self.global.threads.or(self.config.threads.map(|threads| threads.0));
        threads.map_or_else(cores, usize::from)
    }

    /// Tells the user something that is no part of the answer.
    pub fn say(&self, message: impl Display) {
        if !self.is_quiet() {
            self.insist(message);
        }
    }

    /// Tells that the answer is not the whole one: whoever asked for quiet must know it too.
    pub fn insist(&self, message: impl Display) {
        let _ = writeln!(anstream::stderr(), "{}", harmless(&message.to_string()));
    }

    /// Tells of something odd in what was typed, drawn at its place already.
    pub fn show(&self, drawing: &str) {
        if !self.is_quiet() {
            let _ = writeln!(anstream::stderr(), "{drawing}");
        }
    }

    /// Tells of something odd in the input; of losses even where the user asked for quiet.
    pub fn tell(&self, note: &Note) {
        if note.is_loss() || !self.is_quiet() {
            let yellow = Style::new().bold().fg_color(Some(AnsiColor::Yellow.into()));
            let _ = writeln!(anstream::stderr(), "{yellow}warning{yellow:#}: {}", harmless(&note.to_string()));
        }
    }

    pub fn is_quiet(&self) -> bool {
        self.global.quiet || self.config.quiet == Some(true)
    }

    /// Whether the user wants to be told what is being done.
    pub fn is_verbose(&self) -> bool {
        self.global.verbose > 0
    }
}

fn colour(when: Option<Color>) {
    match when {
        None | Some(Color::Auto) => {}
        Some(Color::Always) => anstream::ColorChoice::Always.write_global(),
        Some(Color::Never) => anstream::ColorChoice::Never.write_global(),
    }
}

/// How a value is written on the command line.
fn named(value: &impl clap::ValueEnum) -> String {
    value.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}

/// For a shell to read as one word.
pub fn quoted(word: &str) -> String {
    if word.chars().all(|c| c.is_alphanumeric() || "._-/=:@%+,".contains(c)) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

fn start_logging(verbose: u8, format: Form) {
    let level = match verbose {
        0 => return,
        1 => Level::INFO,
        _ => Level::DEBUG,
    };
    let subscriber = tracing_subscriber::fmt().with_max_level(level).with_writer(std::io::stderr).without_time();
    match format {
        Form::Text => subscriber.with_target(false).with_ansi(std::io::stderr().is_terminal()).init(),
        Form::Json => subscriber.json().init(),
    }
}
