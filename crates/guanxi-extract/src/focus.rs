//! Who "the company", "it", 该公司 and an elided subject are.

use std::collections::BTreeMap;

use guanxi_model::Section;
use rustc_hash::FxHashMap;

use crate::classes::ClassSet;
use crate::extractor::Extractor;
use crate::reading::{Reading, Topic};
use crate::units::{Mention, MentionKind};

/// What is known, at a sentence, about who is being talked of.
pub(crate) struct Focus {
    /// For each article, whom it is about.
    articles: Vec<Topic>,
    /// For each sentence, whom the sentences before it are about, with the block of the last of them.
    before: Vec<Option<(u32, u32)>>,
    /// For each sentence, whether its paragraph has named the one whom the article is about before it.
    main_named: Vec<bool>,
    /// For each sentence, the person that a sentence before it names last, the subject first.
    person: Vec<Option<u32>>,
    /// For each sentence, the authority that a sentence before it names last, the subject first, with its block; one
    /// that is a regulator and nothing else is not forgotten over one that may be something else.
    authority: Vec<Option<(u32, u32)>>,
    /// For each article, the regulator that it is about.
    main_authority: Vec<Option<u32>>,
    /// For each sentence, the rule that a sentence before it names last.
    regulation: Vec<Option<u32>>,
    /// For each sentence, the one agent that its heading names.
    heading: Vec<Option<u32>>,
    /// For each entity, the first sentence that names it.
    first_named: FxHashMap<u32, u32>,
    /// For each article, whether it tells one thing after another.
    digests: Vec<bool>,
    /// For each noun by which firms are called, who is called so and in which sentence.
    described: FxHashMap<u64, Vec<(u32, u32)>>,
    /// For each article, whether a firm announces it: there 公司 is 本公司.
    announcements: Vec<bool>,
    companies: ClassSet,
    persons: ClassSet,
    authorities: ClassSet,
    regulations: ClassSet,
}

/// A common noun or pronoun whose antecedent is wanted.
#[derive(Clone, Copy)]
pub(crate) struct Wanted<'a> {
    pub(crate) sentence: usize,
    /// Its number among the sentence's mentions.
    pub(crate) mention: usize,
    /// What it may be.
    pub(crate) classes: ClassSet,
    /// 本公司 is whoever publishes the text, whoever else was named meanwhile.
    pub(crate) speaks_of_itself: bool,
    /// Whom the reading names besides.
    pub(crate) bound: &'a [u32],
}

/// What the last sentence that names an agent tells of who is being talked of.
#[derive(Clone, Copy)]
struct Last {
    article: u32,
    block: u32,
    /// The agent that opens its paragraph.
    opening: u32,
    /// The agent that it names first itself.
    latest: u32,
}

impl Last {
    /// A paragraph stays with whom it opened with, unless the text has more to say of the one named since:
    /// "Existing investors Accel and Nandi took part. The company …".
    fn subject(&self, reading: &Reading<'_>) -> u32 {
        let mentions = |entity| reading.registry.mentions_of(entity);
        if mentions(self.latest) > mentions(self.opening) { self.latest } else { self.opening }
    }
}

/// Whom a text has called by a noun.
enum Called {
    Nobody,
    One(u32),
    /// More than one, of whom none is talked of.
    Several,
}

