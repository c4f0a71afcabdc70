//! The words of SPARQL, and which of them somebody meant.

/// Keywords that open an element of a `{ … }` block.
pub(super) const IN_GROUP: &[&str] =
    &["FILTER", "OPTIONAL", "UNION", "MINUS", "GRAPH", "SERVICE", "BIND", "VALUES", "LATERAL"];

/// Keywords that stand outside of blocks.
pub(super) const OUTSIDE: &[&str] = &[
    "SELECT",
    "CONSTRUCT",
    "DESCRIBE",
    "ASK",
    "PREFIX",
    "BASE",
    "DISTINCT",
    "REDUCED",
    "FROM",
    "NAMED",
    "WHERE",
    "GROUP",
    "HAVING",
    "ORDER",
    "BY",
    "ASC",
    "DESC",
    "LIMIT",
    "OFFSET",
    "VALUES",
];

/// Words of expressions that take no bracket after them.
pub(super) const OPERATORS: &[&str] = &["AS", "DISTINCT", "IN", "NOT", "EXISTS", "SEPARATOR", "true", "false"];

/// Functions and aggregates.
pub(super) const FUNCTIONS: &[&str] = &[
    "ABS",
    "ADJUST",
    "AVG",
    "BNODE",
    "BOUND",
    "CEIL",
    "COALESCE",
    "CONCAT",
    "CONTAINS",
    "COUNT",
    "DATATYPE",
    "DAY",
    "ENCODE_FOR_URI",
    "EXISTS",
    "FLOOR",
    "GROUP_CONCAT",
    "HOURS",
    "IF",
    "IN",
    "IRI",
    "LANG",
    "LANGMATCHES",
    "LCASE",
    "MAX",
    "MD5",
    "MIN",
    "MINUTES",
    "MONTH",
    "NOW",
    "RAND",
    "REGEX",
    "REPLACE",
    "ROUND",
    "SAMPLE",
    "SECONDS",
    "SHA1",
    "SHA256",
    "SHA384",
    "SHA512",
    "STR",
    "STRAFTER",
    "STRBEFORE",
    "STRDT",
    "STRENDS",
    "STRLANG",
    "STRLEN",
    "STRSTARTS",
    "STRUUID",
    "SUBSTR",
    "SUM",
    "TIMEZONE",
    "TZ",
    "UCASE",
    "URI",
    "UUID",
    "YEAR",
    "isBLANK",
    "isIRI",
    "isLITERAL",
    "isNUMERIC",
    "isURI",
    "sameTerm",
];

/// Whether `word` is one of `list`, in any case of letters.
pub(super) fn is_one_of(word: &str, list: &[&str]) -> bool {
    list.iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// The candidate that `word` was probably meant to be: one slip for a short word, two for a long one.
pub(super) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let folded = word.to_lowercase();
    let letters = folded.chars().count();
    let slips = match letters {
        0 | 1 => return None,
        2..=6 => 1,
        _ => 2,
    };
    candidates
        .into_iter()
        .map(|candidate| (strsim::osa_distance(&folded, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| (1..=slips).contains(distance) && *distance < candidate.chars().count())
        .min()
        .map(|(_, candidate)| candidate)
}

/// How a word of other languages is said in SPARQL.
pub(super) fn translation(word: &str) -> Option<&'static str> {
    Some(match word.to_ascii_uppercase().as_str() {
        "AND" => "write `&&`",
        "OR" => "write `||`",
        "LIKE" | "ILIKE" => "write CONTAINS(LCASE(STR(?name)), \"part\") or REGEX(STR(?name), \"pattern\", \"i\")",
        "NULL" | "IS" => "ask BOUND(?x) or !BOUND(?x)",
        "BETWEEN" => "write ?x >= … && ?x <= …",
        "JOIN" | "ON" => "use the same variable in both patterns",
        "TOP" => "end the query with LIMIT and a number",
        "MATCH" | "RETURN" => "this is Cypher; SPARQL asks SELECT ?x WHERE { … }",
        _ => return None,
    })
}

/// The ASCII character that a full-width or typographic one stands for.
pub(super) fn ascii_twin(character: &str) -> Option<char> {
    let character = character.chars().next()?;
    Some(match character {
        '“' | '”' | '„' | '«' | '»' => '"',
        '‘' | '’' => '\'',
        '。' => '.',
        '、' => ',',
        '《' | '〈' => '<',
        '》' | '〉' => '>',
        '–' | '—' | '−' => '-',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(character as u32 - 0xfee0)?,
        _ => return None,
    })
}

/// How an opened string must end.
pub(super) fn delimiter(opened: &str) -> &str {
    let quote = &opened[..1];
    if opened.starts_with(&quote.repeat(3)) { &opened[..3] } else { quote }
}
