//! A map from hashes to small numbers that is read where it lies.

use guanxi_model::packed::Bytes;
use serde::{Deserialize, Serialize};

/// From hashes, which the map takes for what they are of, to numbers: open addressing over slots of twelve bytes, so
/// that a table that the binary holds needs no reading in, and one of a million names no more than they weigh.
///
/// ```
/// use guanxi_names::Table;
///
/// let mut table = Table::default();
/// table.set(0xC0FFEE, 7);
/// assert_eq!((table.get(0xC0FFEE), table.get(0xBEEF)), (Some(7), None));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct Table {
    /// Eight bytes of the hash, 0 in a free slot, and four of the number.
    slots: Bytes,
    len: usize,
}

const SLOT: usize = 12;

impl Table {
    /// The number of a hash.
    #[inline]
    pub fn get(&self, hash: u64) -> Option<u32> {
        let (slots, _) = self.slots.as_slice().as_chunks();
        let hash = occupied(hash);
        let mut at = home(hash, slots.len());
        loop {
            match read(slots.get(at)?) {
                (0, _) => return None,
                (known, number) if known == hash => return Some(number),
                _ => at = next(at, slots.len()),
            }
        }
    }

    /// Gives a hash a number, instead of any that it has.
    pub fn set(&mut self, hash: u64, number: u32) {
        let (slots, _) = self.slots.as_slice().as_chunks::<SLOT>();
        if (self.len + 1) * 4 > slots.len() * 3 {
            self.resize((slots.len() * 2).max(8));
        }
        let hash = occupied(hash);
        let (slots, _) = self.slots.to_mut().as_chunks_mut();
        let mut at = home(hash, slots.len());
        loop {
            let known = read(&slots[at]).0;
            if known == 0 || known == hash {
                self.len += usize::from(known == 0);
                write(&mut slots[at], hash, number);
                return;
            }
            at = next(at, slots.len());
        }
    }

    /// Number of hashes.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Gives back the room that was kept for more.
    pub fn fit(&mut self) {
        self.resize(self.len * 3 / 2 + 1);
    }

    fn resize(&mut self, slots: usize) {
        let old = std::mem::replace(&mut self.slots, vec![0; slots * SLOT].into());
        self.len = 0;
        let (old, _) = old.as_slice().as_chunks();
        for (hash, number) in old.iter().map(read).filter(|&(hash, _)| hash != 0) {
            self.set(hash, number);
        }
    }
}

/// A hash as it stands in its slot: 0 means a free one.
fn occupied(hash: u64) -> u64 {
    hash.max(1)
}

/// Where to look first; multiplied, lest hashes that differ in their low bits alone crowd one place.
fn home(hash: u64, slots: usize) -> usize {
    ((u128::from(hash.wrapping_mul(0x9E37_79B9_7F4A_7C15)) * slots as u128) >> 64) as usize
}

fn next(at: usize, slots: usize) -> usize {
    if at + 1 == slots { 0 } else { at + 1 }
}

fn read(slot: &[u8; SLOT]) -> (u64, u32) {
    let (hash, number) = slot.split_first_chunk().unwrap_or((&[0; 8], &[]));
    (u64::from_le_bytes(*hash), u32::from_le_bytes(*number.first_chunk().unwrap_or(&[0; 4])))
}

fn write(slot: &mut [u8; SLOT], hash: u64, number: u32) {
    slot[..8].copy_from_slice(&hash.to_le_bytes());
    slot[8..].copy_from_slice(&number.to_le_bytes());
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_is_a_map(entries in prop::collection::vec((0..400u64, any::<u32>()), 0..600)) {
            let (mut table, mut map) = (Table::default(), HashMap::new());
            for (hash, number) in entries {
                table.set(hash, number);
                // The hash 0 is read as 1.
                map.insert(hash.max(1), number);
            }
            for round in 0..2 {
                prop_assert_eq!(table.len(), map.len());
                for hash in 1..400 {
                    prop_assert_eq!(table.get(hash), map.get(&hash).copied(), "round {}", round);
                }
                table.fit();
            }
        }
    }
}
