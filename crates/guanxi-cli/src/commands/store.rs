//! Opening a store to read from, with words that help where it cannot be.

use guanxi::graph::{Generation, StoreError};

use crate::args::Database;
use crate::error::{CommandError, Kind};
use crate::session::Session;

/// The current generation.
pub fn open(session: &Session, database: &Database) -> Result<Generation, CommandError> {
    Generation::open(&session.db(database)).map_err(failure)
}

/// What to tell the user when a store cannot be used.
pub fn failure(error: StoreError) -> CommandError {
    match error {
        StoreError::NotFound { .. } => CommandError::new(Kind::NotFound, error)
            .hint("`guanxi build FOLDER` makes a store; `-d DB` or GUANXI_DB names another one"),
        other => other.into(),
    }
}
