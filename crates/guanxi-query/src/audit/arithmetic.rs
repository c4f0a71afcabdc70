//! Sums that a sentence gives itself, and that fail: a percent change between two figures, doubled, halved.

use std::ops::Range;

use guanxi_model::{Mention, Passage, Share};

use super::dossier::Dossier;
use super::figures::{Figure, as_float, figures, percentages, shown};
use super::{Check, Finding, Severity};

pub(super) const CHECK: Check = Check {
    name: "arithmetic",
    looks_for: "A sentence whose own figures disagree: \"from A to B\", \"B, up from A\" or 从A增至B beside a percent change that \
                does not lead from A to B, doubled, tripled or halved figures that are not.",
    leaves_out: "Sentences with further figures of the same kind, changes in percentage points, and whatever rounding can \
                 explain; a wrong figure that no other one stands beside.",
    find,
};

fn find(dossier: &Dossier<'_>) -> Vec<Finding> {
    let failing = |passage: &Passage| {
        let figures = figures(passage);
        let mut failures = Vec::new();
        for change in changes(passage, &figures) {
            failures.extend(wrong_percentage(passage, &figures, &change));
        }
        failures.extend(wrong_multiple(passage, &figures).or_else(|| wrong_multiple_between(passage, &figures)));
        failures
    };
    let finding = |(passage, failure): (&Passage, Failure)| {
        let mut finding = dossier.about_passage(CHECK.name, Severity::Error, passage);
        finding.message = failure.message;
        finding.arithmetic = Some(failure.arithmetic);
        finding.settled_by = "the figures in the source: one of them, or the change, is wrong".to_owned();
        finding
    };
    dossier
        .passages()
        .flat_map(|passage| failing(passage).into_iter().map(move |failure| (passage, failure)))
        .map(finding)
        .collect()
}

struct Failure {
    message: String,
    arithmetic: String,
}

/// A figure that became another one: indices into the figures of the sentence.
#[derive(Clone, Copy)]
struct Change {
    old: usize,
    new: usize,
}

