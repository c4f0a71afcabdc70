//! Who is who within one document: names, the entities that bear them, and the reference rows they match.

use std::sync::{Arc, OnceLock};

use guanxi_model::{Entity, EntityName, Language, NameKind, Reference};
use guanxi_names::compare::{FormAgreement, NameParts};
use guanxi_names::{fold, language_of, mint_entity_id, mint_namesake_id, name_key};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use crate::classes::{ClassSet, ClassTable};
use crate::phrases::{Gates, Phrases};
use crate::scan::Token;

/// The names of the reference data, ready to be found in text.
#[derive(Debug)]
pub(crate) struct KnownNames {
    names: NameTable,
    reference: Reference,
    classes: ClassTable,
    /// The rows that some text has named.
    rows: Box<[OnceLock<Box<KnownRow>>]>,
}

/// Where each name of the reference data leads.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub(crate) struct NameTable {
    names: Phrases<KnownName>,
    /// Gates of the tokens with which some name begins, and of those with which it begins if written with a capital.
    anyhow: u64,
    capital: u64,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct KnownName {
    row: u32,
    writing: Writing,
}

/// How a name must be written to be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Writing {
    Anyhow,
    /// Must begin with a capital letter.
    Capital,
    /// An abbreviation in capitals: `SAFE` is no "safe".
    Capitals,
}

/// One reference entity, as far as reading needs it.
#[derive(Debug)]
pub(crate) struct KnownRow {
    pub(crate) entity: Entity,
    pub(crate) classes: ClassSet,
    /// Keys of its names, once a text names it.
    keys: OnceLock<Box<[String]>>,
}

impl KnownRow {
    fn keys(&self) -> &[String] {
        self.keys.get_or_init(|| self.entity.names.iter().map(|name| name_key(&name.text)).collect())
    }
}

impl NameTable {
    pub(crate) fn new(reference: &Reference, gates: &mut Gates) -> Self {
        let mut table = Self { names: Phrases::default(), anyhow: gates.bit(), capital: gates.bit() };
        for (row, entry) in (0..).zip(reference.entities()) {
            let subject_matter = &*entry.entity.class == "Activity";
            let written = entry.entity.names.iter().map(|name| (name, Writing::of(&name.text, subject_matter)));
            // Of FINMA and Finma, which are one phrase, the one that asks for less comes first, and stays.
            let (capitals, others): (Vec<_>, Vec<_>) = written.partition(|(_, writing)| *writing == Writing::Capitals);
            for (name, writing) in others.into_iter().chain(capitals) {
                let bit = if writing == Writing::Anyhow { table.anyhow } else { table.capital };
                if let Some((first, _)) = table.names.insert_ungated(&name.text, KnownName { row, writing }) {
                    gates.add(first, bit);
                }
            }
        }
        table.names.fit();
        table
    }
}

impl Writing {
    fn of(name: &str, subject_matter: bool) -> Self {
        if name.len() <= 5 && is_in_capitals(name) {
            Self::Capitals
        } else if !subject_matter && name.starts_with(char::is_uppercase) {
            Self::Capital
        } else {
            Self::Anyhow
        }
    }
}

/// The first letters of the words that are written large: CBK of Central Bank of Kenya.
fn initials(name: &str) -> String {
    let words = name.split(|sign: char| !sign.is_alphanumeric());
    words.filter_map(|word| word.chars().next()).filter(|first| first.is_uppercase()).collect()
}

fn is_in_capitals(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_uppercase())
}

impl KnownNames {
    pub(crate) fn new(names: NameTable, reference: Reference, classes: ClassTable) -> Self {
        let rows = std::iter::repeat_with(OnceLock::new).take(reference.entities().len()).collect();
        Self { names, reference, classes, rows }
    }

    pub(crate) fn row(&self, row: u32) -> &KnownRow {
        self.rows[row as usize].get_or_init(|| {
            let entity = self.reference.row(row as usize).entity;
            let classes = self.classes.set(&entity.class).unwrap_or_default();
            Box::new(KnownRow { entity, classes, keys: OnceLock::new() })
        })
    }

    /// The code of the market that a row is.
    fn mic(&self, row: u32) -> Option<String> {
        self.reference.row(row as usize).mic
    }

