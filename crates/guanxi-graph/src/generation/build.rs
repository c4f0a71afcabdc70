//! Documents and knowledge to quads: identity, facts, derivations, the default graph.
//!
//! What has been turned into quads is let go of at once, so that no two of these stand in memory whole beside each other:
//! what was read, what is weighed of it, the facts, and the orders of the table.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use guanxi_model::{Argument, Basis, Claim, ClaimId, DocumentId, Entity, Extraction, Object, Status};
use oxigraph::model::Quad;

use super::update::first_readings;
use super::{BuildConfig, Counts, Knowledge};
use crate::derive::World;
use crate::facts::{self, Facts, Resolution, is_plain};
use crate::identity::{self, Identity};
use crate::import::{self, Imports};
use crate::quads::{Carrier, Quads, SortedQuads, TableBuilder};
use crate::snapshot::{Draft, Drafting};
use crate::{Vocabulary, encode, judge};

/// What was read, by document and source.
pub(super) type Readings = BTreeMap<DocumentId, BTreeMap<String, Extraction>>;

/// Documents that stand in the generation before as they would be written now.
#[derive(Debug)]
pub(super) struct Kept {
    pub quads: Quads,
    pub documents: BTreeSet<DocumentId>,
}

/// A generation, still to be written.
pub(super) struct Built {
    pub quads: SortedQuads,
    pub contents: [u8; 32],
    pub counts: Counts,
    /// Every entity, sorted by id.
    pub entities: Vec<Entity>,
    /// The facts between them, for the snapshot.
    pub draft: Draft,
    /// See [`super::Summary::told`].
    pub told: BTreeMap<Status, u64>,
    /// Claims of judgements that say something else than the claim of their id.
    pub contradicted: Vec<ClaimId>,
}

/// `history` is what happened to the store, which is no part of its contents.
pub(super) fn build(
    readings: Readings,
    kept: Option<Kept>,
    mut imports: Imports,
    history: Vec<Quad>,
    knowledge: &Knowledge<'_>,
    config: &BuildConfig,
    vocabulary: &Vocabulary,
) -> Built {
    let mut building = Building {
        knowledge,
        config,
        vocabulary,
        quads: TableBuilder::new(),
        counts: Counts::default(),
        told: BTreeMap::new(),
    };
    building.quads.extend(history);
    building.reference();
    imports.values().for_each(|import| building.quads.extend(import::quads(import, vocabulary)));
    let Weighed { identity, facts, contradicted } = building.weigh(readings, kept, &mut imports);
    drop(imports);
    building.entities(&identity);
    let entities = identity.into_entities();
    let draft = building.facts(facts, &entities);
    let quads = building.quads.sorted(Some(vocabulary.history_graph().as_ref()));
    let counts = Counts { quads: quads.counted() as u64, ..building.counts };
    Built { contents: quads.contents(), quads, counts, entities, draft, told: building.told, contradicted }
}

struct Building<'b, 'k> {
    knowledge: &'b Knowledge<'k>,
    config: &'b BuildConfig,
    vocabulary: &'b Vocabulary,
    quads: TableBuilder,
    counts: Counts,
    told: BTreeMap<Status, u64>,
}

/// What all documents come to.
struct Weighed {
    identity: Identity,
    /// Those derived among them.
    facts: Facts,
    /// See [`Built::contradicted`].
    contradicted: Vec<ClaimId>,
}

impl Building<'_, '_> {
    fn weigh(&mut self, readings: Readings, kept: Option<Kept>, imports: &mut Imports) -> Weighed {
        let Self { knowledge, config, vocabulary, .. } = *self;
        let judged = {
            let first: Vec<&Extraction> = first_readings(&readings).collect();
            judge::judged(&first, &config.judgements, knowledge.schema)
        };
        self.quads.extend(judge::quads(&judged, vocabulary));
        self.quads.extend(identity::judgement_quads(config.judgements.entities(), vocabulary));
        let read = self.documents(readings, kept.as_ref());
        drop(kept);
        let first: Vec<&Extraction> = read.iter().collect();
        let contradicted = judge::contradicted(&judged, &first);
        let rejected: BTreeSet<&ClaimId> = judged.iter().flat_map(|judged| &judged.claims).collect();
        self.counts.rejected = rejected.len() as u64;
        let identity = {
            let registers = import::readings(imports, knowledge);
            let naming: Vec<&Extraction> = first.iter().copied().chain(&registers).collect();
            Identity::of(&naming, knowledge, &config.judgements, &rejected)
        };
        let Resolution { mut facts, of } = facts::resolve(&first, &identity, knowledge, &rejected, imports);
        self.quads.extend(of.iter().map(|(fact, claim)| encode::claim_of_fact(claim, fact, vocabulary)));
        drop((of, first));
        drop(read);
        let world =
            World { schema: knowledge.schema, reference: knowledge.reference, fact_confidence: config.fact_confidence };
        knowledge.derivations.run(&mut facts, identity.entities(), world);
        Weighed { identity, facts, contradicted }
    }

