//! From TOML to a checked [`Reference`]: first every row by itself, then what rows say of one another.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;
use std::sync::Arc;

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Instrument, Lifecycle, Reference, ReferenceEntity, ReferenceError, ReferenceFact};
use crate::data_file::{DataFile, unknown};
use crate::schema::{ClassKind, Predicate, Range};
use crate::{
    Entity, EntityId, EntityName, Language, NameKind, PartialDate, Qualifier, QualifierKind, QualifierValue,
    Qualifiers, Schema, Validity,
};

pub(super) fn load(files: &[DataFile<'_>], schema: &Schema) -> Result<Reference, Vec<ReferenceError>> {
    let mut rows = Rows { schema, rows: Vec::new(), broken: Vec::new(), errors: Vec::new() };
    for &file in files {
        rows.read(file);
    }
    rows.check_ids();
    let (mut entities, mut facts) = (Vec::new(), Vec::new());
    let ids = rows.classes_by_id();
    let mut errors = Vec::new();
    for row in &rows.rows {
        let mut checker = Checker { schema, ids: &ids, row, errors: &mut errors };
        entities.push(checker.entity());
        facts.extend(checker.facts());
    }
    errors.append(&mut rows.errors);
    if !errors.is_empty() {
        errors.sort();
        return Err(errors);
    }
    entities.sort_by(|a, b| a.entity.id.cmp(&b.entity.id));
    facts.sort_by(|a, b| fact_key(a).cmp(&fact_key(b)));
    Ok(Reference { entities, facts })
}

fn fact_key(fact: &ReferenceFact) -> impl Ord + '_ {
    (&fact.subject, &fact.predicate, &fact.object, fact.validity.from, fact.validity.to, &fact.file, fact.line)
}

type Text = Spanned<String>;

/// An `[[entity]]`, its `facts` apart.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EntityTable {
    id: Text,
    class: Text,
    country: Option<Text>,
    #[serde(default)]
    name: ByLanguage<Option<Text>>,
    #[serde(default)]
    short: ByLanguage<Vec<Text>>,
    #[serde(default)]
    brand: ByLanguage<Vec<Text>>,
    #[serde(default)]
    former: ByLanguage<Vec<Text>>,
    #[serde(default)]
    gloss: ByLanguage<Vec<Text>>,
    from: Option<Text>,
    to: Option<Text>,
    lifecycle: Option<Text>,
    instrument: Option<Text>,
    broader: Option<Text>,
    #[serde(default)]
    members: Vec<Text>,
    source: Option<String>,
    #[serde(default)]
    unverified: bool,
}

/// `name.en = "…"`, one a language, or `short.en = ["…"]`, several.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ByLanguage<T: Default> {
    en: T,
    zh: T,
    #[serde(rename = "zh-Hant")]
    zh_hant: T,
    #[serde(rename = "zh-Latn")]
    zh_latn: T,
}

impl<T: Default> ByLanguage<T> {
    fn all<'n>(&'n self) -> impl Iterator<Item = (Language, &'n Text)>
    where
        &'n T: IntoIterator<Item = &'n Text>,
    {
        [
            (Language::English, &self.en),
            (Language::ChineseSimplified, &self.zh),
            (Language::ChineseTraditional, &self.zh_hant),
            (Language::Pinyin, &self.zh_latn),
        ]
        .into_iter()
        .flat_map(|(language, names)| names.into_iter().map(move |name| (language, name)))
    }
}

struct Row<'a> {
    file: DataFile<'a>,
    start: usize,
    table: EntityTable,
    facts: Option<Spanned<DeValue<'a>>>,
}

struct Rows<'a> {
    schema: &'a Schema,
    rows: Vec<Row<'a>>,
    /// Ids of rows that do not load, lest each mention of them be an error too.
    broken: Vec<String>,
    errors: Vec<ReferenceError>,
}

