//! All that the fake host knows.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::host::files::Files;
use super::work::Work;
use crate::http::{Error, Request, Response};
use crate::log::Level;
use crate::{DateTime, Json};

/// The moment at which every test begins.
const START: &str = "2026-01-01T00:00:00Z";

pub(super) type Rule = Rc<dyn Fn(&Request) -> Option<Result<Response, Error>>>;

/// A line of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub level: Level,
    pub message: String,
    pub data: Option<Json>,
}

pub(super) struct World {
    pub(super) now: DateTime,
    pub(super) work: Work,
    pub(super) secrets: BTreeMap<String, String>,
    pub(super) rules: Vec<Rule>,
    pub(super) requests: Vec<Request>,
    pub(super) files: Files,
    pub(super) log: Vec<Line>,
}

thread_local! {
    static WORLD: RefCell<World> = RefCell::new(World {
        now: DateTime::of_host(START),
        work: Work::default(),
        secrets: BTreeMap::new(),
        rules: Vec::new(),
        requests: Vec::new(),
        files: Files::default(),
        log: Vec::new(),
    });
}

/// Looks at the host of this thread, or changes it.
pub(super) fn with<T>(look: impl FnOnce(&mut World) -> T) -> T {
    WORLD.with_borrow_mut(look)
}
