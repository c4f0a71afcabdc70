//! Claims and facts to quads, as the vocabulary prescribes: never a blank node, at most 14 quads a claim.

use std::collections::{BTreeMap, BTreeSet};

use guanxi_model::reference::{Lifecycle, ReferenceEntity};
use guanxi_model::{
    Argument, Basis, Claim, Comparator, Confidence, Conflict, Decimal, Document, Entity, EntityId, EntityName,
    Extraction, Fact, FactId, FactObject, Identifier, Language, NameKind, Object, PartialDate, QualifierValue,
    Validity, Value,
};
use oxigraph::model::vocab::{rdf, xsd};
use oxigraph::model::{GraphName, Literal, NamedNode, NamedNodeRef, Quad, Term};
use serde::Serialize;

use crate::detail::{
    ClaimDetail, DocumentDetail, EntityDetail, FactDetail, MentionDetail, NoteDetail, ObjectDetail, OtherReading,
    QualifierDetail, ValueDetail, name_detail, span_detail,
};
use crate::dump::sorted_lines;
use crate::names_held;
use crate::vocab::{self, Vocabulary};

/// Brings an extraction into the one order that quads, which have none, can give back: entities by id, claims by
/// place and id, names by language (English first), in each language the best one, then the others by kind and text.
///
/// A name that stands twice in one language keeps its first place; of two claims or entities with one id the first
/// stays. Labels do not change, but that a romanised name never precedes a Chinese one.
pub fn canonical(mut extraction: Extraction) -> Extraction {
    extraction.entities.sort_by(|a, b| a.id.cmp(&b.id));
    extraction.entities.dedup_by(|later, first| later.id == first.id);
    for entity in &mut extraction.entities {
        entity.names = canonical_names(std::mem::take(&mut entity.names));
        entity.identifiers.sort();
        entity.identifiers.dedup();
    }
    for claim in &mut extraction.claims {
        claim.document = extraction.document.id.clone();
    }
    extraction.claims.sort_by(|a, b| (a.evidence.span, a.sentence, &a.id).cmp(&(b.evidence.span, b.sentence, &b.id)));
    let mut seen = BTreeSet::new();
    extraction.claims.retain(|claim| seen.insert(claim.id.clone()));
    extraction
}

fn canonical_names(names: Vec<EntityName>) -> Vec<EntityName> {
    let mut by_language: BTreeMap<Language, Vec<EntityName>> = BTreeMap::new();
    for name in names {
        let same_language = by_language.entry(name.language).or_default();
        if same_language.iter().all(|known| known.text != name.text) {
            same_language.push(name);
        }
    }
    by_language.into_values().flat_map(best_then_sorted).collect()
}

fn best_then_sorted(mut names: Vec<EntityName>) -> Vec<EntityName> {
    names[1..].sort_by(|a, b| (a.kind, &a.text).cmp(&(b.kind, &b.text)));
    names
}

/// Counted up with every change of what [`encode_readings`] writes of the same readings, so that a build takes over no quads
/// that it would write otherwise.
pub const ENCODING: u32 = 1;

/// The quads of what was read in one document, all in the document's graph.
///
/// [`crate::decode::decode_extraction`] gives back exactly `canonical(extraction)`.
pub fn encode_extraction(extraction: &Extraction, vocabulary: &Vocabulary) -> Vec<Quad> {
    encode_readings(std::slice::from_ref(extraction), vocabulary)
}

/// The quads of one document that was read from several sources, sorted by source. The first source tells its title,
/// dates and claims; the others stand beside, see `gx:source` and `gx:detail` of the document.
pub fn encode_readings(readings: &[Extraction], vocabulary: &Vocabulary) -> Vec<Quad> {
    let Some((first, others)) = readings.split_first() else { return Vec::new() };
    let mut quads = Writer::new(vocabulary, vocabulary.document(&first.document.id));
    quads.document(first, others);
    first.entities.iter().for_each(|entity| quads.entity(entity));
    first.claims.iter().for_each(|claim| quads.claim(claim));
    quads.done
}

/// The quads of one fact, in `gx:graph/facts`, those of a reference fact in `gx:graph/reference`.
///
/// Its claims are not among them: each claim points to its fact by `gx:of`.
pub fn encode_fact(fact: &Fact, vocabulary: &Vocabulary) -> Vec<Quad> {
    let graph = match fact.basis {
        Basis::Reference => vocabulary.reference_graph(),
        Basis::Text | Basis::Derived => vocabulary.facts_graph(),
    };
    let mut quads = Writer::new(vocabulary, graph);
    quads.fact(fact);
    quads.done
}

