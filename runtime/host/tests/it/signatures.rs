//! The corpus: what is read from components of many shapes.

use std::fmt::Write as _;

use expect_test::{expect, expect_file};
use host::signature::{Import, Provider};
use host::{Error, Outcome, Signature, StepError, StepSignature, Type, types};

use crate::component;

/// The signature as a person would write it down.
fn told(signature: &Signature) -> String {
    let mut text = String::new();
    for interface in &signature.interfaces {
        writeln!(text, "interface {}", interface.name).expect("a string");
        for (word, said) in [
            ("docs", &interface.docs),
            ("plugin", &interface.plugin),
            ("version", &interface.version),
            ("sdk", &interface.sdk),
        ] {
            if let Some(said) = said {
                writeln!(text, "  {word}: {said}").expect("a string");
            }
        }
    }
    for step in &signature.steps {
        tell_step(&mut text, step);
    }
    for Import { name, from, functions } in &signature.imports {
        let from = match from {
            Provider::Host(interface) => format!("host {interface}"),
            Provider::Wasi => "wasi".to_owned(),
        };
        writeln!(text, "import {name} ({from}): {}", functions.join(", ")).expect("a string");
    }
    for ty in named(signature) {
        tell_type(&mut text, &ty);
    }
    text
}

fn tell_step(text: &mut String, step: &StepSignature) {
    let is_async = if step.is_async { "async " } else { "" };
    let from = step.interface.as_deref().unwrap_or("the component");
    writeln!(text, "{is_async}step {} = {} of {from}", step.name, step.function).expect("a string");
    if let Some(docs) = &step.docs {
        writeln!(text, "  docs: {docs}").expect("a string");
    }
    if let Some(source) = &step.source {
        writeln!(text, "  at {source}").expect("a string");
    }
    for field in step.params.iter() {
        tell_field(text, field);
    }
    let shown = |ty: &Option<Type>| ty.as_ref().map_or("nothing".to_owned(), Type::to_string);
    match &step.outcome {
        Outcome::Value(ty) => writeln!(text, "  -> {}", shown(ty)),
        Outcome::Fallible { ok, err: StepError::Failure(err) } => {
            writeln!(text, "  -> {}, or fails as it says in {err}", shown(ok))
        }
        Outcome::Fallible { ok, err: StepError::Other(err) } => {
            writeln!(text, "  -> {}, or fails with {}", shown(ok), shown(err))
        }
    }
    .expect("a string");
}

fn tell_field(text: &mut String, field: &types::Field) {
    let default = field.default.as_ref().map_or(String::new(), |value| format!(" = {value}"));
    let docs = field.docs.as_ref().map_or(String::new(), |docs| format!("  // {docs}"));
    let missing = if field.may_be_missing() { "?" } else { "" };
    writeln!(text, "  {}{missing}: {}{default}{docs}", field.name.snake(), field.ty)
        .expect("a string");
}

fn tell_type(text: &mut String, ty: &Type) {
    let origin = ty.origin().expect("only types with names are told");
    let from = origin.interface.as_deref().unwrap_or("the component");
    let (word, docs) = match ty {
        Type::Record(record) if record.open => ("open record", &record.docs),
        Type::Record(record) => ("record", &record.docs),
        Type::Enum(choice) => ("enum", &choice.docs),
        Type::Variant(choice) => ("variant", &choice.docs),
        Type::Flags(choice) => ("flags", &choice.docs),
        _ => unreachable!("other types have no name"),
    };
    writeln!(text, "{word} {} of {from}", origin.name.kebab()).expect("a string");
    if let Some(docs) = docs {
        writeln!(text, "  docs: {docs}").expect("a string");
    }
    match ty {
        Type::Record(record) => record.fields.iter().for_each(|field| tell_field(text, field)),
        Type::Enum(choice) | Type::Variant(choice) | Type::Flags(choice) => {
            for case in choice.cases.iter() {
                let payload =
                    case.payload.as_ref().map_or(String::new(), |ty| format!(" with {ty}"));
                let docs = case.docs.as_ref().map_or(String::new(), |docs| format!("  // {docs}"));
                writeln!(text, "  {}{payload}{docs}", case.name.snake()).expect("a string");
            }
        }
        _ => {}
    }
}

/// The types with a name, in the order in which they turn up.
fn named(signature: &Signature) -> Vec<Type> {
    let mut found = Vec::new();
    for step in &signature.steps {
        let params = step.params.iter().map(|field| &field.ty);
        let (value, err) = match &step.outcome {
            Outcome::Value(value) => (value.as_ref(), None),
            Outcome::Fallible { ok, err: StepError::Failure(err) } => (ok.as_ref(), Some(err)),
            Outcome::Fallible { ok, err: StepError::Other(err) } => (ok.as_ref(), err.as_ref()),
        };
        params.chain(value).chain(err).for_each(|ty| collect(ty, &mut found));
    }
    found
}

