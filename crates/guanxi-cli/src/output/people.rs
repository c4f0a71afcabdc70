//! Facts, paths and quotes in words for people.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::rc::Rc;

use anstyle::{AnsiColor, Style};
use guanxi::graph::Generation;
use guanxi::graph::snapshot::stated_share;
use guanxi::model::reference::Lifecycle;
use guanxi::model::{
    Document, Entity, EntityId, Fact, FactObject, PartialDate, Qualifier, QualifierValue, Qualifiers, Schema, Status,
};
use guanxi::query::path::{self, Hop, Path};
use guanxi::query::{Explainer, Explanation, Rejection, Witness, not_in_force};

use crate::output::harmless;

/// Longest part of a quote that is shown, in characters.
const QUOTE: usize = 200;
/// Most quotes of one fact that are shown.
const QUOTES: usize = 3;

/// Writes answers with the names that people know instead of ids.
pub struct Narrator<'a> {
    pub schema: &'a Schema,
    pub explainer: Explainer<'a>,
    generation: &'a Generation,
    /// The day of whose names it speaks; today's where there is none.
    day: Option<PartialDate>,
    /// Those that were told of already.
    entities: RefCell<BTreeMap<EntityId, Option<Rc<Entity>>>>,
    not_in_force: BTreeMap<EntityId, Lifecycle>,
}

impl<'a> Narrator<'a> {
    pub fn new(generation: &'a Generation, schema: &'a Schema) -> Self {
        let (explainer, not_in_force) = (Explainer::of(generation), not_in_force(generation));
        Self { schema, explainer, generation, day: None, entities: RefCell::default(), not_in_force }
    }

    /// One that calls everybody by the names of a day.
    pub fn on(self, day: Option<PartialDate>) -> Self {
        Self { day, ..self }
    }

    /// Of a regulation that binds nobody: that it is a draft, repealed or ended.
    pub fn lifecycle(&self, id: &EntityId) -> Option<Lifecycle> {
        self.not_in_force.get(id).copied()
    }

    /// `中国人民银行 People's Bank of China`; of a regulation that binds nobody also why.
    pub fn both_names(&self, id: &EntityId) -> String {
        let Some(entity) = self.entity(id) else { return id.to_string() };
        let mut names = match entity.chinese_label() {
            Some(chinese) if chinese != entity.label() => format!("{chinese} {}", entity.label()),
            _ => entity.label().to_owned(),
        };
        self.lifecycle(id).iter().for_each(|lifecycle| names += &format!(" ({})", lifecycle.name()));
        harmless(&names).into_owned()
    }

    /// The English name, else the best one.
    pub fn name(&self, id: &EntityId) -> String {
        self.entity(id).map_or_else(|| id.to_string(), |entity| entity.label().to_owned())
    }

    fn entity(&self, id: &EntityId) -> Option<Rc<Entity>> {
        let mut known = self.entities.borrow_mut();
        known.entry(id.clone()).or_insert_with(|| self.generation.entity_on(id, self.day).map(Rc::new)).clone()
    }

    /// Each hop on a line, its grounds indented below.
    pub fn path(&self, path: &Path, out: &mut impl Write) -> io::Result<()> {
        let bold = Style::new().bold();
        for hop in &path.hops {
            let explanation = self.explainer.fact(&hop.fact);
            let share = stated_share(&hop.fact.qualifiers).map(|share| share.to_string());
            writeln!(out, "  {bold}{}{bold:#}  {}", self.hop(hop), marks(&hop.fact, share))?;
            self.grounds(&explanation, 2, out)?;
        }
        Ok(())
    }

    /// `中国人民银行 People's Bank of China —regulates→ micro-lending`
    fn hop(&self, hop: &Hop) -> String {
        let label = hop.labels(self.schema).map_or(&*hop.fact.predicate, |labels| labels.en.as_str());
        format!("{} —{label}→ {}", self.both_names(&hop.from), self.both_names(&hop.to))
    }

    /// `Tencent Holdings —investsIn→ Xiaohongshu`
    pub fn statement(&self, fact: &Fact) -> String {
        let object = match &fact.object {
            FactObject::Entity(id) => self.both_names(id),
            FactObject::Value(value) => value.to_string(),
        };
        format!("{} —{}→ {object}", self.both_names(&fact.subject), fact.predicate)
    }

    /// `[text, planned, 0.931, since 2021]`
    pub fn marks(&self, fact: &Fact) -> String {
        marks(fact, None)
    }

    /// An explanation with everything below it.
    pub fn explanation(&self, explanation: &Explanation, depth: usize, out: &mut impl Write) -> io::Result<()> {
        let (fact, bold) = (&explanation.fact, Style::new().bold());
        let indent = "  ".repeat(depth);
        writeln!(out, "{indent}{bold}{}{bold:#}  {}", self.statement(fact), self.marks(fact))?;
        let qualifiers = harmless(&qualifiers_text(&fact.qualifiers)).into_owned();
        if !qualifiers.is_empty() {
            writeln!(out, "{indent}  {qualifiers}")?;
        }
        self.grounds(explanation, depth + 1, out)
    }

