//! Whether an answer is the whole answer. A bounded one that looks complete would be a lie.

use std::fmt;

/// Whether a search ran to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Completeness {
    /// There is no more.
    Complete,
    /// There may be more.
    Stopped(Stop),
}

/// What stopped a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Stop {
    /// The greatest number of rows, or of triples of a graph.
    Rows(usize),
    /// The caller's [`Cancellation`](crate::Cancellation).
    Cancelled,
    /// The greatest number of hops: a longer path may exist.
    Hops(u32),
    /// The greatest number of paths.
    Paths(usize),
    /// The greatest number of cycles.
    Cycles(usize),
    /// Only paths from so many nodes, taken by chance, were followed: the figures are estimates.
    Samples(usize),
    /// The greatest number of searches.
    Searches(usize),
    /// The greatest number of steps of a search: a path of the lengths not yet looked at may exist.
    Steps(u64),
}

impl Completeness {
    /// Of a search that the greatest number of hops may have cut.
    pub(crate) fn within_hops(max_hops: u32, cut: bool) -> Self {
        if cut { Self::Stopped(Stop::Hops(max_hops)) } else { Self::Complete }
    }

    /// Whether there is no more.
    pub fn is_complete(self) -> bool {
        self == Self::Complete
    }
}

/// For people, to follow "stopped at": `the limit of 5 paths`.
impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = |count: u64| if count == 1 { "" } else { "s" };
        match *self {
            Self::Rows(rows) => write!(f, "the limit of {rows} row{}", plural(rows as u64)),
            Self::Cancelled => f.write_str("the caller's wish or time limit"),
            Self::Hops(hops) => write!(f, "the limit of {hops} hop{}", plural(hops.into())),
            Self::Paths(paths) => write!(f, "the limit of {paths} path{}", plural(paths as u64)),
            Self::Cycles(cycles) => write!(f, "the limit of {cycles} cycle{}", plural(cycles as u64)),
            Self::Samples(nodes) => write!(f, "a sample of {nodes} node{}", plural(nodes as u64)),
            Self::Searches(searches) => {
                write!(f, "the limit of {searches} search{}", if searches == 1 { "" } else { "es" })
            }
            Self::Steps(steps) => write!(f, "the limit of {steps} search step{}", plural(steps)),
        }
    }
}
