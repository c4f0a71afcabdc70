//! Pairs of names, judged by a linear model over hashed features, in whole numbers but for its last step.

use guanxi_model::Schema;
use serde::{Deserialize, Serialize};

use super::features::Reasons;
use super::weights::{ModelFile, Weights, stem};
use crate::classes::ClassTable;
use crate::confidence::probability;
use crate::rule::RuleError;
use crate::rule::compile::Rules;

/// What a model can say at most, none included.
const MOST_LABELS: usize = 64;

/// Judges pairs of names of one language.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub(crate) struct PairModel {
    /// Reads sentences mostly of Chinese characters, and no others.
    pub(crate) chinese: bool,
    /// What it can say, but for the first label, which is that the pair is not related.
    pub(crate) labels: Vec<Label>,
    /// What a weight of 1 is worth.
    unit: f64,
    /// From the lead of the best label to the logit of its being right: what is added, and what it is multiplied by.
    calibration: (f64, f64),
    /// For each row, a bit: it says something. Most features of a text were never learned.
    says: Vec<u64>,
    /// The first label and those that may stand alone, which are few: a look at their weights is all that most pairs
    /// need.
    first: Columns,
    /// All others.
    rest: Columns,
}

/// Some of the labels, with their weights.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
struct Columns {
    labels: Vec<usize>,
    weights: Weights,
}

/// One thing that a model can say of a pair.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Label {
    /// The rule and the pattern that stand for it among the rules.
    pub(crate) rule: u32,
    pub(crate) pattern: u32,
    /// The name that comes second in the text is the subject.
    pub(crate) turned: bool,
    /// From this confidence on it stands alone, in thousandths; never where it is 1000.
    pub(crate) least: u16,
}

/// What a model says of a pair.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Judgement {
    /// Index into the labels.
    pub(crate) label: usize,
    /// In thousandths, calibrated.
    pub(crate) confidence: u16,
}

/// A file of `data/models` as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PairFile {
    language: String,
    version: u32,
    labels: Vec<String>,
    least: Vec<f64>,
    unit: f64,
    calibration: [f64; 2],
    weights: String,
}

/// Whether a file of models is one of these.
pub(crate) fn is_pair_model(name: &str) -> bool {
    stem(name).starts_with("pair-")
}

impl PairModel {
    /// Reads a file, and puts what it can say among the rules.
    pub(crate) fn load(
        name: &str,
        text: &str,
        schema: &Schema,
        classes: &ClassTable,
        rules: &mut Rules,
    ) -> Result<Self, Vec<RuleError>> {
        let (file, read) = ModelFile::read::<PairFile>(name, text)?;
        let chinese = file.is_chinese(&read.language)?;
        let count = read.labels.len();
        if read.labels.first().is_none_or(|first| first != "none") || read.least.len() != count {
            return Err(file.mistake("labels", "the first label is `none`, and `least` has a number for each"));
        }
        if count > MOST_LABELS {
            return Err(file.mistake("labels", format!("{count} labels, and a model has at most {MOST_LABELS}")));
        }
        let weights = file.weights(&read.weights, count)?;
        let rule = format!("learned.{}@{}", stem(name), read.version);
        let mut labels = Vec::new();
        for (label, least) in read.labels.iter().zip(&read.least).skip(1) {
            let predicate = label.trim_end_matches(['>', '<']);
            let Some(predicate) = schema.predicate(predicate) else {
                return Err(file.mistake("labels", format!("no predicate `{predicate}` in the schema")));
            };
            let turned = label.ends_with('<');
            let (rule, pattern) = rules.add_learned(&rule, predicate, turned, classes);
            let least = (least.clamp(0.0, 1.0) * 1000.0).round() as u16;
            labels.push(Label { rule, pattern, turned, least });
        }
        let (first, rest) = (0..count).partition(|&column| column == 0 || labels[column - 1].may_stand_alone());
        let columns = |labels: Vec<usize>| Columns { weights: weights.of_columns(&labels), labels };
        Ok(Self {
            chinese,
            labels,
            unit: read.unit,
            calibration: read.calibration.into(),
            says: weights.rows_that_say(),
            first: columns(first),
            rest: columns(rest),
        })
    }

    /// What the features of a pair come to; `None` where the pair is rather not related. Of a pair that no rule relates
    /// (`told`) only that matters which may stand alone: `None` too where that cannot come out.
    pub(crate) fn judge(&self, features: &mut Vec<u64>, told: bool) -> Option<Judgement> {
        features.sort_unstable();
        features.dedup();
        let count = features.len();
        // All that says nothing goes first, so that no look at a weight, which is far away, waits for a guess.
        features.retain(|&feature| self.says(feature));
        let mut sums = [0; MOST_LABELS];
        self.add(&self.first, features, &mut sums);
        if !told && !self.may_stand_alone(&sums, count) {
            return None;
        }
        self.add(&self.rest, features, &mut sums);
        let sums = &sums[..=self.labels.len()];
        let best = (0..sums.len()).rev().max_by_key(|&label| sums[label])?;
        let second = (0..sums.len()).filter(|&label| label != best).map(|label| sums[label]).max()?;
        (best > 0).then(|| Judgement { label: best - 1, confidence: self.confidence(sums[best] - second, count) })
    }

    /// Whether a label that may stand alone leads the first one far enough; another may still lead it.
    fn may_stand_alone(&self, sums: &[i32], features: usize) -> bool {
        self.first.labels[1..].iter().any(|&label| {
            let lead = sums[label] - sums[0];
            lead > 0 && self.confidence(lead, features) >= self.labels[label - 1].least
        })
    }

    fn add(&self, columns: &Columns, features: &[u64], sums: &mut [i32]) {
        let mut own = [0; MOST_LABELS];
        let own = &mut own[..columns.labels.len()];
        features.iter().for_each(|&feature| columns.weights.add(feature, own));
        columns.labels.iter().zip(own).for_each(|(&label, own)| sums[label] = *own);
    }

    /// How sure it is of a label that leads so far, by so many features.
    fn confidence(&self, lead: i32, features: usize) -> u16 {
        let lead = f64::from(lead) * self.unit / (features.max(1) as f64).sqrt();
        let logit = self.calibration.0 + self.calibration.1 * lead;
        let confidence = (1000.0 * probability((1000.0 * logit) as i64)).round() as u16;
        confidence.clamp(1, 999)
    }

    /// The word of the sentence that speaks most for a label, by its place among the pieces.
    pub(crate) fn reason(&self, label: usize, reasons: &Reasons) -> Option<usize> {
        let columns = if self.first.labels.contains(&(label + 1)) { &self.first } else { &self.rest };
        let at = columns.labels.iter().position(|&column| column == label + 1)?;
        let weight = |features: &[u64; 2]| -> i32 {
            features.iter().filter_map(|&feature| columns.weights.of(feature).nth(at)).sum()
        };
        reasons.0.iter().rev().max_by_key(|(_, features)| weight(features)).map(|(piece, _)| *piece)
    }

    fn says(&self, feature: u64) -> bool {
        let row = self.first.weights.place(feature);
        self.says[row / 64] >> (row % 64) & 1 == 1
    }
}

impl Label {
    fn may_stand_alone(&self) -> bool {
        self.least < 1000
    }
}
