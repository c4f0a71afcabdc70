//! From paths and bytes to the texts that are extracted: one at a time, in a fixed order.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Cursor};
use std::path::{Path, PathBuf};

use guanxi_extract::Media;
use guanxi_model::{Note, NoteKind, PartialDate};
use serde::Deserialize;

use crate::front_matter::{self, Metadata};
use crate::place::{Places, name_of, source_of};

/// The endings of file names that a folder is searched for.
pub const EXTENSIONS: [&str; 5] = ["txt", "md", "html", "htm", "jsonl"];

/// Where texts are read from.
#[derive(Clone, Debug)]
pub enum Location {
    /// A file, or a folder walked in sorted order: only [`EXTENSIONS`], nothing whose name starts with a dot, and no
    /// README or gold (`NAME.gold.jsonl`), which speak about the texts beside them.
    Path(PathBuf),
    /// Bytes at hand, such as standard input: JSON Lines if the first line is a JSON object, else HTML or text.
    Bytes {
        /// What to call them.
        name: String,
        /// The bytes.
        bytes: Vec<u8>,
    },
}

/// One text with what is known about it beside its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// File name, or the record's id.
    pub name: String,
    /// The path as given, with `/`, and bytes that are no UTF-8 as `%FF`; of a record its URL, else `path#id`.
    pub source: String,
    /// Of a record the file that it stands in, written like a source.
    pub file: Option<String>,
    /// The whole content, front matter included.
    pub bytes: Vec<u8>,
    /// Plain text or HTML.
    pub media: Media,
    /// Title, from front matter or the record.
    pub title: Option<String>,
    /// Date of publication, from front matter or the record.
    pub published: Option<PartialDate>,
    /// Publisher, from front matter or the record.
    pub publisher: Option<String>,
}

impl<'a> From<&'a Input> for guanxi_extract::Input<'a> {
    fn from(text: &'a Input) -> Self {
        Self {
            name: &text.name,
            source: &text.source,
            bytes: &text.bytes,
            media: text.media,
            title: text.title.as_deref(),
            published: text.published,
            publisher: text.publisher.as_deref(),
        }
    }
}

/// What the next step of reading brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Read {
    /// A text.
    Text(Input),
    /// Something that could not be read, or not wholly; reading goes on.
    Note(Note),
    /// A file of records ends: they are all that it holds, unless some could not be read.
    End {
        /// The file, written like a source.
        file: String,
        /// Whether records of it may have been lost.
        lossy: bool,
    },
}

/// The locations cannot be read at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InputError {
    /// A folder holds nothing to read.
    #[error("no text in {}: looked for .txt .md .html .jsonl", .0.display())]
    NoText(PathBuf),
    /// A folder cannot be listed.
    #[error("{}: {error}", path.display())]
    Unlistable {
        /// The folder.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
}

/// Lists what is to be read; each file is opened only when the iterator comes to it.
///
/// A path named twice is read once. A file that is missing or unreadable is a [`Note`], for the rest goes on.
pub fn read(locations: Vec<Location>) -> Result<Inputs, InputError> {
    let (mut places, mut passed_over, mut folders) = (Vec::new(), BTreeMap::new(), Vec::new());
    for location in locations {
        match location {
            Location::Path(path) if path.is_dir() => {
                let before = places.len();
                walk(&path, &mut places, &mut passed_over)?;
                if places.len() == before {
                    return Err(InputError::NoText(path));
                }
                folders.push(path);
            }
            Location::Path(path) => places.push(Place::File(path)),
            Location::Bytes { name, bytes } => places.push(Place::Bytes { name, bytes }),
        }
    }
    Ok(Inputs {
        places: places.into(),
        passed_over,
        folders,
        records: None,
        ready: VecDeque::new(),
        seen: HashSet::new(),
        found: Places::default(),
        opened: HashSet::new(),
    })
}

/// The texts of some locations, in order.
#[derive(Debug)]
pub struct Inputs {
    places: VecDeque<Place>,
    passed_over: BTreeMap<String, usize>,
    folders: Vec<PathBuf>,
    records: Option<Records>,
    ready: VecDeque<Read>,
    /// Sources of records.
    seen: HashSet<String>,
    found: Places,
    /// Files, wherever their paths lead them from.
    opened: HashSet<PathBuf>,
}

#[derive(Debug)]
enum Place {
    File(PathBuf),
    Bytes { name: String, bytes: Vec<u8> },
}

impl Inputs {
    /// The files of folders that are not read since their names are not those of texts: how many by ending, in lower
    /// case. Hidden files, readmes and gold are not counted.
    pub fn passed_over(&self) -> &BTreeMap<String, usize> {
        &self.passed_over
    }

    /// The folders that are looked through.
    pub fn folders(&self) -> &[PathBuf] {
        &self.folders
    }

