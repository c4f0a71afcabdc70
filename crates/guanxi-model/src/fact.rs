//! What the claims of all documents add up to.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::id::digest;
use crate::{ClaimId, Confidence, EntityId, FactId, PartialDate, Qualifiers, Status, Value};

/// What a fact rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Basis {
    /// Claims of documents.
    Text,
    /// A row of the reference data.
    Reference,
    /// Other facts, by a derivation.
    Derived,
}

impl Basis {
    /// `text`, `reference`, `derived`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Reference => "reference",
            Self::Derived => "derived",
        }
    }
}

/// The object of a fact.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FactObject {
    /// An entity.
    Entity(EntityId),
    /// Money, a number or a date.
    Value(Value),
}

impl FactObject {
    /// The entity, where it is one.
    pub fn entity(&self) -> Option<&EntityId> {
        match self {
            Self::Entity(entity) => Some(entity),
            Self::Value(_) => None,
        }
    }
}

/// From when to when a fact holds; both ends inclusive, each at its precision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Validity {
    /// Since when; absent = not known, taken as always.
    pub from: Option<PartialDate>,
    /// Until when; absent = current, unless `ended`.
    pub to: Option<PartialDate>,
    /// It has ended, at an unknown time where `to` is absent.
    pub ended: bool,
}

impl Validity {
    /// Whether the fact holds now, without asking a clock: it has not ended.
    pub fn is_current(&self) -> bool {
        self.to.is_none() && !self.ended
    }

    /// Whether the fact may hold on `day`; of a month or year, on any day of it. An unknown begin is taken to lie before
    /// every day asked for, and so is an unknown end.
    pub fn holds_on(&self, day: PartialDate) -> bool {
        let begun = self.from.is_none_or(|from| from.first_day() <= day.last_day());
        let going_on = match self.to {
            Some(to) => day.first_day() <= to.last_day(),
            None => !self.ended,
        };
        begun && going_on
    }
}

/// Claims disagree on a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Conflict {
    /// Some claims assert it, some deny it.
    Denied,
    /// Another value of a functional predicate is asserted as well.
    OtherValue,
}

/// The claims with equal subject, predicate and object, after resolution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// See [`Fact::mint_id`].
    pub id: FactId,
    /// Subject.
    pub subject: EntityId,
    /// Local name of the predicate.
    pub predicate: Arc<str>,
    /// Object.
    pub object: FactObject,
    /// Qualifiers that its best claim, or its reference row, gives.
    pub qualifiers: Qualifiers,
    /// The status that its claims add up to, held against what the reference data says of its subject: of a draft it is at
    /// best planned.
    pub status: Status,
    /// Best confidence among the claims of that status.
    pub confidence: Confidence,
    /// When it holds.
    pub validity: Validity,
    /// What it rests on.
    pub basis: Basis,
    /// Of a reference fact: no source was checked.
    pub unverified: bool,
    /// Number of claims.
    pub support: u32,
    /// Number of independent publishers among them.
    pub publishers: u32,
    /// Its claims, sorted.
    pub claims: Vec<ClaimId>,
    /// Of a derived fact: the facts that it follows from, sorted.
    pub premises: Vec<FactId>,
    /// Of a derived fact: the derivation; of a reference fact: its source.
    pub because: Option<String>,
    /// Set where claims disagree.
    pub conflict: Option<Conflict>,
}

impl Fact {
    /// Whether its time is now, or the day, month or year asked for; see [`Validity::holds_on`].
    pub fn holds(&self, as_of: Option<PartialDate>) -> bool {
        match as_of {
            Some(day) => self.validity.holds_on(day),
            None => self.validity.is_current() && self.status != Status::Ended,
        }
    }

    /// Whether it is asserted and holds now, or was and did on the day asked for: what has ended since was asserted then.
    pub fn is_asserted(&self, as_of: Option<PartialDate>) -> bool {
        matches!(self.status, Status::Asserted | Status::Ended) && self.holds(as_of)
    }

    /// The id of the fact with this subject, predicate and object.
    ///
    /// Two dated values are two events: `qualifiers_key` is the metric and date of a value, empty for an entity.
    pub fn mint_id(subject: &EntityId, predicate: &str, object: &FactObject, qualifiers_key: &str) -> FactId {
        let object = match object {
            FactObject::Entity(entity) => format!("id {entity}"),
            FactObject::Value(value) => format!("value {}", value.key()),
        };
        FactId::new(digest(&[subject.as_str(), predicate, &object, qualifiers_key]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn validity_is_inclusive_at_its_precision() {
        let date = |text: &str| text.parse::<PartialDate>().unwrap();
        let held = Validity { from: Some(date("2018")), to: Some(date("2023-05")), ended: true };
        assert!(held.holds_on(date("2018-01-01")) && held.holds_on(date("2023-05-31")) && held.holds_on(date("2023")));
        assert!(!held.holds_on(date("2017-12-31")) && !held.holds_on(date("2023-06")));
        assert!(!held.is_current());
        assert!(!Validity { ended: true, ..Validity::default() }.holds_on(date("2020")));
        assert!(Validity::default().holds_on(date("1900")));
    }
}
