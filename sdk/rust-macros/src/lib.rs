//! The macros of the crate `wharf`; use them from there.
//!
//! `#[wharf::plugin]` reads a module (`read`) into a description of its interface (`model`), and
//! writes from it: the interface in WIT (`wit`), what the plugin says about itself (`meta`), and
//! the code that converts values and calls the steps (`code`). The module itself stays plain Rust,
//! so that its steps can be called by tests.

mod attributes;
mod code;
mod decimal;
mod defaults;
mod failures;
mod meta;
mod model;
mod plugin;
mod problems;
mod read;
mod reading;
mod shapes;
mod strip;
#[cfg(test)]
mod tests;
mod values;
mod wit;
mod words;

use proc_macro::TokenStream;

/// Makes a plugin of a module: each `pub fn` in it is a step.
#[proc_macro_attribute]
pub fn plugin(arguments: TokenStream, module: TokenStream) -> TokenStream {
    plugin::expand(&arguments.into(), module.into(), &plugin::Origin::of_build()).into()
}

/// A `Decimal` from a literal, digit for digit: `decimal!(5000.00)`.
#[proc_macro]
pub fn decimal(literal: TokenStream) -> TokenStream {
    decimal::expand(literal.into()).into()
}
