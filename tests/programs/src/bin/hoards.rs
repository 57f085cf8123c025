//! Takes memory without end.

fn main() {
    let mut hoard: Vec<Vec<u8>> = Vec::new();
    loop {
        hoard.push(vec![1; 1024 * 1024]);
        std::hint::black_box(&hoard);
    }
}
