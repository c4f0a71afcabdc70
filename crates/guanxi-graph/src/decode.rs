//! Quads back to claims and facts: the inverse of [`crate::encode`].

use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::Arc;

use guanxi_model::identifier::IdentifierError;
use guanxi_model::{
    Argument, Basis, Claim, ClaimId, Confidence, Conflict, Decimal, Document, DocumentId, Entity, EntityId, EntityName,
    Evidence, Extraction, Fact, FactId, FactObject, Identifier, Language, NameKind, Object, PartialDate, Qualifier,
    QualifierValue, Section, Status, Validity, Value,
};
use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::vocab::{rdf, xsd};
use oxigraph::model::{Literal, NamedNode, NamedNodeRef, NamedOrBlankNode, Quad, Term};
use serde::de::DeserializeOwned;

use crate::detail::{
    ClaimDetail, DocumentDetail, EntityDetail, FactDetail, NoteDetail, ObjectDetail, OtherReading, name_of, span_of,
};
use crate::encode::{canonical, conflict_name, name_property};
use crate::vocab::{self, Vocabulary};

/// Quads that our own encoder did not write.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("<{subject}>: {message}")]
#[non_exhaustive]
pub struct DecodeError {
    /// IRI of the claim, fact, entity or document.
    pub subject: String,
    /// What is missing or odd.
    pub message: String,
}

/// Reads back what [`crate::encode::encode_extraction`] wrote; of a document with several sources, the first reading.
///
/// # Errors
/// If the quads are not those of one document.
pub fn decode_extraction(
    quads: impl IntoIterator<Item = Quad>,
    vocabulary: &Vocabulary,
) -> Result<Extraction, DecodeError> {
    let nodes = Nodes::of(quads);
    let readings = nodes.readings(vocabulary)?;
    readings.into_iter().next().ok_or_else(|| odd("", "no document stands among the quads"))
}

/// Reads back every reading of one document, sorted by source.
///
/// # Errors
/// If the quads are not those of one document.
pub fn decode_readings(
    quads: impl IntoIterator<Item = Quad>,
    vocabulary: &Vocabulary,
) -> Result<Vec<Extraction>, DecodeError> {
    Nodes::of(quads).readings(vocabulary)
}

/// Reads back a document's record from the quads whose subject it is.
///
/// # Errors
/// If something that every document has is missing or malformed.
pub fn decode_document(
    quads: impl IntoIterator<Item = Quad>,
    vocabulary: &Vocabulary,
) -> Result<Document, DecodeError> {
    Nodes::of(quads).only()?.node(vocabulary).document().map(|(document, _)| document)
}

/// Reads back one claim from the quads whose subject it is.
///
/// # Errors
/// If something that every claim has is missing or malformed.
pub fn decode_claim(quads: impl IntoIterator<Item = Quad>, vocabulary: &Vocabulary) -> Result<Claim, DecodeError> {
    let quads: Vec<Quad> = quads.into_iter().collect();
    let document = quads
        .iter()
        .find_map(|quad| match &quad.graph_name {
            oxigraph::model::GraphName::NamedNode(graph) => vocabulary.document_id(graph.as_ref()),
            _ => None,
        })
        .ok_or_else(|| odd("", "a claim stands outside any document's graph"))?;
    Nodes::of(quads).only()?.node(vocabulary).claim(&document)
}

/// Reads back one fact from the quads whose subject it is; `claims` are those that point to it by `gx:of`.
///
/// # Errors
/// If something that every fact has is missing or malformed.
pub fn decode_fact(
    quads: impl IntoIterator<Item = Quad>,
    mut claims: Vec<ClaimId>,
    vocabulary: &Vocabulary,
) -> Result<Fact, DecodeError> {
    claims.sort();
    Nodes::of(quads).only()?.node(vocabulary).fact(claims)
}

