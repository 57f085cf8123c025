//! The modules of the plugin; each is an interface of its own.

/// Every type there is, and back again.
///
/// Each step returns what it was given.
#[wharf::plugin]
pub mod shapes {
    use std::collections::{BTreeMap, HashMap};

    use wharf::{DateTime, Decimal, Json, Result};

    /// Everything that has no parts.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Plain {
        pub flag: bool,
        pub tiny: u8,
        pub small: u16,
        pub middle: u32,
        pub large: u64,
        pub signed_tiny: i8,
        pub signed_small: i16,
        pub signed_middle: i32,
        pub signed_large: i64,
        pub single: f32,
        pub double: f64,
        pub letter: char,
        pub text: String,
        /// Digit for digit.
        pub amount: Decimal,
        pub moment: DateTime,
        pub anything: Json,
        /// A word of Rust.
        pub r#type: String,
    }

    /// Names that the code around it uses too.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Component {
        pub out: u8,
        pub node: u8,
        pub fields: u8,
        pub value: u8,
        pub wire: u8,
        pub own: u8,
        pub this_: u8,
        pub name: u8,
    }

    /// The same in cases.
    #[derive(Clone, Debug, PartialEq)]
    pub enum Bindings {
        Own { out: u8, node: u8, fields: u8, value: u8, wire: u8 },
        Value(u8),
    }

    /// Everything that is made of others; defined before what it is made of.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Nested {
        pub lines: Vec<Line>,
        pub bytes: Vec<u8>,
        pub pairs: Vec<(String, u32)>,
        pub sorted: BTreeMap<String, Vec<Decimal>>,
        pub unsorted: HashMap<String, Line>,
        pub maybe: Option<Box<Line>>,
        pub perhaps: Option<Option<bool>>,
        pub outcome: std::result::Result<u32, String>,
        pub done: std::result::Result<(), Color>,
        pub tuple: (u8, String, Option<DateTime>),
        pub id: Id,
        pub total: Total,
    }

    /// A line of an order.
    #[derive(Clone, Debug, PartialEq)]
    #[wharf(open)]
    pub struct Line {
        /// The number of the article.
        pub sku: String,
        #[wharf(default = 1)]
        pub quantity: u32,
        #[wharf(default = "EUR")]
        pub currency: String,
    }

    /// What an order is called.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Id(pub String);

    pub type Total = Decimal;

    /// A colour without anything else.
    #[derive(Clone, Copy, Debug, PartialEq)]
    pub enum Color {
        Red,
        /// Between blue and yellow.
        DarkGreen,
    }

    /// What became of an order.
    #[derive(Clone, Debug, PartialEq)]
    pub enum Decision {
        Approved,
        /// By whom.
        ApprovedBy(String),
        NeedsReview {
            reason: String,
            #[wharf(default = [Color::Red])]
            colors: Vec<Color>,
        },
        HTTPStatus(u16),
    }

    /// Gives everything without parts back.
    pub fn keep_plain(plain: Plain) -> Plain {
        plain
    }

    pub fn keep_nested(nested: Nested) -> Result<Nested> {
        Ok(nested)
    }

    pub fn keep_names(component: Component, out: Bindings) -> Result<(Component, Bindings)> {
        Ok((component, out))
    }

    /// Gives a list of decisions back.
    pub fn decide(
        /// What was decided.
        decisions: Vec<Decision>,
        #[wharf(default = Decision::Approved)] fallback: Decision,
        #[wharf(default = { needs_review: { reason: "nobody looked" } })] late: Decision,
        #[wharf(default = dark_green)] color: Color,
        #[wharf(default = -2.50)] discount: Decimal,
        #[wharf(default = [])] tags: Vec<String>,
        #[wharf(default = { "a b": 1 })] weights: BTreeMap<String, f64>,
        #[wharf(default = None)] note: Option<String>,
        #[wharf(default = { sku: "A", colour: "any" })] line: Line,
    ) -> Vec<Decision> {
        drop((color, discount, tags, weights, note, line));
        if decisions.is_empty() { vec![fallback, late] } else { decisions }
    }

    pub fn nothing() {}

    /// Is async, and waits for another.
    pub async fn later(text: String) -> Result<String> {
        Ok(std::future::ready(text).await)
    }
}

/// Steps that fail in every way.
#[wharf::plugin]
pub mod ledger {
    use wharf::{Decimal, Error, Result};

    /// An entry that is only ever a value in a queue.
    #[wharf(value)]
    #[derive(Clone, Debug, PartialEq)]
    pub struct Entry {
        pub invoice_id: String,
        pub amount: Decimal,
        #[wharf(default = "none")]
        pub comment: String,
    }

    #[wharf(error)]
    #[derive(Debug, PartialEq)]
    pub enum Problem {
        /// The portal does not answer.
        #[wharf(it)]
        PortalDown,
        /// Says {nothing} about it.
        #[wharf(generic)]
        Odd,
        #[wharf(message = "{invoice_id} is in the ledger already")]
        Duplicate {
            invoice_id: String,
            entry: Entry,
        },
        #[wharf(business, message = "the amount is {0}")]
        TooLarge(Decimal),
        TooOld(u32),
        #[wharf(message = "{out} of {node}")]
        Shadowed {
            out: u8,
            node: u8,
            message: u8,
            failure: u8,
        },
    }

