//! `guanxi info`

use std::io::Write;

use guanxi::graph::{Form, Generation};

use crate::args::Database;
use crate::commands::store;
use crate::error::{CommandResult, Outcome};
use crate::output;
use crate::output::rows::{Format, Rows};
use crate::session::Session;

/// Tell what a store holds
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  guanxi info
  guanxi info --documents          the documents, by source")]
pub struct Args {
    #[command(flatten)]
    database: Database,
    /// List the documents
    #[arg(long)]
    documents: bool,
    /// How to print the documents [default: table on a terminal, else tsv]
    #[arg(long, value_name = "FORMAT", requires = "documents")]
    format: Option<Format>,
}

pub fn run(_session: &Session, args: &Args) -> CommandResult {
    let generation = store::open(&args.database)?;
    let mut out = output::stdout();
    if args.documents {
        documents(&generation).write(Format::or_default(args.format), &mut out)?;
    } else {
        let meta = generation.meta();
        let counts = &meta.counts;
        writeln!(out, "store       {}", args.database.db.display())?;
        writeln!(out, "revision    {}", meta.revision)?;
        writeln!(
            out,
            "form        {}",
            match meta.form {
                Form::Memory => "compressed N-Quads, loaded into memory when opened",
                Form::Disk => "RocksDB",
            }
        )?;
        writeln!(out, "documents   {} from {} sources", counts.documents, counts.sources)?;
        writeln!(out, "claims      {}", counts.claims)?;
        writeln!(out, "facts       {}, {} of them derived", counts.facts, counts.derived)?;
        writeln!(out, "entities    {}", counts.entities)?;
        writeln!(out, "quads       {}", counts.quads)?;
        writeln!(out, "threshold   {} for plain triples", meta.fact_confidence)?;
        writeln!(out, "base        {}", meta.base)?;
        writeln!(out, "checksum    {}", meta.checksum)?;
    }
    out.flush()?;
    Ok(Outcome::Done)
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
