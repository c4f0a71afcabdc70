//! The Beneficial Ownership Data Standard 0.4: who has which interest in whom, as entity, person and relationship
//! statements, parties first.
//!
//! Only holdings, control, parents and seats on boards have a place there, and of those only what somebody states. What is
//! not known is left out: who is a beneficial owner, what kind of source a text is, dates that are not known to the day.

use std::collections::BTreeSet;
use std::io::Write;

use guanxi_model::identifier::Kind;
use guanxi_model::{
    Entity, EntityId, Fact, Identifier, NameKind, PartialDate, Qualifier, QualifierValue, Share, Value,
};
use serde_json::{Map, json};
use sha2::{Digest, Sha256};

use super::record::json_number;
use super::source::{End, Source, Tie, is_stated, share, url, word};
use super::{ExportError, Written};

pub(super) fn write(source: &Source<'_>, out: &mut dyn Write) -> Result<Written, ExportError> {
    let mut written = Written::default();
    let mut parties: BTreeSet<EntityId> = BTreeSet::new();
    for fact in source.facts() {
        match relationship(source, &fact) {
            Some(found) => parties.extend([found.subject, found.interested]),
            None => written.left_out += 1,
        }
    }
    let mut statements = Statements { out, separator: "[\n" };
    if !parties.is_empty() {
        let date = date_of(source).ok_or(ExportError::Undated)?;
        for entity in parties.iter().filter_map(|id| source.generation.entity(id)) {
            statements.write(party(source, &entity), &date)?;
            written.nodes += 1;
        }
        for fact in source.facts() {
            if let Some(found) = relationship(source, &fact) {
                statements.relationship(source, &fact, &found, &date)?;
                written.edges += 1;
            }
        }
    }
    statements.finish()?;
    Ok(written)
}

/// The day that the store is of: the one asked for, else that of its newest document.
fn date_of(source: &Source<'_>) -> Option<String> {
    let newest =
        || source.generation.each_document().filter_map(|document| document.published).map(PartialDate::last_day).max();
    source.choice.as_of.map(PartialDate::last_day).or_else(newest).map(|day| day.to_string())
}

type Json = Map<String, serde_json::Value>;

struct Statements<'a> {
    out: &'a mut dyn Write,
    separator: &'static str,
}

impl Statements<'_> {
    /// Adds what every statement has. Its id is a hash of what it says, so that a changed statement is another one.
    fn write(&mut self, mut statement: Json, date: &str) -> Result<(), ExportError> {
        statement.insert("statementDate".to_owned(), date.into());
        let details = json!({"publicationDate": date, "bodsVersion": "0.4", "publisher": {"name": "guanxi"}});
        statement.insert("publicationDetails".to_owned(), details);
        let content = serde_json::Value::Object(statement.clone()).to_string();
        let hash = Sha256::digest(content.as_bytes());
        let id: String = hash[..16].iter().map(|byte| format!("{byte:02x}")).collect();
        statement.insert("statementId".to_owned(), id.into());
        write!(self.out, "{}{}", self.separator, serde_json::Value::Object(statement))?;
        self.separator = ",\n";
        Ok(())
    }

    fn relationship(
        &mut self,
        source: &Source<'_>,
        fact: &Fact,
        found: &Relationship,
        date: &str,
    ) -> Result<(), ExportError> {
        let claims = source.claims(fact);
        let document = claims.first().and_then(|claim| source.document(claim));
        let told = document.as_ref().and_then(|document| document.published).and_then(day);
        let mut origin = Json::new();
        let quote = claims.first().map(|claim| format!("“{}”", claim.evidence.text));
        let named = document.as_ref().map(|document| format!("{} ({})", document.source, document.id));
        let told_by = quote.into_iter().chain(named).chain(fact.because.clone()).collect::<Vec<_>>();
        if !told_by.is_empty() {
            origin.insert("description".to_owned(), told_by.join(", ").into());
        }
        if let Some(url) = document.as_ref().and_then(|document| url(&document.source)) {
            origin.insert("url".to_owned(), url.into());
        }
        if let Some(publisher) = document.as_ref().and_then(|document| document.publisher.as_deref()) {
            origin.insert("assertedBy".to_owned(), json!([{"name": publisher}]));
        }
        let statement = json!({
            "declarationSubject": found.subject.as_str(),
            "recordId": fact.id.as_str(),
            "recordType": "relationship",
            "recordStatus": if fact.validity.is_current() { "new" } else { "closed" },
            "recordDetails": {
                "isComponent": false,
                "subject": found.subject.as_str(),
                "interestedParty": found.interested.as_str(),
                "interests": [found.interest],
            },
            "source": origin,
        });
        self.write(object(statement), told.as_deref().unwrap_or(date))
    }

    fn finish(self) -> Result<(), ExportError> {
        let begun = self.separator != "[\n";
        Ok(self.out.write_all(if begun { b"\n]\n" } else { b"[]\n" })?)
    }
}