impl Focus {
    /// Reads the focus off a document.
    pub(crate) fn new(reading: &Reading<'_>, extractor: &Extractor) -> Self {
        let &Extractor { companies, persons, authorities, regulations, .. } = extractor;
        let articles = reading.topics(companies);
        let mut before = Vec::with_capacity(reading.sentences.len());
        let mut heading = Vec::with_capacity(reading.sentences.len());
        let mut main_named = Vec::with_capacity(reading.sentences.len());
        let (mut paragraph, mut names_main) = (None, false);
        let mut last: Option<Last> = None;
        let mut person = Vec::with_capacity(reading.sentences.len());
        let mut last_person: Option<(u32, u32)> = None;
        let mut regulation = Vec::with_capacity(reading.sentences.len());
        let mut last_regulation: Option<(u32, u32)> = None;
        let mut authority = Vec::with_capacity(reading.sentences.len());
        let mut last_authority: Option<(u32, (u32, u32))> = None;
        let headings = heading_entities(reading, companies);
        for sentence in 0..reading.sentences.len() {
            let block = reading.block(sentence);
            person.push(last_person.filter(|(article, _)| *article == block.article).map(|(_, person)| person));
            authority.push(last_authority.filter(|(article, _)| *article == block.article).map(|(_, last)| last));
            if let Some(named) = named_authority(reading, sentence, reading.mentions[sentence].len(), authorities) {
                let before = last_authority.filter(|(article, _)| *article == block.article);
                let rank = |entity| authority_rank(reading, extractor, entity);
                if before.is_none_or(|(_, (_, before))| rank(named) >= rank(before)) {
                    last_authority = Some((block.article, (reading.sentences[sentence].block, named)));
                }
            }
            regulation.push(last_regulation.filter(|(article, _)| *article == block.article).map(|(_, named)| named));
            if let Some(named) = named_authority(reading, sentence, reading.mentions[sentence].len(), regulations) {
                last_regulation = Some((block.article, named));
            }
            if let Some(named) = person_of(reading, sentence, persons) {
                last_person = Some((block.article, named));
            }
            let here = reading.sentences[sentence].block;
            names_main &= paragraph == Some(here);
            paragraph = Some(here);
            main_named.push(names_main);
            let main = articles[block.article as usize].main;
            names_main |= reading.mentions[sentence]
                .iter()
                .any(|mention| matches!(mention.kind, MentionKind::Name { entity } if Some(entity) == main));
            let told = last.as_ref().filter(|last| last.article == block.article);
            before.push(told.map(|last| (last.block, last.subject(reading))));
            heading.push(block.heading.and_then(|heading| headings[heading as usize]));
            let in_story = !matches!(block.section, Section::Bio | Section::Headline);
            if let Some(entity) = first_named(reading, sentence, companies).filter(|_| in_story) {
                let here = reading.sentences[sentence].block;
                let opening = last.filter(|last| last.block == here).map_or(entity, |last| last.opening);
                last = Some(Last { article: block.article, block: here, opening, latest: entity });
            }
        }
        Self {
            first_named: first_sentences(reading),
            digests: digests(reading, extractor),
            announcements: announcements(reading),
            described: by_noun(reading),
            articles,
            before,
            main_named,
            person,
            authority,
            main_authority: main_authorities(reading, extractor),
            heading,
            companies,
            persons,
            authorities,
            regulation,
            regulations,
        }
    }

    /// Whom a common noun or pronoun means.
    pub(crate) fn antecedent(&self, reading: &Reading<'_>, wanted: &Wanted<'_>) -> Option<u32> {
        let Wanted { sentence, mention, classes, speaks_of_itself, .. } = *wanted;
        let article = reading.block(sentence).article as usize;
        if (speaks_of_itself || self.announcements[article] && says_the_company(reading, sentence, mention))
            && let Some(first) = self.articles[article].first
        {
            return Some(first);
        }
        if classes == self.persons {
            return person_before(reading, sentence, mention, classes).or(self.person[sentence]);
        }
        if classes == self.regulations {
            return self.regulation[sentence];
        }
        // "It" is a firm wherever a firm may stand; an authority only where nothing else can.
        if !classes.meets(self.companies) && classes.meets(self.authorities) {
            return named_authority(reading, sentence, mention, classes).or_else(|| {
                // "The Financial Intelligence Unit said it is investigating": if it is no regulator, nobody else is meant.
                let another = named_authority(reading, sentence, mention, self.authorities);
                another.is_none().then(|| self.authority_before(reading, sentence, classes)).flatten()
            });
        }
        let classes = if classes.meets(self.companies) { classes & (self.companies | self.persons) } else { classes };
        // What a reading says of somebody and "the company" it does not say of the same twice.
        let another = |entity: &u32| !wanted.bound.contains(entity);
        let may_be = |entity: &u32| {
            reading.registry.classes_of(*entity).meets(classes) && !reading.registry.is_rather_place(*entity)
        };
        // "The company" is hardly the fund that pays, if there is anybody else.
        let fits = |entity: &u32| may_be(entity) && reading.is_actor(*entity);
        if let Some(named) = former_or_latter(reading, sentence, mention, fits) {
            return Some(named);
        }
        // "It owns 40% of Kea and sold its stake in PawSure": its is whoever It is.
        if let Some(pronoun) = opening_pronoun(reading, sentence, mention, classes) {
            // "It reprimanded Pulau and fined it": whom it fines is not the one who does.
            let object = is_object(reading, sentence, mention).then(|| last_named(reading, sentence, mention, fits));
            return object.flatten().or_else(|| {
                self.antecedent(reading, &Wanted { mention: pronoun, speaks_of_itself: false, ..*wanted })
            });
        }
        // "The fund, which through its unit Bolt has 19.9%": its is the fund's, or nobody's who could be meant here.
        if let Some(head) = head_of_relative_clause(reading, sentence, mention) {
            return Some(head).filter(may_be).filter(another);
        }
        let described = match self.described_so(reading, sentence, mention) {
            Called::Several => return None,
            Called::One(entity) => Some(entity).filter(fits).filter(another),
            Called::Nobody => None,
        };
        let own = || {
            own_antecedent(reading, sentence, mention, fits)
                .or_else(|| own_antecedent(reading, sentence, mention, may_be))
        };
        described
            .or_else(|| own().filter(another))
            .or_else(|| self.local_subject(reading, sentence).filter(may_be).filter(another))
            .or_else(|| self.subject(reading, sentence).filter(fits).filter(another))
            .filter(|&entity| self.is_named_by(reading, sentence, mention, entity))
    }

