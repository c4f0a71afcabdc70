//! What a claim says where its object is no entity.

use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::PartialDate;

/// How a figure in the text bounds the true one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Comparator {
    /// "less than", 不足
    Less,
    /// "up to", 至多
    AtMost,
    /// "about", 约
    About,
    /// The figure itself.
    #[default]
    Equal,
    /// "at least", 不少于
    AtLeast,
    /// "more than", 超过
    More,
}

impl Comparator {
    /// Every comparator.
    pub const ALL: [Self; 6] = [Self::Less, Self::AtMost, Self::About, Self::Equal, Self::AtLeast, Self::More];

    /// Its sign: `<`, `≤`, `≈`, `=`, `≥`, `>`.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::AtMost => "≤",
            Self::About => "≈",
            Self::Equal => "=",
            Self::AtLeast => "≥",
            Self::More => ">",
        }
    }

    /// The comparator with this sign.
    pub fn from_sign(sign: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|comparator| comparator.sign() == sign)
    }
}

/// An amount of money, exact.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money {
    /// In whole units of the currency: 1480000000 for "1.48 billion yuan".
    pub amount: Decimal,
    /// ISO 4217 code; absent where the text names none.
    pub currency: Option<String>,
    /// As written.
    pub raw: String,
    /// How the figure bounds the true amount.
    pub comparator: Comparator,
}

/// A bare number, exact.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Number {
    /// 300000000 for "300 million".
    pub number: Decimal,
    /// As written.
    pub raw: String,
    /// How the figure bounds the true number.
    pub comparator: Comparator,
}

/// The object of `raised`, `hasValuation`, `hasMetric`, `foundedOn`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// An amount of money.
    Money(Money),
    /// A count or ratio.
    Number(Number),
    /// A point in time.
    Date(PartialDate),
}

impl Value {
    /// What tells one event's value from another's, whatever its wording: `1480000000 CNY`, `300000000`, `2013`.
    pub fn key(&self) -> String {
        match self {
            Self::Money(money) => format!("{} {}", money.amount.normalize(), money.currency.as_deref().unwrap_or("?")),
            Self::Number(number) => number.number.normalize().to_string(),
            Self::Date(date) => date.to_string(),
        }
    }
}

/// For people: `1,480,000,000 CNY`, `> 20,000,000,000 USD`, `2013`.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bounded = |comparator: Comparator| match comparator {
            Comparator::Equal => String::new(),
            other => format!("{} ", other.sign()),
        };
        match self {
            Self::Money(money) => {
                write!(f, "{}{}", bounded(money.comparator), grouped(money.amount))?;
                money.currency.iter().try_for_each(|currency| write!(f, " {currency}"))
            }
            Self::Number(number) => write!(f, "{}{}", bounded(number.comparator), grouped(number.number)),
            Self::Date(date) => date.fmt(f),
        }
    }
}

fn grouped(number: Decimal) -> String {
    let plain = number.normalize().to_string();
    let (whole, fraction) =
        plain.split_once('.').map_or((plain.as_str(), None), |(whole, fraction)| (whole, Some(fraction)));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    let mut text = sign.to_owned();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    if let Some(fraction) = fraction {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_grouped() {
        for (plain, shown) in [
            ("1480000000", "1,480,000,000"),
            ("-1234.5", "-1,234.5"),
            ("7", "7"),
            ("100", "100"),
            ("208740000.10", "208,740,000.1"),
        ] {
            assert_eq!(grouped(plain.parse().unwrap()), shown);
        }
    }
}
