//! Two that may be one, and what speaks for and against it.

use std::fmt::Display;

/// Something that speaks for or against two being one, with what it was found to be: `likeness 0.85`, `country CN, SG`.
pub(super) fn feature(name: &str, value: impl Display) -> String {
    format!("{name} {value}").trim_end().to_owned()
}

/// Strength of what people judged.
pub(super) const JUDGED: u16 = 1003;
/// Of a shared identifier.
pub(super) const IDENTIFIED: u16 = 1002;
/// Of a name that a document or a row gives two.
pub(super) const STATED: u16 = 1001;
/// Of a name and a firm that two persons share.
pub(super) const SAME_FIRM: u16 = 950;

/// Two bearers that may be one.
#[derive(Clone, Debug)]
pub(super) struct Pair {
    pub one: u32,
    pub other: u32,
    /// How strongly they are tied, above 1000 by something else than likeness.
    pub strength: u16,
    pub features: Vec<String>,
}

impl Pair {
    pub fn new(one: u32, other: u32, strength: u16, features: Vec<String>) -> Self {
        Self { one: one.min(other), other: one.max(other), strength, features }
    }
}
