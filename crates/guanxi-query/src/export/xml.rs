//! What GraphML and GEXF share: text that XML can hold, and elements with attributes that come back as they were.

use std::borrow::Cow;
use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

/// Whether XML 1.0 has a way to write the character.
pub(super) fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// The text with U+FFFD where XML has no way to write it.
pub(super) fn allowed(text: &str) -> String {
    text.chars().map(|c| if is_allowed(c) { c } else { char::REPLACEMENT_CHARACTER }).collect()
}

/// The text as it stands between tags or in an attribute. Line breaks and tabs are written as references, which no
/// reader turns into spaces.
pub(super) fn escaped(text: &str) -> String {
    let text = allowed(text);
    let mut escaped = String::with_capacity(text.len());
    for c in quick_xml::escape::escape(&text).chars() {
        match c {
            '\t' => escaped.push_str("&#9;"),
            '\n' => escaped.push_str("&#10;"),
            '\r' => escaped.push_str("&#13;"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// Writes elements one below the other, indented.
pub(super) struct Xml<W: Write>(Writer<W>);

impl<W: Write> Xml<W> {
    /// Begins with the declaration.
    pub fn begin(out: W) -> io::Result<Self> {
        let mut writer = Writer::new_with_indent(out, b' ', 1);
        writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        Ok(Self(writer))
    }

    /// An element that others follow within.
    pub fn open(&mut self, name: &str, attributes: &[(&str, &str)]) -> io::Result<()> {
        self.0.write_event(Event::Start(start(name, attributes)))
    }

    /// An element with nothing in it.
    pub fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) -> io::Result<()> {
        self.0.write_event(Event::Empty(start(name, attributes)))
    }

    /// An element with a text in it.
    pub fn text(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) -> io::Result<()> {
        self.0.write_event(Event::Start(start(name, attributes)))?;
        self.0.write_event(Event::Text(BytesText::from_escaped(escaped(text))))?;
        self.0.write_event(Event::End(BytesEnd::new(name)))
    }

    /// Ends the element that was opened last.
    pub fn close(&mut self, name: &str) -> io::Result<()> {
        self.0.write_event(Event::End(BytesEnd::new(name)))
    }

    /// Ends the file with a line break.
    pub fn finish(self) -> io::Result<()> {
        self.0.into_inner().write_all(b"\n")
    }
}

fn start<'a>(name: &'a str, attributes: &[(&'a str, &str)]) -> BytesStart<'a> {
    let mut start = BytesStart::new(name);
    for (key, value) in attributes {
        let value = Cow::Owned(escaped(value).into_bytes());
        start.push_attribute(Attribute { key: quick_xml::name::QName(key.as_bytes()), value });
    }
    start
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn whatever_xml_can_hold_comes_back(text in any::<String>(), key in "[a-z]{1,4}") {
            let mut out = Vec::new();
            let mut xml = Xml::begin(&mut out).unwrap();
            xml.open("all", &[(&key, &text)]).unwrap();
            xml.text("one", &[], &text).unwrap();
            xml.close("all").unwrap();
            xml.finish().unwrap();
            let out = String::from_utf8(out).unwrap();
            let document = roxmltree::Document::parse(&out).unwrap();
            let all = document.root_element();
            let text = allowed(&text);
            prop_assert_eq!(all.attribute(key.as_str()), Some(text.as_str()));
            prop_assert_eq!(all.first_element_child().unwrap().text().unwrap_or(""), text);
        }
    }
}
