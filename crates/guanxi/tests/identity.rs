//! Names that must not become one node, and names that must, from text to graph.

use std::collections::BTreeSet;

use guanxi::graph::{BuildConfig, Derivations, Generation, Identity, Knowledge};
use guanxi::model::{Entity, EntityId, Extraction, Judgements};
use guanxi::pipeline::Output;
use guanxi::query::NameIndex;
use guanxi::{Guanxi, input};

/// Two that are taken for one another.
const TRAPS: &[(&str, &str)] = &[
    ("TikTok", "Douyin"),
    ("抖音", "TikTok"),
    ("Ant Group", "Alipay"),
    ("Ant Group", "Alibaba"),
    ("Alipay", "Alibaba"),
    ("蚂蚁集团", "阿里巴巴"),
    ("蚂蚁集团", "支付宝"),
    ("京东集团", "京东数科"),
    ("京东集团", "京东科技"),
    ("京东物流", "京东健康"),
    ("China Merchants Bank", "China Merchants Securities"),
    ("招商银行", "招商证券"),
    ("招商银行", "浙商银行"),
    ("Bank of China", "People's Bank of China"),
    ("中国银行", "中国人民银行"),
    ("Bank of China", "China Construction Bank"),
    ("Bank of China", "Agricultural Bank of China"),
    ("平安银行", "平安证券"),
    ("Ping An Bank", "Ping An Insurance"),
    ("Samsung Electronics", "Samsung SDI"),
    ("Samsung Electronics", "Samsung Life Insurance"),
    ("HSBC", "HSBC Life"),
    ("Morgan Stanley", "JPMorgan"),
    ("Tencent", "Tencent Music Entertainment"),
    ("腾讯控股", "腾讯音乐"),
    ("晟岚物流", "晟岚食品"),
    ("Xiaomi", "Xiaohongshu"),
    ("小米集团", "小红书"),
    ("Meituan", "Meitu"),
    ("美团", "美图公司"),
    ("北京银行", "南京银行"),
    ("中国石油", "中国石化"),
    ("中信银行", "中信证券"),
    ("中信证券", "中信建投证券"),
    ("华夏银行", "华夏基金"),
    ("中国人寿", "中国人保"),
    ("中国移动", "中国联通"),
    ("Halden Media", "Halden Mining"),
    ("东方航空", "南方航空"),
    ("China Eastern Airlines", "China Southern Airlines"),
    ("Toyota Motor", "Toyota Industries"),
    ("Mitsubishi Electric", "Mitsubishi Chemical"),
    ("Berkshire Hathaway", "Berkshire Partners"),
    ("Deutsche Bank", "Deutsche Börse"),
    ("Standard Chartered", "Standard Bank"),
    ("Capital One", "Capital Two"),
    ("Metro Bank", "Metrobank"),
    ("Maya Bank", "Maybank"),
    ("Citibank", "CITIC Bank"),
    ("Halden GmbH", "Halden AG"),
    ("Halden Fund II", "Halden Fund III"),
    ("Halden Bank", "Halden Insurance"),
    ("Halden Capital China", "Halden Capital India"),
    ("First Halden Bank", "Second Halden Bank"),
    ("Wexholt Foods", "Wexholt Pharma"),
    ("Wexholt Group", "Wexholt Energy"),
    ("Bank of Wexholt", "Wexholt Securities"),
    ("晟岚科技", "晟岚银行"),
    ("晟岚集团", "晟岚证券"),
    ("铄澜保险", "铄澜基金"),
    ("北京禾昊科技有限公司", "上海禾昊科技有限公司"),
    ("Wexholt Logistics", "Wexholt Ventures"),
    ("Halden Systems", "Halden Semiconductor"),
    ("徽商银行", "汇商银行"),
    ("Nordquist Partners", "Nordkvist Motors"),
    ("Quinlan Metals", "Quinlan Media"),
];

