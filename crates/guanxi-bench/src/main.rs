//! How fast guanxi reads.

mod chance;
mod names;
mod news;

use std::io::Write;

fn main() {
    let stories = news::file(4_000_000, 1);
    let mut out = std::io::stdout().lock();
    for story in &stories {
        let _ = out.write_all(story.as_bytes());
        let _ = out.write_all(b"\x0c");
    }
}
