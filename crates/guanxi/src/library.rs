//! Everything that is known before any text is read, loaded and checked.

use guanxi_extract::Extractor;
use guanxi_graph::{Derivations, Knowledge};
use guanxi_model::{DocumentId, Reference, Schema};
use guanxi_query::{NamedQuery, NamedQueryError};

use crate::data::{self, DataErrors, DataFile, DataFiles, Mistake};

/// The loaded data: schema, reference, derivations, rules and named queries.
#[derive(Debug)]
pub struct Guanxi {
    schema: Schema,
    reference: Reference,
    derivations: Derivations,
    extractor: Extractor,
    queries: Vec<NamedQuery>,
    fingerprint: String,
}

impl Guanxi {
    /// Loads the data.
    ///
    /// # Errors
    /// All mistakes in all files. Where the schema has mistakes, only those, for the rest is checked against it.
    pub fn new(files: &DataFiles) -> Result<Self, DataErrors> {
        let mut mistakes = Mistakes { files, found: Vec::new() };
        let Some(schema) = mistakes.of(Schema::load(data::pairs(&files.schema))) else {
            return Err(mistakes.into());
        };
        let derivations = mistakes.of(Derivations::load(data::pairs(&files.derivation), &schema));
        let queries = mistakes.of(named_queries(&files.queries));
        let reference = mistakes.of(Reference::load(data::pairs(&files.reference), &schema)).unwrap_or_default();
        let extractor = mistakes.of(Extractor::new(
            &schema,
            &reference,
            data::pairs(&files.rules),
            data::pairs(&files.lexicon),
            data::pairs(&files.models),
        ));
        match (derivations, queries, extractor) {
            (Some(derivations), Some(queries), Some(extractor)) if mistakes.found.is_empty() => {
                let fingerprint = fingerprint(files);
                Ok(Self { schema, reference, derivations, extractor, queries, fingerprint })
            }
            _ => Err(mistakes.into()),
        }
    }

    /// Classes and predicates.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// Reference entities and facts.
    pub fn reference(&self) -> &Reference {
        &self.reference
    }

    /// Finds claims in texts.
    pub fn extractor(&self) -> &Extractor {
        &self.extractor
    }

    /// The named queries, sorted by name.
    pub fn queries(&self) -> &[NamedQuery] {
        &self.queries
    }

    /// What a store is built with beside texts.
    pub fn knowledge(&self) -> Knowledge<'_> {
        Knowledge { schema: &self.schema, reference: &self.reference, derivations: &self.derivations }
    }

    /// A hash of all that decides what a text is read to say; where it changes, texts are read anew.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }
}

/// The classes and predicates alone, which is all that most questions to a store need.
///
/// # Errors
/// All mistakes in the schema.
pub fn schema(files: &DataFiles) -> Result<Schema, DataErrors> {
    let mut mistakes = Mistakes { files, found: Vec::new() };
    mistakes.of(Schema::load(data::pairs(&files.schema))).ok_or_else(|| mistakes.into())
}

/// The named queries alone, sorted by name.
///
/// # Errors
/// All mistakes in their headers.
pub fn queries(files: &DataFiles) -> Result<Vec<NamedQuery>, DataErrors> {
    let mut mistakes = Mistakes { files, found: Vec::new() };
    mistakes.of(named_queries(&files.queries)).ok_or_else(|| mistakes.into())
}

fn named_queries(files: &[DataFile]) -> Result<Vec<NamedQuery>, Vec<NamedQueryError>> {
    let mut mistakes = Vec::new();
    let read = data::pairs(files).map(|(path, text)| NamedQuery::parse(path, text));
    let queries = read.filter_map(|query| query.map_err(|error| mistakes.push(error)).ok()).collect();
    if mistakes.is_empty() { Ok(queries) } else { Err(mistakes) }
}

fn fingerprint(files: &DataFiles) -> String {
    let parts = [&files.schema, &files.reference, &files.rules, &files.lexicon, &files.models];
    let texts: String = parts.into_iter().flatten().map(|file| file.text.as_str()).collect();
    DocumentId::of(format!("{} {texts}", env!("CARGO_PKG_VERSION")).as_bytes()).to_string()
}

/// Collects what the loaders complain about, each complaint with its line of text.
struct Mistakes<'a> {
    files: &'a DataFiles,
    found: Vec<Mistake>,
}

impl Mistakes<'_> {
    fn of<T, E: Into<Mistake>>(&mut self, loaded: Result<T, Vec<E>>) -> Option<T> {
        match loaded {
            Ok(loaded) => Some(loaded),
            Err(errors) => {
                self.found.extend(errors.into_iter().map(Into::into));
                None
            }
        }
    }
}

impl From<Mistakes<'_>> for DataErrors {
    fn from(mistakes: Mistakes<'_>) -> Self {
        let Mistakes { files, mut found } = mistakes;
        for mistake in &mut found {
            let line = (mistake.error.line as usize).checked_sub(1);
            let text = line.and_then(|line| files.text(&mistake.error.file)?.lines().nth(line));
            mistake.line_text = text.unwrap_or_default().to_owned();
        }
        found.sort();
        found.dedup();
        DataErrors(found)
    }
}
