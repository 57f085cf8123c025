//! `wharf:host/http`

use super::bindings::wharf::host::http as wire;
use super::refused;
use crate::http::{Error, Request, Response};

refused!(wire::HttpError => Error { Invalid Denied Timeout TooLarge Unreachable Other });

pub(crate) fn send(request: &Request) -> Result<Response, Error> {
    let Request { method, url, headers, body, timeout_ms } = request.clone();
    let request = wire::Request { method, url, headers, body, timeout_ms };
    let wire::Response { status, headers, body } = wire::send(&request)?;
    Ok(Response { status, headers, body })
}
