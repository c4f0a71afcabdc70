//! Mentions → relations: rules run over each sentence, and what they bound is resolved to entities.

pub(crate) mod explain;
mod learned;

use std::collections::BTreeMap;
use std::ops::Range;

use guanxi_model::{PartialDate, Qualifier, QualifierValue, Qualifiers, Section, Share, Status, Value};
use rust_decimal::Decimal;

use crate::classes::ClassSet;
use crate::confidence::Signs;
use crate::extractor::Extractor;
use crate::focus::{Focus, is_bank};
use crate::modality::{self, Cues};
use crate::qualify::{
    ShareRole, bracketed_shares, end_of_period, has_share, insert_money, insert_number, insert_share, is_change,
    is_further, is_of_votes, qualify, remove_share, share_role, shares_in_step, tells_the_whole, validity_end,
};
use crate::reading::Reading;
use crate::resolve::{Resolve, Resolved};
use crate::rule::compile::{Atom, ClaimLine, QualifierSource, SlotKind, SlotSpec};
use crate::rule::matcher::{self, Bound, Match};
use crate::settle;
use crate::units::{Clause, Mention, MentionKind};

/// Relations before one that are looked through for other holders: time stays linear in the text.
const HOLDERS_LOOKED_AT: usize = 50;

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

impl ObjectEnd {
    fn bytes(&self) -> Option<(u32, u32)> {
        match self {
            Self::Entity(end) => end.bytes,
            Self::Value(_) => None,
        }
    }
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
    /// Whether it tells how things stood at a time that is over.
    pub(crate) past: bool,
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
        let before = found.len();
        let drafts = drafts(extractor, reading, sentence);
        if !drafts.is_empty() {
            let speaker = speaker(extractor, reading, sentence);
            let told = Told { extractor, focus: &focus, sentence, drafts: &drafts, speaker };
            told.by_rules(reading, &mut found, follower);
        }
        learned::relate(extractor, &focus, reading, sentence, &mut found, before);
    }
    deny_reports(extractor, reading, &mut found);
    end_older_holdings(&mut found);
    follow_the_text(reading, &mut found);
    found
}

/// "Acme is said to be buying Bolt. Both denied the report.": what is only reported, and denied in the next sentence of
/// the paragraph, is denied.
fn deny_reports(extractor: &Extractor, reading: &Reading<'_>, found: &mut [Relation]) {
    for index in 0..found.len() {
        let Relation { sentence, evidence, .. } = found[index];
        let sentence = sentence as usize;
        if found[index].status != Status::Reported || !is_denied_behind(extractor, reading, sentence, evidence.1) {
            continue;
        }
        let mut behind = found[index..].iter().take_while(|other| other.sentence as usize <= sentence + 1);
        let denies_something_else =
            behind.any(|other| other.sentence as usize > sentence && other.status == Status::Denied);
        if !denies_something_else {
            found[index].status = Status::Denied;
            found[index].signs.status = Status::Denied;
        }
    }
}

/// "Hollis held 30% at the end of 2019 and holds 12% now": what the text tells of an earlier day has ended.
fn end_older_holdings(found: &mut [Relation]) {
    let share = |relation: &Relation| relation.qualifiers.get(&Qualifier::Percent).cloned();
    let date = |relation: &Relation| match relation.qualifiers.get(&Qualifier::Date) {
        Some(QualifierValue::Date(date)) => Some(*date),
        _ => None,
    };
    let holds = |relation: &Relation| &*relation.predicate == "owns" && relation.status == Status::Asserted;
    for index in 0..found.len() {
        let older = &found[index];
        let Some(day) = date(older).filter(|_| older.past && holds(older)) else { continue };
        let superseded = found.iter().any(|other| {
            holds(other)
                && other.subject.entity == older.subject.entity
                && object_entity(other) == object_entity(older)
                && share(other).is_some()
                && share(other) != share(older)
                && date(other).map_or(!other.past, |later| later.first_day() > day.last_day())
        });
        if superseded {
            found[index].status = Status::Ended;
            found[index].signs.status = Status::Ended;
        }
    }
}

