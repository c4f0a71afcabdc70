//! Which facts and entities go out, one at a time.

use std::collections::BTreeSet;

use guanxi_graph::snapshot::stated_share;
use guanxi_graph::{EntitySet, Generation, Snapshot};
use guanxi_model::schema::Labels;
use guanxi_model::{
    Basis, Claim, Confidence, Document, Entity, EntityId, Fact, FactObject, PartialDate, Qualifier, QualifierValue,
    Schema, Share, Status, Value,
};
use oxigraph::model::{GraphNameRef, Term};

use super::dot::neighbourhood;
use crate::path::PathError;

/// Which facts go out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Only these entities and the facts among them; all where none are named.
    pub among: Option<BTreeSet<EntityId>>,
    /// Exactly these statuses; a fact that has ended counts as ended, whatever its status was.
    pub statuses: Vec<Status>,
    /// What held on this day counts as not ended, and nothing else does.
    pub as_of: Option<PartialDate>,
    /// Least confidence.
    pub min_confidence: Confidence,
    /// Leaves out reference facts whose source nobody checked.
    pub verified: bool,
    /// Names in Chinese first, where a format shows one.
    pub chinese_first: bool,
}

impl Choice {
    /// What the plain triples of the store say: asserted, not ended, as sure as the store wants them.
    pub fn plain(generation: &Generation) -> Self {
        Self {
            among: None,
            statuses: vec![Status::Asserted],
            as_of: None,
            min_confidence: generation.meta().fact_confidence,
            verified: false,
            chinese_first: false,
        }
    }

    fn admits(&self, fact: &Fact) -> bool {
        self.statuses.contains(&self.status(fact))
            && fact.confidence >= self.min_confidence
            && !(fact.unverified && self.verified)
            && self.has(&fact.subject)
            && fact.object.entity().is_none_or(|object| self.has(object))
    }

    /// The status of a fact now, or on the day asked for.
    fn status(&self, fact: &Fact) -> Status {
        match self.as_of {
            Some(day) if !fact.validity.holds_on(day) => Status::Ended,
            None if !fact.validity.is_current() => Status::Ended,
            Some(_) if fact.status == Status::Ended => Status::Asserted,
            _ => fact.status,
        }
    }

    fn has(&self, entity: &EntityId) -> bool {
        self.among.as_ref().is_none_or(|among| among.contains(entity))
    }
}

/// The entities of which texts tell by a fact that `choice` lets through.
pub fn told<'a>(generation: &'a Generation, choice: &Choice) -> EntitySet<'a> {
    let mut told = EntitySet::new(generation);
    for fact in generation.each_fact().filter(|fact| fact.basis == Basis::Text && choice.admits(fact)) {
        told.insert(&fact.subject);
        fact.object.entity().into_iter().for_each(|object| told.insert(object));
    }
    told
}

/// The entities that a picture of what lies around `entity` would show if it had room for all of them. Needs the whole
/// graph in memory.
///
/// # Errors
/// The graph has no such entity.
pub fn around(
    snapshot: &Snapshot,
    schema: &Schema,
    entity: &EntityId,
    hops: u32,
    choice: &Choice,
) -> Result<BTreeSet<EntityId>, PathError> {
    neighbourhood(snapshot, schema, entity, hops, |fact| choice.admits(fact))
}

/// What an export is made from.
#[derive(Clone, Debug)]
pub struct Source<'a> {
    /// The store.
    pub generation: &'a Generation,
    /// The schema, for what predicates are called.
    pub schema: &'a Schema,
    /// Which of its facts.
    pub choice: Choice,
    /// Of these only those among the entities of which texts tell ([`told`]); of all where it is `None`.
    pub told: Option<EntitySet<'a>>,
}

