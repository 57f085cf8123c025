//! Steps that do their steps more than once.

use model::limits::RETRIES_MAX;

use super::Reader;
use super::fields::Fields;
use crate::grammar::construct;
use crate::limits::PARALLEL_MAX;
use crate::program::{Block, ForEach, Kind, Process, Until};

impl Reader {
    pub(super) fn for_each(&mut self, fields: &Fields<'_>) -> Kind {
        let over = fields.get("for-each").and_then(|node| self.code("`for-each`", node));
        let item = self.id_of("an item", fields.get("as"));
        let index = self.id_of("a number", fields.get("index"));
        let parallel = self.positive(fields.get("parallel"), PARALLEL_MAX);
        let collect = fields.get("collect").map(|node| self.template(node));
        let steps = self.steps_of(fields);
        match (over, item, steps) {
            (Some(over), Some(item), Some(steps)) => {
                Kind::ForEach(ForEach { over, item, index, parallel, collect, steps })
            }
            // What the steps read of the item cannot be judged without it.
            _ => Kind::Unread(Vec::new()),
        }
    }

    pub(super) fn looped(&mut self, fields: &Fields<'_>) -> Kind {
        let how = fields.get("loop");
        let how = how.and_then(|node| self.one_of(node, construct("loop-keys"), fields.head));
        let until = how.and_then(|(key, node)| {
            Some(match key {
                "while" => Until::While(self.code("`while`", node)?),
                "until" => Until::Until(self.code("`until`", node)?),
                _ => Until::Times(self.template(node)),
            })
        });
        let index = self.id_of("a number", fields.get("index"));
        let misnamed = fields.get("index").is_some() && index.is_none();
        let steps = self.steps_of(fields);
        match (until, steps) {
            (Some(until), Some(steps)) if !misnamed => Kind::Loop { until, index, steps },
            _ => Kind::Unread(Vec::new()),
        }
    }

    pub(super) fn process(&mut self, fields: &Fields<'_>) -> Kind {
        let queue = fields.get("process").map(|node| self.template(node));
        let retries = self.count_u32(fields.get("retries"), 0, RETRIES_MAX);
        let retry_delay = fields.get("retry-delay").and_then(|node| self.span(node));
        let limit = fields.get("limit").map(|node| self.template(node));
        match (queue, self.steps_of(fields)) {
            (Some(queue), Some(steps)) => {
                Kind::Process(Process { queue, retries, retry_delay, limit, steps })
            }
            _ => Kind::Unread(Vec::new()),
        }
    }

    fn steps_of(&mut self, fields: &Fields<'_>) -> Option<Block> {
        fields.get("steps").map(|node| self.block(node))
    }
}
