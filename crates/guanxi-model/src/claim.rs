//! The central noun: what one sentence of one document says.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use crate::id::digest;
use crate::named::named_enum;
use crate::{ClaimId, DocumentId, EntityId, QualifierValue, Qualifiers, Span, Value};

named_enum! {
    /// How the text stands to what it says. Ordered by precedence: where several cues apply, the greatest wins.
    Status {
        /// A plain statement.
        Asserted "asserted",
        /// "aims to", "will", 拟, 计划.
        Planned "planned",
        /// "subject to approval".
        Conditional "conditional",
        /// Rumour, unnamed sources, speculation.
        Reported "reported",
        /// "former", "until", "sold".
        Ended "ended",
        /// Negated or denied.
        Denied "denied",
    }
}

named_enum! {
    /// Which part of a document a sentence stands in.
    Section {
        /// A title or heading.
        Headline "headline",
        /// Running text.
        Body "body",
        /// A bullet or numbered point.
        List "list",
        /// A row of a table.
        Table "table",
        /// Words under a picture.
        Caption "caption",
        /// The author's own story.
        Bio "bio",
        /// Menus, cookie lines, language lists.
        Boilerplate "boilerplate",
    }
}

/// A probability in thousandths, so that it prints, compares and hashes exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Confidence(u16);

impl Confidence {
    /// Certain.
    pub const ONE: Self = Self(1000);

    /// From thousandths, cut to 1000.
    pub fn from_thousandths(thousandths: u16) -> Self {
        Self(thousandths.min(1000))
    }

    /// From a probability, cut to 0..=1 and rounded to three decimals.
    pub fn new(probability: f64) -> Self {
        Self((probability.clamp(0.0, 1.0) * 1000.0).round() as u16)
    }

    /// 0 to 1000.
    pub fn thousandths(self) -> u16 {
        self.0
    }

    /// 0 to 1.
    pub fn probability(self) -> f64 {
        f64::from(self.0) / 1000.0
    }
}

/// `0.931`
impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:03}", self.0 / 1000, self.0 % 1000)
    }
}

/// One end of a claim: an entity, and where the sentence mentions it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    /// The entity; its names stand in [`crate::Extraction::entities`].
    pub entity: EntityId,
    /// The mention, absent if implied (an elided subject).
    pub span: Option<Span>,
    /// The words of the mention ("the company"); the entity's label where implied.
    pub text: String,
}

/// The other end of a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Object {
    /// An entity.
    Entity(Argument),
    /// Money, a number or a date.
    Value(Value),
}

/// The words that a claim rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Where they stand.
    pub span: Span,
    /// Exactly that slice of the document's text.
    pub text: String,
}

/// What one sentence says: subject, predicate, object, with its quote and who read it so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// See [`Claim::mint_id`].
    pub id: ClaimId,
    /// The document it stands in.
    pub document: DocumentId,
    /// Subject.
    pub subject: Argument,
    /// Local name of the predicate in the schema.
    pub predicate: Arc<str>,
    /// Object.
    pub object: Object,
    /// Amount, share, date, role and the like.
    pub qualifiers: Qualifiers,
    /// How the text stands to it.
    pub status: Status,
    /// Calibrated probability that the text says this.
    pub confidence: Confidence,
    /// The rule or model that won, with its version: `invest.led-by@3`.
    pub rule: Arc<str>,
    /// Every rule and model that proposed it, sorted.
    pub support: Vec<Arc<str>>,
    /// The speaker, absent where the text speaks itself.
    pub attributed_to: Option<String>,
    /// Part of the document.
    pub section: Section,
    /// The quote.
    pub evidence: Evidence,
    /// The sentence that holds the trigger.
    pub sentence: Span,
}

impl Claim {
    /// The claim's id: document, predicate, argument and evidence spans, status and qualifiers.
    ///
    /// Confidence, rule and entity ids are not in it, so retraining a model or merging two entities keeps ids.
    pub fn mint_id(&self) -> ClaimId {
        let object = match &self.object {
            Object::Entity(argument) => span_text(argument.span, &argument.text),
            Object::Value(value) => value.key(),
        };
        let mut qualifiers = String::new();
        for (qualifier, value) in &self.qualifiers {
            qualifiers.extend([qualifier.name(), "=", &qualifier_text(value), ";"]);
        }
        ClaimId::new(digest(&[
            self.document.as_str(),
            &self.predicate,
            &span_text(self.subject.span, &self.subject.text),
            &object,
            &self.evidence.span.to_string(),
            self.status.name(),
            &qualifiers,
        ]))
    }
}

fn span_text(span: Option<Span>, text: &str) -> String {
    span.map_or_else(|| format!("implied {text}"), |span| span.to_string())
}

fn qualifier_text(value: &QualifierValue) -> Cow<'_, str> {
    match value {
        QualifierValue::Decimal(number) => number.normalize().to_string().into(),
        QualifierValue::Date(date) => date.to_string().into(),
        QualifierValue::Text(text) => text.into(),
        QualifierValue::Flag(true) => "true".into(),
        QualifierValue::Flag(false) => "false".into(),
    }
}
