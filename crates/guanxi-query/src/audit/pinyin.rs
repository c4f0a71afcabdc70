//! Whether Latin letters can be how Chinese characters are read.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use guanxi_names::pinyin::{self, PinyinMatch};

/// How a romanised name stands to characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    /// They may be one name.
    Fits,
    /// The letters are no pinyin of as many characters: an English name, a translation, another romanisation.
    Incomparable,
    /// Every character fits but one.
    OneDiffers {
        character: char,
        told: String,
        /// How the character is read.
        readings: Vec<String>,
    },
}

/// Compares characters with the words of a romanised name, in the order given or with its last word first.
///
/// Spellings of other romanisations and of the south pass (Wang Ta-wei, Wan Chai), and so does a family name that
/// differs: there the letters are of another dialect. With two characters one that fits is too little to tell.
pub(super) fn compare(characters: &str, words: &[&str]) -> Fit {
    let characters: Vec<char> = characters.chars().collect();
    let mut best = Fit::Incomparable;
    for letters in orders(words) {
        if is_read(&characters, &letters) {
            return Fit::Fits;
        }
        for (at, syllable) in all_but_one(&characters, &letters) {
            if may_be_read(characters[at], syllable) {
                return Fit::Fits;
            }
            let tells = at > 0 && characters.len() > 2 && all_syllables().contains(syllable);
            if tells && is_near(characters[at], syllable) {
                best = Fit::OneDiffers {
                    character: characters[at],
                    told: syllable.to_owned(),
                    readings: readings(characters[at]).into_iter().collect(),
                };
            }
        }
    }
    best
}

/// The letters of the name as it stands, and with its last word first.
fn orders(words: &[&str]) -> Vec<String> {
    let plain = |word: &&str| -> String {
        let letters = word.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase);
        // Lü, Lyu, Lv and Lu are one syllable.
        letters.collect::<String>().replace(['ü', 'v'], "u").replace("lyu", "lu").replace("nyu", "nu")
    };
    let words: Vec<String> = words.iter().map(plain).collect();
    let mut orders = vec![words.concat()];
    if let [given @ .., family] = &words[..]
        && !given.is_empty()
    {
        orders.push(family.clone() + &given.concat());
    }
    orders.retain(|letters| letters.is_ascii());
    orders
}

/// Whether the letters are pinyin of just these characters.
fn is_read(characters: &[char], letters: &str) -> bool {
    let name: String = characters.iter().collect();
    match (characters.is_empty(), letters.is_empty()) {
        (false, false) => pinyin::matches(letters, &name) == Some(PinyinMatch::Whole),
        (no_characters, no_letters) => no_characters && no_letters,
    }
}

/// Each character with the letters that are left for it where all others are read as they should be.
fn all_but_one<'l>(characters: &[char], letters: &'l str) -> Vec<(usize, &'l str)> {
    const LONGEST: usize = 6;
    let mut found = Vec::new();
    for at in 0..characters.len() {
        let (before, behind) = (&characters[..at], &characters[at + 1..]);
        for start in (0..letters.len()).filter(|&start| is_read(before, &letters[..start])) {
            let ends = start + 1..=letters.len().min(start + LONGEST);
            let fitting = ends.filter(|&end| is_read(behind, &letters[end..]));
            found.extend(fitting.map(|end| (at, &letters[start..end])));
        }
    }
    found
}

/// Every syllable that some character is read with.
fn all_syllables() -> &'static BTreeSet<String> {
    static SYLLABLES: OnceLock<BTreeSet<String>> = OnceLock::new();
    SYLLABLES.get_or_init(|| {
        let common = ('\u{4e00}'..='\u{9fa5}').filter_map(|c| pinyin::readings(c).into_iter().next());
        let plain = common.map(|reading| spelt(&reading));
        // 呒, 嗯 and 欸 are no part of names.
        plain.filter(|syllable| !["m", "n", "ng", "hm", "hng", "e", "ei"].contains(&syllable.as_str())).collect()
    })
}

