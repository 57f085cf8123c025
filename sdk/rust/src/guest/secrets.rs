//! `wharf:host/secrets`

use super::bindings::wharf::host::secrets as wire;
use super::refused;
use crate::secrets::Error;

refused!(wire::SecretError => Error { NotFound Denied Other });

pub(crate) fn get(name: &str) -> Result<String, Error> {
    Ok(wire::get(name)?)
}
