//! How much of a company somebody holds.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A holding in percent, 0 to 100: exact (`min == max`) or an interval with open or closed ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Share {
    /// Least holding, percent.
    #[serde(with = "crate::packed::decimal")]
    pub min: Decimal,
    /// Greatest holding, percent.
    #[serde(with = "crate::packed::decimal")]
    pub max: Decimal,
    /// Whether `min` itself is excluded ("more than 50 %").
    pub min_exclusive: bool,
    /// Whether `max` itself is excluded ("less than 5 %").
    pub max_exclusive: bool,
}

impl Share {
    /// Exactly `percent`.
    pub fn exact(percent: Decimal) -> Self {
        Self { min: percent, max: percent, min_exclusive: false, max_exclusive: false }
    }

    /// The figure, where it is a single one.
    pub fn as_exact(&self) -> Option<Decimal> {
        (self.min == self.max).then_some(self.min)
    }

    /// A majority without a figure, (50, 100]: what `subsidiaryOf` alone tells.
    pub fn majority() -> Self {
        Self { min: Decimal::from(50), max: Decimal::ONE_HUNDRED, min_exclusive: true, max_exclusive: false }
    }
}

/// `25%`, or an interval as in mathematics: `(50, 100]`.
impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.as_exact() {
            Some(percent) => write!(f, "{}%", percent.normalize()),
            None => write!(
                f,
                "{}{}, {}{}",
                if self.min_exclusive { '(' } else { '[' },
                self.min.normalize(),
                self.max.normalize(),
                if self.max_exclusive { ')' } else { ']' },
            ),
        }
    }
}

/// The text is no share.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no share: write 25%, or an interval such as (50, 100]")]
pub struct ShareError(pub String);

impl FromStr for Share {
    type Err = ShareError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse(text).ok_or_else(|| ShareError(text.to_owned()))
    }
}

fn parse(text: &str) -> Option<Share> {
    if let Some(percent) = text.strip_suffix('%') {
        return percent.trim().parse().ok().map(Share::exact);
    }
    let (open, rest) = (text.chars().next()?, text.get(1..)?);
    let (inner, close) = (rest.get(..rest.len().checked_sub(1)?)?, rest.chars().last()?);
    let (min, max) = inner.split_once(',')?;
    let share = Share {
        min: min.trim().parse().ok()?,
        max: max.trim().parse().ok()?,
        min_exclusive: open == '(',
        max_exclusive: close == ')',
    };
    ("([".contains(open) && ")]".contains(close) && share.min <= share.max).then_some(share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn display_and_parse_agree() {
        for text in ["25%", "33.34%", "(50, 100]", "[18, 25)", "[0.5, 1]"] {
            assert_eq!(text.parse::<Share>().unwrap().to_string(), text);
        }
        for text in ["", "25", "%", "(50, 100", "[9, 3]", "é", "(é)"] {
            assert!(text.parse::<Share>().is_err(), "{text}");
        }
    }
}
