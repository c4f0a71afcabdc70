//! Entities by name, in any language, whole or in part.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use guanxi_graph::{Generation, StoreError};
use guanxi_model::{Entity, EntityId, Identifier};
use guanxi_names::index::{Bearer, Quality, Spelling};
use guanxi_names::{Index, fold, similarity};

/// Every name of every entity.
#[derive(Debug)]
pub struct NameIndex(Index);

impl From<Index> for NameIndex {
    fn from(index: Index) -> Self {
        Self(index)
    }
}

/// An entity that a name may mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Its id: always resolves.
    pub id: EntityId,
    /// Its class.
    pub class: Arc<str>,
    /// Its label.
    pub label: String,
    /// The name of its that was met.
    pub name: String,
}

/// What a name means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// One entity.
    One(EntityId),
    /// Several.
    Ambiguous {
        /// The likeliest, best first, at most [`NameIndex::MOST_LIKELY`].
        likeliest: Vec<Candidate>,
        /// Whether there are more.
        more: bool,
    },
    /// None; the nearest, best first, at most [`NameIndex::MOST_NEAREST`].
    Unknown(Vec<Candidate>),
}

/// An entity that answers to words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The entity.
    pub entity: Entity,
    /// What of it answers.
    pub by: MetBy,
}

/// What of an entity answers to words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MetBy {
    /// Its id.
    Id,
    /// An identifier of its.
    Identifier(Identifier),
    /// This one of its names, as it is written.
    Name(String),
}

impl NameIndex {
    /// Longest list of those that an ambiguous name may mean.
    pub const MOST_LIKELY: usize = 20;
    /// Longest list of suggestions.
    pub const MOST_NEAREST: usize = 5;

