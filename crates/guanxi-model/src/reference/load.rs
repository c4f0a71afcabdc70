//! From rows as they are written to a checked [`Reference`]: first every row by itself, then what rows say of one another.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::str::FromStr;
use std::sync::Arc;

use super::row::{Beside, Form, Item, Row, Rows, Slot, Source, Word};
use super::{Instrument, Lifecycle, Reference, ReferenceEntity, ReferenceError, ReferenceFact};
use super::{csv, toml};
use crate::data_file::{DataFile, unknown};
use crate::schema::{Class, ClassKind, Predicate, Range};
use crate::{
    Entity, EntityId, EntityName, Identifier, NameHeld, NameKind, PartialDate, Qualifier, QualifierKind,
    QualifierValue, Qualifiers, Schema, Validity,
};

pub(super) fn load(files: &[DataFile<'_>], schema: &Schema) -> Result<Reference, Vec<ReferenceError>> {
    let sources: Vec<Source<'_>> = files.iter().map(|&file| Source::new(file)).collect();
    let mut loader = Loader::new(schema);
    let mut take = |row| loader.take(row);
    let mut rows = Rows::new(&mut take);
    sources.iter().for_each(|source| read(source, &mut rows));
    let Rows { broken, errors, .. } = rows;
    loader.errors.extend(errors);
    loader.second_pass(broken)
}

fn read<'s, 'a>(source: &'s Source<'a>, rows: &mut Rows<'_, 's, 'a>) {
    match source.data.name.ends_with(".csv") {
        true => csv::read(source, rows),
        false => toml::read(source, rows),
    }
}

/// Checks rows one by one and packs them. Only those that speak of other rows are kept as they were written, until the ids
/// of all are known: a table of a million names is never in memory as rows.
struct Loader<'l, 's, 'a> {
    schema: &'l Schema,
    ids: Ids<'l, 's, 'a>,
    mics: HashMap<String, Place<'s, 'a>>,
    identifiers: HashMap<Identifier, Place<'s, 'a>>,
    waiting: Vec<Row<'s, 'a>>,
    reference: Reference,
    errors: Vec<ReferenceError>,
}

/// Where a row stands: its file, and the byte.
type Place<'s, 'a> = (&'s Source<'a>, usize);

/// The id of every row with its class and its place; `None` where that is not known.
type Ids<'l, 's, 'a> = HashMap<Cow<'a, str>, (Option<&'l Class>, Option<Place<'s, 'a>>)>;

impl<'l, 's, 'a> Loader<'l, 's, 'a> {
    fn new(schema: &'l Schema) -> Self {
        Self {
            schema,
            ids: HashMap::new(),
            mics: HashMap::new(),
            identifiers: HashMap::new(),
            waiting: Vec::new(),
            reference: Reference::default(),
            errors: Vec::new(),
        }
    }

    fn take(&mut self, mut row: Row<'s, 'a>) {
        self.check_id(&row);
        self.check_mic(&row);
        if row.speaks_of_others() {
            row.fit();
            self.waiting.push(row);
        } else {
            let entity = self.checker(&row).entity();
            self.check_identifiers(&row, &entity.entity);
            self.reference.push(&entity);
        }
    }

    /// That no two rows share an id.
    fn check_id(&mut self, row: &Row<'s, 'a>) {
        let Some(id) = row.word(Slot::Id) else { return };
        let place = (row.source, row.at);
        if let Some((_, Some(other))) = self.ids.insert(id.text.clone(), (self.schema.class(row.class()), Some(place)))
        {
            self.errors.push(row.error(id.at, format!("this id is taken: {} has it too", shown(other))));
        }
    }

    fn check_mic(&mut self, row: &Row<'s, 'a>) {
        let Some(mic) = row.word(Slot::Mic) else { return };
        if let Some(other) = self.mics.insert(mic.text.clone().into_owned(), (row.source, row.at)) {
            self.errors.push(row.error(mic.at, format!("this MIC is taken: {} has it too", shown(other))));
        }
    }

    /// That no two rows share what is given to one entity only.
    fn check_identifiers(&mut self, row: &Row<'s, 'a>, entity: &Entity) {
        let only = entity.identifiers.iter().filter(|identifier| identifier.kind().is_one_per_entity());
        for identifier in only {
            if let Some(other) = self.identifiers.insert(identifier.clone(), (row.source, row.at)) {
                let message = format!("the identifier {identifier} is taken: {} has it too", shown(other));
                self.errors.push(row.error(row.identifiers.first().map_or(row.at, |word| word.at), message));
            }
        }
    }

    /// What rows say of one another; `broken` are the ids of rows that could not be read.
    fn second_pass(mut self, broken: Vec<String>) -> Result<Reference, Vec<ReferenceError>> {
        for id in broken {
            self.ids.entry(id.into()).or_insert((None, None));
        }
        let mut waiting = std::mem::take(&mut self.waiting);
        waiting.sort_by(|a, b| a.id().cmp(b.id()));
        check_circles(&waiting, &mut self.errors);
        for row in &waiting {
            let mut checker = self.checker(row);
            let (entity, facts) = (checker.entity(), checker.facts());
            self.check_identifiers(row, &entity.entity);
            self.reference.push(&entity);
            facts.iter().for_each(|fact| self.reference.push_fact(fact));
        }
        if !self.errors.is_empty() {
            self.errors.sort();
            // A bad column is told once, not once a row.
            self.errors
                .dedup_by(|a, b| (&a.file, a.line, a.column, &a.message) == (&b.file, b.line, b.column, &b.message));
            return Err(self.errors);
        }
        self.reference.sort();
        self.reference.fit();
        Ok(self.reference)
    }

    fn checker<'c>(&'c mut self, row: &'c Row<'s, 'a>) -> Checker<'c, 'l, 's, 'a> {
        Checker {
            schema: self.schema,
            ids: &self.ids,
            row,
            id: EntityId::new(row.id()),
            class: self.schema.class(row.class()),
            errors: &mut self.errors,
        }
    }
}

