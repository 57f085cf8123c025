//! Calls itself without end.

fn main() {
    std::hint::black_box(descend(std::hint::black_box(1)));
}

#[inline(never)]
fn descend(depth: u64) -> u64 {
    if std::hint::black_box(depth) == 0 {
        return 0;
    }
    descend(depth + 1) + std::hint::black_box(depth)
}
