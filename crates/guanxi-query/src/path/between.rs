//! What lies between two nodes: a search from either end, of which the one with fewer nodes to go on from takes the next
//! hop. Together they see few nodes where one alone would see most.

use petgraph::graph::NodeIndex;
use rustc_hash::{FxHashMap, FxHashSet};

use super::Steps;

/// A search from a start along the steps, and one from a goal against them. The rule on subject matters is left aside, so
/// that no distance is too great.
pub(super) struct Between<'s, 'a> {
    steps: &'s Steps<'a>,
    ahead: Front,
    behind: Front,
    /// Hops to the goal from nodes that only the search from the start has come to.
    left: FxHashMap<NodeIndex, u32>,
}

impl<'s, 'a> Between<'s, 'a> {
    pub(super) fn new(steps: &'s Steps<'a>, start: NodeIndex, goal: NodeIndex) -> Self {
        Self { steps, ahead: Front::at(start), behind: Front::at(goal), left: FxHashMap::default() }
    }

    /// Hops of a shortest walk; `None` where there is none.
    pub(super) fn least(&mut self) -> Option<u32> {
        while !self.ahead.meets(&self.behind) {
            if !self.grow() {
                return None;
            }
        }
        Some(self.ahead.hops + self.behind.hops)
    }

    /// Lets [`Self::left`] know every node on a walk of at most `length` hops.
    pub(super) fn look(&mut self, length: u32) {
        while self.ahead.hops + self.behind.hops < length && self.grow() {}
        self.left.clear();
        let mut layer = self.behind.farthest.clone();
        for hops in self.behind.hops + 1..=length {
            let mut next = Vec::new();
            for node in layer.iter().flat_map(|node| self.steps.neighbours(*node, false)) {
                let is_between = self.ahead.distances.get(&node).is_some_and(|come| come + hops <= length);
                if is_between && !self.behind.distances.contains_key(&node) {
                    self.left.entry(node).or_insert_with(|| {
                        next.push(node);
                        hops
                    });
                }
            }
            layer = next;
        }
    }

    /// Hops from `node` to the goal, if they are known.
    pub(super) fn left(&self, node: NodeIndex) -> Option<u32> {
        self.behind.distances.get(&node).or_else(|| self.left.get(&node)).copied()
    }

    /// Whether the goal can be reached from any of `nodes`, none of which has a known distance.
    pub(super) fn is_reached_from(&mut self, nodes: &FxHashSet<NodeIndex>) -> bool {
        while !nodes.is_empty() && self.behind.advance(self.steps, false) {
            if self.behind.farthest.iter().any(|node| nodes.contains(node)) {
                return true;
            }
        }
        false
    }

    /// One hop further from the end with less to go on from; false where it leads to nothing new, so that all between the
    /// two is known.
    fn grow(&mut self) -> bool {
        match self.ahead.farthest.len() <= self.behind.farthest.len() {
            true => self.ahead.advance(self.steps, true),
            false => self.behind.advance(self.steps, false),
        }
    }
}

/// How far one search has come.
pub(super) struct Front {
    /// Hops from where it began, or to there if it goes against the steps.
    pub(super) distances: FxHashMap<NodeIndex, u32>,
    /// The nodes come to last.
    farthest: Vec<NodeIndex>,
    hops: u32,
}

impl Front {
    fn at(start: NodeIndex) -> Self {
        Self { distances: FxHashMap::from_iter([(start, 0)]), farthest: vec![start], hops: 0 }
    }

    /// What leads to `goal` within so many hops.
    pub(super) fn to(goal: NodeIndex, steps: &Steps<'_>, max_hops: u32) -> Self {
        let mut front = Self::at(goal);
        while front.hops < max_hops && front.advance(steps, false) {}
        front
    }

    /// One hop further; false where it leads to no new node.
    fn advance(&mut self, steps: &Steps<'_>, along: bool) -> bool {
        let mut next = Vec::new();
        for node in self.farthest.iter().flat_map(|node| steps.neighbours(*node, along)) {
            self.distances.entry(node).or_insert_with(|| {
                next.push(node);
                self.hops + 1
            });
        }
        self.hops += 1;
        self.farthest = next;
        !self.farthest.is_empty()
    }

    fn meets(&self, other: &Self) -> bool {
        let [few, many] = if self.farthest.len() <= other.farthest.len() { [self, other] } else { [other, self] };
        few.farthest.iter().any(|node| many.distances.get(node) == Some(&many.hops))
    }
}
