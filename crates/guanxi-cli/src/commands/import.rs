//! `guanxi import`

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::ValueEnum;
use guanxi::import::{Event, Format, ImportError, ImportOptions, Imported, Reading};
use indicatif::ProgressBar;

use crate::args::{JudgementFile, Store};
use crate::commands::store;
use crate::error::{CommandError, CommandResult, Kind, Outcome};
use crate::session::Session;

/// Read entities and facts of registers into a store
///
/// What a register says is reference data, never the claim of a text: `guanxi explain` names the register, the file, the
/// record and its date. An import is a source like a text: the same file is not read again, a changed one takes the place
/// of the older one, and `guanxi forget FILE` takes it out. One that is broken off changes nothing, or with --each nothing but what is written.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  guanxi import lei2.xml.zip rr.xml.zip        GLEIF: who is who, and who consolidates whom
  guanxi import lei2.xml.zip rr.xml.zip --each the same, and where it is broken off it can go on
  guanxi import entities.ftm.json -d my.db     FollowTheMoney
  guanxi import bods.json --from bods          the Beneficial Ownership Data Standard 0.4
  guanxi import a.csv b.csv --prefix acme      tables whose ids are their own
  guanxi import today.csv --source firms       in place of what was imported as `firms`")]
pub struct Args {
    /// Files, as they are published: XML, CSV or JSON, also packed (.gz, .zip)
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// What they are [default: seen by their first lines]
    #[arg(long, value_name = "FORMAT")]
    from: Option<From>,
    /// What the import is called in the store [default: the path of the file]
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// Tells the ids of these tables from equal ids of other tables [default: all tables share their ids]
    #[arg(long, value_name = "NAME")]
    prefix: Option<String>,
    /// Write the store after each file: an import that is broken off goes on behind the last one that the store has, when
    /// the same command is given again [default: all files come in, or none]
    #[arg(long)]
    each: bool,
    #[command(flatten)]
    store: Store,
    #[command(flatten)]
    judgements: JudgementFile,
}

/// What a file of a register is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum From {
    /// GLEIF: LEI-CDF 3.1, RR-CDF 2.1, reporting exceptions; XML, or the CSV of the golden copy
    Gleif,
    /// FollowTheMoney, one entity a line
    Ftm,
    /// Beneficial Ownership Data Standard 0.4
    Bods,
    /// A table of entities or of facts
    Csv,
}

impl std::convert::From<From> for Format {
    fn from(from: From) -> Self {
        match from {
            From::Gleif => Self::Gleif,
            From::Ftm => Self::FollowTheMoney,
            From::Bods => Self::Bods,
            From::Csv => Self::Table,
        }
    }
}

pub fn run(session: &Session, args: &Args) -> CommandResult {
    let guanxi = session.guanxi()?;
    let options = ImportOptions {
        format: args.from.map(Format::from),
        source: args.source.clone(),
        prefix: args.prefix.clone(),
        each: args.each,
        judgements: session.judgements(&args.judgements),
    };
    let folder = session.db(&args.store);
    let progress = spinner(session);
    let imported = guanxi.import(&folder, &options, &args.files, |event| match event {
        Event::Records(path, number) => {
            tracing::info!(file = %path.display(), records = number, "so far");
            progress.set_message(format!("{}: {number} records", path.display()));
        }
        Event::Note(note) => progress.suspend(|| session.tell(note)),
        Event::Writing => progress.set_message("weighing facts, writing the store"),
    });
    progress.finish_and_clear();
    let (imported, summary) = imported.map_err(failure)?;
    imported.iter().for_each(|file| tell(session, file));
    let contradicted = store::tell_judgements(session, &summary);
    let counts = summary.counts;
    session.say(format!(
        "{} entities and {} facts in {}, revision {}",
        counts.entities,
        counts.facts,
        folder.display(),
        summary.revision
    ));
    let lost = imported.iter().filter_map(|file| file.reading.as_ref()).any(|reading| !reading.notes.is_empty());
    Ok(Outcome::of_losses(contradicted || lost))
}

fn tell(session: &Session, file: &Imported) {
    let path = file.path.display();
    let Some(reading) = &file.reading else { return session.say(format!("{path}: the store has it already")) };
    let Reading { format, records, entities, facts, waiting, in_part, lost, .. } = reading;
    let beside = [(waiting, "waiting for an end"), (in_part, "kept in part"), (lost, "lost")];
    let beside = beside.into_iter().filter(|(number, _)| **number > 0);
    let beside: String = beside.map(|(number, what)| format!(", {number} {what}")).collect();
    session.say(format!("{path}: {format}, {records} records, {entities} entities, {facts} facts{beside}"));
    if !reading.left_out.is_empty() {
        session.say(format!("  left out: {}", counted(&reading.left_out)));
    }
}

fn counted(left_out: &BTreeMap<String, usize>) -> String {
    left_out.iter().map(|(what, number)| format!("{number} {what}")).collect::<Vec<_>>().join(", ")
}

fn spinner(session: &Session) -> ProgressBar {
    if session.is_quiet() || session.is_verbose() || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner();
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}

fn failure(error: ImportError) -> CommandError {
    let hint = match &error {
        ImportError::Change(_) => None,
        ImportError::UnknownFormat { path } => {
            Some(format!("`guanxi import {} --from FORMAT` says what it is", name(path)))
        }
        ImportError::NoRecords { .. } => Some("`--from` says what a file is; `guanxi build` reads texts".to_owned()),
        _ => None,
    };
    let error = match error {
        ImportError::Change(error) => return store::change_failure(error),
        other => CommandError::new(Kind::Failed, other),
    };
    match hint {
        Some(hint) => error.hint(hint),
        None => error,
    }
}

fn name(path: &Path) -> String {
    path.display().to_string()
}
