//! Bounded backtracking over units, both ways from the anchor.
//!
//! Semantics: at each place where an anchor's word stands, the first way in which the rest of the pattern
//! fits is taken: nearest gap first, longest alternative first, longest coordination first. Matches of
//! different patterns may overlap; settling chooses among them.
//!
//! Between a verb and its subject or object stand words that change nothing: auxiliaries, adverbs, dates,
//! "Chinese software maker" before a name, an apposition between commas behind it. The matcher passes over
//! them by itself, so that rules need not spell them out.

mod description;
mod members;
mod subject;
mod words;

use self::subject::Walk;
use self::words::{LONGEST_HAN_PHRASE, LONGEST_PHRASE, phrase_at, phrases_at, phrases_before};
use super::anchors::Anchored;
use super::compile::{Atom, Literal, Pattern, Rules, SlotKind, SlotSpec};
use super::sieve::Sieve;
use super::watch::{Unwatched, Watch};
use crate::classes::ClassSet;
use crate::lexicon::Lexicon;
use crate::scan::{Token, token_hash};
use crate::units::{Clause, MentionKind};

/// What a slot was filled with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Bound {
    /// Mentions, by index; several where they are coordinated.
    Mentions(Vec<u32>),
    /// Stretches of plain words, as token ranges.
    Phrases(Vec<(u32, u32)>),
    /// Left out before the verb: the sentence's subject is meant.
    ImpliedSubject,
    /// Left out behind it: whom the text is about is meant.
    ImpliedObject,
}

/// A pattern that fits.
#[derive(Clone, Debug)]
pub(crate) struct Match {
    pub(crate) pattern: u32,
    pub(crate) bindings: Vec<Option<Bound>>,
    /// First unit and one past the last unit that the pattern covers.
    pub(crate) covers: (usize, usize),
    /// The units of the anchor.
    pub(crate) trigger: (usize, usize),
    /// Further rules that say the very same of the same mentions.
    pub(crate) backing: Vec<u32>,
    /// Worse readings of the same words, the best first.
    pub(crate) rivals: Vec<Match>,
}

impl Match {
    /// Every mention that it binds.
    pub(crate) fn bound_mentions(&self) -> impl Iterator<Item = u32> + '_ {
        let bound = self.bindings.iter().flatten().filter_map(|bound| match bound {
            Bound::Mentions(mentions) => Some(mentions),
            _ => None,
        });
        bound.flatten().copied()
    }
}

/// No pattern tries more steps than this at one anchor: time stays linear in the text.
pub(crate) const MOST_STEPS: u32 = 4000;
/// Words of description passed over before a name: "Shenzhen-based maker of" is none of them, "struggling lender" is.
const LONGEST_DESCRIPTION: usize = 8;
/// An apposition or relative clause between commas, passed over.
const LONGEST_APPOSITION: usize = 30;
/// Words between a name and the noun by which it describes the next one.
const MOST_TRADE_WORDS: usize = 3;
/// Members of one coordination.
const MOST_MEMBERS: usize = 24;

/// All matches of all rules in a sentence, in order of their anchors.
pub(crate) fn matches(rules: &Rules, clause: &Clause<'_>, lexicon: &Lexicon, agents: ClassSet) -> Vec<Match> {
    watched(rules, clause, lexicon, agents, &mut Unwatched)
}

