//! What a claim, a document or a merged entity says beyond its plain quads: one `rdf:JSON` literal, `gx:detail`.
//!
//! The keys stand in the order of the fields below, absent ones are left out, so that equal things have equal bytes:
//!
//! - claim: `subject`, `object`, `qualifiers`, `support`, `attributedTo`, `section`, `sentence`
//! - document: `notes`, `others` (further sources of the same content; see [`OtherReading`])
//! - fact with a value: `value`
//! - merged entity: `class`, `country`, `names`, `identifiers`
//!

use guanxi_model::{
    Comparator, EntityName, Language, Money, NameHeld, NameKind, Note, NoteKind, Number, PartialDate, QualifierValue,
    Span, Validity, Value,
};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ClaimDetail {
    pub subject: MentionDetail,
    pub object: ObjectDetail,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub qualifiers: Vec<(String, QualifierDetail)>,
    pub support: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attributed_to: Option<String>,
    pub section: String,
    pub sentence: (u32, u32),
}

#[derive(Serialize, Deserialize)]
pub(crate) struct MentionDetail {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<(u32, u32)>,
    pub text: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum ObjectDetail {
    Mention(MentionDetail),
    Value(ValueDetail),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum ValueDetail {
    Money(FigureDetail),
    Number(FigureDetail),
    Date(String),
}

#[derive(Serialize, Deserialize)]
pub(crate) struct FigureDetail {
    pub figure: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    pub raw: String,
    pub comparator: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum QualifierDetail {
    Decimal(String),
    Date(String),
    Text(String),
    Flag(bool),
}

#[derive(Serialize, Deserialize, Default, PartialEq)]
pub(crate) struct DocumentDetail {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<NoteDetail>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<OtherReading>,
}

#[derive(Serialize, Deserialize, PartialEq)]
pub(crate) struct NoteDetail {
    pub kind: String,
    pub source: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    pub message: String,
}

/// The same content from another source. Its claims differ where title or date of publication do (a record's fields
/// are no part of its text); only then they stand here, as N-Quads, so that they come to light when the first source
/// is forgotten.
#[derive(Serialize, Deserialize, PartialEq)]
pub(crate) struct OtherReading {
    pub source: String,
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publisher: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<NoteDetail>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claims: Option<String>,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct FactDetail {
    pub value: ValueDetail,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct EntityDetail {
    pub class: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    pub names: Vec<(String, String, String)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub identifiers: Vec<String>,
}

/// A name of a record of an import, with when it was borne.
#[derive(Serialize, Deserialize)]
pub(crate) struct NameDatesDetail {
    pub name: (String, String, String),
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

impl From<&NameHeld> for NameDatesDetail {
    fn from(held: &NameHeld) -> Self {
        let date = |date: Option<PartialDate>| date.map(|date| date.to_string());
        Self { name: name_detail(&held.name), from: date(held.validity.from), to: date(held.validity.to) }
    }
}

impl NameDatesDetail {
    pub fn into_name_held(self) -> Option<NameHeld> {
        let date = |date: Option<String>| date.map(|date| date.parse()).transpose().ok();
        let (from, to): (_, Option<PartialDate>) = (date(self.from)?, date(self.to)?);
        Some(NameHeld { name: name_of(self.name)?, validity: Validity { from, to, ended: to.is_some() } })
    }
}

pub(crate) fn span_detail(span: Span) -> (u32, u32) {
    (span.start, span.end)
}

pub(crate) fn span_of((start, end): (u32, u32)) -> Option<Span> {
    (start <= end).then(|| Span::new(start, end))
}

impl From<&Value> for ValueDetail {
    fn from(value: &Value) -> Self {
        match value {
            Value::Money(money) => Self::Money(FigureDetail {
                figure: money.amount.to_string(),
                currency: money.currency.clone(),
                raw: money.raw.clone(),
                comparator: money.comparator.sign().to_owned(),
            }),
            Value::Number(number) => Self::Number(FigureDetail {
                figure: number.number.to_string(),
                currency: None,
                raw: number.raw.clone(),
                comparator: number.comparator.sign().to_owned(),
            }),
            Value::Date(date) => Self::Date(date.to_string()),
        }
    }
}

impl ValueDetail {
    pub fn into_value(self) -> Option<Value> {
        Some(match self {
            Self::Money(figure) => Value::Money(Money {
                amount: figure.figure.parse().ok()?,
                currency: figure.currency,
                raw: figure.raw,
                comparator: Comparator::from_sign(&figure.comparator)?,
            }),
            Self::Number(figure) => Value::Number(Number {
                number: figure.figure.parse().ok()?,
                raw: figure.raw,
                comparator: Comparator::from_sign(&figure.comparator)?,
            }),
            Self::Date(date) => Value::Date(date.parse().ok()?),
        })
    }
}

impl From<&QualifierValue> for QualifierDetail {
    fn from(value: &QualifierValue) -> Self {
        match value {
            QualifierValue::Decimal(number) => Self::Decimal(number.to_string()),
            QualifierValue::Date(date) => Self::Date(date.to_string()),
            QualifierValue::Text(text) => Self::Text(text.clone()),
            QualifierValue::Flag(flag) => Self::Flag(*flag),
        }
    }
}

impl QualifierDetail {
    pub fn into_value(self) -> Option<QualifierValue> {
        Some(match self {
            Self::Decimal(number) => QualifierValue::Decimal(number.parse().ok()?),
            Self::Date(date) => QualifierValue::Date(date.parse().ok()?),
            Self::Text(text) => QualifierValue::Text(text),
            Self::Flag(flag) => QualifierValue::Flag(flag),
        })
    }
}

const NOTE_KINDS: [(NoteKind, &str); 7] = [
    (NoteKind::BadBytes, "badBytes"),
    (NoteKind::Empty, "empty"),
    (NoteKind::Kept, "kept"),
    (NoteKind::Binary, "binary"),
    (NoteKind::TooLong, "tooLong"),
    (NoteKind::BadRecord, "badRecord"),
    (NoteKind::Unreadable, "unreadable"),
];

impl From<&Note> for NoteDetail {
    fn from(note: &Note) -> Self {
        let name = NOTE_KINDS.iter().find(|(kind, _)| *kind == note.kind).map_or("unreadable", |(_, name)| name);
        Self { kind: name.to_owned(), source: note.source.clone(), line: note.line, message: note.message.clone() }
    }
}

impl NoteDetail {
    pub fn into_note(self) -> Option<Note> {
        let (kind, _) = NOTE_KINDS.into_iter().find(|(_, name)| *name == self.kind)?;
        Some(Note { kind, source: self.source, line: self.line, message: self.message })
    }
}

pub(crate) fn name_detail(name: &EntityName) -> (String, String, String) {
    (name.text.clone(), name.language.tag().to_owned(), name.kind.name().to_owned())
}

pub(crate) fn name_of((text, language, kind): (String, String, String)) -> Option<EntityName> {
    Some(EntityName { text, language: Language::from_tag(&language)?, kind: kind.parse::<NameKind>().ok()? })
}
