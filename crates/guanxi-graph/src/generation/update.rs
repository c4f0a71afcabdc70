//! The one way to change a store: read the current generation, change its documents, write the next one.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read;
use std::path::Path;

use guanxi_model::{Claim, ClaimId, Confidence, Document, DocumentId, Extraction, Import, Judgements, Status};
use oxigraph::model::{GraphName, NamedNode, Quad, Term};

use super::build::{Built, Kept, Readings, build};
use super::error::{At, StoreError};
use super::folder::{Folder, Held};
use super::meta::{Counts, FORMAT, Form, JudgementsAt, Meta};
use super::{BuildConfig, Knowledge, disk, each_of_dump, hex, names, quads_of, table, weighed};
use crate::decode::decode_readings;
use crate::encode::{ENCODING, canonical};
use crate::history::{After, Before, BuiltWith, History};
use crate::identity::judgements_of;
use crate::import::{self, Imports};
use crate::judge::{self, judged_of, unjudged};
use crate::quads::Quads;
use crate::{Seal, Vocabulary, snapshot};

/// How the source of a record begins: `news.jsonl#7`.
const RECORD: &str = ".jsonl#";
/// Digits of a content's hash that are enough to name it.
const HASH_PREFIX: usize = 8;

/// What a commit did.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Summary {
    /// Whether a new generation was written.
    pub changed: bool,
    /// The current revision.
    pub revision: u64,
    /// Sources that were new to the store.
    pub added: usize,
    /// Sources whose content was replaced, or read anew.
    pub replaced: usize,
    /// Sources forgotten.
    pub forgotten: usize,
    /// Judgements of the state before that hold no longer, purged ones aside.
    pub withdrawn: usize,
    /// The ids of claims of which a judgement says something else than they do: these judgements do not hold.
    pub contradicted: Vec<ClaimId>,
    /// What the store holds now.
    pub counts: Counts,
    /// How many facts texts tell, by status; those of the reference data and derived ones are counted in `counts` alone.
    pub told: BTreeMap<Status, u64>,
}

/// A change to a store; holds the writer's lock until it is committed or dropped.
///
/// A document is its content: sources with the same bytes share one. A source with new content leaves its old document,
/// and a document goes with its last source. Dropping an update changes nothing.
#[derive(Debug)]
pub struct Update<'a> {
    folder: Folder,
    /// Closing the file gives the lock back.
    _lock: File,
    knowledge: Knowledge<'a>,
    config: BuildConfig,
    vocabulary: Vocabulary,
    before: Option<Meta>,
    /// Fingerprint of the knowledge that it was weighed by, where it is known.
    weighed_by: Option<String>,
    /// What the store held before, and what had happened to it.
    known: Before,
    history: History,
    /// Number of the revision that a dump with its history was made of.
    restored: Option<u64>,
    readings: Readings,
    /// Which of them nothing was changed of.
    kept: Option<Kept>,
    imports: Imports,
    imports_changed: bool,
    /// Where each source stands in `readings`.
    sources: BTreeMap<String, DocumentId>,
    /// The file of each source that is a record and does not say so itself.
    files: BTreeMap<String, String>,
    added: usize,
    replaced: usize,
    forgotten: usize,
    purged: Option<Purged>,
}

/// What nothing may be left of.
#[derive(Debug, Default)]
struct Purged {
    sources: BTreeSet<String>,
    documents: BTreeSet<DocumentId>,
}

