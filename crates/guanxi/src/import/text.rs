//! A text that is read once, from its beginning, with the number of the line.

use std::io::{self, BufRead, Read};

/// Counts the lines that are passed.
pub(super) struct Counted<'r> {
    inner: &'r mut dyn BufRead,
    line: u64,
}

impl<'r> Counted<'r> {
    pub fn new(inner: &'r mut dyn BufRead) -> Self {
        Self { inner, line: 1 }
    }

    /// The line that comes next, from 1.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// The beginning of the text, which is still to be read.
    pub fn start(&mut self) -> io::Result<String> {
        Ok(String::from_utf8_lossy(self.inner.fill_buf()?).into_owned())
    }
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let available = self.inner.fill_buf()?;
        let length = available.len().min(buffer.len());
        buffer[..length].copy_from_slice(&available[..length]);
        self.consume(length);
        Ok(length)
    }
}

impl BufRead for Counted<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, length: usize) {
        // What is consumed was just handed out, so that it is at hand without reading.
        let passed = self
            .inner
            .fill_buf()
            .map_or(0, |bytes| bytes[..length.min(bytes.len())].iter().filter(|byte| **byte == b'\n').count());
        self.line += passed as u64;
        self.inner.consume(length);
    }
}
