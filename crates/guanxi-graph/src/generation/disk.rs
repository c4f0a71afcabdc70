//! The form on RocksDB: a folder written once by the bulk loader, then only read.

use std::path::Path;

use oxigraph::model::Quad;
use oxigraph::store::Store;

use super::error::StoreError;
use super::meta::Meta;

/// Writes the lines, and opens what was written to see that they are there.
#[cfg(feature = "disk")]
pub(super) fn write(folder: &Path, lines: &[String], meta: &Meta) -> Result<(), StoreError> {
    use oxigraph::io::{RdfFormat, RdfParser};
    use oxigraph::store::LoaderError;

    let path = rocksdb(folder);
    {
        let store = Store::open(&path)?;
        let mut loader = store.bulk_loader();
        let parser = RdfParser::from_format(RdfFormat::NQuads).lenient();
        loader.load_from_slice(parser, &lines.concat()).map_err(|error| match error {
            LoaderError::Storage(error) => StoreError::Storage(error),
            other => StoreError::corrupt(&path, other.to_string()),
        })?;
        loader.commit()?;
        store.flush()?;
    }
    let count = Store::open_read_only(&path)?.len()?;
    if count as u64 != meta.counts.quads {
        return Err(StoreError::corrupt(&path, format!("{count} quads were read back of {}", lines.len())));
    }
    Ok(())
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
pub(super) fn write(_folder: &Path, _lines: &[String], _meta: &Meta) -> Result<(), StoreError> {
    Err(StoreError::DiskNotCompiledIn)
}

/// Refuses: RocksDB is not compiled in.
#[cfg(not(feature = "disk"))]
pub(super) fn open(_folder: &Path, _meta: &Meta) -> Result<Store, StoreError> {
    Err(StoreError::DiskNotCompiledIn)
}

/// The quads of a generation.
pub(super) fn quads(folder: &Path, meta: &Meta) -> Result<Vec<Quad>, StoreError> {
    let store = open(folder, meta)?;
    Ok(store.iter().collect::<Result<_, _>>()?)
}
