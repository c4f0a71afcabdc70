//! Drawings, as text and through Graphviz itself.

use std::io::Write;
use std::process::{Command, Stdio};

use guanxi_model::Reference;

use super::text::wrapped;
use super::*;
use crate::path::{ReachConfig, TraceConfig, reach, trace};
use crate::testing::{Graph, graph, graph_in, id, schema};

fn draw(graph: &Graph, scope: &Scope<'_>, config: &DotConfig) -> Picture {
    dot(&graph.generation, &graph.snapshot, &graph.schema, scope, config).unwrap()
}

fn line<'a>(picture: &'a Picture, start: &str) -> &'a str {
    picture.dot.lines().map(str::trim).find(|line| line.starts_with(start)).unwrap_or_else(|| panic!("{}", picture.dot))
}

/// What `dot -Tsvg` makes of it; `None` with a message where Graphviz is not installed.
fn svg(dot: &str) -> Option<String> {
    let child =
        Command::new("dot").arg("-Tsvg").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let Ok(mut child) = child else {
        eprintln!("skipped: Graphviz is not installed");
        return None;
    };
    child.stdin.take().unwrap().write_all(dot.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let warnings = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && warnings.is_empty(), "{warnings}");
    Some(String::from_utf8(output.stdout).unwrap())
}

const GROUP: &str = "
    Regulator:pboc regulates Activity:payments
    Company:ant operatesIn Activity:payments
    Person:ma owns Company:ant percent=53.5
    Company:ant owns Company:bank percentMin=30 percentMax=33
    Company:pay subsidiaryOf Company:ant
    Company:ant offers Product:yuebao
    Company:pay partnersWith Company:bank
    Company:bank partnersWith Company:pay
    Company:ant owns Company:shop status=planned
    Company:ant owns Company:news status=denied
    Company:ant owns Company:film status=ended validTo=2020";

