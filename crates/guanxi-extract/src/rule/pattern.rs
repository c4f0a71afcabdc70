//! One pattern line → atoms.
//!
//! | atom | matches |
//! |---|---|
//! | `word` | that word; in Chinese, those characters |
//! | `word?` | it, or nothing |
//! | `{list}` | any phrase of a word list; `{list}?` too |
//! | `{a\|b c\|d}` | any of these phrases; `{a\|b}?` too |
//! | `{slot:Type}` | a mention of that type; `Type\|Type` for several |
//! | `{slot:=Type}` | the same, but a name: no pronoun, no "the company" |
//! | `{slot:Type+}` | one, or several coordinated: A, B and C |
//! | `{slot:Type?}` | one, or, where none stands there, the one that the text is about |
//! | `{slot:list}` | a phrase of a word list, kept as text: a role |
//! | `{slot:np}` | a noun phrase that names a line of business or a product |
//! | `~n` | at most n units of any kind within the clause |
//! | `~n!x` | the same, but `x` must not stand among them |
//! | `^`, `$` | begin and end of the sentence |

use guanxi_model::data_file::nearest;

use super::compile::{Atom, Literal, SlotKind, SlotSpec, is_too_frequent};
use super::sieve;
use crate::classes::{ClassSet, ClassTable};
use crate::lexicon::{WordLists, hashes_of};

/// A slot of a rule: its name and what it takes.
#[derive(Clone, Debug)]
pub(crate) struct NamedSlot {
    pub(crate) name: String,
    pub(crate) kind: SlotKind,
}

/// What is wrong with a pattern, and where in its line.
pub(crate) struct PatternError {
    pub(crate) at: usize,
    pub(crate) message: String,
}

/// Parses one line. Slots are numbered by `slots`, which grows.
pub(crate) fn parse(
    line: &str,
    slots: &mut Vec<NamedSlot>,
    classes: &ClassTable,
    lists: &WordLists,
) -> Result<Vec<Atom>, PatternError> {
    let mut atoms = Vec::new();
    for (at, piece) in pieces(line)? {
        let atom = atom(piece, slots, classes, lists).map_err(|message| PatternError { at, message })?;
        atoms.push(atom);
    }
    Ok(atoms)
}

/// Splits at white space outside braces.
pub(crate) fn pieces(line: &str) -> Result<Vec<(usize, &str)>, PatternError> {
    let mut found = Vec::new();
    let mut start = None;
    let mut open = None;
    for (at, c) in line.char_indices() {
        match c {
            '{' if open.is_some() => return Err(PatternError { at, message: "a brace inside braces".into() }),
            '{' => open = Some(at),
            '}' if open.is_none() => {
                return Err(PatternError { at, message: "a closing brace without an opening one".into() });
            }
            '}' => open = None,
            _ => {}
        }
        if c.is_whitespace() && open.is_none() {
            if let Some(from) = start.take() {
                found.push((from, &line[from..at]));
            }
        } else if start.is_none() {
            start = Some(at);
        }
    }
    if let Some(at) = open {
        return Err(PatternError { at, message: "this brace is not closed".into() });
    }
    if let Some(from) = start {
        found.push((from, &line[from..]));
    }
    Ok(found)
}

fn atom(piece: &str, slots: &mut Vec<NamedSlot>, classes: &ClassTable, lists: &WordLists) -> Result<Atom, String> {
    if piece == "^" {
        return Ok(Atom::Start);
    }
    if piece == "$" {
        return Ok(Atom::End);
    }
    if let Some(gap) = piece.strip_prefix('~') {
        return self::gap(gap, lists);
    }
    let (body, optional) = match piece.strip_suffix('?') {
        Some(body) if body.ends_with('}') || !piece.starts_with('{') => (body, true),
        _ => (piece, false),
    };
    let literal = match body.strip_prefix('{').and_then(|inner| inner.strip_suffix('}')) {
        Some(inner) if inner.contains(':') => return slot(inner, slots, classes, lists),
        Some(inner) => alternatives(inner, lists)?,
        None => Literal::of([body]),
    };
    if literal.is_empty() {
        return Err(format!("`{piece}` holds no word"));
    }
    Ok(Atom::Literal { literal, optional })
}

fn gap(text: &str, lists: &WordLists) -> Result<Atom, String> {
    let (number, forbidden) = text.split_once('!').map_or((text, None), |(number, word)| (number, Some(word)));
    let most: u8 = number.parse().map_err(|_| format!("`~{text}`: write a number of units, such as ~6"))?;
    if most > 20 {
        return Err(format!("a gap of {most} units reaches across clauses; at most 20"));
    }
    let forbidden = match forbidden {
        None => Literal::default(),
        Some(word) => match word.strip_prefix('{').and_then(|inner| inner.strip_suffix('}')) {
            Some(inner) => alternatives(inner, lists)?,
            None => Literal::of([word]),
        },
    };
    Ok(Atom::Gap { most, forbidden })
}

