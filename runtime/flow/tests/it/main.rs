//! Flows as users write them: read, and told what is wrong with them.

mod catalog;
mod explained;
mod folders;
mod pages;
mod soups;
