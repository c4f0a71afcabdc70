//! Names exchanged: copies of texts and their gold in which every firm, fund, person and product bears an invented name of
//! the same shape. What is found only because its name is known is not found again there.
//!
//! What a name is of is read off the gold: an officer is a person, a regulator stays. Authorities, rules, exchanges and
//! places of the reference data stay as well, also within a name, and so do the generic parts of names: of Nordlake Bank
//! AG, `Bank AG`. All names of one thing are exchanged word by word, or character by character, so that a short name
//! still is short for its long one.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use guanxi::Guanxi;
use serde_json::Value;

use crate::chance::Chance;

/// Words that tell what a firm is rather than which one; legal forms among them.
const GENERIC: &str = "AB AG ASA AS A/S BV Bancorp Bank Banka Banco Bhd Brands Brewery Broadcasting Brothers Capital Cement \
    Chemical Chemicals Clearing Co Coffee Commercial Communications Company Consulting Corp Corporation Credit Digital \
    Electric Electronics Energy Engineering Entertainment Equity Exchange Finance Financial Foods Foundation Fund Gas \
    GmbH Global Group Growth Healthcare Holding Holdings Hotels Inc Industries Industrial Infrastructure Insurance \
    International Investment Investments Labs Life LLC LLP Logistics Ltd Limited Management Markets Marine Media Medical \
    Metals Mining Mobile Mobility Motor Motors Mutual NV National Networks Oil Oyj Partners Payments Pension Petroleum \
    Pharma Pharmaceutical Pharmaceuticals Plc plc Power Private Properties Pte Pty Railways Real Reinsurance Renewables \
    Research Resources Retail SA SAS SE Savings Sdn Securities Semiconductor Semiconductors Services Shipping Software \
    Solar Solutions SpA Steel Studios Systems Tech Technologies Technology Telecom Tower Trading Trust University \
    Ventures Water Wealth Wind of and the for de du la le del di da do y e und van von den der & I II III IV S.p.A. S.A. \
    N.V. Co. Inc. Ltd. Corp. B.V. ST";

/// The same for names in Chinese characters, longest first where one holds another.
const GENERIC_HAN: &str = "股份有限公司 有限责任公司 有限公司 股份公司 会计师事务所 會計師事務所 律师事务所 科技 集团 集團 股份 银行 銀行 证券 證券 \
    资本 資本 基金 保险 保險 人寿 人壽 财险 信托 信託 控股 投资 投資 创投 創投 风投 食品 能源 新能源 汽车 汽車 生物 医药 醫藥 药业 藥業 制药 製藥 医疗 \
    醫療 物流 电子 電子 半导体 半導體 微电子 光电 光電 网络 網絡 網路 信息 資訊 软件 軟體 传媒 傳媒 影业 文化 教育 地产 地產 置业 置業 建设 建設 \
    建筑 工程 机械 機械 重工 钢铁 鋼鐵 化工 石油 石化 电力 電力 电气 電氣 光伏 锂业 鋰業 矿业 礦業 资源 資源 环保 環保 水务 航空 海运 海運 航运 航運 \
    港口 铁路 通信 通訊 电信 電信 支付 金融 数科 金服 租赁 租賃 期货 期貨 资产管理 資產管理 资管 管理 合伙企业 有限合伙 国际 國際 全球 实业 實業 \
    产业 產業 工业 工業 商业 商業 贸易 貿易 零售 百货 百貨 酒店 餐饮 餐飲 咖啡 茶 乳业 乳業 酒业 农业 農業 种业 纺织 服饰 材料 新材 新材料 精密 智能 \
    智造 数字 數位 云 雲 联合 聯合 私募 一期 二期 创业 發展 发展 公司 机器人 機器人 动力 動力 电池 電池 储能 儲能 冷链 冷鏈 供应链 供應鏈 外卖 小贷 消费 \
    互联网 互聯網 商城 超市 平台 钱包 錢包 实验室 研究院 大学 大學 ST";

