//! Conditions on items: what they find, how far they look, what they refuse.

use clap::Parser;
use expect_test::expect;

use super::{Place, listed};
use crate::exit_code::ExitCode;
use crate::select::{self, Filter, Reach};

#[test]
fn list_goes_on_until_limit_is_met() {
    let place = Place::with_items(10_600);
    let words = ["--output", "jsonl", "item", "list", "q", "--where", "value.n >= 10599"];
    let both = vec!["10599".to_owned(), "10600".to_owned()];
    assert_eq!(listed(&place.run(&words)), (both, None));
    let (found, cursor) = listed(&place.run(&[&words[..], &["--limit", "1"]].concat()));
    assert_eq!(found, ["10599"]);
    let cursor = cursor.expect("one more is left");
    let ran = place.run(&[&words[..], &["--cursor", &cursor]].concat());
    assert_eq!(listed(&ran), (vec!["10600".to_owned()], None));
    let words = ["--output", "jsonl", "item", "list", "q", "--limit", "1200"];
    assert_eq!(listed(&place.run(&words)).0.len(), 1_200);
}

#[test]
fn list_stops_after_so_many_rows() {
    let place = Place::with_items(1_600);
    let reach = Reach { items: 10, rows: 700 };
    let line = ["wharf", "--where", "value.n == 1600"];
    let filter = FilterLine::parse_from(line).filter;
    let ran = place.runs(|context| {
        let mut condition = filter.condition(context)?;
        let mut query = filter.query(Some("q"), context.now());
        let found = select::page(context, query.clone(), condition.as_mut(), reach)?;
        assert!(found.items.is_empty());
        assert_eq!(found.stopped, Some(1_000));
        query.cursor = found.next;
        let found = select::page(context, query, condition.as_mut(), reach)?;
        assert_eq!((found.items.len(), found.next, found.stopped), (1, None, None));
        Ok(ExitCode::Ok)
    });
    assert_eq!((ran.code, ran.err.as_str()), (ExitCode::Ok, ""));
}

#[derive(Parser)]
struct FilterLine {
    #[command(flatten)]
    filter: Filter,
}

#[test]
fn conditions_speak_of_items() {
    let place = Place::with_items(1);
    let list = |condition: &str| {
        let ran = place.run(&["--output", "jsonl", "item", "list", "q", "--where", condition]);
        let error = ran.err.lines().filter(|line| !line.starts_with("  "));
        format!(
            "{condition} [{}]\n{}",
            ran.out.lines().count(),
            error.fold(String::new(), |all, line| all + "  " + line + "\n")
        )
    };
    let told: String = [
        "name == null and batch == null and sla == null",
        "worker != \"ada\" and lease_until == null",
        "status == \"qeued\"",
        "status not in [\"queued\", \"done\"]",
        "sla == \"late\"",
        "status == queued",
        "priority == \"high\"",
        "priority == 200 and status == \"queued\"",
        "amont > 5",
        "stats == \"queued\"",
        "created < now()",
    ]
    .into_iter()
    .map(list)
    .collect();
    expect![[r#"
        name == null and batch == null and sla == null [1]
        worker != "ada" and lease_until == null [1]
        status == "qeued" [0]
          error[expr/type]: `status` is never "qeued"
          hint: did you mean "queued"? status is one of staged, scheduled, queued, processing, processed, business-exception, it-exception, generic-exception, processing-timeout, on-hold, expired, dead-letter
        status not in ["queued", "done"] [0]
          error[expr/type]: `status` is never "done"
          hint: status is one of staged, scheduled, queued, processing, processed, business-exception, it-exception, generic-exception, processing-timeout, on-hold, expired, dead-letter
        sla == "late" [0]
          error[expr/type]: `sla` is never "late"
          hint: sla is one of in-time, at-risk, violated
        status == queued [0]
          error[expr/missing-field]: there is no `queued`
          hint: a text stands in quotes: "queued"
        priority == "high" [0]
          error[expr/type]: `priority` is a number, and this is a text
          hint: high is 100, normal 200, low 300
        priority == 200 and status == "queued" [1]
        amont > 5 [0]
          error[expr/missing-field]: there is no `amont`
          hint: the fields are id, queue, name, reference, status, priority, attempt, value, expires, result, sla, delay_until, worker, lease_until, retries, crashes, requeues, created, modified, completed, schema_version, batch; what was added is in `value`
        stats == "queued" [0]
          error[expr/missing-field]: there is no `stats`
          hint: did you mean `status`? the fields are id, queue, name, reference, status, priority, attempt, value, expires, result, sla, delay_until, worker, lease_until, retries, crashes, requeues, created, modified, completed, schema_version, batch; what was added is in `value`
        created < now() [0]
          error[expr/unknown-function]: there is no function `now`
          hint: --older-than and --newer-than choose by age, such as --older-than 7d
    "#]].assert_eq(&told);
}

#[test]
fn expressions_read_every_field_shown() {
    let place = Place::with_items(1);
    let shown = place.run(&["--output", "jsonl", "item", "list", "q"]).out;
    let shown = model::json::parse(shown.trim()).expect("JSON");
    for name in shown.as_object().expect("an item").keys() {
        let condition = format!("{name} == {name}");
        let ran = place.run(&["--output", "jsonl", "item", "list", "q", "--where", &condition]);
        assert_eq!((ran.out.lines().count(), ran.err.as_str()), (1, ""), "{name}");
    }
}

#[test]
fn standing_is_asked_of_the_queue() {
    let place = Place::with_items(1);
    place.run(&["item", "add", "q", "--value", "{\"n\":2}", "--expires", "1h"]);
    let words = ["--output", "jsonl", "item", "list", "q", "--where", "sla == 'in-time'"];
    assert_eq!(listed(&place.run(&words)).0, ["2"]);
}
