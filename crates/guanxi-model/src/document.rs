//! What was read, and everything that was found in it.

use crate::{Claim, DocumentId, Entity, Note, PartialDate};

/// A text that was read, by its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// sha-256 of the bytes.
    pub id: DocumentId,
    /// File name, or the record's id in JSON Lines input: `doc` of the assertion line.
    pub name: String,
    /// Path, record id or URL that it was read from. Several sources may hold one document.
    pub source: String,
    /// Its title, where one was given or found.
    pub title: Option<String>,
    /// When it was published.
    pub published: Option<PartialDate>,
    /// Who published it.
    pub publisher: Option<String>,
}

/// The result of reading one document: never an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extraction {
    /// The document.
    pub document: Document,
    /// Every entity that a claim mentions, sorted by id.
    pub entities: Vec<Entity>,
    /// What it says, in document order, then by span.
    pub claims: Vec<Claim>,
    /// What was odd about it.
    pub notes: Vec<Note>,
}
