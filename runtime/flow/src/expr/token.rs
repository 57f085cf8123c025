//! Expression text to tokens.

use model::json;

use super::{Diagnostic, Span};

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token<'s> {
    Name(&'s str),
    Number(&'s str),
    Text(String),
    Symbol(&'static str),
    End,
}

/// Longer ones before their beginnings.
const SYMBOLS: &[&str] = &[
    "==", "!=", "<=", ">=", "&&", "||", "??", "<", ">", "+", "-", "*", "/", "%", "!", "?", ":",
    ",", ".", "[", "]", "(", ")", "{", "}", "#",
];

/// What people write out of habit, and what to write here. Longer ones before their beginnings.
const HABITS: &[(&str, &str)] = &[
    ("===", "write `==`; values of different types are never compared here"),
    ("!==", "write `!=`"),
    ("=>", "write the condition itself, with `#` for the item: `filter(rows, #.amount > 5)`"),
    ("?.", "write `.` and give a default: `a.b ?? 0`"),
    ("**", "powers are not part of the language; multiply"),
    ("..", "ranges are not part of the language; compare with `>=` and `<=`"),
    ("${", "an expression is already inside `${{ }}`"),
    ("=", "write `==` to compare"),
    ("`", "write texts in quotes and join them with `+`"),
    ("&", "write `and`"),
    ("|", "write `or`"),
    ("^", "powers are not part of the language; multiply"),
    (";", "an expression is one value; join conditions with `and`"),
];

pub(super) fn tokens(source: &str) -> Result<Vec<(Token<'_>, Span)>, Diagnostic> {
    let mut tokens = Vec::new();
    let mut at = 0;
    loop {
        at += source[at..].len() - source[at..].trim_start().len();
        let rest = &source[at..];
        let (token, length) = match rest.chars().next() {
            None => {
                tokens.push((Token::End, Span { start: at, end: at }));
                return Ok(tokens);
            }
            Some('"' | '\'') => text(rest).map_err(|problem| problem.moved(at))?,
            Some('0'..='9') => number(rest).map_err(|problem| problem.moved(at))?,
            Some(first) if starts_name(first) => {
                let length = rest.find(|c: char| !continues_name(c)).unwrap_or(rest.len());
                (Token::Name(&rest[..length]), length)
            }
            Some(_) => symbol(rest).map_err(|problem| problem.moved(at))?,
        };
        tokens.push((token, Span { start: at, end: at + length }));
        at += length;
    }
}

pub(super) fn starts_name(character: char) -> bool {
    character.is_alphabetic() || character == '_'
}

pub(super) fn continues_name(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

fn symbol(rest: &str) -> Result<(Token<'_>, usize), Diagnostic> {
    if let Some((habit, hint)) = HABITS.iter().find(|(habit, _)| rest.starts_with(habit))
        && !(*habit == "=" && rest.starts_with("=="))
        && !(*habit == "&" && rest.starts_with("&&"))
        && !(*habit == "|" && rest.starts_with("||"))
    {
        let span = Span { start: 0, end: habit.len() };
        let message = format!("`{habit}` is not an operator");
        return Err(Diagnostic::new("expr/syntax", span, message, *hint));
    }
    let found = SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol));
    found.map(|symbol| (Token::Symbol(symbol), symbol.len())).ok_or_else(|| {
        let character = rest.chars().next().unwrap_or_default();
        let span = Span { start: 0, end: character.len_utf8() };
        let message = format!("`{character}` cannot stand here");
        let hint = "a name has letters, digits and `_`; a text stands in quotes";
        Diagnostic::new("expr/syntax", span, message, hint)
    })
}

fn number(rest: &str) -> Result<(Token<'_>, usize), Diagnostic> {
    let mut length = 0;
    let bytes = rest.as_bytes();
    while let Some(&byte) = bytes.get(length) {
        let sign = matches!(byte, b'+' | b'-') && matches!(bytes[length - 1], b'e' | b'E');
        // A dot that no digit follows is left alone, so that `1.name` reads as a mistake.
        let dot = byte == b'.' && bytes.get(length + 1).is_some_and(u8::is_ascii_digit);
        if !(byte.is_ascii_alphanumeric() || byte == b'_' || sign || dot) {
            break;
        }
        length += 1;
    }
    let text = &rest[..length];
    if model::Number::new(text).is_none() {
        let span = Span { start: 0, end: length };
        let message = format!("`{text}` is not a number");
        let hint = "numbers look like `12`, `0.5` or `1e3`";
        return Err(Diagnostic::new("expr/syntax", span, message, hint));
    }
    Ok((Token::Number(text), length))
}

/// Reads a text in either kind of quotes, with the escapes of JSON and `\'`.
fn text(rest: &str) -> Result<(Token<'_>, usize), Diagnostic> {
    let quote = rest.as_bytes()[0];
    let mut end = 1;
    loop {
        match rest.as_bytes().get(end) {
            Some(b'\\') => end += 2,
            Some(byte) if *byte == quote => break,
            Some(_) => end += 1,
            None => {
                let span = Span { start: 0, end: rest.len() };
                let quote = char::from(quote);
                let hint = format!("end it with `{quote}`; a quote inside it is `\\{quote}`");
                let message = "the text has no closing quote";
                return Err(Diagnostic::new("expr/syntax", span, message, hint));
            }
        }
    }
    let inner = &rest[1..end];
    let decoded = if inner.contains('\\') { unescape(inner) } else { Ok(inner.to_owned()) };
    let span = Span { start: 0, end: end + 1 };
    let decoded = decoded.map_err(|message| {
        let hint =
            r#"escapes are those of JSON, such as `\n`, `\"` or `\u00e9`; `\\` is a backslash"#;
        Diagnostic::new("expr/syntax", span, message, hint)
    })?;
    Ok((Token::Text(decoded), end + 1))
}

/// Leaves the escapes to the JSON reader, after turning the text into one in double quotes.
fn unescape(inner: &str) -> Result<String, String> {
    let mut quoted = String::from('"');
    let mut characters = inner.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\\' => match characters.next() {
                Some('\'') => quoted.push('\''),
                escaped => {
                    quoted.push('\\');
                    quoted.extend(escaped);
                }
            },
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    match json::parse(&quoted) {
        Ok(model::Value::Text(text)) => Ok(text),
        Ok(_) => Err("not a text".to_owned()),
        Err(error) => Err(format!("expected {}", error.expected)),
    }
}
