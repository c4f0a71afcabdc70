//! Why the graph says something: quotes with their documents, reference rows, derivations down to their grounds.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use guanxi_graph::Generation;
use guanxi_model::{Argument, Claim, ClaimId, ClaimJudgement, Document, DocumentId, EntityId, Fact, FactId, Object};

/// Least number of characters of an id that stand for the whole.
const LEAST_PREFIX: usize = 4;
/// Most ids that are told of those that begin alike.
const MOST_IDS: usize = 8;

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

/// A claim that somebody rejected: it stands in its document still, and backs nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// The claim.
    pub witness: Witness,
    /// What was decided, and why.
    pub judgement: ClaimJudgement,
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

/// Explains what one generation says. Its documents are read once, however much is explained; all of its facts only
/// where they must be searched.
#[derive(Debug)]
pub struct Explainer<'a> {
    generation: &'a Generation,
    documents: BTreeMap<DocumentId, Document>,
    facts: OnceCell<Facts>,
}

#[derive(Debug)]
struct Facts {
    by_id: BTreeMap<FactId, Fact>,
    /// The fact that each claim supports or denies.
    of_claims: BTreeMap<ClaimId, FactId>,
}

impl<'a> Explainer<'a> {
    /// The explainer of `generation`.
    pub fn of(generation: &'a Generation) -> Self {
        let documents = generation.documents().into_iter().map(|document| (document.id.clone(), document)).collect();
        Self { generation, documents, facts: OnceCell::new() }
    }

    /// The documents of the generation.
    pub fn documents(&self) -> &BTreeMap<DocumentId, Document> {
        &self.documents
    }

