//! What an import would do: everything is read and checked, nothing is written.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;

use model::{Expiry, NewItem, QueueSettings, Rules, Store, Timestamp};

use super::plan::Plan;
use super::report::Report;
use super::types::Typing;
use crate::context::Context;
use crate::error::Result;
use crate::exit_code::ExitCode;
use crate::import::{Place, Reader, Reject};

/// So many items are shown.
const SHOWN: usize = 2;

pub(super) fn rehearse(
    reader: &mut Reader<&File>,
    plan: &Plan,
    typing: &Typing,
    create: bool,
    context: &mut Context<'_>,
) -> Result<ExitCode> {
    let mut queues = Queues::new(context.store, context.now(), create);
    let mut report = Report::new(None);
    let mut shown: Vec<NewItem> = Vec::new();
    while let Some(row) = reader.next_row()? {
        context.check_interrupted()?;
        let became = row.and_then(|row| {
            let item = plan.item(context.new_id(), &row, typing)?;
            queues.judge(row.place, item)
        });
        match became {
            Ok(Some(item)) => {
                report.accepted += 1;
                if shown.len() < SHOWN {
                    shown.push(item);
                }
            }
            Ok(None) => report.duplicate += 1,
            Err(reject) => report.reject(reject)?,
        }
    }
    report.tell_rehearsed(&shown, context.output)
}

/// What the queues would say to an item.
struct Queues<'a> {
    store: &'a dyn Store,
    now: Timestamp,
    /// A queue that is not there would be made.
    create: bool,
    rules: BTreeMap<String, Rules>,
    /// The references of earlier rows, as hashes: they take the same room however long they are.
    references: BTreeSet<[u8; 16]>,
}

impl<'a> Queues<'a> {
    fn new(store: &'a dyn Store, now: Timestamp, create: bool) -> Self {
        Self { store, now, create, rules: BTreeMap::new(), references: BTreeSet::new() }
    }

    /// The item as it would be stored; `None` where it is there already.
    fn judge(
        &mut self,
        place: Place,
        item: NewItem,
    ) -> std::result::Result<Option<NewItem>, Reject> {
        self.item(item).map_err(|error| Reject::model(place, &error))
    }

    fn item(&mut self, item: NewItem) -> std::result::Result<Option<NewItem>, model::Error> {
        let now = self.now;
        let expires = item.expires.at_add(self.rules(&item.queue)?, now)?;
        let is_duplicate = match &item.reference {
            Some(reference) => self.is_there(&item.queue, reference)?,
            None => false,
        };
        let expires = expires.map_or(Expiry::Never, Expiry::At);
        Ok((!is_duplicate).then_some(NewItem { expires, ..item }))
    }

    fn rules(&mut self, queue: &str) -> std::result::Result<&Rules, model::Error> {
        if !self.rules.contains_key(queue) {
            let rules = match self.store.queue(queue) {
                Err(model::Error::QueueNotFound { .. }) if self.create => {
                    QueueSettings::new(queue).rules
                }
                found => found?.settings.rules,
            };
            self.rules.insert(queue.to_owned(), rules);
        }
        Ok(&self.rules[queue])
    }

    /// Whether the store or an earlier row has an item with this reference.
    fn is_there(
        &mut self,
        queue: &str,
        reference: &str,
    ) -> std::result::Result<bool, model::Error> {
        let mut hasher = blake3::Hasher::new();
        hasher.update(queue.as_bytes()).update(&[0]).update(reference.as_bytes());
        let mut hash = [0; 16];
        hash.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
        if !self.references.insert(hash) {
            return Ok(true);
        }
        match self.store.item_by_reference(queue, reference) {
            Ok(_) => Ok(true),
            Err(model::Error::ItemNotFound { .. }) => Ok(false),
            Err(model::Error::QueueNotFound { .. }) if self.create => Ok(false),
            Err(error) => Err(error),
        }
    }
}
