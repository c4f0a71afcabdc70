//! Builds the crate anew when a file is added to the data that is compiled in.
//!
//! `include_dir!` follows the files that it saw, and does not see new ones.

fn main() {
    for folder in ["schema", "reference", "derivation", "rules", "lexicon", "models"] {
        println!("cargo:rerun-if-changed=../../data/{folder}");
    }
    println!("cargo:rerun-if-changed=../../queries");
}
