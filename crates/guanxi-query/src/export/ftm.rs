//! FollowTheMoney: persons and bodies, and what ties them, as entities of its model, one line of JSON each.
//!
//! The model has no place for products, rules, lines of business and places, nor for a plan, a rumour or a denial, and
//! what was derived is nobody's statement: all of these are left out.

use std::io::Write;

use guanxi_model::identifier::Kind;
use guanxi_model::{Entity, Fact, NameKind, Qualifier, QualifierValue, Value};
use serde_json::{Map, json};

use super::source::{End, Source, Tie, is_stated, share, url, word};
use super::{ExportError, Written};

pub(super) fn write(source: &Source<'_>, out: &mut dyn Write) -> Result<Written, ExportError> {
    let mut written = Written::default();
    for entity in source.entities() {
        match schema_of(source, &entity) {
            Some(schema) => {
                line(out, entity.id.as_str(), schema, &party(source, &entity))?;
                written.nodes += 1;
            }
            None => written.left_out += 1,
        }
    }
    for fact in source.facts() {
        match tie(source, &fact) {
            Some((schema, properties)) => {
                line(out, &format!("fact-{}", fact.id), schema, &properties)?;
                written.edges += 1;
            }
            None => written.left_out += 1,
        }
    }
    Ok(written)
}

fn line(out: &mut dyn Write, id: &str, schema: &str, properties: &Properties) -> Result<(), ExportError> {
    let entity = json!({"id": id, "schema": schema, "properties": properties.0});
    Ok(writeln!(out, "{entity}")?)
}

/// Every property of the model may have several values.
#[derive(Default)]
struct Properties(Map<String, serde_json::Value>);

impl Properties {
    fn add(&mut self, property: &str, value: impl Into<String>) {
        let value = serde_json::Value::from(value.into());
        let values = self.0.entry(property).or_insert_with(|| json!([]));
        if let serde_json::Value::Array(values) = values
            && !values.contains(&value)
        {
            values.push(value);
        }
    }

    fn add_some(&mut self, property: &str, value: Option<impl Into<String>>) {
        if let Some(value) = value {
            self.add(property, value);
        }
    }
}

fn schema_of(source: &Source<'_>, entity: &Entity) -> Option<&'static str> {
    let schemata = [
        ("Person", "Person"),
        ("Company", "Company"),
        ("Regulator", "PublicBody"),
        ("PublicBody", "PublicBody"),
        ("Organization", "Organization"),
    ];
    schemata.into_iter().find(|(class, _)| source.is_a(entity, class)).map(|(_, schema)| schema)
}

fn party(source: &Source<'_>, entity: &Entity) -> Properties {
    let mut properties = Properties::default();
    properties.add("name", entity.label());
    properties.add_some("name", entity.chinese_label());
    let labels = [Some(entity.label()), entity.chinese_label()];
    for name in entity.names.iter().filter(|name| !labels.contains(&Some(name.text.as_str()))) {
        let property = match name.kind {
            NameKind::Former => "previousName",
            NameKind::Short => "weakAlias",
            NameKind::Legal | NameKind::Brand | NameKind::Gloss => "alias",
        };
        properties.add(property, name.text.as_str());
    }
    properties.add_some("country", entity.country.as_ref().map(|country| country.to_lowercase()));
    for identifier in &entity.identifiers {
        let property = match identifier.kind() {
            Kind::Lei => "leiCode",
            Kind::SocialCredit => "uscCode",
            Kind::Wikidata => "wikidataId",
            Kind::Register => "registrationNumber",
            // The model has them of a security, not of whom it is a share.
            Kind::Isin | Kind::Ticker | Kind::Mic => continue,
        };
        properties.add(property, identifier.text());
    }
    for value in source.values(entity, "foundedOn") {
        if let Value::Date(date) = value {
            properties.add("incorporationDate", date.to_string());
        }
    }
    properties
}

/// A fact as an interest; `None` if the model has no place for it.
fn tie(source: &Source<'_>, fact: &Fact) -> Option<(&'static str, Properties)> {
    let end = |id| source.generation.entity(id).and_then(|entity| schema_of(source, &entity));
    let (subject, object) = (&fact.subject, fact.object.entity()?);
    let (of_subject, of_object) = (end(subject)?, end(object)?);
    if !is_stated(fact) {
        return None;
    }
    let (schema, at_subject, at_object) = match Tie::of(fact) {
        Tie::Holds if of_object == "Company" => ("Ownership", "owner", "asset"),
        Tie::HasParent if of_subject == "Company" => ("Ownership", "asset", "owner"),
        Tie::Controls => ("Control", "controller", "controlled"),
        Tie::Serves if of_object != "Person" => ("Directorship", "director", "organization"),
        Tie::Succeeds => ("Succession", "successor", "predecessor"),
        _ => ("UnknownLink", "subject", "object"),
    };
    let mut properties = Properties::default();
    properties.add(at_subject, subject.as_str());
    properties.add(at_object, object.as_str());
    if schema == "Ownership" {
        let share = share(fact).map(|share| share.to_string());
        properties.add_some("percentage", share.map(|share| share.trim_end_matches('%').to_owned()));
        properties.add_some("sharesType", word(fact, Qualifier::Class));
    }
    let label = source.labels(&fact.predicate).map_or(&*fact.predicate, |labels| &labels.en);
    properties.add("role", word(fact, Qualifier::Role).unwrap_or(label));
    ground(source, fact, &mut properties);
    Some((schema, properties))
}

/// When it holds and what it rests on.
fn ground(source: &Source<'_>, fact: &Fact, properties: &mut Properties) {
    properties.add("status", fact.status.name());
    properties.add("recordId", fact.id.as_str());
    properties.add_some("startDate", fact.validity.from.map(|date| date.to_string()));
    let end = source.end(fact);
    if let End::On(date) = end {
        properties.add("endDate", date.to_string());
    }
    if let Some(QualifierValue::Date(date)) = fact.qualifiers.get(&Qualifier::Date) {
        properties.add("date", date.to_string());
    }
    let claims = source.claims(fact);
    let ids: Vec<&str> = fact.claims.iter().map(|claim| claim.as_str()).collect();
    let mut told = vec![format!("confidence {}", fact.confidence), crate::path::basis(fact).to_owned()];
    told.extend(fact.because.clone());
    // The model has dates at their precision, but none that is only the latest.
    if let End::By(date) = end {
        told.push(format!("ended by {date}, when the text was published"));
    }
    if !ids.is_empty() {
        told.push(format!("claims {}", ids.join(" ")));
    }
    if let Some(best) = claims.first() {
        properties.add("summary", best.evidence.text.as_str());
        if let Some(document) = source.document(best) {
            told.push(format!("document {} ({})", document.source, document.id));
            properties.add_some("sourceUrl", url(&document.source));
            properties.add_some("publisher", document.publisher);
        }
    }
    properties.add("description", told.join("; "));
}
