//! Everything that can be asked and answered survives the way over the socket.

use std::time::Duration;

use model::item::{Holder, ItemEdit, Life};
use model::{
    Change, Checked, Claim, Claimed, Commit, Done, Ending, Entry, Error, Expiry, Fence, Item,
    ItemQuery, Mode, Move, NewItem, NewRun, Outcome, Page, Priority, Queue, QueueEdit,
    QueueSettings, QueueState, Renewal, Reply, Request, Rules, Run, Settlement, Stats, Status,
    Store, Ticked, Timestamp, Token, run,
};

use crate::support::{Place, id};

/// Text that breaks whatever does not escape it.
const AWKWARD: &str = "{\"sum\": 12345678901234567890.10}\n\t\u{0}\u{7f}\u{2028}é🚢\\\"";

fn at(microsecond: i64) -> Timestamp {
    Timestamp::from_microsecond(1_700_000_000_000_000 + microsecond).unwrap()
}

fn token() -> Token {
    Token::from_bytes([7; 16])
}

fn rules() -> Rules {
    Rules { ttl: Some(Duration::from_nanos(1)), at_risk_percent: Some(80), ..Rules::default() }
}

fn new_item() -> NewItem {
    NewItem {
        name: Some(AWKWARD.into()),
        reference: Some("r".into()),
        priority: Priority::HIGH,
        expires: Expiry::At(at(1)),
        delay_until: Some(at(2)),
        hold: true,
        batch: Some(id(3)),
        note: Some(String::new()),
        effect: Some(run::EffectKey::new(*b"\x00key\xff")),
        ..NewItem::new(id(2), "q", AWKWARD)
    }
}

fn edits() -> [Change; 2] {
    let edit = ItemEdit {
        name: Some(Some("n".into())),
        value: Some(AWKWARD.into()),
        priority: Some(Priority::LOW),
        reference: Some(Some("r".into())),
        expires: Some(Expiry::At(at(5))),
    };
    let queue = QueueEdit {
        name: Some("n".into()),
        description: Some(AWKWARD.into()),
        rules: Some(rules()),
        schema: Some(Some("{}".into())),
    };
    [
        Change::Edit { item: id(1), edit: Box::new(edit) },
        Change::EditQueue { queue: "q".into(), edit: Box::new(queue) },
    ]
}

fn changes() -> Vec<Change> {
    let (item, batch, queue, token) = (id(1), id(2), "q".to_owned(), token());
    let settlement = Settlement {
        item,
        token,
        ending: Ending::BusinessException,
        result: Some(AWKWARD.into()),
        retry: true,
    };
    let mut settings = QueueSettings::new(AWKWARD);
    settings.rules = rules();
    let mut changes = vec![
        Change::Add(Box::new(new_item())),
        Change::Settle(settlement),
        Change::GiveBack { item, token, begun: true },
        Change::Requeue {
            item,
            token: Some(token),
            delay_until: None,
            expires: Some(Expiry::Never),
            note: None,
            clear_notes: true,
        },
        Change::Hold { item, note: Some(AWKWARD.into()) },
        Change::Release { item, note: None },
        Change::Note { item, text: AWKWARD.into(), clear: true },
        Change::Delete { item },
        Change::OpenBatch { batch, queue: queue.clone() },
        Change::CommitBatch { batch },
        Change::DiscardBatch { batch },
        Change::CreateQueue { id: batch, settings: Box::new(settings), schema: Some("{}".into()) },
        Change::SetQueueState { queue: queue.clone(), state: QueueState::Paused },
        Change::DropQueue { queue },
    ];
    changes.extend(edits());
    changes.extend(changes_of_runs());
    changes
}

fn changes_of_runs() -> Vec<Change> {
    let (run, token) = (id(1), token());
    let lease = run::Hold::Lease { token, driver: AWKWARD.into(), lease: Duration::MAX };
    let claim = run::Hold::Claim { item: id(2), token };
    let digest = run::Digest::from_bytes([0xfe; 32]);
    let pin = |text: Option<&str>| run::Pin { digest, text: text.map(Into::into) };
    let started = NewRun::new(run, AWKWARD, pin(Some(AWKWARD)), lease);
    let by_item = NewRun {
        trigger: run::Trigger::Item(id(2)),
        inputs: AWKWARD.into(),
        ..NewRun::new(run, "f", pin(None), claim.clone())
    };
    let over = |pin| run::TakeOver { run, hold: claim.clone(), pin };
    let journal = run::Journal { records: vec![record(), record()], steps: u64::MAX };
    let mut changes = vec![
        Change::StartRun(Box::new(started)),
        Change::StartRun(Box::new(by_item)),
        Change::TakeOverRun(Box::new(over(None))),
        Change::TakeOverRun(Box::new(over(Some(pin(None))))),
        Change::RenewRun { run, token, lease: None },
        Change::RenewRun { run, token, lease: Some(Duration::from_nanos(1)) },
        Change::CancelRun { run },
        Change::Journal(journal),
        Change::Journal(run::Journal::default()),
    ];
    changes.extend(ends().map(|end| Change::EndRun(Box::new(end))));
    changes
}

