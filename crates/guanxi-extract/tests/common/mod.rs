//! The extractor with the data of this repository.

use std::fs;
use std::path::Path;

use guanxi_extract::Extractor;
use guanxi_model::{Reference, Schema};

pub fn extractor() -> Extractor {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data");
    let schema_files = folder(&data.join("schema"));
    let schema = Schema::load(borrowed(&schema_files)).expect("the schema is right");
    let reference_files = folder(&data.join("reference"));
    let reference = Reference::load(borrowed(&reference_files), &schema).expect("the reference data are right");
    let [rules, words, models] = ["rules", "lexicon", "models"].map(|part| folder(&data.join(part)));
    Extractor::new(&schema, &reference, borrowed(&rules), borrowed(&words), borrowed(&models))
        .unwrap_or_else(|errors| panic!("{}", errors.iter().map(|error| format!("{error}\n")).collect::<String>()))
}

fn borrowed(files: &[(String, String)]) -> impl Iterator<Item = (&str, &str)> {
    files.iter().map(|(name, text)| (name.as_str(), text.as_str()))
}

/// Every file of data below a folder, sorted.
fn folder(path: &Path) -> Vec<(String, String)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(path).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(folder(&path));
        } else if path.extension().is_some_and(|extension| extension == "toml" || extension == "csv") {
            files.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
        }
    }
    files.sort();
    files
}
