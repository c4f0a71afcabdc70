//! A row as it is written, in whichever form: what the readers of TOML and CSV hand to the checks.

use std::borrow::Cow;
use std::sync::Arc;

use super::ReferenceError;
use crate::data_file::{DataFile, Lines, unknown};
use crate::{Language, NameKind};

/// A file with what its rows need again and again.
pub(super) struct Source<'a> {
    pub data: DataFile<'a>,
    pub name: Arc<str>,
    lines: Lines,
}

impl<'a> Source<'a> {
    pub fn new(data: DataFile<'a>) -> Self {
        Self { data, name: data.name.into(), lines: Lines::of(data.text) }
    }

    pub fn line(&self, offset: usize) -> u32 {
        self.lines.line(offset)
    }
}

/// Words of a file, and the byte where they begin.
#[derive(Clone, Default)]
pub(super) struct Word<'a> {
    pub text: Cow<'a, str>,
    pub at: usize,
}

/// One of the values of a key: a name or an id, with what is said beside it.
pub(super) struct Item<'a> {
    pub at: usize,
    pub word: Word<'a>,
    pub beside: Vec<Beside<'a>>,
}

impl<'a> Item<'a> {
    pub fn plain(word: Word<'a>) -> Self {
        Self { at: word.at, word, beside: Vec::new() }
    }
}

/// `from = "2015"` beside an item; in CSV `from=2015`.
pub(super) struct Beside<'a> {
    pub key: Word<'a>,
    pub value: Word<'a>,
    pub form: Form,
}

/// What is wrong with the form of a row, and at which byte.
pub(super) type Fault = (usize, String);

/// How a value is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// In quotes.
    Text,
    Number,
    Flag,
    /// In a form that does not tell, as every value in CSV.
    Bare,
    /// As nothing that a row has a use for.
    Other,
}

/// The keys that hold one word.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot {
    Id,
    Class,
    Country,
    From,
    To,
    Lifecycle,
    Instrument,
    Broader,
    Mic,
    Source,
}

const SLOTS: [(&str, Slot); 10] = [
    ("id", Slot::Id),
    ("class", Slot::Class),
    ("country", Slot::Country),
    ("from", Slot::From),
    ("to", Slot::To),
    ("lifecycle", Slot::Lifecycle),
    ("instrument", Slot::Instrument),
    ("broader", Slot::Broader),
    ("mic", Slot::Mic),
    ("source", Slot::Source),
];

const NAMES: [(&str, NameKind); 5] = [
    ("name", NameKind::Legal),
    ("short", NameKind::Short),
    ("brand", NameKind::Brand),
    ("former", NameKind::Former),
    ("gloss", NameKind::Gloss),
];

const LANGUAGES: [(&str, Language); 4] = [
    ("en", Language::English),
    ("zh", Language::ChineseSimplified),
    ("zh-Hant", Language::ChineseTraditional),
    ("zh-Latn", Language::Pinyin),
];

/// What a key or a column is for.
#[derive(Clone)]
pub(super) enum Key<'a> {
    Word(Slot),
    Unverified,
    Members,
    Identifiers,
    Name(NameKind, Language),
    /// Facts of this predicate.
    Facts(Word<'a>),
}

impl<'a> Key<'a> {
    /// The key without a dot of this name.
    pub fn plain(name: &str) -> Option<Self> {
        match name {
            "unverified" => Some(Self::Unverified),
            "members" => Some(Self::Members),
            "identifiers" => Some(Self::Identifiers),
            _ => SLOTS.iter().find(|(known, _)| *known == name).map(|&(_, slot)| Self::Word(slot)),
        }
    }

    /// The key `head.tail`.
    pub fn dotted(head: &str, tail: Word<'a>) -> Result<Self, String> {
        if head == "facts" {
            return Ok(Self::Facts(tail));
        }
        let Some((_, kind)) = NAMES.iter().find(|(known, _)| *known == head) else {
            return Err(unknown("key", head, Self::heads()));
        };
        match LANGUAGES.iter().find(|(known, _)| *known == tail.text) {
            Some(&(_, language)) => Ok(Self::Name(*kind, language)),
            None => Err(unknown("key", &tail.text, LANGUAGES.iter().map(|(known, _)| *known))),
        }
    }

