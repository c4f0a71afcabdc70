//! The form on RocksDB: a folder written once by the bulk loader, then only read.

use std::path::Path;

#[cfg(feature = "disk")]
use oxigraph::store::StorageError;
use oxigraph::store::Store;

use super::error::StoreError;
use super::meta::Meta;
use crate::quads::SortedQuads;

/// Writes the quads, and opens what was written to see that they are there.
#[cfg(feature = "disk")]
pub(super) fn write(folder: &Path, quads: SortedQuads) -> Result<(), StoreError> {
    let path = rocksdb(folder);
    load(&path, &quads).map_err(|error| match error {
        StorageError::Io(error) => StoreError::io(&path, error),
        other => other.into(),
    })?;
    let count = Store::open_read_only(&path)?.len()?;
    if count != quads.len() {
        return Err(StoreError::corrupt(&path, format!("{count} quads were read back of {}", quads.len())));
    }
    Ok(())
}

#[cfg(feature = "disk")]
fn load(path: &Path, quads: &SortedQuads) -> Result<(), StorageError> {
    let store = Store::open(path)?;
    let mut loader = store.bulk_loader();
    loader.load_quads(quads.quads())?;
    loader.commit()?;
    store.flush()
}

/// The store of a generation.
#[cfg(feature = "disk")]
pub(super) fn open(folder: &Path, _meta: &Meta) -> Result<Store, StoreError> {
    Ok(Store::open_read_only(rocksdb(folder))?)
}

#[cfg(feature = "disk")]
fn rocksdb(folder: &Path) -> std::path::PathBuf {
    folder.join("rocksdb")
}

/// Refuses: RocksDB is not compiled in.
#[cfg(not(feature = "disk"))]
pub(super) fn write(_folder: &Path, _quads: SortedQuads) -> Result<(), StoreError> {
    Err(StoreError::DiskNotCompiledIn)
}

/// Refuses: RocksDB is not compiled in.
#[cfg(not(feature = "disk"))]
pub(super) fn open(_folder: &Path, _meta: &Meta) -> Result<Store, StoreError> {
    Err(StoreError::DiskNotCompiledIn)
}
