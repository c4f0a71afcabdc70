//! A table of entities, or one of facts: the columns of our own CSV export, so that what went out comes in again.
//!
//! | table | needs | may have |
//! |---|---|---|
//! | entities | `id`, `class`, `label` | `labelZh`, `names` and `formerNames` (separated by `\|`, or a list in JSON; a former name may end in ` @from..to`), `country`, `identifiers` (by `\|`), `validFrom`, `validTo` |
//! | facts | `source` or `subject`, `predicate`, `target` or `object` | `share`, `shareMin`, `shareMax`, `shareMinExclusive`, `shareMaxExclusive`, `validFrom`, `validTo`, `ended`, `status`, `basis`, `because`, and every qualifier by its name |
//!
//! An id of the reference data means its row; any other one means the same in every table that is read with the same
//! prefix, or with none. Other columns are passed over.
//!
//! A row that cannot be true is told with its line and left out: a share that is no part of a whole, one that holds itself,
//! another figure for a holding of the same time. Of `shareMin` and `shareMax` one alone is an open interval, and told.

use std::collections::HashMap;
use std::io;

use guanxi_model::data_file::unknown;
use guanxi_model::schema::{ClassKind, Predicate, Range};
use guanxi_model::{
    Decimal, Entity, EntityId, EntityName, Identifier, ImportEntity, ImportFact, ImportRecord, NameHeld, NameKind,
    PartialDate, Qualifier, QualifierKind, QualifierValue, Qualifiers, Share, Validity,
};

use super::ids::Ids;
use super::text::Counted;
use super::{Collector, Head, Mentioned, is_name, put_share};

/// The line and share of each holding, by what it ties and when.
type Holdings = HashMap<(EntityId, String, EntityId, Option<PartialDate>, Option<PartialDate>), (u64, Option<Share>)>;

/// Whether a line names the columns of such a table.
pub(super) fn is_header(line: &str) -> bool {
    let columns: Vec<&str> = line.split(',').map(|column| column.trim().trim_matches('"')).collect();
    let has = |names: &[&str]| names.iter().any(|name| columns.contains(name));
    (has(&["id"]) && has(&["class"]) && has(&["label"]))
        || (has(&["source", "subject"]) && has(&["predicate"]) && has(&["target", "object"]))
}

struct Row<'r> {
    columns: &'r [String],
    cells: &'r csv::StringRecord,
    line: u64,
}

impl<'r> Row<'r> {
    fn get(&self, column: &str) -> Option<&'r str> {
        let position = self.columns.iter().position(|known| known == column)?;
        self.cells.get(position).map(str::trim).filter(|cell| !cell.is_empty())
    }

    fn is_set(&self, column: &str) -> bool {
        self.get(column).is_some_and(|cell| cell.eq_ignore_ascii_case("true") || cell == "1")
    }
}

/// Reads every row.
pub(super) fn read(reader: &mut Counted<'_>, collector: &mut Collector<'_>) -> io::Result<Head> {
    let mut rows = csv::ReaderBuilder::new().flexible(true).from_reader(reader);
    let columns: Vec<String> =
        rows.headers()?.iter().map(|name| name.trim_start_matches('\u{feff}').trim().to_owned()).collect();
    let is_facts = columns.iter().any(|column| column == "predicate");
    let ids = Ids::of(match collector.prefix {
        Some(prefix) => format!("table {prefix}"),
        None => "table".to_owned(),
    });
    let (mut cells, mut holdings) = (csv::StringRecord::new(), Holdings::new());
    loop {
        let line = rows.position().line();
        match rows.read_record(&mut cells) {
            Ok(false) => break,
            Ok(true) => {
                let line = cells.position().map_or(line, csv::Position::line);
                let row = Row { columns: &columns, cells: &cells, line };
                let read = match is_facts {
                    _ if cells.iter().any(|cell| cell.contains('\n')) => {
                        let lines = cells.iter().map(|cell| cell.matches('\n').count()).sum::<usize>() + 1;
                        Err(format!(
                            "a quote that opens here runs over {lines} lines: close it, or double it within a cell"
                        ))
                    }
                    _ if cells.len() != columns.len() => {
                        Err(format!("{} cells where {} columns are: mend the row", cells.len(), columns.len()))
                    }
                    true => fact(&row, &ids, &mut holdings, collector),
                    false => entity(&row, &ids, collector),
                };
                match read {
                    Ok(record) => record.into_iter().for_each(|record| collector.take(record)),
                    Err(message) => collector.lose(Some(line), format!("{message}; the row is left out")),
                }
            }
            Err(error) => match error.into_kind() {
                csv::ErrorKind::Io(error) => return Err(error),
                _ => collector.lose(Some(line), "the row is no UTF-8; it is left out"),
            },
        }
    }
    Ok(Head { format: if is_facts { "table of facts" } else { "table of entities" }, publisher: None, as_of: None })
}

