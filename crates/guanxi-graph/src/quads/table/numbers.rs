//! Which of all terms are meant.

/// A set of numbers, a bit for each that there could be.
#[derive(Clone, Debug)]
pub(crate) struct Numbers(Vec<u64>);

impl Numbers {
    pub fn below(count: usize) -> Self {
        Self(vec![0; count.div_ceil(64)])
    }

    /// Whether it is new.
    pub fn insert(&mut self, number: u32) -> bool {
        let (word, bit) = (&mut self.0[number as usize / 64], 1 << (number % 64));
        let is_new = *word & bit == 0;
        *word |= bit;
        is_new
    }

    pub fn contains(&self, number: u32) -> bool {
        self.0[number as usize / 64] >> (number % 64) & 1 == 1
    }

    /// All of them, sorted.
    pub fn numbers(&self) -> Vec<u32> {
        let count = self.0.iter().map(|word| word.count_ones() as usize).sum();
        let mut numbers = Vec::with_capacity(count);
        for (word, first) in self.0.iter().zip((0_u32..).step_by(64)) {
            let mut rest = *word;
            while rest != 0 {
                numbers.push(first + rest.trailing_zeros());
                rest &= rest - 1;
            }
        }
        numbers
    }
}
