//! Texts with places for values.

use wharf::json::{Document, Kind};
use wharf::{Error, Json, Result};

pub(crate) fn fill(template: &str, values: &Json) -> Result<String> {
    let values = values.document()?;
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        filled.push_str(&rest[..at]);
        let (brace, after) = rest[at..].split_at(1);
        if let Some(doubled) = after.strip_prefix(brace) {
            filled.push_str(brace);
            rest = doubled;
            continue;
        }
        let place = if brace == "{" { after.split_once('}') } else { None };
        let Some((path, after)) = place else {
            let column = template.len() - rest.len() + at + 1;
            let message = format!("the `{brace}` at byte {column} of the template stands alone");
            let hint = format!("write `{brace}{brace}` for a brace");
            return Err(Error::generic("bad-template", message).with_hint(hint));
        };
        filled.push_str(&value(&values, path.trim())?);
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

/// A value as people read it: text as it is, nothing for null, everything else as JSON.
fn value(values: &Document, path: &str) -> Result<String> {
    if path.is_empty() {
        let hint = "name a value between the braces, or write `{{}}` for braces";
        return Err(Error::generic("bad-template", "a place names no value").with_hint(hint));
    }
    match values.kind_of(path)? {
        Some(Kind::Text) => Ok(values.get_text(path)?),
        Some(Kind::Null) => Ok(String::new()),
        Some(_) => Ok(values.get(path)?.into()),
        None => {
            let known = values.fields("").unwrap_or_default().join(", ");
            let message = format!("no value is called `{path}`");
            let hint = format!("there are: {known}");
            Err(Error::business("no-value", message).with_hint(hint))
        }
    }
}
