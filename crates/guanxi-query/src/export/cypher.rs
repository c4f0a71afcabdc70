//! openCypher, one statement a line, that may be run again without doubling anything.

use std::fmt::Write as _;
use std::io::Write;

use super::neo4j::relationship_type;
use super::record::{Cell, Column};
use super::source::Source;
use super::{ExportError, Written};

pub(super) fn write(source: &Source<'_>, out: &mut dyn Write) -> Result<Written, ExportError> {
    let mut written = Written::default();
    for node in source.nodes() {
        let (id, class, properties) = (text(&node.id), name(&node.class), properties(node.told()));
        writeln!(out, "MERGE (n:Node {{id: {id}}}) SET n:{class} SET n += {properties};")?;
        written.nodes += 1;
    }
    for edge in source.edges() {
        let (from, to, id) = (text(&edge.source), text(&edge.target), text(&edge.id));
        let (kind, properties) = (name(&relationship_type(&edge.predicate)), properties(edge.told()));
        writeln!(
            out,
            "MATCH (a:Node {{id: {from}}}), (b:Node {{id: {to}}}) MERGE (a)-[r:{kind} {{id: {id}}}]->(b) SET r += {properties};"
        )?;
        written.edges += 1;
    }
    Ok(written)
}

fn properties<'a>(told: impl Iterator<Item = (Column, &'a Cell)>) -> String {
    let told: Vec<String> = told.map(|(column, cell)| format!("{}: {}", name(column.name), value(cell))).collect();
    format!("{{{}}}", told.join(", "))
}

fn value(cell: &Cell) -> String {
    match cell {
        Cell::Text(content) => text(content),
        Cell::Texts(texts) => format!("[{}]", texts.iter().map(|content| text(content)).collect::<Vec<_>>().join(", ")),
        other => other.plain(),
    }
}

/// A text in quotes, on one line.
fn text(content: &str) -> String {
    let mut quoted = String::with_capacity(content.len() + 2);
    quoted.push('\'');
    for c in content.chars() {
        match c {
            '\'' => quoted.push_str("\\'"),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() || is_turning(c) => {
                // A string takes whatever is written to it.
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('\'');
    quoted
}

/// Whether the character breaks a line or turns the direction of a text.
fn is_turning(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A name in backticks.
fn name(content: &str) -> String {
    format!("`{}`", content.replace('`', "``"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What a reader of openCypher makes of a text in quotes.
    fn read(quoted: &str) -> Option<String> {
        let mut rest = quoted.strip_prefix('\'')?.strip_suffix('\'')?.chars();
        let mut content = String::new();
        while let Some(c) = rest.next() {
            content.push(match c {
                '\\' => match rest.next()? {
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    'u' => {
                        let digits: String = rest.by_ref().take(4).collect();
                        char::from_u32(u32::from_str_radix(&digits, 16).ok()?)?
                    }
                    c @ ('\'' | '\\') => c,
                    _ => return None,
                },
                '\'' => return None,
                c => c,
            });
        }
        Some(content)
    }

    proptest! {
        #[test]
        fn a_text_ends_where_it_should(content in "['\\\\\n\t`a关\u{202e}\u{1}]{0,6}|\\PC*") {
            let quoted = text(&content);
            prop_assert!(!quoted.contains(|c: char| c.is_control() || is_turning(c)));
            prop_assert_eq!(read(&quoted), Some(content));
        }

        #[test]
        fn a_name_ends_where_it_should(content in "[`a]{0,6}") {
            let name = name(&content);
            let inner = &name[1..name.len() - 1];
            prop_assert!(!inner.replace("``", "").contains('`'));
            prop_assert_eq!(inner.replace("``", "`"), content);
        }
    }
}
