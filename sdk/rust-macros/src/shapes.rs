//! Types as the author writes them, and what the interface makes of them.

use quote::ToTokens;
use syn::{GenericArgument, PathArguments, Type, TypePath};

use crate::model::Shape;
use crate::words::nearest;

/// What an author may write.
const PLAIN: &[&str] = &[
    "bool", "u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64", "f32", "f64", "char", "String",
    "Decimal", "DateTime", "Json",
];
/// Longer ones tell nobody what is what.
const TUPLE_PARTS_MAX: usize = 6;
const GENERIC: &[&str] = &["Vec", "Option", "Result", "HashMap", "BTreeMap", "Box"];

/// The types of a module, by their names in Rust.
#[derive(Debug)]
pub(crate) struct Scope {
    pub(crate) public: Vec<String>,
    pub(crate) private: Vec<String>,
    /// What the module takes from elsewhere.
    pub(crate) imported: Vec<String>,
}

impl Scope {
    /// What crosses for this type, or why nothing can.
    pub(crate) fn shape(&self, ty: &Type) -> syn::Result<Shape> {
        match ty {
            Type::Path(path) if path.qself.is_none() => self.of_path(path),
            Type::Paren(inner) => self.shape(&inner.elem),
            Type::Group(inner) => self.shape(&inner.elem),
            Type::Tuple(tuple) if tuple.elems.is_empty() => {
                refuse(ty, "`()` carries nothing: leave it away")
            }
            Type::Tuple(tuple) if tuple.elems.len() > TUPLE_PARTS_MAX => {
                refuse(ty, "a tuple has at most six parts: use a `struct`, whose fields have names")
            }
            Type::Tuple(tuple) => {
                let parts: syn::Result<_> = tuple.elems.iter().map(|ty| self.shape(ty)).collect();
                Ok(Shape::Tuple(parts?))
            }
            Type::Reference(reference) => refuse(ty, &instead_of_reference(&reference.elem)),
            Type::Array(array) => {
                let item = array.elem.to_token_stream();
                refuse(ty, &format!("a list has no fixed length here: use `Vec<{item}>`"))
            }
            Type::Slice(slice) => {
                let item = slice.elem.to_token_stream();
                refuse(ty, &format!("use `Vec<{item}>`"))
            }
            Type::ImplTrait(_) | Type::TraitObject(_) => {
                refuse(ty, "a step needs to know its types: name one instead of a trait")
            }
            _ => {
                refuse(ty, "this cannot leave the plugin: use a type of the module, or a plain one")
            }
        }
    }

    fn of_path(&self, path: &TypePath) -> syn::Result<Shape> {
        let last = path.path.segments.last().expect("a path has a segment");
        let name = last.ident.to_string();
        let arguments = arguments(&last.arguments)?;
        if self.public.contains(&name) {
            return match arguments.as_slice() {
                [] => Ok(Shape::Own(name)),
                _ => refuse(path, "types of a plugin are not generic"),
            };
        }
        match (name.as_str(), arguments.as_slice()) {
            ("Vec", [item]) if is_byte(item) => Ok(Shape::Bytes),
            ("Vec", [item]) => match self.shape(item)? {
                Shape::Tuple(pair) if matches!(pair.as_slice(), [Shape::Text, _]) => {
                    Ok(Shape::Map(Box::new(pair[1].clone())))
                }
                item => Ok(Shape::List(Box::new(item))),
            },
            ("Option", [item]) => Ok(Shape::Option(Box::new(self.shape(item)?))),
            ("Box", [item]) => self.shape(item),
            ("HashMap" | "BTreeMap", [key, value]) => match self.shape(key)? {
                Shape::Text => Ok(Shape::Map(Box::new(self.shape(value)?))),
                _ => refuse(key, "keys are `String`, as in JSON; a `Vec` of pairs takes any"),
            },
            ("Result", [ok, err]) => {
                Ok(Shape::Result(self.unless_unit(ok)?, self.unless_unit(err)?))
            }
            (_, []) if plain(&name).is_none() && is_elsewhere(path) => {
                refuse(path, &elsewhere(&path.to_token_stream().to_string().replace(' ', "")))
            }
            (_, []) => plain(&name).map_or_else(|| refuse(path, &self.unknown(&name)), Ok),
            _ => refuse(path, &self.unknown(&name)),
        }
    }

    fn unless_unit(&self, ty: &Type) -> syn::Result<Option<Box<Shape>>> {
        if is_unit(ty) { Ok(None) } else { Ok(Some(Box::new(self.shape(ty)?))) }
    }

