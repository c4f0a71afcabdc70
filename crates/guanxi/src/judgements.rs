//! What people decided on claims: the file that it stands in, and how a store stands to it.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};

use guanxi_graph::{Generation, JUDGEMENTS, Judged, JudgementsAt, StoreError, Summary, Update, rejection};
use guanxi_model::data_file::{self, DataFile, nearest};
use guanxi_model::{ClaimId, ClaimJudgement, EntityJudgement, Judgements};

use crate::Guanxi;
use crate::data::{DataErrors, Mistake};
use crate::place::absolute;

/// How many candidates an ambiguous id is answered with.
const CANDIDATES: usize = 10;

/// Least number of characters of a claim's id that stand for the whole.
const LEAST_PREFIX: usize = 4;

/// A store, or what people decided on its claims, cannot be read or changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ChangeError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The file of judgements cannot be read or written.
    #[error("the judgements in {}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The file of judgements is not there.
    #[error("the judgements of the store are {} {}, which is not there: put it back (an empty file is a first one), name another one with `--judgements FILE`, or go on without any with `--no-judgements`", if *named { "to stand in" } else { "kept in" }, path.display())]
    MissingFile {
        /// The file.
        path: PathBuf,
        /// Whether it was asked for now, and not remembered.
        named: bool,
    },
    /// A new store was to be made of sources of which none could be read: none could be opened, or none is text.
    #[error("nothing could be read of {sources} {}, and no store was made at {}", if *sources == 1 { "source" } else { "sources" }, store.display())]
    NothingRead {
        /// Where it would stand.
        store: PathBuf,
        /// How many sources.
        sources: usize,
    },
    /// The store is kept without judgements, and one is to be made.
    #[error("the store at {} is kept without judgements: `--judgements FILE` names a file for them", .0.display())]
    NoFile(PathBuf),
    /// A path that cannot be written down.
    #[error("the judgements in {}: the store remembers where they are, and its path is no UTF-8: rename it", .0.display())]
    OddPath(PathBuf),
    /// There are mistakes in it.
    #[error(transparent)]
    Mistakes(DataErrors),
    /// No claim has an id that begins so; or none that was judged, where a judgement is to be withdrawn.
    #[error("no claim{} has an id that begins with `{id}`{}", if *judged { " that was judged" } else { "" }, did_you_mean(nearest.as_ref()))]
    UnknownClaim {
        /// What was asked for.
        id: String,
        /// The nearest id, where one is near.
        nearest: Option<ClaimId>,
        /// Whether only judged claims were looked at.
        judged: bool,
    },
    /// Two entities were judged otherwise before.
    #[error("{} and {} were judged {} before{}: {}", known.names[0], known.names[1], known.verdict, by(&known.author), known.because)]
    JudgedOtherwise {
        /// That judgement.
        known: Box<EntityJudgement>,
    },
    /// There is no judgement to take back.
    #[error("nothing was decided on it")]
    NothingDecided,
    /// Several claims have.
    #[error("`{id}` begins the ids of {number} claims: write more of it")]
    AmbiguousClaim {
        /// What was asked for.
        id: String,
        /// How many claims.
        number: usize,
        /// The first of them, by id.
        candidates: Vec<ClaimId>,
    },
}

fn did_you_mean(nearest: Option<&ClaimId>) -> String {
    nearest.map(|id| format!(": did you mean `{id}`?")).unwrap_or_default()
}

fn by(author: &str) -> String {
    if author.is_empty() { String::new() } else { format!(" by {author}") }
}

/// Where a command is to find what people decided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum JudgementFile {
    /// Where the store remembers it; of a new store in its folder.
    #[default]
    Remembered,
    /// In this file, which the store remembers from then on.
    At(PathBuf),
    /// Nowhere: the store goes on without.
    Nowhere,
}

