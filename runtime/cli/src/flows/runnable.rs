//! What a check accepts and this version does not run: said before anything runs, never in the
//! middle.

use engine::machine::Flows;
use flow::Flow;
use flow::program::{Kind, Trigger};

use crate::error::{Error, Result};

/// An error if something in these flows would not be done as it says.
pub(crate) fn check(flows: &Flows) -> Result<()> {
    if flows.main.triggers.iter().any(|it| matches!(it.value, Trigger::Queue(_))) {
        let problem = "it works on the item of a queue that starts it";
        let hint = "take the items with `process: QUEUE` in a flow without `on: queue`";
        return Err(cannot(&flows.main, problem, hint));
    }
    std::iter::once(&flows.main).chain(flows.called.values()).try_for_each(steps)
}

fn steps(flow: &Flow) -> Result<()> {
    let mut found = Ok(());
    for block in std::iter::once(&flow.steps).chain(&flow.on_failure) {
        flow::walk::steps(block, &mut |step| match &step.kind {
            Kind::Group { atomic: true, .. } => {
                let problem = "a group with `atomic: true` cannot be one transaction yet";
                let hint = "leave `atomic` away, so that each step is one; or let a step of a \
                            plugin do all of it";
                found = Err(cannot(flow, problem, hint));
            }
            Kind::Process(process) if process.retry_delay.is_some() => {
                let problem = "`retry-delay` of `process` has no effect yet";
                let hint = "give the delay to the queue: `wharf queue edit QUEUE --retry-delay`";
                found = Err(cannot(flow, problem, hint));
            }
            _ => {}
        });
    }
    found
}

fn cannot(flow: &Flow, problem: &'static str, hint: &'static str) -> Error {
    Error::CannotRun { flow: flow.name.value.clone(), problem, hint }
}
