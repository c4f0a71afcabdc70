//! PageRank: who is held, regulated or named by whom that counts.

use super::Network;

/// Settings of [`pagerank`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PageRankConfig {
    /// How much of its rank a node hands on; 0.85.
    pub damping: f64,
    /// The search stops once ranks change by less than this, all together; 1e-9.
    pub tolerance: f64,
    /// Greatest number of rounds; 100.
    pub max_rounds: u32,
}

impl Default for PageRankConfig {
    fn default() -> Self {
        Self { damping: 0.85, tolerance: 1e-9, max_rounds: 100 }
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
    let kept_of = |rank: f64, share: f64| if share == 0.0 { rank } else { rank * (1.0 - config.damping) };
    // What each node hands on along one edge, in this round and in the next.
    let mut parts: Vec<f64> = ranks.iter().zip(&handed_on).map(|(rank, share)| rank * share).collect();
    let mut next = vec![0.0; nodes];
    let mut kept: f64 = ranks.iter().zip(&handed_on).map(|(rank, share)| kept_of(*rank, *share)).sum();
    let (mut rounds, mut change) = (0, f64::INFINITY);
    while rounds < config.max_rounds && change >= config.tolerance {
        let everywhere = kept / nodes as f64;
        (change, kept) = (0.0, 0.0);
        let nodes = network.nodes().zip(&mut ranks).zip(&handed_on).zip(&mut next);
        for (((node, rank), share), next) in nodes {
            let received: f64 = network.sources(node).iter().map(|source| parts[*source as usize]).sum();
            let new = everywhere + received;
            change += (new - *rank).abs();
            kept += kept_of(new, *share);
            (*rank, *next) = (new, new * share);
        }
        std::mem::swap(&mut parts, &mut next);
        rounds += 1;
    }
    PageRank { ranks, rounds, change }
}
