//! `guanxi query`

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use guanxi::Guanxi;
use guanxi::graph::{Generation, Vocabulary};
use guanxi::query::{
    self, Answer, Cancellation, Completeness, Content, Limits, NameIndex, NamedQuery, Parameter, ParameterKind,
    ParameterValue, Query, QueryError, Warning,
};

use crate::args::Database;
use crate::commands::{names, store};
use crate::error::{CommandError, CommandResult, Kind, Outcome};
use crate::output;
use crate::output::rows::{Format, Rows};
use crate::output::source::{self, Place};
use crate::session::Session;

/// Ask a store in SPARQL, or by the name of a query
///
/// The prefixes gx: (classes and predicates), id: (entities), doc:, claim:, fact:, rdf:, rdfs:, schema:, skos: and
/// xsd: need no declaration.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  guanxi query -e 'SELECT ?who ?what { ?who gx:investsIn ?what }'
  guanxi query question.rq --format csv > answer.csv
  guanxi query --list
  guanxi query --name who-invested-in --param company=小红书")]
#[group(id = "what", required = true, multiple = false, args = ["file", "expression", "name", "list"])]
pub struct Args {
    #[command(flatten)]
    database: Database,
    /// A file with a query; - for standard input
    #[arg(value_name = "FILE.rq")]
    file: Option<PathBuf>,
    /// The query itself
    #[arg(short = 'e', value_name = "QUERY")]
    expression: Option<String>,
    /// A named query
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// A value for a parameter of the query; an entity may be given by any of its names
    #[arg(long = "param", value_name = "NAME=VALUE", value_parser = parameter)]
    parameters: Vec<(String, String)>,
    /// List the named queries
    #[arg(long)]
    list: bool,
    /// How to print the answer [default: table on a terminal, else tsv]
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,
    /// Greatest number of rows
    #[arg(long, value_name = "N", default_value_t = 1_000_000)]
    limit: usize,
    /// Stop after so many seconds, with exit status 124
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    timeout: Option<u64>,
    /// Ask all graphs at once: claims and facts beside the plain triples
    #[arg(long)]
    all_graphs: bool,
    /// Exit with status 1 if the answer is no
    #[arg(long)]
    exit_status: bool,
}

pub fn run(session: &Session, args: &Args) -> CommandResult {
    let guanxi = session.guanxi()?;
    if args.list {
        return list(guanxi.queries(), args.format);
    }
    let generation = store::open(&args.database)?;
    let (text, query) = prepare(&guanxi, &generation, args)?;
    for warning in query.warnings(guanxi.schema(), &generation) {
        session.say(told(&warning, &text));
    }
    let query = if args.all_graphs { query.over_all_graphs() } else { query };

    let cancellation = Cancellation::default();
    let watchdog = args.timeout.map(|seconds| watch(seconds, cancellation.clone()));
    let answer = query.run(&generation, &Limits { rows: args.limit, cancellation: cancellation.clone() })?;
    drop(watchdog);

    print(&answer, Format::or_default(args.format), generation.vocabulary())?;
    finish(session, args, &answer, &cancellation)
}

fn finish(session: &Session, args: &Args, answer: &Answer, cancellation: &Cancellation) -> CommandResult {
    if let (true, Some(seconds)) = (cancellation.is_cancelled(), args.timeout) {
        return Err(CommandError::new(Kind::Timeout, format!("stopped after {seconds} s; there may be more")));
    }
    if let Completeness::Stopped(stop) = answer.completeness {
        session.insist(format!("stopped at {stop}; there may be more (--limit)"));
    }
    match answer.content {
        Content::Boolean(false) if args.exit_status => Ok(Outcome::No),
        _ => Ok(Outcome::Done),
    }
}

