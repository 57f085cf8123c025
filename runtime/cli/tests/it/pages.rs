//! The pages of the reference that describe the command, compared with what it prints.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::LazyLock;

use expect_test::expect_file;
use model::Value;

use crate::place::{CLASSIFY, Place, list, text, words};

fn page(name: &str) -> PathBuf {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.canonicalize().unwrap().join("docs/reference").join(name)
}

/// A command and its help.
struct Help {
    command: String,
    text: String,
    below: Vec<String>,
}

static HELP: LazyLock<Vec<Help>> = LazyLock::new(|| {
    let mut found = Vec::new();
    collect("wharf", &Place::new(), &mut found);
    found
});

fn collect(command: &str, place: &Place, found: &mut Vec<Help>) {
    let arguments = command.strip_prefix("wharf").unwrap();
    let text = place.ok(&format!("{arguments} --help"));
    let listed = text.split("\nCommands:\n").nth(1).unwrap_or_default();
    let names = listed.lines().take_while(|line| line.starts_with("  "));
    let below: Vec<String> = names
        .filter_map(|line| line.split_whitespace().next())
        // It shows what is here already.
        .filter(|name| *name != "help")
        .map(|name| format!("{command} {name}"))
        .collect();
    found.push(Help { command: command.into(), text, below: below.clone() });
    for inner in below {
        collect(&inner, place, found);
    }
}

/// The commands that do something, such as `wharf item add`.
pub(crate) fn verbs() -> Vec<String> {
    let leaves = HELP.iter().filter(|help| help.below.is_empty());
    leaves.map(|help| help.command.clone()).collect()
}

#[test]
fn command_page_shows_every_help() {
    let mut page_text = String::from(
        "# Commands\n\nWritten by the test `command_page_shows_every_help` from what \
         `--help` prints; do not edit it by hand.\n\
         What they print as JSON is told in [output](output.md), how they fail in \
         [errors](errors.md), and what `--where` understands in [expressions](expressions.md).\n",
    );
    for Help { command, text, .. } in HELP.iter() {
        let everywhere = "\nEverywhere:\n";
        // The options of every command stand once, on top.
        let shown = match text.split_once(everywhere) {
            Some((own, _)) if command != "wharf" => own,
            _ => text,
        };
        let level = "#".repeat(1 + command.split(' ').count().min(2));
        let shown: Vec<&str> = shown.trim_end().lines().map(str::trim_end).collect();
        let shown = shown.join("\n");
        write!(page_text, "\n{level} {command}\n\n```text\n{shown}\n```\n").unwrap();
    }
    expect_file![page("cli.md")].assert_eq(&page_text);
}

#[test]
fn every_verb_explains_itself() {
    for Help { command, text, .. } in HELP.iter() {
        assert!(text.lines().all(|line| line.chars().count() <= 100), "{command} is wider");
        assert!(text.contains("Usage: wharf"), "{command}");
        let undescribed = text.lines().filter(|line| {
            let option = line.trim_start();
            option.starts_with("--") && !option.contains("  ")
        });
        // clap puts long descriptions on a line of their own, below the option.
        for line in undescribed {
            let next = text.split(line).nth(1).and_then(|rest| rest.lines().nth(1));
            assert!(next.is_some_and(|next| next.starts_with("      ")), "{command}: {line}");
        }
    }
}

#[test]
fn exit_codes_of_page_are_those_of_help() {
    let page = std::fs::read_to_string(page("errors.md")).unwrap();
    let (_, table) = page.split_once("| exit | meaning | what a script does |\n").unwrap();
    let rows = table.lines().skip(1).map_while(|line| line.strip_prefix("| "));
    let codes: Vec<&str> = rows.map(|row| row.split(' ').next().unwrap()).collect();
    let help: String = HELP[0].text.split_whitespace().collect::<Vec<_>>().join(" ");
    let (_, told) = help.split_once("Exit codes: ").unwrap();
    let (told, _) = told.split_once('.').unwrap();
    let told: Vec<&str> = told.split("; ").map(|part| part.split(' ').next().unwrap()).collect();
    assert_eq!(codes, told);
}

/// A place in which everything that can be printed has something in it.
fn furnished() -> Place {
    let place = Place::new();
    place.file("schema.json", "{}");
    place.ok("queue create orders --ttl 24h --at-risk 80 --schema schema.json");
    place.ok("queue create other");
    place.ok("item add orders --value 1 --reference R-1 --note first");
    std::fs::copy(CLASSIFY, place.path("invoice.wasm")).unwrap();
    place.file(
        "wharf.toml",
        "[plugins.other]\nsource = 'other.wasm'\n[plugins.other.grants]\nsecrets = ['x']\n",
    );
    place.file("rows.jsonl", "{\"n\":1}\n{\"n\":}\n");
    place.file("greet.yaml", "flow: greet\nsteps: [ { uses: log, with: { message: Hello } } ]\n");
    place.file("fails.yaml", "flow: fails\nsteps: [ { fail: No } ]\n");
    place.ok("run greet.yaml");
    assert_eq!(place.run("run fails.yaml").code, 1);
    place.ok("db backup kept.db");
    place
}

