//! Rows from delimited text: decoding, dialect, columns, types. No policy, no files, no clock.
