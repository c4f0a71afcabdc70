//! Names that are taken for one another and must not be, names that are one in other words, and what holds for any two.

use std::sync::LazyLock;

use guanxi_names::compare::{Verdict, compare};
use proptest::prelude::*;

/// Organisations that are two, whatever their names share: never the same. From text to graph they are tried by the tests
/// of the façade.
static TRAPS: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| {
    let lines = include_str!("traps.txt").lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.trim_start_matches("~ ").split_once(" | ").unwrap()).collect()
});

/// One organisation in two spellings.
const SAME: &[(&str, &str)] = &[
    ("Procter & Gamble Co.", "The Procter and Gamble Company"),
    ("Siemens AG", "SiemensAG"),
    ("Siemens Aktiengesellschaft", "SIEMENS AG"),
    ("J.P. Morgan Chase & Co.", "JP Morgan Chase & Co"),
    ("PricewaterhouseCoopers LLP", "Pricewaterhouse Coopers LLP"),
    ("Van der Moolen Holding N.V.", "Vandermoolen Holding NV"),
    ("Nestlé S.A.", "Nestle SA"),
    ("Münchener Rückversicherung AG", "Muenchener Rueckversicherung AG"),
    ("Société Générale", "Societe Generale S.A."),
    ("Škoda Auto a.s.", "Skoda Auto"),
    ("Coca-Cola Company", "The Coca Cola Company"),
    ("Moody's Corporation", "Moodys Corp."),
    ("1st National Bank", "First National Bank"),
    ("Seven Eleven", "7 Eleven"),
    ("International Labour Organisation", "International Labor Organization"),
    ("First Int'l Bank", "First International Bank"),
    ("OOO Ромашка", "ООО «Ромашка»"),
    ("Газпром", "OAO Gazprom"),
    ("AT&T Inc.", "AT and T Inc"),
    ("Toyota Motor Corporation", "Toyota Motor Corp."),
    ("L'Oréal", "LOREAL"),
    ("Bank of China Limited", "Bank of China Ltd."),
    ("中国银行股份有限公司", "中國銀行"),
    ("騰訊控股有限公司", "腾讯控股"),
    ("阿里巴巴集团控股有限公司", "阿里巴巴集團控股"),
    ("北京小桔科技有限公司", "北京小桔科技"),
    ("蚂蚁科技集团股份有限公司", "螞蟻科技集團股份公司"),
    ("中国银行（香港）有限公司", "中國銀行(香港)有限公司"),
    ("平安基金二期", "平安基金2期"),
    ("ＴＣＬ科技", "TCL科技"),
    ("360 Security", "360 security"),
    ("Fund II L.P.", "Fund 2, L.P."),
];

/// Names that may well be one, and want further evidence.
const POSSIBLE: &[(&str, &str)] = &[
    ("Gazprom", "Gasprom"),
    ("Alibaba Group", "Alibaba"),
    ("Tencent Holdings", "Tencent"),
    ("Huawei Technologies", "Huawei"),
    ("Ant Group", "Ant Holding"),
    ("Volkswagen", "Volkswagon"),
    ("Accenture", "Acenture"),
    ("Deutsche Bank", "Deutsche Bank (Schweiz)"),
    ("Banco Santander", "Banco Santander Chile"),
    ("PLA", "People's Liberation Army"),
    ("ICBC", "Industrial and Commercial Bank of China"),
    ("BMW AG", "Bayerische Motoren Werke AG"),
    ("WHO", "World Health Organization"),
    ("NATO", "North Atlantic Treaty Organisation"),
    ("Acme Ltd", "Acme plc"),
    ("Nantahala Fund", "Nantahala Fund I"),
    ("小红书", "Xiaohongshu"),
    ("小红书", "Xiaohong Shu"),
    ("小红书", "XIAO HONG SHU"),
    ("中国平安", "Ping An of China"),
    ("中国平安保险（集团）股份有限公司", "Ping An Insurance (Group) Company of China, Ltd."),
    ("平安银行", "Ping An Bank"),
    ("平安銀行", "Pingan Bank"),
    ("华为技术有限公司", "Huawei Technologies Co., Ltd."),
    ("美团", "Meituan"),
    ("万科集团", "Wanke Group"),
    ("上海浦东发展银行", "Shanghai Pudong Development Bank"),
    ("北京银行", "Bank of Beijing"),
    ("中国银行", "Bank of China"),
    ("泰康保险", "Taikang Insurance"),
    ("招商银行", "招行"),
    ("中国工商银行", "工行"),
    ("中国农业银行", "农行"),
    ("中国工商银行", "工商银行"),
    ("北京字节跳动科技有限公司", "字节跳动"),
    ("字节跳动科技", "字节跳动"),
    ("蚂蚁集团", "蚂蚁科技集团"),
    ("腾讯控股", "腾讯"),
    ("腾迅", "腾讯"),
    ("小米有限公司", "小米集团"),
    ("某某科技有限公司", "某某科技股份有限公司"),
    ("Lüzhou Bank", "吕州银行"),
];

