//! Explained paths over a snapshot: which steps there are, and what a path says of itself. One algorithm a file.
//!
//! Each predicate of the schema says which way a search may go along it (`walk`): a regulator's path runs
//! regulates → activity ← operatesIn company, never through an investor or a partner. One rule comes on top, since
//! two companies that share a line of business have nothing to do with one another. Call whatever is no agent
//! (activity, regulation, product, place) a *subject matter*:
//!
//! - a path that has come from a subject matter to an agent goes to no subject matter again;
//! - a path that has come from an agent to a subject matter, otherwise than along a tie of public supervision
//!   (regulates, issued, …), does not go on to an agent;
//! - a path that has come from an authority to an activity or a regulation, or from a regulation to an activity, does
//!   not go on to an agent that is known to live under another jurisdiction: that a French authority regulates banking
//!   says nothing of a bank in Shanghai, and an American act on banking no more. Where one of the two countries is not
//!   known, the path is shown, since texts seldom state them. A product is regulated wherever its maker lives.

mod among;
mod between;
mod cheapest;
mod circles;
mod common;
mod dominators;
mod reach;
#[cfg(test)]
mod tests;
mod trace;

use std::cmp::Ordering;
use std::sync::Arc;

use guanxi_graph::Snapshot;
use guanxi_graph::snapshot::{Columns, EdgeFilter, ShareBounds};
use guanxi_model::schema::{Direction, Edge, EdgeKind, Labels, Walk};
use guanxi_model::{Basis, Confidence, EntityId, Fact, PartialDate, Schema, Status};
use petgraph::graph::{EdgeIndex, NodeIndex};

pub use among::ties_among;
pub use cheapest::Cost;
pub use circles::{Circles, circles};
pub use common::{CommonConfig, InCommon, Other, Tie, in_common};
pub use dominators::{Dominators, DominatorsConfig, Gate, dominators};
pub use reach::{Reach, ReachConfig, Reachable, Target, reach, reachable};
pub use trace::{Far, Nearby, Trace, TraceConfig, trace};

/// Which facts a path may use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// Exactly these statuses. Default: none named, so asserted, and where `trace` finds nothing, also planned,
    /// reported and conditional.
    pub statuses: Option<Vec<Status>>,
    /// Facts that hold on this day; a fact that has ended since counts as asserted. Default: facts that have not
    /// ended.
    pub as_of: Option<PartialDate>,
    /// Least confidence; 0.70, as for plain triples.
    pub min_confidence: Confidence,
    /// Leaves out reference facts whose source nobody checked; false.
    pub verified: bool,
    /// Only facts of these predicates, by their local names. Default: all.
    pub predicates: Option<Vec<Arc<str>>>,
}

impl Default for Filter {
    fn default() -> Self {
        Self {
            statuses: None,
            as_of: None,
            min_confidence: Confidence::from_thousandths(700),
            verified: false,
            predicates: None,
        }
    }
}

/// A way from one entity to another.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// Where it begins.
    pub start: EntityId,
    /// Its steps; none where start and end are one.
    pub hops: Vec<Hop>,
}

/// One step of a path: the fact that it goes along, and which way.
#[derive(Clone, Debug, PartialEq)]
pub struct Hop {
    /// From this entity.
    pub from: EntityId,
    /// To this one.
    pub to: EntityId,
    /// From subject to object; else from object to subject.
    pub forward: bool,
    /// The fact: predicate, status, validity, confidence, basis, claims, premises.
    pub fact: Fact,
}

/// A search cannot begin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PathError {
    /// The graph has no such entity.
    #[error("no entity has the id `{0}`")]
    UnknownEntity(EntityId),
}

impl Path {
    /// Where it ends.
    pub fn end(&self) -> &EntityId {
        self.hops.last().map_or(&self.start, |hop| &hop.to)
    }

    /// The product of its hops' confidences.
    pub fn confidence(&self) -> Confidence {
        Confidence::new(self.hops.iter().map(|hop| hop.fact.confidence.probability()).product())
    }

    /// Whether every hop is asserted: nothing planned, reported, conditional, denied or ended.
    pub fn is_asserted(&self) -> bool {
        self.hops.iter().all(|hop| hop.fact.status == Status::Asserted)
    }

    /// The same facts read from the other end.
    fn reversed(self) -> Self {
        let start = self.end().clone();
        let turned = |hop: Hop| Hop { from: hop.to, to: hop.from, forward: !hop.forward, fact: hop.fact };
        Self { start, hops: self.hops.into_iter().rev().map(turned).collect() }
    }
}

impl Hop {
    /// How the fact reads in the direction walked: "regulates", or "regulated by".
    ///
    /// `None` if the schema does not know the predicate.
    pub fn labels<'a>(&self, schema: &'a Schema) -> Option<&'a Labels> {
        let predicate = schema.predicate(&self.fact.predicate)?;
        Some(if self.forward { &predicate.labels } else { &predicate.inverse_labels })
    }

    /// What it rests on: `text`, `reference`, `reference (unverified)`, `derived`.
    pub fn basis(&self) -> &'static str {
        basis(&self.fact)
    }
}