    /// Whom the text has called what a nominal says: "the lender" is whoever was called a lender, or is a bank by name.
    fn described_so(&self, reading: &Reading<'_>, sentence: usize, mention: usize) -> Called {
        let Mention { start, end, .. } = reading.mentions[sentence][mention];
        let noun = reading.tokens[end as usize - 1].hash;
        const ANY_FIRM: [&str; 6] = ["company", "firm", "group", "business", "issuer", "target"];
        if start + 1 == end || ANY_FIRM.contains(&words(reading, end - 1, end)) {
            return Called::Nobody;
        }
        let Some(called) = self.described.get(&noun) else { return Called::Nobody };
        let before = || called.iter().rev().filter(|(at, _)| (*at as usize) < sentence).map(|(_, entity)| *entity);
        let Some(last) = before().next() else { return Called::Nobody };
        if before().all(|other| other == last) {
            return Called::One(last);
        }
        // Of two banks "the lender" is the one that is talked of.
        let talked_of = [self.subject(reading, sentence), self.before[sentence].map(|(_, entity)| entity)];
        let mut talked_of = talked_of.into_iter().flatten();
        talked_of.find(|subject| before().any(|other| other == *subject)).map_or(Called::Several, Called::One)
    }

    /// The authority that a sentence is about without naming it: one that it names, else the last one named.
    pub(crate) fn authority(&self, reading: &Reading<'_>, sentence: usize, classes: ClassSet) -> Option<u32> {
        let named = named_authority(reading, sentence, reading.mentions[sentence].len(), classes);
        named.or_else(|| self.authority_before(reading, sentence, classes))
    }

    /// The authority that a sentence leaves out: the one that its paragraph named last, else the one of which the text
    /// has most to say.
    fn authority_before(&self, reading: &Reading<'_>, sentence: usize, classes: ClassSet) -> Option<u32> {
        let (block, last) = self.authority[sentence]?;
        let fits = |entity: &u32| reading.registry.classes_of(*entity).meets(classes);
        let here = reading.sentences[sentence].block;
        let article = reading.block(sentence).article as usize;
        let main = self.main_authority[article].filter(|_| block != here && !self.digests[article]);
        main.filter(fits).or(Some(last).filter(fits))
    }

    /// Whether the sentence's article, or its heading, is plainly about this entity.
    pub(crate) fn is_dominant(&self, reading: &Reading<'_>, sentence: usize, entity: u32) -> bool {
        let article = &self.articles[reading.block(sentence).article as usize];
        article.dominant() == Some(entity) || article.titled() == Some(entity) || self.heading[sentence] == Some(entity)
    }

    /// Whether the sentence's article hardly speaks of anybody else.
    pub(crate) fn dominates(&self, reading: &Reading<'_>, sentence: usize, entity: u32) -> bool {
        self.articles[reading.block(sentence).article as usize].dominant() == Some(entity)
    }

    /// Whether the text has named somebody by the time of a mention: nobody is called "the company" before his name.
    fn is_named_by(&self, reading: &Reading<'_>, sentence: usize, mention: usize, entity: u32) -> bool {
        let names = |mentions: &[Mention]| {
            mentions
                .iter()
                .any(|mention| matches!(mention.kind, MentionKind::Name { entity: other } if other == entity))
        };
        names(&reading.mentions[sentence][..mention])
            || self.first_named.get(&entity).is_some_and(|&first| (first as usize) < sentence)
    }

