//! A build killed at any moment leaves the last whole generation, and the next one makes good.

use std::fmt::Write;
use std::process::Stdio;
use std::thread;
use std::time::Instant;

use crate::support::Scratch;

#[test]
fn a_killed_build_leaves_the_last_generation() {
    let scratch = Scratch::new();
    for number in 0..300 {
        scratch.write(&format!("texts/{number}.txt"), document(number));
    }
    scratch.guanxi(["build", "texts/0.txt"]).expect_status(0);
    let began = Instant::now();
    scratch.guanxi(["build", "texts", "-d", "whole"]).expect_status(0);
    let whole_time = began.elapsed();
    let dump = |db| scratch.guanxi(["dump", "-d", db]).expect_status(0).stdout;
    let (first, whole) = (dump("guanxi.db"), dump("whole"));
    assert_ne!(first, whole);

    let mut broken_off = 0;
    for fraction in random_fractions(10) {
        let mut build = scratch
            .command(env!("CARGO_BIN_EXE_guanxi"))
            .args(["build", "texts", "--threads", "1"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        thread::sleep(whole_time.mul_f64(fraction));
        let _ = build.kill();
        build.wait().unwrap();

        let found = dump("guanxi.db");
        if found == first {
            broken_off += 1;
        } else {
            assert!(found == whole, "neither the old generation nor the new one");
            // It was done before it was killed; back to the start.
            std::fs::remove_dir_all(scratch.path("guanxi.db")).unwrap();
            scratch.guanxi(["build", "texts/0.txt"]).expect_status(0);
        }
    }
    assert!(broken_off > 0, "no build was killed before it was done");
    scratch.guanxi(["build", "texts"]).expect_status(0);
    assert!(dump("guanxi.db") == whole, "what was killed is made good");
}

fn document(number: usize) -> String {
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
