//! How many evaluations a second one core makes, filtering 100,000 items: of values in memory, and
//! of stored items, whose value is JSON text that is only looked at where the filter reads it.

use std::borrow::Cow;
use std::time::Instant;

use flow::expr::{self, Expr, Path, Scope, Segment};
use model::Value;
use model::json::{self, Step};

const ITEMS: u64 = 100_000;
const ROUNDS: u64 = 5;

struct Item {
    status: Value,
    value: String,
}

impl Item {
    fn new(number: u64) -> Self {
        let status = if number.is_multiple_of(2) { "queued" } else { "processed" };
        let amount = number % 1000;
        let value = format!(r#"{{"ID":"INV-{number}","Account":"Contoso","Amount":{amount}.50}}"#);
        Self { status: status.into(), value }
    }

    fn in_memory(&self) -> Value {
        let text = format!(r#"{{"status":{},"value":{}}}"#, self.status, self.value);
        json::parse(&text).expect("the text above is JSON")
    }
}

impl Scope for Item {
    fn read(&self, path: &Path) -> Option<Cow<'_, Value>> {
        let Some((Segment::Name(root), rest)) = path.0.split_first() else {
            return None;
        };
        match root.as_str() {
            "status" if rest.is_empty() => Some(Cow::Borrowed(&self.status)),
            "value" => {
                let steps = rest.iter().map(Step::from).collect::<Vec<_>>();
                json::find(&self.value, &steps).ok().flatten().map(Cow::Owned)
            }
            _ => None,
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "an example that measures time has to read it")]
fn rate<S: Scope>(filter: &Expr, items: &[S]) -> f64 {
    let start = Instant::now();
    for _ in 0..ROUNDS {
        let fits = |item: &&S| filter.eval(*item) == Ok(Value::Bool(true));
        assert!(items.iter().filter(fits).count() > 0, "the filters above find something");
    }
    (ITEMS * ROUNDS) as f64 / start.elapsed().as_secs_f64()
}

fn main() {
    let stored = (0..ITEMS).map(Item::new).collect::<Vec<_>>();
    let in_memory = stored.iter().map(Item::in_memory).collect::<Vec<_>>();
    println!("  in memory     stored   evaluations/s");
    for source in [
        "value.Amount > 500",
        "value.Amount > 500 && status == 'queued'",
        "value.Amount * 1.19 > 500",
        "starts_with(value.ID, 'INV-1') and (value.Late ?? 0) == 0",
    ] {
        let filter = expr::parse(source).expect("the sources above are valid");
        let (memory, stored) = (rate(&filter, &in_memory), rate(&filter, &stored));
        println!("{memory:>11.0}{stored:>11.0}   {source}");
    }
}
