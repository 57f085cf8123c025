//! What the doctor says about what it found.

use crate::command::doctor::facts::{Data, Facts};
use crate::sdk::State;
use crate::toolchain::TARGET;

/// The oldest Rust that compiles the SDK.
const RUST_MIN: (u32, u32) = (1, 95);
/// A first build of a plugin writes about 200 MB.
const FREE_BYTES_MIN: u64 = 500 * 1024 * 1024;
/// Several plugins, both profiles and the store fit into this.
const FREE_BYTES_GOOD: u64 = 2 * 1024 * 1024 * 1024;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Ok,
    /// Something may go wrong, or is not as it should be.
    Warn,
    /// Plugins cannot be made, or not be used.
    Fail,
}

impl Verdict {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Fail => "fail",
        }
    }
}

/// What can be done without asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cure {
    AddTarget,
    GiveSdk,
}

/// One check.
#[derive(Debug)]
pub(super) struct Finding {
    pub(super) check: &'static str,
    pub(super) verdict: Verdict,
    pub(super) found: String,
    /// Why it matters.
    pub(super) why: &'static str,
    /// What mends it, a command where there is one.
    pub(super) mend: String,
    pub(super) cure: Option<Cure>,
}

impl Finding {
    fn new(check: &'static str, found: impl Into<String>, why: &'static str) -> Self {
        let (verdict, mend) = (Verdict::Ok, String::new());
        Self { check, verdict, found: found.into(), why, mend, cure: None }
    }

    fn sick(self, verdict: Verdict, mend: impl Into<String>) -> Self {
        Self { verdict, mend: mend.into(), ..self }
    }

    fn curable(self, cure: Cure) -> Self {
        Self { cure: Some(cure), ..self }
    }
}

const INSTALL_RUST: &str = "install Rust from https://rustup.rs";
const FIX: &str = "wharf doctor --fix";

/// All checks, in the order in which they matter.
pub(super) fn judge(facts: &Facts) -> Vec<Finding> {
    let mut findings = vec![
        cargo(facts.cargo.as_deref()),
        rustc(facts.rustc.as_deref()),
        target(facts),
        rustup(facts.rustup.as_deref()),
        linker(facts.linker.as_deref()),
        flags(facts),
        disk(facts.free_bytes),
        data(&facts.data),
    ];
    findings.extend(sdks(facts));
    findings
}

fn cargo(version: Option<&str>) -> Finding {
    let why = "cargo builds every plugin";
    match version {
        Some(version) => Finding::new("cargo", version, why),
        None => Finding::new("cargo", "not on the path", why).sick(Verdict::Fail, INSTALL_RUST),
    }
}

fn rustc(version: Option<&str>) -> Finding {
    let why = "the SDK needs Rust 1.95 or newer";
    let Some(version) = version else {
        return Finding::new("rustc", "not on the path", why).sick(Verdict::Fail, INSTALL_RUST);
    };
    let finding = Finding::new("rustc", version, why);
    match major_minor(version) {
        Some(found) if found >= RUST_MIN => finding,
        Some(_) => finding.sick(Verdict::Fail, "rustup update"),
        None => finding.sick(Verdict::Warn, "make sure that it is 1.95 or newer"),
    }
}

