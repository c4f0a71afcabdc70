//! Identifiers that a text writes behind a name: "Acme AG (LEI: 5299…; NYSE: ACM)", 统一社会信用代码：9131….
//!
//! Nothing but signs and words for it may stand between a name and its identifier, and check digits must hold; a ticker
//! has none, and counts in brackets alone, behind the exchange's name or before its mark.

use guanxi_model::Identifier;
use guanxi_model::identifier::Kind;

use crate::reading::Reading;
use crate::units::{Mention, MentionKind};

/// What an identifier is called, in small letters; longer ones first where one begins another.
const LABELS: [&str; 21] = [
    "legal entity identifier",
    "unified social credit code",
    "social credit code",
    "isin code",
    "isin no.",
    "isin",
    "lei code",
    "lei no.",
    "lei",
    "code",
    "number",
    "with",
    "统一社会信用代码",
    "统一社会信用编号",
    "社会信用代码",
    "信用代码",
    "法人机构识别编码",
    "编码",
    "代码",
    "编号",
    "为",
];

/// Marks of exchanges behind a ticker, with the code of the market.
const MARKS: [(&str, &str); 4] = [(".SH", "XSHG"), (".SZ", "XSHE"), (".BJ", "BJSE"), (".HK", "XHKG")];

/// Each identifier with the entity of the registry behind whose name it stands.
pub(crate) fn found(reading: &Reading<'_>) -> Vec<(u32, Identifier)> {
    let mut found = Vec::new();
    for (sentence, mentions) in reading.sentences.iter().zip(&reading.mentions) {
        let end = reading.tokens[sentence.end as usize - 1].end;
        for mention in mentions {
            let MentionKind::Name { entity } = mention.kind else { continue };
            let entity = reading.registry.root(entity);
            let behind = Behind { reading, mentions, end };
            // The brackets behind a name may have been read as another name of it.
            for at in [mention.name_end, mention.end] {
                let at = reading.tokens[at as usize - 1].end;
                found.extend(behind.identifiers(at).into_iter().map(|identifier| (entity, identifier)));
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

/// What stands behind a name.
struct Behind<'r, 'a> {
    reading: &'r Reading<'a>,
    mentions: &'r [Mention],
    /// Where the sentence ends.
    end: u32,
}

impl Behind<'_, '_> {
    fn identifiers(&self, from: u32) -> Vec<Identifier> {
        let mut identifiers = Vec::new();
        let mut at = from;
        loop {
            let label = self.after(at, |rest| without(rest, is_sign));
            let start = self.after(label, without_labels);
            let written = self.rest(start);
            let length = written.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(written.len());
            let checked = Identifier::recognize(&written[..length]).filter(|_| start > from);
            if let Some(identifier) = checked.filter(|known| known.kind() != Kind::Wikidata) {
                identifiers.push(identifier);
                at = start + length as u32;
            } else if let Some((identifier, length)) = self.ticker(from, label) {
                identifiers.push(identifier);
                at = label + length;
            } else {
                return identifiers;
            }
        }
    }

    /// `NYSE: ACM` or `600519.SH`, where brackets were opened behind the name, and its length.
    fn ticker(&self, from: u32, at: u32) -> Option<(Identifier, u32)> {
        let is_in_brackets = self.reading.text.slice(from, at).contains(['(', '（']);
        let written = self.rest(at);
        let exchange = self.mentions.iter().find(|mention| self.start(mention) == at);
        let (mic, start) = match exchange.map(|mention| (mention, &mention.kind)) {
            Some((mention, MentionKind::Name { entity })) => {
                let end = self.reading.tokens[mention.end as usize - 1].end;
                let behind = self.after(end, |rest| without(rest, |c| c.is_whitespace() || matches!(c, ':' | '：')));
                (self.reading.registry.mic(*entity).filter(|_| behind > end)?, behind)
            }
            _ => (MARKS.iter().find(|(mark, _)| behind_ticker(written).starts_with(mark))?.1.to_owned(), at),
        };
        let ticker = &self.rest(start)[..self.rest(start).len() - behind_ticker(self.rest(start)).len()];
        let identifier = Identifier::parse(Kind::Ticker, &format!("{mic}:{ticker}")).ok()?;
        let mark = MARKS.iter().find(|(mark, _)| self.rest(start)[ticker.len()..].starts_with(mark));
        let length = start - at + (ticker.len() + mark.map_or(0, |(mark, _)| mark.len())) as u32;
        (is_in_brackets && !ticker.is_empty()).then_some((identifier, length))
    }

    fn start(&self, mention: &Mention) -> u32 {
        self.reading.tokens[mention.start as usize].start
    }

    /// Where what is left of the sentence begins.
    fn after(&self, at: u32, left: impl Fn(&str) -> &str) -> u32 {
        self.end - left(self.rest(at)).len() as u32
    }

    fn rest(&self, at: u32) -> &str {
        if at < self.end { self.reading.text.slice(at, self.end) } else { "" }
    }
}

/// Letters in capitals and digits come before it.
fn behind_ticker(written: &str) -> &str {
    without(written, |c| c.is_ascii_uppercase() || c.is_ascii_digit())
}

fn without(rest: &str, is_sign: impl Fn(char) -> bool) -> &str {
    rest.trim_start_matches(is_sign)
}

fn without_labels(mut rest: &str) -> &str {
    let label = |rest: &str| {
        LABELS.iter().find(|label| rest.get(..label.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(label)))
    };
    while let Some(label) = label(rest) {
        rest = without(&rest[label.len()..], is_sign);
    }
    rest
}

/// Full stops end what is said of a name.
fn is_sign(character: char) -> bool {
    character.is_whitespace()
        || matches!(character, '(' | '（' | '[' | '【' | ':' | '：' | ',' | '，' | '、' | ';' | '；' | '/' | '-' | '–')
}
