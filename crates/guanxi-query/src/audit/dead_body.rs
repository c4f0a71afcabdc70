//! Bodies that a text calls on although they no longer existed when it was written.

use guanxi_model::{PartialDate, Passage};

use super::cited::{Cues, is_cited_as_live, named, speaks_of_before};
use super::dossier::{Dossier, is_after};
use super::figures::dates;
use super::{Check, Finding, Severity};

pub(super) const CHECK: Check = Check {
    name: "dead-body",
    looks_for: "A regulator or other public body that is told to act, to be asked or to be watched, in a text written after it \
                was abolished, or that is told an act of after its end.",
    leaves_out: "Sentences that name a time when it existed, or show that they know of its end; bodies that the reference data \
                 does not know, or of which it has no end; texts that are not at hand. A text without a date counts only with --as-of.",
    find,
};

const CUES: Cues = Cues {
    live: &[
        "regulates",
        "regulated by",
        "supervises",
        "supervised by",
        "oversees",
        "overseen by",
        "monitors",
        "monitor ",
        "requires",
        "required by",
        "licenses",
        "licensed by",
        "authorised",
        "authorized",
        "registered with",
        "register with",
        "file with",
        "filed with",
        "approval from",
        "approval of",
        "approved by",
        "permission",
        "announcements from",
        "guidance from",
        "rules of the",
        "is responsible",
        "are responsible",
        "in charge of",
        "must ",
        "should ",
        "report to",
        "reports to",
        "member of",
        "answers to",
        "answer to",
        "under the supervision",
        "watches",
        "complain to",
        "apply to",
        " issues ",
        "according to the",
        "has said",
        " says",
        "监管",
        "監管",
        "负责",
        "負責",
        "要求",
        "应当",
        "應當",
        "须",
        "須",
        "报",
        "批准",
        "申请",
        "申請",
        "备案",
        "備案",
        "核准",
        "公告",
        "发布的",
        "關注",
        "关注",
        "许可",
        "許可",
        "牌照",
        "审批",
        "审查",
        "查处",
        "处罚",
        "检查",
        "查询",
    ],
    aware: &[
        "former",
        "then ",
        "then-",
        "predecessor",
        "abolish",
        "dissol",
        "merged",
        "replac",
        "succe",
        "defunct",
        "old ",
        "earlier",
        "previous",
        " was ",
        " were ",
        " had ",
        "used to",
        "until",
        "no longer",
        "gave way",
        "took over",
        "taken over",
        "folded",
        "wound up",
        "ceased",
        "became",
        "renamed",
        "inherit",
        "once ",
        "at the time",
        "now the",
        "today's",
        "whose",
        "before it",
        "split",
        "closed",
        "scrapped",
        "historic",
        "years ago",
        "known as",
        "predat",
        "called",
        "原",
        "前身",
        "前称",
        "时任",
        "當時",
        "当时",
        "撤销",
        "撤銷",
        "并入",
        "不再",
        "取代",
        "改组",
        "改組",
        "组建",
        "組建",
        "合并",
        "合併",
        "更名",
        "改名",
        "已",
        "曾",
        "此前",
        "过去",
        "過去",
        "接替",
        "承接",
        "划入",
        "职责",
        "历史",
        "年前",
        "后来",
        "解散",
    ],
};

fn find(dossier: &Dossier<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for passage in dossier.sentences() {
        let Some(written) = dossier.written(passage) else { continue };
        let is_gone = |entity: &_| ended_body(dossier, entity).is_some_and(|end| is_after(written, end));
        for (body, words) in named(passage, is_gone) {
            let Some(end) = ended_body(dossier, body) else { continue };
            let cited = is_cited_as_live(passage, &CUES) || is_actor_of_a_new_act(passage, words, end);
            if speaks_of_before(passage, end) || !cited {
                continue;
            }
            let mut finding = dossier.about_passage(CHECK.name, Severity::Warning, passage);
            finding.about = vec![body.clone()];
            finding.message = format!("{words} is called on in a text of {written}: it was there until {end}");
            let heirs = heirs(dossier, body);
            finding.settled_by = match heirs.is_empty() {
                true => "who holds its powers now".to_owned(),
                false => format!("who holds its powers now: it was succeeded by {}", heirs.join(", ")),
            };
            findings.push(finding);
        }
    }
    findings
}

