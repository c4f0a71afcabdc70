//! Sets of annotated texts, a line of JSON each, and claims against those that were annotated pair by pair: only a claim
//! on a pair that somebody judged counts.

use std::fs;
use std::path::Path;

use guanxi::model::Span;
use serde::Deserialize;

use crate::judged::{Assertion, End};

/// A predicate, and whether its ends change places; without an answer either way does.
type Meaning = (&'static str, Option<bool>);

/// Label of the sets → predicates that state it.
const MEANS: [(&str, &[Meaning]); 13] = [
    ("investsIn", &[("investsIn", Some(false)), ("owns", Some(false))]),
    (
        "owns",
        &[("owns", Some(false)), ("subsidiaryOf", Some(true)), ("acquired", Some(false)), ("controls", Some(false))],
    ),
    ("acquired", &[("acquired", Some(false))]),
    ("regulates", &[("regulates", Some(false)), ("licenses", Some(false)), ("sanctions", Some(false))]),
    ("offersProduct", &[("offers", Some(false))]),
    ("officerOf", &[("officerOf", Some(false))]),
    ("founderOf", &[("founderOf", Some(false))]),
    ("partnerOf", &[("partnersWith", None)]),
    ("competitorOf", &[("competesWith", None)]),
    ("listedOn", &[("listedOn", Some(false))]),
    ("headquarteredIn", &[("headquarteredIn", Some(false))]),
    ("suppliesTo", &[("supplies", Some(false))]),
    ("mergedWith", &[("mergesWith", None)]),
];

/// A text with names and judged pairs of them.
#[derive(Clone, Debug, Deserialize)]
pub struct Record {
    pub id: serde_json::Value,
    pub text: String,
    #[serde(default)]
    pub license: String,
    #[serde(default)]
    pub source: String,
    /// Which pairs were judged: those that are listed, or all of some kind.
    #[serde(default)]
    pub annotation: String,
    pub entities: Vec<Mention>,
    pub relations: Vec<Relation>,
}

/// A thing that the text names; where, in characters.
#[derive(Clone, Debug, Deserialize)]
pub struct Mention {
    start: u32,
    end: u32,
    #[serde(rename = "type", default)]
    pub kind: String,
    /// By a common noun.
    #[serde(default)]
    pub nominal: bool,
    #[serde(default)]
    mentions: Vec<Stretch>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
struct Stretch {
    start: u32,
    end: u32,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Relation {
    pub mapped: Option<Pair>,
}

/// What is said of two entities, by their places in the list.
#[derive(Clone, Debug, Deserialize)]
pub struct Pair {
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub head: Option<usize>,
    pub tail: Option<usize>,
}

/// The records of a set.
///
/// # Errors
/// The first line that is none, with file and line.
pub fn read(set: &Path) -> Result<Vec<Record>, String> {
    let text = fs::read_to_string(set).map_err(|error| format!("{}: {error}", set.display()))?;
    let lines = text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty());
    let record = |(line, number): (&str, u32)| {
        serde_json::from_str(line).map_err(|error| format!("{}:{number}: {error}", set.display()))
    };
    lines.map(record).collect()
}

impl Mention {
    pub fn span(&self) -> Span {
        Span::new(self.start, self.end)
    }

    fn stretches(&self) -> Vec<Stretch> {
        match self.mentions.is_empty() {
            true => vec![Stretch { start: self.start, end: self.end }],
            false => self.mentions.clone(),
        }
    }

    /// At least half of the longer of the two is common to both.
    fn is(&self, end: &End) -> bool {
        let Some((start, stop)) = end.start.zip(end.end) else { return false };
        self.stretches().iter().any(|stretch| {
            let shared = stop.min(stretch.end).saturating_sub(start.max(stretch.start));
            2 * shared >= (stop - start).max(stretch.end - stretch.start)
        })
    }

    fn touches(&self, end: &End) -> bool {
        let Some((start, stop)) = end.start.zip(end.end) else { return false };
        self.stretches().iter().any(|stretch| start < stretch.end && stretch.start < stop)
    }
}

/// Whether each claim of a record is right; `None` where nobody judged its pair, or judged it by a common noun.
pub fn judge(record: &Record, claims: &[Assertion]) -> Vec<Option<bool>> {
    let pairs: Vec<(&Pair, &Mention, &Mention)> =
        record.relations.iter().filter_map(|relation| record.pair(relation)).collect();
    let verdict = |claim: &Assertion| {
        if !MEANS.iter().any(|(_, means)| means.iter().any(|(predicate, _)| *predicate == claim.predicate)) {
            return None;
        }
        let mut stated = pairs.iter().filter(|(pair, head, tail)| states(claim, pair, head, tail)).peekable();
        if stated.peek().is_some() {
            return stated.any(|(_, head, tail)| !head.nominal && !tail.nominal).then_some(true);
        }
        let judged = pairs.iter().any(|(_, head, tail)| {
            head.touches(&claim.subject) && tail.touches(&claim.object)
                || tail.touches(&claim.subject) && head.touches(&claim.object)
        });
        judged.then_some(false)
    };
    claims.iter().map(verdict).collect()
}

impl Record {
    fn pair<'a>(&'a self, relation: &'a Relation) -> Option<(&'a Pair, &'a Mention, &'a Mention)> {
        let pair = relation.mapped.as_ref()?;
        Some((pair, self.entities.get(pair.head?)?, self.entities.get(pair.tail?)?))
    }
}

fn states(claim: &Assertion, pair: &Pair, head: &Mention, tail: &Mention) -> bool {
    let means = MEANS.iter().find(|(label, _)| Some(*label) == pair.kind.as_deref());
    means.into_iter().flat_map(|(_, means)| *means).any(|(predicate, turned)| {
        *predicate == claim.predicate
            && (*turned != Some(true) && head.is(&claim.subject) && tail.is(&claim.object)
                || *turned != Some(false) && tail.is(&claim.subject) && head.is(&claim.object))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: &str) -> Record {
        serde_json::from_value(serde_json::json!({
            "id": 1, "text": "Alder owns Birch.", "entities": [{"start": 0, "end": 5}, {"start": 11, "end": 16}, {"start": 6, "end": 10}],
            "relations": [{"head": 0, "tail": 1, "type": "x", "mapped": {"type": kind, "head": 0, "tail": 1}}]
        }))
        .unwrap()
    }

    fn claim(subject: (u32, u32), predicate: &str, object: (u32, u32)) -> Assertion {
        let end = |(start, end)| End { start: Some(start), end: Some(end), ..End::default() };
        Assertion { subject: end(subject), predicate: predicate.to_owned(), object: end(object) }
    }

    #[test]
    fn a_claim_is_right_wrong_or_not_judged() {
        let claims = [
            claim((0, 5), "owns", (11, 16)),
            claim((11, 16), "subsidiaryOf", (0, 5)),
            claim((11, 16), "owns", (0, 5)),
            claim((0, 5), "owns", (6, 10)),
            claim((0, 5), "hasMetric", (11, 16)),
            claim((0, 5), "supplies", (9, 16)),
        ];
        let verdicts = [Some(true), Some(true), Some(false), None, None, Some(false)];
        assert_eq!(judge(&record("owns"), &claims), verdicts);
        assert_eq!(judge(&record("unrelated"), &claims)[0], Some(false));
    }
}