fn record() -> run::Record {
    run::Record {
        at: at(3),
        kind: "step".into(),
        path: "rows[17]/add".into(),
        data: AWKWARD.into(),
        checkpoint: true,
    }
}

fn ends() -> [run::End; 3] {
    let failure = run::Failure {
        kind: run::FailureKind::It,
        code: "a/b".into(),
        message: AWKWARD.into(),
        path: String::new(),
    };
    [
        run::End::Succeeded { outputs: AWKWARD.into() },
        run::End::Failed(failure),
        run::End::Cancelled,
    ]
}

fn runs() -> Vec<Run> {
    let holder = Holder {
        token: token(),
        worker: "w".into(),
        since: at(1),
        lease: Duration::MAX,
        until: at(2),
    };
    let held = [
        Some(run::Held::Lease(holder)),
        Some(run::Held::Claim { item: id(2), token: token() }),
        None,
    ];
    let all = held.into_iter().zip(run::State::ALL).zip(ends()).map(|((held, state), end)| Run {
        id: id(1),
        flow: AWKWARD.into(),
        pin: run::Digest::from_bytes([1; 32]),
        trigger: run::Trigger::File(id(3)),
        inputs: AWKWARD.into(),
        life: run::Life {
            state,
            held,
            cancel: true,
            takes: 1,
            records: u64::MAX,
            bytes: 2,
            steps: 3,
            ended: Some(at(4)),
        },
        keep: run::KEEP,
        started: at(0),
        end: Some(end),
    });
    all.collect()
}

fn requests() -> Vec<Request> {
    let (item, queue) = (id(1), "q".to_owned());
    let fences = vec![Fence { item, token: token() }];
    let modes = [Mode::AllOrNothing, Mode::StopAtFirst, Mode::Independent];
    let commit = |mode| {
        let run = Some(run::Fence { run: id(4), token: token(), after: u64::MAX });
        let fences = fences.clone();
        Request::Commit(Commit { changes: changes(), fences, run, mode })
    };
    let lease = Duration::new(60, 1);
    let claim = Claim { queue: queue.clone(), count: 3, lease, worker: "w".into() };
    let renewal = |lease| Renewal { item, token: token(), lease };
    let list = ItemQuery {
        queue: Some(queue.clone()),
        statuses: Status::ALL.into(),
        reference: None,
        created_before: Some(at(9)),
        created_after: None,
        newest_first: true,
        cursor: Some("c".into()),
        limit: 500,
    };
    let mut requests: Vec<Request> = modes.into_iter().map(commit).collect();
    requests.extend([
        Request::Claim(claim),
        Request::Renew(vec![renewal(None), renewal(Some(lease))]),
        Request::Tick,
        Request::Item(item),
        Request::ItemByReference { queue: queue.clone(), reference: AWKWARD.into() },
        Request::Items(list),
        Request::Items(ItemQuery::default()),
        Request::History { item, after: 7, limit: 9 },
        Request::Queue(AWKWARD.into()),
        Request::Queues,
        Request::Stats(queue.clone()),
        Request::Schema { queue: queue.clone(), version: None },
        Request::Schema { queue: queue.clone(), version: Some(2) },
        Request::Conforms { queue: queue.clone(), value: AWKWARD.into() },
        Request::Sweep { queue, limit: 10 },
        Request::Run(item),
        Request::Runs(run::Query::default()),
        Request::Runs(run::Query {
            flow: Some(AWKWARD.into()),
            states: run::State::ALL.into(),
            cursor: Some("r1".into()),
            limit: 7,
        }),
        Request::Journal { run: item, after: u64::MAX, limit: 9 },
        Request::Checkpoint(item),
        Request::Pinned(run::Digest::from_bytes([0x10; 32])),
        Request::Check,
        Request::Backup("file".into()),
    ]);
    requests
}

fn item() -> Item {
    let holder = Holder {
        token: token(),
        worker: "w".into(),
        since: at(0),
        lease: Duration::from_mins(1),
        until: at(1),
    };
    let life = Life {
        status: Status::Processing,
        expires: None,
        delay_until: Some(at(1)),
        holder: Some(holder),
        attempt: 1,
        retries: 2,
        crashes: 3,
        requeues: 4,
        completed: None,
    };
    Item {
        id: id(1),
        queue: "q".into(),
        name: None,
        reference: Some("r".into()),
        priority: Priority::try_from(17).unwrap(),
        value: AWKWARD.into(),
        life,
        result: None,
        schema_version: Some(3),
        batch: None,
        created: at(0),
        modified: at(-1),
    }
}

fn queue() -> Queue {
    let settings = QueueSettings::new("q");
    let (id, state, schema_version) = (id(1), QueueState::Active, None);
    Queue { id, settings, state, schema_version, created: at(0), modified: at(1) }
}

