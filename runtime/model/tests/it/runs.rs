//! Every (state, event) pair of a run, with the variants that matter: `tests/data/runs.txt`.
//!
//! `UPDATE_EXPECT=1` writes the file anew: read the difference as carefully as code.

use std::fmt::Write;
use std::time::Duration;

use expect_test::expect_file;
use model::run::{self, Event, Held, Hold, Life, State};
use model::{Id, Timestamp, Token, limits, time};

const KEEP: Duration = Duration::from_secs(100);

fn noon() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

fn token(number: u8) -> Token {
    Token::from_bytes([number; 16])
}

fn lease(number: u8) -> Hold {
    let lease = Duration::from_mins(1);
    Hold::Lease { token: token(number), driver: "ada".into(), lease }
}

fn claim(number: u8) -> Hold {
    Hold::Claim { item: Id::from_bytes([5; 16]), token: token(number) }
}

/// Every situation a run can be in, begun a minute or less before noon.
fn situations() -> Vec<(&'static str, Life)> {
    let born = |hold: &Hold, ago| {
        run::born(hold, noon().saturating_sub(Duration::from_secs(ago)).unwrap())
    };
    let lost = |cancel| {
        let mut life = Life { cancel, ..born(&lease(1), 60) };
        run::apply(&mut life, KEEP, &Event::Due, noon()).unwrap();
        life
    };
    let ended = |state, ago| {
        let mut life = born(&lease(1), 110);
        let at = noon().saturating_sub(Duration::from_secs(ago)).unwrap();
        run::apply(&mut life, KEEP, &Event::End(state), at).unwrap();
        life
    };
    vec![
        ("running, leased", born(&lease(1), 10)),
        ("running, leased, to cancel", Life { cancel: true, ..born(&lease(1), 10) }),
        ("running, lease over", born(&lease(1), 60)),
        ("running, lease over, to cancel", Life { cancel: true, ..born(&lease(1), 60) }),
        ("running, claimed", born(&claim(1), 60)),
        ("running, claimed, to cancel", Life { cancel: true, ..born(&claim(1), 60) }),
        ("running, full", Life { records: limits::RUN_RECORDS_MAX, ..born(&lease(1), 10) }),
        ("interrupted", lost(false)),
        ("succeeded, kept", ended(State::Succeeded, 99)),
        ("succeeded, kept enough", ended(State::Succeeded, 100)),
        ("failed, kept", ended(State::Failed, 99)),
        ("failed, kept enough", ended(State::Failed, 100)),
        ("cancelled, kept", lost(true)),
        ("cancelled, kept enough", ended(State::Cancelled, 100)),
    ]
}

fn events() -> Vec<(&'static str, Event)> {
    let second = Some(Duration::from_secs(1));
    let record = |records| Event::Record { records, bytes: 10 * records, steps: records };
    let take = |hold, by_driver| Event::TakeOver { hold, by_driver };
    vec![
        ("renew", Event::Renew { token: token(1), lease: None }),
        ("renew for a second", Event::Renew { token: token(1), lease: second }),
        ("renew, stale", Event::Renew { token: token(2), lease: None }),
        ("record nothing", record(0)),
        ("record 3", record(3)),
        ("take over", take(lease(3), false)),
        ("take over by claim", take(claim(3), false)),
        ("go on by another hold", take(lease(3), true)),
        ("claim ended", Event::ClaimEnded),
        ("due", Event::Due),
        ("cancel", Event::Cancel),
        ("end succeeded", Event::End(State::Succeeded)),
        ("end failed", Event::End(State::Failed)),
        ("end cancelled", Event::End(State::Cancelled)),
    ]
}

