//! `guanxi rules new`

use std::io::Write;
use std::path::Path;

use guanxi::rules::template::{self, FILL_IN, NewRule, NewRuleError};

use crate::error::{CommandError, CommandResult, Kind, Outcome};
use crate::output;
use crate::session::Session;

/// Write a new rule to fill in, at the end of the file of its family
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  guanxi rules new --lang en --family ownership --id own.by-gift
  guanxi rules new --data my-data --lang zh --family people --id zh.people.acting --predicate officerOf")]
pub struct Args {
    /// Its language: a folder in rules/
    #[arg(long, value_name = "LANG")]
    lang: String,
    /// Its family: a file in that folder
    #[arg(long, value_name = "FAMILY")]
    family: String,
    /// Its id: own.what-it-sees
    #[arg(long, value_name = "ID")]
    id: String,
    /// What it claims [default: what the first rule of the family claims]
    #[arg(long, value_name = "NAME")]
    predicate: Option<String>,
}

pub fn run(session: &Session, args: &Args) -> CommandResult {
    // The rules in the binary cannot be written to: without a folder named, those of the checkout are meant.
    let folder = session.data_folder().unwrap_or(Path::new("data"));
    let wanted =
        NewRule { language: &args.lang, family: &args.family, id: &args.id, predicate: args.predicate.as_deref() };
    let placed = template::write(folder, &wanted).map_err(told)?;
    let (path, data, id) = (placed.path.display(), folder.display(), &args.id);
    let mut out = output::stdout();
    write!(
        out,
        "\
{path}:{}: {id}, which claims {}
Fill in what says {FILL_IN}; then
  guanxi rules test {id} --data {data}
  guanxi rules explain \"a sentence\" --rule {id} --data {data}
  guanxi rules cost articles/ --rule {id} --data {data}
",
        placed.line, placed.predicate
    )?;
    out.flush()?;
    Ok(Outcome::Done)
}

fn told(error: NewRuleError) -> CommandError {
    let kind = match &error {
        NewRuleError::BadId { .. } | NewRuleError::Taken { .. } => Kind::Usage,
        NewRuleError::Unknown { .. } | NewRuleError::NoRules(_) => Kind::NotFound,
        _ => Kind::Failed,
    };
    let no_rules = matches!(error, NewRuleError::NoRules(_));
    let told = CommandError::new(kind, error);
    if no_rules {
        return told
            .hint("in a checkout the folder is `data`; `--data DIR` names another one, whose rules are in DIR/rules");
    }
    told
}
