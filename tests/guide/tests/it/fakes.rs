//! The test of the guide that needs a host.

use wharf::fake;
use wharf::queue::{self, NewItem};

/// Ends the next order, and tells the shipping queue.
fn ship() -> wharf::Result<()> {
    let claimed = queue::process("orders")?.ok_or("nothing waits")?;
    queue::add("shipping", NewItem::new(&claimed.item().value))?;
    Ok(claimed.processed("shipped")?)
}

#[test]
fn an_order_is_shipped_or_stays() -> wharf::Result<()> {
    let (orders, shipping) = (fake::queue("orders"), fake::queue("shipping"));
    orders.add(NewItem::new(&7).reference("A-7"))?;

    shipping.pause();
    assert_eq!(fake::step(ship).unwrap_err().code(), "queue/paused");
    assert_eq!(orders.items()[0].status, "queued");

    shipping.resume();
    fake::step(ship)?;
    assert_eq!(orders.items()[0].status, "processed");
    assert_eq!(shipping.items().len(), 1);
    Ok(())
}
