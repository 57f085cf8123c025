//! Who owns the store: this process or another. An `Access` works either way and moves when the
//! owner changes.
//!
//! **Election.** Whoever can open the store owns it and serves it at once. Whoever cannot reads
//! `control.json` and connects; if that fails, because the owner is just starting, ending or dead,
//! it tries both again after a moment, until its patience is over.
//!
//! **Moving.** When the connection to the owner ends, the thread that read its answers holds the
//! next election, with what may be asked again (`client` decides that) in its old order. What is
//! asked meanwhile queues up behind it, so a caller's requests keep their order across owners.
//! Where nothing waits there is no election until somebody asks. The races are these:
//!
//! - A request written while a goodbye is under way: its write fails or its bytes are never read;
//!   either way the goodbye proves that it was not begun, and it is asked again.
//! - A request that comes between the end of a connection and the move: the connection hands it
//!   back, and it joins those that wait. Whoever moves takes the state's lock only after the
//!   connection has stopped taking requests, so it cannot miss one.
//! - The new owner ends while the waiting requests are being sent to it: those it did not take stay
//!   in the line, behind those it took and did not answer.
//! - Two processes find the store free: opening it decides, the other one becomes a client.
//! - `Access` is closed during an election: whatever was won is given back.
//! - An owner is killed: its lock falls, its `control.json` and socket stay. Connecting fails at
//!   once and opening succeeds; the next owner takes the litter away.

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

use model::{Clock, Entropy, Error, Pending, Reply, Request, Store};

use crate::client::{self, Miss, Question, Remote};
use crate::control::Control;
use crate::server::Server;

/// How to open a store; `StoreLocked` means that another process has it.
pub type Open = dyn Fn() -> Result<Arc<dyn Store>, Error> + Send + Sync;

/// What it takes to share a data directory.
#[derive(Clone)]
pub struct Options {
    /// The data directory.
    pub dir: PathBuf,
    /// Where this user's sockets go: a short path, as paths of sockets are limited.
    pub runtime_dir: PathBuf,
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
    pub open: Arc<Open>,
    /// How long to try when the directory is taken and its owner cannot be reached.
    pub patience: Duration,
}

/// A store that this process owns or reaches through its owner.
pub struct Access {
    shared: Arc<Shared>,
}

struct Shared {
    options: Options,
    state: Mutex<State>,
}

struct State {
    seat: Seat,
    /// What is asked as soon as there is somebody to ask, in this order.
    waiting: Vec<Question>,
}

/// Where requests go.
enum Seat {
    Owner {
        store: Arc<dyn Store>,
        server: Server,
    },
    Remote(Arc<Remote>),
    /// An election is on.
    Moving,
    /// The last owner is gone, and nobody has asked since.
    Idle,
    Closed,
}

/// Opens the store of a data directory, or reaches the process that has it open.
pub fn access(options: Options) -> Result<Access, Error> {
    let state = State { seat: Seat::Moving, waiting: Vec::new() };
    let shared = Arc::new(Shared { options, state: Mutex::new(state) });
    let seat = shared.elect()?;
    shared.sit(seat)?;
    Ok(Access { shared })
}

impl Access {
    /// Whether this process owns the store at the moment.
    pub fn is_owner(&self) -> bool {
        matches!(self.shared.state().seat, Seat::Owner { .. })
    }

    /// Ends the serving in an orderly way and releases the store.
    pub fn close(self) -> Result<(), Error> {
        self.shared.close()
    }
}

impl Store for Access {
    fn send(&self, request: Request) -> Pending<Reply> {
        let store = match &self.shared.state().seat {
            Seat::Owner { store, .. } => Some(Arc::clone(store)),
            _ => None,
        };
        match (store, request) {
            (Some(store), request) => store.send(request),
            (None, Request::WaitReady { queue, wait }) => {
                let shared = Arc::clone(&self.shared);
                Pending::when_waited(move || shared.wait_ready(&queue, wait))
            }
            (None, request) => self.shared.ask(request),
        }
    }
}

