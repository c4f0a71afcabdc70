//! Cycles: who, in the end, holds a part of itself.

use std::collections::VecDeque;

use super::{Network, strong_components};
use crate::{Completeness, Stop};

/// Settings of [`cycles`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CyclesConfig {
    /// Greatest number of hops of a cycle; 12.
    pub max_hops: u32,
    /// Greatest number of cycles; 1,000.
    pub cycles: usize,
    /// Greatest number of edges that the search may look at; 10,000,000.
    pub max_steps: u64,
}

impl Default for CyclesConfig {
    fn default() -> Self {
        Self { max_hops: 12, cycles: 1_000, max_steps: 10_000_000 }
    }
}

/// Cycles of a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cycles {
    /// The edges of each, by number in the network, from its least node on; shortest first, then by nodes.
    pub cycles: Vec<Vec<usize>>,
    /// Whether there are more.
    pub completeness: Completeness,
}

/// Every cycle that comes to no node twice, once; of parallel edges the first stands for all. A loop is a cycle of one
/// hop.
///
/// From each node, all simple ways back to it through greater nodes of its strong component, pruned by the hops that are
/// left to it.
pub fn cycles(network: &Network, config: &CyclesConfig) -> Cycles {
    let strong = strong_components(network);
    let mut search = Search {
        network,
        config,
        part: &strong.of,
        left: vec![u32::MAX; network.node_count()],
        on_way: vec![false; network.node_count()],
        taken: Vec::new(),
        found: Vec::new(),
        looked_at: 0,
        cut: None,
    };
    for start in network.nodes() {
        let alone = strong.sizes[strong.of[start as usize] as usize] == 1 && !network.targets(start).contains(&start);
        if !alone && !search.is_over() {
            search.from(start);
        }
    }
    let Search { mut found, cut, .. } = search;
    let nodes = |cycle: &Vec<usize>| cycle.iter().map(|edge| network.target(*edge)).collect::<Vec<_>>();
    found.sort_by_cached_key(|cycle| (cycle.len(), cycle.last().map(|edge| network.target(*edge)), nodes(cycle)));
    Cycles { cycles: found, completeness: cut.map_or(Completeness::Complete, Completeness::Stopped) }
}

struct Search<'a> {
    network: &'a Network,
    config: &'a CyclesConfig,
    part: &'a [u32],
    /// Hops back to the start, at least; `u32::MAX` where there is no way within the greatest number of hops.
    left: Vec<u32>,
    on_way: Vec<bool>,
    taken: Vec<usize>,
    found: Vec<Vec<usize>>,
    looked_at: u64,
    cut: Option<Stop>,
}

impl Search<'_> {
    fn from(&mut self, start: u32) {
        let reached = self.measure(start);
        self.on_way[start as usize] = true;
        self.extend(start, start);
        self.on_way[start as usize] = false;
        for node in reached {
            self.left[node as usize] = u32::MAX;
        }
    }

    /// Hops back to `start` from all greater nodes of its component; which nodes they are.
    fn measure(&mut self, start: u32) -> Vec<u32> {
        let (mut queue, mut reached) = (VecDeque::from([start]), vec![start]);
        self.left[start as usize] = 0;
        while let Some(node) = queue.pop_front() {
            let hops = self.left[node as usize] + 1;
            for &source in self.network.sources(node) {
                self.looked_at += 1;
                let is_ours = source > start && self.part[source as usize] == self.part[start as usize];
                if is_ours && self.left[source as usize] == u32::MAX {
                    if hops >= self.config.max_hops {
                        self.cut = self.cut.or(Some(Stop::Hops(self.config.max_hops)));
                        continue;
                    }
                    self.left[source as usize] = hops;
                    reached.push(source);
                    queue.push_back(source);
                }
            }
        }
        reached
    }

    fn extend(&mut self, start: u32, node: u32) {
        let mut before = None;
        for edge in self.network.out_edges(node) {
            let target = self.network.target(edge);
            if before.replace(target) == Some(target) {
                continue;
            }
            self.looked_at += 1;
            if self.looked_at > self.config.max_steps {
                self.cut = Some(Stop::Steps(self.config.max_steps));
                return;
            }
            self.taken.push(edge);
            if target == start {
                if self.found.len() == self.config.cycles {
                    self.cut = Some(Stop::Cycles(self.config.cycles));
                } else {
                    self.found.push(self.taken.clone());
                }
            } else if self.left[target as usize] != u32::MAX && !self.on_way[target as usize] {
                if self.taken.len() as u32 + self.left[target as usize] > self.config.max_hops {
                    self.cut = self.cut.or(Some(Stop::Hops(self.config.max_hops)));
                } else {
                    self.on_way[target as usize] = true;
                    self.extend(start, target);
                    self.on_way[target as usize] = false;
                }
            }
            self.taken.pop();
            if self.is_over() {
                return;
            }
        }
    }

    fn is_over(&self) -> bool {
        self.looked_at > self.config.max_steps || matches!(self.cut, Some(Stop::Cycles(_)))
    }
}
