//! What every command shares: the options of the command line put to work, and ways to talk on standard error.

use std::fmt::Display;
use std::io::{IsTerminal, Write};
use std::num::NonZero;
use std::path::Path;
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use guanxi::Guanxi;
use guanxi::data::DataFiles;
use guanxi::input::Read;
use guanxi::model::Note;
use indicatif::{ProgressBar, ProgressStyle};
use tracing::Level;

use crate::args::{Color, Global, LogFormat};
use crate::error::CommandError;
use crate::output::source;

const INTERRUPTED: i32 = 130;

/// One run of the program.
pub struct Session {
    global: Global,
}

impl Session {
    /// Sets up colours, logging and Ctrl-C.
    pub fn start(global: Global) -> Self {
        match global.color {
            Color::Auto => {}
            Color::Always => anstream::ColorChoice::Always.write_global(),
            Color::Never => anstream::ColorChoice::Never.write_global(),
        }
        start_logging(global.verbose, global.log_format);
        // A store is never half written: a build that ends here leaves the generation that was there before.
        let _ = ctrlc::set_handler(|| std::process::exit(INTERRUPTED));
        Self { global }
    }

    /// The library with the data that the user chose.
    pub fn guanxi(&self) -> Result<Guanxi, CommandError> {
        self.guanxi_of(&self.files()?)
    }

    /// The data that the user chose, as files.
    pub fn files(&self) -> Result<DataFiles, CommandError> {
        Ok(match &self.global.data {
            Some(folder) => guanxi::folder::files(folder)?,
            None => guanxi::builtin::files(),
        })
    }

    /// The folder of data that the user named.
    pub fn data_folder(&self) -> Option<&Path> {
        self.global.data.as_deref()
    }

    /// The library with these data.
    pub fn guanxi_of(&self, files: &DataFiles) -> Result<Guanxi, CommandError> {
        tracing::debug!(schema = files.schema.len(), rules = files.rules.len(), "data read");
        Guanxi::new(files).map_err(|errors| source::data_errors(&errors))
    }

    /// Number of threads to work with.
    pub fn threads(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, NonZero::get);
        self.global.threads.map_or_else(cores, usize::from)
    }

    /// Tells the user something that is no part of the answer.
    pub fn say(&self, message: impl Display) {
        if !self.global.quiet {
            let _ = writeln!(anstream::stderr(), "{message}");
        }
    }

    /// Tells that the answer is not the whole one: whoever asked for quiet must know it too.
    pub fn insist(&self, message: impl Display) {
        let _ = writeln!(anstream::stderr(), "{message}");
    }

    /// Tells of something odd in the input; of losses even where the user asked for quiet.
    pub fn tell(&self, note: &Note) {
        if note.is_loss() || !self.global.quiet {
            let yellow = Style::new().bold().fg_color(Some(AnsiColor::Yellow.into()));
            let _ = writeln!(anstream::stderr(), "{yellow}warning{yellow:#}: {note}");
        }
    }

    pub fn is_quiet(&self) -> bool {
        self.global.quiet
    }

    /// Counts a text that comes in.
    pub fn reading(&self, bar: &ProgressBar, read: &Read) {
        if let Read::Text(text) = read {
            tracing::info!(source = text.source, bytes = text.bytes.len(), "reading");
            bar.set_message(text.source.clone());
            bar.inc(1);
        }
    }

    /// A line that counts the texts that were read, on a terminal only.
    pub fn progress(&self) -> ProgressBar {
        if self.global.quiet || self.global.verbose > 0 || !std::io::stderr().is_terminal() {
            return ProgressBar::hidden();
        }
        let bar = ProgressBar::new_spinner();
        let style = ProgressStyle::with_template("{spinner} {pos} texts read  {wide_msg}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
        bar.enable_steady_tick(Duration::from_millis(100));
        bar
    }
}

fn start_logging(verbose: u8, format: LogFormat) {
    let level = match verbose {
        0 => return,
        1 => Level::INFO,
        _ => Level::DEBUG,
    };
    let subscriber = tracing_subscriber::fmt().with_max_level(level).with_writer(std::io::stderr).without_time();
    match format {
        LogFormat::Text => subscriber.with_target(false).with_ansi(std::io::stderr().is_terminal()).init(),
        LogFormat::Json => subscriber.json().init(),
    }
}