    /// Whom a paragraph is about that does not name the one whom the article is about: one item of a digest.
    fn local_subject(&self, reading: &Reading<'_>, sentence: usize) -> Option<u32> {
        let (block, before) = self.before[sentence]?;
        let article = &self.articles[reading.block(sentence).article as usize];
        let main = article.main?;
        // A shareholder named in passing is not what a paragraph of a story about somebody else is about.
        if article.dominant().is_some() && reading.registry.mentions_of(before) == 1 {
            return None;
        }
        let here = reading.sentences[sentence].block;
        let names_main = self.main_named[sentence];
        (block == here && before != main && !names_main).then_some(before)
    }

    /// Whom a sentence is about that does not say so.
    pub(crate) fn subject(&self, reading: &Reading<'_>, sentence: usize) -> Option<u32> {
        let block = reading.block(sentence);
        let article = &self.articles[block.article as usize];
        let before = self.before[sentence].map(|(_, entity)| entity);
        if block.section == Section::List {
            // A bullet belongs to its heading, not to the bullet above it.
            let same_bullet =
                self.before[sentence].is_some_and(|(block, _)| block == reading.sentences[sentence].block);
            return before.filter(|_| same_bullet).or(self.heading[sentence]).or(article.main);
        }
        if self.digests[block.article as usize] {
            let same_paragraph =
                self.before[sentence].is_some_and(|(block, _)| block == reading.sentences[sentence].block);
            return before.filter(|_| same_paragraph);
        }
        // Where a story is plainly about one firm, a bystander named in passing does not take its place.
        // A new paragraph comes back to whom the text is about, unless it has as much to say of the other.
        let here = reading.sentences[sentence].block;
        let mentions = |entity| reading.registry.mentions_of(entity);
        let goes_on = |&(block, entity): &(u32, u32)| {
            block == here || article.main.is_none_or(|main| mentions(main) <= mentions(entity))
        };
        let before = self.before[sentence].filter(goes_on).map(|(_, entity)| entity);
        article.dominant().or(article.titled()).or(before).or(self.heading[sentence]).or(article.main)
    }
}

/// The person that a sentence names first; one whom a title or name shows before one who may be something else.
fn person_of(reading: &Reading<'_>, sentence: usize, persons: ClassSet) -> Option<u32> {
    person_before(reading, sentence, reading.mentions[sentence].len(), persons)
}

/// The authority that a sentence names first, before one of its mentions. 向高等法院: a court is gone to, and it is
/// not the body that the next words mean.
fn named_authority(reading: &Reading<'_>, sentence: usize, mention: usize, authorities: ClassSet) -> Option<u32> {
    let mut named = reading.mentions[sentence][..mention].iter().filter_map(|mention| match mention.kind {
        MentionKind::Name { entity } if !words(reading, mention.start, mention.end).ends_with("法院") => Some(entity),
        _ => None,
    });
    // A hospital or a fund may be anybody's; neither is an authority.
    named.find(|&entity| {
        let classes = reading.registry.classes_of(entity);
        reading.registry.is_shown(entity) && classes.meets(authorities) && !classes.meets(reading.funds)
    })
}

/// For each article, the regulator that it is about: no other is named a third as often.
fn main_authorities(reading: &Reading<'_>, extractor: &Extractor) -> Vec<Option<u32>> {
    let mut counts: Vec<BTreeMap<u32, u32>> = vec![BTreeMap::new(); reading.structure.articles.len()];
    for (sentence, mentions) in reading.mentions.iter().enumerate() {
        for mention in mentions {
            if let MentionKind::Name { entity } = mention.kind
                && authority_rank(reading, extractor, entity) == 2
            {
                *counts[reading.block(sentence).article as usize].entry(entity).or_default() += 1;
            }
        }
    }
    let most = |counts: &BTreeMap<u32, u32>| {
        let (&entity, &most) = counts.iter().max_by_key(|(_, count)| **count)?;
        counts.iter().all(|(&other, &count)| other == entity || 3 * count <= most).then_some(entity)
    };
    counts.iter().map(most).collect()
}

