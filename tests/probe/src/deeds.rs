//! Each function of the host, called by itself.

/// Each function of the host, called by itself.
#[wharf::plugin]
pub mod good {
    use wharf::datetime::{self, Span, Unit};
    use wharf::http::Request;
    use wharf::queue::{self, Ending, Expiry, ItemChange, NewItem, Priority, Requeueing};
    use wharf::{DateTime, Json, Result, files, log, secrets};

    pub fn add(queue: String, value: Json, reference: Option<String>) -> Result<String> {
        let mut item = NewItem::new(&value).priority(Priority::HIGH).name("an item").note("new");
        if let Some(reference) = reference {
            item = item.reference(reference);
        }
        Ok(queue::add(&queue, item)?)
    }

    /// The ids of the items, or why there are none.
    pub fn add_many(queue: String, values: Vec<Json>) -> Result<Vec<String>> {
        let added = queue::add_many(&queue, values.iter().map(NewItem::new))?;
        let told = added.into_iter().map(|added| added.unwrap_or_else(|error| error.code().into()));
        Ok(told.collect())
    }

    /// Takes an item and ends it as told; the value of the item, or null where none waits.
    pub fn process(queue: String, end: String) -> Result<Json> {
        let Some(claimed) = queue::process(&queue)? else { return Ok(Json::from("null")) };
        let value = claimed.item().value;
        claimed.note("seen")?;
        match end.as_str() {
            "requeue" => claimed.requeue(Requeueing::now().expires(Expiry::Never).note("later"))?,
            "drop" => drop(claimed),
            "business" => claimed.settle(Ending::BusinessException, Some("no"))?,
            "it" => claimed.settle(Ending::ItException, Some("down"))?,
            "generic" => claimed.settle(Ending::GenericException, None)?,
            _ => claimed.processed("done")?,
        }
        Ok(value)
    }

    pub fn get(id: String) -> Result<String> {
        Ok(queue::get(&id)?.status)
    }

    pub fn find(queue: String, reference: String) -> Result<Option<String>> {
        Ok(queue::find(&queue, &reference)?.map(|item| item.id))
    }

    pub fn update(id: String, value: Json) -> Result<()> {
        let change = ItemChange::new().value(&value).name("changed").expires(Expiry::OfQueue);
        Ok(queue::update(&id, change)?)
    }

    pub fn requeue(id: String) -> Result<()> {
        let tomorrow = datetime::add(&datetime::now(), 1, Unit::Days)?;
        Ok(queue::requeue(&id, Requeueing::now().expires(tomorrow))?)
    }

    pub fn note(id: String, text: String) -> Result<()> {
        Ok(queue::note(&id, &text)?)
    }

    /// Adds an item and keeps it, whatever becomes of the step.
    pub fn commit(queue: String, fail: bool) -> Result<()> {
        queue::add(&queue, NewItem::new(&1))?;
        queue::commit()?;
        queue::add(&queue, NewItem::new(&2))?;
        if fail { Err("after all".into()) } else { Ok(()) }
    }

    /// What stands at a path of a text that is JSON.
    pub fn look(text: String, path: String) -> Result<Json> {
        let document = Json::from(text).document()?;
        let kind = format!("{:?}", document.kind_of(&path)?);
        let all = (kind, document.get(&path)?, document.to_text(false));
        Ok(Json::of(&all))
    }

    pub fn plan(from: DateTime, zone: String) -> Result<Vec<String>> {
        let due = datetime::add(&from, 1, Unit::Months)?;
        let read = datetime::parse("31/12/2026", "dd/MM/yyyy", zone.as_str())?;
        Ok(vec![
            due.to_string(),
            datetime::subtract(&due, &from, Span::Hours)?.to_string(),
            datetime::format(&read, "yyyy-MM-dd")?,
            datetime::in_zone(&from, &zone)?.to_string(),
            datetime::now_in(&zone)?.to_string(),
        ])
    }

    /// Logs the secret itself, as careless code does, and says how long it is.
    pub fn secret(name: String) -> Result<u32> {
        let secret = secrets::get(&name)?;
        log::write(log::Level::Warning, format!("it is {secret}"), Some(&Json::of(&secret)));
        println!("printed {secret}");
        Ok(secret.len() as u32)
    }

    pub fn ask(url: String) -> Result<String> {
        let answer = Request::post(url).header("x-trace", "1").body("hello").send()?;
        Ok(format!("{} {}", answer.status, String::from_utf8_lossy(&answer.body)))
    }

    pub fn read(path: String) -> Result<Vec<u8>> {
        Ok(files::read(&path)?)
    }

    pub fn write(path: String, how: String, content: String) -> Result<()> {
        match how.as_str() {
            "create" => files::create(&path, content)?,
            "append" => files::append(&path, content)?,
            _ => files::replace(&path, content)?,
        }
        Ok(())
    }

    pub fn list(folder: String) -> Result<Vec<String>> {
        Ok(files::list(&folder)?.into_iter().map(|entry| entry.name).collect())
    }

    pub fn delete(path: String) -> Result<()> {
        Ok(files::delete(&path)?)
    }

    pub fn create_folder(path: String) -> Result<()> {
        Ok(files::create_folder(&path)?)
    }
}
