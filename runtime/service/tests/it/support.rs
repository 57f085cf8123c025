//! A place to share, a store that only records, and a client that speaks in raw frames.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use model::{
    Change, Clock, Commit, Done, Entropy, Error, Id, Outcome, Pending, Reply, Request,
    SeededEntropy, Store, Timestamp,
};
use serde_json::{Value, json};
use service::{Access, Options, access};
use tempfile::TempDir;

/// Time really passes in these tests: sockets, unlike decisions, cannot be told the time.
pub(crate) struct Running(Instant);

impl Running {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that is injected")]
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }
}

impl Clock for Running {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH + self.0.elapsed()
    }

    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

/// What lasts beyond any one owner.
#[derive(Default)]
pub(crate) struct Disk {
    locked: AtomicBool,
    pub(crate) opened: AtomicUsize,
    /// Texts of the notes that were committed, in their order.
    pub(crate) notes: Mutex<Vec<String>>,
    pub(crate) requests: Mutex<Vec<Request>>,
    pub(crate) waits: AtomicUsize,
    /// Answers requests that are neither notes nor waits; an empty list of queues where it is
    /// empty.
    pub(crate) script: Mutex<Vec<Result<Reply, Error>>>,
    /// While shut, `Check` is not answered.
    shut: Mutex<bool>,
    opened_gate: Condvar,
    /// How long commits take after they were made.
    pub(crate) sync: AtomicU64,
}

/// The store of one owner: holds the lock of the disk while it lives.
struct Fake(Arc<Disk>);

impl Disk {
    fn open(self: &Arc<Self>) -> Result<Arc<dyn Store>, Error> {
        if self.locked.swap(true, Ordering::SeqCst) {
            return Err(locked());
        }
        self.opened.fetch_add(1, Ordering::SeqCst);
        Ok(Arc::new(Fake(Arc::clone(self))))
    }

    pub(crate) fn shut_gate(&self, shut: bool) {
        *self.shut.lock().unwrap() = shut;
        self.opened_gate.notify_all();
    }

    fn pass_gate(&self) {
        let shut = self.shut.lock().unwrap();
        drop(self.opened_gate.wait_while(shut, |shut| *shut).unwrap());
    }

    fn commit(&self, commit: &Commit) -> Vec<Outcome> {
        let mut notes = self.notes.lock().unwrap();
        let outcome = |change: &Change| match change {
            Change::Note { item, text, .. } => {
                notes.push(text.clone());
                Outcome::Done(Done::new(*item, None))
            }
            _ => Outcome::Skipped,
        };
        commit.changes.iter().map(outcome).collect()
    }
}

pub(crate) fn locked() -> Error {
    Error::StoreLocked { dir: "DIR".into(), detail: "held".into() }
}

impl Store for Fake {
    fn send(&self, request: Request) -> Pending<Reply> {
        assert!(self.0.locked.load(Ordering::SeqCst), "a store was used after its release");
        let disk = Arc::clone(&self.0);
        disk.requests.lock().unwrap().push(request.clone());
        match request {
            Request::Commit(commit) => {
                let outcomes = disk.commit(&commit);
                let sync = Duration::from_micros(disk.sync.load(Ordering::SeqCst));
                Pending::when_waited(move || {
                    if !sync.is_zero() {
                        thread::sleep(sync);
                    }
                    Ok(Reply::Committed(outcomes))
                })
            }
            Request::WaitReady { wait, .. } => {
                disk.waits.fetch_add(1, Ordering::SeqCst);
                Pending::when_waited(move || {
                    thread::sleep(wait);
                    Ok(Reply::WaitedReady(false))
                })
            }
            Request::Check => Pending::when_waited(move || {
                disk.pass_gate();
                Ok(Reply::BackedUp)
            }),
            _ => Pending::ready(disk.script.lock().unwrap().pop().unwrap_or(Ok(no_queues()))),
        }
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        assert!(self.0.locked.swap(false, Ordering::SeqCst), "a lock was released twice");
    }
}

pub(crate) fn no_queues() -> Reply {
    Reply::Queues(Vec::new())
}

/// A data directory and everything that happens around it.
pub(crate) struct Place {
    folder: TempDir,
    pub(crate) disk: Arc<Disk>,
    pub(crate) clock: Arc<dyn Clock>,
    seeds: AtomicU64,
}