/// Reads back a merged entity from its `gx:detail`.
pub(crate) fn decode_merged_entity(
    iri: NamedNodeRef<'_>,
    detail: &Literal,
    vocabulary: &Vocabulary,
) -> Result<Entity, DecodeError> {
    let id = vocabulary.entity_id(iri).ok_or_else(|| odd(iri.as_str(), "no entity of this store"))?;
    let detail: EntityDetail = parse_json(iri.as_str(), detail)?;
    let names = detail
        .names
        .into_iter()
        .map(|name| name_of(name).ok_or_else(|| odd(iri.as_str(), "a name of unknown language or kind")))
        .collect::<Result<_, _>>()?;
    let identifiers = detail.identifiers.iter().map(|written| identifier(iri, written)).collect::<Result<_, _>>()?;
    Ok(Entity { id, class: detail.class.into(), names, country: detail.country, identifiers })
}

fn identifier(iri: NamedNodeRef<'_>, written: &str) -> Result<Identifier, DecodeError> {
    written.parse().map_err(|error: IdentifierError| odd(iri.as_str(), error.to_string()))
}

/// The date that a literal of `xsd:date`, `xsd:gYearMonth` or `xsd:gYear` holds.
pub(crate) fn date_of(literal: &Literal) -> Option<PartialDate> {
    [xsd::DATE, xsd::G_YEAR_MONTH, xsd::G_YEAR].contains(&literal.datatype()).then(|| literal.value().parse().ok())?
}

fn odd(subject: &str, message: impl Into<String>) -> DecodeError {
    DecodeError { subject: subject.to_owned(), message: message.into() }
}

fn parse_json<T: DeserializeOwned>(subject: &str, literal: &Literal) -> Result<T, DecodeError> {
    serde_json::from_str(literal.value()).map_err(|error| odd(subject, format!("its JSON cannot be read: {error}")))
}

/// Quads by subject.
struct Nodes(BTreeMap<String, Vec<(NamedNode, Term)>>);

impl Nodes {
    fn of(quads: impl IntoIterator<Item = Quad>) -> Self {
        let mut nodes: BTreeMap<String, Vec<(NamedNode, Term)>> = BTreeMap::new();
        for quad in quads {
            if let NamedOrBlankNode::NamedNode(subject) = quad.subject {
                nodes.entry(subject.into_string()).or_default().push((quad.predicate, quad.object));
            }
        }
        Self(nodes)
    }

    fn iter<'a>(&'a self, vocabulary: &'a Vocabulary) -> impl Iterator<Item = Node<'a>> {
        self.0.iter().map(|(iri, properties)| Node { iri: NamedNodeRef::new_unchecked(iri), properties, vocabulary })
    }

    fn only(&self) -> Result<OneNode<'_>, DecodeError> {
        match self.0.iter().next() {
            Some((iri, properties)) if self.0.len() == 1 => Ok(OneNode { iri, properties }),
            Some((iri, _)) => Err(odd(iri, "quads of more than one subject")),
            None => Err(odd("", "no quads")),
        }
    }

    fn readings(&self, vocabulary: &Vocabulary) -> Result<Vec<Extraction>, DecodeError> {
        let document = self
            .iter(vocabulary)
            .find(|node| vocabulary.document_id(node.iri).is_some())
            .ok_or_else(|| odd("", "no document stands among the quads"))?;
        let (record, detail) = document.document()?;
        let mut extraction =
            Extraction { document: record, entities: Vec::new(), claims: Vec::new(), notes: notes(detail.notes)? };
        for node in self.iter(vocabulary) {
            if vocabulary.claim_id(node.iri).is_some() {
                extraction.claims.push(node.claim(&extraction.document.id)?);
            } else if vocabulary.entity_id(node.iri).is_some() {
                extraction.entities.push(node.entity()?);
            }
        }
        let first = canonical(extraction);
        let mut readings = Vec::with_capacity(1 + detail.others.len());
        for other in detail.others {
            readings.push(other_reading(other, &first, vocabulary)?);
        }
        readings.insert(0, first);
        Ok(readings)
    }
}

