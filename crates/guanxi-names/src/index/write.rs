//! Writing an index: rows go out as they come, names are kept until all are there.

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::io::{self, Write};

use fst::MapBuilder;
use guanxi_model::{Entity, NameKind};
use rustc_hash::FxHashMap;
use serde::Serialize;

use super::{Bearer, MAGIC, PARTS, Quality, Row, ranking};
use crate::likeness::is_east_asian;
use crate::{fold, name_key};

/// What the keys of the terms begin with.
pub(super) const ID: char = 'i';
pub(super) const IDENTIFIER: char = 'n';
pub(super) const WORD: char = 'w';
const PAIR: char = 'p';

/// Writes the index of these entities, each of another id, in any order. Memory grows with the names, not with what else
/// is known of their bearers.
///
/// # Errors
/// If `out` refuses.
pub fn write<E: Borrow<Entity>>(entities: impl IntoIterator<Item = E>, out: impl Write) -> io::Result<()> {
    let mut parts = Parts::new(out)?;
    let mut gathered = Gathered::default();
    for entity in entities {
        gathered.starts.push(parts.written);
        gathered.take(entity.borrow());
        parts.postcard(&row(entity.borrow()))?;
    }
    parts.end();
    let ids = gathered.number_by_id();
    for &start in &gathered.starts {
        parts.number(start)?;
    }
    parts.end();
    gathered.sort();
    let ranked = gathered.write_names(&mut parts)?;
    ranking::write(&ranked.iter().map(|(_, number, _)| *number).collect::<Vec<_>>(), &mut parts)?;
    let mut terms = Terms::default();
    (0..).zip(ranked).for_each(|(rank, (_, _, name))| terms.of_name(name, rank));
    terms.write(&ids, &gathered.identifiers, &mut parts)?;
    parts.finish()
}

fn row(entity: &Entity) -> Row<'_> {
    Row {
        id: entity.id.as_str(),
        class: &entity.class,
        names: entity.names.iter().map(|name| (name.text.as_str(), name.language, name.kind)).collect(),
        country: entity.country.as_deref(),
        identifiers: entity.identifiers.iter().map(ToString::to_string).collect(),
    }
}

/// What is kept of the entities.
#[derive(Default)]
struct Gathered {
    ids: Vec<String>,
    starts: Vec<u64>,
    /// The folded names, one behind the other.
    text: String,
    names: Vec<Named>,
    /// By the identifier, who bears it.
    identifiers: BTreeMap<String, Vec<u32>>,
}

struct Named {
    start: usize,
    length: u32,
    bearer: Bearer,
}

impl Gathered {
    fn take(&mut self, entity: &Entity) {
        let number = self.ids.len() as u32;
        self.ids.push(entity.id.to_string());
        for identifier in &entity.identifiers {
            self.identifiers.entry(identifier.to_string()).or_default().push(number);
        }
        for (place, name) in (0..).zip(&entity.names) {
            let quality = match name.kind {
                NameKind::Legal => Quality::Full,
                NameKind::Short | NameKind::Brand => Quality::Alias,
                NameKind::Former | NameKind::Gloss => Quality::Secondary,
            };
            let (folded, key) = (fold(&name.text), name_key(&name.text));
            self.name(&folded, Bearer { quality, entity: number, place, bare: false });
            if key != folded {
                let quality = quality.max(Quality::WithoutLegalForm);
                self.name(&key, Bearer { quality, entity: number, place, bare: true });
            }
        }
    }

    fn name(&mut self, folded: &str, bearer: Bearer) {
        if !folded.is_empty() {
            self.names.push(Named { start: self.text.len(), length: folded.len() as u32, bearer });
            self.text.push_str(folded);
        }
    }

    /// Numbers the entities by the order of their ids, which are given back in it.
    fn number_by_id(&mut self) -> Vec<String> {
        let mut order: Vec<u32> = (0..self.ids.len() as u32).collect();
        order.sort_unstable_by(|one, other| self.ids[*one as usize].cmp(&self.ids[*other as usize]));
        let mut number = vec![0; order.len()];
        for (new, &old) in (0..).zip(&order) {
            number[old as usize] = new;
        }
        for name in &mut self.names {
            name.bearer.entity = number[name.bearer.entity as usize];
        }
        for entity in self.identifiers.values_mut().flatten() {
            *entity = number[*entity as usize];
        }
        self.starts = order.iter().map(|&old| self.starts[old as usize]).collect();
        order.iter().map(|&old| std::mem::take(&mut self.ids[old as usize])).collect()
    }

    fn sort(&mut self) {
        let text = &self.text;
        self.names.sort_unstable_by_key(|name| (name.of(text), name.bearer));
    }

    /// Names, texts and bearers. Each name with its length in characters and its number is given back, shorter ones first.
    fn write_names(&self, parts: &mut Parts<impl Write>) -> io::Result<Vec<(usize, u32, &str)>> {
        let same = |one: &Named, other: &Named| one.of(&self.text) == other.of(&self.text);
        let (mut names, mut ranked) = (MapBuilder::memory(), Vec::new());
        for (number, bearers) in (0..).zip(self.names.chunk_by(same)) {
            let name = bearers[0].of(&self.text);
            names.insert(name, u64::from(number)).map_err(io::Error::other)?;
            ranked.push((name.chars().count(), number, name));
        }
        parts.bytes(&names.into_inner().map_err(io::Error::other)?)?;
        parts.end();
        let chunks = || self.names.chunk_by(same);
        let mut ends = Vec::new();
        for bearers in chunks() {
            parts.bytes(bearers[0].of(&self.text).as_bytes())?;
            ends.push(parts.in_part());
        }
        parts.numbers(ends)?;
        let mut places = Vec::new();
        for bearers in chunks() {
            places.push(parts.in_part());
            parts.postcard(&bearers.iter().map(|name| name.bearer).collect::<Vec<_>>())?;
        }
        parts.numbers(places)?;
        ranked.sort_unstable();
        Ok(ranked)
    }
}

