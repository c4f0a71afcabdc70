//! The American rule: who is owned 50 percent or more by blocked persons, together, counts as blocked, and then its whole
//! stake counts further down; below, nothing does. Control does not matter.

use std::collections::BTreeSet;

use guanxi_model::Share;

use super::control::sum;
use super::inquiry::Inquiry;
use super::rules::{Ground, Verdict};
use super::structure::Node;
use super::{Answer, Chain, Finding, Owner, Reason};

pub(super) fn owners(inquiry: &Inquiry<'_>, blocked: &BTreeSet<Node>) -> Answer {
    let listed = |at: usize| blocked.contains(&inquiry.upstream.parties[at]);
    let verdicts = cascade(inquiry, &listed);
    let mut answer = inquiry.empty();
    for stake in inquiry.upstream.held_of(0) {
        let at = stake.owner as usize;
        let reason = Reason {
            ground: Ground::Ownership,
            verdict: verdicts[at],
            article: inquiry.version.article(Ground::Ownership).unwrap_or_default().to_owned(),
            chains: Vec::new(),
        };
        let counted = Owner {
            share: stake.share,
            chains: chains(inquiry, &verdicts, &listed, at),
            more_chains: false,
            ..inquiry.owner(at, vec![reason])
        };
        match verdicts[at] {
            Verdict::Reaches => answer.owners.push(counted),
            Verdict::MayReach => answer.possible.push(counted),
            Verdict::Below => {}
        }
    }
    let uncounted =
        (1..inquiry.upstream.parties.len()).filter(|&at| {
            listed(at)
                && answer.owners.iter().chain(&answer.possible).all(|owner| {
                    owner.chains.iter().all(|chain| !chain.parties.contains(&inquiry.upstream.parties[at]))
                })
        });
    answer.below = uncounted.map(|at| inquiry.owner(at, Vec::new())).collect();
    let total =
        |owners: &[Owner]| owners.iter().map(|owner| owner.share).fold(None, |all, share| Some(sum(all, share)));
    let share = total(&answer.owners);
    answer.finding = match verdicts[0] {
        _ if listed(0) => Finding::Listed,
        _ if inquiry.upstream.parties.len() == 1 => Finding::NoOwnerKnown,
        Verdict::Reaches => Finding::Blocked { share },
        Verdict::MayReach => {
            Finding::MayBeBlocked { share: total(&[answer.owners.clone(), answer.possible.clone()].concat()) }
        }
        Verdict::Below => Finding::NotBlocked { share },
    };
    answer
}

/// Who counts as blocked, surely or perhaps.
fn cascade(inquiry: &Inquiry<'_>, listed: &impl Fn(usize) -> bool) -> Vec<Verdict> {
    let count = |counts: &dyn Fn(&Share) -> bool| {
        let size = inquiry.upstream.parties.len();
        let mut is_blocked: Vec<bool> = (0..size).map(listed).collect();
        loop {
            let mut held: Vec<Option<Share>> = vec![None; size];
            let mut reaches = vec![false; size];
            for stake in inquiry.upstream.stakes.iter().filter(|stake| is_blocked[stake.owner as usize]) {
                let owned = stake.owned as usize;
                let before = held[owned].filter(|_| inquiry.version.aggregate);
                let share = sum(before, stake.share);
                held[owned] = Some(share);
                reaches[owned] |= counts(&share);
            }
            let newly: Vec<usize> = (0..size).filter(|&at| reaches[at] && !is_blocked[at]).collect();
            if newly.is_empty() {
                return is_blocked;
            }
            newly.into_iter().for_each(|at| is_blocked[at] = true);
        }
    };
    let threshold = inquiry.version.threshold;
    let sure = count(&|share| threshold.judge(share) == Verdict::Reaches);
    let perhaps = count(&|share| threshold.judge(share) != Verdict::Below);
    let verdict = |(sure, perhaps): (bool, bool)| match (sure, perhaps) {
        (true, _) => Verdict::Reaches,
        (false, true) => Verdict::MayReach,
        (false, false) => Verdict::Below,
    };
    sure.into_iter().zip(perhaps).map(verdict).collect()
}

/// From whoever is listed down to `owner`, and on to the company: one chain for each that is listed.
fn chains(inquiry: &Inquiry<'_>, verdicts: &[Verdict], listed: &impl Fn(usize) -> bool, owner: usize) -> Vec<Chain> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::from([0, owner]);
    let mut open = vec![vec![0, owner]];
    while let Some(chain) = open.pop() {
        let at = chain[chain.len() - 1];
        if listed(at) {
            let down: Vec<usize> = chain.iter().rev().copied().collect();
            found.push(inquiry.chain(&down));
            continue;
        }
        for stake in inquiry.upstream.held_of(at) {
            let above = stake.owner as usize;
            if verdicts[above] != Verdict::Below && seen.insert(above) {
                open.push([chain.as_slice(), &[above]].concat());
            }
        }
    }
    found.sort_by(|a, b| a.parties.cmp(&b.parties));
    found
}
