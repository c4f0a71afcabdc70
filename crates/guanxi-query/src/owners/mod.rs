//! Who owns a company and who controls it, as five laws see it: one calculator a file, over the same [`Structure`] of
//! stakes, control and concert, which [`Holdings`] reads from a snapshot.
//!
//! The laws differ in more than their thresholds. The European ones multiply along chains and add over chains; the
//! American one is a cascade (who is owned half by blocked persons counts whole); the Chinese actual controller knows no
//! threshold at all. What none of them does here is guess: a share that nobody tells is an interval, what is planned or
//! rumoured is never summed, and an answer says where its chains end and why.

mod chains;
mod cn_bo;
mod cn_control;
mod control;
mod effective;
mod eu;
mod eu_amld;
mod holdings;
mod inquiry;
mod ofac;
mod rules;
mod structure;
#[cfg(test)]
mod tests;
mod told;

use std::collections::BTreeSet;

use guanxi_model::{Decimal, Share};

pub use effective::held_together;
pub use holdings::{Apart, Holdings, Why};
pub use rules::{Calculator, Ground, Rule, Threshold, Verdict, Version, load_rules};
pub use structure::{Control, Node, Party, Stake, Structure};
pub use told::{OtherFigure, Right, Standing};

use inquiry::Inquiry;

/// How much is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnersConfig {
    /// Greatest number of chains that are told of each owner; 5. Shares are those of all chains.
    pub chains: usize,
    /// Greatest number of steps of the search for them; 20,000.
    pub max_steps: usize,
    /// Greatest number of those told whom the rule does not name; 20.
    pub below: usize,
}

impl Default for OwnersConfig {
    fn default() -> Self {
        Self { chains: 5, max_steps: 20_000, below: 20 }
    }
}

/// Who owns or controls a company under a version of a rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The company.
    pub company: Node,
    /// Whom the rule names, greatest share first. Of `ofac`: the direct holders that count as blocked, with their whole
    /// stakes.
    pub owners: Vec<Owner>,
    /// Whom it may name: what is told leaves it open.
    pub possible: Vec<Owner>,
    /// Who else stands at the end of a chain. Of `ofac`: listed persons whose stakes do not count.
    pub below: Vec<Owner>,
    /// How many more there are of the latter, with smaller shares.
    pub unlisted: usize,
    /// What it comes to.
    pub finding: Finding,
    /// Where chains end at somebody who is no person, and why.
    pub ends: Vec<End>,
    /// What is odd about the figures.
    pub remarks: Vec<Remark>,
    /// Everybody above the company, itself first, with the effective share of each; its own is no figure.
    pub upstream: Vec<(Node, Share)>,
}

/// Somebody who owns or controls.
#[derive(Clone, Debug, PartialEq)]
pub struct Owner {
    /// Who.
    pub party: Node,
    /// The effective share, percent: the sum over all chains. Of `ofac` the stake that counts.
    pub share: Share,
    /// What is held without anybody between, percent.
    pub direct: Option<Share>,
    /// Why the rule names it; empty where it does not.
    pub reasons: Vec<Reason>,
    /// The greatest chains of its share.
    pub chains: Vec<Chain>,
    /// There are more chains, or there may be: the search was cut.
    pub more_chains: bool,
}

/// Why a rule names somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// Which test.
    pub ground: Ground,
    /// Surely or perhaps.
    pub verdict: Verdict,
    /// The article of the law.
    pub article: String,
    /// Of control: the ways it takes.
    pub chains: Vec<Chain>,
}

/// From an owner down to the company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// The parties, the company last.
    pub parties: Vec<Node>,
    /// The product of the shares, percent; absent of a way of control.
    pub share: Option<Share>,
}

/// What an answer comes to. The absences are different answers.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Finding {
    /// The rule names somebody.
    Owners,
    /// A natural person was asked for, whom nobody owns.
    Person,
    /// Nobody is known to own any of the company.
    NoOwnerKnown,
    /// Owners are known, and none reaches what the rule asks for.
    NobodyReaches {
        /// The part that is not traced to a person or public body, percent: where somebody may hide.
        untraced: Decimal,
    },
    /// Whoever reaches it is not named by the source, for a reason.
    Undisclosed {
        /// Who.
        party: Node,
        /// The reason code of the source.
        reason: String,
    },
    /// Companies that own each other, so that no person stands behind them: altogether, or, of an actual controller, by
    /// a majority that the company's own subsidiaries hold.
    Circle,
    /// Nobody decides over the company: no actual controller.
    NoController,
    /// The company itself is on the list of blocked persons.
    Listed,
    /// Blocked persons own so much that it counts as blocked.
    Blocked {
        /// What they hold together, percent.
        share: Option<Share>,
    },
    /// They may.
    MayBeBlocked {
        /// What they may hold together.
        share: Option<Share>,
    },
    /// They do not.
    NotBlocked {
        /// What they hold together that counts.
        share: Option<Share>,
    },
}

/// Where a chain ends.
#[derive(Clone, Debug, PartialEq)]
pub struct End {
    /// At whom.
    pub party: Node,
    /// How much of the company leads there, percent.
    pub share: Share,
    /// Why.
    pub stopped: Stopped,
}

/// Why nobody is known above a party.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// No owner is known.
    NoOwnerKnown,
    /// Owners of a part are known.
    PartlyKnown {
        /// The part that nobody is known to hold, percent.
        rest: Decimal,
    },
    /// A state or a body of it.
    PublicBody,
    /// The source does not name it, for this reason.
    Undisclosed(String),
    /// It and its owners own each other altogether.
    Circle,
}

/// Something odd about the figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remark {
    /// The chains of an owner add up to more than the whole, and were cut there.
    Capped {
        /// Whose.
        owner: Node,
    },
    /// A tie that chains of others tell already was left out of the sum.
    Repeated {
        /// Who is told to hold.
        owner: Node,
        /// What.
        owned: Node,
    },
    /// The stakes in a company add up to more than the whole: what is told of them cannot all be true.
    OverTheWhole {
        /// Of which.
        owned: Node,
        /// Percent, by the least that is told.
        total: Decimal,
    },
}

/// Who owns or controls `company` under `version` of a rule. `blocked` is for `ofac` alone.
///
/// # Panics
/// If a party is not of this structure.
pub fn owners(
    structure: &Structure,
    company: Node,
    calculator: Calculator,
    version: &Version,
    blocked: &BTreeSet<Node>,
    config: &OwnersConfig,
) -> Answer {
    let inquiry = Inquiry::new(structure, company, version, config);
    if structure.parties[company as usize] == Party::Person {
        return Answer { finding: Finding::Person, ends: Vec::new(), ..inquiry.empty() };
    }
    match calculator {
        Calculator::Eu => eu::owners(&inquiry),
        Calculator::EuAmld => eu_amld::owners(&inquiry),
        Calculator::CnBo => cn_bo::owners(&inquiry),
        Calculator::CnControl => cn_control::owners(&inquiry),
        Calculator::Ofac => ofac::owners(&inquiry, blocked),
    }
}
