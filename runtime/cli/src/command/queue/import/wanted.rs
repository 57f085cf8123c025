//! What a row wants a queue to be.

use std::time::Duration;

use model::similar::one_of;
use model::{QueueSettings, Rules, Value, time};

use crate::args::OrNone;
use crate::import::Content;

/// The header of Power Automate's table of work queues.
pub(super) const POWER_AUTOMATE: [&str; 8] = [
    "defaultitemtimetoliveinminutes",
    "description",
    "name",
    "prioritytype",
    "overwritetime",
    "componentstate",
    "workqueuekey",
    "workqueuetype",
];

/// The fields of an exported queue. All but the key may be missing.
pub(super) const EXPORT: [&str; 13] = [
    "key",
    "name",
    "description",
    "ttl",
    "at_risk",
    "continue_if_violated",
    "retries",
    "retry_delay",
    "crashes",
    "processing_limit",
    "edit_while_processing",
    "keep",
    "schema",
];

/// The settings a row speaks of; `None` where it does not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) key: String,
    name: Option<String>,
    description: Option<String>,
    ttl: Option<OrNone<Duration>>,
    at_risk: Option<OrNone<u8>>,
    continue_if_violated: Option<bool>,
    retries: Option<u32>,
    retry_delay: Option<Duration>,
    crashes: Option<u32>,
    processing_limit: Option<OrNone<Duration>>,
    edit_while_processing: Option<bool>,
    keep: Option<OrNone<Duration>>,
    /// JSON Schema text; or none.
    pub(super) schema: Option<OrNone<String>>,
}

/// Why a row cannot be a queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) code: &'static str,
    pub(super) reason: String,
    pub(super) hint: String,
}

fn fault(code: &'static str, reason: impl Into<String>, hint: impl Into<String>) -> Fault {
    Fault { code, reason: reason.into(), hint: hint.into() }
}

impl Wanted {
    pub(super) fn of(content: &Content<'_>) -> Result<Self, Fault> {
        match content {
            Content::Csv(_) => Self::of_csv(content),
            Content::Json(_, value) => Self::of_json(value),
        }
    }

    fn of_csv(content: &Content<'_>) -> Result<Self, Fault> {
        let text = |column: &str| content.get(column).unwrap_or_default().trim().to_owned();
        for (column, only) in [("prioritytype", "Fifo"), ("workqueuetype", "Work Queue")] {
            let found = text(column);
            if !found.is_empty() && !found.eq_ignore_ascii_case(only) {
                let reason = format!("{column} is `{found}`, but only `{only}` is known");
                let hint = format!("write `{only}`, or leave the cell empty");
                return Err(fault("import/unknown-kind", reason, hint));
            }
        }
        let minutes = text("defaultitemtimetoliveinminutes");
        let ttl = match minutes.as_str() {
            "" | "0" => None,
            minutes => {
                let minutes: u32 = minutes.parse().map_err(|_| {
                    let reason = format!("`{minutes}` is not a number of minutes");
                    fault("value/bad-time", reason, "a whole number; 0 or nothing for none")
                })?;
                Some(Duration::from_secs(u64::from(minutes) * 60))
            }
        };
        let key = text("workqueuekey");
        if key.is_empty() {
            let hint = "give each queue a key of its own";
            return Err(fault("value/blank", "the column `workqueuekey` is empty", hint));
        }
        Ok(Self {
            key,
            name: Some(text("name")).filter(|name| !name.is_empty()),
            description: Some(text("description")),
            ttl: Some(OrNone(ttl)),
            ..Self::default()
        })
    }

    fn of_json(value: &Value) -> Result<Self, Fault> {
        let Some(fields) = value.as_object() else {
            let hint = "a line looks like {\"key\":\"orders\",\"ttl\":\"24h\"}";
            return Err(fault("import/not-a-queue", "the line is not an object", hint));
        };
        let mut wanted = Self::default();
        for (name, field) in fields {
            wanted.set(name, field)?;
        }
        if wanted.key.is_empty() {
            let hint = "give each queue a key of its own";
            return Err(fault("value/blank", "the field `key` is missing", hint));
        }
        Ok(wanted)
    }

