//! Which items a verb is about: explicit ids, or everything that matches.

mod condition;
mod scan;

use clap::Args;
use model::{Id, ItemQuery, Status, Timestamp, limits};

use crate::args::{Misfit, When, shown, status};
use crate::context::Context;
use crate::error::{Error, Result};
pub(crate) use condition::Condition;
#[cfg(test)]
pub(crate) use scan::Damaged;
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

    /// The reference, where nothing else is asked for: it names a single item of its queue.
    fn names_one(&self) -> Option<&str> {
        let reference = self.reference.as_deref()?;
        let others = Self { reference: None, ..self.clone() };
        others.is_empty().then_some(reference)
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

/// What a selection comes to.
pub(crate) enum Chosen<'a> {
    /// Items that are named.
    Named(Vec<Id>),
    /// Everything that matches, page by page.
    Matching(Box<Scan<'a>>),
}

const GIVE_ONE: &str = "give one id, or --queue QUEUE --reference TEXT";

impl Selection {
    /// The items that are named, or those that match.
    ///
    /// What is added later does not match: the work has an end while others add.
    pub(crate) fn chosen<'a>(&self, context: &Context<'a>) -> Result<Chosen<'a>> {
        let Some(queue) = &self.queue else {
            let problem = match (self.ids.is_empty(), self.filter.is_empty()) {
                (false, true) => return Ok(Chosen::Named(self.ids.clone())),
                (true, true) => "no items are chosen",
                (_, false) => "a filter chooses among the items of a queue",
            };
            return Err(Error::usage(problem, "give ids, or --queue QUEUE and a filter"));
        };
        if let Some(reference) = self.filter.names_one() {
            let item = context.store.item_by_reference(queue, reference)?;
            return Ok(Chosen::Named(vec![item.id]));
        }
        let now = context.now();
        let mut query = self.filter.query(Some(queue), now);
        query.created_before = query.created_before.or(Some(model::time::after(now, TICK)));
        let scan = Scan::new(context, query, self.filter.condition(context)?);
        Ok(Chosen::Matching(Box::new(scan)))
    }

    /// An error with this problem where several items may be chosen.
    pub(crate) fn of_one(&self, problem: &str) -> Result<()> {
        let one = self.ids.len() == 1 || self.queue.is_some() && self.filter.names_one().is_some();
        if one { Ok(()) } else { Err(Error::usage(problem, GIVE_ONE)) }
    }

    /// An error where a reference stands beside ids: whoever writes that means to set it.
    pub(crate) fn refuse_reference_of_ids(&self) -> Result<()> {
        let Some(reference) = self.filter.reference.as_ref().filter(|_| !self.ids.is_empty())
        else {
            return Ok(());
        };
        let hint = format!("--set-reference {} gives the item that one", shown(reference));
        Err(Error::usage("--reference chooses an item, it does not change one", hint))
    }
}

/// The one item a verb is about.
#[derive(Args, Clone, Debug)]
pub(crate) struct OneItem {
    /// The item
    #[arg(value_name = "ID", value_parser = one_id, required_unless_present = "reference")]
    id: Option<Id>,
    /// Instead of an id: the queue in which the reference is unique
    #[arg(long, value_name = "QUEUE", requires = "reference", conflicts_with = "id")]
    queue: Option<String>,
    /// Instead of an id: the reference
    #[arg(long, value_name = "TEXT", requires = "queue", conflicts_with = "id")]
    reference: Option<String>,
}

impl OneItem {
    pub(crate) fn find(&self, store: &dyn model::Store) -> Result<Id> {
        match (self.id, &self.queue, &self.reference) {
            (Some(id), ..) => Ok(id),
            (None, Some(queue), Some(reference)) => {
                Ok(store.item_by_reference(queue, reference)?.id)
            }
            _ => Err(Error::usage("no item is chosen", GIVE_ONE)),
        }
    }
}

/// People write the reference where the id of an item is wanted.
pub(crate) fn one_id(text: &str) -> std::result::Result<Id, Misfit> {
    text.parse().map_err(|error: model::NotAnId| {
        let misfit = Misfit::from(error);
        let text = shown(text);
        let allowed = format!(
            "{}; a reference is given with --queue QUEUE --reference {text}",
            misfit.allowed
        );
        Misfit { allowed, ..misfit }
    })
}

/// The same, and people write the queue there as well.
fn id(text: &str) -> std::result::Result<Id, Misfit> {
    one_id(text).map_err(|misfit| {
        let allowed = format!("{}, a queue with --queue {}", misfit.allowed, shown(text));
        Misfit { allowed, ..misfit }
    })
}

/// The smallest step of the stored time: what was added right now still matches.
const TICK: std::time::Duration = std::time::Duration::from_micros(1);
