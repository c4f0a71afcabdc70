//! A forgiving reading of a query's structure, up to the first place where it cannot be SPARQL.
//!
//! It follows the grammar of SPARQL 1.1 §19.8 only as far as people go wrong in it: what stands between brackets in
//! an expression is looked over, not parsed. It never accuses a valid query, so what it says can be trusted.

use super::token::{Kind, Token};
use super::{Finding, words};

type Scan = Result<(), Finding>;

/// The first mistake in the structure of the query.
pub(super) fn structure(tokens: &[Token<'_>]) -> Scan {
    let mut scanner = Scanner { tokens, at: 0 };
    scanner.prologue()?;
    scanner.query()?;
    scanner.end()
}

struct Scanner<'a> {
    tokens: &'a [Token<'a>],
    at: usize,
}

/// Which part of a triple comes next.
#[derive(Clone, Copy, PartialEq)]
enum Next {
    Subject,
    Predicate,
    Object,
    /// The triple is whole: `.`, `;`, `,` or the next element.
    Separator,
}

impl<'a> Scanner<'a> {
    fn peek(&self) -> Option<&'a Token<'a>> {
        self.tokens.get(self.at)
    }

    fn previous(&self) -> Option<&'a Token<'a>> {
        self.tokens.get(self.at.checked_sub(1)?)
    }

    fn sees(&self, punctuation: &str) -> bool {
        self.peek().is_some_and(|token| token.is(punctuation))
    }

    fn sees_word(&self, keyword: &str) -> bool {
        self.peek().is_some_and(|token| token.is_word(keyword))
    }

    fn take_word(&mut self, keyword: &str) -> bool {
        let seen = self.sees_word(keyword);
        self.at += usize::from(seen);
        seen
    }

    fn prologue(&mut self) -> Scan {
        loop {
            if self.take_word("PREFIX") {
                match self.peek() {
                    Some(name) if name.kind == Kind::Prefixed && name.text.ends_with(':') => self.at += 1,
                    _ => return Err(self.here("PREFIX wants a name with a colon", "PREFIX ex: <https://example.org/>")),
                }
                self.wants_iri("PREFIX ex: <https://example.org/>")?;
            } else if self.take_word("BASE") {
                self.wants_iri("BASE <https://example.org/>")?;
            } else {
                return Ok(());
            }
        }
    }

    fn wants_iri(&mut self, example: &str) -> Scan {
        match self.peek() {
            Some(token) if token.kind == Kind::Iri => {
                self.at += 1;
                Ok(())
            }
            _ => Err(self.here("an IRI in angle brackets is missing", format!("for example {example}"))),
        }
    }

    fn query(&mut self) -> Scan {
        if self.sees_word("SELECT") {
            return self.select();
        }
        if self.take_word("CONSTRUCT") {
            if self.sees("{") {
                self.skip_brackets()?;
            }
        } else if self.take_word("DESCRIBE") {
            while self
                .peek()
                .is_some_and(|t| matches!(t.kind, Kind::Variable | Kind::Prefixed | Kind::Iri) || t.is("*"))
            {
                self.at += 1;
            }
            let names_resources_only =
                self.peek().is_none_or(|t| words::is_one_of(t.text, &["ORDER", "LIMIT", "OFFSET"]));
            if names_resources_only {
                return self.modifiers();
            }
        } else if !self.take_word("ASK") {
            return match self.peek() {
                Some(token) if token.kind == Kind::Word => Err(unknown_word(token, words::OUTSIDE)),
                Some(token) => Err(Finding::new(
                    token.range(),
                    "a query begins with SELECT, ASK, CONSTRUCT or DESCRIBE",
                    "for example SELECT * WHERE { … }",
                )),
                None => Ok(()),
            };
        }
        self.dataset();
        self.where_clause()?;
        self.modifiers()
    }

