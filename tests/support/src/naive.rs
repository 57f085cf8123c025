//! A store that is nothing but maps: everything in memory, every question answered by looking at
//! all of it. The rules of an item's life are those of `model`; order, counts, pages, batches and
//! time are told anew, in the plainest way.

mod changes;
mod reads;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use model::life::{self, Event, Place as Standing};
use model::time::{self, Reading};
use model::{
    Claim, Claimed, Commit, Done, Entry, Error, Id, Item, ManualClock, Mode, Outcome, Queue,
    QueueState, Renewal, Reply, Request, Rules, SeededEntropy, Status, Ticked, Timestamp, Token,
    limits,
};

const RETIRE_EVERY: Duration = Duration::from_mins(1);

#[derive(Clone, Debug)]
struct Known {
    queue: Queue,
    schemas: Vec<String>,
}

#[derive(Clone, Debug)]
struct Kept {
    item: Item,
    /// The number of its queue.
    home: u64,
    seq: u64,
    history: Vec<Entry>,
}

#[derive(Clone, Debug)]
struct Batch {
    home: u64,
    /// Whether it was committed; `None` while it is open.
    decision: Option<bool>,
}

/// The naive store. It draws the tokens that a store with the same entropy draws.
#[derive(Clone, Debug)]
pub struct Naive {
    clock: Arc<ManualClock>,
    entropy: Arc<SeededEntropy>,
    reading: Reading,
    queues: BTreeMap<u64, Known>,
    items: BTreeMap<u64, Kept>,
    batches: BTreeMap<Id, Batch>,
    /// Batches whose items have not moved yet, in the order of their decisions.
    decided: Vec<Id>,
    last_queue: u64,
    last_item: u64,
    last_seq: u64,
    retire_at: Timestamp,
}

impl Naive {
    pub fn new(clock: Arc<ManualClock>, entropy: Arc<SeededEntropy>) -> Self {
        Self {
            reading: Reading::take(&*clock),
            clock,
            entropy,
            queues: BTreeMap::new(),
            items: BTreeMap::new(),
            batches: BTreeMap::new(),
            decided: Vec::new(),
            last_queue: 0,
            last_item: 0,
            last_seq: 0,
            retire_at: Timestamp::MIN,
        }
    }

    fn now(&self) -> Timestamp {
        time::now(&*self.clock)
    }

    /// The store was closed and opened again: a lease never outlasts its length.
    pub fn reopen(&mut self) {
        self.reading = Reading::take(&*self.clock);
        self.retire_at = Timestamp::MIN;
        let now = self.now();
        for holder in self.items.values_mut().filter_map(|kept| kept.item.life.holder.as_mut()) {
            if holder.until > time::after(now, holder.lease) {
                holder.since = holder.since.min(now);
                holder.until = time::after(now, holder.lease);
            }
        }
    }

    /// Looks at the clocks: where somebody has set one, leases keep their length.
    fn look_at_clocks(&mut self) {
        let reading = Reading::take(&*self.clock);
        if let Some(jump) = reading.jump_since(&self.reading) {
            self.retire_at = Timestamp::MIN;
            let moved = |at: Timestamp| {
                Timestamp::from_microsecond(at.as_microsecond() + jump).expect("within the ages")
            };
            for kept in self.items.values_mut() {
                if let Some(holder) = &mut kept.item.life.holder {
                    holder.since = moved(holder.since);
                    holder.until = moved(holder.until);
                }
            }
        }
        self.reading = reading;
    }

    pub fn answer(&mut self, request: Request) -> Result<Reply, Error> {
        if !matches!(request, Request::WaitReady { .. }) {
            self.look_at_clocks();
        }
        match request {
            Request::Commit(commit) => self.commit(commit).map(Reply::Committed),
            Request::Claim(claim) => self.claim(&claim).map(Reply::Claimed),
            Request::Renew(renewals) => {
                Ok(Reply::Renewed(renewals.iter().map(|renewal| self.renew(renewal)).collect()))
            }
            Request::Tick => Ok(Reply::Ticked(self.tick())),
            Request::Sweep { queue, limit } => self.sweep(&queue, limit).map(Reply::Swept),
            read => self.read(read),
        }
    }

