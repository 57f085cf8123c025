//! Pages of matching items, with a bound on what is looked at.

use model::{Item, ItemQuery, Page, limits};

use super::Condition;
use crate::context::Context;
use crate::error::{Error, Result};

/// All matching items, page by page. The memory of one page is enough for any count.
pub(crate) struct Scan<'a> {
    store: &'a dyn model::Store,
    query: ItemQuery,
    condition: Option<Condition<'a>>,
    ended: bool,
    damaged: Damaged,
}

/// The items of a list that could not be read.
#[derive(Debug, Default)]
pub(crate) struct Damaged {
    items: u64,
    first: Option<model::Error>,
}

impl Damaged {
    fn add(&mut self, errors: Vec<model::Error>) {
        self.items += errors.len() as u64;
        self.first = self.first.take().or(errors.into_iter().next());
    }

    pub(crate) fn check(&self) -> Result<()> {
        match &self.first {
            None => Ok(()),
            Some(first) if self.items == 1 => Err(first.clone().into()),
            Some(first) => Err(Error::Damaged { items: self.items, first: first.clone() }),
        }
    }
}

impl<'a> Scan<'a> {
    pub(crate) fn new(
        context: &Context<'a>,
        query: ItemQuery,
        condition: Option<Condition<'a>>,
    ) -> Self {
        let (store, damaged) = (context.store, Damaged::default());
        Self { store, query, condition, ended: false, damaged }
    }

    /// The next items that match; an empty page is not the end, `None` is.
    pub(crate) fn next_page(&mut self) -> Result<Option<Vec<Item>>> {
        if self.ended {
            return Ok(None);
        }
        let page = self.store.items(self.query.clone())?;
        self.ended = page.next.is_none();
        self.query.cursor = page.next;
        self.damaged.add(page.damaged);
        keep(page.items, self.condition.as_mut()).map(Some)
    }

    /// Starts anew.
    pub(crate) fn rewind(&mut self) {
        self.query.cursor = None;
        self.ended = false;
        self.damaged = Damaged::default();
        self.condition.iter_mut().for_each(Condition::forget_skipped);
    }

    /// What to tell about items that the condition could not be asked about.
    pub(crate) fn skipped(&self) -> Option<String> {
        self.condition.as_ref().and_then(Condition::skipped)
    }

    /// An error where there were items, and the condition could be asked about none of them.
    pub(crate) fn check_answered(&self) -> Result<()> {
        self.condition.as_ref().and_then(Condition::unanswered).map_or(Ok(()), Err)
    }

    /// An error where items could not be read, at the end of what was done with the others.
    pub(crate) fn check_whole(&self) -> Result<()> {
        self.damaged.check()
    }
}

/// The matching ones of the items.
fn keep(items: Vec<Item>, condition: Option<&mut Condition<'_>>) -> Result<Vec<Item>> {
    let Some(condition) = condition else { return Ok(items) };
    let mut kept = Vec::new();
    for item in items {
        if condition.holds(&item)? {
            kept.push(item);
        }
    }
    Ok(kept)
}

/// How far a list goes in one call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reach {
    /// Matching items at most.
    pub(crate) items: usize,
    /// Rows looked at at most, matching or not; it may be exceeded by a page.
    pub(crate) rows: usize,
}

/// What a list found.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) items: Vec<Item>,
    /// Where to go on; `None` where nothing is left.
    pub(crate) next: Option<String>,
    /// The rows looked at, where these were so many that it stopped before it was done.
    pub(crate) stopped: Option<usize>,
    pub(crate) damaged: Damaged,
}

/// The matching items from the cursor on, and the cursor behind the last of them.
pub(crate) fn page(
    context: &Context<'_>,
    mut query: ItemQuery,
    mut condition: Option<&mut Condition<'_>>,
    reach: Reach,
) -> Result<Found> {
    let (mut found, mut rows, mut damaged) = (Vec::new(), 0, Damaged::default());
    loop {
        context.check_interrupted()?;
        let left = if condition.is_some() { usize::MAX } else { reach.items - found.len() };
        query.limit = left.min(limits::PAGE_ITEMS_MAX);
        let page = context.store.items(query.clone())?;
        rows += examined(&page, query.limit);
        let of_page = page.items.len();
        damaged.add(page.damaged);
        for (index, item) in page.items.into_iter().enumerate() {
            if condition.as_mut().map_or(Ok(true), |condition| condition.holds(&item))? {
                found.push(item);
            }
            if found.len() == reach.items && index + 1 < of_page {
                // The same rows once more, to learn the cursor behind the last one that counts.
                query.limit = index + 1;
                let next = context.store.items(query)?.next;
                return Ok(Found { items: found, next, stopped: None, damaged });
            }
        }
        if found.len() == reach.items || page.next.is_none() {
            return Ok(Found { items: found, next: page.next, stopped: None, damaged });
        }
        if rows >= reach.rows {
            let stopped = Some(rows);
            return Ok(Found { items: found, next: page.next, stopped, damaged });
        }
        query.cursor = page.next;
    }
}

/// The rows that the store went over for the page, as far as can be told.
fn examined(page: &Page, limit: usize) -> usize {
    let count = page.items.len();
    let bytes: usize = page.items.iter().map(|item| item.value.len()).sum();
    let ended_early = page.next.is_some() && count < limit && bytes < limits::PAGE_BYTES_MAX;
    if ended_early { limits::PAGE_SCAN_ROWS_MAX } else { count }
}
