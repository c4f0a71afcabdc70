//! What somebody reaches, each with its shortest path: a breadth-first search that remembers where it came from.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use guanxi_graph::Snapshot;
use guanxi_model::{EntityId, Schema, Status};
use petgraph::graph::NodeIndex;

use super::{Filter, Path, PathError, Step, Steps, Turn, node};
use crate::{Completeness, Stop};

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
    /// [`Stop::Hops`] where one hop more would have led further.
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
    let source = node(snapshot, start)?;
    let statuses = config.filter.statuses.clone().unwrap_or_else(|| vec![Status::Asserted]);
    let steps = |derived| Steps::new(snapshot, schema, &config.filter, &statuses, derived, |walk| walk.reach);
    let plain = steps(false);
    let with_derived = steps(true);
    let explained = Tree::grow(&plain, source, config.max_hops);
    let shortcut = Tree::grow(&with_derived, source, config.max_hops);

    let wanted = |node: NodeIndex| {
        let class = snapshot.class(node);
        config.class.as_ref().is_none_or(|wanted| schema.is_a(class, wanted))
    };
    let mut targets: Vec<Target> = shortcut
        .first
        .keys()
        .filter(|&&node| node != source && wanted(node))
        .map(|&node| Target {
            entity: snapshot.entity(node).id.clone(),
            path: explained
                .path(&plain, node)
                .or_else(|| shortcut.path(&with_derived, node))
                .unwrap_or(Path { start: start.clone(), hops: Vec::new() }),
        })
        .collect();
    targets.sort_by(|a, b| (a.path.hops.len(), &a.entity).cmp(&(b.path.hops.len(), &b.entity)));
    let completeness = match explained.cut || shortcut.cut {
        true => Completeness::Stopped(Stop::Hops(config.max_hops)),
        false => Completeness::Complete,
    };
    Ok(Reach { start: start.clone(), targets, completeness })
}

/// A node, and what the rule on subject matters remembers on the way to it.
pub(super) type Place = (NodeIndex, Turn);

/// Shortest paths from one node to all places.
pub(super) struct Tree {
    source: NodeIndex,
    /// How each place was come to, and from where.
    arrivals: BTreeMap<Place, Arrival>,
    /// The first place at which each node was come to, with its number of hops.
    pub(super) first: BTreeMap<NodeIndex, (u32, Place)>,
    /// Whether a hop more would have led to another node.
    pub(super) cut: bool,
}

struct Arrival {
    before: Option<(Place, Step)>,
    cost: f64,
}

impl Tree {
    pub(super) fn grow(steps: &Steps<'_>, source: NodeIndex, max_hops: u32) -> Self {
        let start = (source, Turn::default());
        let mut tree = Self {
            source,
            arrivals: BTreeMap::from([(start, Arrival { before: None, cost: 0.0 })]),
            first: BTreeMap::from([(source, (0, start))]),
            cut: false,
        };
        let mut layer = vec![start];
        for hops in 1..=max_hops {
            let next = tree.next_layer(steps, &layer);
            layer = next.keys().copied().collect();
            // By id, as numbers of nodes say nothing to anybody.
            layer.sort_by_cached_key(|(node, turn)| (steps.rank(*node), turn.order(steps)));
            tree.arrivals.extend(next);
            // Of the places of one node the cheapest is its first.
            let mut cheapest: Vec<Place> = layer.clone();
            cheapest.sort_by(|a, b| tree.arrivals[a].cost.total_cmp(&tree.arrivals[b].cost));
            for place in cheapest {
                tree.first.entry(place.0).or_insert((hops, place));
            }
        }
        tree.cut = tree.next_layer(steps, &layer).keys().any(|(node, _)| !tree.first.contains_key(node));
        tree
    }

    fn next_layer(&self, steps: &Steps<'_>, layer: &[Place]) -> BTreeMap<Place, Arrival> {
        let mut next: BTreeMap<Place, Arrival> = BTreeMap::new();
        for &place in layer {
            let cost = self.arrivals[&place].cost;
            for step in steps.from(place.0) {
                let Some(turn) = steps.turn(place.1, place.0, &step) else {
                    continue;
                };
                let there = (step.node, turn);
                if self.arrivals.contains_key(&there) {
                    continue;
                }
                let arrival = Arrival { before: Some((place, step)), cost: cost + steps.cost(&step) };
                match next.entry(there) {
                    Entry::Vacant(entry) => {
                        entry.insert(arrival);
                    }
                    Entry::Occupied(mut entry) if arrival.cost < entry.get().cost => {
                        entry.insert(arrival);
                    }
                    Entry::Occupied(_) => {}
                }
            }
        }
        next
    }

    /// The nodes from which some other one was come to.
    pub(super) fn passed(&self) -> BTreeSet<NodeIndex> {
        self.arrivals.values().filter_map(|arrival| arrival.before).map(|((node, _), _)| node).collect()
    }

    /// A shortest path to `node`, where there is one.
    pub(super) fn path(&self, steps: &Steps<'_>, node: NodeIndex) -> Option<Path> {
        let (_, mut place) = *self.first.get(&node)?;
        let mut taken = Vec::new();
        while let Some((before, step)) = self.arrivals.get(&place)?.before {
            taken.push(step);
            place = before;
        }
        taken.reverse();
        Some(steps.path(self.source, &taken))
    }
}
