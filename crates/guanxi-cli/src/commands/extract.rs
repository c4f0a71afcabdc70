//! `guanxi extract`

use std::collections::HashMap;
use std::io::{self, Write};

use clap::ValueEnum;
use guanxi::extract::write_assertions;
use guanxi::graph::{BuildConfig, Generation, Knowledge};
use guanxi::model::{Claim, Confidence, EntityId, Extraction, Object, Reference};
use guanxi::pipeline::Output;
use guanxi::query::export::{self, Syntax};

use crate::commands::store;
use crate::commands::texts::Texts;
use crate::error::{CommandResult, Outcome};
use crate::output;
use crate::output::people::qualifiers_text;
use crate::output::rows::{self, Rows};
use crate::progress::Progress;
use crate::session::Session;

/// Print what texts say, claim by claim; no store is touched
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  guanxi extract article.txt                     one JSON object a claim
  guanxi extract articles/ --format table --min-confidence 0.8
  echo 'Tencent invested in Xiaohongshu.' | guanxi extract - --format table")]
pub struct Args {
    #[command(flatten)]
    texts: Texts,
    /// How to print the claims
    #[arg(long, value_name = "FORMAT", default_value = "jsonl")]
    format: Format,
    /// Leave out claims below this confidence, 0 to 1
    #[arg(long, value_name = "P", default_value = "0", value_parser = output::probability)]
    min_confidence: Confidence,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One JSON object a line
    Jsonl,
    /// For people
    Table,
    /// The store that these texts alone make, without reference data, as N-Quads
    Nq,
    /// The same as TriG, with prefixes
    Trig,
}

pub fn run(session: &Session, args: &Args) -> CommandResult {
    let guanxi = session.guanxi()?;
    let inputs = args.texts.read()?;
    let mut sink = Sink::new(args.format, args.min_confidence);

    let progress = Progress::of(session, &inputs);
    let watched = inputs.inspect(|read| progress.read(read));
    let mut lost = false;
    let extracted = guanxi.extract(watched, session.threads(), |output| -> io::Result<()> {
        let (notes, extraction) = match output {
            Output::Note(note) => (vec![note], None),
            Output::Extraction(mut extraction) => (std::mem::take(&mut extraction.notes), Some(extraction)),
        };
        for note in &notes {
            lost |= note.is_loss();
            progress.tell(note);
        }
        extraction.map_or(Ok(()), |extraction| {
            progress.found(extraction.claims.len());
            sink.take(extraction)
        })
    });
    progress.finish();
    extracted?;
    match sink {
        Sink::Lines { mut out, .. } => out.flush()?,
        Sink::Table { rows, .. } => {
            let mut out = output::stdout();
            rows.write(rows::Format::Table, &mut out)?;
            out.flush()?;
        }
        Sink::Quads { extractions, trig, .. } => {
            let reference = Reference::default();
            let knowledge = Knowledge { reference: &reference, fingerprint: None, ..guanxi.knowledge() };
            let generation =
                Generation::in_memory(extractions, &knowledge, &BuildConfig::default()).map_err(store::failure)?;
            let mut out = output::stdout();
            if trig {
                export::rdf(&generation, Syntax::TriG, &mut out)?;
            } else {
                generation.dump(&mut out)?;
            }
            out.flush()?;
        }
    }
    Ok(Outcome::of_losses(lost))
}

/// Where claims go: written at once where the format allows it, else gathered.
enum Sink {
    Lines { out: io::BufWriter<io::StdoutLock<'static>>, least: Confidence },
    Table { rows: Rows, least: Confidence },
    Quads { extractions: Vec<Extraction>, least: Confidence, trig: bool },
}

impl Sink {
    fn new(format: Format, least: Confidence) -> Self {
        match format {
            Format::Jsonl => Self::Lines { out: output::stdout(), least },
            Format::Table => {
                let columns = ["doc", "subject", "predicate", "object", "beside it", "status", "conf", "quote"];
                Self::Table { rows: Rows::new(&columns), least }
            }
            Format::Nq | Format::Trig => Self::Quads { extractions: Vec::new(), least, trig: format == Format::Trig },
        }
    }

    fn take(&mut self, mut extraction: Extraction) -> io::Result<()> {
        match self {
            Self::Lines { out, least } => write_assertions(&extraction, *least, out)?,
            Self::Table { rows, least } => {
                let labels: HashMap<_, _> =
                    extraction.entities.iter().map(|entity| (&entity.id, entity.label())).collect();
                for claim in extraction.claims.iter().filter(|claim| claim.confidence >= *least) {
                    rows.push(table_row(&extraction.document.name, claim, &labels));
                }
            }
            Self::Quads { extractions, least, .. } => {
                extraction.claims.retain(|claim| claim.confidence >= *least);
                extractions.push(extraction);
            }
        }
        Ok(())
    }
}

fn table_row(document: &str, claim: &Claim, labels: &HashMap<&EntityId, &str>) -> [String; 8] {
    let label = |id: &EntityId| labels.get(id).map_or_else(|| id.to_string(), ToString::to_string);
    [
        document.to_owned(),
        label(&claim.subject.entity),
        claim.predicate.to_string(),
        match &claim.object {
            Object::Entity(argument) => label(&argument.entity),
            Object::Value(value) => value.to_string(),
        },
        qualifiers_text(&claim.qualifiers),
        claim.status.to_string(),
        claim.confidence.to_string(),
        claim.evidence.text.clone(),
    ]
}
