//! What is wrong with a condition, in the words of items.

use flow::expr::{Compared, Diagnostic, Expr, Segment};
use model::similar::closest;
use model::{Sla, Status};

use super::fields;

/// The words of a field, where these are all there are.
fn words(field: &str) -> Vec<&'static str> {
    match field {
        "status" => Status::ALL.map(Status::name).to_vec(),
        "sla" => [Sla::InTime, Sla::AtRisk, Sla::Violated].map(Sla::name).to_vec(),
        _ => Vec::new(),
    }
}

/// Comparisons that are never true, because the field has words of its own.
pub(super) fn unknown_words(expression: &Expr) -> Vec<Diagnostic> {
    expression.compared().iter().filter_map(unknown_word).collect()
}

fn unknown_word(it: &Compared<'_>) -> Option<Diagnostic> {
    let [Segment::Name(field)] = &it.path.0[..] else { return None };
    if field == "priority" {
        return Some(Diagnostic {
            code: "expr/type",
            span: it.span,
            message: "`priority` is a number, and this is a text".into(),
            hint: "high is 100, normal 200, low 300".into(),
        });
    }
    let words = words(field);
    if words.is_empty() || words.contains(&it.text) {
        return None;
    }
    let close = closest(it.text, words.iter().copied());
    let close = close.map(|close| format!("did you mean \"{close}\"? ")).unwrap_or_default();
    Some(Diagnostic {
        code: "expr/type",
        span: it.span,
        message: format!("`{field}` is never {:?}", it.text),
        hint: format!("{close}{field} is one of {}", words.join(", ")),
    })
}

/// The problems, with hints that speak of the fields of items.
pub(super) fn in_words_of_items(mut problems: Vec<Diagnostic>) -> Vec<Diagnostic> {
    for problem in &mut problems {
        if let Some(hint) = hint(problem) {
            problem.hint = hint;
        }
    }
    problems
}

fn hint(problem: &Diagnostic) -> Option<String> {
    let clock = ["now", "today", "date", "time", "datetime"];
    match (problem.code, unknown(&problem.message)?) {
        ("expr/missing-field", name) if Status::ALL.iter().any(|status| status.name() == name) => {
            Some(format!("a text stands in quotes: \"{name}\""))
        }
        ("expr/missing-field", name) if !name.contains(['.', '[']) => {
            let close = closest(name, fields::names());
            let close = close.map(|close| format!("did you mean `{close}`? ")).unwrap_or_default();
            let all: Vec<&str> = fields::names().collect();
            Some(format!("{close}the fields are {}; what was added is in `value`", all.join(", ")))
        }
        ("expr/unknown-function", name) if clock.contains(&name) => {
            Some("--older-than and --newer-than choose by age, such as --older-than 7d".into())
        }
        _ => None,
    }
}

/// The name that a message says does not exist.
fn unknown(message: &str) -> Option<&str> {
    let (_, name) = message.split_once('`')?;
    message.starts_with("there is no ").then(|| name.strip_suffix('`')).flatten()
}
