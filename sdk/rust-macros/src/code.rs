//! The code that makes a component of the module. It is compiled for WebAssembly alone, so natively
//! a plugin is the module and nothing else.

use proc_macro2::{Literal, Span, TokenStream};
use quote::{format_ident, quote};
use syn::{Ident, LitByteStr};

use crate::model::{Case, Fails, Field, Interface, Kind, Named, Payload, Step};
use crate::wit;
use crate::words::{type_ident, value_ident};

/// The hidden module: bindings, conversions, the exports, and the section `wharf:meta`.
pub(crate) fn guest(
    interface: &Interface,
    package: &str,
    document: &str,
    section: &[u8],
) -> TokenStream {
    let world = wit::world(interface);
    let suffix = format!("{package}-{}", interface.name.wire);
    let (package, name) = (value_ident(package), value_ident(&interface.name.wire));
    let conversions: TokenStream = interface.exported().map(conversion).collect();
    let steps = interface.steps.iter().map(export);
    let length = Literal::usize_unsuffixed(section.len());
    let section = LitByteStr::new(section, Span::call_site());
    let quiet = quiet();
    quote! {
        #[cfg(target_arch = "wasm32")]
        #[doc(hidden)]
        #quiet
        mod __wharf {
            mod bindings {
                ::wharf::wire::wit_bindgen::generate!({
                    inline: #document,
                    path: [],
                    world: #world,
                    runtime_path: "::wharf::wire::wit_bindgen::rt",
                    type_section_suffix: #suffix,
                    with: { "wharf:host/types@1.0.0": ::wharf::wire::types },
                });
            }

            use super::*;
            use self::bindings::exports::plugin::#package::#name as own;

            #conversions

            struct Component;

            impl own::Guest for Component {
                #(#steps)*
            }

            bindings::export!(Component with_types_in bindings);

            #[used]
            #[unsafe(link_section = "wharf:meta")]
            static META: [u8; #length] = *#section;
        }
    }
}

/// What the author's lints say about this code would help nobody: it is not theirs to change.
fn quiet() -> TokenStream {
    let everything = quote!(warnings, unsafe_code, clippy::all, clippy::pedantic);
    let silence = quote!(allow(#everything));
    quote!(#[#silence])
}

fn export(step: &Step) -> TokenStream {
    let function = &step.name.ident;
    let export = value_ident(&step.name.wire);
    let arguments: Vec<Ident> =
        (0..step.params.len()).map(|at| format_ident!("argument_{at}")).collect();
    let types: Vec<_> = step.params.iter().map(|param| &param.ty).collect();
    let names = step.params.iter().map(|param| param.name.json());
    let is_async = step.is_async.then(|| quote!(async));
    let wait = step.is_async.then(|| quote!(.await));
    let (wire, into_wire) = match &step.returns.value {
        Some((ty, _)) => (
            quote!(<#ty as ::wharf::wire::Wire>::Wire),
            quote!(<#ty as ::wharf::wire::Wire>::into_wire(value)),
        ),
        None => (quote!(()), quote!(value)),
    };
    let call = quote!(super::#function(#(#arguments),*) #wait);
    let outcome = match step.returns.fails {
        Fails::Never => quote! {
            let value = #call;
            ::core::result::Result::Ok(#into_wire)
        },
        Fails::ByAlias | Fails::With(_) => quote! {
            match #call {
                ::core::result::Result::Ok(value) => ::core::result::Result::Ok(#into_wire),
                ::core::result::Result::Err(error) => {
                    ::core::result::Result::Err(::wharf::wire::failure(error))
                }
            }
        },
    };
    quote! {
        #is_async fn #export(
            #(#arguments: <#types as ::wharf::wire::Wire>::Wire),*
        ) -> ::core::result::Result<#wire, ::wharf::wire::types::Failure> {
            #(let #arguments: #types = ::wharf::wire::take(#names, #arguments)?;)*
            #outcome
        }
    }
}

/// How values of one type cross.
fn conversion(named: &Named) -> TokenStream {
    let ident = &named.name.ident;
    let wire = type_ident(&named.name.wire);
    let (wire, from, into) = match &named.kind {
        Kind::Alias(..) => return TokenStream::new(),
        Kind::Newtype(ty, _) => (
            quote!(<#ty as ::wharf::wire::Wire>::Wire),
            quote!(<#ty as ::wharf::wire::Wire>::from_wire(wire).map(Self)),
            quote!(<#ty as ::wharf::wire::Wire>::into_wire(self.0)),
        ),
        Kind::Record { fields, .. } => {
            let (take, idents) = (take(&quote!(Self), fields), idents(fields));
            let give = give(&quote!(own::#wire), fields);
            let from = quote!(::core::result::Result::Ok(#take));
            (quote!(own::#wire), from, quote!(let Self { #(#idents),* } = self; #give))
        }
        Kind::Choice(cases) => {
            let from = cases.iter().map(|case| case_from(&wire, case));
            let into = cases.iter().map(|case| case_into(&wire, case));
            let from = quote!(::core::result::Result::Ok(match wire { #(#from)* }));
            (quote!(own::#wire), from, quote!(match self { #(#into)* }))
        }
    };
    quote! {
        impl ::wharf::wire::Wire for #ident {
            type Wire = #wire;
            fn from_wire(
                wire: Self::Wire,
            ) -> ::core::result::Result<Self, ::wharf::value::Misfit> {
                #from
            }
            fn into_wire(self) -> Self::Wire {
                #into
            }
        }
    }
}

fn idents(fields: &[Field]) -> Vec<&Ident> {
    fields.iter().map(|field| &field.name.ident).collect()
}

/// The author's fields, from those of `wire`.
fn take(constructor: &TokenStream, fields: &[Field]) -> TokenStream {
    let takes = fields.iter().map(|field| {
        let (ident, wire) = (&field.name.ident, value_ident(&field.name.wire));
        let name = field.name.json();
        quote!(#ident: ::wharf::wire::take(#name, wire.#wire)?)
    });
    quote!(#constructor { #(#takes),* })
}

/// The fields of the bindings, from the author's, which are bound to their names.
fn give(constructor: &TokenStream, fields: &[Field]) -> TokenStream {
    let gives = fields.iter().map(|field| {
        let (ident, wire) = (&field.name.ident, value_ident(&field.name.wire));
        quote!(#wire: ::wharf::wire::Wire::into_wire(#ident))
    });
    quote!(#constructor { #(#gives),* })
}

fn case_from(of: &Ident, case: &Case) -> TokenStream {
    let (ident, wire) = (&case.name.ident, type_ident(&case.name.wire));
    let name = case.name.json();
    match &case.payload {
        Payload::None => quote!(own::#of::#wire => Self::#ident,),
        Payload::One(..) => {
            quote!(own::#of::#wire(wire) => Self::#ident(::wharf::wire::take(#name, wire)?),)
        }
        Payload::Fields { fields, .. } => {
            let take = take(&quote!(Self::#ident), fields);
            quote!(own::#of::#wire(wire) => #take,)
        }
    }
}

fn case_into(of: &Ident, case: &Case) -> TokenStream {
    let (ident, wire) = (&case.name.ident, type_ident(&case.name.wire));
    match &case.payload {
        Payload::None => quote!(Self::#ident => own::#of::#wire,),
        Payload::One(..) => quote! {
            Self::#ident(value) => own::#of::#wire(::wharf::wire::Wire::into_wire(value)),
        },
        Payload::Fields { record, fields } => {
            let (record, idents) = (type_ident(record), idents(fields));
            let give = give(&quote!(own::#record), fields);
            quote!(Self::#ident { #(#idents),* } => own::#of::#wire(#give),)
        }
    }
}
