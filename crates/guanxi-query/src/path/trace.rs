//! How two entities are connected: the shortest simple paths between them.
//!
//! All simple paths of the least length, then of the next, each search pruned by the distance that is left to the
//! goal, which is known of what lies between the two alone. Yen's algorithm would do as well for few paths; this one
//! gives all of one length at once, which the order (hops, confidence, ids) needs anyhow, and its cost is bounded by a
//! number of steps that the answer owns up to.

use std::sync::Arc;

use guanxi_graph::Snapshot;
use guanxi_model::{EntityId, Schema, Status};
use petgraph::graph::NodeIndex;
use rustc_hash::FxHashSet;

use super::between::{Between, Front};
use super::cheapest::{Cost, cheapest_paths};
use super::reach::Tree;
use super::{Filter, Path, PathError, Step, Steps, Turn, node};
use crate::{Completeness, Stop};

/// Settings of [`trace`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceConfig {
    /// Greatest number of hops; 6.
    pub max_hops: u32,
    /// Greatest number of paths; 5. `usize::MAX`: all simple ones.
    pub paths: usize,
    /// What makes one path better than another; hops.
    pub cost: Cost,
    /// Which facts may be used.
    pub filter: Filter,
    /// Greatest number of steps that one search may look at; 2,000,000.
    pub max_steps: u64,
}

impl Default for TraceConfig {
    fn default() -> Self {
        Self { max_hops: 6, paths: 5, cost: Cost::Hops, filter: Filter::default(), max_steps: 2_000_000 }
    }
}

/// How two entities are connected.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// From this entity.
    pub from: EntityId,
    /// To this one.
    pub to: EntityId,
    /// By cost, then by hops; of the cost `Hops`: by hops, then by confidence, then by ids.
    pub paths: Vec<Path>,
    /// Whether there are more.
    pub completeness: Completeness,
    /// No path of asserted facts exists: these go through planned, reported or conditional ones.
    pub beyond_asserted: bool,
    /// The walk goes from `to` to `from`; the paths are read from `from` all the same, so each hop is turned.
    pub walked_backward: bool,
    /// How far the search got from either side, where it found nothing.
    pub far: Option<Far>,
}

/// How far a search got that found nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Far {
    /// What `from` leads to, within the greatest number of hops.
    pub from_start: Vec<Nearby>,
    /// What leads to `to`.
    pub to_end: Vec<Nearby>,
}

/// The entities of one class on one side of a gap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nearby {
    /// Their class.
    pub class: Arc<str>,
    /// How many they are.
    pub entities: usize,
    /// Hops to the nearest of them.
    pub hops: u32,
}

/// The paths from `from` to `to` along the schema's walk for `trace`.
///
/// One path for each sequence of entities: of several facts that lead the same way, the best. Searched in this
/// order, up to the first search that finds something: asserted facts from text and reference data; derived facts
/// as well; then planned, reported and conditional ones (unless the filter names statuses); then all of these from
/// `to` to `from`.
///
/// # Errors
/// The graph has no such entity.
pub fn trace(
    snapshot: &Snapshot,
    schema: &Schema,
    from: &EntityId,
    to: &EntityId,
    config: &TraceConfig,
) -> Result<Trace, PathError> {
    let (start, goal) = (node(snapshot, from)?, node(snapshot, to)?);
    let asserted = vec![Status::Asserted];
    let open = vec![Status::Asserted, Status::Planned, Status::Conditional, Status::Reported];
    let rounds: Vec<Vec<Status>> = match &config.filter.statuses {
        Some(statuses) => vec![statuses.clone()],
        None => vec![asserted, open],
    };
    let mut stopped = Completeness::Complete;
    for (backward, start, goal) in [(false, start, goal), (true, goal, start)] {
        for statuses in &rounds {
            for derived in [false, true] {
                let steps = Steps::new(snapshot, schema, &config.filter, statuses, derived, |walk| walk.trace);
                let search = if config.cost == Cost::Hops { shortest_paths } else { cheapest_paths };
                let (paths, completeness) = search(&steps, start, goal, config);
                if paths.is_empty() {
                    // A search that gave up says more than one that ran to its end.
                    stopped = if stopped.is_complete() { completeness } else { stopped };
                    continue;
                }
                let beyond_asserted = config.filter.statuses.is_none() && statuses.len() > 1;
                let paths = match backward {
                    true => paths.into_iter().map(Path::reversed).collect(),
                    false => paths,
                };
                return Ok(Trace {
                    from: from.clone(),
                    to: to.clone(),
                    paths,
                    completeness,
                    beyond_asserted,
                    walked_backward: backward,
                    far: None,
                });
            }
        }
    }
    let statuses = rounds.last().map_or(&[][..], Vec::as_slice);
    let steps = Steps::new(snapshot, schema, &config.filter, statuses, true, |walk| walk.trace);
    let far = Far {
        from_start: nearby(&steps, forward_distances(&steps, start, config.max_hops)),
        to_end: nearby(&steps, backward_distances(&steps, goal, config.max_hops)),
    };
    Ok(Trace {
        from: from.clone(),
        to: to.clone(),
        paths: Vec::new(),
        completeness: stopped,
        beyond_asserted: false,
        walked_backward: false,
        far: Some(far),
    })
}

