//! Looks for everything that a program finds in an open world, and says what it found.

use std::io::Read;
use std::path::Path;
use std::time::SystemTime;

#[expect(clippy::disallowed_methods, reason = "it looks for what is not there")]
fn main() {
    let mut input = Vec::new();
    let read = std::io::stdin().read_to_end(&mut input);
    println!("stdin: {}", read.map_or_else(|error| error.to_string(), |count| count.to_string()));
    println!("arguments: {}", std::env::args().count());
    println!("environment: {}", std::env::vars().count());
    println!("directory: {}", std::env::current_dir().is_ok());
    for path in ["/", ".", "..", "/etc/passwd", "/dev/null", "/proc/self/mem", "a", ""] {
        let opened = std::fs::File::open(path).is_ok()
            || std::fs::read_dir(path).is_ok()
            || std::fs::write(Path::new(path).join("new"), "x").is_ok();
        println!("{path}: {opened}");
    }
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    println!("time: {}", now.expect("it is after 1970").as_nanos());
    eprintln!("done");
}
