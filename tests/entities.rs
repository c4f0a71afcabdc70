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

#[test]
fn a_merge_outlives_texts_that_change_go_and_come_back() {
    let scratch = built();
    let merge = ["entity", "merge", "Tern Pay", "Tern Wallet", "--because", "one firm"];
    scratch.guanxi(merge).expect_status(0);
    let is_one = |scratch: &Scratch| {
        scratch.guanxi(["entity", "show", "Tern Wallet"]).expect_status(0).stdout.contains("Tern Pay")
    };
    for (text, expected) in [
        ("Heron Partners and Gannet Fund invested in Tern Wallet.\n", true),
        ("Heron Partners invested in Auk Media.\n", false),
        ("Tern Wallet acquired Auk Media.\n", true),
    ] {
        scratch.write("texts/b.txt", text);
        scratch.guanxi(["build", "texts"]).expect_status(0);
        match expected {
            true => assert!(is_one(&scratch), "{text}"),
            false => drop(scratch.guanxi(["entity", "show", "Tern Wallet"]).expect_status(4)),
        }
    }
    // It is still there to be taken back.
    scratch.guanxi(["entity", "undo", "Tern Pay", "Tern Wallet"]).expect_status(0).expect_in_stderr("taken back");
    assert!(!is_one(&scratch));
}

#[test]
fn a_file_of_judgements_with_a_mistake_changes_nothing_and_one_of_windows_says_the_same() {
    let scratch = built();
    for (one, other) in [("Tern Pay", "Tern Wallet"), ("Kestrel Capital", "Heron Partners")] {
        let judge = if one == "Tern Pay" { "merge" } else { "different" };
        scratch.guanxi(["entity", judge, one, other, "--because", "seen in its books"]).expect_status(0);
    }
    let file = scratch.path("guanxi.db/judgements.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let before = dump(&scratch);
    let line = |part: &str| text.lines().position(|line| line.contains(part)).unwrap() + 1;
    let again = |verdict: &str| {
        let entry = text.split("[[entity]]").find(|entry| entry.contains("\"same\"")).unwrap();
        format!("{text}\n[[entity]]{}\n", entry.replace("\"same\"", verdict).trim_end())
    };
    let last = again("\"different\"").lines().filter(|line| *line == "[[entity]]").count();
    assert_eq!(last, 3);
    for (wrong, place, message) in [
        (text.replace("\"same\"", "\"smae\""), line("\"same\""), "unknown verdict `smae`: did you mean `same`?"),
        (text.replacen("because", "becuase", 2), line("because = "), "unknown key `becuase`: did you mean `because`?"),
        (again("\"different\""), text.lines().count() + 2, "judged twice, and not alike"),
    ] {
        std::fs::write(&file, &wrong).unwrap();
        let run = scratch.guanxi(["build", "texts"]).expect_status(1);
        let named = format!("judgements.toml:{place}");
        assert!(run.stderr.contains(&named) && run.stderr.contains(message), "{named} {message}: {}", run.stderr);
        assert_eq!((dump(&scratch), std::fs::read_to_string(&file).unwrap()), (before.clone(), wrong));
    }
    // Who is not known waits; what was decided of others holds.
    let unknown =
        "\n[[entity]]\none = \"agent-0000000000000000\"\nother = \"cn-nobody\"\nverdict = \"same\"\nbecause = \"?\"\n";
    for same in [text.replace('\n', "\r\n"), format!("\u{feff}{text}"), again("\"same\""), format!("{text}{unknown}")] {
        std::fs::write(&file, &same).unwrap();
        scratch.guanxi(["build", "texts"]).expect_status(0);
        scratch.guanxi(["entity", "show", "Tern Wallet"]).expect_status(0).expect_in_stdout("Tern Pay");
    }
    std::fs::write(&file, &text).unwrap();
    scratch.guanxi(["build", "texts"]).expect_status(0);
    assert_eq!(dump(&scratch), before);
}
