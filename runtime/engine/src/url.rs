//! URLs of requests, read strictly.
//!
//! Whoever checks a URL and whoever uses it must read it alike. So what other readers take in
//! several ways is refused here (`http:\\host`, `http://user@host`, `http://0x7f.1`), and what was
//! read goes on in parts.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::fmt;

use crate::limits::{self, Exceeded};
use crate::shown::quoted;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scheme {
    Http,
    Https,
}

/// A name in small letters, or an address. An IPv4 address in the clothes of IPv6 is an IPv4
/// address.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Host {
    Name(String),
    Address(IpAddr),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Url {
    pub scheme: Scheme,
    pub host: Host,
    pub port: u16,
    /// Path and query, as they are sent.
    pub target: String,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadUrl {
    #[error("`{url}` is not a usable URL: {problem}")]
    Malformed { url: String, problem: String, hint: String },
    #[error(transparent)]
    Exceeded(#[from] Exceeded),
}

impl BadUrl {
    pub(crate) fn new(url: &str, problem: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Malformed { url: quoted(url), problem: problem.into(), hint: hint.into() }
    }

    /// The stable word scripts match on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => "http/bad-url",
            Self::Exceeded(exceeded) => exceeded.code(),
        }
    }

    /// What is allowed, or what to do next.
    pub fn hint(&self) -> String {
        match self {
            Self::Malformed { hint, .. } => hint.clone(),
            Self::Exceeded(exceeded) => exceeded.hint(),
        }
    }
}

impl Scheme {
    pub fn name(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }

    /// The port where a URL names none.
    pub fn port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }

    /// Takes the scheme off a URL.
    pub(crate) fn split(url: &str) -> Result<(Self, &str), BadUrl> {
        for scheme in [Self::Https, Self::Http] {
            let length = scheme.name().len();
            let name = url.get(..length).filter(|name| name.eq_ignore_ascii_case(scheme.name()));
            if let Some(rest) = name.and_then(|_| url[length..].strip_prefix("://")) {
                return Ok((scheme, rest));
            }
        }
        let hint = "URLs look like https://api.example.com/invoices";
        Err(BadUrl::new(url, "it does not begin with `https://` or `http://`", hint))
    }

    /// Takes the port off a host.
    pub(crate) fn split_port<'u>(
        self,
        url: &str,
        authority: &'u str,
    ) -> Result<(&'u str, u16), BadUrl> {
        let (host, port) = match authority.rsplit_once(':') {
            // A colon inside brackets belongs to an address.
            Some((host, port)) if !port.contains(']') => (host, port),
            _ => return Ok((authority, self.port())),
        };
        let digits = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
        let number = port.parse().ok().filter(|number| digits && *number > 0);
        let problem = || format!("`{}` is not a port", quoted(port));
        number
            .map(|number| (host, number))
            .ok_or_else(|| BadUrl::new(url, problem(), "ports go from 1 to 65535"))
    }
}

impl Host {
    pub(crate) fn parse(url: &str, text: &str) -> Result<Self, BadUrl> {
        let wrong =
            |hint: &str| Err(BadUrl::new(url, format!("`{}` is not a host", quoted(text)), hint));
        if let Some(inner) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            return match inner.parse::<Ipv6Addr>() {
                Ok(address) => Ok(Self::Address(IpAddr::from(address).to_canonical())),
                Err(_) => wrong("addresses of IPv6 look like [2001:db8::1]"),
            };
        }
        if !text.is_ascii() {
            return wrong("write it in ASCII, with `xn--`");
        }
        if text.contains('@') {
            return wrong("send names and passwords in a header");
        }
        let name = text.to_ascii_lowercase();
        let last = name.rsplit('.').next().unwrap_or_default();
        // What ends in a number some readers take for an address, whatever it looks like.
        if last.starts_with("0x") || !last.is_empty() && last.bytes().all(|it| it.is_ascii_digit())
        {
            return match name.parse::<Ipv4Addr>() {
                Ok(address) => Ok(Self::Address(address.into())),
                Err(_) => wrong("addresses look like 192.0.2.1, decimal and in full"),
            };
        }
        if name.len() > 253 || !name.split('.').all(is_label) {
            return wrong("names have letters, digits and hyphens between dots");
        }
        Ok(Self::Name(name))
    }

    pub fn is_localhost(&self) -> bool {
        matches!(self, Self::Name(name) if name == "localhost")
    }
}

