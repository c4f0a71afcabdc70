//! Figures and dates of the sentence that no rule bound, given to the claim that can use them.

use std::collections::BTreeMap;

use guanxi_model::{Comparator, Money, Number, Qualifier, QualifierValue, Qualifiers, Share};

use crate::lexicon::Lexicon;
use crate::reading::Reading;
use crate::scan::Token;
use crate::units::{Mention, MentionKind};

/// A figure further from the trigger than this, in tokens, belongs to something else.
const REACH: u32 = 28;

/// Offers unclaimed quantities to a claim, nearest to its trigger first.
///
/// `accepts` is what the schema lets the predicate take; `taken` tells mentions that are bound elsewhere.
pub(crate) fn qualify(
    qualifiers: &mut Qualifiers,
    accepts: &[Qualifier],
    mentions: &[Mention],
    trigger: (u32, u32),
    taken: impl Fn(usize) -> bool,
    before: impl Fn(&Mention) -> Option<Qualifier>,
) {
    let mut near: Vec<(u32, usize)> = mentions
        .iter()
        .enumerate()
        .filter(|(index, mention)| mention.is_quantity() && !taken(*index))
        .map(|(index, mention)| (distance(mention, trigger), index))
        .filter(|(distance, _)| *distance <= REACH)
        .collect();
    near.sort_unstable();
    for (_, index) in near {
        let mention = &mentions[index];
        match &mention.kind {
            MentionKind::Money(money)
                if accepts.contains(&Qualifier::Amount) && !qualifiers.contains_key(&Qualifier::Amount) =>
            {
                insert_money(qualifiers, money);
            }
            MentionKind::Percent(share) if accepts.contains(&Qualifier::Percent) && !has_share(qualifiers) => {
                insert_share(qualifiers, share);
            }
            MentionKind::Date(date) => {
                let key = before(mention).unwrap_or(Qualifier::Date);
                if accepts.contains(&key) {
                    qualifiers.entry(key).or_insert(QualifierValue::Date(*date));
                }
            }
            _ => {}
        }
    }
}

fn distance(mention: &Mention, trigger: (u32, u32)) -> u32 {
    if mention.start >= trigger.1 { mention.start - trigger.1 } else { trigger.0.saturating_sub(mention.end) }
}

/// Whether a share is told.
pub(crate) fn has_share(qualifiers: &Qualifiers) -> bool {
    qualifiers.contains_key(&Qualifier::Percent) || qualifiers.contains_key(&Qualifier::PercentMin)
}

/// Amount, currency and, where it is not plain, comparator.
pub(crate) fn insert_money(qualifiers: &mut Qualifiers, money: &Money) {
    qualifiers.insert(Qualifier::Amount, QualifierValue::Decimal(money.amount.normalize()));
    if let Some(currency) = &money.currency {
        qualifiers.insert(Qualifier::Currency, QualifierValue::Text(currency.clone()));
    }
    insert_comparator(qualifiers, money.comparator);
}

/// Amount and comparator of a count.
pub(crate) fn insert_number(qualifiers: &mut Qualifiers, number: &Number) {
    qualifiers.insert(Qualifier::Amount, QualifierValue::Decimal(number.number.normalize()));
    insert_comparator(qualifiers, number.comparator);
}

fn insert_comparator(qualifiers: &mut Qualifiers, comparator: Comparator) {
    if comparator != Comparator::Equal {
        qualifiers.insert(Qualifier::Comparator, QualifierValue::Text(comparator.sign().to_owned()));
    }
}

/// Takes back what [`insert_share`] told.
pub(crate) fn remove_share(qualifiers: &mut Qualifiers) {
    let share = [
        Qualifier::Percent,
        Qualifier::PercentMin,
        Qualifier::PercentMax,
        Qualifier::PercentMinExclusive,
        Qualifier::PercentMaxExclusive,
    ];
    for qualifier in share {
        qualifiers.remove(&qualifier);
    }
}

