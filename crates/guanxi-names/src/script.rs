//! Which script a text is written in, and which language a name is.

use guanxi_model::Language;

use crate::fold::is_traditional_only;

/// The script that a text is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Script {
    /// Latin letters, no Chinese characters.
    Latin,
    /// Chinese characters, no Latin letters.
    Han,
    /// Both.
    Mixed,
    /// Neither.
    Other,
}

/// The script of a text; digits, punctuation and every other script do not count.
pub fn script(text: &str) -> Script {
    match (text.chars().any(is_latin), text.chars().any(is_han)) {
        (true, true) => Script::Mixed,
        (true, false) => Script::Latin,
        (false, true) => Script::Han,
        (false, false) => Script::Other,
    }
}

/// The language of a name, as far as its characters tell: one Chinese character makes it Chinese, one that only
/// traditional text has makes it traditional. Pinyin is not told from English.
pub fn language_of(name: &str) -> Language {
    match script(name) {
        Script::Latin | Script::Other => Language::English,
        Script::Han | Script::Mixed if name.chars().any(is_traditional_only) => Language::ChineseTraditional,
        Script::Han | Script::Mixed => Language::ChineseSimplified,
    }
}

/// Whether the character is a Chinese ideograph.
pub fn is_han(character: char) -> bool {
    matches!(character,
        '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFD}' | '〇')
}

fn is_latin(character: char) -> bool {
    character.is_ascii_alphabetic()
        || (character.is_alphabetic()
            && matches!(character,
                '\u{AA}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}' | '\u{FF21}'..='\u{FF5A}' | '\u{FB00}'..='\u{FB06}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts() {
        for (text, expected) in [
            ("Ant Group 2", Script::Latin),
            ("Ａｎｔ", Script::Latin),
            ("Société", Script::Latin),
            ("蚂蚁集团", Script::Han),
            ("㐹", Script::Han),
            ("TCL科技", Script::Mixed),
            ("360", Script::Other),
            ("Газпром", Script::Other),
            ("", Script::Other),
        ] {
            assert_eq!(script(text), expected, "{text}");
        }
    }

    #[test]
    fn languages() {
        for (name, expected) in [
            ("Ant Group", Language::English),
            ("蚂蚁集团", Language::ChineseSimplified),
            ("螞蟻集團", Language::ChineseTraditional),
            ("中信", Language::ChineseSimplified),
            ("乾照光电", Language::ChineseSimplified),
            ("TCL科技", Language::ChineseSimplified),
        ] {
            assert_eq!(language_of(name), expected, "{name}");
        }
    }
}
