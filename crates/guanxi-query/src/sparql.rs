//! SPARQL 1.1 queries over a generation: parsed, checked against the schema, bounded, in a settled order.

use std::cmp::Ordering;
use std::fmt;
use std::ops::Range;

use guanxi_graph::{Amendment, Generation, Vocabulary};
use guanxi_model::{Qualifier, Schema, Status};
use guanxi_names::similarity;
use oxigraph::model::{NamedNode, NamedNodeRef, Term, Triple, Variable};
use oxigraph::sparql::{CancellationToken, PreparedSparqlQuery, QueryEvaluationError, QueryResults, SparqlEvaluator};
use spargebra::SparqlParser;
use spargebra::term::{NamedNodePattern, TermPattern};

use crate::algebra::{self, Place};
use crate::answer::Content;
use crate::syntax::{self, SyntaxError};
use crate::{Answer, Completeness, Stop, walks};

/// How much a query may cost.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Greatest number of rows, or of triples of a graph; 1,000,000. A row more is asked of the store, to know.
    pub rows: usize,
    /// Lets the caller stop the query, on a timer or by key.
    pub cancellation: Cancellation,
}

impl Default for Limits {
    fn default() -> Self {
        Self { rows: 1_000_000, cancellation: Cancellation::default() }
    }
}

/// A wish to stop, shared by its clones.
///
/// The store looks at it whenever it is read. A long sort, or a cross product of VALUES, runs on until then, so a
/// caller with a hard time limit needs a watchdog beside it.
#[derive(Clone, Default)]
pub struct Cancellation(CancellationToken);

impl fmt::Debug for Cancellation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Cancellation").field(&self.is_cancelled()).finish()
    }
}

impl Cancellation {
    /// Asks every query that was given this or a clone of it to stop.
    pub fn cancel(&self) {
        self.0.cancel();
    }

    /// Whether it was asked.
    pub fn is_cancelled(&self) -> bool {
        self.0.is_cancelled()
    }
}

/// A query has no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum QueryError {
    /// It is no SPARQL.
    #[error(transparent)]
    Syntax(#[from] SyntaxError),
    /// It is a SPARQL Update.
    #[error("{keyword} would change the store, and SPARQL cannot: documents are loaded and forgotten as a whole")]
    Update {
        /// The operation.
        keyword: String,
        /// Where it stands, in bytes.
        range: Range<usize>,
    },
    /// It asks another server.
    #[error("SERVICE is switched off: a query is answered from this store alone")]
    Service {
        /// Where it stands, in bytes.
        range: Range<usize>,
    },
    /// A variable cannot be bound to a value.
    #[error("{0}")]
    Bind(String),
    /// The evaluation failed: a function that does not exist, or a store that cannot be read.
    #[error("the query could not be answered: {0}")]
    Evaluation(#[source] QueryEvaluationError),
}

impl QueryError {
    /// Where in the query, in bytes, and what to do about it.
    pub fn place(&self) -> Option<(Range<usize>, Option<&str>)> {
        match self {
            Self::Syntax(error) => Some((error.range.clone(), error.hint.as_deref())),
            Self::Update { range, .. } => Some((range.clone(), Some("use `guanxi build` and `guanxi forget`"))),
            Self::Service { range } => Some((range.clone(), Some("load what the other server knows, then ask"))),
            Self::Bind(_) | Self::Evaluation(_) => None,
        }
    }
}

/// Something in a valid query that makes it find less than was meant: a term of guanxi's namespace that neither schema
/// nor store knows, a variable that never has a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// What is odd, without full stop.
    pub message: String,
    /// Where it stands in the query, in bytes, if it is spelt there.
    pub range: Option<Range<usize>>,
    /// What was probably meant, without full stop.
    pub hint: Option<String>,
}

/// Parses and answers `query`. The prefixes of [`Vocabulary::prefixes`] (gx:, id:, doc:, claim:, fact:, rdf:, rdfs:,
/// schema:, skos:, xsd:) need no declaration.
///
/// # Errors
/// See [`QueryError`].
pub fn ask(generation: &Generation, query: &str, limits: &Limits) -> Result<Answer, QueryError> {
    Query::parse(query, generation.vocabulary())?.run(generation, limits)
}