/// The query with its parameters put in, and its text.
fn prepare(guanxi: &Guanxi, generation: &Generation, args: &Args) -> Result<(String, Query), CommandError> {
    let vocabulary = generation.vocabulary();
    if let Some(name) = &args.name {
        let named = named_query(guanxi.queries(), name)?;
        let query = named.bind(&values(named, &args.parameters, generation)?, vocabulary)?;
        return Ok((named.text.clone(), query));
    }
    let (file, text) = match (&args.expression, &args.file) {
        (Some(expression), _) => ("the query".to_owned(), expression.clone()),
        (None, Some(path)) => (path.display().to_string(), output::read_text(path)?),
        (None, None) => return Err(CommandError::new(Kind::Usage, "no query was given")),
    };
    let query = match NamedQuery::parse(&file, &text) {
        Ok(named) => named.bind(&values(&named, &args.parameters, generation)?, vocabulary)?,
        Err(_) if args.parameters.is_empty() => {
            Query::parse(&text, vocabulary).map_err(|error| refusal(&error, &file, &text))?
        }
        // Whoever takes parameters says in the header which, and of what kind.
        Err(error) => {
            let hint = "--param fills in what the header of a query declares: # parameter: …";
            return Err(CommandError::from(error).hint(hint));
        }
    };
    Ok((text, query))
}

fn named_query<'a>(queries: &'a [NamedQuery], name: &str) -> Result<&'a NamedQuery, CommandError> {
    queries.iter().find(|query| query.name == name).ok_or_else(|| {
        let error = CommandError::new(Kind::NotFound, format!("no query is called `{name}`"));
        match guanxi::model::data_file::nearest(name, queries.iter().map(|query| query.name.as_str())) {
            Some(near) => error.hint(format!("did you mean {near}?")),
            None => error.hint("`guanxi query --list` lists them"),
        }
    })
}

fn values(
    query: &NamedQuery,
    given: &[(String, String)],
    generation: &Generation,
) -> Result<BTreeMap<String, ParameterValue>, CommandError> {
    let wants = |name: &str| query.parameters.iter().find(|parameter| parameter.name == name);
    let entities = generation.entities();
    let mut index = None;
    let mut values = BTreeMap::new();
    for (name, text) in given {
        let kind = wants(name).map_or(ParameterKind::Text, |parameter| parameter.kind);
        let value = match kind {
            ParameterKind::Entity => {
                let index = index.get_or_insert_with(|| NameIndex::of(&entities));
                ParameterValue::Entity(names::resolve(index, text)?)
            }
            other => other
                .read(text)
                .ok_or_else(|| CommandError::new(Kind::Usage, format!("--param {name}: `{text}` is not {other}")))?,
        };
        values.insert(name.clone(), value);
    }
    Ok(values)
}

fn print(answer: &Answer, format: Format, vocabulary: &Vocabulary) -> std::io::Result<()> {
    let mut out = output::stdout();
    match (format, &answer.content) {
        (Format::Table, Content::Boolean(truth)) => writeln!(out, "{}", if *truth { "yes" } else { "no" })?,
        (Format::Table, Content::Graph(_)) => query::write_answer(answer, query::Format::Turtle, vocabulary, &mut out)?,
        (Format::Table | Format::Md | Format::Ndjson, Content::Rows { columns, rows }) => {
            let text =
                |cell: &Option<_>| cell.as_ref().map(|term| query::plain_text(term, vocabulary)).unwrap_or_default();
            let rows = rows.iter().map(|row| row.iter().map(text).collect()).collect();
            Rows { columns: columns.clone(), rows }.write(format, &mut out)?;
        }
        (format, _) => {
            query::write_answer(answer, standard(format), vocabulary, &mut out)?;
            // Only the formats that are made of lines end with one.
            let of_lines = match answer.content {
                Content::Graph(_) => true,
                Content::Boolean(_) => false,
                Content::Rows { .. } => matches!(format, Format::Csv | Format::Tsv),
            };
            if !of_lines {
                writeln!(out)?;
            }
        }
    }
    out.flush()
}

fn standard(format: Format) -> query::Format {
    match format {
        Format::Json | Format::Ndjson => query::Format::Json,
        Format::Xml => query::Format::Xml,
        Format::Csv => query::Format::Csv,
        Format::Table | Format::Tsv | Format::Md => query::Format::Tsv,
    }
}

