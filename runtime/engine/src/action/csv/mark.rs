//! Characters that mean something in a table: delimiters and quotes.

use flow::expr::Type;
use model::Value;

use crate::action::given::Misfit;
use crate::action::input::Input;

/// A character of the format.
#[derive(Clone, Copy, Debug)]
pub(super) struct Character(pub(super) u8);

impl Input for Character {
    fn takes() -> Type {
        Type::Text
    }

    fn read(value: Value) -> Result<Self, Misfit> {
        match value.as_text().map(str::as_bytes) {
            Some(b"tab") => Ok(Self(b'\t')),
            Some([byte]) if byte.is_ascii() => Ok(Self(*byte)),
            _ => Err(Misfit::type_of(&value, "one ASCII character")),
        }
    }
}

/// The character around cells, or none.
#[derive(Clone, Copy, Debug)]
pub(super) struct Quoting(pub(super) Option<u8>);

impl Input for Quoting {
    fn takes() -> Type {
        Type::Text
    }

    fn read(value: Value) -> Result<Self, Misfit> {
        if value.as_text() == Some("none") {
            return Ok(Self(None));
        }
        Character::read(value).map(|Character(byte)| Self(Some(byte)))
    }
}
