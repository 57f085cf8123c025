//! `decimal!`: a literal, digit for digit.

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::{Lit, Token};

/// A `Decimal` holds as many digits.
const DIGITS_MAX: usize = 28;

#[derive(Debug)]
struct Number {
    negative: bool,
    /// Without the point.
    digits: u128,
    /// How many digits stand behind the point.
    scale: u32,
}

impl Parse for Number {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let negative = input.parse::<Option<Token![-]>>()?.is_some();
        let literal: Lit = input.parse()?;
        let (text, suffix) = match &literal {
            Lit::Int(int) => (int.base10_digits(), int.suffix()),
            Lit::Float(float) => (float.base10_digits(), float.suffix()),
            _ => ("", ""),
        };
        let problem = |why| Err(syn::Error::new(literal.span(), why));
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let digits = [whole, part].concat();
        if !suffix.is_empty() || digits.is_empty() || !digits.chars().all(|c| c.is_ascii_digit()) {
            return problem("write a plain number, such as `decimal!(-12.50)`");
        }
        if digits.len() > DIGITS_MAX {
            return problem("a `Decimal` holds 28 digits");
        }
        let scale = part.len() as u32;
        let digits = digits.parse().expect("28 digits are below 2 to the 96th");
        Ok(Self { negative, digits, scale })
    }
}

pub(crate) fn expand(literal: TokenStream) -> TokenStream {
    let Number { negative, digits, scale } = match syn::parse2(literal) {
        Ok(number) => number,
        Err(error) => return error.to_compile_error(),
    };
    let [low, middle, high] = [0, 32, 64].map(|shift| (digits >> shift) as u32);
    quote!(::wharf::Decimal::from_parts(#low, #middle, #high, #negative, #scale))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(literal: &str) -> String {
        expand(literal.parse().expect("the literal lexes")).to_string()
    }

    #[test]
    fn keeps_every_digit_written() {
        let parts = "(500000u32 , 0u32 , 0u32 , true , 2u32)";
        assert_eq!(expanded("-5000.00"), format!(":: wharf :: Decimal :: from_parts {parts}"));
    }

    #[test]
    fn refuses_more_digits_than_fit() {
        for (digits, fits) in [(27, true), (28, true), (29, false)] {
            let refused = expanded(&"9".repeat(digits)).contains("compile_error");
            assert_eq!(refused, !fits, "{digits} digits");
        }
    }

    #[test]
    fn refuses_what_is_no_number() {
        for literal in ["\"5\"", "5u8", "1e3", "x", "- -1", ""] {
            assert!(expanded(literal).contains("compile_error"), "{literal}");
        }
    }
}
