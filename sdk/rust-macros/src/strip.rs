//! Leaves plain Rust: takes away what only the macro reads.

use quote::quote;
use syn::{Attribute, Fields, FnArg, Item, ItemFn, parse_quote};

use crate::attributes::is_ours;
use crate::read::is_step;

/// Takes `#[wharf(…)]` off everything, and documentation off parameters, where Rust has none.
pub(crate) fn strip(items: &mut [Item]) {
    for item in items {
        match item {
            Item::Fn(item) => strip_function(item),
            Item::Struct(item) => {
                strip_marks(&mut item.attrs);
                strip_fields(&mut item.fields);
            }
            Item::Enum(item) => {
                strip_marks(&mut item.attrs);
                for variant in &mut item.variants {
                    strip_marks(&mut variant.attrs);
                    strip_fields(&mut variant.fields);
                }
            }
            Item::Const(item) => strip_marks(&mut item.attrs),
            Item::Impl(item) => strip_marks(&mut item.attrs),
            Item::Mod(item) => strip_marks(&mut item.attrs),
            Item::Static(item) => strip_marks(&mut item.attrs),
            Item::Trait(item) => strip_marks(&mut item.attrs),
            Item::Type(item) => strip_marks(&mut item.attrs),
            Item::Union(item) => strip_marks(&mut item.attrs),
            Item::Use(item) => strip_marks(&mut item.attrs),
            _ => {}
        }
    }
}

fn strip_function(function: &mut ItemFn) {
    strip_marks(&mut function.attrs);
    function.sig.inputs.iter_mut().for_each(strip_param);
    if is_step(function) {
        function.attrs.push(owned());
    }
}

/// Clippy wants references, fewer of them, and less of `async` and `Result`. None of this is the
/// author's choice: flows call by value, and what a step may do later is part of its type now.
fn owned() -> Attribute {
    let by_value = quote!(clippy::needless_pass_by_value, clippy::too_many_arguments);
    let by_type = quote!(clippy::unnecessary_wraps, clippy::unused_async);
    let silence = quote!(allow(#by_value, #by_type));
    parse_quote!(#[#silence])
}

fn strip_marks(attributes: &mut Vec<Attribute>) {
    attributes.retain(|attribute| !is_ours(attribute));
}

fn strip_fields(fields: &mut Fields) {
    for field in fields {
        strip_marks(&mut field.attrs);
    }
}

fn strip_param(param: &mut FnArg) {
    let attributes = match param {
        FnArg::Receiver(receiver) => &mut receiver.attrs,
        FnArg::Typed(typed) => &mut typed.attrs,
    };
    attributes.retain(|attribute| !is_ours(attribute) && !attribute.path().is_ident("doc"));
}
