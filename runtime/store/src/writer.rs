//! The one thread that writes. Requests that wait together become durable together.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, sync_channel};
use std::sync::{Arc, RwLock};
use std::thread::JoinHandle;
use std::time::Duration;

use model::{Change, Claim, Error, Fence, Mode, Pending, Renewal, Reply, Request, run};

use crate::change;
use crate::claim;
use crate::conform::Prepared;
use crate::connection;
use crate::error::{Attempt, Fault, Result};
use crate::ledger::Ledger;
use crate::queues::Queues;
use crate::reader;
use crate::tick;
use crate::wake::Wake;

/// Requests that may wait before the sender does.
const WAITING_MAX: usize = 4_096;
/// Small requests that become durable together.
const GROUP_MAX: usize = 1_000;
/// No request waits longer for others to join.
const GROUP_TIME_MAX: Duration = Duration::from_millis(2);
/// A commit of this many changes runs alone, so that nobody waits behind it for long.
const SMALL_CHANGES_MAX: usize = 100;
/// The same for records of journals, which are written without looking at anything.
const SMALL_RECORDS_MAX: usize = 500;
/// Portions of what is due that opening a store waits for.
const CATCH_UP_MAX: usize = 20;
/// The clock may be set while nothing happens: what is due is looked at this often.
const IDLE_MAX: Duration = Duration::from_secs(1);
const IDLE_WITHOUT_DUE_MAX: Duration = Duration::from_mins(1);

/// What the writer is asked to do.
#[derive(Debug)]
pub(crate) enum Task {
    Commit {
        changes: Vec<Prepared>,
        fences: Vec<Fence>,
        run: Option<run::Fence>,
        mode: Mode,
    },
    Claim(Claim),
    Renew(Vec<Renewal>),
    Tick,
    Sweep {
        queue: String,
        limit: usize,
    },
    /// A read, where there is no other connection.
    Read(Request),
}

type Answer = Sender<Result<Reply>>;

enum Message {
    Task(Task, Answer),
    Stop,
}

/// What the writer publishes.
#[derive(Debug, Default)]
pub(crate) struct Published {
    pub(crate) wake: Wake,
    queues: RwLock<Arc<Queues>>,
}

impl Published {
    pub(crate) fn queues(&self) -> Arc<Queues> {
        self.queues.read().expect("no holder of this lock can panic").clone()
    }
}

/// The writer as others see it. Dropping it finishes what was asked for, then ends the thread.
#[derive(Debug)]
pub(crate) struct Writer {
    messages: SyncSender<Message>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread. With `background`, it does by itself what time makes due.
    pub(crate) fn start(
        ledger: Ledger,
        published: Arc<Published>,
        background: bool,
    ) -> std::io::Result<Self> {
        let (messages, received) = sync_channel(WAITING_MAX);
        let (overdue, failed, damaged) = (false, false, None);
        let mut desk = Desk { ledger, published, background, overdue, failed, damaged };
        desk.publish(desk.ledger.ready_counts());
        if background {
            desk.catch_up();
        }
        let run = move || desk.run(&received);
        let thread = std::thread::Builder::new().name("store-writer".into()).spawn(run)?;
        Ok(Self { messages, thread: Some(thread) })
    }

