//! `guanxi completions`

use std::io::Write;

use clap_complete::Shell;

use crate::args;
use crate::error::{CommandResult, Outcome};
use crate::output;

/// Print the completions of a shell
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  guanxi completions bash > ~/.local/share/bash-completion/completions/guanxi
  guanxi completions zsh > \"${fpath[1]}/_guanxi\"")]
pub struct Args {
    /// Whose completions
    shell: Shell,
}

pub fn run(args: &Args) -> CommandResult {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut args::parser(), "guanxi", &mut script);
    let mut out = output::stdout();
    out.write_all(&script)?;
    out.flush()?;
    Ok(Outcome::Done)
}
