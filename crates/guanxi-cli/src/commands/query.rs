//! `guanxi query`

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use clap::ValueEnum;
use clap::builder::PossibleValue;
use guanxi::graph::{Generation, Vocabulary};
use guanxi::model::{PartialDate, Schema};
use guanxi::query::{
    self, Answer, Cancellation, Completeness, Content, Limits, NameIndex, NamedQuery, Parameter, ParameterKind,
    ParameterValue, Query, QueryError, Term, Warning,
};

use crate::args::Database;
use crate::commands::{names, store};
use crate::error::{CommandError, CommandResult, Kind, Outcome};
use crate::output;
use crate::output::rows::{Format as OfRows, Record, Rows};
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
  guanxi query --name who-invested-in --param company=小红书
  guanxi query --name owners-of --param company=腾讯 --as-of 2019-06")]
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
    /// How to print the answer [default: on a terminal table, or ttl for triples; else tsv, or nt]
    #[arg(long, value_name = "FORMAT", env = "GUANXI_FORMAT", hide_env_values = true)]
    format: Option<Format>,
    /// Greatest number of rows
    #[arg(long, value_name = "N", default_value_t = 1_000_000)]
    limit: usize,
    /// Stop after so many seconds, with exit status 124
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    timeout: Option<u64>,
    /// Ask for the plain triples of this day, month or year; the records of facts and claims tell of all days
    #[arg(long, value_name = "DATE")]
    as_of: Option<PartialDate>,
    /// Ask all graphs at once: claims and facts beside the plain triples
    #[arg(long)]
    all_graphs: bool,
    /// Exit with status 1 if the answer is no
    #[arg(long)]
    exit_status: bool,
}

/// How an answer is printed. Rows and triples have formats of their own; both can be XML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Rows(OfRows),
    Turtle,
    NTriples,
}

impl From<OfRows> for Format {
    fn from(format: OfRows) -> Self {
        Self::Rows(format)
    }
}

impl ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Self] {
        use OfRows::{Csv, Json, Md, Ndjson, Table, Tsv, Xml};
        const ALL: &[Format] = &[
            Format::Rows(Table),
            Format::Rows(Csv),
            Format::Rows(Tsv),
            Format::Rows(Json),
            Format::Rows(Xml),
            Format::Rows(Md),
            Format::Rows(Ndjson),
            Format::Turtle,
            Format::NTriples,
        ];
        ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        match self {
            Self::Rows(OfRows::Xml) => Some(PossibleValue::new("xml").help("One XML document; RDF/XML of triples")),
            Self::Rows(format) => format.to_possible_value(),
            Self::Turtle => Some(PossibleValue::new("ttl").help("Triples as Turtle")),
            Self::NTriples => Some(PossibleValue::new("nt").help("Triples as N-Triples, one a line")),
        }
    }
}

