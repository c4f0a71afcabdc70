//! The audit of a store, with the texts that it was built from as far as they are at hand.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use guanxi_extract::Input;
use guanxi_graph::Generation;
use guanxi_model::{Claim, DocumentId, PartialDate, Passage, Span};
use guanxi_query::audit::{Check, Dossier, Finding, audit};

use crate::Guanxi;
use crate::input::{Location, Read};
use crate::place::{file_of, path_of};

/// What an audit found, and what it could look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audited {
    /// Worst first.
    pub findings: Vec<Finding>,
    /// Number of documents of the store whose text was read.
    pub read: usize,
    /// Number of documents of which only the quotes of their claims were.
    pub quotes_only: usize,
}

impl Guanxi {
    /// Audits a store. `texts` are looked through for the documents of the store, known by their content; what else is
    /// among them is passed over. Of a document whose text is not among them only the quotes of its claims are read.
    ///
    /// # Panics
    /// As every method of [`Generation`], if its medium fails.
    pub fn audit<'a>(
        &self,
        generation: &Generation,
        texts: impl Iterator<Item = Read>,
        checks: impl IntoIterator<Item = &'a Check>,
        as_of: Option<PartialDate>,
    ) -> Audited {
        let documents: BTreeMap<DocumentId, Option<PartialDate>> =
            generation.documents().into_iter().map(|document| (document.id, document.published)).collect();
        let mut passages: Vec<Passage> = Vec::new();
        let mut seen: BTreeSet<DocumentId> = BTreeSet::new();
        for read in texts {
            let Read::Text(text) = read else { continue };
            let id = DocumentId::of(&text.bytes);
            if documents.contains_key(&id) && seen.insert(id) {
                passages.extend(self.extractor().passages(&(&text).into()));
            }
        }
        let unread = generation.claims().into_iter().filter(|claim| !seen.contains(&claim.document));
        let quotes = self.quoted(unread, &documents);
        let dossier = Dossier::of(generation, self.schema(), passages, quotes, as_of);
        Audited { findings: audit(&dossier, checks), read: seen.len(), quotes_only: documents.len() - seen.len() }
    }

    /// The quotes of claims, each stretch of a document once, read as sentences.
    fn quoted(
        &self,
        claims: impl Iterator<Item = Claim>,
        documents: &BTreeMap<DocumentId, Option<PartialDate>>,
    ) -> Vec<Passage> {
        let quotes: BTreeMap<(DocumentId, Span), String> =
            claims.map(|claim| ((claim.document, claim.evidence.span), claim.evidence.text)).collect();
        let mut passages = Vec::new();
        for ((document, span), quote) in quotes {
            let published = documents.get(&document).copied().flatten();
            let input = Input { published, ..Input::text("quote", quote.as_bytes()) };
            for passage in self.extractor().passages(&input) {
                let moved = Span::new(span.start + passage.span.start, span.start + passage.span.end);
                passages.push(Passage { document: document.clone(), span: moved, ..passage });
            }
        }
        passages
    }
}

/// The files that the documents of a store were read from, as far as they are still there.
pub fn sources(generation: &Generation) -> Vec<Location> {
    let sources = generation.sources().into_iter().map(|(source, _)| path_of(file_of(&source)));
    let files: BTreeSet<PathBuf> = sources.filter(|path| path.is_file()).collect();
    files.into_iter().map(Location::Path).collect()
}