    fn set(&mut self, name: &str, field: &Value) -> Result<(), Fault> {
        match name {
            "key" => self.key = text(name, field)?,
            "name" => self.name = Some(text(name, field)?),
            "description" => self.description = Some(text(name, field)?),
            "ttl" => self.ttl = Some(maybe(name, field, span)?),
            "at_risk" => self.at_risk = Some(maybe(name, field, number)?),
            "continue_if_violated" => self.continue_if_violated = Some(flag(name, field)?),
            "retries" => self.retries = Some(number(name, field)?),
            "retry_delay" => self.retry_delay = Some(span(name, field)?),
            "crashes" => self.crashes = Some(number(name, field)?),
            "processing_limit" => self.processing_limit = Some(maybe(name, field, span)?),
            "edit_while_processing" => self.edit_while_processing = Some(flag(name, field)?),
            "keep" => self.keep = Some(maybe(name, field, span)?),
            "schema" => {
                let text = (!field.is_null()).then(|| model::json::write(field));
                self.schema = Some(OrNone(text));
            }
            other => {
                let reason = format!("there is no setting `{other}`");
                return Err(fault("import/unknown-field", reason, one_of(other, &EXPORT)));
            }
        }
        Ok(())
    }

    /// The settings, with what is wanted changed.
    pub(super) fn over(&self, mut settings: QueueSettings) -> QueueSettings {
        fn set<T: Clone>(target: &mut T, wanted: Option<&T>) {
            if let Some(wanted) = wanted {
                target.clone_from(wanted);
            }
        }
        set(&mut settings.name, self.name.as_ref());
        set(&mut settings.description, self.description.as_ref());
        let Rules {
            ttl,
            at_risk_percent,
            continue_if_violated,
            retries,
            retry_delay,
            crashes,
            processing_limit,
            edit_while_processing,
            keep,
        } = &mut settings.rules;
        set(ttl, self.ttl.as_ref().map(|wanted| &wanted.0));
        set(at_risk_percent, self.at_risk.as_ref().map(|wanted| &wanted.0));
        set(continue_if_violated, self.continue_if_violated.as_ref());
        set(retries, self.retries.as_ref());
        set(retry_delay, self.retry_delay.as_ref());
        set(crashes, self.crashes.as_ref());
        set(processing_limit, self.processing_limit.as_ref().map(|wanted| &wanted.0));
        set(edit_while_processing, self.edit_while_processing.as_ref());
        set(keep, self.keep.as_ref().map(|wanted| &wanted.0));
        settings
    }
}

fn wrong(name: &str, field: &Value, expected: &str) -> Fault {
    let reason = format!("`{name}` is {}, but should be {expected}", field.type_name());
    fault("import/bad-setting", reason, format!("write {expected}"))
}

fn text(name: &str, field: &Value) -> Result<String, Fault> {
    field.as_text().map(str::to_owned).ok_or_else(|| wrong(name, field, "a text"))
}

fn flag(name: &str, field: &Value) -> Result<bool, Fault> {
    field.as_bool().ok_or_else(|| wrong(name, field, "true or false"))
}

fn number<T: TryFrom<u64>>(name: &str, field: &Value) -> Result<T, Fault> {
    let number = field.as_number().and_then(model::Number::as_u64);
    let fits = number.and_then(|number| number.try_into().ok());
    fits.ok_or_else(|| wrong(name, field, "a small whole number"))
}

fn span(name: &str, field: &Value) -> Result<Duration, Fault> {
    let text = field.as_text().ok_or_else(|| wrong(name, field, "a span such as \"24h\""))?;
    time::parse_span(text).map_err(|error| {
        fault("value/bad-time", format!("`{name}`: {error}"), time::NotASpan::HINT)
    })
}

fn maybe<T>(
    name: &str,
    field: &Value,
    read: impl Fn(&str, &Value) -> Result<T, Fault>,
) -> Result<OrNone<T>, Fault> {
    let value = if field.is_null() { None } else { Some(read(name, field)?) };
    Ok(OrNone(value))
}
