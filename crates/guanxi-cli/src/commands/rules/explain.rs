//! `guanxi rules explain`

use std::io::{self, Read, Write};

use guanxi::data::DataFiles;
use guanxi::extract::{
    AtomState, ExplainedAtom, ExplainedPattern, ExplainedSentence, Explanation, Input, Outcome as Fate,
};
use guanxi::rules::line_at;
use guanxi::{Guanxi, extract};
use serde_json::json;
use unicode_width::UnicodeWidthStr;

use crate::commands::rules::{counted, meant};
use crate::error::{CommandResult, Outcome};
use crate::output::{self, Form};
use crate::session::Session;

/// Patterns that do not fit are many; these get shown.
const MOST_FAILURES: usize = 8;
/// The width at which the units of a sentence are broken into lines.
const WIDTH: usize = 100;

/// Tell why the rules read a sentence as they do: its units, the patterns tried, and where each failed
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  guanxi rules explain 'Acme was bought by Bolt.'
  guanxi rules explain 'Acme was bought by Bolt.' --rule own.acquired     every pattern of it, atom by atom
  guanxi rules explain - --format json < article.txt")]
pub struct Args {
    /// One or more sentences; - for standard input
    #[arg(value_name = "TEXT")]
    text: String,
    /// Only this rule, atom by atom; also the beginning of some ids, or a file of rules
    #[arg(long, value_name = "ID|FILE")]
    rule: Option<String>,
    /// Show every pattern that was tried, not only those that got furthest
    #[arg(long)]
    all: bool,
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Form,
}

pub fn run(session: &Session, args: &Args) -> CommandResult {
    let files = session.files()?;
    let guanxi = session.guanxi_of(&files)?;
    let asked = args.rule.as_deref().map(|wanted| meant(&guanxi, Some(wanted))).transpose()?;
    let asked: Option<Vec<&str>> =
        asked.map(|rules| rules.iter().map(|(_, rule)| rule.id.get_ref().as_str()).collect());
    let text = match args.text.as_str() {
        "-" => {
            let mut bytes = Vec::new();
            io::stdin().lock().read_to_end(&mut bytes)?;
            bytes
        }
        text => text.as_bytes().to_vec(),
    };
    let mut explanation = guanxi.extractor().explain(&Input::text("text", &text));
    if let Some(asked) = &asked {
        for sentence in &mut explanation.sentences {
            sentence.patterns.retain(|pattern| asked.contains(&pattern.rule.as_str()));
        }
    }
    let mut out = output::stdout();
    let teller = Teller { guanxi: &guanxi, files: &files, asked: asked.as_deref(), all: args.all };
    match args.format {
        Form::Text => teller.text(&explanation, &mut output::Harmless(&mut out))?,
        Form::Json => {
            serde_json::to_writer_pretty(&mut out, &teller.json(&explanation)?)?;
            writeln!(out)?;
        }
    }
    out.flush()?;
    Ok(Outcome::Done)
}

struct Teller<'a> {
    guanxi: &'a Guanxi,
    files: &'a DataFiles,
    /// The rules asked for; every rule where there are none.
    asked: Option<&'a [&'a str]>,
    all: bool,
}

