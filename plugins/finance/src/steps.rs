//! What can be done with vendor invoices: which may be paid, how they get into the ledger, and
//! where those go that somebody has to look at.

/// Steps for vendor invoices.
#[wharf::plugin]
pub mod invoices {
    use wharf::queue::{self, Expiry, NewItem};
    use wharf::{DateTime, Decimal, Json, Result, datetime, files, log};

    /// A row of the list of invoices, as it is queued; further columns are welcome.
    #[derive(Clone, Debug, PartialEq)]
    #[wharf(open)]
    pub struct Invoice {
        pub invoice_id: String,
        /// As the list has it: `06/04/2023`.
        pub invoice_date: Option<String>,
        pub account_name: String,
        pub contact_email: Option<String>,
        /// In the currency of the ledger.
        pub amount: Decimal,
    }

    #[derive(Clone, Debug, PartialEq)]
    pub enum Decision {
        Approved,
        NeedsReview { reason: String },
    }

    /// What the ledger knows about an invoice that was entered.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Entry {
        pub invoice_id: String,
        pub account_name: String,
        pub amount: Decimal,
        pub entered: DateTime,
    }

    /// What became of a queue that was worked.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Tally {
        pub processed: u32,
        /// Sent to the queue of exceptions.
        pub routed: u32,
        /// The amounts that were processed, together.
        pub total: Decimal,
    }

    #[derive(Debug, PartialEq)]
    #[wharf(error)]
    pub enum Problem {
        #[wharf(business, message = "invoice {invoice_id} is in the ledger already")]
        Duplicate { invoice_id: String, entered: DateTime },
        #[wharf(business, message = "the invoice of {0} has no id")]
        NoId(String),
        #[wharf(it, message = "the ledger `{0}` cannot be read; look at its last line")]
        SpoiltLedger(String),
        #[wharf(generic, message = "no item waits in `{0}`")]
        NothingWaits(String),
    }

    /// Decides whether an invoice may be paid without a manager.
    pub fn classify(
        invoice: Invoice,
        /// Amounts from here on need a manager.
        #[wharf(default = 5000)]
        limit: Decimal,
    ) -> Decision {
        if invoice.amount < limit {
            return Decision::Approved;
        }
        let amount = invoice.amount;
        let reason = format!(
            "The invoice amount {amount} is not under {limit}: a manager has to approve it"
        );
        Decision::NeedsReview { reason }
    }

    /// Enters an invoice into a ledger: a queue that has each invoice once, by its id.
    pub fn enter_invoice(
        invoice: Invoice,
        /// The queue that is the ledger.
        #[wharf(default = "ledger")]
        ledger: String,
    ) -> Result<Entry> {
        let entry = entry_of(invoice)?;
        if let Some(known) = queue::find(&ledger, &entry.invoice_id)? {
            let Entry { invoice_id, entered, .. } = known.value.read()?;
            return Err(Problem::Duplicate { invoice_id, entered }.into());
        }
        let id = &entry.invoice_id;
        let name = format!("Invoice {id}");
        queue::add(&ledger, NewItem::new(&entry).name(name).reference(id).expires(Expiry::Never))?;
        Ok(entry)
    }

    /// Enters an invoice into a ledger that is a file: a line of JSON for each invoice. A file is
    /// not taken back when the step fails later, so this is for ledgers that others read.
    pub fn enter_invoice_in_file(
        invoice: Invoice,
        /// Begins with the name of a granted folder.
        #[wharf(default = "ledger/invoices.jsonl")]
        file: String,
    ) -> Result<Entry> {
        let entry = entry_of(invoice)?;
        if let Some(known) = find_in_file(&file, &entry.invoice_id)? {
            let Entry { invoice_id, entered, .. } = known;
            return Err(Problem::Duplicate { invoice_id, entered }.into());
        }
        files::append(&file, format!("{}\n", Json::of(&entry)))?;
        Ok(entry)
    }

    /// Takes the next item of a queue, ends it as a business exception and puts its value into a
    /// queue of exceptions: both or neither.
    pub fn route_exception(
        queue: String,
        reason: String,
        #[wharf(default = "exceptions")] exceptions: String,
    ) -> Result<String> {
        let Some(claimed) = queue::process(&queue)? else {
            return Err(Problem::NothingWaits(queue).into());
        };
        route(claimed, &reason, &exceptions)
    }

    /// Works a whole queue of invoices: those under the limit are entered into the ledger, the
    /// others are routed. Each item is kept before the next one is taken.
    pub fn work_queue(
        queue: String,
        #[wharf(default = 5000)] limit: Decimal,
        #[wharf(default = "ledger")] ledger: String,
        #[wharf(default = "exceptions")] exceptions: String,
    ) -> Result<Tally> {
        let mut tally = Tally::default();
        while let Some(claimed) = queue::process(&queue)? {
            match decide(&claimed.item().value, limit, &ledger) {
                Ok(Entry { amount, .. }) => {
                    claimed.processed("The invoice has been processed")?;
                    tally.processed += 1;
                    tally.total += amount;
                }
                Err(error) if error.kind() == wharf::Kind::Business => {
                    route(claimed, error.message(), &exceptions)?;
                    tally.routed += 1;
                }
                Err(error) => return Err(error),
            }
            queue::commit()?;
        }
        log::info(format!("{} processed, {} routed", tally.processed, tally.routed));
        Ok(tally)
    }

    /// Enters what may be entered; everything else is a reason to route it.
    fn decide(value: &Json, limit: Decimal, ledger: &str) -> Result<Entry> {
        let invoice: Invoice = value.read()?;
        match classify(invoice.clone(), limit) {
            Decision::Approved => enter_invoice(invoice, ledger.to_owned()),
            Decision::NeedsReview { reason } => Err(wharf::Error::business("too-large", reason)),
        }
    }

    fn route(claimed: queue::Claimed, reason: &str, exceptions: &str) -> Result<String> {
        let item = claimed.item();
        claimed.business_exception(reason)?;
        let mut new = NewItem::new(&item.value).note(reason).priority(item.priority);
        if let Some(name) = item.name {
            new = new.name(name);
        }
        if let Some(reference) = item.reference {
            new = new.reference(reference);
        }
        Ok(queue::add(exceptions, new)?)
    }

    fn entry_of(invoice: Invoice) -> Result<Entry> {
        let Invoice { invoice_id, account_name, amount, .. } = invoice;
        let invoice_id = invoice_id.trim().to_owned();
        if invoice_id.is_empty() {
            return Err(Problem::NoId(account_name).into());
        }
        Ok(Entry { invoice_id, account_name, amount, entered: datetime::now() })
    }

    fn find_in_file(file: &str, invoice_id: &str) -> Result<Option<Entry>> {
        let content = match files::read(file) {
            Err(files::Error::NotFound(_)) => return Ok(None),
            content => content?,
        };
        let spoilt = || Problem::SpoiltLedger(file.to_owned());
        let text = String::from_utf8(content).map_err(|_| spoilt())?;
        for line in text.lines() {
            let entry: Entry = Json::from(line).read().map_err(|_| spoilt())?;
            if entry.invoice_id == invoice_id {
                return Ok(Some(entry));
            }
        }
        Ok(None)
    }
}
