//! The store's folder: which generations there are, which one is current, who may read and who may write.
//!
//! ```text
//! guanxi.db/format          version of this layout
//! guanxi.db/lock            held by the writer
//! guanxi.db/CURRENT         number of the current generation; replaced in one step
//! guanxi.db/judgements.toml what people decided on claims, unless it is kept elsewhere
//! guanxi.db/gen/7/          a whole generation, never changed: meta.json (readers hold a shared lock on it), quads, names,
//!                           snapshot, weighed-by; readers with another schema write their snapshot beside it, and a build
//!                           that comes to the same by other knowledge notes that in weighed-by
//! guanxi.db/gen/8.tmp/      being written, or left by a killed build
//! guanxi.db/gen/6.gone/     being removed
//! ```

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::error::{At, StoreError};
use super::meta::{FORMAT, Meta};

const FORMAT_FILE: &str = "format";
const LOCK: &str = "lock";
const CURRENT: &str = "CURRENT";
const GENERATIONS: &str = "gen";
/// Where the judgements stand unless they are kept elsewhere. The layout gives the place; who judges writes the file.
pub const JUDGEMENTS: &str = "judgements.toml";
const META: &str = "meta.json";
/// How often a reader looks again when the generation it was about to open is removed under its hands.
const ATTEMPTS: usize = 100;

/// The folder of one store.
#[derive(Clone, Debug)]
pub(super) struct Folder {
    root: PathBuf,
}

/// A generation under a shared lock: it stays until this is dropped.
#[derive(Debug)]
pub(super) struct Held {
    pub folder: PathBuf,
    pub meta: Meta,
    /// Closing the file gives the lock back.
    pub lock: File,
}

