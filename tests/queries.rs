//! The named queries, asked of the store of `data/corpus` in the words of their own examples.
//!
//! `INSTA_UPDATE=always cargo test queries` rewrites the answers. Read the difference before you keep it: the answers
//! are what the engine reads in the corpus, which is not always what stands there.

use std::collections::BTreeMap;

use guanxi::graph::Generation;
use guanxi::input::{self, Location};
use guanxi::pipeline::{BuildOptions, Event};
use guanxi::query::{Answer, Content, Found, Limits, NameIndex, NamedQuery, ParameterKind, ParameterValue, plain_text};
use guanxi::{Guanxi, builtin};

use crate::cli;
use crate::support::{Scratch, root};

/// Questions of which the corpus has no instance, as is to be hoped.
const NOT_IN_CORPUS: [&str; 1] = ["entities-without-clear-type"];

#[test]
fn the_example_of_every_named_query_has_its_answer() {
    let guanxi = Guanxi::new(&builtin::files()).unwrap_or_else(|errors| panic!("{errors}"));
    let scratch = Scratch::new();
    let store = store_of_corpus(&guanxi, &scratch);
    let entities = store.entities();
    let index = NameIndex::of(&entities);
    let mut settings = cli::settings();
    settings.set_snapshot_path(root().join("tests/snapshots/queries"));
    for query in guanxi.queries() {
        let values = values_of_example(query, &index);
        let answer = query.bind(&values, store.vocabulary()).unwrap().run(&store, &Limits::default()).unwrap();
        assert_eq!(answer.is_empty(), NOT_IN_CORPUS.contains(&&*query.name), "{}", query.example);
        let text = format!("{}\n\n{}", query.example, lines(&answer, &store));
        settings.bind(|| insta::assert_snapshot!(&*query.name, text));
    }
}

#[test]
fn a_name_of_two_classes_is_told() {
    let scratch = Scratch::new();
    scratch.write("in/a.txt", "Acme was founded by Sue Fang.");
    scratch.write("in/b.txt", "Sue Fang, the retailer, bought Bolt Foods for $5 million.");
    scratch.guanxi(["build", "in"]).expect_status(0);
    let told = scratch.guanxi(["query", "--name", "entities-without-clear-type", "--format", "csv"]);
    told.expect_status(0).expect_in_stdout("Sue Fang,");
}

#[test]
fn the_groups_of_the_list_hold_every_named_query() {
    let guanxi = Guanxi::new(&builtin::files()).unwrap_or_else(|errors| panic!("{errors}"));
    let list = Scratch::new().guanxi(["query", "--list", "--format", "table"]).expect_status(0).stdout;
    for query in guanxi.queries() {
        assert!(!query.group.is_empty(), "{} has no group", query.name);
        assert!(list.lines().any(|line| line == query.group), "{list}");
        assert!(list.contains(&format!("\n  {} ", query.name)), "{list}");
    }
}

fn store_of_corpus(guanxi: &Guanxi, scratch: &Scratch) -> Generation {
    let folder = scratch.path("corpus.db");
    let corpus = input::read(vec![Location::Path(root().join("data/corpus"))]).unwrap();
    guanxi
        .build(&folder, BuildOptions::default(), corpus, 2, |event| {
            assert!(!matches!(event, Event::Note(_)), "{event:?}");
        })
        .unwrap();
    Generation::open(&folder).unwrap()
}

fn values_of_example(query: &NamedQuery, index: &NameIndex) -> BTreeMap<String, ParameterValue> {
    let given = query.example.split(" --param ").skip(1).map(|given| given.split_once('=').unwrap());
    let value = |(name, text): (&str, &str)| {
        let text = text.trim_matches('"');
        let kind = query.parameters.iter().find(|parameter| parameter.name == name).unwrap().kind;
        (name.to_owned(), value(kind, text, index))
    };
    given.map(value).collect()
}

fn value(kind: ParameterKind, text: &str, index: &NameIndex) -> ParameterValue {
    match (kind, index.resolve(text)) {
        (ParameterKind::Entity, Found::One(entity)) => ParameterValue::Entity(entity),
        (ParameterKind::Entity, other) => panic!("`{text}` is {other:?}"),
        (kind, _) => kind.read(text).unwrap(),
    }
}

/// A line of column names and a line a row.
fn lines(answer: &Answer, store: &Generation) -> String {
    let Content::Rows { columns, rows } = &answer.content else { panic!("a named query answers rows") };
    let cell = |cell: &Option<_>| cell.as_ref().map(|term| plain_text(term, store.vocabulary())).unwrap_or_default();
    let rows = rows.iter().map(|row| row.iter().map(cell).collect::<Vec<_>>().join(" | "));
    std::iter::once(columns.join(" | ")).chain(rows).map(|line| format!("{}\n", line.trim_end())).collect()
}
