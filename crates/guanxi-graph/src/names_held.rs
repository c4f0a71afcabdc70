//! Names with the time in which an entity bore them, each a node of its own.
//!
//! ```turtle
//! <name/cn-jd-tech~en~former~JD%20Digits~2018~2021-01> a gx:NameHeld ; gx:nameOf <id/cn-jd-tech> ;
//!     gx:name "JD Digits"@en ; gx:nameKind "former" ; gx:validFrom "2018"^^xsd:gYear ; gx:validTo "2021-01"^^xsd:gYearMonth .
//! ```

use guanxi_model::{EntityId, EntityName, Language, NameHeld, Validity};
use oxigraph::model::{NamedNode, Quad};

use crate::Vocabulary;
use crate::decode::date_of;
use crate::encode::{date_literal, name_literal};
use crate::record::{Record, Records};

/// The quads of the names that an entity bore, in the graph of whoever tells it.
pub(crate) fn quads(entity: &EntityId, held: &[NameHeld], graph: NamedNode, vocabulary: &Vocabulary) -> Vec<Quad> {
    let mut quads = Records::new(vocabulary, graph);
    for NameHeld { name, validity } in held {
        let iri = vocabulary.name_held(entity, name, validity);
        quads.kind(&iri, "NameHeld");
        quads.record(&iri, "nameOf", vocabulary.entity(entity));
        quads.record(&iri, "name", name_literal(&name.text, name.language.tag()));
        quads.text(&iri, "nameKind", name.kind.name());
        validity.from.iter().for_each(|from| quads.record(&iri, "validFrom", date_literal(*from)));
        validity.to.iter().for_each(|to| quads.record(&iri, "validTo", date_literal(*to)));
    }
    quads.quads
}

/// Reads back what [`quads`] wrote of one name; `None` where it did not write it.
pub(crate) fn of(node: &Record<'_>) -> Option<NameHeld> {
    let written = node.literals("name").next()?;
    let name = EntityName {
        text: written.value().to_owned(),
        language: Language::from_tag(written.language()?)?,
        kind: node.text("nameKind")?.parse().ok()?,
    };
    let date = |property| node.literals(property).find_map(date_of);
    let (from, to) = (date("validFrom"), date("validTo"));
    Some(NameHeld { name, validity: Validity { from, to, ended: to.is_some() } })
}
