//! Claims against the facts that a careful reader noted: right, wrong, or neither asked for nor counted.
//!
//! The rules are those of the scorer that reads the same files: a fact is found when subject, predicate and object agree,
//! where any name of the entity may do; what is optional is left out. More lines of business or figures than were noted are
//! no error there; here those two are left out altogether, or only right ones would be seen.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::{Map, Value};
use unicode_normalization::UnicodeNormalization;

use crate::judged::{Assertion, End};

const OPEN: [&str; 2] = ["operatesIn", "hasMetric"];
const SYMMETRIC: [&str; 3] = ["partnersWith", "competesWith", "mergesWith"];

/// A line of gold.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Fact {
    s: Vec<String>,
    p: String,
    o: Vec<String>,
    amount: Option<Value>,
    currency: Option<String>,
    percent: Option<f64>,
    date: Option<Value>,
    status: Option<String>,
    optional: bool,
    not: bool,
    or: Option<Vec<Fact>>,
}

/// Reads the lines of a file of gold.
pub fn facts(text: &str) -> Result<Vec<Fact>, String> {
    let lines = text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty());
    lines.map(|(line, number)| serde_json::from_str(line).map_err(|error| format!("line {number}: {error}"))).collect()
}

/// Whether each claim of a document is right; `None` where the gold does not ask.
pub fn judge(gold: &[Fact], claims: &[Assertion]) -> Vec<Option<bool>> {
    let things = things(gold);
    let mut verdicts: Vec<Option<bool>> = vec![Some(false); claims.len()];
    let (mut used, mut neutral) = (BTreeSet::new(), BTreeSet::new());
    for fact in gold {
        let readings = || std::iter::once(fact).chain(fact.or.iter().flatten());
        let hits = (0..claims.len()).filter(|&index| {
            readings().any(|reading| says(reading, &claims[index])) && (fact.not || !melts(&claims[index], &things))
        });
        for hit in hits {
            let forbidden = fact.not && fact.status.as_ref().is_none_or(|status| *status == claims[hit].status);
            match (fact.not || fact.optional, forbidden) {
                (false, _) => used.insert(hit),
                (true, false) => neutral.insert(hit),
                (true, true) => false,
            };
        }
    }
    let told: BTreeSet<_> = used.iter().chain(&neutral).map(|&index| key(&claims[index])).collect();
    for (index, verdict) in verdicts.iter_mut().enumerate() {
        if OPEN.contains(&claims[index].predicate.as_str()) {
            *verdict = None;
        } else if used.contains(&index) {
            *verdict = Some(true);
        } else if told.contains(&key(&claims[index])) {
            *verdict = None;
        }
    }
    verdicts
}

/// Compatible characters are one, case and quotation marks do not count.
pub fn fold(name: &str) -> String {
    let folded: String = name.nfkc().collect::<String>().to_lowercase();
    let bare: String = folded.chars().filter(|c| !"\"'“”‘’《》「」".contains(*c)).collect();
    bare.split_whitespace().collect::<Vec<_>>().join(" ").trim_end_matches('.').to_owned()
}

fn names(end: &End) -> BTreeSet<String> {
    let names = end.label.iter().chain(&end.aliases).filter(|name| !name.is_empty());
    names.map(|name| fold(name)).collect()
}

fn says(fact: &Fact, claim: &Assertion) -> bool {
    let meets = |wanted: &[String], end: &End| {
        let found = names(end);
        wanted.iter().any(|name| found.contains(&fold(name)))
    };
    if fact.p != claim.predicate {
        // "A owns B" and "B is a subsidiary of A" are one fact, where the share is more than half or not told.
        let both = [fact.p.as_str(), claim.predicate.as_str()];
        return both.contains(&"owns")
            && both.contains(&"subsidiaryOf")
            && fact.percent.is_none_or(|percent| percent > 50.0)
            && meets(&fact.s, &claim.object)
            && meets(&fact.o, &claim.subject);
    }
    if !fact.o.is_empty() {
        return (meets(&fact.s, &claim.subject) && meets(&fact.o, &claim.object))
            || (SYMMETRIC.contains(&fact.p.as_str())
                && meets(&fact.s, &claim.object)
                && meets(&fact.o, &claim.subject));
    }
    if !meets(&fact.s, &claim.subject) {
        return false;
    }
    if let Some(wanted) = &fact.amount {
        let (amount, currency) = money(claim);
        let same = number(wanted).zip(amount).is_some_and(|(wanted, found)| near(wanted, found));
        return same && fact.currency.as_ref().is_none_or(|wanted| Some(wanted.as_str()) == currency);
    }
    if let Some(date) = &fact.date {
        return dates(claim).iter().any(|found| found.starts_with(&text(date)));
    }
    true
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 0.005 * a.abs().max(b.abs()).max(1e-9)
}

fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.parse().ok())
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn money(claim: &Assertion) -> (Option<f64>, Option<&str>) {
    let (value, qualifiers): (&Map<_, _>, &Map<_, _>) = (&claim.object.value, &claim.qualifiers);
    let amount = value.get("amount").or_else(|| qualifiers.get("amount")).or_else(|| value.get("number"));
    let currency = value.get("currency").or_else(|| qualifiers.get("currency"));
    (amount.and_then(number), currency.and_then(Value::as_str))
}

fn dates(claim: &Assertion) -> Vec<String> {
    let dates = [claim.qualifiers.get("date"), claim.object.value.get("date")];
    dates.into_iter().flatten().map(text).collect()
}

