//! Legal forms as evidence: which stand at the ends of a name, and what kinds of body they are.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::FormAgreement;
use super::parts::words;
use crate::fold;

/// The kinds of body in law that the legal form of a name may mean; none where it has no form or says nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct LegalForms(u16);

const KINDS: [&str; 10] = [
    "stock",
    "limited",
    "private",
    "public",
    "corporation",
    "partnership",
    "nonprofit",
    "cooperative",
    "association",
    "societas",
];
const STOCK: LegalForms = LegalForms(1);
const PRIVATE: LegalForms = LegalForms(4);
const PUBLIC: LegalForms = LegalForms(8);
/// Societas Europaea: SAP AG became SAP SE, but Porsche AG and Porsche SE are two.
const SOCIETAS: LegalForms = LegalForms(512);

impl LegalForms {
    /// What two forms say about whether their bearers are one.
    pub fn agreement(self, other: Self) -> FormAgreement {
        let change_into = |one: Self, two: Self| {
            (self.overlaps(one) && other.overlaps(two)) || (self.overlaps(two) && other.overlaps(one))
        };
        if self.0 == 0 || other.0 == 0 {
            FormAgreement::Unknown
        } else if self.overlaps(other) {
            FormAgreement::Agree
        } else if change_into(PRIVATE, PUBLIC) || change_into(STOCK, SOCIETAS) {
            FormAgreement::Convertible
        } else {
            FormAgreement::Contradict
        }
    }

    /// Whether the name has no form, or one that says nothing.
    pub fn is_unknown(self) -> bool {
        self.0 == 0
    }

    /// Those of a name that bears both: Open Joint Stock Company Acme Corporation.
    pub fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    fn overlaps(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    fn of_kinds(kinds: &str) -> Self {
        let bits = kinds.split(' ').filter_map(|kind| KINDS.iter().position(|known| *known == kind));
        Self(bits.fold(0, |bits, bit| bits | 1 << bit))
    }
}

struct Form {
    words: Vec<String>,
    kinds: LegalForms,
}

#[derive(Default)]
struct Table {
    /// By their last word, longest first.
    end: FxHashMap<String, Vec<Form>>,
    /// By their first word, longest first.
    start: FxHashMap<String, Vec<Form>>,
    /// Written without spaces, longest first.
    tail: Vec<(String, LegalForms)>,
    head: Vec<(String, LegalForms)>,
    /// Those so long that a slip of the pen in them is no other word.
    long: Vec<(String, usize, LegalForms)>,
    single: FxHashMap<String, LegalForms>,
}

/// From so many letters on a form is recognized with one of them wrong.
const LONG: usize = 12;

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table::default();
    let lines = |text: &'static str| text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    for line in lines(include_str!("../../data/form_families.txt")) {
        let (kinds, forms) = line.split_once('|').unwrap_or((line, ""));
        for form in forms.split(',').map(str::trim) {
            let (form, opens) = form.strip_prefix('~').map_or((form, false), |form| (form, true));
            table.insert(form, opens, LegalForms::of_kinds(kinds.trim()));
        }
    }
    for line in lines(include_str!("../../data/legal_forms.txt")) {
        let mut columns = line.split('|').map(str::trim);
        let (place, form) = (columns.next(), columns.next().unwrap_or_default());
        table.insert(form, matches!(place, Some("start")), LegalForms::default());
    }
    table.sort();
    table
});

impl Table {
    /// Adds a form unless it is known: those with their kinds come first.
    fn insert(&mut self, form: &str, opens: bool, kinds: LegalForms) {
        if form.chars().any(|c| crate::is_han(c) || ('\u{AC00}'..='\u{D7A3}').contains(&c)) {
            let form = fold(form);
            if self.tail.iter().all(|(known, _)| *known != form) {
                self.head.push((form.clone(), kinds));
                self.tail.push((form, kinds));
            }
            return;
        }
        let words: Vec<String> = words(form).into_iter().map(|word| word.plain).collect();
        let (Some(first), Some(last)) = (words.first().cloned(), words.last().cloned()) else { return };
        let ends = self.end.entry(last).or_default();
        let known = ends.iter().find(|known| known.words == words).map(|known| known.kinds);
        let kinds = known.unwrap_or(kinds);
        if known.is_none() {
            let joined = words.concat();
            if words.len() == 1 {
                self.single.insert(joined.clone(), kinds);
            }
            if joined.len() >= LONG {
                self.long.push((joined, words.len(), kinds));
            }
            ends.push(Form { words: words.clone(), kinds });
        }
        let starts = self.start.entry(first).or_default();
        if opens && starts.iter().all(|known| known.words != words) {
            starts.push(Form { words, kinds });
        }
    }

    fn sort(&mut self) {
        for forms in self.end.values_mut().chain(self.start.values_mut()) {
            forms.sort_by(|one, other| other.words.len().cmp(&one.words.len()).then(one.words.cmp(&other.words)));
        }
        for forms in [&mut self.tail, &mut self.head] {
            forms.sort_by(|one, other| other.0.len().cmp(&one.0.len()).then(one.0.cmp(&other.0)));
        }
    }
}

