//! Small questions about names, for whoever talks to people.

use guanxi_names::pinyin::{self, PinyinMatch};
use guanxi_names::{fold, is_han, similarity};

/// Whether two names differ in nothing but case, width, script variant and the like.
pub fn same(one: &str, other: &str) -> bool {
    fold(one) == fold(other)
}

/// How a name answers to what somebody looks for, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// It is the words.
    Same,
    /// It begins with them.
    Begins,
    /// It holds them.
    Holds,
    /// They are its pinyin, or that of its first characters, syllable for syllable.
    Pinyin,
    /// They are the first letters of its pinyin.
    Initials,
    /// It is near to them, a slip of the pen away.
    Near,
}

/// How a name answers to these words, by the same measure; nearness counts only where it is asked for.
pub fn likeness(name: &str, words: &str, near: bool) -> Option<Likeness> {
    let (folded, wanted) = (fold(name), fold(words));
    if wanted.is_empty() {
        return None;
    }
    if folded == wanted {
        return Some(Likeness::Same);
    }
    if folded.starts_with(&wanted) {
        return Some(Likeness::Begins);
    }
    if folded.contains(&wanted) {
        return Some(Likeness::Holds);
    }
    match pinyin::matches(words, name) {
        Some(PinyinMatch::Whole) => Some(Likeness::Pinyin),
        Some(PinyinMatch::Initials) => Some(Likeness::Initials),
        None if begins_pinyin(name, words) => Some(Likeness::Pinyin),
        None => (near && similarity(&folded, &wanted) >= 0.9).then_some(Likeness::Near),
    }
}

/// Whether the words are the pinyin of at least two characters at the beginning of a name.
fn begins_pinyin(name: &str, words: &str) -> bool {
    if !name.chars().any(is_han) || !words.chars().any(|c| c.is_ascii_alphabetic()) {
        return false;
    }
    let wanted: String = fold(words).chars().filter(|c| c.is_alphanumeric()).collect();
    let mut spelt = String::new();
    pinyin::romanized(name).split(' ').enumerate().any(|(place, syllable)| {
        spelt.push_str(syllable);
        place > 0 && spelt == wanted
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_folded() {
        assert!(same("騰訊控股", "腾讯控股") && !same("腾讯", "腾讯控股"));
        let how = |name, words| likeness(name, words, true);
        assert_eq!(how("People’s Bank of China", "bank of"), Some(Likeness::Holds));
        assert_eq!(how("小紅書科技", "小红"), Some(Likeness::Begins));
        assert_eq!(
            (how("小红书", "xiaohongshu"), how("小红书", "xhs")),
            (Some(Likeness::Pinyin), Some(Likeness::Initials))
        );
        assert_eq!((how("小红书科技", "xiao hong"), how("小红书科技", "xiaoho")), (Some(Likeness::Pinyin), None));
        assert_eq!(how("Tencent", "tecnent"), Some(Likeness::Near));
        assert_eq!((likeness("Tencent", "tecnent", false), how("Tencent", "Alibaba")), (None, None));
    }
}
