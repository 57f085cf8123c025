//! Values through a real guest: what goes in as JSON comes out as the same JSON.

use host::value::{arguments, output};
use host::{Outcome, Signature, Type};
use model::{Value, json};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use wasmtime::component::{Component, Linker, Val};
use wasmtime::{Engine, Store};

use crate::component;
use crate::properties::values;

/// A type in WIT; the guest gives it back together with enough words that both ways lead through
/// memory.
const TYPES: &[&str] = &[
    "bool",
    "u8",
    "s8",
    "u16",
    "s16",
    "u32",
    "s32",
    "u64",
    "s64",
    "f32",
    "f64",
    "char",
    "string",
    "decimal",
    "datetime",
    "json",
    "list<u8>",
    "list<string>",
    "list<tuple<string, line>>",
    "list<tuple<u8, f64>>",
    "option<string>",
    "option<option<option<u16>>>",
    "option<line>",
    "tuple<u8, s64, string>",
    "result<line, verdict>",
    "result<_, string>",
    "result<list<u8>>",
    "result",
    "line",
    "verdict",
    "severity",
    "rights",
    "list<verdict>",
];

const SAMPLES: usize = 20;

fn wit() -> String {
    let words = ["u64"; 16].join(", ");
    let functions = TYPES.iter().enumerate().map(|(index, ty)| {
        format!("echo{index}: func(value: tuple<{ty}, {words}>) -> tuple<{ty}, {words}>;\n")
    });
    let functions = functions.collect::<String>();
    format!(
        "package acme:echo;
        interface steps {{
          use wharf:host/types@1.0.0.{{decimal, datetime, json}};
          enum severity {{ low, very-high }}
          flags rights {{ read, read-write, HTTP }}
          record line {{ text: string, unit-price: f64, link: option<list<tuple<string, decimal>>> }}
          variant verdict {{ approved, needs-review(string), split(list<line>), maybe(option<u8>) }}
          {functions}
        }}
        world plugin {{ export steps; }}"
    )
}

/// A guest, loaded and ready to be called.
struct Guest {
    engine: Engine,
    component: Component,
    signature: Signature,
}

impl Guest {
    fn new(bytes: &[u8]) -> Self {
        let engine = Engine::default();
        Self {
            component: Component::new(&engine, bytes).expect("it compiles"),
            signature: Signature::decode(bytes).expect("it loads"),
            engine,
        }
    }

    /// Calls the step in a fresh instance; an error is a trap.
    fn call(&self, step: usize, arguments: &[Val]) -> Result<Option<Val>, wasmtime::Error> {
        let step = &self.signature.steps[step];
        let mut store = Store::new(&self.engine, ());
        let linker = Linker::new(&self.engine);
        let instance =
            linker.instantiate(&mut store, &self.component).expect("it asks for nothing");
        let interface = step.interface.as_ref().map(|interface| {
            instance.get_export_index(&mut store, None, interface).expect("it is exported")
        });
        let function = instance.get_export_index(&mut store, interface.as_ref(), &step.function);
        let function = instance.get_func(&mut store, function.expect("it is exported"));
        let is_silent = matches!(step.outcome, Outcome::Value(None));
        let mut results = vec![Val::Bool(false); usize::from(!is_silent)];
        function.expect("it is a function").call(&mut store, arguments, &mut results)?;
        Ok(results.pop())
    }
}

#[test]
fn values_survive_a_real_guest() {
    let guest = Guest::new(&component::from_wit(&wit()));
    let mut runner = TestRunner::deterministic();
    assert_eq!(guest.signature.steps.len(), TYPES.len());
    for (index, step) in guest.signature.steps.iter().enumerate() {
        let Some(Type::Tuple(parts)) = step.outcome.value() else { unreachable!("a tuple") };
        let samples = values(&parts[0]);
        for _ in 0..SAMPLES {
            let sample = samples.new_tree(&mut runner).expect("there are values").current();
            let mut given = vec![sample];
            given.resize(parts.len(), Value::from(7_u64));
            let input = json::write(&Value::List(given));
            let input = json::parse(&format!(r#"{{"value":{input}}}"#)).expect("JSON");
            let vals = arguments(step, &input).expect("it fits");
            let returned = guest.call(index, &vals).expect("the guest takes it");
            let value = output(step, returned).expect("it fits").expect("it does not fail");
            let sent = input.get("value").expect("it was put there");
            assert_eq!(json::write(&value), json::write(sent), "{}", TYPES[index]);
        }
    }
}

#[test]
fn guests_take_what_was_read() {
    for wit in [
        include_str!("../data/signatures/every-type.wit"),
        include_str!("../data/signatures/host-types.wit"),
        include_str!("../data/signatures/shared-types.wit"),
    ] {
        let guest = Guest::new(&component::from_wit(wit));
        let mut runner = TestRunner::deterministic();
        for (index, step) in guest.signature.steps.iter().enumerate() {
            let fields = step.params.iter().map(|field| {
                let sample = values(&field.ty).new_tree(&mut runner).expect("there are values");
                (field.name.snake().to_owned(), sample.current())
            });
            let input = Value::Object(fields.collect());
            let vals = arguments(step, &input).expect("it fits");
            if let Err(error) = guest.call(index, &vals) {
                let trap = error.downcast_ref::<wasmtime::Trap>();
                let expected = Some(&wasmtime::Trap::UnreachableCodeReached);
                assert_eq!(trap, expected, "{}: {error:?}", step.name);
            }
        }
    }
}

/// Written by hand, as no tool would: a direct export, an instance out of exports alone, and one
/// that a component inside gives.
const BY_HAND: &str = r#"(component
    (core module $math
        (func (export "add") (param i32 i32) (result i32)
            (i32.add (local.get 0) (local.get 1))))
    (core instance $math (instantiate $math))
    (func $add (param "left" u32) (param "right-hand" u8) (result u32)
        (canon lift (core func $math "add")))
    (component $inner
        (core module $math (func (export "half") (param f64) (result f64)
            (f64.div (local.get 0) (f64.const 2))))
        (core instance $math (instantiate $math))
        (func (export "half") (param "of" f64) (result f64)
            (canon lift (core func $math "half"))))
    (instance $inner (instantiate $inner))
    (instance $outer (export "add" (func $add)))
    (export "total" (func $add))
    (export "by-hand:math/sums" (instance $outer))
    (export "by-hand:math/parts@0.2.0" (instance $inner)))"#;

#[test]
fn components_made_by_hand_run() {
    let guest = Guest::new(&wat::parse_str(BY_HAND).expect("it is well-formed"));
    let names = guest.signature.steps.iter().map(|step| &*step.name).collect::<Vec<_>>();
    assert_eq!(names, ["total", "add", "half"]);
    for (name, input, expected) in [
        ("total", r#"{"left":4000000000,"right_hand":255}"#, "4000000255"),
        ("add", r#"{"rightHand":2,"left":1}"#, "3"),
        ("half", r#"{"of":5}"#, "2.5"),
    ] {
        let index = names.iter().position(|step| *step == name).expect(name);
        let step = &guest.signature.steps[index];
        let input = json::parse(input).expect("JSON");
        let returned = guest.call(index, &arguments(step, &input).expect("it fits"));
        let value = output(step, returned.expect("it runs")).expect("it fits");
        assert_eq!(json::write(&value.expect("it succeeds")), expected, "{name}");
    }
}
