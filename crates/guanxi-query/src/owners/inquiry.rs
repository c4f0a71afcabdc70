//! What the calculators share: one company under one version of a rule, what is found out about it, and how it is told.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use guanxi_model::{Decimal, Share};

use super::chains;
use super::control::{Domain, sum};
use super::effective::Effective;
use super::rules::{Ground, Verdict, Version};
use super::structure::{Node, Party, Structure, Upstream};
use super::{Answer, Chain, End, Finding, Owner, OwnersConfig, Reason, Remark, Stopped};

/// A company under a version of a rule.
pub(super) struct Inquiry<'a> {
    pub structure: &'a Structure,
    pub company: Node,
    pub upstream: Upstream,
    pub effective: Effective,
    pub version: &'a Version,
    config: &'a OwnersConfig,
}

/// What was found out about each party, by number.
pub(super) type Screen = BTreeMap<usize, Vec<Reason>>;

impl<'a> Inquiry<'a> {
    pub(super) fn new(structure: &'a Structure, company: Node, version: &'a Version, config: &'a OwnersConfig) -> Self {
        let upstream = Upstream::of(structure, company);
        let effective = Effective::of(&upstream);
        Self { structure, company, upstream, effective, version, config }
    }

    pub(super) fn party(&self, at: usize) -> &'a Party {
        &self.structure.parties[self.upstream.parties[at] as usize]
    }

    /// Natural persons, and whoever is not named: it may be one.
    pub(super) fn persons(&self) -> Vec<usize> {
        let is_person = |at: &usize| matches!(self.party(*at), Party::Person | Party::Undisclosed(_));
        (1..self.upstream.parties.len()).filter(is_person).collect()
    }

    /// Persons whose effective share reaches the threshold.
    pub(super) fn by_ownership(&self, screen: &mut Screen) {
        for at in self.persons() {
            let verdict = self.version.threshold.judge(&self.effective.shares[at]);
            self.add(screen, at, Ground::Ownership, verdict, Vec::new());
        }
    }

    /// Persons of whom it is told that they have votes that reach the threshold.
    pub(super) fn by_votes(&self, screen: &mut Screen) {
        for control in self.upstream.controlling(0) {
            let (at, votes) = (control.controller as usize, control.votes);
            if let (Party::Person | Party::Undisclosed(_), Some(votes)) = (self.party(at), votes) {
                self.add(screen, at, Ground::Votes, self.version.threshold.judge(&votes), Vec::new());
            }
        }
    }

    /// Persons who decide over the company.
    pub(super) fn by_control(&self, screen: &mut Screen) {
        for at in self.persons() {
            let domain = Domain::of(&self.upstream, &[at]);
            self.add(screen, at, Ground::Control, domain.verdict(0), self.chains_of_control(&domain, &[at]));
        }
    }

    /// Persons who decide over it in concert, and not one of them alone.
    pub(super) fn by_joint_control(&self, screen: &mut Screen) {
        let joint =
            self.upstream.groups.iter().filter(|group| group.iter().all(|&at| self.decides_alone(at).is_none()));
        for group in joint {
            let domain = Domain::of(&self.upstream, group);
            let persons = group.iter().filter(|&&at| matches!(self.party(at), Party::Person | Party::Undisclosed(_)));
            for &at in persons {
                let chains = self.chains_of_member(&domain, group, at);
                self.add(screen, at, Ground::JointControl, domain.verdict(0), chains);
            }
        }
    }

    /// Persons who decide over parties whose direct shares, with their own, together reach the threshold.
    pub(super) fn by_controlled_holders(&self, screen: &mut Screen) {
        for at in self.persons() {
            let domain = Domain::of(&self.upstream, &[at]);
            let through: Vec<usize> = self
                .upstream
                .held_of(0)
                .map(|stake| stake.owner as usize)
                .filter(|&owner| domain.verdict(owner) == Verdict::Reaches)
                .collect();
            let share = domain.direct_share(&self.upstream, &[at], 0);
            if let Some(share) = share.filter(|_| !through.is_empty()) {
                let chains = through.iter().filter_map(|&owner| domain.chains(&[at], owner, 1).pop());
                let chains = chains.map(|chain| self.chain(&[chain, vec![0]].concat())).collect();
                let verdict = self.version.threshold.judge(&share);
                self.add(screen, at, Ground::HeldByControlled, verdict, chains);
            }
        }
    }

    /// Persons whose effective share in somebody who decides over the company reaches the threshold.
    pub(super) fn by_interest_in_controllers(&self, screen: &mut Screen) {
        let companies = (1..self.upstream.parties.len()).filter(|&at| *self.party(at) == Party::Company);
        for controller in companies {
            let domain = Domain::of(&self.upstream, &[controller]);
            if domain.verdict(0) == Verdict::Below {
                continue;
            }
            let above = Upstream::of(self.structure, self.upstream.parties[controller]);
            let shares = Effective::of(&above).shares;
            for at in self.persons() {
                let Some(there) = above.number(self.upstream.parties[at]) else { continue };
                let verdict = self.version.threshold.judge(&shares[there]).max(domain.verdict(0));
                let chains = self.chains_of_control(&domain, &[controller]);
                self.add(screen, at, Ground::InterestInController, verdict, chains);
            }
        }
    }

    /// Whether a party decides over the company by itself.
    fn decides_alone(&self, at: usize) -> Option<Domain> {
        Some(Domain::of(&self.upstream, &[at])).filter(|domain| domain.verdict(0) == Verdict::Reaches)
    }

    pub(super) fn chains_of_control(&self, domain: &Domain, heads: &[usize]) -> Vec<Chain> {
        if domain.verdict(0) == Verdict::Below {
            return Vec::new();
        }
        domain.chains(heads, 0, self.config.chains).iter().map(|chain| self.chain(chain)).collect()
    }

    /// Of a group those ways of control that begin at one of its members; all, where its own shares are not needed.
    pub(super) fn chains_of_member(&self, domain: &Domain, group: &[usize], member: usize) -> Vec<Chain> {
        let all = self.chains_of_control(domain, group);
        let is_own = |chain: &&Chain| chain.parties.first() == Some(&self.upstream.parties[member]);
        let own: Vec<Chain> = all.iter().filter(is_own).cloned().collect();
        if own.is_empty() { all } else { own }
    }

    pub(super) fn add(&self, screen: &mut Screen, at: usize, ground: Ground, verdict: Verdict, chains: Vec<Chain>) {
        let Some(article) = self.version.article(ground) else { return };
        if verdict == Verdict::Below {
            return;
        }
        let reasons = screen.entry(at).or_default();
        match reasons.iter_mut().find(|reason| reason.ground == ground) {
            Some(known) => known.verdict = known.verdict.min(verdict),
            None => reasons.push(Reason { ground, verdict, article: article.to_owned(), chains }),
        }
    }

    /// The answer of a rule that looks for persons, or for whoever `screen` names.
    pub(super) fn answer(&self, mut screen: Screen) -> Answer {
        let mut answer = self.empty();
        let mut numbers: Vec<usize> = (1..self.upstream.parties.len()).collect();
        let share = |at: usize| &self.effective.shares[at];
        numbers.sort_by_key(|&at| (Reverse((share(at).max, share(at).min)), self.upstream.parties[at]));
        for at in numbers {
            let reasons = screen.remove(&at).unwrap_or_default();
            match reasons.iter().map(|reason| reason.verdict).min() {
                Some(Verdict::Reaches) => answer.owners.push(self.owner(at, reasons)),
                Some(_) => answer.possible.push(self.owner(at, reasons)),
                None if !self.is_end(at) => {}
                None if answer.below.len() < self.config.below => answer.below.push(self.owner(at, reasons)),
                None => answer.unlisted += 1,
            }
        }
        answer.finding = self.finding(&answer);
        answer
    }

    /// Whether chains end at a party. A company of which a part of the owners is known is no owner at the end: its rest
    /// stands among the ends.
    fn is_end(&self, at: usize) -> bool {
        match self.stopped(at) {
            None => *self.party(at) == Party::Person,
            Some(stopped) => !matches!(stopped, Stopped::PartlyKnown { .. }),
        }
    }

    /// Everything but the owners.
    pub(super) fn empty(&self) -> Answer {
        Answer {
            company: self.company,
            owners: Vec::new(),
            possible: Vec::new(),
            below: Vec::new(),
            unlisted: 0,
            finding: Finding::NoOwnerKnown,
            ends: self.ends(),
            remarks: self.remarks(),
            upstream: self
                .upstream
                .parties
                .iter()
                .zip(&self.effective.shares)
                .map(|(&node, &share)| (node, share))
                .collect(),
        }
    }

    pub(super) fn owner(&self, at: usize, reasons: Vec<Reason>) -> Owner {
        let party = self.upstream.parties[at];
        let (found, more_chains) =
            chains::greatest(&self.upstream, &self.effective, at, self.config.chains, self.config.max_steps);
        let chains = found.into_iter().map(|found| Chain {
            parties: found.parties.iter().map(|&at| self.upstream.parties[at]).collect(),
            share: Some(found.share),
        });
        Owner {
            party,
            share: self.effective.shares[at],
            direct: self.direct(at),
            reasons,
            chains: chains.collect(),
            more_chains,
        }
    }

    pub(super) fn direct(&self, at: usize) -> Option<Share> {
        self.upstream.held_by(at).find(|stake| stake.owned == 0).map(|stake| stake.share)
    }

    pub(super) fn chain(&self, numbers: &[usize]) -> Chain {
        Chain { parties: numbers.iter().map(|&at| self.upstream.parties[at]).collect(), share: None }
    }

    fn finding(&self, answer: &Answer) -> Finding {
        let undisclosed = |owner: &Owner| match &self.structure.parties[owner.party as usize] {
            Party::Undisclosed(reason) => Some(Finding::Undisclosed { party: owner.party, reason: reason.clone() }),
            _ => None,
        };
        let mut hidden = answer.owners.iter().filter_map(undisclosed);
        if answer.owners.iter().any(|owner| undisclosed(owner).is_none()) {
            Finding::Owners
        } else if let Some(hidden) = hidden.next() {
            hidden
        } else if self.upstream.parties.len() == 1 {
            Finding::NoOwnerKnown
        } else if !self.effective.circular.is_empty() && self.persons().is_empty() {
            Finding::Circle
        } else {
            Finding::NobodyReaches { untraced: self.untraced() }
        }
    }

    /// The part of the company, percent, that is not known to be held by a person or a public body.
    pub(super) fn untraced(&self) -> Decimal {
        let is_traced = |at: &usize| matches!(self.party(*at), Party::Person | Party::PublicBody);
        let traced = (1..self.upstream.parties.len()).filter(is_traced).map(|at| self.effective.shares[at].min);
        (Decimal::ONE_HUNDRED - traced.sum::<Decimal>()).max(Decimal::ZERO)
    }

    fn ends(&self) -> Vec<End> {
        let whole = Share::exact(Decimal::ONE_HUNDRED);
        let end = |at: usize| {
            let stopped = self.stopped(at)?;
            let share = match &stopped {
                Stopped::PartlyKnown { rest } => chains::product(&self.effective.flows[at], &Share::exact(*rest)),
                _ if at == 0 => whole,
                _ => self.effective.shares[at],
            };
            Some(End { party: self.upstream.parties[at], share, stopped })
        };
        (0..self.upstream.parties.len()).filter_map(end).collect()
    }

    /// Why nobody is known above a party, or not above the whole of it.
    pub(super) fn stopped(&self, at: usize) -> Option<Stopped> {
        match self.party(at) {
            Party::Person => return None,
            Party::PublicBody => return Some(Stopped::PublicBody),
            Party::Undisclosed(reason) => return Some(Stopped::Undisclosed(reason.clone())),
            Party::Company => {}
        }
        if self.effective.circular.contains(&at) {
            return Some(Stopped::Circle);
        }
        let known =
            self.upstream.held_of(at).map(|stake| stake.share).fold(None, |total, share| Some(sum(total, share)));
        let is_controlled = self.upstream.controlling(at).next().is_some();
        match known {
            None if is_controlled => None,
            None => Some(Stopped::NoOwnerKnown),
            Some(known) if known.max < Decimal::ONE_HUNDRED => {
                Some(Stopped::PartlyKnown { rest: Decimal::ONE_HUNDRED - known.max })
            }
            Some(_) => None,
        }
    }

    fn remarks(&self) -> Vec<Remark> {
        let node = |at: usize| self.upstream.parties[at];
        let capped = self.effective.capped.iter().map(|&at| Remark::Capped { owner: node(at) });
        let repeated = self.upstream.repeated.iter();
        let repeated = repeated
            .map(|stake| Remark::Repeated { owner: node(stake.owner as usize), owned: node(stake.owned as usize) });
        let mut remarks: Vec<Remark> = capped.chain(repeated).collect();
        for at in 0..self.upstream.parties.len() {
            let total: Decimal = self.upstream.held_of(at).map(|stake| stake.share.min).sum();
            if total > Decimal::ONE_HUNDRED {
                remarks.push(Remark::OverTheWhole { owned: node(at), total });
            }
        }
        remarks
    }
}
