//! Queries with a name: a `.rq` file whose header says what it asks, what it needs and what it answers.
//!
//! ```sparql
//! # title: Who invested in a company
//! # group: Money
//! # parameter: company — entity — the company
//! # parameter: language — text — whose names come first, en or zh — default en
//! # columns: investor, investorName
//! # example: guanxi query --name who-invested-in --param company=Xiaohongshu
//! SELECT ?investor ?investorName WHERE { … }
//! ```
//! A parameter is a variable of the query. Values are put into the parsed query, never into its text. A parameter
//! without a default must be given.

use std::collections::BTreeMap;
use std::fmt;

use guanxi_graph::Vocabulary;
use guanxi_model::{Decimal, EntityId, PartialDate};
use oxigraph::model::{Literal, NamedNodeRef, Term};

use crate::sparql::{Query, QueryError};

/// A query file, read and checked.
#[derive(Clone, Debug)]
pub struct NamedQuery {
    /// The file's name without `.rq`.
    pub name: String,
    /// What it asks, in a line.
    pub title: String,
    /// What it is about: queries of one group stand together in a list.
    pub group: String,
    /// What it must be told, in the order of the file.
    pub parameters: Vec<Parameter>,
    /// The columns of its answer.
    pub columns: Vec<String>,
    /// A call of the command line that answers something.
    pub example: String,
    /// The whole file.
    pub text: String,
}

/// What a query must be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its variable, without `?`.
    pub name: String,
    /// What kind of value it takes.
    pub kind: ParameterKind,
    /// What it means.
    pub description: String,
    /// What it is if nobody says.
    pub default: Option<ParameterValue>,
}

/// What kind of value a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ParameterKind {
    /// An entity: by name for people, by id here; see [`crate::NameIndex`].
    Entity,
    /// Words.
    Text,
    /// A year, month or day.
    Date,
    /// A decimal number.
    Number,
}

/// The value of a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParameterValue {
    /// An entity.
    Entity(EntityId),
    /// Words.
    Text(String),
    /// A date at its precision: xsd:gYear, xsd:gYearMonth or xsd:date.
    Date(PartialDate),
    /// A number.
    Number(Decimal),
}

/// As `--param` takes it.
impl fmt::Display for ParameterValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Entity(id) => id.fmt(f),
            Self::Text(text) => text.fmt(f),
            Self::Date(date) => date.fmt(f),
            Self::Number(number) => number.fmt(f),
        }
    }
}

/// A query file is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {message}")]
pub struct NamedQueryError {
    /// The file.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// What is wrong, and what to write instead.
    pub message: String,
}

/// A query cannot be called so.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CallError {
    /// A parameter has no value.
    #[error("the parameter `{}` is missing: {}, as in {example}", .parameter.name, .parameter.description)]
    Missing {
        /// The parameter.
        parameter: Parameter,
        /// A call that has it.
        example: String,
    },
    /// A value is given for something that is no parameter.
    #[error("there is no parameter `{name}`; the parameters are: {known}")]
    Unknown {
        /// The name.
        name: String,
        /// Those that exist.
        known: String,
    },
    /// A value is of another kind than the parameter.
    #[error("the parameter `{name}` wants {wanted}")]
    Kind {
        /// The parameter.
        name: String,
        /// What it wants.
        wanted: ParameterKind,
    },
    /// The query does not take the value.
    #[error(transparent)]
    Query(#[from] QueryError),
}

