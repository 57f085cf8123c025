//! The owner's end: accepts connections, and ends them in an orderly way.
//!
//! The end of a server, in this order:
//!
//! 1. `control.json` goes, so that nobody new comes; the listener goes, so that whoever is about to
//!    connect fails.
//! 2. Every connection stops reading. A request that was read is carried out and answered; one that
//!    was not, even half of one, never begins.
//! 3. After its last answer each connection says `Goodbye`, which therefore proves to its client
//!    that whatever was not answered was not begun.
//! 4. All threads have ended and let go of the store, so whoever drops it last is the caller of
//!    `stop`.

mod connection;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use model::{Clock, Entropy, Error, Store};

use crate::access::Options;
use crate::control::{self, Control};
use crate::limits;
use crate::socket::{self, Bell, Listener, Stream};
use crate::wire::{self, Answer, Refusal};

/// How long the server pauses when the system has no connection to give, as when too many files are
/// open.
const SHORTAGE: Duration = Duration::from_millis(50);

/// The serving of a store; ends with `stop`.
pub(crate) struct Server {
    dir: PathBuf,
    room: Arc<Room>,
    bell: Bell,
    accepting: JoinHandle<()>,
}

/// What all connections share.
struct Room {
    store: Arc<dyn Store>,
    token: String,
    clock: Arc<dyn Clock>,
    stopping: AtomicBool,
}

/// A connection and the thread that serves it.
struct Guest {
    stream: Stream,
    thread: JoinHandle<()>,
}

impl Server {
    /// Serves the store, whose directory this process must own.
    pub(crate) fn start(options: &Options, store: Arc<dyn Store>) -> Result<Self, Error> {
        let folder = socket::private_folder(&options.runtime_dir).map_err(|error| {
            control::failed("could not use the runtime directory", &options.runtime_dir, &error)
        })?;
        sweep(&options.dir, &folder);
        let address = folder.join(format!("{:016x}", options.entropy.next() as u64));
        let (listener, bell) = Listener::bind(&address)
            .map_err(|error| control::failed("could not listen on", &address, &error))?;
        let token = token(&*options.entropy);
        let stopping = AtomicBool::new(false);
        let clock = Arc::clone(&options.clock);
        let room = Arc::new(Room { store, token: token.clone(), clock, stopping });
        let shared = Arc::clone(&room);
        let accepting = thread::Builder::new()
            .name("wharf-accept".into())
            .spawn(move || accept(&shared, listener))
            .map_err(|error| control::failed("could not serve", &address, &error))?;
        let server = Self { dir: options.dir.clone(), room, bell, accepting };
        let (protocol, version) = (wire::PROTOCOL, wire::VERSION.into());
        let control = Control { protocol, version, pid: std::process::id(), address, token };
        match control.write(&options.dir) {
            // On a full disk nobody can be told where this is served, but what is there must stay
            // readable. Whoever else comes waits for the lock.
            Ok(()) | Err(Error::StoreFull { .. }) => Ok(server),
            Err(error) => server.stop().and(Err(error)),
        }
    }

    /// Answers what was read, says goodbye and lets go of the store.
    pub(crate) fn stop(self) -> Result<(), Error> {
        let removed = Control::remove(&self.dir);
        self.room.stopping.store(true, Ordering::SeqCst);
        self.bell.ring();
        let joined = self.accepting.join();
        removed?;
        joined.map_err(|_| Error::StoreIo { detail: "the serving of the store broke off".into() })
    }
}

/// 256 random bits.
fn token(entropy: &dyn Entropy) -> String {
    format!("{:032x}{:032x}", entropy.next(), entropy.next())
}

/// Takes away the socket of an owner that could not do it. It must be dead: the directory is ours.
fn sweep(dir: &Path, folder: &Path) {
    if let Ok(Some(control)) = Control::read(dir)
        && control.address.parent() == Some(folder)
    {
        // It is only litter: what cannot be taken away does no harm.
        std::fs::remove_file(&control.address).ok();
    }
}

fn accept(room: &Arc<Room>, listener: Listener) {
    let mut guests: Vec<Guest> = Vec::new();
    loop {
        match listener.accept() {
            Ok(None) => break,
            Ok(Some(stream)) => {
                guests.retain(|guest| !guest.thread.is_finished());
                guests.extend(admit(room, stream, guests.len()));
            }
            Err(_) => thread::sleep(SHORTAGE),
        }
    }
    drop(listener);
    for guest in &guests {
        guest.stream.stop_reading();
        // Fails only where the connection is over.
        guest.stream.set_write_patience(Some(limits::PARTING_PATIENCE)).ok();
    }
    for guest in guests {
        // A thread that panicked has ended its connection without a goodbye, which tells its client
        // enough.
        guest.thread.join().ok();
    }
}

fn admit(room: &Arc<Room>, stream: Stream, guests: usize) -> Option<Guest> {
    stream.set_write_patience(Some(limits::WRITE_PATIENCE)).ok()?;
    if guests >= limits::CONNECTIONS_MAX {
        connection::say(&stream, &Answer::Refused(busy())).ok();
        return None;
    }
    let (shared, end) = (Arc::clone(room), stream.clone());
    let spawned = thread::Builder::new()
        .name("wharf-serve".into())
        .spawn(move || connection::serve(&shared, &end));
    if spawned.is_err() {
        connection::say(&stream, &Answer::Refused(busy())).ok();
    }
    Some(Guest { stream, thread: spawned.ok()? })
}

fn busy() -> Refusal {
    Refusal::Busy { limit: limits::CONNECTIONS_MAX }
}