/// The life in a line, times in seconds from noon.
fn shown(life: &Life) -> String {
    let seconds = |at: Timestamp| (at.as_microsecond() - noon().as_microsecond()) / 1_000_000;
    let mut text = life.state.to_string();
    match &life.held {
        Some(Held::Lease(holder)) => {
            let number = holder.token.to_bytes()[0];
            write!(text, " by {number} until {:+}", seconds(holder.until)).unwrap();
        }
        Some(Held::Claim { token, .. }) => {
            write!(text, " by claim {}", token.to_bytes()[0]).unwrap();
        }
        None => {}
    }
    if life.cancel {
        text.push_str(", to cancel");
    }
    for (count, what) in [(life.records, "records"), (life.steps, "steps")] {
        if count > 0 {
            write!(text, ", {count} {what}").unwrap();
        }
    }
    if life.takes > 0 {
        write!(text, ", taken {}", life.takes).unwrap();
    }
    if let Some(ended) = life.ended {
        write!(text, ", ended {:+}", seconds(ended)).unwrap();
    }
    if let Some(due) = run::due(life, KEEP) {
        write!(text, ", due {:+}", seconds(due)).unwrap();
    }
    text
}

#[test]
fn every_event_leads_where_written() {
    let mut text = String::new();
    for (name, life) in situations() {
        writeln!(text, "{name}: {}", shown(&life)).unwrap();
        for (event_name, event) in events() {
            let mut after = life.clone();
            let outcome = match run::apply(&mut after, KEEP, &event, noon()) {
                Ok(moved) => {
                    assert_eq!(moved.from, life.state);
                    let after = moved.to.map_or("gone".into(), |_| shown(&after));
                    format!("{}: {after}", moved.by)
                }
                Err(refusal) => {
                    assert_eq!(after, life, "a refusal changes nothing");
                    format!("refused: {refusal:?}")
                }
            };
            writeln!(text, "    {event_name:<22} {outcome}").unwrap();
        }
        text.push('\n');
    }
    expect_file!["../data/runs.txt"].assert_eq(&text);
}

#[test]
fn every_row_of_the_table_is_met() {
    for row in run::TABLE {
        let mut met = Vec::new();
        for (_, life) in situations().into_iter().filter(|(_, life)| life.state == row.from) {
            for (_, event) in events() {
                let moved = run::apply(&mut life.clone(), KEEP, &event, noon());
                met.extend(moved.ok().filter(|moved| moved.by == row.by).map(|moved| moved.to));
            }
        }
        let wanted: Vec<_> = match row.to {
            [] => vec![None],
            to => to.iter().copied().map(Some).collect(),
        };
        assert!(wanted.iter().all(|to| met.contains(to)), "{row:?} met {met:?}");
    }
}

#[test]
fn states_and_moves_have_names_of_their_own() {
    for state in State::ALL {
        assert_eq!(state.name().parse(), Ok(state));
        assert_eq!(State::from_code(state.code().into()), Some(state));
        assert_eq!(run::allowed(state).iter().all(|by| *by == run::Move::Retire), state.is_final());
    }
    let hint = "runing".parse::<State>().unwrap_err().hint();
    assert!(hint.starts_with("did you mean `running`?"), "{hint}");
    let names: std::collections::BTreeSet<_> = run::Move::ALL.map(run::Move::name).into();
    assert_eq!(names.len(), run::Move::ALL.len());
}

#[test]
fn a_lease_is_held_until_its_end_to_the_microsecond() {
    let mut life = run::born(&lease(1), noon());
    let end = time::after(noon(), Duration::from_mins(1));
    let before = end.saturating_sub(Duration::from_micros(1)).unwrap();
    assert_eq!(run::apply(&mut life, KEEP, &Event::Due, before), Err(run::Refusal::NotDue));
    let take = Event::TakeOver { hold: lease(2), by_driver: false };
    assert_eq!(run::apply(&mut life.clone(), KEEP, &take, before), Err(run::Refusal::Held));
    run::apply(&mut life.clone(), KEEP, &take, end).unwrap();
    run::apply(&mut life, KEEP, &Event::Due, end).unwrap();
    assert_eq!(life.state, State::Interrupted);
}
