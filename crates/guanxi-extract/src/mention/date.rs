//! Dates: absolute in both languages, and relative to the day of publication.

use guanxi_model::PartialDate;

use super::{Candidate, Finder, Found};
use crate::scan::TokenKind;
use crate::units::MentionKind;

/// Proposes every date; relative ones only where the day of publication is known.
pub(super) fn find(finder: &Finder<'_>, candidates: &mut Vec<Candidate>) {
    let mut at = 0;
    while at < finder.tokens.len() {
        let found = iso(finder, at)
            .or_else(|| chinese(finder, at))
            .or_else(|| english(finder, at))
            .or_else(|| relative(finder, at))
            .or_else(|| bare_year(finder, at));
        match found {
            Some((date, end)) => {
                candidates.push(Candidate { start: at, end, found: Found::Quantity(MentionKind::Date(date)) });
                at = end;
            }
            None => at += 1,
        }
    }
}

type Dated = Option<(PartialDate, usize)>;

fn number_at(finder: &Finder<'_>, at: usize, low: i32, high: i32) -> Option<i32> {
    let token = finder.tokens.get(at)?;
    let piece = finder.piece(at);
    let digits: String = piece
        .chars()
        .map(|c| if ('０'..='９').contains(&c) { char::from(b'0' + (c as u32 - '０' as u32) as u8) } else { c })
        .collect();
    (token.kind == TokenKind::Number)
        .then(|| digits.parse::<i32>().ok())
        .flatten()
        .filter(|value| (low..=high).contains(value))
}

fn year_at(finder: &Finder<'_>, at: usize) -> Option<i16> {
    number_at(finder, at, 1800, 2199).map(|year| year as i16)
}

/// `2025-03-04`, `2025/3/4`
fn iso(finder: &Finder<'_>, at: usize) -> Dated {
    let year = year_at(finder, at)?;
    let sign = finder.piece(at + 1);
    if !matches!(sign, "-" | "/") || finder.piece(at + 3) != sign {
        return None;
    }
    let date =
        PartialDate::day(year, number_at(finder, at + 2, 1, 12)? as u8, number_at(finder, at + 4, 1, 31)? as u8)?;
    Some((date, at + 5))
}

/// 2025年3月4日, 2025年3月, 2025年, 3月4日
fn chinese(finder: &Finder<'_>, at: usize) -> Dated {
    let published = finder.published;
    if let Some(year) = year_at(finder, at)
        && finder.piece(at + 1) == "年"
    {
        let month = number_at(finder, at + 2, 1, 12).filter(|_| finder.piece(at + 3) == "月");
        let day = number_at(finder, at + 4, 1, 31).filter(|_| matches!(finder.piece(at + 5), "日" | "号"));
        return match (month, day) {
            (Some(month), Some(day)) => Some((PartialDate::day(year, month as u8, day as u8)?, at + 6)),
            (Some(month), None) => Some((PartialDate::month(year, month as u8)?, at + 4)),
            _ => Some((
                PartialDate::year(year),
                if finder.piece(at + 2) == "底" || finder.piece(at + 2) == "初" { at + 3 } else { at + 2 },
            )),
        };
    }
    let month = number_at(finder, at, 1, 12).filter(|_| finder.piece(at + 1) == "月")? as u8;
    let year = most_recent_year(published?, month);
    let day = number_at(finder, at + 2, 1, 31).filter(|_| matches!(finder.piece(at + 3), "日" | "号"));
    match day {
        Some(day) => Some((PartialDate::day(year, month, day as u8)?, at + 4)),
        None => Some((PartialDate::month(year, month)?, at + 2)),
    }
}

/// `March 4, 2025`, `4 March 2025`, `March 2025`, `in March`
fn english(finder: &Finder<'_>, at: usize) -> Dated {
    let day_first = number_at(finder, at, 1, 31).filter(|_| finder.piece(at + 1) != ",");
    let month_at = if day_first.is_some() { at + 1 } else { at };
    let token = finder.tokens.get(month_at)?;
    let (length, &month) = finder.lexicon.months.longest(&finder.tokens[month_at..])?;
    // "may" and "march" are months only with a capital letter.
    if !token.capital {
        return None;
    }
    let mut end = month_at + length;
    if finder.piece(end) == "." && finder.tokens.get(end + 1).is_some_and(|next| next.kind == TokenKind::Number) {
        end += 1;
    }
    if let Some(day) = day_first {
        let (year, end) = year_behind(finder, end).unwrap_or((most_recent_year(finder.published?, month), end));
        return Some((PartialDate::day(year, month, day as u8)?, end));
    }
    if let Some(day) = number_at(finder, end, 1, 31) {
        let behind = end + 1;
        let behind = if matches!(finder.piece(behind), "th" | "st" | "nd" | "rd") { behind + 1 } else { behind };
        let (year, end) = year_behind(finder, behind).unwrap_or((most_recent_year(finder.published?, month), behind));
        return Some((PartialDate::day(year, month, day as u8)?, end));
    }
    match year_behind(finder, end) {
        Some((year, end)) => Some((PartialDate::month(year, month)?, end)),
        None => {
            // "Last May", "in March": a month alone counts only behind a preposition, since May is also a name.
            let led = at > 0
                && matches!(
                    finder.piece(at - 1),
                    "in" | "In" | "since" | "Since" | "last" | "by" | "early" | "late" | "until" | "of" | "from"
                );
            let year = most_recent_year(finder.published?, month);
            led.then(|| PartialDate::month(year, month).map(|date| (date, end))).flatten()
        }
    }
}

