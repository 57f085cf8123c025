//! What every action promises, whatever it does.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use flow::expr::Type;
use flow::signature::Output as Gives;
use model::{Value, json};

use super::{GOOD, Ground, inputs, queues, refusals};
use crate::action::{ALL, MEANINGS, Output, perform, signatures};

/// Inputs that take any value, so that none is wrong.
const ANYTHING: &[(&str, &str)] = &[
    ("http.request", "json"),
    ("json.parse", "text"),
    ("json.stringify", "value"),
    ("log", "data"),
    ("queue.add", "value"),
    ("queue.update", "value"),
];

/// Errors that no action meets alone, and the tests of `queues` that make them happen.
const BY_SEVERAL: &[(&str, &str, fn())] = &[
    ("queue.list", "queue/not-written-yet", queues::lists_refuse_what_they_would_miss),
    ("queue.clear", "queue/not-written-yet", queues::lists_refuse_what_they_would_miss),
    ("queue.take", "limit/exceeded", queues::no_step_takes_without_end),
];

fn good(action: &str) -> &'static str {
    let found = GOOD.iter().find(|(name, _)| *name == action);
    found.unwrap_or_else(|| panic!("GOOD lacks {action}")).1
}

#[test]
fn good_inputs_give_what_is_declared() {
    for action in ALL {
        let ground = Ground::new();
        let output = ground.perform(action.name, good(action.name));
        let output = output.unwrap_or_else(|failure| panic!("{}: {failure}", action.name));
        match (action.signature().output, output) {
            (Gives::Nothing, Output::Nothing) | (Gives::From(_), Output::Stream(_)) => {}
            (Gives::Of(gives), Output::Value(value)) => {
                gives.takes_value(&value).unwrap_or_else(|it| panic!("{}: {it}", action.name));
            }
            (Gives::From(_), Output::Value(value)) => assert!(!value.is_null(), "{}", action.name),
            (_, output) => panic!("{} gives {output:?}", action.name),
        }
    }
}

#[test]
fn every_declared_error_can_happen() {
    let mut found: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let mut wrong = String::new();
    for (action, given, code, before) in refusals::ALL.concat() {
        let mut ground = Ground::new();
        before(&mut ground);
        let failure = ground.failure(action, given);
        if failure.code != code {
            writeln!(wrong, "{action} {given}: {} instead of {code}", failure.code).unwrap();
        }
        assert!(failure.hint.is_some_and(|hint| !hint.is_empty()), "{action} {code} hints nothing");
        found.entry(action).or_default().insert(code.to_owned());
    }
    for action in ALL {
        let mut declared: BTreeSet<String> =
            action.errors.iter().map(ToString::to_string).collect();
        // These need several actions in one step.
        for (of, code, _shown_by) in BY_SEVERAL {
            assert!(*of != action.name || declared.remove(*code), "{of} {code}");
        }
        let found = found.remove(action.name).unwrap_or_default();
        for code in declared.symmetric_difference(&found) {
            writeln!(wrong, "{}: {code}", action.name).unwrap();
        }
    }
    assert_eq!(wrong, "");
}

#[test]
fn every_meaning_belongs_to_an_action() {
    let declared: BTreeSet<&str> = ALL.iter().flat_map(|action| action.errors).copied().collect();
    let told: BTreeSet<&str> = MEANINGS.iter().map(|(code, _)| *code).collect();
    assert_eq!(declared, told);
    assert_eq!(told.len(), MEANINGS.len());
}

#[test]
fn every_input_is_judged() {
    for action in ALL {
        for (name, param) in action.signature().inputs {
            if ANYTHING.contains(&(action.name, name.as_str())) {
                assert!(matches!(param.takes, Type::Unknown), "{} {name}", action.name);
                continue;
            }
            let wrong =
                ["[[[]]]", r#"{"": [[]]}"#, r#""?""#].map(|text| json::parse(text).unwrap());
            let refused = wrong.into_iter().any(|value| is_refused(action.name, &name, value));
            assert!(refused, "{} does not look at `{name}`", action.name);
        }
    }
}

fn is_refused(action: &str, name: &str, value: Value) -> bool {
    let ground = Ground::new();
    let mut given = inputs(&ground.told(good(action)));
    given.insert(name.to_owned(), value);
    match ground.step(|step| perform(step, action, given)) {
        Ok(_) => false,
        Err(failure) => {
            let about = failure.message.strip_prefix('`').unwrap_or_default();
            about.starts_with(name) && failure.code.starts_with("action/")
        }
    }
}

#[test]
fn every_required_input_is_missed() {
    for action in ALL {
        for (name, _) in action.signature().inputs.iter().filter(|(_, param)| param.required) {
            let ground = Ground::new();
            let mut given = inputs(&ground.told(good(action.name)));
            given.shift_remove(name);
            let failure = ground.step(|step| perform(step, action.name, given)).unwrap_err();
            assert_eq!(failure.code, "action/missing-input", "{} {name}", action.name);
            assert!(failure.message.contains(&format!("`{name}`")), "{failure}");
        }
    }
}

#[test]
fn unknown_inputs_are_refused() {
    for action in ALL {
        let ground = Ground::new();
        let mut given = inputs(&ground.told(good(action.name)));
        given.insert("nonsense".into(), Value::Null);
        let failure = ground.step(|step| perform(step, action.name, given)).unwrap_err();
        assert_eq!(failure.code, "action/unknown-input", "{}", action.name);
    }
}

#[test]
fn names_are_near_and_apart() {
    let names: BTreeSet<&str> = ALL.iter().map(|action| action.name).collect();
    assert_eq!(names.len(), ALL.len());
    assert_eq!(signatures().len(), ALL.len());
    let ground = Ground::new();
    let failure = ground.failure("queue.ad", "{}");
    assert_eq!(failure.code, "action/not-found");
    assert_eq!(failure.hint.as_deref(), Some("did you mean `queue.add`?"));
}
