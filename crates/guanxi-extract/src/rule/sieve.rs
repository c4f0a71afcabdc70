//! A look at a whole sentence before a pattern is tried: what the pattern demands on either side of its anchor must
//! stand there somewhere. Most attempts end here, at the cost of a few bits.

use std::cell::OnceCell;

use serde::{Deserialize, Serialize};

use super::compile::{Atom, Pattern, SlotKind};
use crate::classes::ClassSet;
use crate::units::{Clause, Mention, MentionKind};

/// Bits of quantities, above those of the classes.
const MONEY: u64 = 1 << 60;
const PERCENT: u64 = 1 << 61;
const NUMBER: u64 = 1 << 62;
const DATE: u64 = 1 << 63;

/// What a stretch of a sentence holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Held {
    /// Classes of its mentions, and which quantities.
    kinds: u64,
    /// One bit for each of its plain words, by hash; several words share one.
    words: u64,
}

impl Held {
    fn and(self, other: Self) -> Self {
        Self { kinds: self.kinds | other.kinds, words: self.words | other.words }
    }
}

/// What a sentence holds, as a whole and before and behind each unit.
pub(crate) struct Sieve<'c> {
    clause: &'c Clause<'c>,
    /// At least what it holds: the words of its names are among them.
    whole: Held,
    /// Asked for by the first pattern that the whole does not refuse.
    sides: OnceCell<Sides>,
}

impl<'c> Sieve<'c> {
    pub(crate) fn new(clause: &'c Clause<'c>) -> Self {
        let kinds = clause
            .mentions
            .iter()
            .zip(clause.classes)
            .fold(0, |bits, (mention, classes)| bits | kinds(mention, *classes));
        let words = clause.all_tokens().iter().fold(0, |bits, token| bits | bit(token.hash));
        Self { clause, whole: Held { kinds, words }, sides: OnceCell::new() }
    }

    /// Whether it holds a mention of one of these kinds; of all kinds, whether or not it holds any.
    pub(crate) fn holds(&self, kinds: u64) -> bool {
        kinds == u64::MAX || kinds & self.whole.kinds != 0
    }

    /// Whether a pattern may fit that has its anchor at a unit.
    #[inline]
    pub(crate) fn passes(&self, unit: usize, needs: &Needs) -> bool {
        needs.before.are_met(self.whole)
            && needs.behind.are_met(self.whole)
            && self.sides.get_or_init(|| Sides::of(self.clause)).pass(unit, needs)
    }
}

/// What a sentence holds before and behind each unit.
struct Sides {
    /// For each unit, what stands before it.
    before: Vec<Held>,
    /// For each unit, what stands in it and behind.
    behind: Vec<Held>,
}

impl Sides {
    fn of(clause: &Clause<'_>) -> Self {
        let mut behind: Vec<Held> = (0..clause.units.len()).map(|unit| held(clause, unit)).collect();
        behind.push(Held::default());
        let mut before = Vec::with_capacity(behind.len());
        let mut so_far = Held::default();
        for &here in &behind {
            before.push(so_far);
            so_far = so_far.and(here);
        }
        for unit in (0..clause.units.len()).rev() {
            behind[unit] = behind[unit].and(behind[unit + 1]);
        }
        Self { before, behind }
    }

    fn pass(&self, unit: usize, needs: &Needs) -> bool {
        needs.before.are_met(self.before[unit]) && needs.behind.are_met(self.behind[unit + 1])
    }
}

fn held(clause: &Clause<'_>, unit: usize) -> Held {
    let kinds = clause.mention(unit).map_or(0, |(index, mention)| kinds(mention, clause.classes[index as usize]));
    let words = clause.plain_words(unit).into_iter().flatten().fold(0, |bits, token| bits | bit(token.hash));
    Held { kinds, words }
}

fn kinds(mention: &Mention, classes: ClassSet) -> u64 {
    match mention.kind {
        MentionKind::Name { .. } | MentionKind::Nominal { .. } => classes.bits(),
        MentionKind::Money(_) => MONEY,
        MentionKind::Percent(_) => PERCENT,
        MentionKind::Number(_) => NUMBER,
        MentionKind::Date(_) => DATE,
    }
}

/// The bit of a word.
pub(super) fn bit(hash: u64) -> u64 {
    1 << (hash.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 58)
}

/// What a pattern demands beside its anchor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Needs {
    before: Side,
    behind: Side,
}

/// Of each pair of bits at least one must be held; a demand without bits is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Side {
    kinds: [u64; 2],
    words: [u64; 2],
}

impl Needs {
    /// Kinds of mentions of which the pattern demands at least one: the fewest that are known.
    pub(crate) fn kinds(&self) -> u64 {
        let demands = [self.before.kinds[0], self.behind.kinds[0]];
        demands.into_iter().filter(|&kinds| kinds != 0).min_by_key(|kinds| kinds.count_ones()).unwrap_or(u64::MAX)
    }

    pub(crate) fn of(pattern: &Pattern) -> Self {
        let anchor = pattern.anchor as usize;
        Self { before: Side::of(&pattern.atoms[..anchor]), behind: Side::of(&pattern.atoms[anchor + 1..]) }
    }
}

impl Side {
    fn of(atoms: &[Atom]) -> Self {
        let mut side = Self::default();
        for atom in atoms {
            match atom {
                Atom::Literal { literal, optional: false } => demand(&mut side.words, literal.first_bits),
                Atom::Slot(slot) if !slot.implied => match &slot.kind {
                    SlotKind::Entity(classes) => demand(&mut side.kinds, classes.bits()),
                    SlotKind::Money => demand(&mut side.kinds, MONEY),
                    SlotKind::Percent => demand(&mut side.kinds, PERCENT),
                    SlotKind::Number => demand(&mut side.kinds, NUMBER),
                    SlotKind::Date => demand(&mut side.kinds, DATE),
                    SlotKind::Any => demand(&mut side.kinds, MONEY | PERCENT | NUMBER),
                    SlotKind::List(literal) => demand(&mut side.words, literal.first_bits),
                    SlotKind::NounPhrase | SlotKind::Words => {}
                },
                _ => {}
            }
        }
        side
    }

    #[inline]
    fn are_met(&self, held: Held) -> bool {
        let met = |wanted: u64, held: u64| wanted == 0 || wanted & held != 0;
        met(self.kinds[0], held.kinds)
            && met(self.words[0], held.words)
            && met(self.kinds[1], held.kinds)
            && met(self.words[1], held.words)
    }
}

/// Keeps the two demands that are hardest to meet, the hardest first.
fn demand(demands: &mut [u64; 2], wanted: u64) {
    let hardness = |bits: u64| if bits == 0 { u32::MAX } else { bits.count_ones() };
    let mut all = [demands[0], demands[1], wanted];
    all.sort_by_key(|&bits| hardness(bits));
    demands.copy_from_slice(&all[..2]);
}
