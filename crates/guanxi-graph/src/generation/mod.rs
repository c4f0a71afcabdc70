//! Immutable states of the store: built whole, opened read-only, replaced in one step.

mod as_of;
mod build;
mod disk;
mod entity_set;
mod error;
mod folder;
mod meta;
mod names;
mod stream;
mod table;
mod update;
mod weighed;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use guanxi_model::{
    Basis, Claim, ClaimId, Confidence, Document, DocumentId, Entity, EntityId, EntityJudgement, Extraction, Fact,
    FactId, Judgements, NameHeld, PartialDate, Reference, Schema,
};
use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::vocab::rdf;
use oxigraph::model::{GraphName, GraphNameRef, NamedNode, NamedNodeRef, NamedOrBlankNode, Quad, Term};

use crate::decode::{DecodeError, decode_claim, decode_document, decode_extraction, decode_fact, decode_merged_entity};
use crate::dump::{Sealed, write_canonical};
use crate::encode::{ENCODING, canonical};
use crate::identity::{judgements_of, splits_of, verdicts_of};
use crate::import::{self, Imported, Imports};
use crate::judge::judged_of;
use crate::jurisdiction::Unions;
use crate::names_held;
use crate::quads::{Quads, Table, TableBuilder};
use crate::record;
use crate::{Derivations, DumpError, EntityVerdict, History, Judged, Seal, Split, Vocabulary};
use build::{Readings, build};
use folder::{Folder, Held};
use meta::FORMAT;
use update::vocabulary_of;

pub use entity_set::EntitySet;
pub use error::StoreError;
pub use folder::JUDGEMENTS;
pub use meta::{Counts, Form, JudgementsAt, Meta};
pub use update::{Summary, Update};

/// What is known before any text is read.
#[derive(Clone, Copy, Debug)]
pub struct Knowledge<'a> {
    /// Classes and predicates.
    pub schema: &'a Schema,
    /// Reference entities and facts.
    pub reference: &'a Reference,
    /// What follows from what.
    pub derivations: &'a Derivations,
    /// Hash of all of it and of the code that weighs by it, where the caller has one: a build that changes no source then
    /// weighs nothing anew.
    pub fingerprint: Option<&'a str>,
}

/// Settings of a build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuildConfig {
    /// Facts of at least this confidence become plain triples and premises; 0.70.
    pub fact_confidence: Confidence,
    /// Form of new generations; [`Form::Table`].
    pub form: Form,
    /// Base of every IRI, ending in a slash; [`Vocabulary::DEFAULT_BASE`].
    pub base: String,
    /// Number of old generations to keep beside the current one; 0. `None`: as many as there are.
    pub keep: Option<usize>,
    /// What people decided on claims; none.
    pub judgements: Judgements,
    /// Where that is kept, for the next change to know.
    pub judgements_at: JudgementsAt,
    /// Hash of the rules that read the documents, where the caller has one. [`Update::has`] knows no document of a store
    /// that was built with another one.
    pub rules: Option<String>,
}

impl Default for BuildConfig {
    fn default() -> Self {
        Self {
            fact_confidence: Confidence::from_thousandths(700),
            form: Form::Table,
            base: Vocabulary::DEFAULT_BASE.to_owned(),
            keep: Some(0),
            judgements: Judgements::default(),
            judgements_at: JudgementsAt::default(),
            rules: None,
        }
    }
}

/// One immutable state of the store. While it is open, no build removes it.
///
/// # Panics
/// Its methods panic if the medium fails under a generation that was whole when it was opened: a read error of RocksDB,
/// or quads that no build of ours wrote.
pub struct Generation {
    meta: Meta,
    vocabulary: Vocabulary,
    quads: Quads,
    /// Where it stands; nowhere in memory.
    folder: Option<PathBuf>,
    /// Shared lock on the generation; none in memory.
    _lock: Option<File>,
}

