//! The plugins that a run uses, loaded before it begins.

use std::collections::{BTreeSet, HashMap};

use engine::driver::{ActionHost, Frame};
use engine::grant::{Grants, Permit};
use engine::{Failure, Kind, Step};
use host::project::Project;
use host::{Cancel, Limits, StepFrame, Steps};
use model::Value;

use crate::component::{self, Component};
use crate::error;
use crate::output::Output;
use crate::stage::Stage;

/// Plugins by their names.
#[derive(Debug)]
pub(crate) struct Plugins(HashMap<String, Plugin>);

#[derive(Debug)]
struct Plugin {
    steps: Steps,
    permit: Permit,
}

impl Plugins {
    /// Loads the plugins of these names, as they are installed.
    pub(crate) fn load(
        names: &BTreeSet<String>,
        project: &Project,
        stage: &Stage<'_>,
        output: &mut Output,
    ) -> error::Result<Self> {
        let mut plugins = HashMap::new();
        if names.is_empty() {
            return Ok(Self(plugins));
        }
        let host = stage.host(false)?;
        for name in names {
            let component: Component = component::find(name, stage, project, output)?;
            let steps = stage.load(&host, &component, output)?;
            let permit = stage.permit(name, &component.entry, steps.signature(), output)?;
            plugins.insert(name.clone(), Plugin { steps, permit });
        }
        Ok(Self(plugins))
    }
}

impl ActionHost for Plugins {
    fn permit(&self, plugin: &str) -> Permit {
        self.0.get(plugin).map_or_else(
            || Permit { plugin: plugin.into(), project: Grants::default(), ceiling: None },
            |plugin| plugin.permit.clone(),
        )
    }

    fn perform(
        &self,
        step: Step,
        action: &str,
        inputs: &Value,
        frame: Frame,
    ) -> (Step, Result<Value, Failure>) {
        let found = action.split_once('/').and_then(|(plugin, name)| {
            let plugin = self.0.get(plugin)?;
            Some((plugin, plugin.steps.signature().step(name).ok()?))
        });
        let Some((plugin, of)) = found else {
            let message = format!("the step `{action}` is not there any more");
            let hint = "look at `wharf plugin list`, and check the flow again";
            return (
                step,
                Err(Failure::new(Kind::Generic, "action/not-found", message).with_hint(hint)),
            );
        };
        let (mut limits, cancel) = (Limits::default(), Cancel::default());
        limits.time = frame.time.unwrap_or(limits.time);
        let heard = cancel.clone();
        frame.cancel.on_raise(move || heard.cancel());
        plugin.steps.perform(step, of, inputs, StepFrame { limits, cancel })
    }
}
