//! `guanxi reach`

use std::io::Write;

use guanxi::query::Completeness;
use guanxi::query::path::{Path, Reach, ReachConfig, basis, reach};
use serde_json::json;

use crate::args::{Database, RowFormat, at_least_one};
use crate::commands::filter::Facts;
use crate::commands::walk::Walk;
use crate::error::{CommandResult, Outcome};
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
    #[arg(long, value_name = "N", default_value_t = 6, value_parser = at_least_one::<u32>)]
    max_hops: u32,
    #[command(flatten)]
    facts: Facts,
    #[command(flatten)]
    format: RowFormat,
}

pub fn run(session: &Session, args: &Args) -> CommandResult {
    let walk = Walk::open(session, &args.database, &args.facts, args.kind.as_deref())?;
    let [start] = walk.meant([&args.name])?;
    let config = ReachConfig { max_hops: args.max_hops, class: walk.class.clone(), filter: walk.filter.clone() };
    let found = reach(&walk.snapshot, &walk.schema, &start, &config)?;

    let narrator = walk.narrator();
    let mut out = output::stdout();
    match session.row_format(args.format) {
        Format::Json => writeln!(out, "{:#}", record(&found, &narrator))?,
        format => rows(&found, &walk, &narrator).write(format, &mut out)?,
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

fn rows(found: &Reach, walk: &Walk, narrator: &Narrator<'_>) -> Rows {
    let mut rows = Rows::new(&["hops", "kind", "name", "path", "rests on", "confidence"]);
    for target in &found.targets {
        rows.push([
            target.path.hops.len().to_string(),
            walk.class_of(&target.entity),
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
