//! The grammar of flows as one table: what there is, which keys it has, what each of them takes.
//!
//! Reading, `docs/reference/flow.md` and the JSON Schema for editors all go by this table, so that
//! they cannot disagree.

mod again;
mod flow;
mod page;
mod schema;
mod simple;
mod steps;

use crate::diagnostic::Diagnostic;
use crate::source::Source;
pub(crate) use flow::TYPES;
pub use page::page;
pub use schema::schema;

/// One thing that has keys, or that is a step of its own.
#[derive(Debug)]
pub struct Construct {
    /// How the table finds it; for a step its word.
    pub name: &'static str,
    /// What problems and pages call it.
    pub title: &'static str,
    pub docs: &'static str,
    pub keys: &'static [Key],
    /// What is in scope in it, and what it declares.
    pub scope: &'static str,
    /// How the journal calls what is in it.
    pub path: &'static str,
    pub valid: &'static str,
    pub invalid: [Wrong; 2],
}

/// An example with one mistake, and the code of the problem.
#[derive(Debug)]
pub struct Wrong {
    pub text: &'static str,
    pub code: &'static str,
}

#[derive(Debug)]
pub struct Key {
    pub name: &'static str,
    pub takes: Takes,
    /// What stands in for it where it is not given.
    pub default: Default,
    pub docs: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Default {
    /// It must be given.
    Required,
    /// Without it there is nothing of the kind.
    None,
    /// As the page shows it.
    Is(&'static str),
}

/// What a key takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// A fixed text.
    Text,
    FlowName,
    /// The name of an action: `queue.add`, `finance/classify`.
    Action,
    /// A word that expressions can use as a name.
    Id,
    Code,
    Span,
    Count(u64, u64),
    Bool,
    Word(&'static [&'static str]),
    /// A text or a list of texts.
    Texts,
    /// `all`, kinds or codes of errors: one, or a list of them.
    Caught,
    /// An expression, with or without `${{ }}`.
    Expression,
    /// Anything, with expressions in it.
    Value,
    /// Anything without expressions.
    Literal,
    /// A mapping of names to values.
    Values,
    /// A mapping of names that expressions can use to values.
    Names,
    /// A value, or a list of values.
    Alternatives,
    Type,
    Types,
    Inputs,
    Triggers,
    Steps,
    /// A mapping of names to steps.
    Branches,
    /// A mapping with the keys of this construct.
    One(&'static str),
    /// A list of such mappings.
    Many(&'static str),
    /// One such mapping, or a list of them.
    OneOrMany(&'static str),
    /// A length of time, the word `stop-requested`, or such a mapping.
    Wait,
    /// A message, or such a mapping.
    Failure,
    /// Nothing, or a mapping of names to values.
    Outputs,
    Nothing,
}

/// The shapes of YAML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Scalar,
    List,
    Mapping,
}

impl Takes {
    /// What may stand there, in words.
    pub fn expected(self) -> String {
        match self {
            Self::Text => "a text".into(),
            Self::FlowName => "the name of a flow".into(),
            Self::Action => "the name of an action".into(),
            Self::Id => "a name".into(),
            Self::Code => "a code such as `finance/duplicate`".into(),
            Self::Span => "a length of time such as `30s`".into(),
            Self::Count(least, most) => format!("a whole number from {least} to {most}"),
            Self::Bool => "`true` or `false`".into(),
            Self::Word(words) => format!("`{}`", words.join("` or `")),
            Self::Texts => "a text or a list of texts".into(),
            Self::Caught => "kinds or codes of errors".into(),
            Self::Expression => "an expression".into(),
            Self::Value => "a value".into(),
            Self::Literal => "a value without expressions".into(),
            Self::Values | Self::Names => "a mapping of names to values".into(),
            Self::Alternatives => "a value or a list of values".into(),
            Self::Type => "a type".into(),
            Self::Types => "a mapping of names to types".into(),
            Self::Inputs => "a mapping of names to inputs".into(),
            Self::Triggers => "a mapping of triggers".into(),
            Self::Steps => "a list of steps".into(),
            Self::Branches => "a mapping of names to lists of steps".into(),
            Self::One(name) => format!("a mapping with the keys of {}", titled(name)),
            Self::Many(name) => format!("a list of mappings with the keys of {}", titled(name)),
            Self::OneOrMany(name) => {
                format!("a mapping with the keys of {}, or a list of them", titled(name))
            }
            Self::Wait => "a length of time, `stop-requested`, or a mapping".into(),
            Self::Failure => "a message, or a mapping".into(),
            Self::Outputs => "nothing, or a mapping of outputs".into(),
            Self::Nothing => "nothing".into(),
        }
    }

    /// How that looks in YAML.
    pub(crate) fn example(self) -> String {
        let example = match self {
            Self::Text => "`some text`",
            Self::FlowName => "`report-duplicate`",
            Self::Action => "`queue.add`",
            Self::Id => "`invoice`",
            Self::Code => "`finance/duplicate`",
            Self::Span => "`30s`, `5m` or `1h30m`",
            Self::Count(..) => "`3`",
            Self::Bool => "`true`",
            Self::Word(words) => return format!("`{}`", words[0]),
            Self::Texts => "`[\"*.csv\"]`",
            Self::Caught => "`[it, finance/*]`",
            Self::Expression => "`${{ total > 5 }}`",
            Self::Value | Self::Literal | Self::Alternatives => "a text, a number, a list",
            Self::Values | Self::Names | Self::Outputs => "`{ total: 5 }`",
            Self::Type => "`text`, or `{ list: number }`",
            Self::Types => "`{ id: text, amount: number }`",
            Self::Inputs => "`{ limit: number }`",
            Self::Triggers => "`queue: { name: orders }`",
            Self::Steps => "`- uses: queue.add`, each step with its dash on a line of its own",
            Self::Branches => "`left: [ … ]`, with steps in the list",
            Self::One(name) | Self::OneOrMany(name) => {
                return format!("its keys stand below it: {}", keys_of(name));
            }
            Self::Many(name) => {
                return format!(
                    "each with a dash on a line of its own, and of its keys: {}",
                    keys_of(name)
                );
            }
            Self::Wait => "`5m` or `{ until: \"${{ at }}\" }`",
            Self::Failure => "`{ kind: business, message: \"…\" }`",
            Self::Nothing => "the key and its colon alone",
        };
        example.to_owned()
    }

    pub(crate) fn shapes(self) -> &'static [Shape] {
        use Shape::{List, Mapping, Scalar};
        match self {
            Self::Text
            | Self::FlowName
            | Self::Action
            | Self::Id
            | Self::Code
            | Self::Span
            | Self::Count(..)
            | Self::Bool
            | Self::Word(_)
            | Self::Expression
            | Self::Nothing => &[Scalar],
            Self::Texts | Self::Caught => &[Scalar, List],
            Self::Value | Self::Literal | Self::Alternatives => &[Scalar, List, Mapping],
            Self::Values
            | Self::Names
            | Self::Types
            | Self::Inputs
            | Self::Branches
            | Self::One(_) => &[Mapping],
            Self::Triggers | Self::OneOrMany(_) => &[Mapping, List],
            Self::Type | Self::Wait | Self::Failure => &[Scalar, Mapping],
            // Nothing at all is a scalar too.
            Self::Outputs => &[Mapping, Scalar],
            Self::Steps | Self::Many(_) => &[List],
        }
    }

    /// Whether `key:` and nothing more is enough.
    pub(crate) fn may_be_empty(self) -> bool {
        matches!(
            self,
            Self::Value | Self::Literal | Self::Alternatives | Self::Nothing | Self::Outputs
        )
    }
}

/// A chapter of the reference.
#[derive(Debug)]
pub struct Part {
    pub title: &'static str,
    pub docs: &'static str,
    pub constructs: &'static [Construct],
}

/// All of it, in the order of the reference.
pub const PARTS: &[Part] = &[
    Part {
        title: "The file",
        docs: "A file is read as YAML, and a value as what is expected where it stands: `012` is no \
               number, `no` is a text, and `5000.00` keeps its digits.",
        constructs: flow::FLOW,
    },
    Part { title: "Any step", docs: "Steps are done from top to bottom.", constructs: steps::STEP },
    Part {
        title: "Steps that do one thing",
        docs: "Values may hold expressions. `${{ … }}` alone keeps its type; with text around it, it \
               becomes text.",
        constructs: simple::STEPS,
    },
    Part {
        title: "Steps with steps in them",
        docs: "Each list of steps is a block with a scope of its own.",
        constructs: steps::STEPS,
    },
    Part {
        title: "Errors",
        docs: "An error has a kind (`business`, `it` or `generic`) and a code such as \
               `finance/duplicate`. A step is tried again first, as its `retry` says; then its handlers \
               are asked.",
        constructs: again::AGAIN,
    },
];

pub fn constructs() -> impl Iterator<Item = &'static Construct> {
    PARTS.iter().flat_map(|part| part.constructs)
}

