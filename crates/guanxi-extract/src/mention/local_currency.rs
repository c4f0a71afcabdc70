//! Whose money a word means that several countries have for theirs: 元, rupees, kroner, pesos.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use memchr::memmem;
use serde::{Deserialize, Serialize};

/// The words for money that several countries share (`[shared_currency]` of the lexicon).
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct SharedCurrencies {
    /// Lower-case word → its place among `countries`.
    words: BTreeMap<String, u32>,
    /// Of each group of words: code → what a text names of its country.
    countries: Vec<BTreeMap<String, Vec<String>>>,
    /// Name of a group in the lexicon → its place.
    groups: BTreeMap<String, u32>,
}

impl SharedCurrencies {
    /// Adds words, and what tells the countries apart, to a group that other files may have begun.
    pub(crate) fn add(&mut self, group: &str, words: &[String], countries: BTreeMap<String, Vec<String>>) {
        let next = self.countries.len() as u32;
        let place = *self.groups.entry(group.to_owned()).or_insert(next);
        if place == next {
            self.countries.push(BTreeMap::new());
        }
        self.words.extend(words.iter().map(|word| (word.to_lowercase(), place)));
        for (code, marks) in countries {
            self.countries[place as usize].entry(code).or_default().extend(marks);
        }
    }

    /// The words, as written in lower case.
    pub(crate) fn words(&self) -> impl Iterator<Item = &str> {
        self.words.keys().map(String::as_str)
    }
}

/// The currencies that a text means by shared words, looked for once a figure has one.
pub(crate) struct LocalCurrency<'a> {
    text: &'a str,
    shared: &'a SharedCurrencies,
    /// Of each group how often the text names its countries, in their order, once counted.
    named: Vec<OnceCell<Vec<usize>>>,
}

impl<'a> LocalCurrency<'a> {
    pub(crate) fn of(text: &'a str, shared: &'a SharedCurrencies) -> Self {
        Self { text, shared, named: vec![OnceCell::new(); shared.countries.len()] }
    }

    /// The code of a word: that of the country which the text names most, else `usual`, which the international press
    /// means by it. `None` where the word tells nothing by itself (`usual` is empty) and the text names no country.
    pub(super) fn of_word<'c>(&'c self, word: &str, usual: &'c str) -> Option<&'c str> {
        let Some(&group) = self.shared.words.get(&word.to_lowercase()) else { return Some(usual) };
        let counts = self.named[group as usize].get_or_init(|| self.count(group));
        let named = self.shared.countries[group as usize].keys().map(String::as_str).zip(counts.iter().copied());
        let of_usual = named.clone().find(|(code, _)| *code == usual).map_or(0, |(_, count)| count);
        let most = named.rev().max_by_key(|(_, count)| *count);
        let local = most.filter(|(_, count)| *count > of_usual).map(|(code, _)| code);
        local.or((!usual.is_empty()).then_some(usual))
    }

    fn count(&self, group: u32) -> Vec<usize> {
        let times = |mark: &String| memmem::find_iter(self.text.as_bytes(), mark.as_bytes()).count();
        self.shared.countries[group as usize].values().map(|marks| marks.iter().map(times).sum()).collect()
    }
}
