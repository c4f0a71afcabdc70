//! Effective shares: multiplied along chains, added over chains. With cross-holdings that is a linear system, x = xA + b,
//! solved part by part over the strongly connected parts of the holdings, never by listing paths.

use std::collections::BTreeSet;

use guanxi_model::{Decimal, Share};

use super::structure::{Node, Stake, Structure, Upstream};

/// Greatest number of companies that hold each other for which the system is solved exactly, in decimals; larger parts
/// are solved in floating point until nothing moves by more than [`STILL`].
const MOST_EXACT: usize = 64;
/// The same, for the shares that such companies have in each other's.
const MOST_CIRCULAR: usize = 32;
/// Of a share, as a part of 1.
const STILL: f64 = 1e-14;
const MOST_ROUNDS: usize = 100_000;
/// Least pivot with which a system is taken to have a solution; below it companies own each other altogether.
const LEAST_PIVOT: Decimal = Decimal::from_parts(1, 0, 0, false, 9);
/// Digits of a percentage that are kept: enough for any threshold, few enough for rounding not to show.
const DIGITS: u32 = 12;

/// What everybody above a company effectively holds of it.
#[derive(Clone, Debug)]
pub(super) struct Effective {
    /// By number, percent.
    pub shares: Vec<Share>,
    /// How much of the company passes through each party, percent: chains that come back to it count each time, so that
    /// what its unknown owners would have is a part of this and not of its share. Of parties outside of circles it is the
    /// share.
    pub flows: Vec<Share>,
    /// Those whose sum was more than 100 percent, and was cut there.
    pub capped: BTreeSet<usize>,
    /// Companies that own each other altogether, so that their shares lead to nobody.
    pub circular: BTreeSet<usize>,
}

impl Effective {
    pub(super) fn of(upstream: &Upstream) -> Self {
        let exact = upstream.stakes.iter().all(|stake| stake.share.as_exact().is_some());
        let (mut capped, mut circular) = (BTreeSet::new(), BTreeSet::new());
        let (least, least_flows) = Bound::of(upstream, |share| share.min).solve(&mut capped, &mut circular);
        let (most, most_flows) = match exact {
            true => (least.clone(), least_flows.clone()),
            false => Bound::of(upstream, |share| share.max).solve(&mut capped, &mut circular),
        };
        let [open_below, open_above] = open_ends(upstream);
        let shares = |least: &[Decimal], most: &[Decimal]| -> Vec<Share> {
            let share = |at: usize| Share {
                min: percent(least[at]),
                max: percent(most[at]).max(percent(least[at])),
                min_exclusive: open_below[at] && least[at] < Decimal::ONE,
                max_exclusive: open_above[at] && !capped.contains(&at),
            };
            (0..upstream.parties.len()).map(share).collect()
        };
        Self { shares: shares(&least, &most), flows: shares(&least_flows, &most_flows), capped, circular }
    }
}

fn percent(part: Decimal) -> Decimal {
    (part * Decimal::ONE_HUNDRED).round_dp(DIGITS).normalize()
}

/// One end of every share, as parts of 1, and the strongly connected parts from the company upwards.
struct Bound {
    /// Stakes of each party in others: (owned, part).
    holds: Vec<Vec<(usize, Decimal)>>,
    parts: Vec<Vec<usize>>,
}

impl Bound {
    fn of(upstream: &Upstream, end: fn(&Share) -> Decimal) -> Self {
        let mut holds: Vec<Vec<(usize, Decimal)>> = vec![Vec::new(); upstream.parties.len()];
        for stake in &upstream.stakes {
            holds[stake.owner as usize].push((stake.owned as usize, end(&stake.share) / Decimal::ONE_HUNDRED));
        }
        let rows: Vec<Vec<usize>> = holds.iter().map(|row| row.iter().map(|&(owned, _)| owned).collect()).collect();
        Self { parts: strong_parts(rows.len(), |node| rows[node].iter().copied()), holds }
    }

