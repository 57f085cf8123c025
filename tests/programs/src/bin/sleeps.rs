//! Sleeps for as long as can be said.

fn main() {
    std::thread::sleep(std::time::Duration::MAX);
}
