//! The real rules, with the least around them that makes a queue: what a store does, without one.

use std::time::Duration;

use model::item::Life;
use model::life::{self, Event, Place};
use model::time::Reading;
use model::{Expiry, ManualClock, Rules, Status, Timestamp, Token, time};

use super::{Said, start};

pub(super) struct Line {
    pub(super) rules: Rules,
    pub(super) clock: ManualClock,
    reading: Reading,
    items: Vec<Entry>,
    places: u64,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry {
    id: usize,
    priority: u32,
    place: u64,
    life: Life,
}

/// What both models can say about an item: id, status, place if queued, counters, times in seconds.
pub(super) type Summary = (usize, Status, Option<u64>, [u32; 4], [Option<i64>; 2]);

impl Line {
    pub(super) fn new(rules: Rules) -> Self {
        let clock = ManualClock::new(start());
        let reading = Reading::take(&clock);
        Self { rules, clock, reading, items: Vec::new(), places: 0 }
    }

    pub(super) fn in_seconds(&self, seconds: i64) -> Timestamp {
        shifted(time::now(&self.clock), seconds * 1_000_000)
    }

    pub(super) fn expiry(&self, said: Said) -> Expiry {
        match said {
            Said::At(seconds) => Expiry::At(self.in_seconds(seconds)),
            Said::OfQueue => Expiry::OfQueue,
            Said::Never => Expiry::Never,
        }
    }

    /// Whoever holds an item keeps it for as long as was promised, whatever the time of day does.
    pub(super) fn look_at_the_clock(&mut self) {
        let reading = Reading::take(&self.clock);
        if let Some(jump) = reading.jump_since(&self.reading) {
            for holder in self.items.iter_mut().filter_map(|entry| entry.life.holder.as_mut()) {
                holder.since = shifted(holder.since, jump);
                holder.until = shifted(holder.until, jump);
            }
        }
        self.reading = reading;
    }

    pub(super) fn add(
        &mut self,
        id: usize,
        priority: u32,
        hold: bool,
        delay: Option<i64>,
        expires: Option<i64>,
    ) -> bool {
        let [delay, expires] = [delay, expires].map(|at| at.map(|at| self.in_seconds(at)));
        let Ok(expires) =
            expires.map_or(Expiry::OfQueue, Expiry::At).at_add(&self.rules, self.reading.now)
        else {
            return false;
        };
        let life = life::born(hold, false, delay, expires, self.reading.now);
        let place = if life.status == Status::Queued { self.next_place() } else { 0 };
        self.items.push(Entry { id, priority, place, life });
        true
    }

    fn next_place(&mut self) -> u64 {
        self.places += 1;
        self.places
    }

    /// Whether the event was accepted.
    pub(super) fn act(&mut self, id: usize, event: &Event) -> bool {
        let Some(index) = self.items.iter().position(|entry| entry.id == id) else { return false };
        let life = &mut self.items[index].life;
        let Ok(moved) = life::apply(life, &self.rules, event, self.reading.now) else {
            return false;
        };
        match (moved.to, moved.place) {
            (None, _) => drop(self.items.remove(index)),
            (Some(Status::Queued), Place::Back) => self.items[index].place = self.next_place(),
            _ => {}
        }
        true
    }

    pub(super) fn tick(&mut self) {
        let now = self.reading.now;
        loop {
            let due = self.items.iter().filter_map(|entry| {
                Some((life::due(&entry.life, &self.rules).filter(|due| *due <= now)?, entry.id))
            });
            let Some((_, id)) = due.min() else { return };
            assert!(self.act(id, &Event::Due), "what is due happens");
        }
    }

    pub(super) fn claim(&mut self, token: Token, lease: u64) -> Option<usize> {
        self.tick();
        let queued = self.items.iter().filter(|entry| entry.life.status == Status::Queued);
        let id = queued.min_by_key(|entry| (entry.priority, entry.place))?.id;
        let lease = Duration::from_secs(lease);
        let claim = Event::Claim { token, worker: "worker".into(), lease };
        assert!(self.act(id, &claim), "a queued item can be claimed");
        Some(id)
    }

    pub(super) fn snapshot(&self) -> Vec<Entry> {
        self.items.clone()
    }

    pub(super) fn lives(&self) -> impl Iterator<Item = (usize, &Life)> {
        self.items.iter().map(|entry| (entry.id, &entry.life))
    }

    pub(super) fn life(&self, id: usize) -> Option<&Life> {
        self.lives().find(|(known, _)| *known == id).map(|(_, life)| life)
    }

    pub(super) fn counts(&self) -> [usize; Status::ALL.len()] {
        Status::ALL.map(|status| self.lives().filter(|(_, life)| life.status == status).count())
    }

    pub(super) fn summary(&self) -> Vec<Summary> {
        let seconds = |at: Timestamp| (at.as_microsecond() - start().as_microsecond()) / 1_000_000;
        let all = self.items.iter().map(|Entry { id, place, life, .. }| {
            let place = (life.status == Status::Queued).then_some(*place);
            let counters = [life.attempt, life.retries, life.crashes, life.requeues];
            let times = [life.expires, life.delay_until].map(|at| at.map(seconds));
            (*id, life.status, place, counters, times)
        });
        all.collect()
    }
}

fn shifted(at: Timestamp, micros: i64) -> Timestamp {
    Timestamp::from_microsecond(at.as_microsecond() + micros).unwrap()
}
