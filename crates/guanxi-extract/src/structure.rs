//! Lines → blocks: which part of which article each line is, so that a menu is never read as news and a
//! bullet knows its heading.

use guanxi_model::{PartialDate, Section};

use crate::scan::is_han;

/// A stretch of text read on its own: a paragraph, a heading, a bullet, a table row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Block {
    /// First byte, behind any bullet.
    pub(crate) start: u32,
    /// One past its last byte.
    pub(crate) end: u32,
    pub(crate) section: Section,
    /// Index into [`Structure::articles`].
    pub(crate) article: u32,
    /// Index of the heading above it.
    pub(crate) heading: Option<u32>,
}

/// One article of the document: files hold several, glued one after the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Article {
    /// From a dateline of its own, else the document's.
    pub(crate) published: Option<PartialDate>,
    /// From a dateline `Publisher · 2025-10-21`.
    pub(crate) publisher: Option<String>,
}

/// The blocks of a document, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Structure {
    pub(crate) blocks: Vec<Block>,
    pub(crate) articles: Vec<Article>,
}

/// Reads the structure of a text off its lines.
pub(crate) fn structure(text: &str, published: Option<PartialDate>) -> Structure {
    let mut reading = Reading {
        structure: Structure { blocks: Vec::new(), articles: vec![Article { published, publisher: None }] },
        heading: None,
        in_bio: false,
        last_headline: None,
    };
    let body = front_matter_end(text);
    reading.front_matter(text, body);
    let mut at = body;
    for line in text[body..].split_inclusive('\n') {
        reading.line(text, at, at + line.len());
        at += line.len();
    }
    reading.structure
}

/// Where the block `---` … `---` at the very start ends, 0 where there is none: every line of it is blank or
/// `key: value`.
fn front_matter_end(text: &str) -> usize {
    let mut at = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let fence = line.trim() == "---";
        if number == 0 && !fence || number > 0 && !fence && !is_metadata(line.trim()) {
            return 0;
        }
        at += line.len();
        if number > 0 && fence {
            return at;
        }
    }
    0
}

fn is_metadata(line: &str) -> bool {
    let is_key =
        |key: &str| !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
    line.is_empty() || line.split_once(':').is_some_and(|(key, _)| is_key(key.trim_end()))
}

struct Reading {
    structure: Structure,
    heading: Option<u32>,
    in_bio: bool,
    last_headline: Option<(usize, usize)>,
}

impl Reading {
    /// Metadata are no text, but for the title: what it names, the story is about.
    fn front_matter(&mut self, text: &str, end: usize) {
        let mut at = 0;
        for line in text[..end].split_inclusive('\n') {
            let title = line.strip_prefix("title:").map(str::trim).filter(|title| !title.is_empty());
            match title {
                Some(title) => {
                    let start = at + line.find(title).unwrap_or(0);
                    self.push(start, start + title.len(), Section::Headline);
                }
                None => self.push(at, at + line.trim_end().len(), Section::Boilerplate),
            }
            at += line.len();
        }
    }

    fn line(&mut self, text: &str, start: usize, end: usize) {
        let line = &text[start..end];
        let trimmed = line.trim();
        if trimmed.is_empty() {
            return;
        }
        let start = start + (line.len() - line.trim_start().len());
        let end = start + trimmed.len();
        if let Some(article) = dateline(trimmed) {
            self.begin_article(start, end, article);
        } else if is_boilerplate(trimmed) {
            self.push(start, end, Section::Boilerplate);
        } else if let Some(bullet) = bullet_length(trimmed) {
            let section = if self.in_bio { Section::Bio } else { Section::List };
            self.push(start + bullet, end, section);
        } else if is_table_row(trimmed) {
            self.push(start, end, Section::Table);
        } else if is_caption(trimmed) {
            self.push(start, end, Section::Caption);
        } else if is_headline(trimmed) {
            self.headline(text, start, end);
        } else {
            self.paragraph(text, start, end);
        }
    }

    fn push(&mut self, start: usize, end: usize, section: Section) {
        let article = self.structure.articles.len() as u32 - 1;
        let heading = self.heading;
        self.structure.blocks.push(Block { start: start as u32, end: end as u32, section, article, heading });
    }

    /// The title of a glued article stands on the line before its dateline: it changes sides.
    fn begin_article(&mut self, start: usize, end: usize, article: Article) {
        self.structure.articles.push(article);
        self.heading = None;
        self.in_bio = false;
        let newest = self.structure.articles.len() as u32 - 1;
        if let Some(title) = self.structure.blocks.last_mut()
            && title.section == Section::Headline
        {
            title.article = newest;
            title.heading = None;
        }
        self.push(start, end, Section::Boilerplate);
    }

