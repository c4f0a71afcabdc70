//! What the user typed. Nothing is opened or read here.

use std::path::PathBuf;

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use crate::commands::{
    build, completions, dump, entity, explain, export, extract, forget, info, man, query, reach, rules, schema, trace,
};

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
    /// Rules, reference data, schema and queries from this folder; a part it does not have is the built-in one
    #[arg(long, global = true, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Number of threads; the output is the same for any number [default: all cores]
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// When to colour: on a terminal unless NO_COLOR is set, always, never
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: Color,
    /// Say nothing on standard error but errors and what was lost
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Tell what is being done; twice: in detail
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// How `--verbose` tells it
    #[arg(long, global = true, value_name = "FORMAT", default_value = "text")]
    pub log_format: LogFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    Text,
    Json,
}

/// Which store a command works on.
#[derive(Args, Clone, Debug)]
pub struct Database {
    /// The folder of the store
    #[arg(short = 'd', long = "db", value_name = "DB", env = "GUANXI_DB", default_value = "guanxi.db")]
    pub db: PathBuf,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    Build(build::Args),
    Extract(extract::Args),
    Query(query::Args),
    Trace(trace::Args),
    Reach(reach::Args),
    Explain(explain::Args),
    Info(info::Args),
    Export(export::Args),
    #[command(subcommand)]
    Entity(entity::Command),
    Forget(forget::Args),
    Dump(dump::Args),
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

/// The parser, with the examples first and the exit status last in the help of every command.
pub fn parser() -> clap::Command {
    fn dress(command: clap::Command) -> clap::Command {
        command.help_template(HELP).after_help(EXIT_STATUS).mut_subcommands(dress)
    }
    dress(Cli::command())
}

/// Parses the command line; help, version and mistakes end the program here.
pub fn parse() -> Cli {
    let matches = parser().get_matches();
    Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
}
