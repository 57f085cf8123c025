//! What an action was given, and what is wrong with it.

use std::fmt::Write;

use flow::signature::Param;
use indexmap::IndexMap;
use model::Value;
use model::similar::closest;

use super::input::Input;
use crate::failure::{Failure, Kind};
use crate::shown::quoted;

/// Named values, each taken once.
pub(super) struct Given(pub(super) IndexMap<String, Value>);

impl Given {
    /// The input of this name, or what stands in for it.
    pub(super) fn take<T: Input>(
        &mut self,
        name: &str,
        default: Option<Value>,
    ) -> Result<T, Misfit> {
        let given =
            self.0.shift_remove(name).filter(|value| !(value.is_null() && T::null_is_none()));
        match given.or(default) {
            Some(value) => T::read(value).map_err(|misfit| misfit.within(name)),
            None => T::absent().ok_or_else(|| Misfit::missing(name)),
        }
    }

    /// Refuses what nobody took.
    pub(super) fn finish(self, known: &IndexMap<String, Param>) -> Result<(), Misfit> {
        self.0.into_keys().next().map_or(Ok(()), |name| Err(Misfit::unknown(&name, known)))
    }
}

/// Why an input cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Misfit {
    code: &'static str,
    /// From the inside to the outside.
    path: Vec<Part>,
    /// What is wrong, told of what stands at the path.
    problem: String,
    hint: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Name(String),
    Index(usize),
}

impl Misfit {
    pub(super) fn new(problem: impl Into<String>, hint: impl Into<String>) -> Self {
        let (problem, hint) = (problem.into(), hint.into());
        Self { code: "action/bad-input", path: Vec::new(), problem, hint }
    }

    /// A value of another type than is wanted.
    pub(super) fn type_of(found: &Value, wanted: &str) -> Self {
        let problem = match found {
            Value::Text(text) => format!("is the text `{}`", quoted(text)),
            Value::Number(number) => format!("is the number {}", quoted(number.as_str())),
            Value::Bool(flag) => format!("is {flag}"),
            Value::Null => "is null".into(),
            Value::List(_) => "is a list".into(),
            Value::Object(_) => "is an object".into(),
        };
        Self::new(format!("{problem}, not {wanted}"), format!("give {wanted}"))
    }

    fn missing(name: &str) -> Self {
        let misfit = Self::new("is missing", "give it under `with:`");
        Self { code: "action/missing-input", ..misfit }.within(name)
    }

    fn unknown(name: &str, known: &IndexMap<String, Param>) -> Self {
        let names = || known.keys().map(String::as_str);
        let hint = match closest(name, names()) {
            Some(similar) => format!("did you mean `{similar}`?"),
            None if known.is_empty() => "it takes nothing".into(),
            None => format!("it takes {}", names().collect::<Vec<_>>().join(", ")),
        };
        let misfit = Self::new("is nothing that it takes", hint);
        Self { code: "action/unknown-input", ..misfit }.within(name)
    }

    pub(super) fn within(mut self, name: &str) -> Self {
        self.path.push(Part::Name(name.to_owned()));
        self
    }

    pub(super) fn at(mut self, index: usize) -> Self {
        self.path.push(Part::Index(index));
        self
    }

    /// Where it is, as an expression would say it.
    fn place(&self) -> String {
        let mut place = String::new();
        for part in self.path.iter().rev() {
            match part {
                Part::Name(name) if place.is_empty() => place = quoted(name),
                Part::Name(name) => place = place + "." + &quoted(name),
                Part::Index(index) => write!(place, "[{index}]").expect("a String takes all"),
            }
        }
        place
    }
}

impl From<Misfit> for Failure {
    fn from(misfit: Misfit) -> Self {
        let message = match misfit.place() {
            place if place.is_empty() => format!("it {}", misfit.problem),
            place => format!("`{place}` {}", misfit.problem),
        };
        Self::new(Kind::Generic, misfit.code, message).with_hint(misfit.hint)
    }
}
