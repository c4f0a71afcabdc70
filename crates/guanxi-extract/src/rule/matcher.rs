//! Bounded backtracking over units, both ways from the anchor.
//!
//! Semantics: at each place where an anchor's word stands, the first way in which the rest of the pattern
//! fits is taken: nearest gap first, longest alternative first, longest coordination first. Matches of
//! different patterns may overlap; settling chooses among them.
//!
//! Between a verb and its subject or object stand words that change nothing: auxiliaries, adverbs, dates,
//! "Chinese software maker" before a name, an apposition between commas behind it. The matcher passes over
//! them by itself, so that rules need not spell them out.

use super::anchors::Anchored;
use super::compile::{Atom, Literal, Pattern, Rules, SlotKind, SlotSpec};
use super::sieve::{self, Sieve};
use super::watch::{Unwatched, Watch};
use crate::classes::ClassSet;
use crate::lexicon::Lexicon;
use crate::phrases::Phrases;
use crate::scan::{Token, TokenKind};
use crate::units::{Clause, Mention, MentionKind};

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
/// Words passed over between subject and verb.
const LONGEST_FILLER: usize = 12;
/// An apposition or relative clause between commas, passed over.
const LONGEST_APPOSITION: usize = 30;
/// A phrase that names a line of business or a product, in words and in characters.
const LONGEST_PHRASE: usize = 6;
const LONGEST_HAN_PHRASE: usize = 14;
/// Words between a name and the noun by which it describes the next one.
const MOST_TRADE_WORDS: usize = 3;
/// Units between the commas that say who a member of a list is: "Ida Lund, a former Acme trader, and Tor Hagen".
const LONGEST_NOTE: usize = 12;
/// Characters of an office: 首席财务官兼董事会秘书.
const LONGEST_OFFICE: usize = 12;
/// 的一名前…: characters that count or describe, before the noun.
const LONGEST_COUNT: usize = 4;
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

/// One past the last unit of the phrase, where it stands at `unit` in plain words.
///
/// Pronouns and common nouns are plain words too: "changed its name to".
fn phrase_at(clause: &Clause<'_>, unit: usize, phrase: &[u64]) -> Option<usize> {
    let (mut at, mut rest) = (unit, phrase);
    while !rest.is_empty() {
        let words = clause.plain_words(at)?;
        let (head, tail) = rest.split_at_checked(words.len())?;
        if !words.iter().zip(head).all(|(token, hash)| token.hash == *hash) {
            return None;
        }
        rest = tail;
        at += 1;
    }
    Some(at)
}

/// The first unit of the phrase that ends just before `unit`.
fn phrase_before(clause: &Clause<'_>, unit: usize, phrase: &[u64]) -> Option<usize> {
    let earliest = unit.saturating_sub(phrase.len());
    (earliest..unit).find(|&start| phrase_at(clause, start, phrase) == Some(unit))
}

/// Where each phrase of a literal ends that stands at `unit`, longest first.
fn phrases_at<'a>(clause: &'a Clause<'_>, unit: usize, literal: &'a Literal) -> impl Iterator<Item = usize> + 'a {
    let first = clause.plain_words(unit).and_then(<[_]>::first);
    let first = first.filter(|first| literal.first_bits & sieve::bit(first.hash) != 0);
    let phrases = first.map_or(&[][..], |first| beside(&literal.firsts, first.hash));
    let ends = phrases.iter().filter_map(move |&(_, index)| phrase_at(clause, unit, &literal.phrases[index as usize]));
    ends.filter(move |&end| end - unit < 2 || !names_who_does(clause, end))
}

/// 投资 in 投资者, 供应 in 供应商: who does it, or what it is called, is not the doing.
fn names_who_does(clause: &Clause<'_>, unit: usize) -> bool {
    let next = clause.word_text(unit + 1);
    clause.is_han(unit - 1)
        && match clause.word_text(unit) {
            "者" => true,
            "人" => !matches!(
                next,
                "民" | "工"
                    | "们"
                    | "們"
                    | "才"
                    | "均"
                    | "寿"
                    | "壽"
                    | "员"
                    | "員"
                    | "类"
                    | "類"
                    | "力"
                    | "数"
                    | "數"
                    | "事"
            ),
            "方" => !matches!(next, "面" | "案" | "式" | "法" | "向" | "便" | "才" | "可" | "能"),
            "商" => !matches!(
                next,
                "业" | "業" | "品" | "标" | "標" | "用" | "务" | "務" | "场" | "場" | "城" | "超" | "户" | "戶"
            ),
            _ => false,
        }
}