fn replies() -> Vec<Result<Reply, Error>> {
    let moved = Entry {
        number: 1,
        at: at(0),
        by: Some(Move::Claim),
        status: Status::Processing,
        attempt: 1,
        worker: Some("w".into()),
        text: Some(AWKWARD.into()),
    };
    let outcomes = vec![
        Outcome::Done(Done::new(id(1), Some(Status::Queued))),
        Outcome::Done(Done {
            run: Some(run::Told {
                state: run::State::Running,
                records: u64::MAX,
                until: Some(at(7)),
                cancel: true,
            }),
            ..Done::new(id(1), None)
        }),
        Outcome::Refused(Error::Held { item: id(2) }),
        Outcome::Skipped,
    ];
    let stats = Stats { queue: queue(), counts: [u64::MAX; 12], oldest_queued: None };
    let problems = vec![AWKWARD.to_owned()];
    let checked = Checked { problems, format: 1, queues: 2, items: 3, runs: 5, bytes: 4 };
    vec![
        Ok(Reply::Committed(outcomes)),
        Ok(Reply::Claimed(vec![Claimed { item: item(), token: token() }])),
        Ok(Reply::Renewed(vec![Ok(at(1)), Err(Error::LeaseLost { item: id(1) })])),
        Ok(Reply::WaitedReady(true)),
        Ok(Reply::Ticked(Ticked {
            promoted: 1,
            more: true,
            next: Some(at(1)),
            ..Ticked::default()
        })),
        Ok(Reply::Item(Box::new(item()))),
        Ok(Reply::Items(Page {
            items: vec![item(), item()],
            next: Some("c".into()),
            damaged: Vec::new(),
        })),
        Ok(Reply::History(vec![moved.clone(), Entry { by: None, ..moved }])),
        Ok(Reply::Queue(Box::new(queue()))),
        Ok(Reply::Queues(vec![queue()])),
        Ok(Reply::Stats(Box::new(stats))),
        Ok(Reply::Schema(None)),
        Ok(Reply::Schema(Some(AWKWARD.into()))),
        Ok(Reply::Conforms(None)),
        Ok(Reply::Conforms(Some(u32::MAX))),
        Ok(Reply::Swept(u64::MAX)),
        Ok(Reply::Run(Box::new(runs().remove(0)))),
        Ok(Reply::Runs(run::Page { runs: runs(), next: Some("r".into()) })),
        Ok(Reply::Journal(vec![run::Recorded { seq: u64::MAX, record: record() }])),
        Ok(Reply::Checkpoint(None)),
        Ok(Reply::Checkpoint(Some(Box::new(run::Recorded { seq: 1, record: record() })))),
        Ok(Reply::Pinned(AWKWARD.into())),
        Err(Error::RunExists { run: id(1), state: run::State::Interrupted }),
        Err(Error::NotPinned { digest: run::Digest::from_bytes([9; 32]) }),
        Ok(Reply::Checked(checked)),
        Ok(Reply::BackedUp),
        Err(Error::QueueClosed { queue: "q".into(), state: QueueState::Stopped }),
        Err(Error::ExpiryInPast { expires: at(1), now: at(2) }),
        Err(Error::StoreFull { detail: AWKWARD.into() }),
    ]
}

#[test]
fn every_request_arrives_as_sent() {
    let place = Place::new();
    let (owner, client) = place.pair();
    for request in requests() {
        place.disk.requests.lock().unwrap().clear();
        client.send(request.clone()).wait().unwrap();
        assert_eq!(*place.disk.requests.lock().unwrap(), [request]);
    }
    drop((client, owner));
}

#[test]
fn every_answer_arrives_as_given() {
    let place = Place::new();
    let (owner, client) = place.pair();
    for reply in replies() {
        place.disk.script.lock().unwrap().push(reply.clone());
        assert_eq!(client.send(Request::Queues).wait(), reply);
    }
    drop((client, owner));
}

#[test]
fn a_wait_arrives_in_slices() {
    let place = Place::new();
    let (owner, client) = place.pair();
    let store: &dyn Store = &client;
    let took =
        place.time(|| assert_eq!(store.wait_ready("q", Duration::from_millis(250)), Ok(false)));
    assert!(took >= Duration::from_millis(200), "{took:?}");
    for request in place.disk.requests.lock().unwrap().iter() {
        let Request::WaitReady { queue, wait } = request else { panic!("{request:?}") };
        assert!(queue == "q" && *wait <= Duration::from_millis(100), "{request:?}");
    }
    assert_eq!(place.disk.waits.load(std::sync::atomic::Ordering::SeqCst), 3);
    drop((client, owner));
}

/// What is to be taken away, which must not arrive as what is to stay.
fn removals() -> [Change; 2] {
    let edit = ItemEdit { name: Some(None), reference: Some(None), ..ItemEdit::default() };
    let queue = QueueEdit { schema: Some(None), ..QueueEdit::default() };
    [
        Change::Edit { item: id(1), edit: Box::new(edit) },
        Change::EditQueue { queue: "q".into(), edit: Box::new(queue) },
    ]
}

#[test]
fn removals_do_not_arrive_as_nothing() {
    let place = Place::new();
    let (owner, client) = place.pair();
    let request = Request::Commit(Commit::of(removals().into(), Mode::AllOrNothing));
    client.send(request.clone()).wait().unwrap();
    assert_eq!(*place.disk.requests.lock().unwrap(), [request]);
    drop((client, owner));
}
