//! Steps for wharf, in plain Rust.
//!
//! A plugin is a module. Each `pub fn` in it is a step that flows can use; its parameters, its
//! result and the structs and enums in them are what flows are checked against. There is nothing
//! else to write.
//!
//! ```
//! /// Steps for the finance portal.
//! #[wharf::plugin]
//! pub mod finance {
//!     use wharf::{DateTime, Decimal, Result};
//!
//!     pub struct Invoice {
//!         pub invoice_id: String,
//!         /// In euros.
//!         pub amount: Decimal,
//!         pub due: Option<DateTime>,
//!     }
//!
//!     #[derive(Debug, PartialEq)]
//!     pub enum Decision {
//!         Approved,
//!         NeedsReview { reason: String },
//!     }
//!
//!     #[wharf(error)]
//!     pub enum Problem {
//!         /// The portal does not answer.
//!         #[wharf(it)]
//!         PortalDown,
//!         #[wharf(message = "{invoice_id} is in the ledger already")]
//!         Duplicate { invoice_id: String },
//!     }
//!
//!     /// Decides whether an invoice may be paid.
//!     pub fn classify(
//!         invoice: Invoice,
//!         /// Amounts from here on need a review.
//!         #[wharf(default = 5000)]
//!         limit: Decimal,
//!     ) -> Result<Decision, Problem> {
//!         if invoice.amount < limit {
//!             return Ok(Decision::Approved);
//!         }
//!         Ok(Decision::NeedsReview { reason: format!("{} is a lot", invoice.amount) })
//!     }
//! }
//!
//! # fn main() {
//! # use finance::{Decision, Invoice, classify};
//! use wharf::decimal;
//!
//! // A step is a function: tests call it.
//! let invoice = Invoice { invoice_id: "I-1001".into(), amount: decimal!(1253.78), due: None };
//! assert!(matches!(classify(invoice, decimal!(5000)), Ok(Decision::Approved)));
//! # }
//! ```
//!
//! # Types
//!
//! Steps take and return `bool`, integers up to 64 bits, `f32`, `f64`, `char`, `String`,
//! [`Decimal`], [`DateTime`], [`Json`], `Vec`, `Option`, `Result`, tuples, `HashMap` and `BTreeMap`
//! with `String` keys, `Vec<u8>` as bytes, and the `pub` structs, enums and aliases of their own
//! module. A step may be `async`.
//!
//! # Attributes
//!
//! - `#[wharf(default = …)]` on a parameter or a field: what it is where nobody says it. Written as
//!   JSON with words of Rust: `5000`, `"EUR"`, `[1, 2]`, `{ reason: "none" }`, `Approved`, `None`.
//! - `#[wharf(open)]` on a struct: objects may have more fields than it has.
//! - `#[wharf(error)]` on an enum: its cases are ways to fail, with `#[wharf(it)]`,
//!   `#[wharf(business)]` (which is so where nothing is said) or `#[wharf(generic)]`, and
//!   `#[wharf(message = "… {field} …")]` or the docs as message. Flows match on its name.
//! - `#[wharf(value)]` on a struct or an enum that no step takes: it can be JSON nevertheless, such
//!   as the value of an item in a queue.
//!
//! # The host
//!
//! [`queue`], [`json`], [`datetime`], [`log`], [`secrets`], [`http`] and [`files`] are what a step
//! can ask for. Apart from WebAssembly they ask [`fake`], so that `cargo test` needs no host.

// What the macros write names the crate, in its own tests too.
#[cfg(test)]
extern crate self as wharf;

pub mod datetime;
mod decimal;
mod error;
#[cfg(not(target_arch = "wasm32"))]
pub mod fake;
pub mod files;
#[cfg(target_arch = "wasm32")]
mod guest;
pub mod http;
pub mod json;
pub mod log;
mod problem;
pub mod queue;
pub mod secrets;
#[doc(hidden)]
pub mod value;
#[cfg(target_arch = "wasm32")]
#[doc(hidden)]
pub mod wire;

pub use datetime::DateTime;
pub use error::{Error, Kind, Result};
pub use json::Json;
pub use problem::Problem;
pub use rust_decimal::Decimal;
pub use value::Value;
pub use wharf_macros::{decimal, plugin};

/// Who answers: the host, or in tests the fake one.
#[cfg(not(target_arch = "wasm32"))]
use fake::host;
#[cfg(target_arch = "wasm32")]
use guest as host;
