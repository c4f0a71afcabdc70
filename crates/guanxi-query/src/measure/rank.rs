//! Entities by a measure: the greatest first.

use guanxi_graph::Snapshot;
use guanxi_model::{EntityId, Status};
use petgraph::graph::NodeIndex;

use super::{
    BetweennessConfig, CommunityConfig, Network, PageRankConfig, Parts, betweenness, communities, components,
    core_numbers, pagerank, strong_components,
};
use crate::Completeness;
use crate::path::Filter;

/// What entities are ranked by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Measure {
    /// The part of its time that a random walker along arrows spends there.
    PageRank(PageRankConfig),
    /// How many shortest paths along arrows run through it.
    Betweenness(BetweennessConfig),
    /// How many others it has a tie to.
    Degree,
    /// The greatest k for which it lies in a part where everybody has ties to k others of the part.
    Core,
    /// The size of the part that it hangs together with.
    Component,
    /// The size of the part of which each member reaches each along arrows.
    StrongComponent,
    /// The size of its community.
    Community(CommunityConfig),
}

/// Entities by a measure.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranking {
    /// The greatest score first, then by group, then by id. Entities without any tie are left out, and so is
    /// who is in a group alone.
    pub ranked: Vec<Ranked>,
    /// Number of groups, where the measure makes groups.
    pub groups: Option<usize>,
    /// Whether scores are exact.
    pub completeness: Completeness,
}

/// One entity with its score.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranked {
    /// Who.
    pub entity: EntityId,
    /// What the measure says of it.
    pub score: f64,
    /// Which group it is in, from 1 for the largest on, where the measure makes groups.
    pub group: Option<u32>,
}

/// The entities of `snapshot` by `measure` of the facts that `filter` admits; derived ones are left aside, as they say
/// again what others say.
pub fn rank(snapshot: &Snapshot, filter: &Filter, measure: &Measure) -> Ranking {
    let network = Network::of(snapshot, &filter.edges(snapshot, &[Status::Asserted]).derived(false));
    let mut completeness = Completeness::Complete;
    let mut parts = None;
    let scores: Vec<f64> = match measure {
        Measure::PageRank(config) => pagerank(&network, config).ranks,
        Measure::Betweenness(config) => {
            let found = betweenness(&network, config);
            completeness = found.completeness;
            found.scores
        }
        Measure::Degree => network.nodes().map(|node| network.ties(node).len() as f64).collect(),
        Measure::Core => core_numbers(&network).into_iter().map(f64::from).collect(),
        Measure::Component => sizes(parts.insert(components(&network))),
        Measure::StrongComponent => sizes(parts.insert(strong_components(&network))),
        Measure::Community(config) => sizes(parts.insert(communities(&network, config).parts)),
    };
    let alone = |node: u32| parts.as_ref().is_some_and(|parts| parts.sizes[parts.of[node as usize] as usize] == 1);
    let tied = |node: &u32| !alone(*node) && network.neighbours(*node).any(|other| other != *node);
    let mut found: Vec<(u32, u32)> =
        network.nodes().filter(tied).map(|node| (node, snapshot.rank(NodeIndex::new(node as usize)))).collect();
    let groups = parts.as_ref().map(|parts| by_size(parts, &found));
    let group = |node: u32| Some(groups.as_ref()?.0[parts.as_ref()?.of[node as usize] as usize]);
    found.sort_by(|(a, one), (b, other)| {
        let score = |node: u32| scores[node as usize];
        score(*b).total_cmp(&score(*a)).then_with(|| group(*a).cmp(&group(*b))).then(one.cmp(other))
    });
    let ranked = |(node, _): &(u32, u32)| Ranked {
        entity: snapshot.entity(NodeIndex::new(*node as usize)).id.clone(),
        score: scores[*node as usize],
        group: group(*node),
    };
    Ranking { ranked: found.iter().map(ranked).collect(), groups: groups.as_ref().map(|groups| groups.1), completeness }
}

fn sizes(parts: &mut Parts) -> Vec<f64> {
    parts.of.iter().map(|part| f64::from(parts.sizes[*part as usize])).collect()
}

/// The number of each part, from 1 for the largest on, then by the least id in it; and how many have a tie.
/// `tied` are nodes with their places by id.
fn by_size(parts: &Parts, tied: &[(u32, u32)]) -> (Vec<u32>, usize) {
    let mut least = vec![u32::MAX; parts.sizes.len()];
    for (node, rank) in tied {
        let least = &mut least[parts.of[*node as usize] as usize];
        *least = (*least).min(*rank);
    }
    let mut order: Vec<usize> = (0..parts.sizes.len()).filter(|part| least[*part] != u32::MAX).collect();
    order.sort_by_key(|part| (std::cmp::Reverse(parts.sizes[*part]), least[*part]));
    let mut numbers = vec![0; parts.sizes.len()];
    for (part, number) in order.iter().zip(1..) {
        numbers[*part] = number;
    }
    (numbers, order.len())
}
