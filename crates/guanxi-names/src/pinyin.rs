//! Pinyin: how a Chinese name is written in Latin letters, without tones.
//!
//! The readings are those of the crate `pinyin` (MIT), which has them of pinyin-data (MIT). A character with several has
//! all of them here: which one a name means is not in its characters (重庆 is Chongqing, 重汽 is zhongqi).
//!
//! ```
//! use guanxi_names::pinyin::{PinyinMatch, matches, romanized};
//!
//! assert_eq!(romanized("小红书"), "xiao hong shu");
//! assert_eq!(matches("Xiaohong Shu", "小紅書"), Some(PinyinMatch::Whole));
//! assert_eq!(matches("XHS", "小红书"), Some(PinyinMatch::Initials));
//! assert_eq!(matches("xiaomi", "小红书"), None);
//! ```

use pinyin::{ToPinyin, ToPinyinMulti};
use unicode_normalization::UnicodeNormalization;

use crate::{fold, is_han};

/// How Latin letters fit a Chinese name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PinyinMatch {
    /// By the first letter of each syllable: `xhs`; weak, for many names share them.
    Initials,
    /// Syllable for syllable: `xiaohongshu`.
    Whole,
}

/// Every reading of a character without tones, the commonest first, ü written v; empty for what is no Chinese character.
pub fn readings(character: char) -> Vec<String> {
    let character = simplified(character);
    let mut readings: Vec<String> = Vec::new();
    for reading in character.to_pinyin_multi().into_iter().flatten() {
        let reading = with_v(reading.plain());
        if !readings.contains(&reading) {
            readings.push(reading);
        }
    }
    readings
}

/// The name in syllables, each character in its commonest reading, parted by spaces; ü is written v, and what is no
/// Chinese character stands folded as it is: `tcl ke ji`.
pub fn romanized(name: &str) -> String {
    let mut romanized = String::new();
    let mut after_latin = false;
    for character in fold(name).chars() {
        let reading = character.to_pinyin();
        if (reading.is_some() || !after_latin) && !romanized.is_empty() && !romanized.ends_with(' ') {
            romanized.push(' ');
        }
        match reading {
            Some(reading) => romanized.push_str(&with_v(reading.plain())),
            None if character == ' ' && romanized.ends_with(' ') => {}
            None => romanized.push(character),
        }
        after_latin = reading.is_none();
    }
    romanized.trim_end().to_owned()
}

/// Whether Latin letters are pinyin of a Chinese name, and how.
///
/// Case, tones (marks, or digits where the name has none), spaces, hyphens and apostrophes do not matter; ü may be ü, v, u
/// or yu (as passports write lü), and any reading of a character fits. `None` where the name has no Chinese character, and
/// of a single one initials do not count.
pub fn matches(latin: &str, han: &str) -> Option<PinyinMatch> {
    let han: Vec<char> = fold(han).chars().filter(|character| character.is_alphanumeric()).collect();
    if !han.iter().copied().any(is_han) {
        return None;
    }
    let latin = letters(latin, !han.iter().any(char::is_ascii_digit))?;
    if fits(&latin, &han, spellings) {
        Some(PinyinMatch::Whole)
    } else if han.len() > 1 && fits(&latin, &han, initials) {
        Some(PinyinMatch::Initials)
    } else {
        None
    }
}

/// Whether Latin letters are pinyin, syllable for syllable, of the first characters of a Chinese name: of two at least, one
/// of them Chinese. Spelt as in [`matches()`].
pub fn begins(latin: &str, han: &str) -> bool {
    let han: Vec<char> = fold(han).chars().filter(|character| character.is_alphanumeric()).collect();
    let Some(latin) = letters(latin, !han.iter().any(char::is_ascii_digit)) else { return false };
    let mut reached = Reached::new(&latin);
    han.iter().enumerate().any(|(place, &character)| {
        reached.step(&latin, &spellings(character));
        place > 0 && reached.is_at_end() && han[..=place].iter().copied().any(is_han)
    })
}

/// Letters and digits without marks, in small letters, ü as v; `None` where others than Latin ones stand among them.
pub(crate) fn letters(latin: &str, drop_digits: bool) -> Option<String> {
    let mut letters = String::new();
    let lower = latin.nfkc().flat_map(char::to_lowercase).collect::<String>();
    for character in lower.replace("u:", "v").nfd() {
        match character {
            '\u{308}' if letters.ends_with('u') => {
                letters.pop();
                letters.push('v');
            }
            '\u{300}'..='\u{36F}' => {}
            digit if digit.is_ascii_digit() && drop_digits => {}
            letter if letter.is_ascii_alphanumeric() => letters.push(letter),
            other if other.is_alphanumeric() => return None,
            _ => {}
        }
    }
    (!letters.is_empty()).then_some(letters)
}

/// Whether the letters are one spelling of each character, one after the other.
fn fits(latin: &str, han: &[char], spellings: impl Fn(char) -> Vec<String>) -> bool {
    let mut reached = Reached::new(latin);
    han.iter().for_each(|&character| reached.step(latin, &spellings(character)));
    reached.is_at_end()
}

/// Up to where the letters may have been read, after so many characters of a name.
#[derive(Clone, Debug)]
pub(crate) struct Reached(Vec<bool>);

