//! The rules as the prose tells them, with plain `if`s and whole seconds. Claims are timed by how
//! much time has passed, everything else by the time of day: no clock that is set touches a claim.

use model::{Ending, Rules, Status};

use super::Said;
use super::line::Summary;

pub(super) struct Prose {
    /// The time of day.
    pub(super) day: i64,
    /// The time that has passed.
    passed: u64,
    ttl: Option<i64>,
    limit: Option<u64>,
    retries: u32,
    retry_delay: i64,
    crashes: u32,
    goes_on_violated: bool,
    things: Vec<Thing>,
    turns: u64,
}

struct Thing {
    id: usize,
    priority: u32,
    status: Status,
    turn: u64,
    wait_until: Option<i64>,
    expires: Option<i64>,
    claim: Option<Grip>,
    attempts: u32,
    retries: u32,
    crashes: u32,
    requeues: u32,
    has_ended: bool,
}

struct Grip {
    number: usize,
    began: u64,
    lease: u64,
    ends: u64,
}

impl Prose {
    pub(super) fn new(rules: &Rules) -> Self {
        Self {
            day: 0,
            passed: 0,
            ttl: rules.ttl.map(|ttl| ttl.as_secs() as i64),
            limit: rules.processing_limit.map(|limit| limit.as_secs()),
            retries: rules.retries,
            retry_delay: rules.retry_delay.as_secs() as i64,
            crashes: rules.crashes,
            goes_on_violated: rules.continue_if_violated,
            things: Vec::new(),
            turns: 0,
        }
    }

    pub(super) fn pass(&mut self, seconds: u64) {
        self.day += seconds as i64;
        self.passed += seconds;
    }

    fn find(&mut self, id: usize) -> Option<&mut Thing> {
        self.things.iter_mut().find(|thing| thing.id == id)
    }

    /// The item, if this claim still holds it.
    fn held(&mut self, id: usize, number: usize) -> Option<&mut Thing> {
        let thing = self.find(id)?;
        let same = thing.claim.as_ref().is_some_and(|claim| claim.number == number);
        same.then_some(thing)
    }

    pub(super) fn holds(&mut self, id: usize, number: usize) -> bool {
        self.held(id, number).is_some()
    }

    pub(super) fn add(
        &mut self,
        id: usize,
        priority: u32,
        hold: bool,
        delay: Option<i64>,
        expires: Option<i64>,
    ) -> bool {
        if expires.is_some_and(|expires| expires <= 0) {
            return false;
        }
        let mut thing = Thing {
            id,
            priority,
            status: Status::OnHold,
            turn: 0,
            wait_until: delay.map(|delay| self.day + delay),
            expires: expires.or(self.ttl).map(|expires| self.day + expires),
            claim: None,
            attempts: 0,
            retries: 0,
            crashes: 0,
            requeues: 0,
            has_ended: false,
        };
        if !hold {
            self.line_up(&mut thing);
        }
        self.things.push(thing);
        true
    }

    /// To the back of the queue, or to wait until its time comes.
    fn line_up(&mut self, thing: &mut Thing) {
        if thing.wait_until.is_some_and(|until| until > self.day) {
            thing.status = Status::Scheduled;
            return;
        }
        self.turns += 1;
        thing.turn = self.turns;
        thing.status = Status::Queued;
        thing.wait_until = None;
    }

    fn line_up_by_id(&mut self, id: usize, prepare: impl FnOnce(&mut Thing)) {
        let index = self.things.iter().position(|thing| thing.id == id).unwrap();
        let mut thing = self.things.remove(index);
        prepare(&mut thing);
        self.line_up(&mut thing);
        self.things.insert(index, thing);
    }

    pub(super) fn claim(&mut self, number: usize, lease: u64) -> Option<usize> {
        self.tick();
        let (began, limit) = (self.passed, self.limit.unwrap_or(u64::MAX));
        let queued = self.things.iter_mut().filter(|thing| thing.status == Status::Queued);
        let next = queued.min_by_key(|thing| (thing.priority, thing.turn))?;
        next.status = Status::Processing;
        next.attempts += 1;
        next.claim = Some(Grip { number, began, lease, ends: began + lease.min(limit) });
        Some(next.id)
    }

    pub(super) fn renew(&mut self, id: usize, number: usize, lease: Option<u64>) -> bool {
        let (passed, limit) = (self.passed, self.limit);
        let Some(claim) = self.held(id, number).and_then(|thing| thing.claim.as_mut()) else {
            return false;
        };
        let end = limit.map(|limit| claim.began + limit);
        if end.is_some_and(|end| end <= passed) {
            return false;
        }
        let wanted = passed + lease.unwrap_or(claim.lease);
        claim.lease = claim.lease.max(lease.unwrap_or(0));
        claim.ends = claim.ends.max(end.map_or(wanted, |end| wanted.min(end)));
        true
    }

    pub(super) fn settle(&mut self, id: usize, number: usize, ending: Ending, retry: bool) -> bool {
        let (again_at, retries) = (self.day + self.retry_delay, self.retries);
        let goes_on_violated = self.goes_on_violated;
        let waits = self.retry_delay > 0;
        let Some(thing) = self.held(id, number) else { return false };
        thing.claim = None;
        let in_time = goes_on_violated || thing.expires.is_none_or(|expires| again_at < expires);
        let system_failed = ending == Ending::ItException;
        if system_failed && retry && in_time && thing.retries < retries {
            thing.retries += 1;
            // Without a delay it has its old turn: nothing overtakes it.
            thing.status = if waits { Status::Scheduled } else { Status::Queued };
            thing.wait_until = waits.then_some(again_at);
        } else {
            thing.end(ending.status());
        }
        true
    }

