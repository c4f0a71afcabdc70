//! How a name answers to what somebody looks for: the measure, name by name; `index` finds the same among many.

use crate::pinyin::{self, PinyinMatch};
use crate::{fold, is_han};

/// How a name answers to what somebody looks for, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Likeness {
    /// It is the words.
    Same,
    /// It begins with them.
    Begins,
    /// A later word of it begins with them, or they are Chinese, two characters or more, and stand in it.
    Holds,
    /// They are its pinyin, or that of its first characters, syllable for syllable.
    Pinyin,
    /// They are the first letters of its pinyin.
    Initials,
    /// It, or its first words, are a slip of the pen or two away.
    Near,
}

/// How a name answers to these words; nearness counts only where it is asked for.
pub fn likeness(name: &str, words: &str, near: bool) -> Option<Likeness> {
    let (name, wanted) = (fold(name), fold(words));
    if wanted.is_empty() {
        return None;
    }
    if name == wanted {
        return Some(Likeness::Same);
    }
    match word_start(&name, &wanted) {
        Some(0) => return Some(Likeness::Begins),
        Some(_) => return Some(Likeness::Holds),
        None => {}
    }
    match pinyin::matches(words, &name) {
        Some(PinyinMatch::Whole) => Some(Likeness::Pinyin),
        _ if pinyin::begins(words, &name) => Some(Likeness::Pinyin),
        Some(PinyinMatch::Initials) => Some(Likeness::Initials),
        None => (near && is_near(&name, &wanted)).then_some(Likeness::Near),
    }
}

/// Where `part` begins `name`, both folded, or a word of it: behind what is neither letter nor digit, and in Chinese, which
/// has no spaces, anywhere, but for single characters.
pub fn word_start(name: &str, part: &str) -> Option<usize> {
    let anywhere = part.chars().all(is_east_asian) && part.chars().nth(1).is_some();
    let is_word = part.starts_with(char::is_alphanumeric);
    let begins = |at: usize| at == 0 || anywhere || (is_word && name[..at].ends_with(|c: char| !c.is_alphanumeric()));
    let mut from = 0;
    while let Some(at) = name[from..].find(part).map(|at| from + at) {
        if begins(at) {
            return Some(at);
        }
        from = at + name[at..].chars().next()?.len_utf8();
    }
    None
}

/// Whether a name, or what of it stands before one of its spaces, is at most [`slips`] slips of the pen away from what is
/// wanted, both folded. A letter too many, too few or another one is a slip, and so are two that changed places. The first
/// letter is right, or the second one stands in its place.
pub fn is_near(name: &str, wanted: &str) -> bool {
    let most = slips(wanted);
    let (mut own, mut others) = (name.chars(), wanted.chars());
    let (own, others) = ([own.next(), own.next()], [others.next(), others.next()]);
    if own[0] != others[0] && own != [others[1], others[0]] {
        return false;
    }
    let beginnings = name.match_indices(' ').map(|(at, _)| &name[..at]);
    most > 0 && beginnings.chain([name]).any(|part| strsim::osa_distance(part, wanted) <= most)
}

/// How many slips of the pen are forgiven, by length: none in two characters, one in up to five, two in more; of Chinese
/// characters, each of which says more, two in nine and more.
pub fn slips(wanted: &str) -> usize {
    let one = if wanted.chars().all(is_east_asian) { 8 } else { 5 };
    match wanted.chars().count() {
        0..=2 => 0,
        length if length <= one => 1,
        _ => 2,
    }
}

/// What stands in text that has no spaces: Chinese characters and signs.
pub(crate) fn is_east_asian(character: char) -> bool {
    is_han(character) || character as u32 >= 0x2e80
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_answers_in_the_best_way_it_can() {
        let how = |name, words| likeness(name, words, true);
        for (name, words, expected) in [
            ("Tencent", "TENCENT", Some(Likeness::Same)),
            ("People’s Bank of China", "bank of", Some(Likeness::Holds)),
            ("International Paper", "tern", None),
            ("Coca-Cola", "cola", Some(Likeness::Holds)),
            ("小紅書科技", "小红", Some(Likeness::Begins)),
            ("上海小红书", "红书", Some(Likeness::Holds)),
            ("上海小红书", "书", None),
            ("小红书", "xiaohongshu", Some(Likeness::Pinyin)),
            ("小红书", "xhs", Some(Likeness::Initials)),
            ("小红书科技", "xiao hong", Some(Likeness::Pinyin)),
            ("小红书科技", "xiaoho", None),
            ("Tencent", "tecnent", Some(Likeness::Near)),
            ("Tencent Holdings", "tecnent", Some(Likeness::Near)),
            ("Tencent", "Alibaba", None),
            ("FSMA", "FSMMA", Some(Likeness::Near)),
            ("腾讯控股", "腾迅控股", Some(Likeness::Near)),
            ("新澜电子科技", "新澜光子科技", Some(Likeness::Near)),
            ("新澜电子科技", "新岚光子科技", None),
        ] {
            assert_eq!(how(name, words), expected, "{name} | {words}");
        }
        assert_eq!(likeness("Tencent", "tecnent", false), None);
    }
}
