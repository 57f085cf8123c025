//! The way out to the network: one exchange at a time, to addresses that were allowed.
//!
//! A name is resolved once, each address it leads to is asked about, and the connection goes to one
//! that was allowed: what a name leads to a moment later changes nothing.

mod resolve;

use std::net::{IpAddr, SocketAddr};

use engine::http::{Bounds, Checked, Error, HttpClient, Response};
use engine::limits::Exceeded;
use ureq::config::AutoHeaderValue;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Body, http};

/// Sends requests over the network of this machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct Network;

impl HttpClient for Network {
    fn exchange(
        &self,
        request: &Checked,
        allow: &dyn Fn(IpAddr) -> bool,
        bounds: Bounds,
    ) -> Result<Response, Error> {
        let origin = request.url.origin();
        let failed = |error: ureq::Error| explain(error, &origin, bounds);
        let addresses = resolve::addresses(&request.url, bounds.time)
            .map_err(|miss| miss.explain(&origin, bounds))?;
        let allowed: Vec<_> = addresses.into_iter().filter(|at| allow(at.ip())).collect();
        if allowed.is_empty() {
            return Err(Error::AddressDenied { origin });
        }
        let agent = agent(allowed, bounds);
        let answer = match (built(request), &request.body) {
            (Ok(head), Some(body)) => agent.run(head.map(|()| body.as_slice())),
            (Ok(head), None) => agent.run(head),
            (Err(error), _) => Err(error.into()),
        };
        read(answer.map_err(failed)?, bounds).map_err(failed)
    }
}

/// An agent for one exchange, that knows no address but these.
fn agent(allowed: Vec<SocketAddr>, bounds: Bounds) -> Agent {
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .proxy(None)
        .user_agent(AutoHeaderValue::None)
        .accept(AutoHeaderValue::None)
        .accept_encoding(AutoHeaderValue::None)
        .max_response_header_size(bounds.header_bytes)
        .max_idle_connections(0)
        .timeout_global(Some(bounds.time))
        .build();
    Agent::with_parts(config, DefaultConnector::new(), Only(allowed))
}

/// Knows the addresses that were allowed.
#[derive(Debug)]
struct Only(Vec<SocketAddr>);

impl Resolver for Only {
    fn resolve(
        &self,
        _: &http::Uri,
        _: &ureq::config::Config,
        _: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let mut known = self.empty();
        self.0.iter().take(resolve::ADDRESSES_MAX).for_each(|address| known.push(*address));
        Ok(known)
    }
}

fn built(request: &Checked) -> http::Result<http::Request<()>> {
    let url = format!("{}{}", request.url.origin(), request.url.target);
    let head = http::Request::builder().method(request.method.name()).uri(url);
    let head = request.headers.iter().fold(head, |head, (name, value)| head.header(name, value));
    head.body(())
}

fn read(mut answer: http::Response<Body>, bounds: Bounds) -> Result<Response, ureq::Error> {
    let text = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers = answer.headers().iter();
    Ok(Response {
        status: answer.status().as_u16(),
        headers: headers.map(|(name, value)| (name.to_string(), text(value))).collect(),
        body: answer.body_mut().with_config().limit(bounds.body_bytes as u64).read_to_vec()?,
    })
}

fn explain(error: ureq::Error, origin: &str, bounds: Bounds) -> Error {
    let origin = origin.to_owned();
    match error {
        ureq::Error::Timeout(_) => Error::Timeout { origin, time: bounds.time },
        ureq::Error::BodyExceedsLimit(_) => {
            Error::TooLarge(Exceeded::at_once("http-body", bounds.body_bytes))
        }
        ureq::Error::LargeResponseHeader(_, _) => {
            Error::TooLarge(Exceeded::at_once("http-header-bytes", bounds.header_bytes))
        }
        other => Error::Unreachable { origin, detail: other.to_string() },
    }
}
