//! Whatever is typed: no panic, an exit code of the documented set, and an end.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt as _;

use model::{Entropy as _, SeededEntropy};

use crate::pages;
use crate::place::{Place, words};

const CODES: [i32; 6] = [0, 1, 2, 4, 5, 130];

/// What nobody means, but somebody types.
const ODD: [&str; 26] = [
    "",
    " ",
    "-",
    "--",
    "---",
    "@",
    "@.",
    "@/dev/null",
    "/",
    "..",
    "\u{1b}[31m",
    "\u{202e}\u{feff}",
    "'; drop table items; --",
    "%s%n",
    "🦀",
    "-1",
    "99999999999999999999999999",
    "00000000000000000000000000",
    "1e999",
    "NaN",
    "{\"a\":",
    "orders",
    "7d",
    "none",
    "value.n > ",
    "((((((((((((((((",
];

/// Options that many verbs have, so that garbage gets past the first gate.
const OPTIONS: [&str; 22] = [
    "--value",
    "--queue",
    "--where",
    "--status",
    "--limit",
    "--cursor",
    "--expires",
    "--delay",
    "--priority",
    "--token",
    "--lease",
    "--count",
    "--ttl",
    "--retries",
    "--at-risk",
    "--schema",
    "--name-from",
    "--delimiter",
    "--encoding",
    "--older-than",
    "--all-matching",
    "--output",
];

struct Typist {
    entropy: SeededEntropy,
}

impl Typist {
    fn below(&self, end: usize) -> usize {
        (self.entropy.next() % end as u128) as usize
    }

    fn argument(&self) -> OsString {
        match self.below(8) {
            0 => OPTIONS[self.below(OPTIONS.len())].into(),
            1 => {
                let letters = (0..self.below(40)).map(|_| self.below(0x11_0000) as u32);
                letters.filter_map(char::from_u32).filter(|c| *c != '\0').collect::<String>().into()
            }
            // Not even UTF-8.
            2 => {
                OsString::from_vec((0..self.below(9)).map(|_| self.below(255) as u8 + 1).collect())
            }
            _ => ODD[self.below(ODD.len())].into(),
        }
    }

    fn arguments(&self) -> Vec<OsString> {
        (0..self.below(6)).map(|_| self.argument()).collect()
    }
}

/// Fails if the command panics, hangs or ends in a way that is not written down.
#[track_caller]
fn try_out(place: &Place, verb: &str, arguments: Vec<OsString>) {
    let mut all: Vec<OsString> = words(verb).into_iter().skip(1).map(OsString::from).collect();
    let told = format!("{verb} {arguments:.200?}");
    all.extend(arguments);
    let ran = place.run_with(&all);
    assert!(!ran.err.contains("panicked at"), "{told}: {}", ran.err);
    assert!(CODES.contains(&ran.code), "{told}: {ran:?}");
    assert!(ran.code == 0 || !ran.err.is_empty(), "{told}: failed without a word");
    let lines = |begin: &str| ran.err.lines().any(|line| line.starts_with(begin));
    let has_code = lines("error[") || lines("{\"code\":") || ran.out.starts_with("accepted ");
    assert!(ran.code == 0 || has_code, "{told}: {ran:?}");
    let has_hint = lines("hint: ") || lines("{\"code\":");
    assert!(ran.code == 0 || has_hint, "{told}: {ran:?}");
}

/// The verbs, without the benchmark: some of what is typed would let it run for a while.
fn verbs() -> Vec<String> {
    pages::verbs().into_iter().filter(|verb| verb != "wharf bench queue").collect()
}

#[test]
fn verbs_survive_missing_arguments() {
    let place = Place::with_orders();
    for verb in verbs() {
        try_out(&place, &verb, vec![]);
        try_out(&place, &verb, vec!["".into()]);
        try_out(&place, &verb, vec!["orders".into()]);
        try_out(&place, &verb, vec!["orders".into(); 40]);
    }
    place.assert_sound();
}

#[test]
fn verbs_survive_random_arguments() {
    let place = Place::with_orders();
    let typist = Typist { entropy: SeededEntropy::new(7) };
    for verb in verbs() {
        for _ in 0..8 {
            try_out(&place, &verb, typist.arguments());
        }
    }
    place.assert_sound();
}

#[test]
fn verbs_survive_arguments_of_a_megabyte() {
    let place = Place::with_orders();
    // No single argument can be larger than 128 KiB on Linux.
    let long: OsString = "🦀x1{[\"\\ (".repeat(9_000).into();
    let many = vec![long.clone(); 9];
    for verb in verbs() {
        try_out(&place, &verb, vec![long.clone()]);
        try_out(&place, &verb, many.clone());
    }
    for option in OPTIONS {
        for verb in ["wharf item list orders", "wharf item add orders --value 1"] {
            try_out(&place, verb, vec![option.into(), long.clone()]);
        }
    }
    try_out(&place, "wharf bench queue", vec![long]);
    place.assert_sound();
}

#[test]
fn odd_keys_work_or_are_refused() {
    let place = Place::new();
    let mut made = 0;
    for key in ODD {
        let ran = place.run_with(&["queue", "create", "--", key]);
        if ran.code != 0 {
            assert!([2, 4].contains(&ran.code), "{key:?}: {ran:?}");
            continue;
        }
        made += 1;
        let ran = place.run_with(&["item", "add", "--value", "1", "--", key]);
        assert_eq!(ran.code, 0, "{key:?}: {ran:?}");
        let ran = place.run_with(&["item", "claim", "--output", "jsonl", "--", key]);
        assert_eq!((ran.code, ran.out.lines().count()), (0, 1), "{key:?}: {ran:?}");
    }
    assert_eq!(place.ok("queue list --output jsonl").lines().count(), made);
    assert!(made > 10, "most of them are only odd");
}
