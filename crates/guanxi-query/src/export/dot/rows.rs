//! What is not connected is set in rows, one below the other: Graphviz would put all of it side by side, which makes a
//! picture that is many times wider than high. (Its own `pack` loses the labels of arrows.)

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use guanxi_model::EntityId;

use super::drawing::node_name;
use super::{Arrows, Nodes};

/// Entities that arrows connect, in rows of about even width.
pub(super) struct Rows<'a>(Vec<Vec<BTreeSet<&'a EntityId>>>);

impl<'a> Rows<'a> {
    pub(super) fn of(nodes: &Nodes<'a>, arrows: &Arrows<'a>) -> Self {
        let mut parts = connected_parts(nodes, arrows);
        // Large ones first; among equals the order of ids stays.
        parts.sort_by_key(|part| std::cmp::Reverse(part.len()));
        let most = parts.first().map_or(0, BTreeSet::len).max(nodes.len().isqrt() * 3);
        let mut rows: Vec<Vec<BTreeSet<&EntityId>>> = Vec::new();
        let mut in_row = 0;
        for part in parts {
            if rows.is_empty() || in_row + part.len() > most {
                rows.push(Vec::new());
                in_row = 0;
            }
            in_row += part.len();
            rows.last_mut().into_iter().for_each(|row| row.push(part.clone()));
        }
        Self(rows)
    }

    /// Whether everything is connected.
    pub(super) fn is_one(&self) -> bool {
        self.0.iter().map(Vec::len).sum::<usize>() <= 1
    }

    /// Invisible arrows from the lowest entities of each row to the highest of the next.
    pub(super) fn write(&self, dot: &mut String, arrows: &Arrows<'_>) {
        let above: BTreeSet<&EntityId> = arrows.values().map(|arrow| arrow.from).collect();
        let below: BTreeSet<&EntityId> = arrows.values().map(|arrow| arrow.to).collect();
        for (number, rows) in self.0.windows(2).enumerate() {
            let _ = writeln!(dot, "  \"row:{number}\" [style=invis, shape=point, width=0, height=0, label=\"\"];");
            let mut tie = |from: &str, to: &str| {
                let _ = writeln!(dot, "  {from} -> {to} [style=invis, weight=0];");
            };
            let row = format!("\"row:{number}\"");
            rows[0].iter().flat_map(|part| ends(part, &above)).for_each(|entity| tie(&node_name(entity), &row));
            rows[1].iter().flat_map(|part| ends(part, &below)).for_each(|entity| tie(&row, &node_name(entity)));
        }
    }
}

/// The entities of `part` that are not `inner`; the first one where arrows run in a circle.
fn ends<'a>(part: &BTreeSet<&'a EntityId>, inner: &BTreeSet<&EntityId>) -> Vec<&'a EntityId> {
    let ends: Vec<&EntityId> = part.iter().copied().filter(|entity| !inner.contains(entity)).collect();
    if ends.is_empty() { part.first().copied().into_iter().collect() } else { ends }
}

fn connected_parts<'a>(nodes: &Nodes<'a>, arrows: &Arrows<'a>) -> Vec<BTreeSet<&'a EntityId>> {
    let mut neighbours: BTreeMap<&EntityId, Vec<&EntityId>> = BTreeMap::new();
    for arrow in arrows.values() {
        neighbours.entry(arrow.from).or_default().push(arrow.to);
        neighbours.entry(arrow.to).or_default().push(arrow.from);
    }
    let mut seen = BTreeSet::new();
    let mut parts = Vec::new();
    for &start in nodes.keys() {
        let mut part = BTreeSet::new();
        let mut open = vec![start];
        while let Some(entity) = open.pop() {
            if seen.insert(entity) {
                part.insert(entity);
                open.extend(neighbours.get(entity).into_iter().flatten());
            }
        }
        if !part.is_empty() {
            parts.push(part);
        }
    }
    parts
}
