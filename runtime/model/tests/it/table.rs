//! Every (status, move) pair and the variants that matter, as rows of `tests/data/transitions.txt`.
//!
//! The first three columns of a row are what happens, the others what comes of it. The head of the
//! file explains the words. `UPDATE_EXPECT=1` writes the other columns anew: read the difference as
//! carefully as code.

use std::time::Duration;

use expect_test::expect_file;
use model::item::{Holder, Life};
use model::life::{self, Event, Moved, Place, Refusal};
use model::{Ending, Expiry, Move, Rules, Status, Timestamp, Token, time};

const ROWS: &str = include_str!("../data/transitions.txt");

/// The token of the claim that holds the item.
pub(crate) fn own() -> Token {
    Token::from_bytes([1; 16])
}

/// The token of some other claim.
pub(crate) fn stale() -> Token {
    Token::from_bytes([2; 16])
}

pub(crate) fn noon() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

/// The file without the columns of what came of it: those are written by `render`.
fn rows() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    ROWS.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).map(|line| {
        let mut columns = line.split("  ").map(str::trim).filter(|column| !column.is_empty());
        let mut next = || columns.next().unwrap_or_else(|| panic!("too few columns: {line}"));
        (next(), next(), next())
    })
}

#[test]
fn every_row_leads_where_written() {
    let mut rows = rows();
    let lines = ROWS.lines().map(|line| {
        if line.starts_with('#') || line.is_empty() {
            return format!("{line}\n");
        }
        let (status, event, given) = rows.next().unwrap();
        render(status, event, given)
    });
    expect_file!["../data/transitions.txt"].assert_eq(&lines.collect::<String>());
}

#[test]
fn every_pair_has_a_row() {
    let known: Vec<(&str, &str)> =
        rows().map(|(status, event, _)| (status, event.split(' ').next().unwrap())).collect();
    let pairs = Status::ALL.into_iter().flat_map(|status| Move::ALL.map(|by| (status, by)));
    let missing: Vec<_> =
        pairs.filter(|(status, by)| !known.contains(&(status.name(), by.name()))).collect();
    assert!(missing.is_empty(), "no row for {missing:?}");
}

#[test]
fn every_way_of_the_table_is_shown() {
    let made: Vec<(Status, Move, Option<Status>)> = rows()
        .filter_map(|(status, event, given)| {
            let (mut life, rules, event, _) = read(status, event, given);
            let moved = life::apply(&mut life, &rules, &event, noon()).ok()?;
            Some((moved.from, moved.by, moved.to))
        })
        .collect();
    for row in model::status::TABLE {
        let ends = row.to.iter().copied().map(Some);
        let ends: Vec<_> = if row.to.is_empty() { vec![None] } else { ends.collect() };
        for end in ends {
            let way = (row.from, row.by, end);
            assert!(made.contains(&way), "no row goes {way:?}");
        }
    }
}

/// Runs a row and writes it with what came of it.
fn render(status: &str, event_text: &str, given: &str) -> String {
    let (before, rules, event, by) = read(status, event_text, given);
    let mut after = before.clone();
    let [outcome, place, change] = match life::apply(&mut after, &rules, &event, noon()) {
        Ok(moved) => {
            assert_eq!(moved.by, by, "{status} {event_text} {given}");
            made(&before, &after, moved)
        }
        Err(refusal) => {
            assert_eq!(after, before, "{status} {event_text} {given}");
            ["refused".into(), "-".into(), reason(refusal).into()]
        }
    };
    format!("{status:<20}{event_text:<34}{given:<44}{outcome:<20}{place:<6}{change}\n")
}

fn made(before: &Life, after: &Life, moved: Moved) -> [String; 3] {
    let outcome = moved.to.map_or("gone", Status::name).to_owned();
    let place = match moved.place {
        _ if moved.to != Some(Status::Queued) => "-",
        Place::Keep => "keep",
        Place::Back => "back",
    };
    [outcome, place.into(), if moved.to.is_some() { difference(before, after) } else { "-".into() }]
}

fn reason(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::NotAllowed(_) => "not-allowed",
        Refusal::LeaseLost => "lease-lost",
        Refusal::Held => "held",
        Refusal::ExpiryInPast(_) => "expiry-in-past",
        Refusal::Expired => "expired",
        Refusal::NotDue => "not-due",
    }
}

/// Every field that is not as before, but the status, with its new value.
fn difference(before: &Life, after: &Life) -> String {
    let until = |life: &Life| life.holder.as_ref().map(|holder| holder.until);
    let counters = [
        ("attempt", before.attempt, after.attempt),
        ("retries", before.retries, after.retries),
        ("crashes", before.crashes, after.crashes),
        ("requeues", before.requeues, after.requeues),
    ];
    let times = [
        ("expires", before.expires, after.expires),
        ("delay", before.delay_until, after.delay_until),
        ("lease", until(before), until(after)),
        ("done", before.completed, after.completed),
    ];
    let counters = counters.into_iter().filter(|(_, old, new)| old != new);
    let counters = counters.map(|(name, _, new)| format!("{name}={new}"));
    let times = times.into_iter().filter(|(_, old, new)| old != new);
    let times =
        times.map(|(name, _, new)| format!("{name}={}", new.map_or("-".into(), write_time)));
    let all: Vec<String> = counters.chain(times).collect();
    if all.is_empty() { "-".into() } else { all.join(" ") }
}

