//! The code that makes failures of the cases of an enum.

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::{Fails, Failure, Failures, Interface, Payload};
use crate::values::{bound, write_fields};

pub(crate) fn impls(interface: &Interface) -> TokenStream {
    let enums: TokenStream = interface.failures.iter().map(one).collect();
    let checks = interface.steps.iter().map(|step| match &step.returns.fails {
        Fails::With(error) => quote!(const _: () = ::wharf::value::fails::<#error>();),
        Fails::ByAlias(result) => quote!(const _: () = ::wharf::value::returns::<#result>();),
        Fails::Never => TokenStream::new(),
    });
    quote!(#enums #(#checks)*)
}

fn one(failures: &Failures) -> TokenStream {
    let ident = &failures.ident;
    let shows = failures.cases.iter().map(shown);
    let makes = failures.cases.iter().map(|failure| made(failure, ident));
    quote! {
        #[automatically_derived]
        impl ::core::fmt::Display for #ident {
            fn fmt(&self, __out: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                match self { #(#shows)* }
            }
        }

        #[automatically_derived]
        impl ::core::convert::From<#ident> for ::wharf::Error {
            fn from(failure: #ident) -> Self {
                let message = ::std::string::ToString::to_string(&failure);
                match &failure { #(#makes)* }
            }
        }
    }
}

/// The message; only what it names is bound, to the names of the author.
fn shown(failure: &Failure) -> TokenStream {
    let (ident, message) = (&failure.case.name.ident, &failure.message);
    let text = message.value().replace("{{", "");
    match &failure.case.payload {
        Payload::None => quote!(Self::#ident => ::core::write!(__out, #message),),
        Payload::One(..) if text.contains("{0") => {
            quote!(Self::#ident(value) => ::core::write!(__out, #message, value),)
        }
        Payload::One(..) => quote!(Self::#ident(_) => ::core::write!(__out, #message),),
        Payload::Fields { fields, .. } => {
            let named = fields.iter().map(|field| &field.name.ident).filter(|ident| {
                [":", "}"].iter().any(|end| text.contains(&format!("{{{ident}{end}")))
            });
            quote!(Self::#ident { #(#named,)* .. } => ::core::write!(__out, #message),)
        }
    }
}

/// The failure: its kind, its code, its message, and as data what the case carries.
fn made(failure: &Failure, all: &syn::Ident) -> TokenStream {
    let (ident, kind, code) = (&failure.case.name.ident, &failure.kind, &failure.case.name.wire);
    let error = quote!(::wharf::Error::#kind(#code, message));
    let of = |write: TokenStream| quote!(#error.with_data(::wharf::value::json(|out| { #write })));
    match &failure.case.payload {
        Payload::None => quote!(#all::#ident => #error,),
        Payload::One(..) => {
            let with = of(quote!(::wharf::Value::write(value, out);));
            quote!(#all::#ident(value) => #with,)
        }
        Payload::Fields { fields, .. } => {
            let (bound, with) = (bound(fields), of(write_fields(fields)));
            quote!(#all::#ident #bound => #with,)
        }
    }
}
