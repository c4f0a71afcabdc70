//! `guanxi explain`

use std::io::Write;

use guanxi::query::{ExplainError, Explanation, NameIndex, Rejection};
use serde_json::Value;

use crate::args::Database;
use crate::commands::{names, store};
use crate::error::{CommandError, CommandResult, Kind, Outcome};
use crate::output::people::{self, Narrator};
use crate::output::{self, Form, records};
use crate::session::Session;

/// Show why the graph says something
///
/// Prints quotes with their documents and rules, sources of reference facts, and derivations.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  guanxi explain 5d1e33c0           a claim or fact, by the start of its id
  guanxi explain 腾讯 investsIn 小红书
  guanxi explain 央行 regulates     every object")]
pub struct Args {
    #[command(flatten)]
    database: Database,
    /// The id of a claim or fact, or subject, predicate and (if one is meant) object
    #[arg(value_name = "CLAIM | SUBJECT PREDICATE [OBJECT]", required = true, num_args = 1..=3)]
    what: Vec<String>,
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Form,
}

pub fn run(session: &Session, args: &Args) -> CommandResult {
    let schema = session.schema()?;
    let generation = store::open(session, &args.database)?;
    let narrator = Narrator::new(&generation, &schema);
    let mut rejections = Vec::new();
    let explanations = match &args.what[..] {
        [id] => {
            let explained = narrator.explainer.id(id);
            rejections = narrator.explainer.rejected(id);
            match explained {
                Ok(explanation) => vec![explanation],
                Err(ExplainError::UnknownId(_)) if !rejections.is_empty() => Vec::new(),
                Err(error) => return Err(not_found(&error, &narrator)),
            }
        }
        [subject, predicate, object @ ..] => {
            let index = NameIndex::open(&generation)?;
            let subject = names::resolve(&index, subject)?;
            let object = object.first().map(|object| names::resolve(&index, object)).transpose()?;
            let predicate = predicate.strip_prefix("gx:").unwrap_or(predicate);
            if schema.predicate(predicate).is_none() {
                let known: Vec<_> = schema.predicates().iter().map(|predicate| &*predicate.name).collect();
                let message = guanxi::model::data_file::unknown("predicate", predicate, known);
                return Err(CommandError::new(Kind::NotFound, message));
            }
            rejections = narrator.explainer.rejected_statements(&subject, predicate, object.as_ref());
            let found = narrator.explainer.statement(&subject, predicate, object.as_ref());
            found.map_err(|error| {
                let rejected = rejections.iter().map(|rejection| &rejection.witness.claim.id.as_str()[..12]);
                rejected.fold(not_found(&error, &narrator), |error, id| {
                    error.hint(format!("a claim that says so was rejected: guanxi explain {id}"))
                })
            })?
        }
        [] => Vec::new(),
    };
    match args.format {
        Form::Text => tell(&explanations, &rejections, &narrator, &mut output::styled())?,
        Form::Json => {
            let mut out = output::stdout();
            let explanations = explanations.iter().map(|explanation| records::explanation(explanation, &narrator));
            let all: Value = explanations.chain(rejections.iter().map(records::rejection)).collect();
            writeln!(out, "{all:#}")?;
            out.flush()?;
        }
    }
    Ok(Outcome::Done)
}

fn tell(
    explanations: &[Explanation],
    rejections: &[Rejection],
    narrator: &Narrator<'_>,
    out: &mut impl Write,
) -> std::io::Result<()> {
    for (explanation, number) in explanations.iter().zip(0..) {
        if number > 0 {
            writeln!(out)?;
        }
        narrator.explanation(explanation, 0, out)?;
    }
    for rejection in rejections {
        people::rejection(rejection, out)?;
    }
    Ok(())
}

fn not_found(error: &ExplainError, narrator: &Narrator<'_>) -> CommandError {
    let message = match error {
        ExplainError::UnknownFact { subject, predicate, object } => {
            let object = object.as_ref().map_or_else(|| "anything".to_owned(), |object| narrator.name(object));
            format!("the graph does not say: {} —{predicate}→ {object}", narrator.name(subject))
        }
        other => other.to_string(),
    };
    CommandError::new(Kind::NotFound, message)
}
