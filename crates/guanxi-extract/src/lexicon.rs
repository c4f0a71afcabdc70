//! The words that the engine knows: lists for the rules, suffixes of names, titles, months, currencies, cues.
//! All of it is data (`data/lexicon/<lang>/*.toml`).

use std::collections::BTreeMap;

use guanxi_model::Status;
use guanxi_names::Dictionary;
use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

use crate::classes::{ClassSet, ClassTable};
use crate::mention::{self, SharedCurrencies, date, number, quoted};
use crate::modality;
use crate::phrases::{Gates, Phrases};
use crate::rule::compile::Literal;
use crate::rule::{RuleError, somewhere, toml_error};
use crate::scan::{Token, token_hash, tokens};
use crate::stop::StopWords;

/// One file of words, as written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct LexiconFile {
    /// Lists that rules name in braces, and those the engine asks for by name.
    lists: BTreeMap<String, Vec<String>>,
    /// Sign or word → ISO 4217 code.
    currency: BTreeMap<String, String>,
    /// Group of words that several countries have for their money → those words, and what tells the countries apart.
    shared_currency: BTreeMap<String, SharedCurrencyFile>,
    /// Word → power of ten.
    magnitude: BTreeMap<String, u8>,
    /// Word → month, 1 to 12.
    month: BTreeMap<String, u8>,
    /// Capital letter glued to a figure → ISO 4217 code.
    glued_sign: BTreeMap<String, String>,
    /// Class → endings of its members' names.
    suffix: BTreeMap<String, Vec<String>>,
    /// Class → openings of its members' names.
    prefix: BTreeMap<String, Vec<String>>,
    /// Class → common nouns that stand for a member named before.
    nominal: BTreeMap<String, Vec<String>>,
    /// Status → cues.
    cue: BTreeMap<String, CueFile>,
    /// Comparator sign → words before a figure.
    comparator: BTreeMap<String, Vec<String>>,
}

#[derive(Debug, Deserialize)]
struct SharedCurrencyFile {
    words: Vec<String>,
    /// ISO 4217 code → what a text names of its country.
    #[serde(flatten)]
    countries: BTreeMap<String, Vec<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct CueFile {
    /// Governs what follows it in its clause.
    before: Vec<String>,
    /// Governs what stands before it in its clause.
    after: Vec<String>,
    /// Governs the whole sentence.
    sentence: Vec<String>,
    /// Governs what follows it in its clause, where a sentence or a quotation opens with it.
    opening: Vec<String>,
    /// Governs the word that it describes.
    describing: Vec<String>,
}

/// What a cue governs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Scope {
    /// What follows it in its clause.
    Before,
    /// What stands before it in its clause.
    After,
    /// The whole sentence.
    Sentence,
    /// What follows it, where it opens a sentence or a quotation.
    Opening,
    /// The noun that it stands before, with nothing but names and words of degree between.
    Describing,
}

/// A word that says how the text stands to what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Cue {
    pub(crate) status: Status,
    pub(crate) scope: Scope,
}

/// The lists of words that rules name.
#[derive(Debug, Default)]
pub(crate) struct WordLists {
    lists: BTreeMap<String, Vec<String>>,
    /// The same, as patterns look for them.
    literals: BTreeMap<String, Literal>,
}

impl WordLists {
    /// The lists in files that were read before without a mistake.
    pub(crate) fn read<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut lists = BTreeMap::new();
        for (_, text) in files {
            add_lists(&mut lists, toml::from_str::<LexiconFile>(text).unwrap_or_default().lists);
        }
        Self::new(lists)
    }

    fn new(lists: BTreeMap<String, Vec<String>>) -> Self {
        let literal = |phrases: &Vec<String>| Literal::of(phrases.iter().map(String::as_str));
        let literals = lists.iter().map(|(name, phrases)| (name.clone(), literal(phrases))).collect();
        Self { lists, literals }
    }

    /// The phrases of a list.
    pub(crate) fn list(&self, name: &str) -> Option<&[String]> {
        self.lists.get(name).map(Vec::as_slice)
    }

    /// The same, as patterns look for them.
    pub(crate) fn literal(&self, name: &str) -> Option<&Literal> {
        self.literals.get(name)
    }

    /// Names of every list, for "did you mean".
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.lists.keys().map(String::as_str)
    }
}

