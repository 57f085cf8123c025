//! A step is one transaction, and may do what it was granted.

use engine::log::Level;
use engine::step::Error;
use engine::{Failure, Kind, Step, perform_step};
use model::{Ending, Status};

use crate::ground::{Ground, order_of};

type Ended<T> = (Step, Result<T, Failure>);

#[test]
fn a_step_that_succeeds_is_kept() {
    let ground = Ground::new();
    let item = ground.queued("A");
    let order = order_of(&[("orders", &["process"]), ("problems", &["add"])], &[]);
    let ended = perform_step(&ground.world, order, |mut step| -> Ended<_> {
        let taken = step.process("orders").unwrap().unwrap();
        step.settle(taken.id, Ending::BusinessException, None).unwrap();
        let new = step.new_item("problems", taken.value);
        let added = step.add(new).unwrap();
        (step, Ok(added))
    });
    assert_eq!(ground.status(ended.unwrap()), Status::Queued);
    assert_eq!(ground.status(item), Status::BusinessException);
}

#[test]
fn a_step_that_fails_leaves_nothing() {
    let ground = Ground::new();
    let item = ground.queued("A");
    let order = || order_of(&[("orders", &["process", "add"])], &[]);
    let fail = |failure: Failure| {
        perform_step(&ground.world, order(), |mut step| -> Ended<()> {
            step.process("orders").unwrap().unwrap();
            let new = step.new_item("orders", "2");
            step.add(new).unwrap();
            (step, Err(failure))
        })
    };
    let duplicate = Failure::new(Kind::Business, "finance/duplicate", "it is there already");
    assert_eq!(fail(duplicate.clone()), Err(duplicate));
    let life = ground.item(item).life;
    assert_eq!((life.status, life.attempt, life.retries), (Status::Queued, 1, 0));
    let trap = Failure::new(Kind::Generic, "plugin/trapped", "unreachable").broken_off();
    fail(trap).unwrap_err();
    assert_eq!(ground.item(item).life.retries, 1);
    assert_eq!(ground.items("orders").len(), 1);
}

#[test]
fn a_refused_commit_is_the_failure() {
    let ground = Ground::new();
    let order = order_of(&[("orders", &["add"])], &[]);
    let ended = perform_step(&ground.world, order, |mut step| -> Ended<()> {
        let mut new = step.new_item("orders", "1");
        new.reference = Some("A".into());
        step.add(new).unwrap();
        // Somebody else is faster.
        ground.queued("A");
        (step, Ok(()))
    });
    let failure = ended.unwrap_err();
    assert_eq!((failure.kind, &*failure.code), (Kind::Business, "queue/duplicate-reference"));
    assert_eq!(ground.items("orders").len(), 1);
}

#[test]
fn what_was_not_granted_is_denied() {
    let ground = Ground::new();
    let item = ground.queued("A");
    let order = order_of(&[("problems", &["add"]), ("orders", &["read"])], &[]);
    let ended = perform_step(&ground.world, order, |mut step| -> Ended<()> {
        let denied = |refusal: Result<(), Error>| {
            let error = refusal.unwrap_err();
            assert_eq!(error.code(), "grant/denied", "{error}");
            error
        };
        let error = denied(step.process("orders").map(drop));
        let hint = "`wharf plugin grant finance --queue orders=process` grants it";
        assert_eq!(error.hint(), hint);
        let new = step.new_item("orders", "1");
        denied(step.add(new).map(drop));
        denied(step.note(item, "a note".into()));
        denied(step.requeue(item, engine::work::Requeueing::default()));
        // Nobody learns by asking whether there is a queue.
        denied(step.process("nowhere").map(drop));
        assert_eq!(step.get(item).unwrap().id, item);
        let new = step.new_item("problems", "1");
        step.add(new).unwrap();
        (step, Ok(()))
    });
    ended.unwrap();
    assert_eq!(ground.items("problems").len(), 1);
}

#[test]
fn a_granted_queue_is_meant_by_any_name() {
    let ground = Ground::new();
    let id = ground.store().queue("problems").unwrap().id.to_string();
    let order = order_of(&[("problems", &["add"])], &[]);
    let ended = perform_step(&ground.world, order, |mut step| -> Ended<()> {
        let new = step.new_item(&id, "1");
        step.add(new).unwrap();
        (step, Ok(()))
    });
    ended.unwrap();
    assert_eq!(ground.items("problems").len(), 1);
}

#[test]
fn secrets_do_not_leave_the_step() {
    let ground = Ground::new();
    let order = order_of(&[], &["portal-token"]);
    let ended = perform_step(&ground.world, order, |step| -> Ended<()> {
        assert_eq!(step.secret("other").unwrap_err().code(), "grant/denied");
        let secret = step.secret("portal-token").unwrap().reveal().to_owned();
        step.log(Level::Info, &format!("using {secret}"), Some(secret.as_str().into()));
        (step, Err(Failure::new(Kind::It, "finance/portal", format!("{secret} was refused"))))
    });
    assert_eq!(ended.unwrap_err().message, "*** was refused");
    assert_eq!(ground.lines.texts(), ["info using *** \"***\""]);
}
