//! Facts that follow from facts: a closed list of rules (`data/derivation/*.toml`), run forward.
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
use crate::jurisdiction::{Jurisdictions, unions};

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
        for rules in self.steps() {
            let derived = follow(&rules, facts, entities, &jurisdictions, world);
            facts.extend(derived);
        }
    }

    /// The rules in an order in which all that one builds on stands before it: there are no circles. Those that conclude
    /// one predicate are in one step, for the best of their derivations is told.
    fn steps(&self) -> Vec<Vec<&Rule>> {
        let mut left: Vec<&Rule> = self.rules.iter().collect();
        let mut steps = Vec::new();
        while !left.is_empty() {
            let open: BTreeSet<&str> = left.iter().map(|rule| &*rule.predicate).collect();
            let waits = |rule: &&&Rule| rule.needs().any(|predicate| open.contains(predicate));
            let waiting: BTreeSet<&str> = left.iter().filter(waits).map(|rule| &*rule.predicate).collect();
            let is_ready = |rule: &&Rule| !waiting.contains(&*rule.predicate);
            let (ready, later): (Vec<&Rule>, Vec<&Rule>) = left.into_iter().partition(is_ready);
            assert!(!ready.is_empty(), "rules that build on one another in a circle are not loaded");
            steps.push(ready);
            left = later;
        }
        steps
    }
}

impl Rule {
    /// Predicates of its premises.
    fn needs(&self) -> impl Iterator<Item = &str> {
        self.premises.iter().flat_map(|premise| &premise.predicates).map(|predicate| &**predicate)
    }
}

/// The best derivation of every fact that follows by these rules.
fn follow(
    rules: &[&Rule],
    facts: &Facts,
    entities: &[Entity],
    jurisdictions: &Jurisdictions,
    world: World<'_>,
) -> Facts {
    let index = Index::of(facts, &rules.iter().flat_map(|rule| rule.needs()).collect(), entities, world);
    let mut best = Facts::new();
    for rule in rules {
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

/// What conditions are checked against.
#[derive(Clone, Copy)]
pub(crate) struct World<'a> {
    pub schema: &'a Schema,
    pub reference: &'a Reference,
    pub fact_confidence: Confidence,
}

impl Condition {
    fn holds(&self, end: End<'_>, entities: &[Entity], world: World<'_>) -> bool {
        let is_a = |wanted: &str| end.position.is_some_and(|at| world.schema.is_a(&entities[at].class, wanted));
        self.class.as_deref().is_none_or(is_a)
            && (!self.asks_for_row() || self.row_holds(world.reference.entity(end.id).as_ref()))
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
    subject: End<'a>,
    object: End<'a>,
    fact: &'a Fact,
}

/// An entity, and its place among all.
#[derive(Clone, Copy)]
struct End<'a> {
    id: &'a EntityId,
    position: Option<usize>,
}

impl<'a> Link<'a> {
    fn by_subject(&self) -> (&'a str, &'a EntityId) {
        (&self.fact.predicate, self.subject.id)
    }

    fn by_object(&self) -> (&'a str, &'a EntityId) {
        (&self.fact.predicate, self.object.id)
    }
}

impl<'a> Index<'a> {
    /// Of the facts with one of these predicates.
    fn of(facts: &'a Facts, predicates: &BTreeSet<&str>, entities: &[Entity], world: World<'_>) -> Self {
        let end = |id: &'a EntityId| {
            let position = entities.binary_search_by(|entity| entity.id.cmp(id)).ok();
            End { id, position }
        };
        let mut links = Vec::new();
        for fact in facts.values().filter(|fact| predicates.contains(&*fact.predicate)) {
            let FactObject::Entity(object) = &fact.object else { continue };
            if !is_plain(fact, world.fact_confidence) {
                continue;
            }
            let link = Link { subject: end(&fact.subject), object: end(object), fact };
            links.push(link);
            if world.schema.predicate(&fact.predicate).is_some_and(|predicate| predicate.symmetric) {
                links.push(Link { subject: link.object, object: link.subject, fact });
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
    bound: Vec<Option<End<'a>>>,
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
            for link in index.links(predicate, subject.map(|end| end.id), object.map(|end| end.id)) {
                if self.bind(premise.subject, link.subject) && self.bind(premise.object, link.object) {
                    self.premises.push(link.fact);
                    self.run(found);
                    self.premises.pop();
                }
                (self.bound[premise.subject], self.bound[premise.object]) = (subject, object);
            }
        }
    }

    fn bind(&mut self, variable: usize, end: End<'a>) -> bool {
        match self.bound[variable] {
            Some(known) => known.id == end.id,
            None => {
                // Two variables are two entities: no company reaches itself through a partner.
                let is_new = self.bound.iter().flatten().all(|known| known.id != end.id);
                self.bound[variable] = Some(end);
                is_new && self.rule.conditions[variable].holds(end, self.entities, self.world)
            }
        }
    }

    /// The facts that tell the countries which the rule's jurisdiction asks for; `None` where it does not extend so far.
    fn seats(&self) -> Option<Vec<&'a Fact>> {
        let Some((authority, subject)) = self.rule.jurisdiction else { return Some(Vec::new()) };
        let position = |variable: usize| self.bound[variable]?.position;
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
        self.bound[variable].map_or_else(|| EntityId::new(""), |end| end.id.clone())
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
