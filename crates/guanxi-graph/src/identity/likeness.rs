//! Organisations whose names are alike: found by blocks, never by comparing all with all.

use std::collections::{BTreeMap, BTreeSet};

use guanxi_model::{NameKind, Schema};
use guanxi_names::compare::{self, Agreement, Comparison, FormAgreement, NameParts, Verdict};
use guanxi_names::is_minted_from;
use rustc_hash::FxHashMap;

use super::bearers::Bearers;
use super::groups::Groups;
use super::pair::{Pair, feature};

/// A block of more bearers holds a word that many share, and tells nothing.
const LARGEST_BLOCK: usize = 24;
/// So many neighbours that two share by the same predicates, and names that may be one, make them one.
const TELLING_NEIGHBOURS: usize = 2;
/// Least likeness of names that neighbours can make one.
const LIKELY: u16 = 750;

/// Two organisations with names that may be one.
pub(super) struct Likely {
    one: u32,
    other: u32,
    comparison: Comparison,
    /// Both are known by these names first of all, not merely called so beside another name.
    own: bool,
}

/// The outcome of looking at all.
pub(super) struct Likeness {
    pub all: Vec<Likely>,
}

impl Likeness {
    pub fn of(bearers: &Bearers<'_>, schema: &Schema) -> Self {
        let names = names(bearers, schema);
        let mut blocks: Vec<(u64, u32)> = Vec::with_capacity(3 * names.len());
        for (number, name) in (0..).zip(&names) {
            blocks.extend(NameParts::read(name.text).blocks().into_iter().map(|block| (block, number)));
        }
        blocks.sort_unstable();
        let mut best: FxHashMap<(u32, u32), Likely> = FxHashMap::default();
        for block in blocks.chunk_by(|a, b| a.0 == b.0) {
            let members: Vec<&Name<'_>> = block.iter().map(|(_, name)| &names[*name as usize]).collect();
            compare_block(bearers, &members, &mut best);
        }
        let mut all: Vec<Likely> = best.into_values().collect();
        all.sort_by_key(|likely| (likely.one, likely.other));
        Self { all }
    }

    /// The pairs that are one by what is known now: by their names alone, or by names and neighbours.
    pub fn pairs(&self, bearers: &Bearers<'_>, groups: &Groups) -> Vec<Pair> {
        let apart = self.all.iter().filter(|likely| groups.find(likely.one) != groups.find(likely.other));
        let open: Vec<&Likely> = apart.filter(|likely| likely.may_be_same()).collect();
        let neighbours = Neighbours::of(bearers, groups, open.iter().flat_map(|likely| [likely.one, likely.other]));
        let same = |likely: &&&Likely| {
            let is_one =
                likely.is_same_by_name() || neighbours.shared(groups, likely.one, likely.other) >= TELLING_NEIGHBOURS;
            is_one && !neighbours.are_related(groups, likely.one, likely.other) && !founded_apart(groups, likely)
        };
        open.iter().filter(same).map(|likely| likely.pair(bearers, groups, &neighbours)).collect()
    }

    /// Every pair with all its features, as sets stand in the end.
    pub fn candidates(&self, bearers: &Bearers<'_>, groups: &Groups) -> Vec<Pair> {
        let ends = self.all.iter().flat_map(|likely| [likely.one, likely.other]);
        let neighbours = Neighbours::of(bearers, groups, ends);
        self.all.iter().map(|likely| likely.pair(bearers, groups, &neighbours)).collect()
    }
}

impl Likely {
    fn is_same_by_name(&self) -> bool {
        self.own && self.comparison.verdict == Verdict::Same
    }

    /// Whether neighbours can settle it: what the names lack is nothing that two bodies of one group would differ in.
    fn may_be_same(&self) -> bool {
        let features = &self.comparison.features;
        let is_likely = self.comparison.thousandths >= LIKELY
            && features.numbers == Agreement::Agree
            && features.places == Agreement::Agree
            && matches!(features.legal_forms, FormAgreement::Agree | FormAgreement::Unknown)
            && features.edits == 0
            && !features.initials
            && !features.reordered;
        self.is_same_by_name() || is_likely
    }

