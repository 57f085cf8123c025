//! `--where`: an expression over the fields of an item and what is in its value.

mod advice;
mod fields;

use flow::expr::{self, EvalError, Expr, Segment, Type};
use model::{Item, Sla, Value};

use crate::context::Context;
use crate::error::{Error, Result};
use crate::view::count;
use crate::view::item::Items;
use fields::Fields;

/// A checked expression, and what it could not be asked about.
pub(crate) struct Condition<'a> {
    expression: Expr,
    /// For the standing of an item: its queue is asked for only where the expression reads it.
    items: Option<Items<'a>>,
    skipped: u64,
    first_skipped: Option<Skipped>,
    /// Some item could be asked about.
    answered: bool,
}

/// An item that could not be asked about, and why.
struct Skipped {
    code: &'static str,
    message: String,
    hint: String,
}

impl<'a> Condition<'a> {
    pub(crate) fn parse(source: &str, context: &Context<'a>) -> Result<Self> {
        let refused = |problems| {
            let problems = advice::in_words_of_items(problems);
            Error::Expression { expression: source.to_owned(), problems }
        };
        let expression = expr::parse(source).map_err(refused)?;
        let mut problems = advice::unknown_words(&expression);
        let checked = expression.check(&fields::known());
        problems.extend(checked.problems);
        if !problems.is_empty() {
            return Err(refused(problems));
        }
        if !matches!(checked.result, Type::Bool | Type::Unknown) {
            return Err(not_a_condition(source, &checked.result.to_string()));
        }
        let standing = Segment::Name("sla".to_owned());
        let asks = expression.reads().iter().any(|path| path.0.first() == Some(&standing));
        let items = asks.then(|| Items::new(context.store, context.now()));
        Ok(Self { expression, items, skipped: 0, first_skipped: None, answered: false })
    }

    /// Whether the item matches. An item that lacks what is asked about does not, and is counted.
    pub(crate) fn holds(&mut self, item: &Item) -> Result<bool> {
        let sla = self.items.as_mut().map_or(Ok(None), |items| items.sla(item))?;
        match self.eval(item, sla) {
            Ok(answer) => {
                self.answered = true;
                self.truth(&answer)
            }
            Err(error) => {
                self.skipped += 1;
                self.first_skipped.get_or_insert_with(|| Skipped::new(item, &error));
                Ok(false)
            }
        }
    }

    fn eval(&self, item: &Item, sla: Option<Sla>) -> std::result::Result<Value, EvalError> {
        self.expression.eval(&Fields { item, sla })
    }

    fn truth(&self, answer: &Value) -> Result<bool> {
        let wrong = || not_a_condition(self.expression.source(), answer.type_name());
        answer.as_bool().ok_or_else(wrong)
    }

    pub(crate) fn forget_skipped(&mut self) {
        self.skipped = 0;
        self.first_skipped = None;
        self.answered = false;
    }

    /// What to tell about the items that could not be asked about.
    pub(crate) fn skipped(&self) -> Option<String> {
        let first = self.first_skipped.as_ref()?;
        let items = count(self.skipped, "item");
        let (reason, hint) = (&first.message, &first.hint);
        Some(format!(
            "passed over {items} that the condition cannot be asked about; {reason}\nhint: {hint}"
        ))
    }

    /// The same as an error, where there were items and none of them could be asked about.
    pub(crate) fn unanswered(&self) -> Option<Error> {
        let first = self.first_skipped.as_ref().filter(|_| !self.answered)?;
        let items = count(self.skipped, "item");
        let reason = &first.message;
        Some(Error::Unanswered {
            code: first.code,
            message: format!("the condition cannot be asked about {items}; {reason}"),
            hint: first.hint.clone(),
        })
    }
}

impl Skipped {
    fn new(item: &Item, error: &EvalError) -> Self {
        Self {
            code: error.problem.code,
            message: format!("item {}: {}", item.id, error.problem.message),
            hint: error.problem.hint.clone(),
        }
    }
}

fn not_a_condition(source: &str, found: &str) -> Error {
    Error::usage(
        format!("`{source}` is of type {found}, where true or false is needed"),
        "compare: --where 'value.Amount > 500'",
    )
}
