//! Who decides over whom: by a majority at every level, together with those whom one decides over already, by agreements
//! and other means, alone or in concert.

use guanxi_model::{Decimal, Share};

use super::rules::{Threshold, Verdict};
use super::structure::Upstream;

/// Whom a party, or several who act in concert, decide over.
#[derive(Clone, Debug)]
pub(super) struct Domain {
    /// By number: whether they decide over it, surely or perhaps. Themselves they do not decide over.
    pub verdicts: Vec<Verdict>,
    /// By number, for those that are decided over: the ties that do it, as tail numbers.
    pub by: Vec<Vec<usize>>,
    /// In the order in which they came to be decided over.
    members: Vec<usize>,
}

impl Domain {
    /// The domain of `heads`, who act as one.
    pub(super) fn of(upstream: &Upstream, heads: &[usize]) -> Self {
        let sure = Self::within(upstream, heads, |votes| Threshold::MAJORITY.judge(votes) == Verdict::Reaches);
        let perhaps = Self::within(upstream, heads, |votes| Threshold::MAJORITY.judge(votes) != Verdict::Below);
        let mut domain = perhaps;
        for (at, verdict) in domain.verdicts.iter_mut().enumerate() {
            *verdict = match (sure.verdicts[at], *verdict) {
                (Verdict::Reaches, _) => Verdict::Reaches,
                (_, Verdict::Reaches) => Verdict::MayReach,
                _ => Verdict::Below,
            };
            if sure.verdicts[at] == Verdict::Reaches {
                domain.by[at].clone_from(&sure.by[at]);
            }
        }
        domain
    }

    fn within(upstream: &Upstream, heads: &[usize], decides: impl Fn(&Share) -> bool) -> Self {
        let size = upstream.parties.len();
        let mut ties: Vec<Vec<Tie>> = vec![Vec::new(); size];
        for stake in &upstream.stakes {
            ties[stake.owner as usize].push(Tie { to: stake.owned as usize, votes: Some(stake.share) });
        }
        for control in &upstream.controls {
            // A figure of votes is a figure: a tenth of the votes is no control, whatever the text calls it.
            let votes = control.votes.filter(|votes| Threshold::MAJORITY.judge(votes) != Verdict::Reaches);
            if votes.is_none() {
                ties[control.controller as usize].push(Tie { to: control.controlled as usize, votes: None });
            }
        }
        let mut domain = Self { verdicts: vec![Verdict::Below; size], by: vec![Vec::new(); size], members: Vec::new() };
        let mut votes: Vec<Option<Share>> = vec![None; size];
        let mut open: Vec<usize> = heads.to_vec();
        while let Some(at) = open.pop() {
            for tie in &ties[at] {
                if heads.contains(&tie.to) || tie.to == at {
                    continue;
                }
                domain.by[tie.to].push(at);
                let decided = tie.votes.is_none_or(|more| {
                    let total = sum(votes[tie.to], more);
                    votes[tie.to] = Some(total);
                    decides(&total)
                });
                if decided && domain.verdicts[tie.to] == Verdict::Below {
                    domain.verdicts[tie.to] = Verdict::Reaches;
                    domain.members.push(tie.to);
                    open.push(tie.to);
                }
            }
        }
        domain
    }

    /// What the heads and those they surely decide over hold together of a party directly.
    pub(super) fn direct_share(&self, upstream: &Upstream, heads: &[usize], company: usize) -> Option<Share> {
        let counts = |owner: usize| heads.contains(&owner) || self.verdicts[owner] == Verdict::Reaches;
        let held =
            upstream.stakes.iter().filter(|stake| stake.owned as usize == company && counts(stake.owner as usize));
        held.map(|stake| stake.share).fold(None, |total, share| Some(sum(total, share)))
    }

    /// One chain of parties from a head to `party`, for each tie by which it is decided over.
    pub(super) fn chains(&self, heads: &[usize], party: usize, most: usize) -> Vec<Vec<usize>> {
        let mut last: Vec<usize> = self.by[party].clone();
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
            at = *self.by[at].first()?;
            if chain.contains(&at) {
                return None;
            }
            chain.push(at);
        }
        chain.reverse();
        Some(chain)
    }
}

#[derive(Clone, Debug)]
struct Tie {
    to: usize,
    /// `None` of what is control by itself.
    votes: Option<Share>,
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
