//! `http`: requests to hosts that were granted.

use std::time::Duration;

use engine::Step;
use engine::http::Error;
use wasmtime::Result;

use super::contract::http::{Host, HttpError, Request, Response};
use super::contract::types::Problem;
use super::problem;
use crate::state::State;

impl Host for State<Step> {
    /// Waiting for an answer leaves the call free to be stopped, and its leases to be renewed. A
    /// request that nobody waits for any more comes to its own end.
    async fn send(&mut self, request: Request) -> Result<std::result::Result<Response, HttpError>> {
        let send = self.step.request(engine::http::Request {
            method: request.method,
            url: request.url,
            headers: request.headers,
            body: request.body,
            timeout: request.timeout_ms.map(|ms| Duration::from_millis(ms.into())),
        });
        let answer = self.wasi.stop.or(tokio::task::spawn_blocking(send)).await??;
        Ok(answer.map(shown).map_err(HttpError::from))
    }
}

fn shown(response: engine::http::Response) -> Response {
    Response { status: response.status, headers: response.headers, body: response.body }
}

impl From<Error> for HttpError {
    fn from(error: Error) -> Self {
        let case: fn(Problem) -> Self = match &error {
            Error::Invalid(_) => Self::Invalid,
            Error::Denied(_) | Error::AddressDenied { .. } => Self::Denied,
            Error::Timeout { .. } => Self::Timeout,
            Error::TooLarge(_) => Self::TooLarge,
            Error::Unreachable { .. } => Self::Unreachable,
            Error::TooManyRedirects { .. }
            | Error::Downgrade { .. }
            | Error::BadRedirect { .. } => Self::Other,
        };
        case(problem(error.code(), &error, error.hint()))
    }
}