    fn pair(&self, bearers: &Bearers<'_>, groups: &Groups, neighbours: &Neighbours) -> Pair {
        let mut features = name_features(&self.comparison);
        features.extend(circumstances(bearers, groups, self.one, self.other));
        match neighbours.shared(groups, self.one, self.other) {
            0 => {}
            number => features.push(feature("shared neighbours", number)),
        }
        if neighbours.are_related(groups, self.one, self.other) {
            features.push(feature("related to each other", ""));
        }
        Pair::new(self.one, self.other, self.comparison.thousandths, features)
    }
}

struct Name<'a> {
    bearer: u32,
    text: &'a str,
    own: bool,
}

/// The names of all organisations, each once, but those of the past.
fn names<'a>(bearers: &Bearers<'a>, schema: &Schema) -> Vec<Name<'a>> {
    let mut all = Vec::new();
    for (place, bearer) in (0..).zip(&bearers.all) {
        let is_organisation = !bearer.is_person && !bearer.is_apart && schema.is_a(&bearer.class, "Organization");
        let family = schema.family(&bearer.class);
        let Some(family) = family.filter(|_| is_organisation) else { continue };
        let mut own_names: BTreeMap<&str, bool> = BTreeMap::new();
        for (text, kind) in bearers.names(place).filter(|(_, kind)| *kind != NameKind::Former) {
            let is_first = match bearer.row {
                Some(_) => kind == NameKind::Legal,
                None => kind == NameKind::Legal && is_minted_from(bearer.id, family, text),
            };
            *own_names.entry(text).or_default() |= is_first;
        }
        all.extend(own_names.into_iter().map(|(text, own)| Name { bearer: place, text, own }));
    }
    all
}

/// Compares who stands in one block; rows are not compared with each other.
fn compare_block(bearers: &Bearers<'_>, members: &[&Name<'_>], best: &mut FxHashMap<(u32, u32), Likely>) {
    let is_row = |name: &Name<'_>| bearers.all[name.bearer as usize].row.is_some();
    let distinct: BTreeSet<u32> = members.iter().map(|name| name.bearer).collect();
    let is_idle = distinct.len() < 2 || distinct.len() > LARGEST_BLOCK || members.iter().all(|name| is_row(name));
    if is_idle || members.len() > 2 * LARGEST_BLOCK {
        return;
    }
    let parts: Vec<NameParts> = members.iter().map(|name| NameParts::read(name.text)).collect();
    for (place, one) in members.iter().enumerate() {
        for (after, other) in members.iter().enumerate().skip(place + 1) {
            let same_id = bearers.all[one.bearer as usize].id == bearers.all[other.bearer as usize].id;
            if same_id || (is_row(one) && is_row(other)) {
                continue;
            }
            let comparison = parts[place].compare(&parts[after]);
            if comparison.verdict == Verdict::Different {
                continue;
            }
            let likely = Likely {
                one: one.bearer.min(other.bearer),
                other: one.bearer.max(other.bearer),
                comparison,
                own: one.own && other.own,
            };
            let known = best.get(&(likely.one, likely.other));
            if known.is_none_or(|known| rank(known) < rank(&likely)) {
                best.insert((likely.one, likely.other), likely);
            }
        }
    }
}

/// Of several pairs of names the strongest counts; of equal ones the first in the order of features.
fn rank(likely: &Likely) -> (bool, u16, std::cmp::Reverse<String>) {
    (likely.is_same_by_name(), likely.comparison.thousandths, std::cmp::Reverse(format!("{:?}", likely.comparison)))
}

