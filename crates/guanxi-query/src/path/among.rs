//! The facts between some entities, each a path of one hop.

use std::collections::BTreeSet;

use guanxi_graph::Snapshot;
use guanxi_model::{EntityId, Status};

use super::circles::along;
use super::{Filter, Path};

/// The facts that `filter` admits between entities of `among`, asserted ones unless it names statuses; derived ones are
/// left aside. In the order of the snapshot's edges.
pub fn ties_among(snapshot: &Snapshot, filter: &Filter, among: &BTreeSet<&EntityId>) -> Vec<Path> {
    let columns = snapshot.columns();
    let admitted = filter.edges(snapshot, &[Status::Asserted]).derived(false);
    let nodes: BTreeSet<_> = among.iter().filter_map(|entity| snapshot.node(entity)).collect();
    let edges = nodes.iter().flat_map(|node| snapshot.outgoing(*node));
    let between =
        edges.filter(|edge| nodes.contains(&snapshot.ends(*edge).1) && admitted.admits(&columns, edge.index()));
    between.map(|edge| along(snapshot, edge)).map(|hop| Path { start: hop.from.clone(), hops: vec![hop] }).collect()
}
