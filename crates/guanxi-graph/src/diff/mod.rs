//! How two states of a store differ, in the words of its domain: which facts are new, ended, gone or told otherwise,
//! which entities became one or several, and what it comes from.
//!
//! Quads would tell little: the id of a fact holds those of its ends, so that the merging of two names alone takes away
//! all facts of one and adds them to the other. Here both sides are first brought to common entities (`Identity`), facts
//! are compared between these, and the merging is told by itself.
//!
//! A claim is taken to be the same if it stands in the same source with the same words: the id of a claim holds the hash
//! of its document, and a source to which a line was added has not changed what its other lines say.

mod causes;
mod facts;
mod identity;

use std::collections::BTreeMap;

use guanxi_model::{ClaimId, Document, DocumentId, EntityId, Fact, FactId, Schema};

use crate::Generation;
use causes::Causes;
use identity::Identity;

/// How a later state differs from an earlier one; of two equal ones nothing is listed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Diff {
    /// Sources that hold something else, by name.
    pub sources: Vec<SourceChange>,
    /// Documents that stand on both sides and are read otherwise, by id.
    pub read_otherwise: Vec<DocumentId>,
    /// Entities that only the later state has, by id.
    pub new_entities: Vec<EntityId>,
    /// Entities that only the earlier state has, by id.
    pub gone_entities: Vec<EntityId>,
    /// Entities of another class, country or other names; their ids on both sides.
    pub redescribed: Vec<(EntityId, EntityId)>,
    /// Entities that became one, or several.
    pub regrouped: Vec<Regrouping>,
    /// Facts, by the id that they have in the later state, else in the earlier one.
    pub facts: Vec<FactChange>,
    /// The dumps differ, though in nothing of the above: in wording, notes, reference rows.
    pub other: bool,
}

/// A source whose content is another one; absent = the source was not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceChange {
    /// Path, record id or URL.
    pub source: String,
    /// What it held.
    pub before: Option<DocumentId>,
    /// What it holds.
    pub after: Option<DocumentId>,
}

/// Ids that stood for themselves before, and that stand for the same after: several and one = merged, one and several =
/// split, one and one = the same entity by another id, several and several = the names were dealt out anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Regrouping {
    /// Sorted.
    pub before: Vec<EntityId>,
    /// Sorted.
    pub after: Vec<EntityId>,
    /// Facts that thereby became one with another one, or came apart from it: neither gains nor losses.
    pub facts: usize,
}

/// A fact that is told otherwise.
#[derive(Clone, Debug, PartialEq)]
pub struct FactChange {
    /// As it was; absent = it is new.
    pub before: Option<Fact>,
    /// As it is; absent = it is gone.
    pub after: Option<Fact>,
    /// In what it differs, most telling first; never empty.
    pub differences: Vec<Difference>,
    /// What it comes from, sorted; never empty.
    pub causes: Vec<Cause>,
}

/// In what a fact differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Difference {
    /// It was not known before.
    New,
    /// Nobody says it any more.
    Gone,
    /// It held, and has ended.
    Ended,
    /// It had ended, and holds again.
    Reopened,
    /// Its status is another one (planned, asserted, denied, …).
    Status,
    /// It begins or ends at another time.
    Redated,
    /// Its share, amount, office or another qualifier is another one.
    Qualified,
    /// Its confidence is another one.
    Confidence,
    /// It rests on other words, sources, rows or premises.
    Resourced,
    /// Claims, or other facts, contradict it now.
    ConflictOpened,
    /// Nothing contradicts it any more.
    ConflictClosed,
}

impl Difference {
    /// Every one, most telling first.
    pub const ALL: [Self; 11] = [
        Self::New,
        Self::Gone,
        Self::Ended,
        Self::Reopened,
        Self::Status,
        Self::Redated,
        Self::Qualified,
        Self::Confidence,
        Self::Resourced,
        Self::ConflictOpened,
        Self::ConflictClosed,
    ];

    /// Its name in output: `new`, `ended`, `redated`, `conflictOpened`, ….
    pub fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Gone => "gone",
            Self::Ended => "ended",
            Self::Reopened => "reopened",
            Self::Status => "status",
            Self::Redated => "redated",
            Self::Qualified => "qualified",
            Self::Confidence => "confidence",
            Self::Resourced => "resourced",
            Self::ConflictOpened => "conflictOpened",
            Self::ConflictClosed => "conflictClosed",
        }
    }
}

