//! Scenarios with dates and times, told as users tell them.

use std::time::Duration;

use model::item::Life;
use model::life::{self, Event, Moved, Refusal};
use model::time::{self, Reading};
use model::{
    Clock, Ending, Error, Expiry, Id, Item, ManualClock, Priority, Rules, Sla, Status, Timestamp,
    Token, limits,
};

const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);

/// A time of the day of all scenarios.
fn at(time: &str) -> Timestamp {
    format!("2026-11-21T{time}:00Z").parse().unwrap()
}

/// An item alone in its queue, with a worker that claims under a new token each time.
struct Scene {
    rules: Rules,
    clock: ManualClock,
    life: Life,
    claims: u8,
}

impl Scene {
    /// The item is added now.
    fn new(rules: Rules, now: Timestamp) -> Self {
        let expires = Expiry::OfQueue.at_add(&rules, now).unwrap();
        let life = life::born(false, false, None, expires, now);
        Self { rules, clock: ManualClock::new(now), life, claims: 0 }
    }

    fn tell(&mut self, event: &Event) -> Result<Moved, Refusal> {
        life::apply(&mut self.life, &self.rules, event, self.clock.now())
    }

    fn claim(&mut self) -> Result<Token, Refusal> {
        self.claims += 1;
        let token = Token::from_bytes([self.claims; 16]);
        let claim = Event::Claim { token, worker: "worker".into(), lease: MINUTE };
        self.tell(&claim).map(|_| token)
    }

    /// Claims the item and ends it so.
    fn work(&mut self, ending: Ending, retry: bool) -> Status {
        let token = self.claim().expect("the item can be claimed");
        self.tell(&Event::Settle { token, ending, retry }).expect("the claim holds");
        self.life.status
    }
}

fn item(life: Life, created: Timestamp) -> Item {
    Item {
        id: Id::from_bytes([7; 16]),
        queue: "invoices".into(),
        name: None,
        reference: None,
        priority: Priority::NORMAL,
        value: "{}".into(),
        life,
        result: None,
        schema_version: None,
        batch: None,
        created,
        modified: created,
    }
}

#[test]
fn ttl_gives_items_their_expiry() {
    let with_ttl = |ttl| Rules { ttl, ..Rules::default() };
    let added = at("14:00");
    for (ttl, wanted, expires) in [
        (None, Expiry::OfQueue, None),
        (None, Expiry::Never, None),
        (Some(30 * MINUTE), Expiry::OfQueue, Some(at("14:30"))),
        (Some(30 * MINUTE), Expiry::Never, None),
        (Some(30 * MINUTE), Expiry::At(at("18:00")), Some(at("18:00"))),
        (None, Expiry::At(at("14:01")), Some(at("14:01"))),
        (Some(Duration::MAX), Expiry::OfQueue, Some(limits::MOMENT_MAX)),
    ] {
        assert_eq!(wanted.at_add(&with_ttl(ttl), added), Ok(expires));
    }
    let refused = Expiry::At(added).at_add(&with_ttl(None), added);
    assert_eq!(refused, Err(Error::ExpiryInPast { expires: added, now: added }));
}

#[test]
fn priorities_go_before_age() {
    let words = ["low", "normal", "high", "normal", "150", "1"];
    let mut line: Vec<(Priority, usize)> =
        words.iter().enumerate().map(|(seq, word)| (word.parse().unwrap(), seq)).collect();
    line.sort_unstable();
    let order: Vec<&str> = line.into_iter().map(|(_, seq)| words[seq]).collect();
    assert_eq!(order, ["1", "high", "150", "normal", "normal", "low"]);
}

