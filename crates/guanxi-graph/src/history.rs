//! What happened to a store: in which revision its documents and claims came in, what was replaced and forgotten.
//!
//! It stands in a graph of its own, `gx:graph/history`, which queries can ask and a dump leaves out: two stores that hold
//! the same documents are equal, whatever they went through.
//!
//! ```turtle
//! <revision/7> a gx:Revision ; gx:revision 7 ; gx:rules "5f0c…" ; gx:factConfidence 0.7 .
//! <doc/9f2c…> gx:learnedIn 3 .        # with all its claims, but those of which something else is said:
//! <claim/5d1e…> gx:learnedIn 7 .      # other rules found it in the same text
//! <change/77ab…> a gx:Change ; gx:revision 7 ; gx:source "a.txt" ; gx:document <doc/old…> ; gx:replacedBy <doc/9f2c…> .
//! <change/1c09…> a gx:Change ; gx:revision 7 ; gx:source "b.txt" ; gx:document <doc/gone…> .       # forgotten
//! <record/90f1…> a gx:Record ; gx:source "https://example.org/7" ; gx:readFrom "news.jsonl" .
//! <decision/04e2…> a gx:Decision ; gx:revision 7 ; gx:judges <claim/5d1e…> ; gx:document <doc/9f2c…> ;
//!     gx:verdict gx:rejected ; gx:because "…" .                     # without gx:verdict: it was taken back
//! <decision/77d0…> a gx:Decision ; gx:revision 8 ; gx:judges <id/agent-1…> , <id/cn-acme> ; gx:verdict gx:same ; gx:because "…" .
//! ```

use std::collections::{BTreeMap, BTreeSet};

use guanxi_model::{
    Claim, ClaimId, ClaimJudgement, Confidence, Decimal, DocumentId, EntityId, EntityJudgement, Extraction, Judgements,
    Sameness, Verdict,
};
use oxigraph::model::Quad;
use sha2::{Digest, Sha256};

use crate::Vocabulary;
use crate::encode::decimal_literal;
use crate::record::{self, Record, Records};

/// What happened to a store, up to one of its revisions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// What each revision was built with, by number. Revisions that changed nothing do not exist.
    pub revisions: BTreeMap<u64, BuiltWith>,
    /// The revision in which each document came in that is there now.
    pub documents: BTreeMap<DocumentId, u64>,
    /// The revision in which a claim was learned, where it is not the one of its document: the text was read anew.
    pub claims: BTreeMap<ClaimId, u64>,
    /// Sources whose content was replaced or forgotten.
    pub changes: BTreeSet<Change>,
    /// What was decided on claims, and taken back.
    pub decisions: BTreeSet<Decision>,
    /// What was decided on pairs of entities, and taken back.
    pub entity_decisions: BTreeSet<EntityDecision>,
    /// The file of each source that is a record and does not say so itself, as `news.jsonl#7` does.
    pub files: BTreeMap<String, String>,
}

/// What a revision was built with: if it differs from the one before, facts may differ without any new document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuiltWith {
    /// Hash of rules, schema and reference data, where the builder gave one.
    pub rules: Option<String>,
    /// Least confidence of a plain triple.
    pub fact_confidence: Confidence,
}

/// A source that lost its content. A source that came in has no such record: see [`History::documents`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// The revision that no longer has it.
    pub revision: u64,
    /// Path, record id or URL.
    pub source: String,
    /// What it held before.
    pub document: DocumentId,
    /// What it holds instead; nothing if it was forgotten.
    pub replaced_by: Option<DocumentId>,
}

/// A decision on a claim that came into the store, or was taken out of it again.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Decision {
    /// The revision that goes by it.
    pub revision: u64,
    /// The claim that was looked at.
    pub claim: ClaimId,
    /// Its document.
    pub document: DocumentId,
    /// What was decided; nothing if it was taken back.
    pub verdict: Option<Verdict>,
    /// Why; of what was taken back, why it had been decided.
    pub because: String,
}

