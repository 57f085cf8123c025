//! Records as JSON.

use indexmap::IndexMap;
use model::{Number, Timestamp, Value};

use super::{Entry, Inputs, Told};
use crate::machine::{Input, Settled, Ticket, failure_of, value_of_failure};

pub(super) fn write(entry: &Entry) -> Value {
    match entry {
        Entry::Begin(Input { inputs, trigger, item }) => object([
            ("inputs", Some(Value::Object(inputs.clone()))),
            ("trigger", trigger.clone()),
            ("item", item.clone()),
        ]),
        Entry::Start { ticket, inputs } => object([
            ("ticket", Some(of_ticket(*ticket))),
            ("inputs", Some(Value::Object(inputs.clone()))),
        ]),
        Entry::Done { ticket, inputs, since, output } => {
            let (word, output) = of_told(output);
            object([
                ("ticket", Some(of_ticket(*ticket))),
                ("since", Some(since.to_string().into())),
                ("inputs", inputs.clone().map(Value::Object)),
                (word, Some(output)),
            ])
        }
        Entry::Failed { ticket, inputs, since, failure } => object([
            ("ticket", Some(of_ticket(*ticket))),
            ("since", Some(since.to_string().into())),
            ("inputs", inputs.clone().map(Value::Object)),
            ("failure", Some(value_of_failure(failure))),
        ]),
        Entry::Fired { ticket } => object([("ticket", Some(of_ticket(*ticket)))]),
        Entry::Go | Entry::Stop => Value::Object(IndexMap::new()),
        Entry::Rejected(row) => row.clone(),
        Entry::List { number, items } => object([
            ("number", Some((*number).into())),
            ("items", Some(Value::List(items.clone()))),
        ]),
        Entry::Checkpoint(state) => state.clone(),
    }
}

pub(super) fn read(kind: &str, data: &Value) -> Option<Entry> {
    let entry = match kind {
        "begin" => Entry::Begin(Input {
            inputs: data.get("inputs")?.as_object()?.clone(),
            trigger: data.get("trigger").cloned(),
            item: data.get("item").cloned(),
        }),
        "start" => Entry::Start { ticket: ticket(data)?, inputs: inputs(data)? },
        "done" => Entry::Done {
            ticket: ticket(data)?,
            inputs: inputs(data),
            since: since(data)?,
            output: told(data)?,
        },
        "failed" => Entry::Failed {
            ticket: ticket(data)?,
            inputs: inputs(data),
            since: since(data)?,
            failure: Box::new(failure_of(data.get("failure")?).ok()?),
        },
        "fired" => Entry::Fired { ticket: ticket(data)? },
        "go" => Entry::Go,
        "stop" => Entry::Stop,
        "rejected" => Entry::Rejected(data.clone()),
        "list" => Entry::List {
            number: data.get("number")?.as_number()?.as_u64()?,
            items: data.get("items")?.as_list()?.to_vec(),
        },
        "checkpoint" => Entry::Checkpoint(data.clone()),
        _ => return None,
    };
    Some(entry)
}

fn object<const N: usize>(fields: [(&str, Option<Value>); N]) -> Value {
    let present = fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Value::Object(present.collect())
}

fn of_ticket(ticket: Ticket) -> Value {
    let (slot, stamp) = ticket.numbers();
    Value::List(vec![slot.into(), stamp.into()])
}

fn ticket(data: &Value) -> Option<Ticket> {
    let [slot, stamp] = data.get("ticket")?.as_list()? else { return None };
    let number = |value: &Value| value.as_number().and_then(Number::as_u64);
    Some(Ticket::of_numbers(number(slot)?, number(stamp)?))
}

fn inputs(data: &Value) -> Option<Inputs> {
    data.get("inputs")?.as_object().cloned()
}

fn since(data: &Value) -> Option<Timestamp> {
    data.get("since")?.as_text()?.parse().ok()
}

fn of_told(told: &Told) -> (&'static str, Value) {
    match told {
        Told::Value(value) => ("output", value.clone()),
        Told::Stream(stream) => ("stream", stream.clone()),
        Told::Rows { after, count, last } => {
            let (after, count) = ((*after).into(), (*count).into());
            ("rows", Value::List(vec![after, count, (*last).into()]))
        }
        Told::Claimed(None) => ("claimed", Value::Null),
        Told::Claimed(Some((item, token))) => {
            ("claimed", Value::List(vec![item.clone(), token.to_string().into()]))
        }
        Told::Settled(settled) => ("settled", settled.name().into()),
    }
}

fn told(data: &Value) -> Option<Told> {
    if let Some(value) = data.get("output") {
        return Some(Told::Value(value.clone()));
    }
    if let Some(stream) = data.get("stream") {
        return Some(Told::Stream(stream.clone()));
    }
    if let Some(claimed) = data.get("claimed") {
        if claimed.is_null() {
            return Some(Told::Claimed(None));
        }
        let [item, token] = claimed.as_list()? else { return None };
        return Some(Told::Claimed(Some((item.clone(), token.as_text()?.parse().ok()?))));
    }
    if let Some(word) = data.get("settled") {
        let word = word.as_text()?;
        let found = Settled::ALL.into_iter().find(|settled| settled.name() == word);
        return found.map(Told::Settled);
    }
    let [after, count, last] = data.get("rows")?.as_list()? else { return None };
    let number = |value: &Value| value.as_number().and_then(Number::as_u64);
    Some(Told::Rows { after: number(after)?, count: number(count)?, last: last.as_bool()? })
}
