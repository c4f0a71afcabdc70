//! What a reading bound → entities: names, pronouns, phrases of plain words, and ends left out.

use guanxi_model::{Money, Number, Value};

use crate::classes::ClassSet;
use crate::confidence::Found;
use crate::extractor::Extractor;
use crate::focus::Focus;
use crate::reading::Reading;
use crate::relate::{End, ObjectEnd};
use crate::rule::matcher::Bound;
use crate::units::{Mention, MentionKind};

/// An end with how it was found.
#[derive(Clone, Debug)]
pub(crate) struct Resolved<T> {
    pub(crate) end: T,
    pub(crate) found: Found,
}

/// Second halves of compounds that tell of a firm, not of its trade.
const ENDS_OF_COMPOUNDS: [&str; 9] =
    ["based", "listed", "owned", "backed", "run", "controlled", "headquartered", "founded", "led"];

/// Looks up what a reading bound.
pub(crate) struct Resolve<'a, 'r> {
    pub(crate) extractor: &'a Extractor,
    pub(crate) reading: &'a mut Reading<'r>,
    pub(crate) focus: &'a Focus,
    pub(crate) sentence: usize,
    /// First token of the trigger.
    pub(crate) trigger: u32,
    /// Mentions that the reading binds.
    pub(crate) bound: &'a [u32],
}

impl Resolve<'_, '_> {
    /// The entities that a slot bound.
    pub(crate) fn ends(&mut self, bound: Option<&Bound>, classes: ClassSet) -> Vec<Resolved<End>> {
        match bound {
            Some(Bound::Mentions(mentions)) => {
                mentions.iter().filter_map(|&mention| self.mention(mention as usize, classes)).collect()
            }
            Some(Bound::Phrases(phrases)) => {
                phrases.iter().filter_map(|&(start, end)| self.phrase(start, end, classes)).collect()
            }
            Some(Bound::ImpliedSubject) => self.implied_subject(classes).into_iter().collect(),
            Some(Bound::ImpliedObject) => self.implied_object(classes).into_iter().collect(),
            None => Vec::new(),
        }
    }

    /// The same for the other end, which may be a value.
    pub(crate) fn objects(&mut self, bound: Option<&Bound>, classes: ClassSet) -> Vec<Resolved<ObjectEnd>> {
        if let Some(Bound::Mentions(mentions)) = bound
            && let Some(&first) = mentions.first()
            && let Some(value) = value_of(&self.reading.mentions[self.sentence][first as usize])
        {
            return vec![Resolved { end: ObjectEnd::Value(value), found: Found::Value }];
        }
        let ends = self.ends(bound, classes);
        ends.into_iter()
            .map(|resolved| Resolved { end: ObjectEnd::Entity(resolved.end), found: resolved.found })
            .collect()
    }

    fn mention(&mut self, index: usize, classes: ClassSet) -> Option<Resolved<End>> {
        let mention = self.reading.mentions[self.sentence][index].clone();
        let bytes = Some(self.bytes(mention.start, mention.name_end, mention.quoted));
        match mention.kind {
            MentionKind::Name { entity } => {
                let fits = self.reading.registry.classes_of(entity).meets(classes);
                fits.then(|| Resolved { end: End { entity, bytes }, found: self.how_named(entity, bytes) })
            }
            MentionKind::Nominal { meant: Some(entity), .. } => {
                let entity = self.reading.registry.root(entity);
                let fits = self.reading.registry.classes_of(entity).meets(classes);
                fits.then_some(Resolved { end: End { entity, bytes }, found: Found::NominalOfStory })
            }
            MentionKind::Nominal { classes: meant, speaks_of_itself, .. } => {
                let entity =
                    self.focus.antecedent(self.reading, self.sentence, index, meant & classes, speaks_of_itself)?;
                // "Cotswold bought the broker": what is bought is not the buyer.
                let entity = match self.is_bound(entity) {
                    true => self
                        .focus
                        .subject(self.reading, self.sentence)
                        .filter(|&other| !self.is_bound(other))
                        .unwrap_or(entity),
                    false => entity,
                };
                let dominant = self.focus.is_dominant(self.reading, self.sentence, entity);
                let found = if dominant { Found::NominalOfStory } else { Found::Nominal };
                Some(Resolved { end: End { entity, bytes }, found })
            }
            _ => None,
        }
    }

