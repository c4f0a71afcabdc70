//! The one door: bytes in, claims out. Reads top-down; each step is a module.

use std::collections::btree_map::Entry;
use std::sync::{Arc, LazyLock};

use guanxi_model::{
    Argument, Claim, ClaimId, Confidence, Document, DocumentId, Entity, Evidence, Extraction, Object, PartialDate,
    Passage, Reference, Schema,
};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::classes::{ClassSet, ClassTable};
use crate::confidence::{Signs, Weights};
use crate::decode::decode;
use crate::entities::{KnownNames, NameTable};
use crate::identifiers;
use crate::learned::{BorderModel, NameModel, PairModel, is_border_model, is_name_model, is_pair_model};
use crate::lexicon::{Lexicon, WordLists};
use crate::phrases::Gates;
use crate::reading::Reading;
use crate::relate::{End, ObjectEnd, Relation, relate};
use crate::rule::RuleError;
use crate::rule::compile::{self, Rules, WrittenRule};
use crate::rule::spec::{self, RuleSpec};
use crate::settle;
use crate::structure::structure;
use crate::text::Text;
use crate::units::{Mention, MentionKind};

/// What kind of bytes an input holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    /// Plain text or Markdown.
    Text,
    /// A page; spans are offsets into the text extracted from it.
    Html,
}

/// One thing to read.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// File name or record id: `doc` of the assertion line.
    pub name: &'a str,
    /// Path, record id or URL.
    pub source: &'a str,
    /// The content, in UTF-8, UTF-16 or GB 18030.
    pub bytes: &'a [u8],
    /// What kind of bytes they are.
    pub media: Media,
    /// Its title, where one is known beside the text.
    pub title: Option<&'a str>,
    /// Day of publication, for relative dates.
    pub published: Option<PartialDate>,
    /// Who published it.
    pub publisher: Option<&'a str>,
}

impl<'a> Input<'a> {
    /// A plain text of this name, nothing else known about it.
    pub fn text(name: &'a str, bytes: &'a [u8]) -> Self {
        Self { name, source: name, bytes, media: Media::Text, title: None, published: None, publisher: None }
    }
}

/// What words, names and rules come to: nothing in it depends on any text, so a binary may hold it (by serde), and it
/// is then read where it lies.
#[derive(Debug, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct Tables {
    lexicon: Lexicon,
    names: NameTable,
    gates: Gates,
    #[serde(with = "crate::rule::packed")]
    rules: Rules,
    weights: Weights,
    models: Vec<PairModel>,
    namers: Vec<NameModel>,
    borders: Option<BorderModel>,
}

/// The rules and word lists as they are written: for whoever looks at rules.
#[derive(Debug, Default)]
pub struct Written {
    pub(crate) rules: Vec<WrittenRule>,
    pub(crate) lists: WordLists,
}

/// Everything that reading needs: compiled once, used by any number of threads.
#[derive(Debug)]
pub struct Extractor {
    pub(crate) classes: ClassTable,
    pub(crate) lexicon: Lexicon,
    pub(crate) known: KnownNames,
    /// Which of all these tables a token of the text can be found in.
    pub(crate) gates: Gates,
    pub(crate) rules: Rules,
    /// What makes a claim sure.
    pub(crate) weights: Weights,
    /// What judges the pairs that no rule relates.
    pub(crate) models: Vec<PairModel>,
    /// What tells of a name what it is, where nothing else does.
    pub(crate) namers: Vec<NameModel>,
    /// What tells where Chinese names begin and end.
    pub(crate) borders: Option<BorderModel>,
    /// What was written, once somebody asks, and how to read it then.
    written: LazyLock<Written, Box<dyn FnOnce() -> Written + Send>>,
    /// Whoever can act.
    pub(crate) agents: ClassSet,
    /// What "the company" can mean.
    pub(crate) companies: ClassSet,
    /// Whom "she" can mean.
    pub(crate) persons: ClassSet,
    /// Who regulates.
    pub(crate) regulators: ClassSet,
    /// Who regulates, or runs a market.
    pub(crate) authorities: ClassSet,
    /// What "the rules" can mean.
    pub(crate) regulations: ClassSet,
    /// What common words may name: lines of business and products.
    pub(crate) subject_matters: ClassSet,
}

