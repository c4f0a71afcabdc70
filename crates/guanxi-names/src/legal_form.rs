//! Legal forms: the part of a registered name that says what kind of body in law it is.

use std::borrow::Cow;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::fold::without_wrapping;

/// Takes legal forms off both ends of a folded name: `acme co., ltd` → `acme`, `株式会社日立` → `日立`.
///
/// A name that is nothing but legal forms keeps the last of them, so a non-empty name stays non-empty.
/// Brand words such as `group` stay, and so does a firm of partners: `tiffany & co`.
pub fn strip_legal_form(folded: &str) -> &str {
    let mut name = folded;
    while let Some(shorter) = without_one_form(name) {
        name = shorter;
    }
    name
}

/// Forms of several words, longest first, by the word at the name's end or start.
type WordForms = FxHashMap<String, Vec<Vec<String>>>;

#[derive(Default)]
struct LegalForms {
    end: WordForms,
    start: WordForms,
    /// Longest first, likewise `head`.
    tail: Vec<&'static str>,
    head: Vec<&'static str>,
}

static LEGAL_FORMS: LazyLock<LegalForms> = LazyLock::new(|| {
    let mut forms = LegalForms::default();
    let lines = include_str!("../data/legal_forms.txt").lines();
    for line in lines.filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let mut columns = line.split('|').map(str::trim);
        let (Some(place), Some(form)) = (columns.next(), columns.next()) else {
            unreachable!("legal_forms.txt: {line}")
        };
        let words: Vec<String> = form.split(' ').map(|word| bare(word).into_owned()).collect();
        match place {
            "end" => forms.end.entry(words[words.len() - 1].clone()).or_default().push(words),
            "start" => forms.start.entry(words[0].clone()).or_default().push(words),
            "tail" => forms.tail.push(form),
            "head" => forms.head.push(form),
            _ => unreachable!("legal_forms.txt: {line}"),
        }
    }
    for words in forms.end.values_mut().chain(forms.start.values_mut()) {
        words.sort_by_key(|form| std::cmp::Reverse(form.len()));
    }
    forms.tail.sort_by_key(|form| std::cmp::Reverse(form.len()));
    forms.head.sort_by_key(|form| std::cmp::Reverse(form.len()));
    forms
});

fn without_one_form(name: &str) -> Option<&str> {
    let forms = &*LEGAL_FORMS;
    let ends = forms.end.get(bare(split_last_word(name).1).as_ref()).into_iter().flatten();
    let starts = forms.start.get(bare(split_first_word(name).0).as_ref()).into_iter().flatten();
    let shorter = ends
        .filter_map(|form| without_last_words(name, form))
        .find(|rest| !ends_in_and(rest))
        .or_else(|| starts.filter_map(|form| without_first_words(name, form)).next())
        .or_else(|| {
            let last = name.bytes().last();
            let mut alike = forms.tail.iter().filter(|form| form.bytes().last() == last);
            alike.find_map(|form| without_tail(name, form))
        })
        .or_else(|| {
            let first = name.bytes().next();
            let mut alike = forms.head.iter().filter(|form| form.bytes().next() == first);
            alike.find_map(|form| name.strip_prefix(form))
        })?;
    // What is left is folded like a name that never had the form: "acme. ab" and "acme." are both "acme".
    let shorter = without_wrapping(shorter.trim_matches(is_separator));
    shorter.contains(char::is_alphanumeric).then_some(shorter)
}

fn without_last_words<'a>(name: &'a str, words: &[String]) -> Option<&'a str> {
    words.iter().rev().try_fold(name, |rest, word| {
        let (rest, last_word) = split_last_word(rest);
        (bare(last_word) == *word).then_some(rest)
    })
}

fn without_first_words<'a>(name: &'a str, words: &[String]) -> Option<&'a str> {
    words.iter().try_fold(name, |rest, word| {
        let (first_word, rest) = split_first_word(rest);
        (bare(first_word) == *word).then_some(rest)
    })
}

fn split_last_word(text: &str) -> (&str, &str) {
    let text = text.trim_end_matches(is_separator);
    text.split_at(text.rfind(is_separator).map_or(0, |separator| separator + 1))
}

fn split_first_word(text: &str) -> (&str, &str) {
    let text = text.trim_start_matches(is_separator);
    text.split_at(text.find(is_separator).unwrap_or(text.len()))
}

fn without_tail<'a>(name: &'a str, form: &str) -> Option<&'a str> {
    let rest = name.strip_suffix(form)?;
    // 分公司 is a branch, 子公司 a subsidiary, 本公司 "our company": words of their own.
    let is_word_of_its_own = form == "公司" && rest.ends_with(['分', '子', '母', '总', '本', '该', '贵', '我']);
    (!is_word_of_its_own).then_some(rest)
}

/// A word without full stops and brackets: `b.v` is `bv`, `(pty)` is `pty`.
fn bare(word: &str) -> Cow<'_, str> {
    if word.contains(['.', '(', ')']) { word.replace(['.', '(', ')'], "").into() } else { word.into() }
}

