//! What is wrong with a SPARQL query, said so that it can be mended.
//!
//! The parser of spargebra tells the furthest position that it reached and every token that it could have taken
//! there: for `SELEC *`, "expected CONSTRUCT". So after it has refused a text, the text is read again by a forgiving
//! scanner ([`scan`]) that knows the usual mistakes. What it finds is reported; the parser's words are the last resort.

mod scan;
mod token;
mod words;

use std::fmt;
use std::ops::Range;

use token::{Kind, Token};

/// A query that is no SPARQL.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct SyntaxError {
    /// From 1.
    pub line: u32,
    /// From 1, in Unicode scalar values.
    pub column: u32,
    /// Byte range of the offending token in the query; empty only at the end of an empty query.
    pub range: Range<usize>,
    /// What is wrong, without full stop.
    pub message: String,
    /// What to do about it, without full stop.
    pub hint: Option<String>,
}

/// `line 1, column 1: unknown word SELEC (did you mean SELECT?)`
impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.message)?;
        self.hint.iter().try_for_each(|hint| write!(f, " ({hint})"))
    }
}

impl SyntaxError {
    pub(crate) fn at(text: &str, range: Range<usize>, message: impl Into<String>, hint: Option<String>) -> Self {
        let before = &text[..range.start];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Self {
            line: 1 + before.matches('\n').count() as u32,
            column: 1 + before[line_start..].chars().count() as u32,
            range,
            message: message.into(),
            hint,
        }
    }
}

/// The word among these that `word` was probably meant to be.
pub(crate) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    words::nearest(word, candidates)
}

/// What a check has found.
#[derive(Debug)]
struct Finding {
    range: Range<usize>,
    message: String,
    hint: Option<String>,
    /// An opened bracket that finds no partner may only be the echo of another mistake further on.
    echo: bool,
}

impl Finding {
    fn new(range: Range<usize>, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { range, message: message.into(), hint: Some(hint.into()), echo: false }
    }
}

/// The best account of why `text` is no query, given what the parser said of it (`error at LINE:COLUMN: expected …`).
///
/// `prefixes` are those that need no declaration.
pub(crate) fn diagnose(text: &str, parser: &str, prefixes: &[(&str, String)]) -> SyntaxError {
    let tokens = token::tokens(text);
    let structure = scan::structure(&tokens).err();
    let (echo, structure) = match structure {
        Some(finding) if finding.echo => (Some(finding), None),
        other => (None, other),
    };
    // What is around a broken token looks broken too, so it goes first.
    let next = [undeclared_prefix(&tokens, prefixes), structure];
    let next = next.into_iter().flatten().min_by_key(|finding| finding.range.start);
    match broken_token(&tokens).or(next).or(echo) {
        Some(finding) => SyntaxError::at(text, finding.range, finding.message, finding.hint),
        None => in_the_parsers_words(text, &tokens, parser),
    }
}

/// The first keyword of the query itself, past PREFIX and BASE, in upper case: `SELECT`, `INSERT`.
pub(crate) fn leading_keyword(text: &str) -> Option<(String, Range<usize>)> {
    let tokens = token::tokens(text);
    let mut at = 0;
    loop {
        let token = tokens.get(at)?;
        if token.is_word("PREFIX") {
            at += 3;
        } else if token.is_word("BASE") {
            at += 2;
        } else {
            return (token.kind == Kind::Word).then(|| (token.text.to_ascii_uppercase(), token.range()));
        }
    }
}

/// The byte range of the first token spelt exactly so, in any case of letters.
pub(crate) fn range_of(text: &str, spelling: &str) -> Option<Range<usize>> {
    token::tokens(text).iter().find(|token| token.text.eq_ignore_ascii_case(spelling)).map(Token::range)
}