    /// What each party holds of the company, 0 to 1, the company itself 1; and what passes through each.
    fn solve(&self, capped: &mut BTreeSet<usize>, circular: &mut BTreeSet<usize>) -> (Vec<Decimal>, Vec<Decimal>) {
        let mut found = vec![Decimal::ZERO; self.holds.len()];
        // Walks, which may come back to where they began; only those of the parts already solved are read.
        let mut walks = found.clone();
        for part in &self.parts {
            let from_outside: Vec<Decimal> = part.iter().map(|&node| self.sum_outside(node, part, &walks)).collect();
            let solved = self.solve_part(part, &from_outside, circular);
            for ((place, &node), &walk) in part.iter().enumerate().zip(&solved) {
                walks[node] = walk;
                let share = match part.len() {
                    _ if node == 0 => Decimal::ONE,
                    1 => from_outside[0],
                    2..=MOST_CIRCULAR => self.first_passage(part, place, &from_outside, circular),
                    _ => walk,
                };
                // A sum that rounding alone brings above the whole is the whole.
                if share.round_dp(DIGITS) > Decimal::ONE {
                    capped.insert(node);
                }
                found[node] = share.min(Decimal::ONE);
            }
        }
        (found, walks)
    }

    /// What the holdings of `node` outside of its own part come to.
    fn sum_outside(&self, node: usize, part: &[usize], walks: &[Decimal]) -> Decimal {
        let own = if node == 0 { Decimal::ONE } else { Decimal::ZERO };
        let outside = self.holds[node].iter().filter(|(owned, _)| part.binary_search(owned).is_err());
        own + outside.map(|&(owned, held)| held * walks[owned]).sum::<Decimal>()
    }

    fn solve_part(&self, part: &[usize], from_outside: &[Decimal], circular: &mut BTreeSet<usize>) -> Vec<Decimal> {
        let rows = self.rows(part);
        if rows.iter().all(Vec::is_empty) {
            return from_outside.to_vec();
        }
        let exact = (part.len() <= MOST_EXACT).then(|| eliminate(&rows, from_outside)).flatten();
        exact.unwrap_or_else(|| {
            if part.len() <= MOST_EXACT {
                circular.extend(part);
            }
            iterate(&rows, from_outside)
        })
    }

    /// What the party at `place` holds by chains that do not come back to it: no company is its own owner.
    fn first_passage(
        &self,
        part: &[usize],
        place: usize,
        from_outside: &[Decimal],
        circular: &mut BTreeSet<usize>,
    ) -> Decimal {
        let mut rows = self.rows(part);
        rows.iter_mut().for_each(|row| row.retain(|&(owned, _)| owned != place));
        eliminate(&rows, from_outside).unwrap_or_else(|| {
            circular.extend(part);
            iterate(&rows, from_outside)
        })[place]
    }

    /// The holdings within a part, by place in it.
    fn rows(&self, part: &[usize]) -> Vec<Vec<(usize, Decimal)>> {
        let within = |&(owned, held): &(usize, Decimal)| Some((part.binary_search(&owned).ok()?, held));
        part.iter().map(|&node| self.holds[node].iter().filter_map(within).collect()).collect()
    }
}

/// Solves y = Ay + b by elimination; `None` where the parties own each other altogether, so that there is no solution.
fn eliminate(rows: &[Vec<(usize, Decimal)>], constants: &[Decimal]) -> Option<Vec<Decimal>> {
    let size = rows.len();
    let mut matrix = vec![vec![Decimal::ZERO; size + 1]; size];
    for (at, row) in rows.iter().enumerate() {
        matrix[at][at] += Decimal::ONE;
        row.iter().for_each(|&(owned, held)| matrix[at][owned] -= held);
        matrix[at][size] = constants[at];
    }
    for pivot in 0..size {
        // What everybody holds of a company is no more than the whole, so that no other pivot would be better.
        if matrix[pivot][pivot] < LEAST_PIVOT {
            return None;
        }
        let (above, below) = matrix.split_at_mut(pivot + 1);
        let row = &above[pivot];
        for other in below.iter_mut().filter(|other| !other[pivot].is_zero()) {
            let factor = other[pivot] / row[pivot];
            (pivot..=size).for_each(|column| other[column] -= factor * row[column]);
        }
    }
    let mut solution = vec![Decimal::ZERO; size];
    for at in (0..size).rev() {
        let known: Decimal = (at + 1..size).map(|column| matrix[at][column] * solution[column]).sum();
        solution[at] = (matrix[at][size] - known) / matrix[at][at];
    }
    Some(solution)
}

