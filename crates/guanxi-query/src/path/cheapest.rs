//! Paths by what they cost: the cheapest simple ones, whatever their length.
//!
//! A* over partial paths, each with the least that is left to the goal, so that whole paths come off the queue by cost.
//! Yen's algorithm needs every beginning of a best path to be a best path, which the rule on subject matters does not
//! leave true; this one asks for nothing but that a cost is never negative.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use petgraph::graph::NodeIndex;
use rustc_hash::FxHashMap;

use super::between::Front;
use super::trace::TraceConfig;
use super::{Path, Step, Steps, Turn};
use crate::{Completeness, Stop};

/// What makes one path better than another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cost {
    /// Fewer hops; then more confidence.
    #[default]
    Hops,
    /// More confidence, multiplied along the path: the sum of −log of each hop's.
    Confidence,
    /// Larger shares: the sum of 1/share, of an interval its middle. A hop that tells no share counts as one percent.
    Share,
}

/// In millionths, so that sums are the same everywhere.
const UNIT: f64 = 1e6;
const UNKNOWN_SHARE: f64 = 0.01;

impl Cost {
    fn of(self, step: &Step, steps: &Steps<'_>) -> u64 {
        let cost = match self {
            Self::Hops => 1.0,
            Self::Confidence => steps.cost(step),
            Self::Share => 1.0 / steps.share(step).unwrap_or(UNKNOWN_SHARE).max(UNKNOWN_SHARE / 100.0),
        };
        (cost * UNIT).round() as u64
    }
}

/// The first `config.paths` simple paths by cost, then by hops.
pub(super) fn cheapest_paths(
    steps: &Steps<'_>,
    start: NodeIndex,
    goal: NodeIndex,
    config: &TraceConfig,
) -> (Vec<Path>, Completeness) {
    if start == goal {
        return (vec![steps.path(start, &[])], Completeness::Complete);
    }
    let mut search = Search {
        steps,
        config,
        hops_left: Front::to(goal, steps, u32::MAX).distances,
        cost_left: costs_to(steps, goal, config.cost),
        partial: Vec::new(),
        queue: BinaryHeap::new(),
        cut_by_hops: false,
    };
    search.begin(start);
    let (mut paths, mut looked_at) = (Vec::new(), 0_u64);
    while let Some(Reverse((.., at))) = search.queue.pop() {
        if search.partial[at].node == goal {
            if paths.len() == config.paths {
                return (paths, Completeness::Stopped(Stop::Paths(config.paths)));
            }
            paths.push(steps.path(start, &search.taken(at)));
            continue;
        }
        looked_at += search.extend(at);
        if looked_at > config.max_steps {
            return (paths, Completeness::Stopped(Stop::Steps(config.max_steps)));
        }
    }
    (paths, Completeness::within_hops(config.max_hops, search.cut_by_hops))
}

struct Search<'s, 'a> {
    steps: &'s Steps<'a>,
    config: &'s TraceConfig,
    hops_left: FxHashMap<NodeIndex, u32>,
    cost_left: FxHashMap<NodeIndex, u64>,
    partial: Vec<Partial>,
    /// Cost with the least that is left, hops, and which partial path.
    queue: BinaryHeap<Reverse<(u64, u32, usize)>>,
    cut_by_hops: bool,
}

/// A path so far; what came before it is another one.
struct Partial {
    node: NodeIndex,
    turn: Turn,
    step: Option<(usize, Step)>,
    cost: u64,
    hops: u32,
}

impl Search<'_, '_> {
    fn begin(&mut self, start: NodeIndex) {
        let Some(&left) = self.hops_left.get(&start) else { return };
        if left > self.config.max_hops {
            self.cut_by_hops = true;
            return;
        }
        self.partial.push(Partial { node: start, turn: Turn::default(), step: None, cost: 0, hops: 0 });
        self.queue.push(Reverse((0, 0, 0)));
    }

    /// Adds every partial path that is one step longer; how many steps there were to look at.
    fn extend(&mut self, at: usize) -> u64 {
        let Partial { node, turn, cost, hops, .. } = self.partial[at];
        let onward = self.steps.from(node);
        for step in &onward {
            let (Some(hops_left), Some(cost_left)) = (self.hops_left.get(&step.node), self.cost_left.get(&step.node))
            else {
                continue;
            };
            let Some(turn) = self.steps.turn(turn, node, step).filter(|_| !self.has_been_at(at, step.node)) else {
                continue;
            };
            if hops + 1 + hops_left > self.config.max_hops {
                self.cut_by_hops = true;
                continue;
            }
            let cost = cost + self.config.cost.of(step, self.steps);
            self.queue.push(Reverse((cost + cost_left, hops + 1, self.partial.len())));
            self.partial.push(Partial { node: step.node, turn, step: Some((at, *step)), cost, hops: hops + 1 });
        }
        onward.len() as u64
    }

    fn has_been_at(&self, mut at: usize, node: NodeIndex) -> bool {
        loop {
            if self.partial[at].node == node {
                return true;
            }
            match self.partial[at].step {
                Some((before, _)) => at = before,
                None => return false,
            }
        }
    }

    fn taken(&self, mut at: usize) -> Vec<Step> {
        let mut taken = Vec::new();
        while let Some((before, step)) = self.partial[at].step {
            taken.push(step);
            at = before;
        }
        taken.reverse();
        taken
    }
}

/// The least cost from every node to `goal`, the rule on subject matters left aside: never too much.
fn costs_to(steps: &Steps<'_>, goal: NodeIndex, cost: Cost) -> FxHashMap<NodeIndex, u64> {
    let mut costs = FxHashMap::default();
    let mut queue = BinaryHeap::from([Reverse((0, goal))]);
    while let Some(Reverse((so_far, node))) = queue.pop() {
        if costs.contains_key(&node) {
            continue;
        }
        costs.insert(node, so_far);
        for step in steps.to(node) {
            if !costs.contains_key(&step.node) {
                queue.push(Reverse((so_far + cost.of(&step, steps), step.node)));
            }
        }
    }
    costs
}
