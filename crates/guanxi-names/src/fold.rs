//! Folding: what is mere spelling goes, what tells names apart stays (accents, hyphens, brand words).

use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

/// Folds a name for comparison.
///
/// NFKC (width, ligatures), lower case, traditional to simplified characters, one form each of apostrophe, dash and
/// middle dot; quotation marks, 《》 and invisible characters are dropped, whitespace is collapsed, and a full stop or
/// a pair of single quotes around the whole is dropped. Total and idempotent.
pub fn fold(name: &str) -> String {
    let mut folded = fold_once(name);
    // Dropping a character may bring a letter and a combining mark together; it takes a second look to see that.
    while !is_stable_under_nfkc(&folded) {
        let again = fold_once(&folded);
        if again == folded {
            break;
        }
        folded = again;
    }
    folded
}

/// The simplified form of a traditional character; `None` where there is no other.
pub(crate) fn simplified(character: char) -> Option<char> {
    if character.is_ascii() {
        return None;
    }
    let Traditional { pairs, block, .. } = &*TRADITIONAL;
    if let Some(index) = block_index(character) {
        return Some(block[index]).filter(|&simplified| simplified != '\0');
    }
    pairs.binary_search_by_key(&character, |&(traditional, _)| traditional).ok().map(|position| pairs[position].1)
}

/// Whether the character stands in traditional text only.
pub(crate) fn is_traditional_only(character: char) -> bool {
    simplified(character).is_some() && !TRADITIONAL.shared.contains(&character)
}

fn block_index(character: char) -> Option<usize> {
    ('\u{4E00}'..='\u{9FFF}').contains(&character).then(|| character as usize - 0x4E00)
}

struct Traditional {
    /// (traditional, simplified), sorted.
    pairs: Vec<(char, char)>,
    /// The simplified form of each character of the main block, zero where there is no other.
    block: Vec<char>,
    /// Traditional forms that simplified text uses as well.
    shared: Vec<char>,
}

static TRADITIONAL: LazyLock<Traditional> = LazyLock::new(|| {
    let (mut pairs, mut shared) = (Vec::new(), Vec::new());
    for line in include_str!("../data/traditional.txt").lines().filter(|line| !line.starts_with('#')) {
        if let Some(characters) = line.strip_prefix('=') {
            shared.extend(characters.chars());
        } else {
            let characters: Vec<char> = line.chars().collect();
            pairs.extend(characters.chunks_exact(2).map(|pair| (pair[0], pair[1])));
        }
    }
    pairs.sort_unstable();
    let mut block = vec!['\0'; 0x5200];
    // Of two forms the first counts, as in a search.
    for &(traditional, simplified) in pairs.iter().rev() {
        if let Some(index) = block_index(traditional) {
            block[index] = simplified;
        }
    }
    Traditional { pairs, block, shared }
});

fn fold_once(name: &str) -> String {
    if is_stable_under_nfkc(name) {
        fold_characters(name.chars(), name.len())
    } else {
        fold_characters(name.chars().map(unified).nfkc(), name.len())
    }
}

/// ASCII and the main block of Chinese characters: nearly every name, and no business of NFKC.
pub(crate) fn is_stable_under_nfkc(text: &str) -> bool {
    text.is_ascii()
        || text.chars().all(|character| character.is_ascii() || matches!(character, '\u{4E00}'..='\u{9FFF}'))
}

fn fold_characters(characters: impl Iterator<Item = char>, capacity: usize) -> String {
    let mut folded = String::with_capacity(capacity);
    for character in characters.map(unified).filter(|&character| !is_dropped(character)) {
        if character.is_ascii_alphanumeric() {
            folded.push(character.to_ascii_lowercase());
        } else if character.is_whitespace() || character.is_control() {
            if !folded.ends_with(' ') {
                folded.push(' ');
            }
        } else {
            folded.extend(character.to_lowercase().map(|lower| simplified(lower).unwrap_or(lower)));
        }
    }
    let whole = without_wrapping(&folded);
    if whole.len() == folded.len() { folded } else { whole.to_owned() }
}

/// Without blanks, full stops at the end, and single quotes around the whole.
pub(crate) fn without_wrapping(folded: &str) -> &str {
    let mut whole = folded;
    loop {
        let bare = whole.trim().trim_end_matches(['.', '。']);
        let bare = bare.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')).unwrap_or(bare);
        if bare.len() == whole.len() {
            return whole;
        }
        whole = bare;
    }
}