    fn how_named(&self, entity: u32, bytes: Option<(u32, u32)>) -> Found {
        let registry = &self.reading.registry;
        if registry.is_known(entity) {
            return Found::Known;
        }
        if registry.is_shown(entity) {
            return Found::Shown;
        }
        let han =
            bytes.is_some_and(|(start, end)| self.reading.text.slice(start, end).chars().any(crate::scan::is_han));
        if han { Found::Han } else { Found::Latin }
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
        Some(Resolved { end: End { entity, bytes: Some(bytes) }, found: Found::Phrase })
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
        let mut first = (start..end).find(|&index| !is_light(index) || hyphen_follows(index))?;
        // "Munich-based legal software", "state-owned oil": whose it is does not belong to it.
        let word = |index: u32| {
            self.reading.tokens.get(index as usize).map_or("", |token| self.reading.text.slice(token.start, token.end))
        };
        while first + 2 < end && word(first + 1) == "-" && ENDS_OF_COMPOUNDS.contains(&word(first + 2)) {
            first = (first + 3..end).find(|&index| !is_light(index) || hyphen_follows(index))?;
        }
        // "…, indicating a move": a participle begins a clause, it names nothing.
        let opening =
            self.reading.text.slice(self.reading.tokens[first as usize].start, self.reading.tokens[first as usize].end);
        let participle = opening.ends_with("ing")
            && !opening.starts_with(char::is_uppercase)
            && !self.extractor.lexicon.common_gerunds.contains(&self.reading.tokens[first as usize].hash);
        (!participle).then_some((first, end))
    }

    /// Whom an elided object means: "East Ventures holds 17%" is about whomever the text is about.
    fn implied_object(&mut self, classes: ClassSet) -> Option<Resolved<End>> {
        let bound = |entity: u32| self.is_bound(entity);
        if let Some(authority) = self.implied_authority(classes) {
            return Some(authority);
        }
        match self.focus.subject(self.reading, self.sentence) {
            Some(entity) if !bound(entity) => self.implied_end(entity, classes),
            // Who is bound already is not meant again; somebody named before the verb may be.
            _ => {
                let mentions = &self.reading.mentions[self.sentence];
                let before = mentions.iter().filter(|mention| mention.end <= self.trigger);
                let named = before.filter_map(|mention| match mention.kind {
                    MentionKind::Name { entity } => Some(entity),
                    _ => None,
                });
                let fits = |entity: &u32| !bound(*entity) && self.reading.registry.classes_of(*entity).meets(classes);
                let entity = named.into_iter().find(fits)?;
                self.implied_end(entity, classes)
            }
        }
    }

    /// Whom an elided subject means: the sentence's own where it names one before the trigger, else
    /// whomever the text is about.
    fn implied_subject(&mut self, classes: ClassSet) -> Option<Resolved<End>> {
        if let Some(authority) = self.implied_authority(classes) {
            return Some(authority);
        }
        let mentions = &self.reading.mentions[self.sentence];
        let first = mentions.iter().position(|mention| !mention.is_quantity());
        let own =
            first.filter(|&first| mentions[first].end <= self.trigger).and_then(|first| self.mention(first, classes));
        let entity = match own {
            Some(subject) if !self.bound_elsewhere(first) => subject.end.entity,
            _ => self.focus.subject(self.reading, self.sentence)?,
        };
        self.implied_end(entity, classes)
    }

    fn implied_end(&self, entity: u32, classes: ClassSet) -> Option<Resolved<End>> {
        let fits = self.reading.registry.classes_of(entity).meets(classes & self.extractor.agents);
        let dominant = self.focus.is_dominant(self.reading, self.sentence, entity);
        let found = if dominant { Found::ImpliedOfStory } else { Found::Implied };
        fits.then_some(Resolved { end: End { entity, bytes: None }, found })
    }

    /// Whom "was told to pay" leaves out: the authority named last, where nobody else can be meant.
    fn implied_authority(&self, classes: ClassSet) -> Option<Resolved<End>> {
        let only = !classes.meets(self.extractor.companies) && classes.meets(self.extractor.authorities);
        let entity = self.focus.authority(self.reading, self.sentence, classes).filter(|_| only)?;
        Some(Resolved { end: End { entity, bytes: None }, found: Found::Implied })
    }

    /// Whether the reading binds a name of this entity.
    fn is_bound(&self, entity: u32) -> bool {
        let mentions = &self.reading.mentions[self.sentence];
        self.bound.iter().any(
            |&index| matches!(mentions[index as usize].kind, MentionKind::Name { entity: other } if other == entity),
        )
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
