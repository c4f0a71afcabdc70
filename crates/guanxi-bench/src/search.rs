//! How long a name is looked for among many, by what is known of it.

use std::time::Instant;

use guanxi::model::{Entity, EntityName, NameKind};
use guanxi::query::NameIndex;
use guanxi_names::{Index, index, language_of, mint_entity_id, pinyin};

use crate::{memory, names, time};

/// So many names are looked for in each way.
const QUERIES: usize = 200;
/// Each is looked for so often.
const ROUNDS: usize = 3;
/// So many of those that are found are asked for.
const SHOWN: usize = 20;

/// Writes an index of `count` invented names and looks names up in it; prints what it took.
pub fn search(count: usize) {
    let mut bytes = Vec::new();
    let (seconds, written) = time(|| index::write((0..count).map(entity), &mut bytes));
    if let Err(error) = written {
        return println!("{error}");
    }
    let size = bytes.len();
    let opened = Instant::now();
    let index = match Index::open(Box::new(bytes)) {
        Ok(index) => NameIndex::from(index),
        Err(error) => return println!("{error}"),
    };
    println!(
        "{count:>9} names: written in {seconds:.1} s, {} MB, opened in {:.0} ms; {} MB of memory at the peak",
        size >> 20,
        opened.elapsed().as_secs_f64() * 1000.0,
        memory("VmHWM") / 1024
    );
    for (way, query) in WAYS {
        let queries = (0..QUERIES).filter_map(|number| query(&names::firm(number * (count / QUERIES) + number % 2)));
        let mut took: Vec<(f64, String, String)> = queries
            .map(|query| {
                let mut least = f64::INFINITY;
                let mut found = String::new();
                // By the wall, for the clock of the processor is too coarse: the least of some is no other process's.
                for _ in 0..ROUNDS {
                    let begun = Instant::now();
                    let (shown, more) = index.find(&query, way == NEAR, SHOWN);
                    least = least.min(begun.elapsed().as_secs_f64());
                    found = format!("{}{}", shown.len(), if more { " and more" } else { "" });
                }
                (least * 1000.0, found, query)
            })
            .collect();
        took.sort_by(|one, other| one.0.total_cmp(&other.0));
        if let Some((worst, found, query)) = took.last() {
            let median = took[took.len() / 2].0;
            println!("{way:<28} median {median:>7.2} ms, worst {worst:>7.2} ms ({query}: {found} found)");
        }
    }
}

const NEAR: &str = "two letters changed places";

/// What is known of a name; `None` where it cannot be had of this one.
type Query = fn(&str) -> Option<String>;

const WAYS: [(&str, Query); 8] = [
    ("a whole name", |name| Some(name.to_owned())),
    ("all but the last character", |name| Some(without_last(name))),
    ("the first three", |name| Some(name.chars().take(3).collect())),
    ("a later word", |name| name.split_once(' ').map(|(_, word)| word.to_owned())),
    ("characters two and three", |name| Some(name.chars().skip(1).take(2).collect()).filter(|_| !name.is_ascii())),
    (NEAR, |name| Some(changed_places(name))),
    ("pinyin", |name| Some(pinyin::romanized(name)).filter(|_| !name.is_ascii())),
    ("initials", |name| Some(initials(name)).filter(|_| !name.is_ascii())),
];

fn entity(number: usize) -> Entity {
    let text = names::firm(number);
    let id = mint_entity_id("agent", &format!("{text} {number}"));
    let name = EntityName { language: language_of(&text), text, kind: NameKind::Legal };
    Entity { id, class: "Company".into(), names: vec![name], country: None, identifiers: Vec::new() }
}

fn without_last(name: &str) -> String {
    let mut name = name.to_owned();
    name.pop();
    name
}

fn changed_places(name: &str) -> String {
    let mut characters: Vec<char> = name.chars().collect();
    characters.swap(1, 2);
    characters.into_iter().collect()
}

fn initials(name: &str) -> String {
    pinyin::romanized(name).split(' ').filter_map(|syllable| syllable.chars().next()).collect()
}
