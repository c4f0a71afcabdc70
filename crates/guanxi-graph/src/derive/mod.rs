//! Facts that follow from facts: a closed list of rules (`data/derivation/*.toml`), run forward to a fixed point.
//!
//! A rule is a chain of premises with conditions on the entities along it. Only facts that are asserted, current and
//! confident enough to be plain triples are premises. A derived fact has a predicate of its own and names the premises
//! of its best derivation: verified before unverified, then the most confident, then the shortest.

mod load;

use std::cmp::{Ordering, Reverse};
use std::collections::BTreeSet;
use std::sync::Arc;

use guanxi_model::reference::{Instrument, Lifecycle, ReferenceEntity};
use guanxi_model::{
    Basis, Confidence, Entity, EntityId, Fact, FactId, FactObject, PartialDate, Qualifiers, Reference, Schema, Status,
    Validity,
};

use crate::facts::{Facts, is_plain};
use crate::jurisdiction::{Jurisdictions, Unions};

pub use load::DerivationError;

/// The derivations, checked against the schema.
///
/// ```toml
/// [[rule]]
/// name = "supervises.by-rule"                     # shown by `explain`
/// when = ["?regulator issued ?rule", "?rule governs ?activity"]
/// then = "?regulator supervises ?activity"        # a predicate of the schema with `derived = true`
/// where.regulator = { class = "Regulator", ended = false }
/// where.rule = { lifecycle = ["in force"], instrument = ["department rule", "normative document"] }
/// unless_ended = ["?regulator regulates ?activity"]
///
/// [[rule]]
/// name = "reaches.by-activity"
/// when = ["?regulator regulates | supervises ?activity", "?company operatesIn ?activity"]
/// then = "?regulator reaches ?company"
/// jurisdiction = "?regulator over ?company"
/// ```
///
/// `?x regulates | supervises ?y` takes any of the predicates. `unless_ended` withholds the conclusion where any of these
/// facts is known to have ended: it was asserted, and holds no more. `jurisdiction` asks that the company be at home where
/// the regulator is, or in a member of the regulator's union; both countries have to be known
/// ([`crate::Snapshot::country`]), and a fact that tells one is a premise too. Rules may build on one another, but not in a circle.
#[derive(Clone, Debug, Default)]
pub struct Derivations {
    rules: Vec<Rule>,
}

#[derive(Clone, Debug)]
struct Rule {
    name: Arc<str>,
    premises: Vec<Premise>,
    subject: usize,
    predicate: Arc<str>,
    object: usize,
    /// One a variable.
    conditions: Vec<Condition>,
    /// Facts that withhold the conclusion where they have ended.
    unless_ended: Vec<Premise>,
    /// Whose authority has to extend to whom.
    jurisdiction: Option<(usize, usize)>,
}

/// Variables are numbered in their order of appearance.
#[derive(Clone, Debug)]
struct Premise {
    subject: usize,
    predicates: Vec<Arc<str>>,
    object: usize,
}

/// What an entity must be; everything empty = anything.
#[derive(Clone, Debug, Default)]
struct Condition {
    class: Option<Arc<str>>,
    ended: Option<bool>,
    lifecycles: Vec<Lifecycle>,
    instruments: Vec<Instrument>,
}

impl Derivations {
    /// Reads (file name, TOML text) pairs; every premise and class is looked up in the schema.
    ///
    /// # Errors
    /// Everything that is wrong with any of the files, by file and line.
    pub fn load<'a>(
        files: impl IntoIterator<Item = (&'a str, &'a str)>,
        schema: &Schema,
    ) -> Result<Derivations, Vec<DerivationError>> {
        load::load(files, schema).map(|rules| Self { rules })
    }

    /// Adds to `facts` everything that follows from them. `entities` are sorted by id.
    pub(crate) fn run(&self, facts: &mut Facts, entities: &[Entity], world: World<'_>) {
        let plain = facts.values().map(Box::as_ref).filter(|fact| is_plain(fact, world.fact_confidence));
        let jurisdictions = Jurisdictions::of(entities, plain, unions(world.reference));
        loop {
            let derived = self.round(facts, entities, &jurisdictions, world);
            let changed = derived.iter().any(|(id, fact)| facts.get(id) != Some(fact));
            facts.extend(derived);
            if !changed {
                return;
            }
        }
    }

    /// Predicates of premises.
    fn premises(&self) -> BTreeSet<&str> {
        let premises = self.rules.iter().flat_map(|rule| &rule.premises);
        premises.flat_map(|premise| &premise.predicates).map(|predicate| &**predicate).collect()
    }

    /// The best derivation of every fact that follows in one step.
    fn round(&self, facts: &Facts, entities: &[Entity], jurisdictions: &Jurisdictions, world: World<'_>) -> Facts {
        let index = Index::of(facts, &self.premises(), world);
        let mut best = Facts::new();
        for rule in &self.rules {
            let bound = vec![None; rule.conditions.len()];
            let mut search =
                Search { rule, facts, index: &index, entities, jurisdictions, world, bound, premises: Vec::new() };
            search.run(&mut |fact| {
                let is_stated = facts.get(&fact.id).is_some_and(|known| known.basis != Basis::Derived);
                let is_better = best.get(&fact.id).is_none_or(|known| rank(&fact) > rank(known));
                if !is_stated && is_better {
                    best.insert(fact.id.clone(), Box::new(fact));
                }
            });
        }
        best
    }
}

