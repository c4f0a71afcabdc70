//! `guanxi reach`

use std::io::Write;
use std::sync::Arc;

use guanxi::graph::Snapshot;
use guanxi::model::Schema;
use guanxi::model::schema::Class;
use guanxi::query::path::{Path, Reach, ReachConfig, basis, reach};
use guanxi::query::{Completeness, NameIndex};
use serde_json::json;

use crate::args::{Database, RowFormat};
use crate::commands::filter::Facts;
use crate::commands::{names, store};
use crate::error::{CommandError, CommandResult, Kind, Outcome};
use crate::output::people::Narrator;
use crate::output::rows::{Format, Rows};
use crate::output::{self, records};
use crate::session::Session;

/// List what somebody reaches, each with its shortest path
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  guanxi reach \"People's Bank of China\"
  guanxi reach 央行 --kind Company --max-hops 3")]
pub struct Args {
    #[command(flatten)]
    database: Database,
    /// A name in either language, or an id
    name: String,
    /// Only what is of this class, or of one below it: Company, 公司
    #[arg(long, value_name = "CLASS")]
    kind: Option<String>,
    /// Greatest number of hops
    #[arg(long, value_name = "N", default_value_t = 6)]
    max_hops: u32,
    #[command(flatten)]
    facts: Facts,
    #[command(flatten)]
    format: RowFormat,
}

pub fn run(session: &Session, args: &Args) -> CommandResult {
    let schema = session.schema()?;
    let class = args.kind.as_deref().map(|kind| class(&schema, kind)).transpose()?;
    let generation = store::open(session, &args.database)?;
    let snapshot = Snapshot::of(&generation, &schema);
    let start = names::resolve(&NameIndex::open(&generation)?, &args.name)?;
    let config = ReachConfig { max_hops: args.max_hops, class, filter: args.facts.filter(&schema)? };
    let found = reach(&snapshot, &schema, &start, &config)?;

    let narrator = Narrator::new(&generation, &schema);
    let mut out = output::stdout();
    match session.row_format(args.format) {
        Format::Json => writeln!(out, "{:#}", record(&found, &narrator))?,
        format => rows(&found, &snapshot, &narrator).write(format, &mut out)?,
    }
    out.flush()?;
    let who = narrator.both_names(&start);
    let told = format!("{who} reaches {}", found.targets.len());
    match found.completeness {
        Completeness::Complete => session.say(told),
        Completeness::Stopped(stop) => session.insist(format!("{told}; stopped at {stop}, there may be more")),
    }
    Ok(Outcome::Done)
}

/// The class of this name, which the user gave.
pub fn class(schema: &Schema, name: &str) -> Result<Arc<str>, CommandError> {
    let meant = |class: &&Class| {
        name.eq_ignore_ascii_case(&class.name) || name.eq_ignore_ascii_case(&class.labels.en) || name == class.labels.zh
    };
    match schema.classes().iter().find(meant) {
        Some(class) => Ok(class.name.clone()),
        None => {
            let known: Vec<_> = schema.classes().iter().map(|class| &*class.name).collect();
            Err(CommandError::new(Kind::NotFound, guanxi::model::data_file::unknown("class", name, known)))
        }
    }
}

fn rows(found: &Reach, snapshot: &Snapshot, narrator: &Narrator<'_>) -> Rows {
    let mut rows = Rows::new(&["hops", "kind", "name", "path", "rests on", "confidence"]);
    for target in &found.targets {
        let class = snapshot.node(&target.entity).map(|node| snapshot.class(node).to_string());
        rows.push([
            target.path.hops.len().to_string(),
            class.unwrap_or_default(),
            narrator.both_names(&target.entity),
            steps(&target.path, narrator),
            target.path.hops.iter().map(|hop| basis(&hop.fact)).collect::<Vec<_>>().join(", "),
            target.path.confidence().to_string(),
        ]);
    }
    rows
}

/// `regulates payments, line of business of Fish Pay`
fn steps(path: &Path, narrator: &Narrator<'_>) -> String {
    let step = |hop: &guanxi::query::path::Hop| {
        let label = hop.labels(narrator.schema).map_or(&*hop.fact.predicate, |labels| labels.en.as_str());
        format!("{label} {}", narrator.name(&hop.to))
    };
    path.hops.iter().map(step).collect::<Vec<_>>().join(", ")
}

fn record(found: &Reach, narrator: &Narrator<'_>) -> serde_json::Value {
    let target = |target: &guanxi::query::path::Target| json!({ "entity": records::entity(&target.entity, narrator), "path": records::path(&target.path, narrator) });
    json!({
        "start": records::entity(&found.start, narrator),
        "targets": found.targets.iter().map(target).collect::<Vec<_>>(),
        "stoppedAt": records::stopped_at(found.completeness),
    })
}
