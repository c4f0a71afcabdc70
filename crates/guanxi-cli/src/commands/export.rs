//! `guanxi export`

use std::path::PathBuf;

use guanxi::graph::{Generation, Snapshot};
use guanxi::model::{Confidence, PartialDate, Schema, Status};
use guanxi::query::export::dot::{self, DotConfig, Hidden, Picture, Scope};
use guanxi::query::export::{self, Choice, Source};
use guanxi::query::path::{Filter, ReachConfig, TraceConfig, reach, trace};
use guanxi::query::{Completeness, NameIndex};

use crate::args::Database;
use crate::commands::data::{self, Format, Sort};
use crate::commands::picture::Language;
use crate::commands::{filter, names, picture, store, walk};
use crate::error::{CommandError, CommandResult, Kind, Outcome};
use crate::output;
use crate::session::Session;

/// Draw the graph, or write it for other programs
///
/// Pictures (dot, svg, png): without --focus, --owners, --reach or --path they hold everybody of whom a text tells, and
/// how they hang together. Reference and derived facts are drawn only between those, since they would bury the texts;
/// --reference draws the rest. Facts that have ended or are denied are left out, and so are derived facts where the
/// arrows that explain them are drawn. What was left out stands at the foot of the picture and on standard error, with
/// the option that shows it. Colour and shape tell the class. Solid arrows are holdings, from owner to owned and as wide
/// as the share, dashed ones supervision, dotted ones products, lines of business and what was derived; grey is what is
/// planned, reported or unsure. In an SVG the quote and the source of an arrow or an entity show up under the mouse.
///
/// Nodes and edges (csv, graphml, gexf, cyjs, mermaid, ftm, bods, neo4j, cypher, parquet): the same entities, and the
/// facts among them that the store takes for plain: asserted, not ended, at least as sure as the build asked for;
/// --status, --as-of and --min-confidence choose others. Every edge has its status, confidence, validity, share, the ids
/// of its claims and documents, and one quote.
///
/// The whole store (nq, trig, jsonld, nt, ttl, rdfxml): claims, facts, documents, entities and reference data, of every
/// status. No option narrows it; a CONSTRUCT query does.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  guanxi export -o graph.svg
  guanxi export --focus 小红书 --hops 1 --lang zh -o xiaohongshu.png
  guanxi export --owners 腾讯 --as-of 2024 -o owners.svg
  guanxi export --reach 央行 --kind Company -o reach.svg
  guanxi export --path 央行 小红书 -o path.svg
  guanxi export -o graph.graphml
  guanxi export --format csv --status asserted,planned -o tables
  guanxi export --format ftm --focus Tencent | ftm validate
  guanxi export -o store.trig
  guanxi export --format dot | dot -Tpdf > graph.pdf")]
