//! One run of the command: reads the command line, opens what is needed, does it, says how it went.

use std::ffi::OsString;
use std::io::{self, BufWriter};
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use host::project;
use model::{Clock, Entropy};

use crate::args::{self, Cli, Color, Stop};
use crate::command::{
    Command, bench, build, call, check, completions, db, doctor, explain as explain_code, item,
    new, plugin, queue, run as run_flow, runs, schema,
};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::exit_code::ExitCode;
use crate::output::{Format, Output};
use crate::stage::{Stage, open_store};
use crate::system::{Environment, SystemClock, SystemEntropy, interruptions, outlive_file_limit};
use crate::toolchain::Tools;

pub(crate) fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    outlive_file_limit();
    let environment = Environment::read();
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let cli = match args::parse(&arguments) {
        Ok(cli) => cli,
        Err(stop) => return explain(stop, &arguments, &environment),
    };
    let mut output = output(cli.global.output, cli.global.color, cli.global.quiet, &environment);
    let done =
        dispatch(cli, &environment, &mut output).and_then(|code| output.flush().map(|()| code));
    match done {
        Ok(code) => code,
        Err(error) if error.is_broken_pipe() => ExitCode::Ok,
        Err(error) => {
            // What was already done is said before what went wrong.
            let _unread = output.flush();
            output.fail(&error);
            error.exit_code()
        }
    }
}

/// Prints the help that was asked for, or what is wrong with the command line and its code.
fn explain(stop: Stop, arguments: &[OsString], environment: &Environment) -> ExitCode {
    // Help that nobody reads is no failure, and neither is a complaint.
    match stop {
        Stop::Asked(help) => {
            let _unread = help.print();
            ExitCode::Ok
        }
        Stop::NoCommand(help) => {
            let _unread = help.print();
            ExitCode::Usage
        }
        Stop::Wrong(error) => {
            let format = args::told(arguments, "--output").unwrap_or_default();
            let color = args::told(arguments, "--color").unwrap_or_default();
            output(format, color, false, environment).fail(&error);
            error.exit_code()
        }
    }
}

fn output(format: Format, color: Color, quiet: bool, environment: &Environment) -> Output {
    let color = |is_terminal: bool| match color {
        Color::Auto => is_terminal && !environment.no_color,
        Color::Always => true,
        Color::Never => false,
    };
    Output {
        format,
        quiet,
        color: (color(environment.out_is_terminal), color(environment.err_is_terminal)),
        columns: environment.columns,
        progress: environment.err_is_terminal && !quiet,
        out: Box::new(BufWriter::new(io::stdout())),
        err: Box::new(io::stderr()),
        done: None,
    }
}

fn dispatch(cli: Cli, environment: &Environment, output: &mut Output) -> Result<ExitCode> {
    let given = cli.global.data.as_ref().or(environment.data.as_ref());
    let dir = given.map_or_else(own_data, |given| Ok(given.clone()))?;
    match cli.command {
        Command::Completions(args) => completions::cmd(&args, output),
        Command::Bench(verb) => bench::cmd(&verb, &stage(dir, environment)?, output),
        Command::Plugin(verb) => plugin::cmd(&verb, &stage(dir, environment)?, output),
        Command::Call(args) => call::cmd(&args, &stage(dir, environment)?, output),
        Command::Check(args) => check::cmd(&args, &stage(dir, environment)?, output),
        Command::Run(args) => run_flow::cmd(&args, &stage(dir, environment)?, output),
        Command::Runs(runs::Verb::Resume(args)) => {
            runs::resume(&args, &stage(dir, environment)?, output)
        }
        Command::Explain(args) => explain_code::cmd(&args, output),
        Command::Schema(verb) => schema::cmd(&verb, &stage(dir, environment)?, output),
        Command::Db(db::Verb::Restore { file }) => db::restore(&dir, &file, output),
        Command::New(verb) => new::cmd(&verb, &here()?, output),
        Command::Build(args) => {
            with_tools(environment, output, |tools, output| build::cmd(&args, tools, output))
        }
        Command::Doctor(args) => with_tools(environment, output, |tools, output| {
            doctor::cmd(&args, &here()?, &dir, tools, output)
        }),
        command => {
            let checks = matches!(command, Command::Db(db::Verb::Check));
            match with_store(&command, dir.clone(), environment, output) {
                Err(error) if checks && error.is_damage() => db::examine(&dir, error, output),
                done => done,
            }
        }
    }
}

/// The current folder. Paths that go up from it mean what they mean for the shell.
fn here() -> Result<PathBuf> {
    std::env::current_dir().map_err(Error::file("open", "."))
}

/// The data directory of the project that the current folder lies in, or of this folder alone.
fn own_data() -> Result<PathBuf> {
    let here = here()?;
    let root = project::root_of(&here);
    Ok(if root == here { PathBuf::from(project::DATA) } else { root.join(project::DATA) })
}

/// For the verbs that open what they need themselves.
fn stage(data: PathBuf, environment: &Environment) -> Result<Stage<'_>> {
    Ok(Stage {
        data,
        here: here()?,
        environment,
        clock: Arc::new(SystemClock::new()),
        entropy: Arc::new(SystemEntropy),
        interrupted: LazyLock::new(interruptions),
    })
}

/// For the verbs that run the tool chain of plugins and need no store.
fn with_tools(
    environment: &Environment,
    output: &mut Output,
    work: impl FnOnce(&Tools<'_>, &mut Output) -> Result<ExitCode>,
) -> Result<ExitCode> {
    let (clock, interrupted) = (SystemClock::new(), interruptions());
    let tools = Tools {
        clock: &clock,
        interrupted: &interrupted,
        compiler: &environment.compiler,
        quiet: output.quiet,
        color: output.color.1,
    };
    work(&tools, output)
}

fn with_store(
    command: &Command,
    dir: PathBuf,
    environment: &Environment,
    output: &mut Output,
) -> Result<ExitCode> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
    let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy);
    let (runtime_dir, create) = (environment.runtime_dir.clone(), command.makes_store());
    let access = open_store(dir, create, runtime_dir, Arc::clone(&clock), Arc::clone(&entropy))?;
    let interrupted = interruptions();
    let mut context = Context {
        store: &access,
        clock: &*clock,
        entropy: &*entropy,
        interrupted: &interrupted,
        worker: &environment.worker,
        output,
    };
    let done = match command {
        Command::Queue(verb) => queue::cmd(verb, &mut context),
        Command::Item(verb) => item::cmd(verb, &mut context),
        Command::Db(verb) => db::cmd(verb, &mut context),
        Command::Runs(verb) => runs::cmd(verb, &mut context),
        Command::Run(_)
        | Command::Bench(_)
        | Command::New(_)
        | Command::Build(_)
        | Command::Plugin(_)
        | Command::Call(_)
        | Command::Check(_)
        | Command::Explain(_)
        | Command::Schema(_)
        | Command::Doctor(_)
        | Command::Completions(_) => unreachable!("these need no shared store"),
    };
    // What was printed is read by somebody even while others still ask this process.
    let flushed = context.output.flush();
    let closed = access.close().map_err(Error::from);
    done.and_then(|code| flushed.and(closed).map(|()| code))
}
