//! What a model sees of two names in a sentence: words between, before and behind, never the names themselves.

use super::{Piece, Row};

/// What is seen further away than this from either name is not looked at.
const BEFORE: usize = 8;
const BEHIND: usize = 12;
/// More words than this between two names tell nothing of them.
pub const FURTHEST: usize = 60;
const BETWEEN: u64 = 11;
const AFTER: u64 = 13;
const WORD: u8 = 0;
const NAME: u8 = 6;
/// What a word stands next to: nobody, the first name of the pair, the second, another one.
const NOBODY: u64 = 0;
const FIRST: u64 = 1;
const SECOND: u64 = 2;
const OTHER: u64 = 3;

/// The features of a pair, the first name before the second, as hashes. The same hash may stand there twice.
pub fn features(row: &Row, first: usize, second: usize, out: &mut Vec<u64>) {
    out.clear();
    let pieces = &row.pieces;
    let from = first.saturating_sub(BEFORE);
    let to = (second + 1 + BEHIND).min(pieces.len());
    let (before, between, behind) = (from..first, first + 1..second, second + 1..to);
    let sorts = mix(u64::from(pieces[first].sort), u64::from(pieces[second].sort));
    ends(row, first, second, sorts, out);

    let words = |range: &std::ops::Range<usize>| &row.words[range.clone()];
    let stems = |range: &std::ops::Range<usize>| &row.stems[range.clone()];
    grams(BETWEEN, words(&between), 4, out);
    grams(12, words(&before), 2, out);
    grams(AFTER, words(&behind), 2, out);
    grams(40, stems(&between), 2, out);
    out.extend(words(&between).iter().map(|&one| mix(mix(15, sorts), one)));
    for length in 1..=3 {
        let opens = |row: &[u64], seed| row.get(..length).map(|row| mix(seed, gram(row)));
        let closes = |row: &[u64], seed| row.len().checked_sub(length).map(|from| mix(seed, gram(&row[from..])));
        out.extend(opens(words(&between), 16));
        out.extend(closes(words(&between), 17));
        out.extend(closes(words(&before), 18));
        out.extend(opens(words(&behind), 19));
    }
    if between.len() <= 6 {
        let whole = gram(words(&between));
        out.push(mix(20, whole));
        out.push(mix(mix(21, whole), words(&before).last().copied().unwrap_or_default()));
        out.push(mix(mix(22, whole), words(&behind).first().copied().unwrap_or_default()));
    }
    neighbours(row, first, second, out);
    sides(row, (first, second), from..to, sorts, out);
    skeleton(row, (first, second), from..to, out);
}

/// What the two names are, how far apart, and what stands between them.
fn ends(row: &Row, first: usize, second: usize, sorts: u64, out: &mut Vec<u64>) {
    let (a, b) = (&row.pieces[first], &row.pieces[second]);
    let names = row.pieces[first + 1..second].iter().filter(|piece| piece.sort >= NAME).count();
    out.push(2);
    out.extend([mix(3, sorts), mix(4, u64::from(a.sort)), mix(5, u64::from(b.sort))]);
    out.push(mix(6, (second - first - 1).min(20) as u64));
    out.push(mix(7, names.min(4) as u64));
    out.push(mix(8, first.min(3) as u64));
    for (seed, name) in [(9, a), (10, b)] {
        let own = &row.tokens[name.start as usize..name.name_end as usize];
        out.extend(own.last().map(|&last| mix(seed, last)));
        out.extend(own.len().checked_sub(2).map(|from| mix(seed + 20, gram(&own[from..]))));
        out.push(mix(seed + 30, own.len().min(6) as u64));
    }
}

/// The words that touch the names, two and two.
fn neighbours(row: &Row, first: usize, second: usize, out: &mut Vec<u64>) {
    let at = |place: Option<usize>| place.and_then(|place| row.stems.get(place)).copied().unwrap_or_default();
    let (before, opens) = (at(first.checked_sub(1)), at(Some(first + 1)));
    let (closes, behind) = (at(second.checked_sub(1)), at(Some(second + 1)));
    let pairs =
        [(before, opens), (closes, behind), (opens, closes), (before, behind), (before, closes), (opens, behind)];
    out.extend(pairs.into_iter().zip(50..).map(|((one, other), seed)| mix(mix(seed, one), other)));
}

