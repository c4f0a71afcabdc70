//! The text for Graphviz.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use guanxi_graph::Generation;
use guanxi_model::reference::Lifecycle;
use guanxi_model::schema::{EdgeKind, Labels};
use guanxi_model::{Entity, EntityId, Language, Schema, Status};

use super::fans::Fan;
use super::layout::{self, Layout};
use super::rows::Rows;
use super::sources::Sources;
use super::style::{Look, REGULATOR, Style, is_uncertain, is_unsure, share_label};
use super::text::{escaped, is_unprintable, quoted, quoted_lines, wrapped, wrapped_parts};
use super::{Arrow, Arrows, DotConfig, Hidden, Nodes};
use crate::not_in_force;

/// Everything that the text is made of.
pub(super) struct Drawing<'a> {
    schema: &'a Schema,
    config: &'a DotConfig,
    layout: Layout,
    nodes: &'a Nodes<'a>,
    arrows: &'a Arrows<'a>,
    sources: Sources,
    not_in_force: BTreeMap<EntityId, Lifecycle>,
    settled: BTreeSet<&'a EntityId>,
    lengths: BTreeMap<(&'a EntityId, &'a EntityId), usize>,
    /// What stands below the names of an entity.
    pub(super) notes: BTreeMap<&'a EntityId, String>,
    /// Owners of whom nothing is known: of whom, and how much.
    pub(super) unknown: Vec<(&'a EntityId, String)>,
}

impl<'a> Drawing<'a> {
    pub(super) fn new(
        generation: &Generation,
        schema: &'a Schema,
        config: &'a DotConfig,
        layout: Layout,
        nodes: &'a Nodes<'a>,
        arrows: &'a Arrows<'a>,
    ) -> Self {
        Self {
            schema,
            config,
            layout,
            nodes,
            arrows,
            sources: Sources::of(generation, arrows),
            not_in_force: not_in_force(generation),
            settled: layout::settled(arrows, |arrow| Style::of(arrow, config).secondary),
            lengths: layout::lengths(layout, arrows),
            notes: BTreeMap::new(),
            unknown: Vec::new(),
        }
    }

