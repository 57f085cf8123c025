//! `wharf run`: a flow, from its beginning to its end, here and now.

mod inputs;

use engine::driver::NewRun;
use engine::machine::Input;
use model::Id;
use model::run::Trigger;

use crate::error::{Error, Result};
use crate::exit_code::ExitCode;
use crate::flows::{self, Broken};
use crate::output::Output;
use crate::runs::{self, Begin};
use crate::stage::Stage;
use crate::view::problem;

/// Run a flow here and now, without a server or set-up
///
/// FLOW is a file, or the name of a flow in the folder `flows` of the project. It is checked first,
/// and nothing runs where something is wrong. What it does is recorded in the data directory:
/// `wharf runs show` tells of it, and `wharf runs resume` goes on with a run that was cut off. Its
/// outputs are printed as JSON. Exits 3 if it fails with a business exception, 1 if it fails
/// otherwise.
///
/// Example: wharf run ingest-invoices --input file=inbox/invoices.csv
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// A file, or the name of a flow in `flows`
    #[arg(value_hint = clap::ValueHint::FilePath)]
    flow: String,
    /// An input by its name; may be given several times
    #[arg(short, long = "input", value_name = "NAME=VALUE")]
    inputs: Vec<String>,
    /// All inputs as a JSON object: a file, or - for stdin
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    input_file: Option<String>,
}

pub(crate) fn cmd(args: &Args, stage: &Stage<'_>, output: &mut Output) -> Result<ExitCode> {
    let loaded = match flows::load(&args.flow, stage)? {
        Ok(loaded) => loaded,
        Err(broken) => return Err(refused(&args.flow, &broken, output)),
    };
    for warning in &loaded.warnings {
        if warning.severity == flow::Severity::Warning && output.is_text() {
            let excerpt = problem::excerpt(warning, output.color.1, output.columns);
            output.say(&format!("{excerpt}\n"));
        }
    }
    flows::runnable::check(&loaded.flows)?;
    let inputs = inputs::read(&args.inputs, args.input_file.as_deref(), &loaded.flows.main)?;
    let id = Id::new(&*stage.clock, &*stage.entropy);
    let pin = loaded.pin.clone();
    let input = Input { inputs, ..Input::default() };
    let begin = Begin::New(Box::new(NewRun { id, pin, trigger: Trigger::Manual, input }));
    runs::drive(begin, &loaded, stage, output)
}

/// Tells everything that is wrong with a flow that cannot be run.
pub(crate) fn refused(flow: &str, broken: &Broken, output: &mut Output) -> Error {
    for it in &broken.problems {
        if output.is_text() {
            let excerpt = problem::excerpt(it, output.color.1, output.columns);
            output.warn(&format!("{excerpt}\n"));
        } else {
            output.warn(&problem::object(it));
        }
    }
    let errors = broken.problems.iter().filter(|it| it.severity == flow::Severity::Error).count();
    Error::BrokenFlow { flow: flow.to_owned(), errors }
}
