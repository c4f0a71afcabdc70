//! Files of registers: who is who and who owns whom, as GLEIF, FollowTheMoney, BODS or a table has it.
//!
//! A file is read record by record, packed or not (`.gz`, `.zip`); one that cannot be read is told with its line and
//! lost alone. What the vocabulary has no place for is counted, never bent into something else.

mod bods;
mod ftm;
mod gleif;
mod ids;
mod table;
mod text;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use guanxi_graph::{BuildConfig, Generation, StoreError, Summary, Update};
use guanxi_model::{
    DocumentId, EntityId, Import, ImportFact, ImportRecord, Note, NoteKind, PartialDate, Qualifier, QualifierValue,
    Qualifiers, Share,
};
use sha2::{Digest, Sha256};

use crate::Guanxi;
use crate::judgements::{Change, ChangeError, JudgementFile};
use crate::pipeline::settings;
use crate::place::source_of;
use text::Counted;

/// The formats that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// LEI-CDF 3.1, RR-CDF 2.1 and reporting exceptions of GLEIF, in XML or as the CSV of the golden copy.
    Gleif,
    /// FollowTheMoney entities, one a line.
    FollowTheMoney,
    /// Statements of the Beneficial Ownership Data Standard 0.4, in an array or one a line.
    Bods,
    /// A table of entities or of facts.
    Table,
}

/// A file cannot be imported at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// It cannot be opened or read.
    #[error("{}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Nothing tells what it is.
    #[error("{}: what it holds is not known: it begins like no format of a register", path.display())]
    UnknownFormat {
        /// The file.
        path: PathBuf,
    },
    /// It has no record that could be read.
    #[error("{}: no record in it can be read as {format}{}", path.display(), first.as_ref().map(|note| format!(": {note}")).unwrap_or_default())]
    NoRecords {
        /// The file.
        path: PathBuf,
        /// What it was taken for.
        format: &'static str,
        /// The first thing that was wrong.
        first: Option<Note>,
    },
    /// The store cannot be changed.
    #[error(transparent)]
    Change(#[from] ChangeError),
}

/// What a file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// See [`Import::format`].
    pub format: String,
    /// Number of its records.
    pub records: usize,
    /// Number of entities that they describe.
    pub entities: usize,
    /// Number of facts that they state, those that wait aside.
    pub facts: usize,
    /// Number of facts that wait for one of their ends to be described by another file.
    pub waiting: usize,
    /// Number of records that were kept without something that cannot be read or is not true.
    pub in_part: usize,
    /// Number of records that were lost.
    pub lost: usize,
    /// Why something was lost, kept in part, or waits.
    pub notes: Vec<Note>,
    /// What the vocabulary has no place for, by what it is, with how often it was met.
    pub left_out: BTreeMap<String, usize>,
}

/// What is to be imported, and how.
#[derive(Clone, Debug, Default)]
pub struct ImportOptions {
    /// What the files are; each by its content where it is not given.
    pub format: Option<Format>,
    /// What the import is called in the store; a file by its path.
    pub source: Option<String>,
    /// What tells ids of these tables from equal ones of other tables; nothing, so that all tables share their ids.
    pub prefix: Option<String>,
    /// Whether the store is written after each file, so that an import that is broken off can go on behind the last one that
    /// it has; else all files come in, or none.
    pub each: bool,
    /// Where to find what people decided.
    pub judgements: JudgementFile,
}

/// What happens in an import.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// So many records of a file were read.
    Records(&'a Path, usize),
    /// A record was lost, kept in part, or waits.
    Note(&'a Note),
    /// The store is written.
    Writing,
}

/// What became of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// The file.
    pub path: PathBuf,
    /// What it said; `None` where the store has it already.
    pub reading: Option<Reading>,
}