    /// Why a name is no type of a step.
    fn unknown(&self, name: &str) -> String {
        if let Some(instead) = instead_of(name) {
            return format!("`{name}` cannot leave the plugin: {instead}");
        }
        if self.private.iter().any(|private| private == name) {
            return format!("`{name}` is private: make it `pub`, as flows will see it");
        }
        if self.imported.iter().any(|imported| imported == name) {
            return elsewhere(name);
        }
        if PLAIN.contains(&name) {
            return format!("`{name}` takes nothing in `<…>`: it is that of the crate `wharf`");
        }
        if GENERIC.contains(&name) {
            return format!("`{name}` is incomplete here: say what is in it");
        }
        let known = self.public.iter().map(String::as_str).chain(PLAIN.iter().copied());
        match nearest(name, known.chain(GENERIC.iter().copied())) {
            Some(near) => format!("no type `{name}`: did you mean `{near}`?"),
            None => format!(
                "no type `{name}` in this module: define it as a `pub struct` or a `pub enum`, or \
                 use a number, `bool`, `String`, `Decimal`, `DateTime`, `Json`, `Vec`, `Option`, \
                 a tuple or a map"
            ),
        }
    }
}

/// Whether a path leads out of the module, as `super::Order` does.
fn is_elsewhere(path: &TypePath) -> bool {
    let first = path.path.segments.first().map(|segment| segment.ident.to_string());
    first.is_some_and(|first| ["super", "crate"].contains(&first.as_str()))
}

fn elsewhere(name: &str) -> String {
    format!(
        "`{name}` comes from elsewhere: the types of a step are defined in its own module, where \
         their fields can be read"
    )
}

fn refuse<T>(place: impl ToTokens, why: &str) -> syn::Result<T> {
    Err(syn::Error::new_spanned(place, why))
}

fn plain(name: &str) -> Option<Shape> {
    let int = |signed, bits| Some(Shape::Int { signed, bits });
    match name {
        "bool" => Some(Shape::Bool),
        "u8" => int(false, 8),
        "u16" => int(false, 16),
        "u32" => int(false, 32),
        "u64" => int(false, 64),
        "i8" => int(true, 8),
        "i16" => int(true, 16),
        "i32" => int(true, 32),
        "i64" => int(true, 64),
        "f32" => Some(Shape::Float(32)),
        "f64" => Some(Shape::Float(64)),
        "char" => Some(Shape::Char),
        "String" => Some(Shape::Text),
        "Decimal" => Some(Shape::Decimal),
        "DateTime" => Some(Shape::DateTime),
        "Json" => Some(Shape::Json),
        _ => None,
    }
}

/// What to write instead of types that look as if they could.
fn instead_of(name: &str) -> Option<&'static str> {
    Some(match name {
        "u128" | "i128" => "use `u64`, `i64` or `Decimal`",
        "usize" => "its size depends on the machine, use `u32` or `u64`",
        "isize" => "its size depends on the machine, use `i32` or `i64`",
        "str" | "Cow" | "PathBuf" | "OsString" => "use `String`",
        "HashSet" | "BTreeSet" | "VecDeque" | "IndexSet" => "use `Vec`",
        "IndexMap" => "use `Vec<(String, T)>`, which keeps the order too and is an object in JSON",
        "Rc" | "Arc" | "Cell" | "RefCell" | "Mutex" => "use what is in it",
        "Value" => "use `Json`",
        "NaiveDate" | "NaiveDateTime" | "Timestamp" | "Zoned" | "SystemTime" => "use `DateTime`",
        "Instant" | "Duration" => "use a number, and say its unit in the name",
        "Self" => "name the type",
        _ => return None,
    })
}

fn instead_of_reference(inner: &Type) -> String {
    let inner_text = inner.to_token_stream().to_string();
    let owned = match inner {
        Type::Slice(slice) => format!("Vec<{}>", slice.elem.to_token_stream()),
        _ if inner_text == "str" => "String".to_owned(),
        _ => inner_text,
    };
    format!("a step owns what it takes and gives: use `{owned}`")
}

fn arguments(arguments: &PathArguments) -> syn::Result<Vec<&Type>> {
    let PathArguments::AngleBracketed(list) = arguments else {
        return match arguments {
            PathArguments::Parenthesized(list) => refuse(list, "functions cannot leave the plugin"),
            _ => Ok(Vec::new()),
        };
    };
    let types = list.args.iter().map(|argument| match argument {
        GenericArgument::Type(ty) => Ok(ty),
        other => refuse(other, "only types can stand here"),
    });
    types.collect()
}

/// The types in the angle brackets of `Result<…>`, if it is one.
pub(crate) fn of_result(ty: &Type) -> Option<Vec<&Type>> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    (last.ident == "Result").then(|| arguments(&last.arguments).ok())?
}

pub(crate) fn is_unit(ty: &Type) -> bool {
    matches!(ty, Type::Tuple(tuple) if tuple.elems.is_empty())
}

fn is_byte(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.is_ident("u8"))
}