/// A decision on two entities that came into the store, or was taken out of it again.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EntityDecision {
    /// The revision that goes by it.
    pub revision: u64,
    /// One of the two, the lesser id.
    pub one: EntityId,
    /// The other.
    pub other: EntityId,
    /// What was decided; nothing if it was taken back.
    pub verdict: Option<Sameness>,
    /// Why; of what was taken back, why it had been decided.
    pub because: String,
}

/// What a store held before it was changed.
#[derive(Debug, Default)]
pub(crate) struct Before {
    /// Every source with its document.
    pub sources: BTreeMap<String, DocumentId>,
    /// Every claim with the revision in which it was learned.
    pub claims: BTreeMap<ClaimId, u64>,
    /// What was decided on claims and entities.
    pub judgements: Judgements,
}

/// What a store holds after it was changed.
pub(crate) struct After<'a> {
    /// Every source with its document.
    pub sources: &'a BTreeMap<String, DocumentId>,
    /// What was decided on claims and entities.
    pub judgements: &'a Judgements,
    /// The file of each source that is a record and does not say so itself.
    pub files: &'a BTreeMap<String, String>,
}

impl History {
    /// The revision in which a claim of the store was learned; `None` in a store that keeps no history, such as one in
    /// memory.
    pub fn learned_in(&self, claim: &Claim) -> Option<u64> {
        self.claims.get(&claim.id).or_else(|| self.documents.get(&claim.document)).copied()
    }

    /// The history one revision on.
    pub(crate) fn next<'a>(
        &self,
        revision: u64,
        with: BuiltWith,
        before: &Before,
        after: &After<'_>,
        now: impl Iterator<Item = &'a Extraction>,
    ) -> Self {
        let mut next = Self {
            revisions: self.revisions.clone(),
            changes: self.changes.clone(),
            decisions: self.decisions.clone(),
            entity_decisions: self.entity_decisions.clone(),
            files: after.files.clone(),
            ..Self::default()
        };
        next.revisions.insert(revision, with);
        next.changes.extend(changes(revision, &before.sources, after.sources));
        next.decisions.extend(decisions(revision, &before.judgements, after.judgements));
        next.entity_decisions.extend(entity_decisions(revision, &before.judgements, after.judgements));
        for extraction in now {
            let document = &extraction.document.id;
            let came_in = self.documents.get(document).copied().unwrap_or(revision);
            next.documents.insert(document.clone(), came_in);
            for claim in &extraction.claims {
                let learned = before.claims.get(&claim.id).copied().unwrap_or(revision);
                if learned != came_in {
                    next.claims.insert(claim.id.clone(), learned);
                }
            }
        }
        next
    }

    /// Takes out every record of these sources and documents.
    pub(crate) fn purge(&mut self, sources: &BTreeSet<String>, documents: &BTreeSet<DocumentId>) {
        self.changes.retain(|change| {
            let named = |document: &DocumentId| documents.contains(document);
            !sources.contains(&change.source) && !named(&change.document) && !change.replaced_by.iter().any(named)
        });
        self.files.retain(|source, _| !sources.contains(source));
        self.decisions.retain(|decision| !documents.contains(&decision.document));
    }

    /// Its quads, all in `gx:graph/history`.
    pub(crate) fn quads(&self, vocabulary: &Vocabulary) -> Vec<Quad> {
        let mut records = Records::new(vocabulary, vocabulary.history_graph());
        for (revision, with) in &self.revisions {
            let iri = vocabulary.revision(*revision);
            records.kind(&iri, "Revision");
            records.number(&iri, "revision", *revision);
            if let Some(rules) = &with.rules {
                records.text(&iri, "rules", rules);
            }
            let confidence = decimal_literal(Decimal::new(i64::from(with.fact_confidence.thousandths()), 3));
            records.record(&iri, "factConfidence", confidence);
        }
        for (document, revision) in &self.documents {
            records.number(&vocabulary.document(document), "learnedIn", *revision);
        }
        for (claim, revision) in &self.claims {
            records.number(&vocabulary.claim(claim), "learnedIn", *revision);
        }
        self.changes.iter().for_each(|change| change_quads(change, &mut records));
        self.decisions.iter().for_each(|decision| decision_quads(decision, &mut records));
        self.entity_decisions.iter().for_each(|decision| entity_decision_quads(decision, &mut records));
        for (source, file) in &self.files {
            let iri = vocabulary.record(&digits(source));
            records.kind(&iri, "Record");
            records.text(&iri, "source", source);
            records.text(&iri, "readFrom", file);
        }
        records.quads
    }

    /// Reads back what [`History::quads`] wrote; whatever is not understood is passed over.
    pub(crate) fn of(quads: impl IntoIterator<Item = Quad>, vocabulary: &Vocabulary) -> Self {
        let mut history = Self::default();
        record::each(quads, vocabulary, |record| history.read(&record));
        history
    }

    fn read(&mut self, record: &Record<'_>) {
        if let Some(revision) = record.number("learnedIn") {
            if let Some(document) = record.vocabulary.document_id(record.iri) {
                self.documents.insert(document, revision);
            } else if let Some(claim) = record.vocabulary.claim_id(record.iri) {
                self.claims.insert(claim, revision);
            }
        } else if let (Some(revision), Some(with)) = (record.number("revision"), built_with(record)) {
            self.revisions.insert(revision, with);
        } else if let (Some(source), Some(file)) = (record.text("source"), record.text("readFrom")) {
            self.files.insert(source.to_owned(), file.to_owned());
        } else if let Some(decision) = decision_of(record) {
            self.decisions.insert(decision);
        } else if let Some(decision) = entity_decision_of(record) {
            self.entity_decisions.insert(decision);
        } else {
            self.changes.extend(change_of(record));
        }
    }
}

