//! Rows written as a table: CSV (RFC 4180), the first line naming the columns, one row a line.
//!
//! Columns bear the keys of the TOML form. A mistake is shown at its byte, and a general CSV reader hands out the values
//! of cells without their places; so cells are cut out of the text here.

use super::row::{Beside, Fault, Form, Item, Key, Row, Rows, Slot, Source, Word};
use crate::data_file::unknown;

/// Stands between the items of a cell.
const BAR: &str = "|";

pub(super) fn read<'s, 'a>(source: &'s Source<'a>, rows: &mut Rows<'_, 's, 'a>) {
    let mut records = Records { text: source.data.text, at: 0 };
    let mut columns: Option<Vec<Option<Key<'a>>>> = None;
    while let Some((at, cells)) = records.next() {
        let cells = match cells {
            Ok(cells) => cells,
            Err((at, message)) => {
                rows.errors.push(source.data.error(at, "", message));
                continue;
            }
        };
        match &columns {
            None => columns = Some(header(source, &cells, rows)),
            Some(columns) => read_row(source, at, columns, &cells, rows),
        }
    }
}

/// What the columns are for; `None` for one that is unknown, which is told once.
fn header<'a>(source: &Source<'a>, cells: &[Cell<'a>], rows: &mut Rows<'_, '_, 'a>) -> Vec<Option<Key<'a>>> {
    let mut fail = |at, message: String| rows.errors.push(source.data.error(at, "", message));
    for (position, cell) in cells.iter().enumerate() {
        if cells[..position].iter().any(|other| other.raw == cell.raw) {
            fail(cell.at, format!("the column `{}` is there twice", cell.raw));
        }
    }
    let start = cells.first().map_or(0, |cell| cell.at);
    for needed in ["id", "class", "source"] {
        if cells.iter().all(|cell| cell.raw != needed) {
            fail(start, format!("no column `{needed}`: the first line names the columns, and every table has it"));
        }
    }
    let key = |cell: &Cell<'a>| match cell.raw.split_once('.') {
        Some((head, tail)) => Key::dotted(head, Word { text: tail.into(), at: cell.at + head.len() + 1 }).ok(),
        None => Key::plain(cell.raw).filter(|key| !matches!(key, Key::Unverified)),
    };
    let keys: Vec<_> = cells.iter().map(key).collect();
    let known: Vec<String> = Key::columns().collect();
    for (cell, _) in cells.iter().zip(&keys).filter(|(_, key)| key.is_none()) {
        fail(cell.at, unknown("column", cell.raw, known.iter().map(String::as_str)));
    }
    keys
}

fn read_row<'s, 'a>(
    source: &'s Source<'a>,
    at: usize,
    columns: &[Option<Key<'a>>],
    cells: &[Cell<'a>],
    rows: &mut Rows<'_, 's, 'a>,
) {
    let (mut row, mut faults) = (Row::new(source, at), Vec::new());
    if cells.len() != columns.len() {
        let message = format!("the row has {} cells, and there are {} columns", cells.len(), columns.len());
        faults.push((at, message + ": put a cell that holds a comma in double quotes"));
    }
    for (key, cell) in columns.iter().zip(cells).filter(|(_, cell)| !cell.raw.is_empty()) {
        let Some(key) = key else { continue };
        if matches!(key, Key::Word(Slot::Source)) && cell.raw == "unverified" {
            row.unverified = true;
        } else if key.is_list() {
            for part in cell.split(BAR) {
                match item(key, part) {
                    Ok(item) => row.put(key, item),
                    Err(fault) => faults.push(fault),
                }
            }
        } else if cell.raw.contains(BAR) {
            faults.push((cell.at, format!("this column holds one value, no list with `{BAR}`")));
        } else {
            row.put(key, Item::plain(cell.word()));
        }
    }
    rows.take(row, faults);
}

/// `hk-hkex ticker=700` of a fact, `JD Digits @..2021-01` of a name.
fn item<'a>(key: &Key<'a>, part: Cell<'a>) -> Result<Item<'a>, Fault> {
    if part.raw.is_empty() {
        return Err((part.at, format!("an empty item: items stand between `{BAR}`")));
    }
    let (head, beside) = match key.main() {
        Some("object") => match part.raw.split_once(' ') {
            Some((head, _)) => (part.slice(0, head.len()), qualifiers(part.slice(head.len(), part.raw.len()))?),
            None => (part, Vec::new()),
        },
        Some(_) => match part.raw.rfind(" @") {
            Some(end) => (part.slice(0, end), dates(part.slice(end + 2, part.raw.len()))?),
            None => (part, Vec::new()),
        },
        None => (part, Vec::new()),
    };
    Ok(Item { at: part.at, word: head.word(), beside })
}

/// `ticker=700 from=2015`
fn qualifiers(part: Cell<'_>) -> Result<Vec<Beside<'_>>, Fault> {
    let mut found = Vec::new();
    for pair in part.split(" ").filter(|pair| !pair.raw.is_empty()) {
        let Some(equals) = pair.raw.find('=') else {
            return Err((pair.at, format!("behind an id stand qualifiers, as key=value: `{}` is none", pair.raw)));
        };
        let (key, value) = (pair.slice(0, equals), pair.slice(equals + 1, pair.raw.len()));
        found.push(Beside { key: key.word(), value: value.word(), form: Form::Bare });
    }
    Ok(found)
}

/// `2015..2021-01`, either end of which may be left out.
fn dates<'a>(part: Cell<'a>) -> Result<Vec<Beside<'a>>, Fault> {
    let Some(dots) = part.raw.find("..") else {
        return Err((part.at, "write when a name was borne as @from..to, either of which may be left out".to_owned()));
    };
    let ends = [("from", part.slice(0, dots)), ("to", part.slice(dots + 2, part.raw.len()))];
    let given = ends.into_iter().filter(|(_, end)| !end.raw.is_empty());
    let key = |name: &'static str, at| Word { text: name.into(), at };
    Ok(given.map(|(name, end)| Beside { key: key(name, end.at), value: end.word(), form: Form::Bare }).collect())
}

/// A cell, or a part of one: what stands in the file, without the quotes around it and the spaces at its ends.
#[derive(Clone, Copy)]
struct Cell<'a> {
    raw: &'a str,
    at: usize,
}

