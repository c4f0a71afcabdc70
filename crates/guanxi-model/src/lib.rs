//! The nouns of guanxi, without behaviour: what the other crates hand to one another.
//!
//! Text becomes a [`Document`] with [`Entity`]s and [`Claim`]s about them; claims that say the same
//! become one [`Fact`]. Which classes and predicates exist is data, read into a [`Schema`]; what is
//! known before any text is read is data too, read into a [`Reference`].
//!
//! ```
//! use guanxi_model::{PartialDate, Share};
//!
//! let founded: PartialDate = "2013".parse().unwrap();
//! assert_eq!(founded.last_day().to_string(), "2013-12-31");
//! let majority: Share = "(50, 100]".parse().unwrap();
//! assert!(majority.min_exclusive);
//! ```

mod claim;
pub mod data_file;
mod date;
mod document;
mod entity;
mod fact;
mod id;
pub mod identifier;
mod import;
pub mod judgement;
mod named;
mod note;
pub mod packed;
mod passage;
mod qualifier;
pub mod reference;
pub mod schema;
mod share;
mod span;
mod value;

pub use claim::{Argument, Claim, Confidence, Evidence, Object, Section, Status};
pub use date::{PartialDate, PartialDateError};
pub use document::{Document, Extraction};
pub use entity::{Entity, EntityName, Language, NameHeld, NameKind};
pub use fact::{Basis, Conflict, Fact, FactObject, Validity};
pub use id::{ClaimId, DocumentId, EntityId, FactId};
pub use identifier::Identifier;
pub use import::{Import, ImportEntity, ImportFact, ImportRecord};
pub use judgement::{ClaimJudgement, EntityJudgement, Judgements, Sameness, Verdict};
pub use note::{Note, NoteKind};
pub use passage::{Meant, Mention, Passage};
pub use qualifier::{Qualifier, QualifierKind, QualifierValue, Qualifiers};
pub use reference::Reference;
pub use rust_decimal::Decimal;
pub use schema::Schema;
pub use share::{Share, ShareError};
pub use span::Span;
pub use value::{Comparator, Money, Number, Value};
