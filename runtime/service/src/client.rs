//! The client's end: one connection for everything but waits, with many requests on their way.
//!
//! What is known about a request when its connection ends decides what becomes of it:
//!
//! | end | an unanswered request |
//! |---|---|
//! | `Goodbye` or `Refused` was read | was not begun: it comes only after the last answer |
//! | it could not be written completely | was not begun: that takes its last byte |
//! | anything else | may have been done: a write is lost, anything else may be asked again |
//!
//! A server that ends refuses bytes before it says goodbye, so a write that fails proves nothing:
//! whoever writes only notes that its request was not sent, and the reader, which sees everything
//! the server has said, decides. It cuts the connection first, which ends a write that is stuck,
//! and then takes the writer's turn; so no request can slip in behind it. What comes later finds
//! the connection `ended` and is handed back to be sent elsewhere.

use std::collections::VecDeque;
use std::io::{BufReader, Read, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, mpsc};
use std::time::Duration;

use model::{Clock, Error, Pending, Reply, Request, Store};

use crate::control::Control;
use crate::limits;
use crate::socket::Stream;
use crate::wire::{self, Answer, Ask, Broken, Hello, Refusal};

/// A request and whoever waits for its answer.
pub(crate) struct Question {
    pub(crate) request: Request,
    answer: mpsc::Sender<Pending<Reply>>,
}

impl Question {
    /// The answer may come from this process or another, whichever owns the store by then.
    pub(crate) fn new(request: Request) -> (Self, Pending<Reply>) {
        let (answer, receiver) = mpsc::channel::<Pending<Reply>>();
        let pending = Pending::when_waited(move || match receiver.recv() {
            Ok(pending) => pending.wait(),
            Err(_) => Err(Error::UnknownOutcome),
        });
        (Self { request, answer }, pending)
    }

    /// Asks a store of this process.
    pub(crate) fn ask(self, store: &dyn Store) {
        self.answer.send(store.send(self.request)).ok();
    }

    fn answer(self, pending: Pending<Reply>) {
        // Whoever asked may have gone without waiting.
        self.answer.send(pending).ok();
    }

    pub(crate) fn fail(self, error: Error) {
        self.answer(Pending::ready(Err(error)));
    }
}

/// Whether doing it twice is as good as doing it once.
pub(crate) fn is_repeatable(request: &Request) -> bool {
    match request {
        Request::Commit(_)
        | Request::Claim(_)
        | Request::Renew(_)
        | Request::Sweep { .. }
        | Request::Backup(_) => false,
        Request::WaitReady { .. }
        | Request::Tick
        | Request::Item(_)
        | Request::ItemByReference { .. }
        | Request::Items(_)
        | Request::History { .. }
        | Request::Queue(_)
        | Request::Queues
        | Request::Stats(_)
        | Request::Schema { .. }
        | Request::Conforms { .. }
        | Request::Run(_)
        | Request::Runs(_)
        | Request::Journal { .. }
        | Request::Checkpoint(_)
        | Request::Pinned(_)
        | Request::Check => true,
    }
}

/// Why there is no connection.
pub(crate) enum Miss {
    /// Trying again may help. The text says what was seen.
    Again(String),
    /// Trying again will not help.
    Never(Error),
}

/// How a connection ended.
enum End {
    Goodbye,
    Refused(Refusal),
    Broken,
}

/// A connection to the owner.
pub(crate) struct Remote {
    control: Control,
    stream: Stream,
    next: AtomicU64,
    /// Whose turn it is to write.
    turn: Mutex<()>,
    open: Mutex<Open>,
}

/// What was asked and not answered, in the order of the asking.
#[derive(Default)]
struct Open {
    ended: bool,
    asked: VecDeque<Asked>,
}

struct Asked {
    id: u64,
    question: Question,
    sent: bool,
}

impl Remote {
    /// Connects to the owner that `control.json` names.
    pub(crate) fn connect(control: Control, clock: &dyn Clock) -> Result<Self, Miss> {
        let stream = greet(&control, clock)?;
        let (next, turn, open) = (AtomicU64::new(0), Mutex::default(), Mutex::default());
        Ok(Self { control, stream, next, turn, open })
    }

    pub(crate) fn control(&self) -> &Control {
        &self.control
    }

    /// Asks; a question that comes after the end is handed back.
    pub(crate) fn send(&self, mut question: Question) -> Option<Question> {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let ask = Ask { id, request: question.request };
        let frame = wire::encode(&ask, limits::FRAME_BYTES_MAX);
        question.request = ask.request;
        let frame = match frame {
            Ok(frame) => frame,
            Err(broken) => {
                question.fail(unsendable(broken));
                return None;
            }
        };
        let _turn = self.turn.lock().expect("no holder of this lock panics");
        let mut open = self.open();
        if open.ended {
            return Some(question);
        }
        open.asked.push_back(Asked { id, question, sent: true });
        drop(open);
        if (&self.stream).write_all(&frame).is_err()
            && let Some(last) = self.open().asked.back_mut()
            && last.id == id
        {
            last.sent = false;
        }
        None
    }

    /// Hands out the answers until the connection ends; then returns what may be asked elsewhere.
    pub(crate) fn listen(&self) -> Vec<Question> {
        let mut reader = BufReader::new(&self.stream);
        let end = loop {
            match wire::read(&mut reader, limits::FRAME_BYTES_MAX) {
                Ok(Some(Answer::Reply { id, reply })) => match self.take(id) {
                    Some(question) => question.answer(Pending::ready(reply)),
                    None => break End::Broken,
                },
                Ok(Some(Answer::Goodbye)) => break End::Goodbye,
                Ok(Some(Answer::Refused(refusal))) => break End::Refused(refusal),
                Ok(Some(Answer::Welcome) | None) | Err(_) => break End::Broken,
            }
        };
        self.stream.end();
        let _turn = self.turn.lock().expect("no holder of this lock panics");
        let mut open = self.open();
        open.ended = true;
        let asked = std::mem::take(&mut open.asked);
        drop(open);
        asked.into_iter().filter_map(|asked| asked.judge(&end, &self.control)).collect()
    }