    /// Whether a reference name may begin with the token.
    pub(crate) fn may_open(&self, token: &Token) -> bool {
        token.gates & (self.names.anyhow | self.names.capital) != 0
    }

    /// The longest reference name that begins at the first of `tokens`: its length in tokens and its row.
    pub(crate) fn longest(&self, text: &str, tokens: &[Token]) -> Option<(usize, u32)> {
        let first = tokens.first()?;
        let NameTable { names, anyhow, capital } = &self.names;
        let bits = if first.capital { anyhow | capital } else { *anyhow };
        if first.gates & bits == 0 {
            return None;
        }
        let written = |length: usize| &text[tokens[0].start as usize..tokens[length - 1].end as usize];
        let found = names.longest_such_that(tokens, |length, name| match name.writing {
            Writing::Anyhow => true,
            Writing::Capital => first.capital,
            Writing::Capitals => is_in_capitals(written(length)),
        });
        found.map(|(length, name)| (length, name.row))
    }
}

/// What the document calls one thing.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    names: Vec<EntityName>,
    /// The key of its first name; empty for a row of the reference data, which has its own.
    key: Box<str>,
    /// Row of the reference data.
    row: Option<u32>,
    /// What it may be; narrowed by every name that shows its class.
    classes: ClassSet,
    /// Set where a name showed the class.
    shown: bool,
    /// Number of times it is named.
    pub(crate) mentions: u32,
    /// Number of times it stands where a place would: "in Kano".
    placed: u32,
    /// Where running text names it first: the number of entities named by then. None as long as only headlines,
    /// where names are short, do.
    in_text_since: Option<u32>,
    /// Introduced as the subsidiary of somebody, whose name it may go on: no long name of that one.
    subsidiary: bool,
    /// Somewhere what stands beside it is said of persons: a title before it, "who" behind it.
    personal: bool,
    /// Another body bears its name with another kind of legal form.
    is_namesake: bool,
    /// Votes of the relations that it stands in, by class.
    votes: Vec<(usize, u32)>,
    same_as: Option<u32>,
}

/// The entities of one document.
pub(crate) struct Registry<'a> {
    known: &'a KnownNames,
    classes: &'a ClassTable,
    entries: Vec<Entry>,
    by_key: FxHashMap<String, u32>,
    /// What `by_key` has under the key of a name as written: names recur, and folding them is work.
    by_text: FxHashMap<String, u32>,
    by_row: FxHashMap<u32, u32>,
    /// Chinese names told so far, in full and by their heads: no blank shows where they stand later on.
    told: Phrases<u32>,
    /// A bit for each token with which one of them begins; tokens share bits. Nearly every token of a text begins none.
    told_firsts: [u64; 16],
    /// Terms that the text has defined, by their tokens: 公司, 買方.
    terms: Vec<(Vec<u64>, u32)>,
    /// Whether what is being read is a headline.
    pub(crate) in_headline: bool,
    /// Pairs that one sentence names side by side, the short name first.
    apart: FxHashSet<(u32, u32)>,
}

impl<'a> Registry<'a> {
    pub(crate) fn new(known: &'a KnownNames, classes: &'a ClassTable) -> Self {
        Self {
            known,
            classes,
            entries: Vec::new(),
            by_key: FxHashMap::default(),
            by_text: FxHashMap::default(),
            by_row: FxHashMap::default(),
            told: Phrases::default(),
            told_firsts: [0; 16],
            terms: Vec::new(),
            in_headline: false,
            apart: FxHashSet::default(),
        }
    }

    /// The entity of a name that the text writes; `shown` where the name itself tells the class.
    pub(crate) fn named(&mut self, text: &str, classes: ClassSet, shown: bool) -> u32 {
        let known = self.by_text.get(text).copied();
        let key = if known.is_none() { name_key(text) } else { String::new() };
        let is_namesake = self.by_key.get(&key).is_some_and(|&bearer| self.is_namesake(bearer, text, &key));
        let key = if is_namesake { fold(text) } else { key };
        let by_key = || self.by_key.get(&key).copied();
        if let Some(known) = known.or_else(by_key) {
            if !key.is_empty() {
                self.by_text.insert(text.to_owned(), known);
            }
            let entity = self.root(known);
            self.narrow(entity, classes, shown);
            let now = self.entities_so_far();
            let entry = &mut self.entries[entity as usize];
            entry.mentions += 1;
            entry.in_text_since = entry.in_text_since.or(now);
            self.note_place(entity, classes);
            self.remember_name(entity, text);
            return entity;
        }
        let entity = self.push(Entry {
            names: vec![entity_name(text)],
            key: key.as_str().into(),
            classes,
            shown,
            is_namesake,
            ..self.unnamed()
        });
        self.by_key.insert(key, entity);
        self.note_place(entity, classes);
        entity
    }

