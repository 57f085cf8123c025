//! How large the arguments of one call may be, and so its result.

/// Values within the value: fields, items, and on the way in each byte of a `list<u8>`. Each takes
/// 32 bytes or more of memory on its way.
pub const VALUE_PARTS_MAX: usize = 2 * 1024 * 1024;
/// Bytes of all texts together, and on the way out of each `list<u8>`.
pub const VALUE_BYTES_MAX: usize = 16 * 1024 * 1024;