pub struct Args {
    #[command(flatten)]
    database: Database,
    /// What to write [default: by the name of the file, else dot]
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,
    /// Only what lies around this entity
    #[arg(long, value_name = "NAME", group = "centre")]
    focus: Option<String>,
    /// Draw who owns or controls this entity, who owns those, and what it owns itself
    #[arg(long, value_name = "NAME", group = "centre")]
    owners: Option<String>,
    /// Draw what this regulator reaches, along the shortest path to each
    #[arg(long, value_name = "NAME", group = "centre")]
    reach: Option<String>,
    /// Draw the shortest paths between two names; `guanxi trace` tells them in words
    #[arg(long, num_args = 2, value_names = ["FROM", "TO"], group = "centre")]
    path: Option<Vec<String>>,
    /// How many arrows away [default: --focus 2, --owners all, --reach and --path 6]
    #[arg(long, value_name = "N", requires = "centre")]
    hops: Option<u32>,
    /// Of what is reached only what is of this class, or of one below it
    #[arg(long, value_name = "CLASS", requires = "reach")]
    kind: Option<String>,
    /// Which names stand first
    #[arg(long, value_name = "LANG", default_value = "en")]
    lang: Language,
    /// Only what held on this day, month or year
    #[arg(long, value_name = "DATE")]
    as_of: Option<PartialDate>,
    /// Only facts at least this sure, 0 to 1; pictures draw them grey below 0.7 [default: nodes and edges as the build,
    /// --reach and --path 0.7, other pictures 0]
    #[arg(long, value_name = "P", value_parser = output::probability)]
    min_confidence: Option<Confidence>,
    /// Leave out reference facts whose source nobody has checked
    #[arg(long)]
    verified: bool,
    /// Of nodes and edges only these statuses: asserted, planned, reported, conditional, ended, denied [default: asserted]
    #[arg(long, value_name = "STATUS", value_delimiter = ',')]
    status: Vec<String>,
    /// Facts that have ended, too
    #[arg(long)]
    ended: bool,
    /// Facts that are denied, too
    #[arg(long)]
    denied: bool,
    /// The reference data about what no text tells of, too; what lies around a name is drawn from it anyway
    #[arg(long)]
    reference: bool,
    /// Greatest number of entities [default: --focus 100, else 300]; up to 500 stand in ranks, up to 5000 are placed by
    /// springs
    #[arg(long, value_name = "N")]
    max_nodes: Option<usize>,
    /// How many that hang on one entity in the same way, and on nothing else, are drawn before `N more` stands for them
    #[arg(long, value_name = "N", default_value_t = 12)]
    max_fan: usize,
    /// Write to this file instead of standard output; csv, neo4j and parquet write a folder. It is there whole or not at
    /// all
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub fn run(session: &Session, args: &Args) -> CommandResult {
    let format = Format::of(args.format, args.output.as_deref())?.sort();
    args.check(session, format)?;
    let schema = session.schema()?;
    let generation = store::open(session, &args.database)?;
    let told = match format {
        Sort::Picture(format) => {
            let snapshot = Snapshot::of(&generation, &schema);
            let picture = args.draw(session, &generation, &snapshot, &schema)?;
            picture::write(session, &picture, format, args.output.as_deref())?;
            described(&picture)
        }
        Sort::Data(format) => {
            let source = args.source(&generation, &schema, format)?;
            let written = data::write(&source, format, args.output.as_deref())?;
            data::described(format, written)
        }
    };
    let place = args.output.as_deref().map(|path| format!("{}: ", path.display())).unwrap_or_default();
    session.say(format!("{place}{told}"));
    Ok(Outcome::Done)
}

impl Args {
    /// Refuses options that the format would not heed.
    fn check(&self, session: &Session, format: Sort) -> Result<(), CommandError> {
        const OF_PICTURES: [&str; 6] = ["owners", "reach", "path", "kind", "max_nodes", "max_fan"];
        const OF_EDGES: [&str; 9] =
            ["focus", "hops", "lang", "as_of", "min_confidence", "verified", "ended", "denied", "reference"];
        let unheeded = match format {
            Sort::Picture(_) => vec!["status"],
            Sort::Data(export::Format::Rdf(_)) => [&OF_PICTURES[..], &OF_EDGES, &["status"]].concat(),
            Sort::Data(_) => OF_PICTURES.to_vec(),
        };
        let Some(option) = unheeded.into_iter().find(|option| session.is_typed(option)) else { return Ok(()) };
        let option = option.replace('_', "-");
        let (message, hint) = match format {
            Sort::Picture(_) => ("is for nodes and edges", "pictures have --ended and --denied"),
            Sort::Data(export::Format::Rdf(_)) => (
                "does not narrow RDF, which holds the whole store",
                "`guanxi query -e 'CONSTRUCT …' --format ttl` gives a part of it",
            ),
            Sort::Data(_) => ("is for pictures", "--focus NAME --hops N narrows nodes and edges"),
        };
        Err(CommandError::new(Kind::Usage, format!("--{option} {message}")).hint(hint))
    }

