//! What one plugin, or a flow, may do, here and now.

use core::net::IpAddr;

use super::{Access, By, Denied, Grants, Verb, Wish};
use crate::http::is_global;
use crate::url::{Host, Url};

/// The grants of a plugin under the ceiling of the installation, if it has one.
#[derive(Clone, Debug)]
pub struct Permit {
    /// Its name; empty for a flow, which is no plugin.
    pub plugin: String,
    pub project: Grants,
    pub ceiling: Option<Grants>,
}

impl Permit {
    /// What the built-in actions of a flow may do: anything that the ceiling allows. A flow is the
    /// operator's own text, so nobody has to grant it what it says.
    pub fn of_flow(ceiling: Option<Grants>) -> Self {
        Self { plugin: String::new(), project: Grants::everything(), ceiling }
    }

    pub fn queue(&self, queue: &str, verb: Verb) -> Result<(), Denied> {
        self.ask(|grants| grants.allows_queue(queue, verb), || Wish::queue(queue, verb))
    }

    pub fn files(&self, folder: &str, access: Access) -> Result<(), Denied> {
        self.ask(|grants| grants.allows_files(folder, access), || Wish::files(folder, access))
    }

    /// Permission to ask this host, and which addresses it may turn out to have.
    pub fn http(&self, url: &Url) -> Result<Reach, Denied> {
        if self.is_of_flow() && self.ceiling.is_none() {
            return Ok(Reach::Anywhere);
        }
        self.ask(|grants| grants.allows_http(url), || Wish::http(url))?;
        Ok(Reach::of(&url.host))
    }

    pub fn secret(&self, secret: &str) -> Result<(), Denied> {
        self.ask(|grants| grants.allows_secret(secret), || Wish::secret(secret))
    }

    /// What both sides allow.
    pub fn effective(&self) -> Grants {
        if let (true, Some(ceiling)) = (self.is_of_flow(), &self.ceiling) {
            return ceiling.clone();
        }
        self.ceiling.as_ref().map_or_else(|| self.project.clone(), |it| self.project.meet(it))
    }

    fn is_of_flow(&self) -> bool {
        self.plugin.is_empty()
    }

    fn ask(
        &self,
        allowed: impl Fn(&Grants) -> bool,
        wish: impl FnOnce() -> Wish,
    ) -> Result<(), Denied> {
        let by = if !self.is_of_flow() && !allowed(&self.project) {
            By::Project
        } else if !self.ceiling.as_ref().is_none_or(allowed) {
            By::Ceiling
        } else {
            return Ok(());
        };
        Err(Denied { plugin: self.plugin.clone(), wish: wish(), by })
    }
}

/// The addresses that a granted host may have. Names can be pointed anywhere by whoever owns them,
/// so a name leads to the public part of the internet only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Whatever the name leads to: whoever wrote the flow said where.
    Anywhere,
    Public,
    /// This machine, because `localhost` was granted.
    Loopback,
    /// The address that was granted.
    Only(IpAddr),
}

impl Reach {
    fn of(host: &Host) -> Self {
        match host {
            Host::Address(address) => Self::Only(*address),
            Host::Name(_) if host.is_localhost() => Self::Loopback,
            Host::Name(_) => Self::Public,
        }
    }

    pub fn allows(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        match self {
            Self::Anywhere => true,
            Self::Public => is_global(address),
            Self::Loopback => address.is_loopback(),
            Self::Only(granted) => address == *granted,
        }
    }
}
