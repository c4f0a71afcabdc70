//! Property paths that begin at a known term: all their ends by one walk over the rows, each of which is looked at once.
//!
//! A path becomes an automaton, and the walk goes over pairs of its states and terms, so that nested `+` and `*` cost as
//! many steps as there are such pairs. The terms of a state are taken in the order in which the rows stand: one lookup
//! begins where the last one ended.

use std::cmp::Ordering;

use oxigraph::sparql::CancellationToken;
use spargebra::algebra::PropertyPathExpression;

use super::terms::DEFAULT_GRAPH;
use super::{Numbers, Order, Row, Table};

/// After so many terms the walk looks whether it is to stop.
const BETWEEN_LOOKS: usize = 4096;

/// The terms that `path` leads to from the term of the number `start`, in the default graph, sorted.
///
/// What oxigraph finds: a term in no triple of that graph leads nowhere, not even to itself. Cancelled, it gives what it
/// has, and the evaluator, which looks at the same token before it takes any of it, gives nothing.
pub(super) fn ends(
    table: &Table,
    start: u32,
    path: &PropertyPathExpression,
    cancelled: &CancellationToken,
) -> Vec<u32> {
    let stands = |wanted| table.matching(wanted).next().is_some();
    let graph = Some(DEFAULT_GRAPH);
    if !stands([Some(start), None, None, graph]) && !stands([None, None, Some(start), graph]) {
        return Vec::new();
    }
    let automaton = Automaton::of(table, path);
    let mut search = Search::new(table, automaton.states.len());
    search.come(Automaton::START, start);
    while let Some((state, terms)) = search.take() {
        for terms in terms.chunks(BETWEEN_LOOKS) {
            if cancelled.is_cancelled() {
                return Vec::new();
            }
            automaton.states[state].iter().for_each(|step| search.go(step, terms));
        }
    }
    search.seen.swap_remove(Automaton::END).numbers()
}

/// A path as states with steps between them.
struct Automaton {
    states: Vec<Vec<Step>>,
}

/// A step and the state that it leads to.
enum Step {
    /// Without a triple.
    Stay(usize),
    /// Along a triple of this predicate, from subject to object (`forward`) or back.
    Along { predicate: u32, forward: bool, to: usize },
    /// Along a triple of any predicate but these.
    AlongOther { than: Vec<u32>, forward: bool, to: usize },
}

impl Automaton {
    const START: usize = 0;
    const END: usize = 1;

    fn of(table: &Table, path: &PropertyPathExpression) -> Self {
        let mut automaton = Self { states: vec![Vec::new(), Vec::new()] };
        automaton.add(table, path, true, Self::START, Self::END);
        automaton
    }

    /// Lets `path` lead from one state to another. No step is added that enters `from` or leaves `to`.
    fn add(&mut self, table: &Table, path: &PropertyPathExpression, forward: bool, from: usize, to: usize) {
        match path {
            PropertyPathExpression::NamedNode(predicate) => {
                // A predicate that no triple has leads nowhere.
                let step = table.number(predicate).map(|predicate| Step::Along { predicate, forward, to });
                self.states[from].extend(step);
            }
            PropertyPathExpression::NegatedPropertySet(predicates) => {
                let than = predicates.iter().filter_map(|predicate| table.number(predicate)).collect();
                self.states[from].push(Step::AlongOther { than, forward, to });
            }
            PropertyPathExpression::Reverse(path) => self.add(table, path, !forward, from, to),
            PropertyPathExpression::Sequence(one, other) => {
                let between = self.state();
                let [first, second] = if forward { [one, other] } else { [other, one] };
                self.add(table, first, forward, from, between);
                self.add(table, second, forward, between, to);
            }
            PropertyPathExpression::Alternative(one, other) => {
                self.add(table, one, forward, from, to);
                self.add(table, other, forward, from, to);
            }
            PropertyPathExpression::ZeroOrOne(path) => {
                self.add(table, path, forward, from, to);
                self.states[from].push(Step::Stay(to));
            }
            PropertyPathExpression::ZeroOrMore(path) => {
                let round = self.state();
                self.states[from].push(Step::Stay(round));
                self.add(table, path, forward, round, round);
                self.states[round].push(Step::Stay(to));
            }
            PropertyPathExpression::OneOrMore(path) => {
                let (before, after) = (self.state(), self.state());
                self.states[from].push(Step::Stay(before));
                self.add(table, path, forward, before, after);
                self.states[after].extend([Step::Stay(before), Step::Stay(to)]);
            }
        }
    }

    fn state(&mut self) -> usize {
        self.states.push(Vec::new());
        self.states.len() - 1
    }
}

/// Which terms have been come to in which state.
struct Search<'a> {
    table: &'a Table,
    seen: Vec<Numbers>,
    /// Those that have not been gone on from.
    ahead: Vec<Vec<u32>>,
}

impl<'a> Search<'a> {
    fn new(table: &'a Table, states: usize) -> Self {
        let seen = (0..states).map(|_| Numbers::below(table.terms.count)).collect();
        Self { table, seen, ahead: vec![Vec::new(); states] }
    }

    fn come(&mut self, state: usize, term: u32) {
        if self.seen[state].insert(term) {
            self.ahead[state].push(term);
        }
    }

    /// A state with the terms to go on from, sorted.
    fn take(&mut self) -> Option<(usize, Vec<u32>)> {
        let state = self.ahead.iter().position(|terms| !terms.is_empty())?;
        let mut terms = std::mem::take(&mut self.ahead[state]);
        terms.sort_unstable();
        Some((state, terms))
    }

    fn go(&mut self, step: &Step, terms: &[u32]) {
        match *step {
            Step::Stay(to) => terms.iter().for_each(|term| self.come(to, *term)),
            Step::Along { predicate, forward: true, to } => {
                let row = |term| [DEFAULT_GRAPH, term, predicate];
                self.rows(0, terms, row, |_| true, |[.., object, _]| object, to);
            }
            Step::Along { predicate, forward: false, to } => {
                let row = |term| [predicate, term];
                self.rows(2, terms, row, is_in_default_graph, |[subject, ..]| subject, to);
            }
            Step::AlongOther { ref than, forward: true, to } => {
                let row = |term| [DEFAULT_GRAPH, term];
                let is_other = |[_, predicate, ..]: &Row| !than.contains(predicate);
                self.rows(0, terms, row, is_other, |[.., object, _]| object, to);
            }
            Step::AlongOther { ref than, forward: false, to } => {
                let is_other = |row: &Row| is_in_default_graph(row) && !than.contains(&row[1]);
                self.rows(3, terms, |term| [term], is_other, |[subject, ..]| subject, to);
            }
        }
    }

    /// Comes to the other end of every row that begins with `prefix` of a term, in the order `first` of the rows.
    fn rows<const N: usize>(
        &mut self,
        first: usize,
        terms: &[u32],
        prefix: impl Fn(u32) -> [u32; N],
        fits: impl Fn(&Row) -> bool,
        end: impl Fn(Row) -> u32,
        to: usize,
    ) {
        let order = Order::of(self.table, first);
        let mut at = 0;
        for prefix in terms.iter().map(|term| prefix(*term)) {
            at = order.seek(at, |row| row[..N] < prefix[..]);
            while at < self.table.len {
                let stored = order.stored(at);
                if stored[..N].cmp(&prefix[..]) != Ordering::Equal {
                    break;
                }
                let row = order.ordered(stored);
                if fits(&row) {
                    self.come(to, end(row));
                }
                at += 1;
            }
        }
    }
}

fn is_in_default_graph(row: &Row) -> bool {
    row[3] == DEFAULT_GRAPH
}