    pub(super) fn write(&self, fans: &[Fan<'_>], marked: &BTreeSet<&EntityId>, hidden: Hidden) -> String {
        let mut dot = String::new();
        self.head(&mut dot, marked, hidden);
        let rows = self.layout.has_ranks().then(|| Rows::of(self.nodes, self.arrows));
        self.nodes(&mut dot, marked, rows.as_ref().is_some_and(Rows::is_one));
        self.arrows.values().for_each(|arrow| self.arrow(&mut dot, arrow));
        fans.iter().for_each(|fan| self.fan(&mut dot, fan));
        self.unknown.iter().for_each(|(owned, share)| self.unknown(&mut dot, owned, share));
        rows.into_iter().for_each(|rows| rows.write(&mut dot, self.arrows));
        dot.push_str("}\n");
        dot
    }

    fn head(&self, dot: &mut String, marked: &BTreeSet<&EntityId>, hidden: Hidden) {
        let _ = write!(
            dot,
            "// guanxi house style: owners before owned; colour and shape = class; solid = holding, dashed = supervision\n\
             digraph guanxi {{\n  graph [charset=\"UTF-8\", {}, concentrate=false, bgcolor=\"white\", pad=0.3, \
             fontname=\"Noto Sans CJK SC\", fontsize=10, labelloc=b, labeljust=l, id=\"guanxi\", tooltip=\" \", \
             label=<{}>];\n  \
             node [fontname=\"Noto Sans CJK SC\", fontsize=11, margin=\"0.14,0.10\", penwidth=1.3, fontcolor=\"#111111\", \
             target=\"_top\"];\n  \
             edge [fontname=\"Noto Sans CJK SC\", fontsize=9, color=\"#4D4D4D\", fontcolor=\"#222222\", arrowsize=0.7, \
             penwidth=1.2];\n",
            self.layout.attributes(),
            self.legend(marked, hidden),
        );
    }

    /// Only what the drawing holds.
    fn legend(&self, marked: &BTreeSet<&EntityId>, hidden: Hidden) -> String {
        let looks: BTreeMap<u8, &Look> = self
            .nodes
            .values()
            .map(|entity| Look::of(&entity.class, self.schema))
            .map(|look| (look.rank, look))
            .collect();
        let mut cells = String::from("<td align=\"left\"><b>图例 Legend</b></td>");
        for look in looks.values() {
            let _ = write!(
                cells,
                "<td bgcolor=\"{}\" border=\"1\" style=\"rounded\" color=\"{}\"> {} </td>",
                look.fill, look.border, look.legend
            );
        }
        let any = |test: fn(&Arrow<'_>) -> bool| self.arrows.values().any(test);
        let of_kind = |kind| self.arrows.values().any(|arrow| arrow.kind == kind && !arrow.is_derived());
        let dashed = self.nodes.keys().any(|id| self.not_in_force.contains_key(*id));
        let lines = [
            (of_kind(EdgeKind::Ownership), "#222222", "── 持股 holding (width = %)"),
            (of_kind(EdgeKind::Control), "#222222", "── 控制 control"),
            (of_kind(EdgeKind::Regulation), "#A34700", "- - - 监管 supervision"),
            (of_kind(EdgeKind::Offer), "#555555", ". . . ▷ 产品与业务 product or business"),
            (of_kind(EdgeKind::Other), "#555555", "── 其他 other tie (thin)"),
            (any(|arrow| arrow.is_derived()), "#555555", ". . . 推导 derived"),
            (any(is_uncertain), "#777777", "灰色 ? 未定 grey = planned, reported, conditional or confidence &lt; 0.7"),
            (!self.unknown.is_empty(), "#555555", "虚线圈 dashed ellipse = 未知的所有者 owner not known"),
            (dashed, "#555555", "虚线框 dashed box = 未生效或已废止 not in force"),
            (!marked.is_empty(), "#222222", "粗框 thick box = 所问 asked for"),
        ];
        let lines: Vec<String> = lines
            .iter()
            .filter(|(shown, ..)| *shown)
            .map(|(_, color, text)| format!("<font color=\"{color}\">{text}</font>"))
            .collect();
        let mut rows = vec![format!("<table border=\"0\" cellspacing=\"4\"><tr>{cells}</tr></table>")];
        rows.extend(lines.chunks(looks.len().clamp(1, 4)).map(|lines| lines.join("    ")));
        rows.extend(hidden.note().map(|note| format!("<i>{note}</i>")));
        let rows: String = rows.iter().map(|row| format!("<tr><td align=\"left\">{row}</td></tr>")).collect();
        format!("<table border=\"0\" cellborder=\"0\" cellspacing=\"1\" cellpadding=\"1\">{rows}</table>")
    }

    /// Regulators stand in a frame where all is `connected`; else each stands with those that it regulates.
    fn nodes(&self, dot: &mut String, marked: &BTreeSet<&EntityId>, connected: bool) {
        let mut groups: BTreeMap<u8, (&Look, Vec<&Entity>)> = BTreeMap::new();
        for entity in self.nodes.values() {
            let look = Look::of(&entity.class, self.schema);
            groups.entry(look.rank).or_insert((look, Vec::new())).1.push(entity);
        }
        for (rank, (look, entities)) in &groups {
            // A frame around one says nothing that its shape does not say.
            let cluster = connected && *rank == REGULATOR.rank && entities.len() > 1;
            if cluster {
                dot.push_str(
                    "  subgraph cluster_regulator { label=\"监管机构 Regulators\"; labelloc=t; labeljust=l; \
                     fontcolor=\"#A34700\"; color=\"#E7B48F\"; style=\"rounded,dashed\"; margin=10; tooltip=\" \";\n",
                );
            } else {
                dot.push_str("  {\n");
            }
            let _ = writeln!(dot, "    node [{}];", look.attributes);
            entities.iter().for_each(|entity| self.node(dot, entity, marked.contains(&entity.id)));
            if cluster {
                self.set_in_a_row(dot, entities);
            }
            dot.push_str("  }\n");
        }
    }

    /// Those that no arrow leads to stand side by side, so that the frame is no higher than it must be.
    fn set_in_a_row(&self, dot: &mut String, entities: &[&Entity]) {
        let below: BTreeSet<&EntityId> = self.arrows.values().map(|arrow| arrow.to).collect();
        let top = entities.iter().filter(|entity| !below.contains(&entity.id)).map(|entity| node_name(&entity.id));
        let _ = writeln!(dot, "    {{ rank=same; {} }}", top.collect::<Vec<_>>().join("; "));
    }

    fn node(&self, dot: &mut String, entity: &Entity, marked: bool) {
        let (bold, other) = self.names(entity);
        let mut second: Vec<&str> = other.into_iter().collect();
        // An id such as `cn-pboc` names the country; those of rules, activities and places only repeat the name.
        let tells = !is_minted(&entity.id) && self.schema.family(&entity.class) == Some("agent");
        second.extend(entity.country.as_deref().filter(|_| !tells));
        second.extend(tells.then_some(entity.id.as_str()));
        let lifecycle = self.not_in_force.get(&entity.id).map(|&lifecycle| self.remark_on(lifecycle));
        second.extend(lifecycle);
        let class = self.schema.class(&entity.class);
        let kind = class.map_or(&*entity.class, |class| self.in_language(&class.labels));
        if second.is_empty() {
            second.push(kind);
        }
        // Graphviz takes an empty <b></b> for a mistake.
        let bold = if bold.chars().all(|c| c.is_whitespace() || is_unprintable(c)) { entity.id.as_str() } else { bold };
        let mut label = format!("<tr><td><b>{}</b></td></tr>", wrapped(bold));
        let _ = write!(label, "<tr><td><font point-size=\"9\">{}</font></td></tr>", wrapped_parts(&second));
        if let Some(note) = self.notes.get(&entity.id) {
            let _ =
                write!(label, "<tr><td><font point-size=\"9\" color=\"#222222\">{}</font></td></tr>", escaped(note));
        }
        let mut about: Vec<&str> = entity.names.iter().map(|name| name.text.as_str()).take(6).collect();
        about.push(kind);
        about.extend(entity.country.as_deref());
        about.push(entity.id.as_str());
        let about = about.join(" · ");
        let tooltip = [about.as_str()].into_iter().chain(self.sources.of_entity(&entity.id));
        let _ = writeln!(
            dot,
            "    {} [id={}, URL={}, tooltip={}{}, label=<<table border=\"0\" cellborder=\"0\" cellspacing=\"0\" \
             cellpadding=\"1\">{label}</table>>];",
            node_name(&entity.id),
            quoted(&format!("n-{}", entity.id)),
            quoted(&format!("/entity/{}", entity.id)),
            quoted_lines(tooltip.flat_map(str::lines)),
            match (marked, lifecycle) {
                (_, Some(_)) => ", style=\"dashed,filled\"",
                (true, None) => ", penwidth=3",
                (false, None) => "",
            },
        );
    }

    /// Why a regulation binds nobody.
    fn remark_on(&self, lifecycle: Lifecycle) -> &'static str {
        match (lifecycle, self.config.chinese_first) {
            (Lifecycle::Draft, true) => "征求意见稿",
            (Lifecycle::Repealed, true) => "已废止",
            (Lifecycle::Ended, true) => "已失效",
            (lifecycle, _) => lifecycle.name(),
        }
    }

    /// The name in bold, and the one beside it.
    fn names<'e>(&self, entity: &'e Entity) -> (&'e str, Option<&'e str>) {
        let english =
            entity.names.iter().find(|name| name.language == Language::English).map(|name| name.text.as_str());
        match (self.config.chinese_first, english, entity.chinese_label()) {
            (false, Some(first), second) => (first, second),
            (true, second, Some(first)) => (first, second),
            _ => (entity.label(), None),
        }
    }