fn entity(row: &Row<'_>, ids: &Ids, collector: &mut Collector<'_>) -> Result<Option<ImportRecord>, String> {
    let needed = |column| row.get(column).ok_or_else(|| format!("no {column}"));
    let (record, class) = (needed("id")?, needed("class")?);
    if class == "Value" {
        // Our export has the figures of facts as nodes.
        collector.leave_out("figures and dates");
        return Ok(None);
    }
    let schema = collector.guanxi.schema();
    if schema.class(class).is_none_or(|known| known.kind != ClassKind::Entity) {
        let known = schema.classes().iter().filter(|class| class.kind == ClassKind::Entity);
        return Err(unknown("class", class, known.map(|class| &*class.name)));
    }
    let label = needed("label")?;
    if !is_name(label) {
        return Err(format!("`{label}` in label has neither letter nor digit: write a name"));
    }
    let mut identifiers = Vec::new();
    for written in list(row.get("identifiers")) {
        match written.parse::<Identifier>() {
            Ok(identifier) => identifiers.push(identifier),
            Err(error) => collector.lose_part(Some(row.line), format!("{error}; the identifier is left out")),
        }
    }
    identifiers.sort();
    identifiers.dedup();
    let mut names: Vec<EntityName> = Vec::new();
    let told = [Some(label), row.get("labelZh")].into_iter().flatten().map(|text| (text.to_owned(), NameKind::Legal));
    for (text, kind) in
        told.chain(list(row.get("names")).into_iter().filter(|text| is_name(text)).map(|text| (text, NameKind::Brand)))
    {
        if names.iter().all(|known| known.text != text) {
            names.push(EntityName { language: guanxi_names::language_of(&text), text, kind });
        }
    }
    let mut names_held = Vec::new();
    for former in list(row.get("formerNames")) {
        let (text, validity) = borne(&former)?;
        let name =
            EntityName { language: guanxi_names::language_of(text), text: text.to_owned(), kind: NameKind::Former };
        if names.iter().all(|known| known.text != name.text) {
            names.push(name.clone());
            names_held.extend(validity.map(|validity| NameHeld { name, validity }));
        }
    }
    // By the table's id alone: its facts stand in another file, which knows no identifiers.
    let id = ids.meant(record, collector);
    let entity = Entity {
        id,
        class: class.into(),
        names,
        country: row.get("country").map(str::to_ascii_uppercase),
        identifiers,
    };
    Ok(Some(ImportRecord {
        id: record.to_owned(),
        entities: vec![ImportEntity { entity, validity: validity(row)?, names_held, mentioned: false }],
        ..ImportRecord::default()
    }))
}

fn fact(
    row: &Row<'_>,
    ids: &Ids,
    holdings: &mut Holdings,
    collector: &mut Collector<'_>,
) -> Result<Option<ImportRecord>, String> {
    let end = |names: [&str; 2]| names.iter().find_map(|name| row.get(name)).ok_or_else(|| format!("no {}", names[1]));
    let (subject, object) = (end(["source", "subject"])?, end(["target", "object"])?);
    let predicate = row.get("predicate").ok_or("no predicate")?;
    let schema = collector.guanxi.schema();
    let stated = |predicate: &&Predicate| !predicate.derived && matches!(predicate.range, Range::Classes(_));
    // Of our own export, what others concluded, and what nobody asserts.
    if row.get("basis") == Some("derived") {
        collector.leave_out("derived facts");
        return Ok(None);
    }
    if let Some(status) = row.get("status").filter(|status| !["asserted", "ended"].contains(status)) {
        collector.leave_out(format!("facts that are {status}"));
        return Ok(None);
    }
    if object.starts_with("value-") {
        collector.leave_out("figures and dates");
        return Ok(None);
    }
    if schema.predicate(predicate).filter(stated).is_none() {
        let known = schema.predicates().iter().filter(stated);
        return Err(unknown("predicate", predicate, known.map(|predicate| &*predicate.name)));
    }
    if subject == object {
        return Err(format!("`{subject}` is tied to itself: name the other party"));
    }
    let mut qualifiers = qualifiers(row)?;
    let (share, validity) = (share(row, collector)?, validity(row)?);
    if let Some(share) = share {
        put_share(share, &mut qualifiers);
    }
    let records = [subject, object];
    let [subject, object] = records.map(|record| ids.meant(record, collector));
    let key = (subject.clone(), predicate.to_owned(), object.clone(), validity.from, validity.to);
    let (line, known) = *holdings.entry(key).or_insert((row.line, share));
    if known != share {
        let told = |share: Option<Share>| share.map_or_else(|| "no share".to_owned(), |share| share.to_string());
        return Err(format!(
            "{} where line {line} has {} for the same tie and time: keep one, or give each its validFrom",
            told(share),
            told(known)
        ));
    }
    // Others are rows of the reference data, or were minted from names that a text may still bring.
    let from_tables =
        records.into_iter().zip([&subject, &object]).filter(|(_, end)| end.as_str().starts_with("record-"));
    let mentioned =
        from_tables.map(|(record, end)| Mentioned { line: row.line, record: record.to_owned(), entity: end.clone() });
    collector.mentioned.extend(mentioned);
    let ended = validity.ended || row.is_set("ended") || row.get("status") == Some("ended");
    Ok(Some(ImportRecord {
        id: row.get("id").map_or_else(|| format!("line {}", row.line), str::to_owned),
        facts: vec![ImportFact {
            subject,
            predicate: predicate.into(),
            object,
            qualifiers,
            validity: Validity { ended, ..validity },
            remark: row.get("because").map(str::to_owned),
        }],
        ..ImportRecord::default()
    }))
}