    /// Bytes that are still to be read; of files their lengths, as far as they can be had.
    pub fn bytes(&self) -> u64 {
        let bytes = |place: &Place| match place {
            Place::File(path) => fs::metadata(path).map_or(0, |file| file.len()),
            Place::Bytes { bytes, .. } => bytes.len() as u64,
        };
        self.places.iter().map(bytes).sum()
    }

    fn open(&mut self, place: Place) {
        match place {
            Place::File(path) => self.open_file(&path),
            Place::Bytes { name, bytes } => {
                if is_json_lines(&bytes) {
                    self.records = Some(Records::new(name, Box::new(Cursor::new(bytes))));
                } else {
                    let media = sniff_media(&bytes);
                    self.whole(name.clone(), name, bytes, media);
                }
            }
        }
    }

    fn open_file(&mut self, path: &Path) {
        let source = source_of(path);
        if !self.opened.insert(self.found.of(path)) {
            return;
        }
        let name = path.file_name().map_or_else(|| source.clone(), name_of);
        let opened = match extension(path).as_deref() {
            Some("jsonl") => File::open(path).map(|file| {
                self.records = Some(Records::new(source.clone(), Box::new(BufReader::new(file))));
            }),
            Some("html" | "htm") => fs::read(path).map(|bytes| self.whole(name, source.clone(), bytes, Media::Html)),
            _ => fs::read(path).map(|bytes| self.whole(name, source.clone(), bytes, Media::Text)),
        };
        if let Err(error) = opened {
            self.note(NoteKind::Unreadable, &source, None, plain(&error));
        }
    }

    fn whole(&mut self, name: String, source: String, bytes: Vec<u8>, media: Media) {
        if let Some(kind) = binary_kind(&bytes) {
            return self.note(NoteKind::Binary, &source, None, format!("{kind}, not text; skipped"));
        }
        let metadata = match media {
            Media::Text => front_matter::parse(&bytes).unwrap_or_default(),
            _ => Metadata::default(),
        };
        let Metadata { title, published, publisher, mistakes } = metadata;
        for (line, message) in mistakes {
            self.note(NoteKind::BadRecord, &source, Some(line), message);
        }
        self.ready.push_back(Read::Text(Input { name, source, file: None, bytes, media, title, published, publisher }));
    }

    /// Reads a record; whether it is lost.
    fn record(&mut self, file: &str, line: u32, json: &[u8]) -> bool {
        let record: Record = match serde_json::from_slice(json) {
            Ok(record) => record,
            Err(error) => {
                self.note(NoteKind::BadRecord, file, Some(line), record_mistake(&error));
                return true;
            }
        };
        let id = record.id.into_text();
        let source = [record.url, Some(format!("{file}#{id}"))].into_iter().flatten().find(|s| !self.seen.contains(s));
        let Some(source) = source else {
            let message = format!("a second record with the id `{id}`; skipped");
            self.note(NoteKind::BadRecord, file, Some(line), message);
            return false;
        };
        self.seen.insert(source.clone());
        if record.text.trim().is_empty() {
            self.note(NoteKind::Empty, file, Some(line), format!("no text in record `{id}`; skipped"));
            return true;
        }
        let published = match record.published.as_deref().map(front_matter::date) {
            None => None,
            Some(Ok(date)) => Some(date),
            Some(Err(error)) => {
                self.note(NoteKind::BadRecord, file, Some(line), format!("published: {error}; read without a date"));
                None
            }
        };
        self.ready.push_back(Read::Text(Input {
            name: id,
            source,
            file: Some(file.to_owned()),
            bytes: record.text.into_bytes(),
            media: Media::Text,
            title: record.title,
            published,
            publisher: record.publisher,
        }));
        false
    }

    fn note(&mut self, kind: NoteKind, source: &str, line: Option<u32>, message: String) {
        self.ready.push_back(Read::Note(Note { kind, source: source.to_owned(), line, message }));
    }

    fn next_record(&mut self, mut records: Records) {
        match records.next() {
            Ok(Some((line, json))) => {
                records.lossy |= self.record(&records.file, line, &json);
                self.records = Some(records);
            }
            Ok(None) => {
                if !records.any {
                    self.note(NoteKind::Empty, &records.file, None, "no record in it; skipped".to_owned());
                }
                let lossy = records.lossy || !records.any;
                self.ready.push_back(Read::End { file: records.file, lossy });
            }
            Err(error) => {
                self.note(NoteKind::Unreadable, &records.file, Some(records.line + 1), plain(&error));
                self.ready.push_back(Read::End { file: records.file, lossy: true });
            }
        }
    }
}

impl Iterator for Inputs {
    type Item = Read;

    fn next(&mut self) -> Option<Read> {
        loop {
            if let Some(read) = self.ready.pop_front() {
                return Some(read);
            }
            if let Some(records) = self.records.take() {
                self.next_record(records);
            } else {
                let place = self.places.pop_front()?;
                self.open(place);
            }
        }
    }
}

