//! Sums of money without a currency.

use guanxi_model::{Money, Number, Passage, Qualifier, Status, Value};
use guanxi_names::fold;

use super::dossier::{Dossier, Told};
use super::figures::{Figure, figures};
use super::{Check, Finding, Severity};

pub(super) const CHECK: Check = Check {
    name: "no-currency",
    looks_for: "A sum of money that no currency is told of: a round, a valuation, revenue or profit as a bare number.",
    leaves_out: "Numbers that may count something else, such as sales of cars, and sentences that tell a currency of another \
                 figure.",
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
    let mut findings = in_claims(dossier);
    findings.extend(in_sentences(dossier));
    findings
}

fn in_claims(dossier: &Dossier<'_>) -> Vec<Finding> {
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

/// Sums of sentences of which no claim was made: "raised 300 million", 估值310亿.
fn in_sentences(dossier: &Dossier<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for passage in dossier.passages() {
        // Where a currency is told, in figures or in words, it may be meant of all of them.
        if tells_a_currency(passage) || dossier.told_in(passage).any(is_bare_money) {
            continue;
        }
        for figure in figures(passage).iter().filter(|figure| is_sum(passage, figure)) {
            let raw = &passage.text[figure.mention.bytes.clone()];
            let mut finding = dossier.about_passage(CHECK.name, Severity::Notice, passage);
            finding.message = format!("{raw}: of which currency?");
            finding.settled_by = "the currency that the source reports in".into();
            findings.push(finding);
        }
    }
    findings
}

fn tells_a_currency(passage: &Passage) -> bool {
    const WORDS: [&str; 37] = [
        "$", "€", "£", "¥", "￥", "₹", "元", "usd", "eur", "gbp", "cny", "rmb", "hkd", "jpy", "dollar", "euro",
        "pound", "sterling", "yuan", "renminbi", "yen", "rupee", "franc", "krona", "krone", "peso", "real", "rand",
        "won", "lira", "币", "美金", "英镑", "卢比", "法郎", "克朗", "盾",
    ];
    let text = passage.text.to_lowercase();
    figures(passage).iter().any(|figure| figure.currency.is_some()) || WORDS.iter().any(|word| text.contains(word))
}

/// Whether a bare number of the size of millions stands where only money can: behind a word for money that leads to it,
/// and before nothing that it could count.
fn is_sum(passage: &Passage, figure: &Figure<'_>) -> bool {
    const LEADS: [&str; 24] = [
        "raised",
        "raising",
        "valued at",
        "valuation of",
        "revenue of",
        "revenues of",
        "turnover of",
        "profit of",
        "income of",
        "loss of",
        "fined",
        "a fine of",
        "market value of",
        "估值",
        "融资",
        "募资",
        "营收",
        "营业收入",
        "净利润",
        "净亏损",
        "市值",
        "罚款",
        "注册资本",
        "总资产",
    ];
    const TIES: [&str; 20] = [
        "约", "为", "达", "达到", "近", "超", "超过", "逾", "高达", "额", "总额", "共", "合计", "至", "about",
        "around", "some", "nearly", "almost", "over",
    ];
    const UNITS: [&str; 8] = ["million", "billion", "bn", "万", "亿", "萬", "億", "m"];
    let raw = passage.text[figure.mention.bytes.clone()].to_lowercase();
    let mut before = passage.text[..figure.mention.bytes.start].trim_end().to_lowercase();
    let behind = &passage.text[figure.mention.bytes.end..];
    while let Some(rest) = TIES.iter().find_map(|tie| before.strip_suffix(tie)) {
        before = rest.trim_end().to_owned();
    }
    let ends = behind.is_empty() || behind.starts_with(['.', ',', ';', ')', '。', '，', '；', '）', '、']);
    let counts_nothing = ends || [" in ", " from ", " at "].iter().any(|word| behind.starts_with(word));
    figure.amount >= LEAST.into()
        && UNITS.iter().any(|unit| raw.ends_with(unit))
        && LEADS.iter().any(|lead| before.ends_with(lead))
        && counts_nothing
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
