//! The last stage: a [`Generation`](guanxi_graph::Generation) becomes answers, explained paths and pictures.
//!
//! [`ask`] answers SPARQL, [`NamedQuery`] the queries that come with guanxi; [`NameIndex`] finds out whom a name means;
//! [`path`] connects entities along the schema's walks; [`measure`] weighs them by the shape of the graph; [`owners`]
//! tells who owns and who controls, as several laws see it; [`Explainer`] goes down to the quotes; [`audit`] looks for
//! what should not be believed as it stands; [`export`] draws. Every answer says whether it is complete.
//!
//! ```
//! use guanxi_graph::Vocabulary;
//! use guanxi_query::{Query, QueryError};
//!
//! let vocabulary = Vocabulary::default();
//! let query = Query::parse("SELECT ?investor { ?investor gx:investsIn ?company }", &vocabulary).unwrap();
//! assert_eq!(query.columns(), ["investor"]);
//!
//! let Err(QueryError::Syntax(error)) = Query::parse("SELEC * { ?s ?p ?o }", &vocabulary) else { panic!() };
//! assert_eq!(error.hint.as_deref(), Some("did you mean SELECT?"));
//! ```

mod algebra;
mod answer;
pub mod audit;
mod completeness;
mod explain;
pub mod export;
mod exposure;
mod lifecycle;
pub mod measure;
mod named;
mod names;
pub mod owners;
pub mod path;
mod sparql;
mod syntax;
#[cfg(test)]
mod testing;
mod walks;

pub use answer::{Answer, Content, Format, is_number, plain_text, write_answer};
pub use completeness::{Completeness, Stop};
pub use explain::{ExplainError, Explainer, Explanation, Rejection, Witness};
pub use exposure::{Exposure, ExposureConfig, exposures};
pub use lifecycle::not_in_force;
pub use named::{CallError, NamedQuery, NamedQueryError, Parameter, ParameterKind, ParameterValue};
pub use names::{Candidate, Found, Hit, MetBy, NameIndex};
pub use oxigraph::model::{Literal, Term, Triple};
pub use sparql::{Cancellation, Limits, Query, QueryError, Warning, ask};
pub use syntax::SyntaxError;
