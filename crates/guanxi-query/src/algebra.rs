//! One walk over a parsed query, and what it serves: substituting a variable, finding SERVICE, finding our own terms.

use std::collections::BTreeSet;

use oxigraph::model::{Literal, NamedNode, Term, Variable};
use spargebra::Query;
use spargebra::algebra::{AggregateExpression, Expression, GraphPattern, OrderExpression, PropertyPathExpression};
use spargebra::term::{GroundTerm, NamedNodePattern, TermPattern, TriplePattern};

/// Something that the walk comes by.
pub(crate) enum Place<'a> {
    /// A subject or object.
    Term(&'a mut TermPattern),
    /// A predicate or the name of a graph.
    Name(&'a mut NamedNodePattern),
    /// A predicate within a property path, or an IRI of VALUES.
    Iri(&'a NamedNode),
    /// An expression that has no parts.
    Leaf(&'a mut Expression),
    /// A variable that gets its value here: of BIND, VALUES, GROUP BY, an aggregate.
    Binding(&'a Variable),
    /// The variables of a SELECT.
    Projection(&'a mut Vec<Variable>),
    /// A SERVICE.
    Service,
}

/// The pattern of a query, and where it is a CONSTRUCT, its template.
pub(crate) fn parts(query: &mut Query) -> (&mut GraphPattern, Option<&mut Vec<TriplePattern>>) {
    match query {
        Query::Select { pattern, .. } | Query::Describe { pattern, .. } | Query::Ask { pattern, .. } => (pattern, None),
        Query::Construct { pattern, template, .. } => (pattern, Some(template)),
    }
}

/// Takes `visit` to every place of `query`.
pub(crate) fn walk(query: &mut Query, visit: &mut impl FnMut(Place<'_>)) {
    let (pattern, template) = parts(query);
    if let Some(template) = template {
        walk_triples(template, visit);
    }
    walk_pattern(pattern, visit);
}

/// Puts `term` for every occurrence of `variable`, inner queries included.
///
/// oxigraph's own substitution wants the variable in the projection and keeps it out of inner queries.
///
/// # Errors
/// A sentence, where the variable cannot be replaced by a term.
pub(crate) fn substitute(query: &mut Query, variable: &Variable, term: &Term) -> Result<(), String> {
    let mut problem = None;
    let mut found = false;
    walk(query, &mut |place| {
        let name = variable.as_str();
        match place {
            Place::Term(slot) if matches!(&*slot, TermPattern::Variable(v) if v == variable) => {
                *slot = term.clone().into();
                found = true;
            }
            Place::Name(slot) if matches!(&*slot, NamedNodePattern::Variable(v) if v == variable) => match term {
                Term::NamedNode(iri) => {
                    *slot = iri.clone().into();
                    found = true;
                }
                _ => problem = Some(format!("?{name} stands for a predicate or graph, where only an IRI may")),
            },
            Place::Leaf(slot) => match slot {
                Expression::Variable(v) if v == variable => {
                    *slot = expression(term);
                    found = true;
                }
                Expression::Bound(v) if v == variable => {
                    *slot = Literal::from(true).into();
                    found = true;
                }
                _ => {}
            },
            Place::Binding(v) if v == variable => {
                problem = Some(format!("?{name} is given a value by the query itself (BIND, VALUES, AS or GROUP BY)"));
            }
            _ => {}
        }
    });
    let depth_of_query = project(parts(query).0, variable, term, true);
    match problem {
        Some(problem) => Err(problem),
        None if found || depth_of_query => Ok(()),
        None => Err(format!("?{} does not occur in the query", variable.as_str())),
    }
}

/// The variables that get values, in a pattern or by BIND, and those that are shown or computed with.
pub(crate) fn variables(query: &mut Query) -> (BTreeSet<Variable>, BTreeSet<Variable>) {
    let (mut bound, mut used) = (BTreeSet::new(), BTreeSet::new());
    let (pattern, _) = parts(query);
    walk_pattern(pattern, &mut |place| match place {
        Place::Term(TermPattern::Variable(name)) | Place::Name(NamedNodePattern::Variable(name)) => {
            bound.insert(name.clone());
        }
        Place::Binding(name) => {
            bound.insert(name.clone());
        }
        Place::Leaf(Expression::Variable(name) | Expression::Bound(name)) => {
            used.insert(name.clone());
        }
        Place::Projection(names) => used.extend(names.iter().cloned()),
        _ => {}
    });
    (bound, used)
}

/// Whether the rows of this query come in an order that it asks for.
pub(crate) fn is_ordered(query: &mut Query) -> bool {
    matches!(projected(parts(query).0), GraphPattern::Project { inner, .. } if matches!(**inner, GraphPattern::OrderBy { .. }))
}

/// Lets all projected variables decide where ORDER BY leaves rows equal.
pub(crate) fn break_ties(query: &mut Query) {
    if let GraphPattern::Project { inner, variables } = projected(parts(query).0)
        && let GraphPattern::OrderBy { expression, .. } = &mut **inner
    {
        expression.extend(variables.iter().map(|variable| OrderExpression::Asc(variable.clone().into())));
    }
}

/// The columns of a SELECT, empty for the other forms.
pub(crate) fn columns(query: &Query) -> Vec<String> {
    let mut query = query.clone();
    match &mut query {
        Query::Select { pattern, .. } => match projected(pattern) {
            GraphPattern::Project { variables, .. } => variables.iter().map(|name| name.as_str().to_owned()).collect(),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// The pattern under DISTINCT, REDUCED and LIMIT.
fn projected(pattern: &mut GraphPattern) -> &mut GraphPattern {
    match pattern {
        GraphPattern::Distinct { inner } | GraphPattern::Reduced { inner } | GraphPattern::Slice { inner, .. } => {
            projected(inner)
        }
        other => other,
    }
}

/// A variable that is replaced within no longer comes out of the pattern: the outermost SELECT gets it back as a
/// constant column, inner ones lose it. Whether the outermost one names it.
fn project(pattern: &mut GraphPattern, variable: &Variable, term: &Term, outermost: bool) -> bool {
    let mut named = false;
    if outermost
        && let GraphPattern::Project { inner, variables } = projected(pattern)
        && variables.contains(variable)
    {
        named = true;
        let below = match &mut **inner {
            GraphPattern::OrderBy { inner, .. } => inner,
            _ => inner,
        };
        **below = GraphPattern::Extend {
            inner: Box::new(std::mem::take(&mut **below)),
            variable: variable.clone(),
            expression: expression(term),
        };
    }
    let mut depth = 0;
    walk_pattern(pattern, &mut |place| {
        if let Place::Projection(variables) = place {
            if depth > 0 || !named {
                variables.retain(|projected| projected != variable);
            }
            depth += 1;
        }
    });
    named
}

fn expression(term: &Term) -> Expression {
    match term {
        Term::NamedNode(iri) => Expression::NamedNode(iri.clone()),
        Term::Literal(literal) => Expression::Literal(literal.clone()),
        Term::BlankNode(node) => Expression::Literal(Literal::new_simple_literal(node.as_str())),
    }
}

fn walk_pattern(pattern: &mut GraphPattern, visit: &mut impl FnMut(Place<'_>)) {
    match pattern {
        GraphPattern::Bgp { patterns } => walk_triples(patterns, visit),
        GraphPattern::Path { subject, path, object } => {
            visit(Place::Term(subject));
            walk_path(path, visit);
            visit(Place::Term(object));
        }
        GraphPattern::Join { left, right }
        | GraphPattern::Lateral { left, right }
        | GraphPattern::Union { left, right }
        | GraphPattern::Minus { left, right } => {
            walk_pattern(left, visit);
            walk_pattern(right, visit);
        }
        GraphPattern::LeftJoin { left, right, expression } => {
            walk_pattern(left, visit);
            walk_pattern(right, visit);
            if let Some(expression) = expression {
                walk_expression(expression, visit);
            }
        }
        GraphPattern::Filter { expr, inner } => {
            walk_expression(expr, visit);
            walk_pattern(inner, visit);
        }
        GraphPattern::Graph { name, inner } => {
            visit(Place::Name(name));
            walk_pattern(inner, visit);
        }
        GraphPattern::Extend { inner, variable, expression } => {
            visit(Place::Binding(variable));
            walk_expression(expression, visit);
            walk_pattern(inner, visit);
        }
        GraphPattern::Values { variables, bindings } => {
            variables.iter().for_each(|variable| visit(Place::Binding(variable)));
            for value in bindings.iter().flatten() {
                if let Some(GroundTerm::NamedNode(iri)) = value {
                    visit(Place::Iri(iri));
                }
            }
        }
        GraphPattern::OrderBy { inner, expression } => {
            for OrderExpression::Asc(key) | OrderExpression::Desc(key) in expression {
                walk_expression(key, visit);
            }
            walk_pattern(inner, visit);
        }
        GraphPattern::Project { inner, variables } => {
            visit(Place::Projection(variables));
            walk_pattern(inner, visit);
        }
        GraphPattern::Distinct { inner } | GraphPattern::Reduced { inner } | GraphPattern::Slice { inner, .. } => {
            walk_pattern(inner, visit);
        }
        GraphPattern::Group { inner, variables, aggregates } => {
            variables.iter().for_each(|variable| visit(Place::Binding(variable)));
            for (variable, aggregate) in aggregates {
                visit(Place::Binding(variable));
                if let AggregateExpression::FunctionCall { expr, .. } = aggregate {
                    walk_expression(expr, visit);
                }
            }
            walk_pattern(inner, visit);
        }
        GraphPattern::Service { name, inner, .. } => {
            visit(Place::Service);
            visit(Place::Name(name));
            walk_pattern(inner, visit);
        }
    }
}

fn walk_triples(triples: &mut [TriplePattern], visit: &mut impl FnMut(Place<'_>)) {
    for triple in triples {
        visit(Place::Term(&mut triple.subject));
        visit(Place::Name(&mut triple.predicate));
        visit(Place::Term(&mut triple.object));
    }
}

fn walk_path(path: &PropertyPathExpression, visit: &mut impl FnMut(Place<'_>)) {
    match path {
        PropertyPathExpression::NamedNode(iri) => visit(Place::Iri(iri)),
        PropertyPathExpression::NegatedPropertySet(iris) => iris.iter().for_each(|iri| visit(Place::Iri(iri))),
        PropertyPathExpression::Sequence(a, b) | PropertyPathExpression::Alternative(a, b) => {
            walk_path(a, visit);
            walk_path(b, visit);
        }
        PropertyPathExpression::Reverse(inner)
        | PropertyPathExpression::ZeroOrMore(inner)
        | PropertyPathExpression::OneOrMore(inner)
        | PropertyPathExpression::ZeroOrOne(inner) => walk_path(inner, visit),
    }
}

fn walk_expression(expression: &mut Expression, visit: &mut impl FnMut(Place<'_>)) {
    match expression {
        Expression::NamedNode(_) | Expression::Literal(_) | Expression::Variable(_) | Expression::Bound(_) => {
            visit(Place::Leaf(expression));
        }
        Expression::Or(a, b)
        | Expression::And(a, b)
        | Expression::Equal(a, b)
        | Expression::SameTerm(a, b)
        | Expression::Greater(a, b)
        | Expression::GreaterOrEqual(a, b)
        | Expression::Less(a, b)
        | Expression::LessOrEqual(a, b)
        | Expression::Add(a, b)
        | Expression::Subtract(a, b)
        | Expression::Multiply(a, b)
        | Expression::Divide(a, b) => {
            walk_expression(a, visit);
            walk_expression(b, visit);
        }
        Expression::UnaryPlus(inner) | Expression::UnaryMinus(inner) | Expression::Not(inner) => {
            walk_expression(inner, visit);
        }
        Expression::In(tested, members) => {
            walk_expression(tested, visit);
            members.iter_mut().for_each(|member| walk_expression(member, visit));
        }
        Expression::If(test, yes, no) => {
            for part in [test, yes, no] {
                walk_expression(part, visit);
            }
        }
        Expression::Coalesce(parts) | Expression::FunctionCall(_, parts) => {
            parts.iter_mut().for_each(|part| walk_expression(part, visit));
        }
        Expression::Exists(pattern) => walk_pattern(pattern, visit),
    }
}