/// How plainly somebody is an authority: a regulator and nothing else, a body of the state, or what may be one.
fn authority_rank(reading: &Reading<'_>, extractor: &Extractor, entity: u32) -> u8 {
    let is_only = |set: ClassSet| reading.registry.classes_of(entity).without(set) == ClassSet::NONE;
    match () {
        () if is_only(extractor.regulators) => 2,
        () if is_only(extractor.authorities) => 1,
        () => 0,
    }
}

fn person_before(reading: &Reading<'_>, sentence: usize, mention: usize, persons: ClassSet) -> Option<u32> {
    let named = reading.mentions[sentence][..mention].iter().filter_map(|mention| match mention.kind {
        MentionKind::Name { entity } => Some(entity),
        _ => None,
    });
    named.into_iter().find(|&entity| reading.registry.classes_of(entity) == persons)
}

/// The pronoun or common noun for a firm with which a sentence opens, before any name.
fn opening_pronoun(reading: &Reading<'_>, sentence: usize, mention: usize, classes: ClassSet) -> Option<usize> {
    let first = reading.mentions[sentence][..mention].iter().position(|mention| !mention.is_quantity())?;
    let nominal = matches!(reading.mentions[sentence][first].kind, MentionKind::Nominal { classes: meant, .. } if meant.meets(classes));
    nominal.then_some(first)
}

/// Whom a relative clause says something of that has "its" near its head.
fn head_of_relative_clause(reading: &Reading<'_>, sentence: usize, mention: usize) -> Option<u32> {
    const NEAR: u32 = 3;
    let mentions = &reading.mentions[sentence];
    let start = mentions[mention].start;
    let word = |at: u32| words(reading, at, at + 1);
    let first = reading.sentences[sentence].start;
    let relative =
        (start.saturating_sub(NEAR).max(first + 2)..start).find(|&at| matches!(word(at), "which" | "who"))?;
    if word(start) != "its" || word(relative - 1) != "," {
        return None;
    }
    let head = mentions[..mention].iter().find(|head| head.end == relative - 1)?;
    match head.kind {
        MentionKind::Name { entity } => Some(entity),
        _ => None,
    }
}

/// Whom 前者 and "the latter" mean: the first and the last named before, here or in the sentence before.
fn former_or_latter(
    reading: &Reading<'_>,
    sentence: usize,
    mention: usize,
    fits: impl Fn(&u32) -> bool,
) -> Option<u32> {
    let Mention { start, end, .. } = reading.mentions[sentence][mention];
    let former = match words(reading, start, end).to_lowercase().as_str() {
        "前者" | "the former" => true,
        "后者" | "後者" | "the latter" => false,
        _ => return None,
    };
    let names = |mentions: &[Mention]| -> Vec<u32> {
        let named = mentions.iter().filter_map(|mention| match mention.kind {
            MentionKind::Name { entity } => Some(entity),
            _ => None,
        });
        named.filter(&fits).collect()
    };
    let here = names(&reading.mentions[sentence][..mention]);
    let named = match sentence.checked_sub(1) {
        Some(before) if here.is_empty() => names(&reading.mentions[before]),
        _ => here,
    };
    if former { named.first().copied() } else { named.last().copied() }
}

/// Whom a sentence names before one of its mentions who could be meant by it: its subject, which is the head of what it
/// opens with (Acme的子公司Bolt is Bolt), or who stands next to it, where the words before it ask for that.
fn own_antecedent(reading: &Reading<'_>, sentence: usize, mention: usize, fits: impl Fn(&u32) -> bool) -> Option<u32> {
    let mentions = &reading.mentions[sentence][..mention];
    let named = |mention: &Mention| match mention.kind {
        MentionKind::Name { entity } => Some(entity).filter(&fits),
        _ => None,
    };
    let mut earlier: Vec<(&Mention, u32)> =
        mentions.iter().filter_map(|mention| Some((mention, named(mention)?))).collect();
    // "Acme bought a stake in Bolt from its founder": whose founder sells is the one named last.
    if follows_preposition(reading, sentence, mention) {
        return earlier.last().map(|(_, entity)| *entity);
    }
    // 雅马哈领投其C轮融资: whose round it leads is somebody else.
    if follows_taking(reading, &reading.mentions[sentence][mention]) {
        earlier.pop();
    }
    let heads = earlier.windows(2).take_while(|pair| modifies(reading, pair[0].0, pair[1].0)).count();
    earlier.get(heads).map(|(_, entity)| *entity)
}

