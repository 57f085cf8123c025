//! What the guide shows as tests is what runs here.

const GUIDE: &str = include_str!("../../../../docs/guide/plugins.md");
const TEMPLATE: &str = include_str!("../../../../runtime/cli/templates/plugin/lib.rs");
const FILES: [&str; 2] = [include_str!("first.rs"), include_str!("fakes.rs")];

/// The blocks of Rust on a page.
fn blocks(page: &str) -> impl Iterator<Item = &str> {
    page.split("```rust\n").skip(1).filter_map(|rest| Some(rest.split_once("```")?.0))
}

#[test]
fn tests_of_the_guide_run_here() {
    let tests: Vec<&str> = blocks(GUIDE).filter(|block| block.contains("#[test]")).collect();
    assert_eq!(tests.len(), FILES.len());
    for block in tests {
        assert!(FILES.iter().any(|file| file.contains(block)), "is in no file:\n{block}");
    }
}

/// The reader has just made this plugin.
#[test]
fn first_plugin_is_the_template() {
    let made = TEMPLATE.replace("MODULE", "checks");
    let first = blocks(GUIDE).next().expect("there is one");
    assert!(made.ends_with(&format!("\n\n{first}")), "{first}");
}
