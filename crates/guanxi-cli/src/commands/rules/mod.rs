//! `guanxi rules`

mod cost;
mod explain;
mod new;
mod show;

use std::io::Write;

use guanxi::Guanxi;
use guanxi::data::DataFiles;
use guanxi::extract::RuleSpec;
use guanxi::rules::{Expected, Failure, line_at};

use crate::args::RowFormat;
use crate::error::{CommandError, CommandResult, Kind, Outcome};
use crate::output;
use crate::output::rows::Rows;
use crate::session::Session;

/// See, test and measure the rules that find claims in texts, or begin a new one
#[derive(Debug, clap::Subcommand)]
#[command(before_help = "Examples:
  guanxi rules show own.controls                    a rule, what it looks for
  guanxi rules explain 'Acme was bought by Bolt.'   which rules try it
  guanxi rules test own.controls --data data        do its examples hold?
  guanxi rules cost articles/ --gold gold/          what it costs and brings
  guanxi rules new --lang en --family ownership --id own.by-gift")]
pub enum Command {
    /// List every rule
    List {
        #[command(flatten)]
        format: RowFormat,
    },
    Show(show::Args),
    /// Run the examples and counterexamples of every rule, or of some
    Test {
        /// A rule by its id, the beginning of some ids, or a file of rules [default: every rule]
        #[arg(value_name = "ID|FILE")]
        rules: Option<String>,
    },
    Explain(explain::Args),
    Cost(cost::Args),
    New(new::Args),
}

pub fn run(session: &Session, command: &Command) -> CommandResult {
    match command {
        Command::List { format } => list(session, *format),
        Command::Show(args) => show::run(session, args),
        Command::Test { rules } => test(session, rules.as_deref()),
        Command::Explain(args) => explain::run(session, args),
        Command::Cost(args) => cost::run(session, args),
        Command::New(args) => new::run(session, args),
    }
}

/// The rules that the user means; an error where that is none.
fn meant<'a>(guanxi: &'a Guanxi, wanted: Option<&str>) -> Result<Vec<(&'a str, &'a RuleSpec)>, CommandError> {
    let Some(wanted) = wanted else { return Ok(guanxi.extractor().rules().collect()) };
    let found = guanxi.rules_named(wanted);
    if !found.is_empty() {
        return Ok(found);
    }
    let error = CommandError::new(Kind::NotFound, format!("no rule and no file of rules `{wanted}`"));
    Err(error.hint(match guanxi.nearest_rule(wanted) {
        Some(near) => format!("did you mean {near}?"),
        None => "`guanxi rules list` lists them".to_owned(),
    }))
}

/// `data/rules/en/ownership.toml:330`
fn place(files: &DataFiles, file: &str, offset: usize) -> String {
    format!("{file}:{}", line_at(files, file, offset))
}

/// `1 pattern`, `3 patterns`
fn counted(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

fn list(session: &Session, format: RowFormat) -> CommandResult {
    let files = session.files()?;
    let guanxi = session.guanxi_of(&files)?;
    let mut out = output::stdout();
    let mut rows = Rows::new(&["rule", "version", "prior", "claims", "patterns", "example", "place"]);
    for (file, rule) in guanxi.extractor().rules() {
        rows.push([
            rule.id.get_ref().clone(),
            rule.version.to_string(),
            rule.prior.to_string(),
            rule.claims.iter().map(|claim| claim.get_ref().as_str()).collect::<Vec<_>>().join("; "),
            rule.patterns.len().to_string(),
            rule.examples.first().map(|example| example.text.get_ref().clone()).unwrap_or_default(),
            place(&files, file, rule.id.span().start),
        ]);
    }
    rows.write(session.row_format(format), &mut out)?;
    out.flush()?;
    Ok(Outcome::Done)
}

fn test(session: &Session, wanted: Option<&str>) -> CommandResult {
    let files = session.files()?;
    let guanxi = session.guanxi_of(&files)?;
    let rules = meant(&guanxi, wanted)?;
    let mut out = output::stdout();
    let failures: Vec<Failure> = rules.iter().flat_map(|(file, rule)| guanxi.test_rule(file, rule)).collect();
    for failure in &failures {
        describe(&files, failure, &mut out)?;
    }
    let examples = rules.iter().map(|(_, rule)| rule.examples.len() + rule.counterexamples.len()).sum();
    let of = format!("{} of {}", counted(examples, "example"), counted(rules.len(), "rule"));
    if let Some(first) = failures.first() {
        out.flush()?;
        let error = CommandError::new(Kind::Failed, format!("{} of the {of} fail", failures.len()));
        return Err(error.hint(format!("`guanxi rules explain \"…\" --rule {}` shows how far it gets", first.rule)));
    }
    writeln!(out, "{of}: all hold")?;
    out.flush()?;
    Ok(Outcome::Done)
}

fn describe(files: &DataFiles, failure: &Failure, out: &mut impl Write) -> std::io::Result<()> {
    let expected = match &failure.expected {
        Expected::Claims(claims) if claims.is_empty() => "something".to_owned(),
        Expected::Claims(claims) => claims.join("; "),
        Expected::Nothing => "nothing".to_owned(),
    };
    let found = failure.found.iter().map(String::as_str).collect::<Vec<_>>().join("; ");
    let found = if found.is_empty() { "nothing" } else { &found };
    writeln!(out, "{}: {}\n  {}", place(files, &failure.file, failure.offset), failure.rule, failure.text)?;
    writeln!(out, "  must find  {expected}\n  finds      {found}")
}
