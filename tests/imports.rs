//! `guanxi import`: what a run says, with which status it ends, and what the store shows then.

use std::fs;

use crate::support::{Scratch, root};

fn with_fixtures() -> Scratch {
    let scratch = Scratch::new();
    for entry in fs::read_dir(root().join("tests/fixtures/imports")).unwrap() {
        let entry = entry.unwrap();
        scratch.write(entry.file_name().to_str().unwrap(), fs::read(entry.path()).unwrap());
    }
    scratch
}

#[test]
fn a_merge_against_the_registers_is_made_and_told() {
    let scratch = with_fixtures();
    scratch.guanxi(["import", "lei.xml"]).expect_status(3);
    let merge = ["entity", "merge", "Alderbrook", "Cedarvale Lending Limited", "--because", "seen in its books"];
    let run = scratch.guanxi(merge).expect_status(0).expect_in_stderr("are same");
    assert!(run.stderr.contains("no one thing has both"), "{}", run.stderr);
    scratch.guanxi(["entity", "show", "Alderbrook"]).expect_status(0).expect_in_stdout("Cedarvale Lending");
}

#[test]
fn registers_come_in_are_shown_and_forgotten() {
    let scratch = with_fixtures();
    // One LEI is mistyped: told, with its line, and nothing else lost.
    let run = scratch.guanxi(["import", "lei.xml", "rr.xml"]).expect_status(3);
    assert!(run.stderr.contains("lei.xml:") && run.stderr.contains("the check digit is"), "{}", run.stderr);
    assert!(run.stderr.contains("5 entities"), "{}", run.stderr);

    let info = scratch.guanxi(["info"]).expect_status(0);
    assert!(
        info.stdout.contains("import      rr.xml: GLEIF RR-CDF of GLEIF, 4 records, as of 2026-11-20"),
        "{}",
        info.stdout
    );

    let shown = scratch.guanxi(["entity", "show", "Alderbrook"]).expect_status(0);
    for line in ["lei      9845ALDERHOLDINGS032", "record   GLEIF, lei.xml, record 9845ALDERHOLDINGS032, 2026-10-01"] {
        assert!(shown.stdout.contains(line), "{}", shown.stdout);
    }
    let found = scratch.guanxi(["entity", "find", "lei:9845 ALDE RHOL DING S032"]);
    assert!(found.stdout.contains("lei-9845alderholdings032"), "{}", found.stdout);

    scratch.guanxi(["import", "rr.xml"]).expect_status(0);
    scratch.guanxi(["forget", "./lei.xml", "rr.xml", "--purge"]).expect_status(0);
    assert!(!scratch.guanxi(["info"]).stdout.contains("import  "));
}

#[test]
fn owners_of_a_day_are_those_of_its_period() {
    let scratch = Scratch::new();
    scratch.write("firms.csv", "id,class,label\n1,Person,Ada Lund\n2,Company,Halden Mining Ltd\n");
    let holdings = "source,predicate,target,share,validFrom,validTo\n1,owns,2,20,2015,2018\n1,owns,2,60,2019,\n";
    scratch.write("holdings.csv", holdings);
    scratch.guanxi(["import", "firms.csv", "holdings.csv"]).expect_status(0);
    let as_of = ["owners", "Halden Mining Ltd", "--rule", "cn-control", "--as-of"];
    for (day, answer, other) in [("2016", "1. Ada Lund  20%", "percent=60"), ("2020", "1. Ada Lund  60%", "percent=20")]
    {
        let told = scratch.guanxi([&as_of[..], &[day]].concat()).expect_status(0).stdout;
        let (counted, not_counted) = told.split_once("not counted:").unwrap();
        assert!(counted.contains(answer) && not_counted.contains(other), "{day}: {told}");
    }
}

#[test]
fn a_row_is_counted_once() {
    let scratch = Scratch::new();
    scratch.write("firms.csv", "id,class,label\n1,Company,Juniper Robotics Ltd\n2,Company,Halden Mining Ltd\n");
    let holdings = "source,predicate,target,share,validFrom,shareMin\n1,owns,2,20,2015,\n1,owns,2,35,2019,\n\
                    1,owns,9,5,,\n2,owns,9,,,10\n2,owns,2,1,,\n";
    scratch.write("holdings.csv", holdings);
    let run = scratch.guanxi(["import", "firms.csv", "holdings.csv"]).expect_status(3);
    let counted =
        "holdings.csv: table of facts, 4 records, 0 entities, 2 facts, 2 waiting for an end, 1 kept in part, 1 lost";
    assert!(run.stderr.contains(counted), "{}", run.stderr);
}

#[test]
fn what_is_no_register_is_one_clear_error() {
    let scratch = with_fixtures();
    scratch.write("text.txt", b"Tencent invested in Xiaohongshu.");
    for (arguments, words) in [
        (vec!["import", "text.txt"], "what it holds is not known"),
        (vec!["import", "gone.xml"], "gone.xml"),
        (vec!["import", "text.txt", "--from", "gleif"], "no record in it can be read"),
    ] {
        let run = scratch.guanxi(arguments).expect_status(1);
        assert!(run.stderr.contains(words), "{}", run.stderr);
    }
    // Nothing was imported, so that what came before stays: nothing.
    scratch.guanxi(["info"]).expect_status(4);
}