fn is_label(label: &str) -> bool {
    let inside = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (1..=63).contains(&label.len())
        && label.bytes().all(inside)
        && !label.starts_with('-')
        && !label.ends_with('-')
}

impl fmt::Display for Host {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => out.write_str(name),
            Self::Address(IpAddr::V4(address)) => write!(out, "{address}"),
            Self::Address(IpAddr::V6(address)) => write!(out, "[{address}]"),
        }
    }
}

impl Url {
    /// Reads an absolute URL. A fragment is for whoever shows the page, and left out.
    pub fn parse(text: &str) -> Result<Self, BadUrl> {
        limits::check("http-url", text.len())?;
        let (scheme, rest) = Scheme::split(text)?;
        let rest = rest.split('#').next().unwrap_or_default();
        let (authority, target) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let (host, port) = scheme.split_port(text, authority)?;
        let host = Host::parse(text, host)?;
        let target = if target.starts_with('/') { target.into() } else { format!("/{target}") };
        check_target(text, &target)?;
        Ok(Self { scheme, host, port, target })
    }

    /// Where a reference found at this URL leads, such as the `Location` of a redirection.
    pub fn join(&self, reference: &str) -> Result<Self, BadUrl> {
        limits::check("http-url", reference.len())?;
        let reference = reference.split('#').next().unwrap_or_default();
        if has_scheme(reference) {
            return Self::parse(reference);
        }
        if reference.starts_with("//") {
            return Self::parse(&format!("{}:{reference}", self.scheme.name()));
        }
        let (path, _) = cut(&self.target);
        let target = match cut(reference) {
            ("", "") => self.target.clone(),
            ("", asked) => format!("{path}{asked}"),
            (absolute, asked) if absolute.starts_with('/') => without_dots(absolute) + asked,
            (relative, asked) => {
                let folder = &path[..=path.rfind('/').unwrap_or_default()];
                without_dots(&format!("{folder}{relative}")) + asked
            }
        };
        check_target(reference, &target)?;
        limits::check("http-url", self.origin().len() + target.len())?;
        Ok(Self { target, ..self.clone() })
    }

    /// Scheme, host and port, as a grant names them.
    pub fn origin(&self) -> String {
        let port =
            if self.port == self.scheme.port() { String::new() } else { format!(":{}", self.port) };
        format!("{}://{}{port}", self.scheme.name(), self.host)
    }

    pub fn same_origin(&self, other: &Self) -> bool {
        (self.scheme, &self.host, self.port) == (other.scheme, &other.host, other.port)
    }
}

impl fmt::Display for Url {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}{}", self.origin(), self.target)
    }
}

/// Does the reference begin with a scheme of its own, be it one that is not known here?
fn has_scheme(reference: &str) -> bool {
    let end = reference.find([':', '/', '?']).unwrap_or(reference.len());
    reference[end..].starts_with(':')
        && reference.starts_with(|first: char| first.is_ascii_alphabetic())
}

/// Path and query, the latter with its `?`.
fn cut(target: &str) -> (&str, &str) {
    target.split_at(target.find('?').unwrap_or(target.len()))
}

/// Takes out `.` and `..`, as RFC 3986 does.
fn without_dots(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut parts = path.split('/').skip(1).peekable();
    while let Some(part) = parts.next() {
        let is_last = parts.peek().is_none();
        match part {
            "." | ".." => {
                if part == ".." {
                    kept.pop();
                }
                if is_last {
                    kept.push("");
                }
            }
            _ => kept.push(part),
        }
    }
    format!("/{}", kept.join("/"))
}

fn check_target(url: &str, target: &str) -> Result<(), BadUrl> {
    let bytes = target.as_bytes();
    for (at, &byte) in bytes.iter().enumerate() {
        let hex = |offset: usize| bytes.get(at + offset).is_some_and(u8::is_ascii_hexdigit);
        let fine = match byte {
            b'%' => hex(1) && hex(2),
            b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}' | b'#' => false,
            _ => byte.is_ascii_graphic(),
        };
        if !fine {
            let found = String::from_utf8_lossy(&bytes[at..]);
            let found = quoted(&found.chars().take(1).collect::<String>());
            let problem = format!("`{found}` cannot stand in it");
            return Err(BadUrl::new(url, problem, "write it as `%` and two hexadecimal digits"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
