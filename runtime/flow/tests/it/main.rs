//! Flows as users write them: read, and told what is wrong with them.

mod folders;
mod pages;
mod soups;
