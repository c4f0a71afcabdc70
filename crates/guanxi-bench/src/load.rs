//! How fast a store is written: the first build of what so many stories say, beside oxigraph's own bulk load of the same
//! quads, and then single documents, added to the store one by one.

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use guanxi::Guanxi;
use guanxi::extract::Input;
use guanxi::graph::{BuildConfig, Form, Generation, Update};
use guanxi::model::Extraction;
use oxigraph::model::Quad;
use oxigraph::store::{StorageError, Store};

use crate::{SEED, child, loaded, memory, news};

/// Documents that are added one by one.
const ADDED: usize = 3;

type Failure = Box<dyn std::error::Error>;

/// Runs one load; without a name, each of them in a process of its own, so that peaks of memory are its own.
pub fn load(documents: usize, which: Option<&str>) -> ExitCode {
    let done = match which {
        Some("table") => ours(documents, Form::Table),
        Some("disk") => ours(documents, Form::Disk),
        Some("peer") => peer(documents),
        _ => {
            println!("{documents} documents of invented news, seed {SEED}");
            let disk = cfg!(feature = "disk").then_some("disk");
            ["table"].into_iter().chain(disk).chain(["peer"]).for_each(|which| {
                child(&["load", &documents.to_string(), which]);
            });
            Ok(())
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn ours(documents: usize, form: Form) -> Result<(), Failure> {
    let guanxi = loaded(0);
    let readings = readings(&guanxi, documents + ADDED);
    let claims: usize = readings[..documents].iter().map(|reading| reading.claims.len()).sum();
    let mut readings = readings.into_iter();
    let folder = tempfile::tempdir()?;

    let before = memory("VmRSS");
    let first: Vec<Extraction> = readings.by_ref().take(documents).collect();
    let (time, ()) = Time::of(|| commit(&guanxi, folder.path(), form, first))?;
    let peak = memory("VmHWM").saturating_sub(before) / 1024;
    let quads = Generation::open(folder.path())?.meta().counts.quads as f64;
    let name = if form == Form::Disk { "ours, RocksDB" } else { "ours, one table" };
    println!(
        "{name:<22} {time}   {claims} claims, {quads} quads, {:.1} a claim; {:.0} bytes a quad; +{peak} MB at the peak",
        quads / claims as f64,
        size(folder.path())? as f64 / quads,
    );

    let (time, ()) = Time::of(|| readings.try_for_each(|one| commit(&guanxi, folder.path(), form, vec![one])))?;
    println!("{:<22} {}   each of {ADDED} documents", "  one more document", time.for_each_of(ADDED));
    Ok(())
}

fn commit(guanxi: &Guanxi, folder: &Path, form: Form, readings: Vec<Extraction>) -> Result<(), Failure> {
    let mut update = Update::begin(folder, guanxi.knowledge(), BuildConfig { form, ..BuildConfig::default() })?;
    readings.into_iter().for_each(|reading| update.add(reading));
    update.commit()?;
    Ok(())
}

/// The quads that our store of the same stories holds, straight into oxigraph. They are read out of a table as they are
/// loaded, for all of them as oxigraph's own quads take ten times its room; what reading alone takes is taken off.
fn peer(documents: usize) -> Result<(), Failure> {
    let guanxi = loaded(0);
    let ours = Generation::in_memory(readings(&guanxi, documents), &guanxi.knowledge(), &BuildConfig::default())?;
    let quads = || ours.store().iter();
    let (reading, ()) = Time::of(|| Ok(quads().try_for_each(|quad| quad.map(|quad| drop(black_box(quad))))?))?;
    let folder = tempfile::tempdir()?;
    let (loading, _store) = Time::of(|| bulk_load(folder.path(), quads()))?;
    println!(
        "{:<22} {}   the same quads, without {:.2} s of processor to read them",
        if cfg!(feature = "disk") { "oxigraph, RocksDB" } else { "oxigraph, in memory" },
        loading.without(&reading),
        reading.processor,
    );
    Ok(())
}

fn bulk_load(folder: &Path, quads: impl Iterator<Item = Result<Quad, StorageError>>) -> Result<Store, Failure> {
    let store = open(folder)?;
    let mut loader = store.bulk_loader();
    loader.load_ok_quads::<StorageError, StorageError>(quads)?;
    loader.commit()?;
    #[cfg(feature = "disk")]
    store.flush()?;
    Ok(store)
}

#[cfg(feature = "disk")]
fn open(folder: &Path) -> Result<Store, Failure> {
    Ok(Store::open(folder)?)
}

#[cfg(not(feature = "disk"))]
fn open(_folder: &Path) -> Result<Store, Failure> {
    Ok(Store::new()?)
}

/// What the stories say.
fn readings(guanxi: &Guanxi, documents: usize) -> Vec<Extraction> {
    let stories = news::stories(documents, SEED).enumerate();
    let read = |(number, story): (usize, String)| {
        let name = format!("{number}.txt");
        let mut input = Input::text(&name, story.as_bytes());
        input.published = "2025-11-22".parse().ok();
        guanxi.extractor().extract(&input)
    };
    stories.map(read).collect()
}

/// Seconds of all threads on the processor, and of the wall.
struct Time {
    processor: f64,
    wall: f64,
}

impl Time {
    fn of<T>(work: impl FnOnce() -> Result<T, Failure>) -> Result<(Self, T), Failure> {
        let (began, before) = (Instant::now(), on_processors());
        let result = work()?;
        Ok((Self { processor: on_processors() - before, wall: began.elapsed().as_secs_f64() }, result))
    }

    fn without(&self, other: &Self) -> Self {
        Self { processor: self.processor - other.processor, wall: self.wall - other.wall }
    }

    fn for_each_of(&self, count: usize) -> Self {
        Self { processor: self.processor / count as f64, wall: self.wall / count as f64 }
    }
}

impl std::fmt::Display for Time {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:>7.2} s of processor {:>7.2} s of wall", self.processor, self.wall)
    }
}

/// Seconds that every thread of this process has spent on a processor; 0 where the system does not tell.
pub fn on_processors() -> f64 {
    const TICKS_A_SECOND: f64 = 100.0;
    let status = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name of the program stands in brackets and may hold anything; user and system time are the 14th and 15th field.
    let behind_name = status.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks = behind_name.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<f64>().ok());
    ticks.sum::<f64>() / TICKS_A_SECOND
}

/// Bytes of all files below a folder.
fn size(folder: &Path) -> Result<u64, Failure> {
    let mut bytes = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        bytes += if entry.file_type()?.is_dir() { size(&entry.path())? } else { entry.metadata()?.len() };
    }
    Ok(bytes)
}
