//! What the terms lead to: numbers in their order, each as the step from the one before, read as far as they are wanted.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;

use super::next;

/// Numbers in ascending order.
pub(super) trait Ascending {
    /// The first number that is not below this one; those below it are passed by.
    fn at_least(&mut self, least: u32) -> Option<u32>;
}

/// One list, as it is written.
pub(super) struct Postings<'b> {
    bytes: &'b [u8],
    left: u32,
    head: Option<u32>,
}

impl<'b> Postings<'b> {
    pub fn new(bytes: &'b [u8]) -> Self {
        let (left, bytes) = next(bytes);
        let mut postings = Self { bytes, left, head: Some(0) };
        postings.step();
        postings
    }

    /// How many there are, the first one aside.
    pub fn left(&self) -> u32 {
        self.left
    }

    fn step(&mut self) {
        self.head = self.left.checked_sub(1).and_then(|left| {
            let (step, rest): (u32, _) = next(self.bytes);
            (self.left, self.bytes) = (left, rest);
            self.head.map(|head| head + step)
        });
    }
}

impl Ascending for Postings<'_> {
    fn at_least(&mut self, least: u32) -> Option<u32> {
        while self.head.is_some_and(|head| head < least) {
            self.step();
        }
        self.head
    }
}

/// Whatever stands in any of several lists; the one whose head is least stands first.
pub(super) struct Union<'b>(BinaryHeap<Postings<'b>>);

impl<'b> FromIterator<Postings<'b>> for Union<'b> {
    fn from_iter<I: IntoIterator<Item = Postings<'b>>>(lists: I) -> Self {
        Self(lists.into_iter().filter(|list| list.head.is_some()).collect())
    }
}

impl Union<'_> {
    /// How many there are at most.
    pub fn left(&self) -> u32 {
        self.0.iter().map(Postings::left).sum()
    }
}

impl Ascending for Union<'_> {
    fn at_least(&mut self, least: u32) -> Option<u32> {
        loop {
            let mut first = self.0.peek_mut()?;
            if first.head.is_some_and(|head| head >= least) {
                return first.head;
            }
            if first.at_least(least).is_none() {
                PeekMut::pop(first);
            }
        }
    }
}

impl PartialEq for Postings<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.head == other.head
    }
}

impl Eq for Postings<'_> {}

impl PartialOrd for Postings<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Postings<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        other.head.cmp(&self.head)
    }
}

/// What stands in each of several lists.
pub(super) struct Common<'b> {
    lists: Vec<Box<dyn Ascending + 'b>>,
    least: u32,
}

impl<'b> Common<'b> {
    pub fn of(lists: Vec<Box<dyn Ascending + 'b>>) -> Self {
        Self { lists, least: 0 }
    }
}

impl Iterator for Common<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        if self.lists.is_empty() {
            return None;
        }
        loop {
            let wanted = self.least;
            for list in &mut self.lists {
                self.least = self.least.max(list.at_least(wanted)?);
            }
            if self.least == wanted {
                self.least += 1;
                return Some(wanted);
            }
        }
    }
}
