//! The settings of a queue as options.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use model::limits::{CRASHES_MAX, RETRIES_MAX};
use model::{QueueSettings, Rules};

use crate::args::{
    OrNone, from_to, path_or_none, percent_or_none, span, span_or_none, text_or_none, yes_or_no,
};
use crate::error::Result;
use crate::input;

/// What is not given stays as it is, or as it is by default.
#[derive(Args, Clone, Debug, Default, PartialEq)]
pub(crate) struct Settings {
    /// The name that people read, or none to go by the key [default: none]
    #[arg(long, value_name = "TEXT", value_parser = text_or_none(), hide_possible_values = true)]
    name: Option<OrNone<String>>,
    /// What the queue is for, or none [default: none]
    #[arg(long, value_name = "TEXT", value_parser = text_or_none(), hide_possible_values = true)]
    description: Option<OrNone<String>>,
    /// How long an item added without an expiry may wait, or none [default: none]
    #[arg(long, value_name = "SPAN", value_parser = span_or_none(), hide_possible_values = true)]
    ttl: Option<OrNone<Duration>>,
    /// At which percentage of its time to expiry an item is at risk, or none [default: none]
    #[arg(long, value_name = "PERCENT", value_parser = percent_or_none())]
    #[arg(hide_possible_values = true)]
    at_risk: Option<OrNone<u8>>,
    /// Hand items out past their expiry, marked as violated [default: no]
    #[arg(long, value_name = "yes|no", num_args = 0..=1, value_parser = yes_or_no())]
    #[arg(default_missing_value = "yes", hide_possible_values = true)]
    continue_if_violated: Option<bool>,
    /// How often an it-exception is tried again [default: 0]
    #[arg(long, value_name = "N", value_parser = from_to(0, RETRIES_MAX))]
    retries: Option<u32>,
    /// How long such a retry waits [default: 0s]
    #[arg(long, value_name = "SPAN", value_parser = span)]
    retry_delay: Option<Duration>,
    /// How many lost leases an item survives [default: 3]
    #[arg(long, value_name = "N", value_parser = from_to(0, CRASHES_MAX))]
    crashes: Option<u32>,
    /// How long one claim may last, renewals included, or none [default: none]
    #[arg(long, value_name = "SPAN", value_parser = span_or_none(), hide_possible_values = true)]
    processing_limit: Option<OrNone<Duration>>,
    /// Let name and value be edited while a worker holds the item [default: no]
    #[arg(long, value_name = "yes|no", num_args = 0..=1, value_parser = yes_or_no())]
    #[arg(default_missing_value = "yes", hide_possible_values = true)]
    edit_while_processing: Option<bool>,
    /// How long finished items are kept, or none for ever [default: none]
    #[arg(long, value_name = "SPAN", value_parser = span_or_none(), hide_possible_values = true)]
    keep: Option<OrNone<Duration>>,
    /// A file with the JSON Schema of new values, - for stdin, or none [default: none]
    #[arg(long, value_name = "FILE", value_parser = path_or_none())]
    #[arg(value_hint = clap::ValueHint::FilePath)]
    schema: Option<OrNone<PathBuf>>,
}

fn set<T: Clone>(target: &mut T, wanted: Option<&T>) {
    if let Some(wanted) = wanted {
        target.clone_from(wanted);
    }
}

impl Settings {
    /// The rules, with what is given changed.
    pub(crate) fn over(&self, mut rules: Rules) -> Rules {
        set(&mut rules.ttl, self.ttl.as_ref().map(|ttl| &ttl.0));
        set(&mut rules.at_risk_percent, self.at_risk.as_ref().map(|percent| &percent.0));
        set(&mut rules.continue_if_violated, self.continue_if_violated.as_ref());
        set(&mut rules.retries, self.retries.as_ref());
        set(&mut rules.retry_delay, self.retry_delay.as_ref());
        set(&mut rules.crashes, self.crashes.as_ref());
        set(&mut rules.processing_limit, self.processing_limit.as_ref().map(|limit| &limit.0));
        set(&mut rules.edit_while_processing, self.edit_while_processing.as_ref());
        set(&mut rules.keep, self.keep.as_ref().map(|keep| &keep.0));
        rules
    }

    /// The name to set on the queue with this key.
    pub(crate) fn name(&self, key: &str) -> Option<String> {
        self.name.clone().map(|name| name.0.unwrap_or_else(|| key.to_owned()))
    }

    pub(crate) fn description(&self) -> Option<String> {
        self.description.clone().map(|text| text.0.unwrap_or_default())
    }

    pub(crate) fn of_new(&self, key: &str) -> QueueSettings {
        let mut settings = QueueSettings::new(key);
        set(&mut settings.name, self.name(key).as_ref());
        set(&mut settings.description, self.description().as_ref());
        settings.rules = self.over(settings.rules);
        settings
    }

    /// The schema to set.
    pub(crate) fn schema(&self) -> Result<Option<OrNone<String>>> {
        let Some(OrNone(file)) = &self.schema else { return Ok(None) };
        let text = file.as_deref().map(input::file_or_stdin).transpose()?;
        Ok(Some(OrNone(text)))
    }
}
