//! Every limit that steps meet, with its unit in its name. `docs/limits.md` is written from `ALL`,
//! behind those of the vocabulary.

use std::time::Duration;

use model::limits::Limit;

/// Items that one step holds at a time.
pub const STEP_CLAIMS_MAX: usize = 1_000;
/// How long a run stays with a driver that has vanished.
pub const RUN_LEASE: Duration = Duration::from_mins(1);
/// How often the lease of a run is renewed.
pub const RUN_RENEWAL: Duration = Duration::from_secs(15);
/// The most steps of a run, where its flow says nothing.
pub const RUN_STEPS_MAX: u64 = 10_000_000;
/// Records that a run may be ahead of its journal.
pub const JOURNAL_RECORDS_AHEAD_MAX: usize = 1_000;
pub const JOURNAL_BYTES_AHEAD_MAX: usize = 1024 * 1024;
/// Records that are read at a time.
pub const JOURNAL_PAGE_RECORDS: usize = 1_000;
/// Rows that a loop has in hand.
pub const ROWS_AHEAD_MAX: usize = 256;
pub const ROWS_BYTES_AHEAD_MAX: usize = 256 * 1024;
/// How long an item stays with a step that has vanished.
pub const STEP_LEASE: Duration = Duration::from_secs(30);
/// How often the leases of a running step are renewed.
pub const STEP_RENEWAL: Duration = Duration::from_secs(10);
pub const DATETIME_TEXT_BYTES_MAX: usize = 256;
pub const DATETIME_PATTERN_BYTES_MAX: usize = 256;
pub const JSON_TEXT_BYTES_MAX: usize = 10 * 1024 * 1024;
pub const JSON_VALUES_MAX: usize = 1_000_000;
pub const JSON_PATH_BYTES_MAX: usize = 4 * 1024;
pub const FILE_PATH_BYTES_MAX: usize = 1_024;
pub const FILE_PATH_PARTS_MAX: usize = 32;
pub const FILE_NAME_BYTES_MAX: usize = 200;
pub const FILE_BYTES_MAX: usize = 10 * 1024 * 1024;
/// Read row by row, copied or moved: nothing of it is kept in memory.
pub const LARGE_FILE_BYTES_MAX: u64 = 16 * 1024 * 1024 * 1024;
pub const CSV_COLUMNS_MAX: usize = 1_000;
pub const CSV_BAD_ROWS_MAX: u64 = 1_000_000;
pub const FOLDER_ENTRIES_MAX: usize = 10_000;
pub const HTTP_URL_BYTES_MAX: usize = 8 * 1024;
pub const HTTP_HEADERS_MAX: usize = 100;
pub const HTTP_HEADER_BYTES_MAX: usize = 64 * 1024;
pub const HTTP_BODY_BYTES_MAX: usize = 10 * 1024 * 1024;
pub const HTTP_REDIRECTS_MAX: usize = 5;
pub const HTTP_TIME_MAX: Duration = Duration::from_mins(5);
/// Where a request names no time of its own.
pub const HTTP_TIME_DEFAULT: Duration = Duration::from_secs(30);
pub const GRANTS_MAX: usize = 1_000;
pub const LOG_LINE_BYTES_MAX: usize = 8 * 1024;
pub const LOG_BYTES_MAX: usize = 10 * 1024 * 1024;
pub const LOG_LINES_PER_SECOND_MAX: usize = 200;
pub const LOG_LINES_BURST_MAX: usize = 1_000;
pub const SECRET_BYTES_MAX: usize = 64 * 1024;
pub const SECRETS_MASKED_MAX: usize = 1_000;
/// Shorter ones stand in too many texts by chance.
pub const SECRET_MASKED_BYTES_MIN: usize = 4;

const fn limit(name: &'static str, value: u64, unit: &'static str, meaning: &'static str) -> Limit {
    Limit { name, value, unit, meaning }
}

