//! What a register says: a file of entities and facts that was imported, record by record.

use std::sync::Arc;

use crate::{DocumentId, Entity, EntityId, NameHeld, PartialDate, Qualifiers, Validity};

/// A file of a register. It is a source of a store like a text, and what it says is reference data, never a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// The file as it was named, or what its user calls it: another import of this name takes its place.
    pub source: String,
    /// sha-256 of the file's bytes.
    pub hash: DocumentId,
    /// The format and its version: `GLEIF LEI-CDF`, `BODS 0.4`.
    pub format: String,
    /// Who publishes the register, where the format or the file says so.
    pub publisher: Option<String>,
    /// The day as of which it speaks, where the file says so.
    pub as_of: Option<PartialDate>,
    /// Its records.
    pub records: Vec<ImportRecord>,
}

/// One record of a register.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportRecord {
    /// What the register calls the record.
    pub id: String,
    /// When the register changed it last.
    pub updated: Option<PartialDate>,
    /// The register does not vouch for it any more: a lapsed registration. Its facts are unverified.
    pub lapsed: bool,
    /// Whom it describes.
    pub entities: Vec<ImportEntity>,
    /// What it says of them.
    pub facts: Vec<ImportFact>,
}

/// An entity as a record has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportEntity {
    /// Its id is made of an identifier or of the record's id, and the same in every file of the register.
    pub entity: Entity,
    /// From when to when it exists.
    pub validity: Validity,
    /// Those of its names of which the record says when they were borne.
    pub names_held: Vec<NameHeld>,
    /// Whether the record merely refers to it, and another one describes it: what is said here fills a gap only.
    pub mentioned: bool,
}

/// A fact as a record states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportFact {
    /// Subject.
    pub subject: EntityId,
    /// Local name of the predicate.
    pub predicate: Arc<str>,
    /// Object.
    pub object: EntityId,
    /// What the record says beside.
    pub qualifiers: Qualifiers,
    /// From when to when it holds.
    pub validity: Validity,
    /// What the record says and no qualifier has a place for: `beneficial owner`.
    pub remark: Option<String>,
}

impl Import {
    /// Where a record is to be looked up: publisher, file, record and its date.
    pub fn place_of(&self, record: &ImportRecord) -> String {
        let publisher = self.publisher.as_deref().unwrap_or(&self.format);
        let date = record.updated.or(self.as_of).map(|date| format!(", {date}")).unwrap_or_default();
        format!("{publisher}, {}, record {}{date}", self.source, record.id)
    }
}
