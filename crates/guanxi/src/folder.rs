//! The same data from a folder: what `--data DIR` reads.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::builtin;
use crate::data::{DataFile, DataFiles, is_data};

/// A data folder could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FolderError {
    /// It has none of the folders that data stands in.
    #[error("no data in {}: looked for the folders schema, reference, derivation, rules-of-ownership, rules, lexicon, models and queries", .0.display())]
    NoData(PathBuf),
    /// A file or folder in it could not be read.
    #[error("{}: {error}", path.display())]
    Unreadable {
        /// Which one.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
}

/// Reads `schema`, `reference`, `derivation`, `rules-of-ownership`, `rules`, `lexicon`, `models` and `queries` below `folder`.
///
/// A part that the folder does not have is the built-in one, so that a folder with nothing but
/// `reference` adds no burden of copying the rest. A folder with no part at all is an error.
pub fn files(folder: &Path) -> Result<DataFiles, FolderError> {
    let mut files = builtin::files();
    let mut found = false;
    for (name, part) in files.parts_mut() {
        let below = folder.join(name);
        if below.is_dir() {
            found = true;
            part.clear();
            collect(&below, &below.to_string_lossy(), name, part)?;
            part.sort();
        }
    }
    if found { Ok(files) } else { Err(FolderError::NoData(folder.to_owned())) }
}

fn collect(folder: &Path, shown: &str, part: &str, files: &mut Vec<DataFile>) -> Result<(), FolderError> {
    let unreadable = |path: &Path| {
        let path = path.to_owned();
        move |error| FolderError::Unreadable { path, error }
    };
    for entry in fs::read_dir(folder).map_err(unreadable(folder))? {
        let path = entry.map_err(unreadable(folder))?.path();
        let Some(name) = path.file_name().map(|name| name.to_string_lossy().into_owned()) else { continue };
        let shown = format!("{shown}/{name}");
        if path.is_dir() {
            collect(&path, &shown, part, files)?;
        } else if is_data(&path, part) {
            let text = fs::read_to_string(&path).map_err(unreadable(&path))?;
            files.push(DataFile { path: shown, text });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_that_is_there_replaces_the_built_in_one() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("rules/en")).unwrap();
        fs::write(folder.path().join("rules/en/mine.toml"), "# none yet").unwrap();
        fs::write(folder.path().join("rules/en/notes.txt"), "no rules").unwrap();

        let files = files(folder.path()).unwrap();
        assert_eq!(files.rules.len(), 1);
        assert!(files.rules[0].path.ends_with("rules/en/mine.toml"), "{}", files.rules[0].path);
        assert_eq!(files.schema, builtin::files().schema);
    }

    #[test]
    fn a_folder_without_data_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("rule")).unwrap();
        assert!(matches!(files(folder.path()), Err(FolderError::NoData(_))));
    }
}
