//! Vehicles that a house numbers: 锦书资本二期, 青禾创投三号基金, KKR亚洲三期. Each is a fund of its own, and what it does
//! is not told of the house.

use crate::mention::number::han_digit;
use crate::mention::{Candidate, Finder, Found};
use crate::scan::TokenKind;

/// Characters of a number: 十二, 二十一.
const LONGEST_NUMBER: usize = 3;
/// Words between the house and the number: 亚洲, 成长.
const MOST_WORDS: usize = 2;

/// Proposes the vehicle wherever a number and 期 or 号 stand behind the name of a house.
pub(super) fn number_vehicles(finder: &Finder<'_>, candidates: &mut Vec<Candidate>) {
    let Some(fund) = finder.classes.set("Fund") else { return };
    let numbered = candidates.iter().filter(|candidate| is_house(finder, candidate)).filter_map(|house| {
        let end = vehicle_end(finder, house)?;
        Some(Candidate { start: house.start, end, found: Found::Name { classes: fund, shown: true, quoted: false } })
    });
    let vehicles: Vec<Candidate> = numbered.collect();
    candidates.extend(vehicles);
}

fn is_house(finder: &Finder<'_>, candidate: &Candidate) -> bool {
    let houses = finder.classes.union(&["Company", "Fund"]);
    match candidate.found {
        Found::Known(row) => finder.known.row(row).classes.meets(houses),
        Found::Name { classes, quoted, .. } => !quoted && classes.meets(houses),
        Found::Again(_) => true,
        _ => false,
    }
}

/// One past 二期, 三号基金 or 亚洲基金 behind the name of a house. Behind a name that shows no investor, 期 alone may count
/// the stages of a plant.
fn vehicle_end(finder: &Finder<'_>, house: &Candidate) -> Option<usize> {
    let mut at = house.end;
    for _ in 0..MOST_WORDS {
        at += words_of_vehicle(finder, at);
    }
    let Some(number) = number_end(finder, at) else { return (at > house.end && is_fund(finder, at)).then_some(at) };
    let (length, ()) = finder.lexicon.series_marks.longest(finder.tokens.get(number..)?)?;
    let end = number + length;
    let says_fund = length > 1 || at > house.end || invests_by_name(finder, house);
    (says_fund && !is_of_plant(finder, end)).then_some(end)
}

fn words_of_vehicle(finder: &Finder<'_>, at: usize) -> usize {
    let rest = finder.tokens.get(at..).unwrap_or_default();
    finder.lexicon.vehicle_words.longest(rest).map_or(0, |(length, ())| length)
}

fn is_fund(finder: &Finder<'_>, end: usize) -> bool {
    finder.piece(end - 2) == "基" && finder.piece(end - 1) == "金"
}

fn number_end(finder: &Finder<'_>, at: usize) -> Option<usize> {
    if finder.tokens.get(at)?.kind == TokenKind::Number {
        return Some(at + 1);
    }
    let figures = (at..at + LONGEST_NUMBER).take_while(|&at| is_figure(finder.piece(at))).count();
    (figures > 0).then_some(at + figures)
}

/// 二, 十, and 贰 as deeds write it.
fn is_figure(piece: &str) -> bool {
    const OF_DEEDS: [&str; 13] = ["十", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖", "拾", "貳", "參"];
    han_digit(piece).is_some() || OF_DEEDS.contains(&piece)
}

/// Whether a name ends as only those of investors do: 资本, 创投, 基金.
fn invests_by_name(finder: &Finder<'_>, house: &Candidate) -> bool {
    let fund = finder.classes.set("Fund").unwrap_or_default();
    let ending = finder.lexicon.suffixes.longest_at_end(&finder.tokens[house.start..house.end], super::LONGEST_ENDING);
    ending.is_some_and(|(_, classes)| classes.meets(fund))
        || matches!(house.found, Found::Known(row) if finder.known.row(row).classes == fund)
}

/// 二期项目, 三号机组
fn is_of_plant(finder: &Finder<'_>, at: usize) -> bool {
    matches!(finder.piece(at), "项" | "項" | "工" | "厂" | "廠" | "机" | "機" | "楼" | "樓" | "线" | "線" | "债" | "債")
}
