//! Who looks on while the matcher works: nobody where texts are read, and then it costs nothing, for the
//! matcher is compiled for each onlooker; a tracer or a counter where somebody asks what a rule does.

/// Is told every step of the matcher.
pub(crate) trait Watch {
    /// Whether it wants to see attempts that cannot succeed.
    const SEES_ALL: bool = true;

    /// The anchor of this pattern stands at units `start..end`: the pattern is tried.
    #[inline(always)]
    fn begin(&mut self, _pattern: u32, _start: usize, _end: usize) {}

    /// Behind the anchor: all atoms before `atom` fit, which is tried from `unit` on.
    #[inline(always)]
    fn right(&mut self, _atom: usize, _unit: usize) {}

    /// Before the anchor: all atoms from `atom` on fit; the one before it is tried, ending at `unit`.
    #[inline(always)]
    fn left(&mut self, _atom: usize, _unit: usize) {}

    /// The attempt is over: the units that the pattern covers, if it fits, and the steps that it took.
    #[inline(always)]
    fn end(&mut self, _covers: Option<(usize, usize)>, _steps: u32) {}
}

/// Nobody looks on.
pub(crate) struct Unwatched;

impl Watch for Unwatched {
    const SEES_ALL: bool = false;
}

/// One attempt, as far as it got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Traced {
    pub(crate) pattern: u32,
    /// The units of the anchor.
    pub(crate) anchor: (usize, usize),
    pub(crate) right: Side,
    pub(crate) left: Side,
    /// First unit and one past the last, where the pattern fits.
    pub(crate) covers: Option<(usize, usize)>,
    pub(crate) steps: u32,
}

/// The way on which one side of an attempt got furthest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Side {
    /// Each atom with the unit at which it was tried, from the anchor outwards.
    pub(crate) way: Vec<(usize, usize)>,
    /// The units at which the last of them was tried on this way, nearest first: several behind a gap.
    pub(crate) places: Vec<usize>,
    /// The way being gone.
    current: Vec<(usize, usize)>,
}

impl Side {
    /// An atom is tried that is the `depth`-th from the anchor.
    fn step(&mut self, depth: usize, atom: usize, unit: usize) {
        self.current.truncate(depth);
        self.current.push((atom, unit));
        if self.current.len() > self.way.len() {
            self.way.clone_from(&self.current);
            self.places = vec![unit];
        } else if self.current.len() == self.way.len()
            && self.current[..depth] == self.way[..depth]
            && !self.places.contains(&unit)
        {
            self.places.push(unit);
        }
    }
}

/// Keeps every attempt.
#[derive(Debug, Default)]
pub(crate) struct Tracer {
    pub(crate) attempts: Vec<Traced>,
    /// For each attempt's pattern, the atom next to its anchor on either side.
    nearest: (Option<usize>, Option<usize>),
}

impl Watch for Tracer {
    fn begin(&mut self, pattern: u32, start: usize, end: usize) {
        self.nearest = (None, None);
        let (right, left) = (Side::default(), Side::default());
        self.attempts.push(Traced { pattern, anchor: (start, end), right, left, covers: None, steps: 0 });
    }

    fn right(&mut self, atom: usize, unit: usize) {
        let nearest = *self.nearest.0.get_or_insert(atom);
        if let Some(attempt) = self.attempts.last_mut() {
            attempt.right.step(atom - nearest, atom, unit);
        }
    }

    fn left(&mut self, atom: usize, unit: usize) {
        let nearest = *self.nearest.1.get_or_insert(atom);
        if let Some(attempt) = self.attempts.last_mut() {
            attempt.left.step(nearest - atom, atom, unit);
        }
    }

    fn end(&mut self, covers: Option<(usize, usize)>, steps: u32) {
        if let Some(attempt) = self.attempts.last_mut() {
            (attempt.covers, attempt.steps) = (covers, steps);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_furthest_way_is_kept_with_the_places_of_its_end() {
        let mut tracer = Tracer::default();
        tracer.begin(7, 2, 3);
        // A gap behind the anchor: the atom behind it is tried at 3, 4 and 5.
        for (atom, unit) in [(1, 3), (2, 3), (2, 4), (3, 5), (2, 5)] {
            tracer.right(atom, unit);
        }
        tracer.end(None, 5);
        let attempt = &tracer.attempts[0];
        assert_eq!(attempt.right.way, [(1, 3), (2, 4), (3, 5)]);
        assert_eq!(attempt.right.places, [5]);
        assert_eq!((attempt.covers, attempt.steps), (None, 5));
        assert!(attempt.left.way.is_empty());
    }

    #[test]
    fn places_of_one_way_are_gathered() {
        let mut tracer = Tracer::default();
        tracer.begin(0, 4, 5);
        for (atom, unit) in [(3, 4), (2, 4), (2, 3), (2, 2), (2, 3)] {
            tracer.left(atom, unit);
        }
        assert_eq!(tracer.attempts[0].left.way, [(3, 4), (2, 4)]);
        assert_eq!(tracer.attempts[0].left.places, [4, 3, 2]);
    }
}