/// Whether others, and not the subject of `relation`, are told shortly before to hold, have held or have bought a part of
/// what it is about.
fn only_others_hold(relation: &Relation, found: &[Relation]) -> bool {
    let holds = |other: &&Relation| matches!(&*other.predicate, "owns" | "acquired") || has_share(&other.qualifiers);
    let near = found.iter().rev().take(HOLDERS_LOOKED_AT);
    let mut same = near.filter(|other| object_entity(other) == object_entity(relation)).filter(holds).peekable();
    same.peek().is_some() && same.all(|other| other.subject.entity != relation.subject.entity)
}

fn object_entity(relation: &Relation) -> Option<u32> {
    match &relation.object {
        ObjectEnd::Entity(end) => Some(end.entity),
        ObjectEnd::Value(_) => None,
    }
}

/// Whether the text behind these bytes, to the end of the next sentence of the paragraph, denies something.
fn is_denied_behind(extractor: &Extractor, reading: &Reading<'_>, sentence: usize, bytes: u32) -> bool {
    let here = &reading.sentences[sentence];
    let next = reading.sentences.get(sentence + 1).filter(|next| next.block == here.block);
    let from = reading.tokens.partition_point(|token| token.start < bytes);
    let tokens = &reading.tokens[from.min(here.end as usize)..next.unwrap_or(here).end as usize];
    (0..tokens.len()).any(|at| extractor.lexicon.denials.longest(&tokens[at..]).is_some())
}

/// "Acme buys Bolt" over "Acme has agreed to buy Bolt": what a headline states plainly stands as the text tells it.
fn follow_the_text(reading: &Reading<'_>, found: &mut [Relation]) {
    let is_headline = |relation: &Relation| reading.block(relation.sentence as usize).section == Section::Headline;
    for index in 0..found.len() {
        let headline = &found[index];
        if headline.status != Status::Asserted || !is_headline(headline) || object_entity(headline).is_none() {
            continue;
        }
        let article = |relation: &Relation| reading.block(relation.sentence as usize).article;
        let told = found[index..].iter().filter(|other| {
            !is_headline(other)
                && other.predicate == headline.predicate
                && other.subject.entity == headline.subject.entity
                && object_entity(other) == object_entity(headline)
                && article(other) == article(headline)
        });
        if let Some(status) = told.map(|other| other.status).min().filter(|status| *status != Status::Asserted) {
            found[index].status = status;
            found[index].signs.status = status;
        }
    }
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
    /// What cues say of it.
    told: modality::Told,
    /// Tokens of the trigger.
    trigger: (u32, u32),
    /// Bytes that the pattern covers.
    covers: (u32, u32),
    /// Bytes of what it quotes: those, and the word that gives the status.
    quote: (u32, u32),
    /// Worse readings of the same words.
    rivals: Vec<Draft>,
}

