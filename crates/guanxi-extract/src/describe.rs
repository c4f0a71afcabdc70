//! "The debt collector", "the Rijeka firm", 该券商: a firm told again by what the text has said it is.
//!
//! A text calls a firm by a trade ("the collector Acme", "Acme, a debt collector,", 支付公司甲) and later by that trade
//! alone. Whoever is meant must be the only one of the article so described; where two could be meant, nothing is said.

use std::collections::VecDeque;
use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use crate::classes::ClassSet;
use crate::extractor::Extractor;
use crate::focus::is_bank;
use crate::reading::Reading;
use crate::scan::{Token, TokenKind, token_hash};
use crate::units::{Mention, MentionKind};

/// Words between an article and the noun.
const MOST_WORDS: usize = 6;
/// Words of an apposition that is looked through for its head.
const LONGEST_APPOSITION: usize = 10;
/// Descriptions that are remembered: time stays linear in the text.
const MOST_TOLD: usize = 200;
/// Characters of a Chinese description.
const LONGEST_HAN: usize = 6;

/// What the text calls somebody.
#[derive(Clone, Debug)]
pub(crate) struct Description {
    pub(crate) sentence: u32,
    pub(crate) entity: u32,
    /// What it is: lender. None where only its place is told.
    pub(crate) noun: Option<u64>,
    /// Words that say which: debt, Rijeka.
    words: Vec<u64>,
    /// In Chinese, the characters before the name.
    han: Vec<u64>,
}

/// What the article has called firms so far.
#[derive(Default)]
struct Told {
    article: Option<u32>,
    latest: VecDeque<Description>,
    /// Every noun and every last character among them, so that most words need not be compared with all of them.
    nouns: FxHashSet<u64>,
}

impl Told {
    fn add(&mut self, description: Description) {
        self.nouns.extend(description.noun.iter().chain(description.han.last()));
        self.latest.push_back(description);
        if self.latest.len() > MOST_TOLD {
            self.latest.pop_front();
        }
    }
}

/// Adds to each sentence the descriptions that can mean only one firm named so before; all descriptions are returned.
pub(crate) fn find(reading: &mut Reading<'_>, extractor: &Extractor) -> Vec<Description> {
    let mut all = Vec::new();
    let mut told = Told::default();
    for sentence in 0..reading.sentences.len() {
        let article = Some(reading.block(sentence).article);
        if told.article != article {
            told = Told { article, ..Told::default() };
        }
        if !told.latest.is_empty() {
            for nominal in Sight::new(reading, extractor, sentence).told_again(&told) {
                take_in(&mut reading.mentions[sentence], nominal);
            }
        }
        let here = Sight::new(reading, extractor, sentence).descriptions();
        here.iter().cloned().for_each(|description| told.add(description));
        all.extend(here);
    }
    all
}

/// Puts a nominal among the mentions of a sentence; one at the same noun gives way.
fn take_in(mentions: &mut Vec<Mention>, nominal: Mention) {
    let apart = |other: &Mention| other.end <= nominal.start || other.start >= nominal.end;
    mentions.retain(|other| apart(other) || other.is_name());
    if mentions.iter().all(apart) {
        let place = mentions.partition_point(|other| other.start < nominal.start);
        mentions.insert(place, nominal);
    }
}

/// One sentence, with what is needed to look at it.
struct Sight<'a, 'r> {
    reading: &'a Reading<'r>,
    extractor: &'a Extractor,
    sentence: usize,
    first: usize,
    end: usize,
}

impl<'a, 'r> Sight<'a, 'r> {
    fn new(reading: &'a Reading<'r>, extractor: &'a Extractor, sentence: usize) -> Self {
        let range = reading.sentences[sentence];
        Self { reading, extractor, sentence, first: range.start as usize, end: range.end as usize }
    }