/// One in two texts.
const ONE: &[(&str, &str)] = &[
    ("Wexholt Labour Bank", "Wexholt Labor Bank"),
    ("HALDEN HOLDINGS PLC", "Halden Holdings"),
    ("铄澜科技有限公司", "鑠瀾科技有限公司"),
    ("Tencent", "腾讯"),
    ("Xiaohongshu", "小红书"),
    ("Ant Group", "蚂蚁集团"),
];

fn read(guanxi: &Guanxi, texts: &[String]) -> Vec<Extraction> {
    let location = |(number, text): (usize, &String)| input::Location::Bytes {
        name: format!("{number}.txt"),
        bytes: text.clone().into_bytes(),
    };
    let inputs = input::read(texts.iter().enumerate().map(location).collect()).unwrap();
    let mut extractions = Vec::new();
    guanxi
        .extract(inputs, 1, |output| {
            if let Output::Extraction(extraction) = output {
                extractions.push(extraction);
            }
            Ok::<(), ()>(())
        })
        .unwrap();
    extractions
}

/// A text that says of a name, in its own language, that somebody invested in it, or that it fined somebody.
fn about(name: &str, by: usize) -> [String; 2] {
    let is_chinese = name.chars().any(|character| character as u32 > 0x2e80);
    let fund = if is_chinese { ["海棠资本", "木槿资本"][by] } else { ["Tern Capital", "Auk Capital"][by] };
    match is_chinese {
        true => [format!("{fund}投资了{name}。"), format!("{name}对{fund}罚款100万元。")],
        false => [format!("{fund} invested in {name}."), format!("{name} fined {fund} $2 million.")],
    }
}

/// Whom the text means by the name.
fn meant<'a>(extraction: &'a Extraction, name: &str) -> Option<&'a EntityId> {
    let is_called = |entity: &&Entity| entity.names.iter().any(|known| guanxi::names::same(&known.text, name));
    extraction.entities.iter().find(is_called).map(|entity| &entity.id)
}

#[test]
fn traps_stay_two_and_spellings_become_one() {
    let guanxi = Guanxi::builtin();
    let (schema, reference) = (guanxi.schema(), guanxi.reference());
    let derivations = Derivations::default();
    let knowledge = Knowledge { schema, reference, derivations: &derivations };
    let mut wrong = Vec::new();
    let pairs = TRAPS.iter().map(|pair| (pair, false)).chain(ONE.iter().map(|pair| (pair, true)));
    for ((one, other), are_one) in pairs {
        let texts = [about(one, 0), about(other, 0), about(one, 1), about(other, 1)].concat();
        let extractions = read(&guanxi, &texts);
        let read: Vec<&Extraction> = extractions.iter().collect();
        let identity = Identity::of(&read, &knowledge, &Judgements::default(), &Default::default());
        let whom = |name: &str| {
            let ids: BTreeSet<EntityId> = read
                .iter()
                .filter_map(|text| Some(identity.representative(&text.document.id, meant(text, name)?).clone()))
                .collect();
            (ids.len() == 1).then(|| ids.into_iter().next()).flatten()
        };
        let (first, second) = (whom(one), whom(other));
        match (first, second) {
            (Some(first), Some(second)) if (first == second) == are_one => {}
            (first, second) => wrong.push(format!("{one} | {other}: {first:?} {second:?}")),
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn one_text_that_names_all_keeps_them_apart() {
    let guanxi = Guanxi::builtin();
    let texts: Vec<String> =
        TRAPS.iter().map(|(one, other)| about(one, 0).concat() + " " + &about(other, 1).concat()).collect();
    let extractions = read(&guanxi, &texts);
    let derivations = Derivations::default();
    let knowledge = Knowledge { schema: guanxi.schema(), reference: guanxi.reference(), derivations: &derivations };
    let built = Generation::in_memory(extractions, &knowledge, &BuildConfig::default()).unwrap();
    let index = NameIndex::of(&built.entities());
    // Within one text, names that differ in their legal form alone are one: they have one id.
    for (one, other) in TRAPS.iter().filter(|(one, _)| *one != "Halden GmbH") {
        let (one_is, other_is) = (index.resolve(one), index.resolve(other));
        assert_ne!(one_is, other_is, "{one} | {other}");
    }
}
