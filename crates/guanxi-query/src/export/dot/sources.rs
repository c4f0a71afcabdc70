//! What stands behind an arrow or an entity, for the boxes that show up under the mouse.

use std::collections::BTreeMap;

use guanxi_graph::Generation;
use guanxi_model::{Basis, Claim, ClaimId, DocumentId, EntityId, Fact, FactId, Status};

use super::Arrows;
use super::text::shortened;
use crate::path;

/// The sentence or the source of each fact that is drawn.
pub(super) struct Sources {
    facts: BTreeMap<FactId, String>,
    entities: BTreeMap<EntityId, String>,
}

impl Sources {
    pub(super) fn of(generation: &Generation, arrows: &Arrows<'_>) -> Self {
        let documents = documents(generation);
        let facts = arrows.values().flat_map(|arrow| &arrow.facts);
        let claims: BTreeMap<ClaimId, Claim> = facts
            .clone()
            .flat_map(|fact| &fact.claims)
            .filter_map(|id| Some((id.clone(), generation.claim(id)?)))
            .collect();
        let told = facts.map(|fact| (fact.id.clone(), told(fact, &claims, &documents))).collect();
        let mut sources = Self { facts: told, entities: BTreeMap::new() };
        sources.entities = sources.of_entities(arrows);
        sources
    }

    pub(super) fn of_fact(&self, fact: &Fact) -> &str {
        self.facts.get(&fact.id).map_or("", String::as_str)
    }

    /// `2 source sentences`, and the surest of them.
    pub(super) fn of_entity(&self, entity: &EntityId) -> Option<&str> {
        self.entities.get(entity).map(String::as_str)
    }

    fn of_entities(&self, arrows: &Arrows<'_>) -> BTreeMap<EntityId, String> {
        let mut told: BTreeMap<&EntityId, Vec<&Fact>> = BTreeMap::new();
        for arrow in arrows.values() {
            let facts = || arrow.facts.iter().copied().filter(|fact| fact.basis == Basis::Text);
            told.entry(arrow.from).or_default().extend(facts());
            told.entry(arrow.to).or_default().extend(facts());
        }
        let tell = |(entity, facts): (&EntityId, Vec<&Fact>)| {
            let surest = facts.iter().max_by(|a, b| a.confidence.cmp(&b.confidence).then_with(|| b.id.cmp(&a.id)))?;
            let sentences: usize = facts.iter().map(|fact| fact.claims.len()).sum();
            let plural = if sentences == 1 { "" } else { "s" };
            Some((entity.clone(), format!("{sentences} source sentence{plural}\n{}", self.of_fact(surest))))
        };
        told.into_iter().filter_map(tell).collect()
    }
}

/// Name, publisher and date of each document.
fn documents(generation: &Generation) -> BTreeMap<DocumentId, String> {
    let told = generation.documents().into_iter().map(|document| {
        let date = document.published.map(|date| date.to_string());
        let parts: Vec<String> = [Some(document.name), document.publisher, date].into_iter().flatten().collect();
        (document.id, parts.join(", "))
    });
    told.collect()
}

/// `“quote” — document, publisher, date — planned — confidence 0.9`
fn told(fact: &Fact, claims: &BTreeMap<ClaimId, Claim>, documents: &BTreeMap<DocumentId, String>) -> String {
    let best = fact
        .claims
        .iter()
        .filter_map(|id| claims.get(id))
        .max_by(|a, b| a.confidence.cmp(&b.confidence).then_with(|| b.id.cmp(&a.id)));
    let source = match best {
        Some(claim) => {
            let document = documents.get(&claim.document).map_or("", String::as_str);
            format!("“{}” — {document}", shortened(&claim.evidence.text, 200))
        }
        None => match (&fact.because, fact.basis) {
            (Some(because), Basis::Derived) => format!("derived: {because}"),
            (Some(source), _) => format!("reference: {source}"),
            (None, _) => path::basis(fact).to_owned(),
        },
    };
    let status = match fact.status {
        Status::Asserted => String::new(),
        status => format!(" — {}", status.name()),
    };
    format!("{source}{status} — confidence {}", fact.confidence)
}