/// Whether one name only says which the other is: Acme的子公司Bolt, "Acme's unit Bolt", 收购了Acme的Bolt.
fn modifies(reading: &Reading<'_>, first: &Mention, second: &Mention) -> bool {
    const FAR: u32 = 12;
    let between = first.end..second.start;
    if between.is_empty() || between.len() as u32 > FAR {
        return false;
    }
    let word = |at: u32| words(reading, at, at + 1);
    const PART: [&str; 22] = [
        ",", "，", "；", ";", "、", "and", "is", "are", "was", "were", "by", "from", "in", "to", "和", "与", "向",
        "对", "在", "由", "为", "被",
    ];
    let possesses = matches!(word(first.end), "'s" | "’s" | "的");
    let apart = between.clone().any(|at| PART.contains(&word(at)));
    !apart && (possesses || word(second.start - 1) == "的")
}

/// 收购其, 持有其, 领投其: behind a verb by which one takes what another has.
fn follows_taking(reading: &Reading<'_>, mention: &Mention) -> bool {
    words(reading, mention.start, mention.end) == "其"
        && mention.start >= 2
        && [
            "收购", "收購", "领投", "領投", "跟投", "持有", "入股", "增持", "认购", "認購", "接手", "买下", "買下",
            "购入", "購入", "投资", "投資", "受让", "受讓", "控股",
        ]
        .contains(&words(reading, mention.start - 2, mention.start))
}

fn by_noun(reading: &Reading<'_>) -> FxHashMap<u64, Vec<(u32, u32)>> {
    let mut described: FxHashMap<u64, Vec<(u32, u32)>> = FxHashMap::default();
    for description in &reading.descriptions {
        if let Some(noun) = description.noun {
            described.entry(noun).or_default().push((description.sentence, description.entity));
        }
    }
    described
}

/// Whether a name is that of a bank.
pub(crate) fn is_bank(name: &str) -> bool {
    let lower = name.to_lowercase();
    ["bank", "banco", "banca", "banque", "银行", "銀行"].iter().any(|word| lower.contains(word))
}

/// Who is named last before a mention of a sentence, of those who fit.
fn last_named(reading: &Reading<'_>, sentence: usize, mention: usize, fits: impl Fn(&u32) -> bool) -> Option<u32> {
    reading.mentions[sentence][..mention].iter().rev().find_map(|mention| match mention.kind {
        MentionKind::Name { entity } => Some(entity).filter(&fits),
        _ => None,
    })
}

/// "from its founder", "by its parent".
fn follows_preposition(reading: &Reading<'_>, sentence: usize, mention: usize) -> bool {
    let token = |at: u32| &reading.tokens[at as usize];
    let start = reading.mentions[sentence][mention].start;
    let word = |at: u32| reading.text.slice(token(at).start, token(at).end);
    start > reading.sentences[sentence].start && word(start) == "its" && matches!(word(start - 1), "from" | "by" | "of")
}

/// "fined it": the pronoun stands behind a verb in the past tense.
fn is_object(reading: &Reading<'_>, sentence: usize, mention: usize) -> bool {
    let word = |at: u32| reading.text.slice(reading.tokens[at as usize].start, reading.tokens[at as usize].end);
    let start = reading.mentions[sentence][mention].start;
    start > reading.sentences[sentence].start && word(start) == "it" && word(start - 1).ends_with("ed")
}

fn first_sentences(reading: &Reading<'_>) -> FxHashMap<u32, u32> {
    let mut first = FxHashMap::default();
    for (sentence, mentions) in reading.mentions.iter().enumerate() {
        for mention in mentions {
            if let MentionKind::Name { entity } = mention.kind {
                first.entry(entity).or_insert(sentence as u32);
            }
        }
    }
    first
}

/// Whether an article's headline says so: digest, round-up, 日报.
fn digests(reading: &Reading<'_>, extractor: &Extractor) -> Vec<bool> {
    let mut digests = vec![false; reading.structure.articles.len()];
    for (index, sentence) in reading.sentences.iter().enumerate() {
        let block = reading.block(index);
        if block.section == Section::Headline {
            let tokens = &reading.tokens[sentence.start as usize..sentence.end as usize];
            let says = (0..tokens.len()).any(|at| extractor.lexicon.digest_titles.longest(&tokens[at..]).is_some());
            digests[block.article as usize] |= says;
        }
    }
    digests
}

