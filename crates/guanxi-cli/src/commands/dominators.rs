//! `guanxi dominators`

use std::collections::BTreeSet;
use std::io::Write;

use guanxi::model::EntityId;
use guanxi::query::path::{Dominators, DominatorsConfig, Gate, Path, PathError, ReachConfig, dominators, reach};
use serde_json::json;

use crate::args::{Database, RowOrDotFormat, at_least_one};
use crate::commands::filter::Facts;
use crate::commands::paths;
use crate::commands::walk::Walk;
use crate::error::{CommandResult, Outcome};
use crate::output::rows::{Format, Rows, RowsOrDot};
use crate::output::{self, records};
use crate::session::Session;

/// List whom all paths from somebody pass: without whom it would reach less
///
/// Along the same walk as `guanxi reach`: for a regulator the activities, rules and firms on which its reach hangs.
/// `guanxi trace` shows the paths; a picture shows the shortest one to each of whom it would reach no more.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  guanxi dominators \"People's Bank of China\"
  guanxi dominators 央行 --kind Company --format json
  guanxi dominators 央行 --max-hops 2 --format dot | dot -Tsvg > gates.svg")]
pub struct Args {
    #[command(flatten)]
    database: Database,
    /// From whom: a name in either language, or an id
    name: String,
    /// Only what is reached of this class, or of one below it: Company, 公司
    #[arg(long, value_name = "CLASS")]
    kind: Option<String>,
    /// Greatest number of hops
    #[arg(long, value_name = "N", default_value_t = 6, value_parser = at_least_one::<u32>)]
    max_hops: u32,
    /// Greatest number of entities that are tried, the nearest first
    #[arg(long, value_name = "N", default_value_t = DominatorsConfig::default().searches, value_parser = at_least_one::<usize>)]
    searches: usize,
    #[command(flatten)]
    facts: Facts,
    #[command(flatten)]
    format: RowOrDotFormat,
}

pub fn run(session: &Session, args: &Args) -> CommandResult {
    let walk = Walk::open(session, &args.database, &args.facts, args.kind.as_deref())?;
    let [start] = walk.meant([&args.name])?;
    let reach = ReachConfig { max_hops: args.max_hops, class: walk.class.clone(), filter: walk.filter.clone() };
    let config = DominatorsConfig { reach, searches: args.searches };
    let found = dominators(&walk.snapshot, &walk.schema, &start, &config)?;

    let narrator = walk.narrator();
    let mut out = output::stdout();
    match session.row_or_dot_format(args.format) {
        RowsOrDot::Dot => walk.draw(&through_gates(&walk, &found, &config.reach)?, &mut out)?,
        RowsOrDot::Rows(Format::Json) => {
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
        RowsOrDot::Rows(format) => {
            let mut rows = Rows::new(&["only way to", "name", "kind", "for instance"]);
            for gate in &found.gates {
                let some: Vec<_> = gate.only_way_to.iter().take(3).map(|id| narrator.name(id)).collect();
                rows.push([
                    gate.only_way_to.len().to_string(),
                    narrator.both_names(&gate.entity),
                    walk.class_of(&gate.entity),
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

/// The shortest paths to all that is reached through a gate only.
fn through_gates(walk: &Walk, found: &Dominators, config: &ReachConfig) -> Result<Vec<Path>, PathError> {
    let hanging: BTreeSet<&EntityId> = found.gates.iter().flat_map(|gate| &gate.only_way_to).collect();
    let reached = reach(&walk.snapshot, &walk.schema, &found.start, config)?;
    let targets = reached.targets.into_iter().filter(|target| hanging.contains(&target.entity));
    Ok(targets.map(|target| target.path).collect())
}
