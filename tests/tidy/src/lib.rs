//! Rules of the house that no compiler checks, as tests over the text of the tree.
//!
//! Each file holds one family of rules, its lists at the top. A rule is a function from sources to
//! findings; it is tested twice: on this tree, where it must find nothing, and on a small text that
//! breaks it. A finding reads `path:line: what`, the rule adds why. `docs/STYLE.md` says the same
//! in prose.

#[cfg(test)]
mod docs;
#[cfg(test)]
mod features;
#[cfg(test)]
mod graph;
#[cfg(test)]
mod layers;
#[cfg(test)]
mod licences;
#[cfg(test)]
mod names;
#[cfg(test)]
mod rust;
#[cfg(test)]
mod scripts;
#[cfg(test)]
mod sizes;
#[cfg(test)]
mod tree;
#[cfg(test)]
mod words;
