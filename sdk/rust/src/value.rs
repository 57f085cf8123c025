//! Values as JSON: how those of a plugin's own types are written and read.
//!
//! `#[wharf::plugin]` implements [`Value`] for the types that steps take and return, for those in
//! an enum marked `#[wharf(error)]`, and for those marked `#[wharf(value)]`. Names, numbers,
//! moments and cases look as they do outside of the plugin.

mod base64;
mod collections;
mod misfit;
mod node;
mod parse;
mod plain;
mod writer;

use crate::Json;
pub use misfit::Misfit;
pub use node::{Fields, Node};
pub use writer::Writer;

/// A type whose values are JSON outside of the plugin.
#[diagnostic::on_unimplemented(
    message = "wharf does not know how `{Self}` looks as JSON",
    note = "types that steps take or return do; mark others of a plugin's module `#[wharf(value)]`"
)]
pub trait Value: Sized {
    /// Is it text, so that pairs with it are the fields of an object?
    #[doc(hidden)]
    const IS_TEXT: bool = false;

    /// May it be `null`, so that around it `null` needs to look otherwise?
    #[doc(hidden)]
    const IS_OPTION: bool = false;

    #[doc(hidden)]
    fn write(&self, out: &mut Writer);

    #[doc(hidden)]
    fn read(node: &Node) -> Result<Self, Misfit>;

    /// What a field is that is not there, where it may be missing.
    #[doc(hidden)]
    fn missing() -> Option<Self> {
        None
    }

    #[doc(hidden)]
    fn write_list(items: &[Self], out: &mut Writer) {
        out.list(items, Self::write);
    }

    #[doc(hidden)]
    fn read_list(node: &Node) -> Result<Vec<Self>, Misfit> {
        node.list(Self::read)
    }
}

/// The JSON that `write` writes.
#[doc(hidden)]
pub fn json(write: impl FnOnce(&mut Writer)) -> Json {
    let mut out = Writer::default();
    write(&mut out);
    Json::from(out.finish())
}

/// What a step returns as its error.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say how a step fails",
    note = "mark an enum of the module `#[wharf(error)]`, or implement `From<{Self}>` for \
            `wharf::Error`"
)]
pub trait Fails: Into<crate::Error> {}

#[diagnostic::do_not_recommend]
impl<E: Into<crate::Error>> Fails for E {}

/// Compiles where `E` can be the error of a step.
#[doc(hidden)]
pub const fn fails<E: Fails>() {}

/// What a step returns where its error has no name of its own in the source.
#[doc(hidden)]
pub trait Returns {}

impl<T, E: Fails> Returns for Result<T, E> {}

/// Compiles where `R` can be what a step returns.
#[doc(hidden)]
pub const fn returns<R: Returns>() {}

pub(crate) use parse::parse;

#[cfg(test)]
mod tests;
