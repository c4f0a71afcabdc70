//! Documents and knowledge to quads: identity, facts, derivations, the default graph.

use std::collections::{BTreeMap, BTreeSet};

use guanxi_model::{Basis, ClaimId, DocumentId, Extraction};
use oxigraph::model::Quad;

use super::update::first_readings;
use super::{BuildConfig, Counts, Knowledge};
use crate::derive::World;
use crate::facts::{self, is_plain};
use crate::identity::{self, Identity};
use crate::import::{self, Imports};
use crate::quads::{SortedQuads, TableBuilder};
use crate::{Vocabulary, encode, judge};

/// What was read, by document and source.
pub(super) type Readings = BTreeMap<DocumentId, BTreeMap<String, Extraction>>;

/// A generation, still to be written.
pub(super) struct Built {
    pub quads: SortedQuads,
    pub contents: [u8; 32],
    pub counts: Counts,
    /// Claims of judgements that say something else than the claim of their id.
    pub contradicted: Vec<ClaimId>,
}

/// `history` is what happened to the store, which is no part of its contents.
pub(super) fn build(
    readings: Readings,
    imports: &Imports,
    history: Vec<Quad>,
    knowledge: &Knowledge<'_>,
    config: &BuildConfig,
    vocabulary: &Vocabulary,
) -> Built {
    let first: Vec<&Extraction> = first_readings(&readings).collect();
    let registers = import::readings(imports, knowledge);
    let naming: Vec<&Extraction> = first.iter().copied().chain(&registers).collect();
    let judged = judge::judged(&first, &config.judgements, knowledge.schema);
    let contradicted = judge::contradicted(&judged, &first);
    let rejected: BTreeSet<&ClaimId> = judged.iter().flat_map(|judged| &judged.claims).collect();
    let identity = Identity::of(&naming, knowledge, &config.judgements, &rejected);
    let mut resolution = facts::resolve(&first, &identity, knowledge, &rejected, imports);
    let world =
        World { schema: knowledge.schema, reference: knowledge.reference, fact_confidence: config.fact_confidence };
    knowledge.derivations.run(&mut resolution.facts, identity.entities(), world);

    let mut quads = TableBuilder::new();
    for sources in readings.values() {
        let sources: Vec<Extraction> = sources.values().cloned().collect();
        quads.extend(encode::encode_readings(&sources, vocabulary));
    }
    imports.values().for_each(|import| quads.extend(import::quads(import, vocabulary)));
    quads.extend(judge::quads(&judged, vocabulary));
    quads.extend(identity::judgement_quads(config.judgements.entities(), vocabulary));
    quads.extend(resolution.of.iter().map(|(claim, fact)| encode::claim_of_fact(claim, fact, vocabulary)));
    for row in knowledge.reference.entities() {
        quads.extend(encode::reference_row(&row, vocabulary));
        quads.extend(row.broader.iter().map(|broader| encode::broader(&row.entity.id, broader, vocabulary)));
    }
    for entity in identity.entities() {
        quads.extend(encode::labels(entity, vocabulary));
        quads.extend([encode::merged_entity(entity, vocabulary)]);
    }
    quads.extend(identity.merged().map(|(old, new)| encode::merged_into(old, new, vocabulary)));
    quads.extend(identity::split_quads(identity.splits(), vocabulary));
    quads.extend(identity::verdict_quads(identity.verdicts(), vocabulary));
    for fact in resolution.facts.values() {
        quads.extend(encode::encode_fact(fact, vocabulary));
        if is_plain(fact, config.fact_confidence) {
            let symmetric = knowledge.schema.predicate(&fact.predicate).is_some_and(|predicate| predicate.symmetric);
            quads.extend(encode::plain_triples(fact, symmetric, vocabulary));
        }
    }
    let derived = resolution.facts.values().filter(|fact| fact.basis == Basis::Derived).count();
    let counts = Counts {
        sources: readings.values().map(|sources| sources.len() as u64).sum(),
        documents: readings.len() as u64,
        claims: first.iter().map(|extraction| extraction.claims.len() as u64).sum(),
        rejected: rejected.len() as u64,
        entities: identity.entities().len() as u64,
        facts: resolution.facts.len() as u64,
        derived: derived as u64,
        quads: 0,
    };
    drop(resolution);
    drop(identity);
    drop(readings);
    quads.extend(history);
    let quads = quads.sorted(Some(vocabulary.history_graph().as_ref()));
    let counts = Counts { quads: quads.counted() as u64, ..counts };
    Built { contents: quads.contents(), quads, counts, contradicted }
}
