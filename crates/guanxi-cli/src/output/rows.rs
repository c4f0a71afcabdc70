//! Rows of text as a table for people or in a format for programs.

use std::io::{self, IsTerminal, Write};

use clap::ValueEnum;
use clap::builder::PossibleValue;
use comfy_table::{CellAlignment, ContentArrangement, LineStyle, Table, TableStyle};
use serde::{Deserialize, Serialize, Serializer};

use crate::output::harmless;

/// A format of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// For people: aligned columns
    Table,
    /// Comma-separated values
    Csv,
    /// Tab-separated values
    Tsv,
    /// One JSON document
    Json,
    /// One XML document
    Xml,
    /// A Markdown table
    Md,
    /// One JSON object a line
    Ndjson,
}

impl Format {
    /// A table on a terminal and tab-separated values in a pipe.
    pub fn by_default() -> Self {
        if io::stdout().is_terminal() { Self::Table } else { Self::Tsv }
    }
}

/// A format of rows, or a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowsOrDot {
    Rows(Format),
    Dot,
}

impl From<Format> for RowsOrDot {
    fn from(format: Format) -> Self {
        Self::Rows(format)
    }
}

impl ValueEnum for RowsOrDot {
    fn value_variants<'a>() -> &'a [Self] {
        use Format::{Csv, Json, Md, Ndjson, Table, Tsv, Xml};
        const ALL: [RowsOrDot; 8] = [
            RowsOrDot::Rows(Table),
            RowsOrDot::Rows(Csv),
            RowsOrDot::Rows(Tsv),
            RowsOrDot::Rows(Json),
            RowsOrDot::Rows(Xml),
            RowsOrDot::Rows(Md),
            RowsOrDot::Rows(Ndjson),
            RowsOrDot::Dot,
        ];
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        match self {
            Self::Rows(format) => format.to_possible_value(),
            Self::Dot => Some(PossibleValue::new("dot").help("A picture for Graphviz")),
        }
    }
}

/// A line below the header and no other.
const STYLE: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

/// Columns and rows of plain text.
#[derive(Debug, Default)]
pub struct Rows {
    pub columns: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

impl Rows {
    pub fn new(columns: &[&str]) -> Self {
        Self { columns: columns.iter().map(ToString::to_string).collect(), rows: Vec::new() }
    }

    pub fn push<const N: usize>(&mut self, row: [String; N]) {
        self.rows.push(row.into());
    }

    /// Writes the rows; XML has no common form for plain rows and is written like JSON's objects.
    pub fn write(&self, format: Format, out: &mut dyn Write) -> io::Result<()> {
        match format {
            Format::Table => self.write_table(out),
            Format::Md => self.write_markdown(out),
            Format::Csv => self.write_lines(out, ",", csv_field),
            Format::Tsv => self.write_lines(out, "\t", tsv_field),
            Format::Json => {
                let records: Vec<_> = self.records().collect();
                serde_json::to_writer_pretty(&mut *out, &records)?;
                writeln!(out)
            }
            Format::Ndjson => self.records().try_for_each(|record| {
                serde_json::to_writer(&mut *out, &record)?;
                writeln!(out)
            }),
            Format::Xml => self.write_xml(out),
        }
    }

    /// A table as wide as the terminal; as wide as it needs where there is none.
    fn write_table(&self, out: &mut dyn Write) -> io::Result<()> {
        let terminal = io::stdout().is_terminal().then(terminal_size::terminal_size).flatten();
        self.write_table_of(terminal.map(|(terminal_size::Width(width), _)| width), out)
    }

    fn write_table_of(&self, width: Option<u16>, out: &mut dyn Write) -> io::Result<()> {
        if self.columns.is_empty() {
            return Ok(());
        }
        let mut table = Table::new();
        table.load_style(STYLE);
        if let Some(width) = width {
            table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
        }
        table.set_header(&self.columns);
        for row in &self.rows {
            table.add_row(row.iter().map(|field| one_line(field)));
        }
        for (position, column) in table.column_iter_mut().enumerate() {
            if self.is_numeric(position) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        writeln!(out, "{}", table.trim_fmt())
    }

    fn is_numeric(&self, column: usize) -> bool {
        let mut fields = self.rows.iter().map(|row| row[column].as_str()).filter(|field| !field.is_empty()).peekable();
        fields.peek().is_some() && fields.all(|field| field.parse::<f64>().is_ok())
    }

    fn write_markdown(&self, out: &mut dyn Write) -> io::Result<()> {
        let cells =
            |fields: &[String]| fields.iter().map(|field| one_line(field).replace('|', "\\|")).collect::<Vec<_>>();
        writeln!(out, "| {} |", cells(&self.columns).join(" | "))?;
        writeln!(out, "|{}", " --- |".repeat(self.columns.len()))?;
        self.rows.iter().try_for_each(|row| writeln!(out, "| {} |", cells(row).join(" | ")))
    }

    fn write_lines(&self, out: &mut dyn Write, comma: &str, field: fn(&str) -> String) -> io::Result<()> {
        for row in std::iter::once(&self.columns).chain(&self.rows) {
            let fields: Vec<_> = row.iter().map(|text| field(text)).collect();
            writeln!(out, "{}", fields.join(comma))?;
        }
        Ok(())
    }

    fn write_xml(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rows>")?;
        for row in &self.rows {
            write!(out, "  <row>")?;
            for (column, field) in self.columns.iter().zip(row) {
                write!(out, "<field name=\"{}\">{}</field>", xml_text(column), xml_text(field))?;
            }
            writeln!(out, "</row>")?;
        }
        writeln!(out, "</rows>")
    }

    fn records(&self) -> impl Iterator<Item = Record<'_>> {
        self.rows.iter().map(|row| {
            Record(self.columns.iter().zip(row).map(|(column, field)| (column.as_str(), field.as_str())).collect())
        })
    }
}

/// A JSON object whose keys keep their order.
pub struct Record<'a>(pub Vec<(&'a str, &'a str)>);

impl Serialize for Record<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().copied())
    }
}

