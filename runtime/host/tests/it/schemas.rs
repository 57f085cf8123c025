//! Schemas of whole steps.

use std::fmt::Write as _;

use expect_test::expect_file;
use host::{Signature, schema};
use model::json;

use crate::component;

/// Both schemas of each step.
fn schemas(signature: &Signature) -> String {
    let mut text = String::new();
    for step in &signature.steps {
        for schema in [schema::input(step), schema::result(step)] {
            writeln!(text, "{}", json::pretty(&schema)).expect("a string");
        }
    }
    text
}

#[test]
fn every_type_has_a_schema() {
    let wit = include_str!("../data/signatures/every-type.wit");
    let signature = Signature::decode(&component::from_wit(wit)).expect("it loads");
    expect_file!["../data/schemas/every-type.txt"].assert_eq(&schemas(&signature));
}

#[test]
fn host_types_look_different_each_way() {
    let wit = include_str!("../data/signatures/host-types.wit");
    let signature = Signature::decode(&component::from_wit(wit)).expect("it loads");
    expect_file!["../data/schemas/host-types.txt"].assert_eq(&schemas(&signature));
}

#[test]
fn docs_and_defaults_are_in_schemas() {
    let wit = "package a:b;
        interface one { record pair { left: u8, right: option<u8> } }
        interface two { record pair { kind: kind } enum kind { good, bad } }
        interface steps {
          use one.{pair}; use two.{pair as other};
          join: func(first: pair, second: other, limit: f64) -> list<other>;
        }
        world w { export steps; }";
    let section = component::entries(&[
        r#"{"format":1,"interface":"steps","steps":[{"name":"join","docs":"Joins two.",
            "params":[{"name":"limit","docs":"At most.","default":12.50}]}]}"#,
        r#"{"format":1,"interface":"one","types":[{"name":"pair","docs":"Two numbers.",
            "open":true,"fields":[{"name":"left","docs":"The first.","default":1}]}]}"#,
        r#"{"format":1,"interface":"two","types":[{"name":"kind","docs":"How it is.",
            "fields":[{"name":"bad","docs":"Not good."}]}]}"#,
    ]);
    let bytes = component::with_core_sections(wit, &[("wharf:meta", &section)]);
    let signature = Signature::decode(&bytes).expect("it loads");
    expect_file!["../data/schemas/meta.txt"].assert_eq(&schemas(&signature));
}

#[test]
fn schemas_stay_small_where_types_share() {
    let mut wit = "package a:b; interface c { record r0 { a: u8, b: u8 }\n".to_owned();
    for n in 1..16 {
        writeln!(wit, "record r{n} {{ a: r{m}, b: r{m} }}", m = n - 1).expect("a string");
    }
    wit.push_str("f: func(r: r15); } world w { export c; }");
    let signature = Signature::decode(&component::from_wit(&wit)).expect("it loads");
    let text = json::write(&schema::input(&signature.steps[0]));
    assert!(text.len() < 4_000, "{} bytes", text.len());
}
