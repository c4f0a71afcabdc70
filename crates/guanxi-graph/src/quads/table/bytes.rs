//! Bytes of a file or of memory, and the numbers in them.

use std::fs::File;
use std::io;
use std::path::Path;

use memmap2::Mmap;

/// Bytes that do not change.
pub(crate) enum Bytes {
    Mapped(Mmap),
    Owned(Vec<u8>),
}

impl Bytes {
    /// The bytes of a file, brought in as they are read.
    #[expect(unsafe_code, reason = "mapping a file is the one thing that cannot be had without")]
    pub fn map(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        // SAFETY: the file belongs to a finished generation, which no build of ours changes. It may be removed, which takes
        // nothing from those that have mapped it. A snapshot beside it is never written over, only replaced by renaming.
        unsafe { Mmap::map(&file) }.map(Self::Mapped)
    }

    pub fn all(&self) -> &[u8] {
        match self {
            Self::Mapped(bytes) => bytes,
            Self::Owned(bytes) => bytes,
        }
    }

    pub fn u32(&self, at: usize) -> u32 {
        u32::from_le_bytes(self.array(at))
    }

    pub fn u64(&self, at: usize) -> u64 {
        u64::from_le_bytes(self.array(at))
    }

    pub fn row(&self, at: usize) -> [u32; 4] {
        let row: [u8; 16] = self.array(at);
        [0, 4, 8, 12].map(|at| u32::from_le_bytes([row[at], row[at + 1], row[at + 2], row[at + 3]]))
    }

    fn array<const N: usize>(&self, at: usize) -> [u8; N] {
        let mut array = [0; N];
        array.copy_from_slice(&self.all()[at..at + N]);
        array
    }
}

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        self.all()
    }
}

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Owned(bytes)
    }
}
