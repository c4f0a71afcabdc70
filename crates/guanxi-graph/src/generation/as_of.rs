//! The plain triples of another day.
//!
//! They carry no dates themselves; those of their facts decide. A plain triple stands on a day if its fact was asserted
//! then ([`Fact::is_asserted`]) and is confident enough; where a register tells several periods, if one of them was. So one
//! that has begun since is not seen, and one that has ended since is seen again. A derived fact begins with the last of its
//! premises, all of which hold to this day, so it is seen only where they all held; what would have followed from facts
//! that have ended since is not derived anew.

use std::collections::{BTreeSet, HashSet};

use guanxi_model::{Fact, PartialDate, Schema};
use oxigraph::model::{GraphNameRef, Quad, QuadRef, Triple};

use super::{Generation, subject};
use crate::decode::decode_fact;
use crate::encode::{labels, plain_triples};
use crate::facts::{is_one_of_several, is_plain, is_plain_as_of, undated_id};
use crate::quads::Amendment;

impl Generation {
    /// How the plain triples of `day` (of a month or year: of any day in it) differ from those of now. Names stand as they
    /// were borne then, where that is told ([`Generation::names_held`]). Types and the hierarchy of activities are the same
    /// on all days; so are the records of claims and facts in the named graphs.
    ///
    /// # Panics
    /// As every method of [`Generation`], if its medium fails.
    pub fn as_of(&self, day: PartialDate, schema: &Schema) -> Amendment {
        let threshold = self.meta.fact_confidence;
        let triples = |fact: &Fact| {
            let symmetric = schema.predicate(&fact.predicate).is_some_and(|predicate| predicate.symmetric);
            plain_triples(fact, symmetric, &self.vocabulary).into_iter().map(Triple::from)
        };
        // What facts of the day stand for beside others of the same two, and what the others no longer or not yet do.
        let (mut stand, mut shown, mut hidden, mut undated) = (HashSet::new(), Vec::new(), Vec::new(), BTreeSet::new());
        for fact in self.dated_facts() {
            match (is_plain(&fact, threshold), is_plain_as_of(&fact, threshold, Some(day))) {
                (true, true) if is_one_of_several(&fact) => stand.extend(triples(&fact)),
                (false, true) => shown.extend(triples(&fact)),
                (true, false) => {
                    hidden.extend(triples(&fact));
                    undated.insert(undated_id(&fact));
                }
                _ => {}
            }
        }
        let undated = undated.iter().filter_map(|id| self.fact(id)).filter(|fact| is_plain(fact, threshold));
        undated.for_each(|fact| stand.extend(triples(&fact)));
        let mut amendment = self.names_on(day);
        for triple in shown {
            if stand.insert(triple.clone()) && !self.is_plain_now(&triple) {
                amendment.shown.push(triple);
            }
        }
        amendment.hidden.extend(hidden.into_iter().filter(|triple| stand.insert(triple.clone())));
        amendment
    }

    fn is_plain_now(&self, Triple { subject, predicate, object }: &Triple) -> bool {
        let quad = QuadRef::new(subject, predicate, object, GraphNameRef::DefaultGraph);
        self.read(self.quads.contains(quad))
    }

    /// The labels that others take the place of.
    fn names_on(&self, day: PartialDate) -> Amendment {
        let mut amendment = Amendment::default();
        for entity in self.with_names_held().iter().filter_map(|id| self.entity(id)) {
            let then = entity.clone().as_named_on(day, &self.names_held(&entity.id));
            let triples =
                |entity| labels(entity, &self.vocabulary).into_iter().map(Triple::from).collect::<HashSet<_>>();
            let (now, then) = (triples(&entity), triples(&then));
            amendment.hidden.extend(now.difference(&then).cloned());
            amendment.shown.extend(then.difference(&now).cloned());
        }
        amendment
    }

    /// The facts that have a begin or an end. Of all others nothing changes with the day: they hold always, or have ended
    /// nobody knows when.
    fn dated_facts(&self) -> impl Iterator<Item = Fact> {
        let graphs = [self.vocabulary.facts_graph(), self.vocabulary.reference_graph()];
        let mut dated = BTreeSet::new();
        for property in ["validFrom", "validTo"].map(|name| self.vocabulary.term(name)) {
            for graph in &graphs {
                let quads = self.quads(None, Some(property.as_ref()), Some(graph.as_ref().into()));
                dated.extend(quads.iter().filter_map(subject).filter_map(|iri| self.vocabulary.fact_id(iri)));
            }
        }
        dated.into_iter().map(|id| {
            let quads: Vec<Quad> = self.about(&self.vocabulary.fact(&id), None);
            self.read(decode_fact(quads, Vec::new(), &self.vocabulary))
        })
    }
}
