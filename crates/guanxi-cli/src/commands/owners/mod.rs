//! `guanxi owners`

mod blocked;
mod record;
mod told;

use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;

use clap::ValueEnum;
use guanxi::graph::Snapshot;
use guanxi::model::{Confidence, EntityId, PartialDate};
use guanxi::query::NameIndex;
use guanxi::query::owners::{Calculator, Holdings, Node, OwnersConfig, Rule, owners};
use guanxi::query::path::Filter;
use serde_json::json;

use crate::args::Database;
use crate::commands::picture::Language;
use crate::commands::{names, store};
use crate::error::{CommandError, CommandResult, Kind, Outcome};
use crate::output;
use crate::output::people::Narrator;
use crate::output::rows::{self, Rows};
use crate::session::Session;
use blocked::blocked;
use told::Told;

/// Tell who owns and who controls a company, as a law sees it
///
/// Shares are multiplied along chains of holdings and added over chains, circles included; control is tested apart. Only
/// what is asserted and has not ended is summed; what is planned or rumoured is listed and never counted. A share that no
/// text tells is an interval, and an owner whom it may lift over the threshold is listed as possible.
///
/// The rules: eu (EU regulation, from 2027-07-10), eu-amld (EU directives before it), cn-bo (beneficial owners in China),
/// cn-control (actual controllers in China), ofac (the American 50 Percent Rule, which needs --blocked). docs/owners.md
/// says what each does.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  guanxi owners 'Nordhafen Logistik' --rule eu
  guanxi owners 小红书 --rule cn-control --as-of 2024-12
  guanxi owners Tenpay --rule ofac --blocked sdn.txt
  guanxi owners 'Nordhafen Logistik' --format svg -o owners.svg
  guanxi owners --rules                    the rules, their thresholds and times")]
pub struct Args {
    #[command(flatten)]
    database: Database,
    /// A company: a name in either language, or an id
    #[arg(required_unless_present = "rules")]
    name: Option<String>,
    /// By which law: eu, eu-amld, cn-bo, cn-control, ofac
    #[arg(long, value_name = "RULE", default_value = "eu", value_parser = calculator)]
    rule: Calculator,
    /// The holdings of this day, month or year, by the rule of that time [default: what has not ended, by the newest]
    #[arg(long, value_name = "DATE")]
    as_of: Option<PartialDate>,
    /// Of ofac: who is blocked, a name or an id on each line; `#` begins a remark
    #[arg(long, value_name = "FILE")]
    blocked: Option<PathBuf>,
    /// Only facts at least this sure, 0 to 1
    #[arg(long, value_name = "P", default_value = "0.70", value_parser = output::probability)]
    min_confidence: Confidence,
    /// Leave out reference facts whose source nobody has checked
    #[arg(long)]
    verified: bool,
    /// Greatest number of chains told of each owner; the shares are of all
    #[arg(long, value_name = "N", default_value_t = 5)]
    chains: usize,
    /// List the rules instead: thresholds, times, laws
    #[arg(long, conflicts_with = "name")]
    rules: bool,
    /// How to print it; dot, svg and png are a chart
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    /// Of a chart: which names stand first [default: en]
    #[arg(long, value_name = "LANG")]
    lang: Option<Language>,
    /// Of a chart: write to this file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One JSON document
    Json,
    /// A chart for Graphviz
    Dot,
    /// A chart, drawn by Graphviz
    Svg,
    /// The same as pixels
    Png,
}

fn calculator(name: &str) -> Result<Calculator, String> {
    let known = || Calculator::ALL.map(Calculator::name).join(", ");
    name.parse().map_err(|()| format!("the rules are {}", known()))
}