fn name_features(comparison: &Comparison) -> Vec<String> {
    let features = &comparison.features;
    let mut named = vec![feature("likeness", comparison.score())];
    for (name, holds) in [
        ("same name", features.same_key),
        ("pinyin", features.pinyin),
        ("two languages", features.translated),
        ("initials", features.initials),
        ("other order", features.reordered),
        ("run together", features.run_together),
        ("slip of the pen", features.edits > 0),
        ("legal forms convertible", features.legal_forms == FormAgreement::Convertible),
        ("number on one side", features.numbers == Agreement::OneSided),
        ("place on one side", features.places == Agreement::OneSided),
    ] {
        if holds {
            named.push(feature(name, ""));
        }
    }
    let left_over: BTreeSet<&str> =
        features.left_over.iter().flatten().map(|(text, _): &(String, compare::TokenKind)| text.as_str()).collect();
    if !left_over.is_empty() && !features.initials {
        named.push(feature("left over", left_over.into_iter().collect::<Vec<_>>().join(" ")));
    }
    named
}

/// What two show besides their names.
pub(super) fn circumstances(bearers: &Bearers<'_>, groups: &Groups, one: u32, other: u32) -> Vec<String> {
    let (class, other_class) = (&bearers.all[one as usize].class, &bearers.all[other as usize].class);
    let mut features = Vec::new();
    if class == other_class {
        features.push(feature("class", class));
    } else {
        features.push(feature("class", format!("{class}, {other_class}")));
    }
    let (traits, other_traits) = (groups.traits(one), groups.traits(other));
    if !traits.countries.is_empty() && !other_traits.countries.is_empty() {
        let all: BTreeSet<&str> = traits.countries.iter().chain(&other_traits.countries).map(String::as_str).collect();
        features.push(feature("country", all.into_iter().collect::<Vec<_>>().join(", ")));
    }
    if !traits.founded.is_empty() && !other_traits.founded.is_empty() {
        let all: BTreeSet<i16> = traits.founded.iter().chain(&other_traits.founded).copied().collect();
        features.push(feature("founded", all.iter().map(i16::to_string).collect::<Vec<_>>().join(", ")));
    }
    features
}

fn founded_apart(groups: &Groups, likely: &Likely) -> bool {
    let (one, other) = (&groups.traits(likely.one).founded, &groups.traits(likely.other).founded);
    !one.is_empty() && !other.is_empty() && one.iter().all(|year| !other.contains(year))
}

/// Whom claims and rows tie to sets of bearers.
struct Neighbours {
    /// By the bearer that stands for a set: predicate, direction and whom.
    of: FxHashMap<u32, BTreeSet<(u32, bool, u32)>>,
}

impl Neighbours {
    fn of(bearers: &Bearers<'_>, groups: &Groups, wanted: impl Iterator<Item = u32>) -> Self {
        let mut of: FxHashMap<u32, BTreeSet<(u32, bool, u32)>> =
            wanted.map(|bearer| (groups.find(bearer), BTreeSet::new())).collect();
        for (place, _) in (0..).zip(&bearers.all) {
            let links = bearers.links(place);
            if links.is_empty() {
                continue;
            }
            if let Some(known) = of.get_mut(&groups.find(place)) {
                known.extend(links.iter().filter_map(|link| {
                    let to = &bearers.all[link.to as usize];
                    let is_common =
                        matches!(&*to.class, "Place" | "Activity" | "Regulator" | "PublicBody" | "Exchange");
                    // Persons are not told apart yet: here a name is enough.
                    let whom = if to.is_person { bearers.main(to.id)? } else { groups.find(link.to) };
                    (!is_common).then_some((link.predicate, link.forward, whom))
                }));
            }
        }
        Self { of }
    }

    fn shared(&self, groups: &Groups, one: u32, other: u32) -> usize {
        let sets = [one, other].map(|bearer| self.of.get(&groups.find(bearer)));
        let [Some(one), Some(other)] = sets else { return 0 };
        one.intersection(other).map(|(_, _, whom)| whom).collect::<BTreeSet<_>>().len()
    }

    /// Whether one is said to own, supply, rival the other: nobody does that to himself.
    fn are_related(&self, groups: &Groups, one: u32, other: u32) -> bool {
        let (one, other) = (groups.find(one), groups.find(other));
        self.of.get(&one).is_some_and(|known| known.iter().any(|(_, _, whom)| *whom == other))
    }
}