impl Named {
    fn of<'t>(&self, text: &'t str) -> &'t str {
        &text[self.start..self.start + self.length as usize]
    }
}

/// What leads to names but themselves.
#[derive(Default)]
struct Terms(FxHashMap<String, Vec<u32>>);

impl Terms {
    /// Its words and pairs of characters lead to a name by its rank; names come in the order of their ranks.
    fn of_name(&mut self, name: &str, rank: u32) {
        let words = name.split(is_border).skip(1).filter(|word| !word.is_empty());
        let words = words.map(|word| format!("{WORD}{word}"));
        for term in words.chain(pairs(name)) {
            let names = self.0.entry(term).or_default();
            if names.last() != Some(&rank) {
                names.push(rank);
            }
        }
    }

    fn write(
        mut self,
        ids: &[String],
        identifiers: &BTreeMap<String, Vec<u32>>,
        parts: &mut Parts<impl Write>,
    ) -> io::Result<()> {
        for (identifier, bearers) in identifiers {
            let mut bearers = bearers.clone();
            bearers.sort_unstable();
            bearers.dedup();
            self.0.insert(format!("{IDENTIFIER}{identifier}"), bearers);
        }
        let mut sorted: Vec<(String, Vec<u32>)> = self.0.into_iter().collect();
        sorted.sort_unstable();
        let (mut map, mut postings) = (MapBuilder::memory(), Vec::new());
        // Ids come before everything else.
        for (number, id) in (0..).zip(ids) {
            map.insert(format!("{ID}{id}"), number).map_err(io::Error::other)?;
        }
        for (term, numbers) in sorted {
            map.insert(term, postings.len() as u64).map_err(io::Error::other)?;
            let mut last = 0;
            let steps: Vec<u32> =
                numbers.into_iter().map(|number| number - std::mem::replace(&mut last, number)).collect();
            postings = postcard::to_extend(&steps, postings).map_err(io::Error::other)?;
        }
        parts.bytes(&map.into_inner().map_err(io::Error::other)?)?;
        parts.end();
        parts.bytes(&postings)?;
        parts.end();
        Ok(())
    }
}

/// What parts the words of a folded name.
pub(super) fn is_border(character: char) -> bool {
    !character.is_alphanumeric()
}

/// Whether words may stand anywhere in a name, for they are in a script without spaces.
pub(super) fn is_chinese(words: &str) -> bool {
    words.chars().all(is_east_asian) && words.chars().nth(1).is_some()
}

/// Each two neighbouring characters of a script without spaces, as terms.
pub(super) fn pairs(name: &str) -> impl Iterator<Item = String> {
    let neighbours = name.chars().zip(name.chars().skip(1));
    let chinese = neighbours.filter(|(one, other)| is_east_asian(*one) && is_east_asian(*other));
    chinese.map(|(one, other)| String::from_iter([PAIR, one, other]))
}

/// The parts of an index, as they are written.
pub(super) struct Parts<W> {
    out: W,
    check: crc32fast::Hasher,
    written: u64,
    ends: Vec<u64>,
}

impl<W: Write> Parts<W> {
    pub fn new(out: W) -> io::Result<Self> {
        let mut parts = Self { out, check: crc32fast::Hasher::new(), written: 0, ends: Vec::new() };
        parts.raw(MAGIC)?;
        Ok(parts)
    }

    fn raw(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.check.update(bytes);
        self.out.write_all(bytes)
    }

    pub fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.written += bytes.len() as u64;
        self.raw(bytes)
    }

    fn number(&mut self, number: u64) -> io::Result<()> {
        self.bytes(&number.to_le_bytes())
    }

    /// Ends a part, and makes another one of these numbers.
    fn numbers(&mut self, numbers: Vec<u64>) -> io::Result<()> {
        self.end();
        numbers.into_iter().try_for_each(|number| self.number(number))?;
        self.end();
        Ok(())
    }

    fn postcard(&mut self, value: &impl Serialize) -> io::Result<()> {
        let bytes = postcard::to_stdvec(value).map_err(io::Error::other)?;
        self.bytes(&bytes)
    }

    /// How much of the part stands.
    fn in_part(&self) -> u64 {
        self.written - self.ends.last().copied().unwrap_or_default()
    }

    pub fn end(&mut self) {
        self.ends.push(self.written);
    }

    fn finish(mut self) -> io::Result<()> {
        debug_assert_eq!(self.ends.len(), PARTS);
        for end in std::mem::take(&mut self.ends) {
            self.raw(&(end + MAGIC.len() as u64).to_le_bytes())?;
        }
        let check = std::mem::take(&mut self.check).finalize();
        self.out.write_all(&check.to_le_bytes())?;
        self.out.flush()
    }
}
