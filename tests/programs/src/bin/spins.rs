//! Watches the clock until an hour has passed.

use std::time::{Duration, Instant};

#[expect(clippy::disallowed_methods, reason = "it watches the clock it is given")]
fn main() {
    let start = Instant::now();
    while start.elapsed() < Duration::from_hours(1) {
        std::hint::black_box(());
    }
}
