//! Bearers that are one, and what forbids it.
//!
//! Ties are weighed from the strongest down. Where ties of equal strength would make one of two that cannot be one (two
//! rows, two countries, two that somebody judged different), nobody can tell which of the ties between them is wrong, so
//! none of those on the shortest ways from one to the other holds. So nothing depends on an order, and two that are
//! different never meet through a third.

use std::collections::{BTreeMap, BTreeSet};

use guanxi_model::Identifier;
use rustc_hash::FxHashMap;

use super::pair::Pair;

/// What a bearer shows that another may contradict.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Traits {
    /// Stands in the reference data.
    pub row: bool,
    pub kind: Kind,
    /// Sorted; none where nobody says.
    pub countries: Vec<String>,
    pub founded: Vec<i16>,
    pub identifiers: Vec<Identifier>,
}

/// What kind of body it is, as far as two kinds exclude each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing says.
    #[default]
    Open,
    Person,
    /// A firm or a fund.
    Business,
    /// A regulator, an exchange, a state body.
    Authority,
}

impl Traits {
    /// What forbids that both are one.
    pub fn objection(&self, other: &Self) -> Option<&'static str> {
        let kinds_differ = self.kind != other.kind && self.kind != Kind::Open && other.kind != Kind::Open;
        let apart = |one: &[String], two: &[String]| {
            !one.is_empty() && !two.is_empty() && one.iter().all(|country| !two.contains(country))
        };
        if self.row && other.row {
            Some("two reference rows")
        } else if self.identifiers.iter().any(|one| other.identifiers.iter().any(|two| contradict(one, two))) {
            Some("two identifiers")
        } else if kinds_differ {
            Some("class")
        } else if apart(&self.countries, &other.countries) {
            Some("country")
        } else {
            None
        }
    }

    fn absorb(&mut self, other: &Self) {
        self.row |= other.row;
        if self.kind == Kind::Open {
            self.kind = other.kind;
        }
        self.countries = union(&self.countries, &other.countries);
        self.founded = union(&self.founded, &other.founded);
        self.identifiers = union(&self.identifiers, &other.identifiers);
    }
}

fn union<T: Clone + Ord>(one: &[T], other: &[T]) -> Vec<T> {
    if other.is_empty() {
        return one.to_vec();
    }
    one.iter().chain(other).cloned().collect::<BTreeSet<T>>().into_iter().collect()
}

/// Whether one body cannot have both.
fn contradict(one: &Identifier, other: &Identifier) -> bool {
    use guanxi_model::identifier::Kind::{Lei, SocialCredit, Wikidata};
    one != other && one.kind() == other.kind() && matches!(one.kind(), Lei | SocialCredit | Wikidata)
}

/// Sets that ties connect, with these ties.
type Component = (Vec<u32>, Vec<(u32, u32)>);

/// Sets that hang together, beyond which nobody looks for the ties that are wrong: none of them holds.
const LARGEST_DISPUTE: usize = 256;

/// Disjoint sets of bearers; the least of a set stands for it.
pub(super) struct Groups {
    parents: Vec<u32>,
    traits: Vec<Traits>,
    /// Pairs that were judged not to be one.
    apart: Vec<(u32, u32)>,
}

impl Groups {
    pub fn new(traits: Vec<Traits>, apart: Vec<(u32, u32)>) -> Self {
        Self { parents: (0..traits.len() as u32).collect(), traits, apart }
    }

    pub fn find(&self, mut bearer: u32) -> u32 {
        while self.parents[bearer as usize] != bearer {
            bearer = self.parents[bearer as usize];
        }
        bearer
    }

    /// What the set of a bearer shows.
    pub fn traits(&self, bearer: u32) -> &Traits {
        &self.traits[self.find(bearer) as usize]
    }

