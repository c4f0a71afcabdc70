//! Finders of mentions: each proposes stretches of a sentence, here the best disjoint ones are chosen.

mod abbreviation;
pub(crate) mod apposition;
pub(crate) mod date;
mod han;
mod instrument;
mod latin;
pub(crate) mod learned;
mod local_currency;
mod lower;
pub(crate) mod number;
pub(crate) mod quoted;

use guanxi_model::PartialDate;
use rustc_hash::FxHashSet;

pub(crate) use local_currency::{LocalCurrency, SharedCurrencies};
use lower::Lower;

use crate::classes::{ClassSet, ClassTable};
use crate::entities::{KnownNames, Registry};
use crate::lexicon::Lexicon;
use crate::scan::{Token, TokenKind};
use crate::units::{Mention, MentionKind};

/// What a finder saw.
#[derive(Clone, Debug)]
pub(crate) enum Found {
    /// A row of the reference data.
    Known(u32),
    /// The name of a known authority, of another country: "Ghana's Securities and Exchange Commission".
    Foreign(u32),
    /// A name that the document has told before, by its short form or in full.
    Again(u32),
    /// A term that the document has defined: （以下简称“公司”）, （「買方」）.
    Defined(u32),
    /// A name in no list; `shown` where its form tells the class.
    Name { classes: ClassSet, shown: bool, quoted: bool },
    /// A common noun or pronoun.
    Nominal(ClassSet),
    /// Money, percent, number or date.
    Quantity(MentionKind),
}

/// A proposal: tokens `start..end` of the sentence's slice.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) found: Found,
}

/// What the finders look at.
pub(crate) struct Finder<'a> {
    pub(crate) text: &'a str,
    /// The tokens of one sentence.
    pub(crate) tokens: &'a [Token],
    pub(crate) lexicon: &'a Lexicon,
    pub(crate) known: &'a KnownNames,
    pub(crate) classes: &'a ClassTable,
    /// The currency of a bare 元.
    pub(crate) currency: &'a LocalCurrency<'a>,
    /// For relative dates.
    pub(crate) published: Option<PartialDate>,
    /// Every word is capitalised here: capitals tell nothing.
    pub(crate) title_case: bool,
}

/// Words with which a description of a firm begins.
pub(crate) const DESCRIBING: &str = "the this based";

/// Tokens between "the" and the noun that stands for a firm: "the Cape Town-based packaging company".
const MOST_DESCRIBING: usize = 6;