/// A parsed query.
#[derive(Clone, Debug)]
pub struct Query {
    text: String,
    pub(crate) algebra: spargebra::Query,
    all_graphs: bool,
}

impl Query {
    /// Parses `text`; the prefixes of `vocabulary` need no declaration.
    ///
    /// # Errors
    /// It is no SPARQL query, or it asks another server.
    pub fn parse(text: &str, vocabulary: &Vocabulary) -> Result<Self, QueryError> {
        refuse_deep_nesting(text)?;
        let prefixes = vocabulary.prefixes();
        let parser = prefixes.iter().try_fold(SparqlParser::new(), |parser, (prefix, namespace)| {
            parser.with_prefix(*prefix, namespace.as_str())
        });
        // A vocabulary hands out absolute IRIs only; should one not be, the parser says so in the query's stead.
        let parser = parser.unwrap_or_default();
        let mut algebra = parser.parse_query(text).map_err(|error| refusal(text, &error.to_string(), &prefixes))?;
        let mut service = false;
        algebra::walk(&mut algebra, &mut |place| service |= matches!(place, Place::Service));
        if service {
            return Err(QueryError::Service { range: syntax::range_of(text, "SERVICE").unwrap_or(0..text.len()) });
        }
        algebra::break_ties(&mut algebra);
        Ok(Self { text: text.to_owned(), algebra, all_graphs: false })
    }

    /// Takes the default graph to be the union of all graphs: claims, facts and reference data beside plain triples.
    pub fn over_all_graphs(self) -> Self {
        Self { all_graphs: true, ..self }
    }

    /// Puts `term` for `variable` (without `?`) everywhere in the query: in the algebra, never in the text, so that
    /// no value can change what the query says. A column of this name becomes constant.
    ///
    /// # Errors
    /// The variable does not occur, is given a value by the query itself, or stands where `term` may not.
    pub fn bind(mut self, variable: &str, term: impl Into<Term>) -> Result<Self, QueryError> {
        let name =
            Variable::new(variable).map_err(|_| QueryError::Bind(format!("`{variable}` is no variable name")))?;
        algebra::substitute(&mut self.algebra, &name, &term.into()).map_err(QueryError::Bind)?;
        Ok(self)
    }

    /// The columns of a SELECT, in order; empty for the other forms.
    pub fn columns(&self) -> Vec<String> {
        algebra::columns(&self.algebra)
    }

    /// Whether the answer is a graph: CONSTRUCT and DESCRIBE.
    pub fn gives_triples(&self) -> bool {
        matches!(self.algebra, spargebra::Query::Construct { .. } | spargebra::Query::Describe { .. })
    }

    /// Variables that are used and never get a value, in the order of their names.
    pub fn unbound(&self) -> Vec<Warning> {
        let (bound, used) = algebra::variables(&mut self.algebra.clone());
        let mark = |name: &Variable| format!("?{}", name.as_str());
        let warning = |name: &Variable| {
            let near = syntax::nearest(name.as_str(), bound.iter().map(Variable::as_str));
            Warning {
                message: format!("{} never gets a value: it stands in no pattern", mark(name)),
                range: [mark(name), format!("${}", name.as_str())]
                    .iter()
                    .find_map(|name| syntax::range_of(&self.text, name)),
                hint: near.map(|near| format!("did you mean ?{near}?")),
            }
        };
        used.difference(&bound).map(warning).collect()
    }

    /// Terms of our namespace that neither `schema` nor `generation` knows, in the order of their names.
    pub fn warnings(&self, schema: &Schema, generation: &Generation) -> Vec<Warning> {
        let vocabulary = generation.vocabulary();
        let mut unknown: Vec<String> = own_terms(&self.algebra, vocabulary);
        unknown.retain(|name| !is_known(name, schema) && !is_used(&vocabulary.term(name), generation));
        unknown.into_iter().map(|name| self.warning(&name, schema, vocabulary)).collect()
    }