    fn select(&mut self) -> Scan {
        self.at += 1;
        let _ = self.take_word("DISTINCT") || self.take_word("REDUCED");
        let first = self.at;
        while let Some(token) = self.peek() {
            match token.kind {
                Kind::Variable => self.at += 1,
                Kind::Punctuation if token.text == "*" => self.at += 1,
                Kind::Punctuation if token.text == "(" => self.expression()?,
                Kind::Punctuation if token.text == "," => {
                    return Err(Finding::new(
                        token.range(),
                        "variables are listed without commas",
                        "take the comma out: SELECT ?a ?b",
                    ));
                }
                Kind::Word if self.opens_call() => {
                    let hint = format!("write ({}(…) AS ?name)", token.text.to_ascii_uppercase());
                    return Err(Finding::new(token.range(), "an expression in SELECT needs brackets and a name", hint));
                }
                Kind::Word if !words::is_one_of(token.text, words::OUTSIDE) => return Err(self.word_in_select(token)),
                _ => break,
            }
        }
        if self.at == first {
            return Err(self.here("SELECT names no variable", "SELECT * takes all of them"));
        }
        self.dataset();
        self.where_clause()?;
        self.modifiers()
    }

    fn word_in_select(&self, word: &Token<'_>) -> Finding {
        let opens_group = self.tokens.get(self.at + 1).is_some_and(|token| token.is("{"));
        match words::nearest(word.text, ["WHERE", "FROM", "DISTINCT", "REDUCED"]) {
            Some(keyword) if opens_group || is_shouted(word.text) => misspelt(word, keyword),
            _ => match words::translation(word.text) {
                Some(hint) => Finding::new(word.range(), format!("`{}` is no word of SPARQL", word.text), hint),
                None => variable_without_mark(word),
            },
        }
    }

    fn dataset(&mut self) {
        while self.take_word("FROM") {
            self.take_word("NAMED");
            self.at += 1;
        }
    }

    fn where_clause(&mut self) -> Scan {
        let said_where = self.take_word("WHERE");
        if self.sees("{") {
            return self.group();
        }
        match self.peek() {
            Some(word) if word.kind == Kind::Word && !said_where => {
                let opens_group = self.tokens.get(self.at + 1).is_some_and(|token| token.is("{"));
                match words::nearest(word.text, words::OUTSIDE.iter().copied()) {
                    Some(keyword) => Err(misspelt(word, keyword)),
                    None if opens_group => Err(misspelt(word, "WHERE")),
                    None => Err(self.here("the pattern is missing", "write WHERE { … }")),
                }
            }
            None if !said_where => Err(self.at_the_end("the pattern is missing", "add WHERE { … }")),
            _ => Err(self.here("`{` is missing before the pattern", "write WHERE { … }")),
        }
    }

    /// GROUP BY, HAVING, ORDER BY, LIMIT and OFFSET, in this order.
    fn modifiers(&mut self) -> Scan {
        const ORDER: &[&str] = &["GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET"];
        let mut last: Option<&str> = None;
        while let Some(token) = self.peek() {
            let Some(rank) = ORDER.iter().position(|keyword| token.is_word(keyword)) else {
                return self.after_modifiers(token);
            };
            if let Some(later) =
                last.filter(|later| ORDER.iter().position(|word| word == later) > Some(rank) && rank < 3)
            {
                let (name, later) = (spelt_out(ORDER[rank]), spelt_out(later));
                let hint = format!("put {name} before {later}");
                return Err(Finding::new(token.range(), format!("{name} stands after {later}"), hint));
            }
            last = Some(ORDER[rank]);
            self.at += 1;
            self.modifier(ORDER[rank])?;
        }
        Ok(())
    }

