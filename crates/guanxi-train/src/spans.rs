//! `guanxi-train spans`: how well names are found and cut, on texts in which they are marked.

use std::fs;
use std::path::{Path, PathBuf};

use guanxi::extract;
use guanxi::model::Span;
use guanxi::{Guanxi, folder};
use serde::Deserialize;

use crate::tag;

/// Whoever acts, in sets that mark such names alone.
const ACTORS: [&str; 4] = ["ORG", "REGULATOR", "EXCHANGE", "BRAND"];
/// The classes that answer to them.
const CLASSES: [&str; 6] = ["Company", "Fund", "Organization", "Regulator", "PublicBody", "Exchange"];

/// What the command line asks for.
#[derive(Debug)]
pub struct Options {
    data: PathBuf,
    models: bool,
    items: Vec<PathBuf>,
    sets: Vec<PathBuf>,
}

impl Options {
    pub fn parse(words: &[String]) -> Result<Self, String> {
        let mut options = Self { data: "data".into(), models: true, items: Vec::new(), sets: Vec::new() };
        let mut words = words.iter();
        while let Some(option) = words.next() {
            if option == "--no-models" {
                options.models = false;
                continue;
            }
            let value = words.next().ok_or_else(|| format!("{option} wants a value"))?;
            match option.as_str() {
                "--data" => options.data = value.into(),
                "--items" => options.items.push(value.into()),
                "--set" => options.sets.push(value.into()),
                _ => return Err(format!("no option {option}\n\n{}", crate::USAGE)),
            }
        }
        Ok(options)
    }
}

#[derive(Deserialize)]
struct Record {
    text: String,
    entities: Vec<Marked>,
}

#[derive(Deserialize)]
struct Marked {
    start: u32,
    end: u32,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    nominal: bool,
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
    let mut files = folder::files(Path::new(&options.data)).map_err(|error| error.to_string())?;
    if !options.models {
        files.models.clear();
    }
    let guanxi = Guanxi::new(&files).map_err(|error| error.to_string())?;
    for folder in &options.items {
        let mut counts = Counts::default();
        for (_, item) in tag::items(folder)?.0 {
            let names: Vec<Span> = item.names.iter().map(|(span, _)| *span).collect();
            counts.take(&found(&guanxi, &item.text, false), &names, |_| true);
        }
        counts.print(folder, "every name");
    }
    for set in &options.sets {
        let mut counts = Counts::default();
        let text = fs::read_to_string(set).map_err(|error| format!("{}: {error}", set.display()))?;
        for (line, number) in text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty()) {
            let record: Record =
                serde_json::from_str(line).map_err(|error| format!("{}:{number}: {error}", set.display()))?;
            let span = |marked: &Marked| Span::new(marked.start, marked.end);
            let names = record.entities.iter().filter(|name| ACTORS.contains(&&*name.kind) && !name.nominal);
            let names: Vec<Span> = names.map(span).collect();
            counts.take(&found(&guanxi, &record.text, true), &names, |found| {
                record.entities.iter().any(|marked| span(marked).overlaps(found))
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