/// Where each phrase of a literal begins that ends just before `unit`, longest first.
fn phrases_before<'a>(clause: &'a Clause<'_>, unit: usize, literal: &'a Literal) -> impl Iterator<Item = usize> + 'a {
    let last = unit.checked_sub(1).and_then(|before| clause.plain_words(before)).and_then(<[_]>::last);
    let last = last.filter(|last| literal.last_bits & sieve::bit(last.hash) != 0);
    let phrases = last.map_or(&[][..], |last| beside(&literal.lasts, last.hash));
    phrases.iter().filter_map(move |&(_, index)| phrase_before(clause, unit, &literal.phrases[index as usize]))
}

/// The entries of this hash in a sorted list.
fn beside(sorted: &[(u64, u32)], hash: u64) -> &[(u64, u32)] {
    let start = sorted.partition_point(|(other, _)| *other < hash);
    let length = sorted[start..].iter().take_while(|(other, _)| *other == hash).count();
    &sorted[start..start + length]
}

/// The way back from a verb to where its subject may end.
struct Walk {
    /// Where it began.
    unit: usize,
    at: usize,
    apposition_passed: bool,
    over: bool,
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
                    if step == usize::from(*most) || !self.may_pass(at, forbidden) {
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

    /// Length in tokens of the longest of these phrases among the words from a unit on.
    fn longest_at<V>(&self, phrases: &Phrases<V>, unit: usize) -> Option<usize> {
        let opens = self.clause.plain_words(unit).and_then(<[_]>::first).is_some_and(|first| phrases.may_open(first));
        if !opens {
            return None;
        }
        phrases.longest(self.clause.words_from(unit)).map(|(length, _)| length)
    }

    /// One past a word of description, or past "Alexandria-based".
    fn past_description(&self, unit: usize) -> Option<usize> {
        let compound = self.clause.word_text(unit + 1) == "-"
            && matches!(
                self.clause.word_text(unit + 2),
                "based"
                    | "listed"
                    | "backed"
                    | "owned"
                    | "headquartered"
                    | "style"
                    | "linked"
                    | "registered"
                    | "quoted"
                    | "born"
            );
        if compound {
            return Some(unit + 3);
        }
        let name = self.clause.mention(unit).is_some_and(|(_, mention)| mention.is_name());
        // "closed its probe of Gojek's parent GoTo"
        if name && let Some(owned) = self.owned_name(unit) {
            return Some(owned);
        }
        (self.describes(unit) || name && self.describes_next_name(unit)).then_some(unit + 1)
    }

    /// A plain word that may stand before a name without changing who is meant: no verb, no preposition, no sign.
    fn describes(&self, unit: usize) -> bool {
        if self.clause.is_han(unit) {
            // 竞争对手有A、软件公司B: common nouns, but no word of the rules.
            let stops = || self.longest_at(&self.lexicon.han_stops, unit).is_some();
            // 向美国的甲和中国的乙供应
            if self.clause.word_text(unit) == "的" && unit > 0 && self.is_place(unit - 1) {
                return true;
            }
            return self.filler_at(unit) || !stops() && !self.is_verb(unit);
        }
        match self.clause.mention(unit) {
            Some((index, mention)) => {
                // "New Zealand's Kea Mutual", "Acme's Bolt": of possessors only a place describes.
                mention.is_name() && !self.clause.classes[index as usize].meets(self.agents)
                    || matches!(mention.kind, MentionKind::Date(_))
                    || matches!(self.clause.mention_text(unit), "its" | "their" | "his" | "her")
            }
            None => self.clause.word(unit).is_some_and(|token| {
                let noun = token.kind == TokenKind::Word && !self.lexicon.boundaries.contains(&token.hash);
                let possessive = matches!(self.clause.piece(token), "'s" | "’s");
                let of_place = possessive && unit > 0 && self.is_place(unit - 1);
                (noun && !possessive && !self.looks_like_verb(unit))
                    || of_place
                    || self.clause.piece(token) == "-"
                    || self.is_determiner(unit)
            }),
        }
    }

    /// "its rival outfoxed Auk Mills", "its parent outran the Dutch bank": a word in -ed right behind a noun, and any
    /// right before an article, says what somebody did, and nothing of the name behind it. "The listed parent" and "newly
    /// minted" describe.
    fn looks_like_verb(&self, unit: usize) -> bool {
        if self.is_determiner(unit) {
            return false;
        }
        let noun = |unit: usize| {
            self.clause.word(unit).is_some_and(|token| {
                token.kind == TokenKind::Word
                    && !self.lexicon.boundaries.contains(&token.hash)
                    && !self.lexicon.light_words.contains(&token.hash)
                    && !self.clause.piece(token).ends_with("ly")
            })
        };
        let in_ed = self.clause.word_text(unit).ends_with("ed") && noun(unit);
        // "partner" is a verb of the rules too.
        let behind_noun = || {
            unit.checked_sub(1).is_some_and(|before| {
                self.clause.word(before).is_some_and(|token| {
                    self.lexicon.company_nouns.contains(&token.hash)
                        || self.lexicon.relation_nouns.contains(&token.hash)
                }) || noun(before) && !self.is_verb(before)
            })
        };
        self.is_determiner(unit + 1) || in_ed && behind_noun()
    }

    fn is_place(&self, unit: usize) -> bool {
        self.clause.mention(unit).is_some_and(|(index, mention)| {
            mention.is_name() && !self.clause.classes[index as usize].meets(self.agents)
        })
    }

    fn is_determiner(&self, unit: usize) -> bool {
        matches!(
            self.clause.word_text(unit),
            "the"
                | "The"
                | "a"
                | "A"
                | "an"
                | "An"
                | "its"
                | "their"
                | "his"
                | "her"
                | "some"
                | "various"
                | "several"
                | "其"
                | "了"
        )
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
                    let named = |at: usize| {
                        self.entity_member(at, *classes)
                            && self.clause.mention(at).is_some_and(|(_, mention)| mention.is_name())
                    };
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
                Some((index, mention)) if quantity_fits(kind, &mention.kind) => {
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
        !slot.named || self.clause.mention(unit).is_some_and(|(_, mention)| mention.is_name())
    }

    fn entity_member(&self, unit: usize, classes: ClassSet) -> bool {
        self.clause.mention(unit).is_some_and(|(index, mention)| {
            !mention.is_quantity() && self.clause.classes[index as usize].meets(classes)
        })
    }

    /// `Acme’s`, `Acme-backed`, 腾讯的, 腾讯旗下
    fn is_possessor(&self, unit: usize) -> bool {
        let next = unit + 1;
        let text = self.clause.word_text(next);
        matches!(text, "'s" | "’s" | "'" | "’")
            || (text == "-"
                && !self.clause.units.get(next).is_some_and(|unit| self.clause.tokens[unit.start as usize].spaced))
            || text == "的"
            // 腾讯旗下, 澜洋所持股份, 京东手中的股份
            || matches!(
                (text, self.clause.word_text(next + 1)),
                ("旗" | "名", "下") | ("所", "持") | ("手", "中" | "上" | "里" | "裡") | ("持", "有")
            ) && self.may_be_owned_behind(next)
    }

    /// "Sardinian stopper maker Tappi Ruju", "Batangas rival Polar Harvest": the name says more of the next one.
    fn describes_next_name(&self, unit: usize) -> bool {
        let plain = |at: &usize| {
            self.clause.word(*at).is_some_and(|token| {
                token.kind == TokenKind::Word && !token.capital && !self.lexicon.boundaries.contains(&token.hash)
            })
        };
        let noun = (unit + 1..=unit + 1 + MOST_TRADE_WORDS)
            .take_while(plain)
            .find(|&at| self.clause.mention(at + 1).is_some_and(|(_, mention)| mention.is_name()));
        noun.and_then(|at| self.clause.word(at)).is_some_and(|token| {
            self.lexicon.company_nouns.contains(&token.hash) || self.lexicon.relation_nouns.contains(&token.hash)
        })
    }

    /// 所持股份, 手中的股份: what is told of is what one has, not that one has it.
    fn may_be_owned_behind(&self, unit: usize) -> bool {
        matches!(self.clause.word_text(unit), "旗" | "名" | "所" | "手") || self.clause.word_text(unit + 2) == "的"
    }

    /// "Gojek's parent GoTo", "Qamar's founder, Nabil Traboulsi": whose he is says who is meant.
    fn owned_name(&self, unit: usize) -> Option<usize> {
        let plain =
            |at: &usize| self.clause.word(*at).is_some_and(|token| token.kind == TokenKind::Word && !token.capital);
        let nouns = unit + 2..unit + 2 + MOST_TRADE_WORDS;
        let noun = nouns.take_while(plain).last()?;
        let possessive = matches!(self.clause.word_text(unit + 1), "'s" | "’s" | "'" | "’");
        let related = |token: &Token| {
            self.lexicon.company_nouns.contains(&token.hash) || self.lexicon.relation_nouns.contains(&token.hash)
        };
        let title =
            || self.lexicon.titles.longest_at_end(self.clause.words_before(noun + 1), MOST_TRADE_WORDS).is_some();
        let named = |at: usize| self.clause.mention(at).is_some_and(|(_, mention)| mention.is_name());
        let name = if self.clause.is_comma(noun + 1) { noun + 2 } else { noun + 1 };
        let who = self.clause.word(noun).is_some_and(related) && name == noun + 1 || title();
        (possessive && who && named(name)).then_some(name)
    }

    /// "a client of Acme was fined", 甲的一名客户被罚: the name tells who it was, and is not who it was.
    fn tells_another(&self, unit: usize, index: usize) -> bool {
        let attached = &self.lexicon.attached_nouns;
        if self.clause.is_han(unit + 1) && self.longest_at(&self.lexicon.beside_nouns, unit + 1).is_some() {
            return true;
        }
        if matches!(self.clause.word_text(unit + 1), "的" | "之") {
            // 松石电子成为北岸集团的子公司: the noun is what the pattern itself looks for.
            let own = |at: usize| {
                self.pattern.atoms[index + 1..].iter().any(|atom| match atom {
                    Atom::Literal { literal, .. } => phrases_at(self.clause, at, literal).next().is_some(),
                    _ => false,
                })
            };
            let passed = (unit + 2..=unit + 2 + LONGEST_COUNT).take_while(|&at| self.clause.is_han(at) && !own(at));
            return !self.is_spelt(index + 1) && passed.into_iter().any(|at| self.longest_at(attached, at).is_some());
        }
        // "a unit of Acme, listed in London": what stands between commas is of the name itself, unless it is a name.
        if self.is_place(unit) || self.clause.is_comma(unit + 1) && !self.is_named_between_commas(unit + 1) {
            return false;
        }
        !index.checked_sub(1).is_some_and(|before| self.is_spelt(before)) && self.tie(unit).is_some()
    }

    /// "a client of Acme", "the chairman of the Dutch bank Acme": where the word stands by which another is told of the name.
    fn tie(&self, unit: usize) -> Option<usize> {
        let told = |before: usize| {
            let words = self.clause.words_before(before);
            self.lexicon.attached_nouns.longest_at_end(words, MOST_TRADE_WORDS).is_some()
                || self.lexicon.titles.longest_at_end(words, MOST_TRADE_WORDS).is_some()
        };
        // "the head of Acme's tower arm", "a daughter of Acme founder Tom Lee": the tie is to what comes behind.
        let noun = |at: &usize| {
            self.clause.word(*at).is_some_and(|token| {
                token.kind == TokenKind::Word && !token.capital && !self.lexicon.boundaries.contains(&token.hash)
            })
        };
        let nouns = (unit + 1..=unit + MOST_TRADE_WORDS).take_while(noun).count();
        let next_is_name = self.clause.mention(unit + 1 + nouns).is_some_and(|(_, mention)| mention.is_name());
        if nouns > 0 && next_is_name || matches!(self.clause.word_text(unit + 1), "'s" | "’s" | "'" | "’") {
            return None;
        }
        let ties = |at: &usize| {
            matches!(self.clause.word_text(*at), "of" | "to" | "at" | "with" | "for" | "in" | "from") && told(*at)
        };
        let described = (0..MOST_TRADE_WORDS).take_while(|&back| unit > back && self.describes(unit - back - 1)).last();
        let opens = unit - described.map_or(0, |back| back + 1);
        (opens.saturating_sub(1)..unit).find(ties)
    }

    /// Whether a literal of the pattern may end right before `unit`, of those before an atom.
    fn is_spelt_before(&self, unit: usize, index: usize) -> bool {
        self.pattern.atoms[..index].iter().any(|atom| match atom {
            Atom::Literal { literal, .. } => phrases_before(self.clause, unit, literal).next().is_some(),
            _ => false,
        })
    }

    /// A name between two commas, of which the first is given: "the chairman of Acme, Jane Roe, said".
    fn is_named_between_commas(&self, comma: usize) -> bool {
        self.clause.mention(comma + 1).is_some_and(|(_, mention)| mention.is_name()) && self.clause.is_comma(comma + 2)
    }

    /// 重罚台新银行前理财专员许志明: where a person may be meant, it is who was somebody there, and not the bank.
    fn is_employer_of_next_name(&self, unit: usize, wanted: ClassSet) -> bool {
        let first = unit + 1;
        let name = first + (first..=first + LONGEST_OFFICE).take_while(|&at| self.clause.is_han(at)).count();
        let Some((person, mention)) = self.clause.mention(name).filter(|_| name > first) else { return false };
        let title = || {
            let (length, ()) = self.lexicon.titles.longest_at_end(self.clause.words_before(name), LONGEST_OFFICE)?;
            self.clause.unit_at(self.clause.units[name].start - length as u32)
        };
        let former = matches!(self.clause.word_text(first), "前" | "原");
        mention.is_name() && self.clause.classes[person as usize].meets(wanted) && (former || title() == Some(first))
    }

    /// "its Batangas rival Polar Harvest": nobody is a rival of Batangas.
    fn is_seat_of_next_name(&self, unit: usize) -> bool {
        let before = unit.checked_sub(1).map_or("", |before| self.clause.mention_text(before));
        matches!(before, "its" | "their") && self.describes_next_name(unit)
    }

    /// The unit of the next member of a coordination that goes on at `unit`.
    fn next_member(&self, unit: usize, index: usize, fits: impl Fn(usize) -> bool) -> Option<usize> {
        let mut at = self.behind_note(unit).or_else(|| self.behind_conjunction(unit))?;
        at += usize::from(self.is_joined_list(at - 1) && self.repeats_preposition(unit, at));
        // "Arnold Bread and Kyocera": a firm that is taken for a person does not end a list of firms.
        while self.is_other_agent_in_list(at) && !fits(at) {
            at = self.behind_conjunction(at + 1)?;
        }
        let mut described = at;
        for _ in 0..LONGEST_DESCRIPTION {
            // "Alexandria-based Misr": the place would fit, but it is not the member.
            let compound = self.clause.word_text(described + 1) == "-";
            match self.past_title(described).or_else(|| self.past_description(described)) {
                Some(next) if !fits(described) || compound => described = next,
                _ => break,
            }
        }
        let is_member = fits(described) && !self.is_owner_of_next(unit, described);
        (is_member && !self.is_subject_of_next_verb(described, index)).then_some(described)
    }

    /// "on the boards of Acme and of Bolt": the list says again what stands before its first member.
    fn repeats_preposition(&self, end: usize, unit: usize) -> bool {
        let word = self.clause.word_text(unit);
        matches!(word, "of" | "in" | "by" | "to" | "from" | "with" | "for" | "at" | "on")
            && (end.saturating_sub(LONGEST_DESCRIPTION)..end).any(|at| self.clause.word_text(at) == word)
    }

    /// "rejected Merlion, Tanjong's rival": behind a comma alone a possessor begins what describes the one before.
    fn is_owner_of_next(&self, before: usize, member: usize) -> bool {
        let joined = (before..member).any(|at| self.is_conjunction(at) && !self.clause.is_comma(at));
        !joined && matches!(self.clause.word_text(member + 1), "'s" | "’s" | "'" | "’")
    }

    /// The unit behind the comma or the "and" that stands here, or behind a bracket: "Tern Pay (bought in 2016), Auk Pay".
    fn behind_conjunction(&self, unit: usize) -> Option<usize> {
        let first = self.skip_brackets_right(unit);
        let behind = (first..first + 3).find(|&at| !self.is_conjunction(at)).unwrap_or(first + 3);
        // 收购甲，乙表示: a Chinese list has 、 between its members.
        let clause_ends = self.clause.word_text(first) == "，" && behind == first + 1;
        if behind == first || clause_ends {
            return None;
        }
        self.behind_trade(behind).or(Some(behind))
    }

    /// "Acme Takaful, an insurer, and Acme Securities, a broker": behind what says only what the member does.
    fn behind_trade(&self, unit: usize) -> Option<usize> {
        let article = matches!(self.clause.word_text(unit), "a" | "an");
        let comma =
            (unit + 1..=unit + MOST_TRADE_WORDS + 1).find(|&at| self.clause.is_comma(at)).filter(|_| article)?;
        let plain = (unit + 1..comma).all(|at| self.clause.word(at).is_some_and(|token| !token.capital));
        plain.then(|| self.behind_conjunction(comma)).flatten()
    }

    /// "Ida Lund, a former Acme trader, and Tor Hagen": behind what says who the member is, where "and" shows that the
    /// list goes on.
    fn behind_note(&self, unit: usize) -> Option<usize> {
        let first = unit + 1;
        let comma = (first + 1..first + LONGEST_NOTE).find(|&at| self.clause.is_comma(at))?;
        let whole = self.clause.is_comma(unit) && self.opens_note(first) && self.is_joined_list(comma + 1);
        let parted = (first..comma).any(|at| self.clause.parts_clauses(at));
        (whole && !parted).then_some(comma + 2)
    }

    /// The comma before what says who the member before it is, given the comma behind that.
    fn before_note(&self, comma: usize) -> Option<usize> {
        let earliest = comma.saturating_sub(LONGEST_NOTE);
        let opening = (earliest..comma).rev().find(|&at| self.clause.is_comma(at))?;
        let parted = (opening..comma).any(|at| self.clause.parts_clauses(at));
        (self.clause.is_comma(comma) && self.opens_note(opening + 1) && !parted).then_some(opening)
    }

    fn is_joined_list(&self, unit: usize) -> bool {
        matches!(self.clause.word_text(unit), "and" | "plus")
    }

    fn opens_note(&self, unit: usize) -> bool {
        let first = self.clause.plain_words(unit).and_then(<[_]>::first);
        first.is_some_and(|first| {
            matches!(
                self.clause.piece(first),
                "a" | "an"
                    | "the"
                    | "its"
                    | "his"
                    | "her"
                    | "former"
                    | "formerly"
                    | "once"
                    | "previously"
                    | "now"
                    | "then"
            )
        })
    }

    fn is_other_agent_in_list(&self, unit: usize) -> bool {
        self.entity_member(unit, self.agents) && self.is_conjunction(unit + 1)
    }

    /// "A invested in B, C invested in D": C is no second object, since a verb of its own follows.
    fn is_subject_of_next_verb(&self, member: usize, index: usize) -> bool {
        // The verb may be the one that this very pattern looks for behind the list.
        let own = self.pattern.atoms.iter().skip(index + 1).any(|atom| match atom {
            Atom::Literal { literal, .. } => phrases_at(self.clause, member + 1, literal).next().is_some(),
            _ => false,
        });
        // "Ann Roe and Tom Doe were appointed": the whole list is the verb's subject.
        let plural = matches!(self.clause.word_text(member + 1), "were" | "are" | "have")
            && member.checked_sub(1).is_some_and(|joint| self.is_joined_list(joint));
        if own || plural {
            return false;
        }
        let mut at = member + 1;
        for _ in 0..3 {
            if self.is_verb(at) {
                return true;
            }
            if self.clause.word(at).is_none() {
                return false;
            }
            match self.longest_at(&self.lexicon.fillers, at) {
                Some(length) => at += length,
                None => return false,
            }
        }
        false
    }

    /// "A invested in B, C invested in D": B is no second subject, since a verb stands before it.
    fn is_object_of_earlier_verb(&self, member: usize, index: usize) -> bool {
        let earlier = (1..=4)
            .map_while(|back| member.checked_sub(back))
            .take_while(|&at| self.clause.plain_words(at).is_some() && !self.is_conjunction(at));
        // "counts Lidl and Rewe among its customers": the verb is the pattern's own.
        let own = |at: usize| {
            self.pattern.atoms[..index].iter().any(|atom| match atom {
                Atom::Literal { literal, .. } => {
                    literal.phrases.iter().any(|phrase| phrase_at(self.clause, at, phrase).is_some())
                }
                _ => false,
            })
        };
        let mut earlier = earlier;
        earlier.any(|at| self.is_verb(at) && !own(at))
    }

    /// Whether words stand here on which some rule is anchored as on a verb: "investors" is no verb.
    fn is_verb(&self, unit: usize) -> bool {
        let Some(first) = self.clause.word(unit).filter(|token| token.kind != TokenKind::Sign) else { return false };
        if self.rules.verb_gate != 0 && first.gates & self.rules.verb_gate == 0 {
            return false;
        }
        let mut phrases = self.rules.verbs.get(&first.hash).into_iter().flatten();
        phrases.any(|phrase| phrase_at(self.clause, unit, phrase).is_some())
    }

    fn is_conjunction(&self, unit: usize) -> bool {
        matches!(
            self.clause.word_text(unit),
            "," | "、" | "and" | "or" | "&" | "和" | "与" | "及" | "以" | "或" | "，" | "plus" | "both"
        )
    }

    /// A phrase of plain words that names something: `(first token, one past last)`, and one past its last unit.
    fn noun_phrase(&self, unit: usize) -> Option<((u32, u32), usize)> {
        let clause = self.clause;
        if let Some((_, mention)) = clause.mention(unit) {
            return mention.is_name().then(|| ((mention.start, mention.end), unit + 1));
        }
        let longest = if clause.is_han(unit) { LONGEST_HAN_PHRASE } else { LONGEST_PHRASE };
        let limit = clause.units.len().min(unit + longest);
        let end = unit + (unit..limit).take_while(|&at| self.may_be_in_phrase(at, at > unit)).count();
        (end > unit).then(|| ((clause.units[unit].start, clause.units[end - 1].end), end))
    }

    /// Whether a unit may stand in a phrase that names something; names and hyphens not at its head.
    fn may_be_in_phrase(&self, unit: usize, inside: bool) -> bool {
        let clause = self.clause;
        match clause.word(unit) {
            None => {
                let thing = |(index, mention): (u32, &Mention)| {
                    mention.is_name()
                        && clause.classes[index as usize].meets(self.rules.things)
                        && !clause.classes[index as usize].meets(self.agents)
                };
                inside && clause.mention(unit).is_some_and(thing)
            }
            Some(token) if token.kind == TokenKind::Han => self.longest_at(&self.lexicon.han_stops, unit).is_none(),
            Some(token) => {
                let hyphen = clause.piece(token) == "-" && !token.spaced && inside;
                hyphen || (token.kind == TokenKind::Word && !self.lexicon.boundaries.contains(&token.hash))
            }
        }
    }

    /// "Najd controls Egyptian cement": the verb of the name before it is no part of a phrase.
    fn is_verb_of_name(&self, unit: usize) -> bool {
        unit.checked_sub(1).is_some_and(|name| self.entity_member(name, self.agents)) && self.is_verb(unit)
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
                    if step == usize::from(*most) || at == 0 || !self.may_pass(at - 1, forbidden) {
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

    /// Nothing but fillers stands between the verb and the head of its clause.
    fn subject_may_be_elided(&self, unit: usize) -> bool {
        let mut at = unit;
        while at > 0 {
            if self.clause.is_comma(at - 1) || self.clause.parts_clauses(at - 1) {
                return true;
            }
            match self.filler_before(at) {
                Some(start) => at = start,
                None => return false,
            }
        }
        true
    }

    /// The next places where a slot may end: before fillers, before an apposition between commas.
    fn ends_before(&self, walk: &mut Walk) -> [Option<usize>; 2] {
        let at = walk.at;
        if walk.unit - at >= LONGEST_FILLER + LONGEST_APPOSITION {
            walk.over = true;
            return [None, None];
        }
        if let Some(start) = self.filler_before(at) {
            walk.at = start;
            return [Some(start), None];
        }
        if at > 0 && matches!(self.clause.word_text(at - 1), "which" | "who" | "that") {
            // "Simba Ridge, which invested in Kibo": the verb's subject is whom the clause is about.
            walk.over = true;
            let comma = (at > 1 && self.clause.is_comma(at - 2)).then(|| at - 2);
            return [Some(at - 1), comma.or_else(|| self.comma_before_noun(at - 1))];
        }
        if let Some(subject) = self.subject_of_first_verb(at) {
            // "Koopje operates in Poland and has taken over Bazarek"
            walk.over = true;
            return [Some(subject + 1), None];
        }
        match at.checked_sub(1).filter(|&comma| !walk.apposition_passed && self.clause.is_comma(comma)) {
            Some(comma) => self.ends_before_comma(comma, walk),
            None => {
                walk.over = true;
                [None, None]
            }
        }
    }

    /// "Karpatia, the private-equity house which bought": the comma before the noun that says who is meant.
    fn comma_before_noun(&self, relative: usize) -> Option<usize> {
        let earliest = relative.saturating_sub(LONGEST_DESCRIPTION).max(1);
        let plain = |unit: &usize| {
            self.clause.word(*unit).is_some_and(|token| token.kind == TokenKind::Word && !token.capital)
                || self.clause.word_text(*unit) == "-"
        };
        let article = (earliest..relative)
            .rev()
            .take_while(plain)
            .find(|&unit| matches!(self.clause.word_text(unit), "the" | "a" | "an"))?;
        self.clause.is_comma(article - 1).then_some(article - 1)
    }

    fn ends_before_comma(&self, comma: usize, walk: &mut Walk) -> [Option<usize>; 2] {
        let named = self.is_named_behind_noun(comma).then_some(comma);
        let apposition = self.apposition_before(comma);
        walk.apposition_passed |= apposition.is_some();
        // 北岸集团公告，拟收购…: a single comma behind the subject in Chinese.
        let single = || (walk.at < walk.unit && self.clause.word_text(comma) == "，").then_some(comma);
        let next = apposition.or_else(single);
        match next {
            Some(next) => walk.at = next,
            None => walk.over = true,
        }
        [named, next]
    }

    /// "Its unit, Fjordlast do Brasil, signed": the name between the commas is the subject itself, since no name
    /// stands before the first of them but one of whom it is told.
    fn is_named_behind_noun(&self, closing: usize) -> bool {
        let named = closing.checked_sub(1).is_some_and(|name| self.entity_member(name, self.agents));
        let earliest = closing.saturating_sub(LONGEST_DESCRIPTION + 2);
        let opening = (earliest..closing).rev().find(|&unit| self.clause.is_comma(unit));
        let is_noun = |unit: usize| self.clause.word(unit).is_some_and(|token| token.kind == TokenKind::Word);
        // "The chairman of Acme, Jane Roe, bought": it is not Acme that did.
        named
            && opening
                .and_then(|comma| comma.checked_sub(1))
                .is_some_and(|before| is_noun(before) || self.tie(before).is_some())
    }

    /// Where "and", or a comma in Chinese, stands directly before a verb: the agent that the sentence names first.
    fn subject_of_first_verb(&self, verb: usize) -> Option<usize> {
        let joint = verb.checked_sub(1)?;
        let joined = matches!(self.clause.word_text(joint), "and" | "but" | "并" | "，" | "且");
        let agent = |unit: &usize| {
            let possessive =
                matches!(self.clause.mention_text(*unit), "its" | "Its" | "their" | "Their" | "his" | "her" | "其");
            self.entity_member(*unit, self.agents) && !self.is_possessor(*unit) && !possessive
        };
        let first = (0..joint).find(agent).filter(|_| joined)?;
        // A list before the verb is its subject: "Acme and Bolt bought".
        let parted = (first..joint).any(|unit| self.clause.parts_clauses(unit));
        (first + 1 < joint && !parted).then_some(first)
    }

    /// The first unit of the filler that ends just before `unit`: an auxiliary, an adverb, a date, a price.
    fn filler_before(&self, unit: usize) -> Option<usize> {
        let last = unit.checked_sub(1)?;
        if self.clause.mention(last).is_some_and(|(_, mention)| mention.is_quantity()) {
            return Some(last);
        }
        if self.clause.bracket(last) == Some(false) {
            let start = self.skip_brackets_left(unit);
            return (start < unit).then_some(start);
        }
        let closes = self.clause.plain_words(last)?.last().is_some_and(|word| self.lexicon.fillers.may_close(word));
        if !closes {
            return None;
        }
        let words = self.clause.words_before(unit);
        let (length, ()) = self.lexicon.fillers.longest_at_end(words, 6)?;
        self.clause.unit_at(self.clause.units[last].end - length as u32)
    }

    fn filler_at(&self, unit: usize) -> bool {
        self.longest_at(&self.lexicon.fillers, unit).is_some()
    }

    /// `Acme, a maker of toys, bought …`: the unit before the first comma, given the second.
    fn apposition_before(&self, comma: usize) -> Option<usize> {
        let earliest = comma.saturating_sub(LONGEST_APPOSITION).max(1);
        let opens = |unit: &usize| {
            self.clause.is_comma(*unit)
                && self.clause.mention(unit - 1).is_some_and(|(_, mention)| !mention.is_quantity())
        };
        let opening = (earliest..comma).rev().find(opens)?;
        let parted = (opening..comma).any(|unit| self.clause.parts_clauses(unit));
        (!parted).then_some(opening)
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
                    .filter(|_| !self.is_seat_of_next_name(last) && !self.tells_another(last, index))
                else {
                    return Vec::new();
                };
                let mut ways = vec![(Bound::Mentions(vec![mention]), last)];
                let mut start = last;
                let named = self.clause.mention(last).is_some_and(|(_, mention)| mention.is_name());
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
                Some((index, mention)) if quantity_fits(kind, &mention.kind) => {
                    vec![(Bound::Mentions(vec![index]), last)]
                }
                _ => Vec::new(),
            },
        }
    }

    /// "Tamarack Fibre of Sudbury is buying", "Auk Partners of Norway have invested": who acts is no place.
    fn head_of_seat(&self, last: usize, classes: ClassSet) -> Option<usize> {
        let head = last.checked_sub(2)?;
        let name = |unit: usize| self.clause.mention(unit).is_some_and(|(_, mention)| mention.is_name());
        let opens = head == 0 || head == 1 && self.is_determiner(0);
        let seat = matches!(self.clause.word_text(last - 1), "of" | "in") && (opens || self.is_place(last));
        (seat && name(head) && name(last) && self.entity_member(head, classes)).then_some(head)
    }

    fn previous_member(&self, unit: usize, classes: ClassSet, index: usize) -> Option<usize> {
        let mut at = unit;
        // "A and the Danish bank B": the description before B is passed over first.
        for _ in 0..LONGEST_DESCRIPTION {
            if let Some(title) = self.title_before(at) {
                at = title;
            } else if at > 0 && !self.is_conjunction(at - 1) && self.describes(at - 1) {
                at -= 1;
            } else {
                break;
            }
        }
        let mut parted = false;
        for _ in 0..3 {
            if at > 0 && self.is_conjunction(at - 1) {
                at -= 1;
                parted = true;
            }
        }
        // "Ida Lund, a former Acme trader, and Tor Hagen founded"
        let at = Some(at).filter(|_| parted).and_then(|at| self.before_note(at)).unwrap_or(at);
        let last = at.checked_sub(1)?;
        let fits = parted && self.entity_member(last, classes) && !self.is_possessor(last);
        (fits && !self.is_object_of_earlier_verb(last, index)).then_some(last)
    }

    /// 陆展鹏与产品经理罗子涵: the first unit of the title that ends just before a unit.
    fn title_before(&self, unit: usize) -> Option<usize> {
        let last = unit.checked_sub(1).filter(|&last| self.clause.is_han(last))?;
        let (length, ()) = self.lexicon.titles.longest_at_end(self.clause.words_before(unit), LONGEST_DESCRIPTION)?;
        self.clause.unit_at(self.clause.units[last].end - length as u32)
    }

    /// 微软与产品经理罗子涵: one past the title that stands here.
    fn past_title(&self, unit: usize) -> Option<usize> {
        let length = self.longest_at(&self.lexicon.titles, unit).filter(|_| self.clause.is_han(unit))?;
        Some(unit + length)
    }

    /// A gap stays within the clause: another subject begins another one.
    fn may_pass(&self, unit: usize, forbidden: &Literal) -> bool {
        unit < self.clause.units.len()
            && !self.clause.parts_clauses(unit)
            && !self.is_other_subject(unit)
            && phrases_at(self.clause, unit, forbidden).next().is_none()
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
