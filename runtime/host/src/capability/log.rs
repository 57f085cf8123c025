//! `log`: lines in the log of the run.

use engine::Step;
use engine::log::Level;
use model::Value;
use wasmtime::Result;

use super::contract::log::{Host, Level as Told};
use crate::state::State;

impl Host for State<Step> {
    fn write(&mut self, level: Told, message: String, data: Option<String>) -> Result<()> {
        let level = match level {
            Told::Debug => Level::Debug,
            Told::Info => Level::Info,
            Told::Warning => Level::Warning,
            Told::Error => Level::Error,
        };
        // What is not JSON is worth a line too; it stands there as the text it is.
        let data = data.map(|text| model::json::parse(&text).unwrap_or(Value::Text(text)));
        self.step.log(level, &message, data);
        Ok(())
    }
}