impl<'a> Finder<'a> {
    pub(crate) fn piece(&self, index: usize) -> &'a str {
        self.tokens.get(index).map_or("", |token| &self.text[token.start as usize..token.end as usize])
    }

    /// The same in small letters.
    pub(crate) fn lower(&self, index: usize) -> Lower<'a> {
        Lower::of(self.piece(index))
    }

    /// The text of tokens `start..end`.
    pub(crate) fn words(&self, start: usize, end: usize) -> &'a str {
        &self.text[self.tokens[start].start as usize..self.tokens[end - 1].end as usize]
    }

    /// The tokens of which this holds.
    fn where_token(&self, holds: impl Fn(&Token) -> bool) -> impl Iterator<Item = usize> {
        self.tokens.iter().enumerate().filter(move |(_, token)| holds(token)).map(|(at, _)| at)
    }

    /// Whether a sign stands before a token: 【, 、, a quotation mark, or nothing at all.
    pub(crate) fn is_behind_sign(&self, at: usize) -> bool {
        at == 0 || self.tokens[at - 1].kind == TokenKind::Sign
    }

    /// What the finders find in the sentence, sorted and disjoint.
    pub(crate) fn candidates(&self, registry: &Registry<'_>) -> Vec<Candidate> {
        // Room for as many as nearly all sentences have.
        let mut candidates = Vec::with_capacity(16);
        self.known_names(&mut candidates);
        self.names_told_before(registry, &mut candidates);
        drop_namesakes(&mut candidates, registry);
        self.defined_terms(registry, &mut candidates);
        self.nominals(&mut candidates);
        self.described(&mut candidates);
        number::find(self, &mut candidates);
        date::find(self, &mut candidates);
        quoted::find(self, &mut candidates);
        abbreviation::find(self, &mut candidates);
        latin::find(self, &mut candidates);
        instrument::find(self, &mut candidates);
        let chosen = disjoint(candidates);
        // Chinese names are found in what the others leave: no blank parts them from their neighbours.
        let mut all = chosen;
        han::find(self, &mut all);
        self.drop_describing_nouns(&mut all);
        disjoint(all)
    }

    /// The mentions that candidates are, sorted and disjoint as they are. `offset` is the index of the sentence's first
    /// token.
    pub(crate) fn mentions(
        &self,
        candidates: Vec<Candidate>,
        offset: u32,
        registry: &mut Registry<'_>,
    ) -> Vec<Mention> {
        let mentions = candidates.into_iter().map(|candidate| self.mention(candidate, offset, registry));
        let mut mentions: Vec<Mention> = mentions.collect();
        apposition::join(self, offset, &mut mentions, registry);
        apposition::define(self, offset, &mentions, registry);
        mentions
    }

    /// 软件公司Chetak Labs, "the lender Kabwe Savings Bank": the common noun before a name describes it.
    fn drop_describing_nouns(&self, all: &mut Vec<Candidate>) {
        if all.iter().any(|candidate| matches!(candidate.found, Found::Nominal(_))) {
            let names: Vec<(usize, usize)> =
                all.iter().filter(|other| self.is_name(other)).map(|other| (other.start, other.end)).collect();
            all.retain(|candidate| {
                let name = names.iter().find(|(start, _)| *start == candidate.end);
                !matches!(candidate.found, Found::Nominal(_))
                    || !name.is_some_and(|&(_, end)| self.describes_name(candidate, end))
            });
        }
    }

    /// Whether a common noun says what the firm is that is named behind it, the name ending at `name_end`; but in "sold
    /// the brewer Acme founded" it is what Acme founded.
    fn describes_name(&self, noun: &Candidate, name_end: usize) -> bool {
        if self.tokens[noun.start].kind == TokenKind::Han {
            return true;
        }
        let calls_a_firm = self.lexicon.company_nouns.contains(&self.tokens[noun.end - 1].hash);
        let has_verb = self.piece(name_end).ends_with("ed") && self.piece(name_end + 1) != "by";
        calls_a_firm && (noun.start == 0 || !has_verb)
    }

    fn known_names(&self, candidates: &mut Vec<Candidate>) {
        for start in self.where_token(|token| self.known.may_open(token)) {
            if let Some((length, row)) = self.known.longest(self.text, &self.tokens[start..])
                && !self.is_banking(start + length)
            {
                let end = start + length;
                candidates.push(match self.foreign_seat(start, row) {
                    Some(place) => Candidate { start: place, end, found: Found::Foreign(row) },
                    None => Candidate { start, end, found: Found::Known(row) },
                });
            }
        }
    }

    /// Where the name of an authority, or of a firm called national, begins if another country than its own stands before it, within the name or
    /// as its possessor.
    fn foreign_seat(&self, start: usize, row: u32) -> Option<usize> {
        const LONGEST_PLACE: usize = 4;
        let authorities = self.classes.union(&["Regulator", "PublicBody"]);
        let authority = self.known.row(row);
        // 巴西国家开发银行 is none of 国家开发银行.
        let national = self.piece(start) == "国" && self.piece(start + 1) == "家";
        let home = authority.entity.country.as_ref().filter(|_| national || authorities.meets(authority.classes))?;
        let owned = start > 0 && matches!(self.piece(start - 1), "'s" | "’s");
        let behind = if owned { start - 1 } else { start };
        let place_class = self.classes.set("Place").unwrap_or_default();
        let abroad = |&from: &usize| {
            let place = self.known.longest(self.text, &self.tokens[from..]);
            place.filter(|(length, _)| from + length == behind).is_some_and(|(_, place)| {
                let place = self.known.row(place);
                place.classes == place_class && place.entity.country.as_ref().is_some_and(|country| country != home)
            })
        };
        let place = (behind.saturating_sub(LONGEST_PLACE)..behind).find(abroad)?;
        Some(if owned { start } else { place })
    }

    /// 上海银行业 is the trade of a place, no bank of that name; 上海银行业绩 is about the bank.
    fn is_banking(&self, end: usize) -> bool {
        self.piece(end) == "业" && self.piece(end - 1) == "行" && self.piece(end + 1) != "绩"
    }

    fn names_told_before(&self, registry: &Registry<'_>, candidates: &mut Vec<Candidate>) {
        for start in self.where_token(|token| token.kind == TokenKind::Han) {
            if let Some((length, entity)) = registry.told_before(&self.tokens[start..])
                && !self.goes_on_as_name(start, start + length)
            {
                candidates.push(Candidate { start, end: start + length, found: Found::Again(entity) });
            }
        }
    }

    fn defined_terms(&self, registry: &Registry<'_>, candidates: &mut Vec<Candidate>) {
        for start in 0..self.tokens.len() {
            if let Some((length, entity)) = registry.defined_at(&self.tokens[start..])
                && self.lexicon.nominals.exact(&self.tokens[start..start + length]).is_none()
                && !self.continues_a_word(start)
            {
                candidates.push(Candidate { start, end: start + length, found: Found::Defined(entity) });
            }
        }
    }

    /// 衡川 was told as the head of 衡川股份: in 衡川集团 it opens another name.
    fn goes_on_as_name(&self, start: usize, end: usize) -> bool {
        let ended = self.lexicon.suffixes.longest_at_end(&self.tokens[start..end], 8).is_some();
        let suffix = self.tokens.get(end..).and_then(|rest| self.lexicon.suffixes.longest(rest));
        !ended
            && suffix.is_some_and(|(length, _)| {
                length >= 2 && self.lexicon.han_stops.exact(&self.tokens[end..end + length]).is_none()
            })
    }

    fn nominals(&self, candidates: &mut Vec<Candidate>) {
        for start in self.where_token(|token| self.lexicon.nominals.may_open(token)) {
            if let Some((length, classes)) = self.lexicon.nominals.longest(&self.tokens[start..])
                && !self.continues_a_word(start)
                && !self.is_part_of_word(start, start + length)
            {
                candidates.push(Candidate { start, end: start + length, found: Found::Nominal(*classes) });
            }
        }
    }

    /// "the struggling lender", "the Bengaluru-based company": a firm named before, by its trade.
    fn described(&self, candidates: &mut Vec<Candidate>) {
        let Some(classes) = self.classes.set("Company") else { return };
        for start in self.where_token(|token| token.gates & self.lexicon.opens_description != 0) {
            let (first, longest) = match self.piece(start) {
                "the" | "The" | "this" | "This" => (start + 1, MOST_DESCRIBING),
                "based" if start > 0 && self.piece(start - 1) == "-" => (start + 1, 1),
                _ => continue,
            };
            let Some(noun) = self.company_noun(first, longest) else { continue };
            // "Khula Mobile, the telecoms group that owns …" says what Khula is.
            let apposed = start >= 2
                && self.piece(start - 1) == ","
                && self.tokens[start - 2].capital
                && matches!(self.piece(noun + 1), "that" | "which" | "who" | "," | "of" | "in" | "with" | "behind");
            // "the Swedish carmaker Volvo" names it; "the company law" is about something else.
            let goes_on = matches!(
                self.piece(noun + 1),
                "-" | "of" | "licence" | "license" | "permit" | "registration" | "authorisation" | "authorization"
            ) || self.tokens.get(noun + 1).is_some_and(|next| {
                next.kind == TokenKind::Word && (next.capital || self.lexicon.company_nouns.contains(&next.hash))
            });
            if !goes_on && !apposed {
                // Where a place tells which firm is meant, the place stays a mention of its own.
                let placed = (first..noun).any(|at| self.tokens[at].capital);
                let start = if longest == 1 || placed { noun } else { start };
                candidates.push(Candidate { start, end: noun + 1, found: Found::Nominal(classes) });
            }
        }
    }

    /// The first company noun behind words that only describe it: "struggling", "Cape Town", "ASX-listed", "German".
    fn company_noun(&self, first: usize, longest: usize) -> Option<usize> {
        let mut at = first;
        while at < first + longest {
            let token = self.tokens.get(at)?;
            if token.kind == TokenKind::Word && !token.capital {
                if self.lexicon.company_nouns.contains(&token.hash) {
                    return Some(at);
                }
                if self.lexicon.boundaries.contains(&token.hash) {
                    return None;
                }
                at += 1;
            } else if self.piece(at) == "-" && at > first {
                at += 1;
            } else {
                at += self.place_or_people(at)?;
            }
        }
        None
    }

    /// Length of a place, a market or the name of a people that begins here.
    fn place_or_people(&self, at: usize) -> Option<usize> {
        let markets = self.classes.union(&["Place", "Exchange"]);
        let rest = &self.tokens[at..];
        let place = self.known.longest(self.text, rest).filter(|(_, row)| markets.meets(self.known.row(*row).classes));
        place.map(|(length, _)| length).or_else(|| self.lexicon.not_names.longest(rest).map(|(length, ())| length))
    }

    /// The 公司 of 子公司 is no word of its own: before it stands neither a sign nor a word that ends there.
    fn continues_a_word(&self, at: usize) -> bool {
        let han = |index: usize| self.tokens[index].kind == TokenKind::Han;
        at > 0
            && han(at)
            && han(at - 1)
            && (self.piece(at - 1) == "的" || self.lexicon.han_stops.longest_at_end(&self.tokens[..at], 4).is_none())
    }

    /// How much of a Chinese name stands before its endings: 三岳 of 三岳食品, in tokens.
    fn han_head(&self, start: usize, end: usize) -> Option<usize> {
        let tokens = &self.tokens[start..end];
        let mut head = tokens.len();
        while let Some((length, _)) = self.lexicon.suffixes.longest_at_end(&tokens[..head], 8)
            && head >= length + 2
        {
            head -= length;
        }
        (tokens.iter().all(|token| token.kind == TokenKind::Han) && head >= 2).then_some(head)
    }

    pub(crate) fn is_name(&self, candidate: &Candidate) -> bool {
        matches!(candidate.found, Found::Known(_) | Found::Foreign(_) | Found::Again(_) | Found::Name { .. })
    }

    /// 其 in 其中 and 尤其 is nobody.
    fn is_part_of_word(&self, start: usize, end: usize) -> bool {
        self.piece(start) == "其"
            && end == start + 1
            && (matches!(
                self.piece(end),
                "中" | "他" | "它" | "余" | "餘" | "后" | "後" | "实" | "實" | "次" | "间" | "間"
            ) || start > 0 && matches!(self.piece(start - 1), "尤" | "极" | "極" | "与" | "與"))
    }

    fn mention(&self, candidate: Candidate, offset: u32, registry: &mut Registry<'_>) -> Mention {
        let words = self.words(candidate.start, candidate.end);
        let mut quoted = false;
        let kind = match candidate.found {
            Found::Known(row) => MentionKind::Name { entity: registry.known(row, words) },
            Found::Foreign(row) => MentionKind::Name { entity: registry.foreign(row, words) },
            Found::Again(entity) => MentionKind::Name { entity: registry.named_again(entity, words) },
            Found::Defined(entity) => MentionKind::Name { entity: registry.meant_again(entity) },
            Found::Name { classes, shown, quoted: in_quotes } => {
                quoted = in_quotes;
                let name = if in_quotes { words.trim_matches(is_quotation_mark) } else { words };
                let entity = registry.named(name, classes, shown);
                let before = &self.tokens[..candidate.start];
                if shown && self.lexicon.subsidiary_nouns.longest_at_end(before, 8).is_some() {
                    registry.is_introduced_as_subsidiary(entity);
                }
                if shown && let Some(length) = self.han_head(candidate.start, candidate.end) {
                    registry.tell(words, entity);
                    // 坎河 named before 坎河支付 stays another firm.
                    let head = self.words(candidate.start, candidate.start + length);
                    let bearer = registry.bearer(head).unwrap_or(entity);
                    registry.tell(head, bearer);
                }
                MentionKind::Name { entity }
            }
            Found::Nominal(classes) => {
                let tokens = &self.tokens[candidate.start..candidate.end];
                let meant = registry.defined_at(tokens).filter(|(length, _)| *length == tokens.len());
                MentionKind::Nominal {
                    classes,
                    speaks_of_itself: self.lexicon.self_references.exact(tokens).is_some(),
                    meant: meant.map(|(_, entity)| entity),
                }
            }
            Found::Quantity(kind) => kind,
        };
        let (start, end) = (offset + candidate.start as u32, offset + candidate.end as u32);
        Mention { start, end, name_end: end, kind, quoted }
    }
}

