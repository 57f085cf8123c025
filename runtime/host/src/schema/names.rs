//! What named types are called within one schema.

use std::collections::{HashMap, HashSet};

use crate::types::Type;

/// The named types that can be reached from some types, in the order in which they turn up.
pub(super) struct Names<'t> {
    types: Vec<(String, &'t Type)>,
    /// Positions of `types`, by where the type was defined.
    places: HashMap<(Option<&'t str>, &'t str), usize>,
}

impl<'t> Names<'t> {
    pub(super) fn of(types: impl IntoIterator<Item = &'t Type>) -> Self {
        let mut names = Self { types: Vec::new(), places: HashMap::new() };
        types.into_iter().for_each(|ty| names.collect(ty));
        let mut taken = HashSet::new();
        for (name, ty) in &mut names.types {
            *name = free_name(ty, &taken);
            taken.insert(name.clone());
        }
        names
    }

    pub(super) fn get(&self, ty: &Type) -> Option<&str> {
        self.places.get(&place(ty)?).map(|place| &*self.types[*place].0)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = (&str, &'t Type)> {
        self.types.iter().map(|(name, ty)| (&**name, *ty))
    }

    fn collect(&mut self, ty: &'t Type) {
        if let Some(place) = place(ty) {
            if self.places.contains_key(&place) {
                return;
            }
            self.places.insert(place, self.types.len());
            self.types.push((String::new(), ty));
        }
        ty.parts().into_iter().for_each(|part| self.collect(part));
    }
}

fn place(ty: &Type) -> Option<(Option<&str>, &str)> {
    let origin = ty.origin()?;
    Some((origin.interface.as_deref(), origin.name.kebab()))
}

/// The name of the type, with a number where another type has it already.
fn free_name(ty: &Type, taken: &HashSet<String>) -> String {
    let name = ty.origin().map_or("", |origin| origin.name.snake());
    let numbered = (2..).map(|number| format!("{name}_{number}"));
    let mut names = std::iter::once(name.to_owned()).chain(numbered);
    names.find(|name| !taken.contains(name)).expect("numbers do not run out")
}
