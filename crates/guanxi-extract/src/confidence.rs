//! How sure a claim is: a logistic model over how it was found, with weights fitted on annotated texts.
//!
//! The weights stand in `data/models/confidence.toml` and are written by `guanxi-train confidence`. Signs and weights
//! are whole thousandths and the exponential is our own, made of sums and products alone: every machine gives the same
//! thousandths. Without a file of weights the prior of the rule is the confidence.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI32, Ordering};

use guanxi_model::data_file::{DataFile, unknown};
use guanxi_model::{Section, Status};
use serde::{Deserialize, Serialize};
use toml::Spanned;

use crate::rule::RuleError;

/// The signs by name, in the order of [`Signs::values`].
pub const SIGNS: [&str; 37] = [
    "bias",
    "prior",
    "support",
    "literals",
    "length",
    "chinese",
    "subject-shown",
    "subject-latin",
    "subject-han",
    "subject-nominal",
    "subject-nominal-of-story",
    "subject-implied",
    "subject-implied-of-story",
    "subject-phrase",
    "subject-value",
    "object-shown",
    "object-latin",
    "object-han",
    "object-nominal",
    "object-nominal-of-story",
    "object-implied",
    "object-implied-of-story",
    "object-phrase",
    "object-value",
    "status-planned",
    "status-conditional",
    "status-reported",
    "status-ended",
    "status-denied",
    "section-headline",
    "section-list",
    "section-table",
    "section-caption",
    "section-bio",
    "section-boilerplate",
    "qualifiers",
    "both-open",
];

const PRIOR: usize = 1;
const STATUSES: [Status; 5] = [Status::Planned, Status::Conditional, Status::Reported, Status::Ended, Status::Denied];
const SECTIONS: [Section; 6] =
    [Section::Headline, Section::List, Section::Table, Section::Caption, Section::Bio, Section::Boilerplate];

/// How an end of a relation was found. What the reference data know is the measure of the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// Bears a name of the reference data.
    Known,
    /// Its name shows what it is.
    Shown,
    /// A name in Latin letters, known by its capitals alone.
    Latin,
    /// A name in Chinese characters, known by where it stands alone.
    Han,
    /// A pronoun or common noun.
    Nominal,
    /// The same where the story is plainly about one firm.
    NominalOfStory,
    /// Left out.
    Implied,
    /// The same where the story is plainly about one firm.
    ImpliedOfStory,
    /// A phrase of plain words.
    Phrase,
    /// A figure or a date.
    Value,
}

/// What a claim shows of how it was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signs {
    /// Of the rule, in thousandths; where a model alone found it, how sure that is.
    pub(crate) prior: u16,
    /// A model alone found it: that has its own measure of how sure it is.
    pub(crate) learned: bool,
    /// Further rules that say the same.
    pub(crate) support: u8,
    /// Words that the pattern demands.
    pub(crate) literals: u8,
    /// Tokens of the evidence.
    pub(crate) length: u16,
    pub(crate) chinese: bool,
    pub(crate) subject: Found,
    pub(crate) object: Found,
    pub(crate) status: Status,
    pub(crate) section: Section,
    pub(crate) qualifiers: u8,
}

impl Signs {
    /// Whether a model alone found the claim, so that the weights of signs say nothing of it.
    pub fn is_learned(&self) -> bool {
        self.learned
    }

    /// Each sign of [`SIGNS`] in thousandths.
    pub fn values(&self) -> [i32; SIGNS.len()] {
        let mut values = [0; SIGNS.len()];
        values[0] = 1000;
        values[PRIOR] = logit_of(self.prior);
        values[2] = i32::from(self.support.min(3)) * 1000;
        values[3] = i32::from(self.literals.min(5)) * 1000;
        values[4] = i32::from(self.length.min(60)) * 50;
        values[5] = i32::from(self.chinese) * 1000;
        values[35] = i32::from(self.qualifiers.min(3)) * 1000;
        values[36] = i32::from(self.subject.is_open() && self.object.is_open()) * 1000;
        let subject = self.subject.sign().map(|sign| 6 + sign);
        let object = self.object.sign().map(|sign| 15 + sign);
        let status = STATUSES.iter().position(|status| *status == self.status).map(|sign| 24 + sign);
        let section = SECTIONS.iter().position(|section| *section == self.section).map(|sign| 29 + sign);
        for sign in [subject, object, status, section].into_iter().flatten() {
            values[sign] = 1000;
        }
        values
    }
}

impl Found {
    /// Its place among the signs of an end; none for what is known.
    fn sign(self) -> Option<usize> {
        (self as usize).checked_sub(1)
    }

    fn is_open(self) -> bool {
        matches!(self, Self::Latin | Self::Han | Self::Phrase)
    }
}