impl Drop for Access {
    fn drop(&mut self) {
        // `close` is for those who want to know whether it went well.
        self.shared.close().ok();
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no holder of this lock panics")
    }

    fn ask(self: &Arc<Self>, request: Request) -> Pending<Reply> {
        let (mut question, pending) = Question::new(request);
        loop {
            let mut state = self.state();
            let remote = match &state.seat {
                Seat::Remote(remote) => Arc::clone(remote),
                Seat::Owner { store, .. } => {
                    let store = Arc::clone(store);
                    drop(state);
                    question.ask(&*store);
                    return pending;
                }
                Seat::Moving => {
                    state.waiting.push(question);
                    return pending;
                }
                Seat::Idle => {
                    state.waiting.push(question);
                    self.start_moving(&mut state);
                    return pending;
                }
                Seat::Closed => {
                    question.fail(Error::StoreClosed);
                    return pending;
                }
            };
            drop(state);
            // Written without the lock, for a server that is busy lets its clients wait.
            let Some(unsent) = remote.send(question) else { return pending };
            let mut state = self.state();
            if state.is_at(&remote) {
                // Whoever moves away from there takes it along.
                state.waiting.push(unsent);
                return pending;
            }
            question = unsent;
        }
    }

    /// Waits on connections of its own, one after another if owners change.
    fn wait_ready(self: &Arc<Self>, queue: &str, wait: Duration) -> Result<Reply, Error> {
        let clock = &*self.options.clock;
        let deadline = clock.elapsed().saturating_add(wait);
        loop {
            let left = deadline.saturating_sub(clock.elapsed());
            let control = match &self.state().seat {
                Seat::Owner { store, .. } => Err(Some(Arc::clone(store))),
                Seat::Remote(remote) => Ok(remote.control().clone()),
                _ => Err(None),
            };
            match control {
                Ok(control) => match client::wait_ready(&control, queue, left, clock) {
                    Ok(reply) => return reply,
                    Err(Miss::Never(error)) => return Err(error),
                    Err(Miss::Again(_)) if left.is_zero() => return Ok(Reply::WaitedReady(false)),
                    Err(Miss::Again(_)) => self.pause(),
                },
                Err(Some(store)) => {
                    let queue = queue.to_owned();
                    let pending = store.send(Request::WaitReady { queue, wait: left });
                    // A wait must not keep the store from being released.
                    drop(store);
                    return pending.wait();
                }
                Err(None) => {}
            }
            // Any question makes sure that there is an owner, or says why there is none.
            self.ask(Request::Queue(queue.into())).wait()?;
        }
    }

    /// Tries to own the store or to reach its owner, for as long as the patience lasts.
    fn elect(&self) -> Result<Seat, Error> {
        let options = &self.options;
        let deadline = options.clock.elapsed().saturating_add(options.patience);
        loop {
            let dir = match (options.open)() {
                Ok(store) => {
                    let server = Server::start(options, Arc::clone(&store))?;
                    return Ok(Seat::Owner { store, server });
                }
                Err(Error::StoreLocked { dir, .. }) => dir,
                Err(error) => return Err(error),
            };
            let seen = match self.connect() {
                Ok(remote) => return Ok(Seat::Remote(Arc::new(remote))),
                Err(Miss::Never(error)) => return Err(error),
                Err(Miss::Again(seen)) => seen,
            };
            if matches!(self.state().seat, Seat::Closed) {
                return Err(Error::StoreClosed);
            }
            if options.clock.elapsed() >= deadline {
                let detail = format!("{seen}; try again when it is done, or end it");
                return Err(Error::StoreLocked { dir, detail });
            }
            self.pause();
        }
    }

    fn connect(&self) -> Result<Remote, Miss> {
        match Control::read(&self.options.dir) {
            Ok(Some(control)) => Remote::connect(control, &*self.options.clock),
            Ok(None) => {
                Err(Miss::Again("a process holds it and does not share it: no control.json".into()))
            }
            Err(error) => Err(Miss::Again(format!(
                "a process holds it, and control.json tells none: {error}"
            ))),
        }
    }

