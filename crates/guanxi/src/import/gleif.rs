//! GLEIF: who is who (LEI-CDF), who consolidates whom (RR-CDF), and why somebody does not say (reporting exceptions).
//!
//! XML and the CSV of the golden copy are brought to one form, fields by path, as the columns of the CSV have them:
//! `entity.legalname`, `relationship.period.1.startdate`.
//!
//! - A parent that consolidates directly is what `subsidiaryOf` means; it is no percentage. One that consolidates
//!   ultimately controls, and is no further parent: its share would be counted twice along the chain.
//! - A retired or merged LEI is of an entity that is gone; its successor `succeeds` it. A lapsed registration is not
//!   vouched for, so that its facts are unverified. Annulled and duplicate ones are left out.

use std::io;

use guanxi_model::identifier::Kind;
use guanxi_model::{
    Entity, EntityId, EntityName, Identifier, ImportEntity, ImportFact, ImportRecord, NameHeld, NameKind, PartialDate,
    Qualifier, QualifierValue, Qualifiers, Validity,
};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::ids::{Ids, of_identifier};
use super::text::Counted;
use super::{Collector, Head, day, is_name};

const PUBLISHER: &str = "GLEIF";

/// A record as fields; paths in small letters.
#[derive(Default)]
struct Fields {
    line: u64,
    fields: Vec<(String, String)>,
}

impl Fields {
    fn get(&self, path: &str) -> Option<&str> {
        let found = self.fields.iter().find(|(known, _)| known == path);
        found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// The first value whose path ends so.
    fn ending<'f>(&'f self, end: &'f str) -> Option<&'f str> {
        self.each_ending(end).next().map(|(_, value)| value)
    }

    /// Every value whose path ends so, with what stands before the end.
    fn each_ending<'f>(&'f self, end: &'f str) -> impl Iterator<Item = (&'f str, &'f str)> {
        let told = self.fields.iter().map(|(path, value)| (path.as_str(), value.trim()));
        told.filter(|(_, value)| !value.is_empty())
            .filter_map(move |(path, value)| Some((path.strip_suffix(end)?, value)))
    }
}

/// Reads the CSV of the golden copy.
pub(super) fn table(reader: &mut Counted<'_>, collector: &mut Collector<'_>) -> io::Result<Head> {
    let mut rows = csv::ReaderBuilder::new().flexible(true).from_reader(reader);
    let columns: Vec<String> = rows.headers()?.iter().map(path_of).collect();
    let mut row = csv::StringRecord::new();
    let mut kind = "GLEIF";
    loop {
        let line = rows.position().line();
        match rows.read_record(&mut row) {
            Ok(false) => break,
            Ok(true) if row.len() != columns.len() => {
                let message =
                    format!("{} cells where {} columns are; the record is left out", row.len(), columns.len());
                collector.lose(row.position().map(csv::Position::line), message);
            }
            Ok(true) => {
                let line = row.position().map_or(line, csv::Position::line);
                let told = columns.iter().zip(&row).filter(|(_, value)| !value.is_empty());
                let fields = told.map(|(path, value)| (path.clone(), value.to_owned())).collect();
                kind = record(&Fields { line, fields }, collector);
            }
            Err(error) => match error.into_kind() {
                csv::ErrorKind::Io(error) => return Err(error),
                other => collector.lose(Some(line), format!("{other:?}; the record is left out")),
            },
        }
    }
    Ok(Head { format: kind, publisher: Some(PUBLISHER.to_owned()), as_of: None })
}

/// The one spelling of a path in both forms.
fn path_of(name: &str) -> String {
    let path = name.trim().trim_start_matches('\u{feff}').to_ascii_lowercase();
    path.replace("relationshipperiods.relationshipperiod", "period")
        .replace("exceptioncategory", "exception.category")
        .replace("exceptionreason", "exception.reason")
}

