//! Mentions → relations: rules run over each sentence, and what they bound is resolved to entities.

pub(crate) mod explain;

use std::ops::Range;

use guanxi_model::{Qualifier, QualifierValue, Qualifiers, Status, Value};

use crate::classes::ClassSet;
use crate::confidence::Signs;
use crate::extractor::Extractor;
use crate::focus::Focus;
use crate::modality::Cues;
use crate::qualify::{insert_money, insert_number, insert_share, qualify};
use crate::reading::Reading;
use crate::resolve::{Resolve, Resolved};
use crate::rule::compile::{Atom, ClaimLine, QualifierSource, SlotKind, SlotSpec};
use crate::rule::matcher::{self, Bound, Match};
use crate::settle;
use crate::units::{Clause, Mention, MentionKind};

/// One end of a relation.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct End {
    /// In the document's registry.
    pub(crate) entity: u32,
    /// Bytes of the mention; absent where implied.
    pub(crate) bytes: Option<(u32, u32)>,
}

/// The other end.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ObjectEnd {
    Entity(End),
    Value(Value),
}

/// What a rule says of a sentence, before it becomes a claim.
#[derive(Clone, Debug)]
pub(crate) struct Relation {
    pub(crate) sentence: u32,
    /// Index of the rule.
    pub(crate) rule: u32,
    /// Further rules that say the same.
    pub(crate) backing: Vec<u32>,
    pub(crate) predicate: std::sync::Arc<str>,
    pub(crate) subject: End,
    pub(crate) object: ObjectEnd,
    pub(crate) qualifiers: Qualifiers,
    pub(crate) status: Status,
    /// How it was found, and how sure that makes it, in thousandths.
    pub(crate) signs: Signs,
    pub(crate) confidence: u16,
    /// Bytes of the quote.
    pub(crate) evidence: (u32, u32),
    pub(crate) attributed_to: Option<String>,
}

/// All relations that rules find, in document order.
pub(crate) fn relate(extractor: &Extractor, reading: &mut Reading<'_>) -> Vec<Relation> {
    relate_followed(extractor, reading, &mut Alone)
}

/// [`relate`], followed.
fn relate_followed(extractor: &Extractor, reading: &mut Reading<'_>, follower: &mut impl Follow) -> Vec<Relation> {
    let focus = Focus::new(reading, extractor);
    let mut found = Vec::new();
    for sentence in 0..reading.sentences.len() {
        follower.sentence(reading, sentence);
        let drafts = drafts(extractor, reading, sentence);
        if drafts.is_empty() {
            continue;
        }
        let speaker = speaker(extractor, reading, sentence);
        let told = Told { extractor, focus: &focus, sentence, drafts: &drafts, speaker };
        for draft in &drafts {
            let before = found.len();
            told.relations(draft, reading, &mut found);
            follower.draft(reading, sentence, draft, before..found.len());
        }
    }
    found
}

