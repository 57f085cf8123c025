//! `http.request`: a request to another host.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flow::expr::Type;
use flow::program::{Form, Template};
use flow::signature::{Catalog, Effect, Misuse, Output as Gives};
use indexmap::IndexMap;
use model::{Value, json};

use super::given::Misfit;
use super::input::{Input, Inputs, read, read_fields, words};
use super::output::Answer;
use super::{Action, Output};
use crate::failure::{Failure, Kind};
use crate::http::{Method, Request, Response};
use crate::json::Document;
use crate::step::Step;

pub(super) const REQUEST: Action = Action {
    name: "http.request",
    docs: "Sends a request and gives the answer.\n\nA status of 400 or more is a failure, unless \
           `any-status` says otherwise; `error.data` then has the answer. Redirections are \
           followed. A header that must not stand in a flow names a secret: `Authorization: { \
           secret: portal-token, prefix: \"Bearer \" }`. Secrets never show in inputs, answers, \
           errors and logs.",
    example: "\
id: entry
uses: http.request
with:
  method: POST
  url: https://portal.example.com/invoices
  headers:
    Authorization: { secret: portal-token, prefix: \"Bearer \" }
  json: ${{ invoice }}
  as: json",
    effect: Effect::Outside,
    errors: &[
        "http/bad-url",
        "http/bad-header",
        "http/bad-body",
        "http/timeout",
        "http/unreachable",
        "http/too-many-redirects",
        "http/downgrade",
        "http/bad-redirect",
        "http/status",
        "http/not-text",
        "json/invalid",
        "secret/not-found",
        "limit/exceeded",
    ],
    inputs: Ask::params,
    output: || Gives::From(answer_of),
    perform: |step, inputs| ask(step, read(inputs)?),
};

inputs! {
    struct Ask {
        /// Where to: `https://api.example.com/invoices?page=2`.
        url: String,
        /// `GET`, `HEAD`, `POST`, `PUT`, `PATCH`, `DELETE` or `OPTIONS`.
        method: Method = "GET",
        /// Their values are texts, or objects with `secret` and maybe a `prefix`; `user` makes
        /// basic authentication of it.
        headers: Option<IndexMap<String, Header>>,
        /// What is added to the URL behind `?`: texts, numbers and bools.
        query: Option<IndexMap<String, Plain>>,
        /// A value, sent as JSON.
        json: Option<Value>,
        /// A text, sent as it is.
        text: Option<String>,
        /// Fields of a form, sent as `application/x-www-form-urlencoded`.
        form: Option<IndexMap<String, Plain>>,
        /// What the body of the answer is given as: `text`, `json` or `base64`.
        as_: Content = "text",
        /// No status is a failure.
        any_status: bool = false,
        /// For all of it, redirections included; at most 5m.
        timeout: Duration = "30s",
    }
}

outputs! {
    struct Answered { status: u64, headers: IndexMap<String, String>, body: Value, }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Content {
    Text,
    Json,
    Base64,
}

impl Content {
    const ALL: [Self; 3] = [Self::Text, Self::Json, Self::Base64];

    fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Base64 => "base64",
        }
    }
}

words!(Content);

/// The value of a header.
#[derive(Debug)]
enum Header {
    Text(String),
    Secret(OfSecret),
}

inputs! {
    struct OfSecret {
        /// The name of the secret.
        secret: String,
        /// What stands before it.
        prefix: Option<String>,
        /// With whom it makes basic authentication.
        user: Option<String>,
    }
}

impl Input for Header {
    fn takes() -> Type {
        Type::Unknown
    }

    fn read(value: Value) -> Result<Self, Misfit> {
        match value {
            Value::Text(text) => Ok(Self::Text(text)),
            Value::Object(fields) => {
                let of_secret: OfSecret = read_fields(fields)?;
                if of_secret.prefix.is_some() && of_secret.user.is_some() {
                    let hint = "basic authentication has a prefix of its own: leave it out";
                    return Err(Misfit::new("goes with no `user`", hint).within("prefix"));
                }
                Ok(Self::Secret(of_secret))
            }
            other => Err(Misfit::type_of(&other, "a text, or an object with `secret`")),
        }
    }
}

/// What can stand in a query or a form: a text, a number or a bool.
#[derive(Debug)]
struct Plain(String);

impl Input for Plain {
    fn takes() -> Type {
        Type::Unknown
    }

    fn read(value: Value) -> Result<Self, Misfit> {
        match value {
            Value::Text(text) => Ok(Self(text)),
            Value::Number(_) | Value::Bool(_) => Ok(Self(json::write(&value))),
            other => Err(Misfit::type_of(&other, "a text, a number or a bool")),
        }
    }
}