/// Every word that the engine knows.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub(crate) struct Lexicon {
    /// Where Chinese words begin and end.
    pub(crate) dictionary: Dictionary,
    pub(crate) currencies: Phrases<String>,
    /// Words of several countries among them.
    pub(crate) shared_currencies: SharedCurrencies,
    /// Letters that stand for a currency where they touch a figure: R3.2bn.
    pub(crate) glued_signs: BTreeMap<String, String>,
    pub(crate) magnitudes: Phrases<u8>,
    pub(crate) months: Phrases<u8>,
    /// Gates of the words with which dates and figures begin.
    pub(crate) opens_date: u64,
    pub(crate) opens_figure: u64,
    /// Gates of the words and marks with which descriptions and quoted names begin.
    pub(crate) opens_description: u64,
    pub(crate) opens_quotation: u64,
    /// Gate of the words and signs that bound what cues govern.
    pub(crate) parts_cues: u64,
    pub(crate) suffixes: Phrases<ClassSet>,
    pub(crate) prefixes: Phrases<ClassSet>,
    pub(crate) nominals: Phrases<ClassSet>,
    pub(crate) comparators: Phrases<guanxi_model::Comparator>,
    pub(crate) cues: Phrases<Vec<Cue>>,
    pub(crate) stop_words: StopWords,
    /// For each phrase of the lists which of [`Self::topic_sets`] holds it; lists of parts of names are left out.
    topics: Phrases<u32>,
    /// Lists by the hash of their names, the shortest first.
    topic_sets: Vec<Vec<u32>>,
    /// Words that are written small in running text: no name by themselves at the head of a sentence.
    pub(crate) common: FxHashSet<u64>,
    /// Function words and verbs that end a noun phrase.
    pub(crate) boundaries: FxHashSet<u64>,
    /// Of these, verbs of which no rule tells: who stands behind one is another's subject or object.
    pub(crate) verbs_of_another: FxHashSet<u64>,
    pub(crate) titles: Phrases<()>,
    pub(crate) honorifics: Phrases<()>,
    pub(crate) given_names: FxHashSet<u64>,
    pub(crate) surnames: Phrases<()>,
    /// Words of a headline that announces several stories.
    pub(crate) digest_titles: Phrases<()>,
    /// Short names of authorities that several countries have: 金管局.
    pub(crate) bare_authorities: Phrases<()>,
    /// Abbreviations that authorities of several countries have: CMA.
    pub(crate) authority_abbreviations: FxHashSet<u64>,
    /// Words that open the name of a country's authority: 国家, 最高.
    pub(crate) authority_openings: Phrases<()>,
    /// Countries that names of authorities open with, beside those of `countries`: 约旦. Of a firm's name they are a part.
    pub(crate) authority_countries: Phrases<()>,
    /// What names of authorities end in: 局, 委员会.
    pub(crate) authority_endings: Phrases<()>,
    /// The same of ministries and courts: 部, 法院.
    pub(crate) ministry_endings: Phrases<()>,
    /// Words of the rules that names of authorities hold: 监管, 竞争.
    pub(crate) authority_words: Phrases<()>,
    /// Words that no name of an authority holds: 公司, 独立.
    pub(crate) outside_authorities: Phrases<()>,
    /// What a branch of an authority is called behind its place: 分局.
    pub(crate) authority_branches: Phrases<()>,
    /// What numbers the vehicles of one house: 期, 号.
    pub(crate) series_marks: Phrases<()>,
    /// Words between a house and the number of its vehicle: 亚洲, 成长.
    pub(crate) vehicle_words: Phrases<()>,
    /// Words of the rules that names hold: 空调 of 长虹空调.
    held_by_names: Phrases<()>,
    /// Words of the rules that legal names hold before their legal form: 股权.
    pub(crate) legal_name_words: Phrases<()>,
    /// Endings that only names of firms have: 创投.
    pub(crate) strong_endings: Phrases<()>,
    /// First words that a firm's short name leaves out: Grupo, Banco.
    pub(crate) generic_openings: FxHashSet<u64>,
    /// Common nouns by which an authority goes: watchdog, securities commission.
    pub(crate) authority_nouns: Phrases<()>,
    /// Whose funds and unions are named after them: Workers' Pension Fund.
    pub(crate) members: FxHashSet<u64>,
    /// Common nouns by which a firm goes: lender, carmaker, power producer.
    pub(crate) company_nouns: FxHashSet<u64>,
    /// Further nouns that say what a firm is, of which many are words of names too: fund, foundation.
    pub(crate) trade_nouns: FxHashSet<u64>,
    /// Words that end as who does a thing ends, and name no firm: number, quarter.
    pub(crate) no_trades: FxHashSet<u64>,
    /// Adjectives that do not tell one firm from another: struggling, listed.
    pub(crate) judging_words: FxHashSet<u64>,
    /// Adverbs that stand right behind a noun: outright, last.
    pub(crate) behind_nouns: FxHashSet<u64>,
    /// Last characters of nouns by which Chinese calls a firm: 企 of 车企, 商 of 券商.
    pub(crate) han_firm_nouns: FxHashSet<u64>,
    /// Words in a quotation that begin speech, and no name: 并, 仍.
    pub(crate) speech_openers: FxHashSet<u64>,
    /// Characters that write foreign sounds: 尔, 斯.
    pub(crate) foreign_sounds: FxHashSet<u64>,
    /// Verbs of one character that open names as well (有友, 处州); within a stretch they are verbs.
    pub(crate) han_verbs: FxHashSet<u64>,
    /// Words before a percentage of growth: up, rose, 涨.
    pub(crate) growing: Phrases<()>,
    /// Words behind a percentage of something that is neither shares nor votes: discount, growth.
    pub(crate) percent_of_else: Phrases<()>,
    /// Behind a percentage: votes.
    pub(crate) of_votes: Phrases<()>,
    /// Before a percentage: it adds to another one.
    pub(crate) further: Phrases<()>,
    /// What tells by how much a holding grew or shrank, and in front of a percentage that it is the whole all the same.
    pub(crate) holding_changed: Phrases<()>,
    pub(crate) holding_in_all: Phrases<()>,
    /// What tells that all of a firm is held, or bought: wholly, "the whole of".
    pub(crate) wholly_owned: Phrases<()>,
    pub(crate) wholly_bought: Phrases<()>,
    /// Nouns by which one firm is told by another or by its trade: rival, unit, designer.
    pub(crate) relation_nouns: FxHashSet<u64>,
    /// Words for what stands by somebody: 隔壁.
    pub(crate) beside_nouns: Phrases<()>,
    /// Nouns for rules of law that go by a number (Circular, Decreto), and words for their kinds: Standing, Executive.
    pub(crate) numbered_rules: FxHashSet<u64>,
    pub(crate) kinds_of_rules: FxHashSet<u64>,
    /// Nouns for somebody who is told by another's name: client of Acme, 甲的客户.
    pub(crate) attached_nouns: Phrases<()>,
    /// Words with which somebody denies what was said before.
    pub(crate) denials: Phrases<()>,
    /// Words inside an English name that are written small: of, and, de, van.
    pub(crate) connectors: FxHashSet<u64>,
    /// Capitalised words that are no name: demonyms, weekdays, months.
    pub(crate) not_names: Phrases<()>,
    /// Heads of names that go on with "of": Bank of, Ministry of.
    pub(crate) heads_with_of: FxHashSet<u64>,
    /// Words that a Chinese name does not reach across: 的, 与, 收购.
    pub(crate) han_stops: Phrases<()>,
    /// What a firm does that opens a notice: 公告, 拟, 控股股东.
    pub(crate) announcing: Phrases<()>,
    /// Lines of business in short names of firms, which are common words elsewhere: 环境, 动漫.
    pub(crate) firm_trades: Phrases<()>,
    /// Words that notices define: 公司, 买方.
    pub(crate) defined_terms: Phrases<()>,
    /// What a firm is to the one named before: 子公司, 附属公司.
    pub(crate) subsidiary_nouns: Phrases<()>,
    /// Auxiliaries and adverbs between a subject and its verb.
    pub(crate) fillers: Phrases<()>,
    /// Words that stand before a Chinese name and are no part of it.
    pub(crate) han_leads: Phrases<()>,
    /// Common nouns in Chinese: a stretch that holds one is no name by itself.
    pub(crate) han_common: Phrases<()>,
    /// Countries in Chinese, which stand before a firm's name and are no part of it: 韩国.
    pub(crate) countries: Phrases<()>,
    /// Single characters that are words of their own behind a complete name: 系, 原, 后.
    pub(crate) han_links: FxHashSet<String>,
    /// Whole stretches that look like names and are none: 股份公司.
    pub(crate) han_generic: FxHashSet<String>,
    /// Verbs before a person: 聘任, 提名.
    pub(crate) appointing: Phrases<()>,
    /// Verbs behind a person: 表示, 出任.
    pub(crate) person_verbs: Phrases<()>,
    /// Determiners and words such as "new" that do not belong to a thing's name.
    pub(crate) light_words: FxHashSet<u64>,
    /// Verbs of saying behind a speaker.
    pub(crate) saying: Phrases<()>,
    /// "according to", 据: before a speaker.
    pub(crate) according: Phrases<()>,
    /// Words that never open a name, whatever their first letter: former, then.
    pub(crate) opens_no_name: FxHashSet<u64>,
    /// Common nouns by which a publisher means itself: 本公司.
    pub(crate) self_references: Phrases<()>,
    /// Words behind "'s" that show that nothing is owned: Macy's said.
    pub(crate) behind_own_s: FxHashSet<u64>,
    /// Words in -ing that name a business: lending, banking.
    pub(crate) common_gerunds: FxHashSet<u64>,
    /// Nouns too general to be a thing of their own: products, services, companies.
    pub(crate) generic_nouns: FxHashSet<u64>,
}

