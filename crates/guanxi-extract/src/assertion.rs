//! Claims as JSON Lines: the one machine contract of extraction.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::io::{self, Write};

use guanxi_model::{
    Argument, Claim, Comparator, Confidence, Decimal, Entity, EntityId, Extraction, Money, Number, Object,
    QualifierValue, Qualifiers, Span, Value,
};
use serde::Serialize;

/// Writes one line a claim of at least this confidence: keys in a fixed order, claims in document order.
///
/// # Errors
/// Those of `out`.
pub fn write_assertions(extraction: &Extraction, min_confidence: Confidence, mut out: impl Write) -> io::Result<()> {
    let entities: BTreeMap<&EntityId, Json> =
        extraction.entities.iter().map(|entity| (&entity.id, of_entity(entity))).collect();
    let mut line = Json::default();
    for claim in extraction.claims.iter().filter(|claim| claim.confidence >= min_confidence) {
        line.0.clear();
        line.object(|line| write_claim(line, &extraction.document.name, claim, &entities));
        line.0.push(b'\n');
        out.write_all(&line.0)?;
    }
    Ok(())
}

fn write_claim(line: &mut Json, document: &str, claim: &Claim, entities: &BTreeMap<&EntityId, Json>) {
    line.text("id", claim.id.as_str());
    line.text("doc", document);
    line.text("document", claim.document.as_str());
    line.member("subject", |line| write_end(line, &claim.subject, entities));
    line.text("predicate", &claim.predicate);
    match &claim.object {
        Object::Entity(argument) => line.member("object", |line| write_end(line, argument, entities)),
        Object::Value(value) => {
            line.member("object", |line| line.member("value", |line| write_value(line, value)));
        }
    }
    line.member("qualifiers", |line| write_qualifiers(line, &claim.qualifiers));
    line.text("status", claim.status.name());
    line.by_serde("confidence", &claim.confidence.probability());
    line.text("rule", &claim.rule);
    line.texts("support", claim.support.iter().map(|rule| &**rule));
    if let Some(speaker) = &claim.attributed_to {
        line.text("attributedTo", speaker);
    }
    line.text("section", claim.section.name());
    line.member("evidence", |line| {
        write_span(line, claim.evidence.span);
        line.text("text", &claim.evidence.text);
    });
    line.member("sentence", |line| write_span(line, claim.sentence));
}

/// What every end that means this entity has in common: written once, however many claims name it.
fn of_entity(entity: &Entity) -> Json {
    let mut json = Json::default();
    json.text("label", entity.label());
    json.text("type", &entity.class);
    json.texts("aliases", entity.names.iter().map(|name| name.text.as_str()));
    json
}

fn write_end(line: &mut Json, argument: &Argument, entities: &BTreeMap<&EntityId, Json>) {
    line.text("id", argument.entity.as_str());
    if let Some(entity) = entities.get(&argument.entity) {
        line.0.push(b',');
        line.0.extend_from_slice(&entity.0);
    }
    if let Some(span) = argument.span {
        write_span(line, span);
    }
    line.text("text", &argument.text);
}

fn write_span(line: &mut Json, span: Span) {
    line.plain("start", span.start);
    line.plain("end", span.end);
}

fn write_value(line: &mut Json, value: &Value) {
    match value {
        Value::Money(Money { amount, currency, raw, comparator }) => {
            line.figure("amount", *amount);
            if let Some(currency) = currency {
                line.text("currency", currency);
            }
            line.text("raw", raw);
            line.text("comparator", comparator.sign());
        }
        Value::Number(Number { number, raw, comparator }) => {
            line.figure("number", *number);
            line.text("raw", raw);
            if *comparator != Comparator::Equal {
                line.text("comparator", comparator.sign());
            }
        }
        Value::Date(date) => line.text("date", &date.to_string()),
    }
}

fn write_qualifiers(line: &mut Json, qualifiers: &Qualifiers) {
    for (qualifier, value) in qualifiers {
        match value {
            QualifierValue::Decimal(number) => line.figure(qualifier.name(), *number),
            QualifierValue::Date(date) => line.text(qualifier.name(), &date.to_string()),
            QualifierValue::Text(text) => line.text(qualifier.name(), text),
            QualifierValue::Flag(flag) => line.plain(qualifier.name(), flag),
        }
    }
}

/// JSON being written, member by member. Memory takes whatever is written to it, so the results of writing are passed
/// over.
#[derive(Default)]
struct Json(Vec<u8>);

impl Json {
    fn object(&mut self, members: impl FnOnce(&mut Self)) {
        self.0.push(b'{');
        members(self);
        self.0.push(b'}');
    }

    fn member(&mut self, key: &str, members: impl FnOnce(&mut Self)) {
        self.key(key);
        self.object(members);
    }

    fn text(&mut self, key: &str, text: &str) {
        self.key(key);
        self.string(text);
    }

    fn texts<'t>(&mut self, key: &str, texts: impl Iterator<Item = &'t str>) {
        self.key(key);
        self.0.push(b'[');
        for (index, text) in texts.enumerate() {
            if index > 0 {
                self.0.push(b',');
            }
            self.string(text);
        }
        self.0.push(b']');
    }

    /// A value that JSON writes as everybody does.
    fn plain(&mut self, key: &str, value: impl Display) {
        self.key(key);
        let _ = write!(self.0, "{value}");
    }

    fn by_serde(&mut self, key: &str, value: &impl Serialize) {
        self.key(key);
        let _ = serde_json::to_writer(&mut self.0, value);
    }

    /// An exact decimal as a JSON number: whole figures whole, others by their shortest digits.
    fn figure(&mut self, key: &str, figure: Decimal) {
        let plain = figure.normalize();
        match i128::try_from(plain) {
            Ok(whole) if plain.scale() == 0 => self.plain(key, whole),
            _ => self.by_serde(key, &plain.to_string().parse::<f64>().unwrap_or(f64::NAN)),
        }
    }

    /// Keys are names of our own, in which nothing needs escaping.
    fn key(&mut self, key: &str) {
        if !matches!(self.0.last(), None | Some(b'{')) {
            self.0.push(b',');
        }
        self.quoted(key);
        self.0.push(b':');
    }

    fn string(&mut self, text: &str) {
        let needs_escape = |byte: u8| byte < 0x20 || byte == b'"' || byte == b'\\';
        // All bytes are looked at, without a way out: so they are looked at many at a time.
        match text.bytes().fold(false, |any, byte| any | needs_escape(byte)) {
            false => self.quoted(text),
            true => {
                let _ = serde_json::to_writer(&mut self.0, text);
            }
        }
    }

    fn quoted(&mut self, text: &str) {
        self.0.push(b'"');
        self.0.extend_from_slice(text.as_bytes());
        self.0.push(b'"');
    }
}