/// The weights of the signs, in thousandths.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Weights {
    /// In the order of [`SIGNS`].
    signs: Vec<i32>,
    predicates: BTreeMap<String, i32>,
}

impl Default for Weights {
    /// The prior is the confidence.
    fn default() -> Self {
        let mut signs = vec![0; SIGNS.len()];
        signs[PRIOR] = 1000;
        Self { signs, predicates: BTreeMap::new() }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WeightsFile {
    signs: BTreeMap<Spanned<String>, Spanned<f64>>,
    #[serde(default)]
    predicates: BTreeMap<Spanned<String>, Spanned<f64>>,
}

impl Weights {
    /// Reads the files of weights; a later one speaks the last word on the signs that it names.
    pub(crate) fn load<'a>(
        files: impl IntoIterator<Item = (&'a str, &'a str)>,
        is_predicate: impl Fn(&str) -> bool,
    ) -> Result<Self, Vec<RuleError>> {
        let mut files = files.into_iter().peekable();
        if files.peek().is_none() {
            return Ok(Self::default());
        }
        let mut weights = Self { signs: vec![0; SIGNS.len()], predicates: BTreeMap::new() };
        let mut errors = Vec::new();
        for (name, text) in files {
            let file = DataFile { name, text };
            let read: WeightsFile = match file.parse().and_then(|table| file.read(table, "")) {
                Ok(read) => read,
                Err(mistakes) => {
                    errors.extend(mistakes);
                    continue;
                }
            };
            for (sign, weight) in read.signs {
                match SIGNS.iter().position(|known| known == sign.get_ref()) {
                    Some(place) => weights.signs[place] = thousandths(file, &weight, &mut errors),
                    None => errors.push(file.error(sign.span().start, "", unknown("sign", sign.get_ref(), SIGNS))),
                }
            }
            for (predicate, weight) in read.predicates {
                if !is_predicate(predicate.get_ref()) {
                    let message = format!("no predicate `{}` in the schema", predicate.get_ref());
                    errors.push(file.error(predicate.span().start, "", message));
                }
                let weight = thousandths(file, &weight, &mut errors);
                weights.predicates.insert(predicate.into_inner(), weight);
            }
        }
        if errors.is_empty() { Ok(weights) } else { Err(errors) }
    }

    /// How sure a claim of these signs is, in thousandths: never 0 and never 1000.
    pub(crate) fn confidence(&self, signs: &Signs, predicate: &str) -> u16 {
        if signs.learned {
            return signs.prior.clamp(1, 999);
        }
        let values = signs.values();
        let products = self.signs.iter().zip(values).map(|(weight, value)| i64::from(*weight) * i64::from(value));
        let of_predicate = self.predicates.get(predicate).copied().unwrap_or_default();
        let logit = products.sum::<i64>() / 1000 + i64::from(of_predicate);
        sigmoid(logit).clamp(1, 999)
    }
}

fn thousandths(file: DataFile<'_>, weight: &Spanned<f64>, errors: &mut Vec<RuleError>) -> i32 {
    const MOST: f64 = 20.0;
    if !(-MOST..=MOST).contains(weight.get_ref()) {
        errors.push(file.error(weight.span().start, "", format!("a weight is between -{MOST} and {MOST}")));
    }
    (weight.get_ref() * 1000.0).round() as i32
}

/// 1 / (1 + e^-x) in thousandths, of a logit in thousandths.
fn sigmoid(logit: i64) -> u16 {
    (1000.0 * probability(logit)).round() as u16
}

pub(crate) fn probability(logit: i64) -> f64 {
    let part = exponential_of_minus(logit.abs().min(40_000) as f64 / 1000.0);
    if logit < 0 { part / (1.0 + part) } else { 1.0 / (1.0 + part) }
}

/// e^-x for x of 0 to 40: a short series of x/4096, squared twelve times.
fn exponential_of_minus(x: f64) -> f64 {
    let x = -x / 4096.0;
    let mut power = 1.0 + x * (1.0 + x / 2.0 * (1.0 + x / 3.0 * (1.0 + x / 4.0 * (1.0 + x / 5.0))));
    for _ in 0..12 {
        power *= power;
    }
    power
}

/// The same as [`logit`], worked out once: rules have few priors.
fn logit_of(prior: u16) -> i32 {
    static LOGITS: [AtomicI32; 1001] = [const { AtomicI32::new(i32::MIN) }; 1001];
    let remembered = &LOGITS[usize::from(prior.min(1000))];
    match remembered.load(Ordering::Relaxed) {
        i32::MIN => {
            let logit = logit(prior);
            remembered.store(logit, Ordering::Relaxed);
            logit
        }
        logit => logit,
    }
}

/// The logit, in thousandths, of a probability in thousandths: where the sigmoid reaches it.
fn logit(prior: u16) -> i32 {
    const MOST: i64 = 7000;
    let wanted = f64::from(prior.clamp(1, 999)) / 1000.0;
    let (mut low, mut high) = (-MOST, MOST);
    while low < high {
        let middle = (low + high).div_euclid(2);
        if probability(middle) < wanted {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low as i32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PLAIN: Signs = Signs {
        prior: 850,
        learned: false,
        support: 0,
        literals: 1,
        length: 8,
        chinese: false,
        subject: Found::Known,
        object: Found::Known,
        status: Status::Asserted,
        section: Section::Body,
        qualifiers: 0,
    };

    fn load(text: &str) -> Result<Weights, Vec<String>> {
        let loaded = Weights::load([("confidence.toml", text)], |name| name == "owns");
        loaded.map_err(|errors| errors.iter().map(ToString::to_string).collect())
    }

    fn value(signs: &Signs, name: &str) -> i32 {
        signs.values()[SIGNS.iter().position(|sign| *sign == name).unwrap()]
    }

    #[test]
    fn without_weights_the_prior_is_the_confidence() {
        let weights = Weights::load([], |_| true).unwrap();
        for prior in 1..=999 {
            assert_eq!(weights.confidence(&Signs { prior, ..PLAIN }, "owns"), prior);
        }
    }

    #[test]
    fn the_exponential_is_that_of_the_books() {
        for x in [0.0, 0.001, 0.5, 1.0, 3.0, 10.0, 40.0_f64] {
            let (ours, theirs) = (exponential_of_minus(x), (-x).exp());
            assert!((ours / theirs - 1.0).abs() < 1e-9, "{x}: {ours} {theirs}");
        }
    }

    #[test]
    fn each_sign_has_its_name() {
        let signs = Signs {
            subject: Found::Shown,
            object: Found::Value,
            status: Status::Denied,
            section: Section::Boilerplate,
            chinese: true,
            ..PLAIN
        };
        let names =
            ["bias", "literals", "chinese", "subject-shown", "object-value", "status-denied", "section-boilerplate"];
        for name in names {
            assert_eq!(value(&signs, name), 1000, "{name}");
        }
        assert_eq!(value(&signs, "length"), 400);
        let (subject, object) = (Found::Value, Found::Shown);
        let others = Signs { subject, object, status: Status::Planned, section: Section::Headline, ..PLAIN };
        for name in ["subject-value", "object-shown", "status-planned", "section-headline"] {
            assert_eq!(value(&others, name), 1000, "{name}");
            assert_eq!(value(&PLAIN, name), 0, "{name}");
        }
        let open = Signs { subject: Found::Han, object: Found::Phrase, ..PLAIN };
        assert_eq!((value(&open, "both-open"), value(&others, "both-open")), (1000, 0));
    }

    #[test]
    fn weights_of_signs_and_predicates_add_up() {
        let weights = load("[signs]\nbias = 1.0\nsubject-latin = -0.5\n[predicates]\nowns = 0.25").unwrap();
        let signs = Signs { subject: Found::Latin, ..PLAIN };
        assert_eq!(weights.confidence(&signs, "owns"), sigmoid(750));
        assert_eq!(weights.confidence(&signs, "controls"), sigmoid(500));
    }

    #[test]
    fn a_mistake_is_told_with_its_line() {
        let errors =
            load("[signs]\nbias = 1.0\nsubject-latn = -0.5\nprior = 1e9\n[predicates]\nownz = 1.0").unwrap_err();
        assert_eq!(
            errors,
            [
                "confidence.toml:4: a weight is between -20 and 20",
                "confidence.toml:3: unknown sign `subject-latn`: did you mean `subject-latin`?",
                "confidence.toml:6: no predicate `ownz` in the schema",
            ]
        );
        let errors = load("[sign]\nbias = 1.0").unwrap_err();
        assert!(errors.iter().any(|error| error.contains("unknown key `sign`")), "{errors:?}");
    }

    proptest! {
        #[test]
        fn more_logit_is_never_less_confidence(logit in -100_000_i64..100_000, more in 0_i64..5000) {
            prop_assert!(sigmoid(logit) <= sigmoid(logit + more));
            prop_assert!((999..=1001).contains(&(sigmoid(logit) + sigmoid(-logit))));
        }

        #[test]
        fn no_sign_is_certain(
            prior in 0_u16..=1000, support in 0_u8.., literals in 0_u8.., length in 0_u16.., weight in -20.0..20.0_f64
        ) {
            let text = format!("[signs]\nbias = {weight:.3}\nsupport = {weight:.3}\nlength = {weight:.3}");
            let signs = Signs { prior, support, literals, length, ..PLAIN };
            prop_assert!((1..=999).contains(&load(&text).unwrap().confidence(&signs, "owns")));
        }
    }
}