/// Reads the XML of any of the three.
pub(super) fn xml(reader: &mut Counted<'_>, collector: &mut Collector<'_>) -> io::Result<Head> {
    let mut xml = Reader::from_reader(reader);
    let mut head = Head { format: "GLEIF", publisher: Some(PUBLISHER.to_owned()), as_of: None };
    let (mut buffer, mut above): (Vec<u8>, Vec<String>) = (Vec::new(), Vec::new());
    // The path within a record and how often each path was met, while one is being read.
    let mut reading: Option<Fields> = None;
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer) {
            Ok(Event::Start(start)) => {
                let name = local(&start);
                match &mut reading {
                    None if ["leirecord", "relationshiprecord", "exception"].contains(&name.as_str()) => {
                        reading = Some(Fields { line: xml.get_ref().line(), fields: Vec::new() });
                        above.clear();
                    }
                    None => above = vec![name],
                    Some(fields) => {
                        above.push(numbered(name, &above, fields));
                        attributes(&start, &above.join("."), fields);
                    }
                }
            }
            Ok(Event::Text(text)) => {
                let text = text.unescape().map(|text| text.trim().to_owned()).unwrap_or_default();
                put(&text, &above, &mut reading, &mut head);
            }
            Ok(Event::CData(text)) => {
                let text = String::from_utf8_lossy(&text).trim().to_owned();
                put(&text, &above, &mut reading, &mut head);
            }
            Ok(Event::End(_)) => {
                if above.pop().is_none()
                    && let Some(fields) = reading.take()
                {
                    head.format = record(&fields, collector);
                }
            }
            Ok(Event::Eof) => {
                if reading.is_some() {
                    collector.lose(Some(xml.get_ref().line()), "the file ends within a record, which is left out");
                }
                return Ok(head);
            }
            Ok(_) => {}
            Err(quick_xml::Error::Io(error)) => return Err(io::Error::new(error.kind(), error.to_string())),
            Err(error) => {
                let message = format!("{error}: nothing behind this was read; mend it, or fetch the file again");
                collector.lose(Some(xml.get_ref().line()), message);
                return Ok(head);
            }
        }
    }
}

fn local(start: &BytesStart<'_>) -> String {
    String::from_utf8_lossy(start.local_name().as_ref()).to_ascii_lowercase()
}

/// `name.2` where the element may stand there several times.
fn numbered(name: String, above: &[String], fields: &Fields) -> String {
    const REPEATED: [&str; 6] = [
        "otherentityname",
        "transliteratedotherentityname",
        "relationshipperiod",
        "legalentityevent",
        "successorentity",
        "exceptionreason",
    ];
    if !REPEATED.contains(&name.as_str()) {
        return name;
    }
    let base = path_of(&above.iter().cloned().chain([name.clone()]).collect::<Vec<_>>().join("."));
    let taken = fields
        .fields
        .iter()
        .filter_map(|(path, _)| path.strip_prefix(&base)?.strip_prefix('.')?.split('.').next()?.parse::<usize>().ok());
    format!("{name}.{}", taken.max().unwrap_or(0) + 1)
}

/// Attributes stand below their element: `.xmllang`, `.type`.
fn attributes(start: &BytesStart<'_>, path: &str, fields: &mut Fields) {
    for attribute in start.attributes().flatten() {
        let name = String::from_utf8_lossy(attribute.key.as_ref()).replace(':', "").to_ascii_lowercase();
        let value = attribute.unescape_value().map(|value| value.into_owned()).unwrap_or_default();
        fields.fields.push((path_of(&format!("{path}.{name}")), value));
    }
}

fn put(text: &str, above: &[String], reading: &mut Option<Fields>, head: &mut Head) {
    match reading {
        _ if text.is_empty() => {}
        Some(fields) => {
            let path = path_of(&above.join("."));
            // A text with entities comes in pieces.
            match fields.fields.last_mut().filter(|(known, _)| *known == path) {
                Some((_, known)) => known.push_str(text),
                None => fields.fields.push((path, text.to_owned())),
            }
        }
        None if above.last().is_some_and(|name| name == "contentdate") => head.as_of = head.as_of.or(day(text)),
        None => {}
    }
}

