//! The stages put together: texts → claims, on several threads, in the order of the texts.

use std::io;
use std::path::{Path, PathBuf};

use guanxi_extract::Extractor;
use guanxi_graph::{BuildConfig, Form, Generation, Meta, StoreError, Summary, Update};
use guanxi_model::{Confidence, DocumentId, Extraction, Note, NoteKind};
use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::Guanxi;
use crate::input::Read;
use crate::judgements::{self, ChangeError, with_judgements};

/// What became of one text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// What it says.
    Extraction(Extraction),
    /// It could not be read, or not wholly.
    Note(Note),
}

/// What happens in a build, told as it goes on, in the order of the texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// Something is odd about an input.
    Note(&'a Note),
    /// A text was read; one that the store has already is passed over in silence.
    Extracted(&'a Extraction),
    /// All texts are read. Facts are weighed and the generation is written.
    Writing,
}

/// How to build; what is left open stays as the store has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BuildOptions {
    /// Least confidence of a plain triple; of a new store 0.70.
    pub fact_confidence: Option<Confidence>,
    /// Number of older generations to keep.
    pub keep: usize,
    /// The file of judgements; the one in the folder of the store.
    pub judgements: Option<PathBuf>,
}

/// What a build did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Built {
    /// What the store says.
    pub summary: Summary,
    /// Number of texts that were in the store already, with the same content.
    pub unchanged: usize,
    /// Number of texts that were extracted.
    pub extracted: usize,
    /// Everything odd about the inputs, in their order.
    pub notes: Vec<Note>,
}

/// What forgetting did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forgotten {
    /// How many sources each selector named, in the order of the selectors.
    pub sources: Vec<usize>,
    /// What the store says.
    pub summary: Summary,
}

impl Guanxi {
    /// Extracts every text and hands each result on, in the order of the texts, whatever the number of threads.
    ///
    /// Memory holds one chunk of texts at a time, a few megabytes for each thread, or one text that is larger.
    ///
    /// # Errors
    /// Whatever `each` returns; extraction itself never fails.
    pub fn extract<E>(
        &self,
        inputs: impl Iterator<Item = Read>,
        threads: usize,
        mut each: impl FnMut(Output) -> Result<(), E>,
    ) -> Result<(), E> {
        let workers = Workers::new(threads);
        for chunk in Chunks::new(inputs, threads) {
            workers.extract(self.extractor(), chunk).into_iter().try_for_each(&mut each)?;
        }
        Ok(())
    }

