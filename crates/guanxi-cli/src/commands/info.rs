//! `guanxi info`

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use guanxi::graph::{Form, Generation, Imported};
use guanxi::judgements::{self, ChangeError, Standing};
use guanxi::model::{DocumentId, EntityId, Reference, Sameness, Verdict};

use crate::args::{Database, JudgementFile, RowFormat};
use crate::commands::{counts, store};
use crate::config;
use crate::error::{CommandError, CommandResult, Kind, Outcome};
use crate::output::rows::Rows;
use crate::output::{self, harmless};
use crate::session::Session;

/// Tell what a store holds, or the reference data
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  guanxi info
  guanxi info --documents          the documents, by source
  guanxi info --history            what each revision brought and lost
  guanxi info --counts             entities by class, facts by predicate and status
  guanxi info --reference          what is known before any text is read
  guanxi info --settings           which settings are in force, and set by what")]
pub struct Args {
    #[command(flatten)]
    database: Database,
    #[command(flatten)]
    judgements: JudgementFile,
    /// List the documents
    #[arg(long)]
    documents: bool,
    /// Count entities by class, and facts by predicate and status
    #[arg(long, conflicts_with_all = ["documents", "history", "reference", "settings"])]
    counts: bool,
    /// List what happened to the store: what each revision brought, replaced and lost
    #[arg(long, conflicts_with = "documents")]
    history: bool,
    /// Count the reference data, by class, country and predicate; needs no store
    #[arg(long, conflicts_with_all = ["documents", "history"])]
    reference: bool,
    /// List the settings in force, and whether file, environment or command line set them
    #[arg(long, conflicts_with_all = ["documents", "history", "reference"])]
    settings: bool,
    #[command(flatten)]
    format: RowFormat,
}

pub fn run(session: &Session, args: &Args) -> CommandResult {
    let mut out = output::stdout();
    if args.reference {
        reference(session.guanxi()?.reference()).write(session.row_format(args.format), &mut out)?;
        out.flush()?;
        return Ok(Outcome::Done);
    }
    if args.settings {
        settings(session, args).write(session.row_format(args.format), &mut out)?;
        out.flush()?;
        return Ok(Outcome::Done);
    }
    if session.is_typed("format") && !(args.documents || args.history || args.counts) {
        let message = "--format is for --documents, --history, --counts, --reference and --settings";
        return Err(CommandError::new(Kind::Usage, message));
    }
    let generation = store::open(session, &args.database)?;
    if args.documents {
        documents(&generation).write(session.row_format(args.format), &mut out)?;
    } else if args.history {
        history(&generation).write(session.row_format(args.format), &mut out)?;
    } else if args.counts {
        counts::rows(&generation).write(session.row_format(args.format), &mut out)?;
    } else {
        let meta = generation.meta();
        let counts = &meta.counts;
        writeln!(out, "store       {}", harmless(&session.db(&args.database).display().to_string()))?;
        writeln!(out, "revision    {}", meta.revision)?;
        writeln!(
            out,
            "form        {}",
            match meta.form {
                Form::Table => "a file of sorted numbers, mapped when opened",
                Form::Disk => "RocksDB",
            }
        )?;
        writeln!(out, "documents   {} from {} sources", counts.documents, counts.sources)?;
        for import in generation.imports() {
            writeln!(out, "import      {}", harmless(&imported(&import)))?;
        }
        writeln!(out, "claims      {}", counts.claims)?;
        let judgements = judgements(session, args, &generation)?;
        if !judgements.is_empty() {
            writeln!(out, "judgements  {judgements}")?;
        }
        writeln!(out, "facts       {}, {} of them derived", counts.facts, counts.derived)?;
        writeln!(out, "entities    {}", counts.entities)?;
        identity(&generation, &mut out)?;
        writeln!(out, "quads       {}", counts.quads)?;
        writeln!(out, "threshold   {} for plain triples", meta.fact_confidence)?;
        writeln!(out, "base        {}", meta.base)?;
        writeln!(out, "checksum    {}", meta.checksum)?;
    }
    out.flush()?;
    Ok(Outcome::Done)
}

