//! Entities by name, in any language, whole or in part.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use guanxi_model::{Entity, EntityId, NameKind};
use guanxi_names::pinyin::{self, PinyinMatch};
use guanxi_names::{fold, name_key, similarity};

/// Every name of every entity, folded.
#[derive(Clone, Debug, Default)]
pub struct NameIndex {
    entities: Vec<Indexed>,
    positions: BTreeMap<EntityId, usize>,
    /// Folded name, with and without legal form → entities that bear it, each with how good a name of its it is.
    names: BTreeMap<String, Vec<(Quality, usize)>>,
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
    /// Several, likeliest first.
    Ambiguous(Vec<Candidate>),
    /// None; the nearest, best first, at most [`NameIndex::MOST_NEAREST`].
    Unknown(Vec<Candidate>),
}

#[derive(Clone, Debug)]
struct Indexed {
    id: EntityId,
    class: Arc<str>,
    label: String,
}

/// How sure a name means the entity, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Quality {
    /// Its full name.
    Full,
    /// Its full name but for the legal form.
    WithoutLegalForm,
    /// A short form or brand.
    Alias,
    /// A name that it bore once, or a translation.
    Secondary,
}

impl NameIndex {
    /// Longest list of suggestions.
    pub const MOST_NEAREST: usize = 5;
    /// Least similarity of a suggestion.
    const LEAST_SIMILARITY: f64 = 0.72;
    /// Least similarity of a suggestion by a name of at most five characters.
    const LEAST_SIMILARITY_OF_SHORT: f64 = 0.9;

