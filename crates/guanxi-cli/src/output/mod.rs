//! How answers are printed: rows in several formats, and where they go.

pub mod people;
pub mod records;
pub mod rows;
pub mod source;
pub mod whole;

use std::borrow::Cow;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use clap::ValueEnum;
use guanxi::model::Confidence;
use serde::Deserialize;

/// An answer for people, or for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// For people
    Text,
    /// For programs
    Json,
}

/// Standard output for data, buffered and never coloured.
pub fn stdout() -> BufWriter<io::StdoutLock<'static>> {
    BufWriter::with_capacity(1 << 16, io::stdout().lock())
}

/// Standard output for plain text, made [`harmless`].
pub fn text() -> impl Write {
    Harmless(stdout())
}

/// The text with control characters written out instead of obeyed. A name that was read somewhere must not move the
/// cursor, colour the screen or turn the direction of the words around it.
pub fn harmless(text: &str) -> Cow<'_, str> {
    let harms = |c: char| {
        (c.is_control() && c != '\n')
            || "\u{200e}\u{200f}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}".contains(c)
    };
    if !text.contains(harms) {
        return text.into();
    }
    let shown = |c: char| if harms(c) { format!("<U+{:04X}>", u32::from(c)) } else { c.to_string() };
    text.chars().map(shown).collect::<String>().into()
}

/// Makes what goes through it [`harmless`]; takes whole texts, as the formatting macros give them.
pub struct Harmless<W>(pub W);

impl<W: Write> Write for Harmless<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match std::str::from_utf8(bytes) {
            Ok(text) => self.0.write_all(harmless(text).as_bytes()).map(|()| bytes.len()),
            Err(_) => self.0.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Standard output for people, coloured where that is wanted.
pub fn styled() -> impl Write {
    anstream::stdout().lock()
}

/// Reads a probability of the command line, 0 to 1.
pub fn probability(text: &str) -> Result<Confidence, String> {
    let probability = text.parse().ok().filter(|number| (0.0..=1.0).contains(number));
    probability.map(Confidence::new).ok_or_else(|| "write a number from 0 to 1".to_owned())
}

/// The text of a file; of standard input for `-`.
pub fn read_text(path: &Path) -> Result<String, anyhow::Error> {
    let text =
        if path == Path::new("-") { io::read_to_string(io::stdin().lock()) } else { std::fs::read_to_string(path) };
    let text = text.map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))?;
    Ok(text.trim_start_matches('\u{feff}').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_shown_and_chinese_is_left_alone() {
        assert_eq!(harmless("a\u{1b}[31mb\u{7}\u{9b}1m\u{202e}c"), "a<U+001B>[31mb<U+0007><U+009B>1m<U+202E>c");
        assert_eq!(harmless("小红书\nÅ “x” 👩‍💼"), "小红书\nÅ “x” 👩‍💼");
        let mut out = Harmless(Vec::new());
        writeln!(out, "\u{1b}]0;title\u{7}: 好").unwrap();
        assert_eq!(String::from_utf8(out.0).unwrap(), "<U+001B>]0;title<U+0007>: 好\n");
    }
}
