//! Sums of money without a currency.

use guanxi_model::{Money, Number, Qualifier, Status, Value};
use guanxi_names::fold;

use super::dossier::{Dossier, Told};
use super::{Check, Finding, Severity};

pub(super) const CHECK: Check = Check {
    name: "no-currency",
    looks_for: "A sum of money that no currency is told of: a round, a valuation, revenue or profit as a bare number.",
    leaves_out: "Numbers that may count something else, such as sales of cars.",
    find,
};

/// Figures that are money whatever their sentence says.
const MONEY: [&str; 20] = [
    "revenue",
    "revenues",
    "turnover",
    "net profit",
    "net income",
    "operating profit",
    "gross profit",
    "net loss",
    "profit",
    "total assets",
    "market value",
    "market capitalisation",
    "market capitalization",
    "营收",
    "营业收入",
    "净利润",
    "净利",
    "总资产",
    "市值",
    "营业额",
];

/// Below this a bare number is rather a ratio, a rank or a count.
const LEAST: i64 = 10_000;

fn find(dossier: &Dossier<'_>) -> Vec<Finding> {
    let bare = dossier.told.iter().filter(|told| !told.is(Status::Denied) && is_bare_money(told));
    let finding = |told: &Told| {
        let mut finding = dossier.about_claims(CHECK.name, Severity::Notice, [told]);
        let raw = match told.value() {
            Some(Value::Money(Money { raw, .. }) | Value::Number(Number { raw, .. })) => raw.as_str(),
            _ => "the amount",
        };
        let what = told.text(Qualifier::Metric).unwrap_or(&told.claim.predicate);
        finding.message = format!("{what} of {}: {raw} of which currency?", dossier.name(&told.subject));
        finding.settled_by =
            "the currency that the firm reports in, at the head of the table or in the accounts".into();
        finding
    };
    bare.map(finding).collect()
}

fn is_bare_money(told: &Told) -> bool {
    match told.value() {
        Some(Value::Money(money)) => money.currency.is_none(),
        Some(Value::Number(number)) => {
            let metric = told.text(Qualifier::Metric).map(fold);
            metric.is_some_and(|metric| MONEY.contains(&metric.as_str()))
                && number.number >= LEAST.into()
                && !number.raw.contains(['%', '％'])
        }
        Some(Value::Date(_)) => false,
        None => {
            told.claim.qualifiers.contains_key(&Qualifier::Amount)
                && !told.claim.qualifiers.contains_key(&Qualifier::Currency)
                && ["investsIn", "acquired", "sanctions"].contains(&&*told.claim.predicate)
        }
    }
}