    /// Every key that stands before a dot or alone.
    pub fn heads() -> impl Iterator<Item = &'static str> + Clone {
        let plain = SLOTS.iter().map(|(name, _)| *name).chain(["unverified", "members", "identifiers", "facts"]);
        plain.chain(NAMES.iter().map(|(name, _)| *name))
    }

    /// Whether it stands before a dot.
    pub fn is_head(name: &str) -> bool {
        name == "facts" || NAMES.iter().any(|(known, _)| *known == name)
    }

    /// Every column that a table may have, predicates left aside.
    pub fn columns() -> impl Iterator<Item = String> + Clone {
        let dotted = |head: &'static str| LANGUAGES.iter().map(move |(tail, _)| format!("{head}.{tail}"));
        let plain =
            SLOTS.iter().map(|(name, _)| (*name).to_owned()).chain(["members".to_owned(), "identifiers".to_owned()]);
        plain.chain(NAMES.iter().flat_map(move |(head, _)| dotted(head)))
    }

    pub fn is_list(&self) -> bool {
        match self {
            Self::Word(_) | Self::Unverified => false,
            Self::Name(kind, _) => *kind != NameKind::Legal,
            Self::Members | Self::Identifiers | Self::Facts(_) => true,
        }
    }

    /// The key under which an item that is a table holds its name or id, for keys whose items may be tables.
    pub fn main(&self) -> Option<&'static str> {
        match self {
            Self::Name(kind, _) if *kind != NameKind::Legal => Some("name"),
            Self::Facts(_) => Some("object"),
            _ => None,
        }
    }
}

/// A row whose form is right; what it says is not yet checked.
pub(super) struct Row<'s, 'a> {
    pub source: &'s Source<'a>,
    pub at: usize,
    words: Vec<(Slot, Word<'a>)>,
    pub unverified: bool,
    pub members: Vec<Word<'a>>,
    pub identifiers: Vec<Word<'a>>,
    pub names: Vec<(NameKind, Language, Item<'a>)>,
    /// Predicate and object.
    pub facts: Vec<(Word<'a>, Item<'a>)>,
}

impl<'s, 'a> Row<'s, 'a> {
    pub fn new(source: &'s Source<'a>, at: usize) -> Self {
        let (members, identifiers, names, facts) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { source, at, words: Vec::with_capacity(6), unverified: false, members, identifiers, names, facts }
    }

    /// Adds a value of a key; of a list, one of them.
    pub fn put(&mut self, key: &Key<'a>, item: Item<'a>) {
        match key {
            Key::Word(slot) => self.words.push((*slot, item.word)),
            Key::Unverified => self.unverified = true,
            Key::Members => self.members.push(item.word),
            Key::Identifiers => self.identifiers.push(item.word),
            Key::Name(kind, language) => self.names.push((*kind, *language, item)),
            Key::Facts(predicate) => self.facts.push((predicate.clone(), item)),
        }
    }

    /// Whether it can be checked only when the ids of all rows are known.
    pub fn speaks_of_others(&self) -> bool {
        !self.facts.is_empty() || self.word(Slot::Broader).is_some()
    }

    /// Gives back the room that was kept for more words, names and facts.
    pub fn fit(&mut self) {
        self.words.shrink_to_fit();
        self.members.shrink_to_fit();
        self.identifiers.shrink_to_fit();
        self.names.shrink_to_fit();
        self.facts.shrink_to_fit();
    }

    pub fn word(&self, slot: Slot) -> Option<&Word<'a>> {
        self.words.iter().find(|(known, _)| *known == slot).map(|(_, word)| word)
    }

    pub fn id(&self) -> &str {
        self.word(Slot::Id).map_or("", |id| &id.text)
    }

    pub fn class(&self) -> &str {
        self.word(Slot::Class).map_or("", |class| &class.text)
    }

    /// Where a word stands; of an absent one, the row.
    pub fn place(&self, slot: Slot) -> usize {
        self.word(slot).map_or(self.at, |word| word.at)
    }

    pub fn error(&self, offset: usize, message: impl Into<String>) -> ReferenceError {
        self.source.data.error(offset, self.id(), message)
    }
}

/// Where the readers put the rows of all files, and what is wrong with their form.
pub(super) struct Rows<'f, 's, 'a> {
    /// Takes a row whose form is right.
    each: &'f mut dyn FnMut(Row<'s, 'a>),
    /// Ids of rows that are not among these, lest each mention of such an id be an error too.
    pub broken: Vec<String>,
    pub errors: Vec<ReferenceError>,
}

impl<'f, 's, 'a> Rows<'f, 's, 'a> {
    pub fn new(each: &'f mut dyn FnMut(Row<'s, 'a>)) -> Self {
        Self { each, broken: Vec::new(), errors: Vec::new() }
    }

    /// Takes a row in, unless faults were found in it.
    pub fn take(&mut self, row: Row<'s, 'a>, mut faults: Vec<Fault>) {
        for (name, slot) in &SLOTS[..2] {
            if row.word(*slot).is_none() {
                faults.push((row.at, format!("missing key `{name}`")));
            }
        }
        if faults.is_empty() {
            (self.each)(row);
        } else {
            self.broken.push(row.id().to_owned());
            self.errors.extend(faults.into_iter().map(|(at, message)| row.error(at, message)));
        }
    }
}
