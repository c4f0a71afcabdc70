//! `guanxi rank`

use std::io::Write;
use std::sync::Arc;

use clap::ValueEnum;
use guanxi::graph::Snapshot;
use guanxi::query::Completeness;
use guanxi::query::measure::{BetweennessConfig, CommunityConfig, Measure, PageRankConfig, Ranked, Ranking, rank};

use crate::args::{Database, RowFormat};
use crate::commands::filter::Facts;
use crate::commands::{paths, reach, store};
use crate::error::{CommandResult, Outcome};
use crate::output;
use crate::output::people::Narrator;
use crate::output::rows::Rows;
use crate::session::Session;

/// Order entities by their place in the graph, or by the group they are in
///
/// A measure says how the graph hangs together, which is how texts tell of it, and nothing of who is good or guilty.
/// Derived facts are left aside; entities without any fact of those asked for are left out.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  guanxi rank --by pagerank --kind Company
  guanxi rank --by betweenness --predicates owns,subsidiaryOf
  guanxi rank --by community --limit 50 --format csv")]
pub struct Args {
    #[command(flatten)]
    database: Database,
    /// What to order by
    #[arg(long, value_name = "MEASURE")]
    by: By,
    /// Only what is of this class, or of one below it: Company, 公司
    #[arg(long, value_name = "CLASS")]
    kind: Option<String>,
    /// Greatest number of rows; 0 for all
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,
    /// Betweenness: from how many entities paths are followed; with more in the graph it is an estimate
    #[arg(long, value_name = "N", default_value_t = BetweennessConfig::default().samples)]
    samples: usize,
    /// Betweenness, community: what decides where chance does; the same seed gives the same answer
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    #[command(flatten)]
    facts: Facts,
    #[command(flatten)]
    format: RowFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum By {
    /// How much of its time a random walker along arrows spends there
    Pagerank,
    /// How many shortest paths run through it
    Betweenness,
    /// How many others it has a tie to
    Degree,
    /// How deep in the thick of the graph it lies: everybody there has ties to so many others there
    Core,
    /// What hangs together at all, the largest first
    Component,
    /// What leads to each other both ways along arrows
    StrongComponent,
    /// Groups with more ties among themselves than chance would give (Louvain)
    Community,
}

impl Args {
    fn measure(&self) -> Measure {
        match self.by {
            By::Pagerank => Measure::PageRank(PageRankConfig::default()),
            By::Betweenness => {
                Measure::Betweenness(BetweennessConfig { samples: self.samples.max(1), seed: self.seed })
            }
            By::Degree => Measure::Degree,
            By::Core => Measure::Core,
            By::Component => Measure::Component,
            By::StrongComponent => Measure::StrongComponent,
            By::Community => Measure::Community(CommunityConfig { seed: self.seed, ..CommunityConfig::default() }),
        }
    }
}

pub fn run(session: &Session, args: &Args) -> CommandResult {
    let schema = session.schema()?;
    let class = args.kind.as_deref().map(|kind| reach::class(&schema, kind)).transpose()?;
    let filter = args.facts.filter(&schema)?;
    let generation = store::open(session, &args.database)?;
    let snapshot = Snapshot::of(&generation, &schema);
    let found = rank(&snapshot, &filter, &args.measure());

    let class_of = |ranked: &Ranked| snapshot.node(&ranked.entity).map(|node| snapshot.class(node).clone());
    let is_wanted = |ranked: &&Ranked| match (&class, class_of(ranked)) {
        (Some(wanted), Some(class)) => schema.is_a(&class, wanted),
        (wanted, _) => wanted.is_none(),
    };
    let wanted: Vec<&Ranked> = found.ranked.iter().filter(is_wanted).collect();
    let limit = if args.limit == 0 { wanted.len() } else { args.limit };
    let narrator = Narrator::new(&generation, &schema);
    let shown = wanted.iter().take(limit).map(|ranked| (*ranked, class_of(ranked)));
    let mut out = output::stdout();
    rows(&found, shown, &narrator).write(session.row_format(args.format), &mut out)?;
    out.flush()?;
    if let Some(groups) = found.groups {
        session.say(paths::counted(groups, "group"));
    }
    if let Some(more) = wanted.len().checked_sub(limit).filter(|more| *more > 0) {
        session.insist(format!("{more} more: --limit 0 shows all"));
    }
    if let Completeness::Stopped(stop) = found.completeness {
        session.insist(format!("an estimate, from {stop}: --samples takes more"));
    }
    Ok(Outcome::Done)
}

fn rows<'a>(
    found: &Ranking,
    shown: impl Iterator<Item = (&'a Ranked, Option<Arc<str>>)>,
    narrator: &Narrator<'_>,
) -> Rows {
    let grouped = found.groups.is_some();
    let mut rows =
        Rows::new(if grouped { &["group", "size", "kind", "name", "id"] } else { &["score", "kind", "name", "id"] });
    for (ranked, class) in shown {
        // Six digits after the point at most, and none of a whole number.
        let score = format!("{:.6}", ranked.score);
        let score = score.trim_end_matches('0').trim_end_matches('.').to_owned();
        let group = ranked.group.map(|group| group.to_string());
        let rest = [
            score,
            class.as_deref().unwrap_or_default().to_owned(),
            narrator.both_names(&ranked.entity),
            ranked.entity.to_string(),
        ];
        rows.rows.push(group.into_iter().chain(rest).collect());
    }
    rows
}
