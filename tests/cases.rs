//! Runs the literate cases: every Markdown file below `tests/cases` is a test of its own kind.
//!
//! In a file of `cases/extract`, a heading names a behaviour; below it stand a `text` block (its info
//! string may carry `published=2025-11-06`) and an `assertions` block with what must be found in it, one
//! claim a line, sorted. The texts go through the library and through the binary, which must agree.
//!
//! In any other folder, all `text` blocks of a file (`text name=a.txt`) are built into one store, and the
//! `console` blocks then show commands with their output.
//!
//! `UPDATE_CASES=1 cargo test cases` rewrites what is expected. Read the difference before you keep it.

use std::fmt::Write;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use guanxi::Guanxi;
use guanxi::extract::write_assertions;
use guanxi::input::{self, Location};
use guanxi::model::Confidence;
use guanxi::pipeline::Output;
use serde_json::{Value, json};

use crate::support::{Scratch, root};

#[test]
fn extract_cases() {
    let guanxi = Guanxi::builtin();
    run(case_files(|folder| folder == "extract"), |case| extraction_expected(&guanxi, case));
}

#[test]
fn console_cases() {
    run(case_files(|folder| folder != "extract"), console_expected);
}

#[test]
fn rules_live_up_to_their_examples() {
    let guanxi = Guanxi::builtin();
    let failures = guanxi.test_rules();
    assert!(failures.is_empty(), "{} examples fail; `guanxi rules test` shows them: {failures:#?}", failures.len());
    assert!(guanxi.extractor().rules().count() > 0);
}

/// A block of a case file with what should stand in it.
type Expected = (Range<usize>, String);

/// Compares every file with what its blocks should hold, or rewrites it.
fn run(files: Vec<PathBuf>, expected: impl Fn(&CaseFile) -> Vec<Expected>) {
    let update = std::env::var_os("UPDATE_CASES").is_some();
    let mut wrong = String::new();
    for path in files {
        let case = CaseFile::read(&path);
        let mut text = case.text.clone();
        for (range, should) in expected(&case).into_iter().rev() {
            let is = &case.text[range.clone()];
            if is != should {
                let heading = case.heading_before(range.start);
                let _ = write!(wrong, "\n{}: {heading}\n{}", path.display(), difference(is, &should));
                text.replace_range(range, &should);
            }
        }
        if update && text != case.text {
            fs::write(&path, text).unwrap();
        }
    }
    assert!(update || wrong.is_empty(), "expected (-) and found (+) differ:\n{wrong}");
}

fn extraction_expected(guanxi: &Guanxi, case: &CaseFile) -> Vec<Expected> {
    let mut records = String::new();
    let mut wanted = Vec::new();
    for pair in case.blocks.windows(2) {
        if let [text, assertions] = pair
            && text.kind() == "text"
            && assertions.kind() == "assertions"
        {
            let record = json!({
                "id": wanted.len().to_string(),
                "text": &case.text[text.content.clone()],
                "published": text.option("published"),
            });
            let _ = writeln!(records, "{record}");
            wanted.push(assertions.content.clone());
        }
    }
    assert!(!wanted.is_empty(), "{}: no text with assertions", case.path.display());

    let by_library = through_library(guanxi, &records);
    let scratch = Scratch::new();
    let by_binary = scratch.guanxi_with_input(["extract", "-"], records.as_bytes()).expect_status(0).stdout;
    assert_eq!(by_library, by_binary, "{}: library and binary disagree", case.path.display());

    let mut found = vec![Vec::new(); wanted.len()];
    for line in by_library.lines() {
        let claim: Value = serde_json::from_str(line).unwrap();
        let number: usize = claim["doc"].as_str().unwrap().parse().unwrap();
        found[number].push(assertion_line(&claim));
    }
    let expected = |(range, mut lines): (Range<usize>, Vec<String>)| {
        lines.sort();
        (range, lines.concat())
    };
    wanted.into_iter().zip(found).map(expected).collect()
}

fn through_library(guanxi: &Guanxi, records: &str) -> String {
    let location = Location::Bytes { name: "-".to_owned(), bytes: records.as_bytes().to_vec() };
    let mut lines = Vec::new();
    let each = |output| match output {
        Output::Extraction(extraction) => write_assertions(&extraction, Confidence::from_thousandths(0), &mut lines),
        Output::Note(note) => panic!("{note}"),
    };
    guanxi.extract(input::read(vec![location]).unwrap(), 1, each).unwrap();
    String::from_utf8(lines).unwrap()
}

