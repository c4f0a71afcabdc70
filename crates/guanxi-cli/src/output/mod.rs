//! How answers are printed: rows in several formats, and where they go.

pub mod people;
pub mod records;
pub mod rows;
pub mod source;

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use guanxi::model::Confidence;

/// Standard output for data, buffered and never coloured.
pub fn stdout() -> BufWriter<io::StdoutLock<'static>> {
    BufWriter::with_capacity(1 << 16, io::stdout().lock())
}

/// Standard output for people, coloured where that is wanted.
pub fn styled() -> impl Write {
    anstream::stdout().lock()
}

/// The file that `-o` names; standard output without it or for `-`.
pub fn file_or_stdout(path: Option<&Path>) -> Result<Box<dyn Write>, anyhow::Error> {
    match path {
        Some(path) if path != Path::new("-") => {
            let file = File::create(path).map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))?;
            Ok(Box::new(BufWriter::new(file)))
        }
        _ => Ok(Box::new(stdout())),
    }
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
    text.map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))
}
