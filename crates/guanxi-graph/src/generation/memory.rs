//! The form without RocksDB: one compressed file of canonical N-Quads, restored into oxigraph's memory store.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use flate2::{Compression, GzBuilder};
use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::Quad;
use oxigraph::store::{LoaderError, Store};
use sha2::{Digest, Sha256};

use super::error::{At, StoreError};
use super::meta::Meta;

/// Writes the lines, and reads them again to see that they are there.
pub(super) fn write(folder: &Path, lines: &[String], meta: &Meta) -> Result<(), StoreError> {
    let path = file(folder);
    write_lines(&path, lines).at(&path)?;
    let count = BufReader::new(decompressed(&path)?).lines().count();
    let mut reader = decompressed(&path)?;
    io::copy(&mut reader, &mut io::sink()).at(&path)?;
    if count as u64 != meta.counts.quads {
        return Err(StoreError::corrupt(&path, format!("{count} lines were read back of {}", lines.len())));
    }
    reader.check(meta, &path)
}

fn write_lines(path: &Path, lines: &[String]) -> io::Result<()> {
    // No time and no name in the header: same lines, same bytes.
    let file = BufWriter::new(File::create(path)?);
    let mut out = GzBuilder::new().mtime(0).write(file, Compression::default());
    for line in lines {
        out.write_all(line.as_bytes())?;
    }
    out.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
}

/// The store of a generation.
pub(super) fn open(folder: &Path, meta: &Meta) -> Result<Store, StoreError> {
    let path = file(folder);
    let store = Store::new()?;
    let mut reader = decompressed(&path)?;
    let mut loader = store.bulk_loader();
    // Lenient: the lines are our own, and the checksum tells whether they still are.
    loader.load_from_reader(RdfParser::from_format(RdfFormat::NQuads).lenient(), &mut reader).map_err(|error| {
        match error {
            LoaderError::Storage(error) => StoreError::Storage(error),
            other => StoreError::corrupt(&path, other.to_string()),
        }
    })?;
    reader.check(meta, &path)?;
    loader.commit()?;
    Ok(store)
}

/// The quads of a generation, without a store around them.
pub(super) fn quads(folder: &Path, meta: &Meta) -> Result<Vec<Quad>, StoreError> {
    let path = file(folder);
    let mut reader = decompressed(&path)?;
    let parser = RdfParser::from_format(RdfFormat::NQuads).lenient();
    let quads = parser
        .for_reader(&mut reader)
        .collect::<Result<Vec<Quad>, _>>()
        .map_err(|error| StoreError::corrupt(&path, error.to_string()))?;
    reader.check(meta, &path)?;
    Ok(quads)
}

fn file(folder: &Path) -> PathBuf {
    folder.join("quads.nq.gz")
}

fn decompressed(path: &Path) -> Result<Checked<GzDecoder<BufReader<File>>>, StoreError> {
    let file = File::open(path).at(path)?;
    Ok(Checked { inner: GzDecoder::new(BufReader::new(file)), digest: Sha256::new() })
}

/// Digests what is read through it.
struct Checked<R> {
    inner: R,
    digest: Sha256,
}

impl<R: Read> Read for Checked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.digest.update(&buffer[..count]);
        Ok(count)
    }
}

impl<R: Read> Checked<R> {
    fn check(self, meta: &Meta, path: &Path) -> Result<(), StoreError> {
        if super::hex(&self.digest.finalize()) == meta.checksum {
            return Ok(());
        }
        Err(StoreError::corrupt(path, "its checksum is not the one in meta.json"))
    }
}
