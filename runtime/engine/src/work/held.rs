//! The claims of a step, and how their leases are kept alive.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard};

use model::{Error, Id, Renewal, Store, Token};

/// A claim that is not durably over yet.
#[derive(Clone, Copy, Debug)]
struct Claim {
    item: Id,
    token: Token,
    whose: Whose,
    /// The step has ended it, and that is not yet written.
    ended: bool,
}

/// Who holds a claim when the step is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    /// Nobody: it goes back.
    Step,
    /// The run of the step, unless the step fails: then it goes back.
    Taken,
    /// The run, which made it before.
    Run,
}

type Claims = Arc<Mutex<Vec<Claim>>>;

/// The claims of a step.
pub(super) struct Held {
    store: Arc<dyn Store>,
    claims: Claims,
}

impl Held {
    pub(super) fn new(store: Arc<dyn Store>) -> Self {
        Self { store, claims: Claims::default() }
    }

    pub(super) fn keeper(&self) -> Keeper {
        let (store, claims) = (Arc::clone(&self.store), Arc::clone(&self.claims));
        Keeper { store, claims, misses: 0 }
    }

    pub(super) fn take(&self, item: Id, token: Token, whose: Whose) {
        lock(&self.claims).push(Claim { item, token, whose, ended: false });
    }

    /// The token under which the step may still decide about the item.
    pub(super) fn token(&self, item: Id) -> Result<Token, Error> {
        let found = self.open().find(|(held, _)| *held == item);
        found.map(|(_, token)| token).ok_or(Error::LeaseLost { item })
    }

    pub(super) fn end(&self, item: Id) {
        for claim in lock(&self.claims).iter_mut().filter(|claim| claim.item == item) {
            claim.ended = true;
        }
    }

    pub(super) fn open(&self) -> impl Iterator<Item = (Id, Token)> + use<> {
        let claims = lock(&self.claims).clone();
        claims.into_iter().filter(|claim| !claim.ended).map(|claim| (claim.item, claim.token))
    }

    /// What goes back when the step has succeeded.
    pub(super) fn left_over(&self) -> impl Iterator<Item = Id> + use<> {
        let claims = lock(&self.claims).clone();
        let left = claims.into_iter().filter(|it| !it.ended && it.whose == Whose::Step);
        left.map(|claim| claim.item)
    }

    /// What goes back when the step has failed.
    pub(super) fn made_here(&self) -> impl Iterator<Item = (Id, Token)> + use<> {
        let claims = lock(&self.claims).clone();
        let made = claims.into_iter().filter(|claim| claim.whose != Whose::Run);
        made.map(|claim| (claim.item, claim.token))
    }

    /// What the step ended is durable now.
    pub(super) fn forget_ended(&self) {
        lock(&self.claims).retain(|claim| !claim.ended);
    }

    pub(super) fn forget_all(&self) {
        lock(&self.claims).clear();
    }
}

/// Keeps the leases of a step alive while its code runs.
pub struct Keeper {
    store: Arc<dyn Store>,
    claims: Claims,
    /// How often in a row the store could not be asked.
    misses: u32,
}

/// A lease lasts for three renewals, so the second miss still leaves time to stop.
const MISSES_MAX: u32 = 2;

impl Keeper {
    /// Renews every lease. An error says that one is gone, or is as good as gone because the store
    /// cannot be asked: then nothing that the step does will be kept, and it should stop.
    pub fn renew(&mut self) -> Result<(), Error> {
        let renewal = |claim: &Claim| Renewal { item: claim.item, token: claim.token, lease: None };
        let renewals: Vec<Renewal> = lock(&self.claims).iter().map(renewal).collect();
        if renewals.is_empty() {
            return Ok(());
        }
        match self.store.renew(renewals) {
            Ok(ends) => {
                self.misses = 0;
                ends.into_iter().try_for_each(|end| end.map(drop))
            }
            Err(error) => {
                self.misses += 1;
                if self.misses < MISSES_MAX { Ok(()) } else { Err(error) }
            }
        }
    }
}

fn lock(claims: &Claims) -> MutexGuard<'_, Vec<Claim>> {
    claims.lock().expect("no holder of this lock can panic")
}

impl fmt::Debug for Held {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        lock(&self.claims).fmt(out)
    }
}

impl fmt::Debug for Keeper {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Keeper")
    }
}
