//! What the user typed. Nothing is opened or read here.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::path::PathBuf;
use std::str::FromStr;

use clap::builder::BoolishValueParser;
use clap::parser::ValueSource;
use clap::{ArgMatches, Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use serde::Deserialize;

use crate::commands::{
    audit, build, claim, completions, cycles, diff, dominators, dump, entity, explain, export, exposure, extract,
    forget, import, info, man, owners, query, rank, reach, restore, rules, schema, shared, trace,
};
use crate::output::Form;
use crate::output::rows::{Format, RowsOrDot};

/// Financial text, English and Chinese, to a knowledge graph that can be asked
#[derive(Debug, Parser)]
#[command(
    name = "guanxi",
    version,
    before_help = "Examples:
  guanxi build articles/                  read the texts of a folder
  guanxi query -e 'SELECT * { ?who gx:investsIn ?what }'
  guanxi trace --from 央行 --to 小红书    how do two names hang together?"
)]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

/// Options of every command.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Options of every command")]
pub struct Global {
    /// Rules, reference data and queries from this folder; what it does not have is built in
    #[arg(long, global = true, value_name = "DIR", env = "GUANXI_DATA", hide_env_values = true)]
    pub data: Option<PathBuf>,
    /// Do without what was fitted on annotated texts: the confidence of a claim is its rule's
    #[arg(long, global = true, env = "GUANXI_NO_MODELS", hide_env_values = true, value_parser = BoolishValueParser::new())]
    pub no_models: bool,
    /// Number of threads; any gives the same output [default: all cores]
    #[arg(long, global = true, value_name = "N", env = "GUANXI_THREADS", hide_env_values = true, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// When to colour [default: auto, on a terminal unless NO_COLOR is set]
    #[arg(long, global = true, value_name = "WHEN", env = "GUANXI_COLOR", hide_env_values = true)]
    pub color: Option<Color>,
    /// Say nothing on standard error but errors and what was lost
    #[arg(short, long, global = true, env = "GUANXI_QUIET", hide_env_values = true, value_parser = BoolishValueParser::new())]
    pub quiet: bool,
    /// Tell what is being done; twice: in detail
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// How `--verbose` tells it [default: text]
    #[arg(long, global = true, value_name = "FORMAT", env = "GUANXI_LOG_FORMAT", hide_env_values = true)]
    pub log_format: Option<Form>,
    /// Settings from this file [default: guanxi/config.toml in the folder of the user's settings]
    #[arg(long, global = true, value_name = "FILE", env = "GUANXI_CONFIG", hide_env_values = true)]
    pub config: Option<PathBuf>,
}

/// When to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Color {
    Auto,
    Always,
    Never,
}

/// Which store a command works on.
#[derive(Args, Clone, Debug)]
pub struct Store {
    /// The folder of the store [default: guanxi.db]
    #[arg(short = 'd', long = "db", value_name = "DB", env = "GUANXI_DB", hide_env_values = true)]
    pub db: Option<PathBuf>,
}

/// Which state of which store a command reads.
#[derive(Args, Clone, Debug)]
pub struct Database {
    #[command(flatten)]
    pub store: Store,
    /// Read this revision of the store, if it was kept [default: the current one]
    #[arg(long, value_name = "N")]
    pub revision: Option<u64>,
}

/// Where it stands what people decided on claims.
#[derive(Args, Clone, Debug)]
pub struct JudgementFile {
    /// What people decided on claims is kept in this file; the store remembers it [default: the file that the store
    /// remembers, else judgements.toml in its folder]
    #[arg(long, value_name = "FILE", env = "GUANXI_JUDGEMENTS", hide_env_values = true)]
    pub judgements: Option<PathBuf>,
    /// Go on without what people decided on claims, until --judgements names a file again; goes before --judgements
    #[arg(long)]
    pub no_judgements: bool,
}

/// How a command changes a store.
#[derive(Args, Clone, Debug)]
pub struct Change {
    #[command(flatten)]
    pub store: Store,
    #[command(flatten)]
    pub judgements: JudgementFile,
    /// Number of older generations of the store to keep [default: as many as there are]
    #[arg(long, value_name = "N")]
    pub keep: Option<usize>,
}