/// Takes a record in; the name of its format.
fn record(fields: &Fields, collector: &mut Collector<'_>) -> &'static str {
    if fields.get("relationship.startnode.nodeid").is_some() {
        relationship(fields, collector);
        return "GLEIF RR-CDF";
    }
    if let Some(category) = fields.ending("exception.category") {
        exception(category, fields, collector);
        return "GLEIF reporting exceptions";
    }
    legal_entity(fields, collector);
    "GLEIF LEI-CDF"
}

fn lei(text: Option<&str>, what: &str, line: u64, collector: &mut Collector<'_>) -> Option<Identifier> {
    let read = match text {
        Some(text) => Identifier::parse(Kind::Lei, text).map_err(|error| error.to_string()),
        None => Err(format!("no LEI of {what}")),
    };
    read.map_err(|message| collector.lose(Some(line), format!("{message}; the record is left out"))).ok()
}

fn legal_entity(fields: &Fields, collector: &mut Collector<'_>) {
    let Some(lei) = lei(fields.get("lei"), "the entity", fields.line, collector) else { return };
    let status = fields.get("registration.registrationstatus").unwrap_or_default();
    if ["ANNULLED", "DUPLICATE", "CANCELLED"].contains(&status) {
        return collector.leave_out(format!("LEIs that are {}", status.to_lowercase()));
    }
    let Some(name) = fields.get("entity.legalname").filter(|name| is_name(name)) else {
        return collector.lose(Some(fields.line), format!("{lei} has no legal name; the record is left out"));
    };
    let id = of_identifier(&lei);
    let (number, names) = (lei.text().to_owned(), names(name, fields));
    let names_held = names_held(&names, fields);
    let validity = existence(fields, status);
    let mut record = ImportRecord {
        id: number,
        updated: fields.get("registration.lastupdatedate").and_then(day),
        lapsed: status == "LAPSED",
        entities: vec![ImportEntity {
            entity: Entity {
                id: id.clone(),
                class: class(fields.get("entity.entitycategory")).into(),
                names,
                country: country(fields),
                identifiers: identifiers(lei, fields, collector),
            },
            validity,
            names_held,
            mentioned: false,
        }],
        facts: Vec::new(),
    };
    for (_, successor) in fields.each_ending("successorlei") {
        match Identifier::parse(Kind::Lei, successor) {
            Ok(successor) => {
                let successor = mentioned(&successor);
                record.facts.push(ImportFact {
                    subject: successor.entity.id.clone(),
                    predicate: "succeeds".into(),
                    object: id.clone(),
                    qualifiers: Qualifiers::new(),
                    validity: Validity::default(),
                    remark: None,
                });
                record.entities.push(successor);
            }
            Err(error) => collector.lose_part(Some(fields.line), format!("the successor: {error}; it is left out")),
        }
    }
    collector.take(record);
}

fn class(category: Option<&str>) -> &'static str {
    match category {
        Some("FUND") => "Fund",
        Some("BRANCH" | "SOLE_PROPRIETOR" | "INTERNATIONAL_ORGANIZATION") => "Organization",
        Some("RESIDENT_GOVERNMENT_ENTITY") => "PublicBody",
        _ => "Company",
    }
}

fn names(legal: &str, fields: &Fields) -> Vec<EntityName> {
    let named =
        |text: &str, kind| EntityName { text: text.to_owned(), language: guanxi_names::language_of(text), kind };
    let mut names = vec![named(legal, NameKind::Legal)];
    let others = fields.fields.iter().filter(|(path, _)| {
        path.rsplit_once('.').is_some_and(|(list, number)| {
            list.ends_with("otherentityname") && number.bytes().all(|byte| byte.is_ascii_digit())
        })
    });
    for (path, text) in others.filter(|(_, text)| is_name(text)) {
        let kind = match fields.get(&format!("{path}.type")) {
            Some("PREVIOUS_LEGAL_NAME") => NameKind::Former,
            Some("TRADING_OR_OPERATING_NAME") => NameKind::Brand,
            Some("ALTERNATIVE_LANGUAGE_LEGAL_NAME") => NameKind::Legal,
            _ => NameKind::Gloss,
        };
        let name = named(text.trim(), kind);
        if names.iter().all(|known| known.text != name.text) {
            names.push(name);
        }
    }
    names
}

/// When names were borne, by the changes of the legal name. After several changes it is not told which of the former names
/// each of them ended.
fn names_held(names: &[EntityName], fields: &Fields) -> Vec<NameHeld> {
    let changes = fields.each_ending("legalentityeventtype").filter(|(_, kind)| *kind == "CHANGE_LEGAL_NAME");
    let changes: Vec<PartialDate> = changes
        .map(|(event, _)| event.trim_end_matches('.'))
        .filter(|event| fields.get(&format!("{event}.event_status")).is_none_or(|status| status == "COMPLETED"))
        .filter_map(|event| fields.get(&format!("{event}.legalentityeventeffectivedate")).and_then(day))
        .collect();
    let Some(&latest) = changes.iter().max() else { return Vec::new() };
    let held = |name: &EntityName, from, to: Option<PartialDate>| NameHeld {
        name: name.clone(),
        validity: Validity { from, to, ended: to.is_some() },
    };
    let former = |is_chinese: bool| {
        let mut former =
            names.iter().filter(move |name| name.kind == NameKind::Former && name.language.is_chinese() == is_chinese);
        former.next().filter(|_| former.next().is_none() && changes.len() == 1)
    };
    let given_up = [true, false].into_iter().filter_map(former).map(|name| held(name, None, Some(latest)));
    names.iter().take(1).map(|name| held(name, Some(latest), None)).chain(given_up).collect()
}

