//! What errors of actions mean, and failures out of the errors of what actions use.

use crate::failure::{Failure, Kind};
use crate::limits::Exceeded;
use crate::{csv, datetime, files, http, json, secret};

/// What each code that an action declares means.
pub const MEANINGS: &[(&str, &str)] = &[
    ("queue/not-found", "there is no such queue"),
    ("queue/ambiguous", "the name belongs to several queues"),
    ("queue/paused", "the queue is paused"),
    ("queue/stopped", "the queue is stopped"),
    ("queue/duplicate-reference", "the queue has an item with this reference already"),
    ("queue/reference-pending", "a batch that is not decided yet has an item with this reference"),
    ("queue/rows-refused", "rows were refused, so that none was added"),
    ("queue/no-item", "the run works on no item, and none was named"),
    ("queue/item-not-found", "there is no such item"),
    ("queue/item-on-hold", "somebody keeps the item back"),
    ("queue/item-held", "a worker holds the item"),
    ("queue/invalid-transition", "the item is in a status that does not allow it"),
    ("queue/lease-lost", "the run does not hold the item, or not any more"),
    ("queue/not-written-yet", "what was changed before in this group would be missing"),
    ("value/schema-violation", "the value does not conform to the schema of the queue"),
    ("value/blank", "a text that must say something is blank"),
    ("value/expiry-in-past", "the expiry has passed already"),
    ("value/bad-cursor", "the cursor is none of this list"),
    ("limit/exceeded", "something is larger than it may be"),
    ("csv/not-utf-8", "the file is not UTF-8, and no encoding was declared"),
    ("csv/unknown-encoding", "there is no such encoding"),
    ("csv/contradictory-dialect", "two characters of the format are the same"),
    ("csv/bad-header", "the header cannot be read"),
    ("csv/empty-header", "a column has no name"),
    ("csv/duplicate-header", "two columns have one name"),
    ("csv/missing-column", "a column that is declared is not there"),
    ("json/invalid", "the text is not JSON"),
    ("json/bad-schema", "the schema is not a usable JSON Schema"),
    ("json/mistyped", "the value is not what the schema or the sample says"),
    ("datetime/invalid", "the text is no datetime of this form"),
    ("datetime/no-zone", "the text tells a time and names no zone"),
    ("datetime/ambiguous", "the time of day occurs twice on that day"),
    ("datetime/gap", "the time of day does not exist on that day"),
    ("datetime/wrong-offset", "the zone has another offset at that time"),
    ("datetime/bad-pattern", "the pattern cannot be used"),
    ("datetime/unknown-zone", "there is no such time zone"),
    ("datetime/out-of-range", "the result is beyond the years 1 to 9999"),
    ("file/not-found", "there is no such file or folder"),
    ("file/no-folder", "the project has no folder of this name"),
    ("file/bad-path", "the path is not acceptable"),
    ("file/exists", "there is a file of this name already"),
    ("file/not-a-file", "it is not an ordinary file"),
    ("file/not-a-folder", "it is not a folder"),
    ("file/not-text", "the file is no text in UTF-8"),
    ("http/bad-url", "the URL is not usable"),
    ("http/bad-header", "a header cannot be sent"),
    ("http/bad-body", "the method has no body"),
    ("http/timeout", "there was no answer in time"),
    ("http/unreachable", "the host could not be reached"),
    ("http/status", "the answer has a status of 400 or more"),
    ("http/not-text", "the body of the answer is no text in UTF-8"),
    ("http/too-many-redirects", "it was redirected too often"),
    ("http/downgrade", "it was redirected to where nothing is encrypted"),
    ("http/bad-redirect", "it was redirected to nowhere"),
    ("secret/not-found", "there is no such secret"),
];

pub(super) fn meaning(code: &str) -> &'static str {
    let found = MEANINGS.iter().find(|(known, _)| *known == code);
    found.map(|(_, meaning)| *meaning).expect("every code that is declared has a meaning")
}

/// Errors that say their code and hint: the kind says whose affair they are.
macro_rules! failures {
    ($($Error:ty: $kind:expr,)*) => {
        $(impl From<$Error> for Failure {
            fn from(error: $Error) -> Self {
                let kind = $kind(&error);
                Self::new(kind, error.code(), error.to_string()).with_hint(error.hint())
            }
        })*
    };
}

failures! {
    csv::Error: of_csv,
    datetime::Error: of_datetime,
    files::Error: |_| Kind::It,
    http::Error: of_http,
    json::Error: |_| Kind::Business,
    secret::Error: |_| Kind::It,
    Exceeded: |_| Kind::Generic,
}

/// A file that is not in order stays so, whoever tries again.
fn of_csv(error: &csv::Error) -> Kind {
    match error {
        csv::Error::File(_)
        | csv::Error::Changed { .. }
        | csv::Error::Input(rows::Error::Io(_)) => Kind::It,
        _ => Kind::Business,
    }
}

/// A text may be wrong; a pattern or a zone is a mistake of the flow.
fn of_datetime(error: &datetime::Error) -> Kind {
    match error {
        datetime::Error::Invalid(_) => Kind::Business,
        _ => Kind::Generic,
    }
}

fn of_http(error: &http::Error) -> Kind {
    match error {
        http::Error::Invalid(_) | http::Error::TooLarge(_) => Kind::Generic,
        _ => Kind::It,
    }
}
