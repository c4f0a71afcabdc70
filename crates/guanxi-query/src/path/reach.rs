//! What somebody reaches, each with its shortest path: a breadth-first search that remembers where it came from.

use std::collections::BTreeSet;
use std::collections::hash_map::Entry;
use std::ops::Range;
use std::sync::Arc;

use guanxi_graph::Snapshot;
use guanxi_model::schema::Walk;
use guanxi_model::{Basis, EntityId, Schema, Status};
use petgraph::graph::NodeIndex;
use rustc_hash::FxHashMap;

use super::{Filter, Path, PathError, Step, Steps, Turn, node};
use crate::Completeness;

/// Settings of [`reach`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReachConfig {
    /// Greatest number of hops; 6.
    pub max_hops: u32,
    /// Only targets of this class or of one below it; all.
    pub class: Option<Arc<str>>,
    /// Which facts may be used; asserted ones unless it names statuses.
    pub filter: Filter,
}

impl Default for ReachConfig {
    fn default() -> Self {
        Self { max_hops: 6, class: None, filter: Filter::default() }
    }
}

/// What is reached.
#[derive(Clone, Debug, PartialEq)]
pub struct Reach {
    /// Who reaches it.
    pub start: EntityId,
    /// Nearest first, then by id; the start itself is none of them.
    pub targets: Vec<Target>,
    /// [`Stop::Hops`](crate::Stop::Hops) where one hop more would have led further.
    pub completeness: Completeness,
}

/// Something that is reached.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// What.
    pub entity: EntityId,
    /// A shortest path to it; among the shortest, the one with the greatest confidence.
    pub path: Path,
}

/// Everything that `start` reaches along the schema's walk for `reach`.
///
/// Derived facts are used only for what is not reached without them.
///
/// # Errors
/// The graph has no such entity.
pub fn reach(snapshot: &Snapshot, schema: &Schema, start: &EntityId, config: &ReachConfig) -> Result<Reach, PathError> {
    let found = reachable(snapshot, schema, start, config)?;
    let target = |&node: &NodeIndex| Target {
        entity: snapshot.entity(node).id.clone(),
        path: found.path(node).unwrap_or(Path { start: start.clone(), hops: Vec::new() }),
    };
    let mut nodes = found.nodes();
    nodes.sort_by_cached_key(|node| (found.hops(*node), snapshot.rank(*node)));
    Ok(Reach { start: start.clone(), targets: nodes.iter().map(target).collect(), completeness: found.completeness() })
}

/// What [`reach`] finds, before any fact is opened: for whoever wants numbers, or few paths of many.
pub struct Reachable<'a> {
    source: NodeIndex,
    config: &'a ReachConfig,
    schema: &'a Schema,
    explained: (Steps<'a>, Tree),
    /// Over derived facts as well, where there are any.
    shortcut: Option<(Steps<'a>, Tree)>,
}

/// Everything that `start` reaches, as [`reach`] has it.
///
/// # Errors
/// The graph has no such entity.
pub fn reachable<'a>(
    snapshot: &'a Snapshot,
    schema: &'a Schema,
    start: &EntityId,
    config: &'a ReachConfig,
) -> Result<Reachable<'a>, PathError> {
    let source = node(snapshot, start)?;
    let grown = |derived| {
        let steps =
            Steps::new(snapshot, schema, &config.filter, &[Status::Asserted], derived, |walk: &Walk| walk.reach);
        let tree = Tree::grow(&steps, source, config.max_hops);
        (steps, tree)
    };
    let columns = snapshot.columns();
    let has_derived = (0..columns.edge_count()).any(|edge| columns.basis(edge) == Basis::Derived);
    Ok(Reachable { source, config, schema, explained: grown(false), shortcut: has_derived.then(|| grown(true)) })
}

impl Reachable<'_> {
    /// What is reached, of the class that was asked for; the start is none of it.
    pub fn nodes(&self) -> Vec<NodeIndex> {
        let (steps, tree) = self.shortcut.as_ref().unwrap_or(&self.explained);
        let wanted = |node: &NodeIndex| {
            let class = steps.snapshot.class(*node);
            self.config.class.as_ref().is_none_or(|wanted| self.schema.is_a(class, wanted))
        };
        tree.reached().filter(|node| *node != self.source).filter(wanted).collect()
    }

    /// Hops to a node, by the path that [`Reachable::path`] gives.
    pub fn hops(&self, node: NodeIndex) -> Option<u32> {
        let shortcut = || self.shortcut.as_ref().and_then(|(_, tree)| tree.hops(node));
        self.explained.1.hops(node).or_else(shortcut)
    }

    /// A shortest path to a node; among the shortest, the one with the greatest confidence. Over derived facts only where
    /// there is none without.
    pub fn path(&self, node: NodeIndex) -> Option<Path> {
        let along = |(steps, tree): &(Steps<'_>, Tree)| tree.path(steps, node);
        along(&self.explained).or_else(|| self.shortcut.as_ref().and_then(along))
    }

    /// [`Stop::Hops`](crate::Stop::Hops) where one hop more would have led further.
    pub fn completeness(&self) -> Completeness {
        let cut = self.explained.1.cut || self.shortcut.as_ref().is_some_and(|(_, tree)| tree.cut);
        Completeness::within_hops(self.config.max_hops, cut)
    }
}

