//! What each rule costs and brings on real texts.

use std::collections::HashMap;

use guanxi_extract::{Cost, Costs};
use guanxi_model::{Extraction, Note};

use super::gold::{Gold, Plain, Verdict};
use crate::Guanxi;
use crate::input::Read;

/// Every rule's balance, in the order of the rules, and of how much text.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// One a rule.
    pub rules: Vec<RuleCost>,
    /// Number of texts.
    pub texts: u64,
    /// Number of sentences in them.
    pub sentences: u64,
    /// Number of texts for which there is gold.
    pub judged: u64,
    /// In those: plain claims that are not plain in the gold.
    pub plain: Plain,
}

/// What one rule costs and brings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RuleCost {
    /// Its id.
    pub rule: String,
    /// Its file.
    pub file: String,
    /// What the matcher counted.
    pub cost: Cost,
    /// Claims that it makes or supports in the end.
    pub claims: u64,
    /// Of those in texts with gold: how many are right.
    pub right: u64,
    /// How many are wrong.
    pub wrong: u64,
    /// How many say what the text denies; they are wrong too.
    pub forbidden: u64,
    /// Of all steps that rules take, the share of this one, 0 to 1.
    pub share: f64,
}

impl RuleCost {
    /// Of its claims that the gold judges, the share that is right.
    pub fn precision(&self) -> Option<f64> {
        let judged = self.right + self.wrong;
        (judged > 0).then(|| self.right as f64 / judged as f64)
    }

    /// An attempt costs something even where it ends at once.
    fn work(&self) -> u64 {
        self.cost.steps + self.cost.tried
    }
}

impl Guanxi {
    /// Reads texts and counts what each rule costs, by the ticks of `clock`, and brings; `note` is told what is odd.
    pub fn cost_of_rules(
        &self,
        inputs: impl Iterator<Item = Read>,
        gold: Option<&Gold>,
        clock: &dyn Fn() -> u64,
        mut note: impl FnMut(&Note),
    ) -> Report {
        let rules = self.extractor().rules();
        let mut report = Report {
            rules: rules
                .map(|(file, rule)| RuleCost {
                    rule: rule.id.get_ref().clone(),
                    file: file.to_owned(),
                    ..RuleCost::default()
                })
                .collect(),
            ..Report::default()
        };
        let names: Vec<String> =
            self.extractor().rules().map(|(_, rule)| format!("{}@{}", rule.id.get_ref(), rule.version)).collect();
        let numbers = names.iter().zip(0..).map(|(name, number)| (name.as_str(), number)).collect();
        let mut costs = Costs::default();
        for read in inputs {
            let text = match read {
                Read::Text(text) => text,
                Read::Note(found) => {
                    note(&found);
                    continue;
                }
                Read::End { .. } => continue,
            };
            let extraction = self.extractor().extract_counting(&(&text).into(), &mut costs, clock);
            extraction.notes.iter().for_each(&mut note);
            report.count(&extraction, gold, &numbers);
        }
        report.close(&costs);
        report
    }
}

impl Report {
    fn count(&mut self, extraction: &Extraction, gold: Option<&Gold>, numbers: &HashMap<&str, usize>) {
        self.texts += 1;
        let verdicts = gold.and_then(|gold| gold.judge(extraction));
        self.judged += u64::from(verdicts.is_some());
        self.plain += gold.and_then(|gold| gold.plain(extraction)).unwrap_or_default();
        for (index, claim) in extraction.claims.iter().enumerate() {
            for rule in claim.support.iter().filter_map(|name| numbers.get(&**name)) {
                let rule = &mut self.rules[*rule];
                rule.claims += 1;
                match verdicts.as_ref().map(|verdicts| verdicts[index]) {
                    Some(Verdict::Right) => rule.right += 1,
                    Some(Verdict::Wrong) => rule.wrong += 1,
                    Some(Verdict::Forbidden) => {
                        rule.wrong += 1;
                        rule.forbidden += 1;
                    }
                    Some(Verdict::Open) | None => {}
                }
            }
        }
    }

    fn close(&mut self, costs: &Costs) {
        self.sentences = costs.sentences;
        for (rule, cost) in self.rules.iter_mut().zip(&costs.rules) {
            rule.cost = *cost;
        }
        let all: u64 = self.rules.iter().map(RuleCost::work).sum();
        for rule in &mut self.rules {
            rule.share = rule.work() as f64 / all.max(1) as f64;
        }
    }
}
