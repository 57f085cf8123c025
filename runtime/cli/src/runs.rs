//! Runs of flows: driven here, and told about.

mod host;
mod tree;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};

use engine::Failure;
use engine::driver::{CannotResume, Control, Driver, NewRun};
use engine::grant::Permit;
use engine::machine::Outcome;
use model::{Id, Store, json};

pub(crate) use self::host::Plugins;
use self::tree::Tree;
use crate::error::{Error, Result};
use crate::exit_code::ExitCode;
use crate::flows::Loaded;
use crate::output::Output;
use crate::stage::Stage;

/// How a run is begun.
#[derive(Debug)]
pub(crate) enum Begin {
    New(Box<NewRun>),
    /// One that lost its driver goes on.
    Again(Id),
}

impl Begin {
    fn id(&self) -> Id {
        match self {
            Self::New(new) => new.id,
            Self::Again(id) => *id,
        }
    }
}

/// Drives a run to its end, shows how it gets on, and prints its outputs.
pub(crate) fn drive(
    begin: Begin,
    loaded: &Loaded,
    stage: &Stage<'_>,
    output: &mut Output,
) -> Result<ExitCode> {
    LazyLock::force(&stage.interrupted);
    let project = stage.project()?;
    let plugins = Plugins::load(&loaded.plugins, &project, stage, output)?;
    let permit = Permit::of_flow(stage.ceiling()?);
    let store = Arc::new(stage.store_made());
    let shared = Arc::clone(&store) as Arc<dyn Store>;
    let world = stage.world(&project, &permit, shared, output)?;
    let id = begin.id();
    let mut tree = Tree::new(id, &loaded.flows.main.name.value, &*world.clock, output);
    let driver = Driver {
        world: world.clone(),
        host: &plugins,
        flows: &loaded.flows,
        permit,
        control: &Interrupt(&stage.interrupted),
        watch: &mut tree,
        vault: stage.vault(),
        name: format!("wharf run:{}", std::process::id()),
    };
    let ended = match begin {
        Begin::New(new) => driver.start(*new).map_err(CannotResume::from),
        Begin::Again(id) => driver.resume(id),
    };
    if let Ok(outcome) = &ended {
        tree.finish(&*world.clock, outcome);
    }
    drop(world);
    let closed = Arc::into_inner(store).map_or(Ok(()), crate::stage::Lazy::close);
    let outcome = ended.map_err(|error| cannot_go_on(id, error))?;
    closed?;
    tell(&outcome, stage, output)
}

fn cannot_go_on(run: Id, error: CannotResume) -> Error {
    match error {
        CannotResume::Store(error) => Error::Model(error),
        other => Error::CannotResume { run, problem: other.to_string() },
    }
}

/// Prints the outputs of a run, or says why it failed.
fn tell(outcome: &Outcome, stage: &Stage<'_>, output: &mut Output) -> Result<ExitCode> {
    match outcome {
        Outcome::Succeeded(outputs) => {
            let nothing = outputs.as_object().is_none_or(indexmap::IndexMap::is_empty);
            let for_a_person = output.is_text() && stage.environment.out_is_terminal;
            if !nothing || !output.is_text() {
                let text = if for_a_person { json::pretty(outputs) } else { json::write(outputs) };
                output.line(&text)?;
            }
            Ok(ExitCode::Ok)
        }
        Outcome::Failed(trouble) => {
            let mut failure: Failure = trouble.failure.clone();
            failure.message = format!("{}: {}", trouble.path, failure.message);
            Err(Error::Step(Box::new(failure)))
        }
        Outcome::Cancelled => Err(Error::Interrupted),
    }
}

/// Ctrl-C ends the run.
#[derive(Debug)]
struct Interrupt<'a>(&'a AtomicBool);

impl Control for Interrupt<'_> {
    fn cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
