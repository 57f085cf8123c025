//! A request and its redirections, each checked.

use model::Clock;

use super::error::Error;
use super::{Bounds, Checked, HttpClient, Request, Response, redirect};
use crate::grant::Permit;
use crate::limits::{HTTP_BODY_BYTES_MAX, HTTP_HEADER_BYTES_MAX, HTTP_REDIRECTS_MAX};

/// Sends a request to where it is permitted, and returns the answer to the last redirection.
pub fn send(
    request: Request,
    permit: &Permit,
    client: &dyn HttpClient,
    clock: &dyn Clock,
) -> Result<Response, Error> {
    let mut request = request.check()?;
    let start = clock.elapsed();
    for _ in 0..=HTTP_REDIRECTS_MAX {
        let passed = clock.elapsed().saturating_sub(start);
        let left = request.time.saturating_sub(passed);
        if left.is_zero() {
            return Err(Error::Timeout { origin: request.url.origin(), time: request.time });
        }
        let bounds = Bounds {
            time: left,
            header_bytes: HTTP_HEADER_BYTES_MAX,
            body_bytes: HTTP_BODY_BYTES_MAX,
        };
        let response = exchange(&request, permit, client, bounds)?;
        match redirect::next(&request, &response)? {
            None => return Ok(response),
            Some(next) => request = next,
        }
    }
    Err(Error::TooManyRedirects { origin: request.url.origin(), most: HTTP_REDIRECTS_MAX })
}

fn exchange(
    request: &Checked,
    permit: &Permit,
    client: &dyn HttpClient,
    bounds: Bounds,
) -> Result<Response, Error> {
    let reach = permit.http(&request.url)?;
    client.exchange(request, &|address| reach.allows(address), bounds)
}
