//! Which token of one name stands for which of the other, and how sure that is.

use super::parts::{Token, TokenKind};
use crate::is_han;
use crate::pinyin::{self, PinyinMatch};

/// Tokens of one name set against those of another.
#[derive(Clone, Debug, Default)]
pub(super) struct Alignment {
    /// Places of aligned tokens on both sides, in the order found.
    pairs: Vec<(usize, usize)>,
    /// Weight that is aligned, times how alike the tokens are in thousandths.
    aligned: u64,
    used: [Vec<bool>; 2],
    /// Letters that differ within aligned tokens.
    pub edits: u16,
    /// Some are aligned by pinyin.
    pub pinyin: bool,
    /// Some are of two languages.
    pub translated: bool,
    /// Words are run together that are no brands, or single letters: Metro Bank, Metrobank.
    pub run_together: bool,
    /// What is aligned is a brand, or two tokens at least.
    pub is_telling: bool,
}

/// How alike tokens are, in thousandths, that are the same but for their spelling.
const SAME: u64 = 1000;
const PINYIN: u64 = 900;
const HOMOPHONE: u64 = 850;
/// Most tokens that are run together to one.
const LONGEST_RUN: usize = 4;

impl Alignment {
    pub fn of(one: &[Token], other: &[Token]) -> Self {
        let mut alignment = Self { used: [vec![false; one.len()], vec![false; other.len()]], ..Self::default() };
        alignment.pair_equal(one, other);
        alignment.pair_runs(one, other, run_equals);
        alignment.pair_runs(one, other, run_is_pinyin);
        alignment.pair_misspelt(one, other);
        alignment
    }

    /// All of one with all of the other.
    pub fn whole(one: &[Token], other: &[Token]) -> Self {
        let mut alignment = Self { used: [vec![false; one.len()], vec![false; other.len()]], ..Self::default() };
        alignment.pair(one, other, [0..one.len(), 0..other.len()], SAME);
        alignment.is_telling = true;
        alignment.translated = false;
        alignment.run_together = !parted_otherwise(one, other).all(is_whole_word);
        alignment
    }

    /// Share of the weight of both names that is aligned, in thousandths.
    pub fn share(&self, one: &[Token], other: &[Token]) -> u16 {
        let whole: u64 = one.iter().chain(other).map(|token| u64::from(token.kind.weight())).sum();
        (self.aligned / whole.max(1)).min(1000) as u16
    }

    pub fn left_over<'t>(&self, side: usize, tokens: &'t [Token]) -> Vec<&'t Token> {
        tokens.iter().zip(&self.used[side]).filter(|(_, used)| !**used).map(|(token, _)| token).collect()
    }

    pub fn is_reordered(&self) -> bool {
        let mut pairs = self.pairs.clone();
        pairs.sort_unstable();
        !pairs.is_sorted_by_key(|&(_, other)| other)
    }

    fn pair(&mut self, one: &[Token], other: &[Token], at: [std::ops::Range<usize>; 2], likeness: u64) {
        let [left, right] = at;
        let tokens = || one[left.clone()].iter().chain(&other[right.clone()]);
        self.aligned += tokens().map(|token| u64::from(token.kind.weight())).sum::<u64>() * likeness;
        let has_brand = tokens().all(|token| token.kind == TokenKind::Brand);
        self.translated |= tokens().any(Token::is_han) && !tokens().all(Token::is_han) && !tokens().any(is_number);
        self.is_telling |= has_brand || !self.pairs.is_empty();
        self.used[0][left.clone()].fill(true);
        self.used[1][right.clone()].fill(true);
        self.pairs.push((left.start, right.start));
    }

    fn pair_equal(&mut self, one: &[Token], other: &[Token]) {
        for (left, token) in one.iter().enumerate() {
            let equal = |&right: &usize| !self.used[1][right] && is_same(token, &other[right]);
            if let Some(right) = (0..other.len()).find(equal) {
                self.pair(one, other, [left..left + 1, right..right + 1], SAME);
            }
        }
    }

    /// Pairs several tokens in a row with one of the other side.
    fn pair_runs(&mut self, one: &[Token], other: &[Token], fit: fn(&[Token], &Token) -> Option<Fit>) {
        for side in [0, 1] {
            let (many, single) = if side == 0 { (one, other) } else { (other, one) };
            for (at, token) in single.iter().enumerate() {
                if self.used[1 - side][at] {
                    continue;
                }
                let free = |run: &std::ops::Range<usize>| self.used[side][run.clone()].iter().all(|used| !used);
                let found = runs(many.len()).filter(free).find_map(|run| Some((fit(&many[run.clone()], token)?, run)));
                let Some((fit, run)) = found else { continue };
                let places = if side == 0 { [run, at..at + 1] } else { [at..at + 1, run] };
                self.edits += fit.edits;
                self.pinyin |= fit.pinyin;
                self.run_together |= fit.run_together;
                self.pair(one, other, places, fit.likeness);
            }
        }
    }

    /// Pairs tokens that a slip of the pen may have parted, the nearest first.
    fn pair_misspelt(&mut self, one: &[Token], other: &[Token]) {
        let shares_brand =
            self.pairs.iter().any(|&(left, _)| one[left].kind == TokenKind::Brand) || self.pairs.len() > 1;
        let mut near: Vec<(u16, usize, usize, u64)> = Vec::new();
        for left in (0..one.len()).filter(|&left| !self.used[0][left]) {
            for right in (0..other.len()).filter(|&right| !self.used[1][right]) {
                if let Some((edits, likeness)) = misspelling(&one[left], &other[right], shares_brand) {
                    near.push((edits, left, right, likeness));
                }
            }
        }
        near.sort_unstable_by_key(|&(edits, left, right, _)| (edits, left.max(right), left.min(right), left));
        for (edits, left, right, likeness) in near {
            if !self.used[0][left] && !self.used[1][right] {
                self.edits += edits;
                self.pair(one, other, [left..left + 1, right..right + 1], likeness);
            }
        }
    }
}

