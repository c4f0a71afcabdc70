//! Files as sources: a name for each, whatever its bytes, and the same file however its path was written.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fmt::Write;
use std::fs;
use std::path::{Component, Path, PathBuf};

/// How the record of a file begins: `news.jsonl#id` stands in `news.jsonl`.
const RECORD: &str = ".jsonl#";

/// The path as given, with `/` between its parts and without `.` parts, so that `./a.txt` is `a.txt`.
pub(crate) fn source_of(path: &Path) -> String {
    let parts = path.components().filter(|part| !matches!(part, Component::CurDir));
    let clean: PathBuf = parts.collect();
    let source = name_of(clean.as_os_str());
    if cfg!(windows) { source.replace('\\', "/") } else { source }
}

/// A name as text: bytes that are no UTF-8 as `%FF`, and what looks like that already as `%25FF`, so that two names are
/// never one.
pub(crate) fn name_of(name: &OsStr) -> String {
    let mut text = String::new();
    for chunk in name.as_encoded_bytes().utf8_chunks() {
        let mut rest = chunk.valid();
        while let Some(at) = rest.find('%') {
            let (before, behind) = rest.split_at(at + 1);
            text.push_str(before);
            if hexadecimal(behind.as_bytes()).is_some() {
                text.push_str("25");
            }
            rest = behind;
        }
        text.push_str(rest);
        for byte in chunk.invalid() {
            // Writing to a string cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

/// The path of a source that is one.
pub(crate) fn path_of(source: &str) -> PathBuf {
    let mut bytes = Vec::with_capacity(source.len());
    let mut rest = source.as_bytes();
    while let Some((&byte, behind)) = rest.split_first() {
        match hexadecimal(behind).filter(|_| byte == b'%') {
            Some(meant) => {
                bytes.push(meant);
                rest = &behind[2..];
            }
            None => {
                bytes.push(byte);
                rest = behind;
            }
        }
    }
    path_of_bytes(bytes)
}

#[cfg(unix)]
fn path_of_bytes(bytes: Vec<u8>) -> PathBuf {
    use std::os::unix::ffi::OsStringExt;
    std::ffi::OsString::from_vec(bytes).into()
}

#[cfg(not(unix))]
fn path_of_bytes(bytes: Vec<u8>) -> PathBuf {
    String::from_utf8_lossy(&bytes).into_owned().into()
}

/// The byte that two digits stand for.
fn hexadecimal(digits: &[u8]) -> Option<u8> {
    let digits = digits.get(..2).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))?;
    u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

/// The file of a record; of any other source itself.
pub(crate) fn file_of(source: &str) -> &str {
    let record = source.split_once(RECORD);
    record.map_or(source, |(file, _)| &source[..file.len() + RECORD.len() - 1])
}

/// The path without links in its folders and without `..`, as far as it leads to something. A link to a file stays one.
pub(crate) fn absolute(path: &Path) -> PathBuf {
    Places::default().of(path)
}

/// Where files are, by the folders that they are in, each looked up once.
#[derive(Debug, Default)]
pub(crate) struct Places {
    folders: HashMap<PathBuf, PathBuf>,
}

impl Places {
    pub fn of(&mut self, path: &Path) -> PathBuf {
        match (path.parent(), path.file_name()) {
            (Some(folder), Some(name)) => self.of_folder(folder).join(name),
            _ => self.of_folder(path),
        }
    }

    pub fn of_folder(&mut self, folder: &Path) -> PathBuf {
        if let Some(known) = self.folders.get(folder) {
            return known.clone();
        }
        let here = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let found = fs::canonicalize(here).unwrap_or_else(|_| match (here.parent(), here.file_name()) {
            (Some(parent), Some(name)) => self.of_folder(parent).join(name),
            _ => here.to_owned(),
        });
        self.folders.insert(folder.to_owned(), found.clone());
        found
    }
}

/// The spelling that a store has for each file: the first one that it was read by.
#[derive(Debug)]
pub(crate) struct Spellings {
    by_place: HashMap<PathBuf, String>,
    places: Places,
}

impl Spellings {
    /// Of the files of these sources.
    pub fn of<'a>(sources: impl IntoIterator<Item = &'a str>) -> Self {
        let (mut by_place, mut places) = (HashMap::new(), Places::default());
        for source in sources {
            let file = file_of(source);
            by_place.entry(places.of(&path_of(file))).or_insert_with(|| file.to_owned());
        }
        Self { by_place, places }
    }

    /// How the store spells this file: as it is given, if the store does not know it.
    pub fn spelling(&mut self, file: &str) -> String {
        let place = self.places.of(&path_of(file));
        self.by_place.entry(place).or_insert_with(|| file.to_owned()).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_stands_in_its_file() {
        assert_eq!(file_of("a/news.jsonl#id-1"), "a/news.jsonl");
        assert_eq!(file_of("a/#1.txt"), "a/#1.txt");
    }

    #[test]
    fn every_path_has_a_source_of_its_own() {
        for (path, source) in [("./a.txt", "a.txt"), ("100% sure.txt", "100% sure.txt"), ("a%FF%.txt", "a%25FF%.txt")] {
            assert_eq!(source_of(Path::new(path)), source);
        }
        assert_eq!(path_of("a%25FF%.txt"), Path::new("a%FF%.txt"));
    }

    #[cfg(unix)]
    #[test]
    fn bytes_that_are_no_utf_8_are_kept() {
        use std::os::unix::ffi::OsStrExt;

        let names: [&[u8]; 6] = [b"a\xff.txt", b"a\xfe.txt", b"a%FF.txt", b"a%25FF.txt", b"%\xff%4\xe5", b"a\\b/c"];
        let sources = names.map(|name| source_of(Path::new(OsStr::from_bytes(name))));
        assert_eq!(sources[0], "a%FF.txt");
        for (name, source) in names.iter().zip(&sources) {
            assert_eq!(path_of(source).as_os_str().as_bytes(), *name);
        }
        assert_eq!(sources.iter().collect::<std::collections::BTreeSet<_>>().len(), names.len());
    }
}
