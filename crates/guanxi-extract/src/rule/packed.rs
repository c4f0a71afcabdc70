//! Rules in the form in which a binary holds them: what many patterns name, a word list above all, stands there once.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::compile::{Atom, Literal, Pattern, Rules, SlotKind, SlotSpec};

/// Rules whose patterns give their literals by number.
#[derive(Serialize, Deserialize)]
struct Packed {
    literals: Vec<Literal>,
    rules: Rules<u32>,
}

pub(crate) fn serialize<S: Serializer>(rules: &Rules, serializer: S) -> Result<S::Ok, S::Error> {
    let mut literals = Vec::new();
    let mut numbers: FxHashMap<Literal, u32> = FxHashMap::default();
    let rules = rules.clone().with_literals(&mut |literal| {
        *numbers.entry(literal).or_insert_with_key(|literal| {
            literals.push(literal.clone());
            literals.len() as u32 - 1
        })
    });
    Packed { literals, rules }.serialize(serializer)
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Rules, D::Error> {
    let Packed { literals, rules } = Packed::deserialize(deserializer)?;
    Ok(rules.with_literals(&mut |number| literals[number as usize].clone()))
}

impl<L> Rules<L> {
    fn with_literals<M>(self, other: &mut impl FnMut(L) -> M) -> Rules<M> {
        let Self { rules, patterns, anchors, verbs, verb_gate, things } = self;
        let patterns = patterns.into_iter().map(|pattern| pattern.with_literals(other)).collect();
        Rules { rules, patterns, anchors, verbs, verb_gate, things }
    }
}

impl<L> Pattern<L> {
    fn with_literals<M>(self, other: &mut impl FnMut(L) -> M) -> Pattern<M> {
        let Self { rule, atoms, anchor, rare, literals } = self;
        let atoms = atoms.into_iter().map(|atom| atom.with_literals(other)).collect();
        Pattern { rule, atoms, anchor, rare, literals }
    }
}

impl<L> Atom<L> {
    fn with_literals<M>(self, other: &mut impl FnMut(L) -> M) -> Atom<M> {
        match self {
            Self::Literal { literal, optional } => Atom::Literal { literal: other(literal), optional },
            Self::Gap { most, forbidden } => Atom::Gap { most, forbidden: other(forbidden) },
            Self::Slot(SlotSpec { index, kind, many, implied, named }) => {
                Atom::Slot(SlotSpec { index, kind: kind.with_literals(other), many, implied, named })
            }
            Self::Start => Atom::Start,
            Self::End => Atom::End,
        }
    }
}

impl<L> SlotKind<L> {
    fn with_literals<M>(self, other: &mut impl FnMut(L) -> M) -> SlotKind<M> {
        match self {
            Self::List(literal) => SlotKind::List(other(literal)),
            Self::Entity(classes) => SlotKind::Entity(classes),
            Self::Money => SlotKind::Money,
            Self::Percent => SlotKind::Percent,
            Self::Date => SlotKind::Date,
            Self::Number => SlotKind::Number,
            Self::NounPhrase => SlotKind::NounPhrase,
            Self::Words => SlotKind::Words,
            Self::Any => SlotKind::Any,
        }
    }
}
