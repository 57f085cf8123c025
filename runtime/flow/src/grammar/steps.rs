//! What any step may say, and steps with steps in them.

use super::{Construct, Takes, optional, or, required, wrong};
use crate::limits::PARALLEL_MAX;

pub(super) const STEP: &[Construct] = &[Construct {
    name: "step",
    title: "a step",
    docs: "A step has one word that says what it does, such as `uses` or `for-each`, the keys of \
           that word, and any of these.",
    keys: &[
        optional(
            "id",
            Takes::Id,
            "Names the step and its output: lower-case letters, digits and `_`.",
        ),
        optional("name", Takes::Text, "What people read instead of the id."),
        optional("if", Takes::Expression, "The step is left out where this is false."),
        optional("timeout", Takes::Span, "How long the step may take, all attempts together."),
        optional("retry", Takes::One("retry"), "How it is tried again."),
        optional("on-error", Takes::Many("on-error"), "What is done about its errors."),
        or(
            "full",
            "log",
            Takes::Word(&["full", "masked"]),
            "With `masked` what goes in and comes out is kept as a secret.",
        ),
    ],
    scope: "An id is in scope in the rest of its block and in inner blocks. The output of a step \
            with `if`, or with a handler that continues, may be null.",
    path: "the id; without one the word or the action, with `#2` for the second of the block",
    valid: "\
- id: entry
  name: Enter the invoice
  if: inputs.enter
  uses: finance/enter-invoice
  with: { amount: 5 }
  timeout: 2m
  retry: { attempts: 3 }
  on-error:
    - then: continue
  log: masked
",
    invalid: [
        wrong(
            "flow/duplicate-id",
            "\
- { id: entry, uses: log }
- { id: entry, uses: log }
",
        ),
        wrong(
            "flow/no-word",
            "\
- id: entry
  user: finance/enter-invoice
",
        ),
    ],
}];

