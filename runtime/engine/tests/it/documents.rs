//! The page about limits, as far as steps meet them. `UPDATE_EXPECT=1` writes it anew.

use std::collections::BTreeSet;

use engine::limits;
use expect_test::expect_file;

#[test]
fn limits_page_shows_every_limit() {
    let page = support::with_limits("generated, steps", limits::ALL);
    expect_file!["../../../../docs/limits.md"].assert_eq(&page);
}

#[test]
fn limits_have_names_of_their_own() {
    let all = || limits::ALL.iter().chain(model::limits::ALL);
    let names: BTreeSet<&str> = all().map(|limit| limit.name).collect();
    assert_eq!(names.len(), all().count());
    assert!(limits::ALL.iter().all(|limit| limit.value > 0 && !limit.meaning.is_empty()));
}
