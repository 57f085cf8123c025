//! What work tells a step at once is what the store says when it is asked change by change.

use engine::work::Requeueing;
use engine::{Work, World};
use model::item::Expiry;
use model::{
    Change, Ending, Error, Id, Item, ItemEdit, NewItem, Settlement, Timestamp, Token, time,
};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::ground::Ground;

/// Something a step does to one of the items there are.
#[derive(Clone, Debug)]
enum Deed {
    Add { queue: Index, reference: u8, value: Index, expires: Option<i64>, hold: bool },
    Settle { item: Index, ending: Index },
    GiveBack { item: Index },
    Requeue { item: Index, delay: Option<i64>, expires: Option<i64> },
    Update { item: Index, value: Option<Index>, expires: Option<i64> },
    Note { item: Index },
}

const QUEUES: [&str; 4] = ["orders", "problems", "typed", "nowhere"];
const VALUES: [&str; 4] = ["1", "\"text\"", "{\"a\":1,\"a\":2}", "[1"];

fn deed() -> impl Strategy<Value = Deed> {
    let index = any::<Index>;
    let seconds = || prop::option::of(-5_i64..50);
    prop_oneof![
        3 => (index(), 0..4_u8, index(), seconds(), any::<bool>()).prop_map(
            |(queue, reference, value, expires, hold)| {
                Deed::Add { queue, reference, value, expires, hold }
            }
        ),
        3 => (index(), index()).prop_map(|(item, ending)| Deed::Settle { item, ending }),
        1 => index().prop_map(|item| Deed::GiveBack { item }),
        2 => (index(), seconds(), seconds())
            .prop_map(|(item, delay, expires)| Deed::Requeue { item, delay, expires }),
        2 => (index(), prop::option::of(index()), seconds())
            .prop_map(|(item, value, expires)| Deed::Update { item, value, expires }),
        1 => index().prop_map(|item| Deed::Note { item }),
    ]
}

/// Two equal worlds: in one a step works, in the other the store is asked for each change.
struct Pair {
    ground: Ground,
    items: Vec<Id>,
    tokens: Vec<(Id, Token)>,
}

