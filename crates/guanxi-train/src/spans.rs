//! `guanxi-train spans`: how well names are found and cut, on texts in which they are marked.

use std::path::{Path, PathBuf};

use guanxi::extract;
use guanxi::model::Span;
use guanxi::{Guanxi, folder};

use crate::items;
use crate::sets::{self, Mention};

/// Whoever acts, in sets that mark such names alone.
const ACTORS: [&str; 4] = ["ORG", "REGULATOR", "EXCHANGE", "BRAND"];
/// The classes that answer to them.
const CLASSES: [&str; 6] = ["Company", "Fund", "Organization", "Regulator", "PublicBody", "Exchange"];

/// Print how many of the marked names are found and cut as marked
#[derive(Debug, clap::Args)]
pub struct Options {
    /// The folder of rules, words and models
    #[arg(long, value_name = "FOLDER", default_value = "data")]
    data: PathBuf,
    /// Leave the models out
    #[arg(long)]
    no_models: bool,
    /// Texts in which every name is marked
    #[arg(long, value_name = "FOLDER")]
    items: Vec<PathBuf>,
    /// A set of texts in which some names are marked
    #[arg(long = "set", value_name = "SET.jsonl")]
    sets: Vec<PathBuf>,
}

/// Names marked, found, and found within the right borders.
#[derive(Default)]
struct Counts {
    marked: usize,
    found: usize,
    right: usize,
}

/// Reads and prints.
pub fn run(options: &Options) -> Result<(), String> {
    let mut files = folder::files(&options.data).map_err(|error| error.to_string())?;
    if options.no_models {
        files.models.clear();
    }
    let guanxi = Guanxi::new(&files).map_err(|error| error.to_string())?;
    for folder in &options.items {
        let mut counts = Counts::default();
        for (_, item) in items::all(&guanxi, folder)?.0 {
            let names: Vec<Span> = item.names.iter().map(|name| name.span).collect();
            counts.take(&found(&guanxi, &item.text, false), &names, |_| true);
        }
        counts.print(folder, "every name");
    }
    for set in &options.sets {
        let mut counts = Counts::default();
        for record in sets::read(set)? {
            let names = record.entities.iter().filter(|name| ACTORS.contains(&&*name.kind) && !name.nominal);
            let names: Vec<Span> = names.map(Mention::span).collect();
            counts.take(&found(&guanxi, &record.text, true), &names, |found| {
                record.entities.iter().any(|marked| marked.span().overlaps(found))
            });
        }
        counts.print(set, "names of firms and bodies, where judged");
    }
    Ok(())
}

fn found(guanxi: &Guanxi, text: &str, actors: bool) -> Vec<Span> {
    let seen = guanxi.extractor().names_seen(&extract::Input::text("item.txt", text.as_bytes()), &[]);
    let found = seen.into_iter().filter(|seen| {
        let class = |class: &str| CLASSES.contains(&class);
        seen.found.as_ref().is_some_and(|found| !actors || found.classes.split('|').any(class))
    });
    found.map(|seen| seen.span).collect()
}

impl Counts {
    fn take(&mut self, found: &[Span], names: &[Span], is_judged: impl Fn(Span) -> bool) {
        self.marked += names.len();
        self.found += found.iter().filter(|found| is_judged(**found)).count();
        self.right += names.iter().filter(|name| found.contains(name)).count();
    }

    fn print(&self, place: &Path, what: &str) {
        let share = |whole: usize| self.right as f64 / whole.max(1) as f64;
        println!(
            "{}: {what}: {} marked, precision {:.3}, recall {:.3}",
            place.display(),
            self.marked,
            share(self.found),
            share(self.marked)
        );
    }
}
