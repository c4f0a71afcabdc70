//! A new rule to fill in, at the end of the file of its family.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use guanxi_model::Schema;
use guanxi_model::data_file::nearest;
use guanxi_model::schema::{Predicate, Range, ValueKind};

use crate::data::DataFiles;
use crate::folder::{self, FolderError};

/// What stands where the author shall write.
pub const FILL_IN: &str = "FILL-IN";

/// Which rule is wanted.
#[derive(Clone, Copy, Debug)]
pub struct NewRule<'a> {
    /// The folder below `rules`: `en`.
    pub language: &'a str,
    /// The file in it, without ending: `ownership`.
    pub family: &'a str,
    /// Its id.
    pub id: &'a str,
    /// What it claims; if left out, what the first rule of the file does.
    pub predicate: Option<&'a str>,
}

/// Where the template was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The file.
    pub path: PathBuf,
    /// The line of the rule's id.
    pub line: usize,
    /// What it claims.
    pub predicate: String,
}

/// No rule was written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NewRuleError {
    /// The data folder cannot be read.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// It has no rules of its own.
    #[error("no rules in {}", .0.display())]
    NoRules(PathBuf),
    /// The id is not of the form that ids have.
    #[error("`{id}`: {why}")]
    BadId {
        /// The id.
        id: String,
        /// What is wrong with it.
        why: String,
    },
    /// Another rule has the id.
    #[error("{}:{line}: there is a rule `{id}` already", path.display())]
    Taken {
        /// The id.
        id: String,
        /// Its file.
        path: PathBuf,
        /// The line of its id.
        line: usize,
    },
    /// There is no such language, family or predicate.
    #[error("no {what} `{name}`; {hint}")]
    Unknown {
        /// Language, family or predicate.
        what: &'static str,
        /// What was asked for.
        name: String,
        /// What there is.
        hint: String,
    },
    /// The schema has mistakes; the first of them.
    #[error("{0}")]
    Schema(String),
    /// The file cannot be written.
    #[error("{}: {error}", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
}

/// Writes a template at the end of the family's file below `folder`.
///
/// # Errors
/// The family is none, the id is taken or of no good form, or the file cannot be written; nothing is then written.
pub fn write(folder: &Path, wanted: &NewRule<'_>) -> Result<Placed, NewRuleError> {
    let rules = folder.join("rules");
    if !rules.is_dir() {
        return Err(NewRuleError::NoRules(folder.to_owned()));
    }
    let files = folder::files(folder)?;
    let path = family(&rules, wanted)?;
    check_id(wanted)?;
    if let Some((file, line)) = place_of(&files, wanted.id) {
        return Err(NewRuleError::Taken { id: wanted.id.to_owned(), path: file.into(), line });
    }
    let unwritable = |error| NewRuleError::Unwritable { path: path.clone(), error };
    let text = fs::read_to_string(&path).map_err(unwritable)?;
    let schema = Schema::load(crate::data::pairs(&files.schema))
        .map_err(|errors| NewRuleError::Schema(errors.first().map(ToString::to_string).unwrap_or_default()))?;
    let predicate = predicate(&schema, &text, wanted)?;
    let whole = format!("{}\n\n{}", text.trim_end(), template(predicate, wanted));
    fs::write(&path, &whole).map_err(unwritable)?;
    let line = ids(&whole).find(|(_, id)| *id == wanted.id).map_or(0, |(line, _)| line);
    Ok(Placed { path, line, predicate: predicate.name.to_string() })
}

/// The file of the family, which must exist: a family is a decision, not a slip of the pen.
fn family(rules: &Path, wanted: &NewRule<'_>) -> Result<PathBuf, NewRuleError> {
    let inside = |folder: &Path| {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
        let mut names: Vec<String> = entries
            .filter(|path| path.is_dir() || path.extension().is_some_and(|extension| extension == "toml"))
            .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
            .collect();
        names.sort();
        names
    };
    let among = |what, name: &str, known: &[String]| {
        let hint = match nearest(name, known.iter().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("there are {}", known.join(", ")),
        };
        NewRuleError::Unknown { what, name: name.to_owned(), hint }
    };
    let languages = inside(rules);
    if !languages.iter().any(|language| language == wanted.language) {
        return Err(among("language", wanted.language, &languages));
    }
    let families = inside(&rules.join(wanted.language));
    if !families.iter().any(|family| family == wanted.family) {
        return Err(among("family", wanted.family, &families));
    }
    Ok(rules.join(wanted.language).join(format!("{}.toml", wanted.family)))
}