pub fn run(session: &Session, args: &Args) -> CommandResult {
    let rules = session.rules_of_ownership()?;
    let Some(name) = args.name.as_deref().filter(|_| !args.rules) else {
        return list(&rules, args.format);
    };
    args.check()?;
    let missing = || CommandError::new(Kind::NotFound, format!("the data have no rule `{}`", args.rule.name()));
    let rule = rules.iter().find(|rule| rule.calculator == args.rule).ok_or_else(missing)?;
    let Some(version) = rule.version(args.as_of) else {
        return not_in_force(rule, args);
    };
    let schema = session.schema()?;
    let generation = store::open(session, &args.database)?;
    let snapshot = Snapshot::of(&generation, &schema);
    let index = NameIndex::open(&generation)?;
    let company = names::resolve(&index, name)?;
    let filter =
        Filter { as_of: args.as_of, min_confidence: args.min_confidence, verified: args.verified, ..Filter::default() };
    let narrator = Narrator::new(&generation, &schema).on(args.as_of);
    let holdings = Holdings::of(&snapshot, &schema, filter, Some(&narrator.explainer));
    let node = |id: &EntityId| {
        holdings.party(id).ok_or_else(|| CommandError::new(Kind::NotFound, format!("no entity `{id}`")))
    };
    let blocked = match &args.blocked {
        Some(file) => blocked(file, &index, &holdings)?.iter().map(node).collect::<Result<BTreeSet<Node>, _>>()?,
        None => BTreeSet::new(),
    };
    let config = OwnersConfig { chains: args.chains, ..OwnersConfig::default() };
    let answer = owners(holdings.structure(), node(&company)?, args.rule, version, &blocked, &config);
    let told = Told { answer: &answer, holdings: &holdings, narrator: &narrator, rule, version, args };
    told.write(session, &generation)?;
    Ok(Outcome::Done)
}

impl Args {
    fn check(&self) -> Result<(), CommandError> {
        let usage = |message: &str| Err(CommandError::new(Kind::Usage, message));
        match (self.rule, &self.blocked) {
            (Calculator::Ofac, None) => {
                return usage(
                    "--rule ofac asks whether blocked persons own the company: name them with --blocked FILE",
                );
            }
            (Calculator::Ofac, Some(_)) | (_, None) => {}
            (_, Some(_)) => return usage("--blocked is for --rule ofac alone"),
        }
        if matches!(self.format, Format::Text | Format::Json) {
            if self.output.is_some() {
                return usage("--output is for charts: add --format svg, png or dot");
            }
            if self.lang.is_some() {
                return usage("--lang is for charts: add --format svg, png or dot");
            }
        }
        Ok(())
    }
}

fn list(rules: &[Rule], format: Format) -> CommandResult {
    let mut table = Rows::new(&["rule", "name", "from", "until", "reached by", "law", "source"]);
    for (rule, version) in rules.iter().flat_map(|rule| rule.versions.iter().map(move |version| (rule, version))) {
        table.push([
            rule.calculator.name().to_owned(),
            format!("{} {}", rule.labels.en, rule.labels.zh),
            version.from.to_string(),
            version.until.map_or_else(String::new, |until| until.to_string()),
            version.threshold.to_string(),
            version.law.clone(),
            version.source.clone(),
        ]);
    }
    let mut out = output::stdout();
    let format = if format == Format::Json { rows::Format::Json } else { rows::Format::by_default() };
    table.write(format, &mut out)?;
    out.flush()?;
    Ok(Outcome::Done)
}

/// No version of the rule applied on the day: that is the whole answer.
fn not_in_force(rule: &Rule, args: &Args) -> CommandResult {
    let day = args.as_of.map(|day| day.to_string()).unwrap_or_default();
    let times = rule.versions.iter().map(|version| match version.until {
        Some(until) => format!("from {} to {until}", version.from),
        None => format!("from {}", version.from),
    });
    let times = times.collect::<Vec<_>>().join(", ");
    let mut out = output::text();
    match args.format {
        Format::Json => writeln!(
            out,
            "{:#}",
            json!({ "rule": rule.calculator.name(), "asOf": day, "finding": "ruleNotInForce", "times": times })
        )?,
        _ => writeln!(out, "rule {} did not apply on {day}: it applies {times}", rule.calculator.name())?,
    }
    out.flush()?;
    Ok(Outcome::Done)
}