    /// The index of these entities.
    pub fn of<'a>(entities: impl IntoIterator<Item = &'a Entity>) -> Self {
        let mut index = Self::default();
        for entity in entities {
            let position = index.entities.len();
            index.positions.insert(entity.id.clone(), position);
            index.entities.push(Indexed {
                id: entity.id.clone(),
                class: entity.class.clone(),
                label: entity.label().to_owned(),
            });
            for name in &entity.names {
                let quality = match name.kind {
                    NameKind::Legal => Quality::Full,
                    NameKind::Short | NameKind::Brand => Quality::Alias,
                    NameKind::Former | NameKind::Gloss => Quality::Secondary,
                };
                index.insert(fold(&name.text), quality, position);
                index.insert(name_key(&name.text), quality.max(Quality::WithoutLegalForm), position);
            }
        }
        for bearers in index.names.values_mut() {
            bearers.sort_unstable();
            let mut seen = BTreeSet::new();
            bearers.retain(|(_, position)| seen.insert(*position));
        }
        index
    }

    /// What `name` means: an id, else a whole name (a full name beats an alias), else the beginning of a name or of
    /// a word in it, else the pinyin of a Chinese name.
    pub fn resolve(&self, name: &str) -> Found {
        let id = EntityId::new(name.trim());
        if self.positions.contains_key(&id) {
            return Found::One(id);
        }
        let folded = fold(name);
        if folded.is_empty() {
            return Found::Unknown(Vec::new());
        }
        let whole = self.names.get(&folded).or_else(|| self.names.get(&name_key(name)));
        if let Some(bearers) = whole {
            let best = bearers[0].0;
            let bearers = bearers.iter().take_while(|(quality, _)| *quality == best);
            return self.one_or_several(bearers.map(|&(_, position)| (position, folded.as_str())).collect());
        }
        let beginnings = self.beginning_with(&folded);
        if !beginnings.is_empty() {
            return self.one_or_several(beginnings);
        }
        let spelt = self.spelt(name, PinyinMatch::Whole);
        if !spelt.is_empty() {
            return self.one_or_several(spelt);
        }
        // Initials are shared by many names: they are worth a question, never an answer.
        let mut nearest: Vec<Candidate> = Vec::new();
        let initials = self.spelt(name, PinyinMatch::Initials);
        let initials = initials.into_iter().map(|(position, met)| self.candidate(position, met));
        for candidate in initials.chain(self.nearest(&folded)) {
            if nearest.len() < Self::MOST_NEAREST && nearest.iter().all(|known| known.id != candidate.id) {
                nearest.push(candidate);
            }
        }
        Found::Unknown(nearest)
    }

    /// Entities with a Chinese name of which these letters are the pinyin, shorter names first.
    fn spelt(&self, letters: &str, how: PinyinMatch) -> Vec<(usize, &str)> {
        if !letters.chars().any(|letter| letter.is_ascii_alphabetic()) {
            return Vec::new();
        }
        let met = self.names.iter().filter(|(name, _)| pinyin::matches(letters, name) == Some(how));
        let mut found: Vec<(Quality, usize, &str, usize)> = met
            .flat_map(|(name, bearers)| {
                bearers.iter().map(|&(quality, position)| (quality, name.chars().count(), name.as_str(), position))
            })
            .collect();
        found.sort_unstable();
        let mut seen = BTreeSet::new();
        found.retain(|entry| seen.insert(entry.3));
        found.into_iter().map(|(_, _, name, position)| (position, name)).collect()
    }

    /// Entities of which a name, or a word of a name, begins so: whole beginnings first, shorter names first.
    fn beginning_with(&self, folded: &str) -> Vec<(usize, &str)> {
        let mut found: Vec<(bool, Quality, usize, &str, usize)> = Vec::new();
        for (name, bearers) in &self.names {
            let Some(at) = word_start(name, folded) else {
                continue;
            };
            found.extend(
                bearers
                    .iter()
                    .map(|&(quality, position)| (at > 0, quality, name.chars().count(), name.as_str(), position)),
            );
        }
        found.sort_unstable_by(|a, b| {
            (a.0, a.1, a.2, a.3)
                .cmp(&(b.0, b.1, b.2, b.3))
                .then_with(|| self.entities[a.4].id.cmp(&self.entities[b.4].id))
        });
        let mut seen = BTreeSet::new();
        found.retain(|entry| seen.insert(entry.4));
        found.into_iter().map(|(.., name, position)| (position, name)).collect()
    }

    fn nearest(&self, folded: &str) -> Vec<Candidate> {
        let mut best: BTreeMap<usize, (f64, &str)> = BTreeMap::new();
        for (name, bearers) in &self.names {
            let alike = similarity(folded, name);
            // Abbreviations are all alike: "fsma" is near to whatever begins with f and has an s.
            let least =
                if name.chars().count() <= 5 { Self::LEAST_SIMILARITY_OF_SHORT } else { Self::LEAST_SIMILARITY };
            if alike < least {
                continue;
            }
            for &(_, position) in bearers {
                let entry = best.entry(position).or_insert((alike, name));
                if alike > entry.0 {
                    *entry = (alike, name);
                }
            }
        }
        let mut ranked: Vec<(usize, (f64, &str))> = best.into_iter().collect();
        ranked.sort_by(|a, b| b.1.0.total_cmp(&a.1.0).then_with(|| self.entities[a.0].id.cmp(&self.entities[b.0].id)));
        ranked.iter().take(Self::MOST_NEAREST).map(|&(position, (_, name))| self.candidate(position, name)).collect()
    }

    fn one_or_several(&self, positions: Vec<(usize, &str)>) -> Found {
        match positions[..] {
            [(only, _)] => Found::One(self.entities[only].id.clone()),
            _ => Found::Ambiguous(positions.into_iter().map(|(at, name)| self.candidate(at, name)).collect()),
        }
    }

    fn candidate(&self, position: usize, name: &str) -> Candidate {
        let entity = &self.entities[position];
        Candidate {
            id: entity.id.clone(),
            class: entity.class.clone(),
            label: entity.label.clone(),
            name: name.to_owned(),
        }
    }

    fn insert(&mut self, name: String, quality: Quality, position: usize) {
        if !name.is_empty() {
            self.names.entry(name).or_default().push((quality, position));
        }
    }
}

/// Where `part` begins a word of `name`: after a space or hyphen, and in Chinese, which has none, anywhere but for the
/// words that only begin the whole name.
fn word_start(name: &str, part: &str) -> Option<usize> {
    if name.starts_with(part) {
        return Some(0);
    }
    let chinese = part.chars().all(|c| c as u32 >= 0x2e80);
    let mut from = 0;
    while let Some(at) = name[from..].find(part) {
        let at = from + at;
        let bordered = name[..at].ends_with(|c: char| !c.is_alphanumeric());
        if bordered || (chinese && part.chars().count() > 1) {
            return Some(at);
        }
        from = at + name[at..].chars().next().map_or(1, char::len_utf8);
    }
    None
}

#[cfg(test)]
mod tests {
    use guanxi_model::{EntityName, Language};

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
        let Found::Ambiguous(candidates) = index().resolve("chin") else { panic!() };
        assert_eq!(ids(&candidates), ["cn-ccb", "cn-boc", "cn-pboc"]);
        let Found::Ambiguous(candidates) = index().resolve("red") else { panic!() };
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