fn list(queries: &[NamedQuery], format: Option<Format>) -> CommandResult {
    let mut queries: Vec<&NamedQuery> = queries.iter().collect();
    queries.sort_by_key(|query| (&query.group, &query.name));
    let format = Format::or_default(format);
    let mut out = output::stdout();
    match format {
        Format::Table => list_for_people(&queries, &mut out)?,
        _ => list_for_programs(&queries).write(format, &mut out)?,
    }
    out.flush()?;
    Ok(Outcome::Done)
}

/// Group by group, each query with what it asks below its name and parameters; nothing is wider than a terminal.
fn list_for_people(queries: &[&NamedQuery], out: &mut dyn Write) -> std::io::Result<()> {
    for (position, group) in queries.chunk_by(|one, next| one.group == next.group).enumerate() {
        let gap = if position == 0 { "" } else { "\n" };
        writeln!(out, "{gap}{}", if group[0].group.is_empty() { "Others" } else { &group[0].group })?;
        for query in group {
            let parameters: String = query.parameters.iter().map(told_parameter).collect();
            writeln!(out, "  {}{parameters}\n      {}", query.name, query.title)?;
        }
    }
    writeln!(out, "\n[…] may be left out. For example: {}", queries.last().map_or("", |query| &query.example))
}

/// ` company=…`, ` [language=en]`
fn told_parameter(parameter: &Parameter) -> String {
    match &parameter.default {
        Some(default) => format!(" [{}={default}]", parameter.name),
        None => format!(" {}=…", parameter.name),
    }
}

fn list_for_programs(queries: &[&NamedQuery]) -> Rows {
    let mut rows = Rows::new(&["name", "group", "what it asks", "parameters", "example"]);
    for query in queries {
        let parameters: Vec<_> = query.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
        let [name, group, title, example] = [&query.name, &query.group, &query.title, &query.example].map(Clone::clone);
        rows.push([name, group, title, parameters.join(", "), example]);
    }
    rows
}

fn refusal(error: &QueryError, file: &str, text: &str) -> CommandError {
    let Some((bytes, hint)) = error.place() else { return CommandError::new(Kind::Failed, error) };
    let message = match error {
        QueryError::Syntax(syntax) => syntax.message.clone(),
        other => other.to_string(),
    };
    let shown = source::at(&Place { file, text, first_line: 1, bytes }, &message);
    let refused = CommandError::shown(Kind::Failed, shown);
    match hint {
        Some(hint) => refused.hint(hint),
        None => refused,
    }
}

fn told(warning: &Warning, text: &str) -> String {
    let line = warning.range.as_ref().map(|range| 1 + text[..range.start].matches('\n').count());
    let place = line.map(|line| format!(" (line {line})")).unwrap_or_default();
    let nearest = warning.nearest.as_ref().map(|near| format!("; did you mean {near}?")).unwrap_or_default();
    format!("warning: neither the schema nor the store knows {}{place}{nearest}", warning.term)
}

/// Stops the query when its time is over, and the program if the query does not heed that.
///
/// The watch ends when what is returned is dropped.
fn watch(seconds: u64, cancellation: Cancellation) -> Sender<()> {
    const GRACE: Duration = Duration::from_millis(100);
    let (running, ended) = mpsc::channel::<()>();
    thread::spawn(move || {
        if ended.recv_timeout(Duration::from_secs(seconds)) != Err(RecvTimeoutError::Timeout) {
            return;
        }
        cancellation.cancel();
        if ended.recv_timeout(GRACE) == Err(RecvTimeoutError::Timeout) {
            let error = CommandError::new(Kind::Timeout, format!("stopped after {seconds} s"));
            error.report();
            std::process::exit(error.exit_status().into());
        }
    });
    running
}

fn parameter(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write NAME=VALUE")?;
    Ok((name.trim_start_matches('?').to_owned(), value.to_owned()))
}
