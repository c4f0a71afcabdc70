//! Checks the built-in data and compiles them into the form that the library opens without reading: see `src/compiled.rs`.
//!
//! A mistake in them is an error of the build, with its file and line.

use std::path::{Path, PathBuf};
use std::{env, fs};

use compiled::Compiled;
use data::{DataFile, DataFiles, is_data};
use guanxi_model::DocumentId;

#[path = "src/compiled.rs"]
mod compiled;
#[path = "src/data.rs"]
#[allow(dead_code, reason = "the library needs the rest")]
mod data;

fn main() {
    println!("cargo::rerun-if-changed=../../queries");
    let mut files = DataFiles::default();
    for (name, part) in files.parts_mut() {
        println!("cargo::rerun-if-changed=../../data/{name}");
        collect(&Path::new("../../data").join(name), &format!("data/{name}"), name, part);
        part.sort();
    }
    println!("cargo::rustc-env=WEIGHING_CODE={}", weighing_code());
    match Compiled::of(&files) {
        Ok(compiled) => {
            let folder = PathBuf::from(env::var_os("OUT_DIR").expect("cargo names a folder"));
            let bytes = postcard::to_stdvec(&compiled).expect("data can be written");
            fs::write(folder.join("data.bin"), bytes).expect("the folder can be written to");
        }
        Err(errors) => errors.iter().for_each(|error| println!("cargo::error={error}")),
    }
}

/// A hash of the code that weighs what was read, other people's by its versions: with another one the same documents may
/// come to something else.
fn weighing_code() -> DocumentId {
    let mut texts = Vec::new();
    for folder in ["guanxi-model/src", "guanxi-model/data", "guanxi-names/src", "guanxi-names/data", "guanxi-graph/src"]
    {
        let folder = Path::new("..").join(folder);
        println!("cargo::rerun-if-changed={}", folder.display());
        contents(&folder, &mut texts);
    }
    println!("cargo::rerun-if-changed=../../Cargo.lock");
    texts.extend(fs::read("../../Cargo.lock"));
    texts.sort();
    DocumentId::of(&texts.concat())
}

/// Of every file below a folder.
fn contents(folder: &Path, texts: &mut Vec<Vec<u8>>) {
    for entry in fs::read_dir(folder).expect("the crates stand beside this one") {
        let path = entry.expect("the code can be read").path();
        match path.is_dir() {
            true => contents(&path, texts),
            false => texts.push(fs::read(&path).expect("the code can be read")),
        }
    }
}

/// The files of a part, named as in the repository. Named queries are no part of `data`.
fn collect(folder: &Path, shown: &str, part: &str, files: &mut Vec<DataFile>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("the data can be read").path();
        let shown = format!("{shown}/{}", path.file_name().unwrap_or_default().to_string_lossy());
        if path.is_dir() {
            collect(&path, &shown, part, files);
        } else if is_data(&path, part) {
            let text = fs::read_to_string(&path).expect("the data are in UTF-8");
            files.push(DataFile { path: shown, text });
        }
    }
}
