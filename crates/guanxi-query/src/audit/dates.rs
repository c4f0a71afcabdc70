//! Dates that cannot be: acts before the actor existed, and past events dated after the text that tells them.

use std::collections::BTreeMap;

use guanxi_model::{EntityId, PartialDate, Status, Value};

use super::dossier::{Dossier, Told, is_after};
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
    for told in dossier.told.iter().filter(|told| told.is(Status::Asserted)) {
        let Some(date) = told.date() else { continue };
        findings.extend(after_publication(dossier, told, date));
        let ends = [Some(&told.subject), told.object.as_ref()];
        findings
            .extend(ends.into_iter().flatten().filter_map(|end| before_founding(dossier, told, date, end, &founded)));
    }
    findings
}

fn after_publication(dossier: &Dossier<'_>, told: &Told, date: PartialDate) -> Option<Finding> {
    let published = dossier.published(told)?;
    // An office, a contract or a rule may well begin on a later day; what was done cannot have been.
    let done = dossier.schema.predicate(&told.claim.predicate).is_some_and(|predicate| predicate.outlives_subject);
    let rules = ["issued", "succeeds"];
    let is_deed = done && !rules.contains(&&*told.claim.predicate);
    if !is_after(date, published) || !is_deed || looks_ahead(dossier, told) {
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

const AHEAD: &[&str] = &[
    " will ",
    "'ll ",
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
    "until ",
    "through ",
    "from ",
    "effective",
    "expire",
    "matur",
    "next ",
    "would",
    "could",
    "may ",
    "ahead of",
    "set to",
    "in force",
    "estimate",
    "upcoming",
    "起",
    "至",
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

/// Whether the sentence looks forward, so that a later date is none of a fact.
fn looks_ahead(dossier: &Dossier<'_>, told: &Told) -> bool {
    let passage = dossier.passage_at(&told.claim.document, told.claim.evidence.span);
    let sentence = passage.map_or(told.claim.evidence.text.as_str(), |passage| passage.text.as_str());
    let sentence = format!(" {} ", sentence.to_lowercase());
    AHEAD.iter().any(|word| sentence.contains(word))
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
    for told in from_texts {
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