/// What a fact rests on: `text`, `reference`, `reference (unverified)`, `derived`.
pub fn basis(fact: &Fact) -> &'static str {
    match fact.basis {
        Basis::Reference if fact.unverified => "reference (unverified)",
        other => other.name(),
    }
}

impl Filter {
    /// The edges of facts that it admits, if those of `statuses` are meant where it names none.
    pub fn edges(&self, snapshot: &Snapshot, statuses: &[Status]) -> EdgeFilter {
        let filter = EdgeFilter::new(self.statuses.as_deref().unwrap_or(statuses))
            .as_of(self.as_of)
            .min_confidence(self.min_confidence)
            .verified(self.verified);
        match &self.predicates {
            Some(wanted) => filter.predicates(snapshot, |name| wanted.iter().any(|wanted| **wanted == *name)),
            None => filter,
        }
    }
}

/// The steps that one search may take.
struct Steps<'a> {
    snapshot: &'a Snapshot,
    columns: Columns<'a>,
    filter: EdgeFilter,
    /// By number of predicate.
    ways: Vec<Option<Way>>,
    /// The families of classes, by their numbers.
    families: Vec<&'a str>,
    /// A node that no step leads to.
    without: Option<NodeIndex>,
}

/// How a predicate may be walked.
#[derive(Clone, Copy)]
struct Way {
    forward: bool,
    backward: bool,
    from_object: bool,
    regulatory: bool,
}

/// One step that may be taken.
#[derive(Clone, Copy, Debug)]
struct Step {
    /// Where it leads (or, looking against the walk, comes from).
    node: NodeIndex,
    edge: EdgeIndex,
    forward: bool,
    regulatory: bool,
}

/// What the rule on subject matters has to remember of a path.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Turn {
    /// It has come from a subject matter to an agent.
    left_matter: bool,
    /// It has come from an agent to the subject matter where it stands, along no tie of supervision.
    stands_in_own_matter: bool,
    /// The agent or regulation of a known country from which it has come to the activity or regulation where it stands,
    /// along a tie of supervision.
    authority: Option<NodeIndex>,
}

impl Turn {
    /// What sorts turns in the same way whatever the numbers of nodes.
    fn order(&self, steps: &Steps<'_>) -> (bool, bool, Option<u32>) {
        (self.left_matter, self.stands_in_own_matter, self.authority.map(|node| steps.rank(node)))
    }
}

impl<'a> Steps<'a> {
    /// Derived facts may be left out: they are shortcuts over the very hops that explain them.
    fn new(
        snapshot: &'a Snapshot,
        schema: &'a Schema,
        filter: &Filter,
        statuses: &[Status],
        derived: bool,
        search: fn(&Walk) -> Direction,
    ) -> Self {
        let way = |(name, edge): (&str, &Edge)| {
            let predicate = schema.predicate(name)?;
            let walk = search(&predicate.walk);
            let either = predicate.symmetric && walk != Direction::None;
            let way = Way {
                forward: walk.goes_forward() || either,
                backward: walk.goes_backward() || either,
                from_object: edge.from_object,
                regulatory: edge.kind == EdgeKind::Regulation,
            };
            (predicate.edge.is_some() && (way.forward || way.backward)).then_some(way)
        };
        let family = |class: &Arc<str>| schema.family(class).unwrap_or("agent");
        Self {
            snapshot,
            columns: snapshot.columns(),
            filter: filter.edges(snapshot, statuses).derived(derived),
            ways: snapshot.predicates().map(way).collect(),
            families: snapshot.classes().iter().map(family).collect(),
            without: None,
        }
    }

    /// The steps from `node`; of several facts that lead the same way, the best.
    fn from(&self, node: NodeIndex) -> Vec<Step> {
        self.steps(node, true)
    }

    /// The steps that lead to `node`.
    fn to(&self, node: NodeIndex) -> Vec<Step> {
        self.steps(node, false)
    }

    fn steps(&self, node: NodeIndex, along: bool) -> Vec<Step> {
        self.best(self.each(node, along).collect())
    }

    /// In order; of several facts that lead the same way, the best.
    fn best(&self, mut steps: Vec<Step>) -> Vec<Step> {
        steps.sort_by(|a, b| a.node.cmp(&b.node).then_with(|| self.preference(a, b)));
        steps.dedup_by(|later, kept| later.node == kept.node && later.regulatory == kept.regulatory);
        steps
    }

    /// The nodes that steps lead to from `node` (`along`) or come from, each as often as facts lead there.
    fn neighbours(&self, node: NodeIndex, along: bool) -> impl Iterator<Item = NodeIndex> {
        self.each(node, along).map(|step| step.node)
    }

