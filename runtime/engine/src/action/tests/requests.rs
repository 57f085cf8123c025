//! `http.request` on a network that is made up.

use expect_test::expect;
use flow::expr::Type;
use flow::program::Form;
use model::{Value, json};

use super::Ground;
use super::ground::SECRET;
use super::tables::type_of;

fn sent(ground: &Ground) -> String {
    let asked = ground.network.asked.lock().unwrap();
    let told = asked.iter().map(|it| {
        let headers = it.headers.iter().map(|(name, value)| format!("{name}: {value}\n"));
        let body = String::from_utf8(it.body.clone().unwrap_or_default()).unwrap();
        format!("{} {}\n{}{body}\n", it.method.name(), it.url, headers.collect::<String>())
    });
    told.collect()
}

#[test]
fn bodies_are_sent_as_they_are_meant() {
    let ground = Ground::new();
    for body in [
        r#""json": {"Amount": 12.50}"#,
        r#""text": "Grüße", "headers": {"content-type": "text/markdown"}"#,
        r#""form": {"a b": "1&2", "n": 1.50, "yes": true}"#,
        r#""query": {"page": 2, "q": "a/b é"}"#,
    ] {
        let given =
            format!(r#"{{"url": "https://portal.example.com/", "method": "POST", {body}}}"#);
        ground.perform("http.request", &given).unwrap();
    }
    let query = r#"{"url": "https://portal.example.com/?a=1#top", "query": {"b": 2}}"#;
    ground.perform("http.request", query).unwrap();
    expect![[r#"
        POST https://portal.example.com/
        Content-Type: application/json
        {"Amount":12.50}
        POST https://portal.example.com/
        content-type: text/markdown
        Grüße
        POST https://portal.example.com/
        Content-Type: application/x-www-form-urlencoded
        a%20b=1%262&n=1.50&yes=true
        POST https://portal.example.com/?page=2&q=a%2Fb%20%C3%A9

        GET https://portal.example.com/?a=1&b=2

    "#]]
    .assert_eq(&sent(&ground));
}

#[test]
fn answers_are_given_as_asked() {
    let ground = Ground::new();
    let headers = [("Content-Type", "application/json"), ("X-A", "1"), ("x-a", "2")];
    ground.network.answer_with("/json", 201, &headers, br#"{"no": 12345678901234567890}"#);
    ground.network.answer("/bytes", 200, &[0xff, 0]);
    let ask = |path: &str, as_: &str| {
        let given = format!(r#"{{"url": "https://portal.example.com{path}", "as": "{as_}"}}"#);
        json::pretty(&ground.value("http.request", &given)) + "\n"
    };
    expect![[r#"
        {
          "status": 201,
          "headers": {
            "content-type": "application/json",
            "x-a": "1, 2"
          },
          "body": {
            "no": 12345678901234567890
          }
        }
    "#]]
    .assert_eq(&ask("/json", "json"));
    expect![[r#"
        {
          "status": 201,
          "headers": {
            "content-type": "application/json",
            "x-a": "1, 2"
          },
          "body": "{\"no\": 12345678901234567890}"
        }
    "#]]
    .assert_eq(&ask("/json", "text"));
    expect![[r#"
        {
          "status": 200,
          "headers": {},
          "body": "/wA="
        }
    "#]]
    .assert_eq(&ask("/bytes", "base64"));
}

#[test]
fn a_bad_status_is_a_failure() {
    let ground = Ground::new();
    ground.network.answer("/busy", 503, b"<h1>Try later</h1>");
    ground.network.answer("/wrong", 422, br#"{"field": "Amount"}"#);
    let said = ["busy", "wrong"].map(|path| {
        let given = format!(r#"{{"url": "https://portal.example.com/{path}", "as": "json"}}"#);
        let data = ground.failure("http.request", &given).data.expect("the answer is there");
        ground.said("http.request", &given) + &data.to_string() + "\n"
    });
    expect![[r#"
        it http/status: `https://portal.example.com` answered with the status 503
          hint: `error.data` has the answer; `any-status: true` gives it as the output
        {"status":503,"headers":{},"body":"<h1>Try later</h1>"}
        generic http/status: `https://portal.example.com` answered with the status 422
          hint: `error.data` has the answer; `any-status: true` gives it as the output
        {"status":422,"headers":{},"body":{"field":"Amount"}}
    "#]]
    .assert_eq(&said.concat());
    let any = r#"{"url": "https://portal.example.com/busy", "any-status": true}"#;
    assert_eq!(ground.value("http.request", any).get("status"), Some(&503_u64.into()));
}

#[test]
fn secrets_go_out_and_never_come_back() {
    let ground = Ground::new();
    let basic = "YXBpOnMzY3IzdC0wZi1hLXAwcnRhbA==";
    let echo = format!("you sent {SECRET} and {basic}");
    ground.network.answer_with("/echo", 200, &[("X-Echo", SECRET)], echo.as_bytes());
    ground.network.answer("/refused", 401, echo.as_bytes());
    let headers = r#""headers": {
        "Authorization": {"secret": "portal-token", "prefix": "Bearer "},
        "X-Basic": {"secret": "portal-token", "user": "api"},
        "X-Plain": "text"}"#;
    let given = |path: &str| format!(r#"{{"url": "https://portal.example.com{path}", {headers}}}"#);
    let answer = ground.value("http.request", &given("/echo"));
    assert!(sent(&ground).contains(&format!("Authorization: Bearer {SECRET}\n")));
    assert!(sent(&ground).contains(&format!("X-Basic: Basic {basic}\n")));
    assert_eq!(answer.get("body"), Some(&"you sent *** and ***".into()));
    let failure = ground.failure("http.request", &given("/refused"));
    for said in [answer.to_string(), format!("{failure:?}")] {
        assert!(!said.contains(SECRET) && !said.contains(basic), "{said}");
    }
}

#[test]
fn wrong_requests_name_their_input() {
    let ground = Ground::new();
    let said = [
        r#""method": "get""#,
        r#""json": 1, "text": "1""#,
        r#""headers": {"X-Key": {"secrets": "portal-token"}}"#,
        r#""headers": {"X-Key": {"secret": "portal-token", "prefix": "a", "user": "b"}}"#,
        r#""query": {"a": [1]}"#,
        r#""timeout": 30"#,
        r#""timeout": "soon""#,
    ]
    .map(|more| {
        let given = format!(r#"{{"url": "https://portal.example.com/", {more}}}"#);
        ground.said("http.request", &given)
    });
    expect![[r"
        generic action/bad-input: `method` is `get`, which is none of its words
          hint: did you mean `GET`?
        generic action/bad-input: it has more than one body
          hint: give one of `json`, `text` and `form`
        generic action/missing-input: `headers.X-Key.secret` is missing
          hint: give it under `with:`
        generic action/bad-input: `headers.X-Key.prefix` goes with no `user`
          hint: basic authentication has a prefix of its own: leave it out
        generic action/bad-input: `query.a` is a list, not a text, a number or a bool
          hint: give a text, a number or a bool
        generic action/bad-input: `timeout` is the number 30, not a length of time such as `5m`
          hint: give a length of time such as `5m`
        generic action/bad-input: `timeout` is `soon`, which is not a length of time
          hint: write a number and a unit, such as 30s, 5m, 1h30m or 7d
    "]]
    .assert_eq(&said.concat());
    assert_eq!(sent(&ground), "");
}

#[test]
fn flows_reach_what_they_name() {
    let ground = Ground::new();
    for url in [
        "http://localhost:3000/",
        "http://10.0.0.7/",
        "http://erp.internal/",
        "https://portal.example.com/",
    ] {
        let given = format!(r#"{{"url": "{url}"}}"#);
        assert!(ground.perform("http.request", &given).is_ok(), "{url}");
    }
}

#[test]
fn the_body_has_the_type_of_its_form() {
    let body = |with: &[(&str, Form)]| match type_of("http.request", with) {
        Type::Object(shape) => shape.fields["body"].clone(),
        other => panic!("{other:?}"),
    };
    let as_ = |word: &str| [("as", Form::Plain(word.into()))];
    assert_eq!(body(&[]), Type::Text);
    assert_eq!(body(&as_("base64")), Type::Text);
    assert_eq!(body(&as_("json")), Type::Unknown);
    let ground = Ground::new();
    let answer = ground.value("http.request", r#"{"url": "https://portal.example.com/"}"#);
    type_of("http.request", &[]).takes_value(&answer).unwrap();
    assert!(answer.get("body").is_some_and(|it| matches!(it, Value::Text(_))));
}
