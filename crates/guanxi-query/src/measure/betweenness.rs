//! Betweenness: how many shortest paths run through each node.

use super::Network;
use super::random::Chance;
use crate::{Completeness, Stop};

/// Settings of [`betweenness`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BetweennessConfig {
    /// From how many nodes paths are followed, taken by chance; more nodes than that are an estimate. 1,000.
    pub samples: usize,
    /// What decides which; 1.
    pub seed: u64,
}

impl Default for BetweennessConfig {
    fn default() -> Self {
        Self { samples: 1_000, seed: 1 }
    }
}

/// How much runs through each node.
#[derive(Clone, Debug, PartialEq)]
pub struct Betweenness {
    /// By node: over all pairs of other nodes, the part of their shortest paths on which it lies. Of a sample, scaled up.
    pub scores: Vec<f64>,
    /// [`Stop::Samples`] where it is an estimate.
    pub completeness: Completeness,
}

/// Brandes' algorithm along the edges, exact where there are no more nodes than `config.samples`. Parallel edges count as
/// one each: two ways from one node to the next are two paths.
pub fn betweenness(network: &Network, config: &BetweennessConfig) -> Betweenness {
    let nodes = network.node_count();
    let mut starts: Vec<u32> = network.nodes().collect();
    let is_sample = nodes > config.samples;
    if is_sample {
        Chance::new(config.seed).shuffle(&mut starts);
        starts.truncate(config.samples);
        starts.sort_unstable();
    }
    let mut search = Search::new(nodes);
    for &start in &starts {
        search.run(network, start);
    }
    let scale = if is_sample { nodes as f64 / starts.len().max(1) as f64 } else { 1.0 };
    Betweenness {
        scores: search.scores.into_iter().map(|score| score * scale).collect(),
        completeness: match is_sample {
            true => Completeness::Stopped(Stop::Samples(config.samples)),
            false => Completeness::Complete,
        },
    }
}

struct Search {
    scores: Vec<f64>,
    distances: Vec<u32>,
    /// Number of shortest paths; as a fraction, since there may be more than any whole number holds.
    paths: Vec<f64>,
    passed: Vec<f64>,
    /// Nodes in the order in which they were come to.
    reached: Vec<u32>,
}

impl Search {
    fn new(nodes: usize) -> Self {
        let zeros = || vec![0.0; nodes];
        Self { scores: zeros(), distances: vec![u32::MAX; nodes], paths: zeros(), passed: zeros(), reached: Vec::new() }
    }

    fn run(&mut self, network: &Network, start: u32) {
        self.reached.push(start);
        self.distances[start as usize] = 0;
        self.paths[start as usize] = 1.0;
        let mut at = 0;
        while let Some(&node) = self.reached.get(at) {
            at += 1;
            let next = self.distances[node as usize] + 1;
            for &target in network.targets(node) {
                if self.distances[target as usize] == u32::MAX {
                    self.distances[target as usize] = next;
                    self.reached.push(target);
                }
                if self.distances[target as usize] == next {
                    self.paths[target as usize] += self.paths[node as usize];
                }
            }
        }
        for &node in self.reached.iter().rev() {
            let next = self.distances[node as usize] + 1;
            let onward = network.targets(node).iter().filter(|target| self.distances[**target as usize] == next);
            let each = onward.map(|target| (1.0 + self.passed[*target as usize]) / self.paths[*target as usize]);
            self.passed[node as usize] = self.paths[node as usize] * each.sum::<f64>();
            if node != start {
                self.scores[node as usize] += self.passed[node as usize];
            }
        }
        for node in self.reached.drain(..) {
            self.distances[node as usize] = u32::MAX;
            self.paths[node as usize] = 0.0;
            self.passed[node as usize] = 0.0;
        }
    }
}
