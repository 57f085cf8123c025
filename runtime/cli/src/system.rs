//! The one place that asks the machine: clocks, randomness, environment, terminal, signals.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use model::{Clock, Entropy, Timestamp};

/// The clocks of the machine.
#[derive(Debug)]
pub(crate) struct SystemClock {
    start: Instant,
}

impl SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the real clock")]
    pub(crate) fn new() -> Self {
        Self { start: Instant::now() }
    }
}

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the real clock")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }
}

/// The randomness of the operating system.
#[derive(Debug)]
pub(crate) struct SystemEntropy;

impl Entropy for SystemEntropy {
    #[expect(clippy::disallowed_methods, reason = "this is the real randomness")]
    fn next(&self) -> u128 {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).expect("every supported system gives randomness");
        u128::from_be_bytes(bytes)
    }
}

/// What the environment says, read once.
#[derive(Debug)]
pub(crate) struct Environment {
    /// `WHARF_DATA`: the data directory where `--data` is not given.
    pub(crate) data: Option<PathBuf>,
    /// Where the socket goes: its path must be short.
    pub(crate) runtime_dir: PathBuf,
    /// `NO_COLOR` is set to something.
    pub(crate) no_color: bool,
    /// The name under which this process claims where `--worker` is not given.
    pub(crate) worker: String,
    /// How wide the output may be: what `COLUMNS` says, else the width of the terminal.
    pub(crate) columns: Option<usize>,
    pub(crate) out_is_terminal: bool,
    pub(crate) err_is_terminal: bool,
    /// What tells cargo how to compile, of `COMPILER_VARIABLES`: the name and what it says.
    pub(crate) compiler: Vec<(&'static str, String)>,
    /// Secrets of steps, by the name behind `WHARF_SECRET_`.
    pub(crate) secrets: BTreeMap<String, OsString>,
}

/// The variables that change what cargo makes of a plugin; of those with flags, cargo obeys the
/// first that is set.
pub(crate) const COMPILER_VARIABLES: [&str; 5] = [
    "CARGO_ENCODED_RUSTFLAGS",
    "RUSTFLAGS",
    "CARGO_TARGET_WASM32_WASIP2_RUSTFLAGS",
    "CARGO_BUILD_RUSTFLAGS",
    "CARGO_TARGET_WASM32_WASIP2_LINKER",
];

impl Environment {
    #[expect(clippy::disallowed_methods, reason = "this is where the environment is read")]
    pub(crate) fn read() -> Self {
        let set = |name: &str| std::env::var_os(name).filter(|text| !text.is_empty());
        let own = || {
            let user = rustix::process::getuid().as_raw();
            std::env::temp_dir().join(format!("wharf-{user}"))
        };
        let compiler = COMPILER_VARIABLES.into_iter().filter_map(|name| {
            Some((name, std::env::var_os(name)?.to_string_lossy().into_owned()))
        });
        let secrets = std::env::vars_os().filter_map(|(name, value)| {
            Some((name.to_str()?.strip_prefix("WHARF_SECRET_")?.to_owned(), value))
        });
        let user = std::env::var("USER").ok().filter(|user| !user.is_empty() && user.len() < 64);
        Self {
            data: set("WHARF_DATA").map(PathBuf::from),
            runtime_dir: set("XDG_RUNTIME_DIR")
                .map_or_else(own, |dir| PathBuf::from(dir).join("wharf")),
            no_color: set("NO_COLOR").is_some(),
            worker: format!("{}:{}", user.as_deref().unwrap_or("wharf"), std::process::id()),
            columns: set("COLUMNS")
                .and_then(|text| text.to_str()?.parse().ok())
                .or_else(terminal_columns),
            out_is_terminal: io::stdout().is_terminal(),
            err_is_terminal: io::stderr().is_terminal(),
            compiler: compiler.collect(),
            secrets: secrets.collect(),
        }
    }
}

/// The file of this program.
pub(crate) fn program() -> io::Result<PathBuf> {
    std::env::current_exe()
}

/// The width of the terminal that stdout is; one that does not know it says 0.
fn terminal_columns() -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(io::stdout()).ok()?;
    Some(usize::from(size.ws_col)).filter(|columns| *columns > 0)
}

/// Lets a write beyond the limit on the size of files fail, as on a full disk: the signal for it
/// would end the process in the middle of its work.
pub(crate) fn outlive_file_limit() {
    // Where it cannot be caught, the system has its way.
    signal_hook::flag::register(signal_hook::consts::SIGXFSZ, Arc::default()).ok();
}

/// A flag that Ctrl-C and a request to terminate raise; the second time they end the process at
/// once. Only work that looks at the flag may ask for it.
pub(crate) fn interruptions() -> Arc<AtomicBool> {
    let flag = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        // Registering fails for forbidden signals only, and these two are not.
        let code = crate::exit_code::ExitCode::Interrupted as i32;
        signal_hook::flag::register_conditional_shutdown(signal, code, Arc::clone(&flag))
            .and_then(|_| signal_hook::flag::register(signal, Arc::clone(&flag)))
            .expect("both signals can be handled");
    }
    flag
}
