//! A whole queue, moved by `life::apply`, against a naive model written from the prose of
//! `docs/states.md`: random things happen to both, and they must agree after each.

mod line;
mod prose;

use std::collections::BTreeSet;
use std::time::Duration;

use model::item::Life;
use model::life::Event;
use model::{Ending, Rules, Status, Timestamp, Token};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::random::{config, ending, rules};
use line::Line;
use prose::Prose;

/// Something that happens. Times are seconds from now, claims and items any of those there were.
#[derive(Clone, Debug)]
enum Happening {
    Add { priority: u32, hold: bool, delay: Option<i64>, expires: Option<i64> },
    Claim { lease: u64 },
    Renew { claim: Index, lease: Option<u64> },
    Settle { claim: Index, ending: Ending, retry: bool },
    GiveBack { claim: Index, begun: bool },
    RequeueOwn { claim: Index, delay: Option<i64>, expires: Option<Said> },
    Requeue { item: Index, delay: Option<i64>, expires: Option<Said> },
    Hold { item: Index },
    Release { item: Index },
    Expiry { item: Index, expires: Said },
    Delete { item: Index },
    Pass { seconds: u64 },
    SetClock { by: i64 },
    Tick,
}

/// What is said about an expiry.
#[derive(Clone, Copy, Debug)]
enum Said {
    At(i64),
    OfQueue,
    Never,
}

fn said() -> impl Strategy<Value = Said> {
    let at = || (-2_i64..15).prop_map(Said::At);
    prop_oneof![at(), at(), Just(Said::OfQueue), Just(Said::Never)]
}

fn happening() -> impl Strategy<Value = Happening> {
    use Happening as H;
    let index = any::<Index>;
    let offset = || prop::option::of(-2_i64..15);
    let jump = prop_oneof![-30_i64..-2, 3_i64..30];
    let add = (1_u32..4, prop::bool::weighted(0.1), offset(), prop::option::of(0_i64..15));
    let lease = || 1_u64..10;
    prop_oneof![
        4 => add.prop_map(
            |(priority, hold, delay, expires)| H::Add { priority, hold, delay, expires }
        ),
        6 => lease().prop_map(|lease| H::Claim { lease }),
        2 => (index(), prop::option::of(lease()))
            .prop_map(|(claim, lease)| H::Renew { claim, lease }),
        4 => (index(), ending(), any::<bool>())
            .prop_map(|(claim, ending, retry)| H::Settle { claim, ending, retry }),
        1 => (index(), any::<bool>()).prop_map(|(claim, begun)| H::GiveBack { claim, begun }),
        1 => (index(), offset(), prop::option::of(said()))
            .prop_map(|(claim, delay, expires)| H::RequeueOwn { claim, delay, expires }),
        1 => (index(), offset(), prop::option::of(said()))
            .prop_map(|(item, delay, expires)| H::Requeue { item, delay, expires }),
        1 => index().prop_map(|item| H::Hold { item }),
        1 => index().prop_map(|item| H::Release { item }),
        1 => (index(), said()).prop_map(|(item, expires)| H::Expiry { item, expires }),
        1 => index().prop_map(|item| H::Delete { item }),
        6 => (1_u64..8).prop_map(|seconds| H::Pass { seconds }),
        1 => jump.prop_map(|by| H::SetClock { by }),
        2 => Just(H::Tick),
    ]
}

/// Both queues, and a tally that neither of them keeps.
struct Both {
    line: Line,
    prose: Prose,
    /// Each claim there was, with its item.
    claims: Vec<usize>,
    given_back: Vec<usize>,
    settled: BTreeSet<usize>,
    added: usize,
    deleted: usize,
}

fn token(claim: usize) -> Token {
    Token::from_bytes((claim as u128 + 1).to_be_bytes())
}

impl Both {
    fn new(rules: &Rules) -> Self {
        Self {
            line: Line::new(rules.clone()),
            prose: Prose::new(rules),
            claims: Vec::new(),
            given_back: Vec::new(),
            settled: BTreeSet::new(),
            added: 0,
            deleted: 0,
        }
    }

    fn happen(&mut self, happening: &Happening) {
        use Happening as H;
        self.line.look_at_the_clock();
        match happening {
            H::Add { priority, hold, delay, expires } => {
                let id = self.added;
                let ours = self.line.add(id, *priority, *hold, *delay, *expires);
                assert_eq!(ours, self.prose.add(id, *priority, *hold, *delay, *expires));
                self.added += usize::from(ours);
            }
            H::Claim { lease } => self.claim(*lease),
            H::Pass { seconds } => {
                self.line.clock.pass(Duration::from_secs(*seconds));
                self.prose.pass(*seconds);
            }
            H::SetClock { by } => {
                self.line.clock.set(self.line.in_seconds(*by));
                self.prose.day += by;
            }
            H::Tick => {
                self.line.tick();
                self.prose.tick();
            }
            H::Renew { .. } | H::Settle { .. } | H::GiveBack { .. } | H::RequeueOwn { .. } => {
                self.work(happening);
            }
            _ => self.decide(happening),
        }
    }

