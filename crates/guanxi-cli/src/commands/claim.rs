//! `guanxi claim`

use std::io::Write;

use guanxi::judgements::{self, Decided, Standing};
use guanxi::model::Judgements;

use crate::args::{Change, Database, JudgementFile, RowFormat};
use crate::commands::store;
use crate::error::{CommandResult, Outcome};
use crate::output;
use crate::output::rows::Rows;
use crate::session::Session;

/// Reject claims that a text does not make, and see what was decided
///
/// A rejected claim stays in the store with the reason, and backs no fact, no plain triple and nothing that follows. The
/// decision stands in a file of judgements, which can be kept under version control, and holds when the store is built
/// anew or with other rules.
#[derive(Debug, clap::Subcommand)]
#[command(before_help = "Examples:
  guanxi claim reject 5d1e33c0 --because 'the quote is about another Tencent'
  guanxi claim list
  guanxi claim restore 5d1e33c0")]
pub enum Command {
    /// Take claims out of everything that rests on them
    Reject {
        /// The id of a claim, or its beginning, as `guanxi explain` shows it
        #[arg(value_name = "ID", required = true)]
        ids: Vec<String>,
        /// Why the text does not say this
        #[arg(long, value_name = "TEXT", value_parser = clap::builder::NonEmptyStringValueParser::new())]
        because: String,
        #[command(flatten)]
        change: Change,
    },
    /// Take back what was decided on claims
    Restore {
        /// The id of a claim that was judged, or its beginning
        #[arg(value_name = "ID", required = true)]
        ids: Vec<String>,
        #[command(flatten)]
        change: Change,
    },
    /// List what was decided, and whether it meets a claim
    List {
        #[command(flatten)]
        database: Database,
        #[command(flatten)]
        judgements: JudgementFile,
        #[command(flatten)]
        format: RowFormat,
    },
    /// Bring the store to what the file of judgements says, after somebody else changed it
    Apply {
        #[command(flatten)]
        change: Change,
    },
}

pub fn run(session: &Session, command: &Command) -> CommandResult {
    match command {
        Command::Reject { ids, because, change } => {
            store::open_current(session, &change.store)?;
            let decided = session.guanxi()?.reject(&session.db(change), &session.change(change), ids, because);
            Ok(tell(session, "rejected", &decided.map_err(store::change_failure)?))
        }
        Command::Restore { ids, change } => {
            store::open_current(session, &change.store)?;
            let decided = session.guanxi()?.withdraw(&session.db(change), &session.change(change), ids);
            Ok(tell(session, "restored", &decided.map_err(store::change_failure)?))
        }
        Command::List { database, judgements, format } => list(session, database, judgements, *format),
        Command::Apply { change } => {
            store::open_current(session, &change.store)?;
            let summary = session.guanxi()?.apply_judgements(&session.db(change), &session.change(change));
            let summary = summary.map_err(store::change_failure)?;
            let done = if summary.changed { "applied" } else { "nothing changed" };
            session.say(format!("{done}: {} claims rejected, revision {}", summary.counts.rejected, summary.revision));
            Ok(Outcome::of_losses(store::tell_judgements(session, &summary)))
        }
    }
}

fn tell(session: &Session, done: &str, decided: &Decided) -> Outcome {
    for judgement in &decided.judgements {
        let (subject, predicate, object) = (&judgement.subject, &judgement.predicate, &judgement.object);
        session.say(format!("{done} {}: {subject} —{predicate}→ {object}", &judgement.claim.as_str()[..12]));
    }
    let Decided { file, summary, .. } = decided;
    session.say(format!(
        "{} facts remain, revision {}; written to {}",
        summary.counts.facts,
        summary.revision,
        file.display()
    ));
    Outcome::of_losses(!summary.contradicted.is_empty() && store::tell_judgements(session, summary))
}

fn list(session: &Session, database: &Database, file: &JudgementFile, format: RowFormat) -> CommandResult {
    let generation = store::open(session, database)?;
    let path = judgements::file(&generation, &session.db(database), &session.judgements(file));
    let path = path.map_err(store::change_failure)?;
    let decided = path.as_deref().map_or_else(|| Ok(Judgements::default()), judgements::read);
    let decided = decided.map_err(store::change_failure)?;
    let mut rows =
        Rows::new(&["claim", "verdict", "stands", "subject", "predicate", "object", "status", "because", "document"]);
    let mut pending = false;
    for (judgement, standing) in judgements::standing(&generation, &decided) {
        pending |= matches!(standing, Standing::NotYetBuilt | Standing::Withdrawn);
        rows.push([
            judgement.claim.to_string(),
            judgement.verdict.to_string(),
            words(standing),
            judgement.subject,
            judgement.predicate,
            judgement.object,
            judgement.status.to_string(),
            judgement.because,
            judgement.document.as_str().chars().take(16).collect(),
        ]);
    }
    let mut out = output::stdout();
    rows.write(session.row_format(format), &mut out)?;
    out.flush()?;
    if pending {
        session.say(format!(
            "{} was changed since the store was built: `guanxi claim apply` brings the store to it",
            path.map_or_else(|| "the file of judgements".to_owned(), |path| path.display().to_string())
        ));
    }
    Ok(Outcome::Done)
}

/// How a judgement stands to the store, in words.
pub fn words(standing: Standing) -> String {
    match standing {
        Standing::InForce(1) => "in force".to_owned(),
        Standing::InForce(claims) => format!("in force for {claims} claims"),
        Standing::MeetsNoClaim => "meets no claim".to_owned(),
        Standing::Contradicts => "contradicts its claim".to_owned(),
        Standing::NotYetBuilt => "not yet built".to_owned(),
        Standing::Withdrawn => "withdrawn".to_owned(),
    }
}