impl Tables {
    /// Compiles words, rules and weights of confidence against the schema, see [`Extractor::new`]; with what they were
    /// compiled from.
    ///
    /// # Errors
    /// Every error of every file, with its place.
    pub fn new<'a>(
        schema: &Schema,
        reference: &Reference,
        rules: impl IntoIterator<Item = (&'a str, &'a str)>,
        lexicon: impl IntoIterator<Item = (&'a str, &'a str)>,
        models: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<(Self, Written), Vec<RuleError>> {
        let classes = ClassTable::new(schema);
        let (pairs, rest): (Vec<_>, Vec<_>) = models.into_iter().partition(|(name, _)| is_pair_model(name));
        let (names, rest): (Vec<_>, Vec<_>) = rest.into_iter().partition(|(name, _)| is_name_model(name));
        let (borders, weights): (Vec<_>, Vec<_>) = rest.into_iter().partition(|(name, _)| is_border_model(name));
        let weights = Weights::load(weights, |name| schema.predicate(name).is_some())?;
        let (mut lexicon, lists) = Lexicon::load(lexicon, &classes)?;
        let (mut rules, written) = compile::compile(rules, schema, &classes, &lists)?;
        let mut models = Vec::new();
        for (name, text) in pairs {
            models.push(PairModel::load(name, text, schema, &classes, &mut rules)?);
        }
        let mut namers = Vec::new();
        for (name, text) in names {
            namers.push(NameModel::load(name, text, &classes)?);
        }
        let borders = borders.first().map(|(name, text)| BorderModel::load(name, text)).transpose()?;
        lexicon.part_names_at(compile::chinese_words(&written));
        let mut gates = Gates::default();
        let names = NameTable::new(reference, &mut gates);
        lexicon.gate(&mut gates);
        rules.gate(&mut gates);
        gates.fit();
        Ok((Self { lexicon, names, gates, rules, weights, models, namers, borders }, Written { rules: written, lists }))
    }
}

impl Written {
    /// Reads rules and word lists that were compiled before without a mistake.
    pub fn read<'a>(
        rules: impl IntoIterator<Item = (&'a str, &'a str)>,
        lexicon: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Self {
        let rules = rules.into_iter().flat_map(|(file, text)| {
            let file: Arc<str> = file.into();
            spec::read(&file, text).unwrap_or_default().into_iter().map(move |spec| (Arc::clone(&file), spec))
        });
        Self { rules: rules.collect(), lists: WordLists::read(lexicon) }
    }
}

impl Extractor {
    /// Compiles words, rules and weights of confidence (name and text of each file) against the schema. Without weights
    /// a claim is as sure as its rule.
    ///
    /// # Errors
    /// Every error of every file, with its place.
    pub fn new<'a>(
        schema: &Schema,
        reference: &Reference,
        rules: impl IntoIterator<Item = (&'a str, &'a str)>,
        lexicon: impl IntoIterator<Item = (&'a str, &'a str)>,
        models: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, Vec<RuleError>> {
        let (tables, written) = Tables::new(schema, reference, rules, lexicon, models)?;
        Ok(Self::open(tables, schema, reference, || written))
    }

    /// Opens tables that were compiled from this schema and this reference data. `written` reads the rules and word lists
    /// that they were compiled from, should anybody ask for them.
    pub fn open(
        tables: Tables,
        schema: &Schema,
        reference: &Reference,
        written: impl FnOnce() -> Written + Send + 'static,
    ) -> Self {
        let Tables { lexicon, names, gates, rules, weights, models, namers, borders } = tables;
        let classes = ClassTable::new(schema);
        Self {
            known: KnownNames::new(names, reference.clone(), classes.clone()),
            gates,
            agents: classes.set("Agent").unwrap_or_default(),
            regulators: classes.set("Regulator").unwrap_or_default(),
            authorities: classes.union(&["Regulator", "PublicBody", "Exchange"]),
            regulations: classes.set("Regulation").unwrap_or_default(),
            persons: classes.set("Person").unwrap_or_default(),
            companies: classes.union(&["Company", "Fund"]),
            subject_matters: classes.union(&["Activity", "Product"]),
            classes,
            lexicon,
            rules,
            weights,
            models,
            namers,
            borders,
            written: LazyLock::new(Box::new(written)),
        }
    }

