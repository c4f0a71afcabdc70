//! Dates that cannot be: acts before the actor existed, and past events dated after the text that tells them.

use std::collections::BTreeMap;
use std::ops::Range;

use guanxi_model::{EntityId, PartialDate, Status, Value};

use super::dossier::{Dossier, Told, is_after};
use super::figures::dates_with_places;
use super::{Check, Finding, Severity};

pub(super) const CHECK: Check = Check {
    name: "impossible-date",
    looks_for: "What a firm or body is told to have done before it was founded or set up, and what is told as done on a day \
                after the text was published.",
    leaves_out: "Plans and forecasts, what takes effect later, firms that came out of other firms, and texts without a date.",
    find,
};

fn find(dossier: &Dossier<'_>) -> Vec<Finding> {
    let founded = founded(dossier);
    let mut findings = Vec::new();
    for told in &dossier.told {
        let Some(date) = told.date().filter(|date| is_of_its_clause(dossier, told, *date)) else { continue };
        findings.extend(after_publication(dossier, told, date));
        if !told.is(Status::Asserted) {
            continue;
        }
        let ends = [Some(&told.subject), told.object.as_ref()];
        findings
            .extend(ends.into_iter().flatten().filter_map(|end| before_founding(dossier, told, date, end, &founded)));
    }
    findings
}

/// Whether the date stands in what the claim quotes, alone, or beside it in the same clause: a date of another clause is
/// that of another event.
fn is_of_its_clause(dossier: &Dossier<'_>, told: &Told, date: PartialDate) -> bool {
    let Some(passage) = dossier.passage_at(&told.claim.document, told.claim.evidence.span) else { return true };
    let quote = &told.claim.evidence.text;
    let Some(quote) = passage.text.find(quote.as_str()).map(|start| start..start + quote.len()) else { return false };
    let dates = dates_with_places(passage);
    let mut within = dates.iter().filter(|(place, _)| quote.start <= place.start && place.end <= quote.end).peekable();
    if within.peek().is_some() {
        return within.all(|(_, other)| *other == date);
    }
    let beside = |place: &Range<usize>| match place.end <= quote.start {
        // "In March 2019, Acme bought …"
        true => is_one_clause(passage.text[place.end..quote.start].trim_start_matches([',', '，', ' '])),
        false => quote.end <= place.start && is_one_clause(&passage.text[quote.end..place.start]),
    };
    dates.iter().any(|(place, other)| *other == date && beside(place))
}

fn is_one_clause(between: &str) -> bool {
    let breaks = [',', '，', ';', '；', '。', ':', '：', '(', '（', ')', '）', '—', '、'];
    let words = [" which ", " who ", " whose ", " while ", " after ", " before ", " that "];
    !between.contains(breaks) && !words.iter().any(|word| format!(" {between} ").contains(word))
}

/// What was done, told as done: asserted, or taken for a plan only since its day lies ahead.
fn is_told_as_done(told: &Told) -> bool {
    const DONE: [&str; 22] = [
        "acquired",
        "bought",
        "purchased",
        "took over",
        "raised",
        "invested",
        "merged",
        "sold",
        "fined",
        "penalised",
        "penalized",
        "closed",
        "completed",
        "led",
        "secured",
        "backed",
        "了",
        "已",
        "完成",
        "罚款",
        "处以",
        "获得",
    ];
    let quote = told.claim.evidence.text.to_lowercase();
    let is_done = || DONE.iter().any(|word| starts_a_word(&quote, word));
    told.is(Status::Asserted) || told.is(Status::Planned) && is_done()
}

/// Whether a cue stands in the text, of Latin letters at the begin of a word.
fn starts_a_word(text: &str, cue: &str) -> bool {
    let begins = |at: usize| text[..at].chars().next_back().is_none_or(|before| !before.is_ascii_alphabetic());
    text.match_indices(cue).any(|(at, _)| !cue.is_ascii() || begins(at))
}

fn after_publication(dossier: &Dossier<'_>, told: &Told, date: PartialDate) -> Option<Finding> {
    let published = dossier.published(told)?;
    // An office, a contract or a rule may well begin on a later day; what was done cannot have been.
    let done = dossier.schema.predicate(&told.claim.predicate).is_some_and(|predicate| predicate.outlives_subject);
    let rules = ["issued", "succeeds"];
    let is_deed = done && !rules.contains(&&*told.claim.predicate);
    if !is_after(date, published) || !is_deed || !is_told_as_done(told) || looks_ahead(dossier, told, date) {
        return None;
    }
    let days = date.first_day().days_since_epoch() - published.last_day().days_since_epoch();
    // A paper of the east is dated a day ahead of one of the west.
    if days <= 1 {
        return None;
    }
    let mut finding = dossier.about_claims(CHECK.name, Severity::Warning, [told]);
    finding.message = format!("told as a fact of {date}, by a text of {published}");
    finding.arithmetic = Some(format!("{date} is {days} days after {published}"));
    finding.settled_by = "the year in the source; or the date of the text, if that is wrong".into();
    Some(finding)
}

/// Words by which a sentence looks forward.
const AHEAD: &[&str] = &[
    "will ",
    "ll ",
    "would",
    "agreed",
    "subject to",
    "pending",
    "expect",
    "forecast",
    "project",
    "plan",
    "schedul",
    "due ",
    "is to ",
    "are to ",
    "by the end of",
    "target",
    "aim",
    "guidance",
    "effective",
    "expire",
    "matur",
    "next ",
    "could",
    "may ",
    "ahead of",
    "set to",
    "in force",
    "estimate",
    "upcoming",
    "将",
    "將",
    "预计",
    "預計",
    "计划",
    "計劃",
    "拟",
    "擬",
    "目标",
    "目標",
    "明年",
    "届时",
    "起施行",
    "起生效",
    "到期",
    "有望",
    "前完成",
];

