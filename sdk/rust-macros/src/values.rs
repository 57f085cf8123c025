//! The code that reads and writes values of the module's types as JSON.

use proc_macro2::TokenStream;
use quote::quote;

use crate::defaults::Literal;
use crate::model::{Case, Field, Interface, Kind, Named, Payload};

pub(crate) fn impls(interface: &Interface) -> TokenStream {
    interface.types.iter().map(one).collect()
}

fn one(named: &Named) -> TokenStream {
    let ident = &named.name.ident;
    let (write, read) = match &named.kind {
        Kind::Alias(..) => return TokenStream::new(),
        Kind::Newtype(..) => (
            quote!(::wharf::Value::write(&self.0, out);),
            quote!(::wharf::Value::read(node).map(Self)),
        ),
        Kind::Record { fields, open } => {
            let bound = idents(fields);
            let write = write_fields(fields);
            let read = read_fields(&quote!(Self), fields, *open);
            (quote!(let Self { #(#bound),* } = self; #write), read)
        }
        Kind::Choice(cases) => (write_cases(cases), read_cases(cases)),
    };
    quote! {
        #[automatically_derived]
        impl ::wharf::Value for #ident {
            fn write(&self, out: &mut ::wharf::value::Writer) {
                #write
            }
            fn read(
                node: &::wharf::value::Node,
            ) -> ::core::result::Result<Self, ::wharf::value::Misfit> {
                #read
            }
        }
    }
}

fn idents(fields: &[Field]) -> Vec<&syn::Ident> {
    fields.iter().map(|field| &field.name.ident).collect()
}

/// Writes fields that are bound to their names.
pub(crate) fn write_fields(fields: &[Field]) -> TokenStream {
    let idents = idents(fields);
    let names = fields.iter().map(|field| field.name.json());
    quote!(out.object(|out| { #(out.field(#names, #idents);)* });)
}

fn read_fields(constructor: &TokenStream, fields: &[Field], open: bool) -> TokenStream {
    let names: Vec<String> = fields.iter().map(|field| field.name.json()).collect();
    let reads = fields.iter().zip(&names).map(|(field, name)| {
        let ident = &field.name.ident;
        let default = field.default.as_ref().map(Literal::json);
        let value = default.map_or_else(
            || quote!(fields.get(#name)?),
            |json| quote!(fields.get_or(#name, #json)?),
        );
        quote!(#ident: #value)
    });
    quote! {
        let fields = node.fields(&[#(#names),*], #open)?;
        ::core::result::Result::Ok(#constructor { #(#reads),* })
    }
}

fn write_cases(cases: &[Case]) -> TokenStream {
    let arms = cases.iter().map(|case| {
        let (ident, name) = (&case.name.ident, case.name.json());
        match &case.payload {
            Payload::None => quote!(Self::#ident => out.text(#name),),
            Payload::One(..) => quote! {
                Self::#ident(value) => out.case(#name, |out| ::wharf::Value::write(value, out)),
            },
            Payload::Fields { fields, .. } => {
                let (names, write) = (idents(fields), write_fields(fields));
                quote!(Self::#ident { #(#names),* } => out.case(#name, |out| { #write }),)
            }
        }
    });
    quote!(match self { #(#arms)* })
}

fn read_cases(cases: &[Case]) -> TokenStream {
    let known = cases.iter().map(|case| {
        let (name, carries) = (case.name.json(), !matches!(case.payload, Payload::None));
        quote!((#name, #carries))
    });
    let arms = cases.iter().map(|case| {
        let (ident, name) = (&case.name.ident, case.name.json());
        let read = match &case.payload {
            Payload::None => quote!(::core::result::Result::Ok(Self::#ident)),
            Payload::One(..) => quote!(::wharf::Value::read(node).map(Self::#ident)),
            Payload::Fields { fields, .. } => read_fields(&quote!(Self::#ident), fields, false),
        };
        quote!(#name => { #read })
    });
    quote! {
        node.case(&[#(#known),*], |name, node| match name {
            #(#arms)*
            _ => ::core::unreachable!("only known cases are handed on"),
        })
    }
}
