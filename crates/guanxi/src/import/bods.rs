//! The Beneficial Ownership Data Standard 0.4: statements about entities, persons and relationships.
//!
//! A later statement on a record takes the place of earlier ones, and a closed record tells what has ended. An owner who
//! is not named is a node of his own, with the reason in its name, and never the same as another one.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, BufRead};

use guanxi_model::identifier::Kind;
use guanxi_model::{
    Decimal, Entity, EntityId, EntityName, Identifier, ImportEntity, ImportFact, ImportRecord, NameHeld, NameKind,
    PartialDate, Qualifier, QualifierValue, Qualifiers, Share, Validity,
};
use serde::de::{DeserializeSeed, Deserializer, SeqAccess, Visitor};
use serde_json::Value;

use super::ids::Ids;
use super::text::Counted;
use super::{Collector, Head, day, is_name, is_share, make_owned_companies, put_share, without_place};

/// The latest statement on each record, by the record's id.
type Latest = BTreeMap<String, Statement>;

struct Statement {
    date: Option<PartialDate>,
    line: Option<u64>,
    value: Value,
    /// The names of an entity in other statements on it, each with the date of its statement.
    other_names: Vec<(Option<PartialDate>, String)>,
}

/// Reads all statements, in an array or one a line.
pub(super) fn read(reader: &mut Counted<'_>, collector: &mut Collector<'_>) -> io::Result<Head> {
    let mut latest = Latest::new();
    match reader.start()?.trim_start().starts_with('[') {
        true => array(reader, &mut latest, collector),
        false => lines(reader, &mut latest, collector)?,
    }
    let publisher = latest.values().find_map(|statement| text(&statement.value, "/publicationDetails/publisher/name"));
    let publisher = publisher.map(str::to_owned);
    let as_of = latest.values().filter_map(|statement| text(&statement.value, "/publicationDetails/publicationDate"));
    let as_of = as_of.filter_map(day).max();
    let mut ids = Ids::of(format!("BODS {}", publisher.as_deref().unwrap_or_default()));
    let kind = |statement: &Statement| text(&statement.value, "/recordType").unwrap_or_default().to_owned();
    for (record, statement) in &latest {
        match kind(statement).as_str() {
            "entity" => party(record, statement, false, &mut ids, collector),
            "person" => party(record, statement, true, &mut ids, collector),
            _ => {}
        }
    }
    for (record, statement) in latest.iter().filter(|(_, statement)| kind(statement) == "relationship") {
        relationship(record, statement, &latest, &ids, collector);
    }
    make_owned_companies(&mut collector.records);
    Ok(Head { format: "BODS 0.4", publisher, as_of })
}

fn lines(reader: &mut Counted<'_>, latest: &mut Latest, collector: &mut Collector<'_>) -> io::Result<()> {
    let mut bytes = Vec::new();
    loop {
        let line = reader.line();
        bytes.clear();
        if reader.read_until(b'\n', &mut bytes)? == 0 {
            return Ok(());
        }
        if bytes.trim_ascii().is_empty() {
            continue;
        }
        match serde_json::from_slice(bytes.trim_ascii_end()) {
            Ok(value) => state(value, Some(line), latest, collector),
            Err(error) => {
                collector.lose(Some(line), format!("no JSON: {}; the line is left out", without_place(&error)));
            }
        }
    }
}

/// Statements of an array, one in memory at a time beside those that are kept.
fn array(reader: &mut Counted<'_>, latest: &mut Latest, collector: &mut Collector<'_>) {
    struct Each<'e, 'c> {
        latest: &'e mut Latest,
        collector: &'e mut Collector<'c>,
    }

    impl<'de> Visitor<'de> for Each<'_, '_> {
        type Value = ();

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an array of statements")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<(), A::Error> {
            while let Some(value) = values.next_element::<Value>()? {
                state(value, None, self.latest, self.collector);
            }
            Ok(())
        }
    }

    impl<'de> DeserializeSeed<'de> for Each<'_, '_> {
        type Value = ();

        fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
            deserializer.deserialize_seq(self)
        }
    }

    let mut json = serde_json::Deserializer::from_reader(reader);
    if let Err(error) = (Each { latest, collector: &mut *collector }).deserialize(&mut json) {
        let line = Some(error.line() as u64);
        collector
            .lose(line, format!("no JSON: {error}; nothing behind this was read: mend it, or fetch the file again"));
    }
}