    /// What forbids that the sets of two bearers are one.
    pub fn objection(&self, one: u32, other: u32) -> Option<&'static str> {
        let (one, other) = (self.find(one), self.find(other));
        let judged = |&(a, b): &(u32, u32)| {
            let pair = (self.find(a), self.find(b));
            pair == (one, other) || pair == (other, one)
        };
        match self.apart.iter().any(judged) {
            true => Some("judged"),
            false => self.traits[one as usize].objection(&self.traits[other as usize]),
        }
    }

    /// Lets ties hold, the strongest first, as far as nothing forbids it; whether any set grew.
    ///
    /// What people judged to be one is `forced`: only what they judged different forbids it.
    pub fn settle<'p>(&mut self, ties: impl IntoIterator<Item = &'p Pair>, forced: bool) -> bool {
        let mut by_strength: BTreeMap<std::cmp::Reverse<u16>, Vec<(u32, u32)>> = BTreeMap::new();
        for tie in ties {
            let (one, other) = (self.find(tie.one), self.find(tie.other));
            if one != other {
                by_strength.entry(std::cmp::Reverse(tie.strength)).or_default().push((one, other));
            }
        }
        let mut grew = false;
        for ties in by_strength.into_values() {
            for (sets, ties) in self.components(&ties) {
                for sets in self.cut(sets, ties, forced) {
                    grew |= sets.len() > 1;
                    self.unite(&sets);
                }
            }
        }
        grew
    }

    /// Sets that the ties connect, each sorted, in the order of their least members, with the ties between them.
    fn components(&self, ties: &[(u32, u32)]) -> Vec<Component> {
        let mut parents: FxHashMap<u32, u32> = FxHashMap::default();
        fn find(parents: &mut FxHashMap<u32, u32>, mut node: u32) -> u32 {
            while let Some(&parent) = parents.get(&node).filter(|parent| **parent != node) {
                node = parent;
            }
            node
        }
        for &(one, other) in ties {
            // An earlier tier may have brought the two together.
            let (one, other) = (self.find(one), self.find(other));
            parents.entry(one).or_insert(one);
            parents.entry(other).or_insert(other);
            let (one, other) = (find(&mut parents, one), find(&mut parents, other));
            parents.insert(one.max(other), one.min(other));
        }
        let mut nodes: Vec<u32> = parents.keys().copied().collect();
        nodes.sort_unstable();
        let mut components: BTreeMap<u32, Component> = BTreeMap::new();
        for node in nodes {
            components.entry(find(&mut parents, node)).or_default().0.push(node);
        }
        for &(one, other) in ties {
            let (one, other) = (self.find(one), self.find(other));
            components.entry(find(&mut parents, one)).or_default().1.push((one, other));
        }
        components.into_values().collect()
    }

    /// The sets that hang together once every tie is gone on a shortest way between two that cannot be one.
    fn cut(&self, sets: Vec<u32>, mut ties: Vec<(u32, u32)>, forced: bool) -> Vec<Vec<u32>> {
        if self.may_be_one(&sets, forced) {
            return vec![sets];
        }
        if sets.len() > LARGEST_DISPUTE {
            return Vec::new();
        }
        let mut done = Vec::new();
        let apart = self.opposed(&sets, forced);
        let mut wrong: BTreeSet<(u32, u32)> = BTreeSet::new();
        for &(one, other) in &apart {
            wrong.extend(on_shortest_ways(one, other, &ties));
        }
        ties.retain(|tie| !wrong.contains(tie));
        for (sets, ties) in self.components(&ties) {
            done.extend(self.cut(sets, ties, forced));
        }
        done
    }

    fn opposed(&self, sets: &[u32], forced: bool) -> Vec<(u32, u32)> {
        let pairs =
            sets.iter().enumerate().flat_map(|(place, &one)| sets[place + 1..].iter().map(move |&two| (one, two)));
        pairs
            .filter(|&(one, two)| match forced {
                true => self.is_judged_apart(&[one, two]),
                false => self.objection(one, two).is_some(),
            })
            .collect()
    }

    fn may_be_one(&self, sets: &[u32], forced: bool) -> bool {
        if sets.len() > LARGEST_DISPUTE {
            // Whoever objects to one of many objects to what they show together.
            let mut all = Traits::default();
            let fits = sets.iter().all(|&set| {
                let own = &self.traits[set as usize];
                let fits = forced || all.objection(own).is_none();
                all.absorb(own);
                fits
            });
            return fits && !self.is_judged_apart(sets);
        }
        self.opposed(sets, forced).is_empty()
    }

    fn is_judged_apart(&self, sets: &[u32]) -> bool {
        let is_in = |bearer: u32| sets.contains(&self.find(bearer));
        self.apart.iter().any(|&(one, other)| is_in(one) && is_in(other))
    }

    fn unite(&mut self, sets: &[u32]) {
        let Some((&first, others)) = sets.split_first() else { return };
        for &other in others {
            let absorbed = std::mem::take(&mut self.traits[other as usize]);
            self.traits[first as usize].absorb(&absorbed);
            self.parents[other as usize] = first;
        }
    }
}