fn object(value: serde_json::Value) -> Json {
    match value {
        serde_json::Value::Object(object) => object,
        _ => Json::new(),
    }
}

/// A day, where the date is known so precisely.
fn day(date: PartialDate) -> Option<String> {
    date.day_number().map(|_| date.to_string())
}

fn party(source: &Source<'_>, entity: &Entity) -> Json {
    let id = entity.id.as_str();
    let (kind, details) = match source.is_a(entity, "Person") {
        true => ("person", person(entity)),
        false => ("entity", body(source, entity)),
    };
    object(json!({
        "declarationSubject": id, "recordId": id, "recordType": kind, "recordStatus": "new", "recordDetails": details,
    }))
}

fn person(entity: &Entity) -> serde_json::Value {
    let kind = |kind| match kind {
        NameKind::Legal => Some("legal"),
        NameKind::Former => Some("former"),
        NameKind::Short | NameKind::Brand => Some("alternative"),
        NameKind::Gloss => None,
    };
    let name = |(text, kind): (&str, Option<&str>)| match kind {
        Some(kind) => json!({"fullName": text, "type": kind}),
        None => json!({"fullName": text}),
    };
    let names: Vec<_> = entity.names.iter().map(|known| name((&known.text, kind(known.kind)))).collect();
    let names = if names.is_empty() { vec![name((entity.label(), None))] } else { names };
    json!({"isComponent": false, "personType": "knownPerson", "names": names})
}

fn body(source: &Source<'_>, entity: &Entity) -> serde_json::Value {
    let types = [
        ("Company", "registeredEntity"),
        ("Fund", "arrangement"),
        ("Regulator", "stateBody"),
        ("PublicBody", "stateBody"),
    ];
    let kind = types.into_iter().find(|(class, _)| source.is_a(entity, class)).map_or("legalEntity", |(_, kind)| kind);
    let others: BTreeSet<&str> =
        entity.names.iter().map(|name| name.text.as_str()).filter(|name| *name != entity.label()).collect();
    let mut details = object(json!({"isComponent": false, "entityType": {"type": kind}, "name": entity.label()}));
    if !others.is_empty() {
        details.insert("alternateNames".to_owned(), others.into_iter().collect());
    }
    if let Some(country) = &entity.country {
        details.insert("jurisdiction".to_owned(), json!({"name": country, "code": country}));
    }
    let identifiers: Vec<_> = entity.identifiers.iter().filter_map(identifier).collect();
    if !identifiers.is_empty() {
        details.insert("identifiers".to_owned(), identifiers.into());
    }
    let founded = source.values(entity, "foundedOn").into_iter().find_map(|value| match value {
        Value::Date(date) => day(date),
        _ => None,
    });
    if let Some(founded) = founded {
        details.insert("foundingDate".to_owned(), founded.into());
    }
    details.into()
}

/// An identifier of the body itself, with its scheme as org-id.guide has it; those of securities are none.
fn identifier(identifier: &Identifier) -> Option<serde_json::Value> {
    let text = identifier.text();
    Some(match identifier.kind() {
        Kind::Lei => json!({"id": text, "scheme": "XI-LEI"}),
        Kind::SocialCredit => json!({"id": text, "scheme": "CN-SAIC"}),
        Kind::Wikidata => json!({"id": text, "schemeName": "Wikidata"}),
        Kind::Register => {
            let (scheme, number) = text.split_once(':')?;
            json!({"id": number, "scheme": scheme})
        }
        Kind::Isin | Kind::Ticker | Kind::Mic => return None,
    })
}

/// Who has which interest in whom.
struct Relationship {
    subject: EntityId,
    interested: EntityId,
    interest: Json,
}