/// The order of the facts of one row.
fn fact_key(fact: &ReferenceFact) -> impl Ord + '_ {
    (&fact.predicate, &fact.object, fact.validity.from, fact.validity.to, fact.line)
}

/// That no activity is broader than itself.
fn check_circles(rows: &[Row<'_, '_>], errors: &mut Vec<ReferenceError>) {
    let broader: BTreeMap<&str, (&str, &Row<'_, '_>)> =
        rows.iter().filter_map(|row| Some((row.id(), (&*row.word(Slot::Broader)?.text, row)))).collect();
    let wider = |id: &str| broader.get(id).map(|(wider, _)| *wider);
    for (&id, (_, row)) in &broader {
        let chain: Vec<&str> = std::iter::successors(wider(id), |id| wider(id)).take(broader.len()).collect();
        // One report a circle, at its least id.
        if let Some(length) = chain.iter().position(|&wider| wider == id)
            && chain[..length].iter().all(|&wider| id < wider)
        {
            let message = format!("is broader than itself: {id} → {}", chain[..=length].join(" → "));
            errors.push(row.error(row.place(Slot::Broader), message));
        }
    }
}

fn shown((source, at): Place<'_, '_>) -> String {
    format!("{}:{}", source.data.name, source.line(at))
}

/// Checks one row against the schema and the ids of all rows.
struct Checker<'c, 'l, 's, 'a> {
    schema: &'l Schema,
    ids: &'c Ids<'l, 's, 'a>,
    row: &'c Row<'s, 'a>,
    id: EntityId,
    /// Its class, unless the schema does not know it.
    class: Option<&'l Class>,
    errors: &'c mut Vec<ReferenceError>,
}