    /// The code of the market that an entity is known to be.
    pub(crate) fn mic(&self, entity: u32) -> Option<String> {
        self.known.mic(self.entries[self.root(entity) as usize].row?)
    }

    /// Whether a name is that of another body than the one that bears its key: Halden AG is not Halden GmbH.
    fn is_namesake(&self, bearer: u32, text: &str, key: &str) -> bool {
        let entry = &self.entries[self.root(bearer) as usize];
        if entry.row.is_some() || fold(text) == key {
            return false;
        }
        let forms = |name: &str| NameParts::read(name).legal_forms();
        let own = forms(text);
        let same_key = entry.names.iter().filter(|name| name_key(&name.text) == key);
        same_key.into_iter().any(|name| forms(&name.text).agreement(own) == FormAgreement::Contradict)
    }

    /// None in a headline.
    fn entities_so_far(&self) -> Option<u32> {
        (!self.in_headline).then_some(self.entries.len() as u32)
    }

    fn note_place(&mut self, entity: u32, classes: ClassSet) {
        let place = self.classes.set("Place").unwrap_or_default();
        self.entries[entity as usize].placed += u32::from(classes.meets(place));
    }

    /// Whether it is rather a place, for all that its names show: more often than not it stands where one would.
    pub(crate) fn is_rather_place(&self, entity: u32) -> bool {
        let entry = &self.entries[self.root(entity) as usize];
        !entry.shown && 2 * entry.placed > entry.mentions
    }

    /// Notes that an entity is introduced as somebody's subsidiary.
    pub(crate) fn is_introduced_as_subsidiary(&mut self, entity: u32) {
        let entity = self.root(entity) as usize;
        self.entries[entity].subsidiary = true;
    }

    /// Leaves a name that shows nothing these classes.
    pub(crate) fn settle_classes(&mut self, entity: u32, classes: ClassSet) {
        let entity = self.root(entity) as usize;
        self.entries[entity].classes = classes;
    }

    /// Notes that what stands beside a name is said of persons.
    pub(crate) fn stands_as_person(&mut self, entity: u32) {
        let entity = self.root(entity) as usize;
        self.entries[entity].personal = true;
    }

    /// Who bears a name, if the text has said it.
    pub(crate) fn bearer(&self, name: &str) -> Option<u32> {
        self.by_key.get(&name_key(name)).map(|&entity| self.root(entity))
    }

    /// Remembers a Chinese name of an entity, to find it again where nothing but the characters shows it.
    pub(crate) fn tell(&mut self, head: &str, entity: u32) {
        if let Some((first, _)) = self.told.insert_ungated(head, entity) {
            let (word, bit) = bit_of(first);
            self.told_firsts[word] |= bit;
        }
    }

    /// The longest name told before that begins at the first of `tokens`: its length in tokens and its entity.
    pub(crate) fn told_before(&self, tokens: &[Token]) -> Option<(usize, u32)> {
        let (word, bit) = bit_of(tokens.first()?.hash);
        if self.told_firsts[word] & bit == 0 {
            return None;
        }
        self.told.longest(tokens).map(|(length, &entity)| (length, self.root(entity)))
    }

    /// Lets a term mean an entity from here on; a term is no name of it.
    pub(crate) fn define(&mut self, term: &str, entity: u32) {
        let term = crate::lexicon::hashes_of(term);
        self.terms.retain(|(known, _)| *known != term);
        self.terms.push((term, entity));
    }

    /// The longest defined term that begins at the first of `tokens`: its length in tokens and whom it means.
    pub(crate) fn defined_at(&self, tokens: &[Token]) -> Option<(usize, u32)> {
        let begins = |(term, _): &&(Vec<u64>, u32)| {
            term.len() <= tokens.len() && term.iter().zip(tokens).all(|(hash, token)| *hash == token.hash)
        };
        let (term, entity) = self.terms.iter().filter(begins).max_by_key(|(term, _)| term.len())?;
        Some((term.len(), self.root(*entity)))
    }

