//! How large a result is, counted the same for every shape.

use wasmtime::component::Val;

use crate::fault::Fault;

/// What a number, a flag or the name of a case counts for.
const SCALAR_BYTES: usize = 8;

/// Hands the result on, unless it is over the bound.
pub(super) fn check(values: Vec<Val>, allowed: usize) -> Result<Vec<Val>, Fault> {
    let bytes = values.iter().map(weight).sum();
    if bytes > allowed { Err(Fault::large(allowed, bytes)) } else { Ok(values) }
}

/// Types do not recurse in a component, so neither does this beyond the depth of a type.
fn weight(value: &Val) -> usize {
    let inner = |value: &Option<Box<Val>>| value.as_deref().map_or(0, weight);
    match value {
        Val::U8(_) | Val::S8(_) => 1,
        Val::String(text) => text.len(),
        Val::List(values) | Val::Tuple(values) => values.iter().map(weight).sum(),
        Val::Record(fields) => fields.iter().map(|(_, value)| weight(value)).sum(),
        Val::Variant(_, value) | Val::Option(value) | Val::Result(Ok(value) | Err(value)) => {
            SCALAR_BYTES + inner(value)
        }
        Val::Flags(names) => names.len() * SCALAR_BYTES,
        _ => SCALAR_BYTES,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Bound;

    #[test]
    fn weighs_texts_and_numbers() {
        let text = |length: usize| Val::String("x".repeat(length));
        for (value, expected) in [
            (text(5), 5),
            (Val::List(vec![Val::U8(1); 7]), 7),
            (Val::Tuple(vec![Val::U32(1), text(2)]), 10),
            (Val::Record(vec![("a".into(), text(3)), ("b".into(), Val::Bool(true))]), 11),
            (Val::Option(None), 8),
            (Val::Result(Ok(Some(Box::new(text(1))))), 9),
            (Val::Flags(vec!["a".into(), "b".into()]), 16),
        ] {
            assert_eq!(weight(&value), expected, "{value:?}");
        }
    }

    #[test]
    fn refuses_results_over_the_bound() {
        let check = |length: usize| check(vec![Val::String("x".repeat(length))], 10);
        assert!(check(9).is_ok());
        assert!(check(10).is_ok());
        let over = Fault::over(Bound::Result, 10, Some(11));
        assert_eq!(check(11), Err(over));
    }
}
