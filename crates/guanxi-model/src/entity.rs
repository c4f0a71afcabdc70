//! Who and what claims are about.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{EntityId, Identifier, PartialDate, Validity};

/// The language of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Language {
    /// English, and every other name in Latin script that is no pinyin.
    English,
    /// Chinese, simplified; also where the characters do not tell.
    ChineseSimplified,
    /// Chinese, traditional.
    ChineseTraditional,
    /// Romanised Chinese.
    Pinyin,
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 4] = [Self::English, Self::ChineseSimplified, Self::ChineseTraditional, Self::Pinyin];

    /// Its tag: `en`, `zh-Hans`, `zh-Hant`, `zh-Latn`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::ChineseSimplified => "zh-Hans",
            Self::ChineseTraditional => "zh-Hant",
            Self::Pinyin => "zh-Latn",
        }
    }

    /// The language with this tag.
    pub fn from_tag(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.tag().eq_ignore_ascii_case(tag))
    }

    /// Whether the name is written in Chinese characters.
    pub fn is_chinese(self) -> bool {
        matches!(self, Self::ChineseSimplified | Self::ChineseTraditional)
    }
}

/// What kind of name it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum NameKind {
    /// The full or registered name.
    Legal,
    /// A short form or abbreviation: PBoC, 央行.
    Short,
    /// A trade name: Didi.
    Brand,
    /// A name it bore before.
    Former,
    /// A translation in brackets.
    Gloss,
}

impl NameKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Legal, Self::Short, Self::Brand, Self::Former, Self::Gloss];

    /// `legal`, `short`, `brand`, `former`, `gloss`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Legal => "legal",
            Self::Short => "short",
            Self::Brand => "brand",
            Self::Former => "former",
            Self::Gloss => "gloss",
        }
    }
}

impl FromStr for NameKind {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|kind| kind.name() == name).ok_or(())
    }
}

/// One name of an entity.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntityName {
    /// As written.
    pub text: String,
    /// Its language.
    pub language: Language,
    /// Its kind.
    pub kind: NameKind,
}

impl EntityName {
    /// What stands for the name of somebody whom a register does not name: what it is told to be, the register's reason
    /// code, and the record, which keeps two of them apart.
    pub fn undisclosed(what: &str, reason: &str, record: &str) -> Self {
        Self { text: format!("{what}: {reason} ({record})"), language: Language::English, kind: NameKind::Gloss }
    }
}

/// A name, and when it was borne.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameHeld {
    /// Which one of the names.
    pub name: EntityName,
    /// From when to when.
    pub validity: Validity,
}

/// A node of the graph, as one document or one reference row knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entity {
    /// Reference id, or minted from family and folded name.
    pub id: EntityId,
    /// Name of its class in the schema.
    pub class: Arc<str>,
    /// Every name known for it, best first within each language.
    pub names: Vec<EntityName>,
    /// ISO 3166-1 alpha-2 code, where known.
    pub country: Option<String>,
    /// What registers, exchanges and Wikidata call it; sorted, each once.
    pub identifiers: Vec<Identifier>,
}

impl Entity {
    /// Best English name, else best name; the id where there is none.
    pub fn label(&self) -> &str {
        self.name_in(|language| language == Language::English)
            .or_else(|| self.names.first().map(|name| name.text.as_str()))
            .unwrap_or(self.id.as_str())
    }

    /// Best name in Chinese characters, where there is one.
    pub fn chinese_label(&self) -> Option<&str> {
        self.name_in(Language::is_chinese)
    }

    /// The identifiers of two entities that cannot both be borne by one; `None` where nothing keeps the two apart.
    pub fn conflicting_identifiers<'e>(&'e self, other: &'e Self) -> Option<(&'e Identifier, &'e Identifier)> {
        let pairs = self.identifiers.iter().flat_map(|one| other.identifiers.iter().map(move |another| (one, another)));
        pairs.into_iter().find(|(one, another)| one.conflicts_with(another))
    }

    /// Why its source does not name it; `None` of an entity that has a name. See [`EntityName::undisclosed`].
    pub fn undisclosed(&self) -> Option<&str> {
        let [EntityName { text, kind: NameKind::Gloss, .. }] = &self.names[..] else { return None };
        let (_, reason) = text.strip_suffix(')')?.rsplit_once(" (")?.0.split_once(": ")?;
        Some(reason)
    }

    /// The entity as it was called on a day: in each language, a full name, trade name or former one that was borne then and
    /// is not any more stands before the others. Of several it is the one that was given up first, for of these often only
    /// the end is known. Of a month or year, whatever was borne on any day of it.
    #[must_use]
    pub fn as_named_on(mut self, day: PartialDate, held: &[NameHeld]) -> Self {
        let is_told = |held: &&NameHeld| !matches!(held.name.kind, NameKind::Short | NameKind::Gloss);
        let mut then: Vec<&NameHeld> = held
            .iter()
            .filter(is_told)
            .filter(|held| held.validity.to.is_some() && held.validity.holds_on(day))
            .collect();
        then.sort_by_key(|held| (held.validity.to.map(PartialDate::last_day), &held.name));
        for is_chinese in [true, false] {
            let Some(first) = then.iter().find(|held| held.name.language.is_chinese() == is_chinese) else { continue };
            self.names.retain(|name| *name != first.name);
            self.names.insert(0, first.name.clone());
        }
        self
    }

    fn name_in(&self, wanted: impl Fn(Language) -> bool) -> Option<&str> {
        self.names.iter().find(|name| wanted(name.language)).map(|name| name.text.as_str())
    }
}

impl fmt::Display for Entity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}
