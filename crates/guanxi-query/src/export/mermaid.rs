//! A Mermaid flowchart of the entities that facts connect. Values are left out, and of what a fact rests on there is a
//! comment with its id.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write;

use guanxi_model::{Basis, Entity, EntityId, Fact, Status};

use super::source::{Source, share};
use super::{ExportError, Written};

pub(super) fn write(source: &Source<'_>, out: &mut dyn Write) -> Result<Written, ExportError> {
    let mut written = Written::default();
    let mut drawn = BTreeSet::new();
    writeln!(out, "flowchart LR")?;
    for fact in source.facts() {
        let Some(object) = fact.object.entity() else {
            written.left_out += 1;
            continue;
        };
        for end in [&fact.subject, object] {
            if drawn.insert(end.clone())
                && let Some(entity) = source.generation.entity(end)
            {
                writeln!(out, "    {}[\"{}\"]", node(end), label(source, &entity))?;
                written.nodes += 1;
            }
        }
        let id = fact.id.as_str();
        writeln!(out, "    %% {id} {} {} {}", fact.status.name(), fact.confidence, fact.basis.name())?;
        let told = told(source, &fact);
        writeln!(out, "    {} {}|\"{told}\"| {}", node(&fact.subject), arrow(&fact), node(object))?;
        written.edges += 1;
    }
    // Whom no fact connects stands alone, rather than not at all.
    if written.edges == 0 && source.is_narrowed() {
        for entity in source.entities() {
            writeln!(out, "    {}[\"{}\"]", node(&entity.id), label(source, &entity))?;
            written.nodes += 1;
        }
    }
    Ok(written)
}

/// Solid where it is asserted and stated, else dotted.
fn arrow(fact: &Fact) -> &'static str {
    if fact.status == Status::Asserted && fact.basis != Basis::Derived { "-->" } else { "-.->" }
}

fn label(source: &Source<'_>, entity: &Entity) -> String {
    let english = entity.label();
    let chinese = entity.chinese_label().filter(|chinese| *chinese != english);
    let (first, second) = match chinese {
        Some(chinese) if source.choice.chinese_first => (chinese, Some(english)),
        other => (english, other),
    };
    let second = second.map(|name| format!("<br/>{}", escaped(name))).unwrap_or_default();
    escaped(first) + &second
}

fn told(source: &Source<'_>, fact: &Fact) -> String {
    let labels = source.labels(&fact.predicate);
    let label =
        labels.map_or(&*fact.predicate, |labels| if source.choice.chinese_first { &labels.zh } else { &labels.en });
    let share = share(fact).map(|share| format!(" {share}")).unwrap_or_default();
    let status = if fact.status == Status::Asserted { String::new() } else { format!(" ({})", fact.status.name()) };
    escaped(&format!("{label}{share}{status}"))
}

/// The id of a node: nothing that Mermaid could take for a word or a sign of its own.
fn node(entity: &EntityId) -> String {
    let mut id = "n_".to_owned();
    for byte in entity.as_str().bytes() {
        if byte.is_ascii_alphanumeric() {
            id.push(char::from(byte));
        } else {
            // A string takes whatever is written to it.
            let _ = write!(id, "_{byte:02x}");
        }
    }
    id
}

/// The text between quotes: whatever is not a letter, a digit or a harmless sign is named by its number.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => escaped.push(' '),
            c if c.is_control() => escaped.push(char::REPLACEMENT_CHARACTER),
            c if c.is_alphanumeric() || " .,-()[]/%:!?，。（）、《》·".contains(c) => escaped.push(c),
            c => {
                // A string takes whatever is written to it.
                let _ = write!(escaped, "#{};", u32::from(c));
            }
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_label_holds_nothing_that_mermaid_obeys(text in "[\"`<>#;&{}|\n\u{202e}a关]{0,8}|\\PC*") {
            let escaped = escaped(&text);
            let obeyed = ['"', '`', '<', '>', '&', '{', '}', '|', '\n', '\u{202e}'];
            prop_assert!(!escaped.contains(obeyed));
            let named = escaped.split('#').skip(1);
            for name in named {
                let (digits, _) = name.split_once(';').unwrap();
                prop_assert!(char::from_u32(digits.parse().unwrap()).is_some());
            }
        }

        #[test]
        fn two_entities_are_two_nodes(one in "[a-z_-]{0,4}", other in "[a-z_-]{0,4}") {
            let [a, b] = [&one, &other].map(|id| node(&EntityId::new(id.as_str())));
            prop_assert_eq!(a == b, one == other);
            prop_assert!(a.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'));
        }
    }
}