/// ISO 3166-1, of a jurisdiction that may be a part of a country.
fn country(fields: &Fields) -> Option<String> {
    let told = fields.get("entity.legaljurisdiction").or_else(|| fields.get("entity.legaladdress.country"))?;
    let country = told.get(..2)?.to_ascii_uppercase();
    country.bytes().all(|byte| byte.is_ascii_uppercase()).then_some(country)
}

/// The LEI, and the number in the register that it is entered in.
fn identifiers(lei: Identifier, fields: &Fields, collector: &mut Collector<'_>) -> Vec<Identifier> {
    // They stand for no register.
    const NONE: [&str; 2] = ["RA888888", "RA999999"];
    let mut identifiers = vec![lei];
    let authority = fields.get("entity.registrationauthority.registrationauthorityid");
    let number = fields.get("entity.registrationauthority.registrationauthorityentityid");
    if let (Some(authority), Some(number)) = (authority, number) {
        let is_chinese = country(fields).as_deref() == Some("CN");
        let code = Identifier::parse(Kind::SocialCredit, number).ok().filter(|_| is_chinese);
        match code.map_or_else(|| Identifier::parse(Kind::Register, &format!("{authority}:{number}")), Ok) {
            Ok(identifier) if identifier.kind() == Kind::Register && NONE.contains(&authority) => {}
            Ok(identifier) => identifiers.push(identifier),
            Err(_) => collector.leave_out(format!("numbers that the register {authority} does not give")),
        }
    }
    identifiers.sort();
    identifiers
}

/// From when to when it exists. An end is told by the event, or in files of older versions by a date of expiration.
fn existence(fields: &Fields, registration: &str) -> Validity {
    let from = fields.get("entity.entitycreationdate").and_then(day);
    let gone = fields.get("entity.entitystatus") == Some("INACTIVE") || ["RETIRED", "MERGED"].contains(&registration);
    if !gone {
        return Validity { from, to: None, ended: false };
    }
    const ENDING: [&str; 4] = ["DISSOLUTION", "LIQUIDATION", "ABSORPTION", "MERGERS_AND_ACQUISITIONS"];
    let events = fields.each_ending("legalentityeventtype").filter(|(_, kind)| ENDING.contains(kind));
    let effective = events.filter_map(|(event, _)| {
        let event = event.trim_end_matches('.');
        fields.get(&format!("{event}.legalentityeventeffectivedate")).and_then(day)
    });
    let expired = fields.get("entity.entityexpirationdate").and_then(day);
    let to = expired.or(effective.max()).filter(|to| from.is_none_or(|from| from.first_day() <= to.last_day()));
    Validity { from, to, ended: true }
}

/// Why nobody is named as the parent. Where the reason tells that somebody controls the entity, he is a node without a
/// name, by the record about the ultimate parent; that there is no parent is no fact about anybody.
fn exception(category: &str, fields: &Fields, collector: &mut Collector<'_>) {
    let reason = fields.ending("exception.reason.1").or_else(|| fields.ending("exception.reason")).unwrap_or("none");
    let Some((class, who)) = undisclosed(reason).filter(|_| category.starts_with("ULTIMATE")) else {
        let which = if category.starts_with("ULTIMATE") { "ultimate" } else { "direct" };
        return collector.leave_out(format!("reporting exceptions of {which} parents: {reason}"));
    };
    let Some(child) = lei(fields.get("lei"), "the entity", fields.line, collector) else { return };
    let id = Ids::of(PUBLISHER).meant(&format!("{} ultimate parent", child.text()), collector);
    let name = EntityName::undisclosed("undisclosed ultimate parent", who, child.text());
    let parent = Entity { id, class: class.into(), names: vec![name], country: None, identifiers: Vec::new() };
    collector.take(ImportRecord {
        id: format!("{} {category}", child.text()),
        facts: vec![ImportFact {
            subject: parent.id.clone(),
            predicate: "controls".into(),
            object: of_identifier(&child),
            qualifiers: Qualifiers::from([(Qualifier::Means, QualifierValue::Text("other".to_owned()))]),
            validity: Validity::default(),
            remark: Some(format!("reporting exception {reason}")),
        }],
        entities: vec![
            mentioned(&child),
            ImportEntity { entity: parent, validity: Validity::default(), names_held: Vec::new(), mentioned: false },
        ],
        ..ImportRecord::default()
    });
}

