//! What kind of bytes a file holds that should be a component.

use std::fmt;

use crate::fault::Fault;

/// What stands where a component should.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    Nothing,
    NotWasm,
    TextFormat,
    CoreModule,
    UnknownVersion,
    Truncated,
    WitPackage,
}

/// Looks at how a file begins, and refuses what is no component.
pub(crate) fn check(bytes: &[u8]) -> Result<(), Fault> {
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
    Err(Fault::NotAComponent { found })
}

fn is_text_format(bytes: &[u8]) -> bool {
    let text = bytes.trim_ascii_start();
    text.starts_with(b"(component") || text.starts_with(b"(module") || text.starts_with(b";;")
}

impl Found {
    /// What to do instead.
    pub(crate) fn hint(self) -> &'static str {
        match self {
            Self::CoreModule => {
                "build it as a component: `wharf build`, or \
                 `cargo build --target wasm32-wasip2`; for a library that is a component, set \
                 `crate-type = [\"cdylib\"]`"
            }
            Self::WitPackage => "this describes interfaces only; build the plugin that follows it",
            Self::TextFormat => "turn it into binary first: `wasm-tools parse FILE -o OUT`",
            Self::Truncated => "the file is not complete: build the plugin anew, or fetch it again",
            Self::UnknownVersion => {
                "it was built by other tools than this host knows: build it for \
                 `wasm32-wasip2`"
            }
            Self::Nothing | Self::NotWasm => {
                "pass the `.wasm` file that `wharf build` or \
                 `cargo build --target wasm32-wasip2` makes"
            }
        }
    }
}

impl fmt::Display for Found {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Nothing => "empty",
            Self::NotWasm => "something else altogether",
            Self::TextFormat => "WebAssembly in text",
            Self::CoreModule => "a core module",
            Self::UnknownVersion => "WebAssembly of an unknown version",
            Self::Truncated => "cut off",
            Self::WitPackage => "a package of interfaces",
        })
    }
}
