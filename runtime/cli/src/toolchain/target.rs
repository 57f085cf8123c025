//! Whether rustc can compile for WebAssembly, and what to do if it cannot.

use std::path::Path;

use crate::error::{Error as CliError, Result};
use crate::toolchain::process::{self, Talk};
use crate::toolchain::{Error, TARGET, Tools};

/// Adds the target where it is missing, through rustup: it belongs to the tool chain of the folder.
pub(super) fn ensure(folder: &Path, tools: &Tools<'_>) -> Result<()> {
    if is_there(folder, tools)? {
        return Ok(());
    }
    add(folder, tools)?;
    if is_there(folder, tools)? { Ok(()) } else { Err(Error::TargetRefused.into()) }
}

pub(crate) fn is_there(folder: &Path, tools: &Tools<'_>) -> Result<bool> {
    let arguments = ["--print", "target-libdir", "--target", TARGET];
    let ran = process::run("rustc", &arguments, folder, Talk::Dropped, tools.interrupted)?;
    // A rustc that has never heard of the target fails.
    Ok(ran.success && Path::new(ran.said.trim()).is_dir())
}

/// Lets rustup add the target; a person reads what it says.
pub(crate) fn add(folder: &Path, tools: &Tools<'_>) -> Result<()> {
    let arguments = ["target", "add", TARGET];
    match process::run("rustup", &arguments, folder, Talk::Shown, tools.interrupted) {
        Ok(ran) if ran.success => Ok(()),
        Ok(_) => Err(Error::TargetRefused.into()),
        Err(CliError::Toolchain(Error::ProgramMissing { .. })) => Err(Error::TargetMissing.into()),
        Err(other) => Err(other),
    }
}
