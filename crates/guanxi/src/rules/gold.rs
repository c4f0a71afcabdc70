//! What careful readers found in texts (`tests/gold/README.md` has the form), and whether a claim agrees with it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use guanxi_model::{Argument, Claim, EntityId, Extraction, Object, Qualifier, QualifierValue, Status, Value};
use guanxi_names::fold;
use serde::Deserialize;

/// The gold of some texts, by the texts' names without ending.
#[derive(Clone, Debug, Default)]
pub struct Gold {
    texts: BTreeMap<String, Vec<Line>>,
}

/// Gold cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GoldError {
    /// No file of gold in the folder.
    #[error("no gold in {}: looked for files NAME.gold.jsonl", .0.display())]
    NoGold(PathBuf),
    /// A file or folder cannot be read.
    #[error("{}: {error}", path.display())]
    Unreadable {
        /// Which one.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// A line that says nothing.
    #[error("{}:{line}: no gold: {error}", path.display())]
    NoLine {
        /// The file.
        path: PathBuf,
        /// The number of the line.
        line: usize,
        /// Why.
        error: serde_json::Error,
    },
}

/// What gold says of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The text says so.
    Right,
    /// The text does not say so.
    Wrong,
    /// The text says the opposite, or says it with another status.
    Forbidden,
    /// Readers may differ, or the gold does not aim at all facts of this kind.
    Open,
}

/// Plain claims on facts that the gold knows: how many of them the text does not state plainly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Plain {
    /// Claims with status asserted that agree with a line of gold in subject, predicate and object.
    pub known: u64,
    /// Of those: planned, reported, denied, ended or conditional in the gold, or what it says must not come out.
    pub otherwise: u64,
}

impl std::ops::AddAssign for Plain {
    fn add_assign(&mut self, other: Self) {
        self.known += other.known;
        self.otherwise += other.otherwise;
    }
}

/// Predicates of which no gold lists every fact.
const OPEN: [&str; 2] = ["operatesIn", "hasMetric"];
const SYMMETRIC: [&str; 3] = ["partnersWith", "competesWith", "mergesWith"];
/// The share up to which an owner is no parent.
const HALF: f64 = 50.0;

#[derive(Clone, Debug, Deserialize)]
struct Line {
    #[serde(flatten)]
    reading: Reading,
    #[serde(default)]
    status: Option<String>,
    #[serde(default)]
    optional: bool,
    #[serde(default)]
    not: bool,
    #[serde(default)]
    or: Vec<Reading>,
}

#[derive(Clone, Debug, Deserialize)]
struct Reading {
    #[serde(default)]
    s: Vec<String>,
    p: String,
    #[serde(default)]
    o: Vec<String>,
    amount: Option<f64>,
    currency: Option<String>,
    percent: Option<f64>,
    date: Option<String>,
}

impl Gold {
    /// Reads every `NAME.gold.jsonl` below a folder.
    pub fn read(folder: &Path) -> Result<Self, GoldError> {
        let mut gold = Self::default();
        gold.walk(folder)?;
        if gold.texts.is_empty() { Err(GoldError::NoGold(folder.to_owned())) } else { Ok(gold) }
    }

