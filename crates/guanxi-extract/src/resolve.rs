//! What a reading bound → entities: names, pronouns, phrases of plain words, and ends left out.

use guanxi_model::{Money, Number, Qualifier, Status, Value};

use crate::classes::ClassSet;
use crate::confidence::Found;
use crate::extractor::Extractor;
use crate::focus::{Focus, Wanted};
use crate::reading::Reading;
use crate::relate::{End, ObjectEnd, Relation};
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
    /// Mentions of the sentence that some reading of it calls an owner.
    pub(crate) owners: &'a [u32],
    /// What was found so far.
    pub(crate) found: &'a [Relation],
    /// The predicate of which ends are looked for.
    pub(crate) predicate: &'a str,
    /// The words that the reading covers, and their bytes.
    pub(crate) words: &'a str,
    pub(crate) covers: (u32, u32),
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
                if self.predicate == "officerOf"
                    && let Some(firm) = self.firm_of_officer()
                {
                    return self
                        .implied_end(firm, classes)
                        .map(|firm| Resolved { end: End { bytes, ..firm.end }, ..firm });
                }
                // "Cotswold bought the broker": what is bought is not the buyer.
                let named = self.named_besides();
                let classes = meant & classes;
                let wanted =
                    Wanted { sentence: self.sentence, mention: index, classes, speaks_of_itself, bound: &named };
                let entity = self.focus.antecedent(self.reading, &wanted)?;
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
        // "after its main shareholder, Ferd, objected": whoever its is.
        if let Some(pronoun) = self.pronoun_within(classes) {
            return self.mention(pronoun, classes);
        }
        let subject = self.focus.subject(self.reading, self.sentence);
        if self.predicate == "officerOf"
            && let Some(firm) = self.firm_of_officer().or_else(|| self.opens_with(classes))
        {
            return self.implied_end(firm, classes);
        }
        if matches!(self.predicate, "owns" | "acquired") {
            // 越南分号（65%，其余35%为当地甲所有）, "Blue Wind: 50%, the rest being held by Kyst"
            if let Some(head) = self.head_of_bracket().or_else(|| self.head_of_line()) {
                return head.filter(|&head| !bound(head)).and_then(|head| self.implied_end(head, classes));
            }
            match self.owned_before() {
                // "he sold his shares": of the firm that the text has said he serves or founded.
                None if let Some(firm) = self.firm_of_officer().filter(|&firm| !bound(firm)) => {
                    return self.implied_end(firm, classes);
                }
                Some(Owned::Here(entity)) if !bound(entity) => return self.implied_end(entity, classes),
                Some(Owned::Before(entity)) if !bound(entity) && self.tells_the_rest() => {
                    return self.implied_end(entity, classes);
                }
                None if let Some(topic) =
                    self.topic().filter(|&topic| !bound(topic) && !self.is_parent_of_bound(topic)) =>
                {
                    return self.implied_end(topic, classes);
                }
                // Its buyer or what it bought: nobody can tell whose owners are told next.
                Some(Owned::Before(entity))
                    if subject != Some(entity)
                        && !subject
                            .is_some_and(|subject| self.focus.dominates(self.reading, self.sentence, subject)) =>
                {
                    return None;
                }
                _ => {}
            }
        }
        match subject {
            Some(entity) if !bound(entity) && !self.is_parent_of_bound(entity) => self.implied_end(entity, classes),
            // Who is bound already is not meant again; somebody named before the verb may be.
            // But nobody can tell whose shares an owner's are: 聯發科旗下翔發投資持有6% says nothing of 聯發科.
            _ if self.predicate == "owns" => None,
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
            Some(subject) if !self.bound_elsewhere(first) && !self.names_speaker() => subject.end.entity,
            _ => self.focus.subject(self.reading, self.sentence)?,
        };
        self.implied_end(entity, classes)
    }

    /// "… might make sense," says finance chief Amar Gill: his firm is whom the text is about, not who is talked of.
    fn names_speaker(&self) -> bool {
        const SAYING: [&str; 12] = [
            "said",
            "says",
            "told",
            "adds",
            "added",
            "recalls",
            "recalled",
            "explains",
            "explained",
            "argues",
            "jokes",
            "insists",
        ];
        let first = self.reading.sentences[self.sentence].start;
        let word = |at: u32| {
            let token = &self.reading.tokens[at as usize];
            self.reading.text.slice(token.start, token.end)
        };
        self.predicate == "officerOf"
            && (self.trigger.saturating_sub(1).max(first)..=self.trigger).any(|at| SAYING.contains(&word(at)))
    }

    /// "its", "the company" or 其 within the words that the reading covers, bound by nothing.
    fn pronoun_within(&self, classes: ClassSet) -> Option<usize> {
        let mentions = &self.reading.mentions[self.sentence];
        let covers = |mention: &Mention| {
            let token = |at: u32| &self.reading.tokens[at as usize];
            token(mention.start).start >= self.covers.0 && token(mention.end - 1).end <= self.covers.1
        };
        (0..mentions.len()).find(|&index| {
            let nominal =
                matches!(mentions[index].kind, MentionKind::Nominal { classes: meant, .. } if meant.meets(classes));
            nominal
                && covers(&mentions[index])
                && !self.bound.contains(&(index as u32))
                && !self.is_of_stake(mentions[index].end)
        })
    }

    /// "bought its stake", "sold its remaining shares": whose stake it is says nothing of the firm.
    fn is_of_stake(&self, behind: u32) -> bool {
        const STAKES: [&str; 8] =
            ["stake", "stakes", "holding", "holdings", "shareholding", "shares", "interest", "entire"];
        const NEAR: u32 = 3;
        let end = self.reading.sentences[self.sentence].end.min(behind + NEAR);
        (behind..end).any(|at| {
            let token = &self.reading.tokens[at as usize];
            STAKES.contains(&self.reading.text.slice(token.start, token.end))
        })
    }

    /// The body whom the sentence names at its head: "The FSC published three cases, the first since chief executive
    /// Roshan took office".
    fn opens_with(&self, classes: ClassSet) -> Option<u32> {
        const HEAD: u32 = 8;
        let first = self.reading.sentences[self.sentence].start;
        let mut mentions = self.reading.mentions[self.sentence].iter();
        let subject = mentions.find(|mention| !mention.is_quantity())?;
        let MentionKind::Name { entity } = subject.kind else { return None };
        let word = |at: u32| {
            let token = &self.reading.tokens[at as usize];
            self.reading.text.slice(token.start, token.end)
        };
        let opens = subject.start < first + HEAD && subject.end <= self.trigger;
        let is_plain = (first..subject.start)
            .all(|at| !matches!(word(at), "\"" | "“" | "「" | "原" | "前" | "曾" | "former" | "Former" | "ex"));
        let registry = &self.reading.registry;
        let fits = registry.is_shown(entity)
            && registry.classes_of(entity).meets(classes)
            && registry.classes_of(entity) != self.extractor.persons;
        (opens && is_plain && fits && !self.names_speaker()).then_some(entity)
    }

    /// Of words in brackets: whom the name right before the bracket means, if one stands there.
    fn head_of_bracket(&self) -> Option<Option<u32>> {
        let first = self.reading.sentences[self.sentence].start;
        let is = |at: u32, signs: [&str; 2]| {
            let token = &self.reading.tokens[at as usize];
            signs.contains(&self.reading.text.slice(token.start, token.end))
        };
        let inside = (first..self.trigger).rev().take_while(|&at| !is(at, [")", "）"]));
        let open = inside.into_iter().find(|&at| is(at, ["(", "（"]))?;
        Some(self.named_until(open))
    }

    /// Of a line that begins with a name and a colon: whom the name means.
    fn head_of_line(&self) -> Option<Option<u32>> {
        const LONGEST_HEAD: u32 = 8;
        let first = self.reading.sentences[self.sentence].start;
        let colon = (first..self.trigger.min(first + LONGEST_HEAD)).find(|&at| {
            let token = &self.reading.tokens[at as usize];
            matches!(self.reading.text.slice(token.start, token.end), ":" | "：")
        })?;
        self.named_until(colon).map(Some)
    }

    /// Who is named right before a token.
    fn named_until(&self, token: u32) -> Option<u32> {
        let mentions = &self.reading.mentions[self.sentence];
        mentions.iter().find(|mention| mention.end == token).and_then(|mention| match mention.kind {
            MentionKind::Name { entity } => Some(entity),
            _ => None,
        })
    }

    /// The firm with which the sentence opens: 沛晶由兄弟二人创立，目前陈锡源持股18.6%.
    fn topic(&self) -> Option<u32> {
        let first = self.reading.sentences[self.sentence].start;
        let mentions = &self.reading.mentions[self.sentence];
        let index = mentions.iter().position(|mention| !mention.is_quantity())?;
        let subject = &mentions[index];
        let MentionKind::Name { entity } = subject.kind else { return None };
        let registry = &self.reading.registry;
        let is_firm = registry.classes_of(entity).meets(self.extractor.companies) && self.reading.is_actor(entity);
        let sure = registry.is_shown(entity) || registry.mentions_of(entity) > 1;
        let owns = self.owners.contains(&(index as u32));
        (subject.start == first && subject.end <= self.trigger && is_firm && sure && !owns).then_some(entity)
    }

    /// Whose shares the text told of last: here, or in the sentence before of the same paragraph.
    fn owned_before(&self) -> Option<Owned> {
        let owned = |relation: &Relation| match (&*relation.predicate, &relation.object) {
            ("owns" | "acquired" | "controls", ObjectEnd::Entity(end)) => Some(end.entity),
            _ => None,
        };
        let near = self.found.iter().rev().take_while(|relation| relation.sentence as usize + 1 >= self.sentence);
        let tells_shares = |relation: &&Relation| {
            relation.sentence as usize != self.sentence
                || self.is_bound(relation.subject.entity)
                || [Qualifier::Percent, Qualifier::PercentMin]
                    .iter()
                    .any(|share| relation.qualifiers.contains_key(share))
        };
        let near = near.filter(tells_shares);
        let (relation, entity) = near.filter_map(|relation| Some((relation, owned(relation)?))).next()?;
        let sentence = relation.sentence as usize;
        let same_block = self.reading.sentences[sentence].block == self.reading.sentences[self.sentence].block;
        let entity = self.reading.registry.root(entity);
        same_block.then_some(if sentence == self.sentence { Owned::Here(entity) } else { Owned::Before(entity) })
    }

    /// "keeps the other 49%", 持有其余股权: of whatever was shared out just before.
    fn tells_the_rest(&self) -> bool {
        ["other ", "rest", "remain", "balance", "其余", "其餘", "剩余", "剩餘"]
            .iter()
            .any(|word| self.words.contains(word))
    }

    /// The firm of which the text has said that the person whom the reading binds works there or founded it.
    fn firm_of_officer(&self) -> Option<u32> {
        let mentions = &self.reading.mentions[self.sentence];
        let persons = self.bound.iter().filter_map(|&index| match mentions[index as usize].kind {
            MentionKind::Name { entity } => Some(entity),
            _ => None,
        });
        let person =
            persons.into_iter().find(|&entity| self.reading.registry.classes_of(entity) == self.extractor.persons)?;
        self.found.iter().rev().find_map(|relation| match &relation.object {
            ObjectEnd::Entity(end)
                if matches!(&*relation.predicate, "officerOf" | "founderOf")
                    && relation.subject.entity == person
                    && relation.status == Status::Asserted =>
            {
                Some(end.entity)
            }
            _ => None,
        })
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

    /// 聯發科旗下翔發投資, "Acme's Bolt Fund": whether an owner that the reading binds is told by this entity.
    fn is_parent_of_bound(&self, entity: u32) -> bool {
        const NEAR: u32 = 3;
        let mentions = &self.reading.mentions[self.sentence];
        let possesses = |parent: &Mention, child: &Mention| {
            let between = parent.end..child.start;
            !between.is_empty() && between.end - between.start <= NEAR && {
                let token = |at: u32| &self.reading.tokens[at as usize];
                let words = self.reading.text.slice(token(between.start).start, token(between.end - 1).end);
                ["旗下", "下属", "下屬", "属下", "屬下", "麾下", "系的", "之弟", "之子", "'s", "’s"]
                    .iter()
                    .any(|mark| words.starts_with(mark))
            }
        };
        mentions.iter().any(|parent| {
            matches!(parent.kind, MentionKind::Name { entity: other } if other == entity)
                && self.bound.iter().any(|&child| possesses(parent, &mentions[child as usize]))
        })
    }

    /// Whether the reading binds a name of this entity.
    fn is_bound(&self, entity: u32) -> bool {
        let mentions = &self.reading.mentions[self.sentence];
        self.bound.iter().any(
            |&index| matches!(mentions[index as usize].kind, MentionKind::Name { entity: other } if other == entity),
        )
    }

    /// Whom the reading names.
    fn named_besides(&self) -> Vec<u32> {
        let mentions = &self.reading.mentions[self.sentence];
        let named = self.bound.iter().filter_map(|&index| match mentions[index as usize].kind {
            MentionKind::Name { entity } => Some(entity),
            _ => None,
        });
        named.collect()
    }

    /// Whether the reading binds this mention to another end already.
    fn bound_elsewhere(&self, mention: Option<usize>) -> bool {
        mention.is_some_and(|mention| self.bound.contains(&(mention as u32)))
    }
}

/// Whose shares a text told of last.
enum Owned {
    /// In the sentence itself.
    Here(u32),
    /// In the sentence before.
    Before(u32),
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
