//! A picture in Graphviz DOT, in the house style: owners above what they own, colour and shape by class, solid arrows
//! for holdings, dashed ones for supervision, dotted ones for what was derived, grey where it is not certain.

mod rows;
mod style;
mod text;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::Write;

use guanxi_graph::{Generation, Snapshot};
use guanxi_model::reference::Lifecycle;
use guanxi_model::schema::{Direction, EdgeKind};
use guanxi_model::{Basis, DocumentId, Entity, EntityId, Fact, FactId, Language, Schema, Share, Status};
use petgraph::graph::{EdgeIndex, NodeIndex};

use rows::Rows;
use style::{Look, REGULATOR, Style, is_uncertain, is_unsure, share_label};
use text::{is_unprintable, quoted, shortened, wrapped, wrapped_parts};

use crate::not_in_force;
use crate::path::{self, Path, PathError};

/// What to draw.
#[derive(Clone, Copy, Debug)]
pub enum Scope<'a> {
    /// What texts say, and what is known besides about those of whom they say it. Reference data about others is
    /// left out: it would bury the texts.
    Whole,
    /// An entity and what lies around it, whichever way the arrows point.
    Around {
        /// The entity.
        entity: &'a EntityId,
        /// Greatest number of arrows away.
        hops: u32,
    },
    /// Paths and nothing else.
    Paths(&'a [Path]),
}

/// How to draw it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DotConfig {
    /// Bold names and arrow labels in Chinese where there is one, else in English; English.
    pub chinese_first: bool,
    /// Draw facts that have ended; false. Paths draw theirs in any case.
    pub ended: bool,
    /// Draw facts that are denied; false. Paths draw theirs in any case.
    pub denied: bool,
    /// Greatest number of entities; 300. Around an entity the nearest are kept, of the whole those with most arrows.
    pub max_nodes: usize,
}

impl Default for DotConfig {
    fn default() -> Self {
        Self { chinese_first: false, ended: false, denied: false, max_nodes: 300 }
    }
}

/// A drawing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// For `dot -Tsvg`.
    pub dot: String,
    /// Entities drawn.
    pub nodes: usize,
    /// Arrows drawn.
    pub arrows: usize,
    /// What was left out; the drawing says so too.
    pub hidden: Hidden,
}

/// What a drawing leaves out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hidden {
    /// Entities above [`DotConfig::max_nodes`].
    pub over_limit: usize,
    /// Facts that have ended.
    pub ended: usize,
    /// Facts that are denied.
    pub denied: usize,
    /// Derived facts that only sum up whole paths (`reaches`).
    pub shortcuts: usize,
    /// Of the whole: facts of reference data about what no text tells of.
    pub background: usize,
}

/// Draws `scope`. The same store gives the same bytes.
///
/// # Errors
/// The graph has no entity of the scope's id.
pub fn dot(
    generation: &Generation,
    snapshot: &Snapshot,
    schema: &Schema,
    scope: &Scope<'_>,
    config: &DotConfig,
) -> Result<Picture, PathError> {
    let mut hidden = Hidden::default();
    let selection = select(snapshot, schema, scope, config);
    let marked = marked(scope);
    let nodes = chosen_nodes(snapshot, schema, &selection.shown, scope, config, &mut hidden)?;
    let arrows = arrows(snapshot, schema, &selection.shown, &nodes);
    for (edge, count) in selection.hidden {
        let view = snapshot.edge(edge);
        let touches = |node| matches!(scope, Scope::Whole) || nodes.contains_key(&snapshot.entity(node).id);
        *count(&mut hidden) += usize::from(touches(view.from) || touches(view.to));
    }
    let sources = Sources::of(generation, arrows.values().flat_map(|arrow| &arrow.facts));
    let drawing =
        Drawing { schema, config, sources, not_in_force: not_in_force(generation), settled: settled(&arrows) };

    let mut dot = String::new();
    drawing.head(&mut dot, &nodes, &arrows, hidden);
    let rows = Rows::of(&nodes, &arrows);
    drawing.nodes(&mut dot, &nodes, &marked, rows.is_one());
    arrows.values().for_each(|arrow| drawing.arrow(&mut dot, arrow));
    rows.write(&mut dot, &arrows);
    dot.push_str("}\n");
    Ok(Picture { dot, nodes: nodes.len(), arrows: arrows.len(), hidden })
}

