//! A build or an import killed at any moment leaves the last whole generation, and the next one makes good.
//!
//! `make soak` does it at length: `GUANXI_KILLS` kills over a build of `GUANXI_DOCUMENTS` documents.

use std::fmt::Write;
use std::fs;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use crate::support::Scratch;

#[test]
fn a_killed_build_leaves_the_last_generation() {
    let (kills, documents) = (setting("GUANXI_KILLS", 10), setting("GUANXI_DOCUMENTS", 300));
    let scratch = Scratch::new();
    for number in 0..documents {
        scratch.write(&format!("texts/{number}.txt"), document(number));
    }
    scratch.guanxi(["build", "texts/0.txt"]).expect_status(0);
    let first_store = scratch.files_below("guanxi.db");
    let began = Instant::now();
    scratch.guanxi(["build", "texts", "-d", "whole"]).expect_status(0);
    let whole_time = began.elapsed();
    let dump = |db| scratch.guanxi(["dump", "-d", db]).expect_status(0).stdout;
    let (first, whole) = (dump("guanxi.db"), dump("whole"));
    assert_ne!(first, whole);

    let mut ends = Ends::default();
    for fraction in random_fractions(kills) {
        let left = killed_after(whole_time.mul_f64(fraction), &scratch, &mut ends);
        let found = dump("guanxi.db");
        assert!(found == first || found == whole, "neither the old generation nor the new one");
        ends.old += u64::from(found == first);
        if left || found == whole {
            // Whatever was left over, another build makes good.
            scratch.guanxi(["build", "texts"]).expect_status(0);
            assert!(dump("guanxi.db") == whole, "what was killed is made good");
            assert_eq!(fs::read_dir(scratch.path("guanxi.db/gen")).unwrap().count(), 1, "and cleared away");
            fs::remove_dir_all(scratch.path("guanxi.db")).unwrap();
            first_store.iter().for_each(|(path, content)| drop(scratch.write(path, content)));
        }
    }
    println!(
        "{kills} kills over {documents} documents, which take {:.1} s: {} while texts were read, {} while the store was \
         written, {} after it was done; {} times the old generation stood, {} times the new one",
        whole_time.as_secs_f64(),
        ends.reading,
        ends.writing,
        ends.done,
        ends.old,
        kills - ends.old,
    );
    assert!(ends.reading + ends.writing > 0, "no build was killed before it was done");
    scratch.guanxi(["build", "texts"]).expect_status(0);
    assert!(dump("guanxi.db") == whole, "what was killed is made good");
}

#[test]
fn a_killed_import_goes_on_behind_the_last_file_that_the_store_has() {
    let kills = setting("GUANXI_KILLS", 4);
    let scratch = Scratch::new();
    let files: Vec<String> = (0..3).map(|file| format!("firms-{file}.csv")).collect();
    for (number, file) in files.iter().enumerate() {
        let firms = (0..400).map(|firm| format!("{number}-{firm},Company,Kestrel {number} {firm} Holdings Ltd\n"));
        scratch.write(file, "id,class,label\n".to_owned() + &firms.collect::<String>());
    }
    let dump = |db| scratch.guanxi(["dump", "-d", db]).expect_status(0).stdout;
    let mut wholes = Vec::new();
    for last in 1..=files.len() {
        let import = ["import", "-d", "whole"].into_iter().chain(files[..last].iter().map(String::as_str));
        scratch.guanxi(import.collect::<Vec<_>>()).expect_status(0);
        wholes.push(dump("whole"));
    }
    let import: Vec<&str> = ["import", "--each"].into_iter().chain(files.iter().map(String::as_str)).collect();
    let began = Instant::now();
    scratch.guanxi(import.iter().copied()).expect_status(0);
    let whole_time = began.elapsed();
    assert!(dump("guanxi.db") == wholes[2], "one by one is together");
    let mut midway = 0;
    for fraction in random_fractions(kills) {
        fs::remove_dir_all(scratch.path("guanxi.db")).unwrap();
        kill(&import, whole_time.mul_f64(fraction), &scratch);
        if scratch.path("guanxi.db/CURRENT").exists() {
            let found = dump("guanxi.db");
            let files = wholes.iter().position(|whole| *whole == found).expect("a store after some whole files") + 1;
            midway += u64::from(files < 3);
        }
        scratch.guanxi(import.iter().copied()).expect_status(0);
        assert!(dump("guanxi.db") == wholes[2], "what was killed is made good");
    }
    assert!(midway > 0, "no import was killed between its files");
}

/// At which stage the builds were killed, and what stood then.
#[derive(Default)]
struct Ends {
    reading: u64,
    writing: u64,
    done: u64,
    old: u64,
}

/// Kills a build after some time; whether it left something half written.
fn killed_after(time: Duration, scratch: &Scratch, ends: &mut Ends) -> bool {
    let done = kill(&["build", "texts", "--threads", "1"], time, scratch);
    let left = fs::read_dir(scratch.path("guanxi.db/gen")).unwrap().count() > 1;
    match (done, left) {
        (true, _) => ends.done += 1,
        (false, true) => ends.writing += 1,
        (false, false) => ends.reading += 1,
    }
    left
}

/// Runs a command, and kills it after some time; whether it was done before.
fn kill(command: &[&str], time: Duration, scratch: &Scratch) -> bool {
    let mut child = scratch
        .command(env!("CARGO_BIN_EXE_guanxi"))
        .args(command)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    thread::sleep(time);
    let done = child.try_wait().unwrap().is_some();
    let _ = child.kill();
    child.wait().unwrap();
    done
}

fn setting(variable: &str, default: u64) -> u64 {
    std::env::var(variable).map_or(default, |number| number.parse().expect("a number"))
}

fn document(number: u64) -> String {
    let mut text = String::new();
    for line in 0..5 {
        let _ = writeln!(text, "Kestrel {number} Capital invested {line}0 million yuan in Sugar {line} Holdings.");
    }
    text
}

/// The same numbers between 0 and 1 in every run: splitmix64.
fn random_fractions(count: u64) -> Vec<f64> {
    let fraction = |step: u64| {
        let mut bits = step.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (bits >> 11) as f64 / (1u64 << 53) as f64
    };
    (1..=count).map(fraction).collect()
}
