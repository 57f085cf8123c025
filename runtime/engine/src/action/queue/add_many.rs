//! `queue.add-many`: many new items, with an outcome for each.

use flow::signature::Effect;
use indexmap::IndexMap;
use model::{Mode, Value, limits};

use super::add::New;
use crate::action::input::{Input, Inputs, read, words};
use crate::action::output::{Answer, given, of};
use crate::action::{Action, Output};
use crate::failure::{Failure, Kind};
use crate::limits::Exceeded;
use crate::shown::quoted;
use crate::step::Step;

pub(in crate::action) const ACTION: Action = Action {
    name: "queue.add-many",
    docs: "Adds many items to a queue, and tells what became of each.\n\nEach row takes what \
           `queue.add` takes, except for the queue. `all-or-nothing` fails if a row is refused, \
           and adds none; `stop-at-first` adds what comes before that row; `independent` adds all \
           others.",
    example: "\
id: added
uses: queue.add-many
with:
  queue: vendor-invoices
  mode: independent
  items:
    - { value: { ID: I-1001, Amount: 12.50 }, reference: I-1001 }
    - { value: { ID: I-1002, Amount: 99.00 }, reference: I-1002, priority: high }",
    effect: Effect::Store,
    errors: &[
        "queue/not-found",
        "queue/ambiguous",
        "queue/paused",
        "queue/stopped",
        "queue/rows-refused",
        "limit/exceeded",
    ],
    inputs: AddMany::params,
    output: of::<Report>,
    perform: |step, inputs| add_many(step, read(inputs)?),
};

inputs! {
    struct AddMany {
        /// Key, name or id of the queue.
        queue: String,
        /// The rows, at most 5,000.
        items: Rows,
        /// What a refused row means for the others: `all-or-nothing`, `stop-at-first` or
        /// `independent`.
        mode: Policy = "all-or-nothing",
    }
}

outputs! {
    struct Report { added: u64, refused: u64, skipped: u64, outcomes: Vec<Told>, }
}

outputs! {
    struct Told {
        index: u64,
        outcome: String,
        id: Option<String>,
        code: Option<String>,
        message: Option<String>,
        hint: Option<String>,
    }
}

/// Rows that are judged one by one, so that a bad one has an outcome like any other.
#[derive(Debug)]
struct Rows(Vec<Value>);

impl Input for Rows {
    fn takes() -> flow::expr::Type {
        Vec::<New>::takes()
    }

    fn read(value: Value) -> Result<Self, crate::action::given::Misfit> {
        Vec::read(value).map(Self)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Policy(Mode);

impl Policy {
    const ALL: [Self; 3] =
        [Self(Mode::AllOrNothing), Self(Mode::StopAtFirst), Self(Mode::Independent)];

    fn name(self) -> &'static str {
        match self.0 {
            Mode::AllOrNothing => "all-or-nothing",
            Mode::StopAtFirst => "stop-at-first",
            Mode::Independent => "independent",
        }
    }
}

words!(Policy);

fn add_many(step: &mut Step, inputs: AddMany) -> Result<Output, Failure> {
    let AddMany { queue, items: Rows(rows), mode: Policy(mode) } = inputs;
    check_count(rows.len())?;
    step.check_open(&queue)?;
    let mut outcomes = Vec::with_capacity(rows.len());
    let mut stopped = false;
    for (index, row) in rows.into_iter().enumerate() {
        if stopped {
            outcomes.push(Told::of(index, None));
            continue;
        }
        let added =
            New::read(row).map_err(|misfit| Failure::from(misfit.at(index).within("items")));
        let added = added.and_then(|new| Ok(new.add(step, &queue)?.to_string()));
        stopped = added.is_err() && mode == Mode::StopAtFirst;
        outcomes.push(Told::of(index, Some(added)));
    }
    let added = Report::of(outcomes);
    if mode == Mode::AllOrNothing && added.refused > 0 {
        return Err(added.into_failure(&queue));
    }
    Ok(given(added))
}

fn check_count(rows: usize) -> Result<(), Failure> {
    let most = limits::COMMIT_CHANGES_MAX;
    if rows <= most {
        return Ok(());
    }
    let limit = "commit-changes";
    let (actual, most) = (rows as u64, most as u64);
    Err(Exceeded { limit, actual, most, unit: "changes" }.into())
}

impl Told {
    fn of(index: usize, added: Option<Result<String, Failure>>) -> Self {
        let word = match &added {
            None => "skipped",
            Some(Ok(_)) => "added",
            Some(Err(_)) => "refused",
        };
        let (id, failure) = match added {
            None => (None, None),
            Some(Ok(id)) => (Some(id), None),
            Some(Err(failure)) => (None, Some(failure)),
        };
        let (code, message, hint) = match failure {
            None => (None, None, None),
            Some(it) => (Some(it.code.into_owned()), Some(it.message), it.hint),
        };
        Self { index: index as u64, outcome: word.into(), id, code, message, hint }
    }
}

impl Report {
    fn of(outcomes: Vec<Told>) -> Self {
        let count = |word: &str| outcomes.iter().filter(|it| it.outcome == word).count() as u64;
        let (added, refused, skipped) = (count("added"), count("refused"), count("skipped"));
        Self { added, refused, skipped, outcomes }
    }

    /// How many of the refused rows a failure tells about.
    const TOLD: usize = 20;

    fn into_failure(self, queue: &str) -> Failure {
        let rows = self.outcomes.len();
        let told = self.outcomes.into_iter().filter(|it| it.outcome == "refused");
        let told: Vec<Told> = told.take(Self::TOLD).collect();
        let first = told.first().and_then(|it| Some((it.index, it.message.clone()?)));
        let (index, message) = first.expect("at least one row was refused");
        let (queue, refused) = (quoted(queue), self.refused);
        let counted = format!("{refused} of {rows} rows for `{queue}` were refused");
        let message = format!("{counted}, the first of them row {index}: {message}");
        let hint = "`error.data.rows` tells about each; `mode: independent` adds the others";
        let data = IndexMap::from([("rows".to_owned(), told.value())]);
        let failure = Failure::new(Kind::Generic, "queue/rows-refused", message).with_hint(hint);
        Failure { data: Some(Box::new(data.into())), ..failure }
    }
}
