//! Where something goes wrong.

use expect_test::{Expect, expect};

use super::stage::run;

fn check(text: &str, expected: &Expect) {
    expected.assert_eq(&run(text));
}

#[test]
fn a_failure_ends_the_run() {
    check(
        r#"
flow: failing
steps:
  - group:
      - { id: bad, uses: test.fail, with: { code: "net/down", kind: "it" } }
  - { uses: test.echo, with: { value: "never" } }
on-failure:
  - { uses: test.echo, with: { value: "${{ error.step }} ${{ error.code }}" } }
"#,
        &expect![[r#"
            group
            group/bad
              group/bad: test.fail {"code":"net/down","kind":"it"}
            group/bad failed: net/down
            group failed: net/down
            on-failure/test.echo
              on-failure/test.echo: test.echo {"value":"group/bad net/down"}
            on-failure/test.echo ok
            failed at group/bad: net/down: it did not work
        "#]],
    );
}

#[test]
fn steps_are_tried_again() {
    check(
        r#"
flow: again
steps:
  - id: shaky
    uses: test.fail
    with: { code: "net/down", kind: "it", times: "${{ 2 }}" }
    retry: { attempts: 3, delay: 2s, backoff: exponential }
  - id: hopeless
    uses: test.fail
    with: { code: "case/odd", kind: "business" }
    retry: { attempts: 3 }
"#,
        &expect![[r#"
            shaky
              shaky: test.fail {"code":"net/down","kind":"it","times":2}
            shaky rests until 2026-01-31T08:00:02Z
            shaky (attempt 2)
              shaky: test.fail {"code":"net/down","kind":"it","times":2}
            shaky rests until 2026-01-31T08:00:06Z
            shaky (attempt 3)
              shaky: test.fail {"code":"net/down","kind":"it","times":2}
            shaky ok
            hopeless
              hopeless: test.fail {"code":"case/odd","kind":"business"}
            hopeless failed: case/odd
            failed at hopeless: case/odd: it did not work
        "#]],
    );
}

#[test]
fn handlers_are_matched_in_order() {
    check(
        r#"
flow: handled
outputs: { seen: "${{ seen }}" }
steps:
  - set: { seen: "nothing" }
  - id: odd
    uses: test.fail
    with: { code: "finance/duplicate", kind: "business" }
    on-error:
      - { on: it, then: fail }
      - on: finance/*
        steps: [ { set: { seen: "${{ error.code }} at ${{ error.step }}" } } ]
        then: continue
      - { on: business, then: fail }
  - id: shaky
    uses: test.fail
    with: { code: "net/down", kind: "it", times: "${{ 1 }}" }
    on-error: [ { then: retry } ]
  - id: last
    uses: test.fail
    with: { code: "x/y", kind: "generic" }
    on-error: [ { then: return } ]
  - { uses: test.echo, with: { value: "never" } }
"#,
        &expect![[r#"
            set
            set ok
            odd
              odd: test.fail {"code":"finance/duplicate","kind":"business"}
            odd handled by 1: finance/duplicate
            odd/on-error#2/set
            odd/on-error#2/set ok
            odd ok
            shaky
              shaky: test.fail {"code":"net/down","kind":"it","times":1}
            shaky handled by 0: net/down
            shaky (attempt 2)
              shaky: test.fail {"code":"net/down","kind":"it","times":1}
            shaky ok
            last
              last: test.fail {"code":"x/y","kind":"generic"}
            last handled by 0: x/y
            succeeded: {"seen":"finance/duplicate at odd"}
        "#]],
    );
}

#[test]
fn handlers_that_fail_tell_the_cause() {
    check(
        r#"
flow: handler
steps:
  - id: first
    uses: test.fail
    with: { code: "net/down", kind: "it" }
    on-error:
      - steps: [ { fail: { kind: business, code: my/own, message: "because of ${{ error.code }}" } } ]
        then: continue
"#,
        &expect![[r#"
            first
              first: test.fail {"code":"net/down","kind":"it"}
            first handled by 0: net/down
            first/on-error#1/fail
            first/on-error#1/fail failed: my/own
            failed at first/on-error#1/fail: my/own: because of net/down
        "#]],
    );
}

#[test]
fn rows_are_kept_out() {
    check(
        r#"
flow: rejects
steps:
  - { id: rows, uses: test.rows, with: { rows: "${{ [1, 2, 3] }}" } }
  - for-each: ${{ rows }}
    as: row
    steps:
      - uses: test.fail
        if: ${{ row == 2 }}
        with: { code: "row/odd", kind: "business" }
        on-error: [ { then: reject } ]
      - { uses: test.echo, with: { value: "${{ row }}" } }
"#,
        &expect![[r#"
            rows
              rows: test.rows {"rows":[1,2,3]}
            rows ok
            for-each
              for-each: read behind 0
            for-each[0]/test.fail skipped
            for-each[0]/test.echo
              for-each[0]/test.echo: test.echo {"value":1}
            for-each[0]/test.echo ok
            for-each[1]/test.fail
              for-each[1]/test.fail: test.fail {"code":"row/odd","kind":"business"}
            for-each[1]/test.fail handled by 0: row/odd
              for-each: reject 2: row/odd
              for-each: read behind 2
            for-each[2]/test.fail skipped
            for-each[2]/test.echo
              for-each[2]/test.echo: test.echo {"value":3}
            for-each[2]/test.echo ok
            for-each ok
            succeeded: {}
        "#]],
    );
}

#[test]
fn timeouts_stop_what_is_inside() {
    check(
        r#"
flow: slow
steps:
  - timeout: 1m
    group:
      - parallel:
          one: [ { uses: test.hang } ]
          two: [ { wait: "1h" } ]
    on-error: [ { on: step/timeout, then: continue } ]
  - { uses: test.hang, timeout: 5s }
"#,
        &expect![[r"
            group
            group/parallel
            group/parallel/one/test.hang
            group/parallel/two/wait
              group/parallel/one/test.hang: test.hang {}
            group handled by 0: step/timeout
            group ok
            test.hang
              abort
              abort
              abort
              test.hang: test.hang {}
            test.hang failed: step/timeout
              abort
            failed at test.hang: step/timeout: the step took longer than 5s
        "]],
    );
}

#[test]
fn one_branch_that_fails_ends_the_others() {
    check(
        r#"
flow: side-by-side
steps:
  - parallel:
      one: [ { wait: "1h" }, { uses: test.echo, with: { value: "never" } } ]
      two: [ { uses: test.fail, with: { code: "net/down", kind: "it" } } ]
"#,
        &expect![[r#"
            parallel
            parallel/one/wait
            parallel/two/test.fail
              parallel/two/test.fail: test.fail {"code":"net/down","kind":"it"}
            parallel/two/test.fail failed: net/down
            parallel failed: net/down
              abort
            failed at parallel/two/test.fail: net/down: it did not work
        "#]],
    );
}

#[test]
fn endless_loops_are_ended() {
    let told = run(r#"
flow: endless
steps:
  - loop: { while: "${{ true }}" }
    steps: [ { set: { n: "x" } } ]
"#);
    let end = "run/too-many-steps: the run has performed 1000 steps and goes on";
    assert_eq!(told.lines().last(), Some(&*format!("failed at loop[499]/set: {end}")));
}

#[test]
fn expressions_fail_with_their_place() {
    check(
        r#"
flow: wrong
inputs: { row: any }
steps:
  - { id: bad, uses: test.echo, with: { value: "total: ${{ inputs.row.amount }}" } }
"#,
        &expect![[r"
            bad
            bad failed: expr/missing-field
            failed at bad: expr/missing-field: `inputs.row.amount` is missing: `inputs.row` is null; in `inputs.row.amount`, inputs.row.amount is missing (flow.yaml:5:60)
        "]],
    );
    check(
        r#"
flow: wrong
steps:
  - { id: bad, uses: test.echo, with: { value: "total: ${{ [1] }}" } }
"#,
        &expect![[r"
            bad
            bad failed: expr/type
            failed at bad: expr/type: list cannot stand within a text (flow.yaml:4:60)
        "]],
    );
}

#[test]
fn what_is_made_of_secrets_is_masked() {
    check(
        r#"
flow: secrets
inputs: { key: { type: text, default: "s3cret", sensitive: true } }
steps:
  - set: { made: "key ${{ inputs.key }}" }
  - { id: open, uses: test.echo, with: { value: "plain" } }
  - { id: shut, uses: test.echo, with: { value: "${{ made }}" } }
  - { uses: test.echo, with: { value: "${{ shut }}" } }
  - { uses: test.echo, log: masked, with: { value: "1" } }
  - { fail: "not ${{ made }}" }
"#,
        &expect![[r#"
            set
            set ok
            open
              open: test.echo {"value":"plain"}
            open ok
            shut
              shut: test.echo {"value":"key s3cret"} (masked)
            shut ok
            test.echo
              test.echo: test.echo {"value":"key s3cret"} (masked)
            test.echo ok
            test.echo#2
              test.echo#2: test.echo {"value":"1"} (masked)
            test.echo#2 ok
            fail
            fail failed: flow/failed
            failed at fail: flow/failed: what it says is kept as a secret
        "#]],
    );
}
