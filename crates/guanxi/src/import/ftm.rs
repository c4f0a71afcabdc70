//! FollowTheMoney: entities of its model as JSON, one a line; links may stand before the parties that they tie.

use std::io::{self, BufRead};

use guanxi_model::identifier::Kind;
use guanxi_model::{
    Entity, EntityName, Identifier, ImportEntity, ImportFact, ImportRecord, NameKind, Qualifier, QualifierValue,
    Qualifiers, Share, Validity,
};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::ids::Ids;
use super::text::Counted;
use super::{Collector, Head, day, is_name, is_share, make_owned_companies, put_share, without_place};

/// One line.
#[derive(Deserialize)]
struct Line {
    id: String,
    schema: String,
    #[serde(default)]
    properties: Map<String, Value>,
}

/// A link whose ends are ids of lines.
struct Link {
    line: u64,
    record: Line,
    predicate: &'static str,
    subject: &'static str,
    object: &'static str,
}

/// Reads every line.
pub(super) fn read(reader: &mut Counted<'_>, collector: &mut Collector<'_>) -> io::Result<Head> {
    let (mut ids, mut links, mut text) = (Ids::of("FollowTheMoney"), Vec::new(), Vec::new());
    loop {
        let line = reader.line();
        text.clear();
        if reader.read_until(b'\n', &mut text)? == 0 {
            break;
        }
        if text.trim_ascii().is_empty() {
            continue;
        }
        match serde_json::from_slice::<Line>(text.trim_ascii_end()) {
            Err(error) => collector.lose(
                Some(line),
                format!("no entity of FollowTheMoney: {}; the line is left out", without_place(&error)),
            ),
            Ok(record) => match class(&record.schema) {
                Some(class) => party(&record, class, line, &mut ids, collector),
                None => match ends(&record.schema) {
                    Some((predicate, subject, object)) => links.push(Link { line, record, predicate, subject, object }),
                    None => collector.leave_out(format!("entities of schema {}", record.schema)),
                },
            },
        }
    }
    for link in &links {
        tie(link, &ids, collector);
    }
    make_owned_companies(&mut collector.records);
    Ok(Head { format: "FollowTheMoney", publisher: None, as_of: None })
}

fn class(schema: &str) -> Option<&'static str> {
    Some(match schema {
        "Person" => "Person",
        "Company" => "Company",
        "PublicBody" => "PublicBody",
        "Organization" | "LegalEntity" => "Organization",
        _ => return None,
    })
}

/// The predicate of a link, and the properties that hold subject and object.
fn ends(schema: &str) -> Option<(&'static str, &'static str, &'static str)> {
    Some(match schema {
        "Ownership" => ("owns", "owner", "asset"),
        "Control" => ("controls", "controller", "controlled"),
        "Directorship" => ("officerOf", "director", "organization"),
        "Succession" => ("succeeds", "successor", "predecessor"),
        _ => return None,
    })
}

impl Line {
    fn values(&self, property: &str) -> impl Iterator<Item = &str> {
        let values = match self.properties.get(property) {
            Some(Value::Array(values)) => values.as_slice(),
            Some(value) => std::slice::from_ref(value),
            None => &[],
        };
        values.iter().filter_map(Value::as_str).map(str::trim).filter(|value| !value.is_empty())
    }

    fn value(&self, property: &str) -> Option<&str> {
        self.values(property).next()
    }
}

fn party(record: &Line, class: &str, line: u64, ids: &mut Ids, collector: &mut Collector<'_>) {
    let identifiers = identifiers(record, line, collector);
    let id = ids.describe(&record.id, &identifiers, collector);
    let names = names(record);
    if names.is_empty() {
        return collector.lose(Some(line), format!("`{}` has no name; it is left out", record.id));
    }
    let country = record.value("country").or_else(|| record.value("jurisdiction"));
    let country = country.map(str::to_ascii_uppercase).filter(|country| country.len() == 2);
    let to = record.value("dissolutionDate").and_then(day);
    let validity = Validity { from: record.value("incorporationDate").and_then(day), to, ended: to.is_some() };
    collector.take(ImportRecord {
        id: record.id.clone(),
        updated: record.values("modifiedAt").filter_map(day).max(),
        lapsed: false,
        entities: vec![ImportEntity {
            entity: Entity { id, class: class.into(), names, country, identifiers },
            validity,
            names_held: Vec::new(),
            mentioned: false,
        }],
        facts: Vec::new(),
    });
}

