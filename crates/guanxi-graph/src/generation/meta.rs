//! What a generation says about itself: `meta.json`.

use std::path::Path;

use guanxi_model::Confidence;
use serde::{Deserialize, Serialize};

use super::error::StoreError;

/// Version of the layout of folders and files; see [`Meta::format`].
pub(super) const FORMAT: u32 = 3;

/// How a generation stands on disk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Form {
    /// A file of sorted numbers, mapped when it is opened.
    #[default]
    Table,
    /// A RocksDB folder; needs the feature `disk`.
    Disk,
}

/// Where it stands what people decided on claims.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum JudgementsAt {
    /// In the folder of the store.
    #[default]
    Store,
    /// In the file with this path, as seen from the folder of the store; with `/`.
    File(String),
    /// Nowhere: the store is kept without judgements.
    Nowhere,
}

/// How much a generation holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    /// Sources: paths, records, URLs.
    pub sources: u64,
    /// Documents, by content.
    pub documents: u64,
    /// Claims.
    pub claims: u64,
    /// Claims among them that somebody rejected: they back no fact.
    #[serde(default)]
    pub rejected: u64,
    /// Entities after merging, those of the reference data among them.
    pub entities: u64,
    /// Facts of every basis.
    pub facts: u64,
    /// Derived ones among them.
    pub derived: u64,
    /// Quads of all graphs but that of the history.
    pub quads: u64,
}

/// What a generation says about itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Meta {
    /// Version of the store's format.
    pub format: u32,
    /// Number of the generation.
    pub revision: u64,
    /// Its form on disk.
    pub form: Form,
    /// Base of its IRIs.
    pub base: String,
    /// Least confidence of a plain triple.
    #[serde(with = "thousandths")]
    pub fact_confidence: Confidence,
    /// Hash of the rules that read its documents, where the builder gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules: Option<String>,
    /// How documents are written; see [`crate::encode::ENCODING`].
    #[serde(default)]
    pub encoding: u32,
    /// Where its judgements are kept.
    #[serde(default)]
    pub judgements: JudgementsAt,
    /// How much it holds.
    pub counts: Counts,
    /// sha-256 of its canonical N-Quads without history, in hex digits: equal contents have equal checksums.
    pub checksum: String,
}

impl Meta {
    pub(super) fn read(text: &str, path: &Path) -> Result<Self, StoreError> {
        serde_json::from_str(text).map_err(|error| StoreError::corrupt(path, error.to_string()))
    }

    pub(super) fn text(&self) -> String {
        // A struct of numbers and strings can always be written as JSON.
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }
}

mod thousandths {
    use guanxi_model::Confidence;
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(confidence: &Confidence, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(confidence.probability())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Confidence, D::Error> {
        f64::deserialize(deserializer).map(Confidence::new)
    }
}
