//! Which items a verb is about: explicit ids, or everything that matches.

mod condition;
mod scan;

use clap::Args;
use model::{Id, ItemQuery, Status, Timestamp, limits};

use crate::args::{Misfit, When, shown, status};
use crate::context::Context;
use crate::error::{Error, Result};
pub(crate) use condition::Condition;
pub(crate) use scan::{Found, Reach, Scan, page};

/// Conditions on items. All of them narrow.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Filter {
    /// Only items in one of these statuses
    #[arg(long, value_name = "STATUS,…", value_delimiter = ',', help_heading = "Filter")]
    #[arg(value_parser = status(), hide_possible_values = true)]
    status: Vec<Status>,
    /// Only the item with this reference
    #[arg(long, value_name = "TEXT", help_heading = "Filter")]
    reference: Option<String>,
    /// Only items added before this time, or longer ago than this span
    #[arg(long, value_name = "WHEN", help_heading = "Filter")]
    older_than: Option<When>,
    /// Only items added after this time, or within this span
    #[arg(long, value_name = "WHEN", help_heading = "Filter")]
    newer_than: Option<When>,
    /// Only items for which this is true, such as 'attempt > 1 and value.paid'
    #[arg(long = "where", value_name = "EXPR", help_heading = "Filter")]
    condition: Option<String>,
}

impl Filter {
    /// The part of the filter that the store applies.
    pub(crate) fn query(&self, queue: Option<&str>, now: Timestamp) -> ItemQuery {
        ItemQuery {
            queue: queue.map(str::to_owned),
            statuses: self.status.clone(),
            reference: self.reference.clone(),
            created_before: self.older_than.map(|when| when.ago(now)),
            created_after: self.newer_than.map(|when| when.ago(now)),
            newest_first: false,
            cursor: None,
            limit: limits::PAGE_ITEMS_MAX,
        }
    }

    /// The part of the filter that looks into the items.
    pub(crate) fn condition<'a>(&self, context: &Context<'a>) -> Result<Option<Condition<'a>>> {
        self.condition.as_deref().map(|source| Condition::parse(source, context)).transpose()
    }

    /// Whether nothing is filtered, so that the counters of the queue know the count.
    pub(crate) fn is_empty(&self) -> bool {
        self.status.is_empty()
            && self.reference.is_none()
            && self.older_than.is_none()
            && self.newer_than.is_none()
            && self.condition.is_none()
    }
}

/// The queue of a verb that needs one, written either way.
#[derive(Args, Clone, Debug)]
pub(crate) struct OneQueue {
    /// Key, name or id
    #[arg(value_name = "QUEUE", required_unless_present = "named")]
    queue: Option<String>,
    #[arg(
        long = "queue",
        value_name = "QUEUE",
        id = "named",
        conflicts_with = "queue",
        hide = true
    )]
    named: Option<String>,
}

impl OneQueue {
    pub(crate) fn name(&self) -> &str {
        let given = self.queue.as_deref().or(self.named.as_deref());
        given.expect("the command line requires one of the two")
    }
}

/// The items a verb changes.
#[derive(Args, Clone, Debug)]
pub(crate) struct Selection {
    /// The items
    #[arg(value_name = "ID", value_parser = id)]
    pub(crate) ids: Vec<Id>,
    /// Instead of ids: the items of this queue that match the filter
    #[arg(long, value_name = "QUEUE", conflicts_with = "ids", help_heading = "Filter")]
    pub(crate) queue: Option<String>,
    #[command(flatten)]
    filter: Filter,
    /// Really change everything that matches
    #[arg(long, conflicts_with = "ids", help_heading = "Filter")]
    pub(crate) all_matching: bool,
    /// Only say how many items would be changed
    #[arg(long)]
    pub(crate) dry_run: bool,
}

impl Selection {
    /// Everything that matches, page by page; `None` where ids were given.
    ///
    /// What is added later does not match: the work has an end while others add.
    pub(crate) fn scan<'a>(&self, context: &Context<'a>) -> Result<Option<Scan<'a>>> {
        let Some(queue) = &self.queue else {
            let problem = match (self.ids.is_empty(), self.filter.is_empty()) {
                (false, true) => return Ok(None),
                (true, true) => "no items are chosen",
                (_, false) => "a filter chooses among the items of a queue",
            };
            return Err(Error::usage(problem, "give ids, or --queue QUEUE and a filter"));
        };
        let now = context.now();
        let mut query = self.filter.query(Some(queue), now);
        query.created_before = query.created_before.or(Some(model::time::after(now, TICK)));
        Ok(Some(Scan::new(context, query, self.filter.condition(context)?)))
    }
}

/// People write the queue where the id of an item is wanted.
fn id(text: &str) -> std::result::Result<Id, Misfit> {
    text.parse().map_err(|error: model::NotAnId| {
        let misfit = Misfit::from(error);
        let allowed = format!("{}; a queue is given with --queue {}", misfit.allowed, shown(text));
        Misfit { allowed, ..misfit }
    })
}

/// The smallest step of the stored time: what was added right now still matches.
const TICK: std::time::Duration = std::time::Duration::from_micros(1);
