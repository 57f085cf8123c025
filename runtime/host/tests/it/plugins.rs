//! The plugins that come with wharf, on the real host and a real store: invoices that are judged,
//! entered, worked and routed, and texts and tables as flows bring them.

use std::sync::OnceLock;

use engine::grant::Table;
use engine::{Failure, Kind};
use host::{StepFrame, Steps};
use model::{Change, Item, NewItem, QueueState, Status, Value, json};

use crate::stage::{Stage, component, load};

fn finance() -> &'static Steps {
    static LOADED: OnceLock<Steps> = OnceLock::new();
    LOADED.get_or_init(|| load("finance", &component("finance")))
}

fn text() -> &'static Steps {
    static LOADED: OnceLock<Steps> = OnceLock::new();
    LOADED.get_or_init(|| load("text", &component("text")))
}

const TABLE: &str = include_str!("../../../../flows/vendor-invoices/vendor-invoice-items.csv");

/// A row of the example as it is queued: an object of texts.
fn row(id: &str) -> String {
    let mut lines = TABLE.lines();
    let columns = lines.next().unwrap().split(',');
    let cells = lines.map(|line| line.split(',')).find(|cells| cells.clone().nth(1) == Some(id));
    let fields =
        columns.zip(cells.unwrap()).map(|(column, cell)| (column.to_owned(), Value::from(cell)));
    json::write(&Value::Object(fields.collect()))
}

fn rows() -> Vec<String> {
    TABLE.lines().skip(1).map(|line| row(line.split(',').nth(1).unwrap())).collect()
}

/// A stage with the queues `ledger` and `exceptions` besides `orders`, where invoices wait.
struct Office(Stage);

impl Office {
    fn new() -> Self {
        let stage = Stage::new();
        for queue in ["ledger", "exceptions"] {
            stage.make_queue(queue);
        }
        Self(stage)
    }

    /// Queues an invoice.
    fn invoice(&self, value: &str, reference: Option<&str>) -> Item {
        let reference = reference.map(str::to_owned);
        let name = reference.as_ref().map(|reference| format!("Invoice {reference}"));
        let new = NewItem { reference, name, ..NewItem::new(self.0.id(), "orders", value) };
        let id = self.0.store().make(Change::Add(Box::new(new))).unwrap().id;
        self.0.item(id)
    }

    /// Performs a step that may process `orders`, use `ledger` and add to `exceptions`.
    fn perform(&self, step: &str, input: &str) -> Result<Value, Failure> {
        let may = |queue: &str, verbs: &[&str]| {
            (queue.to_owned(), verbs.iter().map(ToString::to_string).collect())
        };
        let queues = [
            may("orders", &["process"]),
            may("ledger", &["read", "add"]),
            may("exceptions", &["add"]),
        ];
        let table = Table {
            queues: queues.into(),
            files: [("ledger".to_owned(), "read-write".to_owned())].into(),
            ..Table::default()
        };
        self.perform_with(step, input, &table)
    }

    fn perform_with(&self, step: &str, input: &str, table: &Table) -> Result<Value, Failure> {
        self.0.perform_of(finance(), step, input, table, StepFrame::default())
    }

    fn statuses(&self, queue: &str) -> Vec<Status> {
        self.0.items(queue).into_iter().map(|item| item.life.status).collect()
    }
}

fn told(value: &Value) -> String {
    json::write(value)
}

fn code(failure: &Failure) -> (Kind, &str) {
    (failure.kind, &failure.code)
}