#[test]
fn traps_are_never_the_same() {
    assert!(TRAPS.len() >= 60, "{}", TRAPS.len());
    let caught: Vec<_> = TRAPS.iter().filter(|(one, other)| compare(one, other).verdict == Verdict::Same).collect();
    assert!(caught.is_empty(), "{caught:#?}");
    // Most of them are not even possible; those that are differ in a place, a slip of the pen or "Group" alone.
    let possible: Vec<_> =
        TRAPS.iter().filter(|(one, other)| compare(one, other).verdict == Verdict::Possible).collect();
    assert!(possible.len() <= 11, "{possible:#?}");
}

#[test]
fn spellings_of_one_name_are_the_same() {
    expect(SAME, Verdict::Same);
}

#[test]
fn what_may_be_one_is_possible() {
    assert!(SAME.len() + POSSIBLE.len() >= 60);
    expect(POSSIBLE, Verdict::Possible);
}

#[track_caller]
fn expect(pairs: &[(&str, &str)], verdict: Verdict) {
    let others: Vec<_> = pairs
        .iter()
        .map(|(one, other)| (one, other, compare(one, other)))
        .filter(|(_, _, comparison)| comparison.verdict != verdict)
        .map(|(one, other, comparison)| format!("{one} | {other}: {comparison:?}"))
        .collect();
    assert!(others.is_empty(), "{} of {}: {others:#?}", others.len(), pairs.len());
}

#[test]
fn a_comparison_says_what_it_came_of() {
    let comparison = compare("HSBC Life (UK) Ltd", "HSBC plc");
    let left_over: Vec<&str> = comparison.features.left_over[0].iter().map(|(text, _)| text.as_str()).collect();
    assert_eq!(left_over, ["life", "united kingdom"]);
    assert!(comparison.features.left_over[1].is_empty());
    assert!((0.0..0.6).contains(&comparison.score()));
}

fn names() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "Acme",
        "acme",
        "Bank",
        "of",
        "China",
        "AG",
        "GmbH",
        "Ltd",
        "Group",
        "II",
        "44",
        "Forty",
        "Four",
        "Van",
        "Der",
        "Bilt",
        "Vanderbilt",
        "平安",
        "银行",
        "集团",
        "北京",
        "Ping",
        "An",
        "Pingan",
        "腾讯",
        "腾迅",
        "二期",
        "有限公司",
        "(",
        ")",
        "&",
        "S.A.",
        "Газпром",
        "Gazprom",
        "Müller",
        "Mueller",
        "'",
        "",
    ]);
    prop_oneof![
        3 => prop::collection::vec(words, 0..6).prop_map(|words| words.join(" ")),
        1 => "\\PC{0,16}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2048))]

    #[test]
    fn comparing_is_symmetric(one in names(), other in names()) {
        let (there, mut back) = (compare(&one, &other), compare(&other, &one));
        back.features.left_over.reverse();
        prop_assert_eq!(there, back);
    }

    #[test]
    fn every_name_is_itself(name in names()) {
        let comparison = compare(&name, &name);
        prop_assert_eq!(comparison.thousandths, 1000, "{:?}", comparison);
    }

    /// What only folding tells apart is the same, unless the forms exclude each other.
    #[test]
    fn case_does_not_part_names(name in "[A-Z][a-z]{3,8} [A-Z][a-z]{3,8} (Ltd|AG|Group|Bank)") {
        prop_assert_eq!(compare(&name, &name.to_uppercase()).verdict, Verdict::Same);
    }
}