impl Guanxi {
    /// Reads files of registers into the store in `folder`, which is made at need: all of them, or none, unless each is to be
    /// written by itself.
    ///
    /// # Errors
    /// A file cannot be read at all, or the store cannot be written. The store is then what it was before, or after the last
    /// file that was written by itself.
    ///
    /// # Panics
    /// If no file is given.
    pub fn import(
        &self,
        folder: &Path,
        options: &ImportOptions,
        files: &[PathBuf],
        mut tell: impl FnMut(Event<'_>),
    ) -> Result<(Vec<Imported>, Summary), ImportError> {
        let mut imported: Vec<Imported> = Vec::with_capacity(files.len());
        let (mut mentioned, mut summary) = (Vec::new(), None);
        for together in files.chunks(if options.each { 1 } else { files.len().max(1) }) {
            let Change { mut update, file } = self.begin_import(folder, &options.judgements)?;
            for path in together {
                let source = match (&options.source, files) {
                    (Some(source), [_]) => source.clone(),
                    (Some(source), _) => format!("{source}/{}", path.file_name().unwrap_or_default().to_string_lossy()),
                    (None, _) => source_of(path),
                };
                let hash = hash_of(path).map_err(|source| ImportError::Unreadable { path: path.clone(), source })?;
                // With another prefix the same file says something else.
                let reading = match update.has_import(&source, &hash) && options.prefix.is_none() {
                    true => None,
                    false => {
                        let read = self.read_register(path, source, hash, options, &mut tell)?;
                        mentioned.extend(read.mentioned.into_iter().map(|end| (imported.len(), end)));
                        update.add_import(read.import);
                        Some(read.reading)
                    }
                };
                imported.push(Imported { path: path.clone(), reading });
            }
            tell(Event::Writing);
            summary = Some(Change { update, file }.commit()?);
        }
        tell_unknown(&mut imported, mentioned, folder, &mut tell);
        Ok((imported, summary.expect("a file was given")))
    }

    /// A store that begins with an import is built with these rules, like one that begins with texts.
    fn begin_import(&self, folder: &Path, judgements: &JudgementFile) -> Result<Change<'_>, ChangeError> {
        let is_new = matches!(Generation::open(folder), Err(StoreError::NotFound { .. }));
        let config = settings(folder)?;
        let rules = if is_new { Some(self.fingerprint().to_owned()) } else { config.rules };
        let update = Update::begin(folder, self.knowledge(), BuildConfig { rules, keep: None, ..config })?;
        Change::begin(update, folder, judgements)
    }

    fn read_register(
        &self,
        path: &Path,
        source: String,
        hash: DocumentId,
        options: &ImportOptions,
        tell: &mut dyn FnMut(Event<'_>),
    ) -> Result<Told, ImportError> {
        let mut collector = Collector::new(path, source.clone(), self, tell);
        collector.prefix = options.prefix.as_deref();
        let read = opened(path, &mut |reader: &mut dyn BufRead| {
            let mut reader = Counted::new(reader);
            let start = reader.start()?;
            let Some(kind) = options.format.or_else(|| recognized(&start)) else { return Ok(None) };
            let head = match kind {
                Format::Gleif if start.trim_start().starts_with('<') => gleif::xml(&mut reader, &mut collector),
                Format::Gleif => gleif::table(&mut reader, &mut collector),
                Format::FollowTheMoney => ftm::read(&mut reader, &mut collector),
                Format::Bods => bods::read(&mut reader, &mut collector),
                Format::Table => table::read(&mut reader, &mut collector),
            }?;
            Ok(Some(head))
        });
        let head = read.map_err(|error| ImportError::Unreadable { path: path.to_owned(), source: error })?;
        let Head { format, publisher, as_of } =
            head.ok_or_else(|| ImportError::UnknownFormat { path: path.to_owned() })?;
        let Collector { records, in_part, lost, notes, left_out, mentioned, .. } = collector;
        if records.is_empty() && left_out.is_empty() {
            return Err(ImportError::NoRecords { path: path.to_owned(), format, first: notes.into_iter().next() });
        }
        let described = |record: &ImportRecord| record.entities.iter().filter(|entity| !entity.mentioned).count();
        let reading = Reading {
            format: format.to_owned(),
            records: records.len(),
            entities: records.iter().map(described).sum(),
            facts: records.iter().map(|record| record.facts.len()).sum(),
            waiting: 0,
            in_part,
            lost,
            notes,
            left_out,
        };
        let import = Import { source, hash, format: format.to_owned(), publisher, as_of, records };
        Ok(Told { import, reading, mentioned })
    }
}

/// A file that was read.
struct Told {
    import: Import,
    reading: Reading,
    mentioned: Vec<Mentioned>,
}

/// An id that a row of a table ties, and that the table itself does not describe.
struct Mentioned {
    line: u64,
    /// As the row has it.
    record: String,
    entity: EntityId,
}

/// Tells of ties that are not kept, since the store, as it is now, does not know one of their ends. They stay in the import:
/// a table that is read later may describe it.
fn tell_unknown(
    imported: &mut [Imported],
    mentioned: Vec<(usize, Mentioned)>,
    folder: &Path,
    tell: &mut impl FnMut(Event<'_>),
) {
    let Some(store) = Generation::open(folder).ok().filter(|_| !mentioned.is_empty()) else { return };
    let ends: BTreeSet<&EntityId> = mentioned.iter().map(|(_, end)| &end.entity).collect();
    let is_unknown = |end: &&EntityId| store.entity(&store.representative(end)).is_none();
    let unknown: BTreeSet<EntityId> = ends.into_iter().filter(is_unknown).cloned().collect();
    let mut rows_waiting: BTreeSet<(usize, u64)> = BTreeSet::new();
    for (file, Mentioned { line, record, entity }) in mentioned {
        let Imported { path, reading: Some(reading) } = &mut imported[file] else { continue };
        if !unknown.contains(&entity) {
            continue;
        }
        // A row states one fact, whose two ends may both be unknown.
        if rows_waiting.insert((file, line)) {
            reading.waiting += 1;
            reading.facts -= 1;
        }
        let message = format!(
            "no table and nothing in the store is called `{record}`: the tie counts once a table of entities has that id"
        );
        let line = u32::try_from(line).ok();
        let note = Note { kind: NoteKind::BadRecord, source: source_of(path), line, message };
        tell(Event::Note(&note));
        reading.notes.push(note);
    }
}

/// What a file says of itself.
struct Head {
    format: &'static str,
    publisher: Option<String>,
    as_of: Option<PartialDate>,
}

/// Takes records in, and tells of those that are lost.
struct Collector<'c> {
    path: &'c Path,
    source: String,
    /// See [`ImportOptions::prefix`].
    prefix: Option<&'c str>,
    /// For the schema, and the rows that records may mean.
    guanxi: &'c Guanxi,
    tell: &'c mut dyn FnMut(Event<'_>),
    records: Vec<ImportRecord>,
    /// Whether the record that is being read has lost a part.
    is_cut: bool,
    in_part: usize,
    lost: usize,
    notes: Vec<Note>,
    left_out: BTreeMap<String, usize>,
    mentioned: Vec<Mentioned>,
}

