//! Values as JSON text. Numbers are written as they were read, digit for digit.

use crate::value::Value;

/// Writes `value` without any white space.
pub fn write(value: &Value) -> String {
    let mut out = String::new();
    compact(&mut out, value);
    out
}

/// Writes `value` for people: one field or item a line, indented by two spaces.
pub fn pretty(value: &Value) -> String {
    let mut out = String::new();
    indented(&mut out, value, 0);
    out
}

fn compact(out: &mut String, value: &Value) {
    match value {
        Value::List(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index == 0 { "" } else { "," });
                compact(out, item);
            }
            out.push(']');
        }
        Value::Object(fields) => {
            out.push('{');
            for (index, (name, field)) in fields.iter().enumerate() {
                out.push_str(if index == 0 { "" } else { "," });
                quoted(out, name);
                out.push(':');
                compact(out, field);
            }
            out.push('}');
        }
        scalar => plain(out, scalar),
    }
}

fn indented(out: &mut String, value: &Value, depth: usize) {
    match value {
        Value::List(items) if !items.is_empty() => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index == 0 { "" } else { "," });
                line(out, depth + 1);
                indented(out, item, depth + 1);
            }
            line(out, depth);
            out.push(']');
        }
        Value::Object(fields) if !fields.is_empty() => {
            out.push('{');
            for (index, (name, field)) in fields.iter().enumerate() {
                out.push_str(if index == 0 { "" } else { "," });
                line(out, depth + 1);
                quoted(out, name);
                out.push_str(": ");
                indented(out, field, depth + 1);
            }
            line(out, depth);
            out.push('}');
        }
        scalar_or_empty => compact(out, scalar_or_empty),
    }
}

fn line(out: &mut String, depth: usize) {
    out.push('\n');
    for _ in 0..depth {
        out.push_str("  ");
    }
}

fn plain(out: &mut String, scalar: &Value) {
    match scalar {
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => out.push_str(number.as_str()),
        Value::Text(text) => quoted(out, text),
        Value::Null | Value::List(_) | Value::Object(_) => out.push_str("null"),
    }
}

fn quoted(out: &mut String, text: &str) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    out.push('"');
    let mut rest = text;
    let special = |character: char| matches!(character, '"' | '\\' | '\0'..='\u{1f}');
    while let Some(at) = rest.find(special) {
        out.push_str(&rest[..at]);
        match rest.as_bytes()[at] {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            0x8 => out.push_str("\\b"),
            0xc => out.push_str("\\f"),
            control => {
                out.push_str("\\u00");
                out.push(char::from(HEX[usize::from(control >> 4)]));
                out.push(char::from(HEX[usize::from(control & 15)]));
            }
        }
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
    out.push('"');
}
