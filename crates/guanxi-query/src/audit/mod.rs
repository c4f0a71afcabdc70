//! What in a store should not be believed as it stands: figures that are ten times off, sums that fail, bodies that no
//! longer exist, drafts cited as law. One check a file.
//!
//! A check reads a [`Dossier`] and tells [`Finding`]s; it changes nothing. Each finding shows the sentences that it is
//! about, the arithmetic where there is some, and what would settle it. A check that cannot tell a fault from a
//! coincidence says nothing.

mod arithmetic;
mod cited;
mod contradiction;
mod copies;
mod currency;
mod dates;
mod dead_body;
mod dossier;
mod figures;
mod gloss;
mod not_law;
mod pinyin;
mod shares;
#[cfg(test)]
mod tests;
mod unit_slip;

use std::fmt;
use std::str::FromStr;

use guanxi_model::{Document, EntityId, Passage};

use crate::Witness;
pub use dossier::Dossier;

/// How bad it is, from least to worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; may well be right.
    Notice,
    /// Probably wrong.
    Warning,
    /// It cannot be right as it stands.
    Error,
}

impl Severity {
    /// Every severity, worst first.
    pub const ALL: [Self; 3] = [Self::Error, Self::Warning, Self::Notice];

    /// `notice`, `warning`, `error`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Notice => "notice",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Severity {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|severity| severity.name() == name);
        known.ok_or_else(|| format!("`{name}` is none of notice, warning, error"))
    }
}

/// One way in which a store may be wrong.
#[derive(Clone, Copy, Debug)]
pub struct Check {
    /// Its name: `unit-slip`.
    pub name: &'static str,
    /// What it looks for, in a sentence.
    pub looks_for: &'static str,
    /// What it can miss or must leave open, in a sentence.
    pub leaves_out: &'static str,
    find: fn(&Dossier<'_>) -> Vec<Finding>,
}

/// Every check, in the order in which findings of one severity are told.
pub const CHECKS: [Check; 10] = [
    unit_slip::CHECK,
    arithmetic::CHECK,
    shares::CHECK,
    contradiction::CHECK,
    dates::CHECK,
    dead_body::CHECK,
    not_law::CHECK,
    gloss::CHECK,
    currency::CHECK,
    copies::CHECK,
];

/// Something that should not be believed as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Name of the check.
    pub check: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// The sum behind it, where there is one.
    pub arithmetic: Option<String>,
    /// What would settle it.
    pub settled_by: String,
    /// Whom it is about, sorted.
    pub about: Vec<EntityId>,
    /// The claims that it rests on, by document and place.
    pub claims: Vec<Witness>,
    /// The sentences that it rests on, where no claim quotes them, by document and place.
    pub passages: Vec<Cited>,
}

/// A sentence in its document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cited {
    /// The document: name, date, publisher.
    pub document: Document,
    /// The sentence.
    pub passage: Passage,
}

/// Runs the checks on what lies in the dossier: worst findings first, then in the order of [`CHECKS`], then by document
/// and place. The same dossier gives the same findings.
pub fn audit<'a>(dossier: &Dossier<'_>, checks: impl IntoIterator<Item = &'a Check>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = checks.into_iter().flat_map(|check| (check.find)(dossier)).collect();
    let order = |check: &str| CHECKS.iter().position(|known| known.name == check);
    let place = |finding: &Finding| {
        let claims =
            finding.claims.iter().map(|witness| (witness.document.source.clone(), witness.claim.evidence.span));
        let passages = finding.passages.iter().map(|cited| (cited.document.source.clone(), cited.passage.span));
        claims.chain(passages).min()
    };
    findings.sort_by_cached_key(|finding| {
        (std::cmp::Reverse(finding.severity), order(finding.check), place(finding), finding.message.clone())
    });
    findings.dedup();
    findings
}
