//! Project files, whole and broken.

use std::fs;

use engine::grant::{Access, Table, Verb};
use expect_test::{Expect, expect};

use super::*;

const FULL: &str = r#"# What we run.
[folders]
ledger = "data/ledger" # ours

[plugins.finance]
source = "plugins/finance" # built here
digest = "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"
imports = ["files", "work-queue"]

# Agreed with accounting.
[plugins.finance.grants]
queues = { orders = ["process", "add"], "archive-*" = ["add"] }
files = { ledger = "read-write" }
http = [
    "https://api.example.com", # the portal
]
secrets = ["token"]
"#;

fn placed(text: &str) -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("space");
    fs::write(dir.path().join(FILE), text).expect("space");
    dir
}

fn problems(text: &str, expected: &Expect) {
    let dir = placed(text);
    let error = Project::open(dir.path()).expect_err("it is wrong");
    let Error::Invalid { problems } = &error else { panic!("{error:?}") };
    let told = problems.iter().map(|it| format!("{it} [{}] ({})\n", it.code, it.hint));
    expected.assert_eq(&told.collect::<String>());
}

#[test]
fn project_is_read_whole() {
    let dir = placed(FULL);
    let project = Project::open(dir.path()).expect("it is one");
    assert_eq!(project.folders["ledger"], dir.path().join("data/ledger"));
    let finance = &project.plugins["finance"];
    assert_eq!(finance.source.as_deref(), Some("plugins/finance"));
    assert_eq!(finance.digest, Some(Digest::of(b"")));
    let table = finance.grants.table();
    assert_eq!(table.queues["orders"], ["add", "process"]);
    assert_eq!(table.http, ["https://api.example.com"]);
    assert_eq!(project.plugin("other"), Entry::default());
}

#[test]
fn project_is_found_from_below() {
    let dir = placed("");
    let below = dir.path().join("a/b");
    fs::create_dir_all(&below).expect("space");
    assert_eq!(root_of(&below), dir.path());
    let alone = tempfile::tempdir().expect("space");
    assert_eq!(root_of(alone.path()), alone.path());
    // A crate in `plugins` belongs to what holds these; any other folder there is its own.
    let crate_root = alone.path().join("plugins/checks");
    fs::create_dir_all(crate_root.join("src")).expect("space");
    assert_eq!(root_of(&crate_root), crate_root);
    fs::write(crate_root.join("Cargo.toml"), "").expect("space");
    assert_eq!(root_of(&crate_root.join("src")), alone.path());
    fs::write(crate_root.join(FILE), "").expect("space");
    assert_eq!(root_of(&crate_root.join("src")), crate_root);
    assert_eq!(Project::open(alone.path()).expect("nothing is wrong").plugins.len(), 0);
}

