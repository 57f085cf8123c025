//! A tool chain of shell scripts, for everything that a healthy one does not do.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::Command;
use std::thread;

use rustix::process::{Pid, Signal, test_kill_process};

use crate::pages;
use crate::place::{Place, Ran, finish, list, signal, start, text};

/// What a cargo of ours makes of a plugin, as a command of the shell.
const COMPONENT: &str =
    concat!("cat '", env!("CARGO_MANIFEST_DIR"), "/../host/src/baseline/classify.wasm'");
const EMPTY: &str = r"printf '\0asm\015\0\01\0'";
const MODULE: &str = r"printf '\0asm\01\0\0\0'";

/// A place with a plugin `demo`, where these scripts alone are on the path.
struct Workshop {
    place: Place,
}

impl Workshop {
    fn new() -> Self {
        let place = Place::new();
        place.ok("new plugin demo");
        fs::create_dir(place.path("bin")).unwrap();
        let workshop = Self { place };
        workshop
            .script("rustc", "case $1 in --version) echo rustc 1.95.0;; *) echo $HOME/lib;; esac");
        workshop.script("rustup", "[ $1 = --version ] && echo rustup 1.29.0 || mkdir $HOME/lib");
        workshop.script("cc", "echo cc 14");
        workshop.cargo(COMPONENT);
        workshop
    }

    fn script(&self, name: &str, body: &str) {
        let file = self.place.path("bin").join(name);
        let home = self.place.path("");
        let (home, path) = (home.display(), "/usr/bin:/bin");
        let script =
            format!("#!/bin/sh\nHOME={home} PATH={path}\necho \"{name} $*\" >> $HOME/log\n");
        fs::write(&file, format!("{script}{body}\n")).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// A cargo that makes a file of what this command says.
    fn cargo(&self, bytes: &str) {
        let file = self.place.path("demo.wasm");
        let message = format!(
            "{{\"reason\":\"compiler-artifact\",\"package_id\":\"path+file:///demo#0.1.0\",\
             \"manifest_path\":\"{}\",\"target\":{{\"kind\":[\"cdylib\",\"rlib\"]}},\
             \"filenames\":[\"{}\"],\"fresh\":false}}",
            self.place.path("demo/Cargo.toml").display(),
            file.display()
        );
        let body = format!(
            "[ $1 = --version ] && echo cargo 1.95.0 && exit\n\
             cd $HOME; {bytes} > demo.wasm; echo 'demo.wasm: ' > demo.d; echo '{message}'"
        );
        self.script("cargo", &body);
    }

    /// What the target needs is there from the start.
    fn with_target() -> Self {
        let workshop = Self::new();
        fs::create_dir(workshop.place.path("lib")).unwrap();
        workshop
    }

    fn without(self, program: &str) -> Self {
        fs::remove_file(self.place.path("bin").join(program)).unwrap();
        self
    }

    fn command(&self, line: &str) -> Command {
        let mut command = self.place.command(&crate::place::words(line));
        command.env("PATH", self.place.path("bin"));
        command.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
        command
    }

    fn run(&self, line: &str) -> Ran {
        finish(start(&mut self.command(line)))
    }

    /// The lines that a program was started with.
    fn asked(&self, program: &str) -> Vec<String> {
        let log = fs::read_to_string(self.place.path("log")).unwrap_or_default();
        let asked = log.lines().filter_map(|line| line.strip_prefix(&format!("{program} ")));
        asked.map(str::to_owned).collect()
    }
}

#[test]
fn missing_target_is_added_once() {
    let workshop = Workshop::new();
    for _ in 0..2 {
        let ran = workshop.run("build demo");
        assert_eq!(ran.code, 0, "{ran:?}");
        assert_eq!(ran.out.trim(), workshop.place.path("demo.wasm").display().to_string());
    }
    assert_eq!(workshop.asked("rustup"), ["target add wasm32-wasip2"]);
    let built = workshop.asked("cargo");
    assert!(built.iter().all(|line| line.starts_with("build --target wasm32-wasip2 ")));
}

#[test]
fn missing_target_without_rustup_is_told() {
    let workshop = Workshop::new().without("rustup");
    let ran = workshop.run("build demo");
    ran.assert_refused(1, "toolchain/target-missing", "the package of your system");
    assert_eq!(workshop.asked("cargo"), [""; 0], "nothing is compiled in vain");
}

#[test]
fn target_that_rustup_refuses_is_told() {
    let workshop = Workshop::new();
    workshop.script("rustup", "exit 1");
    let ran = workshop.run("build demo");
    ran.assert_refused(1, "toolchain/target-missing", "rustup target add wasm32-wasip2");
    workshop.script("rustup", "exit 0");
    let ran = workshop.run("build demo");
    ran.assert_refused(1, "toolchain/target-missing", "rustup target add wasm32-wasip2");
}

#[test]
fn missing_programs_are_told() {
    for program in ["cargo", "rustc"] {
        let workshop = Workshop::with_target().without(program);
        let ran = workshop.run("build demo");
        ran.assert_refused(1, "toolchain/program-missing", "https://rustup.rs");
        assert!(ran.err.contains(&format!("`{program}`")), "{ran:?}");
    }
}

#[test]
fn plain_module_is_no_component() {
    let workshop = Workshop::with_target();
    for (bytes, what) in [(MODULE, "plain module"), ("echo ELF", "no WebAssembly")] {
        workshop.cargo(bytes);
        let ran = workshop.run("build demo");
        ran.assert_refused(1, "build/no-component", "`.cargo/config.toml`");
        assert!(ran.err.contains(what), "{ran:?}");
    }
    workshop.script("cargo", "echo '{\"reason\":\"build-finished\",\"success\":true}'");
    let ran = workshop.run("build demo");
    ran.assert_refused(1, "build/no-component", "`.cargo/config.toml`");
}

#[test]
fn what_no_call_could_load_is_not_built() {
    let workshop = Workshop::with_target();
    workshop.cargo(EMPTY);
    for command in ["build demo", "call demo decide"] {
        workshop.run(command).assert_refused(4, "plugin/no-steps", "#[wharf::plugin]");
    }
    let sockets = r#"(component
        (import "wasi:sockets/tcp@0.2.0" (instance (export "listen" (func))))
        (core module $m (func (export "run")))
        (core instance $i (instantiate $m))
        (func (export "run") (canon lift (core func $i "run"))))"#;
    workshop.place.file("sockets.wasm", wat::parse_str(sockets).unwrap());
    workshop.cargo("cat sockets.wasm");
    for command in ["build demo", "call demo run"] {
        workshop.run(command).assert_refused(4, "plugin/unknown-import", "`wharf::http`");
    }
}

