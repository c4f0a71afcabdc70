//! Facts to edges, through the projection of each predicate; entities to nodes, neighbours near one another.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use guanxi_model::schema::{Edge, EdgeKind};
use guanxi_model::{Decimal, Entity, EntityId, Fact, Qualifier, QualifierValue, Qualifiers, Schema, Share};
use zerocopy::IntoBytes;

use super::columns::Draft;
use super::image::{Image, Key};
use super::records::Written;
use super::{NO_HOME, Tables};
use crate::jurisdiction::Jurisdictions;

/// `entities` are sorted by id.
pub(super) fn build(
    entities: &[Entity],
    facts: Vec<Fact>,
    schema: &Schema,
    jurisdictions: Jurisdictions,
    key: &Key,
) -> Image {
    let arrows = arrows(entities, facts, schema);
    let by_rank = numbers(entities.len(), &arrows);
    let mut ranks = vec![0_u32; entities.len()];
    for (rank, node) in by_rank.iter().enumerate() {
        ranks[*node as usize] = rank as u32;
    }
    let predicates: BTreeMap<Arc<str>, Edge> =
        arrows.iter().map(|arrow| (arrow.fact.predicate.clone(), arrow.edge)).collect();
    let mut edges: Vec<([u32; 2], Arrow)> =
        arrows.into_iter().map(|arrow| (arrow.ends.map(|rank| by_rank[rank as usize]), arrow)).collect();
    edges.sort_by(|(a, one), (b, other)| {
        (a, &one.fact.predicate, &one.fact.id).cmp(&(b, &other.fact.predicate, &other.fact.id))
    });

    let classes: BTreeSet<Arc<str>> = entities.iter().map(|entity| entity.class.clone()).collect();
    let homes = (0..entities.len()).filter_map(|position| jurisdictions.country(position));
    let homes: BTreeSet<String> = homes.map(str::to_owned).collect();
    let place_of = |position: usize| {
        let home = jurisdictions.country(position);
        home.and_then(|home| homes.iter().position(|known| known == home)).map_or(NO_HOME, |place| place as u16)
    };
    let class_of: BTreeMap<&Arc<str>, u16> = classes.iter().zip(0..).collect();
    let (mut class_column, mut home_column, mut entity_records) = (Vec::new(), Vec::new(), Written::default());
    for rank in &ranks {
        let entity = &entities[*rank as usize];
        class_column.push(class_of[&entity.class]);
        home_column.push(place_of(*rank as usize));
        entity_records.push_entity(entity);
    }

    let number_of: BTreeMap<&Arc<str>, u16> = predicates.keys().zip(0..).collect();
    let (mut draft, mut fact_records) = (Draft::default(), Written::default());
    let (mut sources, mut targets) = (Vec::with_capacity(edges.len()), Vec::with_capacity(edges.len()));
    for ([from, to], arrow) in &edges {
        sources.push(*from);
        targets.push(*to);
        let share = stated_share(&arrow.fact.qualifiers).or(arrow.edge.default_share);
        draft.push(&arrow.fact, number_of[&arrow.fact.predicate], share);
        fact_records.push_fact(&arrow.fact, !arrow.edge.from_object);
    }
    let reverse = Reverse::of(entities.len(), &sources, &targets);
    let tables = Tables {
        predicates: predicates.iter().map(|(name, edge)| (name.to_string(), *edge)).collect(),
        classes: classes.iter().map(ToString::to_string).collect(),
        homes: homes.into_iter().collect(),
        unions: jurisdictions.into_unions(),
    };
    let tables = postcard::to_stdvec(&tables).expect("tables have nothing that cannot be written");
    Image::of(
        key,
        &[
            starts(entities.len(), &sources).as_bytes(),
            targets.as_bytes(),
            reverse.starts.as_bytes(),
            reverse.sources.as_bytes(),
            reverse.edges.as_bytes(),
            draft.predicates.as_bytes(),
            draft.flags.as_bytes(),
            draft.confidences.as_bytes(),
            draft.share_min.as_bytes(),
            draft.share_max.as_bytes(),
            draft.valid_from.as_bytes(),
            draft.valid_to.as_bytes(),
            &draft.support,
            &draft.publishers,
            ranks.as_bytes(),
            by_rank.as_bytes(),
            class_column.as_bytes(),
            home_column.as_bytes(),
            &tables,
            entity_records.ends.as_bytes(),
            &entity_records.bytes,
            fact_records.ends.as_bytes(),
            &fact_records.bytes,
        ],
    )
}

/// A fact as an arrow; its ends as places in the list of entities.
struct Arrow {
    ends: [u32; 2],
    edge: Edge,
    fact: Fact,
}

fn arrows(entities: &[Entity], facts: Vec<Fact>, schema: &Schema) -> Vec<Arrow> {
    let position = |id: &EntityId| entities.binary_search_by(|entity| entity.id.cmp(id)).ok().map(|at| at as u32);
    let arrow = |fact: Fact| {
        let (subject, object) = position(&fact.subject).zip(fact.object.entity().and_then(position))?;
        let edge = projection(&fact.predicate, schema);
        Some(Arrow { ends: if edge.from_object { [object, subject] } else { [subject, object] }, edge, fact })
    };
    facts.into_iter().filter_map(arrow).collect()
}

