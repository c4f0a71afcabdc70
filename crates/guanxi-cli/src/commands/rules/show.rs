//! `guanxi rules show`

use std::io::Write;

use guanxi::extract::{PatternView, RuleView};
use guanxi::rules::{line_at, written};
use serde_json::json;

use crate::commands::rules::{counted, meant};
use crate::error::{CommandResult, Outcome};
use crate::output::{self, Form};
use crate::session::Session;

/// Show a rule as it is written, and what it looks for
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  guanxi rules show own.controls
  guanxi rules show zh.people.title-of --format json")]
pub struct Args {
    /// Its id; also the beginning of some ids, or a file of rules
    #[arg(value_name = "ID")]
    id: String,
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Form,
}

pub fn run(session: &Session, args: &Args) -> CommandResult {
    let files = session.files()?;
    let guanxi = session.guanxi_of(&files)?;
    let mut out = output::stdout();
    let mut records = Vec::new();
    for (number, (file, rule)) in meant(&guanxi, Some(&args.id))?.into_iter().enumerate() {
        let Some(view) = guanxi.extractor().rule(rule.id.get_ref()) else { continue };
        let line = line_at(&files, file, rule.id.span().start);
        let lines: Vec<u32> = rule.patterns.iter().map(|line| line_at(&files, file, line.span().start)).collect();
        let text = written(&files, file, rule).map_or("", |written| written.text);
        if args.format == Form::Json {
            let mut record = serde_json::to_value(&view)?;
            record["file"] = json!(file);
            record["line"] = json!(line);
            for (pattern, line) in lines.iter().enumerate() {
                record["patterns"][pattern]["line"] = json!(line);
            }
            record["written"] = json!(text);
            records.push(record);
            continue;
        }
        if number > 0 {
            writeln!(out)?;
        }
        writeln!(out, "{}@{}  {file}:{line}", view.id, view.version)?;
        let examples = counted(rule.examples.len(), "example");
        let against = counted(rule.counterexamples.len(), "counterexample");
        let patterns = counted(rule.patterns.len(), "pattern");
        let status = view.status.as_ref().map(|status| format!(", always {status}")).unwrap_or_default();
        writeln!(out, "prior {}{status}; {patterns}; {examples}, {against}\n\n{text}", view.prior)?;
        anchors(&view, &lines, &mut out)?;
        lists(&view, &mut out)?;
    }
    if args.format == Form::Json {
        serde_json::to_writer_pretty(&mut out, &records)?;
        writeln!(out)?;
    }
    out.flush()?;
    Ok(Outcome::Done)
}

/// Where each pattern is tried.
fn anchors(view: &RuleView, lines: &[u32], out: &mut impl Write) -> std::io::Result<()> {
    writeln!(out, "\nIt is tried where these words stand:")?;
    for (number, (PatternView { anchor, words, .. }, line)) in view.patterns.iter().zip(lines).enumerate() {
        let listed = if words.len() > 1 && !anchor.contains('|') { " (below)" } else { "" };
        writeln!(out, "  pattern {}, line {line}:  {anchor}{listed}", number + 1)?;
    }
    Ok(())
}

fn lists(view: &RuleView, out: &mut impl Write) -> std::io::Result<()> {
    if !view.lists.is_empty() {
        writeln!(out, "\nIts word lists:")?;
    }
    for (name, phrases) in &view.lists {
        writeln!(out, "  {name} ({}):  {}", phrases.len(), phrases.join(" | "))?;
    }
    Ok(())
}
