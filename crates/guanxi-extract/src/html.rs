//! The text of a page: one line a block, the parts that nobody reads left out.

use ego_tree::NodeRef;
use ego_tree::iter::Edge;
use scraper::{ElementRef, Html, Node};

const SKIPPED: [&str; 12] =
    ["script", "style", "noscript", "template", "nav", "header", "footer", "form", "button", "svg", "iframe", "select"];
const BLOCKS: [&str; 24] = [
    "p",
    "div",
    "section",
    "article",
    "main",
    "ul",
    "ol",
    "table",
    "tr",
    "blockquote",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
    "figcaption",
    "figure",
    "br",
    "hr",
    "pre",
    "dl",
    "title",
];

/// The readable text of a page. Items of a list are given a bullet, cells a tab.
///
/// Deep nesting is walked with a stack of our own: a hostile page must not end the program.
pub(crate) fn text_of(page: &str) -> String {
    let document = Html::parse_document(page);
    let mut text = String::with_capacity(page.len() / 2);
    for edge in document.root_element().traverse() {
        match edge {
            Edge::Open(node) => match node.value() {
                Node::Text(words) if !is_skipped(node) => push_words(&mut text, words),
                Node::Element(element) => open(&mut text, element.name()),
                _ => {}
            },
            Edge::Close(node) => {
                if let Some(element) = ElementRef::wrap(node)
                    && BLOCKS.contains(&element.value().name())
                {
                    end_line(&mut text);
                }
            }
        }
    }
    text
}

fn is_skipped(node: NodeRef<'_, Node>) -> bool {
    // The nearest few ancestors tell; looking at all of them would be quadratic in a deep page.
    node.ancestors()
        .take(8)
        .any(|ancestor| ancestor.value().as_element().is_some_and(|element| SKIPPED.contains(&element.name())))
}

fn open(text: &mut String, name: &str) {
    if BLOCKS.contains(&name) {
        end_line(text);
    }
    match name {
        "li" => text.push_str("• "),
        "td" | "th" if !text.is_empty() && !text.ends_with('\n') => text.push('\t'),
        _ => {}
    }
}

fn push_words(text: &mut String, words: &str) {
    let opens_with_space = words.starts_with(char::is_whitespace);
    if opens_with_space && !text.is_empty() && !text.ends_with(char::is_whitespace) {
        text.push(' ');
    }
    let mut first = true;
    for word in words.split_whitespace() {
        if !first {
            text.push(' ');
        }
        text.push_str(word);
        first = false;
    }
    if !first && words.ends_with(char::is_whitespace) {
        text.push(' ');
    }
}

fn end_line(text: &mut String) {
    while text.ends_with([' ', '\t']) {
        text.pop();
    }
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_become_lines() {
        let page = "<html><head><title>Deal</title><script>var x = 'Acme bought Bolt';</script></head><body><nav><a>Home</a></nav>\
                    <h1>Acme  buys\nBolt</h1><p>Acme <b>Inc.</b> bought Bolt.</p><ul><li>One<li>Two</ul><table><tr><td>a<td>b</table></body>";
        assert_eq!(text_of(page), "Deal\nAcme buys Bolt\nAcme Inc. bought Bolt.\n• One\n• Two\na\tb\n");
    }
}
