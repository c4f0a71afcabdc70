//! The data folder and the named queries, compiled in.

use std::path::Path;

use include_dir::{Dir, include_dir};

use crate::data::{DataFile, DataFiles, is_data};

static SCHEMA: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../data/schema");
static REFERENCE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../data/reference");
static DERIVATION: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../data/derivation");
static OWNERSHIP: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../data/rules-of-ownership");
static RULES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../data/rules");
static LEXICON: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../data/lexicon");
static MODELS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../data/models");
static QUERIES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../queries");

/// What `build.rs` made of them: see [`crate::compiled`].
pub(crate) static COMPILED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/data.bin"));

/// The files of the built-in data, named by their path in the repository: `data/schema/Company.toml`.
pub fn files() -> DataFiles {
    DataFiles {
        schema: read(&SCHEMA, "data", "schema"),
        reference: read(&REFERENCE, "data", "reference"),
        derivation: derivation(),
        ownership: read(&OWNERSHIP, "data", "rules-of-ownership"),
        rules: read(&RULES, "data", "rules"),
        lexicon: read(&LEXICON, "data", "lexicon"),
        models: read(&MODELS, "data", "models"),
        queries: queries(),
    }
}

pub(crate) fn derivation() -> Vec<DataFile> {
    read(&DERIVATION, "data", "derivation")
}

pub(crate) fn queries() -> Vec<DataFile> {
    read(&QUERIES, "", "queries")
}

fn read(folder: &Dir<'_>, above: &str, part: &str) -> Vec<DataFile> {
    let mut files = Vec::new();
    collect(folder, above, part, &mut files);
    files.sort();
    files
}

fn collect(folder: &Dir<'_>, above: &str, part: &str, files: &mut Vec<DataFile>) {
    for file in folder.files().filter(|file| is_data(file.path(), part)) {
        if let Some(text) = file.contents_utf8() {
            let path = Path::new(above).join(part).join(file.path()).to_string_lossy().replace('\\', "/");
            files.push(DataFile { path, text: text.to_owned() });
        }
    }
    folder.dirs().for_each(|below| collect(below, above, part, files));
}
