//! Strict JSON: text to `Value` and back.
