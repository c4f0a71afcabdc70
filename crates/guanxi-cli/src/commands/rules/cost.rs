//! `guanxi rules cost`

use std::io::Write;
use std::path::PathBuf;
use std::time::Instant;

use clap::ValueEnum;
use guanxi::rules::cost::{Report, RuleCost};
use guanxi::rules::gold::Gold;

use crate::args::RowFormat;
use crate::commands::rules::{counted, meant};
use crate::commands::texts::Texts;
use crate::error::{CommandResult, Outcome};
use crate::output;
use crate::output::rows::Rows;
use crate::progress::Progress;
use crate::session::Session;

/// Measure what each rule costs and brings on texts, and where there is gold, how often it is right
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  guanxi rules cost articles/
  guanxi rules cost tests/gold/news --gold tests/gold --by precision --format csv
  guanxi rules cost articles/ --rule own. --time")]
pub struct Args {
    #[command(flatten)]
    texts: Texts,
    /// A folder with NAME.gold.jsonl for each text NAME.txt: what careful readers found in it
    #[arg(long, value_name = "FOLDER")]
    gold: Option<PathBuf>,
    /// Show only these: a rule by its id, the beginning of some ids, or a file of rules
    #[arg(long, value_name = "ID|FILE")]
    rule: Option<String>,
    /// What to sort by: the greatest first, of precision the least
    #[arg(long, value_name = "COLUMN", default_value = "share")]
    by: Column,
    /// Show the time that the matcher spent on each rule, which differs from run to run
    #[arg(long)]
    time: bool,
    /// Show at most so many rules
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    #[command(flatten)]
    format: RowFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Column {
    /// By name
    Rule,
    /// Of the matcher's steps, which time goes by
    Share,
    /// How often one of its patterns was tried: its anchor stood there
    Tried,
    /// How often one of its patterns fitted
    Fits,
    /// Claims in the end
    Claims,
    /// The least precise first, then those of which nothing is known
    Precision,
}

pub fn run(session: &Session, args: &Args) -> CommandResult {
    let guanxi = session.guanxi()?;
    let shown = args.rule.as_deref().map(|wanted| meant(&guanxi, Some(wanted))).transpose()?;
    let gold = args.gold.as_deref().map(Gold::read).transpose()?;
    let inputs = args.texts.read()?;
    let progress = Progress::of(session, &inputs);
    let began = Instant::now();
    let clock = || if args.time { u64::try_from(began.elapsed().as_nanos()).unwrap_or(u64::MAX) } else { 0 };
    let mut lost = false;
    let watched = inputs.inspect(|read| progress.read(read));
    let Report { mut rules, texts, sentences, judged, plain } =
        guanxi.cost_of_rules(watched, gold.as_ref(), &clock, |note| {
            lost |= note.is_loss();
            progress.tell(note);
        });
    progress.finish();
    let all_time: u64 = rules.iter().map(|rule| rule.cost.ticks).sum();
    if let Some(shown) = &shown {
        rules.retain(|rule| shown.iter().any(|(_, spec)| *spec.id.get_ref() == rule.rule));
    }
    let idle = rules.iter().filter(|rule| rule.claims == 0).count();
    let of = rules.len();
    sort(&mut rules, args.by);
    rules.truncate(args.limit.unwrap_or(usize::MAX));

    let mut columns = vec!["rule", "tried", "fits", "chosen", "claims", "share %"];
    columns.extend(args.time.then_some(["ms", "time %"]).into_iter().flatten());
    columns.extend(gold.is_some().then_some(["right", "wrong", "forbidden", "precision"]).into_iter().flatten());
    let mut rows = Rows::new(&columns);
    rows.rows = rules.iter().map(|rule| row(rule, args.time.then_some(all_time), gold.is_some())).collect();
    let mut out = output::stdout();
    rows.write(session.row_format(args.format), &mut out)?;
    out.flush()?;

    let texts = counted(usize::try_from(texts)?, "text");
    let sentences = counted(usize::try_from(sentences)?, "sentence");
    if gold.is_some() {
        let share = 100.0 * plain.otherwise as f64 / plain.known.max(1) as f64;
        session.say(format!(
            "of {} plain claims on facts that the gold knows, {} are not plain there ({share:.1} %)",
            plain.known, plain.otherwise
        ));
    }
    let gold = if gold.is_some() { format!(", {judged} with gold") } else { String::new() };
    session.say(format!("{texts}{gold}, {sentences}; {}, {idle} without a claim here", counted(of, "rule")));
    Ok(Outcome::of_losses(lost))
}

fn sort(rules: &mut [RuleCost], by: Column) {
    let greatest_first = |number: fn(&RuleCost) -> u64| move |rule: &RuleCost| std::cmp::Reverse(number(rule));
    // The order of names breaks ties.
    rules.sort_by(|a, b| a.rule.cmp(&b.rule));
    match by {
        Column::Rule => {}
        Column::Share => rules.sort_by(|a, b| b.share.total_cmp(&a.share)),
        Column::Tried => rules.sort_by_key(greatest_first(|rule| rule.cost.tried)),
        Column::Fits => rules.sort_by_key(greatest_first(|rule| rule.cost.fits)),
        Column::Claims => rules.sort_by_key(greatest_first(|rule| rule.claims)),
        Column::Precision => {
            let known = |rule: &RuleCost| rule.precision().unwrap_or(f64::INFINITY);
            rules.sort_by(|a, b| known(a).total_cmp(&known(b)).then(b.wrong.cmp(&a.wrong)));
        }
    }
}

fn row(rule: &RuleCost, all_time: Option<u64>, judged: bool) -> Vec<String> {
    let percent = |share: f64| format!("{:.1}", 100.0 * share);
    let mut row = vec![
        rule.rule.clone(),
        rule.cost.tried.to_string(),
        rule.cost.fits.to_string(),
        rule.cost.chosen.to_string(),
        rule.claims.to_string(),
        percent(rule.share),
    ];
    if let Some(all) = all_time {
        row.push(format!("{:.2}", rule.cost.ticks as f64 / 1e6));
        row.push(percent(rule.cost.ticks as f64 / all.max(1) as f64));
    }
    if judged {
        row.extend([rule.right, rule.wrong, rule.forbidden].map(|number| number.to_string()));
        row.push(rule.precision().map(|precision| format!("{precision:.2}")).unwrap_or_default());
    }
    row
}
