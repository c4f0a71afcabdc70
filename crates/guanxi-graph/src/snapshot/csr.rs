//! Compressed sparse rows, forward and backward, over dense numbers of nodes and edges.

use std::ops::Range;
use std::slice;

/// Edges sorted by source, then target; the same edges once more by target.
#[derive(Clone, Debug, Default)]
pub(super) struct Csr {
    sources: Vec<u32>,
    targets: Vec<u32>,
    /// Where the edges of each source begin, with one more entry for the end.
    out_starts: Vec<u32>,
    /// Edges by target, and where those of each target begin.
    in_edges: Vec<u32>,
    in_starts: Vec<u32>,
}

impl Csr {
    /// Rows of `edges`, which are sorted by source.
    pub fn new(nodes: usize, edges: &[(u32, u32)]) -> Self {
        debug_assert!(edges.is_sorted_by_key(|edge| edge.0));
        let (sources, targets): (Vec<u32>, Vec<u32>) = edges.iter().copied().unzip();
        let in_starts = starts(nodes, &targets);
        // Counting sort: each target's edges keep their order.
        let mut next = in_starts.clone();
        let mut in_edges = vec![0; targets.len()];
        for (edge, target) in targets.iter().enumerate() {
            let place = &mut next[*target as usize];
            in_edges[*place as usize] = edge as u32;
            *place += 1;
        }
        Self { out_starts: starts(nodes, &sources), sources, targets, in_edges, in_starts }
    }

    pub fn ends(&self, edge: usize) -> (usize, usize) {
        (self.sources[edge] as usize, self.targets[edge] as usize)
    }

    pub fn all(&self) -> EdgeIds<'_> {
        EdgeIds::Run(0..self.sources.len())
    }

    pub fn outgoing(&self, node: usize) -> EdgeIds<'_> {
        EdgeIds::Run(self.out_starts[node] as usize..self.out_starts[node + 1] as usize)
    }

    pub fn incoming(&self, node: usize) -> EdgeIds<'_> {
        let (start, end) = (self.in_starts[node] as usize, self.in_starts[node + 1] as usize);
        EdgeIds::List(self.in_edges[start..end].iter())
    }
}

/// Numbers of edges: the outgoing ones of a node are a run, the incoming ones a list.
#[derive(Clone, Debug)]
pub(super) enum EdgeIds<'a> {
    Run(Range<usize>),
    List(slice::Iter<'a, u32>),
}

impl Iterator for EdgeIds<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        match self {
            Self::Run(run) => run.next(),
            Self::List(list) => list.next().map(|&edge| edge as usize),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match self {
            Self::Run(run) => run.size_hint(),
            Self::List(list) => list.size_hint(),
        }
    }
}

impl ExactSizeIterator for EdgeIds<'_> {}

/// Running totals of how often each node occurs.
fn starts(nodes: usize, ends: &[u32]) -> Vec<u32> {
    let mut starts = vec![0; nodes + 1];
    for end in ends {
        starts[*end as usize + 1] += 1;
    }
    for node in 0..nodes {
        starts[node + 1] += starts[node];
    }
    starts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn rows_agree_with_a_list_of_edges(
            nodes in 1_usize..12,
            ends in prop::collection::vec((0_u32..12, 0_u32..12), 0..60),
        ) {
            let mut edges: Vec<(u32, u32)> =
                ends.into_iter().map(|(from, to)| (from % nodes as u32, to % nodes as u32)).collect();
            edges.sort_unstable();
            let rows = Csr::new(nodes, &edges);
            for node in 0..nodes {
                let listed = |end: fn(&(u32, u32)) -> u32| -> Vec<usize> {
                    (0..edges.len()).filter(|&edge| end(&edges[edge]) as usize == node).collect()
                };
                prop_assert_eq!(rows.outgoing(node).collect::<Vec<_>>(), listed(|edge| edge.0));
                prop_assert_eq!(rows.incoming(node).collect::<Vec<_>>(), listed(|edge| edge.1));
            }
            for (edge, &(from, to)) in edges.iter().enumerate() {
                prop_assert_eq!(rows.ends(edge), (from as usize, to as usize));
            }
        }
    }
}
