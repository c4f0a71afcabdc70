//! What holds of every text: it never makes the engine fail, a quote is the slice that it names, and the
//! same bytes give the same claims.

use std::sync::LazyLock;

use crate::common::extractor;
use guanxi_extract::{Extractor, Input, write_assertions};
use guanxi_model::{Argument, Claim, Confidence, Extraction, Object, Span};
use proptest::prelude::*;

static EXTRACTOR: LazyLock<Extractor> = LazyLock::new(extractor);

/// Pieces that meet in news, and some that should not.
fn piece() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "Skagen Bank",
        "Jane Roe",
        "北岸集团",
        "海棠科技",
        "the company",
        "公司",
        "acquired",
        "收购",
        "持有",
        "35%",
        "$3.5 million",
        "1.2亿元",
        "raised",
        "led by",
        "，",
        "。",
        ". ",
        ", ",
        " and ",
        "、",
        "(",
        ")",
        "（",
        "）",
        "“",
        "”",
        "《",
        "》",
        "\n",
        "\n\n",
        "• ",
        " - ",
        "2025-03-04",
        "2025年3月",
        "CEO",
        "董事长",
        "王明",
        "of",
        "'s",
        "’s",
        "Inc.",
        "Ltd",
        "有限公司",
        "will",
        "拟",
        "not",
        "否认",
        "\t",
        "|",
        "%",
        "$",
        "-",
        "\u{FEFF}",
        "\u{200B}",
        "é",
        "🙂",
        "\u{0301}",
        "\r\n",
        "---\n",
        "respectively",
        "分别",
        "百分之三十",
        "---",
        "[3]",
        "<N>",
    ])
    .prop_map(str::to_owned);
    prop_oneof![8 => known, 1 => any::<String>(), 1 => "[ -~]{0,12}"]
}

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec((piece(), prop::bool::ANY), 0..60)
        .prop_map(|pieces| pieces.into_iter().map(|(piece, spaced)| if spaced { piece + " " } else { piece }).collect())
}

/// What the properties found once.
#[test]
fn marks_alone_name_nothing() {
    for text in ["《“》", "“《》”", "《》", "「”」", "(“)", "《…》"] {
        let extraction = EXTRACTOR.extract(&Input::text("a.txt", text.as_bytes()));
        assert!(extraction.claims.is_empty(), "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn text_never_fails_and_quotes_are_slices(text in text()) {
        let extraction = EXTRACTOR.extract(&Input::text("a.txt", text.as_bytes()));
        // A byte-order mark is taken off before offsets are counted.
        let characters: Vec<char> = text.strip_prefix('\u{FEFF}').unwrap_or(&text).chars().collect();
        for claim in &extraction.claims {
            prop_assert_eq!(&slice(&characters, claim.evidence.span), &claim.evidence.text);
            prop_assert!(claim.sentence.contains(claim.evidence.span), "{:?} outside its sentence", claim.evidence);
            for argument in arguments(claim) {
                if let Some(span) = argument.span {
                    prop_assert_eq!(&slice(&characters, span), &argument.text);
                }
                prop_assert!(extraction.entities.iter().any(|entity| entity.id == argument.entity));
            }
        }
    }

    #[test]
    fn the_same_bytes_give_the_same_lines(text in text()) {
        let read = || lines(&EXTRACTOR.extract(&Input::text("a.txt", text.as_bytes())));
        prop_assert_eq!(read(), read());
    }

    #[test]
    fn bytes_never_fail(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = EXTRACTOR.extract(&Input::text("a.bin", &bytes));
    }
}

fn lines(extraction: &Extraction) -> Vec<u8> {
    let mut out = Vec::new();
    write_assertions(extraction, Confidence::from_thousandths(0), &mut out).unwrap();
    out
}

fn slice(characters: &[char], span: Span) -> String {
    characters[span.start as usize..span.end as usize].iter().collect()
}

fn arguments(claim: &Claim) -> Vec<&Argument> {
    match &claim.object {
        Object::Entity(object) => vec![&claim.subject, object],
        Object::Value(_) => vec![&claim.subject],
    }
}
