//! Where a redirection leads, and with what.

use super::Response;
use super::check::{Checked, Method};
use super::error::Error;
use crate::url::Scheme;

/// Headers that are meant for one host, and no other.
const PERSONAL: &[&str] = &["authorization", "cookie"];

/// Headers that describe a body.
const DESCRIPTIVE: &[&str] =
    &["content-encoding", "content-language", "content-location", "content-type"];

/// The next request, if the response sends us on.
pub(super) fn next(request: &Checked, response: &Response) -> Result<Option<Checked>, Error> {
    if !matches!(response.status, 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let mut locations = response.headers.iter().filter(|(name, _)| is(name, &["location"]));
    let (Some((_, location)), None) = (locations.next(), locations.next()) else {
        // Without one place to go to, the answer speaks for itself.
        return Ok(None);
    };
    let url = request.url.join(location).map_err(|bad| Error::BadRedirect {
        origin: request.url.origin(),
        problem: bad.to_string(),
    })?;
    if request.url.scheme == Scheme::Https && url.scheme == Scheme::Http {
        return Err(Error::Downgrade { from: request.url.origin(), to: url.origin() });
    }
    let mut next = Checked { url, ..request.clone() };
    if becomes_get(request.method, response.status) {
        next.method = Method::Get;
        next.body = None;
        next.headers.retain(|(name, _)| !is(name, DESCRIPTIVE));
    }
    if !next.url.same_origin(&request.url) {
        next.headers.retain(|(name, _)| !is(name, PERSONAL));
    }
    Ok(Some(next))
}

/// 303 says so, and for POST everybody does it.
fn becomes_get(method: Method, status: u16) -> bool {
    match status {
        303 => method != Method::Head,
        301 | 302 => method == Method::Post,
        _ => false,
    }
}

fn is(name: &str, names: &[&str]) -> bool {
    names.iter().any(|known| name.eq_ignore_ascii_case(known))
}
