//! Mentions → relations: rules run over each sentence, and what they bound is resolved to entities.

use guanxi_model::{Money, Number, Qualifier, QualifierValue, Qualifiers, Section, Status, Value};

use crate::classes::ClassSet;
use crate::extractor::Extractor;
use crate::focus::Focus;
use crate::modality::Cues;
use crate::qualify::{insert_money, insert_number, insert_share, qualify};
use crate::reading::Reading;
use crate::rule::compile::{ClaimLine, QualifierSource};
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
    pub(crate) predicate: std::sync::Arc<str>,
    pub(crate) subject: End,
    pub(crate) object: ObjectEnd,
    pub(crate) qualifiers: Qualifiers,
    pub(crate) status: Status,
    /// In thousandths.
    pub(crate) confidence: u16,
    /// Bytes of the quote.
    pub(crate) evidence: (u32, u32),
    pub(crate) attributed_to: Option<String>,
}

/// All relations that rules find, in document order.
pub(crate) fn relate(extractor: &Extractor, reading: &mut Reading<'_>) -> Vec<Relation> {
    let focus = Focus::new(reading, extractor.companies);
    let mut found = Vec::new();
    for sentence in 0..reading.sentences.len() {
        let range = reading.sentences[sentence].start..reading.sentences[sentence].end;
        let classes = reading.classes(sentence);
        let mentions = std::mem::take(&mut reading.mentions[sentence]);
        let text = reading.text;
        let tokens = std::mem::take(&mut reading.tokens);
        let clause = Clause::new(text.as_str(), &tokens, range.clone(), &mentions, &classes);
        let matches = matcher::matches(&extractor.rules, &clause, &extractor.lexicon, extractor.agents);
        let matches = settle::choose(&extractor.rules, matches);
        let cues = (!matches.is_empty())
            .then(|| Cues::new(&extractor.lexicon, text.as_str(), &tokens[range.start as usize..range.end as usize]));
        // Mentions and tokens go back before entities are looked up through the reading.
        let drafts: Vec<Draft> =
            matches.into_iter().map(|fit| Draft::new(extractor, &clause, fit, range.start, cues.as_ref())).collect();
        drop(clause);
        reading.mentions[sentence] = mentions;
        reading.tokens = tokens;
        let speaker = speaker(extractor, reading, sentence);
        for draft in &drafts {
            draft.relations(extractor, reading, &focus, sentence, &drafts, speaker.as_deref(), &mut found);
        }
    }
    found
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
    fn new(extractor: &Extractor, clause: &Clause<'_>, fit: Match, first_token: u32, cues: Option<&Cues>) -> Self {
        let pattern = &extractor.rules.patterns[fit.pattern as usize];
        let rule = &extractor.rules.rules[pattern.rule as usize];
        let trigger = (clause.units[fit.trigger.0].start, clause.units[fit.trigger.1 - 1].end);
        let (from, to) = ((trigger.0 - first_token) as usize, (trigger.1 - first_token) as usize);
        let cued = cues.map_or(Status::Asserted, |cues| cues.status(from, to));
        let status = rule.status.map_or(cued, |pinned| pinned.max(cued));
        let last = fit.covers.1.max(fit.covers.0 + 1) - 1;
        let first_byte = clause.tokens[clause.units[fit.covers.0].start as usize].start;
        let last_byte = clause.tokens[clause.units[last].end as usize - 1].end;
        Self { rule: pattern.rule, fit, status, trigger, covers: (first_byte, last_byte) }
    }

    #[allow(clippy::too_many_arguments)]
    fn relations(
        &self,
        extractor: &Extractor,
        reading: &mut Reading<'_>,
        focus: &Focus,
        sentence: usize,
        drafts: &[Draft],
        speaker: Option<&str>,
        found: &mut Vec<Relation>,
    ) {
        let rule = &extractor.rules.rules[self.rule as usize];
        let bound = self.fit.bound_mentions();
        for line in &rule.claims {
            let mut resolve = Resolve { extractor, reading, focus, sentence, trigger: self.trigger.0, bound: &bound };
            let subjects = resolve.ends(self.bound(line.subject), line.domain);
            let objects = resolve.objects(self.bound(line.object), line.range);
            let pairs = pairs(&subjects, &objects, says_respectively(reading, sentence));
            for (subject, object) in pairs {
                if let Some(relation) =
                    self.relation(extractor, reading, sentence, drafts, line, subject, object, speaker)
                {
                    found.push(relation);
                }
            }
        }
    }

    fn bound(&self, slot: u8) -> Option<&Bound> {
        self.fit.bindings.get(slot as usize)?.as_ref()
    }

    #[allow(clippy::too_many_arguments)]
    fn relation(
        &self,
        extractor: &Extractor,
        reading: &mut Reading<'_>,
        sentence: usize,
        drafts: &[Draft],
        line: &ClaimLine,
        subject: &Resolved<End>,
        object: &Resolved<ObjectEnd>,
        speaker: Option<&str>,
    ) -> Option<Relation> {
        let mut trust =
            u32::from(extractor.rules.rules[self.rule as usize].prior) * subject.trust / 1000 * object.trust / 1000;
        if let ObjectEnd::Entity(end) = &object.end {
            if end.entity == subject.end.entity {
                return None;
            }
            reading.registry.vote(end.entity, line.range);
        }
        reading.registry.vote(subject.end.entity, line.domain);
        let qualifiers = self.qualifiers(reading, sentence, drafts, line, &object.end);
        if matches!(reading.block(sentence).section, Section::Bio) {
            trust = trust * 900 / 1000;
        }
        let object_bytes = match &object.end {
            ObjectEnd::Entity(end) => end.bytes,
            ObjectEnd::Value(_) => None,
        };
        let within = [subject.end.bytes, object_bytes].into_iter().flatten();
        let evidence = within.fold(self.covers, |covers, bytes| (covers.0.min(bytes.0), covers.1.max(bytes.1)));
        let attributed_to = speaker.map(str::to_owned);
        Some(Relation {
            sentence: sentence as u32,
            rule: self.rule,
            predicate: line.predicate.clone(),
            subject: subject.end.clone(),
            object: object.end.clone(),
            qualifiers,
            status: self.status,
            confidence: trust.min(1000) as u16,
            evidence,
            attributed_to,
        })
    }

    fn qualifiers(
        &self,
        reading: &Reading<'_>,
        sentence: usize,
        drafts: &[Draft],
        line: &ClaimLine,
        object: &ObjectEnd,
    ) -> Qualifiers {
        let mentions = &reading.mentions[sentence];
        let mut qualifiers = Qualifiers::new();
        for (qualifier, source) in &line.qualifiers {
            match source {
                QualifierSource::Fixed(value) => {
                    qualifiers.insert(*qualifier, value.clone());
                }
                QualifierSource::Slot(slot) => {
                    self.qualifier_from_slot(reading, mentions, *qualifier, *slot, &mut qualifiers);
                }
            }
        }
        match object {
            ObjectEnd::Value(Value::Money(money)) => insert_money(&mut qualifiers, money),
            ObjectEnd::Value(Value::Number(number)) => insert_number(&mut qualifiers, number),
            _ => {}
        }
        // A figure that another reading binds is that one's; one that is this reading's own object is told already.
        let object = self.bound(line.object);
        let taken = |index: usize| {
            let mention = index as u32;
            let own_object = matches!(object, Some(Bound::Mentions(mentions)) if mentions.contains(&mention));
            own_object || (!self.binds(mention) && drafts.iter().any(|draft| draft.binds(mention)))
        };
        qualify(&mut qualifiers, &line.accepts, mentions, self.trigger, taken, |mention| {
            validity_end(reading, mention)
        });
        qualifiers
    }

    fn binds(&self, mention: u32) -> bool {
        self.fit
            .bindings
            .iter()
            .flatten()
            .any(|bound| matches!(bound, Bound::Mentions(mentions) if mentions.contains(&mention)))
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
            Some(Bound::Implied) | None => {}
        }
    }
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