/// `<claim> gx:of <fact>`, in the claim's document graph.
pub(crate) fn claim_of_fact(claim: &Claim, fact: &FactId, vocabulary: &Vocabulary) -> Quad {
    Quad::new(
        vocabulary.claim(&claim.id),
        vocabulary.term("of"),
        vocabulary.fact(fact),
        vocabulary.document(&claim.document),
    )
}

/// The one quad that keeps every name of a merged entity in order, in `gx:graph/facts`.
pub(crate) fn merged_entity(entity: &Entity, vocabulary: &Vocabulary) -> Quad {
    let detail = EntityDetail {
        class: entity.class.to_string(),
        country: entity.country.clone(),
        names: entity.names.iter().map(name_detail).collect(),
        identifiers: entity.identifiers.iter().map(Identifier::to_string).collect(),
    };
    Quad::new(vocabulary.entity(&entity.id), vocabulary.term("detail"), json(&detail), vocabulary.facts_graph())
}

/// `<old> gx:mergedInto <new>`, in `gx:graph/facts`.
pub(crate) fn merged_into(old: &EntityId, new: &EntityId, vocabulary: &Vocabulary) -> Quad {
    let (old, new) = (vocabulary.entity(old), vocabulary.entity(new));
    Quad::new(old, vocabulary.term("mergedInto"), new, vocabulary.facts_graph())
}

/// What everybody asks first, in the default graph: type, the best name in English and in Chinese, all others beside,
/// identifiers.
pub(crate) fn labels(entity: &Entity, vocabulary: &Vocabulary) -> Vec<Quad> {
    let iri = vocabulary.entity(&entity.id);
    let best = |wanted: fn(Language) -> bool| entity.names.iter().find(|name| wanted(name.language));
    let english = best(|language| language == Language::English).map(|name| (name, "en"));
    let chinese = best(Language::is_chinese).map(|name| (name, "zh"));
    let only = entity.names.first().filter(|_| english.is_none() && chinese.is_none());
    let best: Vec<_> = [english, chinese, only.map(|name| (name, name.language.tag()))].into_iter().flatten().collect();
    let mut quads = vec![Quad::new(iri.clone(), rdf::TYPE, vocabulary.term(&entity.class), GraphName::DefaultGraph)];
    for (name, tag) in &best {
        quads.push(Quad::new(iri.clone(), vocab::LABEL, name_literal(&name.text, tag), GraphName::DefaultGraph));
    }
    for name in entity.names.iter().filter(|name| best.iter().all(|(label, _)| label != name)) {
        let literal = name_literal(&name.text, name.language.tag());
        quads.push(Quad::new(iri.clone(), vocab::ALT_LABEL, literal, GraphName::DefaultGraph));
    }
    for identifier in &entity.identifiers {
        let literal = Literal::new_simple_literal(identifier.to_string());
        quads.push(Quad::new(iri.clone(), vocabulary.term("identifier"), literal, GraphName::DefaultGraph));
    }
    quads
}

/// The plain triples of a fact, in the default graph: both ways where the predicate is symmetric; to the fact itself where
/// its object is a value.
pub(crate) fn plain_triples(fact: &Fact, symmetric: bool, vocabulary: &Vocabulary) -> Vec<Quad> {
    let predicate = vocabulary.term(&fact.predicate);
    let subject = vocabulary.entity(&fact.subject);
    let object = match &fact.object {
        FactObject::Entity(entity) => vocabulary.entity(entity),
        FactObject::Value(_) => vocabulary.fact(&fact.id),
    };
    let plain =
        |subject: NamedNode, object: NamedNode| Quad::new(subject, predicate.clone(), object, GraphName::DefaultGraph);
    match symmetric {
        true => vec![plain(subject.clone(), object.clone()), plain(object, subject)],
        false => vec![plain(subject, object)],
    }
}

/// `<narrow> skos:broader <wide>`, in the default graph: queries climb the hierarchy of activities by it.
pub(crate) fn broader(narrow: &EntityId, wide: &EntityId, vocabulary: &Vocabulary) -> Quad {
    Quad::new(vocabulary.entity(narrow), vocab::BROADER, vocabulary.entity(wide), GraphName::DefaultGraph)
}