fn write_time(at: Timestamp) -> String {
    let offset = at.as_microsecond() - noon().as_microsecond();
    let sign = if offset < 0 { "-" } else { "+" };
    match offset.unsigned_abs() {
        0 => "now".into(),
        micros if micros % 1_000 == 0 => {
            format!("{sign}{}", time::format_span(Duration::from_micros(micros)))
        }
        micros => format!("{sign}{micros}us"),
    }
}

fn read_time(text: &str) -> Timestamp {
    let micros = match text.split_at_checked(1) {
        _ if text == "now" => 0,
        Some(("+", span)) => read_span(span).as_micros() as i64,
        Some(("-", span)) => -(read_span(span).as_micros() as i64),
        _ => panic!("`{text}` is no time: write now, +1h or -1us"),
    };
    Timestamp::from_microsecond(noon().as_microsecond() + micros).unwrap()
}

fn read_span(text: &str) -> Duration {
    match text.strip_suffix("us") {
        Some(micros) => Duration::from_micros(micros.parse().unwrap()),
        None => time::parse_span(text).unwrap(),
    }
}

fn read(status: &str, event: &str, given: &str) -> (Life, Rules, Event, Move) {
    let (mut life, mut rules) = (usual(status.parse().unwrap()), usual_rules());
    for word in given.split(' ').filter(|word| *word != "-") {
        give(&mut life, &mut rules, word);
    }
    let mut words = event.split(' ');
    let first = words.next().unwrap();
    let by =
        Move::ALL.into_iter().find(|by| by.name() == first).unwrap_or_else(|| panic!("{event}"));
    (life, rules, read_event(by, &words.collect::<Vec<_>>()), by)
}

fn usual_rules() -> Rules {
    Rules { retries: 3, crashes: 3, ..Rules::default() }
}

/// An item of this status as the head of the file says.
fn usual(status: Status) -> Life {
    let holder = Holder {
        token: own(),
        worker: "worker".into(),
        since: read_time("-1m"),
        lease: read_span("2m"),
        until: read_time("+1m"),
    };
    Life {
        status,
        expires: None,
        delay_until: (status == Status::Scheduled).then(|| read_time("+10m")),
        holder: (status == Status::Processing).then_some(holder),
        attempt: 2,
        retries: 1,
        crashes: 1,
        requeues: 1,
        completed: status.is_final().then(|| read_time("-1m")),
    }
}

fn give(life: &mut Life, rules: &mut Rules, word: &str) {
    let (key, value) = word.split_once('=').unwrap_or((word, ""));
    match key {
        "expires" => life.expires = Some(read_time(value)),
        "delay" => life.delay_until = Some(read_time(value)),
        "lease" => life.holder.as_mut().unwrap().until = read_time(value),
        "done" => life.completed = Some(read_time(value)),
        "retries" => life.retries = value.parse().unwrap(),
        "crashes" => life.crashes = value.parse().unwrap(),
        "max-retries" => rules.retries = value.parse().unwrap(),
        "max-crashes" => rules.crashes = value.parse().unwrap(),
        "retry-delay" => rules.retry_delay = read_span(value),
        "limit" => rules.processing_limit = Some(read_span(value)),
        "ttl" => rules.ttl = Some(read_span(value)),
        "continue" => rules.continue_if_violated = true,
        "editable" => rules.edit_while_processing = true,
        _ => panic!("`{word}` is not a word of the third column"),
    }
}

fn read_expiry(word: &str) -> Expiry {
    match word {
        "never" => Expiry::Never,
        "of-queue" => Expiry::OfQueue,
        at => Expiry::At(read_time(at)),
    }
}

fn read_event(by: Move, words: &[&str]) -> Event {
    let has = |word: &str| words.contains(&word);
    let value = |key: &str| words.iter().find_map(|word| word.strip_prefix(key)?.strip_prefix('='));
    let token = if has("stale") { stale() } else { own() };
    match by {
        Move::Ready => Event::Ready,
        Move::Discard => Event::Discard,
        Move::Promote | Move::Expire | Move::Lose | Move::TimeOut => Event::Due,
        Move::Claim => {
            let lease = value("lease").map_or(read_span("5m"), read_span);
            Event::Claim { token, worker: "worker".into(), lease }
        }
        Move::Renew => Event::Renew { token, lease: value("lease").map(read_span) },
        Move::Settle => {
            let ending = Ending::ALL.into_iter().find(|ending| has(ending.status().name()));
            Event::Settle { token, ending: ending.unwrap(), retry: has("retry") }
        }
        Move::GiveBack => Event::GiveBack { token, begun: has("begun") },
        Move::Requeue => Event::Requeue {
            token: (has("own") || has("stale")).then_some(token),
            delay_until: value("delay").map(read_time),
            expires: value("expires").map(read_expiry),
        },
        Move::Hold => Event::Hold,
        Move::Release => Event::Release,
        Move::Edit => {
            Event::Edit { content: has("content"), expires: value("expires").map(read_expiry) }
        }
        Move::Note => Event::Note,
        Move::Delete => Event::Delete,
    }
}