/// `lei.xml: GLEIF LEI-CDF of GLEIF, 5 records, as of 2026-11-20`
fn imported(import: &Imported) -> String {
    let Imported { source, format, publisher, as_of, records, .. } = import;
    let publisher = publisher.as_ref().map(|publisher| format!(" of {publisher}")).unwrap_or_default();
    let as_of = as_of.map(|day| format!(", as of {day}")).unwrap_or_default();
    format!("{source}: {format}{publisher}, {records} records{as_of}")
}

/// How many ids were merged, and what may be one.
fn identity(generation: &Generation, out: &mut impl Write) -> std::io::Result<()> {
    let (merged, splits) = (generation.merged().len(), generation.splits().len());
    let verdicts = generation.verdicts();
    let unsure = verdicts.iter().filter(|found| found.verdict == Sameness::Unsure).count();
    let judged = generation.entity_judgements().len();
    if merged + splits + unsure + judged > 0 {
        writeln!(
            out,
            "identity    {merged} names merged, {splits} namesakes told apart, {unsure} pairs that may be one, {judged} judged"
        )?;
    }
    Ok(())
}

/// `2 in force, 1 without a claim, in FILE`; empty where nothing was decided.
fn judgements(session: &Session, args: &Args, generation: &Generation) -> Result<String, CommandError> {
    let file = match judgements::file(generation, &session.db(&args.database), &session.judgements(&args.judgements)) {
        Ok(Some(file)) => file,
        Ok(None) => return Ok("none are kept".to_owned()),
        Err(missing @ ChangeError::MissingFile { .. }) => return Ok(missing.to_string()),
        Err(other) => return Err(store::change_failure(other)),
    };
    let decided = judgements::read(&file).map_err(store::change_failure)?;
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, standing) in judgements::standing(generation, &decided) {
        let word = match standing {
            Standing::InForce(_) => "in force",
            Standing::MeetsNoClaim => "without a claim",
            Standing::Contradicts => "against its claim",
            Standing::NotYetBuilt => "not yet built",
            Standing::Withdrawn => "withdrawn",
        };
        *counts.entry(word).or_default() += 1;
    }
    let told: Vec<String> = counts.iter().map(|(word, number)| format!("{number} {word}")).collect();
    Ok(match told.is_empty() {
        true => String::new(),
        false => format!("{}, in {}: guanxi claim list", told.join(", "), harmless(&file.display().to_string())),
    })
}

/// The settings in force, each with where it was set.
fn settings(session: &Session, args: &Args) -> Rows {
    let mut rows = Rows::new(&["setting", "value", "set by"]);
    let file = match (session.config_file(), config::usual_place()) {
        (Some(file), _) => file.display().to_string(),
        (None, Some(place)) => format!("none; looked for {}", place.display()),
        (None, None) => "none".to_owned(),
    };
    rows.push(["config".to_owned(), file, String::new()]);
    for (setting, value, origin) in session.settings(&args.database.store, &args.judgements, args.format) {
        rows.push([setting.to_owned(), value, origin.to_string()]);
    }
    rows
}

fn documents(generation: &Generation) -> Rows {
    let mut rows = Rows::new(&["source", "published", "publisher", "title", "document"]);
    let documents = generation.documents();
    for (source, id) in generation.sources() {
        let Some(document) = documents.iter().find(|document| document.id == id) else { continue };
        rows.push([
            source,
            document.published.map(|date| date.to_string()).unwrap_or_default(),
            document.publisher.clone().unwrap_or_default(),
            document.title.clone().unwrap_or_default(),
            id.as_str()[..16].to_owned(),
        ]);
    }
    rows
}

