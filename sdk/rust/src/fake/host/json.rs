//! Documents in memory.

mod path;

use super::problem;
use crate::json::{Error, Kind};
use crate::value::{self, Node};
use crate::{Decimal, Json, decimal};

/// A value that was read.
#[derive(Debug)]
pub(crate) struct Document(Node);

impl Document {
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        value::parse(text).map(Self).map_err(|misfit| {
            let hint = "JSON is read strictly: double quotes, no comments, each key once";
            Error::Invalid(problem("json/invalid", crate::Error::from(misfit).message(), hint))
        })
    }

    fn node(&self, path: &str) -> Result<&Node, Error> {
        path::find(&path::parse(path)?, &self.0).ok_or_else(|| {
            let hint = "ask for its kind first where it may be missing";
            Error::Missing(problem("json/missing", format!("there is no `{path}`"), hint))
        })
    }

    pub(crate) fn kind_of(&self, path: &str) -> Result<Option<Kind>, Error> {
        Ok(path::find(&path::parse(path)?, &self.0).map(|node| match node {
            Node::Null => Kind::Null,
            Node::Bool(_) => Kind::Bool,
            Node::Number(_) => Kind::Number,
            Node::Text(_) => Kind::Text,
            Node::List(_) => Kind::List,
            Node::Object(_) => Kind::Object,
        }))
    }

    pub(crate) fn length(&self, path: &str) -> Result<u32, Error> {
        match self.node(path)? {
            Node::List(items) => Ok(items.len() as u32),
            Node::Object(fields) => Ok(fields.len() as u32),
            other => Err(mistyped(path, other, "a list or an object")),
        }
    }

    pub(crate) fn fields(&self, path: &str) -> Result<Vec<String>, Error> {
        match self.node(path)? {
            Node::Object(fields) => Ok(fields.iter().map(|(name, _)| name.clone()).collect()),
            other => Err(mistyped(path, other, "an object")),
        }
    }

    pub(crate) fn get_bool(&self, path: &str) -> Result<bool, Error> {
        match self.node(path)? {
            Node::Bool(value) => Ok(*value),
            other => Err(mistyped(path, other, "a bool")),
        }
    }

    pub(crate) fn get_integer(&self, path: &str) -> Result<i64, Error> {
        let digits = self.digits(path)?;
        digits.parse().map_err(|_| {
            let message = format!("`{path}` is {digits}, which is no integer of 64 bits");
            let hint = "read it as a number to get all its digits";
            Error::Mistyped(problem("json/mistyped", message, hint))
        })
    }

    pub(crate) fn get_number(&self, path: &str) -> Result<Decimal, Error> {
        let digits = self.digits(path)?;
        decimal::exact(digits).map_err(|misfit| Error::Mistyped(misfit.into()))
    }

    /// A number, with the digits that it is written with.
    pub(crate) fn digits(&self, path: &str) -> Result<&str, Error> {
        match self.node(path)? {
            Node::Number(digits) => Ok(digits),
            other => Err(mistyped(path, other, "a number")),
        }
    }

    pub(crate) fn get_text(&self, path: &str) -> Result<String, Error> {
        match self.node(path)? {
            Node::Text(text) => Ok(text.clone()),
            other => Err(mistyped(path, other, "a text")),
        }
    }

    pub(crate) fn get(&self, path: &str) -> Result<Json, Error> {
        let node = self.node(path)?;
        Ok(value::json(|out| node.write(out)))
    }

    pub(crate) fn to_text(&self, indented: bool) -> String {
        if indented {
            let mut text = String::new();
            indent(&self.0, "\n", &mut text);
            return text;
        }
        value::json(|out| self.0.write(out)).into()
    }
}

fn mistyped(path: &str, found: &Node, wanted: &str) -> Error {
    let path = if path.is_empty() { "the value".to_owned() } else { format!("`{path}`") };
    let message = format!("{path} is {}, not {wanted}", found.kind());
    let hint = format!("nothing is converted on the way; read it as {}", found.kind());
    Error::Mistyped(problem("json/mistyped", message, hint))
}

/// Writes a value over several lines, each of which begins with `line`.
fn indent(node: &Node, line: &str, out: &mut String) {
    let inner = format!("{line}  ");
    let mut all = |brackets: [char; 2], parts: Vec<(String, &Node)>| {
        out.push(brackets[0]);
        let count = parts.len();
        for (at, (name, node)) in parts.into_iter().enumerate() {
            out.push_str(&inner);
            out.push_str(&name);
            indent(node, &inner, out);
            out.push_str(if at + 1 < count { "," } else { line });
        }
        out.push(brackets[1]);
    };
    match node {
        Node::List(items) => {
            all(['[', ']'], items.iter().map(|node| (String::new(), node)).collect());
        }
        Node::Object(fields) => {
            let fields = fields.iter().map(|(name, node)| (format!("{}: ", Json::of(name)), node));
            all(['{', '}'], fields.collect());
        }
        plain => out.push_str(value::json(|out| plain.write(out)).as_str()),
    }
}
