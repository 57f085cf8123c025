//! Items that a run works on: claimed, kept alive, settled.

use model::{
    Change, Claim, Ending, Error, Fence, Id, Outcome as Made, Renewal, Settlement, Status, Value,
};

use super::Running;
use super::asked::Asked;
use super::perform::done;
use crate::action;
use crate::failure::Failure;
use crate::limits::STEP_LEASE;
use crate::machine::{Output, Retries, Settled, Ticket};

impl Running<'_> {
    /// Claims the next item of a queue. A claim is outside of what a step does: its lease undoes
    /// it.
    pub(super) fn claim(&mut self, ticket: Ticket, queue: &str) -> Result<(), Error> {
        self.recorder.flush()?;
        let path = self.machine.path_of(ticket).unwrap_or_default();
        let at = self.now();
        let asked = Asked::plain(path, at);
        let claim = Claim {
            queue: queue.to_owned(),
            count: 1,
            lease: STEP_LEASE,
            worker: self.driver.name.clone(),
        };
        let result = match self.driver.world.store.claim(claim) {
            Ok(claimed) => {
                let item = claimed.into_iter().next().map(|claimed| {
                    self.claims.insert(claimed.item.id, claimed.token);
                    action::item_of(claimed.item)
                });
                let output = Output::Claimed(item);
                self.record_done(at, ticket, &asked, &output, 0)?;
                Ok(output)
            }
            Err(error) => {
                let failure = Failure::from(error);
                self.record_failed(at, ticket, &asked, &failure)?;
                Err(failure)
            }
        };
        self.ready.push_back(done(at, ticket, result));
        Ok(())
    }

    /// Settles an item whose work has ended, unless a step has done so.
    pub(super) fn settle(
        &mut self,
        ticket: Ticket,
        item: &Value,
        failure: Option<Box<Failure>>,
        retries: Retries,
    ) -> Result<(), Error> {
        let path = self.machine.path_of(ticket).unwrap_or_default();
        let at = self.now();
        let asked = Asked::plain(path, at);
        let id = item.get("id").and_then(Value::as_text).and_then(|id| id.parse::<Id>().ok());
        let result = match id {
            Some(id) => match self.settle_item(id, item, failure, retries)? {
                Ok(settled) => Ok(Output::Settled(settled)),
                Err(failure) => Err(failure),
            },
            None => Ok(Output::Settled(Settled::Failed)),
        };
        match &result {
            Ok(output) => self.record_done(at, ticket, &asked, output, 0)?,
            Err(failure) => self.record_failed(at, ticket, &asked, failure)?,
        }
        self.ready.push_back(done(at, ticket, result));
        Ok(())
    }

    fn settle_item(
        &mut self,
        id: Id,
        item: &Value,
        failure: Option<Box<Failure>>,
        retries: Retries,
    ) -> Result<Result<Settled, Failure>, Error> {
        let Some(token) = self.claims.remove(&id) else {
            // A step has settled it, or somebody else has decided about it.
            return Ok(match self.driver.world.store.item(id) {
                Ok(found) => Ok(settled(found.life.status)),
                Err(Error::ItemNotFound { .. }) => Ok(Settled::Failed),
                Err(error) => Err(error.into()),
            });
        };
        let tried = item.get("retries").and_then(Value::as_number).and_then(model::Number::as_u64);
        let may = retries.most.is_none_or(|most| tried.unwrap_or(0) < u64::from(most));
        let ending = failure.as_ref().map_or(Ending::Processed, |it| it.kind.ending());
        let settlement = Settlement {
            item: id,
            token,
            ending,
            result: failure.map(|failure| failure.message),
            retry: may,
        };
        match self.recorder.make(vec![Change::Settle(settlement)]) {
            Ok(outcomes) => {
                let status = outcomes.iter().find_map(|made| match made {
                    Made::Done(done) => done.status,
                    Made::Refused(_) | Made::Skipped => None,
                });
                Ok(Ok(settled(status.unwrap_or(ending.status()))))
            }
            // Somebody else has decided about it: that stands.
            Err(
                Error::LeaseLost { .. } | Error::NotAllowed { .. } | Error::ItemNotFound { .. },
            ) => Ok(Ok(Settled::Failed)),
            Err(error) => Err(error),
        }
    }

    /// Keeps the items of the run from being taken away. One that is gone is no longer the run's:
    /// whatever a step does about it fails.
    pub(super) fn renew_claims(&mut self) -> Result<(), Error> {
        let claims: Vec<Fence> =
            self.claims.iter().map(|(item, token)| Fence { item: *item, token: *token }).collect();
        if claims.is_empty() {
            return Ok(());
        }
        let renewal = |claim: &Fence| Renewal { item: claim.item, token: claim.token, lease: None };
        let ends = self.driver.world.store.renew(claims.iter().map(renewal).collect())?;
        for (claim, end) in claims.iter().zip(ends) {
            if end.is_err() {
                self.claims.remove(&claim.item);
            }
        }
        Ok(())
    }
}

fn settled(status: Status) -> Settled {
    match status {
        Status::Processed => Settled::Processed,
        Status::Queued | Status::Scheduled => Settled::Retried,
        _ => Settled::Failed,
    }
}
