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
        valid: "\
- uses: http.request
  with: { url: \"https://example.com\" }
  retry: { attempts: 4, delay: 1s, backoff: exponential, on: [it, http/*] }
",
        invalid: [
            wrong(
                "flow/duration",
                "\
- uses: log
  retry: { delay: 2 seconds }
",
            ),
            wrong(
                "flow/number",
                "\
- uses: log
  retry: { attempts: 0 }
",
            ),
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
                "`all`, a kind (`business`, `it`, `generic`), a code, or a code with `*` behind \
                    its `/`; one or a list.",
            ),
            optional("steps", Takes::Steps, "What is done first."),
            required(
                "then",
                Takes::Word(&["continue", "retry", "fail", "return", "reject"]),
                "How it goes on: with the next step, with this step again (three times at most), \
                    with the error, with the end of the flow, or with the next row of a table while this one is written to the rejects.",
            ),
        ],
        scope: "`error`: `kind`, `code`, `message`, `hint`, `step`, `data`, `cause`.",
        path: "`LABEL/on-error#1/…`",
        valid: "\
- uses: finance/enter-invoice
  with: { invoice: \"${{ item.value }}\" }
  on-error:
    - on: finance/duplicate
      steps:
        - uses: log
          with: { message: \"${{ error.message }}\" }
      then: continue
    - on: [it, generic]
      then: retry
",
        invalid: [
            wrong(
                "flow/missing-key",
                "\
- uses: log
  on-error:
    - on: it
",
            ),
            wrong(
                "flow/error-name",
                "\
- uses: log
  on-error:
    - on: busines
      then: fail
",
            ),
        ],
    },
];
