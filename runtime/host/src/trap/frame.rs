//! The stack of a plugin as its author knows it.

use std::fmt;

use wasmtime::{FrameInfo, FrameSymbol, WasmBacktrace};

use super::host_call::HostCalls;

/// Where in a plugin something happened, innermost frame first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    /// The call into the host that was in progress, such as `wharf:host/http.send`.
    pub host_call: Option<String>,
    pub frames: Vec<Frame>,
}

/// One function on the stack of a plugin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    pub function: String,
    /// The source file as its crate knows it, the line and the column, if the component tells.
    pub place: Option<Place>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub file: String,
    pub line: u32,
    pub column: Option<u32>,
}

/// Functions of these crates carry a plugin; its defects are elsewhere.
const MACHINERY_CRATES: &[&str] =
    &["alloc::", "core::", "dlmalloc::", "std::", "wasip2::", "wharf::", "wit_bindgen::"];
/// The module that the SDK puts beside the author's code.
const MACHINERY_MODULE: &str = "::__wharf::";
/// Entry points that compilers and C libraries add.
const MACHINERY: &[&str] = &[
    "_start",
    "main",
    "__main_void",
    "__main_argc_argv",
    "__original_main",
    "abort",
    "rust_begin_unwind",
    "cabi_realloc",
];
/// Where the standard libraries of Rust and C were built.
const MACHINERY_PLACES: &[&str] = &["/rustc/", "/rustlib/", "wasisdk://"];

impl Trace {
    pub(crate) const EMPTY: Self = Self { host_call: None, frames: Vec::new() };

    /// What the plugin's author wrote; all of it where that is nothing.
    pub(crate) fn new(backtrace: &WasmBacktrace, calls: &HostCalls) -> Self {
        let own = backtrace.frames().iter().filter(|info| !HostCalls::leads_there(info));
        let all: Vec<(Frame, bool)> = own.flat_map(frames).collect();
        let some_own = all.iter().any(|(_, machinery)| !machinery);
        let shown = all.into_iter().filter(|(_, machinery)| !(*machinery && some_own));
        let host_call = backtrace.frames().iter().find_map(|info| calls.of(info));
        Self { host_call, frames: shown.map(|(frame, _)| frame).collect() }
    }

    /// A line for the call into the host, and one for each frame.
    pub(crate) fn lines(&self) -> impl Iterator<Item = String> {
        let host_call = self.host_call.iter().map(|call| format!("{call} (host call in progress)"));
        host_call.chain(self.frames.iter().map(ToString::to_string))
    }
}

/// The functions that are inlined at one place, innermost first, and whether each is machinery.
fn frames(info: &FrameInfo) -> Vec<(Frame, bool)> {
    let number = || format!("<function {}>", info.func_index());
    let outermost = info.func_name().map_or_else(number, demangle);
    let symbols = info.symbols();
    if symbols.is_empty() {
        let machinery = is_machinery(&outermost, "");
        return vec![(Frame { function: outermost, place: None }, machinery)];
    }
    let last = symbols.len() - 1;
    let frame = |(at, symbol): (usize, &FrameSymbol)| {
        // Only the name of the function that the others are inlined in is told in full.
        let inlined = symbol.name().filter(|_| at < last);
        let function = inlined.map_or_else(|| outermost.clone(), demangle);
        let file = symbol.file().unwrap_or_default();
        let machinery = is_machinery(&function, file);
        let column = symbol.column().filter(|column| *column > 0);
        let place = symbol.line().map(|line| Place { file: short(file), line, column });
        (Frame { function, place }, machinery)
    };
    symbols.iter().enumerate().map(frame).collect()
}

fn is_machinery(function: &str, file: &str) -> bool {
    let name = function.trim_start_matches(['<', '&']);
    MACHINERY.contains(&name)
        || MACHINERY_CRATES.iter().any(|prefix| name.starts_with(prefix))
        || MACHINERY_PLACES.iter().any(|part| file.contains(part))
        || name.contains(MACHINERY_MODULE)
        || name.starts_with("__rust")
        || name.starts_with("__wasm")
        || name.contains('#')
}

/// `finance::classify` for `_ZN7finance8classify17h0123456789abcdefE`.
fn demangle(name: &str) -> String {
    format!("{:#}", rustc_demangle::demangle(name))
}

/// The path of a source file without the part that only the machine it was built on knows:
/// `src/lib.rs` in the plugin itself, `serde-1.0.0/src/de.rs` in a package it is built from.
pub(super) fn short(path: &str) -> String {
    let path = path.replace('\\', "/");
    let parts: Vec<&str> = path.split('/').collect();
    let Some(source) = parts.iter().rposition(|part| ["src", "tests"].contains(part)) else {
        return path;
    };
    let packaged = parts[..source].contains(&"registry") || parts[..source].contains(&"rustc");
    parts[source.saturating_sub(usize::from(packaged))..].join("/")
}

impl fmt::Display for Frame {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Some(place) => write!(out, "{place} in {}", self.function),
            None => out.write_str(&self.function),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}", self.file, self.line)?;
        self.column.map_or(Ok(()), |column| write!(out, ":{column}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shortens_paths_to_the_crate() {
        for (path, expected) in [
            ("/home/ann/finance/src/lib.rs", "src/lib.rs"),
            ("plugins/finance/src/rules/tax.rs", "src/rules/tax.rs"),
            (r"C:\ann\finance\src\lib.rs", "src/lib.rs"),
            (
                "/home/ann/.cargo/registry/src/index-1/serde-1.0.0/src/de.rs",
                "serde-1.0.0/src/de.rs",
            ),
            ("/rustc/0123/library/core/src/option.rs", "core/src/option.rs"),
            ("app.py", "app.py"),
        ] {
            assert_eq!(short(path), expected, "{path}");
        }
    }

    #[test]
    fn knows_machinery_by_name() {
        for (name, file, machinery) in [
            ("finance::classify", "src/lib.rs", false),
            ("finance::core::check", "", false),
            ("std::panicking::begin_panic", "", true),
            ("<alloc::vec::Vec<T> as core::clone::Clone>::clone", "", true),
            ("<finance::Rule as core::fmt::Display>::fmt", "", false),
            ("call_once<fn(), ()>", "/rustc/0123/library/core/src/ops/function.rs", true),
            ("sbrk", "wasisdk://v30.0/src/wasi-libc/sbrk.c", true),
            ("__rust_start_panic", "", true),
            ("main", "", true),
            ("plugin:finance/finance#classify", "src/lib.rs", true),
            ("wharf::wire::take", "", true),
            ("finance::steps::__wharf::__bindings::exports::_export_a_cabi", "src/lib.rs", true),
            ("<finance::steps::__wharf::__Plugin as a::Guest>::b", "src/lib.rs", true),
            ("finance::__wharfinger", "src/lib.rs", false),
        ] {
            assert_eq!(is_machinery(name, file), machinery, "{name}");
        }
    }

    #[test]
    fn shows_the_place_first() {
        let place = Place { file: "src/lib.rs".into(), line: 14, column: Some(5) };
        let frame = Frame { function: "finance::classify".into(), place: Some(place) };
        assert_eq!(frame.to_string(), "src/lib.rs:14:5 in finance::classify");
        assert_eq!(demangle("_ZN7finance8classify17h0123456789abcdefE"), "finance::classify");
    }
}