impl Lexicon {
    /// Reads the files; every error is told.
    pub(crate) fn load<'a>(
        files: impl IntoIterator<Item = (&'a str, &'a str)>,
        classes: &ClassTable,
    ) -> Result<(Self, WordLists), Vec<RuleError>> {
        let mut lexicon = Self { dictionary: Dictionary::read(), ..Self::default() };
        let mut lists = BTreeMap::new();
        let mut errors = Vec::new();
        let mut cues: BTreeMap<String, Vec<Cue>> = BTreeMap::new();
        for (file, text) in files {
            match toml::from_str::<LexiconFile>(text) {
                Ok(mut words) => {
                    add_lists(&mut lists, std::mem::take(&mut words.lists));
                    lexicon.add(file, words, classes, &mut cues, &mut errors);
                }
                Err(error) => errors.push(toml_error(file, text, &error)),
            }
        }
        for (phrase, governed) in cues {
            lexicon.cues.insert(&phrase, governed);
        }
        lexicon.name_shared_currencies();
        lexicon.fill_from_lists(&lists);
        if errors.is_empty() { Ok((lexicon, WordLists::new(lists))) } else { Err(errors) }
    }

    /// Words that Chinese patterns look for part names, unless they are endings of names themselves, or names hold them.
    pub(crate) fn part_names_at<'w>(&mut self, words: impl IntoIterator<Item = &'w str>) {
        for word in words {
            let pieces = tokens(word, 0, word.len() as u32);
            let of_names = self.suffixes.exact(&pieces).is_some() || self.held_by_names.exact(&pieces).is_some();
            if pieces.len() >= 2 && !of_names {
                self.han_stops.insert(word, ());
            }
        }
    }

    /// Lets the tokens of a text tell in which tables to look; the words are complete now.
    pub(crate) fn gate(&mut self, gates: &mut Gates) {
        self.opens_date = gates.bit_for(date::OPENINGS);
        self.opens_figure = gates.bit_for(number::OPENINGS);
        self.opens_description = gates.bit_for(mention::DESCRIBING);
        self.opens_quotation = gates.bit_for(quoted::OPENINGS);
        self.parts_cues = gates.bit_for(modality::PARTING);
        self.suffixes.gate(gates);
        self.titles.gate(gates);
        self.comparators.gate(gates);
        self.han_stops.gate(gates);
        self.appointing.gate(gates);
        self.fillers.gate(gates);
        self.according.gate(gates);
        self.currencies.gate(gates);
        self.magnitudes.gate(gates);
        self.months.gate(gates);
        self.prefixes.gate(gates);
        self.nominals.gate(gates);
        self.cues.gate(gates);
        self.honorifics.gate(gates);
        self.surnames.gate(gates);
        self.authority_nouns.gate(gates);
        self.not_names.gate(gates);
        self.han_leads.gate(gates);
        self.han_common.gate(gates);
        self.countries.gate(gates);
        self.announcing.gate(gates);
        self.subsidiary_nouns.gate(gates);
        self.person_verbs.gate(gates);
        self.saying.gate(gates);
        self.self_references.gate(gates);
        self.bare_authorities.gate(gates);
    }

    /// The lists that hold the longest phrase at the first of these tokens, by the hash of their names, the shortest
    /// first.
    pub(crate) fn topics_at(&self, tokens: &[Token]) -> &[u32] {
        self.topics.longest(tokens).map_or(&[], |(_, &set)| &self.topic_sets[set as usize])
    }

    /// Whether the token is a word usually written small.
    pub(crate) fn is_common(&self, token: &Token) -> bool {
        self.common.contains(&token.hash) || self.boundaries.contains(&token.hash)
    }

    fn add(
        &mut self,
        file: &str,
        words: LexiconFile,
        classes: &ClassTable,
        cues: &mut BTreeMap<String, Vec<Cue>>,
        errors: &mut Vec<RuleError>,
    ) {
        for (phrase, code) in words.currency {
            self.currencies.insert(&phrase, code);
        }
        self.glued_signs.extend(words.glued_sign);
        for (group, shared) in words.shared_currency {
            self.shared_currencies.add(&group, &shared.words, shared.countries);
        }
        for (phrase, power) in words.magnitude {
            self.magnitudes.insert(&phrase, power);
        }
        for (phrase, month) in words.month {
            self.months.insert(&phrase, month);
        }
        let typed = [
            (words.suffix, &mut self.suffixes),
            (words.prefix, &mut self.prefixes),
            (words.nominal, &mut self.nominals),
        ];
        for (by_class, target) in typed {
            for (names, phrases) in by_class {
                match classes_named(&names, classes) {
                    Some(set) => phrases.iter().for_each(|phrase| target.insert(phrase, set)),
                    None => errors.push(somewhere(file, &names, "no such class in the schema")),
                }
            }
        }
        for (sign, phrases) in words.comparator {
            match guanxi_model::Comparator::from_sign(&sign) {
                Some(comparator) => phrases.iter().for_each(|phrase| self.comparators.insert(phrase, comparator)),
                None => errors.push(somewhere(file, &sign, "no such comparator: one of < ≤ ≈ = ≥ >")),
            }
        }
        for (name, cue) in words.cue {
            match name.parse::<Status>() {
                Ok(status) => add_cues(cues, status, cue),
                Err(()) => errors.push(somewhere(file, &name, "no such status for a cue")),
            }
        }
    }

    /// A shared word that nobody means one country's money by is a word of money all the same.
    fn name_shared_currencies(&mut self) {
        let words: Vec<String> = self.shared_currencies.words().map(str::to_owned).collect();
        for word in words {
            let known = self.currencies.exact(&tokens(&word, 0, word.len() as u32)).is_some();
            let only_glued = self.glued_signs.keys().any(|sign| sign.to_lowercase() == word);
            if !known && !only_glued {
                self.currencies.insert(&word, String::new());
            }
        }
    }

    /// The lists that the engine itself asks for.
    fn fill_from_lists(&mut self, lists: &BTreeMap<String, Vec<String>>) {
        let list = |name: &str| lists.get(name).into_iter().flatten().map(String::as_str);
        let hashes = |name: &str| -> FxHashSet<u64> { list(name).map(token_hash).collect() };
        let phrases = |name: &str| {
            let mut table = Phrases::default();
            list(name).for_each(|phrase| table.insert(phrase, ()));
            table
        };
        (self.topics, self.topic_sets) = topics(lists);
        self.stop_words = StopWords::new(|name| lists.get(name).cloned().unwrap_or_default());
        self.common = hashes("common");
        // Words that English rules look for are ordinary words, whatever letter they begin with.
        for phrase in lists
            .iter()
            .filter(|(name, _)| name.is_ascii() && !NAME_LISTS.contains(&name.as_str()))
            .flat_map(|(_, phrases)| phrases)
        {
            self.common.extend(hashes_of(phrase));
        }
        self.verbs_of_another = hashes("verb-of-another");
        self.boundaries = hashes("phrase-boundary");
        self.boundaries.extend(&self.verbs_of_another);
        self.titles = phrases("title");
        self.honorifics = phrases("honorific");
        self.given_names = hashes("given-name");
        self.surnames = phrases("surname");
        self.connectors = hashes("name-connector");
        self.not_names = phrases("not-a-name");
        self.heads_with_of = hashes("head-with-of");
        self.han_stops = phrases("han-stop");
        // The words that Chinese rules look for (their lists have Chinese names) part names as well.
        for phrase in lists.iter().filter(|(name, _)| !name.is_ascii()).flat_map(|(_, phrases)| phrases) {
            self.han_stops.insert(phrase, ());
        }
        self.fillers = phrases("filler");
        self.han_leads = phrases("han-lead");
        self.han_common = phrases("han-common");
        self.digest_titles = phrases("digest-title");
        self.bare_authorities = phrases("bare-authority");
        self.authority_abbreviations = hashes("authority-abbreviation");
        self.authority_openings = phrases("authority-opening");
        self.authority_countries = phrases("authority-country");
        self.authority_endings = phrases("authority-ending");
        self.ministry_endings = phrases("ministry-ending");
        self.authority_words = phrases("authority-word");
        self.outside_authorities = phrases("outside-authority");
        self.authority_branches = phrases("authority-branch");
        self.series_marks = phrases("series-mark");
        self.vehicle_words = phrases("vehicle-word");
        self.held_by_names = phrases("held-by-names");
        self.legal_name_words = phrases("legal-name-word");
        self.strong_endings = phrases("strong-ending");
        self.generic_openings = hashes("generic-opening");
        self.authority_nouns = phrases("authority-noun");
        self.members = hashes("members-of-a-body");
        self.company_nouns = hashes("company-noun");
        self.trade_nouns = hashes("trade-noun");
        self.no_trades = hashes("no-trade");
        self.relation_nouns = hashes("relation-noun");
        self.beside_nouns = phrases("beside-noun");
        self.numbered_rules = hashes("numbered-rule");
        self.kinds_of_rules = hashes("kind-of-rule");
        self.attached_nouns = phrases("attached-noun");
        self.judging_words = hashes("judging-word");
        self.behind_nouns = hashes("behind-noun");
        self.han_firm_nouns = hashes("han-firm-noun");
        self.speech_openers = hashes("speech-opener");
        self.foreign_sounds = hashes("foreign-sound");
        self.han_verbs = hashes("han-verb");
        self.growing = phrases("growing");
        self.percent_of_else = phrases("percent-of-something-else");
        self.of_votes = phrases("percent-of-votes");
        self.further = phrases("further-percent");
        self.holding_changed = phrases("holding-changed");
        self.holding_in_all = phrases("holding-in-all");
        self.wholly_owned = phrases("wholly-owned");
        self.wholly_bought = phrases("wholly-bought");
        self.countries = phrases("han-country");
        self.announcing = phrases("announcing");
        self.defined_terms = phrases("defined-term");
        self.firm_trades = phrases("firm-trade");
        self.subsidiary_nouns = phrases("子公司");
        self.denials = phrases("denial");
        self.han_links = list("han-link").map(str::to_owned).collect();
        self.han_generic = list("han-generic").map(str::to_owned).collect();
        self.appointing = phrases("appointing");
        self.person_verbs = phrases("person-verb");
        self.light_words = hashes("light-word");
        self.saying = phrases("saying");
        self.according = phrases("according");
        self.opens_no_name = hashes("opens-no-name");
        self.self_references = phrases("self-reference");
        self.behind_own_s = hashes("behind-own-s");
        self.common_gerunds = hashes("business-in-ing");
        self.generic_nouns = hashes("generic-noun");
    }
}