    /// A further mention of an entity by a word that is no name of it.
    pub(crate) fn meant_again(&mut self, entity: u32) -> u32 {
        let entity = self.root(entity);
        self.entries[entity as usize].mentions += 1;
        entity
    }

    /// A further mention of an entity.
    pub(crate) fn named_again(&mut self, entity: u32, text: &str) -> u32 {
        let entity = self.root(entity);
        self.entries[entity as usize].mentions += 1;
        self.remember_name(entity, text);
        entity
    }

    /// Notes two entities that a sentence names one behind the other, where the first could be short for the second.
    pub(crate) fn keep_apart(&mut self, first: u32, second: u32) {
        let (first, second) = (self.root(first), self.root(second));
        if first == second {
            return;
        }
        if let (Some(short), Some(long)) = (self.first_key(first), self.first_key(second))
            && long.len() > short.len()
            && long.starts_with(short)
        {
            self.apart.insert((first, second));
        }
    }

    /// The key of an entity's first name.
    fn first_key(&self, entity: u32) -> Option<&str> {
        let entry = &self.entries[entity as usize];
        match entry.row {
            Some(row) => self.known.row(row).keys().first().map(String::as_str),
            None => Some(&entry.key),
        }
    }

    /// The entity of a reference row.
    pub(crate) fn known(&mut self, row: u32, text: &str) -> u32 {
        if let Some(&entity) = self.by_row.get(&row) {
            let entity = self.root(entity);
            self.entries[entity as usize].mentions += 1;
            self.remember_name(entity, text);
            return entity;
        }
        let reference = self.known.row(row);
        let entity = self.push(Entry {
            names: reference.entity.names.clone(),
            key: Box::default(),
            row: Some(row),
            classes: reference.classes,
            shown: true,
            ..self.unnamed()
        });
        for key in reference.keys() {
            if !self.by_key.contains_key(key) {
                self.by_key.insert(key.clone(), entity);
            }
        }
        self.by_row.insert(row, entity);
        self.remember_name(entity, text);
        entity
    }

    /// The namesake of a row in another country. Unless the text has named the row itself, its names mean the
    /// namesake from here on: "Ghana's Securities and Exchange Commission … the SEC".
    pub(crate) fn foreign(&mut self, row: u32, text: &str) -> u32 {
        let classes = self.known.row(row).classes;
        let namesake = self.by_row.get(&row).copied().filter(|&entity| self.entries[entity as usize].row.is_none());
        if let Some(namesake) = namesake {
            return self.named_again(namesake, text);
        }
        let key = name_key(text);
        let entity = self.push(Entry {
            key: key.as_str().into(),
            names: vec![entity_name(text)],
            classes,
            shown: true,
            ..self.unnamed()
        });
        self.by_row.entry(row).or_insert(entity);
        self.by_key.entry(key).or_insert(entity);
        entity
    }

    /// States that two entities are one; refused where they are known to be two, or cannot be one.
    pub(crate) fn same(&mut self, first: u32, second: u32) -> bool {
        let (first, second) = (self.root(first), self.root(second));
        if first == second {
            return true;
        }
        let (a, b) = (&self.entries[first as usize], &self.entries[second as usize]);
        let both_known = a.row.is_some() && b.row.is_some();
        // A name that shows nothing takes the class of the one that does: HCA beside Harbour Conduct Authority.
        let compatible = a.classes.meets(b.classes) || !a.shown || !b.shown;
        if both_known || !compatible {
            return false;
        }
        let (keep, fold) = if b.row.is_some() { (second, first) } else { (first, second) };
        let folded = self.entries[fold as usize].clone();
        self.entries[fold as usize].same_as = Some(keep);
        self.narrow(keep, folded.classes, folded.shown);
        for name in folded.names.iter().filter(|name| name.language.is_chinese() && name.text.chars().count() >= 2) {
            self.tell(&name.text, keep);
        }
        let kept = &mut self.entries[keep as usize];
        kept.mentions += folded.mentions;
        kept.placed += folded.placed;
        for name in folded.names {
            if !kept.names.iter().any(|known| known.text == name.text) {
                kept.names.push(name);
            }
        }
        true
    }

