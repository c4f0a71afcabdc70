//! A document read as far as its mentions: what relations are then looked for in.

use std::collections::BTreeMap;

use guanxi_model::{DocumentId, Meant, Passage, Section, Value};

use crate::classes::{ClassSet, ClassTable};
use crate::describe::{self, Description};
use crate::entities::Registry;
use crate::extractor::Extractor;
use crate::learned::{Cuts, Scored, agree, is_chinese, settle_open_names};
use crate::mention::{self, Candidate, Finder, LocalCurrency};
use crate::scan::{self, Sentence, Token, TokenKind};
use crate::structure::{Block, Structure};
use crate::text::Text;
use crate::units::{Clause, Mention, MentionKind};

/// Tokens, sentences and mentions of a document.
pub(crate) struct Reading<'a> {
    pub(crate) text: &'a Text,
    pub(crate) structure: &'a Structure,
    pub(crate) tokens: Vec<Token>,
    pub(crate) sentences: Vec<Sentence>,
    /// For each sentence, its mentions.
    pub(crate) mentions: Vec<Vec<Mention>>,
    pub(crate) registry: Registry<'a>,
    /// What the text calls the firms that it names.
    pub(crate) descriptions: Vec<Description>,
    pub(crate) funds: ClassSet,
    currency: LocalCurrency<'a>,
}

impl Sentence {
    /// What finders look at.
    fn finder<'f>(
        &self,
        extractor: &'f Extractor,
        text: &'f Text,
        structure: &Structure,
        tokens: &'f [Token],
        currency: &'f LocalCurrency<'f>,
    ) -> Finder<'f> {
        let block = &structure.blocks[self.block as usize];
        let tokens = &tokens[self.start as usize..self.end as usize];
        Finder {
            text: text.as_str(),
            tokens,
            lexicon: &extractor.lexicon,
            known: &extractor.known,
            classes: &extractor.classes,
            currency,
            published: structure.articles[block.article as usize].published,
            title_case: is_title_case(tokens, block.section),
        }
    }
}

impl<'a> Reading<'a> {
    /// Reads every block but boilerplate.
    pub(crate) fn new(extractor: &'a Extractor, text: &'a Text, structure: &'a Structure) -> Self {
        Self::watched(extractor, text, structure, &mut |_, _| ())
    }