impl<'a> Rows<'a> {
    fn read(&mut self, file: DataFile<'a>) {
        let table = match file.parse() {
            Ok(table) => table.into_inner(),
            Err(errors) => return self.errors.extend(errors),
        };
        for (key, value) in table {
            let key_start = key.span().start;
            match value.into_inner() {
                DeValue::Array(rows) if key.get_ref() == "entity" => {
                    for row in rows {
                        self.read_row(file, row);
                    }
                }
                _ if key.get_ref() == "entity" => {
                    self.errors.push(file.error(key_start, "", "write [[entity]] in double brackets, one a row"));
                }
                _ => self.errors.push(file.error(key_start, "", unknown("key", key.get_ref(), ["entity"]))),
            }
        }
    }

    fn read_row(&mut self, file: DataFile<'a>, row: Spanned<DeValue<'a>>) {
        let span = row.span();
        let DeValue::Table(mut table) = row.into_inner() else {
            return self.errors.push(file.error(span.start, "", "write [[entity]] in double brackets, one a row"));
        };
        let id = table.get("id").and_then(|id| id.get_ref().as_str()).unwrap_or_default().to_owned();
        let facts = table.remove("facts");
        match file.read(Spanned::new(span.clone(), table), &id) {
            Ok(table) => self.rows.push(Row { file, start: span.start, table, facts }),
            Err(errors) => {
                self.errors.extend(errors);
                self.broken.push(id);
            }
        }
    }

    fn check_ids(&mut self) {
        let mut first: BTreeMap<&str, &Row<'_>> = BTreeMap::new();
        let mut broader: BTreeMap<&str, &str> = BTreeMap::new();
        for row in &self.rows {
            let (id, at) = (row.table.id.get_ref().as_str(), row.table.id.span().start);
            if let Some(other) = first.insert(id, row) {
                let line = other.file.place(other.start).0;
                let message = format!("this id is taken: {}:{line} has it too", other.file.name);
                self.errors.push(row.file.error(at, id, message));
            }
            if let Some(wider) = &row.table.broader {
                broader.insert(id, wider.get_ref());
            }
        }
        for (&id, row) in &first {
            let chain: Vec<&str> = std::iter::successors(broader.get(id), |wider| broader.get(*wider))
                .copied()
                .take(broader.len())
                .collect();
            // One report a circle, at its least id.
            if let Some(length) = chain.iter().position(|&wider| wider == id)
                && chain[..length].iter().all(|&wider| id < wider)
            {
                let at = row.table.broader.as_ref().map_or(row.start, |wider| wider.span().start);
                self.errors.push(row.file.error(
                    at,
                    id,
                    format!("is broader than itself: {id} → {}", chain[..=length].join(" → ")),
                ));
            }
        }
    }

    /// The class of every row; `None` for rows that do not load.
    fn classes_by_id(&self) -> BTreeMap<String, Option<String>> {
        let broken = self.broken.iter().map(|id| (id.clone(), None));
        let known = |class: &String| self.schema.class(class).map(|_| class.clone());
        broken
            .chain(self.rows.iter().map(|row| (row.table.id.get_ref().clone(), known(row.table.class.get_ref()))))
            .collect()
    }
}

/// Checks one row against the schema and the ids of all rows.
struct Checker<'c, 'a> {
    schema: &'c Schema,
    ids: &'c BTreeMap<String, Option<String>>,
    row: &'c Row<'a>,
    errors: &'c mut Vec<ReferenceError>,
}