/// Lists that tell nothing of what a sentence is about: words of names, and words of all kinds.
const NO_TOPICS: [&str; 8] =
    ["common", "surname", "han-lead", "not-a-name", "generic-opening", "foreign-sound", "han-common", "given-name"];

/// For each phrase which set of lists holds it, and the sets.
fn topics(lists: &BTreeMap<String, Vec<String>>) -> (Phrases<u32>, Vec<Vec<u32>>) {
    let telling = |name: &str| !NO_TOPICS.contains(&name) && !NAME_LISTS.contains(&name);
    let mut ordered: Vec<_> = lists.iter().filter(|(name, _)| telling(name)).collect();
    ordered.sort_by_key(|(name, phrases)| (phrases.len(), *name));
    let mut of_phrase: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for (name, phrases) in ordered {
        for phrase in phrases {
            of_phrase.entry(phrase.to_lowercase()).or_default().push(token_hash(name) as u32);
        }
    }
    let mut topics = Phrases::default();
    let mut sets: BTreeMap<Vec<u32>, u32> = BTreeMap::new();
    for (phrase, mut lists) in of_phrase {
        lists.dedup();
        let next = sets.len() as u32;
        topics.insert(&phrase, *sets.entry(lists).or_insert(next));
    }
    topics.fit();
    let mut sets: Vec<(Vec<u32>, u32)> = sets.into_iter().collect();
    sets.sort_by_key(|(_, number)| *number);
    (topics, sets.into_iter().map(|(lists, _)| lists).collect())
}