fn one_line(field: &str) -> String {
    harmless(&field.split_whitespace().collect::<Vec<_>>().join(" ")).into_owned()
}

fn csv_field(field: &str) -> String {
    if field.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

fn tsv_field(field: &str) -> String {
    field.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n").replace('\r', "\\r")
}

fn xml_text(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(format: Format) -> String {
        let mut rows = Rows::new(&["name", "note"]);
        rows.push(["小红书".to_owned(), "a \"b\", c".to_owned()]);
        rows.push(["A|B <&>".to_owned(), "two\nlines\t".to_owned()]);
        let mut out = Vec::new();
        rows.write(format, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn each_format_keeps_its_own_marks_apart_from_the_text() {
        assert_eq!(written(Format::Csv), "name,note\n小红书,\"a \"\"b\"\", c\"\nA|B <&>,\"two\nlines\t\"\n");
        assert_eq!(written(Format::Tsv), "name\tnote\n小红书\ta \"b\", c\nA|B <&>\ttwo\\nlines\\t\n");
        assert_eq!(
            written(Format::Md),
            "| name | note |\n| --- | --- |\n| 小红书 | a \"b\", c |\n| A\\|B <&> | two lines |\n"
        );
        assert!(written(Format::Xml).contains("<field name=\"name\">A|B &lt;&amp;&gt;</field>"));
        assert_eq!(written(Format::Ndjson).lines().count(), 2);
    }

    #[test]
    fn chinese_columns_are_aligned() {
        let table = written(Format::Table);
        let column = |line: &str, word: &str| {
            let before = &line[..line.find(word).unwrap_or_else(|| panic!("{word} in {line}"))];
            unicode_width::UnicodeWidthStr::width(before)
        };
        let lines: Vec<_> = table.lines().collect();
        let header = lines.iter().position(|line| line.contains("note")).unwrap();
        let chinese = lines.iter().position(|line| line.contains("小红书")).unwrap();
        assert_eq!(column(lines[header], "note"), column(lines[chinese], "a \"b\""), "{table}");
    }

    #[test]
    fn a_table_keeps_to_the_terminal_and_every_line_is_as_wide_as_it_looks() {
        let mut rows = Rows::new(&["name", "quote", "confidence"]);
        for (name, quote) in [
            (
                "北京红杉聚信股权投资中心（有限合伙）",
                "红杉中国、腾讯投资与天图资本共同参与了小红书的本轮融资，投后估值约一百七十亿美元",
            ),
            ("Kitahama Trust & Banking", "The bank said on Tuesday that it had not been approached and knew of no bid"),
        ] {
            rows.push([name.to_owned(), quote.to_owned(), "0.925".to_owned()]);
        }
        for width in [80, 60, 120] {
            let mut out = Vec::new();
            rows.write_table_of(Some(width), &mut out).unwrap();
            let table = String::from_utf8(out).unwrap();
            let widest = table.lines().map(unicode_width::UnicodeWidthStr::width).max().unwrap();
            assert!(widest <= usize::from(width), "{widest} > {width}\n{table}");
            let begins: Vec<_> = table
                .lines()
                .filter_map(|line| Some(unicode_width::UnicodeWidthStr::width(&line[..line.find("0.925")?])))
                .collect();
            assert!(begins.len() == 2 && begins[0] == begins[1], "{begins:?}\n{table}");
        }
    }

    #[test]
    fn a_name_cannot_steer_the_terminal() {
        let mut rows = Rows::new(&["name"]);
        rows.push(["\u{1b}[2Jgone\u{202e}".to_owned()]);
        for format in [Format::Table, Format::Md] {
            let mut out = Vec::new();
            rows.write(format, &mut out).unwrap();
            let text = String::from_utf8(out).unwrap();
            assert!(text.contains("<U+001B>[2Jgone<U+202E>"), "{text}");
        }
    }

    #[test]
    fn records_keep_the_order_of_the_columns() {
        let mut rows = Rows::new(&["z", "a"]);
        rows.push(["1".to_owned(), "2".to_owned()]);
        let mut out = Vec::new();
        rows.write(Format::Ndjson, &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "{\"z\":\"1\",\"a\":\"2\"}\n");
    }
}
