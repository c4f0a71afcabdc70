//! How entities and arrows look: the house style.

use std::fmt::Write;

use guanxi_model::schema::EdgeKind;
use guanxi_model::{Confidence, Decimal, Fact, Schema, Share, Status};

use super::text::escaped;
use super::{Arrow, DotConfig};

/// How the entities of a class look, and what the legend calls them.
pub(super) struct Look {
    pub(super) rank: u8,
    pub(super) attributes: &'static str,
    pub(super) border: &'static str,
    pub(super) fill: &'static str,
    pub(super) legend: &'static str,
}

pub(super) const REGULATOR: Look = Look {
    rank: 0,
    attributes: "shape=octagon, style=filled, color=\"#D55E00\", fillcolor=\"#FBE3D3\", penwidth=1.8, margin=\"0.05,0.03\"",
    border: "#D55E00",
    fill: "#FBE3D3",
    legend: "监管机构 regulator",
};
const STATE: Look = Look {
    rank: 1,
    attributes: "shape=ellipse, style=filled, color=\"#009E73\", fillcolor=\"#D9F0E7\", peripheries=2, margin=\"0.02,0.02\"",
    border: "#009E73",
    fill: "#D9F0E7",
    legend: "公共机构 state body (double line)",
};
const INVESTOR: Look = Look {
    rank: 2,
    attributes: "shape=ellipse, style=filled, color=\"#009E73\", fillcolor=\"#D9F0E7\", margin=\"0.02,0.02\"",
    border: "#009E73",
    fill: "#D9F0E7",
    legend: "投资者、个人 investor, person",
};
const COMPANY: Look = Look {
    rank: 3,
    attributes: "shape=box, style=\"rounded,filled\", color=\"#0072B2\", fillcolor=\"#DCE9F5\"",
    border: "#0072B2",
    fill: "#DCE9F5",
    legend: "公司 company",
};
const REGULATION: Look = Look {
    rank: 4,
    attributes: "shape=note, style=filled, color=\"#D55E00\", fillcolor=\"#FFF8F3\", penwidth=1.0",
    border: "#D55E00",
    fill: "#FFF8F3",
    legend: "法规 regulation",
};
const PRODUCT: Look = Look {
    rank: 5,
    attributes: "shape=hexagon, style=filled, color=\"#CC79A7\", fillcolor=\"#F6E6F0\", margin=\"0.02,0.04\"",
    border: "#CC79A7",
    fill: "#F6E6F0",
    legend: "产品 product",
};
const PLAIN: Look = Look {
    rank: 6,
    attributes: "shape=box, style=filled, color=\"#FFFFFF\", fillcolor=\"#F2F2F2\", penwidth=0",
    border: "#F2F2F2",
    fill: "#F2F2F2",
    legend: "业务、地点 activity, place",
};

impl Look {
    pub(super) fn of(class: &str, schema: &Schema) -> &'static Self {
        let is = |ancestor| schema.is_a(class, ancestor);
        match schema.family(class) {
            _ if is("Regulator") => &REGULATOR,
            _ if is("PublicBody") => &STATE,
            _ if is("Person") || is("Fund") => &INVESTOR,
            Some("regulation") => &REGULATION,
            Some("product") => &PRODUCT,
            Some("activity" | "place") => &PLAIN,
            _ => &COMPANY,
        }
    }
}

/// How an arrow looks.
pub(super) struct Style {
    line: &'static str,
    color: &'static str,
    font: &'static str,
    head: &'static str,
    width: f64,
    /// Has no say in where its ends are placed.
    pub(super) secondary: bool,
    symmetric: bool,
    against: bool,
    pub(super) label: String,
    /// The label stands right of the arrow; else above it.
    pub(super) beside: bool,
    /// Least number of ranks between its ends.
    pub(super) length: usize,
}

