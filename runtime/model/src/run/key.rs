//! Names that are bytes: of a text by what is in it, and of an effect by where it comes from.

use std::fmt;
use std::fmt::Write;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Error, limits};

/// The text is not bytes in hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not {what} in hexadecimal digits")]
pub struct NotHex {
    pub what: &'static str,
    pub text: String,
}

/// The digest of a text. Which function it comes from is the affair of whoever pins the text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Digest([u8; 32]);

impl Digest {
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    pub fn to_bytes(self) -> [u8; 32] {
        self.0
    }
}

/// The name of an effect of a run: the same step of the same attempt names it alike.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct EffectKey(Vec<u8>);

impl EffectKey {
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self(bytes.into())
    }

    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    pub(crate) fn check(&self) -> Result<(), Error> {
        if self.0.is_empty() {
            return Err(Error::Blank { what: "effect key".into() });
        }
        Error::limit("effect-key", self.0.len(), limits::EFFECT_KEY_BYTES_MAX)
    }
}

fn encode(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a text takes what is written to it");
        text
    })
}

fn decode(text: &str, what: &'static str) -> Result<Vec<u8>, NotHex> {
    let refused = || NotHex { what, text: text.chars().take(64).collect() };
    let digit = |byte: u8| char::from(byte).to_digit(16).ok_or_else(refused);
    if !text.len().is_multiple_of(2) {
        return Err(refused());
    }
    let pairs = text.as_bytes().chunks_exact(2);
    pairs.map(|pair| Ok((digit(pair[0])? << 4 | digit(pair[1])?) as u8)).collect()
}

impl fmt::Display for Digest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&encode(&self.0))
    }
}

impl FromStr for Digest {
    type Err = NotHex;

    fn from_str(text: &str) -> Result<Self, NotHex> {
        let what = "a digest";
        let bytes = decode(text, what)?.try_into();
        bytes.map(Self).map_err(|_| NotHex { what, text: text.chars().take(64).collect() })
    }
}

impl TryFrom<String> for Digest {
    type Error = NotHex;

    fn try_from(text: String) -> Result<Self, NotHex> {
        text.parse()
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> Self {
        digest.to_string()
    }
}

impl TryFrom<String> for EffectKey {
    type Error = NotHex;

    fn try_from(text: String) -> Result<Self, NotHex> {
        decode(&text, "an effect key").map(Self)
    }
}

impl From<EffectKey> for String {
    fn from(key: EffectKey) -> Self {
        encode(&key.0)
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Digest({self})")
    }
}

impl fmt::Debug for EffectKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "EffectKey({})", encode(&self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_form_returns_the_same_bytes() {
        let digest = Digest::from_bytes(std::array::from_fn(|at| (at * 8) as u8));
        assert_eq!(digest.to_string().parse(), Ok(digest));
        for key in [&b""[..], b"\x00", b"\xff\x10run"] {
            let key = EffectKey::new(key);
            assert_eq!(EffectKey::try_from(String::from(key.clone())), Ok(key));
        }
    }

    #[test]
    fn refuses_what_is_not_hexadecimal() {
        for text in ["", "00", "0", "zz", "é", &"0g".repeat(32), &"00".repeat(33)] {
            assert!(text.parse::<Digest>().is_err(), "{text}");
        }
        for text in ["0", "0x", "é1", "+1"] {
            assert!(EffectKey::try_from(text.to_owned()).is_err(), "{text}");
        }
    }
}