impl AsRef<Store> for Change {
    fn as_ref(&self) -> &Store {
        &self.store
    }
}

impl AsRef<Store> for Store {
    fn as_ref(&self) -> &Store {
        self
    }
}

impl AsRef<Store> for Database {
    fn as_ref(&self) -> &Store {
        &self.store
    }
}

/// How a command prints rows.
#[derive(Args, Clone, Copy, Debug)]
pub struct RowFormat {
    /// How to print rows [default: table on a terminal, else tsv]
    #[arg(long, value_name = "FORMAT", env = "GUANXI_FORMAT", hide_env_values = true)]
    pub format: Option<Format>,
}

/// How a command prints rows that can be drawn, too.
#[derive(Args, Clone, Copy, Debug)]
pub struct RowOrDotFormat {
    /// How to print rows, or a picture of them [default: table on a terminal, else tsv]
    #[arg(long, value_name = "FORMAT", env = "GUANXI_FORMAT", hide_env_values = true)]
    pub format: Option<RowsOrDot>,
}

/// A greatest number that leaves something.
pub fn at_least_one<N: FromStr<Err: Display> + From<u8> + PartialOrd>(typed: &str) -> Result<N, String> {
    let number: N = typed.parse().map_err(|error: N::Err| error.to_string())?;
    if number >= N::from(1) { Ok(number) } else { Err("it must be 1 or more".to_owned()) }
}

#[derive(Debug, Subcommand)]
pub enum Command {
    Build(build::Args),
    Extract(extract::Args),
    Query(query::Args),
    Trace(trace::Args),
    Reach(reach::Args),
    Dominators(dominators::Args),
    Shared(shared::Args),
    Cycles(cycles::Args),
    Rank(rank::Args),
    Owners(owners::Args),
    Exposure(exposure::Args),
    Explain(explain::Args),
    Audit(audit::Args),
    Info(info::Args),
    Export(export::Args),
    #[command(subcommand)]
    Entity(entity::Command),
    #[command(subcommand)]
    Claim(claim::Command),
    Diff(diff::Args),
    Import(import::Args),
    Forget(forget::Args),
    Dump(dump::Args),
    Restore(restore::Args),
    #[command(subcommand)]
    Rules(rules::Command),
    #[command(subcommand)]
    Schema(schema::Command),
    Completions(completions::Args),
    Man(man::Args),
}

const HELP: &str = "\
{about-with-newline}
{before-help}{usage-heading} {usage}

{all-args}{after-help}
";

const EXIT_STATUS: &str = "\
Exit status:
  0  answered               3  done, but part of the input was lost and reported
  1  failed                 4  not found, or the name is ambiguous
  2  wrong usage            124  out of time      130  interrupted";

/// Width of the help: that of the narrowest terminal that people use.
const WIDTH: usize = 80;

/// The parser, with the examples first and the exit status last in the help of every command.
pub fn parser() -> clap::Command {
    fn dress(command: clap::Command) -> clap::Command {
        command.help_template(HELP).after_help(EXIT_STATUS).max_term_width(WIDTH).mut_subcommands(dress)
    }
    dress(Cli::command())
}

/// Parses the command line; help, version and mistakes end the program here.
pub fn parse() -> (Cli, Given) {
    let matches = parser().get_matches();
    let given = Given::of(&matches);
    (Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit()), given)
}

/// Which arguments were given, and whether by the command line or the environment.
#[derive(Debug, Default)]
pub struct Given(BTreeMap<String, ValueSource>);

impl Given {
    fn of(matches: &ArgMatches) -> Self {
        let mut given = Self::default();
        let mut level = Some(matches);
        while let Some(matches) = level {
            for id in matches.ids().map(clap::Id::as_str) {
                given.0.extend(matches.value_source(id).map(|source| (id.to_owned(), source)));
            }
            level = matches.subcommand().map(|(_, below)| below);
        }
        given
    }

    /// Where the argument of this name has its value from; `None` where nobody gave it one.
    pub fn source(&self, argument: &str) -> Option<ValueSource> {
        self.0.get(argument).copied().filter(|source| *source != ValueSource::DefaultValue)
    }
}
