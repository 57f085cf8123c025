//! How many evaluations a second one core makes, filtering 100,000 items.

use std::time::Instant;

use flow::expr;
use model::{Value, json};

const ITEMS: u64 = 100_000;
const ROUNDS: u64 = 10;

fn item(number: u64) -> Value {
    let status = if number.is_multiple_of(2) { "queued" } else { "processed" };
    let text = format!(
        r#"{{"status":"{status}","value":{{"ID":"INV-{number}","Account":"Contoso","Amount":{}.50}}}}"#,
        number % 1000
    );
    json::parse(&text).expect("the text above is JSON")
}

#[expect(clippy::disallowed_methods, reason = "an example that measures time has to read it")]
fn main() {
    let items = (0..ITEMS).map(item).collect::<Vec<_>>();
    for source in [
        "value.Amount > 500",
        "value.Amount > 500 && status == 'queued'",
        "value.Amount * 1.19 > 500",
        "starts_with(value.ID, 'INV-1') and (value.Late ?? 0) == 0",
    ] {
        let filter = expr::parse(source).expect("the sources above are valid");
        let start = Instant::now();
        let mut matched = 0;
        for _ in 0..ROUNDS {
            let fits = |item: &&Value| filter.eval(*item) == Ok(Value::Bool(true));
            matched = items.iter().filter(fits).count();
        }
        let rate = (ITEMS * ROUNDS) as f64 / start.elapsed().as_secs_f64();
        println!("{rate:>10.0} evaluations/s, {matched} of {ITEMS} match: {source}");
    }
}