fn notes(details: Vec<NoteDetail>) -> Result<Vec<guanxi_model::Note>, DecodeError> {
    details.into_iter().map(|note| note.into_note().ok_or_else(|| odd("", "a note of unknown kind"))).collect()
}

fn other_reading(other: OtherReading, first: &Extraction, vocabulary: &Vocabulary) -> Result<Extraction, DecodeError> {
    let (entities, claims) = match &other.claims {
        None => (first.entities.clone(), first.claims.clone()),
        Some(lines) => {
            let quads: Vec<Quad> = RdfParser::from_format(RdfFormat::NQuads)
                .for_slice(lines)
                .collect::<Result<_, _>>()
                .map_err(|error| odd(&other.source, error.to_string()))?;
            let reading = decode_extraction(quads, vocabulary)?;
            (reading.entities, reading.claims)
        }
    };
    let published = other.published.map(|date| date.parse().map_err(|_| odd(&other.source, "a malformed date")));
    let document = Document {
        id: first.document.id.clone(),
        name: other.name,
        source: other.source,
        title: other.title,
        published: published.transpose()?,
        publisher: other.publisher,
    };
    Ok(Extraction { document, entities, claims, notes: notes(other.notes)? })
}

/// The quads of a single subject, the vocabulary still to come.
struct OneNode<'a> {
    iri: &'a str,
    properties: &'a [(NamedNode, Term)],
}

impl<'a> OneNode<'a> {
    fn node(&self, vocabulary: &'a Vocabulary) -> Node<'a> {
        Node { iri: NamedNodeRef::new_unchecked(self.iri), properties: self.properties, vocabulary }
    }
}

/// The quads of one subject.
struct Node<'a> {
    iri: NamedNodeRef<'a>,
    properties: &'a [(NamedNode, Term)],
    vocabulary: &'a Vocabulary,
}

impl<'a> Node<'a> {
    fn document(&self) -> Result<(Document, DocumentDetail), DecodeError> {
        let detail = self.literal("detail").map(|detail| parse_json(self.iri.as_str(), detail)).transpose()?;
        let detail: DocumentDetail = detail.unwrap_or_default();
        let elsewhere: Vec<&str> = detail.others.iter().map(|other| other.source.as_str()).collect();
        let source = self.literals("source").map(Literal::value).find(|source| !elsewhere.contains(source));
        let foreign = |property| self.foreign(property).map(|literal| literal.value().to_owned());
        let document = Document {
            id: self.needed(self.vocabulary.document_id(self.iri), "id")?,
            name: self.needed(self.literal("name"), "name")?.value().to_owned(),
            source: self.needed(source, "source")?.to_owned(),
            title: foreign(vocab::HEADLINE),
            published: self.foreign(vocab::DATE_PUBLISHED).and_then(date_of),
            publisher: foreign(vocab::PUBLISHER),
        };
        Ok((document, detail))
    }

    fn entity(&self) -> Result<Entity, DecodeError> {
        let mut names = Vec::new();
        for kind in NameKind::ALL {
            for literal in self.literals(name_property(kind)) {
                let language = literal.language().and_then(Language::from_tag);
                let language = self.needed(language, "known language")?;
                names.push(EntityName { text: literal.value().to_owned(), language, kind });
            }
        }
        let labels: Vec<&Literal> = self.all(vocab::LABEL.as_str()).filter_map(as_literal).collect();
        let is_label = |name: &EntityName| {
            labels.iter().any(|label| {
                label.value() == name.text && label.language().and_then(Language::from_tag) == Some(name.language)
            })
        };
        names.sort_by_cached_key(|name| (name.language, !is_label(name), name.kind, name.text.clone()));
        let written = self.literals("identifier").map(Literal::value);
        let mut identifiers: Vec<Identifier> =
            written.map(|written| identifier(self.iri, written)).collect::<Result<_, _>>()?;
        identifiers.sort();
        Ok(Entity {
            id: self.needed(self.vocabulary.entity_id(self.iri), "id")?,
            class: self.class()?,
            names,
            country: self.literal("country").map(|literal| literal.value().to_owned()),
            identifiers,
        })
    }