    fn commit(&mut self, commit: Commit) -> Result<Vec<Outcome>, Error> {
        commit.check()?;
        for fence in &commit.fences {
            let holder = &self.kept(fence.item)?.item.life.holder;
            if holder.as_ref().map(|holder| holder.token) != Some(fence.token) {
                return Err(Error::LeaseLost { item: fence.item });
            }
        }
        let (before, mode) = (self.clone(), commit.mode);
        let mut refused = None;
        let mut outcomes = Vec::new();
        for change in commit.changes {
            if refused.is_some() && mode != Mode::Independent {
                outcomes.push(Outcome::Skipped);
                continue;
            }
            outcomes.push(match self.change(change) {
                Ok(done) => Outcome::Done(done),
                Err(error) => {
                    refused = Some(outcomes.len());
                    Outcome::Refused(error)
                }
            });
        }
        if let (Some(refused), Mode::AllOrNothing) = (refused, mode) {
            *self = before;
            for (index, outcome) in outcomes.iter_mut().enumerate() {
                if index != refused {
                    *outcome = Outcome::Skipped;
                }
            }
        }
        Ok(outcomes)
    }

    fn number(&self, id: Id) -> Result<u64, Error> {
        let found = self.items.iter().find(|(_, kept)| kept.item.id == id);
        let missing = || Error::ItemNotFound { item: id.to_string() };
        found.map(|(number, _)| *number).ok_or_else(missing)
    }

    fn kept(&self, id: Id) -> Result<&Kept, Error> {
        self.number(id).map(|number| &self.items[&number])
    }

    fn rules_of(&self, kept: &Kept) -> &Rules {
        &self.queues[&kept.home].queue.settings.rules
    }

    /// Lets the event happen to the item and writes its history.
    fn happen(
        &mut self,
        number: u64,
        event: &Event,
        result: Option<&str>,
        note: Option<&str>,
    ) -> Result<Done, Error> {
        let now = self.now();
        let rules = self.rules_of(&self.items[&number]).clone();
        let kept = self.items.get_mut(&number).expect("a number of an item");
        let (id, life) = (kept.item.id, &mut kept.item.life);
        let worker = |life: &model::item::Life| Some(life.holder.as_ref()?.worker.clone());
        let (from, before) = (life.status, worker(life));
        let moved = life::apply(life, &rules, event, now)
            .map_err(|refusal| life::explain(refusal, id, from, now))?;
        let Some(status) = moved.to else {
            self.items.remove(&number);
            return Ok(Done::new(id, None));
        };
        if status == Status::Queued && moved.place == Standing::Back {
            self.last_seq += 1;
            kept.seq = self.last_seq;
        }
        let worker = before.or(worker(&kept.item.life));
        kept.item.modified = now;
        if let Some(result) = result {
            kept.item.result = Some(result.to_owned());
        }
        let text = result.or(note).map(str::to_owned);
        let (number, attempt) = (kept.history.len() as u32 + 1, kept.item.life.attempt);
        let by = Some(moved.by);
        kept.history.push(Entry { number, at: now, by, status, attempt, worker, text });
        Ok(Done::new(id, Some(status)))
    }

    fn claim(&mut self, claim: &Claim) -> Result<Vec<Claimed>, Error> {
        Error::limit("claim-items", claim.count, limits::CLAIM_ITEMS_MAX)?;
        let home = self.find_open(&claim.queue)?;
        self.make_due(&mut Ticked::default());
        let mut ready: Vec<_> = self
            .items
            .iter()
            .filter(|(_, kept)| kept.home == home && kept.item.life.status == Status::Queued)
            .map(|(number, kept)| (kept.item.priority, kept.seq, *number))
            .collect();
        ready.sort_unstable();
        let mut claimed = Vec::new();
        for (_, _, number) in ready {
            if claimed.len() == claim.count {
                break;
            }
            // What came back from a lost claim may have expired meanwhile.
            if self.happen(number, &Event::Due, None, None).is_err() {
                claimed.push(self.hand_out(number, claim)?);
            }
        }
        Ok(claimed)
    }

    fn hand_out(&mut self, number: u64, claim: &Claim) -> Result<Claimed, Error> {
        let token = Token::new(&*self.entropy);
        let (worker, lease) = (claim.worker.clone(), claim.lease);
        self.happen(number, &Event::Claim { token, worker, lease }, None, None)?;
        Ok(Claimed { item: self.items[&number].item.clone(), token })
    }

