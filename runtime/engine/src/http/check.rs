//! Requests that may be sent.

use std::time::Duration;

use model::similar::closest;

use super::Request;
use super::error::Invalid;
use crate::limits::{self, HTTP_TIME_DEFAULT};
use crate::shown::quoted;
use crate::url::Url;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    Get,
    Head,
    Post,
    Put,
    Patch,
    Delete,
    Options,
}

impl Method {
    /// All that can be sent. `CONNECT` and `TRACE` speak to what lies between.
    pub const ALL: [Self; 7] =
        [Self::Get, Self::Head, Self::Post, Self::Put, Self::Patch, Self::Delete, Self::Options];

    pub fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
            Self::Options => "OPTIONS",
        }
    }

    fn parse(text: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|method| method.name() == text);
        found.ok_or_else(|| {
            let near = closest(text, Self::ALL.map(Self::name));
            let similar = Self::ALL.map(Self::name).into_iter().find(|name| Some(*name) == near);
            Invalid::Method { method: quoted(text), similar }
        })
    }
}

/// A request in which everything is in order. What was granted is not looked at yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    pub method: Method,
    pub url: Url,
    pub headers: Vec<(String, String)>,
    pub body: Option<Vec<u8>>,
    pub time: Duration,
}

/// Headers that belong to the transfer and not to the request, and what the client sends itself.
const TRANSFER: &[&str] = &[
    "connection",
    "content-length",
    "expect",
    "host",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

impl Request {
    pub fn check(self) -> Result<Checked, Invalid> {
        let method = Method::parse(&self.method)?;
        let url = Url::parse(&self.url)?;
        let time = self.timeout.unwrap_or(HTTP_TIME_DEFAULT);
        limits::check("http-time", time.as_millis() as usize)?;
        limits::check("http-headers", self.headers.len())?;
        let bytes = self.headers.iter().map(|(name, value)| name.len() + value.len()).sum();
        limits::check("http-header-bytes", bytes)?;
        for (name, value) in &self.headers {
            check_header(name, value)?;
        }
        limits::check("http-body", self.body.as_ref().map_or(0, Vec::len))?;
        if matches!(method, Method::Get | Method::Head) && self.body.is_some() {
            return Err(Invalid::Body { method: method.name() });
        }
        Ok(Checked { method, url, headers: self.headers, body: self.body, time })
    }
}

fn check_header(name: &str, value: &str) -> Result<(), Invalid> {
    let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    let wrong = |problem, hint| Err(Invalid::Header { name: quoted(name), problem, hint });
    if name.is_empty() || !name.bytes().all(token) {
        return wrong("its name has other characters than a header may", "write it as `X-Name`");
    }
    if TRANSFER.contains(&name.to_ascii_lowercase().as_str()) {
        return wrong("it belongs to the transfer", "leave it out; it is sent where it is needed");
    }
    // A line break would begin another header, or another request.
    if !value.bytes().all(|byte| byte == b'\t' || byte == b' ' || byte.is_ascii_graphic()) {
        return wrong(
            "its value has other characters than visible ASCII",
            "encode the value, and take away line breaks",
        );
    }
    if value.trim_matches([' ', '\t']).len() < value.len() {
        return wrong("its value begins or ends with blanks", "take them away");
    }
    Ok(())
}