/// How a change of a store is made; what is left open stays as the store has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangeOptions {
    /// Where to find what people decided.
    pub judgements: JudgementFile,
    /// Number of older generations to keep; as many as there are.
    pub keep: Option<usize>,
}

/// How a judgement stands to a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It holds for so many claims.
    InForce(usize),
    /// No text says any more what was judged: it may go, or wait for the text to come back.
    MeetsNoClaim,
    /// It says something else than the claim of its id, and does not hold.
    Contradicts,
    /// It came into the file after the store was built, and holds from the next change on.
    NotYetBuilt,
    /// It is in the store, but no longer in the file, and holds until the next change.
    Withdrawn,
}

/// What was decided, and what became of the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// The judgements that were made or withdrawn, in the order of the ids that were given.
    pub judgements: Vec<ClaimJudgement>,
    /// The file that it was written to.
    pub file: PathBuf,
    /// What the store says.
    pub summary: Summary,
}

/// The file of judgements of a generation of the store in `folder`; none where it is kept without.
///
/// # Errors
/// The file that was asked for, or that the store remembers, is not there; nor is one needed that holds nothing yet.
pub fn file(generation: &Generation, folder: &Path, asked: &JudgementFile) -> Result<Option<PathBuf>, ChangeError> {
    let remembered = &generation.meta().judgements;
    let file = path_of(&at(folder, asked, remembered)?, folder, asked);
    let is_needed = !(generation.judgements().is_empty() && generation.entity_judgements().is_empty());
    file.map(|file| there(file, folder, asked, is_needed)).transpose()
}

/// Reads a file of judgements; where there is none, nothing was decided.
///
/// # Errors
/// It cannot be read, or there are mistakes in it.
pub fn read(path: &Path) -> Result<Judgements, ChangeError> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Judgements::default()),
        Err(source) => return Err(ChangeError::File { path: path.to_owned(), source }),
    };
    let text = String::from_utf8(bytes).map_err(|error| {
        let line =
            1 + error.as_bytes()[..error.utf8_error().valid_up_to()].iter().filter(|byte| **byte == b'\n').count();
        let source = io::Error::new(io::ErrorKind::InvalidData, format!("line {line} is no UTF-8"));
        ChangeError::File { path: path.to_owned(), source }
    })?;
    let name = path.to_string_lossy();
    let mistake = |error: data_file::DataError| {
        let line_text = text.lines().nth(error.line as usize - 1).unwrap_or_default().to_owned();
        Mistake { error, line_text }
    };
    Judgements::load(DataFile { name: &name, text: &text })
        .map_err(|errors| ChangeError::Mistakes(DataErrors(errors.into_iter().map(mistake).collect())))
}

/// Every judgement of the file and of the store, with how it stands, by document and claim.
pub fn standing(generation: &Generation, file: &Judgements) -> Vec<(ClaimJudgement, Standing)> {
    let mut built: BTreeMap<ClaimId, Judged> = BTreeMap::new();
    built.extend(generation.judgements().into_iter().map(|judged| (judged.judgement.claim.clone(), judged)));
    let in_file = file.claims().map(|judgement| {
        let standing = match built.remove(&judgement.claim).filter(|judged| judged.judgement == *judgement) {
            None => Standing::NotYetBuilt,
            Some(judged) if judged.claims.is_empty() => match generation.claim(&judgement.claim) {
                Some(claim) if claim.document == judgement.document => Standing::Contradicts,
                _ => Standing::MeetsNoClaim,
            },
            Some(judged) => Standing::InForce(judged.claims.len()),
        };
        (judgement.clone(), standing)
    });
    let mut all: Vec<_> = in_file.collect();
    all.extend(built.into_values().map(|judged| (judged.judgement, Standing::Withdrawn)));
    all.sort_by(|(a, _), (b, _)| (&a.document, &a.claim).cmp(&(&b.document, &b.claim)));
    all
}

