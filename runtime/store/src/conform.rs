//! Whether values conform to the JSON Schema of their queue. Done by whoever asks, before the
//! writer is bothered.

use jsonschema::{Draft, Validator};
use model::{Change, Commit, Error};

use crate::error::Result;
use crate::queues::{Known, Queues};

/// A version of a queue's schema, ready to use.
#[derive(Debug)]
pub(crate) struct Schema {
    pub(crate) version: u32,
    validator: Validator,
}

impl Schema {
    pub(crate) fn new(version: u32, text: &str) -> Result<Self> {
        let refused = |problem: String| Error::BadSchema { problem };
        let document = serde_json::from_str(text).map_err(|error| refused(error.to_string()))?;
        let options = jsonschema::options().with_draft(Draft::Draft202012);
        let validator = options.build(&document).map_err(|error| refused(error.to_string()))?;
        Ok(Self { version, validator })
    }

    fn check(&self, queue: &str, value: &str) -> Result<()> {
        let instance = serde_json::from_str(value).map_err(|error| Error::InvalidJson {
            line: error.line(),
            column: error.column(),
            problem: error.to_string(),
        })?;
        self.validator.validate(&instance).map_err(|error| Error::SchemaViolation {
            queue: queue.into(),
            version: self.version,
            path: error.instance_path().to_string(),
            problem: error.to_string(),
        })
    }
}

/// A change with everything found out about it before the writer sees it.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) change: Change,
    /// The version of the schema that its value was checked against, or why it is refused.
    pub(crate) checked: Result<Option<u32>>,
}

/// Checks a commit as far as that is possible without writing.
pub(crate) fn prepare(commit: Commit, queues: &Queues) -> Result<Vec<Prepared>> {
    commit.check()?;
    let changes = commit.changes.into_iter();
    Ok(changes.map(|change| Prepared { checked: check(&change, queues), change }).collect())
}

fn check(change: &Change, queues: &Queues) -> Result<Option<u32>> {
    change.check()?;
    match change {
        Change::Add(item) => match queues.find(&item.queue) {
            Ok(known) => conforms(known, &item.value),
            // It may be made earlier in the same commit: the writer decides.
            Err(_) => Ok(None),
        },
        Change::CreateQueue { schema: Some(text), .. } => Schema::new(0, text).map(|_| None),
        Change::EditQueue { edit, .. } => {
            edit.schema.iter().flatten().try_for_each(|text| Schema::new(0, text).map(drop))?;
            Ok(None)
        }
        _ => Ok(None),
    }
}

/// Checks a value against the present schema of its queue, and says which version that was.
pub(crate) fn conforms(known: &Known, value: &str) -> Result<Option<u32>> {
    let Some(schema) = &known.schema else { return Ok(None) };
    schema.check(known.key(), value)?;
    Ok(Some(schema.version))
}