/// "from A to B", "to B from A", "B, up 20% from A", 从A增至B, 由A同比增长20%至B, B，上年同期为A.
fn changes(passage: &Passage, figures: &[Figure<'_>]) -> Vec<Change> {
    let changes = figures.windows(2).enumerate().filter_map(|(first, pair)| {
        let [one, other] = pair else { return None };
        if one.currency != other.currency {
            return None;
        }
        let before = passage.text[..one.mention.bytes.start].to_lowercase();
        let before = before.trim_end();
        let between = without_share(passage, one.mention.bytes.end..other.mention.bytes.start);
        let (forth, back) = (Change { old: first, new: first + 1 }, Change { old: first + 1, new: first });
        let begins = before.ends_with("from") || before.ends_with(['从', '由', '從', '自']);
        if begins && (matches!(&*between, "to" | "by % to") || is_rise_or_fall(&between)) {
            return Some(forth);
        }
        let compares = matches!(&*between, "from" | "compared with" | "against" | "compared to" | "versus");
        (compares && ends_with_to(before) || tells_what_it_was(&between)).then_some(back)
    });
    changes.collect()
}

/// The words of a stretch in lower case, `%` for its percentages.
fn without_share(passage: &Passage, stretch: Range<usize>) -> String {
    let mut words = String::new();
    let mut at = stretch.start;
    for (mention, _) in percentages(passage) {
        if at <= mention.bytes.start && mention.bytes.end <= stretch.end {
            words.push_str(&passage.text[at..mention.bytes.start]);
            words.push('%');
            at = mention.bytes.end;
        }
    }
    words.push_str(&passage.text[at..stretch.end]);
    words.trim().to_lowercase()
}

/// 增至, 增长到, 上升至, 降至, 同比增长%至: a verb and 至, 到 or 为.
fn is_rise_or_fall(words: &str) -> bool {
    let Some(verb) = words.strip_suffix(['至', '到', '为', '為']) else { return false };
    let verb = verb.trim_end_matches(['%', '约', '了', '近']);
    let verb = ["同比", "环比", "較上年", "较上年"].iter().find_map(|head| verb.strip_prefix(head)).unwrap_or(verb);
    let verb = verb.trim_start_matches(['的', '大', '幅', '猛', '激', '快', '速', '迅', '进', '一', '步', '，', ',']);
    let verbs = [
        "增",
        "增长",
        "增加",
        "增長",
        "上升",
        "升",
        "提升",
        "提高",
        "上涨",
        "上漲",
        "涨",
        "扩大",
        "下降",
        "降",
        "减少",
        "減少",
        "减",
        "跌",
        "下跌",
        "回落",
        "下滑",
        "缩小",
        "翻番",
        "翻倍",
        "翻一番",
    ];
    verbs.contains(&verb)
}

/// What stands between a figure and the one that it came from: ", up % from", "，同比增长%，上年同期为".
fn tells_what_it_was(words: &str) -> bool {
    let Some(words) = words.strip_prefix([',', '，', '（', '(']) else { return false };
    if let Some(head) = words.trim().strip_suffix("from") {
        let head = head.trim().trim_end_matches('%').trim();
        return [
            "up",
            "down",
            "rising",
            "falling",
            "a rise of",
            "an increase of",
            "a fall of",
            "a drop of",
            "a decline of",
        ]
        .contains(&head);
    }
    let Some(head) = words.strip_suffix(['为', '為', '是']) else { return false };
    let year = ["上年同期", "去年同期", "上一年同期", "上年", "去年", "上年度", "前一年"];
    let Some(head) = year.iter().find_map(|year| head.strip_suffix(year)) else { return false };
    let head = head.trim_end_matches(['而', '，', ',', ' ']);
    head.is_empty() || head.strip_suffix('%').is_some_and(|head| has_change(head) != Direction::Open)
}

fn ends_with_to(before: &str) -> bool {
    [" to", "至", "到"].iter().any(|ending| before.ends_with(ending))
}

/// The one percentage of the sentence that says how much the change was.
fn wrong_percentage(passage: &Passage, figures: &[Figure<'_>], change: &Change) -> Option<Failure> {
    let (old, new) = (&figures[change.old], &figures[change.new]);
    let all = percentages(passage);
    let [(mention, share)] = all[..] else { return None };
    // Another figure of the kind may be what the percentage is about.
    if figures.iter().filter(|figure| figure.currency == old.currency).count() != 2 {
        return None;
    }
    let says = said_of_change(passage, mention, old, new)?;
    let told = told_range(passage, mention, share)?;
    let (old_low, old_high) = old.bounds();
    let (new_low, new_high) = new.bounds();
    if old_low <= 0.0 || new_low <= 0.0 {
        return None;
    }
    let (low, high) = ((new_low / old_high - 1.0) * 100.0, (new_high / old_low - 1.0) * 100.0);
    let falls = new.amount < old.amount;
    let (low, high) = if falls { (-high, -low) } else { (low, high) };
    let contrary = match says {
        Direction::Up => falls,
        Direction::Down => !falls && new.amount != old.amount,
        Direction::Open => false,
    };
    const MARGIN: f64 = 1.0;
    let fits = told.0 <= high + MARGIN && low - MARGIN <= told.1;
    if fits && !contrary {
        return None;
    }
    let exact = (as_float(new.amount) / as_float(old.amount) - 1.0) * 100.0;
    let currency = old.currency;
    Some(Failure {
        message: format!(
            "from {} to {} is no change of {}",
            shown(old.amount, currency),
            shown(new.amount, currency),
            &passage.text[mention.bytes.clone()],
        ),
        arithmetic: format!(
            "({} ÷ {} − 1) × 100 = {exact:.1} %, told as {}",
            shown(new.amount, currency),
            shown(old.amount, currency),
            &passage.text[mention.bytes.clone()],
        ),
    })
}

#[derive(Clone, Copy, PartialEq)]
enum Direction {
    Up,
    Down,
    Open,
}

const UP: &[&str] = &[
    "increase", "rise", "rose", "risen", "gain", "growth", "grew", "grown", "jump", "surge", "up ", "climb", "soar",
    "higher", "增长", "增長", "增幅", "涨幅", "漲幅", "上涨", "上漲", "上升", "升幅", "增加", "提高", "提升",
];
const DOWN: &[&str] = &[
    "decrease", "decline", "fall", "fell", "fallen", "drop", "down ", "slump", "cut ", "shrink", "shrank", "lower",
    "plunge", "slid", "下降", "下跌", "降幅", "跌幅", "减少", "減少", "下滑", "缩减", "回落",
];

/// Whether the percentage stands right before "from A to B", in it or right behind it, with a word of change beside it
/// and nothing that makes it a share of something else.
fn said_of_change(passage: &Passage, share: &Mention, old: &Figure<'_>, new: &Figure<'_>) -> Option<Direction> {
    const NEAR: usize = 60;
    let (first, last) = match old.mention.bytes.start < new.mention.bytes.start {
        true => (old.mention, new.mention),
        false => (new.mention, old.mention),
    };
    let text = passage.text.to_lowercase();
    if text.len() != passage.text.len() {
        return None;
    }
    let behind = &text[share.bytes.end..];
    let points = ["point", "个百分点", "個百分點", "百分点"];
    if points
        .iter()
        .any(|word| behind.trim_start_matches([' ', '-']).trim_start_matches("percentage ").starts_with(word))
    {
        return None;
    }
    let (gap, about) = if share.bytes.end <= first.bytes.start {
        let gap = &text[share.bytes.end..first.bytes.start];
        let head = clause_before(&text, share.bytes.start);
        // "rose 19% from A to B", 增长19%，从A…
        (gap, head)
    } else if share.bytes.start >= last.bytes.end {
        let gap = &text[last.bytes.end..share.bytes.start];
        let tail = clause_behind(&text, share.bytes.end);
        (gap, if has_change(gap) == Direction::Open { tail } else { gap })
    } else {
        // "B, up 19% from A", "from A by 19% to B", 从A同比增长19%至B
        let between = &text[first.bytes.end..last.bytes.start];
        (between, clause_before(&text, first.bytes.start))
    };
    let other_matter = [
        "margin",
        "share of",
        "stake",
        "interest rate",
        "of which",
        "accounting for",
        "其中",
        "占",
        "占比",
        "利率",
        "持股",
        "毛利率",
        "同期",
    ];
    // 上年同期 is the year before, 同期 alone another matter of the same one.
    let gap = &*gap.replace("上年同期", "").replace("去年同期", "");
    if gap.len() > NEAR
        || gap.contains([';', '；', '。'])
        || other_matter.iter().any(|word| gap.contains(word) || about.contains(word))
    {
        return None;
    }
    let of = |words: &str| has_change(words);
    match (of(gap), of(about)) {
        (Direction::Open, Direction::Open) => None,
        (Direction::Open, said) | (said, _) => Some(said),
    }
}

fn has_change(words: &str) -> Direction {
    let any = |list: &[&str]| list.iter().any(|word| words.contains(word));
    match (any(UP), any(DOWN)) {
        (true, false) => Direction::Up,
        (false, true) => Direction::Down,
        _ => Direction::Open,
    }
}

fn clause_before(text: &str, at: usize) -> &str {
    let head = &text[..at];
    let start = head.rfind([',', '，', ';', '；', '。']).map_or(0, |comma| comma + 1);
    let start = (start..=head.len()).find(|&start| head.is_char_boundary(start)).unwrap_or(head.len());
    let clause = &head[start..];
    let near = clause.char_indices().rev().nth(30).map_or(0, |(at, _)| at);
    &clause[near..]
}

fn clause_behind(text: &str, at: usize) -> &str {
    let tail = &text[at..];
    let end = tail.find([',', '，', ';', '；', '。', '.']).unwrap_or(tail.len());
    let near = tail[..end].char_indices().nth(30).map_or(end, |(at, _)| at);
    &tail[..near]
}

/// The percentage with its rounding, and what "over" and "nearly" before it allow.
fn told_range(passage: &Passage, mention: &Mention, share: Share) -> Option<(f64, f64)> {
    let exact = share.as_exact().or((share.max == rust_hundred()).then_some(share.min)).unwrap_or(share.min);
    let half = if exact.normalize().scale() > 0 { 0.05 } else { 0.5 };
    let value = as_float(exact);
    let text = passage.text[..mention.bytes.end].to_lowercase();
    let head: String = text.chars().rev().take(24).collect::<Vec<_>>().into_iter().rev().collect();
    let any = |words: &[&str]| words.iter().any(|word| head.contains(word));
    if any(&["over ", "more than", "above ", "at least", "超过", "超過", "逾", "以上"]) {
        return Some((value - half, value * 1.25 + 2.0));
    }
    if any(&["nearly", "almost", "close to", "up to", "less than", "近", "接近", "不足", "不到"]) {
        return Some((value * 0.85 - 2.0, value + half));
    }
    if any(&["about", "around", "some ", "roughly", "approximately", "约", "約", "大约", "左右"]) {
        return Some((value * 0.9 - 1.0, value * 1.1 + 1.0));
    }
    Some((value - half, value + half))
}

fn rust_hundred() -> guanxi_model::Decimal {
    guanxi_model::Decimal::ONE_HUNDRED
}

/// A word that says how many times, with the least and the greatest ratio that it may mean.
struct Multiple {
    words: &'static [&'static str],
    low: f64,
    high: f64,
    times: &'static str,
}

const MULTIPLES: [Multiple; 5] = [
    Multiple {
        words: &["doubl", "翻番", "翻倍", "翻一番", "翻了一番", "翻了番", "增长一倍", "增长了一倍", "增加一倍"],
        low: 1.8,
        high: 2.3,
        times: "2",
    },
    Multiple { words: &["tripl", "trebl", "翻两倍", "增至三倍"], low: 2.7, high: 3.4, times: "3" },
    Multiple { words: &["quadrupl", "翻两番", "翻了两番"], low: 3.6, high: 4.5, times: "4" },
    Multiple { words: &["tenfold", "ten-fold", "增至十倍"], low: 9.0, high: 11.0, times: "10" },
    Multiple { words: &["halv", "减半", "減半", "腰斩", "腰斬"], low: 0.43, high: 0.56, times: "½" },
];

/// The one word of the sentence that says how many times, and where it stands.
fn multiple(text: &str) -> Option<(usize, &'static Multiple)> {
    let place = |multiple: &'static Multiple| {
        multiple.words.iter().filter_map(|word| text.find(word)).min().map(|at| (at, multiple))
    };
    let found: Vec<(usize, &Multiple)> = MULTIPLES.iter().filter_map(place).collect();
    let [(at, multiple)] = found[..] else { return None };
    (!is_other_doubling(text, at)).then_some((at, multiple))
}

