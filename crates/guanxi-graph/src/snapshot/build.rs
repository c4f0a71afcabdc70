//! Facts to edges, through the projection of each predicate; entities to nodes, neighbours near one another.
//!
//! A fact is let go of as soon as its row and its record are written, so that the facts of a large store never stand in
//! memory together.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ops::Range;
use std::sync::Arc;

use guanxi_model::schema::{Edge, EdgeKind};
use guanxi_model::{Decimal, Entity, EntityId, Fact, Qualifier, QualifierValue, Qualifiers, Schema, Share};
use rustc_hash::FxHashMap;
use zerocopy::IntoBytes;

use super::columns::flags;
use super::image::{Contents, Image, Key};
use super::records::{Places, Written, id};
use super::{NO_HOME, Tables, sparse};
use crate::jurisdiction::{Jurisdictions, Unions};

/// Edges between entities, still in the order in which their facts came.
#[derive(Default)]
pub(crate) struct Draft {
    rows: Vec<Row>,
    records: Written,
    /// Predicates by the numbers that rows know them by.
    predicates: Vec<(Arc<str>, Edge)>,
    /// Facts that tell where somebody is at home.
    seats: Vec<Fact>,
}

/// Takes facts one after the other.
pub(crate) struct Drafting<'a> {
    schema: &'a Schema,
    /// Of entities sorted by id.
    places: FxHashMap<&'a EntityId, u32>,
    numbers: FxHashMap<Arc<str>, u16>,
    draft: Draft,
}

/// A fact as an arrow.
struct Row {
    /// As places in the list of entities, then as numbers of nodes.
    from: u32,
    to: u32,
    /// In the order of their coming, then by name.
    predicate: u16,
    flags: u16,
    confidence: u16,
    support: u8,
    publishers: u8,
    share: Option<[u32; 2]>,
    valid_from: Option<i32>,
    valid_to: Option<i32>,
    /// Where the record begins.
    record: usize,
    length: u32,
}

impl Row {
    fn record(&self) -> Range<usize> {
        self.record..self.record + self.length as usize
    }
}

impl<'a> Drafting<'a> {
    /// `entities` are sorted by id; facts whose ends are none of them are left out.
    pub fn of(entities: &'a [Entity], schema: &'a Schema) -> Self {
        let places = entities.iter().map(|entity| &entity.id).zip(0..).collect();
        Self { schema, places, numbers: FxHashMap::default(), draft: Draft::default() }
    }

    /// Notes that somebody is at home where this fact says, if it is one that tells such a thing and `is_plain`; and draws
    /// its edge.
    pub fn push(&mut self, fact: &Fact, is_plain: bool) {
        let Self { schema, places, numbers, draft } = self;
        let ends = places.get(&fact.subject).zip(fact.object.entity().and_then(|object| places.get(object)));
        let Some((&subject, &object)) = ends else { return };
        let number = *numbers.entry(fact.predicate.clone()).or_insert_with(|| {
            draft.predicates.push((fact.predicate.clone(), projection(&fact.predicate, schema)));
            (draft.predicates.len() - 1) as u16
        });
        draft.push(fact, subject, object, number);
        if is_plain && Jurisdictions::are_told_by(fact) {
            draft.seats.push(fact.clone());
        }
    }

    pub fn done(self) -> Draft {
        self.draft
    }
}

impl Draft {
    fn push(&mut self, fact: &Fact, subject: u32, object: u32, predicate: u16) {
        let edge = self.predicates[usize::from(predicate)].1;
        let share = stated_share(&fact.qualifiers).or(edge.default_share);
        let (from, to) = if edge.from_object { (object, subject) } else { (subject, object) };
        let record = self.records.push_fact(fact, !edge.from_object);
        self.rows.push(Row {
            from,
            to,
            predicate,
            flags: flags(fact, share.as_ref()),
            confidence: fact.confidence.thousandths(),
            support: u8::try_from(fact.support).unwrap_or(u8::MAX),
            publishers: u8::try_from(fact.publishers).unwrap_or(u8::MAX),
            share: share.map(|share| [fixed(share.min), fixed(share.max)]),
            valid_from: fact.validity.from.map(|from| from.first_day().days_since_epoch()),
            valid_to: fact.validity.to.map(|to| to.last_day().days_since_epoch()),
            record: record.start,
            length: u32::try_from(record.len()).expect("a record has less than 4 GiB"),
        });
    }