/// An exact share, or an interval with the ends that are excluded.
pub(crate) fn insert_share(qualifiers: &mut Qualifiers, share: &Share) {
    if let Some(percent) = share.as_exact() {
        qualifiers.insert(Qualifier::Percent, QualifierValue::Decimal(percent.normalize()));
        return;
    }
    qualifiers.insert(Qualifier::PercentMin, QualifierValue::Decimal(share.min.normalize()));
    qualifiers.insert(Qualifier::PercentMax, QualifierValue::Decimal(share.max.normalize()));
    if share.min_exclusive {
        qualifiers.insert(Qualifier::PercentMinExclusive, QualifierValue::Flag(true));
    }
    if share.max_exclusive {
        qualifiers.insert(Qualifier::PercentMaxExclusive, QualifierValue::Flag(true));
    }
}

/// Which end of a validity a date tells: "since 2019" opens one, "until 2019" closes one, "from 2015 to 2019" does both.
pub(crate) fn validity_end(reading: &Reading<'_>, mentions: &[Mention], mention: &Mention) -> Option<Qualifier> {
    if let Some(end) = end_of_period(reading, mentions, mention) {
        return Some(end);
    }
    let before = mention.start.checked_sub(1)?;
    let word = |at: u32| words(reading, at, at + 1);
    match word(before) {
        "since" | "Since" | "自" => Some(Qualifier::ValidFrom),
        // 截至2023年末 is "as of".
        "至" if before > 0 && matches!(word(before - 1), "截" | "截止") => None,
        "until" | "till" | "至" => Some(Qualifier::ValidTo),
        _ => None,
    }
}

/// "from 2015 to 2019", "between 2015 and 2019", 2015年至2019年, 2015–2019.
pub(crate) fn end_of_period(reading: &Reading<'_>, mentions: &[Mention], mention: &Mention) -> Option<Qualifier> {
    let is_date = |other: &&Mention| matches!(other.kind, MentionKind::Date(_));
    let opened = |first: &Mention, by: &str| {
        first.start > 0 && words(reading, first.start - 1, first.start).eq_ignore_ascii_case(by)
    };
    let joined = |first: &Mention, second: &Mention| {
        first.end + 1 == second.start
            && match words(reading, first.end, second.start) {
                "to" | "until" | "till" => opened(first, "from"),
                "and" => opened(first, "between"),
                "-" | "–" | "—" | "至" | "到" => true,
                _ => false,
            }
    };
    let mut dates = mentions.iter().filter(is_date);
    if dates.clone().any(|other| joined(mention, other)) {
        return Some(Qualifier::ValidFrom);
    }
    dates.any(|other| joined(other, mention)).then_some(Qualifier::ValidTo)
}

/// The shares of a sentence that tells as many as it names ends: "Acme and Bolt hold 20% and 15% respectively".
pub(crate) fn shares_in_step(reading: &Reading<'_>, sentence: usize, ends: usize) -> Option<Vec<Share>> {
    let shares = reading.mentions[sentence].iter().filter_map(|mention| match &mention.kind {
        MentionKind::Percent(share) => Some(*share),
        _ => None,
    });
    Some(shares.collect::<Vec<_>>()).filter(|shares| ends > 1 && shares.len() == ends)
}

/// What a percentage tells of a share.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum ShareRole {
    /// "from 12%": what it was.
    Old,
    /// "to 19%": what it becomes.
    New,
    Plain,
    /// It tells of no share: growth, votes, a discount, a rate.
    None,
}

/// Tokens of what stands in front of a percentage and tells what it is one of: 溢价, "a further".
const LONGEST_BEFORE_SHARE: usize = 2;

pub(crate) fn share_role(reading: &Reading<'_>, lexicon: &Lexicon, sentence: usize, mention: &Mention) -> ShareRole {
    let range = &reading.sentences[sentence];
    let word = |at: u32| if range.start <= at && at < range.end { words(reading, at, at + 1) } else { "" };
    let ahead = &reading.tokens[range.start as usize..mention.start as usize];
    let tells_growth = |skipped: usize| {
        let end = ahead.len().saturating_sub(skipped);
        lexicon.growing.longest_at_end(&ahead[..end], LONGEST_BEFORE_SHARE).is_some()
    };
    let rest = &reading.tokens[mention.end as usize..range.end as usize];
    let of_else = (0..rest.len().min(3)).any(|ahead| lexicon.percent_of_else.longest(&rest[ahead..]).is_some());
    let before = |back: u32| mention.start.checked_sub(back).map_or("", word);
    if of_else
        || is_of_votes(reading, lexicon, sentence, mention)
        || tells_growth(0)
        || before(1) == "by" && tells_growth(1)
    {
        return ShareRole::None;
    }
    match before(1) {
        "from" | "由" | "从" | "從" => ShareRole::Old,
        "to" | "至" | "到" => ShareRole::New,
        _ => ShareRole::Plain,
    }
}

