//! Figures as a reader checks them: powers of ten between two of them, and how exactly each was told.

use std::ops::Range;

use guanxi_model::{Comparator, Decimal, Meant, Mention, Money, Number, PartialDate, Passage, Share, Value};

/// The n of `big = small × 10^n`, if it is exactly that and n is not 0.
pub(super) fn power_of_ten(small: Decimal, big: Decimal) -> Option<u32> {
    if small <= Decimal::ZERO || big <= small {
        return None;
    }
    let mut power = 0;
    let mut scaled = small;
    while scaled < big {
        scaled = scaled.checked_mul(Decimal::TEN)?;
        power += 1;
    }
    (scaled == big).then_some(power)
}

/// Number of digits that say something: 2 of 31,000,000, 3 of 1.48.
pub(super) fn digits(number: Decimal) -> usize {
    let digits = number.abs().normalize().mantissa().to_string();
    digits.trim_end_matches('0').len()
}

/// What a slip by this power of ten usually comes from.
pub(super) fn usual_cause(power: u32) -> &'static str {
    match power {
        1 => "亿 is 100 million, a tenth of a billion; crore is 10 million",
        2 => "a lakh is 100,000, a tenth of a million; a crore is 10 million, a hundredth of a billion",
        3 => "thousand, million and billion are a thousand apart",
        4 => "万 is 10,000, and 亿 is 10,000 万",
        5 => "a lakh is 100,000",
        6 => "million taken for billion twice, or a unit left out",
        7 => "a crore is 10 million",
        8 => "亿 is 100 million",
        _ => "a unit left out",
    }
}

/// A figure told in a sentence.
#[derive(Clone, Debug)]
pub(super) struct Figure<'a> {
    pub mention: &'a Mention,
    pub amount: Decimal,
    /// ISO code; `None` of a bare number, or where none is told.
    pub currency: Option<&'a str>,
    pub comparator: Comparator,
}

impl Figure<'_> {
    /// The least and the greatest number that this wording may round.
    pub fn bounds(&self) -> (f64, f64) {
        bounds(self.amount, self.comparator)
    }
}

/// The money and the numbers of a sentence, in order.
pub(super) fn figures(passage: &Passage) -> Vec<Figure<'_>> {
    let figure = |mention| match &mention_value(mention)? {
        Value::Money(Money { amount, currency, comparator, .. }) => {
            Some(Figure { mention, amount: *amount, currency: currency.as_deref(), comparator: *comparator })
        }
        Value::Number(Number { number, comparator, .. }) => {
            Some(Figure { mention, amount: *number, currency: None, comparator: *comparator })
        }
        Value::Date(_) => None,
    };
    passage.mentions.iter().filter_map(figure).collect()
}

/// The percentages of a sentence, in order.
pub(super) fn percentages(passage: &Passage) -> Vec<(&Mention, Share)> {
    let shares = passage.mentions.iter().filter_map(|mention| match mention.meant {
        Meant::Share(share) => Some((mention, share)),
        _ => None,
    });
    shares.collect()
}

/// The dates of a sentence, in order.
pub(super) fn dates(passage: &Passage) -> impl Iterator<Item = PartialDate> {
    dates_with_places(passage).into_iter().map(|(_, date)| date)
}

/// The dates of a sentence with the bytes that they stand in, in order.
pub(super) fn dates_with_places(passage: &Passage) -> Vec<(Range<usize>, PartialDate)> {
    let date = |mention: &Mention| match mention_value(mention) {
        Some(Value::Date(date)) => Some((mention.bytes.clone(), *date)),
        _ => None,
    };
    passage.mentions.iter().filter_map(date).collect()
}

fn mention_value(mention: &Mention) -> Option<&Value> {
    match &mention.meant {
        Meant::Value(value) => Some(value),
        Meant::Entity(_) | Meant::Share(_) => None,
    }
}

/// The least and the greatest number that a figure may round, wider where the text only says "about".
pub(super) fn bounds(number: Decimal, comparator: Comparator) -> (f64, f64) {
    let value = as_float(number);
    // A round sum is told more exactly than its zeros show.
    let unit = 10_f64.powi(last_place(number)).min(value.abs() / 10.0);
    let (low, high) = (value - unit / 2.0, value + unit / 2.0);
    match comparator {
        Comparator::Equal => (low, high),
        Comparator::About => (value * 0.93, value * 1.07),
        Comparator::Less | Comparator::AtMost => (value * 0.9, high),
        Comparator::More | Comparator::AtLeast => (low, value * 1.1),
    }
}

/// The power of ten of the last digit that was told: 8 of 31.5 billion, -1 of 2.5.
fn last_place(number: Decimal) -> i32 {
    let plain = number.normalize();
    let mantissa = plain.mantissa().to_string();
    let zeros = mantissa.len() - mantissa.trim_end_matches('0').len();
    i32::try_from(zeros).unwrap_or(0) - plain.scale() as i32
}

pub(super) fn as_float(number: Decimal) -> f64 {
    number.to_string().parse().unwrap_or(f64::NAN)
}

/// `31,000,000,000 USD`, `350,000,000`
pub(super) fn shown(amount: Decimal, currency: Option<&str>) -> String {
    let raw = String::new();
    match currency {
        Some(code) => {
            let currency = Some(code.to_owned());
            Value::Money(Money { amount, currency, raw, comparator: Comparator::Equal }).to_string()
        }
        None => Value::Number(Number { number: amount, raw, comparator: Comparator::Equal }).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn only_whole_powers_of_ten_count() {
        for (small, big, power) in [
            ("31000000000", "310000000000", Some(1)),
            ("1.48", "14800", Some(4)),
            ("31", "31", None),
            ("310", "31", None),
            ("31", "320", None),
            ("0", "10", None),
        ] {
            assert_eq!(power_of_ten(number(small), number(big)), power, "{small} {big}");
        }
    }

    #[test]
    fn zeros_behind_the_last_digit_say_nothing() {
        for (text, count) in [("31000000000", 2), ("1.480", 3), ("300000000", 1), ("20.05", 4)] {
            assert_eq!(digits(number(text)), count, "{text}");
        }
    }

    #[test]
    fn a_figure_may_round_half_of_its_last_place() {
        assert_eq!(bounds(number("31000000000"), Comparator::Equal), (30.5e9, 31.5e9));
        assert_eq!(bounds(number("500"), Comparator::Equal), (475.0, 525.0));
        assert_eq!(bounds(number("2.5"), Comparator::Equal), (2.45, 2.55));
        let (low, high) = bounds(number("100"), Comparator::More);
        assert!(low >= 90.0 && high > 105.0, "{low} {high}");
    }
}
