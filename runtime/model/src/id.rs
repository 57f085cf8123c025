//! Identities: items, queues and batches have an `Id`, a claim has a `Token`.
//!
//! An `Id` is 48 bits of time and 80 bits of randomness, so neighbours in time are neighbours in an
//! index. Nothing may read an order or a time out of it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Clock, Entropy};

/// The alphabet of Crockford's base 32: no letter that looks like a digit.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const TEXT_LENGTH: usize = 26;

/// The identity of an item, a queue or a batch.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Id(u128);

/// Proof of a claim: whoever holds it may renew and settle.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Token(u128);

/// The text is not an identity.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not an id")]
pub struct NotAnId {
    pub text: String,
}

impl NotAnId {
    pub const HINT: &str = "an id is 26 letters and digits, as `wharf` printed it";
}

impl Id {
    /// A new identity.
    pub fn new(clock: &dyn Clock, entropy: &dyn Entropy) -> Self {
        let milliseconds = u128::try_from(clock.now().as_millisecond()).unwrap_or(0);
        let random = entropy.next() & ((1 << 80) - 1);
        Self((milliseconds & ((1 << 48) - 1)) << 80 | random)
    }

    pub fn to_bytes(self) -> [u8; 16] {
        self.0.to_be_bytes()
    }

    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(u128::from_be_bytes(bytes))
    }
}

impl Token {
    /// A new token, which nobody can guess.
    pub fn new(entropy: &dyn Entropy) -> Self {
        Self(entropy.next())
    }

    pub fn to_bytes(self) -> [u8; 16] {
        self.0.to_be_bytes()
    }

    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(u128::from_be_bytes(bytes))
    }
}

fn encode(number: u128) -> String {
    (0..TEXT_LENGTH)
        .rev()
        .map(|place| char::from(ALPHABET[(number >> (place * 5)) as usize & 31]))
        .collect()
}

fn decode(text: &str) -> Result<u128, NotAnId> {
    let refused = || NotAnId { text: text.chars().take(64).collect() };
    let digits = text.as_bytes();
    // 26 digits hold 130 bits: the first one must leave the upper two unset.
    if digits.len() != TEXT_LENGTH || !(b'0'..=b'7').contains(&digits[0]) {
        return Err(refused());
    }
    digits.iter().try_fold(0, |number: u128, digit| {
        let value = ALPHABET.iter().position(|known| *known == digit.to_ascii_lowercase());
        Ok(number << 5 | value.ok_or_else(refused)? as u128)
    })
}

macro_rules! text_form {
    ($type:ident) => {
        impl fmt::Display for $type {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(&encode(self.0))
            }
        }

        impl FromStr for $type {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                decode(text).map(Self)
            }
        }

        impl TryFrom<String> for $type {
            type Error = NotAnId;

            fn try_from(text: String) -> Result<Self, NotAnId> {
                text.parse()
            }
        }

        impl From<$type> for String {
            fn from(id: $type) -> String {
                id.to_string()
            }
        }
    };
}

text_form!(Id);
text_form!(Token);

impl fmt::Debug for Id {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Id({self})")
    }
}

impl fmt::Debug for Token {
    /// A token is a proof: it does not belong in logs.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Token(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_form_returns_the_same_id() {
        for number in [0, 1, u128::MAX, 1 << 127, 0x0123_4567_89ab_cdef_0123_4567_89ab_cdef] {
            let text = Id(number).to_string();
            assert_eq!(text.len(), TEXT_LENGTH);
            assert_eq!(text.parse(), Ok(Id(number)));
            assert_eq!(text.to_uppercase().parse(), Ok(Id(number)));
        }
    }

    #[test]
    fn refuses_what_is_not_an_id() {
        for text in ["", "abc", "80000000000000000000000000", "0000000000000000000000000u", "é"] {
            assert!(text.parse::<Id>().is_err(), "{text}");
        }
    }

    #[test]
    fn debug_form_hides_the_token() {
        assert_eq!(format!("{:?}", Token(7)), "Token(…)");
    }
}
