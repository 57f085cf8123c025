//! What kind of bytes a file holds, and the custom sections in it.

use wasmparser::{BinaryReaderError, Parser, Payload};

use super::limits::{COMPONENT_BYTES_MAX, META_BYTES_MAX};
use super::nesting::Nesting;
use crate::error::{Error, Found};

/// The custom section in which plugins tell about themselves.
const META: &str = "wharf:meta";

/// Walks through the whole component and brings back its sections `wharf:meta`. What is no
/// component is refused with a word on what it is instead.
pub(super) fn meta_sections(bytes: &[u8]) -> Result<Vec<&[u8]>, Error> {
    Error::limit("component-bytes", bytes.len(), COMPONENT_BYTES_MAX)?;
    refuse_others(bytes)?;
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
        return Error::NotAComponent { found: Found::Truncated };
    }
    Error::Damaged { problem: format!("{} (at byte {})", error.message(), error.offset()) }
}

fn refuse_others(bytes: &[u8]) -> Result<(), Error> {
    const MAGIC: &[u8] = b"\0asm";
    const COMPONENT: &[u8] = &[0x0d, 0, 1, 0];
    const MODULE: &[u8] = &[1, 0, 0, 0];
    let found = match bytes.split_at_checked(MAGIC.len()) {
        None if MAGIC.starts_with(bytes) && !bytes.is_empty() => Found::Truncated,
        Some((MAGIC, rest)) => match rest.get(..COMPONENT.len()) {
            Some(COMPONENT) => return Ok(()),
            Some(MODULE) => Found::CoreModule,
            Some(_) => Found::UnknownVersion,
            None => Found::Truncated,
        },
        _ if bytes.is_empty() => Found::Nothing,
        _ if is_text_format(bytes) => Found::TextFormat,
        _ => Found::NotWasm,
    };
    Err(Error::NotAComponent { found })
}

fn is_text_format(bytes: &[u8]) -> bool {
    let text = bytes.trim_ascii_start();
    text.starts_with(b"(component") || text.starts_with(b"(module") || text.starts_with(b";;")
}
