//! Every name of every entity, looked up where it lies: whole, by its beginning, by a word, by pinyin, by a slip of the pen.
//!
//! What is found is what a look at every name by [`likeness`](crate::likeness::likeness) would find. Two automata of the
//! crate `fst` lead to the names and to the words in them; whatever they lead to is measured by that function's own parts.
//!
//! ```text
//! magic      8 bytes
//! rows       the entities, one behind the other
//! starts     u64 an entity: where its row begins, entities in the order of their ids
//! names      automaton: folded name → its number, in the order of bytes
//! texts      the folded names, one behind the other
//! ends       u64 a name: where its text ends
//! bearers    of each name, who bears it
//! places     u64 a name: where its bearers begin
//! ranks      u32 a name: its rank, shorter names first; the least of every 64, of every 64 of these, down to one
//! ranked     u32 a rank: the number of its name
//! terms      automaton: an id → its entity; an identifier, a word that is not a name's first one, two neighbouring Chinese
//!            characters → where its postings begin
//! postings   numbers of entities or ranks of names, each as the step from the one before
//! layout     u64 a part: where it ends
//! check      u32: CRC-32 of all before
//! ```
//!
//! Numbers are little-endian; rows, bearers and postings are in postcard's form. Equal entities give equal bytes.

mod automata;
mod postings;
mod ranking;
mod write;

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use fst::{Automaton, IntoStreamer, Map, Streamer};
use guanxi_model::{Entity, EntityId, EntityName, Identifier, Language, NameKind};
use serde::{Deserialize, Serialize};

use crate::likeness::{Likeness, is_near, slips, word_start};
use crate::pinyin::{self, PinyinMatch};
use crate::{fold, name_key};
use automata::{Sounding, Spelt};
use postings::{Ascending, Common, Postings, Union};
use ranking::Ranking;

pub use write::write;

const MAGIC: &[u8; 8] = b"guanxi\x00m";
const CHECK: usize = 4;
const PARTS: usize = 11;

/// An index in a file that is mapped, or in memory.
pub struct Index {
    bytes: Box<dyn AsRef<[u8]> + Send + Sync>,
    /// Where each part ends.
    ends: [usize; PARTS],
}

/// Why bytes are no index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotAnIndex(&'static str);

/// How sure a name means the entity that bears it, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Quality {
    /// Its full name.
    Full,
    /// Its full name but for the legal form.
    WithoutLegalForm,
    /// A short form or brand.
    Alias,
    /// A name that it bore once, or a translation.
    Secondary,
}

/// Who bears a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Bearer {
    /// How sure it is meant.
    pub quality: Quality,
    /// Number of the entity, in the order of ids.
    pub entity: u32,
    /// Which of its names it is, from 0.
    pub place: u32,
    /// Whether it is what is left of that name without its legal form.
    pub bare: bool,
}

/// How Latin letters spell a Chinese name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Spelling {
    /// Syllable for syllable.
    Whole,
    /// Syllable for syllable, as far as they go.
    Begins,
    /// By the first letter of each syllable.
    Initials,
}

#[derive(Clone, Copy)]
enum Part {
    Rows,
    Starts,
    Names,
    Texts,
    Ends,
    Bearers,
    Places,
    Ranks,
    Ranked,
    Terms,
    Postings,
}

/// An entity as it is written.
#[derive(Serialize, Deserialize)]
struct Row<'r> {
    id: &'r str,
    class: &'r str,
    names: Vec<(&'r str, Language, NameKind)>,
    country: Option<&'r str>,
    identifiers: Vec<String>,
}

impl Index {
    /// The index of these entities, in memory.
    pub fn of(entities: impl IntoIterator<Item = Entity>) -> Self {
        let mut bytes = Vec::new();
        let written = write(entities, &mut bytes);
        let index = written.map_err(|_| NotAnIndex("memory was refused")).and_then(|()| Self::open(Box::new(bytes)));
        index.unwrap_or_else(|error| unreachable!("an index is read as it was written: {error}"))
    }

