//! Machines that are saved and restored go on as if nothing had been.

use super::stage::{Stage, flows, input, options, run_on};
use crate::machine::{Event, Machine};

/// Everything that can be in progress, in one flow.
const ALL: &str = r#"
flow: all
inputs: { key: { type: text, default: "k", sensitive: true } }
outputs: { out: "${{ out }}", sum: "${{ sum }}" }
steps:
  - set: { sum: "${{ 0 }}", made: "${{ inputs.key }}" }
  - { id: rows, uses: test.rows, with: { rows: "${{ [1, 2, 3] }}" } }
  - for-each: ${{ rows }}
    as: row
    index: i
    steps:
      - switch: ${{ row }}
        cases:
          - is: ["${{ 2 }}"]
            steps:
              - uses: test.fail
                with: { code: "row/odd", kind: "business" }
                on-error: [ { then: reject } ]
        default:
          - { id: same, uses: test.echo, with: { value: "${{ row }}" } }
          - set: { sum: "${{ sum + same }}" }
  - id: out
    for-each: ${{ [10, 20, 30] }}
    as: n
    parallel: 2
    collect: ${{ one + n }}
    steps:
      - wait: "1s"
      - { id: one, uses: test.echo, with: { value: "${{ n }}" } }
  - parallel:
      left:
        - loop: { times: "${{ 2 }}" }
          steps: [ { uses: test.echo, with: { value: "${{ made }}" } } ]
      right: [ { call: inner, with: { a: "${{ sum }}" } } ]
  - process: "orders"
    retries: 1
    limit: ${{ 4 }}
    steps:
      - uses: test.fail
        with: { code: "net/down", kind: "it", times: "${{ 3 }}" }
        retry: { attempts: 2, delay: 1s }
  - timeout: 1m
    group: [ { uses: test.hang } ]
    on-error:
      - { on: it, steps: [ { wait: "1s" }, { uses: test.echo, with: { value: "${{ error.code }}" } } ], then: continue }
  - fail: { code: at/last, message: "the end" }
on-failure:
  - { uses: test.echo, with: { value: "${{ error.message }}" } }
---
flow: inner
inputs: { a: number }
outputs: { b: "${{ b }}" }
steps:
  - if: ${{ inputs.a > 1 }}
    then: [ { id: b, uses: test.echo, with: { value: "${{ inputs.a }}" } } ]
  - { id: b2, uses: test.echo, with: { value: "x" } }
  - { return: { b: "${{ b2 }}" } }
"#;

fn stage() -> Stage {
    let mut stage = Stage::new();
    stage.fill("orders", &["1", "2"]);
    stage
}

#[test]
fn saved_and_restored_between_all_events() {
    let plain = run_on(&mut stage(), ALL, input("{}"));
    let mut through = stage();
    through.through_states = true;
    // Rows in hand are not saved: they are read again.
    let steps = |told: &str| {
        let lines = told.lines().filter(|line| !line.contains(": read behind "));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(steps(&run_on(&mut through, ALL, input("{}"))), steps(&plain));
    assert!(plain.contains("failed at fail: at/last"), "{plain}");
}

#[test]
fn fed_again_it_stands_where_it_stood() {
    let mut first = stage();
    run_on(&mut first, ALL, input("{}"));
    let flows = flows(ALL);
    let play = |events: &[Event]| {
        let mut machine = Machine::new(&flows, options());
        let turns: Vec<_> = events.iter().map(|event| machine.next(event.clone())).collect();
        (machine.outcome().is_none().then(|| machine.save().state), turns)
    };
    for end in 0..=first.events.len() {
        let events = &first.events[..end];
        assert_eq!(play(events), play(events));
    }
}

#[test]
fn cancelled_machines_stop_everything() {
    let mut first = stage();
    run_on(&mut first, ALL, input("{}"));
    let flows = flows(ALL);
    for end in 1..first.events.len() {
        let mut machine = Machine::new(&flows, options());
        for event in &first.events[..end] {
            machine.next(event.clone());
        }
        let at = first.events[end - 1].at;
        let turn = machine.next(Event { at, what: crate::machine::What::Cancel });
        assert!(turn.effects.contains(&crate::machine::Effect::End));
        assert_eq!(machine.outcome(), Some(&crate::machine::Outcome::Cancelled));
    }
}
