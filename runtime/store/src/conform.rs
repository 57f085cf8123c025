//! Whether values conform to the JSON Schema of their queue. Done by whoever asks, before the
//! writer is bothered.

use jsonschema::{Draft, Validator};
use model::{Change, Commit, Error, Id, Queue, limits};
use serde::Deserialize;

use crate::error::Result;
use crate::queues::{Known, Queues};

/// How much is told of what a value violates.
const PROBLEM_CHARS_MAX: usize = 400;

/// A version of a queue's schema, ready to use.
#[derive(Debug)]
pub(crate) struct Schema {
    pub(crate) version: u32,
    validator: Validator,
}

impl Schema {
    pub(crate) fn new(version: u32, text: &str) -> Result<Self> {
        let refused = |problem: String| Error::BadSchema { problem };
        Error::limit("queue-schema", text.len(), limits::QUEUE_SCHEMA_BYTES_MAX)?;
        let document = serde_json::from_str(text).map_err(|error| refused(error.to_string()))?;
        let options = jsonschema::options().with_draft(Draft::Draft202012);
        let validator = options.build(&document).map_err(|error| {
            let place = error.instance_path().as_str();
            let at = if place.is_empty() { String::new() } else { format!("at `{place}`: ") };
            refused(format!("{at}{}", bounded(&error.to_string())))
        })?;
        Ok(Self { version, validator })
    }

    fn check(&self, queue: &str, value: &str) -> Result<()> {
        let instance = parse(value).map_err(|error| Error::InvalidJson {
            line: error.line(),
            column: error.column(),
            problem: error.to_string(),
        })?;
        self.validator.validate(&instance).map_err(|error| Error::SchemaViolation {
            queue: queue.into(),
            version: self.version,
            path: error.instance_path().to_string(),
            problem: bounded(&error.to_string()),
        })
    }
}

/// What a problem quotes of a value may be as long as a value. What it says stands at its end.
fn bounded(problem: &str) -> String {
    let chars = problem.chars().count();
    if chars <= PROBLEM_CHARS_MAX {
        return problem.to_owned();
    }
    let half = PROBLEM_CHARS_MAX / 2;
    let start = problem.chars().take(half);
    start.chain(['…']).chain(problem.chars().skip(chars - half)).collect()
}

/// Reads a value, whose depth `model` has bounded before.
fn parse(value: &str) -> serde_json::Result<serde_json::Value> {
    let mut reader = serde_json::Deserializer::from_str(value);
    reader.disable_recursion_limit();
    let parsed = serde_json::Value::deserialize(&mut reader)?;
    reader.end()?;
    Ok(parsed)
}

/// A change with everything found out about it before the writer sees it.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) change: Change,
    /// Whether it is well formed by itself.
    pub(crate) checked: Result<()>,
    /// What the schema says about its value, if there was one to ask.
    pub(crate) verdict: Option<Verdict>,
}

/// What a schema says about a value. It counts while that schema is the queue's present one.
#[derive(Debug)]
pub(crate) struct Verdict {
    queue: Id,
    version: Option<u32>,
    conforms: Result<()>,
}

/// Checks a commit as far as that is possible without writing.
pub(crate) fn prepare(commit: Commit, queues: &Queues) -> Result<Vec<Prepared>> {
    commit.check()?;
    let prepare = |change: Change| {
        let checked = check(&change);
        let verdict = verdict(&change, queues).filter(|_| checked.is_ok());
        Prepared { change, checked, verdict }
    };
    Ok(commit.changes.into_iter().map(prepare).collect())
}

fn check(change: &Change) -> Result<()> {
    change.check()?;
    let schema = match change {
        Change::CreateQueue { schema, .. } => schema.as_deref(),
        Change::EditQueue { edit, .. } => edit.schema.as_ref().and_then(Option::as_deref),
        _ => None,
    };
    schema.map_or(Ok(()), |text| Schema::new(0, text).map(drop))
}

fn verdict(change: &Change, queues: &Queues) -> Option<Verdict> {
    let Change::Add(new) = change else { return None };
    // A queue that is not there yet may be made earlier in the same commit.
    let known = queues.find(&new.queue).ok()?;
    let conforms = conforms(known, &new.value).map(drop);
    Some(Verdict { queue: known.queue.id, version: known.queue.schema_version, conforms })
}

/// Checks a value against the present schema of its queue, and says which version that was.
pub(crate) fn conforms(known: &Known, value: &str) -> Result<Option<u32>> {
    let Some(schema) = &known.schema else { return Ok(None) };
    schema.check(known.key(), value)?;
    Ok(Some(schema.version))
}

/// As `conforms`, unless that was found out before and nothing has changed since.
pub(crate) fn still_conforms(
    known: &Known,
    value: &str,
    verdict: Option<Verdict>,
) -> Result<Option<u32>> {
    let Queue { id, schema_version, .. } = known.queue;
    match verdict {
        Some(found) if found.queue == id && found.version == schema_version => {
            found.conforms.map(|()| schema_version)
        }
        _ => conforms(known, value),
    }
}