    pub fn own(name: String) -> Result<(), Problem> {
        let entry =
            || Entry { invoice_id: "1".into(), amount: Decimal::ONE, comment: String::new() };
        Err(match name.as_str() {
            "portal-down" => Problem::PortalDown,
            "odd" => Problem::Odd,
            "duplicate" => Problem::Duplicate { invoice_id: "1".into(), entry: entry() },
            "too-large" => Problem::TooLarge(Decimal::TEN),
            "too-old" => Problem::TooOld(9),
            "shadowed" => Problem::Shadowed { out: 1, node: 2, message: 3, failure: 4 },
            _ => return Ok(()),
        })
    }

    pub fn text(message: String) -> std::result::Result<u32, String> {
        Err(message)
    }

    pub fn whole(code: String) -> Result<()> {
        Err(Error::generic(code, "no").with_data(wharf::Json::from("[1]")))
    }
}

/// Every function of the host.
#[wharf::plugin]
pub mod desk {
    use wharf::datetime::{self, Span, Unit};
    use wharf::http::Request;
    use wharf::json::Document;
    use wharf::queue::{self, Ending, ItemChange, NewItem, Priority, Requeueing};
    use wharf::{DateTime, Decimal, Json, Result, files, log, secrets};

    use crate::ledger::Entry;

    /// Adds entries to a queue, with everything that can be said about an item.
    pub fn fill(queue: String, ids: Vec<String>, expires: DateTime) -> Result<u32> {
        let entry = |id: &String| Entry {
            invoice_id: id.clone(),
            amount: Decimal::new(125_378, 2),
            comment: "added".into(),
        };
        let items = ids.iter().map(|id| {
            NewItem::new(&entry(id))
                .name(format!("Invoice {id}"))
                .reference(id)
                .priority(Priority::HIGH)
                .expires(expires.clone())
                .note("from the portal")
        });
        let added = queue::add_many(&queue, items)?;
        queue::add(&queue, NewItem::new(&Json::from("null")).on_hold())?;
        queue::add(&queue, NewItem::new(&1).delay_until(expires))?;
        Ok(added.iter().flatten().count() as u32)
    }

    /// Works a whole queue, and commits after each item.
    pub fn work(queue: String) -> Result<Vec<String>> {
        let mut ids = Vec::new();
        while let Some(claimed) = queue::process(&queue)? {
            let item = claimed.item();
            claimed.note("seen")?;
            let Ok(entry) = item.value.read::<Entry>() else {
                claimed.business_exception("not an entry")?;
                continue;
            };
            match entry.comment.as_str() {
                "down" => claimed.it_exception("the portal is down")?,
                "later" => claimed.requeue(Requeueing::after(datetime::now()).note("later"))?,
                "odd" => claimed.settle(Ending::GenericException, None)?,
                "drop" => drop(claimed),
                _ => claimed.processed("entered")?,
            }
            queue::commit()?;
            ids.push(entry.invoice_id);
        }
        Ok(ids)
    }

    /// Changes an item, and puts it back.
    pub fn correct(queue: String, reference: String) -> Result<String> {
        let Some(item) = queue::find(&queue, &reference)? else { return Ok("none".into()) };
        let change = ItemChange::new().name("corrected").value(&2).priority(Priority::LOW);
        queue::update(&item.id, change)?;
        queue::note(&item.id, "corrected")?;
        queue::requeue(&item.id, Requeueing::now())?;
        Ok(queue::get(&item.id)?.status)
    }

    /// Reads a document by path.
    pub fn look(text: Json) -> Result<Vec<String>> {
        let document: Document = text.document()?;
        Ok(vec![
            format!("{:?}", document.kind_of("amount")?),
            document.length("lines")?.to_string(),
            document.fields("")?.join(","),
            document.get_bool("paid")?.to_string(),
            document.get_integer("count")?.to_string(),
            document.get_number("amount")?.to_string(),
            document.get_text("name")?,
            document.get("lines[0]")?.to_string(),
            document.to_text(true),
        ])
    }

    /// Counts on the calendar.
    pub fn plan(text: String, zone: String) -> Result<Vec<String>> {
        let start = datetime::parse(&text, "dd/MM/yyyy HH:mm", &zone)?;
        let due = datetime::add(&start, 1, Unit::Months)?;
        let length = datetime::subtract(&due, &start, Span::Days)?;
        let told = datetime::in_zone(&due, "UTC")?;
        let now = datetime::now_in(&zone)?;
        Ok(vec![
            due.to_string(),
            length.to_string(),
            told.to_string(),
            datetime::format(&now, "yyyy-MM-dd")?,
        ])
    }

    /// Asks a portal that wants a secret.
    pub fn ask(url: String) -> Result<Option<String>> {
        log::debug("asking");
        let token = secrets::get("portal-token")?;
        let request = Request::post(url).header("authorization", token).body("{}").timeout_ms(500);
        let answer = request.send()?;
        log::write(log::Level::Info, "answered", Some(&Json::of(&answer.status)));
        if answer.status >= 400 {
            log::warning("refused");
            log::error(format!("status {}", answer.status));
            return Ok(None);
        }
        log::info("accepted");
        Ok(answer.text().map(str::to_owned))
    }

    /// Moves the files of a folder into a report.
    pub fn report(folder: String) -> Result<u32> {
        let mut count = 0;
        files::create("outbox/report.txt", "files:\n")?;
        for entry in files::list(&folder)?.iter().filter(|entry| !entry.folder) {
            let path = format!("{folder}/{}", entry.name);
            let content = files::read(&path)?;
            files::append("outbox/report.txt", format!("{path}: {}\n", content.len()))?;
            files::delete(&path)?;
            count += 1;
        }
        files::replace("outbox/count.txt", count.to_string())?;
        Ok(count)
    }
}
