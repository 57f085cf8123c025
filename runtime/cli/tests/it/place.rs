//! A folder in which the command runs, and what a run of it left behind.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use model::Value;
use rustix::process::{Pid, Signal, kill_process};

/// The command under test.
pub(crate) const WHARF: &str = env!("CARGO_BIN_EXE_wharf");

/// A component that judges an invoice.
pub(crate) const CLASSIFY: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../host/src/baseline/classify.wasm");

/// No run takes longer, however busy the machine is.
const PATIENCE: Duration = Duration::from_mins(1);

/// A folder of its own, in which `.wharf` is the data directory.
pub(crate) struct Place {
    dir: tempfile::TempDir,
}

/// How a run went.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    /// A place with a queue `orders`.
    pub(crate) fn with_orders() -> Self {
        let place = Self::new();
        place.ok("queue create orders");
        place
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Writes a file.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), content).unwrap();
    }

    /// Any program, where nothing outside the folder tells it what to do.
    pub(crate) fn program(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.dir.path()).env("USER", "ada").stdin(Stdio::null());
        for name in ["WHARF_DATA", "NO_COLOR", "XDG_RUNTIME_DIR", "COLUMNS"] {
            command.env_remove(name);
        }
        command
    }

    /// A line for the shell, in which `wharf` is the command under test.
    pub(crate) fn shell(&self, line: &str) -> Command {
        let folder = Path::new(WHARF).parent().unwrap();
        let mut command = self.program("sh");
        command.arg("-c").arg(format!("PATH=\"$0:$PATH\"; {line}")).arg(folder);
        command.env("CLASSIFY", CLASSIFY);
        command
    }

    pub(crate) fn command<A: AsRef<OsStr>>(&self, arguments: &[A]) -> Command {
        let mut command = self.program(WHARF);
        command.args(arguments);
        command
    }

    /// Runs the command with the words of the line; `'…'` keeps words together.
    pub(crate) fn run(&self, line: &str) -> Ran {
        self.run_with(&words(line))
    }

    pub(crate) fn run_with<A: AsRef<OsStr>>(&self, arguments: &[A]) -> Ran {
        finish(start(&mut self.command(arguments)))
    }

    /// What the command prints; it has to succeed.
    #[track_caller]
    pub(crate) fn ok(&self, line: &str) -> String {
        let ran = self.run(line);
        assert_eq!(ran.code, 0, "{line}: {ran:?}");
        ran.out
    }

    /// What the command prints as JSON; it has to succeed.
    #[track_caller]
    pub(crate) fn json(&self, line: &str) -> Value {
        model::json::parse(&self.ok(&format!("{line} --output json"))).expect(line)
    }

    /// A count of the queue `orders`.
    pub(crate) fn count(&self, status: &str) -> u64 {
        let counts = self.json("queue stats orders");
        counts.get(status).and_then(Value::as_number).and_then(model::Number::as_u64).unwrap()
    }

    /// Nothing stored may be damaged, whatever happened.
    #[track_caller]
    pub(crate) fn assert_sound(&self) {
        let checked = self.run("db check");
        assert_eq!(checked.code, 0, "{checked:?}");
    }
}

impl Ran {
    /// Fails unless this is the refusal that was expected, with a hint that holds `hint`.
    #[track_caller]
    pub(crate) fn assert_refused(&self, exit_code: i32, code: &str, hint: &str) {
        assert_eq!(self.code, exit_code, "{self:?}");
        let told = if self.err.starts_with('{') {
            let object = self.error_object();
            assert_eq!(text(&object, "code"), code, "{self:?}");
            Some(text(&object, "hint").to_owned())
        } else {
            assert!(self.err.starts_with(&format!("error[{code}]: ")), "{self:?}");
            let told = self.err.lines().find(|line| line.starts_with("hint: "));
            told.map(str::to_owned)
        };
        assert!(told.is_some_and(|told| told.contains(hint)), "no `{hint}`: {self:?}");
        assert_eq!(self.out, "", "a refusal prints no data");
    }
}

impl Ran {
    /// The error that `--output json` and `jsonl` print: one object on the last line of stderr.
    #[track_caller]
    pub(crate) fn error_object(&self) -> Value {
        let object = model::json::parse(self.err.lines().last().unwrap_or_default());
        let object = object.unwrap_or_else(|error| panic!("{error}: {self:?}"));
        let fields: Vec<&str> = object.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(fields, ["code", "message", "hint", "exit_code"], "{self:?}");
        let code = object.get("exit_code").and_then(Value::as_number);
        assert_eq!(code.and_then(model::Number::as_u64), u64::try_from(self.code).ok());
        object
    }
}

/// The words of a line, as a shell would see them.
pub(crate) fn words(line: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (number, part) in line.split('\'').enumerate() {
        if number % 2 == 1 {
            found.push(part.to_owned());
        } else {
            found.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    found
}

/// Starts a process whose outputs are caught.
pub(crate) fn start(command: &mut Command) -> Child {
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Waits for the end of a process; one that does not end is ended and fails the test.
#[track_caller]
pub(crate) fn finish(child: Child) -> Ran {
    finish_within(child, PATIENCE)
}

/// As `finish`, for work that takes its time.
#[track_caller]
pub(crate) fn finish_within(child: Child, patience: Duration) -> Ran {
    let id = child.id();
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || sender.send(child.wait_with_output()));
    let Ok(output) = receiver.recv_timeout(patience) else {
        signal(id, Signal::KILL);
        panic!("process {id} did not end");
    };
    let Output { status, stdout, stderr } = output.unwrap();
    let by_signal = std::os::unix::process::ExitStatusExt::signal(&status);
    let code = status.code().unwrap_or_else(|| 128 + by_signal.unwrap_or(0));
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("both outputs are UTF-8");
    Ran { code, out: text(stdout), err: text(stderr) }
}

pub(crate) fn signal(process: u32, signal: Signal) {
    let process = Pid::from_raw(process.cast_signed()).expect("a process has a number");
    // It may have ended by itself, which is for the test to see.
    let _gone = kill_process(process, signal);
}

/// For latencies alone: no result depends on when a test runs.
#[expect(clippy::disallowed_methods, reason = "a test of speed needs the real clock")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// A text field of an object.
#[track_caller]
pub(crate) fn text<'v>(object: &'v Value, field: &str) -> &'v str {
    object.get(field).and_then(Value::as_text).unwrap_or_else(|| panic!("no text {field}"))
}

/// The objects of an array.
#[track_caller]
pub(crate) fn list(value: &Value) -> &[Value] {
    value.as_list().expect("an array")
}

/// A text with a line for each number.
pub(crate) fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    let mut text = String::new();
    for number in 0..count {
        text.push_str(&line(number));
        text.push('\n');
    }
    text
}
