//! Where requests may go: scheme, host and port.

use std::fmt;

use crate::url::{BadUrl, Host, Scheme, Url};

/// `https://api.example.com`, `https://*.example.com:8443`, `http://localhost:*`.
///
/// A host is a name, an address, `*.` and the end of a name, or `*`. What has a `*` stands for
/// names of hosts only, never for `localhost` or an address: those are granted by themselves. A
/// port that is left out is that of the scheme, and `*` any.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Origin {
    pub scheme: Scheme,
    pub host: HostPattern,
    pub port: PortPattern,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum HostPattern {
    Any,
    /// Every name that ends in `.` and this.
    Under(String),
    One(Host),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PortPattern {
    Any,
    One(u16),
}

impl Origin {
    pub fn parse(text: &str) -> Result<Self, BadUrl> {
        let (scheme, rest) = Scheme::split(text)?;
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        if let Some(at) = rest.find(['/', '?', '#']) {
            let problem = "a grant ends with the host or its port";
            return Err(BadUrl::new(text, problem, format!("leave out `{}`", &rest[at..])));
        }
        let (host, port) = if let Some(host) = rest.strip_suffix(":*") {
            (host, PortPattern::Any)
        } else {
            let (host, port) = scheme.split_port(text, rest)?;
            (host, PortPattern::One(port))
        };
        Ok(Self { scheme, host: HostPattern::parse(text, host)?, port })
    }

    pub fn matches(&self, url: &Url) -> bool {
        let port = match self.port {
            PortPattern::Any => true,
            PortPattern::One(port) => port == url.port,
        };
        self.scheme == url.scheme && port && self.host.matches(&url.host)
    }

    /// The origins that both match, if there are any.
    pub fn meet(&self, other: &Self) -> Option<Self> {
        let port = match (self.port, other.port) {
            (PortPattern::Any, port) | (port, PortPattern::Any) => port,
            (one, two) if one == two => one,
            _ => return None,
        };
        let same = self.scheme == other.scheme;
        same.then(|| self.host.meet(&other.host)).flatten().map(|host| Self {
            scheme: self.scheme,
            host,
            port,
        })
    }
}

impl HostPattern {
    fn parse(url: &str, text: &str) -> Result<Self, BadUrl> {
        if text == "*" {
            return Ok(Self::Any);
        }
        let Some(end) = text.strip_prefix("*.") else {
            return Host::parse(url, text).map(Self::One);
        };
        match Host::parse(url, end)? {
            Host::Name(end) => Ok(Self::Under(end)),
            Host::Address(_) => {
                Err(BadUrl::new(url, "an address has no names under it", "leave out `*.`"))
            }
        }
    }

    fn matches(&self, host: &Host) -> bool {
        match (self, host) {
            (Self::One(one), host) => one == host,
            (Self::Any, Host::Name(_)) => !host.is_localhost(),
            (Self::Under(end), Host::Name(name)) => is_under(name, end),
            (_, Host::Address(_)) => false,
        }
    }

    fn meet(&self, other: &Self) -> Option<Self> {
        match (self, other) {
            (Self::One(host), pattern) | (pattern, Self::One(host)) => {
                pattern.matches(host).then(|| Self::One(host.clone()))
            }
            (Self::Any, pattern) | (pattern, Self::Any) => Some(pattern.clone()),
            (Self::Under(one), Self::Under(two)) => {
                let longer = if one.len() > two.len() { one } else { two };
                let shorter = if one.len() > two.len() { two } else { one };
                let within = longer == shorter || is_under(longer, shorter);
                within.then(|| Self::Under(longer.clone()))
            }
        }
    }
}

fn is_under(name: &str, end: &str) -> bool {
    name.strip_suffix(end).is_some_and(|start| start.ends_with('.'))
}

impl fmt::Display for Origin {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}://", self.scheme.name())?;
        match &self.host {
            HostPattern::Any => out.write_str("*")?,
            HostPattern::Under(end) => write!(out, "*.{end}")?,
            HostPattern::One(host) => write!(out, "{host}")?,
        }
        match self.port {
            PortPattern::Any => out.write_str(":*"),
            PortPattern::One(port) if port == self.scheme.port() => Ok(()),
            PortPattern::One(port) => write!(out, ":{port}"),
        }
    }
}