impl Guanxi {
    /// Rejects the claims with these ids, or with the one id that begins so (at least four characters): they stay in the
    /// store in `folder`, and back nothing.
    ///
    /// # Errors
    /// There is no such claim; file or store cannot be read or written. Neither is changed then.
    pub fn reject(
        &self,
        folder: &Path,
        options: &ChangeOptions,
        ids: &[String],
        because: &str,
    ) -> Result<Decided, ChangeError> {
        let judged = judgements_by_claim(folder)?;
        let Change { mut update, file } = self.begin(folder, options)?;
        let mut decided = Vec::new();
        for id in ids {
            let all: Vec<&ClaimId> = update.claims().map(|(claim, _)| &claim.id).collect();
            let id = only(id, &all, false)?;
            let (claim, extraction) =
                update.claims().find(|(claim, _)| claim.id == id).ok_or_else(|| unknown(id.as_str(), &[], false))?;
            decided.push(rejection(claim, extraction, because));
        }
        for judgement in &decided {
            // An older judgement that meets this claim under another id gives way.
            if let Some(older) = judged.get(&judgement.claim) {
                update.judgements_mut().withdraw(older);
            }
            update.judgements_mut().judge(judgement.clone());
        }
        Change { update, file }.decide(decided, folder)
    }

    /// Takes back what was decided on the claims with these ids, or with the one id that begins so.
    ///
    /// # Errors
    /// As [`Guanxi::reject`]; such a claim was not judged.
    pub fn withdraw(&self, folder: &Path, options: &ChangeOptions, ids: &[String]) -> Result<Decided, ChangeError> {
        let mut judged = judgements_by_claim(folder)?;
        let Change { mut update, file } = self.begin(folder, options)?;
        judged.extend(update.judgements().claims().map(|entry| (entry.claim.clone(), entry.claim.clone())));
        let mut decided = Vec::new();
        for id in ids {
            let claim = only(id, &judged.keys().collect::<Vec<_>>(), true)?;
            let withdrawn = judged.get(&claim).and_then(|entry| update.judgements_mut().withdraw(entry));
            decided.push(withdrawn.ok_or_else(|| unknown(id, &[], true))?);
        }
        Change { update, file }.decide(decided, folder)
    }

    /// Brings the store in `folder` to what its file of judgements says now.
    ///
    /// # Errors
    /// File or store cannot be read or written.
    pub fn apply_judgements(&self, folder: &Path, options: &ChangeOptions) -> Result<Summary, ChangeError> {
        self.begin(folder, options)?.commit()
    }
}

/// The claim on which each claim of the store was judged: most often itself.
fn judgements_by_claim(folder: &Path) -> Result<BTreeMap<ClaimId, ClaimId>, StoreError> {
    let judged = Generation::open(folder)?.judgements();
    let pairs = |judged: Judged| {
        let entry = judged.judgement.claim;
        judged.claims.into_iter().map(|claim| (claim, entry.clone())).collect::<Vec<_>>()
    };
    Ok(judged.into_iter().flat_map(pairs).collect())
}

fn only(id: &str, known: &[&ClaimId], judged: bool) -> Result<ClaimId, ChangeError> {
    if let Some(whole) = known.iter().find(|known| known.as_str() == id) {
        return Ok((*whole).clone());
    }
    let begins = |known: &&&ClaimId| id.len() >= LEAST_PREFIX && known.as_str().starts_with(id);
    match known.iter().filter(begins).collect::<Vec<_>>()[..] {
        [] => Err(unknown(id, known, judged)),
        [only] => Ok((*only).clone()),
        ref several => {
            let mut candidates: Vec<ClaimId> = several.iter().map(|claim| (**claim).clone()).collect();
            candidates.sort();
            candidates.truncate(CANDIDATES);
            Err(ChangeError::AmbiguousClaim { id: id.to_owned(), number: several.len(), candidates })
        }
    }
}

