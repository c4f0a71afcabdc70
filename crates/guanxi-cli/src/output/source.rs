//! Mistakes in data, rules and queries, shown at their place with a caret.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use guanxi::data::{DataErrors, Mistake};

use crate::error::{CommandError, Kind};

/// The mistakes of the data, each at its place; of very many the first.
pub fn data_errors(errors: &DataErrors) -> CommandError {
    const MOST: usize = 20;
    let mut shown: Vec<_> = errors.0.iter().take(MOST).map(data_error).collect();
    if let Some(more) = errors.0.len().checked_sub(MOST).filter(|more| *more > 0) {
        shown.push(format!("… and {more} more mistakes"));
    }
    CommandError::shown(Kind::Failed, shown.join("\n\n"))
}

/// A text with the place of a mistake.
pub struct Place<'a> {
    /// Name of the file.
    pub file: &'a str,
    /// The text shown.
    pub text: &'a str,
    /// Number of its first line.
    pub first_line: usize,
    /// The bytes of it that are wrong.
    pub bytes: Range<usize>,
}

/// An error above the line that it is about, with a caret below.
pub fn at(place: &Place<'_>, message: &str) -> String {
    drawn(place, message, Level::ERROR)
}

/// A warning, drawn like an error.
pub fn warning_at(place: &Place<'_>, message: &str) -> String {
    drawn(place, message, Level::WARNING)
}

fn drawn(place: &Place<'_>, message: &str, level: Level<'_>) -> String {
    let snippet = Snippet::source(place.text)
        .path(place.file)
        .line_start(place.first_line)
        .annotation(AnnotationKind::Primary.span(place.bytes.clone()));
    let report = [level.primary_title(message).element(snippet)];
    Renderer::styled().render(&report).to_string()
}

fn data_error(mistake: &Mistake) -> String {
    let Mistake { error, line_text } = mistake;
    let message = match error.name.as_str() {
        "" => error.message.clone(),
        name => format!("`{name}`: {}", error.message),
    };
    if line_text.trim().is_empty() {
        let title = Level::ERROR.primary_title(format!("{}: {message}", error.file));
        return Renderer::styled().render(&[Group::with_title(title)]);
    }
    let bytes = word_at(line_text, error.column);
    at(&Place { file: &error.file, text: line_text, first_line: error.line as usize, bytes }, &message)
}

/// The bytes of the word that starts at a column (in characters, from 1); the whole line where the column is not known.
fn word_at(line: &str, column: u32) -> Range<usize> {
    let whole = line.len() - line.trim_start().len()..line.trim_end().len();
    let Some(skipped) = column.checked_sub(1) else { return whole };
    let Some((start, first)) = line.char_indices().nth(skipped as usize) else { return whole };
    let in_word = |c: char| c.is_alphanumeric() || "_-.:@".contains(c);
    let rest = &line[start..];
    let length = match first {
        '"' | '\'' => rest[1..].find(first).map_or(rest.trim_end().len(), |end| end + 2),
        _ => rest.find(|c| !in_word(c)).unwrap_or(rest.len()).max(first.len_utf8()),
    };
    start..start + length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_caret_covers_a_word_or_a_quoted_string() {
        for (line, column, covered) in [
            ("parents = [\"Agnet\"]", 12, "\"Agnet\""),
            ("parens = 1", 1, "parens"),
            ("名 = 中国", 5, "中国"),
            ("  x = 1  ", 0, "x = 1"),
            ("x = 1", 99, "x = 1"),
            ("x = \"open", 5, "\"open"),
        ] {
            assert_eq!(&line[word_at(line, column)], covered, "{line} {column}");
        }
    }
}
