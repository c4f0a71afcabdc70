//! What a generation was weighed by, in a file beside its quads: by the same, the same sources come to the same.

use std::fs;
use std::path::{Path, PathBuf};

use super::error::{At, StoreError};

/// The fingerprint of the knowledge that the generation was weighed by; none where the file cannot be read, and nobody
/// knows.
pub(super) fn read(folder: &Path) -> Option<String> {
    fs::read_to_string(file(folder)).ok()
}

/// Notes it in the folder of a generation; half of it, left by a kill, is nobody's fingerprint.
pub(super) fn write(folder: &Path, fingerprint: Option<&str>) -> Result<(), StoreError> {
    let path = file(folder);
    fingerprint.map_or(Ok(()), |fingerprint| fs::write(&path, fingerprint)).at(&path)
}

fn file(folder: &Path) -> PathBuf {
    folder.join("weighed-by")
}
