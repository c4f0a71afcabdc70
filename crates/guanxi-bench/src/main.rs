//! How fast guanxi reads: `guanxi-bench [MEGABYTES]`, or `make bench`.
//!
//! It writes nothing, but for `swap` and `register`; all text is invented here, from a fixed seed. Each figure stands beside what a bare
//! look at the same bytes takes in the same run (UTF-8 check and a cut into words), for machines differ and are shared.
//! Times are those of the processor, not of the wall, but for two threads; every measurement is a process of its own, so
//! that peaks of memory are its own.

mod chance;
mod graph;
mod growth;
mod hostile;
mod identity;
mod load;
mod names;
mod news;
mod peers;
mod register;
mod search;
mod sparql;
mod swap;
mod walks;

use std::io::Write;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Instant;

use guanxi::data::DataFile;
use guanxi::extract::{Input, write_assertions};
use guanxi::input::Location;
use guanxi::model::Confidence;
use guanxi::pipeline::Output;
use guanxi::{Guanxi, builtin, input};

const SEED: u64 = 20_251_122;
/// Each time is the least of so many.
const ROUNDS: usize = 3;
const NAMES: [usize; 2] = [100_000, 1_000_000];

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        [] => report(16),
        [size] if size.parse::<usize>().is_ok() => report(size.parse().unwrap_or(16)),
        ["read", size, names] => read(number(size), number(names)),
        ["threads", size] => threads(number(size)),
        ["start"] => start(),
        ["identity"] => ["100000", "300000", "1000000"].iter().for_each(|count| child(&["identity", count])),
        ["identity", count] => identity::resolve(number(count)),
        ["search"] => NAMES.iter().for_each(|count| child(&["search", &count.to_string()])),
        ["search", count] => search::search(number(count)),
        ["register", firms, folder] => return write_register(number(firms), folder),
        ["hostile", shape, size] => read_hostile(shape, number(size)),
        ["write", size] => write(number(size)),
        ["load", documents] => return load::load(number(documents), None),
        ["load", documents, which] => return load::load(number(documents), Some(which)),
        ["graph", "--growth", svg] => return grow(svg),
        ["graph", "--grown", ties] => growth::measure(number(ties), SEED),
        ["graph", ties] => peers::compare(number(ties), SEED),
        ["graph", ties, "--csv", folder] => return write_graph(number(ties), folder),
        ["graph", ties, "--peers", folder] => return ask_peers(number(ties), folder),
        ["swap", gold, out] => return swap_names(gold, out, gold),
        ["swap", gold, out, "--texts", texts] => return swap_names(gold, out, texts),
        _ => {
            eprintln!(
                "usage: guanxi-bench [MEGABYTES of news, 16]\n       guanxi-bench write MEGABYTES    the news itself\n       \
                 guanxi-bench identity [ENTITIES]    who is one among so many, else among 100k, 300k and 1M\n       \
                 guanxi-bench search [NAMES]    how long a name is looked for among so many, else among 100k and 1M\n       \
                 guanxi-bench register FIRMS FOLDER    lei.csv and rr.csv as GLEIF has them, for `guanxi import`\n       \
                 guanxi-bench load DOCUMENTS    how fast a store of so many is written\n       \
                 guanxi-bench graph EDGES    walks and measures over an invented world of owners, beside petgraph and graph\n       \
                 guanxi-bench graph --growth FILE.svg    how times grow from 100,000 edges to ten million, as a table and a picture\n       \
                 guanxi-bench graph EDGES --csv FOLDER    that world as nodes.csv and edges.csv\n       \
                 guanxi-bench graph EDGES --peers FOLDER    what peers/run.py asks: edges and questions there, answers as JSON here\n       \
                 guanxi-bench swap GOLD OUT [--texts FOLDER]    copies of texts and gold with invented names"
            );
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

fn write_graph(ties: usize, folder: &str) -> ExitCode {
    let world = graph::World::new(ties, SEED);
    match world.write_csv(Path::new(folder)) {
        Ok(()) => {
            println!("{} nodes, {} edges", world.nodes(), world.ties.len());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{folder}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn write_register(firms: usize, folder: &str) -> ExitCode {
    match register::write(firms, Path::new(folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{folder}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn ask_peers(ties: usize, folder: &str) -> ExitCode {
    match walks::compare(&graph::World::new(ties, SEED), Path::new(folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{folder}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn grow(svg: &str) -> ExitCode {
    let outputs = growth::SIZES.map(|size| output(&["graph", "--grown", &size.to_string()]));
    match growth::report(&outputs, Path::new(svg)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{svg}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn swap_names(gold: &str, out: &str, texts: &str) -> ExitCode {
    match swap::swap(Path::new(gold), Path::new(out), Path::new(texts), &loaded(0), SEED) {
        Ok((documents, names)) => {
            println!("{documents} documents, {names} names exchanged");
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn number(word: &str) -> usize {
    word.parse().unwrap_or_default()
}

/// Runs every measurement and prints the table.
fn report(megabytes: usize) {
    let size = megabytes.to_string();
    println!(
        "{megabytes} MB of invented news, English and Chinese, seed {SEED}; ratios are to a bare look at the bytes\n"
    );
    for names in NAMES {
        child(&["read", &size, &names.to_string()]);
    }
    child(&["threads", &size]);
    child(&["start"]);
    for shape in hostile::SHAPES {
        let times = [1, 2, 4].map(|factor| child_time(&["hostile", shape, &factor.to_string()]));
        let [once, _, fourfold] = times;
        println!(
            "{shape:<28} {:>8.2} s {:>8.2} s {:>8.2} s at 1, 2 and 4 times the size: {:.2} × the time of 4 pieces",
            times[0],
            times[1],
            times[2],
            fourfold / (4.0 * once)
        );
    }
}

fn child(words: &[&str]) {
    print!("{}", output(words));
}

fn child_time(words: &[&str]) -> f64 {
    output(words).trim().parse().unwrap_or(f64::NAN)
}

fn output(words: &[&str]) -> String {
    let program = std::env::current_exe().unwrap_or_else(|_| Path::new("guanxi-bench").to_owned());
    match Command::new(program).args(words).output() {
        Ok(output) if output.status.success() => String::from_utf8_lossy(&output.stdout).into_owned(),
        Ok(output) => format!("failed: {}\n", String::from_utf8_lossy(&output.stderr)),
        Err(error) => format!("failed: {error}\n"),
    }
}

/// The built-in data, with so many invented firms beside the reference data.
fn loaded(names: usize) -> Guanxi {
    if names == 0 {
        return Guanxi::builtin();
    }
    let mut files = builtin::files();
    files.reference.push(DataFile { path: "bench/names.csv".to_owned(), text: names::table(names) });
    Guanxi::new(&files).unwrap_or_else(|errors| panic!("{errors}"))
}

/// Reads the news and prints speed, its ratio to a bare look, and memory.
fn read(megabytes: usize, names: usize) {
    let stories = news::file(megabytes * 1_000_000, SEED);
    let bytes: usize = stories.iter().map(String::len).sum();
    let guanxi = loaded(names);
    let before = memory("VmRSS");
    let (mut bare, mut full) = (f64::INFINITY, f64::INFINITY);
    let mut written = 0;
    for _ in 0..ROUNDS {
        bare = bare.min(time(|| stories.iter().map(|story| look(story.as_bytes())).sum::<usize>()).0);
        let (seconds, bytes) = time(|| stories.iter().map(|story| extracted(&guanxi, story)).sum());
        (full, written) = (full.min(seconds), bytes);
    }
    let speed = |seconds: f64| bytes as f64 / 1e6 / seconds;
    println!(
        "{names:>9} names {:>7.1} MB/s   1/{:<5.0} of {:>5.0} MB/s   {:>4} MB loaded, +{} MB at the peak, {:.1} MB of claims",
        speed(full),
        full / bare,
        speed(bare),
        before / 1024,
        memory("VmHWM").saturating_sub(before) / 1024,
        written as f64 / 1e6,
    );
}

/// How much faster two threads are than one, through the pipeline: by the wall, so that only a quiet machine tells.
fn threads(megabytes: usize) {
    let stories = news::file(megabytes * 1_000_000, SEED);
    let guanxi = loaded(NAMES[0]);
    let mut best = [f64::INFINITY; 2];
    for _ in 0..ROUNDS {
        for (seconds, threads) in best.iter_mut().zip([1, 2]) {
            *seconds = seconds.min(wall(|| in_parallel(&guanxi, &stories, threads)).0);
        }
    }
    println!("two threads: {:.2} × as fast as one", best[0] / best[1]);
}

/// Claims of a text as lines of JSON; their bytes.
fn extracted(guanxi: &Guanxi, text: &str) -> usize {
    let mut input = Input::text("news.txt", text.as_bytes());
    input.published = "2025-11-22".parse().ok();
    let mut lines = Vec::new();
    let extraction = guanxi.extractor().extract(&input);
    let _ = write_assertions(&extraction, Confidence::new(0.0), &mut lines);
    std::hint::black_box(lines).len()
}

/// The same through the pipeline, on several threads.
fn in_parallel(guanxi: &Guanxi, stories: &[String], threads: usize) -> usize {
    let location = |(number, story): (usize, &String)| Location::Bytes {
        name: number.to_string(),
        bytes: story.clone().into_bytes(),
    };
    let inputs = input::read(stories.iter().enumerate().map(location).collect());
    let mut written = 0;
    let each = |output| {
        if let Output::Extraction(extraction) = output {
            let mut lines = Vec::new();
            write_assertions(&extraction, Confidence::new(0.0), &mut lines)?;
            written += lines.len();
        }
        Ok::<(), std::io::Error>(())
    };
    let done = inputs
        .map_err(|error| error.to_string())
        .and_then(|inputs| guanxi.extract(inputs, threads, each).map_err(|error| error.to_string()));
    done.map_or(0, |()| written)
}

/// What any reader must do: check that it is UTF-8 and find where words and signs begin.
fn look(bytes: &[u8]) -> usize {
    let Ok(text) = std::str::from_utf8(bytes) else { return 0 };
    let mut before = b' ';
    let begins = |byte: u8| {
        let begins = byte >= 0xC0 || byte.is_ascii_alphanumeric() != before.is_ascii_alphanumeric();
        before = byte;
        begins
    };
    std::hint::black_box(text.bytes().map(begins).filter(|&begins| begins).count())
}

/// From nothing to the first claim, in this process; the time before `main` is a millisecond.
fn start() {
    let seconds = time(|| extracted(&loaded(0), "Tencent invested in Xiaohongshu.")).0;
    let chinese = time(|| extracted(&loaded(0), "腾讯投资了小红书。")).0;
    println!(
        "start-up with the reference data: {:.0} ms, with the Chinese dictionary {:.0} ms; {} MB",
        seconds * 1000.0,
        chinese * 1000.0,
        memory("VmHWM") / 1024
    );
}

fn read_hostile(shape: &str, factor: usize) {
    let guanxi = loaded(0);
    let text = hostile::text(shape, factor);
    println!("{}", time(|| extracted(&guanxi, &text)).0);
}

fn write(megabytes: usize) {
    let mut out = std::io::stdout().lock();
    for story in news::file(megabytes * 1_000_000, SEED) {
        let _ = out.write_all(story.as_bytes());
    }
}

/// Seconds of this thread on the processor, where the system tells them; else of the wall.
fn time<T>(work: impl FnOnce() -> T) -> (f64, T) {
    match on_processor() {
        None => wall(work),
        Some(before) => {
            let result = work();
            (on_processor().unwrap_or(before) - before, result)
        }
    }
}

fn on_processor() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split(' ').next()?.parse::<f64>().ok().map(|nanoseconds| nanoseconds / 1e9)
}

fn wall<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let began = Instant::now();
    let result = work();
    (began.elapsed().as_secs_f64(), result)
}

/// `VmRSS` or `VmHWM` of this process, in kilobytes; 0 where the system does not tell.
fn memory(which: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(which));
    line.and_then(|line| line.trim_matches([':', '\t', ' ']).split(' ').next()?.parse().ok()).unwrap_or_default()
}