/// For each article, whether it speaks of its author as 本公司, or its headline calls it a 公告.
fn announcements(reading: &Reading<'_>) -> Vec<bool> {
    let mut announcements = vec![false; reading.structure.articles.len()];
    for (index, sentence) in reading.sentences.iter().enumerate() {
        let block = reading.block(index);
        let article = &mut announcements[block.article as usize];
        let says_we = |mention: &Mention| matches!(mention.kind, MentionKind::Nominal { speaks_of_itself: true, .. });
        *article |= reading.mentions[index].iter().any(says_we)
            || block.section == Section::Headline
                && ["公告", "通告"].iter().any(|kind| words(reading, sentence.start, sentence.end).ends_with(kind));
    }
    announcements
}

/// 公司, with nothing that tells which.
fn says_the_company(reading: &Reading<'_>, sentence: usize, mention: usize) -> bool {
    let Mention { start, end, .. } = reading.mentions[sentence][mention];
    words(reading, start, end) == "公司"
}

fn words<'a>(reading: &'a Reading<'_>, start: u32, end: u32) -> &'a str {
    reading.text.slice(reading.tokens[start as usize].start, reading.tokens[end as usize - 1].end)
}

/// For each block that is a heading: the one agent that it names.
fn heading_entities(reading: &Reading<'_>, companies: ClassSet) -> Vec<Option<u32>> {
    let mut entities = vec![None; reading.structure.blocks.len()];
    for sentence in 0..reading.sentences.len() {
        if reading.block(sentence).section == Section::Headline {
            let all: Vec<u32> = named(reading, sentence, companies).collect();
            // In a headline capitals tell nothing: a name of which nothing is known may be none.
            let certain = |entity: &&u32| reading.registry.is_known(**entity) || reading.registry.is_shown(**entity);
            let sure: Vec<u32> = all.iter().filter(certain).copied().collect();
            let mut candidates = if sure.is_empty() { all } else { sure };
            candidates.dedup();
            entities[reading.sentences[sentence].block as usize] = match candidates[..] {
                [only] => Some(only),
                _ => None,
            };
        }
    }
    entities
}

/// The agent that a sentence names before any pronoun: "The company bought Bolt" goes on about the company.
fn first_named(reading: &Reading<'_>, sentence: usize, classes: ClassSet) -> Option<u32> {
    let pronoun_first = reading.mentions[sentence]
        .iter()
        .find(|mention| !mention.is_quantity())
        .is_some_and(|first| matches!(first.kind, MentionKind::Nominal { classes: meant, .. } if meant.meets(classes)));
    let first = reading.mentions[sentence].iter().find_map(|mention| match mention.kind {
        MentionKind::Name { entity }
            if reading.registry.classes_of(entity).meets(classes)
                && reading.is_actor(entity)
                && !follows_oblique(reading, sentence, mention)
                && !is_coordinated(reading, sentence, mention) =>
        {
            Some(entity)
        }
        _ => None,
    });
    first.filter(|_| !pronoun_first)
}

/// "Richardson, Viterra and Cargill are customers": several at once are not the one whom a text goes on about.
fn is_coordinated(reading: &Reading<'_>, sentence: usize, mention: &Mention) -> bool {
    let joined = |first: &Mention, second: &Mention| {
        first.end + 1 == second.start
            && first.is_name()
            && second.is_name()
            && matches!(words(reading, first.end, second.start), "," | "and" | "、" | "和" | "与" | "與" | "及")
    };
    reading.mentions[sentence].iter().any(|other| joined(mention, other) || joined(other, mention))
}

/// "orders from Home Depot", "analysts at Kvika": nobody whom a sentence is about.
fn follows_oblique(reading: &Reading<'_>, sentence: usize, mention: &Mention) -> bool {
    mention.start > reading.sentences[sentence].start
        && matches!(
            words(reading, mention.start - 1, mention.start),
            "from" | "by" | "with" | "on" | "at" | "for" | "against" | "than" | "据" | "據"
        )
}

fn named<'a>(reading: &'a Reading<'_>, sentence: usize, classes: ClassSet) -> impl Iterator<Item = u32> + 'a {
    reading.mentions[sentence].iter().filter_map(move |mention| match mention.kind {
        MentionKind::Name { entity }
            if reading.registry.classes_of(entity).meets(classes) && reading.is_actor(entity) =>
        {
            Some(entity)
        }
        _ => None,
    })
}