fn readings(character: char) -> BTreeSet<String> {
    pinyin::readings(character).iter().map(|reading| spelt(reading)).collect()
}

/// With u for ü, as passports and the press write it.
fn spelt(reading: &str) -> String {
    reading.replace(['ü', 'v'], "u")
}

fn may_be_read(character: char, syllable: &str) -> bool {
    readings(character).iter().any(|reading| {
        let ((i, f), (j, g)) = (parts(reading), parts(syllable));
        reading == syllable || (f == g && are_variants(i, j))
    })
}

/// Initials that other romanisations, or southern ears, write for one another.
fn are_variants(one: &str, other: &str) -> bool {
    const VARIANTS: [&[&str]; 6] = [
        &["b", "p"],
        &["d", "t"],
        &["g", "k"],
        &["zh", "z", "ch", "c", "j", "q", "ts"],
        &["sh", "s", "x", "hs"],
        &["r", "j", "l"],
    ];
    one == other || VARIANTS.iter().any(|group| group.contains(&one) && group.contains(&other))
}

/// Whether a slip of the pen may have made the one out of the other: they begin or end alike.
fn is_near(character: char, syllable: &str) -> bool {
    let (initial, last) = parts(syllable);
    readings(character).iter().any(|reading| {
        let (begins, ends) = parts(reading);
        (begins == initial && !begins.is_empty()) || ends == last
    })
}

/// Initial and final: `zh` and `ang`.
fn parts(syllable: &str) -> (&str, &str) {
    let vowel = syllable.find(|c| "aeiou".contains(c)).unwrap_or(syllable.len());
    syllable.split_at(vowel)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(characters: &str, latin: &str) -> Fit {
        compare(characters, &latin.split(' ').collect::<Vec<_>>())
    }

    #[test]
    fn names_in_either_order_and_in_other_spellings_fit() {
        for (characters, latin) in [
            ("毛文超", "Mao Wenchao"),
            ("毛文超", "Wenchao Mao"),
            ("朱光", "Zhu Guang"),
            ("小红书", "Xiaohongshu"),
            ("吕思远", "Lyu Siyuan"),
            ("王大伟", "Wang Ta-wei"),
            ("陈水扁", "Chen Shui-bian"),
            ("西安", "Xi'an"),
            ("長實", "Changshi"),
            ("曾国藩", "Zeng Guofan"),
            ("湾仔", "Wan Chai"),
        ] {
            assert_eq!(fit(characters, latin), Fit::Fits, "{characters} {latin}");
        }
    }

    #[test]
    fn other_languages_are_not_compared() {
        for (characters, latin) in [
            ("马云", "Jack Ma"),
            ("梁朝伟", "Tony Leung"),
            ("李显龙", "Lee Hsien Loong"),
            ("陈民亮", "Tan Min Liang"),
            ("恒生", "Hang Seng"),
            ("腾讯", "Tencent"),
            ("熊猫", "Panda"),
            ("金敏在", "Kim Min-jae"),
            ("佐藤健二", "Sato Kenji"),
            ("李云", "Li Wan"),
        ] {
            assert_eq!(fit(characters, latin), Fit::Incomparable, "{characters} {latin}");
        }
    }

    #[test]
    fn one_wrong_syllable_is_told() {
        for (characters, latin, character, told) in [
            ("毛文超", "Mao Wanchao", '文', "wan"),
            ("周海平", "Zhou Haiping", '平', ""),
            ("何立峰", "He Lifang", '峰', "fang"),
        ] {
            match fit(characters, latin) {
                Fit::OneDiffers { character: found, told: letters, .. } => {
                    assert_eq!((found, letters.as_str()), (character, told), "{latin}");
                }
                other => assert!(told.is_empty(), "{latin}: {other:?}"),
            }
        }
    }
}
