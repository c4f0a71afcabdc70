//! The names of a generation, in a file beside its quads; computed anew where it is not there.

use std::fs::File;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use guanxi_model::Entity;
use guanxi_names::{Index, index};

use super::Generation;
use super::error::{At, StoreError};
use crate::quads::Bytes;

impl Generation {
    /// The index of the names of its entities: mapped where it was written with the generation, else built in memory.
    ///
    /// # Errors
    /// If its file cannot be read, or is not what was written.
    pub fn names(&self) -> Result<Index, StoreError> {
        let Some(path) = self.folder.as_deref().map(file) else { return Ok(Index::of(self.each_entity())) };
        match Bytes::map(&path) {
            Ok(bytes) => Index::open(Box::new(bytes)).map_err(|error| StoreError::corrupt(&path, error.to_string())),
            // Stores were written without it before.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Index::of(self.each_entity())),
            Err(error) => Err(error).at(&path),
        }
    }
}

/// Writes the index of the names of these entities into the folder of a generation.
pub(super) fn write(folder: &Path, entities: &[Entity]) -> Result<(), StoreError> {
    let path = file(folder);
    let file = File::create(&path).at(&path)?;
    index::write(entities, BufWriter::new(&file)).at(&path)?;
    file.sync_all().at(&path)
}

fn file(folder: &Path) -> PathBuf {
    folder.join("names.ranked")
}