    fn headline(&mut self, text: &str, start: usize, end: usize) {
        let words = &text[start..end];
        let repeated = self.last_headline.is_some_and(|(before, stop)| &text[before..stop] == words);
        // An author's name, alone and often twice, stands over the author's story.
        if is_personal_name(words) && repeated {
            self.in_bio = true;
        } else if !is_personal_name(words) {
            self.in_bio = false;
        }
        self.last_headline = Some((start, end));
        self.heading = Some(self.structure.blocks.len() as u32);
        let section = if self.in_bio { Section::Bio } else { Section::Headline };
        self.push(start, end, section);
    }

    fn paragraph(&mut self, text: &str, start: usize, end: usize) {
        let words = &text[start..end];
        if opens_bio(words) {
            self.in_bio = true;
        }
        let section = if self.in_bio { Section::Bio } else { Section::Body };
        for (from, to) in inline_points(text, start, end) {
            self.push(from, to, section);
        }
    }
}

/// Digests glue their points into one line: `Core Insights - First point [3] - Second point`.
///
/// Split only where the dash recurs, so that an aside between two dashes of one sentence stays whole.
fn inline_points(text: &str, start: usize, end: usize) -> Vec<(usize, usize)> {
    const DASH: &str = " - ";
    let line = &text[start..end];
    if line.len() < 300 || line.matches(DASH).count() < 3 {
        return vec![(start, end)];
    }
    let mut points = Vec::new();
    let mut at = start;
    for point in line.split(DASH) {
        if !point.trim().is_empty() {
            points.push((at, at + point.len()));
        }
        at += point.len() + DASH.len();
    }
    points
}

/// `Xin Hua Cai Jing · 2025-10-21 10:50`: publisher, dot, date. Starts an article.
fn dateline(line: &str) -> Option<Article> {
    // The date stands at the end, with at most a clock behind it.
    const CLOCK_AND_DATE: usize = 32;
    let end = &line.as_bytes()[line.len().saturating_sub(CLOCK_AND_DATE)..];
    if !end.iter().any(u8::is_ascii_digit) {
        return None;
    }
    let (publisher, rest) = line.split_once(['·', '|', '•', '丨'])?;
    let (publisher, rest) = (publisher.trim(), rest.trim());
    let date: PartialDate = rest.get(..10)?.parse().ok()?;
    let clock = &rest[10..];
    let short = publisher.chars().count() <= 40 && clock.len() <= 20 && !publisher.is_empty();
    short.then(|| Article { published: Some(date), publisher: Some(publisher.to_owned()) })
}

