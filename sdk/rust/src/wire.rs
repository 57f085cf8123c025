//! How values cross between a plugin and its host. For the code that `#[wharf::plugin]` writes.

mod collections;

pub use wit_bindgen;

pub use crate::guest::bindings::wharf::host::types;
use crate::value::Misfit;
use crate::{DateTime, Decimal, Error, Json, Kind, decimal};

/// A type that crosses, and what the bindings have in its place.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be taken or returned by a step",
    note = "use a type of the plugin's module or a plain one; `Decimal`, `DateTime` and `Json` are \
            those of the crate `wharf`"
)]
pub trait Wire: Sized {
    type Wire;

    fn from_wire(wire: Self::Wire) -> Result<Self, Misfit>;
    fn into_wire(self) -> Self::Wire;
}

/// A parameter or a field of that name.
pub fn take<T: Wire>(name: &str, wire: T::Wire) -> Result<T, Misfit> {
    T::from_wire(wire).map_err(|misfit| misfit.within(name))
}

/// An error, as the host sees it.
pub fn failure(error: impl Into<Error>) -> types::Failure {
    let error: Error = error.into();
    let kind = match error.kind() {
        Kind::Business => types::FailureKind::Business,
        Kind::It => types::FailureKind::It,
        Kind::Generic => types::FailureKind::Generic,
    };
    let data = error.data().map(|data| data.as_str().to_owned());
    let (code, message) = (error.code().to_owned(), error.message().to_owned());
    types::Failure { kind, code, message, hint: error.hint().map(str::to_owned), data }
}

impl From<Misfit> for types::Failure {
    fn from(misfit: Misfit) -> Self {
        failure(misfit)
    }
}

macro_rules! same {
    ($($plain:ty)*) => {$(
        impl Wire for $plain {
            type Wire = Self;

            fn from_wire(wire: Self) -> Result<Self, Misfit> {
                Ok(wire)
            }

            fn into_wire(self) -> Self {
                self
            }
        }
    )*};
}

same!(() bool u8 u16 u32 u64 i8 i16 i32 i64 f32 f64 char String);

impl Wire for Decimal {
    type Wire = String;

    fn from_wire(wire: String) -> Result<Self, Misfit> {
        decimal::exact(&wire)
    }

    fn into_wire(self) -> String {
        self.to_string()
    }
}

impl Wire for DateTime {
    type Wire = String;

    fn from_wire(wire: String) -> Result<Self, Misfit> {
        Self::read_text(&wire)
    }

    fn into_wire(self) -> String {
        self.as_str().to_owned()
    }
}

impl Wire for Json {
    type Wire = String;

    fn from_wire(wire: String) -> Result<Self, Misfit> {
        Ok(Self::from(wire))
    }

    fn into_wire(self) -> String {
        self.into()
    }
}