/// `Tencent Holdings --investsIn--> Xiaohongshu {amount=5; currency=CNY} planned «quote» rule@1`
fn assertion_line(claim: &Value) -> String {
    let qualifiers = claim["qualifiers"].as_object().unwrap();
    let qualifiers: Vec<_> = qualifiers.iter().map(|(name, value)| format!("{name}={}", plain(value))).collect();
    let mut line = format!(
        "{} --{}--> {}",
        claim["subject"]["label"].as_str().unwrap(),
        claim["predicate"].as_str().unwrap(),
        object_text(&claim["object"]),
    );
    if !qualifiers.is_empty() {
        let _ = write!(line, " {{{}}}", qualifiers.join("; "));
    }
    if claim["status"] != "asserted" {
        let _ = write!(line, " {}", plain(&claim["status"]));
    }
    if let Some(speaker) = claim.get("attributedTo").filter(|speaker| !speaker.is_null()) {
        let _ = write!(line, " says {}", plain(speaker));
    }
    let _ = writeln!(line, " «{}» {}", plain(&claim["evidence"]["text"]).replace('\n', "⏎"), plain(&claim["rule"]));
    line
}

fn object_text(object: &Value) -> String {
    if let Some(label) = object["label"].as_str() {
        return label.to_owned();
    }
    let value = &object["value"];
    let comparator = value["comparator"].as_str().filter(|sign| *sign != "=").map(|sign| format!("{sign} "));
    let figure = ["date", "number", "amount"].iter().map(|key| plain(&value[key])).find(|text| !text.is_empty());
    let currency = value["currency"].as_str().map(|currency| format!(" {currency}"));
    [comparator, figure, currency].into_iter().flatten().collect()
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn console_expected(case: &CaseFile) -> Vec<Expected> {
    let scratch = Scratch::new();
    for (block, number) in case.blocks.iter().filter(|block| block.kind() == "text").zip(1..) {
        let name = block.option("name").map_or_else(|| format!("text-{number}.txt"), ToOwned::to_owned);
        scratch.write(&format!("texts/{name}"), &case.text[block.content.clone()]);
    }
    if scratch.path("texts").exists() {
        scratch.guanxi(["build", "texts", "--quiet"]).expect_status(0);
    }
    let consoles = case.blocks.iter().filter(|block| block.kind() == "console");
    let expected = |block: &Block| {
        let commands = case.text[block.content.clone()].lines().filter(|line| line.starts_with("$ "));
        let shown = commands.map(|command| format!("{command}\n{}", console_output(&scratch, &command[2..])));
        (block.content.clone(), shown.collect())
    };
    consoles.map(expected).collect()
}

fn console_output(scratch: &Scratch, command: &str) -> String {
    let run = scratch.shell(command);
    let mut output = run.stdout + &run.stderr;
    if !output.is_empty() && !output.ends_with('\n') {
        output.push('\n');
    }
    if run.status != 0 {
        let _ = writeln!(output, "[exit status {}]", run.status);
    }
    output
}

/// A Markdown file with its fenced blocks.
struct CaseFile {
    path: PathBuf,
    text: String,
    blocks: Vec<Block>,
}

struct Block {
    /// What stands behind the opening fence.
    info: String,
    /// The bytes between the fences.
    content: Range<usize>,
}

impl CaseFile {
    fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).unwrap();
        let mut blocks = Vec::new();
        let mut open: Option<(String, usize)> = None;
        let mut position = 0;
        for line in text.split_inclusive('\n') {
            let fence = line.trim_end().strip_prefix("```");
            match (&open, fence) {
                (None, Some(info)) => open = Some((info.to_owned(), position + line.len())),
                (Some((info, start)), Some("")) => {
                    blocks.push(Block { info: info.clone(), content: *start..position });
                    open = None;
                }
                _ => {}
            }
            position += line.len();
        }
        assert!(open.is_none(), "{}: a block is not closed", path.display());
        Self { path: path.to_owned(), text, blocks }
    }

    fn heading_before(&self, position: usize) -> &str {
        self.text[..position].lines().rfind(|line| line.starts_with('#')).unwrap_or("")
    }
}

impl Block {
    fn kind(&self) -> &str {
        self.info.split_whitespace().next().unwrap_or("")
    }

    fn option(&self, name: &str) -> Option<&str> {
        self.info.split_whitespace().skip(1).find_map(|option| option.strip_prefix(name)?.strip_prefix('='))
    }
}

/// The Markdown files below the folders of `tests/cases` that are asked for, in order.
fn case_files(wanted: impl Fn(&str) -> bool) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for folder in fs::read_dir(root().join("tests/cases")).unwrap().map(|entry| entry.unwrap().path()) {
        if folder.is_dir() && wanted(folder.file_name().unwrap().to_str().unwrap()) {
            files.extend(fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()));
        }
    }
    files.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    files.sort();
    files
}

/// Lines that only one side has, in order.
fn difference(is: &str, should: &str) -> String {
    let only = |mark: char, these: &str, those: &str| -> String {
        these.lines().filter(|line| !those.lines().any(|other| other == *line)).fold(String::new(), |mut text, line| {
            let _ = writeln!(text, "{mark} {line}");
            text
        })
    };
    only('-', is, should) + &only('+', should, is)
}

#[test]
fn a_difference_names_the_lines_of_one_side() {
    assert_eq!(difference("a\nb\n", "b\nc\n"), "- a\n+ c\n");
}
