//! The command `wharf`.

mod args;
mod command;
mod context;
mod error;
mod exit_code;
mod import;
mod input;
mod output;
mod plugin;
mod sdk;
mod select;
mod session;
mod system;
mod toolchain;
mod view;

fn main() -> std::process::ExitCode {
    session::run(std::env::args_os()).into()
}