/// What conditions are checked against.
#[derive(Clone, Copy)]
pub(crate) struct World<'a> {
    pub schema: &'a Schema,
    pub reference: &'a Reference,
    pub fact_confidence: Confidence,
}

fn unions(reference: &Reference) -> Unions {
    let mut unions = Unions::new();
    for row in reference.entities() {
        if let Some(union) = row.entity.country.as_ref().filter(|_| !row.members.is_empty()) {
            unions.entry(union.clone()).or_default().extend(row.members.iter().cloned());
        }
    }
    unions
}

impl Condition {
    fn holds(&self, entity: &EntityId, entities: &[Entity], world: World<'_>) -> bool {
        let is_a = |wanted: &str| {
            let known = entities.binary_search_by(|known| known.id.cmp(entity)).ok().map(|at| &entities[at].class);
            known.is_some_and(|class| world.schema.is_a(class, wanted))
        };
        self.class.as_deref().is_none_or(is_a)
            && (!self.asks_for_row() || self.row_holds(world.reference.entity(entity).as_ref()))
    }

    fn asks_for_row(&self) -> bool {
        self.ended.is_some() || !self.lifecycles.is_empty() || !self.instruments.is_empty()
    }

    fn row_holds(&self, row: Option<&ReferenceEntity>) -> bool {
        let ended = || row.is_some_and(ReferenceEntity::has_ended);
        let lifecycle = row.and_then(|row| row.lifecycle);
        let instrument = row.and_then(|row| row.instrument);
        self.ended.is_none_or(|wanted| wanted == ended())
            && (self.lifecycles.is_empty() || lifecycle.is_some_and(|known| self.lifecycles.contains(&known)))
            && (self.instruments.is_empty() || instrument.is_some_and(|known| self.instruments.contains(&known)))
    }
}

/// Facts that may be premises, by predicate and either end. Those of symmetric predicates stand both ways.
struct Index<'a> {
    by_subject: Vec<Link<'a>>,
    by_object: Vec<Link<'a>>,
}

#[derive(Clone, Copy)]
struct Link<'a> {
    subject: &'a EntityId,
    object: &'a EntityId,
    fact: &'a Fact,
}

impl<'a> Link<'a> {
    fn by_subject(&self) -> (&'a str, &'a EntityId) {
        (&self.fact.predicate, self.subject)
    }

    fn by_object(&self) -> (&'a str, &'a EntityId) {
        (&self.fact.predicate, self.object)
    }
}

impl<'a> Index<'a> {
    /// Of the facts with one of these predicates.
    fn of(facts: &'a Facts, predicates: &BTreeSet<&str>, world: World<'_>) -> Self {
        let mut links = Vec::new();
        for fact in facts.values().filter(|fact| predicates.contains(&*fact.predicate)) {
            let FactObject::Entity(object) = &fact.object else { continue };
            if !is_plain(fact, world.fact_confidence) {
                continue;
            }
            links.push(Link { subject: &fact.subject, object, fact });
            if world.schema.predicate(&fact.predicate).is_some_and(|predicate| predicate.symmetric) {
                links.push(Link { subject: object, object: &fact.subject, fact });
            }
        }
        let (mut by_subject, mut by_object) = (links.clone(), links);
        by_subject.sort_by_key(Link::by_subject);
        by_object.sort_by_key(Link::by_object);
        Self { by_subject, by_object }
    }

    fn links(&self, predicate: &str, subject: Option<&EntityId>, object: Option<&EntityId>) -> &[Link<'a>] {
        match (subject, object) {
            (Some(subject), _) => range(&self.by_subject, |link| link.by_subject().cmp(&(predicate, subject))),
            (None, Some(object)) => range(&self.by_object, |link| link.by_object().cmp(&(predicate, object))),
            (None, None) => range(&self.by_subject, |link| link.by_subject().0.cmp(predicate)),
        }
    }
}

/// Those of a sorted list that are neither less nor greater.
fn range<T>(sorted: &[T], compare: impl Fn(&T) -> Ordering) -> &[T] {
    let start = sorted.partition_point(|item| compare(item) == Ordering::Less);
    let length = sorted[start..].partition_point(|item| compare(item) == Ordering::Equal);
    &sorted[start..start + length]
}