/// An end with how much it can be trusted, in thousandths.
#[derive(Clone, Debug)]
struct Resolved<T> {
    end: T,
    trust: u32,
}

const CERTAIN: u32 = 1000;
const OPEN_LATIN_NAME: u32 = 950;
const OPEN_HAN_NAME: u32 = 800;
const NOMINAL: u32 = 850;
const IMPLIED: u32 = 800;
/// A pronoun, or nobody, where the story is plainly about one firm.
const NOMINAL_OF_DOMINANT: u32 = 950;
const IMPLIED_DOMINANT: u32 = 900;
const NOUN_PHRASE: u32 = 850;

struct Resolve<'a, 'r> {
    extractor: &'a Extractor,
    reading: &'a mut Reading<'r>,
    focus: &'a Focus,
    sentence: usize,
    /// First token of the trigger.
    trigger: u32,
    /// Mentions that the reading binds.
    bound: &'a [u32],
}

impl Resolve<'_, '_> {
    fn ends(&mut self, bound: Option<&Bound>, classes: ClassSet) -> Vec<Resolved<End>> {
        match bound {
            Some(Bound::Mentions(mentions)) => {
                mentions.iter().filter_map(|&mention| self.mention(mention as usize, classes)).collect()
            }
            Some(Bound::Phrases(phrases)) => {
                phrases.iter().filter_map(|&(start, end)| self.phrase(start, end, classes)).collect()
            }
            Some(Bound::Implied) => self.implied(classes).into_iter().collect(),
            None => Vec::new(),
        }
    }