impl Generation {
    /// Opens the current generation of the store in `folder`.
    ///
    /// # Errors
    /// If there is no store of this version, or it cannot be read.
    pub fn open(folder: &Path) -> Result<Generation, StoreError> {
        Self::restore(Folder::existing(folder)?.hold_current()?)
    }

    /// Opens the generation of this number, if it was kept.
    ///
    /// # Errors
    /// As [`Generation::open`]; and [`StoreError::NoRevision`] with the numbers that are there.
    pub fn open_revision(folder: &Path, revision: u64) -> Result<Generation, StoreError> {
        let store = Folder::existing(folder)?;
        let kept = store.revisions()?;
        let held = if kept.contains(&revision) { store.hold(revision)? } else { None };
        held.map_or_else(|| Err(StoreError::NoRevision { path: folder.to_owned(), revision, kept }), Self::restore)
    }

    /// Numbers of the generations of the store in `folder`, up to the current one, sorted.
    ///
    /// # Errors
    /// If there is no store of this version, or its folder cannot be read.
    pub fn revisions(folder: &Path) -> Result<Vec<u64>, StoreError> {
        Folder::existing(folder)?.revisions()
    }

    /// Builds a generation that never touches a disk; its number is 0.
    ///
    /// # Errors
    /// If the base is no IRI.
    pub fn in_memory(
        extractions: Vec<Extraction>,
        knowledge: &Knowledge<'_>,
        config: &BuildConfig,
    ) -> Result<Generation, StoreError> {
        let vocabulary = vocabulary_of(&config.base)?;
        let mut readings = Readings::new();
        for extraction in extractions.into_iter().map(canonical) {
            let document = &extraction.document;
            readings.entry(document.id.clone()).or_default().insert(document.source.clone(), extraction);
        }
        let built = build(readings, None, Imports::new(), Vec::new(), knowledge, config, &vocabulary);
        let meta = Meta {
            format: FORMAT,
            revision: 0,
            form: Form::Table,
            base: config.base.clone(),
            fact_confidence: config.fact_confidence,
            rules: config.rules.clone(),
            encoding: ENCODING,
            judgements: config.judgements_at.clone(),
            counts: built.counts,
            checksum: hex(&built.contents),
        };
        Ok(Self { meta, vocabulary, quads: Table::of(built.quads).into(), folder: None, _lock: None })
    }

    /// The state that canonical N-Quads tell ([`Generation::dump`]): nothing is computed anew. Its number is 0.
    ///
    /// # Errors
    /// If these are no N-Quads, or hold neither document nor fact of ours; if they are not all of them, or others than
    /// those that were dumped, unless their seal is waived.
    pub fn of_dump(nquads: impl Read, seal: Seal) -> Result<Generation, StoreError> {
        let (mut quads, mut base) = (TableBuilder::new(), None);
        let read = each_of_dump(nquads, seal, |quad| {
            if base.is_none() {
                base = base_of(&quad);
            }
            quads.extend([quad]);
        });
        if base.is_some() || matches!(read, Err(StoreError::NoDump { .. })) {
            read?;
        }
        let base = base.ok_or_else(|| StoreError::no_dump(&"neither document nor fact stands in them"))?;
        let vocabulary = vocabulary_of(&base)?;
        let quads = quads.sorted(Some(vocabulary.history_graph().as_ref()));
        let meta = Meta {
            format: FORMAT,
            revision: 0,
            form: Form::Table,
            base,
            fact_confidence: BuildConfig::default().fact_confidence,
            rules: None,
            encoding: ENCODING,
            judgements: JudgementsAt::default(),
            counts: Counts { quads: quads.counted() as u64, ..Counts::default() },
            checksum: hex(&quads.contents()),
        };
        let mut generation = Self { meta, vocabulary, quads: Table::of(quads).into(), folder: None, _lock: None };
        generation.meta.counts = generation.counted().map_err(|error| StoreError::no_dump(&error))?;
        Ok(generation)
    }

