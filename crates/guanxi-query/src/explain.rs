//! Why the graph says something: quotes with their documents, reference rows, derivations down to their grounds.

use std::collections::{BTreeMap, BTreeSet};

use guanxi_graph::Generation;
use guanxi_model::{Claim, ClaimId, Document, EntityId, Fact, FactId};

/// A fact with everything that it rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// The fact. Of a reference fact, `because` is its source and `unverified` whether nobody checked it; of a
    /// derived one, `because` is the derivation.
    pub fact: Fact,
    /// The sentences that say it, or deny it, surest first.
    pub witnesses: Vec<Witness>,
    /// Of a derived fact: what it follows from.
    pub premises: Vec<Explanation>,
    /// The fact was explained further up already, so its premises are left out here.
    pub explained_above: bool,
}

/// A claim in its document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// The claim: quote, span, rule, support, confidence, status.
    pub claim: Claim,
    /// The document: name, date, publisher.
    pub document: Document,
}

/// Nothing to explain.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExplainError {
    /// No claim or fact has an id that begins so.
    #[error("no claim and no fact has an id that begins with `{0}`")]
    UnknownId(String),
    /// Several have.
    #[error("`{prefix}` begins several ids: {}", .ids.join(", "))]
    AmbiguousId {
        /// What was asked for.
        prefix: String,
        /// The first few of them.
        ids: Vec<String>,
    },
    /// There is no such fact.
    #[error("the graph does not say that {subject} {predicate} {}", .object.as_ref().map_or("anything", EntityId::as_str))]
    UnknownFact {
        /// Subject.
        subject: EntityId,
        /// Predicate.
        predicate: String,
        /// Object, where one was named.
        object: Option<EntityId>,
    },
}

/// Explains the claim or fact with this id, or with the one id that begins so (at least four characters).
///
/// Of a claim, its fact is explained by this one witness.
///
/// # Errors
/// No id begins so, or several do.
pub fn explain(generation: &Generation, id: &str) -> Result<Explanation, ExplainError> {
    let documents = documents(generation);
    let facts = facts(generation);
    if let Some(fact) = facts.get(&FactId::new(id)) {
        return Ok(explain_in(generation, &documents, &facts, fact, &mut BTreeSet::new()));
    }
    if let Some(fact) = fact_of(&facts, &ClaimId::new(id)) {
        return Ok(explain_claim(generation, &documents, &facts, fact, &ClaimId::new(id)));
    }
    let claims: BTreeSet<&ClaimId> = facts.values().flat_map(|fact| &fact.claims).collect();
    let prefixed = |known: &&str| id.len() >= 4 && known.starts_with(id);
    let mut ids: Vec<&str> = facts.keys().map(FactId::as_str).filter(prefixed).collect();
    ids.extend(claims.iter().map(|claim| claim.as_str()).filter(prefixed));
    match ids[..] {
        [] => Err(ExplainError::UnknownId(id.to_owned())),
        [only] => match facts.get(&FactId::new(only)) {
            Some(fact) => Ok(explain_in(generation, &documents, &facts, fact, &mut BTreeSet::new())),
            None => match fact_of(&facts, &ClaimId::new(only)) {
                Some(fact) => Ok(explain_claim(generation, &documents, &facts, fact, &ClaimId::new(only))),
                None => Err(ExplainError::UnknownId(id.to_owned())),
            },
        },
        _ => {
            ids.truncate(8);
            let ids = ids.into_iter().map(str::to_owned).collect();
            Err(ExplainError::AmbiguousId { prefix: id.to_owned(), ids })
        }
    }
}

/// Explains every fact with this subject and predicate, and with this object where one is named.
///
/// A fact of a symmetric predicate is found either way round.
///
/// # Errors
/// There is none.
pub fn explain_statement(
    generation: &Generation,
    subject: &EntityId,
    predicate: &str,
    object: Option<&EntityId>,
) -> Result<Vec<Explanation>, ExplainError> {
    let documents = documents(generation);
    let facts = facts(generation);
    let matches =
        |fact: &&Fact| fact.subject == *subject && object.is_none_or(|wanted| fact.object.entity() == Some(wanted));
    let turned =
        |fact: &&Fact| fact.object.entity() == Some(subject) && object.is_some_and(|wanted| fact.subject == *wanted);
    let of_predicate = || facts.values().filter(|fact| &*fact.predicate == predicate);
    let mut found: Vec<&Fact> = of_predicate().filter(matches).collect();
    if found.is_empty() {
        found = of_predicate().filter(turned).collect();
    }
    if found.is_empty() {
        return Err(ExplainError::UnknownFact {
            subject: subject.clone(),
            predicate: predicate.to_owned(),
            object: object.cloned(),
        });
    }
    Ok(found.into_iter().map(|fact| explain_in(generation, &documents, &facts, fact, &mut BTreeSet::new())).collect())
}

/// Explains a fact that is at hand, such as that of a hop.
pub fn explain_fact(generation: &Generation, fact: &Fact) -> Explanation {
    let (documents, facts) = (documents(generation), facts(generation));
    explain_in(generation, &documents, &facts, fact, &mut BTreeSet::new())
}

type Documents = BTreeMap<guanxi_model::DocumentId, Document>;
type Facts = BTreeMap<FactId, Fact>;

fn documents(generation: &Generation) -> Documents {
    generation.documents().into_iter().map(|document| (document.id.clone(), document)).collect()
}

fn facts(generation: &Generation) -> Facts {
    generation.facts().into_iter().map(|fact| (fact.id.clone(), fact)).collect()
}