    /// The entity that a possibly folded one became.
    pub(crate) fn root(&self, entity: u32) -> u32 {
        let mut at = entity;
        while let Some(next) = self.entries[at as usize].same_as {
            at = next;
        }
        at
    }

    pub(crate) fn classes_of(&self, entity: u32) -> ClassSet {
        self.entries[self.root(entity) as usize].classes
    }

    /// How often the text names it.
    pub(crate) fn mentions_of(&self, entity: u32) -> u32 {
        self.entries[self.root(entity) as usize].mentions
    }

    pub(crate) fn is_known(&self, entity: u32) -> bool {
        self.entries[self.root(entity) as usize].row.is_some()
    }

    /// Whether a name of it told its class.
    pub(crate) fn is_shown(&self, entity: u32) -> bool {
        self.entries[self.root(entity) as usize].shown
    }

    /// A relation takes the entity as one of these classes, the likeliest first.
    pub(crate) fn vote(&mut self, entity: u32, in_order: &[ClassSet]) {
        let entity = self.root(entity) as usize;
        let possible = self.entries[entity].classes;
        let likeliest = in_order.iter().map(|classes| *classes & possible).find(|both| !both.is_empty());
        if let Some(class) = likeliest.and_then(|set| self.classes.best(set)) {
            let votes = &mut self.entries[entity].votes;
            match votes.iter_mut().find(|(voted, _)| *voted == class) {
                Some((_, count)) => *count += 1,
                None => votes.push((class, 1)),
            }
        }
    }

    /// Short names join the long name that they shorten, where only one long name does.
    ///
    /// "Tencent" joins "Tencent Holdings", 小米 joins 小米集团, "Wan" joins "Changpeng Wan".
    pub(crate) fn join_short_names(&mut self, generic_openings: &FxHashSet<u64>) {
        let keys: Vec<(&str, u32)> =
            self.by_key.iter().map(|(key, &entity)| (key.as_str(), self.root(entity))).collect();
        let person = self.classes.set("Person").unwrap_or_default();
        for entity in self.surnamed(&keys) {
            self.narrow(entity, person, true);
        }
        let mut keys: Vec<(&str, u32)> =
            self.by_key.iter().map(|(key, &entity)| (key.as_str(), self.root(entity))).collect();
        let written = keys.len();
        // 苏州康澜生物医药股份有限公司 is 康澜生物 too: the seat before a name may be left out.
        let without_place: Vec<(&str, u32)> =
            keys.iter().filter_map(|&(key, entity)| self.without_place(key).map(|rest| (rest, entity))).collect();
        keys.extend(without_place);
        // Grupo Sabinas is Sabinas too.
        let without_opening: Vec<(&str, u32)> = keys
            .iter()
            .filter_map(|&(key, entity)| without_generic_opening(key, generic_openings).map(|rest| (rest, entity)))
            .collect();
        keys.extend(without_opening);
        let mut bare: FxHashMap<&str, Vec<u32>> = FxHashMap::default();
        for &(rest, entity) in &keys[written..] {
            bare.entry(rest).or_default().push(entity);
        }
        keys.sort_unstable();
        let by_last_word = self.persons_by_last_word(&keys);
        let joins: Vec<(u32, u32)> = keys
            .iter()
            .enumerate()
            .filter(|(_, (short, entity))| short.chars().count() >= 2 && self.may_be_short(*entity))
            // Banco Nopal and Seguros Nopal are two, though both could be called Nopal.
            .filter(|(_, (short, entity))| self.by_key.get(*short).is_some_and(|&own| self.root(own) == *entity))
            .filter_map(|(index, (short, entity))| {
                // Keys are sorted: those that go on from this one stand right behind it.
                let longer =
                    keys[index + 1..].iter().take_while(|(long, _)| long.starts_with(short)).take(MOST_LONGER_NAMES);
                let longer = longer.filter(|(long, other)| {
                    shortens(short, long, self.entries[*other as usize].shown)
                        && self.may_shorten(*entity, *other)
                        && !self.adds_place(short, long)
                });
                // Of two who bear the name nobody can tell who is called by it.
                let surnamed = by_last_word
                    .get(short)
                    .filter(|bearers| bearers.iter().all(|(_, one)| *one == bearers[0].1))
                    .into_iter()
                    .flatten()
                    .filter(|(_, other)| self.may_be_one(*entity, *other) || !self.entries[*entity as usize].shown);
                let same = bare.get(short).into_iter().flatten().filter(|&&other| self.may_be_one(*entity, other));
                let mut candidates: Vec<u32> = longer
                    .chain(surnamed)
                    .map(|(_, other)| *other)
                    .chain(same.copied())
                    .filter(|other| other != entity)
                    .collect();
                candidates.sort_unstable();
                candidates.dedup();
                self.most_named(&candidates).map(|long| (long, *entity))
            })
            .collect();
        for (long, short) in joins {
            self.same(long, short);
        }
    }

