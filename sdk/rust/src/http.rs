//! Requests to hosts that were granted to the plugin.
//!
//! ```no_run
//! # fn main() -> wharf::Result<()> {
//! use wharf::http::Request;
//!
//! let rates = Request::get("https://rates.example/today").header("accept", "text/csv").send()?;
//! assert_eq!(rates.status, 200);
//! # Ok(())
//! # }
//! ```

use crate::problem::refusals;
use crate::{Json, Value, host};

refusals! {
    /// Why there is no answer. An answer with a status such as 404 is one.
    Error {
        /// The URL, the method or a header is not acceptable.
        Invalid => generic,
        Denied => generic,
        /// No answer in time.
        Timeout => it,
        /// The answer is larger than allowed.
        TooLarge => generic,
        /// The host could not be reached, or broke off.
        Unreachable => it,
        Other => it,
    }
}

/// A request to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a request does nothing until it is sent"]
pub struct Request {
    pub method: String,
    pub url: String,
    pub headers: Vec<(String, String)>,
    pub body: Option<Vec<u8>>,
    pub timeout_ms: Option<u32>,
}

impl Request {
    pub fn new(method: impl Into<String>, url: impl Into<String>) -> Self {
        let (method, url) = (method.into(), url.into());
        Self { method, url, headers: Vec::new(), body: None, timeout_ms: None }
    }

    pub fn get(url: impl Into<String>) -> Self {
        Self::new("GET", url)
    }

    pub fn post(url: impl Into<String>) -> Self {
        Self::new("POST", url)
    }

    pub fn put(url: impl Into<String>) -> Self {
        Self::new("PUT", url)
    }

    pub fn delete(url: impl Into<String>) -> Self {
        Self::new("DELETE", url)
    }

    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// A body that is a value as JSON, and the header that says so.
    ///
    /// ```
    /// use wharf::http::Request;
    ///
    /// let request = Request::post("https://portal.example/orders").json(&vec![1, 2]);
    /// assert_eq!(request.body.as_deref(), Some(&b"[1,2]"[..]));
    /// ```
    pub fn json(self, value: &impl Value) -> Self {
        let text = String::from(Json::of(value));
        self.header("content-type", "application/json").body(text)
    }

    pub fn timeout_ms(mut self, timeout_ms: u32) -> Self {
        self.timeout_ms = Some(timeout_ms);
        self
    }

    /// Sends it, and waits for the answer.
    pub fn send(self) -> Result<Response, Error> {
        host::http::send(&self)
    }
}

/// What came back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Response {
    /// The first header of this name; capital and small letters are the same.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// The body, if it is text.
    pub fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.body).ok()
    }
}
