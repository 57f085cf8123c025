//! Reads a module: which of its functions are steps, and which of its types they need.

mod checks;

use syn::{
    Attribute, FnArg, Ident, Item, ItemEnum, ItemFn, Pat, PatType, ReturnType, Signature, UseTree,
    Visibility,
};

use crate::attributes::{Marks, Place, docs, is_for_tests, refuse_conditions};
use crate::model::{Fails, Failures, Field, Interface, Name, Named, Returns, Shape, Step};
use crate::plugin::Origin;
use crate::problems::Problems;
use crate::reading::Reader;
use crate::shapes::{self, Scope};

/// Reads the module; what is wrong with it is noted, and left out.
pub(crate) fn interface(
    name: &Ident,
    attributes: &[Attribute],
    items: &[Item],
    origin: &Origin,
    problems: &mut Problems,
) -> Option<Interface> {
    let name = problems.keep(Name::new(name));
    refuse_lost_marks(items, problems);
    let scope = scope(items);
    let mut reader = Reader { scope: &scope, problems };
    let steps = items.iter().filter_map(step_function);
    let steps: Vec<Step> = steps.filter_map(|f| step(f, origin, &mut reader)).collect();
    let failures = items.iter().filter_map(failure_enum);
    let failures: Vec<Failures> = failures.map(|item| reader.failures(item)).collect();
    let types = types(items, &steps, &failures, &mut reader);
    let interface = Interface { name: name?, docs: docs(attributes), steps, types, failures };
    checks::check(&interface, problems);
    Some(interface)
}

/// What the module defines and what it takes from elsewhere.
fn scope(items: &[Item]) -> Scope {
    let mut scope = Scope { public: Vec::new(), private: Vec::new(), imported: Vec::new() };
    for item in items {
        match (item, type_head(item)) {
            (_, Some((ident, Visibility::Public(_), _))) => scope.public.push(ident.to_string()),
            (_, Some((ident, ..))) => scope.private.push(ident.to_string()),
            (Item::Use(item), _) => imported(&item.tree, &mut scope.imported),
            _ => {}
        }
    }
    scope
}

fn imported(tree: &UseTree, names: &mut Vec<String>) {
    match tree {
        UseTree::Path(path) => imported(&path.tree, names),
        UseTree::Name(name) => names.push(name.ident.to_string()),
        UseTree::Rename(rename) => names.push(rename.rename.to_string()),
        UseTree::Group(group) => group.items.iter().for_each(|tree| imported(tree, names)),
        UseTree::Glob(_) => {}
    }
}

/// Of a definition of a type: its name, whether it is public, its attributes.
fn type_head(item: &Item) -> Option<(&Ident, &Visibility, &[Attribute])> {
    match item {
        Item::Struct(item) => Some((&item.ident, &item.vis, &item.attrs)),
        Item::Enum(item) => Some((&item.ident, &item.vis, &item.attrs)),
        Item::Type(item) => Some((&item.ident, &item.vis, &item.attrs)),
        Item::Union(item) => Some((&item.ident, &item.vis, &item.attrs)),
        _ => None,
    }
}

fn step_function(item: &Item) -> Option<&ItemFn> {
    let Item::Fn(function) = item else { return None };
    is_step(function).then_some(function)
}

/// Is it `pub`, and not for tests alone?
pub(crate) fn is_step(function: &ItemFn) -> bool {
    matches!(function.vis, Visibility::Public(_)) && !is_for_tests(&function.attrs)
}

/// The words of `#[wharf(…)]` on a type; errors in them are told when the type is read.
fn type_marks(item: &Item) -> Marks {
    let place = if matches!(item, Item::Enum(_)) { Place::Enum } else { Place::Struct };
    let attributes = type_head(item).map_or(&[][..], |(_, _, attributes)| attributes);
    Marks::read(attributes, place, &mut Problems::default())
}

fn failure_enum(item: &Item) -> Option<&ItemEnum> {
    let Item::Enum(choice) = item else { return None };
    type_marks(item).error.then_some(choice)
}

/// An attribute that nobody reads would be a wish that nobody hears.
fn refuse_lost_marks(items: &[Item], problems: &mut Problems) {
    for item in items {
        let attributes: &[Attribute] = match item {
            Item::Fn(item) => &item.attrs,
            Item::Const(item) => &item.attrs,
            Item::Impl(item) => &item.attrs,
            Item::Mod(item) => &item.attrs,
            Item::Static(item) => &item.attrs,
            Item::Trait(item) => &item.attrs,
            Item::Use(item) => &item.attrs,
            _ => continue,
        };
        Marks::read(attributes, Place::Elsewhere, problems);
    }
}

fn step(function: &ItemFn, origin: &Origin, reader: &mut Reader<'_>) -> Option<Step> {
    let signature = &function.sig;
    refuse_conditions(&function.attrs, reader.problems);
    refuse_qualifiers(signature, reader);
    let name = reader.problems.keep(Name::new(&signature.ident));
    let params: Vec<Field> =
        signature.inputs.iter().filter_map(|input| param(input, reader)).collect();
    reader.refuse_equal_names(&params, |param| &param.name);
    let returns = returns(&signature.output, reader)?;
    let (file, line) = origin.place(signature.ident.span());
    let docs = docs(&function.attrs);
    let is_async = signature.asyncness.is_some();
    Some(Step { name: name?, docs, file, line, params, returns, is_async })
}

