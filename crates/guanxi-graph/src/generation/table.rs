//! The form without RocksDB: one file of numbers, mapped when it is opened.

use std::fs::File;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use super::error::{At, StoreError};
use super::hex;
use super::meta::Meta;
use crate::quads::{SortedQuads, Table, TableError};

/// Writes the table, and opens what was written to see that it is there.
pub(super) fn write(folder: &Path, quads: SortedQuads, contents: [u8; 32], meta: &Meta) -> Result<(), StoreError> {
    let path = file(folder);
    let file = File::create(&path).at(&path)?;
    quads.write(contents, BufWriter::new(&file)).at(&path)?;
    file.sync_all().at(&path)?;
    open(folder, meta).map(drop)
}

/// The table of a generation.
pub(super) fn open(folder: &Path, meta: &Meta) -> Result<Table, StoreError> {
    let path = file(folder);
    let table = Table::open(&path).map_err(|error| match error {
        TableError::Io(source) if source.kind() == io::ErrorKind::NotFound => {
            StoreError::corrupt(&path, "it is missing")
        }
        TableError::Io(source) => StoreError::Io { path: path.clone(), source },
        TableError::Damaged(message) => StoreError::corrupt(&path, message),
    })?;
    if hex(&table.contents()) != meta.checksum {
        return Err(StoreError::corrupt(&path, "its checksum is not the one in meta.json"));
    }
    Ok(table)
}

fn file(folder: &Path) -> PathBuf {
    folder.join("quads.table")
}