#[test]
fn requeue_waits_for_its_delay() {
    let mut scene = Scene::new(Rules { ttl: Some(24 * HOUR), ..Rules::default() }, at("09:00"));
    let token = scene.claim().unwrap();
    let now = scene.clock.now();
    let [delay_until, expires] = [24, 48].map(|hours| Some(time::after(now, hours * HOUR)));
    let said = expires.map(Expiry::At);
    scene.tell(&Event::Requeue { token: Some(token), delay_until, expires: said }).unwrap();
    assert_eq!((scene.life.status, scene.life.requeues), (Status::Scheduled, 1));
    assert_eq!(scene.life.expires, expires);
    assert_eq!(life::due(&scene.life, &scene.rules), delay_until);

    let micro = Duration::from_micros(1);
    scene.clock.pass(24 * HOUR);
    scene.clock.set(scene.clock.now() - micro);
    assert_eq!(scene.tell(&Event::Due), Err(Refusal::NotDue));
    assert!(scene.claim().is_err());
    scene.clock.pass(micro);
    scene.tell(&Event::Due).unwrap();
    scene.claim().unwrap();
    assert_eq!(scene.life.attempt, 2);
}

#[test]
fn sla_turns_at_risk_and_violated() {
    let rules = Rules { ttl: Some(5 * HOUR), at_risk_percent: Some(80), ..Rules::default() };
    let added = at("14:00");
    let mut scene = Scene::new(rules.clone(), added);
    let mut item = item(scene.life.clone(), added);
    let micro = Duration::from_micros(1);
    let before = |time: &str| at(time) - micro;
    for (now, sla) in [
        (added, Sla::InTime),
        (before("18:00"), Sla::InTime),
        (at("18:00"), Sla::AtRisk),
        (before("19:00"), Sla::AtRisk),
        (at("19:00"), Sla::Violated),
    ] {
        assert_eq!(item.sla(&rules, now), Some(sla), "{now}");
    }
    let without = Rules { at_risk_percent: None, ..rules.clone() };
    assert_eq!(item.sla(&without, before("19:00")), Some(Sla::InTime));
    // What was completed in time stays in time.
    item.life.completed = Some(at("15:00"));
    assert_eq!(item.sla(&rules, at("23:00")), Some(Sla::InTime));
    item.life.expires = None;
    assert_eq!(item.sla(&rules, at("23:00")), None);

    scene.clock.set(at("19:00"));
    assert_eq!(scene.claim(), Err(Refusal::Expired));
    scene.rules.continue_if_violated = true;
    scene.claim().unwrap();
}

#[test]
fn expiry_spares_what_is_processed() {
    let mut scene = Scene::new(Rules { ttl: Some(30 * MINUTE), ..Rules::default() }, at("14:00"));
    let token = scene.claim().unwrap();
    scene.clock.pass(HOUR);
    let renewed = scene.tell(&Event::Renew { token, lease: None });
    assert_eq!(renewed.map(|moved| moved.to), Ok(Some(Status::Processing)));
    scene.tell(&Event::Settle { token, ending: Ending::Processed, retry: false }).unwrap();
    assert_eq!(scene.life.status, Status::Processed);
}

#[test]
fn three_retries_are_four_deliveries() {
    let mut scene = Scene::new(Rules { retries: 3, ..Rules::default() }, at("09:00"));
    for retries in 1..=3 {
        assert_eq!(scene.work(Ending::ItException, true), Status::Queued);
        assert_eq!(scene.life.retries, retries);
    }
    assert_eq!(scene.work(Ending::ItException, true), Status::ItException);
    assert_eq!((scene.life.attempt, scene.life.retries), (4, 3));
}

#[test]
fn a_worker_may_decline_retries() {
    let mut scene = Scene::new(Rules { retries: 3, ..Rules::default() }, at("09:00"));
    assert_eq!(scene.work(Ending::ItException, false), Status::ItException);
    assert_eq!((scene.life.attempt, scene.life.retries), (1, 0));
}

