//! A table of the mistakes that people make.

use spargebra::SparqlParser;

use super::*;

fn prefixes() -> Vec<(&'static str, String)> {
    ["gx", "id", "doc", "rdf", "rdfs", "skos", "xsd", "schema"]
        .map(|prefix| (prefix, format!("https://example.org/{prefix}/")))
        .into()
}

fn parse(text: &str) -> Result<(), SyntaxError> {
    let mut parser = SparqlParser::new();
    for (prefix, iri) in prefixes() {
        parser = parser.with_prefix(prefix, iri).unwrap();
    }
    parser.parse_query(text).map(drop).map_err(|error| diagnose(text, &error.to_string(), &prefixes()))
}

/// Query; line and column; the offending token; a part of the message; a part of the hint.
type Case = (&'static str, (u32, u32), &'static str, &'static str, &'static str);

const MISTAKES: &[Case] = &[
    ("SELEC * WHERE { ?s ?p ?o }", (1, 1), "SELEC", "unknown word", "SELECT?"),
    ("PREFIX e: <http://e.org/>\nselct ?x { ?x a e:B }", (2, 1), "selct", "unknown word", "SELECT?"),
    ("SELECT ?x WEHRE { ?x a gx:Company }", (1, 11), "WEHRE", "unknown word", "WHERE?"),
    ("SELECT ?x\nwhre {\n ?x a gx:Company }", (2, 1), "whre", "unknown word", "WHERE?"),
    ("SELECT DISTINT ?x { ?x a gx:Company }", (1, 8), "DISTINT", "unknown word", "DISTINCT?"),
    ("SELECT ?x { ?x a gx:Company . FITLER(?x > 3) }", (1, 31), "FITLER", "unknown word", "FILTER?"),
    ("SELECT ?x { ?x a gx:Company fliter(?x > 3) }", (1, 29), "fliter", "unknown word", "FILTER?"),
    ("SELECT ?x { ?x a gx:Company . OPTINAL { ?x gx:owns ?y } }", (1, 31), "OPTINAL", "unknown word", "OPTIONAL?"),
    ("SELECT ?x { { ?x a gx:Fund } UNOIN { ?x a gx:Company } }", (1, 30), "UNOIN", "unknown word", "UNION?"),
    ("SELECT ?x { ?x a gx:Company } ORDRE BY ?x", (1, 31), "ORDRE", "unknown word", "ORDER?"),
    ("SELECT ?x { ?x a gx:Company } ORDER YB ?x", (1, 37), "YB", "unknown word", "BY?"),
    ("SELECT ?x { ?x a gx:Company } ORDER ?x", (1, 37), "?x", "ORDER wants BY", "ORDER BY"),
    ("SELECT ?x { ?x a gx:Company } GROPU BY ?x", (1, 31), "GROPU", "unknown word", "GROUP?"),
    ("SELECT ?x { ?x a gx:Company } LIMTI 3", (1, 31), "LIMTI", "unknown word", "LIMIT?"),
    ("SELECT ?x { ?x a gx:Company } LIMIT ten", (1, 37), "ten", "whole number", "LIMIT 10"),
    ("SELECT ?x { ?x a gx:Company } LIMIT 3 ORDER BY ?x", (1, 39), "ORDER", "after LIMIT", "before LIMIT"),
    ("SELECT ?x { ?x a gx:Company } ORDER BY DESC ?x", (1, 40), "DESC", "brackets", "DESC(?x)"),
    ("SELECT ?x { ?x a gxx:Company }", (1, 18), "gxx:", "not declared", "`gx:`?"),
    ("SELECT ?x { ?x a foaf:Agent }", (1, 18), "foaf:", "not declared", "PREFIX foaf:"),
    ("SELECT ?x { ?x a gx:Company\n?x gx:owns ?y }", (1, 18), "gx:Company", "`.` is missing", "before `?x`"),
    ("SELECT ?x {\n  ?x a gx:Company .\n  ?x gx:owns ?y\n  ?y a ?z }", (3, 14), "?y", "`.` is missing", "before `?y`"),
    (
        "SELECT ?x { ?x a gx:Company . ?x gx:owns }",
        (1, 34),
        "gx:owns",
        "object is missing",
        "subject, predicate, object",
    ),
    ("SELECT ?x { ?x gx:Company . }", (1, 16), "gx:Company", "object is missing", "subject, predicate, object"),
    ("SELECT ?x { ?x . }", (1, 13), "?x", "predicate is missing", "subject, predicate, object"),
    ("SELECT ?x WHERE { ?x a gx:Company", (1, 17), "{", "never closed", "add `}`"),
    ("SELECT ?x WHERE {\n ?x a gx:Company\nORDER BY ?x", (1, 17), "{", "never closed", "before ORDER BY"),
    ("SELECT ?x { ?x a gx:Company } }", (1, 31), "}", "nothing is open", "take it out"),
    ("SELECT ?x { ?x a gx:Company FILTER(?x > 3 }", (1, 35), "(", "never closed", "add `)`"),
    ("SELECT ?x { ?x a gx:Company FILTER ?x > 3 }", (1, 29), "FILTER", "brackets", "FILTER("),
    ("SELECT ?x { ?x gx:owns [ a gx:Company }", (1, 24), "[", "never closed", "add `]`"),
    ("SELECT ?x { ?x rdfs:label \"Tencent }", (1, 27), "\"Tencent }", "never closed", "`\"`"),
    ("SELECT ?x { ?x a <https://e.org/C }", (1, 18), "<https://e.org/C", "IRI is never closed", "`>`"),
    ("SELECT ?x WHERE ?x a gx:Company }", (1, 17), "?x", "`{` is missing", "WHERE {"),
    ("SELECT ?x ?y", (1, 11), "?y", "pattern is missing", "WHERE {"),
    ("SELECT WHERE { ?x a gx:Company }", (1, 8), "WHERE", "names no variable", "SELECT *"),
    ("SELECT ?x, ?y { ?x gx:owns ?y }", (1, 10), ",", "without commas", "take the comma out"),
    ("SELECT company { ?company a gx:Company }", (1, 8), "company", "no word of SPARQL", "?company"),
    ("SELECT ?c { company a gx:Company }", (1, 13), "company", "no word of SPARQL", "?company"),
    ("SELECT ?c { ?c investsIn ?d }", (1, 16), "investsIn", "prefix", "gx:investsIn"),
    ("SELECT ?c { ?c a Company }", (1, 18), "Company", "no class", "gx:Company"),
    ("SELECT ?c { ?c gx:owns 小红书 }", (1, 24), "小红书", "neither variable nor text", "?小红书"),
    ("SELECT ?c { ?c a gx:Company FILTER(?c = 1 AND ?c = 2) }", (1, 43), "AND", "no word of SPARQL", "&&"),
    ("SELECT ?c { ?c a gx:Company FILTER(?c == 1) }", (1, 39), "==", "no operator", "`=`"),
    ("SELECT ?c { ?c rdfs:label ?l FILTER(CONTANS(?l, \"a\")) }", (1, 37), "CONTANS", "unknown function", "CONTAINS?"),
    ("SELECT COUNT(?c) { ?c a gx:Company }", (1, 8), "COUNT", "brackets and a name", "AS ?name"),
    ("SELECT ？c { ?c a gx:Company }", (1, 8), "？", "no character of SPARQL", "`?`"),
    ("SELECT ?c { ?c rdfs:label “a” }", (1, 27), "“", "no character of SPARQL", "`\"`"),
    ("SELECT ?c { ?c a gx:Company , . }", (1, 29), ",", "object is missing", "subject"),
    ("SELECT ?c { ?c , a gx:Company }", (1, 16), ",", "stray `,`", "objects"),
    ("SELECT ?c { ?c a gx:Company . . }", (1, 31), ".", "stray `.`", "one full stop"),
    ("SELECT ?c { ?c a gx:Company LIMIT 3 }", (1, 29), "LIMIT", "inside of a block", "behind"),
    ("SELECT ?c { OPTIONAL ?c a gx:Company }", (1, 13), "OPTIONAL", "`{` is missing", "OPTIONAL {"),
    ("SELECT ?c { ?c a gx:Company FILTER NOT (?c = 1) }", (1, 36), "NOT", "wants EXISTS", "NOT EXISTS"),
    ("SELECT ?x { VALUES (?x ?y) { (1 2) (1) } }", (1, 36), "(1)", "1 of 2 values", "UNDEF"),
    ("MATCH (c) RETURN c", (1, 1), "MATCH", "no word of SPARQL", "Cypher"),
    ("", (1, 1), "", "empty", "SELECT"),
];

