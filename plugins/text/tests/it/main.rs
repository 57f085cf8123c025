//! Tables and texts as flows bring them.

mod amounts;
mod tables;
mod templates;
