//! How the inputs of an action are written: as the struct that it works with.
//!
//! ```ignore
//! inputs! {
//!     struct Add {
//!         /// Key, name or id of the queue.
//!         queue: String,
//!         /// The lower goes first.
//!         priority: Priority = "normal",
//!         ..fields: Fields
//!     }
//! }
//! ```
//!
//! The doc comments are the docs of the inputs. What has a default, or is an `Option`, may be left
//! out. `..` adds the inputs of another such struct. Flows write a name with hyphens,
//! and without the `_` behind one that is a word of Rust.

/// The struct, and how it is read.
macro_rules! inputs {
    (
        $vis:vis struct $Name:ident {
            $($(#[doc = $docs:literal])+ $field:ident: $Type:ty $(= $default:expr)?,)*
            $(..$rest:ident: $Rest:ty)?
        }
    ) => {
        #[derive(Debug)]
        $vis struct $Name {
            $($field: $Type,)*
            $($rest: $Rest,)?
        }

        impl $crate::action::input::Inputs for $Name {
            fn params() -> indexmap::IndexMap<String, flow::signature::Param> {
                let mut params = indexmap::IndexMap::new();
                $(params.insert(
                    $crate::action::input::name_of(stringify!($field)),
                    $crate::action::input::param::<$Type>(
                        &[$($docs),+],
                        inputs!(@default $($default)?),
                    ),
                );)*
                $(params.extend(<$Rest as $crate::action::input::Inputs>::params());)?
                params
            }

            fn take(
                given: &mut $crate::action::given::Given,
            ) -> Result<Self, $crate::action::given::Misfit> {
                Ok(Self {
                    $($field: given.take(
                        &$crate::action::input::name_of(stringify!($field)),
                        inputs!(@default $($default)?),
                    )?,)*
                    $($rest: <$Rest as $crate::action::input::Inputs>::take(given)?,)?
                })
            }
        }

        impl $crate::action::input::Input for $Name {
            fn takes() -> flow::expr::Type {
                $crate::action::input::object_of(
                    <Self as $crate::action::input::Inputs>::params(),
                )
            }

            fn read(value: model::Value) -> Result<Self, $crate::action::given::Misfit> {
                match value {
                    model::Value::Object(fields) => $crate::action::input::read_fields(fields),
                    other => Err($crate::action::given::Misfit::type_of(&other, "an object")),
                }
            }
        }
    };
    (@default) => { None };
    (@default $default:expr) => { Some(model::Value::from($default)) };
}

/// A struct that an action gives: an object with these fields, whose types flows know.
macro_rules! outputs {
    ($vis:vis struct $Name:ident { $($field:ident: $Type:ty,)* }) => {
        #[derive(Debug)]
        $vis struct $Name {
            $($vis $field: $Type,)*
        }

        impl $crate::action::output::Answer for $Name {
            fn gives() -> flow::expr::Type {
                flow::expr::Type::object([
                    $((
                        stringify!($field),
                        <$Type as $crate::action::output::Answer>::gives(),
                    ),)*
                ])
            }

            fn value(self) -> model::Value {
                model::Value::Object(indexmap::IndexMap::from([
                    $((
                        stringify!($field).to_owned(),
                        $crate::action::output::Answer::value(self.$field),
                    ),)*
                ]))
            }
        }
    };
}
