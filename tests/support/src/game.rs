//! Random requests, put to a store and to the naive one: both must answer the same.

mod runs;

use std::time::Duration;

use model::{
    Change, Claim, Clock, Commit, Ending, Error, Expiry, Fence, Id, ItemEdit, ItemQuery, Mode,
    NewItem, Page, Priority, QueueEdit, QueueSettings, QueueState, Renewal, Reply, Request, Rules,
    SeededEntropy, Settlement, Status, Ticked, Timestamp, Token, time,
};

use crate::naive::Naive;
use crate::{Bench, Dice, Open, secs};

const QUEUES: [&str; 4] = ["a", "b", "c", "shared"];
const SCHEMAS: [&str; 3] = ["true", "{\"type\":\"integer\"}", "{\"type\":\"string\"}"];
const VALUES: [&str; 4] = ["1", "\"text\"", "22", "{"];
const SPANS: [u64; 4] = [1, 7, 30, 120];

/// A list that is being read, with the cursors of both.
#[derive(Debug)]
struct Reading {
    query: ItemQuery,
    naive_cursor: Option<String>,
}

/// One store and the naive one, and what the players know.
#[derive(Debug)]
pub struct Game {
    bench: Bench,
    naive: Naive,
    dice: Dice,
    ids: SeededEntropy,
    items: Vec<Id>,
    held: Vec<(Id, Token)>,
    batches: Vec<Id>,
    readings: Vec<Reading>,
    /// Every hold of a run that anybody had.
    runs: Vec<runs::Seen>,
    readings_of_runs: Vec<runs::Reading>,
    /// What was asked, to be shown when the answers differ.
    asked: Vec<String>,
}

impl Game {
    /// Plays one game of that many moves; panics with the whole game where the answers differ.
    pub fn play(open: Open, seed: u64, moves: usize, reopens: bool) {
        let bench = Bench::empty(open);
        let entropy = std::sync::Arc::new(SeededEntropy::new(1));
        let naive = Naive::new(bench.place.clock.clone(), entropy);
        let mut game = Self {
            bench,
            naive,
            dice: Dice::new(seed),
            ids: SeededEntropy::new(seed ^ 0x5eed),
            items: Vec::new(),
            held: Vec::new(),
            batches: Vec::new(),
            readings: Vec::new(),
            runs: Vec::new(),
            readings_of_runs: Vec::new(),
            asked: vec![format!("seed {seed}")],
        };
        game.ask(Request::Commit(Commit::one(game.create("a"))));
        for _ in 0..moves {
            game.one_move(reopens);
        }
        game.compare_everything();
    }

    fn one_move(&mut self, reopens: bool) {
        match self.dice.below(50) {
            0..=15 => self.commit(),
            16..=22 => self.claim(),
            23 => self.renew(),
            24..=28 => self.pass(),
            29..=31 => self.tick(),
            32..=34 => self.read_on(),
            35 | 36 => {
                let request = self.question();
                self.ask(request);
            }
            37 => self.set_clock(),
            38 if self.dice.once_in(4) => {
                let queue = self.queue();
                let limit = self.dice.below(4);
                self.ask(Request::Sweep { queue, limit });
            }
            40..=43 => self.drive(),
            44 => {
                let change = self.change_of_run();
                self.ask(Request::Commit(Commit::one(change)));
            }
            45 => self.read_on_runs(),
            46 => {
                let request = self.question_of_runs();
                self.ask(request);
            }
            39 if reopens => {
                self.asked.push("close and open".into());
                self.bench.reopen();
                self.naive.reopen();
            }
            _ => {
                let wait = Duration::ZERO;
                self.ask(Request::WaitReady { queue: self.queue(), wait });
            }
        }
    }

    /// Puts the question to both.
    fn ask(&mut self, request: Request) -> Option<Reply> {
        self.asked.push(format!("{request:?}"));
        let answer = self.bench.send(request.clone()).wait().map(without_details);
        if let (Request::Commit(commit), Ok(Reply::Committed(outcomes))) = (&request, &answer) {
            self.see(commit, outcomes);
        }
        let expected = self.naive.answer(request).map(without_details);
        let (answer, expected) = (answer.map_err(roughly), expected.map_err(roughly));
        assert_eq!(answer, expected, "\n{}", self.asked.join("\n"));
        answer.ok()
    }

    fn id(&self) -> Id {
        Id::new(&*self.bench.place.clock, &self.ids)
    }

    fn queue(&self) -> String {
        (*self.dice.pick(&QUEUES)).to_owned()
    }

    fn item(&self) -> Id {
        if self.items.is_empty() || self.dice.once_in(20) {
            return self.id();
        }
        *self.dice.pick(&self.items)
    }

