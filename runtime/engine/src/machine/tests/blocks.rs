//! Every kind of step, where all goes well.

use expect_test::{Expect, expect};

use super::stage::{Stage, input, run, run_on, run_with};

fn check(text: &str, expected: &Expect) {
    expected.assert_eq(&run(text));
}

#[test]
fn steps_follow_one_another() {
    check(
        r#"
flow: plain
outputs: { said: "${{ total }}" }
steps:
  - set: { total: "${{ 1 }}" }
  - { id: more, uses: test.echo, with: { value: "${{ total + 1 }}" } }
  - set: { total: "${{ more * 10 }}" }
"#,
        &expect![[r#"
            set
            set ok
            more
              more: test.echo {"value":2}
            more ok
            set#2
            set#2 ok
            succeeded: {"said":20}
        "#]],
    );
}

#[test]
fn conditions_choose_blocks() {
    let text = r#"
flow: choice
inputs: { n: number }
outputs: { size: "${{ size }}" }
steps:
  - set: { size: "none" }
  - { uses: test.echo, if: "${{ inputs.n > 100 }}", with: { value: "huge" } }
  - if: ${{ inputs.n > 10 }}
    then: [ { set: { size: "big" } } ]
    else-if:
      - { if: "${{ inputs.n > 5 }}", then: [ { set: { size: "middle" } } ] }
    else: [ { set: { size: "small" } } ]
  - switch: ${{ size }}
    cases:
      - { is: ["small", "middle"], steps: [ { id: said, uses: test.echo, with: { value: "not ${{ 5 }} big" } } ] }
    default: [ { uses: test.echo, with: { value: "default" } } ]
"#;
    expect![[r#"
        set
        set ok
        test.echo skipped
        if
        if/else-if#1/set
        if/else-if#1/set ok
        if ok
        switch
        switch/case#1/said
          switch/case#1/said: test.echo {"value":"not 5 big"}
        switch/case#1/said ok
        switch ok
        succeeded: {"size":"middle"}
    "#]]
    .assert_eq(&run_with(text, r#"{"n": 7}"#));
    expect![[r#"
        set
        set ok
        test.echo skipped
        if
        if/then/set
        if/then/set ok
        if ok
        switch
        switch/default/test.echo
          switch/default/test.echo: test.echo {"value":"default"}
        switch/default/test.echo ok
        switch ok
        succeeded: {"size":"big"}
    "#]]
    .assert_eq(&run_with(text, r#"{"n": 11}"#));
}

#[test]
fn loops_go_over_lists() {
    check(
        r#"
flow: lists
outputs: { doubled: "${{ doubled }}", sum: "${{ sum }}" }
steps:
  - set: { sum: "${{ 0 }}" }
  - id: doubled
    for-each: ${{ [1, 2, 3, 4, 5] }}
    as: n
    index: i
    collect: ${{ n * 2 }}
    steps:
      - { continue: , if: "${{ n == 2 }}" }
      - { break: , if: "${{ i == 3 }}" }
      - set: { sum: "${{ sum + n }}" }
"#,
        &expect![[r#"
            set
            set ok
            doubled
            doubled[0]/continue skipped
            doubled[0]/break skipped
            doubled[0]/set
            doubled[0]/set ok
            doubled[1]/continue
            doubled[2]/continue skipped
            doubled[2]/break skipped
            doubled[2]/set
            doubled[2]/set ok
            doubled[3]/continue skipped
            doubled[3]/break
            doubled ok
            succeeded: {"doubled":[2,6],"sum":4}
        "#]],
    );
}

#[test]
fn loops_go_over_rows() {
    check(
        r#"
flow: rows
steps:
  - { id: rows, uses: test.rows, with: { rows: "${{ [1, 2, 3] }}" } }
  - for-each: ${{ rows }}
    as: row
    steps:
      - { uses: test.echo, with: { value: "${{ row }}" } }
"#,
        &expect![[r#"
            rows
              rows: test.rows {"rows":[1,2,3]}
            rows ok
            for-each
              for-each: read behind 0
            for-each[0]/test.echo
              for-each[0]/test.echo: test.echo {"value":1}
            for-each[0]/test.echo ok
            for-each[1]/test.echo
              for-each[1]/test.echo: test.echo {"value":2}
            for-each[1]/test.echo ok
              for-each: read behind 2
            for-each[2]/test.echo
              for-each[2]/test.echo: test.echo {"value":3}
            for-each[2]/test.echo ok
            for-each ok
            succeeded: {}
        "#]],
    );
}

#[test]
fn parallel_loops_keep_the_order_of_items() {
    check(
        r#"
flow: parallel-loop
outputs: { all: "${{ all }}" }
steps:
  - id: all
    for-each: ${{ [1, 2, 3] }}
    as: n
    parallel: 2
    collect: ${{ twice }}
    steps:
      - { id: once, uses: test.echo, with: { value: "${{ n }}" } }
      - { id: twice, uses: test.echo, with: { value: "${{ once * 2 }}" } }
"#,
        &expect![[r#"
            all
            all[0]/once
            all[1]/once
              all[0]/once: test.echo {"value":1}
              all[1]/once: test.echo {"value":2}
            all[0]/once ok
            all[0]/twice
              all[0]/twice: test.echo {"value":2}
            all[1]/once ok
            all[1]/twice
              all[1]/twice: test.echo {"value":4}
            all[0]/twice ok
            all[2]/once
              all[2]/once: test.echo {"value":3}
            all[1]/twice ok
            all[2]/once ok
            all[2]/twice
              all[2]/twice: test.echo {"value":6}
            all[2]/twice ok
            all ok
            succeeded: {"all":[2,4,6]}
        "#]],
    );
}

#[test]
fn branches_run_side_by_side() {
    check(
        r#"
flow: branches
steps:
  - parallel:
      left: [ { uses: test.echo, with: { value: "l" } }, { uses: test.echo, with: { value: "l2" } } ]
      right: [ { uses: test.echo, with: { value: "r" } } ]
"#,
        &expect![[r#"
            parallel
            parallel/left/test.echo
            parallel/right/test.echo
              parallel/left/test.echo: test.echo {"value":"l"}
              parallel/right/test.echo: test.echo {"value":"r"}
            parallel/left/test.echo ok
            parallel/left/test.echo#2
              parallel/left/test.echo#2: test.echo {"value":"l2"}
            parallel/right/test.echo ok
            parallel/left/test.echo#2 ok
            parallel ok
            succeeded: {}
        "#]],
    );
}

#[test]
fn conditions_end_loops() {
    check(
        r#"
flow: rounds
outputs: { n: "${{ n }}" }
steps:
  - set: { n: "${{ 0 }}" }
  - loop: { while: "${{ n < 2 }}" }
    steps: [ { set: { n: "${{ n + 1 }}" } } ]
  - loop: { until: "${{ last >= 10 }}" }
    steps:
      - { id: last, uses: test.echo, with: { value: "${{ n * 5 }}" } }
      - set: { n: "${{ n + 1 }}" }
  - loop: { times: "${{ 2 }}" }
    index: i
    steps: [ { uses: test.echo, with: { value: "${{ i }}" } } ]
"#,
        &expect![[r#"
            set
            set ok
            loop
            loop[0]/set
            loop[0]/set ok
            loop[1]/set
            loop[1]/set ok
            loop ok
            loop#2
            loop#2[0]/last
              loop#2[0]/last: test.echo {"value":10}
            loop#2[0]/last ok
            loop#2[0]/set
            loop#2[0]/set ok
            loop#2 ok
            loop#3
            loop#3[0]/test.echo
              loop#3[0]/test.echo: test.echo {"value":0}
            loop#3[0]/test.echo ok
            loop#3[1]/test.echo
              loop#3[1]/test.echo: test.echo {"value":1}
            loop#3[1]/test.echo ok
            loop#3 ok
            succeeded: {"n":3}
        "#]],
    );
}

#[test]
fn flows_call_flows() {
    check(
        r#"
flow: outer
outputs: { sum: "${{ sum.total }}" }
steps:
  - { id: sum, call: add, with: { a: "${{ 1 }}" } }
  - { id: early, call: early }
---
flow: add
inputs: { a: number, b: { type: number, default: 41 } }
outputs: { total: "${{ total }}" }
steps:
  - { id: total, uses: test.echo, with: { value: "${{ inputs.a + inputs.b }}" } }
---
flow: early
outputs: { word: "${{ \"late\" }}" }
steps:
  - return: { word: "early" }
  - { uses: test.echo, with: { value: "never" } }
"#,
        &expect![[r#"
            sum
            sum/total
              sum/total: test.echo {"value":42}
            sum/total ok
            sum ok
            early
            early/return
            early ok
            succeeded: {"sum":42}
        "#]],
    );
}

#[test]
fn queues_are_worked_until_they_are_empty() {
    let mut stage = Stage::new();
    stage.fill("orders", &["1", "2", "3"]);
    let text = r#"
flow: worker
outputs: { done: "${{ done }}" }
steps:
  - id: done
    process: "orders"
    retries: 1
    steps:
      - { uses: test.fail, if: "${{ item.value == 2 }}", with: { code: "net/down", kind: "it" } }
      - { uses: test.fail, if: "${{ item.value == 3 }}", with: { code: "a/b", kind: "business" } }
"#;
    expect![[r#"
        done
          done: claim from orders
        done[0]/test.fail skipped
        done[0]/test.fail#2 skipped
          done: settle "orders-0": ok
          done: claim from orders
        done[1]/test.fail
          done[1]/test.fail: test.fail {"code":"net/down","kind":"it"}
        done[1]/test.fail failed: net/down
          done: settle "orders-1": net/down
          done: claim from orders
        done[2]/test.fail
          done[2]/test.fail: test.fail {"code":"net/down","kind":"it"}
        done[2]/test.fail failed: net/down
          done: settle "orders-1": net/down
          done: claim from orders
        done[3]/test.fail skipped
        done[3]/test.fail#2
          done[3]/test.fail#2: test.fail {"code":"a/b","kind":"business"}
        done[3]/test.fail#2 failed: a/b
          done: settle "orders-2": a/b
          done: claim from orders
        done ok
        succeeded: {"done":{"claimed":4,"processed":1,"failed":2}}
    "#]]
    .assert_eq(&run_on(&mut stage, text, input("{}")));
}

#[test]
fn waits_and_groups_pass_the_time() {
    check(
        r#"
flow: waiting
outputs: { ended: "${{ now }}", asked: "${{ asked }}" }
steps:
  - group:
      - wait: "5m"
      - wait: { until: "2026-01-31T09:00:00Z" }
  - { id: asked, wait: stop-requested }
"#,
        &expect![[r#"
            group
            group/wait
            group/wait ok
            group/wait#2
            group/wait#2 ok
            group ok
            asked
            asked ok
            succeeded: {"ended":"2026-01-31T09:00:00Z","asked":false}
        "#]],
    );
}
