//! What a step takes and gives: the same form for built-in actions and for the steps of plugins.

use indexmap::IndexMap;
use model::Value;

use crate::expr::{Type, Types};
use crate::program::{Input, Template};

/// What is known of an action before it is performed.
#[derive(Clone, Debug, PartialEq)]
pub struct Signature {
    /// What a flow writes after `uses:`, such as `queue.add` or `finance/classify`.
    pub name: String,
    /// The first line says in a sentence what it does.
    pub docs: String,
    pub inputs: IndexMap<String, Param>,
    pub output: Output,
    pub effect: Effect,
    /// The errors of its own that it may fail with, for handlers.
    pub errors: Vec<(String, String)>,
}

/// One input of an action.
#[derive(Clone, Debug, PartialEq)]
pub struct Param {
    pub takes: Type,
    pub required: bool,
    /// What stands in for it when it is not given.
    pub default: Option<Value>,
    pub docs: String,
}

/// What a step gives.
#[derive(Clone, Debug)]
pub enum Output {
    Nothing,
    Of(Type),
    /// Depends on what it is given.
    From(Given),
}

/// Works out what a step gives from what it is given.
pub type Given = fn(&IndexMap<String, Template>, &dyn Catalog) -> Result<Type, Misuse>;

impl PartialEq for Output {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Nothing, Self::Nothing) => true,
            (Self::Of(one), Self::Of(two)) => one == two,
            (Self::From(one), Self::From(two)) => std::ptr::fn_addr_eq(*one, *two),
            _ => false,
        }
    }
}

/// Why the output of a step cannot be known from what it is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misuse {
    /// The input that is wrong.
    pub input: &'static str,
    pub message: String,
    pub hint: String,
}

/// What an action may do to the world.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// Nothing; it only calculates.
    #[default]
    None,
    /// It reads or writes queues, and nothing else.
    Store,
    /// It reads or writes something outside of the store.
    Outside,
}

/// What is known of a flow by those who call it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Contract {
    pub inputs: IndexMap<String, Input>,
    /// What it gives, and what is known of each.
    pub outputs: Types,
    /// The flows it calls itself, so that nobody calls in a circle.
    pub calls: Vec<String>,
    /// The most that one of its steps does to the world.
    pub effect: Effect,
}

/// What else there is, beside the flow that is being checked.
pub trait Catalog {
    fn action(&self, name: &str) -> Option<&Signature>;
    /// The names of all actions, to suggest one.
    fn actions(&self) -> Vec<&str>;
    /// What a flow that can be called takes and gives, as far as it could be read.
    fn flow(&self, name: &str) -> Option<&Contract>;
    fn flows(&self) -> Vec<&str>;
    /// A file beside the flow, such as a sample; the error says why it cannot be read.
    fn file(&self, path: &str) -> Result<String, String>;
}
