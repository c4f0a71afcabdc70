//! `guanxi build`

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use guanxi::graph::{Generation, Summary};
use guanxi::model::{Confidence, Note, NoteKind};
use guanxi::pipeline::{BuildOptions, Built, Event};

use crate::args::{JudgementFile, Store};
use crate::commands::texts::Texts;
use crate::commands::{counts, store};
use crate::error::{CommandResult, Outcome};
use crate::output;
use crate::output::rows::Format;
use crate::progress::Progress;
use crate::session::{Session, quoted};

/// Read texts into a store
///
/// Extracts what they say and links it with what is known.
///
/// A text that the store has already, with the same content, is not read again. A text whose content
/// has changed takes the place of the older one. A build that is broken off changes nothing.
///
/// On a terminal a line tells how far it has come; elsewhere `-v` tells it every few seconds, and counts at the end
/// entities by class, facts by predicate and status.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  guanxi build articles/              every text of a folder, into ./guanxi.db
  guanxi build a.txt news.jsonl -d my.db
  curl -s https://example.org/a | guanxi build -")]
pub struct Args {
    #[command(flatten)]
    texts: Texts,
    #[command(flatten)]
    store: Store,
    #[command(flatten)]
    judgements: JudgementFile,
    /// How sure a fact must be to stand as a plain triple, 0 to 1 [default: as in the store; 0.70]
    #[arg(long, value_name = "P", value_parser = output::probability)]
    fact_confidence: Option<Confidence>,
    /// Number of older generations of the store to keep
    #[arg(long, value_name = "N", default_value_t = 0)]
    keep: usize,
}

pub fn run(session: &Session, args: &Args) -> CommandResult {
    let guanxi = session.guanxi()?;
    let inputs = args.texts.read()?;
    let folder = &session.db(&args.store);
    let options = BuildOptions {
        fact_confidence: args.fact_confidence,
        keep: args.keep,
        judgements: session.judgements(&args.judgements),
        folders: inputs.folders().to_vec(),
    };

    let passed_over = inputs.passed_over().clone();
    let progress = Progress::of(session, &inputs);
    let watched = inputs.inspect(|read| progress.read(read));
    let built = guanxi.build(folder, options, watched, session.threads(), |event| match event {
        Event::Note(note) => progress.tell(note),
        Event::Extracted(extraction) => progress.found(extraction.claims.len()),
        Event::Writing => progress.writing(),
    });
    progress.finish();
    let built = built.map_err(store::change_failure)?;

    if !built.gone.is_empty() {
        session.say(gone(session, args, &built.gone));
    }
    let contradicted = store::tell_judgements(session, &built.summary);
    if !session.is_quiet() {
        let done = if built.summary.changed { "built" } else { "nothing changed in" };
        summarise(done, &built, folder, &session.db_option(&args.store))?;
        if !passed_over.is_empty() {
            session.say(not_read(&passed_over));
        }
        if session.is_verbose() {
            let generation = Generation::open(folder).map_err(store::failure)?;
            let mut out = output::stdout();
            writeln!(out)?;
            counts::rows(&generation).write(Format::Table, &mut out)?;
            out.flush()?;
        }
    }
    Ok(Outcome::of_losses(contradicted || built.notes.iter().any(Note::is_loss)))
}

/// `2 files that were read before are gone; what they said stays until `guanxi forget --gone articles` takes it out`
fn gone(session: &Session, args: &Args, files: &[String]) -> String {
    let folders = args.texts.inputs.iter().filter(|path| path.is_dir());
    let folders: Vec<String> = folders.map(|path| quoted(&path.display().to_string())).collect();
    format!(
        "{} files that were read before are gone; what they said stays until `guanxi forget{} --gone {}` takes it out",
        files.len(),
        session.db_option(&args.store),
        folders.join(" ")
    )
}

/// `not read, for their names are not those of texts: 12 .pdf, 2 without ending`
fn not_read(passed_over: &BTreeMap<String, usize>) -> String {
    let told = passed_over.iter().map(|(ending, number)| match ending.as_str() {
        "" => format!("{number} without ending"),
        ending => format!("{number} .{ending}"),
    });
    format!("not read, for their names are not those of texts: {}", told.collect::<Vec<_>>().join(", "))
}

/// Counts what a store holds after a change, and says what to do next.
pub fn summarise(done: &str, built: &Built, folder: &Path, db_option: &str) -> std::io::Result<()> {
    let counts = &built.summary.counts;
    let mut out = output::text();
    writeln!(out, "{done} {}, revision {}", folder.display(), built.summary.revision)?;
    writeln!(out, "  documents  {:>7}   {}", counts.documents, news(built))?;
    writeln!(out, "  claims     {:>7}", counts.claims)?;
    writeln!(out, "  facts      {:>7}   {}", counts.facts, by_status(&built.summary))?;
    writeln!(out, "  entities   {:>7}", counts.entities)?;
    for ((lost, kind), number) in by_kind(&built.notes) {
        writeln!(out, "  {:<10} {number:>7}   {}", if lost { "lost" } else { "skipped" }, words(kind))?;
    }
    writeln!(out)?;
    writeln!(out, "next: guanxi trace{db_option} --from NAME --to NAME, or guanxi query{db_option} --list")?;
    out.flush()
}

fn news(built: &Built) -> String {
    let counted = [
        (built.summary.added, "new"),
        (built.summary.replaced, "changed"),
        (built.unchanged, "unchanged"),
        (built.summary.forgotten, "forgotten"),
    ];
    let told = counted.iter().filter(|(number, _)| *number > 0).map(|(number, word)| format!("{number} {word}"));
    told.collect::<Vec<_>>().join(", ")
}

/// `6 asserted, 1 planned; 442 from reference data, 1263 derived`
fn by_status(Summary { counts, told, .. }: &Summary) -> String {
    let given = counts.facts - counts.derived - told.values().sum::<u64>();
    let told: Vec<_> = told.iter().map(|(status, number)| format!("{number} {status}")).collect();
    let told = if told.is_empty() { "none from texts".to_owned() } else { told.join(", ") };
    format!("{told}; {given} from reference data, {} derived", counts.derived)
}

/// How many notes of each kind there are, losses apart.
fn by_kind(notes: &[Note]) -> BTreeMap<(bool, NoteKind), usize> {
    notes.iter().fold(BTreeMap::new(), |mut counts, note| {
        *counts.entry((note.is_loss(), note.kind)).or_default() += 1;
        counts
    })
}

fn words(kind: NoteKind) -> &'static str {
    match kind {
        NoteKind::BadBytes => "with bytes that are no text; the rest of them was read",
        NoteKind::Empty => "without any text",
        NoteKind::Binary => "that are no text",
        NoteKind::TooLong => "longer than is read in one piece, and cut",
        NoteKind::BadRecord => "records or dates that cannot be read",
        NoteKind::Unreadable => "that cannot be opened",
        NoteKind::Kept => "of which nothing can be read any more; what they said before is kept",
    }
}
