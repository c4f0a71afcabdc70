//! The block of metadata that a text may start with.
//!
//! ```text
//! ---
//! title: Two firms agree
//! published: 2025-11-06
//! publisher: Harbour Post
//! ---
//! ```

use guanxi_model::PartialDate;

/// What front matter says.
#[derive(Debug, Default)]
pub(crate) struct Metadata {
    /// Title of the text.
    pub title: Option<String>,
    /// Date of publication.
    pub published: Option<PartialDate>,
    /// Publisher.
    pub publisher: Option<String>,
    /// Lines, from 1, that say nothing usable, with the reason.
    pub mistakes: Vec<(u32, String)>,
}

/// The metadata, if the text starts with such a block: every line of it is blank or `key: value`.
///
/// Keys other than the three are for others to read and no mistake.
pub(crate) fn parse(bytes: &[u8]) -> Option<Metadata> {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut lines = text.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii);
    lines.next().filter(|line| line == b"---")?;

    let mut metadata = Metadata::default();
    for (line, number) in lines.zip(2..) {
        if line == b"---" {
            return Some(metadata);
        }
        if line.is_empty() {
            continue;
        }
        let colon = line.iter().position(|&byte| byte == b':')?;
        let (key, value) = (line[..colon].trim_ascii_end(), line[colon + 1..].trim_ascii());
        if key.is_empty() || !key.iter().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(byte)) {
            return None;
        }
        metadata.set(key, &String::from_utf8_lossy(value), number);
    }
    None
}

impl Metadata {
    fn set(&mut self, key: &[u8], value: &str, line: u32) {
        let value = unquoted(value);
        if value.is_empty() {
            return;
        }
        match key {
            b"title" => self.title = Some(value.to_owned()),
            b"publisher" => self.publisher = Some(value.to_owned()),
            b"published" => match date(value) {
                Ok(date) => self.published = Some(date),
                Err(error) => self.mistakes.push((line, format!("published: {error}; read without a date"))),
            },
            _ => {}
        }
    }
}

/// A date; of a time with its day (`2025-11-06T08:00:00Z`) the day.
pub(crate) fn date(text: &str) -> Result<PartialDate, guanxi_model::PartialDateError> {
    let day = text.split(['T', ' ']).next().filter(|day| day.len() == "2025-11-06".len());
    day.and_then(|day| day.parse().ok()).map_or_else(|| text.parse(), Ok)
}

fn unquoted(value: &str) -> &str {
    let inner = |quote: char| value.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    inner('"').or_else(|| inner('\'')).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_read() {
        let metadata = parse(
            "\u{feff}---\r\ntitle: 'A: B'\r\nlang: zh\r\n\r\npublisher: 港口日报\r\npublished: 2025-11\r\n---\r\n正文"
                .as_bytes(),
        )
        .unwrap();
        assert_eq!(metadata.title.as_deref(), Some("A: B"));
        assert_eq!(metadata.publisher.as_deref(), Some("港口日报"));
        assert_eq!(metadata.published, PartialDate::month(2025, 11));
        assert!(metadata.mistakes.is_empty());
    }

    #[test]
    fn a_rule_across_the_page_is_no_block() {
        for text in
            ["---\nA heading without a key\n---\n", "---\ntitle: never closed\n", "Words.\n---\ntitle: T\n---\n", ""]
        {
            assert!(parse(text.as_bytes()).is_none(), "{text}");
        }
    }

    #[test]
    fn a_date_that_is_none_is_named_with_its_line() {
        let metadata = parse(b"---\ntitle: T\npublished: 6 November\n---\n").unwrap();
        assert_eq!(metadata.mistakes[0].0, 3);
        assert!(metadata.mistakes[0].1.contains("`6 November` is no date"), "{:?}", metadata.mistakes);
    }
}
