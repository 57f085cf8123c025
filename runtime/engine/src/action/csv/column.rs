//! How columns are declared, and what that tells of the rows.

use flow::expr::Type;
use flow::program::{Form, Template};
use flow::signature::{Catalog, Misuse};
use indexmap::IndexMap;
use model::Value;

use crate::action::given::Misfit;
use crate::action::input::{Input, read_fields};
use crate::csv::Kind;
use crate::datetime;
use crate::shown::quoted;

inputs! {
    struct Declared {
        /// What the cells are.
        type_: String,
        /// What stands before the fraction of a number.
        decimal: Option<String>,
        /// What may part every three digits of a number.
        group: Option<String>,
        /// How a datetime is written.
        pattern: Option<String>,
        /// Where a datetime is told that names no zone.
        zone: Option<String>,
    }
}

/// A word such as `number?`, or an object that says more.
impl Input for Kind {
    fn takes() -> Type {
        Type::Unknown
    }

    fn read(value: Value) -> Result<Self, Misfit> {
        match value {
            Value::Text(type_) => {
                kind(Declared { type_, decimal: None, group: None, pattern: None, zone: None })
            }
            Value::Object(fields) => kind(read_fields(fields)?),
            other => Err(Misfit::type_of(&other, "a type such as `number`")),
        }
    }
}

/// What is declared, if everything that is said belongs to its type.
fn kind(declared: Declared) -> Result<Kind, Misfit> {
    let Declared { type_, decimal, group, pattern, zone } = declared;
    let (name, empty) = parted(&type_);
    let has_marks = decimal.is_some() || group.is_some();
    let has_form = pattern.is_some() || zone.is_some();
    match name {
        "text" if !has_marks && !has_form => Ok(Kind::Text),
        "bool" if !has_marks && !has_form => Ok(Kind::Bool { empty }),
        "number" if !has_form => {
            let decimal = mark("decimal", decimal)?.unwrap_or('.');
            let group = mark("group", group)?;
            if group == Some(decimal) {
                return Err(Misfit::new("is the same as `decimal`", "take another").within("group"));
            }
            Ok(Kind::Number { decimal, group, empty })
        }
        "datetime" if !has_marks => {
            check_form(pattern.as_deref(), zone.as_deref())?;
            Ok(Kind::Datetime { pattern, zone, empty })
        }
        "text" | "bool" | "number" | "datetime" => {
            let hint = "`decimal` and `group` are for numbers, `pattern` and `zone` for datetimes";
            Err(Misfit::new(format!("says more than a {name} has"), hint))
        }
        _ => {
            let problem = format!("is `{}`, which is no type of a column", quoted(&type_));
            let hint =
                "there is text, number, bool and datetime, with `?` where cells may be empty";
            Err(Misfit::new(problem, hint))
        }
    }
}

/// A type, and whether there may be nothing instead.
fn parted(word: &str) -> (&str, bool) {
    word.strip_suffix('?').map_or((word, false), |name| (name, true))
}

/// A pattern or a zone that is wrong would be wrong for every row.
fn check_form(pattern: Option<&str>, zone: Option<&str>) -> Result<(), Misfit> {
    let wrong = |error: datetime::Error, name| {
        Err(Misfit::new(format!("is wrong: {error}"), error.hint()).within(name))
    };
    match datetime::parse("", pattern, zone) {
        Err(error @ datetime::Error::BadPattern { .. }) => wrong(error, "pattern"),
        Err(error @ datetime::Error::UnknownZone { .. }) => wrong(error, "zone"),
        _ => Ok(()),
    }
}

fn mark(name: &str, text: Option<String>) -> Result<Option<char>, Misfit> {
    let Some(text) = text else { return Ok(None) };
    let mut characters = text.chars();
    match (characters.next(), characters.next()) {
        (Some(one), None) if !one.is_ascii_digit() && !"+-".contains(one) => Ok(Some(one)),
        _ => Err(Misfit::type_of(&Value::Text(text), "one character").within(name)),
    }
}

/// The type of the rows, as far as the columns are declared in so many words.
#[expect(clippy::unnecessary_wraps, reason = "a signature asks for this form")]
pub(super) fn rows_of(with: &IndexMap<String, Template>, _: &dyn Catalog) -> Result<Type, Misuse> {
    let Some(columns) = with.get("columns") else { return Ok(Type::stream(Type::open([]))) };
    let Form::Object(columns) = &columns.form else { return Ok(Type::stream(Type::Unknown)) };
    let fields = columns.iter().map(|(name, column)| (name.as_str(), type_of(column)));
    Ok(Type::stream(Type::open(fields)))
}

fn type_of(column: &Template) -> Type {
    let word = match &column.form {
        Form::Object(fields) => fields.get("type").and_then(said),
        _ => said(column),
    };
    let Some((name, empty)) = word.map(parted) else { return Type::Unknown };
    let of_cells = match name {
        "text" => return Type::Text,
        "number" => Type::Number,
        "bool" => Type::Bool,
        "datetime" => Type::Datetime,
        _ => Type::Unknown,
    };
    if empty { of_cells.optional() } else { of_cells }
}

/// The word that stands there, if it is one.
fn said(template: &Template) -> Option<&str> {
    match &template.form {
        Form::Plain(word) | Form::Literal(Value::Text(word)) => Some(word),
        _ => None,
    }
}