/// What came in, was replaced or forgotten, by revision and source.
fn history(generation: &Generation) -> Rows {
    let history = generation.history();
    let mut events: Vec<(u64, String, &str, &DocumentId)> = Vec::new();
    let mut replaced = BTreeSet::new();
    for change in &history.changes {
        let what = if change.replaced_by.is_some() { "replaced" } else { "forgotten" };
        events.push((change.revision, change.source.clone(), what, &change.document));
        replaced.extend(change.replaced_by.iter().map(|document| (change.revision, change.source.clone(), document)));
    }
    for (source, id) in generation.sources() {
        let Some((document, came_in)) = history.documents.get_key_value(&id) else { continue };
        if !replaced.contains(&(*came_in, source.clone(), document)) {
            events.push((*came_in, source, "new", document));
        }
    }
    events.extend(replaced.into_iter().map(|(revision, source, document)| (revision, source, "replacement", document)));
    let sources = generation.sources();
    let told = history.decisions.iter().map(|decision| {
        let source = sources.iter().find(|(_, document)| *document == decision.document);
        let source = source.map(|(source, _)| source.clone()).unwrap_or_default();
        let verdict = decision.verdict.map_or("restored", Verdict::name);
        let because = decision.because.clone();
        let what = format!("claim {} {verdict}", decision.claim);
        (decision.revision, source, what, decision.document.as_str(), because)
    });
    // Whom a revision melted into another has no name of its own any more.
    let named = |id: &EntityId| match generation.entity(id) {
        Some(entity) => format!("{} ({id})", entity.label()),
        None => id.to_string(),
    };
    let told_of_entities = history.entity_decisions.iter().map(|decision| {
        let verdict = decision.verdict.map_or("undecided again", Sameness::name);
        let what = format!("{} and {} {verdict}", named(&decision.one), named(&decision.other));
        (decision.revision, String::new(), what, "", decision.because.clone())
    });
    let events = events.into_iter();
    let mut events: Vec<_> = events
        .map(|(revision, source, what, document)| (revision, source, what.to_owned(), document.as_str(), String::new()))
        .chain(told)
        .chain(told_of_entities)
        .collect();
    events.sort();
    let mut rows = Rows::new(&["revision", "source", "what", "document", "because"]);
    for (revision, source, what, document, because) in events {
        rows.push([revision.to_string(), source, what, document.chars().take(16).collect(), because]);
    }
    rows
}

/// How many there are, and how many of them name a source.
#[derive(Default)]
struct Count {
    all: usize,
    with_source: usize,
}

impl Count {
    fn add(&mut self, source: Option<&str>) {
        self.all += 1;
        self.with_source += usize::from(source.is_some());
    }
}

fn reference(reference: &Reference) -> Rows {
    let mut counts: BTreeMap<(&str, String), Count> = BTreeMap::new();
    let mut count =
        |kind, name: &str, source: Option<&str>| counts.entry((kind, name.to_owned())).or_default().add(source);
    for row in reference.entities() {
        let source = row.source.as_deref();
        count("rows", "all", source);
        count("rows of class", &row.entity.class, source);
        row.entity.country.iter().for_each(|country| count("rows of country", country, source));
    }
    for fact in reference.facts() {
        count("facts", "all", fact.source.as_deref());
        count("facts of predicate", &fact.predicate, fact.source.as_deref());
    }
    let countries = counts.keys().filter(|(kind, _)| *kind == "rows of country").count();
    let mut rows = Rows::new(&["what", "which", "number", "with source", "unverified"]);
    for kind in ["rows", "rows of class", "countries", "rows of country", "facts", "facts of predicate"] {
        if kind == "countries" {
            rows.push([kind, "all", &countries.to_string(), "", ""].map(str::to_owned));
        }
        for ((_, name), Count { all, with_source }) in counts.iter().filter(|((counted, _), _)| *counted == kind) {
            let numbers = [*all, *with_source, all - with_source].map(|number| number.to_string());
            let [all, with_source, unverified] = numbers;
            rows.push([kind.to_owned(), (*name).to_owned(), all, with_source, unverified]);
        }
    }
    rows
}