    fn batch(&self) -> Id {
        if self.batches.is_empty() { self.id() } else { *self.dice.pick(&self.batches) }
    }

    fn maybe<T>(&self, times: usize, value: impl FnOnce() -> T) -> Option<T> {
        self.dice.once_in(times).then(value)
    }

    fn span(&self) -> Duration {
        secs(*self.dice.pick(&SPANS))
    }

    /// A moment near now, mostly ahead.
    fn moment(&self) -> Timestamp {
        let now = self.bench.now();
        if self.dice.once_in(8) { now } else { time::after(now, self.span()) }
    }

    /// An item and the token of a claim on it, which may be a former one or of another item.
    fn claim_on(&self) -> (Id, Token) {
        if self.held.is_empty() || self.dice.once_in(15) {
            return (self.item(), Token::from_bytes([3; 16]));
        }
        let (item, token) = *self.dice.pick(&self.held);
        if self.dice.once_in(10) { (self.item(), token) } else { (item, token) }
    }

    fn rules(&self) -> Rules {
        Rules {
            ttl: self.maybe(3, || self.span()),
            at_risk_percent: None,
            continue_if_violated: self.dice.once_in(3),
            retries: self.dice.below(3) as u32,
            retry_delay: if self.dice.once_in(2) { Duration::ZERO } else { self.span() },
            crashes: self.dice.below(3) as u32,
            processing_limit: self.maybe(3, || self.span()),
            edit_while_processing: self.dice.once_in(2),
            keep: self.maybe(3, || self.span()),
        }
    }

    fn create(&self, key: &str) -> Change {
        let name = if self.dice.once_in(2) { "shared".into() } else { key.to_owned() };
        let rules = self.rules();
        let settings = QueueSettings { name, rules, ..QueueSettings::new(key) };
        let schema = self.maybe(4, || (*self.dice.pick(&SCHEMAS)).to_owned());
        Change::CreateQueue { id: self.id(), settings: Box::new(settings), schema }
    }

    /// A moment, or what stands for one.
    fn expiry(&self) -> Expiry {
        let moment = self.moment();
        match moment.as_second() % 4 {
            0 => Expiry::Never,
            1 => Expiry::OfQueue,
            _ => Expiry::At(moment),
        }
    }

    fn add(&mut self) -> Change {
        let repeated = self.dice.once_in(30);
        let id = if repeated { self.item() } else { self.id() };
        let mut new = NewItem::new(id, self.queue(), *self.dice.pick(&VALUES[..3]));
        if self.dice.once_in(40) {
            new.value = VALUES[3].into();
        }
        new.priority = *self.dice.pick(&[Priority::HIGH, Priority::NORMAL]);
        new.reference = self.maybe(2, || self.dice.below(8).to_string());
        new.expires = match self.dice.below(8) {
            0 | 1 => Expiry::At(self.moment()),
            2 => Expiry::Never,
            _ => Expiry::OfQueue,
        };
        new.delay_until = self.maybe(4, || self.moment());
        new.hold = self.dice.once_in(8);
        new.batch = self.maybe(4, || self.batch());
        new.note = self.maybe(6, || "first".into());
        self.items.push(id);
        Change::Add(Box::new(new))
    }

    fn change(&mut self) -> Change {
        let (item, note) = (self.item(), self.maybe(2, || "said".to_owned()));
        match self.dice.below(26) {
            0..=8 => self.add(),
            9..=11 => {
                let (item, token) = self.claim_on();
                let ending = *self.dice.pick(&Ending::ALL);
                let result = self.maybe(2, || "result".into());
                let retry = !self.dice.once_in(4);
                Change::Settle(Settlement { item, token, ending, result, retry })
            }
            12 => {
                let (item, token) = self.claim_on();
                Change::GiveBack { item, token, begun: self.dice.once_in(2) }
            }
            13 => {
                let (held, token) = self.claim_on();
                let by_worker = self.dice.once_in(2);
                let (item, token) = if by_worker { (held, Some(token)) } else { (item, None) };
                let (delay_until, expires) =
                    (self.maybe(3, || self.moment()), self.maybe(3, || self.expiry()));
                let clear_notes = self.dice.once_in(2);
                Change::Requeue { item, token, delay_until, expires, note, clear_notes }
            }
            14 => Change::Hold { item, note },
            15 => Change::Release { item, note },
            16 => Change::Edit { item, edit: Box::new(self.edit()) },
            17 => {
                Change::Note { item, text: note.unwrap_or_default(), clear: self.dice.once_in(2) }
            }
            18 => Change::Delete { item },
            19 | 20 => self.change_of_run(),
            _ => self.change_of_queue(),
        }
    }

