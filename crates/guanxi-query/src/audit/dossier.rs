//! What the checks read: the claims of a store with their documents, the sentences around them, and what the reference
//! data knows of bodies and rules.

use std::collections::{BTreeMap, BTreeSet};

use guanxi_graph::{Generation, Split};
use guanxi_model::reference::Lifecycle;
use guanxi_model::{
    Claim, Document, DocumentId, Entity, EntityId, Fact, FactObject, Meant, NameKind, Object, PartialDate, Passage,
    Qualifier, QualifierValue, Schema, Span, Status, Validity, Value,
};
use guanxi_names::name_key;
use oxigraph::model::{GraphNameRef, NamedOrBlankNode, Term};

use super::{Cited, Finding, Severity};
use crate::{Witness, not_in_force};

/// A store laid out for its audit.
#[derive(Debug)]
pub struct Dossier<'a> {
    pub(super) schema: &'a Schema,
    pub(super) told: Vec<Told>,
    pub(super) facts: Vec<Fact>,
    pub(super) entities: BTreeMap<EntityId, Entity>,
    pub(super) lives: BTreeMap<EntityId, Validity>,
    pub(super) not_in_force: BTreeMap<EntityId, Lifecycle>,
    /// Agents and rules of the reference data, by the keys of their names.
    pub(super) bearers: BTreeMap<String, BTreeSet<EntityId>>,
    passages: BTreeMap<DocumentId, Vec<Passage>>,
    /// Documents of which only the quotes are at hand.
    quoted: BTreeSet<DocumentId>,
    documents: BTreeMap<DocumentId, Document>,
    /// What texts without a date of publication say of their own: a line that is nothing but a date.
    datelines: BTreeMap<DocumentId, PartialDate>,
    as_of: Option<PartialDate>,
}

/// A claim between entities that stand for themselves.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub claim: Claim,
    pub subject: EntityId,
    /// Where it is no value.
    pub object: Option<EntityId>,
}

impl Told {
    /// Its own date.
    pub fn date(&self) -> Option<PartialDate> {
        self.qualified_date(Qualifier::Date)
    }

    pub fn qualified_date(&self, qualifier: Qualifier) -> Option<PartialDate> {
        match self.claim.qualifiers.get(&qualifier) {
            Some(QualifierValue::Date(date)) => Some(*date),
            _ => None,
        }
    }

    pub fn text(&self, qualifier: Qualifier) -> Option<&str> {
        match self.claim.qualifiers.get(&qualifier) {
            Some(QualifierValue::Text(text)) => Some(text),
            _ => None,
        }
    }

    pub fn value(&self) -> Option<&Value> {
        match &self.claim.object {
            Object::Value(value) => Some(value),
            Object::Entity(_) => None,
        }
    }

    pub fn is(&self, status: Status) -> bool {
        self.claim.status == status
    }
}

impl<'a> Dossier<'a> {
    /// Lays out a generation. `sentences` are those of its documents whose texts are at hand, `quotes` what the claims of
    /// the others quote; those of documents that are none of its own are passed over.
    ///
    /// With `as_of`, what was published later is left out, and a text that tells no date is taken to be read on that day.
    ///
    /// # Panics
    /// As every method of [`Generation`], if its medium fails.
    pub fn of(
        generation: &Generation,
        schema: &'a Schema,
        sentences: impl IntoIterator<Item = Passage>,
        quotes: impl IntoIterator<Item = Passage>,
        as_of: Option<PartialDate>,
    ) -> Self {
        let mut documents: BTreeMap<DocumentId, Document> =
            generation.documents().into_iter().map(|document| (document.id.clone(), document)).collect();
        documents.retain(|_, document| as_of.zip(document.published).is_none_or(|(day, date)| !is_after(date, day)));
        let mut by_document: BTreeMap<DocumentId, Vec<Passage>> = BTreeMap::new();
        let quotes: Vec<Passage> = quotes.into_iter().collect();
        let quoted = quotes.iter().map(|quote| quote.document.clone()).collect();
        for passage in sentences.into_iter().chain(quotes) {
            let shown = as_of.zip(passage.published).is_none_or(|(day, date)| !is_after(date, day));
            if shown && documents.contains_key(&passage.document) {
                by_document.entry(passage.document.clone()).or_default().push(passage);
            }
        }
        by_document.values_mut().for_each(|passages| passages.sort_by_key(|passage| passage.span));
        let mut splits: BTreeMap<EntityId, Vec<Split>> = BTreeMap::new();
        for split in generation.splits() {
            splits.entry(split.of.clone()).or_default().push(split);
        }
        let mut representatives = BTreeMap::new();
        let mut representative = |document: &DocumentId, id: &EntityId| {
            let own = splits.get(id).and_then(|splits| splits.iter().find(|split| split.documents.contains(document)));
            let id = own.map_or(id, |split| &split.id);
            representatives.entry(id.clone()).or_insert_with(|| generation.representative(id)).clone()
        };
        let claims = generation.claims().into_iter().filter(|claim| documents.contains_key(&claim.document));
        let told = claims
            .map(|claim| Told {
                subject: representative(&claim.document, &claim.subject.entity),
                object: match &claim.object {
                    Object::Entity(argument) => Some(representative(&claim.document, &argument.entity)),
                    Object::Value(_) => None,
                },
                claim,
            })
            .collect();
        let entities: BTreeMap<EntityId, Entity> =
            generation.entities().into_iter().map(|entity| (entity.id.clone(), entity)).collect();
        let bearers = bearers(generation, schema, &entities);
        for passage in by_document.values_mut().flatten() {
            for mention in &mut passage.mentions {
                if let Meant::Entity(entity) = &mut mention.meant {
                    *entity = representative(&passage.document, entity);
                    // Who is in no claim has no node; whom the reference data alone calls so is meant all the same.
                    let words = &passage.text[mention.bytes.clone()];
                    if !entities.contains_key(entity)
                        && let Some(only) = bearers.get(&name_key(words)).filter(|bearers| bearers.len() == 1)
                    {
                        only.iter().for_each(|only| entity.clone_from(only));
                    }
                }
            }
        }
        Self {
            schema,
            told,
            facts: generation.facts(),
            entities,
            lives: lives(generation),
            not_in_force: not_in_force(generation),
            bearers,
            datelines: datelines(&by_document),
            passages: by_document,
            quoted,
            documents,
            as_of,
        }
    }

