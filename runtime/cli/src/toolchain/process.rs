//! Programs that are run to their end: waited for, and ended when somebody presses Ctrl-C.

use std::ffi::OsStr;
use std::io::{self, Read as _};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};

use crate::error::{Error, Result};
use crate::toolchain;

/// How often a program that runs is left for a look at Ctrl-C.
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// What a program may say on stdout; more is cut, and then it is no answer.
const SAID_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// How a program ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) success: bool,
    /// What it wrote to stdout, or to both outputs where stderr is kept.
    pub(crate) said: String,
}

/// What becomes of what a program writes to stderr.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Talk {
    /// A person reads along.
    Shown,
    /// It is dropped: the answer on stdout is all that counts.
    Dropped,
}

/// Runs a program in a folder, without input. It gets a group of its own, so that Ctrl-C reaches
/// it and what it started through this process alone, and nothing outlives the wait.
pub(crate) fn run(
    program: &'static str,
    arguments: &[impl AsRef<OsStr>],
    folder: &Path,
    talk: Talk,
    interrupted: &AtomicBool,
) -> Result<Ended> {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(folder).process_group(0).stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(match talk {
        Talk::Shown => Stdio::inherit(),
        Talk::Dropped => Stdio::null(),
    });
    let mut child = command.spawn().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => toolchain::Error::ProgramMissing { program }.into(),
        _ => Error::file("run", program)(error),
    })?;
    let said = listen(&mut child);
    let waited = wait(&mut child, &said, interrupted);
    if !matches!(waited, Ok(Some(_))) {
        end(&mut child);
    }
    let Some((status, said)) = waited.map_err(Error::file("run", program))? else {
        return Err(Error::Interrupted);
    };
    Ok(Ended { success: status.success(), said })
}

/// Reads what the program says, beside it: a program that nobody listens to stands still.
fn listen(child: &mut Child) -> Receiver<io::Result<Vec<u8>>> {
    let (sender, receiver) = mpsc::channel();
    if let Some(stdout) = child.stdout.take() {
        thread::spawn(move || {
            let mut said = Vec::new();
            let read = stdout.take(SAID_BYTES_MAX).read_to_end(&mut said);
            // Nobody waits any more when the program was ended.
            let _unheard = sender.send(read.map(|_| said));
        });
    }
    receiver
}

/// How the program ended; none if it runs and somebody pressed Ctrl-C.
fn wait(
    child: &mut Child,
    said: &Receiver<io::Result<Vec<u8>>>,
    interrupted: &AtomicBool,
) -> io::Result<Option<(ExitStatus, String)>> {
    let said = loop {
        match said.recv_timeout(LOOK_EVERY) {
            Ok(said) => break said?,
            Err(RecvTimeoutError::Disconnected) => break Vec::new(),
            Err(RecvTimeoutError::Timeout) if interrupted.load(Ordering::Relaxed) => {
                return Ok(None);
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
    };
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some((status, String::from_utf8_lossy(&said).into_owned())));
        }
        if interrupted.load(Ordering::Relaxed) {
            return Ok(None);
        }
        thread::sleep(LOOK_EVERY);
    }
}

/// Ends the group of a program that still runs, and waits until it is gone.
fn end(child: &mut Child) {
    if let Some(group) = Pid::from_raw(child.id().cast_signed()) {
        // It may have ended by itself in this moment.
        let _gone = kill_process_group(group, Signal::KILL);
    }
    let _gone = child.wait();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn here() -> &'static Path {
        Path::new(".")
    }

    #[test]
    fn output_and_status_are_told() {
        let calm = AtomicBool::new(false);
        let ran = run("sh", &["-c", "echo said; exit 3"], here(), Talk::Dropped, &calm);
        let ran = ran.expect("there is a shell");
        assert_eq!((ran.success, ran.said.as_str()), (false, "said\n"));
    }

    #[test]
    fn missing_program_is_its_own_error() {
        let calm = AtomicBool::new(false);
        let ran = run("wharf-no-such-program", &[""; 0], here(), Talk::Dropped, &calm);
        assert_eq!(ran.expect_err("there is none").code(), "toolchain/program-missing");
    }

    #[test]
    fn interruption_ends_whole_group() {
        let folder = tempfile::tempdir().expect("space");
        let interrupted = AtomicBool::new(false);
        let id = folder.path().join("id");
        // Both shells would go on for ever; the second holds the output open like a compiler does.
        let endless = "while :; do sleep 1; done";
        let script = format!("sh -c '{endless}' & echo $$ > part && mv part id; {endless}");
        let ran = thread::scope(|scope| {
            scope.spawn(|| {
                while !id.exists() {
                    thread::yield_now();
                }
                interrupted.store(true, Ordering::Relaxed);
            });
            run("sh", &["-c", &script], folder.path(), Talk::Dropped, &interrupted)
        });
        assert!(matches!(ran, Err(Error::Interrupted)), "{ran:?}");
        let group = std::fs::read_to_string(&id).expect("the shell wrote it");
        let group = Pid::from_raw(group.trim().parse().expect("a number")).expect("not zero");
        // Whoever was killed is gone in a moment, and nobody else ends.
        assert!((0..1000).any(|_| alive(group) == 0));
    }

    /// How many processes of a group are alive: not even waiting to be buried.
    fn alive(group: Pid) -> usize {
        let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
        let stats = processes.filter_map(|it| std::fs::read_to_string(it.path().join("stat")).ok());
        let alive = stats.filter(|stat| {
            let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or("").split(' ').collect();
            fields.get(2) == Some(&group.to_string().as_str()) && fields[0] != "Z"
        });
        alive.count()
    }
}