/// Takes forms written without spaces off a folded name; tells their kinds.
pub(super) fn without_spaceless_forms(name: &str) -> (&str, LegalForms) {
    let (mut rest, mut kinds) = (name.trim(), LegalForms::default());
    loop {
        let tail = TABLE.tail.iter().find_map(|(form, kinds)| Some((rest.strip_suffix(form.as_str())?, *kinds)));
        let head = || TABLE.head.iter().find_map(|(form, kinds)| Some((rest.strip_prefix(form.as_str())?, *kinds)));
        let Some((shorter, found)) = tail.or_else(head) else { return (rest, kinds) };
        let shorter = shorter.trim();
        // 分公司 is a branch.
        if !shorter.contains(char::is_alphanumeric) || shorter.ends_with(['分', '子', '母', '总']) {
            return (rest, kinds);
        }
        (rest, kinds) = (shorter, kinds.and(found));
    }
}

/// How many words at the start and at the end are legal forms, and their kinds. One word stays at least.
pub(super) fn forms_around(words: &[&str]) -> (usize, usize, LegalForms) {
    let (mut start, mut end, mut kinds) = (0, words.len(), LegalForms::default());
    while end - start > 1 {
        let rest = &words[start..end];
        if let Some((length, found)) = form_at_end(rest) {
            (end, kinds) = (end - length, kinds.and(found));
        } else if let Some((length, found)) = form_at_start(rest) {
            (start, kinds) = (start + length, kinds.and(found));
        } else {
            break;
        }
    }
    (start, words.len() - end, kinds)
}

/// The kinds of a form that is one word.
pub(super) fn is_form(word: &str) -> bool {
    TABLE.single.contains_key(word)
}

fn form_at_end(words: &[&str]) -> Option<(usize, LegalForms)> {
    let is_left = |length: usize| {
        // "Tiffany & Co" is a firm of partners: its form is part of its name.
        length < words.len() && !matches!(words[words.len() - length - 1], "and" | "und" | "et" | "y")
    };
    let forms = words.last().and_then(|last| TABLE.end.get(*last));
    let exact = forms.into_iter().flatten().find(|form| is_left(form.words.len()) && ends_with(words, &form.words));
    let exact = exact.map(|form| (form.words.len(), form.kinds));
    let longer = |&(length, _): &(usize, LegalForms)| exact.is_none_or(|(known, _)| known < length);
    misspelt(words, is_left).filter(longer).or(exact)
}

fn form_at_start(words: &[&str]) -> Option<(usize, LegalForms)> {
    let forms = TABLE.start.get(words[0]).into_iter().flatten();
    let is_whole =
        |form: &&Form| form.words.len() < words.len() && form.words.iter().zip(words).all(|(form, word)| form == word);
    forms.into_iter().find(is_whole).map(|form| (form.words.len(), form.kinds))
}

fn ends_with(words: &[&str], form: &[String]) -> bool {
    words.len() >= form.len() && words[words.len() - form.len()..].iter().zip(form).all(|(word, form)| word == form)
}

/// A long form with one letter wrong.
fn misspelt(words: &[&str], is_left: impl Fn(usize) -> bool) -> Option<(usize, LegalForms)> {
    (1..=4).rev().filter(|&length| is_left(length)).find_map(|length| {
        let joined = words[words.len() - length..].concat();
        let near = |&&(ref form, count, _): &&(String, usize, LegalForms)| {
            count == length && joined.len().abs_diff(form.len()) <= 1 && strsim::osa_distance(&joined, form) == 1
        };
        if joined.len() + 1 < LONG {
            return None;
        }
        TABLE.long.iter().find(near).map(|&(_, _, kinds)| (length, kinds))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_the_families_is_a_form_and_every_kind_is_known() {
        for line in include_str!("../../data/form_families.txt").lines().filter(|line| !line.starts_with('#')) {
            let (kinds, _) = line.split_once('|').unwrap();
            for kind in kinds.split_whitespace() {
                assert!(kind == "any" || KINDS.contains(&kind), "{kind}");
            }
        }
        assert_eq!(LegalForms::of_kinds("limited private"), LegalForms(2 | PRIVATE.0));
        assert_eq!(LegalForms::of_kinds("stock public"), LegalForms(1 | PUBLIC.0));
    }

    #[test]
    fn forms_are_found_at_both_ends() {
        for (name, around) in [
            ("siemens ag", (0, 1)),
            ("siemens aktiengeselschaft", (0, 1)),
            ("ooo oboronnye initsiativy", (1, 0)),
            ("open joint stock company gazprom", (4, 0)),
            ("tactical missiles joynt stock company", (0, 3)),
            ("tiffany and co", (0, 0)),
            ("acme co ltd", (0, 2)),
            ("company", (0, 0)),
        ] {
            let words: Vec<&str> = name.split(' ').collect();
            let (start, end, _) = forms_around(&words);
            assert_eq!((start, end), around, "{name}");
        }
    }

    #[test]
    fn kinds_agree_or_not() {
        let agreement = |one: &str, other: &str| {
            let kinds = |form: &str| forms_around(&["acme", form]).2;
            kinds(one).agreement(kinds(other))
        };
        assert_eq!(agreement("ag", "gmbh"), FormAgreement::Contradict);
        assert_eq!(agreement("ag", "se"), FormAgreement::Convertible);
        assert_eq!(agreement("gmbh", "se"), FormAgreement::Contradict);
        assert_eq!(agreement("inc", "corp"), FormAgreement::Agree);
        assert_eq!(agreement("ltd", "plc"), FormAgreement::Convertible);
        assert_eq!(agreement("ltd", "company"), FormAgreement::Unknown);
        assert_eq!(agreement("lp", "inc"), FormAgreement::Contradict);
    }
}