    pub(super) fn give_back(&mut self, id: usize, number: usize, begun: bool) -> bool {
        let Some(thing) = self.held(id, number) else { return false };
        thing.claim = None;
        if !begun {
            thing.attempts -= 1;
        }
        thing.status = Status::Queued;
        true
    }

    pub(super) fn requeue_own(
        &mut self,
        id: usize,
        number: usize,
        delay: Option<i64>,
        expires: Option<Said>,
    ) -> bool {
        self.holds(id, number) && self.start_anew(id, delay, expires)
    }

    pub(super) fn requeue(&mut self, id: usize, delay: Option<i64>, expires: Option<Said>) -> bool {
        let free = self.find(id).is_some_and(|thing| {
            thing.status != Status::Processing && thing.status != Status::OnHold
        });
        free && self.start_anew(id, delay, expires)
    }

    fn start_anew(&mut self, id: usize, delay: Option<i64>, expires: Option<Said>) -> bool {
        let (day, ttl) = (self.day, self.ttl);
        let Ok(said) = expires.map(|said| self.moment(said)).transpose() else { return false };
        self.line_up_by_id(id, |thing| {
            if let Some(expires) = said {
                thing.expires = expires;
            } else if thing.expires.is_some_and(|expires| expires <= day) {
                thing.expires = ttl.map(|ttl| day + ttl);
            }
            thing.wait_until = delay.map(|delay| day + delay);
            thing.claim = None;
            thing.retries = 0;
            thing.crashes = 0;
            thing.requeues += 1;
            thing.has_ended = false;
        });
        true
    }

    pub(super) fn hold(&mut self, id: usize) -> bool {
        let Some(thing) = self.find(id).filter(|thing| thing.status != Status::OnHold) else {
            return false;
        };
        thing.status = Status::OnHold;
        thing.claim = None;
        true
    }

    pub(super) fn release(&mut self, id: usize) -> bool {
        let Some(thing) = self.find(id).filter(|thing| thing.status == Status::OnHold) else {
            return false;
        };
        if thing.has_ended {
            return self.start_anew(id, None, None);
        }
        self.line_up_by_id(id, |_| {});
        true
    }

    /// When an item expires of which this is said now; an error is a moment that has passed.
    fn moment(&self, said: Said) -> Result<Option<i64>, i64> {
        match said {
            Said::At(seconds) if seconds <= 0 => Err(seconds),
            Said::At(seconds) => Ok(Some(self.day + seconds)),
            Said::OfQueue => Ok(self.ttl.map(|ttl| self.day + ttl)),
            Said::Never => Ok(None),
        }
    }

    pub(super) fn set_expiry(&mut self, id: usize, said: Said) -> bool {
        let Ok(expires) = self.moment(said) else { return false };
        let Some(thing) = self.find(id).filter(|thing| thing.status != Status::Processed) else {
            return false;
        };
        thing.expires = expires;
        true
    }

    pub(super) fn delete(&mut self, id: usize) -> bool {
        let before = self.things.len();
        self.things.retain(|thing| thing.id != id);
        self.things.len() < before
    }

    /// First the claims that are over, then what has expired, then what may come in, in its order.
    pub(super) fn tick(&mut self) {
        let (day, passed) = (self.day, self.passed);
        let (limit, crashes, goes_on_violated) = (self.limit, self.crashes, self.goes_on_violated);
        for thing in &mut self.things {
            thing.lose_grip(passed, limit, crashes);
            let waits = matches!(thing.status, Status::Queued | Status::Scheduled);
            let late = thing.expires.is_some_and(|expires| expires <= day);
            if waits && late && !goes_on_violated {
                thing.end(Status::Expired);
            }
        }
        let scheduled = self.things.iter().filter(|thing| thing.status == Status::Scheduled);
        let mut coming: Vec<(i64, usize)> = scheduled
            .filter_map(|thing| Some((thing.wait_until.filter(|until| *until <= day)?, thing.id)))
            .collect();
        coming.sort_unstable();
        for (_, id) in coming {
            self.line_up_by_id(id, |_| {});
        }
    }

    pub(super) fn summary(&self) -> Vec<Summary> {
        let all = self.things.iter().map(|thing| {
            let place = (thing.status == Status::Queued).then_some(thing.turn);
            let counters = [thing.attempts, thing.retries, thing.crashes, thing.requeues];
            (thing.id, thing.status, place, counters, [thing.expires, thing.wait_until])
        });
        all.collect()
    }
}

impl Thing {
    fn end(&mut self, status: Status) {
        self.status = status;
        self.claim = None;
        self.wait_until = None;
        self.has_ended = true;
    }

    fn lose_grip(&mut self, passed: u64, limit: Option<u64>, crashes: u32) {
        let Some(claim) = &self.claim else { return };
        let last = limit.map(|limit| claim.began + limit);
        if last.is_some_and(|last| last <= passed && last <= claim.ends) {
            self.end(Status::ProcessingTimeout);
        } else if claim.ends <= passed {
            self.crashes += 1;
            self.claim = None;
            self.status = Status::Queued;
            if self.crashes > crashes {
                self.end(Status::DeadLetter);
            }
        }
    }
}
