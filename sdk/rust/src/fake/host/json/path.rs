//! Paths into documents: `customer.name`, `lines[0].amount`, `["odd name"]`.

use super::problem;
use crate::json::Error;
use crate::value::{self, Node};

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Segment {
    Name(String),
    Index(usize),
}

pub(super) fn parse(path: &str) -> Result<Vec<Segment>, Error> {
    let mut segments = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        let (segment, length) = segment(rest, segments.is_empty()).ok_or_else(|| {
            let hint = "paths look like `customer.name`, `lines[0].amount` or `[\"odd name\"]`";
            let message = format!("`{path}` is not a path, from `{rest}` on");
            Error::Other(problem("json/bad-path", message, hint))
        })?;
        segments.push(segment);
        rest = &rest[length..];
    }
    Ok(segments)
}

/// What stands there; none where the path leads nowhere.
pub(super) fn find<'n>(path: &[Segment], root: &'n Node) -> Option<&'n Node> {
    path.iter().try_fold(root, |node, segment| match (segment, node) {
        (Segment::Index(index), Node::List(items)) => items.get(*index),
        (Segment::Name(name), Node::Object(fields)) => {
            fields.iter().find(|(known, _)| known == name).map(|(_, node)| node)
        }
        _ => None,
    })
}

/// The first segment, and its length in bytes.
fn segment(rest: &str, first: bool) -> Option<(Segment, usize)> {
    if let Some(inside) = rest.strip_prefix('[') {
        let (segment, length) = bracketed(inside)?;
        return inside[length..].starts_with(']').then_some((segment, length + 2));
    }
    let name = if first { rest } else { rest.strip_prefix('.')? };
    let continues = |c: char| c.is_alphanumeric() || c == '_';
    let name = &name[..name.find(|c| !continues(c)).unwrap_or(name.len())];
    let starts = name.starts_with(|c: char| c.is_alphabetic() || c == '_');
    let length = name.len() + usize::from(!first);
    starts.then(|| (Segment::Name(name.to_owned()), length))
}

fn bracketed(inside: &str) -> Option<(Segment, usize)> {
    if inside.starts_with(['"', '\'']) {
        let length = quoted_length(inside)?;
        return Some((Segment::Name(decode(&inside[1..length - 1])?), length));
    }
    let length = inside.bytes().take_while(u8::is_ascii_digit).count();
    let digits = &inside[..length];
    let index = digits.parse().ok().filter(|_| length == 1 || !digits.starts_with('0'))?;
    Some((Segment::Index(index), length))
}

/// How many bytes the text at the start takes, quotes included.
fn quoted_length(inside: &str) -> Option<usize> {
    let quote = inside.as_bytes()[0];
    let mut escaped = false;
    let end = inside.bytes().skip(1).position(|byte| {
        let ends = byte == quote && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    end.map(|end| end + 2)
}

/// The escapes of JSON, and `\'`.
fn decode(text: &str) -> Option<String> {
    let mut json = String::from('"');
    let mut letters = text.chars();
    while let Some(c) = letters.next() {
        match c {
            '"' => json.push_str("\\\""),
            '\\' => match letters.next() {
                Some('\'') => json.push('\''),
                escaped => {
                    json.push('\\');
                    json.extend(escaped);
                }
            },
            c => json.push(c),
        }
    }
    json.push('"');
    match value::parse(&json).ok()? {
        Node::Text(text) => Some(text),
        _ => None,
    }
}
