//! The plain triples of another day.
//!
//! They carry no dates themselves; those of their facts decide. A plain triple stands on a day if its fact was asserted
//! then ([`Fact::is_asserted`]) and is confident enough. So one that has begun since is not seen, and one that has ended
//! since is seen again. A derived fact begins with the last of its premises, all of which hold to this day, so it is seen
//! only where they all held; what would have followed from facts that have ended since is not derived anew.

use std::collections::{BTreeSet, HashSet};

use guanxi_model::{Fact, PartialDate, Schema};
use oxigraph::model::{Quad, Triple};

use super::{Generation, subject};
use crate::decode::decode_fact;
use crate::encode::{labels, plain_triples};
use crate::facts::{is_plain, is_plain_as_of};
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
        let mut amendment = self.names_on(day);
        for fact in self.dated_facts() {
            let (now, then) = (is_plain(&fact, threshold), is_plain_as_of(&fact, threshold, Some(day)));
            if now == then {
                continue;
            }
            let symmetric = schema.predicate(&fact.predicate).is_some_and(|predicate| predicate.symmetric);
            let triples = plain_triples(&fact, symmetric, &self.vocabulary).into_iter().map(Triple::from);
            if then { amendment.shown.extend(triples) } else { amendment.hidden.extend(triples) }
        }
        amendment
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