/// A node, and what the rule on subject matters remembers on the way to it.
type Place = (NodeIndex, Turn);

/// Shortest paths from one node to all places.
pub(super) struct Tree {
    source: NodeIndex,
    /// How each place was come to, those of one number of hops together.
    arrivals: Vec<Arrival>,
    /// By node: the number of hops and the arrival by which it was come to first.
    first: Vec<Option<(u32, u32)>>,
    /// Whether a hop more would have led to another node.
    pub(super) cut: bool,
}

#[derive(Clone, Copy)]
struct Arrival {
    place: Place,
    /// From which arrival, and along what.
    before: Option<(u32, Step)>,
    cost: f64,
}

impl Tree {
    pub(super) fn grow(steps: &Steps<'_>, source: NodeIndex, max_hops: u32) -> Self {
        let start = Arrival { place: (source, Turn::default()), before: None, cost: 0.0 };
        let mut first = vec![None; steps.snapshot.node_count()];
        first[source.index()] = Some((0, 0));
        let mut tree = Self { source, arrivals: vec![start], first, cut: false };
        let mut known = FxHashMap::from_iter([(start.place, 0)]);
        let mut layer = 0..1;
        for hops in 1..=max_hops {
            let mut next = tree.next_layer(steps, layer, &mut known);
            // By id, as numbers of nodes say nothing to anybody.
            next.sort_by_cached_key(|arrival| (steps.rank(arrival.place.0), arrival.place.1.order(steps)));
            layer = tree.arrivals.len()..tree.arrivals.len() + next.len();
            for (arrival, number) in next.iter().zip(layer.start as u32..) {
                known.insert(arrival.place, number);
                // Of the places of one node the cheapest is its first.
                let first = &mut tree.first[arrival.place.0.index()];
                let is_first = match *first {
                    None => true,
                    Some((so_far, other)) if so_far == hops => arrival.cost < next[other as usize - layer.start].cost,
                    Some(_) => false,
                };
                if is_first {
                    *first = Some((hops, number));
                }
            }
            tree.arrivals.extend(next);
            if layer.is_empty() {
                break;
            }
        }
        tree.cut =
            tree.next_layer(steps, layer, &mut known).iter().any(|next| tree.first[next.place.0.index()].is_none());
        tree
    }

    /// The arrivals one hop further than those of `layer`, at places not yet known; the cheapest at each.
    fn next_layer(&self, steps: &Steps<'_>, layer: Range<usize>, known: &mut FxHashMap<Place, u32>) -> Vec<Arrival> {
        let mut next: Vec<Arrival> = Vec::new();
        let first_new = self.arrivals.len() as u32;
        for before in layer {
            let Arrival { place: (node, turn), cost, .. } = self.arrivals[before];
            for step in steps.from(node) {
                let Some(turn) = steps.turn(turn, node, &step) else {
                    continue;
                };
                let place = (step.node, turn);
                let arrival = Arrival { place, before: Some((before as u32, step)), cost: cost + steps.cost(&step) };
                match known.entry(place) {
                    Entry::Vacant(entry) => {
                        entry.insert(first_new + next.len() as u32);
                        next.push(arrival);
                    }
                    Entry::Occupied(entry) if *entry.get() >= first_new => {
                        let so_far = &mut next[(entry.get() - first_new) as usize];
                        if arrival.cost < so_far.cost {
                            *so_far = arrival;
                        }
                    }
                    Entry::Occupied(_) => {}
                }
            }
        }
        next
    }

    /// The nodes that were come to, the source among them.
    pub(super) fn reached(&self) -> impl Iterator<Item = NodeIndex> + '_ {
        let nodes = self.first.iter().enumerate();
        nodes.filter(|(_, first)| first.is_some()).map(|(node, _)| NodeIndex::new(node))
    }

    /// Hops to a node, where it was come to.
    pub(super) fn hops(&self, node: NodeIndex) -> Option<u32> {
        self.first[node.index()].map(|(hops, _)| hops)
    }

    /// The nodes from which some other one was come to.
    pub(super) fn passed(&self) -> BTreeSet<NodeIndex> {
        let before = self.arrivals.iter().filter_map(|arrival| arrival.before);
        before.map(|(before, _)| self.arrivals[before as usize].place.0).collect()
    }

    /// A shortest path to `node`, where there is one.
    pub(super) fn path(&self, steps: &Steps<'_>, node: NodeIndex) -> Option<Path> {
        let (_, arrival) = self.first[node.index()]?;
        let mut at = self.arrivals[arrival as usize];
        let mut taken = Vec::new();
        while let Some((before, step)) = at.before {
            taken.push(step);
            at = self.arrivals[before as usize];
        }
        taken.reverse();
        Some(steps.path(self.source, &taken))
    }
}