/// "51% of the voting rights", 51%的表决权: a part of the votes, which may be another one than that of the equity.
pub(crate) fn is_of_votes(reading: &Reading<'_>, lexicon: &Lexicon, sentence: usize, mention: &Mention) -> bool {
    let behind = &reading.tokens[mention.end as usize..reading.sentences[sentence].end as usize];
    (0..behind.len().min(3)).any(|ahead| lexicon.of_votes.longest(&behind[ahead..]).is_some())
}

/// "a further 5%", 另5%: a part beside another one that is told, or that one had already.
pub(crate) fn is_further(reading: &Reading<'_>, lexicon: &Lexicon, sentence: usize, mention: &Mention) -> bool {
    let before = &reading.tokens[reading.sentences[sentence].start as usize..mention.start as usize];
    let is_more = words(reading, mention.end, (mention.end + 1).min(reading.sentences[sentence].end)) == "more";
    is_more || lexicon.further.longest_at_end(before, LONGEST_BEFORE_SHARE).is_some()
}

/// 增持海棠科技5%的股份, 再收购5%: a part by which a holding grew or shrank. 增持至5% and what follows 增持后 is a whole.
pub(crate) fn is_change(reading: &Reading<'_>, lexicon: &Lexicon, sentence: usize, mention: &Mention) -> bool {
    let start = reading.sentences[sentence].start;
    let stops = |at: &u32| matches!(words(reading, *at, at + 1), "，" | "；" | "," | ";" | "。");
    let start = (start..mention.start).rev().find(stops).map_or(start, |stop| stop + 1);
    let clause = &reading.tokens[start as usize..mention.start as usize];
    let last = (0..clause.len()).rev().find_map(|at| Some(at + lexicon.holding_changed.longest(&clause[at..])?.0));
    let is_whole = |from: usize| (from..clause.len()).any(|at| lexicon.holding_in_all.longest(&clause[at..]).is_some());
    last.is_some_and(|end| !is_whole(end))
}

/// "Acme (55%), Bolt (40%) and Cale": which of several ends each share stands behind.
pub(crate) fn bracketed_shares(
    reading: &Reading<'_>,
    sentence: usize,
    ends: impl ExactSizeIterator<Item = Option<(u32, u32)>>,
) -> BTreeMap<(u32, u32), Share> {
    if ends.len() < 2 {
        return BTreeMap::new();
    }
    let share_behind = |stop: u32| {
        reading.mentions[sentence].iter().find_map(|mention| match &mention.kind {
            MentionKind::Percent(share) => {
                let start = reading.tokens[mention.start as usize].start;
                let opens = start >= stop && matches!(reading.text.slice(stop, start).trim(), "(" | "（");
                opens.then_some(*share)
            }
            _ => None,
        })
    };
    ends.flatten().filter_map(|bytes| Some((bytes, share_behind(bytes.1)?))).collect()
}

/// "a wholly owned unit", 全资子公司, "to acquire the whole of".
pub(crate) fn tells_the_whole(lexicon: &Lexicon, predicate: &str, tokens: &[Token]) -> bool {
    let whole = match predicate {
        "owns" | "subsidiaryOf" => &lexicon.wholly_owned,
        "acquired" => &lexicon.wholly_bought,
        _ => return false,
    };
    (0..tokens.len()).any(|at| whole.longest(&tokens[at..]).is_some())
}

fn words<'a>(reading: &'a Reading<'_>, start: u32, end: u32) -> &'a str {
    if start >= end {
        return "";
    }
    reading.text.slice(reading.tokens[start as usize].start, reading.tokens[end as usize - 1].end)
}