    /// What a fact rests on: quotes, a source, premises.
    fn grounds(&self, explanation: &Explanation, depth: usize, out: &mut impl Write) -> io::Result<()> {
        let indent = "  ".repeat(depth);
        let fact = &explanation.fact;
        for witness in explanation.witnesses.iter().take(QUOTES) {
            writeln!(out, "{indent}“{}”", shortened(&witness.claim.evidence.text))?;
            writeln!(out, "{indent}  — {}", origin(witness))?;
        }
        if let Some(more) = explanation.witnesses.len().checked_sub(QUOTES).filter(|more| *more > 0) {
            writeln!(out, "{indent}  and {more} more: guanxi explain {}", &fact.id.as_str()[..12])?;
        }
        match (&fact.because, fact.basis.name()) {
            (Some(because), "reference") => writeln!(out, "{indent}source: {}", harmless(because))?,
            (Some(because), "derived") => writeln!(out, "{indent}follows by {because} from:")?,
            _ => {}
        }
        if explanation.explained_above {
            writeln!(out, "{indent}(explained above)")?;
        }
        explanation.premises.iter().try_for_each(|premise| self.explanation(premise, depth + 1, out))
    }
}

/// Its share stands behind what it rests on: `[text, 60%, 0.931]`.
fn marks(fact: &Fact, share: Option<String>) -> String {
    let mut marks: Vec<String> = [path::basis(fact).to_owned()].into_iter().chain(share).collect();
    if fact.status != Status::Asserted {
        let yellow = Style::new().bold().fg_color(Some(AnsiColor::Yellow.into()));
        marks.push(format!("{yellow}{}{yellow:#}", fact.status));
    }
    if fact.basis.name() == "text" {
        marks.push(fact.confidence.to_string());
    }
    let validity = &fact.validity;
    marks.extend(validity.from.map(|from| format!("since {from}")));
    marks.extend(validity.to.map(|to| format!("until {to}")));
    if validity.ended && validity.to.is_none() {
        marks.push("ended".to_owned());
    }
    if fact.conflict.is_some() {
        marks.push("disputed".to_owned());
    }
    format!("[{}]", marks.join(", "))
}

/// A claim that backs nothing, and why.
pub fn rejection(rejection: &Rejection, out: &mut impl Write) -> io::Result<()> {
    let Rejection { witness, judgement } = rejection;
    let red = Style::new().bold().fg_color(Some(AnsiColor::Red.into()));
    let said = format!("{} —{}→ {}", judgement.subject, judgement.predicate, judgement.object);
    writeln!(out, "{red}rejected{red:#}  {}", harmless(&said))?;
    writeln!(out, "  because: {}", harmless(&judgement.because))?;
    writeln!(out, "  “{}”", shortened(&witness.claim.evidence.text))?;
    writeln!(out, "    — {}", origin(witness))
}

/// `a.txt, Harbour Post, 2025-11-06 · invest.by@3 · 0.931 · claim 5d1e33c09a12`
fn origin(witness: &Witness) -> String {
    let Document { name, published, publisher, .. } = &witness.document;
    let mut document = name.clone();
    publisher.iter().for_each(|publisher| document += &format!(", {publisher}"));
    published.iter().for_each(|published| document += &format!(", {published}"));
    let claim = &witness.claim;
    let speaker = claim.attributed_to.as_ref().map(|speaker| format!(" · says {speaker}")).unwrap_or_default();
    let status = if claim.status == Status::Asserted { String::new() } else { format!(" · {}", claim.status) };
    let origin = format!("{document}{speaker}{status} · {} · {}", claim.rule, claim.confidence);
    format!("{} · claim {}", harmless(&origin), &claim.id.as_str()[..12])
}

/// `amount=300000000, currency=CNY`
pub fn qualifiers_text(qualifiers: &Qualifiers) -> String {
    let one = |(name, value): (&Qualifier, &QualifierValue)| format!("{}={}", name.name(), qualifier_text(value));
    qualifiers.iter().map(one).collect::<Vec<_>>().join(", ")
}

pub fn qualifier_text(value: &QualifierValue) -> String {
    match value {
        QualifierValue::Decimal(number) => number.normalize().to_string(),
        QualifierValue::Date(date) => date.to_string(),
        QualifierValue::Text(text) => text.clone(),
        QualifierValue::Flag(flag) => flag.to_string(),
    }
}

/// On one line, cut off where it is long.
pub fn shortened(quote: &str) -> String {
    let quote = harmless(&quote.split_whitespace().collect::<Vec<_>>().join(" ")).into_owned();
    match quote.char_indices().nth(QUOTE) {
        Some((cut, _)) => format!("{}…", &quote[..cut]),
        None => quote,
    }
}
