//! Names and quotes in DOT: escaped, cut into lines.

/// A DOT string. Entities are written out, since Graphviz copies a bare `&` into the SVG, which then is no XML.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

pub(super) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars().filter(|&c| !is_unprintable(c)) {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\\' => safe.push_str("\\\\"),
            other => safe.push(other),
        }
    }
    safe
}

/// Control characters, and what XML 1.0 forbids.
pub(super) fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{2028}' | '\u{2029}' | '\u{fffe}' | '\u{ffff}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
        )
}

pub(super) fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// A name for an HTML label, in lines: Chinese at about every eighth character, Latin at spaces.
pub(super) fn wrapped(name: &str) -> String {
    markup(&lines(name))
}

/// Several short texts for an HTML label, as many to a line as fit.
pub(super) fn wrapped_parts(parts: &[&str]) -> String {
    let mut all: Vec<String> = Vec::new();
    for part in parts {
        let mut lines = lines(part).into_iter();
        match (all.last_mut(), lines.next()) {
            (Some(line), Some(first)) if width(line) + width(&first) + 3 <= LINE => *line += &format!(" · {first}"),
            (_, Some(first)) => all.push(first),
            (_, None) => {}
        }
        all.extend(lines);
    }
    markup(&all)
}

/// Greatest width of a line, a Chinese character counting two.
const LINE: usize = 20;

fn markup(lines: &[String]) -> String {
    lines.iter().map(|line| escaped(line)).collect::<Vec<_>>().join("<br/>")
}

fn lines(name: &str) -> Vec<String> {
    const MOST_CHARACTERS: usize = 96;
    let name: String = shortened(name, MOST_CHARACTERS).chars().filter(|&c| !is_unprintable(c)).collect();
    let mut lines: Vec<String> = Vec::new();
    for word in name.split_whitespace() {
        for (at, piece) in pieces(word).into_iter().enumerate() {
            // The pieces of one word follow each other without a space.
            let separator = if at == 0 { " " } else { "" };
            match lines.last_mut() {
                Some(line) if width(line) + separator.len() + width(&piece) <= LINE => {
                    line.push_str(separator);
                    line.push_str(&piece);
                }
                _ => lines.push(piece),
            }
        }
    }
    lines
}

/// Cuts a long run without spaces into about even pieces: Chinese of up to eight characters, other script of thirty.
fn pieces(word: &str) -> Vec<String> {
    let characters: Vec<char> = word.chars().collect();
    let most = if characters.iter().any(|&c| is_wide(c)) { 8 } else { 30 };
    let mut pieces = Vec::new();
    let mut rest = &characters[..];
    while rest.len() > most {
        let even = rest.len().div_ceil(rest.len().div_ceil(most));
        let (piece, after) = rest.split_at(natural_cut(rest, even));
        pieces.push(piece.iter().collect());
        rest = after;
    }
    pieces.push(rest.iter().collect());
    pieces
}

/// Before these a Chinese name falls into parts.
const WORDS: [&str; 13] =
    ["（", "(", "《", "股份有限", "监督", "管理", "暂行", "业务", "办法", "规定", "条例", "委员会", "总局"];

/// A place near `even` where a Chinese company name or an id falls into parts, else `even` itself.
fn natural_cut(characters: &[char], even: usize) -> usize {
    let reach = if characters.iter().any(|&c| is_wide(c)) { 2 } else { 8 };
    let is_natural = |at: &usize| {
        let (before, after) = (characters[at - 1], &characters[*at..]);
        let begins = |part: &str| after.iter().copied().take(part.chars().count()).eq(part.chars());
        "）)》、，-/".contains(before) || WORDS.into_iter().any(begins) || (begins("有限公司") && before != '份')
    };
    let near = (even.saturating_sub(reach).max(1)..=(even + reach).min(characters.len() - 1)).filter(is_natural);
    near.min_by_key(|at| at.abs_diff(even)).unwrap_or(even)
}

fn width(text: &str) -> usize {
    text.chars().map(|c| if is_wide(c) { 2 } else { 1 }).sum()
}

/// Chinese characters and full-width signs.
fn is_wide(c: char) -> bool {
    matches!(c as u32, 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xfe30..=0xfe4f | 0xff00..=0xff60 | 0x20000..=0x3fffd)
}
