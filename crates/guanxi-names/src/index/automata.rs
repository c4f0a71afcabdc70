//! What the automaton of names is searched with: letters that are slips of the pen away, and letters that spell Chinese.

use std::cell::RefCell;
use std::rc::Rc;

use fst::Automaton;
use rustc_hash::FxHashMap;

use crate::is_han;
use crate::pinyin::Reached;

/// The bytes of a character, one after the other.
#[derive(Clone, Copy, Default)]
struct Character {
    code: u32,
    left: u8,
}

impl Character {
    /// The character, when this byte is its last.
    fn take(&mut self, byte: u8) -> Option<char> {
        (self.code, self.left) = match byte {
            0..0x80 => (u32::from(byte), 0),
            0x80..0xc0 => (self.code << 6 | u32::from(byte & 0x3f), self.left.saturating_sub(1)),
            0xc0..0xe0 => (u32::from(byte & 0x1f), 1),
            0xe0..0xf0 => (u32::from(byte & 0x0f), 2),
            0xf0.. => (u32::from(byte & 0x07), 3),
        };
        if self.left == 0 { char::from_u32(self.code) } else { None }
    }
}

/// Takes names that are at most so many slips of the pen away from what is wanted, or begin with words that are: the rows
/// of the usual table of distances, of which only the cells near the diagonal count.
pub(super) struct Spelt {
    wanted: Vec<char>,
    most: usize,
}

const BAND: usize = 5;
const FAR: u8 = u8::MAX / 2;

/// After some characters of a name. Cell `c` of a row is the distance to the first `read + c - most` of those wanted.
#[derive(Clone)]
pub(super) struct Distances {
    character: Character,
    read: usize,
    last: char,
    row: [u8; BAND],
    before: [u8; BAND],
    /// The words up to a space were near enough.
    is_done: bool,
}

impl Spelt {
    /// `most` is 1 or 2.
    pub fn new(wanted: &str, most: usize) -> Self {
        Self { wanted: wanted.chars().collect(), most: most.min(BAND / 2) }
    }

    fn is_near(&self, row: &[u8; BAND], read: usize) -> bool {
        let cell = (self.wanted.len() + self.most).checked_sub(read);
        cell.is_some_and(|cell| cell <= 2 * self.most && usize::from(row[cell]) <= self.most)
    }

    /// Whether the first letter is right, or the first two changed places.
    fn begins_right(&self, state: &Distances, character: char) -> bool {
        let [first, second] = [0, 1].map(|place| self.wanted.get(place).copied());
        match state.read {
            0 => Some(character) == first || Some(character) == second,
            1 => Some(state.last) == first || Some(character) == first,
            _ => true,
        }
    }

    /// The row after one more character; see [`strsim::osa_distance`] for the table as a whole.
    fn next(&self, state: &Distances, character: char) -> [u8; BAND] {
        let mut row = [FAR; BAND];
        let read = state.read + 1;
        for cell in 0..=2 * self.most {
            let Some(place) = (read + cell).checked_sub(self.most).filter(|place| *place <= self.wanted.len()) else {
                continue;
            };
            let too_many = state.row.get(cell + 1).map_or(FAR, |distance| distance + 1);
            let too_few = cell.checked_sub(1).map_or(FAR, |cell| row[cell] + 1);
            let mut least = too_many.min(too_few);
            if let Some(before) = place.checked_sub(1) {
                least = least.min(state.row[cell] + u8::from(self.wanted[before] != character));
                let swapped =
                    read > 1 && before > 0 && self.wanted[before - 1] == character && self.wanted[before] == state.last;
                if swapped {
                    least = least.min(state.before[cell] + 1);
                }
            }
            row[cell] = least.min(FAR);
        }
        row
    }
}

impl Automaton for Spelt {
    type State = Distances;

    fn start(&self) -> Distances {
        let mut row = [FAR; BAND];
        for (distance, cell) in (0..).zip(&mut row[self.most..=2 * self.most]) {
            *cell = distance;
        }
        let character = Character::default();
        Distances { character, read: 0, last: '\0', row, before: [FAR; BAND], is_done: false }
    }

    fn is_match(&self, state: &Distances) -> bool {
        state.is_done || self.is_near(&state.row, state.read)
    }

    fn can_match(&self, state: &Distances) -> bool {
        // The row before counts too: letters that change places skip one.
        state.is_done || state.row.iter().chain(&state.before).any(|distance| usize::from(*distance) <= self.most)
    }

    fn will_always_match(&self, state: &Distances) -> bool {
        state.is_done
    }

    fn accept(&self, state: &Distances, byte: u8) -> Distances {
        let mut next = state.clone();
        if let Some(character) = next.character.take(byte).filter(|_| !state.is_done) {
            if !self.begins_right(state, character) {
                return Distances { row: [FAR; BAND], before: [FAR; BAND], ..next };
            }
            next.is_done = character == ' ' && self.is_near(&state.row, state.read);
            next.row = self.next(state, character);
            next.before = state.row;
            next.last = character;
            next.read += 1;
        }
        next
    }
}

/// Takes Chinese names of which letters are the spelling, each character in one of the ways that `spellings` tells.
pub(super) struct Sounding<'l> {
    letters: &'l str,
    spellings: fn(char) -> Vec<String>,
    /// Whether more characters may follow those that the letters spell.
    or_more: bool,
    /// Each character that was met with its spellings: the first ones of all names are many.
    known: RefCell<FxHashMap<char, Rc<[String]>>>,
}

#[derive(Clone)]
pub(super) struct Sounded {
    character: Character,
    reached: Reached,
    has_han: bool,
    is_done: bool,
}

impl<'l> Sounding<'l> {
    pub fn new(letters: &'l str, spellings: fn(char) -> Vec<String>) -> Self {
        Self { letters, spellings, or_more: false, known: RefCell::default() }
    }

    pub fn or_more(self) -> Self {
        Self { or_more: true, ..self }
    }

    fn spellings(&self, character: char) -> Rc<[String]> {
        let mut known = self.known.borrow_mut();
        Rc::clone(known.entry(character).or_insert_with(|| (self.spellings)(character).into()))
    }
}

impl Automaton for Sounding<'_> {
    type State = Sounded;

    fn start(&self) -> Sounded {
        let reached = Reached::new(self.letters);
        Sounded { character: Character::default(), reached, has_han: false, is_done: false }
    }

    fn is_match(&self, state: &Sounded) -> bool {
        state.is_done || (state.has_han && state.reached.is_at_end())
    }

    fn can_match(&self, state: &Sounded) -> bool {
        state.is_done || !state.reached.is_nowhere()
    }

    fn will_always_match(&self, state: &Sounded) -> bool {
        state.is_done
    }

    fn accept(&self, state: &Sounded, byte: u8) -> Sounded {
        let mut next = state.clone();
        let character = next.character.take(byte).filter(|character| character.is_alphanumeric() && !state.is_done);
        if let Some(character) = character {
            next.reached.step(self.letters, &self.spellings(character));
            next.has_han |= is_han(character);
            next.is_done = self.or_more && next.has_han && next.reached.is_at_end();
        }
        next
    }
}