pub(super) const STEPS: &[Construct] = &[
    Construct {
        name: "if",
        title: "`if`",
        docs: "Chooses between lists of steps. Without `then` an `if` is the condition of a step \
               of another kind.",
        keys: &[
            required("if", Takes::Expression, "An expression that is true or false."),
            required("then", Takes::Steps, "What is done if it is true."),
            optional(
                "else-if",
                Takes::OneOrMany("else-if"),
                "Further conditions, asked from top to bottom.",
            ),
            optional("else", Takes::Steps, "What is done if none is true."),
        ],
        scope: "Names and ids of a branch stay in it.",
        path: "`if/then/…`, `if/else-if#1/…`, `if/else/…`",
        valid: "\
- if: inputs.amount < 500
  then:
    - uses: log
  else-if:
    - if: inputs.amount < 5000
      then:
        - uses: log
  else:
    - fail: Too much
",
        invalid: [
            wrong(
                "flow/missing-key",
                "\
- if: inputs.amount < 500
",
            ),
            wrong(
                "yaml/quote-expression",
                "\
- if: ${{ inputs.urgent ? true : false }}
  then:
    - uses: log
",
            ),
        ],
    },
    Construct {
        name: "else-if",
        title: "`else-if`",
        docs: "A further condition of an `if`.",
        keys: &[
            required("if", Takes::Expression, "An expression that is true or false."),
            required("then", Takes::Steps, "What is done if it is the first that is true."),
        ],
        scope: "",
        path: "",
        valid: "\
- if: inputs.a
  then:
    - uses: log
  else-if: { if: inputs.b, then: [ { uses: log } ] }
",
        invalid: [
            wrong(
                "flow/missing-key",
                "\
- if: inputs.a
  then:
    - uses: log
  else-if:
    - if: inputs.b
",
            ),
            wrong(
                "flow/unknown-key",
                "\
- if: inputs.a
  then:
    - uses: log
  else-if:
    - if: inputs.b
      then:
        - uses: log
      else:
        - uses: log
",
            ),
        ],
    },
    Construct {
        name: "switch",
        title: "`switch`",
        docs: "Compares a value with those of its cases, from top to bottom; the steps of the \
               first equal one are done.",
        keys: &[
            required("switch", Takes::Value, "The value."),
            required("cases", Takes::Many("case"), "What it is compared with."),
            optional("default", Takes::Steps, "What is done if it equals none."),
        ],
        scope: "Names and ids of a case stay in it.",
        path: "`switch/case#1/…`, `switch/default/…`",
        valid: "\
- switch: ${{ inputs.country }}
  cases:
    - is: [DE, AT]
      steps:
        - uses: log
    - is: US
      steps:
        - uses: log
  default:
    - fail: Unknown country
",
        invalid: [
            wrong(
                "flow/unknown-key",
                "\
- switch: ${{ inputs.country }}
  case:
    - is: DE
      steps:
        - uses: log
  cases:
    - is: DE
      steps:
        - uses: log
",
            ),
            wrong(
                "flow/wrong-shape",
                "\
- switch: ${{ inputs.country }}
  cases:
    DE:
      - uses: log
",
            ),
        ],
    },
    Construct {
        name: "case",
        title: "a case",
        docs: "One case of a `switch`.",
        keys: &[
            required(
                "is",
                Takes::Alternatives,
                "A value, or a list of values of which one is enough.",
            ),
            required("steps", Takes::Steps, "What is done."),
        ],
        scope: "",
        path: "",
        valid: "\
- switch: ${{ inputs.size }}
  cases:
    - { is: 1, steps: [ { uses: log } ] }
",
        invalid: [
            wrong(
                "flow/missing-key",
                "\
- switch: ${{ inputs.size }}
  cases:
    - is: 1
",
            ),
            wrong(
                "flow/no-steps",
                "\
- switch: ${{ inputs.size }}
  cases:
    - is: 1
      steps: []
",
            ),
        ],
    },
    Construct {
        name: "for-each",
        title: "`for-each`",
        docs: "Does its steps once for each item of a list, each field of an object, or each row \
               of a table.",
        keys: &[
            required("for-each", Takes::Expression, "The list, object or table."),
            required("as", Takes::Id, "The name of the item in hand."),
            optional("index", Takes::Id, "The name of its number, counted from 0."),
            or(
                "1",
                "parallel",
                Takes::Count(1, PARALLEL_MAX as u64),
                "How many iterations may run at once.",
            ),
            optional("collect", Takes::Value, "What each iteration gives."),
            required("steps", Takes::Steps, "What is done for each."),
        ],
        scope: "`as` and `index` are in scope in the steps and in `collect`, which also sees ids \
                of the steps. With `collect` the id of the step is the list of what the \
                iterations gave, in the order of the items.",
        path: "`for-each[17]/…`",
        valid: "\
- id: totals
  for-each: ${{ inputs.rows }}
  as: row
  index: number
  parallel: 4
  collect: ${{ row.amount }}
  steps:
    - uses: log
",
        invalid: [
            wrong(
                "flow/missing-key",
                "\
- for-each: ${{ inputs.rows }}
  steps:
    - uses: log
",
            ),
            wrong(
                "flow/wrong-shape",
                "\
- for-each: [1, 2, 3]
  as: number
  steps:
    - uses: log
",
            ),
        ],
    },
    Construct {
        name: "loop",
        title: "`loop`",
        docs: "Does its steps again and again.",
        keys: &[
            required("loop", Takes::One("loop-keys"), "How long."),
            optional(
                "index",
                Takes::Id,
                "The name of the number of the iteration, counted from 0.",
            ),
            required("steps", Takes::Steps, "What is done."),
        ],
        scope: "Names that are set in the steps last for one iteration; set them before the loop \
                to keep them.",
        path: "`loop[3]/…`",
        valid: "\
- set: { tries: 0 }
- loop: { while: tries < 5 }
  index: round
  steps:
    - set: { tries: \"${{ tries + 1 }}\" }
",
        invalid: [
            wrong(
                "flow/wrong-shape",
                "\
- loop: 5
  steps:
    - uses: log
",
            ),
            wrong(
                "flow/missing-key",
                "\
- loop: { times: 5 }
",
            ),
        ],
    },
    Construct {
        name: "loop-keys",
        title: "`loop`",
        docs: "A loop has exactly one of these.",
        keys: &[
            optional(
                "while",
                Takes::Expression,
                "Goes on as long as this is true; asked before each iteration.",
            ),
            optional(
                "until",
                Takes::Expression,
                "Goes on until this is true; asked after each iteration.",
            ),
            optional("times", Takes::Value, "Goes on so many times."),
        ],
        scope: "`until` sees ids and names of the iteration.",
        path: "",
        valid: "\
- loop: { times: 3 }
  steps:
    - uses: log
",
        invalid: [
            wrong(
                "flow/one-of",
                "\
- loop: { times: 3, until: inputs.done }
  steps:
    - uses: log
",
            ),
            wrong(
                "flow/one-of",
                "\
- loop: {}
  steps:
    - uses: log
",
            ),
        ],
    },
    Construct {
        name: "parallel",
        title: "`parallel`",
        docs: "Does several lists of steps at the same time and waits for all of them.",
        keys: &[required("parallel", Takes::Branches, "The branches by name.")],
        scope: "Names of outside can be read and not set in a branch.",
        path: "`parallel/BRANCH/…`",
        valid: "\
- parallel:
    orders:
      - uses: log
    returns:
      - uses: log
",
        invalid: [
            wrong(
                "flow/wrong-shape",
                "\
- parallel:
    - uses: log
    - uses: log
",
            ),
            wrong(
                "flow/name",
                "\
- parallel:
    first branch:
      - uses: log
",
            ),
        ],
    },
    Construct {
        name: "process",
        title: "`process`",
        docs: "Claims items of a queue until there are none, and does its steps for each. Items \
               are settled as those of a queue trigger.",
        keys: &[
            required("process", Takes::Value, "The key of the queue."),
            or(
                "what the queue says",
                "retries",
                Takes::Count(0, model::limits::RETRIES_MAX as u64),
                "How often an IT exception is tried again. It only lowers what the queue \
                 allows.",
            ),
            or(
                "what the queue says",
                "retry-delay",
                Takes::Span,
                "How long such a retry waits. `wharf run` does not run a flow with it yet; the \
                 queue has one of its own.",
            ),
            optional("limit", Takes::Value, "The most items that are claimed."),
            required("steps", Takes::Steps, "What is done for each."),
        ],
        scope: "`item` is the claimed item. The id of the step is `{ claimed, processed, failed \
            }`.",
        path: "`process[3]/…`",
        valid: "\
- id: day
  process: demo-queue
  retries: 2
  limit: 100
  steps:
    - uses: log
      with: { message: \"${{ item.value.name }}\" }
",
        invalid: [
            wrong(
                "flow/missing-key",
                "\
- process: demo-queue
",
            ),
            wrong(
                "flow/number",
                "\
- process: demo-queue
  retries: -1
  steps:
    - uses: log
",
            ),
        ],
    },
    Construct {
        name: "group",
        title: "`group`",
        docs: "Holds steps together: for one handler, one timeout, or one transaction.",
        keys: &[
            required("group", Takes::Steps, "The steps."),
            or(
                "false",
                "atomic",
                Takes::Bool,
                "All of what the steps do to queues is kept, or nothing. They may do nothing else. \
                 `wharf run` does not run a flow with it yet.",
            ),
        ],
        scope: "Names and ids stay in the group.",
        path: "`group/…`",
        valid: "\
- group:
    - uses: queue.add
      with: { queue: orders, value: { id: 1 } }
    - uses: queue.note
      with: { text: Added an order }
  atomic: true
  on-error:
    - then: continue
",
        invalid: [
            wrong(
                "flow/bool",
                "\
- group:
    - uses: log
  atomic: yes
",
            ),
            wrong(
                "flow/wrong-shape",
                "\
- group:
    uses: log
",
            ),
        ],
    },
];
