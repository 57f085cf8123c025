//! How long it takes to carry an invoice of ten lines into a component, and out of it, without
//! the component itself.

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use host::types::{Field, Integer, Origin, Record};
use host::value::{arguments, output};
use host::{Members, Name, Outcome, StepSignature, Type};
use model::json;

/// Windows short enough that some of them pass undisturbed on a busy machine.
const WINDOWS: u32 = 200;
const ROUNDS: u32 = 1_000;

fn origin(name: &str) -> Origin {
    Origin { interface: None, name: Name::new(name) }
}

fn record(name: &str, fields: Vec<(&str, Type)>) -> Type {
    let field =
        |(name, ty): (&str, _)| Field { name: Name::new(name), docs: None, ty, default: None };
    let fields = Members::new(fields.into_iter().map(field).collect());
    Type::Record(Arc::new(Record { origin: origin(name), docs: None, open: false, fields }))
}

fn invoice() -> Type {
    let line = record(
        "line",
        vec![
            ("text", Type::Text),
            ("unit-price", Type::F64),
            ("quantity", Type::Integer(Integer::U32)),
            ("discount", Type::Option(Arc::new(Type::F64))),
        ],
    );
    record(
        "invoice",
        vec![
            ("number", Type::Text),
            ("due-date", Type::Option(Arc::new(Type::Text))),
            ("lines", Type::List(Arc::new(line))),
            ("tags", Type::Map(Arc::new(Type::Text))),
        ],
    )
}

fn step() -> StepSignature {
    let params = [("invoice", invoice()), ("limit", Type::F64)];
    let params =
        params.map(|(name, ty)| Field { name: Name::new(name), docs: None, ty, default: None });
    StepSignature {
        name: "classify".into(),
        interface: None,
        function: "classify".into(),
        infallible: false,
        is_async: false,
        docs: None,
        params: Members::new(params.into()),
        outcome: Outcome::Value(Some(invoice())),
        source: None,
    }
}

fn text() -> String {
    let line = r#"{"text":"Paper, white, 80 g","unit_price":4.95,"quantity":12,"discount":null}"#;
    let lines = [line; 10].join(",");
    format!(
        r#"{{"invoice":{{"number":"INV-2026-0815","due_date":"2026-05-01","lines":[{lines}],
            "tags":{{"account":"4711","region":"EU"}}}},"limit":5000}}"#
    )
}

#[expect(clippy::disallowed_methods, reason = "an example that measures time has to read it")]
fn time<T>(mut work: impl FnMut() -> T) -> Duration {
    (0..WINDOWS)
        .map(|_| {
            let start = Instant::now();
            for _ in 0..ROUNDS {
                black_box(work());
            }
            start.elapsed() / ROUNDS
        })
        .min()
        .unwrap_or_default()
}

fn main() {
    let step = step();
    let text = text();
    let input = json::parse(&text).expect("the text above is JSON");
    let vals = arguments(&step, &input).expect("it fits");
    let copied = time(|| vals[0].clone());
    let returned = time(|| output(&step, Some(vals[0].clone())));
    println!("text to value  {:?}", time(|| json::parse(&text)));
    println!("value to vals  {:?}", time(|| arguments(&step, &input)));
    println!("val to value   {:?}", returned.saturating_sub(copied));
}
