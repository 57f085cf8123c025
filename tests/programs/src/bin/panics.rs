//! Panics a few functions deep.

fn main() {
    let totals = [1, 2, 3];
    std::hint::black_box(sum_up_to(&totals, std::hint::black_box(5)));
}

#[inline(never)]
fn sum_up_to(totals: &[i32], count: usize) -> i32 {
    (0..count).map(|at| look_up(totals, at)).sum()
}

#[inline(never)]
fn look_up(totals: &[i32], at: usize) -> i32 {
    totals[at]
}
