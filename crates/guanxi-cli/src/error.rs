//! What a command ends with: an exit status, and where it failed, words for a person.

use std::error::Error;
use std::fmt::Display;
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use guanxi::graph::DumpError;
use guanxi::query::export::ExportError;

use crate::output::harmless;

/// How a command that did its work ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// All of it.
    Done,
    /// Part of the input was rejected, and reported.
    WithLosses,
    /// The answer is no, and the user asked to see it in the exit status.
    No,
}

impl Outcome {
    /// [`Outcome::WithLosses`] if anything was lost.
    pub fn of_losses(lost: bool) -> Self {
        if lost { Self::WithLosses } else { Self::Done }
    }

    pub fn exit_status(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::No => 1,
            Self::WithLosses => 3,
        }
    }
}

/// What every command returns.
pub type CommandResult = Result<Outcome, CommandError>;

/// Why a command failed; decides the exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Failed,
    Usage,
    NotFound,
    Timeout,
}

impl Kind {
    fn exit_status(self) -> u8 {
        match self {
            Self::Failed => 1,
            Self::Usage => 2,
            Self::NotFound => 4,
            Self::Timeout => 124,
        }
    }
}

/// A failure with hints on what to try.
#[derive(Debug)]
pub struct CommandError {
    kind: Kind,
    error: anyhow::Error,
    /// The error with its place in a file, drawn already.
    drawing: Option<String>,
    hints: Vec<String>,
}

impl CommandError {
    pub fn new(kind: Kind, message: impl Display) -> Self {
        Self { kind, error: anyhow::anyhow!("{message}"), drawing: None, hints: Vec::new() }
    }

    /// A failure that is already drawn with the place where it stands.
    pub fn shown(kind: Kind, drawing: String) -> Self {
        Self { drawing: Some(drawing), ..Self::new(kind, "") }
    }

    /// Says before the message where the mistake stands.
    pub fn context(self, place: impl Display) -> Self {
        Self { error: anyhow::anyhow!("{place}: {}", self.error), ..self }
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    pub fn exit_status(&self) -> u8 {
        if self.is_broken_pipe() { 0 } else { self.kind.exit_status() }
    }

    /// Writes the error, its causes and its hints to standard error. A broken pipe is no failure of ours.
    pub fn report(&self) {
        if self.is_broken_pipe() {
            return;
        }
        let mut err = anstream::stderr().lock();
        let _ = match &self.drawing {
            Some(drawing) => writeln!(err, "{drawing}"),
            None => self.report_plain(&mut err),
        };
        let bold = Style::new().bold();
        for hint in &self.hints {
            let _ = writeln!(err, "{bold}hint{bold:#}: {}", harmless(hint));
        }
    }

    fn report_plain(&self, err: &mut impl Write) -> io::Result<()> {
        let red = Style::new().bold().fg_color(Some(AnsiColor::Red.into()));
        let mut said = self.error.to_string();
        writeln!(err, "{red}error{red:#}: {}", harmless(&said))?;
        for cause in self.error.chain().skip(1).map(ToString::to_string) {
            if !said.contains(&cause) {
                writeln!(err, "  because: {}", harmless(&cause))?;
            }
            said = cause;
        }
        Ok(())
    }

    fn is_broken_pipe(&self) -> bool {
        let broken = |cause: &(dyn Error + 'static)| {
            let error = match cause.downcast_ref() {
                // Transparent, so the chain leaves its inner error out.
                Some(DumpError::Io(error)) => Some(error),
                _ => match cause.downcast_ref() {
                    Some(ExportError::Io(error) | ExportError::Dump(DumpError::Io(error))) => Some(error),
                    _ => cause.downcast_ref(),
                },
            };
            error.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
        };
        self.error.chain().any(broken)
    }
}

impl<E: Into<anyhow::Error>> From<E> for CommandError {
    fn from(error: E) -> Self {
        Self { kind: Kind::Failed, error: error.into(), drawing: None, hints: Vec::new() }
    }
}
