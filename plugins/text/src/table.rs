//! Rows by what makes them alike.

use std::collections::HashMap;

use wharf::{Decimal, Error, Json, Result};

use crate::cell::{cell, key, number};
use crate::steps::rows::Row;

const COUNT: &str = "count";

type Key = Vec<String>;

pub(crate) fn distinct(rows: Vec<Row>, by: &[String], keep_last: bool) -> Result<Vec<Row>> {
    let mut seen: HashMap<Key, usize> = HashMap::new();
    let mut kept: Vec<Option<Row>> = Vec::new();
    for (at, row) in rows.into_iter().enumerate() {
        let key = key_of(&row, at, by)?;
        match seen.get(&key) {
            Some(_) if !keep_last => continue,
            Some(before) => kept[*before] = None,
            None => {}
        }
        seen.insert(key, kept.len());
        kept.push(Some(row));
    }
    Ok(kept.into_iter().flatten().collect())
}

/// The rows of one group, added up.
struct Group {
    /// The cells in which they are alike.
    cells: Row,
    count: u32,
    totals: Vec<Decimal>,
}

pub(crate) fn total_by(rows: &[Row], by: &[String], totals: &[String]) -> Result<Vec<Row>> {
    check_columns(by, totals)?;
    let mut places: HashMap<Key, usize> = HashMap::new();
    let mut groups: Vec<Group> = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let place = *places.entry(key_of(row, at, by)?).or_insert(groups.len());
        if place == groups.len() {
            let cells =
                by.iter().map(|column| Ok((column.clone(), cell(row, at, column)?.clone())));
            let cells = cells.collect::<Result<_>>()?;
            groups.push(Group { cells, count: 0, totals: vec![Decimal::ZERO; totals.len()] });
        }
        let group = &mut groups[place];
        group.count += 1;
        for (total, column) in group.totals.iter_mut().zip(totals) {
            let more = number(cell(row, at, column)?, at, column)?.unwrap_or(Decimal::ZERO);
            *total = total.checked_add(more).ok_or_else(|| {
                let message = format!("the total of `{column}` has more digits than can be kept");
                Error::business("too-large", message)
            })?;
        }
    }
    Ok(groups.into_iter().map(|group| told(group, totals)).collect())
}

fn told(group: Group, totals: &[String]) -> Row {
    let Group { mut cells, count, totals: sums } = group;
    cells.push((COUNT.to_owned(), Json::of(&count)));
    cells.extend(totals.iter().cloned().zip(sums.iter().map(Json::of)));
    cells
}

/// The result has each column once.
fn check_columns(by: &[String], totals: &[String]) -> Result<()> {
    let mut columns: Vec<&str> = by.iter().chain(totals).map(String::as_str).collect();
    columns.push(COUNT);
    let twice = columns.iter().enumerate().find(|(at, column)| columns[..*at].contains(column));
    let Some((_, column)) = twice else { return Ok(()) };
    let message = format!("the result would have two columns `{column}`");
    Err(Error::generic("column-twice", message).with_hint("name each column once"))
}

pub(crate) fn join(
    rows: Vec<Row>,
    with: Vec<Row>,
    by: &[String],
    keep_unmatched: bool,
) -> Result<Vec<Row>> {
    let mut columns: Vec<String> = Vec::new();
    let mut matches: HashMap<Key, Vec<Row>> = HashMap::new();
    for (at, mut row) in with.into_iter().enumerate() {
        let key = key_of(&row, at, by)?;
        row.retain(|(column, _)| !by.contains(column));
        for (column, _) in &row {
            if !columns.contains(column) {
                columns.push(column.clone());
            }
        }
        matches.entry(key).or_default().push(row);
    }
    let mut joined = Vec::new();
    for (at, row) in rows.into_iter().enumerate() {
        if let Some((column, _)) = row.iter().find(|(column, _)| columns.contains(column)) {
            let message = format!("both tables have a column `{column}`");
            let hint = "leave it out of one of them, or join by it";
            return Err(Error::generic("column-twice", message).with_hint(hint));
        }
        match matches.get(&key_of(&row, at, by)?) {
            Some(found) => joined.extend(found.iter().map(|more| beside(&row, more, &columns))),
            None if keep_unmatched => joined.push(beside(&row, &Vec::new(), &columns)),
            None => {}
        }
    }
    Ok(joined)
}

/// A row with cells in all of the columns, as far as there are any.
fn beside(row: &Row, more: &Row, columns: &[String]) -> Row {
    let cell = |column: &String| {
        let found = more.iter().find(|(name, _)| name == column);
        (column.clone(), found.map_or_else(|| Json::from("null"), |(_, cell)| cell.clone()))
    };
    row.iter().cloned().chain(columns.iter().map(cell)).collect()
}

fn key_of(row: &Row, at: usize, by: &[String]) -> Result<Key> {
    if by.is_empty() {
        let hint = "name the columns that make rows alike";
        return Err(Error::generic("no-columns", "no column is named").with_hint(hint));
    }
    by.iter().map(|column| key(cell(row, at, column)?)).collect()
}
