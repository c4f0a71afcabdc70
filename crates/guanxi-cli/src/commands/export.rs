//! `guanxi export`

use std::ffi::OsStr;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::Context;
use clap::ValueEnum;
use guanxi::graph::Snapshot;
use guanxi::query::NameIndex;
use guanxi::query::export::dot::{self, DotConfig, Hidden, Picture, Scope};

use crate::args::Database;
use crate::commands::{names, store};
use crate::error::{CommandError, CommandResult, Kind, Outcome};
use crate::output;
use crate::session::Session;

/// Draw the graph, or what lies around an entity
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  guanxi export -o graph.svg
  guanxi export --focus 小红书 --hops 2 --lang zh -o xiaohongshu.png
  guanxi export --format dot | dot -Tpdf > graph.pdf")]
pub struct Args {
    #[command(flatten)]
    database: Database,
    /// dot needs nothing; svg and png need the program `dot` of Graphviz [default: by the name of the file, else dot]
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,
    /// Draw only what lies around this entity
    #[arg(long, value_name = "NAME")]
    focus: Option<String>,
    /// How far around it
    #[arg(long, value_name = "N", default_value_t = 2, requires = "focus")]
    hops: u32,
    /// Which names stand first
    #[arg(long, value_name = "LANG", default_value = "en")]
    lang: Language,
    /// Draw facts that have ended, too
    #[arg(long)]
    ended: bool,
    /// Greatest number of entities
    #[arg(long, value_name = "N", default_value_t = 300)]
    max_nodes: usize,
    /// Write to this file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Dot,
    Svg,
    Png,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Language {
    En,
    Zh,
}

pub fn run(session: &Session, args: &Args) -> CommandResult {
    let guanxi = session.guanxi()?;
    let generation = store::open(&args.database)?;
    let snapshot = Snapshot::of(&generation, guanxi.schema());
    let index = NameIndex::of(snapshot.entities());
    let focus = args.focus.as_deref().map(|name| names::resolve(&index, name)).transpose()?;
    let scope = match &focus {
        Some(entity) => Scope::Around { entity, hops: args.hops },
        None => Scope::Whole,
    };
    let config = DotConfig {
        chinese_first: args.lang == Language::Zh,
        ended: args.ended,
        max_nodes: args.max_nodes,
        ..DotConfig::default()
    };
    let picture = dot::dot(&generation, &snapshot, guanxi.schema(), &scope, &config)?;

    let drawn = match args.format()? {
        Format::Dot => picture.dot.clone().into_bytes(),
        Format::Svg => render(&picture.dot, "svg")?,
        Format::Png => render(&picture.dot, "png")?,
    };
    let mut out = output::file_or_stdout(args.output.as_deref())?;
    out.write_all(&drawn)?;
    out.flush()?;
    let place = args.output.as_deref().map(|path| format!("{}: ", path.display())).unwrap_or_default();
    session.say(format!("{place}{}", described(&picture)));
    Ok(Outcome::Done)
}

impl Args {
    /// The format asked for, else that of the file's ending; a file of another ending would mislead.
    fn format(&self) -> Result<Format, CommandError> {
        if let Some(format) = self.format {
            return Ok(format);
        }
        match self.output.as_deref().and_then(|path| path.extension()).and_then(OsStr::to_str) {
            Some("svg") => Ok(Format::Svg),
            Some("png") => Ok(Format::Png),
            Some("dot" | "gv") | None => Ok(Format::Dot),
            Some(other) => Err(CommandError::new(Kind::Usage, format!("no picture is written as .{other}"))
                .hint("dot, svg or png, by the ending of the file or by --format")),
        }
    }
}

/// Lets Graphviz draw.
fn render(dot: &str, format: &str) -> Result<Vec<u8>, CommandError> {
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
    let text = dot.to_owned();
    // On a thread of its own, for `dot` may fill the pipe that it answers on before it has read everything.
    let writer = std::thread::spawn(move || stdin.write_all(text.as_bytes()));
    let drawn = child.wait_with_output()?;
    let _ = writer.join();
    if !drawn.status.success() {
        let said = String::from_utf8_lossy(&drawn.stderr);
        return Err(CommandError::new(Kind::Failed, format!("`dot` failed: {}", said.trim())));
    }
    Ok(drawn.stdout)
}

/// `12 entities, 17 arrows; left out: 3 ended facts (--ended)`
fn described(picture: &Picture) -> String {
    let Hidden { over_limit, ended, denied, shortcuts, background, .. } = picture.hidden;
    let hidden = [
        (over_limit, "entities (--max-nodes, --focus)"),
        (ended, "ended facts (--ended)"),
        (denied, "denied facts"),
        (shortcuts, "derived facts that sum up whole paths"),
        (background, "reference facts about what no text tells of (--focus)"),
    ];
    let hidden = hidden.iter().filter(|(number, _)| *number > 0).map(|(number, what)| format!("{number} {what}"));
    let hidden = hidden.collect::<Vec<_>>().join(", ");
    let left_out = if hidden.is_empty() { String::new() } else { format!("; left out: {hidden}") };
    format!("{} entities, {} arrows{left_out}", picture.nodes, picture.arrows)
}
