//! What is done about errors of a step.

use super::{Construct, Takes, optional, or, required, wrong};
use crate::limits::ATTEMPTS_MAX;

pub(super) const AGAIN: &[Construct] = &[
    Construct {
        name: "retry",
        title: "`retry`",
        docs: "Tries a step again in the same run. `retry: {}` takes every default.",
        keys: &[
            or(
                "2",
                "attempts",
                Takes::Count(1, ATTEMPTS_MAX as u64),
                "How often it is tried in all.",
            ),
            or("2s", "delay", Takes::Span, "How long to wait before the next attempt."),
            or(
                "fixed",
                "backoff",
                Takes::Word(&["fixed", "exponential"]),
                "Whether each delay is twice the one before.",
            ),
            or("5m", "delay-max", Takes::Span, "The longest delay of an exponential backoff."),
            or(
                "0",
                "jitter",
                Takes::Count(0, 100),
                "The part of a delay that is random, in percent.",
            ),
            or("[it, generic]", "on", Takes::Caught, "What it is tried again for: kinds or codes."),
        ],
        scope: "",
        path: "the step keeps its path; the journal counts attempts",
        valid: "- uses: http.request\n  with: { url: \"https://example.com\" }\n  retry: { attempts: 4, delay: 1s, backoff: exponential, on: [it, http/*] }\n",
        invalid: [
            wrong("flow/duration", "- uses: log\n  retry: { delay: 2 seconds }\n"),
            wrong("flow/number", "- uses: log\n  retry: { attempts: 0 }\n"),
        ],
    },
    Construct {
        name: "on-error",
        title: "a handler",
        docs: "Handlers are asked from top to bottom when a step has failed, its retries included; \
               the first one whose `on` fits decides. What no handler takes fails the block.",
        keys: &[
            or(
                "all",
                "on",
                Takes::Caught,
                "`all`, a kind (`business`, `it`, `generic`), a code, or a code with `*` behind its `/`; one or a list.",
            ),
            optional("steps", Takes::Steps, "What is done first."),
            required(
                "then",
                Takes::Word(&["continue", "retry", "fail", "return", "reject"]),
                "How it goes on: with the next step, with this step again (three times at most), with the error, with the end of the flow, or with the next row of a table while this one is written to the rejects.",
            ),
        ],
        scope: "`error`: `kind`, `code`, `message`, `hint`, `step`, `data`, `cause`.",
        path: "`LABEL/on-error#1/…`",
        valid: "- uses: finance/enter-invoice\n  with: { invoice: \"${{ item.value }}\" }\n  on-error:\n    - on: finance/duplicate\n      steps:\n        - uses: log\n          with: { message: \"${{ error.message }}\" }\n      then: continue\n    - on: [it, generic]\n      then: retry\n",
        invalid: [
            wrong("flow/missing-key", "- uses: log\n  on-error:\n    - on: it\n"),
            wrong(
                "flow/error-name",
                "- uses: log\n  on-error:\n    - on: busines\n      then: fail\n",
            ),
        ],
    },
];