fn names(record: &Line) -> Vec<EntityName> {
    let properties = [
        ("name", NameKind::Legal),
        ("alias", NameKind::Brand),
        ("weakAlias", NameKind::Short),
        ("abbreviation", NameKind::Short),
        ("previousName", NameKind::Former),
    ];
    let mut names: Vec<EntityName> = Vec::new();
    for (property, kind) in properties {
        for text in record.values(property).filter(|text| is_name(text)) {
            if names.iter().all(|known| known.text != text) {
                names.push(EntityName { text: text.to_owned(), language: guanxi_names::language_of(text), kind });
            }
        }
    }
    names
}

fn identifiers(record: &Line, line: u64, collector: &mut Collector<'_>) -> Vec<Identifier> {
    let properties =
        [("leiCode", Kind::Lei), ("uscCode", Kind::SocialCredit), ("wikidataId", Kind::Wikidata), ("isin", Kind::Isin)];
    let mut identifiers = Vec::new();
    for (property, kind) in properties {
        for text in record.values(property) {
            match Identifier::parse(kind, text) {
                Ok(identifier) => identifiers.push(identifier),
                Err(error) => {
                    collector.lose_part(Some(line), format!("`{}`: {error}; the identifier is left out", record.id));
                }
            }
        }
    }
    for (property, scheme) in [("registrationNumber", None), ("ogrnCode", Some("RU-OGRN")), ("innCode", Some("RU-INN"))]
    {
        for number in record.values(property) {
            match in_register(record, scheme, number) {
                Some(identifier) => identifiers.push(identifier),
                None => collector.leave_out(format!("values of {property} of no register that is known")),
            }
        }
    }
    identifiers.sort();
    identifiers.dedup();
    identifiers
}

/// A number in a register: of the one that is named, by us before the number itself, else of the one that the entity's
/// jurisdiction has. Two jurisdictions do not tell whose number it is.
fn in_register(record: &Line, scheme: Option<&str>, number: &str) -> Option<Identifier> {
    let given = match scheme {
        Some(scheme) => format!("{scheme}:{number}"),
        None => number.to_owned(),
    };
    if given.contains(':') {
        return Identifier::parse(Kind::Register, &given).ok();
    }
    let mut places = ["jurisdiction", "country"].into_iter().filter(|property| record.value(property).is_some());
    let mut codes = record.values(places.next()?);
    let country = codes.next().filter(|_| codes.next().is_none())?;
    Identifier::in_country(&country.to_ascii_uppercase(), number)
}

fn tie(link: &Link, ids: &Ids, collector: &mut Collector<'_>) {
    let record = &link.record;
    let (Some(subject), Some(object)) = (record.value(link.subject), record.value(link.object)) else {
        let message = format!("`{}` has no {} or no {}; it is left out", record.id, link.subject, link.object);
        return collector.lose(Some(link.line), message);
    };
    let mut qualifiers = Qualifiers::new();
    if let Some(text) = record.value("percentage") {
        match share(text).filter(is_share) {
            Some(share) => put_share(share, &mut qualifiers),
            None => {
                collector.lose_part(Some(link.line), format!("`{text}` is no share; the holding is kept without it"));
            }
        }
    }
    let mut put = |qualifier, text: &str| qualifiers.insert(qualifier, QualifierValue::Text(text.to_owned()));
    match link.predicate {
        "owns" => record.value("sharesType").map(|class| put(Qualifier::Class, class)),
        "officerOf" => record.value("role").map(|role| put(Qualifier::Role, role)),
        "controls" => Some(put(Qualifier::Means, "other")),
        _ => None,
    };
    let date = |property| record.value(property).and_then(day);
    let (from, to) = (date("startDate"), date("endDate"));
    let ended = to.is_some() || record.value("status").is_some_and(|status| status.eq_ignore_ascii_case("ended"));
    let (subject, object) = (ids.meant(subject, collector), ids.meant(object, collector));
    // Ours say by which predicate the owner was a parent.
    let is_parent = link.predicate == "owns" && record.value("role") == Some("subsidiary of");
    let (subject, predicate, object) = match is_parent {
        true => (object, "subsidiaryOf", subject),
        false => (subject, link.predicate, object),
    };
    collector.take(ImportRecord {
        id: record.id.clone(),
        updated: record.values("modifiedAt").filter_map(day).max(),
        lapsed: false,
        entities: Vec::new(),
        facts: vec![ImportFact {
            subject,
            predicate: predicate.into(),
            object,
            qualifiers,
            validity: Validity { from, to, ended },
            remark: record.value("ownershipType").map(str::to_owned),
        }],
    });
}

/// `25`, `25.5 %`, `25,5`, or an interval as we write it.
fn share(text: &str) -> Option<Share> {
    let bare = text.trim().trim_end_matches('%').trim();
    bare.parse().ok().or_else(|| format!("{}%", bare.replace(',', ".")).parse().ok())
}
