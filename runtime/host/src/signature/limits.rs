//! How large a plugin may be, and what it offers.

pub const COMPONENT_BYTES_MAX: usize = 64 * 1024 * 1024;
/// How deep components, and the types of components, may nest.
pub const NESTED_LEVELS_MAX: usize = 32;
/// Imports and exports of a component together.
pub const EXTERNS_MAX: usize = 2_000;
/// Of all that is said in sections `wharf:meta` together.
pub const META_BYTES_MAX: usize = 1024 * 1024;
pub const STEPS_MAX: usize = 1_000;
pub const PARAMS_MAX: usize = 100;
/// Of one record, or cases of one enum, variant or flags.
pub const MEMBERS_MAX: usize = 1_000;
/// How deep types may nest: `list<option<u8>>` has three levels.
pub const TYPE_LEVELS_MAX: usize = 64;
