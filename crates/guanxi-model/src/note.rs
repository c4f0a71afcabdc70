//! What was odd about an input. Text never fails; it leaves notes.

use std::fmt;

/// Why a note was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoteKind {
    /// Bytes that are no text of the encoding; replaced by U+FFFD.
    BadBytes,
    /// The input holds no text at all.
    Empty,
    /// The input is no text (an archive, a picture, an executable).
    Binary,
    /// Something longer than the engine looks at as one piece was cut.
    TooLong,
    /// A record of a JSON Lines file could not be read.
    BadRecord,
    /// A file could not be read.
    Unreadable,
    /// Nothing can be read where something was read before, which the store therefore still has.
    Kept,
}

/// One oddity, beside the result and never instead of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What kind of oddity.
    pub kind: NoteKind,
    /// Name of the input.
    pub source: String,
    /// Line in it, from 1, where one can be named.
    pub line: Option<u32>,
    /// What was found and what became of it, as a sentence without full stop.
    pub message: String,
}

impl Note {
    /// Whether part of the input was lost: the exit status tells.
    pub fn is_loss(&self) -> bool {
        !matches!(self.kind, NoteKind::Empty)
    }
}

/// `articles/a.txt:17: bytes that are no UTF-8, shown as �`
impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}", self.message)
    }
}
