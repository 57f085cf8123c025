//! Plugins from the template to the component: with the real tool chain, and with one that is made
//! to fail.

mod fake;
mod real;
mod watch;