    /// Extracts what is new or changed and commits it to the store in `folder`, which is made at need.
    ///
    /// `tell` is called as things happen, in the order of the texts.
    ///
    /// # Errors
    /// The store cannot be opened or written. It is then what it was before.
    pub fn build(
        &self,
        folder: &Path,
        options: BuildOptions,
        inputs: impl Iterator<Item = Read>,
        threads: usize,
        mut tell: impl FnMut(Event<'_>),
    ) -> Result<Built, ChangeError> {
        let BuildOptions { fact_confidence, keep, judgements } = options;
        let settings = settings(folder)?;
        let config = BuildConfig {
            fact_confidence: fact_confidence.unwrap_or(settings.fact_confidence),
            keep,
            rules: Some(self.fingerprint().to_owned()),
            ..settings
        };
        let update = Update::begin(folder, self.knowledge(), config)?;
        let (mut update, _) = with_judgements(update, folder, judgements.as_deref())?;
        let workers = Workers::new(threads);
        let (mut unchanged, mut extracted, mut notes) = (0, 0, Vec::new());
        for mut chunk in Chunks::new(inputs, threads) {
            let before = chunk.len();
            chunk.retain(
                |read| !matches!(read, Read::Text(text) if update.has(&text.source, &DocumentId::of(&text.bytes))),
            );
            unchanged += before - chunk.len();
            for output in workers.extract(self.extractor(), chunk) {
                match output {
                    Output::Note(note) => {
                        tell(Event::Note(&note));
                        notes.push(note);
                    }
                    Output::Extraction(extraction) => {
                        extraction.notes.iter().for_each(|note| tell(Event::Note(note)));
                        tell(Event::Extracted(&extraction));
                        notes.extend(extraction.notes.iter().cloned());
                        // A text without words says nothing, not even that its source has nothing left to say:
                        // a file cut off by a full disk must not take away what was known.
                        if !extraction.notes.iter().any(is_textless) {
                            extracted += 1;
                            update.add(extraction);
                        }
                    }
                }
            }
        }
        tell(Event::Writing);
        let summary = update.commit()?;
        Ok(Built { summary, unchanged, extracted, notes })
    }

    /// Makes a store in `folder` of the N-Quads that a dump wrote. Facts are computed from its claims anew; they stand as
    /// plain triples from `fact_confidence` on, else as in the history of the dump, else from 0.70 on. What people decided
    /// on claims, as the dump has it, is written to the file of judgements.
    ///
    /// # Errors
    /// The quads cannot be read, hold no document, or the store cannot be written.
    pub fn restore(
        &self,
        folder: &Path,
        judgements: Option<&Path>,
        fact_confidence: Option<Confidence>,
        nquads: impl io::Read,
    ) -> Result<Built, ChangeError> {
        let (mut update, file) = self.begin(folder, judgements)?;
        update.restore(nquads, fact_confidence)?;
        judgements::write(&file, update.judgements())?;
        Ok(Built { summary: update.commit()?, unchanged: 0, extracted: 0, notes: Vec::new() })
    }

    /// Takes the documents that the selectors name out of the store in `folder`: path, record id, URL, or at least
    /// eight digits of a document's hash. `purge` leaves nothing of their texts: no older generation, no history, no
    /// judgement that quotes them.
    ///
    /// # Errors
    /// There is no store, or it cannot be written. It is then what it was before. A purge also fails where somebody reads
    /// an older generation; the documents are then forgotten, and another purge makes good.
    pub fn forget(
        &self,
        folder: &Path,
        judgements: Option<&Path>,
        selectors: &[String],
        purge: bool,
    ) -> Result<Forgotten, ChangeError> {
        let (mut update, file) = self.begin(folder, judgements)?;
        let mut sources = Vec::with_capacity(selectors.len());
        for selector in selectors {
            sources.push(if purge { update.purge(selector)? } else { update.forget(selector) });
        }
        judgements::write(&file, update.judgements())?;
        Ok(Forgotten { sources, summary: update.commit()? })
    }

    /// Begins a change with the settings of the store; the file of its judgements beside.
    pub(crate) fn begin(&self, folder: &Path, judgements: Option<&Path>) -> Result<(Update<'_>, PathBuf), ChangeError> {
        let update = Update::begin(folder, self.knowledge(), settings(folder)?)?;
        with_judgements(update, folder, judgements)
    }
}

/// The settings that the store in `folder` was built with; those of a new store where there is none.
pub(crate) fn settings(folder: &Path) -> Result<BuildConfig, StoreError> {
    match Generation::open(folder) {
        Ok(generation) => {
            let Meta { fact_confidence, form, base, rules, .. } = generation.meta().clone();
            Ok(BuildConfig { fact_confidence, form, base, rules, ..BuildConfig::default() })
        }
        Err(StoreError::NotFound { .. }) => {
            let form = if cfg!(feature = "disk") { Form::Disk } else { Form::Table };
            Ok(BuildConfig { form, ..BuildConfig::default() })
        }
        Err(other) => Err(other),
    }
}

fn is_textless(note: &Note) -> bool {
    matches!(note.kind, NoteKind::Empty | NoteKind::Binary)
}

/// Threads for one run. Where the system grants none, the work is done on the calling thread.
struct Workers(Option<ThreadPool>);

impl Workers {
    fn new(threads: usize) -> Self {
        Self((threads > 1).then(|| ThreadPoolBuilder::new().num_threads(threads).build().ok()).flatten())
    }

    fn extract(&self, extractor: &Extractor, chunk: Vec<Read>) -> Vec<Output> {
        let each = |read| match read {
            Read::Text(text) => Output::Extraction(extractor.extract(&(&text).into())),
            Read::Note(note) => Output::Note(note),
        };
        match &self.0 {
            Some(pool) => pool.install(|| chunk.into_par_iter().map(each).collect()),
            None => chunk.into_iter().map(each).collect(),
        }
    }
}

/// Texts in chunks of some megabytes, so that every thread has work and memory stays bounded.
struct Chunks<I> {
    inputs: I,
    bytes: usize,
}

impl<I> Chunks<I> {
    fn new(inputs: I, threads: usize) -> Self {
        const BYTES_A_THREAD: usize = 2 << 20;
        Self { inputs, bytes: BYTES_A_THREAD * threads.max(1) }
    }
}

impl<I: Iterator<Item = Read>> Iterator for Chunks<I> {
    type Item = Vec<Read>;

    fn next(&mut self) -> Option<Vec<Read>> {
        let mut chunk = Vec::new();
        let mut bytes = 0;
        for read in self.inputs.by_ref() {
            bytes += match &read {
                Read::Text(text) => text.bytes.len(),
                Read::Note(_) => 0,
            };
            chunk.push(read);
            if bytes >= self.bytes {
                break;
            }
        }
        (!chunk.is_empty()).then_some(chunk)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::{self, Location};

    #[test]
    fn a_chunk_ends_when_it_is_full_and_nothing_is_lost() {
        let texts = (0..7).map(|n| Location::Bytes { name: n.to_string(), bytes: vec![b'a'; 1 << 20] });
        let inputs = input::read(texts.collect()).unwrap();
        let sizes: Vec<_> = Chunks::new(inputs, 1).map(|chunk| chunk.len()).collect();
        assert_eq!(sizes, [2, 2, 2, 1]);
    }
}