/// One arrow: all facts of one predicate between the same two entities.
struct Arrow<'a> {
    from: &'a EntityId,
    to: &'a EntityId,
    predicate: &'a str,
    kind: EdgeKind,
    share: Option<Share>,
    symmetric: bool,
    facts: Vec<&'a Fact>,
}

type Arrows<'a> = BTreeMap<(&'a EntityId, &'a EntityId, &'a str), Arrow<'a>>;

/// The edges to draw, and those left out, each with the count that it belongs to.
struct Selection {
    shown: Vec<EdgeIndex>,
    hidden: Vec<(EdgeIndex, Count)>,
}

type Count = fn(&mut Hidden) -> &mut usize;

fn select(snapshot: &Snapshot, schema: &Schema, scope: &Scope<'_>, config: &DotConfig) -> Selection {
    let nodes = (0..snapshot.node_count()).map(NodeIndex::new);
    let all = nodes.flat_map(|node| snapshot.outgoing(node));
    let mut selection = Selection { shown: Vec::new(), hidden: Vec::new() };
    if let Scope::Paths(paths) = scope {
        let wanted: BTreeSet<&FactId> = paths.iter().flat_map(|path| &path.hops).map(|hop| &hop.fact.id).collect();
        selection.shown = all.filter(|&edge| wanted.contains(&snapshot.edge(edge).fact.id)).collect();
        return selection;
    }
    for edge in all {
        let fact = snapshot.edge(edge).fact;
        if fact.status == Status::Denied && !config.denied {
            selection.hidden.push((edge, |hidden| &mut hidden.denied));
        } else if (fact.status == Status::Ended || !fact.validity.is_current()) && !config.ended {
            selection.hidden.push((edge, |hidden| &mut hidden.ended));
        } else if is_shortcut(fact, schema) {
            selection.hidden.push((edge, |hidden| &mut hidden.shortcuts));
        } else {
            selection.shown.push(edge);
        }
    }
    if let Scope::Whole = scope {
        leave_out_background(snapshot, &mut selection);
    }
    selection
}

fn leave_out_background(snapshot: &Snapshot, selection: &mut Selection) {
    let view = |edge: &EdgeIndex| snapshot.edge(*edge);
    let told = selection.shown.iter().map(view).filter(|view| view.fact.basis == Basis::Text);
    let told: BTreeSet<NodeIndex> = told.flat_map(|view| [view.from, view.to]).collect();
    let is_told = |edge: &EdgeIndex| told.contains(&view(edge).from) && told.contains(&view(edge).to);
    let (shown, background): (Vec<_>, Vec<_>) = selection.shown.iter().copied().partition(is_told);
    let count: Count = |hidden| &mut hidden.background;
    selection.hidden.extend(background.into_iter().map(|edge| (edge, count)));
    selection.shown = shown;
}

/// Derived from a whole path, and therefore never walked: drawn, it would hide the arrows that explain it.
fn is_shortcut(fact: &Fact, schema: &Schema) -> bool {
    let walked = schema.predicate(&fact.predicate).is_none_or(|predicate| predicate.walk.reach != Direction::None);
    fact.basis == Basis::Derived && !walked
}

/// The entities that the reader asked about.
fn marked<'a>(scope: &Scope<'a>) -> BTreeSet<&'a EntityId> {
    match *scope {
        Scope::Whole => BTreeSet::new(),
        Scope::Around { entity, .. } => BTreeSet::from([entity]),
        Scope::Paths(paths) => paths.iter().flat_map(|path| [&path.start, path.end()]).collect(),
    }
}