/// The row of an entity in the reference data, in `gx:graph/reference`.
pub(crate) fn reference_row(row: &ReferenceEntity, vocabulary: &Vocabulary) -> Vec<Quad> {
    let iri = vocabulary.entity(&row.entity.id);
    let mut quads = Writer::new(vocabulary, vocabulary.reference_graph());
    quads.entity(&row.entity);
    if let Some(lifecycle) = row.lifecycle {
        let lifecycle = vocabulary.term(lifecycle_name(lifecycle));
        quads.own(&iri, "lifecycle", lifecycle);
    }
    if let Some(instrument) = row.instrument {
        quads.text(&iri, "regulationKind", instrument.name());
    }
    row.members.iter().for_each(|member| quads.text(&iri, "member", member));
    row.mic.iter().for_each(|mic| quads.text(&iri, "mic", mic));
    let names = names_held::quads(&row.entity.id, &row.names_held, vocabulary.reference_graph(), vocabulary);
    quads.done.extend(names);
    if let Some(broader) = &row.broader {
        let broader = vocabulary.entity(broader);
        quads.quad(&iri, vocab::BROADER, broader);
    }
    quads.dates(&iri, &row.validity);
    match &row.source {
        Some(source) => quads.text(&iri, "source", source),
        None => quads.own(&iri, "unverified", Literal::from(true)),
    }
    quads.done
}

fn lifecycle_name(lifecycle: Lifecycle) -> &'static str {
    match lifecycle {
        Lifecycle::InForce => "inForce",
        other => other.name(),
    }
}

/// The name of the property that holds names of this kind.
pub(crate) fn name_property(kind: NameKind) -> &'static str {
    match kind {
        NameKind::Legal => "legalName",
        NameKind::Short => "shortName",
        NameKind::Brand => "brandName",
        NameKind::Former => "formerName",
        NameKind::Gloss => "glossName",
    }
}

/// `gx:denied`, `gx:otherValue`: how claims on a fact disagree.
pub(crate) fn conflict_name(conflict: Conflict) -> &'static str {
    match conflict {
        Conflict::Denied => "denied",
        Conflict::OtherValue => "otherValue",
    }
}

/// An `xsd:decimal` in the form that oxigraph itself prints, so that a dump does not depend on the way through it.
pub(crate) fn decimal_literal(number: Decimal) -> Literal {
    let text = if number.is_zero() { "0".to_owned() } else { number.normalize().to_string() };
    Literal::new_typed_literal(text, xsd::DECIMAL)
}

/// A date with the datatype of its precision.
pub(crate) fn date_literal(date: PartialDate) -> Literal {
    let datatype = match (date.month_number(), date.day_number()) {
        (Some(_), Some(_)) => xsd::DATE,
        (Some(_), None) => xsd::G_YEAR_MONTH,
        (None, _) => xsd::G_YEAR,
    };
    Literal::new_typed_literal(date.to_string(), datatype)
}

/// A name with its language.
pub(crate) fn name_literal(text: &str, tag: &str) -> Literal {
    Literal::new_language_tagged_literal_unchecked(text, tag.to_ascii_lowercase())
}

pub(crate) fn json(detail: &impl Serialize) -> Literal {
    // Our details are structs with string keys: what cannot be written as JSON cannot be one of them.
    Literal::new_typed_literal(serde_json::to_string(detail).unwrap_or_default(), vocab::JSON)
}

/// Collects the quads of one graph.
struct Writer<'a> {
    vocabulary: &'a Vocabulary,
    graph: GraphName,
    done: Vec<Quad>,
}

impl<'a> Writer<'a> {
    fn new(vocabulary: &'a Vocabulary, graph: NamedNode) -> Self {
        Self { vocabulary, graph: graph.into(), done: Vec::new() }
    }

    fn quad(&mut self, subject: &NamedNode, predicate: impl Into<NamedNode>, object: impl Into<Term>) {
        self.done.push(Quad::new(subject.clone(), predicate, object, self.graph.clone()));
    }

    fn own(&mut self, subject: &NamedNode, property: &str, object: impl Into<Term>) {
        let predicate = self.vocabulary.term(property);
        self.quad(subject, predicate, object);
    }