    /// Nothing more will be asked; what was asked is still answered.
    pub(crate) fn stop_asking(&self) {
        self.stream.stop_writing();
    }

    /// The question this is the answer to, which is the oldest.
    fn take(&self, id: u64) -> Option<Question> {
        let mut open = self.open();
        let expected = open.asked.front().is_some_and(|asked| asked.id == id);
        if expected { open.asked.pop_front().map(|asked| asked.question) } else { None }
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().expect("no holder of this lock panics")
    }
}

impl Asked {
    /// The question, if it may be asked again.
    fn judge(self, end: &End, control: &Control) -> Option<Question> {
        match end {
            End::Goodbye => Some(self.question),
            End::Refused(refusal) => {
                self.question.fail(disagreement(refusal, control));
                None
            }
            End::Broken if !self.sent || is_repeatable(&self.question.request) => {
                Some(self.question)
            }
            End::Broken => {
                self.question.fail(Error::UnknownOutcome);
                None
            }
        }
    }
}

/// Waits on a connection of its own. `Err` where the connection ended before the answer.
pub(crate) fn wait_ready(
    control: &Control,
    queue: &str,
    wait: Duration,
    clock: &dyn Clock,
) -> Result<Result<Reply, Error>, Miss> {
    let stream = greet(control, clock)?;
    let ask = Ask { id: 0, request: Request::WaitReady { queue: queue.into(), wait } };
    let frame = match wire::encode(&ask, limits::FRAME_BYTES_MAX) {
        Ok(frame) => frame,
        Err(broken) => return Ok(Err(unsendable(broken))),
    };
    let patience = wait.saturating_add(limits::WAIT_PATIENCE);
    let listen = || {
        stream.set_read_patience(Some(patience))?;
        (&stream).write_all(&frame)?;
        wire::read(&mut &stream, limits::FRAME_BYTES_MAX)
    };
    match listen() {
        Ok(Some(Answer::Reply { id: 0, reply })) => Ok(reply),
        Ok(Some(Answer::Refused(refusal))) => Ok(Err(disagreement(&refusal, control))),
        Ok(_) => Err(Miss::Again(format!("{control} ended the wait"))),
        Err(broken) => Err(Miss::Again(format!("{control}: {broken}"))),
    }
}

/// A connection whose server knows us.
fn greet(control: &Control, clock: &dyn Clock) -> Result<Stream, Miss> {
    let silent = |problem: &dyn std::fmt::Display| {
        Miss::Again(format!("{control} holds it but does not answer ({problem})"))
    };
    let stream = Stream::connect(&control.address).map_err(|error| silent(&error))?;
    let welcome = shake(&stream, &control.token, clock).map_err(|broken| silent(&broken))?;
    match welcome {
        Some(Answer::Welcome) => Ok(stream),
        Some(Answer::Refused(refusal @ Refusal::Protocol { .. })) => {
            Err(Miss::Never(disagreement(&refusal, control)))
        }
        Some(Answer::Refused(refusal)) => {
            Err(Miss::Again(format!("{control} holds it and {refusal}")))
        }
        Some(_) | None => Err(silent(&"it is ending")),
    }
}

fn shake(stream: &Stream, token: &str, clock: &dyn Clock) -> Result<Option<Answer>, Broken> {
    let hello = wire::encode(&Hello::new(token), limits::HELLO_BYTES_MAX)?;
    stream.set_write_patience(Some(limits::HELLO_PATIENCE))?;
    // A server that refuses at once may have hung up on the hello, and still has said why.
    let written = (&mut &*stream).write_all(&hello);
    let answer = wire::read(&mut Hurried::new(stream, clock), limits::HELLO_BYTES_MAX);
    stream.set_read_patience(None)?;
    stream.set_write_patience(None)?;
    match answer {
        Ok(None) => written.map(|()| None).map_err(Broken::from),
        other => other,
    }
}

/// Reads what must be complete within the patience for a hello, however it trickles in.
pub(crate) struct Hurried<'s> {
    stream: &'s Stream,
    clock: &'s dyn Clock,
    deadline: Duration,
}

impl<'s> Hurried<'s> {
    pub(crate) fn new(stream: &'s Stream, clock: &'s dyn Clock) -> Self {
        let deadline = clock.elapsed().saturating_add(limits::HELLO_PATIENCE);
        Self { stream, clock, deadline }
    }
}

impl Read for Hurried<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let left = self.deadline.saturating_sub(self.clock.elapsed());
        if left.is_zero() {
            return Err(std::io::ErrorKind::TimedOut.into());
        }
        self.stream.set_read_patience(Some(left))?;
        let mut stream = self.stream;
        stream.read(into)
    }
}

fn unsendable(broken: Broken) -> Error {
    match broken {
        Broken::TooLarge { bytes, limit } => {
            Error::OverLimit { what: "frame".into(), actual: bytes as u64, limit: limit as u64 }
        }
        other => Error::Protocol { detail: other.to_string() },
    }
}

fn disagreement(refusal: &Refusal, control: &Control) -> Error {
    let (ours, version) = (wire::PROTOCOL, wire::VERSION);
    let detail = match refusal {
        Refusal::Protocol { .. } => format!(
            "process {} {refusal}, this is protocol {ours} (wharf {version}); use the same wharf \
             for both",
            control.pid
        ),
        _ => format!("{control} {refusal}"),
    };
    Error::Protocol { detail }
}