impl NamedQuery {
    /// Reads the file `file` (`who-invested-in.rq`) and checks that its query parses, that its columns are those of
    /// the header, and that each parameter can be bound.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn parse(file: &str, text: &str) -> Result<Self, NamedQueryError> {
        let failed = |line: u32, message: String| NamedQueryError { file: file.to_owned(), line, message };
        let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
        let header = Header::read(text).map_err(|(line, message)| failed(line, message))?;
        let query = Self {
            name: name.strip_suffix(".rq").unwrap_or(name).to_owned(),
            title: header.title.ok_or_else(|| failed(1, "the header has no `# title: …`".into()))?,
            group: header.group.unwrap_or_default(),
            parameters: header.parameters,
            columns: header.columns.ok_or_else(|| failed(1, "the header has no `# columns: a, b`".into()))?,
            example: header.example.ok_or_else(|| failed(1, "the header has no `# example: guanxi query …`".into()))?,
            text: text.to_owned(),
        };
        query.check().map_err(|(line, message)| failed(line, message))?;
        Ok(query)
    }

    /// The query with the values of its parameters put in.
    ///
    /// # Errors
    /// A value is missing, unknown, or of another kind.
    pub fn bind(&self, values: &BTreeMap<String, ParameterValue>, vocabulary: &Vocabulary) -> Result<Query, CallError> {
        if let Some(name) = values.keys().find(|name| self.parameters.iter().all(|known| known.name != **name)) {
            let known: Vec<&str> = self.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
            let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            return Err(CallError::Unknown { name: name.clone(), known });
        }
        let mut query = Query::parse(&self.text, vocabulary)?;
        for parameter in &self.parameters {
            let value = values.get(&parameter.name).or(parameter.default.as_ref());
            let value = value.ok_or_else(|| self.missing(parameter))?;
            if value.kind() != parameter.kind {
                return Err(CallError::Kind { name: parameter.name.clone(), wanted: parameter.kind });
            }
            query = query.bind(&parameter.name, value.term(vocabulary))?;
        }
        Ok(query)
    }

    fn missing(&self, parameter: &Parameter) -> CallError {
        CallError::Missing { parameter: parameter.clone(), example: self.example.clone() }
    }

    fn check(&self) -> Result<(), (u32, String)> {
        let vocabulary = Vocabulary::default();
        let query = Query::parse(&self.text, &vocabulary).map_err(|error| {
            let line = error.place().map_or(1, |(range, _)| 1 + self.text[..range.start].matches('\n').count() as u32);
            (line, error.to_string())
        })?;
        if query.columns() != self.columns {
            let message =
                format!("the query answers the columns {}, not those of the header", query.columns().join(", "));
            return Err((1, message));
        }
        for parameter in &self.parameters {
            let sample = ParameterValue::sample(parameter.kind).term(&vocabulary);
            query.clone().bind(&parameter.name, sample).map_err(|error| (1, error.to_string()))?;
        }
        Ok(())
    }
}

impl ParameterKind {
    const ALL: [Self; 4] = [Self::Entity, Self::Text, Self::Date, Self::Number];

    /// `entity`, `text`, `date`, `number`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Entity => "entity",
            Self::Text => "text",
            Self::Date => "date",
            Self::Number => "number",
        }
    }

    /// The value that `text` spells; `None` if it spells none. An entity is taken to be given by its id.
    pub fn read(self, text: &str) -> Option<ParameterValue> {
        match self {
            Self::Entity => Some(ParameterValue::Entity(EntityId::new(text))),
            Self::Text => Some(ParameterValue::Text(text.to_owned())),
            Self::Date => text.parse().ok().map(ParameterValue::Date),
            Self::Number => text.parse().ok().map(ParameterValue::Number),
        }
    }
}

/// `an entity`, `a date (2025, 2025-03 or 2025-03-04)`
impl fmt::Display for ParameterKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Entity => "an entity",
            Self::Text => "a text",
            Self::Date => "a date (2025, 2025-03 or 2025-03-04)",
            Self::Number => "a number",
        })
    }
}

impl ParameterValue {
    /// Its kind.
    pub fn kind(&self) -> ParameterKind {
        match self {
            Self::Entity(_) => ParameterKind::Entity,
            Self::Text(_) => ParameterKind::Text,
            Self::Date(_) => ParameterKind::Date,
            Self::Number(_) => ParameterKind::Number,
        }
    }

