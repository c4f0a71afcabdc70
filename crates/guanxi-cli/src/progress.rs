//! How far the reading of texts has come: a line that is drawn again and again on a terminal, lines of a log otherwise.

use std::cell::Cell;
use std::io::IsTerminal;
use std::time::{Duration, Instant};

use guanxi::input::{Inputs, Read};
use guanxi::model::Note;
use indicatif::{ProgressBar, ProgressStyle};

use crate::output::harmless;
use crate::session::Session;

/// How often a log tells how far it has come.
const EVERY: Duration = Duration::from_secs(5);

/// Counts what is read and found.
pub struct Progress<'a> {
    session: &'a Session,
    bar: ProgressBar,
    began: Instant,
    /// When a log was last told.
    told: Cell<Instant>,
    count: Cell<Count>,
}

#[derive(Clone, Copy, Default)]
struct Count {
    documents: u64,
    bytes: u64,
    claims: u64,
    /// Bytes of all inputs, where they are known: of files, by their lengths.
    total: u64,
}

impl<'a> Progress<'a> {
    /// A line on a terminal, unless the user wants quiet or a log; `inputs` tell how much there is.
    pub fn of(session: &'a Session, inputs: &Inputs) -> Self {
        let count = Count { total: inputs.bytes(), ..Count::default() };
        let now = Instant::now();
        Self { session, bar: bar(session, count.total), began: now, told: Cell::new(now), count: Cell::new(count) }
    }

    /// A text comes in.
    pub fn read(&self, read: &Read) {
        let Read::Text(text) = read else { return };
        tracing::info!(source = text.source, bytes = text.bytes.len(), "reading");
        let mut count = self.count.get();
        count.documents += 1;
        count.bytes += text.bytes.len() as u64;
        self.count.set(count);
        self.bar.set_position(count.bytes.min(count.total));
        self.show(&count);
    }

    /// So many claims were found in a text.
    pub fn found(&self, claims: usize) {
        let mut count = self.count.get();
        count.claims += claims as u64;
        self.count.set(count);
        self.show(&count);
    }

    /// Something odd about the input, told above the line.
    pub fn tell(&self, note: &Note) {
        self.bar.suspend(|| self.session.tell(note));
    }

    /// All texts are read: the last count, and the line says what is done now.
    pub fn writing(&self) {
        self.log(&self.count.get(), "all texts read, facts are weighed and the store is written");
        self.bar.set_message("weighing facts, writing the store");
    }

    /// The line goes.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }

    fn show(&self, count: &Count) {
        let elapsed = self.began.elapsed();
        self.bar.set_message(count.told(elapsed));
        if self.told.get().elapsed() >= EVERY {
            self.told.set(Instant::now());
            self.log(count, "so far");
        }
    }

    fn log(&self, count: &Count, message: &str) {
        let Count { documents, bytes, claims, .. } = *count;
        let elapsed = self.began.elapsed();
        let left = count.left(elapsed).map(|left| left.as_secs());
        tracing::info!(documents, bytes, claims, "MB/s" = count.speed(elapsed), "seconds left" = left, "{message}");
    }
}

impl Count {
    /// `1204 documents, 2.31 MB/s, 5310 claims, 0:42 left`
    fn told(&self, elapsed: Duration) -> String {
        let Count { documents, .. } = self;
        let claims = match self.claims {
            0 => String::new(),
            claims => format!(", {claims} claims"),
        };
        let seconds = |left: Duration| format!(", {}:{:02} left", left.as_secs() / 60, left.as_secs() % 60);
        let left = self.left(elapsed).map(seconds).unwrap_or_default();
        harmless(&format!("{documents} documents, {:.2} MB/s{claims}{left}", self.speed(elapsed))).into_owned()
    }

    /// Millions of bytes of text a second.
    fn speed(&self, elapsed: Duration) -> f64 {
        let speed = self.bytes as f64 / 1e6 / elapsed.as_secs_f64().max(1e-3);
        (speed * 100.0).round() / 100.0
    }

    /// How long the rest takes if it goes on like this; nothing in the first second, which tells nothing.
    fn left(&self, elapsed: Duration) -> Option<Duration> {
        let rest = self.total.checked_sub(self.bytes).filter(|_| self.bytes > 0 && elapsed.as_secs() >= 1)?;
        Some(elapsed.mul_f64(rest as f64 / self.bytes as f64))
    }
}

fn bar(session: &Session, total: u64) -> ProgressBar {
    if session.is_quiet() || session.is_verbose() || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(total);
    let style = ProgressStyle::with_template("{spinner} {bar:20} {percent:>3} %  {wide_msg}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_is_reckoned_from_what_is_done() {
        let count = Count { documents: 3, bytes: 2_000_000, claims: 7, total: 5_000_000 };
        assert_eq!(count.told(Duration::from_secs(40)), "3 documents, 0.05 MB/s, 7 claims, 1:00 left");
        assert_eq!(count.told(Duration::from_millis(500)), "3 documents, 4.00 MB/s, 7 claims");
        assert_eq!(Count::default().told(Duration::from_secs(9)), "0 documents, 0.00 MB/s");
    }
}