    fn text(&mut self, subject: &NamedNode, property: &str, text: &str) {
        self.own(subject, property, Literal::new_simple_literal(text));
    }

    fn foreign_text(&mut self, subject: &NamedNode, property: NamedNodeRef<'_>, text: Option<&str>) {
        if let Some(text) = text {
            self.quad(subject, property, Literal::new_simple_literal(text));
        }
    }

    fn kind(&mut self, subject: &NamedNode, class: &str) {
        let class = self.vocabulary.term(class);
        self.quad(subject, rdf::TYPE, class);
    }

    fn document(&mut self, first: &Extraction, others: &[Extraction]) {
        let document = &first.document;
        let iri = self.vocabulary.document(&document.id);
        self.kind(&iri, "Document");
        self.text(&iri, "sha256", document.id.as_str());
        self.text(&iri, "name", &document.name);
        self.text(&iri, "source", &document.source);
        self.foreign_text(&iri, vocab::HEADLINE, document.title.as_deref());
        self.foreign_text(&iri, vocab::PUBLISHER, document.publisher.as_deref());
        if let Some(published) = document.published {
            self.quad(&iri, vocab::DATE_PUBLISHED, date_literal(published));
        }
        others.iter().for_each(|other| self.text(&iri, "source", &other.document.source));
        let detail = DocumentDetail {
            notes: first.notes.iter().map(NoteDetail::from).collect(),
            others: others.iter().map(|other| other_reading(other, first, self.vocabulary)).collect(),
        };
        if detail != DocumentDetail::default() || !others.is_empty() {
            self.own(&iri, "detail", json(&detail));
        }
    }

    fn entity(&mut self, entity: &Entity) {
        let iri = self.vocabulary.entity(&entity.id);
        self.kind(&iri, &entity.class);
        if let Some(country) = &entity.country {
            self.text(&iri, "country", country);
        }
        entity.identifiers.iter().for_each(|identifier| self.text(&iri, "identifier", &identifier.to_string()));
        let mut labelled = None;
        for name in &entity.names {
            let literal = name_literal(&name.text, name.language.tag());
            if labelled.replace(name.language) != Some(name.language) {
                self.quad(&iri, vocab::LABEL, literal.clone());
            }
            self.own(&iri, name_property(name.kind), literal);
        }
    }

    fn claim(&mut self, claim: &Claim) {
        let iri = self.vocabulary.claim(&claim.id);
        let subject = self.vocabulary.entity(&claim.subject.entity);
        let predicate = self.vocabulary.term(&claim.predicate);
        let status = self.vocabulary.term(claim.status.name());
        self.kind(&iri, "Claim");
        self.own(&iri, "subject", subject);
        self.own(&iri, "predicate", predicate);
        self.own(&iri, "object", claim_object(&claim.object, self.vocabulary));
        self.own(&iri, "status", status);
        self.own(&iri, "confidence", confidence_literal(claim.confidence));
        self.text(&iri, "rule", &claim.rule);
        self.own(&iri, "start", Literal::from(claim.evidence.span.start));
        self.own(&iri, "end", Literal::from(claim.evidence.span.end));
        self.text(&iri, "quote", &claim.evidence.text);
        self.own(&iri, "detail", json(&claim_detail(claim)));
    }

    fn fact(&mut self, fact: &Fact) {
        let iri = self.vocabulary.fact(&fact.id);
        let subject = self.vocabulary.entity(&fact.subject);
        let predicate = self.vocabulary.term(&fact.predicate);
        let status = self.vocabulary.term(fact.status.name());
        let basis = self.vocabulary.term(fact.basis.name());
        self.kind(&iri, "Fact");
        self.own(&iri, "subject", subject);
        self.own(&iri, "predicate", predicate);
        match &fact.object {
            FactObject::Entity(entity) => {
                let object = self.vocabulary.entity(entity);
                self.own(&iri, "object", object);
            }
            FactObject::Value(value) => self.value(&iri, value),
        }
        self.own(&iri, "status", status);
        self.own(&iri, "basis", basis);
        self.own(&iri, "confidence", confidence_literal(fact.confidence));
        self.own(&iri, "support", Literal::from(fact.support));
        self.own(&iri, "publishers", Literal::from(fact.publishers));
        for (qualifier, value) in &fact.qualifiers {
            self.own(&iri, qualifier.name(), qualifier_literal(value));
        }
        self.dates(&iri, &fact.validity);
        self.standing(&iri, fact);
    }

