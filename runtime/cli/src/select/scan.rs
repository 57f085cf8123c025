//! Pages of matching items, with a bound on what is looked at.

use model::{Item, ItemQuery, Store, limits};

use super::Condition;
use crate::error::Result;

/// All matching items, page by page. The memory of one page is enough for any count.
pub(crate) struct Scan<'a> {
    store: &'a dyn Store,
    query: ItemQuery,
    condition: Option<Condition>,
    ended: bool,
}

impl<'a> Scan<'a> {
    pub(crate) fn new(
        store: &'a dyn Store,
        query: ItemQuery,
        condition: Option<Condition>,
    ) -> Self {
        Self { store, query, condition, ended: false }
    }

    /// The next items that match; an empty page is not the end, `None` is.
    pub(crate) fn next_page(&mut self) -> Result<Option<Vec<Item>>> {
        if self.ended {
            return Ok(None);
        }
        let page = self.store.items(self.query.clone())?;
        self.ended = page.next.is_none();
        self.query.cursor = page.next;
        keep(page.items, self.condition.as_mut()).map(Some)
    }

    /// Starts anew.
    pub(crate) fn rewind(&mut self) {
        self.query.cursor = None;
        self.ended = false;
        self.condition.iter_mut().for_each(Condition::forget_skipped);
    }

    /// What to tell about items that the condition could not be asked about.
    pub(crate) fn skipped(&self) -> Option<String> {
        self.condition.as_ref().and_then(Condition::skipped)
    }
}

/// The matching ones of the items.
fn keep(items: Vec<Item>, condition: Option<&mut Condition>) -> Result<Vec<Item>> {
    let Some(condition) = condition else { return Ok(items) };
    let mut kept = Vec::new();
    for item in items {
        if condition.holds(&item)? {
            kept.push(item);
        }
    }
    Ok(kept)
}

/// Up to `limit` matching items and the cursor behind the last of them.
///
/// It ends early, with a cursor, where the store ended a page early or where so many rows were
/// examined that somebody would wait for them.
pub(crate) fn page(
    store: &dyn Store,
    mut query: ItemQuery,
    condition: Option<&mut Condition>,
    limit: usize,
) -> Result<(Vec<Item>, Option<String>)> {
    let Some(condition) = condition else { return plain_page(store, query, limit) };
    let mut found = Vec::new();
    let mut examined = 0;
    query.limit = limits::PAGE_ITEMS_MAX;
    loop {
        let page = store.items(query.clone())?;
        let rows = page.items.len();
        for (index, item) in page.items.into_iter().enumerate() {
            if condition.holds(&item)? {
                found.push(item);
            }
            if found.len() == limit && index + 1 < rows {
                // The same rows once more, to learn the cursor behind the last one that counts.
                query.limit = index + 1;
                return Ok((found, store.items(query)?.next));
            }
        }
        examined += rows;
        let ends = rows < query.limit || examined >= limits::PAGE_SCAN_ROWS_MAX;
        if ends || found.len() == limit || page.next.is_none() {
            return Ok((found, page.next));
        }
        query.cursor = page.next;
    }
}

fn plain_page(
    store: &dyn Store,
    mut query: ItemQuery,
    limit: usize,
) -> Result<(Vec<Item>, Option<String>)> {
    let mut found = Vec::new();
    loop {
        query.limit = limits::PAGE_ITEMS_MAX.min(limit - found.len());
        let page = store.items(query.clone())?;
        let short = page.items.len() < query.limit;
        found.extend(page.items);
        if short || found.len() >= limit || page.next.is_none() {
            return Ok((found, page.next));
        }
        query.cursor = page.next;
    }
}