#[test]
fn a_business_exception_ends_retries() {
    let mut scene = Scene::new(Rules { retries: 3, ..Rules::default() }, at("09:00"));
    assert_eq!(scene.work(Ending::ItException, true), Status::Queued);
    assert_eq!(scene.work(Ending::BusinessException, true), Status::BusinessException);
    assert_eq!((scene.life.attempt, scene.life.retries), (2, 1));
}

#[test]
fn retries_wait_as_long_as_told() {
    let rules = Rules { retries: 1, retry_delay: 5 * MINUTE, ..Rules::default() };
    let mut scene = Scene::new(rules, at("09:00"));
    assert_eq!(scene.work(Ending::ItException, true), Status::Scheduled);
    assert_eq!(life::due(&scene.life, &scene.rules), Some(at("09:05")));
    scene.clock.pass(5 * MINUTE);
    scene.tell(&Event::Due).unwrap();
    assert_eq!(scene.work(Ending::ItException, true), Status::ItException);
}

#[test]
fn content_is_locked_while_processed() {
    let mut scene = Scene::new(Rules::default(), at("09:00"));
    let content = Event::Edit { content: true, expires: None };
    let expiry = Event::Edit { content: false, expires: Some(Expiry::At(at("12:00"))) };
    scene.tell(&content).unwrap();
    scene.claim().unwrap();
    assert_eq!(scene.tell(&content), Err(Refusal::Held));
    scene.tell(&expiry).unwrap();
    scene.rules.edit_while_processing = true;
    scene.tell(&content).unwrap();
}

#[test]
fn a_held_item_refuses_its_worker() {
    let mut scene = Scene::new(Rules::default(), at("09:00"));
    let token = scene.claim().unwrap();
    scene.tell(&Event::Hold).unwrap();
    let settle = Event::Settle { token, ending: Ending::Processed, retry: false };
    let refusal = scene.tell(&settle).unwrap_err();
    let id = Id::from_bytes([7; 16]);
    let error = life::explain(refusal, id, scene.life.status, scene.clock.now());
    assert_eq!(error.code(), "queue/item-on-hold");
    assert_eq!(scene.life.status, Status::OnHold);
    // Once it is out again, the old worker is nobody.
    scene.tell(&Event::Release).unwrap();
    assert_eq!(scene.tell(&settle), Err(Refusal::LeaseLost));
    scene.claim().unwrap();
    assert_eq!(scene.tell(&settle), Err(Refusal::LeaseLost));
}

#[test]
fn killers_of_workers_are_buried() {
    let mut scene = Scene::new(Rules::default(), at("09:00"));
    for crashes in 1..=4 {
        scene.claim().unwrap();
        scene.clock.pass(MINUTE);
        scene.tell(&Event::Due).unwrap();
        assert_eq!(scene.life.crashes, crashes);
    }
    assert_eq!((scene.life.status, scene.life.attempt), (Status::DeadLetter, 4));
    assert!(scene.claim().is_err());
}

#[test]
fn long_work_is_never_taken_away() {
    let mut scene = Scene::new(Rules::default(), at("00:00"));
    let token = scene.claim().unwrap();
    for _ in 0..7 * 24 * 120 {
        scene.clock.pass(MINUTE / 2);
        assert_eq!(scene.tell(&Event::Due), Err(Refusal::NotDue));
        scene.tell(&Event::Renew { token, lease: None }).unwrap();
    }
    scene.tell(&Event::Settle { token, ending: Ending::Processed, retry: false }).unwrap();
    assert_eq!((scene.life.attempt, scene.life.crashes), (1, 0));
}

#[test]
fn a_shorter_renewal_takes_nothing_away() {
    let mut scene = Scene::new(Rules::default(), at("00:00"));
    let token = scene.claim().unwrap();
    let granted = scene.life.holder.clone().unwrap();
    scene.tell(&Event::Renew { token, lease: Some(MINUTE / 100) }).unwrap();
    assert_eq!(scene.life.holder, Some(granted));
}

