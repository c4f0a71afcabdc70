//! Which authorities reach which companies: by which derivation, over which weakest hop, on the word of how many.

use std::collections::BTreeSet;

use guanxi_graph::Snapshot;
use guanxi_model::{Basis, Confidence, EntityId, Fact, PartialDate, Status};

use crate::{Explainer, Explanation};

/// That an authority reaches a company.
#[derive(Clone, Debug, PartialEq)]
pub struct Exposure {
    /// The authority.
    pub regulator: EntityId,
    /// The company.
    pub company: EntityId,
    /// The derived fact with all that it follows from.
    pub explanation: Explanation,
    /// The hop that is least sure, of those that are stated; of equally sure ones one that nobody checked.
    pub weakest: Fact,
    /// Independent publishers of the texts that state any hop; 0 where all of them are reference data.
    pub publishers: usize,
}

/// Which exposures are told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExposureConfig {
    /// Of this company; all.
    pub company: Option<EntityId>,
    /// By this authority; all.
    pub regulator: Option<EntityId>,
    /// Least confidence of the weakest hop; 0.70, as for plain triples.
    pub min_confidence: Confidence,
    /// Leaves out what rests on reference facts that nobody checked; false.
    pub verified: bool,
    /// Only where every stated hop held on this day; now. What has ended since is derived no more, and not found.
    pub as_of: Option<PartialDate>,
}

impl Default for ExposureConfig {
    fn default() -> Self {
        let min_confidence = Confidence::from_thousandths(700);
        Self { company: None, regulator: None, min_confidence, verified: false, as_of: None }
    }
}

/// Every company with every authority that reaches it now, by company, then authority.
pub fn exposures(snapshot: &Snapshot, explainer: &Explainer<'_>, config: &ExposureConfig) -> Vec<Exposure> {
    let edges = snapshot.edges().filter(|&edge| snapshot.predicate(edge).0 == "reaches");
    let derived = edges.map(|edge| snapshot.fact(edge)).filter(|fact| fact.basis == Basis::Derived && fact.holds(None));
    let asked = derived.filter(|fact| {
        config.company.as_ref().is_none_or(|company| fact.object.entity() == Some(company))
            && config.regulator.as_ref().is_none_or(|regulator| fact.subject == *regulator)
            && fact.confidence >= config.min_confidence
            && !(config.verified && fact.unverified)
    });
    let mut found: Vec<Exposure> = asked.filter_map(|fact| exposure(fact, explainer, config.as_of)).collect();
    found.sort_by(|a, b| (&a.company, &a.regulator).cmp(&(&b.company, &b.regulator)));
    found
}

fn exposure(fact: &Fact, explainer: &Explainer<'_>, as_of: Option<PartialDate>) -> Option<Exposure> {
    let explanation = explainer.fact(fact);
    let mut stated = Vec::new();
    collect(&explanation, &mut stated);
    if !stated.iter().all(|hop| hop.fact.is_asserted(as_of)) {
        return None;
    }
    let weakest =
        stated.iter().min_by_key(|hop| (hop.fact.confidence, !hop.fact.unverified, &hop.fact.id))?.fact.clone();
    let asserted =
        stated.iter().flat_map(|hop| &hop.witnesses).filter(|witness| witness.claim.status == Status::Asserted);
    let publishers: BTreeSet<&str> =
        asserted.map(|witness| witness.document.publisher.as_deref().unwrap_or(witness.document.id.as_str())).collect();
    let (regulator, company) = (fact.subject.clone(), fact.object.entity()?.clone());
    let publishers = publishers.len();
    Some(Exposure { regulator, company, weakest, publishers, explanation })
}

/// The facts at the bottom, which texts or reference data state.
fn collect<'e>(explanation: &'e Explanation, stated: &mut Vec<&'e Explanation>) {
    if explanation.fact.basis != Basis::Derived {
        stated.push(explanation);
    }
    explanation.premises.iter().for_each(|premise| collect(premise, stated));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{graph, id};

    #[test]
    fn the_weakest_hop_and_the_publishers_are_told() {
        let lines = "
            document a 2025-01 The Paper
            Regulator:pboc regulates Activity:payments confidence=0.95
            Company:ant operatesIn Activity:payments confidence=0.8
            document b 2025-02 Harbour Post
            Company:ant operatesIn Activity:payments confidence=0.75
            Company:tern operatesIn Activity:payments confidence=0.9";
        let graph = graph(lines);
        let explainer = Explainer::of(&graph.generation);
        let all = exposures(&graph.snapshot, &explainer, &ExposureConfig::default());
        let told: Vec<_> = all
            .iter()
            .map(|one| (one.company.as_str(), one.regulator.as_str(), one.publishers, &*one.weakest.predicate))
            .collect();
        assert_eq!(told, [("ant", "pboc", 2, "operatesIn"), ("tern", "pboc", 2, "operatesIn")]);
        assert_eq!(all[0].explanation.fact.because.as_deref(), Some("reaches.by-activity"));
        let only = ExposureConfig { company: Some(id("tern")), ..ExposureConfig::default() };
        assert_eq!(exposures(&graph.snapshot, &explainer, &only).len(), 1);
        let sure = ExposureConfig { min_confidence: Confidence::from_thousandths(850), ..ExposureConfig::default() };
        assert_eq!(exposures(&graph.snapshot, &explainer, &sure).len(), 1);
    }
}