impl<'c> Collector<'c> {
    /// After how many records it is told how many there are.
    const STEP: usize = 10_000;

    fn new(path: &'c Path, source: String, guanxi: &'c Guanxi, tell: &'c mut dyn FnMut(Event<'_>)) -> Self {
        Self {
            path,
            source,
            prefix: None,
            guanxi,
            tell,
            records: Vec::new(),
            is_cut: false,
            in_part: 0,
            lost: 0,
            notes: Vec::new(),
            left_out: BTreeMap::new(),
            mentioned: Vec::new(),
        }
    }

    fn take(&mut self, record: ImportRecord) {
        self.records.push(record);
        self.in_part += usize::from(std::mem::take(&mut self.is_cut));
        if self.records.len().is_multiple_of(Self::STEP) {
            (self.tell)(Event::Records(self.path, self.records.len()));
        }
    }

    /// A record that is lost, whatever became of its parts; `line` is that of the file, unpacked.
    fn lose(&mut self, line: Option<u64>, message: impl Into<String>) {
        self.is_cut = false;
        self.lost += 1;
        self.note(line, message);
    }

    /// A part of the record that is taken in, or lost, next.
    fn lose_part(&mut self, line: Option<u64>, message: impl Into<String>) {
        self.is_cut = true;
        self.note(line, message);
    }

    fn note(&mut self, line: Option<u64>, message: impl Into<String>) {
        let line = line.and_then(|line| u32::try_from(line).ok());
        let note = Note { kind: NoteKind::BadRecord, source: self.source.clone(), line, message: message.into() };
        (self.tell)(Event::Note(&note));
        self.notes.push(note);
    }

    fn leave_out(&mut self, what: impl Into<String>) {
        *self.left_out.entry(what.into()).or_default() += 1;
    }
}

/// Hands on the text of a file, unpacked.
fn opened<T>(path: &Path, read: &mut dyn FnMut(&mut dyn BufRead) -> io::Result<T>) -> io::Result<T> {
    let file = File::open(path)?;
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    match ending.as_deref() {
        Some("gz") => read(&mut BufReader::new(MultiGzDecoder::new(BufReader::new(file)))),
        Some("zip") => {
            let mut archive = zip::ZipArchive::new(BufReader::new(file)).map_err(io::Error::other)?;
            let files: Vec<String> =
                archive.file_names().filter(|name| !name.ends_with('/')).map(str::to_owned).collect();
            match &files[..] {
                [only] => read(&mut BufReader::new(archive.by_name(only).map_err(io::Error::other)?)),
                _ => Err(io::Error::other(format!("it packs {} files: unpack it, and import each", files.len()))),
            }
        }
        _ => read(&mut BufReader::new(file)),
    }
}

