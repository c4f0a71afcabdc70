//! Pictures: their formats, and Graphviz, which draws them.

use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::Context;
use clap::ValueEnum;
use guanxi::query::export::dot::Picture;

use crate::error::{CommandError, Kind};
use crate::output::whole::Output;
use crate::session::Session;

/// How a picture is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Dot,
    Svg,
    Png,
}

/// Whose names stand first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Language {
    En,
    Zh,
}

/// Draws `picture` to a file or to standard output.
pub fn write(session: &Session, picture: &Picture, format: Format, output: Option<&Path>) -> Result<(), CommandError> {
    let drawn = match format {
        Format::Dot => picture.dot.clone().into_bytes(),
        Format::Svg => render(session, picture, "svg")?,
        Format::Png => render(session, picture, "png")?,
    };
    let file = Output::begin(output)?;
    file.writer()?.write_all(&drawn)?;
    Ok(file.finish()?)
}

/// What Graphviz places in a minute or so.
const MOST_NODES: usize = 5000;

/// Lets Graphviz draw.
fn render(session: &Session, picture: &Picture, format: &str) -> Result<Vec<u8>, CommandError> {
    if picture.nodes > MOST_NODES {
        let message = format!("{} entities are more than Graphviz can place: {MOST_NODES}", picture.nodes);
        return Err(CommandError::new(Kind::Usage, message)
            .hint("--focus, --reach, --owners, --max-nodes, --max-fan and --min-confidence draw fewer")
            .hint("--format dot writes them all"));
    }
    let mut command = Command::new("dot");
    command.arg(format!("-T{format}")).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = match command.spawn() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let message = format!("the program `dot` of Graphviz is not installed, which draws {format}");
            return Err(CommandError::new(Kind::Failed, message)
                .hint("apt-get install graphviz fonts-noto-cjk (or brew install graphviz)")
                .hint("--format dot works without it"));
        }
        other => other.context("the program `dot` of Graphviz cannot be started")?,
    };
    let mut stdin = child.stdin.take().context("`dot` takes no input")?;
    let text = picture.dot.clone();
    // On a thread of its own, for `dot` may fill the pipe that it answers on before it has read everything.
    let writer = std::thread::spawn(move || stdin.write_all(text.as_bytes()));
    let drawn = child.wait_with_output()?;
    let _ = writer.join();
    let said = String::from_utf8_lossy(&drawn.stderr);
    if !drawn.status.success() {
        return Err(CommandError::new(Kind::Failed, format!("`dot` failed: {}", said.trim())));
    }
    // Such as that a PNG of that size had to be made smaller.
    if !said.trim().is_empty() {
        session.insist(format!("`dot` says: {}", said.trim()));
    }
    Ok(drawn.stdout)
}
