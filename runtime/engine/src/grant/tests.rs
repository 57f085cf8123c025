//! Who may do what.

use std::collections::{BTreeMap, BTreeSet};

use expect_test::expect;
use proptest::prelude::*;

use super::{Access, Grants, Origin, Pattern, Permit, Reach, Table, Verb};
use crate::limits::GRANTS_MAX;
use crate::url::Url;

fn table(json: &str) -> Table {
    serde_json::from_str(json).expect("a test writes tables")
}

fn grants(json: &str) -> Grants {
    Grants::parse(&table(json)).unwrap_or_else(|errors| panic!("{errors:?}"))
}

fn url(text: &str) -> Url {
    Url::parse(text).expect("a test writes URLs")
}

fn permit(project: &str, ceiling: Option<&str>) -> Permit {
    Permit { plugin: "finance".into(), project: grants(project), ceiling: ceiling.map(grants) }
}

const FINANCE: &str = r#"{
    "queues": {"vendor-invoices": ["add", "process"], "archive-*": ["add"], "*": ["read"]},
    "files": {"ledger": "read-write", "rates": "read"},
    "http": ["https://api.example.com", "https://*.example.org:8443", "http://localhost:*"],
    "secrets": ["portal-token"]
}"#;

#[test]
fn nothing_is_granted_by_default() {
    let permit = Permit { plugin: "p".into(), project: Grants::default(), ceiling: None };
    assert!(Verb::ALL.into_iter().all(|verb| permit.queue("orders", verb).is_err()));
    assert!(Access::ALL.into_iter().all(|access| permit.files("ledger", access).is_err()));
    assert!(permit.http(&url("https://example.com/")).is_err());
    assert!(permit.secret("token").is_err());
    assert_eq!(grants("{}"), Grants::default());
    assert_eq!(Grants::default().table(), Table::default());
}

#[test]
fn grants_allow_what_they_say() {
    let permit = permit(FINANCE, None);
    for (queue, verb, allowed) in [
        ("vendor-invoices", Verb::Add, true),
        ("vendor-invoices", Verb::Process, true),
        ("vendor-invoices", Verb::Read, true),
        ("vendor-invoices", Verb::Update, false),
        ("vendor-invoices-2", Verb::Add, false),
        ("Vendor-Invoices", Verb::Add, false),
        ("archive-2026", Verb::Add, true),
        ("archive-", Verb::Add, true),
        ("archive", Verb::Add, false),
        ("archive-2026", Verb::Process, false),
        ("anything", Verb::Read, true),
        ("", Verb::Add, false),
    ] {
        assert_eq!(permit.queue(queue, verb).is_ok(), allowed, "{queue} {verb:?}");
    }
    for (folder, access, allowed) in [
        ("ledger", Access::Read, true),
        ("ledger", Access::ReadWrite, true),
        ("rates", Access::Read, true),
        ("rates", Access::ReadWrite, false),
        ("ledge", Access::Read, false),
    ] {
        assert_eq!(permit.files(folder, access).is_ok(), allowed, "{folder} {access:?}");
    }
    assert!(permit.secret("portal-token").is_ok());
    assert!(permit.secret("portal-tokens").is_err());
}

#[test]
fn hosts_are_granted_one_by_one() {
    let permit = permit(FINANCE, None);
    let any = Grants::parse(&Table { http: vec!["https://*".into()], ..Table::default() }).unwrap();
    for (text, allowed, by_any) in [
        ("https://api.example.com/a", true, true),
        ("https://api.example.com:443/a", true, true),
        ("https://api.example.com:444/a", false, false),
        ("http://api.example.com/a", false, false),
        ("https://api.example.com.evil.example/a", false, true),
        ("https://evil-api.example.com/a", false, true),
        ("https://a.example.org:8443/", true, false),
        ("https://a.b.example.org:8443/", true, false),
        ("https://example.org:8443/", false, false),
        ("https://evilexample.org:8443/", false, false),
        ("http://localhost:3000/", true, false),
        ("http://localhost/", true, false),
        ("https://localhost/", false, false),
        ("https://127.0.0.1/", false, false),
        ("https://192.0.2.1/", false, false),
    ] {
        assert_eq!(permit.http(&url(text)).is_ok(), allowed, "{text}");
        assert_eq!(any.allows_http(&url(text)), by_any, "{text}");
    }
}