/// Class and description of a parent that is there and not named; `None` where the reason does not tell of one.
fn undisclosed(reason: &str) -> Option<(&'static str, &'static str)> {
    match reason {
        "NATURAL_PERSONS" => Some(("Person", "natural persons")),
        "NO_LEI" => Some(("Organization", "without an LEI")),
        "NON_PUBLIC" => Some(("Organization", "not public")),
        "BINDING_LEGAL_COMMITMENTS" | "LEGAL_OBSTACLES" => Some(("Organization", "the law forbids to tell")),
        "CONSENT_NOT_OBTAINED" => Some(("Organization", "did not consent")),
        "DETRIMENT_NOT_EXCLUDED" | "DISCLOSURE_DETRIMENTAL" => Some(("Organization", "telling would do harm")),
        _ => None,
    }
}

/// A party of which the record gives nothing but the LEI.
fn mentioned(lei: &Identifier) -> ImportEntity {
    let entity = Entity {
        id: of_identifier(lei),
        class: "Company".into(),
        names: Vec::new(),
        country: None,
        identifiers: vec![lei.clone()],
    };
    ImportEntity { entity, validity: Validity::default(), names_held: Vec::new(), mentioned: true }
}

fn relationship(fields: &Fields, collector: &mut Collector<'_>) {
    let kind = fields.get("relationship.relationshiptype").unwrap_or("of no type");
    let status = fields.get("registration.registrationstatus").unwrap_or_default();
    let is_consolidation = ["IS_DIRECTLY_CONSOLIDATED_BY", "IS_ULTIMATELY_CONSOLIDATED_BY"].contains(&kind);
    if !is_consolidation || ["ANNULLED", "DUPLICATE", "CANCELLED"].contains(&status) {
        return collector
            .leave_out(format!("relationships {kind}{}", if is_consolidation { " that were annulled" } else { "" }));
    }
    let Some(child) = lei(fields.get("relationship.startnode.nodeid"), "the subsidiary", fields.line, collector) else {
        return;
    };
    let Some(parent) = lei(fields.get("relationship.endnode.nodeid"), "the parent", fields.line, collector) else {
        return;
    };
    let (child_id, parent_id) = (of_identifier(&child), of_identifier(&parent));
    let direct = kind == "IS_DIRECTLY_CONSOLIDATED_BY";
    let mut qualifiers = Qualifiers::new();
    if !direct {
        qualifiers.insert(Qualifier::Means, QualifierValue::Text("other".to_owned()));
    }
    let (subject, predicate, object): (EntityId, _, EntityId) = match direct {
        true => (child_id, "subsidiaryOf", parent_id),
        false => (parent_id, "controls", child_id),
    };
    collector.take(ImportRecord {
        id: format!("{} {kind} {}", child.text(), parent.text()),
        updated: fields.get("registration.lastupdatedate").and_then(day),
        lapsed: status == "LAPSED",
        entities: vec![mentioned(&child), mentioned(&parent)],
        facts: vec![ImportFact {
            subject,
            predicate: predicate.into(),
            object,
            qualifiers,
            validity: period(fields),
            remark: (!direct).then(|| "ultimate parent by accounting consolidation".to_owned()),
        }],
    });
}

/// The period of the relationship, not those of the accounts and filings that document it.
fn period(fields: &Fields) -> Validity {
    let periods = fields.each_ending("periodtype").filter(|(_, kind)| *kind == "RELATIONSHIP_PERIOD");
    let dates = periods.map(|(period, _)| {
        let date = |end: &str| fields.get(&format!("{period}{end}")).and_then(day);
        (date("startdate"), date("enddate"))
    });
    let (from, to): (Option<PartialDate>, Option<PartialDate>) = dates.last().unwrap_or_default();
    let inactive = fields.get("relationship.relationshipstatus").is_some_and(|status| status != "ACTIVE");
    let to = to.filter(|to| from.is_none_or(|from| from.first_day() <= to.last_day()));
    Validity { from, to, ended: inactive || to.is_some() }
}