/// The same, with somebody looking on.
pub(crate) fn watched<W: Watch>(
    rules: &Rules,
    clause: &Clause<'_>,
    lexicon: &Lexicon,
    agents: ClassSet,
    watch: &mut W,
) -> Vec<Match> {
    let mut found = Vec::new();
    let mut sieve = None;
    let mut spare = Vec::new();
    for unit in 0..clause.units.len() {
        let Some(words @ [first, ..]) = clause.plain_words(unit) else { continue };
        let (anchored, kinds) = rules.anchors.at(first, clause.tokens.get(clause.units[unit].start as usize + 1));
        if anchored.is_empty() {
            continue;
        }
        let sieve = sieve.get_or_insert_with(|| Sieve::new(clause));
        if !W::SEES_ALL && !sieve.holds(kinds) {
            continue;
        }
        for &Anchored { pattern: number, phrase, length, ref needs } in anchored {
            // "the company" is no "the".
            if length == 1 && words.len() > 1 || !W::SEES_ALL && !sieve.passes(unit, needs) {
                continue;
            }
            let pattern = &rules.patterns[number as usize];
            let anchor = &pattern.atoms[pattern.anchor as usize];
            let end = match length {
                1 => Some(unit + 1),
                _ => anchor.words().and_then(|words| phrase_at(clause, unit, &words.phrases[phrase as usize])),
            };
            let Some(end) = end else { continue };
            let slots = rules.rules[pattern.rule as usize].slots as usize;
            watch.begin(number, unit, end);
            let mut bindings: Vec<Option<Bound>> = std::mem::take(&mut spare);
            bindings.clear();
            bindings.resize(slots, None);
            let mut attempt = Attempt { rules, clause, lexicon, pattern, agents, bindings, steps: 0, watch };
            if let Atom::Slot(slot) = anchor {
                attempt.bindings[slot.index as usize] = Some(attempt.phrase(unit, end));
            }
            let covers = attempt.run(unit, end);
            attempt.watch.end(covers, attempt.steps);
            if let Some(covers) = covers {
                found.push(Match {
                    pattern: number,
                    bindings: attempt.bindings,
                    covers,
                    trigger: (unit, end),
                    backing: Vec::new(),
                    rivals: Vec::new(),
                });
            } else {
                spare = attempt.bindings;
            }
        }
    }
    found
}

struct Attempt<'a, W> {
    rules: &'a Rules,
    clause: &'a Clause<'a>,
    lexicon: &'a Lexicon,
    pattern: &'a Pattern,
    agents: ClassSet,
    bindings: Vec<Option<Bound>>,
    steps: u32,
    watch: &'a mut W,
}

