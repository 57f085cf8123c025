//! Why there is no answer.

use std::time::Duration;

use model::time::format_span;

use crate::grant::Denied;
use crate::limits::Exceeded;
use crate::url::BadUrl;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The request is not acceptable.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The name leads to addresses that were not granted.
    #[error("`{origin}` has no address that may be reached")]
    AddressDenied { origin: String },
    #[error("no answer from `{origin}` within {}", format_span(*time))]
    Timeout { origin: String, time: Duration },
    /// The answer is larger than allowed.
    #[error(transparent)]
    TooLarge(Exceeded),
    #[error("`{origin}` could not be reached: {detail}")]
    Unreachable { origin: String, detail: String },
    #[error("more than {most} redirections, the last to `{origin}`")]
    TooManyRedirects { origin: String, most: usize },
    #[error("`{from}` redirects to `{to}`, which is not encrypted")]
    Downgrade { from: String, to: String },
    #[error("`{origin}` redirects to nowhere: {problem}")]
    BadRedirect { origin: String, problem: String },
}

/// What is not acceptable about a request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    #[error(transparent)]
    Url(#[from] BadUrl),
    #[error("`{method}` is not a method that can be sent")]
    Method { method: String, similar: Option<&'static str> },
    #[error("the header `{name}` cannot be sent: {problem}")]
    Header { name: String, problem: &'static str, hint: &'static str },
    #[error("{method} has no body")]
    Body { method: &'static str },
    #[error(transparent)]
    Exceeded(#[from] Exceeded),
}

impl Error {
    /// The stable word scripts match on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Invalid(Invalid::Url(bad)) => bad.code(),
            Self::Invalid(Invalid::Method { .. }) => "http/bad-method",
            Self::Invalid(Invalid::Header { .. }) => "http/bad-header",
            Self::Invalid(Invalid::Body { .. }) => "http/bad-body",
            Self::Invalid(Invalid::Exceeded(exceeded)) | Self::TooLarge(exceeded) => {
                exceeded.code()
            }
            Self::Denied(denied) => denied.code(),
            Self::AddressDenied { .. } => "http/address-denied",
            Self::Timeout { .. } => "http/timeout",
            Self::Unreachable { .. } => "http/unreachable",
            Self::TooManyRedirects { .. } => "http/too-many-redirects",
            Self::Downgrade { .. } => "http/downgrade",
            Self::BadRedirect { .. } => "http/bad-redirect",
        }
    }

    /// What is allowed, or what to do next.
    pub fn hint(&self) -> String {
        match self {
            Self::Invalid(invalid) => invalid.hint(),
            Self::Denied(denied) => denied.hint(),
            Self::AddressDenied { .. } => {
                "a host that is granted by name must have a public address; grant `localhost` or \
                 the address itself for a service inside the network"
                    .into()
            }
            Self::Timeout { .. } => "try again later, or give a longer timeout".into(),
            Self::TooLarge(exceeded) => exceeded.hint(),
            Self::Unreachable { .. } => "check the host, or try again later".into(),
            Self::TooManyRedirects { .. } => "ask for the last URL itself".into(),
            Self::Downgrade { .. } => "ask for a URL that stays with https".into(),
            Self::BadRedirect { .. } => "ask the host's operator, or ask for another URL".into(),
        }
    }
}

impl Invalid {
    fn hint(&self) -> String {
        match self {
            Self::Url(bad) => bad.hint(),
            Self::Method { similar: Some(similar), .. } => format!("did you mean `{similar}`?"),
            Self::Method { .. } => {
                "there is GET, HEAD, POST, PUT, PATCH, DELETE and OPTIONS, in capital letters"
                    .into()
            }
            Self::Header { hint, .. } => (*hint).into(),
            Self::Body { .. } => "leave the body out, or send it with POST".into(),
            Self::Exceeded(exceeded) => exceeded.hint(),
        }
    }
}
