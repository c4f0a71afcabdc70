//! The rules as data (`data/rules-of-ownership/*.toml`): which test a law makes, from when to when, with what threshold
//! and by which article.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use guanxi_model::data_file::{DataError, DataFile, unknown};
use guanxi_model::schema::Labels;
use guanxi_model::{Decimal, PartialDate, Share};
use serde::Deserialize;
use toml::Spanned;

/// A calculator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Calculator {
    /// EU Anti-Money Laundering Regulation.
    Eu,
    /// EU Anti-Money Laundering Directive.
    EuAmld,
    /// 受益所有人 of China.
    CnBo,
    /// 实际控制人 of China.
    CnControl,
    /// 50 Percent Rule of the American OFAC.
    Ofac,
}

impl Calculator {
    /// Every calculator.
    pub const ALL: [Self; 5] = [Self::Eu, Self::EuAmld, Self::CnBo, Self::CnControl, Self::Ofac];

    /// `eu`, `eu-amld`, `cn-bo`, `cn-control`, `ofac`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Eu => "eu",
            Self::EuAmld => "eu-amld",
            Self::CnBo => "cn-bo",
            Self::CnControl => "cn-control",
            Self::Ofac => "ofac",
        }
    }
}

impl FromStr for Calculator {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|calculator| calculator.name() == name).ok_or(())
    }
}

/// Why somebody counts as an owner. Each is a key of `[version.articles]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ground {
    /// A share, direct and indirect, that reaches the threshold.
    Ownership,
    /// Voting rights that reach it.
    Votes,
    /// Control by a majority at every level, or by other means.
    Control,
    /// Control together with others, in concert.
    JointControl,
    /// Control of those whose direct shares together reach the threshold.
    HeldByControlled,
    /// A share that reaches the threshold in somebody who controls the company.
    InterestInController,
}

impl Ground {
    const ALL: [Self; 6] = [
        Self::Ownership,
        Self::Votes,
        Self::Control,
        Self::JointControl,
        Self::HeldByControlled,
        Self::InterestInController,
    ];

    /// `ownership`, `votes`, `control`, `joint-control`, `held-by-controlled`, `interest-in-controller`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ownership => "ownership",
            Self::Votes => "votes",
            Self::Control => "control",
            Self::JointControl => "joint-control",
            Self::HeldByControlled => "held-by-controlled",
            Self::InterestInController => "interest-in-controller",
        }
    }
}

/// What a share is held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Threshold {
    /// Percent.
    pub percent: Decimal,
    /// Whether the figure itself reaches it.
    pub inclusive: bool,
}

/// Whether a share reaches a threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Wherever in its interval it lies.
    Reaches,
    /// Somewhere in its interval.
    MayReach,
    /// Nowhere.
    Below,
}

impl Threshold {
    /// More than half: what decides a vote.
    pub const MAJORITY: Self = Self { percent: Decimal::from_parts(50, 0, 0, false, 0), inclusive: false };

    /// Whether `share` reaches it.
    pub fn judge(self, share: &Share) -> Verdict {
        let reaches = |figure: Decimal, open_below: bool, open_above: bool| match self.inclusive {
            true => figure > self.percent || (figure == self.percent && !open_above),
            false => figure > self.percent || (figure == self.percent && open_below),
        };
        if reaches(share.min, share.min_exclusive, false) {
            Verdict::Reaches
        } else if reaches(share.max, false, share.max_exclusive) {
            Verdict::MayReach
        } else {
            Verdict::Below
        }
    }
}

/// `25% or more`, `more than 50%`.
impl fmt::Display for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = self.percent.normalize();
        if self.inclusive { write!(f, "{percent}% or more") } else { write!(f, "more than {percent}%") }
    }
}

/// A rule through all its versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// How it is calculated.
    pub calculator: Calculator,
    /// How it is called.
    pub labels: Labels,
    /// Oldest first; none overlap.
    pub versions: Vec<Version>,
}

/// A rule as it stood for a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// First day on which it applied.
    pub from: PartialDate,
    /// Last day; absent of what still applies.
    pub until: Option<PartialDate>,
    /// What a share must reach.
    pub threshold: Threshold,
    /// Whether a later test is made only where the one before finds nobody.
    pub in_turn: bool,
    /// Whether the stakes of several persons add up (`ofac`).
    pub aggregate: bool,
    /// The law.
    pub law: String,
    /// Where to read it.
    pub source: String,
    /// The article of each ground that it knows.
    articles: BTreeMap<Ground, String>,
    /// The article that says who is taken where nobody is found.
    pub fallback: Option<String>,
    /// The article on listed companies.
    pub listed: Option<String>,
}

impl Version {
    /// The article of a ground; `None` where the law does not know the ground.
    pub fn article(&self, ground: Ground) -> Option<&str> {
        self.articles.get(&ground).map(String::as_str)
    }

    fn applies_on(&self, day: PartialDate) -> bool {
        self.from <= day.last_day() && self.until.is_none_or(|until| day.first_day() <= until)
    }
}

