//! `guanxi dump`

use std::path::PathBuf;

use crate::args::Database;
use crate::commands::store;
use crate::error::{CommandResult, Outcome};
use crate::output::whole::Output;
use crate::session::Session;

/// Print a whole store as canonical N-Quads
///
/// The same knowledge gives the same bytes, however it came about; with its history a store tells that too.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  guanxi dump > guanxi.nq
  guanxi dump | sha256sum       are two stores the same?
  guanxi dump --with-history > all.nq")]
pub struct Args {
    #[command(flatten)]
    database: Database,
    /// With what happened to the store: when documents and claims came in, what was replaced or forgotten
    #[arg(long)]
    with_history: bool,
    /// Write to this file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub fn run(session: &Session, args: &Args) -> CommandResult {
    let generation = store::open(session, &args.database)?;
    let file = Output::begin(args.output.as_deref())?;
    match args.with_history {
        true => generation.dump_with_history(file.writer()?)?,
        false => generation.dump(file.writer()?)?,
    };
    file.finish()?;
    Ok(Outcome::Done)
}