impl<'l> Checker<'_, 'l, '_, '_> {
    fn entity(&mut self) -> ReferenceEntity {
        let row = self.row;
        self.check_id();
        self.check_class();
        self.check_countries();
        self.check_source();
        self.check_mic();
        self.check_only_for("regulation", row.word(Slot::Lifecycle), "lifecycle");
        self.check_only_for("regulation", row.word(Slot::Instrument), "instrument");
        self.check_only_for("activity", row.word(Slot::Broader), "broader");
        self.check_only_for("place", row.members.first(), "members");
        let lifecycle = self.one_of(Slot::Lifecycle, "lifecycle", Lifecycle::ALL, |value| value.name());
        let instrument = self.one_of(Slot::Instrument, "instrument", Instrument::ALL, |value| value.name());
        let mut validity = self.validity(row.word(Slot::From), row.word(Slot::To));
        validity.ended |= matches!(lifecycle, Some(Lifecycle::Repealed | Lifecycle::Ended));
        let (names, names_held) = self.names();
        let identifiers = self.identifiers();
        let class = self.class.map_or_else(|| row.class().into(), |class| Arc::clone(&class.name));
        let text = |slot| row.word(slot).map(|word| word.text.clone().into_owned());
        ReferenceEntity {
            entity: Entity { id: self.id.clone(), class, names, country: text(Slot::Country), identifiers },
            names_held,
            validity,
            lifecycle,
            instrument,
            broader: row.word(Slot::Broader).and_then(|wider| self.known_id(wider)),
            mic: text(Slot::Mic),
            members: self.members(),
            source: self.source(),
            file: Arc::clone(&row.source.name),
            line: row.source.line(row.at),
        }
    }

    /// Sorted; of a kind that an entity has one of, one.
    fn identifiers(&mut self) -> Vec<Identifier> {
        let mut identifiers: Vec<Identifier> = Vec::with_capacity(self.row.identifiers.len());
        for word in &self.row.identifiers {
            match word.text.parse::<Identifier>() {
                Err(error) => self.fail(word.at, error.to_string()),
                Ok(identifier) => match identifiers.iter().find(|known| known.conflicts_with(&identifier)) {
                    Some(known) => {
                        self.fail(word.at, format!("an entity has one of the kind, and has {known} already"));
                    }
                    None => identifiers.push(identifier),
                },
            }
        }
        identifiers.sort();
        identifiers.dedup();
        identifiers
    }

    fn check_id(&mut self) {
        let id = self.row.id();
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let has_parts = id.split_once('-').is_some_and(|(head, slug)| !head.is_empty() && !slug.is_empty());
        if !(has_parts && id.chars().all(is_plain)) {
            self.fail(
                self.row.place(Slot::Id),
                "an id is a country or `activity`, a hyphen and a slug, in a–z, 0–9 and hyphens: cn-pboc",
            );
        }
    }

    fn check_class(&mut self) {
        let class = self.row.class();
        let message = match self.class {
            None => {
                let nodes = self.schema.classes().iter().filter(|class| class.kind == ClassKind::Entity);
                unknown("class", class, nodes.map(|class| &*class.name))
            }
            Some(found) if found.kind != ClassKind::Entity => {
                format!("{} is a role or a record, never the class of an entity", found.name)
            }
            Some(_) => return,
        };
        self.fail(self.row.place(Slot::Class), message);
    }

    fn check_countries(&mut self) {
        let (row, country) = (self.row, self.row.word(Slot::Country));
        let is_code = |code: &str| code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase());
        for country in country.into_iter().chain(&row.members).filter(|country| !is_code(&country.text)) {
            let message = format!("`{}` is no country: write its two letters of ISO 3166-1, such as CN", country.text);
            self.fail(country.at, message);
        }
        if let (None, Some(member)) = (country, row.members.first()) {
            self.fail(member.at, "a union with members has a code of its own: write country = \"EU\"");
        }
    }

    fn check_source(&mut self) {
        let source = self.row.word(Slot::Source).map(|source| source.text.trim());
        let message = match (source, self.row.unverified) {
            (Some(""), _) => "the source is empty: name it, or write unverified = true",
            (Some(_), true) => "has a source and is unverified: keep one of the two",
            (None, false) => "says neither source = \"…\" nor unverified = true",
            _ => return,
        };
        self.fail(self.row.at, message);
    }

    fn check_mic(&mut self) {
        let Some(mic) = self.row.word(Slot::Mic) else { return };
        let is_mic = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
        if mic.text.len() != 4 || !mic.text.bytes().all(is_mic) {
            self.fail(mic.at, format!("`{}` is no MIC: write its four letters of ISO 10383, such as XNYS", mic.text));
        }
        if self.class.is_some() && !self.schema.is_a(self.row.class(), "Exchange") {
            self.fail(mic.at, format!("`mic` is for the class Exchange, and the class is {}", self.row.class()));
        }
    }

    fn check_only_for(&mut self, wanted: &str, key: Option<&Word<'_>>, name: &str) {
        let Some(key) = key else { return };
        let class = self.row.class();
        if self.schema.family(class).is_some_and(|family| family != wanted) {
            self.fail(key.at, format!("`{name}` is for the family {wanted}, and the class is {class}"));
        }
    }

    /// Legal names first, then by kind; in each kind by language, English first.
    fn names(&mut self) -> (Vec<EntityName>, Vec<NameHeld>) {
        let mut written: Vec<_> = self.row.names.iter().collect();
        written.sort_by_key(|(kind, language, _)| (*kind, *language));
        let (mut names, mut held) = (Vec::with_capacity(written.len()), Vec::new());
        for (kind, language, item) in written {
            let text = &item.word.text;
            if text.trim().is_empty() {
                self.fail(item.word.at, "this name is empty");
            }
            let name = EntityName { text: text.clone().into_owned(), language: *language, kind: *kind };
            if !item.beside.is_empty() {
                held.push(NameHeld {
                    name: name.clone(),
                    validity: self.validity_beside(item, &["name", "from", "to"]),
                });
            }
            names.push(name);
        }
        if !names.iter().any(|name| name.kind == NameKind::Legal) {
            self.fail(self.row.at, "has no name: write name.en or name.zh");
        }
        (names, held)
    }

    fn facts(&mut self) -> Vec<ReferenceFact> {
        let mut all: Vec<ReferenceFact> = Vec::with_capacity(self.row.facts.len());
        for (word, item) in &self.row.facts {
            let Some(predicate) = self.predicate(word) else { continue };
            let Some(fact) = self.fact(predicate, item) else { continue };
            let same = |other: &ReferenceFact| {
                (&other.predicate, &other.object, other.validity.from)
                    == (&fact.predicate, &fact.object, fact.validity.from)
            };
            if all.iter().any(same) {
                self.fail(item.at, format!("{} {} is stated twice", fact.predicate, fact.object));
            }
            all.push(fact);
        }
        all.sort_by(|a, b| fact_key(a).cmp(&fact_key(b)));
        all
    }

    fn predicate(&mut self, word: &Word<'_>) -> Option<&'l Predicate> {
        let text: &str = &word.text;
        let found = self.schema.predicate(text);
        let message = match found {
            None => {
                let stated = self.schema.predicates().iter().filter(|predicate| !predicate.derived);
                unknown("predicate", text, stated.map(|predicate| &*predicate.name))
            }
            Some(found) if found.derived => format!("`{text}` is concluded from other facts, never stated"),
            Some(found) if matches!(found.range, Range::Value(_)) => {
                format!("the object of `{text}` is a value; a row states facts between entities only")
            }
            Some(found) => {
                let class = self.row.class();
                if self.class.is_some() && !self.schema.accepts_subject(found, class) {
                    let accepted = found.domain.join(" or ");
                    self.fail(word.at, format!("the subject of `{text}` is {accepted}, not {class}"));
                }
                return Some(found);
            }
        };
        self.fail(word.at, message);
        None
    }

    fn fact(&mut self, predicate: &Predicate, item: &Item<'_>) -> Option<ReferenceFact> {
        let (mut validity, mut qualifiers) = (Validity::default(), Qualifiers::new());
        if !item.beside.is_empty() {
            let dates = [Qualifier::ValidFrom, Qualifier::ValidTo];
            let own = predicate.qualifiers.iter().filter(|qualifier| !dates.contains(qualifier));
            let known: Vec<&str> =
                ["object", "from", "to"].into_iter().chain(own.map(|qualifier| qualifier.name())).collect();
            validity = self.validity_beside(item, &known);
            let beside = item.beside.iter().filter(|beside| known[3..].contains(&&*beside.key.text));
            qualifiers = beside.filter_map(|beside| self.qualifier(beside)).collect();
        }
        Some(ReferenceFact {
            subject: self.id.clone(),
            predicate: Arc::clone(&predicate.name),
            object: self.object(predicate, &item.word)?,
            qualifiers,
            validity,
            source: self.source(),
            file: Arc::clone(&self.row.source.name),
            line: self.row.source.line(item.at),
        })
    }

    fn object(&mut self, predicate: &Predicate, id: &Word<'_>) -> Option<EntityId> {
        let found = self.known_id(id)?;
        if let Some((Some(class), _)) = self.ids.get(&id.text)
            && !self.schema.accepts_object(predicate, &class.name)
        {
            let accepted = match &predicate.range {
                Range::Classes(classes) => classes.join(" or "),
                Range::Value(_) => String::new(),
            };
            self.fail(
                id.at,
                format!("the object of `{}` is {accepted}, and {} is {}", predicate.name, id.text, class.name),
            );
        }
        Some(found)
    }

    fn qualifier(&mut self, beside: &Beside<'_>) -> Option<(Qualifier, QualifierValue)> {
        let qualifier = Qualifier::from_name(&beside.key.text)?;
        let (key, text) = (&beside.key.text, &beside.value.text);
        let (form, wanted) = match qualifier.kind() {
            QualifierKind::Decimal => (Form::Number, "a number"),
            QualifierKind::Date => (Form::Text, "a date in quotes: \"2025-03\""),
            QualifierKind::Text => (Form::Text, "a text in quotes"),
            QualifierKind::Flag => (Form::Flag, "true or false"),
        };
        let fits = beside.form == form || beside.form == Form::Bare;
        let read = fits.then(|| match qualifier.kind() {
            QualifierKind::Decimal => text.parse().ok().map(QualifierValue::Decimal),
            QualifierKind::Date => text.parse().ok().map(QualifierValue::Date),
            QualifierKind::Text => Some(QualifierValue::Text(text.clone().into_owned())),
            QualifierKind::Flag => text.parse().ok().map(QualifierValue::Flag),
        });
        let read = read.flatten();
        if read.is_none() {
            self.fail(beside.value.at, format!("`{key}` is {wanted}"));
        }
        read.map(|value| (qualifier, value))
    }

    /// The dates beside an item; what stands beside it under a key that is not `known` is a mistake.
    fn validity_beside(&mut self, item: &Item<'_>, known: &[&str]) -> Validity {
        let mut dates = [None, None];
        for Beside { key, value, form } in &item.beside {
            match &*key.text {
                date @ ("from" | "to") => match form {
                    Form::Text | Form::Bare => dates[usize::from(date == "to")] = Some(value),
                    _ => self.fail(value.at, format!("write `{date}` in quotes")),
                },
                text if !known.contains(&text) => self.fail(key.at, unknown("key", text, known.iter().copied())),
                _ => {}
            }
        }
        self.validity(dates[0], dates[1])
    }

    fn validity(&mut self, from: Option<&Word<'_>>, to: Option<&Word<'_>>) -> Validity {
        let (from_date, to_date) = (self.date(from), self.date(to));
        if let (Some(begin), Some(end), Some(to)) = (from_date, to_date, to)
            && end.last_day() < begin.first_day()
        {
            self.fail(to.at, format!("ends before it begins: from {begin} to {end}"));
        }
        Validity { from: from_date, to: to_date, ended: to_date.is_some() }
    }

    fn date(&mut self, text: Option<&Word<'_>>) -> Option<PartialDate> {
        let text = text?;
        PartialDate::from_str(&text.text).map_err(|error| self.fail(text.at, error.to_string())).ok()
    }

    fn one_of<T: Copy + FromStr>(
        &mut self,
        slot: Slot,
        what: &str,
        all: &[T],
        name: fn(T) -> &'static str,
    ) -> Option<T> {
        let word = self.row.word(slot)?;
        let read = word.text.parse().ok();
        if read.is_none() {
            self.fail(word.at, unknown(what, &word.text, all.iter().map(|&value| name(value))));
        }
        read
    }

    fn known_id(&mut self, id: &Word<'_>) -> Option<EntityId> {
        let known = self.ids.contains_key(&id.text).then(|| EntityId::new(&*id.text));
        if known.is_none() {
            let ids: BTreeSet<&str> = self.ids.keys().map(|id| &**id).collect();
            self.fail(id.at, unknown("id", &id.text, ids));
        }
        known
    }

    fn members(&self) -> Vec<String> {
        let members: BTreeSet<&str> = self.row.members.iter().map(|member| &*member.text).collect();
        members.into_iter().map(str::to_owned).collect()
    }

    fn source(&self) -> Option<String> {
        self.row.word(Slot::Source).map(|source| source.text.trim().to_owned())
    }

    fn fail(&mut self, offset: usize, message: impl Into<String>) {
        self.errors.push(self.row.error(offset, message));
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

    const EXCHANGE: (&str, &str) =
        ("Exchange.toml", "kind='class'\nname='Exchange'\nparents=['Agent']\nlabel={en='',zh=''}\ndefinition=''");

    const COMPANY: &str = "[[entity]]\nid = 'cn-b'\nclass = 'Company'\nname.en = 'B'\nunverified = true\n";

    fn load(files: &[(&str, &str)]) -> Result<Reference, Vec<String>> {
        let schema = Schema::load(SCHEMA.into_iter().chain([EXCHANGE])).unwrap();
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
        let ids: Vec<EntityId> = reference.entities().map(|row| row.entity.id).collect();
        assert_eq!(ids, ["cn-a", "cn-b", "cn-c"].map(EntityId::new));

        let a = reference.entity(&EntityId::new("cn-a")).unwrap();
        assert_eq!((a.entity.label(), a.entity.chinese_label()), ("A Holdings", Some("甲控股")));
        assert_eq!(
            a.entity.names.iter().map(|name| name.kind.name()).collect::<Vec<_>>(),
            ["legal", "legal", "legal", "short", "former", "former"]
        );
        assert_eq!((a.source.as_deref(), &*a.file, a.line), (Some("the register"), "z.toml", 1));
        assert!(a.validity.is_current() && reference.row(1).source.is_none());

        let [b, c] = &reference.facts().collect::<Vec<_>>()[..] else { panic!("two facts") };
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
    fn rows_state_identifiers_each_given_once() {
        let with =
            |id: &str, identifiers: &str| COMPANY.replace("cn-b", id) + &format!("identifiers = [{identifiers}]\n");
        let (lei, isin) = ("'LEI: HWUP-KR0M-POU8-FGXB-T394'", "'isin:US0378331005'");
        let reference = load(&[("a.toml", &with("cn-a", &format!("{isin}, {lei}")))]).unwrap();
        let written: Vec<String> = reference.row(0).entity.identifiers.iter().map(Identifier::to_string).collect();
        assert_eq!(written, ["lei:HWUPKR0MPOU8FGXBT394", "isin:US0378331005"]);

        let table = "id,class,name.en,identifiers,source\ncn-a,Company,A,wikidata:Q1|mic:XNAS,s\n";
        assert_eq!(load(&[("a.csv", table)]).unwrap().row(0).entity.identifiers.len(), 2);

        let twice = [("a.toml", &*with("cn-a", lei)), ("b.toml", &*with("cn-b", lei))];
        assert_eq!(
            load(&twice).unwrap_err(),
            ["b.toml:6: `cn-b`: the identifier lei:HWUPKR0MPOU8FGXBT394 is taken: a.toml:1 has it too"]
        );
        for (identifiers, message) in [
            ("'lei:HWUPKR0MPOU8FGXBT395'", "LEI HWUPKR0MPOU8FGXBT395: the check digit is 95, 94 was expected"),
            ("'wikidata:Q1', 'wikidata:Q2'", "an entity has one of the kind, and has wikidata:Q1 already"),
        ] {
            let errors = load(&[("a.toml", &with("cn-a", identifiers))]).unwrap_err();
            assert_eq!(errors, [format!("a.toml:6: `cn-a`: {message}")]);
        }
    }

    #[test]
    fn a_union_has_members() {
        let text = "[[entity]]\nid = 'place-u'\nclass = 'Place'\ncountry = 'EU'\nname.en = 'U'\nsource = 's'\n";
        let reference = load(&[("a.toml", &format!("{text}members = ['FR', 'DE', 'FR']\n"))]).unwrap();
        assert_eq!(reference.row(0).members, ["DE", "FR"]);
        assert!(!reference.row(0).has_ended());
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
    fn a_name_may_say_when_it_was_borne() {
        let row = COMPANY.to_owned() + "former.en = ['A', { name = 'JD Digits', from = '2018', to = '2021-01' }]\n";
        let reference = load(&[("a.toml", &row)]).unwrap();
        let row = reference.row(0);
        let [_, plain, dated] = &row.entity.names[..] else { panic!("three names") };
        let [held] = &row.names_held[..] else { panic!("one of them with dates") };
        assert_eq!((plain.text.as_str(), &held.name), ("A", dated));
        let Validity { from, to, ended } = held.validity;
        assert!(from == "2018".parse().ok() && to == "2021-01".parse().ok() && ended);

        for (item, expected) in [
            ("{ nam = 'X' }", "a.toml:6: `cn-b`: says no name: { name = \"…\", … }"),
            ("{ name = 'X', till = '2020' }", "a.toml:6: `cn-b`: unknown key `till`: known are `name`, `from`, `to`"),
            ("{ name = 'X', to = 2020 }", "a.toml:6: `cn-b`: write `to` in quotes"),
            (
                "{ name = 'X', from = '2021', to = '2020' }",
                "a.toml:6: `cn-b`: ends before it begins: from 2021 to 2020",
            ),
            ("3", "a.toml:6: `cn-b`: write a name as \"…\" or { name = \"…\", from = \"…\", to = \"…\" }"),
        ] {
            let row = format!("{COMPANY}former.en = [{item}]\n");
            assert_eq!(load(&[("a.toml", &row)]).unwrap_err(), [expected]);
        }
    }

    #[test]
    fn an_exchange_has_a_code_of_its_own() {
        let row = |id: &str, mic: &str| {
            format!("[[entity]]\nid = '{id}'\nclass = 'Exchange'\nname.en = 'X'\nsource = 's'\nmic = '{mic}'\n")
        };
        let reference = load(&[("a.toml", &row("us-x", "XNYS"))]).unwrap();
        assert_eq!(reference.row(0).mic.as_deref(), Some("XNYS"));
        let text = row("us-x", "XNYS") + &row("us-y", "XNYS") + &row("us-z", "nyse") + COMPANY + "mic = 'XABC'\n";
        assert_eq!(
            load(&[("a.toml", &text)]).unwrap_err(),
            [
                "a.toml:12: `us-y`: this MIC is taken: a.toml:1 has it too",
                "a.toml:18: `us-z`: `nyse` is no MIC: write its four letters of ISO 10383, such as XNYS",
                "a.toml:24: `cn-b`: `mic` is for the class Exchange, and the class is Company",
            ]
        );
    }

    const TABLE: &str = "# Firms.\nid,class,country,name.en,name.zh,short.en,former.en,from,facts.owns,source\n";

    #[test]
    fn a_table_is_rows_like_any_other() {
        let text = TABLE.to_owned()
            + "\r\n# one\r\ncn-a,Company,CN,\"A, Inc.\",甲,\"Big \"\"A\"\" | AA\",Old A | JD Digits @2018..2021-01,1998,\
               cn-b percent=33.34 class=700 to=2020-03 | cn-c,the register\r\n\
               cn-c,Company,,C,,,,,,unverified";
        let toml = COMPANY.to_owned()
            + "
[[entity]]
id = 'cn-a'
class = 'Company'
country = 'CN'
name.en = 'A, Inc.'
name.zh = '甲'
short.en = ['Big \"A\"', 'AA']
former.en = ['Old A', { name = 'JD Digits', from = '2018', to = '2021-01' }]
from = '1998'
source = 'the register'
facts.owns = [{ object = 'cn-b', percent = 33.34, class = '700', to = '2020-03' }, 'cn-c']
[[entity]]
id = 'cn-c'
class = 'Company'
name.en = 'C'
unverified = true
";
        let from_table = load(&[("a.csv", &text), ("b.toml", COMPANY)]).unwrap();
        let lines: Vec<u32> = from_table.entities().map(|row| row.line).collect();
        assert_eq!((lines, &*from_table.row(0).file), (vec![5, 1, 6], "a.csv"));

        let without_place = |reference: Reference| {
            let rows = reference.entities().map(|row| ReferenceEntity { file: "".into(), line: 0, ..row });
            let facts = reference.facts().map(|fact| ReferenceFact { file: "".into(), line: 0, ..fact });
            (rows.collect::<Vec<_>>(), facts.collect::<Vec<_>>())
        };
        assert_eq!(without_place(from_table), without_place(load(&[("a.toml", &toml)]).unwrap()));
    }

    #[test]
    fn each_fault_of_a_table_shows_its_cell() {
        let cell = |from: &str, to: &str| {
            TABLE.to_owned() + &"cn-a,Company,CN,A,甲,,,,cn-b,s\ncn-b,Company,CN,B,,,,,,s\n".replacen(from, to, 1)
        };
        for (text, expected) in [
            (cell("A,甲,,,,cn-b", "A,甲,,,,cn-x"), "3:24 unknown id `cn-x`: did you mean `cn-a`?"),
            (cell("甲,,,,cn-b", "甲,,,,cn-b percnt=3"), "3:29 unknown key `percnt`: did you mean `percent`?"),
            (cell("甲,,,,cn-b", "甲,,,,cn-b percent=a"), "3:37 `percent` is a number"),
            (cell("甲,,,,cn-b", "甲,,,,cn-b 2015"), "3:29 behind an id stand qualifiers, as key=value: `2015` is none"),
            (cell("甲,,,,", "甲,,,2015-13,"), "3:23 `2015-13` is no date: write 2025, 2025-03 or 2025-03-04"),
            (cell("甲,,,", "\"甲\",,\"X @2020..2019\","), "3:34 ends before it begins: from 2020 to 2019"),
            (
                cell("甲,,,", "甲,,X @2020,"),
                "3:25 write when a name was borne as @from..to, either of which may be left out",
            ),
            (cell("甲,,", "甲,X | ,"), "3:24 an empty item: items stand between `|`"),
            (cell("甲,", "甲 | 乙,"), "3:19 this column holds one value, no list with `|`"),
            (cell("CN,A", "CHN,A"), "3:14 `CHN` is no country: write its two letters of ISO 3166-1, such as CN"),
            (cell("Company", "Compny"), "3:6 unknown class `Compny`: did you mean `Company`?"),
            (cell("Company", ""), "3:1 missing key `class`"),
            (cell("cn-b,s", "cn-b,"), "3:1 says neither source = \"…\" nor unverified = true"),
            (
                cell("A,甲", "A,甲,"),
                "3:1 the row has 11 cells, and there are 10 columns: put a cell that holds a comma in double quotes",
            ),
            (cell("cn-b,s", "cn-b,\"s"), "3:29 the quote that opens here is never closed"),
            (
                cell("A,甲", "\"A\" Inc,甲"),
                "3:20 the quoted cell ends before this: write \"\" for a quote within quotes",
            ),
            (cell("cn-b,s\ncn-b", "cn-a,s\ncn-a"), "4:1 this id is taken: a.csv:3 has it too"),
            (cell("", "").replace(",from,", ",frm,"), "2:53 unknown column `frm`: did you mean `from`?"),
            (cell("", "").replace(",facts.owns,", ",facts.own,"), "2:64 unknown predicate `own`: did you mean `owns`?"),
            (cell("", "").replace("former.en", "short.en"), "2:43 the column `short.en` is there twice"),
            (
                cell("", "").replace(",country", ",clas").replace(",CN", ","),
                "2:10 unknown column `clas`: did you mean `class`?",
            ),
        ] {
            let schema = Schema::load(SCHEMA).unwrap();
            let errors = Reference::load([("a.csv", text.as_str())], &schema).unwrap_err();
            let shown: Vec<String> =
                errors.iter().map(|error| format!("{}:{} {}", error.line, error.column, error.message)).collect();
            assert_eq!(shown, [expected], "{text}");
        }
        let nothing = load(&[("a.csv", "a,b\n1,2\n")]).unwrap_err();
        assert!(nothing[0].starts_with("a.csv:1: ") && nothing.len() == 7, "{nothing:#?}");
        assert_eq!(load(&[("a.csv", "# nothing yet\n")]), Ok(Reference::default()));
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
