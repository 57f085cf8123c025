//! The verbs over a real store, at a time that stands still: what they print and how they end.

mod conditions;

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use clap::Parser;
use expect_test::{Expect, expect};
use model::{Clock, Entropy, ManualClock, SeededEntropy};

use super::{Command, item, queue};
use crate::args::Cli;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::exit_code::ExitCode;
use crate::output::Format;
use crate::output::tests::captured;

/// A data directory with one user.
pub(super) struct Place {
    dir: tempfile::TempDir,
    store: store::Sqlite,
    clock: Arc<ManualClock>,
    entropy: Arc<SeededEntropy>,
    pub(super) interrupted: AtomicBool,
}

/// What a command did.
pub(super) struct Ran {
    pub(super) out: String,
    pub(super) err: String,
    pub(super) code: ExitCode,
}

impl Place {
    fn new() -> Self {
        let dir = tempfile::tempdir().expect("space");
        let now = "2026-01-31T08:00:00Z".parse().expect("a time");
        let clock = Arc::new(ManualClock::new(now));
        let entropy = Arc::new(SeededEntropy::new(7));
        let (shared, dice) = (Arc::clone(&clock), Arc::clone(&entropy));
        let options = store::Options::new(
            dir.path().join("data"),
            shared as Arc<dyn Clock>,
            dice as Arc<dyn Entropy>,
        );
        let store = store::open(options).expect("a fresh directory");
        Self { dir, store, clock, entropy, interrupted: AtomicBool::new(false) }
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.dir.path().join(name);
        fs::write(&path, text).expect("space");
        path
    }

    /// Runs a command; `at:` before a word makes it a path in the place.
    pub(super) fn run(&self, words: &[&str]) -> Ran {
        let word = |word: &&str| match word.strip_prefix("at:") {
            Some(name) => self.dir.path().join(name).display().to_string(),
            None => (*word).to_owned(),
        };
        let words = std::iter::once("wharf".to_owned()).chain(words.iter().map(word));
        let cli = Cli::try_parse_from(words).expect("a command line");
        self.does(cli.global.output, |context| match &cli.command {
            Command::Queue(verb) => queue::cmd(verb, context),
            Command::Item(verb) => item::cmd(verb, context),
            other => panic!("{other:?} needs no place"),
        })
    }

