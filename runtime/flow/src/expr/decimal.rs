//! Arithmetic on numbers: exact to 28 significant digits, and refused beyond.

use model::Number;
use rust_decimal::{Decimal, RoundingStrategy};

use super::tree::Op;
use super::{Diagnostic, Span};

/// The most significant digits a number may have that is calculated with.
pub const DIGITS: u32 = 28;

pub(super) type Calculated<T> = Result<T, Diagnostic>;

/// Takes a number into arithmetic, digit for digit or not at all. `name` says where it comes from.
pub(super) fn exact(number: &Number, name: &str) -> Calculated<Decimal> {
    decimal(number.as_str()).ok_or_else(|| {
        let message = format!("{name} has more than {DIGITS} digits: {number}");
        let hint = "it can be compared and passed on, but not calculated with";
        Diagnostic::new("expr/digits", Span::default(), message, hint)
    })
}

fn decimal(text: &str) -> Option<Decimal> {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let mut decimal = Decimal::from_str_exact(mantissa).ok()?;
    let exponent = exponent.parse::<i64>().ok()?;
    if exponent != 0 && !decimal.is_zero() {
        let scale = i64::from(decimal.scale()).checked_sub(exponent)?;
        decimal.set_scale(u32::try_from(scale.max(0)).ok()?).ok()?;
        let zeros = u32::try_from((-scale).max(0)).ok()?;
        let power = Decimal::try_from_i128_with_scale(10_i128.checked_pow(zeros)?, 0).ok()?;
        decimal = decimal.checked_mul(power)?;
    }
    fits(decimal).then_some(decimal)
}

fn fits(decimal: Decimal) -> bool {
    decimal.mantissa().unsigned_abs() < 10_u128.pow(DIGITS)
}

pub(super) fn number(decimal: Decimal) -> Number {
    let decimal = if decimal.is_zero() { decimal.abs() } else { decimal };
    Number::new(&decimal.to_string()).expect("a decimal is written as a JSON number")
}

pub(super) fn calculate(op: Op, left: Decimal, right: Decimal) -> Calculated<Decimal> {
    if matches!(op, Op::Divide | Op::Remainder) && right.is_zero() {
        return Err(by_zero(Span::default()));
    }
    let (result, vanishes) = match op {
        Op::Add => (left.checked_add(right), false),
        Op::Subtract => (left.checked_sub(right), false),
        Op::Multiply => (left.checked_mul(right), true),
        Op::Divide => (left.checked_div(right).map(|result| result.normalize()), true),
        _ => (left.checked_rem(right), false),
    };
    result
        // A product too small to be written would silently become zero.
        .filter(|result| !vanishes || !result.is_zero() || left.is_zero() || right.is_zero())
        .filter(|result| fits(result.trunc()))
        // The library goes a little beyond; what comes out must be able to go in again.
        .and_then(|result| if fits(result) { Some(result) } else { result.round_sf(DIGITS) })
        .ok_or_else(|| {
            let message = format!("the result does not fit {DIGITS} digits");
            let hint = "calculate with fewer digits, such as `round(number, 2)`";
            Diagnostic::new("expr/overflow", Span::default(), message, hint)
        })
}

/// The refusal to divide by zero.
pub(super) fn by_zero(span: Span) -> Diagnostic {
    let hint = "ask first, as in `b != 0 and a / b > 2`";
    Diagnostic::new("expr/zero", span, "this divides by zero", hint)
}

/// Rounds halves away from zero, as invoices do.
pub(super) fn round(decimal: Decimal, places: u32) -> Decimal {
    decimal.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero)
}
