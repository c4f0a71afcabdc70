//! What is known of edges as columns of numbers, and which of them a walk may use.

use std::ops::Range;

use guanxi_model::{Basis, Confidence, Fact, PartialDate, Share, Status};

use super::image::{Image, Section};
use super::sparse::Sparse;

const BASES: [Basis; 3] = [Basis::Text, Basis::Reference, Basis::Derived];
const STATUS: u16 = 0b111;
const BASIS: u32 = 3;
const UNVERIFIED: u16 = 1 << 5;
const ENDED: u16 = 1 << 6;
const MIN_EXCLUSIVE: u16 = 1 << 7;
const MAX_EXCLUSIVE: u16 = 1 << 8;
const CONFLICT: u16 = 1 << 9;

/// The numbers of a snapshot as slices, for whoever walks it: nodes and edges are their numbers, 0 to below
/// [`Columns::node_count`] and [`Columns::edge_count`].
///
/// # Panics
/// Its methods panic where a number is none of this snapshot.
#[derive(Clone, Copy, Debug)]
pub struct Columns<'a> {
    out_starts: &'a [u32],
    targets: &'a [u32],
    in_starts: &'a [u32],
    sources: &'a [u32],
    in_edges: &'a [u32],
    predicates: &'a [u16],
    flags: &'a [u16],
    confidences: &'a [u16],
    share_min: Sparse<'a, u32>,
    /// Where it is not the least share.
    share_max: Sparse<'a, u32>,
    valid_from: Sparse<'a, i32>,
    valid_to: Sparse<'a, i32>,
    /// Where it is not 1.
    support: Sparse<'a, u8>,
    /// Where it is not 1.
    publishers: Sparse<'a, u8>,
}

/// A share in fixed point: [`ShareBounds::WHOLE`] is all of a company. [`super::EdgeView::share`] is exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShareBounds {
    /// Least share.
    pub min: u32,
    /// Greatest share.
    pub max: u32,
    /// Whether `min` itself is excluded.
    pub min_exclusive: bool,
    /// Whether `max` itself is excluded.
    pub max_exclusive: bool,
}

impl ShareBounds {
    /// 100 %: a billion.
    pub const WHOLE: u32 = 1_000_000_000;
}

impl<'a> Columns<'a> {
    pub(super) fn of(image: &'a Image) -> Self {
        let edges = image.numbers::<u32>(Section::Targets).len();
        Self {
            out_starts: image.numbers(Section::OutStarts),
            targets: image.numbers(Section::Targets),
            in_starts: image.numbers(Section::InStarts),
            sources: image.numbers(Section::Sources),
            in_edges: image.numbers(Section::InEdges),
            predicates: image.numbers(Section::Predicates),
            flags: image.numbers(Section::Flags),
            confidences: image.numbers(Section::Confidences),
            share_min: Sparse::of(image.bytes(Section::ShareMin), edges),
            share_max: Sparse::of(image.bytes(Section::ShareMax), edges),
            valid_from: Sparse::of(image.bytes(Section::ValidFrom), edges),
            valid_to: Sparse::of(image.bytes(Section::ValidTo), edges),
            support: Sparse::of(image.bytes(Section::Support), edges),
            publishers: Sparse::of(image.bytes(Section::Publishers), edges),
        }
    }

    /// Number of nodes.
    pub fn node_count(&self) -> usize {
        self.out_starts.len() - 1
    }

    /// Number of edges.
    pub fn edge_count(&self) -> usize {
        self.targets.len()
    }

    /// The edges that start at `node`: a run of numbers.
    pub fn out_edges(&self, node: u32) -> Range<usize> {
        let node = node as usize;
        self.out_starts[node] as usize..self.out_starts[node + 1] as usize
    }

    /// Where the edges of [`Columns::out_edges`] end, sorted.
    pub fn targets(&self, node: u32) -> &'a [u32] {
        &self.targets[self.out_edges(node)]
    }

    /// The edges that end at `node`.
    pub fn in_edges(&self, node: u32) -> &'a [u32] {
        &self.in_edges[self.in_range(node)]
    }

    /// Where the edges of [`Columns::in_edges`] start, sorted.
    pub fn sources(&self, node: u32) -> &'a [u32] {
        &self.sources[self.in_range(node)]
    }

    fn in_range(&self, node: u32) -> Range<usize> {
        let node = node as usize;
        self.in_starts[node] as usize..self.in_starts[node + 1] as usize
    }

    /// Where an edge starts; found by bisection.
    pub fn source(&self, edge: usize) -> u32 {
        (self.out_starts.partition_point(|start| *start as usize <= edge) - 1) as u32
    }

    /// Where an edge ends.
    pub fn target(&self, edge: usize) -> u32 {
        self.targets[edge]
    }

    /// Its predicate, as a number of [`super::Snapshot::predicates`].
    pub fn predicate(&self, edge: usize) -> u16 {
        self.predicates[edge]
    }

    /// Its status.
    pub fn status(&self, edge: usize) -> Status {
        Status::ALL[usize::from(self.flags[edge] & STATUS)]
    }

    /// What it rests on.
    pub fn basis(&self, edge: usize) -> Basis {
        BASES[usize::from(self.flags[edge] >> BASIS & 0b11)]
    }

    /// Whether it is a reference fact whose source nobody checked.
    pub fn is_unverified(&self, edge: usize) -> bool {
        self.flags[edge] & UNVERIFIED != 0
    }

    /// Whether it has ended, at a known time or not.
    pub fn has_ended(&self, edge: usize) -> bool {
        self.flags[edge] & ENDED != 0
    }

    /// Whether claims disagree on it.
    pub fn has_conflict(&self, edge: usize) -> bool {
        self.flags[edge] & CONFLICT != 0
    }

    /// Its confidence.
    pub fn confidence(&self, edge: usize) -> Confidence {
        Confidence::from_thousandths(self.confidences[edge])
    }

    /// The share that it tells, or that its predicate tells by itself ("subsidiary": a majority); rounded to a billionth.
    pub fn share(&self, edge: usize) -> Option<ShareBounds> {
        let flag = |flag| self.flags[edge] & flag != 0;
        self.share_min.get(edge).map(|min| ShareBounds {
            min,
            max: self.share_max.get(edge).unwrap_or(min),
            min_exclusive: flag(MIN_EXCLUSIVE),
            max_exclusive: flag(MAX_EXCLUSIVE),
        })
    }

    /// The first day on which it may hold, in days since 1970-01-01, where it is known.
    pub fn valid_from(&self, edge: usize) -> Option<i32> {
        self.valid_from.get(edge)
    }

    /// The last day on which it may hold, where it is known.
    pub fn valid_to(&self, edge: usize) -> Option<i32> {
        self.valid_to.get(edge)
    }

    /// Number of its claims; 255 stands for as many or more.
    pub fn support(&self, edge: usize) -> u8 {
        self.support.get(edge).unwrap_or(1)
    }

    /// Number of independent publishers of its claims; 255 stands for as many or more.
    pub fn publishers(&self, edge: usize) -> u8 {
        self.publishers.get(edge).unwrap_or(1)
    }
}