fn ends_in_and(rest: &str) -> bool {
    let rest = rest.trim_end_matches(is_separator);
    rest.ends_with('&') || rest.ends_with(" and") || rest.ends_with(" und") || rest.ends_with(" et")
}

fn is_separator(character: char) -> bool {
    character == ' ' || character == ','
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization;

    use super::*;
    use crate::fold;

    #[test]
    fn legal_forms_go() {
        for (name, bare) in [
            ("Acme Ltd.", "acme"),
            ("Acme, Inc.", "acme"),
            ("Acme plc", "acme"),
            ("Acme AG", "acme"),
            ("Acme B.V.", "acme"),
            ("Acme BV", "acme"),
            ("Acme GmbH", "acme"),
            ("Acme GmbH & Co. KG", "acme"),
            ("Acme S.p.A.", "acme"),
            ("Acme S.A. de C.V.", "acme"),
            ("Acme S.à r.l.", "acme"),
            ("Acme Pte. Ltd.", "acme"),
            ("Acme (Pty) Ltd", "acme"),
            ("Acme Private Limited", "acme"),
            ("Acme Sdn. Bhd.", "acme"),
            ("Acme K.K.", "acme"),
            ("Acme Co.,Ltd.", "acme"),
            ("Acme Sp. z o.o.", "acme"),
            ("Acme A/S", "acme"),
            ("Acme Company Limited", "acme"),
            ("Acme. AB", "acme"),
            ("Tiffany & Co. Ltd.", "tiffany & co"),
            ("PT Acme Tbk", "acme"),
            ("ООО Акме", "акме"),
            ("某某科技股份有限公司", "某某科技"),
            ("某某科技有限公司", "某某科技"),
            ("某某科技有限责任公司", "某某科技"),
            ("某某科技公司", "某某科技"),
            ("某某投资合伙企业（有限合伙）", "某某投资"),
            ("某某電子股份有限公司", "某某电子"),
            ("株式会社日立製作所", "日立制作所"),
            ("日立株式會社", "日立"),
            ("㈱日立", "日立"),
            ("주식회사 카카오", "카카오"),
        ] {
            assert_eq!(strip_legal_form(&fold(name)), bare, "{name}");
        }
    }

    #[test]
    fn brand_words_and_bare_forms_stay() {
        for name in [
            "acme group",
            "acme holdings",
            "某某集团",
            "某某控股",
            "limited",
            "co., ltd",
            "有限公司",
            "公司",
            "tiffany & co",
            "day & sons",
            "某某北京分公司",
            "adage",
            "incyte",
            "ptah",
            "",
            ",",
        ] {
            let bare = strip_legal_form(name);
            assert!(bare == name || (name == "co., ltd" && bare == "co"), "{name} → {bare}");
        }
    }

    /// What names are compared by is also what their keys lack: else a form would keep two spellings of a name apart that
    /// are the same to whoever compares them. Short forms that are words or brands as well are weighed, and stay.
    #[test]
    fn every_form_that_says_what_kind_of_body_it_is_comes_off() {
        let families = include_str!("../data/form_families.txt").lines().filter(|line| !line.starts_with('#'));
        let forms = families.filter_map(|line| line.split_once('|')).flat_map(|(_, forms)| forms.split(','));
        let without_accents = |form: &str| -> String {
            form.nfd()
                .filter(|c| !('\u{300}'..='\u{36F}').contains(c))
                .map(|c| if c == 'ł' { 'l' } else { c })
                .collect()
        };
        let table = include_str!("../data/legal_forms.txt").lines().filter_map(|line| line.split('|').nth(1));
        let known: Vec<String> = table.map(|form| without_accents(form.trim())).collect();
        let kept: Vec<&str> = forms
            .map(|form| form.trim().trim_start_matches('~'))
            .filter(|form| {
                let names = [format!("某某{form}"), format!("acme {form}"), format!("{form} acme")];
                let is_off = names.iter().any(|name| ["acme", "某某"].contains(&strip_legal_form(&fold(name))));
                !is_off && !known.contains(&without_accents(form))
            })
            .collect();
        assert_eq!(kept, KEPT);
    }

    const KEPT: [&str; 5] = ["akg", "ao", "ano", "ано", "na"];

    #[test]
    fn forms_are_folded_and_many() {
        let lines = include_str!("../data/legal_forms.txt").lines();
        let forms: Vec<&str> = lines.filter_map(|line| line.split('|').nth(1)).map(str::trim).collect();
        assert!(forms.len() >= 60);
        for form in forms {
            assert_eq!(fold(form), form);
        }
    }

    proptest! {
        #[test]
        fn never_empty_and_stable(name in "([a-z]{1,3}|co|ltd|inc|sa|公司|有限公司|株式会社|&|,|\\.| ){0,8}") {
            let folded = fold(&name);
            let bare = strip_legal_form(&folded);
            prop_assert_eq!(strip_legal_form(bare), bare);
            prop_assert_eq!(fold(bare), bare);
            prop_assert_eq!(bare.is_empty(), folded.is_empty());
        }
    }
}
