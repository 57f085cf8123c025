//! What becomes of a row: which column is what, and the item it makes.

use clap::ValueEnum;
use model::similar::one_of;
use model::{Expiry, Id, NewItem, Priority, Status, Timestamp};

use super::Mapping;
use super::types::Typing;
use crate::args::{Misfit, When, shown};
use crate::error::{Error, Result};
use crate::import::{Content, Place, Reject, Row};
use crate::output::json;

/// What the columns of a file mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Layout {
    /// What the header tells: one of the layouts below if it is exactly theirs, else row.
    Auto,
    /// Whatever the options say; the row is the value.
    Row,
    /// As `wharf item export` writes it.
    Export,
    /// The table of Power Automate's action "Add multiple work queue items".
    PowerAutomate,
}

/// The columns of an export, in their order.
pub(crate) const EXPORT: [&str; 8] =
    ["name", "reference", "status", "priority", "created", "expires", "delay_until", "value"];

const POWER_AUTOMATE: [&str; 8] = [
    "Name",
    "Input",
    "Expires in",
    "Processing notes",
    "Priority",
    "Unique reference",
    "Status",
    "Delay until",
];

impl Layout {
    /// The layout of a file with these columns.
    ///
    /// A table has all of its columns. A line of JSON may leave out what it has no word for, so
    /// that for an export it takes no more than the value and no field of another name.
    pub(super) fn settle(self, columns: &[String], detect: bool, is_table: bool) -> Result<Self> {
        let exactly = |known: &[&str]| columns.iter().map(String::as_str).eq(known.iter().copied());
        let is_export = if is_table {
            exactly(&EXPORT)
        } else {
            let mut fields = columns.iter().map(String::as_str);
            fields.clone().any(|field| field == "value") && fields.all(|it| EXPORT.contains(&it))
        };
        match self {
            Self::Auto if detect && is_export => Ok(Self::Export),
            Self::Auto if detect && exactly(&POWER_AUTOMATE) => Ok(Self::PowerAutomate),
            Self::Auto | Self::Row => Ok(Self::Row),
            // Each row is looked at by itself.
            Self::Export if !is_table => Ok(Self::Export),
            Self::Export if !is_export => Err(not_exactly(&EXPORT, columns)),
            Self::PowerAutomate if !exactly(&POWER_AUTOMATE) => {
                Err(not_exactly(&POWER_AUTOMATE, columns))
            }
            exact => Ok(exact),
        }
    }
}

impl Layout {
    /// How the columns were understood, where nobody said what they mean.
    pub(super) fn understood(self) -> &'static str {
        match self {
            Self::Auto | Self::Row => "the whole row is the value",
            Self::Export => "those of an export; --columns row takes the whole row as value",
            Self::PowerAutomate => "those of power-automate",
        }
    }

    /// The columns that there are, where no others may be.
    fn exact(self) -> Option<&'static [&'static str]> {
        match self {
            Self::Auto | Self::Row => None,
            Self::Export => Some(&EXPORT),
            Self::PowerAutomate => Some(&POWER_AUTOMATE),
        }
    }
}

fn not_exactly(known: &[&str], columns: &[String]) -> Error {
    Error::Columns {
        problem: format!("they are {}", columns.join(", ")),
        hint: format!("they have to be exactly {}", known.join(", ")),
    }
}

/// The queue of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    Queue(String),
    /// Named by this column.
    Column(String),
}

/// How rows become items.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) layout: Layout,
    target: Target,
    name: Option<String>,
    reference: Option<String>,
    /// The row where `None`.
    value: Option<String>,
    priority: Option<String>,
    expires: Option<String>,
    delay: Option<String>,
    status: Option<String>,
    note: Option<String>,
    now: Timestamp,
    /// The digest of the file, for references where no column gives one.
    pub(super) digest: String,
}

type Made<T> = std::result::Result<T, Reject>;