impl Reached {
    pub fn new(latin: &str) -> Self {
        Self((0..=latin.len()).map(|place| place == 0).collect())
    }

    /// Reads one more character, in any of its spellings.
    pub fn step(&mut self, latin: &str, spellings: &[String]) {
        let mut next = vec![false; self.0.len()];
        for spelling in spellings {
            for start in (0..latin.len()).filter(|&start| self.0[start]) {
                if latin[start..].starts_with(spelling.as_str()) {
                    next[start + spelling.len()] = true;
                }
            }
        }
        self.0 = next;
    }

    pub fn is_at_end(&self) -> bool {
        self.0.last() == Some(&true)
    }

    pub fn is_nowhere(&self) -> bool {
        !self.0.contains(&true)
    }
}

/// How a character may be written: its readings in each spelling of ü, or itself.
pub(crate) fn spellings(character: char) -> Vec<String> {
    if !is_han(character) {
        return vec![character.to_string()];
    }
    let mut spellings = readings(character);
    for at in 0..spellings.len() {
        let reading = spellings[at].clone();
        if reading.contains('v') {
            spellings.push(reading.replace('v', "u"));
            spellings.push(reading.replace('v', "yu"));
        } else if reading.starts_with(['j', 'q', 'x', 'y']) && reading.contains('u') {
            spellings.push(reading.replacen('u', "v", 1));
        }
    }
    spellings
}

/// The first letter of each reading; of zh, ch and sh both letters as well.
pub(crate) fn initials(character: char) -> Vec<String> {
    if !is_han(character) {
        return vec![character.to_string()];
    }
    let mut initials = Vec::new();
    for reading in readings(character) {
        let double = ["zh", "ch", "sh"].into_iter().find(|double| reading.starts_with(double));
        for initial in [reading.get(..1), double].into_iter().flatten() {
            if !initials.iter().any(|known| known == initial) {
                initials.push(initial.to_owned());
            }
        }
    }
    initials
}

fn with_v(plain: &str) -> String {
    plain.replace('ü', "v").replace('ê', "e")
}

fn simplified(character: char) -> char {
    crate::fold::simplified(character).unwrap_or(character)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn latin_letters_fit_the_name_they_spell() {
        for (latin, han) in [
            ("xiaohongshu", "小红书"),
            ("Xiaohong shu", "小红书"),
            ("XIAO HONG SHU", "小紅書"),
            ("Zhong guo ping an", "中国平安"),
            ("Zhōngguó Píng'ān", "中国平安"),
            ("zhong1guo2ping2an1", "中国平安"),
            ("Chongqing", "重庆"),
            ("Zhongqi", "重汽"),
            ("Xi'an", "西安"),
            ("lüzhou", "绿洲"),
            ("lvzhou", "绿洲"),
            ("lu:zhou", "绿洲"),
            ("lyuzhou", "绿洲"),
            ("luzhou", "绿洲"),
            ("nǚwa", "女娲"),
            ("yvtong", "宇通"),
            ("Yutong", "宇通"),
            ("Juhe", "聚合"),
            ("TCL Keji", "TCL科技"),
            ("58 tongcheng", "58同城"),
            ("pingan-yinhang", "平安银行"),
        ] {
            assert_eq!(matches(latin, han), Some(PinyinMatch::Whole), "{latin} {han}");
        }
    }

    #[test]
    fn initials_fit_and_other_names_do_not() {
        for (latin, han, expected) in [
            ("xhs", "小红书", Some(PinyinMatch::Initials)),
            ("X.H.S.", "小红书", Some(PinyinMatch::Initials)),
            ("zgpa", "中国平安", Some(PinyinMatch::Initials)),
            ("zhgpa", "中国平安", Some(PinyinMatch::Initials)),
            ("xh", "小红书", None),
            ("xiaomi", "小红书", None),
            ("xiaohongshuo", "小红书", None),
            ("xiaohong", "小红书", None),
            ("m", "马", None),
            ("ma", "马", Some(PinyinMatch::Whole)),
            ("tencent", "Tencent", None),
            ("газпром", "小红书", None),
            ("小红书", "小红书", None),
            ("", "小红书", None),
            ("xhs", "", None),
        ] {
            assert_eq!(matches(latin, han), expected, "{latin} {han}");
        }
    }

    #[test]
    fn names_are_romanized_by_the_commonest_reading() {
        for (name, romanization) in [
            ("小红书", "xiao hong shu"),
            ("绿地", "lv di"),
            ("TCL科技", "tcl ke ji"),
            ("招商銀行", "zhao shang yin xing"),
            ("Ant Group", "ant group"),
            ("", ""),
        ] {
            assert_eq!(romanized(name), romanization, "{name}");
        }
        assert_eq!(readings('行')[..2], ["xing", "hang"]);
        assert_eq!(readings('a'), Vec::<String>::new());
    }

    proptest! {
        #[test]
        fn every_name_fits_its_own_pinyin(name in "[一-龠]{1,8}") {
            prop_assume!(name.chars().all(|character| !readings(character).is_empty()));
            prop_assert_eq!(matches(&romanized(&name), &name), Some(PinyinMatch::Whole));
        }

        #[test]
        fn no_text_panics(latin in "\\PC{0,16}", han in "\\PC{0,8}") {
            let _ = (matches(&latin, &han), romanized(&han));
        }
    }
}