    fn renew(&mut self, renewal: &Renewal) -> Result<Timestamp, Error> {
        let (now, number) = (self.now(), self.number(renewal.item)?);
        let queue = &self.queues[&self.items[&number].home].queue;
        if matches!(queue.state, QueueState::Stopped | QueueState::Deleting) {
            let (queue, state) = (queue.settings.key.clone(), queue.state);
            return Err(Error::QueueClosed { queue, state });
        }
        let rules = queue.settings.rules.clone();
        let life = &mut self.items.get_mut(&number).expect("just found").item.life;
        let event = Event::Renew { token: renewal.token, lease: renewal.lease };
        let from = life.status;
        life::apply(life, &rules, &event, now)
            .map_err(|refusal| life::explain(refusal, renewal.item, from, now))?;
        Ok(life.holder.as_ref().expect("a renewed item is held").until)
    }

    fn tick(&mut self) -> Ticked {
        let mut ticked = Ticked::default();
        while self.make_due(&mut ticked) {}
        for batch in std::mem::take(&mut self.decided) {
            self.move_batch(batch, &mut ticked);
        }
        // What has just been made ready may be late already.
        while self.make_due(&mut ticked) {}
        if self.now() >= self.retire_at {
            self.retire(&mut ticked);
            self.retire_at = time::after(self.now(), RETIRE_EVERY);
        }
        ticked.next = self.next_due();
        ticked
    }

    fn next_due(&self) -> Option<Timestamp> {
        let due = |kept: &Kept| life::due(&kept.item.life, self.rules_of(kept));
        self.items.values().filter_map(due).min()
    }

    /// Does everything that is due, in the order in which it became due; answers whether anything
    /// was. More may be due then: what comes back from a lost claim may have expired meanwhile.
    fn make_due(&mut self, ticked: &mut Ticked) -> bool {
        let now = self.now();
        let due = |(number, kept): (&u64, &Kept)| {
            let due = life::due(&kept.item.life, self.rules_of(kept))?;
            (due <= now).then_some((due, *number))
        };
        let mut late: Vec<_> = self.items.iter().filter_map(due).collect();
        late.sort_unstable();
        for (_, number) in &late {
            let number = *number;
            let from = self.items[&number].item.life.status;
            let to = self.happen(number, &Event::Due, None, None).expect("it is due").status;
            *match (from, to) {
                (Status::Processing, Some(Status::Queued)) => &mut ticked.recovered,
                (Status::Processing, Some(Status::DeadLetter)) => &mut ticked.buried,
                (Status::Processing, _) => &mut ticked.timed_out,
                (_, Some(Status::Queued)) => &mut ticked.promoted,
                _ => &mut ticked.expired,
            } += 1;
        }
        !late.is_empty()
    }

    fn move_batch(&mut self, batch: Id, ticked: &mut Ticked) {
        let Some(decision) = self.batches.get(&batch).and_then(|batch| batch.decision) else {
            return;
        };
        let staged =
            |kept: &Kept| kept.item.batch == Some(batch) && kept.item.life.status == Status::Staged;
        let numbers = self.items.iter().filter(|(_, kept)| staged(kept)).map(|(at, _)| *at);
        let event = if decision { Event::Ready } else { Event::Discard };
        for number in numbers.collect::<Vec<_>>() {
            self.happen(number, &event, None, None).expect("a staged item moves");
            ticked.batched += 1;
        }
    }

    fn retire(&mut self, ticked: &mut Ticked) {
        let now = self.now();
        let before = self.items.len();
        let queues = &self.queues;
        self.items.retain(|_, kept| {
            let Some(keep) = queues[&kept.home].queue.settings.rules.keep else { return true };
            let life = &kept.item.life;
            let old = life.completed.is_some_and(|at| time::after(at, keep) < now);
            !(life.status.is_final() && old)
        });
        ticked.retired += (before - self.items.len()) as u64;
    }

    fn sweep(&mut self, queue: &str, limit: usize) -> Result<u64, Error> {
        let home = self.find(queue)?;
        let of_queue = self.items.iter().filter(|(_, kept)| kept.home == home);
        let mut swept: Vec<_> =
            of_queue.map(|(number, kept)| (kept.item.life.status, *number)).collect();
        swept.sort_unstable();
        swept.truncate(limit.min(limits::MOVES_PER_TRANSACTION_MAX));
        for (_, number) in &swept {
            self.items.remove(number);
        }
        Ok(swept.len() as u64)
    }
}