    /// Answers the query from `generation`.
    ///
    /// # Errors
    /// The evaluation fails. Running into a limit is no error: see [`Answer::completeness`].
    pub fn run(&self, generation: &Generation, limits: &Limits) -> Result<Answer, QueryError> {
        let store = generation.store();
        let mut algebra = self.algebra.clone();
        // A walk is in the one default graph.
        let walks = if store.walks() && !self.all_graphs { walks::taken(&mut algebra) } else { Vec::new() };
        let prepared = self.prepared(algebra, limits);
        self.answer(store.execute_walking(prepared, walks, limits.cancellation.0.clone()), limits)
    }

    /// Answers the query from `generation` with other plain triples: those of another day ([`Generation::as_of`]).
    ///
    /// # Errors
    /// As [`Query::run`].
    pub fn run_amended(
        &self,
        generation: &Generation,
        amendment: &Amendment,
        limits: &Limits,
    ) -> Result<Answer, QueryError> {
        self.answer(generation.store().execute_amended(self.prepared(self.algebra.clone(), limits), amendment), limits)
    }

    fn prepared(&self, algebra: spargebra::Query, limits: &Limits) -> PreparedSparqlQuery {
        let mut prepared =
            SparqlEvaluator::new().with_cancellation_token(limits.cancellation.0.clone()).for_query(algebra);
        if self.all_graphs {
            prepared.dataset_mut().set_default_graph_as_union();
        }
        prepared
    }

    fn answer(
        &self,
        results: Result<QueryResults<'_>, QueryEvaluationError>,
        limits: &Limits,
    ) -> Result<Answer, QueryError> {
        match results {
            Ok(QueryResults::Boolean(truth)) => {
                Ok(Answer { content: Content::Boolean(truth), completeness: Completeness::Complete })
            }
            Ok(QueryResults::Solutions(solutions)) => {
                let columns: Vec<String> = solutions.variables().iter().map(|name| name.as_str().to_owned()).collect();
                let rows = solutions.map(|solution| solution.map(|solution| solution.values().to_vec()));
                let (mut rows, completeness) = bounded(rows, limits)?;
                if !algebra::is_ordered(&mut self.algebra.clone()) {
                    rows = sorted(rows, columns.len());
                }
                Ok(Answer { content: Content::Rows { columns, rows }, completeness })
            }
            Ok(QueryResults::Graph(triples)) => {
                let (mut triples, completeness) = bounded(triples, limits)?;
                triples.sort_by_cached_key(Triple::to_string);
                triples.dedup();
                Ok(Answer { content: Content::Graph(triples), completeness })
            }
            Err(error) => nothing_or_error(error, &self.algebra),
        }
    }

    fn warning(&self, name: &str, schema: &Schema, vocabulary: &Vocabulary) -> Warning {
        let term = format!("gx:{name}");
        let range = syntax::range_of(&self.text, &term)
            .or_else(|| syntax::range_of(&self.text, &vocabulary.term(name).to_string()));
        let known = schema.predicates().iter().map(|predicate| &*predicate.name);
        let known = known.chain(schema.classes().iter().map(|class| &*class.name)).chain(RECORD_TERMS.iter().copied());
        let nearest = known
            .map(|known| (similarity(&name.to_lowercase(), &known.to_lowercase()), known))
            .filter(|(alike, _)| *alike > 0.8)
            .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
            .map(|(_, known)| known);
        let hint = match nearest {
            Some(known) => format!("did you mean gx:{known}?"),
            None => "`guanxi schema list` lists the classes and predicates".to_owned(),
        };
        Warning { message: format!("neither the schema nor the store knows {term}"), range, hint: Some(hint) }
    }
}

