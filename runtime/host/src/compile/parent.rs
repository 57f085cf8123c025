//! The process that compiles, from the outside.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use model::{Clock, Entropy};

use super::bounds::{Bounds, met};
use super::job::{DONE, INVALID, Job, unpack};
use super::{Artifact, check};
use crate::fault::Fault;
use crate::limits::{
    ARTIFACT_BYTES_MAX, Bound, COMPILE_CPU_SECONDS_MAX, COMPILE_MEMORY_BYTES_MAX, COMPILE_TIME_MAX,
};

/// Whoever waits longer than this is told that it goes on, and told again as often.
const PROGRESS_EVERY: Duration = Duration::from_millis(500);
/// How often it is looked whether a child has ended: often at first, for most end soon.
const LOOK_FIRST: Duration = Duration::from_millis(1);
const LOOK_LAST: Duration = Duration::from_millis(20);
/// What is read of a child's last words.
const WORDS_BYTES_MAX: u64 = 4 * 1024;
/// Threads of a child; each has a stack and a heap of its own in the bounded address space.
const THREADS_MAX: usize = 4;

/// Is told for how long a compilation has been going on.
pub type Progress<'a> = &'a mut dyn FnMut(Duration);

/// How to start this program as a compiler, and what it may use.
#[derive(Clone)]
pub struct Compiler {
    /// The program, and the words that make it call [`child_main`](super::child_main) with those
    /// that follow.
    pub program: PathBuf,
    pub arguments: Vec<OsString>,
    pub memory_bytes: u64,
    pub cpu_seconds: u64,
    pub time: Duration,
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
}

impl Compiler {
    pub fn new(
        program: PathBuf,
        arguments: Vec<OsString>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Self {
        Self {
            program,
            arguments,
            memory_bytes: COMPILE_MEMORY_BYTES_MAX,
            cpu_seconds: COMPILE_CPU_SECONDS_MAX,
            time: COMPILE_TIME_MAX,
            clock,
            entropy,
        }
    }

    /// Compiles in a child. `scratch` is a directory that is ours alone; nothing is left in it.
    pub fn compile(
        &self,
        component: &[u8],
        scratch: &Path,
        progress: Progress<'_>,
    ) -> Result<Artifact, Fault> {
        check(component)?;
        let files = Files::new(scratch, self.entropy.next());
        files.write_input(component).map_err(|error| scratch_fault(scratch, &error))?;
        let job = Job {
            input: files.input.clone(),
            output: files.output.clone(),
            bounds: Bounds { memory_bytes: self.memory_bytes, cpu_seconds: self.cpu_seconds },
        };
        let words = files.words().map_err(|error| scratch_fault(scratch, &error))?;
        let mut child = self.start(&job, words).map_err(|error| {
            let program = self.program.display();
            Fault::Compiler { detail: format!("`{program}` could not be started: {error}") }
        })?;
        let ended = self.wait(&mut child, progress);
        let status = ended.map_err(|error| Fault::Compiler { detail: error.to_string() })?;
        match status {
            Some(status) => self.answer(status, &files),
            None => Err(Fault::over(Bound::CompileTime, self.time.as_secs(), None)),
        }
    }

    fn start(&self, job: &Job, words: File) -> io::Result<Child> {
        let threads = thread::available_parallelism().map_or(1, usize::from).min(THREADS_MAX);
        Command::new(&self.program)
            .args(&self.arguments)
            .args(job.to_arguments())
            .env_clear()
            .env("RAYON_NUM_THREADS", threads.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(words)
            .spawn()
    }

    /// Waits for the end of the child, or ends it when its time is over.
    fn wait(&self, child: &mut Child, progress: Progress<'_>) -> io::Result<Option<ExitStatus>> {
        let start = self.clock.elapsed();
        let mut look = LOOK_FIRST;
        let mut tell = PROGRESS_EVERY;
        loop {
            if let Some(status) = child.try_wait()? {
                return Ok(Some(status));
            }
            let passed = self.clock.elapsed().saturating_sub(start);
            if passed >= self.time {
                child.kill()?;
                child.wait()?;
                return Ok(None);
            }
            if passed >= tell {
                progress(passed);
                tell = passed + PROGRESS_EVERY;
            }
            thread::sleep(look);
            look = (look * 5 / 4).min(LOOK_LAST);
        }
    }

    fn answer(&self, status: ExitStatus, files: &Files) -> Result<Artifact, Fault> {
        let output = || {
            let read = fs::read(&files.output);
            read.map_err(|error| Fault::Compiler { detail: format!("no answer: {error}") })
        };
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        match status.code() {
            Some(code) if code == i32::from(DONE) => unpack(output()?),
            Some(code) if code == i32::from(INVALID) => {
                Err(Fault::Invalid { problem: text(output()?) })
            }
            _ => Err(self.broken(status, files)),
        }
    }

    /// The child did not come to its own end, or could not begin.
    fn broken(&self, status: ExitStatus, files: &Files) -> Fault {
        let words = files.read_words();
        let allowed = |bound| match bound {
            Bound::CompileCpu => self.cpu_seconds,
            Bound::CompileMemory => self.memory_bytes,
            _ => ARTIFACT_BYTES_MAX,
        };
        if let Some(bound) = met(status, &words) {
            return Fault::over(bound, allowed(bound), None);
        }
        let answer = fs::read_to_string(&files.output).unwrap_or_default();
        let said = if answer.is_empty() { words } else { answer };
        Fault::Compiler { detail: format!("{status}: {}", said.trim()) }
    }
}

impl std::fmt::Debug for Compiler {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Compiler").field("program", &self.program).finish_non_exhaustive()
    }
}

fn scratch_fault(scratch: &Path, error: &io::Error) -> Fault {
    Fault::CacheIo { path: scratch.display().to_string(), detail: error.to_string() }
}

/// The files of one compilation, which go with it.
struct Files {
    input: PathBuf,
    output: PathBuf,
    words: PathBuf,
}

impl Files {
    fn new(scratch: &Path, random: u128) -> Self {
        let path = |ending| scratch.join(format!("{random:032x}.{ending}"));
        Self { input: path("component"), output: path("code"), words: path("words") }
    }

    fn create(path: &Path) -> io::Result<File> {
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
    }

    /// The child reads a copy: the original could be exchanged between being named by its hash
    /// and being read.
    fn write_input(&self, component: &[u8]) -> io::Result<()> {
        Self::create(&self.input)?.write_all(component)
    }

    fn words(&self) -> io::Result<File> {
        Self::create(&self.words)
    }

    fn read_words(&self) -> String {
        let mut words = Vec::new();
        if let Ok(file) = File::open(&self.words) {
            // Whatever could be read explains more than an error about reading it.
            let _ = file.take(WORDS_BYTES_MAX).read_to_end(&mut words);
        }
        String::from_utf8_lossy(&words).into_owned()
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        for path in [&self.input, &self.output, &self.words] {
            // What is not there needs no removing, what cannot be removed ages out of the cache.
            let _ = fs::remove_file(path);
        }
    }
}