fn check_id(wanted: &NewRule<'_>) -> Result<(), NewRuleError> {
    let NewRule { id, language, .. } = wanted;
    let is_part = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    let parts: Vec<&str> = id.split('.').collect();
    let prefix = (*language != "en").then(|| format!("{language}."));
    let why = if parts.len() < 2 || !parts.iter().copied().all(is_part) {
        "an id is `family.what-it-sees`, in small letters, digits and hyphens".to_owned()
    } else if let Some(prefix) = prefix.filter(|prefix| !id.starts_with(prefix)) {
        format!("an id of this language begins with `{prefix}`")
    } else if *language == "en" && id.starts_with("zh.") {
        "an English rule does not begin with `zh.`".to_owned()
    } else {
        return Ok(());
    };
    Err(NewRuleError::BadId { id: (*id).to_owned(), why })
}

/// File and line of a rule.
fn place_of<'a>(files: &'a DataFiles, wanted: &str) -> Option<(&'a str, usize)> {
    let of_file =
        |(path, text): (&'a str, &'a str)| ids(text).find(|(_, id)| *id == wanted).map(|(line, _)| (path, line));
    crate::data::pairs(&files.rules).find_map(of_file)
}

/// Line and id of every rule, even of a file that does not load.
fn ids(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().zip(1..).filter_map(|(line, number)| {
        let value = line.trim_start().strip_prefix("id")?.trim_start().strip_prefix('=')?.trim();
        Some((number, value.strip_prefix('"')?.split('"').next()?))
    })
}

/// The predicate asked for, else that of the first claim in the file.
fn predicate<'s>(schema: &'s Schema, text: &str, wanted: &NewRule<'_>) -> Result<&'s Predicate, NewRuleError> {
    let first = || {
        let claim = text.lines().find_map(|line| line.trim_start().strip_prefix("claims")?.split('"').nth(1))?;
        claim.split_whitespace().nth(1)
    };
    let name = wanted.predicate.or_else(first).unwrap_or("");
    let stated = schema.predicate(name).filter(|predicate| !predicate.derived);
    stated.ok_or_else(|| {
        let known = schema.predicates().iter().filter(|predicate| !predicate.derived).map(|known| &*known.name);
        let hint = match nearest(name, known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`guanxi schema list` has them; name one with --predicate".to_owned(),
        };
        NewRuleError::Unknown { what: "predicate", name: name.to_owned(), hint }
    })
}

fn template(predicate: &Predicate, wanted: &NewRule<'_>) -> String {
    let subject = predicate.subject_role.replace(' ', "-");
    let object = Some(predicate.object_role.replace(' ', "-")).filter(|object| *object != subject);
    let object = object.unwrap_or_else(|| "other".to_owned());
    let name = &predicate.name;
    let object_type = match &predicate.range {
        Range::Classes(classes) => classes.join("|"),
        Range::Value(ValueKind::Money) => "money".to_owned(),
        Range::Value(ValueKind::NumberOrMoney) => "any".to_owned(),
        Range::Value(ValueKind::Date) => "date".to_owned(),
    };
    let mut text = String::new();
    let _ = write!(
        text,
        "\
[[rule]]
id = \"{id}\"
version = 1
# How often it is right where it matches: `guanxi rules cost` on texts with gold tells.
prior = 0.85
# Direction stands here, not in the order of the words: `guanxi schema show {name}`.
claims = [\"{subject} {name} {object}\"]
# A line for each way to say it; the atoms are explained in docs/rules.md.
patterns = [
  \"{{{subject}:{subject_type}+}} {FILL_IN} {{{object}:{object_type}}}\",
]
examples = [
  # As the news has it; names are invented.
  {{ text = \"{FILL_IN}\", gives = [\"{FILL_IN} {name} {FILL_IN}\"] }},
  # In another tense or voice.
  {{ text = \"{FILL_IN}\", gives = [\"{FILL_IN} {name} {FILL_IN}\"] }},
  # Several at once, or with something in between.
  {{ text = \"{FILL_IN}\", gives = [\"{FILL_IN} {name} {FILL_IN}\"] }},
]
# The nearest sentence that does not say it; a denial is no counterexample, for a denied claim is a claim.
counterexamples = [\"{FILL_IN}\"]
",
        id = wanted.id,
        subject_type = predicate.domain.join("|"),
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_found_in_files_that_do_not_load() {
        let text = "[[rule]]\nid = \"own.a\"\n[[rule]\n  id=\"own.b\" # the second\nidle = \"x\"\n";
        assert_eq!(ids(text).collect::<Vec<_>>(), [(2, "own.a"), (4, "own.b")]);
    }

    #[test]
    fn an_id_has_a_form() {
        let check = |language, id| {
            let wanted = NewRule { language, family: "ownership", id, predicate: None };
            check_id(&wanted).map_err(|error| error.to_string())
        };
        assert_eq!(check("en", "own.holds-2"), Ok(()));
        assert_eq!(check("zh", "zh.own.holds"), Ok(()));
        for (language, id) in [("en", "own"), ("en", "own."), ("en", "Own.x"), ("en", "zh.own.x"), ("zh", "own.x")] {
            assert!(check(language, id).is_err(), "{id}");
        }
    }
}
