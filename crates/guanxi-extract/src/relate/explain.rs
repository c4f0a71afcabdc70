//! Why a sentence is read as it is: the same walk as [`super::relate`], told step by step or counted.
//!
//! Nothing of this runs where texts are merely read; the matcher's part is a [`Watch`].

use guanxi_model::{Extraction, Status};
use serde::Serialize;

use super::{Draft, Follow, ObjectEnd, Relation, cues, relate_followed};
use crate::decode::decode;
use crate::extractor::{Extractor, Input, document};
use crate::lexicon::Scope;
use crate::modality::Cues;
use crate::reading::Reading;
use crate::rule::compile::{Atom, ClaimLine, Rules, SlotKind, SlotSpec};
use crate::rule::matcher::{self, Bound, MOST_STEPS, Match};
use crate::rule::pattern;
use crate::rule::watch::{Side, Traced, Tracer, Watch};
use crate::settle;
use crate::structure::structure;
use crate::text::Text;
use crate::units::{Clause, MentionKind};

/// What the rules make of a text, and why.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// The sentences that are read, in order.
    pub sentences: Vec<ExplainedSentence>,
    /// What comes out in the end.
    #[serde(skip)]
    pub extraction: Extraction,
}

/// A sentence as the rules see it, and every pattern that was tried on it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExplainedSentence {
    /// The sentence.
    pub text: String,
    /// The part of the text that it stands in.
    pub section: &'static str,
    /// Its units; elsewhere they are numbered from 1.
    pub units: Vec<ExplainedUnit>,
    /// The words that may change the status of what it says.
    pub cues: Vec<ExplainedCue>,
    /// Every pattern whose anchor stands in it, in order of the anchors.
    pub patterns: Vec<ExplainedPattern>,
}

/// A word, or a mention.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExplainedUnit {
    /// As it stands in the text.
    pub text: String,
    /// Of a mention: the classes that it may have, or what kind of figure it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

/// A cue of the status.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExplainedCue {
    /// As it stands in the text.
    pub text: String,
    /// What it makes of the claims that it governs.
    pub status: &'static str,
    /// What it governs: what follows it, what stands before it, or the whole sentence.
    pub governs: &'static str,
}

/// A pattern that was tried at a place.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExplainedPattern {
    /// Id of its rule.
    pub rule: String,
    /// Its number among the rule's patterns, from 1.
    pub pattern: usize,
    /// Each atom, and how it fared.
    pub atoms: Vec<ExplainedAtom>,
    /// Steps that the matcher took.
    pub steps: u32,
    /// What became of it.
    #[serde(flatten)]
    pub outcome: Outcome,
}

impl ExplainedPattern {
    /// Number of atoms that fit.
    pub fn fitting(&self) -> usize {
        self.atoms.iter().filter(|atom| !matches!(atom.state, AtomState::Fails | AtomState::Untried)).count()
    }

    /// The atom at which it failed.
    pub fn failing(&self) -> Option<&ExplainedAtom> {
        self.atoms.iter().find(|atom| atom.state == AtomState::Fails)
    }
}

/// An atom of a pattern that was tried.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExplainedAtom {
    /// As written.
    pub atom: String,
    /// How it fared.
    pub state: AtomState,
    /// First and last unit, from 1: those that it took, or those at which it was tried in vain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub units: Option<(usize, usize)>,
    /// Their words.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// Why it does not fit, where the words do not tell.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub why: String,
}

/// How an atom fared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum AtomState {
    /// The words by which the pattern was found.
    Anchor,
    /// It fits.
    Fits,
    /// It may be left out, and was.
    LeftOut,
    /// Here the attempt ended.
    Fails,
    /// It was not come to.
    Untried,
}

/// What became of a pattern that was tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Outcome {
    /// It does not fit.
    Fails,
    /// It fits, but another pattern that says the same of the same words was preferred.
    Dropped {
        /// The rule preferred.
        by: String,
        /// Its pattern, from 1.
        by_pattern: usize,
        /// By what.
        why: String,
    },
    /// It fits, but says nothing.
    Silent {
        /// Why not.
        why: String,
    },
    /// It fits, and this is what it says.
    Says {
        /// One or more claims.
        claims: Vec<ExplainedClaim>,
    },
}

/// A claim that a pattern makes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExplainedClaim {
    /// `Subject predicate Object`, by label.
    pub claim: String,
    /// How the text stands to it.
    pub status: &'static str,
    /// What made the status: cues that govern, or the rule.
    pub because: Vec<String>,
    /// In thousandths.
    pub confidence: u16,
    /// The rule whose claim it became one with, being the surer; or why it is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merged: Option<String>,
}

