//! `guanxi man`

use std::io::Write;
use std::path::PathBuf;

use clap_mangen::Man;

use crate::args;
use crate::error::{CommandError, CommandResult, Kind, Outcome};
use crate::output;

/// Print a manual page, or write all of them
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  guanxi man | man -l -                      read about guanxi
  guanxi man rules test > guanxi-rules-test.1
  guanxi man --all ~/.local/share/man/man1   a file for every command")]
pub struct Args {
    /// The command, as it is typed; without one, guanxi as a whole
    #[arg(value_name = "COMMAND")]
    command: Vec<String>,
    /// Write the page of every command into this folder, which is made at need
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    all: Option<PathBuf>,
}

pub fn run(args: &Args) -> CommandResult {
    let mut parser = with_examples(args::parser().disable_help_subcommand(true));
    if let Some(folder) = &args.all {
        let named = |error| anyhow::anyhow!("{}: {error}", folder.display());
        std::fs::create_dir_all(folder).map_err(named)?;
        clap_mangen::generate_to(parser, folder).map_err(named)?;
        return Ok(Outcome::Done);
    }
    parser.build();
    let mut page = &parser;
    for word in &args.command {
        page = page.find_subcommand(word).ok_or_else(|| {
            let whole = args.command.join(" ");
            CommandError::new(Kind::NotFound, format!("there is no command `{whole}`"))
                .hint("`guanxi --help` lists the commands")
        })?;
    }
    let mut out = output::stdout();
    Man::new(page.clone()).render(&mut out)?;
    out.flush()?;
    Ok(Outcome::Done)
}

/// The help has the examples before the usage, where a manual page has no place: here they stand at the end.
fn with_examples(command: clap::Command) -> clap::Command {
    let parts = [command.get_before_help(), command.get_after_help()];
    let end = parts.into_iter().flatten().map(ToString::to_string).collect::<Vec<_>>().join("\n\n");
    command.after_help(end).mut_subcommands(with_examples)
}
