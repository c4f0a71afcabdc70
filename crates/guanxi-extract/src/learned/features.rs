//! What a model sees of two names in a sentence: words between, before and behind, never the names themselves.

use super::Piece;

/// What is seen further away than this from either name is not looked at.
const BEFORE: usize = 8;
const BEHIND: usize = 12;
/// More words than this between two names tell nothing of them.
pub const FURTHEST: usize = 60;
const BETWEEN: u64 = 11;
const AFTER: u64 = 13;
const WORD: u8 = 0;
const NAME: u8 = 6;

/// The features of a pair, the first name before the second, as hashes. The same hash may stand there twice.
pub fn features(tokens: &[u64], pieces: &[Piece], first: usize, second: usize, out: &mut Vec<u64>) {
    out.clear();
    let symbol = |piece: &Piece| match piece.sort {
        WORD => tokens[piece.start as usize],
        sort => mix(1, u64::from(sort.min(NAME))),
    };
    let row = |range: std::ops::Range<usize>| pieces[range].iter().map(symbol).collect::<Vec<u64>>();
    let between = row(first + 1..second);
    let before = row(first.saturating_sub(BEFORE)..first);
    let behind = row(second + 1..(second + 1 + BEHIND).min(pieces.len()));
    let (a, b) = (&pieces[first], &pieces[second]);
    let sorts = mix(u64::from(a.sort), u64::from(b.sort));
    let names = pieces[first + 1..second].iter().filter(|piece| piece.sort >= NAME).count();

    out.push(2);
    out.extend([mix(3, sorts), mix(4, u64::from(a.sort)), mix(5, u64::from(b.sort))]);
    out.push(mix(6, between.len().min(20) as u64));
    out.push(mix(7, names.min(4) as u64));
    out.push(mix(8, first.min(3) as u64));
    for (seed, name) in [(9, a), (10, b)] {
        let own = &tokens[name.start as usize..name.name_end as usize];
        out.extend(own.last().map(|&last| mix(seed, last)));
        out.extend(own.len().checked_sub(2).map(|from| mix(seed + 20, gram(&own[from..]))));
        out.push(mix(seed + 30, own.len().min(6) as u64));
    }
    grams(BETWEEN, &between, 4, out);
    grams(12, &before, 3, out);
    grams(AFTER, &behind, 3, out);
    for (&one, &other) in between.iter().zip(between.iter().skip(1)) {
        out.push(mix(mix(14, sorts), mix(one, other)));
    }
    out.extend(between.iter().map(|&one| mix(mix(15, sorts), one)));
    for length in 1..=3 {
        let opens = |row: &[u64], seed| row.get(..length).map(|row| mix(seed, gram(row)));
        let closes = |row: &[u64], seed| row.len().checked_sub(length).map(|from| mix(seed, gram(&row[from..])));
        out.extend(opens(&between, 16));
        out.extend(closes(&between, 17));
        out.extend(closes(&before, 18));
        out.extend(opens(&behind, 19));
    }
    if between.len() <= 6 {
        out.push(mix(20, gram(&between)));
        out.push(mix(mix(21, gram(&between)), before.last().copied().unwrap_or_default()));
        out.push(mix(mix(22, gram(&between)), behind.first().copied().unwrap_or_default()));
    }
}

/// Words between two names and behind them, by their places, each with what a model sees of it alone.
pub(crate) struct Reasons(pub(crate) Vec<(usize, [u64; 2])>);

pub(crate) fn reasons(tokens: &[u64], pieces: &[Piece], first: usize, second: usize) -> Reasons {
    let places = (first + 1..second).zip(std::iter::repeat(BETWEEN));
    let behind = (second + 1..(second + 1 + BEHIND).min(pieces.len())).zip(std::iter::repeat(AFTER));
    let words = places.chain(behind).filter(|(at, _)| pieces[*at].sort == WORD);
    let seen = words.map(|(at, seed)| {
        let alone = mix(seed, tokens[pieces[at].start as usize]);
        let next = pieces.get(at + 1).filter(|next| next.sort == WORD);
        (at, [alone, next.map_or(alone, |next| mix(alone, tokens[next.start as usize]))])
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
fn mix(one: u64, other: u64) -> u64 {
    let mixed = (one.rotate_left(23) ^ other).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed ^ (mixed >> 29)
}
