//! Tables and texts as flows have them: rows of a file, amounts as people write them, letters.

mod amount;
mod cell;
mod steps;
mod table;
mod template;

pub use steps::{rows, texts};
