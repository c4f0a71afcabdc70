//! `guanxi rules`

use std::io::Write;

use guanxi::rules::{Expected, Failure};

use crate::error::{CommandError, CommandResult, Kind, Outcome};
use crate::output;
use crate::output::rows::{Format, Rows};
use crate::session::Session;

/// List the extraction rules, or run their examples
#[derive(Debug, clap::Subcommand)]
#[command(before_help = "Examples:
  guanxi rules list
  guanxi rules test --data my-data/       do my rules live up to their examples?")]
pub enum Command {
    /// List every rule
    List {
        /// How to print them [default: table on a terminal, else tsv]
        #[arg(long, value_name = "FORMAT")]
        format: Option<Format>,
    },
    /// Run the examples and counterexamples of every rule
    Test,
}

pub fn run(session: &Session, command: &Command) -> CommandResult {
    let guanxi = session.guanxi()?;
    let mut out = output::stdout();
    match command {
        Command::List { format } => {
            let mut rows = Rows::new(&["rule", "version", "claims", "example", "file"]);
            for (file, rule) in guanxi.extractor().rules() {
                rows.push([
                    rule.id.get_ref().clone(),
                    rule.version.to_string(),
                    rule.claims.iter().map(|claim| claim.get_ref().as_str()).collect::<Vec<_>>().join("; "),
                    rule.examples.first().map(|example| example.text.get_ref().clone()).unwrap_or_default(),
                    file.to_owned(),
                ]);
            }
            rows.write(Format::or_default(*format), &mut out)?;
        }
        Command::Test => {
            let failures = guanxi.test_rules();
            for failure in &failures {
                describe(failure, &mut out)?;
            }
            let rules = guanxi.extractor().rules().count();
            if !failures.is_empty() {
                out.flush()?;
                return Err(CommandError::new(
                    Kind::Failed,
                    format!("{} examples of {rules} rules fail", failures.len()),
                ));
            }
            writeln!(out, "{rules} rules live up to their examples")?;
        }
    }
    out.flush()?;
    Ok(Outcome::Done)
}

fn describe(failure: &Failure, out: &mut impl Write) -> std::io::Result<()> {
    let expected = match &failure.expected {
        Expected::Claims(claims) if claims.is_empty() => "something".to_owned(),
        Expected::Claims(claims) => claims.join("; "),
        Expected::Nothing => "nothing".to_owned(),
    };
    let found = failure.found.iter().map(String::as_str).collect::<Vec<_>>().join("; ");
    let found = if found.is_empty() { "nothing" } else { &found };
    writeln!(out, "{}: {}\n  {}", failure.file, failure.rule, failure.text)?;
    writeln!(out, "  must find  {expected}\n  finds      {found}")
}