    pub(crate) fn ask(&self, task: Task) -> Pending<Reply> {
        let (answer, answered) = std::sync::mpsc::channel();
        match self.messages.send(Message::Task(task, answer)) {
            Ok(()) => Pending::on_its_way(answered, Error::UnknownOutcome),
            Err(_) => Pending::ready(Err(Error::StoreClosed)),
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // A writer that is gone has nothing left to finish.
        drop(self.messages.send(Message::Stop));
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

/// The writer's own side.
struct Desk {
    ledger: Ledger,
    published: Arc<Published>,
    background: bool,
    /// More was due than the last portion could hold.
    overdue: bool,
    /// What was due could not be done.
    failed: bool,
    /// SQLite has met damage: what is written from then on might be lost with the rest.
    damaged: Option<Error>,
}

impl Desk {
    fn run(mut self, messages: &Receiver<Message>) {
        let mut next = None;
        loop {
            let message = match next.take() {
                Some(message) => message,
                None => match self.receive(messages) {
                    Some(message) => message,
                    None => continue,
                },
            };
            match message {
                Message::Stop => break,
                Message::Task(task, answer) => next = self.group(task, answer, messages),
            }
            // However busy the store is, time passes.
            if self.background && self.patience().is_zero() {
                self.tick();
            }
        }
        self.published.wake.close();
    }

    /// Waits for a message; while none comes, does what time makes due.
    fn receive(&mut self, messages: &Receiver<Message>) -> Option<Message> {
        if !self.background {
            return Some(messages.recv().unwrap_or(Message::Stop));
        }
        match messages.recv_timeout(self.patience()) {
            Ok(message) => Some(message),
            Err(RecvTimeoutError::Disconnected) => Some(Message::Stop),
            Err(RecvTimeoutError::Timeout) => {
                self.tick();
                None
            }
        }
    }

    /// How long the store may leave alone what time makes due.
    fn patience(&self) -> Duration {
        match self.ledger.until_due() {
            // What failed would fail again at once: a full disk stays full for a while.
            _ if self.failed => IDLE_MAX,
            _ if self.overdue => Duration::ZERO,
            Some(due) => due.min(IDLE_MAX),
            None => IDLE_WITHOUT_DUE_MAX,
        }
    }

    /// What became due while nobody had the store open is done before anybody looks.
    fn catch_up(&mut self) {
        for _ in 0..CATCH_UP_MAX {
            if !self.patience().is_zero() {
                break;
            }
            self.tick();
        }
    }

    fn tick(&mut self) {
        let (answer, _) = std::sync::mpsc::channel();
        let mut group = Group::default();
        self.run_group(&mut group, |desk, group| {
            desk.serve(group, Task::Tick, answer);
        });
        self.overdue = group.overdue();
        self.failed = group.fatal.is_some() || group.answers.iter().any(|(_, it)| it.is_err());
        group.answer();
    }

    /// Runs a task and the small ones that wait behind it as one transaction. Returns the message
    /// that ended it.
    fn group(
        &mut self,
        task: Task,
        answer: Answer,
        messages: &Receiver<Message>,
    ) -> Option<Message> {
        if let Task::Read(request @ Request::Backup(_)) = task {
            // A backup copies what is durable: there must be no transaction.
            let reply = reader::answer(&self.ledger.db, &self.ledger.queues, request);
            drop(answer.send(reply));
            return None;
        }
        let mut group = Group::default();
        let mut next = None;
        self.run_group(&mut group, |desk, group| {
            let begun = desk.ledger.clock.elapsed();
            let alone = task.is_large();
            let mut open = desk.serve(group, task, answer) && !alone;
            while open {
                match messages.try_recv() {
                    Ok(Message::Task(task, answer)) if !task.is_large() => {
                        open = desk.serve(group, task, answer);
                    }
                    Ok(message) => {
                        next = Some(message);
                        break;
                    }
                    Err(_) => break,
                }
                let late = desk.ledger.clock.elapsed().saturating_sub(begun) > GROUP_TIME_MAX;
                open &= group.answers.len() < GROUP_MAX && !late;
            }
        });
        group.answer();
        next
    }

    /// Wraps `fill` in a transaction. If anything fatal happens, every request of the group hears
    /// it.
    fn run_group(&mut self, group: &mut Group, fill: impl FnOnce(&mut Self, &mut Group)) {
        if let Err(error) = self.ledger.begin() {
            group.fatal = Some(error);
        }
        fill(self, group);
        if group.fatal.is_none() {
            match self.ledger.commit() {
                Ok(ready) => self.publish(ready),
                Err(error) => group.fatal = Some(error),
            }
        }
        if let Some(error) = group.fatal.take() {
            let error = connection::named(&self.ledger.db, error);
            if matches!(error, Error::StoreDamaged { .. }) {
                self.damaged.get_or_insert_with(|| error.clone());
            }
            group.fatal = Some(error);
        }
        if group.fatal.is_some() && self.ledger.roll_back().is_ok() {
            self.publish(self.ledger.ready_counts());
        }
    }

    /// Performs a task within the group; `false` if the transaction is lost.
    fn serve(&mut self, group: &mut Group, task: Task, answer: Answer) -> bool {
        let attempt = match &group.fatal {
            Some(error) => Err(Fault::Fatal(error.clone())),
            None => self.perform(task),
        };
        group.push(attempt, answer)
    }

    fn perform(&mut self, task: Task) -> Attempt<Reply> {
        if let (Some(damaged), false) = (&self.damaged, matches!(task, Task::Read(_))) {
            return Err(Fault::Fatal(damaged.clone()));
        }
        let reply = self.perform_task(task);
        if !matches!(reply, Err(Fault::Fatal(_))) {
            self.ledger.interrupt_lost()?;
        }
        reply
    }

    fn perform_task(&mut self, task: Task) -> Attempt<Reply> {
        let ledger = &mut self.ledger;
        match task {
            Task::Commit { changes, fences, run, mode } => {
                change::commit(ledger, changes, &fences, run, mode).map(Reply::Committed)
            }
            Task::Claim(claim) => claim::claim(ledger, &claim).map(Reply::Claimed),
            Task::Renew(renewals) => claim::renew(ledger, &renewals).map(Reply::Renewed),
            Task::Tick => tick::tick(ledger).map(Reply::Ticked),
            Task::Sweep { queue, limit } => claim::sweep(ledger, &queue, limit).map(Reply::Swept),
            Task::Read(request) => {
                let answer = reader::answer(&ledger.db, &ledger.queues, request);
                answer.map_err(|error| ledger.judge(error))
            }
        }
    }

    fn publish(&mut self, ready: Vec<(i64, u64)>) {
        if self.ledger.queues_changed {
            let queues = Arc::new(self.ledger.queues.clone());
            let mut published =
                self.published.queues.write().expect("no holder of this lock can panic");
            *published = queues;
            self.ledger.queues_changed = false;
            // A new queue may have the number of one that is gone.
            self.published.wake.publish(self.ledger.ready_counts());
        }
        self.published.wake.publish(ready);
    }
}

impl Task {
    fn is_large(&self) -> bool {
        match self {
            Self::Commit { changes, .. } => {
                changes.len() > SMALL_CHANGES_MAX || records(changes) > SMALL_RECORDS_MAX
            }
            Self::Sweep { .. } | Self::Read(Request::Backup(_)) => true,
            _ => false,
        }
    }
}

fn records(changes: &[Prepared]) -> usize {
    let records = |prepared: &Prepared| match &prepared.change {
        Change::Journal(journal) => journal.records.len(),
        _ => 0,
    };
    changes.iter().map(records).sum()
}

/// The requests of one transaction and what they are told once it is durable.
#[derive(Default)]
struct Group {
    answers: Vec<(Answer, Result<Reply>)>,
    /// Why nothing of the group was written.
    fatal: Option<Error>,
}

impl Group {
    /// Keeps the reply until the transaction is durable; `false` if the transaction is lost.
    fn push(&mut self, attempt: Attempt<Reply>, answer: Answer) -> bool {
        let reply = match attempt {
            Ok(reply) => Ok(reply),
            Err(Fault::Refused(error)) => Err(error),
            Err(Fault::Fatal(error)) => {
                self.fatal.get_or_insert_with(|| error.clone());
                Err(error)
            }
        };
        self.answers.push((answer, reply));
        self.fatal.is_none()
    }

    fn overdue(&self) -> bool {
        let ticked = self.answers.iter().find_map(|(_, reply)| match reply {
            Ok(Reply::Ticked(ticked)) => Some(ticked.more),
            _ => None,
        });
        self.fatal.is_none() && ticked.unwrap_or(false)
    }

    fn answer(self) {
        for (answer, reply) in self.answers {
            let reply = match &self.fatal {
                Some(error) => Err(error.clone()),
                None => reply,
            };
            // Whoever asked may have stopped listening.
            drop(answer.send(reply));
        }
    }
}