/// Marks of bodies of the state, which stay.
const STATE: [&str; 30] = [
    "Government",
    "Ministry",
    "Authority",
    "Commission",
    "Central Bank",
    "Reserve Bank",
    "Monetary",
    "Court",
    "Treasury",
    "Department",
    "Police",
    "Parliament",
    "Council",
    "Bureau",
    "Agency",
    "Prosecutor",
    "State of",
    "Republic of",
    "政府",
    "央行",
    "委员会",
    "委員會",
    "监管",
    "監管",
    "证监",
    "财政",
    "法院",
    "检察",
    "国资委",
    "管理局",
];

const CONSONANTS: &[u8] = b"bdfgklmnprstvz";
const VOWELS: &[u8] = b"aeiou";
/// Alike in simplified and traditional writing; half of them rare in words, half not, as in names of firms.
const CORES: &str =
    "晟禾昊泓翎梓栩祺煜霖皓珩沅漾筠茗瑄昱翊炜甬沐芮琪珂淇澔钰安信宏盛恒隆佳美康泰元利永光正海天明星方立成和文山金石玉";
const SURNAMES: &str = "王李林何郭高罗梁宋唐许沈曹彭曾田董袁潘于余杜戴夏汪任姜范方石姚廖邹熊白江孟秦邱尹";
const GIVEN_HAN: &str = "文明志伟建国海涛晓燕雅婷俊杰思远嘉欣子涵雨辰立群永康家豪淑芬秀英美玲育仁世昌";
/// Characters that foreign names are written with.
const FOREIGN_HAN: &str = "尔斯克拉莫德维尼特里卡罗巴索夫曼林格森诺米";
const PINYIN_SURNAMES: [&str; 24] = [
    "Wang", "Li", "Zhang", "Liu", "Chen", "Yang", "Huang", "Zhao", "Wu", "Zhou", "Xu", "Sun", "Ma", "Zhu", "Hu", "Guo",
    "He", "Lin", "Gao", "Luo", "Mao", "Deng", "Feng", "Song",
];

/// Reads `gold` and writes the copies to `out`; tells how many names of how many documents were exchanged.
pub fn swap(gold: &Path, out: &Path, texts: &Path, guanxi: &Guanxi, seed: u64) -> Result<(usize, usize), String> {
    let told = |path: &Path| {
        let path = path.display().to_string();
        move |error: std::io::Error| format!("{path}: {error}")
    };
    let known = Known::new(guanxi);
    fs::create_dir_all(out).map_err(told(out))?;
    let mut files: Vec<PathBuf> = fs::read_dir(gold).map_err(told(gold))?.flatten().map(|file| file.path()).collect();
    files.sort();
    let (mut documents, mut names) = (0, 0);
    for file in files {
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let Some(stem) = name.strip_suffix(".gold.jsonl") else { continue };
        let text_path = texts.join(format!("{stem}.txt"));
        // Records of JSON Lines have their text elsewhere.
        let Ok(text) = fs::read_to_string(&text_path) else { continue };
        let lines = fs::read_to_string(&file).map_err(told(&file))?;
        let facts: Result<Vec<Value>, _> =
            lines.lines().filter(|line| !line.trim().is_empty()).map(serde_json::from_str).collect();
        let mut facts = facts.map_err(|error| format!("{}: {error}", file.display()))?;
        let mut chance = Chance::new(stem.bytes().fold(seed, |seed, byte| seed.rotate_left(5) ^ u64::from(byte)));
        let swapped = Swap::new(&facts, &text, &known, &mut chance);
        facts.iter_mut().for_each(|fact| swapped.exchange_in(fact));
        let gold_lines: String = facts.iter().map(|fact| format!("{fact}\n")).collect();
        let (text_out, gold_out) = (out.join(format!("{stem}.txt")), out.join(&name));
        fs::write(&text_out, swapped.exchange(&text)).map_err(told(&text_out))?;
        fs::write(&gold_out, gold_lines).map_err(told(&gold_out))?;
        documents += 1;
        names += swapped.names.len();
    }
    Ok((documents, names))
}

