//! Judgements and the claims that they meet: a rejected claim stays in the store, but backs nothing.
//!
//! A judgement meets the claim of its id. Where its document has no such claim any more, since other rules read it, the
//! judgement meets every claim of the document with the same predicate, ends and status: whoever rejected "Tencent
//! investsIn 小红书" in a text did not mean the rule that found it. An end is the same if the document gives its entity the
//! name by which it was judged.
//!
//! ```turtle
//! GRAPH <doc/9f2c…> { <claim/5d1e…> gx:verdict gx:rejected }
//! GRAPH gx:graph/judgements {
//!   <judgement/5d1e…> a gx:Judgement ; gx:judges <claim/5d1e…> ; gx:verdict gx:rejected ; gx:because "…" ; gx:detail "{…}" .
//! }
//! ```
//!
//! A judgement that meets no claim has no `gx:judges`. One that says something else than the claim of its id, be it the
//! quote, the predicate or an end, was changed by a slip or merged wrongly: nobody knows which of the two was meant, and
//! it meets nothing.

use std::collections::{BTreeMap, BTreeSet};

use guanxi_model::{
    Argument, Claim, ClaimId, ClaimJudgement, DocumentId, Extraction, Judgements, Object, Schema, Verdict,
};
use guanxi_names::fold;
use oxigraph::model::{NamedOrBlankNode, Quad};
use serde::{Deserialize, Serialize};

use crate::Vocabulary;
use crate::encode::json;
use crate::record::{self, Record, Records};

/// A judgement, and the claims that it meets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The judgement.
    pub judgement: ClaimJudgement,
    /// The claims that it holds for, sorted; none where no text says any more what was judged.
    pub claims: BTreeSet<ClaimId>,
}

/// The judgement that this claim is not what its document says.
pub fn rejection(claim: &Claim, extraction: &Extraction, because: &str) -> ClaimJudgement {
    let name = |argument: &Argument| {
        let entity = extraction.entities.iter().find(|entity| entity.id == argument.entity);
        entity.map_or_else(|| argument.text.clone(), |entity| entity.label().to_owned())
    };
    ClaimJudgement {
        claim: claim.id.clone(),
        document: claim.document.clone(),
        predicate: claim.predicate.to_string(),
        subject: name(&claim.subject),
        object: match &claim.object {
            Object::Entity(argument) => name(argument),
            Object::Value(value) => value.to_string(),
        },
        status: claim.status,
        verdict: Verdict::Rejected,
        quote: claim.evidence.text.clone(),
        because: because.to_owned(),
    }
}

/// Every judgement with the claims that it meets, in the order of the judgements.
pub(crate) fn judged(extractions: &[&Extraction], judgements: &Judgements, schema: &Schema) -> Vec<Judged> {
    if judgements.is_empty() {
        return Vec::new();
    }
    let documents: BTreeMap<&DocumentId, &Extraction> =
        extractions.iter().map(|extraction| (&extraction.document.id, *extraction)).collect();
    let claims = |judgement: &ClaimJudgement| {
        documents.get(&judgement.document).map(|extraction| met(judgement, extraction, schema)).unwrap_or_default()
    };
    judgements.claims().map(|judgement| Judged { claims: claims(judgement), judgement: judgement.clone() }).collect()
}

fn met(judgement: &ClaimJudgement, extraction: &Extraction, schema: &Schema) -> BTreeSet<ClaimId> {
    let ids = |meets: &dyn Fn(&Claim) -> bool| {
        extraction.claims.iter().filter(|claim| meets(claim)).map(|claim| claim.id.clone()).collect::<BTreeSet<_>>()
    };
    let symmetric = schema.predicate(&judgement.predicate).is_some_and(|predicate| predicate.symmetric);
    let says_the_same = |claim: &Claim| says_the_same(claim, judgement, extraction, symmetric);
    match extraction.claims.iter().find(|claim| claim.id == judgement.claim) {
        Some(claim) if says_the_same(claim) && claim.evidence.text == judgement.quote => [claim.id.clone()].into(),
        Some(_) => BTreeSet::new(),
        None => ids(&|claim| claim.status == judgement.status && says_the_same(claim)),
    }
}

/// Whether predicate and ends are those that were judged.
fn says_the_same(claim: &Claim, judgement: &ClaimJudgement, extraction: &Extraction, symmetric: bool) -> bool {
    if *claim.predicate != *judgement.predicate {
        return false;
    }
    let is_called = |argument: &Argument, name: &str| {
        let name = fold(name);
        let entity = extraction.entities.iter().find(|entity| entity.id == argument.entity);
        fold(&argument.text) == name
            || entity.is_some_and(|entity| entity.names.iter().any(|known| fold(&known.text) == name))
    };
    let (subject, object) = (&judgement.subject, &judgement.object);
    match &claim.object {
        Object::Value(value) => is_called(&claim.subject, subject) && value.to_string() == *object,
        Object::Entity(other) => {
            (is_called(&claim.subject, subject) && is_called(other, object))
                || (symmetric && is_called(&claim.subject, object) && is_called(other, subject))
        }
    }
}