fn relationship(source: &Source<'_>, fact: &Fact) -> Option<Relationship> {
    let object = fact.object.entity()?;
    let (interested, subject) = match Tie::of(fact) {
        Tie::HasParent => (object, &fact.subject),
        _ => (&fact.subject, object),
    };
    let kind = interest_type(fact).filter(|_| is_stated(fact))?;
    let has_class = |id, class| source.generation.entity(id).is_some_and(|entity| source.is_a(&entity, class));
    (has_class(interested, "Agent") && has_class(subject, "Organization")).then(|| Relationship {
        subject: subject.clone(),
        interested: interested.clone(),
        interest: interest(source, fact, kind),
    })
}

/// The code of the interest; `None` where the standard has none that says just this.
fn interest_type(fact: &Fact) -> Option<&'static str> {
    match Tie::of(fact) {
        Tie::Holds => Some("shareholding"),
        Tie::HasParent if share(fact).is_some() => Some("shareholding"),
        Tie::HasParent => Some("otherInfluenceOrControl"),
        Tie::Controls => Some(match word(fact, Qualifier::Means) {
            Some("votingRights") => "votingRights",
            Some("contract") => "rightsGrantedByContract",
            Some("boardAppointment") => "appointmentOfBoard",
            _ => "otherInfluenceOrControl",
        }),
        Tie::Serves => seat(word(fact, Qualifier::Role)?),
        Tie::Succeeds | Tie::Other => None,
    }
}

/// A seat on a board, where the office is nothing else.
fn seat(role: &str) -> Option<&'static str> {
    match role.to_lowercase().as_str() {
        "chairman" | "chairwoman" | "chair" | "chairperson" | "executive chairman" | "董事长" | "董事會主席"
        | "董事会主席" | "董事長" => Some("boardChair"),
        "board member"
        | "executive director"
        | "non-executive director"
        | "independent director"
        | "董事"
        | "独立董事"
        | "獨立董事"
        | "执行董事"
        | "執行董事"
        | "非执行董事"
        | "非執行董事" => Some("boardMember"),
        _ => None,
    }
}

fn interest(source: &Source<'_>, fact: &Fact, kind: &str) -> Json {
    let direct = match fact.qualifiers.get(&Qualifier::Direct) {
        Some(QualifierValue::Flag(true)) => "direct",
        Some(QualifierValue::Flag(false)) => "indirect",
        _ => "unknown",
    };
    let mut interest = object(json!({"type": kind, "directOrIndirect": direct}));
    let label = source.labels(&fact.predicate).map_or(&*fact.predicate, |labels| &labels.en);
    let claims: Vec<&str> = fact.claims.iter().map(|claim| claim.as_str()).collect();
    let mut details = vec![
        word(fact, Qualifier::Role).unwrap_or(label).to_owned(),
        format!("{}, confidence {}", fact.status.name(), fact.confidence),
        crate::path::basis(fact).to_owned(),
    ];
    if !claims.is_empty() {
        details.push(format!("claims {}", claims.join(" ")));
    }
    let end = match source.end(fact) {
        End::On(date) => Some(date),
        // The standard has no date that is only the latest.
        End::By(date) => {
            details.push(format!("ended by {date}, when the text was published"));
            None
        }
        End::Open => None,
    };
    interest.insert("details".to_owned(), details.join("; ").into());
    if let Some(share) = share(fact).and_then(share_of) {
        interest.insert("share".to_owned(), share.into());
    }
    let dates = [("startDate", fact.validity.from), ("endDate", end)];
    for (name, date) in dates {
        if let Some(day) = date.and_then(day) {
            interest.insert(name.to_owned(), day.into());
        }
    }
    interest
}

/// A share as the standard writes it; `None` if it is no share of a whole.
fn share_of(share: Share) -> Option<Json> {
    let whole = guanxi_model::Decimal::ONE_HUNDRED;
    if share.min.is_sign_negative() || share.max > whole {
        return None;
    }
    let mut told = Json::new();
    if let Some(exact) = share.as_exact() {
        told.insert("exact".to_owned(), json_number(exact));
        return Some(told);
    }
    let least = if share.min_exclusive { "exclusiveMinimum" } else { "minimum" };
    let most = if share.max_exclusive { "exclusiveMaximum" } else { "maximum" };
    told.insert(least.to_owned(), json_number(share.min));
    told.insert(most.to_owned(), json_number(share.max));
    Some(told)
}
