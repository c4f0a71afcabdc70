//! Pairs of names as the models judge them: what no rule relates, and what a rule says too.

use guanxi_model::{Section, Status};

use super::{Draft, End, ObjectEnd, Relation, Told, cues, speaker};
use crate::extractor::Extractor;
use crate::focus::Focus;
use crate::learned::{FURTHEST, Judgement, PairModel, features, is_chinese, reasons};
use crate::reading::Reading;
use crate::rule::matcher::{Bound, Match};
use crate::units::{Clause, MentionKind};

/// From this confidence on, in thousandths, a model backs what a rule says.
const BACKS: u16 = 500;
/// A model does not know which words of a sentence a cue governs: where something is denied, over, rumoured or hangs on a
/// condition it is silent, and where something is planned, so is what it says.
const MOST: Status = Status::Planned;
/// A sentence with more names than this is a list.
const MOST_NAMES: usize = 8;

/// A pair that a model would relate: units of the sentence.
struct Proposal<'m> {
    model: &'m PairModel,
    judgement: Judgement,
    first: usize,
    second: usize,
}

/// Asks the models of every pair of names in a sentence. A rule beats a model: a pair that a rule relates, in whatever
/// way, is no longer asked about, but a model that says the same backs the rule.
pub(super) fn relate(
    extractor: &Extractor,
    focus: &Focus,
    reading: &mut Reading<'_>,
    sentence: usize,
    found: &mut Vec<Relation>,
    by_rules: usize,
) {
    let section = reading.block(sentence).section;
    let names = reading.mentions[sentence].iter().filter(|mention| mention.is_name()).count();
    if extractor.models.is_empty()
        || !matches!(section, Section::Body | Section::Headline)
        || !(2..=MOST_NAMES).contains(&names)
    {
        return;
    }
    let (least, drafts) = proposals(extractor, reading, sentence, &mut found[by_rules..]);
    if drafts.is_empty() {
        return;
    }
    let (drafts, sure): (Vec<Draft>, Vec<u16>) = drafts.into_iter().unzip();
    let speaker = speaker(extractor, reading, sentence);
    let told = Told { extractor, focus, sentence, drafts: &drafts, speaker };
    for (draft, sure) in drafts.iter().zip(sure) {
        let before = found.len();
        told.relations(draft, reading, found);
        for relation in &mut found[before..] {
            relation.status = relation.status.max(least);
            relation.signs.status = relation.status;
            relation.signs.learned = true;
            relation.signs.prior = sure;
            relation.confidence = sure;
        }
    }
}

/// What the models propose of a sentence, as drafts with their confidence, and the least status of all; what they say of
/// `by_rules` backs it.
fn proposals(
    extractor: &Extractor,
    reading: &Reading<'_>,
    sentence: usize,
    by_rules: &mut [Relation],
) -> (Status, Vec<(Draft, u16)>) {
    const SILENT: (Status, Vec<(Draft, u16)>) = (Status::Asserted, Vec::new());
    let range = reading.sentences[sentence].start..reading.sentences[sentence].end;
    let tokens = &reading.tokens[range.start as usize..range.end as usize];
    let chinese = is_chinese(tokens);
    let models: Vec<&PairModel> = extractor.models.iter().filter(|model| model.chinese == chinese).collect();
    if models.is_empty() {
        return SILENT;
    }
    let cues = cues(extractor, reading, sentence);
    if cues.greatest() > MOST {
        return SILENT;
    }
    let classes = reading.classes(sentence);
    let mentions = &reading.mentions[sentence];
    let clause = Clause::new(reading.text.as_str(), &reading.tokens, range.clone(), mentions, &classes);
    let row = extractor.row(reading, sentence, &clause);
    let named = |unit: usize| match clause.mention(unit)?.1.kind {
        MentionKind::Name { entity } => Some((unit, reading.registry.root(entity))),
        _ => None,
    };
    let named: Vec<(usize, u32)> = (0..clause.units.len()).filter_map(named).collect();
    let mut seen = Vec::new();
    let mut fits = Vec::new();
    for (index, &(first, one)) in named.iter().enumerate() {
        for &(second, other) in &named[index + 1..] {
            if one == other || second - first > FURTHEST {
                continue;
            }
            let told = is_related(reading, by_rules, (one, other));
            let judged = models.iter().filter_map(|&model| {
                features(&row, first, second, &mut seen);
                Some(Proposal { model, judgement: model.judge(&mut seen, told)?, first, second })
            });
            let Some(best) = judged.max_by_key(|proposal| proposal.judgement.confidence) else { continue };
            let label = &best.model.labels[best.judgement.label];
            if told {
                let ends = if label.turned { (other, one) } else { (one, other) };
                best.back(extractor, reading, by_rules, ends);
            } else if best.judgement.confidence >= label.least {
                let reasons = reasons(&row, first, second);
                let fit = best.fit(&clause, best.model.reason(best.judgement.label, &reasons));
                fits.push((fit, best.judgement.confidence));
            }
        }
    }
    if fits.is_empty() {
        return SILENT;
    }
    let draft = |fit| Draft::new(extractor, &clause, fit, range.start, &cues);
    (cues.greatest(), fits.into_iter().filter_map(|(fit, sure)| Some((draft(fit)?, sure))).collect())
}

/// The entities at the two ends; the second only where it is one.
fn ends(reading: &Reading<'_>, relation: &Relation) -> (u32, Option<u32>) {
    let root = |end: &End| reading.registry.root(end.entity);
    let object = match &relation.object {
        ObjectEnd::Entity(end) => Some(root(end)),
        ObjectEnd::Value(_) => None,
    };
    (root(&relation.subject), object)
}

fn is_related(reading: &Reading<'_>, relations: &[Relation], (one, other): (u32, u32)) -> bool {
    relations.iter().any(|relation| {
        let known = ends(reading, relation);
        known == (one, Some(other)) || known == (other, Some(one))
    })
}

impl Proposal<'_> {
    /// Backs the relations that say the same.
    fn back(&self, extractor: &Extractor, reading: &Reading<'_>, relations: &mut [Relation], pair: (u32, u32)) {
        let rule = self.model.labels[self.judgement.label].rule;
        let predicate = &extractor.rules.rules[rule as usize].claims[0].predicate;
        for relation in relations.iter_mut().filter(|_| self.judgement.confidence >= BACKS) {
            if relation.predicate == *predicate && ends(reading, relation) == (pair.0, Some(pair.1)) {
                relation.backing.push(rule);
            }
        }
    }

    /// The proposal as if a pattern had fitted: from name to name and to the word that speaks for it.
    fn fit(&self, clause: &Clause<'_>, reason: Option<usize>) -> Match {
        let trigger = reason.unwrap_or(self.second);
        // One character is half a word.
        let long = clause.is_han(trigger) && trigger + 1 < clause.units.len() && clause.is_han(trigger + 1);
        let trigger = (trigger, trigger + 1 + usize::from(long));
        let mention = |unit: usize| clause.mention(unit).map(|(index, _)| Bound::Mentions(vec![index]));
        Match {
            pattern: self.model.labels[self.judgement.label].pattern,
            bindings: vec![mention(self.first), mention(self.second)],
            covers: (self.first, trigger.1.max(self.second + 1)),
            trigger,
            backing: Vec::new(),
            rivals: Vec::new(),
        }
    }
}