fn changes<'a>(
    revision: u64,
    before: &'a BTreeMap<String, DocumentId>,
    now: &'a BTreeMap<String, DocumentId>,
) -> impl Iterator<Item = Change> {
    before.iter().filter_map(move |(source, document)| {
        let replaced_by = now.get(source);
        (replaced_by != Some(document)).then(|| Change {
            revision,
            source: source.clone(),
            document: document.clone(),
            replaced_by: replaced_by.cloned(),
        })
    })
}

fn decisions(revision: u64, before: &Judgements, now: &Judgements) -> Vec<Decision> {
    let decision = |judgement: &ClaimJudgement, verdict| Decision {
        revision,
        claim: judgement.claim.clone(),
        document: judgement.document.clone(),
        verdict,
        because: judgement.because.clone(),
    };
    let made = now.claims().filter(|judgement| before.on(judgement) != Some(judgement));
    let withdrawn = before.claims().filter(|judgement| now.on(judgement).is_none());
    let made = made.map(|judgement| decision(judgement, Some(judgement.verdict)));
    made.chain(withdrawn.map(|judgement| decision(judgement, None))).collect()
}

fn entity_decisions(revision: u64, before: &Judgements, now: &Judgements) -> Vec<EntityDecision> {
    let decision = |judgement: &EntityJudgement, verdict| EntityDecision {
        revision,
        one: judgement.one.clone(),
        other: judgement.other.clone(),
        verdict,
        because: judgement.because.clone(),
    };
    let is_known = |judgements: &Judgements, judgement: &EntityJudgement| {
        judgements.on_entities(&judgement.one, &judgement.other) == Some(judgement)
    };
    let made = now.entities().filter(|judgement| !is_known(before, judgement));
    let withdrawn = before.entities().filter(|known| now.on_entities(&known.one, &known.other).is_none());
    let made = made.map(|judgement| decision(judgement, Some(judgement.verdict)));
    made.chain(withdrawn.map(|judgement| decision(judgement, None))).collect()
}

/// A source changes at most once in a revision, and so does what is decided on a claim or on two entities.
fn id_of(revision: u64, what: &str) -> String {
    digits(&format!("{revision} {what}"))
}

