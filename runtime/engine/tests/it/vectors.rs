//! The vectors that every implementation of the contract runs.

use engine::datetime::{self, Moment, Span, Unit};
use engine::json::{self, Document};
use model::{Error, Expiry, ManualClock, Value};

use crate::ground::Ground;

/// What a call came to: a value, or the code of its problem and the message.
type Answer = Result<Value, (&'static str, String)>;

const DATETIME: &str = include_str!("../../../../sdk/wit/vectors/datetime.txt");
const JSON: &str = include_str!("../../../../sdk/wit/vectors/json.txt");
const MOMENTS: &str = include_str!("../../../../sdk/wit/vectors/moments.txt");

#[test]
fn datetimes_answer_as_vectors_say() {
    run(DATETIME, 200, &["now", "add", "subtract", "parse", "format", "in-zone"], |call, given| {
        datetime_call(call, given).map_err(|error| (error.code(), error.to_string()))
    });
}

#[test]
fn documents_answer_as_vectors_say() {
    let calls = ["parse", "kind-of", "length", "fields", "get-bool", "get-integer"];
    let more = ["get-number", "get-text", "get", "to-text"];
    run(JSON, 80, &[&calls[..], &more].concat(), |call, given| {
        json_call(call, given).map_err(|error| (error.code(), error.to_string()))
    });
}

#[test]
fn items_carry_moments_as_vectors_say() {
    let ground = Ground::new();
    run(MOMENTS, 15, &["expires", "delay-until"], |call, given| {
        moment_call(&ground, call, text(&given[0]))
            .map_err(|error| (error.code(), error.to_string()))
    });
}

/// Runs every line, and tells of all that differ.
fn run(vectors: &str, least: usize, calls: &[&str], answer: impl Fn(&str, &[Value]) -> Answer) {
    let lines = vectors.lines().enumerate();
    let lines: Vec<_> =
        lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#')).collect();
    assert!(lines.len() >= least, "only {} vectors", lines.len());
    for call in calls {
        let begins = |line: &str| line.split(' ').next() == Some(*call);
        assert!(lines.iter().any(|(_, line)| begins(line)), "no vector calls {call}");
    }
    let wrong = lines.iter().filter_map(|(at, line)| {
        let (call, rest) = line.split_once(' ').expect("a vector has a function");
        let (given, expected) = rest.rsplit_once(" => ").expect("a vector has an answer");
        let given = model::json::parse(given).expect("arguments are JSON");
        let answer = answer(call, given.as_list().expect("arguments are a list"));
        (!agrees(expected, &answer)).then(|| format!("line {}: {line}\n  {answer:?}\n", at + 1))
    });
    let wrong: String = wrong.collect();
    assert!(wrong.is_empty(), "\n{wrong}");
}

fn agrees(expected: &str, answer: &Answer) -> bool {
    match (expected.strip_prefix('!'), answer) {
        (None, Ok(value)) => model::json::parse(expected).as_ref() == Ok(value),
        (Some(expected), Err((code, message))) => match expected.split_once(" at ") {
            None => expected == *code,
            Some((expected, place)) => {
                let (line, column) = place.split_once(':').expect("a place is LINE:COLUMN");
                expected == *code && message.contains(&format!("line {line}, column {column}"))
            }
        },
        _ => false,
    }
}

fn text(value: &Value) -> &str {
    value.as_text().expect("this argument is text")
}

fn datetime_call(call: &str, given: &[Value]) -> Result<Value, datetime::Error> {
    let moment = |at: usize| text(&given[at]).parse::<Moment>();
    let unit = |at: usize| Unit::ALL.into_iter().find(|unit| unit.name() == text(&given[at]));
    let span = |at: usize| Span::ALL.into_iter().find(|span| span.name() == text(&given[at]));
    let amount = |at: usize| given[at].as_number().and_then(model::Number::as_i64);
    let answer = match call {
        "now" => {
            let clock = ManualClock::new(moment(0)?.timestamp());
            datetime::now(&clock, given[1].as_text())?.to_string()
        }
        "add" => {
            let amount = amount(1).expect("the amount is an integer");
            datetime::add(&moment(0)?, amount, unit(2).expect("the unit is known"))?.to_string()
        }
        "subtract" => {
            let span = span(2).expect("the unit is known");
            datetime::subtract(&moment(0)?, &moment(1)?, span).to_string()
        }
        "parse" => {
            datetime::parse(text(&given[0]), given[1].as_text(), given[2].as_text())?.to_string()
        }
        "format" => datetime::format(&moment(0)?, given[1].as_text())?,
        "in-zone" => datetime::in_zone(&moment(0)?, text(&given[1]))?.to_string(),
        _ => panic!("no function {call}"),
    };
    Ok(answer.into())
}

fn json_call(call: &str, given: &[Value]) -> Result<Value, json::Error> {
    let document = Document::parse(text(&given[0]))?;
    let path = || text(&given[1]);
    Ok(match call {
        "parse" => document.to_text(false).into(),
        "kind-of" => document.kind_of(path())?.map_or(Value::Null, |kind| kind.name().into()),
        "length" => (document.length(path())? as u64).into(),
        "fields" => {
            document.fields(path())?.into_iter().map(Value::from).collect::<Vec<_>>().into()
        }
        "get-bool" => document.get_bool(path())?.into(),
        "get-integer" => document.get_integer(path())?.into(),
        "get-number" => document.get_number(path())?.as_str().into(),
        "get-text" => document.get_text(path())?.into(),
        "get" => document.get(path())?.to_string().into(),
        "to-text" => document.to_text(given[1].as_bool().expect("this is a bool")).into(),
        _ => panic!("no function {call}"),
    })
}

/// What an item says of a moment that it was added with.
fn moment_call(ground: &Ground, call: &str, moment: &str) -> Result<Value, Error> {
    let moment = datetime::parse(moment, None, None).expect("it is a moment").timestamp();
    let mut new = ground.new_item("orders", None);
    match call {
        "expires" => new.expires = Expiry::At(moment),
        _ => new.delay_until = Some(moment),
    }
    let mut work = ground.work();
    let id = work.add(new)?;
    work.keep()?;
    let life = ground.item(id).life;
    let told = if call == "expires" { life.expires } else { life.delay_until };
    Ok(told.map_or(Value::Null, |told| Value::Text(Moment::from(told).to_string())))
}
