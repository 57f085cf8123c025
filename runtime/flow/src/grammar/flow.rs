//! The file of a flow: its head, inputs, types and triggers.

use super::{Construct, Takes, optional, or, required, wrong};
use crate::limits::{STEPS_PERFORMED_MAX, WORKERS_MAX};

pub(crate) const TYPES: &[&str] =
    &["text", "number", "bool", "datetime", "duration", "any", "object", "list"];
const RETRIES: Takes = Takes::Count(0, model::limits::RETRIES_MAX as u64);

pub(super) const FLOW: &[Construct] = &[
    Construct {
        name: "flow",
        title: "a flow",
        docs: "A file holds one flow: its name, what it takes and gives, what starts it, and its \
               steps.",
        keys: &[
            required("flow", Takes::FlowName, "The name: lower-case letters, digits and `-`."),
            optional("description", Takes::Text, "What the flow is for, for people."),
            optional("inputs", Takes::Inputs, "What a run is given, by name."),
            optional(
                "outputs",
                Takes::Values,
                "What a run gives, worked out when it has succeeded.",
            ),
            optional(
                "on",
                Takes::Triggers,
                "What starts runs. Without it a flow is run by hand or called.",
            ),
            or(
                "the limit of the installation",
                "steps-max",
                Takes::Count(1, STEPS_PERFORMED_MAX),
                "The most steps one run may perform.",
            ),
            required("steps", Takes::Steps, "What is done, one step after the other."),
            optional(
                "on-failure",
                Takes::Steps,
                "What is done when the run has failed for good; `error` is in scope.",
            ),
        ],
        scope: "Everywhere: `inputs`, `now` (the moment the step began), `run.id`, `run.flow`, \
                names that `set` declared and ids of steps before. Started by a file: `trigger`. \
                Started by a queue: `trigger` and `item`.",
        path: "`LABEL` of each step; `on-failure/LABEL` for those of `on-failure`",
        valid: "\
flow: approve-invoices
description: Approves what is under the limit
inputs:
  limit: { type: number, default: 5000 }
outputs:
  approved: ${{ approved }}
steps:
  - set: { approved: 0 }
  - uses: log
    with: { message: \"The limit is ${{ inputs.limit }}\" }
",
        invalid: [
            wrong(
                "flow/unknown-key",
                "\
flow: approve-invoices
step:
  - uses: log
steps:
  - uses: log
",
            ),
            wrong(
                "flow/name",
                "\
flow: Approve Invoices
steps:
  - uses: log
",
            ),
        ],
    },
    Construct {
        name: "input",
        title: "an input",
        docs: "An input is a type, or a mapping with a type and more. Without a default it must be \
               given, unless its type allows null.",
        keys: &[
            required("type", Takes::Type, "What it takes."),
            optional("default", Takes::Literal, "What stands in for it."),
            optional("description", Takes::Text, "What it is for, for people."),
            or(
                "false",
                "sensitive",
                Takes::Bool,
                "Kept as a secret: encrypted in the journal and masked wherever it is shown.",
            ),
            optional(
                "sample",
                Takes::Text,
                "A JSON file beside the flow that tells the type of an object or a list.",
            ),
        ],
        scope: "Inputs are read as `inputs.NAME`.",
        path: "",
        valid: "\
flow: remind
inputs:
  customer: text
  days: { type: number, default: 7, description: How long to wait }
  note: text?
  password: { type: text, sensitive: true }
  invoice: { type: object, sample: samples/invoice.json }
steps:
  - uses: log
    with: { message: \"${{ inputs.customer }}\" }
",
        invalid: [
            wrong(
                "flow/default",
                "\
flow: remind
inputs:
  days: { type: number, default: seven }
steps:
  - uses: log
",
            ),
            wrong(
                "flow/missing-key",
                "\
flow: remind
inputs:
  days: { default: 7 }
steps:
  - uses: log
",
            ),
        ],
    },
    Construct {
        name: "type",
        title: "a type",
        docs: "A type is one of the words `text`, `number`, `bool`, `datetime`, `duration`, `any`, \
               `object` and `list`, with a `?` behind it where null is allowed; or a mapping \
               with one of these keys.",
        keys: &[
            optional("list", Takes::Type, "A list whose items are of that type."),
            optional("object", Takes::Types, "An object with exactly these fields."),
            optional("words", Takes::Texts, "A text that is one of these."),
        ],
        scope: "",
        path: "",
        valid: "\
flow: import
inputs:
  names: { list: text }
  address: { object: { city: text, zip: text? } }
  size: { words: [small, large] }
  lines: { type: { list: { object: { sku: text, count: number } } }, default: [] }
steps:
  - uses: log
",
        invalid: [
            wrong(
                "flow/unknown-type",
                "\
flow: import
inputs:
  name: string
steps:
  - uses: log
",
            ),
            wrong(
                "flow/one-of",
                "\
flow: import
inputs:
  name: { list: text, words: [a, b] }
steps:
  - uses: log
",
            ),
        ],
    },
    Construct {
        name: "on",
        title: "`on`",
        docs: "What starts runs. Each kind stands once, or `on` is a list of mappings with one \
               trigger each. Triggers are checked, but nothing starts runs by them yet: \
               `wharf run` starts one by hand.",
        keys: &[
            optional(
                "queue",
                Takes::One("queue"),
                "Each item of a queue starts a run, which settles it.",
            ),
            optional("file", Takes::One("file"), "Each file that lands in a folder starts a run."),
        ],
        scope: "",
        path: "",
        valid: "\
flow: take-both
on:
  - queue: { name: orders }
  - queue: { name: returns, workers: 2 }
steps:
  - uses: log
",
        invalid: [
            wrong(
                "flow/unknown-trigger",
                "\
flow: nightly
on:
  schedule: { every: 1d }
steps:
  - uses: log
",
            ),
            wrong(
                "flow/wrong-shape",
                "\
flow: take-orders
on: queue
steps:
  - uses: log
",
            ),
        ],
    },
    Construct {
        name: "queue",
        title: "the trigger `queue`",
        docs: "Each item of the queue starts a run, which settles it by itself: `processed` when \
               it succeeds, an exception of the error's kind when it fails. A step \
               `queue.update` decides instead. `wharf run` does not run such a flow yet.",
        keys: &[
            required("name", Takes::Text, "The key of the queue."),
            or(
                "1",
                "workers",
                Takes::Count(1, WORKERS_MAX as u64),
                "How many items are worked on at once.",
            ),
            or(
                "what the queue says",
                "retries",
                RETRIES,
                "How often an IT exception is tried again.",
            ),
            or("what the queue says", "retry-delay", Takes::Span, "How long such a retry waits."),
        ],
        scope: "`item`: `id`, `queue`, `name`, `reference`, `status`, `priority`, `attempt`, \
                `retries`, `value`, `created`, `expires`; and `trigger.queue`.",
        path: "",
        valid: "\
flow: approve
on:
  queue: { name: vendor-invoices, workers: 4, retries: 3, retry-delay: 10m }
steps:
  - uses: log
    with: { message: \"Invoice ${{ item.value.ID }}\" }
",
        invalid: [
            wrong(
                "flow/missing-key",
                "\
flow: approve
on:
  queue: { workers: 4 }
steps:
  - uses: log
",
            ),
            wrong(
                "flow/number",
                "\
flow: approve
on:
  queue: { name: vendor-invoices, workers: many }
steps:
  - uses: log
",
            ),
        ],
    },
    Construct {
        name: "file",
        title: "the trigger `file`",
        docs: "Each file that lands in the folder starts one run. Items that the run adds become \
               ready together when it succeeds, and none of them when it fails.",
        keys: &[
            required("folder", Takes::Text, "The folder, below that of the project."),
            or("[\"*.csv\"]", "include", Takes::Texts, "Patterns of names of files that count."),
            optional("exclude", Takes::Texts, "Patterns of names that do not."),
            or(
                "2s",
                "settle",
                Takes::Span,
                "How long a file must stay unchanged before it is taken.",
            ),
            or(
                "atomic",
                "visibility",
                Takes::Word(&["atomic", "streaming"]),
                "Whether items become ready at the end, or as they are added.",
            ),
            or(
                "1000",
                "bad-rows-max",
                Takes::Count(0, 1_000_000_000),
                "How many bad rows a file may have before it is rejected as a whole.",
            ),
            optional(
                "priority",
                Takes::Text,
                "The priority of items that are added without one: `high`, `normal`, `low` or a \
                    number.",
            ),
        ],
        scope: "`trigger.file` (the path to give to `csv.read`), `trigger.name`, `trigger.claim`.",
        path: "",
        valid: "\
flow: ingest
on:
  file: { folder: inbox, include: [\"*Invoices*.csv\"], settle: 5s }
steps:
  - { id: rows, uses: csv.read, with: { file: \"${{ trigger.file }}\" } }
",
        invalid: [
            wrong(
                "flow/word",
                "\
flow: ingest
on:
  file: { folder: inbox, visibility: direct }
steps:
  - uses: log
",
            ),
            wrong(
                "yaml/unknown-alias",
                "\
flow: ingest
on:
  file:
    folder: inbox
    include: *.csv
steps:
  - uses: log
",
            ),
        ],
    },
];