/// Which edges a walk may use: a view of the snapshot, for which nothing is built again.
#[derive(Clone, Debug)]
pub struct EdgeFilter {
    /// A bit for each status.
    statuses: u8,
    /// First and last day of what was asked for.
    as_of: Option<(i32, i32)>,
    min_confidence: u16,
    verified: bool,
    derived: bool,
    /// By number of predicate.
    predicates: Option<Vec<bool>>,
}

impl EdgeFilter {
    /// Edges of these statuses that have not ended. Who asks for asserted ones and for a day gets those that have ended
    /// since, too: they were asserted then.
    pub fn new(statuses: &[Status]) -> Self {
        let statuses = statuses.iter().fold(0, |bits, status| bits | 1 << (*status as u8));
        Self { statuses, as_of: None, min_confidence: 0, verified: false, derived: true, predicates: None }
    }

    /// Only those that may hold on this day, month or year; without, only those that have not ended.
    pub fn as_of(self, day: Option<PartialDate>) -> Self {
        let span = |day: PartialDate| (day.first_day().days_since_epoch(), day.last_day().days_since_epoch());
        Self { as_of: day.map(span), ..self }
    }

    /// Only those at least this sure.
    pub fn min_confidence(self, least: Confidence) -> Self {
        Self { min_confidence: least.thousandths(), ..self }
    }

    /// Whether reference facts whose source nobody checked are left out.
    pub fn verified(self, verified: bool) -> Self {
        Self { verified, ..self }
    }

    /// Whether derived facts may be used; yes.
    pub fn derived(self, derived: bool) -> Self {
        Self { derived, ..self }
    }

    /// Only predicates for which `wanted` says so, by their numbers in [`super::Snapshot::predicates`].
    pub fn predicates(self, snapshot: &super::Snapshot, wanted: impl Fn(&str) -> bool) -> Self {
        let predicates = snapshot.predicates().map(|(name, _)| wanted(name)).collect();
        Self { predicates: Some(predicates), ..self }
    }

    /// Whether a walk may use this edge.
    pub fn admits(&self, columns: &Columns<'_>, edge: usize) -> bool {
        let flags = columns.flags[edge];
        let status = flags & STATUS;
        let of_wanted = |status: u16| self.statuses >> status & 1 != 0;
        let has_ended_status = status == Status::Ended as u16;
        let holds = match self.as_of {
            // Who asks for what has ended means facts that hold no more.
            None => flags & ENDED == 0 || has_ended_status,
            Some((first, last)) => {
                columns.valid_from(edge).is_none_or(|from| from <= last)
                    && columns.valid_to(edge).map_or(flags & ENDED == 0, |to| first <= to)
            }
        };
        let was_asserted = has_ended_status && self.as_of.is_some() && of_wanted(Status::Asserted as u16);
        holds
            && (of_wanted(status) || was_asserted)
            && columns.confidences[edge] >= self.min_confidence
            && !(self.verified && flags & UNVERIFIED != 0)
            && (self.derived || flags >> BASIS & 0b11 != Basis::Derived as u16)
            && self.predicates.as_ref().is_none_or(|wanted| wanted[usize::from(columns.predicates[edge])])
    }
}

/// The flags of an edge.
pub(super) fn flags(fact: &Fact, share: Option<&Share>) -> u16 {
    let bit = |set: bool, bit: u16| if set { bit } else { 0 };
    let validity = &fact.validity;
    fact.status as u16
        | (fact.basis as u16) << BASIS
        | bit(fact.unverified, UNVERIFIED)
        | bit(validity.ended || validity.to.is_some() || fact.status == Status::Ended, ENDED)
        | bit(share.is_some_and(|share| share.min_exclusive), MIN_EXCLUSIVE)
        | bit(share.is_some_and(|share| share.max_exclusive), MAX_EXCLUSIVE)
        | bit(fact.conflict.is_some(), CONFLICT)
}
