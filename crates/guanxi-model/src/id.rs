//! Names that machines agree on without talking to each other.

use std::fmt;
use std::sync::Arc;

use sha2::{Digest, Sha256};

macro_rules! string_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Wraps an id that was minted before.
            pub fn new(id: impl Into<Arc<str>>) -> Self {
                Self(id.into())
            }

            /// The id as text: the local part of its IRI.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

string_id! {
    /// The local part of an entity's IRI: `cn-tencent` for a reference row, else `<family>-<16 hex digits>`.
    EntityId
}
string_id! {
    /// The sha-256 of a document's bytes, in 64 lower-case hex digits.
    DocumentId
}
string_id! {
    /// 32 hex digits over document, predicate, spans, status and qualifiers; see [`crate::Claim::mint_id`].
    ClaimId
}
string_id! {
    /// 32 hex digits over subject, predicate and object (for a value: its event key).
    FactId
}

impl DocumentId {
    /// The id of the document with these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self::new(hex(&Sha256::digest(bytes)))
    }
}

/// The first 32 hex digits of the sha-256 over length-prefixed parts, so that no two lists of parts
/// collide by where one part ends and the next begins.
pub(crate) fn digest(parts: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    hex(&hasher.finalize()[..16])
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    bytes.iter().flat_map(|&byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]).collect()
}
