//! Going on with a run that lost its driver.

use std::collections::HashMap;

use model::run::{Fence, Hold, TakeOver};
use model::{Change, Error, Id, Token, Value, json};

use super::{Driver, Running, options, streams};
use crate::files::Files;
use crate::journal::{Damaged, Entry, Told, opened};
use crate::limits::{JOURNAL_PAGE_RECORDS, RUN_LEASE};
use crate::machine::{
    Effect, Event, Input, Lists, Machine, NotAState, Outcome, Output, Ticket, Turn, What,
};

/// Why a run cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum CannotResume {
    #[error(transparent)]
    Store(#[from] Error),
    #[error(transparent)]
    Damaged(#[from] Damaged),
    #[error(transparent)]
    State(#[from] NotAState),
    /// The rows a loop was going over cannot be read again.
    #[error("{}", .0.message)]
    Rows(Box<crate::failure::Failure>),
}

impl Driver<'_> {
    /// Takes over a run and drives it to its end. Finished steps are not performed again.
    pub fn resume(self, id: Id) -> Result<Outcome, CannotResume> {
        let token = Token::new(&*self.world.entropy);
        let hold = Hold::Lease { token, driver: self.name.clone(), lease: RUN_LEASE };
        let take_over = TakeOver { run: id, hold, pin: None };
        let done = self.world.store.make(Change::TakeOverRun(Box::new(take_over)))?;
        let records = done.run.map_or(0, |told| told.records);
        let fence = Fence { run: id, token, after: records };
        if records == 0 {
            // Its driver was gone before it had written a word.
            let inputs = self.world.store.run(id)?.inputs;
            let inputs = json::parse(&inputs).ok();
            let inputs = inputs.and_then(|inputs| opened(inputs, &*self.vault));
            let inputs = inputs.and_then(|inputs| inputs.as_object().cloned());
            let inputs = inputs.ok_or_else(|| Damaged { what: "it has no inputs".into() })?;
            return Ok(self.begin(fence, Input { inputs, ..Input::default() })?);
        }
        let Again { machine, open, claims, .. } = Again::read(&self, id)?;
        let mut running = Running::new(self, fence, machine);
        running.claims = claims;
        running.renew_claims()?;
        running.effects.extend(open);
        Ok(running.drive()?)
    }
}

/// A run that is read out of its journal.
struct Again<'r, 'd> {
    driver: &'r Driver<'d>,
    machine: Machine<'d>,
    /// What the machine has asked for and was not answered.
    open: Vec<Effect>,
    claims: HashMap<Id, Token>,
    lists: Lists,
}

impl<'r, 'd> Again<'r, 'd> {
    fn read(driver: &'r Driver<'d>, id: Id) -> Result<Self, CannotResume> {
        let mut again = Self {
            machine: Machine::new(driver.flows, options(id)),
            driver,
            open: Vec::new(),
            claims: HashMap::new(),
            lists: Lists::new(),
        };
        let mut after = 0;
        loop {
            let page = driver.world.store.journal(id, after, JOURNAL_PAGE_RECORDS)?;
            let Some(last) = page.last() else { break };
            after = last.seq;
            for recorded in page {
                let entry = Entry::read(&recorded.record, &*driver.vault)?;
                again.replay(recorded.record.at, entry, id)?;
            }
        }
        Ok(again)
    }

    fn replay(&mut self, at: model::Timestamp, entry: Entry, id: Id) -> Result<(), CannotResume> {
        let what = match entry {
            Entry::Begin(input) => What::Begin(input),
            Entry::Start { .. } | Entry::Rejected(_) => return Ok(()),
            Entry::Done { ticket, output, .. } => {
                let output = self.output(ticket, output)?;
                What::Done { ticket, result: Box::new(Ok(output)) }
            }
            Entry::Failed { ticket, failure, .. } => {
                What::Done { ticket, result: Box::new(Err(*failure)) }
            }
            Entry::Fired { ticket } => What::Fired { ticket },
            Entry::Go => What::Go,
            Entry::Stop => What::Stop,
            Entry::List { number, items } => {
                self.lists.insert(number, items.into());
                return Ok(());
            }
            Entry::Checkpoint(state) => {
                let options = options(id);
                let restored = Machine::restore(self.driver.flows, options, &state, &self.lists)?;
                self.machine = restored.0;
                self.open = restored.1.effects;
                return Ok(());
            }
        };
        let answered = match &what {
            What::Done { ticket, .. } | What::Fired { ticket } => Some(*ticket),
            _ => None,
        };
        let turn = self.machine.next(Event { at, what });
        if !turn.taken {
            return Err(Damaged { what: "it tells of something nobody waited for".into() }.into());
        }
        self.open.retain(|effect| effect.ticket().is_none() || effect.ticket() != answered);
        self.take(turn);
        Ok(())
    }

    fn take(&mut self, turn: Turn) {
        for effect in turn.effects {
            match effect {
                Effect::Abort { ticket } => {
                    self.open.retain(|open| open.ticket() != Some(ticket));
                }
                effect => self.open.push(effect),
            }
        }
        // A yield was answered if anything follows; the last one is answered by the driver.
        self.open.retain(|effect| !matches!(effect, Effect::Yield | Effect::End));
    }

    /// What an answer was; rows are read again.
    fn output(&mut self, ticket: Ticket, told: Told) -> Result<Output, CannotResume> {
        let output = match told {
            Told::Value(value) => Output::Value(value),
            Told::Stream(stream) => Output::Stream(stream),
            Told::Claimed(claimed) => Output::Claimed(claimed.map(|(item, token)| {
                self.claims.extend(id_of(&item).map(|id| (id, token)));
                item
            })),
            Told::Settled(settled) => {
                let item = self.asked(ticket).and_then(|effect| match effect {
                    Effect::Settle { item, .. } => id_of(item),
                    _ => None,
                });
                item.map(|item| self.claims.remove(&item));
                Output::Settled(settled)
            }
            Told::Rows { after, count, last } => {
                let Some(Effect::Read { stream, .. }) = self.asked(ticket) else {
                    return Err(Damaged { what: "it tells of rows nobody read".into() }.into());
                };
                let Driver { world, permit, .. } = self.driver;
                let files = Files { folders: &world.folders, permit };
                let rows = streams::again(stream, after, count, files);
                let rows = rows.map_err(|failure| CannotResume::Rows(Box::new(failure)))?;
                Output::Rows { rows, last }
            }
        };
        Ok(output)
    }

    fn asked(&self, ticket: Ticket) -> Option<&Effect> {
        self.open.iter().find(|effect| effect.ticket() == Some(ticket))
    }
}

/// The id of an item as flows see it.
pub(super) fn id_of(item: &Value) -> Option<Id> {
    item.get("id")?.as_text()?.parse().ok()
}