/// What each rule costs and brings, counted over any number of texts.
#[derive(Clone, Debug, Default)]
pub struct Costs {
    /// In the order of [`Extractor::rules`].
    pub rules: Vec<Cost>,
    /// Sentences read.
    pub sentences: u64,
}

/// What one rule costs and brings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// How often one of its patterns was tried.
    pub tried: u64,
    /// Steps of the matcher; time goes by them.
    pub steps: u64,
    /// What the clock counted meanwhile.
    pub ticks: u64,
    /// How often a pattern fitted.
    pub fits: u64,
    /// How often it was then chosen.
    pub chosen: u64,
}

impl Extractor {
    /// What the rules make of a text, and why.
    pub fn explain(&self, input: &Input<'_>) -> Explanation {
        let mut story = Story { extractor: self, sentences: Vec::new(), drafted: Vec::new() };
        let mut explained = Vec::new();
        let extraction = self.followed(input, &mut story, |story, reading, relations| {
            explained = std::mem::take(&mut story.sentences);
            let merged = settle::merge(&self.rules, &self.weights, relations.to_vec());
            for drafted in &story.drafted {
                let pattern = &mut explained[drafted.sentence].patterns[drafted.pattern];
                let claims = drafted
                    .relations
                    .clone()
                    .map(|index| explained_claim(self, reading, &relations[index], &merged, drafted));
                pattern.outcome = Outcome::Says { claims: claims.collect() };
            }
        });
        Explanation { sentences: explained, extraction }
    }

    /// Reads an input, and counts what each rule costs by the ticks of a clock.
    pub fn extract_counting(&self, input: &Input<'_>, costs: &mut Costs, clock: &dyn Fn() -> u64) -> Extraction {
        costs.rules.resize(self.rules.rules.len(), Cost::default());
        self.followed(input, &mut Counter { extractor: self, costs, clock, began: 0, rule: 0 }, |_, _, _| {})
    }

    /// [`Extractor::extract`], followed by somebody who in the end sees what was found.
    fn followed<F: Follow>(
        &self,
        input: &Input<'_>,
        follower: &mut F,
        ended: impl FnOnce(&mut F, &Reading<'_>, &[Relation]),
    ) -> Extraction {
        let (content, notes) = decode(input);
        let text = Text::new(content);
        let structure = structure(text.as_str(), input.published);
        let mut reading = Reading::new(self, &text, &structure);
        let relations = relate_followed(self, &mut reading, follower);
        ended(follower, &reading, &relations);
        let merged = settle::merge(&self.rules, &self.weights, relations);
        let document = document(input);
        let (entities, claims, _) = self.claims(&document.id, &reading, merged);
        Extraction { document, entities, claims, notes }
    }
}

fn with_clause<T>(reading: &Reading<'_>, sentence: usize, run: impl FnOnce(&Clause<'_>) -> T) -> T {
    let range = reading.sentences[sentence].start..reading.sentences[sentence].end;
    let classes = reading.classes(sentence);
    run(&Clause::new(reading.text.as_str(), &reading.tokens, range, &reading.mentions[sentence], &classes))
}

// ---------------------------------------------------------------- counting

struct Counter<'a> {
    extractor: &'a Extractor,
    costs: &'a mut Costs,
    clock: &'a dyn Fn() -> u64,
    began: u64,
    rule: usize,
}

impl Follow for Counter<'_> {
    fn sentence(&mut self, reading: &Reading<'_>, sentence: usize) {
        self.costs.sentences += 1;
        let Extractor { rules, lexicon, agents, .. } = self.extractor;
        with_clause(reading, sentence, |clause| matcher::watched(rules, clause, lexicon, *agents, self));
    }

    fn draft(&mut self, _: &Reading<'_>, _: usize, draft: &Draft, _: std::ops::Range<usize>) {
        self.costs.rules[draft.rule as usize].chosen += 1;
    }
}

impl Watch for Counter<'_> {
    /// What is passed over costs nothing.
    const SEES_ALL: bool = false;

    fn begin(&mut self, pattern: u32, _: usize, _: usize) {
        self.rule = self.extractor.rules.patterns[pattern as usize].rule as usize;
        self.began = (self.clock)();
    }

    fn end(&mut self, covers: Option<(usize, usize)>, steps: u32) {
        let cost = &mut self.costs.rules[self.rule];
        cost.ticks += (self.clock)().saturating_sub(self.began);
        cost.tried += 1;
        cost.steps += u64::from(steps);
        cost.fits += u64::from(covers.is_some());
    }
}

