//! README.md and the pages of `docs/` tell the truth: their commands are run here, one after the other, as a reader
//! would, and print what the page shows.
//!
//! `UPDATE_DOCS=1 cargo test docs` writes what they print into the pages. Figures may differ where a page is compared:
//! they change with every rule that is added.
//!
//! | block | what happens |
//! |---|---|
//! | `console` | each line behind `$ ` is run, in the folder that all blocks of the page share; an output that the page cuts off with `…` is cut off there |
//! | `sparql`, then `text` | the query is asked of the store, as `--format table` |
//! | `sh` | is run; `sh unrun` is not |
//! | any with `file=PATH`, `append=PATH` | the block is written there, or behind what stands there |
//! | any with `fills=PATH` | takes the place of the file's last rule, the template |
//!
//! Where Graphviz is missing, a command that ends in `.svg` is believed.

use std::fs;
use std::path::Path;

use crate::support::{Run, Scratch, copy_folder, root};

#[test]
fn the_readme_shows_what_the_commands_print() {
    check(&root().join("README.md"));
}

#[test]
fn the_pages_of_docs_show_what_the_commands_print() {
    let mut pages: Vec<_> = fs::read_dir(root().join("docs")).unwrap().map(|entry| entry.unwrap().path()).collect();
    pages.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    pages.sort();
    pages.iter().for_each(|page| check(page));
}

fn check(page: &Path) {
    let text = fs::read_to_string(page).unwrap();
    let fresh = renewed(&text);
    if ["UPDATE_DOCS", "UPDATE_CASES"].iter().any(|variable| std::env::var_os(variable).is_some()) {
        fs::write(page, &fresh).unwrap();
        return;
    }
    let page = page.file_name().unwrap().display();
    for (number, (is, should)) in (1..).zip(text.lines().zip(fresh.lines())) {
        assert_eq!(without_figures(is), without_figures(should), "{page}:{number}; UPDATE_DOCS=1 renews it");
    }
    assert_eq!(text.lines().count(), fresh.lines().count(), "{page}; UPDATE_DOCS=1 renews it");
}

/// The page with what its commands print now.
fn renewed(text: &str) -> String {
    if !text.contains("```console") && !text.contains("```sparql") {
        return text.to_owned();
    }
    let reader = Reader::beginning(text);
    let mut fresh = String::new();
    let mut rest = text;
    let mut asked = None;
    while let Some(open) = rest.find("```") {
        let (before, block) = rest.split_at(open);
        let (info, block) = block[3..].split_once('\n').unwrap();
        let (shown, behind) = block.split_once("```").unwrap();
        let now = match (info, asked.take()) {
            ("text", Some(query)) => reader.ask(query, shown),
            _ => reader.follow(info, shown),
        };
        asked = (info == "sparql").then_some(shown);
        fresh += &format!("{before}```{info}\n{now}```");
        rest = behind;
    }
    fresh + rest
}

/// A page has no lines that end as those of CSV do.
fn lines(printed: &str) -> String {
    printed.replace("\r\n", "\n")
}

/// Somebody who does what a page says, in a folder with the data of the binary and the corpus.
struct Reader(Scratch);

impl Reader {
    /// A page that does not begin by building a store finds one of the corpus.
    fn beginning(page: &str) -> Self {
        let scratch = Scratch::new();
        // The data of the binary, which those on the disk may have left behind.
        let files = guanxi::builtin::files();
        for file in files.rules.iter().chain(&files.lexicon).chain(&files.reference) {
            scratch.write(&file.path, &file.text);
        }
        copy_folder(&root().join("data/corpus"), &scratch.path("data/corpus"));
        if !page.split("\n$ ").nth(1).is_some_and(|first| first.starts_with("guanxi build ")) {
            scratch.guanxi(["build", "data/corpus", "--quiet"]).expect_status(0);
        }
        Self(scratch)
    }

