//! Deciding who is one: merge, split, different, undo, and why.

use crate::support::Scratch;

fn built() -> Scratch {
    let scratch = Scratch::new();
    scratch.write("texts/a.txt", "Kestrel Capital invested in Tern Pay (燕鸥支付).\n");
    scratch.write("texts/b.txt", "Heron Partners invested in Tern Wallet.\n");
    scratch.write("texts/c.txt", "燕鸥支付收购了海雀科技。\n");
    scratch.guanxi(["build", "texts"]).expect_status(0);
    scratch
}

fn dump(scratch: &Scratch) -> String {
    scratch.guanxi(["dump"]).expect_status(0).stdout
}

#[test]
fn what_was_merged_comes_apart_as_it_was() {
    let scratch = built();
    let before = dump(&scratch);
    let merge = ["entity", "merge", "Tern Pay", "Tern Wallet", "--because", "one firm", "--author", "lw"];
    scratch.guanxi(merge).expect_status(0).expect_in_stderr("are same").expect_in_stderr("judgements.toml");
    let shown = scratch.guanxi(["entity", "show", "Tern Wallet", "--why"]).expect_status(0);
    shown.expect_in_stdout("by lw: one firm").expect_in_stdout("by “Tern Wallet”").expect_in_stdout("by “燕鸥支付”");
    scratch.guanxi(["entity", "decided"]).expect_status(0).expect_in_stdout("one firm");
    scratch.guanxi(["info"]).expect_status(0).expect_in_stdout("1 judged");
    // Built anew, or restored elsewhere, it holds.
    scratch.guanxi(["build", "texts"]).expect_status(0);
    scratch.write("dump.nq", dump(&scratch));
    scratch.guanxi(["restore", "-d", "copy.db", "dump.nq"]).expect_status(0);
    scratch.guanxi(["entity", "show", "-d", "copy.db", "Tern Wallet"]).expect_status(0).expect_in_stdout("Tern Pay");
    scratch.guanxi(["entity", "undo", "Tern Pay", "Tern Wallet"]).expect_status(0).expect_in_stderr("taken back");
    assert_eq!(dump(&scratch), before);
    let history = scratch.guanxi(["info", "--history", "--format", "tsv"]).expect_status(0);
    history.expect_in_stdout(" same\t\tone firm").expect_in_stdout(" undecided again\t\tone firm");
    scratch.guanxi(["entity", "undo", "Tern Pay"]).expect_status(4).expect_in_stderr("nothing was decided");
}

#[test]
fn a_name_and_a_document_are_parted_from_an_entity() {
    let scratch = built();
    let before = dump(&scratch);
    let because = ["--because", "somebody else"];
    let split = [&["entity", "split", "Tern Pay", "燕鸥支付"][..], &because].concat();
    scratch.guanxi(split).expect_status(0).expect_in_stderr("are different");
    let shown = scratch.guanxi(["entity", "show", "Tern Pay"]).expect_status(0);
    assert!(!shown.stdout.contains("acquired"), "{}", shown.stdout);
    let merge = [&["entity", "undo", "Tern Pay"][..]].concat();
    scratch.guanxi(merge).expect_status(0);
    assert_eq!(dump(&scratch), before);

    scratch.write("texts/d.txt", "Tern Wallet acquired Auk Media.\n");
    scratch.guanxi(["build", "texts"]).expect_status(0);
    let document = [&["entity", "split", "Tern Wallet", "--document", "texts/d.txt"][..], &because].concat();
    scratch.guanxi(document).expect_status(0);
    let owned = scratch.guanxi([
        "query",
        "--format",
        "csv",
        "-e",
        "SELECT ?a { ?a gx:acquired ?b ; rdfs:label ?l . ?c gx:investsIn ?a FILTER(REGEX(?l, 'Tern Wallet')) }",
    ]);
    assert!(!owned.expect_status(0).stdout.contains("id/"), "whoever bought Auk Media is not whom Heron backs");

    let unknown = [&["entity", "split", "Tern Pay", "Puffin"][..], &because].concat();
    scratch.guanxi(unknown).expect_status(4).expect_in_stderr("was not merged into");
    let same = [&["entity", "different", "Tern Pay", "燕鸥支付"][..], &because].concat();
    scratch.guanxi(same).expect_status(2).expect_in_stderr("one entity in this store");
    let apart = [&["entity", "different", "Tern Pay", "Kestrel Capital"][..], &because].concat();
    scratch.guanxi(apart).expect_status(0);
    let merge = [&["entity", "merge", "Tern Pay", "Kestrel Capital"][..], &because].concat();
    scratch.guanxi(merge).expect_status(1).expect_in_stderr("entity undo");
}