// ---------------------------------------------------------------- telling

/// Gathers what is told, sentence by sentence.
struct Story<'a> {
    extractor: &'a Extractor,
    sentences: Vec<ExplainedSentence>,
    drafted: Vec<Drafted>,
}

/// A chosen match with the relations that came of it.
struct Drafted {
    sentence: usize,
    /// Index among the sentence's explained patterns.
    pattern: usize,
    relations: std::ops::Range<usize>,
    /// Cues that govern it, and the rule where it pins the status.
    because: Vec<String>,
}

impl Follow for Story<'_> {
    fn sentence(&mut self, reading: &Reading<'_>, sentence: usize) {
        let Extractor { rules, lexicon, agents, .. } = self.extractor;
        let explained = with_clause(reading, sentence, |clause| {
            let mut tracer = Tracer::default();
            let matches = matcher::watched(rules, clause, lexicon, *agents, &mut tracer);
            let chosen = settle::choose(rules, matches);
            let view = View { extractor: self.extractor, clause };
            let patterns = tracer.attempts.iter().map(|attempt| view.pattern(attempt, &chosen)).collect();
            let first = reading.sentences[sentence].start;
            ExplainedSentence {
                text: view.words(0, clause.units.len()),
                section: reading.block(sentence).section.name(),
                units: (0..clause.units.len()).map(|unit| view.unit(unit)).collect(),
                cues: explained_cues(&cues(self.extractor, reading, sentence), reading, first),
                patterns,
            }
        });
        self.sentences.push(explained);
    }

    fn draft(&mut self, reading: &Reading<'_>, sentence: usize, draft: &Draft, relations: std::ops::Range<usize>) {
        let Some(explained) = self.sentences.last_mut() else { return };
        let rules = &self.extractor.rules;
        let (rule, number) = named(rules, draft.fit.pattern);
        let anchor = (draft.fit.trigger.0 + 1, draft.fit.trigger.1);
        let is_this = |pattern: &ExplainedPattern| {
            let stands = |atom: &ExplainedAtom| atom.state == AtomState::Anchor && atom.units == Some(anchor);
            pattern.rule == rule && pattern.pattern == number && pattern.atoms.iter().any(stands)
        };
        let Some(pattern) = explained.patterns.iter().position(is_this) else { return };
        if relations.is_empty() {
            let lines = &rules.rules[draft.rule as usize].claims;
            let why = lines.iter().map(|line| silence(self.extractor, reading, sentence, draft, line));
            explained.patterns[pattern].outcome = Outcome::Silent { why: why.collect::<Vec<_>>().join("; ") };
            return;
        }
        let first = reading.sentences[sentence].start;
        let cues = cues(self.extractor, reading, sentence);
        let trigger = ((draft.trigger.0 - first) as usize, (draft.trigger.1 - first) as usize);
        let governing = cues.all().iter().filter(|cue| cues.governs(cue, trigger.0, trigger.1));
        let mut because: Vec<String> = governing
            .map(|cue| {
                let words = super::words(reading, first + cue.start as u32, first + cue.end as u32);
                format!("“{words}” ({})", cue.cue.status)
            })
            .collect();
        because.extend(rules.rules[draft.rule as usize].status.map(|status| format!("the rule ({status})")));
        self.drafted.push(Drafted { sentence: self.sentences.len() - 1, pattern, relations, because });
    }
}

/// Id of a pattern's rule, and the pattern's number in it, from 1.
fn named(rules: &Rules, pattern: u32) -> (String, usize) {
    let rule = rules.patterns[pattern as usize].rule;
    let before = rules.patterns[..pattern as usize].iter().rev().take_while(|other| other.rule == rule).count();
    (rules.rules[rule as usize].id().to_owned(), before + 1)
}

fn explained_cues(cues: &Cues, reading: &Reading<'_>, first: u32) -> Vec<ExplainedCue> {
    let explained = |cue: &crate::modality::Placed| ExplainedCue {
        text: super::words(reading, first + cue.start as u32, first + cue.end as u32).to_owned(),
        status: cue.cue.status.name(),
        governs: match cue.cue.scope {
            Scope::Before => "what follows it",
            Scope::After => "what stands before it",
            Scope::Opening => "what follows it, where it opens a sentence",
            Scope::Describing => "the noun that it describes",
            Scope::Sentence => "the sentence",
        },
    };
    cues.all().iter().map(explained).collect()
}

