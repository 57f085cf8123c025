//! Defaults: JSON written with words of Rust, checked against the type they stand in for.

use proc_macro2::{Ident, Span};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Lit, LitStr, Path, Token, braced, bracketed, token};

use crate::meta::quoted;
use crate::model::{Case, Field, Interface, Kind, Payload, Shape};
use crate::words::{kebab, nearest, snake};

/// A `Decimal` holds as many digits.
const DECIMAL_DIGITS_MAX: usize = 28;

/// A value that is written out.
#[derive(Clone, Debug)]
pub(crate) struct Literal {
    pub(crate) span: Span,
    pub(crate) kind: LiteralKind,
}

#[derive(Clone, Debug)]
pub(crate) enum LiteralKind {
    /// `None`
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    /// `Approved` or `Decision::Approved`
    Case(String),
    List(Vec<Literal>),
    /// `{ reason: "…" }`
    Object(Vec<(String, Literal)>),
}

impl Parse for Literal {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let span = input.span();
        let kind = if input.peek(token::Bracket) {
            let inside;
            bracketed!(inside in input);
            let items = Punctuated::<Self, Token![,]>::parse_terminated(&inside)?;
            LiteralKind::List(items.into_iter().collect())
        } else if input.peek(token::Brace) {
            let inside;
            braced!(inside in input);
            let fields = inside.parse_terminated(named, Token![,])?;
            LiteralKind::Object(fields.into_iter().collect())
        } else if input.peek(Token![-]) {
            input.parse::<Token![-]>()?;
            let LiteralKind::Number(digits) = plain(&input.parse()?)? else {
                return Err(syn::Error::new(span, "a number follows a `-`"));
            };
            LiteralKind::Number(format!("-{digits}"))
        } else if input.peek(Lit) {
            plain(&input.parse()?)?
        } else {
            case(&input.parse().map_err(|_| syn::Error::new(span, NOT_WRITTEN_OUT))?)
        };
        Ok(Self { span, kind })
    }
}

const NOT_WRITTEN_OUT: &str = "a default is written out: a number, text, `true`, `None`, the name \
                               of a case, `[…]` or `{ name: … }`";

fn named(input: ParseStream<'_>) -> syn::Result<(String, Literal)> {
    let name = if input.peek(LitStr) {
        input.parse::<LitStr>()?.value()
    } else {
        input.parse::<Ident>()?.to_string()
    };
    input.parse::<Token![:]>()?;
    Ok((name, input.parse()?))
}

fn plain(literal: &Lit) -> syn::Result<LiteralKind> {
    let without_suffix = |suffix: &str| match suffix {
        "" => Ok(()),
        _ => Err(syn::Error::new(literal.span(), format!("leave `{suffix}` away"))),
    };
    Ok(match literal {
        Lit::Bool(bool) => LiteralKind::Bool(bool.value),
        Lit::Str(text) => LiteralKind::Text(text.value()),
        Lit::Char(c) => LiteralKind::Text(c.value().to_string()),
        Lit::Int(int) => {
            without_suffix(int.suffix())?;
            LiteralKind::Number(int.base10_digits().to_owned())
        }
        Lit::Float(float) => {
            without_suffix(float.suffix())?;
            let digits = float.base10_digits();
            LiteralKind::Number(format!("{digits}{}", if digits.ends_with('.') { "0" } else { "" }))
        }
        _ => return Err(syn::Error::new(literal.span(), NOT_WRITTEN_OUT)),
    })
}

fn case(path: &Path) -> LiteralKind {
    let last = path.segments.last().expect("a path has a segment").ident.to_string();
    if last == "None" { LiteralKind::Null } else { LiteralKind::Case(last) }
}

impl Literal {
    pub(crate) fn json(&self) -> String {
        match &self.kind {
            LiteralKind::Null => "null".into(),
            LiteralKind::Bool(bool) => bool.to_string(),
            LiteralKind::Number(digits) => digits.clone(),
            LiteralKind::Text(text) => quoted(text),
            LiteralKind::Case(name) => quoted(&snake(&kebab(name))),
            LiteralKind::List(items) => {
                format!("[{}]", items.iter().map(Self::json).collect::<Vec<_>>().join(","))
            }
            LiteralKind::Object(fields) => {
                let fields = fields.iter().map(|(name, value)| {
                    let name = quoted(name);
                    format!("{name}:{}", value.json())
                });
                format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
            }
        }
    }

    /// An error where it is no value of this type.
    pub(crate) fn check(&self, shape: &Shape, of: &Interface) -> syn::Result<()> {
        match (shape, &self.kind) {
            (Shape::Json, _)
            | (Shape::Option(_), LiteralKind::Null)
            | (Shape::Bool, LiteralKind::Bool(_))
            | (Shape::Text | Shape::DateTime | Shape::Bytes, LiteralKind::Text(_))
            | (Shape::Float(_), LiteralKind::Number(_)) => Ok(()),
            (Shape::Int { signed, bits }, LiteralKind::Number(digits)) => {
                self.check_int(digits, *signed, *bits)
            }
            (Shape::Decimal, LiteralKind::Number(digits)) => self.check_decimal(digits),
            (Shape::Char, LiteralKind::Text(text)) if text.chars().count() == 1 => Ok(()),
            (Shape::Option(inner), _) => self.check(inner, of),
            (Shape::List(item), LiteralKind::List(items)) => {
                items.iter().try_for_each(|literal| literal.check(item, of))
            }
            (Shape::Map(item), LiteralKind::Object(fields)) => {
                fields.iter().try_for_each(|(_, literal)| literal.check(item, of))
            }
            (Shape::Tuple(shapes), LiteralKind::List(items)) if shapes.len() == items.len() => {
                items.iter().zip(shapes).try_for_each(|(literal, shape)| literal.check(shape, of))
            }
            (Shape::Own(name), _) => self.check_own(name, of),
            _ => self.wrong(&format!("is not {}", expected(shape))),
        }
    }