fn unknown(id: &str, known: &[&ClaimId], judged: bool) -> ChangeError {
    // The beginnings are compared, for an id is mostly given by its beginning.
    let beginnings = known.iter().map(|known| known.as_str().get(..id.len()).unwrap_or(known.as_str()));
    let near = nearest(id, beginnings);
    let near = near.and_then(|near| known.iter().find(|known| known.as_str().starts_with(near)));
    ChangeError::UnknownClaim { id: id.to_owned(), nearest: near.map(|near| (*near).clone()), judged }
}

/// A change of a store under way, with the file of its judgements; none where it is kept without.
pub(crate) struct Change<'a> {
    pub update: Update<'a>,
    pub file: Option<PathBuf>,
}

impl<'a> Change<'a> {
    /// Finds and reads the judgements for an update of the store in `folder`.
    pub fn begin(mut update: Update<'a>, folder: &Path, asked: &JudgementFile) -> Result<Self, ChangeError> {
        let remembered = update.before().map(|before| before.judgements.clone()).unwrap_or_default();
        let place = at(folder, asked, &remembered)?;
        let is_needed = !update.judgements_before().is_empty();
        let file = path_of(&place, folder, asked);
        let file = file.map(|file| there(file, folder, asked, is_needed)).transpose()?;
        *update.judgements_mut() = file.as_deref().map_or_else(|| Ok(Judgements::default()), read)?;
        update.keep_judgements_at(place);
        Ok(Self { update, file })
    }

    /// The same for a new store, whose file is made at need.
    pub fn begin_new(mut update: Update<'a>, folder: &Path, asked: &JudgementFile) -> Result<Self, ChangeError> {
        let place = at(folder, asked, &JudgementsAt::default())?;
        let file = path_of(&place, folder, asked);
        *update.judgements_mut() = file.as_deref().map_or_else(|| Ok(Judgements::default()), read)?;
        update.keep_judgements_at(place);
        Ok(Self { update, file })
    }

    /// Writes the file and the store: both, or neither.
    pub fn commit(self) -> Result<Summary, ChangeError> {
        let Some(file) = self.file else { return Ok(self.update.commit()?) };
        let staged = Staged::write(&file, self.update.judgements())?;
        // The file goes first: should we be killed between the two, the next change brings the store to it.
        self.update.commit_with(|| staged.put())
    }

    fn decide(self, judgements: Vec<ClaimJudgement>, folder: &Path) -> Result<Decided, ChangeError> {
        let file = self.file.clone().ok_or_else(|| ChangeError::NoFile(folder.to_owned()))?;
        Ok(Decided { judgements, file, summary: self.commit()? })
    }
}

/// Where the judgements of the store in `folder` are kept from now on.
fn at(folder: &Path, asked: &JudgementFile, remembered: &JudgementsAt) -> Result<JudgementsAt, ChangeError> {
    match asked {
        JudgementFile::Remembered => Ok(remembered.clone()),
        JudgementFile::Nowhere => Ok(JudgementsAt::Nowhere),
        JudgementFile::At(path) => {
            let relative = relative(path, folder).ok_or_else(|| ChangeError::OddPath(path.clone()))?;
            Ok(if relative == JUDGEMENTS { JudgementsAt::Store } else { JudgementsAt::File(relative) })
        }
    }
}

/// The path of what is kept there, as the user named it if so.
fn path_of(place: &JudgementsAt, folder: &Path, asked: &JudgementFile) -> Option<PathBuf> {
    match (place, asked) {
        (JudgementsAt::Nowhere, _) => None,
        (JudgementsAt::File(_), JudgementFile::At(path)) => Some(path.clone()),
        (JudgementsAt::File(path), _) => Some(below(folder, path)),
        (JudgementsAt::Store, _) => Some(folder.join(JUDGEMENTS)),
    }
}