/// Binds the variables of one rule, premise by premise.
struct Search<'a> {
    rule: &'a Rule,
    facts: &'a Facts,
    index: &'a Index<'a>,
    entities: &'a [Entity],
    jurisdictions: &'a Jurisdictions,
    world: World<'a>,
    bound: Vec<Option<&'a EntityId>>,
    premises: Vec<&'a Fact>,
}

impl<'a> Search<'a> {
    fn run(&mut self, found: &mut impl FnMut(Fact)) {
        let Some(premise) = self.rule.premises.get(self.premises.len()) else {
            if let Some(seats) = self.seats()
                && !self.is_over()
            {
                found(self.conclusion(&seats));
            }
            return;
        };
        let (subject, object) = (self.bound[premise.subject], self.bound[premise.object]);
        let index = self.index;
        for predicate in &premise.predicates {
            for link in index.links(predicate, subject, object) {
                if self.bind(premise.subject, link.subject) && self.bind(premise.object, link.object) {
                    self.premises.push(link.fact);
                    self.run(found);
                    self.premises.pop();
                }
                (self.bound[premise.subject], self.bound[premise.object]) = (subject, object);
            }
        }
    }

    fn bind(&mut self, variable: usize, entity: &'a EntityId) -> bool {
        match self.bound[variable] {
            Some(known) => known == entity,
            None => {
                // Two variables are two entities: no company reaches itself through a partner.
                let is_new = !self.bound.contains(&Some(entity));
                self.bound[variable] = Some(entity);
                is_new && self.rule.conditions[variable].holds(entity, self.entities, self.world)
            }
        }
    }

    /// The facts that tell the countries which the rule's jurisdiction asks for; `None` where it does not extend so far.
    fn seats(&self) -> Option<Vec<&'a Fact>> {
        let Some((authority, subject)) = self.rule.jurisdiction else { return Some(Vec::new()) };
        let position = |variable: usize| {
            let id = self.bound[variable]?;
            self.entities.binary_search_by(|entity| entity.id.cmp(id)).ok()
        };
        let both = [position(authority)?, position(subject)?];
        let seats = both.into_iter().filter_map(|position| self.jurisdictions.seat(position));
        self.jurisdictions
            .covers(both[0], both[1])
            .then(|| seats.filter_map(|seat| self.facts.get(seat).map(Box::as_ref)).collect())
    }

    /// Whether a fact that withholds the conclusion is known to have ended.
    fn is_over(&self) -> bool {
        let has_ended = |premise: &Premise, predicate: &str| {
            let (mut subject, mut object) = (self.entity(premise.subject), self.entity(premise.object));
            let symmetric = self.world.schema.predicate(predicate).is_some_and(|predicate| predicate.symmetric);
            if symmetric && object < subject {
                std::mem::swap(&mut subject, &mut object);
            }
            let fact = self.facts.get(&Fact::mint_id(&subject, predicate, &FactObject::Entity(object), ""));
            fact.is_some_and(|fact| {
                matches!(fact.status, Status::Asserted | Status::Ended) && !fact.validity.is_current()
            })
        };
        let any_ended = |premise: &Premise| premise.predicates.iter().any(|name| has_ended(premise, name));
        self.rule.unless_ended.iter().any(any_ended)
    }

    fn entity(&self, variable: usize) -> EntityId {
        self.bound[variable].cloned().unwrap_or_else(|| EntityId::new(""))
    }

    fn conclusion(&self, seats: &[&Fact]) -> Fact {
        let (subject, object) = (self.entity(self.rule.subject), FactObject::Entity(self.entity(self.rule.object)));
        let facts = || self.premises.iter().chain(seats);
        let mut premises: Vec<FactId> = facts().map(|fact| fact.id.clone()).collect();
        premises.sort();
        premises.dedup();
        let begin = facts().filter_map(|fact| fact.validity.from).max_by_key(|from| from.first_day());
        Fact {
            id: Fact::mint_id(&subject, &self.rule.predicate, &object, ""),
            subject,
            predicate: Arc::clone(&self.rule.predicate),
            object,
            qualifiers: Qualifiers::new(),
            status: Status::Asserted,
            confidence: facts().map(|fact| fact.confidence).min().unwrap_or(Confidence::ONE),
            validity: Validity { from: begin, to: None::<PartialDate>, ended: false },
            basis: Basis::Derived,
            unverified: facts().any(|fact| fact.unverified),
            support: 0,
            publishers: 0,
            claims: Vec::new(),
            premises,
            because: Some(self.rule.name.to_string()),
            conflict: None,
        }
    }
}

/// Which of two derivations of one fact is told.
fn rank(fact: &Fact) -> impl Ord + '_ {
    (
        !fact.unverified,
        fact.confidence,
        Reverse(fact.premises.len()),
        Reverse(&fact.because),
        Reverse(&fact.premises),
        Reverse(fact.validity.from),
    )
}
