//! Secrets by name. Only those granted to the plugin can be read.

use crate::host;
use crate::problem::refusals;

refusals! {
    /// Why a secret was not told.
    Error {
        NotFound => generic,
        Denied => generic,
        Other => it,
    }
}

/// The secret of this name.
pub fn get(name: &str) -> Result<String, Error> {
    host::secrets::get(name)
}
