//! Items of `data/training`: sentences of our own in which every name is marked and every relation is told.
//!
//! ```text
//! [1C Kestrel Foods] agreed to buy a dairy from [2C Hale Group], which [3P Ana Prior] leads. || officerOf 3 2
//! ```
//! `data/training/README.md` tells the form.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use guanxi::Guanxi;
use guanxi::model::{Span, Status};

/// Letters of the classes of names, as `data/training/README.md` tells them.
const CLASSES: &str = "CFARPDLXO";

/// One to three sentences, with what they tell.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Number of its line, from 1.
    pub line: usize,
    /// The text without marks.
    pub text: String,
    /// Every name, in the order of the text.
    pub names: Vec<Name>,
    pub relations: Vec<Stated>,
}

/// A name in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name {
    /// In characters of the item's text.
    pub span: Span,
    /// The same for all names of one thing.
    pub thing: u32,
    /// One of [`CLASSES`].
    pub class: char,
}

/// A relation between two things that the text names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stated {
    pub status: Status,
    pub predicate: String,
    /// Numbers of things.
    pub subject: u32,
    pub object: u32,
}

/// The files of a folder and of its folders whose names end in `.txt`, but for READMEs, in the order of their names.
pub fn files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let mut found = Vec::new();
    let listed = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for entry in listed {
        let path = entry.map_err(|error| format!("{}: {error}", folder.display()))?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else if path.extension().is_some_and(|ending| ending == "txt") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// The items of all files of a folder, each with the number of its file, and how many files there are.
///
/// # Errors
/// As [`read`], of the first file with mistakes.
pub fn all(guanxi: &Guanxi, folder: &Path) -> Result<(Vec<(usize, Item)>, usize), String> {
    let files = files(folder)?;
    let mut items = Vec::new();
    for (number, file) in files.iter().enumerate() {
        let read = read(file, |name| guanxi.schema().predicate(name).is_some())?;
        items.extend(read.into_iter().map(|item| (number, item)));
    }
    Ok((items, files.len()))
}

/// The items of a file. Empty lines and those that begin with `#` are none; `is_predicate` tells the names of relations.
///
/// # Errors
///
/// Every mistake with file, line and what it is, a line each.
pub fn read(file: &Path, is_predicate: impl Fn(&str) -> bool) -> Result<Vec<Item>, String> {
    let text = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let mut items = Vec::new();
    let mut mistakes = Vec::new();
    let written = text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty() && !line.starts_with('#'));
    for (line, number) in written {
        match item(line, number, &is_predicate) {
            Ok(item) => items.push(item),
            Err(mistake) => mistakes.push(format!("{}:{number}: {mistake}", file.display())),
        }
    }
    if mistakes.is_empty() { Ok(items) } else { Err(mistakes.join("\n")) }
}

fn item(line: &str, number: usize, is_predicate: &impl Fn(&str) -> bool) -> Result<Item, String> {
    let (marked, told) = line.split_once("||").filter(|(_, told)| !told.contains("||")).ok_or("write one || a line")?;
    let (text, names) = unmarked(marked.trim())?;
    let relations = told.split(';').map(str::trim).filter(|relation| !relation.is_empty());
    let relations = relations.map(|relation| stated(relation, &names, is_predicate)).collect::<Result<_, _>>()?;
    Ok(Item { line: number, text, names, relations })
}

/// The text without its marks, and the names that they marked.
fn unmarked(marked: &str) -> Result<(String, Vec<Name>), String> {
    let (mut text, mut names) = (String::new(), Vec::new());
    let mut classes = BTreeMap::new();
    let mut length = 0;
    let mut rest = marked;
    while let Some((before, behind)) = rest.split_once('[') {
        let (mark, behind) = behind.split_once(']').ok_or("a bracket that nothing closes")?;
        if before.contains(']') || mark.contains('[') {
            return Err("brackets inside of each other, or one that nothing opens".to_owned());
        }
        let (thing, class, name) = mark_of(mark).ok_or_else(|| {
            format!("`[{mark}]` is no name: write a number and one letter of {CLASSES}, a space, the name")
        })?;
        if *classes.entry(thing).or_insert(class) != class {
            return Err(format!("name {thing} has two classes"));
        }
        length += before.chars().count() as u32;
        let end = length + name.chars().count() as u32;
        names.push(Name { span: Span::new(length, end), thing, class });
        length = end;
        text.extend([before, name]);
        rest = behind;
    }
    if rest.contains(']') {
        return Err("a bracket that nothing opens".to_owned());
    }
    Ok((text + rest, names))
}

