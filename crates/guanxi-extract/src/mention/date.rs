//! Dates: absolute in both languages, and relative to the day of publication.

use guanxi_model::PartialDate;

use super::{Candidate, Finder, Found};
use crate::scan::TokenKind;
use crate::units::MentionKind;

/// Proposes every date; relative ones only where the day of publication is known.
pub(super) fn find(finder: &Finder<'_>, candidates: &mut Vec<Candidate>) {
    let mut at = 0;
    while at < finder.tokens.len() {
        if !may_open(finder, at) {
            debug_assert!(date_at(finder, at).is_none(), "`{}` opens a date", finder.piece(at));
            at += 1;
            continue;
        }
        let found = date_at(finder, at);
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

fn date_at(finder: &Finder<'_>, at: usize) -> Dated {
    match finder.tokens[at].kind {
        TokenKind::Number => iso(finder, at)
            .or_else(|| chinese(finder, at))
            .or_else(|| english(finder, at))
            .or_else(|| ago(finder, at))
            .or_else(|| bare_year(finder, at)),
        TokenKind::Han => chinese(finder, at)
            .or_else(|| relative(finder, at))
            .or_else(|| weekday(finder, at))
            .or_else(|| ago(finder, at)),
        _ => english(finder, at)
            .or_else(|| relative(finder, at))
            .or_else(|| weekday(finder, at))
            .or_else(|| ago(finder, at)),
    }
}

/// Words with which the finders below begin a date, months left aside: one look tells that most tokens open none.
pub(crate) const OPENINGS: &str = "this last next today yesterday a one two three four five six seven eight nine ten \
    eleven twelve monday tuesday wednesday thursday friday saturday sunday \
    今 本 去 上 明 下 前 昨 这 周 星 礼 一 二 三 四 五 六 七 八 九 十 两";

fn may_open(finder: &Finder<'_>, at: usize) -> bool {
    let token = &finder.tokens[at];
    match token.kind {
        TokenKind::Number => true,
        TokenKind::Sign => false,
        _ => token.gates & finder.lexicon.opens_date != 0 || finder.lexicon.months.may_open(token),
    }
}

fn number_at(finder: &Finder<'_>, at: usize, low: i32, high: i32) -> Option<i32> {
    finder.tokens.get(at).filter(|token| token.kind == TokenKind::Number)?;
    let digit = |c: char| match c {
        '０'..='９' => Some(c as i32 - '０' as i32),
        _ => c.to_digit(10).map(|digit| digit as i32),
    };
    let value = finder.piece(at).chars().try_fold(0i32, |value, c| value.checked_mul(10)?.checked_add(digit(c)?))?;
    (low..=high).contains(&value).then_some(value)
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

/// 2025年3月4日, 2025年3月, 2025年, 3月4日, 二〇二五年三月四日
fn chinese(finder: &Finder<'_>, at: usize) -> Dated {
    let published = finder.published;
    if let Some((year, behind)) = chinese_year(finder, at)
        && finder.piece(behind) == "年"
    {
        let month = chinese_part(finder, behind + 1, 12, &["月"]);
        let day = month.and_then(|(_, behind)| chinese_part(finder, behind, 31, &["日", "号", "號"]));
        return match (month, day) {
            (Some((month, _)), Some((day, end))) => Some((PartialDate::day(year, month, day)?, end)),
            (Some((month, end)), None) => Some((PartialDate::month(year, month)?, end)),
            _ => {
                let edge = matches!(finder.piece(behind + 1), "底" | "初");
                Some((PartialDate::year(year), behind + 1 + usize::from(edge)))
            }
        };
    }
    if let Some(date) = chinese_day(finder, at) {
        return Some(date);
    }
    let (month, behind) = chinese_part(finder, at, 12, &["月"])?;
    let year = most_recent_year(published?, month);
    match chinese_part(finder, behind, 31, &["日", "号", "號"]) {
        Some((day, end)) => Some((PartialDate::day(year, month, day)?, end)),
        None => Some((PartialDate::month(year, month)?, behind)),
    }
}

/// 2025, 二〇二五
fn chinese_year(finder: &Finder<'_>, at: usize) -> Option<(i16, usize)> {
    const DIGITS: usize = 4;
    if let Some(year) = year_at(finder, at) {
        return Some((year, at + 1));
    }
    let digit = |at: usize| match finder.piece(at) {
        "〇" | "○" => Some(0),
        piece => super::number::han_digit(piece),
    };
    let year = (at..at + DIGITS).try_fold(0, |year, at| Some(10 * year + digit(at)? as i16))?;
    (1800..2200).contains(&year).then_some((year, at + DIGITS))
}

/// A number up to `most` with one of these signs behind it, and one past the sign.
fn chinese_part(finder: &Finder<'_>, at: usize, most: i32, signs: &[&str]) -> Option<(u8, usize)> {
    let figure = number_at(finder, at, 1, most).map(|value| (value, at + 1));
    let (value, behind) = figure.or_else(|| {
        let (value, behind) = super::number::chinese_numeral(finder, at)?;
        let value = i32::try_from(value).ok().filter(|value| (1..=most).contains(value))?;
        Some((value, behind))
    })?;
    signs.contains(&finder.piece(behind)).then_some((value as u8, behind + 1))
}

/// 29日: the day of the month of publication, or of the month before it.
fn chinese_day(finder: &Finder<'_>, at: usize) -> Dated {
    let published = finder.published?;
    let (day, end) = chinese_part(finder, at, 31, &["日", "号", "號"])?;
    let part_of_count = matches!(finder.piece(end), "内" | "內" | "均" | "游" | "后" | "後" | "前" | "线" | "線")
        || at > 0 && matches!(finder.piece(at - 1), "每" | "某" | "近" | "同" | "第" | "数" | "數");
    let (year, month) = (published.year_number(), published.month_number()?);
    let date = match (day <= published.day_number()?, month) {
        (true, _) => PartialDate::day(year, month, day),
        (false, 1) => PartialDate::day(year - 1, 12, day),
        (false, _) => PartialDate::day(year, month - 1, day),
    };
    date.filter(|_| !part_of_count).map(|date| (date, end))
}

/// "on Monday", "last Friday", 周三, 上周五: the latest such day before publication, or that day itself.
fn weekday(finder: &Finder<'_>, at: usize) -> Dated {
    let published = finder.published?;
    let (wanted, end, week_before) = english_weekday(finder, at).or_else(|| chinese_weekday(finder, at))?;
    let today = days_since_1970(published.year_number(), published.month_number()?, published.day_number()?);
    // The first of January 1970 was a Thursday; Monday is 0.
    let weekday = (today + 3).rem_euclid(7);
    let back = match week_before {
        true => weekday + 7 - wanted,
        false => (weekday - wanted).rem_euclid(7),
    };
    let (year, month, day) = civil(today - back);
    Some((PartialDate::day(year, month, day)?, end))
}

fn english_weekday(finder: &Finder<'_>, at: usize) -> Option<(i32, usize, bool)> {
    const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let led = at > 0 && matches!(finder.piece(at - 1), "on" | "On" | "late" | "early" | "since");
    let last = matches!(finder.piece(at), "last" | "Last");
    let named = if last { at + 1 } else { at };
    finder.tokens.get(named).filter(|token| token.capital)?;
    let day = DAYS.iter().position(|day| finder.piece(named).eq_ignore_ascii_case(day))?;
    (led || last).then_some((day as i32, named + 1, false))
}

fn chinese_weekday(finder: &Finder<'_>, at: usize) -> Option<(i32, usize, bool)> {
    let before = finder.piece(at) == "上";
    let named = if before || matches!(finder.piece(at), "本" | "这") { at + 1 } else { at };
    let week = match (finder.piece(named), finder.piece(named + 1)) {
        ("周", _) => named + 1,
        ("星", "期") | ("礼", "拜") => named + 2,
        _ => return None,
    };
    let day = "一二三四五六日".chars().position(|day| finder.piece(week).starts_with(day))?;
    (at == 0 || finder.piece(at - 1) != "每").then_some((day as i32, week + 1, before))
}

/// Days since 1 January 1970, after Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
fn days_since_1970(year: i16, month: u8, day: u8) -> i32 {
    let (month, day) = (i32::from(month), i32::from(day));
    let year = i32::from(year) - i32::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// Year, month and day of a number of days since 1 January 1970; the inverse of [`days_since_1970`].
fn civil(days: i32) -> (i16, u8, u8) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i32::from(month <= 2);
    (year as i16, month as u8, (day_of_year - (153 * shifted + 2) / 5 + 1) as u8)
}

/// "two years ago", "three months earlier", 两年前: counted back from publication.
fn ago(finder: &Finder<'_>, at: usize) -> Dated {
    let published = finder.published?;
    let (unit, back) = (finder.piece(at + 1), finder.piece(at + 2));
    if !matches!(unit, "years" | "year" | "months" | "month" | "年" | "个") {
        return None;
    }
    let count = number_at(finder, at, 1, 99).or_else(|| small_count(&finder.lower(at)))?;
    let months = match (unit, back) {
        ("years" | "year", "ago" | "earlier" | "prior") | ("年", "前") => {
            return Some((PartialDate::year(published.year_number() - count as i16), at + 3));
        }
        ("months" | "month", "ago" | "earlier" | "prior") => count,
        ("个", "月") if finder.piece(at + 3) == "前" => count,
        _ => return None,
    };
    let month = i32::from(published.year_number()) * 12 + i32::from(published.month_number()?) - 1 - months;
    let end = if unit == "个" { at + 4 } else { at + 3 };
    Some((PartialDate::month(month.div_euclid(12) as i16, month.rem_euclid(12) as u8 + 1)?, end))
}

fn small_count(word: &str) -> Option<i32> {
    const WORDS: [&str; 12] =
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    const CHARACTERS: [&str; 10] = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];
    let position =
        WORDS.iter().position(|known| *known == word).or_else(|| CHARACTERS.iter().position(|known| *known == word));
    if matches!(word, "a") {
        Some(1)
    } else if word == "两" {
        Some(2)
    } else {
        position.map(|at| at as i32 + 1)
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
        let (year, end) = year_told_or_meant(finder, end, month)?;
        return Some((PartialDate::day(year, month, day as u8)?, end));
    }
    if let Some(day) = number_at(finder, end, 1, 31) {
        let behind = end + 1;
        let behind = if matches!(finder.piece(behind), "th" | "st" | "nd" | "rd") { behind + 1 } else { behind };
        let (year, end) = year_told_or_meant(finder, behind, month)?;
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

/// The year behind a day and month, else the one that the day of publication suggests.
fn year_told_or_meant(finder: &Finder<'_>, at: usize, month: u8) -> Option<(i16, usize)> {
    year_behind(finder, at).or_else(|| Some((most_recent_year(finder.published?, month), at)))
}

fn year_behind(finder: &Finder<'_>, at: usize) -> Option<(i16, usize)> {
    let at = if finder.piece(at) == "," { at + 1 } else { at };
    year_at(finder, at).map(|year| (year, at + 1))
}

/// The year of the latest such month that is not after publication; a month soon to come is the coming one:
/// in June "in August" is two months away rather than ten months ago.
fn most_recent_year(published: PartialDate, month: u8) -> i16 {
    const SOON: i16 = 3;
    let year = published.year_number();
    let Some(now) = published.month_number() else { return year };
    let ahead = (i16::from(month) - i16::from(now)).rem_euclid(12);
    match (month <= now, ahead <= SOON && ahead > 0) {
        (true, false) | (false, true) => year,
        (true, true) => year + 1,
        (false, false) => year - 1,
    }
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
    let two = (finder.lower(at), finder.lower(at + 1));
    let words = (&*two.0, &*two.1);
    let date = match words {
        ("this", "year") | ("今", "年") | ("本", "年") => PartialDate::year(year),
        ("last", "year") | ("去", "年") | ("上", "年") => PartialDate::year(year - 1),
        ("next", "year") | ("明", "年") => PartialDate::year(year + 1),
        ("前", "年") => PartialDate::year(year - 2),
        ("this", "month") | ("本", "月") => PartialDate::month(year, this_month?)?,
        ("last", "month") | ("上", "月") => month_before(published)?,
        ("next", "month") | ("下", "月") => month_after(published)?,
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

fn month_after(published: PartialDate) -> Option<PartialDate> {
    let (year, month) = (published.year_number(), published.month_number()?);
    if month == 12 { PartialDate::month(year + 1, 1) } else { PartialDate::month(year, month + 1) }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_are_inverse() {
        for days in [-719_468, -1, 0, 59, 60, 19_723, 20_000, 100_000] {
            let (year, month, day) = civil(days);
            assert_eq!(days_since_1970(year, month, day), days);
        }
        assert_eq!(civil(0), (1970, 1, 1));
        assert_eq!(civil(20_409), (2025, 11, 17));
    }
}