    /// Every sentence at hand, by document and place, and every quote of texts that are not.
    pub(super) fn passages(&self) -> impl Iterator<Item = &Passage> {
        self.passages.values().flatten()
    }

    /// Every whole sentence at hand. A quote leaves out the words that may take back what it says.
    pub(super) fn sentences(&self) -> impl Iterator<Item = &Passage> {
        let whole = self.passages.iter().filter(|(document, _)| !self.quoted.contains(*document));
        whole.flat_map(|(_, passages)| passages)
    }

    pub(super) fn passages_of(&self, document: &DocumentId) -> &[Passage] {
        self.passages.get(document).map_or(&[], Vec::as_slice)
    }

    /// The sentence that holds a stretch of a document.
    pub(super) fn passage_at(&self, document: &DocumentId, span: Span) -> Option<&Passage> {
        let passages = self.passages_of(document);
        let behind = passages.partition_point(|passage| passage.span.start <= span.start);
        passages[..behind].last().filter(|passage| span.start < passage.span.end)
    }

    pub(super) fn document(&self, id: &DocumentId) -> &Document {
        &self.documents[id]
    }

    /// When a claim's sentence was published: its article's own date, else that of its document.
    pub(super) fn published(&self, told: &Told) -> Option<PartialDate> {
        let passage = self.passage_at(&told.claim.document, told.claim.evidence.span);
        self.publication(&told.claim.document, passage)
    }

    /// When a sentence was written, as far as its text tells, or a reader that saw it.
    pub(super) fn written(&self, passage: &Passage) -> Option<PartialDate> {
        self.publication(&passage.document, Some(passage)).or(self.as_of)
    }

    fn publication(&self, document: &DocumentId, passage: Option<&Passage>) -> Option<PartialDate> {
        let own = passage.and_then(|passage| passage.published);
        own.or(self.documents[document].published).or(self.datelines.get(document).copied())
    }

    /// The claims that a sentence makes.
    pub(super) fn told_in<'s>(&'s self, passage: &'s Passage) -> impl Iterator<Item = &'s Told> {
        self.told.iter().filter(move |told| {
            told.claim.document == passage.document
                && passage.span.start <= told.claim.evidence.span.start
                && told.claim.evidence.span.start < passage.span.end
        })
    }

    /// How an entity is called: in both languages where both are known.
    pub(super) fn name(&self, id: &EntityId) -> String {
        let Some(entity) = self.entities.get(id) else { return id.to_string() };
        match entity.chinese_label() {
            Some(chinese) if chinese != entity.label() => format!("{chinese} {}", entity.label()),
            _ => entity.label().to_owned(),
        }
    }

    /// Entities that another fact ties to each other.
    pub(super) fn ties(&self) -> BTreeSet<(&EntityId, &EntityId)> {
        let mut ties = BTreeSet::new();
        for fact in &self.facts {
            if let FactObject::Entity(object) = &fact.object {
                ties.insert((&fact.subject, object));
                ties.insert((object, &fact.subject));
            }
        }
        ties
    }

