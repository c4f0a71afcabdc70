//! Bodies that a text calls on although they no longer existed when it was written.

use super::cited::{Cues, is_cited_as_live, named, speaks_of_before};
use super::dossier::{Dossier, is_after};
use super::{Check, Finding, Severity};

pub(super) const CHECK: Check = Check {
    name: "dead-body",
    looks_for: "A regulator or other public body that is told to act, to be asked or to be watched, in a text written after it \
                was abolished.",
    leaves_out: "Sentences that name a time when it existed, or show that they know of its end; bodies that the reference data \
                 does not know, or of which it has no end. A text without a date counts only with --as-of.",
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
    for passage in dossier.passages() {
        let Some(written) = dossier.written(passage) else { continue };
        let is_gone = |entity: &_| ended_body(dossier, entity).is_some_and(|end| is_after(written, end));
        for (body, words) in named(passage, is_gone) {
            let Some(end) = ended_body(dossier, body) else { continue };
            if speaks_of_before(passage, end) || !is_cited_as_live(passage, &CUES) {
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

/// When a body of the reference data ceased to exist.
fn ended_body(dossier: &Dossier<'_>, entity: &guanxi_model::EntityId) -> Option<guanxi_model::PartialDate> {
    let class = &dossier.entities.get(entity)?.class;
    let is_body = ["Regulator", "PublicBody"].iter().any(|body| dossier.schema.is_a(class, body));
    dossier.lives.get(entity).and_then(|life| life.to).filter(|_| is_body)
}

fn heirs(dossier: &Dossier<'_>, body: &guanxi_model::EntityId) -> Vec<String> {
    let succeeds = |fact: &&guanxi_model::Fact| &*fact.predicate == "succeeds" && fact.object.entity() == Some(body);
    dossier.facts.iter().filter(succeeds).map(|fact| dossier.name(&fact.subject)).collect()
}