    /// A moment, different for each, so that those who try do not keep colliding.
    fn pause(&self) {
        let jitter = self.options.entropy.next() % 24;
        thread::sleep(Duration::from_millis(2 + jitter as u64));
    }

    /// Takes the seat that was won and asks there what waits.
    fn sit(self: &Arc<Self>, seat: Seat) -> Result<(), Error> {
        let mut state = self.state();
        if matches!(state.seat, Seat::Closed) {
            drop(state);
            return seat.leave();
        }
        let waiting = std::mem::take(&mut state.waiting);
        match &seat {
            Seat::Remote(remote) => {
                if let Err(error) = self.listen(remote) {
                    state.waiting = waiting;
                    return Err(error);
                }
                state.waiting =
                    waiting.into_iter().filter_map(|asked| remote.send(asked)).collect();
            }
            Seat::Owner { store, .. } => {
                for question in waiting {
                    question.ask(&**store);
                }
            }
            Seat::Moving | Seat::Idle | Seat::Closed => {
                unreachable!("an election ends with a seat")
            }
        }
        state.seat = seat;
        Ok(())
    }

    /// Reads the answers of the owner in a thread of its own, and moves on when they end.
    fn listen(self: &Arc<Self>, remote: &Arc<Remote>) -> Result<(), Error> {
        let (shared, remote) = (Arc::clone(self), Arc::clone(remote));
        spawn(move || {
            let again = remote.listen();
            shared.leave(&remote, again);
        })
    }

    /// The connection has ended: what may be asked again is asked of the next owner.
    fn leave(self: &Arc<Self>, remote: &Arc<Remote>, again: Vec<Question>) {
        let mut state = self.state();
        if !state.is_at(remote) {
            // Only closing takes the seat away from under a connection.
            drop(state);
            for question in again {
                question.fail(Error::StoreClosed);
            }
            return;
        }
        state.waiting.splice(0..0, again);
        if state.waiting.is_empty() {
            state.seat = Seat::Idle;
            return;
        }
        state.seat = Seat::Moving;
        drop(state);
        self.move_on();
    }

    fn start_moving(self: &Arc<Self>, state: &mut State) {
        let shared = Arc::clone(self);
        match spawn(move || shared.move_on()) {
            Ok(()) => state.seat = Seat::Moving,
            Err(error) => state.fail(&error),
        }
    }

    fn move_on(self: &Arc<Self>) {
        if let Err(error) = self.elect().and_then(|seat| self.sit(seat)) {
            let mut state = self.state();
            if matches!(state.seat, Seat::Moving) {
                state.seat = Seat::Idle;
            }
            state.fail(&error);
        }
    }

    fn close(&self) -> Result<(), Error> {
        let mut state = self.state();
        let seat = std::mem::replace(&mut state.seat, Seat::Closed);
        state.fail(&Error::StoreClosed);
        drop(state);
        seat.leave()
    }
}

impl State {
    fn is_at(&self, remote: &Arc<Remote>) -> bool {
        matches!(&self.seat, Seat::Remote(current) if Arc::ptr_eq(current, remote))
    }

    fn fail(&mut self, error: &Error) {
        for question in self.waiting.drain(..) {
            question.fail(error.clone());
        }
    }
}

impl Seat {
    fn leave(self) -> Result<(), Error> {
        match self {
            Self::Owner { store, server } => {
                let stopped = server.stop();
                drop(store);
                stopped
            }
            Self::Remote(remote) => {
                remote.stop_asking();
                Ok(())
            }
            Self::Moving | Self::Idle | Self::Closed => Ok(()),
        }
    }
}

fn spawn(work: impl FnOnce() + Send + 'static) -> Result<(), Error> {
    let spawned = thread::Builder::new().name("wharf-access".into()).spawn(work);
    spawned.map(drop).map_err(|error| Error::of_system("a thread", &error))
}

impl fmt::Debug for Options {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Options({})", self.dir.display())
    }
}

impl fmt::Debug for Access {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Access({})", self.shared.options.dir.display())
    }
}
