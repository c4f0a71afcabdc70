//! What people decided on claims: the file that it stands in, and how a store stands to it.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use guanxi_graph::{Generation, JUDGEMENTS, Judged, StoreError, Summary, Update, rejection};
use guanxi_model::data_file::{self, DataFile, nearest};
use guanxi_model::{ClaimId, ClaimJudgement, EntityJudgement, Judgements};

use crate::Guanxi;
use crate::data::{DataErrors, Mistake};

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
    },
}

fn did_you_mean(nearest: Option<&ClaimId>) -> String {
    nearest.map(|id| format!(": did you mean `{id}`?")).unwrap_or_default()
}

fn by(author: &str) -> String {
    if author.is_empty() { String::new() } else { format!(" by {author}") }
}

/// How a judgement stands to a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It holds for so many claims.
    InForce(usize),
    /// No text says any more what was judged: it may go, or wait for the text to come back.
    MeetsNoClaim,
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
    /// What the store says.
    pub summary: Summary,
}

/// The file of judgements of the store in `folder`: the one asked for, else the one in the folder.
pub fn file(folder: &Path, asked: Option<&Path>) -> PathBuf {
    asked.map_or_else(|| folder.join(JUDGEMENTS), Path::to_owned)
}

/// Reads a file of judgements; where there is none, nothing was decided.
///
/// # Errors
/// It cannot be read, or there are mistakes in it.
pub fn read(path: &Path) -> Result<Judgements, ChangeError> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Judgements::default()),
        Err(source) => return Err(ChangeError::File { path: path.to_owned(), source }),
    };
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
            Some(judged) if judged.claims.is_empty() => Standing::MeetsNoClaim,
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
    /// The decision is written to the file of judgements first: if the store cannot be changed then, the next change of
    /// it makes good.
    ///
    /// # Errors
    /// There is no such claim, and nothing was changed; file or store cannot be read or written.
    pub fn reject(
        &self,
        folder: &Path,
        judgements: Option<&Path>,
        ids: &[String],
        because: &str,
    ) -> Result<Decided, ChangeError> {
        let judged = judgements_by_claim(folder)?;
        let (mut update, file) = self.begin(folder, judgements)?;
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
        write(&file, update.judgements())?;
        Ok(Decided { judgements: decided, summary: update.commit()? })
    }

    /// Takes back what was decided on the claims with these ids, or with the one id that begins so.
    ///
    /// # Errors
    /// As [`Guanxi::reject`]; such a claim was not judged.
    pub fn withdraw(&self, folder: &Path, judgements: Option<&Path>, ids: &[String]) -> Result<Decided, ChangeError> {
        let mut judged = judgements_by_claim(folder)?;
        let (mut update, file) = self.begin(folder, judgements)?;
        judged.extend(update.judgements().claims().map(|entry| (entry.claim.clone(), entry.claim.clone())));
        let mut decided = Vec::new();
        for id in ids {
            let claim = only(id, &judged.keys().collect::<Vec<_>>(), true)?;
            let withdrawn = judged.get(&claim).and_then(|entry| update.judgements_mut().withdraw(entry));
            decided.push(withdrawn.ok_or_else(|| unknown(id, &[], true))?);
        }
        write(&file, update.judgements())?;
        Ok(Decided { judgements: decided, summary: update.commit()? })
    }

    /// Brings the store in `folder` to what its file of judgements says now.
    ///
    /// # Errors
    /// File or store cannot be read or written.
    pub fn apply_judgements(&self, folder: &Path, judgements: Option<&Path>) -> Result<Summary, ChangeError> {
        let (update, _) = self.begin(folder, judgements)?;
        Ok(update.commit()?)
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
        ref several => Err(ChangeError::AmbiguousClaim { id: id.to_owned(), number: several.len() }),
    }
}

fn unknown(id: &str, known: &[&ClaimId], judged: bool) -> ChangeError {
    // The beginnings are compared, for an id is mostly given by its beginning.
    let beginnings = known.iter().map(|known| known.as_str().get(..id.len()).unwrap_or(known.as_str()));
    let near = nearest(id, beginnings);
    let near = near.and_then(|near| known.iter().find(|known| known.as_str().starts_with(near)));
    ChangeError::UnknownClaim { id: id.to_owned(), nearest: near.map(|near| (*near).clone()), judged }
}

/// Writes the file in one step, unless it says the same already, in whatever order and with whatever comments.
pub(crate) fn write(path: &Path, judgements: &Judgements) -> Result<(), ChangeError> {
    if read(path)? == *judgements {
        return Ok(());
    }
    replace(path, &judgements.text()).map_err(|source| ChangeError::File { path: path.to_owned(), source })
}

fn replace(path: &Path, text: &str) -> io::Result<()> {
    // A link stays one: what it leads to is written.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let mut temporary = path.clone().into_os_string();
    temporary.push(".tmp");
    let mut file = File::create(&temporary)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&temporary, &path)
}

/// An update of the store in `folder` with what people decided, and the file that it stands in.
pub(crate) fn with_judgements<'a>(
    mut update: Update<'a>,
    folder: &Path,
    judgements: Option<&Path>,
) -> Result<(Update<'a>, PathBuf), ChangeError> {
    let file = file(folder, judgements);
    *update.judgements_mut() = read(&file)?;
    Ok((update, file))
}
