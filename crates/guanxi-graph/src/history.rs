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
//! ```

use std::collections::{BTreeMap, BTreeSet};

use guanxi_model::{Claim, ClaimId, Confidence, Decimal, DocumentId, Extraction};
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

/// What a store held before it was changed.
#[derive(Debug, Default)]
pub(crate) struct Before {
    /// Every source with its document.
    pub sources: BTreeMap<String, DocumentId>,
    /// Every claim with the revision in which it was learned.
    pub claims: BTreeMap<ClaimId, u64>,
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
        sources: &BTreeMap<String, DocumentId>,
        now: impl Iterator<Item = &'a Extraction>,
    ) -> Self {
        let mut next = Self { revisions: self.revisions.clone(), changes: self.changes.clone(), ..Self::default() };
        next.revisions.insert(revision, with);
        next.changes.extend(changes(revision, &before.sources, sources));
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

/// A source changes at most once in a revision.
fn id_of(change: &Change) -> String {
    let digest = Sha256::digest(format!("{} {}", change.revision, change.source));
    digest[..16].iter().map(|byte| format!("{byte:02x}")).collect()
}

fn change_quads(change: &Change, records: &mut Records<'_>) {
    let vocabulary = records.vocabulary;
    let iri = vocabulary.change(&id_of(change));
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
