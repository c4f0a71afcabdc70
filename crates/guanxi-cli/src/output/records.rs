//! Facts, paths and explanations as JSON.

use guanxi::model::{EntityId, Fact, FactObject, QualifierValue, Qualifiers, Value as Figure};
use guanxi::query::path::{self, Path};
use guanxi::query::{Completeness, Explanation, Rejection, Witness};
use serde_json::{Map, Value, json};

use crate::output::people::{Narrator, qualifier_text};

/// A path with every hop's grounds.
pub fn path(path: &Path, narrator: &Narrator<'_>) -> Value {
    let hop = |hop: &path::Hop| {
        let explanation = narrator.explainer.fact(&hop.fact);
        json!({
            "from": entity(&hop.from, narrator),
            "to": entity(&hop.to, narrator),
            "forward": hop.forward,
            "fact": self::explanation(&explanation, narrator),
        })
    };
    json!({
        "hops": path.hops.iter().map(hop).collect::<Vec<_>>(),
        "confidence": path.confidence().probability(),
        "asserted": path.is_asserted(),
    })
}

/// A fact with its quotes and premises.
pub fn explanation(explanation: &Explanation, narrator: &Narrator<'_>) -> Value {
    let mut record = fact(&explanation.fact, narrator);
    let premises: Vec<_> = explanation.premises.iter().map(|premise| self::explanation(premise, narrator)).collect();
    record["claims"] = explanation.witnesses.iter().map(witness).collect();
    record["premises"] = premises.into();
    record
}

/// A claim that backs nothing, and why.
pub fn rejection(rejection: &Rejection) -> Value {
    let judgement = &rejection.judgement;
    let mut record = witness(&rejection.witness);
    record["verdict"] = judgement.verdict.name().into();
    record["because"] = judgement.because.as_str().into();
    record["subject"] = judgement.subject.as_str().into();
    record["predicate"] = judgement.predicate.as_str().into();
    record["object"] = judgement.object.as_str().into();
    record
}

/// Id and name; of a regulation that binds nobody also why (`"lifecycle": "draft"`).
pub fn entity(id: &EntityId, narrator: &Narrator<'_>) -> Value {
    let mut record = json!({ "id": id.as_str(), "label": narrator.name(id) });
    if let Some(lifecycle) = narrator.lifecycle(id) {
        record["lifecycle"] = lifecycle.name().into();
    }
    record
}

/// `null` for a whole answer, else what it stopped at.
pub fn stopped_at(completeness: Completeness) -> Value {
    match completeness {
        Completeness::Complete => Value::Null,
        Completeness::Stopped(stop) => stop.to_string().into(),
    }
}

fn fact(fact: &Fact, narrator: &Narrator<'_>) -> Value {
    json!({
        "id": fact.id.as_str(),
        "subject": entity(&fact.subject, narrator),
        "predicate": &*fact.predicate,
        "object": match &fact.object {
            FactObject::Entity(id) => entity(id, narrator),
            FactObject::Value(Figure::Money(money)) => json!({ "amount": money.amount.to_string(), "currency": money.currency }),
            FactObject::Value(other) => other.key().into(),
        },
        "qualifiers": qualifiers(&fact.qualifiers),
        "status": fact.status.name(),
        "basis": path::basis(fact),
        "because": fact.because,
        "confidence": fact.confidence.probability(),
        "validFrom": fact.validity.from.map(|date| date.to_string()),
        "validTo": fact.validity.to.map(|date| date.to_string()),
        "disputed": fact.conflict.is_some(),
    })
}

fn qualifiers(qualifiers: &Qualifiers) -> Value {
    let one = |value: &QualifierValue| match value {
        QualifierValue::Flag(flag) => Value::Bool(*flag),
        other => qualifier_text(other).into(),
    };
    qualifiers.iter().map(|(name, value)| (name.name().to_owned(), one(value))).collect::<Map<_, _>>().into()
}

/// A claim in its document.
pub fn witness(witness: &Witness) -> Value {
    let Witness { claim, document } = witness;
    json!({
        "id": claim.id.as_str(),
        "quote": claim.evidence.text,
        "start": claim.evidence.span.start,
        "end": claim.evidence.span.end,
        "doc": document.name,
        "document": document.id.as_str(),
        "published": document.published.map(|date| date.to_string()),
        "publisher": document.publisher,
        "status": claim.status.name(),
        "confidence": claim.confidence.probability(),
        "rule": &*claim.rule,
    })
}