impl<'a> Update<'a> {
    /// Takes the writer's lock of the store in `folder`, which is made at need, and cleans up after a killed build.
    ///
    /// # Errors
    /// If another process writes, the place cannot be written, or what stands there is no store of this version.
    pub fn begin(folder: &Path, knowledge: Knowledge<'a>, config: BuildConfig) -> Result<Update<'a>, StoreError> {
        let vocabulary = vocabulary_of(&config.base)?;
        if config.form == Form::Disk && !cfg!(feature = "disk") {
            return Err(StoreError::DiskNotCompiledIn);
        }
        let (folder, lock) = Folder::for_writing(folder)?;
        if folder.current()?.is_none() {
            take_up_first(&folder)?;
        }
        let mut update = Update {
            folder,
            _lock: lock,
            knowledge,
            config,
            vocabulary,
            before: None,
            weighed_by: None,
            known: Before::default(),
            history: History::default(),
            restored: None,
            readings: Readings::new(),
            kept: None,
            imports: Imports::new(),
            imports_changed: false,
            sources: BTreeMap::new(),
            files: BTreeMap::new(),
            added: 0,
            replaced: 0,
            forgotten: 0,
            purged: None,
        };
        if update.folder.current()?.is_some() {
            update.read_current()?;
        }
        Ok(update)
    }

    /// Whether `source` was read before with this content, by the same rules: no need to read it again.
    pub fn has(&self, source: &str, document: &DocumentId) -> bool {
        let same_rules = self.before.as_ref().is_some_and(|before| before.rules == self.config.rules);
        same_rules && self.sources.get(source) == Some(document)
    }

    /// Adds what was read, in place of what the same source held before.
    pub fn add(&mut self, extraction: Extraction) {
        match self.insert(canonical(extraction)) {
            true => self.replaced += 1,
            false => self.added += 1,
        }
    }

    /// Whether this import was read before from a file of this content.
    pub fn has_import(&self, source: &str, hash: &DocumentId) -> bool {
        self.imports.get(source).is_some_and(|known| known.hash == *hash)
    }

    /// Adds a file of a register, in place of the one of the same source.
    pub fn add_import(&mut self, import: Import) {
        self.imports_changed = true;
        match self.imports.insert(import.source.clone(), import::canonical(import)) {
            Some(_) => self.replaced += 1,
            None => self.added += 1,
        }
    }

    /// Every source that the store holds now, sorted.
    pub fn sources(&self) -> impl Iterator<Item = &str> {
        self.sources.keys().map(String::as_str)
    }

    /// The file that a source is a record of, if it is one.
    pub fn file_of<'b>(&'b self, source: &'b str) -> Option<&'b str> {
        self.files.get(source).map(String::as_str).or_else(|| {
            let (file, _) = source.split_once(RECORD)?;
            Some(&source[..file.len() + RECORD.len() - 1])
        })
    }

    /// Notes in which file a record stands, to find it there when it is gone.
    pub fn stands_in(&mut self, source: &str, file: &str) {
        let says_so = source.strip_prefix(file).is_some_and(|rest| rest.starts_with('#'));
        if !says_so {
            self.files.insert(source.to_owned(), file.to_owned());
        }
    }

    /// Forgets one source; whether it was there.
    pub fn forget_source(&mut self, source: &str) -> bool {
        let was_there = self.remove(source);
        self.forgotten += usize::from(was_there);
        was_there
    }

    /// Adds every document of a dump, as it was read when the dump was made. Where the dump has its history and the store
    /// is new, the history goes on from there: same revision, same rules, and the same least confidence of plain triples
    /// unless `fact_confidence` is another one.
    ///
    /// # Errors
    /// If these are no N-Quads, hold no document of ours, or a verdict that nobody gave; if they are not all of them, or
    /// others than those that were dumped, unless their seal is waived.
    pub fn restore(
        &mut self,
        nquads: impl Read,
        seal: Seal,
        fact_confidence: Option<Confidence>,
    ) -> Result<(), StoreError> {
        let mut documents: BTreeMap<DocumentId, Vec<Quad>> = BTreeMap::new();
        let mut history = Vec::new();
        let mut judgements = Vec::new();
        let mut imports: BTreeMap<String, Vec<Quad>> = BTreeMap::new();
        let history_graph = self.vocabulary.history_graph();
        let judgements_graph = self.vocabulary.judgements_graph();
        let read = each_of_dump(nquads, seal, |quad| {
            let GraphName::NamedNode(graph) = &quad.graph_name else { return };
            if let Some(document) = self.vocabulary.document_id(graph.as_ref()) {
                documents.entry(document).or_default().push(quad);
            } else if let Some(source) = self.vocabulary.import_source(graph.as_ref()) {
                imports.entry(source).or_default().push(quad);
            } else if *graph == history_graph {
                history.push(quad);
            } else if *graph == judgements_graph {
                judgements.push(quad);
            }
        });
        if documents.is_empty() && imports.is_empty() && !matches!(read, Err(StoreError::NoDump { .. })) {
            return Err(StoreError::no_dump(&"no document stands in them"));
        }
        read?;
        let entity_judgements = judgements_of(judgements.iter().cloned(), &self.vocabulary);
        let judged = judged_of(judgements, &self.vocabulary);
        if let Some(claim) = unjudged(documents.values().flatten(), &judged, &self.vocabulary) {
            let message = format!("claim {claim} is rejected in them, and no judgement says why");
            return Err(StoreError::no_dump(&message));
        }
        for (source, quads) in imports {
            let import = import::of_quads(quads, &self.vocabulary);
            self.add_import(import.ok_or_else(|| StoreError::no_dump(&format!("the import {source} cannot be read")))?);
        }
        for quads in documents.into_values() {
            let readings = decode_readings(quads, &self.vocabulary).map_err(|error| StoreError::no_dump(&error))?;
            readings.into_iter().for_each(|reading| self.add(reading));
        }
        for judged in judged {
            self.config.judgements.add(judged.judgement);
        }
        for judgement in entity_judgements {
            self.config.judgements.add_entities(judgement);
        }
        let history = History::of(history, &self.vocabulary);
        if let (Some((revision, with)), None) = (history.revisions.last_key_value(), &self.before) {
            self.config.rules = with.rules.clone();
            self.config.fact_confidence = with.fact_confidence;
            self.restored = Some(*revision);
            self.files = history.files.clone();
            self.known = Before {
                claims: self.learned(&history),
                judgements: self.config.judgements.clone(),
                ..Before::default()
            };
            self.history = history;
        }
        self.config.fact_confidence = fact_confidence.unwrap_or(self.config.fact_confidence);
        Ok(())
    }

    /// Every claim with all that its document says, as the first source of the document gives it.
    pub fn claims(&self) -> impl Iterator<Item = (&Claim, &Extraction)> {
        first_readings(&self.readings).flat_map(|reading| reading.claims.iter().map(move |claim| (claim, reading)))
    }

    /// What the current generation says about itself; `None` before the first build.
    pub fn before(&self) -> Option<&Meta> {
        self.before.as_ref()
    }

    /// What was decided on claims in the current generation.
    pub fn judgements_before(&self) -> &Judgements {
        &self.known.judgements
    }

    /// Says where the judgements are kept from now on.
    pub fn keep_judgements_at(&mut self, place: JudgementsAt) {
        self.config.judgements_at = place;
    }

    /// What people decided on claims: those of the settings, and those of a restored dump.
    pub fn judgements(&self) -> &Judgements {
        &self.config.judgements
    }

    /// Changes what people decided on claims; it is the caller's to keep it.
    pub fn judgements_mut(&mut self) -> &mut Judgements {
        &mut self.config.judgements
    }

    /// Forgets every source that `selector` names: the source itself, the name of a document, its hash or at least the
    /// first eight digits of it. The number of sources gone.
    pub fn forget(&mut self, selector: &str) -> usize {
        let gone = named(&self.readings, selector);
        for (source, _) in &gone {
            self.remove(source);
        }
        let gone = gone.len() + self.forget_imports(selector);
        self.forgotten += gone;
        gone
    }

    /// The source of every import that the store holds now, sorted.
    pub fn imports(&self) -> impl Iterator<Item = &str> {
        self.imports.keys().map(String::as_str)
    }

    /// Whether the store holds nothing that was read, and never did.
    pub fn is_blank(&self) -> bool {
        self.before.is_none() && self.sources.is_empty() && self.imports.is_empty()
    }

    /// Changes nothing; of a store that was to be made now, takes away what [`Update::begin`] has laid out for it.
    pub fn give_up(self) {
        if self.before.is_none() {
            self.folder.remove_empty();
        }
    }

    fn forget_imports(&mut self, selector: &str) -> usize {
        let (is_named, before) = (Selector::of(selector), self.imports.len());
        self.imports.retain(|source, import| !is_named.names(&import.hash, source));
        self.imports_changed |= self.imports.len() < before;
        before - self.imports.len()
    }

    /// Forgets as [`Update::forget`] does, and sees to it that nothing of the texts is left: [`Update::commit`] then also
    /// removes every older generation and what the history says of them, and judgements that quote them are dropped.
    /// Sources that are forgotten already, and stand in an older generation or in the history only, are found too. The
    /// number of sources.
    ///
    /// # Errors
    /// If an older generation cannot be read.
    pub fn purge(&mut self, selector: &str) -> Result<usize, StoreError> {
        let mut found: BTreeSet<(String, DocumentId)> = named(&self.readings, selector).into_iter().collect();
        for revision in self.folder.revisions()? {
            let is_older = self.before.as_ref().is_some_and(|before| before.revision != revision);
            if let Some(held) = if is_older { self.folder.hold(revision)? } else { None } {
                let (quads, vocabulary) = (quads_of(&held.folder, &held.meta)?, vocabulary_of(&held.meta.base)?);
                found.extend(named(&readings_of(&quads, &vocabulary, &held.folder)?, selector));
            }
        }
        let is_named = Selector::of(selector);
        for change in &self.history.changes {
            if is_named.names(&change.document, &change.source) {
                found.insert((change.source.clone(), change.document.clone()));
            }
        }
        let imports = self.imports.len();
        self.forget(selector);
        let imports = imports - self.imports.len();
        if found.is_empty() {
            if imports > 0 {
                self.purged.get_or_insert_default();
            }
            return Ok(imports);
        }
        let purged = self.purged.get_or_insert_default();
        let sources: BTreeSet<String> = found.iter().map(|(source, _)| source.clone()).collect();
        let number = sources.len();
        purged.sources.extend(sources);
        purged.documents.extend(found.into_iter().map(|(_, document)| document));
        // What another source still holds is not to go.
        purged.documents.retain(|document| !self.readings.contains_key(document));
        self.config.judgements.forget(&purged.documents);
        Ok(number + imports)
    }

    /// Writes a new generation, makes it the current one and removes old ones that nobody reads; does nothing if the new
    /// one would be equal to the current one. Facts, reference data and derivations are always computed anew, unless nothing
    /// that they depend on has changed.
    ///
    /// # Errors
    /// If writing fails; the store then stays at its last whole generation. After a purge also [`StoreError::InUse`], if
    /// somebody reads an older generation, which then has to stay: the new generation is written all the same.
    pub fn commit(self) -> Result<Summary, StoreError> {
        self.commit_with(|| Ok(()))
    }

    /// As [`Update::commit`]; `last` is called when all is written and nothing is left to do but to name the new
    /// generation the current one. Where it fails, the store stays as it was.
    ///
    /// # Errors
    /// As [`Update::commit`], and those of `last`.
    pub fn commit_with<E: From<StoreError>>(mut self, last: impl FnOnce() -> Result<(), E>) -> Result<Summary, E> {
        self.files.retain(|source, _| self.sources.contains_key(source));
        if let Some((before, kept)) = self.unchanged() {
            last()?;
            let (revision, counts) = (before.revision, before.counts);
            let told = told(&kept.quads, &self.vocabulary)?;
            return Ok(self.summary(false, revision, counts, told, self.contradicted()));
        }
        let revision = self.restored.unwrap_or_else(|| self.before.as_ref().map_or(1, |before| before.revision + 1));
        let history = self.next_history(revision);
        // A purge may find in the history, and there alone, what it is after.
        let same_history = history.files == self.history.files
            && (self.purged.is_none()
                || (history.changes == self.history.changes && history.decisions == self.history.decisions));
        let history = history.quads(&self.vocabulary);
        // What was read goes before the quads are written, which takes as much room again.
        let (readings, imports) = (std::mem::take(&mut self.readings), std::mem::take(&mut self.imports));
        let kept = self.kept.take();
        let mut built = build(readings, kept, imports, history, &self.knowledge, &self.config, &self.vocabulary);
        let (contradicted, told) = (std::mem::take(&mut built.contradicted), std::mem::take(&mut built.told));
        let meta = self.meta(revision, built.counts, hex(&built.contents));
        let unchanged =
            self.before.as_ref().filter(|before| Meta { revision: before.revision, ..meta.clone() } == **before);
        let unchanged = unchanged.filter(|_| same_history);
        let revision = match unchanged {
            Some(before) => {
                weighed::write(&self.folder.generation(before.revision), self.knowledge.fingerprint)?;
                last()?;
                before.revision
            }
            None => {
                self.write(built, &meta, last).inspect_err(|_| self.folder.discard(meta.revision))?;
                self.folder.prune(self.keep()?)?;
                meta.revision
            }
        };
        if self.purged.is_some() {
            self.remove_older(revision)?;
        }
        Ok(self.summary(unchanged.is_none(), revision, meta.counts, told, contradicted))
    }

    /// The generation that stands, where nothing has changed that the next one would be computed of.
    fn unchanged(&self) -> Option<(&Meta, &Kept)> {
        let (before, kept) = (self.before.as_ref()?, self.kept.as_ref()?);
        let same_knowledge = self.weighed_by.is_some() && self.weighed_by.as_deref() == self.knowledge.fingerprint;
        let same_settings = self.meta(before.revision, before.counts, before.checksum.clone()) == *before;
        let same_documents = self.sources == self.known.sources && kept.documents.len() == self.readings.len();
        let same_judgements = self.config.judgements == self.known.judgements;
        let same_imports = !self.imports_changed && self.files == self.history.files && self.purged.is_none();
        (same_knowledge && same_settings && same_documents && same_judgements && same_imports).then_some((before, kept))
    }

    fn meta(&self, revision: u64, counts: Counts, checksum: String) -> Meta {
        Meta {
            format: FORMAT,
            revision,
            form: self.config.form,
            base: self.config.base.clone(),
            fact_confidence: self.config.fact_confidence,
            rules: self.config.rules.clone(),
            encoding: ENCODING,
            judgements: self.config.judgements_at.clone(),
            counts,
            checksum,
        }
    }

    fn summary(
        &self,
        changed: bool,
        revision: u64,
        counts: Counts,
        told: BTreeMap<Status, u64>,
        contradicted: Vec<ClaimId>,
    ) -> Summary {
        Summary {
            changed,
            revision,
            added: self.added,
            replaced: self.replaced,
            forgotten: self.forgotten,
            withdrawn: self.withdrawn(),
            contradicted,
            counts,
            told,
        }
    }

    /// See [`Summary::contradicted`]; of the documents as they were read.
    fn contradicted(&self) -> Vec<ClaimId> {
        let first: Vec<&Extraction> = first_readings(&self.readings).collect();
        judge::contradicted(&judge::judged(&first, &self.config.judgements, self.knowledge.schema), &first)
    }

    fn withdrawn(&self) -> usize {
        let is_purged =
            |document: &DocumentId| self.purged.as_ref().is_some_and(|purged| purged.documents.contains(document));
        let before = self.known.judgements.claims();
        let gone = before.filter(|judgement| self.config.judgements.on(judgement).is_none());
        let entities = self.known.judgements.entities();
        let parted = entities.filter(|known| self.config.judgements.on_entities(&known.one, &known.other).is_none());
        gone.filter(|judgement| !is_purged(&judgement.document)).count() + parted.count()
    }

    /// How many older generations are to stay.
    fn keep(&self) -> Result<usize, StoreError> {
        match (self.config.keep, &self.before) {
            (Some(keep), _) => Ok(keep),
            (None, None) => Ok(0),
            // The new one is there, and the one that was current is one of the older.
            (None, Some(_)) => Ok(self.folder.revisions()?.len().saturating_sub(2)),
        }
    }

    fn write<E: From<StoreError>>(
        &self,
        built: Built,
        meta: &Meta,
        last: impl FnOnce() -> Result<(), E>,
    ) -> Result<(), E> {
        let folder = self.folder.begin(meta.revision)?;
        let Built { quads, contents, entities, draft, .. } = built;
        match meta.form {
            Form::Table => table::write(&folder, quads, contents, meta)?,
            Form::Disk => disk::write(&folder, quads)?,
        }
        names::write(&folder, &entities)?;
        let Knowledge { schema, reference, fingerprint, .. } = self.knowledge;
        snapshot::write(draft, &entities, reference, schema, meta, &folder).at(&folder)?;
        weighed::write(&folder, fingerprint)?;
        self.folder.finish(meta.revision, &folder, meta, last)
    }

    fn remove_older(&self, revision: u64) -> Result<(), StoreError> {
        self.folder.prune(0)?;
        let mut left = self.folder.revisions()?;
        left.retain(|older| *older != revision);
        if left.is_empty() { Ok(()) } else { Err(StoreError::InUse { path: self.folder.path().to_owned(), left }) }
    }

    fn next_history(&self, revision: u64) -> History {
        let BuildConfig { rules, fact_confidence, .. } = &self.config;
        let with = BuiltWith { rules: rules.clone(), fact_confidence: *fact_confidence };
        let after = After { sources: &self.sources, judgements: &self.config.judgements, files: &self.files };
        let mut next = self.history.next(revision, with, &self.known, &after, first_readings(&self.readings));
        if let Some(Purged { sources, documents }) = &self.purged {
            next.purge(sources, documents);
        }
        next
    }

    /// Every claim with the revision in which it was learned.
    fn learned(&self, history: &History) -> BTreeMap<ClaimId, u64> {
        let claims = first_readings(&self.readings).flat_map(|reading| &reading.claims);
        claims.filter_map(|claim| Some((claim.id.clone(), history.learned_in(claim)?))).collect()
    }

    fn read_current(&mut self) -> Result<(), StoreError> {
        let Held { folder, meta, lock: _lock } = self.folder.hold_current()?;
        let vocabulary = vocabulary_of(&meta.base)?;
        let quads = quads_of(&folder, &meta)?;
        for reading in readings_of(&quads, &vocabulary, &folder)?.into_values().flat_map(BTreeMap::into_values) {
            self.insert(reading);
        }
        for graph in quads.named_graphs() {
            let graph = graph?;
            let GraphName::NamedNode(iri) = &graph else { continue };
            let Some(source) = vocabulary.import_source(iri.as_ref()) else { continue };
            // What it says of entities stands in its records, too.
            let mut failed = None;
            let about_import = quads.quads_for_pattern(Some(iri.as_ref().into()), None, None, Some(graph.as_ref()));
            let read = about_import.map_while(|quad| quad.map_err(|error| failed = Some(error)).ok());
            let import = import::of_quads(read, &vocabulary);
            failed.map_or(Ok(()), Err)?;
            let import =
                import.ok_or_else(|| StoreError::corrupt(&folder, format!("the import {source} cannot be read")))?;
            self.imports.insert(source, import);
        }
        let graph = |graph: NamedNode| {
            let quads = quads.quads_for_pattern(None, None, None, Some(graph.as_ref().into()));
            quads.collect::<Result<Vec<_>, _>>()
        };
        self.history = History::of(graph(vocabulary.history_graph())?, &vocabulary);
        self.files = self.history.files.clone();
        let mut judgements = Judgements::default();
        let judged = judged_of(graph(vocabulary.judgements_graph())?, &vocabulary);
        judged.into_iter().for_each(|judged| judgements.judge(judged.judgement));
        let entities = judgements_of(graph(vocabulary.judgements_graph())?, &vocabulary);
        entities.into_iter().for_each(|judgement| judgements.judge_entities(judgement));
        self.known = Before { sources: self.sources.clone(), claims: self.learned(&self.history), judgements };
        if (meta.encoding, &meta.base) == (ENCODING, &self.config.base) {
            self.kept = Some(Kept { quads, documents: self.readings.keys().cloned().collect() });
        }
        self.weighed_by = weighed::read(&folder);
        self.before = Some(meta);
        Ok(())
    }

    /// Whether the source held something before.
    fn insert(&mut self, extraction: Extraction) -> bool {
        let (source, document) = (extraction.document.source.clone(), extraction.document.id.clone());
        let file = self.files.remove(&source);
        let was_there = self.remove(&source);
        self.files.extend(file.map(|file| (source.clone(), file)));
        self.sources.insert(source.clone(), document.clone());
        self.changes(&document);
        self.readings.entry(document).or_default().insert(source, extraction);
        was_there
    }

    fn remove(&mut self, source: &str) -> bool {
        let Some(document) = self.sources.remove(source) else { return false };
        self.files.remove(source);
        self.changes(&document);
        if let Some(readings) = self.readings.get_mut(&document) {
            readings.remove(source);
            if readings.is_empty() {
                self.readings.remove(&document);
            }
        }
        true
    }

    /// Notes that a document is to be written anew.
    fn changes(&mut self, document: &DocumentId) {
        if let Some(kept) = &mut self.kept {
            kept.documents.remove(document);
        }
    }
}

/// Makes a first generation the current one that stands there whole and is not named: its build was killed in the last
/// moment, or what named it was lost.
fn take_up_first(folder: &Folder) -> Result<(), StoreError> {
    if let Some(held) = folder.hold(1)? {
        quads_of(&held.folder, &held.meta)?;
        folder.name_current(1)?;
    }
    Ok(())
}

/// Everything that was read for the generation in `folder`.
fn readings_of(quads: &Quads, vocabulary: &Vocabulary, folder: &Path) -> Result<Readings, StoreError> {
    let mut readings = Readings::new();
    for graph in quads.named_graphs() {
        let graph = graph?;
        let GraphName::NamedNode(iri) = &graph else { continue };
        let Some(document) = vocabulary.document_id(iri.as_ref()) else { continue };
        let quads = quads.quads_for_pattern(None, None, None, Some(graph.as_ref()));
        let decoded = decode_readings(quads.collect::<Result<Vec<_>, _>>()?, vocabulary)
            .map_err(|error| StoreError::corrupt(folder, error.to_string()))?;
        let by_source = decoded.into_iter().map(|reading| (reading.document.source.clone(), reading));
        readings.insert(document, by_source.collect());
    }
    Ok(readings)
}

/// Every source that `selector` names, with its document. Where it is a source, it names no other one: the file `a.txt`
/// of a folder is called `a.txt`, too.
fn named(readings: &Readings, selector: &str) -> Vec<(String, DocumentId)> {
    let documents = || readings.values().flat_map(BTreeMap::values).map(|reading| &reading.document);
    let pair = |document: &Document| (document.source.clone(), document.id.clone());
    if let Some(document) = documents().find(|document| document.source == selector) {
        return vec![pair(document)];
    }
    let is_named = Selector::of(selector);
    documents().filter(|document| is_named.names(&document.id, &document.name)).map(pair).collect()
}

/// Which documents are meant: by source or name, or by the hash of their content.
struct Selector<'a> {
    name: &'a str,
    hash: Option<String>,
}