pub(super) fn projection(predicate: &str, schema: &Schema) -> Edge {
    let plain = Edge { from_object: false, kind: EdgeKind::Other, default_share: None };
    schema.predicate(predicate).and_then(|predicate| predicate.edge).unwrap_or(plain)
}

/// The number of each node, by its rank among ids: breadth first along edges either way, so that neighbours lie near
/// one another in memory.
fn numbers(nodes: usize, arrows: &[Arrow]) -> Vec<u32> {
    const NONE: u32 = u32::MAX;
    let both_ways = || arrows.iter().flat_map(|arrow| [arrow.ends, [arrow.ends[1], arrow.ends[0]]]);
    let sources: Vec<u32> = both_ways().map(|ends| ends[0]).collect();
    let starts = starts(nodes, &sources);
    let mut next = starts.clone();
    let mut neighbours = vec![0_u32; sources.len()];
    for [from, to] in both_ways() {
        neighbours[next[from as usize] as usize] = to;
        next[from as usize] += 1;
    }
    let mut numbers = vec![NONE; nodes];
    let (mut number, mut queue) = (0, VecDeque::new());
    for root in 0..nodes {
        if numbers[root] == NONE {
            numbers[root] = number;
            number += 1;
            queue.push_back(root);
        }
        while let Some(node) = queue.pop_front() {
            let row = &mut neighbours[starts[node] as usize..starts[node + 1] as usize];
            row.sort_unstable();
            for &neighbour in &*row {
                let place = &mut numbers[neighbour as usize];
                if *place == NONE {
                    *place = number;
                    number += 1;
                    queue.push_back(neighbour as usize);
                }
            }
        }
    }
    numbers
}

/// Edges by target.
struct Reverse {
    starts: Vec<u32>,
    sources: Vec<u32>,
    edges: Vec<u32>,
}

impl Reverse {
    /// Counting sort: each target's edges keep their order.
    fn of(nodes: usize, sources: &[u32], targets: &[u32]) -> Self {
        let starts = starts(nodes, targets);
        let mut next = starts.clone();
        let mut reverse = Self { starts, sources: vec![0; targets.len()], edges: vec![0; targets.len()] };
        for (edge, (source, target)) in sources.iter().zip(targets).enumerate() {
            let place = &mut next[*target as usize];
            reverse.sources[*place as usize] = *source;
            reverse.edges[*place as usize] = edge as u32;
            *place += 1;
        }
        reverse
    }
}

/// Where the edges of each node begin, with one more entry for the end: running totals of how often it occurs.
fn starts(nodes: usize, ends: &[u32]) -> Vec<u32> {
    let mut starts = vec![0; nodes + 1];
    for end in ends {
        starts[*end as usize + 1] += 1;
    }
    for node in 0..nodes {
        starts[node + 1] += starts[node];
    }
    starts
}

/// The share that qualifiers tell, in percent; of an interval, an end left open is 0 or 100.
pub fn stated_share(qualifiers: &Qualifiers) -> Option<Share> {
    let decimal = |qualifier| match qualifiers.get(&qualifier) {
        Some(QualifierValue::Decimal(percent)) => Some(*percent),
        _ => None,
    };
    let flag = |qualifier| qualifiers.get(&qualifier) == Some(&QualifierValue::Flag(true));
    if let Some(percent) = decimal(Qualifier::Percent) {
        return Some(Share::exact(percent));
    }
    let (min, max) = (decimal(Qualifier::PercentMin), decimal(Qualifier::PercentMax));
    if min.is_none() && max.is_none() {
        return None;
    }
    let share = Share {
        min: min.unwrap_or(Decimal::ZERO),
        max: max.unwrap_or(Decimal::ONE_HUNDRED),
        min_exclusive: flag(Qualifier::PercentMinExclusive),
        max_exclusive: flag(Qualifier::PercentMaxExclusive),
    };
    (share.min <= share.max).then_some(share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_read_from_qualifiers() {
        let share = |pairs: &[(Qualifier, QualifierValue)]| {
            stated_share(&pairs.iter().cloned().collect()).map(|share| share.to_string())
        };
        let percent = |number: i64| QualifierValue::Decimal(Decimal::from(number));
        assert_eq!(share(&[]), None);
        assert_eq!(share(&[(Qualifier::Percent, percent(25))]).as_deref(), Some("25%"));
        let above =
            [(Qualifier::PercentMin, percent(50)), (Qualifier::PercentMinExclusive, QualifierValue::Flag(true))];
        assert_eq!(share(&above).as_deref(), Some("(50, 100]"));
        assert_eq!(share(&[(Qualifier::PercentMax, percent(5))]).as_deref(), Some("[0, 5]"));
        assert_eq!(share(&[(Qualifier::PercentMin, percent(9)), (Qualifier::PercentMax, percent(5))]), None);
    }
}
