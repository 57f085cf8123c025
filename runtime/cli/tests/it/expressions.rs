//! The page on expressions: its examples find what it says, and it names every field.

use std::path::PathBuf;

use crate::place::{Place, finish, list, start};

fn page() -> String {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    std::fs::read_to_string(root.join("docs/reference/expressions.md")).unwrap()
}

/// A place with the thirty invoices, each under its own number.
fn place() -> Place {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let items = root.join("flows/vendor-invoices/vendor-invoice-items.csv");
    let place = Place::new();
    place.file("items.csv", std::fs::read(items).unwrap());
    place.ok("item import invoices items.csv --create --reference-from InvoiceId");
    place
}

#[test]
fn examples_find_what_the_page_says() {
    let (page, place) = (page(), place());
    let examples = page.lines().filter(|line| line.starts_with("wharf item list "));
    let mut count = 0;
    for line in examples {
        let (_, found) =
            line.split_once("# finds ").unwrap_or_else(|| panic!("{line}: finds what"));
        let typed = line.replacen("wharf", "wharf --output jsonl", 1);
        let ran = finish(start(&mut place.shell(&typed)));
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{line}");
        assert_eq!(ran.out.lines().count().to_string(), found, "{line}");
        count += 1;
    }
    assert!(count >= 5, "{count} examples");
}

#[test]
fn page_names_every_field_shown() {
    let (page, place) = (page(), place());
    let (_, section) = page.split_once("## Fields of an item").unwrap();
    let items = place.json("item list invoices --limit 1");
    for name in list(&items)[0].as_object().unwrap().keys() {
        assert!(section.contains(&format!("`{name}`")), "{name}");
    }
}

#[test]
fn queue_may_be_given_either_way() {
    let place = place();
    for line in ["item list", "item export"] {
        let named = place.ok(&format!("{line} --queue invoices"));
        assert_eq!(named, place.ok(&format!("{line} invoices")), "{line}");
        assert_eq!(place.run(&format!("{line} --queue invoices other")).code, 2, "{line}");
    }
    place.ok("item add --queue invoices --value 1 --priority high");
    let claimed = place.json("item claim --queue invoices");
    assert_eq!(list(&claimed).len(), 1);
    let ran = place.run("item hold invoices");
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("a queue with --queue invoices\n"), "{ran:?}");
}

#[test]
fn lists_of_items_that_cannot_be_asked_fail_alike() {
    let place = Place::with_orders();
    place.ok("item add orders --value '{}'");
    let verbs = ["item list orders", "item export orders", "item hold --queue orders --dry-run"];
    for verb in verbs {
        let ran = place.run(&format!("{verb} --where 'value.n > 1'"));
        assert!((ran.code, ran.err.contains("error[expr/")) == (4, true), "{ran:?}");
    }
    place.ok("item add orders --value '{\"n\":1}'");
    for verb in verbs {
        let ran = place.run(&format!("{verb} --where 'value.n > 1'"));
        assert!((ran.code, ran.err.contains("passed over 1 item")) == (0, true), "{ran:?}");
    }
}