    /// Reads what [`write()`] wrote.
    ///
    /// # Errors
    /// If it is something else, or was changed since.
    pub fn open(bytes: Box<dyn AsRef<[u8]> + Send + Sync>) -> Result<Self, NotAnIndex> {
        let all = (*bytes).as_ref();
        let body = all.len().checked_sub(CHECK).filter(|_| all.starts_with(MAGIC));
        let layout = body.and_then(|body| body.checked_sub(PARTS * 8)).filter(|layout| *layout >= MAGIC.len());
        let (Some(body), Some(layout)) = (body, layout) else {
            return Err(NotAnIndex("it is no index of names"));
        };
        if all[body..] != crc32fast::hash(&all[..body]).to_le_bytes() {
            return Err(NotAnIndex("its checksum is not the one it was written with"));
        }
        let mut ends = [0; PARTS];
        for (end, bytes) in ends.iter_mut().zip(all[layout..body].chunks_exact(8)) {
            *end = bytes.try_into().map(u64::from_le_bytes).ok().and_then(|end| end.try_into().ok()).unwrap_or(0);
        }
        let index = Self { ends, bytes };
        let is_whole = ends.is_sorted() && ends[PARTS - 1] == layout && ends[0] >= MAGIC.len();
        match is_whole && [Part::Names, Part::Terms].iter().all(|part| Map::new(index.part(*part)).is_ok()) {
            true => Ok(index),
            false => Err(NotAnIndex("its parts are not where they were written")),
        }
    }

    /// Number of entities.
    pub fn len(&self) -> usize {
        self.part(Part::Starts).len() / 8
    }

    /// Whether there is no entity.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The entity of this number, as it was written.
    ///
    /// # Panics
    /// If there is no such entity.
    pub fn entity(&self, number: u32) -> Entity {
        let start = self.number(Part::Starts, number as usize);
        let row: Row<'_> = taken(&self.part(Part::Rows)[start..]);
        let name =
            |(text, language, kind): (&str, Language, NameKind)| EntityName { text: text.to_owned(), language, kind };
        Entity {
            id: EntityId::new(row.id),
            class: Arc::from(row.class),
            names: row.names.into_iter().map(name).collect(),
            country: row.country.map(str::to_owned),
            identifiers: row.identifiers.iter().filter_map(|identifier| identifier.parse().ok()).collect(),
        }
    }

    /// The number of the entity of this id.
    pub fn with_id(&self, id: &str) -> Option<u32> {
        self.map(Part::Terms).get(format!("{}{id}", write::ID)).map(|number| number as u32)
    }

    /// Those that bear this identifier.
    pub fn with_identifier(&self, identifier: &Identifier) -> Vec<u32> {
        let at = self.map(Part::Terms).get(format!("{}{identifier}", write::IDENTIFIER));
        at.map(|at| self.posted(at)).unwrap_or_default()
    }

    /// A folded name.
    ///
    /// # Panics
    /// If there is no name of this number.
    pub fn name(&self, number: u32) -> &str {
        let before = number.checked_sub(1).map_or(0, |before| self.number(Part::Ends, before as usize));
        let text = &self.part(Part::Texts)[before..self.number(Part::Ends, number as usize)];
        std::str::from_utf8(text).unwrap_or_default()
    }