#[test]
fn a_host_has_addresses_it_may_have() {
    let permit = permit(
        r#"{"http": ["https://*", "http://localhost:1", "http://10.0.0.7", "http://[::1]:2"]}"#,
        None,
    );
    let reach = |text: &str| permit.http(&url(text)).unwrap();
    let allows = |reach: Reach, address: &str| reach.allows(address.parse().unwrap());
    for (text, address, allowed) in [
        ("https://example.com/", "93.184.215.14", true),
        ("https://example.com/", "127.0.0.1", false),
        ("https://example.com/", "10.0.0.7", false),
        ("http://localhost:1/", "127.0.0.1", true),
        ("http://localhost:1/", "127.8.0.1", true),
        ("http://localhost:1/", "::1", true),
        ("http://localhost:1/", "::ffff:127.0.0.1", true),
        ("http://localhost:1/", "10.0.0.7", false),
        ("http://localhost:1/", "93.184.215.14", false),
        ("http://10.0.0.7/", "10.0.0.7", true),
        ("http://10.0.0.7/", "::ffff:10.0.0.7", true),
        ("http://10.0.0.7/", "10.0.0.8", false),
        ("http://[::1]:2/", "::1", true),
        ("http://[::1]:2/", "127.0.0.1", false),
    ] {
        assert_eq!(allows(reach(text), address), allowed, "{text} at {address}");
    }
}

