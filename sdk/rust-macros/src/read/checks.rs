//! What has to be right about a module as a whole.

use crate::model::{Field, Interface, Kind, Name, Named, Payload};
use crate::problems::Problems;

/// Names that the contract or the bindings use in every interface.
const TAKEN: &[&str] = &["failure", "decimal", "datetime", "date-time", "guest", "json"];

pub(crate) fn check(interface: &Interface, problems: &mut Problems) {
    if interface.steps.is_empty() && problems.is_empty() {
        problems.at(&interface.name.ident, "there is no step here: make a function `pub`");
    }
    refuse_taken_names(interface, problems);
    refuse_equal_names(interface, problems);
    for named in &interface.types {
        refuse_recursion(named, interface, problems);
    }
    if problems.is_empty() {
        refuse_wrong_defaults(interface, problems);
    }
}

fn refuse_taken_names(interface: &Interface, problems: &mut Problems) {
    let names = interface.steps.iter().map(|step| &step.name);
    for name in names.chain(interface.exported().map(|named| &named.name)) {
        if TAKEN.contains(&name.wire.as_str()) {
            let ident = &name.ident;
            problems.at(ident, format!("`{ident}` means something to wharf itself: rename it"));
        }
    }
}

/// Steps and types share one space of names in the interface.
fn refuse_equal_names(interface: &Interface, problems: &mut Problems) {
    let mut seen: Vec<(String, &Name)> = Vec::new();
    let steps = interface.steps.iter().map(|step| (step.name.wire.clone(), &step.name));
    let types = interface.exported().flat_map(names_of);
    for (wire, name) in steps.chain(types) {
        match seen.iter().find(|(known, _)| *known == wire) {
            Some((_, first)) => {
                let (first, second) = (&first.ident, &name.ident);
                let both = format!("`{first}` and `{second}` are both `{wire}` outside");
                problems.at(second, format!("{both}: rename one"));
            }
            None => seen.push((wire, name)),
        }
    }
}

/// The names a type takes: its own, and those of the records its cases need.
fn names_of(named: &Named) -> Vec<(String, &Name)> {
    let mut taken = vec![(named.name.wire.clone(), &named.name)];
    if let Kind::Choice(cases) = &named.kind {
        for case in cases {
            if let Payload::Fields { record, .. } = &case.payload {
                taken.push((record.clone(), &case.name));
            }
        }
    }
    taken
}

fn refuse_recursion(named: &Named, interface: &Interface, problems: &mut Problems) {
    let own = named.name.ident.to_string();
    for (ty, shape) in named.parts() {
        let inner = shape.owns();
        if inner.iter().any(|name| leads_to(name, &own, interface, &mut Vec::new())) {
            let message = format!(
                "`{own}` contains itself, and a value of it would have no end: use `Json` here"
            );
            problems.at(ty, message);
        }
    }
}

fn leads_to<'a>(
    from: &'a str,
    to: &str,
    interface: &'a Interface,
    seen: &mut Vec<&'a str>,
) -> bool {
    if from == to {
        return true;
    }
    if seen.contains(&from) {
        return false;
    }
    seen.push(from);
    let Some(named) = interface.named(from) else { return false };
    let parts = named.parts();
    let mut inner = parts.iter().flat_map(|(_, shape)| shape.owns());
    inner.any(|name| leads_to(name, to, interface, seen))
}

fn refuse_wrong_defaults(interface: &Interface, problems: &mut Problems) {
    let params = interface.steps.iter().flat_map(|step| &step.params);
    let fields = interface.types.iter().flat_map(Named::fields);
    for field in params.chain(fields) {
        if let Some(default) = &field.default {
            let fits = default.check(&field.shape, interface);
            problems.keep(fits);
        }
    }
}

impl Named {
    /// Its fields, or those of its cases.
    fn fields(&self) -> Vec<&Field> {
        match &self.kind {
            Kind::Record { fields, .. } => fields.iter().collect(),
            Kind::Choice(cases) => cases.iter().flat_map(|case| case.payload.fields()).collect(),
            Kind::Newtype(..) | Kind::Alias(..) => Vec::new(),
        }
    }
}

impl Payload {
    fn fields(&self) -> &[Field] {
        if let Self::Fields { fields, .. } = self { fields } else { &[] }
    }
}