/// What stays, and what persons are called.
#[derive(Default)]
struct Known {
    /// Authorities, exchanges, rules, places, lines of business, in small letters.
    stays: BTreeSet<String>,
    places: BTreeSet<String>,
    given: BTreeSet<String>,
    surnames: BTreeSet<String>,
}

impl Known {
    fn new(guanxi: &Guanxi) -> Self {
        const STAY: [&str; 6] = ["Regulator", "PublicBody", "Exchange", "Place", "Regulation", "Activity"];
        let mut known = Self::default();
        for row in guanxi.reference().entities() {
            let is = |class: &&str| guanxi.schema().is_a(&row.entity.class, class);
            for name in row.entity.names.iter().filter(|_| STAY.iter().any(is)) {
                known.stays.insert(name.text.to_lowercase());
                if is(&"Place") {
                    known.places.insert(name.text.clone());
                }
            }
        }
        let lexicon = guanxi::builtin::files().lexicon;
        let words = |ending: &str| {
            let files = lexicon.iter().filter(|file| file.path.ends_with(ending));
            let words: BTreeSet<String> = files
                .flat_map(|file| file.text.lines().filter(|line| !line.starts_with('#')))
                .flat_map(|line| line.split('"').skip(1).step_by(2))
                .map(str::to_owned)
                .collect();
            words
        };
        known.given = words("en/given-names.toml");
        known.surnames = words("zh/surnames.toml");
        known
    }

    fn is_given(&self, word: &str) -> bool {
        self.given.contains(&word.to_lowercase())
    }

