//! Steps of plugins as flows are checked against them.

use std::fmt::Write as _;

use expect_test::expect_file;
use flow::expr::Type;
use flow::signature::Output;
use host::{Signature, flows};

use crate::component;

/// The type with everything that its fields are.
fn told(known: &Type) -> String {
    match known {
        Type::Object(shape) => {
            let fields = shape.fields.iter().map(|(name, it)| {
                let missing = if shape.may_miss.contains(name) { "?" } else { "" };
                format!("{name}{missing}: {}", told(it))
            });
            let open = if shape.open { ", …" } else { "" };
            let loose = if shape.loose { "~" } else { "" };
            format!("{loose}{{ {}{open} }}", fields.collect::<Vec<_>>().join(", "))
        }
        Type::List(item) => format!("[{}]", told(item)),
        Type::Optional(inner) => format!("{} or null", told(inner)),
        other => other.to_string(),
    }
}

fn steps(wit: &str) -> String {
    let signature = Signature::decode(&component::from_wit(wit)).expect("it loads");
    let mut text = String::new();
    for step in flows::signatures("plugin", &signature) {
        writeln!(text, "{} ({:?})", step.name, step.effect).expect("a string");
        for (name, param) in &step.inputs {
            let needed = if param.required { "" } else { "?" };
            writeln!(text, "    {name}{needed}: {}", told(&param.takes)).expect("a string");
        }
        match &step.output {
            Output::Of(known) => writeln!(text, "    -> {}", told(known)).expect("a string"),
            other => writeln!(text, "    -> {other:?}").expect("a string"),
        }
    }
    text
}

#[test]
fn every_type_is_known_to_flows() {
    let wit = include_str!("../data/signatures/every-type.wit");
    expect_file!["../data/flows/every-type.txt"].assert_eq(&steps(wit));
}

#[test]
fn host_types_are_known_to_flows() {
    let wit = include_str!("../data/signatures/host-types.wit");
    expect_file!["../data/flows/host-types.txt"].assert_eq(&steps(wit));
}
