//! Which function of the host a plugin was in, when its stack says that it was in one.
//!
//! Components call their host through a small module of jumps, which the tools that make them add.
//! It has no names of its own, but the component names what each jump leads to.

use std::collections::HashMap;

use wasmparser::{
    BinaryReaderError, CanonicalFunction, ComponentAlias, ComponentName, ExternalKind, KnownCustom,
    Parser, Payload,
};
use wasmtime::FrameInfo;

/// What the module of jumps exports beside its functions: the table that they jump through.
const JUMPS: &str = "$imports";
/// How a component names a jump into its host.
const TO_HOST: &str = "indirect-";

/// The functions of the host that a component calls, by the number of the jump.
#[derive(Clone, Debug, Default)]
pub(crate) struct HostCalls(HashMap<u32, String>);

impl HostCalls {
    /// A component that tells nothing has calls without names, which are not shown.
    pub(crate) fn read(component: &[u8]) -> Self {
        Self(read(component).unwrap_or_default())
    }

    /// The call that this frame is of.
    pub(super) fn of(&self, frame: &FrameInfo) -> Option<String> {
        Self::leads_there(frame).then(|| self.0.get(&frame.func_index()).cloned())?
    }

    /// Whether the frame is a jump to the host, and nobody's code.
    pub(super) fn leads_there(frame: &FrameInfo) -> bool {
        frame.module().get_export(JUMPS).is_some()
    }
}

fn read(component: &[u8]) -> Result<HashMap<u32, String>, BinaryReaderError> {
    // Of each core function that is a jump: its number among all core functions, and as a jump.
    let (mut functions, mut jumps) = (0, Vec::new());
    let mut calls = HashMap::new();
    let mut depth = 0;
    for payload in Parser::new(0).parse_all(component) {
        match payload? {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth -= 1,
            Payload::ComponentCanonicalSection(section) if depth == 0 => {
                for function in section {
                    let lifts = matches!(function?, CanonicalFunction::Lift { .. });
                    functions += u32::from(!lifts);
                }
            }
            Payload::ComponentAliasSection(section) if depth == 0 => {
                for alias in section {
                    if let ComponentAlias::CoreInstanceExport {
                        kind: ExternalKind::Func,
                        name,
                        ..
                    } = alias?
                    {
                        jumps.extend(name.parse().ok().map(|jump: u32| (functions, jump)));
                        functions += 1;
                    }
                }
            }
            Payload::CustomSection(section) if depth == 0 => {
                if let KnownCustom::ComponentName(names) = section.as_known() {
                    for names in names {
                        let ComponentName::CoreFuncs(names) = names? else { continue };
                        for naming in names {
                            let naming = naming?;
                            let jump = jumps.iter().find(|(function, _)| *function == naming.index);
                            calls.extend(
                                jump.and_then(|(_, jump)| Some((*jump, told(naming.name)?))),
                            );
                        }
                    }
                }
            }
            _ => {}
        }
    }
    Ok(calls)
}

/// `wharf:host/work-queue.claimed.settle` for
/// `indirect-wharf:host/work-queue@1.0.0-[static]claimed.settle`.
fn told(name: &str) -> Option<String> {
    let (interface, rest) = name.strip_prefix(TO_HOST)?.split_once('@')?;
    let (_version, function) = rest.split_once('-')?;
    let function = function.rsplit(']').next().unwrap_or(function);
    Some(format!("{interface}.{function}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_what_jumps_lead_to() {
        for (name, expected) in [
            ("indirect-wharf:host/http@1.0.0-send", Some("wharf:host/http.send")),
            (
                "indirect-wharf:host/work-queue@1.0.0-[static]claimed.settle",
                Some("wharf:host/work-queue.claimed.settle"),
            ),
            (
                "indirect-wharf:host/files@1.0.0-create-folder",
                Some("wharf:host/files.create-folder"),
            ),
            ("indirect-wasi:io/poll@0.2.6-poll", Some("wasi:io/poll.poll")),
            ("adapt-wasi_snapshot_preview1-fd_write", None),
            ("resource.drop", None),
        ] {
            assert_eq!(told(name).as_deref(), expected, "{name}");
        }
    }

    #[test]
    fn components_that_tell_nothing_have_no_names() {
        for bytes in [&b""[..], b"\0asm\x0d\0\x01\0", b"\0asm\x0d\0\x01\0\0\xff"] {
            assert!(HostCalls::read(bytes).0.is_empty(), "{bytes:?}");
        }
    }
}