    /// A finding about claims.
    pub(super) fn about_claims<'t>(
        &self,
        check: &'static str,
        severity: Severity,
        told: impl IntoIterator<Item = &'t Told>,
    ) -> Finding {
        let mut told: Vec<&Told> = told.into_iter().collect();
        told.sort_by_key(|told| self.place(told));
        told.dedup_by(|a, b| a.claim.id == b.claim.id);
        let about: BTreeSet<EntityId> = told.iter().map(|told| told.subject.clone()).collect();
        let witness =
            |told: &Told| Witness { claim: told.claim.clone(), document: self.documents[&told.claim.document].clone() };
        Finding {
            check,
            severity,
            message: String::new(),
            arithmetic: None,
            settled_by: String::new(),
            about: about.into_iter().collect(),
            claims: told.into_iter().map(witness).collect(),
            passages: Vec::new(),
        }
    }

    /// A finding about a sentence: with the claims that it makes, and the sentence itself, which may say more than they
    /// quote.
    pub(super) fn about_passage(&self, check: &'static str, severity: Severity, passage: &Passage) -> Finding {
        let told: Vec<&Told> = self.told_in(passage).collect();
        let mut finding = self.about_claims(check, severity, told);
        finding.about.clear();
        finding.passages.push(self.cited(passage));
        finding
    }

    pub(super) fn cited(&self, passage: &Passage) -> Cited {
        Cited { document: self.documents[&passage.document].clone(), passage: passage.clone() }
    }

    pub(super) fn place<'s>(&'s self, told: &'s Told) -> (&'s str, Span, &'s str) {
        (&self.documents[&told.claim.document].source, told.claim.evidence.span, told.claim.id.as_str())
    }
}

/// Whether `date` lies wholly behind `day`.
pub(super) fn is_after(date: PartialDate, day: PartialDate) -> bool {
    date.first_day() > day.last_day()
}

/// Whether two dates may mean one day: they overlap, or one of them is not known.
pub(super) fn may_be_one_time(one: Option<PartialDate>, other: Option<PartialDate>) -> bool {
    one.zip(other).is_none_or(|(one, other)| !is_after(one, other) && !is_after(other, one))
}

/// From when to when the bodies and rules of the reference data exist.
fn lives(generation: &Generation) -> BTreeMap<EntityId, Validity> {
    let vocabulary = generation.vocabulary();
    let graph = vocabulary.reference_graph();
    let mut lives: BTreeMap<EntityId, Validity> = BTreeMap::new();
    for (property, is_end) in [("validFrom", false), ("validTo", true)] {
        let property = vocabulary.term(property);
        let graph = Some(GraphNameRef::from(graph.as_ref()));
        for quad in generation.store().quads_for_pattern(None, Some(property.as_ref()), None, graph) {
            let quad = quad.unwrap_or_else(|error| panic!("the store cannot be read: {error}"));
            if let (NamedOrBlankNode::NamedNode(node), Term::Literal(date)) = (&quad.subject, &quad.object)
                && let Some(entity) = vocabulary.entity_id(node.as_ref())
                && let Ok(date) = date.value().parse()
            {
                let life = lives.entry(entity).or_default();
                *(if is_end { &mut life.to } else { &mut life.from }) = Some(date);
                life.ended |= is_end;
            }
        }
    }
    lives
}

/// Who bears which name, by the reference data alone: what a text glosses is no evidence for its gloss.
fn bearers(
    generation: &Generation,
    schema: &Schema,
    named: &BTreeMap<EntityId, Entity>,
) -> BTreeMap<String, BTreeSet<EntityId>> {
    let vocabulary = generation.vocabulary();
    let graph = vocabulary.reference_graph();
    let mut bearers: BTreeMap<String, BTreeSet<EntityId>> = BTreeMap::new();
    for kind in NameKind::ALL {
        let property = vocabulary.term(&format!("{}Name", kind.name()));
        let graph = Some(GraphNameRef::from(graph.as_ref()));
        for quad in generation.store().quads_for_pattern(None, Some(property.as_ref()), None, graph) {
            let quad = quad.unwrap_or_else(|error| panic!("the store cannot be read: {error}"));
            if let (NamedOrBlankNode::NamedNode(node), Term::Literal(name)) = (&quad.subject, &quad.object)
                && let Some(id) = vocabulary.entity_id(node.as_ref())
                && let Some(entity) = named.get(&id)
                && ["Agent", "Regulation"].iter().any(|class| schema.is_a(&entity.class, class))
            {
                bearers.entry(name_key(name.value())).or_default().insert(id);
            }
        }
    }
    bearers
}

/// The first line of each text that is nothing but a day.
fn datelines(passages: &BTreeMap<DocumentId, Vec<Passage>>) -> BTreeMap<DocumentId, PartialDate> {
    let dateline = |passage: &Passage| match &passage.mentions[..] {
        [only] if only.bytes == (0..passage.text.len()) => match &only.meant {
            Meant::Value(Value::Date(date)) => date.day_number().map(|_| *date),
            _ => None,
        },
        _ => None,
    };
    let of = |(id, passages): (&DocumentId, &Vec<Passage>)| {
        passages.iter().find_map(dateline).map(|date| (id.clone(), date))
    };
    passages.iter().filter_map(of).collect()
}
