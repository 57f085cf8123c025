//! Every request has its own kind of reply.

use model::{ItemQuery, Reply, Request, Store};

use crate::{Bench, Driver, secs};

fn every_request(bench: &Bench) -> Vec<Request> {
    let item = bench.add_as(|new| new.reference = Some("R".into()));
    let driver = Driver::start(bench);
    let queue = || "orders".to_owned();
    let backup = bench.place.dir.join("copy.db");
    vec![
        Request::Commit(model::Commit::of(Vec::new(), model::Mode::AllOrNothing)),
        Request::Claim(bench.claim_of(0)),
        Request::Renew(Vec::new()),
        Request::WaitReady { queue: queue(), wait: secs(0) },
        Request::Tick,
        Request::Item(item),
        Request::ItemByReference { queue: queue(), reference: "R".into() },
        Request::Items(ItemQuery { limit: 5, ..ItemQuery::default() }),
        Request::History { item, after: 0, limit: 5 },
        Request::Queue(queue()),
        Request::Queues,
        Request::Stats(queue()),
        Request::Schema { queue: queue(), version: None },
        Request::Conforms { queue: queue(), value: "1".into() },
        Request::Sweep { queue: queue(), limit: 0 },
        Request::Run(driver.run),
        Request::Runs(model::run::Query { limit: 5, ..Default::default() }),
        Request::Journal { run: driver.run, after: 0, limit: 5 },
        Request::Checkpoint(driver.run),
        Request::Pinned(crate::driver::digest(1)),
        Request::Check,
        Request::Backup(backup.display().to_string()),
    ]
}

/// The position of the reply among the kinds of reply.
fn kind(reply: &Reply) -> usize {
    match reply {
        Reply::Committed(_) => 0,
        Reply::Claimed(_) => 1,
        Reply::Renewed(_) => 2,
        Reply::WaitedReady(_) => 3,
        Reply::Ticked(_) => 4,
        Reply::Item(_) => 5,
        Reply::Items(_) => 7,
        Reply::History(_) => 8,
        Reply::Queue(_) => 9,
        Reply::Queues(_) => 10,
        Reply::Stats(_) => 11,
        Reply::Schema(_) => 12,
        Reply::Conforms(_) => 13,
        Reply::Swept(_) => 14,
        Reply::Checked(_) => 15,
        Reply::BackedUp => 16,
        Reply::Run(_) => 17,
        Reply::Runs(_) => 18,
        Reply::Journal(_) => 19,
        Reply::Checkpoint(_) => 20,
        Reply::Pinned(_) => 21,
    }
}

pub fn every_request_gets_its_reply(bench: &mut Bench) {
    let store: &dyn Store = &**bench;
    let replies = every_request(bench).into_iter().map(|request| store.send(request).wait());
    let kinds: Vec<_> = replies.map(|reply| kind(&reply.unwrap())).collect();
    assert_eq!(
        kinds,
        [0, 1, 2, 3, 4, 5, 5, 7, 8, 9, 10, 11, 12, 13, 14, 17, 18, 19, 20, 21, 15, 16]
    );
}

pub fn all_requests_may_be_on_their_way(bench: &mut Bench) {
    let pending: Vec<_> =
        every_request(bench).into_iter().map(|request| bench.send(request)).collect();
    let kinds: Vec<_> = pending.into_iter().map(|pending| kind(&pending.wait().unwrap())).collect();
    assert_eq!(kinds.len(), 22);
}

pub fn a_backup_is_whole_and_overwrites_nothing(bench: &mut Bench) {
    bench.add_many(100);
    let file = bench.place.dir.join("copy.db");
    let name = file.display().to_string();
    bench.backup(&name).unwrap();
    let size = std::fs::metadata(&file).unwrap().len();
    assert!(size >= 4_096 * 10, "{size} bytes are no whole copy");
    assert_eq!(bench.backup(&name).unwrap_err().code(), "store/io");
    assert_eq!(std::fs::metadata(&file).unwrap().len(), size);
    let nowhere = bench.place.dir.join("no/such/dir/copy.db").display().to_string();
    assert_eq!(bench.backup(&nowhere).unwrap_err().code(), "store/io");
    let left = std::fs::read_dir(&bench.place.dir).unwrap();
    let parts = left.filter(|entry| {
        entry.as_ref().unwrap().path().extension().is_some_and(|ending| ending == "part")
    });
    assert_eq!(parts.count(), 0);
}

pub fn reopening_keeps_everything(bench: &mut Bench) {
    bench.make_queue("others", |rules| rules.ttl = Some(secs(5_000)));
    let waiting = bench.add_many(5);
    let scheduled = bench.item_in(model::Status::Scheduled);
    let held = bench.take(2);
    let batch = bench.open_batch();
    let staged = bench.add_as(|new| new.batch = Some(batch));
    bench.make(model::Change::CommitBatch { batch }).unwrap();
    let everything = |bench: &Bench| {
        let items = bench.walk(&ItemQuery { limit: 9, ..ItemQuery::default() });
        let trails: Vec<_> = items.iter().map(|item| bench.trail(item.id)).collect();
        (items, trails, bench.queues().unwrap(), bench.stats("orders").unwrap())
    };
    let before = everything(bench);
    bench.reopen();
    assert_eq!(everything(bench), before);
    bench.settle(&held[0], model::Ending::Processed).unwrap();
    let late = bench.add();
    bench.tick().unwrap();
    let mut order = waiting[2..].to_vec();
    order.extend([late, staged]);
    assert_eq!(bench.take_ids(), order, "each at its place");
    bench.pass_and_tick(3_600);
    let back = [waiting[1], waiting[2], waiting[3], waiting[4], late, staged, scheduled];
    assert_eq!(bench.take_ids(), back);
}

pub fn places_go_on_after_reopening(bench: &mut Bench) {
    let first = bench.add();
    let claimed = bench.take_one();
    bench.reopen();
    let second = bench.add();
    bench.settle(&claimed, model::Ending::Processed).unwrap();
    let requeue = model::Change::Requeue {
        item: first,
        token: None,
        delay_until: None,
        expires: None,
        note: None,
        clear_notes: false,
    };
    bench.make(requeue).unwrap();
    bench.reopen();
    assert_eq!(bench.take_ids(), [second, first]);
}
