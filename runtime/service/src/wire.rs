//! What travels: frames of a length (`u32`, little-endian) and that many bytes of JSON.
//!
//! A client says [`Hello`] and then only [`Ask`]s; the server says only [`Answer`]s, the first of
//! which is `Welcome` or `Refused`. Answers come in the order of the asks. `Hello` and `Refused`
//! stay readable for every version, so that two versions can at least tell each other why they do
//! not get along.

use std::fmt;
use std::io::{self, Read};

use model::{Error, Reply, Request};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Raised when a frame changes its meaning.
pub const PROTOCOL: u32 = 3;
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

const LENGTH_BYTES: usize = 4;
/// What is set aside for a frame before its bytes have come.
const ALLOCATED_AHEAD_MAX: usize = 64 * 1024;

/// The first frame of a client.
#[derive(Serialize, Deserialize)]
pub(crate) struct Hello {
    pub(crate) protocol: u32,
    pub(crate) version: String,
    pub(crate) token: String,
}

/// One request, and the number its answer will bear.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Ask {
    pub(crate) id: u64,
    pub(crate) request: Request,
}

/// Whatever a server says.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Answer {
    Welcome,
    Reply {
        id: u64,
        reply: Result<Reply, Error>,
    },
    /// The connection ends; what was not answered was not begun.
    Refused(Refusal),
    /// The server ends; what was not answered was not begun.
    Goodbye,
}

/// Why a server does not go on with a connection. The text follows "it".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub(crate) enum Refusal {
    #[error("speaks protocol {protocol} (wharf {version})")]
    Protocol { protocol: u32, version: String },
    #[error("did not recognise the token of control.json")]
    Token,
    #[error("belongs to another user")]
    Stranger,
    #[error("serves {limit} connections already, which is its limit")]
    Busy { limit: usize },
    #[error("heard no hello in time")]
    Slow,
    #[error("could not read a frame: {problem}")]
    Garbage { problem: String },
    #[error("refused a frame of {bytes} bytes, which is over the limit of {limit}")]
    TooLarge { bytes: usize, limit: usize },
}

/// A frame could not be read or written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Broken {
    #[error("{0}")]
    Io(#[from] io::Error),
    #[error("the connection ended within a frame")]
    Cut,
    #[error("a frame of {bytes} bytes is over the limit of {limit}")]
    TooLarge { bytes: usize, limit: usize },
    #[error("{0}")]
    Garbage(#[from] serde_json::Error),
}

impl Broken {
    /// What a server tells the sender, unless the connection is gone.
    pub(crate) fn refusal(self) -> Option<Refusal> {
        match self {
            Self::Io(error) if is_timeout(&error) => Some(Refusal::Slow),
            Self::Io(_) | Self::Cut => None,
            Self::TooLarge { bytes, limit } => Some(Refusal::TooLarge { bytes, limit }),
            Self::Garbage(error) => Some(Refusal::Garbage { problem: error.to_string() }),
        }
    }
}

/// Systems disagree on how they report that a read took too long.
fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut)
}

impl Hello {
    pub(crate) fn new(token: &str) -> Self {
        Self { protocol: PROTOCOL, version: VERSION.into(), token: token.into() }
    }

    /// Whether a server that knows this token goes on with whoever said it.
    pub(crate) fn check(&self, token: &str) -> Result<(), Refusal> {
        if self.protocol != PROTOCOL {
            return Err(Refusal::Protocol { protocol: PROTOCOL, version: VERSION.into() });
        }
        if same(self.token.as_bytes(), token.as_bytes()) { Ok(()) } else { Err(Refusal::Token) }
    }
}

/// Compares in a time that does not tell where the first difference is.
fn same(left: &[u8], right: &[u8]) -> bool {
    let differences = left.iter().zip(right).fold(0, |seen, (left, right)| seen | (left ^ right));
    left.len() == right.len() && differences == 0
}

impl fmt::Debug for Hello {
    /// A token is a proof: it does not belong in logs.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Hello(protocol {}, wharf {})", self.protocol, self.version)
    }
}