fn collect(ty: &Type, found: &mut Vec<Type>) {
    if ty.origin().is_some() {
        if found.contains(ty) {
            return;
        }
        found.push(ty.clone());
    }
    ty.parts().into_iter().for_each(|part| collect(part, found));
}

macro_rules! corpus {
    ($($test:ident: $file:literal;)*) => {$(
        #[test]
        fn $test() {
            let wit = include_str!(concat!("../data/signatures/", $file, ".wit"));
            let signature = Signature::decode(&component::from_wit(wit)).expect($file);
            expect_file![concat!("../data/signatures/", $file, ".txt")]
                .assert_eq(&told(&signature));
        }
    )*};
}

corpus! {
    every_type_goes_both_ways: "every-type";
    types_of_host_are_recognised: "host-types";
    names_that_clash_are_longer: "clashing-names";
    direct_exports_are_steps_too: "direct";
    interfaces_of_tools_are_passed_over: "tools";
    outcomes_of_other_languages_load: "outcomes";
    imports_are_what_it_can_do: "imports";
    types_are_shared_across_interfaces: "shared-types";
}

fn read_with_meta(entries: &[&str]) -> Result<Signature, Error> {
    let wit = include_str!("../data/signatures/shared-types.wit");
    let section = component::entries(entries);
    Signature::decode(&component::with_core_sections(wit, &[("wharf:meta", &section)]))
}

#[test]
fn meta_tells_docs_and_defaults() {
    let finance = r#"{
      "format": 1, "sdk": "rust 0.1.0", "plugin": "finance", "version": "0.1.0",
      "interface": "finance", "docs": "Steps for the portal.", "unknown": [1],
      "steps": [
        {"name": "classify", "docs": "Decides.", "file": "src/lib.rs", "line": 14,
         "params": [{"name": "invoice"}, {"name": "limit", "docs": "From here on.", "default": 5000}]},
        {"name": "gone"}
      ],
      "types": [{"name": "verdict", "docs": "What comes out.",
                 "fields": [{"name": "severity", "default": "low"}]}]
    }"#;
    let types = r#"{
      "format": 1, "interface": "plugin:finance/types@0.1.0",
      "types": [
        {"name": "invoice", "docs": "A bill.", "open": true,
         "fields": [{"name": "lines", "docs": "At least one.", "default": []}]},
        {"name": "severity", "fields": [{"name": "low", "docs": "Can wait."}]}
      ]
    }"#;
    let newer = r#"{"format": 2, "interface": ["what", "ever"]}"#;
    let others = r#"{"format": 1, "interface": "somebody-else", "steps": [{"name": "classify"}]}"#;
    let signature = read_with_meta(&[newer, finance, types, others]).expect("it loads");
    expect_file!["../data/signatures/meta.txt"].assert_eq(&told(&signature));
}

#[test]
fn meta_is_found_at_any_depth() {
    let wit = "package a:b; interface c { f: func(n: u8); } world w { export c; }";
    let inner = r#"{"format":1,"interface":"c","docs":"in the module"}"#;
    let outer = r#"{"format":1,"interface":"a:b/c","steps":[{"name":"f","docs":"outside"}]}"#;
    let mut bytes =
        component::with_core_sections(wit, &[("wharf:meta", &component::entries(&[inner]))]);
    component::append_section(&mut bytes, "wharf:meta", &component::entries(&[outer]));
    let signature = Signature::decode(&bytes).expect("it loads");
    assert_eq!(signature.interfaces[0].docs.as_deref(), Some("in the module"));
    assert_eq!(signature.steps[0].docs.as_deref(), Some("outside"));
}