/// `rustc 1.95.0 (…)`, nightlies too.
fn major_minor(version: &str) -> Option<(u32, u32)> {
    let number = version.split_whitespace().nth(1)?;
    let mut parts = number.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

fn target(facts: &Facts) -> Finding {
    let why = "plugins are compiled for it";
    match (facts.target, &facts.rustup) {
        (true, _) => Finding::new("target", format!("{TARGET} is there"), why),
        (false, Some(_)) => Finding::new("target", format!("{TARGET} is missing"), why)
            .sick(Verdict::Fail, format!("rustup target add {TARGET}"))
            .curable(Cure::AddTarget),
        (false, None) => Finding::new("target", format!("{TARGET} is missing"), why).sick(
            Verdict::Fail,
            format!("{INSTALL_RUST}, or the package of your system with Rust for {TARGET}"),
        ),
    }
}

fn rustup(version: Option<&str>) -> Finding {
    let why = "without it wharf cannot add the target, and you update Rust another way";
    match version {
        Some(version) => Finding::new("rustup", version, why),
        None => Finding::new("rustup", "not on the path", why).sick(Verdict::Warn, INSTALL_RUST),
    }
}

fn linker(version: Option<&str>) -> Finding {
    let why = "the macros of the SDK, and tests of plugins, are linked for this machine";
    match version {
        Some(version) => Finding::new("linker", version, why),
        None => Finding::new("linker", "no `cc` on the path", why)
            .sick(Verdict::Fail, "install a C compiler, such as the package `gcc` or `clang`"),
    }
}

fn flags(facts: &Facts) -> Finding {
    let why = "with such flags no plugin can be built";
    let Some(first) = facts.traps.first() else {
        return Finding::new("flags", "nothing in the environment stands in the way", why);
    };
    let traps: Vec<String> = facts.traps.iter().map(ToString::to_string).collect();
    Finding::new("flags", traps.join("; "), why)
        .sick(Verdict::Fail, format!("unset {}", first.variable))
}

fn disk(free_bytes: Option<u64>) -> Finding {
    let why = "a first build of a plugin writes about 200 MB";
    let Some(free) = free_bytes else {
        return Finding::new("disk", "the system does not tell what is free", why)
            .sick(Verdict::Warn, "look at it with `df -h .`");
    };
    let finding = Finding::new("disk", format!("{} MB free here", free / (1024 * 1024)), why);
    let mend = "free some space: `cargo clean` in plugins that you do not work on";
    match free {
        free if free < FREE_BYTES_MIN => finding.sick(Verdict::Fail, mend),
        free if free < FREE_BYTES_GOOD => finding.sick(Verdict::Warn, mend),
        _ => finding,
    }
}

fn data(data: &Data) -> Finding {
    let why = "steps that use queues need the store";
    match data {
        Data::Absent => Finding::new("data", "no data directory yet; its first use makes it", why),
        Data::Free => Finding::new("data", "can be written, and nobody has it open", why),
        Data::Served => Finding::new("data", "a process has it open, and shares it", why),
        Data::Unusable(problem) => Finding::new("data", problem, why)
            .sick(Verdict::Fail, "check the rights on it, or choose another with --data DIR"),
    }
}

/// One check for each plugin here.
fn sdks(facts: &Facts) -> Vec<Finding> {
    let why = "without it the plugin does not build";
    match &facts.plugins {
        Ok(plugins) if plugins.is_empty() => {
            vec![Finding::new("sdk", "no plugins here", why)]
        }
        Ok(plugins) => plugins.iter().map(|(name, state)| sdk(name, state, why)).collect(),
        Err(problem) => vec![
            Finding::new("sdk", problem, why)
                .sick(Verdict::Fail, "correct the manifest named here"),
        ],
    }
}

fn sdk(plugin: &str, state: &State, why: &'static str) -> Finding {
    let finding = |found: &str| Finding::new("sdk", format!("`{plugin}`: {found}"), why);
    match state {
        State::Foreign => finding("Cargo.toml names no SDK that wharf unpacked"),
        State::Current => finding("that of this wharf"),
        State::Other => {
            finding("that of another wharf").sick(Verdict::Warn, FIX).curable(Cure::GiveSdk)
        }
        State::Missing { .. } => finding("not unpacked here")
            .sick(Verdict::Warn, format!("{FIX}, or just `wharf build`"))
            .curable(Cure::GiveSdk),
        State::Changed => {
            finding("somebody changed the copy").sick(Verdict::Warn, FIX).curable(Cure::GiveSdk)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::toolchain::flags::traps;

    fn healthy() -> Facts {
        Facts {
            cargo: Some("cargo 1.95.0".into()),
            rustc: Some("rustc 1.95.0 (59807616e 2026-04-14)".into()),
            rustup: Some("rustup 1.29.0".into()),
            linker: Some("cc 14".into()),
            target: true,
            traps: Vec::new(),
            free_bytes: Some(FREE_BYTES_GOOD),
            data: Data::Free,
            plugins: Ok(vec![("a".into(), State::Current)]),
        }
    }

    /// What is wrong, as `check verdict`.
    fn wrong(facts: &Facts) -> Vec<String> {
        let findings = judge(facts);
        let sick = findings.iter().filter(|finding| finding.verdict != Verdict::Ok);
        sick.map(|finding| {
            assert!(!finding.mend.is_empty() && !finding.why.is_empty(), "{finding:?}");
            format!("{} {}", finding.check, finding.verdict.name())
        })
        .collect()
    }

    #[test]
    fn healthy_machine_has_no_complaint() {
        assert_eq!(wrong(&healthy()), [""; 0]);
        assert_eq!(wrong(&Facts { plugins: Ok(Vec::new()), ..healthy() }), [""; 0]);
        for data in [Data::Absent, Data::Served] {
            assert_eq!(wrong(&Facts { data, ..healthy() }), [""; 0]);
        }
    }

    #[test]
    fn each_lack_has_its_verdict() {
        let flags = traps(&[("RUSTFLAGS", "-C linker=ld".to_owned())]);
        let state = |state| Ok(vec![("a".to_owned(), state)]);
        for (facts, expected) in [
            (Facts { cargo: None, ..healthy() }, "cargo fail"),
            (Facts { rustc: None, ..healthy() }, "rustc fail"),
            (Facts { rustup: None, ..healthy() }, "rustup warn"),
            (Facts { linker: None, ..healthy() }, "linker fail"),
            (Facts { target: false, ..healthy() }, "target fail"),
            (Facts { traps: flags, ..healthy() }, "flags fail"),
            (Facts { free_bytes: Some(FREE_BYTES_MIN - 1), ..healthy() }, "disk fail"),
            (Facts { free_bytes: Some(FREE_BYTES_MIN), ..healthy() }, "disk warn"),
            (Facts { free_bytes: Some(FREE_BYTES_GOOD - 1), ..healthy() }, "disk warn"),
            (Facts { free_bytes: None, ..healthy() }, "disk warn"),
            (Facts { data: Data::Unusable("no".into()), ..healthy() }, "data fail"),
            (Facts { plugins: state(State::Missing { carried: true }), ..healthy() }, "sdk warn"),
            (Facts { plugins: state(State::Other), ..healthy() }, "sdk warn"),
            (Facts { plugins: state(State::Changed), ..healthy() }, "sdk warn"),
            (Facts { plugins: Err("no".into()), ..healthy() }, "sdk fail"),
        ] {
            assert_eq!(wrong(&facts), [expected]);
        }
    }

    #[test]
    fn rust_must_be_new_enough() {
        for (version, expected) in [
            ("rustc 1.95.0 (59807616e 2026-04-14)", None),
            ("rustc 1.96.0-nightly (abc)", None),
            ("rustc 2.0.0", None),
            ("rustc 1.94.9", Some("rustc fail")),
            ("rustc 1.9.0", Some("rustc fail")),
            ("somebody's rustc", Some("rustc warn")),
        ] {
            let facts = Facts { rustc: Some(version.into()), ..healthy() };
            assert_eq!(wrong(&facts).first().map(String::as_str), expected, "{version}");
        }
    }

    #[test]
    fn only_safe_cures_are_done() {
        let cures = |facts: &Facts| -> Vec<Cure> {
            judge(facts).into_iter().filter_map(|finding| finding.cure).collect()
        };
        assert_eq!(cures(&Facts { target: false, ..healthy() }), [Cure::AddTarget]);
        assert_eq!(cures(&Facts { target: false, rustup: None, ..healthy() }), []);
        assert_eq!(cures(&healthy()), []);
    }
}
