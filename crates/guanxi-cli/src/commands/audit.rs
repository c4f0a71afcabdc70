//! `guanxi audit`

use std::io::{self, Write};
use std::path::PathBuf;

use anstyle::{AnsiColor, Style};
use clap::ValueEnum;
use guanxi::audit::{Audited, sources};
use guanxi::input::{self, Read};
use guanxi::model::{NoteKind, PartialDate};
use guanxi::query::Witness;
use guanxi::query::audit::{CHECKS, Check, Cited, Finding, Severity};
use serde_json::{Value, json};

use crate::args::Database;
use crate::commands::store;
use crate::commands::texts::location;
use crate::error::{CommandError, CommandResult, Kind, Outcome};
use crate::output::people::shortened;
use crate::output::records;
use crate::output::rows::{Format as OfRows, Rows};
use crate::output::{self, harmless};
use crate::session::Session;

/// Look for what should not be believed as it stands
///
/// Figures that are ten times off, sums that fail, bodies that no longer exist, drafts cited as law, names that do not
/// fit. Each finding shows its sentences, the arithmetic and what would settle it; nothing is changed.
///
/// The sentences around the claims are read from the files that the store was built from, where they are still there and
/// unchanged, or from the texts that are named; of other documents only the quotes are looked at.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  guanxi audit
  guanxi audit --list                            the checks, and what each looks for
  guanxi audit --check unit-slip,dead-body --format json
  guanxi audit articles/ --as-of 2025-11-20      with the texts, as read on that day
  guanxi audit --exit-status warning             exit with status 1 if there is one")]
pub struct Args {
    #[command(flatten)]
    database: Database,
    /// The texts that the store was built from: files, folders, or - for standard input [default: where they were read]
    #[arg(value_name = "TEXTS")]
    texts: Vec<PathBuf>,
    /// Only these checks
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    check: Vec<String>,
    /// List the checks
    #[arg(long, conflicts_with_all = ["texts", "check", "as_of", "exit_status"])]
    list: bool,
    /// Only what was published up to this day, month or year; a text without a date is taken to be read then
    #[arg(long, value_name = "DATE")]
    as_of: Option<PartialDate>,
    /// Exit with status 1 if there is a finding of at least this severity: notice, warning, error; texts stand before it
    #[arg(long, value_name = "SEVERITY", num_args = 0..=1, default_missing_value = "notice")]
    exit_status: Option<Severity>,
    /// How to print them
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people, worst first
    Text,
    /// For people: aligned columns
    Table,
    /// A Markdown table
    Md,
    /// One JSON document
    Json,
    /// One JSON object a line
    Ndjson,
    /// Comma-separated values
    Csv,
    /// Tab-separated values
    Tsv,
}

pub fn run(session: &Session, args: &Args) -> CommandResult {
    let mut out = output::stdout();
    if args.list {
        checks().write(rows_format(args.format).unwrap_or(OfRows::Table), &mut out)?;
        out.flush()?;
        return Ok(Outcome::Done);
    }
    let checks = args.check.iter().map(|name| check(name)).collect::<Result<Vec<_>, _>>()?;
    let checks: Vec<&Check> = if checks.is_empty() { CHECKS.iter().collect() } else { checks };
    let generation = store::open(session, &args.database)?;
    let guanxi = session.guanxi()?;
    let locations = match args.texts.is_empty() {
        true => sources(&generation),
        false => args.texts.iter().map(|path| location(path)).collect::<Result<_, _>>()?,
    };
    let mut lost = false;
    let texts = input::read(locations)?.inspect(|read| {
        // Of files that the store names itself it is known how they read, but not whether they still do.
        if let Read::Note(note) = read
            && (!args.texts.is_empty() || note.kind == NoteKind::Unreadable)
        {
            session.tell(note);
            lost |= note.is_loss();
        }
    });
    let audited = guanxi.audit(&generation, texts, checks, args.as_of);
    match (args.format, rows_format(args.format)) {
        (Format::Text, _) => tell(&audited.findings, &mut output::styled())?,
        (Format::Json, _) => {
            let all: Value = audited.findings.iter().map(record).collect();
            writeln!(out, "{all:#}")?;
        }
        (Format::Ndjson, _) => audited.findings.iter().try_for_each(|finding| writeln!(out, "{}", record(finding)))?,
        (_, format) => rows(&audited.findings).write(format.unwrap_or(OfRows::Table), &mut out)?,
    }
    out.flush()?;
    session.say(summary(&audited));
    let bad = |least: Severity| audited.findings.iter().any(|finding| finding.severity >= least);
    Ok(if args.exit_status.is_some_and(bad) { Outcome::No } else { Outcome::of_losses(lost) })
}

fn check(name: &str) -> Result<&'static Check, CommandError> {
    let known = || CHECKS.iter().map(|check| check.name);
    CHECKS.iter().find(|check| check.name == name).ok_or_else(|| {
        let message = guanxi::model::data_file::unknown("check", name, known().collect::<Vec<_>>());
        CommandError::new(Kind::Usage, message).hint("`guanxi audit --list` tells what each looks for")
    })
}

fn rows_format(format: Format) -> Option<OfRows> {
    match format {
        Format::Text => None,
        Format::Table => Some(OfRows::Table),
        Format::Md => Some(OfRows::Md),
        Format::Json => Some(OfRows::Json),
        Format::Ndjson => Some(OfRows::Ndjson),
        Format::Csv => Some(OfRows::Csv),
        Format::Tsv => Some(OfRows::Tsv),
    }
}

