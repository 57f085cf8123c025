//! What does not fit: where, what was expected there and what was found.

use std::fmt;

use model::Value;

/// Which way a value was going.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Into a step.
    In,
    /// Out of it.
    Out,
}

/// The first part of a value that does not fit its type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch(Box<Content>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Content {
    way: Way,
    /// From the inside out, as it is found.
    path: Vec<Segment>,
    problem: Problem,
}

/// One step of the way to the part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Segment {
    Name(String),
    Index(usize),
}

/// What is wrong with the part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// It is not there.
    Missing { expected: String },
    /// Nobody asked for it. `known` are the names that could stand there.
    Unknown { known: Vec<String>, similar: Option<String> },
    /// Two spellings of one name.
    Twice { name: String, spellings: (String, String) },
    /// Something else stands there.
    Mistyped { expected: String, found: String },
    /// A number in quotes.
    Quoted { expected: String, found: String },
    /// A name that there is no such case for.
    NoSuchCase { expected: String, found: String, similar: Option<String> },
    /// A number that no float can tell from its neighbours.
    TooPrecise { found: String },
    /// A text that must be JSON and is not.
    NotJson { problem: String },
    /// Nested deeper than values may be.
    TooDeep { limit: usize },
    /// The value as a whole is too large.
    OverLimit { what: &'static str, limit: usize },
}

impl Mismatch {
    pub(crate) fn new(way: Way, problem: Problem) -> Self {
        Self(Box::new(Content { way, path: Vec::new(), problem }))
    }

    pub(crate) fn within(mut self, segment: Segment) -> Self {
        self.0.path.push(segment);
        self
    }

    pub(crate) fn within_name(self, name: &str) -> Self {
        self.within(Segment::Name(name.to_owned()))
    }

    pub fn way(&self) -> Way {
        self.0.way
    }

    pub fn problem(&self) -> &Problem {
        &self.0.problem
    }

    /// Where the part is: `invoice.lines[0].unit_price`, below `result` on the way out.
    pub fn path(&self) -> String {
        let mut path = match self.0.way {
            Way::In => String::new(),
            Way::Out => "result".to_owned(),
        };
        for segment in self.0.path.iter().rev() {
            match segment {
                Segment::Index(index) => path.extend(["[", &index.to_string(), "]"]),
                Segment::Name(name) if is_plain(name) => {
                    path.push_str(if path.is_empty() { "" } else { "." });
                    path.push_str(name);
                }
                Segment::Name(name) => path.extend(["[\"", &shown(name), "\"]"]),
            }
        }
        if path.is_empty() { "input".to_owned() } else { path }
    }

    /// The stable word that scripts match on.
    pub fn code(&self) -> &'static str {
        match (self.0.way, &self.0.problem) {
            (_, Problem::OverLimit { .. } | Problem::TooDeep { .. }) => "limit/exceeded",
            (Way::In, Problem::Missing { .. }) => "input/missing",
            (Way::In, Problem::Unknown { .. }) => "input/unknown",
            (Way::In, _) => "input/mismatch",
            (Way::Out, Problem::NotJson { .. }) => "result/invalid-json",
            (Way::Out, _) => "result/mismatch",
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> String {
        match &self.0.problem {
            Problem::Unknown { similar: Some(similar), .. }
            | Problem::NoSuchCase { similar: Some(similar), .. } => {
                format!("did you mean `{similar}`?")
            }
            Problem::Unknown { known, .. } if known.is_empty() => "leave it out".into(),
            Problem::Unknown { known, .. } => format!("known here: {}", listed(known)),
            Problem::Twice { spellings: (first, second), .. } => {
                format!("keep `{}` or `{}`, not both", shown(first), shown(second))
            }
            Problem::Quoted { .. } => "write the number without quotes".into(),
            Problem::TooPrecise { .. } => {
                "a parameter of the type `decimal` keeps every digit".into()
            }
            Problem::TooDeep { limit } => format!("at most {limit} levels are possible"),
            Problem::OverLimit { .. } => {
                "pass less at once, or put it into a file or a queue and pass its name".into()
            }
            Problem::Missing { .. } | Problem::Mistyped { .. } | Problem::NoSuchCase { .. }
                if self.0.way == Way::In =>
            {
                "`wharf plugin inspect` shows the types; with `--schema STEP`, what a step takes"
                    .into()
            }
            Problem::NotJson { .. } if self.0.way == Way::In => "correct the text".into(),
            _ => "the plugin has to be corrected: this is what it returned".into(),
        }
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.path(), self.0.problem)
    }
}

impl std::error::Error for Mismatch {}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { expected } => write!(out, "missing; expected {expected}"),
            Self::Unknown { .. } => out.write_str("unknown name"),
            Self::Twice { name, spellings: (first, second) } => {
                write!(
                    out,
                    "`{name}` is given twice: as `{}` and as `{}`",
                    shown(first),
                    shown(second)
                )
            }
            Self::Mistyped { expected, found }
            | Self::Quoted { expected, found }
            | Self::NoSuchCase { expected, found, .. } => {
                write!(out, "expected {expected}, got {found}")
            }
            Self::TooPrecise { found } => {
                write!(
                    out,
                    "{found} has more than 17 significant digits, of which some would be lost"
                )
            }
            Self::NotJson { problem } => write!(out, "expected JSON text: {problem}"),
            Self::TooDeep { .. } => out.write_str("nested too deeply"),
            Self::OverLimit { what, limit } => {
                write!(out, "the value has more than {limit} {what}")
            }
        }
    }
}

/// Whether a name stands in a path without quotes.
fn is_plain(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && name.len() <= SHOWN_CHARACTERS_MAX
}

/// How much of a text of the user is repeated in a message.
const SHOWN_CHARACTERS_MAX: usize = 60;

/// The text as it can stand in a message: cut, and with control characters and quotes escaped.
pub(crate) fn shown(text: &str) -> String {
    let mut cut = String::new();
    for (count, character) in text.chars().enumerate() {
        match character {
            _ if count == SHOWN_CHARACTERS_MAX => {
                cut.push('…');
                break;
            }
            '"' | '\\' => cut.extend(['\\', character]),
            _ if character.is_control() || is_invisible(character) => {
                cut.extend(character.escape_default());
            }
            _ => cut.push(character),
        }
    }
    cut
}

/// Characters that would reorder or hide what stands around them.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// What a value is, in a few words.
pub(crate) fn described(value: &Value) -> String {
    match value {
        Value::Null => "null".into(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => format!("number {}", shown(number.as_str())),
        Value::Text(text) => format!("text \"{}\"", shown(text)),
        Value::List(items) if items.is_empty() => "an empty list".into(),
        Value::List(items) => format!("a list of {}", items.len()),
        Value::Object(fields) if fields.is_empty() => "an empty object".into(),
        Value::Object(fields) => {
            let names = fields.keys().map(|name| shown(name)).collect::<Vec<_>>();
            format!("an object with {}", listed(&names))
        }
    }
}

/// Names in backticks, the first few of many.
pub(crate) fn listed(names: &[String]) -> String {
    const MOST: usize = 10;
    let mut list = String::new();
    for (index, name) in names.iter().take(MOST).enumerate() {
        list.push_str(if index == 0 { "`" } else { ", `" });
        list.push_str(name);
        list.push('`');
    }
    if names.len() > MOST {
        list.extend([" and ", &(names.len() - MOST).to_string(), " more"]);
    }
    list
}
