//! `guanxi forget`

use std::path::PathBuf;

use guanxi::graph::Summary;
use guanxi::judgements::ChangeOptions;

use crate::args::{JudgementFile, Store};
use crate::commands::store;
use crate::error::{CommandError, CommandResult, Kind, Outcome};
use crate::session::Session;

/// Take documents, with all that only they said, out of a store
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  guanxi forget articles/a.txt       by path
  guanxi forget a1 9f2c41d0          by the id of a record, the start of the hash
  guanxi forget --purge a.txt        leave no byte of it
  guanxi forget --gone articles      whatever is no longer in the folder")]
pub struct Args {
    #[command(flatten)]
    store: Store,
    #[command(flatten)]
    judgements: JudgementFile,
    /// Number of older generations of the store to keep, in which the texts live on
    #[arg(long, value_name = "N", default_value_t = 0, conflicts_with = "purge")]
    keep: usize,
    /// Leave nothing of the texts: remove older revisions, what the history says of them, and judgements that quote them
    #[arg(long)]
    purge: bool,
    /// What is named are folders: forget what was read from files in them that are there no more
    #[arg(long)]
    gone: bool,
    /// Path, record id, URL, or at least 8 digits of the hash of a document
    #[arg(value_name = "PATH|ID|HASH", required = true)]
    documents: Vec<String>,
}

pub fn run(session: &Session, args: &Args) -> CommandResult {
    let guanxi = session.guanxi()?;
    // What is forgotten must be there: where there is no store, none is made.
    store::open_current(session, &args.store)?;
    let options = ChangeOptions { judgements: session.judgements(&args.judgements), keep: Some(args.keep) };
    let folder = session.db(&args.store);
    let documents = match args.gone {
        true => {
            let folders: Vec<PathBuf> = args.documents.iter().map(PathBuf::from).collect();
            guanxi.gone(&folder, &folders).map_err(store::failure)?
        }
        false => args.documents.clone(),
    };
    let forgotten = guanxi.forget(&folder, &options, &documents, args.purge);
    let forgotten = forgotten.map_err(store::change_failure)?;
    let done = if args.purge { "purged" } else { "forgot" };
    let mut unknown = Vec::new();
    for (document, sources) in documents.iter().zip(forgotten.sources) {
        match sources {
            0 => unknown.push(document.as_str()),
            1 => session.say(format!("{done} {document}")),
            _ => session.say(format!("{done} {document}, which is {sources} sources")),
        }
    }
    if let Some((number, file)) = &forgotten.dropped {
        session.insist(format!(
            "{number} judgements quoted what was purged, and were taken out of {}; what version control or a backup \
             keeps of that file stays",
            file.display()
        ));
    }
    let contradicted = store::tell_judgements(session, &forgotten.summary);
    let Summary { counts, revision, .. } = forgotten.summary;
    session.say(format!("{} documents and {} claims remain, revision {revision}", counts.documents, counts.claims));
    if unknown.is_empty() {
        return Ok(Outcome::of_losses(contradicted));
    }
    Err(CommandError::new(Kind::NotFound, format!("no document is called {}", unknown.join(", ")))
        .hint("`guanxi info --documents` lists them"))
}