fn explained_claim(
    extractor: &Extractor,
    reading: &Reading<'_>,
    relation: &Relation,
    merged: &[(Relation, Vec<std::sync::Arc<str>>)],
    drafted: &Drafted,
) -> ExplainedClaim {
    let label = |entity: u32| reading.registry.entity(entity).label().to_owned();
    let object = match &relation.object {
        ObjectEnd::Entity(end) => label(end.entity),
        ObjectEnd::Value(value) => value.key(),
    };
    let same_object = |other: &Relation| match (&other.object, &relation.object) {
        (ObjectEnd::Entity(other), ObjectEnd::Entity(end)) => other.entity == end.entity,
        (ObjectEnd::Value(other), ObjectEnd::Value(value)) => other.key() == value.key(),
        _ => false,
    };
    let is_one_thing = matches!(&relation.object, ObjectEnd::Entity(end)
        if reading.registry.entity(end.entity).id == reading.registry.entity(relation.subject.entity).id);
    let kept = merged.iter().find(|(other, _)| {
        other.sentence == relation.sentence
            && other.predicate == relation.predicate
            && other.subject.entity == relation.subject.entity
            && same_object(other)
    });
    let merged = if is_one_thing {
        Some("left out: both names are of one thing".to_owned())
    } else {
        kept.filter(|(kept, _)| kept.rule != relation.rule)
            .map(|(kept, _)| extractor.rules.rules[kept.rule as usize].id().to_owned())
    };
    ExplainedClaim {
        claim: format!("{} {} {object}", label(relation.subject.entity), relation.predicate),
        status: relation.status.name(),
        because: if relation.status == Status::Asserted { Vec::new() } else { drafted.because.clone() },
        confidence: kept
            .filter(|(kept, _)| kept.rule == relation.rule)
            .map_or(relation.confidence, |(kept, _)| kept.confidence),
        merged,
    }
}

/// Why a claim line of a match that fits comes to nothing.
fn silence(extractor: &Extractor, reading: &Reading<'_>, sentence: usize, draft: &Draft, line: &ClaimLine) -> String {
    let mentions = &reading.mentions[sentence];
    let words = |start: u32, end: u32| super::words(reading, start, end).to_owned();
    let ends = [("subject", line.subject, line.domain.any), ("object", line.object, line.range.any)];
    let why = |(end, slot, classes): (&str, u8, crate::classes::ClassSet)| match draft.bound(slot) {
        None => Some(format!("nothing fills the {end}")),
        Some(Bound::ImpliedSubject | Bound::ImpliedObject) => {
            Some(format!("the {end} is left out, and the text names nobody before who could be meant"))
        }
        Some(Bound::Phrases(phrases)) => {
            let (start, stop) = *phrases.first()?;
            Some(format!("the {end}, “{}”, names no thing", words(start, stop)))
        }
        Some(Bound::Mentions(bound)) => {
            let mention = &mentions[*bound.first()? as usize];
            let text = words(mention.start, mention.end);
            match mention.kind {
                MentionKind::Name { entity } => {
                    let own = reading.registry.classes_of(entity);
                    let table = &extractor.classes;
                    let expected = || table.cover(classes);
                    let line = || format!("the {end}, “{text}”, is {}, not {}", table.cover(own), expected());
                    (!own.meets(classes)).then(line)
                }
                MentionKind::Nominal { .. } => {
                    Some(format!("the {end} is “{text}”, and the text names nobody whom that could mean"))
                }
                _ => None,
            }
        }
    };
    let found = ends.into_iter().filter_map(why).collect::<Vec<_>>();
    let found = if found.is_empty() { "subject and object are one".to_owned() } else { found.join(", or ") };
    format!("{}: {found}", line.predicate)
}

/// A clause in words.
struct View<'a> {
    extractor: &'a Extractor,
    clause: &'a Clause<'a>,
}