pub(crate) fn unified(character: char) -> char {
    match character {
        '‘' | '’' | '‛' | 'ʼ' | 'ʹ' | '′' | '´' | '`' | '＇' => '\'',
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => '-',
        '•' | '‧' | '・' | '･' | '⋅' | '∙' => '·',
        other => other,
    }
}

pub(crate) fn is_dropped(character: char) -> bool {
    matches!(
        character,
        '"' | '“' | '”' | '„' | '‟' | '«' | '»' | '‹' | '›' | '″' | '〝' | '〞' | '〟'
            | '《' | '》' | '〈' | '〉' | '「' | '」' | '『' | '』'
            // Invisible: soft hyphen, zero-width space and joiners, word joiner, direction marks and isolates, what chooses
            // between forms of a letter, byte order mark; and what stretches an Arabic word.
            | '\u{AD}' | '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}'
            | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{640}'
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn spelling_goes() {
        for (name, folded) in [
            ("ＡＢＣ１２３", "abc123"),
            ("Nestle\u{301}", "nestlé"),
            ("NESTLÉ", "nestlé"),
            ("“Ant”  Group", "ant group"),
            ("\u{2068}Acme\u{2069} \u{200F}Ltd", "acme ltd"),
            ("بنـــك مصر\u{61C}", "بنك مصر"),
            ("《数据安全法》", "数据安全法"),
            ("「螞蟻集團」", "蚂蚁集团"),
            ("滴滴出行。", "滴滴出行"),
            ("Yum! Brands, Inc.", "yum! brands, inc"),
            ("Moody’s", "moody's"),
            ("Moody＇s", "moody's"),
            ("‘Ant Group’", "ant group"),
            ("约翰•多尔", "约翰·多尔"),
            ("Coca–Cola", "coca-cola"),
            ("e\u{200B}Toro", "etoro"),
            ("\u{3000}中国\u{3000}平安 ", "中国 平安"),
            ("ﬁnance", "finance"),
            ("İş Bankası", "i\u{307}ş bankası"),
            ("ΣΟΦΟΣ", "σοφοσ"),
            ("㈱日立", "(株)日立"),
            ("臺灣積體電路", "台湾积体电路"),
        ] {
            assert_eq!(fold(name), folded, "{name}");
        }
    }

    #[test]
    fn what_tells_names_apart_stays() {
        for (one, other) in [("Nestlé", "Nestle"), ("Ant Group", "Ant"), ("A-B", "A B"), ("3i", "i")] {
            assert_ne!(fold(one), fold(other));
        }
    }

    #[test]
    fn every_simplified_form_is_its_own() {
        assert!(TRADITIONAL.pairs.len() > 2_500);
        for &(traditional, form) in &TRADITIONAL.pairs {
            assert_ne!(traditional, form);
            assert_eq!(simplified(form), None, "{traditional} → {form}");
        }
    }

    fn odd_name() -> impl Strategy<Value = String> {
        let odd = prop::sample::select(
            "aZİΣßéﬁ１Ａ螞蟻乾㈱。.'‘’´\"“《》\u{301}\u{307}\u{200B}\u{AD}\u{3000} \t-—·•〈〉ϴ\u{FEFF}가ｶﾞ"
                .chars()
                .collect::<Vec<_>>(),
        );
        prop::collection::vec(prop_oneof![3 => odd, 1 => any::<char>()], 0..12)
            .prop_map(|name| name.into_iter().collect())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        #[test]
        fn folding_twice_changes_nothing(name in odd_name()) {
            let folded = fold(&name);
            prop_assert_eq!(fold(&folded), folded.clone());
            prop_assert!(!folded.starts_with(' ') && !folded.ends_with(' ') && !folded.contains("  "));
        }

        #[test]
        fn case_and_width_do_not_matter(name in "[a-z0-9 .&-]{0,20}") {
            let wide: String = name
                .chars()
                .map(|c| if c == ' ' { '\u{3000}' } else { char::from_u32(c as u32 + 0xFEE0).unwrap() })
                .collect();
            prop_assert_eq!(fold(&name), fold(&name.to_uppercase()));
            prop_assert_eq!(fold(&name), fold(&wide));
        }
    }
}