    /// The image of these edges between `entities`, which are those that they were drawn between.
    pub(super) fn image(mut self, entities: &[Entity], unions: Unions, key: &Key) -> Image {
        let by_rank = numbers(entities.len(), &self.rows);
        self.sort(&by_rank);
        let Self { rows, records, predicates, seats } = self;
        let jurisdictions = Jurisdictions::of(entities, seats.iter(), unions);
        let mut ranks = vec![0_u32; entities.len()];
        for (rank, node) in by_rank.iter().enumerate() {
            ranks[*node as usize] = rank as u32;
        }

        let classes: BTreeSet<Arc<str>> = entities.iter().map(|entity| entity.class.clone()).collect();
        let homes = (0..entities.len()).filter_map(|position| jurisdictions.country(position));
        let homes: BTreeSet<String> = homes.map(str::to_owned).collect();
        let place_of_home: BTreeMap<&str, u16> = homes.iter().map(String::as_str).zip(0..).collect();
        let place_of = |position: usize| {
            let home = jurisdictions.country(position);
            home.and_then(|home| place_of_home.get(home)).copied().unwrap_or(NO_HOME)
        };
        let class_of: BTreeMap<&Arc<str>, u16> = classes.iter().zip(0..).collect();
        let (mut class_column, mut home_column) = (Vec::new(), Vec::new());
        let (mut entity_records, mut entity_places) = (Written::default(), Places::default());
        for rank in &ranks {
            let entity = &entities[*rank as usize];
            class_column.push(class_of[&entity.class]);
            home_column.push(place_of(*rank as usize));
            entity_places.push(entity_records.push_entity(entity).len());
        }
        let mut fact_places = Places::default();
        rows.iter().for_each(|row| fact_places.push(row.length as usize));

        let column = |of: fn(&Row) -> u16| -> Vec<u16> { rows.iter().map(of).collect() };
        let ends = |of: fn(&Row) -> u32| -> Vec<u32> { rows.iter().map(of).collect() };
        let (sources, targets) = (ends(|row| row.from), ends(|row| row.to));
        let reverse = Reverse::of(entities.len(), &sources, &targets);
        let other_than_one = |number: u8| (number != 1).then_some(number);
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
                &starts(entities.len(), &sources).as_bytes(),
                &targets.as_bytes(),
                &reverse.starts.as_bytes(),
                &reverse.sources.as_bytes(),
                &reverse.edges.as_bytes(),
                &column(|row| row.predicate).as_bytes(),
                &column(|row| row.flags).as_bytes(),
                &column(|row| row.confidence).as_bytes(),
                &&*sparse::written(rows.iter().map(|row| row.share.map(|[min, _]| min))),
                &&*sparse::written(
                    rows.iter().map(|row| row.share.filter(|[min, max]| min != max).map(|[_, max]| max)),
                ),
                &&*sparse::written(rows.iter().map(|row| row.valid_from)),
                &&*sparse::written(rows.iter().map(|row| row.valid_to)),
                &&*sparse::written(rows.iter().map(|row| other_than_one(row.support))),
                &&*sparse::written(rows.iter().map(|row| other_than_one(row.publishers))),
                &ranks.as_bytes(),
                &by_rank.as_bytes(),
                &class_column.as_bytes(),
                &home_column.as_bytes(),
                &&*tables,
                &entity_places.blocks.as_bytes(),
                &entity_places.ends.as_bytes(),
                &&*entity_records.bytes,
                &fact_places.blocks.as_bytes(),
                &fact_places.ends.as_bytes(),
                &Sorted { rows: &rows, records: &records.bytes },
            ],
        )
    }

    /// By where edges start and end, as nodes are numbered, then by name of the predicate, then by id of the fact.
    fn sort(&mut self, by_rank: &[u32]) {
        let mut by_name: Vec<u16> = (0..self.predicates.len() as u16).collect();
        by_name.sort_by_key(|number| self.predicates[usize::from(*number)].0.clone());
        let mut names = vec![0; by_name.len()];
        by_name.iter().zip(0..).for_each(|(number, name)| names[usize::from(*number)] = name);
        self.predicates.sort_by(|(a, _), (b, _)| a.cmp(b));
        for row in &mut self.rows {
            (row.from, row.to) = (by_rank[row.from as usize], by_rank[row.to as usize]);
            row.predicate = names[usize::from(row.predicate)];
        }
        let records = &self.records.bytes;
        self.rows.sort_unstable_by(|a, b| {
            let ends = |row: &Row| (row.from, row.to, row.predicate);
            ends(a).cmp(&ends(b)).then_with(|| id(&records[a.record()]).cmp(id(&records[b.record()])))
        });
    }
}

/// The records of rows, in the order of these.
struct Sorted<'a> {
    rows: &'a [Row],
    records: &'a [u8],
}

impl Contents for Sorted<'_> {
    fn size(&self) -> usize {
        self.records.len()
    }

    fn write(&self, mut out: &mut [u8]) {
        for row in self.rows {
            let (place, rest) = out.split_at_mut(row.length as usize);
            place.copy_from_slice(&self.records[row.record()]);
            out = rest;
        }
    }
}

pub(super) fn projection(predicate: &str, schema: &Schema) -> Edge {
    let plain = Edge { from_object: false, kind: EdgeKind::Other, default_share: None };
    schema.predicate(predicate).and_then(|predicate| predicate.edge).unwrap_or(plain)
}

/// The number of each node, by its rank among ids: breadth first along edges either way, so that neighbours lie near
/// one another in memory.
fn numbers(nodes: usize, rows: &[Row]) -> Vec<u32> {
    const NONE: u32 = u32::MAX;
    let both_ways = || rows.iter().flat_map(|row| [[row.from, row.to], [row.to, row.from]]);
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

/// Of percent, cut to what fits; a share of more than the whole is nobody's.
fn fixed(percent: Decimal) -> u32 {
    let billionths = percent.checked_mul(Decimal::from(10_000_000)).map(|billionths| billionths.round());
    let fits = billionths.and_then(|billionths| u32::try_from(billionths).ok());
    fits.unwrap_or(if percent.is_sign_negative() { 0 } else { u32::MAX })
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