/// The ties on shortest ways from one to the other; none where no way leads there.
fn on_shortest_ways(one: u32, other: u32, ties: &[(u32, u32)]) -> Vec<(u32, u32)> {
    let mut beside: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for &(a, b) in ties {
        beside.entry(a).or_default().push(b);
        beside.entry(b).or_default().push(a);
    }
    let (from_one, from_other) = (steps(one, &beside), steps(other, &beside));
    let Some(&length) = from_one.get(&other) else { return Vec::new() };
    let is_on = |a: u32, b: u32| {
        from_one.get(&a).zip(from_other.get(&b)).is_some_and(|(before, after)| before + 1 + after == length)
    };
    ties.iter().copied().filter(|&(a, b)| is_on(a, b) || is_on(b, a)).collect()
}

/// How many ties away everybody is.
fn steps(from: u32, beside: &BTreeMap<u32, Vec<u32>>) -> BTreeMap<u32, usize> {
    let mut steps = BTreeMap::from([(from, 0)]);
    let mut reached = vec![from];
    while !reached.is_empty() {
        let mut next = Vec::new();
        for node in reached {
            let step = steps[&node] + 1;
            for &neighbour in beside.get(&node).into_iter().flatten() {
                steps.entry(neighbour).or_insert_with(|| {
                    next.push(neighbour);
                    step
                });
            }
        }
        reached = next;
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tie(one: u32, other: u32) -> Pair {
        Pair::new(one, other, 1000, Vec::new())
    }

    /// Two rows, 0 and 1, among six bearers.
    fn groups() -> Groups {
        let traits = |place: usize| Traits { row: place < 2, ..Traits::default() };
        Groups::new((0..6).map(traits).collect(), vec![(2, 3)])
    }

    #[test]
    fn only_the_ties_between_two_that_are_different_give_way() {
        let mut groups = groups();
        groups.settle(&[tie(0, 2), tie(0, 3), tie(0, 4), tie(1, 5)], false);
        assert_eq!([2, 3, 4, 5].map(|place| groups.find(place)), [2, 3, 0, 1]);
        let mut groups = self::groups();
        groups.settle(&[tie(0, 4), tie(4, 1), tie(1, 5)], false);
        assert_eq!([4, 5].map(|place| groups.find(place)), [4, 1], "whom 4 means, nobody knows");
    }

    #[test]
    fn the_stronger_tie_comes_first() {
        let mut groups = groups();
        let weaker = Pair::new(1, 4, 900, Vec::new());
        groups.settle(&[weaker, tie(0, 4)], false);
        assert_eq!((groups.find(4), groups.find(1)), (0, 1));
    }

    #[test]
    fn what_people_judged_overrides_all_but_what_people_judged() {
        let mut groups = groups();
        assert!(groups.settle(&[tie(0, 1), tie(2, 4), tie(4, 3)], true));
        assert_eq!([1, 2, 3, 4].map(|place| groups.find(place)), [0, 2, 3, 4]);
    }
}