    fn walk(&mut self, folder: &Path) -> Result<(), GoldError> {
        let unreadable = |path: &Path| {
            let path = path.to_owned();
            move |error| GoldError::Unreadable { path, error }
        };
        for entry in fs::read_dir(folder).map_err(unreadable(folder))? {
            let path = entry.map_err(unreadable(folder))?.path();
            if path.is_dir() {
                self.walk(&path)?;
            } else if let Some(name) = path.file_name().and_then(|name| name.to_str()?.strip_suffix(".gold.jsonl")) {
                let text = fs::read_to_string(&path).map_err(unreadable(&path))?;
                let numbered = text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty());
                let read = |(json, line)| {
                    serde_json::from_str(json).map_err(|error| GoldError::NoLine { path: path.clone(), line, error })
                };
                self.texts.insert(name.to_owned(), numbered.map(read).collect::<Result<_, _>>()?);
            }
        }
        Ok(())
    }

    /// The texts that it judges, by their names without ending.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.texts.keys().map(String::as_str)
    }

    /// What the gold says of each claim of a text; `None` where there is no gold for it.
    pub fn judge(&self, extraction: &Extraction) -> Option<Vec<Verdict>> {
        let lines = self.lines(extraction)?;
        let names = names(extraction);
        let things = things(lines);
        Some(extraction.claims.iter().map(|claim| verdict(claim, lines, &names, &things)).collect())
    }

    /// How many plain claims of a text are not plain in its gold; `None` where there is no gold for it.
    pub fn plain(&self, extraction: &Extraction) -> Option<Plain> {
        let lines = self.lines(extraction)?;
        let names = names(extraction);
        let mut plain = Plain::default();
        for claim in extraction.claims.iter().filter(|claim| claim.status == Status::Asserted) {
            let found: Vec<&Line> = lines.iter().filter(|line| says(line, claim, &names)).collect();
            plain.known += u64::from(!found.is_empty());
            plain.otherwise += u64::from(!found.is_empty() && !found.iter().any(|line| line.is_plain()));
        }
        Some(plain)
    }

    /// The predicates that the gold of a text has between whoever bears one of `subject` and whoever bears one of
    /// `object`, each with whether the text states it as a fact or as planned.
    pub fn between(&self, text: &str, subject: &[String], object: &[String]) -> Vec<(&str, bool)> {
        let has = |wanted: &[String], names: &[String]| {
            names.iter().any(|name| wanted.iter().any(|wanted| folded(wanted) == folded(name)))
        };
        let lines = self.texts.get(text).into_iter().flatten().filter(|line| !line.not);
        let readings = lines.flat_map(|line| line.readings().map(|reading| (reading, line.is_plain_or_planned())));
        readings
            .filter(|(reading, _)| has(&reading.s, subject) && has(&reading.o, object))
            .map(|(reading, stated)| (reading.p.as_str(), stated))
            .collect()
    }

    fn lines(&self, extraction: &Extraction) -> Option<&[Line]> {
        let name = &extraction.document.name;
        let stem = Path::new(name).file_stem().and_then(|stem| stem.to_str()).unwrap_or(name);
        self.texts.get(name).or_else(|| self.texts.get(stem)).map(Vec::as_slice)
    }
}

impl Line {
    fn readings(&self) -> impl Iterator<Item = &Reading> {
        std::iter::once(&self.reading).chain(&self.or)
    }

    /// Whether it says that a claim of this status must not come out.
    fn forbids(&self, status: Status) -> bool {
        self.not && self.status.as_deref().is_none_or(|forbidden| forbidden == status.name())
    }

    fn is_plain_or_planned(&self) -> bool {
        self.is_plain() || !self.not && self.status.as_deref() == Some(Status::Planned.name())
    }

    /// Whether it lets the text state the fact plainly.
    fn is_plain(&self) -> bool {
        let asserted = self.status.as_deref().is_none_or(|status| status == Status::Asserted.name());
        if self.not { !asserted } else { asserted }
    }
}

/// The folded names of every entity.
type Names = BTreeMap<EntityId, BTreeSet<String>>;

fn names(extraction: &Extraction) -> Names {
    let entities = extraction.entities.iter();
    entities
        .map(|entity| {
            let names = entity.names.iter().map(|name| folded(&name.text)).chain([folded(entity.label())]);
            (entity.id.clone(), names.collect())
        })
        .collect()
}

fn folded(name: &str) -> String {
    fold(name).trim_end_matches('.').to_owned()
}

/// Folded name → number of the thing that it names in the gold of a text.
fn things(lines: &[Line]) -> BTreeMap<String, usize> {
    let mut things: BTreeMap<String, usize> = BTreeMap::new();
    let ends = lines.iter().flat_map(Line::readings).flat_map(|reading| [&reading.s, &reading.o]);
    for (number, end) in ends.enumerate() {
        let listed: BTreeSet<String> = end.iter().map(|name| folded(name)).collect();
        let old: BTreeSet<usize> = listed.iter().filter_map(|name| things.get(name).copied()).collect();
        let thing = old.first().copied().unwrap_or(number);
        things.values_mut().filter(|known| old.contains(known)).for_each(|known| *known = thing);
        things.extend(listed.into_iter().map(|name| (name, thing)));
    }
    things
}

