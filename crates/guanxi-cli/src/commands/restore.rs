//! `guanxi restore`

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::PathBuf;

use guanxi::graph::{Generation, Seal, StoreError};
use guanxi::judgements::ChangeError;
use guanxi::model::Confidence;

use crate::args::{JudgementFile, Store};
use crate::commands::{build, store};
use crate::error::{CommandError, CommandResult, Kind, Outcome};
use crate::output;
use crate::session::Session;

/// Make a store from what `guanxi dump` wrote
///
/// The claims are those of the dump; facts, merged names and derivations are computed from them anew, with the rules
/// and reference data at hand. A dump with its history gives a store of the same revision, which goes on from there.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  guanxi restore guanxi.nq -d copy.db
  guanxi dump -d old.db | guanxi restore - -d new.db
  guanxi restore by-hand.nq --unchecked -d new.db")]
pub struct Args {
    /// A file of N-Quads that `guanxi dump` wrote; - for standard input
    #[arg(value_name = "FILE.nq")]
    file: PathBuf,
    #[command(flatten)]
    store: Store,
    #[command(flatten)]
    judgements: JudgementFile,
    /// How sure a fact must be to stand as a plain triple, 0 to 1 [default: as in the history of the dump; 0.70]
    #[arg(long, value_name = "P", value_parser = output::probability)]
    fact_confidence: Option<Confidence>,
    /// Take it without the closing line that tells that it is whole, or against it: it was made or changed by hand
    #[arg(long)]
    unchecked: bool,
}

pub fn run(session: &Session, args: &Args) -> CommandResult {
    let guanxi = session.guanxi()?;
    let folder = session.db(&args.store);
    match Generation::open(&folder) {
        Err(StoreError::NotFound { .. }) => {}
        Err(other) => return Err(store::failure(other)),
        Ok(_) => {
            let message = format!("{} holds a store already, and none is overwritten", folder.display());
            return Err(CommandError::new(Kind::Failed, message).hint("name a new folder: -d DB"));
        }
    }
    let judgements = session.judgements(&args.judgements);
    let seal = if args.unchecked { Seal::Waived } else { Seal::Required };
    let built = guanxi.restore(&folder, &judgements, args.fact_confidence, quads(&args.file)?, seal);
    let built = built.map_err(|error| match error {
        ChangeError::Store(error) => store::dump_failure(&args.file.display().to_string(), error),
        other => store::change_failure(other),
    })?;
    let contradicted = store::tell_judgements(session, &built.summary);
    if !session.is_quiet() {
        build::summarise("restored", &built, &folder, &session.db_option(&args.store))?;
    }
    Ok(Outcome::of_losses(contradicted))
}

fn quads(file: &std::path::Path) -> Result<Box<dyn Read>, anyhow::Error> {
    if file == std::path::Path::new("-") {
        return Ok(Box::new(io::stdin().lock()));
    }
    let file = File::open(file).map_err(|error| anyhow::anyhow!("{}: {error}", file.display()))?;
    Ok(Box::new(BufReader::new(file)))
}