    pub(crate) fn written(&self) -> &Written {
        &self.written
    }

    /// Reads one input. Never fails: what is odd about it becomes a note.
    pub fn extract(&self, input: &Input<'_>) -> Extraction {
        self.extract_with_signs(input).0
    }

    /// The same, with the signs of each claim, in the order of the claims: for whoever fits the weights.
    pub fn extract_with_signs(&self, input: &Input<'_>) -> (Extraction, Vec<Signs>) {
        let (content, notes) = decode(input);
        let text = Text::new(content);
        let structure = structure(text.as_str(), input.published);
        let mut reading = Reading::new(self, &text, &structure);
        let relations = relate(self, &mut reading);
        let merged = settle::merge(&self.rules, &self.weights, relations);
        let document = document(input);
        let (entities, claims, signs) = self.claims(&document.id, &reading, merged);
        (Extraction { document, entities, claims, notes }, signs)
    }

    /// The rules as written, with the file of each.
    pub fn rules(&self) -> impl Iterator<Item = (&str, &RuleSpec)> {
        self.written().rules.iter().map(|(file, spec)| (&**file, spec))
    }

    /// The units of each sentence of a text as rules see them: for whoever writes a rule.
    ///
    /// A mention shows as `[words: Class|Class]`, everything else as it stands.
    pub fn units(&self, text: &str) -> Vec<String> {
        let text = Text::new(text.to_owned());
        let structure = structure(text.as_str(), None);
        let reading = Reading::new(self, &text, &structure);
        (0..reading.sentences.len()).map(|sentence| reading.describe(sentence, &self.classes)).collect()
    }

    /// Every sentence of an input with the names and figures in it, in the order of the text; none of boilerplate.
    ///
    /// Spans are those of the claims that [`Extractor::extract`] finds in the same input.
    pub fn passages(&self, input: &Input<'_>) -> Vec<Passage> {
        let (content, _) = decode(input);
        let text = Text::new(content);
        let structure = structure(text.as_str(), input.published);
        let reading = Reading::new(self, &text, &structure);
        let document = DocumentId::of(input.bytes);
        (0..reading.sentences.len()).map(|sentence| reading.passage(&document, sentence)).collect()
    }

    pub(crate) fn claims(
        &self,
        document: &DocumentId,
        reading: &Reading<'_>,
        merged: Vec<(Relation, Vec<Arc<str>>)>,
    ) -> (Vec<Entity>, Vec<Claim>, Vec<Signs>) {
        let mut entities = Named::default();
        let mut claims = Vec::with_capacity(merged.len());
        let mut signs = Vec::with_capacity(merged.len());
        for (relation, support) in merged {
            let subject = argument(reading, relation.sentence, &relation.subject, &mut entities);
            let object = match &relation.object {
                ObjectEnd::Entity(end) => Object::Entity(argument(reading, relation.sentence, end, &mut entities)),
                ObjectEnd::Value(value) => Object::Value(value.clone()),
            };
            // Two names of one document may mint one id: then this says that a thing relates to itself.
            if matches!(&object, Object::Entity(object) if object.entity == subject.entity) {
                continue;
            }
            let sentence = reading.sentences[relation.sentence as usize];
            let bytes = |token: u32| &reading.tokens[token as usize];
            let mut claim = Claim {
                id: ClaimId::new(""),
                document: document.clone(),
                subject,
                predicate: relation.predicate,
                object,
                qualifiers: relation.qualifiers,
                status: relation.status,
                confidence: Confidence::from_thousandths(relation.confidence),
                rule: self.rules.rules[relation.rule as usize].name.clone(),
                support,
                attributed_to: relation.attributed_to,
                section: reading.block(relation.sentence as usize).section,
                evidence: Evidence {
                    span: reading.text.span(relation.evidence.0, relation.evidence.1),
                    text: reading.text.slice(relation.evidence.0, relation.evidence.1).to_owned(),
                },
                sentence: reading.text.span(bytes(sentence.start).start, bytes(sentence.end - 1).end),
            };
            claim.id = claim.mint_id();
            claims.push(claim);
            signs.push(relation.signs);
        }
        entities.identify(reading);
        (entities.by_id.into_values().collect(), claims, signs)
    }
}

