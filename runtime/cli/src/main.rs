//! The command `wharf`.

mod args;
mod command;
mod component;
mod context;
mod error;
mod exit_code;
mod flows;
mod import;
mod input;
mod output;
mod plugin;
mod runs;
mod sdk;
mod select;
mod session;
mod stage;
mod system;
mod toolchain;
mod view;

use std::ffi::OsString;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    match arguments.get(1) {
        // Nothing but the compiler runs in a process that was started for it.
        Some(word) if word == stage::COMPILE => host::compile::child_main(&arguments[2..]).into(),
        _ => session::run(arguments).into(),
    }
}
