//! `wharf call`: one step, performed now.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};
use std::thread;
use std::time::Duration;

use engine::grant::Permit;
use engine::{Failure, Order, perform_step};
use host::project::Project;
use host::{Cancel, Limits, StepFrame, StepSignature, Steps, value};
use model::{Store, Value, json};

use crate::args::time_limit;
use crate::component;
use crate::error::{Error, Result};
use crate::exit_code::ExitCode;
use crate::input;
use crate::output::Output;
use crate::stage::Stage;

/// Perform a step of a plugin on the data directory, and print its result as JSON
///
/// PLUGIN is the name of an installed plugin, a .wasm file, or the folder of a plugin, which is
/// built first. The step may do what `wharf plugin grant` allows a plugin of that name. What it
/// does to queues is kept if it succeeds, and undone if it fails or is interrupted. What it logs
/// goes to stderr. Exits 3 if the step fails with a business exception, 1 if it fails otherwise.
///
/// Secrets come from variables such as `WHARF_SECRET_PORTAL_TOKEN`, else from files such as
/// `secrets/portal-token` in the data directory, which nobody but their owner may read.
///
/// Example: wharf call finance classify --input '{"invoice": {"number": "A-1", "lines": []}}'
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// An installed plugin, a .wasm file, or the folder of a plugin
    plugin: String,
    /// The step; without it the steps are named
    step: Option<String>,
    /// An object by the names of the parameters; @FILE, or - for stdin
    #[arg(long, value_name = "JSON", default_value = "{}")]
    input: String,
    /// How long it may take [default: 1m]
    #[arg(long, value_name = "SPAN", value_parser = time_limit)]
    timeout: Option<Duration>,
}

/// How often it is looked whether somebody pressed Ctrl-C.
const LOOK_EVERY: Duration = Duration::from_millis(20);

pub(crate) fn cmd(args: &Args, stage: &Stage<'_>, output: &mut Output) -> Result<ExitCode> {
    LazyLock::force(&stage.interrupted);
    let project = stage.project()?;
    let component = component::find(&args.plugin, stage, &project, output)?;
    let host = stage.host(false)?;
    let steps = stage.load(&host, &component, output)?;
    let of = step(args.step.as_deref(), &steps)?;
    let input = object(&args.input)?;
    // What the caller got wrong is told as such, not as a failure of the step.
    value::arguments(of, &input)
        .map_err(|mismatch| host::Error::Value { step: of.name.clone(), mismatch })?;
    let permit = stage.permit(&component.name, &component.entry, steps.signature(), output)?;
    let mut limits = Limits::default();
    limits.time = args.timeout.unwrap_or(limits.time);
    let call = Call { steps: &steps, of, input: &input, limits };
    let result = call.perform(&project, permit, stage, output)?;
    let for_a_person = output.is_text() && stage.environment.out_is_terminal;
    output.line(&if for_a_person { json::pretty(&result) } else { json::write(&result) })?;
    Ok(ExitCode::Ok)
}

fn step<'s>(name: Option<&str>, steps: &'s Steps) -> Result<&'s StepSignature> {
    let signature = steps.signature();
    let Some(name) = name else {
        let names = signature.steps.iter().map(|step| format!("`{}`", step.name));
        let names: Vec<String> = names.collect();
        let message = format!("which step of `{}`?", steps.name());
        let hint = format!("its steps are {}; `wharf plugin inspect` tells more", names.join(", "));
        return Err(Error::usage(message, hint));
    };
    Ok(signature.step(name)?)
}

fn object(argument: &str) -> Result<Value> {
    let text = input::text(argument)?;
    Ok(json::parse(&text).map_err(|error| model::Error::InvalidJson {
        line: error.line,
        column: error.column,
        problem: error.problem(),
    })?)
}

struct Call<'c> {
    steps: &'c Steps,
    of: &'c StepSignature,
    input: &'c Value,
    limits: Limits,
}

impl Call<'_> {
    fn perform(
        self,
        project: &Project,
        permit: Permit,
        stage: &Stage<'_>,
        output: &mut Output,
    ) -> Result<Value> {
        let store = Arc::new(stage.store());
        let shared = Arc::clone(&store) as Arc<dyn Store>;
        let world = stage.world(project, &permit, shared, output)?;
        let order = Order { name: format!("{}/{}", permit.plugin, self.of.name), permit };
        let cancel = Cancel::default();
        let frame = StepFrame { limits: self.limits, cancel: cancel.clone() };
        let performed = watched(&stage.interrupted, &cancel, || {
            perform_step(&world, order, |step| self.steps.perform(step, self.of, self.input, frame))
        });
        drop(world);
        let closed = Arc::into_inner(store).map_or(Ok(()), crate::stage::Lazy::close);
        let result = performed.map_err(|failure: Failure| Error::Step(Box::new(failure)))?;
        closed?;
        Ok(result)
    }
}

/// Does the work, and cancels it when the flag is raised.
fn watched<T>(interrupted: &AtomicBool, cancel: &Cancel, work: impl FnOnce() -> T) -> T {
    let ended = AtomicBool::new(false);
    thread::scope(|scope| {
        let watcher = scope.spawn(|| {
            while !ended.load(Ordering::Relaxed) {
                if interrupted.load(Ordering::Relaxed) {
                    return cancel.cancel();
                }
                thread::park_timeout(LOOK_EVERY);
            }
        });
        // Even if the work panics nobody waits for the watcher.
        let _end = Ending { ended: &ended, watcher: watcher.thread() };
        work()
    })
}

struct Ending<'e> {
    ended: &'e AtomicBool,
    watcher: &'e thread::Thread,
}

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
        self.watcher.unpark();
    }
}