/// The phrases of a list, or those written out with bars, among which the name of a list is a word like any other.
fn alternatives(inner: &str, lists: &WordLists) -> Result<Literal, String> {
    if !inner.contains('|')
        && let Some(list) = lists.literal(inner)
    {
        return Ok(list.clone());
    }
    if !inner.contains('|') {
        let nearest = nearest(inner, lists.names());
        return Err(match nearest {
            Some(name) => format!("no word list `{inner}`; did you mean `{name}`?"),
            None => format!("no word list `{inner}`"),
        });
    }
    Ok(Literal::of(inner.split('|').map(str::trim)))
}

fn slot(inner: &str, slots: &mut Vec<NamedSlot>, classes: &ClassTable, lists: &WordLists) -> Result<Atom, String> {
    let (name, kind) = inner.split_once(':').unwrap_or((inner, ""));
    let (kind, many) = kind.strip_suffix('+').map_or((kind, false), |kind| (kind, true));
    let (kind, named) = kind.strip_prefix('=').map_or((kind, false), |kind| (kind, true));
    let (kind, implied) = kind.strip_suffix('?').map_or((kind, false), |kind| (kind, true));
    let kind = slot_kind(kind, classes, lists)?;
    let index = match slots.iter().position(|slot| slot.name == name) {
        Some(index) => {
            if let (SlotKind::Entity(old), SlotKind::Entity(new)) = (&mut slots[index].kind, &kind) {
                *old = *old | *new;
            }
            index
        }
        None => {
            slots.push(NamedSlot { name: name.to_owned(), kind: kind.clone() });
            slots.len() - 1
        }
    };
    Ok(Atom::Slot(SlotSpec { index: index as u8, kind, many, implied, named }))
}

fn slot_kind(text: &str, classes: &ClassTable, lists: &WordLists) -> Result<SlotKind, String> {
    Ok(match text {
        "money" => SlotKind::Money,
        "percent" => SlotKind::Percent,
        "date" => SlotKind::Date,
        "number" => SlotKind::Number,
        "np" => SlotKind::NounPhrase,
        "words" => SlotKind::Words,
        "any" => SlotKind::Any,
        names => {
            if let Some(list) = lists.literal(names) {
                return Ok(SlotKind::List(list.clone()));
            }
            let mut set = ClassSet::NONE;
            for name in names.split('|') {
                set = set | classes.set(name).ok_or_else(|| unknown_type(name, classes))?;
            }
            SlotKind::Entity(set)
        }
    })
}

fn unknown_type(name: &str, classes: &ClassTable) -> String {
    let values = ["money", "percent", "date", "number", "np", "words", "any"];
    match nearest(name, classes.type_names().chain(values)) {
        Some(known) => format!("no type `{name}`; did you mean `{known}`?"),
        None => format!("no type `{name}`: a class of the schema, money, percent, date, number, np, words or any"),
    }
}

impl Literal {
    pub(crate) fn of<'a>(phrases: impl IntoIterator<Item = &'a str>) -> Self {
        let mut phrases: Vec<Vec<u64>> =
            phrases.into_iter().map(hashes_of).filter(|phrase| !phrase.is_empty()).collect();
        // "Mistral Utilities' purchase": whose name ends in s is a possessor too.
        let [possessive, bare] = ["'s", "'"].map(crate::scan::token_hash);
        let of_plural = phrases.iter().filter(|phrase| phrase[0] == possessive);
        let of_plural: Vec<Vec<u64>> = of_plural.map(|phrase| [&[bare], &phrase[1..]].concat()).collect();
        phrases.extend(of_plural);
        // The longest alternative is tried first: "agreed to buy" before "agreed".
        phrases.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        phrases.dedup();
        let sorted = |word: fn(&Vec<u64>) -> u64| {
            let mut words: Vec<(u64, u32)> = (0..).zip(&phrases).map(|(index, phrase)| (word(phrase), index)).collect();
            words.sort_unstable();
            words
        };
        let (firsts, lasts) = (sorted(|phrase| phrase[0]), sorted(|phrase| phrase[phrase.len() - 1]));
        let rare_words = |phrase: &Vec<u64>| phrase.iter().filter(|&&hash| !is_too_frequent(hash)).count();
        let rare_words = phrases.iter().map(rare_words).min().unwrap_or_default();
        let bits = |words: &[(u64, u32)]| words.iter().fold(0, |bits, (word, _)| bits | sieve::bit(*word));
        let (first_bits, last_bits) = (bits(&firsts), bits(&lasts));
        Self { firsts: firsts.into(), lasts: lasts.into(), first_bits, last_bits, phrases: phrases.into(), rare_words }
    }
}
