//! A snapshot as bytes: sections of numbers behind a header, the same in memory and in a mapped file.
//!
//! ```text
//! magic     8 bytes
//! order     u32: 0x01020304 as the machine writes it; a file of another kind of machine is built again
//! sections  u32: how many, S
//! key       32 bytes: of which generation and which schema this is
//! table     S × (start u64, length u64, CRC-32 u32, 0 u32)
//! check     u32: CRC-32 of all before, then 4 bytes 0
//! …         the sections, each at a multiple of 8
//! ```

use std::fs::File;
use std::io::{self, Write};
use std::ops::Range;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

use crate::quads::Bytes;

const MAGIC: &[u8; 8] = b"guanxiS\x02";
const ORDER: u32 = 0x0102_0304;
const ENTRY: usize = 24;
const TABLE: usize = 48;
const HEADER: usize = TABLE + Section::COUNT * ENTRY + 8;

/// Of which generation and schema a snapshot is.
pub(super) type Key = [u8; 32];

/// The parts of an image, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    OutStarts,
    Targets,
    InStarts,
    Sources,
    InEdges,
    Predicates,
    Flags,
    Confidences,
    ShareMin,
    ShareMax,
    ValidFrom,
    ValidTo,
    Support,
    Publishers,
    Ranks,
    ByRank,
    Classes,
    Homes,
    Tables,
    EntityBlocks,
    EntityEnds,
    Entities,
    FactBlocks,
    FactEnds,
    Facts,
}

/// What a section holds, to be written where it belongs: records need not lie in one piece before.
pub(super) trait Contents {
    /// In bytes.
    fn size(&self) -> usize;
    /// Fills `out`, which is of this size.
    fn write(&self, out: &mut [u8]);
}

impl Contents for &[u8] {
    fn size(&self) -> usize {
        self.len()
    }

    fn write(&self, out: &mut [u8]) {
        out.copy_from_slice(self);
    }
}

impl Section {
    pub const COUNT: usize = Self::Facts as usize + 1;
}

/// Sections that can be read where they lie.
pub(super) struct Image {
    memory: Memory,
    sections: [Range<usize>; Section::COUNT],
}

enum Memory {
    /// In numbers of eight bytes, so that every section is aligned.
    Owned(Vec<u64>),
    Mapped(Bytes),
}

impl Image {
    /// The image of these sections, which stand in the order of [`Section`].
    pub fn of(key: &Key, contents: &[&dyn Contents; Section::COUNT]) -> Self {
        let mut sections = [const { 0..0 }; Section::COUNT];
        let mut end = HEADER;
        for (section, contents) in sections.iter_mut().zip(contents) {
            *section = end..end + contents.size();
            end = section.end.next_multiple_of(8);
        }
        let mut words = vec![0_u64; end / 8];
        let all = words.as_mut_bytes();
        all[..8].copy_from_slice(MAGIC);
        all[8..12].copy_from_slice(&ORDER.to_ne_bytes());
        all[12..16].copy_from_slice(&(Section::COUNT as u32).to_ne_bytes());
        all[16..TABLE].copy_from_slice(key);
        for ((section, contents), at) in sections.iter().zip(contents).zip((TABLE..).step_by(ENTRY)) {
            contents.write(&mut all[section.clone()]);
            let check = crc32fast::hash(&all[section.clone()]);
            all[at..at + 8].copy_from_slice(&(section.start as u64).to_ne_bytes());
            all[at + 8..at + 16].copy_from_slice(&(section.len() as u64).to_ne_bytes());
            all[at + 16..at + 20].copy_from_slice(&check.to_ne_bytes());
        }
        let check = crc32fast::hash(&all[..HEADER - 8]);
        all[HEADER - 8..HEADER - 4].copy_from_slice(&check.to_ne_bytes());
        Self { memory: Memory::Owned(words), sections }
    }

    /// The image in a file, mapped; `None` where there is none that is whole and of this key.
    ///
    /// Every section is held against its checksum but the records, which carry one each.
    pub fn open(path: &Path, key: &Key) -> Option<Self> {
        let bytes = Bytes::map(path).ok()?;
        let all = bytes.all();
        let is_ours = all.len() >= HEADER
            && all.starts_with(MAGIC)
            && number(all, 8) == Some(ORDER)
            && number(all, 12) == Some(Section::COUNT as u32)
            && all[16..TABLE] == *key
            && number(all, HEADER - 8) == Some(crc32fast::hash(&all[..HEADER - 8]));
        if !is_ours {
            return None;
        }
        let mut sections = [const { 0..0 }; Section::COUNT];
        for (position, section) in sections.iter_mut().enumerate() {
            let at = TABLE + position * ENTRY;
            let (start, length): (u64, u64) = (number(all, at)?, number(all, at + 8)?);
            *section = start as usize..start.checked_add(length)? as usize;
            let contents = all.get(section.clone())?;
            let is_record = [Section::Entities as usize, Section::Facts as usize].contains(&position);
            if !is_record && number(all, at + 16) != Some(crc32fast::hash(contents)) {
                return None;
            }
        }
        let is_whole = sections[Section::COUNT - 1].end.next_multiple_of(8) == all.len();
        is_whole.then_some(Self { memory: Memory::Mapped(bytes), sections })
    }

    /// Writes the image to `path` in one step: whoever looks sees the old file, none, or the whole new one.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        static COUNTER: AtomicU64 = AtomicU64::new(0);
        // Two readers may write at once, each its own file; they hold the same.
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        let temporary = path.with_extension(format!("{}-{number}.tmp", std::process::id()));
        let written = File::create_new(&temporary).and_then(|mut file| {
            file.write_all(self.all())?;
            file.sync_all()?;
            std::fs::rename(&temporary, path)
        });
        if written.is_err() {
            let _ = std::fs::remove_file(&temporary);
        }
        written
    }

    /// The bytes of a section.
    pub fn bytes(&self, section: Section) -> &[u8] {
        &self.all()[self.sections[section as usize].clone()]
    }

    /// The numbers of a section.
    pub fn numbers<T>(&self, section: Section) -> &[T]
    where
        T: FromBytes + Immutable,
        [T]: KnownLayout,
    {
        let Ok(numbers) = <[T]>::ref_from_bytes(self.bytes(section)) else {
            unreachable!("sections are aligned, and as long as they were written: {section:?}")
        };
        numbers
    }

    /// Size of all sections, records left aside, in bytes.
    pub fn size_of_columns(&self) -> usize {
        let records = self.sections[Section::Entities as usize].len() + self.sections[Section::Facts as usize].len();
        self.all().len() - records
    }

    fn all(&self) -> &[u8] {
        match &self.memory {
            Memory::Owned(words) => words.as_bytes(),
            Memory::Mapped(bytes) => bytes.all(),
        }
    }
}

fn number<T: FromBytes>(all: &[u8], at: usize) -> Option<T> {
    T::read_from_prefix(all.get(at..)?).ok().map(|(number, _)| number)
}