/// The first `config.paths` simple paths.
fn shortest_paths(
    steps: &Steps<'_>,
    start: NodeIndex,
    goal: NodeIndex,
    config: &TraceConfig,
) -> (Vec<Path>, Completeness) {
    if start == goal {
        return (vec![steps.path(start, &[])], Completeness::Complete);
    }
    let mut between = Between::new(steps, start, goal);
    let Some(least) = between.least() else {
        return (Vec::new(), Completeness::Complete);
    };
    let mut search = Search {
        steps,
        goal,
        between,
        given_up: FxHashSet::default(),
        visited: vec![start],
        taken: Vec::new(),
        found: Vec::new(),
        looked_at: 0,
        max_steps: config.max_steps,
        cut_by_hops: least > config.max_hops,
    };
    let mut paths = Vec::new();
    for length in least..=config.max_hops {
        search.begin(length);
        search.extend(start, Turn::default(), length);
        let mut found = std::mem::take(&mut search.found);
        found.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| search.ids(&a.1).cmp(&search.ids(&b.1))));
        let room = config.paths - paths.len();
        let more = found.len() > room;
        paths.extend(found.iter().take(room).map(|(_, taken)| steps.path(start, taken)));
        if search.looked_at >= search.max_steps {
            return (paths, Completeness::Stopped(Stop::Steps(config.max_steps)));
        }
        if more || (paths.len() == config.paths && (length < config.max_hops || search.is_cut_by_hops())) {
            return (paths, Completeness::Stopped(Stop::Paths(config.paths)));
        }
    }
    (paths, Completeness::within_hops(config.max_hops, search.is_cut_by_hops()))
}

struct Search<'s, 'a> {
    steps: &'s Steps<'a>,
    goal: NodeIndex,
    between: Between<'s, 'a>,
    /// Nodes on no walk of the length at hand: those that reach the goal do so by a longer one.
    given_up: FxHashSet<NodeIndex>,
    visited: Vec<NodeIndex>,
    taken: Vec<Step>,
    /// Paths of the length at hand, each with its cost.
    found: Vec<(f64, Vec<Step>)>,
    looked_at: u64,
    max_steps: u64,
    /// Whether a path was given up only because it would be longer than the length at hand.
    cut_by_hops: bool,
}

impl Search<'_, '_> {
    fn begin(&mut self, length: u32) {
        self.between.look(length);
        self.given_up.clear();
        self.cut_by_hops = false;
    }

    fn is_cut_by_hops(&mut self) -> bool {
        self.cut_by_hops || self.between.is_reached_from(&self.given_up)
    }

    /// Finds every simple path that goes on from `node` and is exactly `hops` longer.
    fn extend(&mut self, node: NodeIndex, turn: Turn, hops: u32) {
        for step in self.nearer(node, turn, hops) {
            if self.looked_at > self.max_steps {
                return;
            }
            let Some(turn) = self.steps.turn(turn, node, &step) else {
                continue;
            };
            let at_goal = step.node == self.goal;
            if at_goal && hops > 1 {
                continue;
            }
            self.taken.push(step);
            if at_goal {
                let cost = self.taken.iter().map(|step| self.steps.cost(step)).sum();
                self.found.push((cost, self.taken.clone()));
            } else {
                self.visited.push(step.node);
                self.extend(step.node, turn, hops - 1);
                self.visited.pop();
            }
            self.taken.pop();
        }
    }

    /// The steps from `node` behind which the goal is near enough: few of those of a hub, so that only these are put in
    /// order.
    fn nearer(&mut self, node: NodeIndex, turn: Turn, hops: u32) -> Vec<Step> {
        let mut nearer = Vec::new();
        for step in self.steps.each(node, true) {
            self.looked_at += 1;
            let left = self.between.left(step.node);
            let is_near = left.is_some_and(|left| left < hops);
            // Of what is too far it is enough to know that there is any.
            if self.visited.contains(&step.node)
                || (!is_near && (self.cut_by_hops || self.steps.turn(turn, node, &step).is_none()))
            {
                continue;
            }
            match left {
                _ if is_near => nearer.push(step),
                Some(_) => self.cut_by_hops = true,
                None => _ = self.given_up.insert(step.node),
            }
        }
        self.steps.best(nearer)
    }

    fn ids(&self, taken: &[Step]) -> Vec<(&EntityId, &str)> {
        taken.iter().map(|step| (self.steps.id(step.node), &*self.steps.fact(step).predicate)).collect()
    }
}

fn forward_distances(steps: &Steps<'_>, start: NodeIndex, max_hops: u32) -> Vec<(NodeIndex, u32)> {
    let tree = Tree::grow(steps, start, max_hops);
    tree.reached().filter(|node| *node != start).filter_map(|node| Some((node, tree.hops(node)?))).collect()
}

fn backward_distances(steps: &Steps<'_>, goal: NodeIndex, max_hops: u32) -> Vec<(NodeIndex, u32)> {
    let distances = Front::to(goal, steps, max_hops).distances;
    distances.into_iter().filter(|(node, _)| *node != goal).collect()
}

/// By class, nearest first.
fn nearby(steps: &Steps<'_>, nodes: Vec<(NodeIndex, u32)>) -> Vec<Nearby> {
    let mut classes: Vec<Nearby> = Vec::new();
    for (node, hops) in nodes {
        let class = steps.snapshot.class(node);
        match classes.iter_mut().find(|nearby| nearby.class == *class) {
            Some(nearby) => {
                nearby.entities += 1;
                nearby.hops = nearby.hops.min(hops);
            }
            None => classes.push(Nearby { class: class.clone(), entities: 1, hops }),
        }
    }
    classes.sort_by(|a, b| (a.hops, &a.class).cmp(&(b.hops, &b.class)));
    classes
}