    fn claim(&self, document: &DocumentId) -> Result<Claim, DecodeError> {
        let detail: ClaimDetail = parse_json(self.iri.as_str(), self.needed(self.literal("detail"), "detail")?)?;
        let span = |pair| self.needed(span_of(pair), "span");
        let argument = |entity, mention: crate::detail::MentionDetail| -> Result<Argument, DecodeError> {
            Ok(Argument { entity, span: mention.span.map(span).transpose()?, text: mention.text })
        };
        let object = match detail.object {
            ObjectDetail::Mention(mention) => Object::Entity(argument(self.entity_at("object")?, mention)?),
            ObjectDetail::Value(value) => Object::Value(self.needed(value.into_value(), "value")?),
        };
        let mut qualifiers = BTreeMap::new();
        for (name, value) in detail.qualifiers {
            let qualifier = self.needed(Qualifier::from_name(&name), "known qualifier")?;
            qualifiers.insert(qualifier, self.needed(value.into_value(), "qualifier")?);
        }
        Ok(Claim {
            id: self.needed(self.vocabulary.claim_id(self.iri), "id")?,
            document: document.clone(),
            subject: argument(self.entity_at("subject")?, detail.subject)?,
            predicate: self.term_at("predicate")?.into(),
            object,
            qualifiers,
            status: self.named("status")?,
            confidence: self.confidence()?,
            rule: self.needed(self.literal("rule"), "rule")?.value().into(),
            support: detail.support.into_iter().map(Arc::from).collect(),
            attributed_to: detail.attributed_to,
            section: self.needed(detail.section.parse::<Section>().ok(), "known section")?,
            evidence: Evidence {
                span: span((self.number("start")?, self.number("end")?))?,
                text: self.needed(self.literal("quote"), "quote")?.value().to_owned(),
            },
            sentence: span(detail.sentence)?,
        })
    }

    fn fact(&self, claims: Vec<ClaimId>) -> Result<Fact, DecodeError> {
        let object = match self.iri_at("object") {
            Some(_) => FactObject::Entity(self.entity_at("object")?),
            None => FactObject::Value(self.value()?),
        };
        let conflicts = [Conflict::Denied, Conflict::OtherValue];
        let conflict = self.iri_at("conflict").and_then(|iri| self.vocabulary.term_name(iri));
        let mut premises: Vec<FactId> =
            self.own("premise").filter_map(as_iri).filter_map(|premise| self.vocabulary.fact_id(premise)).collect();
        premises.sort();
        let basis = self.term_at("basis")?;
        let date = |property| self.literal(property).and_then(date_of);
        let (status, to) = (self.named("status")?, date("validTo"));
        Ok(Fact {
            id: self.needed(self.vocabulary.fact_id(self.iri), "id")?,
            subject: self.entity_at("subject")?,
            predicate: self.term_at("predicate")?.into(),
            qualifiers: self.qualifiers(&object)?,
            object,
            status,
            confidence: self.confidence()?,
            validity: Validity { from: date("validFrom"), to, ended: to.is_some() || status == Status::Ended },
            basis: self.needed(
                [Basis::Text, Basis::Reference, Basis::Derived].into_iter().find(|known| known.name() == basis),
                "known basis",
            )?,
            unverified: self.literal("unverified").is_some(),
            support: self.number("support")?,
            publishers: self.number("publishers")?,
            claims,
            premises,
            because: self
                .literal("derivation")
                .or_else(|| self.literal("source"))
                .map(|literal| literal.value().to_owned()),
            conflict: conflicts.into_iter().find(|known| conflict.as_deref() == Some(conflict_name(*known))),
        })
    }

    fn value(&self) -> Result<Value, DecodeError> {
        let detail: FactDetail = parse_json(self.iri.as_str(), self.needed(self.literal("detail"), "object")?)?;
        self.needed(detail.value.into_value(), "value")
    }