fn hash_of(path: &Path) -> io::Result<DocumentId> {
    use std::fmt::Write;

    let (mut file, mut hasher, mut buffer) = (File::open(path)?, Sha256::new(), vec![0; 1 << 16]);
    loop {
        match file.read(&mut buffer)? {
            0 => break,
            length => hasher.update(&buffer[..length]),
        }
    }
    let hex = hasher.finalize().iter().fold(String::new(), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    Ok(DocumentId::new(hex))
}

/// What a file holds, by its first lines.
fn recognized(start: &str) -> Option<Format> {
    let start = start.trim_start_matches('\u{feff}').trim_start();
    let first_line = start.lines().next()?;
    let has = |words: &[&str]| words.iter().any(|word| start.contains(word));
    match start.chars().next()? {
        '<' if has(&["gleif.org", "LEIData", "RelationshipData", "ReportingExceptionData"]) => Some(Format::Gleif),
        '{' | '[' if has(&["\"recordType\"", "\"statementId\"", "\"bodsVersion\""]) => Some(Format::Bods),
        '{' if has(&["\"schema\""]) && has(&["\"properties\""]) => Some(Format::FollowTheMoney),
        '{' | '[' | '<' => None,
        _ if first_line.contains("Entity.LegalName") => Some(Format::Gleif),
        _ if first_line.contains("Relationship.StartNode.NodeID") => Some(Format::Gleif),
        _ if first_line.contains("LEI") && first_line.contains("Exception") => Some(Format::Gleif),
        _ if table::is_header(first_line) => Some(Format::Table),
        _ => None,
    }
}

/// A share as qualifiers.
fn put_share(share: Share, qualifiers: &mut Qualifiers) {
    let flag = |set: bool| set.then_some(QualifierValue::Flag(true));
    let told = match share.as_exact() {
        Some(percent) => vec![(Qualifier::Percent, Some(QualifierValue::Decimal(percent)))],
        None => vec![
            (Qualifier::PercentMin, Some(QualifierValue::Decimal(share.min))),
            (Qualifier::PercentMax, Some(QualifierValue::Decimal(share.max))),
            (Qualifier::PercentMinExclusive, flag(share.min_exclusive)),
            (Qualifier::PercentMaxExclusive, flag(share.max_exclusive)),
        ],
    };
    qualifiers.extend(told.into_iter().filter_map(|(qualifier, value)| Some((qualifier, value?))));
}

/// Whether a text can be a name: marks and signs alone, seen or not, call nobody.
fn is_name(text: &str) -> bool {
    text.contains(char::is_alphanumeric)
}

/// Whether a share is part of a whole.
fn is_share(share: &Share) -> bool {
    !share.min.is_sign_negative() && share.max <= guanxi_model::Decimal::ONE_HUNDRED
}

/// The day of a date and time.
fn day(text: &str) -> Option<PartialDate> {
    text.trim().split(['T', ' ']).next()?.trim_end_matches('Z').parse().ok()
}

/// What is wrong with a line of JSON: its own first line is no place in the file.
fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let what = text.split(" at line ").next().unwrap_or_default();
    format!("{what}, in column {}", error.column())
}

/// Firms are what is owned: a body of unknown kind that is the object of these is one.
fn make_owned_companies(records: &mut [ImportRecord]) {
    let is_holding = |fact: &&ImportFact| matches!(&*fact.predicate, "owns" | "controls" | "subsidiaryOf");
    let owned: BTreeSet<EntityId> = records
        .iter()
        .flat_map(|record| &record.facts)
        .filter(is_holding)
        .flat_map(|fact| match &*fact.predicate {
            "subsidiaryOf" => vec![fact.subject.clone(), fact.object.clone()],
            _ => vec![fact.object.clone()],
        })
        .collect();
    for named in records.iter_mut().flat_map(|record| &mut record.entities) {
        if &*named.entity.class == "Organization" && owned.contains(&named.entity.id) {
            named.entity.class = "Company".into();
        }
    }
}