/// What entities, claims, facts and documents are described with, beside qualifiers and statuses.
const RECORD_TERMS: &[&str] = &[
    "amended",
    "basis",
    "because",
    "brandName",
    "confidence",
    "conflict",
    "country",
    "derivation",
    "derived",
    "detail",
    "different",
    "draft",
    "end",
    "feature",
    "formerName",
    "glossName",
    "inForce",
    "judges",
    "legalName",
    "lifecycle",
    "likeness",
    "member",
    "mentionedIn",
    "mergedInto",
    "mic",
    "name",
    "nameKind",
    "nameOf",
    "number",
    "object",
    "of",
    "otherValue",
    "predicate",
    "premise",
    "publishers",
    "quote",
    "raw",
    "reference",
    "regulationKind",
    "repealed",
    "rule",
    "same",
    "sha256",
    "shortName",
    "source",
    "splitFrom",
    "start",
    "status",
    "subject",
    "support",
    "text",
    "unsure",
    "unverified",
    "valuationBasis",
    "verdict",
];

/// Brackets nested deeper than this are no query that anybody wrote; the parser and the evaluator go down with them.
const DEEPEST: usize = 256;

/// The parser descends once a bracket, on the program's stack: too deep a query would end the program.
fn refuse_deep_nesting(text: &str) -> Result<(), QueryError> {
    let mut depth = 0usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' | b'{' | b'[' => depth += 1,
            b')' | b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            let message = format!("brackets nested more than {DEEPEST} deep");
            return Err(QueryError::Syntax(SyntaxError::at(text, at..at + 1, message, None)));
        }
    }
    Ok(())
}

fn refusal(text: &str, parser: &str, prefixes: &[(&str, String)]) -> QueryError {
    const UPDATES: &[&str] = &["INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"];
    match syntax::leading_keyword(text) {
        Some((keyword, range)) if UPDATES.contains(&keyword.as_str()) => QueryError::Update { keyword, range },
        _ => syntax::diagnose(text, parser, prefixes).into(),
    }
}

/// Up to `limits.rows` items. A cancelled query keeps what it had found.
fn bounded<T>(
    items: impl Iterator<Item = Result<T, QueryEvaluationError>>,
    limits: &Limits,
) -> Result<(Vec<T>, Completeness), QueryError> {
    let mut found = Vec::new();
    for item in items {
        if found.len() == limits.rows {
            return Ok((found, Completeness::Stopped(Stop::Rows(limits.rows))));
        }
        match item {
            Ok(item) => found.push(item),
            Err(QueryEvaluationError::Cancelled) => return Ok((found, Completeness::Stopped(Stop::Cancelled))),
            Err(error) => return Err(QueryError::Evaluation(error)),
        }
    }
    Ok((found, Completeness::Complete))
}

/// The answer of a query that was cancelled before it could say anything.
fn nothing_or_error(error: QueryEvaluationError, query: &spargebra::Query) -> Result<Answer, QueryError> {
    let QueryEvaluationError::Cancelled = error else {
        return Err(QueryError::Evaluation(error));
    };
    let content = match query {
        spargebra::Query::Select { .. } => Content::Rows { columns: algebra::columns(query), rows: Vec::new() },
        spargebra::Query::Ask { .. } => Content::Boolean(false),
        spargebra::Query::Construct { .. } | spargebra::Query::Describe { .. } => Content::Graph(Vec::new()),
    };
    Ok(Answer { content, completeness: Completeness::Stopped(Stop::Cancelled) })
}

/// Rows in the order of their cells as SPARQL writes them.
fn sorted(mut rows: Vec<Vec<Option<Term>>>, columns: usize) -> Vec<Vec<Option<Term>>> {
    let keys: Vec<CellKey<'_>> = rows.iter().flatten().map(CellKey::of).collect();
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by_key(|&row| &keys[row * columns..(row + 1) * columns]);
    order.into_iter().map(|row| std::mem::take(&mut rows[row])).collect()
}

/// A cell as it is sorted: what most cells are needs no copy.
#[derive(PartialEq, Eq)]
enum CellKey<'a> {
    /// An IRI, without its brackets.
    Iri(&'a str),
    /// Anything else as SPARQL writes it; nothing where the cell is empty.
    Written(String),
}

