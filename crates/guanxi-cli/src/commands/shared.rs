//! `guanxi shared`

use std::io::Write;

use clap::ValueEnum;
use guanxi::query::path::{CommonConfig, InCommon, Path, Tie, in_common};
use serde_json::json;

use crate::args::Database;
use crate::commands::filter::Facts;
use crate::commands::paths;
use crate::commands::walk::Walk;
use crate::error::{CommandResult, Outcome};
use crate::output::people::Narrator;
use crate::output::{self, records};
use crate::session::Session;

/// List who has investors, or regulators, in common with somebody
///
/// Those that have most in common come first. What two have in common is told with the grounds of both ties.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  guanxi shared 小红书
  guanxi shared Tenpay --by regulators --least 2
  guanxi shared 小红书 --format dot | dot -Tsvg > shared.svg")]
pub struct Args {
    #[command(flatten)]
    database: Database,
    /// A name in either language, or an id
    name: String,
    /// What they have in common
    #[arg(long, value_name = "WHAT", default_value = "investors")]
    by: By,
    /// Only those that have at least so many in common
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    least: u32,
    #[command(flatten)]
    facts: Facts,
    /// How to print them
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: paths::Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum By {
    /// Whoever has money or shares in both, or controls both
    Investors,
    /// Whoever regulates both, by what is said of them or follows from it
    Regulators,
}

pub fn run(session: &Session, args: &Args) -> CommandResult {
    let walk = Walk::open(session, &args.database, &args.facts, None)?;
    let [start] = walk.meant([&args.name])?;
    let tie = match args.by {
        By::Investors => Tie::Investors,
        By::Regulators => Tie::Regulators,
    };
    let config = CommonConfig { tie, least: args.least as usize, filter: walk.filter.clone() };
    let found = in_common(&walk.snapshot, &walk.schema, &start, &config)?;

    let narrator = walk.narrator();
    let mut out = output::stdout();
    match args.format {
        paths::Format::Text => tell(&found, &narrator, &mut output::styled())?,
        paths::Format::Json => writeln!(out, "{:#}", record(&found, &narrator))?,
        paths::Format::Dot => {
            let ways: Vec<Path> = found.others.iter().flat_map(|other| other.ways.clone()).collect();
            walk.draw(&ways, &mut out)?;
        }
    }
    out.flush()?;
    paths::warn(session, found.completeness);
    Ok(Outcome::Done)
}

fn tell(found: &InCommon, narrator: &Narrator<'_>, out: &mut impl Write) -> std::io::Result<()> {
    let who = narrator.both_names(&found.start);
    writeln!(out, "{} in common with {who}", paths::counted(found.others.len(), "other"))?;
    for other in &found.others {
        writeln!(out, "\n{}: {} in common", narrator.both_names(&other.entity), other.ways.len())?;
        other.ways.iter().try_for_each(|way| narrator.path(way, out))?;
    }
    Ok(())
}

fn record(found: &InCommon, narrator: &Narrator<'_>) -> serde_json::Value {
    let other = |other: &guanxi::query::path::Other| {
        let ways: Vec<_> = other.ways.iter().map(|way| records::path(way, narrator)).collect();
        json!({ "entity": records::entity(&other.entity, narrator), "ways": ways })
    };
    json!({
        "start": records::entity(&found.start, narrator),
        "others": found.others.iter().map(other).collect::<Vec<_>>(),
        "stoppedAt": records::stopped_at(found.completeness),
    })
}
