//! What a driver needs of whoever runs plugins, and of whoever started it.

use std::fmt;
use std::time::Duration;

use model::Value;

use super::Cancel;
use crate::failure::Failure;
use crate::grant::Permit;
use crate::step::Step;

/// Performs the steps of plugins.
pub trait ActionHost: Send + Sync + fmt::Debug {
    /// What a plugin may do.
    fn permit(&self, plugin: &str) -> Permit;

    /// Performs a step, such as `finance/classify`, on an object of its parameters.
    fn perform(
        &self,
        step: Step,
        action: &str,
        inputs: &Value,
        frame: Frame,
    ) -> (Step, Result<Value, Failure>);
}

/// How a step of a plugin is stopped.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    /// How long it may take; what is usual where `None`.
    pub time: Option<Duration>,
    pub cancel: Cancel,
}

/// What somebody wants of a run while it goes on.
pub trait Control: Send + Sync + fmt::Debug {
    /// It is to end now.
    fn cancelled(&self) -> bool;
}