    fn claim(&mut self, lease: u64) {
        let number = self.claims.len();
        let ours = self.line.claim(token(number), lease);
        assert_eq!(ours, self.prose.claim(number, lease), "who is next");
        if let Some(item) = ours {
            self.claims.push(item);
            let (now, rules) = (self.line.in_seconds(0), &self.line.rules);
            let expires = self.line.life(item).and_then(|life| life.expires);
            assert!(rules.continue_if_violated || expires.is_none_or(|at| at > now));
        }
    }

    /// A worker speaks, whether or not it still holds the item.
    fn work(&mut self, happening: &Happening) {
        use Happening as H;
        let (H::Renew { claim, .. }
        | H::Settle { claim, .. }
        | H::GiveBack { claim, .. }
        | H::RequeueOwn { claim, .. }) = happening
        else {
            unreachable!("only what a worker says comes here")
        };
        if self.claims.is_empty() {
            return;
        }
        let number = claim.index(self.claims.len());
        let (item, token) = (self.claims[number], token(number));
        let stale = !self.prose.holds(item, number);
        let before = self.line.snapshot();
        let at = |seconds: &Option<i64>| seconds.map(|seconds| self.line.in_seconds(seconds));
        let (event, theirs) = match happening {
            H::Renew { lease, .. } => (
                Event::Renew { token, lease: lease.map(Duration::from_secs) },
                self.prose.renew(item, number, *lease),
            ),
            H::Settle { ending, retry, .. } => (
                Event::Settle { token, ending: *ending, retry: *retry },
                self.prose.settle(item, number, *ending, *retry),
            ),
            H::RequeueOwn { delay, expires, .. } => (
                Event::Requeue {
                    token: Some(token),
                    delay_until: at(delay),
                    expires: expires.map(|said| self.line.expiry(said)),
                },
                self.prose.requeue_own(item, number, *delay, *expires),
            ),
            H::GiveBack { begun, .. } => (
                Event::GiveBack { token, begun: *begun },
                self.prose.give_back(item, number, *begun),
            ),
            _ => unreachable!("only what a worker says comes here"),
        };
        let ours = self.line.act(item, &event);
        assert_eq!(ours, theirs);
        if stale {
            assert!(!ours, "a stale token was accepted");
            assert_eq!(self.line.snapshot(), before, "a stale token changed something");
        }
        match happening {
            H::Settle { .. } if ours => assert!(self.settled.insert(number), "settled twice"),
            H::GiveBack { begun: false, .. } if ours => self.given_back.push(item),
            _ => {}
        }
    }

    /// Somebody decides about an item.
    fn decide(&mut self, happening: &Happening) {
        use Happening as H;
        let (H::Requeue { item, .. }
        | H::Hold { item }
        | H::Release { item }
        | H::Expiry { item, .. }
        | H::Delete { item }) = happening
        else {
            unreachable!("only decisions about an item come here")
        };
        if self.added == 0 {
            return;
        }
        let item = item.index(self.added);
        let at = |seconds: &Option<i64>| seconds.map(|seconds| self.line.in_seconds(seconds));
        let (event, theirs) = match happening {
            H::Requeue { delay, expires, .. } => (
                Event::Requeue {
                    token: None,
                    delay_until: at(delay),
                    expires: expires.map(|said| self.line.expiry(said)),
                },
                self.prose.requeue(item, *delay, *expires),
            ),
            H::Hold { .. } => (Event::Hold, self.prose.hold(item)),
            H::Release { .. } => (Event::Release, self.prose.release(item)),
            H::Expiry { expires, .. } => (
                Event::Edit { content: false, expires: Some(self.line.expiry(*expires)) },
                self.prose.set_expiry(item, *expires),
            ),
            _ => (Event::Delete, self.prose.delete(item)),
        };
        let ours = self.line.act(item, &event);
        assert_eq!(ours, theirs);
        self.deleted += usize::from(ours && event == Event::Delete);
    }

    fn check(&self) {
        assert_eq!(self.line.summary(), self.prose.summary());
        assert_eq!(self.line.counts().iter().sum::<usize>(), self.added - self.deleted);
        let times = |list: &[usize], id| list.iter().filter(|item| **item == id).count() as u32;
        for (id, life) in self.line.lives() {
            assert_eq!(life.attempt, times(&self.claims, id) - times(&self.given_back, id));
            self.check_caps(life);
        }
    }

    fn check_caps(&self, life: &Life) {
        let rules = &self.line.rules;
        assert!(life.retries <= rules.retries);
        assert!(life.crashes <= rules.crashes + 1);
        assert!(life.status != Status::DeadLetter || life.crashes == rules.crashes + 1);
    }
}

fn start() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn queue_agrees_with_the_naive_one(
        rules in rules(),
        happenings in prop::collection::vec(happening(), 1..80),
    ) {
        let mut both = Both::new(&rules);
        for happening in &happenings {
            both.happen(happening);
            both.check();
        }
    }
}