/// Where a difference comes from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// A source that was not there before.
    NewDocument(String),
    /// A source with other content.
    ChangedDocument(String),
    /// A source that is no longer there.
    ForgottenDocument(String),
    /// The same document of this source is read otherwise: by other rules, words or weights.
    ReadOtherwise(String),
    /// Somebody rejected a claim, or took that back; with the reason given.
    Decision(String),
    /// Entities became one or several.
    Regrouped,
    /// No document says anything else: reference data, schema, derivations or the program are others.
    Knowledge,
}

impl Cause {
    /// Its name in output: `newDocument`, `readOtherwise`, ….
    pub fn name(&self) -> &'static str {
        match self {
            Self::NewDocument(_) => "newDocument",
            Self::ChangedDocument(_) => "changedDocument",
            Self::ForgottenDocument(_) => "forgottenDocument",
            Self::ReadOtherwise(_) => "readOtherwise",
            Self::Decision(_) => "decision",
            Self::Regrouped => "regrouped",
            Self::Knowledge => "knowledge",
        }
    }

    /// The source that it is about.
    pub fn source(&self) -> Option<&str> {
        match self {
            Self::NewDocument(source)
            | Self::ChangedDocument(source)
            | Self::ForgottenDocument(source)
            | Self::ReadOtherwise(source) => Some(source),
            Self::Decision(_) | Self::Regrouped | Self::Knowledge => None,
        }
    }
}

impl Diff {
    /// How `after` differs from `before`; `schema` tells which predicates are symmetric.
    ///
    /// # Panics
    /// As every method of [`Generation`], if a medium fails.
    pub fn between(before: &Generation, after: &Generation, schema: &Schema) -> Self {
        let (before, after) = (Side::of(before), Side::of(after));
        let identity = Identity::of(&before, &after);
        let pairs = facts::pairs(&before, &after, &identity, schema);
        let mut diff = Self {
            sources: source_changes(&before, &after),
            read_otherwise: read_otherwise(&before, &after),
            ..identity.changes(&before, &after, &pairs.absorbed)
        };
        let causes = Causes::new(&before, &after, &identity, &pairs);
        diff.facts = causes.facts();
        diff.other = diff.is_empty() && before.generation.meta().checksum != after.generation.meta().checksum;
        diff
    }

    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl FactChange {
    /// The fact as it is, else as it was.
    pub fn fact(&self) -> &Fact {
        match (&self.after, &self.before) {
            (Some(fact), _) | (None, Some(fact)) => fact,
            (None, None) => unreachable!("a change has at least one side"),
        }
    }
}

/// One of the two states, with what is looked up often.
struct Side<'a> {
    generation: &'a Generation,
    facts: BTreeMap<FactId, Fact>,
    sources: BTreeMap<String, DocumentId>,
    documents: BTreeMap<DocumentId, Document>,
    /// Claims that people decided on, each with their reason.
    decided: BTreeMap<ClaimId, String>,
}

impl<'a> Side<'a> {
    fn of(generation: &'a Generation) -> Self {
        let by_id = |document: Document| (document.id.clone(), document);
        Self {
            generation,
            facts: generation.facts().into_iter().map(|fact| (fact.id.clone(), fact)).collect(),
            sources: generation.sources().into_iter().collect(),
            documents: generation.documents().into_iter().map(by_id).collect(),
            decided: generation.decided(),
        }
    }
}

fn source_changes(before: &Side<'_>, after: &Side<'_>) -> Vec<SourceChange> {
    let mut all: BTreeMap<&String, SourceChange> = BTreeMap::new();
    let none = |source: &String| SourceChange { source: source.clone(), before: None, after: None };
    for (source, document) in &before.sources {
        all.entry(source).or_insert_with(|| none(source)).before = Some(document.clone());
    }
    for (source, document) in &after.sources {
        all.entry(source).or_insert_with(|| none(source)).after = Some(document.clone());
    }
    all.into_values().filter(|change| change.before != change.after).collect()
}

fn read_otherwise(before: &Side<'_>, after: &Side<'_>) -> Vec<DocumentId> {
    let in_both = before.documents.keys().filter(|id| after.documents.contains_key(id));
    in_both.filter(|id| before.generation.reading(id) != after.generation.reading(id)).cloned().collect()
}
