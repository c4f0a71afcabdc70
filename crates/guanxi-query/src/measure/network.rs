//! The edges that a measure looks at, as rows of numbers both ways.

use std::ops::Range;

use guanxi_graph::Snapshot;
use guanxi_graph::snapshot::EdgeFilter;
use petgraph::graph::EdgeIndex;

/// A directed graph over the nodes 0 to below [`Network::node_count`]; edges are numbered by where they start, then where
/// they end. Parallel edges and loops are kept.
#[derive(Clone, Debug, Default)]
pub struct Network {
    out_starts: Vec<u32>,
    targets: Vec<u32>,
    in_starts: Vec<u32>,
    sources: Vec<u32>,
    /// Which edge of the snapshot each edge is; empty where there is none.
    origins: Vec<u32>,
}

impl Network {
    /// The edges of `snapshot` that `filter` admits; nodes keep their numbers.
    pub fn of(snapshot: &Snapshot, filter: &EdgeFilter) -> Self {
        let columns = snapshot.columns();
        let mut network = Self { out_starts: vec![0], ..Self::default() };
        for node in 0..columns.node_count() as u32 {
            for edge in columns.out_edges(node).filter(|edge| filter.admits(&columns, *edge)) {
                network.targets.push(columns.target(edge));
                network.origins.push(edge as u32);
            }
            network.out_starts.push(network.targets.len() as u32);
        }
        network.reversed_rows()
    }

    /// These edges, as pairs of where each starts and where it ends.
    ///
    /// # Panics
    /// If an end is not below `nodes`.
    pub fn of_edges(nodes: usize, edges: &[(u32, u32)]) -> Self {
        let mut edges = edges.to_vec();
        edges.sort_unstable();
        let targets = edges.iter().map(|edge| edge.1).collect();
        let out_starts = starts(nodes, edges.iter().map(|edge| edge.0));
        Self { out_starts, targets, ..Self::default() }.reversed_rows()
    }

    fn reversed_rows(mut self) -> Self {
        self.in_starts = starts(self.node_count(), self.targets.iter().copied());
        self.sources = vec![0; self.targets.len()];
        let mut next = self.in_starts.clone();
        for node in 0..self.node_count() as u32 {
            for edge in self.out_edges(node) {
                let place = &mut next[self.targets[edge] as usize];
                self.sources[*place as usize] = node;
                *place += 1;
            }
        }
        self
    }

    /// Number of nodes.
    pub fn node_count(&self) -> usize {
        self.out_starts.len().saturating_sub(1)
    }

    /// Number of edges.
    pub fn edge_count(&self) -> usize {
        self.targets.len()
    }

    /// Edges that start at `node`.
    pub fn out_edges(&self, node: u32) -> Range<usize> {
        self.out_starts[node as usize] as usize..self.out_starts[node as usize + 1] as usize
    }

    /// Where the edges that start at `node` end, sorted.
    pub fn targets(&self, node: u32) -> &[u32] {
        &self.targets[self.out_edges(node)]
    }

    /// Where an edge ends.
    pub fn target(&self, edge: usize) -> u32 {
        self.targets[edge]
    }

    /// Where the edges that end at `node` start, sorted.
    pub fn sources(&self, node: u32) -> &[u32] {
        &self.sources[self.in_starts[node as usize] as usize..self.in_starts[node as usize + 1] as usize]
    }

    /// The other ends of all edges at `node`, whichever way they run; a loop gives its node twice.
    pub fn neighbours(&self, node: u32) -> impl Iterator<Item = u32> + '_ {
        self.targets(node).iter().chain(self.sources(node)).copied()
    }

    /// The other nodes that share an edge with `node`, sorted, each once.
    pub fn ties(&self, node: u32) -> Vec<u32> {
        let mut ties: Vec<u32> = self.neighbours(node).filter(|other| *other != node).collect();
        ties.sort_unstable();
        ties.dedup();
        ties
    }

    /// The nodes that edges lead to from `start`, itself among them, nearest first.
    pub fn reachable(&self, start: u32) -> Vec<u32> {
        // A bit a node stays in the nearest cache where a byte would not.
        let mut seen = vec![0_u64; self.node_count().div_ceil(64)];
        seen[start as usize / 64] = 1 << (start % 64);
        let mut reached = vec![start];
        let mut at = 0;
        while let Some(&node) = reached.get(at) {
            at += 1;
            let targets = self.targets(node);
            let mut end = reached.len();
            reached.resize(end + targets.len(), 0);
            // Every target is written and only a new one stays: whether it is new cannot be foretold, so that a branch on it
            // would be guessed wrongly half of the time.
            for &target in targets {
                let (word, bit) = (&mut seen[target as usize / 64], target % 64);
                reached[end] = target;
                end += usize::from(*word >> bit & 1 == 0);
                *word |= 1 << bit;
            }
            reached.truncate(end);
        }
        reached
    }

    /// The nodes.
    pub fn nodes(&self) -> Range<u32> {
        0..self.node_count() as u32
    }

    /// The edge of the snapshot that an edge is; `None` where the network was made of pairs.
    pub fn origin(&self, edge: usize) -> Option<EdgeIndex> {
        self.origins.get(edge).map(|edge| EdgeIndex::new(*edge as usize))
    }
}

/// Running totals of how often each node occurs.
fn starts(nodes: usize, ends: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut starts = vec![0; nodes + 1];
    for end in ends {
        starts[end as usize + 1] += 1;
    }
    for node in 0..nodes {
        starts[node + 1] += starts[node];
    }
    starts
}
