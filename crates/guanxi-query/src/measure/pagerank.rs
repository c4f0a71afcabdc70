//! PageRank: who is held, regulated or named by whom that counts.

use rayon::ThreadPoolBuilder;
use rayon::prelude::*;

use super::Network;

/// Nodes that one thread takes at a time. What they add up to is summed in their order, so that ranks are the same to the
/// last bit for any number of threads.
const TAKEN: usize = 1 << 14;

/// Settings of [`pagerank`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PageRankConfig {
    /// Number of threads, any of which give the same ranks; 1. Where the system grants none, the calling thread does the
    /// work.
    pub threads: usize,
    /// How much of its rank a node hands on; 0.85.
    pub damping: f64,
    /// The search stops once ranks change by less than this, all together; 1e-9.
    pub tolerance: f64,
    /// Greatest number of rounds; 100.
    pub max_rounds: u32,
}

impl Default for PageRankConfig {
    fn default() -> Self {
        Self { threads: 1, damping: 0.85, tolerance: 1e-9, max_rounds: 100 }
    }
}

/// Ranks, and how good they are.
#[derive(Clone, Debug, PartialEq)]
pub struct PageRank {
    /// By node; their sum is 1.
    pub ranks: Vec<f64>,
    /// How many rounds were made.
    pub rounds: u32,
    /// By how much ranks changed in the last round, all together.
    pub change: f64,
}

/// The share of time that a walker spends at each node who follows an edge at random, or now and then, and where there is
/// none, begins anew anywhere.
pub fn pagerank(network: &Network, config: &PageRankConfig) -> PageRank {
    let nodes = network.node_count();
    if nodes == 0 {
        return PageRank { ranks: Vec::new(), rounds: 0, change: 0.0 };
    }
    let handed_on: Vec<f64> = network
        .nodes()
        .map(|node| match network.targets(node).len() {
            0 => 0.0,
            degree => config.damping / degree as f64,
        })
        .collect();
    let mut ranks = vec![1.0 / nodes as f64; nodes];
    // What each node hands on along one edge, in this round and in the next.
    let mut parts: Vec<f64> = ranks.iter().zip(&handed_on).map(|(rank, share)| rank * share).collect();
    let mut next = vec![0.0; nodes];
    let mut kept: f64 = ranks.iter().zip(&handed_on).map(|(rank, share)| config.kept(*rank, *share)).sum();
    let (mut rounds, mut change) = (0, f64::INFINITY);
    let threads = config.threads.min(nodes.div_ceil(TAKEN));
    let pool = (threads > 1).then(|| ThreadPoolBuilder::new().num_threads(threads).build().ok()).flatten();
    while rounds < config.max_rounds && change >= config.tolerance {
        let round = Round { network, config, parts: &parts, everywhere: kept / nodes as f64 };
        let taken = |(number, ((ranks, next), handed_on))| round.take(number * TAKEN, ranks, next, handed_on);
        let sums: Vec<(f64, f64)> = match &pool {
            Some(pool) => pool.install(|| {
                let pieces = ranks.par_chunks_mut(TAKEN).zip(next.par_chunks_mut(TAKEN));
                pieces.zip(handed_on.par_chunks(TAKEN)).enumerate().map(taken).collect()
            }),
            None => {
                let pieces = ranks.chunks_mut(TAKEN).zip(next.chunks_mut(TAKEN));
                pieces.zip(handed_on.chunks(TAKEN)).enumerate().map(taken).collect()
            }
        };
        (change, kept) = sums.iter().fold((0.0, 0.0), |(change, kept), sum| (change + sum.0, kept + sum.1));
        std::mem::swap(&mut parts, &mut next);
        rounds += 1;
    }
    PageRank { ranks, rounds, change }
}

impl PageRankConfig {
    /// What a node of this rank, which hands on such a share along an edge, gives to all nodes.
    fn kept(&self, rank: f64, share: f64) -> f64 {
        if share == 0.0 { rank } else { rank * (1.0 - self.damping) }
    }
}

/// What every node is told in one round.
struct Round<'a> {
    network: &'a Network,
    config: &'a PageRankConfig,
    /// What each node hands on along one edge.
    parts: &'a [f64],
    /// What comes to each from all.
    everywhere: f64,
}

impl Round<'_> {
    /// Makes new ranks, and what is handed on next, of the nodes from `first` on; by how much they changed and what they
    /// keep, all together.
    fn take(&self, first: usize, ranks: &mut [f64], next: &mut [f64], handed_on: &[f64]) -> (f64, f64) {
        let (mut change, mut kept) = (0.0, 0.0);
        for (((node, rank), share), next) in (first..).zip(ranks).zip(handed_on).zip(next) {
            let sources = self.network.sources(node as u32).iter();
            let new = self.everywhere + sources.map(|source| self.parts[*source as usize]).sum::<f64>();
            change += (new - *rank).abs();
            kept += self.config.kept(new, *share);
            (*rank, *next) = (new, new * share);
        }
        (change, kept)
    }
}