    /// Reads everything once, and so finds whatever cannot be read.
    fn counted(&self) -> Result<Counts, DecodeError> {
        let mut counts = Counts { sources: self.sources().len() as u64, ..self.meta.counts };
        for graph in self.document_graphs() {
            let quads = self.quads(None, None, Some(graph.as_ref().into()));
            decode_document(self.about(&graph, None), &self.vocabulary)?;
            counts.documents += 1;
            counts.claims += decode_extraction(quads, &self.vocabulary)?.claims.len() as u64;
        }
        let facts = self.decode_facts()?;
        counts.entities = self.decode_entities()?.len() as u64;
        counts.facts = facts.len() as u64;
        counts.derived = facts.iter().filter(|fact| fact.basis == Basis::Derived).count() as u64;
        Ok(counts)
    }

    fn restore(held: Held) -> Result<Self, StoreError> {
        let Held { folder, meta, lock } = held;
        let quads = quads_of(&folder, &meta)?;
        Ok(Self { vocabulary: vocabulary_of(&meta.base)?, meta, quads, folder: Some(folder), _lock: Some(lock) })
    }

    /// Its number, which is the revision of the store; 0 if it was built in memory.
    pub fn revision(&self) -> u64 {
        self.meta.revision
    }

    /// What it says about itself.
    pub fn meta(&self) -> &Meta {
        &self.meta
    }

    /// Its quads, for queries.
    pub fn store(&self) -> &Quads {
        &self.quads
    }

    /// The folder that it stands in; `None` in memory.
    pub(crate) fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// The IRIs that it uses.
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// What happened to the store up to this revision; nothing in memory.
    pub fn history(&self) -> History {
        let graph = self.vocabulary.history_graph();
        History::of(self.quads(None, None, Some(graph.as_ref().into())), &self.vocabulary)
    }

    /// Every document, sorted by id; one that has several sources stands under the first of them.
    pub fn documents(&self) -> Vec<Document> {
        self.each_document().collect()
    }

    /// Every source with its document, sorted.
    pub fn sources(&self) -> Vec<(String, DocumentId)> {
        let source = self.vocabulary.term("source");
        let mut sources: Vec<_> = self
            .quads(None, Some(source.as_ref()), None)
            .into_iter()
            .filter_map(|quad| match (quad.subject, quad.object) {
                (NamedOrBlankNode::NamedNode(document), Term::Literal(source)) => {
                    Some((source.value().to_owned(), self.vocabulary.document_id(document.as_ref())?))
                }
                _ => None,
            })
            .collect();
        sources.sort();
        sources
    }

    /// Every file of a register that was imported, sorted by source.
    pub fn imports(&self) -> Vec<Imported> {
        let class = self.vocabulary.term("Import");
        let imports = self.quads.quads_for_pattern(None, Some(rdf::TYPE), Some(class.as_ref().into()), None);
        let graphs = imports.map(|quad| self.read(quad).graph_name);
        let heads = graphs.flat_map(|graph| {
            let quads = match &graph {
                GraphName::NamedNode(iri) => self.quads(Some(iri.as_ref()), None, Some(graph.as_ref())),
                _ => Vec::new(),
            };
            import::heads(quads, &self.vocabulary)
        });
        let mut heads: Vec<Imported> = heads.collect();
        heads.sort_by(|a, b| a.source.cmp(&b.source));
        heads
    }

    /// The records of registers that describe this entity, or another one that it stands for: where to look each up.
    pub fn registered(&self, entity: &EntityId) -> Vec<String> {
        let own = self.vocabulary.entity(entity);
        let merged = self.merged_nodes(&own);
        let source = self.vocabulary.term("source");
        let places = merged.iter().chain([&own]).flat_map(|iri| {
            self.quads(Some(iri.as_ref()), Some(source.as_ref()), None).into_iter().filter_map(|quad| {
                match (quad.graph_name, quad.object) {
                    (GraphName::NamedNode(graph), Term::Literal(place)) => {
                        self.vocabulary.import_source(graph.as_ref()).map(|_| place.value().to_owned())
                    }
                    _ => None,
                }
            })
        });
        let mut places: Vec<String> = places.collect();
        places.sort();
        places.dedup();
        places
    }

