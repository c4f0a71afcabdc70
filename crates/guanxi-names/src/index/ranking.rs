//! Names best first, a few of very many without a look at the rest: shorter ones before longer ones.
//!
//! Each name has a rank. Of a stretch of names, which are numbered in the order of their letters, the one of least rank is
//! found by the least of every 64, of every 64 of these, and so on. Words lead to ranks in their order (see `postings`).

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io::{self, Write};
use std::ops::Range;

use super::write::Parts;

const WIDTH: usize = 64;
const NUMBER: usize = 4;

/// The ranks of all names, as they are written.
#[derive(Clone, Copy)]
pub(super) struct Ranking<'b> {
    /// The rank of each name, then the least of every 64, of every 64 of these, down to one.
    pub ranks: &'b [u8],
    /// The name of each rank.
    pub names: &'b [u8],
}

/// Writes the ranks of names, given the name of each rank.
pub(super) fn write(names: &[u32], parts: &mut Parts<impl Write>) -> io::Result<()> {
    let mut level = vec![0; names.len()];
    for (rank, &name) in (0..).zip(names) {
        level[name as usize] = rank;
    }
    loop {
        level.iter().try_for_each(|rank: &u32| parts.bytes(&rank.to_le_bytes()))?;
        if level.len() <= 1 {
            break;
        }
        level = level.chunks(WIDTH).filter_map(|ranks| ranks.iter().min().copied()).collect();
    }
    parts.end();
    names.iter().try_for_each(|name| parts.bytes(&name.to_le_bytes()))?;
    parts.end();
    Ok(())
}

impl<'b> Ranking<'b> {
    pub fn name(self, rank: u32) -> u32 {
        number(self.names, rank as usize)
    }

    pub fn rank(self, name: u32) -> u32 {
        number(self.ranks, name as usize)
    }

    /// The names of a stretch, best first.
    pub fn best_of(self, names: Range<u32>) -> impl Iterator<Item = u32> + use<'b> {
        let mut open: BinaryHeap<Reverse<(u32, u32, u32)>> = BinaryHeap::new();
        let stretch = move |range: Range<u32>| {
            let least = self.least(range.start as usize..range.end as usize)?;
            Some(Reverse((least, range.start, range.end)))
        };
        open.extend(stretch(names));
        std::iter::from_fn(move || {
            let Reverse((rank, start, end)) = open.pop()?;
            let name = self.name(rank);
            open.extend(stretch(start..name));
            open.extend(stretch(name + 1..end));
            Some(name)
        })
    }

    /// The least rank of a stretch of names: of those at its ends one by one, of the others by the level above.
    fn least(self, mut range: Range<usize>) -> Option<u32> {
        let (mut level, mut length) = (0, self.names.len() / NUMBER);
        let mut least = None;
        let mut take = |level: usize, range: Range<usize>| {
            least = range.map(|at| number(self.ranks, level + at)).chain(least).min();
        };
        while range.end - range.start.min(range.end) > 2 * WIDTH {
            let (start, end) = (range.start.next_multiple_of(WIDTH), range.end / WIDTH * WIDTH);
            take(level, range.start..start);
            take(level, end..range.end);
            level += length;
            length = length.div_ceil(WIDTH);
            range = start / WIDTH..end / WIDTH;
        }
        take(level, range);
        least
    }
}

fn number(bytes: &[u8], at: usize) -> u32 {
    let bytes: [u8; NUMBER] = std::array::from_fn(|byte| bytes[at * NUMBER + byte]);
    u32::from_le_bytes(bytes)
}