    fn is_state(&self, name: &str) -> bool {
        self.stays.contains(&name.to_lowercase()) || STATE.iter().any(|mark| name.contains(mark))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Role {
    /// A firm or a line of business: the other lines tell.
    Open,
    Firm,
    Product,
    Person,
    Stays,
}

/// What stands at the two ends of a predicate.
fn roles(predicate: &str) -> (Role, Role) {
    use Role::{Firm, Open, Person, Product, Stays};
    match predicate {
        "officerOf" => (Person, Firm),
        "offers" => (Firm, Product),
        "listedOn" | "headquarteredIn" | "expandsInto" | "operatesIn" => (Firm, Stays),
        "licenses" | "sanctions" | "investigates" => (Stays, Firm),
        "regulates" | "governs" => (Stays, Open),
        "issued" => (Stays, Stays),
        _ => (Firm, Firm),
    }
}

fn is_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// The exchange in one document.
struct Swap {
    /// Old name → new name.
    names: BTreeMap<String, String>,
    /// Lengths of old names in bytes by their first character, longest first.
    by_first: BTreeMap<char, Vec<String>>,
}

impl Swap {
    fn new(facts: &[Value], text: &str, known: &Known, chance: &mut Chance) -> Self {
        let mut inventor = Inventor::new(text, known, chance);
        let mut names = BTreeMap::new();
        for (listed, role) in things(facts) {
            if matches!(role, Role::Open | Role::Stays) || listed.iter().any(|name| known.is_state(name)) {
                continue;
            }
            let is_person =
                role == Role::Person || (role == Role::Firm && listed.iter().any(|name| inventor.is_person(name)));
            for name in &listed {
                if is_name(name, role, text) {
                    names.insert(name.clone(), if is_person { inventor.person(name) } else { inventor.firm(name) });
                }
            }
        }
        // A word that was exchanged may stand alone in the text though the gold does not list it.
        for (word, new) in inventor.words {
            let plain = text.split(|c: char| !c.is_alphanumeric()).any(|other| other == word.to_lowercase());
            if word.len() >= 4 && !plain && word.starts_with(char::is_uppercase) {
                names.entry(word).or_insert(new);
            }
        }
        names.retain(|old, new| old != new);
        Self::of(names)
    }

    fn of(names: BTreeMap<String, String>) -> Self {
        let mut by_first: BTreeMap<char, Vec<String>> = BTreeMap::new();
        for name in names.keys() {
            by_first.entry(name.chars().next().unwrap_or_default()).or_default().push(name.clone());
        }
        by_first.values_mut().for_each(|names| names.sort_by_key(|name| std::cmp::Reverse(name.len())));
        Self { names, by_first }
    }

    /// The text with every name exchanged: at each place the longest, and never within a longer word.
    fn exchange(&self, text: &str) -> String {
        let mut new = String::with_capacity(text.len());
        let mut rest = text;
        let mut before = ' ';
        while let Some(first) = rest.chars().next() {
            let stands = |name: &&String| {
                let Some(behind) = rest.strip_prefix(name.as_str()) else { return false };
                let joins = |a: char, b: char| a.is_alphanumeric() && b.is_alphanumeric() && !is_han(a) && !is_han(b);
                let last = name.chars().next_back().unwrap_or(' ');
                !joins(before, first) && !behind.chars().next().is_some_and(|next| joins(last, next))
            };
            let length = match self.by_first.get(&first).and_then(|names| names.iter().find(stands)) {
                Some(name) => {
                    new.push_str(&self.names[name]);
                    name.len()
                }
                None => {
                    new.push(first);
                    first.len_utf8()
                }
            };
            before = rest[..length].chars().next_back().unwrap_or(' ');
            rest = &rest[length..];
        }
        new
    }

    /// The same in every name of a line of gold.
    fn exchange_in(&self, fact: &mut Value) {
        for end in ["s", "o"] {
            if let Some(names) = fact.get_mut(end).and_then(Value::as_array_mut) {
                for name in names {
                    *name = Value::String(self.exchange(name.as_str().unwrap_or_default()));
                }
            }
        }
        if let Some(others) = fact.get_mut("or").and_then(Value::as_array_mut) {
            others.iter_mut().for_each(|other| self.exchange_in(other));
        }
    }
}

/// Everything that the gold names: all its names, and what it is.
fn things(facts: &[Value]) -> Vec<(BTreeSet<String>, Role)> {
    let mut things: Vec<(BTreeSet<String>, Role)> = Vec::new();
    let readings = facts.iter().flat_map(|fact| {
        let others = fact.get("or").and_then(Value::as_array).into_iter().flatten();
        std::iter::once(fact).chain(others)
    });
    for fact in readings {
        let (subject, object) = roles(fact.get("p").and_then(Value::as_str).unwrap_or_default());
        for (end, role) in [("s", subject), ("o", object)] {
            let names = fact.get(end).and_then(Value::as_array).into_iter().flatten();
            let mut names: BTreeSet<String> = names.filter_map(Value::as_str).map(str::to_owned).collect();
            let mut role = role;
            let (same, others): (Vec<_>, Vec<_>) = things.drain(..).partition(|(known, _)| !known.is_disjoint(&names));
            for (known, other) in same {
                names.extend(known);
                role = role.max(other);
            }
            things = others;
            if !names.is_empty() {
                things.push((names, role));
            }
        }
    }
    things
}

/// Whether the words are a name at all: "consumer loans" is none, 小额贷款 is none unless the text puts it in quotation marks.
fn is_name(name: &str, role: Role, text: &str) -> bool {
    let quoted = ["“", "\"", "「", "《", "‘", "『"].iter().any(|mark| text.contains(&format!("{mark}{name}")));
    let capital = name.chars().any(|c| c.is_ascii_uppercase());
    let han = name.chars().any(is_han);
    match role {
        Role::Product if han => quoted,
        Role::Product => name.split(' ').all(|word| word.starts_with(|c: char| c.is_uppercase() || c.is_numeric())),
        _ => capital || han || quoted,
    }
}

/// Makes names, each part the same wherever it stands in the document.
struct Inventor<'a> {
    known: &'a Known,
    chance: &'a mut Chance,
    generic: BTreeSet<&'static str>,
    generic_han: Vec<String>,
    words: BTreeMap<String, String>,
    characters: BTreeMap<char, char>,
    given: Vec<String>,
    /// New parts in use, and words of the text, which are nobody's name.
    taken: BTreeSet<String>,
}

impl<'a> Inventor<'a> {
    fn new(text: &str, known: &'a Known, chance: &'a mut Chance) -> Self {
        let mut generic_han: Vec<String> = GENERIC_HAN.split_whitespace().map(str::to_owned).collect();
        generic_han.extend(known.places.iter().filter(|place| place.chars().all(is_han)).cloned());
        generic_han.sort_by_key(|word| std::cmp::Reverse(word.len()));
        let capital = |word: &String| {
            let mut letters = word.chars();
            letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>())
        };
        Self {
            known,
            chance,
            generic: GENERIC.split_whitespace().collect(),
            generic_han,
            words: BTreeMap::new(),
            characters: BTreeMap::new(),
            given: known.given.iter().filter(|name| name.is_ascii() && name.len() > 2).filter_map(capital).collect(),
            taken: text.split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect(),
        }
    }

