//! What killed children have said, and whether their store says the same.

use std::collections::{BTreeMap, BTreeSet};

use model::{Id, Item, Status};

use crate::power::bench::Picture;

/// How an item was settled.
type Settled = (Status, String);

#[derive(Debug, Default)]
struct Account {
    reference: Option<String>,
    /// What it was added with.
    group: usize,
    claims: u32,
    settled: Option<Settled>,
    /// Asked for, and nobody knows whether it was done.
    maybe_settled: Option<Settled>,
    maybe_requeued: bool,
}

/// Items that were added together.
#[derive(Debug, Default)]
struct Group {
    acknowledged: bool,
    items: Vec<Id>,
}

#[derive(Debug, Default)]
pub(crate) struct Books {
    accounts: BTreeMap<Id, Account>,
    groups: Vec<Group>,
    pub(crate) acknowledged: usize,
    /// Changes in flight that were found done.
    pub(crate) found: usize,
}

impl Books {
    /// Takes down a line that a child has written.
    pub(crate) fn hear(&mut self, line: &str) {
        let words: Vec<&str> = line.split(' ').collect();
        self.acknowledged += usize::from(words[0] == "ok");
        match words[..] {
            ["try", "add", ref items @ ..] => self.try_add(items),
            ["ok", "add", first] => {
                let group = self.account(first).group;
                self.groups[group].acknowledged = true;
            }
            ["ok", "claim", id] => self.account(id).claims += 1,
            ["try", "settle", id, status, result] => {
                let status = status.parse().expect("a child writes statuses");
                self.account(id).maybe_settled = Some((status, result.to_owned()));
            }
            ["ok", "settle", id] => {
                let account = self.account(id);
                account.settled = account.maybe_settled.take();
            }
            ["try", "requeue", id] => self.account(id).maybe_requeued = true,
            ["ok", "requeue", id] => {
                let account = self.account(id);
                (account.settled, account.maybe_requeued) = (None, false);
            }
            _ => {}
        }
    }

    fn account(&mut self, id: &str) -> &mut Account {
        let id = id.parse().expect("a child writes ids");
        self.accounts.get_mut(&id).expect("it was added before, by this child or another")
    }

    fn try_add(&mut self, items: &[&str]) {
        let mut group = Group::default();
        for item in items {
            let (id, reference) = item.split_once(':').expect("a child writes both");
            let id = id.parse().expect("a child writes ids");
            let reference = (reference != "-").then(|| reference.to_owned());
            let group_number = self.groups.len();
            let account = Account { reference, group: group_number, ..Account::default() };
            self.accounts.insert(id, account);
            group.items.push(id);
        }
        self.groups.push(group);
    }

    /// Compares with what is there, and learns what became of the changes in flight.
    pub(crate) fn balance(&mut self, picture: &Picture) -> Result<(), String> {
        let there: BTreeMap<Id, &Item> = picture.items.iter().map(|item| (item.id, item)).collect();
        if there.len() != picture.items.len() {
            return Err("an item is there twice".into());
        }
        if let Some(ghost) = there.keys().find(|id| !self.accounts.contains_key(id)) {
            return Err(format!("nobody added {ghost}"));
        }
        self.balance_groups(&there)?;
        let present = self.accounts.iter_mut().filter(|(id, _)| there.contains_key(id));
        for (id, account) in present {
            self.found += usize::from(account.balance(there[id])?);
        }
        for (item, history) in picture.items.iter().zip(&picture.histories) {
            let numbered = history.iter().zip(1..).all(|(entry, number)| entry.number == number);
            if !numbered || history.last().map(|entry| entry.status) != Some(item.life.status) {
                return Err(format!("the history of {} is not that of its moves", item.id));
            }
        }
        Ok(())
    }

    fn balance_groups(&mut self, there: &BTreeMap<Id, &Item>) -> Result<(), String> {
        let mut lost = BTreeSet::new();
        for group in &mut self.groups {
            let count = group.items.iter().filter(|id| there.contains_key(id)).count();
            let whole = count == group.items.len();
            match (group.acknowledged, count) {
                (true, _) if !whole => {
                    return Err(format!("{count} of {} acknowledged", group.items.len()));
                }
                (false, 0) => lost.extend(group.items.drain(..)),
                (false, _) if !whole => {
                    return Err(format!("{count} of {} added together", group.items.len()));
                }
                (false, _) => {
                    group.acknowledged = true;
                    self.found += 1;
                }
                (true, _) => {}
            }
        }
        self.accounts.retain(|id, _| !lost.contains(id));
        Ok(())
    }
}

impl Account {
    /// Answers whether a change in flight was found done.
    fn balance(&mut self, item: &Item) -> Result<bool, String> {
        if item.reference != self.reference {
            return Err(format!("{} has another reference", item.id));
        }
        if item.life.attempt < self.claims {
            return Err(format!("{} was claimed {} times, not {}", item.id, self.claims, {
                item.life.attempt
            }));
        }
        let is = (item.life.status, item.result.clone().unwrap_or_default());
        let (maybe_settled, maybe_requeued) =
            (self.maybe_settled.take(), std::mem::take(&mut self.maybe_requeued));
        let open = matches!(is.0, Status::Queued | Status::Processing);
        match &self.settled {
            Some(settled) if *settled == is => Ok(false),
            Some(_) if maybe_requeued && open => {
                self.settled = None;
                Ok(true)
            }
            Some(settled) => Err(format!("{} is {is:?}, not {settled:?}", item.id)),
            None if open => Ok(false),
            None if maybe_settled.as_ref() == Some(&is) => {
                self.settled = maybe_settled;
                Ok(true)
            }
            None => Err(format!("{} is {is:?}, and nobody settled it", item.id)),
        }
    }
}
