//! `guanxi dump`

use std::io::Write;
use std::path::PathBuf;

use crate::args::Database;
use crate::commands::store;
use crate::error::{CommandResult, Outcome};
use crate::output;
use crate::session::Session;

/// Print a whole store as canonical N-Quads
///
/// The same knowledge gives the same bytes.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  guanxi dump > guanxi.nq
  guanxi dump | sha256sum       are two stores the same?")]
pub struct Args {
    #[command(flatten)]
    database: Database,
    /// Write to this file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub fn run(session: &Session, args: &Args) -> CommandResult {
    let generation = store::open(session, &args.database)?;
    let mut out = output::file_or_stdout(args.output.as_deref())?;
    generation.dump(&mut out)?;
    out.flush()?;
    Ok(Outcome::Done)
}
