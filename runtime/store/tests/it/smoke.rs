//! The shortest way through the store.
use std::sync::Arc;
use std::time::Duration;

use model::*;

#[test]
fn an_item_goes_all_the_way() {
    let dir = tempfile::tempdir().unwrap();
    let clock = Arc::new(ManualClock::new("2026-01-31T08:00:00Z".parse().unwrap()));
    let entropy = Arc::new(SeededEntropy::new(1));
    let mut options = ::store::Options::new(dir.path(), clock.clone(), entropy.clone());
    options.background = false;
    let opened = ::store::open(options).unwrap();
    let store: &dyn Store = &opened;
    let id = || Id::new(&*clock, &*entropy);
    let settings = Box::new(QueueSettings::new("orders"));
    store.make(Change::CreateQueue { id: id(), settings, schema: None }).unwrap();
    let item = id();
    let mut new = NewItem::new(item, "orders", r#"{"Amount": 1253.78}"#);
    new.reference = Some("I-1".into());
    let done = store.make(Change::Add(Box::new(new.clone()))).unwrap();
    assert_eq!(done, Done { id: item, status: Some(Status::Queued) });
    new.id = id();
    let again = store.make(Change::Add(Box::new(new))).unwrap_err();
    assert_eq!(again.code(), "queue/duplicate-reference");
    assert!(store.wait_ready("orders", Duration::ZERO).unwrap());
    let claim = Claim {
        queue: "orders".into(),
        count: 5,
        lease: Duration::from_mins(1),
        worker: "w".into(),
    };
    let claimed = store.claim(claim.clone()).unwrap();
    assert_eq!(claimed.len(), 1);
    assert_eq!(store.claim(claim).unwrap(), []);
    let settlement = Settlement {
        item,
        token: claimed[0].token,
        ending: Ending::Processed,
        result: Some("fine".into()),
        retry: true,
    };
    store.make(Change::Settle(settlement.clone())).unwrap();
    assert_eq!(store.make(Change::Settle(settlement)).unwrap_err().code(), "queue/lease-lost");
    let shown = store.item(item).unwrap();
    assert_eq!(shown.life.status, Status::Processed);
    assert_eq!(shown.result.as_deref(), Some("fine"));
    assert_eq!(store.stats("orders").unwrap().count(Status::Processed), 1);
    let history: Vec<_> = store
        .history(item, 0, 10)
        .unwrap()
        .into_iter()
        .map(|e| (e.number, e.by, e.status))
        .collect();
    assert_eq!(
        history,
        [
            (1, None, Status::Queued),
            (2, Some(Move::Claim), Status::Processing),
            (3, Some(Move::Settle), Status::Processed)
        ]
    );
    assert_eq!(store.check().unwrap().problems, Vec::<String>::new());
    let page = store
        .items(ItemQuery { queue: Some("orders".into()), limit: 10, ..ItemQuery::default() })
        .unwrap();
    assert_eq!(page.items.len(), 1);
}