impl<'a> Selector<'a> {
    fn of(name: &'a str) -> Self {
        let hash = name.to_ascii_lowercase();
        let is_hash = hash.len() >= HASH_PREFIX && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        Self { name, hash: is_hash.then_some(hash) }
    }

    fn names(&self, document: &DocumentId, name: &str) -> bool {
        name == self.name || self.hash.as_ref().is_some_and(|hash| document.as_str().starts_with(hash))
    }
}

/// How many facts the texts of a generation tell, by status.
fn told(quads: &Quads, vocabulary: &Vocabulary) -> Result<BTreeMap<Status, u64>, StoreError> {
    let (basis, text, status) = (vocabulary.term("basis"), vocabulary.term("text"), vocabulary.term("status"));
    let mut told = BTreeMap::new();
    for fact in quads.quads_for_pattern(None, Some(basis.as_ref()), Some(text.as_ref().into()), None) {
        let Quad { subject, graph_name, .. } = fact?;
        let (fact, graph) = (Some(subject.as_ref()), Some(graph_name.as_ref()));
        for quad in quads.quads_for_pattern(fact, Some(status.as_ref()), None, graph) {
            if let Term::NamedNode(name) = quad?.object
                && let Some(status) = vocabulary.term_name(name.as_ref()).and_then(|name| name.parse().ok())
            {
                *told.entry(status).or_default() += 1;
            }
        }
    }
    Ok(told)
}

/// What each document says, as its first source gives it.
pub(super) fn first_readings(readings: &Readings) -> impl Iterator<Item = &Extraction> {
    readings.values().filter_map(|sources| sources.values().next())
}

pub(super) fn vocabulary_of(base: &str) -> Result<Vocabulary, StoreError> {
    Vocabulary::new(base).ok_or_else(|| StoreError::BadBase { base: base.to_owned() })
}
