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
    /// The wording presupposes what it says ("Lagos-based Acme will …"): cues of the sentence change its status only
    /// from within the words that it covers.
    #[serde(default)]
    pub presupposed: bool,
    /// How often the rule is right where it matches, 0 to 1.
    #[serde(default = "default_prior")]
    pub prior: f64,
    /// Texts and what the rule makes of them.
    #[serde(default)]
    pub examples: Vec<Example>,
    /// Texts of which the rule must make nothing.
    #[serde(default)]
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

/// Fewer sentences do not show what a rule sees.
pub const LEAST_EXAMPLES: usize = 3;

impl RuleSpec {
    /// What its author still owes: examples, a counterexample; with what to write.
    pub(crate) fn lacks(&self) -> impl Iterator<Item = String> {
        let examples = match self.examples.len() {
            LEAST_EXAMPLES.. => None,
            few => Some(format!(
                "{}, and a rule needs {LEAST_EXAMPLES}: add {} `{{ text = \"…\", gives = [\"Subject predicate Object\"] }}` to `examples`",
                counted(few, "example"),
                LEAST_EXAMPLES - few,
            )),
        };
        let counterexample = self.counterexamples.is_empty().then(|| {
            "no counterexample: add to `counterexamples` a sentence close to the examples of which it must make nothing"
                .to_owned()
        });
        examples.into_iter().chain(counterexample)
    }
}

fn counted(number: usize, what: &str) -> String {
    match number {
        0 => format!("no {what}"),
        1 => format!("1 {what}"),
        _ => format!("{number} {what}s"),
    }
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
