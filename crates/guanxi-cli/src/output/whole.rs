//! Files and folders that are there whole or not at all: written beside their place, then moved to it.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use tempfile::{Builder, NamedTempFile, TempDir};

use crate::error::{CommandError, Kind};

/// Where a command writes: the file that `-o` names; standard output without it or for `-`.
pub enum Output {
    Standard,
    /// What is no file, such as a pipe: it cannot be written beside its place.
    Special(PathBuf),
    File {
        part: NamedTempFile,
        path: PathBuf,
    },
}

impl Output {
    pub fn begin(path: Option<&Path>) -> Result<Self, CommandError> {
        let Some(path) = path.filter(|path| *path != Path::new("-")) else { return Ok(Self::Standard) };
        if path.is_dir() {
            let message = format!("{} is a folder, and this writes one file", path.display());
            return Err(CommandError::new(Kind::Usage, message).hint("name a file, in that folder or elsewhere"));
        }
        // What a link points to is replaced, not the link.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        if fs::metadata(&path).is_ok_and(|found| !found.is_file()) {
            return Ok(Self::Special(path));
        }
        let part = beside(&path, 0o666, |builder, folder| builder.tempfile_in(folder))?;
        Ok(Self::File { part, path })
    }

    /// Takes what is to be written; all of it through one writer.
    pub fn writer(&self) -> Result<Box<dyn Write + Send>, io::Error> {
        Ok(match self {
            Self::Standard => Box::new(BufWriter::with_capacity(1 << 16, io::stdout())),
            Self::Special(path) => Box::new(BufWriter::new(File::create(path)?)),
            Self::File { part, .. } => Box::new(BufWriter::with_capacity(1 << 16, part.reopen()?)),
        })
    }

    /// Moves the file to its place, once all of it is written.
    pub fn finish(self) -> Result<(), anyhow::Error> {
        let Self::File { part, path } = self else { return Ok(()) };
        part.as_file().sync_all().with_context(|| path.display().to_string())?;
        part.persist(&path).with_context(|| path.display().to_string())?;
        Ok(())
    }
}

/// A folder of several files, which must not stand there yet.
pub struct Folder {
    part: TempDir,
    path: PathBuf,
}

impl Folder {
    pub fn begin(path: &Path) -> Result<Self, CommandError> {
        let is_empty = |path| fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_none());
        if path.exists() && !is_empty(path) {
            return Err(CommandError::new(Kind::Failed, format!("{} is there already", path.display()))
                .hint("name a folder that is not there yet: nothing is overwritten"));
        }
        let part = beside(path, 0o777, |builder, folder| builder.tempdir_in(folder))?;
        Ok(Self { part, path: path.to_owned() })
    }

    /// A file in the folder.
    pub fn create(&self, name: &str) -> Result<Box<dyn Write + Send>, io::Error> {
        Ok(Box::new(BufWriter::with_capacity(1 << 16, File::create(self.part.path().join(name))?)))
    }

    /// Moves the folder to its place, once all of it is written.
    pub fn finish(self) -> Result<(), anyhow::Error> {
        let Self { part, path } = self;
        for entry in fs::read_dir(part.path())? {
            File::open(entry?.path())?.sync_all()?;
        }
        if path.exists() {
            fs::remove_dir(&path).with_context(|| path.display().to_string())?;
        }
        fs::rename(part.path(), &path).with_context(|| path.display().to_string())?;
        // It is no longer where it would be removed from.
        let _ = part.keep();
        Ok(())
    }
}

/// Makes something temporary in the folder of `path`, as readable as what is made there otherwise.
fn beside<T>(
    path: &Path,
    mode: u32,
    make: impl FnOnce(&mut Builder<'_, '_>, &Path) -> io::Result<T>,
) -> Result<T, anyhow::Error> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = Builder::new();
    builder.prefix(".guanxi-");
    #[cfg(not(unix))]
    let _ = mode;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // The user's mask takes away what nobody else may do.
        builder.permissions(fs::Permissions::from_mode(mode));
    }
    make(&mut builder, folder).with_context(|| path.display().to_string())
}