    fn modifier(&mut self, keyword: &str) -> Scan {
        match keyword {
            "LIMIT" | "OFFSET" => match self.peek() {
                Some(number) if number.kind == Kind::Number && number.text.bytes().all(|b| b.is_ascii_digit()) => {
                    self.at += 1;
                    return Ok(());
                }
                _ => return Err(self.here(format!("{keyword} wants a whole number"), format!("write {keyword} 10"))),
            },
            "GROUP" | "ORDER" if !self.take_word("BY") => {
                return Err(match self.peek() {
                    Some(word) if word.kind == Kind::Word && word.text.len() <= 3 => misspelt(word, "BY"),
                    _ => self.here(format!("{keyword} wants BY after it"), format!("write {keyword} BY ?x")),
                });
            }
            _ => {}
        }
        let first = self.at;
        while let Some(token) = self.peek() {
            match token.kind {
                Kind::Variable => self.at += 1,
                Kind::Punctuation if token.text == "(" => self.expression()?,
                Kind::Punctuation if token.text == "," => {
                    let name = spelt_out(keyword);
                    return Err(Finding::new(
                        token.range(),
                        format!("{name} lists without commas"),
                        format!("take the comma out: {name} ?a ?b"),
                    ));
                }
                Kind::Word if self.opens_call() => self.at += 1,
                Kind::Word if token.is_word("ASC") || token.is_word("DESC") => {
                    let hint = format!("write {}(?x)", token.text.to_ascii_uppercase());
                    return Err(Finding::new(token.range(), "the order goes before the variable, in brackets", hint));
                }
                Kind::Iri | Kind::Prefixed => self.at += 1,
                _ => break,
            }
        }
        if self.at == first {
            return Err(self.here(format!("{} names nothing", spelt_out(keyword)), "name a variable"));
        }
        Ok(())
    }

    fn after_modifiers(&mut self, token: &Token<'_>) -> Scan {
        if token.is_word("VALUES") {
            self.at += 1;
            return self.values();
        }
        if token.is("}") {
            return Ok(());
        }
        if token.kind == Kind::Word {
            return Err(unknown_word(token, &["GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES", "UNION"]));
        }
        Ok(())
    }

    fn end(&self) -> Scan {
        match self.peek() {
            Some(token) if token.is("}") => {
                Err(Finding::new(token.range(), "nothing is open that this `}` could close", "take it out"))
            }
            Some(token) => Err(Finding::new(
                token.range(),
                format!("the query has ended before this `{}`", token.text),
                "put it inside of the last { … }",
            )),
            None => Ok(()),
        }
    }

    /// `{ … }`, standing on the opening brace.
    fn group(&mut self) -> Scan {
        let opening = self.at;
        self.at += 1;
        if self.sees_word("SELECT") {
            self.select()?;
            return self.close_group(opening);
        }
        let mut next = Next::Subject;
        let mut after_type = false;
        while let Some(token) = self.peek() {
            match (token.kind, token.text) {
                (Kind::Punctuation, "}") => {
                    self.whole_triple(next)?;
                    break;
                }
                (Kind::Punctuation, "{") => {
                    self.whole_triple(next)?;
                    self.group()?;
                    next = Next::Subject;
                }
                (Kind::Punctuation, "." | ";" | ",") => next = self.separator(token, next)?,
                (Kind::Word, word) if self.is_element(word) => {
                    self.whole_triple(next)?;
                    self.element(opening)?;
                    next = Next::Subject;
                }
                (Kind::Word, word) if !is_term_word(word, next) => {
                    return Err(self.word_in_group(token, next, after_type));
                }
                _ if next == Next::Separator => return Err(self.missing_full_stop()),
                _ => {
                    after_type = next == Next::Predicate && (token.text == "a" || token.text == "rdf:type");
                    next = self.term(next)?;
                }
            }
        }
        self.close_group(opening)
    }

    fn close_group(&mut self, opening: usize) -> Scan {
        if self.sees("}") {
            self.at += 1;
            return Ok(());
        }
        match self.peek() {
            Some(_) => self.end(),
            None => Err(self.never_closed(opening, "}", None)),
        }
    }