    fn edit(&self) -> ItemEdit {
        ItemEdit {
            name: self.maybe(4, || self.maybe(2, || "name".into())),
            value: self.maybe(4, || (*self.dice.pick(&VALUES)).to_owned()),
            priority: self.maybe(3, || Priority::LOW),
            reference: self.maybe(4, || self.maybe(2, || self.dice.below(8).to_string())),
            expires: self.maybe(4, || self.maybe(2, || self.expiry()).unwrap_or(Expiry::Never)),
        }
    }

    fn change_of_queue(&mut self) -> Change {
        let queue = self.queue();
        match self.dice.below(12) {
            0..=2 => {
                let batch = if self.dice.once_in(8) { self.batch() } else { self.id() };
                self.batches.push(batch);
                Change::OpenBatch { batch, queue }
            }
            3 | 4 => Change::CommitBatch { batch: self.batch() },
            5 => Change::DiscardBatch { batch: self.batch() },
            6 | 7 => self.create(QUEUES[self.dice.below(3)]),
            8 | 9 => {
                let schema =
                    self.maybe(2, || self.maybe(2, || (*self.dice.pick(&SCHEMAS)).to_owned()));
                let rules = self.maybe(2, || self.rules());
                let (name, description) = (self.maybe(4, || "b".into()), None);
                let edit = QueueEdit { name, description, rules, schema };
                Change::EditQueue { queue, edit: Box::new(edit) }
            }
            10 => {
                let mut state = *self.dice.pick(&QueueState::ALL);
                if state == QueueState::Deleting || self.dice.once_in(2) {
                    state = QueueState::Active;
                }
                Change::SetQueueState { queue, state }
            }
            _ => Change::DropQueue { queue },
        }
    }

    fn commit(&mut self) {
        let count = if self.dice.once_in(3) { self.dice.below(6) } else { 1 };
        let changes = (0..count).map(|_| self.change()).collect();
        let modes = [Mode::AllOrNothing, Mode::StopAtFirst, Mode::Independent];
        let mut commit = Commit::of(changes, *self.dice.pick(&modes));
        if self.dice.once_in(10) {
            let (item, token) = self.claim_on();
            commit.fences.push(Fence { item, token });
        }
        self.ask(Request::Commit(commit));
    }

    fn claim(&mut self) {
        let claim = Claim {
            queue: self.queue(),
            count: self.dice.below(5),
            lease: self.span(),
            worker: "ada".into(),
        };
        if let Some(Reply::Claimed(claimed)) = self.ask(Request::Claim(claim)) {
            self.held.extend(claimed.iter().map(|claimed| (claimed.item.id, claimed.token)));
        }
    }

    fn renew(&mut self) {
        let renewal = |_| {
            let (item, token) = self.claim_on();
            Renewal { item, token, lease: self.maybe(2, || self.span()) }
        };
        let renewals = (0..self.dice.below(4)).map(renewal).collect();
        self.ask(Request::Renew(renewals));
    }

    fn pass(&mut self) {
        let span = self.span();
        self.asked.push(format!("{span:?} pass"));
        self.bench.place.clock.pass(span);
    }

    fn set_clock(&mut self) {
        let clock = &self.bench.place.clock;
        let far = [5, 300, 86_400, 4 * 365 * 86_400];
        let span = secs(*self.dice.pick(&far));
        let to = if self.dice.once_in(2) {
            time::after(clock.now(), span)
        } else {
            clock.now().saturating_sub(span).expect("within the ages")
        };
        self.asked.push(format!("the clock is set to {to}"));
        clock.set(to);
    }

    /// Ticks until nothing is left to do. How much one portion holds is the store's affair.
    fn tick(&mut self) {
        self.asked.push("tick".into());
        let mut sum = Ticked::default();
        for _ in 0..2 {
            loop {
                let ticked = self.bench.tick().unwrap();
                sum.promoted += ticked.promoted;
                sum.expired += ticked.expired;
                sum.recovered += ticked.recovered;
                sum.buried += ticked.buried;
                sum.timed_out += ticked.timed_out;
                sum.batched += ticked.batched;
                sum.retired += ticked.retired;
                sum.interrupted += ticked.interrupted;
                sum.runs_retired += ticked.runs_retired;
                sum.next = ticked.next;
                if !ticked.more {
                    break;
                }
            }
        }
        let Ok(Reply::Ticked(expected)) = self.naive.answer(Request::Tick) else {
            panic!("a tick is always answered");
        };
        // A store may look once too early, never too late.
        let in_time = expected.next.is_none_or(|due| sum.next.is_some_and(|next| next <= due));
        assert!(in_time, "{sum:?} {expected:?}\n{}", self.asked.join("\n"));
        sum.next = expected.next;
        assert_eq!(sum, expected, "\n{}", self.asked.join("\n"));
    }