fn checks() -> Rows {
    let mut rows = Rows::new(&["check", "looks for", "leaves out"]);
    for check in &CHECKS {
        rows.push([check.name.to_owned(), check.looks_for.to_owned(), check.leaves_out.to_owned()]);
    }
    rows
}

/// `2 errors, 1 warning; 30 texts read, of 5 documents only the quotes`
fn summary(audited: &Audited) -> String {
    let count = |severity| audited.findings.iter().filter(|finding| finding.severity == severity).count();
    let counted = |severity: Severity| match count(severity) {
        0 => None,
        1 => Some(format!("1 {severity}")),
        many => Some(format!("{many} {severity}s")),
    };
    let counts: Vec<String> = Severity::ALL.into_iter().filter_map(counted).collect();
    let found = if counts.is_empty() { "nothing found".to_owned() } else { counts.join(", ") };
    let texts = if audited.read == 1 { "1 text".to_owned() } else { format!("{} texts", audited.read) };
    match audited.quotes_only {
        0 => format!("{found}; {texts} read"),
        quotes => {
            format!("{found}; {texts} read, of {quotes} documents only the quotes: name their texts to read these")
        }
    }
}

fn tell(findings: &[Finding], out: &mut impl Write) -> io::Result<()> {
    let mut severity = None;
    for finding in findings {
        if severity.replace(finding.severity) != Some(finding.severity) {
            let style = style(finding.severity);
            writeln!(out, "{style}{}s{style:#}\n", finding.severity)?;
        }
        let bold = Style::new().bold();
        writeln!(out, "  {bold}{}{bold:#}  [{}]", harmless(&finding.message), finding.check)?;
        for (quote, origin) in evidence(finding) {
            writeln!(out, "    “{}”\n      — {origin}", shortened(&quote))?;
        }
        if let Some(arithmetic) = &finding.arithmetic {
            writeln!(out, "    {}", harmless(arithmetic))?;
        }
        writeln!(out, "    to settle it: {}\n", harmless(&finding.settled_by))?;
    }
    Ok(())
}

fn style(severity: Severity) -> Style {
    let color = match severity {
        Severity::Error => AnsiColor::Red,
        Severity::Warning => AnsiColor::Yellow,
        Severity::Notice => AnsiColor::Cyan,
    };
    Style::new().bold().fg_color(Some(color.into()))
}

/// Quotes with where they stand: the sentences, then the claims that no sentence shows.
fn evidence(finding: &Finding) -> Vec<(String, String)> {
    let ids = |passage: &Cited| -> Vec<String> {
        let within = finding.claims.iter().filter(|witness| is_within(witness, passage));
        within.map(|witness| format!("claim {}", &witness.claim.id.as_str()[..12])).collect()
    };
    let mut shown: Vec<(String, String)> = finding
        .passages
        .iter()
        .map(|cited| {
            let origin = [vec![origin(&cited.document)], ids(cited)].concat().join(" · ");
            (cited.passage.text.clone(), origin)
        })
        .collect();
    for witness in &finding.claims {
        if !finding.passages.iter().any(|cited| is_within(witness, cited)) {
            let id = &witness.claim.id.as_str()[..12];
            shown.push((witness.claim.evidence.text.clone(), format!("{} · claim {id}", origin(&witness.document))));
        }
    }
    shown
}

fn is_within(witness: &Witness, cited: &Cited) -> bool {
    let (quote, sentence) = (witness.claim.evidence.span, cited.passage.span);
    witness.document.id == cited.document.id && sentence.start <= quote.start && quote.start < sentence.end
}

/// `a.txt, Harbour Post, 2025-11-06`
fn origin(document: &guanxi::model::Document) -> String {
    let mut origin = document.name.clone();
    document.publisher.iter().for_each(|publisher| origin += &format!(", {publisher}"));
    document.published.iter().for_each(|published| origin += &format!(", {published}"));
    harmless(&origin).into_owned()
}

fn rows(findings: &[Finding]) -> Rows {
    let mut rows = Rows::new(&["severity", "check", "finding", "arithmetic", "quotes", "sources", "to settle it"]);
    for finding in findings {
        let (quotes, sources): (Vec<_>, Vec<_>) = evidence(finding).into_iter().unzip();
        rows.push([
            finding.severity.to_string(),
            finding.check.to_owned(),
            finding.message.clone(),
            finding.arithmetic.clone().unwrap_or_default(),
            quotes.iter().map(|quote| format!("“{}”", shortened(quote))).collect::<Vec<_>>().join(" "),
            sources.join("; "),
            finding.settled_by.clone(),
        ]);
    }
    rows
}

fn record(finding: &Finding) -> Value {
    let sentence = |cited: &Cited| {
        json!({
            "text": cited.passage.text,
            "start": cited.passage.span.start,
            "end": cited.passage.span.end,
            "doc": cited.document.name,
            "document": cited.document.id.as_str(),
            "published": cited.document.published.map(|date| date.to_string()),
            "publisher": cited.document.publisher,
        })
    };
    json!({
        "severity": finding.severity.name(),
        "check": finding.check,
        "finding": finding.message,
        "arithmetic": finding.arithmetic,
        "settledBy": finding.settled_by,
        "about": finding.about.iter().map(guanxi::model::EntityId::as_str).collect::<Vec<_>>(),
        "claims": finding.claims.iter().map(records::witness).collect::<Vec<_>>(),
        "sentences": finding.passages.iter().map(sentence).collect::<Vec<_>>(),
    })
}