    fn objects(&mut self, bound: Option<&Bound>, classes: ClassSet) -> Vec<Resolved<ObjectEnd>> {
        if let Some(Bound::Mentions(mentions)) = bound
            && let Some(&first) = mentions.first()
            && let Some(value) = value_of(&self.reading.mentions[self.sentence][first as usize])
        {
            return vec![Resolved { end: ObjectEnd::Value(value), trust: CERTAIN }];
        }
        let ends = self.ends(bound, classes);
        ends.into_iter()
            .map(|resolved| Resolved { end: ObjectEnd::Entity(resolved.end), trust: resolved.trust })
            .collect()
    }

    fn mention(&mut self, index: usize, classes: ClassSet) -> Option<Resolved<End>> {
        let mention = self.reading.mentions[self.sentence][index].clone();
        let bytes = Some(self.bytes(mention.start, mention.name_end, mention.quoted));
        match mention.kind {
            MentionKind::Name { entity } => {
                let fits = self.reading.registry.classes_of(entity).meets(classes);
                fits.then(|| Resolved { end: End { entity, bytes }, trust: self.trust_in(entity, bytes) })
            }
            MentionKind::Nominal { classes: meant, speaks_of_itself } => {
                let entity =
                    self.focus.antecedent(self.reading, self.sentence, index, meant & classes, speaks_of_itself)?;
                let dominant = self.focus.is_dominant(self.reading, self.sentence, entity);
                let trust = if dominant { NOMINAL_OF_DOMINANT } else { NOMINAL };
                Some(Resolved { end: End { entity, bytes }, trust })
            }
            _ => None,
        }
    }

    fn trust_in(&self, entity: u32, bytes: Option<(u32, u32)>) -> u32 {
        let registry = &self.reading.registry;
        if registry.is_known(entity) || registry.is_shown(entity) {
            return CERTAIN;
        }
        let han =
            bytes.is_some_and(|(start, end)| self.reading.text.slice(start, end).chars().any(crate::scan::is_han));
        if han { OPEN_HAN_NAME } else { OPEN_LATIN_NAME }
    }

    /// Bytes of tokens, without quotation marks around them.
    fn bytes(&self, start: u32, end: u32, quoted: bool) -> (u32, u32) {
        let tokens = &self.reading.tokens;
        if quoted && end - start > 2 {
            return (tokens[start as usize + 1].start, tokens[end as usize - 2].end);
        }
        (tokens[start as usize].start, tokens[end as usize - 1].end)
    }

