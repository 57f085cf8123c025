//! The format of the database and the steps from each one to the next.

use model::Error;
use rusqlite::{Connection, TransactionBehavior};

use crate::error::{Result, Translated};
use crate::sql;

/// `wharf` in ASCII: says whose file this is.
const APPLICATION_ID: i32 = 0x7768_6172;

/// Each step leads from the format of its index to the next.
const STEPS: &[&str] =
    &[include_str!("../migrations/0001_queues.sql"), include_str!("../migrations/0002_runs.sql")];

/// The format this program writes.
pub(crate) const FORMAT: u32 = STEPS.len() as u32;

/// Brings the database to `FORMAT`, each step in a transaction of its own.
pub(crate) fn migrate(db: &mut Connection) -> Result<()> {
    let found = format(db)?;
    if found > FORMAT {
        return Err(Error::StoreNewer { found, known: FORMAT });
    }
    for (index, step) in STEPS.iter().enumerate().skip(found as usize) {
        let transaction =
            db.transaction_with_behavior(TransactionBehavior::Immediate).translated()?;
        transaction.execute_batch(step).translated()?;
        transaction.pragma_update(None, "user_version", index as u32 + 1).translated()?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID).translated()?;
        transaction.commit().translated()?;
    }
    Ok(())
}

/// The format of the database; an error if it is not one of ours.
pub(crate) fn format(db: &Connection) -> Result<u32> {
    let read = |name: &str| db.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let format = read("user_version").translated()?;
    let application = read("application_id").translated()?;
    let empty = || db.query_row(sql::IS_EMPTY, [], |row| row.get::<_, bool>(0));
    let ours = application == i64::from(APPLICATION_ID)
        || format == 0 && application == 0 && empty().translated()?;
    if !ours {
        return Err(Error::StoreDamaged { detail: "this is not a database of wharf".into() });
    }
    u32::try_from(format).map_err(|_| Error::StoreDamaged { detail: format!("format {format}") })
}
