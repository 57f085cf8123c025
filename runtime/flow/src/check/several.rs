//! Flows that call each other: those that are called are checked first.

use std::collections::HashMap;

use crate::diagnostic::{Diagnostic, Place};
use crate::expr::Type;
use crate::program::{Flow, Kind};
use crate::signature::{Catalog, Contract, Signature};
use crate::walk;

use super::documents::{folder_of, path_from};
use super::{Checked, examine};

/// Checks flows that may call each other. `catalog` knows what else there is, and files by paths
/// such as the sources of the flows have for names.
pub fn check_all(flows: &mut [Flow], catalog: &dyn Catalog) -> Vec<Checked> {
    let contracts = promised(flows);
    let mut known = Project { catalog, contracts, folder: String::new() };
    let mut checked = flows.iter().map(|_| None).collect::<Vec<Option<Checked>>>();
    for index in order(flows) {
        known.folder = folder_of(&flows[index].source);
        let it = examine(&mut flows[index], &known);
        known.contracts.insert(flows[index].name.value.clone(), it.contract.clone());
        checked[index] = Some(it);
    }
    let mut checked = checked.into_iter().flatten().collect::<Vec<_>>();
    twice(flows, &mut checked);
    checked
}

/// Tells of flows that have the name of another one: `call` would not know which is meant.
fn twice(flows: &[Flow], checked: &mut [Checked]) {
    let mut first = HashMap::<&str, &Flow>::new();
    for (flow, checked) in flows.iter().zip(checked) {
        let name = &flow.name;
        let Some(other) = first.get(name.value.as_str()) else {
            first.insert(&name.value, flow);
            continue;
        };
        let message = format!("there is another flow `{}`", name.value);
        let hint = format!("rename one of them; the other is in `{}`", other.source.name());
        let mut problem =
            Diagnostic::error("flow/duplicate-flow", &flow.source, name.span, message, hint);
        let other = Place::new(&other.source, other.name.span);
        problem.related.push((other, "the other one".to_owned()));
        checked.diagnostics.insert(0, problem);
    }
}

/// The flows of a project beside everything else.
struct Project<'c> {
    catalog: &'c dyn Catalog,
    contracts: HashMap<String, Contract>,
    /// Where the flow in hand is.
    folder: String,
}

impl Catalog for Project<'_> {
    fn action(&self, name: &str) -> Option<&Signature> {
        self.catalog.action(name)
    }

    fn actions(&self) -> Vec<&str> {
        self.catalog.actions()
    }

    fn flow(&self, name: &str) -> Option<&Contract> {
        self.contracts.get(name).or_else(|| self.catalog.flow(name))
    }

    fn flows(&self) -> Vec<&str> {
        let own = self.contracts.keys().map(String::as_str);
        let mut names = own.chain(self.catalog.flows()).collect::<Vec<_>>();
        names.sort_unstable();
        names.dedup();
        names
    }

    fn file(&self, path: &str) -> Result<String, String> {
        self.catalog.file(&path_from(&self.folder, path))
    }
}

/// What is known of flows before any of them has been checked.
fn promised(flows: &[Flow]) -> HashMap<String, Contract> {
    let contract = |flow: &Flow| {
        let outputs = flow.outputs.keys().map(|name| (name.clone(), Type::Unknown)).collect();
        let (inputs, calls) = (flow.inputs.clone(), calls(flow));
        (flow.name.value.clone(), Contract { inputs, outputs, calls, ..Contract::default() })
    };
    flows.iter().map(contract).collect()
}

fn calls(flow: &Flow) -> Vec<String> {
    let mut calls = Vec::new();
    for block in [Some(&flow.steps), flow.on_failure.as_ref()].into_iter().flatten() {
        walk::steps(block, &mut |step| {
            if let Kind::Call { flow, .. } = &step.kind
                && !calls.contains(&flow.value)
            {
                calls.push(flow.value.clone());
            }
        });
    }
    calls
}

/// Flows so that each comes after those it calls, as far as they do not call in a circle.
fn order(flows: &[Flow]) -> Vec<usize> {
    let names = flows.iter().enumerate().map(|(index, flow)| (flow.name.value.as_str(), index));
    let names = names.collect::<HashMap<_, _>>();
    let below = flows.iter().map(|flow| {
        calls(flow).iter().filter_map(|name| names.get(name.as_str()).copied()).collect::<Vec<_>>()
    });
    let below = below.collect::<Vec<_>>();
    let mut order = Vec::with_capacity(flows.len());
    let mut begun = vec![false; flows.len()];
    for first in 0..flows.len() {
        let mut open = vec![(first, 0)];
        while let Some((flow, next)) = open.pop() {
            if next == 0 && std::mem::replace(&mut begun[flow], true) {
                continue;
            }
            match below[flow].get(next) {
                Some(&callee) => open.extend([(flow, next + 1), (callee, 0)]),
                None => order.push(flow),
            }
        }
    }
    order
}
