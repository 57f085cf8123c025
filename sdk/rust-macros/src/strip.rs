//! Leaves plain Rust: takes away what only the macro reads.

use syn::{Attribute, Fields, FnArg, Item};

use crate::attributes::is_ours;

/// Takes `#[wharf(…)]` off everything, and documentation off parameters, where Rust has none.
pub(crate) fn strip(items: &mut [Item]) {
    for item in items {
        match item {
            Item::Fn(item) => {
                strip_marks(&mut item.attrs);
                item.sig.inputs.iter_mut().for_each(strip_param);
            }
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