#[test]
fn mistakes_are_named_where_they_are() {
    for (query, position, token, message, hint) in MISTAKES {
        let error = parse(query).expect_err(query);
        let found = (error.line, error.column);
        assert_eq!((found, &query[error.range.clone()]), (*position, *token), "{query}\n{error}");
        assert!(error.message.contains(message), "{query}\n{error}");
        assert!(error.hint.as_deref().is_some_and(|found| found.contains(hint)), "{query}\n{error}");
    }
}

/// The scanner must not accuse what is right, or it would hide what is wrong.
#[test]
fn valid_queries_pass_the_scanner() {
    let valid = [
        "SELECT * { }",
        "SELECT ?x WHERE { ?x a gx:Company ; gx:owns ?y , ?z ; . FILTER(?y < 3 && !(?z IN (1, -2))) ?z ?p +3 }",
        "SELECT DISTINCT (COUNT(DISTINCT ?x) AS ?n) (SAMPLE(?y) AS ?any) FROM <a:b> FROM NAMED <a:c> WHERE { GRAPH ?g { ?x gx:owns+/^gx:owns|!(rdf:type|^rdf:type) ?y } } GROUP BY ?x (STR(?y) AS ?z) HAVING (COUNT(?x) > 1) ORDER BY DESC(?n) ?x LIMIT 3 OFFSET 2",
        "ASK { ?x gx:owns? [ a gx:Company ; rdfs:label \"a\"@en , 'b'^^xsd:string ] . [] gx:owns ( 1 2 ) . [ gx:owns ?q ] }",
        "CONSTRUCT { ?x gx:owns ?y } WHERE { { SELECT ?x ?y { ?x gx:owns ?y } ORDER BY ?x LIMIT 1 } UNION { VALUES (?x ?y) { (1 UNDEF) } } MINUS { ?x a true } }",
        "CONSTRUCT WHERE { ?x gx:owns ?y }",
        "DESCRIBE <a:b> gx:c",
        "DESCRIBE ?x { ?x a ?y } LIMIT 1",
        "PREFIX e: <http://e.org/> BASE <http://e.org/> SELECT ?x { ?x e:a.b <c> BIND(IF(BOUND(?x), 1, 2) AS ?b) FILTER NOT EXISTS { ?x a ?c } FILTER regex(?x, \"#\") OPTIONAL { ?x a ?z FILTER EXISTS { ?z a ?x } } } VALUES ?x { 1 2 } # end",
        "SELECT ?x { ?x gx:a 1.5 . ?x gx:b .5 . ?x gx:c 1e6 ; a gx:D. ?x (gx:e/gx:f)* ?y . } ORDER BY STR(?x) gx:f(?x)",
        "SELECT ?x { SERVICE SILENT <a:b> { ?x a ?y } } GROUP BY ?x",
    ];
    for query in valid {
        if let Err(error) = parse(query) {
            panic!("{query}\n{error}");
        }
        let found = scan::structure(&token::tokens(query));
        assert!(found.is_ok(), "{query}\n{found:?}");
    }
}

#[test]
fn rules_of_the_whole_query_are_explained() {
    for (query, message) in [
        ("SELECT ?x (?y AS ?x) { ?x gx:owns ?y }", "the pattern has already"),
        ("SELECT ?y { ?x gx:owns ?y } GROUP BY ?x", "GROUP BY does not keep"),
        ("SELECT * { ?x gx:owns ?y } GROUP BY ?x", "does not go with GROUP BY"),
        ("SELECT ?y { ?x gx:owns ?y BIND(1 AS ?x) }", "as a whole"),
    ] {
        let error = parse(query).unwrap_err();
        assert!(error.message.contains(message), "{query}\n{error}");
    }
}

proptest::proptest! {
    #[test]
    fn nothing_makes_it_panic(text in "(SELECT|WHERE|\\{|\\}|\\(|\\)|\\[|\\]|FILTER|UNION|GRAPH|ORDER|BY|VALUES|PREFIX|DESCRIBE|\\?x|gx:a|a|é|\"|'|<|>|=|\\^|\\.|;|,| |\n|-|！|1){0,24}") {
        if let Err(error) = parse(&text) {
            proptest::prop_assert!(text.get(error.range).is_some());
        }
    }
}
