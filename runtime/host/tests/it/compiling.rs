//! The process that compiles: its bounds, and that what happens to it happens to it alone.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, exit};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use host::compile::{Artifact, Compiler, Exports, child_main};
use host::limits::COMPONENT_BYTES_MAX;
use host::{Bound, Fault, Found};
use model::SeededEntropy;
use tempfile::TempDir;

use crate::bed::{RealClock, run, sandbox, simple};
use crate::bombs;

/// Tells a process that it is to act as the compiler.
pub(crate) const MARK: &str = "as-the-compiler";

/// Not a test by itself: the processes that the tests start run this and nothing else.
#[test]
fn acts_as_the_compiler() {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    if let Some(at) = arguments.iter().position(|argument| argument == MARK) {
        exit(child_main(&arguments[at + 1..]).into());
    }
}

/// This very test binary, started anew.
pub(crate) fn compiler() -> Compiler {
    static MADE: AtomicU64 = AtomicU64::new(0);
    let seed = MADE.fetch_add(1, Ordering::Relaxed) << 32 | u64::from(std::process::id());
    let arguments = ["--exact", "compiling::acts_as_the_compiler", MARK];
    Compiler::new(
        std::env::current_exe().unwrap(),
        arguments.map(OsString::from).to_vec(),
        Arc::new(RealClock::new()),
        Arc::new(SeededEntropy::new(seed)),
    )
}

fn compile_with(compiler: &Compiler, component: &[u8]) -> Result<Artifact, Fault> {
    let scratch = TempDir::new().unwrap();
    let artifact = compiler.compile(component, scratch.path(), &mut |_| {});
    let left: Vec<_> = scratch.path().read_dir().unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
    artifact
}

fn compile(component: &[u8]) -> Result<Artifact, Fault> {
    compile_with(&compiler(), component)
}

fn over(bound: Bound, allowed: u64) -> Fault {
    Fault::OverLimit { bound, allowed, wanted: None, trace: host::Trace::default() }
}

#[test]
fn children_compile_what_then_runs() {
    let artifact = compile(&wat::parse_str(simple("", "")).unwrap()).unwrap();
    assert_eq!(artifact.exports(), Exports::Sync);
    let plugin = sandbox().load(&artifact).unwrap();
    assert_eq!(run(&plugin, host::Limits::default()).done.result, Ok(vec![]));
}

#[test]
fn files_that_are_no_component_are_told() {
    let core = wat::parse_str("(module)").unwrap();
    for (bytes, found) in [
        (&b""[..], Found::Nothing),
        (b"PK\x03\x04", Found::NotWasm),
        (b"\0as", Found::Truncated),
        (&core, Found::CoreModule),
    ] {
        let fault = compile(bytes).unwrap_err();
        assert_eq!(fault, Fault::NotAComponent { found });
        assert_eq!(fault.code(), "plugin/not-a-component");
    }
}

#[test]
fn components_are_bounded_in_size() {
    for (surplus, code) in [(-1, "plugin/invalid"), (0, "plugin/invalid"), (1, "limit/exceeded")] {
        let mut bytes = b"\0asm\x0d\0\x01\0".to_vec();
        bytes.resize(COMPONENT_BYTES_MAX.checked_add_signed(surplus).unwrap(), 0xff);
        assert_eq!(compile(&bytes).unwrap_err().code(), code, "{surplus}");
    }
}

#[test]
fn invalid_components_say_what_is_wrong() {
    let whole = wat::parse_str(simple("", "")).unwrap();
    let fault = compile(&whole[..whole.len() - 3]).unwrap_err();
    assert_eq!(fault.code(), "plugin/invalid");
    assert!(fault.to_string().contains("unexpected end"), "{fault}");
}

#[test]
fn memory_of_the_compiler_is_bounded() {
    let compiler = Compiler { memory_bytes: 192 * 1024 * 1024, ..compiler() };
    let fault = compile_with(&compiler, &bombs::quadratic(1_500)).unwrap_err();
    assert_eq!(fault, over(Bound::CompileMemory, 192 * 1024 * 1024));
}

#[test]
fn processor_time_of_the_compiler_is_bounded() {
    let compiler = Compiler { cpu_seconds: 1, ..compiler() };
    let fault = compile_with(&compiler, &bombs::quadratic(6_000)).unwrap_err();
    assert_eq!(fault, over(Bound::CompileCpu, 1));
}

#[test]
fn time_of_the_compiler_is_bounded() {
    let compiler = Compiler { time: Duration::from_secs(1), ..compiler() };
    let scratch = TempDir::new().unwrap();
    let mut told = Vec::new();
    let mut progress = |passed| told.push(passed);
    let bomb = bombs::quadratic(6_000);
    let fault = compiler.compile(&bomb, scratch.path(), &mut progress).unwrap_err();
    assert_eq!(fault, over(Bound::CompileTime, 1));
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0] >= Duration::from_millis(500));
}

#[test]
fn compilers_that_fail_are_told() {
    for (program, words) in [
        ("/no/such/program", "could not be started"),
        ("/bin/false", "exit status: 1"),
        ("/bin/true", "no answer"),
    ] {
        let compiler = Compiler { program: PathBuf::from(program), ..compiler() };
        let fault = compile_with(&compiler, &wat::parse_str(simple("", "")).unwrap()).unwrap_err();
        assert_eq!(fault.code(), "plugin/compiler-failed");
        assert!(fault.to_string().contains(words), "{fault}");
    }
}

#[test]
fn bombs_leave_the_host_as_it_was() {
    let alone = "alone-in-its-process";
    if !std::env::args().any(|argument| argument == alone) {
        // The memory of a process is counted as a whole, so other tests must not be in it.
        let this = ["--exact", "compiling::bombs_leave_the_host_as_it_was", alone];
        let program = std::env::current_exe().unwrap();
        let output = Command::new(program).args(this).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        return;
    }
    let before = bombs::peak_kilobytes();
    for bomb in [bombs::quadratic(2_000), bombs::many_functions(20_000)] {
        // Some bombs go off, some only cost: the host feels neither.
        let compiler = Compiler { cpu_seconds: 4, ..compiler() };
        drop(compile_with(&compiler, &bomb));
    }
    let grown = bombs::peak_kilobytes() - before;
    assert!(grown < 64 * 1024, "{grown} KiB");
}
