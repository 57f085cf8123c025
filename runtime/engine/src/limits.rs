//! Every limit that only a step can meet, with its unit in its name.

use std::time::Duration;

/// Items that one step holds at a time.
pub const STEP_CLAIMS_MAX: usize = 1_000;
/// How long an item stays with a step that has vanished.
pub const STEP_LEASE: Duration = Duration::from_secs(30);
/// How often the leases of a running step are renewed.
pub const STEP_RENEWAL: Duration = Duration::from_secs(10);
