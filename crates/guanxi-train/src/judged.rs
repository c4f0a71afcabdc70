//! What the extractor says of a text, in the form that is judged: the line of JSON that the command prints.

use guanxi::Guanxi;
use guanxi::extract::{Input, Signs, write_assertions};
use guanxi::model::Confidence;
use serde::Deserialize;
use serde_json::{Map, Value};

/// One line of `guanxi extract`, as far as judging needs it.
#[derive(Clone, Debug, Deserialize)]
pub struct Assertion {
    pub subject: End,
    pub predicate: String,
    pub object: End,
}

/// A subject or object: an entity, or a value.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct End {
    pub id: Option<String>,
    pub label: Option<String>,
    pub aliases: Vec<String>,
    pub start: Option<u32>,
    pub end: Option<u32>,
    pub value: Map<String, Value>,
}

/// Every claim of a text with the signs of how it was found.
pub fn assertions(guanxi: &Guanxi, input: &Input<'_>) -> Result<Vec<(Assertion, Signs)>, String> {
    let (extraction, signs) = guanxi.extractor().extract_with_signs(input);
    let mut lines = Vec::new();
    write_assertions(&extraction, Confidence::new(0.0), &mut lines).map_err(|error| error.to_string())?;
    let read = lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let read = read.map(|line| serde_json::from_slice(line).map_err(|error| error.to_string()));
    read.zip(signs).map(|(assertion, signs)| Ok((assertion?, signs))).collect()
}