    /// What nodes and edges are written from.
    fn source<'a>(
        &self,
        generation: &'a Generation,
        schema: &'a Schema,
        format: export::Format,
    ) -> Result<Source<'a>, CommandError> {
        let plain = Choice::plain(generation);
        let mut statuses = filter::statuses(&self.status)?;
        if statuses.is_empty() {
            statuses.push(Status::Asserted);
        }
        statuses.extend(self.ended.then_some(Status::Ended));
        statuses.extend(self.denied.then_some(Status::Denied));
        let mut choice = Choice {
            statuses,
            as_of: self.as_of,
            min_confidence: self.min_confidence.unwrap_or(plain.min_confidence),
            verified: self.verified,
            chinese_first: self.lang == Language::Zh,
            ..plain
        };
        let mut told = None;
        if let Some(name) = &self.focus {
            let snapshot = Snapshot::of(generation, schema);
            let entity = names::resolve(&NameIndex::open(generation)?, name)?;
            choice.among = Some(export::around(&snapshot, schema, &entity, self.hops.unwrap_or(2), &choice)?);
        } else if !self.reference && !matches!(format, export::Format::Rdf(_)) {
            told = Some(export::told(generation, &choice));
        }
        Ok(Source { generation, schema, choice, told })
    }

    fn draw(
        &self,
        session: &Session,
        generation: &Generation,
        snapshot: &Snapshot,
        schema: &Schema,
    ) -> Result<Picture, CommandError> {
        let index = NameIndex::open(generation)?;
        let resolve = |name: &Option<String>| name.as_deref().map(|name| names::resolve(&index, name)).transpose();
        let draw = |scope: &Scope<'_>| Ok(dot::dot(generation, snapshot, schema, scope, &self.config())?);
        if let Some(entity) = &resolve(&self.focus)? {
            return draw(&Scope::Around { entity, hops: self.hops.unwrap_or(2) });
        }
        if let Some(entity) = &resolve(&self.owners)? {
            return draw(&Scope::Owners { entity, hops: self.hops.unwrap_or(u32::MAX) });
        }
        if let Some(start) = &resolve(&self.reach)? {
            let class = self.kind.as_deref().map(|kind| walk::class(schema, kind)).transpose()?;
            let default = ReachConfig::default();
            let max_hops = self.hops.unwrap_or(default.max_hops);
            let found = reach(snapshot, schema, start, &ReachConfig { max_hops, class, filter: self.filter() })?;
            Self::warn(session, found.completeness);
            return draw(&Scope::Reach(&found));
        }
        if let Some([from, to]) = self.path.as_deref() {
            let (from, to) = (names::resolve(&index, from)?, names::resolve(&index, to)?);
            let default = TraceConfig::default();
            let max_hops = self.hops.unwrap_or(default.max_hops);
            let config = TraceConfig { max_hops, filter: self.filter(), ..default };
            let found = trace(snapshot, schema, &from, &to, &config)?;
            if found.paths.is_empty() {
                return Err(CommandError::new(Kind::NotFound, format!("no path from {from} to {to}"))
                    .hint(format!("guanxi trace --from {from} --to {to} tells how far each of them leads")));
            }
            Self::warn(session, found.completeness);
            return draw(&Scope::Paths(&found.paths));
        }
        draw(&Scope::Whole)
    }

    fn config(&self) -> DotConfig {
        let default = DotConfig::default();
        DotConfig {
            chinese_first: self.lang == Language::Zh,
            ended: self.ended,
            denied: self.denied,
            background: self.reference,
            as_of: self.as_of,
            min_confidence: self.min_confidence.unwrap_or(Confidence::from_thousandths(0)),
            verified: self.verified,
            max_nodes: self.max_nodes.unwrap_or(if self.focus.is_some() { 100 } else { default.max_nodes }),
            max_fan: self.max_fan,
        }
    }

    /// Which facts a reach or a path may use.
    fn filter(&self) -> Filter {
        let default = Filter::default();
        Filter {
            as_of: self.as_of,
            min_confidence: self.min_confidence.unwrap_or(default.min_confidence),
            verified: self.verified,
            ..default
        }
    }

    fn warn(session: &Session, completeness: Completeness) {
        if let Completeness::Stopped(stop) = completeness {
            session.insist(format!("stopped at {stop}, there may be more (--hops)"));
        }
    }
}

/// `12 entities, 17 arrows; left out: 3 ended facts (--ended)`
fn described(picture: &Picture) -> String {
    let Hidden { over_limit, folded, ended, denied, doubtful, unverified, shortcuts, background } = picture.hidden;
    let hidden = [
        (over_limit, "entities (--max-nodes, --hops, --focus)"),
        (folded, "entities in boxes (--max-fan)"),
        (ended, "ended facts (--ended)"),
        (denied, "denied facts (--denied)"),
        (doubtful, "doubtful facts (--min-confidence)"),
        (unverified, "unverified reference facts (--verified)"),
        (shortcuts, "derived facts that sum up others"),
        (background, "reference facts about what no text tells of (--focus, --reference)"),
    ];
    let hidden = hidden.iter().filter(|(number, _)| *number > 0).map(|(number, what)| format!("{number} {what}"));
    let hidden = hidden.collect::<Vec<_>>().join(", ");
    let left_out = if hidden.is_empty() { String::new() } else { format!("; left out: {hidden}") };
    format!("{} entities, {} arrows{left_out}", picture.nodes, picture.arrows)
}