fn state(value: Value, line: Option<u64>, latest: &mut Latest, collector: &mut Collector<'_>) {
    let statement = text(&value, "/statementId").or_else(|| text(&value, "/statementID")).unwrap_or("without id");
    let kind = text(&value, "/recordType");
    let Some(record) = text(&value, "/recordId").filter(|_| kind.is_some()) else {
        let message =
            format!("statement {statement} has no recordId or recordType, which BODS 0.4 asks for; it is left out");
        return collector.lose(line, message);
    };
    if !["entity", "person", "relationship"].contains(&kind.unwrap_or_default()) {
        return collector
            .lose(line, format!("statement {statement} is about no entity, person or relationship; it is left out"));
    }
    let (record, date) = (record.to_owned(), text(&value, "/statementDate").and_then(day));
    let statement = Statement { date, line, value, other_names: Vec::new() };
    match latest.remove(&record) {
        None => latest.insert(record, statement),
        // Of statements of one day the one that stands last.
        Some(known) if known.date <= date => latest.insert(record, statement.after(known)),
        Some(known) => latest.insert(record, known.after(statement)),
    };
}

impl Statement {
    fn name(&self) -> Option<&str> {
        text(&self.value, "/recordDetails/name")
    }

    /// In place of another statement, with what names that one tells of.
    fn after(mut self, other: Self) -> Self {
        let name = other.name().map(|name| (other.date, name.to_owned()));
        self.other_names.extend(other.other_names);
        self.other_names.extend(name);
        self
    }

    /// The names that other statements had before one with another name took their place.
    fn former_names(&self) -> Vec<NameHeld> {
        let Some(name) = self.name() else { return Vec::new() };
        let mut told = self.other_names.clone();
        told.push((self.date, name.to_owned()));
        told.sort();
        let mut given_up: BTreeMap<&str, Option<PartialDate>> = BTreeMap::new();
        for pair in told.windows(2).filter(|pair| pair[0].1 != pair[1].1 && pair[0].1 != name) {
            given_up.insert(&pair[0].1, pair[1].0);
        }
        let held = given_up.into_iter().map(|(name, to)| NameHeld {
            name: named(name, NameKind::Former),
            validity: Validity { from: None, to, ended: true },
        });
        held.collect()
    }
}

fn text<'v>(value: &'v Value, pointer: &str) -> Option<&'v str> {
    value.pointer(pointer)?.as_str().map(str::trim).filter(|text| !text.is_empty())
}

fn is_closed(statement: &Statement) -> bool {
    text(&statement.value, "/recordStatus") == Some("closed")
}

fn party(record: &str, statement: &Statement, is_person: bool, ids: &mut Ids, collector: &mut Collector<'_>) {
    let empty = Value::Null;
    let details = statement.value.get("recordDetails").unwrap_or(&empty);
    let identifiers = identifiers(details, record, statement, collector);
    let id = ids.describe(record, &identifiers, collector);
    let mut names = if is_person { names_of_person(details) } else { names_of_entity(details) };
    let mut names_held = if is_person { Vec::new() } else { statement.former_names() };
    names_held.retain(|held| names.iter().all(|name| name.text != held.name.text));
    names.extend(names_held.iter().map(|held| held.name.clone()));
    names_held.retain(|held| held.validity.to.is_some());
    if names.is_empty() {
        let kind = text(details, "/personType").or_else(|| text(details, "/entityType/type")).unwrap_or("party");
        let reason = text(details, "/unspecifiedPersonDetails/reason")
            .or_else(|| text(details, "/unspecifiedEntityDetails/reason"))
            .unwrap_or("not named");
        names.push(EntityName::undisclosed(kind, reason, record));
    }
    let country = text(details, "/jurisdiction/code").and_then(|code| code.get(..2)).map(str::to_ascii_uppercase);
    let to = text(details, "/dissolutionDate").and_then(day);
    let validity = Validity { from: text(details, "/foundingDate").and_then(day), to, ended: to.is_some() };
    let class = if is_person { "Person" } else { class(text(details, "/entityType/type")) };
    collector.take(ImportRecord {
        id: record.to_owned(),
        updated: statement.date,
        lapsed: false,
        entities: vec![ImportEntity {
            entity: Entity { id, class: class.into(), names, country, identifiers },
            validity,
            names_held,
            mentioned: false,
        }],
        facts: Vec::new(),
    });
}

fn class(kind: Option<&str>) -> &'static str {
    match kind {
        Some("registeredEntity") => "Company",
        Some("arrangement") => "Fund",
        Some("state" | "stateBody") => "PublicBody",
        _ => "Organization",
    }
}

fn names_of_entity(details: &Value) -> Vec<EntityName> {
    let name = text(details, "/name").map(|name| (name, NameKind::Legal));
    let others = details.get("alternateNames").and_then(Value::as_array).into_iter().flatten();
    let others = others.filter_map(Value::as_str).map(|name| (name, NameKind::Brand));
    name.into_iter().chain(others).filter(|(name, _)| is_name(name)).map(|(name, kind)| named(name, kind)).collect()
}

