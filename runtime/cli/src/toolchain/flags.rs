//! Flags in the environment that keep a plugin from becoming a component.
//!
//! The target has a linker of its own, `wasm-component-ld`, which makes the component. People set
//! another linker, or flags for one, for the programs of their machine; the variables then apply to
//! plugins too.

use std::fmt;
use std::path::Path;

/// The linker that makes components.
const LINKER: &str = "wasm-component-ld";
/// The variable that names a linker instead of flags.
const LINKER_VARIABLE: &str = "CARGO_TARGET_WASM32_WASIP2_LINKER";
/// What separates flags in the variables whose name says that they are encoded.
const ENCODED_SEPARATOR: char = '\u{1f}';

/// A flag with which no plugin can be built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trap {
    pub(crate) variable: &'static str,
    flag: String,
    why: &'static str,
}

impl fmt::Display for Trap {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} says `{}`, which {}", self.variable, self.flag, self.why)
    }
}

const OTHER_LINKER: &str = "replaces the linker that makes components: a plain module comes out";
const NO_WRAPPING: &str = "leaves out the last step: a plain module comes out";
const FOREIGN_ARGUMENT: &str = "is for a linker of this machine; the one for components refuses it";
const NO_LIBRARIES: &str = "hides the libraries that belong to the target";
const OTHER_PROCESSOR: &str = "names a processor of this machine; WebAssembly has none";
const NO_PROFILER: &str = "needs a run-time library that the target does not have";
const NO_UNWINDING: &str = "needs panics that unwind, which the target does not have";

/// The traps in what the environment tells cargo; of the variables with flags the first counts.
pub(crate) fn traps(settings: &[(&'static str, String)]) -> Vec<Trap> {
    let mut found = Vec::new();
    for (variable, value) in settings.iter().filter(|(name, _)| *name == LINKER_VARIABLE) {
        if is_other_linker(value) {
            found.push(Trap { variable, flag: value.clone(), why: OTHER_LINKER });
        }
    }
    if let Some((variable, value)) = settings.iter().find(|(name, _)| *name != LINKER_VARIABLE) {
        let encoded = variable.contains("ENCODED");
        let part = |c: char| if encoded { c == ENCODED_SEPARATOR } else { c.is_whitespace() };
        let flags: Vec<&str> = value.split(part).filter(|flag| !flag.is_empty()).collect();
        let traps = codegen_options(&flags).into_iter().filter_map(|option| {
            let why = judge(option)?;
            Some(Trap { variable, flag: format!("-C {option}"), why })
        });
        found.extend(traps);
    }
    found
}

/// The options that were given with `-C`, in any of its spellings.
fn codegen_options<'f>(flags: &[&'f str]) -> Vec<&'f str> {
    let mut found = Vec::new();
    let mut flags = flags.iter();
    while let Some(flag) = flags.next() {
        if matches!(*flag, "-C" | "--codegen") {
            found.extend(flags.next());
        } else {
            found.extend(flag.strip_prefix("-C").or_else(|| flag.strip_prefix("--codegen=")));
        }
    }
    found
}

fn judge(option: &str) -> Option<&'static str> {
    let (name, value) = option.split_once('=').unwrap_or((option, ""));
    match name {
        "linker" if is_other_linker(value) => Some(OTHER_LINKER),
        "linker-flavor" => Some(OTHER_LINKER),
        "link-arg" | "link-args" if value.contains("--skip-wit-component") => Some(NO_WRAPPING),
        "link-arg" | "link-args" if value.contains("-fuse-ld") || value.contains("-Wl,") => {
            Some(FOREIGN_ARGUMENT)
        }
        "link-self-contained" if matches!(value, "no" | "n" | "off" | "false") => {
            Some(NO_LIBRARIES)
        }
        "target-cpu" if value == "native" => Some(OTHER_PROCESSOR),
        "instrument-coverage" if value != "off" => Some(NO_PROFILER),
        "panic" if value == "unwind" => Some(NO_UNWINDING),
        _ => None,
    }
}

fn is_other_linker(linker: &str) -> bool {
    let program = Path::new(linker).file_stem();
    !linker.is_empty() && program.is_none_or(|program| program != LINKER)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(variable: &'static str, value: &str) -> Vec<&'static str> {
        traps(&[(variable, value.to_owned())]).into_iter().map(|trap| trap.why).collect()
    }

    #[test]
    fn every_spelling_of_a_trap_counts() {
        for spelling in [
            "-C linker=rust-lld",
            "-Clinker=/usr/bin/clang",
            "--codegen linker=ld",
            "--codegen=linker=ld",
            "-O  -C linker=rust-lld -D warnings",
        ] {
            assert_eq!(found("RUSTFLAGS", spelling), [OTHER_LINKER], "{spelling}");
        }
        assert_eq!(found("CARGO_ENCODED_RUSTFLAGS", "-C\u{1f}linker=a b"), [OTHER_LINKER]);
        assert_eq!(found(LINKER_VARIABLE, "clang"), [OTHER_LINKER]);
    }

    #[test]
    fn each_trap_says_its_own_reason() {
        for (flag, why) in [
            ("linker-flavor=wasm-ld", OTHER_LINKER),
            ("link-arg=--skip-wit-component", NO_WRAPPING),
            ("link-arg=-fuse-ld=mold", FOREIGN_ARGUMENT),
            ("link-args=-Wl,-O1", FOREIGN_ARGUMENT),
            ("link-self-contained=no", NO_LIBRARIES),
            ("target-cpu=native", OTHER_PROCESSOR),
            ("instrument-coverage", NO_PROFILER),
            ("panic=unwind", NO_UNWINDING),
        ] {
            assert_eq!(found("RUSTFLAGS", &format!("-C {flag}")), [why], "{flag}");
        }
    }

    #[test]
    fn harmless_flags_are_left_alone() {
        for flags in [
            "",
            "-D warnings --cfg tokio_unstable -Copt-level=3 -C strip=symbols -C debuginfo=0",
            "-C linker=wasm-component-ld -C linker=/opt/bin/wasm-component-ld",
            "-C link-arg=--max-memory=65536 -C link-self-contained=yes -C panic=abort",
            "linker=rust-lld -C",
        ] {
            assert_eq!(found("RUSTFLAGS", flags), [""; 0], "{flags}");
        }
        assert_eq!(found(LINKER_VARIABLE, ""), [""; 0]);
    }

    #[test]
    fn first_variable_that_is_set_counts() {
        let settings = |first: &str| {
            vec![
                ("RUSTFLAGS", first.to_owned()),
                ("CARGO_BUILD_RUSTFLAGS", "-C linker=ld".to_owned()),
            ]
        };
        assert_eq!(traps(&settings("-C debuginfo=0")), []);
        assert_eq!(traps(&settings("")), []);
        assert_eq!(traps(&settings("")[1..]).len(), 1);
    }
}
