//! The built-in data as the binary holds them: read and checked once, when it is built (`build.rs`, which has this file
//! as well), by the loaders that read a folder, and then opened where they lie.

use guanxi_extract::Tables;
use guanxi_model::data_file::DataError;
use guanxi_model::{DocumentId, Reference, Schema};
use serde::{Deserialize, Serialize};

use crate::data::{DataFiles, pairs};

/// What decides what a text is read to say.
#[derive(Debug, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub(crate) struct Compiled {
    pub(crate) schema: Schema,
    pub(crate) reference: Reference,
    pub(crate) tables: Tables,
    pub(crate) fingerprint: String,
}

impl Compiled {
    /// Reads and checks everything.
    #[cfg_attr(not(test), allow(dead_code, reason = "of `build.rs`"))]
    pub(crate) fn of(files: &DataFiles) -> Result<Self, Vec<DataError>> {
        let schema = Schema::load(pairs(&files.schema))?;
        let reference = Reference::load(pairs(&files.reference), &schema)?;
        let [rules, lexicon, models] = [&files.rules, &files.lexicon, &files.models].map(|part| pairs(part));
        let (tables, _) = Tables::new(&schema, &reference, rules, lexicon, models)?;
        Ok(Self { schema, reference, tables, fingerprint: fingerprint(files) })
    }
}

/// A hash of all that decides what a text is read to say.
pub(crate) fn fingerprint(files: &DataFiles) -> String {
    let parts = [&files.schema, &files.reference, &files.rules, &files.lexicon, &files.models];
    let texts: String = parts.into_iter().flatten().map(|file| file.text.as_str()).collect();
    DocumentId::of(format!("{} {texts}", env!("CARGO_PKG_VERSION")).as_bytes()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builtin;

    #[test]
    fn what_is_compiled_in_is_what_the_files_say() {
        let read = postcard::to_stdvec(&Compiled::of(&builtin::files()).unwrap()).unwrap();
        assert!(read == builtin::COMPILED, "{} bytes read, {} compiled in", read.len(), builtin::COMPILED.len());
        // Half of it is the weights of the models.
        assert!(read.len() <= 20_000_000, "{} bytes", read.len());
    }
}