/// The same by iteration from nothing, no party ever holding more than the whole: what an endless circle adds up to
/// stops there. Companies that own each other altogether and that nobody else owns stay at nothing.
fn iterate(rows: &[Vec<(usize, Decimal)>], constants: &[Decimal]) -> Vec<Decimal> {
    let rows: Vec<Vec<(usize, f64)>> =
        rows.iter().map(|row| row.iter().map(|&(owned, held)| (owned, float(held))).collect()).collect();
    let constants: Vec<f64> = constants.iter().copied().map(float).collect();
    let mut found = vec![0.0; rows.len()];
    for _ in 0..MOST_ROUNDS {
        let mut moved: f64 = 0.0;
        for (at, row) in rows.iter().enumerate() {
            let sum = constants[at] + row.iter().map(|&(owned, held)| found[owned] * held).sum::<f64>();
            let sum = if constants[at] > 1.0 - STILL { sum } else { sum.min(1.0) };
            // The company itself, whose chains run through it again and again, may count more than once.
            let sum = sum.min(1e9);
            moved = moved.max((sum - found[at]).abs());
            found[at] = sum;
        }
        if moved < STILL {
            break;
        }
    }
    found.into_iter().map(|share| Decimal::try_from(share).unwrap_or(Decimal::ONE)).collect()
}

fn float(decimal: Decimal) -> f64 {
    // Twelve digits and more survive.
    f64::try_from(decimal).unwrap_or(0.0)
}

/// Whether the least and the greatest share of each party is itself excluded: where a chain that adds to it has an end
/// that is.
fn open_ends(upstream: &Upstream) -> [Vec<bool>; 2] {
    let spread = |adds: fn(&Share) -> bool, open: fn(&Share) -> bool| {
        let mut counts = vec![false; upstream.parties.len()];
        let mut is_open = counts.clone();
        counts[0] = true;
        loop {
            let mut changed = false;
            for Stake { owner, owned, share, .. } in &upstream.stakes {
                let (owner, owned) = (*owner as usize, *owned as usize);
                if !adds(share) || !counts[owned] || owner == 0 {
                    continue;
                }
                let opens = open(share) || is_open[owned];
                changed |= !counts[owner] || (opens && !is_open[owner]);
                counts[owner] = true;
                is_open[owner] |= opens;
            }
            if !changed {
                return is_open;
            }
        }
    };
    // An open least share of nothing ("holds some") still adds something.
    let below = spread(|share| share.min > Decimal::ZERO || share.min_exclusive, |share| share.min_exclusive);
    [below, spread(|share| share.max > Decimal::ZERO, |share| share.max_exclusive)]
}

/// How much of every party `owners` hold together, effectively, 0 to 1, by the least shares that are told; of an owner
/// itself 1. One pass over all holdings, near linear in their number.
pub fn held_together(structure: &Structure, owners: &[Node]) -> Vec<f64> {
    let parties = structure.parties.len();
    let mut held = vec![0.0; parties];
    let mut is_owner = vec![false; parties];
    for &owner in owners {
        held[owner as usize] = 1.0;
        is_owner[owner as usize] = true;
    }
    let stakes = structure.stakes();
    let mut starts = vec![0; parties + 1];
    stakes.iter().for_each(|stake| starts[stake.owned as usize + 1] += 1);
    (0..parties).for_each(|at| starts[at + 1] += starts[at]);
    let holders: Vec<(u32, f64)> = stakes.iter().map(|stake| (stake.owner, float(stake.share.min) / 100.0)).collect();
    let row = |node: usize| &holders[starts[node]..starts[node + 1]];
    let sum = |held: &[f64], node: usize| {
        row(node).iter().map(|&(owner, part)| held[owner as usize] * part).sum::<f64>().min(1.0)
    };
    // From the owned to the owner: the parts come owners first.
    for part in strong_parts(parties, |node| row(node).iter().map(|&(owner, _)| owner as usize)) {
        for _ in 0..MOST_ROUNDS {
            let mut moved: f64 = 0.0;
            for &node in part.iter().filter(|&&node| !is_owner[node]) {
                let share = sum(&held, node);
                moved = moved.max((share - held[node]).abs());
                held[node] = share;
            }
            let holds_itself = part.len() > 1 || row(part[0]).iter().any(|&(owner, _)| owner as usize == part[0]);
            if moved < STILL || !holds_itself {
                break;
            }
        }
    }
    held
}

