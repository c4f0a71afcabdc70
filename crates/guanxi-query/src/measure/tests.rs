//! Every measure against a naive one, on small graphs by chance with loops, parallel edges and cycles.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::community::modularity;
use super::*;
use crate::{Completeness, Stop};

const NODES: u32 = 7;

fn edges() -> impl Strategy<Value = Vec<(u32, u32)>> {
    prop::collection::vec((0..NODES, 0..NODES), 0..18)
}

fn network(edges: &[(u32, u32)]) -> Network {
    Network::of_edges(NODES as usize, edges)
}

/// Hops from each node to each, by going round until nothing changes.
fn distances(edges: &[(u32, u32)]) -> BTreeMap<(u32, u32), u32> {
    let mut distances: BTreeMap<(u32, u32), u32> = (0..NODES).map(|node| ((node, node), 0)).collect();
    for _ in 0..NODES {
        for (start, end) in (0..NODES).flat_map(|start| (0..NODES).map(move |end| (start, end))) {
            let by_edge = edges.iter().filter(|edge| edge.1 == end).filter_map(|edge| distances.get(&(start, edge.0)));
            if let Some(least) = by_edge.min().copied() {
                let known = distances.entry((start, end)).or_insert(least + 1);
                *known = (*known).min(least + 1);
            }
        }
    }
    distances
}

/// All shortest paths between two nodes, as nodes between them; parallel edges give paths of their own.
fn shortest(edges: &[(u32, u32)], far: &BTreeMap<(u32, u32), u32>, start: u32, end: u32) -> Vec<Vec<u32>> {
    if start == end {
        return vec![Vec::new()];
    }
    let nearer = |from: u32| far.get(&(from, end)).copied();
    let Some(left) = nearer(start) else { return Vec::new() };
    let onward = edges.iter().filter(|edge| edge.0 == start && nearer(edge.1) == Some(left - 1));
    let ways = onward.flat_map(|edge| {
        let rest = shortest(edges, far, edge.1, end);
        rest.into_iter().map(|rest| {
            let here = (edge.1 != end).then_some(edge.1);
            here.into_iter().chain(rest).collect()
        })
    });
    ways.collect()
}

fn groups(parts: &Parts) -> BTreeSet<BTreeSet<u32>> {
    let mut groups: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    for (node, part) in parts.of.iter().enumerate() {
        groups.entry(*part).or_default().insert(node as u32);
    }
    assert!(groups.iter().all(|(part, members)| parts.sizes[*part as usize] as usize == members.len()));
    groups.into_values().collect()
}

