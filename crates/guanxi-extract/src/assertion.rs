//! Claims as JSON Lines: the one machine contract of extraction.

use std::collections::BTreeMap;
use std::io::{self, Write};

use guanxi_model::{
    Argument, Claim, Comparator, Confidence, Decimal, Entity, EntityId, Extraction, Object, QualifierValue, Qualifiers,
    Span, Value,
};
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

/// Writes one line a claim of at least this confidence: keys in a fixed order, claims in document order.
///
/// # Errors
/// Those of `out`.
pub fn write_assertions(extraction: &Extraction, min_confidence: Confidence, mut out: impl Write) -> io::Result<()> {
    let entities: BTreeMap<&EntityId, &Entity> =
        extraction.entities.iter().map(|entity| (&entity.id, entity)).collect();
    for claim in extraction.claims.iter().filter(|claim| claim.confidence >= min_confidence) {
        serde_json::to_writer(&mut out, &Line { extraction, claim, entities: &entities })?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

struct Line<'a> {
    extraction: &'a Extraction,
    claim: &'a Claim,
    entities: &'a BTreeMap<&'a EntityId, &'a Entity>,
}

impl Serialize for Line<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let claim = self.claim;
        let mut line = serializer.serialize_map(None)?;
        line.serialize_entry("id", claim.id.as_str())?;
        line.serialize_entry("doc", &self.extraction.document.name)?;
        line.serialize_entry("document", claim.document.as_str())?;
        line.serialize_entry("subject", &EndOf { argument: &claim.subject, entities: self.entities })?;
        line.serialize_entry("predicate", &*claim.predicate)?;
        match &claim.object {
            Object::Entity(argument) => line.serialize_entry("object", &EndOf { argument, entities: self.entities })?,
            Object::Value(value) => line.serialize_entry("object", &BTreeMap::from([("value", ValueOf(value))]))?,
        }
        line.serialize_entry("qualifiers", &QualifiersOf(&claim.qualifiers))?;
        line.serialize_entry("status", claim.status.name())?;
        line.serialize_entry("confidence", &claim.confidence.probability())?;
        line.serialize_entry("rule", &*claim.rule)?;
        line.serialize_entry("support", &claim.support.iter().map(|rule| &**rule).collect::<Vec<_>>())?;
        if let Some(speaker) = &claim.attributed_to {
            line.serialize_entry("attributedTo", speaker)?;
        }
        line.serialize_entry("section", claim.section.name())?;
        line.serialize_entry("evidence", &Quote { span: claim.evidence.span, text: Some(&claim.evidence.text) })?;
        line.serialize_entry("sentence", &Quote { span: claim.sentence, text: None })?;
        line.end()
    }
}

struct EndOf<'a> {
    argument: &'a Argument,
    entities: &'a BTreeMap<&'a EntityId, &'a Entity>,
}

impl Serialize for EndOf<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut end = serializer.serialize_map(None)?;
        end.serialize_entry("id", self.argument.entity.as_str())?;
        if let Some(entity) = self.entities.get(&self.argument.entity) {
            end.serialize_entry("label", entity.label())?;
            end.serialize_entry("type", &*entity.class)?;
            end.serialize_entry("aliases", &entity.names.iter().map(|name| name.text.as_str()).collect::<Vec<_>>())?;
        }
        if let Some(span) = self.argument.span {
            end.serialize_entry("start", &span.start)?;
            end.serialize_entry("end", &span.end)?;
        }
        end.serialize_entry("text", &self.argument.text)?;
        end.end()
    }
}

struct ValueOf<'a>(&'a Value);

impl Serialize for ValueOf<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut value = serializer.serialize_map(None)?;
        match self.0 {
            Value::Money(money) => {
                value.serialize_entry("amount", &Figure(money.amount))?;
                if let Some(currency) = &money.currency {
                    value.serialize_entry("currency", currency)?;
                }
                value.serialize_entry("raw", &money.raw)?;
                value.serialize_entry("comparator", money.comparator.sign())?;
            }
            Value::Number(number) => {
                value.serialize_entry("number", &Figure(number.number))?;
                value.serialize_entry("raw", &number.raw)?;
                if number.comparator != Comparator::Equal {
                    value.serialize_entry("comparator", number.comparator.sign())?;
                }
            }
            Value::Date(date) => value.serialize_entry("date", &date.to_string())?,
        }
        value.end()
    }
}

struct QualifiersOf<'a>(&'a Qualifiers);

impl Serialize for QualifiersOf<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut qualifiers = serializer.serialize_map(None)?;
        for (qualifier, value) in self.0 {
            match value {
                QualifierValue::Decimal(number) => qualifiers.serialize_entry(qualifier.name(), &Figure(*number))?,
                QualifierValue::Date(date) => qualifiers.serialize_entry(qualifier.name(), &date.to_string())?,
                QualifierValue::Text(text) => qualifiers.serialize_entry(qualifier.name(), text)?,
                QualifierValue::Flag(flag) => qualifiers.serialize_entry(qualifier.name(), flag)?,
            }
        }
        qualifiers.end()
    }
}

/// An exact decimal as a JSON number: whole figures whole, others by their shortest digits.
struct Figure(Decimal);

impl Serialize for Figure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let plain = self.0.normalize();
        match i128::try_from(plain) {
            Ok(whole) if plain.scale() == 0 => match i64::try_from(whole) {
                Ok(whole) => serializer.serialize_i64(whole),
                Err(_) => serializer.serialize_i128(whole),
            },
            _ => serializer.serialize_f64(plain.to_string().parse().unwrap_or(f64::NAN)),
        }
    }
}

struct Quote<'a> {
    span: Span,
    text: Option<&'a str>,
}

impl Serialize for Quote<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut quote = serializer.serialize_map(None)?;
        quote.serialize_entry("start", &self.span.start)?;
        quote.serialize_entry("end", &self.span.end)?;
        if let Some(text) = self.text {
            quote.serialize_entry("text", text)?;
        }
        quote.end()
    }
}
