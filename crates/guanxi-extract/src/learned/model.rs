//! A linear model over hashed features, in whole numbers but for its last step.

use guanxi_model::Schema;
use guanxi_model::data_file::DataFile;
use guanxi_model::packed::Bytes;
use serde::{Deserialize, Serialize};

use super::features::Reasons;
use crate::classes::ClassTable;
use crate::confidence::probability;
use crate::rule::RuleError;
use crate::rule::compile::Rules;

/// The greatest weight: in a file a weight is one character, from `(` for the least to `~` for the greatest.
pub const GREATEST_WEIGHT: i8 = 43;
const ZERO: u8 = b'S';

/// Judges pairs of names of one language.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub(crate) struct PairModel {
    /// Reads sentences mostly of Chinese characters, and no others.
    pub(crate) chinese: bool,
    /// What it can say, but for the first label, which is that the pair is not related.
    pub(crate) labels: Vec<Label>,
    /// The high bits of a hash that are its row.
    bits: u32,
    /// What a weight of 1 is worth.
    unit: f64,
    /// From the lead of the best label to the logit of its being right: what is added, and what it is multiplied by.
    calibration: (f64, f64),
    /// For each row the weight of each label, the first one's before them.
    weights: Bytes,
    /// For each row, a bit: it says something. Most features of a text were never learned.
    says: Vec<u64>,
}

/// One thing that a model can say of a pair.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Label {
    /// The rule and the pattern that stand for it among the rules.
    pub(crate) rule: u32,
    pub(crate) pattern: u32,
    /// The name that comes second in the text is the subject.
    pub(crate) turned: bool,
    /// From this confidence on it stands alone, in thousandths.
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

/// `data/models/pair-en.toml` → `pair-en`
pub(super) fn stem(name: &str) -> &str {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    file.strip_suffix(".toml").unwrap_or(file)
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
        let file = DataFile { name, text };
        let read: PairFile = file.parse().and_then(|table| file.read(table, ""))?;
        let mistake = |key: &str, message: String| vec![file.error(text.find(key).unwrap_or_default(), "", message)];
        if !matches!(read.language.as_str(), "en" | "zh") {
            return Err(mistake("language", format!("`{}`: a model is for `en` or `zh`", read.language)));
        }
        let count = read.labels.len();
        if read.labels.first().is_none_or(|first| first != "none") || read.least.len() != count {
            return Err(mistake("labels", "the first label is `none`, and `least` has a number for each".to_owned()));
        }
        let weights = weights(&read.weights, count).map_err(|message| mistake("weights", message))?;
        let rule = format!("learned.{}@{}", stem(name), read.version);
        let mut labels = Vec::new();
        for (label, least) in read.labels.iter().zip(&read.least).skip(1) {
            let predicate = label.trim_end_matches(['>', '<']);
            let Some(predicate) = schema.predicate(predicate) else {
                return Err(mistake("labels", format!("no predicate `{predicate}` in the schema")));
            };
            let turned = label.ends_with('<');
            let (rule, pattern) = rules.add_learned(&rule, predicate, turned, classes);
            let least = (least.clamp(0.0, 1.0) * 1000.0).round() as u16;
            labels.push(Label { rule, pattern, turned, least });
        }
        Ok(Self {
            chinese: read.language == "zh",
            labels,
            bits: (weights.len() / count).ilog2(),
            unit: read.unit,
            calibration: read.calibration.into(),
            says: rows_that_say(&weights, count),
            weights: weights.into(),
        })
    }

    /// What the features of a pair come to; `None` where the pair is rather not related.
    pub(crate) fn judge(&self, features: &mut Vec<u64>) -> Option<Judgement> {
        features.sort_unstable();
        features.dedup();
        let mut sums = vec![0_i32; self.labels.len() + 1];
        for &feature in features.iter().filter(|&&feature| self.says(feature)) {
            let row = self.row(feature);
            sums.iter_mut().zip(row).for_each(|(sum, &weight)| *sum += i32::from(weight as i8));
        }
        let best = (0..sums.len()).rev().max_by_key(|&label| sums[label])?;
        let second = (0..sums.len()).filter(|&label| label != best).map(|label| sums[label]).max()?;
        let lead = f64::from(sums[best] - second) * self.unit / (features.len().max(1) as f64).sqrt();
        let logit = self.calibration.0 + self.calibration.1 * lead;
        let confidence = (1000.0 * probability((1000.0 * logit) as i64)).round() as u16;
        (best > 0).then(|| Judgement { label: best - 1, confidence: confidence.clamp(1, 999) })
    }

    /// The word of the sentence that speaks most for a label, by its place among the pieces.
    pub(crate) fn reason(&self, label: usize, reasons: &Reasons) -> Option<usize> {
        let weight = |features: &[u64; 2]| -> i32 {
            features.iter().map(|&feature| i32::from(self.row(feature)[label + 1] as i8)).sum()
        };
        reasons.0.iter().rev().max_by_key(|(_, features)| weight(features)).map(|(piece, _)| *piece)
    }

    fn says(&self, feature: u64) -> bool {
        let row = (feature >> (u64::BITS - self.bits)) as usize;
        self.says[row / 64] >> (row % 64) & 1 == 1
    }

    fn row(&self, feature: u64) -> &[u8] {
        let labels = self.labels.len() + 1;
        let at = (feature >> (u64::BITS - self.bits)) as usize * labels;
        &self.weights.as_slice()[at..at + labels]
    }
}

/// A bit for each row that is not of zeros alone.
fn rows_that_say(weights: &[u8], labels: usize) -> Vec<u64> {
    let mut says = vec![0; (weights.len() / labels).div_ceil(64)];
    let rows = weights.chunks_exact(labels).enumerate().filter(|(_, row)| row.iter().any(|&weight| weight != 0));
    rows.for_each(|(row, _)| says[row / 64] |= 1 << (row % 64));
    says
}

/// One line a row, one character a weight; an empty line is a row of zeros.
pub(super) fn weights(text: &str, labels: usize) -> Result<Vec<u8>, String> {
    let rows: Vec<&str> = text.lines().collect();
    if rows.len() < 2 || !rows.len().is_power_of_two() {
        return Err(format!("{} rows of weights; their number is a power of two", rows.len()));
    }
    let mut weights = Vec::with_capacity(rows.len() * labels);
    for (row, number) in rows.into_iter().zip(1..) {
        let in_range = |byte: u8| byte.abs_diff(ZERO) <= GREATEST_WEIGHT as u8;
        match row.len() {
            0 => weights.extend(std::iter::repeat_n(0, labels)),
            length if length == labels && row.bytes().all(in_range) => {
                weights.extend(row.bytes().map(|byte| byte.wrapping_sub(ZERO)));
            }
            _ => return Err(format!("row {number} of the weights has not {labels} characters from `(` to `~`")),
        }
    }
    Ok(weights)
}

/// A row of weights as a file has it.
pub fn written_row(weights: &[i8]) -> String {
    if weights.iter().all(|&weight| weight == 0) {
        return String::new();
    }
    weights.iter().map(|&weight| char::from(ZERO.wrapping_add_signed(weight))).collect()
}
