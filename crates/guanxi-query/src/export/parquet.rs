//! Two tables in Parquet, for data frames and databases. Lists are lists, figures are doubles.

use std::io::Write;
use std::sync::Arc;

use guanxi_model::Decimal;
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DoubleType, Int32Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;

use super::record::{Cell, Column, Kind, edge_columns, node_columns};
use super::source::Source;
use super::{ExportError, Open, Written};

/// Rows that are held in memory before they are written.
const ROWS: usize = 1 << 14;

pub(super) fn write(source: &Source<'_>, open: &mut Open<'_>) -> Result<Written, ExportError> {
    let id = |text: &str| Some(Cell::Text(text.to_owned()));
    let nodes = source.nodes().map(|node| [vec![id(&node.id)], node.cells].concat());
    let nodes = table(open("nodes.parquet")?, "node", &[ids(&["id"]), node_columns()].concat(), nodes);
    let edges = source.edges().map(|edge| {
        let ids = [&edge.id, &edge.source, &edge.target, &edge.predicate].map(|text| id(text));
        [ids.to_vec(), edge.cells].concat()
    });
    let columns = [ids(&["id", "source", "target", "predicate"]), edge_columns()].concat();
    let edges = table(open("edges.parquet")?, "edge", &columns, edges);
    Ok(Written { nodes: nodes.map_err(failure)?, edges: edges.map_err(failure)?, left_out: 0 })
}

fn failure(error: ParquetError) -> ExportError {
    ExportError::Io(std::io::Error::other(error))
}

fn ids(names: &[&'static str]) -> Vec<Column> {
    names.iter().map(|&name| Column { name, kind: Kind::Text }).collect()
}

type Row = Vec<Option<Cell>>;

fn table(
    out: Box<dyn Write + Send>,
    name: &str,
    columns: &[Column],
    mut rows: impl Iterator<Item = Row>,
) -> Result<u64, ParquetError> {
    let schema = Arc::new(parse_message_type(&message(name, columns))?);
    let properties = Arc::new(WriterProperties::builder().set_created_by("guanxi".to_owned()).build());
    let mut writer = SerializedFileWriter::new(out, schema, properties)?;
    let mut written = 0;
    loop {
        let batch: Vec<Row> = rows.by_ref().take(ROWS).collect();
        if batch.is_empty() {
            break;
        }
        written += batch.len() as u64;
        let mut group = writer.next_row_group()?;
        for (at, column) in columns.iter().enumerate() {
            write_column(&mut group, *column, batch.iter().map(|row| row[at].as_ref()))?;
        }
        group.close()?;
    }
    writer.finish()?;
    writer.inner_mut().flush()?;
    Ok(written)
}

fn message(name: &str, columns: &[Column]) -> String {
    let field = |Column { name, kind }: &Column| match kind {
        Kind::Text => format!("optional binary {name} (STRING);"),
        Kind::Decimal => format!("optional double {name};"),
        Kind::Integer => format!("optional int32 {name};"),
        Kind::Flag => format!("optional boolean {name};"),
        Kind::Texts => {
            format!("optional group {name} (LIST) {{ repeated group list {{ required binary element (STRING); }} }}")
        }
    };
    format!("message {name} {{ {} }}", columns.iter().map(field).collect::<Vec<_>>().join(" "))
}

fn write_column<'a, W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    column: Column,
    cells: impl Iterator<Item = Option<&'a Cell>>,
) -> Result<(), ParquetError> {
    let Some(mut writer) = group.next_column()? else {
        return Err(ParquetError::General(format!("no column {}", column.name)));
    };
    let cells: Vec<Option<&Cell>> = cells.collect();
    let present: Vec<i16> = cells.iter().map(|cell| i16::from(cell.is_some())).collect();
    let found = || cells.iter().copied().flatten();
    match column.kind {
        Kind::Text => {
            let values: Vec<ByteArray> = found().map(|cell| cell.plain().into_bytes().into()).collect();
            writer.typed::<ByteArrayType>().write_batch(&values, Some(&present), None)?;
        }
        Kind::Decimal => {
            let values: Vec<f64> = found().map(double).collect();
            writer.typed::<DoubleType>().write_batch(&values, Some(&present), None)?;
        }
        Kind::Integer => {
            let number = |cell: &Cell| if let Cell::Integer(number) = cell { *number as i32 } else { 0 };
            let values: Vec<i32> = found().map(number).collect();
            writer.typed::<Int32Type>().write_batch(&values, Some(&present), None)?;
        }
        Kind::Flag => {
            let values: Vec<bool> = found().map(|cell| *cell == Cell::Flag(true)).collect();
            writer.typed::<BoolType>().write_batch(&values, Some(&present), None)?;
        }
        Kind::Texts => {
            let (values, depths, repeats) = lists(&cells);
            writer.typed::<ByteArrayType>().write_batch(&values, Some(&depths), Some(&repeats))?;
        }
    }
    writer.close()
}

fn double(cell: &Cell) -> f64 {
    match cell {
        Cell::Decimal(number) => to_double(*number),
        _ => f64::NAN,
    }
}

fn to_double(number: Decimal) -> f64 {
    number.normalize().to_string().parse().unwrap_or(f64::NAN)
}

/// The texts of all lists; for each how deep it stands (0 where there is no list, 1 where it is empty), and whether it
/// goes on in a list that was begun.
fn lists(cells: &[Option<&Cell>]) -> (Vec<ByteArray>, Vec<i16>, Vec<i16>) {
    let (mut values, mut depths, mut repeats) = (Vec::new(), Vec::new(), Vec::new());
    for cell in cells {
        let Some(Cell::Texts(texts)) = cell else {
            depths.push(0);
            repeats.push(0);
            continue;
        };
        if texts.is_empty() {
            depths.push(1);
            repeats.push(0);
        }
        for (at, text) in texts.iter().enumerate() {
            values.push(text.as_bytes().to_vec().into());
            depths.push(2);
            repeats.push(i16::from(at > 0));
        }
    }
    (values, depths, repeats)
}
