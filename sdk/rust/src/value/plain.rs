//! Values without parts.

use super::{Misfit, Node, Value, Writer, base64};
use crate::{DateTime, Decimal, Json, decimal};

impl Value for bool {
    fn write(&self, out: &mut Writer) {
        out.raw(if *self { "true" } else { "false" });
    }

    fn read(node: &Node) -> Result<Self, Misfit> {
        if let Node::Bool(value) = node { Ok(*value) } else { Err(node.expected("a bool")) }
    }
}

macro_rules! integers {
    ($($int:ident)*) => {$(
        impl Value for $int {
            fn write(&self, out: &mut Writer) {
                out.raw(&self.to_string());
            }

            fn read(node: &Node) -> Result<Self, Misfit> {
                integer(node, stringify!($int), Self::MIN.into(), Self::MAX.into())
            }
        }
    )*};
}

integers!(u16 u32 u64 i8 i16 i32 i64);

impl Value for u8 {
    fn write(&self, out: &mut Writer) {
        out.raw(&self.to_string());
    }

    fn read(node: &Node) -> Result<Self, Misfit> {
        integer(node, "u8", Self::MIN.into(), Self::MAX.into())
    }

    fn write_list(items: &[Self], out: &mut Writer) {
        out.text(&base64::encode(items));
    }

    fn read_list(node: &Node) -> Result<Vec<Self>, Misfit> {
        let Node::Text(text) = node else { return Err(node.expected("bytes as base64")) };
        base64::decode(text).ok_or_else(|| Misfit::mistyped("the text is not base64"))
    }
}

/// A number without a fraction, such as `7`, `7.0` or `7e1`, that fits.
fn integer<T: TryFrom<i128>>(
    node: &Node,
    name: &str,
    least: i128,
    most: i128,
) -> Result<T, Misfit> {
    let Node::Number(digits) = node else { return Err(node.expected("a number")) };
    let exact = || decimal::exact(digits).ok().filter(Decimal::is_integer);
    let whole = digits.parse().ok().or_else(|| i128::try_from(exact()?).ok());
    whole.and_then(|whole| T::try_from(whole).ok()).ok_or_else(|| {
        let range = format!("an integer from {least} to {most}");
        Misfit::mistyped(format!("{digits} does not fit: {name} is {range}"))
    })
}

/// More digits than a float tells apart would be lost without a word.
const FLOAT_DIGITS_MAX: usize = 17;

macro_rules! floats {
    ($($float:ident)*) => {$(
        impl Value for $float {
            /// What is not finite has no JSON; the host refuses the text that stands for it.
            fn write(&self, out: &mut Writer) {
                let plain = *self == 0.0 || (1e-5..1e17).contains(&self.abs());
                out.raw(&if plain { self.to_string() } else { format!("{self:e}") });
            }

            fn read(node: &Node) -> Result<Self, Misfit> {
                let Node::Number(digits) = node else { return Err(node.expected("a number")) };
                let count = significant_digits(digits);
                if count > FLOAT_DIGITS_MAX {
                    let problem = format!("{digits} has {count} digits: a `Decimal` keeps them");
                    return Err(Misfit::new("value/too-many-digits", problem));
                }
                let float = digits.parse().ok().filter(|float: &Self| float.is_finite());
                float.ok_or_else(|| Misfit::mistyped(format!("{digits} is too large")))
            }
        }
    )*};
}

floats!(f32 f64);

/// How many digits there are from the first to the last that is not zero.
fn significant_digits(number: &str) -> usize {
    let mantissa = number.split(['e', 'E']).next().unwrap_or(number);
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    digits.trim_matches('0').len()
}

impl Value for char {
    fn write(&self, out: &mut Writer) {
        out.text(self.encode_utf8(&mut [0; 4]));
    }

    fn read(node: &Node) -> Result<Self, Misfit> {
        let one = |text: &String| {
            let mut chars = text.chars();
            chars.next().filter(|_| chars.next().is_none())
        };
        match node {
            Node::Text(text) => {
                one(text).ok_or_else(|| Misfit::mistyped("the text is not one character"))
            }
            _ => Err(node.expected("one character")),
        }
    }
}

impl Value for String {
    const IS_TEXT: bool = true;

    fn write(&self, out: &mut Writer) {
        out.text(self);
    }

    fn read(node: &Node) -> Result<Self, Misfit> {
        if let Node::Text(text) = node { Ok(text.clone()) } else { Err(node.expected("a text")) }
    }
}

impl Value for Decimal {
    fn write(&self, out: &mut Writer) {
        out.raw(&self.to_string());
    }

    fn read(node: &Node) -> Result<Self, Misfit> {
        match node {
            Node::Number(digits) | Node::Text(digits) => decimal::exact(digits),
            _ => Err(node.expected("a number")),
        }
    }
}

impl Value for DateTime {
    fn write(&self, out: &mut Writer) {
        out.text(self.as_str());
    }

    fn read(node: &Node) -> Result<Self, Misfit> {
        match node {
            Node::Text(text) => Self::read_text(text),
            _ => Err(node.expected("a datetime")),
        }
    }
}

impl Value for Json {
    fn write(&self, out: &mut Writer) {
        out.raw(self.as_str());
    }

    fn read(node: &Node) -> Result<Self, Misfit> {
        Ok(super::json(|out| node.write(out)))
    }
}