/// Whether one end bears the names of two things of the gold.
fn melts(claim: &Claim, names: &Names, things: &BTreeMap<String, usize>) -> bool {
    let melts = |argument: &Argument| {
        let known = names.get(&argument.entity).into_iter().flatten();
        known.filter_map(|name| things.get(name)).collect::<BTreeSet<_>>().len() > 1
    };
    melts(&claim.subject) || matches!(&claim.object, Object::Entity(argument) if melts(argument))
}

fn says(line: &Line, claim: &Claim, names: &Names) -> bool {
    line.readings().any(|reading| same(reading, claim, names))
}

fn verdict(claim: &Claim, lines: &[Line], names: &Names, things: &BTreeMap<String, usize>) -> Verdict {
    let melted = melts(claim, names, things);
    let found: Vec<&Line> = lines.iter().filter(|line| (line.not || !melted) && says(line, claim, names)).collect();
    if found.iter().any(|line| !line.not && !line.optional) {
        Verdict::Right
    } else if found.iter().any(|line| line.forbids(claim.status)) {
        Verdict::Forbidden
    } else if !found.is_empty() || OPEN.contains(&&*claim.predicate) {
        Verdict::Open
    } else {
        Verdict::Wrong
    }
}

fn same(reading: &Reading, claim: &Claim, names: &Names) -> bool {
    let has = |argument: &Argument, wanted: &[String]| {
        names.get(&argument.entity).is_some_and(|known| wanted.iter().any(|name| known.contains(&folded(name))))
    };
    let (subject, object) = (&claim.subject, &claim.object);
    let meets = |wanted: &[String]| matches!(object, Object::Entity(argument) if has(argument, wanted));
    if reading.p != *claim.predicate {
        // "A owns B" and "B is a subsidiary of A" are one fact, where the share is more than half or not told.
        let pair = [reading.p.as_str(), &claim.predicate];
        let parent = pair == ["owns", "subsidiaryOf"] || pair == ["subsidiaryOf", "owns"];
        return parent
            && reading.percent.is_none_or(|share| share > HALF)
            && meets(&reading.s)
            && has(subject, &reading.o);
    }
    if !reading.o.is_empty() {
        let turned = SYMMETRIC.contains(&reading.p.as_str()) && meets(&reading.s) && has(subject, &reading.o);
        return has(subject, &reading.s) && meets(&reading.o) || turned;
    }
    if !has(subject, &reading.s) {
        return false;
    }
    if let Some(wanted) = reading.amount {
        let (amount, currency) = money(claim);
        let near = |amount: f64| (amount - wanted).abs() <= 0.005 * amount.abs().max(wanted.abs()).max(1e-9);
        return amount.is_some_and(near) && (reading.currency.is_none() || reading.currency == currency);
    }
    match &reading.date {
        Some(wanted) => dates(claim).iter().any(|date| date.starts_with(wanted.as_str())),
        None => true,
    }
}

/// Amount and currency of a claim, from its object or beside it.
fn money(claim: &Claim) -> (Option<f64>, Option<String>) {
    let text = |qualifier| match claim.qualifiers.get(&qualifier) {
        Some(QualifierValue::Decimal(number)) => Some(number.to_string()),
        Some(QualifierValue::Text(text)) => Some(text.clone()),
        _ => None,
    };
    let (amount, currency) = match &claim.object {
        Object::Value(Value::Money(money)) => (Some(money.amount.to_string()), money.currency.clone()),
        Object::Value(Value::Number(number)) => (Some(number.number.to_string()), None),
        _ => (None, None),
    };
    let amount = amount.or_else(|| text(Qualifier::Amount)).and_then(|amount| amount.parse().ok());
    (amount, currency.or_else(|| text(Qualifier::Currency)))
}

fn dates(claim: &Claim) -> Vec<String> {
    let beside = match claim.qualifiers.get(&Qualifier::Date) {
        Some(QualifierValue::Date(date)) => Some(date.to_string()),
        _ => None,
    };
    let own = match &claim.object {
        Object::Value(Value::Date(date)) => Some(date.to_string()),
        _ => None,
    };
    beside.into_iter().chain(own).collect()
}
