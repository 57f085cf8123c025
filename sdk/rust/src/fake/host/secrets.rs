//! Secrets that a test has granted.

use super::problem;
use crate::fake::world::with;
use crate::secrets::Error;

pub(crate) fn get(name: &str) -> Result<String, Error> {
    with(|world| world.secrets.get(name).cloned()).ok_or_else(|| {
        let message = format!("there is no secret `{name}`");
        let hint = format!("grant it in the test: `wharf::fake::secret({name:?}, …)`");
        Error::NotFound(problem("secret/not-found", message, hint))
    })
}