impl View<'_> {
    /// The text of units `start..end`.
    fn words(&self, start: usize, end: usize) -> String {
        if start >= end {
            return String::new();
        }
        let units = &self.clause.units;
        let bytes = (units[start].start as usize, units[end - 1].end as usize - 1);
        let text =
            &self.clause.text[self.clause.tokens[bytes.0].start as usize..self.clause.tokens[bytes.1].end as usize];
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn unit(&self, unit: usize) -> ExplainedUnit {
        let table = &self.extractor.classes;
        let kind = self.clause.mention(unit).map(|(index, mention)| match &mention.kind {
            MentionKind::Name { .. } => table.cover(self.clause.classes[index as usize]),
            MentionKind::Nominal { classes, .. } => format!("{}, named elsewhere", table.cover(*classes)),
            MentionKind::Money(_) => "money".to_owned(),
            MentionKind::Percent(_) => "percent".to_owned(),
            MentionKind::Number(_) => "number".to_owned(),
            MentionKind::Date(date) => format!("date {date}"),
        });
        ExplainedUnit { text: self.words(unit, unit + 1), kind }
    }

    fn pattern(&self, attempt: &Traced, chosen: &[Match]) -> ExplainedPattern {
        let rules = &self.extractor.rules;
        let (rule, number) = named(rules, attempt.pattern);
        let atoms = self.atoms(attempt, number);
        let is_chosen = chosen.iter().any(|fit| fit.pattern == attempt.pattern && fit.trigger == attempt.anchor);
        let outcome = match attempt.covers {
            None => Outcome::Fails,
            Some(_) if is_chosen => {
                Outcome::Silent { why: "the sentence denies that this has ended, which says nothing plain".to_owned() }
            }
            Some(covers) => self.dropped(attempt, covers, chosen),
        };
        ExplainedPattern { rule, pattern: number, atoms, steps: attempt.steps, outcome }
    }

    /// By which match one was dropped, and in what the other is better: the order of [`settle::choose`].
    fn dropped(&self, attempt: &Traced, covers: (usize, usize), chosen: &[Match]) -> Outcome {
        let rules = &self.extractor.rules;
        let found = matcher::matches(rules, self.clause, &self.extractor.lexicon, self.extractor.agents);
        let own = found.into_iter().find(|fit| fit.pattern == attempt.pattern && fit.trigger == attempt.anchor);
        let Some(kept) = own.as_ref().and_then(|own| settle::rival(rules, own, chosen)) else {
            return Outcome::Silent { why: "another match was preferred".to_owned() };
        };
        let pattern = |number: u32| &rules.patterns[number as usize];
        let (own, other) = (pattern(attempt.pattern), pattern(kept.pattern));
        let prior = |rule: u32| rules.rules[rule as usize].prior;
        let wider = |covers: (usize, usize)| covers.1 - covers.0;
        let why = if own.literals != other.literals {
            format!("it demands {} words, this one {}", other.literals, own.literals)
        } else if wider(covers) != wider(kept.covers) {
            format!("it covers {} units, this one {}", wider(kept.covers), wider(covers))
        } else if wider(attempt.anchor) != wider(kept.trigger) {
            "its anchor is longer".to_owned()
        } else if prior(own.rule) != prior(other.rule) {
            "its prior is higher".to_owned()
        } else {
            "it comes first".to_owned()
        };
        let (by, by_pattern) = named(rules, kept.pattern);
        Outcome::Dropped { by, by_pattern, why }
    }

    fn atoms(&self, attempt: &Traced, number: usize) -> Vec<ExplainedAtom> {
        let rules = &self.extractor.rules;
        let compiled = &rules.patterns[attempt.pattern as usize];
        let line = self.extractor.written().rules[compiled.rule as usize].1.patterns[number - 1].get_ref();
        let pieces = pattern::pieces(line).unwrap_or_default();
        let anchor = compiled.anchor as usize;
        let mut atoms: Vec<ExplainedAtom> = pieces
            .iter()
            .map(|(_, piece)| ExplainedAtom {
                atom: (*piece).to_owned(),
                state: AtomState::Untried,
                units: None,
                text: String::new(),
                why: String::new(),
            })
            .collect();
        self.take(&mut atoms[anchor], AtomState::Anchor, attempt.anchor.0, attempt.anchor.1);
        for step in attempt.right.way.windows(2) {
            self.take(&mut atoms[step[0].0], AtomState::Fits, step[0].1, step[1].1);
        }
        for step in attempt.left.way.windows(2) {
            self.take(&mut atoms[step[0].0 - 1], AtomState::Fits, step[1].1, step[0].1);
        }
        // The edges of the sentence take no unit.
        for (shown, atom) in atoms.iter_mut().zip(&compiled.atoms) {
            let reached = shown.state == AtomState::LeftOut || attempt.covers.is_some();
            if matches!(atom, Atom::Start | Atom::End) && reached {
                shown.state = AtomState::Fits;
            }
        }
        let (right, left) = (attempt.right.way.last(), attempt.left.way.last());
        if attempt.covers.is_none() {
            match (right, left) {
                (Some(&(atom, _)), _) if atom < compiled.atoms.len() => {
                    self.fail(&mut atoms, &compiled.atoms, atom, &attempt.right, true);
                }
                (_, Some(&(atom, _))) if atom > 0 => {
                    self.fail(&mut atoms, &compiled.atoms, atom - 1, &attempt.left, false);
                }
                _ => {}
            }
            if attempt.steps > MOST_STEPS
                && let Some(failed) = atoms.iter_mut().find(|atom| atom.state == AtomState::Fails)
            {
                failed.why = format!("given up after {MOST_STEPS} steps");
            }
        }
        atoms
    }

    /// An atom took units `start..end`.
    fn take(&self, atom: &mut ExplainedAtom, state: AtomState, start: usize, end: usize) {
        let empty = start >= end;
        atom.state = if empty { AtomState::LeftOut } else { state };
        atom.units = (!empty).then_some((start + 1, end));
        atom.text = self.words(start, end);
    }

    /// An atom was tried at these places, and fits at none.
    fn fail(&self, shown: &mut [ExplainedAtom], atoms: &[Atom], index: usize, side: &Side, right: bool) {
        let length = self.clause.units.len();
        let units = side.places.iter().filter_map(|&place| if right { Some(place) } else { place.checked_sub(1) });
        let units: Vec<usize> = units.filter(|&unit| unit < length).collect();
        let failed = &mut shown[index];
        failed.state = AtomState::Fails;
        if let (Some(&low), Some(&high)) = (units.iter().min(), units.iter().max()) {
            failed.units = Some((low + 1, high + 1));
            failed.text = self.words(low, high + 1);
        }
        let near = side.places.first().copied().unwrap_or_default();
        failed.why = match &atoms[index] {
            _ if units.is_empty() => if right { "the sentence ends" } else { "the sentence begins" }.to_owned(),
            Atom::Slot(slot) => self.why_unfilled(slot, near, right),
            Atom::Start => "words stand before".to_owned(),
            Atom::End => "words follow".to_owned(),
            Atom::Literal { .. } | Atom::Gap { .. } => String::new(),
        };
        // The gap before it was shorter than it may be.
        let gap = if right { index.checked_sub(1) } else { Some(index + 1) };
        if let Some((gap, Some(Atom::Gap { most, .. }))) = gap.map(|gap| (gap, atoms.get(gap)))
            && side.places.len() <= usize::from(*most)
        {
            let last = side.places.last().copied().unwrap_or_default();
            let stop = if right { Some(last).filter(|&unit| unit < length) } else { last.checked_sub(1) };
            shown[gap].why = match stop {
                Some(unit) => format!("does not pass {} {}", unit + 1, self.words(unit, unit + 1)),
                None if right => "ends with the sentence".to_owned(),
                None => "begins with the sentence".to_owned(),
            };
        }
    }

    fn why_unfilled(&self, slot: &SlotSpec, place: usize, right: bool) -> String {
        const NEAR: usize = 12;
        let SlotKind::Entity(classes) = slot.kind else {
            return match slot.kind {
                SlotKind::Money => "no money",
                SlotKind::Percent => "no percentage",
                SlotKind::Number => "no number",
                SlotKind::Any => "no figure",
                SlotKind::Date => "no date",
                SlotKind::List(_) => "no phrase of the list",
                _ => "no noun phrase",
            }
            .to_owned();
        };
        let length = self.clause.units.len();
        let is_mention = |unit: &usize| self.clause.mention(*unit).is_some_and(|(_, mention)| !mention.is_quantity());
        let nearest = if right {
            (place..length.min(place + NEAR)).find(is_mention)
        } else {
            (place.saturating_sub(NEAR)..place).rev().find(is_mention)
        };
        let Some(unit) = nearest else { return "no name near".to_owned() };
        let Some((index, mention)) = self.clause.mention(unit) else { return String::new() };
        let (text, table) = (self.words(unit, unit + 1), &self.extractor.classes);
        let own = self.clause.classes[index as usize];
        if !own.meets(classes) {
            return format!("{} {text} is {}", unit + 1, table.cover(own));
        }
        if slot.named && !mention.is_name() {
            return format!("{} {text} is no name", unit + 1);
        }
        let touches = if right { unit == place } else { unit + 1 == place };
        if touches {
            format!("{} {text} belongs to what stands beside it", unit + 1)
        } else {
            format!("{} {text} stands too far off", unit + 1)
        }
    }
}