/// The file, if it is there. In the folder of the store it begins to be with the first judgement.
fn there(file: PathBuf, folder: &Path, asked: &JudgementFile, is_needed: bool) -> Result<PathBuf, ChangeError> {
    let may_be_missing = !is_needed && file == folder.join(JUDGEMENTS);
    match may_be_missing || fs::exists(&file).map_err(|source| ChangeError::File { path: file.clone(), source })? {
        true => Ok(file),
        false => Err(ChangeError::MissingFile { path: file, named: matches!(asked, JudgementFile::At(_)) }),
    }
}

/// The way from a folder to a file, with `/`; the whole path where there is none. `None` where it is no UTF-8.
fn relative(file: &Path, folder: &Path) -> Option<String> {
    let (file, folder) = (absolute(file), absolute(folder));
    let common = file.components().zip(folder.components()).take_while(|(a, b)| a == b).count();
    let on_the_same_drive = common > 0;
    let up = folder.components().skip(common).map(|_| "..");
    let down = file.components().skip(if on_the_same_drive { common } else { 0 });
    let down = down.map(|part| part.as_os_str().to_str()).collect::<Option<Vec<_>>>()?;
    match on_the_same_drive {
        true => Some(up.chain(down).collect::<Vec<_>>().join("/")),
        false => Some(file.to_str()?.replace('\\', "/")),
    }
}

/// `decided.toml` for `../decided.toml` below `guanxi.db`, where this is the same file.
fn below(folder: &Path, relative: &str) -> PathBuf {
    let whole = folder.join(relative);
    let mut short = folder.to_owned();
    for part in Path::new(relative).components() {
        let can_go_up = matches!(short.components().next_back(), Some(Component::Normal(_)));
        match part {
            Component::ParentDir if can_go_up => drop(short.pop()),
            part => short.push(part),
        }
    }
    if absolute(&short) == absolute(&whole) { short } else { whole }
}

/// The judgements, written beside their file and not yet in its place; removed if they never get there.
struct Staged {
    path: PathBuf,
    temporary: Option<PathBuf>,
}

impl Staged {
    /// Writes nothing where the file says the same already, in whatever order and with whatever comments.
    fn write(path: &Path, judgements: &Judgements) -> Result<Self, ChangeError> {
        // A link stays one: what it leads to is written.
        let mut staged = Self { path: fs::canonicalize(path).unwrap_or_else(|_| path.to_owned()), temporary: None };
        if read(path)? != *judgements {
            let mut temporary = staged.path.clone().into_os_string();
            temporary.push(".tmp");
            let temporary = staged.temporary.insert(temporary.into());
            let written = File::create(temporary).and_then(|mut file| {
                file.write_all(judgements.text().as_bytes())?;
                file.sync_all()
            });
            written.map_err(|source| ChangeError::File { path: path.to_owned(), source })?;
        }
        Ok(staged)
    }

    fn put(mut self) -> Result<(), ChangeError> {
        let Some(temporary) = &self.temporary else { return Ok(()) };
        fs::rename(temporary, &self.path).map_err(|source| ChangeError::File { path: self.path.clone(), source })?;
        self.temporary = None;
        Ok(())
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if let Some(temporary) = &self.temporary {
            let _ = fs::remove_file(temporary);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_beside_the_store_is_found_from_wherever_both_stand() {
        let parent = tempfile::tempdir().unwrap();
        let (store, file) = (parent.path().join("a/guanxi.db"), parent.path().join("shared/decided.toml"));
        fs::create_dir_all(&store).unwrap();
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        for there in [false, true] {
            if there {
                fs::write(&file, "").unwrap();
            }
            let way = relative(&file, &store).unwrap();
            assert_eq!(way, "../../shared/decided.toml");
            assert_eq!(absolute(&below(&store, &way)), absolute(&file));
        }
        assert_eq!(relative(&store.join(JUDGEMENTS), &store).as_deref(), Some(JUDGEMENTS));
        assert_eq!(below(&store, "../decided.toml"), parent.path().join("a/decided.toml"));
    }
}
