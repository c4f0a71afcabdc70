//! The reference data of the project: that it is as much as promised, and that what looks wrong in it is explained.
//!
//! It stands here because two names are one by the keys of this crate.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use guanxi_model::reference::{ReferenceEntity, ReferenceFact};
use guanxi_model::{EntityId, Reference, Schema};
use guanxi_names::name_key;

/// The data, or every mistake in them.
static DATA: LazyLock<Result<Data, String>> = LazyLock::new(Data::read);

fn data() -> &'static Data {
    DATA.as_ref().unwrap_or_else(|_| panic!("the reference data do not load, see `everything_loads`"))
}

/// The reference data with the files that it was read from, whose comments explain what a row cannot.
struct Data {
    rows: Vec<ReferenceEntity>,
    facts: Vec<ReferenceFact>,
    files: BTreeMap<String, String>,
}

impl Data {
    fn read() -> Result<Self, String> {
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data").canonicalize().unwrap();
        let (schema, files) = (texts(&data, "schema"), texts(&data, "reference"));
        let schema = Schema::load(pairs(&schema)).map_err(|errors| lines(&errors))?;
        let reference = Reference::load(pairs(&files), &schema)
            .map_err(|errors| format!("{} mistakes:\n{}", errors.len(), lines(&errors)))?;
        Ok(Self { rows: reference.entities().collect(), facts: reference.facts().collect(), files })
    }

    fn of_class(&self, classes: &[&str]) -> Vec<&ReferenceEntity> {
        self.rows.iter().filter(|row| classes.contains(&&*row.entity.class)).collect()
    }

    fn row(&self, id: &EntityId) -> &ReferenceEntity {
        self.rows.binary_search_by(|row| row.entity.id.cmp(id)).map(|position| &self.rows[position]).unwrap()
    }

    fn objects(&self, subject: &EntityId, predicate: &str) -> usize {
        self.facts.iter().filter(|fact| fact.subject == *subject && &*fact.predicate == predicate).count()
    }

    /// What follows `# <keyword>: ` in comments of this file.
    fn comments(&self, file: &str, keyword: &str) -> Vec<&str> {
        let start = format!("# {keyword}: ");
        self.files[file].lines().filter_map(|line| line.trim().strip_prefix(start.as_str())).collect()
    }

    /// Whether a comment `# <keyword>: why` stands in the row or right above it.
    fn has_comment(&self, row: &ReferenceEntity, keyword: &str) -> bool {
        let lines: Vec<&str> = self.files[&*row.file].lines().map(str::trim).collect();
        let (above, from) = lines.split_at(row.line as usize - 1);
        let above = above.iter().rev().take_while(|line| line.starts_with('#'));
        let within = from[1..].iter().take_while(|line| row.file.ends_with(".toml") && !line.starts_with("[["));
        let start = format!("# {keyword}: ");
        above.chain(within).any(|line| line.strip_prefix(start.as_str()).is_some_and(|why| !why.trim().is_empty()))
    }
}

fn pairs(files: &BTreeMap<String, String>) -> impl Iterator<Item = (&str, &str)> {
    files.iter().map(|(name, text)| (name.as_str(), text.as_str()))
}

/// Path below `data` and text of every file of a part.
fn texts(data: &Path, part: &str) -> BTreeMap<String, String> {
    let mut texts = BTreeMap::new();
    let mut folders: Vec<PathBuf> = vec![data.join(part)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "toml" || ending == "csv") {
                let name = path.strip_prefix(data).unwrap().to_string_lossy().into_owned();
                texts.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    texts
}

fn lines<T: Display>(items: &[T]) -> String {
    items.iter().map(|item| format!("{item}\n")).collect()
}

fn place(row: &ReferenceEntity) -> String {
    format!("{}:{} {}", row.file, row.line, row.entity.id)
}

fn countries<'r>(rows: &[&'r ReferenceEntity]) -> BTreeSet<&'r str> {
    rows.iter().filter_map(|row| row.entity.country.as_deref()).collect()
}

/// Fails with a line for each fault, all at once.
#[track_caller]
fn none(what: &str, faults: &[String]) {
    assert!(faults.is_empty(), "{} {what}:\n{}", faults.len(), lines(faults));
}

#[test]
fn everything_loads() {
    if let Err(mistakes) = &*DATA {
        panic!("{mistakes}");
    }
}

#[test]
fn there_are_regulators_of_many_countries() {
    let found = countries(&data().of_class(&["Regulator"]));
    let states = found.iter().filter(|code| **code != "EU").count();
    assert!(states >= 45 && found.contains("EU"), "regulators of {states} countries: {found:?}");
}

#[test]
fn there_are_regulations_of_many_countries() {
    let regulations = data().of_class(&["Regulation"]);
    let found = countries(&regulations);
    assert!(regulations.len() >= 120 && found.len() >= 25, "{} regulations of {found:?}", regulations.len());
}