    fn separator(&mut self, token: &Token<'_>, next: Next) -> Result<Next, Finding> {
        let stray = |hint: &str| Err(Finding::new(token.range(), format!("stray `{}`", token.text), hint));
        let after_semicolon = self.previous().is_some_and(|before| before.is(";"));
        let following = match (token.text, next) {
            (".", Next::Subject) if self.previous().is_some_and(|before| before.is(".")) => {
                return stray("one full stop is enough");
            }
            (".", Next::Subject | Next::Separator) => Next::Subject,
            ("." | ";", Next::Predicate) if after_semicolon => {
                if token.text == "." {
                    Next::Subject
                } else {
                    Next::Predicate
                }
            }
            (";", Next::Separator) => Next::Predicate,
            (",", Next::Separator) => Next::Object,
            (",", _) => return stray("a comma only stands between objects of one predicate"),
            (";", Next::Subject) => return stray("`;` only follows a whole triple, to say more of its subject"),
            _ => {
                self.whole_triple(next)?;
                Next::Subject
            }
        };
        self.at += 1;
        Ok(following)
    }

    fn whole_triple(&self, next: Next) -> Scan {
        let after_semicolon = self.previous().is_some_and(|before| before.is(";"));
        let before = match self.previous() {
            Some(before) if next == Next::Object || (next == Next::Predicate && !after_semicolon) => before,
            _ => return Ok(()),
        };
        let lacks = if next == Next::Object { "object" } else { "predicate" };
        Err(Finding::new(
            before.range(),
            format!("after `{}` the {lacks} is missing", before.text),
            "a triple is subject, predicate, object: ?company gx:owns ?other",
        ))
    }

    fn missing_full_stop(&self) -> Finding {
        let (before, here) = (self.previous().unwrap_or(&self.tokens[0]), &self.tokens[self.at]);
        Finding::new(
            before.range(),
            format!("a `.` is missing after `{}`", before.text),
            format!("end the triple with `.` before `{}`", here.text),
        )
    }