#[test]
fn a4_the_limit_itself_is_an_exception() {
    let office = Office::new();
    let classify = |amount: &str, limit: &str| {
        let invoice =
            format!(r#"{{"InvoiceId": "I-1", "AccountName": "Ann", "Amount": {amount}}}"#);
        let input = format!(r#"{{"invoice": {invoice}{limit}}}"#);
        told(&office.perform_with("classify", &input, &Table::default()).unwrap())
    };
    for amount in ["4999.99", "\"4999.99\"", "\" 3445.63 \"", "-1"] {
        assert_eq!(classify(amount, ""), r#""approved""#, "{amount}");
    }
    for amount in ["5000", "5000.00", "\"5000\"", "5000.01"] {
        let review = classify(amount, "");
        assert!(
            review.starts_with(r#"{"needs_review":{"reason":"The invoice amount 5000"#),
            "{review}"
        );
    }
    assert_eq!(classify("5000", r#", "limit": "5000.01""#), r#""approved""#);
}

#[test]
fn a5_one_row_needs_no_queue() {
    let office = Office::new();
    let input = format!(r#"{{"invoice": {}}}"#, row("I-1006"));
    let decision = office.perform_with("classify", &input, &Table::default()).unwrap();
    assert_eq!(told(&decision), r#""approved""#);
    for queue in ["orders", "ledger", "exceptions"] {
        assert_eq!(office.statuses(queue), []);
    }
}

#[test]
fn a6_a_queue_is_worked_to_its_end() {
    let office = Office::new();
    let items: Vec<Item> = rows().iter().map(|row| office.invoice(row, None)).collect();
    office.invoice(r#"{"InvoiceId": "I-9"}"#, None);
    let tally = office.perform("work-queue", r#"{"queue": "orders"}"#).unwrap();
    assert_eq!(told(&tally), r#"{"processed":20,"routed":11,"total":46924.46}"#);
    let statuses = office.statuses("orders");
    let count = |status| statuses.iter().filter(|it| **it == status).count();
    assert_eq!((count(Status::Processed), count(Status::BusinessException)), (20, 11));
    assert_eq!(office.0.log(), ["info 20 processed, 11 routed"]);
    let entries = office.0.items("ledger");
    assert_eq!((entries.len(), office.0.items("exceptions").len()), (20, 11));
    // The oldest was entered first, with its digits, and it says what became of it.
    assert_eq!(entries[0].reference.as_deref(), Some("I-1001"));
    assert!(entries[0].value.contains(r#""amount":3445.63"#), "{}", entries[0].value);
    let first = office.0.item(items[0].id);
    assert_eq!(first.result.as_deref(), Some("The invoice has been processed"));
    assert_eq!(first.life.attempt, 1);
}

#[test]
fn what_was_kept_outlasts_a_failure() {
    let office = Office::new();
    for id in ["I-1001", "I-1003", "I-1002"] {
        office.invoice(&row(id), None);
    }
    let pause = |state| {
        let queue = "exceptions".to_owned();
        office.0.store().make(Change::SetQueueState { queue, state }).unwrap();
    };
    pause(QueueState::Paused);
    let work = r#"{"queue": "orders", "limit": 2000}"#;
    office.invoice(&row("I-1001"), None);
    let failure = office.perform("work-queue", work).unwrap_err();
    assert_eq!(code(&failure), (Kind::It, "queue/paused"));
    pause(QueueState::Active);
    office.perform("work-queue", work).unwrap();
    assert!(office.statuses("orders").iter().all(|status| status.is_final()));
}

#[test]
fn an_invoice_is_entered_once() {
    let office = Office::new();
    let input = format!(r#"{{"invoice": {}}}"#, row("I-1006"));
    let entry = office.perform("enter-invoice", &input).unwrap();
    let expected = concat!(
        r#"{"invoice_id":"I-1006","account_name":"Fabrikam","amount":1253.78,"#,
        r#""entered":"2026-01-31T08:00:00Z"}"#,
    );
    assert_eq!(told(&entry), expected);
    let ledger = office.0.items("ledger");
    assert_eq!((ledger.len(), ledger[0].reference.as_deref()), (1, Some("I-1006")));
    assert_eq!((ledger[0].value.as_str(), ledger[0].life.expires), (expected, None));
    let twice = office.perform("enter-invoice", &input).unwrap_err();
    assert_eq!(code(&twice), (Kind::Business, "finance/duplicate"));
    assert_eq!(twice.message, "invoice I-1006 is in the ledger already");
    assert_eq!(
        twice.data.as_deref().map(told).as_deref(),
        Some(r#"{"invoice_id":"I-1006","entered":"2026-01-31T08:00:00Z"}"#)
    );
    assert_eq!(office.0.items("ledger").len(), 1);

    let in_file = || office.perform("enter-invoice-in-file", &input);
    in_file().unwrap();
    assert_eq!(code(&in_file().unwrap_err()), (Kind::Business, "finance/duplicate"));
    let lines = std::fs::read_to_string(office.0.place.path().join("ledger/invoices.jsonl"));
    assert_eq!(lines.unwrap(), format!("{expected}\n"));
}

const ROUTE: &str = r#"{"queue": "orders", "reason": "too much"}"#;

#[test]
fn a7_an_exception_moves_whole() {
    let office = Office::new();
    let item = office.invoice(r#"{"n":1.50}"#, Some("I-1"));
    office.perform("route-exception", ROUTE).unwrap();
    let ended = office.0.item(item.id);
    assert_eq!(ended.life.status, Status::BusinessException);
    assert_eq!(ended.result.as_deref(), Some("too much"));
    let routed = &office.0.items("exceptions")[0];
    assert_eq!((routed.value.as_str(), routed.life.status), (r#"{"n":1.50}"#, Status::Queued));
    let names = (routed.name.as_deref(), routed.reference.as_deref());
    assert_eq!(names, (Some("Invoice I-1"), Some("I-1")));
    let nothing = office.perform("route-exception", ROUTE).unwrap_err();
    assert_eq!(code(&nothing), (Kind::Generic, "finance/nothing-waits"));
}

#[test]
fn a7_an_exception_that_cannot_move_stays_whole() {
    let office = Office::new();
    let item = office.invoice("1", Some("I-1"));
    let only = [("orders".to_owned(), vec!["process".to_owned()])];
    let table = Table { queues: only.into(), ..Table::default() };
    let denied = office.perform_with("route-exception", ROUTE, &table).unwrap_err();
    assert_eq!(&*denied.code, "grant/denied");
    let taken =
        NewItem { reference: Some("I-1".into()), ..NewItem::new(office.0.id(), "exceptions", "0") };
    office.0.store().make(Change::Add(Box::new(taken))).unwrap();
    let refused = office.perform("route-exception", ROUTE).unwrap_err();
    assert_eq!(code(&refused), (Kind::Business, "queue/duplicate-reference"));
    let queue = "exceptions".to_owned();
    let stop = Change::SetQueueState { queue, state: QueueState::Paused };
    office.0.store().make(stop).unwrap();
    let closed = office.perform("route-exception", ROUTE).unwrap_err();
    assert_eq!(code(&closed), (Kind::It, "queue/paused"));
    // Three times it was handed out, and three times it went back as it was.
    assert_eq!(office.0.life(item.id), (Status::Queued, [3, 0, 0]));
    assert_eq!(office.0.item(item.id).result, None);
    assert_eq!(office.0.items("exceptions").len(), 1);
}

#[test]
fn texts_and_tables_need_no_grant() {
    let stage = Stage::new();
    let perform = |step: &str, input: &str| {
        stage.perform_of(text(), step, input, &Table::default(), StepFrame::default())
    };
    let rows = r#"[{"id": "I-1", "vendor": "Fabrikam", "amount": " 10.50 "},
        {"id": "I-2", "vendor": "Litware", "amount": 2},
        {"id": "I-1", "vendor": "Fabrikam ", "amount": ""}]"#;
    for (step, input, expected) in [
        ("read-amount", r#"{"text": "1.234,56 €"}"#.to_owned(), "1234.56"),
        ("read-amount", r#"{"text": "1,234", "decimal_mark": ","}"#.to_owned(), "1.234"),
        (
            "fill-template",
            r#"{"template": "Dear {a.b}: {sum}", "values": {"a": {"b": "Ann"}, "sum": 5.00}}"#
                .to_owned(),
            r#""Dear Ann: 5.00""#,
        ),
        (
            "total-by",
            format!(r#"{{"rows": {rows}, "by": ["vendor"], "totals": ["amount"]}}"#),
            concat!(
                r#"[{"vendor":"Fabrikam","count":2,"amount":10.50},"#,
                r#"{"vendor":"Litware","count":1,"amount":2}]"#,
            ),
        ),
        (
            "drop-duplicates",
            format!(r#"{{"rows": {rows}, "by": ["id"], "keep": "last"}}"#),
            concat!(
                r#"{"rows":[{"id":"I-2","vendor":"Litware","amount":2},"#,
                r#"{"id":"I-1","vendor":"Fabrikam ","amount":""}],"dropped":1}"#,
            ),
        ),
        (
            "join-rows",
            r#"{"rows": [{"v": 1}, {"v": 2}], "with": [{"v": 1, "to": "x"}], "by": ["v"]}"#
                .to_owned(),
            r#"[{"v":1,"to":"x"},{"v":2,"to":null}]"#,
        ),
    ] {
        let value = perform(step, &input).unwrap_or_else(|failure| panic!("{step}: {failure:?}"));
        assert_eq!(told(&value), expected, "{step}");
    }
    let failure = perform("read-amount", r#"{"text": "1,234"}"#).unwrap_err();
    assert_eq!(code(&failure), (Kind::Business, "text/ambiguous-amount"));
}
