//! Ways along edges from one node to another, by their nodes alone.

use rustc_hash::FxHashMap;

use super::Network;
use crate::{Completeness, Stop};

/// Settings of [`simple_routes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoutesConfig {
    /// Greatest number of hops; 6.
    pub max_hops: u32,
    /// Greatest number of ways; 100,000.
    pub routes: usize,
}

impl Default for RoutesConfig {
    fn default() -> Self {
        Self { max_hops: 6, routes: 100_000 }
    }
}

/// Ways from one node to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Routes {
    /// The nodes of each, both ends among them, in the order of these.
    pub routes: Vec<Vec<u32>>,
    /// Whether there are more within the greatest number of hops.
    pub completeness: Completeness,
}

/// The nodes of a shortest way along edges, both ends among them; `None` where there is none.
///
/// Two searches, one from either end, of which the one with fewer nodes to go on from takes the next step: together they
/// see few nodes where one alone would see most.
pub fn shortest_route(network: &Network, from: u32, to: u32) -> Option<Vec<u32>> {
    if from == to {
        return Some(vec![from]);
    }
    let (mut ahead, mut behind) = (Front::at(from), Front::at(to));
    loop {
        let met = match ahead.nodes.len() <= behind.nodes.len() {
            true => ahead.advance(|node| network.targets(node), &behind),
            false => behind.advance(|node| network.sources(node), &ahead),
        };
        if let Some(met) = met {
            let mut route = ahead.way_to(met);
            route.reverse();
            route.extend(&behind.way_to(met)[1..]);
            return Some(route);
        }
        if ahead.nodes.is_empty() || behind.nodes.is_empty() {
            return None;
        }
    }
}

/// How far one of two searches has come.
struct Front {
    /// From where each node was come to; the first one from itself.
    before: FxHashMap<u32, u32>,
    /// The farthest.
    nodes: Vec<u32>,
}

impl Front {
    fn at(start: u32) -> Self {
        Self { before: FxHashMap::from_iter([(start, start)]), nodes: vec![start] }
    }

    /// One hop further; a node that the other search has come to, where there is one.
    fn advance<'n>(&mut self, next: impl Fn(u32) -> &'n [u32], other: &Self) -> Option<u32> {
        let mut farther = Vec::new();
        for &node in &self.nodes {
            for &neighbour in next(node) {
                if self.before.contains_key(&neighbour) {
                    continue;
                }
                self.before.insert(neighbour, node);
                if other.before.contains_key(&neighbour) {
                    return Some(neighbour);
                }
                farther.push(neighbour);
            }
        }
        self.nodes = farther;
        None
    }

    /// The nodes from `node` back to where the search began.
    fn way_to(&self, node: u32) -> Vec<u32> {
        let before = |node: &u32| self.before.get(node).copied().filter(|before| before != node);
        std::iter::successors(Some(node), before).collect()
    }
}

/// Every way along edges that comes to no node twice; of parallel edges one stands for all.
pub fn simple_routes(network: &Network, from: u32, to: u32, config: &RoutesConfig) -> Routes {
    let mut search = Search { network, to, config, left: hops_to(network, to, config.max_hops), found: Vec::new() };
    let is_whole = search.extend(&mut vec![from]);
    let completeness = match is_whole {
        true => Completeness::Complete,
        false => Completeness::Stopped(Stop::Paths(config.routes)),
    };
    Routes { routes: search.found, completeness }
}

struct Search<'a> {
    network: &'a Network,
    to: u32,
    config: &'a RoutesConfig,
    /// Hops to the end, at least.
    left: FxHashMap<u32, u32>,
    found: Vec<Vec<u32>>,
}

impl Search<'_> {
    /// Adds every way that goes on from this one; false where there are too many.
    fn extend(&mut self, way: &mut Vec<u32>) -> bool {
        let node = way[way.len() - 1];
        if node == self.to {
            let has_room = self.found.len() < self.config.routes;
            if has_room {
                self.found.push(way.clone());
            }
            return has_room;
        }
        let mut before = None;
        for &target in self.network.targets(node) {
            let is_parallel = before.replace(target) == Some(target);
            let is_near = self.left.get(&target).is_some_and(|left| way.len() as u32 + left <= self.config.max_hops);
            if is_parallel || !is_near || way.contains(&target) {
                continue;
            }
            way.push(target);
            let is_whole = self.extend(way);
            way.pop();
            if !is_whole {
                return false;
            }
        }
        true
    }
}

/// Hops to `end` of whatever reaches it within so many.
fn hops_to(network: &Network, end: u32, most: u32) -> FxHashMap<u32, u32> {
    let mut hops = FxHashMap::from_iter([(end, 0)]);
    let mut layer = vec![end];
    for distance in 1..=most {
        let mut next = Vec::new();
        for &source in layer.iter().flat_map(|node| network.sources(*node)) {
            hops.entry(source).or_insert_with(|| {
                next.push(source);
                distance
            });
        }
        layer = next;
    }
    hops
}