    /// What a query asks for stands in properties; the exact value, with its wording, in `gx:detail`.
    fn value(&mut self, iri: &NamedNode, value: &Value) {
        match value {
            Value::Money(money) => {
                self.figure(iri, money.amount, money.comparator);
                if let Some(currency) = &money.currency {
                    self.text(iri, "currency", currency);
                }
            }
            Value::Number(number) => self.figure(iri, number.number, number.comparator),
            Value::Date(date) => self.own(iri, "date", date_literal(*date)),
        }
        self.own(iri, "detail", json(&FactDetail { value: ValueDetail::from(value) }));
    }

    fn figure(&mut self, iri: &NamedNode, figure: Decimal, comparator: Comparator) {
        self.own(iri, "amount", decimal_literal(figure));
        if comparator != Comparator::Equal {
            self.text(iri, "comparator", comparator.sign());
        }
    }

    fn dates(&mut self, iri: &NamedNode, validity: &Validity) {
        if let Some(from) = validity.from {
            self.own(iri, "validFrom", date_literal(from));
        }
        if let Some(to) = validity.to {
            self.own(iri, "validTo", date_literal(to));
        }
    }

    fn standing(&mut self, iri: &NamedNode, fact: &Fact) {
        if fact.unverified {
            self.own(iri, "unverified", Literal::from(true));
        }
        if let Some(conflict) = fact.conflict {
            let conflict = self.vocabulary.term(conflict_name(conflict));
            self.own(iri, "conflict", conflict);
        }
        for premise in &fact.premises {
            let premise = self.vocabulary.fact(premise);
            self.own(iri, "premise", premise);
        }
        if let Some(because) = &fact.because {
            let property = if fact.basis == Basis::Derived { "derivation" } else { "source" };
            self.text(iri, property, because);
        }
    }
}

fn confidence_literal(confidence: Confidence) -> Literal {
    decimal_literal(Decimal::new(i64::from(confidence.thousandths()), 3))
}

fn claim_object(object: &Object, vocabulary: &Vocabulary) -> Term {
    match object {
        Object::Entity(argument) => vocabulary.entity(&argument.entity).into(),
        Object::Value(Value::Money(money)) => decimal_literal(money.amount).into(),
        Object::Value(Value::Number(number)) => decimal_literal(number.number).into(),
        Object::Value(Value::Date(date)) => date_literal(*date).into(),
    }
}

fn qualifier_literal(value: &QualifierValue) -> Literal {
    match value {
        QualifierValue::Decimal(number) => decimal_literal(*number),
        QualifierValue::Date(date) => date_literal(*date),
        QualifierValue::Text(text) => Literal::new_simple_literal(text),
        QualifierValue::Flag(flag) => Literal::from(*flag),
    }
}

fn claim_detail(claim: &Claim) -> ClaimDetail {
    let mention =
        |argument: &Argument| MentionDetail { span: argument.span.map(span_detail), text: argument.text.clone() };
    ClaimDetail {
        subject: mention(&claim.subject),
        object: match &claim.object {
            Object::Entity(argument) => ObjectDetail::Mention(mention(argument)),
            Object::Value(value) => ObjectDetail::Value(ValueDetail::from(value)),
        },
        qualifiers: claim
            .qualifiers
            .iter()
            .map(|(qualifier, value)| (qualifier.name().to_owned(), QualifierDetail::from(value)))
            .collect(),
        support: claim.support.iter().map(ToString::to_string).collect(),
        attributed_to: claim.attributed_to.clone(),
        section: claim.section.name().to_owned(),
        sentence: span_detail(claim.sentence),
    }
}

fn other_reading(other: &Extraction, first: &Extraction, vocabulary: &Vocabulary) -> OtherReading {
    let Document { name, source, title, published, publisher, .. } = other.document.clone();
    let same = other.claims == first.claims && other.entities == first.entities;
    OtherReading {
        source,
        name,
        title,
        published: published.map(|date| date.to_string()),
        publisher,
        notes: other.notes.iter().map(NoteDetail::from).collect(),
        claims: (!same).then(|| sorted_lines(&encode_extraction(other, vocabulary)).concat()),
    }
}