fn chosen_nodes<'a>(
    snapshot: &'a Snapshot,
    schema: &Schema,
    edges: &[EdgeIndex],
    scope: &Scope<'_>,
    config: &DotConfig,
    hidden: &mut Hidden,
) -> Result<BTreeMap<&'a EntityId, &'a Entity>, PathError> {
    let mut neighbours = Neighbours::new();
    for &edge in edges {
        let view = snapshot.edge(edge);
        neighbours.entry(view.from).or_default().insert((view.to, view.kind, true));
        neighbours.entry(view.to).or_default().insert((view.from, view.kind, false));
    }
    let id = |node: &NodeIndex| &snapshot.entity(*node).id;
    let mut ranked: Vec<NodeIndex> = match scope {
        Scope::Around { entity, hops } => around(snapshot, schema, &neighbours, entity, *hops)?,
        Scope::Whole | Scope::Paths(_) => {
            let mut all: Vec<NodeIndex> = neighbours.keys().copied().collect();
            all.sort_by(|a, b| neighbours[b].len().cmp(&neighbours[a].len()).then_with(|| id(a).cmp(id(b))));
            all
        }
    };
    if let Scope::Paths(paths) = scope {
        // A path without hops is one entity.
        for path in paths.iter().filter(|path| path.hops.is_empty()) {
            ranked.push(snapshot.node(&path.start).ok_or_else(|| PathError::UnknownEntity(path.start.clone()))?);
        }
    } else {
        hidden.over_limit = ranked.len().saturating_sub(config.max_nodes);
        ranked.truncate(config.max_nodes);
    }
    Ok(ranked.iter().map(|&node| (id(&node), snapshot.entity(node))).collect())
}

/// The nodes next to each node, each with the kind of the arrow and whether it points away.
type Neighbours = BTreeMap<NodeIndex, BTreeSet<(NodeIndex, EdgeKind, bool)>>;

/// Nearest first. At a subject matter (activity, regulation, product, place) the way does not turn round: whoever
/// else regulates the same activity, or offers the same product, has no tie to the entity.
fn around(
    snapshot: &Snapshot,
    schema: &Schema,
    neighbours: &Neighbours,
    entity: &EntityId,
    hops: u32,
) -> Result<Vec<NodeIndex>, PathError> {
    let start = snapshot.node(entity).ok_or_else(|| PathError::UnknownEntity(entity.clone()))?;
    let is_agent = |node: NodeIndex| schema.family(&snapshot.entity(node).class) == Some("agent");
    let mut distance = BTreeMap::from([(start, 0)]);
    let mut seen = BTreeSet::new();
    let mut queue = VecDeque::from([(start, None, 0)]);
    while let Some((node, come_by, so_far)) = queue.pop_front() {
        if so_far == hops {
            break;
        }
        for &(neighbour, kind, away) in neighbours.get(&node).into_iter().flatten() {
            let turns_round = come_by == Some((kind, away)) && !is_agent(node);
            let come_by = Some((kind, !away));
            if !turns_round && seen.insert((neighbour, come_by)) {
                distance.entry(neighbour).or_insert(so_far + 1);
                queue.push_back((neighbour, come_by, so_far + 1));
            }
        }
    }
    let mut found: Vec<NodeIndex> = distance.keys().copied().collect();
    found.sort_by(|a, b| {
        distance[a].cmp(&distance[b]).then_with(|| snapshot.entity(*a).id.cmp(&snapshot.entity(*b).id))
    });
    Ok(found)
}