    fn is_person(&self, name: &str) -> bool {
        let words: Vec<&str> = name.split(' ').collect();
        let length = name.chars().count();
        let first = name.chars().next().map(String::from).unwrap_or_default();
        let han = name.chars().all(|c| is_han(c) || c == '·');
        let generic = self.generic_han.iter().any(|word| name.contains(word.as_str()));
        (han && name.contains('·'))
            || (han && (2..=3).contains(&length) && length == 3 && self.known.surnames.contains(&first) && !generic)
            || ((2..=3).contains(&words.len())
                && self.known.is_given(words[0])
                && !words.iter().any(|word| self.generic.contains(word)))
    }

    /// Part by part: generic words, places and signs stay; where all of it is generic, its first word goes all the same.
    fn firm(&mut self, name: &str) -> String {
        let new = self.by_parts(name);
        match name.split_once(' ') {
            Some((first, rest)) if new == name => format!("{} {rest}", self.word(first)),
            _ => new,
        }
    }

    fn by_parts(&mut self, name: &str) -> String {
        let mut new = String::new();
        let mut rest = name;
        while let Some(first) = rest.chars().next() {
            let length = if is_han(first) {
                let generic = self.generic_han.iter().find(|word| rest.starts_with(word.as_str())).map(String::len);
                match generic {
                    Some(length) => new.push_str(&rest[..length]),
                    None => new.push(self.character(first, CORES)),
                }
                generic.unwrap_or(first.len_utf8())
            } else {
                let end = rest.find(|c: char| is_han(c) || c == ' ' || c == '-').filter(|&end| end > 0);
                let word = &rest[..end.unwrap_or(if first == ' ' || first == '-' { 1 } else { rest.len() })];
                let bare = word.trim_end_matches(['.', ',', ')', '’']);
                if self.generic.contains(word) || self.generic.contains(bare) || self.known.places.contains(bare) {
                    new.push_str(word);
                } else {
                    let invented = self.word(bare);
                    new.push_str(&invented);
                    new.push_str(&word[bare.len()..]);
                }
                word.len()
            };
            rest = &rest[length..];
        }
        new
    }

    /// Surname and given name stay what they are; initials and titles stay.
    fn person(&mut self, name: &str) -> String {
        if name.contains('·') {
            return name.chars().map(|c| if is_han(c) { self.character(c, FOREIGN_HAN) } else { c }).collect();
        }
        if name.chars().all(is_han) {
            let surname = |name: &str| self.known.surnames.contains(name);
            let double: String = name.chars().take(2).collect();
            let kept = if name.chars().count() > 2 && surname(&double) { 2 } else { 0 };
            let mut new = String::new();
            for (at, c) in name.chars().enumerate() {
                new.push(match at {
                    _ if at < kept => c,
                    0 => self.character(c, SURNAMES),
                    _ => self.character(c, GIVEN_HAN),
                });
            }
            return new;
        }
        let words: Vec<&str> = name.split(' ').collect();
        let pinyin = PINYIN_SURNAMES.contains(&words[0]) && words.len() == 2;
        let new = words.iter().enumerate().map(|(at, word)| match at {
            _ if word.len() < 3
                || word.ends_with('.')
                || ["Mr", "Mrs", "Ms", "Dr", "Sir", "Dame", "Lord"].contains(word) =>
            {
                (*word).to_owned()
            }
            _ if word.starts_with(char::is_lowercase) => (*word).to_owned(),
            0 if pinyin => self.among(word, &PINYIN_SURNAMES.map(str::to_owned)),
            0 if self.known.is_given(word) => self.among(word, &self.given.clone()),
            _ => self.word(word),
        });
        new.collect::<Vec<_>>().join(" ")
    }