    /// Who bears a name, best first.
    ///
    /// # Panics
    /// If there is no name of this number.
    pub fn bearers(&self, name: u32) -> impl ExactSizeIterator<Item = Bearer> + '_ {
        let (count, mut rest): (u32, &[u8]) =
            next(&self.part(Part::Bearers)[self.number(Part::Places, name as usize)..]);
        (0..count).map(move |_| {
            let (bearer, after) = next(rest);
            rest = after;
            bearer
        })
    }

    /// The number of a folded name.
    pub fn whole(&self, folded: &str) -> Option<u32> {
        self.map(Part::Names).get(folded).map(|number| number as u32)
    }

    /// The number of a name's key, by which it is known without its legal form.
    pub fn keyed(&self, name: &str) -> Option<u32> {
        self.whole(&name_key(name))
    }

    /// Every name that answers to these words, as [`likeness`](crate::likeness::likeness) has it, by number: the best way of
    /// answering first, of one way the shorter names, of one length in the order of letters. What is not asked for is not
    /// looked for, so that the first few of very many cost little.
    pub fn answering<'s>(&'s self, words: &'s str, near: bool) -> impl Iterator<Item = (u32, Likeness)> + 's {
        let wanted = fold(words);
        let same = self.whole(&wanted);
        let beginning = self.beginning_with(&wanted);
        let beginning = beginning.map(move |(name, inside)| match inside {
            _ if Some(name) == same => (name, Likeness::Same),
            true => (name, Likeness::Holds),
            false => (name, Likeness::Begins),
        });
        // Only where somebody asks for more than those that hold the words.
        let others = std::iter::once_with(move || self.answering_otherwise(words, &wanted, near)).flatten();
        beginning.chain(others)
    }

    /// Names that answer by how they are spelt, or are near, and do not hold the words.
    fn answering_otherwise(&self, words: &str, wanted: &str, near: bool) -> Vec<(u32, Likeness)> {
        if wanted.is_empty() {
            return Vec::new();
        }
        let near = if near { self.near(wanted) } else { Vec::new() };
        let near = near.into_iter().map(|name| (name, Likeness::Near));
        let spelt = self.spelt(words).into_iter().map(|(name, how)| match how {
            Spelling::Whole | Spelling::Begins => (name, Likeness::Pinyin),
            Spelling::Initials => (name, Likeness::Initials),
        });
        let mut found: Vec<(u32, Likeness)> = spelt.chain(near).collect();
        found.retain(|(name, _)| word_start(self.name(*name), wanted).is_none());
        found.sort_unstable();
        found.dedup_by_key(|(name, _)| *name);
        found.sort_by_cached_key(|&(name, how)| (how, self.ranking().rank(name)));
        found
    }

    /// Names of which a word begins so, and whether it is a later one than the first; see [`word_start`]. Those whose first
    /// does come first, of either kind the shorter ones.
    pub fn beginning_with<'s>(&'s self, wanted: &str) -> impl Iterator<Item = (u32, bool)> + use<'s> {
        let wanted = wanted.to_owned();
        let first = if wanted.is_empty() { 0..0 } else { self.that_begin(&wanted) };
        let later = std::iter::once_with(move || {
            let may_hold = self.that_may_hold(&wanted).map(|rank| self.ranking().name(rank));
            may_hold.filter(move |name| word_start(self.name(*name), &wanted).is_some_and(|at| at > 0))
        });
        let first = self.ranking().best_of(first).map(|name| (name, false));
        first.chain(later.flatten().map(|name| (name, true)))
    }

    /// The names that begin so: they are numbered in their order.
    fn that_begin(&self, wanted: &str) -> Range<u32> {
        let count = self.part(Part::Ends).len() / 8;
        let first = |is_before: &dyn Fn(&str) -> bool| {
            let (mut start, mut end) = (0, count as u32);
            while start < end {
                let middle = start + (end - start) / 2;
                if is_before(self.name(middle)) { start = middle + 1 } else { end = middle }
            }
            start
        };
        first(&|name| name < wanted)..first(&|name| name < wanted || name.starts_with(wanted))
    }

    /// The ranks of names in which these words may stand behind the first word: of those that have all that the index knows
    /// of the words.
    fn that_may_hold(&self, wanted: &str) -> Common<'_> {
        let none = || Common::of(Vec::new());
        let words: Vec<&str> = wanted.split(write::is_border).collect();
        let (last, whole) = words.split_last().map_or(("", &[][..]), |(last, whole)| (*last, whole));
        // Of Chinese words alone it may be any two characters; else each word is one, and the last may have more to come.
        let is_chinese = write::is_chinese(wanted);
        let known: Vec<String> = match is_chinese {
            true => write::pairs(wanted).collect(),
            false if words[0].is_empty() => return none(),
            false => {
                whole.iter().filter(|word| !word.is_empty()).map(|word| format!("{}{word}", write::WORD)).collect()
            }
        };
        let terms = self.map(Part::Terms);
        let postings: Option<Vec<Postings<'_>>> =
            known.iter().map(|term| Some(self.postings(terms.get(term)?))).collect();
        let Some(postings) = postings else { return none() };
        let fewest = postings.iter().map(Postings::left).min();
        let mut lists: Vec<Box<dyn Ascending + '_>> = Vec::new();
        if !is_chinese && !last.is_empty() {
            let beginning = format!("{}{last}", write::WORD);
            let ends = self.found(Part::Terms, fst::automaton::Str::new(&beginning).starts_with());
            let union: Union<'_> = ends.into_iter().map(|at| self.postings(at)).collect();
            // Many that begin so tell little of a name of which other words are known.
            if fewest.is_none_or(|fewest| union.left() <= fewest) {
                lists.push(Box::new(union));
            }
        }
        lists.extend(postings.into_iter().map(|list| Box::new(list) as Box<dyn Ascending>));
        Common::of(lists)
    }

    /// Chinese names of which Latin letters are the pinyin, its beginning, or its initials.
    pub fn spelt(&self, latin: &str) -> Vec<(u32, Spelling)> {
        if !latin.chars().any(char::is_alphabetic) {
            return Vec::new();
        }
        let mut letters: Vec<String> =
            [true, false].into_iter().filter_map(|drop| pinyin::letters(latin, drop)).collect();
        letters.dedup();
        let mut names: Vec<u64> = Vec::new();
        for letters in &letters {
            names.extend(self.found(Part::Names, Sounding::new(letters, pinyin::spellings).or_more()));
            names.extend(self.found(Part::Names, Sounding::new(letters, pinyin::initials)));
        }
        names.sort_unstable();
        names.dedup();
        let how = |name: u32| {
            let text = self.name(name);
            match pinyin::matches(latin, text) {
                Some(PinyinMatch::Whole) => Some((name, Spelling::Whole)),
                _ if pinyin::begins(latin, text) => Some((name, Spelling::Begins)),
                initials => initials.map(|_| (name, Spelling::Initials)),
            }
        };
        names.into_iter().filter_map(|name| how(name as u32)).collect()
    }

    /// Names that are a slip of the pen away, or whose first words are; see [`is_near`].
    pub fn near(&self, wanted: &str) -> Vec<u32> {
        let names = match slips(wanted) {
            0 => Vec::new(),
            most => self.found(Part::Names, Spelt::new(wanted, most)),
        };
        names.into_iter().map(|name| name as u32).filter(|name| is_near(self.name(*name), wanted)).collect()
    }

    /// The values of the keys that an automaton takes, in the order of keys.
    fn found(&self, part: Part, automaton: impl Automaton) -> Vec<u64> {
        let mut values = Vec::new();
        let map = self.map(part);
        let mut stream = map.search(automaton).into_stream();
        while let Some((_, value)) = stream.next() {
            values.push(value);
        }
        values
    }

    fn postings(&self, at: u64) -> Postings<'_> {
        Postings::new(&self.part(Part::Postings)[at as usize..])
    }

    fn ranking(&self) -> Ranking<'_> {
        Ranking { ranks: self.part(Part::Ranks), names: self.part(Part::Ranked) }
    }

    fn posted(&self, at: u64) -> Vec<u32> {
        let mut posted: Vec<u32> = taken(&self.part(Part::Postings)[at as usize..]);
        let mut last = 0;
        for number in &mut posted {
            last += *number;
            *number = last;
        }
        posted
    }

    fn number(&self, part: Part, at: usize) -> usize {
        let bytes: [u8; 8] = std::array::from_fn(|byte| self.part(part)[at * 8 + byte]);
        u64::from_le_bytes(bytes) as usize
    }

    fn map(&self, part: Part) -> Map<&[u8]> {
        Map::new(self.part(part)).unwrap_or_else(|error| unreachable!("it was read when the index was opened: {error}"))
    }

    fn part(&self, part: Part) -> &[u8] {
        let start = (part as usize).checked_sub(1).map_or(MAGIC.len(), |before| self.ends[before]);
        let range: Range<usize> = start..self.ends[part as usize];
        &(*self.bytes).as_ref()[range]
    }
}

impl fmt::Debug for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Index").field("entities", &self.len()).finish_non_exhaustive()
    }
}

/// What stands at the beginning of these bytes.
fn taken<'b, T: Deserialize<'b>>(bytes: &'b [u8]) -> T {
    next(bytes).0
}

/// What stands at the beginning of these bytes, and what stands behind it.
fn next<'b, T: Deserialize<'b>>(bytes: &'b [u8]) -> (T, &'b [u8]) {
    postcard::take_from_bytes(bytes).unwrap_or_else(|error| unreachable!("the checksum held: {error}"))
}

#[cfg(test)]
mod tests;
