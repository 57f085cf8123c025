//! Plugins that were made for an earlier contract. What stands in `tests/data/golden` never
//! changes: whatever this host offers today, it must load them.

use engine::grant::{Grants, Permit};
use engine::{Order, perform_step};
use host::StepFrame;
use model::json;

use crate::component::from_wit;
use crate::stage::{Stage, load};

/// The contract and a plugin as they were, with everything of it imported.
const GOLDEN: &[(&str, &str)] = &[("1.0.0", include_str!("../data/golden/host-1.0.0.wit"))];
const BYTES_MAX: usize = 50 * 1024;

#[test]
fn golden_guests_are_loaded_and_run() {
    let stage = Stage::new();
    for (version, wit) in GOLDEN {
        let component = from_wit(wit);
        assert!(component.len() < BYTES_MAX, "{version}: {} bytes", component.len());
        let plugin = load("golden", &component);
        let imports = plugin.signature().imports.len();
        assert_eq!(imports, 8, "{version}: {:?}", plugin.signature().imports);
        let echo = plugin.signature().step("echo").unwrap();
        let permit = Permit { plugin: "golden".into(), project: Grants::default(), ceiling: None };
        let order = Order { name: "golden/echo".into(), permit };
        let input = json::parse(r#"{"number": 7}"#).unwrap();
        let done = perform_step(&stage.world, order, |step| {
            plugin.perform(step, echo, &input, StepFrame::default())
        });
        assert_eq!(done.unwrap().to_string(), "7", "{version}");
    }
}