fn names_of_person(details: &Value) -> Vec<EntityName> {
    let names = details.get("names").and_then(Value::as_array).into_iter().flatten();
    let name = |name: &Value| {
        let parts = ["/givenName", "/patronymicName", "/familyName"].map(|part| text(name, part));
        let joined = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
        let full = text(name, "/fullName").map_or(joined, str::to_owned);
        let full = Some(full).filter(|full| is_name(full))?;
        let kind = match text(name, "/type") {
            Some("former" | "birth") => NameKind::Former,
            Some("alternative") => NameKind::Brand,
            Some("transliteration" | "translation") => NameKind::Gloss,
            _ => NameKind::Legal,
        };
        Some(named(&full, kind))
    };
    names.filter_map(name).collect()
}

fn named(text: &str, kind: NameKind) -> EntityName {
    EntityName { text: text.to_owned(), language: guanxi_names::language_of(text), kind }
}

fn identifiers(details: &Value, record: &str, statement: &Statement, collector: &mut Collector<'_>) -> Vec<Identifier> {
    let mut identifiers = Vec::new();
    for told in details.get("identifiers").and_then(Value::as_array).into_iter().flatten() {
        let Some(id) = text(told, "/id") else { continue };
        let read = match text(told, "/scheme") {
            Some("XI-LEI") => Identifier::parse(Kind::Lei, id),
            Some("CN-SAIC" | "CN-USCC") => Identifier::parse(Kind::SocialCredit, id),
            Some("WIKIDATA" | "XI-WIKIDATA") => Identifier::parse(Kind::Wikidata, id),
            Some("ISIN") => Identifier::parse(Kind::Isin, id),
            Some(scheme) => Identifier::parse(Kind::Register, &format!("{scheme}:{id}")),
            None if text(told, "/schemeName") == Some("Wikidata") => Identifier::parse(Kind::Wikidata, id),
            None => continue,
        };
        match read {
            Ok(identifier) => identifiers.push(identifier),
            Err(error) => {
                collector.lose_part(statement.line, format!("record {record}: {error}; the identifier is left out"));
            }
        }
    }
    let listings = details.pointer("/publicListing/securitiesListings").and_then(Value::as_array);
    for listing in listings.into_iter().flatten() {
        let isin = text(listing, "/security/id").filter(|_| text(listing, "/security/idScheme") == Some("isin"));
        identifiers.extend(isin.and_then(|isin| Identifier::parse(Kind::Isin, isin).ok()));
        let (market, ticker) = (text(listing, "/marketIdentifierCode"), text(listing, "/security/ticker"));
        let ticker = market.zip(ticker).map(|(market, ticker)| format!("{market}:{ticker}"));
        identifiers.extend(ticker.and_then(|ticker| Identifier::parse(Kind::Ticker, &ticker).ok()));
    }
    identifiers.sort();
    identifiers.dedup();
    identifiers
}

fn relationship(record: &str, statement: &Statement, latest: &Latest, ids: &Ids, collector: &mut Collector<'_>) {
    let empty = Value::Null;
    let details = statement.value.get("recordDetails").unwrap_or(&empty);
    let lost = |what: &str| format!("record {record}: {what}; the relationship is left out");
    let Some(subject) = text(details, "/subject") else {
        return collector.lose(statement.line, lost("its subject is no record"));
    };
    if !latest.contains_key(subject) {
        return collector.lose(statement.line, lost(&format!("no record {subject}, its subject, is in the file")));
    }
    let mut entities = Vec::new();
    let interested = match (text(details, "/interestedParty"), text(details, "/interestedParty/reason")) {
        (Some(party), _) if latest.contains_key(party) => ids.meant(party, collector),
        (Some(party), _) => {
            return collector
                .lose(statement.line, lost(&format!("no record {party}, its interested party, is in the file")));
        }
        (None, Some("noBeneficialOwners")) => {
            return collector.leave_out("statements that there is no beneficial owner");
        }
        (None, Some(reason)) => {
            entities.push(unspecified(record, reason, ids, collector));
            entities[0].entity.id.clone()
        }
        (None, None) => return collector.lose(statement.line, lost("it names no interested party, and no reason why")),
    };
    let subject = ids.meant(subject, collector);
    let mut facts: Vec<ImportFact> = Vec::new();
    for interest in details.get("interests").and_then(Value::as_array).into_iter().flatten() {
        match fact(interest, &interested, &subject, is_closed(statement)) {
            Some(fact) => join(&mut facts, fact),
            None => collector.leave_out(format!("interests of type {}", text(interest, "/type").unwrap_or("unknown"))),
        }
    }
    if !facts.is_empty() {
        collector.take(ImportRecord { id: record.to_owned(), updated: statement.date, lapsed: false, entities, facts });
    }
}

