//! How long it takes to read and check 100 flows, beside what it takes to look at each of their
//! bytes once.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use flow::{Catalog, Contract, Severity, Signature, Source};

const FLOWS: usize = 100;
const STEPS: usize = 60;

/// A catalog with nothing in it: what is measured is the flows themselves.
struct Nothing;

impl Catalog for Nothing {
    fn action(&self, _: &str) -> Option<&Signature> {
        None
    }

    fn actions(&self) -> Vec<&str> {
        Vec::new()
    }

    fn flow(&self, _: &str) -> Option<&Contract> {
        None
    }

    fn flows(&self) -> Vec<&str> {
        Vec::new()
    }

    fn file(&self, path: &str) -> Result<String, String> {
        Err(path.to_owned())
    }
}

/// A flow that calls the one before it, with loops, branches and expressions.
fn text(number: usize) -> String {
    let mut text = format!(
        "flow: flow-{number}\ninputs:\n  limit: {{ type: number, default: 5 }}\n  rows: {{ list: \
         {{ object: {{ id: text, amount: number }} }} }}\noutputs:\n  total: ${{{{ total }}}}\n\
         steps:\n  - set: {{ total: 0 }}\n"
    );
    if let Some(before) = number.checked_sub(1) {
        write!(
            text,
            "  - id: before\n    call: flow-{before}\n    \
             with: {{ rows: \"${{{{ inputs.rows }}}}\" }}\n  \
             - set: {{ total: \"${{{{ before.total }}}}\" }}\n"
        )
        .expect("a String takes all");
    }
    for step in 0..STEPS {
        write!(
            text,
            "  - for-each: ${{{{ filter(inputs.rows, #.amount > inputs.limit) }}}}\n    \
             as: row{step}\n    \
             steps:\n      - if: row{step}.amount * 2 > {step} and row{step}.id != 'x'\n        then:\n          \
             - set: {{ total: \"${{{{ total + row{step}.amount }}}}\" }}\n"
        )
        .expect("a String takes all");
    }
    text
}

#[expect(clippy::disallowed_methods, reason = "an example that measures time has to read it")]
fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    (work(), start.elapsed())
}

fn main() {
    let texts = (0..FLOWS).map(text).collect::<Vec<_>>();
    let bytes = texts.iter().map(String::len).sum::<usize>();
    let (lines, scan) = timed(|| texts.iter().map(|text| text.lines().count()).sum::<usize>());
    let sources = texts.into_iter().enumerate();
    let sources = sources.map(|(number, text)| Source::new(format!("{number}.yaml"), text));
    let (mut flows, read) = timed(|| {
        sources.map(|source| flow::read(source).0.expect("it is a flow")).collect::<Vec<_>>()
    });
    let (checked, check) = timed(|| flow::check_all(&mut flows, &Nothing));
    let problems = checked.iter().flat_map(|it| &it.diagnostics);
    let errors = problems.filter(|it| it.severity == Severity::Error).count();
    assert_eq!(errors, 0, "the flows above are right");
    println!("{FLOWS} flows, {lines} lines, {bytes} bytes");
    println!("scan {scan:>10.1?}\nread {read:>10.1?}\ncheck {check:>9.1?}");
}