    /// The same; `watch` is shown what the finders find in each sentence.
    pub(crate) fn watched(
        extractor: &'a Extractor,
        text: &'a Text,
        structure: &'a Structure,
        watch: &mut impl FnMut(&Finder<'_>, &[Candidate]),
    ) -> Self {
        let mut reading = Self {
            text,
            structure,
            tokens: Vec::new(),
            sentences: Vec::new(),
            mentions: Vec::new(),
            descriptions: Vec::new(),
            registry: Registry::new(&extractor.known, &extractor.classes),
            funds: extractor.classes.set("Fund").unwrap_or_default(),
            currency: LocalCurrency::of(text.as_str(), &extractor.lexicon.shared_currencies),
        };
        reading.scan(extractor);
        let mut cuts = reading.cut_names(extractor).into_iter().peekable();
        for index in 0..reading.sentences.len() {
            reading.registry.in_headline = reading.block(index).section == Section::Headline;
            let cuts = cuts.next_if(|(sentence, _)| *sentence == index).map(|(_, cuts)| cuts);
            let mentions = reading.find_mentions(extractor, index, cuts.as_ref(), watch);
            reading.mentions.push(mentions);
        }
        reading.keep_apart();
        reading.note_persons(extractor);
        settle_open_names(extractor, &mut reading);
        reading.registry.join_short_names(&extractor.lexicon.generic_openings);
        reading.registry.join_abbreviations(extractor.authorities);
        reading.resolve_entities();
        reading.descriptions = describe::find(&mut reading, extractor);
        reading
    }

    /// Notes the names before "who" and behind a title: "Qamar's founder, Nabil Traboulsi", "Traboulsi, who left".
    fn note_persons(&mut self, extractor: &Extractor) {
        const LONGEST_TITLE: usize = 4;
        for (sentence, mentions) in self.sentences.iter().zip(&self.mentions) {
            let piece = |at: u32| match (sentence.start..sentence.end).contains(&at) {
                true => self.text.slice(self.tokens[at as usize].start, self.tokens[at as usize].end),
                false => "",
            };
            for mention in mentions {
                let MentionKind::Name { entity } = mention.kind else { continue };
                let behind = mention.end + u32::from(piece(mention.end) == ",");
                let before =
                    mention.start - u32::from(mention.start > sentence.start && piece(mention.start - 1) == ",");
                let titles = &extractor.lexicon.titles;
                let before = &self.tokens[sentence.start as usize..before as usize];
                if piece(behind) == "who" || titles.longest_at_end(before, LONGEST_TITLE).is_some() {
                    self.registry.stands_as_person(entity);
                }
            }
        }
    }

    /// The block of a sentence.
    pub(crate) fn block(&self, sentence: usize) -> &Block {
        &self.structure.blocks[self.sentences[sentence].block as usize]
    }

    /// The classes that each mention of a sentence may have; quantities have none.
    pub(crate) fn classes(&self, sentence: usize) -> Vec<ClassSet> {
        self.mentions[sentence]
            .iter()
            .map(|mention| match mention.kind {
                MentionKind::Name { entity } => self.registry.classes_of(entity),
                MentionKind::Nominal { classes, .. } => classes,
                _ => ClassSet::NONE,
            })
            .collect()
    }

    /// A sentence as rules see it; see [`Extractor::units`].
    pub(crate) fn describe(&self, sentence: usize, table: &ClassTable) -> String {
        let Sentence { start, end, .. } = self.sentences[sentence];
        let classes = self.classes(sentence);
        let clause = Clause::new(self.text.as_str(), &self.tokens, start..end, &self.mentions[sentence], &classes);
        let words = |start: u32, end: u32| {
            self.text.slice(self.tokens[start as usize].start, self.tokens[end as usize - 1].end)
        };
        let shown = clause.units.iter().map(|unit| match unit.mention {
            None => words(unit.start, unit.end).to_owned(),
            Some(index) => {
                let kind = match &self.mentions[sentence][index as usize].kind {
                    MentionKind::Name { .. } => table.describe(classes[index as usize]),
                    MentionKind::Nominal { classes, .. } => format!("{}?", table.describe(*classes)),
                    MentionKind::Money(_) => "money".to_owned(),
                    MentionKind::Percent(_) => "percent".to_owned(),
                    MentionKind::Number(_) => "number".to_owned(),
                    MentionKind::Date(date) => date.to_string(),
                };
                format!("[{}: {kind}]", words(unit.start, unit.end))
            }
        });
        shown.collect::<Vec<_>>().join(" ")
    }

    /// A sentence with the names and figures in it.
    pub(crate) fn passage(&self, document: &DocumentId, sentence: usize) -> Passage {
        let tokens = &self.tokens[self.sentences[sentence].start as usize..self.sentences[sentence].end as usize];
        let (start, end) = tokens.first().zip(tokens.last()).map_or((0, 0), |(first, last)| (first.start, last.end));
        let within = |token: u32| &self.tokens[token as usize];
        let mention = |mention: &Mention| {
            let bytes = within(mention.start).start..within(mention.name_end - 1).end;
            let meant = match &mention.kind {
                MentionKind::Name { entity } => Meant::Entity(self.registry.entity(self.registry.root(*entity)).id),
                MentionKind::Money(money) => Meant::Value(Value::Money(money.clone())),
                MentionKind::Number(number) => Meant::Value(Value::Number(number.clone())),
                MentionKind::Date(date) => Meant::Value(Value::Date(*date)),
                MentionKind::Percent(share) => Meant::Share(*share),
                MentionKind::Nominal { .. } => return None,
            };
            Some(guanxi_model::Mention { bytes: (bytes.start - start) as usize..(bytes.end - start) as usize, meant })
        };
        Passage {
            document: document.clone(),
            span: self.text.span(start, end),
            text: self.text.slice(start, end).to_owned(),
            published: self.structure.articles[self.block(sentence).article as usize].published,
            mentions: self.mentions[sentence].iter().filter_map(mention).collect(),
        }
    }

    fn scan(&mut self, extractor: &Extractor) {
        let lexicon = &extractor.lexicon;
        self.tokens.reserve(self.text.as_str().len() / 6);
        for (index, block) in self.structure.blocks.iter().enumerate() {
            if block.section == Section::Boilerplate {
                continue;
            }
            let sentences =
                scan::sentences(self.text.as_str(), block, index as u32, &mut self.tokens, &lexicon.stop_words);
            self.sentences.extend(sentences);
        }
        for token in &mut self.tokens {
            token.gates = extractor.gates.of(token.hash);
        }
    }

    /// The tokens that lie within these bytes.
    pub(crate) fn tokens_within(&self, bytes: (u32, u32)) -> &[Token] {
        let first = self.tokens.partition_point(|token| token.start < bytes.0);
        let end = self.tokens.partition_point(|token| token.end <= bytes.1);
        &self.tokens[first..end.max(first)]
    }

    /// Where a model of borders would cut names in sentences of Chinese characters, those near each other heard together.
    fn cut_names(&self, extractor: &Extractor) -> Vec<(usize, Cuts)> {
        /// So many sentences at a time, that a book needs no more memory for it than a chapter.
        const TOGETHER: usize = 1000;
        let Some(borders) = &extractor.borders else { return Vec::new() };
        let own = |sentence: &Sentence| &self.tokens[sentence.start as usize..sentence.end as usize];
        let chinese: Vec<usize> =
            (0..self.sentences.len()).filter(|&index| is_chinese(own(&self.sentences[index]))).collect();
        let scored = |index: &usize| {
            let finder =
                self.sentences[*index].finder(extractor, self.text, self.structure, &self.tokens, &self.currency);
            let scores = borders.scores(&finder, &finder.candidates(&self.registry));
            Scored { tokens: finder.tokens, scores }
        };
        let cut = |near: &[usize]| {
            let mut sentences: Vec<Scored<'_>> = near.iter().map(scored).collect();
            agree(borders, &mut sentences);
            let cuts = sentences.iter().map(|sentence| borders.cut(&sentence.scores));
            near.iter().copied().zip(cuts).collect::<Vec<_>>()
        };
        chinese.chunks(TOGETHER).flat_map(cut).collect()
    }

    fn find_mentions(
        &mut self,
        extractor: &Extractor,
        index: usize,
        cuts: Option<&Cuts>,
        watch: &mut impl FnMut(&Finder<'_>, &[Candidate]),
    ) -> Vec<Mention> {
        let finder = self.sentences[index].finder(extractor, self.text, self.structure, &self.tokens, &self.currency);
        let mut candidates = finder.candidates(&self.registry);
        watch(&finder, &candidates);
        if let (Some(borders), Some(cuts)) = (&extractor.borders, cuts) {
            candidates = mention::learned::settle(&finder, borders, cuts, candidates);
        }
        finder.mentions(candidates, self.sentences[index].start, &mut self.registry)
    }

    /// "Vestkyst, which is owned by the Vestkyst Foundation": who stands beside its own longer name in one sentence is
    /// somebody else.
    fn keep_apart(&mut self) {
        for mentions in &self.mentions {
            let named: Vec<u32> = mentions
                .iter()
                .filter_map(|mention| match mention.kind {
                    MentionKind::Name { entity } => Some(entity),
                    _ => None,
                })
                .collect();
            for (index, &first) in named.iter().enumerate() {
                for &second in &named[index + 1..] {
                    self.registry.keep_apart(first, second);
                }
            }
        }
    }

    /// Folded entities are replaced by what they became.
    fn resolve_entities(&mut self) {
        for mention in self.mentions.iter_mut().flatten() {
            if let MentionKind::Name { entity } = &mut mention.kind {
                *entity = self.registry.root(*entity);
            }
        }
    }

    /// Whether "the company" may be it: neither a fund that pays nor perhaps a place.
    pub(crate) fn is_actor(&self, entity: u32) -> bool {
        !self.is_fund(entity) && !self.registry.is_rather_place(entity)
    }

    /// Whether its name shows a vehicle of investment: … Capital, … Ventures, …基金.
    fn is_fund(&self, entity: u32) -> bool {
        self.registry.is_shown(entity) && self.registry.classes_of(entity).meets(self.funds)
    }

    /// For each article whom it is about; of `agents`, the headline counting threefold.
    pub(crate) fn topics(&self, agents: ClassSet) -> Vec<Topic> {
        let mut counts: Vec<BTreeMap<u32, u32>> = vec![BTreeMap::new(); self.structure.articles.len()];
        let mut topics = vec![Topic::default(); self.structure.articles.len()];
        for (index, mentions) in self.mentions.iter().enumerate() {
            let block = self.block(index);
            let weight = match block.section {
                Section::Headline => 3,
                Section::Bio | Section::Boilerplate => continue,
                _ => 1,
            };
            for mention in mentions {
                if let MentionKind::Name { entity } | MentionKind::Nominal { meant: Some(entity), .. } = mention.kind
                    && self.registry.classes_of(entity).meets(agents)
                    && self.is_actor(entity)
                {
                    let topic = &mut topics[block.article as usize];
                    if block.section == Section::Headline {
                        match topic.in_headline {
                            [None, _] => topic.in_headline[0] = Some(entity),
                            [Some(first), None] if first != entity => topic.in_headline[1] = Some(entity),
                            _ => {}
                        }
                    }
                    let certain = self.registry.is_known(entity) || self.registry.is_shown(entity);
                    if topic.first.is_none() || certain && !topic.first_is_certain {
                        topic.first = Some(entity);
                        topic.first_is_certain = certain;
                    }
                    topic.all += weight;
                    *counts[block.article as usize].entry(entity).or_default() += weight;
                }
            }
        }
        for (topic, counts) in topics.iter_mut().zip(&counts) {
            // Ties go to the one named first: lower numbers were given earlier.
            if let Some((entity, count)) = counts.iter().max_by_key(|(entity, count)| (**count, u32::MAX - **entity)) {
                (topic.main, topic.most) = (Some(*entity), *count);
            }
        }
        topics
    }
}

/// Whom an article is about.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Topic {
    /// The agent most named.
    pub(crate) main: Option<u32>,
    /// The agent named first, rather one that is certain to be one.
    pub(crate) first: Option<u32>,
    /// Whether a list or its name shows that this one is an agent.
    first_is_certain: bool,
    /// The first two agents that its first headline names.
    in_headline: [Option<u32>; 2],
    most: u32,
    all: u32,
}

impl Topic {
    /// The main agent, where the headline names it too.
    pub(crate) fn titled(&self) -> Option<u32> {
        self.main.filter(|main| self.in_headline.contains(&Some(*main)))
    }

    /// The main agent, where it has two fifths of all mentions and at least three.
    pub(crate) fn dominant(&self) -> Option<u32> {
        self.main.filter(|_| self.most >= 3 && 5 * self.most >= 2 * self.all)
    }
}

/// Nearly every longer word begins with a capital: a headline in title case, where capitals tell nothing.
pub(crate) fn is_title_case(tokens: &[Token], section: Section) -> bool {
    let long_words = tokens.iter().filter(|token| token.kind == TokenKind::Word && token.end - token.start > 3);
    let (all, capital) = long_words.fold((0, 0), |(all, capital), token| (all + 1, capital + u32::from(token.capital)));
    let least = if section == Section::Headline { 1 } else { 8 };
    all >= least && capital * 10 >= all * 9
}