/// All limits, in the order of the documentation.
pub const ALL: &[Limit] = &[
    limit("step-claims", STEP_CLAIMS_MAX as u64, "items", "items that one step holds at a time"),
    limit(
        "run-lease",
        RUN_LEASE.as_secs(),
        "seconds",
        "how long a run stays with a driver that has vanished",
    ),
    limit("run-steps", RUN_STEPS_MAX, "steps", "steps of a run whose flow says nothing else"),
    limit(
        "journal-ahead",
        JOURNAL_RECORDS_AHEAD_MAX as u64,
        "records",
        "what only calculates, and is not in the journal yet",
    ),
    limit("journal-ahead-bytes", JOURNAL_BYTES_AHEAD_MAX as u64, "bytes", "such records together"),
    limit("rows-ahead", ROWS_AHEAD_MAX as u64, "rows", "rows that a loop reads at a time"),
    limit("rows-ahead-bytes", ROWS_BYTES_AHEAD_MAX as u64, "bytes", "such rows together"),
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
    limit("file-path", FILE_PATH_BYTES_MAX as u64, "bytes", "the path of a file or folder"),
    limit("file-path-parts", FILE_PATH_PARTS_MAX as u64, "parts", "names in such a path"),
    limit("file-name", FILE_NAME_BYTES_MAX as u64, "bytes", "one name in such a path"),
    limit("file", FILE_BYTES_MAX as u64, "bytes", "a file that a step reads or writes"),
    limit("large-file", LARGE_FILE_BYTES_MAX, "bytes", "a file that is copied, or read row by row"),
    limit("csv-columns", CSV_COLUMNS_MAX as u64, "columns", "a file that is read row by row"),
    limit(
        "csv-bad-rows",
        CSV_BAD_ROWS_MAX,
        "rows",
        "what `bad-rows-max` may say; 1,000 where it says nothing",
    ),
    limit("folder-entries", FOLDER_ENTRIES_MAX as u64, "entries", "a folder that a step lists"),
    limit("http-url", HTTP_URL_BYTES_MAX as u64, "bytes", "the URL of a request"),
    limit("http-headers", HTTP_HEADERS_MAX as u64, "headers", "headers of a request"),
    limit(
        "http-header-bytes",
        HTTP_HEADER_BYTES_MAX as u64,
        "bytes",
        "the headers of a request or an answer together",
    ),
    limit("http-body", HTTP_BODY_BYTES_MAX as u64, "bytes", "the body of a request or an answer"),
    limit("http-redirects", HTTP_REDIRECTS_MAX as u64, "redirections", "followed for one request"),
    limit(
        "http-time",
        HTTP_TIME_MAX.as_millis() as u64,
        "milliseconds",
        "a request with its redirections; 30s where it names none",
    ),
    limit("grants", GRANTS_MAX as u64, "grants", "what one plugin is granted"),
    limit("log-line", LOG_LINE_BYTES_MAX as u64, "bytes", "one line of a log; the rest is cut"),
    limit("log", LOG_BYTES_MAX as u64, "bytes", "the lines of one run; more are dropped"),
    limit(
        "log-rate",
        LOG_LINES_PER_SECOND_MAX as u64,
        "lines",
        "logged by one run a second; more are dropped",
    ),
    limit("log-burst", LOG_LINES_BURST_MAX as u64, "lines", "logged at once before that counts"),
    limit("secret", SECRET_BYTES_MAX as u64, "bytes", "the value of a secret"),
    limit(
        "secrets-masked",
        SECRETS_MASKED_MAX as u64,
        "texts",
        "secrets kept out of one run's log",
    ),
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
    /// More came than was allowed under the limit of this name; how much more was not waited for.
    pub fn at_once(limit: &'static str, allowed: usize) -> Self {
        let most = allowed as u64;
        Self { limit, actual: most + 1, most, unit: "bytes" }
    }

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