/// `2C Hale Group` → 2, C, Hale Group
fn mark_of(mark: &str) -> Option<(u32, char, &str)> {
    let (label, name) = mark.split_once(' ')?;
    let class = label.chars().next_back().filter(|&class| CLASSES.contains(class))?;
    let thing = label[..label.len() - 1].parse().ok()?;
    (!name.trim().is_empty()).then_some((thing, class, name))
}

fn stated(written: &str, names: &[Name], is_predicate: &impl Fn(&str) -> bool) -> Result<Stated, String> {
    let (status, rest) = match written.chars().next() {
        Some('-') => (Status::Ended, &written[1..]),
        Some('!') => (Status::Denied, &written[1..]),
        Some('~') => (Status::Reported, &written[1..]),
        Some('+') => (Status::Planned, &written[1..]),
        _ => (Status::Asserted, written),
    };
    let words: Vec<&str> = rest.split_whitespace().collect();
    let &[predicate, subject, object] = words.as_slice() else {
        return Err(format!("`{written}`: write predicate, number of the subject, number of the object"));
    };
    if !is_predicate(predicate) {
        return Err(format!("`{written}`: no predicate `{predicate}` in the schema"));
    }
    let thing = |number: &str| {
        let thing = number.parse().ok().filter(|thing| names.iter().any(|name| name.thing == *thing));
        thing.ok_or_else(|| format!("`{written}`: no name {number} in the text"))
    };
    Ok(Stated { status, predicate: predicate.to_owned(), subject: thing(subject)?, object: thing(object)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_line(line: &str) -> Result<Item, String> {
        item(line, 1, &|name| matches!(name, "owns" | "acquired"))
    }

    #[test]
    fn an_item_is_its_text_its_names_and_what_it_tells() {
        let item =
            read_line("[1C 禾木]（[1C Hemu]）, once of [2F Gale & Co], bought [3C Dunn]. || -owns 2 1; acquired 1 3")
                .unwrap();
        assert_eq!(item.text, "禾木（Hemu）, once of Gale & Co, bought Dunn.");
        let spans: Vec<_> = item.names.iter().map(|name| (name.span.start, name.span.end, name.thing)).collect();
        assert_eq!(spans, [(0, 2, 1), (3, 7, 1), (18, 27, 2), (36, 40, 3)]);
        let told: Vec<_> = item.relations.iter().map(|told| (told.status, told.subject, told.object)).collect();
        assert_eq!(told, [(Status::Ended, 2, 1), (Status::Asserted, 1, 3)]);
        assert!(read_line("[1C Alder] and [2C Birch] met. ||").unwrap().relations.is_empty());
    }

    #[test]
    fn a_mistake_says_what_it_is() {
        for (line, message) in [
            ("[1C Alder] owns [2C Birch].", "write one ||"),
            ("[1Z Alder] owns [2C Birch]. || owns 1 2", "`[1Z Alder]` is no name"),
            ("[1C Alder owns [2C Birch]. || owns 1 2", "brackets inside"),
            ("[1C Alder] owns [1F Birch]. || owns 1 1", "name 1 has two classes"),
            ("[1C Alder] owns [2C Birch]. || has 1 2", "no predicate `has`"),
            ("[1C Alder] owns [2C Birch]. || owns 1 3", "no name 3 in the text"),
            ("[1C Alder] owns [2C Birch]. || owns 1", "write predicate"),
        ] {
            let mistake = read_line(line).unwrap_err();
            assert!(mistake.contains(message), "{mistake}");
        }
    }
}
