//! Dates at the precision that a text gives them.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A year, a month or a day: ISO 8601 at the precision known (`2025`, `2025-03`, `2025-03-04`).
///
/// Ordered by first day, then coarser before finer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PartialDate {
    year: i16,
    month: Option<u8>,
    day: Option<u8>,
}

impl PartialDate {
    /// A whole year.
    pub fn year(year: i16) -> Self {
        Self { year, month: None, day: None }
    }

    /// A month; `None` unless it is 1 to 12.
    pub fn month(year: i16, month: u8) -> Option<Self> {
        (1..=12).contains(&month).then_some(Self { year, month: Some(month), day: None })
    }

    /// A day; `None` unless the calendar has it.
    pub fn day(year: i16, month: u8, day: u8) -> Option<Self> {
        let within = Self::month(year, month)?;
        (1..=within.days_in_month()).contains(&day).then_some(Self { day: Some(day), ..within })
    }

    /// Its year.
    pub fn year_number(self) -> i16 {
        self.year
    }

    /// Its month, 1 to 12, where known.
    pub fn month_number(self) -> Option<u8> {
        self.month
    }

    /// Its day of the month, where known.
    pub fn day_number(self) -> Option<u8> {
        self.day
    }

    /// The first day that it covers.
    pub fn first_day(self) -> Self {
        Self { year: self.year, month: Some(self.month.unwrap_or(1)), day: Some(self.day.unwrap_or(1)) }
    }

    /// The last day that it covers.
    pub fn last_day(self) -> Self {
        let month = Self { month: Some(self.month.unwrap_or(12)), ..self };
        Self { day: Some(self.day.unwrap_or(month.days_in_month())), ..month }
    }

    /// Days since 1970-01-01 of its first day.
    ///
    /// Howard Hinnant's `days_from_civil` (<https://howardhinnant.github.io/date_algorithms.html>).
    pub fn days_since_epoch(self) -> i32 {
        let first = self.first_day();
        let (month, day) = (i32::from(first.month.unwrap_or(1)), i32::from(first.day.unwrap_or(1)));
        let year = i32::from(first.year) - i32::from(month <= 2);
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
    }

    fn days_in_month(self) -> u8 {
        let leap = self.year % 4 == 0 && (self.year % 100 != 0 || self.year % 400 == 0);
        match self.month {
            Some(2) if leap => 29,
            Some(2) => 28,
            Some(4 | 6 | 9 | 11) => 30,
            _ => 31,
        }
    }
}

impl Ord for PartialDate {
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |date: &Self| {
            (date.year, date.month.unwrap_or(1), date.day.unwrap_or(1), date.month.is_some(), date.day.is_some())
        };
        key(self).cmp(&key(other))
    }
}

impl PartialOrd for PartialDate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        if let Some(month) = self.month {
            write!(f, "-{month:02}")?;
        }
        if let Some(day) = self.day {
            write!(f, "-{day:02}")?;
        }
        Ok(())
    }
}

/// The text is no ISO date of year, month or day precision.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no date: write 2025, 2025-03 or 2025-03-04")]
pub struct PartialDateError(pub String);

impl FromStr for PartialDate {
    type Err = PartialDateError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse(text).ok_or_else(|| PartialDateError(text.to_owned()))
    }
}

fn parse(text: &str) -> Option<PartialDate> {
    let mut parts = text.split('-');
    let year = parts.next().filter(|year| year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()))?.parse().ok()?;
    let mut two_digits = || -> Option<Option<u8>> {
        match parts.next() {
            None => Some(None),
            Some(part) if part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit()) => Some(Some(part.parse().ok()?)),
            Some(_) => None,
        }
    };
    let (month, day) = (two_digits()?, two_digits()?);
    if parts.next().is_some() {
        return None;
    }
    match (month, day) {
        (None, None) => Some(PartialDate::year(year)),
        (Some(month), None) => PartialDate::month(year, month),
        (Some(month), Some(day)) => PartialDate::day(year, month, day),
        (None, Some(_)) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> PartialDate {
        text.parse().unwrap()
    }

    #[test]
    fn display_and_parse_agree() {
        for text in ["2013", "2013-02", "2024-02-29", "0800-01-01"] {
            assert_eq!(date(text).to_string(), text);
        }
        for text in ["", "13", "2013-13", "2023-02-29", "2013-2", "2013-02-03-04", "20a3"] {
            assert!(text.parse::<PartialDate>().is_err(), "{text}");
        }
    }

    #[test]
    fn days_follow_the_calendar() {
        assert_eq!(date("1970").days_since_epoch(), 0);
        assert_eq!(date("2000-03-01").days_since_epoch(), 11_017);
        assert_eq!(date("1969-12-31").days_since_epoch(), -1);
        assert_eq!(date("2024-02").last_day(), date("2024-02-29"));
    }

    #[test]
    fn order_is_by_first_day_then_precision() {
        let mut dates = ["2024-01-02", "2024-01", "2023", "2024"].map(date);
        dates.sort();
        assert_eq!(dates, ["2023", "2024", "2024-01", "2024-01-02"].map(date));
    }
}
