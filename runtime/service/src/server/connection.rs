//! One connection: a reader that begins requests in their order, and a writer that waits for their
//! answers in the same order. Between them is a bounded queue, so a client that asks too much
//! waits, and nobody else does.

use std::io::{self, BufReader, Write};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread;
use std::time::Duration;

use model::{Error, Pending, Reply, Request};

use super::{Load, Room};
use crate::client::Hurried;
use crate::limits;
use crate::socket::Stream;
use crate::wire::{self, Answer, Ask, Broken, Hello, Refusal};

/// What the writer has to see to.
enum Work<'r> {
    Answer { id: u64, pending: Pending<Reply> },
    Wait { id: u64, queue: String, wait: Duration, seat: Seat<'r> },
    Refuse(Refusal),
}

/// One of the places for those who wait.
struct Seat<'r>(&'r AtomicUsize);

impl<'r> Seat<'r> {
    fn take(waits: &'r AtomicUsize) -> Result<Self, Error> {
        let taken = waits.fetch_add(1, Ordering::SeqCst);
        // Where it is one too many, dropping it takes it back.
        let seat = Self(waits);
        Error::limit("number of waiting claims", taken + 1, limits::WAITS_MAX).map(|()| seat)
    }
}

impl Drop for Seat<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Ends the connection however its thread ends.
struct Ending<'s>(&'s Stream);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.0.end();
    }
}

/// Serves a connection from its hello to its end.
pub(super) fn serve(room: &Room, stream: &Stream, load: &Load) {
    let _ending = Ending(stream);
    let met = meet(room, stream);
    load.end(&*room.clock);
    let outcome = match met {
        Ok(true) => converse(room, stream, load),
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

fn converse(room: &Room, stream: &Stream, load: &Load) -> Result<(), Broken> {
    let (queue, work) = mpsc::sync_channel(limits::OUTSTANDING_MAX);
    let deaf = AtomicBool::new(false);
    thread::scope(|scope| {
        // Moved in here: the writer ends when the reader has let go of the queue.
        let queue = queue;
        let writer = thread::Builder::new()
            .name("wharf-answer".into())
            .spawn_scoped(scope, || write(room, stream, load, work, &deaf));
        if writer.is_err() {
            return say(stream, &Answer::Refused(super::busy()));
        }
        read(room, stream, load, &queue);
        deaf.store(true, Ordering::SeqCst);
        Ok(())
    })
}

/// Begins what is read until nothing more is to be read.
fn read<'r>(room: &'r Room, stream: &Stream, load: &Load, queue: &SyncSender<Work<'r>>) {
    let mut reader = BufReader::new(stream);
    loop {
        let work = match wire::read(&mut reader, limits::FRAME_BYTES_MAX) {
            Ok(Some(_)) if room.stopping.load(Ordering::SeqCst) => return,
            Ok(Some(ask)) => {
                load.begin();
                begin(room, ask)
            }
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

fn begin(room: &Room, Ask { id, request }: Ask) -> Work<'_> {
    match request {
        Request::WaitReady { queue, wait } => match Seat::take(&room.waits) {
            Ok(seat) => Work::Wait { id, queue, wait, seat },
            Err(error) => Work::Answer { id, pending: Pending::ready(Err(error)) },
        },
        request => Work::Answer { id, pending: room.store.send(request) },
    }
}

/// Answers what was begun, in its order, and says goodbye. Ends the connection, which ends its
/// reader, when it cannot.
fn write(room: &Room, stream: &Stream, load: &Load, work: Receiver<Work<'_>>, deaf: &AtomicBool) {
    let _ending = Ending(stream);
    for work in work {
        let answer = match work {
            Work::Answer { id, pending } => Answer::Reply { id, reply: pending.wait() },
            Work::Wait { id, queue, wait, seat } => {
                let reply = wait_ready(room, &queue, wait, deaf);
                drop(seat);
                let Some(reply) = reply else { continue };
                Answer::Reply { id, reply }
            }
            Work::Refuse(refusal) => Answer::Refused(refusal),
        };
        let said = match say(stream, &answer) {
            Err(broken) => say_too_large(stream, &answer, broken),
            said => said,
        };
        load.end(&*room.clock);
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
