//! A sentence with the names and figures in it, for whoever checks what texts say beyond their claims.

use std::ops::Range;

use crate::{DocumentId, EntityId, PartialDate, Share, Span, Value};

/// A sentence of a document as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// The document.
    pub document: DocumentId,
    /// Where it stands in the document's text.
    pub span: Span,
    /// Exactly that slice of the document's text.
    pub text: String,
    /// When its article was published: by a dateline of its own, else as the document.
    pub published: Option<PartialDate>,
    /// The names and figures in it, in order, none within another.
    pub mentions: Vec<Mention>,
}

/// A name or figure in a passage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// The bytes of the passage's text that it covers.
    pub bytes: Range<usize>,
    /// What it means.
    pub meant: Meant,
}

/// What a mention means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meant {
    /// Somebody or something with a name.
    Entity(EntityId),
    /// Money, a number or a date.
    Value(Value),
    /// A percentage.
    Share(Share),
}