/// The lines of a JSON Lines file.
struct Records {
    file: String,
    lines: Box<dyn BufRead + Send>,
    line: u32,
    any: bool,
    lossy: bool,
}

impl Records {
    fn new(file: String, lines: Box<dyn BufRead + Send>) -> Self {
        Self { file, lines, line: 0, any: false, lossy: false }
    }

    /// The next line that is not blank, with its number.
    fn next(&mut self) -> io::Result<Option<(u32, Vec<u8>)>> {
        loop {
            let mut json = Vec::new();
            if self.lines.read_until(b'\n', &mut json)? == 0 {
                return Ok(None);
            }
            self.line += 1;
            let trimmed = without_bom(&json).trim_ascii();
            if !trimmed.is_empty() {
                self.any = true;
                return Ok(Some((self.line, trimmed.to_vec())));
            }
        }
    }
}

impl std::fmt::Debug for Records {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Records").field("file", &self.file).field("line", &self.line).finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
struct Record {
    id: RecordId,
    text: String,
    title: Option<String>,
    published: Option<String>,
    publisher: Option<String>,
    url: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RecordId {
    Text(String),
    Number(serde_json::Number),
}

impl RecordId {
    fn into_text(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::Number(number) => number.to_string(),
        }
    }
}

/// What serde says, without its position: the record stands on one line, and that line is named.
fn record_mistake(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let said = text.rsplit_once(" at line ").map_or(text.as_str(), |(said, _)| said);
    let said = if said.contains("RecordId") { "`id` is neither a text nor a number" } else { said };
    let what = if error.is_data() { "no record with `id` and `text`" } else { "no JSON" };
    format!("{what}: {said} (column {}); skipped", error.column().max(1))
}

fn walk(folder: &Path, places: &mut Vec<Place>, passed_over: &mut BTreeMap<String, usize>) -> Result<(), InputError> {
    let unlistable = |error| InputError::Unlistable { path: folder.to_owned(), error };
    let mut entries = fs::read_dir(folder).map_err(unlistable)?.collect::<Result<Vec<_>, _>>().map_err(unlistable)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().to_lowercase();
        if name.starts_with('.') || name.starts_with("readme.") || name.ends_with(".gold.jsonl") {
            continue;
        }
        // A link to a folder is not followed, for it may lead back up; a link to a file is.
        if entry.file_type().map_err(unlistable)?.is_dir() {
            walk(&path, places, passed_over)?;
        } else if path.is_file() {
            let ending = extension(&path).unwrap_or_default();
            if EXTENSIONS.contains(&ending.as_str()) {
                places.push(Place::File(path));
            } else {
                *passed_over.entry(ending).or_default() += 1;
            }
        }
    }
    Ok(())
}

fn extension(path: &Path) -> Option<String> {
    path.extension().map(|extension| extension.to_string_lossy().to_lowercase())
}

fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    let said = text.split(" (os error").next().unwrap_or(&text);
    format!("cannot be read: {}", said.to_lowercase())
}

fn is_json_lines(bytes: &[u8]) -> bool {
    let first = without_bom(bytes).split(|&byte| byte == b'\n').find(|line| !line.trim_ascii().is_empty());
    first.is_some_and(|line| serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(line).is_ok())
}

fn sniff_media(bytes: &[u8]) -> Media {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(512)]).to_lowercase();
    let start = start.trim_start_matches('\u{feff}').trim_start();
    if start.starts_with("<!doctype html") || start.starts_with("<html") { Media::Html } else { Media::Text }
}

