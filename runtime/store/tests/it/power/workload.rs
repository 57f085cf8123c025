//! What users do, at random but the same for the same seed: every kind of change, on what there is
//! to change.

use std::time::Duration;

use model::{
    Change, Claim, Commit, Ending, Entropy, Expiry, Fence, Id, ItemEdit, ManualClock, Mode,
    NewItem, Priority, QueueEdit, QueueSettings, QueueState, Renewal, Request, Rules,
    SeededEntropy, Settlement, Status, Timestamp, Token, time,
};

use crate::power::known::{Fact, Known};

/// What is done next.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Opens the store, closing it first where it is open.
    Open,
    Ask(Request),
}

/// Whoever uses the store.
pub(crate) struct Users {
    dice: SeededEntropy,
    pub(crate) now: Timestamp,
    made: u64,
}

impl Users {
    pub(crate) fn new(seed: u64) -> Self {
        let now = "2026-01-31T08:00:00Z".parse().expect("that is a time");
        Self { dice: SeededEntropy::new(seed), now, made: 0 }
    }

    pub(crate) fn below(&self, end: u64) -> u64 {
        (self.dice.next() % u128::from(end)) as u64
    }

    pub(crate) fn one_in(&self, many: u64) -> bool {
        self.below(many) == 0
    }

    pub(crate) fn id(&self) -> Id {
        Id::new(&ManualClock::new(self.now), &self.dice)
    }

    pub(crate) fn pick<T>(&self, from: Vec<T>) -> Option<T> {
        let place = self.below(from.len().max(1) as u64) as usize;
        from.into_iter().nth(place)
    }

    fn find(&self, known: &Known, wanted: impl Fn(&Fact) -> bool) -> Option<Id> {
        let found = known.items.iter().filter(|(_, fact)| wanted(fact)).map(|(id, _)| *id);
        self.pick(found.collect())
    }

    pub(crate) fn held(&self, known: &Known) -> Option<(Id, Token)> {
        let held = known.items.iter().filter_map(|(id, fact)| Some((*id, fact.token?)));
        self.pick(held.collect())
    }

    /// The next step, some time after the one before.
    pub(crate) fn next(&mut self, known: &Known) -> Step {
        let pause = if self.one_in(12) { 150_000 } else { self.below(3_000) };
        self.now = time::after(self.now, Duration::from_millis(pause));
        self.made += 1;
        match self.made {
            1 => Step::Open,
            2 => Step::Ask(self.create("orders")),
            3 => Step::Ask(self.create("letters")),
            _ if self.one_in(30) => Step::Open,
            _ => Step::Ask(self.request(known)),
        }
    }

    fn request(&mut self, known: &Known) -> Request {
        let wanted = match self.below(100) {
            18..26 => Some(self.bulk()),
            26..37 => Some(self.about_batch(known)),
            37..52 => Some(self.claim()),
            52..57 => self
                .held(known)
                .map(|(item, token)| Request::Renew(vec![Renewal { item, token, lease: None }])),
            57..72 => self.settle(known).map(|change| Request::Commit(Commit::one(change))),
            72..93 => self.repair(known).map(|change| Request::Commit(Commit::one(change))),
            93..96 => Some(Request::Tick),
            96..98 => self.settle_and_add(known),
            98..100 => Some(self.about_queue(known)),
            _ if self.one_in(2) => Some(self.about_run(known)),
            _ => None,
        };
        wanted.unwrap_or_else(|| {
            let queue = self.queue();
            Request::Commit(Commit::one(self.add(queue)))
        })
    }

