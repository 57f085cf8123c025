//! Every limit that steps meet, with its unit in its name. `docs/limits.md` is written from `ALL`,
//! behind those of the vocabulary.

use std::time::Duration;

use model::limits::Limit;

/// Items that one step holds at a time.
pub const STEP_CLAIMS_MAX: usize = 1_000;
/// How long an item stays with a step that has vanished.
pub const STEP_LEASE: Duration = Duration::from_secs(30);
/// How often the leases of a running step are renewed.
pub const STEP_RENEWAL: Duration = Duration::from_secs(10);
pub const DATETIME_TEXT_BYTES_MAX: usize = 256;
pub const DATETIME_PATTERN_BYTES_MAX: usize = 256;
pub const JSON_TEXT_BYTES_MAX: usize = 10 * 1024 * 1024;
pub const JSON_VALUES_MAX: usize = 1_000_000;
pub const JSON_PATH_BYTES_MAX: usize = 4 * 1024;

const fn limit(name: &'static str, value: u64, unit: &'static str, meaning: &'static str) -> Limit {
    Limit { name, value, unit, meaning }
}

/// All limits, in the order of the documentation.
pub const ALL: &[Limit] = &[
    limit("step-claims", STEP_CLAIMS_MAX as u64, "items", "items that one step holds at a time"),
    limit(
        "step-lease",
        STEP_LEASE.as_secs(),
        "seconds",
        "how long an item stays with a step that has vanished",
    ),
    limit("datetime-text", DATETIME_TEXT_BYTES_MAX as u64, "bytes", "a text read as a datetime"),
    limit(
        "datetime-pattern",
        DATETIME_PATTERN_BYTES_MAX as u64,
        "bytes",
        "the pattern of a datetime",
    ),
    limit("json-text", JSON_TEXT_BYTES_MAX as u64, "bytes", "a text that a step reads as JSON"),
    limit("json-values", JSON_VALUES_MAX as u64, "values", "values in one such text, at any depth"),
    limit("json-path", JSON_PATH_BYTES_MAX as u64, "bytes", "a path into a JSON value"),
];

/// Something is larger than it may be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{limit}` is {actual} {unit}, over the limit of {most} {unit}")]
pub struct Exceeded {
    /// The name of the limit in [`ALL`].
    pub limit: &'static str,
    pub actual: u64,
    pub most: u64,
    pub unit: &'static str,
}

impl Exceeded {
    pub const CODE: &str = "limit/exceeded";

    pub fn code(&self) -> &'static str {
        Self::CODE
    }

    pub fn hint(&self) -> String {
        "docs/limits.md lists every limit".into()
    }
}

/// An error if there is more of something than the limit of this name allows.
///
/// The name is one of [`ALL`]; another one is a mistake in this crate.
pub(crate) fn check(name: &'static str, actual: usize) -> Result<(), Exceeded> {
    let limit = ALL.iter().find(|limit| limit.name == name).expect("only limits of ALL are named");
    let actual = actual as u64;
    if actual <= limit.value {
        return Ok(());
    }
    Err(Exceeded { limit: limit.name, actual, most: limit.value, unit: limit.unit })
}
