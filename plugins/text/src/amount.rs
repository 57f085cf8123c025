//! Amounts as people write them.

use wharf::{Decimal, Error, Result};

/// What stands between groups of three digits.
const GROUP_MARKS: &[char] = &['.', ',', '\'', '’', ' ', '\u{a0}', '\u{2009}', '\u{202f}', '_'];
const DIGITS_IN_GROUP: usize = 3;

pub(crate) fn read(text: &str, decimal_mark: Option<char>) -> Result<Decimal> {
    let wrong = || {
        let hint = "amounts look like `1.234,56 €`, `(12.00)` or `CHF 1'234.50`";
        Error::business("not-an-amount", format!("`{text}` is not an amount")).with_hint(hint)
    };
    if let Some(mark) = decimal_mark.filter(|mark| !matches!(mark, '.' | ',')) {
        let message = format!("`{mark}` is no decimal mark");
        return Err(Error::generic("bad-mark", message).with_hint("it is `.` or `,`"));
    }
    let (negative, number) = bare(text);
    if !number.starts_with(|it: char| it.is_ascii_digit() || matches!(it, '.' | ',')) {
        return Err(wrong());
    }
    let mark = match decimal_mark.map_or_else(|| mark_of(number), Mark::Is) {
        Mark::Is(mark) => Some(mark),
        Mark::None => None,
        Mark::Unclear => return Err(ambiguous(text)),
    };
    let (whole, part) = match mark.and_then(|mark| number.split_once(mark)) {
        Some((whole, part)) => (whole, Some(part)),
        None => (number, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let whole = if whole.is_empty() { "0".into() } else { ungrouped(whole).ok_or_else(wrong)? };
    let plain = match part {
        Some(part) if digits(part) => format!("{whole}.{part}"),
        Some(_) => return Err(wrong()),
        None => whole,
    };
    let amount: Decimal = wharf::Json::of(&plain).read()?;
    Ok(if negative { -amount } else { amount })
}

fn ambiguous(text: &str) -> Error {
    let message = format!("`{text}` is one amount to some and another to others");
    Error::business("ambiguous-amount", message).with_hint("say the `decimal_mark`")
}

/// The number without its currency, and whether it is below zero.
fn bare(text: &str) -> (bool, &str) {
    let blank = |it: char| it.is_whitespace();
    let currency = |it: char| blank(it) || it.is_alphabetic() || "€$£¥₣₹".contains(it);
    let mut number = text.trim_matches(currency);
    let mut negative = false;
    if let Some(inner) = number.strip_prefix('(').and_then(|it| it.strip_suffix(')')) {
        (negative, number) = (true, inner);
    } else if let Some(rest) = number.strip_prefix(['-', '−']) {
        (negative, number) = (true, rest);
    } else if let Some(rest) = number.strip_suffix(['-', '−']) {
        (negative, number) = (true, rest);
    }
    (negative, number.trim_matches(currency))
}

/// What tells the decimals from the rest.
enum Mark {
    None,
    Is(char),
    /// It could be either: before decimals, or between groups.
    Unclear,
}

fn mark_of(number: &str) -> Mark {
    let (mark, other) = match (number.rfind('.'), number.rfind(',')) {
        (None, None) => return Mark::None,
        (Some(point), comma) if comma.is_none_or(|comma| point > comma) => ('.', comma),
        (point, _) => (',', point),
    };
    if other.is_some() {
        return Mark::Is(mark);
    }
    if number.matches(mark).count() > 1 {
        return Mark::None;
    }
    let (before, after) = number.split_once(mark).expect("it is in there once");
    let could_group = after.len() == DIGITS_IN_GROUP
        && (1..=DIGITS_IN_GROUP).contains(&before.len())
        && before != "0"
        && !before.contains(GROUP_MARKS);
    if could_group { Mark::Unclear } else { Mark::Is(mark) }
}

/// The digits of a whole number whose groups have three digits each and one mark between them.
fn ungrouped(number: &str) -> Option<String> {
    let mut marks = number.chars().filter(|it| !it.is_ascii_digit());
    let Some(mark) = marks.next() else { return Some(number.to_owned()) };
    if !GROUP_MARKS.contains(&mark) || marks.any(|it| it != mark) {
        return None;
    }
    let groups: Vec<&str> = number.split(mark).collect();
    let first = (1..=DIGITS_IN_GROUP).contains(&groups[0].len());
    let others = groups[1..].iter().all(|group| group.len() == DIGITS_IN_GROUP);
    (first && others).then(|| groups.concat())
}
