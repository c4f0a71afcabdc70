//! The chains that make up a share, greatest first.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use guanxi_model::{Decimal, Share};

use super::effective::Effective;
use super::structure::Upstream;

/// A way from an owner down to the company, through nobody twice.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub parties: Vec<usize>,
    /// The product of its shares, percent.
    pub share: Share,
}

/// The `most` greatest chains from `owner`; whether there are more, or may be.
pub(super) fn greatest(
    upstream: &Upstream,
    effective: &Effective,
    owner: usize,
    most: usize,
    max_steps: usize,
) -> (Vec<Found>, bool) {
    let whole = Share::exact(Decimal::ONE_HUNDRED);
    // No chain onward from a party adds more than all of them together, so that the first to arrive is the greatest.
    let promise = |at: usize, share: &Share| share.max * effective.shares[at].max;
    let mut open = BinaryHeap::from([Open { promise: promise(owner, &whole), parties: vec![owner], share: whole }]);
    let mut found = Vec::new();
    for _ in 0..max_steps {
        let Some(Open { parties, share, .. }) = open.pop() else { return (found, false) };
        let at = parties[parties.len() - 1];
        if at == 0 {
            if found.len() == most {
                return (found, true);
            }
            found.push(Found { parties, share });
            continue;
        }
        for stake in upstream.held_by(at) {
            let next = stake.owned as usize;
            if parties.contains(&next) || stake.share.max.is_zero() {
                continue;
            }
            let share = product(&share, &stake.share);
            let parties = parties.iter().copied().chain([next]).collect();
            open.push(Open { promise: promise(next, &share), parties, share });
        }
    }
    (found, true)
}

/// The share that is held through another.
pub(super) fn product(a: &Share, b: &Share) -> Share {
    let times = |a: Decimal, b: Decimal| (a * b / Decimal::ONE_HUNDRED).round_dp(12).normalize();
    // Nothing of anything is nothing: an end of zero that is included is reached whatever the other one is.
    let excludes = |ends: [(Decimal, bool); 2]| {
        ends.iter().any(|(_, open)| *open) && !ends.iter().any(|(end, open)| end.is_zero() && !open)
    };
    Share {
        min: times(a.min, b.min),
        max: times(a.max, b.max),
        min_exclusive: excludes([(a.min, a.min_exclusive), (b.min, b.min_exclusive)]),
        max_exclusive: excludes([(a.max, a.max_exclusive), (b.max, b.max_exclusive)]),
    }
}

#[derive(PartialEq, Eq)]
struct Open {
    promise: Decimal,
    parties: Vec<usize>,
    share: Share,
}

impl Ord for Open {
    fn cmp(&self, other: &Self) -> Ordering {
        // Of equal ones the shorter, then the one whose parties lie nearer.
        (self.promise, other.parties.len(), &other.parties).cmp(&(other.promise, self.parties.len(), &self.parties))
    }
}

impl PartialOrd for Open {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
