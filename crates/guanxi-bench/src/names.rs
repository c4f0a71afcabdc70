//! Invented names: of firms and persons, in both scripts.

use crate::chance::Chance;

const ONSETS: [&str; 24] = [
    "Bal", "Cor", "Den", "Far", "Gil", "Hol", "Jan", "Kel", "Lum", "Mor", "Nar", "Ost", "Pel", "Quin", "Ras", "Sol",
    "Tav", "Ulm", "Ver", "Wex", "Yar", "Zel", "Brom", "Stell",
];
const MIDDLES: [&str; 20] = [
    "a", "e", "i", "o", "ara", "eni", "ilo", "osta", "und", "ero", "ami", "eta", "ivo", "oru", "anta", "essi", "illa",
    "orda", "umbe", "ysta",
];
const CODAS: [&str; 20] = [
    "bek", "dal", "fors", "gren", "holt", "kin", "lux", "mark", "nor", "port", "quist", "ridge", "sen", "tek", "ton",
    "vale", "wick", "xis", "yard", "zon",
];
const ENDINGS: [&str; 16] = [
    "Holdings",
    "Capital",
    "Bank",
    "Group",
    "Energy",
    "Foods",
    "Systems",
    "Insurance",
    "Ltd",
    "Inc.",
    "Partners",
    "Pharma",
    "Motors",
    "Logistics",
    "Semiconductor",
    "Ventures",
];
const CHARACTERS: &str = "晟岚铄澜禾昊骏颐蔚泓嘉翎钧琰梓栩璟祺煜霖恺皓珩沅漾筠茗葳蕴瑄";
const HAN_ENDINGS: [&str; 14] =
    ["科技", "集团", "股份", "银行", "证券", "资本", "食品", "能源", "汽车", "生物", "保险", "物流", "电子", "控股"];
const GIVEN: [&str; 16] = [
    "Anna", "Peter", "Maria", "James", "Elena", "Omar", "Priya", "Lars", "Chen", "David", "Fatima", "Hugo", "Ingrid",
    "Kenji", "Laura", "Tomas",
];
const SURNAMES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗";

/// A firm in Latin letters; every number another one, up to 153,600 of them.
pub fn latin_firm(number: usize) -> String {
    let (onset, rest) = (number % ONSETS.len(), number / ONSETS.len());
    let (middle, rest) = (rest % MIDDLES.len(), rest / MIDDLES.len());
    let (coda, rest) = (rest % CODAS.len(), rest / CODAS.len());
    format!("{}{}{} {}", ONSETS[onset], MIDDLES[middle], CODAS[coda], ENDINGS[rest % ENDINGS.len()])
}

/// A firm in Chinese characters; every number another one, up to 378,000 of them.
pub fn han_firm(number: usize) -> String {
    let characters: Vec<char> = CHARACTERS.chars().collect();
    let count = characters.len();
    let (ending, rest) = (number % HAN_ENDINGS.len(), number / HAN_ENDINGS.len());
    let mut name: String = [characters[rest % count], characters[rest / count % count]].iter().collect();
    if rest >= count * count {
        name.push(characters[rest / count / count % count]);
    }
    name + HAN_ENDINGS[ending]
}

pub fn latin_person(chance: &mut Chance) -> String {
    let (onset, coda) = (chance.pick(&ONSETS), chance.pick(&CODAS));
    format!("{} {onset}{coda}", chance.pick(&GIVEN))
}

pub fn han_person(chance: &mut Chance) -> String {
    let surnames: Vec<char> = SURNAMES.chars().collect();
    let characters: Vec<char> = CHARACTERS.chars().collect();
    let mut name = String::from(chance.pick(&surnames));
    for _ in 0..1 + chance.below(2) {
        name.push(chance.pick(&characters));
    }
    name
}

/// A firm in either script; every number another one, up to a million and a half of them.
pub fn firm(number: usize) -> String {
    let half = number / 2;
    match number % 2 {
        0 => unlike(latin_firm(half), half / 153_600),
        _ => unlike(han_firm(half), half / 378_000),
    }
}

/// A table of reference data with this many firms: half of them in each script.
///
/// Beyond what the syllables give, names get a number as second word, as funds and vehicles have.
pub fn table(count: usize) -> String {
    use std::fmt::Write;
    let mut table = String::from("id,class,name.en,name.zh,source\n");
    for number in 0..count {
        let _ = match number % 2 {
            0 => writeln!(table, "zz-latin-{number},Company,{},,unverified", firm(number)),
            _ => writeln!(table, "zz-han-{number},Company,,{},unverified", firm(number)),
        };
    }
    table
}

fn unlike(name: String, round: usize) -> String {
    match round {
        0 => name,
        _ if name.is_ascii() => format!("{} {}", ["", "Alpha", "Beta", "Gamma", "Delta"][round.min(4)], name),
        _ => format!("{}{name}", ["", "新", "大", "北", "南"][round.min(4)]),
    }
}