    /// Does what a block says; its text with what the commands print now.
    fn follow(&self, info: &str, body: &str) -> String {
        let option = |name: &str| info.split_whitespace().find_map(|word| word.strip_prefix(name)?.strip_prefix('='));
        match info {
            "sh" => drop(self.0.shell(body).expect_status(0)),
            "console" => return commands(body).iter().map(|shown| self.print(shown)).collect(),
            _ => {}
        }
        if let Some(file) = option("file") {
            self.0.write(file, body);
        }
        if let Some(file) = option("append") {
            self.0.write(file, fs::read_to_string(self.0.path(file)).unwrap() + body);
        }
        if let Some(file) = option("fills") {
            let text = fs::read_to_string(self.0.path(file)).unwrap();
            let head = &text[..text.rfind("[[rule]]").unwrap()];
            self.0.write(file, format!("{head}{body}"));
        }
        body.to_owned()
    }

    fn print(&self, shown: &Shown<'_>) -> String {
        if shown.command.ends_with(".svg") && self.0.shell("command -v dot").status != 0 {
            return format!("$ {}\n{}", shown.command, shown.output);
        }
        let Run { stdout, stderr, .. } = self.0.shell(shown.command);
        format!("$ {}\n{}", shown.command, cut_like(shown.output, &lines(&(stdout + &stderr))))
    }

    fn ask(&self, query: &str, shown: &str) -> String {
        let run = self.0.guanxi(["query", "-e", query, "--format", "table"]).expect_status(0);
        cut_like(shown, &lines(&(run.stdout + &run.stderr)))
    }
}

/// A command of a page with its output there.
struct Shown<'a> {
    command: &'a str,
    output: &'a str,
}

/// A command goes on until its quotes are closed.
fn commands(body: &str) -> Vec<Shown<'_>> {
    let mut found = Vec::new();
    for block in body.split_inclusive("\n$ ").map(|block| block.strip_suffix("$ ").unwrap_or(block)) {
        let block = block.strip_prefix("$ ").unwrap_or(block);
        let mut end = 0;
        for line in block.split_inclusive('\n') {
            end += line.len();
            if are_quotes_closed(&block[..end]) {
                break;
            }
        }
        let (command, output) = block.split_at(end);
        found.push(Shown { command: command.trim_end(), output });
    }
    found
}

fn are_quotes_closed(command: &str) -> bool {
    let mut open = None;
    for c in command.chars().filter(|c| matches!(c, '\'' | '"')) {
        open = match open {
            None => Some(c),
            Some(quote) if quote == c => None,
            other => other,
        };
    }
    open.is_none()
}

/// Cut where the page cuts: a last line `…` stands for all that follows.
fn cut_like(shown: &str, printed: &str) -> String {
    let Some((_, last)) = shown.trim_end().rsplit_once('\n').filter(|(_, last)| last.trim() == "…") else {
        return printed.to_owned();
    };
    let kept = shown.trim_end().lines().count() - 1;
    let lines: String = printed.split_inclusive('\n').take(kept).collect();
    format!("{lines}{last}\n")
}

/// Figures, hashes, and the widths that follow from them, taken out.
fn without_figures(line: &str) -> String {
    let mut plain = String::new();
    for word in line.trim_end().split_inclusive(|c: char| !c.is_ascii_alphanumeric()) {
        let (word, behind) = match word.char_indices().last() {
            Some((end, c)) if !c.is_ascii_alphanumeric() => word.split_at(end),
            _ => (word, ""),
        };
        let is_hash = word.len() >= 8 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
        for c in if is_hash { "#" } else { word }.chars().chain(behind.chars()) {
            let c = if c.is_ascii_digit() || c == '.' { '#' } else { c };
            if !(matches!(c, '#' | ' ' | '─') && plain.ends_with(c)) {
                plain.push(c);
            }
        }
    }
    plain
}

#[test]
fn a_command_goes_on_until_its_quotes_are_closed() {
    let found = commands("$ a 'b\n c' d\nout\nmore\n$ e \"f's\"\n");
    let found: Vec<_> = found.iter().map(|shown| (shown.command, shown.output)).collect();
    assert_eq!(found, [("a 'b\n c' d", "out\nmore\n"), ("e \"f's\"", "")]);
    assert_eq!(cut_like("a\n …\n", "x\ny\nz\n"), "x\n …\n");
    assert_eq!(without_figures("claim 0a1b2c3d4e5f  0.91"), without_figures("claim 99999999ffff 0.8"));
}
