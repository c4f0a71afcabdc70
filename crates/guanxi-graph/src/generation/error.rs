//! Why a store cannot be opened or written.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use oxigraph::store::StorageError;

/// A store cannot be opened or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// No store is there, or none whose first build was finished.
    #[error("there is no store at {}: build one first", path.display())]
    NotFound {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// Something else is there, which a build must not mix with.
    #[error("{} is no store: name another folder, or an empty one", path.display())]
    NotAStore {
        /// The folder or file.
        path: PathBuf,
    },
    /// The store was written by another version of guanxi.
    #[error("the store at {} has format {found}, and this program reads format {known}: build it anew, or use the program that wrote it", path.display())]
    OtherVersion {
        /// The store.
        path: PathBuf,
        /// Its format, as its file says.
        found: String,
        /// The format that this library reads and writes.
        known: u32,
    },
    /// Another process is changing the store.
    #[error("the store at {} is being changed by another process: wait until it is done", path.display())]
    Locked {
        /// The store.
        path: PathBuf,
    },
    /// Older generations cannot be removed while somebody reads them.
    #[error("the store at {} has forgotten it, but not purged it: another process still reads revision {}; run this again when that is done", path.display(), list(left))]
    InUse {
        /// The store.
        path: PathBuf,
        /// The revisions that are left, sorted.
        left: Vec<u64>,
    },
    /// No room is left where the store stands.
    #[error("there is no room left to write {}: the store stays as it was; make room, or build elsewhere", path.display())]
    Full {
        /// The file or folder.
        path: PathBuf,
    },
    /// The revision asked for is not kept.
    #[error("the store at {} holds no revision {revision}; it holds {}", path.display(), list(kept))]
    NoRevision {
        /// The store.
        path: PathBuf,
        /// The revision asked for.
        revision: u64,
        /// Revisions that are there, sorted.
        kept: Vec<u64>,
    },
    /// The place cannot be written.
    #[error("{} cannot be written: {source}", path.display())]
    ReadOnly {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Reading or writing failed.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A finished generation is not what was written.
    #[error("the store is damaged at {}: {message}", path.display())]
    Corrupt {
        /// The file or folder.
        path: PathBuf,
        /// What does not fit.
        message: String,
    },
    /// The generation stands in a RocksDB folder, and the library was compiled without it.
    #[error("the form `disk` needs the feature `disk`: compile with `--features disk`, or build with the form `table`")]
    DiskNotCompiledIn,
    /// The base is no absolute IRI that ends in a slash.
    #[error("`{base}` is no base for IRIs: write an absolute IRI that ends in `/`, such as https://example.org/kg/")]
    BadBase {
        /// The base.
        base: String,
    },
    /// What should be restored is no dump of a store.
    #[error("these are not the N-Quads that `guanxi dump` writes: {message}")]
    NoDump {
        /// What does not fit.
        message: String,
    },
    /// What should be restored is not all that was dumped, or something else.
    #[error("the dump is not as `guanxi dump` wrote it: {message}")]
    BrokenSeal {
        /// What does not fit.
        message: String,
    },
    /// oxigraph failed.
    #[error("the store failed: {0}")]
    Storage(#[from] StorageError),
}

impl StoreError {
    pub(super) fn corrupt(path: &Path, message: impl Into<String>) -> Self {
        Self::Corrupt { path: path.to_owned(), message: message.into() }
    }

    pub(super) fn io(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly { path, source },
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                Self::Full { path }
            }
            _ => Self::Io { path, source },
        }
    }

    pub(super) fn no_dump(error: &dyn fmt::Display) -> Self {
        Self::NoDump { message: error.to_string() }
    }
}

/// Names the path of an I/O error.
pub(super) trait At<T> {
    fn at(self, path: &Path) -> Result<T, StoreError>;
}

impl<T> At<T> for io::Result<T> {
    fn at(self, path: &Path) -> Result<T, StoreError> {
        self.map_err(|source| StoreError::io(path, source))
    }
}

fn list(revisions: &[u64]) -> String {
    let revisions: Vec<String> = revisions.iter().map(u64::to_string).collect();
    if revisions.is_empty() { "none".to_owned() } else { revisions.join(", ") }
}