fn year_behind(finder: &Finder<'_>, at: usize) -> Option<(i16, usize)> {
    let at = if finder.piece(at) == "," { at + 1 } else { at };
    year_at(finder, at).map(|year| (year, at + 1))
}

/// The year of the latest such month that is not after publication.
fn most_recent_year(published: PartialDate, month: u8) -> i16 {
    let year = published.year_number();
    if published.month_number().is_none_or(|now| month <= now) { year } else { year - 1 }
}

fn relative(finder: &Finder<'_>, at: usize) -> Dated {
    let published = finder.published?;
    let year = published.year_number();
    let this_month = published.month_number();
    let day = published.day_number().and(Some(published));
    let month_before = |published: PartialDate| {
        let month = published.month_number()?;
        if month == 1 {
            PartialDate::month(published.year_number() - 1, 12)
        } else {
            PartialDate::month(published.year_number(), month - 1)
        }
    };
    let two = (finder.piece(at).to_lowercase(), finder.piece(at + 1).to_lowercase());
    let words = (two.0.as_str(), two.1.as_str());
    let date = match words {
        ("this", "year") | ("今", "年") | ("本", "年") => PartialDate::year(year),
        ("last", "year") | ("去", "年") | ("上", "年") => PartialDate::year(year - 1),
        ("next", "year") | ("明", "年") => PartialDate::year(year + 1),
        ("前", "年") => PartialDate::year(year - 2),
        ("this", "month") | ("本", "月") => PartialDate::month(year, this_month?)?,
        ("last", "month") | ("上", "月") => month_before(published)?,
        ("今", "日") | ("今", "天") => day?,
        ("昨", "日") | ("昨", "天") => day_before(day?)?,
        ("today", _) => return day.map(|date| (date, at + 1)),
        ("yesterday", _) => return day_before(day?).map(|date| (date, at + 1)),
        _ => return None,
    };
    // 今年3月: the month is told as well.
    if finder.piece(at + 1) == "年"
        && let Some(month) = number_at(finder, at + 2, 1, 12).filter(|_| finder.piece(at + 3) == "月")
    {
        return PartialDate::month(date.year_number(), month as u8).map(|date| (date, at + 4));
    }
    Some((date, at + 2))
}

fn day_before(date: PartialDate) -> Option<PartialDate> {
    let (year, month, day) = (date.year_number(), date.month_number()?, date.day_number()?);
    if day > 1 {
        return PartialDate::day(year, month, day - 1);
    }
    let before = if month > 1 { PartialDate::month(year, month - 1)? } else { PartialDate::month(year - 1, 12)? };
    Some(before.last_day())
}

/// `2021` where nothing makes it a count: "in 2021", "the 2021 round", "(2021)".
fn bare_year(finder: &Finder<'_>, at: usize) -> Dated {
    let led =
        at > 0 && matches!(finder.piece(at - 1), "in" | "In" | "since" | "Since" | "of" | "from" | "by" | "until");
    let year = number_at(finder, at, if led { 1600 } else { 1900 }, 2099)? as i16;
    let next = finder.piece(at + 1);
    let behind = finder.tokens.get(at + 1);
    let counts = behind.is_some_and(|_| {
        finder.lexicon.magnitudes.longest(&finder.tokens[at + 1..]).is_some()
            || finder.lexicon.currencies.longest(&finder.tokens[at + 1..]).is_some()
    });
    let before = at.checked_sub(1).map_or("", |before| finder.piece(before));
    let priced = at > 0 && finder.lexicon.currencies.exact(&finder.tokens[at - 1..at]).is_some();
    let of_years = matches!(
        next,
        "years" | "people" | "employees" | "%" | "％" | "shares" | "stores" | "人" | "家" | "股" | "名" | "个"
    );
    (!counts && !priced && !of_years && !matches!(before, "." | "#" | "No")).then(|| (PartialDate::year(year), at + 1))
}