/// What a section of the page is about, and commands that print it.
const PRINTED: &[(&str, &[&str])] = &[
    ("Items", &["item list orders"]),
    ("Claimed items", &["item claim orders"]),
    ("Items with notes", &["item show --queue orders --reference R-1"]),
    ("History", &["item history ID"]),
    (
        "One change",
        &[
            "item add orders --value 2",
            "item note ID text",
            "item settle ID --token TOKEN --status processed",
        ],
    ),
    ("Renewals", &["item renew ID --token TOKEN"]),
    ("Changes of many items", &["item hold --queue orders --all-matching", "item release ID"]),
    ("Dry runs", &["item delete --queue orders --dry-run", "item requeue --queue other --dry-run"]),
    (
        "Queues",
        &[
            "queue list",
            "queue show orders",
            "queue create more",
            "queue edit orders --retries 2",
            "queue pause other",
            "queue resume other",
            "queue stop other",
        ],
    ),
    ("Counts", &["queue stats orders", "queue stats other"]),
    ("Emptied queues", &["queue clear other --yes", "queue delete other"]),
    ("Exported queues", &["queue export orders"]),
    ("Exported items", &["item export orders"]),
    ("Imported queues", &["queue import queues.jsonl"]),
    ("Imported items", &["item import orders rows.jsonl"]),
    ("Checks", &["db check"]),
    ("Backups", &["db backup copy.db"]),
    ("Restored backups", &["db restore kept.db"]),
    ("New plugins", &["new plugin finance"]),
    // Shown where a plugin is built.
    ("Built plugins", &[]),
    ("Checks of the tool chain", &["doctor"]),
    ("Plugins", &["plugin install invoice.wasm", "plugin inspect invoice.wasm"]),
    ("Listed plugins", &["plugin list"]),
    ("Changed grants", &["plugin grant invoice --secret x"]),
    ("Runs", &["runs list"]),
    ("Runs with their journals", &["runs show last"]),
    // Shown where flows run.
    ("Events of a run", &[]),
    // Shown where steps fail.
    ("Failures of steps", &[]),
    ("Errors", &["item claim nothing", "item lst", "item add orders --value", "db restore gone"]),
];

#[test]
fn output_page_names_every_field() {
    let page = std::fs::read_to_string(page("output.md")).unwrap();
    let headings: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    let known: Vec<&str> = PRINTED.iter().map(|(heading, _)| *heading).collect();
    assert_eq!(headings, known);
    for (heading, lines) in PRINTED {
        for line in *lines {
            let told = documented(&page, heading);
            for (object, at) in printed(line).iter().zip(1..) {
                check_fields(object, &told, &format!("{heading}: {line}, object {at}"));
            }
        }
    }
}

/// Checks that an object is as its section of the page tells.
#[track_caller]
pub(crate) fn check_object(object: &Value, heading: &str) {
    let page = std::fs::read_to_string(page("output.md")).unwrap();
    check_fields(object, &documented(&page, heading), heading);
}

/// The rows of a section: a field and its type.
fn documented<'p>(page: &'p str, heading: &str) -> Vec<(&'p str, &'p str)> {
    let (_, section) = page.split_once(&format!("## {heading}\n")).unwrap();
    let section = section.split("\n## ").next().unwrap();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `"));
    rows.map(|row| {
        let (name, rest) = row.split_once("` | ").unwrap();
        (name, rest.split(" |").next().unwrap())
    })
    .collect()
}

/// The objects that the command prints in a furnished place.
fn printed(line: &str) -> Vec<Value> {
    let place = furnished();
    let exported = place.ok("queue export orders");
    place.file("queues.jsonl", exported);
    let items = place.json("item list orders");
    let mut line = line.replace("ID", text(&list(&items)[0], "id"));
    if line.contains("TOKEN") {
        let claimed = place.json("item claim orders");
        line = line.replace("TOKEN", text(&list(&claimed)[0], "token"));
    }
    let mut arguments = words(&line);
    arguments.extend(["--output".into(), "jsonl".into()]);
    let ran = place.run_with(&arguments);
    // An error prints no data.
    let printed = if ran.code == 0 || !ran.out.is_empty() { &ran.out } else { &ran.err };
    let lines = printed.lines().map(|line| model::json::parse(line).unwrap());
    let objects: Vec<Value> = lines.collect();
    assert!(!objects.is_empty(), "{line}: {ran:?}");
    objects
}

#[track_caller]
fn check_fields(object: &Value, told: &[(&str, &str)], what: &str) {
    let fields = object.as_object().unwrap_or_else(|| panic!("{what}: no object"));
    let printed: Vec<&str> = fields.keys().map(String::as_str).collect();
    let expected: Vec<&str> = told.iter().map(|(name, _)| *name).collect();
    assert_eq!(printed, expected, "{what}");
    for (name, kind) in told {
        let value = &fields[*name];
        let fits = kind.split(" or ").any(|kind| is_a(value, kind)) || is_a(value, kind);
        assert!(fits, "{what}: `{name}` is {value:?}, not {kind}");
    }
}

fn is_a(value: &Value, kind: &str) -> bool {
    match kind {
        "any JSON" => true,
        "text" => value.as_text().is_some(),
        "id" | "token" => value.as_text().is_some_and(|text| text.parse::<model::Id>().is_ok()),
        "time" => value.as_text().is_some_and(|text| text.parse::<model::Timestamp>().is_ok()),
        "span" => value.as_text().is_some_and(|text| model::time::parse_span(text).is_ok()),
        "status" => value.as_text().is_some_and(|text| text.parse::<model::Status>().is_ok()),
        "number" => value.as_number().is_some(),
        "true or false" => value.as_bool().is_some(),
        "list" => value.as_list().is_some(),
        "null" => value.is_null(),
        _ => false,
    }
}
