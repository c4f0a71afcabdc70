//! The chart of an answer about owners (股权穿透图): owners above owned, direct shares on the arrows, effective ones below
//! the names, and owners of whom nothing is known dashed.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use guanxi_graph::Generation;
use guanxi_model::{Decimal, Schema, Share};

use super::drawing::Drawing;
use super::layout::Layout;
use super::style::share_label;
use super::{DotConfig, Hidden, Nodes, Picture, arrows};
use crate::owners::{Answer, Holdings, Node, Stopped};

/// Draws everybody above the company of `answer`; `rule` stands at those whom it names. The same store gives the same
/// bytes.
pub fn chart(
    generation: &Generation,
    holdings: &Holdings<'_>,
    schema: &Schema,
    answer: &Answer,
    rule: &str,
    config: &DotConfig,
) -> Picture {
    let mut upstream = answer.upstream.clone();
    upstream[1..].sort_by_key(|(party, share)| (Reverse(share.max), *party));
    let hidden = Hidden { over_limit: upstream.len().saturating_sub(config.max_nodes.max(1)), ..Hidden::default() };
    upstream.truncate(config.max_nodes.max(1));
    let parties: BTreeSet<Node> = upstream.iter().map(|(party, _)| *party).collect();
    let (snapshot, edges) = holdings.edges_among(&parties);
    let nodes: Nodes<'_> =
        parties.iter().map(|&party| holdings.entity(party)).map(|entity| (&entity.id, entity)).collect();
    let arrows = arrows(snapshot, schema, &edges);
    let named: BTreeSet<Node> = answer.owners.iter().map(|owner| owner.party).collect();
    let note = |&(party, share): &(Node, Share)| {
        let effective = if config.chinese_first { "合计" } else { "effective" };
        let mut note = format!("{effective} {}", share_label(&rounded(&share)));
        if named.contains(&party) {
            let named = if config.chinese_first { "所有人" } else { "owner by" };
            note += &format!(" · {named} {rule}");
        }
        (&holdings.entity(party).id, note)
    };
    let unknown = answer.ends.iter().filter(|end| parties.contains(&end.party)).filter_map(|end| {
        let share = match &end.stopped {
            Stopped::NoOwnerKnown => "?%".to_owned(),
            Stopped::PartlyKnown { rest } => share_label(&rounded(&Share::exact(*rest))),
            _ => return None,
        };
        Some((&holdings.entity(end.party).id, share))
    });
    let mut drawing = Drawing::new(generation, schema, config, Layout::Downward, &nodes, &arrows);
    drawing.notes = upstream.iter().skip(1).map(note).collect::<BTreeMap<_, _>>();
    drawing.unknown = unknown.collect();
    let marked = BTreeSet::from([&holdings.entity(answer.company).id]);
    let dot = drawing.write(&[], &marked, hidden);
    Picture { dot, nodes: nodes.len(), arrows: arrows.len(), hidden }
}

/// For people: two digits behind the point.
fn rounded(share: &Share) -> Share {
    let round = |percent: Decimal| percent.round_dp(2).normalize();
    Share { min: round(share.min), max: round(share.max), ..*share }
}