/// The strongly connected parts, each sorted, one that is led to before those that lead to it (Tarjan's algorithm, with
/// a stack of its own, for chains are long).
fn strong_parts<I: Iterator<Item = usize>>(nodes: usize, next: impl Fn(usize) -> I) -> Vec<Vec<usize>> {
    const UNSEEN: usize = usize::MAX;
    let mut order = vec![UNSEEN; nodes];
    let mut low = vec![0; nodes];
    let mut is_open = vec![false; nodes];
    let (mut count, mut open, mut parts) = (0, Vec::new(), Vec::new());
    let mut path: Vec<(usize, I)> = Vec::new();
    for root in 0..nodes {
        if order[root] != UNSEEN {
            continue;
        }
        let mut entered = Some(root);
        loop {
            if let Some(node) = entered.take() {
                (order[node], low[node]) = (count, count);
                count += 1;
                is_open[node] = true;
                open.push(node);
                path.push((node, next(node)));
            }
            let Some((node, targets)) = path.last_mut() else { break };
            let node = *node;
            match targets.next() {
                Some(target) if order[target] == UNSEEN => entered = Some(target),
                Some(target) if is_open[target] => low[node] = low[node].min(order[target]),
                Some(_) => {}
                None => {
                    path.pop();
                    if let Some((before, _)) = path.last() {
                        low[*before] = low[*before].min(low[node]);
                    }
                    if low[node] == order[node] {
                        let start = open.iter().rposition(|&member| member == node).unwrap_or(0);
                        let mut part = open.split_off(start);
                        part.iter().for_each(|&member| is_open[member] = false);
                        part.sort_unstable();
                        parts.push(part);
                    }
                }
            }
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use petgraph::graph::{DiGraph, NodeIndex};
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;
    use crate::owners::structure::Party;

    type Tie = (u32, u32, Option<(u32, u32)>);

    /// Companies that hold each other in circles, parties that hold one thing by several ties, themselves, or nobody
    /// knows how much of something.
    fn structures() -> impl Strategy<Value = (usize, Vec<Tie>)> {
        (2_usize..9).prop_flat_map(|parties| {
            let node = 0..parties as u32;
            let share = prop_oneof![
                1 => Just(None),
                3 => (0_u32..4000).prop_map(|least| Some((least, least))),
                1 => (0_u32..2000, 0_u32..2000).prop_map(|(least, more)| Some((least, least + more))),
            ];
            (Just(parties), vec((node.clone(), node, share), 0..20))
        })
    }

    /// Hundredths of a percent, made so small that nobody sells more than the whole.
    fn structure(parties: usize, ties: &[Tie], with_unknown: bool) -> Structure {
        let most = |owned: u32| {
            let of_owned = ties.iter().filter(|tie| tie.1 == owned);
            of_owned.map(|tie| tie.2.map_or(0, |(_, most)| most)).sum::<u32>().max(9_900)
        };
        let stakes = ties.iter().filter(|tie| with_unknown || tie.2.is_some()).map(|&(owner, owned, share)| {
            let part = |figure: u32| Decimal::new((figure * 9_900 / most(owned)).into(), 2);
            let share = share.map(|(least, most)| (part(least), part(most)));
            let told = share.map(|(min, max)| Share { min, max, min_exclusive: false, max_exclusive: false });
            let share = told.unwrap_or_else(crate::owners::structure::unknown_share);
            Stake { owner, owned, share, has_figure: true, indirect: false }
        });
        Structure::new(vec![Party::Company; parties], stakes.collect(), Vec::new(), Vec::new())
    }

    /// What `owner` holds of `company` by a dense elimination with pivots in floating point over all parties; nothing
    /// that is held of the owner counts.
    fn dense(structure: &Structure, owner: usize, company: usize, end: fn(&Share) -> Decimal) -> f64 {
        let size = structure.parties.len();
        let mut matrix = vec![vec![0.0; size + 1]; size];
        for (at, row) in matrix.iter_mut().enumerate() {
            row[at] = 1.0;
        }
        matrix[owner][size] = 1.0;
        for stake in structure.stakes().iter().filter(|stake| stake.owned as usize != owner) {
            matrix[stake.owned as usize][stake.owner as usize] -= float(end(&stake.share)) / 100.0;
        }
        for pivot in 0..size {
            let best =
                (pivot..size).max_by(|&a, &b| matrix[a][pivot].abs().total_cmp(&matrix[b][pivot].abs())).unwrap();
            matrix.swap(pivot, best);
            let row = matrix[pivot].clone();
            for (_, other) in matrix.iter_mut().enumerate().filter(|(at, _)| *at != pivot) {
                let factor = other[pivot] / row[pivot];
                other.iter_mut().zip(&row).for_each(|(value, part)| *value -= factor * part);
            }
        }
        matrix[company][size] / matrix[company][company]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn shares_equal_a_dense_solution((parties, ties) in structures()) {
            let structure = structure(parties, &ties, false);
            for company in 0..parties {
                let upstream = Upstream::of(&structure, company as Node);
                let found = Effective::of(&upstream);
                for (at, &party) in upstream.parties.iter().enumerate().skip(1) {
                    for (end, share) in [(dense(&structure, party as usize, company, |share| share.min), found.shares[at].min),
                                         (dense(&structure, party as usize, company, |share| share.max), found.shares[at].max)] {
                        prop_assert!((end * 100.0 - float(share)).abs() < 1e-9, "{party} of {company}: {end} {share}");
                    }
                }
                // Who is not above the company holds nothing.
                for party in (0..parties).filter(|&party| upstream.number(party as Node).is_none()) {
                    prop_assert!(dense(&structure, party, company, |share| share.max).abs() < 1e-12);
                }
            }
        }

        #[test]
        fn nobody_holds_more_than_the_whole((parties, ties) in structures()) {
            let structure = structure(parties, &ties, true);
            let upstream = Upstream::of(&structure, 0);
            for share in Effective::of(&upstream).shares {
                prop_assert!(Decimal::ZERO <= share.min && share.min <= share.max && share.max <= Decimal::ONE_HUNDRED);
            }
        }

        #[test]
        fn what_one_holds_of_everything_is_what_it_holds_of_each((parties, ties) in structures()) {
            let structure = structure(parties, &ties, false);
            let all = held_together(&structure, &[0]);
            for (company, held) in all.iter().enumerate().skip(1) {
                let alone = dense(&structure, 0, company, |share| share.min);
                prop_assert!((held - alone).abs() < 1e-9, "{held} {alone}");
            }
        }

        #[test]
        fn strong_parts_are_those_of_petgraph(edges in vec((0_u32..12, 0_u32..12), 0..40)) {
            let mut graph = DiGraph::<(), ()>::new();
            (0..12).for_each(|_| _ = graph.add_node(()));
            edges.iter().for_each(|&(a, b)| _ = graph.add_edge(a.into(), b.into(), ()));
            let next = |node: usize| edges.iter().filter(move |edge| edge.0 as usize == node).map(|edge| edge.1 as usize);
            let found = strong_parts(12, next);
            let place = |node: u32| found.iter().position(|part| part.contains(&(node as usize))).unwrap();
            prop_assert!(edges.iter().all(|&(a, b)| place(b) <= place(a)));
            let sorted = |mut parts: Vec<Vec<usize>>| { parts.iter_mut().for_each(|part| part.sort_unstable()); parts.sort(); parts };
            let known = petgraph::algo::kosaraju_scc(&graph).into_iter();
            let known = known.map(|part| part.into_iter().map(NodeIndex::index).collect()).collect();
            prop_assert_eq!(sorted(found), sorted(known));
        }
    }
}