    fn term(&self, vocabulary: &Vocabulary) -> Term {
        let typed = |value: String, datatype: &str| {
            let datatype = format!("http://www.w3.org/2001/XMLSchema#{datatype}");
            Literal::new_typed_literal(value, NamedNodeRef::new_unchecked(&datatype)).into()
        };
        match self {
            Self::Entity(id) => vocabulary.entity(id).into(),
            Self::Text(text) => Literal::new_simple_literal(text.as_str()).into(),
            Self::Date(date) => match (date.month_number(), date.day_number()) {
                (None, _) => typed(date.to_string(), "gYear"),
                (Some(_), None) => typed(date.to_string(), "gYearMonth"),
                (Some(_), Some(_)) => typed(date.to_string(), "date"),
            },
            Self::Number(number) => typed(number.to_string(), "decimal"),
        }
    }

    fn sample(kind: ParameterKind) -> Self {
        match kind {
            ParameterKind::Entity => Self::Entity(EntityId::new("sample")),
            ParameterKind::Text => Self::Text("sample".to_owned()),
            ParameterKind::Date => Self::Date(PartialDate::year(2000)),
            ParameterKind::Number => Self::Number(Decimal::ONE),
        }
    }
}

#[derive(Default)]
struct Header {
    title: Option<String>,
    group: Option<String>,
    parameters: Vec<Parameter>,
    columns: Option<Vec<String>>,
    example: Option<String>,
}

impl Header {
    /// The comment lines at the top of the file.
    fn read(text: &str) -> Result<Self, (u32, String)> {
        const FIELDS: &str = "title, group, parameter, columns, example";
        let mut header = Self::default();
        for (line, comment) in (1..).zip(text.lines().map_while(|line| line.strip_prefix('#'))) {
            let Some((field, value)) = comment.split_once(':') else {
                continue;
            };
            let value = value.trim();
            match field.trim() {
                "title" => header.title = Some(value.to_owned()),
                "group" => header.group = Some(value.to_owned()),
                "example" => header.example = Some(value.to_owned()),
                "columns" => header.columns = Some(value.split(',').map(|name| name.trim().to_owned()).collect()),
                "parameter" => header.parameters.push(parameter(value).map_err(|message| (line, message))?),
                other if other.contains(' ') => {}
                other => return Err((line, format!("the header has no field `{other}`; its fields are {FIELDS}"))),
            }
        }
        Ok(header)
    }
}