    /// A line of business or a product named by common words; a word too general to be a thing is none.
    fn phrase(&mut self, start: u32, end: u32, classes: ClassSet) -> Option<Resolved<End>> {
        if let Some(index) =
            self.reading.mentions[self.sentence].iter().position(|mention| mention.start == start && mention.end == end)
        {
            return self.mention(index, classes);
        }
        let subject_matter = classes & self.extractor.subject_matters;
        let (start, end) = self.trimmed(start, end)?;
        let last = self.reading.tokens[end as usize - 1];
        if subject_matter.is_empty() || (end - start == 1 && self.extractor.lexicon.generic_nouns.contains(&last.hash))
        {
            return None;
        }
        let bytes = self.bytes(start, end, false);
        let text = self.reading.text.slice(bytes.0, bytes.1).to_owned();
        if self.extractor.lexicon.han_generic.contains(&text) {
            return None;
        }
        let tokens = &self.reading.tokens[start as usize..end as usize];
        let entity = match self.extractor.known.longest(self.reading.text.as_str(), tokens) {
            Some((length, row)) if length == tokens.len() => self.reading.registry.known(row, &text),
            _ => self.reading.registry.named(&text, subject_matter, false),
        };
        Some(Resolved { end: End { entity, bytes: Some(bytes) }, trust: NOUN_PHRASE })
    }

    /// Determiners and words such as "new" do not belong to the thing.
    fn trimmed(&self, start: u32, end: u32) -> Option<(u32, u32)> {
        let is_light = |index: u32| {
            let token = &self.reading.tokens[index as usize];
            self.extractor.lexicon.light_words.contains(&token.hash)
        };
        let hyphen_follows = |index: u32| {
            self.reading
                .tokens
                .get(index as usize + 1)
                .is_some_and(|next| self.reading.text.slice(next.start, next.end) == "-")
        };
        let first = (start..end).find(|&index| !is_light(index) || hyphen_follows(index))?;
        // "…, indicating a move": a participle begins a clause, it names nothing.
        let opening =
            self.reading.text.slice(self.reading.tokens[first as usize].start, self.reading.tokens[first as usize].end);
        let participle = opening.ends_with("ing")
            && !opening.starts_with(char::is_uppercase)
            && !self.extractor.lexicon.common_gerunds.contains(&self.reading.tokens[first as usize].hash);
        (!participle).then_some((first, end))
    }

    /// Whom an elided end means: the sentence's own subject where it names one before the trigger, else
    /// whomever the text is about.
    fn implied(&mut self, classes: ClassSet) -> Option<Resolved<End>> {
        let mentions = &self.reading.mentions[self.sentence];
        let first = mentions.iter().position(|mention| !mention.is_quantity());
        let own =
            first.filter(|&first| mentions[first].end <= self.trigger).and_then(|first| self.mention(first, classes));
        let entity = match own {
            Some(subject) if !self.bound_elsewhere(first) => subject.end.entity,
            _ => self.focus.subject(self.reading, self.sentence)?,
        };
        let fits = self.reading.registry.classes_of(entity).meets(classes);
        let dominant = self.focus.is_dominant(self.reading, self.sentence, entity);
        let trust = if dominant { IMPLIED_DOMINANT } else { IMPLIED };
        fits.then_some(Resolved { end: End { entity, bytes: None }, trust })
    }

    /// Whether the reading binds this mention to another end already.
    fn bound_elsewhere(&self, mention: Option<usize>) -> bool {
        mention.is_some_and(|mention| self.bound.contains(&(mention as u32)))
    }
}

fn value_of(mention: &Mention) -> Option<Value> {
    Some(match &mention.kind {
        MentionKind::Money(money) => Value::Money(Money { amount: money.amount.normalize(), ..money.clone() }),
        MentionKind::Number(number) => Value::Number(Number { number: number.number.normalize(), ..number.clone() }),
        MentionKind::Date(date) => Value::Date(*date),
        MentionKind::Percent(share) => Value::Number(Number {
            number: share.min.normalize(),
            raw: share.to_string(),
            comparator: guanxi_model::Comparator::Equal,
        }),
        _ => return None,
    })
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
