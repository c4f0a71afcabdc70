//! Drafts that a text cites as law, and rules that it cites although they were repealed before it was written.

use guanxi_model::EntityId;
use guanxi_model::reference::Lifecycle;

use super::cited::{Cues, is_cited_as_live, named, speaks_of_before};
use super::dossier::{Dossier, is_after};
use super::{Check, Finding, Severity};

pub(super) const CHECK: Check = Check {
    name: "not-law",
    looks_for: "A draft that is told to require, forbid or govern something, and a rule that is cited as in force after it was \
                repealed or ran out.",
    leaves_out: "Sentences that call it a draft or a proposal, or tell what it would do; rules that the reference data does not \
                 know. Of a repealed rule a text without a date counts only with --as-of; texts that are not at hand.",
    find,
};

const LIVE: &[&str] = &[
    "require",
    "mandate",
    "impose",
    "prohibit",
    "forbid",
    "govern",
    "tighten",
    "limits",
    "limit ",
    "caps ",
    "bans ",
    "obliges",
    "oblige",
    "regulate",
    "in force",
    "took effect",
    "takes effect",
    "under the",
    "under _",
    "under its",
    "pursuant to",
    "in line with",
    "compl",
    "comply",
    "according to",
    "as law",
    "allows",
    "permits",
    "sets ",
    "lays down",
    "in accordance",
    "apply",
    "applies",
    "breach",
    "violat",
    "规定",
    "規定",
    "要求",
    "根据",
    "根據",
    "依据",
    "依據",
    "按照",
    "依照",
    "施行",
    "生效",
    "必须",
    "必須",
    "应当",
    "應當",
    "明确",
    "不得",
    "禁止",
    "限制",
    "违反",
    "違反",
    "遵守",
    "适用",
    "適用",
    "收紧",
    "实施",
    "管辖",
    "规范",
];

const OF_DRAFTS: Cues = Cues {
    live: LIVE,
    aware: &[
        "draft",
        "consult",
        "propos",
        "bill",
        "would",
        "if adopted",
        "if passed",
        "not yet",
        "pending",
        "planned",
        "will ",
        "once ",
        "comment",
        "never",
        "no final",
        "still",
        "expected",
        "could",
        "negotiat",
        "in the works",
        "forthcoming",
        "aims to",
        "not in force",
        "not law",
        "nobody",
        "征求意见",
        "徵求意見",
        "草案",
        "拟",
        "擬",
        "尚未",
        "未正式",
        "将",
        "將",
        "讨论",
        "审议",
        "審議",
        "一旦",
        "如果",
        "若",
        "建议稿",
        "意见稿",
        "仍未",
        "没有正式",
        "未出台",
        "并非",
        "不是",
        "稿",
    ],
};

const OF_REPEALED: Cues = Cues {
    live: LIVE,
    aware: &[
        "repeal",
        "replac",
        "former",
        "old ",
        "until",
        "superse",
        "revok",
        "abolish",
        "previous",
        "no longer",
        "earlier",
        "vacated",
        "struck",
        "rescind",
        " was ",
        " were ",
        " had ",
        "expired",
        "ran out",
        "predecessor",
        "then ",
        "transition",
        "scrapped",
        "withdr",
        "once ",
        "ceased",
        "lapsed",
        "by then",
        "at the time",
        "废止",
        "廢止",
        "取代",
        "旧",
        "舊",
        "原",
        "此前",
        "曾",
        "失效",
        "到期",
        "替代",
        "同时废",
        "不再",
        "已被",
        "修订",
        "修訂",
        "前身",
        "过渡",
        "当时",
    ],
};

fn find(dossier: &Dossier<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for passage in dossier.sentences() {
        for (rule, words) in named(passage, |entity| dossier.not_in_force.contains_key(entity)) {
            let lifecycle = dossier.not_in_force[rule];
            let end = dossier.lives.get(rule).and_then(|life| life.to);
            let cited = match (lifecycle, end) {
                (Lifecycle::Draft, _) => is_cited_as_live(passage, &OF_DRAFTS),
                (_, Some(end)) => {
                    dossier.written(passage).is_some_and(|written| is_after(written, end))
                        && !speaks_of_before(passage, end)
                        && is_cited_as_live(passage, &OF_REPEALED)
                }
                // When it ended is not known, so nor is whether the text is older.
                (_, None) => false,
            };
            if !cited {
                continue;
            }
            let mut finding = dossier.about_passage(CHECK.name, Severity::Warning, passage);
            finding.about = vec![rule.clone()];
            finding.message = match (lifecycle, end) {
                (Lifecycle::Draft, _) => format!("{words} is cited as law: as far as is known it is a draft"),
                (_, Some(end)) => format!("{words} is cited as in force: it was {} on {end}", gone(lifecycle)),
                (_, None) => format!("{words} is cited as in force: it was {}", gone(lifecycle)),
            };
            finding.settled_by = settled_by(dossier, rule);
            findings.push(finding);
        }
    }
    findings
}

fn gone(lifecycle: Lifecycle) -> &'static str {
    if lifecycle == Lifecycle::Repealed { "repealed" } else { "ended" }
}

fn settled_by(dossier: &Dossier<'_>, rule: &EntityId) -> String {
    let succeeds = |fact: &&guanxi_model::Fact| &*fact.predicate == "succeeds" && fact.object.entity() == Some(rule);
    let heirs: Vec<String> = dossier.facts.iter().filter(succeeds).map(|fact| dossier.name(&fact.subject)).collect();
    match heirs.is_empty() {
        true => "the official gazette: whether a final text is in force".to_owned(),
        false => format!("the text in force: it was replaced by {}", heirs.join(", ")),
    }
}