#[test]
fn everything_wrong_is_told() {
    problems(
        "folder = 1\n[folders]\na = 5\n[plugins.Finance]\n[plugins.b]\nsorce = 'x'\n\
         digest = 'x'\nimports = [1]\n[plugins.b.grants]\nqueues = { é = ['ad'], o = 'add' }\n\
         files = { l = 'write' }\nhttp = ['ftp://x']\nsecrets = ['a*b']\nhtp = []\n",
        &expect![[r"
            wharf.toml:10:12: invalid unquoted key, expected letters, numbers, `-`, `_` [project/invalid] (correct the file at that place; https://toml.io tells what TOML looks like)
        "]],
    );
}

#[test]
fn broken_syntax_has_a_place() {
    problems(
        "[folders]\na = \n",
        &expect![[r"
        wharf.toml:2:5: string values must be quoted, expected literal string [project/invalid] (correct the file at that place; https://toml.io tells what TOML looks like)
    "]],
    );
}

#[test]
fn size_is_bounded() {
    let text = |bytes: usize| format!("#{}\n", "x".repeat(bytes - 2));
    let dir = placed(&text(PROJECT_BYTES_MAX));
    assert!(Project::open(dir.path()).is_ok());
    let dir = placed(&text(PROJECT_BYTES_MAX + 1));
    let refused = Project::open(dir.path()).expect_err("it is too large");
    assert_eq!(refused.code(), "limit/exceeded");
}

#[test]
fn names_are_those_of_flows() {
    let longest = "a".repeat(crate::limits::PLUGIN_NAME_BYTES_MAX);
    for (name, good) in [
        ("finance", true),
        ("a-1", true),
        ("", false),
        ("1a", false),
        ("-a", false),
        ("Finance", false),
        ("a_b", false),
        ("é", false),
        (longest.as_str(), true),
        (&format!("{longest}a"), false),
    ] {
        assert_eq!(is_plugin_name(name), good, "{name}");
    }
}

#[test]
fn edits_keep_everything_else() {
    let dir = placed(FULL);
    let table = Table {
        queues: [("orders".into(), vec!["add".into(), "process".into(), "note".into()])].into(),
        files: [("ledger".into(), "read-write".into())].into(),
        http: vec!["https://api.example.com".into()],
        secrets: vec![],
    };
    let grants = Grants::parse(&table).expect("it is one");
    let digest = Digest::of(b"new");
    let project = Project::edit(dir.path(), |draft| {
        draft.grant("finance", &grants);
        draft.pin("text", "text.wasm", &digest, Some(&BTreeSet::new()));
    });
    assert_eq!(project.expect("it is one").plugins["finance"].grants, grants);
    let text = fs::read_to_string(dir.path().join(FILE)).expect("it is there");
    expect![[r#"
        # What we run.
        [folders]
        ledger = "data/ledger" # ours

        [plugins.finance]
        source = "plugins/finance" # built here
        digest = "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"
        imports = ["files", "work-queue"]

        # Agreed with accounting.
        [plugins.finance.grants]
        queues = { orders = ["add", "process", "note"] }
        files = { ledger = "read-write" }
        http = [
            "https://api.example.com", # the portal
        ]

        [plugins.text]
        source = "text.wasm"
        digest = "b20ab0a020a48d349e0c64d109c441f87c9bc43d49fc701c4a5f6f1b16aa4e32"
        imports = []
    "#]]
    .assert_eq(&text);
}

#[test]
fn same_grants_change_nothing() {
    let dir = placed(FULL);
    let grants = Project::open(dir.path()).expect("it is one").plugins["finance"].grants.clone();
    Project::edit(dir.path(), |draft| draft.grant("finance", &grants)).expect("it is one");
    let text = fs::read_to_string(dir.path().join(FILE)).expect("it is there");
    // The verbs were in another order.
    assert_eq!(text, FULL.replace(r#"["process", "add"]"#, r#"["add", "process"]"#));
}

#[test]
fn broken_files_are_not_edited() {
    let dir = placed("[folders\n");
    let digest = Digest::of(b"");
    let edited = Project::edit(dir.path(), |draft| draft.pin("a", "b", &digest, None));
    assert_eq!(edited.expect_err("it is broken").code(), "project/invalid");
    assert_eq!(fs::read_to_string(dir.path().join(FILE)).expect("it is there"), "[folders\n");
}

#[test]
fn ceiling_is_read_from_data() {
    let dir = tempfile::tempdir().expect("space");
    assert_eq!(ceiling(dir.path()), Ok(None));
    fs::write(dir.path().join(CEILING), "secrets = ['a']\n").expect("space");
    let grants = ceiling(dir.path()).expect("it is one").expect("it is there");
    assert!(grants.allows_secret("a"));
    fs::write(dir.path().join(CEILING), "secret = ['a']\n").expect("space");
    let error = ceiling(dir.path()).expect_err("it is wrong");
    let file = dir.path().join(CEILING);
    let told = format!("{}:1:1: there is no setting `secret`", file.display());
    assert_eq!(error.to_string(), told);
    assert_eq!(error.code(), "project/unknown-key");
}

/// What people read about both files.
const PAGE: &str = include_str!("../../../../docs/reference/project.md");

/// The blocks of TOML on the page.
fn examples() -> Vec<&'static str> {
    let blocks = PAGE.split("```toml\n").skip(1);
    blocks.map(|rest| rest.split_once("```").expect("the block ends").0).collect()
}

#[test]
fn page_tells_every_key() {
    let tables = PAGE.split("| key | what it is |\n|---|---|\n").skip(1);
    let keys = |table: &'static str| {
        let rows = table.lines().map_while(|line| line.strip_prefix("| `"));
        rows.map(|row| row.split_once('`').expect("a key is quoted").0).collect::<Vec<_>>()
    };
    let told: Vec<Vec<&str>> = tables.map(keys).collect();
    assert_eq!(told, [read::PROJECT_KEYS, read::PLUGIN_KEYS, read::GRANT_KEYS]);
    for word in Verb::ALL.map(Verb::name).into_iter().chain(Access::ALL.map(Access::name)) {
        assert!(PAGE.contains(&format!("`{word}`")), "{word}");
    }
}

#[test]
fn examples_of_page_are_read() {
    let [example, bound] = examples()[..] else { panic!("two examples") };
    let dir = placed(example);
    let project = Project::open(dir.path()).expect("it is one");
    assert_eq!(project.folders["ledger"], dir.path().join("data/ledger"));
    assert_eq!(project.folders["inbox"], Path::new("/srv/scans"));
    let grants = &project.plugins["finance"].grants;
    fs::write(dir.path().join(CEILING), bound).expect("space");
    let ceiling = ceiling(dir.path()).expect("it is one").expect("it is there");
    let left = grants.meet(&ceiling).table();
    assert_eq!(left.queues["archive-*"], ["add", "read"]);
    assert_eq!((&*left.files["ledger"], &*left.files["inbox"]), ("read-write", "read"));
    assert_eq!(left.http, ["https://api.example.com"]);
    assert_eq!(left.secrets, ["portal-token"]);
    // Every key is in the examples, so that each is shown with its syntax.
    let keys = [read::PROJECT_KEYS, read::PLUGIN_KEYS, read::GRANT_KEYS].concat();
    assert!(keys.into_iter().all(|key| example.contains(key)), "{example}");
    assert!(read::GRANT_KEYS.iter().all(|key| bound.contains(key)), "{bound}");
}
