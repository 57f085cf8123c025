//! What each question is answered with.

use model::{
    Checked, Error, Item, ItemQuery, Page, Reply, Request, Stats, Status, limits, similar,
};

use super::{Kept, Naive};

impl Naive {
    pub(super) fn find(&self, text: &str) -> Result<u64, Error> {
        let key = self.queues.iter().find(|(_, known)| known.queue.settings.key == text);
        if let Some((number, _)) = key {
            return Ok(*number);
        }
        let named = self.queues.iter().filter(|(_, known)| known.queue.settings.name == text);
        let named: Vec<u64> = named.map(|(number, _)| *number).collect();
        match named[..] {
            [number] => return Ok(number),
            [] => {}
            _ => return Err(Error::QueueAmbiguous { name: text.into() }),
        }
        let id = self.queues.iter().find(|(_, known)| known.queue.id.to_string() == text);
        id.map(|(number, _)| *number).ok_or_else(|| {
            let keys = self.queues.values().map(|known| known.queue.settings.key.as_str());
            let similar = similar::closest(text, keys).map(Into::into);
            Error::QueueNotFound { queue: text.into(), similar }
        })
    }

    pub(super) fn find_open(&self, text: &str) -> Result<u64, Error> {
        let number = self.find(text)?;
        let queue = &self.queues[&number].queue;
        if queue.state == model::QueueState::Active {
            return Ok(number);
        }
        Err(Error::QueueClosed { queue: queue.settings.key.clone(), state: queue.state })
    }

    pub(super) fn read(&self, request: Request) -> Result<Reply, Error> {
        Ok(match request {
            Request::WaitReady { queue, .. } => {
                let home = self.find_open(&queue)?;
                Reply::WaitedReady(self.count(home, Status::Queued) > 0)
            }
            Request::Item(id) => Reply::Item(Box::new(self.kept(id)?.item.clone())),
            Request::ItemByReference { queue, reference } => {
                let home = self.find(&queue)?;
                let owns = |kept: &&Kept| {
                    kept.home == home && kept.item.reference.as_ref() == Some(&reference)
                };
                let missing = || Error::ItemNotFound { item: format!("{queue}/{reference}") };
                let found = self.items.values().find(owns).ok_or_else(missing)?;
                Reply::Item(Box::new(found.item.clone()))
            }
            Request::Items(query) => Reply::Items(self.page(&query)?),
            Request::History { item, after, limit } => {
                let entries = self.kept(item)?.history.iter();
                let later = entries.filter(|entry| entry.number > after).take(limit);
                Reply::History(later.cloned().collect())
            }
            Request::Queue(queue) => {
                Reply::Queue(Box::new(self.queues[&self.find(&queue)?].queue.clone()))
            }
            Request::Queues => {
                Reply::Queues(self.queues.values().map(|known| known.queue.clone()).collect())
            }
            Request::Stats(queue) => Reply::Stats(Box::new(self.stats(self.find(&queue)?))),
            Request::Schema { queue, version } => {
                let known = &self.queues[&self.find(&queue)?];
                let version = version.or(known.queue.schema_version);
                let index = version.and_then(|version| version.checked_sub(1));
                Reply::Schema(index.and_then(|index| known.schemas.get(index as usize).cloned()))
            }
            Request::Conforms { queue, value } => {
                model::item::check_value(&value)?;
                Reply::Conforms(self.check_schema(self.find(&queue)?, &value)?)
            }
            Request::Run(run) => Reply::Run(Box::new(self.read_run(run)?)),
            Request::Runs(query) => Reply::Runs(self.page_of_runs(&query)?),
            Request::Journal { run, after, limit } => {
                Reply::Journal(self.journal(run, after, limit)?)
            }
            Request::Checkpoint(run) => Reply::Checkpoint(self.checkpoint(run)?.map(Box::new)),
            Request::Pinned(digest) => Reply::Pinned(self.pinned(digest)?),
            Request::Check => Reply::Checked(Checked {
                problems: Vec::new(),
                format: 0,
                queues: self.queues.len() as u64,
                items: self.items.len() as u64,
                runs: self.runs.all.len() as u64,
                bytes: 0,
            }),
            other => panic!("the naive store does not read {other:?}"),
        })
    }

    fn count(&self, home: u64, status: Status) -> u64 {
        let counted = |kept: &&Kept| kept.home == home && kept.item.life.status == status;
        self.items.values().filter(counted).count() as u64
    }

    fn stats(&self, home: u64) -> Stats {
        let queued = |kept: &&Kept| kept.home == home && kept.item.life.status == Status::Queued;
        Stats {
            queue: self.queues[&home].queue.clone(),
            counts: Status::ALL.map(|status| self.count(home, status)),
            oldest_queued: self.items.values().find(queued).map(|kept| kept.item.created),
        }
    }

    /// Its cursor is the number of the last item shown.
    fn page(&self, query: &ItemQuery) -> Result<Page, Error> {
        Error::limit("page-items", query.limit, limits::PAGE_ITEMS_MAX)?;
        let home = query.queue.as_deref().map(|queue| self.find(queue)).transpose()?;
        let after: Option<u64> =
            query.cursor.as_deref().map(|text| text.parse().expect("a naive cursor"));
        let beyond = |number: u64| match after {
            None => true,
            Some(at) if query.newest_first => number < at,
            Some(at) => number > at,
        };
        let wanted = |item: &Item| {
            (query.statuses.is_empty() || query.statuses.contains(&item.life.status))
                && query.created_before.is_none_or(|at| item.created < at)
                && query.created_after.is_none_or(|at| item.created >= at)
                && (query.reference.is_none() || query.reference == item.reference)
        };
        let of_list = self.items.iter().filter(|(number, kept)| {
            beyond(**number) && home.is_none_or(|home| kept.home == home) && wanted(&kept.item)
        });
        let mut found: Vec<_> = of_list.collect();
        if query.newest_first {
            found.reverse();
        }
        let more = found.len() > query.limit;
        found.truncate(query.limit);
        let next = found.last().filter(|_| more).map(|(number, _)| number.to_string());
        let items = found.into_iter().map(|(_, kept)| kept.item.clone()).collect();
        Ok(Page { items, next, damaged: Vec::new() })
    }
}