impl<'a> CellKey<'a> {
    fn of(cell: &'a Option<Term>) -> Self {
        match cell {
            Some(Term::NamedNode(iri)) => Self::Iri(iri.as_str()),
            Some(other) => Self::Written(other.to_string()),
            None => Self::Written(String::new()),
        }
    }
}

impl Ord for CellKey<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Iri(one), Self::Iri(other)) => {
                let shared = one.len().min(other.len());
                let (one, other) = (one.as_bytes(), other.as_bytes());
                // Behind the shorter one stands its closing bracket.
                let closing = || one.get(shared).unwrap_or(&b'>').cmp(other.get(shared).unwrap_or(&b'>'));
                one[..shared].cmp(&other[..shared]).then_with(closing).then(one.len().cmp(&other.len()))
            }
            (Self::Written(one), Self::Written(other)) => one.cmp(other),
            (Self::Iri(_), Self::Written(written)) => "<".cmp(written),
            (Self::Written(written), Self::Iri(_)) => written.as_str().cmp("<"),
        }
    }
}

impl PartialOrd for CellKey<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The names of our own terms in the query, sorted, each once.
fn own_terms(query: &spargebra::Query, vocabulary: &Vocabulary) -> Vec<String> {
    let mut names = Vec::new();
    let mut note = |iri: NamedNodeRef<'_>| names.extend(vocabulary.term_name(iri).filter(|name| !name.contains('/')));
    algebra::walk(&mut query.clone(), &mut |place| match place {
        Place::Term(TermPattern::NamedNode(iri)) | Place::Name(NamedNodePattern::NamedNode(iri)) => note(iri.as_ref()),
        Place::Leaf(spargebra::algebra::Expression::NamedNode(iri)) => note(iri.as_ref()),
        Place::Iri(iri) => note(iri.as_ref()),
        _ => {}
    });
    names.sort();
    names.dedup();
    names
}

fn is_known(name: &str, schema: &Schema) -> bool {
    schema.predicate(name).is_some()
        || schema.class(name).is_some()
        || Qualifier::from_name(name).is_some()
        || name.parse::<Status>().is_ok()
        || RECORD_TERMS.contains(&name)
}