fn fact_of<'a>(facts: &'a Facts, claim: &ClaimId) -> Option<&'a Fact> {
    facts.values().find(|fact| fact.claims.contains(claim))
}

fn explain_claim(
    generation: &Generation,
    documents: &Documents,
    facts: &Facts,
    fact: &Fact,
    claim: &ClaimId,
) -> Explanation {
    let mut explanation = explain_in(generation, documents, facts, fact, &mut BTreeSet::new());
    explanation.witnesses.retain(|witness| witness.claim.id == *claim);
    explanation
}

fn explain_in(
    generation: &Generation,
    documents: &Documents,
    facts: &Facts,
    fact: &Fact,
    above: &mut BTreeSet<FactId>,
) -> Explanation {
    let explained_above = !above.insert(fact.id.clone());
    let premises = match explained_above {
        true => Vec::new(),
        false => {
            let known: Vec<&Fact> = fact.premises.iter().filter_map(|premise| facts.get(premise)).collect();
            known.into_iter().map(|premise| explain_in(generation, documents, facts, premise, above)).collect()
        }
    };
    Explanation { witnesses: witnesses(generation, documents, fact), fact: fact.clone(), premises, explained_above }
}

fn witnesses(generation: &Generation, documents: &Documents, fact: &Fact) -> Vec<Witness> {
    let claims = fact.claims.iter().filter_map(|id| generation.claim(id));
    let mut witnesses: Vec<Witness> = claims
        .filter_map(|claim| {
            let document = documents.get(&claim.document)?.clone();
            Some(Witness { claim, document })
        })
        .collect();
    witnesses.sort_by(|a, b| b.claim.confidence.cmp(&a.claim.confidence).then_with(|| a.claim.id.cmp(&b.claim.id)));
    witnesses
}

#[cfg(test)]
mod tests {
    use guanxi_model::Basis;

    use super::*;
    use crate::testing::{graph, id};

    const LINES: &str = "
        Company:tencent investsIn Company:red confidence=0.8
        Company:red hasValuation USD:17000000000
        document second 2025 Caixin
        Company:tencent investsIn Company:red confidence=0.95
        Regulator:pboc regulates Activity:retail
        Company:red operatesIn Activity:retail
        Company:red partnersWith Company:tencent";

    #[test]
    fn a_statement_is_explained_by_its_sentences_surest_first() {
        let graph = graph(LINES);
        let red = id("red");
        let found = explain_statement(&graph.generation, &id("tencent"), "investsIn", Some(&red)).unwrap();
        assert_eq!(found.len(), 1);
        let told: Vec<(&str, &str)> = found[0]
            .witnesses
            .iter()
            .map(|witness| (witness.document.name.as_str(), witness.claim.evidence.text.as_str()))
            .collect();
        assert_eq!(
            told,
            [
                ("second", "Company:tencent investsIn Company:red confidence=0.95"),
                ("article", "Company:tencent investsIn Company:red confidence=0.8"),
            ]
        );
        assert_eq!(explain_statement(&graph.generation, &red, "hasValuation", None).unwrap().len(), 1);
        let turned = explain_statement(&graph.generation, &id("tencent"), "partnersWith", Some(&red)).unwrap();
        assert_eq!(turned.len(), 1);
        let error = explain_statement(&graph.generation, &red, "owns", None).unwrap_err();
        assert_eq!(error.to_string(), "the graph does not say that red owns anything");
    }

    #[test]
    fn an_id_may_be_cut_short() {
        let graph = graph(LINES);
        let facts = graph.generation.facts();
        let fact = facts.iter().find(|fact| fact.claims.len() == 2).unwrap();
        assert_eq!(explain(&graph.generation, fact.id.as_str()).unwrap().witnesses.len(), 2);
        assert_eq!(explain(&graph.generation, &fact.id.as_str()[..12]).unwrap().fact.id, fact.id);
        let claim = fact.claims[0].as_str();
        for id in [claim, &claim[..12]] {
            let explanation = explain(&graph.generation, id).unwrap();
            assert_eq!((&explanation.fact.id, explanation.witnesses[0].claim.id.as_str()), (&fact.id, claim));
            assert_eq!(explanation.witnesses.len(), 1);
        }
        assert_eq!(explain(&graph.generation, "zzzz"), Err(ExplainError::UnknownId("zzzz".into())));
    }

    #[test]
    fn a_derived_fact_is_explained_down_to_the_sentences() {
        let graph = graph(LINES);
        let red = id("red");
        let reaches = &explain_statement(&graph.generation, &id("pboc"), "reaches", Some(&red)).unwrap()[0];
        assert_eq!(reaches.fact.basis, Basis::Derived);
        assert!(reaches.fact.because.is_some() && reaches.witnesses.is_empty());
        let mut premises: Vec<&str> = reaches.premises.iter().map(|premise| &*premise.fact.predicate).collect();
        premises.sort_unstable();
        assert_eq!(premises, ["operatesIn", "regulates"]);
        assert!(reaches.premises.iter().all(|premise| premise.witnesses.len() == 1));
    }

    #[test]
    fn circular_premises_end() {
        let graph = graph(LINES);
        let mut fact = graph.generation.facts().remove(0);
        fact.premises = vec![fact.id.clone()];
        let facts = Facts::from([(fact.id.clone(), fact.clone())]);
        let documents = documents(&graph.generation);
        let explanation = explain_in(&graph.generation, &documents, &facts, &fact, &mut BTreeSet::new());
        assert!(explanation.premises[0].explained_above && explanation.premises[0].premises.is_empty());
    }
}
