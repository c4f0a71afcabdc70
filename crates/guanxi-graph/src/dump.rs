//! The one order of quads: the default graph first, then graphs by the bytes of their names, lines by bytes.
//!
//! A dump ends with a comment that tells how many quads it holds and the checksum of their lines. Other readers pass over
//! it; without it, a dump that was cut off at the end of a line would pass for a smaller store.
//!
//! ```text
//! # guanxi dump: 63194 quads, sha-256 9f2c…
//! ```

use std::fmt::Write as _;
use std::io::{self, BufRead, BufReader, Read, Write};

use oxigraph::model::{NamedNodeRef, Quad};
use oxigraph::store::StorageError;
use sha2::{Digest, Sha256};

use crate::quads::Quads;

/// How the closing line of a dump begins.
const CLOSING: &str = "# guanxi dump: ";

/// Whether a dump must have its closing line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Seal {
    /// It must, and agree with it: nothing is missing, and nothing was changed.
    #[default]
    Required,
    /// It need not: it was made or changed by hand, or by another program.
    Waived,
}

/// A dump failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DumpError {
    /// The sink refused.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The store could not be read.
    #[error("the store could not be read: {0}")]
    Storage(#[from] StorageError),
}

/// Writes every quad but those of the graph that is left out, one a line, and the closing line; the number of quads.
pub(crate) fn write_canonical(
    quads: &Quads,
    left_out: Option<NamedNodeRef<'_>>,
    mut out: impl Write,
) -> Result<u64, DumpError> {
    let (mut sum, mut line) = (Sum::default(), String::new());
    for quad in quads.in_order() {
        let quad = quad?;
        if left_out.is_none_or(|left_out| quad.graph_name.as_ref() != left_out.into()) {
            line.clear();
            // Writing to a string cannot fail.
            let _ = writeln!(line, "{quad} .");
            sum.add(line.as_bytes());
            out.write_all(line.as_bytes())?;
        }
    }
    let count = sum.quads;
    writeln!(out, "{}", sum.closing())?;
    out.flush()?;
    Ok(count)
}

/// What a closing line tells.
#[derive(Default)]
struct Sum {
    quads: u64,
    digest: Sha256,
}

impl Sum {
    fn add(&mut self, line: &[u8]) {
        self.quads += 1;
        self.digest.update(line);
    }

    fn closing(self) -> String {
        let digest = self.digest.finalize();
        let digits = digest.iter().fold(String::new(), |mut digits, byte| {
            let _ = write!(digits, "{byte:02x}");
            digits
        });
        format!("{CLOSING}{} quads, sha-256 {digits}", self.quads)
    }
}

/// Reads a dump through, and tells at its end whether it is the whole one.
pub(crate) struct Sealed<R> {
    lines: BufReader<R>,
    line: Vec<u8>,
    /// How much of the line was read.
    read: usize,
    sum: Sum,
    closing: Option<String>,
    /// Whether something stands behind the closing line.
    goes_on: bool,
    /// Whether its last line is the beginning of one.
    cut: bool,
}

impl<R: Read> Sealed<R> {
    pub fn new(dump: R) -> Self {
        let lines = BufReader::new(dump);
        Self { lines, line: Vec::new(), read: 0, sum: Sum::default(), closing: None, goes_on: false, cut: false }
    }

    /// What is wrong with what was read to its end.
    pub fn verify(self) -> Result<(), String> {
        let quads = self.sum.quads;
        let Some(closing) = self.closing else {
            return Err(format!("the closing line is missing behind {quads} quads"));
        };
        let told: Option<u64> = closing[CLOSING.len()..].split(' ').next().and_then(|number| number.parse().ok());
        if self.goes_on || told.is_some_and(|told| told != quads) {
            let told = told.unwrap_or_default();
            return Err(format!("its closing line tells of {told} quads, and {quads} stand in it"));
        }
        match closing == self.sum.closing() {
            true => Ok(()),
            false => Err("its checksum is not the one in its closing line".to_owned()),
        }
    }

    /// Whether it ends in the middle of a line, as far as it was read.
    pub fn is_cut(&self) -> bool {
        self.cut && self.sum.quads > 1
    }

    fn next_line(&mut self) -> io::Result<()> {
        self.line.clear();
        self.read = 0;
        self.lines.read_until(b'\n', &mut self.line)?;
        if let Some(closing) = std::str::from_utf8(&self.line).ok().filter(|line| line.starts_with(CLOSING)) {
            self.goes_on |= self.closing.is_some();
            self.closing = Some(closing.trim_end_matches('\n').to_owned());
        } else if !self.line.is_empty() {
            self.goes_on |= self.closing.is_some();
            self.cut = !self.line.ends_with(b"\n");
            self.sum.add(&self.line);
        }
        Ok(())
    }
}

impl<R: Read> Read for Sealed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.read == self.line.len() {
            self.next_line()?;
        }
        let count = (self.line.len() - self.read).min(buffer.len());
        buffer[..count].copy_from_slice(&self.line[self.read..self.read + count]);
        self.read += count;
        Ok(count)
    }
}

/// The quads of one graph as N-Quads lines, each with its newline, sorted, without repetition.
pub(crate) fn sorted_lines(quads: &[Quad]) -> Vec<String> {
    let mut lines: Vec<String> = quads.iter().map(|quad| format!("{quad} .\n")).collect();
    lines.sort_unstable();
    lines.dedup();
    lines
}
