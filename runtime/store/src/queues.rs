//! The queues of the store, known by key, name and id.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::{Error, Queue, QueueSettings, QueueState, Rules, similar};
use rusqlite::{Connection, OptionalExtension, Row};

use crate::conform::Schema;
use crate::error::{Result, Translated};
use crate::row;
use crate::sql;

/// A queue with what the store knows besides.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) number: i64,
    pub(crate) queue: Queue,
    pub(crate) schema: Option<Arc<Schema>>,
}

/// All queues. Small: it is read at the start and kept.
#[derive(Clone, Debug, Default)]
pub(crate) struct Queues {
    by_number: BTreeMap<i64, Known>,
    /// Every change names its queue: the usual name has to be found fast among thousands.
    by_key: BTreeMap<String, i64>,
}

impl Queues {
    pub(crate) fn load(db: &Connection) -> Result<Self> {
        let mut statement = db.prepare_cached(sql::QUEUES).translated()?;
        let rows = statement.query_map([], read).translated()?;
        let mut queues = Self::default();
        for row in rows {
            let (number, queue) = row.translated()?;
            queues.put(Known { number, schema: load_schema(db, number, &queue)?, queue });
        }
        Ok(queues)
    }

    /// Adds a queue, or what has become of it; its key never changes.
    pub(crate) fn put(&mut self, known: Known) {
        self.by_key.insert(known.key().to_owned(), known.number);
        self.by_number.insert(known.number, known);
    }

    pub(crate) fn remove(&mut self, number: i64) {
        if let Some(known) = self.by_number.remove(&number) {
            self.by_key.remove(known.key());
        }
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Known> {
        self.by_number.values()
    }

    pub(crate) fn len(&self) -> usize {
        self.by_number.len()
    }

    /// The queue an item belongs to: there is always one.
    pub(crate) fn of(&self, number: i64) -> &Known {
        self.by_number.get(&number).expect("an item's queue outlives the item")
    }

    pub(crate) fn has_key(&self, key: &str) -> bool {
        self.by_key.contains_key(key)
    }

    pub(crate) fn key_of(&self, number: i64) -> Option<&str> {
        self.by_number.get(&number).map(Known::key)
    }

    /// The number of a queue that is made now.
    pub(crate) fn next_number(&self) -> i64 {
        self.by_number.last_key_value().map_or(1, |(number, _)| number + 1)
    }

    /// Finds a queue by what a user calls it: its key, else its only name, else its id.
    pub(crate) fn find(&self, text: &str) -> Result<&Known> {
        if let Some(number) = self.by_key.get(text) {
            return Ok(self.of(*number));
        }
        let mut named = self.all().filter(|known| known.queue.settings.name == text);
        match (named.next(), named.next()) {
            (Some(known), None) => return Ok(known),
            (Some(_), Some(_)) => return Err(Error::QueueAmbiguous { name: text.into() }),
            (None, _) => {}
        }
        let by_id = text.parse().ok().and_then(|id| self.all().find(|known| known.queue.id == id));
        by_id.ok_or_else(|| {
            let keys = self.all().map(|known| known.queue.settings.key.as_str());
            let similar = similar::closest(text, keys).map(Into::into);
            Error::QueueNotFound { queue: text.chars().take(100).collect(), similar }
        })
    }

    /// Finds a queue that takes items in and hands them out.
    pub(crate) fn find_open(&self, text: &str) -> Result<&Known> {
        let known = self.find(text)?;
        known.open()?;
        Ok(known)
    }
}

impl Known {
    pub(crate) fn key(&self) -> &str {
        &self.queue.settings.key
    }

    pub(crate) fn rules(&self) -> &Rules {
        &self.queue.settings.rules
    }

    pub(crate) fn open(&self) -> Result<()> {
        match self.queue.state {
            QueueState::Active => Ok(()),
            state => Err(Error::QueueClosed { queue: self.key().into(), state }),
        }
    }
}

fn load_schema(db: &Connection, number: i64, queue: &Queue) -> Result<Option<Arc<Schema>>> {
    let Some(version) = queue.schema_version else { return Ok(None) };
    let text = schema_text(db, number, version)?.ok_or_else(|| {
        let detail = format!("version {version} of the schema of `{}` is gone", queue.settings.key);
        Error::StoreDamaged { detail }
    })?;
    Ok(Some(Arc::new(Schema::new(version, &text)?)))
}

pub(crate) fn schema_text(db: &Connection, queue: i64, version: u32) -> Result<Option<String>> {
    let mut statement = db.prepare_cached(sql::SCHEMA).translated()?;
    statement.query_row((queue, version), |row| row.get(0)).optional().translated()
}

/// The key of a queue, as the database says.
pub(crate) fn key(db: &Connection, queue: i64) -> Result<String> {
    let mut statement = db.prepare_cached(sql::KEY_OF_QUEUE).translated()?;
    statement.query_row([queue], |row| row.get(0)).translated()
}

fn read(row: &Row<'_>) -> rusqlite::Result<(i64, Queue)> {
    let span =
        |column| Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(column)?.map(row::to_span));
    let rules = Rules {
        ttl: span(6)?,
        at_risk_percent: row.get(7)?,
        continue_if_violated: row.get(8)?,
        retries: row.get(9)?,
        retry_delay: row::to_span(row.get(10)?),
        crashes: row.get(11)?,
        processing_limit: span(12)?,
        edit_while_processing: row.get(13)?,
        keep: span(14)?,
    };
    let state = usize::from(row.get::<_, u8>(5)?);
    let queue = Queue {
        id: row::id(row, 1)?,
        settings: QueueSettings {
            key: row.get(2)?,
            name: row.get(3)?,
            description: row.get(4)?,
            rules,
        },
        state: QueueState::ALL.get(state).copied().unwrap_or(QueueState::Stopped),
        schema_version: row.get(15)?,
        created: row::time(row, 16)?,
        modified: row::time(row, 17)?,
    };
    Ok((row.get(0)?, queue))
}

/// Writes a queue with `statement`, which takes the columns in the order of the table.
pub(crate) fn write(db: &Connection, statement: &str, known: &Known) -> rusqlite::Result<()> {
    let Queue { settings, state, .. } = &known.queue;
    let rules = &settings.rules;
    let state = *state as u8;
    db.prepare_cached(statement)?.execute(rusqlite::params![
        known.number,
        known.queue.id.to_bytes(),
        settings.key,
        settings.name,
        settings.description,
        state,
        rules.ttl.map(row::span_micros),
        rules.at_risk_percent,
        rules.continue_if_violated,
        rules.retries,
        row::span_micros(rules.retry_delay),
        rules.crashes,
        rules.processing_limit.map(row::span_micros),
        rules.edit_while_processing,
        rules.keep.map(row::span_micros),
        known.queue.schema_version,
        row::micros(known.queue.created),
        row::micros(known.queue.modified),
    ])?;
    Ok(())
}
