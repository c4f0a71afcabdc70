//! What an analyst who writes rules needs: their examples run, their places in the files, what they cost and how
//! often they are right, and a template for a new one.

pub mod cost;
mod examples;
pub mod gold;
pub mod template;

use guanxi_extract::RuleSpec;
use guanxi_model::data_file::{DataFile, nearest};

pub use examples::{Expected, Failure};

use crate::Guanxi;
use crate::data::DataFiles;

/// A rule as it stands in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written<'a> {
    /// The line of its id.
    pub line: u32,
    /// Its lines, from `[[rule]]` to the last that is neither blank nor a comment.
    pub text: &'a str,
}

/// The line of a byte in a data file; 0 where there is no such file.
pub fn line_at(files: &DataFiles, file: &str, offset: usize) -> u32 {
    files.text(file).map_or(0, |text| DataFile { name: file, text }.place(offset).0)
}

/// A rule as it stands in its file.
pub fn written<'a>(files: &'a DataFiles, file: &str, rule: &RuleSpec) -> Option<Written<'a>> {
    const HEAD: &str = "[[rule]]";
    let text = files.text(file)?;
    let id = rule.id.span().start;
    let start = text.get(..id)?.rfind(HEAD)?;
    let end = text[id..].find(&format!("\n{HEAD}")).map_or(text.len(), |next| id + next);
    let is_aside = |line: &str| line.trim().is_empty() || line.starts_with('#');
    let mut kept = &text[start..end];
    while let Some(line) = kept.lines().next_back().filter(|line| is_aside(line)) {
        kept = kept[..kept.trim_end_matches(['\n', '\r']).len()].strip_suffix(line).unwrap_or("").trim_end();
    }
    Some(Written { line: DataFile { name: file, text }.place(id).0, text: kept.trim_end() })
}

impl Guanxi {
    /// The rules that a word means: one by its id, those of a file by the end of its path, those whose ids begin so.
    pub fn rules_named<'a>(&'a self, wanted: &str) -> Vec<(&'a str, &'a RuleSpec)> {
        let all = || self.extractor().rules();
        let by_id: Vec<_> = all().filter(|(_, rule)| rule.id.get_ref() == wanted).collect();
        if !by_id.is_empty() {
            return by_id;
        }
        let path = wanted.strip_prefix("./").unwrap_or(wanted);
        let is_end = |file: &str| file.strip_suffix(path).is_some_and(|head| head.is_empty() || head.ends_with('/'));
        let by_file: Vec<_> = all().filter(|(file, _)| is_end(file)).collect();
        if !by_file.is_empty() {
            return by_file;
        }
        let stem = wanted.strip_suffix('.').unwrap_or(wanted);
        let begins = |id: &str| id.strip_prefix(stem).is_some_and(|rest| rest.starts_with('.'));
        all().filter(|(_, rule)| begins(rule.id.get_ref())).collect()
    }

    /// The id nearest to one that no rule has.
    pub fn nearest_rule(&self, wanted: &str) -> Option<&str> {
        nearest(wanted, self.extractor().rules().map(|(_, rule)| rule.id.get_ref().as_str()))
    }
}
