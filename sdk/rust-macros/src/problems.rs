//! Everything that is wrong with a module, told at once.

use proc_macro2::TokenStream;
use quote::ToTokens;

/// Collects errors, each at its place in the source.
#[derive(Debug, Default)]
pub(crate) struct Problems(Vec<syn::Error>);

impl Problems {
    /// Notes a problem at what `place` covers.
    pub(crate) fn at(&mut self, place: impl ToTokens, message: impl std::fmt::Display) {
        self.add(syn::Error::new_spanned(place, message));
    }

    pub(crate) fn add(&mut self, error: syn::Error) {
        self.0.extend(error);
    }

    /// The value, or none after noting why not.
    pub(crate) fn keep<T>(&mut self, result: syn::Result<T>) -> Option<T> {
        result.map_err(|error| self.add(error)).ok()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `compile_error!` for each of them, in the order of the source.
    pub(crate) fn into_tokens(self) -> TokenStream {
        let place = |error: &syn::Error| {
            let start = error.span().start();
            (start.line, start.column, error.to_string())
        };
        let mut errors = self.0;
        errors.sort_by_key(place);
        errors.dedup_by_key(|error| place(error));
        errors.iter().map(syn::Error::to_compile_error).collect()
    }
}
