//! `guanxi rank`

use std::collections::BTreeSet;
use std::io::Write;

use clap::ValueEnum;
use guanxi::query::Completeness;
use guanxi::query::measure::{BetweennessConfig, CommunityConfig, Measure, PageRankConfig, Ranked, Ranking, rank};
use guanxi::query::path::ties_among;

use crate::args::{Database, RowOrDotFormat, at_least_one};
use crate::commands::filter::Facts;
use crate::commands::paths;
use crate::commands::walk::Walk;
use crate::error::{CommandResult, Outcome};
use crate::output;
use crate::output::people::Narrator;
use crate::output::rows::{Rows, RowsOrDot};
use crate::session::Session;

/// Order entities by their place in the graph, or by the group they are in
///
/// A measure says how the graph hangs together, which is how texts tell of it, and nothing of who is good or guilty.
/// Derived facts are left aside; entities without any fact of those asked for are left out. A picture shows the facts
/// between those that are listed.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  guanxi rank --by pagerank --kind Company
  guanxi rank --by betweenness --predicates owns,subsidiaryOf
  guanxi rank --by community --limit 50 --format csv
  guanxi rank --by core --format dot | dot -Tsvg > core.svg")]
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
    #[arg(long, value_name = "N", default_value_t = BetweennessConfig::default().samples, value_parser = at_least_one::<usize>)]
    samples: usize,
    /// Betweenness, community: what decides where chance does; the same seed gives the same answer
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    #[command(flatten)]
    facts: Facts,
    #[command(flatten)]
    format: RowOrDotFormat,
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
    fn measure(&self, threads: usize) -> Measure {
        match self.by {
            By::Pagerank => Measure::PageRank(PageRankConfig { threads, ..PageRankConfig::default() }),
            By::Betweenness => Measure::Betweenness(BetweennessConfig { samples: self.samples, seed: self.seed }),
            By::Degree => Measure::Degree,
            By::Core => Measure::Core,
            By::Component => Measure::Component,
            By::StrongComponent => Measure::StrongComponent,
            By::Community => Measure::Community(CommunityConfig { seed: self.seed, ..CommunityConfig::default() }),
        }
    }
}

pub fn run(session: &Session, args: &Args) -> CommandResult {
    let walk = Walk::open(session, &args.database, &args.facts, args.kind.as_deref())?;
    let found = rank(&walk.snapshot, &walk.filter, &args.measure(session.threads()));

    let is_wanted = |ranked: &&Ranked| {
        walk.class.as_ref().is_none_or(|wanted| walk.schema.is_a(&walk.class_of(&ranked.entity), wanted))
    };
    let wanted: Vec<&Ranked> = found.ranked.iter().filter(is_wanted).collect();
    let limit = if args.limit == 0 { wanted.len() } else { args.limit };
    let shown = &wanted[..limit.min(wanted.len())];
    let mut out = output::stdout();
    match session.row_or_dot_format(args.format) {
        RowsOrDot::Rows(format) => rows(&found, shown, &walk, &walk.narrator()).write(format, &mut out)?,
        RowsOrDot::Dot => {
            let shown: BTreeSet<_> = shown.iter().map(|ranked| &ranked.entity).collect();
            let ties = ties_among(&walk.snapshot, &walk.filter, &shown);
            walk.draw(&ties, &mut out)?;
            if ties.is_empty() {
                session.insist("no fact ties those that are listed to one another: a greater --limit lists more");
            }
        }
    }
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

fn rows(found: &Ranking, shown: &[&Ranked], walk: &Walk, narrator: &Narrator<'_>) -> Rows {
    let grouped = found.groups.is_some();
    let mut rows =
        Rows::new(if grouped { &["group", "size", "kind", "name", "id"] } else { &["score", "kind", "name", "id"] });
    for ranked in shown {
        // Six digits after the point at most, and none of a whole number.
        let score = format!("{:.6}", ranked.score);
        let score = score.trim_end_matches('0').trim_end_matches('.').to_owned();
        let group = ranked.group.map(|group| group.to_string());
        let rest =
            [score, walk.class_of(&ranked.entity), narrator.both_names(&ranked.entity), ranked.entity.to_string()];
        rows.rows.push(group.into_iter().chain(rest).collect());
    }
    rows
}
