//! Holdings, control and concert between parties that are numbers: all that the calculators know of a graph.

use guanxi_model::{Decimal, Share};
use rustc_hash::FxHashMap;

use super::rules::{Threshold, Verdict};

/// A party, by its place in [`Structure::parties`].
pub type Node = u32;

/// What a party is, as far as the rules ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Party {
    /// A natural person.
    Person,
    /// A state or one of its bodies, which nobody owns.
    PublicBody,
    /// A company, fund or other organisation.
    Company,
    /// Somebody whom the source does not name, and its reason code.
    Undisclosed(String),
}

/// What one party holds of another. There is one for each pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stake {
    /// Who holds.
    pub owner: Node,
    /// What is held.
    pub owned: Node,
    /// How much, percent; (0, 100] where nobody tells.
    pub share: Share,
    /// Whether somebody tells a figure.
    pub has_figure: bool,
    /// Whether it is told to be held through others.
    pub indirect: bool,
}

/// A party decides over another by other means than its shares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Control {
    /// Who decides.
    pub controller: Node,
    /// Over whom.
    pub controlled: Node,
    /// The voting rights that are told, percent: they stand for the votes of its shares. Those of half and less are no
    /// control by themselves.
    pub votes: Option<Share>,
}

/// Who holds what, who controls whom, who acts in concert.
#[derive(Clone, Debug, Default)]
pub struct Structure {
    /// Every party.
    pub parties: Vec<Party>,
    /// Sorted by who is owned, then by owner.
    stakes: Vec<Stake>,
    /// Sorted by who is controlled, then by controller.
    controls: Vec<Control>,
    /// Each pair once.
    concerts: Vec<(Node, Node)>,
}

impl Structure {
    /// The structure of these ties; of several stakes of one pair the first is kept. The order of ties does not matter
    /// otherwise.
    pub fn new(
        parties: Vec<Party>,
        mut stakes: Vec<Stake>,
        mut controls: Vec<Control>,
        concerts: Vec<(Node, Node)>,
    ) -> Self {
        stakes.sort_by_key(|stake| (stake.owned, stake.owner));
        stakes.dedup_by_key(|stake| (stake.owned, stake.owner));
        // Of one pair a stated control and a figure of votes are two things.
        let key = |control: &Control| (control.controlled, control.controller, control.votes.is_some());
        controls.sort_by_key(key);
        controls.dedup_by_key(|control| key(control));
        Self { parties, stakes, controls, concerts }
    }

    /// Every stake, by who is owned.
    pub fn stakes(&self) -> &[Stake] {
        &self.stakes
    }

    /// The stakes in a party.
    pub fn stakes_in(&self, owned: Node) -> &[Stake] {
        range(&self.stakes, owned, |stake| stake.owned)
    }

    /// What one party holds of another.
    pub fn stake(&self, owner: Node, owned: Node) -> Option<&Stake> {
        self.stakes_in(owned).iter().find(|stake| stake.owner == owner)
    }

    /// Who decides over a party.
    pub fn controls_of(&self, controlled: Node) -> &[Control] {
        range(&self.controls, controlled, |control| control.controlled)
    }

    /// Who acts in concert.
    pub fn concerts(&self) -> &[(Node, Node)] {
        &self.concerts
    }
}

fn range<T>(sorted: &[T], key: Node, of: impl Fn(&T) -> Node) -> &[T] {
    let start = sorted.partition_point(|item| of(item) < key);
    let end = start + sorted[start..].partition_point(|item| of(item) == key);
    &sorted[start..end]
}

/// What lies above one company, with numbers of its own: the company is 0, and whoever has a smaller number is no
/// farther from it.
#[derive(Clone, Debug)]
pub(super) struct Upstream {
    /// The party of each number.
    pub parties: Vec<Node>,
    numbers: FxHashMap<Node, usize>,
    /// Stakes by number, those that count.
    pub stakes: Vec<Stake>,
    /// Stakes that repeat what chains of others tell.
    pub repeated: Vec<Stake>,
    /// Control by number.
    pub controls: Vec<Control>,
    /// Groups that act in concert, each of two or more, sorted.
    pub groups: Vec<Vec<usize>>,
    /// The places of the stakes that each party holds, of those in it, of its control over others, and of control over
    /// it.
    held_by: Vec<Vec<u32>>,
    held_of: Vec<Vec<u32>>,
    controlled_by: Vec<Vec<u32>>,
    controlling: Vec<Vec<u32>>,
}

