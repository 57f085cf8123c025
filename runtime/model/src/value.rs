//! Values as flows and filters see them: JSON with exact numbers and kept order.
//!
//! A number is its decimal text, never a float: what an operator wrote into a file is what a plugin
//! reads, be it `5000.00` or a bank reference of 23 digits.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use indexmap::IndexMap;

use crate::json;

/// A value: what JSON text says, no more and no less.
///
/// Equality is that of JSON: the order of an object's keys does not count, and numbers are equal
/// when their texts are. [`Number::compare`] compares by magnitude.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    #[default]
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Value>),
    Object(IndexMap<String, Value>),
}

impl Value {
    /// The word that names this value's type in messages and in flow files.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "bool",
            Self::Number(_) => "number",
            Self::Text(_) => "text",
            Self::List(_) => "list",
            Self::Object(_) => "object",
        }
    }

    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    pub fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(flag) = self { Some(*flag) } else { None }
    }

    pub fn as_number(&self) -> Option<&Number> {
        if let Self::Number(number) = self { Some(number) } else { None }
    }

    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    pub fn as_list(&self) -> Option<&[Value]> {
        if let Self::List(items) = self { Some(items) } else { None }
    }

    pub fn as_object(&self) -> Option<&IndexMap<String, Value>> {
        if let Self::Object(fields) = self { Some(fields) } else { None }
    }

    /// The field of that name, if this is an object that has it.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.as_object()?.get(name)
    }

    /// The item at that position, if this is a list that reaches it.
    pub fn at(&self, index: usize) -> Option<&Value> {
        self.as_list()?.get(index)
    }
}

/// Writes compact JSON.
impl fmt::Display for Value {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&json::write(self))
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Bool(flag)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Number> for Value {
    fn from(number: Number) -> Self {
        Self::Number(number)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number.into())
    }
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Self::Number(number.into())
    }
}

impl From<Vec<Value>> for Value {
    fn from(items: Vec<Value>) -> Self {
        Self::List(items)
    }
}

impl From<IndexMap<String, Value>> for Value {
    fn from(fields: IndexMap<String, Value>) -> Self {
        Self::Object(fields)
    }
}

/// A number as its decimal text, so that digits survive exactly.
///
/// The text always matches the number grammar of JSON. Equality is that of the text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Number(Box<str>);

impl Number {
    /// Takes text that matches the number grammar of JSON; anything else is `None`.
    pub fn new(text: &str) -> Option<Self> {
        json::is_number(text).then(|| Self(text.into()))
    }