impl Rule {
    /// The version that applied on `day`, of a month or year on any day of it the later one; without a day the newest.
    pub fn version(&self, day: Option<PartialDate>) -> Option<&Version> {
        let mut newest_first = self.versions.iter().rev();
        match day {
            Some(day) => newest_first.find(|version| version.applies_on(day)),
            None => newest_first.next(),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleToml {
    name: Spanned<String>,
    label: Labels,
    version: Vec<Spanned<VersionToml>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VersionToml {
    from: Spanned<String>,
    until: Option<Spanned<String>>,
    threshold: Spanned<String>,
    reached: Spanned<String>,
    #[serde(default)]
    in_turn: bool,
    #[serde(default)]
    aggregate: bool,
    law: String,
    source: String,
    articles: BTreeMap<Spanned<String>, String>,
}

/// Reads rules from files (name, text), one rule a file; sorted by calculator.
///
/// # Errors
/// All mistakes in all files.
pub fn load_rules<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Vec<Rule>, Vec<DataError>> {
    let (mut rules, mut errors) = (Vec::<Rule>::new(), Vec::new());
    for (name, text) in files {
        let file = DataFile { name, text };
        let read = file.parse().and_then(|table| file.read::<RuleToml>(table, ""));
        match read.and_then(|toml| Check { file, rule: toml.name.get_ref(), errors: Vec::new() }.rule(&toml)) {
            Ok(rule) if rules.iter().any(|known| known.calculator == rule.calculator) => {
                errors.push(file.error(0, rule.calculator.name(), "another file has this rule: keep one of them"));
            }
            Ok(rule) => rules.push(rule),
            Err(found) => errors.extend(found),
        }
    }
    rules.sort_by_key(|rule| rule.calculator);
    errors.sort();
    if errors.is_empty() { Ok(rules) } else { Err(errors) }
}

/// The checks of one file.
struct Check<'a, 'r> {
    file: DataFile<'a>,
    rule: &'r str,
    errors: Vec<DataError>,
}

impl Check<'_, '_> {
    fn rule(mut self, toml: &RuleToml) -> Result<Rule, Vec<DataError>> {
        let calculator = toml.name.get_ref().parse::<Calculator>().ok();
        if calculator.is_none() {
            let known = Calculator::ALL.iter().map(|calculator| calculator.name());
            self.error(&toml.name, unknown("rule", toml.name.get_ref(), known));
        }
        let mut versions: Vec<Version> = Vec::new();
        for toml in &toml.version {
            let Some(version) = self.version(toml.get_ref()) else { continue };
            let follows = |last: &Version| last.until.is_some_and(|until| until < version.from);
            if versions.last().is_some_and(|last| !follows(last)) {
                self.error(
                    &toml.get_ref().from,
                    "begins before the version above it ends: close that one with `until`",
                );
            }
            versions.push(version);
        }
        match calculator {
            Some(calculator) if self.errors.is_empty() => Ok(Rule { calculator, labels: toml.label.clone(), versions }),
            _ => Err(self.errors),
        }
    }

    fn version(&mut self, toml: &VersionToml) -> Option<Version> {
        let from = self.day(&toml.from);
        let until = toml.until.as_ref().map(|until| self.day(until));
        let percent = toml.threshold.get_ref().parse::<Decimal>().ok();
        let percent = percent.filter(|percent| (Decimal::ZERO..=Decimal::ONE_HUNDRED).contains(percent));
        if percent.is_none() {
            self.error(&toml.threshold, format!("`{}` is no percentage: write 25", toml.threshold.get_ref()));
        }
        let known = ["or more", "more than"];
        let reached = known.iter().position(|known| known == toml.reached.get_ref());
        if reached.is_none() {
            self.error(&toml.reached, unknown("comparison", toml.reached.get_ref(), known));
        }
        let articles = self.articles(&toml.articles);
        let article = |name: &str| toml.articles.iter().find(|(key, _)| key.get_ref() == name).map(|(_, a)| a.clone());
        Some(Version {
            from: from?,
            until: until.flatten(),
            threshold: Threshold { percent: percent?, inclusive: reached? == 0 },
            in_turn: toml.in_turn,
            aggregate: toml.aggregate,
            law: toml.law.clone(),
            source: toml.source.clone(),
            articles,
            fallback: article("fallback"),
            listed: article("listed"),
        })
    }

    fn articles(&mut self, toml: &BTreeMap<Spanned<String>, String>) -> BTreeMap<Ground, String> {
        let mut articles = BTreeMap::new();
        for (key, article) in toml {
            let ground = Ground::ALL.into_iter().find(|ground| ground.name() == key.get_ref());
            match ground {
                Some(ground) => _ = articles.insert(ground, article.clone()),
                None if matches!(key.get_ref().as_str(), "fallback" | "listed") => {}
                None => {
                    let known = Ground::ALL.iter().map(|ground| ground.name()).chain(["fallback", "listed"]);
                    self.error(key, unknown("ground", key.get_ref(), known));
                }
            }
        }
        articles
    }

    fn day(&mut self, text: &Spanned<String>) -> Option<PartialDate> {
        let day = text.get_ref().parse::<PartialDate>().ok().filter(|day| day.day_number().is_some());
        if day.is_none() {
            self.error(text, format!("`{}` is no day: write 2024-11-01", text.get_ref()));
        }
        day
    }

    fn error<T>(&mut self, at: &Spanned<T>, message: impl Into<String>) {
        self.errors.push(self.file.error(at.span().start, self.rule, message));
    }
}