fn is_used(term: &NamedNode, generation: &Generation) -> bool {
    let store = generation.store();
    let as_predicate = store.quads_for_pattern(None, Some(term.as_ref()), None, None).next().is_some();
    as_predicate || store.quads_for_pattern(None, None, Some(term.as_ref().into()), None).next().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Graph, graph, id};
    use crate::{Format, Literal, write_answer};

    #[test]
    fn rows_stand_in_the_order_in_which_sparql_writes_them() {
        let iri = |name: &str| Some(Term::from(NamedNode::new_unchecked(format!("https://example.org/{name}"))));
        let text = |text: &str| Some(Term::from(oxigraph::model::Literal::new_simple_literal(text)));
        let cells = [None, iri("a"), iri("ab"), iri("a/b"), iri("b"), text("a"), text("ab"), text("<"), iri("a?")];
        let rows: Vec<Vec<Option<Term>>> =
            cells.iter().flat_map(|one| cells.iter().map(|other| vec![one.clone(), other.clone()])).collect();
        let mut naive = rows.clone();
        let written = |cell: &Option<Term>| cell.as_ref().map(Term::to_string).unwrap_or_default();
        naive.sort_by_key(|row| row.iter().map(written).collect::<Vec<_>>());
        assert_eq!(sorted(rows.into_iter().rev().collect(), 2), naive);
    }

    const LINES: &str = "
        Company:tencent investsIn Company:red percent=10
        Company:alibaba investsIn Company:red
        Company:ant owns Company:pay status=planned
        Company:red hasValuation USD:17000000000";

    fn rows(graph: &Graph, query: &str) -> Vec<String> {
        let answer = ask(&graph.generation, query, &Limits::default()).unwrap();
        assert_eq!(answer.completeness, Completeness::Complete);
        shown(&answer)
    }

    fn shown(answer: &Answer) -> Vec<String> {
        let mut csv = Vec::new();
        write_answer(answer, Format::Csv, &Vocabulary::default(), &mut csv).unwrap();
        let text = String::from_utf8(csv).unwrap().replace("https://w3id.org/guanxi/", "");
        text.lines().skip(1).map(str::to_owned).collect()
    }

    #[test]
    fn rows_come_sorted_unless_the_query_orders_them() {
        let graph = graph(LINES);
        let query = "SELECT ?x { ?x gx:investsIn ?y }";
        assert_eq!(rows(&graph, query), ["id/alibaba", "id/tencent"]);
        assert_eq!(rows(&graph, &format!("{query} ORDER BY DESC(?x)")), ["id/tencent", "id/alibaba"]);
        assert_eq!(rows(&graph, &format!("{query} ORDER BY ?y")), ["id/alibaba", "id/tencent"]);
        assert_eq!(rows(&graph, "SELECT ?x { ?x gx:owns ?y }"), [""; 0]);
    }

    #[test]
    fn a_query_nested_too_deeply_is_refused_and_the_program_lives_on() {
        let deep = format!("SELECT * {{ FILTER({}1{}) }}", "(".repeat(5000), ")".repeat(5000));
        let Err(QueryError::Syntax(error)) = Query::parse(&deep, &Vocabulary::default()) else { panic!() };
        assert!(error.message.contains("nested"), "{error}");
    }

    #[test]
    fn a_bounded_answer_says_so() {
        let graph = graph(LINES);
        let limits = Limits { rows: 1, ..Limits::default() };
        let answer = ask(&graph.generation, "SELECT ?x { ?x gx:investsIn ?y }", &limits).unwrap();
        assert_eq!((answer.len(), answer.completeness), (1, Completeness::Stopped(Stop::Rows(1))));
        let limits = Limits { rows: 2, ..Limits::default() };
        let answer = ask(&graph.generation, "SELECT ?x { ?x gx:investsIn ?y }", &limits).unwrap();
        assert_eq!(answer.completeness, Completeness::Complete);
        let limits = Limits::default();
        limits.cancellation.clone().cancel();
        for query in ["SELECT * { ?s ?p ?o }", "ASK { ?s ?p ?o }", "CONSTRUCT WHERE { ?s ?p ?o }"] {
            let answer = ask(&graph.generation, query, &limits).unwrap();
            assert_eq!(answer.completeness, Completeness::Stopped(Stop::Cancelled), "{query}");
        }
    }

    #[test]
    fn a_variable_is_bound_in_the_algebra_at_every_depth() {
        let graph = graph(LINES);
        let text = "SELECT ?y ?x { { SELECT ?x (COUNT(?y) AS ?n) { ?x gx:investsIn ?y } GROUP BY ?x }
                    ?x gx:investsIn ?y FILTER(BOUND(?y) && ?y = ?y) } ORDER BY ?x";
        let red = graph.generation.vocabulary().entity(&id("red"));
        let query = Query::parse(text, graph.generation.vocabulary()).unwrap().bind("y", red).unwrap();
        assert_eq!(
            shown(&query.run(&graph.generation, &Limits::default()).unwrap()),
            ["id/red,id/alibaba", "id/red,id/tencent"]
        );
        let hostile = Literal::new_simple_literal("\" } ; DROP ALL # ?x");
        let query = Query::parse("SELECT ?v { BIND(?v AS ?w) }", graph.generation.vocabulary()).unwrap();
        let answer = query.bind("v", hostile.clone()).unwrap().run(&graph.generation, &Limits::default()).unwrap();
        assert_eq!(answer.content, Content::Rows { columns: vec!["v".into()], rows: vec![vec![Some(hostile.into())]] });
    }

    #[test]
    fn a_variable_that_the_query_sets_cannot_be_bound() {
        let vocabulary = Vocabulary::default();
        for (query, problem) in [
            ("SELECT * { BIND(1 AS ?v) }", "by the query itself"),
            ("SELECT * { VALUES ?v { 1 } }", "by the query itself"),
            ("SELECT * { ?s ?v ?o }", "where only an IRI may"),
            ("SELECT * { ?s ?p ?o }", "does not occur"),
        ] {
            let error = Query::parse(query, &vocabulary).unwrap().bind("v", Literal::from(1)).unwrap_err();
            assert!(error.to_string().contains(problem), "{query}: {error}");
        }
    }

    #[test]
    fn service_and_update_are_refused() {
        let vocabulary = Vocabulary::default();
        let error = Query::parse("SELECT * { SERVICE SILENT <https://e.org/> { ?s ?p ?o } }", &vocabulary).unwrap_err();
        assert!(matches!(&error, QueryError::Service { range } if *range == (11..18)), "{error:?}");
        let error = Query::parse("PREFIX e: <https://e.org/>\ninsert data { e:a e:b e:c }", &vocabulary).unwrap_err();
        assert!(matches!(&error, QueryError::Update { keyword, .. } if keyword == "INSERT"), "{error:?}");
    }

    #[test]
    fn a_term_that_nobody_knows_is_warned_of() {
        let graph = graph(LINES);
        let text = "SELECT ?x { ?x gx:investIn/gx:owns ?y ; a gx:Compny . GRAPH ?g { ?c a gx:Claim ; gx:quote ?q ; gx:zzz 1 } }";
        let query = Query::parse(text, graph.generation.vocabulary()).unwrap();
        let warnings = query.warnings(&graph.schema, &graph.generation);
        let found: Vec<(&str, &str)> = warnings
            .iter()
            .map(|warning| (&text[warning.range.clone().unwrap()], warning.hint.as_deref().unwrap()))
            .collect();
        assert_eq!(
            found,
            [
                ("gx:Compny", "did you mean gx:Company?"),
                ("gx:investIn", "did you mean gx:investsIn?"),
                ("gx:zzz", "`guanxi schema list` lists the classes and predicates"),
            ]
        );
    }

    #[test]
    fn a_variable_that_never_gets_a_value_is_warned_of() {
        let unbound = |text: &str| -> Vec<(String, Option<String>)> {
            let query = Query::parse(text, &Vocabulary::default()).unwrap();
            query.unbound().into_iter().map(|found| (text[found.range.unwrap()].to_owned(), found.hint)).collect()
        };
        let meant = |typed: &str, meant: &str| (typed.to_owned(), Some(format!("did you mean {meant}?")));
        assert_eq!(unbound("SELECT ?compny { ?company a gx:Company }"), [meant("?compny", "?company")]);
        assert_eq!(unbound("SELECT ?who { ?who a gx:Fund FILTER($wo != ?who) }"), [meant("$wo", "?who")]);
        for right in [
            "SELECT * { ?x a gx:Company }",
            "SELECT ?n (SUM(?v) AS ?all) { ?x rdfs:label ?n . GRAPH ?g { ?x gx:owns/gx:owns ?v } } GROUP BY ?n ORDER BY ?all",
            "SELECT (STR(?x) AS ?s) { VALUES ?x { 1 } BIND(?x + 1 AS ?y) FILTER(EXISTS { ?x ?p ?o FILTER(?o > ?y) }) }",
            "CONSTRUCT { ?a gx:owns ?b } WHERE { { SELECT ?a ?b { ?a gx:owns ?b } } }",
            "DESCRIBE ?x { ?x a gx:Fund }",
        ] {
            assert_eq!(unbound(right), [], "{right}");
        }
    }

    #[test]
    fn all_graphs_can_be_asked_at_once() {
        let graph = graph(LINES);
        let query = Query::parse("ASK { ?claim a gx:Claim }", graph.generation.vocabulary()).unwrap();
        let truth = |query: &Query| query.run(&graph.generation, &Limits::default()).unwrap().content;
        assert_eq!(truth(&query), Content::Boolean(false));
        assert_eq!(truth(&query.over_all_graphs()), Content::Boolean(true));
    }
}