    /// As [`Steps::steps`], in no settled order, and of several facts that lead the same way all.
    fn each(&self, node: NodeIndex, along: bool) -> impl Iterator<Item = Step> {
        let number = node.index() as u32;
        let outgoing =
            self.columns.out_edges(number).zip(self.columns.targets(number)).map(|(edge, to)| (edge, *to, true));
        let incoming = self.columns.in_edges(number).iter().zip(self.columns.sources(number));
        let incoming = incoming.map(|(edge, from)| (*edge as usize, *from, false));
        outgoing
            .chain(incoming)
            .filter(move |(_, other, _)| *other != number && self.without != Some(NodeIndex::new(*other as usize)))
            .filter_map(move |(edge, other, out)| self.step(edge, other, out, along))
    }

    /// The step along `edge` between the node at hand, which it leaves (`out`) or enters, and the other one.
    fn step(&self, edge: usize, other: u32, out: bool, along: bool) -> Option<Step> {
        let way = self.ways[usize::from(self.columns.predicate(edge))]?;
        let at_subject = out != way.from_object;
        let forward = at_subject == along;
        let permitted = if forward { way.forward } else { way.backward };
        (permitted && self.filter.admits(&self.columns, edge)).then(|| Step {
            node: NodeIndex::new(other as usize),
            edge: EdgeIndex::new(edge),
            forward,
            regulatory: way.regulatory,
        })
    }

    /// Asserted before planned, stated before derived, sure before unsure, then by name, so that the order is total.
    fn preference(&self, a: &Step, b: &Step) -> Ordering {
        let columns = &self.columns;
        let doubtful =
            |edge: usize| (columns.status(edge), columns.basis(edge) == Basis::Derived, columns.is_unverified(edge));
        let (one, other) = (a.edge.index(), b.edge.index());
        doubtful(one)
            .cmp(&doubtful(other))
            .then_with(|| columns.confidence(other).cmp(&columns.confidence(one)))
            .then_with(|| columns.predicate(one).cmp(&columns.predicate(other)))
            .then_with(|| self.fact(a).id.cmp(&self.fact(b).id))
    }

    /// What the path remembers after `step` from `node`; `None` if the rule forbids it.
    fn turn(&self, turn: Turn, node: NodeIndex, step: &Step) -> Option<Turn> {
        match (self.is_agent(node), self.is_agent(step.node)) {
            (true, true) => Some(turn),
            (true, false) if turn.left_matter => None,
            (true, false) => {
                Some(Turn { stands_in_own_matter: !step.regulatory, authority: self.authority(node, step), ..turn })
            }
            (false, false) => Some(Turn { authority: turn.authority.or_else(|| self.authority(node, step)), ..turn }),
            (false, true) if turn.stands_in_own_matter => None,
            (false, true) if turn.authority.is_some_and(|authority| self.is_abroad(authority, step.node)) => None,
            (false, true) => Some(Turn { left_matter: true, authority: None, ..turn }),
        }
    }

    /// `node`, if `step` leads from it under an authority that is known to end at a border.
    fn authority(&self, node: NodeIndex, step: &Step) -> Option<NodeIndex> {
        let bounded = step.regulatory && self.family(step.node) != "product";
        (bounded && self.snapshot.country(node).is_some()).then_some(node)
    }

    /// Whether the node is known to be at home where the authority has no say.
    fn is_abroad(&self, authority: NodeIndex, node: NodeIndex) -> bool {
        self.snapshot.country(node).is_some() && !self.snapshot.has_jurisdiction(authority, node)
    }

    fn is_agent(&self, node: NodeIndex) -> bool {
        self.family(node) == "agent"
    }

    fn family(&self, node: NodeIndex) -> &'a str {
        self.families[usize::from(self.snapshot.class_number(node))]
    }

    fn fact(&self, step: &Step) -> &'a Fact {
        self.snapshot.fact(step.edge)
    }

    /// −log of the step's confidence, to be summed.
    fn cost(&self, step: &Step) -> f64 {
        -self.columns.confidence(step.edge.index()).probability().max(0.001).ln()
    }

    /// The share that the step's fact tells, 0 to 1; of an interval its middle.
    fn share(&self, step: &Step) -> Option<f64> {
        let share = self.columns.share(step.edge.index())?;
        Some((f64::from(share.min) + f64::from(share.max)) / 2.0 / f64::from(ShareBounds::WHOLE))
    }

    fn rank(&self, node: NodeIndex) -> u32 {
        self.snapshot.rank(node)
    }

    fn id(&self, node: NodeIndex) -> &'a EntityId {
        &self.snapshot.entity(node).id
    }

    fn hop(&self, from: NodeIndex, step: &Step) -> Hop {
        Hop {
            from: self.id(from).clone(),
            to: self.id(step.node).clone(),
            forward: step.forward,
            fact: self.fact(step).clone(),
        }
    }

    fn path(&self, start: NodeIndex, steps: &[Step]) -> Path {
        let mut at = start;
        let mut hops = Vec::with_capacity(steps.len());
        for step in steps {
            hops.push(self.hop(at, step));
            at = step.node;
        }
        Path { start: self.id(start).clone(), hops }
    }
}

fn node(snapshot: &Snapshot, id: &EntityId) -> Result<NodeIndex, PathError> {
    snapshot.node(id).ok_or_else(|| PathError::UnknownEntity(id.clone()))
}
