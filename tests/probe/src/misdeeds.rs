//! What steps must not do, or what must not be done to them.

/// What steps must not do, or what must not be done to them.
#[wharf::plugin]
pub mod bad {
    use wharf::http::Request;
    use wharf::queue::{self, NewItem};
    use wharf::{Decimal, Error, Json, Result, log};

    /// Takes items, settles the first of them, adds one, and then comes to the end that it is told.
    pub fn hold(queue: String, items: u32, end: String) -> Result<()> {
        let mut held = Vec::new();
        for _ in 0..items {
            held.extend(queue::process(&queue)?);
        }
        if held.len() > 1 {
            held.remove(0).processed("done")?;
        }
        queue::add(&queue, NewItem::new(&7))?;
        log::info("holding");
        match end.as_str() {
            "panic" => panic!("the code is wrong"),
            "exit" => std::process::exit(3),
            "fail" => Err(Error::business("not-today", "not today").with_data(Json::from("[1]"))),
            "commit-and-panic" => {
                queue::commit()?;
                panic!("the code is wrong")
            }
            _ => loop {
                std::hint::spin_loop();
            },
        }
    }

    /// Settles an item that it holds, after the other side has had the time to do something.
    pub fn settle_late(queue: String) -> Result<()> {
        let claimed = queue::process(&queue)?.ok_or("nothing waits")?;
        log::info("holding");
        Ok(claimed.processed("late")?)
    }

    /// Settles the same claim twice, which takes a second handle on it that nobody gave.
    #[expect(unsafe_code, reason = "a forged handle is what is tested")]
    pub fn settle_twice(queue: String) -> Result<()> {
        let claimed = queue::process(&queue)?.ok_or("nothing waits")?;
        // SAFETY: the host must not rely on this; its own table of handles is what is asked.
        let forged = unsafe { std::ptr::read(&raw const claimed) };
        claimed.processed("once")?;
        Ok(forged.processed("twice")?)
    }

    /// Claims without end, and forgets what it holds.
    pub fn leak(queue: String) -> Result<u32> {
        let mut count = 0;
        while let Some(claimed) = queue::process(&queue)? {
            std::mem::forget(claimed);
            count += 1;
        }
        Ok(count)
    }

    /// Waits for an answer for longer than anybody has patience.
    pub fn wait(url: String) -> Result<u16> {
        log::info("waiting");
        Ok(Request::get(url).timeout_ms(60_000).send()?.status)
    }

    pub fn flood(lines: u32) {
        for line in 0..lines {
            log::info(format!("line {line}"));
        }
    }

    pub fn number(what: String) -> f64 {
        match what.as_str() {
            "nan" => f64::NAN,
            "infinite" => f64::INFINITY,
            _ => 0.5,
        }
    }

    pub fn text(bytes: u32) -> String {
        "x".repeat(bytes as usize)
    }

    pub fn bytes(count: u32) -> Vec<u8> {
        vec![7; count as usize]
    }

    /// JSON that is lists inside of lists.
    pub fn nested(depth: u32) -> Json {
        let depth = depth as usize;
        Json::from("[".repeat(depth) + &"]".repeat(depth))
    }

    pub fn take(small: u8, exact: Decimal, #[wharf(default = [])] anything: Json) -> Json {
        Json::of(&(small, exact, anything))
    }
}
