//! Writes lines without end.

fn main() {
    loop {
        println!("all work and no play makes a dull log");
    }
}