/// Whether it stands around what is quoted or titled, in either language.
fn is_quotation_mark(c: char) -> bool {
    "“”\"「」『』《》‘’'".contains(c)
}

/// Where the text is about 青山咖啡, 青山 is that firm, whatever other firm is known by the name.
fn drop_namesakes(candidates: &mut Vec<Candidate>, registry: &Registry<'_>) {
    let of_text = candidates.iter().filter_map(|candidate| match candidate.found {
        Found::Again(entity) if !registry.is_known(entity) => Some((candidate.start, candidate.end)),
        _ => None,
    });
    let spans: FxHashSet<(usize, usize)> = of_text.collect();
    candidates.retain(|candidate| {
        !matches!(candidate.found, Found::Known(_)) || !spans.contains(&(candidate.start, candidate.end))
    });
}

/// The longest candidates that do not overlap; of equally long ones the earlier proposed.
fn disjoint(candidates: Vec<Candidate>) -> Vec<Candidate> {
    if candidates.is_sorted_by(|one, next| one.end <= next.start) {
        return candidates;
    }
    let mut order: Vec<(usize, Candidate)> = candidates.into_iter().enumerate().collect();
    order.sort_unstable_by_key(|(rank, candidate)| {
        (usize::MAX - (candidate.end - candidate.start), candidate.start, *rank)
    });
    let mut taken: Vec<Candidate> = Vec::new();
    let mut used = vec![false; order.iter().map(|(_, candidate)| candidate.end).max().unwrap_or_default()];
    for (_, candidate) in order {
        let range = candidate.start..candidate.end;
        if !used[range.clone()].contains(&true) {
            used[range].fill(true);
            taken.push(candidate);
        }
    }
    taken.sort_unstable_by_key(|candidate| candidate.start);
    taken
}
