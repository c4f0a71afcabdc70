//! Cores: how deep in the thick of the network each node stands.

use super::Network;

/// The core number of each node: the greatest k for which it lies in a part where everybody has k ties to others of the
/// part. Two nodes have one tie, however many edges run between them; a loop is none.
///
/// Batagelj and Zaveršnik's algorithm: nodes in buckets of their degree, the least taken away first.
pub fn core_numbers(network: &Network) -> Vec<u32> {
    let ties: Vec<Vec<u32>> = network.nodes().map(|node| network.ties(node)).collect();
    let mut degrees: Vec<u32> = ties.iter().map(|ties| ties.len() as u32).collect();
    let greatest = degrees.iter().copied().max().unwrap_or(0) as usize;
    let mut starts = vec![0_usize; greatest + 2];
    for degree in &degrees {
        starts[*degree as usize + 1] += 1;
    }
    for degree in 0..=greatest {
        starts[degree + 1] += starts[degree];
    }
    let mut next = starts.clone();
    let (mut order, mut place) = (vec![0_u32; degrees.len()], vec![0_usize; degrees.len()]);
    for node in network.nodes() {
        let at = &mut next[degrees[node as usize] as usize];
        (order[*at], place[node as usize]) = (node, *at);
        *at += 1;
    }
    for at in 0..order.len() {
        let node = order[at];
        for &other in &ties[node as usize] {
            let degree = degrees[other as usize];
            if degree <= degrees[node as usize] {
                continue;
            }
            // To the front of its bucket, which then begins behind it.
            let (front, from) = (starts[degree as usize].max(at + 1), place[other as usize]);
            order.swap(front, from);
            place[order[from] as usize] = from;
            place[other as usize] = front;
            starts[degree as usize] = front + 1;
            degrees[other as usize] -= 1;
        }
    }
    degrees
}
