//! What a cell says, whether it is text or a number.

use wharf::{Decimal, Error, Json, Result};

use crate::steps::rows::Row;

/// The cell in a column; a row without it is a failure that says which row.
pub(crate) fn cell<'r>(row: &'r Row, at: usize, column: &str) -> Result<&'r Json> {
    let found = row.iter().find(|(name, _)| name == column);
    found.map(|(_, cell)| cell).ok_or_else(|| {
        let known: Vec<&str> = row.iter().map(|(name, _)| name.as_str()).collect();
        let message = format!("row {} has no column `{column}`", at + 1);
        let hint = format!("its columns are {}", known.join(", "));
        Error::business("no-column", message).with_hint(hint)
    })
}

/// What makes two cells the same: a text without blanks around it, a number by its value.
pub(crate) fn key(cell: &Json) -> Result<String> {
    if let Ok(text) = cell.read::<String>() {
        return Ok(format!("\"{}", text.trim()));
    }
    if let Ok(number) = cell.read::<Decimal>() {
        return Ok(number.normalize().to_string());
    }
    Ok(cell.document()?.to_text(false))
}

/// The number in a cell; none where it is empty.
pub(crate) fn number(cell: &Json, at: usize, column: &str) -> Result<Option<Decimal>> {
    let is_empty = match cell.read::<Option<String>>() {
        Ok(None) => true,
        Ok(Some(text)) => text.trim().is_empty(),
        Err(_) => false,
    };
    if is_empty {
        return Ok(None);
    }
    cell.read().map(Some).map_err(|error| {
        let message = format!("row {}, column `{column}`: {error}", at + 1);
        Error::business("not-a-number", message).with_hint("`read-amount` reads what people write")
    })
}
