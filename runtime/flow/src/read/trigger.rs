//! What starts runs of a flow.

use std::time::Duration;

use model::Priority;
use model::limits::{PRIORITY_MAX, RETRIES_MAX};

use super::{Reader, hint_of, shown};
use crate::grammar::construct;
use crate::limits::WORKERS_MAX;
use crate::program::{FileTrigger, QueueTrigger, Spanned, Trigger};
use crate::yaml::{Content, Entry, Node};

const SETTLE: Duration = Duration::from_secs(2);
const BAD_ROWS: u64 = 1_000;

impl Reader {
    pub(super) fn triggers(&mut self, node: &Node) -> Vec<Spanned<Trigger>> {
        let items = match &node.content {
            Content::List(items) => items.as_slice(),
            _ => std::slice::from_ref(node),
        };
        let mut triggers = Vec::new();
        for item in items {
            let Some(entries) = item.as_mapping() else {
                let message = format!("a trigger is a mapping, not {}", super::described(item));
                let hint = "write `queue: { name: … }` or `file: { folder: … }`";
                self.report("flow/wrong-shape", item.span, message, hint);
                continue;
            };
            triggers.extend(entries.iter().filter_map(|entry| self.trigger(entry)));
        }
        triggers
    }

    fn trigger(&mut self, entry: &Entry) -> Option<Spanned<Trigger>> {
        let (name, span) = (entry.key.text.as_str(), entry.key.span);
        let on = construct("on");
        let Some(key) = on.key(name) else {
            let known = on.keys.iter().map(|key| key.name).collect::<Vec<_>>();
            let message = format!("there is no trigger {}", shown(name));
            self.report("flow/unknown-trigger", span, message, hint_of(name, &known));
            return None;
        };
        if !self.is_a(&format!("`{name}`"), &entry.value, key.takes) {
            return None;
        }
        let value = match key.name {
            "queue" => Trigger::Queue(self.queue_trigger(entry)?),
            _ => Trigger::File(self.file_trigger(entry)?),
        };
        Some(Spanned { value, span })
    }

    fn queue_trigger(&mut self, entry: &Entry) -> Option<QueueTrigger> {
        let fields = self.fields(&entry.value, construct("queue"), entry.key.span)?;
        let name = fields.get("name").and_then(|node| self.text("`name`", node));
        let workers = self.positive(fields.get("workers"), WORKERS_MAX);
        let retries = self.count_u32(fields.get("retries"), 0, RETRIES_MAX);
        let retry_delay = fields.get("retry-delay").and_then(|node| self.span(node));
        Some(QueueTrigger {
            name: name?,
            workers: workers.unwrap_or(std::num::NonZeroU32::MIN),
            retries,
            retry_delay,
        })
    }

    fn file_trigger(&mut self, entry: &Entry) -> Option<FileTrigger> {
        let fields = self.fields(&entry.value, construct("file"), entry.key.span)?;
        let folder = fields.get("folder").and_then(|node| self.text("`folder`", node));
        let include = fields.get("include").map(|node| self.texts("`include`", node));
        let exclude = fields.get("exclude").map(|node| self.texts("`exclude`", node));
        let settle = fields.get("settle").and_then(|node| self.span(node));
        let visibility = fields.get("visibility");
        let visibility =
            visibility.and_then(|node| self.word("`visibility`", node, &["atomic", "streaming"]));
        let bad_rows = fields.get("bad-rows-max");
        let bad_rows = bad_rows.and_then(|node| self.count(node, 0, 1_000_000_000));
        let priority = fields.get("priority").and_then(|node| self.priority(node));
        Some(FileTrigger {
            folder: folder?,
            include: include.unwrap_or_else(|| vec!["*.csv".into()]),
            exclude: exclude.unwrap_or_default(),
            settle: settle.unwrap_or(SETTLE),
            streaming: visibility == Some(1),
            bad_rows_max: bad_rows.unwrap_or(BAD_ROWS),
            priority,
        })
    }

    fn priority(&mut self, node: &Node) -> Option<Priority> {
        let text = node.as_scalar()?.text.as_str();
        let found = text.parse::<Priority>().ok();
        if found.is_none() {
            let message = format!("{} is no priority", shown(text));
            let hint = format!("write high, normal, low or a number from 0 to {PRIORITY_MAX}");
            self.report("flow/priority", node.span, message, hint);
        }
        found
    }
}
