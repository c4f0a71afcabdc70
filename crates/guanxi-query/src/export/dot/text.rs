//! Names and quotes in DOT: escaped, cut into lines.

/// A DOT string. Entities are written out, since Graphviz copies a bare `&` into the SVG, which then is no XML.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

/// A DOT string of several lines, for a tooltip.
pub(super) fn quoted_lines<'t>(lines: impl Iterator<Item = &'t str>) -> String {
    let lines: Vec<String> = lines.map(escaped).collect();
    format!("\"{}\"", lines.join("&#10;"))
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

/// Control characters, what XML 1.0 forbids or discourages, and what turns the direction of the text around it.
pub(super) fn is_unprintable(c: char) -> bool {
    let is_noncharacter = c as u32 & 0xfffe == 0xfffe || matches!(c, '\u{fdd0}'..='\u{fdef}');
    let turns = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    c.is_control()
        || is_noncharacter
        || turns
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
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

/// The same of a name so long that it would make a tower.
const LONG_LINE: usize = 32;

fn markup(lines: &[String]) -> String {
    lines.iter().map(|line| escaped(line)).collect::<Vec<_>>().join("<br/>")
}

fn lines(name: &str) -> Vec<String> {
    const MOST_CHARACTERS: usize = 160;
    let name: String = shortened(name, MOST_CHARACTERS).chars().filter(|&c| !is_unprintable(c)).collect();
    let line = (width(&name) / 3).clamp(LINE, LONG_LINE);
    let mut lines: Vec<String> = Vec::new();
    for word in name.split_whitespace() {
        for (at, piece) in pieces(word).into_iter().enumerate() {
            // The pieces of one word follow each other without a space.
            let separator = if at == 0 { " " } else { "" };
            match lines.last_mut() {
                Some(last) if width(last) + separator.len() + width(&piece) <= line => {
                    last.push_str(separator);
                    last.push_str(&piece);
                }
                _ => lines.push(piece),
            }
        }
    }
    lines
}

/// Cuts a long run without spaces into about even pieces: Chinese of about eight characters, other script of thirty.
fn pieces(word: &str) -> Vec<String> {
    let characters: Vec<char> = word.chars().collect();
    let most = if characters.iter().any(|&c| is_wide(c)) { 8 } else { 30 };
    let places = places_to_cut(&characters);
    let mut pieces = Vec::new();
    let mut start = 0;
    while characters.len() - start > most {
        let rest = characters.len() - start;
        let even = start + rest.div_ceil(rest.div_ceil(most));
        let near = places.iter().copied().filter(|&place| place > start && place.abs_diff(even) <= most / 4);
        let cut = near.min_by_key(|&place| place.abs_diff(even)).unwrap_or(even);
        pieces.push(characters[start..cut].iter().collect());
        start = cut;
    }
    pieces.push(characters[start..].iter().collect());
    pieces
}

/// Where a Chinese name falls into words, and an id into parts.
fn places_to_cut(characters: &[char]) -> Vec<usize> {
    if !characters.iter().any(|&c| is_wide(c)) {
        return (1..characters.len()).filter(|&at| "-_/".contains(characters[at - 1])).collect();
    }
    let is_latin = |at: usize| characters.get(at).is_some_and(char::is_ascii_alphanumeric);
    let tears = |at: usize| {
        is_latin(at - 1) && is_latin(at)
            || "）)》」”、，。".contains(characters[at])
            || "（(《「“".contains(characters[at - 1])
    };
    let starts = guanxi_names::segment(characters, &[]).into_iter().map(|word| word.start);
    starts.filter(|&at| at > 0 && !tears(at)).collect()
}

fn width(text: &str) -> usize {
    text.chars().map(|c| if is_wide(c) { 2 } else { 1 }).sum()
}

/// Chinese characters and full-width signs.
fn is_wide(c: char) -> bool {
    matches!(c as u32, 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xfe30..=0xfe4f | 0xff00..=0xff60 | 0x20000..=0x3fffd)
}