/// "double its profits to B" beside one other figure A of the same thing.
fn wrong_multiple(passage: &Passage, figures: &[Figure<'_>]) -> Option<Failure> {
    let text = passage.text.to_lowercase();
    let (at, multiple) = multiple(&text).filter(|_| text.len() == passage.text.len())?;
    let new = figures.iter().find(|figure| figure.mention.bytes.start > at)?;
    let same: Vec<&Figure<'_>> = figures.iter().filter(|figure| figure.currency == new.currency).collect();
    let [old] = same.iter().filter(|figure| figure.mention.bytes != new.mention.bytes).collect::<Vec<_>>()[..] else {
        return None;
    };
    let words = &text[at..new.mention.bytes.start];
    let leads = words.len() <= 60
        && (words.trim_end().ends_with(" to") || words.trim_end().ends_with(['至', '到', '为', '達', '达']));
    if !leads || new.currency.is_none() || !is_same_matter(&text, words, old, new) {
        return None;
    }
    let open_above = ["more than", "over", "超过", "逾"].iter().any(|word| text[..at].trim_end().ends_with(word));
    no_multiple(multiple, open_above, old, new)
}

/// "doubled from A to B", "rose from A to B, more than doubling", 从A增至B，翻了一番.
fn wrong_multiple_between(passage: &Passage, figures: &[Figure<'_>]) -> Option<Failure> {
    const NEAR: usize = 24;
    let text = passage.text.to_lowercase();
    let (at, multiple) = multiple(&text).filter(|_| text.len() == passage.text.len())?;
    let [change] = changes(passage, figures)[..] else { return None };
    let (old, new) = (&figures[change.old], &figures[change.new]);
    if figures.iter().filter(|figure| figure.currency == old.currency).count() != 2 {
        return None;
    }
    let (old_place, new_place) = (&old.mention.bytes, &new.mention.bytes);
    let (start, end) = (old_place.start.min(new_place.start), old_place.end.max(new_place.end));
    let gap = match at {
        before if before < start => &text[before..start],
        behind if behind >= end => &text[end..behind],
        _ => "",
    };
    let with_it = gap.chars().count() <= NEAR && !gap.contains([';', '；', '。', ':', '：']);
    // "its staff doubled, and sales rose from A to B"
    let of_another = gap.contains([',', '，', '、']) && at < start
        || [" and ", " while ", "而", "并"].iter().any(|word| gap.contains(word));
    let open_above = ["more than", "over", "超过", "逾"].iter().any(|word| text[..at].trim_end().ends_with(word));
    (with_it && !of_another).then(|| no_multiple(multiple, open_above, old, new)).flatten()
}

/// The failure, if the new figure is not so many times the old one, as far as both may be rounded.
fn no_multiple(multiple: &Multiple, open_above: bool, old: &Figure<'_>, new: &Figure<'_>) -> Option<Failure> {
    let (old_low, old_high) = old.bounds();
    let (new_low, new_high) = new.bounds();
    let (low, high) = (new_low / old_high, new_high / old_low);
    let highest = if open_above { multiple.high * 1.5 } else { multiple.high };
    if old_low <= 0.0 || low <= highest && multiple.low <= high {
        return None;
    }
    let currency = new.currency;
    let (old, new) = (old.amount, new.amount);
    let ratio = as_float(new) / as_float(old);
    Some(Failure {
        message: format!(
            "{} to {} is not {} times as much",
            shown(old, currency),
            shown(new, currency),
            multiple.times,
        ),
        arithmetic: format!("{} ÷ {} = {ratio:.2}, not {}", shown(new, currency), shown(old, currency), multiple.times),
    })
}

/// "double-digit", "doubles tournament", "doubled down": no figure became twice as much.
fn is_other_doubling(text: &str, at: usize) -> bool {
    [
        "double-",
        "double digit",
        "doubles ",
        "doubled down",
        "double down",
        "double taxation",
        "more than half",
        "doubling down",
    ]
    .iter()
    .any(|other| text[at..].starts_with(other))
}

/// Whether both figures are of one thing: told in a row ("from A to B"), or the word doubled stands before both.
fn is_same_matter(text: &str, words: &str, old: &Figure<'_>, new: &Figure<'_>) -> bool {
    let (old, new) = (&old.mention.bytes, &new.mention.bytes);
    if old.start > new.end {
        return text[new.end..old.start].trim() == "from";
    }
    let doubled = words.split_whitespace().find(|word| word.len() > 3 && !word.starts_with("doubl"));
    let from = text[..old.start].trim_end();
    if from.ends_with("from") || from.ends_with(['从', '由', '從']) {
        return true;
    }
    let stem = |word: &str| word.trim_end_matches('s').to_owned();
    let pronoun = |word: &str| ["their", "that", "this", "over", "almost", "nearly"].contains(&word);
    let noun = doubled.filter(|word| !pronoun(word)).map(stem).or_else(|| {
        words
            .split_whitespace()
            .filter(|word| word.len() > 3)
            .find(|word| !word.starts_with("doubl") && !pronoun(word))
            .map(stem)
    });
    noun.is_some_and(|noun| text[..old.start].contains(&noun))
}