/// Whether the sentence tells an act of the body, with a day behind its end or a word that says that it is news.
fn is_actor_of_a_new_act(passage: &Passage, body: &str, end: PartialDate) -> bool {
    const NEWS: [&str; 12] = [
        "yesterday",
        "today",
        "this week",
        "last week",
        "this month",
        "last month",
        "earlier this year",
        "近日",
        "日前",
        "昨日",
        "今日",
        "本月",
    ];
    // Who knows better says so, and may tell an act all the same.
    const AWARE: [&str; 16] = [
        "former",
        "then-",
        "predecessor",
        "abolish",
        "dissol",
        "defunct",
        "successor",
        "replac",
        "inherit",
        "merged",
        "原",
        "前身",
        "撤销",
        "承接",
        "取代",
        "更名",
    ];
    let text = passage.text.to_lowercase();
    let is_new = dates(passage).any(|date| is_after(date, end)) || NEWS.iter().any(|word| text.contains(word));
    is_new && !AWARE.iter().any(|word| text.contains(word)) && acts(&text, &body.to_lowercase())
}

/// "the CBRC fined …", "was fined by the CBRC", 银监会对某行处以罚款, 获银监会批准.
fn acts(text: &str, body: &str) -> bool {
    const DOES: [&str; 24] = [
        "fined",
        "fines",
        "penalised",
        "penalized",
        "approved",
        "approves",
        "licensed",
        "issued",
        "issues",
        "ordered",
        "orders",
        "warned",
        "warns",
        "banned",
        "bans",
        "announced",
        "announces",
        "published",
        "publishes",
        "granted",
        "grants",
        "summoned",
        "rejected",
        "opened an investigation",
    ];
    const DONE: [&str; 14] = [
        "fined by",
        "penalised by",
        "penalized by",
        "approved by",
        "licensed by",
        "issued by",
        "ordered by",
        "warned by",
        "banned by",
        "published by",
        "granted by",
        "summoned by",
        "approval from",
        "a fine from",
    ];
    const ACTS: [&str; 16] = [
        "罚款",
        "处罚",
        "批准",
        "批复",
        "发布",
        "印发",
        "约谈",
        "通报",
        "宣布",
        "责令",
        "开出罚单",
        "立案",
        "核准",
        "受理",
        "暂停",
        "叫停",
    ];
    text.match_indices(body).any(|(at, _)| {
        let before = text[..at].trim_end().trim_end_matches("the").trim_end();
        let behind = text[at + body.len()..].trim_start();
        let behind = behind.trim_start_matches("has ").trim_start_matches("also ");
        let clause: String = behind.chars().take_while(|c| !"，。；,;".contains(*c)).take(24).collect();
        let comes_before = ["获", "经", "被", "受", "遭"].iter().any(|word| before.ends_with(word));
        DOES.iter().any(|verb| behind.strip_prefix(verb).is_some_and(|rest| !rest.starts_with(char::is_alphabetic)))
            || DONE.iter().any(|verb| before.ends_with(verb))
            || ACTS.iter().any(|verb| clause.contains(verb))
                && (comes_before || !before.ends_with(['向', '由', '与', '和']))
    })
}

/// When a body of the reference data ceased to exist.
fn ended_body(dossier: &Dossier<'_>, entity: &guanxi_model::EntityId) -> Option<PartialDate> {
    let class = &dossier.entities.get(entity)?.class;
    let is_body = ["Regulator", "PublicBody"].iter().any(|body| dossier.schema.is_a(class, body));
    dossier.lives.get(entity).and_then(|life| life.to).filter(|_| is_body)
}

fn heirs(dossier: &Dossier<'_>, body: &guanxi_model::EntityId) -> Vec<String> {
    let succeeds = |fact: &&guanxi_model::Fact| &*fact.predicate == "succeeds" && fact.object.entity() == Some(body);
    dossier.facts.iter().filter(succeeds).map(|fact| dossier.name(&fact.subject)).collect()
}