    fn queue(&self) -> &'static str {
        ["orders", "orders", "letters"][self.below(3) as usize]
    }

    fn create(&self, key: &str) -> Request {
        let mut settings = QueueSettings::new(key);
        settings.rules = match key {
            "orders" => Rules { retries: 2, crashes: 1, ..Rules::default() },
            _ => Rules {
                retries: 1,
                retry_delay: Duration::from_secs(30),
                ttl: Some(Duration::from_mins(15)),
                processing_limit: Some(Duration::from_mins(5)),
                ..Rules::default()
            },
        };
        let (id, settings) = (self.id(), Box::new(settings));
        Request::Commit(Commit::one(Change::CreateQueue { id, settings, schema: None }))
    }

    pub(crate) fn value(&self) -> String {
        let length = match self.below(40) {
            0 => 30_000,
            1..5 => 5_000,
            _ => self.below(200),
        };
        let digit = char::from(b'0' + self.below(10) as u8);
        format!("\"{}\"", digit.to_string().repeat(length as usize))
    }

    pub(crate) fn item(&mut self, queue: &str) -> NewItem {
        self.made += 1;
        let mut new = NewItem::new(self.id(), queue, self.value());
        if self.one_in(2) {
            // Now and then one that is there already.
            let number = if self.one_in(8) { self.below(self.made) } else { self.made };
            new.reference = Some(format!("R-{number}"));
        }
        if self.one_in(4) {
            new.priority = Priority::HIGH;
        }
        new
    }

    fn add(&mut self, queue: &str) -> Change {
        let mut new = self.item(queue);
        match self.below(12) {
            0 => new.hold = true,
            1 => new.delay_until = Some(time::after(self.now, Duration::from_mins(1))),
            2 => new.expires = Expiry::At(time::after(self.now, Duration::from_secs(200))),
            3 => new.note = Some("mind the step".into()),
            _ => {}
        }
        Change::Add(Box::new(new))
    }

    fn bulk(&mut self) -> Request {
        let modes = [Mode::AllOrNothing, Mode::AllOrNothing, Mode::StopAtFirst, Mode::Independent];
        let (queue, mode) = (self.queue(), modes[self.below(4) as usize]);
        let count = 2 + self.below(12);
        let changes = (0..count).map(|_| self.add(queue)).collect();
        Request::Commit(Commit::of(changes, mode))
    }

    fn about_batch(&mut self, known: &Known) -> Request {
        let open = known.batches.iter().filter(|(_, open)| **open).map(|(id, _)| *id);
        let change = match (self.pick(open.collect()), self.below(10)) {
            (None, _) => Change::OpenBatch { batch: self.id(), queue: "orders".into() },
            (Some(batch), 0..6) => {
                let staged = (0..=self.below(4)).map(|_| {
                    let mut new = self.item("orders");
                    new.batch = Some(batch);
                    Change::Add(Box::new(new))
                });
                return Request::Commit(Commit::of(staged.collect(), Mode::Independent));
            }
            (Some(batch), 6..9) => Change::CommitBatch { batch },
            (Some(batch), _) => Change::DiscardBatch { batch },
        };
        Request::Commit(Commit::one(change))
    }

    fn claim(&self) -> Request {
        Request::Claim(Claim {
            queue: self.queue().into(),
            count: 1 + self.below(4) as usize,
            lease: Duration::from_secs(30 + self.below(90)),
            worker: "ann".into(),
        })
    }

    fn settle(&self, known: &Known) -> Option<Change> {
        let (item, token) = self.held(known)?;
        let endings = [Ending::Processed, Ending::Processed, Ending::ItException];
        let ending = *endings.iter().chain(&Ending::ALL).nth(self.below(7) as usize)?;
        let result = (!self.one_in(3)).then(|| format!("done {}", self.below(1_000)));
        Some(Change::Settle(Settlement { item, token, ending, result, retry: !self.one_in(4) }))
    }

    fn settle_and_add(&mut self, known: &Known) -> Option<Request> {
        let (item, token) = self.held(known)?;
        let mut changes: Vec<_> = (0..3).map(|_| self.add("letters")).collect();
        let (ending, result) = (Ending::Processed, Some("and more".into()));
        changes.push(Change::Settle(Settlement { item, token, ending, result, retry: true }));
        let fences = vec![Fence { item, token }];
        Some(Request::Commit(Commit { fences, ..Commit::of(changes, Mode::AllOrNothing) }))
    }

    fn repair(&mut self, known: &Known) -> Option<Change> {
        let (any, note) = (self.find(known, |_| true), Some("by hand".to_owned()));
        Some(match self.below(8) {
            0 => {
                let (item, token) = self.held(known)?;
                Change::GiveBack { item, token, begun: false }
            }
            1 => Change::Requeue {
                item: self.find(known, |fact| fact.status.is_final())?,
                token: None,
                delay_until: None,
                expires: None,
                note,
                clear_notes: self.one_in(2),
            },
            2 => Change::Hold { item: any?, note },
            3 => {
                let item = self.find(known, |fact| fact.status == Status::OnHold)?;
                Change::Release { item, note }
            }
            4 => Change::Note { item: any?, text: "look".into(), clear: self.one_in(3) },
            5 => {
                let reference = self.one_in(2).then(|| Some(format!("E-{}", self.made)));
                let edit = ItemEdit { value: Some(self.value()), reference, ..ItemEdit::default() };
                Change::Edit { item: any?, edit: Box::new(edit) }
            }
            6 => Change::Delete { item: any? },
            _ => self.settle(known)?,
        })
    }

    /// A third queue comes and goes; a second is paused now and then, and its rules change.
    fn about_queue(&mut self, known: &Known) -> Request {
        let extra = || "extra".to_owned();
        let queue = "letters".to_owned();
        let change = match (known.queues.get("extra"), self.below(4)) {
            (_, 0) => {
                let paused = known.queues.get("letters") == Some(&QueueState::Paused);
                let state = if paused { QueueState::Active } else { QueueState::Paused };
                Change::SetQueueState { queue, state }
            }
            (_, 1) => {
                let limit = Some(Duration::from_secs(60 + self.below(300)));
                let rules = Rules { processing_limit: limit, retries: 2, ..Rules::default() };
                let edit = QueueEdit { rules: Some(rules), ..QueueEdit::default() };
                Change::EditQueue { queue, edit: Box::new(edit) }
            }
            (None, _) => return self.create("extra"),
            (Some(QueueState::Deleting), 2) => {
                return Request::Sweep { queue: extra(), limit: 3 };
            }
            (Some(QueueState::Deleting), _) => Change::DropQueue { queue: extra() },
            (Some(_), 2) => self.add("extra"),
            (Some(_), _) => Change::SetQueueState { queue: extra(), state: QueueState::Deleting },
        };
        Request::Commit(Commit::one(change))
    }
}
