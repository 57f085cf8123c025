//! Every flow below `flows` is checked and run.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::flows::{example, folder, invoices};
use crate::place::{Place, list, text};

/// The flows below a folder, by name.
fn flows(folder: &Path) -> Vec<String> {
    let files = std::fs::read_dir(folder.join("flows")).unwrap();
    let mut names: Vec<String> = files
        .filter_map(|file| Some(file.unwrap().file_name().to_str()?.strip_suffix(".yaml")?.into()))
        .collect();
    names.sort();
    names
}

/// Nothing is told of the flows but where types are unknown.
fn assert_checked(place: &Place) {
    let problems = place.json("check");
    for problem in list(&problems) {
        assert_eq!(text(problem, "code"), "flow/untyped", "{problem}");
    }
}

#[test]
fn features_give_what_they_say() {
    let place = example("features");
    assert_checked(&place);
    let names = flows(&folder().join("features"));
    assert!(names.len() >= 7, "{names:?}");
    for name in names {
        let expected = folder().join(format!("features/flows/{name}.expected.json"));
        let expected = std::fs::read_to_string(expected).unwrap();
        assert_eq!(place.ok(&format!("run {name}")), expected, "{name}");
    }
}

#[test]
fn features_take_other_inputs() {
    let place = example("features");
    let shipped =
        place.ok("run conditions --input country=US --input total=40 --input urgent=false");
    assert_eq!(shipped, "{\"zone\":\"far\",\"size\":\"small\",\"price\":29}\n");
    let refused = place.run("run conditions --input country=XX");
    assert_eq!(refused.code, 3, "{refused:?}");
    assert!(refused.err.contains("error[shipping/no-zone]"), "{refused:?}");
    assert!(refused.err.contains("Nothing is shipped to XX"), "{refused:?}");
    place.file("inputs.json", r#"{"grams": 100, "express": true}"#);
    assert_eq!(
        place.ok("run shipping --input-file inputs.json"),
        "{\"price\":9.80,\"parcels\":1}\n"
    );
}

#[test]
fn written_files_hold_what_was_read() {
    let place = example("features");
    place.ok("run csv-to-json");
    let written = std::fs::read_to_string(place.path("data/orders.json")).unwrap();
    assert!(written.contains("\"customer\": \"Adventure, Works\""), "{written}");
    assert!(written.ends_with("]\n"), "{written}");
    let orders = model::json::parse(&written).unwrap();
    assert_eq!(list(&orders).len(), 3);
}

#[test]
fn every_example_is_known_here() {
    let mut projects: Vec<PathBuf> =
        std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    projects.sort();
    assert_eq!(projects, [folder().join("features"), folder().join("vendor-invoices")]);
    let known = ["decide", "ingest-invoices", "process-invoices"];
    assert_eq!(flows(&folder().join("vendor-invoices")), known, "each of them is run by a test");
    assert_checked(&invoices());
}

/// The fields of each event, as the page of outputs tells.
fn documented() -> BTreeMap<String, Vec<String>> {
    let page = folder().join("../docs/reference/output.md");
    let page = std::fs::read_to_string(page).unwrap();
    let (_, section) = page.split_once("## Events of a run\n").unwrap();
    let section = section.split("\n## ").next().unwrap();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `"));
    let row = |row: &str| {
        let mut cells = row.split(" | ");
        let event = cells.next().unwrap().trim_end_matches('`').to_owned();
        let fields = cells.next().unwrap().split(", ").map(|field| field.trim_matches('`').into());
        let common = ["event", "run", "at"].map(str::to_owned).into_iter();
        (event, common.chain(fields).collect())
    };
    rows.map(row).collect()
}

#[test]
fn events_are_those_of_the_page() {
    let place = example("features");
    let told = documented();
    let mut seen = BTreeSet::new();
    let runs = ["errors", "conditions --input urgent=false", "conditions --input country=XX"];
    for run in runs {
        let ran = place.run(&format!("run {run} --output jsonl"));
        let lines: Vec<&str> = ran.err.lines().collect();
        // A run that fails has its error on the last line.
        for line in &lines[..lines.len() - usize::from(ran.code != 0)] {
            let event = model::json::parse(line).unwrap();
            let name = text(&event, "event");
            let fields: Vec<&String> = event.as_object().unwrap().keys().collect();
            assert_eq!(fields, told[name].iter().collect::<Vec<_>>(), "{line}");
            seen.insert(name.to_owned());
        }
    }
    assert_eq!(seen, told.into_keys().collect());
}
