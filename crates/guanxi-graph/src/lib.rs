//! From claims to a store: what documents say becomes quads, their claims are weighed into facts, facts are derived from
//! facts, and all of it is one immutable [`Generation`] that queries read and [`Snapshot`] shows as a graph. [`Update`]
//! is the one way to the next generation.
//!
//! ```
//! # use std::collections::BTreeMap;
//! # use guanxi_graph::{BuildConfig, Derivations, Generation, Knowledge};
//! # use guanxi_model::*;
//! # use guanxi_names::mint_entity_id;
//! # use oxigraph::sparql::{QueryResults, SparqlEvaluator};
//! # let none: [(&str, &str); 0] = [];
//! # let schema = Schema::load(none).unwrap();
//! # let (reference, derivations) = (Reference::default(), Derivations::default());
//! # let company = |name: &str| {
//! #     let names = vec![EntityName { text: name.into(), language: Language::English, kind: NameKind::Legal }];
//! #     Entity { id: mint_entity_id("agent", name), class: "Company".into(), names, country: None, identifiers: Vec::new() }
//! # };
//! # let mention = |entity: &Entity, start, end| Argument {
//! #     entity: entity.id.clone(), span: Some(Span::new(start, end)), text: entity.label().into(),
//! # };
//! # let text = "Acme owns Bolt.";
//! # let (acme, bolt, document) = (company("Acme"), company("Bolt"), DocumentId::of(text.as_bytes()));
//! # let mut claim = Claim {
//! #     id: ClaimId::new(""), document: document.clone(), subject: mention(&acme, 0, 4), predicate: "owns".into(),
//! #     object: Object::Entity(mention(&bolt, 10, 14)), qualifiers: BTreeMap::new(), status: Status::Asserted,
//! #     confidence: Confidence::new(0.93), rule: "own.plain@1".into(), support: vec!["own.plain@1".into()],
//! #     attributed_to: None, section: Section::Body, sentence: Span::new(0, 15),
//! #     evidence: Evidence { span: Span::new(0, 14), text: "Acme owns Bolt".into() },
//! # };
//! # claim.id = claim.mint_id();
//! # let document = Document {
//! #     id: document, name: "a.txt".into(), source: "a.txt".into(), title: None, published: None, publisher: None,
//! # };
//! // "Acme owns Bolt.", as extraction reads it.
//! let extraction = Extraction { document, entities: vec![acme.clone(), bolt.clone()], claims: vec![claim], notes: vec![] };
//! let knowledge = Knowledge { schema: &schema, reference: &reference, derivations: &derivations, fingerprint: None };
//! let generation = Generation::in_memory(vec![extraction], &knowledge, &BuildConfig::default()).unwrap();
//!
//! let gx = generation.vocabulary();
//! let ask = format!("ASK {{ {} {} {} }}", gx.entity(&acme.id), gx.term("owns"), gx.entity(&bolt.id));
//! let query = SparqlEvaluator::new().parse_query(&ask).unwrap();
//! assert!(matches!(generation.store().execute(query).unwrap(), QueryResults::Boolean(true)));
//! assert_eq!(generation.facts()[0].support, 1);
//! ```

pub mod decode;
mod derive;
mod detail;
pub mod diff;
mod dump;
pub mod encode;
mod facts;
mod generation;
mod history;
pub mod identity;
mod import;
mod judge;
mod jurisdiction;
mod names_held;
mod quads;
mod record;
pub mod snapshot;
pub mod vocab;

pub use derive::{DerivationError, Derivations};
pub use diff::Diff;
pub use dump::{DumpError, Seal};
pub use generation::{
    BuildConfig, Counts, EntitySet, Form, Generation, JUDGEMENTS, JudgementsAt, Knowledge, Meta, StoreError, Summary,
    Update,
};
pub use history::{BuiltWith, Change, Decision, EntityDecision, History};
pub use identity::{EntityVerdict, Identity, Split};
pub use import::Imported;
pub use judge::{Judged, rejection};
pub use quads::{Amendment, Quads, Walk};
pub use snapshot::{EdgeView, Snapshot};
pub use vocab::Vocabulary;