impl<'a> Source<'a> {
    /// The facts chosen.
    pub(super) fn facts(&self) -> impl Iterator<Item = Fact> + '_ {
        self.generation.each_fact().filter(|fact| self.admits(fact))
    }

    fn admits(&self, fact: &Fact) -> bool {
        let has = |entity: &EntityId| self.told.as_ref().is_none_or(|told| told.contains(entity));
        self.choice.admits(fact) && has(&fact.subject) && fact.object.entity().is_none_or(has)
    }

    /// The entities chosen; all of them where none are named, even those that no fact chosen tells of.
    pub(super) fn entities(&self) -> Box<dyn Iterator<Item = Entity> + '_> {
        match (&self.choice.among, &self.told) {
            (Some(among), _) => Box::new(among.iter().filter_map(|id| self.generation.entity(id))),
            (None, Some(told)) => Box::new(self.generation.each_entity().filter(|entity| told.contains(&entity.id))),
            (None, None) => Box::new(self.generation.each_entity()),
        }
    }

    /// Whether some entities are left out.
    pub(super) fn is_narrowed(&self) -> bool {
        self.choice.among.is_some() || self.told.is_some()
    }

    /// The claims of a fact, those that say it as it stands first, surest first.
    pub(super) fn claims(&self, fact: &Fact) -> Vec<Claim> {
        let mut claims: Vec<Claim> = fact.claims.iter().filter_map(|id| self.generation.claim(id)).collect();
        let rank = |claim: &Claim| (claim.status != fact.status, std::cmp::Reverse(claim.confidence), claim.id.clone());
        claims.sort_by_cached_key(rank);
        claims
    }

    /// The document of a claim.
    pub(super) fn document(&self, claim: &Claim) -> Option<Document> {
        self.generation.document(&claim.document)
    }

    /// What is plainly said of an entity by a predicate whose object is a value.
    pub(super) fn values(&self, entity: &Entity, predicate: &str) -> Vec<Value> {
        let gx = self.generation.vocabulary();
        let (subject, predicate) = (gx.entity(&entity.id), gx.term(predicate));
        let found = self.generation.store().quads_for_pattern(
            Some(subject.as_ref().into()),
            Some(predicate.as_ref()),
            None,
            Some(GraphNameRef::DefaultGraph),
        );
        let facts = found.filter_map(|quad| match quad.ok()?.object {
            Term::NamedNode(fact) => self.generation.fact(&gx.fact_id(fact.as_ref())?),
            Term::BlankNode(_) | Term::Literal(_) => None,
        });
        let values = facts.filter(|fact| self.admits(fact)).filter_map(|fact| match fact.object {
            FactObject::Value(value) => Some(value),
            FactObject::Entity(_) => None,
        });
        values.collect()
    }

    /// How a predicate reads.
    pub(super) fn labels(&self, predicate: &str) -> Option<&'a Labels> {
        self.schema.predicate(predicate).map(|predicate| &predicate.labels)
    }

    /// Whether the class of an entity is `ancestor`, or below it.
    pub(super) fn is_a(&self, entity: &Entity, ancestor: &str) -> bool {
        self.schema.is_a(&entity.class, ancestor)
    }
}

/// A fact that says who has which interest in whom, for formats that know nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tie {
    /// The subject holds shares in the object.
    Holds,
    /// The object is the parent of the subject.
    HasParent,
    /// The subject controls the object by other means.
    Controls,
    /// The subject holds an office in the object.
    Serves,
    /// The subject took the place of the object.
    Succeeds,
    /// Anything else.
    Other,
}

impl Tie {
    /// An investment counts as a holding where its share is known and it is not debt.
    pub fn of(fact: &Fact) -> Self {
        let equity = || match fact.qualifiers.get(&Qualifier::Instrument) {
            Some(QualifierValue::Text(instrument)) => instrument == "equity",
            _ => true,
        };
        match &*fact.predicate {
            "owns" => Self::Holds,
            "investsIn" if share(fact).is_some() && equity() => Self::Holds,
            "subsidiaryOf" => Self::HasParent,
            "controls" => Self::Controls,
            "officerOf" => Self::Serves,
            "succeeds" => Self::Succeeds,
            _ => Self::Other,
        }
    }
}

/// Whether somebody states the fact and it came about: no plan, no rumour, nothing denied, nothing derived.
pub(super) fn is_stated(fact: &Fact) -> bool {
    matches!(fact.status, Status::Asserted | Status::Ended) && fact.basis != Basis::Derived
}

/// When a fact ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// It has not, or nothing tells when.
    Open,
    /// Then.
    On(PartialDate),
    /// By then: its texts tell no date, and that of the last of them stands for it. It may have ended long before.
    By(PartialDate),
}

impl Source<'_> {
    /// When a fact ended, for formats that take the end for a date that somebody told.
    pub(super) fn end(&self, fact: &Fact) -> End {
        let Some(to) = fact.validity.to else { return End::Open };
        let claims = self.claims(fact);
        let date = |claim: &Claim, qualifier| match claim.qualifiers.get(&qualifier) {
            Some(QualifierValue::Date(date)) => Some(*date),
            _ => None,
        };
        let ends = |claim: &&Claim| claim.status == Status::Ended;
        let tells = |claim: &Claim| {
            let own = date(claim, Qualifier::Date).filter(|_| ends(&claim));
            date(claim, Qualifier::ValidTo).or(own) == Some(to)
        };
        let is_of_that_day = |claim: &Claim| self.document(claim).and_then(|document| document.published) == Some(to);
        match !claims.iter().any(tells) && claims.iter().filter(ends).any(is_of_that_day) {
            true => End::By(to),
            false => End::On(to),
        }
    }
}

/// The text of a qualifier.
pub(super) fn word(fact: &Fact, qualifier: Qualifier) -> Option<&str> {
    match fact.qualifiers.get(&qualifier) {
        Some(QualifierValue::Text(text)) => Some(text),
        _ => None,
    }
}

/// Where a document was read from, if that is an address on the web.
pub(super) fn url(source: &str) -> Option<&str> {
    let is_address = source.starts_with("https://") || source.starts_with("http://");
    (is_address && !source.contains(|c: char| c.is_whitespace() || c.is_control() || "<>\"{}|\\^`".contains(c)))
        .then_some(source)
}

/// The share that a fact states.
pub(super) fn share(fact: &Fact) -> Option<Share> {
    stated_share(&fact.qualifiers)
}