#[test]
fn set_clocks_are_told_from_time() {
    let second = Duration::from_secs(1);
    let day = 24 * HOUR;
    for (passes, set_by, jump) in [
        (HOUR, 0, None),
        (HOUR, 1_999_999, None),
        (HOUR, -1_999_999, None),
        (HOUR, 2_000_000, Some(2_000_000)),
        (HOUR, -2_000_000, Some(-2_000_000)),
        (Duration::ZERO, 86_400_000_000, Some(86_400_000_000)),
        (day, -86_400_000_000, Some(-86_400_000_000)),
        (second, -1_000_000, None),
    ] {
        let clock = ManualClock::new(at("09:00"));
        let before = Reading::take(&clock);
        clock.pass(passes);
        let moved = clock.now().as_microsecond() + set_by;
        clock.set(Timestamp::from_microsecond(moved).unwrap());
        assert_eq!(Reading::take(&clock).jump_since(&before), jump, "{passes:?} {set_by}");
    }
}

#[test]
fn times_are_cut_to_microseconds() {
    let clock = ManualClock::new("2026-11-21T09:00:00.123456789Z".parse().unwrap());
    assert_eq!(time::now(&clock), "2026-11-21T09:00:00.123456Z".parse().unwrap());
}

/// The clock goes back: a lease that is moved with it holds as long as was promised, and nothing
/// that has expired comes back.
#[test]
fn a_clock_set_back_revives_nothing() {
    let mut scene = Scene::new(Rules { ttl: Some(HOUR), ..Rules::default() }, at("09:00"));
    scene.clock.pass(HOUR);
    scene.tell(&Event::Due).unwrap();
    scene.clock.set(at("08:00"));
    assert_eq!(scene.tell(&Event::Due), Err(Refusal::NotDue));
    assert!(scene.claim().is_err());
    assert_eq!(scene.life.status, Status::Expired);
    let seen = item(scene.life.clone(), at("09:00"));
    assert_eq!(seen.sla(&scene.rules, scene.clock.now()), Some(Sla::Violated));
}

#[test]
fn rules_without_any_time_are_refused() {
    let zero = Some(Duration::ZERO);
    let shortest = Some(limits::SPAN_MIN);
    for (ttl, processing_limit, fits) in
        [(None, None, true), (shortest, shortest, true), (zero, None, false), (None, zero, false)]
    {
        let rules = Rules { ttl, processing_limit, ..Rules::default() };
        assert_eq!(rules.check().is_ok(), fits, "{ttl:?} {processing_limit:?}");
    }
}

#[test]
fn items_are_refused_beyond_their_limits() {
    use model::{NewItem, limits};
    let new = || NewItem::new(Id::from_bytes([7; 16]), "invoices", "{}");
    let text = |length: usize| Some("x".repeat(length));
    let json = |length: usize| format!("\"{}\"", "x".repeat(length - 2));
    for over in [0, 1] {
        let items = [
            NewItem { name: text(limits::ITEM_NAME_BYTES_MAX + over), ..new() },
            NewItem { reference: text(limits::ITEM_REFERENCE_BYTES_MAX + over), ..new() },
            NewItem { note: text(limits::NOTE_BYTES_MAX + over), ..new() },
            NewItem { value: json(limits::ITEM_VALUE_BYTES_MAX + over), ..new() },
        ];
        for new in items {
            let refused = new.check().err().map(|error| error.code());
            assert_eq!(refused, (over == 1).then_some("limit/exceeded"));
        }
    }
    assert_eq!(
        NewItem { hold: true, batch: Some(new().id), ..new() }.check(),
        Err(Error::HoldInBatch)
    );
    for blank in ["", " \t"].map(|text| Some(text.to_owned())) {
        for new in [
            NewItem { name: blank.clone(), ..new() },
            NewItem { reference: blank.clone(), ..new() },
        ] {
            assert_eq!(new.check().unwrap_err().code(), "value/blank");
        }
    }
}