    /// CBK joins Central Bank of Kenya, where the text names no other authority with these initials.
    pub(crate) fn join_abbreviations(&mut self, authorities: ClassSet) {
        let roots: Vec<u32> = (0..self.entries.len() as u32).filter(|&entity| self.root(entity) == entity).collect();
        let is_authority = |entity: u32| {
            let entry = &self.entries[entity as usize];
            entry.shown && entry.classes.without(authorities).is_empty()
        };
        let bodies: Vec<u32> = roots.into_iter().filter(|&entity| is_authority(entity)).collect();
        let mut by_initials: FxHashMap<String, Vec<u32>> = FxHashMap::default();
        for &entity in &bodies {
            let mut own: Vec<String> =
                self.entries[entity as usize].names.iter().map(|name| initials(&name.text)).collect();
            own.sort_unstable();
            own.dedup();
            own.into_iter().for_each(|letters| by_initials.entry(letters).or_default().push(entity));
        }
        let join = |&short: &u32| {
            let entry = &self.entries[short as usize];
            let [EntityName { text, .. }] = &entry.names[..] else { return None };
            let alone = entry.row.is_none() && (3..=5).contains(&text.len()) && is_in_capitals(text);
            let [long] = by_initials.get(text).filter(|_| alone)?[..] else { return None };
            Some((long, short))
        };
        let joins: Vec<(u32, u32)> = bodies.iter().filter_map(join).collect();
        for (long, short) in joins {
            self.same(long, short);
        }
    }

    /// The candidate that the text names most often; of several the one named first.
    fn most_named(&self, candidates: &[u32]) -> Option<u32> {
        let mentions = |entity: u32| self.entries[entity as usize].mentions;
        candidates.iter().copied().max_by_key(|&entity| (mentions(entity), u32::MAX - entity))
    }

    /// "Fjordlast do Brasil" is no longer name of Fjordlast, but its firm in Brazil.
    fn adds_place(&self, short: &str, long: &str) -> bool {
        let rest = long.strip_prefix(short).unwrap_or_default().trim_start();
        let place = self.classes.set("Place").unwrap_or_default();
        let tokens = crate::scan::tokens(rest, 0, rest.len() as u32);
        let latin = !rest.starts_with(crate::scan::is_han);
        latin
            && (0..tokens.len()).any(|at| {
                let named = self.known.names.names.longest(&tokens[at..]);
                named.is_some_and(|(_, name)| self.known.row(name.row).classes == place)
                    || matches!(&rest[tokens[at].start as usize..tokens[at].end as usize], "do" | "de" | "of")
            })
    }

