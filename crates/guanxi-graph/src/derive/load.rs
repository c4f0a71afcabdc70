//! Reads derivations: first every file for itself, then all of them against the schema and each other.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range as ByteRange;
use std::str::FromStr;
use std::sync::Arc;

use guanxi_model::Schema;
use guanxi_model::data_file::{DataError, DataFile, unknown};
use guanxi_model::reference::{Instrument, Lifecycle};
use guanxi_model::schema::{Predicate, Range};
use serde::Deserialize;
use toml::Spanned;

use super::{Condition, Premise, Rule};

/// What is wrong with a file of derivations, and where.
pub type DerivationError = DataError;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileToml {
    rule: Vec<RuleToml>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleToml {
    name: Spanned<String>,
    when: Spanned<Vec<Spanned<String>>>,
    then: Spanned<String>,
    jurisdiction: Option<Spanned<String>>,
    #[serde(default)]
    unless_ended: Vec<Spanned<String>>,
    #[serde(default, rename = "where")]
    conditions: BTreeMap<Spanned<String>, ConditionToml>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ConditionToml {
    class: Option<Spanned<String>>,
    ended: Option<bool>,
    #[serde(default)]
    lifecycle: Vec<Spanned<String>>,
    #[serde(default)]
    instrument: Vec<Spanned<String>>,
}

pub(super) fn load<'a>(
    files: impl IntoIterator<Item = (&'a str, &'a str)>,
    schema: &Schema,
) -> Result<Vec<Rule>, Vec<DerivationError>> {
    let (mut read, mut errors) = (Vec::new(), Vec::new());
    for (name, text) in files {
        let file = DataFile { name, text };
        match file.parse().and_then(|table| file.read::<FileToml>(table, "")) {
            Ok(content) => read.extend(content.rule.into_iter().map(|rule| (file, rule))),
            Err(found) => errors.extend(found),
        }
    }
    let mut rules = Vec::new();
    for (file, rule) in &read {
        let mut check = Check { file: *file, rule: rule.name.get_ref(), schema, errors: &mut errors };
        rules.extend(check.rule(rule));
    }
    errors.extend(repeated(&read));
    if errors.is_empty() {
        errors.extend(circular(&read, &rules));
    }
    if errors.is_empty() {
        rules.sort_by(|a, b| a.name.cmp(&b.name));
        return Ok(rules);
    }
    errors.sort();
    Err(errors)
}

fn repeated(read: &[(DataFile<'_>, RuleToml)]) -> Vec<DerivationError> {
    let mut seen = BTreeSet::new();
    let again = read.iter().filter(|(_, rule)| !seen.insert(rule.name.get_ref()));
    again
        .map(|(file, rule)| {
            let name = rule.name.get_ref();
            file.error(rule.name.span().start, name, "another rule has this name: give each its own")
        })
        .collect()
}

/// Rules whose conclusion comes back among their premises, directly or through other rules. Without circles,
/// there is an order in which each rule is run once.
fn circular(read: &[(DataFile<'_>, RuleToml)], rules: &[Rule]) -> Vec<DerivationError> {
    let needs = |predicate: &str| -> BTreeSet<&str> {
        let mut needed: BTreeSet<&str> = BTreeSet::new();
        let mut open = vec![predicate.to_owned()];
        while let Some(next) = open.pop() {
            for rule in rules.iter().filter(|rule| *rule.predicate == *next) {
                for premise in rule.premises.iter().flat_map(|premise| &premise.predicates) {
                    if needed.insert(premise) {
                        open.push(premise.to_string());
                    }
                }
            }
        }
        needed
    };
    let circles = read.iter().zip(rules).filter(|(_, rule)| needs(&rule.predicate).contains(&*rule.predicate));
    circles
        .map(|((file, toml), rule)| {
            let message = format!("`{}` is derived from itself: take it out of `when`", rule.predicate);
            file.error(toml.when.span().start, &rule.name, message)
        })
        .collect()
}

/// The second pass over one rule.
struct Check<'a, 's, 'b> {
    file: DataFile<'a>,
    rule: &'b str,
    schema: &'s Schema,
    errors: &'b mut Vec<DerivationError>,
}

/// Names of variables, in the order of their numbers.
type Variables = Vec<String>;

impl<'s> Check<'_, 's, '_> {
    fn rule(&mut self, toml: &RuleToml) -> Option<Rule> {
        let before = self.errors.len();
        let mut variables = Variables::new();
        if toml.when.get_ref().is_empty() {
            self.error(toml.when.span(), "no premises: write at least one, such as \"?regulator issued ?rule\"");
        }
        let premises: Vec<Premise> =
            toml.when.get_ref().iter().filter_map(|pattern| self.premise(pattern, &mut variables)).collect();
        let conclusion = self.conclusion(&toml.then, &variables);
        let conditions = self.conditions(&toml.conditions, &variables);
        let unless_ended = toml.unless_ended.iter().filter_map(|pattern| self.exception(pattern, &variables)).collect();
        let jurisdiction = toml.jurisdiction.as_ref().and_then(|pattern| self.jurisdiction(pattern, &variables));
        let (subject, predicate, object) = conclusion?;
        (self.errors.len() == before).then(|| Rule {
            name: toml.name.get_ref().as_str().into(),
            premises,
            subject,
            predicate,
            object,
            conditions,
            unless_ended,
            jurisdiction,
        })
    }

    fn premise(&mut self, pattern: &Spanned<String>, variables: &mut Variables) -> Option<Premise> {
        let (subject, names, object) = self.parts(pattern)?;
        let mut number = |name: &str| {
            variables.iter().position(|known| known == name).unwrap_or_else(|| {
                variables.push(name.to_owned());
                variables.len() - 1
            })
        };
        let (subject, object) = (number(subject), number(object));
        Some(Premise { subject, predicates: self.predicates(&names, pattern), object })
    }

    /// A pattern whose variables the premises bind.
    fn exception(&mut self, pattern: &Spanned<String>, variables: &Variables) -> Option<Premise> {
        let (subject, names, object) = self.parts(pattern)?;
        let predicates = self.predicates(&names, pattern);
        let (subject, object) = (self.variable(subject, pattern, variables), self.variable(object, pattern, variables));
        Some(Premise { subject: subject?, predicates, object: object? })
    }

    /// `?regulator over ?company`.
    fn jurisdiction(&mut self, pattern: &Spanned<String>, variables: &Variables) -> Option<(usize, usize)> {
        let parts = parts(pattern.get_ref()).filter(|(_, names, _)| names[..] == ["over"]);
        let Some((authority, _, subject)) = parts else {
            let message = format!("`{}` is no jurisdiction: write \"?regulator over ?company\"", pattern.get_ref());
            self.error(pattern.span(), message);
            return None;
        };
        Some((self.variable(authority, pattern, variables)?, self.variable(subject, pattern, variables)?))
    }

    fn predicates(&mut self, names: &[&str], pattern: &Spanned<String>) -> Vec<Arc<str>> {
        let known = names.iter().filter_map(|name| self.predicate(name, pattern));
        known.map(|known| Arc::clone(&known.name)).collect()
    }

    fn conclusion(&mut self, pattern: &Spanned<String>, variables: &Variables) -> Option<(usize, Arc<str>, usize)> {
        let (subject, names, object) = self.parts(pattern)?;
        let [name] = names[..] else {
            self.error(pattern.span(), "a rule concludes one predicate: write another rule for the other");
            return None;
        };
        let predicate = self.predicate(name, pattern)?;
        if !predicate.derived {
            let message = format!("`{name}` can be stated by texts: conclude a predicate with `derived = true`");
            self.error(pattern.span(), message);
        }
        let predicate = Arc::clone(&predicate.name);
        Some((self.variable(subject, pattern, variables)?, predicate, self.variable(object, pattern, variables)?))
    }

    fn conditions(&mut self, toml: &BTreeMap<Spanned<String>, ConditionToml>, variables: &Variables) -> Vec<Condition> {
        let mut conditions = vec![Condition::default(); variables.len()];
        for (name, condition) in toml {
            if let Some(variable) = self.variable(name.get_ref(), name, variables) {
                conditions[variable] = self.condition(condition);
            }
        }
        conditions
    }

    fn condition(&mut self, toml: &ConditionToml) -> Condition {
        let class = toml.class.as_ref().and_then(|name| {
            let class = self.schema.class(name.get_ref());
            if class.is_none() {
                let known = self.schema.classes().iter().map(|class| &*class.name);
                self.error(name.span(), unknown("class", name.get_ref(), known));
            }
            class.map(|class| Arc::clone(&class.name))
        });
        let known: Vec<&str> = Lifecycle::ALL.iter().map(|lifecycle| lifecycle.name()).collect();
        let lifecycles = self.named(&toml.lifecycle, "lifecycle", &known);
        let known: Vec<&str> = Instrument::ALL.iter().map(|instrument| instrument.name()).collect();
        let instruments = self.named(&toml.instrument, "instrument", &known);
        Condition { class, ended: toml.ended, lifecycles, instruments }
    }

    fn named<T: FromStr>(&mut self, names: &[Spanned<String>], what: &str, known: &[&str]) -> Vec<T> {
        let mut values = Vec::new();
        for name in names {
            match name.get_ref().parse() {
                Ok(value) => values.push(value),
                Err(_) => self.error(name.span(), unknown(what, name.get_ref(), known.iter().copied())),
            }
        }
        values
    }

    /// `?a one | other ?b`: the variables without their question marks, and the predicates.
    fn parts<'p>(&mut self, pattern: &'p Spanned<String>) -> Option<(&'p str, Vec<&'p str>, &'p str)> {
        let parts = parts(pattern.get_ref());
        if parts.is_none() {
            let message =
                format!("`{}` is no pattern: write \"?regulator regulates | licenses ?company\"", pattern.get_ref());
            self.error(pattern.span(), message);
        }
        parts
    }

    fn predicate(&mut self, name: &str, pattern: &Spanned<String>) -> Option<&'s Predicate> {
        let schema = self.schema;
        match schema.predicate(name) {
            None => {
                let known = schema.predicates().iter().map(|predicate| &*predicate.name);
                self.error(pattern.span(), unknown("predicate", name, known));
                None
            }
            Some(known) if matches!(known.range, Range::Value(_)) => {
                self.error(pattern.span(), format!("`{name}` leads to a value, and chains run through entities"));
                None
            }
            known => known,
        }
    }

    fn variable(&mut self, name: &str, pattern: &Spanned<String>, variables: &Variables) -> Option<usize> {
        let position = variables.iter().position(|known| known == name);
        if position.is_none() {
            self.error(pattern.span(), unknown("variable", name, variables.iter().map(String::as_str)));
        }
        position
    }

    fn error(&mut self, span: ByteRange<usize>, message: impl Into<String>) {
        self.errors.push(self.file.error(span.start, self.rule, message));
    }
}

fn parts(pattern: &str) -> Option<(&str, Vec<&str>, &str)> {
    let (subject, rest) = pattern.trim().strip_prefix('?')?.split_once(char::is_whitespace)?;
    let (predicates, object) = rest.rsplit_once(char::is_whitespace)?;
    let object = object.strip_prefix('?')?;
    let predicates: Vec<&str> = predicates.split('|').map(str::trim).collect();
    let is_word = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_');
    let all_words = [subject, object].into_iter().chain(predicates.iter().copied()).all(is_word);
    all_words.then_some((subject, predicates, object))
}
