//! Names as components and as values spell them: `due-date` here, `due_date` there.

use std::ops::Deref;

use model::spelling::is_camel;
pub(crate) use model::spelling::snake;

/// A name of a field, a case or a parameter, spelt both ways.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    kebab: Box<str>,
    snake: Box<str>,
}

impl Name {
    pub fn new(kebab: &str) -> Self {
        Self { kebab: kebab.into(), snake: kebab.replace('-', "_").to_ascii_lowercase().into() }
    }

    /// As the component spells it.
    pub fn kebab(&self) -> &str {
        &self.kebab
    }

    /// As values spell it.
    pub fn snake(&self) -> &str {
        &self.snake
    }
}

/// Whatever has a name among others.
pub trait Named {
    fn name(&self) -> &Name;
}

/// Fields, cases or parameters in their order, found by name.
#[derive(Clone, Debug, PartialEq)]
pub struct Members<T> {
    list: Box<[T]>,
    /// Indices of `list`, ascending by name.
    order: Box<[u32]>,
}

impl<T: Named> Members<T> {
    pub fn new(list: Vec<T>) -> Self {
        let mut order = (0..list.len() as u32).collect::<Box<[_]>>();
        order.sort_by_key(|&index| list[index as usize].name().snake());
        Self { list: list.into(), order }
    }

    /// The position of the member that is meant by `spelt`. `near` is where it probably is: what
    /// is asked for in order is found at once.
    pub fn find(&self, spelt: &str, near: usize) -> Option<usize> {
        if self.list.get(near).is_some_and(|member| member.name().snake() == spelt) {
            return Some(near);
        }
        self.exactly(spelt).or_else(|| self.loosely(spelt))
    }

    fn exactly(&self, snake: &str) -> Option<usize> {
        let name = |index: &u32| self.list[*index as usize].name().snake();
        let found = self.order.binary_search_by(|index| name(index).cmp(snake)).ok()?;
        Some(self.order[found] as usize)
    }

    /// By words, then as camel case: `xYZ` can be `x_yz` and, where there is no such thing,
    /// `x_y_z`.
    fn loosely(&self, spelt: &str) -> Option<usize> {
        self.exactly(&snake(spelt))
            .or_else(|| self.list.iter().position(|member| is_camel(spelt, member.name().snake())))
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.list.iter().map(|member| member.name().snake())
    }
}

impl<T> Deref for Members<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Named for Name {
        fn name(&self) -> &Name {
            self
        }
    }

    fn members(names: &[&str]) -> Members<Name> {
        Members::new(names.iter().map(|name| Name::new(name)).collect())
    }

    #[test]
    fn names_are_spelt_in_snake_case() {
        for (kebab, snake) in [("due-date", "due_date"), ("HTTP-server", "http_server"), ("a", "a")]
        {
            assert_eq!((Name::new(kebab).kebab(), Name::new(kebab).snake()), (kebab, snake));
        }
    }

    #[test]
    fn members_are_found_by_spelling() {
        let members = members(&["number", "due-date", "x-y-z", "x-yz", "a-b-c"]);
        for (spelt, expected) in [
            ("number", Some(0)),
            ("Number", Some(0)),
            ("due_date", Some(1)),
            ("dueDate", Some(1)),
            ("due-date", Some(1)),
            ("DueDate", Some(1)),
            ("duedate", None),
            ("x_y_z", Some(2)),
            ("xYZ", Some(3)),
            ("aBC", Some(4)),
            ("ABC", Some(4)),
            ("abc", None),
            ("aBCD", None),
            ("", None),
        ] {
            for near in 0..6 {
                assert_eq!(members.find(spelt, near), expected, "{spelt} near {near}");
            }
        }
    }
}
