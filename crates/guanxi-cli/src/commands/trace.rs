//! `guanxi trace`

use std::io::Write;

use clap::ValueEnum;
use guanxi::query::path::{Cost, Nearby, Trace, TraceConfig, trace};
use guanxi::query::{Completeness, Stop};
use serde_json::json;

use crate::args::{Database, at_least_one};
use crate::commands::filter::Facts;
use crate::commands::paths;
use crate::commands::walk::Walk;
use crate::error::{CommandResult, Outcome};
use crate::output::people::Narrator;
use crate::output::{self, records};
use crate::session::Session;

/// Explain how two names hang together
///
/// Prints the shortest paths between them, each hop with its quote or source.
///
/// Paths run the way supervision, ownership and business run: a regulator regulates an activity in which a
/// company operates, and never through an investor or a partner. Planned, reported and conditional facts
/// are used only where plain ones lead nowhere, and are marked.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  guanxi trace --from \"People's Bank of China\" --to 小红书
  guanxi trace --from 央行 --to Xiaohongshu --as-of 2021-06 --verified
  guanxi trace --from 央行 --to 小红书 --all --cost confidence
  guanxi trace --from 央行 --to 小红书 --format dot | dot -Tsvg > path.svg")]
pub struct Args {
    #[command(flatten)]
    database: Database,
    /// Where paths begin: a name in either language, or an id
    #[arg(long, value_name = "NAME")]
    from: String,
    /// Where they end
    #[arg(long, value_name = "NAME")]
    to: String,
    /// Greatest number of hops
    #[arg(long, value_name = "N", default_value_t = 6, value_parser = at_least_one::<u32>)]
    max_hops: u32,
    /// Greatest number of paths
    #[arg(long, value_name = "K", default_value_t = 5, value_parser = at_least_one::<usize>)]
    paths: usize,
    /// All paths, each entity at most once on each
    #[arg(long, conflicts_with = "paths")]
    all: bool,
    /// What makes one path better than another
    #[arg(long, value_name = "COST", default_value = "hops")]
    cost: By,
    #[command(flatten)]
    facts: Facts,
    /// How to print them
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: paths::Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum By {
    /// The fewest hops; of those the surest
    Hops,
    /// The surest, multiplied along the path
    Confidence,
    /// The largest shares: the least sum of 1/share; a hop that tells no share counts as 1 %
    Share,
}

pub fn run(session: &Session, args: &Args) -> CommandResult {
    let walk = Walk::open(session, &args.database, &args.facts, None)?;
    let [from, to] = walk.meant([&args.from, &args.to])?;
    let config = TraceConfig {
        max_hops: args.max_hops,
        paths: if args.all { usize::MAX } else { args.paths },
        cost: match args.cost {
            By::Hops => Cost::Hops,
            By::Confidence => Cost::Confidence,
            By::Share => Cost::Share,
        },
        filter: walk.filter.clone(),
        ..TraceConfig::default()
    };
    let found = trace(&walk.snapshot, &walk.schema, &from, &to, &config)?;

    let narrator = walk.narrator();
    let mut out = output::stdout();
    match args.format {
        paths::Format::Text => tell(&found, &narrator, &mut output::styled())?,
        paths::Format::Json => writeln!(out, "{:#}", record(&found, &narrator))?,
        paths::Format::Dot => walk.draw(&found.paths, &mut out)?,
    }
    out.flush()?;
    if found.paths.is_empty() && args.format == paths::Format::Text {
        session.say(format!("next: guanxi reach{} {from} lists what it reaches", session.db_option(&args.database)));
    }
    Ok(Outcome::Done)
}

fn tell(found: &Trace, narrator: &Narrator<'_>, out: &mut impl Write) -> std::io::Result<()> {
    writeln!(out, "{}", first_line(found, narrator))?;
    for (path, number) in found.paths.iter().zip(1..) {
        writeln!(out, "\n{number}. {}, confidence {}", paths::counted(path.hops.len(), "hop"), path.confidence())?;
        narrator.path(path, out)?;
    }
    if let Some(far) = &found.far {
        writeln!(out, "  {} leads to {}", narrator.both_names(&found.from), listed(&far.from_start))?;
        writeln!(out, "  {} is led to by {}", narrator.both_names(&found.to), listed(&far.to_end))?;
    }
    Ok(())
}

/// `2 paths from A to B; no plain facts connect them, so planned, reported or conditional ones are used`
fn first_line(found: &Trace, narrator: &Narrator<'_>) -> String {
    let (from, to) = (narrator.both_names(&found.from), narrator.both_names(&found.to));
    let number = found.paths.len();
    let mut line = match number {
        0 => format!("no path from {from} to {to}"),
        _ => format!("{} from {from} to {to}", paths::counted(number, "path")),
    };
    if found.beyond_asserted {
        line += "; no plain facts connect them, so planned, reported or conditional ones are used";
    }
    if found.walked_backward {
        line += "; the way runs from the latter to the former, and is read against it";
    }
    match found.completeness {
        Completeness::Stopped(Stop::Hops(hops)) if number == 0 => line += &format!(" within {hops} hops"),
        Completeness::Stopped(stop) => line += &format!("; stopped at {stop}, there may be more"),
        Completeness::Complete => {}
    }
    line
}

/// `3 Company (2 hops or more), 1 Product (4 hops or more)`
fn listed(nearby: &[Nearby]) -> String {
    let one = |near: &Nearby| {
        format!("{} {} ({} or more)", near.entities, near.class, paths::counted(near.hops as usize, "hop"))
    };
    let all: Vec<_> = nearby.iter().map(one).collect();
    if all.is_empty() { "nothing".to_owned() } else { all.join(", ") }
}

fn record(found: &Trace, narrator: &Narrator<'_>) -> serde_json::Value {
    let side = |nearby: &[Nearby]| -> serde_json::Value {
        let one = |near: &Nearby| json!({ "class": &*near.class, "entities": near.entities, "hops": near.hops });
        nearby.iter().map(one).collect()
    };
    let far = found.far.as_ref().map(|far| json!({ "from": side(&far.from_start), "to": side(&far.to_end) }));
    json!({
        "from": records::entity(&found.from, narrator),
        "to": records::entity(&found.to, narrator),
        "paths": found.paths.iter().map(|path| records::path(path, narrator)).collect::<Vec<_>>(),
        "beyondAsserted": found.beyond_asserted,
        "walkedBackward": found.walked_backward,
        "stoppedAt": records::stopped_at(found.completeness),
        "far": far,
    })
}
