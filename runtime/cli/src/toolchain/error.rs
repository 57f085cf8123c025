//! Why a plugin cannot be made or built.

use std::path::PathBuf;

use crate::exit_code::ExitCode;
use crate::toolchain::TARGET;
use crate::toolchain::flags::Trap;

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("`{name}` cannot be the name of a plugin: {problem}")]
    BadName { name: String, problem: &'static str, suggestion: Option<String> },
    #[error("there is no plugin in `{folder}`: it has no Cargo.toml", folder = .folder.display())]
    NoPlugin { folder: PathBuf },
    #[error("there is neither a plugin here nor one in `plugins/`")]
    NoPlugins,
    #[error("`{file}` is no manifest: {problem}", file = .file.display())]
    BadManifest { file: PathBuf, problem: String },
    #[error("`{file}` is the manifest of a workspace, not of a plugin", file = .file.display())]
    NotAPackage { file: PathBuf },
    #[error("`{name}` is no plugin: its library is not built as a `cdylib`")]
    NotACdylib { name: String, file: PathBuf, crate_type: Option<String> },
    #[error("there is no program `{program}` on the path")]
    ProgramMissing { program: &'static str },
    #[error("`{command}` failed: {told}")]
    ProgramFailed { command: String, told: String },
    #[error("Rust cannot compile for {TARGET}, and rustup is not here to add it")]
    TargetMissing,
    #[error("rustup could not add the target {TARGET}")]
    TargetRefused,
    #[error("{}", told(.traps))]
    Flags { traps: Vec<Trap> },
    #[error("{}", unbuilt(.plugins))]
    NotBuilt { plugins: Vec<String> },
    #[error("the build of `{plugin}` made no component: {what}")]
    NoComponent { plugin: String, what: &'static str },
    #[error("`{dir}` holds more than {most} files, too many to watch", dir = .folder.display())]
    TooManyFiles { folder: PathBuf, most: usize },
}

/// What the flags do, each on a line of its own where there are several.
fn told(traps: &[Trap]) -> String {
    let traps: Vec<String> = traps.iter().map(ToString::to_string).collect();
    format!("the environment keeps plugins from being built: {}", traps.join("\n  "))
}

fn unbuilt(plugins: &[String]) -> String {
    let names: Vec<String> = plugins.iter().map(|name| format!("`{name}`")).collect();
    let verb = if names.len() == 1 { "does" } else { "do" };
    format!("{} {verb} not compile", names.join(", "))
}

impl Error {
    /// The stable word scripts match on.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::BadName { .. } => "plugin/bad-name",
            Self::NoPlugin { .. } | Self::NoPlugins => "plugin/not-found",
            Self::BadManifest { .. } | Self::NotAPackage { .. } => "plugin/bad-manifest",
            Self::NotACdylib { .. } => "plugin/not-a-cdylib",
            Self::ProgramMissing { .. } => "toolchain/program-missing",
            Self::ProgramFailed { .. } => "toolchain/program-failed",
            Self::TargetMissing | Self::TargetRefused => "toolchain/target-missing",
            Self::Flags { .. } => "toolchain/flags",
            Self::NotBuilt { .. } => "build/failed",
            Self::NoComponent { .. } => "build/no-component",
            Self::TooManyFiles { .. } => "build/too-many-files",
        }
    }

    /// What to do next.
    pub(crate) fn hint(&self) -> String {
        match self {
            Self::BadName { suggestion: Some(name), .. } => format!("`{name}` would do"),
            Self::BadName { .. } => {
                "lowercase letters and digits, words joined by `-`, such as `finance`".into()
            }
            Self::NoPlugin { .. } | Self::NoPlugins => {
                "`wharf new plugin NAME` makes one; `wharf build DIR` builds one elsewhere".into()
            }
            Self::BadManifest { .. } => "correct it at that place".into(),
            Self::NotAPackage { .. } => "give the folder of one of its members".into(),
            Self::NotACdylib { file, crate_type: Some(line), .. } => {
                let file = file.display();
                format!("in `{file}`, under `[lib]`, replace `{line}` by `{CRATE_TYPE}`")
            }
            Self::NotACdylib { file, crate_type: None, .. } => {
                let file = file.display();
                format!("add to `{file}`, under `[lib]`: `{CRATE_TYPE}`")
            }
            Self::ProgramMissing { .. } => {
                "install Rust from https://rustup.rs; `wharf doctor` checks the whole tool chain"
                    .into()
            }
            Self::ProgramFailed { .. } => "`wharf doctor` checks the tool chain".into(),
            Self::TargetMissing => format!(
                "install Rust from https://rustup.rs, or the package of your system that brings \
                 the standard library for {TARGET}"
            ),
            Self::TargetRefused => {
                format!("see what rustup says above; by hand: `rustup target add {TARGET}`")
            }
            Self::Flags { traps } => {
                let first = traps.first().map_or("RUSTFLAGS", |trap| trap.variable);
                format!("without them: `env -u {first} wharf build`")
            }
            Self::NotBuilt { .. } => "correct what cargo says above".into(),
            Self::NoComponent { .. } => format!(
                "look in `.cargo/config.toml`, here and above, for a `linker` or `rustflags` that \
                 keeps {TARGET} from its own linker"
            ),
            Self::TooManyFiles { .. } => "keep data outside the folder of the plugin".into(),
        }
    }

    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Self::BadName { .. } => ExitCode::Usage,
            Self::NoPlugin { .. }
            | Self::NoPlugins
            | Self::BadManifest { .. }
            | Self::NotAPackage { .. }
            | Self::NotACdylib { .. }
            | Self::NotBuilt { .. }
            | Self::TooManyFiles { .. } => ExitCode::Refused,
            Self::ProgramMissing { .. }
            | Self::ProgramFailed { .. }
            | Self::TargetMissing
            | Self::TargetRefused
            | Self::Flags { .. }
            | Self::NoComponent { .. } => ExitCode::Failed,
        }
    }
}

/// The line that makes a plugin of a library, which its tests can still use.
const CRATE_TYPE: &str = r#"crate-type = ["cdylib", "rlib"]"#;