    fn wrong(&self, why: &str) -> syn::Result<()> {
        Err(syn::Error::new(self.span, format!("the default {} {why}", self.json())))
    }

    fn check_int(&self, digits: &str, signed: bool, bits: u32) -> syn::Result<()> {
        let half = 1_i128 << (bits - 1);
        let (least, most) = if signed { (-half, half - 1) } else { (0, 2 * half - 1) };
        match digits.parse::<i128>() {
            Ok(number) if (least..=most).contains(&number) => Ok(()),
            _ => self.wrong(&format!("is not an integer from {least} to {most}")),
        }
    }

    fn check_decimal(&self, digits: &str) -> syn::Result<()> {
        if digits.contains(['e', 'E']) {
            return self.wrong("has an exponent: write its digits out");
        }
        let count = digits.chars().filter(char::is_ascii_digit).count();
        let why = format!("has {count} digits, and a `Decimal` holds {DECIMAL_DIGITS_MAX}");
        if count > DECIMAL_DIGITS_MAX { self.wrong(&why) } else { Ok(()) }
    }

    fn check_own(&self, name: &str, of: &Interface) -> syn::Result<()> {
        let Some(named) = of.named(name) else { return Ok(()) };
        match (&named.kind, &self.kind) {
            (Kind::Newtype(_, shape) | Kind::Alias(_, shape), _) => self.check(shape, of),
            (Kind::Record { fields, open }, LiteralKind::Object(given)) => {
                self.check_fields(given, fields, *open, of)
            }
            (Kind::Choice(cases), LiteralKind::Case(word) | LiteralKind::Text(word)) => {
                let case = self.find_case(word, cases)?;
                match case.payload {
                    Payload::None => Ok(()),
                    _ => self.wrong(&format!("lacks what `{}` carries", case.name.ident)),
                }
            }
            (Kind::Choice(cases), LiteralKind::Object(given)) if given.len() == 1 => {
                let (word, inside) = &given[0];
                let case = self.find_case(word, cases)?;
                match (&case.payload, &inside.kind) {
                    (Payload::One(_, shape), _) => inside.check(shape, of),
                    (Payload::Fields { fields, .. }, LiteralKind::Object(given)) => {
                        inside.check_fields(given, fields, false, of)
                    }
                    _ => inside.wrong(&format!("is not what `{}` carries", case.name.ident)),
                }
            }
            _ => self.wrong(&format!("is no `{name}`")),
        }
    }

    fn find_case<'a>(&self, word: &str, cases: &'a [Case]) -> syn::Result<&'a Case> {
        let wanted = kebab(word);
        cases.iter().find(|case| case.name.wire == wanted).ok_or_else(|| {
            let known = cases.iter().map(|case| format!("`{}`", case.name.ident));
            let known = known.collect::<Vec<_>>().join(", ");
            syn::Error::new(self.span, format!("there is no case `{word}`; there are {known}"))
        })
    }

    fn check_fields(
        &self,
        given: &[(String, Self)],
        fields: &[Field],
        open: bool,
        of: &Interface,
    ) -> syn::Result<()> {
        for (name, literal) in given {
            let Some(field) = fields.iter().find(|field| field.name.json() == *name) else {
                if open {
                    continue;
                }
                let names: Vec<String> = fields.iter().map(|field| field.name.json()).collect();
                let near = nearest(name, names.iter().map(String::as_str));
                let near =
                    near.map_or_else(String::new, |near| format!(": did you mean `{near}`?"));
                return Err(syn::Error::new(literal.span, format!("no field `{name}`{near}")));
            };
            literal.check(&field.shape, of)?;
        }
        let missing = fields.iter().find(|field| {
            let needed = field.default.is_none() && !matches!(field.shape, Shape::Option(_));
            needed && given.iter().all(|(name, _)| *name != field.name.json())
        });
        match missing {
            Some(field) => self.wrong(&format!("lacks the field `{}`", field.name.json())),
            None => Ok(()),
        }
    }
}

fn expected(shape: &Shape) -> &'static str {
    match shape {
        Shape::Bool => "`true` or `false`",
        Shape::Int { .. } | Shape::Float(_) | Shape::Decimal => "a number",
        Shape::Char => "one character",
        Shape::Text | Shape::DateTime | Shape::Bytes => "text",
        Shape::List(_) => "a list",
        Shape::Map(_) => "an object, `{ \"name\": … }`",
        Shape::Tuple(_) => "a list with an item for each part",
        Shape::Json | Shape::Option(_) | Shape::Result(..) | Shape::Own(_) => "of this type",
    }
}