impl Plan {
    pub(super) fn new(layout: Layout, mapping: &Mapping, target: Target, now: Timestamp) -> Self {
        let own = |column: &str| Some(column.to_owned());
        let mut plan = Self {
            layout,
            target,
            name: mapping.name.clone(),
            reference: mapping.reference.clone(),
            value: mapping.value.clone().filter(|value| value != "row"),
            priority: mapping.priority.clone(),
            expires: mapping.expires.clone(),
            delay: mapping.delay.clone(),
            status: None,
            note: None,
            now,
            digest: String::new(),
        };
        let columns = match layout {
            Layout::Export => {
                ["name", "reference", "value", "priority", "expires", "delay_until", "status"]
            }
            Layout::PowerAutomate => {
                plan.note = own("Processing notes");
                [
                    "Name",
                    "Unique reference",
                    "Input",
                    "Priority",
                    "Expires in",
                    "Delay until",
                    "Status",
                ]
            }
            Layout::Auto | Layout::Row => return plan,
        };
        let [name, reference, value, priority, expires, delay, status] = columns.map(own);
        Self { name, reference, value, priority, expires, delay, status, ..plan }
    }

    pub(super) fn check_columns(&self, columns: &[String]) -> Result<()> {
        let named =
            [&self.name, &self.reference, &self.value, &self.priority, &self.expires, &self.delay];
        let named = named.into_iter().flatten().map(String::as_str).chain(self.queue_column());
        for name in named {
            if !columns.iter().any(|column| column == name.trim()) {
                return Err(Error::no_column(name, columns));
            }
        }
        Ok(())
    }

    /// Whether all references are made of the file's content.
    pub(super) fn makes_references(&self) -> bool {
        self.reference.is_none()
    }

    /// The column that names the queue of a row.
    pub(super) fn queue_column(&self) -> Option<&str> {
        match &self.target {
            Target::Column(column) => Some(column),
            Target::Queue(_) => None,
        }
    }

    /// Whether there are rows whose reference is made of the file's content.
    pub(super) fn needs_digest(&self) -> bool {
        self.reference.is_none() || self.layout != Layout::Row
    }

    /// The item that a row becomes.
    pub(super) fn item(&self, id: Id, row: &Row<'_>, typing: &Typing) -> Made<NewItem> {
        self.check_fields(row)?;
        let get = |column: &Option<String>| {
            column
                .as_ref()
                .and_then(|column| row.content.get(column))
                .map(|text| text.trim().to_owned())
        };
        let queue = match &self.target {
            Target::Queue(queue) => queue.clone(),
            Target::Column(column) => get(&Some(column.clone())).ok_or_else(|| {
                let hint = "give the queue before the file, or name it in every row";
                Reject { hint: hint.into(), ..empty(row, "import/no-queue", column) }
            })?,
        };
        let item = NewItem {
            id,
            queue,
            name: get(&self.name).filter(|name| !name.is_empty()),
            reference: Some(self.reference(row, get(&self.reference))?),
            priority: self.priority(row, get(&self.priority).as_deref())?,
            value: self.value(row, typing)?,
            expires: self.expiry(row, get(&self.expires).as_deref())?,
            delay_until: self.when(row, get(&self.delay).as_deref(), self.delay.as_deref())?,
            hold: self.hold(row, get(&self.status).as_deref())?,
            batch: None,
            note: get(&self.note).filter(|note| !note.is_empty()),
            effect: None,
        };
        item.check().map_err(|error| Reject::model(row.place, &error))?;
        Ok(item)
    }

    /// A field that would be dropped is refused. A table has no columns but those of its header.
    fn check_fields(&self, row: &Row<'_>) -> Made<()> {
        let (Some(known), Content::Json(_, value)) = (self.layout.exact(), &row.content) else {
            return Ok(());
        };
        let mut fields = value.as_object().into_iter().flat_map(|fields| fields.keys());
        let is_known = |name: &str| known.contains(&name) || self.queue_column() == Some(name);
        match fields.find(|name| !is_known(name)) {
            None => Ok(()),
            Some(name) => Err(unknown_field(row.place, name, known)),
        }
    }

    fn reference(&self, row: &Row<'_>, given: Option<String>) -> Made<String> {
        match (given.filter(|given| !given.is_empty()), &self.reference) {
            (Some(given), _) => Ok(given),
            // Without it the row would be added again by the next import.
            (None, Some(column)) if self.layout == Layout::Row => {
                Err(empty(row, "import/no-reference", column))
            }
            _ => Ok(format!("import:{}:{}", self.digest, row.place.row)),
        }
    }