    /// What follows the place that opens a Chinese name.
    fn without_place<'k>(&self, key: &'k str) -> Option<&'k str> {
        let place = self.classes.set("Place").unwrap_or_default();
        let tokens = crate::scan::tokens(key, 0, key.len() as u32);
        let is_han = tokens.first().is_some_and(|token| token.kind == crate::scan::TokenKind::Han);
        let (length, row) = self.known.longest(key, &tokens).filter(|_| is_han)?;
        let rest = key.get(tokens.get(length)?.start as usize..)?;
        (self.known.row(row).classes == place && rest.chars().count() >= 4).then_some(rest)
    }

    /// "Nabil Traboulsi … Traboulsi": who is called by the last word of an open name is a person, where no other name holds
    /// that word and something beside either shows it. Cementos Farallón is a firm, though it is called Farallón.
    fn surnamed(&self, keys: &[(&str, u32)]) -> Vec<u32> {
        let person = self.classes.set("Person").unwrap_or_default();
        let mut holders: FxHashMap<&str, Vec<u32>> = FxHashMap::default();
        for &(key, entity) in keys {
            for word in key.split(' ') {
                holders.entry(word).or_default().push(entity);
            }
        }
        let called = keys.iter().filter_map(|&(key, entity)| {
            let last = key.rsplit_once(' ')?.1;
            let entry = &self.entries[entity as usize];
            let open =
                !entry.shown && entry.row.is_none() && entry.classes.meets(person) && key.split(' ').count() <= 3;
            let short = self.root(*self.by_key.get(last).filter(|_| open && last.len() >= 4)?);
            let alone = holders.get(last)?.iter().all(|&holder| holder == entity || holder == short);
            let plain = !self.entries[short as usize].shown && self.entries[short as usize].row.is_none();
            let personal = entry.personal || self.entries[short as usize].personal;
            (alone && plain && personal && short > entity).then_some(entity)
        });
        called.collect()
    }

    fn persons_by_last_word<'k>(&self, keys: &[(&'k str, u32)]) -> FxHashMap<&'k str, Vec<(&'k str, u32)>> {
        let person = self.classes.set("Person").unwrap_or_default();
        let mut by_last_word: FxHashMap<&str, Vec<(&str, u32)>> = FxHashMap::default();
        for (key, entity) in keys {
            let entry = &self.entries[*entity as usize];
            if entry.shown
                && entry.classes == person
                && let Some((_, last)) = key.rsplit_once(' ')
            {
                by_last_word.entry(last).or_default().push((key, *entity));
            }
        }
        by_last_word
    }

    /// A row of the reference data has all its names; places and rules are not shortened.
    fn may_be_short(&self, entity: u32) -> bool {
        let entry = &self.entries[entity as usize];
        entry.row.is_none() && entry.classes.meets(self.classes.set("Agent").unwrap_or_default())
    }

    /// A firm's name is shortened to its head, a person's is not; beside "Verrier SA", "Verrier Défense" is another firm.
    fn may_shorten(&self, short: u32, long: u32) -> bool {
        let has_legal_form = |name: &EntityName| name_key(&name.text) != fold(&name.text);
        // A firm is named in full first: "Vestkyst Foundation" behind "Vestkyst" is another body.
        if self.apart.contains(&(short, long)) {
            return false;
        }
        let entry = &self.entries[short as usize];
        // What is introduced as a subsidiary is no long name of whoever was named before it.
        let stood_alone = entry.in_text_since.is_some_and(|since| since <= long)
            || short < long && self.entries[long as usize].subsidiary;
        if entry.names.iter().any(has_legal_form) || stood_alone {
            return false;
        }
        let person = self.classes.set("Person").unwrap_or_default();
        self.entries[long as usize].classes != person && self.may_be_one(short, long)
    }

    fn may_be_one(&self, first: u32, second: u32) -> bool {
        let agent = self.classes.set("Agent").unwrap_or_default();
        let (a, b) = (&self.entries[first as usize], &self.entries[second as usize]);
        a.classes.meets(b.classes) && b.classes.meets(agent)
    }

    /// What is known about an entity, its class settled.
    pub(crate) fn entity(&self, entity: u32) -> Entity {
        let entry = &self.entries[self.root(entity) as usize];
        let mut names = entry.names.clone();
        if let Some(row) = entry.row {
            let reference = &self.known.row(row).entity;
            sort_names(&mut names, reference.names.len());
            return Entity {
                id: reference.id.clone(),
                class: reference.class.clone(),
                names,
                country: reference.country.clone(),
                identifiers: Vec::new(),
            };
        }
        sort_names(&mut names, 0);
        let class = self.settled_class(entry);
        let class_name = class.map_or_else(|| Arc::from("Organization"), |class| self.classes.name(class).clone());
        let family = class.map_or("agent", |class| self.classes.family(class));
        let minted_from = names.first().map_or("?", |name| name.text.as_str());
        let mint = if entry.is_namesake { mint_namesake_id } else { mint_entity_id };
        Entity { id: mint(family, minted_from), class: class_name, names, country: None, identifiers: Vec::new() }
    }

    fn settled_class(&self, entry: &Entry) -> Option<usize> {
        let voted = entry.votes.iter().filter(|(class, _)| self.classes.single(*class).meets(entry.classes));
        let most = voted.max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(&a.0))).map(|(class, _)| *class);
        most.or_else(|| self.classes.best(entry.classes))
    }

    /// What is named here for the first time, before it has a name.
    fn unnamed(&self) -> Entry {
        Entry {
            names: Vec::new(),
            key: Box::default(),
            row: None,
            classes: ClassSet::NONE,
            shown: false,
            mentions: 1,
            placed: 0,
            in_text_since: self.entities_so_far(),
            subsidiary: false,
            personal: false,
            is_namesake: false,
            votes: Vec::new(),
            same_as: None,
        }
    }

    fn push(&mut self, entry: Entry) -> u32 {
        self.entries.push(entry);
        self.entries.len() as u32 - 1
    }

    /// A name that shows its class narrows what the entity may be; contradiction leaves it as it was.
    fn narrow(&mut self, entity: u32, classes: ClassSet, shown: bool) {
        let entry = &mut self.entries[entity as usize];
        if entry.row.is_none() && (shown || !entry.shown) {
            // Two guesses add up; a name that shows its class decides.
            let both = if shown || entry.shown { entry.classes & classes } else { entry.classes | classes };
            let otherwise = if shown && !entry.shown { classes } else { entry.classes };
            entry.classes = both.or_else(otherwise);
            entry.shown |= shown;
        }
    }

    fn remember_name(&mut self, entity: u32, text: &str) {
        let entry = &mut self.entries[entity as usize];
        if !entry.names.iter().any(|name| name.text == text) {
            entry.names.push(entity_name(text));
        }
    }
}

