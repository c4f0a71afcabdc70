//! Everything that is known before any text is read, loaded and checked.

use std::sync::OnceLock;

use guanxi_extract::{Extractor, Written};
use guanxi_graph::{Derivations, Knowledge};
use guanxi_model::data_file::DataError;
use guanxi_model::{DocumentId, Reference, Schema};
use guanxi_query::owners::{self, load_rules};
use guanxi_query::{NamedQuery, NamedQueryError};

use crate::builtin;
use crate::compiled::{Compiled, fingerprint};
use crate::data::{self, DataErrors, DataFile, DataFiles, Mistake};

/// The loaded data: schema, reference, derivations, rules and named queries.
#[derive(Debug)]
pub struct Guanxi {
    schema: Schema,
    reference: Reference,
    /// Of the built-in data, read when they are asked for.
    derivations: OnceLock<Derivations>,
    extractor: Extractor,
    /// The same.
    queries: OnceLock<Vec<NamedQuery>>,
    fingerprint: String,
    /// See [`Knowledge::fingerprint`].
    weighing: String,
}

impl Guanxi {
    /// The built-in data, which were checked when they were compiled in.
    ///
    /// # Panics
    /// Never, short of a mistake in building this crate.
    pub fn builtin() -> Self {
        let Compiled { schema, reference, tables, fingerprint } =
            postcard::from_bytes(builtin::COMPILED).expect("what build.rs wrote is read by the same types");
        let extractor = Extractor::open(tables, &schema, &reference, || {
            let files = builtin::files();
            Written::read(data::pairs(&files.rules), data::pairs(&files.lexicon))
        });
        let weighing = weighing(&fingerprint, &builtin::derivation());
        let (derivations, queries) = (OnceLock::new(), OnceLock::new());
        Self { schema, reference, derivations, extractor, queries, fingerprint, weighing }
    }

    /// Loads data from their files.
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
        let _ = mistakes.of(load_rules(data::pairs(&files.ownership)));
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
                let (derivations, queries) = (derivations.into(), queries.into());
                let fingerprint = fingerprint(files);
                let weighing = weighing(&fingerprint, &files.derivation);
                Ok(Self { schema, reference, derivations, extractor, queries, fingerprint, weighing })
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
        self.queries.get_or_init(|| named_queries(&builtin::queries()).expect("a test reads what is built in"))
    }

    /// What a store is built with beside texts.
    pub fn knowledge(&self) -> Knowledge<'_> {
        Knowledge {
            schema: &self.schema,
            reference: &self.reference,
            derivations: self.derivations(),
            fingerprint: Some(&self.weighing),
        }
    }

    fn derivations(&self) -> &Derivations {
        let read = || Derivations::load(data::pairs(&builtin::derivation()), &self.schema);
        self.derivations.get_or_init(|| read().expect("a test reads what is built in"))
    }

    /// A hash of all that decides what a text is read to say; where it changes, texts are read anew.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }
}

/// A hash of all that decides what comes of what was read: the data, and the code (`build.rs` hashes it).
fn weighing(fingerprint: &str, derivation: &[DataFile]) -> String {
    let texts: String = derivation.iter().map(|file| file.text.as_str()).collect();
    DocumentId::of(format!("{} {fingerprint} {texts}", env!("WEIGHING_CODE")).as_bytes()).to_string()
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

/// The rules of ownership alone.
///
/// # Errors
/// All mistakes in them.
pub fn rules_of_ownership(files: &DataFiles) -> Result<Vec<owners::Rule>, DataErrors> {
    let mut mistakes = Mistakes { files, found: Vec::new() };
    mistakes.of(load_rules(data::pairs(&files.ownership))).ok_or_else(|| mistakes.into())
}

fn named_queries(files: &[DataFile]) -> Result<Vec<NamedQuery>, Vec<NamedQueryError>> {
    let mut mistakes = Vec::new();
    let read = data::pairs(files).map(|(path, text)| NamedQuery::parse(path, text));
    let queries = read.filter_map(|query| query.map_err(|error| mistakes.push(error)).ok()).collect();
    if mistakes.is_empty() { Ok(queries) } else { Err(mistakes) }
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

impl From<NamedQueryError> for Mistake {
    fn from(error: NamedQueryError) -> Self {
        let NamedQueryError { file, line, message } = error;
        DataError { file, line, column: 0, name: String::new(), message }.into()
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

#[cfg(test)]
mod tests {
    use guanxi_extract::{Input, write_assertions};
    use guanxi_model::Confidence;

    use super::*;

    #[test]
    fn what_is_built_in_and_what_its_files_say_are_one() {
        let (compiled, read) = (Guanxi::builtin(), Guanxi::new(&builtin::files()).unwrap());
        assert_eq!(compiled.schema, read.schema);
        assert_eq!(compiled.reference, read.reference);
        assert_eq!(compiled.fingerprint, read.fingerprint);
        assert_eq!(compiled.queries().len(), read.queries().len());
        assert_eq!(format!("{:?}", compiled.derivations()), format!("{:?}", read.derivations()));
        assert!(
            compiled
                .extractor
                .rules()
                .map(|(file, rule)| (file, rule.id.get_ref()))
                .eq(read.extractor.rules().map(|(file, rule)| (file, rule.id.get_ref())))
        );
        for text in ["Tencent invested in Xiaohongshu for $2bn.", "中国人民银行对腾讯旗下财付通罚款3亿元。"]
        {
            let lines = |guanxi: &Guanxi| {
                let mut lines = Vec::new();
                let extraction = guanxi.extractor.extract(&Input::text("a", text.as_bytes()));
                write_assertions(&extraction, Confidence::new(0.0), &mut lines).unwrap();
                String::from_utf8(lines).unwrap()
            };
            assert!(!lines(&compiled).is_empty(), "{text}");
            assert_eq!(lines(&compiled), lines(&read));
        }
    }
}