impl Teller<'_> {
    /// File and line of a pattern.
    fn place(&self, pattern: &ExplainedPattern) -> (String, u32) {
        let rule = self.guanxi.extractor().rules().find(|(_, rule)| *rule.id.get_ref() == pattern.rule);
        rule.map_or_else(Default::default, |(file, rule)| {
            let line = rule.patterns.get(pattern.pattern - 1);
            (file.to_owned(), line.map_or(0, |line| line_at(self.files, file, line.span().start)))
        })
    }

    /// `own.controls, pattern 3  (data/rules/en/ownership.toml:336)`
    fn title(&self, pattern: &ExplainedPattern) -> String {
        let (file, line) = self.place(pattern);
        format!("{}, pattern {}  ({file}:{line})", pattern.rule, pattern.pattern)
    }

    fn json(&self, explanation: &Explanation) -> Result<serde_json::Value, serde_json::Error> {
        let mut value = serde_json::to_value(explanation)?;
        for (number, sentence) in explanation.sentences.iter().enumerate() {
            for (index, pattern) in sentence.patterns.iter().enumerate() {
                let (file, line) = self.place(pattern);
                let told = &mut value["sentences"][number]["patterns"][index];
                told["file"] = json!(file);
                told["line"] = json!(line);
            }
        }
        Ok(value)
    }

    fn text(&self, explanation: &Explanation, out: &mut impl Write) -> io::Result<()> {
        if explanation.sentences.is_empty() {
            return writeln!(out, "no sentence that is read");
        }
        for (number, sentence) in explanation.sentences.iter().enumerate() {
            if number > 0 {
                writeln!(out)?;
            }
            writeln!(out, "{}", sentence.text)?;
            self.units(sentence, out)?;
            self.patterns(sentence, out)?;
        }
        Ok(())
    }

    fn units(&self, sentence: &ExplainedSentence, out: &mut impl Write) -> io::Result<()> {
        let mut line = String::new();
        let mut head = "units";
        for (number, unit) in sentence.units.iter().enumerate() {
            let shown = match &unit.kind {
                Some(kind) => format!("{} [{}: {kind}]", number + 1, unit.text),
                None => format!("{} {}", number + 1, unit.text),
            };
            if !line.is_empty() && line.chars().count() + shown.chars().count() > WIDTH {
                writeln!(out, "  {head:<6} {}", line.trim_end())?;
                line.clear();
                head = "";
            }
            line += &shown;
            line += "  ";
        }
        writeln!(out, "  {head:<6} {}", line.trim_end())?;
        for cue in &sentence.cues {
            writeln!(out, "  {:<6} “{}”: {}, governs {}", "cue", cue.text, cue.status, cue.governs)?;
        }
        if sentence.section != "body" {
            writeln!(out, "  {:<6} {}", "stands", format_args!("in the section {}", sentence.section))?;
        }
        Ok(())
    }

    fn patterns(&self, sentence: &ExplainedSentence, out: &mut impl Write) -> io::Result<()> {
        for pattern in &sentence.patterns {
            match &pattern.outcome {
                Fate::Fails => continue,
                Fate::Says { claims } => {
                    writeln!(out, "\n  says: {}", self.title(pattern))?;
                    for claim in claims {
                        let because = if claim.because.is_empty() {
                            String::new()
                        } else {
                            format!(", by {}", claim.because.join(", "))
                        };
                        let confidence = f64::from(claim.confidence) / 1000.0;
                        let merged = match &claim.merged {
                            Some(why) if why.starts_with("left out") => format!("; {why}"),
                            Some(rule) => format!("; {rule} says so too, and is surer"),
                            None => String::new(),
                        };
                        writeln!(out, "    {}  ({}{because}; {confidence:.3}{merged})", claim.claim, claim.status)?;
                    }
                }
                Fate::Dropped { by, by_pattern, why } => {
                    writeln!(out, "\n  fits, but gives way to {by}, pattern {by_pattern}: {why}")?;
                    writeln!(out, "    {}", self.title(pattern))?;
                }
                Fate::Silent { why } => {
                    writeln!(out, "\n  fits, but says nothing: {}\n    {why}", self.title(pattern))?;
                }
            }
            atoms(pattern, out)?;
        }
        let mut failed: Vec<&ExplainedPattern> =
            sentence.patterns.iter().filter(|pattern| pattern.outcome == Fate::Fails).collect();
        let total = failed.len();
        // Nearest to success first.
        failed.sort_by_key(|pattern| {
            (pattern.atoms.len() - pattern.fitting(), usize::MAX - pattern.fitting(), &pattern.rule, pattern.pattern)
        });
        if self.asked.is_some() {
            for pattern in failed {
                writeln!(out, "\n  fails: {}", self.title(pattern))?;
                atoms(pattern, out)?;
            }
            return self.untried(sentence, out);
        }
        failed.truncate(if self.all { total } else { MOST_FAILURES });
        if total == 0 {
            return writeln!(out, "\n  no pattern is tried in vain");
        }
        let shown = if failed.len() < total { "; nearest to success, --all for all" } else { "" };
        writeln!(out, "\n  in vain: {}{shown}", counted(total, "pattern"))?;
        for pattern in failed {
            let atom = pattern.failing();
            let at = atom.map(|atom| format!("{} {}", atom.atom, tried(atom))).unwrap_or_default();
            writeln!(
                out,
                "    {}\n      {} of {} atoms, then {at}",
                self.title(pattern),
                pattern.fitting(),
                pattern.atoms.len()
            )?;
        }
        Ok(())
    }

    /// The patterns of the rules asked for of whose anchor no word stands here.
    fn untried(&self, sentence: &ExplainedSentence, out: &mut impl Write) -> io::Result<()> {
        for id in self.asked.unwrap_or_default() {
            let Some(extract::RuleView { patterns, .. }) = self.guanxi.extractor().rule(id) else { continue };
            let is_tried = |number: usize| {
                sentence.patterns.iter().any(|pattern| pattern.rule == *id && pattern.pattern == number)
            };
            for (pattern, number) in patterns.iter().zip(1..).filter(|(_, number)| !is_tried(*number)) {
                writeln!(
                    out,
                    "\n  not tried: {id}, pattern {number}: its anchor, {}, does not stand here",
                    pattern.anchor
                )?;
            }
        }
        Ok(())
    }
}

/// Each atom on a line, with what it took.
fn atoms(pattern: &ExplainedPattern, out: &mut impl Write) -> io::Result<()> {
    const WIDEST: usize = 48;
    let width = |atom: &ExplainedAtom| shortened(&atom.atom, WIDEST).width();
    let widest = pattern.atoms.iter().map(width).max().unwrap_or(0);
    for atom in &pattern.atoms {
        let text = shortened(&atom.atom, WIDEST);
        let pad = " ".repeat(widest - text.width());
        let mark = match atom.state {
            AtomState::Anchor => "⚓",
            AtomState::Fits => "✓",
            AtomState::LeftOut => "·",
            AtomState::Fails => "✗",
            AtomState::Untried => " ",
        };
        let line = format!("    {mark} {text}{pad}  {}", tried(atom));
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// `at 5–7 “acquired the firm” (no name near)`
fn tried(atom: &ExplainedAtom) -> String {
    let fails = atom.state == AtomState::Fails;
    let units = match atom.units {
        None => String::new(),
        Some((first, last)) if first == last => format!("{first} {}", atom.text),
        Some((first, last)) => format!("{first}–{last} {}", atom.text),
    };
    let units = if fails && !units.is_empty() { format!("not at {units}") } else { units };
    match atom.why.as_str() {
        "" => units,
        why if units.is_empty() => why.to_owned(),
        why => format!("{units}: {why}"),
    }
}

fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most - 1) {
        Some((cut, _)) if text.chars().count() > most => format!("{}…", &text[..cut]),
        _ => text.to_owned(),
    }
}
