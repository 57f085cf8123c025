//! The process that compiles, from the inside.

use std::ffi::OsString;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use super::compile;
use super::job::{DONE, FAILED, INVALID, Job, pack};
use crate::fault::Fault;

/// Does what a [`Compiler`](super::Compiler) asks for, in a process that it started with these
/// last words on its command line. Returns the code to exit with.
pub fn child_main(arguments: &[OsString]) -> u8 {
    let Some(job) = Job::from_arguments(arguments) else { return FAILED };
    // Before anything is read: a process that could not be bounded must not go on.
    let ended = job.bounds.apply().map_err(|error| failed(&error)).and_then(|()| perform(&job));
    let (code, answer) = match ended {
        Ok(code) => (DONE, code),
        Err(Fault::Invalid { problem }) => (INVALID, problem.into_bytes()),
        Err(fault) => (FAILED, fault.to_string().into_bytes()),
    };
    write(&job.output, &answer).map_or(FAILED, |()| code)
}

fn perform(job: &Job) -> Result<Vec<u8>, Fault> {
    let component = fs::read(&job.input).map_err(|error| failed(&error))?;
    Ok(pack(&compile(&component)?))
}

fn failed(error: &io::Error) -> Fault {
    Fault::Compiler { detail: error.to_string() }
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(bytes)
}
