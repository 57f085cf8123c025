//! Values as flows and filters see them: JSON with exact numbers and kept order.

use indexmap::IndexMap;

/// A value: what JSON text says, no more and no less.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Value>),
    Object(IndexMap<String, Value>),
}

/// A number as its decimal text, so that digits survive exactly.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Number(Box<str>);
