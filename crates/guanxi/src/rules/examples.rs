//! Runs the examples and counterexamples that every extraction rule brings along.

use std::collections::{BTreeMap, BTreeSet};

use guanxi_extract::{Input, RuleSpec};
use guanxi_model::{Claim, EntityId, Extraction, Object};

use crate::Guanxi;

/// An example or counterexample that a rule does not live up to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The file of the rule.
    pub file: String,
    /// The byte of the file at which the text stands.
    pub offset: usize,
    /// The rule.
    pub rule: String,
    /// The text.
    pub text: String,
    /// What the rule must make of it.
    pub expected: Expected,
    /// What it makes of it, `Subject predicate Object`.
    pub found: BTreeSet<String>,
}

/// What a rule must make of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Something, and each of these claims: `Subject predicate Object`.
    Claims(Vec<String>),
    /// Nothing.
    Nothing,
}

impl Expected {
    fn is_met_by(&self, found: &BTreeSet<String>) -> bool {
        match self {
            Self::Claims(claims) => !found.is_empty() && claims.iter().all(|claim| found.contains(claim)),
            Self::Nothing => found.is_empty(),
        }
    }
}

impl Guanxi {
    /// Runs every example and counterexample of every rule; what comes back is empty if all is well.
    pub fn test_rules(&self) -> Vec<Failure> {
        self.extractor().rules().flat_map(|(file, rule)| self.test_rule(file, rule)).collect()
    }

    /// The same of one rule, which stands in `file`.
    pub fn test_rule(&self, file: &str, rule: &RuleSpec) -> Vec<Failure> {
        let examples = rule.examples.iter().map(|example| (&example.text, Expected::Claims(example.gives.clone())));
        let counterexamples = rule.counterexamples.iter().map(|text| (text, Expected::Nothing));
        let failure = |(text, expected): (&toml::Spanned<String>, Expected)| {
            let (text, offset) = (text.get_ref(), text.span().start);
            let found = self.found_by(rule, text);
            if expected.is_met_by(&found) {
                return None;
            }
            let (file, rule) = (file.to_owned(), rule.id.get_ref().clone());
            Some(Failure { file, offset, rule, text: text.clone(), expected, found })
        };
        examples.chain(counterexamples).filter_map(failure).collect()
    }

    fn found_by(&self, rule: &RuleSpec, text: &str) -> BTreeSet<String> {
        let name = format!("{}@{}", rule.id.get_ref(), rule.version);
        let extraction = self.extractor().extract(&Input::text("example.txt", text.as_bytes()));
        let of_rule = |claim: &&Claim| claim.support.iter().any(|proposer| **proposer == *name);
        extraction.claims.iter().filter(of_rule).map(|claim| line(claim, &extraction)).collect()
    }
}

/// `Tencent Holdings investsIn Xiaohongshu`
fn line(claim: &Claim, extraction: &Extraction) -> String {
    let labels: BTreeMap<&EntityId, &str> =
        extraction.entities.iter().map(|entity| (&entity.id, entity.label())).collect();
    let label = |id: &EntityId| labels.get(id).copied().unwrap_or(id.as_str()).to_owned();
    let object = match &claim.object {
        Object::Entity(argument) => label(&argument.entity),
        Object::Value(value) => value.key(),
    };
    format!("{} {} {object}", label(&claim.subject.entity), claim.predicate)
}
