//! Whatever happens to whatever item: nothing panics, and what cannot be never comes to be.

use std::time::Duration;

use model::item::{Holder, Life};
use model::life::{self, Event, Refusal};
use model::{Ending, Expiry, Rules, Status, Timestamp, status, time};
use proptest::prelude::*;

use crate::table::{noon, own, stale};

/// More cases than usual: the rules are cheap to check. `PROPTEST_CASES` in the environment wins.
pub(crate) fn config() -> ProptestConfig {
    ProptestConfig { cases: 5_000, failure_persistence: None, ..ProptestConfig::default() }
}

/// Seconds around noon, dense enough that bounds meet.
fn moment() -> impl Strategy<Value = Timestamp> {
    (-20_i64..20).prop_map(|second| {
        Timestamp::from_microsecond(noon().as_microsecond() + second * 1_000_000).unwrap()
    })
}

pub(crate) fn span() -> impl Strategy<Value = Duration> {
    (0_u64..20).prop_map(Duration::from_secs)
}

pub(crate) fn rules() -> impl Strategy<Value = Rules> {
    let limits = (0_u32..4, 0_u32..3, prop::option::of(span()), prop::option::of(span()));
    (limits, prop_oneof![Just(Duration::ZERO), span()], any::<[bool; 2]>()).prop_map(
        |((retries, crashes, ttl, processing_limit), retry_delay, switches)| Rules {
            retries,
            crashes,
            ttl,
            processing_limit,
            retry_delay,
            continue_if_violated: switches[0],
            edit_while_processing: switches[1],
            ..Rules::default()
        },
    )
}

fn life() -> impl Strategy<Value = Life> {
    prop::sample::select(&Status::ALL[..]).prop_flat_map(life_of)
}

fn life_of(status: Status) -> impl Strategy<Value = Life> {
    let times = (prop::option::of(moment()), moment(), moment(), moment(), span());
    let counts = (1_u32..5, 0_u32..5, 0_u32..5, 0_u32..5);
    (any::<[bool; 2]>(), times, counts).prop_map(move |([delayed, done], times, counts)| {
        let (expires, delay_until, completed, since, lease) = times;
        let waits = matches!(status, Status::Staged | Status::OnHold) && delayed;
        let held = status == Status::OnHold && done;
        let until = time::after(since, lease);
        let holder = Holder { token: own(), worker: "worker".into(), since, lease, until };
        Life {
            status,
            expires,
            delay_until: (status == Status::Scheduled || waits).then_some(delay_until),
            holder: (status == Status::Processing).then_some(holder),
            attempt: counts.0,
            retries: counts.1,
            crashes: counts.2,
            requeues: counts.3,
            completed: (status.is_final() || held).then_some(completed),
        }
    })
}

pub(crate) fn ending() -> impl Strategy<Value = Ending> {
    prop::sample::select(&Ending::ALL[..])
}

fn expiry() -> impl Strategy<Value = Expiry> {
    prop_oneof![moment().prop_map(Expiry::At), Just(Expiry::OfQueue), Just(Expiry::Never)]
}

fn event() -> impl Strategy<Value = Event> {
    let token = || prop::sample::select(vec![own(), stale()]);
    let moment = || prop::option::of(moment());
    prop_oneof![
        Just(Event::Ready),
        Just(Event::Discard),
        Just(Event::Due),
        span().prop_map(|lease| Event::Claim { token: stale(), worker: "other".into(), lease }),
        (token(), prop::option::of(span()))
            .prop_map(|(token, lease)| Event::Renew { token, lease }),
        (token(), ending(), any::<bool>()).prop_map(|(token, ending, retry)| Event::Settle {
            token,
            ending,
            retry
        }),
        (token(), any::<bool>()).prop_map(|(token, begun)| Event::GiveBack { token, begun }),
        (prop::option::of(token()), moment(), prop::option::of(expiry())).prop_map(
            |(token, delay_until, expires)| Event::Requeue { token, delay_until, expires }
        ),
        Just(Event::Hold),
        Just(Event::Release),
        (any::<bool>(), prop::option::of(expiry()))
            .prop_map(|(content, expires)| Event::Edit { content, expires }),
        Just(Event::Note),
        Just(Event::Delete),
    ]
}

/// The token an event comes with; that of a claim is new and proves nothing.
fn brings_stale_token(event: &Event) -> bool {
    match event {
        Event::Renew { token, .. }
        | Event::Settle { token, .. }
        | Event::GiveBack { token, .. } => *token == stale(),
        Event::Requeue { token, .. } => *token == Some(stale()),
        _ => false,
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_event_keeps_items_sound(
        before in life(), rules in rules(), event in event(), now in moment()
    ) {
        let mut after = before.clone();
        let answer = life::apply(&mut after, &rules, &event, now);
        let Ok(moved) = answer else {
            prop_assert_eq!(after, before);
            return Ok(());
        };
        prop_assert!(!brings_stale_token(&event));
        let targets = status::targets(before.status, moved.by).unwrap();
        prop_assert!(moved.to.map_or(targets.is_empty(), |to| targets.contains(&to)));
        prop_assert_eq!(moved.to.unwrap_or(after.status), after.status);
        prop_assert_eq!(after.holder.is_some(), after.status == Status::Processing);
        let done = after.status.is_final() || after.status == Status::OnHold;
        prop_assert!(after.completed.is_none() || done);
        prop_assert!(after.completed.is_some() || !after.status.is_final());
        prop_assert!(after.delay_until.is_some() || after.status != Status::Scheduled);
        prop_assert!(after.retries <= rules.retries.max(before.retries));
        prop_assert!(after.crashes <= before.crashes + 1);
    }

    /// The moment that is stored and the moment at which something happens are the same.
    #[test]
    fn something_happens_exactly_when_due(life in life(), rules in rules(), now in moment()) {
        let due = life::due(&life, &rules).is_some_and(|due| due <= now);
        let answer = life::apply(&mut life.clone(), &rules, &Event::Due, now);
        prop_assert_eq!(answer.is_ok(), due);
        prop_assert!(due || answer == Err(Refusal::NotDue));
    }

    #[test]
    fn time_alone_comes_to_rest(mut life in life(), rules in rules(), now in moment()) {
        let moves = (0..4).take_while(|_| life::apply(&mut life, &rules, &Event::Due, now).is_ok());
        prop_assert!(moves.count() <= 3);
    }

    /// Whoever renews is never told of more time than the queue allows.
    #[test]
    fn a_lease_never_outlasts_its_deadline(
        mut life in life_of(Status::Processing), rules in rules(), lease in span(), now in moment()
    ) {
        let granted = life.holder.as_ref().map(|holder| holder.until);
        let event = Event::Renew { token: own(), lease: Some(lease) };
        let late = life::deadline(&life, &rules).is_some_and(|deadline| deadline <= now);
        prop_assert_eq!(life::apply(&mut life, &rules, &event, now).is_err(), late);
        let until = life.holder.as_ref().map(|holder| holder.until);
        prop_assert!(until >= granted);
        prop_assert!(until == granted || until <= life::deadline(&life, &rules).or(until));
    }
}
