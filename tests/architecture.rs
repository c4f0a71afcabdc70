//! The house keeps its shape: which crate may know which, and what a library never does.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use cargo_metadata::{DependencyKind, MetadataCommand};

use crate::support::root;

/// The arrows of ARCHITECTURE.md: each crate with those of ours that it may use.
const ARROWS: &[(&str, &[&str])] = &[
    ("guanxi-model", &[]),
    ("guanxi-names", &["guanxi-model"]),
    ("guanxi-extract", &["guanxi-model", "guanxi-names"]),
    ("guanxi-graph", &["guanxi-model", "guanxi-names"]),
    ("guanxi-query", &["guanxi-graph", "guanxi-model", "guanxi-names"]),
    ("guanxi", &["guanxi-extract", "guanxi-graph", "guanxi-model", "guanxi-names", "guanxi-query"]),
    ("guanxi-cli", &["guanxi"]),
];

/// Crates that are built on purpose only, and may use any of the others.
const WORKSHOPS: [&str; 2] = ["guanxi-train", "guanxi-bench"];

#[test]
fn crates_know_only_those_below_them() {
    let allowed: BTreeMap<_, BTreeSet<_>> = ARROWS
        .iter()
        .map(|(name, below)| (name.to_string(), below.iter().map(ToString::to_string).collect()))
        .collect();
    for (name, dependencies) in dependencies() {
        let ours: BTreeSet<_> = dependencies.into_iter().filter(|name| name.starts_with("guanxi")).collect();
        let Some(allowed) = allowed.get(&name) else { panic!("{name} is not in the list of arrows") };
        assert!(ours.is_subset(allowed), "{name} uses {ours:?}, allowed are {allowed:?}");
    }
}

#[test]
fn only_graph_and_query_know_the_store() {
    for (name, dependencies) in dependencies() {
        let store: Vec<_> =
            dependencies.iter().filter(|name| ["oxigraph", "oxrdf", "spareval"].contains(&name.as_str())).collect();
        let may = ["guanxi-graph", "guanxi-query"].contains(&name.as_str()) || WORKSHOPS.contains(&name.as_str());
        assert!(may || store.is_empty(), "{name} uses {store:?}");
    }
}

#[test]
fn libraries_do_not_print_exit_or_look_around() {
    const FORBIDDEN: [&str; 12] = [
        "println!",
        "eprintln!",
        "print!(",
        "eprint!(",
        "dbg!(",
        "process::exit",
        "std::env",
        "env::var",
        "SystemTime",
        "Instant::now",
        "io::stdin",
        "io::stdout",
    ];
    let mut found = Vec::new();
    for (path, line, code) in library_code() {
        for word in FORBIDDEN {
            if code.contains(word) {
                found.push(format!("{}:{line}: {word}", path.display()));
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn unsafe_code_maps_a_file_and_does_nothing_else() {
    let mapping = root().join("crates/guanxi-graph/src/quads/table/bytes.rs");
    for (path, line, code) in source_files(&root().join("crates")).iter().flat_map(|path| code_of(path)) {
        let words = code.split(|c: char| !c.is_alphanumeric() && c != '_');
        let maps = path == mapping && code.contains("Mmap::map(");
        assert!(maps || !words.clone().any(|word| word == "unsafe"), "{}:{line}", path.display());
    }
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    assert!(manifest.contains("unsafe_code = \"deny\""), "the workspace denies it");
    for package in metadata().workspace_packages() {
        let manifest = fs::read_to_string(&package.manifest_path).unwrap();
        assert!(manifest.contains("[lints]\nworkspace = true"), "{} takes the lints of the workspace", package.name);
    }
}

#[test]
fn each_file_opens_by_saying_its_part() {
    for path in source_files(&root().join("crates")).into_iter().chain(source_files(&root().join("tests"))) {
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("//! "), "{} has no `//!` sentence", path.display());
    }
}

#[test]
fn the_data_has_a_place_for_everything() {
    const TREE: [(&str, &[&str]); 10] = [
        ("schema", &["toml"]),
        ("rules", &["toml"]),
        ("rules-of-ownership", &["toml"]),
        ("lexicon", &["toml"]),
        ("derivation", &["toml"]),
        ("reference", &["toml", "csv"]),
        ("vocab", &["ttl"]),
        ("models", &["bin", "toml"]),
        ("corpus", &["txt", "md", "html", "jsonl"]),
        ("training", &["txt"]),
    ];
    let data = root().join("data");
    for path in files(&data) {
        let below = path.strip_prefix(&data).unwrap();
        if below.file_name().is_some_and(|name| name == "README.md") {
            continue;
        }
        let folder = below.iter().next().unwrap().to_str().unwrap();
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        let named = TREE.iter().find(|(name, _)| *name == folder);
        let Some((_, extensions)) = named else { panic!("data/{}: no such part of the tree", below.display()) };
        assert!(extensions.contains(&extension), "data/{}: {folder} holds {extensions:?}", below.display());
    }
}

/// Each crate of the workspace with what it and its build script depend on, tests left aside.
fn dependencies() -> Vec<(String, Vec<String>)> {
    let metadata = metadata();
    let packages =
        metadata.workspace_packages().into_iter().filter(|package| !WORKSHOPS.contains(&package.name.as_str()));
    let dependencies = |package: &cargo_metadata::Package| {
        let used = package.dependencies.iter().filter(|dependency| dependency.kind != DependencyKind::Development);
        used.map(|dependency| dependency.name.clone()).collect()
    };
    packages.map(|package| (package.name.to_string(), dependencies(package))).collect()
}

fn metadata() -> cargo_metadata::Metadata {
    MetadataCommand::new().manifest_path(root().join("Cargo.toml")).no_deps().exec().unwrap()
}

/// Path, number and text of every line of code of the libraries: no comments, no unit tests.
fn library_code() -> Vec<(PathBuf, usize, String)> {
    let libraries = ARROWS.iter().map(|(name, _)| *name).filter(|name| *name != "guanxi-cli");
    let sources = libraries.flat_map(|name| source_files(&root().join("crates").join(name).join("src")));
    sources.filter(|path| !path.ends_with("tests.rs")).flat_map(|path| code_of(&path)).collect()
}

fn code_of(path: &Path) -> Vec<(PathBuf, usize, String)> {
    let text = fs::read_to_string(path).unwrap();
    let lines = text.lines().zip(1..).take_while(|(line, _)| line.trim() != "#[cfg(test)]");
    let code = lines.filter(|(line, _)| !line.trim_start().starts_with("//"));
    code.map(|(line, number)| (path.to_owned(), number, line.to_owned())).collect()
}

fn source_files(folder: &Path) -> Vec<PathBuf> {
    files(folder).into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "rs")).collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}
