//! What the loaders of all data files share: places in a file, errors that name them, and "did you mean".

use std::fmt;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A file of the data, as its name and its text.
#[derive(Clone, Copy, Debug)]
pub struct DataFile<'a> {
    /// Name, as errors shall show it.
    pub name: &'a str,
    /// The whole text.
    pub text: &'a str,
}

/// What is wrong with a data file, and where.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub struct DataError {
    /// Name of the file.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1, in characters.
    pub column: u32,
    /// The class, predicate or row concerned; empty where there is none yet.
    pub name: String,
    /// What is wrong, and what to write instead.
    pub message: String,
}

/// ``owns.toml:7: `owns`: message``
impl fmt::Display for DataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: ", self.file, self.line)?;
        if !self.name.is_empty() {
            write!(f, "`{}`: ", self.name)?;
        }
        f.write_str(&self.message)
    }
}

impl<'a> DataFile<'a> {
    /// The file's table.
    ///
    /// # Errors
    /// Everything that is no TOML.
    pub fn parse(self) -> Result<Spanned<DeTable<'a>>, Vec<DataError>> {
        let (table, errors) = DeTable::parse_recoverable(self.text);
        if errors.is_empty() {
            return Ok(table);
        }
        Err(errors.iter().map(|error| self.error(start_of(error), "", error.message())).collect())
    }

    /// Reads `table` as a `T`; `name` is the class, predicate or row that it describes.
    ///
    /// # Errors
    /// Every unknown key (if `T` denies them), then the first value that does not fit. A key that is missing since it is
    /// misspelt is told as the unknown one, where it stands.
    pub fn read<T: DeserializeOwned>(self, table: Spanned<DeTable<'a>>, name: &str) -> Result<T, Vec<DataError>> {
        let (span, mut table) = (table.span(), table.into_inner());
        let mut errors = Vec::new();
        loop {
            let value = Spanned::new(span.clone(), DeValue::Table(table.clone()));
            let error = match T::deserialize(toml::de::ValueDeserializer::from(value)) {
                Ok(read) if errors.is_empty() => return Ok(read),
                Ok(_) => break,
                Err(error) => error,
            };
            let start = error.span().map_or(span.start, |span| span.start);
            if errors.iter().any(|known: &DataError| is_misspelt(error.message(), &known.message)) {
                break;
            }
            errors.push(self.error(start, name, explained(error.message())));
            // serde stops at the first unknown key; taken out, it lets the next one show.
            let is_unknown_key = error.message().starts_with("unknown field");
            if !(is_unknown_key && remove_key_at(&mut table, start)) {
                break;
            }
        }
        errors.sort();
        Err(errors)
    }

    /// The error `message` at the byte `offset`.
    pub fn error(self, offset: usize, name: &str, message: impl Into<String>) -> DataError {
        let (line, column) = self.place(offset);
        DataError { file: self.name.to_owned(), line, column, name: name.to_owned(), message: message.into() }
    }

    /// Line and column of a byte, both from 1, the column in characters.
    pub fn place(self, offset: usize) -> (u32, u32) {
        let before = self.text.get(..offset).unwrap_or(self.text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = before.bytes().filter(|&byte| byte == b'\n').count();
        let column = before[line_start..].chars().count();
        (line as u32 + 1, column as u32 + 1)
    }
}

/// Where the lines of a text begin: finds the lines of many places without counting from the start each time.
#[derive(Clone, Debug)]
pub struct Lines(Vec<usize>);

impl Lines {
    /// The lines of `text`.
    pub fn of(text: &str) -> Self {
        Self(text.match_indices('\n').map(|(newline, _)| newline + 1).collect())
    }

    /// The line of a byte, from 1.
    pub fn line(&self, offset: usize) -> u32 {
        self.0.partition_point(|&start| start <= offset) as u32 + 1
    }
}