impl Place {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("data")).unwrap();
        let clock = Arc::new(Running::start());
        Self { folder, disk: Arc::default(), clock, seeds: AtomicU64::new(1) }
    }

    pub(crate) fn dir(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub(crate) fn runtime_dir(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    pub(crate) fn options(&self) -> Options {
        let disk = Arc::clone(&self.disk);
        Options {
            dir: self.dir(),
            runtime_dir: self.runtime_dir(),
            clock: Arc::clone(&self.clock),
            entropy: self.entropy(),
            open: Arc::new(move || disk.open()),
            patience: Duration::from_secs(5),
        }
    }

    pub(crate) fn entropy(&self) -> Arc<dyn Entropy> {
        Arc::new(SeededEntropy::new(self.seeds.fetch_add(1, Ordering::SeqCst)))
    }

    pub(crate) fn access(&self) -> Access {
        access(self.options()).unwrap()
    }

    /// The owner and a client of it.
    pub(crate) fn pair(&self) -> (Access, Access) {
        let (owner, client) = (self.access(), self.access());
        assert!(owner.is_owner() && !client.is_owner());
        (owner, client)
    }

    pub(crate) fn control(&self) -> Value {
        let text = std::fs::read(self.dir().join("control.json")).unwrap();
        serde_json::from_slice(&text).unwrap()
    }

    /// A connection that has said nothing.
    pub(crate) fn raw(&self) -> Raw {
        let stream = UnixStream::connect(self.control()["address"].as_str().unwrap()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        Raw(stream)
    }

    /// A connection that was made welcome.
    pub(crate) fn guest(&self) -> Raw {
        let mut raw = self.raw();
        raw.say(&hello(&self.control()));
        assert_eq!(raw.hear(), Some(json!("Welcome")));
        raw
    }

    pub(crate) fn notes(&self) -> Vec<String> {
        self.disk.notes.lock().unwrap().clone()
    }

    /// How long that took.
    pub(crate) fn time(&self, work: impl FnOnce()) -> Duration {
        let start = self.clock.elapsed();
        work();
        self.clock.elapsed().saturating_sub(start)
    }

    /// Waits for what another thread is about to bring about.
    pub(crate) fn until(&self, what: &str, mut met: impl FnMut() -> bool) {
        let deadline = self.clock.elapsed() + Duration::from_secs(10);
        while !met() {
            assert!(self.clock.elapsed() < deadline, "in vain: {what}");
            thread::sleep(Duration::from_millis(2));
        }
    }
}

pub(crate) fn hello(control: &Value) -> Value {
    json!({"protocol": control["protocol"], "version": "0", "token": control["token"]})
}

pub(crate) fn id(number: u8) -> Id {
    Id::from_bytes([number; 16])
}

pub(crate) fn note(text: impl Into<String>) -> Request {
    let change = Change::Note { item: id(1), text: text.into(), clear: false };
    Request::Commit(Commit::one(change))
}

/// A peer that sends whatever it likes.
pub(crate) struct Raw(pub(crate) UnixStream);

impl Raw {
    pub(crate) fn send(&mut self, bytes: &[u8]) {
        // A server that has hung up is what some tests are about.
        self.0.write_all(bytes).ok();
    }

    pub(crate) fn say(&mut self, frame: &Value) {
        let body = frame.to_string().into_bytes();
        self.send(&[&(body.len() as u32).to_le_bytes(), body.as_slice()].concat());
    }

    /// The next frame; `None` at the end of the connection.
    pub(crate) fn hear(&mut self) -> Option<Value> {
        let mut length = [0; 4];
        if let Err(error) = self.0.read_exact(&mut length) {
            assert_ne!(error.kind(), std::io::ErrorKind::WouldBlock, "nothing was heard");
            return None;
        }
        let mut body = vec![0; u32::from_le_bytes(length) as usize];
        self.0.read_exact(&mut body).unwrap();
        Some(serde_json::from_slice(&body).unwrap())
    }

    pub(crate) fn ask(&mut self, number: u64, request: &Request) {
        self.say(&json!({"id": number, "request": request}));
    }
}
