//! Opening a store to read from, with words that help where it cannot be.

use guanxi::graph::{Generation, StoreError};
use guanxi::judgements::ChangeError;

use crate::args::{Database, Store};
use crate::error::{CommandError, Kind};
use crate::output::source;
use crate::session::Session;

/// The generation that was asked for; the current one unless a revision was named.
pub fn open(session: &Session, database: &Database) -> Result<Generation, CommandError> {
    match database.revision {
        Some(revision) => Generation::open_revision(&session.db(database), revision).map_err(failure),
        None => open_current(session, &database.store),
    }
}

/// The current generation.
pub fn open_current(session: &Session, store: &Store) -> Result<Generation, CommandError> {
    Generation::open(&session.db(store)).map_err(failure)
}

/// What to tell the user when a store, or what was decided on its claims, cannot be changed.
pub fn change_failure(error: ChangeError) -> CommandError {
    match error {
        ChangeError::Store(error) => failure(error),
        ChangeError::Mistakes(errors) => source::data_errors(&errors),
        ChangeError::UnknownClaim { judged: false, .. } | ChangeError::AmbiguousClaim { .. } => {
            CommandError::new(Kind::NotFound, error).hint("`guanxi explain` shows the ids of claims")
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

/// What to tell the user when a store cannot be used.
pub fn failure(error: StoreError) -> CommandError {
    match error {
        StoreError::NotFound { .. } => CommandError::new(Kind::NotFound, error)
            .hint("`guanxi build FOLDER` makes a store; `-d DB` or GUANXI_DB names another one"),
        StoreError::NoRevision { .. } => CommandError::new(Kind::NotFound, error)
            .hint("`guanxi build --keep N` keeps the N states before the current one"),
        other => other.into(),
    }
}