#[test]
fn short_names_of_interfaces_need_plugin() {
    let wit = "package a:main;
        package b:one { interface c { f: func(); } }
        package b:two { interface c { f: func(); } }
        world w { export b:one/c; export b:two/c; }";
    let entry = |plugin: &str| {
        format!(r#"{{"format":1,{plugin}"interface":"c","steps":[{{"name":"f","docs":"said"}}]}}"#)
    };
    let docs = |plugin: &str| {
        let section = component::entries(&[&entry(plugin)]);
        let bytes = component::with_core_sections(wit, &[("wharf:meta", &section)]);
        let signature = Signature::decode(&bytes).expect("it loads");
        signature.steps.iter().map(|step| step.docs.is_some()).collect::<Vec<_>>()
    };
    assert_eq!(docs(r#""plugin":"one","#), [true, false]);
    assert_eq!(docs(r#""plugin":"two","#), [false, true]);
    assert_eq!(docs(r#""plugin":"three","#), [false, false]);
    assert_eq!(docs(""), [false, false]);
}

#[test]
fn broken_meta_is_told_precisely() {
    let mut table = String::new();
    for entry in [
        "{",
        "[]",
        r#"{"format":1}"#,
        r#"{"format":1,"interface":"finance","docs":5}"#,
        r#"{"format":1,"interface":"finance","steps":{}}"#,
        r#"{"format":1,"interface":"finance","steps":[1]}"#,
        r#"{"format":1,"interface":"finance","steps":[{"docs":"nameless"}]}"#,
        r#"{"format":1,"interface":"finance","steps":[{"name":"classify","line":-1}]}"#,
        r#"{"format":1,"interface":"finance","types":[{"name":"verdict","open":"yes"}]}"#,
        r#"{"format":1,"interface":"finance","types":[{"name":"verdict","fields":[{}]}]}"#,
    ] {
        let error = read_with_meta(&[entry]).expect_err(entry);
        assert_eq!(error.code(), "plugin/bad-meta", "{entry}");
        writeln!(table, "{error}").expect("a string");
    }
    let mut cut = component::entries(&[r#"{"format":1,"interface":"c"}"#]);
    cut.pop();
    for section in [&cut[..], &[0, 0, 0], &[1, 0, 0, 0, 0xff], &[0xff; 8]] {
        let wit = include_str!("../data/signatures/direct.wit");
        let bytes = component::with_core_sections(wit, &[("wharf:meta", section)]);
        let error = Signature::decode(&bytes).expect_err("it is cut");
        writeln!(table, "{error}").expect("a string");
    }
    expect![[r"
        what the plugin says about itself cannot be read: the text ends early: expected a key in double quotes (line 1, column 2)
        what the plugin says about itself cannot be read: the entry must be an object
        what the plugin says about itself cannot be read: `interface` of the entry must be there
        what the plugin says about itself cannot be read: `docs` of the entry must be a text
        what the plugin says about itself cannot be read: `steps` of the entry must be a list
        what the plugin says about itself cannot be read: steps[0] must be an object
        what the plugin says about itself cannot be read: `name` of steps[0] must be there
        what the plugin says about itself cannot be read: `line` of steps[0] must be the number of a line
        what the plugin says about itself cannot be read: `open` of types[0] must be true or false
        what the plugin says about itself cannot be read: `name` of types[0].fields[0] must be there
        what the plugin says about itself cannot be read: an entry is longer than its section
        what the plugin says about itself cannot be read: an entry is longer than its section
        what the plugin says about itself cannot be read: an entry is not text
        what the plugin says about itself cannot be read: an entry is longer than its section
    "]].assert_eq(&table);
}

#[test]
fn defaults_must_fit_their_types() {
    let mut table = String::new();
    for (about, default) in [
        (r#""steps":[{"name":"classify","params":[{"name":"limit","default":"#, r#""five""#),
        (r#""steps":[{"name":"classify","params":[{"name":"limit","default":"#, "null"),
        (r#""types":[{"name":"verdict","fields":[{"name":"severity","default":"#, r#"{"low":1}"#),
        (r#""types":[{"name":"verdict","fields":[{"name":"severity","default":"#, r#""lwo""#),
    ] {
        let entry = format!(r#"{{"format":1,"interface":"finance",{about}{default}}}]}}]}}"#);
        let error = read_with_meta(&[&entry]).expect_err(default);
        assert_eq!(error.code(), "plugin/bad-default");
        writeln!(table, "{error}\n  {}", error.hint()).expect("a string");
    }
    expect![[r#"
        step `classify`: the default of limit: expected a number, got text "five"
          correct the default where the plugin sets it
        step `classify`: the default of limit: expected a number, got null
          correct the default where the plugin sets it
        type `verdict`: the default of severity: expected one of `low`, `high`, got an object with `low`
          correct the default where the plugin sets it
        type `verdict`: the default of severity: expected one of `low`, `high`, got text "lwo"
          correct the default where the plugin sets it
    "#]].assert_eq(&table);
}

#[test]
fn steps_are_found_by_spelling() {
    let wit = include_str!("../data/signatures/every-type.wit");
    let signature = Signature::decode(&component::from_wit(wit)).expect("it loads");
    assert_eq!(signature.step("bools").expect("there").function, "bools");
    let clashing = include_str!("../data/signatures/clashing-names.wit");
    let signature = Signature::decode(&component::from_wit(clashing)).expect("it loads");
    for spelt in ["only-here", "only_here", "onlyHere"] {
        assert_eq!(signature.step(spelt).expect(spelt).function, "only-here");
    }
    for (name, hint) in [
        ("rules.clasify", "did you mean `rules.classify`?"),
        (
            "zzz",
            "its steps are `run`, `rules.classify`, `rules.run`, `acme:other/checks.classify`, \
             `only-here`, `acme:older/checks.classify`",
        ),
    ] {
        let error = signature.step(name).expect_err(name);
        assert_eq!((error.code(), &*error.hint()), ("plugin/unknown-step", hint));
    }
    let error = signature.step("Classify").expect_err("which one?");
    assert_eq!(
        error.to_string(),
        "`Classify` is in several modules: `rules.classify`, `acme:other/checks.classify`, \
         `acme:older/checks.classify`"
    );
    let hint = "say which, such as `rules.classify`";
    assert_eq!((error.code(), &*error.hint()), ("plugin/ambiguous-step", hint));
}
