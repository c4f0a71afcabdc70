//! `guanxi forget`

use guanxi::graph::Summary;

use crate::args::{JudgementFile, Store};
use crate::commands::store;
use crate::error::{CommandError, CommandResult, Kind, Outcome};
use crate::session::Session;

/// Take documents, with all that only they said, out of a store
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  guanxi forget articles/a.txt       by path
  guanxi forget a1 9f2c41d0          by the id of a record, the start of the hash
  guanxi forget --purge a.txt        leave no byte of it")]
pub struct Args {
    #[command(flatten)]
    store: Store,
    #[command(flatten)]
    judgements: JudgementFile,
    /// Leave nothing of the texts: remove older revisions, what the history says of them, and judgements that quote them
    #[arg(long)]
    purge: bool,
    /// Path, record id, URL, or at least 8 digits of the hash of a document
    #[arg(value_name = "PATH|ID|HASH", required = true)]
    documents: Vec<String>,
}

pub fn run(session: &Session, args: &Args) -> CommandResult {
    let guanxi = session.guanxi()?;
    // What is forgotten must be there: where there is no store, none is made.
    store::open_current(session, &args.store)?;
    let (folder, judgements) = (session.db(&args.store), session.judgements(&args.judgements));
    let forgotten = guanxi.forget(&folder, judgements.as_deref(), &args.documents, args.purge);
    let forgotten = forgotten.map_err(store::change_failure)?;
    let done = if args.purge { "purged" } else { "forgot" };
    let mut unknown = Vec::new();
    for (document, sources) in args.documents.iter().zip(forgotten.sources) {
        match sources {
            0 => unknown.push(document.as_str()),
            1 => session.say(format!("{done} {document}")),
            _ => session.say(format!("{done} {document}, which is {sources} sources")),
        }
    }
    let Summary { counts, revision, .. } = forgotten.summary;
    session.say(format!("{} documents and {} claims remain, revision {revision}", counts.documents, counts.claims));
    if unknown.is_empty() {
        return Ok(Outcome::Done);
    }
    Err(CommandError::new(Kind::NotFound, format!("no document is called {}", unknown.join(", ")))
        .hint("`guanxi info --documents` lists them"))
}
