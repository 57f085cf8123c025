//! What keeps secrets in the journal: only the installation that wrote them can read them.

use std::fmt;

/// Seals texts, and opens what it has sealed.
pub trait Vault: Send + Sync + fmt::Debug {
    /// The text, so that nobody else can read it. The error says why that cannot be done.
    fn seal(&self, text: &str) -> Result<String, String>;

    /// The text that was sealed; `None` where it was not sealed here, or somebody changed it.
    fn open(&self, sealed: &str) -> Option<String>;
}