    fn among(&mut self, word: &str, choices: &[String]) -> String {
        if let Some(known) = self.words.get(word) {
            return known.clone();
        }
        let at = self.chance.below(choices.len());
        let free = (0..choices.len()).map(|step| &choices[(at + step) % choices.len()]);
        let new = free.into_iter().find(|choice| !self.taken.contains(*choice)).unwrap_or(&choices[at]).clone();
        self.taken.insert(new.clone());
        self.words.insert(word.to_owned(), new.clone());
        new
    }

    /// As many letters, with the same capitals; digits and signs stay.
    fn word(&mut self, word: &str) -> String {
        if !word.chars().any(char::is_alphabetic) {
            return word.to_owned();
        }
        if let Some(known) = self.words.get(word) {
            return known.clone();
        }
        let mut new = String::new();
        for _ in 0..64 {
            new = self.shaped(word);
            if !self.taken.contains(&new) && new != word {
                break;
            }
        }
        self.taken.insert(new.clone());
        self.words.insert(word.to_owned(), new.clone());
        new
    }

    fn shaped(&mut self, word: &str) -> String {
        let mut vowel = self.chance.below(3) == 0;
        let letters = word.chars().map(|c| {
            if !c.is_alphabetic() {
                return c;
            }
            let letter = char::from(self.chance.pick(if vowel { VOWELS } else { CONSONANTS }));
            vowel = !vowel;
            if c.is_uppercase() { letter.to_ascii_uppercase() } else { letter }
        });
        letters.collect()
    }

