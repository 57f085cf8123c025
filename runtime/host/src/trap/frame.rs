//! The stack of a plugin as its author knows it.

use std::fmt;

use wasmtime::{FrameInfo, WasmBacktrace};

/// Where in a plugin something happened, innermost frame first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
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
    &["alloc::", "core::", "dlmalloc::", "std::", "wasip2::", "wit_bindgen::"];
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

impl Trace {
    pub(crate) const EMPTY: Self = Self { frames: Vec::new() };

    pub(crate) fn new(backtrace: &WasmBacktrace) -> Self {
        let all: Vec<Frame> = backtrace.frames().iter().flat_map(frames).collect();
        let own: Vec<Frame> = all.iter().filter(|frame| !frame.is_machinery()).cloned().collect();
        Self { frames: if own.is_empty() { all } else { own } }
    }
}

/// The functions that are inlined at one place, innermost first.
fn frames(info: &FrameInfo) -> Vec<Frame> {
    let number = || format!("<function {}>", info.func_index());
    let own_name = info.func_name().map_or_else(number, demangle);
    if info.symbols().is_empty() {
        return vec![Frame { function: own_name, place: None }];
    }
    let symbols = info.symbols().iter().map(|symbol| Frame {
        function: symbol.name().map_or_else(|| own_name.clone(), demangle),
        place: symbol.file().zip(symbol.line()).map(|(file, line)| Place {
            file: short(file),
            line,
            column: symbol.column().filter(|column| *column > 0),
        }),
    });
    symbols.collect()
}

/// `finance::classify` for `_ZN7finance8classify17h0123456789abcdefE`.
fn demangle(name: &str) -> String {
    format!("{:#}", rustc_demangle::demangle(name))
}

/// The path of a source file without the part that only the machine it was built on knows:
/// `src/lib.rs` in the plugin itself, `serde-1.0.0/src/de.rs` in a package it is built from.
fn short(path: &str) -> String {
    let path = path.replace('\\', "/");
    let parts: Vec<&str> = path.split('/').collect();
    let Some(source) = parts.iter().rposition(|part| ["src", "tests"].contains(part)) else {
        return path;
    };
    let packaged = parts[..source].contains(&"registry") || parts[..source].contains(&"rustc");
    parts[source.saturating_sub(usize::from(packaged))..].join("/")
}

impl Frame {
    fn is_machinery(&self) -> bool {
        let name = self.function.trim_start_matches(['<', '&']);
        MACHINERY.contains(&name)
            || MACHINERY_CRATES.iter().any(|prefix| name.starts_with(prefix))
            || name.starts_with("__rust")
            || name.starts_with("__wasm")
            || name.contains('#')
    }
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
        for (name, machinery) in [
            ("finance::classify", false),
            ("finance::core::check", false),
            ("std::panicking::begin_panic", true),
            ("<alloc::vec::Vec<T> as core::clone::Clone>::clone", true),
            ("<finance::Rule as core::fmt::Display>::fmt", false),
            ("__rust_start_panic", true),
            ("main", true),
            ("plugin:finance/finance#classify", true),
        ] {
            let frame = Frame { function: name.into(), place: None };
            assert_eq!(frame.is_machinery(), machinery, "{name}");
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