    /// Every entity after merging, sorted by id.
    pub fn entities(&self) -> Vec<Entity> {
        self.read(self.decode_entities())
    }

    fn decode_entities(&self) -> Result<Vec<Entity>, DecodeError> {
        let (detail, graph) = (self.vocabulary.term("detail"), self.vocabulary.facts_graph());
        let mut entities = Vec::new();
        for quad in self.quads(None, Some(detail.as_ref()), Some(graph.as_ref().into())) {
            if let (NamedOrBlankNode::NamedNode(iri), Term::Literal(detail)) = (&quad.subject, &quad.object)
                && self.vocabulary.entity_id(iri.as_ref()).is_some()
            {
                entities.push(decode_merged_entity(iri.as_ref(), detail, &self.vocabulary)?);
            }
        }
        entities.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(entities)
    }

    /// The names of an entity, or of another one that it stands for, of which its reference row or a register says when they
    /// were borne, sorted.
    pub fn names_held(&self, entity: &EntityId) -> Vec<NameHeld> {
        let (own, name_of) = (self.vocabulary.entity(entity), self.vocabulary.term("nameOf"));
        let mut held: Vec<NameHeld> = Vec::new();
        for iri in self.merged_nodes(&own).iter().chain([&own]) {
            let names = self.quads.quads_for_pattern(None, Some(name_of.as_ref()), Some(iri.as_ref().into()), None);
            let names: Vec<Quad> = names.map(|quad| self.read(quad)).collect();
            held.extend(names.iter().filter_map(subject).filter_map(|name| self.name_held(name)));
        }
        held.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.validity.to.cmp(&b.validity.to)));
        held.dedup();
        held
    }

    fn name_held(&self, iri: NamedNodeRef<'_>) -> Option<NameHeld> {
        let mut read = None;
        record::each(self.quads(Some(iri), None, None), &self.vocabulary, |node| read = names_held::of(&node));
        read
    }

    /// An entity as it was called on a day ([`Entity::as_named_on`]); as it is called now where none is given.
    pub fn entity_on(&self, id: &EntityId, day: Option<PartialDate>) -> Option<Entity> {
        let entity = self.entity(id)?;
        Some(match day {
            Some(day) => entity.as_named_on(day, &self.names_held(id)),
            None => entity,
        })
    }

    /// Everybody of whom it is told when some name was borne.
    fn with_names_held(&self) -> BTreeSet<EntityId> {
        let quads = self.quads(None, Some(self.vocabulary.term("nameOf").as_ref()), None);
        let entities = quads.iter().filter_map(|quad| match &quad.object {
            Term::NamedNode(entity) => self.vocabulary.entity_id(entity.as_ref()),
            _ => None,
        });
        entities.map(|entity| self.representative(&entity)).collect()
    }

    /// The nodes for which this one stands since they were merged.
    fn merged_nodes(&self, own: &NamedNode) -> Vec<NamedNode> {
        let merged_into = self.vocabulary.term("mergedInto");
        let merged = self.quads.quads_for_pattern(None, Some(merged_into.as_ref()), Some(own.as_ref().into()), None);
        merged.filter_map(|quad| subject(&self.read(quad)).map(NamedNodeRef::into_owned)).collect()
    }

    /// The members of every union of countries in the reference data.
    pub(crate) fn unions(&self) -> Unions {
        let (member, country) = (self.vocabulary.term("member"), self.vocabulary.term("country"));
        let graph = self.vocabulary.reference_graph();
        let mut unions = Unions::new();
        for quad in self.quads(None, Some(member.as_ref()), Some(graph.as_ref().into())) {
            let NamedOrBlankNode::NamedNode(union) = &quad.subject else { continue };
            for own in self.quads(Some(union.as_ref()), Some(country.as_ref()), Some(graph.as_ref().into())) {
                if let (Term::Literal(union), Term::Literal(member)) = (&own.object, &quad.object) {
                    unions.entry(union.value().to_owned()).or_default().insert(member.value().to_owned());
                }
            }
        }
        unions
    }

    /// The entity that stands for `entity` since they were merged; most often itself.
    pub fn representative(&self, entity: &EntityId) -> EntityId {
        let (old, merged_into) = (self.vocabulary.entity(entity), self.vocabulary.term("mergedInto"));
        let merged = self.quads(Some(old.as_ref()), Some(merged_into.as_ref()), None);
        let representative = merged.into_iter().find_map(|quad| match quad.object {
            Term::NamedNode(new) => self.vocabulary.entity_id(new.as_ref()),
            _ => None,
        });
        representative.unwrap_or_else(|| entity.clone())
    }

    /// The entity that stands for what a document calls `entity`: see [`Generation::splits`].
    pub fn representative_in(&self, document: &DocumentId, entity: &EntityId) -> EntityId {
        let (of, split_from) = (self.vocabulary.entity(entity), self.vocabulary.term("splitFrom"));
        let splits = self.quads.quads_for_pattern(None, Some(split_from.as_ref()), Some(of.as_ref().into()), None);
        let splits: Vec<Quad> = splits.map(|quad| self.read(quad)).collect();
        let is_meant = |split: &Split| split.documents.contains(document);
        let split = splits.iter().filter_map(subject).flat_map(|split| self.splits_at(Some(split))).find(is_meant);
        self.representative(&split.map_or_else(|| entity.clone(), |split| split.id))
    }

    /// Those whom some documents mean by an id that means somebody else in others; sorted.
    pub fn splits(&self) -> Vec<Split> {
        self.splits_at(None)
    }

    fn splits_at(&self, split: Option<NamedNodeRef<'_>>) -> Vec<Split> {
        let graph = self.vocabulary.facts_graph();
        let about = |property: &str| {
            let property = self.vocabulary.term(property);
            self.quads(split, Some(property.as_ref()), Some(graph.as_ref().into()))
        };
        splits_of(about("splitFrom").into_iter().chain(about("mentionedIn")), &self.vocabulary)
    }

    /// What was found of pairs of entities, sorted: which are one and why, and which may be; ids are those from before
    /// merging.
    pub fn verdicts(&self) -> Vec<EntityVerdict> {
        let graph = self.vocabulary.identity_graph();
        verdicts_of(self.quads(None, None, Some(graph.as_ref().into())), &self.vocabulary)
    }

    /// What people decided on pairs of entities, sorted.
    pub fn entity_judgements(&self) -> Vec<EntityJudgement> {
        let graph = self.vocabulary.judgements_graph();
        judgements_of(self.quads(None, None, Some(graph.as_ref().into())), &self.vocabulary)
    }

    /// Every id that another one stands for, with that one; sorted.
    pub fn merged(&self) -> Vec<(EntityId, EntityId)> {
        let merged_into = self.vocabulary.term("mergedInto");
        let graph = self.vocabulary.facts_graph();
        let quads = self.quads(None, Some(merged_into.as_ref()), Some(graph.as_ref().into()));
        let pair = |quad: &Quad| match &quad.object {
            Term::NamedNode(new) => {
                Some((self.vocabulary.entity_id(subject(quad)?)?, self.vocabulary.entity_id(new.as_ref())?))
            }
            _ => None,
        };
        let mut merged: Vec<_> = quads.iter().filter_map(pair).collect();
        merged.sort();
        merged
    }

    /// The claims that people decided on, each with the reason that they gave.
    pub(crate) fn decided(&self) -> BTreeMap<ClaimId, String> {
        let decided = self.judgements().into_iter();
        decided
            .flat_map(|Judged { judgement, claims }| {
                claims.into_iter().map(move |claim| (claim, judgement.because.clone()))
            })
            .collect()
    }

    /// What was read in a document, by its first source; nothing of one that is not there.
    pub(crate) fn reading(&self, document: &DocumentId) -> Option<Extraction> {
        let graph = self.vocabulary.document(document);
        let quads = self.quads(None, None, Some(graph.as_ref().into()));
        (!quads.is_empty()).then(|| self.read(decode_extraction(quads, &self.vocabulary)))
    }

    /// The documents that speak of an id, sorted, whether or not another id stands for it.
    pub fn documents_naming(&self, entity: &EntityId) -> Vec<DocumentId> {
        let class = self.quads(Some(self.vocabulary.entity(entity).as_ref()), Some(rdf::TYPE), None);
        let graphs = class.iter().filter_map(|quad| match &quad.graph_name {
            GraphName::NamedNode(graph) => self.vocabulary.document_id(graph.as_ref()),
            GraphName::BlankNode(_) | GraphName::DefaultGraph => None,
        });
        let documents: BTreeSet<DocumentId> = graphs.collect();
        documents.into_iter().collect()
    }

    /// The claim of this id.
    pub fn claim(&self, id: &ClaimId) -> Option<Claim> {
        let quads = self.about(&self.vocabulary.claim(id), None);
        (!quads.is_empty()).then(|| self.read(decode_claim(quads, &self.vocabulary)))
    }

    /// Every claim, by document and place.
    pub fn claims(&self) -> Vec<Claim> {
        let extraction = |graph: NamedNode| {
            let quads = self.quads(None, None, Some(graph.as_ref().into()));
            self.read(decode_extraction(quads, &self.vocabulary))
        };
        self.document_graphs().into_iter().flat_map(|graph| extraction(graph).claims).collect()
    }

    /// What a document says, as its first source gives it; `None` where it is not in the store.
    pub fn extraction(&self, document: &DocumentId) -> Option<Extraction> {
        let graph = self.vocabulary.document(document);
        let quads = self.quads(None, None, Some(graph.as_ref().into()));
        (!quads.is_empty()).then(|| self.read(decode_extraction(quads, &self.vocabulary)))
    }

    /// What people decided on claims, by document and claim, with the claims that each decision meets.
    pub fn judgements(&self) -> Vec<Judged> {
        let graph = self.vocabulary.judgements_graph();
        judged_of(self.quads(None, None, Some(graph.as_ref().into())), &self.vocabulary)
    }

    /// The fact of this id.
    pub fn fact(&self, id: &FactId) -> Option<Fact> {
        let iri = self.vocabulary.fact(id);
        let quads = self.about(&iri, None);
        (!quads.is_empty()).then(|| {
            let claims = self.claims_of(iri.as_ref());
            self.read(decode_fact(quads, claims, &self.vocabulary))
        })
    }

    /// The claims that point to a fact.
    fn claims_of(&self, fact: NamedNodeRef<'_>) -> Vec<ClaimId> {
        let of = self.vocabulary.term("of");
        let claims = self.quads.quads_for_pattern(None, Some(of.as_ref()), Some(fact.into()), None);
        let claims = claims.map(|quad| self.read(quad)).filter_map(|quad| self.claim_and_fact(&quad));
        claims.map(|(claim, _)| claim).collect()
    }

    /// Every fact, sorted by id.
    pub fn facts(&self) -> Vec<Fact> {
        self.read(self.decode_facts())
    }

    fn decode_facts(&self) -> Result<Vec<Fact>, DecodeError> {
        let mut facts = self.decode_each_fact().collect::<Result<Vec<Fact>, DecodeError>>()?;
        facts.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(facts)
    }

    /// Writes every quad but those of the history as canonical N-Quads: the default graph first, then graphs by IRI, lines
    /// by bytes; at the end a comment that tells how many there are, and their checksum. Two stores with the same documents
    /// and knowledge give the same bytes, whatever changes they went through. The number of quads.
    ///
    /// # Errors
    /// If `out` refuses, or the store cannot be read.
    pub fn dump(&self, out: impl Write) -> Result<u64, DumpError> {
        write_canonical(&self.quads, Some(self.vocabulary.history_graph().as_ref()), out)
    }

    /// Writes every quad as canonical N-Quads, the history among them.
    ///
    /// # Errors
    /// As [`Generation::dump`].
    pub fn dump_with_history(&self, out: impl Write) -> Result<u64, DumpError> {
        write_canonical(&self.quads, None, out)
    }

    /// Graphs of documents, sorted.
    fn document_graphs(&self) -> Vec<NamedNode> {
        let graphs = self.quads.named_graphs().map(|graph| self.read(graph));
        let mut documents: Vec<NamedNode> = graphs
            .filter_map(|graph| match graph {
                GraphName::NamedNode(graph) => Some(graph),
                GraphName::BlankNode(_) | GraphName::DefaultGraph => None,
            })
            .filter(|graph| self.vocabulary.document_id(graph.as_ref()).is_some())
            .collect();
        documents.sort();
        documents
    }

    fn claim_and_fact(&self, quad: &Quad) -> Option<(ClaimId, FactId)> {
        let Term::NamedNode(fact) = &quad.object else { return None };
        Some((self.vocabulary.claim_id(subject(quad)?)?, self.vocabulary.fact_id(fact.as_ref())?))
    }

    fn about(&self, subject: &NamedNode, graph: Option<GraphNameRef<'_>>) -> Vec<Quad> {
        self.quads(Some(subject.as_ref()), None, graph)
    }

    fn quads(
        &self,
        subject: Option<NamedNodeRef<'_>>,
        predicate: Option<NamedNodeRef<'_>>,
        graph: Option<GraphNameRef<'_>>,
    ) -> Vec<Quad> {
        let quads = self.quads.quads_for_pattern(subject.map(Into::into), predicate, None, graph);
        quads.map(|quad| self.read(quad)).collect()
    }

    /// See the type: a generation is whole when it is opened, so what cannot be read now is a failing medium.
    fn read<T, E: fmt::Display>(&self, result: Result<T, E>) -> T {
        result.unwrap_or_else(|error| panic!("generation {} cannot be read any more: {error}", self.meta.revision))
    }
}

