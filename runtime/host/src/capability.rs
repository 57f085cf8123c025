//! The contract, bound to the engine: what plugins import, one interface a file.
//!
//! Nothing is decided here. Each function turns words of the contract into those of the engine,
//! asks the [`Step`], and turns the answer back; a refusal becomes a case and a `problem`.

mod datetime;
mod files;
mod http;
mod json;
mod log;
mod secrets;
mod work_queue;

use engine::Step;
use model::{Id, Timestamp};
use wasmtime::component::{HasSelf, Linker};

use crate::state::State;

mod bindings {
    wasmtime::component::bindgen!({
        path: "../../sdk/wit/host-1.0.0",
        world: "imports",
        imports: {
            "wharf:host/http.send": async | trappable,
            default: trappable,
        },
        with: {
            "wharf:host/work-queue.claimed": super::Held,
            "wharf:host/json.document": engine::json::Document,
        },
    });
}

use bindings::wharf::host as contract;
use contract::types::Problem;

/// An item that the step holds, as the plugin's handle knows it.
#[derive(Debug)]
#[expect(unreachable_pub, reason = "the generated bindings hand it on")]
pub struct Held {
    item: Id,
}

/// Links everything of the contract.
pub(crate) fn link(linker: &mut Linker<State<Step>>) -> wasmtime::Result<()> {
    type Own = HasSelf<State<Step>>;
    contract::types::add_to_linker::<_, Own>(linker, |state| state)?;
    contract::work_queue::add_to_linker::<_, Own>(linker, |state| state)?;
    contract::json::add_to_linker::<_, Own>(linker, |state| state)?;
    contract::datetime::add_to_linker::<_, Own>(linker, |state| state)?;
    contract::log::add_to_linker::<_, Own>(linker, |state| state)?;
    contract::secrets::add_to_linker::<_, Own>(linker, |state| state)?;
    contract::http::add_to_linker::<_, Own>(linker, |state| state)?;
    contract::files::add_to_linker::<_, Own>(linker, |state| state)
}

impl contract::types::Host for State<Step> {}

fn problem(code: &str, message: &impl ToString, hint: String) -> Problem {
    Problem { code: code.into(), message: message.to_string(), hint }
}

/// A moment as the contract writes it.
fn told(moment: Timestamp) -> String {
    engine::datetime::Moment::from(moment).to_string()
}
