//! `--where`: an expression over the fields of an item and what is in its value.

use std::borrow::Cow;

use flow::expr::{self, EvalError, Expr, Path, Scope, Segment, Type, Types};
use model::json::{self, Step};
use model::{Item, Value};

use crate::error::{Error, Result};
use crate::view::count;

/// A checked expression, and what it could not be asked about.
#[derive(Debug)]
pub(crate) struct Condition {
    expression: Expr,
    skipped: u64,
    first_skipped: Option<String>,
}

/// The fields an expression can read, with what is known of each, in the order of the output.
fn fields() -> Types {
    let text = || Type::Text;
    let maybe = || Type::Text.optional();
    let fields = [
        ("id", text()),
        ("queue", text()),
        ("name", maybe()),
        ("reference", maybe()),
        ("status", text()),
        ("priority", Type::Number),
        ("attempt", Type::Number),
        ("value", Type::Unknown),
        ("expires", maybe()),
        ("result", maybe()),
        ("delay_until", maybe()),
        ("worker", maybe()),
        ("retries", Type::Number),
        ("crashes", Type::Number),
        ("requeues", Type::Number),
        ("created", text()),
        ("modified", text()),
        ("completed", maybe()),
    ];
    fields.into_iter().map(|(name, known)| (name.to_owned(), known)).collect()
}

impl Condition {
    pub(crate) fn parse(source: &str) -> Result<Self> {
        let refused = |problems| Error::Expression { expression: source.to_owned(), problems };
        let expression = expr::parse(source).map_err(refused)?;
        let checked = expression.check(&fields());
        if !checked.problems.is_empty() {
            return Err(refused(checked.problems));
        }
        if !matches!(checked.result, Type::Bool | Type::Unknown) {
            return Err(not_a_condition(source, &checked.result.to_string()));
        }
        Ok(Self { expression, skipped: 0, first_skipped: None })
    }

    /// Whether the item matches. An item that lacks what is asked about does not, and is counted.
    pub(crate) fn holds(&mut self, item: &Item) -> Result<bool> {
        match self.eval(item) {
            Ok(answer) => self.truth(&answer),
            Err(error) => {
                self.skipped += 1;
                self.first_skipped.get_or_insert_with(|| told(item, &error));
                Ok(false)
            }
        }
    }

    fn eval(&self, item: &Item) -> std::result::Result<Value, EvalError> {
        self.expression.eval(&Fields(item))
    }

    fn truth(&self, answer: &Value) -> Result<bool> {
        let wrong = || not_a_condition(self.expression.source(), answer.type_name());
        answer.as_bool().ok_or_else(wrong)
    }

    pub(crate) fn forget_skipped(&mut self) {
        self.skipped = 0;
        self.first_skipped = None;
    }

    pub(crate) fn skipped(&self) -> Option<String> {
        let first = self.first_skipped.as_ref()?;
        let items = count(self.skipped, "item");
        Some(format!("passed over {items} that the condition cannot be asked about; {first}"))
    }
}

fn told(item: &Item, error: &EvalError) -> String {
    let hint = error.problem.hint.as_ref();
    let hint = hint.map(|hint| format!("\nhint: {hint}")).unwrap_or_default();
    format!("item {}: {}{hint}", item.id, error.problem.message)
}

fn not_a_condition(source: &str, found: &str) -> Error {
    Error::usage(
        format!("`{source}` is of type {found}, where true or false is needed"),
        "compare: --where 'value.Amount > 500'",
    )
}

/// An item as a scope. Of its value only what the expression asks for is read.
struct Fields<'i>(&'i Item);

impl Scope for Fields<'_> {
    fn read(&self, path: &Path) -> Option<Cow<'_, Value>> {
        let (Segment::Name(first), rest) = path.0.split_first()? else { return None };
        if first == "value" {
            let steps: Vec<Step<'_>> = rest.iter().map(step).collect();
            // What is stored is JSON: it was checked when it was added.
            return json::find(&self.0.value, &steps).ok().flatten().map(Cow::Owned);
        }
        rest.is_empty().then(|| field(self.0, first)).flatten().map(Cow::Owned)
    }

    fn names(&self) -> Vec<String> {
        fields().keys().cloned().collect()
    }
}

fn step(segment: &Segment) -> Step<'_> {
    match segment {
        Segment::Name(name) => Step::Name(name),
        Segment::Index(index) => Step::Index(*index),
    }
}

fn field(item: &Item, name: &str) -> Option<Value> {
    let text = |text: &dyn ToString| Value::Text(text.to_string());
    let life = &item.life;
    let maybe = |field: Option<&dyn ToString>| field.map_or(Value::Null, text);
    let time = |at: &Option<model::Timestamp>| at.map_or(Value::Null, |at| text(&at));
    let number = |number: u32| Value::from(u64::from(number));
    Some(match name {
        "id" => text(&item.id),
        "queue" => text(&item.queue),
        "name" => maybe(item.name.as_ref().map(|name| name as _)),
        "reference" => maybe(item.reference.as_ref().map(|reference| reference as _)),
        "status" => text(&life.status),
        "priority" => number(item.priority.number()),
        "attempt" => number(life.attempt),
        "expires" => time(&life.expires),
        "result" => maybe(item.result.as_ref().map(|result| result as _)),
        "delay_until" => time(&life.delay_until),
        "worker" => maybe(life.holder.as_ref().map(|holder| &holder.worker as _)),
        "retries" => number(life.retries),
        "crashes" => number(life.crashes),
        "requeues" => number(life.requeues),
        "created" => text(&item.created),
        "modified" => text(&item.modified),
        "completed" => time(&life.completed),
        _ => return None,
    })
}