impl Draft {
    /// `None` where the sentence denies what the rule says has ended: that tells nothing plain.
    fn new(extractor: &Extractor, clause: &Clause<'_>, mut fit: Match, first_token: u32, cues: &Cues) -> Option<Self> {
        let pattern = &extractor.rules.patterns[fit.pattern as usize];
        let rule = &extractor.rules.rules[pattern.rule as usize];
        let trigger = (clause.units[fit.trigger.0].start, clause.units[fit.trigger.1 - 1].end);
        let last = fit.covers.1.max(fit.covers.0 + 1) - 1;
        let covers = (clause.units[fit.covers.0].start, clause.units[last].end);
        let in_sentence = |(start, end): (u32, u32)| ((start - first_token) as usize, (end - first_token) as usize);
        let (start, end) = in_sentence(trigger);
        let told = match rule.presupposed {
            // What a description presupposes holds whatever the sentence says of it; but who held an office may go.
            true => cues.told_within((start, end), in_sentence(covers), rule.is_about_office(), rule.is_about_shares()),
            false => cues.told(start, end, rule.is_about_shares()),
        };
        // "has not sold its stake" denies the end, which is no denial of the holding.
        if rule.status == Some(Status::Ended) && told.status == Status::Denied {
            return None;
        }
        let told = if !rule.presupposed && is_infinitive(clause, &fit) { told.planned() } else { told };
        let status = rule.status.map_or(told.status, |pinned| pinned.max(told.status));
        // The quote holds the word that tells the status: 林志明辭職, not 林志明 alone.
        let (mut first, mut stop) = covers;
        if status == told.status
            && let Some((cue_start, cue_end)) = cues.telling(start, end, status)
        {
            first = first.min(first_token + cue_start as u32);
            stop = stop.max(first_token + cue_end as u32);
        }
        let bytes =
            |(first, stop): (u32, u32)| (clause.tokens[first as usize].start, clause.tokens[stop as usize - 1].end);
        let rivals = std::mem::take(&mut fit.rivals);
        let rivals = rivals.into_iter().filter_map(|rival| Self::new(extractor, clause, rival, first_token, cues));
        let rivals = rivals.collect();
        let (covers, quote) = (bytes(covers), bytes((first, stop)));
        Some(Self { rule: pattern.rule, fit, told, trigger, covers, quote, rivals })
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

    /// Whether the reading binds a pronoun, or leaves an end out.
    fn wants_antecedent(&self, mentions: &[Mention]) -> bool {
        self.fit.bindings.iter().flatten().any(|bound| match bound {
            Bound::ImpliedSubject | Bound::ImpliedObject => true,
            Bound::Mentions(bound) => {
                bound.iter().any(|&index| matches!(mentions[index as usize].kind, MentionKind::Nominal { .. }))
            }
            Bound::Phrases(_) => false,
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
    fn by_rules(&self, reading: &mut Reading<'_>, found: &mut Vec<Relation>, follower: &mut impl Follow) {
        let sentence = self.sentence;
        for draft in self.drafts {
            let before = found.len();
            // A reading whose pronoun means nobody gives way to one that needs none.
            for reading_of_it in std::iter::once(draft).chain(&draft.rivals) {
                self.relations(reading_of_it, reading, found);
                if found.len() > before || !draft.wants_antecedent(&reading.mentions[sentence]) {
                    follower.draft(reading, sentence, reading_of_it, before..found.len());
                    break;
                }
            }
            if found.len() == before && draft.wants_antecedent(&reading.mentions[sentence]) {
                follower.draft(reading, sentence, draft, before..before);
            }
        }
    }

    fn relations(&self, draft: &Draft, reading: &mut Reading<'_>, found: &mut Vec<Relation>) {
        let bound: Vec<u32> = draft.fit.bound_mentions().collect();
        let words = reading.text.slice(draft.covers.0, draft.covers.1);
        let owners = self.owners();
        for line in &self.extractor.rules.rules[draft.rule as usize].claims {
            let mut resolve = Resolve {
                extractor: self.extractor,
                reading,
                focus: self.focus,
                sentence: self.sentence,
                trigger: draft.trigger.0,
                bound: &bound,
                owners: &owners,
                found,
                predicate: &line.predicate,
                words,
                covers: draft.covers,
            };
            let narrowed =
                |slot, classes| draft.implied_class(self.extractor, slot).map_or(classes, |own| own & classes);
            let subjects = resolve.ends(draft.bound(line.subject), narrowed(line.subject, line.domain.any));
            let objects = resolve.objects(draft.bound(line.object), narrowed(line.object, line.range.any));
            let in_step = says_respectively(reading, self.sentence);
            let ends = subjects.len().max(objects.len());
            let shares = if in_step { shares_in_step(reading, self.sentence, ends) } else { None };
            let subject_shares = bracketed_shares(reading, self.sentence, subjects.iter().map(|end| end.end.bytes));
            let object_shares = bracketed_shares(reading, self.sentence, objects.iter().map(|end| end.end.bytes()));
            for (index, (subject, object)) in pairs(&subjects, &objects, in_step).into_iter().enumerate() {
                let relation = self.relation(draft, line, subject, object, reading);
                let rest = relation.as_ref().and_then(|relation| self.rest_of_shares(relation, words, found));
                let Some(mut relation) = relation else { continue };
                if let Some(rest) = rest {
                    insert_share(&mut relation.qualifiers, &Share::exact(rest));
                }
                if line.accepts.contains(&Qualifier::Percent) {
                    if let Some(share) = shares.as_ref().and_then(|shares| shares.get(index)) {
                        remove_share(&mut relation.qualifiers);
                        insert_share(&mut relation.qualifiers, share);
                    }
                    let ends = [(&subject_shares, subject.end.bytes), (&object_shares, object.end.bytes())];
                    for (shares, bytes) in ends.into_iter().filter(|(shares, _)| !shares.is_empty()) {
                        remove_share(&mut relation.qualifiers);
                        let own = bytes.and_then(|bytes| shares.get(&bytes));
                        own.into_iter().for_each(|share| insert_share(&mut relation.qualifiers, share));
                    }
                }
                self.weigh_share(&mut relation, reading, found);
                found.push(relation);
            }
        }
    }

    /// Mentions that a reading of the sentence calls an owner.
    fn owners(&self) -> Vec<u32> {
        let mut owners = Vec::new();
        for draft in self.drafts {
            let claims = &self.extractor.rules.rules[draft.rule as usize].claims;
            for claim in claims.iter().filter(|claim| &*claim.predicate == "owns") {
                if let Some(Bound::Mentions(bound)) = draft.bound(claim.subject) {
                    owners.extend(bound);
                }
            }
        }
        owners
    }

    /// Takes back a share that is only an addition to one that nobody tells, and says of votes that they are votes.
    fn weigh_share(&self, relation: &mut Relation, reading: &Reading<'_>, found: &[Relation]) {
        let is_it = |mention: &&Mention| match &mention.kind {
            MentionKind::Percent(share) => {
                let mut told = Qualifiers::new();
                insert_share(&mut told, share);
                told.iter().all(|(qualifier, value)| relation.qualifiers.get(qualifier) == Some(value))
            }
            _ => false,
        };
        let Some(mention) = reading.mentions[self.sentence].iter().find(is_it) else { return };
        let is_holding = matches!(&*relation.predicate, "owns" | "acquired" | "subsidiaryOf" | "controls");
        let lexicon = &self.extractor.lexicon;
        // "Acme holds 40%, Bolt a further 5%": the 5% are all that Bolt has.
        let is_whole = || &*relation.predicate == "owns" && only_others_hold(relation, found);
        let is_addition = is_change(reading, lexicon, self.sentence, mention)
            || is_further(reading, lexicon, self.sentence, mention) && !is_whole();
        if is_holding && is_addition {
            remove_share(&mut relation.qualifiers);
        } else if &*relation.predicate == "owns" && is_of_votes(reading, lexicon, self.sentence, mention) {
            relation.qualifiers.insert(Qualifier::Class, QualifierValue::Text("votes".to_owned()));
        }
    }

    /// "Acme holds 70%, Bolt the rest": what the shares told just before leave.
    fn rest_of_shares(&self, relation: &Relation, words: &str, found: &[Relation]) -> Option<Decimal> {
        const REST: [&str; 7] = ["rest", "remainder", "balance", "其余", "其餘", "剩余", "剩餘"];
        let tells_rest = REST.iter().any(|word| words.contains(word)) && !has_share(&relation.qualifiers);
        if &*relation.predicate != "owns" || !tells_rest {
            return None;
        }
        let near = found.iter().rev().take_while(|other| other.sentence as usize + 1 >= self.sentence);
        let shares = near.filter(|other| {
            other.predicate == relation.predicate
                && object_entity(other) == object_entity(relation)
                && other.subject.entity != relation.subject.entity
        });
        let share = |other: &Relation| match other.qualifiers.get(&Qualifier::Percent) {
            Some(QualifierValue::Decimal(percent)) => Some((other.subject.entity, *percent)),
            _ => None,
        };
        let told: BTreeMap<u32, Decimal> = shares.map(share).collect::<Option<_>>()?;
        let sum: Decimal = told.values().sum();
        (sum > Decimal::ZERO && sum < Decimal::ONE_HUNDRED).then(|| Decimal::ONE_HUNDRED - sum)
    }

    /// Whether a percentage may be the share that the reading speaks of: no growth, no votes, no old share beside a new
    /// one, and nobody else's.
    fn may_be_share(&self, draft: &Draft, line: &ClaimLine, reading: &Reading<'_>, index: usize) -> bool {
        let mentions = &reading.mentions[self.sentence];
        let mention = &mentions[index];
        let acquired = &*line.predicate == "acquired";
        let others = || {
            let shares = mentions.iter().filter(|other| matches!(other.kind, MentionKind::Percent(_)));
            shares.filter(|other| other.start != mention.start)
        };
        let lexicon = &self.extractor.lexicon;
        let role = share_role(reading, lexicon, self.sentence, mention);
        match role {
            ShareRole::None => return false,
            ShareRole::Old
                if others().any(|other| share_role(reading, lexicon, self.sentence, other) == ShareRole::New) =>
            {
                return false;
            }
            // What is bought is neither what one had nor what one has then.
            ShareRole::New if acquired => return false,
            _ => {}
        }
        // "investment house Tafelkop Capital (41%)": right behind an end it is its share, whoever else is named.
        let bound = mentions.iter().enumerate().filter(|(other, _)| draft.binds(*other as u32));
        let brackets = |name: &Mention| name.end + 1 == mention.start && words(reading, name.end, mention.start) == "(";
        if bound.into_iter().any(|(_, name)| brackets(name)) {
            return true;
        }
        let between = if mention.start >= draft.trigger.1 {
            draft.trigger.1..mention.start
        } else {
            mention.end..draft.trigger.0
        };
        !mentions.iter().enumerate().any(|(other, name)| match name.kind {
            MentionKind::Name { entity } => {
                between.contains(&name.start)
                    && !draft.binds(other as u32)
                    && reading.registry.classes_of(entity).meets(self.extractor.companies)
            }
            _ => false,
        })
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
        if self.is_of_head_before(draft, subject.end.bytes, reading) || self.is_no_investor(line, &subject.end, reading)
        {
            return None;
        }
        reading.registry.vote(subject.end.entity, &line.domain.in_order);
        let within = [subject.end.bytes, object_bytes].into_iter().flatten();
        let evidence = within.fold(draft.quote, |covers, bytes| (covers.0.min(bytes.0), covers.1.max(bytes.1)));
        let qualifiers = self.qualifiers(draft, line, &object.end, reading);
        let mut status = self.status(draft, line).max(draft_rule(line, subject, &object.end, reading));
        let published = reading.structure.articles[reading.block(self.sentence).article as usize].published;
        let described = self.extractor.rules.rules[draft.rule as usize].presupposed;
        if status == Status::Asserted && !described && is_yet_to_come(&line.predicate, &qualifiers, published) {
            status = Status::Planned;
        }
        let past = matches!(&*line.predicate, "owns" | "controls" | "subsidiaryOf")
            && self.tells_past_holding(draft, line, reading);
        let term = &*line.predicate == "officerOf" && is_term_over(&qualifiers, published, self.tells_period(reading));
        if status == Status::Asserted && (term || has_ended(&qualifiers, past, published)) {
            status = Status::Ended;
        }
        let tokens_before = |byte: u32| reading.tokens.partition_point(|token| token.start < byte);
        let signs = Signs {
            prior: self.extractor.rules.rules[draft.rule as usize].prior,
            learned: false,
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
            past,
        })
    }

    /// 获证监会准许向零售投资者: an authority puts no money into a firm, and 深交所上市的 is where a firm is listed.
    fn is_no_investor(&self, line: &ClaimLine, subject: &End, reading: &Reading<'_>) -> bool {
        let only = self.extractor.classes.set("Regulator") == Some(reading.registry.classes_of(subject.entity));
        let supervises = only && !is_bank(reading.registry.entity(subject.entity).label());
        let behind = subject.bytes.map_or("", |(_, end)| &reading.text.as_str()[end as usize..]).trim_start();
        // 骆振邦之弟骆振海，持股7%; 力宝系的Multipolar，占股33%.
        let tells_another = || {
            ["之弟", "之兄", "之子", "之女", "之妻", "之父", "之母", "系的"].iter().any(|word| behind.starts_with(word))
        };
        let listed_there = || {
            ["上市", "挂牌", "掛牌", "主板", "-listed", "-traded", "listed"].iter().any(|word| behind.starts_with(word))
        };
        match &*line.predicate {
            "investsIn" => supervises || listed_there(),
            // "the task of watching Acme passed to the FSA": nor does it take one over.
            "acquired" => supervises || listed_there() || tells_another(),
            "owns" => listed_there() || tells_another(),
            _ => false,
        }
    }

    /// "Nidd, a unit of Hollis, listed in London, …": a participle behind an apposition may tell of either.
    fn is_of_head_before(&self, draft: &Draft, subject: Option<(u32, u32)>, reading: &Reading<'_>) -> bool {
        const NEAR: u32 = 6;
        const PARTICIPLES: [&str; 8] =
            ["listed", "based", "headquartered", "founded", "established", "backed", "owned", "controlled"];
        let mentions = &reading.mentions[self.sentence];
        let starts = |mention: &&Mention| {
            subject.is_some_and(|(start, _)| reading.tokens[mention.start as usize].start == start)
        };
        let Some(mention) = mentions.iter().find(starts).filter(|mention| mention.is_name()) else { return false };
        let range = &reading.sentences[self.sentence];
        let word = |at: u32| if range.start <= at && at < range.end { words(reading, at, at + 1) } else { "" };
        let first = mention.start.saturating_sub(NEAR).max(range.start);
        let within_apposition = (first..mention.start).any(|at| {
            let noun = reading.tokens[at as usize].hash;
            word(at + 1) == "of" && self.extractor.lexicon.relation_nouns.contains(&noun)
        }) && (first..mention.start).any(|at| word(at) == ",");
        within_apposition
            && word(mention.end) == ","
            && PARTICIPLES.contains(&word(mention.end + 1))
            && draft.trigger.0 <= mention.end + 2
    }

    /// "Hollis held 30% at the end of 2019", 霍利斯2015年持有: a holding at a time, of which nothing is said since.
    fn tells_past_holding(&self, draft: &Draft, line: &ClaimLine, reading: &Reading<'_>) -> bool {
        const PAST: [&str; 6] = ["owned", "held", "had", "controlled", "was", "were"];
        const NEAR: u32 = 3;
        let mentions = &reading.mentions[self.sentence];
        let owner = match draft.bound(line.subject) {
            Some(Bound::Mentions(bound)) => bound.last().map(|&index| &mentions[index as usize]),
            _ => None,
        };
        let word = |at: u32| words(reading, at, at + 1);
        let first = reading.sentences[self.sentence].start;
        let verb = (draft.trigger.0.saturating_sub(NEAR).max(first + 1)..draft.trigger.1).find(|&at| {
            let follows_owner = owner.is_some_and(|owner| owner.end == at);
            PAST.contains(&word(at)) && (follows_owner || matches!(word(at - 1), "was" | "were" | "still" | "also"))
        });
        let dates = || mentions.iter().filter(|mention| matches!(mention.kind, MentionKind::Date(_)));
        let near_trigger = |date: &Mention| date.end <= draft.trigger.0 && draft.trigger.0 - date.end <= NEAR;
        let opens = |date: &Mention| owner.is_some_and(|owner| (date.end..=date.end + 2).contains(&owner.start));
        let chinese = reading.text.slice(draft.covers.0, draft.covers.1).contains('持');
        verb.is_some() || chinese && dates().any(|date| near_trigger(date) || opens(date))
    }

    /// Whether the sentence has a period: "from 2010 to 2018".
    fn tells_period(&self, reading: &Reading<'_>) -> bool {
        let mentions = &reading.mentions[self.sentence];
        mentions.iter().any(|mention| end_of_period(reading, mentions, mention).is_some())
    }

    fn status(&self, draft: &Draft, line: &ClaimLine) -> Status {
        let pinned = line.status.or(self.extractor.rules.rules[draft.rule as usize].status);
        let is_event = is_event(&line.predicate);
        match (pinned, draft.told.status) {
            // "plans to sell its stake": what is to end has not ended yet.
            (Some(Status::Ended), Status::Planned | Status::Conditional | Status::Reported) => Status::Asserted,
            // 曾试图收购 is over, and was an attempt all the same.
            (Some(pinned), Status::Ended) if pinned != Status::Ended && is_event => pinned,
            (Some(pinned), told) => pinned.max(told),
            // Of events and figures only the rule itself can say that they have ended.
            (None, _) if is_event => draft.told.of_event(),
            (None, told) => told,
        }
    }

    fn qualifiers(&self, draft: &Draft, line: &ClaimLine, object: &ObjectEnd, reading: &Reading<'_>) -> Qualifiers {
        /// Bytes of " between 2010 and ".
        const BEHIND: u32 = 18;
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
        let described = self.extractor.rules.rules[draft.rule as usize].presupposed;
        let taken = |index: usize| {
            let mention = index as u32;
            let own_object = matches!(object, Some(Bound::Mentions(mentions)) if mentions.contains(&mention));
            let not_its_share = matches!(mentions[index].kind, MentionKind::Percent(_))
                && !draft.binds(mention)
                && !self.may_be_share(draft, line, reading, index);
            // "colluded from 2018 to 2021" tells no day of the fine, and a description has only the time behind it.
            let behind = reading.tokens[mentions[index].start as usize].start.saturating_sub(draft.covers.1);
            let others_period = (is_event(&line.predicate) || described && behind > BEHIND)
                && !draft.binds(mention)
                && end_of_period(reading, mentions, &mentions[index]).is_some();
            own_object
                || not_its_share
                || others_period
                || (!draft.binds(mention) && self.drafts.iter().any(|draft| draft.binds(mention)))
        };
        if line.accepts.contains(&Qualifier::Percent)
            && !has_share(&qualifiers)
            && tells_the_whole(&self.extractor.lexicon, &line.predicate, reading.tokens_within(draft.covers))
        {
            insert_share(&mut qualifiers, &Share::exact(Decimal::ONE_HUNDRED));
        }
        qualify(&mut qualifiers, &line.accepts, mentions, draft.trigger, taken, |mention| {
            validity_end(reading, mentions, mention)
        });
        qualifiers
    }
}

/// What happens rather than holds.
fn is_event(predicate: &str) -> bool {
    const EVENTS: [&str; 13] = [
        "acquired",
        "raised",
        "investsIn",
        "founderOf",
        "foundedOn",
        "expandsInto",
        "sanctions",
        "issued",
        "mergesWith",
        "spunOffFrom",
        "succeeds",
        "hasMetric",
        "hasValuation",
    ];
    EVENTS.contains(&predicate)
}

/// Whether a fact is dated behind the day of publication: what has a day to come has not come about.
fn is_yet_to_come(predicate: &str, qualifiers: &Qualifiers, published: Option<PartialDate>) -> bool {
    const DATED: [&str; 7] =
        ["officerOf", "listedOn", "acquired", "mergesWith", "expandsInto", "spunOffFrom", "investsIn"];
    let date = [Qualifier::Date, Qualifier::ValidFrom].iter().find_map(|key| qualifiers.get(key));
    let (Some(QualifierValue::Date(date)), Some(published)) = (date, published) else { return false };
    let parts = |date: PartialDate, unknown: u8| {
        (date.year_number(), date.month_number().unwrap_or(unknown), date.day_number().unwrap_or(unknown))
    };
    DATED.contains(&predicate) && parts(*date, 0) > parts(published, u8::MAX)
}

/// Whether what is told as past is over: it ended before its text, or is told of a year long past.
fn has_ended(qualifiers: &Qualifiers, past: bool, published: Option<PartialDate>) -> bool {
    const YEARS: i16 = 2;
    let date = |key| match qualifiers.get(&key) {
        Some(QualifierValue::Date(date)) => Some(*date),
        _ => None,
    };
    let over = date(Qualifier::ValidTo)
        .is_some_and(|end| published.is_none_or(|published| end.last_day() < published.first_day()));
    let years_ago = date(Qualifier::Date)
        .is_some_and(|date| published.is_some_and(|published| date.year_number() + YEARS <= published.year_number()));
    past && (over || years_ago)
}

/// "chaired Acme from 2010 to 2018": an office that ended before its text, or one of a period in a text of no date.
fn is_term_over(qualifiers: &Qualifiers, published: Option<PartialDate>, of_period: bool) -> bool {
    matches!(qualifiers.get(&Qualifier::ValidTo), Some(QualifierValue::Date(end))
        if published.map_or(of_period, |published| end.last_day() < published.first_day()))
}

/// "Ligurbanca to merge with …", "A and B to complete their merger": a headline's infinitive is a plan.
fn is_infinitive(clause: &Clause<'_>, fit: &Match) -> bool {
    const NEAR: usize = 5;
    let first = fit.trigger.0.saturating_sub(NEAR).max(1);
    (first..fit.trigger.0).any(|unit| {
        clause.word_text(unit) == "to"
            && clause.word(unit + 1).is_some_and(|next| !next.capital)
            && clause.mention(unit - 1).is_some_and(|(_, mention)| mention.is_name())
    })
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