impl<'c> Checker<'c, '_> {
    fn entity(&mut self) -> ReferenceEntity {
        let row = self.row;
        let table = &row.table;
        self.check_id();
        self.check_class();
        self.check_countries();
        self.check_source();
        let family = self.schema.family(table.class.get_ref()).unwrap_or_default();
        self.check_only_for("regulation", family, table.lifecycle.as_ref(), "lifecycle");
        self.check_only_for("regulation", family, table.instrument.as_ref(), "instrument");
        self.check_only_for("activity", family, table.broader.as_ref(), "broader");
        self.check_only_for("place", family, table.members.first(), "members");
        let lifecycle = self.one_of(table.lifecycle.as_ref(), "lifecycle", Lifecycle::ALL, |value| value.name());
        let instrument = self.one_of(table.instrument.as_ref(), "instrument", Instrument::ALL, |value| value.name());
        let mut validity = self.validity(table.from.as_ref(), table.to.as_ref());
        validity.ended |= matches!(lifecycle, Some(Lifecycle::Repealed | Lifecycle::Ended));
        ReferenceEntity {
            entity: Entity {
                id: EntityId::new(table.id.get_ref().as_str()),
                class: table.class.get_ref().as_str().into(),
                names: self.names(),
                country: table.country.as_ref().map(|country| country.get_ref().clone()),
            },
            validity,
            lifecycle,
            instrument,
            broader: table.broader.as_ref().and_then(|wider| self.known_id(wider.get_ref(), wider.span().start)),
            members: self.members(),
            source: self.source(),
            file: row.file.name.into(),
            line: row.file.place(row.start).0,
        }
    }

    fn check_id(&mut self) {
        let id = &self.row.table.id;
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let has_parts = id.get_ref().split_once('-').is_some_and(|(head, slug)| !head.is_empty() && !slug.is_empty());
        if !(has_parts && id.get_ref().chars().all(is_plain)) {
            self.fail(
                id.span().start,
                "an id is a country or `activity`, a hyphen and a slug, in a–z, 0–9 and hyphens: cn-pboc",
            );
        }
    }

    fn check_class(&mut self) {
        let class = &self.row.table.class;
        match self.schema.class(class.get_ref()) {
            None => {
                let nodes = self.schema.classes().iter().filter(|class| class.kind == ClassKind::Entity);
                self.fail(class.span().start, unknown("class", class.get_ref(), nodes.map(|class| &*class.name)));
            }
            Some(found) if found.kind != ClassKind::Entity => {
                self.fail(
                    class.span().start,
                    format!("{} is a role or a record, never the class of an entity", found.name),
                );
            }
            Some(_) => {}
        }
    }

    fn check_countries(&mut self) {
        let table = &self.row.table;
        let is_code = |code: &str| code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase());
        for country in table.country.iter().chain(&table.members).filter(|country| !is_code(country.get_ref())) {
            let message =
                format!("`{}` is no country: write its two letters of ISO 3166-1, such as CN", country.get_ref());
            self.fail(country.span().start, message);
        }
        if let (None, Some(member)) = (&table.country, table.members.first()) {
            self.fail(member.span().start, "a union with members has a code of its own: write country = \"EU\"");
        }
    }

    fn check_source(&mut self) {
        let source = self.row.table.source.as_deref().map(str::trim);
        let message = match (source, self.row.table.unverified) {
            (Some(""), _) => "the source is empty: name it, or write unverified = true",
            (Some(_), true) => "has a source and is unverified: keep one of the two",
            (None, false) => "says neither source = \"…\" nor unverified = true",
            _ => return,
        };
        self.fail(self.row.start, message);
    }

    fn check_only_for(&mut self, wanted: &str, family: &str, key: Option<&Text>, name: &str) {
        if let Some(key) = key.filter(|_| family != wanted && !family.is_empty()) {
            let class = self.row.table.class.get_ref();
            self.fail(key.span().start, format!("`{name}` is for the family {wanted}, and the class is {class}"));
        }
    }

    fn names(&mut self) -> Vec<EntityName> {
        let table = &self.row.table;
        let legal = table.name.all().map(|(language, name)| (NameKind::Legal, language, name));
        let others = [
            (NameKind::Short, &table.short),
            (NameKind::Brand, &table.brand),
            (NameKind::Former, &table.former),
            (NameKind::Gloss, &table.gloss),
        ];
        let others = others
            .into_iter()
            .flat_map(|(kind, names)| names.all().map(move |(language, name)| (kind, language, name)));
        let mut names: Vec<EntityName> = Vec::new();
        for (kind, language, name) in legal.chain(others) {
            if name.get_ref().trim().is_empty() {
                self.fail(name.span().start, "this name is empty");
            }
            names.push(EntityName { text: name.get_ref().clone(), language, kind });
        }
        if !names.iter().any(|name| name.kind == NameKind::Legal) {
            self.fail(self.row.start, "has no name: write name.en or name.zh");
        }
        names
    }

    fn facts(&mut self) -> Vec<ReferenceFact> {
        let Some(facts) = &self.row.facts else { return Vec::new() };
        let Some(by_predicate) = facts.get_ref().as_table() else {
            self.fail(facts.span().start, "write facts as facts.<predicate> = [\"<id>\", …]");
            return Vec::new();
        };
        let mut all = Vec::new();
        let mut seen = BTreeSet::new();
        for (name, objects) in by_predicate {
            let Some(predicate) = self.predicate(name) else { continue };
            let Some(objects) = objects.get_ref().as_array() else {
                self.fail(objects.span().start, format!("write a list: facts.{} = [\"<id>\", …]", predicate.name));
                continue;
            };
            for object in objects.iter() {
                let Some(fact) = self.fact(predicate, object) else { continue };
                if !seen.insert((fact.predicate.clone(), fact.object.clone(), fact.validity.from)) {
                    self.fail(object.span().start, format!("{} {} is stated twice", fact.predicate, fact.object));
                }
                all.push(fact);
            }
        }
        all
    }

    fn predicate(&mut self, name: &Spanned<impl AsRef<str>>) -> Option<&'c Predicate> {
        let (text, at) = (name.get_ref().as_ref(), name.span().start);
        let stated = self.schema.predicates().iter().filter(|predicate| !predicate.derived);
        let message = match self.schema.predicate(text) {
            None => unknown("predicate", text, stated.map(|predicate| &*predicate.name)),
            Some(found) if found.derived => format!("`{text}` is concluded from other facts, never stated"),
            Some(found) if matches!(found.range, Range::Value(_)) => {
                format!("the object of `{text}` is a value; a row states facts between entities only")
            }
            Some(found) => {
                let class = self.row.table.class.get_ref();
                if self.schema.class(class).is_some() && !self.schema.accepts_subject(found, class) {
                    let accepted = found.domain.join(" or ");
                    self.fail(at, format!("the subject of `{text}` is {accepted}, not {class}"));
                }
                return self.schema.predicate(text);
            }
        };
        self.fail(at, message);
        None
    }

    /// `"<id>"`, or `{ object = "<id>", from = "…", to = "…", <qualifier> = … }`.
    fn fact(&mut self, predicate: &Predicate, object: &Spanned<DeValue<'_>>) -> Option<ReferenceFact> {
        let start = object.span().start;
        let mut qualifiers = Qualifiers::new();
        let (object, validity) = match object.get_ref() {
            DeValue::String(id) => (self.object(predicate, id, start), Validity::default()),
            DeValue::Table(table) => {
                let dates = ["from", "to"].map(|key| self.text_at(table, key));
                let validity = self.validity(dates[0].as_ref(), dates[1].as_ref());
                for (key, value) in
                    table.iter().filter(|(key, _)| !["object", "from", "to"].contains(&&**key.get_ref()))
                {
                    qualifiers.extend(self.qualifier(predicate, key.get_ref(), key.span().start, value));
                }
                let Some(id) = self.text_at(table, "object") else {
                    self.fail(start, "says no object: { object = \"<id>\", … }");
                    return None;
                };
                (self.object(predicate, id.get_ref(), id.span().start), validity)
            }
            _ => {
                self.fail(start, "write an object as \"<id>\" or { object = \"<id>\", from = \"…\", to = \"…\" }");
                return None;
            }
        };
        Some(ReferenceFact {
            subject: EntityId::new(self.row.table.id.get_ref().as_str()),
            predicate: Arc::clone(&predicate.name),
            object: object?,
            qualifiers,
            validity,
            source: self.source(),
            file: self.row.file.name.into(),
            line: self.row.file.place(start).0,
        })
    }

    fn object(&mut self, predicate: &Predicate, id: &str, at: usize) -> Option<EntityId> {
        let found = self.known_id(id, at)?;
        if let Some(Some(class)) = self.ids.get(id)
            && !self.schema.accepts_object(predicate, class)
        {
            let accepted = match &predicate.range {
                Range::Classes(classes) => classes.join(" or "),
                Range::Value(_) => String::new(),
            };
            let message = format!("the object of `{}` is {accepted}, and {id} is {class}", predicate.name);
            self.fail(at, message);
        }
        Some(found)
    }

    fn qualifier(
        &mut self,
        predicate: &Predicate,
        key: &str,
        at: usize,
        value: &Spanned<DeValue<'_>>,
    ) -> Option<(Qualifier, QualifierValue)> {
        let own = predicate.qualifiers.iter().filter(|each| !matches!(each, Qualifier::ValidFrom | Qualifier::ValidTo));
        let Some(&qualifier) = own.clone().find(|qualifier| qualifier.name() == key) else {
            let known = ["object", "from", "to"].into_iter().chain(own.map(|qualifier| qualifier.name()));
            self.fail(at, unknown("key", key, known));
            return None;
        };
        let (read, wanted) = match (qualifier.kind(), value.get_ref()) {
            (QualifierKind::Decimal, DeValue::Integer(number)) => {
                (number.as_str().parse().ok().map(QualifierValue::Decimal), "a number")
            }
            (QualifierKind::Decimal, DeValue::Float(number)) => {
                (number.as_str().parse().ok().map(QualifierValue::Decimal), "a number")
            }
            (QualifierKind::Decimal, _) => (None, "a number"),
            (QualifierKind::Date, value) => (
                value.as_str().and_then(|text| text.parse().ok()).map(QualifierValue::Date),
                "a date in quotes: \"2025-03\"",
            ),
            (QualifierKind::Text, value) => {
                (value.as_str().map(|text| QualifierValue::Text(text.to_owned())), "a text in quotes")
            }
            (QualifierKind::Flag, value) => (value.as_bool().map(QualifierValue::Flag), "true or false"),
        };
        if read.is_none() {
            self.fail(value.span().start, format!("`{key}` is {wanted}"));
        }
        read.map(|value| (qualifier, value))
    }

    fn validity(&mut self, from: Option<&Text>, to: Option<&Text>) -> Validity {
        let (from_date, to_date) = (self.date(from), self.date(to));
        if let (Some(begin), Some(end), Some(to)) = (from_date, to_date, to)
            && end.last_day() < begin.first_day()
        {
            self.fail(to.span().start, format!("ends before it begins: from {begin} to {end}"));
        }
        Validity { from: from_date, to: to_date, ended: to_date.is_some() }
    }

    fn date(&mut self, text: Option<&Text>) -> Option<PartialDate> {
        let text = text?;
        let date = PartialDate::from_str(text.get_ref());
        date.map_err(|error| self.fail(text.span().start, error.to_string())).ok()
    }

    fn text_at(&mut self, table: &DeTable<'_>, key: &str) -> Option<Text> {
        let value = table.get(key)?;
        if value.get_ref().as_str().is_none() {
            self.fail(value.span().start, format!("write `{key}` in quotes"));
        }
        Some(Spanned::new(value.span(), value.get_ref().as_str()?.to_owned()))
    }

    fn one_of<T: Copy + FromStr>(
        &mut self,
        text: Option<&Text>,
        what: &str,
        all: &[T],
        name: fn(T) -> &'static str,
    ) -> Option<T> {
        let text = text?;
        let read = text.get_ref().parse().ok();
        if read.is_none() {
            self.fail(text.span().start, unknown(what, text.get_ref(), all.iter().map(|&value| name(value))));
        }
        read
    }

    fn known_id(&mut self, id: &str, at: usize) -> Option<EntityId> {
        if !self.ids.contains_key(id) {
            self.fail(at, unknown("id", id, self.ids.keys().map(String::as_str)));
            return None;
        }
        Some(EntityId::new(id))
    }

    fn members(&self) -> Vec<String> {
        let members: BTreeSet<&String> = self.row.table.members.iter().map(Spanned::get_ref).collect();
        members.into_iter().cloned().collect()
    }

    fn source(&self) -> Option<String> {
        self.row.table.source.as_ref().map(|source| source.trim().to_owned())
    }

    fn fail(&mut self, offset: usize, message: impl Into<String>) {
        self.errors.push(self.row.file.error(offset, self.row.table.id.get_ref(), message));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCHEMA: [(&str, &str); 8] = [
        ("Agent.toml", "kind='class'\nname='Agent'\nfamily='agent'\nlabel={en='',zh=''}\ndefinition=''"),
        ("Company.toml", "kind='class'\nname='Company'\nparents=['Agent']\nlabel={en='',zh=''}\ndefinition=''"),
        ("Regulation.toml", "kind='class'\nname='Regulation'\nfamily='regulation'\nlabel={en='',zh=''}\ndefinition=''"),
        ("Activity.toml", "kind='class'\nname='Activity'\nfamily='activity'\nlabel={en='',zh=''}\ndefinition=''"),
        ("Place.toml", "kind='class'\nname='Place'\nfamily='place'\nlabel={en='',zh=''}\ndefinition=''"),
        (
            "Investor.toml",
            "kind='class'\nclass_kind='role'\nname='Investor'\nparents=['Agent']\nlabel={en='',zh=''}\ndefinition=''",
        ),
        (
            "owns.toml",
            "kind='predicate'\nname='owns'\nlabel={en='',zh=''}\ninverse_label={en='',zh=''}\ndefinition=''\n\
             subject={role='',classes=['Agent']}\nobject={role='',classes=['Company']}\n\
             qualifiers=['percent','direct','class']\nedge={kind='ownership'}",
        ),
        (
            "raised.toml",
            "kind='predicate'\nname='raised'\nlabel={en='',zh=''}\ninverse_label={en='',zh=''}\ndefinition=''\n\
             subject={role='',classes=['Company']}\nobject={role='',value='money'}",
        ),
    ];

    const COMPANY: &str = "[[entity]]\nid = 'cn-b'\nclass = 'Company'\nname.en = 'B'\nunverified = true\n";

    fn load(files: &[(&str, &str)]) -> Result<Reference, Vec<String>> {
        let schema = Schema::load(SCHEMA).unwrap();
        Reference::load(files.iter().copied(), &schema)
            .map_err(|errors| errors.iter().map(ReferenceError::to_string).collect())
    }

    /// The errors of one row with these lines, beside the sound row of [`COMPANY`].
    fn errors(lines: &str) -> Vec<String> {
        load(&[("b.toml", COMPANY), ("a.toml", lines)]).unwrap_err()
    }

    #[test]
    fn rows_of_any_file_may_refer_to_one_another() {
        let text = "\
[[entity]]
id = 'cn-a'
class = 'Agent'
country = 'CN'
name.en = 'A Holdings'
name.zh = '甲控股'
name.zh-Hant = '甲控股集團'
short.zh = ['甲']
former.en = ['Old A', 'Older A']
from = '1998-11'
source = 'the register'
facts.owns = ['cn-c', { object = 'cn-b', percent = 33.34, direct = true, class = 'B', from = '2020', to = '2023-05' }]
";
        let other = COMPANY.replace("cn-b", "cn-c");
        let reference = load(&[("z.toml", text), ("b.toml", COMPANY), ("c.toml", &other)]).unwrap();
        let ids: Vec<&str> = reference.entities.iter().map(|row| row.entity.id.as_str()).collect();
        assert_eq!(ids, ["cn-a", "cn-b", "cn-c"]);

        let a = reference.entity(&EntityId::new("cn-a")).unwrap();
        assert_eq!((a.entity.label(), a.entity.chinese_label()), ("A Holdings", Some("甲控股")));
        assert_eq!(
            a.entity.names.iter().map(|name| name.kind.name()).collect::<Vec<_>>(),
            ["legal", "legal", "legal", "short", "former", "former"]
        );
        assert_eq!((a.source.as_deref(), &*a.file, a.line), (Some("the register"), "z.toml", 1));
        assert!(a.validity.is_current() && reference.entities[1].source.is_none());

        let [b, c] = &reference.facts[..] else { panic!("two facts") };
        assert_eq!((b.object.as_str(), c.object.as_str(), b.line), ("cn-b", "cn-c", 12));
        assert_eq!(b.source.as_deref(), Some("the register"));
        assert_eq!(b.qualifiers[&Qualifier::Percent], QualifierValue::Decimal("33.34".parse().unwrap()));
        assert_eq!(b.qualifiers[&Qualifier::Direct], QualifierValue::Flag(true));
        assert!(b.validity.ended && b.validity.to == "2023-05".parse().ok());
        assert!(c.validity.is_current() && c.qualifiers.is_empty());
    }

    #[test]
    fn regulations_and_activities() {
        let text = "\
[[entity]]
id = 'cn-old-rule'
class = 'Regulation'
name.zh = '旧办法'
lifecycle = 'repealed'
instrument = 'department rule'
source = 's'
[[entity]]
id = 'activity-micro-lending'
class = 'Activity'
name.en = 'micro-lending'
broader = 'activity-lending'
source = 's'
[[entity]]
id = 'activity-lending'
class = 'Activity'
name.en = 'lending'
source = 's'
";
        let reference = load(&[("a.toml", text)]).unwrap();
        let rule = reference.entity(&EntityId::new("cn-old-rule")).unwrap();
        assert_eq!((rule.lifecycle, rule.instrument), (Some(Lifecycle::Repealed), Some(Instrument::DepartmentRule)));
        assert!(rule.has_ended() && !rule.validity.is_current());
        let micro = reference.entity(&EntityId::new("activity-micro-lending")).unwrap();
        assert_eq!(micro.broader, Some(EntityId::new("activity-lending")));
    }

    #[test]
    fn a_union_has_members() {
        let text = "[[entity]]\nid = 'place-u'\nclass = 'Place'\ncountry = 'EU'\nname.en = 'U'\nsource = 's'\n";
        let reference = load(&[("a.toml", &format!("{text}members = ['FR', 'DE', 'FR']\n"))]).unwrap();
        assert_eq!(reference.entities[0].members, ["DE", "FR"]);
        assert!(!reference.entities[0].has_ended());
    }

    #[test]
    fn each_fault_of_a_row_is_told() {
        let row = "[[entity]]\nid = 'cn-a'\nclass = 'Company'\nname.en = 'A'\nunverified = true\n";
        for (lines, expected) in [
            (row.replace("Company", "Compny"), "a.toml:3: `cn-a`: unknown class `Compny`: did you mean `Company`?"),
            (
                row.replace("Company", "Investor"),
                "a.toml:3: `cn-a`: Investor is a role or a record, never the class of an entity",
            ),
            (row.replace("name.en", "nam.en"), "a.toml:4: `cn-a`: unknown key `nam`: did you mean `name`?"),
            (
                row.replace("name.en", "name.zh-hant"),
                "a.toml:4: `cn-a`: unknown key `zh-hant`: did you mean `zh-Hant`?",
            ),
            (
                format!("{row}country = 'A'"),
                "a.toml:6: `cn-a`: `A` is no country: write its two letters of ISO 3166-1, such as CN",
            ),
            (
                format!("{row}country = 'CN'\nmembers = ['FR']"),
                "a.toml:7: `cn-a`: `members` is for the family place, and the class is Company",
            ),
            (
                row.replace("Company", "Place") + "members = ['FR']",
                "a.toml:6: `cn-a`: a union with members has a code of its own: write country = \"EU\"",
            ),
            (
                row.replace("Company", "Place") + "country = 'EU'\nmembers = ['FRA']",
                "a.toml:7: `cn-a`: `FRA` is no country: write its two letters of ISO 3166-1, such as CN",
            ),
            (
                row.replace("name.en = 'A'", "short.en = ['A']"),
                "a.toml:1: `cn-a`: has no name: write name.en or name.zh",
            ),
            (row.replace("'A'", "' '"), "a.toml:4: `cn-a`: this name is empty"),
            (
                row.replace("unverified = true", ""),
                "a.toml:1: `cn-a`: says neither source = \"…\" nor unverified = true",
            ),
            (format!("{row}source = 's'"), "a.toml:1: `cn-a`: has a source and is unverified: keep one of the two"),
            (
                format!("{row}from = '2023-13'"),
                "a.toml:6: `cn-a`: `2023-13` is no date: write 2025, 2025-03 or 2025-03-04",
            ),
            (
                format!("{row}from = '2023'\nto = '2022-12'"),
                "a.toml:7: `cn-a`: ends before it begins: from 2023 to 2022-12",
            ),
            (
                format!("{row}lifecycle = 'draft'"),
                "a.toml:6: `cn-a`: `lifecycle` is for the family regulation, and the class is Company",
            ),
            (format!("{row}facts.own = ['cn-b']"), "a.toml:6: `cn-a`: unknown predicate `own`: did you mean `owns`?"),
            (format!("{row}facts.owns = ['cn-bb']"), "a.toml:6: `cn-a`: unknown id `cn-bb`: did you mean `cn-b`?"),
            (format!("{row}facts.owns = 'cn-b'"), "a.toml:6: `cn-a`: write a list: facts.owns = [\"<id>\", …]"),
            (format!("{row}facts.owns = ['cn-b',\n 'cn-b']"), "a.toml:7: `cn-a`: owns cn-b is stated twice"),
            (
                format!("{row}facts.raised = ['cn-b']"),
                "a.toml:6: `cn-a`: the object of `raised` is a value; a row states facts between entities only",
            ),
            (
                format!("{row}facts.owns = [{{ object = 'cn-b', percnt = 3 }}]"),
                "a.toml:6: `cn-a`: unknown key `percnt`: did you mean `percent`?",
            ),
            (
                format!("{row}facts.owns = [{{ object = 'cn-b', percent = '3' }}]"),
                "a.toml:6: `cn-a`: `percent` is a number",
            ),
            (
                format!("{row}facts.owns = [{{ from = '2020' }}]"),
                "a.toml:6: `cn-a`: says no object: { object = \"<id>\", … }",
            ),
            (row.replace("cn-a", "cn-b"), "b.toml:1: `cn-b`: this id is taken"),
            (
                row.replace("cn-a", "CN_a"),
                "a.toml:2: `CN_a`: an id is a country or `activity`, a hyphen and a slug, in a–z, 0–9 and hyphens: cn-pboc",
            ),
        ] {
            let errors = errors(&lines);
            let taken =
                expected.contains("taken") && errors.len() == 1 && errors[0].contains("this id is taken: b.toml:1");
            assert!(errors == [expected] || taken, "{lines}\n{errors:#?}");
        }
    }

    #[test]
    fn a_predicate_refuses_the_wrong_class() {
        let text = "\
[[entity]]
id = 'activity-x'
class = 'Activity'
name.en = 'X'
source = 's'
facts.owns = ['cn-b']
[[entity]]
id = 'cn-a'
class = 'Agent'
name.en = 'A'
source = 's'
facts.owns = ['activity-x']
";
        assert_eq!(
            errors(text),
            [
                "a.toml:6: `activity-x`: the subject of `owns` is Agent, not Activity",
                "a.toml:12: `cn-a`: the object of `owns` is Company, and activity-x is Activity",
            ]
        );
    }

    #[test]
    fn errors_of_all_files_come_together_without_echo() {
        let broken = "[[entity]]\nid = 'cn-a'\nclas = 'Company'\n";
        let user =
            "[[entity]]\nid = 'cn-u'\nclass = 'Agent'\nname.en = 'U'\nsource = 's'\nfacts.owns = ['cn-a', 'cn-q']\n";
        assert_eq!(load(&[("u.toml", user), ("a.toml", broken), ("t.toml", "entity = 3 3\n")]).unwrap_err().len(), 4);
    }

    #[test]
    fn activities_are_no_circle() {
        let row = |id: &str, broader: &str| {
            format!("[[entity]]\nid = '{id}'\nclass = 'Activity'\nname.en = 'x'\nbroader = '{broader}'\nsource = 's'\n")
        };
        let text = format!(
            "{}{}{}",
            row("activity-a", "activity-b"),
            row("activity-b", "activity-c"),
            row("activity-c", "activity-b")
        );
        assert_eq!(
            errors(&text),
            ["a.toml:11: `activity-b`: is broader than itself: activity-b → activity-c → activity-b"]
        );
    }
}