impl<W: Watch> Attempt<'_, W> {
    fn run(&mut self, start: usize, end: usize) -> Option<(usize, usize)> {
        let anchor = self.pattern.anchor as usize;
        let right = self.rightward(anchor + 1, end)?;
        let left = self.leftward(anchor, start)?;
        Some((left, right))
    }

    /// Units `start..end` as a phrase.
    fn phrase(&self, start: usize, end: usize) -> Bound {
        Bound::Phrases(vec![(self.clause.units[start].start, self.clause.units[end - 1].end)])
    }

    fn spent(&mut self) -> bool {
        self.steps += 1;
        self.steps > MOST_STEPS
    }

    /// Fits atoms `index..` from `unit` on; one past the last unit used.
    fn rightward(&mut self, index: usize, unit: usize) -> Option<usize> {
        self.watch.right(index, unit);
        let Some(atom) = self.pattern.atoms.get(index) else { return Some(unit) };
        if self.spent() {
            return None;
        }
        match atom {
            Atom::Literal { literal, optional } => self.literal_right(literal, *optional, index, unit),
            Atom::Slot(slot) => self.slot_right(slot, index, unit),
            Atom::Gap { most, forbidden } => {
                let mut at = unit;
                for step in 0..=usize::from(*most) {
                    if let Some(end) = self.rightward(index + 1, at) {
                        return Some(end);
                    }
                    if step == usize::from(*most) || !self.may_pass(at, index, forbidden) {
                        return None;
                    }
                    at = self.past_brackets(at);
                }
                None
            }
            Atom::End => {
                let rest_is_stop = (unit..self.clause.units.len())
                    .all(|unit| matches!(self.clause.word_text(unit), "." | "。" | "!" | "！" | "”" | "\""));
                if rest_is_stop { self.rightward(index + 1, unit) } else { None }
            }
            Atom::Start => None,
        }
    }

    fn literal_right(&mut self, literal: &Literal, optional: bool, index: usize, unit: usize) -> Option<usize> {
        let at = self.skip_brackets_right(unit);
        // 分析师王明（海棠证券）: the pattern may ask for the very bracket.
        for from in [Some(at), (at != unit).then_some(unit)].into_iter().flatten() {
            for end in phrases_at(self.clause, from, literal) {
                if let Some(done) = self.rightward(index + 1, end) {
                    return Some(done);
                }
            }
        }
        if optional { self.rightward(index + 1, unit) } else { None }
    }

    fn slot_right(&mut self, slot: &SlotSpec, index: usize, unit: usize) -> Option<usize> {
        let mut start = Some(unit);
        let mut passed = 0;
        while let Some(from) = start {
            for (bound, end) in self.fillings_right(slot, from, index) {
                self.bindings[slot.index as usize] = Some(bound);
                if let Some(done) = self.rightward(index + 1, end) {
                    return Some(done);
                }
                self.bindings[slot.index as usize] = None;
            }
            start = self.start_behind(slot, from, passed);
            passed += 1;
        }
        if slot.implied {
            self.bindings[slot.index as usize] = Some(Bound::ImpliedObject);
            return self.rightward(index + 1, unit);
        }
        None
    }

    /// The next unit at which a slot may begin, where it may at `at`, so many words on from where it should: behind
    /// fillers, behind a description.
    fn start_behind(&self, slot: &SlotSpec, at: usize, passed: usize) -> Option<usize> {
        if let SlotKind::Entity(_) = slot.kind {
            return (passed < LONGEST_DESCRIPTION).then(|| self.past_description(at)).flatten();
        }
        if passed >= 2 {
            return None;
        }
        // "a 34% stake", "more than 50%"
        let comparator = self.longest_at(&self.lexicon.comparators, at.min(self.clause.units.len() - 1));
        match comparator {
            Some(length) => Some(at + length),
            None => self.is_determiner(at).then_some(at + 1),
        }
    }

    /// The ways to fill a slot from `unit` on, best first, each with one past its last unit.
    fn fillings_right(&self, slot: &SlotSpec, unit: usize, index: usize) -> Vec<(Bound, usize)> {
        match &slot.kind {
            SlotKind::Entity(classes) => {
                let Some(first) = self.entity_at(unit, *classes, index).filter(|_| self.may_fill(slot, unit)) else {
                    return Vec::new();
                };
                let mut ways = vec![(Bound::Mentions(vec![first]), unit + 1)];
                let mut end = unit + 1;
                while slot.many && ways.len() < MOST_MEMBERS {
                    // "regulates lending, and it shares …": a pronoun begins the next clause.
                    let named = |at: usize| self.entity_member(at, *classes) && self.is_name(at);
                    let Some(next) = self.next_member(end, index, named) else { break };
                    let Some(mut members) = members_so_far(&ways) else { break };
                    members.push(self.clause.units[next].mention.unwrap_or_default());
                    end = next + 1;
                    ways.push((Bound::Mentions(members), end));
                }
                ways.reverse();
                ways
            }
            SlotKind::NounPhrase | SlotKind::Words => {
                let Some((first, longest)) = self.noun_phrase(unit) else { return Vec::new() };
                let mut members = vec![first];
                let mut end = longest;
                while slot.many && members.len() < MOST_MEMBERS {
                    // "oversees brokers, published …": a verb behind the comma is no further line of business.
                    let thing = |at: usize| self.noun_phrase(at).is_some() && !self.is_verb(at);
                    let Some(next) = self.next_member(end, index, thing) else { break };
                    let Some((phrase, stop)) = self.noun_phrase(next) else { break };
                    members.push(phrase);
                    end = stop;
                }
                let mut ways = vec![(Bound::Phrases(members), end)];
                // "legal software maker Paragraf": what follows may need the phrase's last words.
                let shorter = (unit + 1..longest).rev().filter(|&end| self.clause.word_text(end - 1) != "-");
                ways.extend(shorter.map(|end| (self.phrase(unit, end), end)));
                ways
            }
            SlotKind::List(words) => {
                phrases_at(self.clause, unit, words).map(|end| (self.phrase(unit, end), end)).collect()
            }
            kind => match self.clause.mention(unit) {
                Some((index, mention)) if quantity_fits(kind, &mention.kind) && !self.is_difference(unit) => {
                    vec![(Bound::Mentions(vec![index]), unit + 1)]
                }
                _ => Vec::new(),
            },
        }
    }

    /// The mention at `unit` if it may fill a slot of these classes. A possessor is not the thing possessed:
    /// in "acquired Acme’s software arm", Acme was not acquired.
    fn entity_at(&self, unit: usize, classes: ClassSet, index: usize) -> Option<u32> {
        let (mention, _) = self.clause.mention(unit)?;
        let wants_possessor = self.is_spelt(index + 1);
        let free = wants_possessor || !self.is_possessor(unit) && !self.describes_next_name(unit);
        let describes =
            self.is_seat_of_next_name(unit) || !wants_possessor && self.is_employer_of_next_name(unit, classes);
        // "was founded by a nephew of Tom Lee": a gap may have passed over who it was.
        let behind_gap = index.checked_sub(1).is_some_and(|gap| matches!(self.pattern.atoms[gap], Atom::Gap { .. }));
        let told_of = || behind_gap && self.tie(unit).is_some_and(|at| !self.is_spelt_before(at + 1, index));
        (self.entity_member(unit, classes) && free && !describes && !told_of()).then_some(mention)
    }

    /// Whether the pattern says which words stand at this place of it.
    fn is_spelt(&self, atom: usize) -> bool {
        matches!(self.pattern.atoms.get(atom), Some(Atom::Literal { .. }))
    }

    /// A slot for names takes no pronoun.
    fn may_fill(&self, slot: &SlotSpec, unit: usize) -> bool {
        !slot.named || self.is_name(unit)
    }

    fn entity_member(&self, unit: usize, classes: ClassSet) -> bool {
        self.clause.mention(unit).is_some_and(|(index, mention)| {
            !mention.is_quantity() && self.clause.classes[index as usize].meets(classes)
        })
    }

    /// Fits atoms `..index` ending before `unit`; the first unit used.
    fn leftward(&mut self, index: usize, unit: usize) -> Option<usize> {
        self.watch.left(index, unit);
        let Some(before) = index.checked_sub(1) else { return Some(unit) };
        if self.spent() {
            return None;
        }
        match &self.pattern.atoms[before] {
            Atom::Literal { literal, optional } => {
                let at = self.skip_brackets_left(unit);
                for start in phrases_before(self.clause, at, literal) {
                    if let Some(done) = self.leftward(before, start) {
                        return Some(done);
                    }
                }
                // ", the Danish authority X ruled": what stands before a name is passed over this way too.
                if let Some(Atom::Slot(SlotSpec { kind: SlotKind::Entity(_), .. })) = self.pattern.atoms.get(index) {
                    let described = (1..=LONGEST_DESCRIPTION).map_while(|passed| {
                        at.checked_sub(passed).filter(|&word| {
                            !self.is_conjunction(word) && self.clause.mention(word).is_none() && self.describes(word)
                        })
                    });
                    for word in described.collect::<Vec<_>>() {
                        for start in phrases_before(self.clause, word, literal) {
                            if let Some(done) = self.leftward(before, start) {
                                return Some(done);
                            }
                        }
                    }
                }
                if *optional { self.leftward(before, unit) } else { None }
            }
            Atom::Slot(slot) => self.slot_left(slot, before, unit),
            Atom::Gap { most, forbidden } => {
                let mut at = unit;
                for step in 0..=usize::from(*most) {
                    if let Some(start) = self.leftward(before, at) {
                        return Some(start);
                    }
                    if step == usize::from(*most) || at == 0 || !self.may_pass(at - 1, before, forbidden) {
                        return None;
                    }
                    at -= 1;
                }
                None
            }
            Atom::Start => (unit == 0).then_some(unit),
            Atom::End => None,
        }
    }

    fn slot_left(&mut self, slot: &SlotSpec, before: usize, unit: usize) -> Option<usize> {
        let mut walk =
            Walk { unit, at: unit, apposition_passed: false, over: !matches!(slot.kind, SlotKind::Entity(_)) };
        let mut ends = [Some(unit), None];
        loop {
            for end in ends.into_iter().flatten() {
                for (bound, start) in self.fillings_left(slot, end, before) {
                    self.bindings[slot.index as usize] = Some(bound);
                    if let Some(done) = self.leftward(before, start) {
                        return Some(done);
                    }
                    self.bindings[slot.index as usize] = None;
                }
            }
            if walk.over {
                break;
            }
            ends = self.ends_before(&mut walk);
        }
        if slot.implied && self.subject_may_be_elided(unit) {
            self.bindings[slot.index as usize] = Some(Bound::ImpliedSubject);
            return self.leftward(before, unit);
        }
        None
    }

    fn fillings_left(&self, slot: &SlotSpec, end: usize, index: usize) -> Vec<(Bound, usize)> {
        let Some(last) = end.checked_sub(1) else { return Vec::new() };
        match &slot.kind {
            SlotKind::Entity(classes) => {
                let last = self.head_of_seat(last, *classes).unwrap_or(last);
                let touches = index + 1 < self.pattern.atoms.len();
                let Some(mention) = self
                    .clause
                    .mention(last)
                    .map(|(mention, _)| mention)
                    .filter(|_| self.entity_member(last, *classes) && touches && self.may_fill(slot, last))
                    .filter(|_| !self.is_means(last) && (!self.is_court_asked(last) || self.follows_words(index + 1)))
                    .filter(|_| !self.is_seat_of_next_name(last) && !self.tells_another(last, index))
                else {
                    return Vec::new();
                };
                let mut ways = vec![(Bound::Mentions(vec![mention]), last)];
                let mut start = last;
                let named = self.is_name(last);
                while named && slot.many && ways.len() < MOST_MEMBERS {
                    let Some(previous) = self.previous_member(start, *classes, index) else { break };
                    let Some(mut members) = members_so_far(&ways) else { break };
                    members.insert(0, self.clause.units[previous].mention.unwrap_or_default());
                    start = previous;
                    ways.push((Bound::Mentions(members), start));
                }
                ways.reverse();
                ways
            }
            SlotKind::NounPhrase | SlotKind::Words => {
                // The longest phrase that ends here, whatever it would go on with.
                let from =
                    end.saturating_sub(if self.clause.is_han(last) { LONGEST_HAN_PHRASE } else { LONGEST_PHRASE });
                let inside = (from..end)
                    .rev()
                    .take_while(|&at| self.may_be_in_phrase(at, at > from) && !self.is_verb_of_name(at))
                    .last();
                let start = inside.map(|start| start + usize::from(self.clause.word_text(start) == "-"));
                // The 市 of 上市公司 is what a word left over.
                let whole = |start: usize| {
                    end - start > 1 || !self.clause.is_han(start) || !self.clause.is_han(start.max(1) - 1)
                };
                let phrase =
                    start.filter(|&start| start < end && whole(start)).map(|start| (self.phrase(start, end), start));
                phrase.into_iter().collect()
            }
            SlotKind::List(words) => {
                phrases_before(self.clause, end, words).map(|start| (self.phrase(start, end), start)).collect()
            }
            kind => match self.clause.mention(last) {
                Some((index, mention)) if quantity_fits(kind, &mention.kind) && !self.is_difference(last) => {
                    vec![(Bound::Mentions(vec![index]), last)]
                }
                _ => Vec::new(),
            },
        }
    }

    /// "valued at $5bn less than Acme", 市值比甲高50亿元: how far two figures lie apart, and neither of them.
    fn is_difference(&self, unit: usize) -> bool {
        let text = |at: usize| self.clause.word_text(at);
        let compared =
            matches!(text(unit + 1), "less" | "more" | "higher" | "lower" | "fewer") && text(unit + 2) == "than";
        let clause = (0..unit).rev().take_while(|&at| !self.clause.is_comma(at) && !self.clause.parts_clauses(at));
        let exceeds =
            unit.checked_sub(1).is_some_and(|before| matches!(text(before), "高" | "低" | "多" | "少" | "出" | "贵"));
        compared
            || exceeds
                && clause.into_iter().any(|at| text(at) == "比" || self.clause.mention_text(at).starts_with('比'))
    }

    /// A gap stays within the clause: another subject begins another one.
    fn may_pass(&self, unit: usize, gap: usize, forbidden: &Literal) -> bool {
        unit < self.clause.units.len()
            && !self.clause.parts_clauses(unit)
            && !self.is_other_subject(unit)
            && (!self.is_other_verb(unit) || self.leads_to_possessor(gap))
            && phrases_at(self.clause, unit, forbidden).next().is_none()
    }

    /// "bought a firm that sued Acme": a gap does not pass over what somebody else did.
    fn is_other_verb(&self, unit: usize) -> bool {
        self.clause.word(unit).is_some_and(|token| self.lexicon.verbs_of_another.contains(&token.hash))
    }

    /// "Acme defended its bet on Bolt": whatever Acme did, the bet is its own.
    fn leads_to_possessor(&self, gap: usize) -> bool {
        let possessive =
            |literal: &Literal| ["its", "their"].map(token_hash).iter().any(|&word| literal.opens_with(word));
        matches!(self.pattern.atoms.get(gap + 1), Some(Atom::Literal { literal, .. }) if possessive(literal))
    }

    /// "he", "it", "the company"; but not "its".
    fn is_other_subject(&self, unit: usize) -> bool {
        // "Auk Life, the Pune-based insurer in which": what goes on to say which one is a description.
        if matches!(self.clause.word_text(unit + 1), "in" | "which" | "that" | "who" | "whose") {
            return false;
        }
        let nominal =
            self.clause.mention(unit).is_some_and(|(_, mention)| matches!(mention.kind, MentionKind::Nominal { .. }));
        let possessive =
            |token: &Token| matches!(self.clause.piece(token), "its" | "Its" | "his" | "her" | "their" | "其");
        nominal && !self.clause.plain_words(unit).is_some_and(|words| words.len() == 1 && possessive(&words[0]))
    }

    /// One unit on, or past the whole bracket that opens here.
    fn past_brackets(&self, unit: usize) -> usize {
        let behind = self.skip_brackets_right(unit);
        if behind > unit { behind } else { unit + 1 }
    }

    fn skip_brackets_right(&self, unit: usize) -> usize {
        if self.clause.bracket(unit) != Some(true) {
            return unit;
        }
        let limit = self.clause.units.len().min(unit + LONGEST_APPOSITION);
        (unit..limit).find(|&at| self.clause.bracket(at) == Some(false)).map_or(unit, |close| close + 1)
    }

    fn skip_brackets_left(&self, unit: usize) -> usize {
        let Some(last) = unit.checked_sub(1) else { return unit };
        if self.clause.bracket(last) != Some(false) {
            return unit;
        }
        let earliest = last.saturating_sub(LONGEST_APPOSITION);
        (earliest..last).rev().find(|&at| self.clause.bracket(at) == Some(true)).unwrap_or(unit)
    }
}

/// The members of the longest coordination found so far.
fn members_so_far(ways: &[(Bound, usize)]) -> Option<Vec<u32>> {
    match ways.last() {
        Some((Bound::Mentions(members), _)) => Some(members.clone()),
        _ => None,
    }
}

fn quantity_fits(kind: &SlotKind, mention: &MentionKind) -> bool {
    matches!(
        (kind, mention),
        (SlotKind::Money | SlotKind::Any, MentionKind::Money(_))
            | (SlotKind::Percent | SlotKind::Any, MentionKind::Percent(_))
            | (SlotKind::Number | SlotKind::Any, MentionKind::Number(_))
            | (SlotKind::Date, MentionKind::Date(_))
    )
}