impl Folder {
    /// A store that must be there already.
    pub fn existing(root: &Path) -> Result<Self, StoreError> {
        let folder = Self { root: root.to_owned() };
        match fs::read_to_string(folder.root.join(FORMAT_FILE)) {
            Ok(format) => folder.check_format(&format)?,
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                return Err(StoreError::NotFound { path: folder.root });
            }
            Err(error) => return Err(error).at(&folder.root.join(FORMAT_FILE)),
        }
        Ok(folder)
    }

    /// A store to write to, made at need, with the writer's lock.
    pub fn for_writing(root: &Path) -> Result<(Self, File), StoreError> {
        let folder = Self { root: root.to_owned() };
        if root.exists() && !root.is_dir() {
            return Err(StoreError::NotAStore { path: folder.root });
        }
        fs::create_dir_all(root).at(root)?;
        let format = root.join(FORMAT_FILE);
        match fs::read_to_string(&format) {
            Ok(text) => folder.check_format(&text)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => folder.check_is_ours()?,
            Err(error) => return Err(error).at(&format),
        }
        let lock = folder.lock()?;
        if !format.exists() {
            folder.replace(FORMAT_FILE, &format!("{FORMAT}\n"))?;
        }
        let generations = root.join(GENERATIONS);
        fs::create_dir_all(&generations).at(&generations)?;
        folder.clean_up()?;
        Ok((folder, lock))
    }

    fn check_format(&self, text: &str) -> Result<(), StoreError> {
        if text.trim().parse() == Ok(FORMAT) {
            return Ok(());
        }
        let found = text.trim().chars().take(20).collect();
        Err(StoreError::OtherVersion { path: self.root.clone(), found, known: FORMAT })
    }

    /// A build killed in its first moments leaves a lock and nothing else, and judgements may be there before anything is
    /// built; whatever else there is, is not ours.
    fn check_is_ours(&self) -> Result<(), StoreError> {
        for entry in fs::read_dir(&self.root).at(&self.root)? {
            let name = entry.at(&self.root)?.file_name();
            let is_ours =
                [LOCK, JUDGEMENTS].iter().any(|ours| name == *ours) || name == temporary(FORMAT_FILE).as_str();
            if !is_ours {
                return Err(StoreError::NotAStore { path: self.root.clone() });
            }
        }
        Ok(())
    }

    fn lock(&self) -> Result<File, StoreError> {
        let path = self.root.join(LOCK);
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path).at(&path)?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(StoreError::Locked { path: self.root.clone() }),
            Err(TryLockError::Error(error)) => Err(error).at(&path),
        }
    }

    /// Number of the current generation; `None` before the first build is done.
    pub fn current(&self) -> Result<Option<u64>, StoreError> {
        let path = self.root.join(CURRENT);
        match fs::read_to_string(&path) {
            Ok(text) => match text.trim().parse() {
                Ok(revision) => Ok(Some(revision)),
                Err(_) => Err(StoreError::corrupt(&path, "it holds no number of a generation")),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).at(&path),
        }
    }

    /// The current generation, under a shared lock.
    pub fn hold_current(&self) -> Result<Held, StoreError> {
        let mut revision = match self.current()? {
            Some(revision) => revision,
            None => return Err(self.lost_current()?.unwrap_or(StoreError::NotFound { path: self.root.clone() })),
        };
        for _ in 0..ATTEMPTS {
            if let Some(held) = self.hold(revision)? {
                return Ok(held);
            }
            // A writer may have made another one current and removed this one in the meantime.
            revision = self.current()?.unwrap_or(revision);
        }
        Err(StoreError::corrupt(
            &self.root.join(CURRENT),
            format!("it names generation {revision}, which is not there"),
        ))
    }

    /// A certain generation, under a shared lock; `None` if it is not there, or about to go.
    pub fn hold(&self, revision: u64) -> Result<Option<Held>, StoreError> {
        let folder = self.generation(revision);
        let path = folder.join(META);
        let lock = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error).at(&path),
        };
        match lock.try_lock_shared() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error).at(&path),
        }
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Some(Held { meta: Meta::read(&text, &path)?, folder, lock })),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).at(&path),
        }
    }

    /// Whole generations up to the current one, sorted.
    pub fn revisions(&self) -> Result<Vec<u64>, StoreError> {
        let current = self.current()?;
        let mut revisions = self.generations()?;
        revisions.retain(|revision| Some(*revision) <= current);
        revisions.sort_unstable();
        Ok(revisions)
    }

    /// Where a new generation is written to; empty.
    pub fn begin(&self, revision: u64) -> Result<PathBuf, StoreError> {
        let path = self.root.join(GENERATIONS).join(temporary(&revision.to_string()));
        fs::create_dir(&path).at(&path)?;
        Ok(path)
    }

    /// Makes what [`Folder::begin`] gave, written in full, the current generation: all of it or nothing. `last` is called
    /// when all is written and one renaming is left to do; where it fails, nothing has happened.
    pub fn finish<E: From<StoreError>>(
        &self,
        revision: u64,
        written: &Path,
        meta: &Meta,
        last: impl FnOnce() -> Result<(), E>,
    ) -> Result<(), E> {
        let path = written.join(META);
        fs::write(&path, meta.text()).at(&path)?;
        sync_tree(written)?;
        let generation = self.generation(revision);
        fs::rename(written, &generation).at(&generation)?;
        sync(&self.root.join(GENERATIONS))?;
        self.write_beside(CURRENT, &format!("{revision}\n"))?;
        last()?;
        Ok(self.put(CURRENT)?)
    }

    /// Removes what a failed attempt at this generation has written. What cannot be removed the next writer clears away.
    pub fn discard(&self, revision: u64) {
        if !matches!(self.current(), Ok(current) if current != Some(revision)) {
            return;
        }
        let generation = self.generation(revision);
        let _ = fs::remove_dir_all(self.root.join(GENERATIONS).join(temporary(&revision.to_string())));
        let _ = fs::remove_dir_all(generation);
        let _ = fs::remove_file(self.root.join(temporary(CURRENT)));
    }

    /// Removes what [`Folder::for_writing`] made of a store that holds nothing yet. What cannot be removed the next writer
    /// finds as a killed build would leave it.
    pub fn remove_empty(&self) {
        let _ = fs::remove_dir(self.root.join(GENERATIONS));
        let _ = fs::remove_file(self.root.join(FORMAT_FILE));
        let _ = fs::remove_file(self.root.join(LOCK));
        let _ = fs::remove_dir(&self.root);
    }

    /// Makes a whole generation the current one.
    pub fn name_current(&self, revision: u64) -> Result<(), StoreError> {
        self.replace(CURRENT, &format!("{revision}\n"))
    }

    /// Removes old generations that nobody reads, but the `keep` newest of them.
    pub fn prune(&self, keep: usize) -> Result<(), StoreError> {
        let mut old = self.revisions()?;
        old.pop();
        old.truncate(old.len().saturating_sub(keep));
        for revision in old {
            let folder = self.generation(revision);
            let lock = File::open(folder.join(META));
            let is_read = lock.as_ref().is_ok_and(|lock| matches!(lock.try_lock(), Err(TryLockError::WouldBlock)));
            if !is_read {
                let gone = folder.with_extension("gone");
                fs::rename(&folder, &gone).at(&folder)?;
                fs::remove_dir_all(&gone).at(&gone)?;
            }
        }
        Ok(())
    }

    /// Removes what a killed build left: temporary files and folders, and a generation that never became current.
    fn clean_up(&self) -> Result<(), StoreError> {
        for name in [CURRENT, FORMAT_FILE, JUDGEMENTS] {
            let path = self.root.join(temporary(name));
            if path.exists() {
                fs::remove_file(&path).at(&path)?;
            }
        }
        let current = self.current()?;
        // A first generation alone may be what a first build left that was killed just before it named it; or `CURRENT`
        // was lost. It is whole in both cases, and not for us to remove.
        if current.is_none()
            && let Some(lost) = self.lost_current()?
            && self.generations()?.iter().any(|revision| *revision > 1)
        {
            return Err(lost);
        }
        for name in self.names()? {
            if name.parse().map_or(true, |revision: u64| current.is_some_and(|current| revision > current)) {
                let path = self.root.join(GENERATIONS).join(name);
                let removed = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
                removed.at(&path)?;
            }
        }
        Ok(())
    }

    /// The error that generations are there and none is said to be the current one; `None` where there are none.
    fn lost_current(&self) -> Result<Option<StoreError>, StoreError> {
        let newest = self.generations()?.into_iter().max();
        Ok(newest.map(|newest| {
            let message =
                format!("it is missing, though generations are there: write the newest number, {newest}, into it");
            StoreError::corrupt(&self.root.join(CURRENT), message)
        }))
    }

    /// Numbers of all generations, current or not.
    fn generations(&self) -> Result<Vec<u64>, StoreError> {
        Ok(self.names()?.iter().filter_map(|name| name.parse().ok()).collect())
    }

    fn names(&self) -> Result<Vec<String>, StoreError> {
        let path = self.root.join(GENERATIONS);
        let entries = match fs::read_dir(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.at(&path)?,
        };
        let mut names = Vec::new();
        for entry in entries {
            names.push(entry.at(&path)?.file_name().to_string_lossy().into_owned());
        }
        Ok(names)
    }

    pub fn path(&self) -> &Path {
        &self.root
    }

    /// Where a generation stands.
    pub fn generation(&self, revision: u64) -> PathBuf {
        self.root.join(GENERATIONS).join(revision.to_string())
    }

    /// Writes a small file in one step: readers see the old text or the new one, never half of it.
    fn replace(&self, name: &str, text: &str) -> Result<(), StoreError> {
        self.write_beside(name, text)?;
        self.put(name)
    }

    fn write_beside(&self, name: &str, text: &str) -> Result<(), StoreError> {
        let temporary = self.root.join(temporary(name));
        let mut file = File::create(&temporary).at(&temporary)?;
        file.write_all(text.as_bytes()).at(&temporary)?;
        file.sync_all().at(&temporary)
    }

    /// Puts what was written beside a file in its place.
    fn put(&self, name: &str) -> Result<(), StoreError> {
        let path = self.root.join(name);
        fs::rename(self.root.join(temporary(name)), &path).at(&path)?;
        sync(&self.root)
    }
}

fn temporary(name: &str) -> String {
    format!("{name}.tmp")
}

fn sync_tree(folder: &Path) -> Result<(), StoreError> {
    for entry in fs::read_dir(folder).at(folder)? {
        let path = entry.at(folder)?.path();
        if path.is_dir() { sync_tree(&path)? } else { sync(&path)? }
    }
    sync(folder)
}

fn sync(path: &Path) -> Result<(), StoreError> {
    // Windows opens no folders as files, and keeps renames in order by itself.
    if cfg!(windows) && path.is_dir() {
        return Ok(());
    }
    File::open(path).and_then(|file| file.sync_all()).at(path)
}
