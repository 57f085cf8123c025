//! JSON that was read, and how values are taken out of it.

use super::{Misfit, Value, Writer};

/// A value of JSON: numbers keep their digits, fields their order.
#[doc(hidden)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    List(Vec<Node>),
    Object(Vec<(String, Node)>),
}

impl Node {
    /// What it is, for messages.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a bool",
            Self::Number(_) => "a number",
            Self::Text(_) => "a text",
            Self::List(_) => "a list",
            Self::Object(_) => "an object",
        }
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        match self {
            Self::Null => out.raw("null"),
            Self::Bool(value) => value.write(out),
            Self::Number(digits) => out.raw(digits),
            Self::Text(text) => out.text(text),
            Self::List(items) => out.list(items, Self::write),
            Self::Object(fields) => out.object(|out| {
                for (name, node) in fields {
                    out.named(name, |out| node.write(out));
                }
            }),
        }
    }

    pub(crate) fn expected(&self, expected: &str) -> Misfit {
        Misfit::mistyped(format!("expected {expected}, found {}", self.kind()))
    }

    pub(crate) fn list<T>(
        &self,
        read: impl Fn(&Self) -> Result<T, Misfit>,
    ) -> Result<Vec<T>, Misfit> {
        let Self::List(items) = self else { return Err(self.expected("a list")) };
        let items = items.iter().enumerate();
        items.map(|(at, item)| read(item).map_err(|misfit| misfit.at(at))).collect()
    }

    /// The fields of an object, whose names are among `known` unless it is open.
    pub fn fields(&self, known: &[&str], open: bool) -> Result<Fields<'_>, Misfit> {
        let Self::Object(given) = self else { return Err(self.expected("an object")) };
        let spelt: Vec<(String, &Self)> =
            given.iter().map(|(name, node)| (snake(name), node)).collect();
        for (at, (name, _)) in spelt.iter().enumerate() {
            let given = &given[at].0;
            if !open && !known.contains(&name.as_str()) {
                let known = known.join("`, `");
                let problem = format!("no field `{given}` is known; the fields are `{known}`");
                return Err(Misfit::new("value/unknown-field", problem));
            }
            if known.contains(&name.as_str()) && spelt[..at].iter().any(|(other, _)| other == name)
            {
                let problem = format!("`{given}` is there twice, in two spellings");
                return Err(Misfit::mistyped(problem));
            }
        }
        Ok(Fields(spelt))
    }

    /// Hands the name of a case on, with what it carries; `known` says which cases carry something.
    pub fn case<T>(
        &self,
        known: &[(&str, bool)],
        read: impl FnOnce(&str, &Self) -> Result<T, Misfit>,
    ) -> Result<T, Misfit> {
        let (name, payload) = match self {
            Self::Text(name) => (name, None),
            Self::Object(fields) => match fields.as_slice() {
                [(name, payload)] => (name, Some(payload)),
                _ => return Err(self.expected("the name of a case, or an object with it alone")),
            },
            _ => return Err(self.expected("the name of a case")),
        };
        let spelt = snake(name);
        let Some((known, carries)) = known.iter().find(|(known, _)| *known == spelt) else {
            let known = known.iter().map(|(name, _)| *name).collect::<Vec<_>>().join("`, `");
            let problem = format!("no case `{name}` is known; the cases are `{known}`");
            return Err(Misfit::new("value/unknown-case", problem));
        };
        match (carries, payload) {
            (true, Some(payload)) => read(known, payload).map_err(|misfit| misfit.within(known)),
            (false, None) => read(known, &Self::Null),
            (true, None) => Err(Misfit::mistyped(format!("the case `{known}` carries a value"))),
            (false, Some(_)) => {
                Err(Misfit::mistyped(format!("the case `{known}` carries nothing")))
            }
        }
    }
}

/// The fields of an object, by their names in `snake_case`.
#[doc(hidden)]
#[derive(Debug)]
pub struct Fields<'n>(Vec<(String, &'n Node)>);

impl Fields<'_> {
    /// The field of that name.
    pub fn get<T: Value>(&self, name: &str) -> Result<T, Misfit> {
        match self.find(name) {
            Some(node) => T::read(node).map_err(|misfit| misfit.within(name)),
            None => T::missing().ok_or_else(|| {
                Misfit::new("value/missing-field", format!("the field `{name}` is missing"))
            }),
        }
    }

    /// The field of that name, or its default.
    pub fn get_or<T: Value>(&self, name: &str, default: &str) -> Result<T, Misfit> {
        let default = match self.find(name) {
            Some(_) => return self.get(name),
            None => super::parse(default).expect("the macro wrote the default"),
        };
        T::read(&default).map_err(|misfit| misfit.within(name))
    }

    fn find(&self, name: &str) -> Option<&Node> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, node)| *node)
    }
}

/// `due-date`, `dueDate` and `DueDate` are all `due_date`.
fn snake(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut snake = String::with_capacity(name.len());
    for (at, &c) in letters.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| letters[at]);
        let after_small = before.is_some_and(|c| c.is_lowercase() || c.is_ascii_digit());
        let after_capital = before.is_some_and(char::is_uppercase);
        let before_small = letters.get(at + 1).is_some_and(|c| c.is_lowercase());
        if c.is_uppercase() && (after_small || after_capital && before_small) {
            snake.push('_');
        }
        snake.extend(if c == '-' { '_' } else { c }.to_lowercase());
    }
    snake
}
