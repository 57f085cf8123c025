//! Actions, flows and files that the flows of these tests can use.

use std::collections::HashMap;

use flow::expr::Type;
use flow::signature::{Effect, Output, Param};
use flow::{Catalog, Contract, Signature, Source, sample};
use indexmap::IndexMap;

/// A small world.
pub(crate) struct World {
    actions: IndexMap<String, Signature>,
    flows: HashMap<String, Contract>,
}

impl World {
    pub(crate) fn new() -> Self {
        let signatures = [queues(), values(), outside(), plugin()].concat();
        let actions = signatures.into_iter().map(|it| (it.name.clone(), it)).collect();
        let mut world = Self { actions, flows: HashMap::new() };
        for text in FLOWS {
            let (flow, problems) = flow::read(Source::new("callee.yaml", *text));
            assert!(problems.is_empty(), "{problems:?}");
            let mut flow = flow.expect("it was read");
            let checked = flow::check::examine(&mut flow, &world);
            world.flows.insert(flow.name.value.clone(), checked.contract);
        }
        world
    }
}

/// Flows that others may call.
const FLOWS: &[&str] = &[
    "flow: other-flow\nsteps: [ { uses: log, with: { message: hello } } ]\n",
    "\
flow: total-of
inputs:
  amounts: { list: number }
  currency: { type: { words: [EUR, USD] }, default: EUR }
outputs:
  total: ${{ sum(inputs.amounts) }}
  text: ${{ inputs.currency }}
steps: [ { wait: 1s } ]
",
    "flow: tell\nsteps: [ { uses: http.request, with: { url: 'https://example.org' } } ]\n",
    "flow: round-trip\nsteps: [ { call: checked } ]\n",
];

impl Catalog for World {
    fn action(&self, name: &str) -> Option<&Signature> {
        self.actions.get(name)
    }

    fn actions(&self) -> Vec<&str> {
        self.actions.keys().map(String::as_str).collect()
    }

    fn flow(&self, name: &str) -> Option<&Contract> {
        self.flows.get(name)
    }

    fn flows(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.flows.keys().map(String::as_str).collect();
        names.sort_unstable();
        names
    }

    fn file(&self, path: &str) -> Result<String, String> {
        match path {
            "invoice.json" => {
                let text = r#"{"id":"a","amount":1,"due":null,"lines":[{"sku":"x","qty":1}]}"#;
                Ok(text.to_owned())
            }
            "broken.json" => Ok("{".to_owned()),
            _ => Err("there is no such file".to_owned()),
        }
    }
}

fn queues() -> Vec<Signature> {
    let statuses = ["processed", "business-exception", "it-exception", "generic-exception"];
    let added = Type::object([("id", Type::Text), ("queue", Type::Text)]);
    let taken = Type::object([("id", Type::Text), ("token", Type::Text), ("value", Type::Unknown)]);
    let item = ("item", Type::Unknown, false);
    vec![
        action(
            "queue.add",
            Effect::Store,
            &[
                ("queue", Type::Text, true),
                ("value", Type::Unknown, true),
                ("name", Type::Text.optional(), false),
                ("priority", Type::word(["high", "normal", "low"]), false),
                ("expires", Type::Datetime.optional(), false),
                ("hold", Type::Bool, false),
            ],
            Output::Of(added),
        ),
        action(
            "queue.take",
            Effect::Store,
            &[("queue", Type::Text, true)],
            Output::Of(taken.optional()),
        ),
        action(
            "queue.update",
            Effect::Store,
            &[
                item.clone(),
                ("status", Type::word(statuses), false),
                ("result", Type::Text.optional(), false),
            ],
            Output::Nothing,
        ),
        action("queue.note", Effect::Store, &[item, ("note", Type::Text, true)], Output::Nothing),
    ]
}

fn values() -> Vec<Signature> {
    let unknown = Type::Unknown;
    vec![
        action(
            "json.parse",
            Effect::None,
            &[
                ("text", unknown.clone(), true),
                ("sample", Type::Text, false),
                ("schema", unknown.clone(), false),
            ],
            Output::From(sample::parsed),
        ),
        action("json.stringify", Effect::None, &[("value", unknown, true)], Output::Of(Type::Text)),
        action(
            "datetime.add",
            Effect::None,
            &[("to", Type::Datetime, true), ("days", Type::Number, false)],
            Output::Of(Type::Datetime),
        ),
        action("log", Effect::None, &[("message", Type::Unknown, true)], Output::Nothing),
    ]
}

fn outside() -> Vec<Signature> {
    let row = Type::object([("ID", Type::Text), ("Amount", Type::Number)]);
    vec![
        action(
            "csv.read",
            Effect::Outside,
            &[("file", Type::Text, true)],
            Output::Of(Type::stream(row)),
        ),
        action(
            "http.request",
            Effect::Outside,
            &[("url", Type::Text, true), ("headers", Type::map(Type::Text), false)],
            Output::Of(Type::object([("status", Type::Number), ("body", Type::Unknown)])),
        ),
    ]
}

/// A step whose records match names by their words, as those of plugins do.
fn plugin() -> Vec<Signature> {
    let fields = [("account_name", Type::Text), ("due", Type::Datetime), ("total", Type::Numeric)];
    let Type::Object(mut invoice) = Type::object(fields) else { return Vec::new() };
    invoice.loose = true;
    let mut signature = action(
        "finance/enter-invoice",
        Effect::Store,
        &[("invoice", Type::Object(invoice), true), ("dry_run", Type::Bool, false)],
        Output::Of(Type::object([("reference", Type::Text), ("note", Type::Text.optional())])),
    );
    signature.errors = vec![("finance/duplicate".to_owned(), "it is there already".to_owned())];
    vec![signature]
}

fn action(name: &str, effect: Effect, inputs: &[(&str, Type, bool)], output: Output) -> Signature {
    let param = |(name, takes, required): &(&str, Type, bool)| {
        let (takes, docs) = (takes.clone(), String::new());
        ((*name).to_owned(), Param { takes, required: *required, default: None, docs })
    };
    Signature {
        name: name.to_owned(),
        docs: String::new(),
        inputs: inputs.iter().map(param).collect(),
        output,
        effect,
        errors: Vec::new(),
    }
}
