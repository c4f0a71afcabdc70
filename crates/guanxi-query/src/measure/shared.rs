//! Who is held, or regulated, by the same: pairs of nodes with sources in common.

use rustc_hash::FxHashMap;

use super::Network;
use crate::{Completeness, Stop};

/// Settings of [`shared_sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SharedConfig {
    /// Pairs with at least so many sources in common; 2.
    pub least: usize,
    /// Only pairs with this node; all.
    pub of: Option<u32>,
    /// Greatest number of pairs that the search may look at, each as often as it has a source in common; 10,000,000.
    pub max_steps: u64,
}

impl Default for SharedConfig {
    fn default() -> Self {
        Self { least: 2, of: None, max_steps: 10_000_000 }
    }
}

/// Pairs with sources in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shared {
    /// Two nodes, and the sources that they share, sorted; those that share most come first, then by nodes. The first of a
    /// pair is the node that was asked for, else the lesser one.
    pub pairs: Vec<([u32; 2], Vec<u32>)>,
    /// Whether there are more.
    pub completeness: Completeness,
}

/// The pairs of nodes that edges from the same sources end at.
pub fn shared_sources(network: &Network, config: &SharedConfig) -> Shared {
    let mut common: FxHashMap<[u32; 2], Vec<u32>> = FxHashMap::default();
    let (mut looked_at, mut completeness) = (0_u64, Completeness::Complete);
    let mut sources: Vec<u32> = match config.of {
        Some(node) => network.sources(node).to_vec(),
        None => network.nodes().collect(),
    };
    sources.dedup();
    'sources: for source in sources {
        let mut targets = network.targets(source).to_vec();
        targets.dedup();
        let firsts: &[u32] = config.of.as_ref().map_or(&targets, std::slice::from_ref);
        for &one in firsts {
            for &other in targets.iter().filter(|other| **other != one && (config.of.is_some() || **other > one)) {
                looked_at += 1;
                if looked_at > config.max_steps {
                    completeness = Completeness::Stopped(Stop::Steps(config.max_steps));
                    break 'sources;
                }
                common.entry([one, other]).or_default().push(source);
            }
        }
    }
    let mut pairs: Vec<_> = common.into_iter().filter(|(_, sources)| sources.len() >= config.least).collect();
    pairs.sort_by(|(a, one), (b, other)| other.len().cmp(&one.len()).then_with(|| a.cmp(b)));
    Shared { pairs, completeness }
}
