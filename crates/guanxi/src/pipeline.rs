//! The stages put together: texts → claims, on several threads, in the order of the texts.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use guanxi_extract::Extractor;
use guanxi_graph::{BuildConfig, Form, Generation, Meta, Seal, StoreError, Summary, Update};
use guanxi_model::{Confidence, DocumentId, Extraction, Judgements, Note, NoteKind};
use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::Guanxi;
use crate::input::Read;
use crate::judgements::{Change, ChangeError, ChangeOptions, JudgementFile};
use crate::place::{Places, Spellings, absolute, path_of};

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
    /// Where to find what people decided.
    pub judgements: JudgementFile,
    /// The folders that the texts come from: their files that are gone are told.
    pub folders: Vec<PathBuf>,
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
    /// Files of the folders that were read before, and are there no more; what they said stays.
    pub gone: Vec<String>,
}

/// What forgetting did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forgotten {
    /// How many sources each selector named, in the order of the selectors.
    pub sources: Vec<usize>,
    /// How many judgements were dropped for quoting what was purged, and the file that they stood in.
    pub dropped: Option<(usize, PathBuf)>,
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
            for done in workers.extract(self.extractor(), chunk) {
                match done {
                    Done::Text(output) => each(output)?,
                    Done::End { .. } => {}
                }
            }
        }
        Ok(())
    }

    /// Extracts what is new or changed and commits it to the store in `folder`, which is made at need.
    ///
    /// `tell` is called as things happen, in the order of the texts.
    ///
    /// # Errors
    /// The store cannot be opened or written; it is then what it was before. Or there was none, and none of the sources
    /// could be read: then none is made.
    pub fn build(
        &self,
        folder: &Path,
        options: BuildOptions,
        inputs: impl Iterator<Item = Read>,
        threads: usize,
        mut tell: impl FnMut(Event<'_>),
    ) -> Result<Built, ChangeError> {
        let BuildOptions { fact_confidence, keep, judgements, folders } = options;
        let settings = settings(folder)?;
        let config = BuildConfig {
            fact_confidence: fact_confidence.unwrap_or(settings.fact_confidence),
            keep: Some(keep),
            rules: Some(self.fingerprint().to_owned()),
            ..settings
        };
        let update = Update::begin(folder, self.knowledge(), config)?;
        let Change { mut update, file } = Change::begin(update, folder, &judgements)?;
        let workers = Workers::new(threads);
        let (mut unchanged, mut extracted, mut notes) = (0, 0, Vec::new());
        let mut sources = Sources::of(&update);
        for chunk in Chunks::new(inputs, threads) {
            let mut changed = Vec::with_capacity(chunk.len());
            for mut read in chunk {
                sources.name(&mut read, &mut update);
                match &read {
                    Read::Text(text) if update.has(&text.source, &DocumentId::of(&text.bytes)) => unchanged += 1,
                    _ => changed.push(read),
                }
            }
            for output in workers.extract(self.extractor(), changed) {
                let (found, extraction) = match output {
                    Done::Text(Output::Note(note)) => (sources.with_kept(vec![note], &update), None),
                    Done::End { file, lossy } => (sources.end(&file, lossy, &mut update), None),
                    Done::Text(Output::Extraction(extraction)) => {
                        (sources.with_kept(extraction.notes.clone(), &update), Some(extraction))
                    }
                };
                found.iter().for_each(|note| tell(Event::Note(note)));
                if let Some(extraction) = extraction {
                    tell(Event::Extracted(&extraction));
                    // A text without words says nothing, not even that its source has nothing left to say:
                    // a file cut off by a full disk must not take away what was known.
                    if !extraction.notes.iter().any(is_textless) {
                        extracted += 1;
                        update.add(extraction);
                    }
                }
                notes.extend(found);
            }
        }
        if update.is_blank() && !notes.is_empty() && notes.iter().all(Note::is_loss) {
            update.give_up();
            let sources: BTreeSet<&String> = notes.iter().map(|note| &note.source).collect();
            return Err(ChangeError::NothingRead { store: folder.to_owned(), sources: sources.len() });
        }
        tell(Event::Writing);
        let gone: BTreeSet<String> = gone(&update, &folders).into_iter().map(|(_, file)| file).collect();
        let summary = Change { update, file }.commit()?;
        Ok(Built { summary, unchanged, extracted, notes, gone: gone.into_iter().collect() })
    }

    /// Makes a store in `folder` of the N-Quads that a dump wrote. Facts are computed from its claims anew; they stand as
    /// plain triples from `fact_confidence` on, else as in the history of the dump, else from 0.70 on. What people decided
    /// on claims, as the dump has it, is written to the file of judgements.
    ///
    /// # Errors
    /// The quads cannot be read, hold no document, are not all that was dumped (unless their seal is waived), or the store
    /// cannot be written.
    pub fn restore(
        &self,
        folder: &Path,
        judgements: &JudgementFile,
        fact_confidence: Option<Confidence>,
        nquads: impl io::Read,
        seal: Seal,
    ) -> Result<Built, ChangeError> {
        let update = Update::begin(folder, self.knowledge(), settings(folder)?)?;
        let mut change = Change::begin_new(update, folder, judgements)?;
        change.update.restore(nquads, seal, fact_confidence)?;
        if change.file.is_none() {
            *change.update.judgements_mut() = Judgements::default();
        }
        Ok(Built { summary: change.commit()?, unchanged: 0, extracted: 0, notes: Vec::new(), gone: Vec::new() })
    }

    /// Takes the documents that the selectors name out of the store in `folder`: path, record id, URL, or at least
    /// eight digits of a document's hash. `purge` leaves nothing of their texts: no older generation, whatever the options
    /// say of keeping, no history, no judgement that quotes them.
    ///
    /// # Errors
    /// There is no store, or it cannot be written. It is then what it was before. A purge also fails where somebody reads
    /// an older generation; the documents are then forgotten, and another purge makes good.
    pub fn forget(
        &self,
        folder: &Path,
        options: &ChangeOptions,
        selectors: &[String],
        purge: bool,
    ) -> Result<Forgotten, ChangeError> {
        let Change { mut update, file } = self.begin(folder, options)?;
        let judgements = update.judgements().claims().count();
        let mut sources = Vec::with_capacity(selectors.len());
        let named = Named::of(&update);
        for selector in selectors {
            let mut number = 0;
            for selector in named.by(selector) {
                number += if purge { update.purge(&selector)? } else { update.forget(&selector) };
            }
            sources.push(number);
        }
        let dropped = judgements - update.judgements().claims().count();
        let dropped = file.clone().filter(|_| dropped > 0).map(|file| (dropped, file));
        Ok(Forgotten { sources, dropped, summary: Change { update, file }.commit()? })
    }

    /// Every source of the store in `folder` that was read from a file which was in one of these folders, or below, and is
    /// there no more; by folder.
    ///
    /// # Errors
    /// There is no store, or it cannot be read.
    pub fn gone(&self, folder: &Path, folders: &[PathBuf]) -> Result<Vec<String>, StoreError> {
        let update = Update::begin(folder, self.knowledge(), settings(folder)?)?;
        Ok(gone(&update, folders).into_iter().map(|(source, _)| source).collect())
    }

    /// Begins a change with the settings of the store; the file of its judgements beside.
    pub(crate) fn begin(&self, folder: &Path, options: &ChangeOptions) -> Result<Change<'_>, ChangeError> {
        let config = BuildConfig { keep: options.keep, ..settings(folder)? };
        Change::begin(Update::begin(folder, self.knowledge(), config)?, folder, &options.judgements)
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

/// What a build keeps in mind of sources while it reads.
struct Sources {
    spellings: Spellings,
    /// What each file of records has given.
    given: BTreeMap<String, BTreeSet<String>>,
}

impl Sources {
    fn of(update: &Update<'_>) -> Self {
        let files = update.sources().map(|source| update.file_of(source).unwrap_or(source));
        Self { spellings: Spellings::of(files), given: BTreeMap::new() }
    }

    /// Names what was read as the store names it, though its path may be written otherwise now.
    fn name(&mut self, read: &mut Read, update: &mut Update<'_>) {
        match read {
            Read::Text(text) => match &mut text.file {
                None => text.source = self.spellings.spelling(&text.source),
                Some(file) => {
                    let known = self.spellings.spelling(file);
                    if let Some(id) = text.source.strip_prefix(&format!("{file}#")) {
                        text.source = format!("{known}#{id}");
                    }
                    update.stands_in(&text.source, &known);
                    self.given.entry(known.clone()).or_default().insert(text.source.clone());
                    *file = known;
                }
            },
            Read::End { file, .. } => *file = self.spellings.spelling(file),
            Read::Note(_) => {}
        }
    }

    /// Notes with one more where they tell that nothing can be read of a source that the store has.
    fn with_kept(&mut self, mut notes: Vec<Note>, update: &Update<'_>) -> Vec<Note> {
        let unread =
            notes.iter().find(|note| note.line.is_none() && (is_textless(note) || note.kind == NoteKind::Unreadable));
        let source = unread.map(|note| self.spellings.spelling(&note.source));
        notes.extend(source.filter(|source| update.sources().any(|known| known == source)).map(|source| Note {
            kind: NoteKind::Kept,
            line: None,
            message: format!("what it said before is kept; `guanxi forget {source}` takes it out"),
            source,
        }));
        notes
    }

    /// Forgets the records that a file held before and holds no more. Where some of it cannot be read, nobody knows
    /// whether they are still there: they are kept, and told.
    fn end(&mut self, file: &str, lossy: bool, update: &mut Update<'_>) -> Vec<Note> {
        let given = self.given.remove(file).unwrap_or_default();
        let held = update.sources().filter(|source| update.file_of(source) == Some(file));
        let gone: Vec<String> = held.filter(|source| !given.contains(*source)).map(str::to_owned).collect();
        if lossy && !gone.is_empty() {
            let message = format!(
                "{} records that it held before are kept, for not all of it can be read; `guanxi forget {file}` takes them out",
                gone.len()
            );
            return vec![Note { kind: NoteKind::Kept, source: file.to_owned(), line: None, message }];
        }
        for source in &gone {
            update.forget_source(source);
        }
        Vec::new()
    }
}

/// What the user means by the name of a file: its source, that of an import, or those of its records, however its path is
/// written.
struct Named {
    by_place: BTreeMap<PathBuf, Vec<String>>,
    sources: BTreeSet<String>,
}

impl Named {
    fn of(update: &Update<'_>) -> Self {
        let (mut by_place, mut places) = (BTreeMap::<_, Vec<String>>::new(), Places::default());
        for source in update.sources() {
            let file = update.file_of(source).unwrap_or(source);
            by_place.entry(places.of(&path_of(file))).or_default().push(source.to_owned());
        }
        for import in update.imports() {
            by_place.entry(places.of(&path_of(import))).or_default().push(import.to_owned());
        }
        Self { by_place, sources: update.sources().chain(update.imports()).map(str::to_owned).collect() }
    }

    /// The sources in the file that is meant, or the selector itself where it is no such file.
    fn by(&self, selector: &str) -> Vec<String> {
        let found = || self.by_place.get(&absolute(Path::new(selector))).cloned();
        match self.sources.contains(selector) {
            true => vec![selector.to_owned()],
            false => found().unwrap_or_else(|| vec![selector.to_owned()]),
        }
    }
}

/// Every source with its file that stood in one of these folders, or below, and is there no more; sorted.
fn gone(update: &Update<'_>, folders: &[PathBuf]) -> Vec<(String, String)> {
    let mut places = Places::default();
    let folders: Vec<PathBuf> = folders.iter().map(|folder| places.of_folder(folder)).collect();
    if folders.is_empty() {
        return Vec::new();
    }
    let mut gone = Vec::new();
    for source in update.sources() {
        let file = update.file_of(source).unwrap_or(source);
        let path = path_of(file);
        let is_below = !is_url(file) && {
            let place = places.of(&path);
            folders.iter().any(|folder| place.starts_with(folder))
        };
        if is_below && matches!(fs::exists(&path), Ok(false)) {
            gone.push((source.to_owned(), file.to_owned()));
        }
    }
    gone
}

/// A record's URL, of which the store does not know the file.
fn is_url(source: &str) -> bool {
    source.split_once("://").is_some_and(|(scheme, _)| scheme.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

fn is_textless(note: &Note) -> bool {
    matches!(note.kind, NoteKind::Empty | NoteKind::Binary)
}

/// What became of something that was read.
enum Done {
    Text(Output),
    /// See [`Read::End`].
    End {
        file: String,
        lossy: bool,
    },
}

/// Threads for one run. Where the system grants none, the work is done on the calling thread.
struct Workers(Option<ThreadPool>);

impl Workers {
    fn new(threads: usize) -> Self {
        Self((threads > 1).then(|| ThreadPoolBuilder::new().num_threads(threads).build().ok()).flatten())
    }

    fn extract(&self, extractor: &Extractor, chunk: Vec<Read>) -> Vec<Done> {
        let each = |read| match read {
            Read::Text(text) => Done::Text(Output::Extraction(extractor.extract(&(&text).into()))),
            Read::Note(note) => Done::Text(Output::Note(note)),
            Read::End { file, lossy } => Done::End { file, lossy },
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
                Read::Note(_) | Read::End { .. } => 0,
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