    fn question(&self) -> Request {
        let queue = self.queue();
        match self.dice.below(8) {
            0 => Request::Item(self.item()),
            1 => {
                let reference = self.dice.below(8).to_string();
                Request::ItemByReference { queue, reference }
            }
            2 => {
                let (after, limit) = (self.dice.below(4) as u32, self.dice.below(4));
                Request::History { item: self.item(), after, limit }
            }
            3 => Request::Queue(queue),
            4 => Request::Queues,
            5 => Request::Stats(queue),
            6 => {
                let value = (*self.dice.pick(&VALUES)).to_owned();
                Request::Conforms { queue, value }
            }
            _ => {
                let version = self.maybe(2, || self.dice.below(4) as u32);
                Request::Schema { queue, version }
            }
        }
    }

    /// Begins a list, or reads the next page of one.
    fn read_on(&mut self) {
        if self.readings.is_empty() || self.dice.once_in(2) {
            let statuses = (0..self.dice.below(3)).map(|_| *self.dice.pick(&Status::ALL));
            let query = ItemQuery {
                queue: self.maybe(2, || self.queue()),
                statuses: if self.dice.once_in(2) { Vec::new() } else { statuses.collect() },
                reference: self.maybe(8, || self.dice.below(8).to_string()),
                created_before: self.maybe(8, || self.moment()),
                created_after: self.maybe(8, || self.bench.now()),
                newest_first: self.dice.once_in(2),
                cursor: None,
                limit: 1 + self.dice.below(6),
            };
            self.readings.push(Reading { query, naive_cursor: None });
        }
        let reading = self.readings.swap_remove(self.dice.below(self.readings.len()));
        self.next_page(reading);
    }

    fn next_page(&mut self, mut reading: Reading) {
        self.asked.push(format!("{reading:?}"));
        let answer = self.bench.items(reading.query.clone());
        let cursor = reading.naive_cursor.clone();
        let query = ItemQuery { cursor, ..reading.query.clone() };
        let expected = self.naive.answer(Request::Items(query));
        let (answer, expected) = match (answer, expected) {
            (Ok(answer), Ok(Reply::Items(expected))) => (answer, expected),
            (answer, expected) => {
                let asked = self.asked.join("\n");
                assert_eq!(answer.err(), expected.err(), "\n{asked}");
                return;
            }
        };
        let asked = self.asked.join("\n");
        assert_eq!(answer.items, expected.items, "\n{asked}");
        match (answer.next, expected.next) {
            (None, None) => {}
            (Some(next), Some(naive)) => {
                reading.query.cursor = Some(next);
                reading.naive_cursor = Some(naive);
                self.readings.push(reading);
            }
            (Some(cursor), None) => {
                // A page may have a next one that is empty.
                let query = ItemQuery { cursor: Some(cursor), ..reading.query };
                let end = Page { items: Vec::new(), next: None, damaged: Vec::new() };
                assert_eq!(self.bench.items(query), Ok(end), "\n{asked}");
            }
            (None, Some(_)) => panic!("the list ends too early\n{asked}"),
        }
    }

    fn compare_everything(&mut self) {
        self.ask(Request::Queues);
        self.ask(Request::Check);
        for queue in QUEUES {
            self.ask(Request::Stats(queue.to_owned()));
        }
        for item in std::mem::take(&mut self.items) {
            self.ask(Request::Item(item));
            self.ask(Request::History { item, after: 0, limit: 1_000 });
        }
        self.compare_runs();
    }
}

/// A reply without what only the real store can know.
fn without_details(reply: Reply) -> Reply {
    match reply {
        Reply::Checked(mut checked) => {
            (checked.format, checked.bytes) = (0, 0);
            Reply::Checked(checked)
        }
        Reply::Committed(outcomes) => {
            let plain = |outcome| match outcome {
                model::Outcome::Refused(error) => model::Outcome::Refused(roughly(error)),
                other => other,
            };
            Reply::Committed(outcomes.into_iter().map(plain).collect())
        }
        other => other,
    }
}

/// An error without the words that the naive store does not have.
fn roughly(error: Error) -> Error {
    match error {
        Error::SchemaViolation { queue, version, .. } => {
            let (path, problem) = (String::new(), String::new());
            Error::SchemaViolation { queue, version, path, problem }
        }
        other => other,
    }
}