impl Style {
    pub(super) fn of(arrow: &Arrow<'_>, config: &DotConfig) -> Self {
        let best = arrow.facts[0];
        let (line, color, font, head, width) = match arrow.kind {
            EdgeKind::Ownership => ("solid", "#4D4D4D", "#222222", "normal", holding_width(arrow.share)),
            EdgeKind::Control => ("solid", "#4D4D4D", "#222222", "normal", 1.2),
            EdgeKind::Regulation => ("dashed", "#D55E00", "#A34700", "vee", 1.4),
            EdgeKind::Offer => ("dotted", "#666666", "#444444", "onormal", 1.3),
            EdgeKind::Other => ("solid", "#666666", "#444444", "normal", 0.8),
        };
        let derived = arrow.is_derived();
        let gone = best.status == Status::Denied || config.has_ended(best);
        let (color, font) = match () {
            () if gone => ("#C4C4C4", "#8A8A8A"),
            () if is_uncertain(arrow) => ("#9A9A9A", "#666666"),
            () => (color, font),
        };
        Self {
            line: if derived { "dotted" } else { line },
            color,
            font,
            head: if best.status == Status::Denied { "tee" } else { head },
            width,
            secondary: derived || gone || arrow.kind == EdgeKind::Other,
            symmetric: arrow.symmetric,
            against: arrow.against,
            label: String::new(),
            beside: false,
            length: 1,
        }
    }

    pub(super) fn attributes(&self) -> String {
        let mut text = format!(
            "style={}, color=\"{}\", fontcolor=\"{}\", {}={}, penwidth={:.2}",
            self.line,
            self.color,
            self.font,
            if self.against { "arrowtail" } else { "arrowhead" },
            self.head,
            self.width
        );
        if !self.label.is_empty() {
            // On white, for Graphviz lets the arrow run through its own label; and off it as far as it is thick.
            let gap = format!("{:.0}", 2.0 + self.width);
            let (before, after) = match self.beside {
                true => (format!("<td width=\"{gap}\"></td>"), String::new()),
                false => (String::new(), format!("<tr><td height=\"{gap}\"></td></tr>")),
            };
            let _ = write!(
                text,
                ", label=<<table border=\"0\" cellborder=\"0\" cellspacing=\"0\" cellpadding=\"1\"><tr>{before}\
                 <td bgcolor=\"white\">{}</td></tr>{after}</table>>",
                escaped(&self.label)
            );
        }
        if self.length > 1 {
            let _ = write!(text, ", minlen={}", self.length);
        }
        match (self.symmetric, self.against) {
            (true, _) => text.push_str(", dir=none"),
            (false, true) => text.push_str(", dir=back"),
            (false, false) => {}
        }
        if self.secondary {
            text.push_str(", weight=0");
        }
        text
    }
}

/// 1 + share/25 points; of an interval its middle.
fn holding_width(share: Option<Share>) -> f64 {
    let middle = share.map_or(Decimal::ZERO, |share| (share.min + share.max) / Decimal::TWO);
    1.0 + middle.to_string().parse::<f64>().unwrap_or(0.0) / 25.0
}

/// `62.1%`, `18–25%`, `>50%`, `<5%`.
pub(super) fn share_label(share: &Share) -> String {
    let (min, max) = (share.min.normalize(), share.max.normalize());
    if let Some(exact) = share.as_exact() {
        return format!("{}%", exact.normalize());
    }
    if max == Decimal::ONE_HUNDRED {
        return format!("{}{min}%", if share.min_exclusive { ">" } else { "≥" });
    }
    if min == Decimal::ZERO {
        return format!("{}{max}%", if share.max_exclusive { "<" } else { "≤" });
    }
    format!("{min}–{max}%")
}

/// An asserted fact too unsure to be a plain triple is drawn as uncertain.
pub(super) fn is_unsure(fact: &Fact) -> bool {
    fact.confidence < Confidence::from_thousandths(700)
}

pub(super) fn is_uncertain(arrow: &Arrow<'_>) -> bool {
    let best = arrow.facts[0];
    match best.status {
        Status::Asserted => is_unsure(best),
        Status::Planned | Status::Reported | Status::Conditional => true,
        Status::Ended | Status::Denied => false,
    }
}