fn without_bom(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// What the bytes are by their first ones, if that is a format that some words might survive in.
///
/// Whether other bytes are text at all is for the extractor to say, who knows encodings.
fn binary_kind(bytes: &[u8]) -> Option<&'static str> {
    const MAGIC: [(&[u8], &str); 8] = [
        (b"%PDF-", "a PDF file"),
        (b"PK\x03\x04", "a zip archive or office file"),
        (b"\x1f\x8b", "a gzip archive"),
        (b"\x89PNG", "a PNG picture"),
        (b"\xff\xd8\xff", "a JPEG picture"),
        (b"GIF8", "a GIF picture"),
        (b"\x7fELF", "a program"),
        (b"\xd0\xcf\x11\xe0", "an old office file"),
    ];
    MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)).map(|(_, kind)| *kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from_bytes(bytes: &[u8]) -> Vec<Read> {
        read(vec![Location::Bytes { name: "-".to_owned(), bytes: bytes.to_vec() }]).unwrap().collect()
    }

    fn notes(reads: &[Read]) -> Vec<String> {
        let note = |read: &Read| match read {
            Read::Note(note) => Some(note.to_string()),
            Read::Text(_) | Read::End { .. } => None,
        };
        reads.iter().filter_map(note).collect()
    }

    fn texts(reads: &[Read]) -> Vec<&Input> {
        let mut texts = Vec::new();
        for read in reads {
            if let Read::Text(input) = read {
                texts.push(input);
            }
        }
        texts
    }

    #[test]
    fn a_folder_is_walked_in_order_and_only_for_texts() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("b/.hidden")).unwrap();
        for name in
            ["c.TXT", "a.md", "b/x.html", "b/.hidden/y.txt", "README.md", "picture.png", "b/a.csv", "a.gold.jsonl"]
        {
            fs::write(folder.path().join(name), "words").unwrap();
        }
        let inputs = read(vec![Location::Path(folder.path().to_owned())]).unwrap();
        assert_eq!(inputs.passed_over(), &BTreeMap::from([("csv".to_owned(), 1), ("png".to_owned(), 1)]));
        assert_eq!(inputs.bytes(), 3 * "words".len() as u64);
        let reads: Vec<_> = inputs.collect();
        let names: Vec<_> = texts(&reads).iter().map(|input| input.name.as_str()).collect();
        assert_eq!(names, ["a.md", "x.html", "c.TXT"]);
        assert_eq!(texts(&reads)[1].media, Media::Html);
    }

    #[test]
    fn a_folder_without_text_says_what_was_looked_for() {
        let folder = tempfile::tempdir().unwrap();
        let error = read(vec![Location::Path(folder.path().to_owned())]).unwrap_err().to_string();
        assert!(error.starts_with("no text in ") && error.ends_with(": looked for .txt .md .html .jsonl"), "{error}");
    }

    #[test]
    fn records_carry_their_metadata_and_broken_lines_are_named() {
        let reads = from_bytes(
            br#"{"id": "a1", "text": "One.", "title": "T", "published": "2025-11-06T08:00:00Z", "publisher": "P", "lang": "en"}
{"id": 7, "text": "Two.", "url": "https://example.org/two"}

{"id": "a3", "text":
{"id": "a4"}
{"id": "a1", "text": "Again."}
{"id": "a5", "text": " "}
{"id": "a6", "text": "Six.", "published": "last week"}
"#,
        );
        let texts = texts(&reads);
        let sources: Vec<_> = texts.iter().map(|input| (input.name.as_str(), input.source.as_str())).collect();
        assert_eq!(sources, [("a1", "-#a1"), ("7", "https://example.org/two"), ("a6", "-#a6")]);
        assert_eq!(texts[0].title.as_deref(), Some("T"));
        assert_eq!(texts[0].published, PartialDate::day(2025, 11, 6));
        assert_eq!(texts[0].publisher.as_deref(), Some("P"));
        assert_eq!(
            notes(&reads),
            [
                "-:4: no JSON: EOF while parsing a value (column 20); skipped",
                "-:5: no record with `id` and `text`: missing field `text` (column 12); skipped",
                "-:6: a second record with the id `a1`; skipped",
                "-:7: no text in record `a5`; skipped",
                "-:8: published: `last week` is no date: write 2025, 2025-03 or 2025-03-04; read without a date",
            ]
        );
    }

    #[test]
    fn what_is_no_text_is_named() {
        assert_eq!(notes(&from_bytes(b"%PDF-1.7 words")), ["-: a PDF file, not text; skipped"]);
        assert_eq!(notes(&from_bytes(b"\x1f\x8b\x08")), ["-: a gzip archive, not text; skipped"]);
        assert_eq!(notes(&from_bytes(b"\xff\xfeh\0i\0")), Vec::<String>::new());
    }

    #[test]
    fn a_missing_file_is_a_note_and_the_rest_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let there = folder.path().join("there.txt");
        fs::write(&there, "---\npublished: 2025-11-06\npublisher: \"Harbour Post\"\n---\nWords.").unwrap();
        let paths = [folder.path().join("gone.txt"), there.clone(), there, folder.path().join("./there.txt")];
        let reads: Vec<_> = read(paths.into_iter().map(Location::Path).collect()).unwrap().collect();
        assert!(notes(&reads)[0].ends_with("gone.txt: cannot be read: no such file or directory"), "{reads:?}");
        let texts = texts(&reads);
        assert_eq!(texts.len(), 1, "a file named twice is read once");
        assert_eq!(texts[0].published, PartialDate::day(2025, 11, 6));
        assert_eq!(texts[0].publisher.as_deref(), Some("Harbour Post"));
        assert!(texts[0].bytes.starts_with(b"---"), "spans are offsets into the whole file");
    }

    #[test]
    fn standard_input_may_be_html() {
        assert_eq!(texts(&from_bytes(b"\xef\xbb\xbf <!DOCTYPE html><p>Words"))[0].media, Media::Html);
    }
}