/// Somebody who follows the reading of a text.
trait Follow {
    /// A sentence is about to be read.
    fn sentence(&mut self, reading: &Reading<'_>, sentence: usize);

    /// A match was chosen, and these relations, by index, came of it.
    fn draft(&mut self, reading: &Reading<'_>, sentence: usize, draft: &Draft, relations: Range<usize>);
}

/// Nobody follows.
struct Alone;

impl Follow for Alone {
    fn sentence(&mut self, _: &Reading<'_>, _: usize) {}

    fn draft(&mut self, _: &Reading<'_>, _: usize, _: &Draft, _: Range<usize>) {}
}

/// The matches that stand in a sentence, each with what the sentence alone tells of it.
fn drafts(extractor: &Extractor, reading: &Reading<'_>, sentence: usize) -> Vec<Draft> {
    let range = reading.sentences[sentence].start..reading.sentences[sentence].end;
    let classes = reading.classes(sentence);
    let text = reading.text.as_str();
    let clause = Clause::new(text, &reading.tokens, range.clone(), &reading.mentions[sentence], &classes);
    let matches = matcher::matches(&extractor.rules, &clause, &extractor.lexicon, extractor.agents);
    if matches.is_empty() {
        return Vec::new();
    }
    let cues = cues(extractor, reading, sentence);
    let chosen = settle::choose(&extractor.rules, matches);
    chosen.into_iter().filter_map(|fit| Draft::new(extractor, &clause, fit, range.start, &cues)).collect()
}

/// The cues of a sentence.
fn cues(extractor: &Extractor, reading: &Reading<'_>, sentence: usize) -> Cues {
    let range = reading.sentences[sentence].start..reading.sentences[sentence].end;
    let words = &reading.tokens[range.start as usize..range.end as usize];
    let in_name = |at: usize| {
        let token = range.start + at as u32;
        reading.mentions[sentence]
            .iter()
            .any(|mention| mention.is_name() && (mention.start..mention.end).contains(&token))
    };
    Cues::new(&extractor.lexicon, reading.text.as_str(), words, in_name)
}

/// A match with what can be told from the sentence alone.
struct Draft {
    fit: Match,
    rule: u32,
    status: Status,
    /// Tokens of the trigger.
    trigger: (u32, u32),
    /// Bytes that the pattern covers.
    covers: (u32, u32),
}

impl Draft {
    /// `None` where the sentence denies what the rule says has ended: that tells nothing plain.
    fn new(extractor: &Extractor, clause: &Clause<'_>, fit: Match, first_token: u32, cues: &Cues) -> Option<Self> {
        let pattern = &extractor.rules.patterns[fit.pattern as usize];
        let rule = &extractor.rules.rules[pattern.rule as usize];
        let trigger = (clause.units[fit.trigger.0].start, clause.units[fit.trigger.1 - 1].end);
        let cued = cues.status((trigger.0 - first_token) as usize, (trigger.1 - first_token) as usize);
        // "has not sold its stake" denies the end, which is no denial of the holding.
        if rule.status == Some(Status::Ended) && cued == Status::Denied {
            return None;
        }
        // "Ligurbanca to merge with …": a headline's infinitive is a plan.
        let infinitive = fit.trigger.0 >= 2
            && clause.word_text(fit.trigger.0 - 1) == "to"
            && clause.mention(fit.trigger.0 - 2).is_some_and(|(_, mention)| mention.is_name());
        let cued = if infinitive { cued.max(Status::Planned) } else { cued };
        // What a description presupposes holds whatever the sentence says of it.
        let cued = if rule.presupposed { Status::Asserted } else { cued };
        let status = rule.status.map_or(cued, |pinned| pinned.max(cued));
        let last = fit.covers.1.max(fit.covers.0 + 1) - 1;
        let mut first = clause.units[fit.covers.0].start;
        let mut end = clause.units[last].end;
        // The quote holds the word that tells the status: 林志明辭職, not 林志明 alone.
        let within = ((trigger.0 - first_token) as usize, (trigger.1 - first_token) as usize);
        if status == cued
            && let Some((cue_start, cue_end)) = cues.telling(within.0, within.1, status)
        {
            first = first.min(first_token + cue_start as u32);
            end = end.max(first_token + cue_end as u32);
        }
        let first_byte = clause.tokens[first as usize].start;
        let last_byte = clause.tokens[end as usize - 1].end;
        Some(Self { rule: pattern.rule, fit, status, trigger, covers: (first_byte, last_byte) })
    }

    fn bound(&self, slot: u8) -> Option<&Bound> {
        self.fit.bindings.get(slot as usize)?.as_ref()
    }

    /// The classes that the pattern asks of an end that is left out.
    fn implied_class(&self, extractor: &Extractor, slot: u8) -> Option<ClassSet> {
        let implied = matches!(self.bound(slot), Some(Bound::ImpliedSubject | Bound::ImpliedObject));
        extractor.rules.patterns[self.fit.pattern as usize].atoms.iter().filter(|_| implied).find_map(|atom| match atom
        {
            Atom::Slot(SlotSpec { index, kind: SlotKind::Entity(classes), .. }) if *index == slot => Some(*classes),
            _ => None,
        })
    }

    fn binds(&self, mention: u32) -> bool {
        let mut bound = self.fit.bindings.iter().flatten();
        bound.any(|bound| matches!(bound, Bound::Mentions(mentions) if mentions.contains(&mention)))
    }

    fn qualifier_from_slot(
        &self,
        reading: &Reading<'_>,
        mentions: &[Mention],
        qualifier: Qualifier,
        slot: u8,
        qualifiers: &mut Qualifiers,
    ) {
        match self.bound(slot) {
            Some(Bound::Mentions(bound)) => {
                let Some(mention) = bound.first().map(|&index| &mentions[index as usize]) else { return };
                match &mention.kind {
                    MentionKind::Money(money) => insert_money(qualifiers, money),
                    MentionKind::Percent(share) => insert_share(qualifiers, share),
                    MentionKind::Number(number) => insert_number(qualifiers, number),
                    MentionKind::Date(date) => {
                        qualifiers.insert(qualifier, QualifierValue::Date(*date));
                    }
                    _ => {
                        let words = words(reading, mention.start, mention.name_end);
                        qualifiers.insert(qualifier, QualifierValue::Text(words.to_owned()));
                    }
                }
            }
            Some(Bound::Phrases(phrases)) => {
                if let Some(&(start, end)) = phrases.first() {
                    qualifiers.insert(qualifier, QualifierValue::Text(words(reading, start, end).to_owned()));
                }
            }
            Some(Bound::ImpliedSubject | Bound::ImpliedObject) | None => {}
        }
    }
}

/// A sentence with its drafts, about to become relations.
struct Told<'a> {
    extractor: &'a Extractor,
    focus: &'a Focus,
    sentence: usize,
    drafts: &'a [Draft],
    speaker: Option<String>,
}

impl Told<'_> {
    fn relations(&self, draft: &Draft, reading: &mut Reading<'_>, found: &mut Vec<Relation>) {
        let bound: Vec<u32> = draft.fit.bound_mentions().collect();
        for line in &self.extractor.rules.rules[draft.rule as usize].claims {
            let mut resolve = Resolve {
                extractor: self.extractor,
                reading,
                focus: self.focus,
                sentence: self.sentence,
                trigger: draft.trigger.0,
                bound: &bound,
            };
            let narrowed =
                |slot, classes| draft.implied_class(self.extractor, slot).map_or(classes, |own| own & classes);
            let subjects = resolve.ends(draft.bound(line.subject), narrowed(line.subject, line.domain.any));
            let objects = resolve.objects(draft.bound(line.object), narrowed(line.object, line.range.any));
            for (subject, object) in pairs(&subjects, &objects, says_respectively(reading, self.sentence)) {
                found.extend(self.relation(draft, line, subject, object, reading));
            }
        }
    }

    fn relation(
        &self,
        draft: &Draft,
        line: &ClaimLine,
        subject: &Resolved<End>,
        object: &Resolved<ObjectEnd>,
        reading: &mut Reading<'_>,
    ) -> Option<Relation> {
        let mut object_bytes = None;
        if let ObjectEnd::Entity(end) = &object.end {
            if end.entity == subject.end.entity {
                return None;
            }
            object_bytes = end.bytes;
            reading.registry.vote(end.entity, &line.range.in_order);
        }
        reading.registry.vote(subject.end.entity, &line.domain.in_order);
        let within = [subject.end.bytes, object_bytes].into_iter().flatten();
        let evidence = within.fold(draft.covers, |covers, bytes| (covers.0.min(bytes.0), covers.1.max(bytes.1)));
        let qualifiers = self.qualifiers(draft, line, &object.end, reading);
        let status = self.status(draft, line).max(draft_rule(line, subject, &object.end, reading));
        let tokens_before = |byte: u32| reading.tokens.partition_point(|token| token.start < byte);
        let signs = Signs {
            prior: self.extractor.rules.rules[draft.rule as usize].prior,
            support: draft.fit.backing.len() as u8,
            literals: self.extractor.rules.patterns[draft.fit.pattern as usize].literals,
            length: (tokens_before(evidence.1) - tokens_before(evidence.0)).min(usize::from(u16::MAX)) as u16,
            chinese: reading.text.slice(evidence.0, evidence.1).chars().any(crate::scan::is_han),
            subject: subject.found,
            object: object.found,
            status,
            section: reading.block(self.sentence).section,
            qualifiers: qualifiers.len() as u8,
        };
        Some(Relation {
            sentence: self.sentence as u32,
            rule: draft.rule,
            backing: draft.fit.backing.clone(),
            predicate: line.predicate.clone(),
            subject: subject.end.clone(),
            object: object.end.clone(),
            qualifiers,
            status,
            signs,
            confidence: self.extractor.weights.confidence(&signs, &line.predicate),
            evidence,
            attributed_to: self.speaker.clone(),
        })
    }

    /// What happened has happened: of events and figures only the rule itself can say that they have ended.
    fn status(&self, draft: &Draft, line: &ClaimLine) -> Status {
        const EVENTS: [&str; 14] = [
            "acquired",
            "raised",
            "investsIn",
            "founderOf",
            "foundedOn",
            "expandsInto",
            "sanctions",
            "investigates",
            "issued",
            "mergesWith",
            "spunOffFrom",
            "succeeds",
            "hasMetric",
            "hasValuation",
        ];
        let pinned = line.status.or(self.extractor.rules.rules[draft.rule as usize].status);
        match line.status.map_or(draft.status, |pinned| pinned.max(draft.status)) {
            // 曾试图收购 is over, and was an attempt all the same.
            Status::Ended if pinned != Some(Status::Ended) && EVENTS.contains(&&*line.predicate) => {
                pinned.unwrap_or(Status::Asserted)
            }
            status => status,
        }
    }

    fn qualifiers(&self, draft: &Draft, line: &ClaimLine, object: &ObjectEnd, reading: &Reading<'_>) -> Qualifiers {
        let mentions = &reading.mentions[self.sentence];
        let mut qualifiers = Qualifiers::new();
        for (qualifier, source) in &line.qualifiers {
            match source {
                QualifierSource::Fixed(value) => {
                    qualifiers.insert(*qualifier, value.clone());
                }
                QualifierSource::Slot(slot) => {
                    draft.qualifier_from_slot(reading, mentions, *qualifier, *slot, &mut qualifiers);
                }
            }
        }
        match object {
            ObjectEnd::Value(Value::Money(money)) => insert_money(&mut qualifiers, money),
            ObjectEnd::Value(Value::Number(number)) => insert_number(&mut qualifiers, number),
            _ => {}
        }
        // A figure that another reading binds is that one's; one that is this reading's own object is told already.
        let object = draft.bound(line.object);
        let taken = |index: usize| {
            let mention = index as u32;
            let own_object = matches!(object, Some(Bound::Mentions(mentions)) if mentions.contains(&mention));
            own_object || (!draft.binds(mention) && self.drafts.iter().any(|draft| draft.binds(mention)))
        };
        qualify(&mut qualifiers, &line.accepts, mentions, draft.trigger, taken, |mention| {
            validity_end(reading, mention)
        });
        qualifiers
    }
}

/// A draft is issued and governs as a plan, however plainly the text says so: 征求意见稿, "draft rules".
fn draft_rule(line: &ClaimLine, subject: &Resolved<End>, object: &ObjectEnd, reading: &Reading<'_>) -> Status {
    let rule = match (&*line.predicate, object) {
        ("issued", ObjectEnd::Entity(end)) => end.entity,
        ("governs", _) => subject.end.entity,
        _ => return Status::Asserted,
    };
    let entity = reading.registry.entity(rule);
    let is_draft = |name: &str| {
        let lower = name.to_lowercase();
        ["征求意见稿", "徵求意見稿", "草案", "(draft)", "draft "].iter().any(|mark| lower.contains(mark))
    };
    let draft = entity.names.iter().any(|name| is_draft(&name.text));
    if draft { Status::Planned } else { Status::Asserted }
}

/// "since 2019" opens a validity, "until 2019" closes one.
fn validity_end(reading: &Reading<'_>, mention: &Mention) -> Option<Qualifier> {
    let before = (mention.start as usize).checked_sub(1)?;
    match words(reading, before as u32, mention.start) {
        "since" | "Since" | "自" => Some(Qualifier::ValidFrom),
        "until" | "till" | "至" => Some(Qualifier::ValidTo),
        _ => None,
    }
}

fn words<'a>(reading: &'a Reading<'_>, start: u32, end: u32) -> &'a str {
    reading.text.slice(reading.tokens[start as usize].start, reading.tokens[end as usize - 1].end)
}

fn says_respectively(reading: &Reading<'_>, sentence: usize) -> bool {
    let sentence = &reading.sentences[sentence];
    let text = words(reading, sentence.start, sentence.end);
    text.contains("respectively") || text.contains("分别")
}

/// Every subject with every object; in step where the text says "respectively".
fn pairs<'a, S, O>(subjects: &'a [S], objects: &'a [O], respectively: bool) -> Vec<(&'a S, &'a O)> {
    if respectively && subjects.len() == objects.len() {
        return subjects.iter().zip(objects).collect();
    }
    subjects.iter().flat_map(|subject| objects.iter().map(move |object| (subject, object))).collect()
}

/// Who is said to say this: the name just before or behind a verb of saying, where the sentence quotes or
/// reports somebody.
fn speaker(extractor: &Extractor, reading: &Reading<'_>, sentence: usize) -> Option<String> {
    let range = &reading.sentences[sentence];
    let mentions = &reading.mentions[sentence];
    let tokens = &reading.tokens[..range.end as usize];
    mentions.iter().find_map(|mention| {
        let MentionKind::Name { entity } = mention.kind else { return None };
        let behind = tokens.get(mention.end as usize..).unwrap_or_default();
        let says = extractor.lexicon.saying.longest(behind).is_some();
        let before = &tokens[range.start as usize..mention.start as usize];
        let according = extractor.lexicon.according.longest_at_end(before, 4).is_some();
        (says || according).then(|| reading.registry.entity(entity).label().to_owned())
    })
}
