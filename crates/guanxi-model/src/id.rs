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
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut hex = String::with_capacity(2 * bytes.len());
    for &byte in bytes {
        hex.extend([byte >> 4, byte & 15].map(|digit| char::from(DIGITS[usize::from(digit)])));
    }
    hex
}