/// A name, and when it was borne: `JD Digits @2018..2021-01`, either end of which may be left out.
fn borne(former: &str) -> Result<(&str, Option<Validity>), String> {
    let Some((name, dates)) = former.rsplit_once(" @") else { return Ok((former, None)) };
    let date = |text: &str| match text.trim() {
        "" => Ok(None),
        text => text.parse::<PartialDate>().map(Some).map_err(|error| format!("formerNames: {error}")),
    };
    let (from, to) = dates.split_once("..").ok_or_else(|| {
        format!(
            "`{former}` in formerNames: write when the name was borne as @from..to, either of which may be left out"
        )
    })?;
    let validity = between(date(from)?, date(to)?)?;
    Ok((name.trim(), Some(validity)))
}

/// Items between bars, or a list in JSON.
fn list(cell: Option<&str>) -> Vec<String> {
    let Some(cell) = cell else { return Vec::new() };
    let items: Vec<String> = match cell.starts_with('[') {
        true => serde_json::from_str(cell).unwrap_or_default(),
        false => cell.split('|').map(str::to_owned).collect(),
    };
    items.into_iter().map(|item| item.trim().to_owned()).filter(|item| !item.is_empty()).collect()
}

fn validity(row: &Row<'_>) -> Result<Validity, String> {
    let date = |column: &str| {
        let read = row.get(column).map(str::parse::<PartialDate>).transpose();
        read.map_err(|error| format!("{column}: {error}"))
    };
    between(date("validFrom")?, date("validTo")?)
}

fn between(from: Option<PartialDate>, to: Option<PartialDate>) -> Result<Validity, String> {
    if let (Some(from), Some(to)) = (from, to)
        && to.last_day() < from.first_day()
    {
        return Err(format!("ends before it begins: from {from} to {to}"));
    }
    Ok(Validity { from, to, ended: to.is_some() })
}

fn share(row: &Row<'_>, collector: &mut Collector<'_>) -> Result<Option<Share>, String> {
    let figure = |column: &str| -> Result<Option<Decimal>, String> {
        let Some(cell) = row.get(column) else { return Ok(None) };
        let read = cell.trim_end_matches('%').trim().parse::<Decimal>();
        let figure = read.map_err(|_| format!("`{cell}` in {column} is no number: write 25"))?;
        match (Decimal::ZERO..=Decimal::ONE_HUNDRED).contains(&figure) {
            true => Ok(Some(figure)),
            false => Err(format!("`{cell}` in {column} is no part of a whole: write a percentage from 0 to 100")),
        }
    };
    let (exact, min, max) = (figure("share")?, figure("shareMin")?, figure("shareMax")?);
    if let Some(exact) = exact {
        return Ok(Some(Share::exact(exact)));
    }
    if min.is_some() != max.is_some() {
        let (has, lacks) = if min.is_some() { ("shareMin", "shareMax") } else { ("shareMax", "shareMin") };
        let end = if min.is_some() { "100" } else { "0" };
        collector.lose_part(Some(row.line), format!("{has} without {lacks}, which is taken for {end}: write both"));
    }
    if min.is_none() && max.is_none() {
        return Ok(None);
    }
    let (min, max) = (min.unwrap_or(Decimal::ZERO), max.unwrap_or(Decimal::ONE_HUNDRED));
    if min > max {
        return Err(format!("shareMin {min} is more than shareMax {max}: change them round"));
    }
    let (min_exclusive, max_exclusive) = (row.is_set("shareMinExclusive"), row.is_set("shareMaxExclusive"));
    Ok(Some(Share { min, max, min_exclusive, max_exclusive }))
}

fn qualifiers(row: &Row<'_>) -> Result<Qualifiers, String> {
    use Qualifier::{Basis, ValidFrom, ValidTo};
    let mut qualifiers = Qualifiers::new();
    for &qualifier in Qualifier::ALL.iter().filter(|qualifier| ![Basis, ValidFrom, ValidTo].contains(qualifier)) {
        let Some(cell) = row.get(qualifier.name()) else { continue };
        let value = match qualifier.kind() {
            QualifierKind::Decimal => cell.parse().ok().map(QualifierValue::Decimal),
            QualifierKind::Date => cell.parse().ok().map(QualifierValue::Date),
            QualifierKind::Text => Some(QualifierValue::Text(cell.to_owned())),
            QualifierKind::Flag => cell.parse().ok().map(QualifierValue::Flag),
        };
        let value = value.ok_or_else(|| format!("`{cell}` in {} cannot be read", qualifier.name()))?;
        qualifiers.insert(qualifier, value);
    }
    Ok(qualifiers)
}