impl fmt::Debug for Generation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Generation").field("meta", &self.meta).finish_non_exhaustive()
    }
}

fn quads_of(folder: &Path, meta: &Meta) -> Result<Quads, StoreError> {
    Ok(match meta.form {
        Form::Table => table::open(folder, meta)?.into(),
        Form::Disk => disk::open(folder, meta)?.into(),
    })
}

/// Hands every quad of a dump on. Where it fails for its seal, all that can be read was handed on.
fn each_of_dump(nquads: impl Read, seal: Seal, mut each: impl FnMut(Quad)) -> Result<(), StoreError> {
    let mut sealed = Sealed::new(nquads);
    let mut quads = RdfParser::from_format(RdfFormat::NQuads).for_reader(&mut sealed);
    let parsed = quads.try_for_each(|quad| quad.map(&mut each));
    drop(quads);
    let broken = |message: String| Err(StoreError::BrokenSeal { message });
    match (seal, parsed) {
        (Seal::Required, Err(_)) if sealed.is_cut() => broken("it ends in the middle of a line".to_owned()),
        (_, Err(error)) => Err(StoreError::no_dump(&error)),
        (Seal::Waived, Ok(())) => Ok(()),
        (Seal::Required, Ok(())) => sealed.verify().or_else(broken),
    }
}

/// The base of the IRIs, told by the class of a document or fact.
fn base_of(quad: &Quad) -> Option<String> {
    match &quad.object {
        Term::NamedNode(class) if quad.predicate.as_ref() == rdf::TYPE => {
            let base = ["ns#Document", "ns#Fact"].iter().find_map(|name| class.as_str().strip_suffix(name));
            base.map(str::to_owned)
        }
        _ => None,
    }
}

fn subject(quad: &Quad) -> Option<NamedNodeRef<'_>> {
    match &quad.subject {
        NamedOrBlankNode::NamedNode(node) => Some(node.as_ref()),
        NamedOrBlankNode::BlankNode(_) => None,
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