fn broken_token(tokens: &[Token<'_>]) -> Option<Finding> {
    tokens.iter().find_map(|token| match token.kind {
        Kind::Unclosed if token.text.starts_with('<') => {
            Some(Finding::new(token.range(), "this IRI is never closed", "end it with `>`"))
        }
        Kind::Unclosed => {
            let delimiter = words::delimiter(token.text);
            Some(Finding::new(token.range(), "this text is never closed", format!("end it with `{delimiter}`")))
        }
        Kind::Foreign => Some(foreign_character(token)),
        _ => None,
    })
}

fn foreign_character(token: &Token<'_>) -> Finding {
    let code = token.text.chars().next().map_or(0, u32::from);
    match token.text.chars().next() {
        Some(c) if c.is_whitespace() => {
            let message = format!("this space (U+{code:04X}) is none of SPARQL's");
            Finding::new(token.range(), message, "write a plain space")
        }
        Some('\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}') => {
            let message = format!("here stands a character that cannot be seen (U+{code:04X})");
            Finding::new(token.range(), message, "take it out")
        }
        _ => {
            let hint = words::ascii_twin(token.text).map(|twin| format!("write the plain `{twin}`"));
            let message = format!("`{}` is no character of SPARQL", token.text);
            Finding { hint, ..Finding::new(token.range(), message, "") }
        }
    }
}

fn undeclared_prefix(tokens: &[Token<'_>], prefixes: &[(&str, String)]) -> Option<Finding> {
    let mut known: Vec<&str> = prefixes.iter().map(|(prefix, _)| *prefix).collect();
    for (at, token) in tokens.iter().enumerate().filter(|(_, token)| token.kind == Kind::Prefixed) {
        let prefix = token.text.split(':').next().unwrap_or_default();
        if at > 0 && tokens[at - 1].is_word("PREFIX") {
            known.push(prefix);
        } else if !known.contains(&prefix) {
            let end = token.start + prefix.len() + 1;
            let hint = match words::nearest(prefix, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}:`?"),
                None => format!("declare it first: PREFIX {prefix}: <…>"),
            };
            return Some(Finding::new(token.start..end, format!("the prefix `{prefix}:` is not declared"), hint));
        }
    }
    None
}

/// The rules that concern a query as a whole, in the parser's words; what to say of them, and what to do.
const WHOLE_QUERY: &[(&str, &str, &str)] = &[
    (
        "The SELECT contains a variable that is unbound",
        "SELECT names a variable that GROUP BY does not keep",
        "add it to GROUP BY, or take one of its values: (SAMPLE(?x) AS ?any)",
    ),
    (
        "The SELECT overrides an existing variable",
        "AS gives a name that the pattern has already",
        "choose a new name after AS",
    ),
    (
        "SELECT * is not authorized with GROUP BY",
        "SELECT * does not go with GROUP BY",
        "name the grouped variables and the aggregates",
    ),
    ("Duplicated variable name in SELECT", "SELECT names a variable twice", "name it once"),
];

/// Where the scanner found nothing: what the parser says, as far as it can be made sense of.
fn in_the_parsers_words(text: &str, tokens: &[Token<'_>], parser: &str) -> SyntaxError {
    let Some(last) = tokens.last() else {
        let hint = "for example: SELECT ?company WHERE { ?company a gx:Company }";
        return SyntaxError::at(text, text.len()..text.len(), "the query is empty", Some(hint.into()));
    };
    let select = tokens.iter().find(|token| token.is_word("SELECT")).unwrap_or(last);
    if let Some((_, message, hint)) = WHOLE_QUERY.iter().find(|(words, ..)| parser.contains(words)) {
        return SyntaxError::at(text, select.range(), *message, Some((*hint).into()));
    }
    let offset = parser_position(parser).and_then(|(line, column)| offset_of(text, line, column));
    match tokens.iter().find(|token| offset.is_some_and(|offset| token.end() > offset)) {
        Some(token) => SyntaxError::at(text, token.range(), format!("`{}` was not expected here", token.text), None),
        None => {
            let hint = "most often BIND or AS gives a name that the pattern has already".to_owned();
            SyntaxError::at(text, select.range(), "the query as a whole is no SPARQL", Some(hint))
        }
    }
}

/// Line and column of `error at 1:36: expected …`.
fn parser_position(message: &str) -> Option<(usize, usize)> {
    let (position, _) = message.strip_prefix("error at ")?.split_once(": ")?;
    let (line, column) = position.split_once(':')?;
    Some((line.parse().ok()?, column.parse().ok()?))
}

fn offset_of(text: &str, line: usize, column: usize) -> Option<usize> {
    let start: usize = text.split_inclusive('\n').take(line.checked_sub(1)?).map(str::len).sum();
    let within = text[start..].chars().take(column.checked_sub(1)?).map(char::len_utf8).sum::<usize>();
    Some(start + within)
}

#[cfg(test)]
mod tests;
