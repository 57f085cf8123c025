//! Reads the definitions of types: structs, enums and aliases.

use syn::{Attribute, Fields, FieldsNamed, ItemEnum, ItemStruct, ItemType, Variant};

use crate::attributes::{Marks, Place, docs, refuse_conditions};
use crate::model::{Case, Failure, Failures, Field, Kind, Name, Named, Payload};
use crate::problems::Problems;
use crate::shapes::Scope;

/// Reads definitions; what is wrong with them is noted, and they are then left out.
#[derive(Debug)]
pub(crate) struct Reader<'a> {
    pub(crate) scope: &'a Scope,
    pub(crate) problems: &'a mut Problems,
}

impl Reader<'_> {
    pub(crate) fn structure(&mut self, item: &ItemStruct) -> Option<Named> {
        self.refuse_generics(&item.generics);
        refuse_conditions(&item.attrs, self.problems);
        let marks = Marks::read(&item.attrs, Place::Struct, self.problems);
        let kind = match &item.fields {
            fields if fields.is_empty() => {
                self.problems.at(&item.ident, "a struct of a step has fields, at least one");
                return None;
            }
            Fields::Named(fields) => {
                let fields = self.fields(fields);
                Kind::Record { fields, open: marks.open }
            }
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
                let ty = &fields.unnamed[0].ty;
                let shape = self.scope.shape(ty);
                Kind::Newtype(ty.clone(), self.problems.keep(shape)?)
            }
            fields => {
                self.problems.at(fields, "give the fields names: flows call them by name");
                return None;
            }
        };
        self.named(&item.ident, &item.attrs, kind)
    }

    pub(crate) fn enumeration(&mut self, item: &ItemEnum) -> Option<Named> {
        self.refuse_generics(&item.generics);
        refuse_conditions(&item.attrs, self.problems);
        let marks = Marks::read(&item.attrs, Place::Enum, self.problems);
        if item.variants.is_empty() {
            self.problems.at(&item.ident, "an enum of a step has cases, at least one");
        }
        let cases = item.variants.iter().filter_map(|variant| {
            // Those of an error are read where it is read as one.
            if !marks.error {
                Marks::read(&variant.attrs, Place::Elsewhere, self.problems);
            }
            self.case(&item.ident.to_string(), variant)
        });
        let cases = cases.collect();
        self.refuse_equal_names(&cases, |case: &Case| &case.name);
        self.named(&item.ident, &item.attrs, Kind::Choice(cases))
    }

    pub(crate) fn alias(&mut self, item: &ItemType) -> Option<Named> {
        self.refuse_generics(&item.generics);
        refuse_conditions(&item.attrs, self.problems);
        Marks::read(&item.attrs, Place::Elsewhere, self.problems);
        let shape = self.scope.shape(&item.ty);
        let kind = Kind::Alias((*item.ty).clone(), self.problems.keep(shape)?);
        self.named(&item.ident, &item.attrs, kind)
    }

    /// Reads an enum whose cases are ways to fail.
    pub(crate) fn failures(&mut self, item: &ItemEnum) -> Failures {
        self.refuse_generics(&item.generics);
        let cases = item.variants.iter().filter_map(|variant| {
            let marks = Marks::read(&variant.attrs, Place::FailureCase, self.problems);
            let case = self.case(&item.ident.to_string(), variant)?;
            let message = marks.message.unwrap_or_else(|| described(&case, variant));
            let business = || syn::Ident::new("business", variant.ident.span());
            Some(Failure { kind: marks.kind.unwrap_or_else(business), message, case })
        });
        let cases: Vec<Failure> = cases.collect();
        self.refuse_equal_names(&cases, |failure: &Failure| &failure.case.name);
        Failures { ident: item.ident.clone(), cases }
    }

    fn named(&mut self, ident: &syn::Ident, attrs: &[Attribute], kind: Kind) -> Option<Named> {
        let name = self.problems.keep(Name::new(ident))?;
        Some(Named { name, docs: docs(attrs), kind, exported: false })
    }

    fn case(&mut self, of: &str, variant: &Variant) -> Option<Case> {
        refuse_conditions(&variant.attrs, self.problems);
        let name = self.problems.keep(Name::new(&variant.ident));
        let payload = match &variant.fields {
            Fields::Unit => Payload::None,
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
                let field = &fields.unnamed[0];
                Marks::read(&field.attrs, Place::Elsewhere, self.problems);
                let shape = self.scope.shape(&field.ty);
                Payload::One(Box::new(field.ty.clone()), self.problems.keep(shape)?)
            }
            Fields::Unnamed(fields) => {
                let several = "a case carries one value, or fields with names";
                self.problems.at(fields, several);
                return None;
            }
            Fields::Named(fields) => {
                let record = crate::words::kebab(&format!("{of}{}", variant.ident));
                Payload::Fields { record, fields: self.fields(fields) }
            }
        };
        Some(Case { name: name?, docs: docs(&variant.attrs), payload })
    }

    fn fields(&mut self, fields: &FieldsNamed) -> Vec<Field> {
        let fields = fields.named.iter().filter_map(|field| {
            refuse_conditions(&field.attrs, self.problems);
            let ident = field.ident.as_ref().expect("a named field has a name");
            self.field(ident, &field.ty, &field.attrs, Place::Field)
        });
        let fields = fields.collect();
        self.refuse_equal_names(&fields, |field: &Field| &field.name);
        fields
    }

    /// Reads a field or a parameter.
    pub(crate) fn field(
        &mut self,
        ident: &syn::Ident,
        ty: &syn::Type,
        attrs: &[Attribute],
        place: Place,
    ) -> Option<Field> {
        let marks = Marks::read(attrs, place, self.problems);
        let name = self.problems.keep(Name::new(ident));
        let shape = self.scope.shape(ty);
        let shape = self.problems.keep(shape)?;
        let default = marks.default;
        Some(Field { name: name?, docs: docs(attrs), ty: ty.clone(), shape, default })
    }

    pub(crate) fn refuse_generics(&mut self, generics: &syn::Generics) {
        if !generics.params.is_empty() {
            self.problems.at(generics, "a step needs to know its types: nothing is generic here");
        }
    }

    /// Two names that look alike in the interface cannot stand side by side.
    #[expect(clippy::ptr_arg, reason = "the closure names the item of exactly this list")]
    pub(crate) fn refuse_equal_names<T>(&mut self, items: &Vec<T>, name: impl Fn(&T) -> &Name) {
        for (at, item) in items.iter().enumerate() {
            let (name, before) = (name(item), items[..at].iter().map(&name));
            if let Some(first) = before.into_iter().find(|first| first.wire == name.wire) {
                let (first, wire) = (&first.ident, &name.wire);
                let both = format!("`{first}` and `{}` are both `{wire}` outside", name.ident);
                self.problems.at(&name.ident, format!("{both}: rename one"));
            }
        }
    }
}

/// The message of a failure that gives none: what its docs say, or its name.
fn described(case: &Case, variant: &Variant) -> syn::LitStr {
    let paragraph = case.docs.split("\n\n").next().unwrap_or_default().replace('\n', " ");
    let sentence = paragraph.trim_end_matches('.');
    let words = case.name.wire.replace('-', " ");
    let text = if sentence.is_empty() { &words } else { sentence };
    syn::LitStr::new(&text.replace('{', "{{").replace('}', "}}"), variant.ident.span())
}
