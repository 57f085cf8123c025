//! What is told where a flow cannot be run, or not with these inputs.

use crate::flows::{example, invoices, put};
use crate::place::{Place, list};

#[test]
fn inputs_that_do_not_fit_are_refused() {
    let place = Place::new();
    place.file("wharf.toml", "");
    let takes = "inputs:
  name: text
  size: { type: { words: [small, large] }, default: small }
  limit: { type: number, default: 5 }
  at: datetime?
  lines: { type: { list: number }, default: [] }
outputs: { all: \"${{ inputs }}\" }
steps: [ { wait: 0s } ]
";
    put(&place, "typed", takes);
    place.file("cut.json", "{\"name\": ");
    place.file("list.json", "[1]");
    place.file("other.json", "{\"name\": \"a\", \"nmae\": 1}");
    place.file("wrong.json", "{\"name\": 5}");
    let cases = [
        ("typed", 2, "usage/invalid", "`name` (text)"),
        ("typed --input nam=x", 2, "usage/invalid", "did you mean `name`?"),
        ("typed --input name", 2, "usage/invalid", "it takes `name`"),
        ("typed --input name=a --input limit=abc", 2, "usage/invalid", "a number is written"),
        ("typed --input name=a --input at=soon", 2, "usage/invalid", "datetime"),
        ("typed --input name=a --input size=huge", 2, "usage/invalid", "small"),
        ("typed --input name=a --input lines=[1,", 2, "usage/invalid", "JSON"),
        ("typed --input name=a --input 'lines=[\"x\"]'", 2, "usage/invalid", "list"),
        ("typed --input-file cut.json", 4, "value/invalid-json", "correct it"),
        ("typed --input-file list.json", 2, "usage/invalid", "a field for each input"),
        ("typed --input-file other.json", 2, "usage/invalid", "did you mean `name`?"),
        ("typed --input-file wrong.json", 2, "usage/invalid", "text"),
        ("typed --input-file gone.json", 1, "file/not-found", "check the path"),
        ("typde", 4, "flow/not-found", "did you mean `typed`?"),
        ("flows/gone.yaml", 4, "flow/not-found", "give the path of a file"),
    ];
    for (line, exit_code, code, hint) in cases {
        place.run(&format!("run {line}")).assert_refused(exit_code, code, hint);
        let json = place.run(&format!("run {line} --output json"));
        json.assert_refused(exit_code, code, hint);
    }
    assert!(!place.path(".wharf").exists(), "nothing has run");
    let given = place.ok("run typed --input name=a --input at=2026-01-31T08:00:00Z -i lines=[1]");
    assert!(given.contains(r#""size":"small","limit":5"#) || given.contains("\"name\":\"a\""));
}

#[test]
fn broken_flows_are_not_begun() {
    let place = Place::new();
    place.file("wharf.toml", "");
    put(&place, "broken", "steps:\n  - uses: queue.ad\n  - set: { a: \"${{ inputs.x }}\" }\n");
    let ran = place.run("run broken");
    assert_eq!((ran.code, ran.out.as_str()), (4, ""), "{ran:?}");
    for told in ["error[flow/unknown-action]", "did you mean `queue.add`", "error[flow/broken]"] {
        assert!(ran.err.contains(told), "no {told}: {ran:?}");
    }
    assert!(ran.err.contains("broken.yaml:3:"), "with its place: {ran:?}");
    let json = place.run("run broken --output json");
    assert_eq!((json.code, json.out.as_str()), (4, ""), "{json:?}");
    let lines: Vec<_> = json.err.lines().map(|it| model::json::parse(it).unwrap()).collect();
    assert!(lines.len() >= 3, "each problem, then the error: {json:?}");
    assert!(!place.path(".wharf").exists(), "nothing has run");
}

#[test]
fn missing_plugins_are_named() {
    let place = example("vendor-invoices");
    let ran = place.run("run decide");
    assert_eq!(ran.code, 4, "{ran:?}");
    assert!(ran.err.contains("there is no action `finance/classify`"), "{ran:?}");
    assert!(ran.err.contains("wharf plugin install finance"), "{ran:?}");
    assert_eq!(place.run("check").code, 4);
}

#[test]
fn missing_folders_and_queues_are_named() {
    let place = invoices();
    let refused = |code: &str, hint: &str| {
        let ran = place.run("run ingest-invoices --quiet");
        ran.assert_refused(1, code, hint);
    };
    let project = std::fs::read_to_string(place.path("wharf.toml")).unwrap();
    place.file("wharf.toml", project.replace("invoices = \".\"", "other = \".\""));
    refused("file/no-folder", "[folders]");
    place.file("wharf.toml", project.replace("\".\"", "\"gone\""));
    refused("file/not-found", "make the folder");
    place.file("wharf.toml", project);
    place.ok("queue delete vendor-invoices --force");
    refused("queue/not-found", "wharf queue create vendor-invoices");
    let failed = place.json("runs list --state failed");
    assert_eq!(list(&failed).len(), 2, "the second was not begun");
}

#[test]
fn runs_that_are_not_there_are_refused() {
    let place = invoices();
    place.run("runs show last").assert_refused(4, "run/not-found", "wharf run FLOW");
    let id = "01m89y7xq207pdjnh81d7zz9t6";
    for verb in ["show", "resume", "cancel"] {
        place.run(&format!("runs {verb} {id}")).assert_refused(
            4,
            "run/not-found",
            "look at the id",
        );
        place.run(&format!("runs {verb} x")).assert_refused(2, "usage/invalid", "wharf runs list");
    }
    place.ok("run decide");
    for verb in ["resume", "cancel"] {
        let refused = place.run(&format!("runs {verb} last --quiet"));
        refused.assert_refused(4, "run/invalid-transition", "start another one");
    }
    place.run("runs list --state done").assert_refused(2, "usage/invalid", "interrupted");
}