fn digits(text: &str) -> String {
    let digest = Sha256::digest(text);
    digest[..16].iter().map(|byte| format!("{byte:02x}")).collect()
}

fn change_quads(change: &Change, records: &mut Records<'_>) {
    let vocabulary = records.vocabulary;
    let iri = vocabulary.change(&id_of(change.revision, &change.source));
    records.kind(&iri, "Change");
    records.number(&iri, "revision", change.revision);
    records.text(&iri, "source", &change.source);
    records.record(&iri, "document", vocabulary.document(&change.document));
    if let Some(document) = &change.replaced_by {
        records.record(&iri, "replacedBy", vocabulary.document(document));
    }
}

fn change_of(record: &Record<'_>) -> Option<Change> {
    Some(Change {
        revision: record.number("revision")?,
        source: record.text("source")?.to_owned(),
        document: document_at(record, "document")?,
        replaced_by: document_at(record, "replacedBy"),
    })
}

fn decision_quads(decision: &Decision, records: &mut Records<'_>) {
    let vocabulary = records.vocabulary;
    let iri = vocabulary.decision(&id_of(decision.revision, &format!("{} {}", decision.document, decision.claim)));
    records.kind(&iri, "Decision");
    records.number(&iri, "revision", decision.revision);
    records.record(&iri, "judges", vocabulary.claim(&decision.claim));
    records.record(&iri, "document", vocabulary.document(&decision.document));
    if let Some(verdict) = decision.verdict {
        records.record(&iri, "verdict", vocabulary.term(verdict.name()));
    }
    records.text(&iri, "because", &decision.because);
}

fn decision_of(record: &Record<'_>) -> Option<Decision> {
    let verdict = record.iris("verdict").find_map(|iri| record.vocabulary.term_name(iri));
    Some(Decision {
        revision: record.number("revision")?,
        claim: record.iris("judges").find_map(|claim| record.vocabulary.claim_id(claim))?,
        document: document_at(record, "document")?,
        verdict: verdict.and_then(|verdict| verdict.parse().ok()),
        because: record.text("because")?.to_owned(),
    })
}

fn entity_decision_quads(decision: &EntityDecision, records: &mut Records<'_>) {
    let vocabulary = records.vocabulary;
    let EntityDecision { revision, one, other, verdict, because } = decision;
    let iri = vocabulary.decision(&id_of(*revision, &format!("{one}~{other}")));
    records.kind(&iri, "Decision");
    records.number(&iri, "revision", *revision);
    records.record(&iri, "judges", vocabulary.entity(one));
    records.record(&iri, "judges", vocabulary.entity(other));
    if let Some(verdict) = verdict {
        records.record(&iri, "verdict", vocabulary.term(verdict.name()));
    }
    records.text(&iri, "because", because);
}

fn entity_decision_of(record: &Record<'_>) -> Option<EntityDecision> {
    let verdict = record.iris("verdict").find_map(|iri| record.vocabulary.term_name(iri));
    let mut judged: Vec<EntityId> =
        record.iris("judges").filter_map(|entity| record.vocabulary.entity_id(entity)).collect();
    judged.sort();
    let [one, other] = judged.try_into().ok()?;
    Some(EntityDecision {
        revision: record.number("revision")?,
        one,
        other,
        verdict: verdict.and_then(|verdict| verdict.parse().ok()),
        because: record.text("because")?.to_owned(),
    })
}

fn document_at(record: &Record<'_>, property: &str) -> Option<DocumentId> {
    record.iris(property).find_map(|iri| record.vocabulary.document_id(iri))
}

fn built_with(record: &Record<'_>) -> Option<BuiltWith> {
    let confidence: Decimal = record.text("factConfidence")?.parse().ok()?;
    let thousandths = u16::try_from((confidence * Decimal::ONE_THOUSAND).round()).ok()?;
    Some(BuiltWith {
        rules: record.text("rules").map(str::to_owned),
        fact_confidence: Confidence::from_thousandths(thousandths),
    })
}