pub(crate) fn document(input: &Input<'_>) -> Document {
    Document {
        id: DocumentId::of(input.bytes),
        name: input.name.to_owned(),
        source: input.source.to_owned(),
        title: input.title.map(str::to_owned),
        published: input.published,
        publisher: input.publisher.map(str::to_owned),
    }
}

/// The entities that claims name so far.
#[derive(Default)]
struct Named {
    by_id: std::collections::BTreeMap<guanxi_model::EntityId, Entity>,
    /// For each entity of the registry, its id and label.
    of_registry: FxHashMap<u32, (guanxi_model::EntityId, String)>,
}

impl Named {
    /// Id and label of an entity of the registry, which is taken in.
    fn take(&mut self, reading: &Reading<'_>, entity: u32) -> (guanxi_model::EntityId, &str) {
        let root = reading.registry.root(entity);
        let (id, label) = self.of_registry.entry(root).or_insert_with(|| {
            let entity = reading.registry.entity(root);
            let named = (entity.id.clone(), entity.label().to_owned());
            match self.by_id.entry(entity.id.clone()) {
                Entry::Vacant(free) => {
                    free.insert(entity);
                }
                // Two entities of the registry may mint one id.
                Entry::Occupied(mut known) => {
                    let names = &mut known.get_mut().names;
                    for name in entity.names {
                        if !names.iter().any(|other| other.text == name.text) {
                            names.push(name);
                        }
                    }
                }
            }
            named
        });
        (id.clone(), label)
    }

    /// Gives them the identifiers that stand behind their names; of those that no entity can have both, neither.
    fn identify(&mut self, reading: &Reading<'_>) {
        for (entity, identifier) in identifiers::found(reading) {
            let known = self.of_registry.get(&entity).and_then(|(id, _)| self.by_id.get_mut(id));
            if let Some(known) = known {
                known.identifiers.push(identifier);
            }
        }
        for entity in self.by_id.values_mut().filter(|entity| !entity.identifiers.is_empty()) {
            entity.identifiers.sort();
            entity.identifiers.dedup();
            let all = entity.identifiers.clone();
            entity.identifiers.retain(|one| !all.iter().any(|other| one.conflicts_with(other)));
        }
    }
}

fn argument(reading: &Reading<'_>, sentence: u32, end: &End, entities: &mut Named) -> Argument {
    let (entity, label) = entities.take(reading, end.entity);
    let bytes = where_named(reading, sentence, end);
    let text = match bytes {
        Some((start, stop)) => reading.text.slice(start, stop).to_owned(),
        None => label.to_owned(),
    };
    Argument { entity, span: bytes.map(|(start, stop)| reading.text.span(start, stop)), text }
}

/// Where an end is named: of a pronoun, or of nobody, where whom it means was named last.
fn where_named(reading: &Reading<'_>, sentence: u32, end: &End) -> Option<(u32, u32)> {
    let start_of = |mention: &Mention| reading.tokens[mention.start as usize].start;
    let is_named = |mention: &&Mention| matches!(mention.kind, MentionKind::Name { entity } if reading.registry.root(entity) == reading.registry.root(end.entity));
    let here = &reading.mentions[sentence as usize];
    let pronoun = end.bytes.is_none_or(|(start, _)| {
        here.iter().any(|mention| start_of(mention) == start && matches!(mention.kind, MentionKind::Nominal { .. }))
    });
    if !pronoun {
        return end.bytes;
    }
    let limit = end.bytes.map_or(u32::MAX, |(start, _)| start);
    let named = here.iter().rev().filter(|mention| start_of(mention) < limit).find(is_named).or_else(|| {
        reading.mentions[..sentence as usize].iter().rev().find_map(|mentions| mentions.iter().rev().find(is_named))
    });
    let bytes = |mention: &Mention| (start_of(mention), reading.tokens[mention.name_end as usize - 1].end);
    named.map(bytes).or(end.bytes)
}
