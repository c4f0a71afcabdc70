//! Communities: groups whose members have more ties among themselves than chance would give them.

use rustc_hash::FxHashMap;

use super::components::Parts;
use super::random::Chance;
use super::{Network, components};

/// Settings of [`communities`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CommunityConfig {
    /// More gives smaller communities; 1.
    pub resolution: f64,
    /// What decides in which order nodes are looked at; 1.
    pub seed: u64,
    /// Greatest number of rounds over all nodes, on each level; 50.
    pub max_rounds: u32,
}

impl Default for CommunityConfig {
    fn default() -> Self {
        Self { resolution: 1.0, seed: 1, max_rounds: 50 }
    }
}

/// Communities, and how good they are.
#[derive(Clone, Debug, PartialEq)]
pub struct Communities {
    /// Which node is in which; each hangs together.
    pub parts: Parts,
    /// How much more of the ties lie within communities than chance would give, at most 1.
    pub modularity: f64,
    /// How often communities were taken for nodes.
    pub levels: u32,
}

/// Louvain's algorithm on ties, whichever way they run: parallel edges weigh more, loops nothing. A community that fell
/// apart is split at the end, which Louvain's alone does not promise. The same network and seed give the same communities.
pub fn communities(network: &Network, config: &CommunityConfig) -> Communities {
    let mut level = Level::of(network);
    let mut of: Vec<u32> = network.nodes().collect();
    let mut chance = Chance::new(config.seed);
    let mut levels = 0;
    loop {
        let moved = level.settle(config, &mut chance);
        let parts = Parts::of_marks(&moved);
        if parts.sizes.len() == moved.len() {
            break;
        }
        levels += 1;
        of.iter_mut().for_each(|community| *community = parts.of[*community as usize]);
        level = level.folded(&parts);
    }
    let within: Vec<(u32, u32)> = network
        .nodes()
        .flat_map(|node| network.targets(node).iter().map(move |target| (node, *target)))
        .filter(|(from, to)| of[*from as usize] == of[*to as usize])
        .collect();
    let parts = components(&Network::of_edges(network.node_count(), &within));
    let modularity = modularity(network, &parts, config.resolution);
    Communities { parts, modularity, levels }
}

/// Newman's modularity of a partition, by ties whichever way they run; 0 where there is none.
pub(super) fn modularity(network: &Network, parts: &Parts, resolution: f64) -> f64 {
    let (mut within, mut degrees) = (vec![0_u64; parts.sizes.len()], vec![0_u64; parts.sizes.len()]);
    let mut ties = 0_u64;
    for node in network.nodes() {
        let own = parts.of[node as usize];
        for target in network.targets(node).iter().filter(|target| **target != node) {
            let other = parts.of[*target as usize];
            ties += 1;
            degrees[own as usize] += 1;
            degrees[other as usize] += 1;
            within[own as usize] += u64::from(own == other);
        }
    }
    if ties == 0 {
        return 0.0;
    }
    let part = |(within, degrees): (&u64, &u64)| {
        let expected = *degrees as f64 / (2 * ties) as f64;
        *within as f64 / ties as f64 - resolution * expected * expected
    };
    within.iter().zip(&degrees).map(part).sum()
}

/// Nodes with weighted ties, each tie in both rows.
struct Level {
    rows: Vec<Vec<(u32, u64)>>,
    /// Sum of weights at each node; what lies within it counts twice.
    degrees: Vec<u64>,
}

impl Level {
    fn of(network: &Network) -> Self {
        let row = |node: u32| {
            let mut weights: Vec<(u32, u64)> = Vec::new();
            let mut others: Vec<u32> = network.neighbours(node).filter(|other| *other != node).collect();
            others.sort_unstable();
            for other in others {
                match weights.last_mut() {
                    Some((last, weight)) if *last == other => *weight += 1,
                    _ => weights.push((other, 1)),
                }
            }
            weights
        };
        let rows: Vec<Vec<(u32, u64)>> = network.nodes().map(row).collect();
        let degrees = rows.iter().map(|row| row.iter().map(|(_, weight)| weight).sum()).collect();
        Self { rows, degrees }
    }

    /// The community of each node, after all were moved to where they gain most, until none gains any more.
    fn settle(&self, config: &CommunityConfig, chance: &mut Chance) -> Vec<u32> {
        let nodes = self.rows.len();
        let mut of: Vec<u32> = (0..nodes as u32).collect();
        let mut totals = self.degrees.clone();
        let all: f64 = self.degrees.iter().sum::<u64>() as f64;
        let mut order: Vec<u32> = of.clone();
        chance.shuffle(&mut order);
        let mut weights: FxHashMap<u32, u64> = FxHashMap::default();
        for _ in 0..config.max_rounds {
            let mut moved = false;
            for &node in &order {
                let (own, degree) = (of[node as usize], self.degrees[node as usize]);
                weights.clear();
                weights.insert(own, 0);
                for (other, weight) in &self.rows[node as usize] {
                    *weights.entry(of[*other as usize]).or_default() += weight;
                }
                totals[own as usize] -= degree;
                let gain = |community: u32, weight: u64| {
                    weight as f64 - config.resolution * degree as f64 * totals[community as usize] as f64 / all
                };
                let stay = gain(own, weights[&own]);
                let best = weights.iter().map(|(community, weight)| (gain(*community, *weight), *community));
                // Of equal gains that of the least community, whatever the order of the map.
                let best = best.reduce(|best, other| {
                    let better = other.0 > best.0 || (other.0 == best.0 && other.1 < best.1);
                    if better { other } else { best }
                });
                let (gained, community) = best.unwrap_or((stay, own));
                let new = if gained > stay + 1e-12 * all { community } else { own };
                totals[new as usize] += degree;
                of[node as usize] = new;
                moved |= new != own;
            }
            if !moved {
                break;
            }
        }
        of
    }

    /// The communities as nodes.
    fn folded(&self, parts: &Parts) -> Self {
        let mut sums: Vec<FxHashMap<u32, u64>> = vec![FxHashMap::default(); parts.sizes.len()];
        let mut degrees = vec![0; parts.sizes.len()];
        for ((row, degree), own) in self.rows.iter().zip(&self.degrees).zip(&parts.of) {
            degrees[*own as usize] += degree;
            for (other, weight) in row.iter().filter(|(other, _)| parts.of[*other as usize] != *own) {
                *sums[*own as usize].entry(parts.of[*other as usize]).or_default() += weight;
            }
        }
        let sorted = |sums: FxHashMap<u32, u64>| {
            let mut row: Vec<(u32, u64)> = sums.into_iter().collect();
            row.sort_unstable();
            row
        };
        Self { rows: sums.into_iter().map(sorted).collect(), degrees }
    }
}
