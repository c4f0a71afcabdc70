//! Which regulations bind nobody: drafts, and what was repealed or ran out.

use std::collections::BTreeMap;

use guanxi_graph::Generation;
use guanxi_model::EntityId;
use guanxi_model::reference::Lifecycle;
use oxigraph::model::NamedOrBlankNode;

/// The regulations of the reference data that are not in force, each with what it is instead.
///
/// # Panics
/// As every method of [`Generation`], if its medium fails.
pub fn not_in_force(generation: &Generation) -> BTreeMap<EntityId, Lifecycle> {
    let vocabulary = generation.vocabulary();
    let property = vocabulary.term("lifecycle");
    let mut found = BTreeMap::new();
    for lifecycle in [Lifecycle::Draft, Lifecycle::Repealed, Lifecycle::Ended] {
        let term = vocabulary.term(lifecycle.name());
        let quads =
            generation.store().quads_for_pattern(None, Some(property.as_ref()), Some(term.as_ref().into()), None);
        for quad in quads {
            let quad = quad.unwrap_or_else(|error| panic!("the store cannot be read: {error}"));
            if let NamedOrBlankNode::NamedNode(regulation) = &quad.subject
                && let Some(id) = vocabulary.entity_id(regulation.as_ref())
            {
                found.insert(id, lifecycle);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use guanxi_model::Reference;

    use super::*;
    use crate::testing::{graph_in, id, schema};

    #[test]
    fn drafts_and_repealed_rules_are_told_apart_from_those_in_force() {
        let row = |id: &str, lifecycle: &str| {
            format!(
                "[[entity]]\nid = '{id}'\nclass = 'Regulation'\nname.en = '{id}'\nlifecycle = '{lifecycle}'\nunverified = true\n"
            )
        };
        let toml = row("cn-a", "draft") + &row("cn-b", "in force") + &row("cn-c", "repealed") + &row("cn-d", "amended");
        let schema = schema(|_, toml| toml);
        let reference = Reference::load([("test.toml", &*toml)], &schema).unwrap();
        let graph = graph_in(schema, &reference, "");
        let expected = [(id("cn-a"), Lifecycle::Draft), (id("cn-c"), Lifecycle::Repealed)];
        assert_eq!(not_in_force(&graph.generation), BTreeMap::from(expected));
    }
}
