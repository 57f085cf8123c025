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
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
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
    /// Connections on which somebody waits for an item.
    waits: AtomicUsize,
}

/// A connection and the thread that serves it.
struct Guest {
    stream: Stream,
    load: Arc<Load>,
    thread: JoinHandle<()>,
}

/// What is to be done for a connection.
#[derive(Default)]
struct Load {
    /// The hello, and requests that are not answered.
    outstanding: AtomicUsize,
    /// When the last of these was done, in milliseconds of the clock.
    rests_since: AtomicU64,
}

impl Load {
    fn begin(&self) {
        self.outstanding.fetch_add(1, Ordering::SeqCst);
    }

    fn end(&self, clock: &dyn Clock) {
        self.rests_since.store(clock.elapsed().as_millis() as u64, Ordering::SeqCst);
        self.outstanding.fetch_sub(1, Ordering::SeqCst);
    }

    /// Since when nothing is to be done.
    fn rests_since(&self) -> Option<u64> {
        let rests = self.outstanding.load(Ordering::SeqCst) == 0;
        rests.then(|| self.rests_since.load(Ordering::SeqCst))
    }
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
        let waits = AtomicUsize::new(0);
        let room = Arc::new(Room { store, token: token.clone(), clock, stopping, waits });
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
                if guests.len() >= limits::CONNECTIONS_MAX {
                    make_room(&mut guests);
                }
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

/// Says goodbye to the connection that has rested longest, if one rests: its client comes again
/// when it has something to ask.
fn make_room(guests: &mut Vec<Guest>) {
    let resting = guests.iter().enumerate();
    let resting = resting.filter_map(|(at, guest)| Some((guest.load.rests_since()?, at)));
    let Some((_, at)) = resting.min() else { return };
    let guest = guests.swap_remove(at);
    guest.stream.stop_reading();
    guest.stream.set_write_patience(Some(limits::PARTING_PATIENCE)).ok();
    guest.thread.join().ok();
}

fn admit(room: &Arc<Room>, stream: Stream, guests: usize) -> Option<Guest> {
    stream.set_write_patience(Some(limits::WRITE_PATIENCE)).ok()?;
    if guests >= limits::CONNECTIONS_MAX {
        connection::say(&stream, &Answer::Refused(busy())).ok();
        return None;
    }
    let (shared, end) = (Arc::clone(room), stream.clone());
    let load = Arc::new(Load::default());
    load.begin();
    let of_guest = Arc::clone(&load);
    let spawned = thread::Builder::new()
        .name("wharf-serve".into())
        .spawn(move || connection::serve(&shared, &end, &of_guest));
    if spawned.is_err() {
        connection::say(&stream, &Answer::Refused(busy())).ok();
    }
    Some(Guest { stream, load, thread: spawned.ok()? })
}

fn busy() -> Refusal {
    Refusal::Busy { limit: limits::CONNECTIONS_MAX }
}