    /// Explains the claim or fact with this id, or with the one id that begins so (at least four characters).
    ///
    /// Of a claim, its fact is explained by this one witness.
    ///
    /// # Errors
    /// No id begins so, or several do.
    pub fn id(&self, id: &str) -> Result<Explanation, ExplainError> {
        if let Some(explanation) = self.whole_id(id) {
            return Ok(explanation);
        }
        let prefixed = |known: &&str| id.len() >= LEAST_PREFIX && known.starts_with(id);
        let known = self.facts();
        let facts = known.by_id.keys().map(FactId::as_str);
        let ids: Vec<&str> = facts.chain(known.of_claims.keys().map(ClaimId::as_str)).filter(prefixed).collect();
        match ids[..] {
            [] => Err(ExplainError::UnknownId(id.to_owned())),
            [only] => self.whole_id(only).ok_or_else(|| ExplainError::UnknownId(id.to_owned())),
            _ => {
                let ids = ids.into_iter().take(MOST_IDS).map(str::to_owned).collect();
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
    pub fn statement(
        &self,
        subject: &EntityId,
        predicate: &str,
        object: Option<&EntityId>,
    ) -> Result<Vec<Explanation>, ExplainError> {
        let matches =
            |fact: &&Fact| fact.subject == *subject && object.is_none_or(|wanted| fact.object.entity() == Some(wanted));
        let turned = |fact: &&Fact| {
            fact.object.entity() == Some(subject) && object.is_some_and(|wanted| fact.subject == *wanted)
        };
        let of_predicate = || self.facts().by_id.values().filter(|fact| &*fact.predicate == predicate);
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
        Ok(found.into_iter().map(|fact| self.fact(fact)).collect())
    }

    /// The rejected claims with this id, or with an id that begins so (at least four characters).
    pub fn rejected(&self, id: &str) -> Vec<Rejection> {
        let is_meant =
            |claim: &ClaimId| claim.as_str() == id || (id.len() >= LEAST_PREFIX && claim.as_str().starts_with(id));
        self.rejections(|claim| is_meant(&claim.id))
    }

    /// The rejected claims that say this, or the same the other way round.
    pub fn rejected_statements(
        &self,
        subject: &EntityId,
        predicate: &str,
        object: Option<&EntityId>,
    ) -> Vec<Rejection> {
        self.rejections(|claim| {
            let is = |argument: &Argument, wanted: &EntityId| {
                self.generation.representative_in(&claim.document, &argument.entity) == *wanted
            };
            let other = match &claim.object {
                Object::Entity(argument) => Some(argument),
                Object::Value(_) => None,
            };
            let turned =
                || object.zip(other).is_some_and(|(object, other)| is(&claim.subject, object) && is(other, subject));
            let fits = || {
                is(&claim.subject, subject) && object.is_none_or(|object| other.is_some_and(|other| is(other, object)))
            };
            &*claim.predicate == predicate && (fits() || turned())
        })
    }

    fn rejections(&self, wanted: impl Fn(&Claim) -> bool) -> Vec<Rejection> {
        let mut rejections = Vec::new();
        for judged in self.generation.judgements() {
            for claim in judged.claims.iter().filter_map(|id| self.generation.claim(id)).filter(|claim| wanted(claim)) {
                let Some(document) = self.documents.get(&claim.document).cloned() else { continue };
                rejections
                    .push(Rejection { witness: Witness { claim, document }, judgement: judged.judgement.clone() });
            }
        }
        rejections
    }

    /// Explains a fact that is at hand, such as that of a hop.
    pub fn fact(&self, fact: &Fact) -> Explanation {
        self.explain_below(fact, &mut BTreeSet::new())
    }

    fn whole_id(&self, id: &str) -> Option<Explanation> {
        let Facts { by_id, of_claims } = self.facts();
        if let Some(fact) = by_id.get(&FactId::new(id)) {
            return Some(self.fact(fact));
        }
        let claim = ClaimId::new(id);
        let mut explanation = self.fact(by_id.get(of_claims.get(&claim)?)?);
        explanation.witnesses.retain(|witness| witness.claim.id == claim);
        Some(explanation)
    }

    fn explain_below(&self, fact: &Fact, above: &mut BTreeSet<FactId>) -> Explanation {
        let explained_above = !above.insert(fact.id.clone());
        let known = fact.premises.iter().filter_map(|premise| self.premise(premise));
        let premises = match explained_above {
            true => Vec::new(),
            false => known.map(|premise| self.explain_below(&premise, above)).collect(),
        };
        Explanation { witnesses: self.witnesses(fact), fact: fact.clone(), premises, explained_above }
    }

    fn premise(&self, id: &FactId) -> Option<Fact> {
        match self.facts.get() {
            Some(facts) => facts.by_id.get(id).cloned(),
            None => self.generation.fact(id),
        }
    }

    fn facts(&self) -> &Facts {
        self.facts.get_or_init(|| Facts::from(self.generation.facts()))
    }

    /// The claims behind a fact, surest first.
    pub(crate) fn witnesses(&self, fact: &Fact) -> Vec<Witness> {
        let claims = fact.claims.iter().filter_map(|id| self.generation.claim(id));
        let mut witnesses: Vec<Witness> = claims
            .filter_map(|claim| {
                let document = self.documents.get(&claim.document)?.clone();
                Some(Witness { claim, document })
            })
            .collect();
        witnesses.sort_by(|a, b| b.claim.confidence.cmp(&a.claim.confidence).then_with(|| a.claim.id.cmp(&b.claim.id)));
        witnesses
    }
}

impl From<Vec<Fact>> for Facts {
    fn from(facts: Vec<Fact>) -> Self {
        let of_claim =
            |fact: &Fact| fact.claims.iter().map(|claim| (claim.clone(), fact.id.clone())).collect::<Vec<_>>();
        let of_claims = facts.iter().flat_map(of_claim).collect();
        Self { by_id: facts.into_iter().map(|fact| (fact.id.clone(), fact)).collect(), of_claims }
    }
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
        let explainer = Explainer::of(&graph.generation);
        let red = id("red");
        let found = explainer.statement(&id("tencent"), "investsIn", Some(&red)).unwrap();
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
        assert_eq!(explainer.statement(&red, "hasValuation", None).unwrap().len(), 1);
        let turned = explainer.statement(&id("tencent"), "partnersWith", Some(&red)).unwrap();
        assert_eq!(turned.len(), 1);
        let error = explainer.statement(&red, "owns", None).unwrap_err();
        assert_eq!(error.to_string(), "the graph does not say that red owns anything");
    }

    #[test]
    fn an_id_may_be_cut_short() {
        let graph = graph(LINES);
        let explainer = Explainer::of(&graph.generation);
        let facts = graph.generation.facts();
        let fact = facts.iter().find(|fact| fact.claims.len() == 2).unwrap();
        assert_eq!(explainer.id(fact.id.as_str()).unwrap().witnesses.len(), 2);
        assert_eq!(explainer.id(&fact.id.as_str()[..12]).unwrap().fact.id, fact.id);
        let claim = fact.claims[0].as_str();
        for id in [claim, &claim[..12]] {
            let explanation = explainer.id(id).unwrap();
            assert_eq!((&explanation.fact.id, explanation.witnesses[0].claim.id.as_str()), (&fact.id, claim));
            assert_eq!(explanation.witnesses.len(), 1);
        }
        assert_eq!(explainer.id("zzzz"), Err(ExplainError::UnknownId("zzzz".into())));
    }

    #[test]
    fn a_derived_fact_is_explained_down_to_the_sentences() {
        let graph = graph(LINES);
        let explainer = Explainer::of(&graph.generation);
        let red = id("red");
        let reaches = &explainer.statement(&id("pboc"), "reaches", Some(&red)).unwrap()[0];
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
        let mut explainer = Explainer::of(&graph.generation);
        let mut fact = graph.generation.facts().remove(0);
        fact.premises = vec![fact.id.clone()];
        explainer.facts = Facts::from(vec![fact.clone()]).into();
        let explanation = explainer.fact(&fact);
        assert!(explanation.premises[0].explained_above && explanation.premises[0].premises.is_empty());
    }
}
