//! A rule as an analyst writes it.

use serde::Deserialize;
use toml::Spanned;

use super::RuleError;
use super::error::toml_error;

/// One `[[rule]]` of `data/rules/<lang>/<family>.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RuleSpec {
    /// `<family>.<what it sees>`.
    pub id: Spanned<String>,
    /// Raised by one whenever the rule changes its mind about a text.
    pub version: u32,
    /// Lines `subject predicate object [; qualifier = slot …]`, slots by name.
    pub claims: Vec<Spanned<String>>,
    /// Lines of atoms; see the docs page on rules.
    pub patterns: Vec<Spanned<String>>,
    /// Pins the status, where the pattern itself says it ("former").
    #[serde(default)]
    pub status: Option<Spanned<String>>,
    /// How often the rule is right where it matches, 0 to 1.
    #[serde(default = "default_prior")]
    pub prior: f64,
    /// Texts and what the rule makes of them.
    pub examples: Vec<Example>,
    /// Texts of which the rule must make nothing.
    pub counterexamples: Vec<Spanned<String>>,
}

/// A text, and the claims that the rule must find in it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// One or more sentences.
    pub text: Spanned<String>,
    /// Lines `Subject predicate Object`, by label; objects that are values by their key.
    pub gives: Vec<String>,
}

fn default_prior() -> f64 {
    0.85
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleFile {
    #[serde(default, rename = "rule")]
    rules: Vec<RuleSpec>,
}

/// Reads one file of rules.
pub(crate) fn read(file: &str, text: &str) -> Result<Vec<RuleSpec>, RuleError> {
    toml::from_str::<RuleFile>(text).map(|file| file.rules).map_err(|error| toml_error(file, text, &error))
}
