//! The data folder and the named queries, compiled in.

use include_dir::{Dir, include_dir};

use crate::data::{DataFile, DataFiles};

static SCHEMA: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../data/schema");
static REFERENCE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../data/reference");
static DERIVATION: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../data/derivation");
static RULES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../data/rules");
static LEXICON: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../data/lexicon");
static QUERIES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../queries");

/// The files of the built-in data, named by their path in the repository: `data/schema/Company.toml`.
pub fn files() -> DataFiles {
    DataFiles {
        schema: read(&SCHEMA, "data/schema", "toml"),
        reference: read(&REFERENCE, "data/reference", "toml"),
        derivation: read(&DERIVATION, "data/derivation", "toml"),
        rules: read(&RULES, "data/rules", "toml"),
        lexicon: read(&LEXICON, "data/lexicon", "toml"),
        queries: read(&QUERIES, "queries", "rq"),
    }
}

fn read(folder: &Dir<'_>, prefix: &str, extension: &str) -> Vec<DataFile> {
    let mut files = Vec::new();
    collect(folder, prefix, extension, &mut files);
    files.sort();
    files
}

fn collect(folder: &Dir<'_>, prefix: &str, extension: &str, files: &mut Vec<DataFile>) {
    for file in folder.files() {
        let wanted = file.path().extension().is_some_and(|found| found == extension);
        if let (true, Some(text)) = (wanted, file.contents_utf8()) {
            let path = file.path().to_string_lossy().replace('\\', "/");
            files.push(DataFile { path: format!("{prefix}/{path}"), text: text.to_owned() });
        }
    }
    folder.dirs().for_each(|below| collect(below, prefix, extension, files));
}
