//! How fast rows are read, beside the plain `csv-core` underneath.
//!
//! `cargo run --release -p rows --example throughput` prints the best of some rounds, taken in
//! turns, and their ratio: for 20 MB of ten columns, half of them text, with and without quotes.

use std::fmt::Write;
use std::io::Read;
use std::time::{Duration, Instant};

use csv_core::{ReadRecordResult, Reader as Core};
use rows::{Options, Reader};

const ROWS: u32 = 160_000;
const ROUNDS: usize = 15;

fn main() {
    measure("quoted", &generate("\""));
    measure("plain", &generate(""));
}

fn measure(name: &str, input: &[u8]) {
    let (mut core, mut ours) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        core.push(time(|| count_with_core(input)));
        ours.push(time(|| count_with_rows(input)));
    }
    let best = |times: Vec<Duration>| times.into_iter().min().expect("there are rounds");
    let (core, ours) = (best(core), best(ours));
    let megabytes = input.len() as f64 / 1e6;
    let rate = |time: Duration| megabytes / time.as_secs_f64();
    println!(
        "{name:<8} {megabytes:.1} MB: csv-core {:.0} MB/s, rows {:.0} MB/s, ratio {:.2}",
        rate(core),
        rate(ours),
        ours.div_duration_f64(core)
    );
}

/// Half of the columns are text; they are written in quotes, if there are any.
fn generate(quote: &str) -> Vec<u8> {
    let mut text = "id,date,name,email,amount,status,queue,city,note,remark\r\n".to_owned();
    for row in 0..ROWS {
        let note = match row % 50 {
            0 if !quote.is_empty() => "first line\r\nsecond line",
            1..10 if !quote.is_empty() => "said \"\"yes\"\", then left",
            _ => "plain note",
        };
        let (day, amount, cents) = (row % 28 + 1, row * 7 % 9_999, row % 100);
        write!(
            text,
            "I-{row},2023-04-{day:02},{quote}Müller {row}{quote},billing{row}@example.com,\
             {amount}.{cents:02},Paid,Vendor Invoices,{quote}São Paulo{quote},\
             {quote}{note}{quote},{quote}end{quote}\r\n",
        )
        .expect("a string takes all");
    }
    text.into_bytes()
}

#[expect(clippy::disallowed_methods, reason = "a measurement needs the real clock")]
fn time(count: impl FnOnce() -> u64) -> Duration {
    let start = Instant::now();
    assert_eq!(count(), u64::from(ROWS), "every row is read");
    start.elapsed()
}

/// As a caller of `csv-core` has to do it at least: through a buffer, and no more.
fn count_with_core(mut input: &[u8]) -> u64 {
    let mut core = Core::new();
    let mut buffer = vec![0; 64 * 1024];
    let (mut text, mut ends) = (vec![0; 4096], vec![0; 64]);
    let mut rows = 0;
    loop {
        let filled = input.read(&mut buffer).expect("memory never fails");
        let mut waiting = &buffer[..filled];
        // Nothing to wait for is how the parser is told of the end.
        while !waiting.is_empty() || filled == 0 {
            let (result, read, ..) = core.read_record(waiting, &mut text, &mut ends);
            waiting = &waiting[read..];
            match result {
                ReadRecordResult::Record => rows += 1,
                ReadRecordResult::End => return rows - 1,
                ReadRecordResult::InputEmpty => {}
                full => unreachable!("the buffers are large enough: {full:?}"),
            }
        }
    }
}

fn count_with_rows(input: &[u8]) -> u64 {
    let mut reader = Reader::new(input, Options::default()).expect("the input has a header");
    let mut rows = 0;
    while let Some(row) = reader.next_row().expect("memory never fails") {
        rows = row.expect("every row is good").number();
    }
    rows
}
