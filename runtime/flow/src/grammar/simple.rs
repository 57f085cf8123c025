//! Steps without steps in them.

use super::{Construct, Takes, optional, or, required, wrong};

pub(super) const STEPS: &[Construct] = &[
    Construct {
        name: "uses",
        title: "`uses`",
        docs: "Performs an action: a built-in one such as `queue.add`, or a step of a plugin such as \
               `finance/classify`. What the action gives is the output of the step.",
        keys: &[
            required("uses", Takes::Action, "The action."),
            optional("with", Takes::Values, "What it is given."),
        ],
        scope: "The id of the step is its output.",
        path: "the id, or the action with `.` for `/`",
        valid: "\
- id: due
  uses: datetime.add
  with: { to: \"${{ now }}\", days: 7 }
",
        invalid: [
            wrong(
                "flow/unknown-key",
                "\
- uses: log
  inputs: { message: Hello }
",
            ),
            wrong(
                "yaml/quote-expression",
                "\
- uses: log
  with: { message: ${{ now }} }
",
            ),
        ],
    },
    Construct {
        name: "call",
        title: "`call`",
        docs: "Runs another flow of the project and waits for it. Its outputs are the output of the \
               step.",
        keys: &[
            required("call", Takes::FlowName, "The name of the flow."),
            optional("with", Takes::Values, "Its inputs."),
        ],
        scope: "The called flow sees its inputs and nothing else.",
        path: "`call/…`: the steps of the called flow stand directly below",
        valid: "\
- id: report
  call: report-duplicate
  with: { invoice: \"${{ item.value }}\" }
",
        invalid: [
            wrong(
                "flow/name",
                "\
- call: flows/report.yaml
",
            ),
            wrong(
                "flow/wrong-shape",
                "\
- call: report-duplicate
  with: [1, 2]
",
            ),
        ],
    },
    Construct {
        name: "set",
        title: "`set`",
        docs: "Gives values to names. The first `set` of a name declares it, with the type of that \
               value, in its block.",
        keys: &[required("set", Takes::Names, "The names and their values.")],
        scope: "A name is in scope in the rest of its block and in inner blocks, which may set it \
                again; a loop or branch that runs at the same time as others may not.",
        path: "",
        valid: "\
- set:
    total: 0
    greeting: \"Hello ${{ inputs.name }}\"
    tags: [new, \"${{ inputs.tag }}\"]
",
        invalid: [
            wrong(
                "flow/name",
                "\
- set: { total-amount: 0 }
",
            ),
            wrong(
                "flow/reserved-name",
                "\
- set: { item: 5 }
",
            ),
        ],
    },
    Construct {
        name: "wait",
        title: "`wait`",
        docs: "Waits for a length of time, until a moment, or until somebody asks the run to stop. A \
               run that waits costs nothing.",
        keys: &[required("wait", Takes::Wait, "How long.")],
        scope: "With `stop-requested` the id is whether somebody did.",
        path: "",
        valid: "\
- wait: 5m
- wait: { until: \"${{ inputs.start }}\" }
- { id: stopped, wait: stop-requested }
",
        invalid: [
            wrong(
                "flow/duration",
                "\
- wait: 5 minutes
",
            ),
            wrong(
                "flow/one-of",
                "\
- wait: { for: 5m, until: \"${{ inputs.start }}\" }
",
            ),
        ],
    },
    Construct {
        name: "wait-keys",
        title: "`wait`",
        docs: "The longer form of `wait` has exactly one of these keys.",
        keys: &[
            optional("for", Takes::Value, "A length of time."),
            optional("until", Takes::Value, "A moment; one that has passed is no wait."),
        ],
        scope: "",
        path: "",
        valid: "\
- wait: { for: \"${{ inputs.pause }}\" }
",
        invalid: [
            wrong(
                "flow/one-of",
                "\
- wait: {}
",
            ),
            wrong(
                "flow/unknown-key",
                "\
- wait: { seconds: 5 }
",
            ),
        ],
    },
    Construct {
        name: "break",
        title: "`break`",
        docs: "Ends the loop around it. The word alone is a step too: `- break`.",
        keys: &[required("break", Takes::Nothing, "Takes nothing.")],
        scope: "",
        path: "",
        valid: "\
- for-each: ${{ rows }}
  as: row
  steps:
    - { if: row.last, break: }
    - break
",
        invalid: [
            wrong(
                "flow/wrong-shape",
                "\
- break: [outer]
",
            ),
            wrong(
                "flow/no-word",
                "\
- brake
",
            ),
        ],
    },
    Construct {
        name: "continue",
        title: "`continue`",
        docs: "Goes on with the next iteration of the loop around it. The word alone is a step \
            too.",
        keys: &[required("continue", Takes::Nothing, "Takes nothing.")],
        scope: "",
        path: "",
        valid: "\
- for-each: ${{ rows }}
  as: row
  steps:
    - if: row.amount == 0
      continue:
    - uses: log
",
        invalid: [
            wrong(
                "flow/nothing",
                "\
- continue: 2
",
            ),
            wrong(
                "flow/several-words",
                "\
- continue:
  uses: log
",
            ),
        ],
    },
    Construct {
        name: "return",
        title: "`return`",
        docs: "Ends the flow, which succeeds. Outputs that it names replace those at the top of the \
               flow. The word alone is a step too.",
        keys: &[required("return", Takes::Outputs, "Nothing, or outputs by name.")],
        scope: "",
        path: "",
        valid: "\
- { if: inputs.skip, return: }
- return: { approved: true }
",
        invalid: [
            wrong(
                "flow/wrong-shape",
                "\
- return: [1, 2]
",
            ),
            wrong(
                "flow/nothing",
                "\
- return: approved
",
            ),
        ],
    },
    Construct {
        name: "fail",
        title: "`fail`",
        docs: "Fails on purpose. `fail: MESSAGE` is short for a failure of kind `generic`.",
        keys: &[required("fail", Takes::Failure, "A message, or what the failure is.")],
        scope: "",
        path: "",
        valid: "\
- if: item.value.amount < 0
  fail:
    kind: business
    code: invoices/negative
    message: \"The amount is ${{ item.value.amount }}\"
",
        invalid: [
            wrong(
                "flow/missing-key",
                "\
- fail: { kind: business }
",
            ),
            wrong(
                "yaml/colon-in-value",
                "\
- fail: Not possible: the amount is negative
",
            ),
        ],
    },
    Construct {
        name: "fail-keys",
        title: "`fail`",
        docs: "What a failure is.",
        keys: &[
            or(
                "generic",
                "kind",
                Takes::Word(&["business", "it", "generic"]),
                "Whose affair it is.",
            ),
            or("flow/failed", "code", Takes::Code, "A stable code of your own, for handlers."),
            required("message", Takes::Value, "What went wrong, for people."),
        ],
        scope: "",
        path: "",
        valid: "\
- fail: { kind: it, code: portal/closed, message: The portal is closed }
",
        invalid: [
            wrong(
                "flow/word",
                "\
- fail: { kind: technical, message: The portal is closed }
",
            ),
            wrong(
                "flow/code",
                "\
- fail: { code: Closed, message: The portal is closed }
",
            ),
        ],
    },
];