/// An owner whom the statement does not name.
fn unspecified(record: &str, reason: &str, ids: &Ids, collector: &Collector<'_>) -> ImportEntity {
    let entity = Entity {
        id: ids.meant(&format!("{record} interestedParty"), collector),
        class: "Person".into(),
        names: vec![EntityName::undisclosed("unspecified owner", reason, record)],
        country: None,
        identifiers: Vec::new(),
    };
    ImportEntity { entity, validity: Validity::default(), names_held: Vec::new(), mentioned: false }
}

/// One fact a predicate and period: of several interests the one with a share, else the first.
fn join(facts: &mut Vec<ImportFact>, fact: ImportFact) {
    let has_share = |fact: &ImportFact| {
        fact.qualifiers.contains_key(&Qualifier::Percent) || fact.qualifiers.contains_key(&Qualifier::PercentMin)
    };
    let is_same = |known: &&mut ImportFact| (&known.predicate, known.validity) == (&fact.predicate, fact.validity);
    match facts.iter_mut().find(is_same) {
        Some(known) if has_share(&fact) && !has_share(known) => *known = fact,
        Some(_) => {}
        None => facts.push(fact),
    }
}

fn fact(interest: &Value, interested: &EntityId, subject: &EntityId, closed: bool) -> Option<ImportFact> {
    let mut qualifiers = Qualifiers::new();
    let mut put = |qualifier, text: &str| {
        qualifiers.insert(qualifier, QualifierValue::Text(text.to_owned()));
    };
    let details = text(interest, "/details").unwrap_or_default();
    // Ours say by which predicate the interested party was a parent.
    let is_parent = details.split(';').next() == Some("subsidiary of");
    let predicate = match text(interest, "/type")? {
        "shareholding" | "otherInfluenceOrControl" if is_parent => "subsidiaryOf",
        "shareholding" => "owns",
        "boardMember" => {
            put(Qualifier::Role, "board member");
            "officerOf"
        }
        "boardChair" => {
            put(Qualifier::Role, "chair of the board");
            "officerOf"
        }
        "seniorManagingOfficial" => {
            put(Qualifier::Role, "senior managing official");
            "officerOf"
        }
        kind => {
            put(Qualifier::Means, means(kind)?);
            "controls"
        }
    };
    if let Some(share) = interest.get("share").and_then(share).filter(is_share) {
        put_share(share, &mut qualifiers);
    }
    let direct = match text(interest, "/directOrIndirect") {
        Some("direct") => Some(true),
        Some("indirect") => Some(false),
        _ => None,
    };
    if let Some(direct) = direct.filter(|_| predicate == "owns") {
        qualifiers.insert(Qualifier::Direct, QualifierValue::Flag(direct));
    }
    let (from, to) = (text(interest, "/startDate").and_then(day), text(interest, "/endDate").and_then(day));
    let beneficial = interest.get("beneficialOwnershipOrControl").and_then(Value::as_bool) == Some(true);
    let (from_party, to_party) = match predicate {
        "subsidiaryOf" => (subject, interested),
        _ => (interested, subject),
    };
    Some(ImportFact {
        subject: from_party.clone(),
        predicate: predicate.into(),
        object: to_party.clone(),
        qualifiers,
        validity: Validity { from, to, ended: closed || to.is_some() },
        remark: beneficial.then(|| "beneficial ownership or control".to_owned()),
    })
}

/// How control is held; `None` where an interest is none of control, or none that the vocabulary knows.
fn means(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "votingRights" => "votingRights",
        "appointmentOfBoard" => "boardAppointment",
        "rightsGrantedByContract" => "contract",
        "otherInfluenceOrControl" | "controlViaCompanyRulesOrArticles" | "controlByLegalFramework" => "other",
        _ => return None,
    })
}

fn share(share: &Value) -> Option<Share> {
    let figure = |key: &str| share.get(key).and_then(Value::as_number)?.to_string().parse::<Decimal>().ok();
    if let Some(exact) = figure("exact") {
        return Some(Share::exact(exact));
    }
    let (least, above) = (figure("minimum"), figure("exclusiveMinimum"));
    let (most, below) = (figure("maximum"), figure("exclusiveMaximum"));
    least.or(above).or(most).or(below)?;
    let share = Share {
        min: above.or(least).unwrap_or(Decimal::ZERO),
        max: below.or(most).unwrap_or(Decimal::ONE_HUNDRED),
        min_exclusive: above.is_some(),
        max_exclusive: below.is_some(),
    };
    (share.min <= share.max).then_some(share)
}
