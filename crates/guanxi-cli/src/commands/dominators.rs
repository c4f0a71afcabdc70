//! `guanxi dominators`

use std::io::Write;

use guanxi::graph::Snapshot;
use guanxi::query::NameIndex;
use guanxi::query::path::{DominatorsConfig, Gate, ReachConfig, dominators};
use serde_json::json;

use crate::args::{Database, RowFormat};
use crate::commands::filter::Facts;
use crate::commands::{names, paths, reach, store};
use crate::error::{CommandResult, Outcome};
use crate::output::people::Narrator;
use crate::output::rows::{Format, Rows};
use crate::output::{self, records};
use crate::session::Session;

/// List whom all paths from somebody pass: without whom it would reach less
///
/// Along the same walk as `guanxi reach`: for a regulator the activities, rules and firms on which its reach hangs.
/// `guanxi trace` shows the paths.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  guanxi dominators \"People's Bank of China\"
  guanxi dominators 央行 --kind Company --format json")]
pub struct Args {
    #[command(flatten)]
    database: Database,
    /// From whom: a name in either language, or an id
    name: String,
    /// Only what is reached of this class, or of one below it: Company, 公司
    #[arg(long, value_name = "CLASS")]
    kind: Option<String>,
    /// Greatest number of hops
    #[arg(long, value_name = "N", default_value_t = 6)]
    max_hops: u32,
    /// Greatest number of entities that are tried, the nearest first
    #[arg(long, value_name = "N", default_value_t = DominatorsConfig::default().searches)]
    searches: usize,
    #[command(flatten)]
    facts: Facts,
    #[command(flatten)]
    format: RowFormat,
}

pub fn run(session: &Session, args: &Args) -> CommandResult {
    let schema = session.schema()?;
    let class = args.kind.as_deref().map(|kind| reach::class(&schema, kind)).transpose()?;
    let filter = args.facts.filter(&schema)?;
    let generation = store::open(session, &args.database)?;
    let snapshot = Snapshot::of(&generation, &schema);
    let start = names::resolve(&NameIndex::open(&generation)?, &args.name)?;
    let reach = ReachConfig { max_hops: args.max_hops, class, filter };
    let found = dominators(&snapshot, &schema, &start, &DominatorsConfig { reach, searches: args.searches })?;

    let narrator = Narrator::new(&generation, &schema);
    let mut out = output::stdout();
    match session.row_format(args.format) {
        Format::Json => {
            let gate = |gate: &Gate| {
                let only_way_to: Vec<_> = gate.only_way_to.iter().map(|id| records::entity(id, &narrator)).collect();
                json!({ "entity": records::entity(&gate.entity, &narrator), "onlyWayTo": only_way_to })
            };
            let record = json!({
                "start": records::entity(&start, &narrator),
                "reached": found.reached,
                "gates": found.gates.iter().map(gate).collect::<Vec<_>>(),
                "stoppedAt": records::stopped_at(found.completeness),
            });
            writeln!(out, "{record:#}")?;
        }
        format => {
            let mut rows = Rows::new(&["only way to", "name", "kind", "for instance"]);
            for gate in &found.gates {
                let class = snapshot.node(&gate.entity).map(|node| snapshot.class(node).to_string());
                let some: Vec<_> = gate.only_way_to.iter().take(3).map(|id| narrator.name(id)).collect();
                rows.push([
                    gate.only_way_to.len().to_string(),
                    narrator.both_names(&gate.entity),
                    class.unwrap_or_default(),
                    some.join(", "),
                ]);
            }
            rows.write(format, &mut out)?;
        }
    }
    out.flush()?;
    let reached = found.reached;
    session.say(format!(
        "{} reaches {reached}, {} on the only way to some of it",
        narrator.both_names(&start),
        found.gates.len()
    ));
    paths::warn(session, found.completeness);
    Ok(Outcome::Done)
}
