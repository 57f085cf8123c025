//! `wharf completions`: what a shell needs to complete the command line.

use clap_complete::Shell;

use crate::args::command;
use crate::error::Result;
use crate::exit_code::ExitCode;
use crate::output::Output;

/// Print the completions of a shell
///
/// They offer commands, options and the words an option takes. Names of queues are not among them:
/// the store would have to be opened at each press of the key.
///
/// Example: wharf completions bash > ~/.local/share/bash-completion/completions/wharf
#[derive(clap::Args, Debug)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    #[arg(value_enum)]
    shell: Shell,
}

pub(crate) fn cmd(args: &Args, output: &mut Output) -> Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command(), "wharf", &mut script);
    output.write(&String::from_utf8_lossy(&script))?;
    Ok(ExitCode::Ok)
}