/// The place of a token among the bits of `told_firsts`.
fn bit_of(token: u64) -> (usize, u64) {
    (usize::from((token >> 54) as u16 >> 6), 1 << (token >> 54 & 63))
}

fn entity_name(text: &str) -> EntityName {
    EntityName { text: text.to_owned(), language: language_of(text), kind: NameKind::Short }
}

/// English before Chinese, legal form before none, longer before shorter, then by bytes; the names of the
/// reference row, the first `fixed`, stay where they are.
fn sort_names(names: &mut [EntityName], fixed: usize) {
    for name in names.iter_mut().skip(fixed) {
        name.kind = NameKind::Short;
    }
    let rest = &mut names[fixed..];
    rest.sort_by_cached_key(|name| {
        let has_legal_form = name_key(&name.text) != fold(&name.text);
        (name.language != Language::English, !has_legal_form, usize::MAX - name.text.chars().count(), name.text.clone())
    });
    let mut english_seen = fixed > 0;
    let mut chinese_seen = fixed > 0;
    for name in rest {
        let seen = if name.language.is_chinese() { &mut chinese_seen } else { &mut english_seen };
        if !*seen {
            name.kind = NameKind::Legal;
            *seen = true;
        }
    }
}

/// More long names than this leave a short one ambiguous anyway.
const MOST_LONGER_NAMES: usize = 64;

/// What follows a first word such as "grupo", where that is a name by itself.
fn without_generic_opening<'k>(key: &'k str, generic_openings: &FxHashSet<u64>) -> Option<&'k str> {
    let (first, rest) = key.split_once(' ')?;
    let generic = crate::scan::tokens(first, 0, first.len() as u32)
        .first()
        .is_some_and(|token| generic_openings.contains(&token.hash));
    (generic && rest.len() >= 4).then_some(rest)
}

/// Whether a folded short name is the head of a folded long one, at a word's end.
fn shortens(short: &str, long: &str, shown: bool) -> bool {
    let Some(rest) = long.strip_prefix(short) else { return false };
    let han = short.chars().all(crate::scan::is_han);
    (han && rest.chars().next().is_some_and(crate::scan::is_han)
        && rest.chars().count() <= 8
        && (shown || HAN_TAILS.iter().any(|tail| rest.ends_with(tail))))
        || (!han && rest.starts_with(' ') && short.len() >= 3)
}

/// What a Chinese firm's long name adds behind the short one.
const HAN_TAILS: [&str; 15] = [
    "集团", "控股", "股份", "科技", "公司", "银行", "证券", "保险", "金融", "资本", "基金", "汽车", "投资", "网络",
    "金服",
];
