//! A column of which few edges have a value: a bit for each edge, running totals of the bits, and the values.

use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// Edges to a word of bits.
const WORD: usize = 64;

/// The values of a section.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sparse<'a, T> {
    /// Which edges have a value.
    bits: &'a [u64],
    /// How many have one before each word.
    before: &'a [u32],
    values: &'a [T],
}

impl<'a, T: FromBytes + Immutable + Copy> Sparse<'a, T>
where
    [T]: KnownLayout,
{
    /// Reads what [`written`] wrote for so many edges.
    pub fn of(bytes: &'a [u8], edges: usize) -> Self {
        let words = edges.div_ceil(WORD);
        let (bits, rest) = bytes.split_at(8 * words);
        let (before, values) = rest.split_at(4 * words);
        Self { bits: numbers::<u64>(bits), before: numbers::<u32>(before), values: numbers::<T>(values) }
    }

    #[inline]
    pub fn get(&self, edge: usize) -> Option<T> {
        let (word, bit) = (edge / WORD, edge % WORD);
        let bits = self.bits[word];
        let place = self.before[word] + (bits & ((1 << bit) - 1)).count_ones();
        (bits >> bit & 1 != 0).then(|| self.values[place as usize])
    }
}

fn numbers<T: FromBytes + Immutable>(bytes: &[u8]) -> &[T]
where
    [T]: KnownLayout,
{
    let Ok(numbers) = <[T]>::ref_from_bytes(bytes) else {
        unreachable!("columns are aligned, and as long as they were written")
    };
    numbers
}

/// The section of these values, one for each edge.
pub(super) fn written<T: IntoBytes + Immutable>(values: impl ExactSizeIterator<Item = Option<T>>) -> Vec<u8> {
    let words = values.len().div_ceil(WORD);
    let (mut bits, mut before, mut kept) = (vec![0_u64; words], Vec::with_capacity(words), Vec::new());
    for (edge, value) in values.enumerate() {
        if edge.is_multiple_of(WORD) {
            before.push(kept.len() as u32);
        }
        if let Some(value) = value {
            bits[edge / WORD] |= 1 << (edge % WORD);
            kept.push(value);
        }
    }
    [bits.as_bytes(), before.as_bytes(), kept.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_column_gives_back_what_was_written(values in prop::collection::vec(prop::option::of(any::<u32>()), 0..300)) {
            let bytes = written(values.iter().copied());
            // Sections are aligned; a vector of bytes need not be.
            let mut aligned = vec![0_u64; bytes.len().div_ceil(8)];
            aligned.as_mut_bytes()[..bytes.len()].copy_from_slice(&bytes);
            let column = Sparse::<u32>::of(&aligned.as_bytes()[..bytes.len()], values.len());
            let read: Vec<Option<u32>> = (0..values.len()).map(|edge| column.get(edge)).collect();
            prop_assert_eq!(read, values);
        }
    }
}