    fn token(&self, at: usize) -> Option<&'a Token> {
        (self.first..self.end).contains(&at).then(|| &self.reading.tokens[at])
    }

    fn piece(&self, at: usize) -> &'a str {
        self.token(at).map_or("", |token| self.reading.text.slice(token.start, token.end))
    }

    /// Everything that the sentence calls the firms that it names.
    fn descriptions(&self) -> Vec<Description> {
        let mut all = Vec::new();
        for mention in &self.reading.mentions[self.sentence] {
            let MentionKind::Name { entity } = mention.kind else { continue };
            if !self.may_be_described(entity) {
                continue;
            }
            let (start, end) = (mention.start as usize, mention.end as usize);
            let before = self.before(start);
            let behind = self.behind(end);
            let own = self.own_nouns(start, mention.name_end as usize);
            let heads =
                [before, behind].into_iter().flatten().chain(own.into_iter().map(|noun| (Some(noun), Vec::new())));
            all.extend(heads.map(|(noun, words)| self.description(entity, noun, words, Vec::new())));
            let han = self.han_before(start);
            if !han.is_empty() {
                all.push(self.description(entity, None, Vec::new(), han));
            }
        }
        all
    }

    fn description(&self, entity: u32, noun: Option<u64>, words: Vec<u64>, han: Vec<u64>) -> Description {
        Description { sentence: self.sentence as u32, entity, noun, words, han }
    }

    fn may_be_described(&self, entity: u32) -> bool {
        let classes = self.reading.registry.classes_of(entity);
        classes.meets(self.extractor.agents) && classes != self.extractor.persons
    }

    /// "the Rijeka debt collector Acme", "Rijeka-based Acme".
    fn before(&self, start: usize) -> Option<(Option<u64>, Vec<u64>)> {
        let last = start.checked_sub(1)?;
        if self.piece(last) == "based" && self.piece(last.checked_sub(1)?) == "-" {
            let place = self.token(last.checked_sub(2)?).filter(|place| place.capital)?;
            return Some((None, vec![place.hash]));
        }
        let words = (self.first..last).rev().take(MOST_WORDS).take_while(|&at| self.may_describe(at));
        self.called(last, words.collect())
    }

    /// ", a Rijeka debt collector, …", "is the largest brewer in Togo".
    fn behind(&self, end: usize) -> Option<(Option<u64>, Vec<u64>)> {
        let article = matches!(self.piece(end), "," | "is" | "was").then_some(end + 1)?;
        if !matches!(self.piece(article), "a" | "an" | "the" | "one") {
            return None;
        }
        let stop = (article + 1..article + 1 + LONGEST_APPOSITION).find(|&at| !self.may_describe(at))?;
        let ends = matches!(
            self.piece(stop),
            "," | "."
                | ";"
                | "of"
                | "in"
                | "that"
                | "which"
                | "with"
                | "and"
                | "for"
                | "from"
                | "based"
                | "whose"
                | "—"
                | "–"
        );
        if !ends || stop == article + 1 {
            return None;
        }
        let mut words: Vec<usize> = (article + 1..stop - 1).collect();
        // "an insurer in Goes", "a maker of shop fittings": what tells it from others.
        if matches!(self.piece(stop), "in" | "from" | "of" | "based") {
            let more = stop + if self.piece(stop + 1) == "in" { 2 } else { 1 };
            words.extend((more..more + MOST_WORDS).take_while(|&at| self.may_describe(at)));
        }
        self.called(stop - 1, words)
    }

    /// A description by its head and the words that say more; of "an investor from Munich" the place alone tells.
    fn called(&self, head: usize, words: Vec<usize>) -> Option<(Option<u64>, Vec<u64>)> {
        let noun = self.token(head).filter(|token| token.kind == TokenKind::Word && !token.capital)?;
        let is_trade = self.is_trade(noun);
        let tells = |at: &usize| is_trade || self.token(*at).is_some_and(|token| token.capital);
        let words: Vec<u64> = words.into_iter().filter(tells).filter_map(|at| self.meaning(at)).collect();
        (is_trade || !words.is_empty()).then_some((is_trade.then_some(noun.hash), words))
    }

    /// What a name itself says: Tsodilo Holdings, Banka Kranj.
    fn own_nouns(&self, start: usize, end: usize) -> Vec<u64> {
        let lexicon = &self.extractor.lexicon;
        let says = |hash: &u64| lexicon.trade_nouns.contains(hash) || lexicon.company_nouns.contains(hash);
        let mut nouns: Vec<u64> =
            [end - 1, start].into_iter().filter_map(|at| self.token(at)).map(|token| token.hash).filter(says).collect();
        if self.piece(end - 1) == "Holdings" {
            nouns.push(token_hash("holding"));
        }
        let bytes = (self.reading.tokens[start].start, self.reading.tokens[end - 1].end);
        if is_bank(self.reading.text.slice(bytes.0, bytes.1)) {
            nouns.extend(["bank", "lender", "行"].map(token_hash));
        }
        nouns
    }

    /// 民营支付公司 before 易付通.
    fn han_before(&self, start: usize) -> Vec<u64> {
        let is_han = |at: &usize| self.token(*at).is_some_and(|token| token.kind == TokenKind::Han);
        let mut han: Vec<u64> = (self.first..start)
            .rev()
            .take(LONGEST_HAN)
            .take_while(is_han)
            .map(|at| self.reading.tokens[at].hash)
            .collect();
        han.reverse();
        let noun_ends = han.last().is_some_and(|last| self.extractor.lexicon.han_firm_nouns.contains(last));
        if noun_ends && han.len() >= 2 { han } else { Vec::new() }
    }

    /// A noun by which a firm goes; not one by which it stands to another, such as owner.
    fn is_trade(&self, token: &Token) -> bool {
        let lexicon = &self.extractor.lexicon;
        let plain = token.kind == TokenKind::Word && !token.capital;
        let known = lexicon.company_nouns.contains(&token.hash) || lexicon.trade_nouns.contains(&token.hash);
        let text = self.reading.text.slice(token.start, token.end);
        let agent = (text.ends_with("er") || text.ends_with("or")) && text.len() > 5;
        let person = lexicon.titles.exact(std::slice::from_ref(token)).is_some();
        plain && (known || agent && !person && !lexicon.no_trades.contains(&token.hash))
    }

    /// A word that may stand between an article and the noun.
    fn may_describe(&self, at: usize) -> bool {
        let Some(token) = self.token(at) else { return false };
        let name = self.reading.mentions[self.sentence]
            .iter()
            .find(|mention| (mention.start as usize..mention.end as usize).contains(&at) && mention.is_name());
        let agent = name.is_some_and(|mention| match mention.kind {
            MentionKind::Name { entity } => {
                self.reading.registry.is_shown(entity)
                    && self.reading.registry.classes_of(entity).meets(self.extractor.agents)
            }
            _ => false,
        });
        let word = token.kind == TokenKind::Word && !self.extractor.lexicon.boundaries.contains(&token.hash);
        !agent && (word || self.piece(at) == "-")
    }

    /// What a word adds to a description: nothing, if it is "new" or "largest".
    fn meaning(&self, at: usize) -> Option<u64> {
        let token = self.token(at).filter(|token| token.kind == TokenKind::Word)?;
        let lexicon = &self.extractor.lexicon;
        let light = (lexicon.light_words.contains(&token.hash) || lexicon.judging_words.contains(&token.hash))
            && !token.capital;
        (!light).then_some(token.hash)
    }

    /// The descriptions in the sentence that mean one firm described so before, as mentions.
    fn told_again(&self, told: &Told) -> Vec<Mention> {
        let opens = self.extractor.lexicon.opens_description;
        let candidates = (self.first..self.end).filter(|&at| {
            let token = &self.reading.tokens[at];
            token.kind == TokenKind::Han || token.gates & opens != 0
        });
        candidates
            .filter_map(|at| match self.piece(at) {
                "the" | "The" | "this" | "This" => self.english(at, told),
                "该" | "該" => self.chinese(at, at + 1, told),
                "这" | "這" if self.piece(at + 1) == "家" => self.chinese(at, at + 2, told),
                _ => None,
            })
            .collect()
    }

    /// "the Rijeka debt collector"
    fn english(&self, article: usize, told: &Told) -> Option<Mention> {
        let is_noun = |at: usize| {
            self.token(at)
                .is_some_and(|token| !token.capital && (is_any_firm(token.hash) || told.nouns.contains(&token.hash)))
        };
        let noun = (article + 1..article + 2 + MOST_WORDS)
            .take_while(|&at| self.may_describe(at) || is_noun(at))
            .find(|&at| is_noun(at))?;
        if !self.ends_description(noun + 1) {
            return None;
        }
        let words: Vec<u64> = (article + 1..noun).filter_map(|at| self.meaning(at)).collect();
        let hash = self.reading.tokens[noun].hash;
        // A bare "the lender" is left to whoever knows of whom the text speaks.
        let mentions = &self.reading.mentions[self.sentence];
        let is_nominal = mentions.iter().any(|mention| !mention.is_name() && mention.end as usize == noun + 1);
        if (is_nominal || is_any_firm(hash)) && words.is_empty() {
            return None;
        }
        let entity = self.only_one(told, |entity| {
            let of_entity = || told.latest.iter().filter(|one| self.root(one.entity) == entity);
            let is_so = is_any_firm(hash) || of_entity().any(|one| one.noun == Some(hash));
            is_so && words.iter().all(|word| of_entity().any(|one| one.words.contains(word) || one.noun == Some(*word)))
        })?;
        // A name within stays a mention of its own.
        let holds_name = mentions.iter().any(|mention| {
            (article..noun).contains(&(mention.start as usize)) && !matches!(mention.kind, MentionKind::Nominal { .. })
        });
        Some(self.nominal(if holds_name { noun } else { article }, noun + 1, entity))
    }

    /// Whether a description may end here: no further noun follows, and nothing that says more of it.
    fn ends_description(&self, at: usize) -> bool {
        let Some(token) = self.token(at) else { return true };
        let lexicon = &self.extractor.lexicon;
        match token.kind {
            TokenKind::Sign => !matches!(self.piece(at), "-" | "&"),
            TokenKind::Number => true,
            TokenKind::Han => false,
            TokenKind::Word => {
                let verb = self.piece(at).ends_with("ed") || lexicon.stop_words.finite.contains(&token.hash);
                !token.capital
                    && self.piece(at) != "of"
                    && (verb
                        || lexicon.behind_nouns.contains(&token.hash)
                        || lexicon.boundaries.contains(&token.hash)
                        || lexicon.fillers.may_open(token))
            }
        }
    }

    /// 该支付公司, 这家车企
    fn chinese(&self, start: usize, noun: usize, told: &Told) -> Option<Mention> {
        let hashes: Vec<u64> = (noun..noun + LONGEST_HAN)
            .map_while(|at| self.token(at).filter(|token| token.kind == TokenKind::Han).map(|token| token.hash))
            .collect();
        let length = (2..=hashes.len()).rev().find(|&length| {
            self.extractor.lexicon.han_firm_nouns.contains(&hashes[length - 1])
                && told.latest.iter().any(|one| one.han.ends_with(&hashes[..length]))
        })?;
        // 该公司 and 该集团 say nothing of what it is.
        if matches!(self.piece(noun), "公" | "集") {
            return None;
        }
        let entity = self.only_one(told, |entity| {
            told.latest.iter().any(|one| self.root(one.entity) == entity && one.han.ends_with(&hashes[..length]))
        })?;
        Some(self.nominal(start, noun + length, entity))
    }

    fn root(&self, entity: u32) -> u32 {
        self.reading.registry.root(entity)
    }

    /// The one firm among those described of which this holds.
    fn only_one(&self, told: &Told, holds: impl Fn(u32) -> bool) -> Option<u32> {
        let mut all: Vec<u32> = told.latest.iter().map(|one| self.root(one.entity)).collect();
        all.sort_unstable();
        all.dedup();
        let mut fitting = all.into_iter().filter(|&entity| holds(entity));
        fitting.next().filter(|_| fitting.next().is_none())
    }

    fn nominal(&self, start: usize, end: usize, entity: u32) -> Mention {
        let classes: ClassSet = self.reading.registry.classes_of(entity) & self.extractor.agents;
        Mention {
            start: start as u32,
            end: end as u32,
            name_end: end as u32,
            kind: MentionKind::Nominal { classes, speaks_of_itself: false, meant: Some(entity) },
            quoted: false,
        }
    }
}

/// Nouns that say nothing by themselves.
fn is_any_firm(noun: u64) -> bool {
    static ANY: LazyLock<[u64; 4]> = LazyLock::new(|| ["company", "firm", "group", "business"].map(token_hash));
    ANY.contains(&noun)
}
