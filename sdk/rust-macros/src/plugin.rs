//! From the tokens of a module to those of a plugin.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{Item, ItemMod};

use crate::model::Interface;
use crate::problems::Problems;
use crate::{code, failures, meta, read, strip, values, wit, words};

/// Where a plugin comes from.
#[derive(Debug)]
pub(crate) struct Origin {
    /// The name of its crate.
    pub(crate) package: String,
    pub(crate) version: String,
    /// The folder of its manifest.
    pub(crate) folder: String,
}

impl Origin {
    /// The crate that is being built.
    pub(crate) fn of_build() -> Self {
        Self {
            package: variable("CARGO_PKG_NAME"),
            version: variable("CARGO_PKG_VERSION"),
            folder: variable("CARGO_MANIFEST_DIR"),
        }
    }

    /// The file, from the folder of the manifest where it is in there, and the line.
    pub(crate) fn place(&self, span: Span) -> (String, usize) {
        let file = span.file().replace('\\', "/");
        let inside = file.strip_prefix(self.folder.as_str()).unwrap_or(&file);
        (inside.trim_start_matches('/').to_owned(), span.start().line)
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a macro learns only from the environment which crate it works for"
)]
fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_default()
}

/// The module as plain Rust, with what makes it a plugin inside; or with all that is wrong.
pub(crate) fn expand(arguments: &TokenStream, module: TokenStream, origin: &Origin) -> TokenStream {
    let mut module: ItemMod = match syn::parse2(module.clone()) {
        Ok(module) => module,
        Err(error) => return not_a_module(module, &error),
    };
    let mut problems = Problems::default();
    if !arguments.is_empty() {
        problems.at(arguments, "`#[wharf::plugin]` takes nothing: the module says it all");
    }
    let Some((_, items)) = &mut module.content else {
        let inline = "write the module here, `pub mod name { … }`: the macro has to see its steps";
        problems.at(&module, inline);
        return problems.into_tokens();
    };
    let interface = read::interface(&module.ident, &module.attrs, items, origin, &mut problems);
    let package = problems.keep(package(origin, module.ident.span()));
    strip::strip(items);
    let inside = match (interface, package) {
        (Some(interface), Some(package)) if problems.is_empty() => {
            written(&interface, &package, origin)
        }
        _ => problems.into_tokens(),
    };
    items.push(Item::Verbatim(inside));
    module.into_token_stream()
}

/// What else there is stays as it is, so that Rust says about it what it always says.
fn not_a_module(item: TokenStream, error: &syn::Error) -> TokenStream {
    let is_mod = |token| matches!(token, TokenTree::Ident(word) if word == "mod");
    let error = if item.clone().into_iter().any(is_mod) {
        error.clone()
    } else {
        let what = "`#[wharf::plugin]` stands on a module, `pub mod name { … }`";
        syn::Error::new(error.span(), what)
    };
    [error.to_compile_error(), item].into_iter().collect()
}

/// The crate's name, as the interface has it.
fn package(origin: &Origin, place: Span) -> syn::Result<String> {
    let ident = syn::parse_str(&origin.package.replace('-', "_"));
    let wire = ident.and_then(|ident: syn::Ident| words::wire_name(&ident));
    wire.map_err(|error| {
        let name = &origin.package;
        syn::Error::new(place, format!("the crate's name `{name}` cannot be a plugin's: {error}"))
    })
}

fn written(interface: &Interface, package: &str, origin: &Origin) -> TokenStream {
    let document = wit::document(interface, package);
    let section = meta::section(interface, origin);
    let guest = code::guest(interface, package, &document, &section);
    let values = values::impls(interface);
    let failures = failures::impls(interface);
    quote!(#values #failures #guest)
}