#[test]
fn built_plugins_are_as_page_tells() {
    let workshop = Workshop::with_target();
    for profile in ["", "--release"] {
        let ran = workshop.run(&format!("build demo --output jsonl {profile}"));
        let object = model::json::parse(&ran.out).unwrap();
        pages::check_object(&object, "Built plugins");
        let name = if profile.is_empty() { "dev" } else { "release" };
        assert_eq!(text(&object, "profile"), name);
    }
    let asked = workshop.asked("cargo");
    let release = asked.iter().filter(|line| line.contains("--release"));
    assert_eq!((asked.len(), release.count()), (2, 1));
}

#[test]
fn all_plugins_of_project_are_built() {
    let workshop = Workshop::with_target();
    fs::create_dir(workshop.place.path("plugins")).unwrap();
    for name in ["one", "two"] {
        workshop.place.ok(&format!("new plugin {name}"));
    }
    // This cargo knows only `demo`, so the others come to nothing.
    workshop.script("cargo", "pwd >> $HOME/built; exit 101");
    let ran = workshop.run("build");
    ran.assert_refused(4, "build/failed", "what cargo says above");
    assert!(ran.err.contains("`one`, `two` do not compile"), "{ran:?}");
    let built = fs::read_to_string(workshop.place.path("built")).unwrap();
    let built: Vec<&str> = built.lines().filter_map(|line| line.rsplit('/').next()).collect();
    assert_eq!(built, ["one", "two"]);
}

#[test]
fn missing_sdk_is_unpacked_again() {
    let workshop = Workshop::with_target();
    let store = workshop.place.path("demo/.wharf/sdk");
    fs::remove_dir_all(&store).unwrap();
    let ran = workshop.run("build demo");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.err.contains("unpacked the SDK"), "{ran:?}");
    assert_eq!(copies(store), 1);
}

#[test]
fn sdk_of_another_wharf_is_replaced_where_gone() {
    let workshop = Workshop::with_target();
    let store = workshop.place.path("demo/.wharf/sdk");
    let manifest = workshop.place.path("demo/Cargo.toml");
    let made = fs::read_to_string(&manifest).unwrap();
    let digest = made.split("sdk/").nth(1).unwrap().split('/').next().unwrap();
    let other = made.replace(digest, "0123456789abcdef");

    // While it is there nothing changes under the plugin's feet.
    fs::write(&manifest, &other).unwrap();
    fs::rename(store.join(digest), store.join("0123456789abcdef")).unwrap();
    assert_eq!(workshop.run("build demo").code, 0);
    assert_eq!(fs::read_to_string(&manifest).unwrap(), other);

    fs::remove_dir_all(&store).unwrap();
    let ran = workshop.run("build demo");
    assert!(ran.code == 0 && ran.err.contains("another wharf"), "{ran:?}");
    assert_eq!(fs::read_to_string(&manifest).unwrap(), made);
    assert_eq!(copies(store), 1);
}

