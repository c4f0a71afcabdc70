//! Whose money a bare 元 is, and whose rupees, kroner and pesos.

use std::cell::OnceCell;

use memchr::memmem;

/// The currencies that a text means by words of several countries, looked for once a figure has one.
pub(crate) struct LocalCurrency<'a> {
    text: &'a str,
    yuan: OnceCell<&'static str>,
}

impl<'a> LocalCurrency<'a> {
    pub(crate) fn of(text: &'a str) -> Self {
        Self { text, yuan: OnceCell::new() }
    }

    /// The Taiwan dollar in a text of Taiwan, the Hong Kong dollar in one of Hong Kong, else the renminbi.
    pub(super) fn yuan(&self) -> &'static str {
        self.yuan.get_or_init(|| yuan_in(self.text))
    }

    /// The code of a word that several countries have for their money: that of the country that the text names most, else
    /// `code`, which the international press means by it.
    pub(super) fn of_word<'c>(&self, word: &str, code: &'c str) -> &'c str {
        let lower = word.to_lowercase();
        let Some((_, countries)) = SHARED.iter().find(|(words, _)| words.contains(&&*lower)) else { return code };
        let named = |marks: &[&str]| -> usize {
            marks.iter().map(|mark| memmem::find_iter(self.text.as_bytes(), mark.as_bytes()).count()).sum()
        };
        let usual = countries.iter().find(|(of, _)| *of == code).map_or(0, |(_, marks)| named(marks));
        let most = countries.iter().rev().max_by_key(|(_, marks)| named(marks));
        most.filter(|(_, marks)| named(marks) > usual).map_or(code, |(of, _)| of)
    }
}

/// A currency with what the text names of its country.
type Country = (&'static str, &'static [&'static str]);

/// Words of several countries, with these.
const SHARED: [(&[&str], &[Country]); 3] = [
    (
        &["rs", "rupee", "rupees", "卢比", "盧比"],
        &[
            ("INR", &["India", "Mumbai", "Delhi", "Bengaluru", "印度"]),
            ("PKR", &["Pakistan", "Karachi", "Lahore", "Islamabad", "巴基斯坦"]),
            ("LKR", &["Sri Lanka", "Colombo", "斯里兰卡", "斯里蘭卡"]),
            ("NPR", &["Nepal", "Kathmandu", "尼泊尔", "尼泊爾"]),
            ("MUR", &["Mauriti", "Port Louis", "毛里求斯"]),
        ],
    ),
    (&["kroner", "krone"], &[("DKK", &["Denmark", "Danish", "Copenhagen"]), ("NOK", &["Norway", "Norwegian", "Oslo"])]),
    (
        &["peso", "pesos"],
        &[
            ("MXN", &["Mexic", "México"]),
            ("ARS", &["Argentin", "Buenos Aires"]),
            ("CLP", &["Chile", "Santiago"]),
            ("COP", &["Colombia", "Bogot"]),
            ("DOP", &["Dominican", "Santo Domingo"]),
            ("PHP", &["Philippine", "Manila", "Filipin"]),
            ("UYU", &["Uruguay", "Montevideo"]),
        ],
    ),
];

const OF_TAIWAN: [&str; 11] =
    ["新台幣", "新臺幣", "台北", "臺北", "台灣", "臺灣", "金管會", "證交所", "新竹", "公平會", "上櫃"];
const OF_HONG_KONG: [&str; 7] = ["港元", "港交所", "聯交所", "金管局", "證監會", "本港", "港股"];

fn yuan_in(text: &str) -> &'static str {
    let says = |words: &[&str]| words.iter().any(|word| memmem::find(text.as_bytes(), word.as_bytes()).is_some());
    if says(&OF_TAIWAN) {
        "TWD"
    } else if says(&OF_HONG_KONG) {
        "HKD"
    } else {
        "CNY"
    }
}
