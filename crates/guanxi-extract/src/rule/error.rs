//! What can be wrong with a file of rules or words.

use guanxi_model::data_file::{DataError, DataFile};

/// Something wrong in a file of rules or words: where, in which rule or list, and what to write instead.
pub type RuleError = DataError;

/// The error of the TOML reader as one of ours.
pub(crate) fn toml_error(file: &str, text: &str, error: &toml::de::Error) -> RuleError {
    let byte = error.span().map_or(0, |span| span.start);
    DataFile { name: file, text }.error(byte, "", error.message().replace('\n', "; "))
}

/// An error whose place in the file is not known: word lists are tables, which keep no places.
pub(crate) fn somewhere(file: &str, name: &str, message: &str) -> RuleError {
    RuleError { file: file.to_owned(), line: 1, column: 1, name: name.to_owned(), message: message.to_owned() }
}