/// How many SDKs lie in a store.
fn copies(store: PathBuf) -> usize {
    let entries = fs::read_dir(store).unwrap();
    entries.filter(|entry| entry.as_ref().unwrap().path().join("rust/src/lib.rs").exists()).count()
}

#[test]
fn interrupted_build_ends_cargo() {
    let workshop = Workshop::with_target();
    workshop
        .script("cargo", "echo $$ > $HOME/part; mv $HOME/part $HOME/id; while :; do sleep 1; done");
    let child = start(&mut workshop.command("build demo"));
    let file = workshop.place.path("id");
    while !file.exists() {
        thread::yield_now();
    }
    let cargo: i32 = fs::read_to_string(file).unwrap().trim().parse().unwrap();
    let cargo = Pid::from_raw(cargo).unwrap();
    assert!(test_kill_process(cargo).is_ok(), "it runs");
    signal(child.id(), Signal::INT);
    let ran = finish(child);
    assert_eq!((ran.code, ran.out.as_str()), (130, ""), "{ran:?}");
    assert!(test_kill_process(cargo).is_err(), "it is gone");
}

#[test]
fn doctor_finds_and_adds_target() {
    let workshop = Workshop::new();
    let verdict = |ran: &Ran, check: &str| {
        let findings = model::json::parse(&ran.out).unwrap();
        let finding = list(&findings).iter().find(|it| text(it, "check") == check).unwrap();
        text(finding, "verdict").to_owned()
    };
    let ran = workshop.run("doctor --output json");
    assert_eq!((ran.code, verdict(&ran, "target").as_str()), (1, "fail"), "{ran:?}");
    assert_eq!(workshop.asked("rustup"), ["--version"], "looking changes nothing");
    let ran = workshop.run("doctor");
    assert!(ran.out.contains("mend: rustup target add wasm32-wasip2\n"), "{ran:?}");
    let ran = workshop.run("doctor --fix --output json");
    assert_eq!((ran.code, verdict(&ran, "target").as_str()), (0, "ok"), "{ran:?}");
}

#[test]
fn doctor_mends_sdks_of_plugins() {
    let workshop = Workshop::with_target();
    let plugin = workshop.place.path("demo");
    let doctor = |words: &str| {
        finish(start(workshop.command(&format!("doctor {words}")).current_dir(&plugin)))
    };
    let manifest = fs::read_to_string(plugin.join("Cargo.toml")).unwrap();
    let digest = manifest.split("sdk/").nth(1).unwrap().split('/').next().unwrap();
    let source = plugin.join(".wharf/sdk").join(digest).join("rust/src/lib.rs");
    let whole = fs::read(&source).unwrap();
    fs::write(&source, "changed").unwrap();
    assert!(doctor("").out.contains("somebody changed the copy"));
    let ran = doctor("--fix");
    assert!(ran.code == 0 && ran.out.contains("`demo`: that of this wharf"), "{ran:?}");
    assert_eq!(fs::read(&source).unwrap(), whole);
}

#[test]
fn doctor_without_any_tool_says_all() {
    let workshop =
        Workshop::new().without("cargo").without("rustc").without("rustup").without("cc");
    let mut command = workshop.command("doctor");
    let ran = finish(start(command.env("RUSTFLAGS", "-C linker=clang")));
    assert_eq!(ran.code, 1, "{ran:?}");
    for check in ["cargo", "rustc", "target", "linker", "flags"] {
        let line = ran.out.lines().find(|line| line.starts_with(&format!("fail  {check}")));
        assert!(line.is_some(), "{check}: {ran:?}");
    }
    assert!(ran.out.contains("mend: unset RUSTFLAGS"), "{ran:?}");
}

#[test]
fn flags_that_break_plugins_are_refused() {
    let workshop = Workshop::with_target();
    for (name, value) in [
        ("RUSTFLAGS", "-C linker=rust-lld"),
        ("CARGO_ENCODED_RUSTFLAGS", "-C\u{1f}link-arg=-fuse-ld=mold"),
        ("CARGO_TARGET_WASM32_WASIP2_LINKER", "clang"),
    ] {
        let ran = finish(start(workshop.command("build demo").env(name, value)));
        ran.assert_refused(1, "toolchain/flags", &format!("env -u {name} wharf build"));
    }
    assert_eq!(workshop.asked("cargo"), [""; 0]);
}
