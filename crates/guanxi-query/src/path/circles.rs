//! Circles of holdings: who, in the end, holds a part of itself.

use guanxi_graph::Snapshot;
use guanxi_model::schema::Direction;
use guanxi_model::{Schema, Status};
use petgraph::graph::EdgeIndex;

use super::{Filter, Hop, Path};
use crate::Completeness;
use crate::measure::{CyclesConfig, Network, cycles};

/// Circles of holdings.
#[derive(Clone, Debug, PartialEq)]
pub struct Circles {
    /// Each from the first of its members by number on, owner to owned, and back; the shortest first.
    pub circles: Vec<Path>,
    /// Whether there are more.
    pub completeness: Completeness,
}

/// The cycles along predicates that the schema walks for `owners`: shares, subsidiaries, control.
///
/// Of several facts between the same two the first by predicate stands for all.
pub fn circles(snapshot: &Snapshot, schema: &Schema, filter: &Filter, config: &CyclesConfig) -> Circles {
    let holds = |name: &str| {
        let narrowed = filter.predicates.as_ref().is_none_or(|wanted| wanted.iter().any(|wanted| **wanted == *name));
        narrowed && schema.predicate(name).is_some_and(|predicate| predicate.walk.owners != Direction::None)
    };
    let admitted = filter.edges(snapshot, &[Status::Asserted]).predicates(snapshot, holds);
    let network = Network::of(snapshot, &admitted);
    let found = cycles(&network, config);
    let path = |cycle: &Vec<usize>| {
        let hops: Vec<Hop> =
            cycle.iter().filter_map(|edge| network.origin(*edge)).map(|edge| along(snapshot, edge)).collect();
        Some(Path { start: hops.first()?.from.clone(), hops })
    };
    Circles { circles: found.cycles.iter().filter_map(path).collect(), completeness: found.completeness }
}

/// The step along an arrow.
pub(super) fn along(snapshot: &Snapshot, edge: EdgeIndex) -> Hop {
    let (view, id) = (snapshot.edge(edge), |node| snapshot.entity(node).id.clone());
    Hop { from: id(view.from), to: id(view.to), forward: view.is_forward(snapshot), fact: view.fact.clone() }
}
