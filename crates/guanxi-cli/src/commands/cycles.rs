//! `guanxi cycles`

use std::io::Write;

use guanxi::query::measure::CyclesConfig;
use guanxi::query::path::circles;
use serde_json::json;

use crate::args::{Database, at_least_one};
use crate::commands::filter::Facts;
use crate::commands::paths;
use crate::commands::walk::Walk;
use crate::error::{CommandResult, Outcome};
use crate::output::{self, records};
use crate::session::Session;

/// Find circles of holdings: who, in the end, holds a part of itself
///
/// Along shares, subsidiaries and control, from owner to owned. Each circle is told once, with the grounds of each hop.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  guanxi cycles
  guanxi cycles --max-hops 3 --as-of 2021 --format json")]
pub struct Args {
    #[command(flatten)]
    database: Database,
    /// Greatest number of hops of a circle
    #[arg(long, value_name = "N", default_value_t = CyclesConfig::default().max_hops, value_parser = clap::value_parser!(u32).range(1..=100))]
    max_hops: u32,
    /// Greatest number of circles
    #[arg(long, value_name = "N", default_value_t = CyclesConfig::default().cycles, value_parser = at_least_one::<usize>)]
    cycles: usize,
    #[command(flatten)]
    facts: Facts,
    /// How to print them
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: paths::Format,
}

pub fn run(session: &Session, args: &Args) -> CommandResult {
    let walk = Walk::open(session, &args.database, &args.facts, None)?;
    let config = CyclesConfig { max_hops: args.max_hops, cycles: args.cycles, ..CyclesConfig::default() };
    let found = circles(&walk.snapshot, &walk.schema, &walk.filter, &config);

    let narrator = walk.narrator();
    let mut out = output::stdout();
    match args.format {
        paths::Format::Text => {
            let mut out = output::styled();
            if found.circles.is_empty() {
                paths::none("circles of holdings", &mut out)?;
            }
            for (circle, number) in found.circles.iter().zip(1..) {
                let gap = if number > 1 { "\n" } else { "" };
                let hops = paths::counted(circle.hops.len(), "hop");
                writeln!(out, "{gap}{number}. {hops}, confidence {}", circle.confidence())?;
                narrator.path(circle, &mut out)?;
            }
        }
        paths::Format::Json => {
            let circles: Vec<_> = found.circles.iter().map(|circle| records::path(circle, &narrator)).collect();
            writeln!(out, "{:#}", json!({ "circles": circles, "stoppedAt": records::stopped_at(found.completeness) }))?;
        }
        paths::Format::Dot => walk.draw(&found.circles, &mut out)?,
    }
    out.flush()?;
    paths::warn(session, found.completeness);
    Ok(Outcome::Done)
}
