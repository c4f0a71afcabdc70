//! Bytes → text, decoded once. Never fails: what is no text becomes U+FFFD and a note.

use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use guanxi_model::{Note, NoteKind};

use crate::Input;
use crate::extractor::Media;
use crate::html;

/// The text of an input, with what was odd about its bytes.
pub(crate) fn decode(input: &Input<'_>) -> (String, Vec<Note>) {
    let note =
        |kind, line, message: &str| Note { kind, source: input.source.to_owned(), line, message: message.to_owned() };
    if input.bytes.is_empty() {
        return (String::new(), vec![note(NoteKind::Empty, None, "the file is empty")]);
    }
    let (encoding, skipped) = encoding_of(input.bytes);
    if encoding == UTF_8 && is_binary(input.bytes) {
        let message = "this is no text (it holds zero bytes); convert it to .txt or .html first";
        return (String::new(), vec![note(NoteKind::Binary, None, message)]);
    }
    let (decoded, malformed) = encoding.decode_without_bom_handling(&input.bytes[skipped..]);
    let mut notes = Vec::new();
    if malformed {
        let message = format!("bytes that are no {}, shown as \u{FFFD}", encoding.name());
        notes.push(note(NoteKind::BadBytes, Some(first_bad_line(&decoded)), &message));
    }
    let text = match input.media {
        Media::Text => decoded.into_owned(),
        Media::Html => html::text_of(&decoded),
    };
    let text = without_control_characters(text);
    if text.trim().is_empty() && notes.is_empty() {
        notes.push(note(NoteKind::Empty, None, "there is no text in it"));
    }
    (text, notes)
}

/// Control characters, which neither XML nor a terminal takes, become U+FFFD, one for one: spans stay.
fn without_control_characters(text: String) -> String {
    // In UTF-8 they are these bytes, or follow 0xC2: most texts have none, and are told so many bytes at a time.
    let suspicious = |byte: u8| byte < 0x20 && !matches!(byte, b'\n' | b'\r' | b'\t') || byte == 0x7F || byte == 0xC2;
    let any = |chunk: &[u8]| chunk.iter().fold(false, |any, &byte| any | suspicious(byte));
    if !text.as_bytes().chunks(256).any(any) {
        return text;
    }
    let is_odd = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{85}');
    if !text.contains(is_odd) {
        return text;
    }
    text.chars().map(|c| if is_odd(c) { '\u{FFFD}' } else { c }).collect()
}

/// The encoding, and how many bytes of byte-order mark to pass over.
///
/// UTF-8 unless a mark says otherwise; bytes that are no UTF-8 but wholly valid GB 18030 are Chinese
/// text of an older system.
fn encoding_of(bytes: &[u8]) -> (&'static Encoding, usize) {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        return (encoding, length);
    }
    if let Some(encoding) = utf_16_without_mark(bytes) {
        return (encoding, 0);
    }
    if is_utf_8_or_damaged(bytes) {
        return (UTF_8, 0);
    }
    match GB18030.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(text) if is_mostly_chinese(&text) => (GB18030, 0),
        _ => (UTF_8, 0),
    }
}

/// UTF-8, whole, cut off at its end, or with a few bad bytes among many good characters.
fn is_utf_8_or_damaged(bytes: &[u8]) -> bool {
    if std::str::from_utf8(bytes).is_ok() {
        return true;
    }
    let (mut good, mut bad) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    let cut_off = std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none());
    bad == 0 || cut_off || good > 4 * bad
}

/// English in UTF-16 has a zero in every other byte.
fn utf_16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = &bytes[..bytes.len().min(512)];
    let zeros = |parity: usize| sample.iter().skip(parity).step_by(2).filter(|&&byte| byte == 0).count();
    let half = sample.len() / 2;
    if half < 8 {
        None
    } else if zeros(1) * 10 > half * 8 && zeros(0) == 0 {
        Some(UTF_16LE)
    } else if zeros(0) * 10 > half * 8 && zeros(1) == 0 {
        Some(UTF_16BE)
    } else {
        None
    }
}

fn is_mostly_chinese(text: &str) -> bool {
    let (mut chinese, mut other) = (0u32, 0u32);
    for c in text.chars().filter(|c| !c.is_ascii()) {
        if crate::scan::is_han(c) || "，。、；：“”（）《》！？".contains(c) {
            chinese += 1;
        } else {
            other += 1;
        }
    }
    chinese > 4 * other
}

fn is_binary(bytes: &[u8]) -> bool {
    bytes[..bytes.len().min(8192)].contains(&0)
}

fn first_bad_line(text: &str) -> u32 {
    let bad = text.find('\u{FFFD}').unwrap_or(0);
    1 + text[..bad].matches('\n').count() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8]) -> (String, Vec<Note>) {
        decode(&Input::text("a.txt", bytes))
    }

    #[test]
    fn encodings_are_told_apart() {
        let chinese = "腾讯控股投资了小红书。";
        assert_eq!(decoded(chinese.as_bytes()), (chinese.to_owned(), vec![]));
        assert_eq!(decoded(&[b"\xEF\xBB\xBF", chinese.as_bytes()].concat()).0, chinese);
        assert_eq!(decoded(&GB18030.encode(chinese).0).0, chinese);
        let utf_16: Vec<u8> = "\u{FEFF}腾讯 paid".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decoded(&utf_16).0, "腾讯 paid");
        let unmarked: Vec<u8> = "Acme bought Bolt Limited".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(decoded(&unmarked).0, "Acme bought Bolt Limited");
    }

    #[test]
    fn bad_bytes_become_a_note_with_their_line() {
        let (text, notes) = decoded(b"one\ntwo \xE5\xB0");
        assert_eq!(text, "one\ntwo \u{FFFD}");
        assert_eq!((notes[0].kind, notes[0].line), (NoteKind::BadBytes, Some(2)));
        assert_eq!(decoded(b"").1[0].kind, NoteKind::Empty);
        assert_eq!(decoded(b"\x7FELF\0\0\0").1[0].kind, NoteKind::Binary);
    }
}