#[test]
fn arrows_run_from_owner_to_owned_in_the_house_style() {
    let picture = draw(&graph(GROUP), &Scope::Whole, &DotConfig::default());
    let share = line(&picture, r#""e:ma" -> "e:ant""#);
    assert!(share.contains("style=solid") && share.contains("penwidth=3.14") && share.contains(">53.5%<"), "{share}");
    assert!(line(&picture, r#""e:ant" -> "e:bank""#).contains(">30–33%<"));
    assert!(line(&picture, r#""e:ant" -> "e:pay""#).contains(">parent of &gt;50%<"));
    let supervision = line(&picture, r#""e:pboc" -> "e:payments""#);
    assert!(supervision.contains("style=dashed") && supervision.contains("arrowhead=vee"), "{supervision}");
    let product = line(&picture, r#""e:ant" -> "e:yuebao""#);
    assert!(product.contains("style=dotted") && product.contains("arrowhead=onormal"), "{product}");
    let planned = line(&picture, r#""e:ant" -> "e:shop""#);
    assert!(planned.contains("planned?") && planned.contains("#9A9A9A"), "{planned}");
    let partners = line(&picture, r#""e:bank" -> "e:pay""#);
    assert!(partners.contains("dir=none") && partners.contains("weight=0"), "{partners}");
    assert!(!picture.dot.contains("e:news") && !picture.dot.contains("e:film"));
    assert_eq!((picture.hidden.denied, picture.hidden.ended), (1, 1));
    assert!(picture.dot.contains("Not shown 未显示: 1 ended 已终止, 1 denied 被否认"));
    assert!(!picture.dot.contains("subgraph cluster_regulator"), "one regulator needs no frame");
    let two = draw(
        &graph(&format!("{GROUP}\nRegulator:nfra regulates Activity:payments")),
        &Scope::Whole,
        &DotConfig::default(),
    );
    assert!(two.dot.contains("subgraph cluster_regulator"));
    assert_eq!(picture.nodes, 8);

    let all = draw(&graph(GROUP), &Scope::Whole, &DotConfig { ended: true, denied: true, ..DotConfig::default() });
    assert!(line(&all, r#""e:ant" -> "e:news""#).contains("arrowhead=tee"));
    assert!(line(&all, r#""e:ant" -> "e:film""#).contains("(ended)"));
}

#[test]
fn a_tooltip_quotes_its_source() {
    let picture =
        draw(&graph(&format!("document paper-1 2025-03 Caixin {GROUP}")), &Scope::Whole, &DotConfig::default());
    let share = line(&picture, r#""e:ma" -> "e:ant""#);
    let expected = "“Person:ma owns Company:ant percent=53.5” — paper-1, Caixin, 2025-03 — confidence 0.900";
    assert!(share.contains(expected), "{share}");
}

#[test]
fn names_are_written_in_the_language_asked_for() {
    let lines = "
        Company:a owns Company:b
        name a en legal Tencent Holdings Limited
        name a zh-Hans legal 腾讯控股有限公司
        name b zh-Hans legal 行吟信息科技上海有限公司";
    let english = draw(&graph(lines), &Scope::Whole, &DotConfig::default());
    assert!(line(&english, r#""e:a" ["#).contains("<b>Tencent Holdings<br/>Limited</b>"));
    assert!(line(&english, r#""e:a" ["#).contains("9\">腾讯控股有限公司 · a<"));
    assert!(line(&english, r#""e:b" ["#).contains("<b>行吟信息科技<br/>上海有限公司</b>"));
    let chinese = draw(&graph(lines), &Scope::Whole, &DotConfig { chinese_first: true, ..DotConfig::default() });
    assert!(line(&chinese, r#""e:a" ["#).contains("<b>腾讯控股有限公司</b>"));
}

#[test]
fn a_focus_and_a_path_leave_the_rest_out() {
    let graph = graph(GROUP);
    let focus = id("ma");
    let near = draw(&graph, &Scope::Around { entity: &focus, hops: 1 }, &DotConfig::default());
    assert_eq!((near.nodes, near.arrows), (2, 1));
    assert_eq!((near.hidden.ended, near.hidden.denied), (0, 0), "nobody asked what else the owned one owns");
    let further = draw(&graph, &Scope::Around { entity: &focus, hops: 2 }, &DotConfig::default());
    assert_eq!((further.hidden.ended, further.hidden.denied), (1, 1));
    assert!(line(&near, r#""e:ma" ["#).contains("penwidth=3"));
    let unknown = Scope::Around { entity: &id("nobody"), hops: 1 };
    assert!(dot(&graph.generation, &graph.snapshot, &graph.schema, &unknown, &DotConfig::default()).is_err());

    let found = trace(&graph.snapshot, &graph.schema, &id("pboc"), &id("pay"), &TraceConfig::default()).unwrap();
    let path = draw(&graph, &Scope::Paths(&found.paths), &DotConfig::default());
    assert_eq!((path.nodes, path.arrows), (4, 3));
}

#[test]
fn a_focus_does_not_gather_those_who_share_a_line_of_business() {
    let graph = graph(
        "Regulator:pboc regulates Activity:payments
         Regulator:boe regulates Activity:payments
         Company:ant operatesIn Activity:payments
         Company:red operatesIn Activity:payments
         Regulator:pboc issued Regulation:rules
         Regulation:rules governs Activity:payments",
    );
    let near = |focus: &str, absent: &str| {
        let focus = id(focus);
        let picture = draw(&graph, &Scope::Around { entity: &focus, hops: 2 }, &DotConfig::default());
        assert!(!picture.dot.contains(&format!("\"e:{absent}\"")), "{}", picture.dot);
        picture.nodes
    };
    assert_eq!((near("pboc", "boe"), near("ant", "red")), (5, 5));
}

#[test]
fn the_whole_is_what_texts_tell_of() {
    let schema = schema(|_, toml| toml);
    let toml = r#"
        [[entity]]
        id = "cn-a"
        class = "Regulator"
        name.en = "Authority"
        unverified = true
        facts.regulates = ["activity-payments", "activity-lending"]
        facts.issued = ["cn-rules"]

        [[entity]]
        id = "cn-rules"
        class = "Regulation"
        name.en = "Rules"
        name.zh = "支付办法"
        lifecycle = "draft"
        unverified = true
        facts.governs = ["activity-payments"]

        [[entity]]
        id = "activity-payments"
        class = "Activity"
        name.en = "payments"
        unverified = true

        [[entity]]
        id = "activity-lending"
        class = "Activity"
        name.en = "lending"
        unverified = true
    "#;
    let reference = Reference::load([("test.toml", toml)], &schema).unwrap();
    let lines = "Regulator:cn-a sanctions Company:ant\nCompany:ant operatesIn Activity:activity-payments";
    let graph = graph_in(schema, &reference, lines);
    let picture = draw(&graph, &Scope::Whole, &DotConfig::default());
    assert_eq!((picture.nodes, picture.arrows), (3, 3));
    // The other activity, the rules issued, and what they govern.
    assert_eq!(picture.hidden.background, 3);
    assert!(picture.dot.contains("3 of reference data 参考资料"), "{}", picture.dot);

    let focus = id("cn-a");
    let near = draw(&graph, &Scope::Around { entity: &focus, hops: 1 }, &DotConfig::default());
    let draft = line(&near, r#""e:cn-rules" ["#);
    assert!(draft.contains("draft") && draft.contains("style=\"dashed,filled\""), "{draft}");
    let chinese = DotConfig { chinese_first: true, ..DotConfig::default() };
    let near = draw(&graph, &Scope::Around { entity: &focus, hops: 1 }, &chinese);
    assert!(line(&near, r#""e:cn-rules" ["#).contains("征求意见稿"));
}

#[test]
fn what_is_not_connected_stands_in_rows() {
    let pairs: String = (0..20).map(|n| format!("Regulator:r{n:02} regulates Company:c{n:02}\n")).collect();
    let picture = draw(&graph(&pairs), &Scope::Whole, &DotConfig::default());
    // Forty entities, eighteen a row.
    assert!(picture.dot.contains(r#""e:c00" -> "row:0" [style=invis"#), "{}", picture.dot);
    assert!(picture.dot.contains(r#""row:0" -> "e:r09" [style=invis"#));
    assert!(picture.dot.contains(r#""row:1" -> "e:r18" [style=invis"#) && !picture.dot.contains("row:2"));
    assert!(!picture.dot.contains("cluster_regulator"), "a frame would tear regulators from those they regulate");
    let Some(svg) = svg(&picture.dot) else { return };
    let size = |name: &str| {
        let (_, after) = svg.split_once(&format!("{name}=\"")).unwrap();
        after.split_once("pt").unwrap().0.parse::<u32>().unwrap()
    };
    assert!(size("width") < 3 * size("height"), "{} × {}", size("width"), size("height"));

    let ring = "Company:a owns Company:b\nCompany:b owns Company:a\n";
    assert!(!draw(&graph(ring), &Scope::Whole, &DotConfig::default()).dot.contains("row:"));
}

#[test]
fn secondary_arrows_place_only_what_nothing_else_places() {
    let lines = "
        Company:a owns Company:b
        Company:c owns Company:d
        Company:b partnersWith Company:d
        Company:b headquarteredIn Place:rome";
    let picture = draw(&graph(lines), &Scope::Whole, &DotConfig::default());
    assert!(line(&picture, r#""e:b" -> "e:d""#).contains("weight=0"));
    assert!(!line(&picture, r#""e:b" -> "e:rome""#).contains("weight=0"));
}

#[test]
fn a_large_graph_is_cut_and_says_so() {
    let lines: String = (0..20).map(|n| format!("Company:hub owns Company:c{n:02}\n")).collect();
    let picture = draw(&graph(&lines), &Scope::Whole, &DotConfig { max_nodes: 5, max_fan: 20, ..DotConfig::default() });
    assert_eq!((picture.nodes, picture.arrows, picture.hidden.over_limit), (5, 4, 16));
    assert!(picture.dot.contains("16 entities over the limit"));
    assert!(picture.dot.contains("e:hub") && picture.dot.contains("e:c03") && !picture.dot.contains("e:c04"));
}

#[test]
fn hostile_names_survive_graphviz() {
    let hostile = [
        r#"A&B "x" \N <y>"#,
        r"\G\L\n C:\new\ \",
        "emoji 🐉🏦 tab\u{9}bell\u{7}null\u{0}",
        "]]> <!-- --> &amp; &#x0; </td>",
        "rtl \u{202e}abc\u{200f} \u{feff}x \u{2028}y",
        "{a|b} <port> [c];} digraph",
        "شركة \u{2067}الاتصالات\u{2069} السعودية",
        "בנק הפועלים & שות׳",
        "control \u{1}\u{8}\u{b}\u{1b}[31m\u{7f}\u{85}",
        "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft mit beschränkter Haftung und \
         noch viel mehr Worten, als irgendein Schild fassen könnte, weshalb es geschnitten werden muss",
        "-- > -> <b>bold</b> <br/> ${x} %s",
        "👩‍💼 José\u{301} ﬁnance ＡＢＣ",
        "超长的中文名称没有任何空格应当在大约八个字之后换行才好看的股份有限公司",
        "\u{fffe}\u{ffff}",
    ];
    let mut lines = String::from("Company:hub owns Company:c0\n");
    for (at, name) in hostile.iter().enumerate() {
        let owned = format!("Company:c{at}");
        lines += &format!("Company:hub owns {owned} percent=1\nname c{at} en legal {name}\n");
    }
    lines +=
        "Regulator:watch regulates Activity:act\nCompany:hub operatesIn Activity:act\nname act en legal R&D \"A<B\"";
    let graph = graph(&lines);
    let hub = id("hub");
    let reached = reach(&graph.snapshot, &graph.schema, &id("watch"), &ReachConfig::default()).unwrap();
    let found = trace(&graph.snapshot, &graph.schema, &hub, &id("c0"), &TraceConfig::default()).unwrap();
    let scopes = [
        Scope::Whole,
        Scope::Around { entity: &hub, hops: 2 },
        Scope::Owners { entity: &hub, hops: 2 },
        Scope::Reach(&reached),
        Scope::Paths(&found.paths),
    ];
    for scope in scopes {
        for max_fan in [1, 99] {
            let config = DotConfig { max_fan, ..DotConfig::default() };
            let picture = draw(&graph, &scope, &config);
            let Some(svg) = svg(&picture.dot) else { return };
            let options = roxmltree::ParsingOptions { allow_dtd: true, ..roxmltree::ParsingOptions::default() };
            let tree = roxmltree::Document::parse_with_options(&svg, options).unwrap();
            let texts = tree.descendants().filter(|node| node.is_text()).filter_map(|node| node.text());
            let spelt = texts.collect::<String>().replace('\u{a0}', " ");
            let expected = if let Scope::Reach(_) = scope { r#"R&D "A<B""# } else { r#"A&B "x" \N <y>"# };
            assert!(spelt.contains(expected), "{spelt}");
        }
    }
}

#[test]
fn the_same_graph_gives_the_same_bytes() {
    let forward = draw(&graph(GROUP), &Scope::Whole, &DotConfig::default());
    assert_eq!(forward, draw(&graph(GROUP), &Scope::Whole, &DotConfig::default()));
}

#[test]
fn ids_are_cut_at_hyphens() {
    let id = "cn-online-micro-lending-draft-2020-interim";
    assert_eq!(wrapped(id), "cn-online-micro-lending-<br/>draft-2020-interim");
}

#[test]
fn pieces_never_lose_a_character() {
    for name in ["", " ", "a", "中国人民银行", "Ant 集团 (Group) Holdings", "阿里巴巴集团控股有限公司上海分公司"]
    {
        let whole: String = name.split_whitespace().collect();
        let kept: String = wrapped(name).replace("<br/>", "").split_whitespace().collect();
        assert_eq!(kept, whole);
    }
}

#[test]
fn owners_stand_above_and_holdings_below() {
    let lines = "
        Person:ma owns Company:top percent=60
        Company:top owns Company:mid percent=30
        Company:mid subsidiaryOf Company:other
        Company:mid owns Company:low
        Company:top owns Company:sister
        Fund:fund investsIn Company:mid
        Company:mid operatesIn Activity:payments";
    let graph = graph(lines);
    let entity = id("mid");
    let chart = |hops| draw(&graph, &Scope::Owners { entity: &entity, hops }, &DotConfig::default());
    let all = chart(u32::MAX);
    assert_eq!((all.nodes, all.arrows), (5, 4), "{}", all.dot);
    assert!(!all.dot.contains("e:sister") && !all.dot.contains("e:fund") && !all.dot.contains("e:payments"));
    assert!(all.dot.contains("rankdir=TB"));
    line(&all, r#""e:other" -> "e:mid""#);
    assert_eq!(chart(1).nodes, 4);

    let circle = self::graph("Company:a owns Company:b\nCompany:b owns Company:a");
    let picture = draw(&circle, &Scope::Owners { entity: &id("a"), hops: u32::MAX }, &DotConfig::default());
    assert_eq!((picture.nodes, picture.arrows), (2, 2));
}

#[test]
fn what_is_reached_stands_behind_what_leads_to_it() {
    let graph = graph(GROUP);
    let found = reach(&graph.snapshot, &graph.schema, &id("pboc"), &ReachConfig::default()).unwrap();
    let picture = draw(&graph, &Scope::Reach(&found), &DotConfig::default());
    assert_eq!((picture.nodes, picture.arrows), (3, 2), "{}", picture.dot);
    let business = line(&picture, r#""e:payments" -> "e:ant""#);
    assert!(business.contains("dir=back") && business.contains("arrowtail=onormal"), "{business}");

    let lines: String = (0..9).map(|n| format!("Company:c{n} operatesIn Activity:payments\n")).collect();
    let graph = self::graph(&format!("{lines}Regulator:pboc regulates Activity:payments"));
    let found = reach(&graph.snapshot, &graph.schema, &id("pboc"), &ReachConfig::default()).unwrap();
    let picture = draw(&graph, &Scope::Reach(&found), &DotConfig { max_fan: 2, ..DotConfig::default() });
    line(&picture, r#""e:payments" -> "more:payments:operatesIn:in""#);
}

#[test]
fn of_many_alike_a_box_stands_for_the_rest() {
    let lines: String = (0..20).map(|n| format!("Company:c{n:02} listedOn Exchange:sse\n")).collect();
    let graph = graph(&format!("{lines}Company:c19 owns Company:c18"));
    let exchange = id("sse");
    let scope = Scope::Around { entity: &exchange, hops: 1 };
    let picture = draw(&graph, &scope, &DotConfig { max_fan: 3, ..DotConfig::default() });
    // Three that stand for themselves, two that are tied to each other, and the exchange.
    assert_eq!((picture.nodes, picture.hidden.folded, picture.hidden.over_limit), (6, 15, 0), "{}", picture.dot);
    assert!(line(&picture, r#""more:sse:listedOn:in" ["#).contains("15 more"));
    assert!(line(&picture, r#""more:sse:listedOn:in" -> "e:sse""#).contains("listed on"));
    let all = draw(&graph, &scope, &DotConfig { max_fan: 18, ..DotConfig::default() });
    assert_eq!((all.nodes, all.hidden.folded), (21, 0));
}

#[test]
fn what_was_derived_from_drawn_arrows_is_left_out() {
    let lines = "
        Regulator:pboc issued Regulation:rules
        Regulation:rules governs Activity:payments
        Regulator:nfra issued Regulation:code
        Regulation:code governs Activity:lending
        Regulator:nfra regulates Activity:lending";
    let graph = graph(lines);
    let picture = draw(&graph, &Scope::Whole, &DotConfig { max_nodes: 7, ..DotConfig::default() });
    assert_eq!((picture.arrows, picture.hidden.shortcuts), (5, 2), "{}", picture.dot);
}

#[test]
fn a_picture_of_an_earlier_day_shows_what_held_then() {
    let graph = graph(
        "Company:a owns Company:b status=ended validFrom=2015 validTo=2020\nCompany:c owns Company:b validFrom=2021",
    );
    let on = |day: &str| DotConfig { as_of: Some(day.parse().unwrap()), ..DotConfig::default() };
    let then = draw(&graph, &Scope::Whole, &on("2018"));
    assert!(!line(&then, r#""e:a" -> "e:b""#).contains("(ended)"));
    assert_eq!((then.arrows, then.hidden.ended), (1, 1));
    let now = draw(&graph, &Scope::Whole, &DotConfig::default());
    assert!(now.dot.contains(r#""e:c" -> "e:b""#) && now.arrows == 1);
}

#[test]
fn many_stand_below_one_another_and_very_many_on_springs() {
    let ring = |number: usize| {
        let lines = (0..number).map(|n| format!("Company:c{n} partnersWith Company:c{}\n", (n + 1) % number));
        draw(&graph(&lines.collect::<String>()), &Scope::Whole, &DotConfig { max_nodes: 5000, ..DotConfig::default() })
    };
    assert!(ring(5).dot.contains("rankdir=TB"));
    assert!(ring(30).dot.contains("rankdir=LR"));
    let springs = ring(501);
    assert!(springs.dot.contains("layout=sfdp") && !springs.dot.contains("partners with</td>"));
    svg(&springs.dot);
}
