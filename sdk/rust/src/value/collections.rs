//! Values made of others.

use std::collections::{BTreeMap, HashMap};

use super::{Misfit, Node, Value, Writer};

impl<T: Value> Value for Vec<T> {
    fn write(&self, out: &mut Writer) {
        T::write_list(self, out);
    }

    fn read(node: &Node) -> Result<Self, Misfit> {
        T::read_list(node)
    }
}

impl<T: Value> Value for Option<T> {
    const IS_OPTION: bool = true;

    fn write(&self, out: &mut Writer) {
        match self {
            None => out.raw("null"),
            Some(value) if T::IS_OPTION => out.case("some", |out| value.write(out)),
            Some(value) => value.write(out),
        }
    }

    fn read(node: &Node) -> Result<Self, Misfit> {
        match node {
            Node::Null => Ok(None),
            _ if T::IS_OPTION => node.case(&[("some", true)], |_, node| T::read(node)).map(Some),
            _ => T::read(node).map(Some),
        }
    }

    fn missing() -> Option<Self> {
        Some(None)
    }
}

/// Only inside a `Result`: there it says that nothing is carried.
impl Value for () {
    fn write(&self, out: &mut Writer) {
        out.raw("null");
    }

    fn read(node: &Node) -> Result<Self, Misfit> {
        if matches!(node, Node::Null) { Ok(()) } else { Err(node.expected("null")) }
    }
}

impl<T: Value, E: Value> Value for Result<T, E> {
    fn write(&self, out: &mut Writer) {
        match self {
            Ok(value) => out.case("ok", |out| value.write(out)),
            Err(error) => out.case("err", |out| error.write(out)),
        }
    }

    fn read(node: &Node) -> Result<Self, Misfit> {
        node.case(&[("ok", true), ("err", true)], |name, node| match name {
            "ok" => T::read(node).map(Ok),
            _ => E::read(node).map(Err),
        })
    }
}

impl<T: Value> Value for Box<T> {
    const IS_TEXT: bool = T::IS_TEXT;
    const IS_OPTION: bool = T::IS_OPTION;

    fn write(&self, out: &mut Writer) {
        T::write(self, out);
    }

    fn read(node: &Node) -> Result<Self, Misfit> {
        T::read(node).map(Self::new)
    }

    fn missing() -> Option<Self> {
        T::missing().map(Self::new)
    }
}

fn write_map<'v, T: Value + 'v>(
    fields: impl Iterator<Item = (&'v String, &'v T)>,
    out: &mut Writer,
) {
    out.object(|out| fields.for_each(|(name, value)| out.field(name, value)));
}

fn read_map<T: Value, M: FromIterator<(String, T)>>(node: &Node) -> Result<M, Misfit> {
    let Node::Object(fields) = node else { return Err(node.expected("an object")) };
    let fields = fields.iter().map(|(name, node)| {
        let value = T::read(node).map_err(|misfit| misfit.within(name))?;
        Ok((name.clone(), value))
    });
    fields.collect()
}

impl<T: Value> Value for BTreeMap<String, T> {
    fn write(&self, out: &mut Writer) {
        write_map(self.iter(), out);
    }

    fn read(node: &Node) -> Result<Self, Misfit> {
        read_map(node)
    }
}

/// Written by name: the order of a `HashMap` is another in every run.
impl<T: Value, S: std::hash::BuildHasher + Default> Value for HashMap<String, T, S> {
    fn write(&self, out: &mut Writer) {
        let sorted: BTreeMap<&String, &T> = self.iter().collect();
        write_map(sorted.into_iter(), out);
    }

    fn read(node: &Node) -> Result<Self, Misfit> {
        read_map(node)
    }
}

/// A list of pairs with a text is an object, in this order.
impl<A: Value, B: Value> Value for (A, B) {
    fn write(&self, out: &mut Writer) {
        out.list(&[false, true], |second, out| match second {
            false => self.0.write(out),
            true => self.1.write(out),
        });
    }

    fn read(node: &Node) -> Result<Self, Misfit> {
        let parts = parts(node, 2)?;
        Ok((part(parts, 0)?, part(parts, 1)?))
    }

    fn write_list(items: &[Self], out: &mut Writer) {
        if !A::IS_TEXT {
            return out.list(items, Self::write);
        }
        out.object(|out| {
            for (name, value) in items {
                out.keyed(|out| name.write(out), |out| value.write(out));
            }
        });
    }

    fn read_list(node: &Node) -> Result<Vec<Self>, Misfit> {
        if !A::IS_TEXT {
            return node.list(Self::read);
        }
        let Node::Object(fields) = node else { return Err(node.expected("an object")) };
        let fields = fields.iter().map(|(name, node)| {
            let value = B::read(node).map_err(|misfit| misfit.within(name))?;
            Ok((A::read(&Node::Text(name.clone()))?, value))
        });
        fields.collect()
    }
}

macro_rules! tuples {
    ($($count:literal: $($part:ident $at:tt)*;)*) => {$(
        impl<$($part: Value),*> Value for ($($part,)*) {
            fn write(&self, out: &mut Writer) {
                let parts: [&dyn Fn(&mut Writer); $count] =
                    [$(&|out: &mut Writer| self.$at.write(out)),*];
                out.list(&parts, |part, out| part(out));
            }

            fn read(node: &Node) -> Result<Self, Misfit> {
                let parts = parts(node, $count)?;
                Ok(($(part(parts, $at)?,)*))
            }
        }
    )*};
}

tuples! {
    1: A 0;
    3: A 0 B 1 C 2;
    4: A 0 B 1 C 2 D 3;
    5: A 0 B 1 C 2 D 3 E 4;
    6: A 0 B 1 C 2 D 3 E 4 F 5;
}

fn parts(node: &Node, count: usize) -> Result<&[Node], Misfit> {
    match node {
        Node::List(items) if items.len() == count => Ok(items),
        Node::List(items) => {
            Err(Misfit::mistyped(format!("expected {count} items, found {}", items.len())))
        }
        _ => Err(node.expected("a list")),
    }
}

fn part<T: Value>(parts: &[Node], at: usize) -> Result<T, Misfit> {
    T::read(&parts[at]).map_err(|misfit| misfit.at(at))
}