    fn character(&mut self, old: char, choices: &str) -> char {
        if let Some(new) = self.characters.get(&old) {
            return *new;
        }
        let choices: Vec<char> = choices.chars().collect();
        let at = self.chance.below(choices.len());
        let taken: BTreeSet<char> = self.characters.values().copied().collect();
        let free = (0..choices.len()).map(|step| choices[(at + step) % choices.len()]);
        let new = free.into_iter().find(|choice| *choice != old && !taken.contains(choice)).unwrap_or(choices[at]);
        self.characters.insert(old, new);
        new
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn known() -> Known {
        let set = |words: &[&str]| words.iter().map(ToString::to_string).collect();
        Known {
            stays: set(&["fca"]),
            places: set(&["Nairobi", "深圳"]),
            given: set(&["anna", "peter", "maria"]),
            surnames: set(&["王", "欧阳", "李"]),
        }
    }

    fn swapped(facts: &[Value], text: &str) -> (String, Vec<Value>) {
        let known = known();
        let swap = Swap::new(facts, text, &known, &mut Chance::new(7));
        let mut facts = facts.to_vec();
        facts.iter_mut().for_each(|fact| swap.exchange_in(fact));
        (swap.exchange(text), facts)
    }

    #[test]
    fn all_names_of_a_thing_are_exchanged_alike() {
        let facts = [json!({"s": ["Kestrel Payments Ltd", "Kestrel"], "p": "owns", "o": ["Heron Bank"]})];
        let (text, facts) =
            swapped(&facts, "Kestrel Payments Ltd owns Heron Bank. Kestrel’s kestrels, and Heron, said so.");
        let names: Vec<&str> = facts[0]["s"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        assert!(
            text.starts_with(names[0]) && names[0].ends_with(" Payments Ltd") && names[0].starts_with(names[1]),
            "{text}"
        );
        assert!(
            !text.contains("Kestrel")
                && !text.contains("Heron")
                && text.contains("kestrels")
                && text.contains(" Bank."),
            "{text}"
        );
        assert_eq!(names[1].len(), "Kestrel".len());
    }

    #[test]
    fn authorities_places_and_lines_of_business_stay() {
        let facts = [
            json!({"s": ["FCA"], "p": "sanctions", "o": ["Nairobi Heron Bank"]}),
            json!({"s": ["Nairobi Heron Bank"], "p": "operatesIn", "o": ["consumer loans"]}),
            json!({"s": ["Ministry of Finance"], "p": "owns", "o": ["Nairobi Heron Bank"]}),
        ];
        let (text, _) =
            swapped(&facts, "The FCA fined Nairobi Heron Bank, owned by the Ministry of Finance, over consumer loans.");
        assert!(text.starts_with("The FCA fined Nairobi ") && !text.contains("Heron"), "{text}");
        assert!(text.ends_with(" Bank, owned by the Ministry of Finance, over consumer loans."), "{text}");
    }

    #[test]
    fn persons_remain_persons() {
        let facts = [
            json!({"s": ["Anna Kestrel", "Ms Kestrel"], "p": "officerOf", "o": ["Heron Bank"]}),
            json!({"s": ["王小明"], "p": "officerOf", "o": ["深圳鹭行科技有限公司", "鹭行科技"]}),
        ];
        let (text, _) =
            swapped(&facts, "Anna Kestrel left; Ms Kestrel was tired. 深圳鹭行科技有限公司的王小明也离开了鹭行科技。");
        let given = text.split(' ').next().unwrap();
        assert!(["Peter", "Maria"].contains(&given), "{text}");
        assert!(!text.contains("Kestrel") && text.contains("; Ms "), "{text}");
        assert!(!text.contains('鹭') && text.contains("科技有限公司的") && text.contains("深圳"), "{text}");
        let officer: Vec<char> = text.split("公司的").nth(1).unwrap().chars().take(3).collect();
        assert!(SURNAMES.contains(officer[0]) && GIVEN_HAN.contains(officer[1]), "{text}");
        assert_eq!(text.split("有限公司").next().unwrap().split("深圳").nth(1).unwrap().chars().count(), 4);
    }

    #[test]
    fn other_readings_follow_and_figures_stay() {
        let facts = [
            json!({"s": ["Heron"], "p": "raised", "amount": 5, "or": [{"s": ["Heron"], "p": "owns", "o": ["Kestrel9"]}]}),
        ];
        let (text, facts) = swapped(&facts, "Heron and Kestrel9");
        assert_eq!(
            format!("{} and {}", facts[0]["s"][0].as_str().unwrap(), facts[0]["or"][0]["o"][0].as_str().unwrap()),
            text
        );
        assert!(text.ends_with('9') && facts[0]["amount"] == 5);
    }

    proptest! {
        #[test]
        fn a_new_name_has_the_shape_of_the_old(name in "[A-Z][a-z]{2,8}( [A-Z]{2,4})?( [A-Z][a-z]{3,9})?( Bank| Ltd| AG)?", seed in any::<u64>()) {
            let known = known();
            let mut chance = Chance::new(seed);
            let new = Inventor::new("", &known, &mut chance).firm(&name);
            let shape = |name: &str| name.chars().map(|c| match c {
                'A'..='Z' => 'A',
                'a'..='z' => 'a',
                other => other,
            }).collect::<String>();
            prop_assert_eq!(shape(&new), shape(&name));
            for ending in [" Bank", " Ltd", " AG"] {
                prop_assert!(!name.ends_with(ending) || new.ends_with(ending));
            }
        }

        #[test]
        fn what_is_no_name_stays(text in "[a-z 的了在0-9.,。]{0,60}", seed in any::<u64>()) {
            let facts = [json!({"s": ["Heron Bank"], "p": "owns", "o": ["鹭行"]})];
            let known = known();
            let swap = Swap::new(&facts, &text, &known, &mut Chance::new(seed));
            prop_assert_eq!(swap.exchange(&text), text);
        }

        #[test]
        fn the_same_seed_gives_the_same_names(seed in any::<u64>()) {
            let facts = [json!({"s": ["Heron Bank", "鹭行银行"], "p": "owns", "o": ["Kestrel"]})];
            let known = known();
            let text = |seed| Swap::new(&facts, "", &known, &mut Chance::new(seed)).exchange("Heron Bank 鹭行银行 Kestrel");
            prop_assert_eq!(text(seed), text(seed));
        }
    }
}
