//! Requests, which the rules of a test answer.

use super::problem;
use crate::fake::world::{Rule, with};
use crate::http::{Error, Request, Response};

pub(crate) fn send(request: &Request) -> Result<Response, Error> {
    let rules: Vec<Rule> = with(|world| {
        world.requests.push(request.clone());
        world.rules.clone()
    });
    // A rule may ask the host itself, so nothing is borrowed while it answers.
    let answer = rules.iter().rev().find_map(|rule| rule(request));
    answer.unwrap_or_else(|| {
        let Request { method, url, .. } = request;
        let message = format!("nobody answers {method} {url}");
        let hint = "say in the test who does: `wharf::fake::http(|request| …)`";
        Err(Error::Denied(problem("http/denied", message, hint)))
    })
}