#[test]
fn there_are_activities() {
    let activities = data().of_class(&["Activity"]).len();
    assert!(activities >= 80, "{activities} activities");
}

#[test]
fn there_are_exchanges_with_country_and_code() {
    let exchanges = data().of_class(&["Exchange"]);
    let whole = |row: &&&ReferenceEntity| row.mic.is_some() && row.entity.chinese_label().is_some();
    let whole = exchanges.iter().filter(whole).count();
    assert!(exchanges.len() >= 75 && whole >= 70, "{} exchanges, {whole} with MIC and both names", exchanges.len());
    let nowhere = exchanges.into_iter().filter(|row| row.entity.country.is_none());
    none("exchanges without a country", &nowhere.map(place).collect::<Vec<_>>());
}

#[test]
fn there_are_companies_and_investors_of_many_countries() {
    let firms = data().of_class(&["Company", "Fund"]);
    let found = countries(&firms);
    assert!(firms.len() >= 1_500 && found.len() >= 45, "{} firms of {} countries: {found:?}", firms.len(), found.len());
}

#[test]
fn every_regulator_regulates_something_or_says_why_not() {
    let idle = |row: &&ReferenceEntity| {
        data().objects(&row.entity.id, "regulates") == 0 && !data().has_comment(row, "no regulates")
    };
    let faults: Vec<_> = data().of_class(&["Regulator"]).into_iter().filter(idle).map(place).collect();
    none("regulators regulate nothing, and no `# no regulates: why` stands at the row", &faults);
}

#[test]
fn every_regulation_has_an_issuer_that_existed_on_its_date() {
    let mut issuers: BTreeMap<&EntityId, Vec<&ReferenceEntity>> = BTreeMap::new();
    for fact in data().facts.iter().filter(|fact| &*fact.predicate == "issued") {
        issuers.entry(&fact.object).or_default().push(data().row(&fact.subject));
    }
    let mut faults = Vec::new();
    for rule in data().of_class(&["Regulation"]) {
        let issuers = issuers.get(&rule.entity.id).map(Vec::as_slice).unwrap_or_default();
        let existed = |issuer: &&ReferenceEntity| rule.validity.from.is_none_or(|date| issuer.validity.holds_on(date));
        if !issuers.iter().any(existed) {
            let date = rule.validity.from.map_or("no date".to_owned(), |date| date.to_string());
            let who: Vec<_> = issuers.iter().map(|issuer| place(issuer)).collect();
            faults.push(format!("{}, {date}, issued by {}", place(rule), who.join(", ")));
        }
    }
    none("regulations without an issuer that existed then", &faults);
}

/// Two rows with a name in common: a text that uses it cannot tell which of them it means. `# collision: NAME, NAME — reason`
/// in a file of either of them says why they stay.
#[test]
fn every_name_of_two_rows_is_explained() {
    let mut bearers: BTreeMap<String, BTreeSet<&EntityId>> = BTreeMap::new();
    let mut spelling: BTreeMap<String, &str> = BTreeMap::new();
    for row in &data().rows {
        for name in &row.entity.names {
            let key = name_key(&name.text);
            spelling.entry(key.clone()).or_insert(&name.text);
            bearers.entry(key).or_default().insert(&row.entity.id);
        }
    }
    let explained = |key: &str, row: &ReferenceEntity| {
        data().comments(&row.file, "collision").iter().any(|comment| {
            let Some((names, why)) = comment.split_once(" — ") else { return false };
            let named = name_key(names) == *key || names.split(", ").any(|name| name_key(name) == *key);
            named && !why.trim().is_empty()
        })
    };
    let mut faults = Vec::new();
    for (key, ids) in bearers.iter().filter(|(_, ids)| ids.len() > 1) {
        let rows: Vec<_> = ids.iter().map(|id| data().row(id)).collect();
        if !rows.iter().any(|row| explained(key, row)) {
            let places: Vec<_> = rows.into_iter().map(place).collect();
            faults.push(format!("{}: {}", spelling[key], places.join(", ")));
        }
    }
    none("names are borne by two rows, and no `# collision: NAME — reason` explains it", &faults);
}

#[test]
fn nobody_is_its_own_successor_or_parent() {
    let circular = |predicate: &str| {
        let facts = data().facts.iter().filter(|fact| &*fact.predicate == predicate && !fact.validity.ended);
        let above: BTreeMap<&EntityId, &EntityId> = facts.map(|fact| (&fact.subject, &fact.object)).collect();
        let chain = |id| std::iter::successors(above.get(id), |next| above.get(*next)).take(above.len());
        above.keys().filter(|id| chain(*id).any(|next| next == *id)).map(|id| format!("{id} {predicate}")).collect()
    };
    let faults: Vec<Vec<String>> = ["succeeds", "subsidiaryOf"].map(circular).into();
    none("chains lead back to where they begin", &faults.concat());
}