/// Folded name → number of the thing that it names in the gold of this document.
fn things(gold: &[Fact]) -> BTreeMap<String, usize> {
    let mut things: BTreeMap<String, usize> = BTreeMap::new();
    let mut count = 0;
    for reading in gold.iter().flat_map(|fact| std::iter::once(fact).chain(fact.or.iter().flatten())) {
        for listed in [&reading.s, &reading.o] {
            let listed: BTreeSet<String> = listed.iter().map(|name| fold(name)).collect();
            let old: BTreeSet<usize> = listed.iter().filter_map(|name| things.get(name).copied()).collect();
            count += 1;
            let thing = old.first().copied().unwrap_or(count);
            things.values_mut().filter(|known| old.contains(known)).for_each(|known| *known = thing);
            things.extend(listed.into_iter().map(|name| (name, thing)));
        }
    }
    things
}

/// Whether one end bears the names of two things of the gold.
fn melts(claim: &Assertion, things: &BTreeMap<String, usize>) -> bool {
    let count = |end: &End| names(end).iter().filter_map(|name| things.get(name)).collect::<BTreeSet<_>>().len();
    count(&claim.subject) > 1 || count(&claim.object) > 1
}

/// What makes two claims one fact.
fn key(claim: &Assertion) -> (String, String, String) {
    let name = |end: &End| end.id.clone().or_else(|| end.label.clone());
    let value = || format!("{:?} {:?}", money(claim), dates(claim));
    let subject = name(&claim.subject).unwrap_or_default();
    let object = name(&claim.object).unwrap_or_else(value);
    match SYMMETRIC.contains(&claim.predicate.as_str()) && object < subject {
        true => (claim.predicate.clone(), object, subject),
        false => (claim.predicate.clone(), subject, object),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(subject: &[&str], predicate: &str, object: &[&str]) -> Assertion {
        let end = |names: &[&str]| {
            let aliases = names.iter().map(ToString::to_string).collect();
            End { id: Some(names[0].to_owned()), label: Some(names[0].to_owned()), aliases, ..End::default() }
        };
        let (qualifiers, status) = (Map::new(), "asserted".to_owned());
        Assertion { subject: end(subject), predicate: predicate.to_owned(), object: end(object), qualifiers, status }
    }

    fn verdicts(gold: &str, claims: &[Assertion]) -> Vec<Option<bool>> {
        judge(&facts(gold).unwrap(), claims)
    }

    #[test]
    fn any_name_of_either_end_does() {
        let gold = r#"{"s": ["“Alder”", "Alder AG"], "p": "owns", "o": ["Birch Ltd."]}"#;
        let claims = [
            claim(&["ALDER ag"], "owns", &["x", "birch ltd"]),
            claim(&["Alder"], "owns", &["Cedar"]),
            claim(&["Birch Ltd"], "subsidiaryOf", &["Alder"]),
            claim(&["Birch Ltd"], "owns", &["Alder"]),
        ];
        assert_eq!(verdicts(gold, &claims), [Some(true), Some(false), Some(true), Some(false)]);
        let small = r#"{"s": ["Alder"], "p": "owns", "o": ["Birch"], "percent": 20}"#;
        assert_eq!(verdicts(small, &[claim(&["Birch"], "subsidiaryOf", &["Alder"])]), [Some(false)]);
    }

    #[test]
    fn what_is_optional_is_left_out_and_what_is_forbidden_is_wrong() {
        let gold = r#"
            {"s": ["A"], "p": "supplies", "o": ["B"], "optional": true}
            {"s": ["A"], "p": "acquired", "o": ["B"], "not": true, "status": "asserted"}
            {"s": ["A"], "p": "acquired", "o": ["C"], "not": true, "status": "denied"}"#;
        let claims = ["supplies B", "acquired B", "acquired C", "operatesIn D"].map(|told| {
            let (predicate, object) = told.split_once(' ').unwrap();
            claim(&["A"], predicate, &[object])
        });
        assert_eq!(verdicts(gold, &claims), [None, Some(false), None, None]);
    }

    #[test]
    fn both_ways_round_and_other_readings() {
        let gold = r#"{"s": ["A"], "p": "mergesWith", "o": ["B"], "or": [{"s": ["A"], "p": "acquired", "o": ["B"]}]}"#;
        let claims = [claim(&["B"], "mergesWith", &["A"]), claim(&["A"], "acquired", &["B"])];
        assert_eq!(verdicts(gold, &claims), [Some(true), Some(true)]);
    }

    #[test]
    fn two_things_under_one_name_are_not_right() {
        let gold =
            "{\"s\": [\"A\"], \"p\": \"owns\", \"o\": [\"B\"]}\n{\"s\": [\"C\"], \"p\": \"owns\", \"o\": [\"D\"]}";
        assert_eq!(verdicts(gold, &[claim(&["A", "C"], "owns", &["B"])]), [Some(false)]);
    }

    #[test]
    fn values_agree_within_half_a_percent() {
        let gold = r#"{"s": ["A"], "p": "hasValuation", "amount": 1000000, "currency": "USD"}"#;
        let mut told = claim(&["A"], "hasValuation", &["x"]);
        told.object = End::default();
        told.object.value.insert("amount".to_owned(), 1_004_000.into());
        told.object.value.insert("currency".to_owned(), "USD".into());
        let mut other = told.clone();
        other.object.value.insert("currency".to_owned(), "EUR".into());
        assert_eq!(verdicts(gold, &[told, other]), [Some(true), Some(false)]);
    }
}