/// "unknown class `Compny`: did you mean `Company`?", or the known names where none is near.
pub fn unknown<'n>(what: &str, name: &str, known: impl IntoIterator<Item = &'n str> + Clone) -> String {
    match nearest(name, known.clone()) {
        Some(near) => format!("unknown {what} `{name}`: did you mean `{near}`?"),
        None => {
            let known: Vec<String> = known.into_iter().take(12).map(|name| format!("`{name}`")).collect();
            let end = if known.len() < 12 { "" } else { ", …" };
            format!("unknown {what} `{name}`: known are {}{end}", known.join(", "))
        }
    }
}

/// The known name nearest to a misspelt one; `None` where none is near enough to be meant.
pub fn nearest<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let lower = name.to_lowercase();
    let likeness = |candidate: &str| strsim::normalized_damerau_levenshtein(&lower, &candidate.to_lowercase());
    known
        .into_iter()
        .map(|candidate| (likeness(candidate), candidate))
        .filter(|&(likeness, _)| likeness >= 0.5)
        .reduce(|best, next| if next.0 > best.0 { next } else { best })
        .map(|(_, candidate)| candidate)
}

fn start_of(error: &toml::de::Error) -> usize {
    error.span().map_or(0, |span| span.start)
}

/// serde's "unknown field `lable`, expected one of `label`, `definition`" in the words of [`unknown`].
fn explained(message: &str) -> String {
    let what = if message.starts_with("unknown field") {
        "key"
    } else if message.starts_with("unknown variant") {
        "value"
    } else {
        return message.replace("missing field", "missing key");
    };
    let mut names = message.split('`').skip(1).step_by(2);
    let name = names.next().unwrap_or_default();
    unknown(what, name, names)
}

/// Whether serde misses the key that an unknown one is taken for.
fn is_misspelt(missing: &str, unknown: &str) -> bool {
    missing.strip_prefix("missing field ").is_some_and(|key| unknown.ends_with(&format!("did you mean {key}?")))
}

fn remove_key_at(table: &mut DeTable<'_>, start: usize) -> bool {
    let key = table.keys().find(|key| key.span().start == start).cloned();
    match key {
        Some(key) => table.remove(&key).is_some(),
        None => table.iter_mut().any(|(_, value)| match value.get_mut() {
            DeValue::Table(inner) => remove_key_at(inner, start),
            _ => false,
        }),
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "read for its errors only")]
    struct Kind {
        name: String,
        label: Label,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "read for its errors only")]
    struct Label {
        en: String,
    }

    fn errors(text: &str) -> Vec<String> {
        let file = DataFile { name: "a.toml", text };
        let read = file.parse().and_then(|table| file.read::<Kind>(table, "Bank"));
        read.unwrap_err().iter().map(DataError::to_string).collect()
    }

    #[test]
    fn every_unknown_key_is_told() {
        assert_eq!(
            errors("name = \"Bank\"\nnam = 1\nlabel = { en = \"bank\", zz = \"?\" }\n"),
            [
                "a.toml:2: `Bank`: unknown key `nam`: did you mean `name`?",
                "a.toml:3: `Bank`: unknown key `zz`: known are `en`",
            ]
        );
        assert_eq!(errors("name = \"Bank\"\n"), ["a.toml:1: `Bank`: missing key `label`"]);
        assert_eq!(
            errors("name = 3\nlabel = { en = \"\" }"),
            ["a.toml:1: `Bank`: invalid type: integer `3`, expected a string"]
        );
    }

    #[test]
    fn broken_toml_is_told_where_it_breaks() {
        let file = DataFile { name: "a.toml", text: "name = \"Bank\"\n名 = [1,\nlabel = 3\n" };
        let errors = file.parse().unwrap_err();
        assert!(errors.iter().all(|error| error.line >= 2), "{errors:?}");
    }

    #[test]
    fn columns_count_characters() {
        let file = DataFile { name: "", text: "a\n名 = x" };
        assert_eq!(file.place(2 + "名 = ".len()), (2, 5));
        assert_eq!(file.place(1_000), (2, 6));
        let lines = Lines::of(file.text);
        assert_eq!([0, 1, 2, 1_000].map(|offset| lines.line(offset)), [1, 1, 2, 2]);
    }
}
