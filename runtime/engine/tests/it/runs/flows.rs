//! The flows of the walkthroughs.

use engine::machine::Outcome;
use expect_test::expect;

use super::stage::Stage;

pub(super) const INGEST: &str = r#"
flow: ingest
inputs: { file: { type: text, default: data/invoices.csv } }
outputs: { count: "${{ len(ids) }}" }
steps:
  - { id: rows, uses: csv.read, with: { file: "${{ inputs.file }}", header: true } }
  - { id: expiry, uses: datetime.add, with: { to: "${{ now }}", days: 7 } }
  - id: ids
    for-each: ${{ rows }}
    as: row
    collect: ${{ item_added.id }}
    steps:
      - id: item_added
        uses: queue.add
        with: { queue: orders, reference: "${{ row.ID }}", value: "${{ row }}", expires: "${{ expiry }}" }
"#;

pub(super) const PROCESS: &str = r#"
flow: process-orders
outputs: { done: "${{ done }}" }
steps:
  - id: done
    process: orders
    retries: 1
    steps:
      - { id: order, uses: json.parse, with: { text: "${{ item.value }}" } }
      - { id: decision, uses: finance/classify, with: { amount: "${{ number(order.Amount) }}" } }
      - switch: ${{ decision }}
        cases:
          - is: approved
            steps:
              - uses: queue.update
                with: { status: processed, result: "The invoice has been processed" }
        default:
          - uses: queue.add
            with: { queue: problems, value: "${{ order }}", reference: "${{ order.ID }}" }
          - uses: queue.update
            with: { status: business-exception, result: "The amount needs a manager's approval" }
"#;

/// Strands side by side, a called flow, handlers, waits, and a file.
pub(super) const MIXED: &str = r#"
flow: mixed
outputs: { twice: "${{ twice }}", called: "${{ sub.said }}", caught: "${{ caught ?? \"nothing\" }}" }
steps:
  - id: twice
    for-each: ${{ [1, 2, 3, 4] }}
    as: n
    parallel: 2
    collect: ${{ n * 2 }}
    steps:
      - uses: queue.add
        with: { queue: orders, value: "${{ n }}", reference: "N-${{ n }}" }
      - wait: 100ms
  - parallel:
      left:
        - uses: queue.add
          with: { queue: problems, value: "left", reference: "left" }
      right:
        - { uses: file.write, with: { file: data/out.txt, content: "right", how: replace } }
  - { id: sub, call: inner, with: { n: 7 } }
  - id: caught
    uses: queue.add
    with: { queue: orders, value: 1, reference: N-1 }
    on-error: [ { on: queue/duplicate-reference, then: continue } ]
  - group:
      - uses: queue.add
        with: { queue: problems, value: "in", reference: "in" }
      - fail: { kind: business, code: test/failed, message: "on purpose" }
    on-error:
      - on: test/*
        steps: [ { uses: queue.add, with: { queue: problems, value: "${{ error.code }}", reference: "handled" } } ]
        then: continue
---
flow: inner
inputs: { n: number }
outputs: { said: "${{ text(inputs.n) }}" }
steps:
  - uses: queue.add
    with: { queue: orders, value: "${{ inputs.n }}", reference: "called" }
"#;

pub(super) const INVOICES: &str = "ID,Amount\nI-1,1253.78\nI-2,5000\nI-3,4999.99\nI-4,12000\n";

#[test]
fn a_file_becomes_items_and_items_are_processed() {
    let stage = Stage::new(INGEST);
    stage.file("invoices.csv", INVOICES);
    let (outcome, trace) = stage.start("{}");
    assert_eq!(outcome, Outcome::Succeeded(model::json::parse(r#"{"count":4}"#).unwrap()));
    expect![[r"
        rows ok
        expiry ok
        ids[0]/item_added ok
        ids[1]/item_added ok
        ids[2]/item_added ok
        ids[3]/item_added ok
        ids ok
    "]]
    .assert_eq(&trace);
    assert_eq!(stage.queue("orders"), ["I-1 queued", "I-2 queued", "I-3 queued", "I-4 queued"]);

    let stage = Stage::new(PROCESS);
    for (reference, amount) in [("I-1", "1253.78"), ("I-2", "5000"), ("I-3", "4999.99")] {
        let value = format!(r#"{{"ID":"{reference}","Amount":"{amount}"}}"#);
        let mut new = stage.ground.new_item("orders", Some(reference));
        new.value = value;
        stage.ground.store().make(model::Change::Add(Box::new(new))).unwrap();
    }
    let (outcome, trace) = stage.start("{}");
    expect![[r#"
        done[0]/order ok
        done[0]/decision ok
        done[0]/switch/case#1/queue.update ok
        done[0]/switch ok
        done[1]/order ok
        done[1]/decision ok
        done[1]/switch/default/queue.add ok
        done[1]/switch/default/queue.update ok
        done[1]/switch ok
        done[2]/order ok
        done[2]/decision ok
        done[2]/switch/case#1/queue.update ok
        done[2]/switch ok
        done ok
        Succeeded(Object({"done": Object({"claimed": Number(Number("3")), "processed": Number(Number("2")), "failed": Number(Number("1"))})}))
        [
            "I-1 processed: The invoice has been processed",
            "I-2 business-exception: The amount needs a manager's approval",
            "I-3 processed: The invoice has been processed",
        ]
        [
            "I-2 queued",
        ]
    "#]].assert_eq(&format!("{trace}{outcome:?}\n{:#?}\n{:#?}\n", stage.queue("orders"), stage.queue("problems")));
}
