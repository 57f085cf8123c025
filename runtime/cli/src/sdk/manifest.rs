//! Manifests of the SDK without the workspace they inherit from.

use toml_edit::{DocumentMut, InlineTable, Item, TableLike, Value};

/// What a copy has no use for: its tests stay at home, and so do the lints of the house.
const DROPPED: [&str; 2] = ["dev-dependencies", "lints"];
/// The folder of the SDK in the tree, from which a crate of it sees the others one level up.
const HOME: &str = "sdk/";

/// The manifest with everything that it inherits from the workspace written out.
///
/// Both texts are part of this program, and the build of every plugin shows that they are right; a
/// manifest that cannot be read is left as it is, for cargo to complain about.
pub(super) fn freed(manifest: &str, workspace: &str) -> String {
    let (Ok(mut manifest), Ok(workspace)) =
        (manifest.parse::<DocumentMut>(), workspace.parse::<DocumentMut>())
    else {
        return manifest.to_owned();
    };
    for dropped in DROPPED {
        manifest.remove(dropped);
    }
    let Some(inherited) = workspace.get("workspace") else { return manifest.to_string() };
    if let (Some(package), Some(from)) = (manifest.get_mut("package"), inherited.get("package")) {
        write_out_package(package, from);
    }
    let Some(from) = inherited.get("dependencies") else { return manifest.to_string() };
    for section in ["dependencies", "build-dependencies"] {
        if let Some(needs) = manifest.get_mut(section).and_then(Item::as_table_like_mut) {
            write_out_needs(needs, from);
        }
    }
    let targets = manifest.get_mut("target").and_then(Item::as_table_like_mut);
    for (_, target) in targets.into_iter().flat_map(TableLike::iter_mut) {
        let needs = target.get_mut("dependencies").and_then(Item::as_table_like_mut);
        if let Some(needs) = needs {
            write_out_needs(needs, from);
        }
    }
    manifest.to_string()
}

fn is_inherited(item: &Item) -> bool {
    let flag = item.as_table_like().and_then(|table| table.get("workspace"));
    flag.and_then(Item::as_bool) == Some(true)
}

fn write_out_package(package: &mut Item, from: &Item) {
    let fields = package.as_table_like_mut();
    for (name, field) in fields.into_iter().flat_map(TableLike::iter_mut) {
        if let Some(value) = from.get(name.get()).filter(|_| is_inherited(field)) {
            *field = value.clone();
        }
    }
}

fn write_out_needs(needs: &mut dyn TableLike, from: &Item) {
    for (name, need) in needs.iter_mut() {
        if let Some(chosen) = from.get(name.get()).filter(|_| is_inherited(need)) {
            *need = merged(chosen, need);
        }
    }
}

/// What the workspace chose, with what the member adds: `optional`, more features.
fn merged(chosen: &Item, need: &Item) -> Item {
    let mut whole = InlineTable::new();
    match (chosen.as_str(), chosen.as_table_like()) {
        (Some(version), _) => {
            whole.insert("version", version.into());
        }
        (None, Some(table)) => {
            for (key, value) in table.iter() {
                whole.extend(value.as_value().map(|value| (key, value.clone())));
            }
        }
        (None, None) => {}
    }
    if let Some(path) = whole.get_mut("path") {
        let inside = path.as_str().and_then(|path| path.strip_prefix(HOME));
        *path = inside.map_or_else(|| path.clone(), |inside| format!("../{inside}").into());
    }
    let added = need.as_table_like().into_iter().flat_map(TableLike::iter);
    for (key, value) in added.filter(|(key, _)| *key != "workspace") {
        match (whole.get_mut(key).and_then(Value::as_array_mut), value.as_array()) {
            (Some(list), Some(more)) => list.extend(more.iter().cloned()),
            _ => whole.extend(value.as_value().map(|value| (key, value.clone()))),
        }
    }
    Item::Value(Value::InlineTable(whole))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn what_is_inherited_is_written_out() {
        let workspace = r#"
[workspace.package]
version = "1.2.3"
edition = "2024"

[workspace.dependencies]
plain = "1.0"
rich = { version = "2.0", default-features = false, features = ["a"] }
near = { path = "sdk/near", version = "0.1.0" }
"#;
        let manifest = r#"[package]
name = "x"
version.workspace = true
edition.workspace = true

[lints]
workspace = true

[dependencies]
near.workspace = true
plain = { workspace = true, optional = true }
rich = { workspace = true, features = ["b"] }
own = "3.0"

[target.'cfg(target_arch = "wasm32")'.dependencies]
plain.workspace = true

[dev-dependencies]
rich.workspace = true
"#;
        expect![[r#"
            [package]
            name = "x"
            version = "1.2.3"
            edition = "2024"

            [dependencies]
            near = { path = "../near", version = "0.1.0" }
            plain = { version = "1.0", optional = true }
            rich = { version = "2.0", default-features = false, features = ["a","b"] }
            own = "3.0"

            [target.'cfg(target_arch = "wasm32")'.dependencies]
            plain = { version = "1.0" }
        "#]]
        .assert_eq(&freed(manifest, workspace));
    }
}
