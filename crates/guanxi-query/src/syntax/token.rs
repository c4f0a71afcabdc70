//! SPARQL text to tokens, forgivingly: what is broken becomes a token too.

use std::ops::Range;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A bare word: keyword, function name, `a`, `true`, or a mistake.
    Word,
    /// `?name` or `$name`.
    Variable,
    /// `prefix:local`, `prefix:` or `:local`.
    Prefixed,
    /// `<…>`.
    Iri,
    /// A quoted string, whole.
    String,
    /// A number.
    Number,
    /// `_:b`.
    Blank,
    /// `@en`.
    Language,
    /// Brackets and operators.
    Punctuation,
    /// A string or IRI without its end.
    Unclosed,
    /// A character that SPARQL has no use for.
    Foreign,
}

/// One token and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub kind: Kind,
    pub text: &'a str,
    /// Byte offset of its first character.
    pub start: usize,
}

impl Token<'_> {
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }

    pub fn range(&self) -> Range<usize> {
        self.start..self.end()
    }

    pub fn is(&self, punctuation: &str) -> bool {
        self.kind == Kind::Punctuation && self.text == punctuation
    }

    pub fn is_word(&self, keyword: &str) -> bool {
        self.kind == Kind::Word && self.text.eq_ignore_ascii_case(keyword)
    }
}

/// Every token of `text`; white space and comments are left out.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        if matches!(first, ' ' | '\t' | '\r' | '\n') {
            at += 1;
        } else if first == '#' {
            at += rest.find('\n').unwrap_or(rest.len());
        } else {
            let (kind, length) = token(rest, first);
            found.push(Token { kind, text: &rest[..length], start: at });
            at += length;
        }
    }
    found
}

fn token(rest: &str, first: char) -> (Kind, usize) {
    match first {
        '?' | '$' => match name_length(&rest[1..]) {
            0 => (Kind::Punctuation, 1),
            length => (Kind::Variable, 1 + length),
        },
        '"' | '\'' => string(rest, first),
        '<' => iri_or_operator(rest),
        '@' => (
            Kind::Language,
            1 + rest[1..].find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(rest.len() - 1),
        ),
        '0'..='9' => (Kind::Number, number_length(rest)),
        '.' if rest[1..].starts_with(|c: char| c.is_ascii_digit()) => (Kind::Number, 1 + number_length(&rest[1..])),
        ':' => (Kind::Prefixed, 1 + local_length(&rest[1..])),
        '_' if rest.starts_with("_:") => (Kind::Blank, 2 + name_length(&rest[2..])),
        '{' | '}' | '(' | ')' | '[' | ']' | '.' | ';' | ',' | '*' | '+' | '-' | '/' | '=' => (Kind::Punctuation, 1),
        '>' | '!' => (Kind::Punctuation, if rest[1..].starts_with('=') { 2 } else { 1 }),
        '|' => (Kind::Punctuation, if rest.starts_with("||") { 2 } else { 1 }),
        '&' if rest.starts_with("&&") => (Kind::Punctuation, 2),
        '^' => (Kind::Punctuation, if rest.starts_with("^^") { 2 } else { 1 }),
        _ => word_or_prefixed(rest, first),
    }
}

fn string(rest: &str, quote: char) -> (Kind, usize) {
    let long = &[quote; 3].iter().collect::<String>();
    let (delimiter, long) = if rest.starts_with(long) { (long.as_str(), true) } else { (&rest[..1], false) };
    let mut at = delimiter.len();
    while at < rest.len() {
        if rest[at..].starts_with(delimiter) {
            return (Kind::String, at + delimiter.len());
        }
        let mut characters = rest[at..].chars();
        match characters.next() {
            Some('\n') if !long => return (Kind::Unclosed, at),
            Some('\\') => at += 1 + characters.next().map_or(0, char::len_utf8),
            Some(other) => at += other.len_utf8(),
            None => break,
        }
    }
    (Kind::Unclosed, rest.len())
}