    fn priority(&self, row: &Row<'_>, text: Option<&str>) -> Made<Priority> {
        let text = text.unwrap_or_default();
        let column = self.priority.as_deref().unwrap_or("priority");
        let refused = |allowed: String| {
            let reason = format!("column `{column}`: `{}` is not a priority", shown(text));
            Err(Reject::new(row.place, "value/bad-priority", reason, allowed))
        };
        let strict = self.layout == Layout::PowerAutomate;
        if strict && !matches!(text, "100" | "200" | "300") {
            return refused("use 100, 200 or 300".into());
        }
        if text.is_empty() {
            return Ok(Priority::NORMAL);
        }
        text.parse().or_else(|error: model::Error| refused(error.hint()))
    }

    fn value(&self, row: &Row<'_>, typing: &Typing) -> Made<String> {
        let Some(column) = &self.value else { return typing.row(row) };
        let Some(json) = row.content.json_of(column) else {
            return Err(empty(row, "import/no-value", column));
        };
        // Power Automate's inputs are any text; what is meant as JSON has to be JSON.
        let structured = json.trim_start().starts_with(['{', '[', '"']);
        if self.layout == Layout::PowerAutomate && !structured && model::json::check(&json).is_err()
        {
            return Ok(json::quoted(&json));
        }
        Ok(json)
    }

    fn when(
        &self,
        row: &Row<'_>,
        text: Option<&str>,
        column: Option<&str>,
    ) -> Made<Option<Timestamp>> {
        let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
        let column = column.unwrap_or_default();
        let when: When = text.parse().map_err(|Misfit { problem, allowed }| {
            let reason = format!("column `{column}`: {problem}");
            Reject::new(row.place, "value/bad-time", reason, allowed)
        })?;
        let moment = when.ahead(self.now).map_err(|error| {
            let reason = format!("column `{column}`: {error}");
            Reject::new(row.place, error.code(), reason, error.hint())
        })?;
        Ok(Some(moment))
    }

    fn expiry(&self, row: &Row<'_>, text: Option<&str>) -> Made<Expiry> {
        if text == Some("none") {
            return Ok(Expiry::Never);
        }
        let when = self.when(row, text, self.expires.as_deref())?;
        Ok(when.map_or(Expiry::OfQueue, Expiry::At))
    }

    /// Whether the item starts on hold; an item cannot start in the middle of its life.
    fn hold(&self, row: &Row<'_>, text: Option<&str>) -> Made<bool> {
        let text = text.unwrap_or_default();
        let refused = |reason: String, hint: String| {
            Err(Reject::new(row.place, "import/bad-status", reason, hint))
        };
        match (self.layout, text) {
            (Layout::PowerAutomate, "0") => Ok(false),
            (Layout::PowerAutomate, "1") => Ok(true),
            (Layout::PowerAutomate, other) => {
                let reason = format!("`{}` is not a status", shown(other));
                refused(reason, "use 0 (queued) or 1 (on hold)".into())
            }
            (_, "") => Ok(false),
            (_, text) => match text.parse() {
                Ok(Status::Queued | Status::Scheduled) => Ok(false),
                Ok(Status::OnHold) => Ok(true),
                Ok(status) => {
                    let hint = "only queued, scheduled and on-hold can be added".into();
                    refused(format!("an item cannot be added as {status}"), hint)
                }
                Err(error) => refused(error.to_string(), error.hint()),
            },
        }
    }
}

fn unknown_field(place: Place, name: &str, known: &[&str]) -> Reject {
    let reason = format!("there is no field `{}` in rows of this form", shown(name));
    let hint = format!("{}; --columns row takes the whole row as value", one_of(name, known));
    Reject::new(place, "import/unknown-field", reason, hint)
}

fn empty(row: &Row<'_>, code: &'static str, column: &str) -> Reject {
    let (reason, hint) = match row.content {
        Content::Csv(_) => {
            (format!("the column `{column}` is empty"), "fill the cell, or name another column")
        }
        Content::Json(..) => (
            format!("the field `{column}` is missing or empty"),
            "give the row that field, or name another one",
        ),
    };
    Reject::new(row.place, code, reason, hint)
}
