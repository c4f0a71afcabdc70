//! Who decides over whom: by a majority at every level, together with those whom one decides over already, by agreements
//! and other means, alone or in concert.

use std::collections::VecDeque;

use guanxi_model::{Decimal, Share};
use rustc_hash::FxHashMap;

use super::rules::{Threshold, Verdict};
use super::structure::Upstream;

/// Whom a party, or several who act in concert, decide over. Themselves they do not decide over.
#[derive(Clone, Debug, Default)]
pub(super) struct Domain {
    /// Surely or perhaps, by number; whoever is not in it is not decided over.
    verdicts: FxHashMap<usize, Verdict>,
    /// By whose ties each comes to be decided over, in the order in which they were found.
    by: FxHashMap<usize, Vec<usize>>,
}

impl Domain {
    /// The domain of `heads`, who act as one.
    pub(super) fn of(upstream: &Upstream, heads: &[usize]) -> Self {
        let sure = Self::within(upstream, heads, |votes| Threshold::MAJORITY.judge(votes) == Verdict::Reaches);
        let mut domain = Self::within(upstream, heads, |votes| Threshold::MAJORITY.judge(votes) != Verdict::Below);
        domain.verdicts.values_mut().for_each(|verdict| *verdict = Verdict::MayReach);
        domain.verdicts.extend(sure.verdicts.iter());
        let decided = sure.by.into_iter().filter(|(at, _)| sure.verdicts.contains_key(at));
        domain.by.extend(decided);
        domain
    }

    /// Whether they decide over a party.
    pub(super) fn verdict(&self, at: usize) -> Verdict {
        self.verdicts.get(&at).copied().unwrap_or(Verdict::Below)
    }

    fn within(upstream: &Upstream, heads: &[usize], decides: impl Fn(&Share) -> bool) -> Self {
        let mut domain = Self::default();
        let mut votes: FxHashMap<usize, Share> = FxHashMap::default();
        let mut open: VecDeque<usize> = heads.iter().copied().collect();
        while let Some(at) = open.pop_front() {
            // A figure of votes is a figure: a tenth of the votes is no control, whatever the text calls it, and where one
            // is told the shares tell nothing of votes.
            let controls: Vec<(usize, Option<Share>)> =
                upstream.controlled_by(at).map(|control| (control.controlled as usize, control.votes)).collect();
            let tells_votes = |to: usize| controls.iter().any(|(of, votes)| *of == to && votes.is_some());
            let stakes = upstream.held_by(at).map(|stake| (stake.owned as usize, Some(stake.share)));
            let ties: Vec<(usize, Option<Share>)> =
                stakes.filter(|(to, _)| !tells_votes(*to)).chain(controls.iter().copied()).collect();
            for (to, share) in ties.into_iter().filter(|(to, _)| !heads.contains(to) && *to != at) {
                domain.by.entry(to).or_default().push(at);
                let decided = share.is_none_or(|more| {
                    let total = sum(votes.get(&to).copied(), more);
                    votes.insert(to, total);
                    decides(&total)
                });
                if decided && domain.verdicts.insert(to, Verdict::Reaches).is_none() {
                    open.push_back(to);
                }
            }
        }
        domain
    }

    /// What the heads and those they surely decide over hold together of a party directly.
    pub(super) fn direct_share(&self, upstream: &Upstream, heads: &[usize], company: usize) -> Option<Share> {
        let counts = |owner: usize| heads.contains(&owner) || self.verdict(owner) == Verdict::Reaches;
        let held = upstream.held_of(company).filter(|stake| counts(stake.owner as usize));
        held.map(|stake| stake.share).fold(None, |total, share| Some(sum(total, share)))
    }

    /// One chain of parties from a head to `party`, for each tie by which it is decided over.
    pub(super) fn chains(&self, heads: &[usize], party: usize, most: usize) -> Vec<Vec<usize>> {
        let mut last: Vec<usize> = self.by.get(&party).cloned().unwrap_or_default();
        last.sort_unstable();
        last.dedup();
        last.truncate(most);
        last.into_iter().filter_map(|owner| self.chain(heads, owner, party)).collect()
    }

    /// Back to a head along the first tie of each, over parties that came to be decided over earlier.
    fn chain(&self, heads: &[usize], owner: usize, party: usize) -> Option<Vec<usize>> {
        let mut chain = vec![party, owner];
        let mut at = owner;
        while !heads.contains(&at) {
            at = *self.by.get(&at)?.first()?;
            if chain.contains(&at) {
                return None;
            }
            chain.push(at);
        }
        chain.reverse();
        Some(chain)
    }
}

/// The sum of two holdings, no more than the whole.
pub(super) fn sum(total: Option<Share>, more: Share) -> Share {
    let Some(total) = total else { return more };
    let max = total.max + more.max;
    Share {
        min: (total.min + more.min).min(Decimal::ONE_HUNDRED),
        max: max.min(Decimal::ONE_HUNDRED),
        min_exclusive: (total.min_exclusive || more.min_exclusive) && total.min + more.min < Decimal::ONE_HUNDRED,
        max_exclusive: (total.max_exclusive || more.max_exclusive) && max <= Decimal::ONE_HUNDRED,
    }
}