/// One frame, ready to be written.
pub(crate) fn encode(frame: &impl Serialize, limit: usize) -> Result<Vec<u8>, Broken> {
    let mut bytes = vec![0; LENGTH_BYTES];
    serde_json::to_writer(&mut bytes, frame)?;
    let length = bytes.len() - LENGTH_BYTES;
    match u32::try_from(length) {
        Ok(short) if length <= limit => {
            bytes[..LENGTH_BYTES].copy_from_slice(&short.to_le_bytes());
            Ok(bytes)
        }
        _ => Err(Broken::TooLarge { bytes: length, limit }),
    }
}

/// The next frame; `None` where the connection ended before it.
pub(crate) fn read<T: DeserializeOwned>(
    from: &mut impl Read,
    limit: usize,
) -> Result<Option<T>, Broken> {
    let Some(length) = read_length(from)? else { return Ok(None) };
    if length > limit {
        return Err(Broken::TooLarge { bytes: length, limit });
    }
    // The vector grows with what really comes: a length that lies costs its sender the bytes.
    let mut bytes = Vec::with_capacity(length.min(ALLOCATED_AHEAD_MAX));
    from.take(length as u64).read_to_end(&mut bytes)?;
    if bytes.len() < length {
        return Err(Broken::Cut);
    }
    Ok(Some(serde_json::from_slice(&bytes)?))
}

fn read_length(from: &mut impl Read) -> Result<Option<usize>, Broken> {
    let mut bytes = Vec::with_capacity(LENGTH_BYTES);
    from.take(LENGTH_BYTES as u64).read_to_end(&mut bytes)?;
    match <[u8; LENGTH_BYTES]>::try_from(bytes.as_slice()) {
        Ok(length) => Ok(Some(u32::from_le_bytes(length) as usize)),
        Err(_) if bytes.is_empty() => Ok(None),
        Err(_) => Err(Broken::Cut),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(length: u32, body: &[u8]) -> Vec<u8> {
        [&length.to_le_bytes(), body].concat()
    }

    #[test]
    fn frames_read_back_as_written() {
        let ask = Ask { id: 7, request: Request::Queue("façade \u{0} \"q\"".into()) };
        let bytes = encode(&ask, 1_000).unwrap();
        let twice = [bytes.as_slice(), bytes.as_slice()].concat();
        let mut from = twice.as_slice();
        for _ in 0..2 {
            let read: Ask = read(&mut from, 1_000).unwrap().unwrap();
            assert_eq!((read.id, read.request), (ask.id, ask.request.clone()));
        }
        assert!(read::<Ask>(&mut from, 1_000).unwrap().is_none());
    }

    #[test]
    fn names_what_is_wrong_with_a_frame() {
        let cases: [(Vec<u8>, &str); 7] = [
            (frame(u32::MAX, b""), "a frame of 4294967295 bytes is over the limit of 100"),
            (frame(101, b""), "a frame of 101 bytes is over the limit of 100"),
            (frame(100, b"{"), "the connection ended within a frame"),
            (vec![1, 0], "the connection ended within a frame"),
            (frame(0, b""), "EOF while parsing a value at line 1 column 0"),
            (frame(2, b"{}"), "missing field `id` at line 1 column 2"),
            (frame(2, b"\xff\xfe"), "expected value at line 1 column 1"),
        ];
        for (bytes, problem) in cases {
            let broken = read::<Ask>(&mut bytes.as_slice(), 100).unwrap_err();
            assert_eq!(broken.to_string(), problem, "{bytes:?}");
        }
    }

    #[test]
    fn refuses_to_write_an_oversize_frame() {
        let ask = Ask { id: 1, request: Request::Queue("q".repeat(200)) };
        assert!(matches!(encode(&ask, 100), Err(Broken::TooLarge { limit: 100, .. })));
    }

    #[test]
    fn hello_needs_protocol_and_token() {
        let hello = |protocol, token: &str| Hello { protocol, ..Hello::new(token) };
        assert_eq!(hello(PROTOCOL, "secret").check("secret"), Ok(()));
        for token in ["", "secre", "secret!", "Secret"] {
            assert_eq!(hello(PROTOCOL, token).check("secret"), Err(Refusal::Token), "{token}");
        }
        let newer = hello(PROTOCOL + 1, "secret").check("secret");
        assert!(matches!(newer, Err(Refusal::Protocol { .. })));
        assert!(!format!("{:?}", Hello::new("secret")).contains("secret"));
    }
}
