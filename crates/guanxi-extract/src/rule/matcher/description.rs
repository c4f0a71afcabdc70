//! What words around a name make of it: a description of the next name, the one to whom another belongs, the one of
//! whom another is told. None of these is who did it, or to whom it was done.

use super::words::{phrases_at, phrases_before};
use super::{Attempt, MOST_TRADE_WORDS};
use crate::classes::ClassSet;
use crate::rule::compile::Atom;
use crate::rule::watch::Watch;
use crate::scan::{Token, TokenKind};
use crate::units::MentionKind;

/// Characters of an office: 首席财务官兼董事会秘书.
const LONGEST_OFFICE: usize = 12;
/// 的一名前…: characters that count or describe, before the noun.
const LONGEST_COUNT: usize = 4;

impl<W: Watch> Attempt<'_, W> {
    /// One past a word of description, or past "Alexandria-based".
    pub(super) fn past_description(&self, unit: usize) -> Option<usize> {
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
        let name = self.is_name(unit);
        // "closed its probe of Gojek's parent GoTo"
        if name && let Some(owned) = self.owned_name(unit) {
            return Some(owned);
        }
        (self.describes(unit) || name && self.describes_next_name(unit)).then_some(unit + 1)
    }

    /// A plain word that may stand before a name without changing who is meant: no verb, no preposition, no sign.
    pub(super) fn describes(&self, unit: usize) -> bool {
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
            let before = unit.checked_sub(1);
            before.is_some_and(|before| self.says_whose_or_what(before) || noun(before) && !self.is_verb(before))
        };
        self.is_determiner(unit + 1) || in_ed && behind_noun()
    }

    pub(super) fn is_name(&self, unit: usize) -> bool {
        self.clause.mention(unit).is_some_and(|(_, mention)| mention.is_name())
    }

    /// The 's behind a possessor.
    pub(super) fn is_genitive(&self, unit: usize) -> bool {
        matches!(self.clause.word_text(unit), "'s" | "’s" | "'" | "’")
    }

    /// A word in small letters that ends no noun phrase.
    fn is_plain_noun(&self, unit: usize) -> bool {
        self.clause.word(unit).is_some_and(|token| {
            token.kind == TokenKind::Word && !token.capital && !self.lexicon.boundaries.contains(&token.hash)
        })
    }

    /// "lender", "rival": the last word of a description before a name.
    fn says_whose_or_what(&self, unit: usize) -> bool {
        let describes = |token: &Token| {
            self.lexicon.company_nouns.contains(&token.hash) || self.lexicon.relation_nouns.contains(&token.hash)
        };
        self.clause.word(unit).is_some_and(describes)
    }

    fn is_place(&self, unit: usize) -> bool {
        self.clause.mention(unit).is_some_and(|(index, mention)| {
            mention.is_name() && !self.clause.classes[index as usize].meets(self.agents)
        })
    }

    pub(super) fn is_determiner(&self, unit: usize) -> bool {
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

    /// `Acme’s`, `Acme-backed`, 腾讯的, 腾讯旗下
    pub(super) fn is_possessor(&self, unit: usize) -> bool {
        let next = unit + 1;
        let text = self.clause.word_text(next);
        self.is_genitive(next)
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
    pub(super) fn describes_next_name(&self, unit: usize) -> bool {
        let noun = (unit + 1..=unit + 1 + MOST_TRADE_WORDS)
            .take_while(|&at| self.is_plain_noun(at))
            .find(|&at| self.is_name(at + 1));
        noun.is_some_and(|at| self.says_whose_or_what(at))
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
        let title =
            || self.lexicon.titles.longest_at_end(self.clause.words_before(noun + 1), MOST_TRADE_WORDS).is_some();
        let name = if self.clause.is_comma(noun + 1) { noun + 2 } else { noun + 1 };
        let who = name == noun + 1 && self.says_whose_or_what(noun) || title();
        (self.is_genitive(unit + 1) && who && self.is_name(name)).then_some(name)
    }

    /// "a client of Acme was fined", 甲的一名客户被罚: the name tells who it was, and is not who it was.
    pub(super) fn tells_another(&self, unit: usize, index: usize) -> bool {
        let attached = &self.lexicon.attached_nouns;
        if self.clause.is_han(unit + 1) && self.longest_at(&self.lexicon.beside_nouns, unit + 1).is_some() {
            return true;
        }
        if matches!(self.clause.word_text(unit + 1), "的" | "之") {
            // 松石电子成为北岸集团的子公司: the noun is what the pattern itself looks for.
            let passed = (unit + 2..=unit + 2 + LONGEST_COUNT)
                .take_while(|&at| self.clause.is_han(at) && !self.is_spelt_at(at, index));
            return !self.is_spelt(index + 1) && passed.into_iter().any(|at| self.longest_at(attached, at).is_some());
        }
        // "a unit of Acme, listed in London": what stands between commas is of the name itself, unless it is a name.
        if self.is_place(unit) || self.clause.is_comma(unit + 1) && !self.is_named_between_commas(unit + 1) {
            return false;
        }
        !self.follows_words(index) && self.tie(unit).is_some()
    }

    /// "a client of Acme", "the chairman of the Dutch bank Acme": where the word stands by which another is told of the name.
    pub(super) fn tie(&self, unit: usize) -> Option<usize> {
        let told = |before: usize| {
            let words = self.clause.words_before(before);
            self.lexicon.attached_nouns.longest_at_end(words, MOST_TRADE_WORDS).is_some()
                || self.lexicon.titles.longest_at_end(words, MOST_TRADE_WORDS).is_some()
        };
        // "the head of Acme's tower arm", "a daughter of Acme founder Tom Lee": the tie is to what comes behind.
        let nouns = (unit + 1..=unit + MOST_TRADE_WORDS).take_while(|&at| self.is_plain_noun(at)).count();
        if nouns > 0 && self.is_name(unit + 1 + nouns) || self.is_genitive(unit + 1) {
            return None;
        }
        let ties = |at: &usize| {
            matches!(self.clause.word_text(*at), "of" | "to" | "at" | "with" | "for" | "in" | "from") && told(*at)
        };
        let described = (0..MOST_TRADE_WORDS).take_while(|&back| unit > back && self.describes(unit - back - 1)).last();
        let opens = unit - described.map_or(0, |back| back + 1);
        (opens.saturating_sub(1)..unit).find(ties)
    }

    /// "Acme, which used it to buy Bolt": with what it was done is not who did it.
    pub(super) fn is_means(&self, unit: usize) -> bool {
        let before = unit.checked_sub(1).map_or("", |before| self.clause.word_text(before));
        matches!(before, "used" | "uses" | "using") && matches!(self.clause.mention_text(unit), "it" | "them" | "this")
    }

    /// 甲向杭州市中级人民法院对乙提起诉讼: the court that somebody goes to does nothing itself.
    pub(super) fn is_court_asked(&self, unit: usize) -> bool {
        let before = unit.checked_sub(1).map_or("", |before| self.clause.word_text(before));
        before == "向" && self.clause.mention_text(unit).ends_with('院')
    }

    /// Whether the pattern says which words stand right before an atom of it.
    pub(super) fn follows_words(&self, atom: usize) -> bool {
        atom.checked_sub(1).is_some_and(|before| self.is_spelt(before))
    }

    /// Whether a literal of the pattern stands at `unit`, of those behind an atom.
    pub(super) fn is_spelt_at(&self, unit: usize, index: usize) -> bool {
        self.pattern.atoms[index + 1..].iter().any(|atom| match atom {
            Atom::Literal { literal, .. } => phrases_at(self.clause, unit, literal).next().is_some(),
            _ => false,
        })
    }

    /// Whether a literal of the pattern may end right before `unit`, of those before an atom.
    pub(super) fn is_spelt_before(&self, unit: usize, index: usize) -> bool {
        self.pattern.atoms[..index].iter().any(|atom| match atom {
            Atom::Literal { literal, .. } => phrases_before(self.clause, unit, literal).next().is_some(),
            _ => false,
        })
    }

    /// A name between two commas, of which the first is given: "the chairman of Acme, Jane Roe, said".
    fn is_named_between_commas(&self, comma: usize) -> bool {
        self.is_name(comma + 1) && self.clause.is_comma(comma + 2)
    }

    /// 重罚台新银行前理财专员许志明: where a person may be meant, it is who was somebody there, and not the bank.
    pub(super) fn is_employer_of_next_name(&self, unit: usize, wanted: ClassSet) -> bool {
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
    pub(super) fn is_seat_of_next_name(&self, unit: usize) -> bool {
        let before = unit.checked_sub(1).map_or("", |before| self.clause.mention_text(before));
        matches!(before, "its" | "their") && self.describes_next_name(unit)
    }

    /// "Tamarack Fibre of Sudbury is buying", "Auk Partners of Norway have invested": who acts is no place.
    pub(super) fn head_of_seat(&self, last: usize, classes: ClassSet) -> Option<usize> {
        let head = last.checked_sub(2)?;
        let opens = head == 0 || head == 1 && self.is_determiner(0);
        let seat = matches!(self.clause.word_text(last - 1), "of" | "in") && (opens || self.is_place(last));
        (seat && self.is_name(head) && self.is_name(last) && self.entity_member(head, classes)).then_some(head)
    }
}
