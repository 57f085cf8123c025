//! One connection: a reader that begins requests in their order, and a writer that waits for their
//! answers in the same order. Between them is a bounded queue, so a client that asks too much
//! waits, and nobody else does.

use std::io::{self, BufReader, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread;
use std::time::Duration;

use model::{Error, Pending, Reply, Request};

use super::Room;
use crate::client::Hurried;
use crate::limits;
use crate::socket::Stream;
use crate::wire::{self, Answer, Ask, Broken, Hello, Refusal};

/// What the writer has to see to.
enum Work {
    Answer { id: u64, pending: Pending<Reply> },
    Wait { id: u64, queue: String, wait: Duration },
    Refuse(Refusal),
}

/// Ends the connection however its thread ends.
struct Ending<'s>(&'s Stream);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.0.end();
    }
}

/// Serves a connection from its hello to its end.
pub(super) fn serve(room: &Room, stream: &Stream) {
    let _ending = Ending(stream);
    let outcome = match meet(room, stream) {
        Ok(true) => converse(room, stream),
        Ok(false) => Ok(()),
        Err(refusal) => say(stream, &Answer::Refused(refusal)),
    };
    // A connection that cannot be written to has nobody left to tell.
    outcome.ok();
    discard(stream);
}

/// Writes one frame.
pub(super) fn say(stream: &Stream, answer: &Answer) -> Result<(), Broken> {
    let frame = wire::encode(answer, limits::FRAME_BYTES_MAX)?;
    Ok((&mut &*stream).write_all(&frame)?)
}

/// Whether it is one of us; `false` where the connection ended before that was known.
fn meet(room: &Room, stream: &Stream) -> Result<bool, Refusal> {
    if !stream.is_trusted().unwrap_or(false) {
        return Err(Refusal::Stranger);
    }
    let mut hurried = Hurried::new(stream, &*room.clock);
    match wire::read::<Hello>(&mut hurried, limits::HELLO_BYTES_MAX) {
        Ok(Some(hello)) => hello.check(&room.token)?,
        Ok(None) => return Ok(false),
        Err(broken) => return broken.refusal().map_or(Ok(false), Err),
    }
    Ok(stream.set_read_patience(None).is_ok() && say(stream, &Answer::Welcome).is_ok())
}

fn converse(room: &Room, stream: &Stream) -> Result<(), Broken> {
    let (queue, work) = mpsc::sync_channel(limits::OUTSTANDING_MAX);
    let deaf = AtomicBool::new(false);
    thread::scope(|scope| {
        // Moved in here: the writer ends when the reader has let go of the queue.
        let queue = queue;
        let writer = thread::Builder::new()
            .name("wharf-answer".into())
            .spawn_scoped(scope, || write(room, stream, work, &deaf));
        if writer.is_err() {
            return say(stream, &Answer::Refused(super::busy()));
        }
        read(room, stream, &queue);
        deaf.store(true, Ordering::SeqCst);
        Ok(())
    })
}

/// Begins what is read until nothing more is to be read.
fn read(room: &Room, stream: &Stream, queue: &SyncSender<Work>) {
    let mut reader = BufReader::new(stream);
    loop {
        let work = match wire::read(&mut reader, limits::FRAME_BYTES_MAX) {
            Ok(Some(_)) if room.stopping.load(Ordering::SeqCst) => return,
            Ok(Some(Ask { id, request: Request::WaitReady { queue, wait } })) => {
                Work::Wait { id, queue, wait }
            }
            Ok(Some(Ask { id, request })) => Work::Answer { id, pending: room.store.send(request) },
            Ok(None) => return,
            Err(broken) => {
                if let Some(refusal) = broken.refusal() {
                    queue.send(Work::Refuse(refusal)).ok();
                }
                return;
            }
        };
        if queue.send(work).is_err() {
            return;
        }
    }
}

/// Answers what was begun, in its order, and says goodbye. Ends the connection, which ends its
/// reader, when it cannot.
fn write(room: &Room, stream: &Stream, work: Receiver<Work>, deaf: &AtomicBool) {
    let _ending = Ending(stream);
    for work in work {
        let answer = match work {
            Work::Answer { id, pending } => Answer::Reply { id, reply: pending.wait() },
            Work::Wait { id, queue, wait } => match wait_ready(room, &queue, wait, deaf) {
                Some(reply) => Answer::Reply { id, reply },
                None => continue,
            },
            Work::Refuse(refusal) => Answer::Refused(refusal),
        };
        let said = match say(stream, &answer) {
            Err(broken) => say_too_large(stream, &answer, broken),
            said => said,
        };
        if said.is_err() || matches!(answer, Answer::Refused(_)) {
            return;
        }
    }
    say(stream, &Answer::Goodbye).ok();
}

/// An answer over the limit becomes an error that says so; other failures stay.
fn say_too_large(stream: &Stream, answer: &Answer, broken: Broken) -> Result<(), Broken> {
    let (Answer::Reply { id, .. }, Broken::TooLarge { bytes, limit }) = (answer, &broken) else {
        return Err(broken);
    };
    let (actual, limit) = (*bytes as u64, *limit as u64);
    let reply = Err(Error::OverLimit { what: "frame".into(), actual, limit });
    say(stream, &Answer::Reply { id: *id, reply })
}

/// Waits in slices; `None` once nobody is to be answered, because the client is gone or the server
/// stops.
///
/// Slices are counted instead of timed, so that a store that answers too soon cannot keep the
/// thread busy for long.
fn wait_ready(
    room: &Room,
    queue: &str,
    wait: Duration,
    deaf: &AtomicBool,
) -> Option<Result<Reply, Error>> {
    let mut left = wait;
    loop {
        let slice = left.min(limits::WAIT_SLICE);
        left -= slice;
        let request = Request::WaitReady { queue: queue.into(), wait: slice };
        let reply = room.store.send(request).wait();
        if deaf.load(Ordering::SeqCst) {
            return None;
        }
        if reply != Ok(Reply::WaitedReady(false)) || left.is_zero() {
            return Some(reply);
        }
    }
}

/// Takes in what the client still had under way: some systems drop what it was told if that is left
/// unread.
fn discard(stream: &Stream) {
    stream.stop_reading();
    let mut rest = stream;
    // The connection is over either way.
    io::copy(&mut rest, &mut io::sink()).ok();
}