/// Each word with the names next to it on either side: of two deals in one sentence each has its own verb.
fn sides(row: &Row, (first, second): (usize, usize), range: std::ops::Range<usize>, sorts: u64, out: &mut Vec<u64>) {
    let whose = |place: usize| match place {
        _ if row.pieces[place].sort < NAME => NOBODY,
        _ if place == first => FIRST,
        _ if place == second => SECOND,
        _ => OTHER,
    };
    let mut next = vec![NOBODY; range.len()];
    let mut right = NOBODY;
    for place in range.clone().rev() {
        next[place - range.start] = right;
        right = if whose(place) == NOBODY { right } else { whose(place) };
    }
    let mut left = NOBODY;
    for place in range.clone() {
        if whose(place) != NOBODY {
            left = whose(place);
            continue;
        }
        let position = u64::from(place > first) + u64::from(place > second);
        let between = mix(mix(left, next[place - range.start]), position);
        out.push(mix(mix(60, row.stems[place]), between));
        let two = row.stems.get(place + 1).filter(|_| place + 1 < range.end).copied().unwrap_or_default();
        out.push(mix(mix(61, mix(row.stems[place], two)), between));
        for &list in row.lists(place) {
            out.push(mix(mix(62, u64::from(list)), between));
            out.push(mix(mix(63, u64::from(list)), position));
            if position == 1 {
                out.push(mix(mix(64, u64::from(list)), sorts));
            }
        }
    }
}

/// The sentence without what fills it: names, figures, signs, and words of the lists, in a row.
fn skeleton(row: &Row, (first, second): (usize, usize), range: std::ops::Range<usize>, out: &mut Vec<u64>) {
    let symbol = |place: usize| match row.lists(place) {
        _ if place == first => Some(FIRST),
        _ if place == second => Some(SECOND),
        _ if row.pieces[place].sort != WORD => Some(row.words[place]),
        [] => row.bones[place].then(|| row.words[place]),
        [list, ..] => Some(u64::from(*list) + 100),
    };
    let bones: Vec<u64> = range.filter_map(symbol).collect();
    let holds = |row: &[u64]| row.iter().any(|&bone| matches!(bone, FIRST | SECOND));
    for length in 2..=4 {
        out.extend(bones.windows(length).filter(|row| holds(row)).map(|row| mix(70, gram(row))));
    }
    let place = |whose: u64| bones.iter().position(|&bone| bone == whose);
    if let (Some(one), Some(other)) = (place(FIRST), place(SECOND))
        && other - one <= 8
    {
        out.push(mix(71, gram(&bones[one..other])));
    }
}

/// Words between two names and behind them, by their places, each with what a model sees of it alone.
pub(crate) struct Reasons(pub(crate) Vec<(usize, [u64; 2])>);

pub(crate) fn reasons(row: &Row, first: usize, second: usize) -> Reasons {
    let is_word = |at: usize| row.pieces.get(at).is_some_and(|piece: &Piece| piece.sort == WORD);
    let places = (first + 1..second).zip(std::iter::repeat(BETWEEN));
    let behind = (second + 1..(second + 1 + BEHIND).min(row.pieces.len())).zip(std::iter::repeat(AFTER));
    let seen = places.chain(behind).filter(|(at, _)| is_word(*at)).map(|(at, seed)| {
        let alone = mix(seed, row.words[at]);
        (at, [alone, if is_word(at + 1) { mix(alone, row.words[at + 1]) } else { alone }])
    });
    Reasons(seen.collect())
}

/// Every stretch of up to so many words.
fn grams(seed: u64, row: &[u64], most: usize, out: &mut Vec<u64>) {
    for start in 0..row.len() {
        let mut hash = seed;
        for &word in row[start..].iter().take(most) {
            hash = mix(hash, word);
            out.push(hash);
        }
    }
}

fn gram(row: &[u64]) -> u64 {
    row.iter().fold(7, |hash, &word| mix(hash, word))
}

/// Two numbers made one, each bit of both in each bit of it.
pub(super) fn mix(one: u64, other: u64) -> u64 {
    let mixed = (one.rotate_left(23) ^ other).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed ^ (mixed >> 29)
}
