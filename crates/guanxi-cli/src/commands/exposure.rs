//! `guanxi exposure`

use std::io::Write;

use guanxi::graph::Snapshot;
use guanxi::model::{Confidence, EntityId, PartialDate};
use guanxi::query::path::basis;
use guanxi::query::{Exposure, ExposureConfig, NameIndex, exposures};
use serde_json::json;

use crate::args::{Database, RowFormat};
use crate::commands::{names, store};
use crate::error::{CommandResult, Outcome};
use crate::output::people::Narrator;
use crate::output::rows::{Format, Rows};
use crate::output::{self, records};
use crate::session::Session;

/// List which authorities reach which companies, and how surely
///
/// One row a company and authority: the derivation that connects them, the hop that is least sure, and how many
/// independent publishers state any of the hops. 0 publishers: all of it is reference data.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  guanxi exposure
  guanxi exposure 小红书
  guanxi exposure 小红书 --as-of 2024
  guanxi exposure --regulator 央行 --verified --format csv")]
pub struct Args {
    #[command(flatten)]
    database: Database,
    /// Only this company: a name in either language, or an id
    name: Option<String>,
    /// Only this authority
    #[arg(long, value_name = "NAME")]
    regulator: Option<String>,
    /// Only where the weakest hop is at least this sure, 0 to 1
    #[arg(long, value_name = "P", default_value = "0.70", value_parser = output::probability)]
    min_confidence: Confidence,
    /// Leave out what rests on reference facts whose source nobody has checked
    #[arg(long)]
    verified: bool,
    /// Only where every stated hop held on this day, month or year
    #[arg(long, value_name = "DATE")]
    as_of: Option<PartialDate>,
    #[command(flatten)]
    format: RowFormat,
}

pub fn run(session: &Session, args: &Args) -> CommandResult {
    let schema = session.schema()?;
    let generation = store::open(session, &args.database)?;
    let snapshot = Snapshot::of(&generation, &schema);
    let index = NameIndex::open(&generation)?;
    let meant = |name: &Option<String>| -> Result<Option<EntityId>, _> {
        name.as_deref().map(|name| names::resolve(&index, name)).transpose()
    };
    let config = ExposureConfig {
        company: meant(&args.name)?,
        regulator: meant(&args.regulator)?,
        min_confidence: args.min_confidence,
        verified: args.verified,
        as_of: args.as_of,
    };
    let narrator = Narrator::new(&generation, &schema).on(args.as_of);
    let found = exposures(&snapshot, &narrator.explainer, &config);
    let mut out = output::stdout();
    match session.row_format(args.format) {
        Format::Json => {
            let records: Vec<_> = found.iter().map(|one| record(one, &narrator)).collect();
            writeln!(out, "{:#}", json!(records))?;
        }
        format => rows(&found, &narrator).write(format, &mut out)?,
    }
    out.flush()?;
    let plural = if found.len() == 1 { "" } else { "s" };
    session.say(format!("{} pair{plural} of a company and an authority that reaches it", found.len()));
    Ok(Outcome::Done)
}

fn rows(found: &[Exposure], narrator: &Narrator<'_>) -> Rows {
    let mut rows = Rows::new(&["company", "authority", "by", "weakest hop", "rests on", "confidence", "publishers"]);
    for one in found {
        rows.push([
            narrator.both_names(&one.company),
            narrator.both_names(&one.regulator),
            one.explanation.fact.because.clone().unwrap_or_default(),
            narrator.statement(&one.weakest),
            basis(&one.weakest).to_owned(),
            one.weakest.confidence.to_string(),
            one.publishers.to_string(),
        ]);
    }
    rows
}

fn record(one: &Exposure, narrator: &Narrator<'_>) -> serde_json::Value {
    json!({
        "company": records::entity(&one.company, narrator),
        "regulator": records::entity(&one.regulator, narrator),
        "weakest": { "statement": narrator.statement(&one.weakest), "basis": basis(&one.weakest), "confidence": one.weakest.confidence.probability() },
        "publishers": one.publishers,
        "fact": records::explanation(&one.explanation, narrator),
    })
}
