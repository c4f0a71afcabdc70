//! Facts to edges, through the projection of each predicate.

use guanxi_model::schema::{Edge, EdgeKind};
use guanxi_model::{Decimal, Entity, EntityId, Fact, Qualifier, QualifierValue, Qualifiers, Schema, Share};

use super::Snapshot;
use super::csr::Csr;

/// `entities` are sorted by id.
pub(super) fn build(entities: Vec<Entity>, facts: Vec<Fact>, schema: &Schema) -> Snapshot {
    let position = |id: &EntityId| entities.binary_search_by(|entity| entity.id.cmp(id)).ok().map(|at| at as u32);
    let mut edges: Vec<((u32, u32), Edge, Fact)> = Vec::new();
    for fact in facts {
        let Some((subject, object)) = position(&fact.subject).zip(fact.object.entity().and_then(position)) else {
            continue;
        };
        let edge = projection(&fact.predicate, schema);
        edges.push((if edge.from_object { (object, subject) } else { (subject, object) }, edge, fact));
    }
    edges.sort_by(|(a, _, one), (b, _, other)| (a, &one.predicate, &one.id).cmp(&(b, &other.predicate, &other.id)));

    let mut snapshot = Snapshot::default();
    let mut ends = Vec::with_capacity(edges.len());
    for (end, edge, fact) in edges {
        ends.push(end);
        snapshot.kinds.push(edge.kind);
        snapshot.shares.push(stated_share(&fact.qualifiers).or(edge.default_share));
        snapshot.facts.push(fact);
    }
    snapshot.rows = Csr::new(entities.len(), &ends);
    snapshot.entities = entities;
    snapshot
}

fn projection(predicate: &str, schema: &Schema) -> Edge {
    let plain = Edge { from_object: false, kind: EdgeKind::Other, default_share: None };
    schema.predicate(predicate).and_then(|predicate| predicate.edge).unwrap_or(plain)
}

/// The share that qualifiers tell, in percent; of an interval, an end left open is 0 or 100.
pub fn stated_share(qualifiers: &Qualifiers) -> Option<Share> {
    let decimal = |qualifier| match qualifiers.get(&qualifier) {
        Some(QualifierValue::Decimal(percent)) => Some(*percent),
        _ => None,
    };
    let flag = |qualifier| qualifiers.get(&qualifier) == Some(&QualifierValue::Flag(true));
    if let Some(percent) = decimal(Qualifier::Percent) {
        return Some(Share::exact(percent));
    }
    let (min, max) = (decimal(Qualifier::PercentMin), decimal(Qualifier::PercentMax));
    if min.is_none() && max.is_none() {
        return None;
    }
    let share = Share {
        min: min.unwrap_or(Decimal::ZERO),
        max: max.unwrap_or(Decimal::ONE_HUNDRED),
        min_exclusive: flag(Qualifier::PercentMinExclusive),
        max_exclusive: flag(Qualifier::PercentMaxExclusive),
    };
    (share.min <= share.max).then_some(share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_read_from_qualifiers() {
        let share = |pairs: &[(Qualifier, QualifierValue)]| {
            stated_share(&pairs.iter().cloned().collect()).map(|share| share.to_string())
        };
        let percent = |number: i64| QualifierValue::Decimal(Decimal::from(number));
        assert_eq!(share(&[]), None);
        assert_eq!(share(&[(Qualifier::Percent, percent(25))]).as_deref(), Some("25%"));
        let above =
            [(Qualifier::PercentMin, percent(50)), (Qualifier::PercentMinExclusive, QualifierValue::Flag(true))];
        assert_eq!(share(&above).as_deref(), Some("(50, 100]"));
        assert_eq!(share(&[(Qualifier::PercentMax, percent(5))]).as_deref(), Some("[0, 5]"));
        assert_eq!(share(&[(Qualifier::PercentMin, percent(9)), (Qualifier::PercentMax, percent(5))]), None);
    }
}
