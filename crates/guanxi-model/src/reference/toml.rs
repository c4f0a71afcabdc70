//! Rows written in TOML: `[[entity]]`.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::row::{Beside, Fault, Form, Item, Key, Row, Rows, Source, Word};
use crate::data_file::unknown;

const DOUBLE_BRACKETS: &str = "write [[entity]] in double brackets, one a row";

pub(super) fn read<'s, 'a>(source: &'s Source<'a>, rows: &mut Rows<'_, 's, 'a>) {
    let file = source.data;
    let table = match file.parse() {
        Ok(table) => table.into_inner(),
        Err(errors) => return rows.errors.extend(errors),
    };
    for (key, value) in table {
        let start = key.span().start;
        match value.into_inner() {
            DeValue::Array(entities) if key.get_ref() == "entity" => {
                for entity in entities {
                    read_row(source, entity, rows);
                }
            }
            _ if key.get_ref() == "entity" => rows.errors.push(file.error(start, "", DOUBLE_BRACKETS)),
            _ => rows.errors.push(file.error(start, "", unknown("key", key.get_ref(), ["entity"]))),
        }
    }
}

fn read_row<'s, 'a>(source: &'s Source<'a>, entity: Spanned<DeValue<'a>>, rows: &mut Rows<'_, 's, 'a>) {
    let start = entity.span().start;
    let DeValue::Table(table) = entity.into_inner() else {
        return rows.errors.push(source.data.error(start, "", DOUBLE_BRACKETS));
    };
    let (mut row, mut faults) = (Row::new(source, start), Vec::new());
    for (head, value) in table {
        let at = head.span().start;
        let head = head.into_inner();
        if !Key::is_head(&head) {
            match Key::plain(&head) {
                Some(key) => put(&mut row, &key, || head.to_string(), value, &mut faults),
                None => faults.push((at, unknown("key", &head, Key::heads()))),
            }
            continue;
        }
        let DeValue::Table(below) = value.into_inner() else {
            let tail = if head == "facts" { "<predicate> = [\"<id>\", …]" } else { "en = …" };
            faults.push((at, format!("write {head} as {head}.{tail}")));
            continue;
        };
        for (tail, value) in below {
            let tail = Word { at: tail.span().start, text: tail.into_inner() };
            match Key::dotted(&head, tail.clone()) {
                Ok(key) => put(&mut row, &key, || format!("{head}.{}", tail.text), value, &mut faults),
                Err(message) => faults.push((tail.at, message)),
            }
        }
    }
    rows.take(row, faults);
}

fn put<'a>(
    row: &mut Row<'_, 'a>,
    key: &Key<'a>,
    name: impl Fn() -> String,
    value: Spanned<DeValue<'a>>,
    faults: &mut Vec<Fault>,
) {
    let at = value.span().start;
    let fault = match value.into_inner() {
        DeValue::Boolean(true) if matches!(key, Key::Unverified) => return row.unverified = true,
        DeValue::String(text) if !key.is_list() && !matches!(key, Key::Unverified) => {
            return row.put(key, Item::plain(Word { text, at }));
        }
        DeValue::Array(values) if key.is_list() => {
            for value in values {
                match item(key, value) {
                    Ok(item) => row.put(key, item),
                    Err(fault) => faults.push(fault),
                }
            }
            return;
        }
        _ if matches!(key, Key::Unverified) => "write unverified = true, or leave it out".to_owned(),
        _ if matches!(key, Key::Facts(_)) => format!("write a list: {} = [\"<id>\", …]", name()),
        _ if key.is_list() => format!("write a list: {} = [\"…\"]", name()),
        _ => format!("write `{}` in quotes", name()),
    };
    faults.push((at, fault));
}

/// `"cn-b"`, or `{ object = "cn-b", from = "2015" }`; `"Old Name"`, or `{ name = "Old Name", to = "2015" }`.
fn item<'a>(key: &Key<'a>, value: Spanned<DeValue<'a>>) -> Result<Item<'a>, Fault> {
    let at = value.span().start;
    match (value.into_inner(), key.main()) {
        (DeValue::String(text), _) => Ok(Item::plain(Word { text, at })),
        (DeValue::Table(table), Some(main)) => table_item(table, at, main),
        (_, Some("object")) => {
            Err((at, "write an object as \"<id>\" or { object = \"<id>\", from = \"…\", to = \"…\" }".to_owned()))
        }
        (_, Some(_)) => Err((at, "write a name as \"…\" or { name = \"…\", from = \"…\", to = \"…\" }".to_owned())),
        (_, None) => Err((at, "write it in quotes".to_owned())),
    }
}

fn table_item<'a>(table: DeTable<'a>, at: usize, main: &str) -> Result<Item<'a>, Fault> {
    let (mut word, mut beside) = (None, Vec::new());
    for (key, value) in table {
        let key = Word { at: key.span().start, text: key.into_inner() };
        let start = value.span().start;
        let (text, form) = match value.into_inner() {
            DeValue::String(text) => (text, Form::Text),
            DeValue::Integer(number) => (number.as_str().to_owned().into(), Form::Number),
            DeValue::Float(number) => (number.as_str().to_owned().into(), Form::Number),
            DeValue::Boolean(flag) => (flag.to_string().into(), Form::Flag),
            _ => (String::new().into(), Form::Other),
        };
        let value = Word { text, at: start };
        if key.text != main {
            beside.push(Beside { key, value, form });
        } else if form == Form::Text {
            word = Some(value);
        } else {
            return Err((start, format!("write `{main}` in quotes")));
        }
    }
    let what = if main == "object" { "<id>" } else { "…" };
    let word = word.ok_or_else(|| (at, format!("says no {main}: {{ {main} = \"{what}\", … }}")))?;
    Ok(Item { at, word, beside })
}