impl Upstream {
    pub(super) fn of(structure: &Structure, company: Node) -> Self {
        let (mut parties, mut numbers) = (vec![company], FxHashMap::from_iter([(company, 0)]));
        let mut next = 0;
        while next < parties.len() {
            let at = parties[next];
            let owners = structure.stakes_in(at).iter().map(|stake| stake.owner);
            for above in owners.chain(structure.controls_of(at).iter().map(|control| control.controller)) {
                numbers.entry(above).or_insert_with(|| {
                    parties.push(above);
                    parties.len() - 1
                });
            }
            next += 1;
        }
        let number = |node: Node| numbers[&node] as Node;
        let local = |stake: &Stake| Stake { owner: number(stake.owner), owned: number(stake.owned), ..stake.clone() };
        let stakes: Vec<Stake> = parties.iter().flat_map(|&node| structure.stakes_in(node)).map(local).collect();
        let controls = parties.iter().flat_map(|&node| structure.controls_of(node));
        let mut controls: Vec<Control> = controls
            .map(|control| Control {
                controller: number(control.controller),
                controlled: number(control.controlled),
                votes: control.votes,
            })
            .collect();
        let concerts = structure.concerts().iter();
        let concerts = concerts.filter_map(|(a, b)| Some((*numbers.get(a)?, *numbers.get(b)?))).collect::<Vec<_>>();
        let (repeated, mut stakes) = apart(stakes, parties.len());
        bound_by_others(&mut stakes);
        // A parent that holds through others is a parent still.
        let parents = repeated.iter().filter(|stake| Threshold::MAJORITY.judge(&stake.share) == Verdict::Reaches);
        controls.extend(parents.map(|stake| Control { controller: stake.owner, controlled: stake.owned, votes: None }));
        let places = |ends: Vec<Node>| {
            let mut places = vec![Vec::new(); parties.len()];
            ends.into_iter().zip(0_u32..).for_each(|(end, place)| places[end as usize].push(place));
            places
        };
        Self {
            held_by: places(stakes.iter().map(|stake| stake.owner).collect()),
            held_of: places(stakes.iter().map(|stake| stake.owned).collect()),
            controlled_by: places(controls.iter().map(|control| control.controller).collect()),
            controlling: places(controls.iter().map(|control| control.controlled).collect()),
            groups: groups(parties.len(), &concerts),
            parties,
            numbers,
            stakes,
            repeated,
            controls,
        }
    }

    /// The stakes that a party holds.
    pub(super) fn held_by(&self, at: usize) -> impl Iterator<Item = &Stake> {
        self.held_by[at].iter().map(|&place| &self.stakes[place as usize])
    }

    /// The stakes in a party.
    pub(super) fn held_of(&self, at: usize) -> impl Iterator<Item = &Stake> {
        self.held_of[at].iter().map(|&place| &self.stakes[place as usize])
    }

    /// The control that a party has.
    pub(super) fn controlled_by(&self, at: usize) -> impl Iterator<Item = &Control> {
        self.controlled_by[at].iter().map(|&place| &self.controls[place as usize])
    }

    /// The control over a party.
    pub(super) fn controlling(&self, at: usize) -> impl Iterator<Item = &Control> {
        self.controlling[at].iter().map(|&place| &self.controls[place as usize])
    }

    /// The number of a party.
    pub(super) fn number(&self, party: Node) -> Option<usize> {
        self.numbers.get(&party).copied()
    }
}

/// Takes out the stakes that chains of other stakes tell already: what is told to be held indirectly, and a tie between
/// parent and subsidiary without a figure ("consolidates it"), would count twice beside such a chain.
fn apart(stakes: Vec<Stake>, parties: usize) -> (Vec<Stake>, Vec<Stake>) {
    let mut held_by: Vec<Vec<usize>> = vec![Vec::new(); parties];
    for (at, stake) in stakes.iter().enumerate() {
        held_by[stake.owner as usize].push(at);
    }
    let reaches = |start: &Stake| {
        let mut seen = vec![false; parties];
        let mut open: Vec<Node> = vec![start.owner];
        while let Some(node) = open.pop() {
            for stake in held_by[node as usize].iter().map(|&at| &stakes[at]) {
                let is_itself = (stake.owner, stake.owned) == (start.owner, start.owned);
                if is_itself || stake.indirect || stake.owned == start.owner {
                    continue;
                }
                if stake.owned == start.owned {
                    return true;
                }
                if !std::mem::replace(&mut seen[stake.owned as usize], true) {
                    open.push(stake.owned);
                }
            }
        }
        false
    };
    let repeats: Vec<bool> =
        stakes.iter().map(|stake| (stake.indirect || !stake.has_figure) && reaches(stake)).collect();
    let (repeated, counted): (Vec<_>, Vec<_>) = stakes.into_iter().zip(repeats).partition(|(_, repeats)| *repeats);
    let stakes = |pairs: Vec<(Stake, bool)>| pairs.into_iter().map(|(stake, _)| stake).collect();
    (stakes(repeated), stakes(counted))
}

/// Nobody holds what others hold: a share reaches no further than what the least shares of the others leave. Where these
/// leave too little, something told is wrong, and all is left as it is told.
fn bound_by_others(stakes: &mut [Stake]) {
    let mut told: FxHashMap<Node, (Decimal, usize)> = FxHashMap::default();
    for Stake { owned, share, .. } in stakes.iter() {
        let (total, open) = told.entry(*owned).or_default();
        *total += share.min;
        *open += usize::from(share.min_exclusive);
    }
    for Stake { owned, share, .. } in stakes.iter_mut() {
        let (total, open) = told[owned];
        let left = Decimal::ONE_HUNDRED - (total - share.min);
        let is_open = open > usize::from(share.min_exclusive);
        if share.as_exact().is_some() || total > Decimal::ONE_HUNDRED || left <= share.min {
            continue;
        }
        if left < share.max {
            (share.max, share.max_exclusive) = (left, is_open);
        } else if left == share.max {
            share.max_exclusive |= is_open;
        }
    }
}

/// Whoever is tied by agreements, directly or through others, is one group.
fn groups(parties: usize, concerts: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let mut group: Vec<usize> = (0..parties).collect();
    for &(a, b) in concerts {
        let (old, new) = (group[a].max(group[b]), group[a].min(group[b]));
        group.iter_mut().filter(|group| **group == old).for_each(|group| *group = new);
    }
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); parties];
    for (party, &group) in group.iter().enumerate() {
        members[group].push(party);
    }
    members.retain(|members| members.len() > 1);
    members
}

/// A share that somebody holds of which nothing more is told: (0, 100].
pub(super) fn unknown_share() -> Share {
    Share { min: Decimal::ZERO, max: Decimal::ONE_HUNDRED, min_exclusive: true, max_exclusive: false }
}