impl Pair {
    fn new() -> Self {
        let ground = Ground::new();
        ground.make_queue("typed", Some(r#"{"type":"integer"}"#));
        let items = ["A", "B", "C", "D"].map(|name| ground.queued(name)).to_vec();
        Self { ground, items, tokens: Vec::new() }
    }

    fn at(&self, seconds: Option<i64>) -> Option<Timestamp> {
        let now = time::now(&*self.ground.clock).as_microsecond();
        seconds.map(|by| Timestamp::from_microsecond(now + by * 1_000_000).unwrap())
    }

    /// A moment near now, or what says it without one.
    fn expiry(&self, seconds: i64) -> Expiry {
        match seconds {
            40.. => Expiry::Never,
            30.. => Expiry::OfQueue,
            _ => self.at(Some(seconds)).map_or(Expiry::Never, Expiry::At),
        }
    }

    fn pick(&self, item: Index) -> Id {
        self.items[item.index(self.items.len())]
    }

    fn new_item(&self, deed: &Deed) -> NewItem {
        let Deed::Add { queue, reference, value, expires, hold } = deed else {
            unreachable!("only an addition has a new item")
        };
        NewItem {
            reference: (*reference > 0).then(|| reference.to_string()),
            expires: self.at(*expires).map_or(Expiry::OfQueue, Expiry::At),
            hold: *hold,
            ..NewItem::new(self.ground.id(), *queue.get(&QUEUES), *value.get(&VALUES))
        }
    }

    fn edit(&self, value: Option<&Index>, expires: Option<i64>) -> ItemEdit {
        let value = value.map(|value| (*value.get(&VALUES)).to_owned());
        ItemEdit { value, expires: expires.map(|by| self.expiry(by)), ..ItemEdit::default() }
    }

    fn change(&self, deed: &Deed) -> Change {
        let token = |item| {
            let found = self.tokens.iter().find(|(held, _)| *held == item);
            found.map(|(_, token)| *token)
        };
        let foreign = Token::from_bytes([9; 16]);
        match deed {
            Deed::Add { .. } => Change::Add(Box::new(self.new_item(deed))),
            Deed::Settle { item, ending } => {
                let item = self.pick(*item);
                let token = token(item).unwrap_or(foreign);
                let ending = *ending.get(&Ending::ALL);
                Change::Settle(Settlement { item, token, ending, result: None, retry: true })
            }
            Deed::GiveBack { item } => {
                let item = self.pick(*item);
                let token = token(item).unwrap_or(foreign);
                Change::GiveBack { item, token, begun: true }
            }
            Deed::Requeue { item, delay, expires } => {
                let item = self.pick(*item);
                let (delay_until, expires) = (self.at(*delay), expires.map(|by| self.expiry(by)));
                let (token, note) = (token(item), None);
                Change::Requeue { item, token, delay_until, expires, note, clear_notes: false }
            }
            Deed::Update { item, value, expires } => {
                let edit = Box::new(self.edit(value.as_ref(), *expires));
                Change::Edit { item: self.pick(*item), edit }
            }
            Deed::Note { item } => {
                Change::Note { item: self.pick(*item), text: "a note".into(), clear: false }
            }
        }
    }

    /// Asks the store itself.
    fn ask(&mut self, deed: &Deed) -> Result<Option<Id>, Error> {
        let change = self.change(deed);
        let ends =
            matches!(deed, Deed::Settle { .. } | Deed::GiveBack { .. } | Deed::Requeue { .. });
        let done = self.ground.store().make(change)?;
        if ends {
            self.tokens.retain(|(item, _)| *item != done.id);
        }
        Ok(matches!(deed, Deed::Add { .. }).then_some(done.id))
    }

    /// Lets the step do it.
    fn work(&self, work: &mut Work, deed: &Deed) -> Result<Option<Id>, Error> {
        match deed {
            Deed::Add { .. } => return work.add(self.new_item(deed)).map(Some),
            Deed::Settle { item, ending } => {
                work.settle(self.pick(*item), *ending.get(&Ending::ALL), None)
            }
            Deed::GiveBack { item } => work.give_back(self.pick(*item)),
            Deed::Requeue { item, delay, expires } => {
                let (delay_until, expires) = (self.at(*delay), expires.map(|by| self.expiry(by)));
                let how = Requeueing { delay_until, expires, note: None };
                work.requeue(self.pick(*item), how)
            }
            Deed::Update { item, value, expires } => {
                work.update(self.pick(*item), self.edit(value.as_ref(), *expires))
            }
            Deed::Note { item } => work.note(self.pick(*item), "a note"),
        }?;
        Ok(None)
    }

    fn all(&self) -> Vec<Item> {
        QUEUES[..3].iter().flat_map(|queue| self.ground.items(queue)).collect()
    }
}

/// Two of the four items are held by the step.
fn claim(world: &World) -> Vec<(Id, Token)> {
    let claim = model::Claim {
        queue: "orders".into(),
        count: 2,
        lease: engine::limits::STEP_LEASE,
        worker: "finance/enter".into(),
    };
    let claimed = world.store.claim(claim).unwrap();
    claimed.into_iter().map(|claimed| (claimed.item.id, claimed.token)).collect()
}

proptest! {
    #[test]
    fn a_step_hears_what_the_store_says(deeds in prop::collection::vec(deed(), 1..24)) {
        let (mut asked, mut working) = (Pair::new(), Pair::new());
        asked.tokens = claim(&asked.ground.world);
        let mut work = working.ground.work();
        for _ in 0..2 {
            work.process("orders").unwrap();
        }
        for deed in &deeds {
            let said = asked.ask(deed);
            let heard = working.work(&mut work, deed);
            let stranger = matches!(&heard, Err(Error::LeaseLost { .. })) && said.is_err();
            // What a step does not hold it cannot name as held, so it need not hear why in detail.
            prop_assert!(heard == said || stranger, "{:?}: {:?}, not {:?}", deed, heard, said);
            if let Ok(Some(added)) = heard {
                asked.items.push(added);
                working.items.push(added);
            }
        }
        let seen: Vec<Item> =
            working.items.iter().map(|item| work.get(*item).unwrap()).collect();
        work.commit().unwrap();
        prop_assert_eq!(&working.all(), &asked.all());
        for item in seen {
            prop_assert_eq!(working.ground.item(item.id), item);
        }
    }
}