/// Simple cycles, as nodes from the least on, by trying every sequence.
fn naive_cycles(edges: &[(u32, u32)], most: usize) -> BTreeSet<Vec<u32>> {
    let mut found = BTreeSet::new();
    let mut open: Vec<Vec<u32>> = (0..NODES).map(|node| vec![node]).collect();
    while let Some(way) = open.pop() {
        let (first, last) = (way[0], way[way.len() - 1]);
        for edge in edges.iter().filter(|edge| edge.0 == last) {
            if edge.1 == first {
                found.insert(way.clone());
            } else if edge.1 > first && !way.contains(&edge.1) && way.len() < most {
                open.push([&*way, &[edge.1]].concat());
            }
        }
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_024, ..ProptestConfig::default() })]

    #[test]
    fn parts_are_those_of_distances(edges in edges()) {
        let network = network(&edges);
        let both: Vec<_> = edges.iter().flat_map(|edge| [*edge, (edge.1, edge.0)]).collect();
        let (there, either) = (distances(&edges), distances(&both));
        for start in 0..NODES {
            let reached = network.reachable(start);
            prop_assert!(reached.is_sorted_by_key(|node| there[&(start, *node)]));
            let expected: BTreeSet<u32> = (0..NODES).filter(|node| there.contains_key(&(start, *node))).collect();
            prop_assert_eq!(reached.into_iter().collect::<BTreeSet<_>>(), expected);
        }
        let strong: BTreeSet<BTreeSet<u32>> = (0..NODES)
            .map(|a| (0..NODES).filter(|b| there.contains_key(&(a, *b)) && there.contains_key(&(*b, a))).collect())
            .collect();
        let weak: BTreeSet<BTreeSet<u32>> =
            (0..NODES).map(|a| (0..NODES).filter(|b| either.contains_key(&(a, *b))).collect()).collect();
        prop_assert_eq!(groups(&strong_components(&network)), strong);
        prop_assert_eq!(groups(&components(&network)), weak);
    }

    #[test]
    fn routes_are_those_of_trying_every_one(edges in edges(), from in 0..NODES, to in 0..NODES, most in 1_u32..8) {
        let network = network(&edges);
        let far = distances(&edges);
        let is_route = |route: &Vec<u32>| {
            route[0] == from && route[route.len() - 1] == to && route.windows(2).all(|hop| edges.contains(&(hop[0], hop[1])))
        };
        let route = shortest_route(&network, from, to);
        prop_assert_eq!(route.as_ref().map(|route| route.len() - 1), far.get(&(from, to)).map(|hops| *hops as usize));
        prop_assert!(route.as_ref().is_none_or(is_route));

        let mut open = vec![vec![from]];
        let mut expected = BTreeSet::new();
        while let Some(way) = open.pop() {
            let last = way[way.len() - 1];
            if last == to {
                expected.insert(way);
            } else if way.len() <= most as usize {
                let onward = edges.iter().filter(|edge| edge.0 == last && !way.contains(&edge.1));
                open.extend(onward.map(|edge| [&*way, &[edge.1]].concat()));
            }
        }
        let config = RoutesConfig { max_hops: most, ..RoutesConfig::default() };
        let found = simple_routes(&network, from, to, &config);
        prop_assert!(found.completeness.is_complete() && found.routes.is_sorted());
        prop_assert_eq!(&found.routes, &expected.into_iter().collect::<Vec<_>>());
        let few = simple_routes(&network, from, to, &RoutesConfig { routes: 1, ..config });
        prop_assert_eq!(few.routes.len(), found.routes.len().min(1));
        prop_assert_eq!(few.completeness.is_complete(), found.routes.len() < 2);
    }

    #[test]
    fn core_numbers_are_those_of_peeling(edges in edges()) {
        let numbers = core_numbers(&network(&edges));
        for k in 0..NODES {
            let mut members: BTreeSet<u32> = (0..NODES).collect();
            loop {
                let ties = |node: u32| {
                    let of = edges.iter().filter_map(|edge| match edge {
                        (from, to) if *from == node => Some(*to),
                        (from, to) if *to == node => Some(*from),
                        _ => None,
                    });
                    of.filter(|other| *other != node && members.contains(other)).collect::<BTreeSet<u32>>().len()
                };
                let kept: BTreeSet<u32> = members.iter().copied().filter(|node| ties(*node) >= k as usize).collect();
                if kept == members { break; }
                members = kept;
            }
            for node in 0..NODES {
                prop_assert_eq!(numbers[node as usize] >= k, members.contains(&node), "{} in the {}-core", node, k);
            }
        }
    }

    #[test]
    fn ranks_are_those_of_a_dense_matrix(edges in edges()) {
        let network = network(&edges);
        let config = PageRankConfig::default();
        let found = pagerank(&network, &config);
        let nodes = NODES as usize;
        let mut ranks = vec![1.0 / nodes as f64; nodes];
        for _ in 0..found.rounds {
            let mut next = vec![0.0; nodes];
            for (from, rank) in ranks.iter().enumerate() {
                let out = edges.iter().filter(|edge| edge.0 as usize == from).count();
                for (to, next) in next.iter_mut().enumerate() {
                    let along = edges.iter().filter(|edge| **edge == (from as u32, to as u32)).count();
                    let follow = if out == 0 { 1.0 / nodes as f64 } else {
                        config.damping * along as f64 / out as f64 + (1.0 - config.damping) / nodes as f64
                    };
                    *next += rank * follow;
                }
            }
            ranks = next;
        }
        for (rank, expected) in found.ranks.iter().zip(&ranks) {
            prop_assert!((rank - expected).abs() < 1e-9, "{:?} {:?}", found.ranks, ranks);
        }
        prop_assert!((found.ranks.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        prop_assert!(found.change < config.tolerance || found.rounds == config.max_rounds);
    }

    #[test]
    fn betweenness_counts_shortest_paths(edges in edges()) {
        let network = network(&edges);
        let far = distances(&edges);
        let mut expected = vec![0.0; NODES as usize];
        for (start, end) in (0..NODES).flat_map(|start| (0..NODES).map(move |end| (start, end))).filter(|(a, b)| a != b) {
            let paths = shortest(&edges, &far, start, end);
            for node in paths.iter().flatten() {
                expected[*node as usize] += 1.0 / paths.len() as f64;
            }
        }
        let found = betweenness(&network, &BetweennessConfig::default());
        prop_assert_eq!(found.completeness, Completeness::Complete);
        for (score, expected) in found.scores.iter().zip(&expected) {
            prop_assert!((score - expected).abs() < 1e-9, "{:?} {:?}", found.scores, expected);
        }
        let sampled = betweenness(&network, &BetweennessConfig { samples: 3, seed: 5 });
        prop_assert_eq!(sampled.completeness, Completeness::Stopped(Stop::Samples(3)));
        prop_assert_eq!(&sampled, &betweenness(&network, &BetweennessConfig { samples: 3, seed: 5 }));
        for (estimate, exact) in sampled.scores.iter().zip(&found.scores) {
            prop_assert!(*estimate <= exact * f64::from(NODES) / 3.0 + 1e-9);
        }
    }

    #[test]
    fn cycles_are_found_once_each(edges in edges(), most in 1_u32..8) {
        let network = network(&edges);
        let config = CyclesConfig { max_hops: most, ..CyclesConfig::default() };
        let found = cycles(&network, &config);
        let as_nodes = |cycle: &Vec<usize>| {
            let mut nodes: Vec<u32> = cycle.iter().map(|edge| network.target(*edge)).collect();
            nodes.rotate_right(1);
            nodes
        };
        let listed: Vec<Vec<u32>> = found.cycles.iter().map(as_nodes).collect();
        let expected = naive_cycles(&edges, most as usize);
        prop_assert_eq!(listed.len(), expected.len());
        prop_assert!(listed.is_sorted_by_key(|cycle| (cycle.len(), cycle.clone())));
        prop_assert_eq!(listed.into_iter().collect::<BTreeSet<_>>(), expected);
        let more = naive_cycles(&edges, NODES as usize).iter().any(|cycle| cycle.len() > most as usize);
        prop_assert!(!more || !found.completeness.is_complete(), "a bounded search says so");
    }

    #[test]
    fn sources_in_common_are_those_of_every_pair(edges in edges(), least in 1_usize..3, of in prop::option::of(0..NODES)) {
        let found = shared_sources(&network(&edges), &SharedConfig { least, of, ..SharedConfig::default() });
        let sources = |node: u32| edges.iter().filter(|edge| edge.1 == node).map(|edge| edge.0).collect::<BTreeSet<u32>>();
        let mut expected = BTreeMap::new();
        for (one, other) in (0..NODES).flat_map(|one| (0..NODES).map(move |other| (one, other))) {
            let wanted = of.map_or(one < other, |of| one == of && other != of);
            let common: Vec<u32> = sources(one).intersection(&sources(other)).copied().collect();
            if wanted && common.len() >= least {
                expected.insert([one, other], common);
            }
        }
        prop_assert!(found.pairs.is_sorted_by_key(|(_, sources)| std::cmp::Reverse(sources.len())));
        prop_assert_eq!(found.pairs.into_iter().collect::<BTreeMap<_, _>>(), expected);
    }

    #[test]
    fn communities_hang_together_and_moving_one_node_gains_nothing_over_none(edges in edges(), seed in 0_u64..5) {
        let network = network(&edges);
        let config = CommunityConfig { seed, ..CommunityConfig::default() };
        let found = communities(&network, &config);
        prop_assert_eq!(&found, &communities(&network, &config));
        let both: Vec<_> = edges.iter().flat_map(|edge| [*edge, (edge.1, edge.0)]).collect();
        for group in groups(&found.parts) {
            let within: Vec<_> = both.iter().copied().filter(|(a, b)| group.contains(a) && group.contains(b)).collect();
            let far = distances(&within);
            prop_assert!(group.iter().all(|a| group.iter().all(|b| far.contains_key(&(*a, *b)))), "{:?}", group);
        }
        // By definition: a sum over all pairs of nodes.
        let ties: Vec<_> = edges.iter().copied().filter(|(a, b)| a != b).collect();
        let degree = |node: u32| ties.iter().filter(|(a, b)| *a == node || *b == node).count() as f64;
        let mut expected = 0.0;
        for (a, b) in (0..NODES).flat_map(|a| (0..NODES).map(move |b| (a, b))).filter(|_| !ties.is_empty()) {
            if found.parts.of[a as usize] == found.parts.of[b as usize] {
                let between = ties.iter().filter(|tie| **tie == (a, b) || **tie == (b, a)).count() as f64;
                let all = 2.0 * ties.len() as f64;
                expected += (between - degree(a) * degree(b) / all) / all;
            }
        }
        prop_assert!((found.modularity - expected).abs() < 1e-9, "{} {}", found.modularity, expected);
        let alone = Parts::of_marks(&(0..NODES).collect::<Vec<_>>());
        prop_assert!(found.modularity >= modularity(&network, &alone, 1.0) - 1e-9);
    }
}

#[test]
fn two_cliques_are_two_communities() {
    let clique = |first: u32| (first..first + 4).flat_map(move |a| (a + 1..first + 4).map(move |b| (a, b)));
    let edges: Vec<_> = clique(0).chain(clique(4)).chain([(0, 4)]).collect();
    let found = communities(&Network::of_edges(8, &edges), &CommunityConfig::default());
    assert_eq!(found.parts.of, [0, 0, 0, 0, 1, 1, 1, 1]);
}

#[test]
fn a_long_chain_needs_no_deep_stack() {
    let edges: Vec<_> = (0..200_000).map(|node| (node, node + 1)).chain([(200_000, 0)]).collect();
    let network = Network::of_edges(200_001, &edges);
    assert_eq!(strong_components(&network).sizes, [200_001]);
    assert_eq!(components(&network).sizes, [200_001]);
}

#[test]
fn ranks_are_the_same_for_any_number_of_threads() {
    // More nodes than one thread takes at a time, few of which hand most on.
    let edges: Vec<(u32, u32)> =
        (0..90_000_u32).map(|edge| ((edge % 300).pow(2) % 40_009, edge * 7_919 % 40_009)).collect();
    let network = Network::of_edges(40_009, &edges);
    let ranks_on = |threads| pagerank(&network, &PageRankConfig { threads, ..PageRankConfig::default() });
    let one = ranks_on(1);
    assert!((one.ranks.iter().sum::<f64>() - 1.0).abs() < 1e-9);
    assert_eq!(ranks_on(3), one);
}
