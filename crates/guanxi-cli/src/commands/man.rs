//! `guanxi man`

use std::io::Write;

use clap_mangen::Man;

use crate::args;
use crate::error::{CommandError, CommandResult, Kind, Outcome};
use crate::output;

/// Print a manual page
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  guanxi man | man -l -          read about guanxi
  guanxi man build > guanxi-build.1")]
pub struct Args {
    /// The command; without one, guanxi as a whole
    command: Option<String>,
}

pub fn run(args: &Args) -> CommandResult {
    let mut parser = args::parser();
    parser.build();
    let page = match &args.command {
        None => parser,
        Some(name) => parser
            .find_subcommand(name)
            .cloned()
            .ok_or_else(|| CommandError::new(Kind::NotFound, format!("there is no command `{name}`")))?,
    };
    let mut out = output::stdout();
    Man::new(page).render(&mut out)?;
    out.flush()?;
    Ok(Outcome::Done)
}
