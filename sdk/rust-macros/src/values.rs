//! The code that reads and writes values of the module's types as JSON.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

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
            let (bound, write) = (bound(fields), write_fields(fields));
            let read = read_fields(&quote!(Self), fields, *open);
            (quote!(let Self #bound = self; #write), read)
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

/// A pattern that binds fields to names of ours: theirs may be those of anything.
pub(crate) fn bound(fields: &[Field]) -> TokenStream {
    let idents = fields.iter().map(|field| &field.name.ident);
    let bindings = bindings(fields);
    quote!({ #(#idents: #bindings),* })
}

fn bindings(fields: &[Field]) -> impl Iterator<Item = syn::Ident> {
    (0..fields.len()).map(|at| format_ident!("field_{at}"))
}

/// Writes fields that are bound as [`bound`] does.
pub(crate) fn write_fields(fields: &[Field]) -> TokenStream {
    let names = fields.iter().map(|field| field.name.json());
    let bindings = bindings(fields);
    quote!(out.object(|out| { #(out.field(#names, #bindings);)* });)
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
                let (bound, write) = (bound(fields), write_fields(fields));
                quote!(Self::#ident #bound => out.case(#name, |out| { #write }),)
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
