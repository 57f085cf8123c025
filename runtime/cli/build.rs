//! Puts the source of the SDK into the binary, so that plugins can be built before anything is
//! published: writes a table of `(path, bytes)` that `src/sdk.rs` includes.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What the SDK is made of, from the root of the tree. Its tests stay at home.
const PARTS: &[&str] = &[
    "sdk/rust/Cargo.toml",
    "sdk/rust/src",
    "sdk/rust-macros/Cargo.toml",
    "sdk/rust-macros/src",
    "sdk/wit/host-1.0.0",
    "Cargo.toml",
    "Cargo.lock",
];

fn main() -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize()?;
    let mut files = Vec::new();
    for part in PARTS {
        println!("cargo::rerun-if-changed={}", root.join(part).display());
        collect(&root.join(part), &mut files)?;
    }
    files.sort();
    let mut table = String::from("&[\n");
    for file in files {
        let name = file.strip_prefix(&root).map_err(io::Error::other)?;
        let (name, file) = (name.to_string_lossy(), file.to_string_lossy());
        writeln!(table, "    ({name:?}, include_bytes!({file:?})),").map_err(io::Error::other)?;
    }
    table.push_str("]\n");
    fs::write(output_folder().join("sdk_files.rs"), table)
}

/// The files below a path, or the file that it is.
fn collect(path: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if !path.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    for entry in fs::read_dir(path)? {
        let inner = entry?.path();
        let hidden = inner.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if !hidden {
            collect(&inner, files)?;
        }
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "cargo says only here where a build may write")]
fn output_folder() -> PathBuf {
    std::env::var_os("OUT_DIR").map(PathBuf::from).unwrap_or_default()
}
