//! Opening a store to read from, with words that help where it cannot be.

use std::path::Path;

use guanxi::graph::{Generation, StoreError, Summary};
use guanxi::judgements::ChangeError;
use guanxi::model::ClaimId;

use crate::args::{Database, Store};
use crate::error::{CommandError, Kind};
use crate::output::source;
use crate::session::Session;

/// The generation that was asked for; the current one unless a revision was named.
pub fn open(session: &Session, database: &Database) -> Result<Generation, CommandError> {
    match database.revision {
        Some(revision) => {
            let folder = session.db(database);
            Generation::open_revision(&folder, revision).map_err(|error| failure_at(&folder, Some(revision), error))
        }
        None => open_current(session, &database.store),
    }
}

/// The current generation.
pub fn open_current(session: &Session, store: &Store) -> Result<Generation, CommandError> {
    let folder = session.db(store);
    Generation::open(&folder).map_err(|error| failure_at(&folder, None, error))
}

/// What to tell the user when a store, or what was decided on its claims, cannot be changed.
pub fn change_failure(error: ChangeError) -> CommandError {
    match error {
        ChangeError::Store(error) => failure(error),
        ChangeError::Mistakes(errors) => source::data_errors(&errors),
        ChangeError::UnknownClaim { judged: false, .. } => {
            CommandError::new(Kind::NotFound, error).hint("`guanxi explain` shows the ids of claims")
        }
        ChangeError::AmbiguousClaim { number, ref candidates, .. } => {
            let told: Vec<&str> = candidates.iter().map(ClaimId::as_str).collect();
            let more = if number > told.len() { ", …" } else { "" };
            let candidates = format!("they are {}{more}", told.join(", "));
            CommandError::new(Kind::NotFound, error).hint(candidates).hint("`guanxi explain ID` shows a claim")
        }
        ChangeError::UnknownClaim { .. } => {
            CommandError::new(Kind::NotFound, error).hint("`guanxi claim list` lists what was decided")
        }
        ChangeError::JudgedOtherwise { .. } => {
            CommandError::new(Kind::Failed, error).hint("`guanxi entity undo ONE OTHER` takes that back first")
        }
        ChangeError::NothingDecided => {
            CommandError::new(Kind::NotFound, error).hint("`guanxi entity decided` lists what was decided on entities")
        }
        other => other.into(),
    }
}

/// Tells which judgements hold no longer, and which do not hold for saying something else than their claims: whether
/// there are any of these.
pub fn tell_judgements(session: &Session, summary: &Summary) -> bool {
    let Summary { withdrawn, contradicted, .. } = summary;
    if *withdrawn > 0 {
        session.insist(format!(
            "{withdrawn} judgements hold no longer: they stood in the store, and stand no more where it finds them now"
        ));
    }
    for claim in contradicted {
        session.insist(format!(
            "the judgement on claim {claim} does not hold: it says something else than this claim (`guanxi explain {claim}`); \
             correct it, or take it out"
        ));
    }
    !contradicted.is_empty()
}

/// As [`failure`], with an older generation that may still be read.
fn failure_at(folder: &Path, asked: Option<u64>, error: StoreError) -> CommandError {
    let is_damaged = matches!(error, StoreError::Corrupt { .. });
    let error = failure(error);
    let mut kept = Generation::revisions(folder).unwrap_or_default();
    kept.pop();
    kept.retain(|revision| Some(*revision) != asked);
    match kept.last() {
        Some(older) if is_damaged => error.hint(format!(
            "revision {older} was kept: `--revision {older}` reads it, and `guanxi dump --revision {older}` writes what it holds"
        )),
        _ => error,
    }
}

/// What to tell the user when a dump cannot be read.
pub fn dump_failure(file: &str, error: StoreError) -> CommandError {
    let told = CommandError::new(Kind::Failed, format!("{file}: {error}"));
    match error {
        StoreError::BrokenSeal { .. } => {
            told.hint("it was cut off or changed: dump it again, or take it as it is with --unchecked")
        }
        StoreError::NoDump { .. } => told,
        other => failure(other),
    }
}

/// What to tell the user when a store cannot be used.
pub fn failure(error: StoreError) -> CommandError {
    match error {
        StoreError::NotFound { .. } => CommandError::new(Kind::NotFound, error)
            .hint("`guanxi build FOLDER` makes a store; `-d DB` or GUANXI_DB names another one"),
        StoreError::NoRevision { .. } => CommandError::new(Kind::NotFound, error)
            .hint("`guanxi build --keep N` keeps the N states before the current one"),
        StoreError::Corrupt { .. } => CommandError::new(Kind::Failed, error)
            .hint("`guanxi build INPUT… -d NEW` reads the sources into a new store; `guanxi restore DUMP -d NEW` makes one of a dump"),
        other => other.into(),
    }
}