fn refuse_qualifiers(signature: &Signature, reader: &mut Reader<'_>) {
    reader.refuse_generics(&signature.generics);
    let problems = &mut *reader.problems;
    if let Some(unsafety) = &signature.unsafety {
        problems.at(unsafety, "a flow cannot promise what an `unsafe` function asks for");
    }
    if let Some(abi) = &signature.abi {
        problems.at(abi, "a step is a plain function, without `extern`");
    }
    if let Some(variadic) = &signature.variadic {
        problems.at(variadic, "a step has a fixed list of parameters");
    }
}

fn param(input: &FnArg, reader: &mut Reader<'_>) -> Option<Field> {
    let PatType { pat, ty, attrs, .. } = match input {
        FnArg::Typed(typed) => typed,
        FnArg::Receiver(receiver) => {
            reader.problems.at(receiver, "a step is a function of its own, without `self`");
            return None;
        }
    };
    refuse_conditions(attrs, reader.problems);
    match &**pat {
        Pat::Ident(ident) if ident.by_ref.is_none() && ident.subpat.is_none() => {
            reader.field(&ident.ident, ty, attrs, Place::Param)
        }
        _ => {
            let plain = "a parameter has a plain name: it is what flows call it by";
            reader.problems.at(pat, plain);
            None
        }
    }
}

fn returns(output: &ReturnType, reader: &mut Reader<'_>) -> Option<Returns> {
    let ReturnType::Type(_, ty) = output else {
        return Some(Returns { value: None, fails: Fails::Never });
    };
    let (value, fails) = match shapes::of_result(ty).as_deref() {
        Some([ok]) => (*ok, Fails::ByAlias),
        Some([ok, err]) => (*ok, Fails::With(Box::new((*err).clone()))),
        Some(_) => {
            reader.problems.at(ty, "`Result` of what? `wharf::Result<T>` has one type in it");
            return None;
        }
        None => (&**ty, Fails::Never),
    };
    if shapes::is_unit(value) {
        return Some(Returns { value: None, fails });
    }
    let shape = reader.scope.shape(value);
    let shape = reader.problems.keep(shape)?;
    Some(Returns { value: Some((value.clone(), shape)), fails })
}

/// The types that the steps need, and those that are only values, in the order of the source.
fn types(
    items: &[Item],
    steps: &[Step],
    failures: &[Failures],
    reader: &mut Reader<'_>,
) -> Vec<Named> {
    let mut found = Vec::new();
    let shapes = steps.iter().flat_map(Step::shapes);
    reach(shapes.flat_map(Shape::owns).map(str::to_owned).collect(), items, reader, &mut found);
    for named in &mut found {
        named.exported = true;
    }
    let values = items.iter().filter(|item| type_marks(item).value).filter_map(type_head);
    let mut names: Vec<String> = values.map(|(ident, ..)| ident.to_string()).collect();
    let cases = failures.iter().flat_map(|failures| &failures.cases);
    let shapes = cases.flat_map(|failure| failure.case.payload.parts()).map(|(_, shape)| shape);
    names.extend(shapes.flat_map(Shape::owns).map(str::to_owned));
    reach(names, items, reader, &mut found);

    let place = |named: &Named| items.iter().position(|item| defines(item, &named.name.ident));
    found.sort_by_key(place);
    found
}

/// Reads the named types, and those they are made of, unless that is done.
fn reach(mut names: Vec<String>, items: &[Item], reader: &mut Reader<'_>, found: &mut Vec<Named>) {
    let mut seen: Vec<String> = found.iter().map(|named| named.name.ident.to_string()).collect();
    while let Some(name) = names.pop() {
        if seen.contains(&name) {
            continue;
        }
        let read = items.iter().find_map(|item| match item {
            Item::Struct(item) if item.ident == name => reader.structure(item),
            Item::Enum(item) if item.ident == name => reader.enumeration(item),
            Item::Type(item) if item.ident == name => reader.alias(item),
            Item::Union(item) if item.ident == name => {
                reader.problems.at(&item.ident, "what a union holds is unknown: use an enum");
                None
            }
            _ => None,
        });
        seen.push(name);
        let Some(read) = read else { continue };
        let parts = read.parts();
        names.extend(parts.iter().flat_map(|(_, shape)| shape.owns()).map(str::to_owned));
        found.push(read);
    }
}

fn defines(item: &Item, name: &Ident) -> bool {
    type_head(item).is_some_and(|(ident, ..)| ident == name)
}

impl Step {
    fn shapes(&self) -> impl Iterator<Item = &Shape> {
        let params = self.params.iter().map(|param| &param.shape);
        params.chain(self.returns.value.as_ref().map(|(_, shape)| shape))
    }
}