    fn qualifiers(&self, object: &FactObject) -> Result<guanxi_model::Qualifiers, DecodeError> {
        let mut qualifiers = BTreeMap::new();
        for &qualifier in Qualifier::ALL {
            if crate::facts::is_told_otherwise(qualifier, object) {
                continue;
            }
            if let Some(literal) = self.literal(qualifier.name()) {
                qualifiers.insert(qualifier, self.needed(qualifier_of(literal), "qualifier")?);
            }
        }
        Ok(qualifiers)
    }

    fn class(&self) -> Result<Arc<str>, DecodeError> {
        let class = self.all(rdf::TYPE.as_str()).filter_map(as_iri).find_map(|iri| self.vocabulary.term_name(iri));
        self.needed(class, "class").map(Arc::from)
    }

    fn confidence(&self) -> Result<Confidence, DecodeError> {
        let thousandths = self
            .literal("confidence")
            .and_then(decimal_of)
            .and_then(|probability| u16::try_from((probability * Decimal::ONE_THOUSAND).round()).ok());
        self.needed(thousandths, "confidence").map(Confidence::from_thousandths)
    }

    fn named<T: FromStr>(&self, property: &str) -> Result<T, DecodeError> {
        self.needed(self.term_at(property)?.parse().ok(), property)
    }

    fn number(&self, property: &str) -> Result<u32, DecodeError> {
        self.needed(self.literal(property).and_then(|literal| literal.value().parse().ok()), property)
    }

    fn entity_at(&self, property: &str) -> Result<EntityId, DecodeError> {
        self.needed(self.iri_at(property).and_then(|iri| self.vocabulary.entity_id(iri)), property)
    }

    fn term_at(&self, property: &str) -> Result<String, DecodeError> {
        self.needed(self.own(property).filter_map(as_iri).find_map(|iri| self.vocabulary.term_name(iri)), property)
    }

    fn iri_at(&self, property: &str) -> Option<NamedNodeRef<'a>> {
        self.own(property).find_map(as_iri)
    }

    fn literal(&self, property: &str) -> Option<&'a Literal> {
        self.literals(property).next()
    }

    fn literals(&self, property: &str) -> impl Iterator<Item = &'a Literal> {
        self.own(property).filter_map(as_literal)
    }

    fn foreign(&self, property: NamedNodeRef<'_>) -> Option<&'a Literal> {
        self.all(property.as_str()).find_map(as_literal)
    }

    fn own(&self, property: &str) -> impl Iterator<Item = &'a Term> {
        self.properties
            .iter()
            .filter(move |(known, _)| self.vocabulary.is_term(known.as_ref(), property))
            .map(|(_, object)| object)
    }

    fn all(&self, predicate: &str) -> impl Iterator<Item = &'a Term> {
        self.properties.iter().filter(move |(known, _)| known.as_str() == predicate).map(|(_, object)| object)
    }

    fn needed<T>(&self, value: Option<T>, what: &str) -> Result<T, DecodeError> {
        value.ok_or_else(|| odd(self.iri.as_str(), format!("no {what} that can be read")))
    }
}

fn as_literal(term: &Term) -> Option<&Literal> {
    match term {
        Term::Literal(literal) => Some(literal),
        _ => None,
    }
}

fn as_iri(term: &Term) -> Option<NamedNodeRef<'_>> {
    match term {
        Term::NamedNode(node) => Some(node.as_ref()),
        _ => None,
    }
}

fn decimal_of(literal: &Literal) -> Option<Decimal> {
    literal.value().parse().ok()
}

fn qualifier_of(literal: &Literal) -> Option<QualifierValue> {
    let datatype = literal.datatype();
    Some(match date_of(literal) {
        Some(date) => QualifierValue::Date(date),
        None if datatype == xsd::DECIMAL => QualifierValue::Decimal(decimal_of(literal)?),
        None if datatype == xsd::BOOLEAN => QualifierValue::Flag(literal.value() == "true"),
        None => QualifierValue::Text(literal.value().to_owned()),
    })
}