    /// Does something in the place, with text as output.
    pub(super) fn runs(&self, work: impl FnOnce(&mut Context<'_>) -> Result<ExitCode>) -> Ran {
        self.does(Format::Text, work)
    }

    fn does(&self, format: Format, work: impl FnOnce(&mut Context<'_>) -> Result<ExitCode>) -> Ran {
        let (mut output, out, err) = captured(format);
        let mut context = Context {
            store: &self.store,
            clock: &*self.clock,
            entropy: &*self.entropy,
            interrupted: &self.interrupted,
            worker: "tester",
            output: &mut output,
        };
        let code = work(&mut context).unwrap_or_else(|error: Error| {
            output.warn(error.render(false).trim_end());
            error.exit_code()
        });
        Ran { out: out.take(), err: err.take(), code }
    }

    /// Runs commands of words between blanks and shows everything they did.
    fn shows(&self, lines: &[&str], expected: &Expect) {
        let mut told = String::new();
        for line in lines {
            let ran = self.run(&line.split(' ').collect::<Vec<_>>());
            write!(told, "$ {line}\n{}{}", ran.out, ran.err).expect("a string");
            if ran.code != ExitCode::Ok {
                writeln!(told, "[{}]", ran.code as u8).expect("a string");
            }
        }
        expected.assert_eq(&told);
    }

    /// A queue with this many items, each with its number as value.
    pub(super) fn with_items(count: usize) -> Self {
        let place = Self::new();
        place.file("items.jsonl", &lines("n", count));
        place.run(&["queue", "create", "q"]);
        let ran = place.run(&["item", "import", "q", "at:items.jsonl"]);
        assert_eq!(ran.out, format!("accepted {count}, duplicate 0, rejected 0\n"));
        place
    }
}

/// So many lines of JSON, each with its number under the name.
fn lines(name: &str, count: usize) -> String {
    (1..=count).fold(String::new(), |lines, n| lines + &format!("{{\"{name}\":{n}}}\n"))
}

/// The values that a list printed, and its cursor.
fn listed(ran: &Ran) -> (Vec<String>, Option<String>) {
    let value = |line: &str| {
        let start = line.split_once("\"value\":{\"n\":")?.1;
        Some(start.split_once('}')?.0.to_owned())
    };
    let cursor = ran.err.lines().find_map(|line| line.strip_prefix("cursor: "));
    (ran.out.lines().filter_map(value).collect(), cursor.map(str::to_owned))
}

/// All values, page by page, and how many pages that took.
fn all_pages(place: &Place, words: &[&str]) -> (Vec<String>, usize) {
    let (mut all, mut pages, mut cursor) = (Vec::new(), 0, None::<String>);
    loop {
        let mut words = words.to_vec();
        words.extend(cursor.iter().flat_map(|cursor| ["--cursor", cursor]));
        let (values, next) = listed(&place.run(&words));
        all.extend(values);
        pages += 1;
        if next.is_none() {
            return (all, pages);
        }
        cursor = next;
    }
}

#[test]
fn filtered_pages_give_each_match_once() {
    let place = Place::with_items(1_300);
    for (condition, limit) in
        [("value.n % 7 == 0", "10"), ("value.n > 600", "600"), ("true", "1300")]
    {
        let words =
            ["--output", "jsonl", "item", "list", "q", "--where", condition, "--limit", limit];
        let keep: fn(usize) -> bool = match condition {
            "value.n % 7 == 0" => |n| n.is_multiple_of(7),
            "value.n > 600" => |n| n > 600,
            _ => |_| true,
        };
        let wanted: Vec<String> = (1..=1_300).filter(|n| keep(*n)).map(|n| n.to_string()).collect();
        let (found, pages) = all_pages(&place, &words);
        assert_eq!(found, wanted, "{condition}");
        let full = wanted.len().div_ceil(limit.parse().expect("a number"));
        assert!((full..=full + 1).contains(&pages), "{condition}: {pages} pages");
    }
}

#[test]
fn bulk_verbs_ask_for_consent() {
    let place = Place::with_items(3);
    place.shows(
        &[
            "item hold --queue q",
            "item hold --queue q --where value.n>1 --dry-run",
            "item hold --queue q --where value.n>1 --all-matching",
            "item requeue --queue q --all-matching",
            "--output json item release --queue q --status on-hold --all-matching",
            "item hold --status queued",
            "item hold --queue q --where value.m>1 --dry-run",
            "item hold --queue q --where value.n>1 --all-matching",
            "item hold --queue q --where value.n>1 --all-matching",
            "item hold --queue q",
            "--output json item hold --queue q --dry-run",
            "item hold --dry-run 01kg9h1s0047d3zpnygv5vxagh 01kg9h1s005819aeqbe1kkwaez",
            "item delete --dry-run 01kg9h1s005819aeqbe1kkwaez",
            "queue stats q",
        ],
        &expect![[r#"
            $ item hold --queue q
            error[usage/consent]: this would hold 3 items
            hint: add --all-matching to hold 3 items; --dry-run only counts
            [2]
            $ item hold --queue q --where value.n>1 --dry-run
            would hold 2 items
            $ item hold --queue q --where value.n>1 --all-matching
            held 2 items
            $ item requeue --queue q --all-matching
            requeued 1 item
            skipped 2 items (2 on-hold)
            $ --output json item release --queue q --status on-hold --all-matching
            {"verb":"release","matched":2,"done":2,"skipped":0,"refused":0,"refusals":[]}
            $ item hold --status queued
            error[usage/invalid]: a filter chooses among the items of a queue
            hint: give ids, or --queue QUEUE and a filter
            [2]
            $ item hold --queue q --where value.m>1 --dry-run
            error[expr/missing-field]: the condition cannot be asked about 3 items; item 01kg9h1s005819aeqbe1kkwaeb: there is no `value.m`
            hint: if it may be missing, give a default: `value.m ?? …`
            [4]
            $ item hold --queue q --where value.n>1 --all-matching
            held 2 items
            $ item hold --queue q --where value.n>1 --all-matching
            held 0 items
            skipped 2 items (2 already on-hold)
            $ item hold --queue q
            error[usage/consent]: this would hold 1 item
            hint: add --all-matching to hold 1 item; --dry-run only counts
            [2]
            $ --output json item hold --queue q --dry-run
            {"verb":"hold","matched":3,"possible":1,"skipped":2,"refused":0,"refusals":[],"dry_run":true}
            $ item hold --dry-run 01kg9h1s0047d3zpnygv5vxagh 01kg9h1s005819aeqbe1kkwaez
            would hold 0 items
            refused 01kg9h1s0047d3zpnygv5vxagh: item 01kg9h1s0047d3zpnygv5vxagh is on-hold: hold is not possible; from on-hold you can: release, edit, note, delete
            refused 01kg9h1s005819aeqbe1kkwaez: there is no item 01kg9h1s005819aeqbe1kkwaez; it may have been deleted; `wharf item list QUEUE` shows what there is
            [4]
            $ item delete --dry-run 01kg9h1s005819aeqbe1kkwaez
            error[queue/item-not-found]: there is no item 01kg9h1s005819aeqbe1kkwaez
            hint: it may have been deleted; `wharf item list QUEUE` shows what there is
            [4]
            $ queue stats q
            queued         1
            on-hold        2
            total          3
            oldest queued  2026-01-31T08:00:00Z
        "#]],
    );
}

#[test]
fn interrupted_clear_tells_what_is_gone() {
    let place = Place::with_items(1);
    place.interrupted.store(true, std::sync::atomic::Ordering::Relaxed);
    let ran = place.run(&["queue", "clear", "q", "--yes"]);
    assert_eq!(
        ran.err,
        "deleted 0 items\nerror[interrupted]: interrupted\n\
         hint: what was done so far stays done; run it again to go on\n"
    );
    assert_eq!(ran.code, ExitCode::Interrupted);
}

#[test]
fn verb_without_an_answer_fails() {
    let place = Place::with_items(2);
    let words = ["item", "hold", "--queue", "q", "--all-matching", "--where"];
    let ran = place.run(&[&words[..], &["value.n > \"1\""]].concat());
    assert_eq!(ran.code, ExitCode::Refused);
    assert!(ran.err.starts_with("error[expr/type]: the condition cannot be asked about 2 items; "));
    assert_eq!(place.run(&[&words[..], &["value.n > 2"]].concat()).code, ExitCode::Ok);
}

#[test]
fn batch_table_fails_row_by_row() {
    let place = Place::new();
    place.file(
        "batch.csv",
        "Name,Input,Expires in,Processing notes,Priority,Unique reference,Status,Delay until\n\
         one,\"{\"\"a\"\":1}\",7d,a note,100,r1,0,\n\
         two,\"{\"\"a\"\":2}\",,,250,r2,0,\n\
         three,plain text,,,300,r3,1,\n\
         four,\"{\"\"a\"\":}\",,,300,r4,0,\n",
    );
    place.file("wrong.csv", "Name,Input,Priority\none,1,100\n");
    place.shows(
        &[
            "queue create q",
            "item import q at:batch.csv",
            "--output json item import q at:batch.csv",
            "item list q --status on-hold,queued",
            "item import q at:wrong.csv --columns power-automate",
        ],
        &expect![[r#"
            $ queue create q
            created the queue `q`
            $ item import q at:batch.csv
            accepted 2, duplicate 0, rejected 2
            line 3 (row 2): value/bad-priority: column `Priority`: `250` is not a priority
            line 5 (row 4): value/invalid-json: line 1, column 6 of the value: expected a value, found `}`
            hint: value/bad-priority: use 100, 200 or 300
            hint: value/invalid-json: a value is one piece of JSON; correct it at that place
            columns: those of power-automate
            [4]
            $ --output json item import q at:batch.csv
            {"accepted":0,"duplicate":2,"rejected":2,"rejects":[{"row":2,"line":3,"code":"value/bad-priority","reason":"column `Priority`: `250` is not a priority","hint":"use 100, 200 or 300"},{"row":4,"line":5,"code":"value/invalid-json","reason":"line 1, column 6 of the value: expected a value, found `}`","hint":"a value is one piece of JSON; correct it at that place"}]}
            columns: those of power-automate
            [4]
            $ item list q --status on-hold,queued
            ID                          NAME   REFERENCE  STATUS   PRIORITY  ATTEMPT  CREATED
            01kg9h1s005819aeqbe1kkwaeb  one    r1         queued   high      0        2026-01-31T08:00:00Z
            01kg9h1s00t3v57z6pa4yg5fqy  three  r3         on-hold  low       0        2026-01-31T08:00:00Z
            $ item import q at:wrong.csv --columns power-automate
            error[import/wrong-columns]: the file has the wrong columns: they are Name, Input, Priority
            hint: they have to be exactly Name, Input, Expires in, Processing notes, Priority, Unique reference, Status, Delay until
            [4]
        "#]],
    );
}

#[test]
fn exports_import_as_they_were() {
    let place = Place::with_items(2);
    place.run(&["item", "add", "q", "--value", "\"a, \\\"b\\\"\"", "--name", "x\ny", "--hold"]);
    for (form, file) in [("jsonl", "out.jsonl"), ("csv", "out.csv")] {
        let words = ["item", "export", "q", "--format", form];
        let exported = place.run(&words).out;
        place.file(file, &exported);
        let copy = Place::new();
        copy.file(file, &exported);
        copy.run(&["queue", "create", "q"]);
        let ran = copy.run(&["item", "import", "q", &format!("at:{file}")]);
        assert_eq!(ran.out, "accepted 3, duplicate 0, rejected 0\n", "{}", ran.err);
        let again = copy.run(&words).out;
        assert_eq!(again.lines().count(), exported.lines().count());
        let first = |text: &str| text.lines().take(2).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(first(&again), first(&exported));
    }
}

#[test]
fn queues_are_imported_by_their_key() {
    let place = Place::new();
    place.file(
        "queue.csv",
        "defaultitemtimetoliveinminutes,description,name,prioritytype,overwritetime,\
         componentstate,workqueuekey,workqueuetype\n\
         1440,All invoices,Invoices,Fifo,01/01/1900 00:00,0,inv,Work Queue\n\
         x,,Bad,Fifo,,0,bad,Work Queue\n\
         5,,Run,Fifo,,0,run,Run Queue\n",
    );
    place
        .file("queue.jsonl", "{\"key\":\"inv\",\"retries\":3}\n{\"key\":\"new\",\"tll\":\"5m\"}\n");
    place.shows(
        &[
            "queue import at:queue.csv",
            "queue import at:queue.csv --output json",
            "queue import at:queue.jsonl",
            "queue export inv",
        ],
        &expect![[r#"
            $ queue import at:queue.csv
            created 1, changed 0, unchanged 0, rejected 2
            line 3 (row 2): value/bad-time: `x` is not a number of minutes
            line 4 (row 3): import/unknown-kind: workqueuetype is `Run Queue`, but only `Work Queue` is known
            hint: value/bad-time: a whole number; 0 or nothing for none
            hint: import/unknown-kind: write `Work Queue`, or leave the cell empty
            [4]
            $ queue import at:queue.csv --output json
            {"created":0,"changed":0,"unchanged":1,"rejected":2,"rejects":[{"row":2,"line":3,"code":"value/bad-time","reason":"`x` is not a number of minutes","hint":"a whole number; 0 or nothing for none"},{"row":3,"line":4,"code":"import/unknown-kind","reason":"workqueuetype is `Run Queue`, but only `Work Queue` is known","hint":"write `Work Queue`, or leave the cell empty"}]}
            [4]
            $ queue import at:queue.jsonl
            created 0, changed 1, unchanged 0, rejected 1
            line 2 (row 2): import/unknown-field: there is no setting `tll`
            hint: import/unknown-field: did you mean `ttl`? use one of key, name, description, ttl, at_risk, continue_if_violated, retries, retry_delay, crashes, processing_limit, edit_while_processing, keep, schema
            [4]
            $ queue export inv
            {"key":"inv","name":"Invoices","description":"All invoices","ttl":"1d","at_risk":null,"continue_if_violated":false,"retries":3,"retry_delay":"0s","crashes":3,"processing_limit":null,"edit_while_processing":false,"keep":null,"schema":null}
        "#]],
    );
}

#[test]
fn interrupted_import_keeps_what_it_sent() {
    let place = Place::with_items(1);
    place.file("more.jsonl", &lines("m", 5_000));
    place.interrupted.store(true, std::sync::atomic::Ordering::Relaxed);
    let ran = place.run(&["item", "import", "q", "at:more.jsonl"]);
    assert_eq!(ran.code, ExitCode::Interrupted);
    assert_eq!(ran.out, "accepted 1000, duplicate 0, rejected 0\n");
    place.interrupted.store(false, std::sync::atomic::Ordering::Relaxed);
    let ran = place.run(&["item", "import", "q", "at:more.jsonl"]);
    assert_eq!(ran.out, "accepted 4000, duplicate 1000, rejected 0\n");
}

#[test]
fn infers_types_by_whole_column() {
    let place = Place::new();
    place.file(
        "rows.csv",
        "id,none,Amount,code,at,paid\n\
         1,, 967.45 ,007,01/01/1900 00:00,true\n\
         2,,,x,01/01/1900 00:00,false\n",
    );
    place.run(&["queue", "create", "q"]);
    let words =
        ["item", "import", "q", "at:rows.csv", "--reference-from", "id", "--types", "infer"];
    let ran = place.run(&words);
    expect![[r"
        types: id number, none empty (left out), Amount number, at time, paid true or false
    "]]
    .assert_eq(&ran.err);
    let values = place.run(&["item", "export", "q"]).out;
    let values: Vec<&str> =
        values.lines().filter_map(|line| Some(line.split_once("\"value\":")?.1)).collect();
    expect![[r#"
        {"id":1,"Amount":967.45,"code":"007","at":"1900-01-01T00:00:00","paid":true}}
        {"id":2,"Amount":null,"code":"x","at":"1900-01-01T00:00:00","paid":false}}"#]]
    .assert_eq(&values.join("\n"));
}

/// Rows that an import rejects: how it is called, the file, and the row.
const REJECTED: &[(&str, &str, &str)] = &[
    ("item import q at:FILE --value-from v", "a.csv", "v,w\n,1\n"),
    ("item import q at:FILE --reference-from r", "b.csv", "r,w\n,1\n"),
    ("item import at:FILE", "c.jsonl", "{\"n\":1}\n"),
    ("item import q at:FILE --expires-from e", "d.csv", "e\nsoon\n"),
    (
        "item import q at:FILE",
        "e.csv",
        "name,reference,status,priority,created,expires,delay_until,value\n,,expired,,,,,1\n",
    ),
    (
        "item import q at:FILE",
        "f.csv",
        "a,b,rejected_line,rejected_code,rejected_reason\n1,,3,csv/too-many-columns,x\n",
    ),
    (
        "item import q at:FILE",
        "g.jsonl",
        "{\"name\":null,\"reference\":null,\"status\":null,\"priority\":null,\"created\":null,\
         \"expires\":null,\"delay_until\":null,\"value\":1}\n{\"valeu\":1}\n",
    ),
    ("queue import at:FILE", "h.jsonl", "{\"key\":\"k\",\"tll\":1}\n"),
    ("queue import at:FILE", "i.jsonl", "{\"key\":\"k\",\"retries\":\"x\"}\n[1]\n"),
    ("queue import at:FILE", "j.jsonl", "{\"key\":\"k\",\"ttl\":\"x\"}\n"),
    (
        "queue import at:FILE",
        "k.csv",
        "defaultitemtimetoliveinminutes,description,name,prioritytype,overwritetime,\
         componentstate,workqueuekey,workqueuetype\n5,,Run,Fifo,,0,run,Run Queue\n",
    ),
];

/// A reject of every code that no error has: code, reason and hint.
pub(crate) fn rejected() -> Vec<[String; 3]> {
    let mut all: Vec<[String; 3]> = Vec::new();
    for (line, name, text) in REJECTED {
        let place = Place::new();
        place.run(&["queue", "create", "q"]);
        place.file(name, text);
        let line = line.replace("FILE", name);
        let words: Vec<&str> = ["--output", "json"].into_iter().chain(line.split(' ')).collect();
        let ran = place.run(&words);
        let told = model::json::parse(&ran.out).unwrap_or_else(|_| panic!("{line}: {}", ran.err));
        let rejects = told.get("rejects").and_then(model::Value::as_list).expect("a list");
        assert!(!rejects.is_empty(), "{line}");
        for reject in rejects {
            let text = |field: &str| {
                let text = reject.get(field).and_then(model::Value::as_text);
                text.expect("a text").to_owned()
            };
            let reject = ["code", "reason", "hint"].map(text);
            if !all.iter().any(|known| known == &reject) {
                all.push(reject);
            }
        }
    }
    all.sort();
    all
}