fn ask(step: &mut Step, inputs: Ask) -> Result<Output, Failure> {
    let (as_, any_status) = (inputs.as_, inputs.any_status);
    let request = request(step, inputs)?;
    let origin = crate::url::Url::parse(&request.url).map(|url| url.origin()).unwrap_or_default();
    let response = step.request(request)()?;
    let failed = response.status >= 400 && !any_status;
    // Of an answer that failed the body is told as well as it can be.
    let body = match body(&response, as_) {
        Err(_) if failed => lossy(&response.body),
        body => body?,
    };
    let status = response.status;
    let answer =
        step.masked(Answered { status: status.into(), headers: headers(response), body }.value());
    if !failed {
        return Ok(Output::Value(answer));
    }
    let kind =
        if status >= 500 || matches!(status, 408 | 425 | 429) { Kind::It } else { Kind::Generic };
    let message = format!("`{origin}` answered with the status {status}");
    let hint = "`error.data` has the answer; `any-status: true` gives it as the output";
    let mut failure = Failure::new(kind, "http/status", message).with_hint(hint);
    failure.data = Some(Box::new(answer));
    Err(failure)
}

fn request(step: &Step, inputs: Ask) -> Result<Request, Failure> {
    let mut headers = Vec::new();
    for (name, header) in inputs.headers.into_iter().flatten() {
        headers.push((name, value_of(step, header)?));
    }
    let typed = |headers: &[(String, String)]| {
        headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type"))
    };
    let (body, content_type) = match (inputs.json, inputs.text, inputs.form) {
        (None, None, None) => (None, None),
        (Some(value), None, None) => (Some(json::write(&value)), Some("application/json")),
        (None, Some(text), None) => (Some(text), Some("text/plain; charset=utf-8")),
        (None, None, Some(form)) => {
            (Some(encoded(form)), Some("application/x-www-form-urlencoded"))
        }
        _ => {
            let hint = "give one of `json`, `text` and `form`";
            return Err(Misfit::new("has more than one body", hint).into());
        }
    };
    if let Some(content_type) = content_type.filter(|_| !typed(&headers)) {
        headers.push(("Content-Type".into(), content_type.into()));
    }
    Ok(Request {
        method: inputs.method.name().into(),
        url: with_query(inputs.url, inputs.query),
        headers,
        body: body.map(String::into_bytes),
        timeout: Some(inputs.timeout),
    })
}

fn value_of(step: &Step, header: Header) -> Result<String, Failure> {
    match header {
        Header::Text(text) => Ok(text),
        Header::Secret(OfSecret { secret, prefix, user }) => {
            let secret = step.secret(&secret)?;
            match user {
                None => Ok(prefix.unwrap_or_default() + secret.reveal()),
                Some(user) => {
                    let pair = STANDARD.encode(format!("{user}:{}", secret.reveal()));
                    step.mask(&pair)?;
                    Ok(format!("Basic {pair}"))
                }
            }
        }
    }
}

fn with_query(url: String, query: Option<IndexMap<String, Plain>>) -> String {
    let Some(query) = query.filter(|query| !query.is_empty()) else { return url };
    let (url, fragment) = url.split_once('#').map_or((url.as_str(), ""), |parts| parts);
    let mark = if url.contains('?') { '&' } else { '?' };
    let fragment = if fragment.is_empty() { String::new() } else { format!("#{fragment}") };
    format!("{url}{mark}{}{fragment}", encoded(query))
}

/// Names and values as forms and queries have them.
fn encoded(fields: IndexMap<String, Plain>) -> String {
    let pair = |(name, Plain(value)): (String, Plain)| percent(&name) + "=" + &percent(&value);
    fields.into_iter().map(pair).collect::<Vec<_>>().join("&")
}

fn percent(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            encoded.extend(
                [byte >> 4, byte & 15]
                    .map(|digit| char::from(b"0123456789ABCDEF"[usize::from(digit)])),
            );
        }
    }
    encoded
}

fn body(response: &Response, as_: Content) -> Result<Value, Failure> {
    if as_ == Content::Base64 {
        return Ok(STANDARD.encode(&response.body).into());
    }
    let text = str::from_utf8(&response.body).map_err(|error| {
        let message = format!("the answer is not UTF-8 at byte {}", error.valid_up_to());
        Failure::new(Kind::It, "http/not-text", message).with_hint("take it `as: base64`")
    })?;
    match as_ {
        Content::Json => Ok(Document::parse(text)?.into_value()),
        _ => Ok(text.into()),
    }
}

fn lossy(body: &[u8]) -> Value {
    String::from_utf8_lossy(body).into_owned().into()
}

/// By their names in small letters; what was sent several times stands together.
fn headers(response: Response) -> IndexMap<String, String> {
    let mut headers = IndexMap::new();
    for (name, value) in response.headers {
        match headers.entry(name.to_ascii_lowercase()) {
            indexmap::map::Entry::Vacant(place) => drop(place.insert(value)),
            indexmap::map::Entry::Occupied(mut place) => {
                let known: &mut String = place.get_mut();
                known.push_str(", ");
                known.push_str(&value);
            }
        }
    }
    headers
}

/// The body is a text unless it is asked for as JSON.
#[expect(clippy::unnecessary_wraps, reason = "a signature asks for this form")]
fn answer_of(with: &IndexMap<String, Template>, _: &dyn Catalog) -> Result<Type, Misuse> {
    let body = match with.get("as").map(|it| &it.form) {
        None => Type::Text,
        Some(Form::Plain(word) | Form::Literal(Value::Text(word))) if word != "json" => Type::Text,
        Some(_) => Type::Unknown,
    };
    Ok(Type::object([("status", Type::Number), ("headers", Type::map(Type::Text)), ("body", body)]))
}
