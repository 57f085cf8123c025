//! Every function of the host, as the fake one answers it.

use std::collections::BTreeMap;

use guest::desk::{ask, look, plan, report};
use wharf::http::{Error, Request, Response};
use wharf::log::Level;
use wharf::{Json, Kind, datetime, fake, files};

#[test]
fn documents_are_read_by_path() {
    let json = r#"{"name": "Ann", "paid": true, "count": 3, "amount": 5.00, "lines": [{"a": 1}]}"#;
    let seen = look(Json::from(json)).unwrap();
    let all = concat!(
        "{\n  \"name\": \"Ann\",\n  \"paid\": true,\n  \"count\": 3,\n  \"amount\": 5.00,\n",
        "  \"lines\": [\n    {\n      \"a\": 1\n    }\n  ]\n}",
    );
    let expected = [
        "Some(Number)",
        "1",
        "name,paid,count,amount,lines",
        "true",
        "3",
        "5.00",
        "Ann",
        "{\"a\":1}",
        all,
    ];
    assert_eq!(seen, expected);
    assert_eq!(look(Json::from("{}")).unwrap_err().code(), "json/missing");
}

#[test]
fn the_clock_stands_where_told() {
    assert_eq!(datetime::now().as_str(), "2026-01-01T00:00:00Z");
    fake::set_now("2026-05-05T22:30:00Z".parse().unwrap());
    let told = plan("31/01/2026 09:30".into(), "Europe/Berlin".into()).unwrap();
    let due = "2026-02-28T09:30:00+01:00[Europe/Berlin]";
    assert_eq!(told, [due, "28", "2026-02-28T08:30:00Z", "2026-05-06"]);
    let error = plan("31/01/2026 09:30".into(), "Europe/Berln".into()).unwrap_err();
    assert_eq!((error.kind(), error.code()), (Kind::Generic, "datetime/unknown-zone"));
    assert!(error.hint().is_some());
}

#[test]
fn requests_are_answered_by_rules() {
    let url = "https://portal.example/";
    assert_eq!(ask(url.into()).unwrap_err().code(), "secret/not-found");
    fake::secret("portal-token", "s3cret");
    assert_eq!(ask(url.into()).unwrap_err().code(), "grant/denied");

    fake::http(|_| Some(Ok(Response { status: 500, ..Response::default() })));
    assert_eq!(ask(url.into()).unwrap(), None);
    fake::http(|request: &Request| {
        let known = request.headers.contains(&("authorization".into(), "s3cret".into()));
        known.then(|| Ok(Response { status: 200, body: b"ok".to_vec(), ..Response::default() }))
    });
    assert_eq!(ask(url.into()).unwrap().as_deref(), Some("ok"));

    let requests = fake::requests();
    assert_eq!(requests.len(), 3);
    assert_eq!((requests[0].method.as_str(), requests[0].timeout_ms), ("POST", Some(500)));
    let lines = fake::log();
    let last = lines.last().unwrap();
    assert_eq!((last.level, last.message.as_str()), (Level::Info, "accepted"));
    assert!(lines.iter().any(|line| line.data == Some(Json::from("500"))));
}

#[test]
fn a_rule_may_fail() {
    fake::http(|request| {
        let problem = wharf::Problem {
            code: "http/timeout".into(),
            message: format!("{} took too long", request.url),
            hint: "try again later".into(),
        };
        Some(Err(Error::Timeout(problem)))
    });
    fake::secret("portal-token", "s3cret");
    let error = ask("https://slow.example/".into()).unwrap_err();
    assert_eq!((error.kind(), error.code()), (Kind::It, "http/timeout"));
}

#[test]
fn files_stay_in_granted_folders() {
    fake::file("inbox/a.csv", "1,2");
    fake::file("inbox/sub/b.csv", "");
    assert_eq!(report("inbox".into()).unwrap_err().code(), "grant/denied");
    fake::folder("outbox");
    assert_eq!(report("inbox".into()).unwrap(), 1);
    let expected = BTreeMap::from([
        ("inbox/sub/b.csv".to_owned(), Vec::new()),
        ("outbox/count.txt".to_owned(), b"1".to_vec()),
        ("outbox/report.txt".to_owned(), b"files:\ninbox/a.csv: 3\n".to_vec()),
    ]);
    assert_eq!(fake::files(), expected);
    assert_eq!(report("inbox".into()).unwrap_err().code(), "file/exists");
}

#[test]
fn paths_lead_only_where_granted() {
    fake::file("inbox/a.csv", "1");
    for (path, code) in [
        ("inbox/b.csv", "file/not-found"),
        ("other/a.csv", "grant/denied"),
        ("inbox/../other", "file/bad-path"),
        ("/inbox/a.csv", "file/bad-path"),
        ("inbox\\a.csv", "file/bad-path"),
        ("", "file/bad-path"),
    ] {
        assert_eq!(files::read(path).unwrap_err().code(), code, "{path}");
        assert_eq!(files::delete(path).unwrap_err().code(), code, "{path}");
    }
    assert_eq!(files::replace("inbox", "").unwrap_err().code(), "file/not-a-file");
    assert_eq!(files::list("inbox/none").unwrap_err().code(), "file/not-found");
    let entries = files::list("inbox").unwrap();
    assert_eq!((entries[0].name.as_str(), entries[0].size, entries[0].folder), ("a.csv", 1, false));
}
