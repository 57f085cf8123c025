//! What a module cannot say is an error at its place, all of them at once.

#[test]
fn errors_stand_where_they_belong() {
    trybuild::TestCases::new().compile_fail("tests/refused/*.rs");
}