/// Words before a day that make it the end or the begin of something.
const BOUNDS: &[&str] = &["from", "until", "till", "through", "by", "to", "since", "至", "到", "自"];

/// Whether the sentence looks forward, so that a later date is none of a fact.
fn looks_ahead(dossier: &Dossier<'_>, told: &Told, date: PartialDate) -> bool {
    let Some(passage) = dossier.passage_at(&told.claim.document, told.claim.evidence.span) else {
        let quote = told.claim.evidence.text.to_lowercase();
        return AHEAD.iter().any(|word| starts_a_word(&quote, word));
    };
    let bounds = |place: &Range<usize>| {
        let before = passage.text[..place.start].trim_end().to_lowercase();
        let behind = &passage.text[place.end..];
        BOUNDS.iter().any(|word| before.ends_with(word)) || behind.starts_with(['起', '前', '至', '到'])
    };
    let sentence = format!("{} ", passage.text.to_lowercase());
    AHEAD.iter().any(|word| starts_a_word(&sentence, word))
        || dates_with_places(passage).iter().any(|(place, other)| *other == date && bounds(place))
}

/// When somebody came to be, and who says so.
struct Founding<'a> {
    date: PartialDate,
    /// Claims; none where the reference data says it.
    told: Vec<&'a Told>,
}

fn founded<'a>(dossier: &'a Dossier<'_>) -> BTreeMap<&'a EntityId, Founding<'a>> {
    let mut founded: BTreeMap<&EntityId, Founding<'_>> = BTreeMap::new();
    let from_texts =
        dossier.told.iter().filter(|told| &*told.claim.predicate == "foundedOn" && told.is(Status::Asserted));
    // Who is incorporated, turned into another form or opens on a day may have been there long before.
    let (entered, begun): (Vec<_>, Vec<_>) = from_texts.partition(|told| is_entry_or_opening(told));
    let only_entered = |told: &&Told| begun.iter().any(|other| other.subject == told.subject);
    for told in begun.iter().copied().chain(entered.into_iter().filter(only_entered)) {
        if let Some(Value::Date(date)) = told.value() {
            let known = founded.entry(&told.subject).or_insert_with(|| Founding { date: *date, told: Vec::new() });
            // Of two dates the later may be that of a re-founding: nothing before the earlier one can be so.
            known.date = known.date.min(*date);
            known.told.push(told);
        }
    }
    for (entity, life) in &dossier.lives {
        let is_body = dossier.entities.get(entity).is_some_and(|known| {
            ["Regulator", "PublicBody", "Exchange"].iter().any(|class| dossier.schema.is_a(&known.class, class))
        });
        if let (true, Some(date)) = (is_body, life.from) {
            founded.entry(entity).or_insert_with(|| Founding { date, told: Vec::new() });
        }
    }
    founded.retain(|entity, _| !comes_from_others(dossier, entity));
    founded
}

/// Whether a founding date is that of an entry in a register or of the first day of business: the firm may be older, or
/// younger than a shell that it took over.
pub(super) fn is_entry_or_opening(told: &Told) -> bool {
    const WORDS: [&str; 18] = [
        "incorporat",
        "regist",
        "reorgani",
        "relaunch",
        "commenc",
        "began ",
        "begun",
        "started",
        "opened",
        "注册",
        "註冊",
        "改制",
        "变更",
        "重组",
        "开业",
        "开始营业",
        "投产",
        "运营",
    ];
    let quote = told.claim.evidence.text.to_lowercase();
    WORDS.iter().any(|word| starts_a_word(&quote, word))
}

/// Whether somebody is known to have come out of somebody else, whose deeds may be told as its own.
fn comes_from_others(dossier: &Dossier<'_>, entity: &EntityId) -> bool {
    dossier.facts.iter().any(|fact| {
        let tie = ["succeeds", "spunOffFrom", "mergesWith"].contains(&&*fact.predicate);
        tie && (fact.subject == *entity || fact.object.entity() == Some(entity))
    })
}

fn before_founding(
    dossier: &Dossier<'_>,
    told: &Told,
    date: PartialDate,
    end: &EntityId,
    founded: &BTreeMap<&EntityId, Founding<'_>>,
) -> Option<Finding> {
    let founding = founded.get(end)?;
    let predicate = &*told.claim.predicate;
    let of_its_own =
        ["foundedOn", "founderOf", "succeeds", "spunOffFrom", "mergesWith", "governs"].contains(&predicate);
    if of_its_own || !is_after(founding.date, date) {
        return None;
    }
    let one_text = founding.told.iter().any(|witness| witness.claim.document == told.claim.document);
    let severity = if one_text { Severity::Error } else { Severity::Warning };
    let mut finding = dossier.about_claims(CHECK.name, severity, founding.told.iter().copied().chain([told]));
    finding.about = vec![end.clone()];
    let source = if founding.told.is_empty() { " by the reference data" } else { "" };
    finding.message = format!("{predicate} {date}: {} was founded in {}{source}", dossier.name(end), founding.date);
    finding.arithmetic = Some(format!("{date} is before {}", founding.date));
    finding.settled_by =
        "the register of companies, or the act that set the body up; which of two bodies is meant".into();
    Some(finding)
}