    fn is_element(&self, word: &str) -> bool {
        words::is_one_of(word, words::IN_GROUP)
            || words::is_one_of(word, &["GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "SELECT", "WHERE"])
    }

    /// FILTER, OPTIONAL and the like, standing on the keyword.
    fn element(&mut self, opening: usize) -> Scan {
        let keyword = &self.tokens[self.at];
        let name = keyword.text.to_ascii_uppercase();
        self.at += 1;
        match name.as_str() {
            "FILTER" => self.filter(),
            "BIND" => match self.sees("(") {
                true => self.expression(),
                false => Err(self.after_keyword("BIND wants brackets", "write BIND(… AS ?x)")),
            },
            "VALUES" => self.values(),
            "GRAPH" | "SERVICE" => {
                self.take_word("SILENT");
                self.at += 1;
                self.block_of(&name)
            }
            "UNION" if !self.tokens[self.at - 2].is("}") => {
                Err(Finding::new(keyword.range(), "UNION stands between two blocks", "write { … } UNION { … }"))
            }
            "OPTIONAL" | "MINUS" | "UNION" | "LATERAL" => self.block_of(&name),
            "SELECT" => {
                Err(Finding::new(keyword.range(), "an inner SELECT needs braces of its own", "write { SELECT … }"))
            }
            "WHERE" => Err(Finding::new(keyword.range(), "WHERE stands once, before the first `{`", "take it out")),
            modifier => {
                let name = spelt_out(modifier);
                let count = |text| self.tokens.iter().filter(|token| token.is(text)).count();
                if count("{") > count("}") {
                    return Err(self.never_closed(opening, "}", Some(format!("add `}}` before {name}"))));
                }
                Err(Finding::new(
                    keyword.range(),
                    format!("{name} stands inside of a block"),
                    "move it behind the closing `}`",
                ))
            }
        }
    }

    fn block_of(&mut self, keyword: &str) -> Scan {
        match self.sees("{") {
            true => self.group(),
            false => {
                Err(self.after_keyword(format!("`{{` is missing after {keyword}"), format!("write {keyword} {{ … }}")))
            }
        }
    }

    fn filter(&mut self) -> Scan {
        let negated = self.take_word("NOT");
        if self.take_word("EXISTS") {
            return self.block_of("EXISTS");
        }
        if negated {
            return Err(self.after_keyword("FILTER NOT wants EXISTS", "write FILTER NOT EXISTS { … }, or FILTER(!…)"));
        }
        if let Some(token) = self.peek()
            && matches!(token.kind, Kind::Word | Kind::Prefixed | Kind::Iri)
            && self.tokens.get(self.at + 1).is_some_and(|after| after.is("("))
        {
            if token.kind == Kind::Word && !words::is_one_of(token.text, words::FUNCTIONS) {
                return Err(unknown_function(token));
            }
            self.at += 1;
        }
        match self.sees("(") {
            true => self.expression(),
            false => Err(self.after_keyword("FILTER wants a condition in brackets", "write FILTER(…)")),
        }
    }

    fn values(&mut self) -> Scan {
        let width = match self.peek() {
            Some(token) if token.kind == Kind::Variable => {
                self.at += 1;
                None
            }
            Some(token) if token.is("(") => Some(self.row()?),
            _ => return Err(self.after_keyword("VALUES names no variable", "write VALUES ?x { … }")),
        };
        if !self.sees("{") {
            return Err(self.after_keyword("`{` is missing after VALUES", "write VALUES ?x { … }"));
        }
        let Some(width) = width else { return self.skip_brackets() };
        let opening = self.at;
        self.at += 1;
        while self.sees("(") {
            let row = self.at;
            let found = self.row()?;
            if found != width {
                return Err(Finding::new(
                    self.tokens[row].start..self.tokens[self.at - 1].end(),
                    format!("a row of VALUES has {found} of {width} values"),
                    "write UNDEF where a value is to be left open",
                ));
            }
        }
        self.close_group(opening)
    }

    /// The number of terms in `( … )`, standing on the opening bracket.
    fn row(&mut self) -> Result<usize, Finding> {
        let opening = self.at;
        self.at += 1;
        let mut terms = 0;
        while !self.sees(")") {
            if self.peek().is_none_or(|token| token.is("}") || token.is("{")) {
                return Err(self.never_closed(opening, ")", None));
            }
            self.node()?;
            terms += 1;
        }
        self.at += 1;
        Ok(terms)
    }

    /// A bracketed expression, standing on the opening bracket.
    fn expression(&mut self) -> Scan {
        let opening = self.at;
        let mut depth = 0_usize;
        while let Some(token) = self.peek() {
            match (token.kind, token.text) {
                (Kind::Punctuation, "(") => depth += 1,
                (Kind::Punctuation, ")") => {
                    depth -= 1;
                    if depth == 0 {
                        self.at += 1;
                        return Ok(());
                    }
                }
                (Kind::Punctuation, "{") => {
                    self.group()?;
                    continue;
                }
                (Kind::Punctuation, "}") => break,
                (Kind::Punctuation, "=")
                    if self.previous().is_some_and(|before| before.is("=") && before.end() == token.start) =>
                {
                    return Err(Finding::new(
                        token.start - 1..token.end(),
                        "`==` is no operator of SPARQL",
                        "write `=`",
                    ));
                }
                (Kind::Iri, "<>") => {
                    return Err(Finding::new(token.range(), "`<>` is no operator of SPARQL", "write `!=`"));
                }
                (Kind::Word, _) => self.word_in_expression(token)?,
                _ => {}
            }
            self.at += 1;
        }
        Err(self.never_closed(opening, ")", None))
    }

    fn word_in_expression(&self, word: &Token<'_>) -> Scan {
        if self.opens_call() || words::is_one_of(word.text, words::OPERATORS) {
            return Ok(());
        }
        if let Some(hint) = words::translation(word.text) {
            return Err(Finding::new(word.range(), format!("`{}` is no word of SPARQL", word.text), hint));
        }
        if self.tokens.get(self.at + 1).is_some_and(|after| after.is("(")) {
            return Err(unknown_function(word));
        }
        if words::is_one_of(word.text, words::FUNCTIONS) {
            let name = word.text.to_ascii_uppercase();
            return Err(Finding::new(word.range(), format!("{name} wants brackets"), format!("write {name}(…)")));
        }
        Err(variable_without_mark(word))
    }

    /// Whether here stands a known function or ASC, DESC with its bracket.
    fn opens_call(&self) -> bool {
        let bracket = self.tokens.get(self.at + 1).is_some_and(|after| after.is("("));
        bracket
            && self.peek().is_some_and(|token| {
                words::is_one_of(token.text, words::FUNCTIONS) || words::is_one_of(token.text, &["ASC", "DESC", "NOT"])
            })
    }

    fn word_in_group(&self, word: &'a Token<'a>, next: Next, after_type: bool) -> Finding {
        let follows = self.tokens.get(self.at + 1);
        let fits = |keyword: &str| {
            is_shouted(word.text)
                || follows.is_some_and(|after| match keyword {
                    "FILTER" | "BIND" => after.is("("),
                    _ => after.is("{"),
                })
        };
        if matches!(next, Next::Subject | Next::Separator)
            && let Some(keyword) = words::nearest(word.text, words::IN_GROUP.iter().copied()).filter(|word| fits(word))
        {
            return misspelt(word, keyword);
        }
        if let Some(hint) = words::translation(word.text) {
            return Finding::new(word.range(), format!("`{}` is no word of SPARQL", word.text), hint);
        }
        match next {
            Next::Separator => self.missing_full_stop(),
            Next::Predicate => Finding::new(
                word.range(),
                format!("`{}` is no predicate: a name needs its prefix", word.text),
                format!("write gx:{}", word.text),
            ),
            Next::Object if after_type => Finding::new(
                word.range(),
                format!("`{}` is no class: a name needs its prefix", word.text),
                format!("write gx:{}", word.text),
            ),
            Next::Object => Finding::new(
                word.range(),
                format!("`{}` is neither variable nor text", word.text),
                format!("a variable is ?{0}, a text \"{0}\"", word.text),
            ),
            Next::Subject => variable_without_mark(word),
        }
    }

    /// One part of a triple.
    fn term(&mut self, next: Next) -> Result<Next, Finding> {
        let token = &self.tokens[self.at];
        match next {
            Next::Predicate => {
                self.path()?;
                Ok(Next::Object)
            }
            _ => {
                self.node()?;
                let alone = token.is("[") && next == Next::Subject && (self.sees(".") || self.sees("}"));
                Ok(if alone || next == Next::Object { Next::Separator } else { Next::Predicate })
            }
        }
    }

    /// A predicate or a property path.
    fn path(&mut self) -> Scan {
        loop {
            while self.sees("^") || self.sees("!") {
                self.at += 1;
            }
            let Some(token) = self.peek() else { return Ok(()) };
            match token.kind {
                Kind::Punctuation if token.text == "(" => self.skip_brackets()?,
                Kind::Iri | Kind::Prefixed | Kind::Variable | Kind::Word => self.at += 1,
                Kind::String | Kind::Number => {
                    return Err(Finding::new(
                        token.range(),
                        "a text or number cannot be a predicate",
                        "a triple is subject, predicate, object",
                    ));
                }
                _ => return Err(self.here(format!("`{}` is no predicate", token.text), "write for example gx:owns")),
            }
            while ["*", "+", "?"].iter().any(|mark| self.sees(mark)) {
                self.at += 1;
            }
            if !(self.sees("/") || self.sees("|")) {
                return Ok(());
            }
            self.at += 1;
        }
    }

    /// A subject or object.
    fn node(&mut self) -> Scan {
        let token = &self.tokens[self.at];
        match token.kind {
            Kind::Punctuation if token.text == "[" || token.text == "(" => self.skip_brackets(),
            Kind::Punctuation if matches!(token.text, "+" | "-") => {
                self.at += 2;
                Ok(())
            }
            Kind::Punctuation => Err(self.here(
                format!("`{}` was not expected here", token.text),
                "a triple is subject, predicate, object: ?company gx:owns ?other",
            )),
            Kind::String => {
                self.at += 1;
                if self.peek().is_some_and(|after| after.kind == Kind::Language) {
                    self.at += 1;
                } else if self.sees("^^") {
                    self.at += 2;
                }
                Ok(())
            }
            _ => {
                self.at += 1;
                Ok(())
            }
        }
    }

    /// Skips a bracket with everything up to its partner, standing on it.
    fn skip_brackets(&mut self) -> Scan {
        let opening = self.at;
        let mut open: Vec<&str> = Vec::new();
        while let Some(token) = self.peek() {
            if token.kind == Kind::Punctuation {
                match token.text {
                    "(" => open.push(")"),
                    "[" => open.push("]"),
                    "{" => open.push("}"),
                    ")" | "]" | "}" if open.pop() != Some(token.text) => break,
                    _ => {}
                }
            }
            self.at += 1;
            if open.is_empty() {
                return Ok(());
            }
        }
        let closing = match self.tokens[opening].text {
            "(" => ")",
            "[" => "]",
            _ => "}",
        };
        Err(self.never_closed(opening, closing, None))
    }

    fn never_closed(&self, opening: usize, closing: &str, hint: Option<String>) -> Finding {
        let token = &self.tokens[opening];
        let hint = hint.unwrap_or_else(|| format!("add `{closing}`"));
        Finding { echo: true, ..Finding::new(token.range(), format!("this `{}` is never closed", token.text), hint) }
    }

    fn here(&self, message: impl Into<String>, hint: impl Into<String>) -> Finding {
        match self.peek() {
            Some(token) => Finding::new(token.range(), message, hint),
            None => self.at_the_end(message, hint),
        }
    }

    fn after_keyword(&self, message: impl Into<String>, hint: impl Into<String>) -> Finding {
        self.previous().map_or(Finding::new(0..0, "", ""), |keyword| Finding::new(keyword.range(), message, hint))
    }

    fn at_the_end(&self, message: impl Into<String>, hint: impl Into<String>) -> Finding {
        let range = self.tokens.last().map_or(0..0, Token::range);
        Finding::new(range, message, hint)
    }
}

/// Whether a bare word may stand for this part of a triple.
fn is_term_word(word: &str, next: Next) -> bool {
    match next {
        Next::Predicate => word == "a",
        Next::Object | Next::Separator => word.eq_ignore_ascii_case("true") || word.eq_ignore_ascii_case("false"),
        Next::Subject => false,
    }
}

/// In capitals, as people write keywords.
fn is_shouted(word: &str) -> bool {
    word.chars().all(char::is_uppercase)
}

fn spelt_out(modifier: &str) -> String {
    match modifier {
        "GROUP" | "ORDER" => format!("{modifier} BY"),
        other => other.to_owned(),
    }
}

fn misspelt(word: &Token<'_>, keyword: &str) -> Finding {
    Finding::new(word.range(), format!("unknown word `{}`", word.text), format!("did you mean {keyword}?"))
}

fn unknown_word(word: &Token<'_>, keywords: &[&str]) -> Finding {
    match (words::nearest(word.text, keywords.iter().copied()), words::translation(word.text)) {
        (Some(keyword), _) => misspelt(word, keyword),
        (None, Some(hint)) => Finding::new(word.range(), format!("`{}` is no word of SPARQL", word.text), hint),
        (None, None) => Finding::new(
            word.range(),
            format!("unknown word `{}`", word.text),
            "a query reads SELECT … WHERE { … } ORDER BY … LIMIT …",
        ),
    }
}

fn unknown_function(word: &Token<'_>) -> Finding {
    match words::nearest(word.text, words::FUNCTIONS.iter().copied()) {
        Some(function) => {
            Finding::new(word.range(), format!("unknown function `{}`", word.text), format!("did you mean {function}?"))
        }
        None => Finding { hint: None, ..Finding::new(word.range(), format!("unknown function `{}`", word.text), "") },
    }
}

fn variable_without_mark(word: &Token<'_>) -> Finding {
    Finding::new(
        word.range(),
        format!("`{}` is no word of SPARQL", word.text),
        format!("a variable begins with `?`: ?{}", word.text),
    )
}