    /// For text the JSON scanner has just accepted as a number.
    pub(crate) fn scanned(text: &str) -> Self {
        debug_assert!(json::is_number(text), "the scanner accepted {text:?}");
        Self(text.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The integer this is written as; `None` for a fraction, an exponent or an overflow.
    pub fn as_i64(&self) -> Option<i64> {
        self.0.parse().ok()
    }

    /// As [`Number::as_i64`], for numbers that cannot be negative.
    pub fn as_u64(&self) -> Option<u64> {
        self.0.parse().ok()
    }

    /// Compares by magnitude, with any count of digits: `1.0` and `10e-1` are equal.
    ///
    /// Exponents beyond 10^18 count as 10^18.
    pub fn compare(&self, other: &Self) -> Ordering {
        let (left, right) = (Parts::of(&self.0), Parts::of(&other.0));
        match (left.sign, right.sign) {
            (1, 1) => left.magnitude(&right),
            (-1, -1) => right.magnitude(&left),
            (one, two) => one.cmp(&two),
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl From<i64> for Number {
    fn from(number: i64) -> Self {
        Self(number.to_string().into())
    }
}

impl From<u64> for Number {
    fn from(number: u64) -> Self {
        Self(number.to_string().into())
    }
}

/// The text is not a JSON number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a number such as `12`, `-0.5` or `1e3`")]
pub struct NotANumber;

impl FromStr for Number {
    type Err = NotANumber;

    fn from_str(text: &str) -> Result<Self, NotANumber> {
        Self::new(text).ok_or(NotANumber)
    }
}

/// A number taken apart: `sign * 0.DIGITS * 10^point`, the digits starting with a non-zero one.
struct Parts<'t> {
    sign: i8,
    whole: &'t [u8],
    fraction: &'t [u8],
    point: i64,
}

impl<'t> Parts<'t> {
    fn of(text: &'t str) -> Self {
        let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let whole = whole.trim_start_matches('0');
        let mut point = whole.len() as i64;
        let mut fraction = fraction.trim_end_matches('0');
        if whole.is_empty() {
            let leading = fraction.len();
            fraction = fraction.trim_start_matches('0');
            point = fraction.len() as i64 - leading as i64;
        }
        let zero = whole.is_empty() && fraction.is_empty();
        Self {
            sign: if zero { 0 } else { 1 - 2 * i8::from(negative) },
            whole: whole.as_bytes(),
            fraction: fraction.as_bytes(),
            point: point + clamped(exponent),
        }
    }

    fn magnitude(&self, other: &Self) -> Ordering {
        let longest = self.len().max(other.len());
        let digits = || (0..longest).map(|index| self.digit(index).cmp(&other.digit(index)));
        self.point
            .cmp(&other.point)
            .then_with(|| digits().find(|order| order.is_ne()).unwrap_or(Ordering::Equal))
    }

    fn len(&self) -> usize {
        self.whole.len() + self.fraction.len()
    }

    /// The digit at that place; zero where the text has ended.
    fn digit(&self, index: usize) -> u8 {
        let fraction = || self.fraction.get(index - self.whole.len());
        *self.whole.get(index).or_else(fraction).unwrap_or(&b'0')
    }
}

fn clamped(exponent: &str) -> i64 {
    const MOST: i64 = 1_000_000_000_000_000_000;
    let beyond = if exponent.starts_with('-') { -MOST } else { MOST };
    exponent.parse::<i64>().map_or(beyond, |exponent| exponent.clamp(-MOST, MOST))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Number {
        Number::new(text).expect("a test writes numbers")
    }

    #[test]
    fn numbers_keep_their_exact_text() {
        for text in ["0", "-0", "5000.00", "12345678901234567890123", "1E+400", "0.10"] {
            assert_eq!(number(text).as_str(), text);
        }
    }

    #[test]
    fn numbers_must_match_the_grammar() {
        for text in ["", " 1", "1 ", "01", "+1", ".5", "5.", "1e", "-", "NaN", "0x1", "1_000"] {
            assert_eq!(text.parse::<Number>(), Err(NotANumber), "{text:?}");
        }
    }

    #[test]
    fn numbers_compare_by_magnitude() {
        let ascending = [
            "-1e400",
            "-20",
            "-3",
            "-2.5",
            "-1e-5",
            "0",
            "1e-400",
            "0.001",
            "0.01",
            "0.011",
            "0.1",
            "9",
            "10",
            "10.5",
            "99",
            "100",
            "12345678901234567890123",
            "12345678901234567890124",
        ];
        for (i, left) in ascending.iter().enumerate() {
            for (j, right) in ascending.iter().enumerate() {
                assert_eq!(number(left).compare(&number(right)), i.cmp(&j), "{left} {right}");
            }
        }
        let same =
            [("1.0", "1"), ("-0", "0.00e7"), ("10e-1", "1"), ("0.05", "5e-2"), ("1e2", "100")];
        for (left, right) in same {
            assert_eq!(number(left).compare(&number(right)), Ordering::Equal, "{left} {right}");
        }
    }

    #[test]
    fn integers_are_read_as_written() {
        assert_eq!(number("-12").as_i64(), Some(-12));
        assert_eq!(number("18446744073709551615").as_u64(), Some(u64::MAX));
        assert_eq!(number("9223372036854775808").as_i64(), None);
        assert_eq!(number("1.0").as_i64(), None);
    }

    #[test]
    fn fields_and_items_are_reached() {
        let value = json::parse(r#"{"a":[1,"two"],"b":null}"#).expect("valid");
        assert_eq!(value.get("a").and_then(|list| list.at(1)), Some(&"two".into()));
        assert_eq!(value.get("b").map(Value::type_name), Some("null"));
        assert_eq!(value.get("c"), None);
        assert_eq!(value.at(0), None);
    }
}