    fn in_language<'l>(&self, labels: &'l Labels) -> &'l str {
        if self.config.chinese_first { &labels.zh } else { &labels.en }
    }

    fn arrow(&self, dot: &mut String, arrow: &Arrow<'_>) {
        let best = arrow.facts[0];
        let mut style = Style::of(arrow, self.config);
        // An entity that only secondary arrows hold would float to the bottom.
        style.secondary &= self.settled.contains(arrow.from) && self.settled.contains(arrow.to);
        style.length = self.lengths.get(&(arrow.from, arrow.to)).copied().unwrap_or(1);
        style.beside = self.layout == Layout::Downward;
        let label = self.arrow_label(arrow);
        // Among thousands of arrows labels only hide each other; the tooltips have them.
        style.label = if self.layout.has_ranks() { label.clone() } else { String::new() };
        let quotes = arrow.facts.iter().take(3).map(|fact| self.sources.of_fact(fact));
        let tooltip = quoted_lines([label.as_str()].into_iter().chain(quotes));
        let (tail, head) = if arrow.against { (arrow.to, arrow.from) } else { (arrow.from, arrow.to) };
        let _ = writeln!(
            dot,
            "  {} -> {} [{}, id={}, URL={}, edgetooltip={tooltip}, labeltooltip={tooltip}];",
            node_name(tail),
            node_name(head),
            style.attributes(),
            quoted(&format!("f-{}", best.id)),
            quoted(&format!("/fact/{}", best.id)),
        );
    }

    fn arrow_label(&self, arrow: &Arrow<'_>) -> String {
        let best = arrow.facts[0];
        let name = self.name_of(arrow);
        let share = arrow.share.as_ref().map(share_label);
        let mut label = match (arrow.predicate, share) {
            ("owns", share) => share.unwrap_or_else(|| "?%".to_owned()),
            (_, Some(share)) => format!("{name} {share}"),
            (_, None) => name.to_owned(),
        };
        if arrow.facts.len() > 1 {
            let _ = write!(label, " ×{}", arrow.facts.len());
        }
        let remark =
            |english: &str, chinese: &str| format!(" ({})", if self.config.chinese_first { chinese } else { english });
        if arrow.is_derived() {
            label += &remark("derived", "推导");
        }
        label += &match best.status {
            Status::Denied => remark("denied", "被否认"),
            Status::Planned => remark("planned?", "计划?"),
            Status::Reported => remark("reported?", "传闻?"),
            Status::Conditional => remark("conditional?", "有条件?"),
            Status::Asserted | Status::Ended if self.config.has_ended(best) => remark("ended", "已终止"),
            Status::Asserted | Status::Ended if is_unsure(best) => " ?".to_owned(),
            Status::Asserted | Status::Ended => String::new(),
        };
        label
    }

    /// The predicate, read along the arrow.
    fn name_of<'l>(&'l self, arrow: &Arrow<'l>) -> &'l str {
        let labels = self.schema.predicate(arrow.predicate).map(|predicate| {
            match predicate.edge.is_some_and(|edge| edge.from_object) {
                true => &predicate.inverse_labels,
                false => &predicate.labels,
            }
        });
        labels.map_or(arrow.predicate, |labels| self.in_language(labels))
    }

    /// A dashed owner of whom nothing is known.
    fn unknown(&self, dot: &mut String, owned: &EntityId, share: &str) {
        let node = quoted(&format!("unknown:{owned}"));
        let label = if self.config.chinese_first { "未知" } else { "not known" };
        let _ = writeln!(
            dot,
            "  {node} [shape=ellipse, style=dashed, color=\"#777777\", fontcolor=\"#555555\", tooltip=\" \", \
             label={}];\n  {node} -> {} [style=dashed, color=\"#9A9A9A\", fontcolor=\"#666666\", label={}];",
            quoted(label),
            node_name(owned),
            quoted(&format!(" {share}")),
        );
    }

    /// A box that stands for many.
    fn fan(&self, dot: &mut String, fan: &Fan<'_>) {
        const MOST_NAMES: usize = 20;
        let (hub, number) = (fan.hub, fan.entities.len());
        let mut names: Vec<&str> = fan.entities.iter().take(MOST_NAMES).map(|entity| self.names(entity).0).collect();
        names.extend((number > MOST_NAMES).then_some("…"));
        let tooltip = quoted_lines(names.into_iter());
        let side = if fan.outward { "out" } else { "in" };
        let node = quoted(&format!("more:{hub}:{}:{side}", fan.arrow.predicate));
        let label = if self.config.chinese_first { format!("另有 {number} 个") } else { format!("{number} more") };
        let _ = writeln!(
            dot,
            "  {node} [shape=box, style=\"rounded,dashed\", color=\"#9A9A9A\", fontcolor=\"#555555\", \
             tooltip={tooltip}, label={}];",
            quoted(&label),
        );
        let mut style = Style::of(&fan.arrow, self.config);
        style.label = if self.layout.has_ranks() { self.name_of(&fan.arrow).to_owned() } else { String::new() };
        let hub = node_name(hub);
        style.beside = self.layout == Layout::Downward;
        let (tail, head) = if fan.outward != fan.arrow.against { (hub, node) } else { (node, hub) };
        let _ = writeln!(dot, "  {tail} -> {head} [{}, edgetooltip={tooltip}];", style.attributes());
    }
}

impl Hidden {
    /// `Not shown: 12 ended, 934 entities over the limit`, in both languages.
    fn note(&self) -> Option<String> {
        let parts: Vec<String> = [
            (self.ended, "ended 已终止"),
            (self.denied, "denied 被否认"),
            (self.doubtful, "below the least confidence 置信度不足"),
            (self.unverified, "unverified 未核实"),
            (self.shortcuts, "derived shortcuts 推导捷径"),
            (self.background, "of reference data 参考资料"),
            (self.over_limit, "entities over the limit 超限主体"),
        ]
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
        (!parts.is_empty()).then(|| escaped(&format!("Not shown 未显示: {}", parts.join(", "))))
    }
}

pub(super) fn node_name(id: &EntityId) -> String {
    quoted(&format!("e:{id}"))
}

/// Whether the id was minted from a name: `<family>-<16 hex digits>`, which tells a reader nothing.
fn is_minted(id: &EntityId) -> bool {
    id.as_str()
        .rsplit_once('-')
        .is_some_and(|(_, hash)| hash.len() == 16 && hash.bytes().all(|b| b.is_ascii_hexdigit()))
}
