//! What the author says beside the code: documentation and `#[wharf(…)]`.

use proc_macro2::{Ident, Span};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, ExprLit, Lit, LitStr, Meta, Token};

use crate::defaults::{Literal, LiteralKind};
use crate::problems::Problems;

/// Where an attribute stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Param,
    Field,
    Struct,
    Enum,
    /// A case of an enum marked `error`.
    FailureCase,
    Elsewhere,
}

impl Place {
    /// The words that mean something there.
    fn words(self) -> &'static [&'static str] {
        match self {
            Self::Param | Self::Field => &["default"],
            Self::Struct => &["open", "value"],
            Self::Enum => &["error", "value"],
            Self::FailureCase => &["business", "it", "generic", "message"],
            Self::Elsewhere => &[],
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Param => "a parameter",
            Self::Field => "a field",
            Self::Struct => "a struct",
            Self::Enum => "an enum",
            Self::FailureCase => "a case of an error",
            Self::Elsewhere => "this place",
        }
    }
}

/// One word of `#[wharf(…)]`, with what follows its `=`.
#[derive(Debug)]
struct Mark {
    name: Ident,
    value: Option<Literal>,
}

impl Parse for Mark {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name: Ident = input.parse()?;
        let value = match input.parse::<Option<Token![=]>>()? {
            Some(_) => Some(input.parse()?),
            None => None,
        };
        Ok(Self { name, value })
    }
}

/// The words of `#[wharf(…)]` at one place.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    pub(crate) default: Option<Literal>,
    pub(crate) open: bool,
    pub(crate) value: bool,
    pub(crate) error: bool,
    pub(crate) kind: Option<Ident>,
    pub(crate) message: Option<LitStr>,
}

impl Marks {
    pub(crate) fn read(attributes: &[Attribute], place: Place, problems: &mut Problems) -> Self {
        let mut marks = Self::default();
        for attribute in attributes.iter().filter(|attribute| is_ours(attribute)) {
            let list = attribute.parse_args_with(Punctuated::<Mark, Token![,]>::parse_terminated);
            for mark in problems.keep(list).into_iter().flatten() {
                let taken = marks.take(mark, place);
                problems.keep(taken);
            }
        }
        marks
    }

    fn take(&mut self, mark: Mark, place: Place) -> syn::Result<()> {
        let Mark { name, value } = mark;
        let word = name.to_string();
        let known = place.words();
        if !known.contains(&word.as_str()) {
            return Err(syn::Error::new(name.span(), unknown(&word, place)));
        }
        let taken = match (word.as_str(), value) {
            ("default", Some(literal)) => self.default.replace(literal).is_some(),
            ("message", Some(Literal { span, kind: LiteralKind::Text(text) })) => {
                self.message.replace(LitStr::new(&text, span)).is_some()
            }
            ("open", None) => std::mem::replace(&mut self.open, true),
            ("value", None) => std::mem::replace(&mut self.value, true),
            ("error", None) => std::mem::replace(&mut self.error, true),
            ("business" | "it" | "generic", None) => self.kind.replace(name.clone()).is_some(),
            (_, value) => return Err(misused(&name, value.map(|value| value.span))),
        };
        let twice = || syn::Error::new(name.span(), "this is said already");
        if taken { Err(twice()) } else { Ok(()) }
    }
}

fn unknown(word: &str, place: Place) -> String {
    let known = place.words();
    let list = known.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
    match known {
        [] => "`#[wharf(…)]` means nothing here".to_owned(),
        _ => format!("`{word}` means nothing at {}: known here: {list}", place.name()),
    }
}

fn misused(name: &Ident, value: Option<Span>) -> syn::Error {
    let word = name.to_string();
    let form = match word.as_str() {
        "default" => "default = 5000",
        "message" => "message = \"the invoice {reference} is there already\"",
        word => word,
    };
    syn::Error::new(value.unwrap_or(name.span()), format!("write `#[wharf({form})]`"))
}

/// Is it `#[wharf(…)]`?
pub(crate) fn is_ours(attribute: &Attribute) -> bool {
    attribute.path().is_ident("wharf")
}

/// The documentation, as it was written.
pub(crate) fn docs(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter_map(doc_text).flat_map(|text| {
        let lines: Vec<String> = text.lines().map(unindented).collect();
        if lines.is_empty() { vec![String::new()] } else { lines }
    });
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}

fn unindented(line: &str) -> String {
    line.strip_prefix(' ').unwrap_or(line).trim_end().to_owned()
}

fn doc_text(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(pair) = &attribute.meta else { return None };
    let Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) = &pair.value else { return None };
    pair.path.is_ident("doc").then(|| text.value())
}

/// Refuses what is there only under conditions: the interface is the same for every build.
pub(crate) fn refuse_conditions(attributes: &[Attribute], problems: &mut Problems) {
    let conditions = attributes.iter().filter(|attribute| attribute.path().is_ident("cfg"));
    for condition in conditions {
        problems.at(
            condition,
            "what a step is made of cannot depend on `cfg`: put the step into a module of its own, \
             and the condition on that",
        );
    }
}

/// Is it there for tests alone?
pub(crate) fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && matches!(&attribute.meta, Meta::List(list) if list.tokens.to_string() == "test")
    })
}
