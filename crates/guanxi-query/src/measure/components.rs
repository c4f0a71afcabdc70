//! Parts of a network: what hangs together at all, and what reaches each other both ways.

use std::cmp::Reverse;

use rustc_hash::FxHashMap;

use super::Network;

/// To which part each node belongs. Parts are numbered by the least node in them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts {
    /// By node.
    pub of: Vec<u32>,
    /// Number of nodes in each part.
    pub sizes: Vec<u32>,
}

impl Parts {
    /// Numbers whatever marks nodes as of one part anew, by the least node.
    pub(super) fn of_marks(marks: &[u32]) -> Self {
        let mut numbers = vec![u32::MAX; marks.len()];
        let mut sizes: Vec<u32> = Vec::new();
        let mut of = Vec::with_capacity(marks.len());
        for mark in marks {
            let number = &mut numbers[*mark as usize];
            if *number == u32::MAX {
                *number = sizes.len() as u32;
                sizes.push(0);
            }
            sizes[*number as usize] += 1;
            of.push(*number);
        }
        Self { of, sizes }
    }
}

/// What hangs together, whichever way edges run.
pub fn components(network: &Network) -> Parts {
    // A few edges of each node tie most nodes into one great part. Of its members no other edge need be looked at, since
    // whoever is none of them looks at all of its own (Afforest).
    let mut parents: Vec<u32> = network.nodes().collect();
    for node in network.nodes() {
        network.targets(node).iter().take(FIRST).for_each(|&target| link(&mut parents, node, target));
    }
    flatten(&mut parents);
    let great = frequent(&parents);
    for node in network.nodes() {
        if parents[node as usize] != great {
            let others = network.targets(node).iter().skip(FIRST).chain(network.sources(node));
            others.for_each(|&other| link(&mut parents, node, other));
        }
    }
    flatten(&mut parents);
    Parts::of_marks(&parents)
}

/// How many edges of each node are looked at before those of the great part are left out.
const FIRST: usize = 2;
/// How many nodes are asked for the part that most of them are in.
const ASKED: usize = 1_024;

/// The root that most nodes have, among some that are spread over all; 0 where there are no nodes.
fn frequent(roots: &[u32]) -> u32 {
    let step = (roots.len() / ASKED).max(1);
    let mut counts: FxHashMap<u32, u32> = FxHashMap::default();
    for root in roots.iter().step_by(step) {
        *counts.entry(*root).or_default() += 1;
    }
    counts.into_iter().max_by_key(|&(root, count)| (count, Reverse(root))).map_or(0, |(root, _)| root)
}

/// Makes every parent a root: a parent is no greater than its child, and so has been made one before it.
fn flatten(parents: &mut [u32]) {
    for node in 0..parents.len() {
        parents[node] = parents[parents[node] as usize];
    }
}

/// Union–find that halves paths; the lesser root wins, so that no ranks are needed for equal results.
fn link(parents: &mut [u32], one: u32, other: u32) {
    let (one, other) = (root(parents, one), root(parents, other));
    parents[one.max(other) as usize] = one.min(other);
}

fn root(parents: &mut [u32], mut node: u32) -> u32 {
    while parents[node as usize] != node {
        let above = parents[parents[node as usize] as usize];
        parents[node as usize] = above;
        node = above;
    }
    node
}

/// What reaches each other both ways: Tarjan's algorithm, without recursion, as chains of owners may be long.
pub fn strong_components(network: &Network) -> Parts {
    const UNSEEN: u32 = u32::MAX;
    /// Larger than every order, so that no node that is done lowers another.
    const DONE: u32 = u32::MAX - 1;
    let nodes = network.node_count();
    let mut order = vec![UNSEEN; nodes];
    let mut marks = vec![0_u32; nodes];
    let (mut counter, mut stack, mut calls) = (0_u32, Vec::new(), Vec::new());
    for start in network.nodes() {
        if order[start as usize] != UNSEEN {
            continue;
        }
        calls.push((start, network.out_edges(start), counter));
        order[start as usize] = counter;
        stack.push(start);
        counter += 1;
        while let Some((node, edges, own)) = calls.last_mut() {
            let node = *node;
            if let Some(edge) = edges.next() {
                let target = network.target(edge);
                match order[target as usize] {
                    UNSEEN => {
                        order[target as usize] = counter;
                        stack.push(target);
                        calls.push((target, network.out_edges(target), counter));
                        counter += 1;
                    }
                    DONE => {}
                    seen => order[node as usize] = order[node as usize].min(seen),
                }
                continue;
            }
            let (own, low) = (*own, order[node as usize]);
            calls.pop();
            if low == own {
                while let Some(member) = stack.pop() {
                    order[member as usize] = DONE;
                    marks[member as usize] = node;
                    if member == node {
                        break;
                    }
                }
            } else if let Some((above, ..)) = calls.last() {
                order[*above as usize] = order[*above as usize].min(low);
            }
        }
    }
    Parts::of_marks(&marks)
}