#[test]
fn flows_may_do_what_the_ceiling_allows() {
    let free = Permit::of_flow(None);
    assert!(Verb::ALL.into_iter().all(|verb| free.queue("orders", verb).is_ok()));
    assert!(free.files("ledger", Access::ReadWrite).is_ok());
    assert!(free.secret("portal-token").is_ok());
    let inside = "10.0.0.7".parse().unwrap();
    for text in ["http://localhost:1/", "http://10.0.0.7/", "https://erp.internal/"] {
        assert!(free.http(&url(text)).unwrap().allows(inside), "{text}");
    }
    let ceiling = grants(r#"{"queues": {"orders": ["add"]}, "http": ["https://*"]}"#);
    let bound = Permit::of_flow(Some(ceiling.clone()));
    assert_eq!(bound.effective(), ceiling);
    assert!(bound.queue("orders", Verb::Add).is_ok());
    assert!(!bound.http(&url("https://erp.internal/")).unwrap().allows(inside));
    let denied = bound.queue("orders", Verb::Read).unwrap_err();
    assert_eq!(denied.to_string(), "flows were not granted `read` on the queue `orders`");
    assert_eq!(denied.hint(), "the operator of this installation does not allow it to any project");
    for denied in [
        bound.files("ledger", Access::Read).unwrap_err(),
        bound.http(&url("http://localhost/")).unwrap_err(),
        bound.secret("portal-token").unwrap_err(),
    ] {
        assert_eq!(denied.code(), "grant/denied");
    }
}

#[test]
fn both_sides_must_allow() {
    let ceiling = r#"{
        "queues": {"vendor-*": ["add", "read"], "archive-2026": ["add", "process"]},
        "files": {"*": "read"},
        "http": ["https://*:*", "http://localhost:3000"]
    }"#;
    let permit = permit(FINANCE, Some(ceiling));
    let met = serde_json::to_string_pretty(&permit.effective().table()).unwrap();
    expect![[r#"
        {
          "queues": {
            "archive-2026": [
              "add"
            ],
            "vendor-*": [
              "read"
            ],
            "vendor-invoices": [
              "add"
            ]
          },
          "files": {
            "ledger": "read",
            "rates": "read"
          },
          "http": [
            "http://localhost:3000",
            "https://*.example.org:8443",
            "https://api.example.com"
          ]
        }"#]]
    .assert_eq(&met);
    assert!(permit.queue("vendor-invoices", Verb::Add).is_ok());
    assert!(permit.queue("vendor-invoices", Verb::Process).is_err());
    assert!(permit.secret("portal-token").is_err());
}

#[test]
fn a_refusal_says_what_to_do() {
    let permit = permit(FINANCE, Some("{}"));
    let mut shown = String::new();
    for denied in [
        permit.queue("orders", Verb::Process).unwrap_err(),
        permit.queue("it's; rm -rf $HOME\n", Verb::Add).unwrap_err(),
        permit.queue("archive-2026", Verb::Add).unwrap_err(),
        permit.files("rates", Access::ReadWrite).unwrap_err(),
        permit.http(&url("https://evil.example:8443/path?secret=1")).unwrap_err(),
        permit.http(&url("http://[2001:db8::1]/")).unwrap_err(),
        permit.secret("other").unwrap_err(),
    ] {
        shown += &[denied.code(), ": ", &denied.to_string(), "\n  hint: "].concat();
        shown += &(denied.hint() + "\n");
    }
    expect![[r"
        grant/denied: the plugin `finance` was not granted `process` on the queue `orders`
          hint: `wharf plugin grant finance --queue orders=process` grants it
        grant/denied: the plugin `finance` was not granted `add` on the queue `it's; rm -rf $HOME\n`
          hint: `wharf plugin grant finance --queue 'it'\''s; rm -rf $HOME\n=add'` grants it
        grant/denied: the plugin `finance` was not granted `add` on the queue `archive-2026`
          hint: the project grants it, but the operator of this installation does not allow it to any project: see `ceiling.toml` in the data directory
        grant/denied: the plugin `finance` was not granted `read-write` on the folder `rates`
          hint: `wharf plugin grant finance --files rates=read-write` grants it
        grant/denied: the plugin `finance` was not granted requests to `https://evil.example:8443`
          hint: `wharf plugin grant finance --http https://evil.example:8443` grants it
        grant/denied: the plugin `finance` was not granted requests to `http://[2001:db8::1]`
          hint: `wharf plugin grant finance --http 'http://[2001:db8::1]'` grants it
        grant/denied: the plugin `finance` was not granted the secret `other`
          hint: `wharf plugin grant finance --secret other` grants it
    "]].assert_eq(&shown);
}

#[test]
fn everything_wrong_is_told_at_once() {
    let table = table(
        r#"{
            "queues": {"a*b": ["add"], "": ["add"], "orders": ["adds", "x", "add"]},
            "files": {"ledger": "write", "*x": "read", "/etc": "read"},
            "http": ["example.com", "https://a.example/path", "https://*.1.2.3.4", "https://*a.b"],
            "secrets": ["a\nb"]
        }"#,
    );
    let errors = Grants::parse(&table).unwrap_err();
    let lines = errors.iter().map(|it| format!("{}: {it}\n  hint: {}\n", it.code(), it.hint()));
    expect![[r#"
        grant/invalid: `` in `queues`: a name is empty
          hint: write a name, or the start of names and `*`, such as `vendor-*`
        grant/invalid: `a*b` in `queues`: `*` stands elsewhere than at the end
          hint: write a name, or the start of names and `*`, such as `vendor-*`
        grant/invalid: `adds` is nothing that can be done with the queue `orders`
          hint: did you mean `add`?
        grant/invalid: `x` is nothing that can be done with the queue `orders`
          hint: there is add, process, read, update, requeue, note
        grant/invalid: `*x` in `files`: `*` stands elsewhere than at the end
          hint: write a name, or the start of names and `*`, such as `vendor-*`
        grant/invalid: `/etc` in `files` is a path, not the name of a folder
          hint: grant a name, such as `ledger`; wharf.toml says under `[folders]` where it is: `ledger = "data/ledger"`
        grant/invalid: `write` is nothing that can be done with the folder `ledger`
          hint: there is read, read-write
        grant/invalid: `example.com` is not a usable URL: it does not begin with `https://` or `http://`
          hint: URLs look like https://api.example.com/invoices
        grant/invalid: `https://a.example/path` is not a usable URL: a grant ends with the host or its port
          hint: leave out `/path`
        grant/invalid: `https://*.1.2.3.4` is not a usable URL: an address has no names under it
          hint: leave out `*.`
        grant/invalid: `https://*a.b` is not a usable URL: `*a.b` is not a host
          hint: names have letters, digits and hyphens between dots
        grant/invalid: `a\nb` in `secrets`: a name has control characters
          hint: write a name, or the start of names and `*`, such as `vendor-*`
    "#]].assert_eq(&lines.collect::<String>());
    assert!(serde_json::from_str::<Table>(r#"{"queue": {}}"#).is_err());
}

#[test]
fn grants_are_bounded() {
    for (count, fits) in [(GRANTS_MAX - 1, true), (GRANTS_MAX, true), (GRANTS_MAX + 1, false)] {
        let secrets = (0..count).map(|number| number.to_string()).collect();
        let parsed = Grants::parse(&Table { secrets, ..Table::default() });
        assert_eq!(parsed.is_ok(), fits, "{count}");
    }
}

fn names() -> impl Strategy<Value = String> {
    "[ab-]{0,4}"
}

fn patterns() -> impl Strategy<Value = Pattern> {
    "[ab-]{1,3}|[ab-]{0,3}\\*".prop_map(|text| Pattern::parse(&text).expect("it is one"))
}

fn hosts() -> impl Strategy<Value = String> {
    prop_oneof!["([ab]\\.){0,3}[ab]", Just("localhost".to_owned()), Just("10.0.0.1".to_owned())]
}

fn origins() -> impl Strategy<Value = Origin> {
    let host = prop_oneof![
        hosts(),
        Just("*".to_owned()),
        "([ab]\\.){0,2}[ab]".prop_map(|end| format!("*.{end}"))
    ];
    let port = prop_oneof![Just(""), Just(":81"), Just(":*")];
    let scheme = prop_oneof![Just("http"), Just("https")];
    (scheme, host, port).prop_map(|(scheme, host, port)| {
        Origin::parse(&format!("{scheme}://{host}{port}")).expect("it is one")
    })
}

fn some_grants() -> impl Strategy<Value = Grants> {
    let verbs = || prop::collection::btree_set(prop::sample::select(&Verb::ALL[..]), 0..4);
    let access = || prop::sample::select(&Access::ALL[..]);
    (
        prop::collection::btree_map(patterns(), verbs(), 0..4),
        prop::collection::btree_map(patterns(), access(), 0..4),
        prop::collection::btree_set(origins(), 0..4),
        prop::collection::btree_set(patterns(), 0..4),
    )
        .prop_map(|(queues, files, http, secrets): (BTreeMap<_, _>, _, BTreeSet<_>, _)| {
            Grants { queues, files, http, secrets }
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn meeting_allows_what_both_do(
        ours in some_grants(),
        theirs in some_grants(),
        name in names(),
        host in hosts(),
        port in prop_oneof![Just(""), Just(":81"), Just(":82")],
        secure: bool,
    ) {
        let met = ours.meet(&theirs);
        for verb in Verb::ALL {
            let both = ours.allows_queue(&name, verb) && theirs.allows_queue(&name, verb);
            prop_assert_eq!(met.allows_queue(&name, verb), both);
        }
        for access in Access::ALL {
            let both = ours.allows_files(&name, access) && theirs.allows_files(&name, access);
            prop_assert_eq!(met.allows_files(&name, access), both);
        }
        let both = ours.allows_secret(&name) && theirs.allows_secret(&name);
        prop_assert_eq!(met.allows_secret(&name), both);
        let url = url(&format!("{}://{host}{port}/", if secure { "https" } else { "http" }));
        prop_assert_eq!(met.allows_http(&url), ours.allows_http(&url) && theirs.allows_http(&url));
    }

    #[test]
    fn tables_read_back_as_written(grants in some_grants()) {
        prop_assert_eq!(Grants::parse(&grants.table()), Ok(grants));
    }
}
