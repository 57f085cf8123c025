//! How deep values nest.

use model::Value;

/// Whether lists and objects nest at most `levels` deep. Looks no deeper than that.
pub(super) fn fits(value: &Value, levels: usize) -> bool {
    match value {
        Value::List(items) => levels > 0 && items.iter().all(|item| fits(item, levels - 1)),
        Value::Object(fields) => levels > 0 && fields.values().all(|field| fits(field, levels - 1)),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_lists_and_objects() {
        for (text, levels) in [("1", 0), ("[]", 1), ("{}", 1), (r#"[1,{"a":[2]}]"#, 3)] {
            let value = model::json::parse(text).expect(text);
            assert!(fits(&value, levels), "{text}");
            assert!(levels == 0 || !fits(&value, levels - 1), "{text}");
        }
    }
}
