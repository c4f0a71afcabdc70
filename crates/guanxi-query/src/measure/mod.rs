//! What the shape of the graph says of its nodes: how central, how tied together, held by whom in common.
//!
//! One algorithm a file, each over a [`Network`]: the edges of a snapshot that a filter admits, as rows of numbers.
//! petgraph's algorithms run on the snapshot itself ([`Snapshot::filtered`](guanxi_graph::Snapshot::filtered)). What
//! stands here it has not (communities, cores, Brandes' betweenness, bounded cycles), or has slower or otherwise: its
//! PageRank takes a square of the nodes and another formula.

mod betweenness;
mod community;
mod components;
mod core;
mod cycles;
mod network;
mod pagerank;
mod random;
mod rank;
mod routes;
mod shared;
#[cfg(test)]
mod tests;

pub use betweenness::{Betweenness, BetweennessConfig, betweenness};
pub use community::{Communities, CommunityConfig, communities};
pub use components::{Parts, components, strong_components};
pub use core::core_numbers;
pub use cycles::{Cycles, CyclesConfig, cycles};
pub use network::Network;
pub use pagerank::{PageRank, PageRankConfig, pagerank};
pub use rank::{Measure, Ranked, Ranking, rank};
pub use routes::{Routes, RoutesConfig, shortest_route, simple_routes};
pub use shared::{Shared, SharedConfig, shared_sources};