struct Fit {
    likeness: u64,
    edits: u16,
    pinyin: bool,
    run_together: bool,
}

fn is_number(token: &Token) -> bool {
    token.kind == TokenKind::Number
}

/// Whether it is a brand of more than one letter.
fn is_whole_word(token: &Token) -> bool {
    token.kind == TokenKind::Brand && token.raw.chars().count() > 1
}

/// The tokens between a beginning and an end that the names have in common.
fn parted_otherwise<'t>(one: &'t [Token], other: &'t [Token]) -> impl Iterator<Item = &'t Token> {
    let is_equal = |(one, other): &(&Token, &Token)| one.raw == other.raw;
    let start = one.iter().zip(other).take_while(is_equal).count();
    let (one, other) = (&one[start..], &other[start..]);
    let end = one.iter().rev().zip(other.iter().rev()).take_while(is_equal).count();
    one[..one.len() - end].iter().chain(&other[..other.len() - end])
}

/// Stretches of tokens, the longest first.
fn runs(count: usize) -> impl Iterator<Item = std::ops::Range<usize>> {
    (1..=LONGEST_RUN.min(count)).rev().flat_map(move |length| (0..=count - length).map(move |at| at..at + length))
}

fn is_same(one: &Token, other: &Token) -> bool {
    if one.kind == TokenKind::Number || other.kind == TokenKind::Number {
        return one.kind == other.kind && one.text == other.text;
    }
    one.text == other.text
        || one.spelt_out.as_deref() == Some(other.raw.as_str())
        || other.spelt_out.as_deref() == Some(one.raw.as_str())
}

/// `van`, `der`, `bilt` is `vanderbilt`; one wrong letter is forgiven a long word.
fn run_equals(run: &[Token], single: &Token) -> Option<Fit> {
    if run.len() < 2
        || run.iter().any(is_number)
        || is_number(single)
        || run.iter().any(Token::is_han)
        || single.is_han()
    {
        return None;
    }
    let joined: String = run.iter().map(|token| token.raw.as_str()).collect();
    let are_brands = run.iter().all(is_whole_word) && is_whole_word(single);
    match strsim::osa_distance(&joined, &single.raw) {
        0 => Some(Fit { likeness: SAME, edits: 0, pinyin: false, run_together: !are_brands }),
        1 if joined.chars().count() > 7 && are_brands => {
            Some(Fit { likeness: 850, edits: 1, pinyin: false, run_together: false })
        }
        _ => None,
    }
}

/// `ping`, `an` is 平安; a line of business or a place may be spelt so as well.
fn run_is_pinyin(run: &[Token], single: &Token) -> Option<Fit> {
    let opens = run[0].raw.chars().next().is_some_and(|letter| single.pinyin_may_open_with(letter));
    if !opens || single.raw.chars().count() < 2 || run.iter().any(Token::is_han) {
        return None;
    }
    let joined: String = run.iter().map(|token| token.raw.as_str()).collect();
    let is_pinyin = pinyin::matches(&joined, &single.raw) == Some(PinyinMatch::Whole);
    is_pinyin.then_some(Fit { likeness: PINYIN, edits: 0, pinyin: true, run_together: false })
}

/// How many letters a slip of the pen has changed, and how alike the tokens are for all that.
///
/// Places, numbers and two different words that many names share are never misspelt, nor are initials (ICBC, OCBC); words
/// of three letters only where the names share more than this.
fn misspelling(one: &Token, other: &Token, shares_brand: bool) -> Option<(u16, u64)> {
    let both_known = one.kind != TokenKind::Brand && other.kind != TokenKind::Brand;
    if is_number(one) || is_number(other) || both_known || one.is_han() != other.is_han() {
        return None;
    }
    if one.is_han() {
        return misspelt_han(&one.raw, &other.raw);
    }
    let (one_length, other_length) = (one.raw.chars().count(), other.raw.chars().count());
    let length = one_length.max(other_length);
    let budget = match length {
        ..=5 if one.may_be_initials || other.may_be_initials => 0,
        ..=2 => 0,
        3 => usize::from(shares_brand),
        4..=8 => 1,
        _ => 2,
    };
    if budget == 0 || one_length.abs_diff(other_length) > budget {
        return None;
    }
    let edits = strsim::osa_distance(&one.raw, &other.raw);
    (edits <= budget).then(|| (edits as u16, (1000 - (1000 * edits / length)) as u64))
}

/// Two characters and more that sound alike (腾迅, 腾讯), or six and more but for one.
fn misspelt_han(one: &str, other: &str) -> Option<(u16, u64)> {
    /// Characters that tell names of one house apart.
    const TELLING: &str = "一二三四五六七八九十东西南北中上下大小新老";
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    if one.len() != other.len() || one.len() < 2 || !one.iter().all(|&character| is_han(character)) {
        return None;
    }
    let different: Vec<(char, char)> =
        one.iter().zip(&other).filter(|(one, other)| one != other).map(|(one, other)| (*one, *other)).collect();
    let [(left, right)] = different[..] else { return None };
    let sounds_alike = pinyin::readings(left).iter().any(|reading| pinyin::readings(right).contains(reading));
    let is_telling = TELLING.contains(left) || TELLING.contains(right);
    ((sounds_alike || one.len() > 5) && !is_telling).then_some((1, HOMOPHONE))
}
