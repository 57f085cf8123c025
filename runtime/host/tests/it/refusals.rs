//! What is refused when a plugin is loaded, and with which words.

use std::fmt::Write as _;

use expect_test::{Expect, expect};
use host::signature::limits::{
    COMPONENT_BYTES_MAX, MEMBERS_MAX, META_BYTES_MAX, PARAMS_MAX, STEPS_MAX, TYPE_LEVELS_MAX,
};
use host::{Error, Signature};

use crate::component;

fn table(rows: impl IntoIterator<Item = (&'static str, Vec<u8>)>, expected: &Expect) {
    let mut text = String::new();
    for (name, bytes) in rows {
        let error = Signature::decode(&bytes).expect_err(name);
        writeln!(text, "{name}: {}\n  {error}\n  {}", error.code(), error.hint())
            .expect("a string");
    }
    expected.assert_eq(&text);
}

fn wat(text: &str) -> Vec<u8> {
    wat::parse_str(text).expect("a test writes WAT")
}

/// A component that exports the interface `a:b/steps` with this in it.
fn steps(content: &str) -> Vec<u8> {
    component::from_wit(&format!(
        "package a:b; interface steps {{ {content} }} world w {{ export steps; }}"
    ))
}

#[test]
fn bytes_of_other_kinds_are_named() {
    let whole = steps("f: func();");
    let mut later = whole.clone();
    later[4] = 0x0e;
    let wit_package = {
        let mut resolve = wit_parser::Resolve::default();
        let package = resolve.push_source("a.wit", "package a:b; interface c { f: func(); }");
        wit_component::encode(&resolve, package.expect("it parses")).expect("it is encoded")
    };
    table(
        [
            ("empty", Vec::new()),
            ("short", b"\0as".to_vec()),
            ("header alone", b"\0asm".to_vec()),
            ("other", b"#!/bin/sh\n".to_vec()),
            ("native", b"\x7fELF\x02\x01\x01\0".to_vec()),
            ("text format", b"\n (component)".to_vec()),
            ("core module", wat("(module)")),
            ("unknown version", later),
            ("wit package", wit_package),
            ("cut", whole[..whole.len() / 2].to_vec()),
            ("garbage", [&whole[..8], &[0xff; 20]].concat()),
            ("no exports", wat("(component)")),
            ("no functions", steps("type a = u8;")),
        ],
        &expect![[r#"
            empty: plugin/not-a-component
              this is not a WebAssembly component: it is empty
              pass the `.wasm` file that `wharf build` or `cargo build --target wasm32-wasip2` makes
            short: plugin/not-a-component
              this is not a WebAssembly component: it is cut off
              the file is not complete: build the plugin anew, or fetch it again
            header alone: plugin/not-a-component
              this is not a WebAssembly component: it is cut off
              the file is not complete: build the plugin anew, or fetch it again
            other: plugin/not-a-component
              this is not a WebAssembly component: it is something else altogether
              pass the `.wasm` file that `wharf build` or `cargo build --target wasm32-wasip2` makes
            native: plugin/not-a-component
              this is not a WebAssembly component: it is something else altogether
              pass the `.wasm` file that `wharf build` or `cargo build --target wasm32-wasip2` makes
            text format: plugin/not-a-component
              this is not a WebAssembly component: it is WebAssembly in text
              turn it into binary first: `wasm-tools parse FILE -o OUT`
            core module: plugin/not-a-component
              this is not a WebAssembly component: it is a core module
              build it as a component: `wharf build`, or `cargo build --target wasm32-wasip2`; for a library that is a component, set `crate-type = ["cdylib"]`
            unknown version: plugin/not-a-component
              this is not a WebAssembly component: it is WebAssembly of an unknown version
              it was built by other tools than this host knows: build it for `wasm32-wasip2`
            wit package: plugin/not-a-component
              this is not a WebAssembly component: it is a package of interfaces
              this describes interfaces only; build the plugin that follows it
            cut: plugin/not-a-component
              this is not a WebAssembly component: it is cut off
              the file is not complete: build the plugin anew, or fetch it again
            garbage: plugin/invalid
              the component is not valid: malformed section id (at byte 8)
              build the plugin anew, or fetch the file again; if that does not help, the tool that made it uses features of WebAssembly that wharf does not run
            no exports: plugin/no-steps
              the plugin has no steps
              a step is an exported function: mark a module with `#[wharf::plugin]`, or export an interface with a full name such as `acme:plugin/steps`
            no functions: plugin/no-steps
              the plugin has no steps
              a step is an exported function: mark a module with `#[wharf::plugin]`, or export an interface with a full name such as `acme:plugin/steps`
        "#]],
    );
}

#[test]
fn types_that_cannot_cross_are_named() {
    table(
        [
            ("resource", steps("resource r; f: func(a: list<option<r>>);")),
            ("borrow", steps("resource r; f: func(a: borrow<r>);")),
            ("method", steps("resource r { go: func(); }")),
            ("constructor", steps("resource r { constructor(); }")),
            ("future", steps("record box { in-it: tuple<u8, future<u8>> } f: func(a: box);")),
            ("stream", steps("variant v { a, b(stream<u8>) } f: func() -> result<v, string>;")),
            ("error", steps("f: func() -> result<u8, error-context>;")),
            ("map", steps("f: func(a: u8, the-map: map<string, u8>);")),
            ("fixed", steps("f: func() -> option<list<u8, 4>>;")),
        ],
        &expect![[r"
            resource: plugin/unsupported-type
              step `f`: a[] cannot be a resource
              steps take and return plain values: pass what it holds instead, such as an id or a list
            borrow: plugin/unsupported-type
              step `f`: a cannot be a resource
              steps take and return plain values: pass what it holds instead, such as an id or a list
            method: plugin/unsupported-type
              step `[method]r.go`: it cannot be a function of a resource
              steps take and return plain values: pass what it holds instead, such as an id or a list
            constructor: plugin/unsupported-type
              step `[constructor]r`: it cannot be a function of a resource
              steps take and return plain values: pass what it holds instead, such as an id or a list
            future: plugin/unsupported-type
              step `f`: a.in_it[1] cannot be a future
              steps take and return plain values: pass what it holds instead, such as an id or a list
            stream: plugin/unsupported-type
              step `f`: result.b cannot be a stream
              steps take and return plain values: pass what it holds instead, such as an id or a list
            error: plugin/unsupported-type
              step `f`: error cannot be an `error-context`
              steps take and return plain values: pass what it holds instead, such as an id or a list
            map: plugin/unsupported-type
              step `f`: the_map cannot be a `map`; `list<tuple<string, …>>` can be
              steps take and return plain values: pass what it holds instead, such as an id or a list
            fixed: plugin/unsupported-type
              step `f`: result cannot be a list of fixed length
              steps take and return plain values: pass what it holds instead, such as an id or a list
        "]],
    );
}

#[test]
fn imports_nobody_offers_are_named() {
    let world = |import: &str, package: &str| {
        component::from_wit(&format!(
            "package a:b;
            {package}
            interface steps {{ f: func(); }}
            world w {{ import {import} export steps; }}"
        ))
    };
    table(
        [
            ("other", world("x:y/z@1.0.0;", "package x:y@1.0.0 { interface z { g: func(); } }")),
            (
                "newer wasi",
                world(
                    "wasi:io/poll@0.3.0;",
                    "package wasi:io@0.3.0 { interface poll { poll: func(); } }",
                ),
            ),
            ("function", world("helper: func(a: u8);", "")),
            ("inline", world("helper: interface { g: func(); }", "")),
            (
                "types with resource",
                world("x:y/z;", "package x:y { interface z { resource r { go: func(); } } }"),
            ),
        ],
        &expect![[r"
            other: plugin/unknown-import
              the plugin asks for `x:y/z@1.0.0`, which nobody offers
              a plugin can use the interfaces of `wharf:host` and WASI 0.2 without files and sockets; they are reached through `wharf::files` and `wharf::http`, so build it without what needs this
            newer wasi: plugin/unknown-import
              the plugin asks for `wasi:io/poll@0.3.0`, which nobody offers
              a plugin can use the interfaces of `wharf:host` and WASI 0.2 without files and sockets; they are reached through `wharf::files` and `wharf::http`, so build it without what needs this
            function: plugin/unknown-import
              the plugin asks for `helper`, which nobody offers
              a plugin can use the interfaces of `wharf:host` and WASI 0.2 without files and sockets; they are reached through `wharf::files` and `wharf::http`, so build it without what needs this
            inline: plugin/unknown-import
              the plugin asks for `helper`, which nobody offers
              a plugin can use the interfaces of `wharf:host` and WASI 0.2 without files and sockets; they are reached through `wharf::files` and `wharf::http`, so build it without what needs this
            types with resource: plugin/unknown-import
              the plugin asks for `x:y/z`, which nobody offers
              a plugin can use the interfaces of `wharf:host` and WASI 0.2 without files and sockets; they are reached through `wharf::files` and `wharf::http`, so build it without what needs this
        "]],
    );
}

#[test]
fn contracts_of_other_versions_are_refused() {
    let world = |version: &str, interface: &str| {
        component::from_wit(&format!(
            "package a:b;
            package wharf:host{version} {{ interface {interface} }}
            interface steps {{ f: func(); }}
            world w {{ import wharf:host/{}{version}; export steps; }}",
            interface.split(' ').next().expect("a name")
        ))
    };
    table(
        [
            ("minor", world("@1.1.0", "log { write: func(); }")),
            ("major", world("@2.0.0", "log { write: func(); }")),
            ("before", world("@0.9.0", "log { write: func(); }")),
            ("preview", world("@1.0.0-rc.1", "log { write: func(); }")),
            ("none", world("", "log { write: func(); }")),
            ("interface", world("@1.0.0", "mail { send: func(); }")),
            ("function", world("@1.0.0", "log { erase: func(); }")),
            ("patch", world("@1.0.7", "log { erase: func(); }")),
        ],
        &expect![[r"
            minor: plugin/wrong-contract
              the plugin was built for wharf:host@1.1.0, this host offers wharf:host@1.0.0: the plugin is newer
              use a newer wharf, or build the plugin with an older SDK
            major: plugin/wrong-contract
              the plugin was built for wharf:host@2.0.0, this host offers wharf:host@1.0.0: these do not go together
              build the plugin anew with the SDK of this wharf: `wharf new plugin` shows how
            before: plugin/wrong-contract
              the plugin was built for wharf:host@0.9.0, this host offers wharf:host@1.0.0: these do not go together
              build the plugin anew with the SDK of this wharf: `wharf new plugin` shows how
            preview: plugin/wrong-contract
              the plugin was built for wharf:host@1.0.0-rc.1, this host offers wharf:host@1.0.0: these do not go together
              build the plugin anew with the SDK of this wharf: `wharf new plugin` shows how
            none: plugin/wrong-contract
              the plugin was built for wharf:host, this host offers wharf:host@1.0.0: the plugin names no version
              build the plugin anew with the SDK of this wharf: `wharf new plugin` shows how
            interface: plugin/wrong-contract
              the plugin was built for wharf:host@1.0.0, this host offers wharf:host@1.0.0: there is no interface `mail`
              use a newer wharf, or build the plugin without it; `sdk/wit` tells what there is
            function: plugin/wrong-contract
              the plugin was built for wharf:host@1.0.0, this host offers wharf:host@1.0.0: there is no function `log.erase`
              use a newer wharf, or build the plugin without it; `sdk/wit` tells what there is
            patch: plugin/wrong-contract
              the plugin was built for wharf:host@1.0.7, this host offers wharf:host@1.0.0: there is no function `log.erase`
              use a newer wharf, or build the plugin without it; `sdk/wit` tells what there is
        "]],
    );
    let patch = world("@1.0.7", "log { write: func(); }");
    Signature::decode(&patch).expect("a patch changes nothing that is asked for");
}

#[test]
fn host_types_cannot_be_redefined() {
    let world = |types: &str, used: &str| {
        component::from_wit(&format!(
            "package a:b;
            package wharf:host@1.0.0 {{ interface types {{ {types} }} }}
            interface steps {{ use wharf:host/types@1.0.0.{{{used}}}; f: func(a: {used}); }}
            world w {{ export steps; }}"
        ))
    };
    table(
        [
            ("decimal", world("type decimal = u32;", "decimal")),
            ("json", world("record json { text: string }", "json")),
            ("failure", world("record failure { code: string }", "failure")),
            (
                "kind",
                world(
                    "type json = string; enum k { business } record failure { kind: k, \
                     code: string, message: string, hint: option<string>, \
                     data: option<json> }",
                    "failure",
                ),
            ),
        ],
        &expect![[r"
            decimal: plugin/wrong-contract
              the plugin was built for wharf:host@1.0.0, this host offers wharf:host@1.0.0: the plugin's `decimal` is another type
              build the plugin anew with the SDK of this wharf: `wharf new plugin` shows how
            json: plugin/wrong-contract
              the plugin was built for wharf:host@1.0.0, this host offers wharf:host@1.0.0: the plugin's `json` is another type
              build the plugin anew with the SDK of this wharf: `wharf new plugin` shows how
            failure: plugin/wrong-contract
              the plugin was built for wharf:host@1.0.0, this host offers wharf:host@1.0.0: the plugin's `failure` is another type
              build the plugin anew with the SDK of this wharf: `wharf new plugin` shows how
            kind: plugin/wrong-contract
              the plugin was built for wharf:host@1.0.0, this host offers wharf:host@1.0.0: the plugin's `failure` is another type
              build the plugin anew with the SDK of this wharf: `wharf new plugin` shows how
        "]],
    );
}

/// Decodes what is just within a limit, and what is just beyond it.
fn limited(name: &str, limit: usize, make: impl Fn(usize) -> Vec<u8>) {
    for size in [limit - 1, limit] {
        if let Err(error) = Signature::decode(&make(size)) {
            assert!(!matches!(error, Error::OverLimit { .. }), "{name} {size}: {error}");
        }
    }
    let error = Signature::decode(&make(limit + 1)).expect_err(name);
    let expected = Error::OverLimit { what: name.into(), actual: limit + 1, limit };
    assert_eq!((error.code(), &error), ("limit/exceeded", &expected));
}

#[test]
fn each_limit_is_exact() {
    let many =
        |count: usize, each: &dyn Fn(usize) -> String| (0..count).map(each).collect::<String>();
    limited("steps", STEPS_MAX, |count| steps(&many(count, &|n| format!("step{n}: func();"))));
    limited("step-params", PARAMS_MAX, |count| {
        steps(&format!("f: func({});", many(count, &|n| format!("a{n}: u8,"))))
    });
    limited("type-members", MEMBERS_MAX, |count| {
        let fields = many(count, &|n| format!("a{n}: u8,"));
        steps(&format!("record r {{ {fields} }} f: func(a: r);"))
    });
    limited("type-members", MEMBERS_MAX, |count| {
        let cases = many(count, &|n| format!("a{n},"));
        steps(&format!("enum e {{ {cases} }} f: func(a: e);"))
    });
    limited("type-levels", TYPE_LEVELS_MAX, |count| {
        let (open, close) = ("list<".repeat(count - 1), ">".repeat(count - 1));
        steps(&format!("f: func(a: {open}bool{close});"))
    });
    limited("meta-bytes", META_BYTES_MAX, |count| {
        let mut bytes = steps("f: func();");
        let padding = " ".repeat(count - 4 - 2);
        let entry = component::entries(&[&format!("{{{padding}}}")]);
        component::append_section(&mut bytes, "wharf:meta", &entry);
        bytes
    });
    limited("component-bytes", COMPONENT_BYTES_MAX, |count| {
        let mut bytes = steps("f: func();");
        bytes.resize(count, 0);
        bytes
    });
}

#[test]
fn renamed_types_have_bounded_chains() {
    let chain = (1..10_000).map(|n| format!("(export $t{n} \"t{n}\" (type $t{}))", n - 1));
    let bytes = wat(&format!(
        r#"(component
            (component $c
                (core module $m (func (export "f") (param i32)))
                (core instance $i (instantiate $m))
                (type $x (tuple u8))
                (export $t0 "t0" (type $x))
                {}
                (func (export "f") (param "a" $t9999) (canon lift (core func $i "f"))))
            (instance $i (instantiate $c))
            (export "a:b/steps" (instance $i)))"#,
        chain.collect::<String>()
    ));
    let error = Signature::decode(&bytes).expect_err("it is long");
    assert_eq!(error.code(), "limit/exceeded", "{error}");
}
