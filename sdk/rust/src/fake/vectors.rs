//! The vectors that every implementation of the contract runs.

use super::calendar;
use super::host::json::Document;
use crate::datetime::{Span, Unit};
use crate::json::Kind;
use crate::queue::{self, NewItem};
use crate::value::{Node, parse};
use crate::{DateTime, Json, Problem};

/// What a call came to.
type Answer = Result<Node, Problem>;

const DATETIME: &str = include_str!("../../../wit/vectors/datetime.txt");
const JSON: &str = include_str!("../../../wit/vectors/json.txt");
const MOMENTS: &str = include_str!("../../../wit/vectors/moments.txt");

#[test]
fn datetimes_answer_as_vectors_say() {
    let calls = ["now", "add", "subtract", "parse", "format", "in-zone"];
    run(DATETIME, 200, &calls, |call, given| {
        datetime_call(call, given).map(Node::Text).map_err(|error| error.problem().clone())
    });
}

#[test]
fn documents_answer_as_vectors_say() {
    let calls = ["parse", "kind-of", "length", "fields", "get-bool", "get-integer"];
    let more = ["get-number", "get-text", "get", "to-text"];
    run(JSON, 80, &[&calls[..], &more].concat(), |call, given| {
        json_call(call, given).map_err(|error| error.problem().clone())
    });
}

#[test]
fn items_carry_moments_as_vectors_say() {
    crate::fake::queue("orders");
    run(MOMENTS, 15, &["expires", "delay-until"], |call, given| {
        let told = moment_call(call, text(&given[0])).map_err(|error| error.problem().clone())?;
        Ok(told.map_or(Node::Null, |moment| Node::Text(moment.into())))
    });
}

/// Runs every line, and tells of all that differ.
fn run(vectors: &str, least: usize, calls: &[&str], answer: impl Fn(&str, &[Node]) -> Answer) {
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
        let Ok(Node::List(given)) = parse(given) else { panic!("arguments are a list") };
        let answer = answer(call, &given);
        (!agrees(expected, &answer)).then(|| format!("line {}: {line}\n  {answer:?}\n", at + 1))
    });
    let wrong: String = wrong.collect();
    assert!(wrong.is_empty(), "\n{wrong}");
}

fn agrees(expected: &str, answer: &Answer) -> bool {
    match (expected.strip_prefix('!'), answer) {
        (None, Ok(value)) => parse(expected).as_ref() == Ok(value),
        (Some(expected), Err(problem)) => match expected.split_once(" at ") {
            None => expected == problem.code,
            Some((code, place)) => {
                let (line, column) = place.split_once(':').expect("a place is LINE:COLUMN");
                let place = format!("line {line}, column {column}");
                code == problem.code && problem.message.contains(&place)
            }
        },
        _ => false,
    }
}

fn text(node: &Node) -> &str {
    maybe(node).expect("this argument is text")
}

fn maybe(node: &Node) -> Option<&str> {
    if let Node::Text(text) = node { Some(text) } else { None }
}

fn datetime_call(call: &str, given: &[Node]) -> Result<String, crate::datetime::Error> {
    match call {
        "now" => calendar::now(text(&given[0]), maybe(&given[1])),
        "add" => {
            let Node::Number(amount) = &given[1] else { panic!("the amount is a number") };
            let amount = amount.parse().expect("the amount is an integer");
            calendar::add(text(&given[0]), amount, unit(text(&given[2])))
        }
        "subtract" => calendar::subtract(text(&given[0]), text(&given[1]), span(text(&given[2]))),
        "parse" => calendar::parse(text(&given[0]), maybe(&given[1]), maybe(&given[2])),
        "format" => calendar::format(text(&given[0]), maybe(&given[1])),
        "in-zone" => calendar::in_zone(text(&given[0]), text(&given[1])),
        _ => panic!("no function {call}"),
    }
}

fn unit(name: &str) -> Unit {
    match name {
        "seconds" => Unit::Seconds,
        "minutes" => Unit::Minutes,
        "hours" => Unit::Hours,
        "days" => Unit::Days,
        "weeks" => Unit::Weeks,
        "months" => Unit::Months,
        "years" => Unit::Years,
        _ => panic!("no unit {name}"),
    }
}

fn span(name: &str) -> Span {
    match name {
        "seconds" => Span::Seconds,
        "minutes" => Span::Minutes,
        "hours" => Span::Hours,
        "days" => Span::Days,
        _ => panic!("no unit {name}"),
    }
}

fn json_call(call: &str, given: &[Node]) -> Result<Node, crate::json::Error> {
    let document = Document::parse(text(&given[0]))?;
    let path = || text(&given[1]);
    Ok(match call {
        "parse" => Node::Text(document.to_text(false)),
        "kind-of" => match document.kind_of(path())? {
            Some(kind) => Node::Text(kind_name(kind).to_owned()),
            None => Node::Null,
        },
        "length" => Node::Number(document.length(path())?.to_string()),
        "fields" => Node::List(document.fields(path())?.into_iter().map(Node::Text).collect()),
        "get-bool" => Node::Bool(document.get_bool(path())?),
        "get-integer" => Node::Number(document.get_integer(path())?.to_string()),
        "get-number" => Node::Text(document.digits(path())?.to_owned()),
        "get-text" => Node::Text(document.get_text(path())?),
        "get" => Node::Text(Json::into(document.get(path())?)),
        "to-text" => Node::Text(document.to_text(given[1] == Node::Bool(true))),
        _ => panic!("no function {call}"),
    })
}

fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Null => "null",
        Kind::Bool => "bool",
        Kind::Number => "number",
        Kind::Text => "text",
        Kind::List => "list",
        Kind::Object => "object",
    }
}

/// What an item says of a moment that it was added with.
fn moment_call(call: &str, moment: &str) -> Result<Option<DateTime>, queue::Error> {
    let moment: DateTime = moment.parse().expect("it is a moment");
    let new = NewItem::new(&1);
    let new = if call == "expires" { new.expires(moment) } else { new.delay_until(moment) };
    let item = queue::get(&queue::add("orders", new)?)?;
    Ok(if call == "expires" { item.expires } else { item.delay_until })
}