fn arrows<'a>(
    snapshot: &'a Snapshot,
    schema: &Schema,
    edges: &[EdgeIndex],
    nodes: &BTreeMap<&'a EntityId, &'a Entity>,
) -> Arrows<'a> {
    let mut arrows: Arrows<'a> = BTreeMap::new();
    for &edge in edges {
        let view = snapshot.edge(edge);
        let (from, to) = (&snapshot.entity(view.from).id, &snapshot.entity(view.to).id);
        let predicate = &*view.fact.predicate;
        if !nodes.contains_key(from) || !nodes.contains_key(to) {
            continue;
        }
        let symmetric = schema.predicate(predicate).is_some_and(|predicate| predicate.symmetric);
        let (from, to) = if symmetric && to < from { (to, from) } else { (from, to) };
        let arrow = arrows.entry((from, to, predicate)).or_insert_with(|| Arrow {
            from,
            to,
            predicate,
            kind: view.kind,
            share: view.share,
            symmetric,
            facts: Vec::new(),
        });
        arrow.facts.push(view.fact);
    }
    for arrow in arrows.values_mut() {
        arrow.facts.sort_by(|a, b| b.confidence.cmp(&a.confidence).then_with(|| a.id.cmp(&b.id)));
    }
    arrows
}

/// The entities that an arrow touches which is not secondary.
fn settled(arrows: &Arrows<'_>) -> BTreeSet<EntityId> {
    let primary = arrows.values().filter(|arrow| !Style::of(arrow).secondary);
    primary.flat_map(|arrow| [arrow.from.clone(), arrow.to.clone()]).collect()
}

/// The sentence or the source that a tooltip shows for each fact.
struct Sources(BTreeMap<FactId, String>);

impl Sources {
    fn of<'a>(generation: &Generation, facts: impl Iterator<Item = &'a &'a Fact>) -> Self {
        let documents: BTreeMap<DocumentId, String> = generation
            .documents()
            .into_iter()
            .map(|document| {
                let date = document.published.map(|date| date.to_string());
                let parts: Vec<String> =
                    [Some(document.name), document.publisher, date].into_iter().flatten().collect();
                (document.id, parts.join(", "))
            })
            .collect();
        let told = facts.map(|fact| {
            let best = fact
                .claims
                .iter()
                .filter_map(|id| generation.claim(id))
                .max_by(|a, b| a.confidence.cmp(&b.confidence).then_with(|| b.id.cmp(&a.id)));
            let source = match best {
                Some(claim) => {
                    let document = documents.get(&claim.document).map_or("", String::as_str);
                    format!("“{}” — {document}", shortened(&claim.evidence.text, 200))
                }
                None => match (&fact.because, fact.basis) {
                    (Some(because), Basis::Derived) => format!("derived: {because}"),
                    (Some(source), _) => format!("reference: {source}"),
                    (None, _) => path::basis(fact).to_owned(),
                },
            };
            let status = if fact.status == Status::Asserted { "" } else { fact.status.name() };
            let status = if status.is_empty() { String::new() } else { format!(" — {status}") };
            (fact.id.clone(), format!("{source}{status} — confidence {}", fact.confidence))
        });
        Self(told.collect())
    }

    fn tell(&self, fact: &Fact) -> &str {
        self.0.get(&fact.id).map_or("", String::as_str)
    }
}

struct Drawing<'a> {
    schema: &'a Schema,
    config: &'a DotConfig,
    sources: Sources,
    not_in_force: BTreeMap<EntityId, Lifecycle>,
    /// Entities whose place in the picture follows from what matters.
    settled: BTreeSet<EntityId>,
}