impl<'a> Cell<'a> {
    fn new(raw: &'a str, at: usize) -> Self {
        Self { raw: raw.trim_ascii(), at: at + (raw.len() - raw.trim_ascii_start().len()) }
    }

    fn slice(self, from: usize, to: usize) -> Self {
        Self::new(&self.raw[from..to], self.at + from)
    }

    fn split(self, between: &'static str) -> impl Iterator<Item = Self> {
        let mut at = self.at;
        self.raw.split(between).map(move |part| {
            let cell = Self::new(part, at);
            at += part.len() + between.len();
            cell
        })
    }

    fn word(self) -> Word<'a> {
        let text = if self.raw.contains('"') { self.raw.replace("\"\"", "\"").into() } else { self.raw.into() };
        Word { text, at: self.at }
    }
}

/// Cuts a text into records, and these into cells; comments and empty lines are left out.
struct Records<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Records<'a> {
    fn next(&mut self) -> Option<(usize, Result<Vec<Cell<'a>>, Fault>)> {
        loop {
            let rest = &self.text[self.at..];
            let line = rest.split_inclusive('\n').next()?;
            let bare = line.trim_matches(['\u{feff}', '\r', '\n', ' ']);
            if !bare.is_empty() && !bare.starts_with('#') {
                self.at += if rest.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
                let start = self.at;
                return Some((start, self.cells()));
            }
            self.at += line.len();
        }
    }

    /// The cells of the record that begins here; behind a mistake, the next line begins a record.
    fn cells(&mut self) -> Result<Vec<Cell<'a>>, Fault> {
        let mut cells = Vec::new();
        loop {
            let (start, rest) = (self.at, &self.text[self.at..]);
            let (cell, length) = match rest.strip_prefix('"') {
                None => {
                    let ends = |byte| byte == b',' || byte == b'\n';
                    let length = rest.bytes().position(ends).unwrap_or(rest.len());
                    (Cell::new(&rest[..length], start), length)
                }
                Some(quoted) => match closing_quote(quoted) {
                    Some(length) => (Cell::new(&quoted[..length], start + 1), length + 2),
                    None => {
                        self.at = start + rest.find('\n').unwrap_or(rest.len());
                        return Err((start, "the quote that opens here is never closed".to_owned()));
                    }
                },
            };
            cells.push(cell);
            let behind = &rest[length..];
            let blank = behind.len() - behind.trim_start_matches([' ', '\r']).len();
            self.at = start + length + blank + 1;
            match behind.as_bytes().get(blank) {
                None => {
                    self.at -= 1;
                    return Ok(cells);
                }
                Some(b'\n') => return Ok(cells),
                Some(b',') => {}
                Some(_) => {
                    self.at = start + length + behind.find('\n').unwrap_or(behind.len());
                    let message = "the quoted cell ends before this: write \"\" for a quote within quotes";
                    return Err((start + length, message.to_owned()));
                }
            }
        }
    }
}

/// Where a quoted text ends: at the first quote that is not doubled.
fn closing_quote(quoted: &str) -> Option<usize> {
    let mut quotes = quoted.match_indices('"').map(|(at, _)| at).peekable();
    while let Some(quote) = quotes.next() {
        if quotes.next_if(|next| *next == quote + 1).is_none() {
            return Some(quote);
        }
    }
    None
}
