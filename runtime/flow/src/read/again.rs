//! What is done about errors of a step.

use std::num::NonZeroU32;
use std::time::Duration;

use model::run::FailureKind;

use super::Reader;
use super::branches::{head_of, items};
use super::fields::Fields;
use crate::grammar::construct;
use crate::limits::ATTEMPTS_MAX;
use crate::program::{Backoff, Caught, Handler, Retry, Spanned, Then};
use crate::source::Span;
use crate::yaml::{Entry, Node};

const ATTEMPTS: NonZeroU32 = NonZeroU32::new(2).expect("two is not zero");
const DELAY: Duration = Duration::from_secs(2);
const DELAY_MAX: Duration = Duration::from_mins(5);

impl Reader {
    pub(super) fn retry(&mut self, entry: &Entry) -> Option<Retry> {
        let head = entry.key.span;
        let fields = self.fields(&entry.value, construct("retry"), head)?;
        let attempts = self.positive(fields.get("attempts"), ATTEMPTS_MAX);
        let delay = fields.get("delay").and_then(|node| self.span(node));
        let backoff = fields.get("backoff");
        let backoff =
            backoff.and_then(|node| self.word("`backoff`", node, &["fixed", "exponential"]));
        let delay_max = fields.get("delay-max").and_then(|node| self.span(node));
        let jitter = self.count_u32(fields.get("jitter"), 0, 100);
        let on = fields.get("on").map(|node| self.caught(node));
        Some(Retry {
            attempts: attempts.unwrap_or(ATTEMPTS),
            delay: delay.unwrap_or(DELAY),
            backoff: if backoff == Some(1) { Backoff::Exponential } else { Backoff::Fixed },
            delay_max: delay_max.unwrap_or(DELAY_MAX),
            jitter: jitter.and_then(|percent| u8::try_from(percent).ok()).unwrap_or(0),
            on: on.unwrap_or_else(|| retried(head)),
        })
    }

    pub(super) fn handlers(&mut self, node: &Node) -> Vec<Handler> {
        let items = items(node).iter();
        items.filter_map(|item| self.handler(item)).collect()
    }

    fn handler(&mut self, node: &Node) -> Option<Handler> {
        let head = head_of(node);
        let fields = self.fields(node, construct("on-error"), head)?;
        let on = match fields.get("on") {
            Some(node) => self.caught(node),
            None => vec![Spanned { value: Caught::All, span: head }],
        };
        let steps = fields.get("steps").map(|node| self.block(node));
        let then = self.then(&fields);
        // One that is misread still lets the step be without an output.
        Some(Handler { on, steps, then: then.unwrap_or(Then::Continue), span: node.span })
    }

    fn then(&mut self, fields: &Fields<'_>) -> Option<Then> {
        let words = ["continue", "retry", "fail", "return", "reject"];
        let then = [Then::Continue, Then::Retry, Then::Fail, Then::Return, Then::Reject];
        let at = fields.get("then").and_then(|node| self.word("`then`", node, &words))?;
        Some(then[at])
    }
}

/// What is tried again where nothing is said.
fn retried(span: Span) -> Vec<Spanned<Caught>> {
    let kinds = [FailureKind::It, FailureKind::Generic];
    kinds.map(|kind| Spanned { value: Caught::Kind(kind), span }).to_vec()
}