/// `Company|Fund`: the union of the classes named, `None` if one is unknown.
fn classes_named(names: &str, classes: &ClassTable) -> Option<ClassSet> {
    names.split('|').try_fold(ClassSet::NONE, |all, name| Some(all | classes.set(name.trim())?))
}

/// Lists of words that names hold, or that are looked for in one place only: no ordinary words by that.
const NAME_LISTS: [&str; 23] = [
    "given-name",
    "honorific",
    "name-connector",
    "not-a-name",
    "head-with-of",
    "behind-form",
    "trade-noun",
    "no-trade",
    "judging-word",
    "behind-noun",
    "han-firm-noun",
    "speech-opener",
    "foreign-sound",
    "han-verb",
    "growing",
    "percent-of-something-else",
    "percent-of-votes",
    "further-percent",
    "holding-changed",
    "holding-in-all",
    "wholly-owned",
    "wholly-bought",
    "goods-noun",
];

fn add_lists(lists: &mut BTreeMap<String, Vec<String>>, more: BTreeMap<String, Vec<String>>) {
    for (name, phrases) in more {
        lists.entry(name).or_default().extend(phrases);
    }
}

fn add_cues(cues: &mut BTreeMap<String, Vec<Cue>>, status: Status, file: CueFile) {
    let scopes = [
        (Scope::Before, file.before),
        (Scope::After, file.after),
        (Scope::Sentence, file.sentence),
        (Scope::Opening, file.opening),
        (Scope::Describing, file.describing),
    ];
    for (scope, phrases) in scopes {
        for phrase in phrases {
            cues.entry(phrase).or_default().push(Cue { status, scope });
        }
    }
}

/// Tokens of a short text of our own data.
pub(crate) fn hashes_of(phrase: &str) -> Vec<u64> {
    tokens(phrase, 0, phrase.len() as u32).iter().map(|token| token.hash).collect()
}