pub fn run(session: &Session, args: &Args) -> CommandResult {
    if args.list {
        return list(session, args.format);
    }
    let schema = session.schema()?;
    let generation = store::open(session, &args.database)?;
    let asked = prepare(session, &generation, args)?;
    let format = format(session, args.format, asked.query.gives_triples())?;
    for warning in asked.warnings(&schema, &generation) {
        session.show(&asked.drawn(&warning));
    }
    let query = if args.all_graphs { asked.query.over_all_graphs() } else { asked.query };

    let cancellation = Cancellation::default();
    let watchdog = args.timeout.map(|seconds| watch(seconds, cancellation.clone()));
    let limits = Limits { rows: args.limit, cancellation: cancellation.clone() };
    let answer = match args.as_of {
        Some(day) => query.run_amended(&generation, &generation.as_of(day, &schema), &limits)?,
        None => query.run(&generation, &limits)?,
    };
    drop(watchdog);

    print(&answer, format, generation.vocabulary())?;
    if answer.is_empty() && format == Format::Rows(OfRows::Table) {
        session.say("no rows");
    }
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

/// The format that was asked for, where the answer can be written in it.
fn format(session: &Session, asked: Option<Format>, triples: bool) -> Result<Format, CommandError> {
    let usual = match (OfRows::by_default(), triples) {
        (rows, false) => Format::Rows(rows),
        (OfRows::Table, true) => Format::Turtle,
        (_, true) => Format::NTriples,
    };
    let fits = |format| match format {
        Format::Rows(OfRows::Xml) => true,
        Format::Rows(_) => !triples,
        Format::Turtle | Format::NTriples => triples,
    };
    let refused = |message: &str, hint: &str| Err(CommandError::new(Kind::Usage, message).hint(hint));
    match session.asked_format(asked) {
        Some(asked) if fits(asked) => Ok(asked),
        // What environment and config file say of rows is not meant for triples.
        Some(_) if session.is_typed("format") => match triples {
            true => refused("CONSTRUCT and DESCRIBE give triples, which are no rows", "--format ttl, nt or xml"),
            false => refused(
                "SELECT and ASK give no triples",
                "--format table, csv, tsv, json, xml, md or ndjson; or ask CONSTRUCT",
            ),
        },
        _ => Ok(usual),
    }
}

/// A query with its parameters put in.
struct Asked {
    query: Query,
    /// Where it was read from.
    file: String,
    text: String,
    /// Whether its header may leave parameters open.
    has_header: bool,
}

impl Asked {
    fn warnings(&self, schema: &Schema, generation: &Generation) -> Vec<Warning> {
        let mut warnings = self.query.warnings(schema, generation);
        if !self.has_header {
            warnings.extend(self.query.unbound());
        }
        warnings
    }

    /// The warning, with a caret where it is known what it is about.
    fn drawn(&self, warning: &Warning) -> String {
        let hint = warning.hint.as_ref().map(|hint| format!("\nhint: {hint}")).unwrap_or_default();
        match &warning.range {
            Some(range) => {
                let place = Place { file: &self.file, text: &self.text, first_line: 1, bytes: range.clone() };
                source::warning_at(&place, &warning.message) + &hint
            }
            None => format!("warning: {}{hint}", warning.message),
        }
    }
}

fn prepare(session: &Session, generation: &Generation, args: &Args) -> Result<Asked, CommandError> {
    let vocabulary = generation.vocabulary();
    if let Some(name) = &args.name {
        let queries = session.queries()?;
        let named = named_query(&queries, name)?;
        let query = bound(named, &args.parameters, generation)?;
        return Ok(Asked { query, file: format!("{name}.rq"), text: named.text.clone(), has_header: true });
    }
    let (file, text) = match (&args.expression, &args.file) {
        (Some(expression), _) => ("the query".to_owned(), expression.clone()),
        (None, Some(path)) => (path.display().to_string(), output::read_text(path)?),
        (None, None) => return Err(CommandError::new(Kind::Usage, "no query was given")),
    };
    let named = NamedQuery::parse(&file, &text);
    let has_header = named.is_ok();
    let query = match named {
        Ok(named) => bound(&named, &args.parameters, generation)?,
        Err(_) if args.parameters.is_empty() => {
            Query::parse(&text, vocabulary).map_err(|error| refusal(&error, &file, &text))?
        }
        // Whoever takes parameters says in the header which, and of what kind.
        Err(error) => {
            let hint = "--param fills in what the header of a query declares: # parameter: …";
            return Err(CommandError::from(error).hint(hint));
        }
    };
    Ok(Asked { query, file, text, has_header })
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

/// The query with its values; one that is missing, or too much, is wrong usage.
fn bound(named: &NamedQuery, given: &[(String, String)], generation: &Generation) -> Result<Query, CommandError> {
    let values = values(named, given, generation)?;
    named.bind(&values, generation.vocabulary()).map_err(|error| CommandError::new(Kind::Usage, error))
}

fn values(
    query: &NamedQuery,
    given: &[(String, String)],
    generation: &Generation,
) -> Result<BTreeMap<String, ParameterValue>, CommandError> {
    let wants = |name: &str| query.parameters.iter().find(|parameter| parameter.name == name);
    // Opened where a name is given, and once.
    let mut index = None;
    let mut values = BTreeMap::new();
    for (name, text) in given {
        let kind = wants(name).map_or(ParameterKind::Text, |parameter| parameter.kind);
        let value = match kind {
            ParameterKind::Entity => {
                let index = match &mut index {
                    Some(index) => index,
                    unopened => unopened.insert(NameIndex::open(generation)?),
                };
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
        (Format::Rows(OfRows::Table), Content::Boolean(truth)) => {
            writeln!(out, "{}", if *truth { "yes" } else { "no" })?;
        }
        (Format::Rows(OfRows::Ndjson), Content::Rows { columns, rows }) => {
            rows.iter().try_for_each(|row| write_record(columns, row, vocabulary, &mut out))?;
        }
        (Format::Rows(format @ (OfRows::Table | OfRows::Md)), Content::Rows { columns, rows }) => {
            let text =
                |cell: &Option<_>| cell.as_ref().map(|term| query::plain_text(term, vocabulary)).unwrap_or_default();
            let rows = rows.iter().map(|row| row.iter().map(text).collect()).collect();
            Rows { columns: columns.clone(), rows }.write(format, &mut out)?;
        }
        (format, content) => {
            query::write_answer(answer, standard(format), vocabulary, &mut out)?;
            // Only the formats that are made of lines end with one.
            let of_lines = match content {
                Content::Graph(_) => matches!(format, Format::Turtle | Format::NTriples),
                Content::Boolean(_) => false,
                Content::Rows { .. } => matches!(format, Format::Rows(OfRows::Csv | OfRows::Tsv)),
            };
            if !of_lines {
                writeln!(out)?;
            }
        }
    }
    out.flush()
}

/// A row as a JSON object; what is unbound is left out.
fn write_record(
    columns: &[String],
    row: &[Option<Term>],
    vocabulary: &Vocabulary,
    out: &mut impl Write,
) -> std::io::Result<()> {
    let bound = columns.iter().zip(row).filter_map(|(column, cell)| Some((column.as_str(), cell.as_ref()?)));
    let fields: Vec<_> = bound.map(|(column, term)| (column, query::plain_text(term, vocabulary))).collect();
    serde_json::to_writer(&mut *out, &Record(fields.iter().map(|(column, text)| (*column, text.as_str())).collect()))?;
    writeln!(out)
}

fn standard(format: Format) -> query::Format {
    match format {
        Format::Rows(OfRows::Json | OfRows::Ndjson) => query::Format::Json,
        Format::Rows(OfRows::Xml) => query::Format::Xml,
        Format::Rows(OfRows::Csv) => query::Format::Csv,
        Format::Rows(OfRows::Table | OfRows::Tsv | OfRows::Md) => query::Format::Tsv,
        Format::Turtle => query::Format::Turtle,
        Format::NTriples => query::Format::NTriples,
    }
}

fn list(session: &Session, asked: Option<Format>) -> CommandResult {
    let Format::Rows(format) = format(session, asked, false)? else { return Ok(Outcome::Done) };
    let queries = session.queries()?;
    let mut queries: Vec<&NamedQuery> = queries.iter().collect();
    queries.sort_by_key(|query| (&query.group, &query.name));
    let mut out = output::stdout();
    match format {
        OfRows::Table => list_for_people(&queries, &mut out)?,
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

/// Stops the query when its time is over, and the program if the query does not heed that.
///
/// The watch ends when what is returned is dropped.
fn watch(seconds: u64, cancellation: Cancellation) -> Sender<()> {
    /// For the query to end by itself, with the rows that it has; the rest of a tenth of a second is for ending at all.
    const GRACE: Duration = Duration::from_millis(50);
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