/// `company — entity — the company`, or with ` — default VALUE` behind it; a hyphen between spaces does as well.
fn parameter(text: &str) -> Result<Parameter, String> {
    let parts: Vec<&str> = text.splitn(4, if text.contains(" — ") { " — " } else { " - " }).map(str::trim).collect();
    let (name, kind, description, default) = match parts[..] {
        [name, kind, description] => (name, kind, description, None),
        [name, kind, description, last] if last.starts_with("default ") => {
            (name, kind, description, last.strip_prefix("default "))
        }
        _ => {
            return Err(
                "write `# parameter: name — kind — what it means`, with ` — default VALUE` if it has one".into()
            );
        }
    };
    let kind = ParameterKind::ALL
        .into_iter()
        .find(|known| known.name() == kind)
        .ok_or_else(|| format!("`{kind}` is no kind of parameter: write entity, text, date or number"))?;
    let read = |text: &str| kind.read(text).ok_or_else(|| format!("the default `{text}` is not {kind}"));
    let default = default.map(read).transpose()?;
    let name = name.trim_start_matches('?').to_owned();
    Ok(Parameter { name, kind, description: description.to_owned(), default })
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use super::*;
    use crate::testing::{Graph, graph};
    use crate::{Content, Limits, plain_text};

    fn queries() -> Vec<NamedQuery> {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../queries");
        let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        let read = |path: &PathBuf| {
            let text = fs::read_to_string(path).unwrap();
            NamedQuery::parse(path.to_str().unwrap(), &text).unwrap_or_else(|error| panic!("{error}"))
        };
        files.iter().map(read).collect()
    }

    fn call(graph: &Graph, name: &str, values: &[(&str, &str)]) -> Vec<String> {
        let queries = queries();
        let query = queries.iter().find(|query| query.name == name).unwrap();
        let values = values
            .iter()
            .map(|(name, value)| ((*name).to_owned(), ParameterValue::Entity(EntityId::new(*value))))
            .collect();
        let vocabulary = graph.generation.vocabulary();
        let answer = query.bind(&values, vocabulary).unwrap().run(&graph.generation, &Limits::default()).unwrap();
        let Content::Rows { rows, .. } = answer.content else { panic!() };
        let cell = |cell: &Option<Term>| cell.as_ref().map_or_else(String::new, |term| plain_text(term, vocabulary));
        rows.iter().map(|row| row.iter().map(cell).collect::<Vec<_>>().join(" | ")).collect()
    }

    #[test]
    fn every_query_of_the_project_answers_an_empty_store() {
        let graph = graph("");
        for query in queries() {
            let values = query
                .parameters
                .iter()
                .map(|parameter| (parameter.name.clone(), ParameterValue::sample(parameter.kind)))
                .collect();
            let bound = query.bind(&values, graph.generation.vocabulary()).unwrap();
            let answer = bound.run(&graph.generation, &Limits::default()).unwrap();
            assert!(answer.is_empty(), "{}", query.name);
            assert_eq!(bound.warnings(&graph.schema, &graph.generation), [], "{}", query.name);
            assert!(query.example.contains(&query.name), "{}", query.name);
        }
    }

    #[test]
    fn the_queries_of_the_project_answer() {
        let graph = graph(
            "document paper 2025-03-04 Caixin
             Company:tencent investsIn Company:red amount=100 currency=USD round=B
             Company:ali investsIn Company:red status=reported
             Company:red hasValuation USD:17000000000
             Company:ant owns Company:red percent=20
             Company:red subsidiaryOf Company:holding
             Regulator:pboc regulates Activity:retail
             Company:red operatesIn Activity:retail
             Regulator:pboc issued Regulation:rule
             Regulation:rule governs Activity:retail
             name tencent en legal Tencent
             name tencent zh-Hans legal 腾讯控股",
        );
        let red = &[("company", "red")];
        assert_eq!(call(&graph, "who-invested-in", red), ["Tencent | 100 | USD | B |  | 0.9 | 1 | id:tencent"]);
        assert_eq!(
            call(&graph, "owners-of", red),
            ["ant | gx:owns | 20 |  | 0.9 | 1 | id:ant", "holding | gx:subsidiaryOf |  |  | 0.9 | 1 | id:holding"]
        );
        assert_eq!(
            call(&graph, "valuations-of", red),
            [
                "17000000000 | USD |  |  | gx:asserted | 0.9 | Company:red hasValuation USD:17000000000 | paper | 2025-03-04"
            ]
        );
        assert_eq!(
            call(&graph, "what-regulator-reaches", &[("regulator", "pboc")]),
            [
                "gx:reaches | red | gx:Company | gx:derived | 0.9 | id:red",
                "gx:regulates | retail | gx:Activity | gx:text | 0.9 | id:retail",
                "gx:supervises | retail | gx:Activity | gx:derived | 0.9 | id:retail",
            ]
        );
        for subject in ["red", "retail"] {
            assert_eq!(
                call(&graph, "regulations-governing", &[("subject", subject)]),
                [" | rule | not known |  |  |  | retail | pboc |  | id:rule"]
            );
        }
        assert_eq!(
            call(&graph, "planned-or-rumoured", &[]),
            [
                "gx:reported | ali | gx:investsIn | red | 0.9 | Company:ali investsIn Company:red status=reported | paper | 2025-03-04"
            ]
        );
    }

    #[test]
    fn what_has_only_a_chinese_name_is_called_by_it() {
        let graph = graph(
            "Company:云杉支付 investsIn Company:red
             Company:云杉支付 owns Company:red percent=20
             Company:red hasValuation USD:17000000000 status=reported
             Company:海棠银行 acquired Company:云杉支付 status=planned
             Regulator:金管局 issued Regulation:支付办法
             Regulator:金管局 regulates Company:云杉支付
             Regulation:支付办法 governs Company:云杉支付",
        );
        for (name, values, column, expected) in [
            ("who-invested-in", &[("company", "red")][..], 0, "云杉支付"),
            ("owners-of", &[("company", "red")], 0, "云杉支付"),
            ("what-regulator-reaches", &[("regulator", "金管局")], 1, "云杉支付"),
            ("regulations-governing", &[("subject", "云杉支付")], 1, "支付办法"),
            ("regulations-governing", &[("subject", "云杉支付")], 7, "金管局"),
            ("planned-or-rumoured", &[], 1, "海棠银行"),
            ("planned-or-rumoured", &[], 3, "云杉支付"),
        ] {
            let rows = call(&graph, name, values);
            assert_eq!(rows[0].split(" | ").nth(column), Some(expected), "{name}: {rows:?}");
        }
        // A figure is no entity: it is told as it stands in the claim.
        assert!(
            call(&graph, "planned-or-rumoured", &[])[1]
                .starts_with("gx:reported | red | gx:hasValuation | 17000000000")
        );
    }

    const HEADER: &str = "# title: t\n# parameter: x — entity — it\n# columns: y\n# example: guanxi query --name q\n";

    #[test]
    fn a_wrong_file_is_refused_with_its_line() {
        for (text, expected) in [
            ("# title: t\nSELECT", "q.rq:1: the header has no `# columns"),
            ("# titel: t\n", "q.rq:1: the header has no field `titel`"),
            ("# title: t\n# parameter: x — company — it\n", "q.rq:2: `company` is no kind of parameter"),
            ("# title: t\n# parameter: x\n", "q.rq:2: write `# parameter:"),
            ("# parameter: x — date — it — default soon\n", "q.rq:1: the default `soon` is not a date"),
            (&format!("{HEADER}SELECT ?x {{ ?y a ?x }}"), "q.rq:1: the query answers the columns x"),
            (&format!("{HEADER}SELECT ?y {{\n ?y aa ?x }}"), "q.rq:6: line 6, column 5"),
            (&format!("{HEADER}SELECT ?y {{ ?y a ?z }}"), "q.rq:1: ?x does not occur"),
        ] {
            let error = NamedQuery::parse("queries/q.rq", text).unwrap_err().to_string();
            assert!(error.strip_prefix("queries/").is_some_and(|error| error.starts_with(expected)), "{error}");
        }
    }

    #[test]
    fn a_call_is_checked() {
        let query = NamedQuery::parse("q.rq", &format!("{HEADER}SELECT ?y {{ ?y a ?x }}")).unwrap();
        let call = |values: &[(&str, ParameterValue)]| {
            let values = values.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
            query.bind(&values, &Vocabulary::default()).map(drop).map_err(|error| error.to_string())
        };
        let entity = ParameterValue::Entity(EntityId::new("a"));
        assert!(call(&[("x", entity.clone())]).is_ok());
        assert_eq!(call(&[]).unwrap_err(), "the parameter `x` is missing: it, as in guanxi query --name q");
        assert_eq!(call(&[("z", entity)]).unwrap_err(), "there is no parameter `z`; the parameters are: x");
        assert_eq!(call(&[("x", ParameterValue::Text("a".into()))]).unwrap_err(), "the parameter `x` wants an entity");
        assert_eq!(ParameterKind::Date.read("2025-03"), Some(ParameterValue::Date("2025-03".parse().unwrap())));
        assert_eq!(ParameterKind::Number.read("many"), None);
    }
}