    /// Turns documents into quads; what is left of each, as its first source gives it, is what remains to be weighed.
    fn documents(&mut self, readings: Readings, kept: Option<&Kept>) -> Vec<Extraction> {
        let mut left = Vec::with_capacity(readings.len());
        // What is found by weighing all documents together stands in their graphs, too.
        let weighed = ["of", "verdict"].map(|property| self.vocabulary.term(property));
        let table = kept.and_then(|kept| Some((&kept.documents, kept.quads.table()?)));
        let mut carrier = table.map(|(documents, table)| (documents, Carrier::of(table, &weighed)));
        for (document, sources) in readings {
            let sources: Vec<Extraction> = sources.into_values().collect();
            match &mut carrier {
                Some((documents, carrier)) if documents.contains(&document) => {
                    self.quads.carry(carrier, self.vocabulary.document(&document).as_ref());
                }
                _ => self.quads.extend(encode::encode_readings(&sources, self.vocabulary)),
            }
            self.counts.sources += sources.len() as u64;
            left.extend(sources.into_iter().next().map(without_words));
        }
        self.counts.documents = left.len() as u64;
        self.counts.claims = left.iter().map(|extraction| extraction.claims.len() as u64).sum();
        left
    }

    fn reference(&mut self) {
        for row in self.knowledge.reference.entities() {
            self.quads.extend(encode::reference_row(&row, self.vocabulary));
            self.quads.extend(row.broader.iter().map(|wide| encode::broader(&row.entity.id, wide, self.vocabulary)));
        }
    }

    fn entities(&mut self, identity: &Identity) {
        let Self { vocabulary, quads, counts, .. } = self;
        for entity in identity.entities() {
            quads.extend(encode::labels(entity, vocabulary));
            quads.extend([encode::merged_entity(entity, vocabulary)]);
        }
        quads.extend(identity.merged().map(|(old, new)| encode::merged_into(old, new, vocabulary)));
        quads.extend(identity::split_quads(identity.splits(), vocabulary));
        quads.extend(identity::verdict_quads(identity.verdicts(), vocabulary));
        counts.entities = identity.entities().len() as u64;
    }

    fn facts(&mut self, facts: Facts, entities: &[Entity]) -> Draft {
        self.counts.facts = facts.len() as u64;
        let mut drafting = Drafting::of(entities, self.knowledge.schema);
        for fact in facts.into_values() {
            match fact.basis {
                Basis::Text => *self.told.entry(fact.status).or_default() += 1,
                Basis::Derived => self.counts.derived += 1,
                Basis::Reference => {}
            }
            self.quads.extend(encode::encode_fact(&fact, self.vocabulary));
            let is_plain = is_plain(&fact, self.config.fact_confidence);
            drafting.push(&fact, is_plain);
            if is_plain {
                let predicate = self.knowledge.schema.predicate(&fact.predicate);
                let symmetric = predicate.is_some_and(|predicate| predicate.symmetric);
                self.quads.extend(encode::plain_triples(&fact, symmetric, self.vocabulary));
            }
        }
        drafting.done()
    }
}

/// What was read without what no fact is weighed by: quotes, wordings, rules and notes.
fn without_words(mut extraction: Extraction) -> Extraction {
    extraction.notes = Vec::new();
    for Claim { subject, object, rule, support, attributed_to, evidence, .. } in &mut extraction.claims {
        let arguments = match object {
            Object::Entity(argument) => [Some(subject), Some(argument)],
            Object::Value(_) => [Some(subject), None],
        };
        arguments.into_iter().flatten().for_each(|argument: &mut Argument| argument.text = String::new());
        (*rule, *support, *attributed_to) = (Arc::default(), Vec::new(), None);
        evidence.text = String::new();
    }
    extraction
}
