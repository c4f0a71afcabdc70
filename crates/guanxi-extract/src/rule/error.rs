//! What can be wrong with a rule or a word list.

use std::fmt;

/// Something wrong in a file of rules or words, where, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleError {
    /// The file.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1, in characters.
    pub column: u32,
    /// The rule, list or class concerned; empty where the file cannot be read at all.
    pub rule: String,
    /// What is wrong and what to do, without full stop.
    pub message: String,
}

impl RuleError {
    pub(crate) fn new(file: &str, line: u32, column: u32, rule: &str, message: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line, column, rule: rule.to_owned(), message: message.into() }
    }

    /// An error at a byte of the file.
    pub(crate) fn at(file: &str, text: &str, byte: usize, rule: &str, message: impl Into<String>) -> Self {
        let (line, column) = position(text, byte);
        Self::new(file, line, column, rule, message)
    }
}

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: ", self.file, self.line, self.column)?;
        if !self.rule.is_empty() {
            write!(f, "`{}`: ", self.rule)?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for RuleError {}

/// The error of the TOML reader as one of ours.
pub(crate) fn toml_error(file: &str, text: &str, error: &toml::de::Error) -> RuleError {
    let byte = error.span().map_or(0, |span| span.start);
    RuleError::at(file, text, byte, "", error.message().replace('\n', "; "))
}

fn position(text: &str, byte: usize) -> (u32, u32) {
    let before = &text[..text.floor_char_boundary(byte.min(text.len()))];
    let line = before.matches('\n').count() as u32 + 1;
    let column = before.rsplit('\n').next().unwrap_or("").chars().count() as u32 + 1;
    (line, column)
}
