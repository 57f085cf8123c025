//! Numbers, digit for digit.

use rust_decimal::Decimal;

use crate::value::Misfit;

/// How many digits a [`Decimal`] holds, before and behind the point together.
pub(crate) const DECIMAL_DIGITS_MAX: usize = 28;

/// Reads a number of JSON, or text that is one, without losing a digit.
pub(crate) fn exact(text: &str) -> Result<Decimal, Misfit> {
    let number = Written::read(text)
        .ok_or_else(|| Misfit::new("value/not-a-number", format!("`{text}` is not a number")))?;
    number.decimal().ok_or_else(|| {
        let most = DECIMAL_DIGITS_MAX;
        let problem = format!("{text} has more digits than the {most} that a `Decimal` holds");
        Misfit::new("value/too-many-digits", problem)
    })
}

/// A number as it is written.
struct Written {
    negative: bool,
    /// All digits, without those zeros that lead.
    digits: String,
    /// How many of them stand behind the point.
    scale: i64,
}

impl Written {
    fn read(text: &str) -> Option<Self> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let unsigned = mantissa.strip_prefix('-');
        let (negative, unsigned) = (unsigned.is_some(), unsigned.unwrap_or(mantissa));
        let (whole, part) = match unsigned.split_once('.') {
            Some((_, "")) => return None,
            Some(parts) => parts,
            None => (unsigned, ""),
        };
        let digits = [whole, part].concat();
        if whole.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let scale = part.len() as i64 - i64::from(exponent);
        Some(Self { negative, digits: digits.trim_start_matches('0').to_owned(), scale })
    }

    /// None where it has too many digits.
    fn decimal(mut self) -> Option<Decimal> {
        let zeros = usize::try_from(-self.scale).unwrap_or(0);
        if !self.digits.is_empty() && zeros > 0 {
            self.digits.push_str(&"0".repeat(zeros.min(DECIMAL_DIGITS_MAX + 1)));
        }
        let scale = usize::try_from(self.scale).unwrap_or(0);
        if self.digits.len() > DECIMAL_DIGITS_MAX || scale > DECIMAL_DIGITS_MAX {
            return None;
        }
        let mantissa: i128 = if self.digits.is_empty() { 0 } else { self.digits.parse().ok()? };
        let signed = if self.negative { -mantissa } else { mantissa };
        Decimal::try_from_i128_with_scale(signed, scale as u32).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        exact(text).map_or_else(|misfit| misfit.code.to_owned(), |decimal| decimal.to_string())
    }

    #[test]
    fn keeps_digits_as_written() {
        for (text, expected) in [
            ("5000.00", "5000.00"),
            ("-0.10", "-0.10"),
            ("1253.78", "1253.78"),
            ("0", "0"),
            ("0.000", "0.000"),
            ("007.5", "7.5"),
            ("1e3", "1000"),
            ("1.5E+2", "150"),
            ("25e-1", "2.5"),
            ("0e999999999", "0"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn refuses_what_does_not_fit() {
        for (digits, fits) in [(27, true), (28, true), (29, false)] {
            let whole = "9".repeat(digits);
            let part = format!("0.{}1", "0".repeat(digits - 1));
            for text in [whole, part, format!("1e{}", digits - 1)] {
                let exact = shown(&text);
                assert_eq!(exact != "value/too-many-digits", fits, "{text}: {exact}");
            }
        }
        assert_eq!(shown("1e2147483647"), "value/too-many-digits");
        assert_eq!(shown("1e-2147483648"), "value/too-many-digits");
    }

    #[test]
    fn refuses_what_is_no_number() {
        for text in ["", "-", "1.", ".5", "1,5", "+1", "1e", "1e99999999999", "--1", "1 ", "NaN"] {
            assert_eq!(shown(text), "value/not-a-number", "{text}");
        }
    }
}
