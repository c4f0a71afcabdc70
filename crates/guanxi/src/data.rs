//! The files of data that stand beside the code, as raw text, and the mistakes in them.

use std::path::Path;

use guanxi_model::data_file::DataError;

/// One file of data.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DataFile {
    /// How it is named in messages.
    pub path: String,
    /// Its content.
    pub text: String,
}

/// Every data file, unread; each part sorted by path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DataFiles {
    /// Classes and predicates, one a file.
    pub schema: Vec<DataFile>,
    /// Entities and facts known before any text is read.
    pub reference: Vec<DataFile>,
    /// How facts follow from facts.
    pub derivation: Vec<DataFile>,
    /// Who owns and controls, as laws see it: thresholds, articles, dates.
    pub ownership: Vec<DataFile>,
    /// Extraction rules.
    pub rules: Vec<DataFile>,
    /// Word lists of the rules.
    pub lexicon: Vec<DataFile>,
    /// What was fitted on annotated texts: the weights of confidence, and models of pairs.
    pub models: Vec<DataFile>,
    /// Named queries.
    pub queries: Vec<DataFile>,
}

impl DataFiles {
    /// The text of the file named `path`.
    pub fn text(&self, path: &str) -> Option<&str> {
        let parts = [
            &self.schema,
            &self.reference,
            &self.derivation,
            &self.ownership,
            &self.rules,
            &self.lexicon,
            &self.models,
            &self.queries,
        ];
        parts.into_iter().flatten().find(|file| file.path == path).map(|file| file.text.as_str())
    }

    /// Each part with the name of its folder.
    pub(crate) fn parts_mut(&mut self) -> [(&'static str, &mut Vec<DataFile>); 8] {
        [
            ("schema", &mut self.schema),
            ("reference", &mut self.reference),
            ("derivation", &mut self.derivation),
            ("rules-of-ownership", &mut self.ownership),
            ("rules", &mut self.rules),
            ("lexicon", &mut self.lexicon),
            ("models", &mut self.models),
            ("queries", &mut self.queries),
        ]
    }
}

/// Whether a file of this name belongs to the part in `folder`.
pub(crate) fn is_data(path: &Path, folder: &str) -> bool {
    let endings: &[&str] = match folder {
        "reference" => &["toml", "csv"],
        "queries" => &["rq"],
        _ => &["toml"],
    };
    path.extension().is_some_and(|extension| endings.iter().any(|ending| extension == *ending))
}

/// Path and text of each file, as the loaders take them.
pub(crate) fn pairs(files: &[DataFile]) -> impl Iterator<Item = (&str, &str)> {
    files.iter().map(|file| (file.path.as_str(), file.text.as_str()))
}

/// One mistake in a data file, with the line that it is in. Ordered by place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mistake {
    /// Where and what.
    pub error: DataError,
    /// That line as it stands in the file; empty where there is none.
    pub line_text: String,
}

impl From<DataError> for Mistake {
    fn from(error: DataError) -> Self {
        Self { error, line_text: String::new() }
    }
}

/// Every mistake that was found in the data, at least one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} in the data:\n{}", count(.0.len()), lines(.0))]
pub struct DataErrors(pub Vec<Mistake>);

fn count(mistakes: usize) -> String {
    if mistakes == 1 { "a mistake".to_owned() } else { format!("{mistakes} mistakes") }
}

fn lines(mistakes: &[Mistake]) -> String {
    mistakes.iter().map(|mistake| mistake.error.to_string()).collect::<Vec<_>>().join("\n")
}