    /// The index of a generation: that in its folder, where there is one.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn open(generation: &Generation) -> Result<Self, StoreError> {
        generation.names().map(Self)
    }

    /// The index of these entities, in memory.
    pub fn of<'a>(entities: impl IntoIterator<Item = &'a Entity>) -> Self {
        Self(Index::of(entities.into_iter().cloned()))
    }

    /// What `name` means: an id, else a whole name (a full name beats an alias), else the beginning of a name or of
    /// a word in it, else the pinyin of a Chinese name.
    pub fn resolve(&self, name: &str) -> Found {
        let id = name.trim();
        if self.0.with_id(id).is_some() {
            return Found::One(EntityId::new(id));
        }
        let folded = fold(name);
        if folded.is_empty() {
            return Found::Unknown(Vec::new());
        }
        if let Some(whole) = self.0.whole(&folded).or_else(|| self.0.keyed(name)) {
            let best = self.0.bearers(whole).map(|bearer| bearer.quality).next();
            let bearers = self.0.bearers(whole).take_while(|bearer| Some(bearer.quality) == best);
            return self.one_or_several(bearers.map(|bearer| (bearer.entity, whole)));
        }
        let mut beginnings = self.0.beginning_with(&folded).peekable();
        if beginnings.peek().is_some() {
            let bearers = |(name, _)| self.0.bearers(name).map(move |bearer| (bearer.entity, name));
            return self.one_or_several(beginnings.flat_map(bearers));
        }
        let mut spelt = self.0.spelt(name);
        spelt.retain(|(_, how)| *how != Spelling::Begins);
        let (whole, initials): (Vec<_>, Vec<_>) = spelt.into_iter().partition(|(_, how)| *how == Spelling::Whole);
        if !whole.is_empty() {
            return self.one_or_several(self.best_first(whole));
        }
        // Initials are shared by many names: they are worth a question, never an answer.
        let mut nearest: Vec<Candidate> = Vec::new();
        for (entity, name) in self.best_first(initials).into_iter().chain(self.nearest(&folded)) {
            let candidate = self.candidate(entity, name);
            if nearest.len() < Self::MOST_NEAREST && nearest.iter().all(|known| known.id != candidate.id) {
                nearest.push(candidate);
            }
        }
        Found::Unknown(nearest)
    }

    /// The entities that answer to words, best first, no more than `limit`, and whether there are more: by id or identifier,
    /// or by a name as [`guanxi_names::likeness()`] has it, shorter names first.
    pub fn find(&self, words: &str, near: bool, limit: usize) -> (Vec<Hit>, bool) {
        let identifier = words.parse::<Identifier>().ok().or_else(|| Identifier::recognize(words));
        let mut by_number: BTreeMap<u32, MetBy> = BTreeMap::new();
        if let Some(identifier) = identifier {
            let bearers = self.0.with_identifier(&identifier).into_iter();
            by_number.extend(bearers.map(|entity| (entity, MetBy::Identifier(identifier.clone()))));
        }
        by_number.extend(self.0.with_id(words).map(|entity| (entity, MetBy::Id)));

        let mut seen: HashSet<u32> = by_number.keys().copied().collect();
        let named = self.0.answering(words, near).flat_map(|(name, _)| self.0.bearers(name));
        let named = named.filter(|bearer| !bearer.bare).filter(|bearer| seen.insert(bearer.entity));
        let named = named.map(|bearer| {
            let entity = self.0.entity(bearer.entity);
            let by = MetBy::Name(entity.names[bearer.place as usize].text.clone());
            Hit { entity, by }
        });
        let by_number = by_number.into_iter().map(|(entity, by)| Hit { entity: self.0.entity(entity), by });
        let mut found = by_number.chain(named);
        (found.by_ref().take(limit).collect(), found.next().is_some())
    }

    /// Bearers of these names, each once with the best of its names: lesser marks first, full names before others, shorter
    /// ones before longer.
    fn best_first<M: Ord + Copy>(&self, names: Vec<(u32, M)>) -> Vec<(u32, u32)> {
        let mut found: Vec<(M, Quality, usize, u32, u32)> = Vec::new();
        for (name, mark) in names {
            let length = self.0.name(name).chars().count();
            let bearers = self.0.bearers(name);
            found.extend(bearers.map(|Bearer { quality, entity, .. }| (mark, quality, length, name, entity)));
        }
        found.sort_unstable();
        let mut seen = BTreeSet::new();
        found.retain(|entry| seen.insert(entry.4));
        found.into_iter().map(|(.., name, entity)| (entity, name)).collect()
    }

    /// Bearers of names that are a slip of the pen away, the likest first.
    fn nearest(&self, folded: &str) -> Vec<(u32, u32)> {
        let names = self.0.near(folded).into_iter();
        let mut ranked: Vec<(f64, u32)> = names.map(|name| (similarity(folded, self.0.name(name)), name)).collect();
        ranked.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
        let bearers = |(_, name)| self.0.bearers(name).map(move |bearer| (bearer.entity, name));
        ranked.into_iter().flat_map(bearers).collect()
    }

    fn one_or_several(&self, found: impl IntoIterator<Item = (u32, u32)>) -> Found {
        let mut seen = BTreeSet::new();
        let each = found.into_iter().filter(|(entity, _)| seen.insert(*entity));
        let found: Vec<(u32, u32)> = each.take(Self::MOST_LIKELY + 1).collect();
        match found[..] {
            [(only, _)] => Found::One(self.0.entity(only).id),
            _ => Found::Ambiguous {
                more: found.len() > Self::MOST_LIKELY,
                likeliest: found
                    .iter()
                    .take(Self::MOST_LIKELY)
                    .map(|&(entity, name)| self.candidate(entity, name))
                    .collect(),
            },
        }
    }

    fn candidate(&self, entity: u32, name: u32) -> Candidate {
        let entity = self.0.entity(entity);
        Candidate {
            label: entity.label().to_owned(),
            id: entity.id,
            class: entity.class,
            name: self.0.name(name).to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use guanxi_model::{EntityName, Language, NameKind};

    use super::*;

    fn index() -> NameIndex {
        let entity = |id: &str, names: &[(&str, Language, NameKind)]| Entity {
            id: EntityId::new(id),
            class: Arc::from("Company"),
            names: names
                .iter()
                .map(|&(text, language, kind)| EntityName { text: text.to_owned(), language, kind })
                .collect(),
            country: None,
            identifiers: Vec::new(),
        };
        use Language::{ChineseSimplified as Zh, English as En};
        use NameKind::{Brand, Former, Legal, Short};
        NameIndex::of(&[
            entity(
                "cn-pboc",
                &[
                    ("People's Bank of China", En, Legal),
                    ("PBoC", En, Short),
                    ("中国人民银行", Zh, Legal),
                    ("央行", Zh, Short),
                ],
            ),
            entity("cn-boc", &[("Bank of China Limited", En, Legal), ("中国银行", Zh, Legal)]),
            entity("cn-ccb", &[("China Construction Bank", En, Legal)]),
            entity("agent-1", &[("Xiaohongshu", En, Brand), ("Xingyin Information", En, Legal), ("小红书", Zh, Brand)]),
            entity("agent-2", &[("PBoC", En, Legal)]),
            entity("agent-3", &[("Red Ltd", En, Former), ("Rouge", En, Legal)]),
            entity("agent-4", &[("Red Inc.", En, Former), ("Rosso", En, Legal)]),
        ])
    }

    fn one(name: &str) -> String {
        match index().resolve(name) {
            Found::One(id) => id.to_string(),
            other => panic!("{name}: {other:?}"),
        }
    }

    fn ids(candidates: &[Candidate]) -> Vec<&str> {
        candidates.iter().map(|candidate| candidate.id.as_str()).collect()
    }

    #[test]
    fn whole_names_are_found_in_any_language_and_spelling() {
        for (name, id) in [
            ("cn-pboc", "cn-pboc"),
            ("people’s bank of china", "cn-pboc"),
            ("中國人民銀行", "cn-pboc"),
            ("央行", "cn-pboc"),
            ("Bank of China", "cn-boc"),
            ("XIAOHONGSHU", "agent-1"),
            ("小红书", "agent-1"),
            // A full name beats an alias of another.
            ("PBoC", "agent-2"),
        ] {
            assert_eq!(one(name), id);
        }
    }

    #[test]
    fn beginnings_are_found_at_the_borders_of_words() {
        assert_eq!(one("xingy"), "agent-1");
        assert_eq!(one("construction"), "cn-ccb");
        let Found::Ambiguous { likeliest: candidates, .. } = index().resolve("chin") else { panic!() };
        assert_eq!(ids(&candidates), ["cn-ccb", "cn-boc", "cn-pboc"]);
        let Found::Ambiguous { likeliest: candidates, .. } = index().resolve("red") else { panic!() };
        assert_eq!(ids(&candidates), ["agent-3", "agent-4"]);
        assert!(matches!(index().resolve("onstruction"), Found::Unknown(_)));
    }

    #[test]
    fn a_chinese_name_is_found_by_its_pinyin() {
        for (name, id) in [("zhongguo yinhang", "cn-boc"), ("Zhōngguó Rénmín Yínháng", "cn-pboc")] {
            assert_eq!(one(name), id);
        }
        // Initials suggest.
        let Found::Unknown(nearest) = index().resolve("xhs") else { panic!() };
        assert_eq!((ids(&nearest)[0], nearest[0].name.as_str()), ("agent-1", "小红书"));
    }

    #[test]
    fn a_short_alias_is_suggested_only_where_it_is_nearly_the_name() {
        let name = |text: &str, kind| EntityName { text: text.to_owned(), language: Language::English, kind };
        let act = Entity {
            id: EntityId::new("gb-act"),
            class: Arc::from("Regulation"),
            names: vec![
                name("Financial Services and Markets Act 2000", NameKind::Legal),
                name("FSMA", NameKind::Short),
            ],
            country: None,
            identifiers: Vec::new(),
        };
        let index = NameIndex::of([&act]);
        assert_eq!(index.resolve("Fish Pay"), Found::Unknown(Vec::new()));
        assert!(matches!(index.resolve("FSMMA"), Found::Unknown(nearest) if nearest.len() == 1));
    }

    #[test]
    fn an_unknown_name_suggests_the_nearest() {
        let Found::Unknown(nearest) = index().resolve("Xioahongshu") else { panic!() };
        assert_eq!(ids(&nearest)[0], "agent-1");
        assert_eq!(nearest[0].name, "xiaohongshu");
        assert_eq!(index().resolve("zzzz"), Found::Unknown(Vec::new()));
        assert_eq!(index().resolve("  "), Found::Unknown(Vec::new()));
    }
}
