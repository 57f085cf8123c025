//! The same work on the bare engine, to measure ourselves against: one instance and one typed
//! call, with nothing between.

use std::fmt;

use wasmtime::component::{Component, ComponentType, InstancePre, Lift, Linker, Lower, Val};
use wasmtime::{Config, Engine, InstanceAllocationStrategy, Store};

/// The component of the benchmark. It is `classify.wat` beside it, assembled.
pub const CLASSIFY: &[u8] = include_bytes!("baseline/classify.wasm");

/// Where its step is.
pub const INTERFACE: &str = "bench:invoice/steps";

/// What the benchmark's component takes.
#[derive(Clone, Debug, ComponentType, Lower)]
#[component(record)]
pub struct Invoice {
    pub number: String,
    pub lines: Vec<InvoiceLine>,
    pub due: Option<String>,
}

#[derive(Clone, Debug, ComponentType, Lower)]
#[component(record)]
pub struct InvoiceLine {
    pub sku: String,
    pub quantity: u32,
    #[component(name = "unit-price")]
    pub unit_price: f64,
}

/// What it returns.
#[derive(Clone, Debug, PartialEq, ComponentType, Lift)]
#[component(variant)]
pub enum Verdict {
    #[component(name = "approved")]
    Approved,
    #[component(name = "needs-review")]
    NeedsReview(f64),
}

impl Invoice {
    pub fn with_lines(count: u32) -> Self {
        let line = |number| InvoiceLine {
            sku: format!("sku-{number}"),
            quantity: number,
            unit_price: 1.5,
        };
        let lines = (0..count).map(line).collect();
        Self { number: "A-1".into(), lines, due: Some("2026-12-01".into()) }
    }

    /// The same invoice as a value whose type is known at run time only.
    pub fn to_val(&self) -> Val {
        let text = |text: &str| Val::String(text.to_owned());
        let line = |line: &InvoiceLine| {
            Val::Record(vec![
                ("sku".into(), text(&line.sku)),
                ("quantity".into(), Val::U32(line.quantity)),
                ("unit-price".into(), Val::Float64(line.unit_price)),
            ])
        };
        Val::Record(vec![
            ("number".into(), text(&self.number)),
            ("lines".into(), Val::List(self.lines.iter().map(line).collect())),
            ("due".into(), Val::Option(self.due.as_deref().map(|due| Box::new(text(due))))),
        ])
    }
}

/// A component on an engine as it comes, without WASI, limits or a deadline.
pub struct Bare {
    ready: InstancePre<()>,
}

impl Bare {
    pub fn new(component: &[u8], pooling: bool) -> wasmtime::Result<Self> {
        let mut config = Config::new();
        config.concurrency_support(false);
        if pooling {
            config.allocation_strategy(InstanceAllocationStrategy::pooling());
        }
        let engine = Engine::new(&config)?;
        let component = Component::from_binary(&engine, component)?;
        Ok(Self { ready: Linker::new(&engine).instantiate_pre(&component)? })
    }

    /// A fresh instance and one call of `classify`.
    pub fn classify(&self, invoice: &Invoice) -> wasmtime::Result<Verdict> {
        let mut store = Store::new(self.ready.engine(), ());
        let instance = self.ready.instantiate(&mut store)?;
        let steps = instance.get_export_index(&mut store, None, INTERFACE);
        let found = instance.get_export_index(&mut store, steps.as_ref(), "classify");
        let found = found.expect("the component exports it");
        let classify = instance.get_typed_func::<(&Invoice,), (Verdict,)>(&mut store, &found)?;
        Ok(classify.call(&mut store, (invoice,))?.0)
    }
}

impl fmt::Debug for Bare {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Bare").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn component_is_that_of_text() {
        let component = wat::parse_str(include_str!("baseline/classify.wat")).expect("it is one");
        assert!(component == CLASSIFY, "assemble src/baseline/classify.wat anew");
    }

    #[test]
    fn component_judges_invoices() {
        let bare = Bare::new(CLASSIFY, false).expect("an engine");
        let judged = |lines| bare.classify(&Invoice::with_lines(lines)).expect("it returns");
        assert_eq!(judged(2), Verdict::Approved);
        assert_eq!(judged(10), Verdict::NeedsReview(67.5));
    }
}