impl Drawing<'_> {
    fn head(&self, dot: &mut String, nodes: &BTreeMap<&EntityId, &Entity>, arrows: &Arrows<'_>, hidden: Hidden) {
        let legend = self.legend(nodes, arrows, hidden);
        let _ = write!(
            dot,
            "// guanxi house style: owners above, owned below; colour and shape = class; solid = holding, dashed = supervision\n\
             digraph guanxi {{\n  graph [charset=\"UTF-8\", rankdir=TB, newrank=true, ranksep=0.75, nodesep=0.40, splines=true, \
             concentrate=false, bgcolor=\"white\", pad=0.3, fontname=\"Noto Sans CJK SC\", fontsize=10, labelloc=b, labeljust=l, \
             id=\"guanxi\", tooltip=\" \", label=<{legend}>];\n  \
             node [fontname=\"Noto Sans CJK SC\", fontsize=11, margin=\"0.14,0.07\", penwidth=1.3, fontcolor=\"#111111\", \
             target=\"_top\"];\n  \
             edge [fontname=\"Noto Sans CJK SC\", fontsize=9, color=\"#4D4D4D\", fontcolor=\"#222222\", arrowsize=0.7, \
             penwidth=1.2];\n",
        );
    }

    /// Only what the drawing holds.
    fn legend(&self, nodes: &BTreeMap<&EntityId, &Entity>, arrows: &Arrows<'_>, hidden: Hidden) -> String {
        let mut looks: BTreeMap<u8, &Look> = BTreeMap::new();
        for entity in nodes.values() {
            let look = Look::of(&entity.class, self.schema);
            looks.insert(look.rank, look);
        }
        let mut cells = String::from("<td align=\"left\"><b>图例 Legend</b></td>");
        for look in looks.values() {
            let _ = write!(
                cells,
                "<td bgcolor=\"{}\" border=\"1\" style=\"rounded\" color=\"{}\"> {} </td>",
                look.fill, look.border, look.legend
            );
        }
        let mut lines: Vec<String> = Vec::new();
        let mut line = |shown: bool, color: &str, text: &str| {
            if shown {
                lines.push(format!("<font color=\"{color}\">{text}</font>"));
            }
        };
        let any = |test: fn(&Arrow<'_>) -> bool| arrows.values().any(test);
        line(any(|arrow| arrow.kind == EdgeKind::Ownership), "#222222", "── 持股 holding (width = %)");
        line(any(|arrow| arrow.kind == EdgeKind::Regulation), "#A34700", "- - - 监管 supervision");
        line(any(|arrow| arrow.kind == EdgeKind::Offer), "#555555", ". . . ▷ 产品与业务 product or business");
        line(any(|arrow| arrow.facts[0].basis == Basis::Derived), "#555555", ". . . 推导 derived");
        line(any(is_uncertain), "#777777", "grey, ? = planned, reported, conditional or confidence &lt; 0.7");
        let mut rows = vec![format!("<table border=\"0\" cellspacing=\"4\"><tr>{cells}</tr></table>")];
        rows.extend((!lines.is_empty()).then(|| lines.join("    ")));
        rows.extend(hidden.note().map(|note| format!("<i>{note}</i>")));
        let rows: String = rows.iter().map(|row| format!("<tr><td align=\"left\">{row}</td></tr>")).collect();
        format!("<table border=\"0\" cellborder=\"0\" cellspacing=\"1\" cellpadding=\"1\">{rows}</table>")
    }

    /// Regulators stand in a frame where all is `connected`; else each stands with those that it regulates.
    fn nodes(
        &self,
        dot: &mut String,
        nodes: &BTreeMap<&EntityId, &Entity>,
        marked: &BTreeSet<&EntityId>,
        connected: bool,
    ) {
        let mut groups: BTreeMap<u8, (&Look, Vec<&Entity>)> = BTreeMap::new();
        for entity in nodes.values() {
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
            dot.push_str("  }\n");
        }
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
        let kind = class.map_or(&*entity.class, |class| match self.config.chinese_first {
            true => class.labels.zh.as_str(),
            false => class.labels.en.as_str(),
        });
        if second.is_empty() {
            second.push(kind);
        }
        // Graphviz takes an empty <b></b> for a mistake.
        let bold = if bold.chars().all(|c| c.is_whitespace() || is_unprintable(c)) { entity.id.as_str() } else { bold };
        let mut label = format!("<tr><td><b>{}</b></td></tr>", wrapped(bold));
        let _ = write!(label, "<tr><td><font point-size=\"9\">{}</font></td></tr>", wrapped_parts(&second));
        let mut tooltip: Vec<&str> = entity.names.iter().map(|name| name.text.as_str()).take(6).collect();
        tooltip.push(kind);
        tooltip.extend(entity.country.as_deref());
        tooltip.push(entity.id.as_str());
        let _ = writeln!(
            dot,
            "    {} [id={}, URL={}, tooltip={}{}, label=<<table border=\"0\" cellborder=\"0\" cellspacing=\"0\" \
             cellpadding=\"1\">{label}</table>>];",
            node_name(&entity.id),
            quoted(&format!("n-{}", entity.id)),
            quoted(&format!("/entity/{}", entity.id)),
            quoted(&tooltip.join(" · ")),
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

    fn arrow(&self, dot: &mut String, arrow: &Arrow<'_>) {
        let best = arrow.facts[0];
        let mut style = Style::of(arrow);
        style.label = self.arrow_label(arrow);
        // An entity that only secondary arrows hold would float to the bottom.
        style.secondary &= self.settled.contains(arrow.from) && self.settled.contains(arrow.to);
        let tooltip: Vec<&str> = arrow.facts.iter().take(3).map(|fact| self.sources.tell(fact)).collect();
        let tooltip = quoted(&tooltip.join(" | "));
        let _ = writeln!(
            dot,
            "  {} -> {} [{}, id={}, URL={}, edgetooltip={tooltip}, labeltooltip={tooltip}];",
            node_name(arrow.from),
            node_name(arrow.to),
            style.attributes(),
            quoted(&format!("f-{}", best.id)),
            quoted(&format!("/fact/{}", best.id)),
        );
    }

    fn arrow_label(&self, arrow: &Arrow<'_>) -> String {
        let best = arrow.facts[0];
        let predicate = self.schema.predicate(arrow.predicate);
        let labels = predicate.map(|predicate| match predicate.edge.is_some_and(|edge| edge.from_object) {
            true => &predicate.inverse_labels,
            false => &predicate.labels,
        });
        let name = labels.map_or(arrow.predicate, |labels| match self.config.chinese_first {
            true => labels.zh.as_str(),
            false => labels.en.as_str(),
        });
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
        if best.basis == Basis::Derived {
            label += &remark("derived", "推导");
        }
        label += &match best.status {
            Status::Asserted if is_unsure(best) => " ?".to_owned(),
            Status::Asserted if best.validity.is_current() => String::new(),
            Status::Asserted | Status::Ended => remark("ended", "已终止"),
            Status::Denied => remark("denied", "被否认"),
            Status::Planned => remark("planned?", "计划?"),
            Status::Reported => remark("reported?", "传闻?"),
            Status::Conditional => remark("conditional?", "有条件?"),
        };
        label
    }
}

impl Hidden {
    /// `Not shown: 12 ended, 934 entities over the limit`, in both languages.
    fn note(&self) -> Option<String> {
        let parts: Vec<String> = [
            (self.ended, "ended 已终止"),
            (self.denied, "denied 被否认"),
            (self.shortcuts, "derived shortcuts 推导捷径"),
            (self.background, "of reference data 参考资料"),
            (self.over_limit, "entities over the limit 超限主体"),
        ]
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
        (!parts.is_empty()).then(|| format!("Not shown 未显示: {}", parts.join(", ")))
    }
}

fn node_name(id: &EntityId) -> String {
    quoted(&format!("e:{id}"))
}

/// Whether the id was minted from a name: `<family>-<16 hex digits>`, which tells a reader nothing.
fn is_minted(id: &EntityId) -> bool {
    id.as_str()
        .rsplit_once('-')
        .is_some_and(|(_, hash)| hash.len() == 16 && hash.bytes().all(|b| b.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests;