/// The constructs whose name makes a mapping a step.
pub fn words() -> impl Iterator<Item = &'static Construct> {
    simple::STEPS.iter().chain(steps::STEPS).filter(|construct| construct.is_word())
}

/// # Panics
/// If the table has none of that name.
pub fn construct(name: &str) -> &'static Construct {
    constructs().find(|construct| construct.name == name).expect("the table has what it names")
}

fn titled(name: &str) -> &'static str {
    construct(name).title
}

fn keys_of(name: &str) -> String {
    construct(name).keys.iter().map(|key| key.name).collect::<Vec<_>>().join(", ")
}

impl Construct {
    pub fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }

    /// An example as a whole file.
    pub fn file(example: &str) -> String {
        if !example.starts_with('-') {
            return example.to_owned();
        }
        let steps = example.lines().map(|line| format!("  {line}\n"));
        format!("flow: example\nsteps:\n{}", steps.collect::<String>())
    }

    /// What is told of an example.
    pub fn problems(example: &str) -> Vec<Diagnostic> {
        crate::read(Source::new("example.yaml", Self::file(example))).1
    }

    /// The name is a key of its own: a step is known by it.
    fn is_word(&self) -> bool {
        self.keys.first().is_some_and(|key| key.name == self.name)
    }
}

const fn required(name: &'static str, takes: Takes, docs: &'static str) -> Key {
    Key { name, takes, default: Default::Required, docs }
}

const fn optional(name: &'static str, takes: Takes, docs: &'static str) -> Key {
    Key { name, takes, default: Default::None, docs }
}

const fn or(default: &'static str, name: &'static str, takes: Takes, docs: &'static str) -> Key {
    Key { name, takes, default: Default::Is(default), docs }
}

const fn wrong(code: &'static str, text: &'static str) -> Wrong {
    Wrong { text, code }
}

#[cfg(test)]
mod tests;
