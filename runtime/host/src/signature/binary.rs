//! What kind of bytes a file holds, and the custom sections in it.

use wasmparser::{BinaryReaderError, Parser, Payload};

use super::limits::{COMPONENT_BYTES_MAX, META_BYTES_MAX};
use super::nesting::Nesting;
use crate::error::Error;
use crate::fault::Fault;
use crate::found::{self, Found};

/// The custom section in which plugins tell about themselves.
const META: &str = "wharf:meta";

/// Walks through the whole component and brings back its sections `wharf:meta`. What is no
/// component is refused with a word on what it is instead.
pub(super) fn meta_sections(bytes: &[u8]) -> Result<Vec<&[u8]>, Error> {
    Error::limit("component-bytes", bytes.len(), COMPONENT_BYTES_MAX)?;
    found::check(bytes)?;
    let mut sections = Vec::new();
    let mut total = 0;
    let mut nesting = Nesting::default();
    for payload in Parser::new(0).parse_all(bytes) {
        let payload = payload.map_err(|error| damaged(&error))?;
        nesting.enter(&payload, bytes)?;
        if let Payload::CustomSection(section) = payload
            && section.name() == META
        {
            total += section.data().len();
            sections.push(section.data());
        }
    }
    Error::limit("meta-bytes", total, META_BYTES_MAX)?;
    Ok(sections)
}

/// The parser's complaint as an error of ours.
pub(super) fn damaged(error: &BinaryReaderError) -> Error {
    if error.message().starts_with("unexpected end") {
        return Fault::NotAComponent { found: Found::Truncated }.into();
    }
    let problem = format!("{} (at byte {})", error.message(), error.offset());
    Fault::Invalid { problem }.into()
}