/// The claims of judgements that say something else than the claim of their id, in the order of the judgements.
pub(crate) fn contradicted(judged: &[Judged], extractions: &[&Extraction]) -> Vec<ClaimId> {
    let unmet: BTreeSet<&ClaimId> =
        judged.iter().filter(|judged| judged.claims.is_empty()).map(|judged| &judged.judgement.claim).collect();
    if unmet.is_empty() {
        return Vec::new();
    }
    let claims = extractions.iter().flat_map(|extraction| &extraction.claims).map(|claim| &claim.id);
    claims.filter(|claim| unmet.contains(claim)).cloned().collect::<BTreeSet<_>>().into_iter().collect()
}

/// The quads of judgements: a node each, and the verdict on every claim that one meets.
pub(crate) fn quads(judged: &[Judged], vocabulary: &Vocabulary) -> Vec<Quad> {
    let mut records = Records::new(vocabulary, vocabulary.judgements_graph());
    let mut verdicts = BTreeSet::new();
    for Judged { judgement, claims } in judged {
        let iri = vocabulary.judgement(&judgement.claim);
        records.kind(&iri, "Judgement");
        records.record(&iri, "verdict", vocabulary.term(judgement.verdict.name()));
        records.text(&iri, "because", &judgement.because);
        records.record(&iri, "detail", json(&Detail::from(judgement)));
        for claim in claims {
            records.record(&iri, "judges", vocabulary.claim(claim));
            verdicts.insert((claim, &judgement.document, judgement.verdict));
        }
    }
    let mut quads = records.quads;
    quads.extend(verdicts.into_iter().map(|(claim, document, verdict)| {
        let verdict_term = vocabulary.term(verdict.name());
        Quad::new(vocabulary.claim(claim), vocabulary.term("verdict"), verdict_term, vocabulary.document(document))
    }));
    quads
}

/// Reads back what stands in `gx:graph/judgements`; whatever is not understood is passed over.
pub(crate) fn judged_of(quads: impl IntoIterator<Item = Quad>, vocabulary: &Vocabulary) -> Vec<Judged> {
    let mut judged = Vec::new();
    record::each(quads, vocabulary, |record| judged.extend(judged_at(&record)));
    judged
        .sort_by(|a, b| (&a.judgement.document, &a.judgement.claim).cmp(&(&b.judgement.document, &b.judgement.claim)));
    judged
}

/// A claim that is rejected, and no judgement says why; `None` in all that we wrote.
pub(crate) fn unjudged<'a>(
    quads: impl Iterator<Item = &'a Quad>,
    judged: &[Judged],
    vocabulary: &Vocabulary,
) -> Option<ClaimId> {
    let decided: BTreeSet<&ClaimId> = judged.iter().flat_map(|judged| &judged.claims).collect();
    let verdicts = quads.filter(|quad| vocabulary.is_term(quad.predicate.as_ref(), "verdict"));
    let mut claims = verdicts.filter_map(|quad| match &quad.subject {
        NamedOrBlankNode::NamedNode(claim) => vocabulary.claim_id(claim.as_ref()),
        NamedOrBlankNode::BlankNode(_) => None,
    });
    claims.find(|claim| !decided.contains(claim))
}

fn judged_at(record: &Record<'_>) -> Option<Judged> {
    let detail: Detail = serde_json::from_str(record.text("detail")?).ok()?;
    let verdict = record.iris("verdict").find_map(|iri| record.vocabulary.term_name(iri))?;
    Some(Judged {
        claims: record.iris("judges").filter_map(|claim| record.vocabulary.claim_id(claim)).collect(),
        judgement: ClaimJudgement {
            claim: record.vocabulary.judged_claim(record.iri)?,
            document: DocumentId::new(detail.document),
            predicate: detail.predicate,
            subject: detail.subject,
            object: detail.object,
            status: detail.status.parse().ok()?,
            verdict: verdict.parse().ok()?,
            quote: detail.quote,
            because: record.text("because")?.to_owned(),
        },
    })
}

/// `gx:detail` of a judgement: what it says beyond its plain quads.
#[derive(Serialize, Deserialize)]
struct Detail {
    document: String,
    predicate: String,
    subject: String,
    object: String,
    status: String,
    quote: String,
}

impl From<&ClaimJudgement> for Detail {
    fn from(judgement: &ClaimJudgement) -> Self {
        Self {
            document: judgement.document.to_string(),
            predicate: judgement.predicate.clone(),
            subject: judgement.subject.clone(),
            object: judgement.object.clone(),
            status: judgement.status.name().to_owned(),
            quote: judgement.quote.clone(),
        }
    }
}