fn bullet_length(line: &str) -> Option<usize> {
    let first = line.chars().next()?;
    let after = first.len_utf8();
    let gap = line[after..].len() - line[after..].trim_start().len();
    if matches!(first, '•' | '●' | '▪' | '◦' | '·' | '■' | '◆' | '➤' | '►' | '–' | '—')
        && !line[after..].starts_with(first)
    {
        return Some(after + gap);
    }
    if matches!(first, '-' | '*') && gap > 0 {
        return Some(after + gap);
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let mark = line[digits..].chars().next()?;
    let after = digits + mark.len_utf8();
    if (1..=2).contains(&digits)
        && matches!(mark, '.' | ')' | '、' | '．')
        && !line[after..].starts_with(|c: char| c.is_ascii_digit())
    {
        let gap = line[after..].len() - line[after..].trim_start().len();
        return (gap > 0 || mark == '、' || mark == '．').then_some(after + gap);
    }
    None
}

fn is_table_row(line: &str) -> bool {
    let holds = |byte| memchr::memchr(byte, line.as_bytes()).is_some();
    holds(b'\t') && line.matches('\t').count() >= 2
        || holds(b'|') && line.matches(" | ").count() >= 2
        || (line.starts_with('|') && line.ends_with('|'))
}

fn is_caption(line: &str) -> bool {
    [
        "image source",
        "photo:",
        "photo by",
        "image:",
        "credit:",
        "source: screenshot",
        "picture:",
        "图片来源",
        "图源",
        "图为",
        "摄影",
    ]
    .iter()
    .any(|opening| opens_with(line, opening))
}

/// Whether a line begins with these words, in small letters or capitals.
fn opens_with(line: &str, words: &str) -> bool {
    let (line, words) = (line.as_bytes(), words.as_bytes());
    // Nearly all lines are told apart by their first byte.
    line.first().map(u8::to_ascii_lowercase) == words.first().copied()
        && line.get(..words.len()).is_some_and(|head| head.eq_ignore_ascii_case(words))
}

/// Short, without a full stop: a heading.
fn is_headline(line: &str) -> bool {
    let ends_openly = !line.ends_with(['.', '。', ';', '；', ',', '，', ':', '：', '”', '"']) || line.ends_with("Inc.");
    if !ends_openly {
        return false;
    }
    let characters = line.chars().count();
    let han = line.chars().filter(|&c| is_han(c)).count();
    if han * 2 > characters {
        return characters <= 40 && !line.contains('。');
    }
    let words: Vec<&str> = line.split_whitespace().collect();
    if words.len() > 20 {
        return false;
    }
    let inner_stop = line.contains(". ");
    let capitalised = words
        .iter()
        .filter(|word| {
            word.starts_with(|c: char| c.is_uppercase() || c.is_numeric() || is_han(c) || "“\"‘'$€£¥".contains(c))
        })
        .count();
    let small_words = words.iter().filter(|word| word.len() <= 4 && word.starts_with(char::is_lowercase)).count();
    !inner_stop && (capitalised + small_words >= words.len().saturating_sub(1)) && capitalised * 2 >= words.len()
}

/// Two or three capitalised words and nothing else.
fn is_personal_name(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    (2..=3).contains(&words.len())
        && words.iter().all(|word| {
            word.starts_with(char::is_uppercase)
                && word.chars().skip(1).all(|c| c.is_lowercase() || matches!(c, '-' | '\'' | '’' | '.'))
        })
}

fn opens_bio(line: &str) -> bool {
    /// Where a line that opens one says so, in characters.
    const HEAD: usize = 160;
    let opens = ["born in ", "about the author", "作者简介"].iter().any(|opening| opens_with(line, opening));
    // A character has at most four bytes.
    if opens || !says_is_a(&line.as_bytes()[..line.len().min(4 * HEAD)]) {
        return opens;
    }
    let head = line.char_indices().nth(HEAD).map_or(line, |(end, _)| &line[..end]);
    if !says_is_a(head.as_bytes()) {
        return false;
    }
    let lower = head.to_lowercase();
    let writer = ["reporter", "editor", "writer", "journalist", "columnist", "correspondent"];
    (writer.iter().any(|role| lower.contains(&format!(" is a {role}")) || lower.contains(&format!(" is an {role}")))
        && line.chars().count() < 400)
        || writer.iter().any(|role| {
            [" is a senior ", " is a staff ", " is a freelance "]
                .iter()
                .any(|kind| lower.contains(&format!("{kind}{role}")))
        })
}

/// Whether " is a" stands there, in small letters or capitals: all places are looked at, without a way out, so they are
/// looked at many at a time.
fn says_is_a(bytes: &[u8]) -> bool {
    let Some(last) = bytes.len().checked_sub(4) else { return false };
    let [first, second, third, fourth, fifth] = [0, 1, 2, 3, 4].map(|shift| &bytes[shift..shift + last]);
    (0..last).fold(false, |any, at| {
        any | (first[at] == b' ')
            & (second[at] | 0x20 == b'i')
            & (third[at] | 0x20 == b's')
            & (fourth[at] == b' ')
            & (fifth[at] | 0x20 == b'a')
    })
}

/// Menus, counters, cookie lines, language lists: nothing that states a fact.
fn is_boilerplate(line: &str) -> bool {
    let bare = line.trim_end_matches(['.', ':', '：']);
    let characters = || line.chars().count();
    const WHOLE: [&str; 16] = [
        "icon",
        "share",
        "print",
        "subscribe",
        "sign in",
        "log in",
        "menu",
        "home",
        "advertisement",
        "read more",
        "related articles",
        "分享",
        "打印",
        "订阅",
        "登录",
        "返回首页",
    ];
    const OPENINGS: [&str; 12] = [
        "we use cookies",
        "this website uses cookies",
        "by continuing to",
        "copyright",
        "©",
        "all rights reserved",
        "subscribe to",
        "sign up for",
        "follow us",
        "click here",
        "责任编辑",
        "版权所有",
    ];
    WHOLE.iter().any(|whole| bare.eq_ignore_ascii_case(whole))
        || OPENINGS.iter().any(|opening| opens_with(line, opening)) && characters() < 200
        || is_reading_time(line)
        || is_language_list(line)
        || is_byline(line)
}

/// "By Jane Roe and John Doe", 本刊特约撰稿 宗像理惠: who wrote it, and nothing else.
fn is_byline(line: &str) -> bool {
    const MOST_CHARACTERS: usize = 24;
    const MOST_WORDS: usize = 8;
    const WRITERS: [&str; 12] =
        ["本刊", "本报", "本報", "本网记者", "记者 ", "記者 ", "特约记者", "特約記者", "撰文 ", "撰稿 ", "文/", "文／"];
    let ends_openly = !line.ends_with(['。', '，', '.', ',', '！', '？', '】']);
    let chinese = WRITERS.iter().any(|writer| line.starts_with(writer)) && line.chars().count() <= MOST_CHARACTERS;
    let words = || line.split([' ', '\u{3000}']).skip(1);
    let named = |word: &str| word.starts_with(char::is_uppercase) || matches!(word, "and" | "&");
    let english = opens_with(line, "by ") && words().count() <= MOST_WORDS && words().all(named);
    ends_openly && (chinese || english)
}

fn is_reading_time(line: &str) -> bool {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let rest = line[digits..].trim();
    digits > 0
        && rest.len() < 32
        && matches!(&*rest.to_lowercase(), "min read" | "mins read" | "minute read" | "minutes read" | "分钟阅读")
}

/// A line in four or more alphabets names languages.
fn is_language_list(line: &str) -> bool {
    // Of these alphabets all but the Latin one and kana have first bytes that nothing else has.
    let in_another = |byte: u8| matches!(byte, 0xCD..=0xD3 | 0xD8..=0xDB | 0xE0 | 0xEA..=0xED);
    if !line.as_bytes().chunks(64).any(|bytes| bytes.iter().fold(false, |any, &byte| any | in_another(byte))) {
        return false;
    }
    let mut scripts = [false; 6];
    for c in line.chars() {
        let script = match c {
            'a'..='z' | 'A'..='Z' => 0,
            '\u{0370}'..='\u{03FF}' => 1,
            '\u{0400}'..='\u{04FF}' => 2,
            '\u{AC00}'..='\u{D7AF}' => 3,
            '\u{3040}'..='\u{30FF}' => 4,
            '\u{0600}'..='\u{06FF}' | '\u{0900}'..='\u{097F}' | '\u{0E00}'..='\u{0E7F}' => 5,
            _ => continue,
        };
        scripts[script] = true;
    }
    scripts.iter().filter(|&&used| used).count() >= 3
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sections(text: &str) -> Vec<(&str, Section)> {
        structure(text, None)
            .blocks
            .iter()
            .map(|block| (&text[block.start as usize..block.end as usize], block.section))
            .collect()
    }

    #[test]
    fn lines_have_their_parts() {
        let text = "Harbour Bank Buys Rival\n\n4 mins read\nEnglish Русский 日本語 Ελληνικά\nHarbour Bank said on Monday that it had bought Tern.\n  • It paid $3m.\n1. Cash\nPhoto: the bank\n";
        assert_eq!(
            sections(text),
            [
                ("Harbour Bank Buys Rival", Section::Headline),
                ("4 mins read", Section::Boilerplate),
                ("English Русский 日本語 Ελληνικά", Section::Boilerplate),
                ("Harbour Bank said on Monday that it had bought Tern.", Section::Body),
                ("It paid $3m.", Section::List),
                ("Cash", Section::List),
                ("Photo: the bank", Section::Caption),
            ]
        );
    }

    #[test]
    fn a_dateline_begins_an_article_with_the_title_above_it() {
        let text =
            "First story here\nBody of it ends.\n新店开业\nRiver Daily · 2025-10-21 10:50\nMore text comes here.\n";
        let read = structure(text, None);
        assert_eq!(read.articles.len(), 2);
        assert_eq!(read.articles[1].publisher.as_deref(), Some("River Daily"));
        assert_eq!(read.articles[1].published.unwrap().to_string(), "2025-10-21");
        assert_eq!(read.blocks.iter().map(|block| block.article).collect::<Vec<_>>(), [0, 0, 1, 1, 1]);
    }

    #[test]
    fn an_author_story_is_no_news() {
        let text = "The deal is done, said Acme.\nAnna Berg\nAnna Berg\nBorn in Oslo, she ran Fjord Partners.\nIn 2018 she left it.\n";
        assert_eq!(sections(text)[4].1, Section::Bio);
        assert_eq!(sections(text)[3].1, Section::Bio);
    }

    #[test]
    fn front_matter_is_boilerplate() {
        assert_eq!(sections("---\npublished: 2025-11-06\n---\nText of it.\n")[0].1, Section::Boilerplate);
        assert_eq!(sections("---\nno end\n")[0].1, Section::Body);
    }
}