/// `<` opens an IRI if `>` comes before anything that no IRI holds. Otherwise it is less-than, unless what
/// follows reads like the start of an IRI.
fn iri_or_operator(rest: &str) -> (Kind, usize) {
    let stop = rest[1..].find(|c: char| c.is_whitespace() || "<>\"{}|^`\\".contains(c)).map_or(rest.len(), |at| at + 1);
    if rest[stop..].starts_with('>') {
        return (Kind::Iri, stop + 1);
    }
    let body = &rest[1..stop];
    let scheme = body.find(':').is_some_and(|colon| {
        colon > 1 && body[..colon].chars().all(|c| c.is_ascii_alphanumeric()) && body[colon + 1..].starts_with("//")
    });
    match scheme {
        true => (Kind::Unclosed, stop),
        false => (Kind::Punctuation, if body.starts_with('=') { 2 } else { 1 }),
    }
}

fn word_or_prefixed(rest: &str, first: char) -> (Kind, usize) {
    let length = name_length(rest);
    if length == 0 {
        return (Kind::Foreign, first.len_utf8());
    }
    let dashed = length + dashed_length(&rest[length..]);
    if rest[dashed..].starts_with(':') {
        return (Kind::Prefixed, dashed + 1 + local_length(&rest[dashed + 1..]));
    }
    (Kind::Word, length)
}

fn name_length(text: &str) -> usize {
    text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len())
}

/// The rest of a prefix such as `fibo-be-le`, which may hold dashes and dots where a variable may not.
fn dashed_length(text: &str) -> usize {
    text.find(|c: char| !(c.is_alphanumeric() || "_-.".contains(c))).unwrap_or(text.len())
}

fn local_length(text: &str) -> usize {
    let mut length = 0;
    let mut characters = text.char_indices();
    while let Some((at, c)) = characters.next() {
        match c {
            '\\' => length = at + 1 + characters.next().map_or(0, |(_, escaped)| escaped.len_utf8()),
            c if c.is_alphanumeric() || "_-:%.".contains(c) => length = at + c.len_utf8(),
            _ => break,
        }
    }
    text[..length].trim_end_matches('.').len()
}

fn number_length(text: &str) -> usize {
    let length = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '.')).unwrap_or(text.len());
    text[..length].trim_end_matches('.').len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        tokens(text).iter().map(|token| format!("{:?}({}) ", token.kind, token.text)).collect()
    }

    #[test]
    fn the_kinds_are_told_apart() {
        assert_eq!(
            shown("SELECT ?x { ?x gx:owns/a-b:c.d <i#x> . } # end"),
            "Word(SELECT) Variable(?x) Punctuation({) Variable(?x) Prefixed(gx:owns) Punctuation(/) Prefixed(a-b:c.d) \
             Iri(<i#x>) Punctuation(.) Punctuation(}) "
        );
        assert_eq!(
            shown("?a<3 && ?b<=?c \"x\\\"y\"@zh-Hans 1.5e3. '''a\n'b'''^^xsd:date"),
            "Variable(?a) Punctuation(<) Number(3) Punctuation(&&) Variable(?b) Punctuation(<=) Variable(?c) \
             String(\"x\\\"y\") Language(@zh-Hans) Number(1.5e3) Punctuation(.) String('''a\n'b''') Punctuation(^^) \
             Prefixed(xsd:date) "
        );
    }

    #[test]
    fn what_is_broken_becomes_a_token() {
        assert_eq!(shown("\"open\n}"), "Unclosed(\"open) Punctuation(}) ");
        assert_eq!(shown("<https://e.org/a ?x"), "Unclosed(<https://e.org/a) Variable(?x) ");
        assert_eq!(shown("？x；"), "Foreign(？) Word(x) Foreign(；) ");
        assert_eq!(
            shown("{\u{3000}?x\u{a0}}"),
            "Punctuation({) Foreign(\u{3000}) Variable(?x) Foreign(\u{a0}) Punctuation(}) "
        );
        for odd in ["\\", "\"\\", "@", "?", "<", "'''", "_:", ":", "&", "é:", "\"é\\"] {
            let spelt: String = tokens(odd).iter().map(|token| token.text).collect();
            assert_eq!(spelt, odd);
        }
    }
}
