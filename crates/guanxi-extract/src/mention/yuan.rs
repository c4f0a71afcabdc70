//! Whose money a bare 元 is.

use std::cell::OnceCell;

use memchr::memmem;

/// The currency of a bare 元 in a text, looked for once a figure has one.
pub(crate) struct Yuan<'a> {
    text: &'a str,
    code: OnceCell<&'static str>,
}

impl<'a> Yuan<'a> {
    pub(crate) fn of(text: &'a str) -> Self {
        Self { text, code: OnceCell::new() }
    }

    /// The Taiwan dollar in a text of Taiwan, the Hong Kong dollar in one of Hong Kong, else the renminbi.
    pub(super) fn code(&self) -> &'static str {
        self.code.get_or_init(|| code_in(self.text))
    }
}

const OF_TAIWAN: [&str; 11] =
    ["新台幣", "新臺幣", "台北", "臺北", "台灣", "臺灣", "金管會", "證交所", "新竹", "公平會", "上櫃"];
const OF_HONG_KONG: [&str; 7] = ["港元", "港交所", "聯交所", "金管局", "證監會", "本港", "港股"];

fn code_in(text: &str) -> &'static str {
    let says = |words: &[&str]| words.iter().any(|word| memmem::find(text.as_bytes(), word.as_bytes()).is_some());
    if says(&OF_TAIWAN) {
        "TWD"
    } else if says(&OF_HONG_KONG) {
        "HKD"
    } else {
        "CNY"
    }
}
